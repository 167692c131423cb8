//! Photos as rows: which space may read which, who handed it over, and how much there is. The bytes are elsewhere.

use super::{StoreError, array, signed, unsigned};
use bianfang::base::id::{DeviceId, SpaceId};
use bianfang::base::picture::BlobId;
use rusqlite::{Connection, OptionalExtension, params};

/// One photo of one space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobRow {
    /// Whose.
    pub space: SpaceId,
    /// Its name.
    pub blob: BlobId,
    /// How large.
    pub bytes: u64,
    /// Who handed it over.
    pub device: DeviceId,
    /// When.
    pub received_s: i64,
}

/// Notes a photo; one that is noted already stays as it is.
///
/// # Errors
/// The database's.
pub fn add(connection: &Connection, row: &BlobRow) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO blob (space, sha256, bytes, device, received_s) VALUES (?, ?, ?, ?, ?)")?
        .execute(params![
            row.space.as_bytes(),
            row.blob.as_bytes(),
            signed(row.bytes),
            row.device.as_bytes(),
            row.received_s
        ])?;
    Ok(())
}

/// The length of a photo, when this space may read it.
///
/// # Errors
/// The database's.
pub fn bytes_of(connection: &Connection, space: SpaceId, blob: BlobId) -> Result<Option<u64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM blob WHERE space = ? AND sha256 = ?")?;
    let found: Option<i64> = statement
        .query_row(params![space.as_bytes(), blob.as_bytes()], |row| row.get(0))
        .optional()?;
    found.map(|bytes| unsigned(bytes, "blob.bytes")).transpose()
}

/// A photo of a space, with who handed it over and when.
///
/// # Errors
/// The database's.
pub fn get(connection: &Connection, space: SpaceId, blob: BlobId) -> Result<Option<BlobRow>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes, device, received_s FROM blob WHERE space = ? AND sha256 = ?")?;
    let mut rows = statement.query(params![space.as_bytes(), blob.as_bytes()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(BlobRow {
        space,
        blob,
        bytes: unsigned(row.get(0)?, "blob.bytes")?,
        device: DeviceId(array(&row.get::<_, Vec<u8>>(1)?, "blob.device")?),
        received_s: row.get(2)?,
    }))
}

/// Bytes of all photos of a space.
///
/// # Errors
/// The database's.
pub fn bytes_in(connection: &Connection, space: SpaceId) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(sum(bytes), 0) FROM blob WHERE space = ?")?;
    unsigned(statement.query_row([space.as_bytes()], |row| row.get(0))?, "blob.bytes")
}

/// What a device handed over after a moment: bytes, and the earliest time.
///
/// # Errors
/// The database's.
pub fn of_device_since(
    connection: &Connection,
    device: DeviceId,
    after_s: i64,
) -> Result<(u64, Option<i64>), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(bytes), 0), min(received_s) FROM blob WHERE device = ? AND received_s > ?",
    )?;
    let (bytes, first) = statement.query_row(params![device.as_bytes(), after_s], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?))
    })?;
    Ok((unsigned(bytes, "blob.bytes")?, first))
}

/// Whether any space holds it.
///
/// # Errors
/// The database's.
pub fn is_held(connection: &Connection, blob: BlobId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM blob WHERE sha256 = ? LIMIT 1")?;
    Ok(statement.exists([blob.as_bytes()])?)
}

/// Forgets that a space may read it.
///
/// # Errors
/// The database's.
pub fn remove(connection: &Connection, space: SpaceId, blob: BlobId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM blob WHERE space = ? AND sha256 = ?")?
        .execute(params![space.as_bytes(), blob.as_bytes()])?;
    Ok(())
}

/// Every row, those received before a moment when one is given, by space and name.
///
/// # Errors
/// The database's.
pub fn list(connection: &Connection, before_s: Option<i64>) -> Result<Vec<BlobRow>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT space, sha256, bytes, device, received_s FROM blob WHERE received_s < ? ORDER BY space, sha256",
    )?;
    let mut rows = statement.query([before_s.unwrap_or(i64::MAX)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (space, sha256): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let device: Vec<u8> = row.get(3)?;
        all.push(BlobRow {
            space: SpaceId(array(&space, "blob.space")?),
            blob: BlobId(array(&sha256, "blob.sha256")?),
            bytes: unsigned(row.get(2)?, "blob.bytes")?,
            device: DeviceId(array(&device, "blob.device")?),
            received_s: row.get(4)?,
        });
    }
    Ok(all)
}
