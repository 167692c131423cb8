//! Lists that stand in files beside the workbook.

use super::names::{Dot, Mention, expressions, mentions};
use super::{Notes, Sheet};
use crate::form::definition::{Choice, Form, List, Part};
use crate::form::problem::What;
use std::collections::BTreeMap;

/// Puts the lists that questions choose from, and those that expressions look into, beside those of the sheet.
pub(super) fn read(
    form: &Form,
    named: &[(u32, String)],
    files: &BTreeMap<String, Sheet>,
    lists: &mut BTreeMap<String, List>,
    notes: &mut Notes,
) {
    let mut wanted: Vec<(u32, &'static str, String, Option<&Part>)> = Vec::new();
    for (row, name) in named {
        wanted.push((*row, "name", with_ending(name), None));
    }
    form.walk(&mut |part, _| {
        if let Some(file) = part.kind.list().filter(|list| list.contains('.')) {
            wanted.push((part.row, "type", file.to_owned(), Some(part)));
        }
        for (column, expr) in expressions(part) {
            let mut found = Vec::new();
            mentions(expr, Dot::Somewhere(&[]), &mut found);
            let names = found.into_iter().filter_map(|one| match one {
                Mention::List(name) => Some(name),
                _ => None,
            });
            wanted.extend(names.map(|name| (part.row, column, name, None)));
        }
    });
    for (row, column, name, part) in wanted {
        let file = with_ending(&name);
        if lists.contains_key(&name) || lists.contains_key(&file) {
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
            None => notes.note("survey", row, column, What::NoFile(file)),
        }
    }
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
