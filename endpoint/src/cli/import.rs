//! `village import`: reads a roster, says what it would do, does it, and gives the roster back with reasons.

mod chosen;

use super::args::Import as Args;
use super::progress::Progress;
use super::{Problem, Terminal, file as whole};
use crate::clock::Clock;
use crate::import::{self, Import, Line, Report};
use crate::packs;
use crate::roster::{self, Note, Roster, RosterError, Severity, VillageRoster};
use crate::store::{Store, space};
use crate::village::NewVillage;
use bianfang::base::date::Date;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of one kind that are printed; the rest is counted.
const LINES_MAX: usize = 200;

pub(super) fn run(args: &Args, terminal: Terminal) -> Result<(), Problem> {
    let backend = args.data.backend()?;
    let bytes = fs::read(&args.file).map_err(|error| unreadable(&args.file, &error))?;
    let file_name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let now_ms = Clock::system().now_ms();
    let roster = roster::read(&bytes, &file_name, Date::in_china(now_ms))?;
    notes(&roster, terminal);
    // A preview makes nothing, and a mistake neither: not even a database.
    let known = match Store::exists(&backend) {
        true => Store::open(&backend)?.read(|tx| space::list(tx))?,
        false => Vec::new(),
    };
    let villages = chosen::chosen(&roster, args, &known)?;
    let store = match args.preview && !Store::exists(&backend) {
        true => None,
        false => Some(Store::open(&backend)?),
    };
    for (village, code) in villages {
        one(store.as_ref(), args, (village, &code), now_ms, terminal)?;
    }
    if args.preview {
        terminal.say("只是预览，没有写入。", "This was a preview; nothing was written.");
    }
    annotated(args, &bytes, &file_name, &roster, terminal)
}

pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    let file = file.display();
    Problem::new(
        "file_unreadable",
        format!("无法读取 {file}：{error}"),
        format!("cannot read {file}: {error}"),
    )
}

impl From<RosterError> for Problem {
    fn from(error: RosterError) -> Self {
        Self::new(error.code(), error.zh(), error.en())
    }
}

/// Refused rows and flagged values, each with row, column and reason.
fn notes(roster: &Roster, terminal: Terminal) {
    let (refused, flagged) = (roster.count(Severity::Refused), roster.count(Severity::Flagged));
    let (households, people) = (roster.households(), roster.people());
    terminal.say(
        &format!("名册：{households}户，{people}人；退回{refused}行，请核实{flagged}处。"),
        &format!("Roster: {households} households, {people} people; {refused} rows refused, {flagged} values flagged."),
    );
    for note in &roster.rejected {
        print_note(note, terminal);
    }
    // What is about a sheet stands in no row of the file that is given back.
    for note in roster.notes.iter().filter(|note| note.place.row == 0) {
        print_note(note, terminal);
    }
    let flagged: Vec<&Note> = roster
        .notes
        .iter()
        .filter(|note| note.severity == Severity::Flagged)
        .collect();
    for note in flagged.iter().take(LINES_MAX) {
        print_note(note, terminal);
    }
    if let Some(more) = flagged.len().checked_sub(LINES_MAX).filter(|more| *more > 0) {
        terminal.say(
            &format!("  ……还有{more}处，见批注后的名册。"),
            &format!("  … {more} more; see the annotated roster."),
        );
    }
}

fn print_note(note: &Note, terminal: Terminal) {
    let word = note.severity.zh();
    terminal.say(
        &format!("  {word} {}", note.line_zh()),
        &format!("  {} {}", note.severity.code(), note.line_en()),
    );
}

fn one(
    store: Option<&Store>,
    args: &Args,
    (roster, code): (&VillageRoster, &str),
    now_ms: i64,
    terminal: Terminal,
) -> Result<(), Problem> {
    let known = store
        .map(|store| store.read(|tx| space::by_code(tx, code)))
        .transpose()?
        .flatten();
    let name = args.name.clone().or_else(|| roster.name.clone());
    let name = match (&name, &known) {
        // The name that a village has is changed on purpose only.
        (None, _) => String::new(),
        (Some(_), Some(known)) if args.name.is_none() && !known.name.is_empty() => String::new(),
        (Some(name), _) => name.clone(),
    };
    let shown = if name.is_empty() {
        known.as_ref().map(|one| one.name.clone()).unwrap_or_default()
    } else {
        name.clone()
    };
    super::print(&format!("\n{code} {shown}"));
    let Some(store) = store.filter(|_| known.is_some() || !args.preview) else {
        let (households, people) = (roster.households.len(), people(roster));
        terminal.say(
            &format!("新增：{households}户，{people}人（新的村）"),
            &format!("New: {households} households, {people} people (a new village)"),
        );
        return Ok(());
    };
    let new = NewVillage {
        code: code.to_owned(),
        name,
        demonstration: args.demonstration,
    };
    let space = match (&known, args.preview) {
        (Some(known), true) => known.id,
        _ => import::village_of(store, &new, now_ms)?,
    };
    let import = {
        let mut progress = Progress::new("比对", "Comparing", terminal);
        Import::prepare(store, space, roster, now_ms, |done, of| progress.at(done, of))?
    };
    if args.preview || known.is_some() {
        print(&import.preview()?, terminal);
    }
    if args.preview {
        return Ok(());
    }
    let mut written = (0, roster.households.len());
    let report = {
        let mut progress = Progress::new("写入", "Writing", terminal);
        import.apply(|done, of| {
            written = (done, of);
            progress.at(done, of);
        })
    };
    let report = report.inspect_err(|_| broke_off(written, terminal))?;
    if known.is_none() {
        print(&report, terminal);
    }
    terminal.say("已写入。", "Written.");
    // The first phone that joins does not have to wait for it.
    terminal.note("正在准备首次下载……", "Preparing the first load …");
    packs::manifest(store, space, now_ms.div_euclid(1000))?;
    Ok(())
}

