//! Joining a village: making an invitation, looking at one, using it. Used only by enrolling a device, never by looking.

use crate::desk::{Desk, DeskError};
use crate::entropy;
use crate::judge;
use crate::store::invitation::{self, Invitation};
use crate::store::people::{self, Device, Member};
use crate::store::{StoreError, pack, space};
use crate::village::{self, ListedDevice};
use bianfang::base::date::Date;
use bianfang::base::id::{MemberId, SpaceId};
use bianfang::sync::enrol::{Enrol, Enrolled, Looked};
use bianfang::sync::log::Role;
use bianfang::sync::pack::Manifest;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::Connection;
use sha2::Sha256;

/// How long an invitation can be used.
const VALID_S: i64 = 7 * 24 * 60 * 60;
/// Secret from which device tokens are made, so that a repeated request gets the same answer.
const SECRET: &str = "token_secret";
/// What a first load takes of the wire for each household, where none was made yet; measured.
const HOUSEHOLD_BYTES: u64 = 260;
/// A name on a device list.
const LABEL_CHARS_MAX: usize = 60;
/// A person's name or number.
const TEXT_CHARS_MAX: usize = 60;

/// Why somebody cannot be invited or enrolled.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// No such token or code.
    #[error("no such invitation")]
    Unknown,
    /// Another device used it.
    #[error("the invitation was used")]
    Used,
    /// Too old.
    #[error("the invitation has expired")]
    Expired,
    /// Taken back, or replaced by a newer one.
    #[error("the invitation was taken back")]
    Revoked,
    /// The device does not hold the key it shows.
    #[error("the device does not prove that it holds its key")]
    BadSignature,
    /// The device was revoked; it needs a new key.
    #[error("the device was revoked")]
    DeviceRevoked,
    /// The key belongs to another member already; the device needs a new key.
    #[error("the device's key belongs to another member")]
    DeviceTaken,
    /// No such space.
    #[error("no such village")]
    NoSpace,
    /// This role may not invite for that role.
    #[error("not allowed to invite for this role")]
    NotAllowed,
    /// An empty or overlong name, or an unknown role.
    #[error("the name or role cannot be used")]
    BadName,
    /// Database or documents failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl JoinError {
    /// Stable code for answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "invitation_unknown",
            Self::Used => "invitation_used",
            Self::Expired => "invitation_expired",
            Self::Revoked => "invitation_revoked",
            Self::BadSignature => "enrol_bad_signature",
            Self::DeviceRevoked => "device_revoked",
            Self::DeviceTaken => "enrol_key_taken",
            Self::NoSpace => "unknown_space",
            Self::NotAllowed => "not_allowed",
            Self::BadName => "invite_bad_name",
            Self::Desk(error) => error.code(),
        }
    }
}

impl From<StoreError> for JoinError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// Who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    /// Somebody who is a member already (a second telephone), or nobody yet.
    pub member: Option<MemberId>,
    /// As the team calls the person.
    pub name: String,
    /// May be empty.
    pub phone: String,
    /// What the person may do.
    pub role: Role,
}

/// An invitation just made; token and code exist nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// For the link.
    pub token: String,
    /// For typing.
    pub code: String,
    /// Until when.
    pub expires_s: i64,
    /// For whom.
    pub member: MemberId,
}

impl NewInvitation {
    /// The link; token and code stand in the fragment, which no server and no log ever sees. The code is there for the
    /// browsers in which nobody can join (WeChat, a tab on an iPhone): their page shows it, to be typed elsewhere.
    pub fn link(&self, base_url: &str) -> String {
        let base = base_url.trim_end_matches('/');
        format!("{base}/#/join?i={}&c={}", self.token, entropy::shown_code(&self.code))
    }

    /// The day on which it ends, in China.
    pub fn expires_on(&self) -> String {
        day(self.expires_s)
    }
}

fn day(seconds: i64) -> String {
    Date::in_china(seconds.saturating_mul(1000)).to_string()
}

/// The roles that somebody of this role may invite for.
pub fn may_invite(inviter: Role) -> &'static [Role] {
    match inviter {
        Role::Desk => &[
            Role::Leader,
            Role::Member,
            Role::Doctor,
            Role::Township,
            Role::Inspector,
            Role::Desk,
        ],
        Role::Leader => &[Role::Member, Role::Doctor],
        Role::Member | Role::Doctor | Role::Township | Role::Inspector => &[],
    }
}

/// Somebody who may be the one who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Who.
    pub member: Member,
    /// Has joined; nothing while only invited.
    pub role: Option<Role>,
}

