//! Sheets by the headings of their columns.

use super::problem::{Problem, What};
use crate::ledger::tables::Sheet;
use crate::register::words::Sentence;

pub(crate) const ZH: &str = "label::中文 (zh)";
pub(crate) const EN: &str = "label::English (en)";
pub(crate) const WORDS_ZH: &str = "words::中文 (zh)";
pub(crate) const WORDS_EN: &str = "words::English (en)";
/// Rows of one sheet.
const ROWS_MAX: usize = 2_000;

/// A sheet whose headings are understood.
#[derive(Default)]
pub(crate) struct Table {
    name: &'static str,
    headings: Vec<String>,
    rows: Vec<(u32, Vec<String>)>,
}

/// A row that is not empty, with its number as a spreadsheet counts.
pub(crate) struct Row<'a> {
    pub sheet: &'static str,
    pub number: u32,
    headings: &'a [String],
    cells: &'a [String],
}

impl Row<'_> {
    /// The cell of a column.
    pub fn get(&self, column: &str) -> &str {
        let at = self.headings.iter().position(|heading| heading == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim())
    }
    /// The sheet has the column.
    pub fn has(&self, column: &str) -> bool {
        self.headings.iter().any(|heading| heading == column)
    }
}

impl Table {
    /// The sheet of a name, and what is wrong with its head.
    pub fn find(sheets: &[Sheet], name: &'static str, needed: &[&str], may: &[&str]) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut note = |row, column: &str, what| {
            problems.push(Problem {
                sheet: name.into(),
                row,
                column: column.into(),
                what,
            });
        };
        let found = sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name));
        let Some((head, rows)) = found.and_then(|sheet| sheet.rows.split_first()) else {
            note(0, "", What::NoSheet);
            return (Self::default(), problems);
        };
        let headings: Vec<String> = head.iter().map(|cell| cell.trim().to_owned()).collect();
        for column in needed
            .iter()
            .filter(|column| !headings.iter().any(|heading| heading == *column))
        {
            note(1, column, What::NoColumn);
        }
        for heading in headings.iter().filter(|heading| !heading.is_empty()) {
            let known = needed.iter().chain(may).any(|column| column == heading) || heading == "note";
            if !known {
                note(1, heading, What::StrangeColumn);
            }
        }
        if rows.len() > ROWS_MAX {
            note(0, "", What::TooMany(ROWS_MAX));
        }
        let rows = (2_u32..).zip(rows.iter().take(ROWS_MAX).cloned());
        let rows = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
        let rows = rows.collect();
        (Self { name, headings, rows }, problems)
    }

    /// Its rows.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let rows = self.rows.iter();
        rows.map(|(number, cells)| Row {
            sheet: self.name,
            number: *number,
            headings: &self.headings,
            cells,
        })
        .collect()
    }
}

/// Two cells of a row as one sentence.
pub(crate) fn both(row: &Row<'_>, zh: &str, en: &str) -> Sentence {
    Sentence::new(row.get(zh), row.get(en))
}
