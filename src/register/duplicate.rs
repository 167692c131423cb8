//! Families that seem to be registered twice. A pure function of what the index of a village holds: official numbers,
//! keyed hashes of identity numbers, names and groups. Says what looks alike; joining is a person's decision.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Words, words};
use crate::base::id::DocId;
use crate::base::text;

/// What of a household tells whether it is another one again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traits {
    /// The official number; empty while 待编号.
    pub number: String,
    /// Keyed hashes of the identity numbers of the members, never the numbers themselves.
    pub id_hashes: BTreeSet<[u8; 8]>,
    /// Of them that of the head; zero where there is none.
    pub head_id: [u8; 8],
    /// The name of the head.
    pub head: String,
    /// The village group.
    pub group: String,
}

/// Why two households look like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The same official number.
    SameNumber,
    /// A member with the same identity number.
    SameId,
    /// A head of the same name in the same group.
    SameHead,
}

impl Reason {
    /// Whether it is beyond doubt.
    pub const fn is_certain(self) -> bool {
        !matches!(self, Self::SameHead)
    }

    /// In words.
    pub const fn words(self) -> Words {
        match self {
            Self::SameNumber => words("户编号相同", "the same official number"),
            Self::SameId => words("有家庭成员证件号码相同", "a member with the same ID number"),
            Self::SameHead => words("同组同名户主", "a head of the same name in the same group"),
        }
    }
}

/// Why two persons of different records look like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonReason {
    /// The same identity number.
    SameId,
    /// The same name in one family.
    SameFamily,
    /// The same name and day of birth.
    SameBirth,
    /// The same name and telephone.
    SamePhone,
}

impl PersonReason {
    /// Whether it is beyond doubt.
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::SameId)
    }

    /// In words.
    pub const fn words(self) -> Words {
        match self {
            Self::SameId => words("证件号码相同", "the same ID number"),
            Self::SameFamily => words("同户同名", "the same name in one family"),
            Self::SameBirth => words("姓名、出生日期相同", "the same name and date of birth"),
            Self::SamePhone => words("姓名、电话相同", "the same name and telephone"),
        }
    }
}

/// More households than this with one and the same trait are a column filled in wrongly rather than one family: each is
/// then paired with the first of them only, so that a village of thousands does not make millions of pairs.
const ALIKE_MAX: usize = 20;

/// Two households that look like one. `one` is the lower id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The lower id.
    pub one: DocId,
    /// The higher id.
    pub other: DocId,
    /// The strongest reason.
    pub reason: Reason,
}

/// Every pair, once, with its strongest reason; certain ones first, then by id. `joined` holds pairs that people have
/// joined or told apart already, in either order: they are left out. Two households that both have an official number, and
/// different ones, are not alike because of a name; and one person who is listed in two families, as a daughter is with her
/// parents and with her husband, makes them no one family unless that person heads both.
pub fn pairs<'a>(
    households: impl IntoIterator<Item = (DocId, &'a Traits)>,
    joined: &BTreeSet<(DocId, DocId)>,
) -> Vec<Pair> {
    let mut alike: BTreeMap<Key, BTreeSet<DocId>> = BTreeMap::new();
    let mut known_by: BTreeMap<DocId, &Traits> = BTreeMap::new();
    for (id, traits) in households {
        known_by.insert(id, traits);
        for key in keys(traits) {
            alike.entry(key).or_default().insert(id);
        }
    }
    let mut strongest: BTreeMap<(DocId, DocId), Reason> = BTreeMap::new();
    for (key, ids) in &alike {
        let reason = key.reason();
        let ids: Vec<DocId> = ids.iter().copied().collect();
        let firsts = if ids.len() > ALIKE_MAX { 1 } else { ids.len() };
        for (at, one) in ids.iter().take(firsts).enumerate() {
            for other in &ids[at + 1..] {
                let (first, second) = (known_by[one], known_by[other]);
                let known = joined.contains(&(*one, *other)) || joined.contains(&(*other, *one));
                if !known && first.is_said_by(second, reason) {
                    let entry = strongest.entry((*one, *other)).or_insert(reason);
                    *entry = (*entry).min(reason);
                }
            }
        }
    }
    let mut pairs: Vec<Pair> = strongest
        .into_iter()
        .map(|((one, other), reason)| Pair { one, other, reason })
        .collect();
    pairs.sort_by_key(|pair| (!pair.reason.is_certain(), pair.one, pair.other));
    pairs
}

