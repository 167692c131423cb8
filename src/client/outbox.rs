//! Changes that no endpoint has acknowledged. The counters of unsynchronised work *are* this list.

use super::envelope;
use super::relay::{Left, Relay, RelayKey};
use super::store::{Batch, Entry, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::{BUNDLES_MAX, CHANGE_BYTES_MAX, PUSH_BYTES_AIM, PUSH_CHANGES_MAX};
use crate::doc::{DocKind, Hash, Header};
use crate::sync::wire::{Bundle, DocChanges};
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
    /// Bundles of other phones, passed on as they were signed.
    relays: BTreeMap<RelayKey, Relay>,
    /// What of `waiting` is a change of a relay: it is merged here, and goes up in its own bundle.
    relayed: BTreeMap<u64, (RelayKey, usize)>,
}

/// Where a change waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// Made here.
    Own(u64),
    /// In somebody else's bundle, at this place of it.
    Relayed(RelayKey, usize),
}

/// What one request takes along: bundles of others, the own changes by document and, by position over all of these, where
/// each waits.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    pub relays: Vec<Bundle>,
    pub documents: Vec<DocChanges>,
    slots: Vec<Option<Slot>>,
}

impl Parcel {
    /// Where the change at this position of the request waits.
    pub(super) fn slot(&self, position: u64) -> Option<Slot> {
        *self.slots.get(usize::try_from(position).ok()?)?
    }

    /// Every position with the change that waits there.
    pub(super) fn slots(&self) -> impl Iterator<Item = (u64, Slot)> {
        let slot = |(position, slot): (u64, &Option<Slot>)| Some((position, (*slot)?));
        (0..).zip(&self.slots).filter_map(slot)
    }
}