/// People of a village, joined or only invited, with this name, or with this number where one is given.
///
/// # Errors
/// The database's.
pub fn alike(connection: &Connection, space: SpaceId, name: &str, phone: &str) -> Result<Vec<Alike>, StoreError> {
    let joined = people::members(connection, space)?.into_iter();
    let invited = people::invited(connection, space)?.into_iter();
    let all = joined
        .map(|(member, role)| (member, Some(role)))
        .chain(invited.map(|member| (member, None)));
    Ok(all
        .filter(|(member, role)| {
            let same = member.name == name || (!phone.is_empty() && member.phone == phone);
            same && *role != Some(Role::Desk)
        })
        .map(|(member, role)| Alike { member, role })
        .collect())
}

/// The one of them who certainly is the person: the same name, and no other number.
pub fn certainly<'a>(alike: &'a [Alike], name: &str, phone: &str) -> Option<&'a Member> {
    let compatible =
        |one: &&Member| one.name == name && (phone.is_empty() || one.phone.is_empty() || one.phone == phone);
    let mut found = alike.iter().map(|one| &one.member).filter(compatible);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Makes an invitation; one made before for the same person that was not used yet is taken back.
///
/// # Errors
/// Nothing is stored then.
pub fn invite(
    connection: &Connection,
    space: SpaceId,
    invitee: &Invitee,
    inviter: MemberId,
    now_ms: i64,
) -> Result<NewInvitation, JoinError> {
    let now_s = now_ms.div_euclid(1000);
    let (name, phone) = (invitee.name.trim(), invitee.phone.trim());
    let overlong = [name, phone].iter().any(|text| text.chars().count() > TEXT_CHARS_MAX);
    if name.is_empty() || overlong {
        return Err(JoinError::BadName);
    }
    let role = people::grant(connection, space, inviter)?.ok_or(JoinError::NotAllowed)?;
    if !may_invite(role).contains(&invitee.role) {
        return Err(JoinError::NotAllowed);
    }
    let member = Member {
        id: invitee.member.unwrap_or_else(|| entropy::member_id(now_ms)),
        name: name.to_owned(),
        phone: phone.to_owned(),
    };
    people::put_member(connection, &member, now_s)?;
    invitation::replace(connection, space, member.id, now_s)?;
    let (token, code) = (entropy::to_text(&entropy::random::<32>()), entropy::code());
    let made = Invitation {
        token_hash: entropy::hash(token.as_bytes()),
        space,
        member: member.id,
        role: invitee.role,
        inviter,
        expires_s: now_s + VALID_S,
        revoked_s: None,
        spent_by: None,
    };
    invitation::add(connection, &made, &entropy::hash(code.as_bytes()), now_s)?;
    Ok(NewInvitation {
        token,
        code,
        expires_s: made.expires_s,
        member: member.id,
    })
}

/// A link's token, or a code as somebody typed it.
fn find(connection: &Connection, written: &str) -> Result<Option<Invitation>, StoreError> {
    let written = written.trim();
    let code = entropy::typed_code(written);
    invitation::find(
        connection,
        &entropy::hash(code.as_deref().unwrap_or(written).as_bytes()),
    )
}

fn state(invitation: &Invitation, now_s: i64) -> Result<(), JoinError> {
    if invitation.spent_by.is_some() {
        Err(JoinError::Used)
    } else if invitation.revoked_s.is_some() {
        Err(JoinError::Revoked)
    } else if invitation.expires_s <= now_s {
        Err(JoinError::Expired)
    } else {
        Ok(())
    }
}

/// What an invitation is for; uses nothing up. A wrong one is answered too.
///
/// # Errors
/// The database's.
pub fn look(connection: &Connection, token: &str, now_ms: i64) -> Result<Looked, JoinError> {
    let Some(found) = find(connection, token)? else {
        return Ok(Looked {
            state: "unknown".to_owned(),
            village: String::new(),
            name: String::new(),
            role: String::new(),
            inviter: String::new(),
            inviter_phone: String::new(),
            households: 0,
            bytes: 0,
            expires_on: String::new(),
        });
    };
    let village = space::get(connection, found.space)?.ok_or(JoinError::NoSpace)?;
    let state = match state(&found, now_ms.div_euclid(1000)) {
        Ok(()) => "open",
        Err(JoinError::Used) => "used",
        Err(JoinError::Expired) => "expired",
        Err(_) => "revoked",
    };
    let person = people::member(connection, found.member)?;
    let inviter = people::member(connection, found.inviter)?;
    let (inviter, inviter_phone) = inviter.map_or_else(Default::default, |one| (one.name, one.phone));
    let packed = pack::newest(connection, found.space)?.and_then(|row| Manifest::decode(&row.manifest).ok());
    let bytes = match packed {
        Some(manifest) => manifest.blocks.iter().map(|block| u64::from(block.bytes)).sum(),
        None => village.households * HOUSEHOLD_BYTES,
    };
    Ok(Looked {
        state: state.to_owned(),
        village: village.name,
        name: person.map(|one| one.name).unwrap_or_default(),
        role: found.role.name().to_owned(),
        inviter,
        inviter_phone,
        households: village.households,
        bytes,
        expires_on: day(found.expires_s),
    })
}

