//! Families registered twice and persons typed twice, over all rows: what people joined or told apart, and who is shown under
//! whom. Made from the rows when first asked for; nothing of it is stored.

use super::rows::Rows;
use crate::base::id::DocId;
use crate::index::{HouseholdRow, RowPerson, Tag};
use crate::register::link::Decided;
use std::collections::{BTreeMap, BTreeSet};

/// A person, by household and the end of the id.
pub type Who = (DocId, Tag);

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
        let head = own.persons.first().filter(|head| {
            // Of the head of a family who counts with another one, the family still bears the name.
            let leader = self.persons.joined().leader((id, head.tag)).0;
            self.households.joined().leader(leader) != id
        });
        row.head_elsewhere = head.map(|head| head.name.clone());
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

/// Where each person stands: those of the households that lead first, heads before others, in the order of the family.
fn places(rows: &Rows, households: &Decided<DocId>) -> BTreeMap<Who, (bool, bool, DocId, usize)> {
    let mut places = BTreeMap::new();
    for (id, row) in rows.households() {
        for (at, person) in row.persons.iter().enumerate() {
            let place = (households.joined().is_led(id), at != 0, id, at);
            places.entry((id, person.tag)).or_insert(place);
        }
    }
    places
}

/// The persons of all records of one family.
pub(super) fn family<'a>(rows: &'a Rows, households: &Decided<DocId>, leader: DocId) -> Vec<(Who, &'a RowPerson)> {
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
