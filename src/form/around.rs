//! What is around the answers of a record: the lists of its form, the language, and what only the device knows.

use super::definition::{Choice, Form};
use super::eval::{Keeps, Surroundings};
use super::expr::Expr;
use super::filling::Filling;
use super::moment::Moment;
use super::tree::NodeRef;
use std::collections::BTreeMap;

/// What only the device knows.
pub trait Outside {
    /// The calendar day in China, and the moment.
    fn now(&self) -> Moment;
    /// At least 0, less than 1; another one each time.
    fn random(&self) -> f64;
    /// A fresh random id.
    fn uuid(&self) -> String;
}

/// The surroundings of one record.
pub struct Around<'a> {
    form: &'a Form,
    language: String,
    outside: &'a dyn Outside,
    /// Which list each question chooses from, and by which filter.
    lists: BTreeMap<&'a str, (&'a str, Option<&'a Expr>)>,
    /// The answers of the record before this one, by question.
    last: BTreeMap<String, String>,
}

impl<'a> Around<'a> {
    /// Of a form that is spoken in a language; an unknown one is the form's own.
    pub fn new(form: &'a Form, language: &str, outside: &'a dyn Outside) -> Self {
        let language = match form.languages.iter().any(|one| one == language) {
            true => language,
            false => &form.default_language,
        };
        let mut lists = BTreeMap::new();
        form.walk(&mut |part, _| {
            if let Some(list) = part.kind.list() {
                lists.insert(part.name.as_str(), (list, part.choice_filter.as_ref()));
            }
        });
        Self {
            form,
            language: language.to_owned(),
            outside,
            lists,
            last: BTreeMap::new(),
        }
    }

    /// The same with the answers of the record before, by the names of their questions: `${last-saved#name}`.
    pub fn after(self, last: BTreeMap<String, String>) -> Self {
        Self { last, ..self }
    }
}

impl Surroundings for Around<'_> {
    fn now(&self) -> Moment {
        self.outside.now()
    }

    fn random(&self) -> f64 {
        self.outside.random()
    }

    fn uuid(&self) -> String {
        self.outside.uuid()
    }

    fn choice_name(&self, question: &str, value: &str, keeps: Keeps<'_>) -> Option<String> {
        let (name, filter) = *self.lists.get(question)?;
        let list = self.form.lists.get(name)?;
        let of_value = |one: &(usize, &Choice)| one.1.value == value;
        let mut named = list.choices.iter().enumerate().filter(of_value);
        let first = named.next()?.1;
        let chosen = match (named.next(), filter.zip(self.list(name))) {
            (Some(_), Some((filter, top))) => {
                let mut all = list.choices.iter().enumerate().filter(of_value);
                all.find(|(at, _)| keeps(filter, top, *at))
                    .map_or(first, |(_, one)| one)
            }
            _ => first,
        };
        Some(self.form.words(&chosen.label, &self.language).to_owned())
    }

    fn list(&self, name: &str) -> Option<NodeRef> {
        Filling::list(self.form, name)
    }

    fn pull(&self, file: &str, column: &str, key: &str, value: &str) -> Option<String> {
        let list = self.form.list(file)?;
        let row = list
            .choices
            .iter()
            .find(|row| row.columns.get(key).is_some_and(|cell| cell == value))?;
        row.columns.get(column).cloned()
    }

    fn last_saved(&self, question: &str) -> Option<String> {
        self.last.get(question).cloned()
    }

    fn version(&self) -> &str {
        &self.form.version
    }

    fn chinese(&self) -> bool {
        !crate::form::definition::is_english(&self.language)
    }
}
