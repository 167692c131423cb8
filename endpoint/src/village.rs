//! Villages: making one, and writing its people and devices into its document as the desk.

use crate::desk::{Desk, DeskEdit, DeskError};
use crate::entropy;
use crate::store::people::{self, Member};
use crate::store::{area, space};
use bianfang::base::date::Date;
use bianfang::base::id::{DeviceId, MemberId, RecordId, SpaceId};
use bianfang::doc::{At, DocKind, Document, Put, village_id};
use bianfang::sync::log::Role;
use rusqlite::Connection;

/// The key of a person who is known by name and not of the team: the space to which the person belongs.
const GUEST_OF: &str = "guest_of";

/// A village to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVillage {
    /// Official code.
    pub code: String,
    /// As people call it.
    pub name: String,
    /// Made-up people: 演示数据 stands on every page.
    pub demonstration: bool,
}

/// Makes a village with a random id, or returns the one that has this code. A name that is not empty becomes its name.
///
/// # Errors
/// The database's.
pub fn make(connection: &Connection, desk: &Desk, village: &NewVillage, now_ms: i64) -> Result<SpaceId, DeskError> {
    let now_s = now_ms.div_euclid(1000);
    let id = match space::by_code(connection, &village.code)? {
        Some(known) => known.id,
        None => {
            let id = SpaceId(entropy::random());
            space::add(connection, id, &entropy::random(), now_s)?;
            space::set_label(connection, id, "code", &village.code, now_s)?;
            id
        }
    };
    desk.join(connection, id, now_ms)?;
    let mut puts = vec![value("code", &village.code)];
    if !village.name.is_empty() {
        space::set_label(connection, id, "name", &village.name, now_s)?;
        puts.push(value("name", &village.name));
    }
    if village.demonstration {
        puts.push(Put::Value {
            at: At::Own,
            key: "demonstration".to_owned(),
            value: 1.into(),
        });
    }
    desk.write(connection, id, vec![edit(desk, id, puts)], now_ms)?;
    Ok(id)
}

/// Whether the people of a village are made up.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn is_demonstration(connection: &Connection, space: SpaceId) -> Result<bool, DeskError> {
    Ok(document(connection, space)?.own().int("demonstration") == Some(1))
}

fn document(connection: &Connection, space: SpaceId) -> Result<Document, DeskError> {
    Desk::open(connection, space, DocKind::Village, village_id(space))
}

/// A device as the village document lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDevice {
    /// Which.
    pub id: DeviceId,
    /// Whose.
    pub member: MemberId,
    /// What it calls itself.
    pub label: String,
}

/// Writes a person and the person's device into the village document. What is there already is only brought up to date.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn enrolled(
    connection: &Connection,
    desk: &Desk,
    space: SpaceId,
    (member, role): (&Member, Role),
    device: &ListedDevice,
    now_ms: i64,
) -> Result<(), DeskError> {
    let open = document(connection, space)?;
    let today = Date::in_china(now_ms).to_string();
    let mut puts = person_puts(&open, member, role, &today);
    if device_record(&open, device.id).is_none() {
        puts.push(Put::Create {
            at: At::table("devices", entropy::record_id(now_ms)),
            fields: vec![
                ("device".to_owned(), device.id.to_string().into()),
                ("member".to_owned(), device.member.to_string().into()),
                ("label".to_owned(), device.label.clone().into()),
                ("from".to_owned(), today.into()),
            ],
            notes: Vec::new(),
        });
    }
    desk.write(connection, space, vec![edit(desk, space, puts)], now_ms)?;
    if role == Role::Leader {
        for group in area::groups_of(connection, space)? {
            leaders_known(connection, desk, (group, space), now_ms)?;
        }
    }
    Ok(())
}

/// Writes into the village document who is not of the team and yet appears in what it sees: known by name. `from` is the
/// space that the person belongs to. Whoever is there already stays as known.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn know(
    connection: &Connection,
    desk: &Desk,
    space: SpaceId,
    people: &[(Member, Role, SpaceId)],
    now_ms: i64,
) -> Result<(), DeskError> {
    let open = document(connection, space)?;
    let today = Date::in_china(now_ms).to_string();
    let at = |member: &Member| At::table("people", RecordId(member.id.0));
    let strangers = people
        .iter()
        .filter(|(member, _, of)| *of != space && open.record(&at(member)).is_none());
    let puts = strangers.flat_map(|(member, role, of)| {
        let mut puts = person_puts(&open, member, *role, &today);
        if let Some(Put::Create { fields, .. }) = puts.first_mut() {
            fields.push((GUEST_OF.to_owned(), of.to_string().into()));
        }
        puts
    });
    let puts: Vec<Put> = puts.collect();
    if !puts.is_empty() {
        desk.write(connection, space, vec![edit(desk, space, puts)], now_ms)?;
    }
    Ok(())
}

