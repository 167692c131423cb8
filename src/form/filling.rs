//! A form while it is filled in: the answers so far, what applies, what is calculated, which answers cannot be. An
//! answer recomputes only what follows from it.

mod answer;
mod build;
mod held;
mod look;
mod order;
mod register;
mod words;

use super::definition::{Form, Kind, Part, Question};
use super::eval::{EvalError, Evaluation, Places, STEPS_MAX, Surroundings};
use super::expr::Expr;
use super::moment::Moment;
use super::tree::Tree;
use super::value::Plain;
use order::Order;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

pub use answer::AnswerFault;
pub use held::Looks;
pub use register::{Proposal, Update, is_offered};

/// The name of the root of every record.
pub const ROOT: &str = "data";
/// Instances of one repeated part.
pub const REPEATS_MAX: usize = 200;
/// Nodes of one record, over all it ever had.
pub const NODES_MAX: usize = 200_000;
/// Steps for looking over the whole record, more than one answer may take.
const STEPS_OF_ALL_MAX: u32 = 4 * STEPS_MAX;
/// How far one trigger may set off another.
const TRIGGERS_MAX: usize = 100;

/// What stands in the way of an answer, or of the record as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Not what the question asks for.
    Answer(AnswerFault),
    /// The form's own condition does not hold; its words are the form's.
    Constraint,
    /// Nothing was answered where something has to be.
    Required,
    /// Not everything was put in order.
    Incomplete,
    /// An expression of the form gives nothing.
    Expression(EvalError),
}

/// A part of the form in the record, in the order of the form.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// What the form says of it.
    pub part: &'a Part,
    /// Its node in the record.
    pub node: u32,
    /// The number of the instance, from 1, of a repeated part.
    pub instance: Option<usize>,
}

/// A form while it is filled in.
pub struct Filling<'a> {
    form: &'a Form,
    around: Box<dyn Surroundings + 'a>,
    /// The answers, then the lists of choices.
    trees: Vec<Tree>,
    places: Places,
    order: Order<'a>,
    /// Which part each node is an instance of.
    part_of: Vec<usize>,
    troubles: BTreeMap<u32, Trouble>,
    /// Nodes whose default is computed and has not been yet.
    fresh: Vec<u32>,
    /// Instances beyond the computed number, the next one first: they come back with their answers when it grows.
    aside: BTreeMap<(u32, usize), Vec<u32>>,
    /// What choices without a seed are shuffled by, the same as long as the record is open.
    luck: f64,
    /// Steps that are left for what follows from the present answer.
    steps: Cell<u32>,
}

impl<'a> Filling<'a> {
    /// Begins a record: defaults, one instance of each repeated part whose number is not computed, all calculations.
    pub fn begin(form: &'a Form, around: &'a dyn Surroundings) -> Self {
        Self::begin_in(form, Box::new(around))
    }

    /// The same with surroundings of its own.
    pub fn begin_in(form: &'a Form, around: Box<dyn Surroundings + 'a>) -> Self {
        let order = Order::of(form);
        let mut filling = Self {
            form,
            trees: vec![Tree::new(ROOT)],
            places: build::places(form),
            part_of: vec![usize::MAX],
            troubles: BTreeMap::new(),
            fresh: Vec::new(),
            aside: BTreeMap::new(),
            luck: around.random(),
            around,
            steps: Cell::new(STEPS_MAX),
            order,
        };
        filling
            .trees
            .extend(form.lists.values().map(|list| build::list_tree(list, form)));
        filling.add_parts(0, &form.parts);
        filling.recompute(|_| true);
        filling
    }

    /// The value of an expression for a node, out of the steps that are left.
    fn plain(&self, expr: &Expr, node: u32) -> Result<Plain, EvalError> {
        let evaluation = Evaluation::new(&self.trees, &self.places, &*self.around, self.steps.get());
        let value = evaluation.plain(expr, node);
        self.steps.set(evaluation.left());
        value
    }

    /// Writes an answer; an empty one takes it back. What follows from it is recomputed.
    ///
    /// # Errors
    /// What is wrong with the answer. It stays written, so that the person can mend it; a record with it is not complete.
    pub fn answer(&mut self, node: u32, text: &str) -> Result<(), Trouble> {
        let at = self.part_of[node as usize];
        let changed = self.trees[0].node(node).text != text;
        self.trees[0].node_mut(node).text = text.to_owned();
        let follow = self.order.followers(at);
        self.recompute(|at| follow.contains(&at));
        if changed {
            self.set_off(node);
        }
        match self.judge(node) {
            Some(trouble) => Err(trouble),
            None => Ok(()),
        }
    }

