//! One row: what lists, search, counts and duplicate notices need of a document. A stored format with a version.

mod status;

use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::date::Date;
use crate::base::id::{DocId, MemberId, RecordId, SpaceId};
use crate::doc::{DocKind, Document, Of, Records};
use crate::ledger::Procedures;
use crate::register::enums::{Home, WIDE};
use crate::register::link::Link;
use crate::register::person::Person;
use crate::register::values::Values;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};
use status::{read_status, write_status};

/// Another version means: make the row again from the document.
const VERSION: u8 = 7;
/// From the first day of 1880 to that of 1970.
const DAYS_1880: i32 = 32_872;
/// Fewer digits are an extension or a slip.
const PHONE_DIGITS_MIN: usize = 7;
const TEXT_MAX: usize = 4096;
const LIST_MAX: usize = 10_000;

/// What of a person's id a row keeps.
pub type Tag = [u8; 4];

/// A person of the family, as far as lists need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPerson {
    /// The end of its id, which tells the persons of one family apart; whole ids would make the first load larger.
    pub tag: Tag,
    pub name: String,
    /// Last four characters of the ID number, for search.
    pub last4: String,
    /// Keyed hash of the ID number; zero when there is none. Lives in the index only.
    pub id_hash: [u8; 8],
    /// The day of birth, in two bytes; zero where it is not known.
    pub born: u16,
    /// Tells the person's own telephone from others; zero where there is none.
    pub phone: u16,
}

/// A visit that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVisit {
    pub on: Date,
    /// Stored term of the kind.
    pub kind: String,
    /// Author and those who went along.
    pub by: Vec<MemberId>,
}

/// Somebody paired with the household itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPairing {
    pub member: Option<MemberId>,
    /// The name that the roster gave, when nobody of the team is meant yet.
    pub name: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl RowPairing {
    /// Whether it holds on a day, the last day included.
    pub fn is_active(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// What people decided about records that look alike; withdrawn decisions are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLink {
    /// The household at the other end; the same one for two persons of one family.
    pub other: DocId,
    /// The persons here and there; nothing for two households as a whole.
    pub persons: Option<(Tag, Tag)>,
    /// One and the same, or told apart.
    pub same: bool,
}

/// The row of a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Short digest of the heads it was made from.
    pub heads: [u8; 8],
    pub number: String,
    pub group: String,
    pub order: Option<i64>,
    pub phone: String,
    /// Members that count, the head first.
    pub persons: Vec<RowPerson>,
    /// The one class that stands for the family, in Chinese; empty for an ordinary one.
    pub class: String,
    /// The family counts: not withdrawn, moved away or dissolved.
    pub active: bool,
    pub needs_pairing: bool,
    pub visits: Vec<RowVisit>,
    /// 下次再来, from the last visit that set or left it, and whose.
    pub next: Option<(Date, MemberId)>,
    /// The last visitor found the whole family away.
    pub away: bool,
    pub pairings: Vec<RowPairing>,
    /// Fields with more than one live, unequal value.
    pub differs: u32,
    /// Those of them about which somebody asks.
    pub asked: u32,
    pub links: Vec<RowLink>,
    /// Checks that were not met on the last visit.
    pub unmet: u32,
    /// The head, where that person counts with another family. Follows from other rows, and is stored in none.
    pub head_elsewhere: Option<String>,
}

impl HouseholdRow {
    /// Name of the head, or of who stands first.
    pub fn head(&self) -> &str {
        let first = self.persons.first().map(|person| person.name.as_str());
        self.head_elsewhere.as_deref().or(first).unwrap_or_default()
    }
    /// Day of the last visit that counts.
    pub fn visited_on(&self) -> Option<Date> {
        self.visits.iter().map(|visit| visit.on).max()
    }
}

