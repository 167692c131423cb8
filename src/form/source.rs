//! The source of a form as it is published: the sheets that are read and the files they name, as one text. A stored
//! format: a source that was released opens for ever, so that only the reading of forms ever changes, never a form.

use super::read::{Sheet, understood};
use crate::base::limits::FORM_SOURCE_BYTES_MAX;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The first line; its number is the version of this format.
const FIRST: &str = "bianfang form 1";
/// The sheets in their order.
const SHEETS: [&str; 3] = ["settings", "survey", "choices"];
/// What begins a line that names a sheet or a file. No cell can begin so: its own backslashes are doubled.
const NAMES: char = '\\';
const FILE: &str = "file ";

/// Why a text is no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("this is not the source of a form")]
    NotASource,
    #[error("the source of a form was written by a newer release")]
    Later,
    #[error("line {0} of the source of a form is damaged")]
    Damaged(usize),
    #[error("the source of a form is longer than it may be")]
    TooLong,
}

impl SourceError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            SourceError::NotASource => "form_source_foreign",
            SourceError::Later => "form_source_later",
            SourceError::Damaged(_) => "form_source_damaged",
            SourceError::TooLong => "form_source_too_long",
        }
    }
}

/// The source of a workbook and of the files that it names. What no release reads is left out: other sheets and columns,
/// empty rows, blanks around a cell, empty cells behind the last. So the same form is the same source, whoever saved it.
pub fn write(workbook: &[Sheet], files: &BTreeMap<String, Sheet>) -> String {
    let mut out = format!("{FIRST}\n");
    for name in SHEETS {
        let found = workbook
            .iter()
            .find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name));
        if let Some((headings, rows)) = found.and_then(|sheet| sheet.rows.split_first()) {
            out.push_str(&format!("{NAMES}{name}\n"));
            table(&mut out, headings, rows, &understood(name, headings));
        }
    }
    for (name, sheet) in files {
        if let Some((headings, rows)) = sheet.rows.split_first() {
            out.push_str(&format!("{NAMES}{FILE}{}\n", escaped(name)));
            let named: Vec<bool> = headings.iter().map(|heading| !heading.trim().is_empty()).collect();
            table(&mut out, headings, rows, &named);
        }
    }
    out
}

fn table(out: &mut String, headings: &[String], rows: &[Vec<String>], wanted: &[bool]) {
    for row in std::iter::once(headings).chain(rows.iter().map(Vec::as_slice)) {
        let cells = row.iter().zip(wanted).filter(|(_, wanted)| **wanted);
        let cells: Vec<String> = cells.map(|(cell, _)| escaped(cell.trim())).collect();
        let filled = cells.iter().rposition(|cell| !cell.is_empty());
        if let Some(last) = filled {
            out.push_str(&cells[..=last].join("\t"));
            out.push('\n');
        }
    }
}

