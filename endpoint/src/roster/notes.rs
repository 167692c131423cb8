//! Collects notes with their places, so that the code that finds something odd says only what and where.

use super::columns::Field;
use super::model::{Place, Roster};
use super::note::{Note, Severity};
use super::oddity::Oddity;
use super::rows::{Got, Row};
use super::table::Table;
use crate::book::column_letters;

/// The notes of a file while it is read.
pub(crate) struct Notes<'a> {
    pub sheets: &'a [String],
    pub tables: &'a [Table],
    pub list: Vec<Note>,
}

impl<'a> Notes<'a> {
    /// Begins without a note.
    pub fn new(sheets: &'a [String], tables: &'a [Table]) -> Self {
        Self {
            sheets,
            tables,
            list: Vec::new(),
        }
    }

    /// About a row as a whole.
    pub fn row(&mut self, row: &Row, oddity: &Oddity) {
        self.push(self.place(row), None, None, oddity);
    }

    /// About a cell.
    pub fn cell(&mut self, row: &Row, got: &Got, oddity: &Oddity) {
        self.push(
            self.place(row),
            self.column(row.table, Some(got.column)),
            Some(got.text.to_string()),
            oddity,
        );
    }

    /// About what a row says, or fails to say, under a meaning.
    pub fn field(&mut self, row: &Row, field: Field, oddity: &Oddity) {
        let got = row.first(field);
        let at = got
            .map(|got| got.column)
            .or_else(|| self.tables[row.table].column_of(field));
        self.push(
            self.place(row),
            self.column(row.table, at),
            got.map(|got| got.text.to_string()),
            oddity,
        );
    }

    /// About a sheet.
    pub fn sheet(&mut self, sheet: usize, oddity: &Oddity) {
        self.push(Place { sheet, row: 0 }, None, None, oddity);
    }

    /// Where a row stands in the file.
    pub fn place(&self, row: &Row) -> Place {
        Place {
            sheet: self.tables[row.table].sheet,
            row: row.row,
        }
    }

    fn column(&self, table: usize, at: Option<usize>) -> Option<(String, String)> {
        let column = &self.tables[table].columns[at?];
        Some((column.title.clone(), column_letters(column.column)))
    }

    fn push(&mut self, place: Place, column: Option<(String, String)>, value: Option<String>, oddity: &Oddity) {
        self.list.push(Note {
            place,
            sheet: self.sheets.get(place.sheet).cloned().unwrap_or_default(),
            column,
            value,
            rule: oddity.rule(),
            code: oddity.code(),
            severity: oddity.severity(),
            reason: oddity.reason(),
            todo: oddity.todo(),
        });
    }

    /// Hands the notes over, in the order of the file.
    pub fn finish(self, roster: &mut Roster) {
        let (rejected, notes): (Vec<Note>, Vec<Note>) = self
            .list
            .into_iter()
            .partition(|note| note.severity == Severity::Refused);
        roster.rejected = rejected;
        roster.notes = notes;
        roster.notes.sort_by_key(|note| (note.place, note.severity));
        roster.rejected.sort_by_key(|note| note.place);
    }
}