/// The row of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    pub heads: [u8; 8],
    pub household: Option<DocId>,
    pub category: String,
    pub words: String,
    pub found_on: Option<Date>,
    pub by: Option<MemberId>,
    pub void: bool,
    pub differs: u32,
    /// Those of them about which somebody asks.
    pub asked: u32,
    pub severity: String,
    pub source: String,
    /// Where it is, when it is of no household: the group and the place in it.
    pub group: String,
    pub place: String,
    /// The procedure under which it stands; empty for a problem.
    pub procedure: String,
    /// 由点及面: all others are looked at for the same problem.
    pub wide: bool,
    /// Of a finding of inspectors: the village that it concerns.
    pub village: Option<SpaceId>,
    /// What its events say; nothing where there are none yet.
    pub status: Option<RowStatus>,
}

impl FindingRow {
    /// It is a problem, and no other matter.
    pub fn is_problem(&self) -> bool {
        self.procedure.is_empty()
    }
    /// Neither settled nor withdrawn.
    pub fn is_open(&self) -> bool {
        !self.void && self.status.as_ref().is_none_or(|status| status.open)
    }
}

/// Where a finding stands by its events alone. What follows from the day is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowStatus {
    pub version: u32,
    pub state: String,
    /// The state counts as open.
    pub open: bool,
    /// The day of the event that led here.
    pub since: Option<Date>,
    pub due: Option<Date>,
    /// The due date that was set first.
    pub first_due: Option<Date>,
    pub owner: Option<MemberId>,
    pub lead_dept: String,
    /// In which role it was assigned, and by whom.
    pub assigner: Option<(MemberId, String)>,
    /// Two events contradict, and nobody who had seen both has decided.
    pub disputed: bool,
    /// 签后改动: what was signed and still stands is not as it was.
    pub changed: bool,
}

/// A row of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Household(Box<HouseholdRow>),
    Finding(Box<FindingRow>),
    /// A document without a line in any list; its heads are kept so that what is stored can be compared.
    Other {
        kind: DocKind,
        heads: [u8; 8],
    },
}

/// The stored bytes are of this release's version and were made from these heads.
pub fn row_is_current(bytes: &[u8], document: &Document) -> bool {
    Row::decode(bytes).is_ok_and(|row| row.is_of(document))
}

fn short_heads(document: &Document) -> [u8; 8] {
    let mut sha = Sha256::new();
    document.heads().iter().for_each(|head| sha.update(head.0));
    let digest = sha.finalize();
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    short
}

