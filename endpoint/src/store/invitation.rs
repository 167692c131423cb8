//! Invitations: for one person and one role in one space; the link's token and the code are kept as hashes only.

use super::{StoreError, array};
use bianfang::base::id::{DeviceId, MemberId, SpaceId};
use bianfang::sync::log::Role;
use rusqlite::{Connection, params};

/// An invitation as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the token in the link: its name here.
    pub token_hash: [u8; 32],
    /// Where to.
    pub space: SpaceId,
    /// For whom.
    pub member: MemberId,
    /// As what.
    pub role: Role,
    /// Who made it and can make another.
    pub inviter: MemberId,
    /// Until when it can be used.
    pub expires_s: i64,
    /// Taken back.
    pub revoked_s: Option<i64>,
    /// The device that used it.
    pub spent_by: Option<DeviceId>,
}

/// Stores a new one.
///
/// # Errors
/// The database's.
pub fn add(
    connection: &Connection,
    invitation: &Invitation,
    code_hash: &[u8; 32],
    now_s: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO invitation (token_hash, code_hash, space, member, role, inviter, made_s, expires_s)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            invitation.token_hash,
            code_hash,
            invitation.space.as_bytes(),
            invitation.member.as_bytes(),
            invitation.role as u8,
            invitation.inviter.as_bytes(),
            now_s,
            invitation.expires_s
        ])?;
    Ok(())
}

/// Finds one by the hash of its token or of its code.
///
/// # Errors
/// The database's.
pub fn find(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Invitation>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT token_hash, space, member, role, inviter, expires_s, revoked_s, spent_device FROM invitation
         WHERE token_hash = ?1 OR code_hash = ?1",
    )?;
    let mut rows = statement.query([hash])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let spent: Option<Vec<u8>> = row.get(7)?;
    Ok(Some(Invitation {
        token_hash: array(&row.get::<_, Vec<u8>>(0)?, "invitation.token_hash")?,
        space: SpaceId(array(&row.get::<_, Vec<u8>>(1)?, "invitation.space")?),
        member: MemberId(array(&row.get::<_, Vec<u8>>(2)?, "invitation.member")?),
        role: Role::from_byte(row.get(3)?).ok_or(StoreError::Value("invitation.role"))?,
        inviter: MemberId(array(&row.get::<_, Vec<u8>>(4)?, "invitation.inviter")?),
        expires_s: row.get(5)?,
        revoked_s: row.get(6)?,
        spent_by: spent
            .map(|id| array(&id, "invitation.spent_device").map(DeviceId))
            .transpose()?,
    }))
}

/// Marks it as used by a device.
///
/// # Errors
/// The database's.
pub fn spend(connection: &Connection, token_hash: &[u8; 32], device: DeviceId, now_s: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE invitation SET spent_s = ?, spent_device = ? WHERE token_hash = ? AND spent_s IS NULL")?
        .execute(params![now_s, device.as_bytes(), token_hash])?;
    Ok(())
}

/// Takes back what was not used yet for this person in this space, because a newer one replaces it.
///
/// # Errors
/// The database's.
pub fn replace(connection: &Connection, space: SpaceId, member: MemberId, now_s: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE invitation SET revoked_s = ?
             WHERE space = ? AND member = ? AND spent_s IS NULL AND revoked_s IS NULL",
        )?
        .execute(params![now_s, space.as_bytes(), member.as_bytes()])?;
    Ok(())
}

/// Where a device joined.
///
/// # Errors
/// The database's.
pub fn spaces_of(connection: &Connection, device: DeviceId) -> Result<Vec<SpaceId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT space FROM invitation WHERE spent_device = ? ORDER BY space")?;
    let mut rows = statement.query([device.as_bytes()])?;
    let mut spaces = Vec::new();
    while let Some(row) = rows.next()? {
        spaces.push(SpaceId(array(&row.get::<_, Vec<u8>>(0)?, "invitation.space")?));
    }
    Ok(spaces)
}
