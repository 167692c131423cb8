//! Whether what a form speaks of is there: questions, lists, files; and whether nothing follows from itself.

use super::survey::{OTHER, is_english, outputs};
use super::{Notes, Sheet};
use crate::form::definition::{Choice, Default, Form, Kind, List, Part, Question};
use crate::form::expr::{Expr, parse};
use crate::form::problem::What;
use std::collections::{BTreeMap, BTreeSet};

/// Puts the lists that stand in files beside those of the sheet.
pub(super) fn files(
    form: &Form,
    files: &BTreeMap<String, Sheet>,
    lists: &mut BTreeMap<String, List>,
    notes: &mut Notes,
) {
    form.walk(&mut |part, _| {
        let Some(file) = list_of(part).filter(|list| list.contains('.')) else {
            return;
        };
        if lists.contains_key(file) {
            return;
        }
        match files.get(file) {
            Some(sheet) => {
                lists.insert(file.to_owned(), from_file(sheet, part));
            }
            None => notes.note("survey", part.row, "type", What::NoFile(file.to_owned())),
        }
    });
}

/// Puts the choice `other` at the end of every list that a question with `or_other` chooses from.
pub(super) fn others(form: &Form, lists: &mut BTreeMap<String, List>) {
    form.walk(&mut |part, _| {
        let (Kind::Question(Question::SelectOne(choices)) | Kind::Question(Question::SelectMultiple(choices))) =
            &part.kind
        else {
            return;
        };
        let Some(list) = lists.get_mut(&choices.list).filter(|_| choices.or_other) else {
            return;
        };
        if list.choices.iter().all(|choice| choice.value != OTHER) {
            let word = |language: &String| {
                (
                    language.clone(),
                    if is_english(language) { "Other" } else { "其他" }.to_owned(),
                )
            };
            list.choices.push(Choice {
                value: OTHER.to_owned(),
                label: form.languages.iter().map(word).collect(),
                columns: BTreeMap::new(),
            });
        }
    });
}

/// A file has its values and labels in the columns that the parameters name, usually `name` and `label`.
fn from_file(sheet: &Sheet, part: &Part) -> List {
    let headings: Vec<&str> = sheet
        .rows
        .first()
        .map(|row| row.iter().map(|cell| cell.trim()).collect())
        .unwrap_or_default();
    let named = |parameter: &str, usual: &'static str| {
        let name = part.parameters.get(parameter).map_or(usual, String::as_str);
        headings.iter().position(|heading| *heading == name)
    };
    let (value, label) = (named("value", "name"), named("label", "label"));
    let cell = |row: &[String], at: Option<usize>| {
        at.and_then(|at| row.get(at))
            .map(|cell| cell.trim().to_owned())
            .unwrap_or_default()
    };
    let choices = sheet.rows.iter().skip(1).map(|row| Choice {
        value: cell(row, value),
        label: BTreeMap::from([(String::new(), cell(row, label))]),
        columns: headings
            .iter()
            .zip(row)
            .map(|(heading, cell)| (heading.to_string(), cell.trim().to_owned()))
            .collect(),
    });
    List {
        choices: choices.filter(|choice| !choice.value.is_empty()).collect(),
    }
}

fn list_of(part: &Part) -> Option<&str> {
    match &part.kind {
        Kind::Question(Question::SelectOne(choices) | Question::SelectMultiple(choices) | Question::Rank(choices)) => {
            Some(&choices.list)
        }
        _ => None,
    }
}

