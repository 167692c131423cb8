//! Reads text tables: CSV in the encodings and with the separators that Excel and WPS write.

use std::ops::Range;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};

use super::strings::Charset;
use super::{Book, Cell, Kind, Meter, Sheet, Value, put};
use crate::book::error::BookError;

/// What stands around a cell with separators or line ends in it.
pub(crate) const QUOTE: u8 = 0x22;
/// A quoted cell with more line ends than this is a quote that nobody closed.
const LINES_IN_A_CELL_MAX: usize = 20;

/// How a text table was written; a column added later is written the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub charset: Charset,
    /// Bytes of the mark before the text.
    pub mark: usize,
    pub separator: u8,
    /// Off where a stray quote would swallow rows.
    pub quoting: bool,
}

/// Reads a text table.
pub(crate) fn open(bytes: &[u8]) -> Result<Book, BookError> {
    let (charset, mark) = Charset::sniff(bytes).ok_or(BookError::NotAWorkbook)?;
    let shape = Shape {
        charset,
        mark,
        separator: b',',
        quoting: true,
    };
    let text = shape.plain(bytes);
    let head = String::from_utf8_lossy(&text[..text.len().min(4096)]).to_lowercase();
    let head = head.trim_start();
    if head.is_empty() {
        return Err(BookError::Empty);
    }
    if head.starts_with("<?xml") && head.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Err(BookError::OtherFormat {
            kind: "XML 表格 2003 (SpreadsheetML)",
        });
    }
    if head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<table") {
        return Err(BookError::OtherFormat { kind: "网页 (HTML)" });
    }
    if head.starts_with('<') || head.starts_with('{') || head.starts_with('[') {
        return Err(BookError::NotAWorkbook);
    }
    let shape = Shape {
        separator: separator(&text),
        ..shape
    };
    let shape = Shape {
        quoting: !rows(&text, shape).any(|row| row.has_open_quote(&text, shape.separator)),
        ..shape
    };
    let mut sheet = Sheet::default();
    let mut meter = Meter::default();
    for row in rows(&text, shape) {
        for (column, field) in row.record.iter().enumerate() {
            let value = Value::Text(Arc::from(shape.field(field)));
            put(
                &mut sheet,
                &mut meter,
                row.number,
                Cell {
                    column: column as u32,
                    value,
                },
            )?;
        }
    }
    Ok(Book {
        kind: Kind::Text(shape),
        sheets: vec![sheet],
    })
}

impl Shape {
    /// The bytes without the mark, in an encoding whose separators and quotes are single ASCII bytes: GB18030 never
    /// uses `,` `;` tab `"` or line ends inside a character, so only UTF-16 has to be turned into UTF-8.
    pub fn plain<'a>(&self, bytes: &'a [u8]) -> std::borrow::Cow<'a, [u8]> {
        let body = &bytes[self.mark..];
        match self.charset {
            Charset::Utf8 | Charset::Gb18030 => body.into(),
            Charset::Utf16Le | Charset::Utf16Be => self.charset.decode(body).into_bytes().into(),
        }
    }

    /// The encoding of [`Shape::plain`].
    pub fn plain_charset(&self) -> Charset {
        if self.charset == Charset::Gb18030 {
            Charset::Gb18030
        } else {
            Charset::Utf8
        }
    }

    fn field(&self, field: &[u8]) -> String {
        let text = self.plain_charset().decode(field);
        match unwrapped(&text) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => text,
        }
    }
}

/// The text in `="…"`, by which exports keep Excel from taking a long number for a number.
fn unwrapped(text: &str) -> Option<&str> {
    text.trim().strip_prefix("=\"")?.strip_suffix('"')
}

/// One record with its place: the row as Excel counts (empty lines count) and the bytes it takes, line end excluded.
pub(crate) struct TextRow {
    pub number: u32,
    pub bytes: Range<usize>,
    pub record: ByteRecord,
}

impl TextRow {
    fn has_open_quote(&self, text: &[u8], separator: u8) -> bool {
        let lines = |field: &[u8]| field.iter().filter(|b| **b == b'\n').count();
        let swallowed = self.record.iter().any(|field| lines(field) > LINES_IN_A_CELL_MAX);
        // Only the last record of the file can end within a quote; on one line it swallowed nothing.
        let raw = &text[self.bytes.clone()];
        swallowed || (lines(raw) > 0 && fields(raw, separator, true).1)
    }
}

/// Where the fields of a record are, and whether it ends within a quote. A quote counts only at the beginning of a field,
/// as for the reader.
pub(crate) fn fields(record: &[u8], separator: u8, quoting: bool) -> (Vec<Range<usize>>, bool) {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut quoted = false;
    while at < record.len() {
        let byte = record[at];
        if quoting && byte == QUOTE {
            if quoted && record.get(at + 1) == Some(&QUOTE) {
                at += 1;
            } else if quoted || at == start {
                quoted = !quoted;
            }
        } else if byte == separator && !quoted {
            spans.push(start..at);
            start = at + 1;
        }
        at += 1;
    }
    spans.push(start..record.len());
    (spans, quoted)
}

