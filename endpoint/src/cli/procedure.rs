//! `procedure`: ways of working that the desk writes as tables are checked before anybody works by them.

use super::args::ProcedureCommand;
use super::{Problem, Terminal};
use crate::forms;
use bianfang::ledger::read::{self, Problem as Mistake, Reading};
use bianfang::ledger::tables::{self, Sheet};
use bianfang::ledger::{Counts, Procedure};
use serde_json::json;
use std::fs;
use std::path::Path;

pub(super) fn run(command: &ProcedureCommand, terminal: Terminal) -> Result<(), Problem> {
    let ProcedureCommand::Check { file, json } = command;
    let reading = read::read(&sheets(file)?);
    if *json {
        let object = checked(&reading);
        terminal.say(&object, &object);
    } else {
        for mistake in &reading.problems {
            let line = line(mistake, terminal);
            terminal.say(&line, &line);
        }
        if let Some(procedure) = &reading.procedure {
            print(procedure, terminal);
        }
    }
    let mistakes = reading.problems.len();
    reading.procedure.map(drop).ok_or_else(|| {
        Problem::new(
            "procedure_mistakes",
            format!("程序有{mistakes}处要改。"),
            format!("{mistakes} mistakes in the procedure have to be mended."),
        )
    })
}

/// Tables of text, or the sheets of a workbook.
pub(super) fn sheets(file: &Path) -> Result<Vec<Sheet>, Problem> {
    let bytes = fs::read(file).map_err(|error| super::import::unreadable(file, &error))?;
    if let Ok(text) = std::str::from_utf8(&bytes) {
        return Ok(tables::read(text));
    }
    let sheets = forms::sheets(&bytes)?.into_iter();
    Ok(sheets
        .map(|sheet| Sheet {
            name: sheet.name,
            rows: sheet.rows,
        })
        .collect())
}

/// `moves 第4行 from：states 表里没有“asigned”，请改对或补上 [procedure.no_state]`
pub(super) fn line(mistake: &Mistake, terminal: Terminal) -> String {
    let said = mistake.what.sentence();
    let row = match mistake.row {
        0 => String::new(),
        row => terminal.pick(format!(" 第{row}行"), format!(" row {row}")),
    };
    let column = match mistake.column.as_str() {
        "" => String::new(),
        column => format!(" {column}"),
    };
    let colon = terminal.pick("：", ": ");
    let said = terminal.pick(said.zh, said.en);
    format!("{}{row}{column}{colon}{said} [{}]", mistake.sheet, mistake.what.code())
}

fn print(procedure: &Procedure, terminal: Terminal) {
    let Procedure { id, version, .. } = procedure;
    let (states, steps) = (procedure.states.len(), procedure.events.len());
    let open = procedure
        .states
        .iter()
        .filter(|state| state.counts == Counts::Open)
        .count();
    terminal.say(
        &format!("程序 {id} 版本 {version}：{states}种状态（{open}种未办结），{steps}种步骤。"),
        &format!(
            "Procedure {id}, version {version}: {states} states, {open} of them open, and {steps} kinds of steps."
        ),
    );
}

fn checked(reading: &Reading) -> String {
    let problems = reading.problems.iter().map(|one| {
        let said = one.what.sentence();
        json!({
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "code": one.what.code(),
            "zh": said.zh,
            "en": said.en,
        })
    });
    let procedure = reading.procedure.as_ref();
    let procedure = procedure.map(|one| json!({ "id": one.id, "version": one.version, "title": one.title.zh }));
    let object = json!({
        "ok": procedure.is_some(),
        "procedure": procedure,
        "problems": problems.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&object).unwrap_or_default()
}