/// Uses an invitation: enrols the device and writes person and device into the village document. Asked again with the
/// same key and the same invitation, answers the same.
///
/// # Errors
/// Nothing is stored then.
pub fn enrol(connection: &Connection, request: &Enrol, now_ms: i64) -> Result<Enrolled, JoinError> {
    let message = Enrol::message(&request.token, &request.public_key);
    if !judge::verify(&request.public_key, &message, &request.signature) {
        return Err(JoinError::BadSignature);
    }
    let now_s = now_ms.div_euclid(1000);
    let found = find(connection, &request.token)?.ok_or(JoinError::Unknown)?;
    let found = Invitation {
        member: comes_back(connection, &found, request.former, now_s)?,
        ..found
    };
    let device = judge::device_of(&request.public_key);
    let known = people::device(connection, device)?;
    if known.as_ref().is_some_and(|known| known.revoked_s.is_some()) {
        return Err(JoinError::DeviceRevoked);
    }
    if known.is_some_and(|known| known.member != found.member) {
        return Err(JoinError::DeviceTaken);
    }
    if found.spent_by != Some(device) {
        state(&found, now_s)?;
    }
    let member = people::member(connection, found.member)?.ok_or(JoinError::Unknown)?;
    let token = device_token(connection, request)?;
    let label: String = request.label.trim().chars().take(LABEL_CHARS_MAX).collect();
    let row = Device {
        id: device,
        member: member.id,
        token_hash: Some(entropy::hash(&token)),
        label: label.clone(),
        enrolled_s: now_s,
        revoked_s: None,
        seen_s: None,
    };
    people::put_device(connection, &row, &request.public_key)?;
    if found.spent_by.is_none() {
        people::put_grant(connection, found.space, member.id, found.role, now_s)?;
        invitation::spend(connection, &found.token_hash, device, now_s)?;
    }
    let role = people::grant(connection, found.space, member.id)?.ok_or(JoinError::NotAllowed)?;
    let desk = Desk::load_or_make(connection, now_ms)?;
    let listed = ListedDevice {
        id: device,
        member: member.id,
        label,
    };
    village::enrolled(connection, &desk, found.space, (&member, role), &listed, now_ms)?;
    let village = space::get(connection, found.space)?.ok_or(JoinError::NoSpace)?;
    Ok(Enrolled {
        space: found.space,
        member: member.id,
        device,
        name: member.name,
        role: role.name().to_owned(),
        village: village.name,
        code: village.code,
        token: entropy::to_text(&token),
        space_key: space::key(connection, found.space)?,
        demonstration: village::is_demonstration(connection, found.space)?,
    })
}

/// Who the invited person is: on a phone that joined before this endpoint was brought back from an older copy the same as
/// then, so that what is on the phone keeps its author. Nobody becomes somebody whom this endpoint knows.
fn comes_back(
    connection: &Connection,
    found: &Invitation,
    former: MemberId,
    now_s: i64,
) -> Result<MemberId, JoinError> {
    let repeated = match found.spent_by {
        Some(device) => people::device(connection, device)?.is_some_and(|device| device.member == former),
        None => false,
    };
    if repeated {
        return Ok(former);
    }
    if former == MemberId([0; 16]) || people::member(connection, former)?.is_some() {
        return Ok(found.member);
    }
    let invited = people::member(connection, found.member)?.ok_or(JoinError::Unknown)?;
    people::put_member(connection, &Member { id: former, ..invited }, now_s)?;
    Ok(former)
}

/// A function of a secret of the endpoint, the invitation as it was sent, and the key: only its hash is stored, and yet
/// a request repeated after a lost answer gets the same token.
fn device_token(connection: &Connection, request: &Enrol) -> Result<[u8; 32], StoreError> {
    let secret = match people::setting(connection, SECRET)? {
        Some(secret) => secret,
        None => {
            let secret: [u8; 32] = entropy::random();
            people::put_setting(connection, SECRET, &secret)?;
            secret.to_vec()
        }
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).map_err(|_| StoreError::Value(SECRET))?;
    mac.update(b"bianfang/device/1");
    mac.update(request.token.trim().as_bytes());
    mac.update(&request.public_key);
    Ok(mac.finalize().into_bytes().into())
}
