//! First loads: the documents of a space cut into blocks named by their content. Made on demand, made anew when the feed
//! has moved far; whatever was made stays for a while, so that a load under way can go on.

use crate::desk::{Desk, DeskError};
use crate::store::pack::{self, PackRow};
use crate::store::{SqliteLog, Store, StoreError, space};
use axum::http::{HeaderMap, HeaderValue, header};
use bianfang::base::id::SpaceId;
use bianfang::base::limits::BLOCK_BYTES_AIM;
use bianfang::doc::{DocKind, Document};
use bianfang::index::Row;
use bianfang::ledger::Procedures;
use bianfang::sync::log::Log;
use bianfang::sync::pack::{BlockName, Manifest, PackedDoc, encode_block};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};

/// A pack is made anew when the feed moved by so many changes …
const STALE_CHANGES: u64 = 200;
/// … or by one in so many of those it holds, whichever is more.
const STALE_SHARE: u64 = 20;
/// How long an old pack stays.
const KEEP_S: i64 = 14 * 24 * 60 * 60;
/// Blocks are made once and read often.
const BROTLI_QUALITY: u32 = 9;
/// As far back as a block reaches.
const BROTLI_WINDOW: u32 = 20;

/// The manifest of the first load, made now if there is none that is fresh enough.
///
/// # Errors
/// The database's.
pub fn manifest(store: &Store, space: SpaceId, now_s: i64) -> Result<Vec<u8>, DeskError> {
    let (newest, end) = store.read(|tx| {
        let end = SqliteLog::reading(tx, space).end()?;
        Ok::<_, StoreError>((pack::newest(tx, space)?, end.seq))
    })?;
    match newest {
        // After a restored backup the feed may be shorter than the pack.
        Some(found) if found.seq <= end && end - found.seq <= STALE_CHANGES.max(found.seq / STALE_SHARE) => {
            let sound = store.read(|tx| cursor_is_known(&mut SqliteLog::reading(tx, space), &found))?;
            if sound {
                return Ok(found.manifest);
            }
            make(store, space, now_s)
        }
        _ => make(store, space, now_s),
    }
}

/// The feed still holds the place at which the pack was made.
fn cursor_is_known(log: &mut SqliteLog<'_>, found: &PackRow) -> Result<bool, StoreError> {
    let Ok(manifest) = Manifest::decode(&found.manifest) else {
        return Ok(false);
    };
    if manifest.cursor.seq == 0 {
        return Ok(log.end()?.seq == 0);
    }
    Ok(log
        .row(manifest.cursor.seq)?
        .is_some_and(|row| row.digest == manifest.digest))
}

/// Makes and stores a pack at the end of the feed; returns its manifest.
///
/// # Errors
/// The database's.
pub fn make(store: &Store, space: SpaceId, now_s: i64) -> Result<Vec<u8>, DeskError> {
    // Read as of one moment, without holding anybody up.
    let procedures = Procedures::default();
    let (end, cursor, blocks) = store.read(|tx| {
        let key = space::key(tx, space)?;
        let mut log = SqliteLog::reading(tx, space);
        let end = log.end()?;
        let cursor = end.cursor(&log.secret()?);
        let mut making = Making::default();
        for (kind, id) in space::documents(tx, space)? {
            match Desk::open(tx, space, kind, id) {
                Ok(document) => making.add(PackedDoc {
                    kind: kind.into(),
                    document: id,
                    row: Row::read(&document, &key, &procedures).encode(),
                    saved: document.save_uncompressed(),
                    received: received(tx, space, &document)?,
                }),
                // One that cannot be opened stops none of its neighbours; the phone finds the difference and asks for it.
                Err(DeskError::Document(error)) => {
                    tracing::error!(code = error.code(), document = %id, "left out of the first load");
                }
                Err(error) => return Err(error),
            }
        }
        Ok::<_, DeskError>((end, cursor, making.finish()))
    })?;
    let manifest = Manifest {
        cursor,
        digest: end.digest,
        blocks: blocks.iter().map(|(name, _)| *name).collect(),
    };
    let row = PackRow {
        seq: end.seq,
        manifest: manifest.encode(),
    };
    let blocks: Vec<([u8; 32], Vec<u8>)> = blocks.into_iter().map(|(name, bytes)| (name.sha256, bytes)).collect();
    store.write(|tx| pack::add(tx, space, &row, &blocks, now_s, now_s - KEEP_S))?;
    Ok(row.manifest)
}

/// When each change of a document came, in the order of a pack; zero where the feed does not say.
fn received(connection: &Connection, space: SpaceId, document: &Document) -> Result<Vec<i64>, StoreError> {
    let times = space::received(connection, space, document.id())?;
    let changes = document.behind(&document.heads()).into_iter();
    let at_s = changes.map(|change| times.get(&change.hash).copied());
    Ok(at_s.map(Option::unwrap_or_default).collect())
}

/// Blocks under way: the village first, so that names are there; a block closes when it is large enough.
#[derive(Default)]
struct Making {
    open: Vec<PackedDoc>,
    bytes: usize,
    blocks: Vec<(BlockName, Vec<u8>)>,
}

impl Making {
    fn add(&mut self, document: PackedDoc) {
        self.bytes += document.saved.len() + document.row.len();
        self.open.push(document);
        if self.bytes >= BLOCK_BYTES_AIM {
            self.close();
        }
    }

    fn close(&mut self) {
        let documents = std::mem::take(&mut self.open);
        self.bytes = 0;
        let plain = encode_block(&documents);
        let brotli = compressed(&plain);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let households = documents
            .iter()
            .filter(|one| one.kind.known() == Some(DocKind::Household))
            .count();
        let name = BlockName {
            sha256: Sha256::digest(&plain).into(),
            documents: count(documents.len()),
            households: count(households),
            bytes: count(brotli.len()),
        };
        self.blocks.push((name, brotli));
    }

    fn finish(mut self) -> Vec<(BlockName, Vec<u8>)> {
        if !self.open.is_empty() {
            self.close();
        }
        self.blocks
    }
}

fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    out.write_all(plain).expect("writing to memory does not fail");
    out.into_inner()
}

/// How a block goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As stored.
    Brotli,
    /// For browsers that take brotli over https only.
    Gzip,
    /// For everything else.
    Plain,
}

impl Encoding {
    /// The best that the other side accepts.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        let words: Vec<&str> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter(|part| !part.contains("q=0") || part.contains("q=0."))
            .filter_map(|part| part.split(';').next())
            .map(str::trim)
            .collect();
        if words.contains(&"br") {
            Self::Brotli
        } else if words.contains(&"gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// As the header says it.
    pub fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Plain => None,
        }
    }
}

/// A stored block in another encoding; nothing if it is damaged.
pub fn encoded(brotli: Vec<u8>, encoding: Encoding) -> Option<Vec<u8>> {
    if encoding == Encoding::Brotli {
        return Some(brotli);
    }
    let mut plain = Vec::new();
    brotli::Decompressor::new(brotli.as_slice(), 4096)
        .read_to_end(&mut plain)
        .ok()?;
    if encoding == Encoding::Plain {
        return Some(plain);
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    gzip.write_all(&plain).ok()?;
    gzip.finish().ok()
}

/// The name of a block in a path: 64 hexadecimal digits.
pub fn name_of(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut name = [0; 32];
    for (byte, place) in name.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[place..place + 2], 16).ok()?;
    }
    Some(name)
}
