//! Households that were joined, and persons: what counts once in a ledger, and under whom. The same rule as on the phones.

use bianfang::base::date::Date;
use bianfang::base::id::{DocId, RecordId};
use bianfang::doc::{Document, Of};
use bianfang::register::household::Household;
use bianfang::register::link::Decided;
use std::collections::{BTreeMap, BTreeSet};

/// A person in a record of a family.
pub(super) type Who = (DocId, RecordId);

/// Families as they count.
#[derive(Debug, Default)]
pub(super) struct Families {
    households: Decided<DocId>,
    persons: Decided<Who>,
    /// The records that others are shown under, with those.
    together: BTreeMap<DocId, Vec<Household>>,
    differing: BTreeMap<DocId, usize>,
}

impl Families {
    /// What people joined in the households of a village.
    pub fn of(documents: &[Document], today: Date) -> Self {
        let links: Vec<_> = documents
            .iter()
            .flat_map(|document| document.links().into_iter().map(|link| (document.id(), link)))
            .filter(|(_, link)| !link.void)
            .collect();
        if links.is_empty() {
            return Self::default();
        }
        let families: BTreeMap<DocId, Household> = documents
            .iter()
            .map(|document| (document.id(), document.family(Of::Shown)))
            .collect();
        let of_households = links.iter().filter(|(id, link)| {
            link.persons.is_none() && families.contains_key(id) && families.contains_key(&link.other)
        });
        let households = Decided::new(of_households.map(|(id, link)| (*id, link.other, link.same)), |id| {
            let family = families.get(&id);
            family.map(|family| (!family.is_active(Date::MAX), family.is_unnumbered()))
        });
        let mut places: BTreeMap<Who, (bool, bool, DocId, usize)> = BTreeMap::new();
        for (id, family) in &families {
            let members = family.members(today);
            let head = family.head(today).or(members.first().copied()).map(|head| head.id);
            for (at, person) in members.iter().enumerate() {
                // Whoever heads a family counts there, as on the phones.
                let place = (households.joined().is_led(*id), head != Some(person.id), *id, at);
                places.insert((*id, person.id), place);
            }
        }
        let place = |who: Who| places.get(&who).copied();
        let said: Vec<(Who, Who, bool)> = links
            .iter()
            .filter_map(|(id, link)| Some(((*id, link.persons?.0), (link.other, link.persons?.1), link.same)))
            .filter(|(one, other, _)| places.contains_key(one) && places.contains_key(other))
            .collect();
        let by_people = Decided::new(said.iter().copied(), place);
        let mut all = said;
        let mut together = BTreeMap::new();
        let mut differing = BTreeMap::new();
        for leader in households.joined().leaders() {
            let ids: Vec<DocId> = std::iter::once(leader)
                .chain(households.joined().others(leader))
                .collect();
            let of_set: Vec<Household> = ids.iter().filter_map(|id| families.get(id).cloned()).collect();
            let unsaid = same_numbers(&of_set, today).into_iter();
            all.extend(
                unsaid
                    .filter(|(one, other)| by_people.between(*one, *other).is_none())
                    .map(|(one, other)| (one, other, true)),
            );
            together.insert(leader, of_set);
            let counted = documents.iter().filter(|document| ids.contains(&document.id()));
            differing.insert(leader, counted.map(|document| document.differing().len()).sum());
        }
        Self {
            persons: Decided::new(all, place),
            households,
            together,
            differing,
        }
    }

    /// The household under which another one counts.
    pub fn leader(&self, household: DocId) -> DocId {
        self.households.joined().leader(household)
    }

    /// Counted under another household.
    pub fn is_led(&self, household: DocId) -> bool {
        self.households.joined().is_led(household)
    }

    /// The record of a person under which this one counts; nothing where it counts itself.
    pub fn twin(&self, who: Who) -> Option<Who> {
        Some(self.persons.joined().leader(who)).filter(|leader| *leader != who)
    }

    /// The records that count together with a household, that one first; one alone otherwise.
    pub fn together(&self, household: DocId, own: Household) -> Vec<Household> {
        match self.together.get(&household) {
            Some(all) => all.clone(),
            None => vec![own],
        }
    }

    /// Members of these records, each person once.
    pub fn people(&self, records: &[Household], today: Date) -> usize {
        let members = records.iter().flat_map(|family| {
            let members = family.members(today).into_iter();
            members.map(|person| (family.id, person.id)).collect::<Vec<_>>()
        });
        members.filter(|who| self.twin(*who).is_none()).count()
    }

    /// Fields that differ in all records of a family.
    pub fn differing(&self, document: &Document) -> usize {
        let together = self.differing.get(&document.id()).copied();
        together.unwrap_or_else(|| document.differing().len())
    }
}

/// Persons with the same number in different records of one family.
fn same_numbers(records: &[Household], today: Date) -> Vec<(Who, Who)> {
    let mut first: BTreeMap<String, Who> = BTreeMap::new();
    let mut same = BTreeSet::new();
    for family in records {
        for person in family.members(today) {
            let number = person.id_no.trim().to_ascii_uppercase();
            if number.chars().count() >= 15 {
                let who = (family.id, person.id);
                let one = *first.entry(number).or_insert(who);
                if one.0 != who.0 {
                    same.insert((one, who));
                }
            }
        }
    }
    same.into_iter().collect()
}
