//! Which villages a group covers, and in which spaces a document is.

use super::{StoreError, array};
use bianfang::base::id::{DocId, SpaceId};
use bianfang::doc::DocKind;
use bianfang::doc::Hash;
use rusqlite::{Connection, Params, params};

/// Says that a space is a group.
///
/// # Errors
/// The database's.
pub fn make_group(connection: &Connection, space: SpaceId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE space SET is_group = 1 WHERE id = ?")?
        .execute([space.as_bytes()])?;
    Ok(())
}

/// A group covers a village from now on; false when it did before.
///
/// # Errors
/// The database's.
pub fn cover(connection: &Connection, group: SpaceId, village: SpaceId, now_s: i64) -> Result<bool, StoreError> {
    let added = connection
        .prepare_cached("INSERT OR IGNORE INTO area (space, village, from_s) VALUES (?, ?, ?)")?
        .execute(params![group.as_bytes(), village.as_bytes(), now_s])?;
    Ok(added > 0)
}

/// Whether the one covers the other.
///
/// # Errors
/// The database's.
pub fn covers(connection: &Connection, group: SpaceId, village: SpaceId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM area WHERE space = ? AND village = ?")?;
    Ok(statement.exists(params![group.as_bytes(), village.as_bytes()])?)
}

/// The villages that a group covers.
///
/// # Errors
/// The database's.
pub fn villages_of(connection: &Connection, group: SpaceId) -> Result<Vec<SpaceId>, StoreError> {
    let sql = "SELECT village FROM area WHERE space = ? ORDER BY from_s, village";
    spaces(connection, sql, [group.as_bytes()])
}

/// The groups that cover a village.
///
/// # Errors
/// The database's.
pub fn groups_of(connection: &Connection, village: SpaceId) -> Result<Vec<SpaceId>, StoreError> {
    let sql = "SELECT space FROM area WHERE village = ? ORDER BY space";
    spaces(connection, sql, [village.as_bytes()])
}

/// Whether documents of a space can be in others too.
///
/// # Errors
/// The database's.
pub fn is_related(connection: &Connection, space: SpaceId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM area WHERE space = ?1 OR village = ?1 LIMIT 1")?;
    Ok(statement.exists([space.as_bytes()])?)
}

/// The spaces of a document.
///
/// # Errors
/// The database's.
pub fn spaces_of(connection: &Connection, document: DocId) -> Result<Vec<SpaceId>, StoreError> {
    let sql = "SELECT space FROM doc_space WHERE doc = ? AND state = 1 ORDER BY space";
    spaces(connection, sql, [document.as_bytes()])
}

/// Findings of a space: all of them, or those that are in another space too.
///
/// # Errors
/// The database's.
pub fn findings(connection: &Connection, space: SpaceId, shared: bool) -> Result<Vec<DocId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.doc FROM doc_space s JOIN document d ON d.id = s.doc
         WHERE s.space = ?1 AND s.state = 1 AND d.kind = ?2 AND (?3 = 0 OR EXISTS
           (SELECT 1 FROM doc_space o WHERE o.doc = s.doc AND o.space <> ?1 AND o.state = 1))
         ORDER BY s.doc",
    )?;
    let mut rows = statement.query(params![space.as_bytes(), DocKind::Finding as u8, shared])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(DocId(array(&row.get::<_, Vec<u8>>(0)?, "doc_space.doc")?));
    }
    Ok(all)
}

/// Whether a change is stored, in whatever space.
///
/// # Errors
/// The database's.
pub fn is_stored(connection: &Connection, document: DocId, hash: Hash) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM change WHERE doc = ? AND hash = ?")?;
    Ok(statement.exists(params![document.as_bytes(), hash.0])?)
}

fn spaces(connection: &Connection, sql: &str, of: impl Params) -> Result<Vec<SpaceId>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(of)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(SpaceId(array(&row.get::<_, Vec<u8>>(0)?, "space.id")?));
    }
    Ok(all)
}