/// Notes what is missing, named twice, or goes in a circle.
pub(super) fn check(form: &Form, notes: &mut Notes) {
    let mut rows: BTreeMap<&str, u32> = BTreeMap::new();
    form.walk(&mut |part, _| {
        if part.name.is_empty() {
            return;
        }
        match rows.get(part.name.as_str()) {
            Some(row) => notes.note("survey", part.row, "name", What::NameAgain(part.name.clone(), *row)),
            None => drop(rows.insert(&part.name, part.row)),
        }
    });
    let known = |name: &str| rows.contains_key(name.strip_prefix("last-saved#").unwrap_or(name));
    form.walk(&mut |part, _| {
        if let Some(list) = list_of(part)
            && !list.contains('.')
        {
            lists(form, part, list, notes);
        }
        for (column, expr) in expressions(part) {
            for name in expr.questions().into_iter().filter(|name| !known(name)) {
                notes.note("survey", part.row, column, What::NoQuestion(name.to_owned()));
            }
        }
        for name in part.triggers.iter().filter(|name| !known(name)) {
            notes.note("survey", part.row, "trigger", What::NoQuestion(name.clone()));
        }
        for (column, words) in [("label", &part.label), ("hint", &part.hint)] {
            let spoken = words
                .values()
                .flat_map(|text| outputs(text))
                .filter_map(|inside| parse(inside).ok());
            for expr in spoken {
                for name in expr.questions().into_iter().filter(|name| !known(name)) {
                    notes.note("survey", part.row, column, What::NoQuestion(name.to_owned()));
                }
            }
        }
        for language in form.languages.iter().filter(|_| !part.label.is_empty()) {
            if !part.label.contains_key(language) {
                notes.note("survey", part.row, "label", What::NoLabelIn(language.clone()));
            }
        }
    });
    for name in form
        .instance_name
        .iter()
        .flat_map(Expr::questions)
        .filter(|name| !known(name))
    {
        notes.note("settings", 2, "instance_name", What::NoQuestion(name.to_owned()));
    }
    circles(form, &rows, notes);
}

fn lists(form: &Form, part: &Part, name: &str, notes: &mut Notes) {
    let Some(list) = form.lists.get(name) else {
        notes.note("survey", part.row, "type", What::NoList(name.to_owned()));
        return;
    };
    if matches!(part.kind, Kind::Question(Question::SelectOne(_))) {
        return;
    }
    let spaced = list
        .choices
        .iter()
        .find(|choice| choice.value.contains(char::is_whitespace));
    if let Some(choice) = spaced {
        notes.note("survey", part.row, "type", What::ChoiceWithSpace(choice.value.clone()));
    }
}

/// Every expression of a part, with its column.
fn expressions(part: &Part) -> Vec<(&'static str, &Expr)> {
    let count = match &part.kind {
        Kind::Repeat(_, count) => count.as_ref(),
        _ => None,
    };
    let default = match &part.default {
        Some(Default::Computed(expr)) => Some(expr),
        _ => None,
    };
    [
        ("required", part.required.as_ref()),
        ("relevant", part.relevant.as_ref()),
        ("constraint", part.constraint.as_ref()),
        ("calculation", part.calculation.as_ref()),
        ("choice_filter", part.choice_filter.as_ref()),
        ("readonly", part.readonly.as_ref()),
        ("default", default),
        ("repeat_count", count),
    ]
    .into_iter()
    .filter_map(|(column, expr)| expr.map(|expr| (column, expr)))
    .collect()
}

/// A value that follows from itself: by calculations, by what applies, by how often a part is repeated.
fn circles(form: &Form, rows: &BTreeMap<&str, u32>, notes: &mut Notes) {
    let mut follows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    form.walk(&mut |part, above| {
        let mut from: BTreeSet<&str> = BTreeSet::new();
        // What applies decides over everything inside.
        for around in above.iter().chain([&part]) {
            from.extend(around.relevant.iter().flat_map(Expr::questions));
        }
        // A calculation that waits for a trigger is made once and does not run on.
        if part.triggers.is_empty() {
            from.extend(part.calculation.iter().flat_map(Expr::questions));
        }
        if let Kind::Repeat(_, Some(count)) = &part.kind {
            from.extend(count.questions());
        }
        follows.insert(&part.name, from);
    });
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in follows.keys().copied() {
        let mut way: Vec<(&str, Vec<&str>)> = Vec::new();
        let next = |name: &str| {
            follows
                .get(name)
                .map(|from| from.iter().copied().collect())
                .unwrap_or_default()
        };
        if !done.contains(start) {
            way.push((start, next(start)));
        }
        while let Some((name, left)) = way.last_mut() {
            let name = *name;
            let Some(one) = left.pop() else {
                done.insert(name);
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(on_way, _)| *on_way == one) {
                let circle: Vec<String> = way[at..]
                    .iter()
                    .map(|(name, _)| name.to_string())
                    .chain([one.to_owned()])
                    .collect();
                let row = rows.get(one).copied().unwrap_or_default();
                notes.note("survey", row, "calculation", What::Circle(circle));
                return;
            }
            if !done.contains(one) {
                way.push((one, next(one)));
            }
        }
    }
}
