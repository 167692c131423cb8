//! Changes that no endpoint has acknowledged. The counters of unsynchronised work *are* this list.

use super::envelope;
use super::store::{Batch, Entry, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::{CHANGE_BYTES_MAX, PUSH_BYTES_AIM, PUSH_CHANGES_MAX};
use crate::doc::{DocKind, Hash, Header};
use crate::sync::wire::DocChanges;
use std::collections::{BTreeMap, BTreeSet};

/// One change waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kind: DocKind,
    pub document: DocId,
    pub hash: Hash,
    pub bytes: Vec<u8>,
}

/// The list, in the order in which changes were made here.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: BTreeMap<u64, Waiting>,
    keys: BTreeMap<(DocId, Hash), u64>,
    next: u64,
}

/// What one request takes along: its changes by document and, by position, their keys.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    pub documents: Vec<DocChanges>,
    pub keys: Vec<u64>,
}

impl Outbox {
    /// From the stored entries; damaged ones are left out (their changes are still in the documents) and reported.
    pub(super) fn read(entries: Vec<Entry>) -> (Self, bool) {
        let mut outbox = Self::default();
        let mut whole = true;
        for (key, value) in entries {
            match (
                <[u8; 8]>::try_from(key.as_slice()),
                envelope::open(&value).and_then(|body| decode(body).ok()),
            ) {
                (Ok(key), Some(waiting)) => outbox.insert(u64::from_be_bytes(key), waiting),
                _ => whole = false,
            }
        }
        (outbox, whole)
    }

    fn insert(&mut self, key: u64, waiting: Waiting) {
        self.next = self.next.max(key + 1);
        self.keys.insert((waiting.document, waiting.hash), key);
        self.waiting.insert(key, waiting);
    }

    /// Changes waiting.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
    /// Everything is acknowledged.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
    /// Changes of one document waiting.
    pub fn of(&self, document: DocId) -> usize {
        self.keys
            .range((document, Hash([0; 32]))..=(document, Hash([0xff; 32])))
            .count()
    }
    /// Every change waiting, in the order of making.
    pub fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.values()
    }
    /// This change is waiting.
    pub fn has(&self, document: DocId, hash: Hash) -> bool {
        self.keys.contains_key(&(document, hash))
    }
    pub(super) fn get(&self, key: u64) -> Option<&Waiting> {
        self.waiting.get(&key)
    }
    pub(super) fn key_of(&self, document: DocId, hash: Hash) -> Option<u64> {
        self.keys.get(&(document, hash)).copied()
    }

    /// Adds changes to a batch; they count only after [`Outbox::take`].
    pub(super) fn put(&self, batch: &mut Batch, changes: &[Waiting]) {
        for (key, waiting) in (self.next..).zip(changes) {
            batch.put(Table::Outbox, key.to_be_bytes(), envelope::seal(&encode(waiting)));
        }
    }
    /// Takes changes over after the batch was stored.
    pub(super) fn take(&mut self, changes: Vec<Waiting>) {
        for waiting in changes {
            self.insert(self.next, waiting);
        }
    }
    /// Adds removals to a batch; they count only after [`Outbox::drop`].
    pub(super) fn delete(batch: &mut Batch, keys: &BTreeSet<u64>) {
        keys.iter()
            .for_each(|key| batch.delete(Table::Outbox, key.to_be_bytes()));
    }
    /// Removes after the batch was stored.
    pub(super) fn drop(&mut self, keys: &BTreeSet<u64>) {
        for key in keys {
            if let Some(waiting) = self.waiting.remove(key) {
                self.keys.remove(&(waiting.document, waiting.hash));
            }
        }
    }

    /// What fits into one request: documents in the order of their first change, and inside a document by operation
    /// numbers, so that whatever a change stands on goes before it, also when it was offered again later.
    pub(super) fn parcel(&self) -> Parcel {
        let mut documents: Vec<(DocId, Vec<(u64, u64, &Waiting)>)> = Vec::new();
        let mut places: BTreeMap<DocId, usize> = BTreeMap::new();
        for (key, waiting) in &self.waiting {
            let place = *places.entry(waiting.document).or_insert_with(|| {
                documents.push((waiting.document, Vec::new()));
                documents.len() - 1
            });
            let start_op = Header::read(&waiting.bytes).map_or(0, |header| header.start_op);
            documents[place].1.push((start_op, *key, waiting));
        }
        let mut parcel = Parcel::default();
        let mut bytes = 0;
        for (document, mut changes) in documents {
            changes.sort_by_key(|(start_op, key, _)| (*start_op, *key));
            let mut part: Option<DocChanges> = None;
            for (_, key, waiting) in changes {
                if bytes > PUSH_BYTES_AIM || parcel.keys.len() == PUSH_CHANGES_MAX {
                    break;
                }
                bytes += waiting.bytes.len();
                parcel.keys.push(key);
                let kind = waiting.kind;
                let part = part.get_or_insert(DocChanges {
                    kind,
                    document,
                    changes: Vec::new(),
                });
                part.changes.push(waiting.bytes.clone());
            }
            parcel.documents.extend(part);
        }
        parcel
    }
}

fn encode(waiting: &Waiting) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(waiting.kind as u8);
    writer.raw(waiting.document.as_bytes());
    writer.raw(&waiting.hash.0);
    writer.bytes(&waiting.bytes);
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<Waiting, DecodeError> {
    let mut reader = Reader::new(bytes);
    let kind = DocKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)?;
    let waiting = Waiting {
        kind,
        document: DocId(reader.array()?),
        hash: Hash(reader.array()?),
        bytes: reader.bytes(CHANGE_BYTES_MAX)?.to_vec(),
    };
    reader.end()?;
    Ok(waiting)
}
