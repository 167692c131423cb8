//! Reads the cells and merged areas of an .xls workbook (BIFF8, Excel 97 to 2003, and what WPS calls .et).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compound::Compound;
use super::{Area, Book, Cell, Kind, Meter, SHEETS_MAX, Sheet, TEXT_BYTES_MAX, Value, date_of, is_date_format, put};
use crate::book::error::{BookError, TooMuch};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const FILE_PASS: u16 = 0x002F;
const DATE_MODE: u16 = 0x0022;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const BOUND_SHEET: u16 = 0x0085;
const SHARED_STRINGS: u16 = 0x00FC;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_LABEL: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MULTIPLE_RK: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
const FORMULA_STRING: u16 = 0x0207;
const BOOL_OR_ERROR: u16 = 0x0205;
const MERGED: u16 = 0x00E5;

const BIFF8: u16 = 0x0600;

/// Records of all sheets together that are walked, as a multiple of the file: sheets may not all point at one place.
const WALK_FACTOR: usize = 4;

/// Reads a workbook.
pub(crate) fn open(bytes: &[u8]) -> Result<Book, BookError> {
    let file = Compound::open(bytes).ok_or_else(|| BookError::damaged("xls"))?;
    if file.has("EncryptedPackage") {
        return Err(BookError::PasswordProtected);
    }
    if file.has("WordDocument") {
        return Err(BookError::OtherFormat { kind: "Word" });
    }
    if file.has("PowerPoint Document") {
        return Err(BookError::OtherFormat { kind: "PowerPoint" });
    }
    let Some(stream) = file.stream("Workbook") else {
        let old = file.has("Book");
        return Err(if old {
            BookError::OtherFormat { kind: "Excel 5.0/95" }
        } else {
            BookError::NotAWorkbook
        });
    };
    let globals = Globals::read(&stream)?;
    let mut meter = Meter::default();
    let mut walk = stream.len() * WALK_FACTOR;
    let mut sheets = Vec::new();
    for entry in &globals.sheets {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            ..Sheet::default()
        };
        globals.read_sheet(&stream, entry.offset, &mut sheet, &mut meter, &mut walk)?;
        sheets.push(sheet);
    }
    if sheets.is_empty() {
        return Err(BookError::damaged("xls"));
    }
    Ok(Book {
        kind: Kind::Xls {
            dates_from_1904: globals.from_1904,
        },
        sheets,
    })
}

/// The records of a stream from a place on.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.stream.get(self.at..self.at + 4)?;
        let (kind, len) = (le16(head, 0), usize::from(le16(head, 2)));
        let from = self.at + 4;
        // A record cut short by the end of the file is the end of the file.
        let data = self.stream.get(from..from + len)?;
        self.at = from + len;
        Some((kind, data))
    }
}

impl<'a> Records<'a> {
    fn peek(&self) -> Option<u16> {
        self.stream.get(self.at..self.at + 2).map(|b| le16(b, 0))
    }

