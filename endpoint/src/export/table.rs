//! A ledger as plain data: columns with headings, rows of cells.

use bianfang::base::date::Date;
use bianfang::base::decimal;
use std::collections::BTreeMap;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, numbers of cards and telephones.
    Text(String),
    /// A whole number.
    Int(i64),
    /// An amount in hundredths: 分 as 元, areas.
    Hundredths(i64),
    /// A day.
    Date(Date),
}

impl Cell {
    /// As text.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Hundredths(number) => decimal::hundredths(*number),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable, for programs.
    pub key: String,
    /// For people.
    pub heading: String,
}

/// A ledger. Cells that hold nothing are left out of their row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The name of the sheet.
    pub name: String,
    /// In the order of the sheet.
    pub columns: Vec<Column>,
    /// Cells by the place of their column.
    pub rows: Vec<BTreeMap<usize, Cell>>,
}

/// A table under way: columns appear as rows need them, and stand in their right order at the end.
#[derive(Debug, Default)]
pub(super) struct Making {
    columns: BTreeMap<Place, Column>,
    rows: Vec<BTreeMap<Place, Cell>>,
}

/// Where a column stands: by field, then by what tells several values of a field apart.
pub(super) type Place = (usize, String);

impl Making {
    /// Makes sure that a column is there.
    pub fn column(&mut self, place: Place, key: &str, heading: &str) {
        self.columns.entry(place).or_insert_with(|| Column {
            key: key.to_owned(),
            heading: heading.to_owned(),
        });
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.rows.push(BTreeMap::new());
    }

    /// Fills a cell of the last row; an empty text leaves it out.
    pub fn put(&mut self, place: Place, cell: Cell) {
        if cell == Cell::Text(String::new()) {
            return;
        }
        if let Some(row) = self.rows.last_mut() {
            row.insert(place, cell);
        }
    }

    /// The table.
    pub fn finish(self, name: &str) -> Table {
        let places: BTreeMap<&Place, usize> = self.columns.keys().zip(0..).collect();
        let rows = self.rows.iter().map(|row| {
            let cells = row.iter();
            cells
                .filter_map(|(place, cell)| Some((*places.get(place)?, cell.clone())))
                .collect()
        });
        Table {
            name: name.to_owned(),
            rows: rows.collect(),
            columns: self.columns.into_values().collect(),
        }
    }
}
