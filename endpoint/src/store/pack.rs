//! First loads as stored: manifests and blocks named by their content.

use super::{StoreError, signed, unsigned};
use bianfang::base::id::SpaceId;
use rusqlite::{Connection, OptionalExtension, params};

/// A pack as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRow {
    /// The place of the feed at which it was made.
    pub seq: u64,
    /// The manifest, as the frame that is sent.
    pub manifest: Vec<u8>,
}

/// The newest pack of a space.
///
/// # Errors
/// The database's.
pub fn newest(connection: &Connection, space: SpaceId) -> Result<Option<PackRow>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT seq, manifest FROM pack WHERE space = ? ORDER BY id DESC LIMIT 1")?;
    let found: Option<(i64, Vec<u8>)> = statement
        .query_row([space.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(seq, manifest)| {
            Ok(PackRow {
                seq: unsigned(seq, "pack.seq")?,
                manifest,
            })
        })
        .transpose()
}

/// Stores a pack with its blocks (name, brotli bytes), and drops packs made before `keep_after_s`.
///
/// # Errors
/// The database's.
pub fn add(
    connection: &Connection,
    space: SpaceId,
    pack: &PackRow,
    blocks: &[([u8; 32], Vec<u8>)],
    now_s: i64,
    keep_after_s: i64,
) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM pack WHERE space = ? AND made_s < ?",
        params![space.as_bytes(), keep_after_s],
    )?;
    connection
        .prepare_cached("INSERT INTO pack (space, seq, made_s, manifest) VALUES (?, ?, ?, ?)")?
        .execute(params![space.as_bytes(), signed(pack.seq), now_s, pack.manifest])?;
    let id = connection.last_insert_rowid();
    for (place, (sha256, brotli)) in (0_i64..).zip(blocks) {
        connection
            .prepare_cached("INSERT OR IGNORE INTO block (sha256, brotli) VALUES (?, ?)")?
            .execute(params![sha256, brotli])?;
        connection
            .prepare_cached("INSERT INTO pack_block (pack, place, sha256) VALUES (?, ?, ?)")?
            .execute(params![id, place, sha256])?;
    }
    connection.execute(
        "DELETE FROM block WHERE NOT EXISTS (SELECT 1 FROM pack_block p WHERE p.sha256 = block.sha256)",
        [],
    )?;
    Ok(())
}

/// A block of a space, compressed.
///
/// # Errors
/// The database's.
pub fn block(connection: &Connection, space: SpaceId, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT b.brotli FROM block b WHERE b.sha256 = ?1 AND EXISTS
         (SELECT 1 FROM pack_block pb JOIN pack p ON p.id = pb.pack WHERE pb.sha256 = ?1 AND p.space = ?2)",
    )?;
    Ok(statement
        .query_row(params![sha256, space.as_bytes()], |row| row.get(0))
        .optional()?)
}
