//! Who changed what and when, from the document itself.

use super::document::{Document, Hash, scalar_of};
use super::record::{At, Live};
use crate::base::id::{ActorBytes, MemberId, RecordId};
use crate::base::scalar::Scalar;
use automerge::{ChangeHash, ObjId, PatchAction, Prop, ReadDoc, Value};
use std::collections::{BTreeMap, BTreeSet};

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
        let changes = self.changes();
        changes
            .iter()
            .rev()
            .flat_map(|change| self.steps_of(change, only))
            .collect()
    }

    /// What one change wrote, record by record: as its author left it, whatever others wrote at the same time.
    pub fn steps_of(&self, change: &ChangeInfo, only: Option<&At>) -> Vec<Step> {
        let before: Vec<ChangeHash> = change.deps.iter().map(|dep| dep.to_automerge()).collect();
        let after = [change.hash.to_automerge()];
        let mut created: BTreeSet<At> = BTreeSet::new();
        let mut written: BTreeMap<(At, String), Written> = BTreeMap::new();
        for patch in self.am.diff(&before, &after) {
            let path: Vec<&str> = patch.path.iter().filter_map(|(_, prop)| key_of(prop)).collect();
            match patch.action {
                PatchAction::PutMap { key, value, .. } => match (self.place(&path), value.0) {
                    (Place::Record(at), Value::Scalar(scalar)) => {
                        written.insert((at, key), Written::Value(patch.obj, scalar_of(&scalar)));
                    }
                    (Place::Table(table), Value::Object(_)) => {
                        created.extend(key.parse().ok().map(|id| At::table(table, id)));
                    }
                    _ => {}
                },
                _ => {
                    if let Place::Note(at, key) = self.place(&path) {
                        written.insert((at, key.to_owned()), Written::Note(patch.obj));
                    }
                }
            }
        }
        let step = |((at, key), what): ((At, String), Written)| {
            let created = created.contains(&at);
            // A record that was just made held nothing before; looking it up at old heads costs more than all the rest.
            let before = (!created).then_some(before.as_slice());
            let (from, to) = self.old_and_new(&key, what, before, &after)?;
            Some(Step {
                created,
                change: change.clone(),
                at,
                key,
                from,
                to: Some(to),
            })
        };
        written
            .into_iter()
            .filter(|((at, _), _)| only.is_none_or(|only| only == at))
            .filter_map(step)
            .collect()
    }

    fn old_and_new(
        &self,
        key: &str,
        what: Written,
        before: Option<&[ChangeHash]>,
        after: &[ChangeHash],
    ) -> Option<(Vec<Scalar>, Scalar)> {
        match what {
            Written::Value(record, to) => {
                let old = before.map(|heads| self.all_live(&record, key, Some(heads)));
                let from = old.unwrap_or_default().into_iter().map(|live| live.value);
                Some((from.collect(), to))
            }
            Written::Note(note) => {
                let old = before.and_then(|heads| self.am.text_at(&note, heads).ok());
                let old = old.filter(|text| !text.is_empty()).map(Scalar::from);
                let new = Scalar::from(self.am.text_at(&note, after).unwrap_or_default());
                (old.clone().unwrap_or(Scalar::CLEARED) != new).then(|| (old.into_iter().collect(), new))
            }
        }
    }

    /// What stands at a path of keys.
    fn place<'a>(&self, path: &[&'a str]) -> Place<'a> {
        let own = self.kind().name();
        let record = |table: &str, id: &str| id.parse().ok().map(|id| At::table(table, id));
        match *path {
            [first] if first == own => Place::Record(At::Own),
            [table] => Place::Table(table),
            [first, note] if first == own => Place::Note(At::Own, note),
            [table, id] => record(table, id).map_or(Place::Unknown, Place::Record),
            [table, id, note] if table != own => record(table, id).map_or(Place::Unknown, |at| Place::Note(at, note)),
            _ => Place::Unknown,
        }
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

/// What a path leads to.
enum Place<'a> {
    Table(&'a str),
    Record(At),
    Note(At, &'a str),
    /// Of a newer release.
    Unknown,
}

/// What a change did to one key.
enum Written {
    /// Put a value into this record.
    Value(ObjId, Scalar),
    /// Edited this note.
    Note(ObjId),
}

fn key_of(prop: &Prop) -> Option<&str> {
    match prop {
        Prop::Map(key) => Some(key),
        Prop::Seq(_) => None,
    }
}
