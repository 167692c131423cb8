//! Families registered twice and persons typed twice, over all rows: what people joined or told apart, who is shown under
//! whom, and what still looks alike. Made from the rows when first asked for; nothing of it is stored.

use super::marks::traits;
use super::rows::Rows;
use crate::base::id::DocId;
use crate::base::text;
use crate::index::{HouseholdRow, RowPerson, Tag};
use crate::register::duplicate::{Pair, Reason, Traits, pairs};
use crate::register::link::{Decided, Decision, ordered};
use std::collections::{BTreeMap, BTreeSet};

/// A person, by household and the end of the id.
pub type Who = (DocId, Tag);

/// More persons of one family than this are not compared by name.
const FAMILY_MAX: usize = 60;

/// What people decided, and the rows of families that are counted another way because of it.
#[derive(Debug, Default)]
pub struct Twins {
    /// Households.
    pub households: Decided<DocId>,
    /// Persons who count now.
    pub persons: Decided<Who>,
    /// Rows as they count, of those households where that is not the row as it is stored.
    counted: BTreeMap<DocId, HouseholdRow>,
}

impl Twins {
    /// From all rows.
    pub(super) fn of(rows: &Rows) -> Self {
        let links = || {
            let all = rows.households();
            all.flat_map(|(id, row)| row.links.iter().map(move |link| (id, link)))
        };
        if links().next().is_none() {
            return Self::default();
        }
        let of_households = links().filter(|(_, link)| link.persons.is_none());
        let known = of_households.filter(|(_, link)| rows.household(link.other).is_some());
        let households = Decided::new(known.map(|(id, link)| (id, link.other, link.same)), |id| {
            let row = rows.household(id);
            row.map(|row| (!row.active, row.number.is_empty()))
        });
        let places = places(rows, &households);
        let said: Vec<(Who, Who, bool)> = links()
            .filter_map(|(id, link)| {
                let (here, there) = link.persons?;
                Some(((id, here), (link.other, there), link.same))
            })
            .filter(|(one, other, _)| places.contains_key(one) && places.contains_key(other))
            .collect();
        let place = |who: Who| places.get(&who).copied();
        let by_people = Decided::new(said.iter().copied(), place);
        // The same number in two records of one family is the same person, unless somebody says otherwise.
        let of_numbers = households
            .joined()
            .leaders()
            .flat_map(|leader| same_numbers(rows, &households, leader));
        let unsaid = of_numbers.filter(|(one, other)| by_people.between(*one, *other).is_none());
        let all: Vec<_> = said
            .iter()
            .copied()
            .chain(unsaid.map(|(one, other)| (one, other, true)))
            .collect();
        let mut twins = Self {
            households,
            persons: Decided::new(all, place),
            counted: BTreeMap::new(),
        };
        twins.count(rows);
        twins
    }

    /// Nothing of it follows from such a row.
    pub(super) fn is_about(&self, id: DocId, row: &HouseholdRow) -> bool {
        !row.links.is_empty() || self.counted.contains_key(&id) || self.households.joined().is_led(id)
    }

    /// The row as it counts, where that is another one than the stored one.
    pub(super) fn counted(&self, id: DocId) -> Option<&HouseholdRow> {
        self.counted.get(&id)
    }

    fn count(&mut self, rows: &Rows) {
        let joined = self.households.joined();
        let of_persons: BTreeSet<DocId> = rows
            .households()
            .filter(|(id, row)| row.persons.iter().any(|person| self.is_twin(*id, person)))
            .map(|(id, _)| id)
            .collect();
        let all: BTreeSet<DocId> = joined.leaders().chain(of_persons).collect();
        let counted = all.into_iter().filter_map(|id| {
            let own = rows.household(id)?;
            let others: Vec<(DocId, &HouseholdRow)> = if joined.is_led(id) {
                Vec::new()
            } else {
                let ids = joined.others(id);
                ids.filter_map(|id| Some((id, rows.household(id)?))).collect()
            };
            Some((id, self.together(id, own, &others)))
        });
        self.counted = counted.collect();
    }