/// What is written when an import ends in the middle.
fn broke_off((done, of): (usize, usize), terminal: Terminal) {
    terminal.note(
        &format!("导入中断：{of}户中前{done}户已写入，其余没有。排除下面的问题后再导入一次，会接着来，不会重复。"),
        &format!(
            "The import broke off: the first {done} of {of} households are written, the rest is not. \
             Put right what follows and import again; it goes on from there."
        ),
    );
}

fn people(roster: &VillageRoster) -> usize {
    roster.households.iter().map(|household| household.persons.len()).sum()
}

fn print(report: &Report, terminal: Terminal) {
    let (households, people, unchanged) = (report.new_households, report.new_people, report.unchanged);
    terminal.say(
        &format!("新增：{households}户，{people}人"),
        &format!("New: {households} households, {people} people"),
    );
    for (zh, en, lines) in [
        ("新增到已有户", "New in known households", &report.added),
        ("变更", "Changed", &report.changed),
        (
            "队员已改，保留队员的",
            "Changed by a member since; kept",
            &report.theirs,
        ),
        (
            "名册里的号码不全或不对，保留已有的",
            "Numbers that are incomplete or wrong in the roster; the stored ones are kept",
            &report.kept,
        ),
        ("名单里没有，保留", "Not in the roster; kept", &report.missing),
    ] {
        if lines.is_empty() {
            continue;
        }
        terminal.say(&format!("{zh}：{}条", lines.len()), &format!("{en}: {}", lines.len()));
        lines.iter().take(LINES_MAX).for_each(|line| print_line(line, terminal));
        if let Some(more) = lines.len().checked_sub(LINES_MAX).filter(|more| *more > 0) {
            terminal.say(&format!("  ……还有{more}条"), &format!("  … {more} more"));
        }
    }
    terminal.say(
        &format!("不变：{unchanged}户"),
        &format!("Unchanged: {unchanged} households"),
    );
}

fn print_line(line: &Line, terminal: Terminal) {
    let mut text = format!("  {} {}", line.number, line.head);
    if !line.person.is_empty() {
        text.push_str(&format!(" · {}", line.person));
    }
    let field = terminal.pick(line.field.zh, line.field.en);
    if !field.is_empty() {
        text.push_str(&format!(" {field}"));
    }
    if !line.stored.is_empty() || !line.roster.is_empty() {
        let stored = if line.stored.is_empty() { "—" } else { &line.stored };
        text.push_str(&format!(" {stored} → {}", line.roster));
    }
    super::print(&text);
}

/// Writes the roster back with the reasons beside it.
fn annotated(args: &Args, bytes: &[u8], file_name: &str, roster: &Roster, terminal: Terminal) -> Result<(), Problem> {
    let annotated = roster::annotate(bytes, file_name, &roster.all_notes())?;
    let file = match &args.result {
        Some(file) => file.clone(),
        None => beside(&args.file, &annotated.file_name),
    };
    whole::write(&file, &annotated.bytes).map_err(|error| {
        let (name, error) = (file.display(), error.to_string());
        Problem::new(
            "file_unwritable",
            format!("无法写入 {name}：{error}。名册已导入；用 --result 指定别的位置。"),
            format!("cannot write {name}: {error}. The roster was imported; name another place with --result."),
        )
    })?;
    let shown = file.display();
    terminal.say(
        &format!("批注后的名册：{shown}"),
        &format!("The roster with reasons: {shown}"),
    );
    if annotated.converted {
        terminal.note(
            "文件已另存为新的 .xlsx，字体和颜色没有保留。",
            "The file became a new .xlsx, without fonts and colours.",
        );
    }
    Ok(())
}

fn beside(file: &Path, name: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(name)
}
