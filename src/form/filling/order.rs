//! In which order parts are computed, and what follows from what.

use crate::form::definition::{Form, Kind, Part};
use crate::form::eval::lists::named;
use crate::form::expr::{Axis, Expr, Function, Start, parse};
use crate::form::read::outputs;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The parts of a form, each after all that it follows from. A part is known by its number in the order of the form;
/// parts in different groups may share a name.
pub(super) struct Order<'a> {
    parts: Vec<&'a Part>,
    numbers: BTreeMap<*const Part, usize>,
    /// The group or repeated part in which each stands.
    above: Vec<Option<usize>>,
    /// The names from the root down to each.
    places: Vec<Vec<Rc<str>>>,
    /// The parts in the order in which they are computed.
    sorted: Vec<usize>,
    /// For each part, those that follow from it directly.
    next: Vec<BTreeSet<usize>>,
    /// For each part, those that are calculated because it changed.
    triggered: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Order<'a> {
    /// The order of the parts of a form.
    pub fn of(form: &'a Form) -> Self {
        let mut parts: Vec<&Part> = Vec::new();
        let mut numbers: BTreeMap<*const Part, usize> = BTreeMap::new();
        let mut above = Vec::new();
        let mut places = Vec::new();
        form.walk(&mut |part, around| {
            let names = around.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
            places.push(std::iter::once(super::ROOT).chain(names).map(Rc::from).collect());
            above.push(
                around
                    .last()
                    .and_then(|last| numbers.get(&std::ptr::from_ref(*last)).copied()),
            );
            numbers.insert(std::ptr::from_ref(part), parts.len());
            parts.push(part);
        });
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            by_name.entry(&part.name).or_default().push(at);
        }
        let named = |name: &str| by_name.get(name).into_iter().flatten().copied();
        let mut next = vec![BTreeSet::new(); parts.len()];
        let mut triggered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            let mut from: BTreeSet<usize> = above[at].into_iter().collect();
            for expr in computed(part) {
                let mut mentioned = Mentioned::by(expr);
                for question in called(expr).iter().flat_map(|name| named(name)) {
                    mentioned.by_choices(form, parts[question]);
                }
                from.extend(mentioned.names.iter().flat_map(|name| named(name)));
                if mentioned.anything {
                    from.extend(0..parts.len());
                }
            }
            from.remove(&at);
            for one in from {
                next[one].insert(at);
            }
            for trigger in part.triggers.iter().flat_map(|name| named(name)) {
                triggered.entry(trigger).or_default().push(at);
            }
        }
        Self {
            sorted: sorted(&next),
            parts,
            numbers,
            above,
            places,
            next,
            triggered,
        }
    }

    /// The number of a part of the form.
    pub fn at(&self, part: &Part) -> usize {
        self.numbers
            .get(&std::ptr::from_ref(part))
            .copied()
            .unwrap_or(usize::MAX)
    }

    /// The part of a number.
    pub fn part(&self, at: usize) -> Option<&'a Part> {
        self.parts.get(at).copied()
    }

    /// The group or repeated part in which a part stands.
    pub fn above(&self, at: usize) -> Option<usize> {
        self.above.get(at).copied().flatten()
    }

    /// The names from the root down to a part.
    pub fn place(&self, at: usize) -> &[Rc<str>] {
        self.places.get(at).map_or(&[], Vec::as_slice)
    }

    /// All parts, as they are computed.
    pub fn all(&self) -> Vec<usize> {
        self.sorted.clone()
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// The parts that are calculated because a part changed.
    pub fn triggered(&self, at: usize) -> &[usize] {
        self.triggered.get(&at).map_or(&[], Vec::as_slice)
    }

    /// All that follows from a part, also through others; the part itself is not among them.
    pub fn followers(&self, at: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            let next = self.next.get(at).into_iter().flatten();
            waiting.extend(next.filter(|one| found.insert(**one)));
        }
        found
    }
}

/// The expressions whose values a part keeps.
fn computed(part: &Part) -> impl Iterator<Item = &Expr> {
    let count = match &part.kind {
        Kind::Repeat(_, count) => count.as_ref(),
        _ => None,
    };
    let calculation = part.calculation.as_ref().filter(|_| part.triggers.is_empty());
    part.relevant.iter().chain(calculation).chain(count)
}

/// What an expression looks at.
#[derive(Default)]
pub(super) struct Mentioned {
    /// `${name}`, and the steps of paths, which may lead to a question of that name.
    pub names: Vec<String>,
    /// A step leads to whatever stands there.
    pub anything: bool,
}

impl Mentioned {
    /// The names in an expression.
    pub fn by(expr: &Expr) -> Self {
        let mut all = Self::default();
        all.add(expr);
        all
    }

    fn add(&mut self, expr: &Expr) {
        expr.walk(&mut |one| {
            let Expr::Path(path) = one else { return };
            if let Start::Question(name) = &path.start {
                self.names.push(name.clone());
            }
            for step in &path.steps {
                match &step.name {
                    Some(name) => self.names.push(name.clone()),
                    None => self.anything |= !matches!(step.axis, Axis::Itself | Axis::Parent | Axis::Ancestor),
                }
            }
        });
    }

    /// What the words of the choices of a question follow from: their filter, and what they speak of.
    fn by_choices(&mut self, form: &Form, part: &Part) {
        part.choice_filter.iter().for_each(|filter| self.add(filter));
        let list = part.kind.list().and_then(|list| form.lists.get(list));
        let choices = list.iter().flat_map(|list| list.choices.iter());
        for text in choices.flat_map(|choice| choice.label.values()) {
            outputs(text)
                .filter_map(|inside| parse(inside).ok())
                .for_each(|expr| self.add(&expr));
        }
    }
}

/// The questions whose choices an expression asks the words of.
fn called(expr: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    expr.walk(&mut |one| {
        if let Expr::Call(Function::ChoiceName, arguments) = one {
            names.extend(arguments.get(1).and_then(named));
        }
    });
    names
}

/// Each after what it follows from; where a path goes in a circle, in the order of the form.
fn sorted(next: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut waits = vec![0_usize; next.len()];
    next.iter().flatten().for_each(|one| waits[*one] += 1);
    let mut ready: BTreeSet<usize> = (0..next.len()).filter(|at| waits[*at] == 0).collect();
    let mut left: BTreeSet<usize> = (0..next.len()).collect();
    let mut sorted = Vec::with_capacity(next.len());
    while let Some(at) = ready.pop_first().or_else(|| left.first().copied()) {
        if !left.remove(&at) {
            continue;
        }
        sorted.push(at);
        for one in &next[at] {
            waits[*one] = waits[*one].saturating_sub(1);
            if waits[*one] == 0 && left.contains(one) {
                ready.insert(*one);
            }
        }
    }
    sorted
}
