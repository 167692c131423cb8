//! Where documents stand in the phone's storage: chunks that are only ever added, and removed after a newer snapshot
//! was read back and proven. A stored format.

use super::envelope;
use super::store::{Batch, Entry, Store, StoreError, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::{CHUNKS_BEFORE_SNAPSHOT, DOCUMENT_BYTES_MAX};
use crate::client::store::Durability;
use crate::doc::{DocError, DocKind, Document};
use sha2::{Digest as _, Sha256};

const SNAPSHOT: u8 = 0;
const CHANGES: u8 = 1;

/// A document taken from the shelf, with the keys of the chunks it came from.
#[derive(Debug)]
pub(super) struct Shelved {
    pub document: Document,
    pub keys: Vec<Vec<u8>>,
    /// Keys of chunks that cannot be read.
    pub damaged: Vec<Vec<u8>>,
}

impl Shelved {
    /// Of which nothing is stored yet.
    pub(super) fn new(kind: DocKind, document: DocId) -> Self {
        Self {
            document: Document::new(kind, document),
            keys: Vec::new(),
            damaged: Vec::new(),
        }
    }
}

/// What is left of a document that cannot be opened: it is whole again when what is missing has come.
#[derive(Debug, Default)]
pub(super) struct Remains {
    /// Readable, and in no chunk that opens by itself.
    pub changes: Vec<Vec<u8>>,
    pub damaged: Vec<Vec<u8>>,
}

/// Nothing, a document, or why it cannot be opened (with what is stored of it, untouched).
#[allow(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
pub(super) enum Taken {
    Absent,
    Open(Shelved),
    Unreadable(DocError, Remains),
}

fn key(document: DocId, part: u8, name: &[u8]) -> Vec<u8> {
    [document.as_bytes().as_slice(), &[part], name].concat()
}

fn chunk(kind: DocKind, parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(kind as u8);
    writer.number(parts.len() as u64);
    parts.iter().for_each(|part| writer.bytes(part.as_ref()));
    envelope::seal(&writer.finish())
}

fn read_chunk(stored: &[u8]) -> Option<(DocKind, Vec<Vec<u8>>)> {
    let body = envelope::open(stored)?;
    let read = || -> Result<_, DecodeError> {
        let mut reader = Reader::new(body);
        let kind = DocKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)?;
        let count = reader.count(body.len())?;
        let parts = (0..count)
            .map(|_| reader.bytes(DOCUMENT_BYTES_MAX).map(<[u8]>::to_vec))
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok((kind, parts))
    };
    read().ok()
}

/// Adds changes of one document to a batch; returns the key of their chunk.
pub(super) fn put_changes(batch: &mut Batch, kind: DocKind, document: DocId, changes: &[Vec<u8>]) -> Vec<u8> {
    let name: [u8; 32] = Sha256::digest(changes.concat()).into();
    let key = key(document, CHANGES, &name);
    batch.put(Table::Chunk, key.clone(), chunk(kind, changes));
    key
}

/// Adds a snapshot that came from elsewhere to a batch.
pub(super) fn put_snapshot(batch: &mut Batch, kind: DocKind, document: DocId, saved: &[u8]) -> Vec<u8> {
    let name: [u8; 32] = Sha256::digest(saved).into();
    let key = key(document, SNAPSHOT, &name);
    batch.put(Table::Chunk, key.clone(), chunk(kind, &[saved]));
    key
}

/// Takes a document from the shelf.
pub(super) async fn take(store: &impl Store, document: DocId) -> Result<Taken, StoreError> {
    let entries = store.range(Table::Chunk, document.as_bytes()).await?;
    Ok(open(document, entries))
}

/// Opens a document from what a storage gave back of it: for trials with damaged bytes.
///
/// # Errors
/// Why it cannot be opened.
#[cfg(feature = "contract")]
pub fn opens(document: DocId, entries: Vec<Entry>) -> Result<Option<Document>, DocError> {
    match open(document, entries) {
        Taken::Absent => Ok(None),
        Taken::Open(shelved) => Ok(Some(shelved.document)),
        Taken::Unreadable(error, _) => Err(error),
    }
}

