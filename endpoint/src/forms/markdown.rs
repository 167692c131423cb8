//! Forms written as tables of text, so that a change can be read line by line: a row whose first cell names a sheet
//! begins it, the rows below have an empty first cell. Everything outside of the tables is for people.

use crate::book::FILE_BYTES_MAX;
use bianfang::form::read::Sheet;

const SHEETS: [&str; 3] = ["survey", "choices", "settings"];

/// The sheets of the text; nothing where it holds no table `survey`.
pub fn read(bytes: &[u8]) -> Option<Vec<Sheet>> {
    if bytes.len() > FILE_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut sheets: Vec<Sheet> = Vec::new();
    for line in text.lines() {
        let Some(cells) = cells(line) else { continue };
        let (first, rest) = cells.split_first()?;
        // Another name begins a sheet that is not a form's.
        let begins = SHEETS.contains(&first.to_lowercase().as_str()) || !(first.is_empty() || sheets.is_empty());
        if begins && rest.iter().all(String::is_empty) {
            sheets.push(Sheet {
                name: first.to_lowercase(),
                rows: Vec::new(),
            });
        } else if let Some(sheet) = sheets.last_mut()
            && first.is_empty()
            && !is_rule(rest)
        {
            sheet.rows.push(rest.to_vec());
        }
    }
    sheets.iter().any(|sheet| sheet.name == "survey").then_some(sheets)
}

/// Writes sheets as tables, with the columns under each other.
pub fn write(sheets: &[Sheet]) -> String {
    let mut out = String::new();
    for sheet in sheets {
        out += &format!("| {} |\n", sheet.name);
        let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
        let cell = |row: &[String], at: usize| {
            let text = row.get(at).map(String::as_str).unwrap_or_default();
            text.replace('\\', "\\\\").replace('|', "\\|").replace('\n', "\\n")
        };
        let widths: Vec<usize> = (0..columns)
            .map(|at| {
                sheet
                    .rows
                    .iter()
                    .map(|row| width(&cell(row, at)))
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        for row in &sheet.rows {
            out.push_str("| |");
            for (at, wide) in widths.iter().enumerate() {
                let text = cell(row, at);
                let blank = " ".repeat(wide - width(&text));
                out += &format!(" {text}{blank} |");
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// A Chinese character takes two places.
fn width(text: &str) -> usize {
    text.chars().map(|one| if one.is_ascii() { 1 } else { 2 }).sum()
}

/// The cells of a line that begins with a bar. A bar within a cell is written `\|`, a line end `\n`.
fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.trim().strip_prefix('|')?;
    let mut cells = vec![String::new()];
    let mut signs = inside.chars();
    while let Some(sign) = signs.next() {
        let last = cells.last_mut()?;
        match sign {
            '|' => cells.push(String::new()),
            '\\' => match signs.next() {
                Some('|') => last.push('|'),
                Some('n') => last.push('\n'),
                Some('\\') | None => last.push('\\'),
                Some(other) => last.extend(['\\', other]),
            },
            other => last.push(other),
        }
    }
    // Behind the last bar there is nothing.
    if cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    Some(cells.into_iter().map(|cell| cell.trim().to_owned()).collect()).filter(|cells: &Vec<_>| !cells.is_empty())
}

/// `|---|---|`, which some readers of such tables want below the headings.
fn is_rule(cells: &[String]) -> bool {
    let dashes = |cell: &String| !cell.is_empty() && cell.chars().all(|one| matches!(one, '-' | ':'));
    !cells.is_empty() && cells.iter().all(dashes)
}