fn escaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    for one in cell.chars() {
        match one {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

fn plain(cell: &str) -> Option<String> {
    let mut out = String::with_capacity(cell.len());
    let mut letters = cell.chars();
    while let Some(one) = letters.next() {
        out.push(match one {
            '\\' => match letters.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}

/// The sheets and files of a source.
///
/// # Errors
/// A text that [`write`] did not make; nothing of it is used then.
pub fn read(source: &str) -> Result<(Vec<Sheet>, BTreeMap<String, Sheet>), SourceError> {
    if source.len() > FORM_SOURCE_BYTES_MAX {
        return Err(SourceError::TooLong);
    }
    let mut lines = source.lines().enumerate();
    match lines.next() {
        Some((_, FIRST)) => {}
        Some((_, line)) if line.starts_with("bianfang form ") => return Err(SourceError::Later),
        _ => return Err(SourceError::NotASource),
    }
    let mut all: Vec<(bool, Sheet)> = Vec::new();
    for (at, line) in lines {
        let damaged = SourceError::Damaged(at + 1);
        if let Some((is_file, name)) = named(line) {
            let name = plain(name).ok_or_else(|| damaged.clone())?;
            let again = all.iter().any(|(file, sheet)| *file == is_file && sheet.name == name);
            if again || !(is_file || SHEETS.contains(&name.as_str())) {
                return Err(damaged);
            }
            let rows = Vec::new();
            all.push((is_file, Sheet { name, rows }));
            continue;
        }
        let row: Option<Vec<String>> = line.split('\t').map(plain).collect();
        match (row, all.last_mut()) {
            (Some(row), Some((_, sheet))) => sheet.rows.push(row),
            _ => return Err(damaged),
        }
    }
    let (files, sheets): (Vec<_>, Vec<_>) = all.into_iter().partition(|(is_file, _)| *is_file);
    let files = files.into_iter().map(|(_, sheet)| (sheet.name.clone(), sheet));
    Ok((sheets.into_iter().map(|(_, sheet)| sheet).collect(), files.collect()))
}

/// The name of a sheet, or that of a file; nothing for a row of cells.
fn named(line: &str) -> Option<(bool, &str)> {
    let rest = line.strip_prefix(NAMES)?;
    if rest.starts_with('\\') {
        return None;
    }
    Some(rest.strip_prefix(FILE).map_or((false, rest), |file| (true, file)))
}

/// What names a source, and so its document.
pub fn digest(source: &str) -> [u8; 32] {
    Sha256::digest(source.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::hex;

    fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
        Sheet {
            name: name.to_owned(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect(),
        }
    }

    fn water() -> (Vec<Sheet>, BTreeMap<String, Sheet>) {
        let survey = sheet(
            " Survey ",
            &[
                &[
                    "type",
                    "name",
                    "label::中文 (zh)",
                    "label::English (en)",
                    "",
                    "relevant",
                    "note",
                ],
                &[
                    " select_one_from_file wells.csv ",
                    "well",
                    "哪口井？\n看清编号",
                    "Which well?",
                    "草稿",
                    "",
                    "S047",
                ],
                &["", "", " "],
                &["text", "why", "\\为什么\t没水", "Why", "", "${well} != '1'", "", ""],
            ],
        );
        let settings = sheet(
            "settings",
            &[
                &["form_id", "version", "form_title", "style"],
                &["water", "2019-1", "饮水安全", "pages"],
            ],
        );
        let wells = sheet(
            "",
            &[&["name", "label", ""], &["01", "东井", "看不清"], &["02", "西井"]],
        );
        let notes = sheet("说明", &[&["不属于表单"]]);
        (
            vec![survey, notes, settings],
            BTreeMap::from([("wells.csv".to_owned(), wells)]),
        )
    }

    #[test]
    fn a_released_source_stays_what_it_was_and_opens() {
        let (sheets, files) = water();
        let source = write(&sheets, &files);
        let path = format!("{}/tests/golden/form-source.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("BIANFANG_MAKE_FORM_SOURCE").is_some() {
            std::fs::write(&path, &source).unwrap();
        }
        let released = std::fs::read_to_string(path).unwrap();
        assert_eq!(source, released);
        assert_eq!(
            hex(&digest(&released)),
            "da8d1b308a3839d3341490edb57497bbaf63096ffc4a1eae06d027c342bd0d38"
        );
        let (sheets, files) = read(&released).unwrap();
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["settings", "survey"]);
        assert_eq!(sheets[1].rows[1][2], "哪口井？\n看清编号");
        assert_eq!(sheets[1].rows[2][2], "\\为什么\t没水");
        assert_eq!(files["wells.csv"].rows[1], ["01", "东井"]);
        let reading = crate::form::read::read(&sheets, &files);
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        let form = reading.form.unwrap();
        assert_eq!(
            (form.id.as_str(), form.version.as_str(), form.parts.len()),
            ("water", "2019-1", 2)
        );
    }

    #[test]
    fn what_is_read_writes_itself_again() {
        let (sheets, files) = water();
        let source = write(&sheets, &files);
        let (sheets, files) = read(&source).unwrap();
        assert_eq!(write(&sheets, &files), source);
    }

    #[test]
    fn a_column_that_nobody_reads_changes_nothing() {
        let (mut sheets, files) = water();
        let before = write(&sheets, &files);
        sheets[0].rows[1][4] = "another remark beside the sheet".to_owned();
        sheets[0].rows.push(vec![String::new(); 9]);
        sheets.remove(1);
        assert_eq!(write(&sheets, &files), before);
        sheets[0].rows[1][2].push('！');
        assert_ne!(write(&sheets, &files), before);
    }

    #[test]
    fn what_is_no_source_is_refused_with_its_line() {
        let long = "x".repeat(FORM_SOURCE_BYTES_MAX + 1);
        for (text, error) in [
            ("", SourceError::NotASource),
            ("survey", SourceError::NotASource),
            ("bianfang form 2\n", SourceError::Later),
            ("bianfang form 1\ntype\tname\n", SourceError::Damaged(2)),
            ("bianfang form 1\n\\media\n", SourceError::Damaged(2)),
            ("bianfang form 1\n\\survey\n\\survey\n", SourceError::Damaged(3)),
            ("bianfang form 1\n\\survey\nty\\pe\n", SourceError::Damaged(3)),
            ("bianfang form 1\n\\survey\ntype\\\n", SourceError::Damaged(3)),
            (&long, SourceError::TooLong),
        ] {
            assert_eq!(read(text), Err(error), "{}", &text[..text.len().min(60)]);
        }
        // A form of nothing is a source; that it asks nothing, the reading of forms tells.
        assert_eq!(read("bianfang form 1\n"), Ok((Vec::new(), BTreeMap::new())));
    }
}
