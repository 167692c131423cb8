//! The village as every screen needs it: name, parameters, team, pairings by group. Read from its two documents.

use super::forms::{self, Published};
use crate::base::date::Date;
use crate::base::id::{DeviceId, MemberId, RecordId, SpaceId};
use crate::base::text;
use crate::doc::{CAMPAIGN, Document, FORMS, Hash, Of, WAYS};
use crate::register::enums::Role;
use crate::register::member::{Member, Pairing};
use crate::register::needs::VISITS_A_YEAR;
use std::collections::BTreeMap;

/// The village in memory.
#[derive(Debug, Default)]
pub struct Village {
    pub name: String,
    pub code: String,
    pub demonstration: bool,
    visits_a_year: Option<u32>,
    pub team_required: Option<i64>,
    pub class: String,
    /// No problem is signed off while others of its kind, for which all were looked at, are open.
    pub sweep_blocks: bool,
    /// A group of inspectors rather than a village.
    pub group: bool,
    /// Villages that the group covers, by name.
    pub areas: Vec<Area>,
    pub team: Vec<Member>,
    /// Known by name and not of the team, each with the space to which the person belongs.
    pub guests: Vec<(Member, SpaceId)>,
    /// Phones by member; revoked ones are left out.
    pub phones: BTreeMap<DeviceId, MemberId>,
    /// Phones that are no longer used, by member.
    pub off: BTreeMap<DeviceId, MemberId>,
    /// How each member's phones are called, those no longer used included: they may have written what is still read.
    labels: BTreeMap<MemberId, Vec<String>>,
    /// Pairings with whole groups.
    pub group_pairings: Vec<Pairing>,
    /// What of the place document they were read from.
    pub place_heads: Vec<Hash>,
    /// Groups in the order of the village.
    pub groups: Vec<String>,
    /// Fields of the groups and their pairings about which people disagree, and those of them that somebody asks about.
    pub differs: (u32, u32),
    /// Versions of forms, oldest first.
    pub(super) forms: Vec<Published>,
    /// Versions of sets of campaigns, oldest first.
    pub(super) campaigns: Vec<Published>,
}

/// A village that a group covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub space: SpaceId,
    pub name: String,
}

impl Village {
    pub(super) fn read_village(&mut self, document: &Document) {
        let own = document.own();
        self.name = own.text("name");
        self.code = own.text("code");
        self.demonstration = own.int("demonstration") == Some(1);
        self.visits_a_year = own
            .int("visits_a_year")
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| *count > 0);
        self.team_required = own.int("team_required");
        self.class = own.text("class");
        self.sweep_blocks = own.text("sweep_blocks_parent") == "是";
        self.forms = forms::listed(document, FORMS, "");
        self.campaigns = forms::listed(document, WAYS, CAMPAIGN);
        self.group = own.int("group") == Some(1);
        self.areas = areas(document);
        let people = document.records("people");
        let guest_of = |member: &Member| people.get(&RecordId(member.id.0))?.text("guest_of").parse().ok();
        for member in document.team() {
            match guest_of(&member) {
                Some(space) => self.guests.push((member, space)),
                None => self.team.push(member),
            }
        }
        // The leader first; the others by name, which says nothing of what anybody does.
        let place = |member: &Member| (member.role != Some(Role::Leader), member.name.clone(), member.id);
        self.team.sort_by_key(place);
        for record in document.records("devices").values() {
            if let Ok(member) = record.text("member").parse() {
                self.labels.entry(member).or_default().push(record.text("label"));
            }
        }
        for record in document.records("devices").values() {
            if let (Ok(device), Ok(member)) = (record.text("device").parse(), record.text("member").parse()) {
                let used = record.text("to").is_empty();
                let phones = if used { &mut self.phones } else { &mut self.off };
                phones.insert(device, member);
            }
        }
    }

    pub(super) fn read_place(&mut self, document: &Document) {
        self.place_heads = document.heads();
        let differing = document.differing();
        let asked = differing.iter().filter(|one| one.asked).count();
        self.differs = ((differing.len() + document.contested().len()) as u32, asked as u32);
        self.group_pairings = document.pairings(Of::Shown);
        for place in 0..self.group_pairings.len() {
            let pairing = &self.group_pairings[place];
            self.group_pairings[place].member = self.meant(pairing.member, &pairing.name);
        }
        let mut groups: Vec<(i64, String)> = document
            .records("groups")
            .values()
            .filter(|record| !record.is_void())
            .map(|record| (record.int("order").unwrap_or(i64::MAX), record.text("name")))
            .collect();
        groups.sort();
        self.groups = groups.into_iter().map(|(_, name)| name).collect();
    }

    /// Visits a paired helper owes a household in a year (S129), unless the village says otherwise.
    pub fn a_year(&self) -> u32 {
        self.visits_a_year.unwrap_or(VISITS_A_YEAR)
    }

    /// The name of a member; of one who is not known here, a word that says so.
    pub fn name_of(&self, member: MemberId) -> String {
        self.member(member)
            .map_or_else(|| "（未知队员）".to_owned(), |member| member.name.clone())
    }
    /// Who is paired: the member that the record says, else the one member of the team who has the name that a roster
    /// gave before anybody had joined. Nobody where two have it.
    pub fn meant(&self, member: Option<MemberId>, name: &str) -> Option<MemberId> {
        if member.is_some() || name.is_empty() {
            return member;
        }
        let wanted = text::name(name);
        let mut namesakes = self
            .team
            .iter()
            .filter(|known| !known.void && text::name(&known.name) == wanted);
        let first = namesakes.next()?;
        namesakes.next().is_none().then_some(first.id)
    }
    /// How the phones of a member are called. A change names its author, not the phone, so there may be several.
    pub fn phones_of(&self, member: MemberId) -> String {
        let labels = self.labels.get(&member).into_iter().flatten();
        let mut labels: Vec<&str> = labels.map(String::as_str).filter(|label| !label.is_empty()).collect();
        labels.sort_unstable();
        labels.dedup();
        labels.join(" / ")
    }
    /// Whose phone it is or was; nobody for one that is not known here.
    pub fn owner(&self, device: DeviceId) -> Option<MemberId> {
        self.phones.get(&device).or(self.off.get(&device)).copied()
    }
    /// A member by id, also one of another space whose name is known here.
    pub fn member(&self, member: MemberId) -> Option<&Member> {
        let guests = self.guests.iter().map(|(guest, _)| guest);
        self.team.iter().chain(guests).find(|known| known.id == member)
    }
    /// The name of a village that the group covers; empty for any other.
    pub fn area(&self, space: SpaceId) -> &str {
        let known = self.areas.iter().find(|area| area.space == space);
        known.map_or("", |area| &area.name)
    }
    /// Members on a day, in the order of the list.
    pub fn members(&self, day: Date) -> impl Iterator<Item = &Member> {
        self.team.iter().filter(move |member| member.is_active(day))
    }
}

/// What a group covers.
fn areas(document: &Document) -> Vec<Area> {
    let records = document.records("areas");
    let read = records
        .values()
        .filter(|record| !record.is_void())
        .filter_map(|record| {
            let (space, name) = (record.text("space").parse().ok()?, record.text("name"));
            Some(Area { space, name })
        });
    let mut areas: Vec<Area> = read.collect();
    areas.sort_by(|one, other| one.name.cmp(&other.name));
    areas
}
