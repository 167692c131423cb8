//! A procedure as it was written. Made by `read`, never changed.

use super::condition::{Atom, Term};
use crate::register::words::Sentence;
use std::collections::BTreeMap;

/// A procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    pub id: String,
    pub version: u32,
    pub title: Sentence,
    /// It is about one person of a household.
    pub of_person: bool,
    /// What has to be so about the thing before it is begun.
    pub applies: Vec<Term>,
    /// The state before any event.
    pub begins: usize,
    /// The state while two events that did not know of each other contradict.
    pub disputed: usize,
    pub parameters: BTreeMap<String, String>,
    /// What the conditions read of the thing itself.
    pub about: BTreeMap<String, Sentence>,
    pub roles: Vec<Role>,
    /// In the order of the work: of two that contradict without a rule, the earlier one holds.
    pub states: Vec<State>,
    pub events: Vec<Kind>,
    pub together: Vec<Together>,
    /// The fields that become facts about the thing.
    pub facts: Vec<String>,
    pub scales: Vec<Scale>,
}

/// In which capacity somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    pub level: u32,
    pub side: String,
    pub label: Sentence,
}

/// How a thing in a state is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counts {
    Open,
    Closed,
    Void,
}

/// Where a thing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub name: String,
    pub counts: Counts,
    pub label: Sentence,
    /// With whom it hangs.
    pub with: Vec<Term>,
    /// After a time it counts as another state, computed from the day and never stored.
    pub then: Option<(After, usize)>,
}

/// When a state is over by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// So many days after the step that led to it.
    Days(i64),
    /// After the day that a fact names, which is itself included.
    Day(String),
}

/// A number that follows from another by steps: the floor area that so many persons may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    pub name: String,
    pub label: Sentence,
    /// The number it follows from.
    pub of: String,
    /// From which number on, what it is there, and what each one adds.
    pub steps: Vec<(i64, i64, i64)>,
}

impl Scale {
    /// The number for a number; nothing below the first step.
    pub fn at(&self, number: i64) -> Option<i64> {
        let step = self
            .steps
            .iter()
            .filter(|step| step.0 <= number)
            .max_by_key(|step| step.0)?;
        step.2.checked_mul(number)?.checked_add(step.1)
    }
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: String,
    pub label: Sentence,
    /// Any of these.
    pub who: Vec<Term>,
    /// The first that fits holds.
    pub moves: Vec<Move>,
    pub fields: Vec<Field>,
    pub refusals: Vec<Rule>,
    /// The projection of the thing that the event keeps: what was judged, so that a later change of it shows.
    pub binds: Option<u32>,
}

/// From where to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Nothing for any state.
    pub from: Option<Vec<usize>>,
    pub when: Vec<Term>,
    /// Nothing where the state stays.
    pub to: Option<usize>,
}

impl Move {
    /// It leads away from this state.
    pub fn is_from(&self, state: usize) -> bool {
        self.from.as_ref().is_none_or(|from| from.contains(&state))
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Text,
    Date,
    Number,
    Percent,
    Member,
    Choice,
    Photo,
    Signature,
    Link,
}

/// Which of several values written without knowing of each other holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// That of the event which stands first.
    Any,
    /// The earliest date; the other fields of that event go with it.
    Earliest,
}

/// Whether a field has to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Required {
    No,
    Yes,
    /// Missed in words, never refused.
    Wanted,
    When(Vec<Term>),
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub label: Sentence,
    pub holds: Holds,
    pub required: Required,
    /// It becomes a fact about the thing.
    pub keep: Option<Keep>,
    /// Of a signature the ways of signing that are taken; where a refusal to sign is enough, it is one of them.
    pub choices: Vec<(String, Sentence)>,
}

/// What is refused, and with which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub when: Vec<Term>,
    pub words: Sentence,
}

/// Two events that did not know of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Together {
    pub one: usize,
    pub other: usize,
    pub becomes: usize,
}

impl Procedure {
    /// One that this release does not know: what stands under it is open, and nothing can be done to it here.
    pub fn unknown(id: &str) -> Self {
        let state = State {
            name: String::new(),
            counts: Counts::Open,
            label: Sentence::new("要更新软件才能看", "Needs a newer release"),
            with: Vec::new(),
            then: None,
        };
        Self {
            id: id.to_owned(),
            title: Sentence::new("其他事项", "Another matter"),
            states: vec![state],
            ..Self::default()
        }
    }
    /// What does not hold of the things that it needs before it is begun: the key and what is so; nothing where all do.
    /// Something that is not known does not stand in the way of a condition that something is not so.
    pub fn hinders<'a>(&'a self, about: &'a BTreeMap<String, String>) -> Option<(&'a Sentence, &'a str)> {
        let value = |key: &String| about.get(key).map(String::as_str).unwrap_or_default();
        let failing = self.applies.iter().find_map(|term| {
            let (key, says) = match &term.atom {
                Atom::Has(key) => (key, !value(key).is_empty()),
                Atom::Is(key, values) => (key, values.iter().any(|one| one == value(key))),
                _ => return None,
            };
            (says == term.not).then_some(key)
        })?;
        Some((self.about.get(failing)?, value(failing)))
    }
    /// A kind of event by its name.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.events.iter().find(|kind| kind.name == name)
    }
    /// The place of a state.
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }
    /// A role by its name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
    /// The label of a field wherever it stands.
    pub fn field_label(&self, name: &str) -> Option<&Sentence> {
        let fields = self.events.iter().flat_map(|kind| &kind.fields);
        let of_field = fields.filter(|field| field.name == name).map(|field| &field.label);
        of_field.chain(self.about.get(name)).next()
    }
    /// A scale by its name.
    pub fn scale(&self, name: &str) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.name == name)
    }
    /// A number, or the number of a parameter.
    pub fn number(&self, written: &str) -> Option<i64> {
        let text = self.parameters.get(written).map_or(written, String::as_str);
        text.parse().ok()
    }
    /// What the conditions about an event read of the thing itself; it is written into the event.
    pub fn about_of<'a>(&'a self, kind: &'a Kind) -> Vec<&'a str> {
        let conditions = kind.moves.iter().map(|one| &one.when);
        let conditions = conditions.chain(kind.refusals.iter().map(|rule| &rule.when));
        let required = kind.fields.iter().filter_map(|field| match &field.required {
            Required::When(terms) => Some(terms),
            _ => None,
        });
        let terms = conditions.chain(required).chain([&kind.who]).flatten();
        let mut keys: Vec<&str> = terms.flat_map(|term| term.atom.keys()).collect();
        let under = keys.iter().filter_map(|key| self.scale(key));
        keys.extend(under.map(|scale| scale.of.as_str()).collect::<Vec<_>>());
        keys.retain(|key| self.about.contains_key(*key) && !kind.fields.iter().any(|field| field.name == *key));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
