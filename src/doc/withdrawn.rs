//! 作废: what somebody wrote into a record while somebody else withdrew it. A withdrawal hides a record from lists and
//! counts; what was written at the same time is shown until a person has seen it.

use super::document::{Document, Hash};
use super::history::{ChangeInfo, Step};
use super::record::{At, Live};
use crate::register::field::RecordKind;
use std::collections::{BTreeMap, BTreeSet};

/// A record whose withdrawal did not see everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contested {
    pub at: At,
    /// The changes that others made to it at the same time, the latest first. None where the withdrawal itself was taken
    /// back by one and confirmed by another.
    pub changes: Vec<(ChangeInfo, Vec<Step>)>,
}

impl Document {
    /// The records that were withdrawn by somebody while somebody else changed them, or took the withdrawal back.
    pub fn contested(&self) -> Vec<Contested> {
        let tables: BTreeSet<&str> = RecordKind::ALL
            .iter()
            .filter(|kind| **kind != RecordKind::Link)
            .filter_map(|kind| kind.table())
            .filter(|table| self.kind().tables().contains(table))
            .collect();
        let of_tables = tables.into_iter().flat_map(|table| {
            let ids = self.record_ids(table).into_iter();
            ids.map(move |id| At::table(table, id))
        });
        let places: Vec<(At, Vec<Live>)> = [At::Own]
            .into_iter()
            .chain(of_tables)
            .filter_map(|at| Some((self.said_void(&at)?, at)).map(|(said, at)| (at, said)))
            .collect();
        if places.is_empty() {
            return Vec::new();
        }
        let changes = self.changes();
        places
            .into_iter()
            .filter_map(|(at, said)| self.contested_at(at, &said, &changes))
            .collect()
    }

    /// What was said of the withdrawal of a record, where it was withdrawn by anybody.
    fn said_void(&self, at: &At) -> Option<Vec<Live>> {
        let said = self.all_live(&self.object(at)?, "void/reason", None);
        said.iter().any(|one| !one.value.is_empty()).then_some(said)
    }

    fn contested_at(&self, at: At, said: &[Live], changes: &[ChangeInfo]) -> Option<Contested> {
        let withdrawing = said.iter().filter(|one| !one.value.is_empty());
        let by: BTreeSet<Hash> = withdrawing.map(|one| one.hash).collect();
        let (mut before, mut after) = (by.clone(), by);
        for change in changes.iter().rev() {
            if before.contains(&change.hash) {
                before.extend(change.deps.iter().copied());
            }
        }
        for change in changes {
            if change.deps.iter().any(|dep| after.contains(dep)) {
                after.insert(change.hash);
            }
        }
        let unseen = |change: &&ChangeInfo| !before.contains(&change.hash) && !after.contains(&change.hash);
        let unseen: Vec<&ChangeInfo> = changes.iter().rev().filter(unseen).collect();
        let only = (at != At::Own).then_some(&at);
        let mut steps = match unseen[..] {
            [] => BTreeMap::new(),
            _ => self.steps(only),
        };
        let mut wrote = |change: &ChangeInfo| {
            let steps = steps.remove(&change.hash)?;
            let tells = steps.iter().any(|step| !step.key.starts_with("void/"));
            tells.then(|| (change.clone(), steps))
        };
        let unseen: Vec<(ChangeInfo, Vec<Step>)> = unseen.into_iter().filter_map(&mut wrote).collect();
        let taken_back = said.iter().any(|one| one.value.is_empty());
        (taken_back || !unseen.is_empty()).then_some(Contested { at, changes: unseen })
    }
}
