//! A form while it is filled in: the answers so far, what applies, what is calculated, which answers cannot be. An
//! answer recomputes only what follows from it.

mod answer;
mod order;

use super::definition::{Default, Form, Kind, Meta, Part, Question};
use super::eval::{EvalError, Evaluation, Places, STEPS_MAX, Surroundings};
use super::tree::{self, NodeRef, Reading, Tree};
use super::value::Plain;
use order::Order;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use answer::AnswerFault;

/// Instances of one repeated part.
pub const REPEATS_MAX: usize = 200;
/// Nodes of one record, over all it ever had.
pub const NODES_MAX: usize = 200_000;

/// What stands in the way of an answer, or of the record as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Not what the question asks for.
    Answer(AnswerFault),
    /// The form's own condition does not hold; its words are the form's.
    Constraint,
    /// Nothing was answered where something has to be.
    Required,
    /// An expression of the form gives nothing.
    Expression(EvalError),
}

/// A part of the form in the record, in the order of the form.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub part: &'a Part,
    pub node: u32,
    /// The number of the instance, from 1, of a repeated part.
    pub instance: Option<usize>,
}

/// A form while it is filled in.
pub struct Filling<'a> {
    form: &'a Form,
    around: &'a dyn Surroundings,
    /// The answers, then the lists of choices.
    trees: Vec<Tree>,
    places: Places,
    order: Order<'a>,
    /// Which part each node is an instance of.
    part_of: Vec<usize>,
    troubles: BTreeMap<u32, Trouble>,
    /// Steps that are left for what follows from the present answer.
    steps: Cell<u32>,
}

impl<'a> Filling<'a> {
    /// Begins a record: defaults, one instance of each repeated part whose number is not computed, all calculations.
    pub fn begin(form: &'a Form, around: &'a dyn Surroundings) -> Self {
        let order = Order::of(form);
        let mut filling = Self {
            form,
            around,
            trees: vec![Tree::new("data")],
            places: places(form),
            part_of: vec![usize::MAX],
            troubles: BTreeMap::new(),
            steps: Cell::new(STEPS_MAX),
            order,
        };
        filling
            .trees
            .extend(form.lists.values().map(|list| list_tree(list, form)));
        filling.add_parts(0, &form.parts);
        filling.recompute(|_| true);
        filling
    }

    /// The tree of a list of choices, by the order of the lists.
    pub fn list(form: &Form, name: &str) -> Option<NodeRef> {
        let name = form.lists.contains_key(name).then_some(name);
        let at = form.lists.keys().position(|list| Some(list.as_str()) == name)?;
        Some(NodeRef {
            tree: at as u32 + 1,
            node: 0,
        })
    }

    fn add_parts(&mut self, parent: u32, parts: &'a [Part]) {
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
        let at = self.order.at(&part.name);
        // Behind the other instances, before what comes next in the form.
        let children = &self.trees[0].node(parent).children;
        let place = children.partition_point(|child| self.part_of[*child as usize] <= at);
        self.part_of.push(at);
        self.trees[0].insert(parent, place, &part.name, kind)
    }

    fn add_instance(&mut self, parent: u32, part: &'a Part) -> Option<u32> {
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

    fn instances(&self, parent: u32, name: &str) -> Vec<u32> {
        let tree = &self.trees[0];
        let children = tree.node(parent).children.iter().copied();
        children
            .filter(|child| tree.node(*child).name.as_ref() == name)
            .collect()
    }

    fn set_default(&mut self, node: u32, part: &Part) {
        let text = match (&part.default, &part.kind) {
            (Some(Default::Text(text)), _) => text.clone(),
            (Some(Default::Computed(expr)), _) => match self.evaluation().plain(expr, node) {
                Ok(value) => answer_text(&value),
                Err(error) => {
                    self.troubles.insert(node, Trouble::Expression(error));
                    String::new()
                }
            },
            (None, Kind::Question(Question::Meta(Meta::Start))) => self.around.now().to_string(),
            (None, Kind::Question(Question::Meta(Meta::Today))) => self.around.now().format("%Y-%m-%d", false),
            _ => String::new(),
        };
        self.trees[0].node_mut(node).text = text;
    }

    fn evaluation(&self) -> Evaluation<'_> {
        Evaluation::new(&self.trees, &self.places, self.around, self.steps.get())
    }

