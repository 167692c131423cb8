//! Who changed what and when, from the document itself.

mod walk;

use super::document::{Document, Hash};
use super::record::{At, Live};
use crate::base::id::{ActorBytes, MemberId, RecordId};
use crate::base::scalar::Scalar;
use automerge::{ChangeHash, ReadDoc};
use std::collections::{BTreeMap, BTreeSet};
use walk::{Walk, Written};

/// Who made a change, and when by that device's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeInfo {
    pub hash: Hash,
    pub author: Option<MemberId>,
    pub actor: Option<ActorBytes>,
    /// Seconds since 1970 UTC by the device's clock, advisory.
    pub time_s: i64,
    pub deps: Vec<Hash>,
}

/// One value that one change wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub change: ChangeInfo,
    pub at: At,
    pub key: String,
    pub from: Vec<Scalar>,
    pub to: Option<Scalar>,
    /// The change also created the record.
    pub created: bool,
}

impl Document {
    /// Every change but genesis, ancestors first.
    pub fn changes(&self) -> Vec<ChangeInfo> {
        let genesis = self.genesis_hash();
        self.am
            .get_changes_meta(&[])
            .iter()
            .filter(|meta| meta.hash.0 != genesis.0)
            .map(|meta| ChangeInfo {
                hash: Hash(meta.hash.0),
                author: self
                    .am
                    .get_author_for_actor(&meta.actor)
                    .and_then(|author| MemberId::from_slice(author.as_bytes())),
                actor: ActorBytes::from_slice(meta.actor.to_bytes()),
                time_s: meta.timestamp,
                deps: meta.deps.iter().map(|dep| Hash(dep.0)).collect(),
            })
            .collect()
    }

    /// The changes that these heads stand on, in an order that follows from them alone: by the time of making, then by
    /// hash. Nothing where one of the heads is not here.
    pub fn behind(&self, heads: &[Hash]) -> Vec<ChangeInfo> {
        let changes = self.changes();
        let mut wanted: BTreeSet<Hash> = heads.iter().copied().collect();
        wanted.remove(&self.genesis_hash());
        if !wanted.iter().all(|head| self.has(*head)) {
            return Vec::new();
        }
        let mut behind: Vec<ChangeInfo> = Vec::new();
        for change in changes.into_iter().rev() {
            if wanted.contains(&change.hash) {
                wanted.extend(&change.deps);
                behind.push(change);
            }
        }
        behind.sort_by_key(|change| (change.time_s, change.hash));
        behind
    }

    /// Who made each change.
    pub fn authors(&self) -> BTreeMap<Hash, ChangeInfo> {
        self.changes().into_iter().map(|info| (info.hash, info)).collect()
    }

    /// 修改记录: every value each change wrote, newest change first by causality. `only` restricts to one record.
    pub fn history(&self, only: Option<&At>) -> Vec<Step> {
        let mut steps = self.steps(only);
        let changes = self.changes().into_iter().rev();
        changes
            .flat_map(|change| steps.remove(&change.hash).unwrap_or_default())
            .collect()
    }

    /// The same by change: what each wrote, record by record, as its author left it, whatever others wrote at the same
    /// time. One walk over all operations, so that a long history costs no more than it is long.
    pub fn steps(&self, only: Option<&At>) -> BTreeMap<Hash, Vec<Step>> {
        let infos = self.authors();
        let mut walk = Walk::of(self.kind());
        let mut steps = BTreeMap::new();
        for change in self.am.get_changes(&[]) {
            let written = walk.written(&change.decode());
            // Genesis writes nothing that anybody did.
            let Some(info) = infos.get(&Hash(change.hash().0)) else {
                continue;
            };
            let written = written.into_iter();
            let written = written.filter(|((at, _), _)| only.is_none_or(|only| only == at));
            let of_change: Vec<Step> = written
                .filter_map(|(place, what)| self.step(info, place, what))
                .collect();
            if !of_change.is_empty() {
                steps.insert(info.hash, of_change);
            }
        }
        steps
    }

    fn step(&self, change: &ChangeInfo, (at, key): (At, String), what: Written) -> Option<Step> {
        let (created, from, to) = match what {
            Written::Value { created, from, to } => (created, from, to),
            Written::Note { created } => {
                let before: Vec<ChangeHash> = change.deps.iter().map(|dep| dep.to_automerge()).collect();
                let (_, note) = self.am.get(self.object(&at)?, &key).ok()??;
                let old = (!created).then(|| self.am.text_at(&note, &before).ok()).flatten();
                let old = old.filter(|text| !text.is_empty()).map(Scalar::from);
                let new = self.am.text_at(&note, &[change.hash.to_automerge()]);
                let new = Scalar::from(new.unwrap_or_default());
                if old.as_ref().unwrap_or(&Scalar::CLEARED) == &new {
                    return None;
                }
                (created, old.into_iter().collect(), new)
            }
        };
        Some(Step {
            change: change.clone(),
            at,
            key,
            from,
            to: Some(to),
            created,
        })
    }

    /// The value that a change wrote into a field; nothing where it wrote none.
    pub fn written(&self, at: &At, key: &str, change: Hash) -> Option<Scalar> {
        let live = self.all_live(&self.object(at)?, key, Some(&[change.to_automerge()]));
        live.into_iter().find(|one| one.hash == change).map(|one| one.value)
    }

    /// What stood in a field for whoever made a change, just before.
    pub fn seen_before(&self, at: &At, key: &str, change: &ChangeInfo) -> Vec<Live> {
        let before: Vec<ChangeHash> = change.deps.iter().map(|dep| dep.to_automerge()).collect();
        let object = self.object(at);
        object
            .map(|object| self.all_live(&object, key, Some(&before)))
            .unwrap_or_default()
    }

    /// The change that created a record.
    pub fn created_by(&self, at: &At) -> Option<Hash> {
        let object = self.object(at)?;
        self.am.hash_for_opid(&object).map(|hash| Hash(hash.0))
    }

    /// Ids of all records of a table.
    pub fn record_ids(&self, table: &str) -> Vec<RecordId> {
        match self.am.get(automerge::ROOT, table) {
            Ok(Some((_, object))) => self.am.keys(&object).filter_map(|key| key.parse().ok()).collect(),
            _ => Vec::new(),
        }
    }
}
