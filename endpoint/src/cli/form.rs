//! `form`: forms that the desk writes are checked, tried and turned into other formats.

use super::args::{FormCheck, FormCommand, FormConvert, FormFile, FormFormat, FormRun};
use super::{Problem, Terminal, file, publish};
use crate::clock::Clock;
use crate::entropy;
use crate::forms::publish::Kind;
use crate::forms::summary::{REQUIRED_MAX, Summary};
use crate::forms::trial::{self, Refused};
use crate::forms::{self, FileError, markdown, workbook, xform};
use bianfang::base::date::Date;
use bianfang::form::around::{Around, Outside};
use bianfang::form::definition::{Form, is_english};
use bianfang::form::filling::Filling;
use bianfang::form::moment::{DAY_MS, Moment};
use bianfang::form::problem::{Problem as Mistake, Weight};
use bianfang::form::read::{Reading, Sheet};
use bianfang::form::register::BuiltIn;
use bianfang::register::words::Language;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Mistakes that are printed; the rest is counted.
const LINES_MAX: usize = 200;

pub(super) fn run(command: &FormCommand, terminal: Terminal) -> Result<(), Problem> {
    match command {
        FormCommand::Check(args) => check(args, terminal),
        FormCommand::Run(args) => try_out(args, terminal),
        FormCommand::Convert(args) => convert(args, terminal),
        FormCommand::Publish(args) => publish::publish(args, terminal),
        FormCommand::List { village, data } => {
            publish::list(Kind::Form, &super::opened(data)?, village.as_deref(), terminal)
        }
        FormCommand::Withdraw(args) => publish::withdraw(Kind::Form, args, terminal),
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let said = error.sentence();
        Self::new(error.code(), said.zh, said.en)
    }
}

impl From<Refused> for Problem {
    fn from(error: Refused) -> Self {
        let said = error.sentence();
        Self::new(error.code(), said.zh, said.en)
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|error| super::import::unreadable(path, &error))
}

/// Reads the form and the lists beside it: those of `--media`, else those in its own folder.
fn read(args: &FormFile) -> Result<Reading, Problem> {
    let (sheets, files) = parts(args)?;
    Ok(bianfang::form::read::read(&sheets, &files))
}

/// The sheets of a form and the lists beside it.
pub(super) fn parts(args: &FormFile) -> Result<(Vec<Sheet>, BTreeMap<String, Sheet>), Problem> {
    Ok((forms::sheets(&bytes_of(&args.file)?)?, beside(args)?))
}

/// The form, if nothing has to be mended; else every mistake is told.
pub(super) fn mended(reading: &Reading, terminal: Terminal) -> Result<&Form, Problem> {
    if reading.form.is_none() {
        for mistake in reading.problems.iter().take(LINES_MAX) {
            let line = line(mistake, terminal);
            terminal.note(&line, &line);
        }
    }
    usable(reading)
}

fn beside(args: &FormFile) -> Result<BTreeMap<String, Sheet>, Problem> {
    let own = args.file.parent().map_or_else(Default::default, Path::to_path_buf);
    lists(&args.media.clone().unwrap_or(own))
}

fn lists(folder: &Path) -> Result<BTreeMap<String, Sheet>, Problem> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(folder).map_err(|error| super::import::unreadable(folder, &error))?;
    let mut lists = BTreeMap::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let is_list = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if is_list && path.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A list that cannot be read is missed where a form wants it.
            if let Some(sheet) = fs::read(&path).ok().and_then(|bytes| forms::list(&bytes).ok()) {
                lists.insert(name, sheet);
            }
        }
    }
    Ok(lists)
}

fn check(args: &FormCheck, terminal: Terminal) -> Result<(), Problem> {
    let reading = read(&args.form)?;
    let summary = reading.form.as_ref().map(Summary::of);
    if args.json {
        let object = checked(&reading, summary.as_ref());
        terminal.say(&pretty(&object), &pretty(&object));
    } else {
        for mistake in reading.problems.iter().take(LINES_MAX) {
            let line = line(mistake, terminal);
            terminal.say(&line, &line);
        }
        if let Some(more) = reading.problems.len().checked_sub(LINES_MAX).filter(|more| *more > 0) {
            terminal.say(&format!("……还有{more}处。"), &format!("… {more} more."));
        }
        if let (Some(form), Some(summary)) = (&reading.form, &summary) {
            print(form, summary, terminal);
        }
    }
    usable(&reading).map(drop)
}

