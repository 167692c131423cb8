//! A log in memory: for tests, the simulation and the contract suite. Keeps everything, loses everything with itself.

use super::log::{ActorFacts, ChangeFacts, DeviceFacts, DocFacts, FeedEnd, FeedRow, Log, NewChange, Stored};
use super::wire::Presence;
use crate::base::id::{ActorBytes, DeviceId, DocId};
use crate::doc::{DocKind, Document, Hash};
use std::collections::BTreeMap;
use std::convert::Infallible;

#[derive(Clone, Debug)]
struct MemoryDocument {
    kind: DocKind,
    max_op: u64,
    ops: u64,
    snapshot: Option<Vec<u8>>,
    since: Vec<Vec<u8>>,
    changes: BTreeMap<Hash, ChangeFacts>,
    actors: BTreeMap<ActorBytes, ActorFacts>,
}

/// One space in memory. Cloning it is a backup.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    devices: BTreeMap<DeviceId, (DeviceFacts, u64, u64)>,
    rows: Vec<FeedRow>,
    end: FeedEnd,
    documents: BTreeMap<DocId, MemoryDocument>,
    bundles: Vec<(DeviceId, [u8; 32], [u8; 64])>,
    rolled_back: bool,
}

impl MemoryLog {
    /// Enrols a device or changes what is known of it.
    pub fn put_device(&mut self, device: DeviceId, facts: DeviceFacts) {
        let (seq, presence) = self
            .devices
            .get(&device)
            .map_or((0, 0), |(_, seq, presence)| (*seq, *presence));
        self.devices.insert(device, (facts, seq, presence));
    }
    /// Every document here.
    pub fn documents(&self) -> Vec<(DocKind, DocId)> {
        self.documents
            .iter()
            .map(|(id, document)| (document.kind, *id))
            .collect()
    }
    /// Rows of the feed.
    pub fn rows(&self) -> &[FeedRow] {
        &self.rows
    }
}

impl Log for MemoryLog {
    type Error = Infallible;

