//! Reads the cells and merged areas of an .xlsx workbook.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::package::{Package, Workbook, attribute};
use super::strings::unescape_cell;
use super::{
    Book, Cell, Kind, Meter, Sheet, TEXT_BYTES_MAX, Value, date_of, is_date_format, parse_area, parse_reference, put,
};
use crate::book::error::{BookError, TooMuch};

/// Reads a workbook.
pub(crate) fn open(bytes: &[u8]) -> Result<Book, BookError> {
    let mut package = Package::open(bytes)?;
    refuse_other_packages(&package)?;
    let workbook = package.workbook()?;
    let shared = shared_strings(&mut package, &workbook)?;
    let dates = date_styles(&mut package, &workbook)?;
    let mut meter = Meter::default();
    let mut sheets = Vec::new();
    for entry in &workbook.sheets {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            part: entry.part.clone(),
            ..Sheet::default()
        };
        // A sheet that is listed and is not there is an empty one for Excel too, after its repair.
        if let Some(xml) = package.part(&entry.part)? {
            let cells = Cells {
                shared: &shared,
                dates: &dates,
                from_1904: workbook.dates_from_1904,
                part: &entry.part,
            };
            cells.read(&xml, &mut sheet, &mut meter)?;
        }
        sheets.push(sheet);
    }
    if sheets.is_empty() {
        return Err(BookError::damaged("xl/workbook.xml"));
    }
    Ok(Book {
        kind: Kind::Xlsx {
            dates_from_1904: workbook.dates_from_1904,
        },
        sheets,
    })
}

/// Other files that are zip packages too get their own words.
fn refuse_other_packages(package: &Package<'_>) -> Result<(), BookError> {
    let known = [
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("xl/workbook.bin", "Excel .xlsb"),
        ("content.xml", "OpenDocument"),
    ];
    match known.iter().find(|(part, _)| package.has(part)) {
        Some((_, kind)) => Err(BookError::OtherFormat { kind }),
        None if package.has("[Content_Types].xml") || package.has("xl/workbook.xml") => Ok(()),
        None => Err(BookError::OtherFormat { kind: "zip" }),
    }
}

fn shared_strings(package: &mut Package<'_>, workbook: &Workbook) -> Result<Vec<Arc<str>>, BookError> {
    let Some(part) = &workbook.shared_strings else {
        return Ok(Vec::new());
    };
    let Some(xml) = package.part(part)? else {
        return Ok(Vec::new());
    };
    let mut reader = Reader::from_str(&xml);
    let mut strings = Vec::new();
    loop {
        match reader.read_event().map_err(|_| BookError::damaged(part))? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                strings.push(
                    rich_text(&mut reader, "si")
                        .ok_or_else(|| BookError::damaged(part))?
                        .into(),
                );
            }
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => strings.push("".into()),
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text up to the end of `element`: all its runs, without the phonetic ones. `None` where the XML is broken.
fn rich_text(reader: &mut Reader<&[u8]>, element: &str) -> Option<String> {
    let mut text = String::new();
    let mut in_text = false;
    let mut phonetic = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => phonetic = false,
                name if name == element => return Some(unescape_cell(&text)),
                _ => {}
            },
            Event::Text(part) if in_text && !phonetic => text.push_str(&part.xml10_content()),
            Event::CData(part) if in_text && !phonetic => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if in_text && !phonetic => push_entity(&mut text, &entity),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The five entities of XML and character references; others (of a document type) stay out: nothing is expanded.
pub(crate) fn push_entity(text: &mut String, entity: &BytesRef<'_>) {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        text.push(c);
        return;
    }
    text.push_str(match entity.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    });
}

