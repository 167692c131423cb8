//! The order in which households are listed: groups as the village has them, and inside a group the order of the roster,
//! which is the order in which one walks.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::index::HouseholdRow;
use std::collections::{BTreeMap, BTreeSet};

/// Where a household stands in a list: its group, its place in the roster (new ones last), its id.
pub(super) type Place = (usize, i64, DocId);

/// The groups of the village in their order.
pub(super) struct Roster<'a> {
    groups: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
}

impl Roster<'_> {
    /// Every group, that of the households without one (the empty name) last.
    pub(super) fn groups(&self) -> &[&str] {
        &self.groups
    }

    /// Where a household stands.
    pub(super) fn place(&self, id: DocId, row: &HouseholdRow) -> Place {
        let group = self.places.get(row.group.as_str()).copied().unwrap_or(usize::MAX);
        (group, row.order.unwrap_or(i64::MAX), id)
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The groups of the village, and those that only households name behind them, by their numbers.
    pub(super) fn roster(&self) -> Roster<'_> {
        let known = &self.core.village.groups;
        let rows = self.core.rows.households().filter(|(_, row)| row.active);
        let named: BTreeSet<&str> = rows.map(|(_, row)| row.group.as_str()).collect();
        let mut groups: Vec<&str> = known
            .iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        let mut others: Vec<&str> = named.into_iter().filter(|name| !groups.contains(name)).collect();
        others.sort_by_key(|name| (name.is_empty(), number(name).unwrap_or(u32::MAX), *name));
        groups.append(&mut others);
        // Where two lists of groups were merged, a name may stand twice: its first place counts.
        let mut places = BTreeMap::new();
        let mut once = Vec::with_capacity(groups.len());
        for name in groups {
            places.entry(name).or_insert_with(|| {
                once.push(name);
                once.len() - 1
            });
        }
        Roster { groups: once, places }
    }
}

/// The number of a group: 3 of 3组 and 第3组, 12 of 十二组; nothing of a group with a name of its own.
fn number(group: &str) -> Option<u32> {
    let plain = group.trim_start_matches('第');
    let digits: String = plain.chars().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits.parse().ok();
    }
    let bare = plain.trim_end_matches(['组', '队', '社']);
    let digit = |c: char| {
        "一二三四五六七八九"
            .chars()
            .position(|known| known == c)
            .map(|at| at as u32 + 1)
    };
    match bare.chars().collect::<Vec<_>>()[..] {
        ['十'] => Some(10),
        [one] => digit(one),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(10 * digit(tens)?),
        [tens, '十', ones] => Some(10 * digit(tens)? + digit(ones)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_numbers_in_digits_and_in_characters() {
        for (group, expected) in [
            ("3组", Some(3)),
            ("第10组", Some(10)),
            ("12", Some(12)),
            ("一组", Some(1)),
            ("十组", Some(10)),
            ("十二组", Some(12)),
            ("二十组", Some(20)),
            ("二十一队", Some(21)),
            ("向阳组", None),
            ("三岔河组", None),
            ("", None),
        ] {
            assert_eq!(number(group), expected, "{group}");
        }
    }
}
