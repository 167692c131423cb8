//! In which order parts are computed, and what follows from what.

use crate::form::definition::{Form, Kind, Part};
use crate::form::expr::{Expr, Start};
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a form, each after all that it follows from.
pub(super) struct Order<'a> {
    parts: Vec<&'a Part>,
    by_name: BTreeMap<&'a str, usize>,
    /// The parts in the order in which they are computed.
    sorted: Vec<usize>,
    /// For each part, those that follow from it directly.
    next: Vec<BTreeSet<usize>>,
}

impl<'a> Order<'a> {
    /// The order of the parts of a form.
    pub fn of(form: &'a Form) -> Self {
        let mut parts = Vec::new();
        let mut above_of = Vec::new();
        form.walk(&mut |part, above| {
            parts.push(part);
            above_of.push(above.last().map(|last| last.name.as_str()));
        });
        let by_name: BTreeMap<&str, usize> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| (part.name.as_str(), at))
            .collect();
        let mut next = vec![BTreeSet::new(); parts.len()];
        for (at, part) in parts.iter().enumerate() {
            let mut from: BTreeSet<usize> = BTreeSet::new();
            let mentioned = computed(part).flat_map(mentioned);
            from.extend(mentioned.filter_map(|name| by_name.get(name.as_str()).copied()));
            from.extend(above_of[at].and_then(|name| by_name.get(name).copied()));
            from.remove(&at);
            for one in from {
                next[one].insert(at);
            }
        }
        let sorted = sorted(&next);
        Self {
            parts,
            by_name,
            sorted,
            next,
        }
    }

    /// The place of a part by its name.
    pub fn at(&self, name: &str) -> usize {
        self.by_name.get(name).copied().unwrap_or(usize::MAX)
    }

    /// The part at a place.
    pub fn part(&self, at: usize) -> Option<&'a Part> {
        self.parts.get(at).copied()
    }

    /// The places of all parts, as they are computed.
    pub fn all(&self) -> Vec<usize> {
        self.sorted.clone()
    }

    /// All that follows from a part, also through others; the part itself is not among them.
    pub fn followers(&self, name: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<usize> = self.by_name.get(name).into_iter().copied().collect();
        while let Some(at) = waiting.pop() {
            waiting.extend(self.next[at].iter().filter(|one| found.insert(**one)));
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

/// The names in an expression: `${name}`, and the steps of paths, which may lead to a question of that name.
fn mentioned(expr: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    expr.walk(&mut |one| {
        if let Expr::Path(path) = one {
            if let Start::Question(name) = &path.start {
                names.push(name.clone());
            }
            names.extend(path.steps.iter().filter_map(|step| step.name.clone()));
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