fn open(document: DocId, entries: Vec<Entry>) -> Taken {
    let mut kind = None;
    let mut snapshots = Vec::new();
    let mut changes = Vec::new();
    let mut keys = Vec::new();
    let mut damaged = Vec::new();
    for (key, value) in entries {
        match read_chunk(&value) {
            Some((of, parts)) => {
                kind = Some(of);
                match key.get(16) {
                    Some(&SNAPSHOT) => snapshots.extend(parts.into_iter().map(|saved| (key.clone(), saved))),
                    _ => changes.extend(parts),
                }
                keys.push(key);
            }
            None => damaged.push(key),
        }
    }
    let Some(kind) = kind else {
        return if damaged.is_empty() {
            Taken::Absent
        } else {
            let changes = Vec::new();
            Taken::Unreadable(DocError::Unreadable, Remains { changes, damaged })
        };
    };
    match build(kind, document, &snapshots, &changes, &mut damaged) {
        // What a damaged chunk held may stand in another one as well, or at the very end of the history, where nothing
        // that can be read depends on it: whoever opens it compares with the endpoint.
        Ok(document) => {
            keys.retain(|key| !damaged.contains(key));
            Taken::Open(Shelved {
                document,
                keys,
                damaged,
            })
        }
        Err(error) => {
            let loaded = snapshots
                .iter()
                .filter_map(|(_, saved)| Document::load(kind, document, saved).ok());
            changes.extend(
                loaded
                    .flat_map(|loaded| loaded.changes_since(&[]))
                    .map(|(_, bytes)| bytes),
            );
            Taken::Unreadable(error, Remains { changes, damaged })
        }
    }
}

/// The document of its snapshots and changes. A snapshot that is whole as it was stored, and no document, is damaged: what
/// it replaced may stand beside it.
fn build(
    kind: DocKind,
    document: DocId,
    snapshots: &[(Vec<u8>, Vec<u8>)],
    changes: &[Vec<u8>],
    damaged: &mut Vec<Vec<u8>>,
) -> Result<Document, DocError> {
    let mut whole: Option<Document> = None;
    for (key, saved) in snapshots {
        match (Document::load(kind, document, saved), &mut whole) {
            (Ok(loaded), Some(whole)) => drop(whole.merge(&loaded)?),
            (Ok(loaded), None) => whole = Some(loaded),
            (Err(DocError::Unreadable), _) => damaged.push(key.clone()),
            (Err(error), _) => return Err(error),
        }
    }
    if whole.is_none() && !snapshots.is_empty() && changes.is_empty() {
        return Err(DocError::Unreadable);
    }
    let mut whole = whole.unwrap_or_else(|| Document::new(kind, document));
    whole.apply(changes)?;
    Ok(whole)
}

/// Every document on the shelf, with what is stored of it. Each is opened when it is asked for: all of a village at once
/// would fill a small phone.
pub(super) async fn all(store: &impl Store) -> Result<impl Iterator<Item = (DocId, Taken)>, StoreError> {
    let mut by_document: Vec<(DocId, Vec<Entry>)> = Vec::new();
    for entry in store.range(Table::Chunk, &[]).await? {
        let Some(id) = entry.0.get(..16).and_then(DocId::from_slice) else {
            continue;
        };
        match by_document.last_mut() {
            Some((last, entries)) if *last == id => entries.push(entry),
            _ => by_document.push((id, vec![entry])),
        }
    }
    Ok(by_document.into_iter().map(|(id, entries)| (id, open(id, entries))))
}

/// Folds the chunks of a document into one snapshot once there are many. It is opened before it is stored, and read back
/// from the storage before the chunks it replaces go. A document that would not open again stays in its chunks.
pub(super) async fn fold(store: &impl Store, shelved: &mut Shelved) -> Result<(), StoreError> {
    if shelved.keys.len() < CHUNKS_BEFORE_SNAPSHOT {
        return Ok(());
    }
    let Some(saved) = shelved.document.save_proven() else {
        return Ok(());
    };
    let (kind, id) = (shelved.document.kind(), shelved.document.id());
    let mut batch = Batch::default();
    let key = put_snapshot(&mut batch, kind, id, &saved);
    store.commit(batch, Durability::Strict).await?;
    let stored = store.get(Table::Chunk, &key).await?;
    let proven = stored
        .and_then(|stored| read_chunk(&stored))
        .is_some_and(|(_, parts)| parts == [saved]);
    if !proven {
        return Ok(());
    }
    let mut batch = Batch::default();
    shelved
        .keys
        .iter()
        .filter(|old| **old != key)
        .for_each(|old| batch.delete(Table::Chunk, old.clone()));
    store.commit(batch, Durability::Relaxed).await?;
    shelved.keys = vec![key];
    Ok(())
}

#[cfg(test)]
mod tests;
