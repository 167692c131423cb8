//! Families and people, counted here from what the endpoint holds, by another way than the phones count them.

use crate::people;
use crate::play::Run;
use bianfang::base::date::Date;
use bianfang::base::id::DocId;
use bianfang::doc::{Document, Of};
use bianfang::register::household::Household;
use std::collections::{BTreeMap, BTreeSet};

impl Run {
    /// Families that were joined count once on every phone, until that is undone; told apart, or disputed, they are two.
    pub(super) fn miscounted(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let families: BTreeMap<DocId, Household> = documents
            .iter()
            .map(|(id, document)| (*id, document.family(Of::Shown)))
            .collect();
        let groups = together(documents);
        let active = groups
            .iter()
            .filter(|group| group.iter().any(|id| families[id].is_active(Date::MAX)));
        let wanted: Vec<usize> = active.map(|group| people_of(group, &families)).collect();
        let wanted = (wanted.len(), wanted.into_iter().sum::<usize>());
        let mut found = Vec::new();
        for phone in self.working() {
            let mut rows = people::households(phone);
            rows.retain(|row| row.badges.iter().all(|badge| badge.kind != "inactive"));
            let told = (rows.len(), rows.iter().map(|row| row.people as usize).sum::<usize>());
            if told != wanted {
                found.push(format!(
                    "{}: {} families with {} people are counted, {} with {} there are",
                    phone.name, told.0, told.1, wanted.0, wanted.1
                ));
            }
        }
        found
    }
}

/// Households by families: those that somebody joined, and about which nobody says that they are not the same.
fn together(documents: &BTreeMap<DocId, Document>) -> Vec<BTreeSet<DocId>> {
    let mut said: BTreeMap<(DocId, DocId), BTreeSet<bool>> = BTreeMap::new();
    for (id, document) in documents {
        for link in document.links() {
            if !link.void && link.persons.is_none() && documents.contains_key(&link.other) && link.other != *id {
                let pair = (link.other.min(*id), link.other.max(*id));
                said.entry(pair).or_default().insert(link.same);
            }
        }
    }
    let mut groups: Vec<BTreeSet<DocId>> = documents.keys().map(|id| BTreeSet::from([*id])).collect();
    for ((one, other), said) in said {
        if said != BTreeSet::from([true]) {
            continue;
        }
        let (joined, mut apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.contains(&one) || group.contains(&other));
        apart.push(joined.into_iter().flatten().collect());
        groups = apart;
    }
    groups
}

/// The members of a family, each number once.
fn people_of(group: &BTreeSet<DocId>, families: &BTreeMap<DocId, Household>) -> usize {
    let mut numbers: BTreeSet<&str> = BTreeSet::new();
    let mut unnumbered = 0;
    for family in group.iter().filter_map(|id| families.get(id)) {
        let mut members = family.members(Date::MAX);
        if members.is_empty() {
            members.extend(family.head(Date::MAX));
        }
        for person in members {
            match person.id_no.as_str() {
                "" => unnumbered += 1,
                number => {
                    numbers.insert(number);
                }
            }
        }
    }
    numbers.len() + unnumbered
}
