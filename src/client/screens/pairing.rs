//! 结对: who is paired with whom, and which households and groups have nobody (S056, S181).

use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::Words;
use crate::index::HouseholdRow;
use crate::register::needs::{team_size, team_troubles};
use std::collections::BTreeSet;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Somebody is paired with the household on a day: itself, or through its group.
    pub(in crate::client) fn is_paired(&self, row: &HouseholdRow, day: Date) -> bool {
        row.pairings.iter().any(|pairing| pairing.is_active(day)) || self.group_is_paired(&row.group, day)
    }

    /// This member is paired with the household on a day: itself, or through its group.
    pub(in crate::client) fn is_paired_with(&self, row: &HouseholdRow, member: MemberId, day: Date) -> bool {
        let itself = row
            .pairings
            .iter()
            .any(|pairing| pairing.member == Some(member) && pairing.is_active(day));
        let by_group = self
            .core
            .village
            .group_pairings
            .iter()
            .any(|pairing| pairing.group == row.group && pairing.member == Some(member) && pairing.is_active(day));
        itself || (by_group && !row.group.is_empty())
    }

    fn group_is_paired(&self, group: &str, day: Date) -> bool {
        let pairings = &self.core.village.group_pairings;
        !group.is_empty()
            && pairings
                .iter()
                .any(|pairing| pairing.group == group && pairing.is_active(day))
    }

    /// Households that must have a helper and have none, in the order of the roster.
    pub(in crate::client) fn unpaired(&self) -> Vec<(DocId, &HouseholdRow)> {
        let (today, roster) = (self.today(), self.roster());
        let mut rows: Vec<_> = self
            .core
            .rows
            .households()
            .filter(|(_, row)| row.active && row.needs_pairing && !self.is_paired(row, today))
            .collect();
        rows.sort_by_key(|(id, row)| roster.place(*id, row));
        rows
    }

    /// How many households, and in how many groups.
    pub(super) fn unpaired_counts(&self) -> (u32, u32) {
        let unpaired = self.unpaired();
        let groups: BTreeSet<&str> = unpaired.iter().map(|(_, row)| row.group.as_str()).collect();
        (unpaired.len() as u32, groups.len() as u32)
    }

    /// What the team lacks (S055, S126, S156).
    pub(super) fn team_trouble(&self) -> Vec<Words> {
        let village = &self.core.village;
        let required = team_size(&village.class, village.team_required);
        team_troubles(&village.team, required, self.today())
            .into_iter()
            .map(|sentence| Words {
                zh: sentence.zh,
                en: sentence.en,
            })
            .collect()
    }
}
