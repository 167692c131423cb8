//! Takes the rows of a table apart: what each row says under which meaning, merged cells carried down.

mod lines;

use std::sync::Arc;

use bianfang::base::date::Date;
use bianfang::base::text;

use self::lines::{Line, classify, is_nothing};
pub(crate) use self::lines::{is_group, is_village};
use super::columns::Field;
use super::error::RosterError;
use super::table::Table;
use super::values;
use crate::book::{Cell, Meter, Sheet, Value};

/// One row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// Which table of the file.
    pub table: usize,
    /// As Excel numbers it.
    pub row: u32,
    /// Whether it is written as the head of a household.
    pub is_head: bool,
    /// By meaning; the columns of one meaning from left to right.
    got: Vec<(Field, Got)>,
    /// Columns without a meaning for us.
    pub extra: Vec<Got>,
    /// The separator line above it, where families stand under 第三组.
    pub group_line: Option<Arc<str>>,
    /// Likewise for 大村.
    pub village_line: Option<Arc<str>>,
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    /// Cleaned.
    pub text: Arc<str>,
    /// Index of the column in its table.
    pub column: usize,
    /// The row where it is written: above this one in a merged cell.
    pub written_in: u32,
    /// A number of more digits than a spreadsheet keeps, so that the last ones may be made up.
    pub rounded: bool,
    pub date: Option<Date>,
}

impl Row {
    /// What stands in the first column of a meaning.
    pub fn first(&self, field: Field) -> Option<&Got> {
        let from = self.got.partition_point(|(known, _)| *known < field);
        self.got
            .get(from)
            .filter(|(known, _)| *known == field)
            .map(|(_, got)| got)
    }

    /// What stands in all columns of a meaning, from left to right.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &Got> {
        let from = self.got.partition_point(|(known, _)| *known < field);
        self.got[from..]
            .iter()
            .take_while(move |(known, _)| *known == field)
            .map(|(_, got)| got)
    }

    /// Everything that has a meaning.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &Got)> {
        self.got.iter().map(|(field, got)| (*field, got))
    }

    /// The text in the first column of a meaning.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.first(field).map(|got| &*got.text)
    }

    /// What is written in this very row, not carried down by a merged cell.
    pub fn own(&self, field: Field) -> Option<&Got> {
        self.first(field).filter(|got| got.written_in == self.row)
    }
}

/// A cell of a row with its cleaned text.
struct Clean<'a> {
    cell: &'a Cell,
    /// Index of its column in the table.
    at: usize,
    text: Arc<str>,
}

