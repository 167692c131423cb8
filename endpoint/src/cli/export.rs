//! `export`: ledgers of a village as files.

use super::args::{Export, ExportFormat, ExportPeriod, ExportWhat};
use super::progress::Progress;
use super::{Problem, Terminal, file, village};
use crate::clock::Clock;
use crate::export::{self, Format, Options, Wanted, What, dispatch};
use crate::store::{Store, space};
use bianfang::base::date::Date;
use bianfang::base::id::SpaceId;
use bianfang::indicator::{Cadence, Period};
use std::fs;
use std::path::Path;

/// The list beside the documents.
const LIST: &str = "documents.json";

pub(super) fn run(store: &Store, args: &Export, terminal: Terminal) -> Result<(), Problem> {
    let village = args.village.as_deref();
    if let (ExportWhat::Records, Some(form)) = (args.what, &args.form) {
        return records(store, args, form, terminal);
    }
    if args.what == ExportWhat::Dispatch {
        return sheet(store, args, terminal);
    }
    let space = village::known(store, village.unwrap_or_default())?;
    let what = match args.what {
        ExportWhat::Households => What::Households,
        ExportWhat::People => What::People,
        ExportWhat::Visits => What::Visits,
        ExportWhat::Findings => What::Findings,
        // Answered above; without --form the arguments are refused.
        ExportWhat::Dispatch | ExportWhat::Records => return Ok(()),
        ExportWhat::Documents => return documents(store, space.id, &args.out, terminal),
    };
    let (format, options) = (format(args)?, options(args, terminal));
    let table = {
        let mut progress = Progress::new("导出", "Exporting", terminal);
        export::table(store, space.id, what, options, |done, of| progress.at(done, of))?
    };
    let rows = table.rows.len();
    let bytes = export::encode(&table, format).map_err(|error| failed(&error))?;
    let out = args.out.display();
    file::write(&args.out, &bytes).map_err(|error| unwritable(&args.out, &error))?;
    terminal.say(
        &format!("已导出{rows}行到 {out}"),
        &format!("{rows} rows written to {out}"),
    );
    warn(args, format, terminal);
    Ok(())
}

fn format(args: &Export) -> Result<Format, Problem> {
    match args.format {
        ExportFormat::Xlsx => Ok(Format::Xlsx),
        ExportFormat::Csv => Ok(Format::Csv),
        ExportFormat::Json => Ok(Format::Json),
        ExportFormat::Text => Err(Problem::new(
            "format_not_offered",
            "只有调度表（--what dispatch）能写成文字；其他请用 xlsx、csv 或 json。",
            "only the sheet (--what dispatch) is written as text; use xlsx, csv or json",
        )),
    }
}

fn options(args: &Export, terminal: Terminal) -> Options {
    Options {
        language: terminal.language,
        full_id: args.full_id,
        today: day(args),
    }
}

/// The day up to which is counted.
fn day(args: &Export) -> Date {
    args.on.unwrap_or_else(|| Date::in_china(Clock::system().now_ms()))
}

/// The villages that are meant: the one named, or all.
fn villages(store: &Store, args: &Export) -> Result<Vec<space::SpaceRow>, Problem> {
    Ok(match &args.village {
        Some(code) => vec![village::known(store, code)?],
        None => store.read(|tx| space::list(tx))?,
    })
}

/// The sheet of a period, of one village or of all.
fn sheet(store: &Store, args: &Export, terminal: Terminal) -> Result<(), Problem> {
    let cadence = match args.period {
        ExportPeriod::Week => Cadence::Week,
        ExportPeriod::HalfMonth => Cadence::HalfMonth,
        ExportPeriod::Month => Cadence::Month,
    };
    let (mut villages, on) = (villages(store, args)?, day(args));
    // What inspectors found for themselves stands in no sheet until it is linked into its village.
    villages.retain(|one| !one.is_group);
    let period = Period::around(cadence, on);
    let sheets = {
        let mut progress = Progress::new("统计", "Counting", terminal);
        dispatch::sheets(store, &villages, period, on, |done, of| progress.at(done, of))?
    };
    let language = terminal.language;
    let bytes = match args.format {
        ExportFormat::Text => dispatch::text(&sheets, language).into_bytes(),
        _ => export::encode(&dispatch::table(&sheets, language), format(args)?).map_err(|error| failed(&error))?,
    };
    file::write(&args.out, &bytes).map_err(|error| unwritable(&args.out, &error))?;
    let (count, out) = (sheets.len(), args.out.display());
    terminal.say(
        &format!("{}：{count}个村，已写到 {out}", cadence.sheet().zh),
        &format!("{}: {count} villages, written to {out}", cadence.sheet().en),
    );
    let unreadable: usize = sheets.iter().map(|one| one.unreadable).sum();
    if unreadable > 0 {
        return Err(Problem::new(
            "documents_unreadable",
            format!("有{unreadable}份文档打不开，没有算进去；用 check 看是哪些。"),
            format!("{unreadable} documents cannot be opened and were left out; see check"),
        ));
    }
    Ok(())
}

