//! Families and persons that look alike and about whom nobody decided yet, over all rows. Made when first asked for; nothing
//! of it is stored.

use super::marks::traits;
use super::rows::Rows;
use super::twins::{Twins, Who, family};
use crate::base::id::DocId;
use crate::base::text;
use crate::index::{RowPerson, phone_mark};
use crate::register::duplicate::{Pair, PersonReason, Reason, Traits, pairs};
use crate::register::link::{Decision, ordered};
use std::collections::{BTreeMap, BTreeSet};

/// More persons of one family than this are not compared by name.
const FAMILY_MAX: usize = 60;
/// With so many are all others compared who share a mark with more than that.
const FIRSTS: usize = 3;

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
    /// Nothing where they only looked alike once.
    pub reason: Option<PersonReason>,
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
        let persons = persons(rows, twins, &households);
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

fn persons(rows: &Rows, twins: &Twins, undecided: &[Alike]) -> Vec<AlikePersons> {
    let mut found: BTreeMap<(Who, Who), PersonReason> = BTreeMap::new();
    let mut add = |one: Who, other: Who, reason: PersonReason| {
        let entry = found.entry(ordered(one, other)).or_insert(reason);
        *entry = (*entry).min(reason);
    };
    in_families(rows, twins, &mut add);
    across(rows, twins, undecided, &mut add);
    let disputed: BTreeSet<(Who, Who)> = twins
        .persons
        .disputed()
        .map(|(one, other)| ordered(one, other))
        .collect();
    let open = found.iter().filter(|((one, other), _)| {
        let decided = twins.persons.between(*one, *other).is_some();
        !decided && !disputed.contains(&(*one, *other))
    });
    let disputes = disputed.iter().map(|pair| (*pair, found.get(pair).copied(), true));
    disputes
        .chain(open.map(|(pair, reason)| (*pair, Some(*reason), false)))
        .map(|((one, other), reason, disputed)| AlikePersons {
            one,
            other,
            reason,
            disputed,
        })
        .collect()
}

/// The name makes two persons alike unless their numbers tell them apart.
fn are_unlike(one: &RowPerson, other: &RowPerson) -> bool {
    let numbered = one.id_hash != [0; 8] && other.id_hash != [0; 8];
    (numbered && one.id_hash != other.id_hash) || text::name(&one.name) != text::name(&other.name)
}

/// Persons of one family who have the same number or the same name.
fn in_families(rows: &Rows, twins: &Twins, add: &mut impl FnMut(Who, Who, PersonReason)) {
    let joined = twins.households.joined();
    for (leader, row) in rows.households().filter(|(id, row)| row.active && !joined.is_led(*id)) {
        let members = if twins.counted(leader).is_some() {
            family(rows, &twins.households, leader)
        } else {
            let persons = row.persons.iter();
            persons.map(|person| ((leader, person.tag), person)).collect()
        };
        for (at, (one, person)) in members.iter().enumerate() {
            for (other, twin) in members.iter().skip(at + 1).take(FAMILY_MAX) {
                if person.id_hash == twin.id_hash && person.id_hash != [0; 8] {
                    add(*one, *other, PersonReason::SameId);
                } else if !person.name.is_empty() && !are_unlike(person, twin) {
                    add(*one, *other, PersonReason::SameFamily);
                }
            }
        }
    }
}

/// Persons of different families who have the same number, or the same name and day of birth or telephone.
fn across(rows: &Rows, twins: &Twins, undecided: &[Alike], add: &mut impl FnMut(Who, Who, PersonReason)) {
    let joined = twins.households.joined();
    // Of two families that look alike, the families are decided about first.
    let first: BTreeSet<(DocId, DocId)> = undecided
        .iter()
        .map(|pair| ordered(joined.leader(pair.one), joined.leader(pair.other)))
        .collect();
    let open = |one: Who, other: Who| {
        let (one, other) = ordered(joined.leader(one.0), joined.leader(other.0));
        let decided = twins.households.between(one, other);
        one != other && matches!(decided, None | Some(Decision::Apart)) && !first.contains(&(one, other))
    };
    let mut numbers: Vec<([u8; 8], Who, &RowPerson)> = Vec::new();
    let mut births: Vec<(u16, Who, &RowPerson)> = Vec::new();
    let mut phones: Vec<(u16, Who, &RowPerson)> = Vec::new();
    for (id, row) in rows.households().filter(|(id, _)| {
        let leader = rows.household(joined.leader(*id));
        leader.is_some_and(|row| row.active)
    }) {
        let shared = phone_mark(&row.phone);
        for person in &row.persons {
            let who = (id, person.tag);
            numbers.push((person.id_hash, who, person));
            if !person.name.is_empty() {
                births.push((person.born, who, person));
                phones.push((person.phone, who, person));
                phones.push((if shared == person.phone { 0 } else { shared }, who, person));
            }
        }
    }
    let mut pair = |one: Who, other: Who, reason| {
        if open(one, other) {
            add(one, other, reason);
        }
    };
    alike_by(
        numbers,
        |_, _| true,
        |one, other| pair(one, other, PersonReason::SameId),
    );
    alike_by(
        births,
        |one, other| !are_unlike(one, other),
        |one, other| {
            pair(one, other, PersonReason::SameBirth);
        },
    );
    alike_by(
        phones,
        |one, other| !are_unlike(one, other),
        |one, other| {
            pair(one, other, PersonReason::SamePhone);
        },
    );
}

/// Everybody who shares a mark and is alike besides. A mark shared by many is a column filled in wrongly: each is then
/// compared with the first few of them only.
fn alike_by<M: Ord + Default + Copy>(
    mut marked: Vec<(M, Who, &RowPerson)>,
    alike: impl Fn(&RowPerson, &RowPerson) -> bool,
    mut pair: impl FnMut(Who, Who),
) {
    marked.retain(|(mark, _, _)| *mark != M::default());
    marked.sort_unstable_by_key(|(mark, who, _)| (*mark, *who));
    for same in marked.chunk_by(|one, other| one.0 == other.0) {
        let firsts = if same.len() > FAMILY_MAX { FIRSTS } else { same.len() };
        for (at, (_, one, person)) in same.iter().enumerate().take(firsts) {
            for (_, other, twin) in &same[at + 1..] {
                if alike(person, twin) {
                    pair(*one, *other);
                }
            }
        }
    }
}
