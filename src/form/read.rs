//! Reads a workbook as a form and tells every mistake in it with its place. Tables of text come in: who opens the file
//! is another's concern.

mod choices;
mod circles;
mod columns;
mod files;
mod head;
mod links;
mod literals;
mod looks;
mod names;
mod register;
mod settings;
mod survey;
mod types;

use super::definition::Form;
use super::problem::{Problem, Weight, What};
use columns::{Column, Heading};
use std::collections::{BTreeMap, BTreeSet};

pub use files::rows;
pub use head::{head, told};

pub(super) use columns::understood;
pub(super) use survey::outputs;

/// Rows of one sheet.
pub const ROWS_MAX: usize = 20_000;
/// Questions and groups of one form.
pub const PARTS_MAX: usize = 5_000;
/// How deep groups may stand in each other.
pub const DEPTH_MAX: usize = 16;
/// Characters of one cell.
pub const CELL_CHARS_MAX: usize = 20_000;

/// A sheet as its cells show; the first row holds the headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
}

/// What came of reading: the form, if nothing has to be mended, and everything noticed.
#[derive(Debug)]
pub struct Reading {
    pub form: Option<Form>,
    pub problems: Vec<Problem>,
}

/// Reads a form. `files` are the lists that stand beside the workbook, by file name.
pub fn read(workbook: &[Sheet], files: &BTreeMap<String, Sheet>) -> Reading {
    let mut notes = Notes::default();
    other_sheets(workbook, &mut notes);
    let settings = settings::read(
        Table::find(workbook, "settings", &mut notes, Need::Optional).as_ref(),
        &mut notes,
    );
    let mut lists = choices::read(
        Table::find(workbook, "choices", &mut notes, Need::Optional).as_ref(),
        settings.choices_again,
        &mut notes,
    );
    let survey = Table::find(workbook, "survey", &mut notes, Need::Required);
    let survey::Survey { parts, files: named } = survey
        .as_ref()
        .map(|survey| survey::read(survey, &mut notes))
        .unwrap_or_default();
    let mut languages: Vec<String> = survey.map(|survey| survey.languages()).unwrap_or_default();
    if languages.is_empty() {
        languages.push(String::new());
    }
    if !settings.default_language.is_empty() && !languages.contains(&settings.default_language) && languages != [""] {
        notes.note(
            "settings",
            2,
            "default_language",
            What::Language(settings.default_language.clone()),
        );
    }
    let default_language = match languages.contains(&settings.default_language) {
        true => settings.default_language,
        false => languages[0].clone(),
    };
    let form = Form {
        id: settings.id,
        version: settings.version,
        title: settings.title,
        default_language,
        languages,
        instance_name: settings.instance_name,
        subject: settings.subject,
        relevant: settings.relevant,
        due: settings.due,
        due_role: settings.due_role,
        parts,
        lists: BTreeMap::new(),
        built_in: BTreeSet::new(),
    };
    let built_in = files::read(&form, &named, files, &mut lists, &mut notes);
    links::others(&form, &mut lists);
    let form = Form {
        lists,
        built_in,
        ..form
    };
    links::check(&form, &mut notes);
    literals::check(&form, &mut notes);
    register::check(&form, &mut notes);
    let mut problems = notes.0;
    problems.sort_by_key(|problem| (problem.sheet != "settings", problem.sheet != "choices", problem.row));
    let usable = problems.iter().all(|problem| problem.what.weight() == Weight::Remark);
    Reading {
        form: usable.then_some(form),
        problems,
    }
}

/// Sheets of XLSForm that this app has not are refused where they hold something; one that nearly has the name of one
/// that is missing is told. All others are the author's own.
fn other_sheets(workbook: &[Sheet], notes: &mut Notes) {
    const READ: [&str; 3] = ["survey", "choices", "settings"];
    const REFUSED: [&str; 3] = ["entities", "external_choices", "osm"];
    let name = |sheet: &Sheet| sheet.name.trim().to_lowercase();
    let is_filled = |row: &Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    for sheet in workbook {
        let own = name(sheet);
        if REFUSED.contains(&own.as_str()) {
            if sheet.rows.iter().skip(1).any(is_filled) {
                notes.note(&sheet.name, 0, "", What::SheetNotSupported);
            }
            continue;
        }
        let missing = READ
            .iter()
            .filter(|one| workbook.iter().all(|sheet| name(sheet) != **one));
        if let Some(meant) = missing.into_iter().find(|one| types::slips(one, &own) <= 2) {
            notes.note(&sheet.name, 0, "", What::SheetMeant(meant));
        }
    }
}