    /// The data of a record and of the records that continue it.
    fn with_continues(&mut self, first: &'a [u8]) -> Vec<&'a [u8]> {
        let mut parts = vec![first];
        while self.peek() == Some(CONTINUE) {
            match self.next() {
                Some((_, data)) => parts.push(data),
                None => break,
            }
        }
        parts
    }
}

/// Two bytes at a place; zero beyond the end, so that a short record reads as zeros instead of failing.
fn le16(data: &[u8], at: usize) -> u16 {
    data.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn le32(data: &[u8], at: usize) -> u32 {
    data.get(at..at + 4)
        .map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn le_f64(data: &[u8], at: usize) -> f64 {
    let bytes: [u8; 8] = data.get(at..at + 8).and_then(|b| b.try_into().ok()).unwrap_or_default();
    f64::from_le_bytes(bytes)
}

struct SheetEntry {
    name: String,
    hidden: bool,
    offset: usize,
}

/// What the first part of the stream says about the whole workbook.
#[derive(Default)]
struct Globals {
    sheets: Vec<SheetEntry>,
    strings: Vec<Arc<str>>,
    /// For each cell style, whether it shows a date.
    dates: Vec<bool>,
    from_1904: bool,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, BookError> {
        let mut records = Records { stream, at: 0 };
        match records.next() {
            Some((BOF, data)) if le16(data, 0) == BIFF8 => {}
            Some((BOF, _)) => return Err(BookError::OtherFormat { kind: "Excel 5.0/95" }),
            _ => return Err(BookError::damaged("xls")),
        }
        let mut globals = Self::default();
        let mut formats: BTreeMap<u32, String> = BTreeMap::new();
        let mut style_formats: Vec<u32> = Vec::new();
        while let Some((kind, data)) = records.next() {
            match kind {
                FILE_PASS => return Err(BookError::PasswordProtected),
                DATE_MODE => globals.from_1904 = le16(data, 0) == 1,
                FORMAT => {
                    let text = Pieces::new(vec![data])
                        .skip(2)
                        .and_then(|mut p| p.string(None))
                        .unwrap_or_default();
                    formats.insert(u32::from(le16(data, 0)), text);
                }
                XF => style_formats.push(u32::from(le16(data, 2))),
                // Kind 0 is a worksheet; charts and macro sheets have no cells for us.
                BOUND_SHEET if data.get(5) == Some(&0) => {
                    if globals.sheets.len() == SHEETS_MAX {
                        return Err(BookError::TooMany { what: TooMuch::Parts });
                    }
                    globals.sheets.push(sheet_entry(data));
                }
                SHARED_STRINGS => globals.strings = shared_strings(records.with_continues(data))?,
                EOF => break,
                _ => {}
            }
        }
        let is_date = |id: &u32| is_date_format(*id, formats.get(id).map(String::as_str));
        globals.dates = style_formats.iter().map(is_date).collect();
        Ok(globals)
    }

    fn read_sheet(
        &self,
        stream: &[u8],
        offset: usize,
        sheet: &mut Sheet,
        meter: &mut Meter,
        walk: &mut usize,
    ) -> Result<(), BookError> {
        let mut records = Records { stream, at: offset };
        let mut depth = 0usize;
        // Where the text of a formula belongs; it stands in the next record.
        let mut waiting: Option<(u32, u32)> = None;
        while let Some((kind, data)) = records.next() {
            *walk = walk
                .checked_sub(data.len() + 4)
                .ok_or_else(|| BookError::damaged("xls"))?;
            match kind {
                BOF => depth += 1,
                // Charts inside a sheet are parts of their own between BOF and EOF.
                EOF if depth <= 1 => return Ok(()),
                EOF => depth -= 1,
                _ if depth != 1 => {}
                MERGED => merges(data, sheet, meter)?,
                FORMULA_STRING => {
                    if let Some((row, column)) = waiting.take() {
                        let text = Pieces::new(records.with_continues(data))
                            .string(None)
                            .unwrap_or_default();
                        put(
                            sheet,
                            meter,
                            row,
                            Cell {
                                column,
                                value: Value::Text(text.into()),
                            },
                        )?;
                    }
                }
                MULTIPLE_RK => self.numbers(data, sheet, meter)?,
                _ => {
                    let (row, column) = (u32::from(le16(data, 0)) + 1, u32::from(le16(data, 2)));
                    if kind == FORMULA && le16(data, 12) == 0xFFFF && data.get(6) == Some(&0) {
                        waiting = Some((row, column));
                    } else if let Some(value) = self.value(kind, data, &mut records) {
                        put(sheet, meter, row, Cell { column, value })?;
                    }
                }
            }
        }
        Ok(())
    }

    fn value<'a>(&self, kind: u16, data: &'a [u8], records: &mut Records<'a>) -> Option<Value> {
        let style = le16(data, 4);
        match kind {
            SHARED_LABEL => self
                .strings
                .get(le32(data, 6) as usize)
                .map(|text| Value::Text(text.clone())),
            LABEL | RICH_LABEL => {
                let mut pieces = Pieces::new(records.with_continues(data)).skip(6)?;
                pieces.string(None).map(|text| Value::Text(text.into()))
            }
            NUMBER => Some(self.number(style, le_f64(data, 6))),
            RK => Some(self.number(style, rk(le32(data, 6)))),
            BOOL_OR_ERROR if data.get(7) == Some(&0) => Some(Value::Bool(data.get(6) == Some(&1))),
            FORMULA if le16(data, 12) == 0xFFFF => match data.get(6) {
                Some(1) => Some(Value::Bool(data.get(8) == Some(&1))),
                _ => None,
            },
            FORMULA => Some(self.number(style, le_f64(data, 6))),
            _ => None,
        }
    }

    fn number(&self, style: u16, value: f64) -> Value {
        let shows_date = self.dates.get(usize::from(style)).copied().unwrap_or(false);
        match date_of(value, self.from_1904).filter(|_| shows_date) {
            Some(date) => Value::Date { value, date },
            None => Value::Number { value, written: None },
        }
    }

    fn numbers(&self, data: &[u8], sheet: &mut Sheet, meter: &mut Meter) -> Result<(), BookError> {
        let (row, first) = (u32::from(le16(data, 0)) + 1, u32::from(le16(data, 2)));
        let body = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
        for (at, six) in body.chunks_exact(6).enumerate() {
            let value = self.number(le16(six, 0), rk(le32(six, 2)));
            put(
                sheet,
                meter,
                row,
                Cell {
                    column: first + at as u32,
                    value,
                },
            )?;
        }
        Ok(())
    }
}

fn sheet_entry(data: &[u8]) -> SheetEntry {
    let len = data.get(6).copied().unwrap_or(0);
    let name = Pieces::new(vec![data])
        .skip(7)
        .and_then(|mut p| p.string(Some(usize::from(len))))
        .unwrap_or_default();
    SheetEntry {
        name,
        hidden: data.get(4).is_some_and(|state| state & 3 != 0),
        offset: le32(data, 0) as usize,
    }
}

fn merges(data: &[u8], sheet: &mut Sheet, meter: &mut Meter) -> Result<(), BookError> {
    for eight in data
        .get(2..)
        .unwrap_or_default()
        .chunks_exact(8)
        .take(usize::from(le16(data, 0)))
    {
        meter.merge()?;
        sheet.merges.push(Area {
            first_row: u32::from(le16(eight, 0)) + 1,
            last_row: u32::from(le16(eight, 2)) + 1,
            first_column: u32::from(le16(eight, 4)),
            last_column: u32::from(le16(eight, 6)),
        });
    }
    Ok(())
}

/// A number packed into 30 bits.
fn rk(packed: u32) -> f64 {
    let value = match packed & 2 {
        0 => f64::from_bits(u64::from(packed & !3) << 32),
        _ => f64::from(packed as i32 >> 2),
    };
    if packed & 1 == 1 { value / 100.0 } else { value }
}

/// The data of a record with those that continue it. A text that is cut by the border says anew, in the first byte of
/// the next record, whether its characters have one byte or two.
struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self {
            pieces,
            piece: 0,
            at: 0,
        }
    }