    /// Writes an answer; an empty one takes it back. What follows from it is recomputed.
    ///
    /// # Errors
    /// What is wrong with the answer. It stays written, so that the person can mend it; a record with it is not complete.
    pub fn answer(&mut self, node: u32, text: &str) -> Result<(), Trouble> {
        let part = self.part(node);
        self.trees[0].node_mut(node).text = text.to_owned();
        let follow = self.order.followers(&part.name);
        self.recompute(|at| follow.contains(&at));
        match self.judge(node) {
            Some(trouble) => Err(trouble),
            None => Ok(()),
        }
    }

    /// Adds an instance of a repeated part at the end of the others; nothing beyond the limit.
    pub fn add_repeat(&mut self, parent: u32, name: &str) -> Option<u32> {
        let part = self.order.part(self.order.at(name))?;
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
            follow.insert(self.order.at(&inside.name));
            follow.extend(self.order.followers(&inside.name));
        });
        self.recompute(|at| follow.contains(&at));
    }

    /// The part of a node.
    pub fn part(&self, node: u32) -> &'a Part {
        let at = self.part_of[node as usize];
        self.order.part(at).expect("every node but the root is of a part")
    }

    /// Makes anew what the chosen parts say of themselves, each after all that it follows from.
    fn recompute(&mut self, chosen: impl Fn(usize) -> bool) {
        self.steps.set(STEPS_MAX);
        for at in self.order.all() {
            if !chosen(at) {
                continue;
            }
            let Some(part) = self.order.part(at) else { continue };
            let nodes = self.nodes_of(at);
            for node in nodes.iter().copied() {
                self.compute(part, node);
            }
            if let Kind::Repeat(_, Some(_)) = &part.kind {
                self.fit_count(part);
            }
        }
        // What is only looked at has its own.
        self.steps.set(STEPS_MAX);
    }

    /// All nodes of a part that are in the record, in its order.
    fn nodes_of(&self, at: usize) -> Vec<u32> {
        let Some(place) = self.order.part(at).and_then(|part| self.places.get(&part.name)) else {
            return Vec::new();
        };
        let tree = &self.trees[0];
        place.iter().skip(1).fold(vec![0], |nodes, name| {
            let children = nodes.iter().flat_map(|node| tree.node(*node).children.iter().copied());
            children.filter(|child| tree.node(*child).name == *name).collect()
        })
    }

    fn compute(&mut self, part: &'a Part, node: u32) {
        let evaluation = self.evaluation();
        let applies = part.relevant.as_ref().map(|relevant| evaluation.plain(relevant, node));
        let waits = !part.triggers.is_empty();
        let calculated = part
            .calculation
            .as_ref()
            .filter(|_| !waits)
            .map(|expr| evaluation.plain(expr, node));
        self.steps.set(evaluation.left());
        let mut trouble = None;
        if let Some(applies) = applies {
            match applies {
                Ok(value) => self.trees[0].node_mut(node).applies = value.truth(),
                // A condition that gives nothing hides nothing.
                Err(error) => trouble = Some(Trouble::Expression(error)),
            }
        }
        match calculated {
            Some(Ok(value)) => self.trees[0].node_mut(node).text = answer_text(&value),
            Some(Err(error)) => trouble = Some(Trouble::Expression(error)),
            None => {}
        }
        match trouble {
            Some(trouble) => drop(self.troubles.insert(node, trouble)),
            None => drop(self.troubles.remove(&node)),
        }
    }

    /// As many instances as are computed: the last ones go, new ones come at the end.
    fn fit_count(&mut self, part: &'a Part) {
        let Kind::Repeat(_, Some(count)) = &part.kind else {
            return;
        };
        let place = &self.places[&part.name];
        let above = place.len().checked_sub(2).and_then(|above| place.get(above)).cloned();
        let parents = match above.filter(|_| place.len() > 2) {
            None => vec![0],
            Some(name) => self.nodes_of(self.order.at(&name)),
        };
        for parent in parents {
            let Ok(wanted) = self.evaluation().plain(count, parent) else {
                continue;
            };
            let wanted = wanted.number();
            let wanted = if wanted > 0.0 {
                (wanted as usize).min(REPEATS_MAX)
            } else {
                0
            };
            let there = self.instances(parent, &part.name);
            for extra in there.iter().skip(wanted) {
                self.trees[0].remove(*extra);
            }
            for _ in there.len()..wanted {
                self.add_instance(parent, part);
            }
        }
    }

    /// What stands in the way of an answer, if something does.
    pub fn judge(&self, node: u32) -> Option<Trouble> {
        let part = self.part(node);
        let Kind::Question(question) = &part.kind else {
            return self.troubles.get(&node).cloned();
        };
        if !self.trees[0].applies(node) {
            return None;
        }
        if let Some(trouble) = self.troubles.get(&node) {
            return Some(trouble.clone());
        }
        let text = self.trees[0].node(node).text.as_str();
        if text.is_empty() {
            return None;
        }
        if let Err(fault) = answer::check(question, text, |value| self.may_choose(part, node, value)) {
            return Some(Trouble::Answer(fault));
        }
        match part
            .constraint
            .as_ref()
            .map(|constraint| self.evaluation().plain(constraint, node))
        {
            None => None,
            Some(Ok(value)) => (!value.truth()).then_some(Trouble::Constraint),
            Some(Err(error)) => Some(Trouble::Expression(error)),
        }
    }

    /// Whether something has to be answered.
    pub fn is_required(&self, node: u32) -> bool {
        let part = self.part(node);
        let required = part.required.as_ref();
        required.is_some_and(|required| self.evaluation().plain(required, node).is_ok_and(|value| value.truth()))
    }

    /// Everything that stands in the way of a complete record, in the order of the form.
    pub fn troubles(&self) -> Vec<(Shown<'a>, Trouble)> {
        let mut troubles = Vec::new();
        for shown in self.shown() {
            let is_question = matches!(shown.part.kind, Kind::Question(_));
            let is_empty = self.text(shown.node).is_empty();
            let trouble = match self.judge(shown.node) {
                None if is_question && is_empty && self.is_required(shown.node) => Some(Trouble::Required),
                trouble => trouble,
            };
            troubles.extend(trouble.map(|trouble| (shown, trouble)));
        }
        troubles
    }

    /// Every part that applies, in the order of the form, groups before what is inside them. Questions that nobody sees
    /// are not among them.
    pub fn shown(&self) -> Vec<Shown<'a>> {
        let mut shown = Vec::new();
        let mut waiting: Vec<u32> = self.trees[0].node(0).children.iter().rev().copied().collect();
        while let Some(node) = waiting.pop() {
            let at = self.trees[0].node(node);
            if !at.applies {
                continue;
            }
            let part = self.part(node);
            let hidden = matches!(
                part.kind,
                Kind::Question(Question::Calculate | Question::Hidden | Question::Meta(_))
            );
            if hidden {
                continue;
            }
            let instance = matches!(part.kind, Kind::Repeat(..)).then(|| self.number_of(node));
            shown.push(Shown { part, node, instance });
            waiting.extend(at.children.iter().rev());
        }
        shown
    }

    fn number_of(&self, node: u32) -> usize {
        let parent = self.trees[0].node(node).parent.unwrap_or_default();
        let same = self.instances(parent, &self.trees[0].node(node).name);
        same.iter().position(|one| *one == node).map_or(0, |at| at + 1)
    }

    /// The answer as stored.
    pub fn text(&self, node: u32) -> &str {
        &self.trees[0].node(node).text
    }

    /// The choices of a question that its filter lets through, by their places in the list.
    pub fn choices(&self, node: u32) -> Vec<usize> {
        let part = self.part(node);
        let Some((list, top)) = list_of(part).and_then(|name| Some((name, Self::list(self.form, name)?))) else {
            return Vec::new();
        };
        let count = self.form.lists[list].choices.len();
        let Some(filter) = &part.choice_filter else {
            return (0..count).collect();
        };
        // The root of the list is the first child, its items are the choices.
        let items = self.trees[top.tree as usize].node(1).children.clone();
        let kept = self
            .evaluation()
            .kept(filter, node, top.tree, &items)
            .unwrap_or_default();
        let mut kept = kept.into_iter().peekable();
        let place = |index: &usize| kept.next_if_eq(&items[*index]).is_some();
        let mut place = place;
        (0..count).filter(|index| place(index)).collect()
    }

    fn may_choose(&self, part: &Part, node: u32, value: &str) -> bool {
        let Some(list) = list_of(part).and_then(|name| self.form.lists.get(name)) else {
            return false;
        };
        match &part.choice_filter {
            None => list.choices.iter().any(|choice| choice.value == value),
            Some(_) => self
                .choices(node)
                .into_iter()
                .any(|index| list.choices[index].value == value),
        }
    }

    /// Words with the values of what they mention in them.
    pub fn say(&self, words: &super::definition::Words, language: &str, node: u32) -> String {
        let text = self.form.words(words, language);
        let mut said = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            said += before;
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            let value = super::expr::parse(&from[..end])
                .ok()
                .and_then(|expr| self.evaluation().plain(&expr, node).ok());
            match value {
                Some(value) => said += &value.text(),
                None => said += &from[..end],
            }
            rest = &from[end..];
        }
        said + rest
    }

    /// Every question with an answer, by its place: `house/leaks`, `member[2]/age`.
    pub fn record(&self) -> BTreeMap<String, String> {
        let mut record = BTreeMap::new();
        let mut waiting: Vec<(u32, String)> = vec![(0, String::new())];
        while let Some((node, place)) = waiting.pop() {
            for child in &self.trees[0].node(node).children {
                let at = self.trees[0].node(*child);
                let number = match at.kind {
                    tree::Kind::Repeat => format!("[{}]", self.number_of(*child)),
                    _ => String::new(),
                };
                let here = format!("{place}{}{number}", at.name);
                match at.kind {
                    tree::Kind::Answer(_) if !at.text.is_empty() => drop(record.insert(here, at.text.clone())),
                    tree::Kind::Answer(_) => {}
                    _ => waiting.push((*child, format!("{here}/"))),
                }
            }
        }
        record
    }

    /// The node at a place as `record` writes it, or under the name of a question alone.
    pub fn node_at(&self, place: &str) -> Option<u32> {
        let tree = &self.trees[0];
        let names: Vec<&str> = match self.places.get(place) {
            Some(full) => full.iter().skip(1).map(|name| name.as_ref()).collect(),
            None => place.split('/').collect(),
        };
        names.into_iter().try_fold(0, |node, part| {
            let (name, number) = match part.split_once('[') {
                Some((name, number)) => (name, number.strip_suffix(']')?.parse::<usize>().ok()?),
                None => (part, 1),
            };
            let children = tree.node(node).children.iter().copied();
            children
                .filter(|child| tree.node(*child).name.as_ref() == name)
                .nth(number.checked_sub(1)?)
        })
    }
}