/// The keyed hash of an ID number: equal on all phones of a space, useless without the space's key.
pub fn id_hash(space_key: &[u8; 32], id_no: &str) -> [u8; 8] {
    let plain: String = id_no.trim().to_ascii_uppercase();
    if plain.chars().count() < 15 {
        return [0; 8];
    }
    // Shorter keys are padded to a block with zeros by definition.
    let mut block = [0; 64];
    block[..32].copy_from_slice(space_key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(plain.as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    short
}

impl Row {
    /// Makes the row of a document.
    pub fn of(document: &Document, space_key: &[u8; 32]) -> Self {
        Self::read(document, space_key, &Procedures::default())
    }

    /// The same of one of many: procedures that were read before are not read again.
    pub fn read(document: &Document, space_key: &[u8; 32], procedures: &Procedures) -> Self {
        let heads = short_heads(document);
        match document.kind() {
            DocKind::Household => Row::Household(Box::new(household_row(document, space_key, heads))),
            DocKind::Finding => Row::Finding(Box::new(finding_row(document, heads, procedures))),
            kind => Row::Other { kind, heads },
        }
    }

    /// The heads it was made from.
    pub fn heads(&self) -> &[u8; 8] {
        match self {
            Row::Household(row) => &row.heads,
            Row::Finding(row) => &row.heads,
            Row::Other { heads, .. } => heads,
        }
    }

    /// It was made from the document as it is now.
    pub fn is_of(&self, document: &Document) -> bool {
        *self.heads() == short_heads(document)
    }

    /// What kind of document it is of.
    pub fn kind(&self) -> DocKind {
        match self {
            Row::Household(_) => DocKind::Household,
            Row::Finding(_) => DocKind::Finding,
            Row::Other { kind, .. } => *kind,
        }
    }

    /// Watched fields that differ.
    pub fn differs(&self) -> u32 {
        match self {
            Row::Household(row) => row.differs,
            Row::Finding(row) => row.differs,
            Row::Other { .. } => 0,
        }
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.byte(self.kind() as u8);
        writer.raw(self.heads());
        match self {
            Row::Household(row) => encode_household(row, &mut writer),
            Row::Finding(row) => {
                write_option(&mut writer, row.household.as_ref(), |writer, id| {
                    writer.raw(id.as_bytes())
                });
                writer.text(&row.category);
                writer.text(&row.words);
                write_date(&mut writer, row.found_on);
                write_option(&mut writer, row.by.as_ref(), |writer, id| writer.raw(id.as_bytes()));
                writer.byte(u8::from(row.void));
                writer.number(u64::from(row.differs));
                writer.number(u64::from(row.asked));
                writer.text(&row.severity);
                writer.text(&row.source);
                writer.text(&row.group);
                writer.text(&row.place);
                writer.text(&row.procedure);
                writer.byte(u8::from(row.wide));
                write_option(&mut writer, row.village.as_ref(), |writer, id| {
                    writer.raw(id.as_bytes())
                });
                write_option(&mut writer, row.status.as_ref(), write_status);
            }
            Row::Other { .. } => {}
        }
        writer.finish()
    }

    /// From bytes.
    ///
    /// # Errors
    /// Another version, or damaged bytes: make the row again.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != VERSION {
            return Err(DecodeError::Tag);
        }
        let kind = DocKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)?;
        let heads = reader.array()?;
        let row = match kind {
            DocKind::Household => Row::Household(Box::new(decode_household(heads, &mut reader)?)),
            DocKind::Finding => Row::Finding(Box::new(FindingRow {
                heads,
                household: read_option(&mut reader, |reader| reader.array().map(DocId))?,
                category: reader.text(TEXT_MAX)?.to_owned(),
                words: reader.text(TEXT_MAX)?.to_owned(),
                found_on: read_date(&mut reader)?,
                by: read_option(&mut reader, |reader| reader.array().map(MemberId))?,
                void: reader.byte()? != 0,
                differs: small(reader.number()?)?,
                asked: small(reader.number()?)?,
                severity: reader.text(TEXT_MAX)?.to_owned(),
                source: reader.text(TEXT_MAX)?.to_owned(),
                group: reader.text(TEXT_MAX)?.to_owned(),
                place: reader.text(TEXT_MAX)?.to_owned(),
                procedure: reader.text(TEXT_MAX)?.to_owned(),
                wide: reader.byte()? != 0,
                village: read_option(&mut reader, |reader| reader.array().map(SpaceId))?,
                status: read_option(&mut reader, read_status)?,
            })),
            kind => Row::Other { kind, heads },
        };
        reader.end()?;
        Ok(row)
    }
}

