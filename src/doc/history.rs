//! Who changed what and when, from the document itself.

use super::document::{Document, Hash};
use super::record::{At, Record};
use crate::base::id::{ActorBytes, MemberId, RecordId};
use crate::base::scalar::Scalar;
use automerge::ReadDoc;
use std::collections::BTreeMap;

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

    /// Who made each change.
    pub fn authors(&self) -> BTreeMap<Hash, ChangeInfo> {
        self.changes().into_iter().map(|info| (info.hash, info)).collect()
    }

    /// 修改记录: every value each change wrote, newest change first by causality. `only` restricts to one record.
    pub fn history(&self, only: Option<&At>) -> Vec<Step> {
        let mut steps = Vec::new();
        for change in self.changes() {
            let (before, after) = (self.view_at(&change.deps, only), self.view_at(&[change.hash], only));
            for (at, record) in &after {
                let empty = Record::default();
                let old = before.get(at);
                let created = old.is_none() && *at != At::Own;
                steps_of(&change, at, old.unwrap_or(&empty), record, created, &mut steps);
            }
        }
        steps.reverse();
        steps
    }

    fn view_at(&self, heads: &[Hash], only: Option<&At>) -> BTreeMap<At, Record> {
        if let Some(at) = only {
            return self
                .record_at(at, heads)
                .filter(|record| !record.fields.is_empty() || *at == At::Own)
                .map(|record| (at.clone(), record))
                .into_iter()
                .collect();
        }
        let mut all = BTreeMap::new();
        all.extend(self.record_at(&At::Own, heads).map(|record| (At::Own, record)));
        for table in self.kind().tables() {
            for id in self.record_ids(table) {
                let at = At::table(table, id);
                if let Some(record) = self.record_at(&at, heads)
                    && !(record.fields.is_empty() && record.notes.is_empty())
                {
                    all.insert(at, record);
                }
            }
        }
        all
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

fn steps_of(change: &ChangeInfo, at: &At, old: &Record, new: &Record, created: bool, steps: &mut Vec<Step>) {
    for (key, live) in &new.fields {
        if !live.iter().any(|live| live.hash == change.hash) {
            continue;
        }
        let to = live
            .iter()
            .find(|live| live.hash == change.hash)
            .map(|live| live.value.clone());
        let from = old.live(key).iter().map(|live| live.value.clone()).collect();
        steps.push(Step {
            change: change.clone(),
            at: at.clone(),
            key: key.clone(),
            from,
            to,
            created,
        });
    }
    for (key, text) in &new.notes {
        if old.note(key) != text {
            let from = old
                .notes
                .get(key)
                .filter(|text| !text.is_empty())
                .map(|text| text.as_str().into());
            steps.push(Step {
                change: change.clone(),
                at: at.clone(),
                key: key.clone(),
                from: from.into_iter().collect(),
                to: Some(text.as_str().into()),
                created,
            });
        }
    }
}
