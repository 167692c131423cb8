//! Whether a value follows from itself: by calculations, by what applies, by how often a part is repeated.

use super::Notes;
use super::names::{Dot, Mention, mentions, place};
use crate::form::definition::{Form, Kind, Part};
use crate::form::expr::Expr;
use crate::form::problem::What;
use std::collections::{BTreeMap, BTreeSet};

/// Notes the first circle.
pub(super) fn check(form: &Form, notes: &mut Notes) {
    let follows = Follows::of(form);
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for start in 0..follows.parts.len() {
        let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
        if !done.contains(&start) {
            way.push((start, follows.from[start].clone()));
        }
        while let Some((at, left)) = way.last_mut() {
            let Some(one) = left.pop() else {
                done.insert(*at);
                way.pop();
                continue;
            };
            if let Some(first) = way.iter().position(|(on_way, _)| *on_way == one) {
                let names = way[first..].iter().map(|(at, _)| follows.parts[*at].name.clone());
                let circle: Vec<String> = names.chain([follows.parts[one].name.clone()]).collect();
                notes.note(
                    "survey",
                    follows.parts[one].row,
                    follows.column(one),
                    What::Circle(circle),
                );
                return;
            }
            if !done.contains(&one) {
                way.push((one, follows.from[one].clone()));
            }
        }
    }
}

/// For each part, those from which it follows.
struct Follows<'a> {
    parts: Vec<&'a Part>,
    from: Vec<Vec<usize>>,
}

impl<'a> Follows<'a> {
    fn of(form: &'a Form) -> Self {
        let mut parts = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut by_place: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        form.walk(&mut |part, above| {
            by_name.insert(&part.name, parts.len());
            by_place.insert(place(part, above), parts.len());
            parts.push(part);
        });
        let mut from = Vec::new();
        form.walk(&mut |part, above| {
            let own = place(part, above);
            let mut found = Vec::new();
            for (depth, around) in above.iter().chain([&part]).enumerate() {
                // What applies decides over everything inside.
                let own = &own[..=depth + 1];
                around
                    .relevant
                    .iter()
                    .for_each(|expr| mentions(expr, Dot::At(own), &mut found));
            }
            computed(part).for_each(|expr| mentions(expr, Dot::At(&own), &mut found));
            let ways = found.iter().filter_map(|one| match one {
                Mention::Name(name) => by_name.get(name.as_str()).copied(),
                Mention::Place(place) => {
                    let place: Vec<&str> = place.iter().map(String::as_str).collect();
                    by_place
                        .get(&place)
                        .copied()
                        .filter(|at| !matches!(parts[*at].kind, Kind::Group(_) | Kind::Repeat(..)))
                }
                Mention::Column(_) | Mention::List(_) => None,
            });
            from.push(ways.collect::<BTreeSet<usize>>().into_iter().collect());
        });
        Self { parts, from }
    }

    /// The column in which the circle can be broken.
    fn column(&self, at: usize) -> &'static str {
        let part = self.parts[at];
        match &part.kind {
            _ if part.calculation.is_some() => "calculation",
            Kind::Repeat(_, Some(_)) => "repeat_count",
            _ => "relevant",
        }
    }
}

/// A calculation that waits for a trigger is made once and does not run on.
fn computed(part: &Part) -> impl Iterator<Item = &Expr> {
    let count = match &part.kind {
        Kind::Repeat(_, count) => count.as_ref(),
        _ => None,
    };
    part.calculation
        .iter()
        .filter(|_| part.triggers.is_empty())
        .chain(count)
}
