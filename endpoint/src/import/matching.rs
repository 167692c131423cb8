//! Recognises the households and people of a roster among those that are stored.

use super::compare::Line;
use crate::entropy;
use crate::roster::{HouseholdRow, IdCheck, PersonRow};
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, RecordId};
use bianfang::doc::{Document, Of};
use bianfang::register::link::{Decided, Joined};
use std::collections::{BTreeMap, BTreeSet};

/// A person in a record of a family.
pub(super) type Who = (DocId, RecordId);

/// A stored household, as far as it is recognised by it.
#[derive(Debug)]
pub(super) struct Known {
    id: DocId,
    number: String,
    group: String,
    active: bool,
    /// Households that people joined with this one or told apart from it.
    links: Vec<(DocId, bool)>,
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
        let links = document.links().into_iter();
        let links = links.filter(|link| !link.void && link.persons.is_none());
        Self {
            id: document.id(),
            active: family.is_active(Date::MAX),
            links: links.map(|link| (link.other, link.same)).collect(),
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
    /// Its people, in the order of the roster, each with the record of the family in which the person stands: people may
    /// have joined several. Nothing for those who are new.
    pub persons: Vec<Option<Who>>,
    /// The further records of the family, which people joined with the stored one.
    pub further: Vec<DocId>,
}

/// Households that people joined: the same rule as on the phones.
fn joined(known: &[Known]) -> Joined<DocId> {
    let ranks: BTreeMap<DocId, (bool, bool)> = known
        .iter()
        .map(|one| (one.id, (!one.active, one.number.is_empty())))
        .collect();
    let said = known.iter().flat_map(|one| {
        let links = one.links.iter().filter(|(other, _)| ranks.contains_key(other));
        links.map(|(other, same)| (one.id, *other, *same))
    });
    Decided::new(said, |id| ranks.get(&id).copied()).joined().clone()
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
            let others: Vec<(usize, &Known)> = stored.map_or_else(Vec::new, |stored| {
                let leader = index.joined.leader(stored.id);
                let others = known.iter().enumerate();
                others
                    .filter(|(_, one)| index.joined.leader(one.id) == leader && one.id != stored.id)
                    .collect()
            });
            let further = others.iter().map(|(_, one)| one.id).collect();
            // Another row of the roster names its people itself.
            let others = others.into_iter().filter(|(at, _)| !taken.contains(at));
            let family: Vec<(DocId, &KnownPerson)> = stored
                .into_iter()
                .chain(others.map(|(_, one)| one))
                .flat_map(|one| one.persons.iter().map(|person| (one.id, person)))
                .collect();
            let persons = persons(&row.persons, &family);
            if let Some(stored) = stored {
                let gone = family
                    .iter()
                    .filter(|(home, one)| !persons.contains(&Some((*home, one.id))));
                missing.extend(gone.map(|(_, person)| Line::person(&stored.number, stored.head(), &person.name)));
            }
            Match {
                document: stored.map(|one| one.id),
                fresh: DocId(entropy::random()),
                persons,
                further,
            }
        })
        .collect();
    let named: BTreeSet<DocId> = taken.iter().map(|at| index.joined.leader(known[*at].id)).collect();
    let left = known.iter().enumerate().filter(|(at, one)| {
        let family = named.contains(&index.joined.leader(one.id));
        !taken.contains(at) && !family
    });
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
    joined: Joined<DocId>,
}

impl<'a> Index<'a> {
    fn new(known: &'a [Known]) -> Self {
        let mut index = Self {
            number: BTreeMap::new(),
            id_no: BTreeMap::new(),
            head: BTreeMap::new(),
            family: BTreeMap::new(),
            known,
            joined: joined(known),
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
        self.only(self.number.get(row.number.as_deref()?)?)
    }

    /// Where two are alike, none is recognised, unless people joined them: then the one that leads, if it is among them.
    fn only(&self, found: &[usize]) -> Option<usize> {
        let first = *found.first()?;
        let leader = self.joined.leader(self.known[first].id);
        let one_family = found.iter().all(|at| self.joined.leader(self.known[*at].id) == leader);
        let lead = found.iter().copied().find(|at| self.known[*at].id == leader);
        one_family.then(|| lead.unwrap_or(first))
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
        self.only(&votes.into_iter().filter_map(sure).collect::<Vec<usize>>())
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
        self.only(&free.copied().collect::<Vec<usize>>())
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

fn persons(rows: &[PersonRow], known: &[(DocId, &KnownPerson)]) -> Vec<Option<Who>> {
    let mut taken = BTreeSet::new();
    let mut found: Vec<Option<Who>> = vec![None; rows.len()];
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
    known: &[(DocId, &KnownPerson)],
    mut same: impl FnMut(&&KnownPerson) -> bool,
    taken: &mut BTreeSet<Who>,
) -> Option<Who> {
    let alike = known.iter().filter(|(_, one)| same(one));
    alike.map(|(home, one)| (*home, one.id)).find(|who| taken.insert(*who))
}
