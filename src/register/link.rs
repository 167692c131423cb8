//! 合并记录: what people decided about records that look alike, and which records are of one family or person by it.
//! Nothing is fused: a link says the same from either side, and a withdrawn one says nothing any more.

use super::enums::LINK_KIND;
use super::values::Values;
use crate::base::id::{DocId, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// One decision, as it stands in the document of one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: RecordId,
    /// The household at the other end; the same one for two persons of one family.
    pub other: DocId,
    /// The persons here and there; nothing for two households as a whole.
    pub persons: Option<(RecordId, RecordId)>,
    /// They are one and the same; otherwise people have told them apart.
    pub same: bool,
    pub void: bool,
}

/// As stored: they are one and the same.
pub const SAME: &str = LINK_KIND[0].value;
/// As stored: they are not.
pub const APART: &str = LINK_KIND[1].value;

impl Link {
    /// From a record that stands in the document `here`; nothing where it names nobody.
    pub fn read(id: RecordId, here: DocId, values: &impl Values) -> Option<Self> {
        let reference = |key: &str| values.text(key).parse::<RecordId>().ok();
        let persons = reference("person").zip(reference("other"));
        let other = values.text("household").parse().ok();
        Some(Self {
            id,
            other: other.or(persons.map(|_| here))?,
            persons,
            same: values.text("what") == SAME,
            void: values.is_void(),
        })
    }
}

/// Sets of things that belong together, each led by one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined<T> {
    /// Who leads, for everybody of a set of two or more.
    leader: BTreeMap<T, T>,
    members: BTreeMap<T, BTreeSet<T>>,
}

impl<T> Default for Joined<T> {
    fn default() -> Self {
        Self {
            leader: BTreeMap::new(),
            members: BTreeMap::new(),
        }
    }
}

impl<T: Copy + Ord> Joined<T> {
    /// The sets that the pairs make, whatever their order and even in a circle. Of a set leads who comes first by `rank`.
    pub fn new<R: Ord>(pairs: impl IntoIterator<Item = (T, T)>, rank: impl Fn(T) -> R) -> Self {
        let mut beside: BTreeMap<T, BTreeSet<T>> = BTreeMap::new();
        for (one, other) in pairs {
            beside.entry(one).or_default().insert(other);
            beside.entry(other).or_default().insert(one);
        }
        let mut joined = Self::default();
        for start in beside.keys() {
            if joined.leader.contains_key(start) {
                continue;
            }
            let mut set = BTreeSet::new();
            let mut open = vec![*start];
            while let Some(next) = open.pop() {
                if set.insert(next) {
                    open.extend(beside.get(&next).into_iter().flatten());
                }
            }
            let Some(leader) = set.iter().copied().min_by_key(|one| (rank(*one), *one)) else {
                continue;
            };
            if set.len() > 1 {
                joined.leader.extend(set.iter().map(|one| (*one, leader)));
                joined.members.insert(leader, set);
            }
        }
        joined
    }

    /// Under whom it is shown: itself, where it belongs to nobody else.
    pub fn leader(&self, one: T) -> T {
        self.leader.get(&one).copied().unwrap_or(one)
    }
    /// It is shown under another one.
    pub fn is_led(&self, one: T) -> bool {
        self.leader(one) != one
    }
    /// Everybody who leads a set.
    pub fn leaders(&self) -> impl Iterator<Item = T> + '_ {
        self.members.keys().copied()
    }
    /// The others of its set.
    pub fn others(&self, one: T) -> impl Iterator<Item = T> + '_ {
        let set = self.members.get(&self.leader(one)).into_iter().flatten();
        set.copied().filter(move |other| *other != one)
    }
    /// Nothing is joined.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// What people decided about two that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are one and the same.
    Same,
    /// They are not.
    Apart,
    /// Some say one thing and some the other. They count apart until somebody decides, unless others join them.
    Disputed,
}

/// Everything that was decided about things of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    joined: Joined<T>,
    /// Sets about which somebody said that they are not the same, by their leaders; of one set, with itself.
    apart: BTreeMap<(T, T), Decision>,
    /// The two about whom people do not agree, as they were named.
    disputed: BTreeSet<(T, T)>,
}

impl<T> Default for Decided<T> {
    fn default() -> Self {
        Self {
            joined: Joined::default(),
            apart: BTreeMap::new(),
            disputed: BTreeSet::new(),
        }
    }
}