    /// The person is counted elsewhere.
    fn is_twin(&self, id: DocId, person: &RowPerson) -> bool {
        self.persons.joined().is_led((id, person.tag))
    }

    fn together(&self, id: DocId, own: &HouseholdRow, others: &[(DocId, &HouseholdRow)]) -> HouseholdRow {
        let mut row = own.clone();
        row.persons.retain(|person| !self.is_twin(id, person));
        for (other, part) in others {
            let persons = part.persons.iter().filter(|person| !self.is_twin(*other, person));
            row.persons.extend(persons.cloned());
            let is_later = part.visited_on() > row.visited_on();
            if is_later || row.next.is_none() {
                row.next = part.next.or(row.next);
            }
            if is_later {
                row.unmet = part.unmet;
                row.away = part.away;
            }
            row.visits.extend(part.visits.iter().cloned());
            let fresh = part.pairings.iter().filter(|pairing| !own.pairings.contains(pairing));
            row.pairings.extend(fresh.cloned());
            row.differs += part.differs;
            row.asked += part.asked;
            row.active |= part.active;
            row.needs_pairing |= part.needs_pairing;
            if row.class.is_empty() {
                row.class.clone_from(&part.class);
            }
        }
        row.visits.sort_by_key(|visit| visit.on);
        row
    }
}

/// Where each person stands: those of the households that lead first, in the order of the family.
fn places(rows: &Rows, households: &Decided<DocId>) -> BTreeMap<Who, (bool, DocId, usize)> {
    let mut places = BTreeMap::new();
    for (id, row) in rows.households() {
        for (at, person) in row.persons.iter().enumerate() {
            let place = (households.joined().is_led(id), id, at);
            places.entry((id, person.tag)).or_insert(place);
        }
    }
    places
}

/// The persons of all records of one family.
fn family<'a>(rows: &'a Rows, households: &Decided<DocId>, leader: DocId) -> Vec<(Who, &'a RowPerson)> {
    let ids = std::iter::once(leader).chain(households.joined().others(leader));
    let of_row = |id: DocId| {
        let persons = rows.household(id).map(|row| row.persons.as_slice()).unwrap_or_default();
        persons.iter().map(move |person| ((id, person.tag), person))
    };
    ids.flat_map(of_row).collect()
}

/// Persons with the same number in different records of one family.
fn same_numbers(rows: &Rows, households: &Decided<DocId>, leader: DocId) -> Vec<(Who, Who)> {
    let mut first: BTreeMap<[u8; 8], Who> = BTreeMap::new();
    let mut same = Vec::new();
    for (who, person) in family(rows, households, leader) {
        if person.id_hash != [0; 8] {
            let one = *first.entry(person.id_hash).or_insert(who);
            if one.0 != who.0 {
                same.push((one, who));
            }
        }
    }
    same
}

/// Two households that look like one family, or about which people do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    pub one: DocId,
    pub other: DocId,
    /// Nothing where they only looked alike once.
    pub reason: Option<Reason>,
    pub disputed: bool,
}

/// Two records that look like one person, or about whom people do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlikePersons {
    pub one: Who,
    pub other: Who,
    /// The same ID number; else the same name in one family.
    pub certain: bool,
    pub disputed: bool,
}

/// What looks alike and is not decided.
#[derive(Debug, Default)]
pub struct AllAlike {
    pub households: Vec<Alike>,
    pub persons: Vec<AlikePersons>,
    /// Every household of a pair of either kind.
    either: BTreeSet<DocId>,
}

impl AllAlike {
    /// From all rows and what was decided.
    pub(super) fn of(rows: &Rows, twins: &Twins) -> Self {
        let households = households(rows, twins);
        let persons = persons(rows, twins);
        let joined = twins.households.joined();
        let of_households = households.iter().flat_map(|pair| [pair.one, pair.other]);
        let of_persons = persons.iter().flat_map(|pair| [pair.one.0, pair.other.0]);
        let either = of_households.chain(of_persons).flat_map(|id| [id, joined.leader(id)]);
        Self {
            either: either.collect(),
            households,
            persons,
        }
    }

