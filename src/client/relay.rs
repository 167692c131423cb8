//! Somebody else's work that was carried here in a rescue file: a bundle as its own phone signed it, passed on unopened so
//! that the endpoint judges the signer. A stored format. Says nothing of the documents into which it was merged.

use super::outbox::{Outbox, Parcel, Slot, Waiting};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::doc::{DocKind, Hash};
use crate::sync::digest::Item;
use crate::sync::wire::{Arrival, Bundle, DocArrivals, DocChanges, SyncResponse};
use sha2::{Digest as _, Sha256};

/// The name under which a bundle is stored: by what was signed, so that a file opened twice is the same bundle.
pub(super) type RelayKey = [u8; 16];

/// How far one change of a bundle has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Acknowledged, or handed over by somebody else.
    Done = 0,
    /// Merged into its document here, and not acknowledged.
    Merged = 1,
    /// Not acknowledged and not merged: its signer is not known here, or what it stands on is not here yet.
    Apart = 2,
}

/// One bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relay {
    pub bundle: Bundle,
    /// By place over all changes of the bundle.
    pub left: Vec<Left>,
}

impl Relay {
    /// With everything in it still to be looked at.
    pub(super) fn new(bundle: Bundle) -> Self {
        let left = vec![Left::Apart; bundle.len()];
        Self { bundle, left }
    }

    /// The name of a bundle.
    pub(super) fn key(bundle: &Bundle) -> RelayKey {
        let mut sha = Sha256::new();
        sha.update(bundle.signature);
        for change in bundle.documents.iter().flat_map(|part| &part.changes) {
            sha.update(hash_of(change).0);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&sha.finalize()[..16]);
        key
    }

    fn changes(&self) -> impl Iterator<Item = (&DocChanges, &Vec<u8>)> {
        self.bundle
            .documents
            .iter()
            .flat_map(|part| part.changes.iter().map(move |change| (part, change)))
    }

    /// The change at a place.
    pub(super) fn change(&self, place: usize) -> Option<Waiting> {
        let (part, bytes) = self.changes().nth(place)?;
        Some(waiting(part, bytes))
    }

    fn with(&self, wanted: Left) -> impl Iterator<Item = (usize, Waiting)> {
        self.changes()
            .enumerate()
            .zip(&self.left)
            .filter(move |(_, left)| **left == wanted)
            .map(|((place, (part, bytes)), _)| (place, waiting(part, bytes)))
    }

    /// What waits and its document holds.
    pub(super) fn merged(&self) -> impl Iterator<Item = (usize, Waiting)> {
        self.with(Left::Merged)
    }

    /// What waits without being in its document.
    pub(super) fn apart(&self) -> impl Iterator<Item = Waiting> {
        self.with(Left::Apart).map(|(_, waiting)| waiting)
    }

    /// Where a change stands that waits without being in its document.
    pub(super) fn place_apart(&self, document: DocId, hash: Hash) -> Option<usize> {
        let found = |(place, waiting): (usize, Waiting)| {
            ((waiting.document, waiting.hash) == (document, hash)).then_some(place)
        };
        self.with(Left::Apart).find_map(found)
    }

    /// Nothing of it waits any more.
    pub(super) fn is_done(&self) -> bool {
        self.left.iter().all(|left| *left == Left::Done)
    }

    /// Bytes of its changes.
    pub(super) fn bytes(&self) -> usize {
        self.changes().map(|(_, bytes)| bytes.len()).sum()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1);
        writer.bytes(&self.bundle.encode());
        self.left.iter().for_each(|left| writer.byte(*left as u8));
        writer.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != 1 {
            return Err(DecodeError::Tag);
        }
        let bundle = Bundle::decode(reader.bytes(bytes.len())?)?;
        let left = (0..bundle.len())
            .map(|_| match reader.byte()? {
                0 => Ok(Left::Done),
                1 => Ok(Left::Merged),
                2 => Ok(Left::Apart),
                _ => Err(DecodeError::Tag),
            })
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self { bundle, left })
    }
}

fn waiting(part: &DocChanges, bytes: &[u8]) -> Waiting {
    Waiting {
        kind: part.kind,
        document: part.document,
        hash: hash_of(bytes),
        bytes: bytes.to_vec(),
    }
}

/// The hash of a change, from its bytes.
pub(super) fn hash_of(change: &[u8]) -> Hash {
    Hash(Sha256::digest(change.get(8..).unwrap_or_default()).into())
}

/// Whether a kind of document may come by hand: what the desk alone writes comes from the endpoint.
pub(super) fn may_come(kind: DocKind) -> bool {
    !kind.is_of_desk()
}

/// What of others' bundles was acknowledged just now and is not in its document here: the endpoint does not send back
/// what a request carried, so it joins what arrived.
pub(super) fn carried(outbox: &Outbox, parcel: &Parcel, response: &mut SyncResponse) -> Vec<Item> {
    let mut carried = Vec::new();
    let received_s = response.now_ms.div_euclid(1000);
    for (position, slot) in parcel.slots() {
        let Slot::Relayed(key, _) = slot else { continue };
        if !response.receipts.iter().any(|receipt| receipt.covers(position)) {
            continue;
        }
        let relay = outbox.relay(key);
        let Some((device, waiting)) = relay.map(|relay| relay.bundle.device).zip(outbox.get(slot)) else {
            continue;
        };
        if outbox.has(waiting.document, waiting.hash) {
            continue;
        }
        carried.push(Item::of(waiting.document, waiting.hash));
        let arrival = Arrival {
            bytes: waiting.bytes,
            device,
            received_s,
        };
        let known = response.arrivals.iter_mut();
        match known.into_iter().find(|part| part.document == waiting.document) {
            Some(part) => part.arrivals.push(arrival),
            None => response.arrivals.push(DocArrivals {
                kind: waiting.kind.into(),
                document: waiting.document,
                arrivals: vec![arrival],
            }),
        }
    }
    carried
}
