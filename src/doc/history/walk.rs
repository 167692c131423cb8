//! One walk over the operations of all changes, ancestors first: where each stands and what it replaced. Knows nothing of
//! authors and times.

use crate::base::scalar::Scalar;
use crate::doc::document::scalar_of;
use crate::doc::kind::DocKind;
use crate::doc::record::At;
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ExpandedChange, ObjType};
use std::collections::{BTreeMap, BTreeSet};

/// What a change did to one key.
pub(super) enum Written {
    /// Put a value in the place of those that stood there, the one that every replica shows first in front.
    Value {
        from: Vec<Scalar>,
        to: Scalar,
        created: bool,
    },
    /// Edited this note.
    Note { created: bool },
}

/// What an operation made.
enum Made {
    Table(String),
    Record(At),
    Note(At, String),
    Value(Scalar),
}

/// What one change did so far.
#[derive(Default)]
struct OfChange {
    created: BTreeSet<At>,
    written: BTreeMap<(At, String), Written>,
    /// Settling deletes what was seen and then writes.
    deleted: BTreeMap<(At, String), Vec<Scalar>>,
}

impl OfChange {
    /// What stood at a key before this change, where the change itself wrote or deleted there already.
    fn replaced(&mut self, place: &(At, String)) -> Option<Vec<Scalar>> {
        match self.written.remove(place) {
            Some(Written::Value { from, .. }) => Some(from),
            _ => self.deleted.remove(place),
        }
    }
}

/// Everything that was made so far, by the operation that made it.
pub(super) struct Walk {
    own: &'static str,
    made: BTreeMap<OpId, Made>,
}

impl Walk {
    /// Before the first change of a document of this kind.
    pub(super) fn of(kind: DocKind) -> Self {
        Self {
            own: kind.name(),
            made: BTreeMap::new(),
        }
    }

    /// What the next change wrote, by record and key. All its ancestors were walked before.
    pub(super) fn written(&mut self, change: &ExpandedChange) -> BTreeMap<(At, String), Written> {
        let mut of = OfChange::default();
        for (counter, op) in (change.start_op.get()..).zip(&change.operations) {
            let within = match &op.obj {
                ObjectId::Root => None,
                ObjectId::Id(object) => match self.made.get(object) {
                    Some(within) => Some(within),
                    // In something of a newer release.
                    None => continue,
                },
            };
            if let Some(made) = self.one(&mut of, within, op) {
                self.made.insert(OpId(counter, change.actor_id.clone()), made);
            }
        }
        of.written
    }

    /// Takes one operation in; what it made, if anything can stand on it.
    fn one(&self, of: &mut OfChange, within: Option<&Made>, op: &Op) -> Option<Made> {
        match (within, &op.key, &op.action) {
            (None, Key::Map(key), OpType::Make(ObjType::Map)) if key == self.own => Some(Made::Record(At::Own)),
            (None, Key::Map(key), OpType::Make(ObjType::Map)) => Some(Made::Table(key.to_string())),
            (Some(Made::Table(table)), Key::Map(key), OpType::Make(ObjType::Map)) => {
                let at = At::table(table, key.parse().ok()?);
                of.created.insert(at.clone());
                Some(Made::Record(at))
            }
            (Some(Made::Record(at)), Key::Map(key), OpType::Make(ObjType::Text)) => {
                Some(Made::Note(at.clone(), key.to_string()))
            }
            (Some(Made::Record(at)), Key::Map(key), OpType::Put(value)) => {
                let created = of.created.contains(at);
                let place = (at.clone(), key.to_string());
                let from = of.replaced(&place).unwrap_or_else(|| self.values(op.pred.iter()));
                let to = scalar_of(value);
                let made = Made::Value(to.clone());
                of.written.insert(place, Written::Value { from, to, created });
                Some(made)
            }
            (Some(Made::Record(at)), Key::Map(key), OpType::Delete) => {
                let place = (at.clone(), key.to_string());
                let from = of.replaced(&place).unwrap_or_else(|| self.values(op.pred.iter()));
                of.deleted.insert(place, from);
                None
            }
            (Some(Made::Note(at, key)), Key::Seq(_), _) => {
                let created = of.created.contains(at);
                of.written.insert((at.clone(), key.clone()), Written::Note { created });
                None
            }
            _ => None,
        }
    }

    /// The values that these operations wrote; what was deleted or is no value is none.
    fn values<'a>(&self, replaced: impl Iterator<Item = &'a OpId>) -> Vec<Scalar> {
        let mut replaced: Vec<&OpId> = replaced.collect();
        replaced.sort_unstable_by(|one, other| other.cmp(one));
        let value = |id: &&OpId| match self.made.get(*id) {
            Some(Made::Value(value)) => Some(value.clone()),
            _ => None,
        };
        replaced.iter().filter_map(value).collect()
    }
}