/// What a new family looks like while it is being typed: the households that it may be, certain ones first, then by id.
pub fn look_alikes<'a>(
    new: &Traits,
    households: impl IntoIterator<Item = (DocId, &'a Traits)>,
) -> Vec<(DocId, Reason)> {
    let wanted: BTreeSet<_> = keys(new).into_iter().collect();
    let mut found: Vec<(DocId, Reason)> = households
        .into_iter()
        .filter_map(|(id, traits)| {
            let numbered = !new.number.is_empty() && !traits.number.is_empty();
            // Whoever registers a family is to know of every record in which its head stands already.
            let shared = keys(traits)
                .into_iter()
                .filter(|key| wanted.contains(key))
                .map(|key| key.reason());
            shared
                .filter(|reason| !(numbered && *reason == Reason::SameHead))
                .min()
                .map(|reason| (id, reason))
        })
        .collect();
    found.sort_by_key(|(id, reason)| (!reason.is_certain(), *id));
    found
}

impl Traits {
    /// What the two share makes them look like one family.
    fn is_said_by(&self, other: &Self, reason: Reason) -> bool {
        match reason {
            Reason::SameNumber => true,
            Reason::SameId => {
                let one_head = self.head_id == other.head_id && self.head_id != [0; 8];
                let name = text::name(&self.head);
                let namesakes = !name.is_empty() && name == text::name(&other.head);
                one_head || namesakes || self.id_hashes.intersection(&other.id_hashes).nth(1).is_some()
            }
            Reason::SameHead => self.number.is_empty() || other.number.is_empty(),
        }
    }
}

/// What two households must share to look alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(String),
    Id([u8; 8]),
    Head { group: String, name: String },
}

impl Key {
    const fn reason(&self) -> Reason {
        match self {
            Self::Number(_) => Reason::SameNumber,
            Self::Id(_) => Reason::SameId,
            Self::Head { .. } => Reason::SameHead,
        }
    }
}