/// As stored: what is no number is nothing.
fn answer_text(value: &Plain) -> String {
    match value.is_empty() {
        true => String::new(),
        false => value.text(),
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

fn list_of(part: &Part) -> Option<&str> {
    match &part.kind {
        Kind::Question(Question::SelectOne(choices) | Question::SelectMultiple(choices) | Question::Rank(choices)) => {
            Some(&choices.list)
        }
        _ => None,
    }
}

fn each<'a>(part: &'a Part, visit: &mut impl FnMut(&'a Part)) {
    visit(part);
    if let Kind::Group(inside) | Kind::Repeat(inside, _) = &part.kind {
        inside.iter().for_each(|one| each(one, visit));
    }
}

fn places(form: &Form) -> Places {
    let mut places = Places::new();
    form.walk(&mut |part, above| {
        let names = above.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
        let place = std::iter::once("data").chain(names).map(Rc::from).collect();
        places.insert(part.name.clone(), place);
    });
    places
}

/// A list as expressions see it: `root`, in it one `item` for each choice with its columns.
fn list_tree(list: &super::definition::List, form: &Form) -> Tree {
    let mut tree = Tree::new("instance");
    let root = tree.add(0, "root", tree::Kind::Group);
    for choice in &list.choices {
        let item = tree.add(root, "item", tree::Kind::Group);
        let label = form.words(&choice.label, &form.default_language);
        let further = choice.columns.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let own = [("name", choice.value.as_str()), ("label", label)];
        for (name, text) in own
            .into_iter()
            .chain(further.filter(|(name, _)| !matches!(*name, "name" | "label")))
        {
            let cell = tree.add(item, name, tree::Kind::Answer(Reading::Text));
            tree.node_mut(cell).text = text.to_owned();
        }
    }
    tree
}

#[cfg(test)]
mod tests;