fn failed(error: &impl ToString) -> Problem {
    let text = error.to_string();
    Problem::new("export_failed", format!("无法生成文件：{text}"), text)
}

fn warn(args: &Export, format: Format, terminal: Terminal) {
    if format == Format::Csv {
        terminal.note(
            "用 Excel 直接打开 .csv 会把户编号和证件号码当成数字，丢掉末尾几位；给人看的请导出 xlsx。",
            "Opened in Excel, a .csv loses the last digits of long numbers; export xlsx for people.",
        );
    }
    if args.full_id {
        terminal.note(
            "文件里有完整的证件号码，请妥善保管。",
            "The file holds full ID numbers; keep it safe.",
        );
    }
}

/// The records of a form, of one village or of all.
fn records(store: &Store, args: &Export, form: &str, terminal: Terminal) -> Result<(), Problem> {
    let villages = villages(store, args)?;
    let format = format(args)?;
    let wanted = Wanted {
        form,
        meta: args.meta,
        options: options(args, terminal),
    };
    let ledger = {
        let mut progress = Progress::new("导出", "Exporting", terminal);
        export::records(store, &villages, wanted, |done, of| progress.at(done, of))?
    };
    if !ledger.known {
        return Err(Problem::new(
            "form_unknown",
            format!("没有发布过 {form}；已发布的见 form list。"),
            format!("{form} was never published; see form list"),
        ));
    }
    let files = export::encode_ledger(&ledger, format).map_err(|error| failed(&error))?;
    let rows = ledger.records.rows.len();
    for (more, bytes) in files {
        let path = match more.as_str() {
            "" => args.out.clone(),
            // records.csv, records.member.csv
            more => args.out.with_extension(format!("{more}.csv")),
        };
        file::write(&path, &bytes).map_err(|error| unwritable(&path, &error))?;
        let out = path.display();
        terminal.say(&format!("已写到 {out}"), &format!("written to {out}"));
    }
    terminal.say(&format!("{rows}条记录"), &format!("{rows} records"));
    warn(args, format, terminal);
    if ledger.unreadable > 0 {
        let count = ledger.unreadable;
        return Err(Problem::new(
            "records_unreadable",
            format!("有{count}条记录的表单版本读不出来，没有导出；用 check 看原因。"),
            format!("{count} records were left out, because their version of the form cannot be read; see check"),
        ));
    }
    Ok(())
}

pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let path = path.display();
    Problem::new(
        "file_unwritable",
        format!("无法写入 {path}：{error}"),
        format!("cannot write {path}: {error}"),
    )
}

/// A folder of standard Automerge files. Into an empty one only, so that no file of another day is taken for one of these.
fn documents(store: &Store, space: SpaceId, folder: &Path, terminal: Terminal) -> Result<(), Problem> {
    let out = folder.display();
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    if entries.next().is_some() {
        return Err(Problem::new(
            "folder_not_empty",
            format!("文件夹 {out} 里已有东西，请给一个空的。"),
            format!("the folder {out} is not empty; name an empty one"),
        ));
    }
    let mut written = Vec::new();
    let unreadable = {
        let mut progress = Progress::new("导出", "Exporting", terminal);
        export::documents(store, space, |mut one, done, of| {
            progress.at(done, of);
            let path = folder.join(&one.name);
            file::write(&path, &one.bytes).map_err(|error| unwritable(&path, &error))?;
            one.bytes = Vec::new();
            written.push(one);
            Ok::<_, Problem>(())
        })?
    };
    let list = folder.join(LIST);
    file::write(&list, &export::list(&written)).map_err(|error| unwritable(&list, &error))?;
    let count = written.len();
    terminal.say(
        &format!("已导出{count}份文档到 {out}，清单是 {LIST}"),
        &format!("{count} documents written to {out}, listed in {LIST}"),
    );
    terminal.note(
        "文档里有完整的证件号码和全部内容，请妥善保管。",
        "The documents hold full ID numbers and everything else; keep them safe.",
    );
    if unreadable > 0 {
        return Err(Problem::new(
            "documents_unreadable",
            format!("有{unreadable}份文档打不开，没有导出；用 check 看是哪些。"),
            format!("{unreadable} documents cannot be opened and were left out; see check"),
        ));
    }
    Ok(())
}
