//! Adds the column to a text table: the bytes of every record stay, the new cell is put behind the last.

use std::ops::Range;

use crate::book::delimited::{QUOTE, Shape, rows};
use crate::book::strings::Charset;
use crate::roster::annotate::SheetPlan;

/// The table with the column, in its own encoding and with its own separator.
pub(super) fn patch(bytes: &[u8], shape: Shape, plan: Option<&SheetPlan>) -> Vec<u8> {
    let Some(plan) = plan else { return bytes.to_vec() };
    let text = shape.plain(bytes);
    let mut out: Vec<u8> = Vec::with_capacity(text.len() + plan.cells.len() * 64);
    let mut done = 0;
    for row in rows(&text, shape) {
        let spans = field_spans(&text[row.bytes.clone()], shape);
        let cell = plan
            .cells
            .get(&row.number)
            .map(|reason| shape.plain_charset().encode(&plain_cell(reason)));
        let column = plan.column as usize;
        match (spans.get(column), cell) {
            // An earlier column: what stands there gives way.
            (Some(span), cell) => {
                out.extend_from_slice(&text[done..row.bytes.start + span.start]);
                out.extend(cell.unwrap_or_default());
                done = row.bytes.start + span.end;
            }
            (None, Some(cell)) => {
                out.extend_from_slice(&text[done..row.bytes.end]);
                out.extend(std::iter::repeat_n(shape.separator, column + 1 - spans.len()));
                out.extend(cell);
                done = row.bytes.end;
            }
            (None, None) => {}
        }
    }
    out.extend_from_slice(&text[done..]);
    let mut file = bytes[..shape.mark].to_vec();
    match shape.charset {
        Charset::Utf8 | Charset::Gb18030 => file.extend(out),
        Charset::Utf16Le | Charset::Utf16Be => file.extend(shape.charset.encode(&String::from_utf8_lossy(&out))),
    }
    file
}

/// The reason with Chinese punctuation in place of what a text table would need quotes for.
fn plain_cell(reason: &str) -> String {
    let plain = |c: char| match c {
        ',' => '，',
        ';' => '；',
        '"' => '”',
        '\t' | '\r' | '\n' => ' ',
        other => other,
    };
    reason.chars().map(plain).collect()
}

/// Where the fields of a record are. A quote counts only at the beginning of a field, as for the reader.
fn field_spans(record: &[u8], shape: Shape) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut quoted = false;
    while at < record.len() {
        let byte = record[at];
        if shape.quoting && byte == QUOTE {
            if quoted && record.get(at + 1) == Some(&QUOTE) {
                at += 1;
            } else if quoted || at == start {
                quoted = !quoted;
            }
        } else if byte == shape.separator && !quoted {
            spans.push(start..at);
            start = at + 1;
        }
        at += 1;
    }
    spans.push(start..record.len());
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_through_quotes() {
        let shape = Shape {
            charset: Charset::Utf8,
            mark: 0,
            separator: b',',
            quoting: true,
        };
        let spans = |record: &str| -> Vec<String> {
            field_spans(record.as_bytes(), shape)
                .into_iter()
                .map(|span| record[span].to_owned())
                .collect()
        };
        assert_eq!(spans("a,\"b,\"\"c\",d"), ["a", "\"b,\"\"c\"", "d"]);
        assert_eq!(spans("5\" pipe,x,"), ["5\" pipe", "x", ""]);
        assert_eq!(spans(""), [""]);
    }
}
