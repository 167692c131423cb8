//! Members, what they may do where, their devices, and the endpoint's own settings.

use super::{StoreError, array};
use bianfang::base::id::{DeviceId, MemberId, SpaceId};
use bianfang::sync::log::Role;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The author of what this person writes.
    pub id: MemberId,
    /// As on the roster of the team.
    pub name: String,
    /// May be empty.
    pub phone: String,
}

/// A device as it is listed and authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Half the hash of its public key.
    pub id: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// Hash of its bearer token; nothing for the endpoint's own.
    pub token_hash: Option<[u8; 32]>,
    /// What it calls itself.
    pub label: String,
    /// Since when.
    pub enrolled_s: i64,
    /// Nothing of it is accepted any more.
    pub revoked_s: Option<i64>,
    /// When it last asked, to within some minutes.
    pub seen_s: Option<i64>,
}

/// A setting of the endpoint.
///
/// # Errors
/// The database's.
pub fn setting(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE name = ?")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Writes a setting.
///
/// # Errors
/// The database's.
pub fn put_setting(connection: &Connection, name: &str, value: &[u8]) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![name, value])?;
    Ok(())
}

/// Adds a person, or changes the name and number of one.
///
/// # Errors
/// The database's.
pub fn put_member(connection: &Connection, member: &Member, now_s: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO member (id, name, phone, made_s) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone",
        )?
        .execute(params![member.id.as_bytes(), member.name, member.phone, now_s])?;
    Ok(())
}

/// One person.
///
/// # Errors
/// The database's.
pub fn member(connection: &Connection, id: MemberId) -> Result<Option<Member>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name, phone FROM member WHERE id = ?")?;
    let mut rows = statement.query([id.as_bytes()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Member {
        id,
        name: row.get(0)?,
        phone: row.get(1)?,
    }))
}

/// The one person who has this name and this number, in whatever space; nobody where there are several, or no number.
///
/// # Errors
/// The database's.
pub fn same_elsewhere(connection: &Connection, name: &str, phone: &str) -> Result<Option<Member>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM member WHERE name = ?1 AND phone = ?2 AND phone <> '' LIMIT 2")?;
    let mut rows = statement.query([name, phone])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let id = MemberId(array(&row.get::<_, Vec<u8>>(0)?, "member.id")?);
    if rows.next()?.is_some() {
        return Ok(None);
    }
    member(connection, id)
}

/// The people of a space with their roles.
///
/// # Errors
/// The database's.
pub fn members(connection: &Connection, space: SpaceId) -> Result<Vec<(Member, Role)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.name, m.phone, g.role FROM grant_ g JOIN member m ON m.id = g.member
         WHERE g.space = ? ORDER BY g.granted_s, m.id",
    )?;
    let mut rows = statement.query([space.as_bytes()])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let member = Member {
            id: MemberId(array(&row.get::<_, Vec<u8>>(0)?, "member.id")?),
            name: row.get(1)?,
            phone: row.get(2)?,
        };
        members.push((member, role(row.get(3)?)?));
    }
    Ok(members)
}

/// Keeps whom a roster names as a paired helper. A person who is known already stays as known.
///
/// # Errors
/// The database's.
pub fn put_helper(connection: &Connection, space: SpaceId, helper: &Member, now_s: i64) -> Result<(), StoreError> {
    if member(connection, helper.id)?.is_none() {
        put_member(connection, helper, now_s)?;
    }
    connection
        .prepare_cached("INSERT OR IGNORE INTO helper (space, member) VALUES (?, ?)")?
        .execute(params![space.as_bytes(), helper.id.as_bytes()])?;
    Ok(())
}

/// People who were invited to a space, or whom its roster names as helpers, and who did not join yet.
///
/// # Errors
/// The database's.
pub fn invited(connection: &Connection, space: SpaceId) -> Result<Vec<Member>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.name, m.phone FROM member m
         WHERE (EXISTS (SELECT 1 FROM invitation i WHERE i.space = ?1 AND i.member = m.id)
             OR EXISTS (SELECT 1 FROM helper h WHERE h.space = ?1 AND h.member = m.id))
           AND NOT EXISTS (SELECT 1 FROM grant_ g WHERE g.space = ?1 AND g.member = m.id)
         ORDER BY m.id",
    )?;
    let mut rows = statement.query([space.as_bytes()])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(Member {
            id: MemberId(array(&row.get::<_, Vec<u8>>(0)?, "member.id")?),
            name: row.get(1)?,
            phone: row.get(2)?,
        });
    }
    Ok(members)
}

