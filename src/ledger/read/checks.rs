//! What only shows when the whole procedure is there: names that nothing stands for, states without a way in or out.

use super::problem::{Problem, What};
use crate::ledger::condition::Term;
use crate::ledger::procedure::{After, Counts, Field, Holds, Kind, Procedure, Required};

pub(super) fn check(procedure: &Procedure, problems: &mut Vec<Problem>) {
    let mut note = |sheet: &str, column: &str, what| {
        problems.push(Problem {
            sheet: sheet.into(),
            row: 0,
            column: column.into(),
            what,
        });
    };
    twice(procedure, &mut note);
    let none = Kind {
        name: String::new(),
        label: crate::register::words::words("", "").into(),
        who: Vec::new(),
        moves: Vec::new(),
        fields: Vec::new(),
        refusals: Vec::new(),
        binds: None,
    };
    for (at, state) in procedure.states.iter().enumerate() {
        terms(procedure, &none, &state.with, &mut |what| note("states", "with", what));
        if let Some((after, then)) = &state.then {
            if *then <= at {
                note("states", "then", What::Backwards(state.name.clone()));
            }
            if let After::Day(fact) = after
                && !is_kept(procedure, fact, |field| field.holds == Holds::Date)
            {
                note("states", "after", What::NoNumber(fact.clone()));
            }
        }
        ways(procedure, at, &mut note);
    }
    for scale in &procedure.scales {
        let known = is_kept(procedure, &scale.of, |_| true) || procedure.about.contains_key(&scale.of);
        if !known {
            note("scales", "of", What::NoKey(scale.of.clone()));
        }
    }
    for kind in &procedure.events {
        if kind.moves.is_empty() {
            note("events", "event", What::NoMove(kind.name.clone()));
        }
        terms(procedure, kind, &kind.who, &mut |what| note("events", "who", what));
        for one in &kind.moves {
            terms(procedure, kind, &one.when, &mut |what| note("moves", "when", what));
        }
        for field in &kind.fields {
            if let Required::When(when) = &field.required {
                terms(procedure, kind, when, &mut |what| note("fields", "required", what));
            }
        }
        for rule in &kind.refusals {
            terms(procedure, kind, &rule.when, &mut |what| note("refusals", "when", what));
        }
    }
}

fn twice(procedure: &Procedure, note: &mut impl FnMut(&str, &str, What)) {
    let lists: [(&str, &str, Vec<&str>); 3] = [
        (
            "states",
            "state",
            procedure.states.iter().map(|one| one.name.as_str()).collect(),
        ),
        (
            "events",
            "event",
            procedure.events.iter().map(|one| one.name.as_str()).collect(),
        ),
        (
            "roles",
            "role",
            procedure.roles.iter().map(|one| one.name.as_str()).collect(),
        ),
    ];
    for (sheet, column, names) in lists {
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) {
                note(sheet, column, What::Twice((*name).to_owned()));
            }
        }
    }
}

/// Every state is reached, and every open one is left.
fn ways(procedure: &Procedure, at: usize, note: &mut impl FnMut(&str, &str, What)) {
    let state = &procedure.states[at];
    let moves = || procedure.events.iter().flat_map(|kind| &kind.moves);
    let reached = at == procedure.begins
        || at == procedure.disputed
        || moves().any(|one| one.to == Some(at))
        || procedure
            .states
            .iter()
            .any(|other| other.then.as_ref().is_some_and(|(_, then)| *then == at))
        || procedure.together.iter().any(|one| one.becomes == at);
    if !reached {
        note("states", "state", What::Unreached(state.name.clone()));
    }
    let left = moves().any(|one| one.is_from(at) && one.to.is_some_and(|to| to != at));
    if state.counts == Counts::Open && !left {
        note("states", "state", What::NoWayOut(state.name.clone()));
    }
}

/// A field of this name is kept as a fact.
fn is_kept(procedure: &Procedure, name: &str, fits: impl Fn(&Field) -> bool) -> bool {
    let mut fields = procedure.events.iter().flat_map(|kind| &kind.fields);
    fields.any(|field| field.name == name && field.keep.is_some() && fits(field))
}

fn terms(procedure: &Procedure, kind: &Kind, terms: &[Term], note: &mut impl FnMut(What)) {
    let of_kind = |key: &str| {
        let below = |field: &Field| field.holds == Holds::Signature && key.starts_with(&format!("{}/", field.name));
        kind.fields.iter().any(|field| field.name == key || below(field))
    };
    let kept = |key: &str| is_kept(procedure, key, |_| true);
    for term in terms {
        for key in term.atom.keys() {
            let number = term.atom.counts() && key.parse::<i64>().is_ok();
            let known = number
                || ["on", "role"].contains(&key)
                || of_kind(key)
                || kept(key)
                || procedure.about.contains_key(key)
                || procedure.parameters.contains_key(key)
                || procedure.scale(key).is_some();
            if !known {
                note(What::NoKey(key.to_owned()));
            }
        }
        for step in term.atom.steps().iter().filter(|step| procedure.kind(step).is_none()) {
            note(What::NoEvent(step.clone()));
        }
    }
}