    /// What is left of the present piece, going on to the next where nothing is.
    fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.pieces.get(self.piece)?.get(self.at..)?;
            if !rest.is_empty() {
                return Some(rest);
            }
            self.piece += 1;
            self.at = 0;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(mut self, bytes: usize) -> Option<Self> {
        self.pass(bytes)?;
        Some(self)
    }

    fn pass(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.rest()?.len().min(bytes);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// A text: its length (two bytes, unless it is known), the flags, the characters, formatting behind them.
    fn string(&mut self, len: Option<usize>) -> Option<String> {
        let len = match len {
            Some(len) => len,
            None => usize::from(self.u16()?),
        };
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.u32()? as usize } else { 0 };
        let mut units: Vec<u16> = Vec::with_capacity(len.min(4096));
        let mut wide = flags & 1 != 0;
        while units.len() < len {
            let border = self.pieces.get(self.piece).is_none_or(|piece| self.at >= piece.len());
            if border {
                wide = self.byte()? & 1 != 0;
            }
            let rest = self.rest()?;
            let width = if wide { 2 } else { 1 };
            let count = (rest.len() / width).min(len - units.len());
            if count == 0 {
                return None;
            }
            match wide {
                true => units.extend(
                    rest.chunks_exact(2)
                        .take(count)
                        .map(|b| u16::from_le_bytes([b[0], b[1]])),
                ),
                false => units.extend(rest[..count].iter().map(|b| u16::from(*b))),
            }
            self.at += count * width;
        }
        self.pass(runs * 4 + extra).unwrap_or_default();
        Some(String::from_utf16_lossy(&units))
    }
}

/// All texts that cells share. A table that ends early keeps what it has.
fn shared_strings(pieces: Vec<&[u8]>) -> Result<Vec<Arc<str>>, BookError> {
    let Some(mut pieces) = Pieces::new(pieces).skip(8) else {
        return Ok(Vec::new());
    };
    let mut strings = Vec::new();
    let mut total = 0;
    while let Some(text) = pieces.string(None) {
        total += text.len();
        if total > TEXT_BYTES_MAX {
            return Err(BookError::TooMany { what: TooMuch::Text });
        }
        strings.push(text.into());
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_are_unpacked() {
        assert_eq!(rk(0x3FF0_0000), 1.0);
        assert_eq!(rk(0x3FF0_0001), 0.01);
        assert_eq!(rk((12_345 << 2) | 2), 12_345.0);
        assert_eq!(rk((12_345 << 2) | 3), 123.45);
        assert_eq!(rk(((-5i32 << 2) | 2) as u32), -5.0);
    }

    #[test]
    fn a_text_cut_by_a_record_says_its_width_anew() {
        // 姓a名, two bytes each, then cut, then one byte each for "bc"; a second text "d" behind formatting runs.
        let first: &[u8] = &[5, 0, 1, 0xD3, 0x59, b'a', 0, 0x0D, 0x54];
        let second: &[u8] = &[0, b'b', b'c', 1, 0, 8, 1, 0, b'd', 9, 9, 9, 9];
        let mut pieces = Pieces::new(vec![first, second]);
        assert_eq!(pieces.string(None).as_deref(), Some("姓a名bc"));
        assert_eq!(pieces.string(None).as_deref(), Some("d"));
        assert_eq!(pieces.string(None), None);
    }
}
