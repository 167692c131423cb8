//! What every kind of file is turned into first: sheets of cells with their places, under named limits. Knows nothing
//! of people.
//!
//! The readers are our own rather than a general spreadsheet library: the rows keep the digits as they were written (a
//! number cell may hold all 18 digits of an ID number that a float loses), the workbook is patched in place afterwards,
//! and nothing is allocated because a file *claims* to have so many rows (a few bytes can claim four billion cells).

pub(crate) mod biff;
pub(crate) mod compound;
pub(crate) mod delimited;
mod error;
pub(crate) mod package;
pub(crate) mod strings;
pub(crate) mod xlsx;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bianfang::base::date::Date;

pub use error::{BookError, TooMuch};

/// Largest file that is looked at.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// Largest size of all parts of a workbook that are read, unpacked.
pub const INFLATED_BYTES_MAX: u64 = 64 << 20;
/// Most rows with content, all sheets together.
pub const ROWS_MAX: usize = 200_000;
/// Most cells with content, all sheets together.
pub const CELLS_MAX: usize = 4_000_000;
/// Most text in all cells together; a shared text counts as often as it is used.
pub const TEXT_BYTES_MAX: usize = 64 << 20;
/// Most sheets of a workbook.
pub const SHEETS_MAX: usize = 256;
/// Most merged cells of all sheets.
pub const MERGES_MAX: usize = 200_000;
/// The column titles are looked for in so many rows with content.
pub const HEADER_ROWS_MAX: usize = 30;
/// Columns of a sheet, as the file format has it.
pub(crate) const COLUMNS_MAX: u32 = 16_384;
/// Rows of a sheet, as the file format has it.
pub(crate) const SHEET_ROWS_MAX: u32 = 1_048_576;

/// A file as sheets of cells.
#[derive(Debug)]
pub(crate) struct Book {
    pub kind: Kind,
    pub sheets: Vec<Sheet>,
}

/// What kind of file it was; what giving it back needs to know.
#[derive(Debug)]
pub(crate) enum Kind {
    Xlsx { dates_from_1904: bool },
    Xls { dates_from_1904: bool },
    Text(delimited::Shape),
}

/// One sheet.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// The part of the package that holds it; empty where there is no package.
    pub part: String,
    /// Rows with content by their number as Excel shows it (from 1); the cells of a row by column.
    pub rows: BTreeMap<u32, Vec<Cell>>,
    pub merges: Merges,
}

/// One cell with content.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    /// From 0.
    pub column: u32,
    pub value: Value,
}

/// The content of a cell.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Arc<str>),
    /// A number, with the digits of the file where it is written in digits.
    Number {
        value: f64,
        written: Option<Arc<str>>,
    },
    /// A number that the file shows as a date.
    Date {
        value: f64,
        date: Date,
    },
    Bool(bool),
    /// A formula that went wrong (#N/A): no content.
    Error,
}

impl Value {
    /// The content as a person would read it in a cell that is wide enough.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number {
                written: Some(written), ..
            } => written.to_string(),
            Self::Number { value, .. } => number_text(*value),
            Self::Date { date, .. } => date.to_string(),
            Self::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Self::Error => String::new(),
        }
    }

    /// Whether the cell shows nothing.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.chars().all(bianfang::base::text::is_blank),
            Self::Error => true,
            _ => false,
        }
    }
}

/// A number as Excel shows it: without exponent, at most 15 digits that mean something, no noise of binary fractions.
pub(crate) fn number_text(value: f64) -> String {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        return String::new();
    }
    if value.fract() == 0.0 && value.abs() < EXACT_MAX {
        return format!("{value:.0}");
    }
    let rounded = format!("{value:.14e}");
    let (mantissa, power) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    match power.parse::<usize>() {
        // Beyond 15 digits Excel shows zeros.
        Ok(power @ 15..=30) => {
            let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
            let signs = digits.len() - digits.trim_start_matches('-').len();
            format!("{digits:0<width$}", width = power + 1 + signs)
        }
        _ => rounded.parse::<f64>().unwrap_or(value).to_string(),
    }
}

/// Merged cells of one sheet: each shows the content of its upper left corner everywhere.
#[derive(Debug, Default)]
pub(crate) struct Merges {
    /// By (first column, first row).
    areas: BTreeMap<(u32, u32), Area>,
}

/// A merged area, both ends included; rows from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub first_row: u32,
    pub last_row: u32,
    pub first_column: u32,
    pub last_column: u32,
}

