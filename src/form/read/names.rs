//! Of what expressions speak: which questions, by name or by a path, as far as that can be told without answers.

use crate::form::definition::{Default, Form, Kind, Part};
use crate::form::eval::LAST_SAVED;
use crate::form::expr::{Axis, Expr, Function, Path, Start};
use crate::form::filling::ROOT;
use std::collections::{BTreeMap, BTreeSet};

/// All names of a form.
pub(super) struct Names<'a> {
    /// The rows of each name, of which there may be several in different groups.
    rows: BTreeMap<&'a str, Vec<u32>>,
    /// Every place, as the names from the root down.
    places: BTreeSet<Vec<&'a str>>,
}

/// One part that an expression speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    /// `${name}`
    Name(String),
    /// The names from the root down, as a path leads there.
    Place(Vec<String>),
    /// A name inside a predicate over a list of choices, or in its filter: a column of the list.
    Column(String),
    /// `instance('name')`, with the functions that look into files.
    List(String),
}

impl<'a> Names<'a> {
    /// The names of a form.
    pub fn of(form: &'a Form) -> Self {
        let mut rows: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut places = BTreeSet::from([vec![ROOT]]);
        form.walk(&mut |part, above| {
            rows.entry(&part.name).or_default().push(part.row);
            places.insert(place(part, above));
        });
        Self { rows, places }
    }

    /// The rows of a name.
    pub fn rows(&self, name: &str) -> &[u32] {
        let name = name.strip_prefix(LAST_SAVED).unwrap_or(name);
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a question, a group or the root stands there.
    pub fn leads(&self, place: &[String]) -> bool {
        let place: Vec<&str> = place.iter().map(String::as_str).collect();
        self.places.contains(&place)
    }
}

/// The names from the root down to a part.
pub(super) fn place<'a>(part: &'a Part, above: &[&'a Part]) -> Vec<&'a str> {
    let names = above.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
    std::iter::once(ROOT).chain(names).collect()
}

/// Where the dot of an expression stands.
#[derive(Clone, Copy)]
pub(super) enum Dot<'a> {
    /// At the question, by its place.
    At(&'a [&'a str]),
    /// At an item of a list of choices; the question's own place is told by `current()`.
    Item(&'a [&'a str]),
    /// At what a predicate goes through.
    Somewhere(&'a [&'a str]),
}

/// Everything that an expression speaks of.
pub(super) fn mentions(expr: &Expr, dot: Dot<'_>, found: &mut Vec<Mention>) {
    match expr {
        Expr::Number(_) | Expr::Text(_) => {}
        Expr::Negate(of) => mentions(of, dot, found),
        Expr::Binary(_, one, other) => {
            mentions(one, dot, found);
            mentions(other, dot, found);
        }
        Expr::Call(function, arguments) => {
            if let (Function::Instance | Function::PullData, Some(Expr::Text(name))) = (function, arguments.first()) {
                found.push(Mention::List(name.clone()));
            }
            arguments.iter().for_each(|one| mentions(one, dot, found));
        }
        Expr::Path(path) => of_path(path, dot, found),
    }
}

fn of_path(path: &Path, dot: Dot<'_>, found: &mut Vec<Mention>) {
    let own = match dot {
        Dot::At(own) | Dot::Item(own) | Dot::Somewhere(own) => own,
    };
    let owned = |place: &[&str]| place.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut inside = Dot::Somewhere(own);
    let from = match (&path.start, dot) {
        (Start::Question(name), _) => {
            found.push(Mention::Name(name.clone()));
            None
        }
        (Start::Root, _) => Some(Vec::new()),
        (Start::Here, Dot::At(own)) => Some(owned(own)),
        (Start::Here, Dot::Item(_)) => {
            if let [step] = &path.steps[..]
                && let (Axis::Child, Some(name)) = (step.axis, &step.name)
            {
                found.push(Mention::Column(name.clone()));
            }
            None
        }
        (Start::Here, Dot::Somewhere(_)) => None,
        (Start::Of(of), _) => {
            mentions(of, dot, found);
            match &**of {
                Expr::Call(Function::Current, _) => Some(owned(own)),
                Expr::Call(Function::Instance, _) => {
                    inside = Dot::Item(own);
                    None
                }
                _ => None,
            }
        }
    };
    if let Some(place) = from.and_then(|from| walked(from, path))
        && !place.is_empty()
    {
        found.push(Mention::Place(place));
    }
    let of_steps = path.steps.iter().flat_map(|step| &step.filters);
    path.filters.iter().chain(of_steps).for_each(|one| {
        let mut deeper = Vec::new();
        mentions(one, inside, &mut deeper);
        // Which list it is about is not known here.
        deeper.retain(|one| !matches!(one, Mention::Column(_)));
        found.append(&mut deeper);
    });
}

/// Where the steps lead, if each goes up or to a name.
fn walked(mut place: Vec<String>, path: &Path) -> Option<Vec<String>> {
    for step in &path.steps {
        match (step.axis, &step.name) {
            (Axis::Itself, None) => {}
            (Axis::Parent, None) => drop(place.pop()?),
            (Axis::Child, Some(name)) => place.push(name.clone()),
            _ => return None,
        }
    }
    Some(place)
}

/// Every expression of a part, with its column.
pub(super) fn expressions(part: &Part) -> Vec<(&'static str, &Expr)> {
    let count = match &part.kind {
        Kind::Repeat(_, count) => count.as_ref(),
        _ => None,
    };
    let default = match &part.default {
        Some(Default::Computed(expr)) => Some(expr),
        _ => None,
    };
    [
        ("required", part.required.as_ref()),
        ("relevant", part.relevant.as_ref()),
        ("constraint", part.constraint.as_ref()),
        ("calculation", part.calculation.as_ref()),
        ("choice_filter", part.choice_filter.as_ref()),
        ("readonly", part.readonly.as_ref()),
        ("default", default),
        ("repeat_count", count),
    ]
    .into_iter()
    .filter_map(|(column, expr)| expr.map(|expr| (column, expr)))
    .collect()
}
