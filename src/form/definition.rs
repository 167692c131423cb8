//! A form as it was written: its parts in order, its choices, its words. Made by `read`, never changed.

use super::expr::Expr;
use super::register::{BuiltIn, Subject};
use crate::register::enums::Role;
use std::collections::{BTreeMap, BTreeSet};

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    pub id: String,
    pub version: String,
    pub title: String,
    pub default_language: String,
    /// All languages in the order of the sheets; one without a name where the sheets name none.
    pub languages: Vec<String>,
    /// What a record is called in lists.
    pub instance_name: Option<Expr>,
    /// Whom or what it is about.
    pub subject: Subject,
    /// It is offered only where this is true of the register.
    pub relevant: Option<Expr>,
    /// How often it has to be filled in for each of them.
    pub due: Option<Due>,
    /// Whose work that is.
    pub due_role: Role,
    pub parts: Vec<Part>,
    pub lists: BTreeMap<String, List>,
    /// Those of the lists that are the register's: empty until `with_lists` puts their rows in.
    pub built_in: BTreeSet<BuiltIn>,
}

/// So many records in each year, quarter or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub count: u32,
    pub every: Every,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Year,
    Quarter,
    Month,
}

impl Every {
    /// Every stretch.
    pub const ALL: [Self; 3] = [Self::Year, Self::Quarter, Self::Month];

    /// As written in the setting `due`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
        }
    }
}

/// Words by language.
pub type Words = BTreeMap<String, String>;

/// A question, a group, or a part that is repeated.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: String,
    /// As the spreadsheet counts.
    pub row: u32,
    pub kind: Kind,
    pub label: Words,
    pub hint: Words,
    pub required: Option<Expr>,
    pub required_message: Words,
    pub relevant: Option<Expr>,
    pub constraint: Option<Expr>,
    pub constraint_message: Words,
    pub calculation: Option<Expr>,
    pub choice_filter: Option<Expr>,
    pub default: Option<Default>,
    pub readonly: Option<Expr>,
    pub appearance: Vec<String>,
    /// The calculation is made when one of these changes, and then alone.
    pub triggers: Vec<String>,
    pub parameters: BTreeMap<String, String>,
    /// The field of the register that the answer is written into; empty for none.
    pub save_to: String,
    /// With what the answer begins: a field of the register, or `last`; empty for nothing.
    pub prefill: String,
    /// The category of the problem that is proposed when this applies and is answered; empty for none.
    pub problem: String,
    /// What the problem is called; the label where there are no such words.
    pub problem_label: Words,
    /// What the county notes beside the row: the requirement or standard that it serves.
    pub note: String,
}

/// What an answer is before anybody gave one.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    Text(String),
    /// Evaluated once, when the record or the repeated part begins.
    Computed(Expr),
}

/// What a part is.
#[derive(Clone, Debug)]
pub enum Kind {
    Group(Vec<Part>),
    /// With the number of instances, where that is computed.
    Repeat(Vec<Part>, Option<Expr>),
    Question(Question),
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Integer,
    Decimal,
    Range(Range),
    Text,
    SelectOne(Choices),
    SelectMultiple(Choices),
    Rank(Choices),
    Note,
    Date,
    Time,
    DateTime,
    GeoPoint,
    Image,
    Signature,
    Barcode,
    Calculate,
    Acknowledge,
    Hidden,
    /// Neither shown nor exported unless asked for.
    Meta(Meta),
}

/// What a phone notes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meta {
    Start,
    End,
    Today,
    DeviceId,
}

/// A number between two, in steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub start: f64,
    pub end: f64,
    pub step: f64,
}

/// From which list is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    pub list: String,
    /// A free text stands beside the choices.
    pub or_other: bool,
}

/// Choices in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub choices: Vec<Choice>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: Words,
    /// Further columns, for filters.
    pub columns: BTreeMap<String, String>,
}

impl Part {
    /// Whether nobody sees it: what is calculated, noted by the device, or has no words.
    pub fn is_silent(&self) -> bool {
        let Kind::Question(question) = &self.kind else {
            return false;
        };
        let computed = self.calculation.is_some() || !self.triggers.is_empty();
        let wordless = self.label.is_empty() && self.hint.is_empty();
        matches!(question, Question::Calculate | Question::Hidden | Question::Meta(_)) || (computed && wordless)
    }
}

/// Whether a language of a form is English: `English`, `English (en)`, `en`.
pub fn is_english(language: &str) -> bool {
    let language = language.to_lowercase();
    language.starts_with("en") || language.contains("(en")
}

impl Kind {
    /// The list that a question chooses from.
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::Question(
                Question::SelectOne(choices) | Question::SelectMultiple(choices) | Question::Rank(choices),
            ) => Some(&choices.list),
            _ => None,
        }
    }
}

impl Form {
    /// A list of choices by its name, or by the name of its file with or without `.csv`.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.list_name(name).and_then(|name| self.lists.get(name))
    }

    /// The name under which such a list is kept.
    pub fn list_name(&self, name: &str) -> Option<&str> {
        let file = format!("{name}.csv");
        let known = self
            .lists
            .get_key_value(name)
            .or_else(|| self.lists.get_key_value(&file));
        known.map(|(name, _)| name.as_str())
    }

    /// The same form with rows in the lists that are the register's, by `household`, `persons` or with `.csv`. Lists that
    /// it does not ask for are left out.
    pub fn with_lists(&self, rows: BTreeMap<String, List>) -> Self {
        let mut form = self.clone();
        for (name, mut list) in rows {
            if let Some(known) = BuiltIn::named(&name).filter(|list| self.built_in.contains(list)) {
                // `name` and `label` are columns like others, as in a file.
                for choice in &mut list.choices {
                    let (value, label) = (choice.value.clone(), choice.label.values().next().cloned());
                    choice.columns.entry("name".into()).or_insert(value);
                    choice
                        .columns
                        .entry("label".into())
                        .or_insert(label.unwrap_or_default());
                }
                form.lists.insert(known.file().to_owned(), list);
            }
        }
        form
    }

    /// Words in a language, else in the form's own, else in any.
    pub fn words<'a>(&self, words: &'a Words, language: &str) -> &'a str {
        let filled = |language: &str| words.get(language).filter(|text| !text.is_empty());
        let any = || words.values().find(|text| !text.is_empty());
        filled(language)
            .or_else(|| filled(&self.default_language))
            .or_else(any)
            .map_or("", String::as_str)
    }

    /// The words of a value in a list, outside of any record: of several choices with one value, those of all. Words that
    /// would have to be filled in are none.
    pub fn choice_words(&self, list: &List, value: &str, language: &str) -> Option<String> {
        let mut said: Vec<&str> = Vec::new();
        for choice in list.choices.iter().filter(|choice| choice.value == value) {
            let words = self.words(&choice.label, language);
            if !words.is_empty() && !words.contains("${") && !said.contains(&words) {
                said.push(words);
            }
        }
        (!said.is_empty()).then(|| said.join(" / "))
    }

    /// Every part, each before those inside it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Part, &[&'a Part])) {
        fn each<'a>(parts: &'a [Part], above: &mut Vec<&'a Part>, visit: &mut impl FnMut(&'a Part, &[&'a Part])) {
            for part in parts {
                visit(part, above);
                if let Kind::Group(inside) | Kind::Repeat(inside, _) = &part.kind {
                    above.push(part);
                    each(inside, above, visit);
                    above.pop();
                }
            }
        }
        each(&self.parts, &mut Vec::new(), visit);
    }
}
