//! Lists that stand in files beside the workbook.

use super::names::{Dot, Mention, expressions, mentions};
use super::{Notes, Sheet};
use crate::form::definition::{Choice, Form, List, Part};
use crate::form::expr::Expr;
use crate::form::problem::What;
use crate::form::register::{BuiltIn, LAST};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a file that is a list, with its values and labels in `name` and `label`.
pub fn rows(sheet: &Sheet) -> List {
    list(sheet, None)
}

/// Puts the lists that questions choose from, and those that expressions look into, beside those of the sheet; tells
/// which of them are the register's.
pub(super) fn read(
    form: &Form,
    named: &[(u32, String)],
    files: &BTreeMap<String, Sheet>,
    lists: &mut BTreeMap<String, List>,
    notes: &mut Notes,
) -> BTreeSet<BuiltIn> {
    let mut built_in = BTreeSet::new();
    let mut wanted: Vec<(u32, &'static str, String, Option<&Part>)> = Vec::new();
    for (row, name) in named {
        wanted.push((*row, "name", with_ending(name), None));
    }
    form.walk(&mut |part, _| {
        if let Some(file) = part.kind.list().filter(|list| list.contains('.')) {
            wanted.push((part.row, "type", file.to_owned(), Some(part)));
        }
        for (column, expr) in expressions(part) {
            wanted.extend(lists_of(expr).map(|name| (part.row, column, name, None)));
        }
    });
    // Answers that begin with what the register holds take it from the list about the subject.
    let mut begins = false;
    form.walk(&mut |part, _| begins |= !matches!(part.prefill.as_str(), "" | LAST));
    let own = form.subject.list();
    if begins && !lists.contains_key(own.file()) {
        lists.insert(own.file().to_owned(), List { choices: Vec::new() });
        built_in.insert(own);
    }
    for (column, expr) in [("relevant", &form.relevant), ("instance_name", &form.instance_name)] {
        wanted.extend(expr.iter().flat_map(lists_of).map(|name| (0, column, name, None)));
    }
    for (row, column, name, part) in wanted {
        let file = with_ending(&name);
        if lists.contains_key(&name) || lists.contains_key(&file) {
            continue;
        }
        if let Some(list) =
            BuiltIn::named(&name).filter(|list| files.get(&file).is_none_or(|sheet| is_of(*list, sheet)))
        {
            if list.is_known_to(form.subject) {
                lists.insert(file, List { choices: Vec::new() });
                built_in.insert(list);
            } else {
                let sheet = if row == 0 { "settings" } else { "survey" };
                notes.note(sheet, row.max(2), column, What::ListNotHere(file, form.subject));
            }
            continue;
        }
        match files.get(&file) {
            Some(sheet) => {
                let list = list(sheet, part);
                if part.is_some() && list.choices.iter().all(|choice| choice.value.is_empty()) {
                    notes.note("survey", row, column, What::NoChoicesIn(file));
                } else {
                    lists.insert(file, list);
                }
            }
            None => {
                let sheet = if row == 0 { "settings" } else { "survey" };
                notes.note(sheet, row.max(2), column, What::NoFile(file));
            }
        }
    }
    built_in
}

pub(super) fn lists_of(expr: &Expr) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    mentions(expr, Dot::Somewhere(&[]), &mut found);
    found.into_iter().filter_map(|one| match one {
        Mention::List(name) => Some(name),
        _ => None,
    })
}

/// Whether a file beside the form holds rows for trying a list of the register, and is not a list of the form's own that
/// happens to have its name.
fn is_of(list: BuiltIn, sheet: &Sheet) -> bool {
    let headings = sheet.rows.first().map(Vec::as_slice).unwrap_or_default();
    let mut headings = headings.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    headings.all(|heading| list.has(heading))
}

fn with_ending(name: &str) -> String {
    match name.contains('.') {
        true => name.to_owned(),
        false => format!("{name}.csv"),
    }
}

/// A file has its values and labels in the columns that the parameters name, usually `name` and `label`.
fn list(sheet: &Sheet, part: Option<&Part>) -> List {
    let headings: Vec<&str> = sheet
        .rows
        .first()
        .map(|row| row.iter().map(|cell| cell.trim()).collect())
        .unwrap_or_default();
    let named = |parameter: &str, usual: &'static str| {
        let given = part.and_then(|part| part.parameters.get(parameter));
        let name = given.map_or(usual, String::as_str);
        headings.iter().position(|heading| *heading == name)
    };
    let (value, label) = (named("value", "name"), named("label", "label"));
    let cell = |row: &[String], at: Option<usize>| {
        let cell = at.and_then(|at| row.get(at));
        cell.map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    let choices = sheet.rows.iter().skip(1).map(|row| Choice {
        value: cell(row, value),
        label: BTreeMap::from([(String::new(), cell(row, label))]),
        columns: headings
            .iter()
            .zip(row)
            .filter(|(heading, _)| !heading.is_empty())
            .map(|(heading, cell)| (heading.to_string(), cell.trim().to_owned()))
            .collect(),
    });
    List {
        choices: choices
            .filter(|choice| part.is_none() || !choice.value.is_empty())
            .collect(),
    }
}