/// For each cell style, whether it shows a date.
fn date_styles(package: &mut Package<'_>, workbook: &Workbook) -> Result<Vec<bool>, BookError> {
    let Some(part) = &workbook.styles else {
        return Ok(Vec::new());
    };
    let Some(xml) = package.part(part)? else {
        return Ok(Vec::new());
    };
    let mut formats: BTreeMap<u32, String> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut in_cells = false;
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().map_err(|_| BookError::damaged(part))? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                        formats.insert(id, code);
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.push(is_date_format(id, formats.get(&id).map(String::as_str)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// What reading the cells of one sheet needs.
struct Cells<'a> {
    shared: &'a [Arc<str>],
    dates: &'a [bool],
    from_1904: bool,
    part: &'a str,
}

/// Where the next row or cell is that does not say where it is.
#[derive(Default)]
pub(crate) struct Place {
    pub row: u32,
    pub column: u32,
}

impl Place {
    /// A row begins.
    pub fn row(&mut self, tag: &BytesStart<'_>) {
        let said = attribute(tag, "r").and_then(|r| r.parse().ok());
        self.row = said.unwrap_or_else(|| self.row.saturating_add(1));
        self.column = 0;
    }

    /// A cell begins: its column and row. The following cell is expected behind it.
    pub fn cell(&mut self, tag: &BytesStart<'_>) -> (u32, u32) {
        let said = attribute(tag, "r").and_then(|r| parse_reference(&r));
        let (column, row) = said.unwrap_or((self.column, self.row));
        self.column = column.saturating_add(1);
        (column, row)
    }
}

impl Cells<'_> {
    fn read(&self, xml: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), BookError> {
        let mut reader = Reader::from_str(xml);
        let mut place = Place::default();
        loop {
            match reader.read_event().map_err(|_| BookError::damaged(self.part))? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => place.row(&tag),
                    "c" => {
                        let (column, row) = place.cell(&tag);
                        let (kind, style) = (attribute(&tag, "t"), attribute(&tag, "s"));
                        let content = self.content(&mut reader)?;
                        if let Some(value) = self.value(kind.as_deref().unwrap_or("n"), style, content) {
                            put(sheet, meter, row, Cell { column, value })?;
                        }
                    }
                    "mergeCell" => self.merge(&tag, sheet, meter)?,
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => place.row(&tag),
                    "c" => {
                        place.cell(&tag);
                    }
                    "mergeCell" => self.merge(&tag, sheet, meter)?,
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn merge(&self, tag: &BytesStart<'_>, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), BookError> {
        if let Some(area) = attribute(tag, "ref").and_then(|area| parse_area(&area)) {
            meter.merge()?;
            sheet.merges.push(area);
        }
        Ok(())
    }

    /// What stands in `<v>` or `<is>`, up to the end of the cell.
    fn content(&self, reader: &mut Reader<&[u8]>) -> Result<String, BookError> {
        let damaged = || BookError::damaged(self.part);
        let mut text = String::new();
        let mut in_value = false;
        loop {
            match reader.read_event().map_err(|_| damaged())? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => in_value = true,
                    "is" => text = rich_text(reader, "is").ok_or_else(damaged)?,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => return Ok(text),
                    _ => {}
                },
                Event::Text(part) if in_value => text.push_str(&part.xml10_content()),
                Event::CData(part) if in_value => text.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) if in_value => push_entity(&mut text, &entity),
                Event::Eof => return Err(damaged()),
                _ => {}
            }
            if text.len() > TEXT_BYTES_MAX {
                return Err(BookError::TooMany { what: TooMuch::Text });
            }
        }
    }

    fn value(&self, kind: &str, style: Option<String>, content: String) -> Option<Value> {
        match kind {
            "s" => self
                .shared
                .get(content.trim().parse::<usize>().ok()?)
                .map(|text| Value::Text(text.clone())),
            "inlineStr" => Some(Value::Text(content.into())),
            "str" => Some(Value::Text(unescape_cell(&content).into())),
            "b" => Some(Value::Bool(content.trim() == "1")),
            "e" => Some(Value::Error),
            // ISO 8601, which some programs write instead of a number.
            "d" => Some(Value::Text(content.trim().into())),
            _ => self.number(style, content.trim()),
        }
    }

    fn number(&self, style: Option<String>, written: &str) -> Option<Value> {
        if written.is_empty() {
            return None;
        }
        // Where a program wrote words into a number cell, words they are.
        let Ok(value) = written.parse::<f64>() else {
            return Some(Value::Text(written.into()));
        };
        let style = style.and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
        let date = self
            .dates
            .get(style)
            .filter(|date| **date)
            .and_then(|_| date_of(value, self.from_1904));
        Some(match date {
            Some(date) => Value::Date { value, date },
            None => {
                let digits = written.len() > 15 && written.bytes().all(|b| b.is_ascii_digit());
                Value::Number {
                    value,
                    written: digits.then(|| written.into()),
                }
            }
        })
    }
}
