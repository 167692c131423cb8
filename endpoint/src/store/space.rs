//! Spaces and their dated labels.

use super::{StoreError, array, unsigned};
use bianfang::base::id::{DocId, SpaceId};
use bianfang::doc::{DocKind, Hash};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;

/// A village as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceRow {
    /// Its id, which never changes.
    pub id: SpaceId,
    /// The official code of today.
    pub code: String,
    /// The name of today.
    pub name: String,
    /// A group of inspectors, no village.
    pub is_group: bool,
    /// Rows of the feed.
    pub seq: u64,
    /// Documents of households.
    pub households: u64,
    /// People of the team.
    pub members: u64,
    /// Telephones that are not revoked.
    pub devices: u64,
}

const LIST: &str = "SELECT s.id,
    coalesce((SELECT value FROM label WHERE space = s.id AND kind = 'code' AND to_s IS NULL), ''),
    coalesce((SELECT value FROM label WHERE space = s.id AND kind = 'name' AND to_s IS NULL), ''),
    s.seq,
    (SELECT count(*) FROM doc_space ds JOIN document d ON d.id = ds.doc
      WHERE ds.space = s.id AND ds.state = 1 AND d.kind = 3),
    (SELECT count(*) FROM grant_ g WHERE g.space = s.id AND g.role <> 1),
    (SELECT count(*) FROM device v JOIN grant_ g ON g.member = v.member
      WHERE g.space = s.id AND v.revoked_s IS NULL AND v.token_hash IS NOT NULL),
    s.is_group
  FROM space s";

/// All spaces, by code.
///
/// # Errors
/// The database's.
pub fn list(connection: &Connection) -> Result<Vec<SpaceRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{LIST} ORDER BY 2, 1"))?;
    let mut rows = statement.query([])?;
    let mut spaces = Vec::new();
    while let Some(row) = rows.next()? {
        spaces.push(space_row(row)?);
    }
    Ok(spaces)
}

/// One space.
///
/// # Errors
/// The database's.
pub fn get(connection: &Connection, space: SpaceId) -> Result<Option<SpaceRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{LIST} WHERE s.id = ?"))?;
    let mut rows = statement.query([space.as_bytes()])?;
    rows.next()?.map(space_row).transpose()
}

/// The space that has this official code today.
///
/// # Errors
/// The database's.
pub fn by_code(connection: &Connection, code: &str) -> Result<Option<SpaceRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{LIST} WHERE s.id = (SELECT space FROM label WHERE kind = 'code' AND value = ? AND to_s IS NULL)"
    ))?;
    let mut rows = statement.query([code])?;
    rows.next()?.map(space_row).transpose()
}

fn space_row(row: &Row<'_>) -> Result<SpaceRow, StoreError> {
    Ok(SpaceRow {
        id: SpaceId(array(&row.get::<_, Vec<u8>>(0)?, "space.id")?),
        code: row.get(1)?,
        name: row.get(2)?,
        seq: unsigned(row.get(3)?, "space.seq")?,
        households: unsigned(row.get(4)?, "count")?,
        members: unsigned(row.get(5)?, "count")?,
        devices: unsigned(row.get(6)?, "count")?,
        is_group: row.get(7)?,
    })
}

/// Makes a space.
///
/// # Errors
/// The database's.
pub fn add(connection: &Connection, space: SpaceId, key: &[u8; 32], now_s: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO space (id, key, made_s) VALUES (?, ?, ?)")?
        .execute(params![space.as_bytes(), key, now_s])?;
    Ok(())
}

/// The key of the space for the keyed hashes of identity numbers.
///
/// # Errors
/// The database's; an unknown space.
pub fn key(connection: &Connection, space: SpaceId) -> Result<[u8; 32], StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM space WHERE id = ?")?;
    let key: Option<Vec<u8>> = statement.query_row([space.as_bytes()], |row| row.get(0)).optional()?;
    array(&key.ok_or(StoreError::Value("space"))?, "space.key")
}

/// Gives a space a code or name from now on; the one before it ends.
///
/// # Errors
/// The database's; a code that another space has.
pub fn set_label(
    connection: &Connection,
    space: SpaceId,
    kind: &'static str,
    value: &str,
    now_s: i64,
) -> Result<(), StoreError> {
    let current: Option<String> = connection
        .prepare_cached("SELECT value FROM label WHERE space = ? AND kind = ? AND to_s IS NULL")?
        .query_row(params![space.as_bytes(), kind], |row| row.get(0))
        .optional()?;
    if current.as_deref() == Some(value) {
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE label SET to_s = ? WHERE space = ? AND kind = ? AND to_s IS NULL")?
        .execute(params![now_s, space.as_bytes(), kind])?;
    connection
        .prepare_cached("INSERT INTO label (space, kind, value, from_s) VALUES (?, ?, ?, ?)")?
        .execute(params![space.as_bytes(), kind, value, now_s])?;
    Ok(())
}

/// The documents of a space that are not retired, in the order in which they appeared.
///
/// # Errors
/// The database's.
pub fn documents(connection: &Connection, space: SpaceId) -> Result<Vec<(DocKind, DocId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.kind, d.id FROM doc_space s JOIN document d ON d.id = s.doc
         WHERE s.space = ?1 AND s.state = 1
         ORDER BY (SELECT min(c.id) FROM change c WHERE c.doc = d.id)",
    )?;
    let mut rows = statement.query([space.as_bytes()])?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = DocKind::from_byte(row.get(0)?).ok_or(StoreError::Value("document.kind"))?;
        documents.push((kind, DocId(array(&row.get::<_, Vec<u8>>(1)?, "document.id")?)));
    }
    Ok(documents)
}

/// When the endpoint received each change of a document, in seconds since 1970 UTC.
///
/// # Errors
/// The database's.
pub fn received(connection: &Connection, space: SpaceId, document: DocId) -> Result<BTreeMap<Hash, i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT hash, received_s FROM feed WHERE doc = ?1 AND space = ?2")?;
    let mut rows = statement.query([document.as_bytes(), space.as_bytes()])?;
    let mut times = BTreeMap::new();
    while let Some(row) = rows.next()? {
        times.insert(Hash(array(&row.get::<_, Vec<u8>>(0)?, "feed.hash")?), row.get(1)?);
    }
    Ok(times)
}