/// The rows of a table that speak of people or households.
/// `meter` counts what merged cells say again in each of their rows; that can be more than the file holds.
pub(crate) fn collect(sheet: &Sheet, table: &Table, index: usize, meter: &mut Meter) -> Result<Vec<Row>, RosterError> {
    let mut rows = Vec::new();
    let mut group_line: Option<Arc<str>> = None;
    let mut village_line: Option<Arc<str>> = None;
    let mut merged = merged_columns(sheet, table);
    for (at, &number) in table.rows.iter().enumerate() {
        let cells = clean_cells(sheet, table, number);
        match classify(sheet, table, number, at, &cells) {
            Line::Empty => {}
            Line::Group(name) => group_line = Some(name.into()),
            Line::Village(name) => {
                village_line = Some(name.into());
                group_line = None;
            }
            Line::Data => {
                let mut row = Row {
                    table: index,
                    row: number,
                    is_head: false,
                    got: Vec::with_capacity(cells.len()),
                    extra: Vec::new(),
                    group_line: group_line.clone(),
                    village_line: village_line.clone(),
                };
                fill(&mut row, sheet, table, cells, &mut merged, meter)?;
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// The cells of a row that say something, our own column left out.
fn clean_cells<'a>(sheet: &'a Sheet, table: &Table, number: u32) -> Vec<Clean<'a>> {
    let cells = sheet.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
    let clean = cells.iter().filter_map(|cell| {
        let at = table
            .columns
            .binary_search_by_key(&cell.column, |column| column.column)
            .ok()?;
        let text = clean_text(&cell.value);
        let ours = table.columns[at].field == Some(Field::Reasons);
        (!ours && !is_nothing(&text)).then_some(Clean { cell, at, text })
    });
    clean.collect()
}

/// The text of a cell as it is kept; shared with the cell where there is nothing to clean.
fn clean_text(value: &Value) -> Arc<str> {
    let Value::Text(text) = value else {
        return value.text().into();
    };
    let is_clean = |c: char| !text::is_blank(c) && !matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    if text.chars().all(is_clean) && !text.starts_with(['\'', '`']) {
        return text.clone();
    }
    text::clean(text.trim_start_matches(['\'', '`'])).into()
}

/// A column whose merged cells speak for all their rows, with the cell that spoke last.
struct Merged {
    at: usize,
    said_in: u32,
    text: Arc<str>,
}

fn merged_columns(sheet: &Sheet, table: &Table) -> Vec<Merged> {
    let carries = |field: Field| field.of_household() || field == Field::RowSeq;
    let columns = table.columns.iter().enumerate();
    let carrying = columns.filter(|(_, column)| column.field.is_none_or(carries) && sheet.merges.any_in(column.column));
    carrying
        .map(|(at, _)| Merged {
            at,
            said_in: 0,
            text: "".into(),
        })
        .collect()
}

fn fill(
    row: &mut Row,
    sheet: &Sheet,
    table: &Table,
    cells: Vec<Clean<'_>>,
    merged: &mut [Merged],
    meter: &mut Meter,
) -> Result<(), RosterError> {
    let written: Vec<usize> = cells.iter().map(|cell| cell.at).collect();
    for Clean { cell, at, text } in cells {
        row.add(table, got(cell, at, text, row.row));
    }
    let titles = table.header_rows.last().copied().unwrap_or(0);
    for said in merged
        .iter_mut()
        .filter(|said| written.binary_search(&said.at).is_err())
    {
        let column = table.columns[said.at].column;
        // A cell merged over the titles is no value.
        let area = sheet
            .merges
            .down(row.row, column)
            .filter(|area| area.first_row > titles);
        let Some((area, cell)) = area.and_then(|area| Some((area, sheet.cell(area.first_row, column)?))) else {
            continue;
        };
        if said.said_in != area.first_row {
            said.said_in = area.first_row;
            said.text = clean_text(&cell.value);
        }
        if !is_nothing(&said.text) {
            meter.cell(&cell.value)?;
            row.add(table, got(cell, said.at, said.text.clone(), area.first_row));
        }
    }
    row.got.sort_by_key(|(field, got)| (*field, got.column));
    row.is_head = is_head(row);
    Ok(())
}

/// Whether the relation says so, a yes in 是否户主, or a mark behind the name: 张三（户主）.
fn is_head(row: &Row) -> bool {
    let related = row
        .text(Field::Relation)
        .is_some_and(|relation| values::relation(relation).word() == "户主");
    let said = row
        .text(Field::IsHead)
        .is_some_and(|said| values::yes_no(said).word() == "是");
    related
        || said
        || row
            .text(Field::Name)
            .is_some_and(|name| values::without_head_mark(name).is_some())
}

impl Row {
    fn add(&mut self, table: &Table, got: Got) {
        match table.columns[got.column].field {
            Some(field) => self.got.push((field, got)),
            None => self.extra.push(got),
        }
    }
}

fn got(cell: &Cell, column: usize, text: Arc<str>, written_in: u32) -> Got {
    let (rounded, date) = match &cell.value {
        Value::Number { value, written } => (is_rounded(*value, written.as_deref()), None),
        Value::Date { date, .. } => (false, Some(*date)),
        _ => (false, None),
    };
    Got {
        text,
        column,
        written_in,
        rounded,
        date,
    }
}

/// Whether the last digits of a number cell may be made up. A spreadsheet keeps 15 digits of what is typed, and a float
/// holds about 16; a program that wrote more digits than a float holds had them from somewhere else.
fn is_rounded(value: f64, written: Option<&str>) -> bool {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if value.abs() < 1e15 {
        return false;
    }
    if value.abs() < EXACT_MAX {
        // All 16 digits are there; that Excel made the last one 0 is told by the whole column.
        return value % 10.0 == 0.0;
    }
    match written.and_then(|digits| digits.parse::<u64>().ok()) {
        Some(digits) => (digits as f64) as u64 == digits,
        None => true,
    }
}