/// What a person may do in a space.
///
/// # Errors
/// The database's.
pub fn grant(connection: &Connection, space: SpaceId, member: MemberId) -> Result<Option<Role>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT role FROM grant_ WHERE space = ? AND member = ?")?;
    let found: Option<u8> = statement
        .query_row(params![space.as_bytes(), member.as_bytes()], |row| row.get(0))
        .optional()?;
    found.map(role).transpose()
}

/// Grants a role, in place of another one that the person may have there.
///
/// # Errors
/// The database's.
pub fn put_grant(
    connection: &Connection,
    space: SpaceId,
    member: MemberId,
    role: Role,
    now_s: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO grant_ (space, member, role, granted_s) VALUES (?, ?, ?, ?)
             ON CONFLICT (space, member) DO UPDATE SET role = excluded.role",
        )?
        .execute(params![space.as_bytes(), member.as_bytes(), role as u8, now_s])?;
    Ok(())
}

const DEVICE: &str = "SELECT d.id, d.member, d.token_hash, d.label, d.enrolled_s, d.revoked_s, d.seen_s FROM device d";

/// One device.
///
/// # Errors
/// The database's.
pub fn device(connection: &Connection, id: DeviceId) -> Result<Option<Device>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{DEVICE} WHERE d.id = ?"))?;
    let mut rows = statement.query([id.as_bytes()])?;
    rows.next()?.map(device_row).transpose()
}

/// Every device that belongs to somebody, oldest first.
///
/// # Errors
/// The database's.
pub fn devices(connection: &Connection) -> Result<Vec<Device>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{DEVICE} WHERE d.token_hash IS NOT NULL ORDER BY d.enrolled_s, d.id"
    ))?;
    let mut rows = statement.query([])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        devices.push(device_row(row)?);
    }
    Ok(devices)
}

/// Adds a device, or gives one that is there a new token and label. Revoked stays revoked.
///
/// # Errors
/// The database's.
pub fn put_device(connection: &Connection, device: &Device, public_key: &[u8; 65]) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO device (id, member, public_key, token_hash, label, enrolled_s) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, label = excluded.label",
        )?
        .execute(params![
            device.id.as_bytes(),
            device.member.as_bytes(),
            public_key.as_slice(),
            device.token_hash,
            device.label,
            device.enrolled_s
        ])?;
    Ok(())
}

/// Revokes a device; false if there is none, or it was revoked before.
///
/// # Errors
/// The database's.
pub fn revoke(connection: &Connection, id: DeviceId, now_s: i64) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached("UPDATE device SET revoked_s = ? WHERE id = ? AND revoked_s IS NULL")?
        .execute(params![now_s, id.as_bytes()])?;
    Ok(changed > 0)
}

/// Notes that a device asked.
///
/// # Errors
/// The database's.
pub fn seen(connection: &Connection, id: DeviceId, now_s: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE device SET seen_s = ? WHERE id = ?")?
        .execute(params![now_s, id.as_bytes()])?;
    Ok(())
}

fn role(byte: u8) -> Result<Role, StoreError> {
    Role::from_byte(byte).ok_or(StoreError::Value("grant_.role"))
}

fn device_row(row: &Row<'_>) -> Result<Device, StoreError> {
    let token_hash: Option<Vec<u8>> = row.get(2)?;
    Ok(Device {
        id: DeviceId(array(&row.get::<_, Vec<u8>>(0)?, "device.id")?),
        member: MemberId(array(&row.get::<_, Vec<u8>>(1)?, "device.member")?),
        token_hash: token_hash.map(|hash| array(&hash, "device.token_hash")).transpose()?,
        label: row.get(3)?,
        enrolled_s: row.get(4)?,
        revoked_s: row.get(5)?,
        seen_s: row.get(6)?,
    })
}