    /// Calculates what is triggered by a change of a node, and what that triggers in turn.
    fn set_off(&mut self, changed: u32) {
        let mut waiting = vec![changed];
        let mut left = TRIGGERS_MAX;
        while let Some(changed) = waiting.pop() {
            let triggered = self.order.triggered(self.part_of[changed as usize]).to_vec();
            for at in triggered {
                let Some(part) = self.order.part(at) else { continue };
                for node in self.beside(changed, at) {
                    let Some(fewer) = left.checked_sub(1) else { return };
                    left = fewer;
                    if self.calculate_once(part, node) {
                        let follow = self.order.followers(at);
                        self.recompute(|at| follow.contains(&at));
                        waiting.push(node);
                    }
                }
            }
        }
    }

    /// Whether it changed. Without a calculation a trigger empties the answer.
    fn calculate_once(&mut self, part: &Part, node: u32) -> bool {
        let value = match &part.calculation {
            None => Ok(Plain::EMPTY),
            Some(expr) => self.plain(expr, node),
        };
        match value {
            Ok(value) => {
                let text = stored(part, &value);
                self.troubles.remove(&node);
                std::mem::replace(&mut self.trees[0].node_mut(node).text, text.clone()) != text
            }
            Err(error) => {
                self.troubles.insert(node, Trouble::Expression(error));
                false
            }
        }
    }

    /// The nodes of a part that stand in the same instances as another node, as far as both are repeated.
    fn beside(&self, node: u32, at: usize) -> Vec<u32> {
        let tree = &self.trees[0];
        let mut way: Vec<u32> = tree.outwards(node).collect();
        way.reverse();
        let mut nodes = vec![0];
        for (depth, name) in self.order.place(at).iter().enumerate().skip(1) {
            let own = way.get(depth).filter(|own| tree.node(**own).name == *name);
            let inside = nodes.iter().flat_map(|node| tree.node(*node).children.iter().copied());
            nodes = inside
                .filter(|child| tree.node(*child).name == *name)
                .filter(|child| own.is_none_or(|own| own == child))
                .collect();
        }
        nodes
    }

    /// Makes anew what the chosen parts say of themselves, each after all that it follows from; then what begins anew
    /// gets its computed default.
    fn recompute(&mut self, chosen: impl Fn(usize) -> bool) {
        self.steps.set(STEPS_MAX);
        self.compute_all(chosen);
        while !self.fresh.is_empty() {
            let mut changed = BTreeSet::new();
            for node in std::mem::take(&mut self.fresh) {
                self.compute_default(node);
                let at = self.part_of[node as usize];
                if !changed.contains(&at) {
                    changed.extend(self.order.followers(at));
                }
            }
            self.compute_all(|at| changed.contains(&at));
        }
        // What is only looked at has its own.
        self.steps.set(STEPS_MAX);
    }

    fn compute_all(&mut self, chosen: impl Fn(usize) -> bool) {
        for at in self.order.all() {
            if !chosen(at) {
                continue;
            }
            let Some(part) = self.order.part(at) else { continue };
            if computes(part) {
                for node in self.nodes_of(at) {
                    self.compute(part, node);
                }
            }
            if let Kind::Repeat(_, Some(count)) = &part.kind {
                self.fit_count(at, part, count);
            }
        }
    }

    /// All nodes of a part that are in the record, in its order.
    fn nodes_of(&self, at: usize) -> Vec<u32> {
        let tree = &self.trees[0];
        let place = self.order.place(at);
        if place.is_empty() {
            return Vec::new();
        }
        place.iter().skip(1).fold(vec![0], |nodes, name| {
            let children = nodes.iter().flat_map(|node| tree.node(*node).children.iter().copied());
            children.filter(|child| tree.node(*child).name == *name).collect()
        })
    }