fn household_row(document: &Document, space_key: &[u8; 32], heads: [u8; 8]) -> HouseholdRow {
    // Every event that is written down counts here: events lie in the past, and rows know no today.
    let day = Date::MAX;
    let records = document.all_records();
    let family = records.family(Of::Shown);
    let mut members = family.members(day);
    if members.is_empty() {
        members.extend(family.head(day));
    }
    if let Some(head) = family.head(day)
        && let Some(place) = members.iter().position(|person| person.id == head.id)
    {
        members[..=place].rotate_right(1);
    }
    let mut visits: Vec<_> = family.visits.iter().filter(|visit| !visit.void).collect();
    visits.sort_by_key(|visit| (visit.on, visit.id));
    let next = visits.last().and_then(|visit| Some((visit.next_on?, visit.by?)));
    let counting: Vec<RowVisit> = visits
        .iter()
        .filter(|visit| visit.counts())
        .map(|visit| RowVisit {
            on: visit.on,
            kind: visit.kind.clone(),
            by: visit.by.into_iter().chain(visit.with.iter().copied()).collect(),
        })
        .collect();
    let unmet = crate::register::visit::checks_on(&family.visits, day)
        .values()
        .filter(|state| state.verdict == crate::register::enums::Verdict::Unmet)
        .count() as u32;
    let (differs, asked) = counted(document, &records);
    HouseholdRow {
        heads,
        links: row_links(&records),
        class: family
            .primary_class()
            .map(|words| words.zh.to_owned())
            .unwrap_or_default(),
        active: family.is_active(day),
        needs_pairing: family.needs_pairing(day),
        away: visits.last().is_some_and(|visit| visit.home == Some(Home::Away)),
        next,
        visits: counting,
        persons: members
            .into_iter()
            .map(|person| row_person(person, space_key))
            .collect(),
        pairings: family
            .pairings
            .iter()
            .filter(|pairing| !pairing.void && (pairing.member.is_some() || !pairing.name.is_empty()))
            .map(|pairing| RowPairing {
                member: pairing.member,
                name: pairing.name.clone(),
                from: pairing.from,
                to: pairing.to,
            })
            .collect(),
        differs,
        asked,
        unmet,
        head_elsewhere: None,
        number: family.number,
        group: family.group,
        order: family.order,
        phone: family.phone,
    }
}

/// What of a person's id a row keeps.
pub fn person_tag(id: RecordId) -> Tag {
    let [.., a, b, c, d] = id.0;
    [a, b, c, d]
}

fn row_person(person: &Person, space_key: &[u8; 32]) -> RowPerson {
    let count = person.id_no.chars().count();
    RowPerson {
        tag: person_tag(person.id),
        name: person.name.clone(),
        last4: person.id_no.chars().skip(count.saturating_sub(4)).collect(),
        id_hash: id_hash(space_key, &person.id_no),
        born: person.birth.map(day_mark).unwrap_or_default(),
        phone: phone_mark(&person.phone),
    }
}

/// Days since 1880 and one: everybody alive, and no day is zero.
fn day_mark(day: Date) -> u16 {
    u16::try_from(day.epoch_days() + DAYS_1880 + 1).unwrap_or_default()
}

/// Sixteen bits of a telephone number: two persons of one name hardly share them without sharing the telephone.
pub fn phone_mark(written: &str) -> u16 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < PHONE_DIGITS_MIN {
        return 0;
    }
    let digest = Sha256::digest(digits);
    u16::from_be_bytes([digest[0], digest[1]]).max(1)
}

fn finding_row(document: &Document, heads: [u8; 8], procedures: &Procedures) -> FindingRow {
    let own = document.own();
    let values = crate::doc::Reading {
        record: &own,
        kind: crate::register::field::RecordKind::Finding,
        of: Of::Shown,
    };
    let (differs, asked) = counted(document, &document.all_records());
    let by = document.opened_by();
    FindingRow {
        heads,
        household: own.text("household").parse().ok(),
        category: own.text("category"),
        words: own.text("words"),
        found_on: values.date("found_on"),
        by,
        void: own.is_void(),
        differs,
        asked,
        severity: own.text("severity"),
        source: own.text("source"),
        group: own.text("group"),
        place: own.text("place"),
        status: status::of(document, by, &own.text("procedure"), procedures),
        procedure: own.text("procedure"),
        wide: own.text("scope") == WIDE,
        village: own.text("village").parse().ok(),
    }
}

