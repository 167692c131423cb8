//! Adds the column to a text table: the bytes of every record stay, the new cell is put behind the last.

use std::ops::Range;

use crate::book::delimited::{QUOTE, Shape, fields, rows};
use crate::book::strings::Charset;
use crate::roster::annotate::SheetPlan;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The table with the column, in its own encoding and with its own separator.
pub(super) fn patch(bytes: &[u8], shape: Shape, plan: Option<&SheetPlan>) -> Vec<u8> {
    let Some(plan) = plan else { return bytes.to_vec() };
    let text = shape.plain(bytes);
    let mut out: Vec<u8> = Vec::with_capacity(text.len() + plan.cells.len() * 64);
    let mut done = 0;
    for row in rows(&text, shape) {
        let (spans, open) = fields(&text[row.bytes.clone()], shape.separator, shape.quoting);
        let cell = plan
            .cells
            .get(&row.number)
            .map(|reason| shape.plain_charset().encode(&plain_cell(reason)));
        let column = plan.column as usize;
        match (spans.get(column), cell) {
            // An earlier column: what stands there gives way.
            (Some(span), cell) => {
                // Stray quotes stay: without them others would be taken for pairs when the file is read again.
                let stray = !shape.quoting && text[row.bytes.clone()][span.clone()].contains(&QUOTE);
                let kept = if stray { span.end } else { span.start };
                out.extend_from_slice(&text[done..row.bytes.start + kept]);
                out.extend(cell.unwrap_or_else(|| nothing(shape, span)));
                done = row.bytes.start + span.end;
            }
            (None, Some(cell)) => {
                out.extend_from_slice(&text[done..row.bytes.end]);
                // A quote that nobody closed would take the reason for a part of its cell.
                out.extend(open.then_some(QUOTE));
                out.extend(std::iter::repeat_n(shape.separator, column + 1 - spans.len()));
                out.extend(cell);
                done = row.bytes.end;
            }
            (None, None) => {}
        }
    }
    out.extend_from_slice(&text[done..]);
    match shape.charset {
        // By itself it is told from what can be read in it, of which there is more now.
        Charset::Utf8 if std::str::from_utf8(&text).is_err() => [UTF8_MARK, &out].concat(),
        Charset::Utf8 | Charset::Gb18030 => [&bytes[..shape.mark], &out].concat(),
        // By itself it is told from its Latin letters, of which the reasons have few.
        Charset::Utf16Le | Charset::Utf16Be => {
            let text = String::from_utf8_lossy(&out);
            shape.charset.encode(&format!("\u{FEFF}{text}"))
        }
    }
}

/// What stays of a reason that no longer holds. Where quotes do not count, an empty last line would let one that nobody
/// closed count as part of a cell again.
fn nothing(shape: Shape, span: &Range<usize>) -> Vec<u8> {
    match shape.quoting || span.is_empty() {
        true => Vec::new(),
        false => b"-".to_vec(),
    }
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
