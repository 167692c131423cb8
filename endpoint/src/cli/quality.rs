//! `quality`: what the rules for the data find in a village, printed or as a table.

use super::args::Quality;
use super::{Problem, Terminal, file, village};
use crate::clock::Clock;
use crate::export::{self, Format, Options};
use crate::store::Store;
use bianfang::base::date::Date;

pub(super) fn run(store: &Store, args: &Quality, terminal: Terminal) -> Result<(), Problem> {
    let space = village::known(store, &args.village)?;
    let options = Options {
        language: terminal.language,
        full_id: false,
        today: Date::in_china(Clock::system().now_ms()),
    };
    let table = export::quality(store, space.id, options)?;
    if let Some(out) = &args.out {
        let format = match out.extension().and_then(|end| end.to_str()) {
            Some("csv") => Format::Csv,
            Some("json") => Format::Json,
            _ => Format::Xlsx,
        };
        let bytes = export::encode(&table, format)
            .map_err(|error| Problem::new("table_too_long", error.to_string(), error.to_string()))?;
        file::write(out, &bytes).map_err(|error| {
            let (shown, why) = (out.display(), error.to_string());
            Problem::new(
                "file_unwritable",
                format!("写不进 {shown}：{why}"),
                format!("cannot write {shown}: {why}"),
            )
        })?;
    }
    for row in table.rows.iter().filter(|_| args.out.is_none()) {
        let cells = (0..table.columns.len()).map(|at| row.get(&at).map(|cell| cell.to_text()).unwrap_or_default());
        let line = cells.collect::<Vec<_>>().join("\t");
        terminal.say(&line, &line);
    }
    let count = table.rows.len();
    terminal.note(&format!("共{count}行。"), &format!("{count} rows."));
    Ok(())
}