/// The fields that differ with the withdrawn records that were changed at the same time, and those fields about which
/// somebody asks.
fn counted(document: &Document, records: &Records) -> (u32, u32) {
    let differing = records.differing();
    let asked = differing.iter().filter(|one| one.asked).count();
    let contested = if records.any_void() {
        document.contested().len()
    } else {
        0
    };
    let differs = differing.len() + contested;
    (differs as u32, asked as u32)
}

fn row_links(records: &Records) -> Vec<RowLink> {
    let links = records.links().into_iter().filter(|link| !link.void);
    let row = |link: Link| RowLink {
        other: link.other,
        persons: link.persons.map(|(here, there)| (person_tag(here), person_tag(there))),
        same: link.same,
    };
    links.map(row).collect()
}

fn small(value: u64) -> Result<u32, DecodeError> {
    u32::try_from(value).map_err(|_| DecodeError::Limit)
}

fn write_option<T>(writer: &mut Writer, value: Option<&T>, write: impl Fn(&mut Writer, &T)) {
    writer.byte(u8::from(value.is_some()));
    if let Some(value) = value {
        write(writer, value);
    }
}

fn read_option<'a, T>(
    reader: &mut Reader<'a>,
    read: impl Fn(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    if reader.byte()? == 0 {
        Ok(None)
    } else {
        read(reader).map(Some)
    }
}

/// Days since 1970 plus one, so that no date is zero.
fn write_date(writer: &mut Writer, date: Option<Date>) {
    writer.signed(date.map_or(0, |date| {
        let days = i64::from(date.epoch_days());
        if days >= 0 { days + 1 } else { days }
    }));
}

fn read_date(reader: &mut Reader<'_>) -> Result<Option<Date>, DecodeError> {
    Ok(match reader.signed()? {
        0 => None,
        days if days > 0 => Some(Date::from_epoch_days(days - 1)),
        days => Some(Date::from_epoch_days(days)),
    })
}

fn encode_household(row: &HouseholdRow, writer: &mut Writer) {
    writer.text(&row.number);
    writer.text(&row.group);
    write_option(writer, row.order.as_ref(), |writer, order| writer.signed(*order));
    writer.text(&row.phone);
    writer.number(row.persons.len() as u64);
    for person in &row.persons {
        writer.raw(&person.tag);
        writer.text(&person.name);
        writer.text(&person.last4);
        writer.raw(&person.id_hash);
        writer.raw(&person.born.to_be_bytes());
        writer.raw(&person.phone.to_be_bytes());
    }
    writer.text(&row.class);
    writer.byte(u8::from(row.active) | u8::from(row.needs_pairing) << 1 | u8::from(row.away) << 2);
    let mut members: Vec<MemberId> = row.visits.iter().flat_map(|visit| visit.by.iter().copied()).collect();
    members.extend(row.pairings.iter().filter_map(|pairing| pairing.member));
    members.extend(row.next.map(|(_, member)| member));
    members.sort_unstable();
    members.dedup();
    let place = |member: &MemberId| members.binary_search(member).map_or(0, |place| place as u64 + 1);
    writer.number(members.len() as u64);
    members.iter().for_each(|member| writer.raw(member.as_bytes()));
    writer.number(row.visits.len() as u64);
    for visit in &row.visits {
        write_date(writer, Some(visit.on));
        writer.text(&visit.kind);
        writer.number(visit.by.len() as u64);
        visit.by.iter().for_each(|member| writer.number(place(member)));
    }
    write_date(writer, row.next.map(|(date, _)| date));
    writer.number(row.next.map_or(0, |(_, member)| place(&member)));
    writer.number(row.pairings.len() as u64);
    for pairing in &row.pairings {
        writer.number(pairing.member.as_ref().map_or(0, place));
        writer.text(&pairing.name);
        write_date(writer, pairing.from);
        write_date(writer, pairing.to);
    }
    writer.number(u64::from(row.differs));
    writer.number(u64::from(row.asked));
    writer.number(u64::from(row.unmet));
    writer.number(row.links.len() as u64);
    for link in &row.links {
        writer.byte(u8::from(link.same));
        writer.raw(link.other.as_bytes());
        write_option(writer, link.persons.as_ref(), |writer, (here, there)| {
            writer.raw(here);
            writer.raw(there);
        });
    }
}

