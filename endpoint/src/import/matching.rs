//! Recognises the households and people of a roster among those that are stored.

use super::compare::Line;
use crate::entropy;
use crate::roster::{HouseholdRow, IdCheck, PersonRow};
use bianfang::base::id::{DocId, RecordId};
use bianfang::doc::{Document, Of};
use std::collections::{BTreeMap, BTreeSet};

/// A stored household, as far as it is recognised by it.
#[derive(Debug)]
pub(super) struct Known {
    id: DocId,
    number: String,
    group: String,
    persons: Vec<KnownPerson>,
}

#[derive(Debug)]
struct KnownPerson {
    id: RecordId,
    name: String,
    id_no: String,
    is_head: bool,
}

impl Known {
    /// Of an open document.
    pub fn of(document: &Document) -> Self {
        let mut family = document.family(Of::Shown);
        family
            .persons
            .sort_by_key(|person| (person.order.unwrap_or(i64::MAX), person.id));
        Self {
            id: document.id(),
            number: family.number,
            group: family.group,
            persons: family
                .persons
                .into_iter()
                .filter(|person| !person.void)
                .map(|person| KnownPerson {
                    id: person.id,
                    is_head: person.relation == "户主",
                    name: person.name,
                    id_no: person.id_no,
                })
                .collect(),
        }
    }

    fn head(&self) -> &str {
        self.heads().first().copied().unwrap_or_default()
    }

    /// A roster may name several.
    fn heads(&self) -> Vec<&str> {
        let heads = self.persons.iter().filter(|person| person.is_head);
        let heads: Vec<&str> = heads.map(|person| person.name.as_str()).collect();
        match (heads.is_empty(), self.persons.first()) {
            (true, Some(first)) => vec![&first.name],
            _ => heads,
        }
    }

    /// Whether a household of the roster may be this one as far as numbers go: two official numbers are two households,
    /// and one name with two ID numbers is two people.
    fn may_be(&self, row: &HouseholdRow) -> bool {
        let contradicts = |row: &PersonRow| {
            let same_name = |one: &&KnownPerson| row.name.as_ref() == Some(&one.name) && !one.id_no.is_empty();
            let mut known = self.persons.iter().filter(same_name).peekable();
            known.peek().is_some() && known.all(|one| row.id_no.as_ref() != Some(&one.id_no))
        };
        let mut valid = row.persons.iter().filter(|person| person.id_check == IdCheck::Valid);
        (row.number.is_none() || self.number.is_empty()) && !valid.any(contradicts)
    }
}

/// What a household of the roster is here.
#[derive(Debug)]
pub(super) struct Match {
    /// The stored one, if there is one.
    pub document: Option<DocId>,
    /// The id that it gets if there is none.
    pub fresh: DocId,
    /// Its people, in the order of the roster; nothing for those who are new in it.
    pub persons: Vec<Option<RecordId>>,
}

/// Finds the stored household and people of each row, and what no row names.
pub(super) fn matched(rows: &[HouseholdRow], known: Vec<Known>) -> (Vec<Match>, Vec<Line>) {
    let index = Index::new(&known);
    let mut taken = BTreeSet::new();
    let mut found: Vec<Option<usize>> = vec![None; rows.len()];
    // Sure ways first, for all rows, so that a guess never takes away what is certain for another.
    for way in [
        Index::by_number,
        Index::by_id_numbers,
        Index::by_family,
        Index::by_head_and_group,
    ] {
        for (row, place) in rows.iter().zip(&mut found) {
            if place.is_none() {
                *place = way(&index, row, &taken).filter(|at| taken.insert(*at));
            }
        }
    }
    let mut missing: Vec<Line> = Vec::new();
    let matches = rows
        .iter()
        .zip(&found)
        .map(|(row, at)| {
            let stored = at.map(|at| &known[at]);
            let persons = persons(&row.persons, stored.map_or(&[], |one| &one.persons));
            if let Some(stored) = stored {
                let gone = stored.persons.iter().filter(|one| !persons.contains(&Some(one.id)));
                missing.extend(gone.map(|person| Line::person(&stored.number, stored.head(), &person.name)));
            }
            Match {
                document: stored.map(|one| one.id),
                fresh: DocId(entropy::random()),
                persons,
            }
        })
        .collect();
    let left = known.iter().enumerate().filter(|(at, _)| !taken.contains(at));
    missing.extend(left.map(|(_, one)| Line::household(&one.number, one.head())));
    (matches, missing)
}

