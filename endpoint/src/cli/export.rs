//! `export`: ledgers of a village as files.

use super::args::{Export, ExportFormat, ExportWhat};
use super::progress::Progress;
use super::{Problem, Terminal, file, village};
use crate::clock::Clock;
use crate::export::{self, Format, Options, What};
use crate::store::Store;
use bianfang::base::date::Date;

pub(super) fn run(store: &Store, args: &Export, terminal: Terminal) -> Result<(), Problem> {
    let space = village::known(store, &args.village)?;
    let what = match args.what {
        ExportWhat::Households => What::Households,
        ExportWhat::People => What::People,
        ExportWhat::Visits => What::Visits,
        ExportWhat::Findings => What::Findings,
    };
    let format = match args.format {
        ExportFormat::Xlsx => Format::Xlsx,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Json => Format::Json,
    };
    let options = Options {
        language: terminal.language,
        full_id: args.full_id,
        today: Date::in_china(Clock::system().now_ms()),
    };
    let table = {
        let mut progress = Progress::new("导出", "Exporting", terminal);
        export::table(store, space.id, what, options, |done, of| progress.at(done, of))?
    };
    let rows = table.rows.len();
    let bytes = export::encode(&table, format).map_err(|error| {
        let text = error.to_string();
        Problem::new("export_failed", format!("无法生成文件：{text}"), text)
    })?;
    let out = args.out.display();
    file::write(&args.out, &bytes).map_err(|error| {
        Problem::new(
            "file_unwritable",
            format!("无法写入 {out}：{error}"),
            format!("cannot write {out}: {error}"),
        )
    })?;
    terminal.say(
        &format!("已导出{rows}行到 {out}"),
        &format!("{rows} rows written to {out}"),
    );
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
    Ok(())
}