    fn secret(&mut self) -> Result<[u8; 32], Infallible> {
        Ok([0x5e; 32])
    }
    fn rolled_back(&mut self) -> Result<bool, Infallible> {
        Ok(self.rolled_back)
    }
    fn note_rollback(&mut self) -> Result<(), Infallible> {
        self.rolled_back = true;
        Ok(())
    }
    fn device(&mut self, device: DeviceId) -> Result<Option<DeviceFacts>, Infallible> {
        Ok(self.devices.get(&device).map(|(facts, _, _)| facts.clone()))
    }
    fn end(&mut self) -> Result<FeedEnd, Infallible> {
        Ok(self.end)
    }
    fn row(&mut self, seq: u64) -> Result<Option<FeedRow>, Infallible> {
        let place = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        Ok(place.and_then(|place| self.rows.get(place)).cloned())
    }
    fn rows_after(&mut self, seq: u64, bytes: usize) -> Result<Vec<FeedRow>, Infallible> {
        let mut total = 0;
        let from = usize::try_from(seq).unwrap_or(usize::MAX).min(self.rows.len());
        let rows = self.rows[from..].iter().take_while(|row| {
            let fits = total < bytes;
            total += row.bytes.len();
            fits
        });
        Ok(rows.cloned().collect())
    }
    fn rows_of(&mut self, document: DocId) -> Result<Vec<FeedRow>, Infallible> {
        let rows = self.rows.iter().filter(|row| row.document == document);
        Ok(rows.cloned().collect())
    }
    fn document(&mut self, document: DocId) -> Result<Option<DocFacts>, Infallible> {
        Ok(self.documents.get(&document).map(|known| DocFacts {
            kind: known.kind,
            here: true,
            max_op: known.max_op,
            ops: known.ops,
        }))
    }
    fn change(&mut self, document: DocId, hash: Hash) -> Result<Option<ChangeFacts>, Infallible> {
        Ok(self
            .documents
            .get(&document)
            .and_then(|known| known.changes.get(&hash))
            .copied())
    }
    fn actor(&mut self, document: DocId, actor: ActorBytes) -> Result<Option<ActorFacts>, Infallible> {
        Ok(self
            .documents
            .get(&document)
            .and_then(|known| known.actors.get(&actor))
            .copied())
    }
    fn stored(&mut self, document: DocId) -> Result<Stored, Infallible> {
        Ok(self
            .documents
            .get(&document)
            .map(|known| Stored {
                snapshot: known.snapshot.clone(),
                changes: known.since.clone(),
            })
            .unwrap_or_default())
    }
    fn append(&mut self, change: NewChange, end: FeedEnd) -> Result<(), Infallible> {
        let NewChange {
            kind,
            document,
            header,
            bytes,
            device,
            received_s,
        } = change;
        let known = self.documents.entry(document).or_insert_with(|| MemoryDocument {
            kind,
            max_op: Document::new(kind, document).max_op(),
            ops: 0,
            snapshot: None,
            since: Vec::new(),
            changes: BTreeMap::new(),
            actors: BTreeMap::new(),
        });
        known.max_op = known.max_op.max(header.max_op());
        known.ops += header.ops;
        known.since.push(bytes.clone());
        known.changes.insert(
            header.hash,
            ChangeFacts {
                seq: end.seq,
                max_op: header.max_op(),
            },
        );
        known.actors.insert(
            header.actor,
            ActorFacts {
                device,
                seq: header.seq,
            },
        );
        let (running, digest, hash) = (end.running, end.digest, header.hash);
        self.rows.push(FeedRow {
            seq: end.seq,
            kind,
            document,
            hash,
            bytes,
            device,
            received_s,
            running,
            digest,
        });
        self.end = end;
        Ok(())
    }
    fn put_snapshot(&mut self, document: DocId, bytes: Vec<u8>) -> Result<(), Infallible> {
        if let Some(known) = self.documents.get_mut(&document) {
            known.snapshot = Some(bytes);
            known.since.clear();
        }
        Ok(())
    }
    fn keep_bundle(&mut self, device: DeviceId, message: &[u8; 32], signature: &[u8; 64]) -> Result<(), Infallible> {
        self.bundles.push((device, *message, *signature));
        Ok(())
    }
    fn items(&mut self) -> Result<Vec<(DocId, Hash, u64)>, Infallible> {
        Ok(self.rows.iter().map(|row| (row.document, row.hash, row.seq)).collect())
    }
    fn present(&mut self, device: DeviceId, seq: u64) -> Result<(), Infallible> {
        if let Some((_, last, moved)) = self.devices.get_mut(&device)
            && *last != seq
        {
            self.end.presence += 1;
            (*last, *moved) = (seq, self.end.presence);
        }
        Ok(())
    }
    fn presences(&mut self, presence: u64, except: DeviceId) -> Result<Vec<Presence>, Infallible> {
        Ok(self
            .devices
            .iter()
            .filter(|(device, (_, _, moved))| **device != except && *moved > presence)
            .map(|(device, (facts, seq, _))| Presence {
                device: *device,
                member: facts.member,
                seq: *seq,
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::contract::{LogBed, run};

    #[derive(Default)]
    struct Bed {
        here: MemoryLog,
        there: MemoryLog,
    }

    impl LogBed for Bed {
        type Log<'a> = MemoryLog;

        fn enrol(&mut self, device: DeviceId, facts: DeviceFacts) {
            self.here.put_device(device, facts);
        }
        fn with<T>(&mut self, work: impl FnOnce(&mut MemoryLog) -> T) -> T {
            work(&mut self.here)
        }
        fn with_both<T>(&mut self, work: impl FnOnce(&mut MemoryLog, &mut MemoryLog) -> T) -> T {
            work(&mut self.here, &mut self.there)
        }
    }

    #[test]
    fn keeps_the_contract_of_logs() {
        run(Bed::default);
    }
}
