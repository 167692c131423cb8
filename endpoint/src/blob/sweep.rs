//! Tidying up: photos that no record names any more, files that no village holds, uploads that nobody goes on with.

use super::{Parts, Vault};
use crate::store::{Store, StoreError, blob};
use bianfang::base::id::{DocId, SpaceId};
use bianfang::base::picture::BlobId;
use bianfang::doc::{DocKind, Document, Record, Scalar};
use bianfang::sync::log::Log as _;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

const DAY_S: i64 = 24 * 60 * 60;
/// A photo comes after the text that names it, but the text may wait on another phone for weeks.
pub const UNREFERENCED_S: i64 = 90 * DAY_S;
/// A file is taken in a moment before its row is written.
const STRAY_S: i64 = DAY_S;
/// A phone may be away for a while.
const PART_S: i64 = 14 * DAY_S;

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Photos of villages.
    pub photos: usize,
    /// Files.
    pub files: usize,
    /// Uploads under way.
    pub parts: usize,
}

/// Why it could not go on; what went before is gone.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The database's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk's.
    #[error("photos cannot be read or removed: {0}")]
    Disk(#[from] io::Error),
}

/// Tidies up.
///
/// # Errors
/// The database's or the disk's.
pub fn sweep(store: &Store, vault: &dyn Vault, parts: &Parts, now_s: i64) -> Result<Swept, SweepError> {
    let mut swept = Swept::default();
    let old = store.read(|tx| blob::list(tx, Some(now_s - UNREFERENCED_S)))?;
    let mut by_space: BTreeMap<SpaceId, Vec<BlobId>> = BTreeMap::new();
    for row in old {
        by_space.entry(row.space).or_default().push(row.blob);
    }
    for (space, old) in by_space {
        // What was read of the records holds as long as none came since.
        let (seq, named) = store.read(|tx| Ok::<_, StoreError>((end_of(tx, space)?, named_in(tx, space)?)))?;
        // Where a document cannot be read, nobody knows what it names.
        let Some(named) = named else { continue };
        let unnamed: Vec<BlobId> = old.into_iter().filter(|blob| !named.contains(blob)).collect();
        swept.photos += store.write(|tx| {
            if end_of(tx, space)? != seq {
                return Ok::<_, StoreError>(0);
            }
            for one in &unnamed {
                blob::remove(tx, space, *one)?;
            }
            Ok(unnamed.len())
        })?;
    }
    for kept in vault.list()? {
        if kept.since_s < now_s - STRAY_S {
            // Nobody can hand the same photo over while this is the writer.
            swept.files += store.write(|tx| {
                if blob::is_held(tx, kept.blob)? {
                    return Ok::<_, SweepError>(0);
                }
                vault.remove(kept.blob)?;
                Ok(1)
            })?;
        }
    }
    swept.parts = parts.forget_before(now_s - PART_S)?;
    Ok(swept)
}

fn end_of(tx: &Connection, space: SpaceId) -> Result<u64, StoreError> {
    Ok(crate::store::SqliteLog::reading(tx, space).end()?.seq)
}

/// Every photo that a record of a space names; nothing when one of its documents cannot be read.
pub fn named_in(tx: &Connection, space: SpaceId) -> Result<Option<BTreeSet<BlobId>>, StoreError> {
    let mut named = BTreeSet::new();
    for (kind, id) in documents(tx, space)? {
        let mut statement = tx.prepare_cached("SELECT bytes FROM change WHERE doc = ? ORDER BY id")?;
        let changes: Vec<Vec<u8>> = statement
            .query_map([id.as_bytes()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(document) = kind.and_then(|kind| Document::open(kind, id, None, &changes).ok()) else {
            return Ok(None);
        };
        named.extend(names_in(&document));
    }
    Ok(Some(named))
}

/// Every photo that a document names.
pub fn names_in(document: &Document) -> BTreeSet<BlobId> {
    let mut named = BTreeSet::new();
    names_of(&document.own(), &mut named);
    for table in document.kind().tables() {
        let records = document.records(table);
        records.values().for_each(|record| names_of(record, &mut named));
    }
    named
}

fn documents(tx: &Connection, space: SpaceId) -> Result<Vec<(Option<DocKind>, DocId)>, StoreError> {
    let mut statement = tx.prepare(
        "SELECT d.kind, d.id FROM document d JOIN doc_space s ON s.doc = d.id WHERE s.space = ? ORDER BY d.id",
    )?;
    let mut rows = statement.query([space.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(1)?;
        let id = DocId::from_slice(&id).ok_or(StoreError::Value("document.id"))?;
        all.push((DocKind::from_byte(row.get(0)?), id));
    }
    Ok(all)
}

/// Whatever in a record looks like the name of a photo is taken for one: too much is kept rather than too little.
fn names_of(record: &Record, named: &mut BTreeSet<BlobId>) {
    let values = record.fields.values().flatten();
    let texts = values.filter_map(|live| Scalar::as_text(&live.value));
    for text in texts.chain(record.fields.keys().map(String::as_str)) {
        let words = text.split(|letter: char| !letter.is_ascii_hexdigit());
        named.extend(words.filter_map(|word| word.parse::<BlobId>().ok()));
    }
}
