//! Forms as the desk writes them: workbooks or tables of text in, checked forms, tried records and other formats out.
//!
//! What a form means is the core's (`bianfang::form`). Here files become sheets, and sheets become files again.

pub mod markdown;
pub mod publish;
pub mod summary;
pub mod trial;
pub mod workbook;
pub mod xform;
mod xpath;

use crate::book::{self, Book, BookError, Kind, Value};
use bianfang::form::read::{ROWS_MAX, Reading, Sheet};
use bianfang::register::words::Sentence;
use std::collections::BTreeMap;

/// Columns of a sheet that are read; no form has so many.
pub const COLUMNS_MAX: u32 = 256;

/// Why a file is no form at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It cannot be read as sheets.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A table of text, where a workbook is needed.
    #[error("not a workbook")]
    NotAWorkbook,
    /// A sheet with more columns than a form can have.
    #[error("the sheet {0} has too many columns")]
    TooWide(String),
}

impl FileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Book(error) => error.code(),
            Self::NotAWorkbook => "form.not_a_workbook",
            Self::TooWide(_) => "form.too_wide",
        }
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Book(error) => Sentence::new(error.zh(), error.en()),
            Self::NotAWorkbook => Sentence::new(
                "这不是表单工作簿：要有 survey 表的 .xlsx，或写成表格的 .md。",
                "This is no form: an .xlsx with a sheet survey is needed, or an .md with its tables.",
            ),
            Self::TooWide(sheet) => Sentence::new(
                format!("“{sheet}”表超过 {COLUMNS_MAX} 列，请删去多余的列。"),
                format!("The sheet “{sheet}” has more than {COLUMNS_MAX} columns; remove those that are not needed."),
            ),
        }
    }
}

/// The sheets of a form's file. What the file is, its bytes tell.
///
/// # Errors
/// A file that is neither a workbook nor tables of text.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, FileError> {
    if let Some(sheets) = markdown::read(bytes) {
        return Ok(sheets);
    }
    let book = book::open(bytes)?;
    match book.kind {
        Kind::Text(_) => Err(FileError::NotAWorkbook),
        Kind::Xlsx { .. } | Kind::Xls { .. } => book.sheets.iter().map(sheet).collect(),
    }
}

/// A list beside a form: a text table, or the first sheet of a workbook.
///
/// # Errors
/// A file that cannot be read as a table.
pub fn list(bytes: &[u8]) -> Result<Sheet, FileError> {
    let Book { sheets, .. } = book::open(bytes)?;
    sheets.first().map_or_else(|| Ok(Sheet::default()), sheet)
}

/// Reads a form and tells every mistake in it.
///
/// # Errors
/// A file that is no form at all.
pub fn read(bytes: &[u8], files: &BTreeMap<String, Sheet>) -> Result<Reading, FileError> {
    Ok(bianfang::form::read::read(&sheets(bytes)?, files))
}

/// Every row at its place, so that a mistake is told as the spreadsheet counts. Rows beyond what a form can have are
/// one row too many, whatever number they bear.
fn sheet(from: &book::Sheet) -> Result<Sheet, FileError> {
    let last = from.rows.keys().next_back().copied().unwrap_or_default();
    let last = last.min(ROWS_MAX as u32 + 2);
    let mut rows = vec![Vec::new(); last as usize];
    for (number, cells) in from.rows.range(1..=last) {
        let row = &mut rows[*number as usize - 1];
        for cell in cells {
            if cell.column >= COLUMNS_MAX {
                return Err(FileError::TooWide(from.name.clone()));
            }
            row.resize(cell.column as usize, String::new());
            row.push(text(&cell.value));
        }
    }
    Ok(Sheet {
        name: from.name.clone(),
        rows,
    })
}

/// As a form reads it: yes and no are those of the spreadsheet.
fn text(value: &Value) -> String {
    match value {
        Value::Bool(true) => String::from("TRUE"),
        Value::Bool(false) => String::from("FALSE"),
        other => other.text(),
    }
}