/// The form, if nothing has to be mended.
fn usable(reading: &Reading) -> Result<&Form, Problem> {
    let mistakes = reading
        .problems
        .iter()
        .filter(|one| one.what.weight() == Weight::Mistake)
        .count();
    reading.form.as_ref().ok_or_else(|| {
        Problem::new(
            "form_mistakes",
            format!("表单有{mistakes}处要改。"),
            format!("{mistakes} mistakes in the form have to be mended."),
        )
    })
}

/// `survey 第5行 relevant：没有名称为“x”的题，请改对名称 [form.no_question]`
fn line(mistake: &Mistake, terminal: Terminal) -> String {
    let Mistake {
        sheet,
        row,
        column,
        what,
    } = mistake;
    let said = what.sentence();
    let word = match what.weight() {
        Weight::Mistake => terminal.pick("错误", "mistake"),
        Weight::Remark => terminal.pick("提示", "remark"),
    };
    let row = match row {
        0 => String::new(),
        row => terminal.pick(format!(" 第{row}行"), format!(" row {row}")),
    };
    let column = match column.as_str() {
        "" => String::new(),
        column => format!(" {column}"),
    };
    let said = terminal.pick(said.zh, said.en);
    format!(
        "{word} {sheet}{row}{column}{} {said} [{}]",
        terminal.pick("：", ":"),
        what.code()
    )
}

fn print(form: &Form, summary: &Summary, terminal: Terminal) {
    let id = if form.id.is_empty() { "?" } else { &form.id };
    let version = if form.version.is_empty() { "?" } else { &form.version };
    let Summary {
        questions,
        required,
        sometimes,
        photos,
        unfounded_photos,
    } = summary;
    terminal.say(
        &format!("表单 {id} 版本 {version}：{questions}道题。"),
        &format!("Form {id}, version {version}: {questions} questions."),
    );
    purpose(form, terminal);
    let listed = |names: &[String]| match names {
        [] => String::new(),
        names => format!(" ({})", names.join(", ")),
    };
    terminal.say(
        &format!(
            "必答{}道{}，有条件时必答{}道{}。",
            required.len(),
            listed(required),
            sometimes.len(),
            listed(sometimes)
        ),
        &format!(
            "Required: {}{}; under a condition: {}{}.",
            required.len(),
            listed(required),
            sometimes.len(),
            listed(sometimes)
        ),
    );
    terminal.say(
        &format!("必拍照片或必签{}处{}。", photos.len(), listed(photos)),
        &format!(
            "Photos or signatures that are required: {}{}.",
            photos.len(),
            listed(photos)
        ),
    );
    if required.len() > REQUIRED_MAX {
        terminal.say(
            &format!("提示：必答超过{REQUIRED_MAX}道，一户要填很久；能不必答的请不要必答。"),
            &format!("Remark: more than {REQUIRED_MAX} required answers take long at every door; require fewer."),
        );
    }
    if !unfounded_photos.is_empty() {
        let names = unfounded_photos.join("、");
        terminal.say(
            &format!("提示：{names} 必拍，但备注（note）里没有写依据哪一条要求（S…）；没有依据的不要必拍。"),
            &format!("Remark: no requirement (S…) is noted for the required photo of {names}; do not require it then."),
        );
    }
}

/// Whom it is about, when it is due, what it writes and proposes.
fn purpose(form: &Form, terminal: Terminal) {
    let mut about = format!("subject={}", form.subject.code());
    if let Some(due) = form.due {
        about += &format!(
            ", due={}/{}, due_role={}",
            due.count,
            due.every.code(),
            form.due_role.code()
        );
    }
    let (mut written, mut proposed) = (Vec::new(), BTreeSet::new());
    form.walk(&mut |part, _| {
        written.extend(Some(part.save_to.as_str()).filter(|key| !key.is_empty()));
        proposed.extend(Some(part.problem.as_str()).filter(|category| !category.is_empty()));
    });
    let proposed: Vec<&str> = proposed.into_iter().collect();
    let or_none = |names: &[&str], none: &'static str| match names {
        [] => none.to_owned(),
        names => names.join(", "),
    };
    terminal.say(
        &format!(
            "{about}；写入名册：{}；可提问题：{}。",
            or_none(&written, "无"),
            or_none(&proposed, "无")
        ),
        &format!(
            "{about}; writes into the register: {}; proposes problems: {}.",
            or_none(&written, "nothing"),
            or_none(&proposed, "none")
        ),
    );
}