/// Stored households by what they are recognised by.
struct Index<'a> {
    number: BTreeMap<&'a str, Vec<usize>>,
    id_no: BTreeMap<&'a str, Vec<usize>>,
    head: BTreeMap<(&'a str, &'a str), Vec<usize>>,
    /// By the names of the whole family and the group.
    family: BTreeMap<(Vec<&'a str>, &'a str), Vec<usize>>,
    known: &'a [Known],
}

impl<'a> Index<'a> {
    fn new(known: &'a [Known]) -> Self {
        let mut index = Self {
            number: BTreeMap::new(),
            id_no: BTreeMap::new(),
            head: BTreeMap::new(),
            family: BTreeMap::new(),
            known,
        };
        for (at, one) in known.iter().enumerate() {
            if !one.number.is_empty() {
                index.number.entry(&one.number).or_default().push(at);
            }
            for person in one.persons.iter().filter(|person| !person.id_no.is_empty()) {
                index.id_no.entry(&person.id_no).or_default().push(at);
            }
            for head in one.heads() {
                index.head.entry((head, &one.group)).or_default().push(at);
            }
            let names = sorted(one.persons.iter().map(|person| person.name.as_str()));
            index.family.entry((names, &one.group)).or_default().push(at);
        }
        index
    }

    fn by_number(&self, row: &HouseholdRow, _: &BTreeSet<usize>) -> Option<usize> {
        only(self.number.get(row.number.as_deref()?))
    }

    /// The household that holds at least half of this family, and is at least half of this family: numbered anew, or
    /// not numbered before.
    fn by_id_numbers(&self, row: &HouseholdRow, _: &BTreeSet<usize>) -> Option<usize> {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for person in row.persons.iter().filter(|person| person.id_check == IdCheck::Valid) {
            let places = person.id_no.as_deref().and_then(|id| self.id_no.get(id));
            for at in places.into_iter().flatten() {
                *votes.entry(*at).or_default() += 1;
            }
        }
        let sure = |(at, count): (usize, usize)| {
            let both = row.persons.len().max(self.known[at].persons.len());
            (count * 2 >= both).then_some(at)
        };
        only(Some(&votes.into_iter().filter_map(sure).collect()))
    }

    /// The same names in the same group. Of families that nothing tells apart the first that is left, or every import
    /// would add them once more.
    fn by_family(&self, row: &HouseholdRow, taken: &BTreeSet<usize>) -> Option<usize> {
        let names = sorted(
            row.persons
                .iter()
                .map(|person| person.name.as_deref().unwrap_or_default()),
        );
        if names.iter().all(|name| name.is_empty()) {
            return None;
        }
        let same = self.family.get(&(names, row.group.as_deref().unwrap_or_default()))?;
        let mut free = same.iter().filter(|at| !taken.contains(at));
        free.find(|at| self.known[**at].may_be(row)).copied()
    }

    fn by_head_and_group(&self, row: &HouseholdRow, taken: &BTreeSet<usize>) -> Option<usize> {
        let name = row.head()?.name.as_deref()?;
        let same = self.head.get(&(name, row.group.as_deref().unwrap_or_default()))?;
        let free = same
            .iter()
            .filter(|at| !taken.contains(at) && self.known[**at].may_be(row));
        only(Some(&free.copied().collect()))
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

/// Where two are alike, none is recognised.
fn only(found: Option<&Vec<usize>>) -> Option<usize> {
    match found.map(Vec::as_slice) {
        Some([one]) => Some(*one),
        _ => None,
    }
}

fn persons(rows: &[PersonRow], known: &[KnownPerson]) -> Vec<Option<RecordId>> {
    let mut taken = BTreeSet::new();
    let mut found: Vec<Option<RecordId>> = vec![None; rows.len()];
    for (row, place) in rows.iter().zip(&mut found) {
        if row.id_check == IdCheck::Valid {
            let same = |one: &&KnownPerson| Some(&one.id_no) == row.id_no.as_ref();
            *place = free(known, same, &mut taken);
        }
    }
    for (row, place) in rows.iter().zip(&mut found) {
        if place.is_none() {
            // Somebody without a name is the one without a name.
            let name = row.name.as_deref().unwrap_or_default();
            let same = |one: &&KnownPerson| one.name == name;
            *place = free(known, same, &mut taken);
        }
    }
    found
}

fn free(
    known: &[KnownPerson],
    same: impl FnMut(&&KnownPerson) -> bool,
    taken: &mut BTreeSet<RecordId>,
) -> Option<RecordId> {
    known.iter().filter(same).map(|one| one.id).find(|id| taken.insert(*id))
}
