//! A form as it was written: its parts in order, its choices, its words. Made by `read`, never changed.

use super::expr::Expr;
use std::collections::BTreeMap;

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
    pub parts: Vec<Part>,
    pub lists: BTreeMap<String, List>,
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

    /// Words in a language, else in the form's own, else in any.
    pub fn words<'a>(&self, words: &'a Words, language: &str) -> &'a str {
        let filled = |language: &str| words.get(language).filter(|text| !text.is_empty());
        let any = || words.values().find(|text| !text.is_empty());
        filled(language)
            .or_else(|| filled(&self.default_language))
            .or_else(any)
            .map_or("", String::as_str)
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
