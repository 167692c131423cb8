//! A record that is held elsewhere and put back: answers, instances, and what of a form is seen anew after an answer.

use super::order::{Mentioned, Order};
use super::{Filling, Shown};
use crate::form::definition::{Form, Kind, Part, Words};
use crate::form::expr::{self, Expr};
use crate::form::tree;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Filling<'a> {
    /// The nodes inside a node, in order; of the root the number is 0.
    pub fn inside(&self, node: u32) -> &[u32] {
        &self.trees[0].node(node).children
    }

    /// The name of a node.
    pub fn name_of(&self, node: u32) -> &str {
        &self.trees[0].node(node).name
    }

    /// What a node stands in; nothing for the root and for what was taken out.
    pub fn above(&self, node: u32) -> Option<u32> {
        self.trees[0].node(node).parent
    }

    /// Whether a node is one instance of a repeated part.
    pub fn is_instance(&self, node: u32) -> bool {
        self.trees[0].node(node).kind == tree::Kind::Repeat
    }

    /// Whether a node is a question.
    pub fn is_question(&self, node: u32) -> bool {
        matches!(self.trees[0].node(node).kind, tree::Kind::Answer(_))
    }

    /// Whether a node itself applies, whatever it stands in.
    pub fn applies_itself(&self, node: u32) -> bool {
        self.trees[0].node(node).applies
    }

    /// How many nodes the record ever had.
    pub fn count(&self) -> usize {
        self.trees[0].len()
    }

    /// A node as the form shows it.
    pub fn shown_as(&self, node: u32) -> Shown<'a> {
        let part = self.part(node);
        let instance = matches!(part.kind, Kind::Repeat(..)).then(|| self.number_of(node));
        Shown { part, node, instance }
    }

    /// The number of the part of a node, in the order of the form.
    pub fn part_number(&self, node: u32) -> usize {
        self.part_of[node as usize]
    }

    /// Puts a text where it was held; nothing follows before [`Filling::settle`].
    pub fn put(&mut self, node: u32, text: &str) {
        text.clone_into(&mut self.trees[0].node_mut(node).text);
        self.fresh.retain(|fresh| *fresh != node);
    }

    /// Adds an instance as it was held, at the end of the others; nothing follows before [`Filling::settle`].
    pub fn put_instance(&mut self, parent: u32, name: &str) -> Option<u32> {
        let within = self.parts_of(parent)?;
        let part = within.iter().find(|part| part.name == name)?;
        self.add_instance(parent, part)
    }

    /// Takes an instance out; nothing follows before [`Filling::settle`].
    pub fn take_instance(&mut self, node: u32) {
        self.trees[0].remove(node);
    }

    /// Makes everything anew that follows from what was put.
    pub fn settle(&mut self) {
        self.recompute(|_| true);
    }

    /// Puts texts back over what was calculated, and makes anew what follows from those that differ, these texts apart.
    pub fn put_over(&mut self, texts: &[(u32, &str)]) {
        let mut follow = BTreeSet::new();
        for (node, text) in texts {
            if self.text(*node) != *text {
                self.put(*node, text);
                follow.extend(self.order.followers(self.part_of[*node as usize]));
            }
        }
        for (node, _) in texts {
            follow.remove(&self.part_of[*node as usize]);
        }
        if !follow.is_empty() {
            self.recompute(|at| follow.contains(&at));
        }
    }

    /// What is seen anew after which answer.
    pub fn looks(&self) -> Looks {
        Looks::of(self.form, &self.order)
    }
}

/// For each part, those whose words, choices or conditions look at it.
#[derive(Debug, Default)]
pub struct Looks {
    /// By the name that is looked at.
    by_name: BTreeMap<String, BTreeSet<usize>>,
    /// Those that may look at anything.
    at_all: BTreeSet<usize>,
    names: Vec<String>,
}

impl Looks {
    fn of(form: &Form, order: &Order<'_>) -> Self {
        let mut looks = Self::default();
        for at in 0..order.count() {
            let Some(part) = order.part(at) else { continue };
            looks.names.push(part.name.clone());
            each_look(form, part, &mut |expr| {
                let mentioned = Mentioned::by(expr);
                if mentioned.anything {
                    looks.at_all.insert(at);
                }
                for name in mentioned.names {
                    looks.by_name.entry(name).or_default().insert(at);
                }
            });
        }
        looks
    }

    /// The parts that are seen anew when these changed, these included.
    pub fn after(&self, changed: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut seen = changed.clone();
        if !changed.is_empty() {
            seen.extend(&self.at_all);
        }
        let names = changed.iter().filter_map(|at| self.names.get(*at));
        seen.extend(names.filter_map(|name| self.by_name.get(name)).flatten());
        seen
    }
}

/// The expressions that say how a part looks, those in its words included.
fn each_look(form: &Form, part: &Part, visit: &mut impl FnMut(&Expr)) {
    let conditions = [&part.required, &part.constraint, &part.choice_filter, &part.readonly];
    conditions.into_iter().flatten().for_each(&mut *visit);
    let said: [&Words; 4] = [
        &part.label,
        &part.hint,
        &part.required_message,
        &part.constraint_message,
    ];
    let seed = part.parameters.get("seed").into_iter();
    let list = part.kind.list().and_then(|list| form.lists.get(list));
    let choices = list
        .iter()
        .flat_map(|list| list.choices.iter().flat_map(|one| one.label.values()));
    for text in seed
        .chain(choices)
        .chain(said.into_iter().flat_map(|words| words.values()))
    {
        let mut rest = text.as_str();
        while let Some(at) = rest.find("${") {
            let from = &rest[at..];
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            if let Ok(expr) = expr::parse(&from[..end]) {
                visit(&expr);
            }
            rest = &from[end..];
        }
    }
}