    fn compute(&mut self, part: &'a Part, node: u32) {
        let mut trouble = None;
        if let Some(relevant) = &part.relevant {
            match self.plain(relevant, node) {
                Ok(value) => self.trees[0].node_mut(node).applies = value.truth(),
                // A condition that gives nothing hides nothing.
                Err(error) => trouble = Some(error),
            }
        }
        // What does not apply is not calculated: it counts as nothing, and what was made once stays for later.
        let calculation = part.calculation.as_ref().filter(|_| part.triggers.is_empty());
        if let Some(calculation) = calculation.filter(|_| self.trees[0].applies(node)) {
            match self.plain(calculation, node) {
                Ok(value) => self.trees[0].node_mut(node).text = stored(part, &value),
                Err(error) => trouble = Some(error),
            }
        }
        match trouble {
            Some(trouble) => drop(self.troubles.insert(node, Trouble::Expression(trouble))),
            None => drop(self.troubles.remove(&node)),
        }
    }

    /// What stands in the way of an answer, if something does.
    pub fn judge(&self, node: u32) -> Option<Trouble> {
        self.steps.set(STEPS_MAX);
        self.judged(node)
    }

    fn judged(&self, node: u32) -> Option<Trouble> {
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
        let offered = std::cell::OnceCell::new();
        let may_choose = |value: &str| offered.get_or_init(|| self.values(part, node)).contains(value);
        if let Err(fault) = answer::check(question, text, may_choose) {
            return Some(Trouble::Answer(fault));
        }
        match part.constraint.as_ref().map(|constraint| self.plain(constraint, node)) {
            None => None,
            Some(Ok(value)) => (!value.truth()).then_some(Trouble::Constraint),
            Some(Err(error)) => Some(Trouble::Expression(error)),
        }
    }

    /// Whether something has to be answered.
    pub fn is_required(&self, node: u32) -> bool {
        self.says_yes(self.part(node).required.as_ref(), node)
    }

    /// Whether the answer can only be looked at.
    pub fn is_readonly(&self, node: u32) -> bool {
        self.says_yes(self.part(node).readonly.as_ref(), node)
    }

    fn says_yes(&self, expr: Option<&Expr>, node: u32) -> bool {
        expr.is_some_and(|expr| self.plain(expr, node).is_ok_and(|value| value.truth()))
    }

    /// Everything that stands in the way of a complete record, in the order of the form.
    pub fn troubles(&self) -> Vec<(Shown<'a>, Trouble)> {
        self.steps.set(STEPS_OF_ALL_MAX);
        let mut troubles = Vec::new();
        for shown in self.all_applying() {
            let is_question = matches!(shown.part.kind, Kind::Question(_)) && !shown.part.is_silent();
            let is_empty = self.text(shown.node).is_empty();
            let trouble = match self.judged(shown.node) {
                None if is_question && is_empty && self.is_required(shown.node) => Some(Trouble::Required),
                None if !is_empty && self.lacks(shown) => Some(Trouble::Incomplete),
                trouble => trouble,
            };
            troubles.extend(trouble.map(|trouble| (shown, trouble)));
        }
        self.steps.set(STEPS_MAX);
        troubles
    }
}

impl Filling<'_> {
    /// Whether choices that are to be put in order are missing in the answer.
    fn lacks(&self, shown: Shown<'_>) -> bool {
        let ranks = matches!(shown.part.kind, Kind::Question(Question::Rank(_)));
        ranks && self.text(shown.node).split_whitespace().count() < self.values(shown.part, shown.node).len()
    }
}

/// Whether a part keeps anything that is computed.
fn computes(part: &Part) -> bool {
    part.relevant.is_some() || (part.calculation.is_some() && part.triggers.is_empty())
}

/// As stored: what is no number is nothing, a number for a day counts days, a whole number has no fraction.
fn stored(part: &Part, value: &Plain) -> String {
    if value.is_empty() {
        return String::new();
    }
    let Kind::Question(question) = &part.kind else {
        return value.text();
    };
    let day = || match value {
        Plain::Moment(moment) => Some(*moment),
        Plain::Number(days) => Moment::from_days(*days, matches!(question, Question::DateTime)),
        Plain::Text(text) => Moment::parse(text),
        Plain::Bool(_) => None,
    };
    match (question, value) {
        (Question::Date, _) => day().map_or_else(|| value.text(), |day| day.format("%Y-%m-%d", false)),
        (Question::DateTime, _) => day().map_or_else(|| value.text(), |day| day.timed().to_string()),
        (Question::Integer, Plain::Number(number)) => Plain::Number(number.trunc()).text(),
        _ => value.text(),
    }
}

#[cfg(test)]
mod tests;
