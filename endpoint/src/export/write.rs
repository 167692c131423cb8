//! A ledger as a file: workbook, CSV, JSON.

use super::records::Ledger;
use super::table::{Cell, Table};
use bianfang::base::text;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Number, Value};

/// Kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Excel.
    Xlsx,
    /// UTF-8 with a byte order mark, as Excel opens it rightly.
    Csv,
    /// A list of objects with stable keys.
    Json,
}

/// A workbook that could not be made: more rows than a sheet holds.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be made: {0}")]
pub struct WriteError(#[from] XlsxError);

/// The bytes of the file.
///
/// # Errors
/// More rows or longer texts than a sheet holds.
pub fn encode(table: &Table, format: Format) -> Result<Vec<u8>, WriteError> {
    match format {
        Format::Xlsx => xlsx(&[table]),
        Format::Csv => Ok(csv(table)),
        Format::Json => Ok(json(table)),
    }
}

/// The bytes of the file, and of those beside it by what is added to its name: of a text table only the records go into
/// the file itself.
///
/// # Errors
/// More rows or longer texts than a sheet holds.
pub fn encode_ledger(ledger: &Ledger, format: Format) -> Result<Vec<(String, Vec<u8>)>, WriteError> {
    let tables = ledger.repeats.values().map(|inside| &inside.table);
    let all: Vec<&Table> = std::iter::once(&ledger.records).chain(tables).collect();
    let itself = |bytes| vec![(String::new(), bytes)];
    match format {
        Format::Xlsx => xlsx(&all).map(itself),
        Format::Csv => {
            let beside = ledger.repeats.iter();
            let beside = beside.map(|(path, inside)| (path.replace('/', "."), csv(&inside.table)));
            Ok(std::iter::once((String::new(), csv(&ledger.records)))
                .chain(beside)
                .collect())
        }
        Format::Json => {
            let mut records: Vec<Map<String, Value>> = objects(&ledger.records).collect();
            for (path, inside) in &ledger.repeats {
                for (of, object) in inside.of.iter().zip(objects(&inside.table)) {
                    let entry = records[*of]
                        .entry(path.clone())
                        .or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(instances) = entry {
                        instances.push(Value::Object(object));
                    }
                }
            }
            Ok(itself(pretty(records.into_iter().map(Value::Object).collect())))
        }
    }
}

/// A cell of a sheet holds so many characters.
const CELL_CHARS_MAX: usize = 32_767;
const WIDTH_MAX: usize = 40;

fn xlsx(tables: &[&Table]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    for table in tables {
        sheet(workbook.add_worksheet(), table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), WriteError> {
    sheet.set_name(&table.name)?;
    sheet.set_freeze_panes(1, 0)?;
    let heading = CellFormat::new().set_bold().set_text_wrap();
    // Stays text when somebody edits the cell: no card number becomes 4.3E+17.
    let as_text = CellFormat::new().set_num_format_index(49);
    let day = CellFormat::new().set_num_format("yyyy-mm-dd");
    let hundredths = CellFormat::new().set_num_format("0.00");
    for (column, one) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, &one.heading, &heading)?;
        sheet.set_column_width(column, width(table, usize::from(column)))?;
    }
    for (number, row) in (1_u32..).zip(&table.rows) {
        for (column, cell) in row {
            let column = u16::try_from(*column).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(text) => {
                    let short: String = text.chars().take(CELL_CHARS_MAX).collect();
                    sheet.write_string_with_format(number, column, short, &as_text)?;
                }
                Cell::Int(value) => {
                    sheet.write_number(number, column, *value as f64)?;
                }
                Cell::Hundredths(value) => {
                    sheet.write_number_with_format(number, column, *value as f64 / 100.0, &hundredths)?;
                }
                Cell::Date(date) => match ExcelDateTime::parse_from_str(&date.to_string()) {
                    Ok(date) => {
                        sheet.write_datetime_with_format(number, column, &date, &day)?;
                    }
                    // Before 1900 a sheet knows no days.
                    Err(_) => {
                        sheet.write_string_with_format(number, column, date.to_string(), &as_text)?;
                    }
                },
            }
        }
    }
    Ok(())
}