fn keys(traits: &Traits) -> Vec<Key> {
    let mut keys = Vec::new();
    let number = text::compact(&traits.number);
    if !number.is_empty() {
        keys.push(Key::Number(number));
    }
    keys.extend(traits.id_hashes.iter().map(|hash| Key::Id(*hash)));
    let name = text::name(&traits.head);
    let group = text::compact(&traits.group).trim_end_matches('组').to_owned();
    if !name.is_empty() && !group.is_empty() {
        keys.push(Key::Head { group, name });
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> DocId {
        DocId([n; 16])
    }

    fn traits(number: &str, ids: &[u8], head: &str, group: &str) -> Traits {
        let id_hashes = ids.iter().map(|n| [*n; 8]).collect();
        Traits {
            number: number.to_owned(),
            id_hashes,
            head_id: ids.first().map(|n| [*n; 8]).unwrap_or_default(),
            head: head.to_owned(),
            group: group.to_owned(),
        }
    }

    fn of(village: &[(DocId, Traits)], joined: &[(u8, u8)]) -> Vec<(u8, u8, Reason)> {
        let joined = joined.iter().map(|(one, other)| (id(*one), id(*other))).collect();
        let short = |pair: Pair| (pair.one.0[0], pair.other.0[0], pair.reason);
        pairs(village.iter().map(|(id, traits)| (*id, traits)), &joined)
            .into_iter()
            .map(short)
            .collect()
    }

    #[test]
    fn each_pair_is_listed_once_with_its_strongest_reason_in_any_order_of_arrival() {
        let mut village = vec![
            (id(5), traits("", &[1, 2], "罗大山", "3组")),
            (id(3), traits("", &[2, 1], "罗大山", "3组")),
            (id(9), traits("0037", &[], "王芳", "1组")),
            (id(1), traits("0037", &[7], "王芳", "1组")),
            (id(2), traits("", &[], " 王 芳", "１")),
            (id(7), traits("0099", &[], "王芳", "2组")),
        ];
        let expected = [
            (1, 9, Reason::SameNumber),
            (3, 5, Reason::SameId),
            (1, 2, Reason::SameHead),
            (2, 9, Reason::SameHead),
        ];
        for _ in 0..village.len() {
            village.rotate_left(1);
            assert_eq!(of(&village, &[]), expected);
        }
        assert_eq!(of(&village, &[(9, 1), (2, 9)]), [expected[1], expected[2]]);
    }

    #[test]
    fn different_official_numbers_are_different_families_of_one_name() {
        let namesakes = [
            (id(1), traits("0001", &[], "王芳", "1组")),
            (id(2), traits("0002", &[], "王芳", "1组")),
        ];
        assert_eq!(of(&namesakes, &[]), []);
        let same_person = [
            (id(1), traits("0001", &[4], "王芳", "1组")),
            (id(2), traits("0002", &[4], "王芳", "1组")),
        ];
        assert_eq!(of(&same_person, &[]), [(1, 2, Reason::SameId)]);
    }

    #[test]
    fn a_daughter_listed_with_her_parents_makes_no_one_family_of_two() {
        let parents = traits("0001", &[1, 2, 3], "罗大山", "1组");
        let husband = traits("0002", &[7, 3], "向阳", "2组");
        assert_eq!(of(&[(id(1), parents.clone()), (id(2), husband)], &[]), []);
        // She alone, or she as the head of her own family: she does not head both.
        let herself = traits("", &[3], "罗小妹", "2组");
        assert_eq!(of(&[(id(1), parents.clone()), (id(2), herself.clone())], &[]), []);
        assert_eq!(
            of(
                &[(id(1), herself.clone()), (id(2), traits("", &[3, 8], "罗妹", "3组"))],
                &[]
            ),
            [(1, 2, Reason::SameId)]
        );
        let with_child = traits("0002", &[7, 3, 2], "向阳", "2组");
        assert_eq!(
            of(&[(id(1), parents), (id(2), with_child)], &[]),
            [(1, 2, Reason::SameId)]
        );
    }

    #[test]
    fn what_is_unknown_is_not_alike() {
        let village = [
            (id(1), traits("", &[], "", "")),
            (id(2), traits("", &[], "", "")),
            (id(3), traits("", &[], "王芳", "")),
        ];
        assert_eq!(of(&village, &[]), []);
        assert_eq!(of(&[village[2].clone(), (id(4), traits("", &[], "王芳", ""))], &[]), []);
    }

    #[test]
    fn a_column_filled_in_wrongly_does_not_make_a_flood() {
        let village: Vec<_> = (0..100).map(|n| (id(n), traits("无", &[], "", ""))).collect();
        let found = of(&village, &[]);
        assert_eq!((found.len(), found.iter().all(|(one, _, _)| *one == 0)), (99, true));
    }

    #[test]
    fn a_family_being_typed_is_compared_with_all() {
        let village = [
            (id(1), traits("0001", &[1], "王芳", "1组")),
            (id(2), traits("", &[2], "王芳", "1组")),
            (id(3), traits("0003", &[3], "向阳", "2组")),
        ];
        let alike = |new: Traits| -> Vec<(u8, Reason)> {
            let households = village.iter().map(|(id, traits)| (*id, traits));
            look_alikes(&new, households)
                .into_iter()
                .map(|(id, reason)| (id.0[0], reason))
                .collect()
        };
        assert_eq!(
            alike(traits("", &[], "王芳", "1组")),
            [(1, Reason::SameHead), (2, Reason::SameHead)]
        );
        assert_eq!(
            alike(traits("", &[3], "王芳", "1组")),
            [(3, Reason::SameId), (1, Reason::SameHead), (2, Reason::SameHead)]
        );
        assert_eq!(alike(traits("0001", &[], "李", "9组")), [(1, Reason::SameNumber)]);
        assert_eq!(alike(traits("0009", &[], "王芳", "1组")), [(2, Reason::SameHead)]);
    }
}