fn decode_persons(reader: &mut Reader<'_>) -> Result<Vec<RowPerson>, DecodeError> {
    let person = |reader: &mut Reader<'_>| {
        Ok(RowPerson {
            tag: reader.array()?,
            name: reader.text(TEXT_MAX)?.to_owned(),
            last4: reader.text(TEXT_MAX)?.to_owned(),
            id_hash: reader.array()?,
            born: reader.array().map(u16::from_be_bytes)?,
            phone: reader.array().map(u16::from_be_bytes)?,
        })
    };
    (0..reader.count(LIST_MAX)?).map(|_| person(reader)).collect()
}

fn decode_links(reader: &mut Reader<'_>) -> Result<Vec<RowLink>, DecodeError> {
    let link = |reader: &mut Reader<'_>| {
        let same = reader.byte()? != 0;
        let other = DocId(reader.array()?);
        let both = |reader: &mut Reader<'_>| Ok((reader.array()?, reader.array()?));
        let persons = read_option(reader, both)?;
        Ok(RowLink { other, persons, same })
    };
    (0..reader.count(LIST_MAX)?).map(|_| link(reader)).collect()
}

fn decode_household(heads: [u8; 8], reader: &mut Reader<'_>) -> Result<HouseholdRow, DecodeError> {
    let number = reader.text(TEXT_MAX)?.to_owned();
    let group = reader.text(TEXT_MAX)?.to_owned();
    let order = read_option(reader, |reader| reader.signed())?;
    let phone = reader.text(TEXT_MAX)?.to_owned();
    let persons = decode_persons(reader)?;
    let class = reader.text(TEXT_MAX)?.to_owned();
    let flags = reader.byte()?;
    let members: Vec<MemberId> = (0..reader.count(LIST_MAX)?)
        .map(|_| reader.array().map(MemberId))
        .collect::<Result<_, DecodeError>>()?;
    let member = |place: u64| match usize::try_from(place) {
        Ok(0) => Ok(None),
        Ok(place) => members.get(place - 1).copied().map(Some).ok_or(DecodeError::Limit),
        Err(_) => Err(DecodeError::Limit),
    };
    let mut visits = Vec::new();
    for _ in 0..reader.count(LIST_MAX)? {
        let on = read_date(reader)?.ok_or(DecodeError::Tag)?;
        let kind = reader.text(TEXT_MAX)?.to_owned();
        let count = reader.count(LIST_MAX)?;
        let by = (0..count)
            .map(|_| member(reader.number()?)?.ok_or(DecodeError::Limit))
            .collect::<Result<_, DecodeError>>()?;
        visits.push(RowVisit { on, kind, by });
    }
    let next_on = read_date(reader)?;
    let next_by = member(reader.number()?)?;
    let mut pairings = Vec::new();
    for _ in 0..reader.count(LIST_MAX)? {
        pairings.push(RowPairing {
            member: member(reader.number()?)?,
            name: reader.text(TEXT_MAX)?.to_owned(),
            from: read_date(reader)?,
            to: read_date(reader)?,
        });
    }
    let [differs, asked, unmet] = [reader.number()?, reader.number()?, reader.number()?];
    let links = decode_links(reader)?;
    Ok(HouseholdRow {
        heads,
        number,
        group,
        order,
        phone,
        persons,
        class,
        active: flags & 1 != 0,
        needs_pairing: flags & 2 != 0,
        visits,
        next: next_on.zip(next_by),
        away: flags & 4 != 0,
        pairings,
        differs: small(differs)?,
        asked: small(asked)?,
        links,
        unmet: small(unmet)?,
        head_elsewhere: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::ActorBytes;
    use crate::doc::{At, Edit, Put};

    const KEY: [u8; 32] = [5; 32];

    fn family() -> Document {
        let mut document = Document::new(DocKind::Household, DocId([1; 16]));
        let person = |id: u8, name: &str, relation: &str, id_no: &str| Put::Create {
            at: At::table("persons", RecordId([id; 16])),
            fields: vec![
                ("name".into(), name.into()),
                ("relation".into(), relation.into()),
                ("id_no".into(), id_no.into()),
            ],
            notes: vec![],
        };
        let visit = |id: u8, on: &str, home: &str| Put::Create {
            at: At::table("visits", RecordId([id; 16])),
            fields: vec![
                ("on".into(), on.into()),
                ("kind".into(), "结对走访".into()),
                ("home".into(), home.into()),
                ("next_on".into(), "2019-09-01".into()),
                ("check/water".into(), "unmet".into()),
            ],
            notes: vec![("words".into(), "水不够".into())],
        };
        let own = |key: &str, value: &str| Put::Value {
            at: At::Own,
            key: key.into(),
            value: value.into(),
        };
        let puts = vec![
            own("number", "4228221042990037"),
            own("group", "3组"),
            person(2, "周小怡", "配偶", "422899196107259980"),
            person(1, "罗永山", "户主", "422899195803129990"),
            visit(7, "2019-08-15", "at_home"),
            visit(8, "2019-08-16", "nobody_home"),
        ];
        let edit = Edit {
            author: MemberId([4; 16]),
            at_ms: 0,
            base: document.heads(),
            puts,
        };
        document.edit(&edit, ActorBytes([9; 16])).unwrap();
        document
    }

    #[test]
    fn a_row_holds_what_lists_need_and_comes_back_from_its_bytes() {
        let document = family();
        let row = Row::of(&document, &KEY);
        assert_eq!(Row::decode(&row.encode()), Ok(row.clone()));
        assert!(row_is_current(&row.encode(), &document));
        let Row::Household(row) = row else {
            panic!("a household has a household row")
        };
        assert_eq!(
            (row.head(), row.persons.len(), row.group.as_str()),
            ("罗永山", 2, "3组")
        );
        assert_eq!(row.persons[0].last4, "9990");
        assert_eq!(row.visited_on(), "2019-08-15".parse().ok());
        assert_eq!(row.next, Some(("2019-09-01".parse().unwrap(), MemberId([4; 16]))));
        assert_eq!(row.unmet, 1);
        assert!(row.active && !row.away);
    }

    #[test]
    fn every_cut_is_an_error() {
        let bytes = Row::of(&family(), &KEY).encode();
        for length in 0..bytes.len() {
            assert!(Row::decode(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn what_tells_persons_of_one_name_apart_fits_in_two_bytes_each() {
        let day = |written: &str| day_mark(written.parse().unwrap());
        assert_eq!((day("1880-01-01"), day("1879-12-31"), day("1879-12-30")), (1, 0, 0));
        assert_eq!(day("1961-07-25") - day("1961-07-24"), 1);
        assert!(day("2059-01-01") > 0);
        assert_eq!(phone_mark("154 0000 0001"), phone_mark("15400000001"));
        assert_ne!(phone_mark("15400000001"), phone_mark("15400000002"));
        assert_eq!((phone_mark(""), phone_mark("120"), phone_mark("没有")), (0, 0, 0));
    }

    #[test]
    fn the_hash_of_an_id_number_needs_the_key_and_ignores_case() {
        assert_eq!(
            id_hash(&KEY, "11010519491231002x"),
            id_hash(&KEY, " 11010519491231002X")
        );
        assert_ne!(
            id_hash(&KEY, "11010519491231002X"),
            id_hash(&[6; 32], "11010519491231002X")
        );
        assert_eq!(id_hash(&KEY, ""), [0; 8]);
    }
}
