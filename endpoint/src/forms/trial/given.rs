//! What a file of answers gives beside the answers: rows for the lists of the register, and the record before.

use super::{Refused, flatten, object, shortened};
use bianfang::form::definition::{Choice, Form, List};
use bianfang::form::read::{self, Sheet};
use bianfang::form::register::{BuiltIn, OWN};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The keys that are no answers, unless a question has the name.
const LISTS: &str = "lists";
const LAST: &str = "last";

/// A file of answers, taken apart.
#[derive(Debug, Default)]
pub struct Given {
    /// The answers by their places.
    pub answers: Vec<(String, String)>,
    /// Rows for lists of the register, by name.
    pub lists: BTreeMap<String, List>,
    /// The answers of the record before, by the names of their questions.
    pub last: BTreeMap<String, String>,
}

/// Reads `{"leaks": "yes", "lists": {"household": {"phone": "…"}, "persons": [{"label": "王芳"}]}, "last": {…}}`.
///
/// # Errors
/// A file that is no such object, a value of no kind that answers have, a list or column that the register has not.
pub fn given(bytes: &[u8], form: &Form) -> Result<Given, Refused> {
    let mut object = object(bytes)?;
    let mut take = |name: &str| {
        let is_question = form.parts.iter().any(|part| part.name == name);
        (!is_question).then(|| object.remove(name)).flatten()
    };
    let (written, before) = (take(LISTS), take(LAST));
    let mut given = Given::default();
    flatten("", &object, &mut given.answers)?;
    for (name, rows) in inside(LISTS, written)? {
        let known = BuiltIn::named(&name).ok_or_else(|| Refused::NoList(name.clone()))?;
        let rows = match rows {
            Value::Array(rows) => rows,
            row => vec![row],
        };
        let rows = (1..).zip(rows).map(|(number, row)| one(known, number, row));
        let choices = rows.collect::<Result<_, _>>()?;
        given.lists.insert(known.file().to_owned(), List { choices });
    }
    let mut last = Vec::new();
    flatten("", &inside(LAST, before)?, &mut last)?;
    given.last = last
        .into_iter()
        .map(|(place, text)| (place.rsplit('/').next().unwrap_or_default().to_owned(), text))
        .collect();
    Ok(given)
}

/// The rows of a file beside the form, for a list of the register.
pub fn rows(list: BuiltIn, sheet: &Sheet) -> List {
    let mut rows = read::rows(sheet);
    for (number, choice) in (1..).zip(&mut rows.choices) {
        if choice.value.is_empty() {
            choice.value = name(list, number);
            choice.columns.insert("name".into(), choice.value.clone());
        }
    }
    rows
}

fn inside(place: &str, value: Option<Value>) -> Result<Map<String, Value>, Refused> {
    match value {
        None => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(other) => Err(Refused::IllTyped(place.to_owned(), shortened(&other))),
    }
}

/// A row without a name has one: only members of a family are several.
fn name(list: BuiltIn, number: usize) -> String {
    match list {
        BuiltIn::Persons => number.to_string(),
        _ => OWN.to_owned(),
    }
}

fn one(list: BuiltIn, number: usize, row: Value) -> Result<Choice, Refused> {
    let mut cells = Vec::new();
    flatten("", &inside(list.file(), Some(row))?, &mut cells)?;
    let mut columns: BTreeMap<String, String> = cells.into_iter().collect();
    if let Some(odd) = columns.keys().find(|column| !list.has(column)) {
        return Err(Refused::NoList(format!("{} {odd}", list.file())));
    }
    let value = columns
        .entry("name".into())
        .or_insert_with(|| name(list, number))
        .clone();
    let label = columns.get("label").cloned().unwrap_or_default();
    Ok(Choice {
        value,
        label: BTreeMap::from([(String::new(), label)]),
        columns,
    })
}
