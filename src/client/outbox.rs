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
    relays: Vec<(RelayKey, Relay)>,
    /// What of `waiting` is a change of a relay: it is merged here, and goes up in its own bundle.
    relayed: Vec<(u64, RelayKey, usize)>,
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
        self.waiting.len() + self.relays().map(|(_, relay)| relay.apart().count()).sum::<usize>()
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
            Slot::Relayed(key, place) => self.relay(key)?.change(place),
        }
    }
    /// Where a change waits, whether its document holds it or not.
    pub(super) fn slot_of(&self, document: DocId, hash: Hash) -> Option<Slot> {
        if let Some(key) = self.keys.get(&(document, hash)) {
            let relayed = self.relayed.iter().find(|(relayed, _, _)| relayed == key);
            return Some(relayed.map_or(Slot::Own(*key), |(_, relay, place)| Slot::Relayed(*relay, *place)));
        }
        let found = |(key, relay): (RelayKey, &Relay)| Some(Slot::Relayed(key, relay.place_apart(document, hash)?));
        self.relays().find_map(found)
    }
    /// Bundles of others, by key.
    pub(super) fn relays(&self) -> impl Iterator<Item = (RelayKey, &Relay)> {
        self.relays.iter().map(|(key, relay)| (*key, relay))
    }
    /// Something of others is to be passed on.
    pub(super) fn has_relays(&self) -> bool {
        !self.relays.is_empty()
    }
    /// One of these bundles.
    pub(super) fn relay(&self, key: RelayKey) -> Option<&Relay> {
        self.relays().find_map(|(known, relay)| (known == key).then_some(relay))
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
        self.drop_relay(key);
        for (place, waiting) in relay.merged() {
            let at = self.next;
            if !self.has(waiting.document, waiting.hash) {
                self.insert(at, waiting);
                self.relayed.push((at, key, place));
            }
        }
        let place = self.relays.partition_point(|(known, _)| *known < key);
        self.relays.insert(place, (key, relay));
    }
    /// Forgets a bundle of which nothing waits any more.
    pub(super) fn drop_relay(&mut self, key: RelayKey) {
        let of = self.relayed.iter().filter(|(_, of, _)| *of == key);
        let known: Vec<u64> = of.map(|(known, _, _)| *known).collect();
        known.into_iter().for_each(|known| self.forget(known));
        self.relayed.retain(|(_, of, _)| *of != key);
        self.relays.retain(|(of, _)| *of != key);
    }
    fn is_relayed(&self, key: u64) -> bool {
        self.relayed.iter().any(|(relayed, _, _)| *relayed == key)
    }
    fn forget(&mut self, key: u64) {
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
    fn without(&self, gone: &BTreeSet<Slot>) -> Vec<(RelayKey, Option<Relay>)> {
        let mut without = Vec::new();
        for (key, relay) in &self.relays {
            let of = |slot: &Slot| match slot {
                Slot::Relayed(of, place) if of == key => Some(*place),
                _ => None,
            };
            let places: Vec<usize> = gone.iter().filter_map(of).collect();
            if places.is_empty() {
                continue;
            }
            let mut left = relay.clone();
            places.into_iter().for_each(|place| left.left[place] = Left::Done);
            without.push((*key, (!left.is_done()).then_some(left)));
        }
        without
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
        for (key, waiting) in self.waiting.iter().filter(|(key, _)| !self.is_relayed(**key)) {
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