fn checked(reading: &Reading, summary: Option<&Summary>) -> Value {
    let problems = reading.problems.iter().map(|one| {
        let said = one.what.sentence();
        json!({
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "code": one.what.code(),
            "mistake": one.what.weight() == Weight::Mistake,
            "zh": said.zh,
            "en": said.en,
        })
    });
    let form = reading.form.as_ref().map(|form| {
        let mut object = json!({ "id": form.id, "version": form.version, "title": form.title });
        object["languages"] = json!(form.languages);
        object["subject"] = json!(form.subject.code());
        object["due"] = trial::due(form);
        object
    });
    let summary = summary.map(|summary| {
        json!({
            "questions": summary.questions,
            "required": summary.required,
            "required_sometimes": summary.sometimes,
            "photos": summary.photos,
            "photos_without_requirement": summary.unfounded_photos,
        })
    });
    json!({ "ok": form.is_some(), "form": form, "summary": summary, "problems": problems.collect::<Vec<_>>() })
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// What only the device knows, where there is none: the day that is asked for, and the clock.
struct Bench {
    today: Option<Date>,
    clock: Clock,
}

impl Outside for Bench {
    fn now(&self) -> Moment {
        let now = self.clock.now_ms();
        match self.today {
            None => Moment::at(now),
            Some(day) => {
                let hours_ahead = now.saturating_add(8 * 3_600_000).rem_euclid(DAY_MS) - 8 * 3_600_000;
                Moment::at(i64::from(day.epoch_days()) * DAY_MS + hours_ahead)
            }
        }
    }

    fn random(&self) -> f64 {
        f64::from(u32::from_le_bytes(entropy::random())) / (f64::from(u32::MAX) + 1.0)
    }

    fn uuid(&self) -> String {
        let mut bytes = entropy::random::<16>();
        // Version 4: random.
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

fn try_out(args: &FormRun, terminal: Terminal) -> Result<(), Problem> {
    let reading = read(&args.form)?;
    let form = mended(&reading, terminal)?;
    let given = trial::given(&bytes_of(&args.answers)?, form)?;
    let files = beside(&args.form)?;
    let tried = files.iter().filter_map(|(name, sheet)| {
        let list = BuiltIn::named(name).filter(|list| form.built_in.contains(list))?;
        Some((name.clone(), trial::rows(list, sheet)))
    });
    let form = &form.with_lists(tried.collect()).with_lists(given.lists);
    let english = terminal.language == Language::En;
    let language = form.languages.iter().find(|one| is_english(one) == english);
    let language = language.unwrap_or(&form.default_language);
    let outside = Bench {
        today: args.today,
        clock: Clock::system(),
    };
    let around = Around::new(form, language, &outside).after(given.last);
    let mut filling = Filling::begin(form, &around);
    let carried = filling.prefill();
    let refused = trial::give(&mut filling, given.answers);
    let outcome = trial::outcome(form, &around, &filling, language, &carried, &refused);
    if args.json {
        terminal.say(&pretty(&outcome), &pretty(&outcome));
    } else {
        for line in lines(&outcome, terminal) {
            terminal.say(&line, &line);
        }
    }
    match refused.first() {
        Some(first) => Err(first.clone().into()),
        None => Ok(()),
    }
}

/// The outcome line by line.
fn lines(outcome: &Value, terminal: Terminal) -> Vec<String> {
    let mut lines = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines.push(about(outcome, terminal));
    for one in outcome["shown"].as_array().into_iter().flatten() {
        let (place, label) = (text(&one["place"]), text(&one["label"]));
        lines.push(match one.get("answer").map(text) {
            None => format!("[{place}] {label}"),
            Some(answer) => format!("  {place}  {label}  {answer}"),
        });
    }
    let pairs = |key: &str| {
        let object = outcome[key].as_object().into_iter().flatten();
        object
            .map(|(place, value)| (place.clone(), text(value)))
            .collect::<Vec<_>>()
    };
    for (place, value) in pairs("calculated") {
        lines.push(format!("{} {place} = {value}", terminal.pick("算出", "calculated")));
    }
    for (place, value) in pairs("kept") {
        lines.push(format!(
            "{} {place} = {value}",
            terminal.pick("不再适用，仍保留", "kept, does not apply")
        ));
    }
    for one in outcome["carried"].as_array().into_iter().flatten() {
        lines.push(format!("{} {}", terminal.pick("沿用上次", "carried over"), text(one)));
    }
    for one in outcome["proposals"].as_array().into_iter().flatten() {
        let (place, category, words) = (text(&one["place"]), text(&one["category"]), text(&one["words"]));
        lines.push(format!(
            "{} {place} [{category}] {words}",
            terminal.pick("可提问题", "problem")
        ));
    }
    for one in outcome["updates"].as_array().into_iter().flatten() {
        let keys: Vec<String> = one["keys"].as_array().into_iter().flatten().map(text).collect();
        let (place, value) = (text(&one["place"]), text(&one["value"]));
        let (keys, word) = (keys.join(", "), terminal.pick("写入名册", "register"));
        lines.push(format!("{word} {place} → {keys} = {value}"));
    }
    for one in outcome["errors"].as_array().into_iter().flatten() {
        let said = text(&one[terminal.pick("zh", "en")]);
        let (place, code) = (text(&one["place"]), text(&one["code"]));
        lines.push(format!(
            "{} {place}{} {said} [{code}]",
            terminal.pick("未通过", "not right"),
            terminal.pick("：", ":")
        ));
    }
    for one in outcome["refused"].as_array().into_iter().flatten() {
        let said = text(&one[terminal.pick("zh", "en")]);
        lines.push(format!(
            "{} {said} [{}]",
            terminal.pick("答案有误", "answers:"),
            text(&one["code"])
        ));
    }
    let complete = outcome["complete"].as_bool().unwrap_or_default();
    lines.push(match complete {
        true => terminal.pick("填完了。", "Complete.").to_owned(),
        false => terminal.pick("还没有填完。", "Not complete.").to_owned(),
    });
    lines
}

/// `对象 household，适用；每年4次（doctor）`
fn about(outcome: &Value, terminal: Terminal) -> String {
    let subject = outcome["subject"].as_str().unwrap_or_default();
    let offered = match outcome["offered"].as_bool().unwrap_or_default() {
        true => terminal.pick("适用", "offered"),
        false => terminal.pick("不适用", "not offered"),
    };
    let due = &outcome["due"];
    let due = match due.is_null() {
        true => String::new(),
        false => {
            let text = |key: &str| due[key].as_str().unwrap_or_default().to_owned();
            let (count, every, role) = (&due["count"], text("every"), text("role"));
            terminal.pick(
                format!("；应做 {count}/{every}（{role}）"),
                format!("; due {count}/{every} ({role})"),
            )
        }
    };
    terminal.pick(
        format!("对象 {subject}，{offered}{due}"),
        format!("about a {subject}, {offered}{due}"),
    )
}

fn convert(args: &FormConvert, terminal: Terminal) -> Result<(), Problem> {
    let reading = read(&args.form)?;
    let form = mended(&reading, terminal)?;
    let sheets = || forms::sheets(&bytes_of(&args.form.file)?).map_err(Problem::from);
    let bytes = match args.to {
        FormFormat::Xform => xform::write(form).into_bytes(),
        FormFormat::Md => markdown::write(&sheets()?).into_bytes(),
        FormFormat::Xlsx => workbook::write(&sheets()?).map_err(|error| {
            let text = error.to_string();
            Problem::new("form_convert", format!("无法生成工作簿：{text}"), text)
        })?,
    };
    match &args.out {
        Some(out) => {
            file::write(out, &bytes).map_err(|error| super::export::unwritable(out, &error))?;
            let out = out.display();
            terminal.say(&format!("已写到 {out}"), &format!("written to {out}"));
        }
        None if args.to == FormFormat::Xlsx => {
            return Err(Problem::new(
                "form_convert",
                "工作簿不能写到屏幕上，请用 --out 写明文件。",
                "a workbook cannot be printed; name a file with --out",
            ));
        }
        None => super::print(String::from_utf8_lossy(&bytes).trim_end()),
    }
    Ok(())
}