/// As wide as the heading or the widest of the first rows; a Chinese character takes two places.
fn width(table: &Table, column: usize) -> f64 {
    let places = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let cells = table.rows.iter().take(50).filter_map(|row| row.get(&column));
    let widest = cells.map(|cell| places(&cell.to_text())).max().unwrap_or_default();
    let heading = places(&table.columns[column].heading).min(16);
    (widest.max(heading).min(WIDTH_MAX) + 2) as f64
}

/// Every cell that a spreadsheet would take for a formula is made harmless.
fn csv(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let headings = table
        .columns
        .iter()
        .map(|column| text::neutralise(&column.heading).into_owned());
    let empty = Cell::Text(String::new());
    let rows = table.rows.iter().map(|row| {
        (0..table.columns.len())
            .map(|column| match row.get(&column).unwrap_or(&empty) {
                Cell::Text(words) => text::neutralise(words).into_owned(),
                other => other.to_text(),
            })
            .collect::<Vec<_>>()
    });
    for record in std::iter::once(headings.collect::<Vec<_>>()).chain(rows) {
        writer
            .write_record(&record)
            .expect("every row has as many cells, and memory takes them");
    }
    writer.into_inner().expect("memory takes everything")
}

fn json(table: &Table) -> Vec<u8> {
    pretty(objects(table).map(Value::Object).collect())
}

fn objects(table: &Table) -> impl Iterator<Item = Map<String, Value>> {
    table.rows.iter().map(|row| {
        let cells = row.iter().map(|(column, cell)| {
            let value = match cell {
                Cell::Int(number) => Value::Number((*number).into()),
                Cell::Hundredths(number) => Number::from_f64(*number as f64 / 100.0).map_or(Value::Null, Value::Number),
                Cell::Text(_) | Cell::Date(_) => Value::String(cell.to_text()),
            };
            (table.columns[*column].key.clone(), value)
        });
        cells.collect()
    })
}

fn pretty(rows: Vec<Value>) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(&Value::Array(rows)).expect("plain values are always JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::table::Column;
    use super::*;
    use std::collections::BTreeMap;

    fn table(cells: &[Cell]) -> Table {
        let columns = (0..cells.len()).map(|number| Column {
            key: format!("key{number}"),
            heading: format!("标题{number}"),
        });
        Table {
            name: "农户".into(),
            columns: columns.collect(),
            rows: vec![cells.iter().cloned().enumerate().collect::<BTreeMap<_, _>>()],
        }
    }

    #[test]
    fn formulas_are_harmless_in_csv_and_numbers_stay_numbers() {
        let words = ["=1+1", "+86", "-2", "@x", "\tx", "\rx", "王芳", "a\"b,c"];
        let mut cells: Vec<Cell> = words.map(|word| Cell::Text(word.into())).to_vec();
        cells.extend([Cell::Int(-5), Cell::Hundredths(-320)]);
        let bytes = encode(&table(&cells), Format::Csv).unwrap();
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.starts_with("\u{feff}标题0,"));
        let line = text.split_once("\r\n").unwrap().1;
        assert_eq!(line, "'=1+1,'+86,'-2,'@x,'\tx,\"'\rx\",王芳,\"a\"\"b,c\",-5,-3.2\r\n");
    }

    #[test]
    fn json_has_stable_keys() {
        let bytes = encode(&table(&[Cell::Text("甲".into()), Cell::Hundredths(150)]), Format::Json).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value, serde_json::json!([{"key0": "甲", "key1": 1.5}]));
    }

    #[test]
    fn card_numbers_are_text_in_workbooks() {
        let bytes = encode(&table(&[Cell::Text("430599195606039594".into())]), Format::Xlsx).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        // As a shared string in a cell of the format for text.
        assert!(part("xl/sharedStrings.xml").contains("430599195606039594"));
        assert!(part("xl/worksheets/sheet1.xml").contains("<c r=\"A2\" s=\"2\" t=\"s\">"));
        assert!(part("xl/styles.xml").contains("numFmtId=\"49\""));
    }
}