/// The records of a text table.
pub(crate) fn rows(text: &[u8], shape: Shape) -> impl Iterator<Item = TextRow> + '_ {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(shape.separator)
        .quoting(shape.quoting)
        .from_reader(text);
    let mut row = 1u32;
    let mut done = 0usize;
    std::iter::from_fn(move || {
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
        let end = (reader.position().byte() as usize).min(text.len());
        // The reader passes over empty lines in silence; Excel numbers them.
        let mut start = done;
        loop {
            match text[start..end] {
                [b'\r', b'\n', ..] => start += 2,
                [b'\r' | b'\n', ..] => start += 1,
                _ => break,
            }
            row = row.saturating_add(1);
        }
        done = end;
        // The reader stops behind the \r of a \r\n.
        if text[..end].ends_with(b"\r") && text.get(end) == Some(&b'\n') {
            done = end + 1;
        }
        let mut last = end;
        while last > start && matches!(text[last - 1], b'\r' | b'\n') {
            last -= 1;
        }
        let number = row;
        row = row.saturating_add(1);
        Some(TextRow {
            number,
            bytes: start..last,
            record,
        })
    })
}

/// The separator: of comma, tab and semicolon the one that cuts the first lines into most columns, the same number in
/// many lines.
fn separator(text: &[u8]) -> u8 {
    let lines: Vec<&[u8]> = text
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .take(40)
        .collect();
    let score = |separator: &u8| -> usize {
        let mut counts: Vec<usize> = lines
            .iter()
            .map(|l| l.iter().filter(|b| *b == separator).count())
            .collect();
        counts.sort_unstable();
        // The median: a title with commas in it, or a long remark, does not decide.
        counts.get(counts.len() / 2).copied().unwrap_or(0)
    };
    let candidates = [b',', b'\t', b';'];
    let best = candidates.iter().copied().rev().max_by_key(score);
    best.filter(|separator| score(separator) > 0).unwrap_or_else(|| {
        let total = |separator: &u8| text.iter().take(65_536).filter(|b| *b == separator).count();
        candidates.iter().copied().rev().max_by_key(total).unwrap_or(b',')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(separator: u8) -> Shape {
        Shape {
            charset: Charset::Utf8,
            mark: 0,
            separator,
            quoting: true,
        }
    }

    #[test]
    fn rows_are_counted_as_excel_counts_them() {
        let text = b"\r\na,b\r\n\r\n\"x\r\ny\",2\r\nlast,\"q\"\"\"";
        let rows: Vec<(u32, &[u8])> = rows(text, shape(b','))
            .map(|row| (row.number, &text[row.bytes]))
            .collect();
        assert_eq!(rows, [(2, &b"a,b"[..]), (4, b"\"x\r\ny\",2"), (5, b"last,\"q\"\"\"")]);
        let old_mac = b"a,b\rc,d\r\re,f";
        let rows: Vec<u32> = super::rows(old_mac, shape(b',')).map(|row| row.number).collect();
        assert_eq!(rows, [1, 2, 4]);
    }

    #[test]
    fn fields_are_found_through_quotes() {
        let found = |record: &str| {
            let (spans, open) = fields(record.as_bytes(), b',', true);
            let texts: Vec<String> = spans.into_iter().map(|span| record[span].to_owned()).collect();
            (texts.join("|"), open)
        };
        assert_eq!(found("a,\"b,\"\"c\",d"), ("a|\"b,\"\"c\"|d".into(), false));
        assert_eq!(found("5\" pipe,x,"), ("5\" pipe|x|".into(), false));
        assert_eq!(found(""), (String::new(), false));
        assert_eq!(found("a,\"b,c"), ("a|\"b,c".into(), true));
        assert_eq!(found("a,\"b\"\""), ("a|\"b\"\"".into(), true));
    }

    #[test]
    fn the_separator_is_found() {
        assert_eq!(separator("名册，含1,2,3组\na\tb\tc\nd\te\tf\n".as_bytes()), b'\t');
        assert_eq!(separator("a;b;c\n1,5;2;3\n".as_bytes()), b';');
        assert_eq!(separator("姓名\n王芳\n".as_bytes()), b',');
    }

    #[test]
    fn a_quote_that_is_never_closed_swallows_nothing() {
        let mut text = String::from("姓名,性别\n\"张三,男\n");
        for at in 0..60 {
            text.push_str(&format!("李{at},女\n"));
        }
        let book = open(text.as_bytes()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 62);
        let book = open("姓名,备注\n张三,\"上\n下\"\n李四,\"x\n王五,y\n".as_bytes()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 5);
    }
}
