//! How a record is put together: nodes for the parts of a form, defaults, instances of repeated parts.

use super::{Filling, NODES_MAX, REPEATS_MAX, ROOT, Trouble, stored};
use crate::form::definition::{Default, Form, Kind, List, Meta, Part, Question};
use crate::form::eval::Places;
use crate::form::expr::Expr;
use crate::form::tree::{self, NodeRef, Reading, Tree};
use std::collections::BTreeSet;
use std::rc::Rc;

impl<'a> Filling<'a> {
    /// The tree of a list of choices, by the order of the lists.
    pub fn list(form: &Form, name: &str) -> Option<NodeRef> {
        let name = form.list_name(name)?;
        let at = form.lists.keys().position(|list| list == name)?;
        Some(NodeRef {
            tree: at as u32 + 1,
            node: 0,
        })
    }

    pub(super) fn add_parts(&mut self, parent: u32, parts: &'a [Part]) {
        for part in parts {
            match &part.kind {
                Kind::Repeat(_, None) => drop(self.add_instance(parent, part)),
                Kind::Repeat(_, Some(_)) => {}
                Kind::Group(inside) => {
                    let node = self.add(parent, part, tree::Kind::Group);
                    self.add_parts(node, inside);
                }
                Kind::Question(question) => {
                    let node = self.add(parent, part, tree::Kind::Answer(reading(question)));
                    self.set_default(node, part);
                }
            }
        }
    }

    fn add(&mut self, parent: u32, part: &Part, kind: tree::Kind) -> u32 {
        let at = self.order.at(part);
        let place = self.place_among(parent, at);
        self.part_of.push(at);
        self.trees[0].insert(parent, place, &part.name, kind)
    }

    /// Behind the other instances, before what comes next in the form.
    fn place_among(&self, parent: u32, at: usize) -> usize {
        let children = &self.trees[0].node(parent).children;
        children.partition_point(|child| self.part_of[*child as usize] <= at)
    }

