//! The open form as a record or a draft holds it: answers by place, instances, what is carried over.

use super::{Fill, photos};
use crate::base::scalar::Scalar;
use crate::doc::Record;
use crate::form::definition::{Form, Kind, Part, Question};
use crate::form::eval::LAST_SAVED;
use crate::form::expr::{Expr, Function, Path, Start};
use crate::form::register::BuiltIn;
use std::collections::{BTreeMap, BTreeSet};

// The beginnings of the keys of a record: a stored format.

/// What a person answered.
pub const ANSWER: &str = "answer";
/// What was calculated or noted by the phone.
pub const MADE: &str = "made";
/// An instance that is there.
pub const INSTANCE: &str = "instance";
/// An answer that was carried over.
pub const KEPT: &str = "kept";

/// All that is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::client) struct Snapshot {
    pub texts: BTreeMap<String, String>,
    /// The places of instances whose number is not computed.
    pub instances: BTreeSet<String>,
    pub kept: BTreeSet<String>,
}

impl Snapshot {
    /// As a record holds it.
    pub fn of(record: &Record) -> Self {
        let mut held = Self::default();
        for prefix in [MADE, ANSWER] {
            let texts = record
                .under(prefix)
                .filter_map(|(place, live)| Some((place, live.first()?)));
            for (place, live) in texts {
                let text = live.value.to_text();
                match photos::place_of(place) {
                    Some((question, photo)) if !text.is_empty() => {
                        photos::add(held.texts.entry(question.to_owned()).or_default(), photo, &text);
                    }
                    Some(_) => {}
                    None => drop(held.texts.insert(place.to_owned(), text)),
                }
            }
        }
        held.instances = record.set(INSTANCE).into_iter().collect();
        held.kept = record.set(KEPT).into_iter().collect();
        held
    }
}

/// Under which beginning the answer to a part is stored; nothing where it follows from the other answers, or where there
/// is none to give.
pub(in crate::client) fn stored_as(form: &Form, part: &Part) -> Option<&'static str> {
    let Kind::Question(question) = &part.kind else {
        return None;
    };
    let calculated = part.calculation.as_ref().filter(|_| part.triggers.is_empty());
    match (question, calculated) {
        (Question::Note, None) => None,
        (_, Some(calculation)) if part.is_silent() || matches!(question, Question::Note) => {
            looks_outside(form, calculation).then_some(MADE)
        }
        _ if part.is_silent() => Some(MADE),
        _ => Some(ANSWER),
    }
}

/// Whether an expression gives something else when it is made again elsewhere or another day.
fn looks_outside(form: &Form, expr: &Expr) -> bool {
    let mut outside = says_last(expr);
    expr.walk(&mut |one| {
        let Expr::Call(function, arguments) = one else { return };
        outside |= match function {
            Function::Today | Function::Now | Function::Random | Function::Uuid | Function::Once => true,
            Function::PullData | Function::Instance => match arguments.first() {
                Some(Expr::Text(name)) => BuiltIn::named(name).is_some_and(|list| form.built_in.contains(&list)),
                _ => true,
            },
            _ => false,
        };
    });
    outside
}

/// Whether an expression looks at the record before.
pub(super) fn says_last(expr: &Expr) -> bool {
    let mut last = false;
    expr.walk(&mut |one| {
        let start = match one {
            Expr::Path(Path {
                start: Start::Question(name),
                ..
            }) => name,
            _ => return,
        };
        last |= start.starts_with(LAST_SAVED);
    });
    last
}

impl Fill {
    /// All that is held of the open form.
    pub(in crate::client) fn snapshot(&self) -> Snapshot {
        let filling = self.filling();
        let mut held = Snapshot {
            texts: self.stash.clone(),
            ..Snapshot::default()
        };
        for node in self.nodes() {
            let part = filling.part(node);
            let counted = matches!(part.kind, Kind::Repeat(_, Some(_)));
            if filling.is_instance(node) && !counted {
                held.instances.insert(self.place_of(node));
            } else if stored_as(self.form(), part).is_some() && !filling.text(node).is_empty() {
                held.texts.insert(self.place_of(node), filling.text(node).to_owned());
            }
        }
        held.kept = self.kept.iter().map(|node| self.place_of(*node)).collect();
        held
    }