impl<T: Copy + Ord> Decided<T> {
    /// From what stands: two things, and whether they are the same. In any order, from either side, said once or often.
    pub fn new<R: Ord>(said: impl IntoIterator<Item = (T, T, bool)>, rank: impl Fn(T) -> R) -> Self {
        let mut pairs: BTreeMap<(T, T), (bool, bool)> = BTreeMap::new();
        for (one, other, same) in said.into_iter().filter(|(one, other, _)| one != other) {
            let entry = pairs.entry(ordered(one, other)).or_default();
            entry.0 |= same;
            entry.1 |= !same;
        }
        let agreed = pairs.iter().filter(|(_, said)| **said == (true, false));
        let joined = Joined::new(agreed.map(|(pair, _)| *pair), rank);
        let mut apart = BTreeMap::new();
        let mut disputes = BTreeSet::new();
        for ((one, other), (same, _)) in pairs.iter().filter(|(_, (_, apart))| *apart) {
            let pair = ordered(joined.leader(*one), joined.leader(*other));
            let disputed = *same || pair.0 == pair.1;
            let entry = apart.entry(pair).or_insert(Decision::Apart);
            if disputed {
                *entry = Decision::Disputed;
                disputes.insert((*one, *other));
            }
        }
        Self {
            joined,
            apart,
            disputed: disputes,
        }
    }

    /// The sets.
    pub fn joined(&self) -> &Joined<T> {
        &self.joined
    }
    /// What was decided about two, or about the sets they belong to.
    pub fn between(&self, one: T, other: T) -> Option<Decision> {
        let pair = ordered(self.joined.leader(one), self.joined.leader(other));
        let same = (pair.0 == pair.1).then_some(Decision::Same);
        self.apart.get(&pair).copied().or(same)
    }
    /// The two about whom people do not agree, as they were named.
    pub fn disputed(&self) -> impl Iterator<Item = (T, T)> + '_ {
        self.disputed.iter().copied()
    }
}

/// The lower one first.
pub fn ordered<T: Ord>(one: T, other: T) -> (T, T) {
    if one <= other { (one, other) } else { (other, one) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_decide_differently_is_disputed_and_counts_apart() {
        let said = [(1, 2, true), (2, 1, false), (3, 4, true), (4, 5, true), (7, 3, false)];
        let decided = Decided::new(said, |one| one);
        assert_eq!(decided.between(1, 2), Some(Decision::Disputed));
        assert_eq!(decided.joined().leader(2), 2);
        assert_eq!(decided.between(3, 5), Some(Decision::Same));
        // Told apart from one is told apart from the whole set.
        assert_eq!(decided.between(5, 7), Some(Decision::Apart));
        assert_eq!(decided.between(1, 7), None);
        assert_eq!(decided.disputed().collect::<Vec<_>>(), [(1, 2)]);
        let turned = Decided::new(
            said.iter().rev().map(|(one, other, same)| (*other, *one, *same)),
            |one| one,
        );
        assert_eq!(decided, turned);
    }

    #[test]
    fn whoever_is_told_apart_inside_a_chain_of_joins_is_disputed() {
        let decided = Decided::new([(1, 2, true), (2, 3, true), (1, 3, false)], |one| one);
        assert_eq!(decided.between(1, 3), Some(Decision::Disputed));
        assert_eq!(decided.disputed().collect::<Vec<_>>(), [(1, 3)]);
        assert_eq!(decided.joined().others(1).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_circle_of_joins_is_one_set_with_one_leader_in_any_order() {
        let pairs = [(1, 2), (2, 3), (3, 1), (7, 8), (5, 5)];
        let joined = Joined::new(pairs, |one| one != 3);
        let turned = Joined::new(pairs.iter().rev().map(|(one, other)| (*other, *one)), |one| one != 3);
        assert_eq!(joined, turned);
        assert_eq!(
            [1, 2, 3, 7, 8, 5, 9].map(|one| joined.leader(one)),
            [3, 3, 3, 7, 7, 5, 9]
        );
        assert!(joined.is_led(1) && !joined.is_led(3) && !joined.is_led(9));
        assert_eq!(joined.others(1).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(joined.others(5).count(), 0);
    }

    #[test]
    fn a_link_names_a_household_or_two_persons() {
        let (here, there) = (DocId([1; 16]), DocId([2; 16]));
        let (one, other) = (RecordId([3; 16]), RecordId([4; 16]));
        let read = |fields: &[(&str, String)]| {
            let values: BTreeMap<String, crate::base::scalar::Scalar> = fields
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.as_str().into()))
                .collect();
            Link::read(RecordId([9; 16]), here, &values)
        };
        let link = read(&[("what", SAME.into()), ("household", there.to_string())]).unwrap();
        assert_eq!((link.other, link.persons, link.same), (there, None, true));
        let persons = [("person", one.to_string()), ("other", other.to_string())];
        let link = read(&persons).unwrap();
        assert_eq!((link.other, link.persons, link.same), (here, Some((one, other)), false));
        assert!(read(&[("what", SAME.into())]).is_none());
    }
}
