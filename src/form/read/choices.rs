//! The sheet `choices`, and lists in files of the same columns.

use super::columns::Column;
use super::survey::outputs;
use super::{Notes, Table};
use crate::form::definition::{Choice, List};
use crate::form::expr::parse;
use crate::form::problem::What;
use std::collections::BTreeMap;

/// The lists by name; `again`: a value may stand in one of them more than once.
pub(super) fn read(table: Option<&Table<'_>>, again: bool, notes: &mut Notes) -> BTreeMap<String, List> {
    let mut lists: BTreeMap<String, List> = BTreeMap::new();
    let Some(table) = table else {
        return lists;
    };
    for column in [Column::ListName, Column::Name] {
        if !table.has(&column) {
            notes.note(table.name, 1, column.name(), What::NoColumn);
            return lists;
        }
    }
    let mut rows: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in table.rows().filter(|row| !row.is_empty()) {
        let (list, value) = (row.text(&Column::ListName), row.text(&Column::Name));
        if list.is_empty() {
            row.note(notes, &Column::ListName, What::NoName);
            continue;
        }
        if value.is_empty() {
            row.note(notes, &Column::Name, What::NoName);
            continue;
        }
        let earlier = rows.insert((list.to_owned(), value.to_owned()), row.number);
        if let Some(earlier) = earlier.filter(|_| !again) {
            row.note(notes, &Column::Name, What::ChoiceAgain(value.to_owned(), earlier));
            continue;
        }
        let mut label = row.words(&Column::Label);
        if label.is_empty() {
            row.note(notes, &Column::Label, What::NoChoiceLabel(value.to_owned()));
            label.insert(String::new(), value.to_owned());
        }
        for text in label.values() {
            for error in outputs(text).filter_map(|inside| parse(inside).err()) {
                row.note(notes, &Column::Label, What::Expression(error));
            }
        }
        let further = row.cells().filter_map(|(heading, text)| match &heading.column {
            Column::Further(name) => Some((name.clone(), text.to_owned())),
            _ => None,
        });
        lists.entry(list.to_owned()).or_insert_with(empty).choices.push(Choice {
            value: value.to_owned(),
            label,
            columns: further.collect(),
        });
    }
    lists
}

fn empty() -> List {
    List { choices: Vec::new() }
}