    /// What a record of it holds, by stored key.
    pub(in crate::client) fn stored(&self) -> BTreeMap<String, Scalar> {
        let filling = self.filling();
        let mut stored = BTreeMap::new();
        for node in self.nodes() {
            let part = filling.part(node);
            let text = filling.text(node);
            if filling.is_instance(node) {
                if !matches!(part.kind, Kind::Repeat(_, Some(_))) {
                    stored.insert(format!("{INSTANCE}/{}", self.place_of(node)), 1.into());
                }
            } else if photos::takes(part) {
                let place = self.place_of(node);
                stored.extend(photos::keys(&place, text).map(|(key, value)| (key, value.into())));
            } else if let Some(prefix) = stored_as(self.form(), part).filter(|_| !text.is_empty()) {
                stored.insert(format!("{prefix}/{}", self.place_of(node)), text.into());
            }
        }
        for node in self.kept.iter().filter(|node| !filling.text(**node).is_empty()) {
            stored.insert(format!("{KEPT}/{}", self.place_of(*node)), 1.into());
        }
        stored
    }

    /// The places whose answers somebody gave since the form was opened.
    pub(in crate::client) fn tapped(&self) -> BTreeSet<String> {
        self.tapped.iter().map(|node| self.place_of(*node)).collect()
    }

    /// Puts everything back as it was held. What is held and has no place now waits for its place.
    pub(super) fn put_back(&mut self, held: &Snapshot) {
        self.take_begun(0);
        for place in &held.instances {
            let mut steps: Vec<&str> = place.split('/').collect();
            let id = steps.pop().and_then(|id| id.parse().ok());
            let name = steps.pop().unwrap_or_default();
            let parent = self.node_at(&steps.join("/"));
            if let (Some(id), Some(parent)) = (id, parent)
                && let Some(node) = self
                    .filled
                    .with_dependent_mut(|_, filling| filling.put_instance(parent, name))
            {
                self.ids.insert(node, id);
                self.take_begun(node);
            }
        }
        let filling = self.filling();
        let answers = self.questions().filter(|node| {
            let part = filling.part(*node);
            stored_as(self.form(), part) == Some(ANSWER) || part.calculation.is_none()
        });
        let emptied: Vec<u32> = answers
            .filter(|node| !matches!(filling.part(*node).kind, Kind::Question(Question::Note)))
            .collect();
        self.filled
            .with_dependent_mut(|_, filling| emptied.iter().for_each(|node| filling.put(*node, "")));
        let (mut put, mut stash) = (Vec::new(), BTreeMap::new());
        for (place, text) in &held.texts {
            match self.node_at(place) {
                Some(node) => put.push((node, text.as_str())),
                None => drop(stash.insert(place.clone(), text.clone())),
            }
        }
        self.filled.with_dependent_mut(|_, filling| {
            put.iter().for_each(|(node, text)| filling.put(*node, text));
            filling.settle();
        });
        self.stash = stash;
        self.name_instances();
        let texts: Vec<(u32, &str)> = held
            .texts
            .iter()
            .filter_map(|(place, text)| Some((self.node_at(place)?, text.as_str())))
            .collect();
        self.filled.with_dependent_mut(|_, filling| filling.put_over(&texts));
        self.name_instances();
        self.kept = held.kept.iter().filter_map(|place| self.node_at(place)).collect();
    }

    /// Takes the instances out that a form begins with where their number is not computed.
    fn take_begun(&mut self, within: u32) {
        let filling = self.filling();
        let mut begun = Vec::new();
        let mut waiting = filling.inside(within).to_vec();
        while let Some(node) = waiting.pop() {
            let free = matches!(filling.part(node).kind, Kind::Repeat(_, None));
            if free && !self.ids.contains_key(&node) {
                begun.push(node);
            } else {
                waiting.extend(filling.inside(node));
            }
        }
        self.filled
            .with_dependent_mut(|_, filling| begun.iter().for_each(|node| filling.take_instance(*node)));
    }
}