impl Outbox {
    /// From the stored entries; damaged ones are left out (their changes are still in the documents) and reported.
    pub(super) fn read(entries: Vec<Entry>, relays: Vec<Entry>) -> (Self, bool) {
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
        for (key, value) in relays {
            let relay = envelope::open(&value).and_then(|body| Relay::decode(body).ok());
            match (RelayKey::try_from(key.as_slice()), relay) {
                (Ok(key), Some(relay)) => outbox.take_relay(key, relay),
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
        self.waiting.len() + self.relays.values().map(|relay| relay.apart().count()).sum::<usize>()
    }
    /// Everything is acknowledged.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Changes of one document waiting.
    pub fn of(&self, document: DocId) -> usize {
        self.keys
            .range((document, Hash([0; 32]))..=(document, Hash([0xff; 32])))
            .count()
    }
    /// Every change waiting that its document holds, in the order of making.
    pub fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.values()
    }
    /// This change is waiting, and its document holds it.
    pub fn has(&self, document: DocId, hash: Hash) -> bool {
        self.keys.contains_key(&(document, hash))
    }
    /// The change in a slot.
    pub(super) fn get(&self, slot: Slot) -> Option<Waiting> {
        match slot {
            Slot::Own(key) => self.waiting.get(&key).cloned(),
            Slot::Relayed(key, place) => self.relays.get(&key)?.change(place),
        }
    }
    /// Where a change waits, whether its document holds it or not.
    pub(super) fn slot_of(&self, document: DocId, hash: Hash) -> Option<Slot> {
        if let Some(key) = self.keys.get(&(document, hash)) {
            let relayed = self
                .relayed
                .get(key)
                .map(|(relay, place)| Slot::Relayed(*relay, *place));
            return Some(relayed.unwrap_or(Slot::Own(*key)));
        }
        let found = |(key, relay): (&RelayKey, &Relay)| Some(Slot::Relayed(*key, relay.place_apart(document, hash)?));
        self.relays.iter().find_map(found)
    }
    /// Bundles of others, by key.
    pub(super) fn relays(&self) -> &BTreeMap<RelayKey, Relay> {
        &self.relays
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
    /// Adds somebody else's bundle to a batch; it counts only after [`Outbox::take_relay`].
    pub(super) fn put_relay(batch: &mut Batch, key: RelayKey, relay: &Relay) {
        batch.put(Table::Relay, key, envelope::seal(&relay.encode()));
    }
    /// Takes a bundle over after the batch was stored, in place of what was known of it.
    pub(super) fn take_relay(&mut self, key: RelayKey, relay: Relay) {
        let known: Vec<u64> = self.keys_of(key).collect();
        known.into_iter().for_each(|known| self.forget(known));
        for (place, waiting) in relay.merged() {
            let at = self.next;
            if !self.has(waiting.document, waiting.hash) {
                self.insert(at, waiting);
                self.relayed.insert(at, (key, place));
            }
        }
        self.relays.insert(key, relay);
    }
    /// Forgets a bundle of which nothing waits any more.
    pub(super) fn drop_relay(&mut self, key: RelayKey) {
        let known: Vec<u64> = self.keys_of(key).collect();
        known.into_iter().for_each(|known| self.forget(known));
        self.relays.remove(&key);
    }
    fn keys_of(&self, relay: RelayKey) -> impl Iterator<Item = u64> {
        let of = move |(key, (of, _)): (&u64, &(RelayKey, usize))| (*of == relay).then_some(*key);
        self.relayed.iter().filter_map(of)
    }
    fn forget(&mut self, key: u64) {
        self.relayed.remove(&key);
        if let Some(waiting) = self.waiting.remove(&key) {
            self.keys.remove(&(waiting.document, waiting.hash));
        }
    }
    /// Adds removals to a batch; they count only after [`Outbox::drop`].
    pub(super) fn delete(&self, batch: &mut Batch, gone: &BTreeSet<Slot>) {
        for slot in gone {
            if let Slot::Own(key) = slot {
                batch.delete(Table::Outbox, key.to_be_bytes());
            }
        }
        for (key, relay) in self.without(gone) {
            match relay {
                Some(relay) => Self::put_relay(batch, key, &relay),
                None => batch.delete(Table::Relay, key),
            }
        }
    }
    /// Removes after the batch was stored.
    pub(super) fn drop(&mut self, gone: &BTreeSet<Slot>) {
        for (key, relay) in self.without(gone) {
            match relay {
                Some(relay) => self.take_relay(key, relay),
                None => self.drop_relay(key),
            }
        }
        for slot in gone {
            if let Slot::Own(key) = slot {
                self.forget(*key);
            }
        }
    }
    /// The bundles of which something is gone: what is left of each.
    fn without(&self, gone: &BTreeSet<Slot>) -> BTreeMap<RelayKey, Option<Relay>> {
        let mut left: BTreeMap<RelayKey, Relay> = BTreeMap::new();
        for slot in gone {
            if let Slot::Relayed(key, place) = slot
                && let Some(relay) = self.relays.get(key)
            {
                left.entry(*key).or_insert_with(|| relay.clone()).left[*place] = Left::Done;
            }
        }
        let some = |(key, relay): (RelayKey, Relay)| (key, (!relay.is_done()).then_some(relay));
        left.into_iter().map(some).collect()
    }

    /// What fits into one request: documents in the order of their first change, and inside a document by operation
    /// numbers, so that whatever a change stands on goes before it, also when it was offered again later.
    pub(super) fn parcel(&self) -> Parcel {
        self.own_parcel(Parcel::default(), PUSH_BYTES_AIM)
    }

    /// The same behind the bundles of others, on which it may stand.
    pub(super) fn parcel_with_relays(&self) -> Parcel {
        let mut parcel = Parcel::default();
        let mut bytes = 0;
        for (key, relay) in &self.relays {
            // One bundle goes in any case, or it would never go.
            let full = bytes > PUSH_BYTES_AIM || parcel.relays.len() + 1 == BUNDLES_MAX;
            if full || parcel.slots.len() + relay.left.len() > PUSH_CHANGES_MAX {
                break;
            }
            bytes += relay.bytes();
            let left = relay.left.iter().enumerate();
            parcel
                .slots
                .extend(left.map(|(place, left)| (*left != Left::Done).then_some(Slot::Relayed(*key, place))));
            parcel.relays.push(relay.bundle.clone());
        }
        self.own_parcel(parcel, PUSH_BYTES_AIM.saturating_sub(bytes))
    }

    /// Everything that was made here, however much.
    pub(super) fn own(&self) -> Vec<DocChanges> {
        self.own_parcel(Parcel::default(), usize::MAX).documents
    }

    fn own_parcel(&self, mut parcel: Parcel, bytes_aim: usize) -> Parcel {
        let mut documents: Vec<(DocId, Vec<(u64, u64, &Waiting)>)> = Vec::new();
        let mut places: BTreeMap<DocId, usize> = BTreeMap::new();
        for (key, waiting) in self.waiting.iter().filter(|(key, _)| !self.relayed.contains_key(key)) {
            let place = *places.entry(waiting.document).or_insert_with(|| {
                documents.push((waiting.document, Vec::new()));
                documents.len() - 1
            });
            let start_op = Header::read(&waiting.bytes).map_or(0, |header| header.start_op);
            documents[place].1.push((start_op, *key, waiting));
        }
        let mut bytes = 0;
        for (document, mut changes) in documents {
            changes.sort_by_key(|(start_op, key, _)| (*start_op, *key));
            let mut part: Option<DocChanges> = None;
            for (_, key, waiting) in changes {
                if bytes > bytes_aim || parcel.slots.len() >= PUSH_CHANGES_MAX {
                    break;
                }
                bytes += waiting.bytes.len();
                parcel.slots.push(Some(Slot::Own(key)));
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