impl Merges {
    /// Adds an area; one of a single cell merges nothing and is left out.
    pub fn push(&mut self, area: Area) {
        let real = area.last_row > area.first_row || area.last_column > area.first_column;
        if real && area.last_row >= area.first_row && area.last_column >= area.first_column {
            self.areas.insert((area.first_column, area.first_row), area);
        }
    }

    /// The area that covers a cell and begins in its column. Only such areas carry a value down a column.
    pub fn down(&self, row: u32, column: u32) -> Option<Area> {
        let (_, area) = self.areas.range((column, 0)..=(column, row)).next_back()?;
        (area.last_row >= row).then_some(*area)
    }

    /// Whether an area begins in a column.
    pub fn any_in(&self, column: u32) -> bool {
        self.areas.range((column, 0)..=(column, u32::MAX)).next().is_some()
    }

    /// All areas, by column and row.
    pub fn all(&self) -> impl Iterator<Item = Area> + '_ {
        self.areas.values().copied()
    }
}

impl Sheet {
    /// The cell at a place, if it has content.
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let cells = self.rows.get(&row)?;
        cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()
            .map(|at| &cells[at])
    }
}

/// Counts what is read against the limits.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    rows: usize,
    cells: usize,
    text: usize,
    merges: usize,
    /// Short texts that came before: 是 and 汉族 stand in thousands of cells.
    known: BTreeSet<Arc<str>>,
}

impl Meter {
    /// Counts a cell and its text.
    pub fn cell(&mut self, value: &Value) -> Result<(), BookError> {
        self.cells += 1;
        if let Value::Text(text) = value {
            self.text += text.len();
        }
        if self.cells > CELLS_MAX {
            return Err(BookError::TooMany { what: TooMuch::Cells });
        }
        if self.text > TEXT_BYTES_MAX {
            return Err(BookError::TooMany { what: TooMuch::Text });
        }
        Ok(())
    }

    /// Lets equal short texts be one in memory.
    fn share(&mut self, value: &mut Value) {
        const SHORT: usize = 30;
        const KNOWN_MAX: usize = 4_096;
        let Value::Text(text) = value else { return };
        if text.len() > SHORT {
            return;
        }
        if let Some(known) = self.known.get(text) {
            *text = known.clone();
        } else if self.known.len() < KNOWN_MAX {
            self.known.insert(text.clone());
        }
    }

    /// Counts a row with content.
    pub fn row(&mut self) -> Result<(), BookError> {
        self.rows += 1;
        if self.rows > ROWS_MAX {
            Err(BookError::TooMany { what: TooMuch::Rows })
        } else {
            Ok(())
        }
    }

    /// Counts a merged area.
    pub fn merge(&mut self) -> Result<(), BookError> {
        self.merges += 1;
        if self.merges > MERGES_MAX {
            Err(BookError::TooMany { what: TooMuch::Parts })
        } else {
            Ok(())
        }
    }
}

/// Puts a cell into a sheet; the last one wins where a broken file names a place twice.
pub(crate) fn put(sheet: &mut Sheet, meter: &mut Meter, row: u32, mut cell: Cell) -> Result<(), BookError> {
    if row == 0 || row > SHEET_ROWS_MAX || cell.column >= COLUMNS_MAX || cell.value.is_blank() {
        return Ok(());
    }
    meter.cell(&cell.value)?;
    meter.share(&mut cell.value);
    let cells = match sheet.rows.entry(row) {
        std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
        std::collections::btree_map::Entry::Vacant(new) => {
            meter.row()?;
            new.insert(Vec::new())
        }
    };
    match cells.last() {
        Some(last) if last.column >= cell.column => match cells.binary_search_by_key(&cell.column, |c| c.column) {
            Ok(at) => cells[at] = cell,
            Err(at) => cells.insert(at, cell),
        },
        _ => cells.push(cell),
    }
    Ok(())
}

/// The letters of a column as Excel writes them: 0 is A, 26 is AA.
pub(crate) fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}

/// Column (from 0) and row (from 1) of a reference such as `AB12` or `$AB$12`.
pub(crate) fn parse_reference(reference: &str) -> Option<(u32, u32)> {
    let plain: Vec<u8> = reference.bytes().filter(|b| *b != b'$').collect();
    let letters = plain.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if letters == 0 || letters > 3 || plain.len() == letters || plain.len() > letters + 7 {
        return None;
    }
    let column = plain[..letters]
        .iter()
        .fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = std::str::from_utf8(&plain[letters..]).ok()?.parse().ok()?;
    (column <= COLUMNS_MAX && (1..=SHEET_ROWS_MAX).contains(&row)).then_some((column - 1, row))
}

