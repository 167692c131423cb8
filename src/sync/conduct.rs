//! Whether the steps of a finding that came may have been done so: in a role that their author holds or once held in the
//! village, and with what their procedure asks of each. Whether a step counts is for the fold, which every phone has;
//! a procedure or a version that this release does not know is let through for those that do.

use super::admission::{Admitted, Refused, Signer};
use super::hub::Judge;
use super::log::{Log, Stored};
use super::wire::RefusalCode;
use crate::base::id::{DocId, MemberId, SpaceId};
use crate::doc::{At, DocKind, Document, Hash, village_id};
use crate::ledger::{self, Event, fold};
use std::collections::{BTreeMap, BTreeSet};

/// The roles that somebody ever had in a village.
pub type Roles = BTreeSet<(MemberId, String)>;

/// The steps that a saved finding holds, each with the change that made it; none where it cannot be opened.
pub fn steps(id: DocId, saved: &[u8]) -> Vec<(Hash, Event)> {
    let Ok(document) = Document::load(DocKind::Finding, id, saved) else {
        return Vec::new();
    };
    let makers = document.step_makers();
    let done = document.steps_done().into_iter();
    done.filter_map(|event| Some((*makers.get(&event.id)?, event)))
        .collect()
}

/// Every role that the village document ever gave somebody: one that was taken back does not void what was done before.
pub fn roles(space: SpaceId, stored: &Stored) -> Roles {
    let village = Document::open(
        DocKind::Village,
        village_id(space),
        stored.snapshot.as_deref(),
        &stored.changes,
    );
    let history = village.map(|village| village.history(None)).unwrap_or_default();
    let given = history.into_iter().filter(|step| step.key == "role");
    given
        .filter_map(|step| match step.at {
            At::In(table, id) if table == "people" => Some((MemberId(id.0), step.to?.to_text())),
            _ => None,
        })
        .collect()
}

/// Parts the changes that passed the gate into those that stay and those that are refused, with what builds on these.
pub(super) fn sift<L: Log>(
    log: &mut L,
    judge: &impl Judge,
    signer: &Signer,
    steps: &[(Hash, Event)],
    admitted: Vec<Admitted>,
) -> Result<(Vec<Admitted>, BTreeMap<u64, Refused>), L::Error> {
    let mut procedures = BTreeMap::new();
    let mut held = None;
    let mut bad: BTreeMap<Hash, RefusalCode> = BTreeMap::new();
    for (maker, event) in steps {
        if !admitted.iter().any(|one| one.header.hash == *maker) {
            continue;
        }
        let key = (event.procedure.clone(), event.version);
        let procedure = procedures
            .entry(key)
            .or_insert_with(|| ledger::built_in(&event.procedure, Some(event.version)));
        let possible = procedure
            .as_ref()
            .is_none_or(|procedure| fold::is_possible(procedure, event));
        if !has_role(log, judge, signer, event, &mut held)? {
            bad.insert(*maker, RefusalCode::RoleNotHeld);
        } else if !possible {
            bad.insert(*maker, RefusalCode::StepImpossible);
        }
    }
    Ok(without(admitted, bad))
}

/// The author holds the role that the step names, or once did.
fn has_role<L: Log>(
    log: &mut L,
    judge: &impl Judge,
    signer: &Signer,
    event: &Event,
    held: &mut Option<Roles>,
) -> Result<bool, L::Error> {
    if event.author == Some(signer.member) && event.role == signer.role.name() {
        return Ok(true);
    }
    let Some(author) = event.author else {
        return Ok(false);
    };
    // Who was given which role may have been lost with the rest, and comes back in whatever order.
    if signer.relays {
        return Ok(true);
    }
    if held.is_none() {
        let stored = log.stored(village_id(signer.space))?;
        *held = Some(judge.roles(signer.space, &stored));
    }
    let asked = (author, event.role.clone());
    Ok(held.as_ref().is_some_and(|held| held.contains(&asked)))
}

/// Takes these changes out, and all that builds on them.
fn without(admitted: Vec<Admitted>, bad: BTreeMap<Hash, RefusalCode>) -> (Vec<Admitted>, BTreeMap<u64, Refused>) {
    let mut gone: BTreeSet<Hash> = BTreeSet::new();
    let mut refused = BTreeMap::new();
    let mut good = Vec::new();
    // What a change builds on stands before it.
    for one in admitted {
        let need: Vec<Hash> = one
            .header
            .deps
            .iter()
            .filter(|dep| gone.contains(dep))
            .copied()
            .collect();
        let why = match bad.get(&one.header.hash) {
            Some(code) => Refused::from(*code),
            None if need.is_empty() => {
                good.push(one);
                continue;
            }
            None => Refused {
                code: RefusalCode::UnknownDependency,
                need,
            },
        };
        gone.insert(one.header.hash);
        refused.insert(one.position, why);
    }
    (good, refused)
}