    /// What stands in a group, an instance, or the record itself.
    pub fn parts_of(&self, parent: u32) -> Option<&'a [Part]> {
        match parent {
            0 => Some(&self.form.parts),
            parent => match &self.part(parent).kind {
                Kind::Group(inside) | Kind::Repeat(inside, _) => Some(inside),
                Kind::Question(_) => None,
            },
        }
    }

    pub(super) fn add_instance(&mut self, parent: u32, part: &'a Part) -> Option<u32> {
        let Kind::Repeat(inside, _) = &part.kind else {
            return None;
        };
        if self.instances(parent, &part.name).len() >= REPEATS_MAX || self.trees[0].len() >= NODES_MAX {
            return None;
        }
        let node = self.add(parent, part, tree::Kind::Repeat);
        self.add_parts(node, inside);
        Some(node)
    }

    /// The instances of a repeated part within another node.
    pub fn instances(&self, parent: u32, name: &str) -> Vec<u32> {
        let tree = &self.trees[0];
        let children = tree.node(parent).children.iter().copied();
        children
            .filter(|child| tree.node(*child).name.as_ref() == name)
            .collect()
    }

    fn set_default(&mut self, node: u32, part: &Part) {
        let text = match (&part.default, &part.kind) {
            (Some(Default::Text(text)), _) => text.clone(),
            (Some(Default::Computed(_)), _) => {
                self.fresh.push(node);
                String::new()
            }
            (None, Kind::Question(Question::Meta(Meta::Start))) => self.around.now().to_string(),
            (None, Kind::Question(Question::Meta(Meta::Today))) => self.around.now().format("%Y-%m-%d", false),
            _ => String::new(),
        };
        self.trees[0].node_mut(node).text = text;
    }

    pub(super) fn compute_default(&mut self, node: u32) {
        let part = self.part(node);
        let Some(Default::Computed(expr)) = &part.default else {
            return;
        };
        match self.plain(expr, node) {
            Ok(value) => self.trees[0].node_mut(node).text = stored(part, &value),
            Err(error) => drop(self.troubles.insert(node, Trouble::Expression(error))),
        }
    }

    /// Adds an instance of a repeated part at the end of the others; nothing beyond the limit.
    pub fn add_repeat(&mut self, parent: u32, name: &str) -> Option<u32> {
        let within = self.parts_of(parent)?;
        let part = within.iter().find(|part| part.name == name)?;
        let node = self.add_instance(parent, part)?;
        self.recompute_below(part);
        Some(node)
    }

    /// Takes an instance out, with its answers.
    pub fn remove_repeat(&mut self, node: u32) {
        let part = self.part(node);
        self.trees[0].remove(node);
        self.recompute_below(part);
    }

    /// What follows from a part or from anything inside it.
    fn recompute_below(&mut self, part: &'a Part) {
        let mut follow = BTreeSet::new();
        each(part, &mut |inside| {
            let at = self.order.at(inside);
            follow.insert(at);
            if follow.len() < self.order.count() {
                follow.extend(self.order.followers(at));
            }
        });
        self.recompute(|at| follow.contains(&at));
    }

    /// The part of a node.
    ///
    /// # Panics
    /// For the root, which is of no part.
    pub fn part(&self, node: u32) -> &'a Part {
        let at = self.part_of[node as usize];
        self.order.part(at).expect("every node but the root is of a part")
    }

    /// As many instances as are computed. The last ones are put aside, and come back as they were.
    pub(super) fn fit_count(&mut self, at: usize, part: &'a Part, count: &Expr) {
        let parents = match self.order.above(at) {
            None => vec![0],
            Some(above) => self.nodes_of(above),
        };
        for parent in parents {
            let wanted = match self.plain(count, parent) {
                Ok(wanted) => wanted.number(),
                Err(error) => {
                    if parent != 0 {
                        self.troubles.insert(parent, Trouble::Expression(error));
                    }
                    continue;
                }
            };
            let wanted = if wanted > 0.0 {
                (wanted as usize).min(REPEATS_MAX)
            } else {
                0
            };
            let there = self.instances(parent, &part.name);
            for extra in there.iter().skip(wanted).rev() {
                self.trees[0].remove(*extra);
                self.aside.entry((parent, at)).or_default().push(*extra);
            }
            for _ in there.len()..wanted {
                match self.aside.get_mut(&(parent, at)).and_then(Vec::pop) {
                    Some(back) => {
                        let place = self.place_among(parent, at);
                        self.trees[0].put_back(back, parent, place);
                    }
                    None => drop(self.add_instance(parent, part)),
                }
            }
        }
    }
}

fn reading(question: &Question) -> Reading {
    match question {
        Question::Integer | Question::Decimal | Question::Range(_) => Reading::Number,
        Question::Date | Question::Meta(Meta::Today) => Reading::Day,
        Question::DateTime | Question::Meta(Meta::Start | Meta::End) => Reading::Moment,
        _ => Reading::Text,
    }
}

fn each<'a>(part: &'a Part, visit: &mut impl FnMut(&'a Part)) {
    visit(part);
    if let Kind::Group(inside) | Kind::Repeat(inside, _) = &part.kind {
        inside.iter().for_each(|one| each(one, visit));
    }
}

/// Where each name leads; of a name that stands in several groups, the first.
pub(super) fn places(form: &Form) -> Places {
    let mut places = Places::new();
    form.walk(&mut |part, above| {
        let names = above.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
        let place = || std::iter::once(ROOT).chain(names).map(Rc::from).collect();
        places.entry(part.name.clone()).or_insert_with(place);
    });
    places
}

/// A list as expressions see it: `root`, in it one `item` for each choice with its columns.
pub(super) fn list_tree(list: &List, form: &Form) -> Tree {
    let mut tree = Tree::new("instance");
    let root = tree.add(0, "root", tree::Kind::Group);
    for choice in &list.choices {
        let item = tree.add(root, "item", tree::Kind::Group);
        let label = form.words(&choice.label, &form.default_language);
        let own = [("name", choice.value.as_str()), ("label", label)];
        let own = own.into_iter().filter(|(name, _)| !choice.columns.contains_key(*name));
        let columns = choice.columns.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in own.chain(columns) {
            let cell = tree.add(item, name, tree::Kind::Answer(Reading::Text));
            tree.node_mut(cell).text = text.to_owned();
        }
    }
    tree
}