/// An area such as `A1:C3`.
pub(crate) fn parse_area(area: &str) -> Option<Area> {
    let (from, to) = area.split_once(':').unwrap_or((area, area));
    let ((first_column, first_row), (last_column, last_row)) = (parse_reference(from)?, parse_reference(to)?);
    Some(Area {
        first_row,
        last_row,
        first_column,
        last_column,
    })
}

/// The date of a day number, where it is one.
pub(crate) fn date_of(value: f64, from_1904: bool) -> Option<Date> {
    if !(1.0..=2_958_466.0).contains(&value) {
        return None;
    }
    Date::from_serial(value.floor() as i64, from_1904)
}

/// Whether a number format shows a date. `code` is the format's own text, for ids above 163.
pub(crate) fn is_date_format(id: u32, code: Option<&str>) -> bool {
    match code {
        None => matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58),
        Some(code) => {
            let mut quoted = false;
            let mut bracket = false;
            let mut escaped = false;
            let mut year_or_day = false;
            for c in code.chars() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' | '_' | '*' if !quoted => escaped = true,
                    '"' => quoted = !quoted,
                    '[' if !quoted => bracket = true,
                    ']' if !quoted => bracket = false,
                    // The first section decides; the others are for negative numbers and text.
                    ';' if !quoted => break,
                    'y' | 'Y' | 'd' | 'D' | 'e' if !quoted && !bracket => year_or_day = true,
                    // "0.00E+00" and "General" are no dates.
                    '0' | '#' | '?' | 'G' if !quoted && !bracket => return false,
                    _ => {}
                }
            }
            year_or_day
        }
    }
}

/// What a file is, told by its first bytes; names lie.
pub(crate) fn open(bytes: &[u8]) -> Result<Book, BookError> {
    if bytes.is_empty() {
        return Err(BookError::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(BookError::FileTooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(b"PK") {
        return xlsx::open(bytes);
    }
    if bytes.starts_with(&compound::MAGIC) {
        return biff::open(bytes);
    }
    for (magic, kind) in [
        (&b"%PDF"[..], "PDF"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"\x89PNG", "PNG"),
        (b"{\\rtf", "RTF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF", "7z"),
        (b"\x1F\x8B", "gzip"),
    ] {
        if bytes.starts_with(magic) {
            return Err(BookError::OtherFormat { kind });
        }
    }
    // Excel 2.0 to 4.0 had no container: a BOF record comes first.
    if matches!(bytes, [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..]) {
        return Err(BookError::OtherFormat { kind: "Excel 4.0" });
    }
    delimited::open(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
            assert_eq!(parse_reference(&format!("{letters}7")), Some((column, 7)));
        }
        for bad in ["", "A", "7", "A0", "XFE1", "A1048577", "ABCD1", "A-1", "A99999999999"] {
            assert_eq!(parse_reference(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_show_no_exponent_and_no_binary_noise() {
        assert_eq!(number_text(15_400_000_001.0), "15400000001");
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(430_581_199_001_011_000.0), "430581199001011000");
        assert_eq!(number_text(-430_581_199_001_011_234.0), "-430581199001011000");
        assert_eq!(number_text(4_228_221_042_990_037.0), "4228221042990037");
        assert_eq!(number_text(f64::NAN), "");
    }

    #[test]
    fn date_formats_are_told_from_other_formats() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[$-804]yyyy/m/d;@",
            "d/m/yy",
            "[$-F800]dddd, mmmm dd, yyyy",
        ] {
            assert!(is_date_format(176, Some(code)), "{code}");
        }
        for code in [
            "0",
            "@",
            "General",
            "0.00E+00",
            "#,##0",
            "\"dy\"0",
            "[Red]0",
            "000000000000000000",
        ] {
            assert!(!is_date_format(176, Some(code)), "{code}");
        }
        assert!(is_date_format(14, None));
        assert!(!is_date_format(49, None));
    }

    #[test]
    fn a_merged_area_is_found_from_every_row_of_its_first_column() {
        let mut merges = Merges::default();
        merges.push(parse_area("B2:B4").unwrap());
        merges.push(parse_area("B5:D5").unwrap());
        merges.push(parse_area("C2:C2").unwrap());
        assert_eq!(merges.down(4, 1).map(|area| area.first_row), Some(2));
        assert_eq!(merges.down(5, 1).map(|area| area.first_row), Some(5));
        assert_eq!(merges.down(6, 1), None);
        assert_eq!(merges.down(2, 2), None);
    }
}