    /// The household or one of its members looks like another one.
    pub fn has(&self, household: DocId) -> bool {
        self.either.contains(&household)
    }
}

fn households(rows: &Rows, twins: &Twins) -> Vec<Alike> {
    let active: Vec<(DocId, Traits)> = rows
        .households()
        .filter(|(_, row)| row.active)
        .map(|(id, row)| (id, traits(row)))
        .collect();
    let decided = &twins.households;
    let mut seen: BTreeSet<(DocId, DocId)> = BTreeSet::new();
    let mut all: Vec<Alike> = Vec::new();
    let found = pairs(active.iter().map(|(id, traits)| (*id, traits)), &BTreeSet::new());
    let reasons: BTreeMap<(DocId, DocId), Reason> = found
        .iter()
        .map(|pair| (ordered(pair.one, pair.other), pair.reason))
        .collect();
    for (one, other) in decided.disputed() {
        seen.insert(ordered(decided.joined().leader(one), decided.joined().leader(other)));
        all.push(Alike {
            one,
            other,
            reason: reasons.get(&ordered(one, other)).copied(),
            disputed: true,
        });
    }
    for Pair { one, other, reason } in found {
        let (one, other) = ordered(decided.joined().leader(one), decided.joined().leader(other));
        if decided.between(one, other).is_none() && seen.insert((one, other)) {
            all.push(Alike {
                one,
                other,
                reason: Some(reason),
                disputed: false,
            });
        }
    }
    all
}

fn persons(rows: &Rows, twins: &Twins) -> Vec<AlikePersons> {
    let joined = twins.households.joined();
    let mut all: Vec<AlikePersons> = Vec::new();
    let mut seen: BTreeSet<(Who, Who)> = BTreeSet::new();
    let mut add = |one: Who, other: Who, certain: bool, disputed: bool| {
        let (one, other) = ordered(one, other);
        let open = twins.persons.between(one, other).is_none();
        if (open || disputed) && seen.insert((one, other)) {
            all.push(AlikePersons {
                one,
                other,
                certain,
                disputed,
            });
        }
    };
    for (one, other) in twins.persons.disputed() {
        add(one, other, false, true);
    }
    let mut numbers: BTreeMap<[u8; 8], Vec<Who>> = BTreeMap::new();
    for (leader, row) in rows.households().filter(|(id, row)| row.active && !joined.is_led(*id)) {
        let members = if twins.counted(leader).is_some() {
            family(rows, &twins.households, leader)
        } else {
            row.persons
                .iter()
                .map(|person| ((leader, person.tag), person))
                .collect()
        };
        for (at, (one, person)) in members.iter().enumerate() {
            if person.id_hash != [0; 8] {
                numbers.entry(person.id_hash).or_default().push(*one);
            }
            for (other, twin) in members.iter().skip(at + 1).take(FAMILY_MAX) {
                let number = person.id_hash == twin.id_hash && person.id_hash != [0; 8];
                let differ = person.id_hash != twin.id_hash && person.id_hash != [0; 8] && twin.id_hash != [0; 8];
                if number || (!differ && !person.name.is_empty() && text::name(&person.name) == text::name(&twin.name))
                {
                    add(*one, *other, number, false);
                }
            }
        }
    }
    // Of two families that look alike because of a person, the families are decided about first.
    for same in numbers.values().filter(|same| same.len() > 1) {
        for (at, one) in same.iter().enumerate().take(FAMILY_MAX) {
            for other in same.iter().skip(at + 1).take(FAMILY_MAX) {
                if twins.households.between(one.0, other.0) == Some(Decision::Apart) {
                    add(*one, *other, true, false);
                }
            }
        }
    }
    all
}