/// Writes into the document of a group that it is one, and which villages it covers.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn covers(
    connection: &Connection,
    desk: &Desk,
    group: SpaceId,
    villages: &[space::SpaceRow],
    now_ms: i64,
) -> Result<(), DeskError> {
    let open = document(connection, group)?;
    let listed = open.records("areas");
    let mut puts = vec![Put::Value {
        at: At::Own,
        key: "group".to_owned(),
        value: 1.into(),
    }];
    for village in villages {
        let id = village.id.to_string();
        let fields = [("space", id.as_str()), ("code", &village.code), ("name", &village.name)];
        let mut fields = fields.into_iter().map(|(key, text)| (key.to_owned(), text.into()));
        match listed.iter().find(|(_, record)| record.text("space") == id) {
            Some((known, _)) => puts.extend(fields.map(|(key, value)| Put::Value {
                at: At::table("areas", *known),
                key,
                value,
            })),
            None => puts.push(Put::Create {
                at: At::table("areas", entropy::record_id(now_ms)),
                fields: fields.by_ref().collect(),
                notes: Vec::new(),
            }),
        }
    }
    desk.write(connection, group, vec![edit(desk, group, puts)], now_ms)?;
    Ok(())
}

/// The leaders of a village are known to a group that covers it, so that findings can be assigned to them.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn leaders_known(
    connection: &Connection,
    desk: &Desk,
    (group, village): (SpaceId, SpaceId),
    now_ms: i64,
) -> Result<(), DeskError> {
    let members = people::members(connection, village)?;
    let leaders: Vec<_> = members
        .into_iter()
        .filter(|(_, role)| *role == Role::Leader)
        .map(|(member, role)| (member, role, village))
        .collect();
    know(connection, desk, group, &leaders, now_ms)
}

/// Writes into the village document that a device is not used any more.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn revoked(
    connection: &Connection,
    desk: &Desk,
    space: SpaceId,
    device: DeviceId,
    now_ms: i64,
) -> Result<(), DeskError> {
    let open = document(connection, space)?;
    let Some(record) = device_record(&open, device) else {
        return Ok(());
    };
    let put = Put::Value {
        at: At::table("devices", record),
        key: "to".to_owned(),
        value: Date::in_china(now_ms).to_string().into(),
    };
    desk.write(connection, space, vec![edit(desk, space, vec![put])], now_ms)?;
    Ok(())
}

/// A person's record has the id that the person has as an author.
fn person_puts(open: &Document, member: &Member, role: Role, today: &str) -> Vec<Put> {
    let at = At::table("people", RecordId(member.id.0));
    let mut fields = vec![
        ("name".to_owned(), member.name.clone().into()),
        ("role".to_owned(), role.name().into()),
    ];
    if !member.phone.is_empty() {
        fields.push(("phone".to_owned(), member.phone.clone().into()));
    }
    if let Some(known) = open.record(&at) {
        let put = |(key, value)| Put::Value {
            at: at.clone(),
            key,
            value,
        };
        // Known by name before: now of the team.
        if !known.text(GUEST_OF).is_empty() {
            fields.push((GUEST_OF.to_owned(), "".into()));
        }
        return fields.into_iter().map(put).collect();
    }
    fields.push(("from".to_owned(), today.into()));
    vec![Put::Create {
        at,
        fields,
        notes: Vec::new(),
    }]
}

fn device_record(open: &Document, device: DeviceId) -> Option<RecordId> {
    let text = device.to_string();
    let devices = open.records("devices");
    devices
        .into_iter()
        .find_map(|(id, record)| (record.text("device") == text).then_some(id))
}

fn value(key: &str, text: &str) -> Put {
    Put::Value {
        at: At::Own,
        key: key.to_owned(),
        value: text.into(),
    }
}

fn edit(desk: &Desk, space: SpaceId, puts: Vec<Put>) -> DeskEdit {
    DeskEdit {
        kind: DocKind::Village,
        document: village_id(space),
        author: desk.member(),
        puts,
    }
}
