//! Gives the office its own file back with a column of reasons: the same workbook or text table, everything else in it
//! as it was. Only .xls files become .xlsx, with values, dates and merged cells but without fonts and colours.

mod convert;
mod delimited;
mod workbook;

use std::collections::BTreeMap;

use bianfang::base::text;

use super::columns::{Field, REASONS_TITLE};
use super::error::RosterError;
use super::note::Note;
use super::table::Table;
use crate::book::{self, Book, COLUMNS_MAX, Kind, Sheet};

/// A cell holds 32,767 characters; what is longer helps nobody.
const REASON_CHARS_MAX: usize = 2_000;

/// What is put between the name of the file and its ending.
const NAME_SUFFIX: &str = "-退回原因";

/// The file with the column of reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotatedFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// What to call it: the old name with 退回原因.
    pub file_name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Whether it came back as a new .xlsx without fonts and colours, because it was an .xls file or is damaged where
    /// nothing is read; the person should be told.
    pub converted: bool,
}

/// What is written into one sheet.
#[derive(Debug)]
struct SheetPlan {
    /// From 0: the column of an earlier time, else the first free one.
    column: u32,
    /// The cells by row: titles in the rows of column titles, else reasons.
    cells: BTreeMap<u32, String>,
    /// The rows of column titles.
    titles: Vec<u32>,
}

/// Adds a column 退回原因/提示 with the reasons of each row to the file that [`read`](super::read) made the notes from.
/// A column of an earlier time is filled anew. Notes about a sheet or the file as a whole have no row and are left out.
///
/// Fails where the file cannot be read, as [`read`](super::read) does.
pub fn annotate(bytes: &[u8], file_name: &str, notes: &[Note]) -> Result<AnnotatedFile, RosterError> {
    let book = book::open(bytes)?;
    let plans = plans(&book, notes);
    let mut converted = matches!(book.kind, Kind::Xls { .. });
    let (bytes, extension, media_type) = match &book.kind {
        Kind::Xlsx { dates_from_1904 } => {
            // A part that nobody reads may be damaged, a picture for instance: then the values are given back without it.
            let patched = workbook::patch(bytes, &book, &plans).or_else(|_| {
                converted = true;
                rewritten(&book, *dates_from_1904, &plans)
            })?;
            (patched, extension(file_name, "xlsx"), WORKBOOK)
        }
        Kind::Xls { dates_from_1904 } => {
            let patched = rewritten(&book, *dates_from_1904, &plans)?;
            (patched, "xlsx".to_owned(), WORKBOOK)
        }
        Kind::Text(shape) => (
            delimited::patch(bytes, *shape, plans.get(&0)),
            extension(file_name, "csv"),
            "text/csv",
        ),
    };
    Ok(AnnotatedFile {
        bytes,
        file_name: new_name(file_name, &extension),
        media_type,
        converted,
    })
}

/// A new workbook with the values of the book and the column.
fn rewritten(book: &Book, dates_from_1904: bool, plans: &BTreeMap<usize, SheetPlan>) -> Result<Vec<u8>, RosterError> {
    let converted = convert::to_xlsx(book, dates_from_1904)?;
    workbook::patch(&converted, &book::open(&converted)?, plans)
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn plans(book: &Book, notes: &[Note]) -> BTreeMap<usize, SheetPlan> {
    let mut plans = BTreeMap::new();
    let tables = super::tables(book);
    for (index, sheet) in book.sheets.iter().enumerate() {
        let tables: Vec<&Table> = tables.iter().filter(|table| table.sheet == index).collect();
        if tables.is_empty() {
            continue;
        }
        let titles: Vec<u32> = tables
            .iter()
            .filter_map(|table| table.header_rows.last().copied())
            .collect();
        let mut cells = reasons(index, notes);
        for row in &titles {
            cells.insert(*row, REASONS_TITLE.to_owned());
        }
        plans.insert(
            index,
            SheetPlan {
                column: column_for(sheet, &tables),
                cells,
                titles,
            },
        );
    }
    plans
}

/// The column that we added before, else the first one behind everything. Where another table of the sheet has something
/// of the office in that column, it is no place for reasons.
fn column_for(sheet: &Sheet, tables: &[&Table]) -> u32 {
    let known = |column: u32| {
        tables
            .iter()
            .flat_map(|table| &table.columns)
            .filter(move |one| one.column == column)
    };
    let reasons = tables
        .iter()
        .filter_map(|table| table.column_of(Field::Reasons).map(|at| table.columns[at].column));
    let mut ours = reasons.filter(|column| known(*column).all(|one| one.field == Some(Field::Reasons)));
    if let Some(column) = ours.next() {
        return column;
    }
    let written = sheet
        .rows
        .values()
        .filter_map(|cells| cells.last())
        .map(|cell| cell.column)
        .max()
        .unwrap_or(0);
    // Merged cells may reach further than what is written; some sheets merge a title over all columns there are.
    let merged = sheet
        .merges
        .all()
        .map(|area| area.last_column)
        .filter(|last| *last <= written + 64)
        .max();
    (written.max(merged.unwrap_or(0)) + 1).min(COLUMNS_MAX - 1)
}

fn reasons(sheet: usize, notes: &[Note]) -> BTreeMap<u32, String> {
    let mut by_row: BTreeMap<u32, Vec<&Note>> = BTreeMap::new();
    for note in notes
        .iter()
        .filter(|note| note.place.sheet == sheet && note.place.row > 0)
    {
        by_row.entry(note.place.row).or_default().push(note);
    }
    let joined = by_row.into_iter().map(|(row, mut notes)| {
        notes.sort_by_key(|note| note.severity);
        let mut texts: Vec<String> = notes.into_iter().map(Note::cell_zh).collect();
        texts.dedup();
        let joined: String = texts.join("；").chars().take(REASON_CHARS_MAX).collect();
        (row, text::neutralise(&joined).into_owned())
    });
    joined.collect()
}

/// The ending of a file name, if it is one that fits what the file is.
fn extension(file_name: &str, usual: &str) -> String {
    let fitting: &[&str] = if usual == "xlsx" {
        &["xlsx", "xlsm", "xltx"]
    } else {
        &["csv", "txt", "tsv"]
    };
    let ending = file_name
        .rsplit_once('.')
        .map_or(String::new(), |(_, ending)| ending.to_lowercase());
    if fitting.contains(&ending.as_str()) {
        ending
    } else {
        usual.to_owned()
    }
}

fn new_name(file_name: &str, extension: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.strip_suffix(NAME_SUFFIX).unwrap_or(stem);
    let stem = if stem.is_empty() { "名册" } else { stem };
    format!("{stem}{NAME_SUFFIX}.{extension}")
}

/// Used by `workbook` and `convert` where writing a package into memory fails, which only a broken package makes it do.
fn broken(part: &str) -> RosterError {
    crate::book::BookError::damaged(part).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_it_is_once() {
        assert_eq!(new_name("a/b\\大村.v2.xlsx", "xlsx"), "大村.v2-退回原因.xlsx");
        assert_eq!(new_name("大村-退回原因.csv", "csv"), "大村-退回原因.csv");
        assert_eq!(new_name(".csv", "csv"), "名册-退回原因.csv");
        assert_eq!(extension("x.XLSM", "xlsx"), "xlsm");
        assert_eq!(extension("x.xls", "xlsx"), "xlsx");
        assert_eq!(extension("x", "csv"), "csv");
    }
}