/// Everything noticed so far.
#[derive(Default)]
struct Notes(Vec<Problem>);

impl Notes {
    fn note(&mut self, sheet: &str, row: u32, column: &str, what: What) {
        self.0.push(Problem {
            sheet: sheet.to_owned(),
            row,
            column: column.to_owned(),
            what,
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// A sheet whose headings are understood.
struct Table<'a> {
    name: &'static str,
    headings: Vec<Option<Heading>>,
    rows: &'a [Vec<String>],
}

impl<'a> Table<'a> {
    fn find(workbook: &'a [Sheet], name: &'static str, notes: &mut Notes, need: Need) -> Option<Self> {
        let found = workbook
            .iter()
            .find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name));
        let Some(sheet) = found else {
            if need == Need::Required {
                notes.note(name, 0, "", What::NoSheet);
            }
            return None;
        };
        let Some((first, rows)) = sheet.rows.split_first() else {
            if need == Need::Required {
                notes.note(name, 0, "", What::NoQuestions);
            }
            return None;
        };
        if rows.len() > ROWS_MAX {
            notes.note(name, 0, "", What::TooMany(ROWS_MAX));
            return None;
        }
        let mut headings = columns::headings(name, first, rows, notes);
        columns::once(name, &mut headings, rows, notes);
        Some(Self { name, headings, rows })
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(move |(index, cells)| Row {
            table: self,
            cells,
            number: index as u32 + 2,
        })
    }

    fn has(&self, column: &Column) -> bool {
        self.headings.iter().flatten().any(|heading| heading.column == *column)
    }

    /// The languages of its labels, in order.
    fn languages(&self) -> Vec<String> {
        let mut languages: Vec<String> = Vec::new();
        let labels = self
            .headings
            .iter()
            .flatten()
            .filter(|heading| heading.column == Column::Label);
        for heading in labels {
            if !languages.contains(&heading.language) {
                languages.push(heading.language.clone());
            }
        }
        languages
    }
}

/// A row by its columns.
struct Row<'a> {
    table: &'a Table<'a>,
    cells: &'a [String],
    number: u32,
}

impl Row<'_> {
    fn cells(&self) -> impl Iterator<Item = (&Heading, &str)> {
        let pairs = self.table.headings.iter().zip(self.cells);
        pairs.filter_map(|(heading, cell)| heading.as_ref().map(|heading| (heading, cell.trim())))
    }

    /// The text of a column; empty where there is none.
    fn text(&self, column: &Column) -> &str {
        let filled = self
            .cells()
            .filter(|(heading, text)| heading.column == *column && !text.is_empty());
        filled.map(|(_, text)| text).next().unwrap_or_default()
    }

    /// The words of a column in its languages.
    fn words(&self, column: &Column) -> BTreeMap<String, String> {
        self.cells()
            .filter(|(heading, text)| heading.column == *column && !text.is_empty())
            .map(|(heading, text)| (heading.language.clone(), text.to_owned()))
            .collect()
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn note(&self, notes: &mut Notes, column: &Column, what: What) {
        let heading = self
            .table
            .headings
            .iter()
            .flatten()
            .find(|heading| heading.column == *column);
        let written = heading.map_or(column.name(), |heading| heading.written.as_str());
        notes.note(self.table.name, self.number, written, what);
    }
}

/// A name that may stand in `${…}`.
fn is_name(name: &str) -> bool {
    let begins = name
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    begins
        && name
            .chars()
            .all(|one| one.is_alphanumeric() || matches!(one, '_' | '-' | '.'))
        && name.len() <= 128
}

#[cfg(test)]
mod tests;
