//! What a record takes from the register and would give to it: answers that begin with what is known, whether the form
//! is offered at all, proposed problems, fields to be written. Nothing is written here.

use super::build::list_tree;
use super::{Filling, STEPS_MAX};
use crate::form::definition::{Form, Kind, List, Question};
use crate::form::eval::{Evaluation, Places, Surroundings};
use crate::form::expr::{Expr, Function};
use crate::form::filling::ROOT;
use crate::form::register::{LAST, asked_year, is_year, writable};
use crate::form::tree::Tree;
use crate::register::field::{Field, Type};
use std::collections::BTreeSet;

/// A problem that the form proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The node of the row that proposes it.
    pub node: u32,
    /// A code of the categories of problems.
    pub category: String,
    /// What the problem is called, with the answers in it.
    pub words: String,
}

/// A field of the register that an answer is to be written into.
#[derive(Clone, Debug)]
pub struct Update<'a> {
    /// The node of the question.
    pub node: u32,
    /// The field, of the household or of the person whom the form is about.
    pub field: &'static Field,
    /// Of a field that holds one value a year, the year.
    pub year: Option<String>,
    /// The answer, as a person would write it; several values of a set with spaces between them.
    pub text: &'a str,
}

/// Whether a form, with the rows of the register in its lists, is offered: its condition is true, or there is none. A
/// condition that gives nothing hides nothing.
pub fn is_offered(form: &Form, around: &dyn Surroundings) -> bool {
    let Some(relevant) = &form.relevant else {
        return true;
    };
    // Of the lists only those that it looks into: this is asked for every family.
    let (mut looked, mut any) = (BTreeSet::new(), false);
    relevant.walk(&mut |one| {
        if let Expr::Call(Function::Instance, arguments) = one {
            match arguments.first() {
                Some(Expr::Text(name)) => looked.extend(form.list_name(name)),
                _ => any = true,
            }
        }
    });
    let tree = |(name, list): (&String, &List)| match any || looked.contains(name.as_str()) {
        true => list_tree(list, form),
        false => Tree::new(ROOT),
    };
    let trees: Vec<Tree> = std::iter::once(Tree::new(ROOT))
        .chain(form.lists.iter().map(tree))
        .collect();
    let places = Places::new();
    let evaluation = Evaluation::new(&trees, &places, around, STEPS_MAX);
    evaluation.plain(relevant, 0).map_or(true, |value| value.truth())
}

impl<'a> Filling<'a> {
    /// Begins the answers that say so with what the register or the record before holds, and tells which were: they are
    /// shown as carried over until somebody taps them. What the question does not take is left out.
    pub fn prefill(&mut self) -> Vec<u32> {
        let form = self.form;
        let own = form
            .list(form.subject.list().file())
            .and_then(|list| list.choices.first());
        let mut carried = Vec::new();
        form.walk(&mut |part, above| {
            if part.prefill.is_empty() || above.iter().any(|one| matches!(one.kind, Kind::Repeat(..))) {
                return;
            }
            let text = match part.prefill.as_str() {
                LAST => self.around.last_saved(&part.name),
                key => own.and_then(|row| row.columns.get(key)).cloned(),
            };
            let at = self.order.at(part);
            let Some((text, node)) = text
                .filter(|text| !text.is_empty())
                .zip(self.nodes_of(at).first().copied())
            else {
                return;
            };
            let text = match &part.kind {
                Kind::Question(Question::SelectMultiple(choices)) => offered(form, &choices.list, &text),
                _ => text,
            };
            let before = self.text(node).to_owned();
            match self.answer(node, &text) {
                Ok(()) if text.is_empty() => {}
                Ok(()) => carried.push(node),
                Err(_) => drop(self.answer(node, &before)),
            }
        });
        carried
    }

    /// The problems that the answers propose, in the order of the form: of each row with a category that applies, and is
    /// answered where it is a question.
    pub fn proposals(&self, language: &str) -> Vec<Proposal> {
        let asked = |node: u32, kind: &Kind| match kind {
            Kind::Question(Question::Note) | Kind::Group(_) | Kind::Repeat(..) => true,
            Kind::Question(_) => !self.text(node).is_empty(),
        };
        self.all_applying()
            .into_iter()
            .filter(|one| !one.part.problem.is_empty() && asked(one.node, &one.part.kind))
            .map(|one| {
                let own = match one.part.problem_label.is_empty() {
                    true => &one.part.label,
                    false => &one.part.problem_label,
                };
                Proposal {
                    node: one.node,
                    category: one.part.problem.clone(),
                    words: self.say(own, language, one.node).trim().to_owned(),
                }
            })
            .collect()
    }

    /// The fields that the answers would be written into, in the order of the form; nothing for what does not apply, is
    /// not answered, or stands in the way.
    pub fn updates(&self) -> Vec<Update<'_>> {
        let mut updates = Vec::new();
        for one in self.all_applying() {
            let text = self.text(one.node);
            if one.part.save_to.is_empty() || text.is_empty() || self.judge(one.node).is_some() {
                continue;
            }
            let Ok((field, year)) = writable(self.form.subject, &one.part.save_to) else {
                continue;
            };
            let year = match year {
                Some(year) => match asked_year(year).map_or(Some(year), |name| self.text_named(name)) {
                    Some(year) if is_year(year) => Some(year.to_owned()),
                    // Whoever has not said the year says nothing for the register.
                    _ => continue,
                },
                None if field.variable() == Some("year") => Some(self.around.now().format("%Y", false)),
                None => None,
            };
            updates.push(Update {
                node: one.node,
                field,
                year,
                text,
            });
        }
        updates
    }

    /// The answer to a question that stands in no repeated part.
    fn text_named(&self, name: &str) -> Option<&str> {
        let mut at = None;
        self.form.walk(&mut |part, _| {
            if part.name == name {
                at = Some(self.order.at(part));
            }
        });
        self.nodes_of(at?).first().map(|node| self.text(*node))
    }
}

/// Those of several values that a list has: a question may ask for some of the values of a field.
fn offered(form: &Form, list: &str, text: &str) -> String {
    let has = |value: &&str| {
        let list = form.list(list);
        list.is_some_and(|list| list.choices.iter().any(|choice| choice.value == *value))
    };
    text.split_whitespace().filter(has).collect::<Vec<_>>().join(" ")
}

impl Update<'_> {
    /// The stored key; of a set, `value` is the one that is meant.
    pub fn key(&self, value: &str) -> String {
        self.field.key(self.year.as_deref().unwrap_or(value))
    }

    /// The values to be written, as a person would write each: of a set one for each that is chosen.
    pub fn values(&self) -> Vec<&str> {
        match self.field.kind {
            Type::Set(_) => self.text.split_whitespace().collect(),
            _ => vec![self.text],
        }
    }
}
