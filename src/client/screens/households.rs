//! 农户: everybody in the village, found by name, initials or the end of a number, under chips whose counts add up.

use super::roster::Place;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{ChipView, GroupCount, HouseholdsView, Words};
use crate::index::HouseholdRow;
use crate::register::search::{FoundBy, Query, Searchable};
use std::collections::BTreeMap;

/// The filter that leaves the households without a group.
const NO_GROUP: &str = "-";

/// What the list is asked for.
pub(super) struct Asked<'a> {
    pub query: &'a str,
    pub chip: &'a str,
    pub group: &'a str,
    pub offset: u32,
    pub limit: u32,
}

/// The filters of the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chip {
    All,
    UnvisitedMonth,
    Paired,
    Finding,
    Differs,
    Unpaired,
}

impl Chip {
    const EVERY: [Chip; 6] = [
        Chip::All,
        Chip::UnvisitedMonth,
        Chip::Paired,
        Chip::Finding,
        Chip::Differs,
        Chip::Unpaired,
    ];

    const fn code(self) -> &'static str {
        match self {
            Chip::All => "all",
            Chip::UnvisitedMonth => "unvisited_month",
            Chip::Paired => "paired",
            Chip::Finding => "finding",
            Chip::Differs => "differs",
            Chip::Unpaired => "unpaired",
        }
    }

    fn words(self) -> Words {
        match self {
            Chip::All => Words::new("全部", "All"),
            Chip::UnvisitedMonth => Words::new("本月未走访", "Not visited this month"),
            Chip::Paired => Words::new("我结对的", "Paired with me"),
            Chip::Finding => Words::new("有问题", "With findings"),
            Chip::Differs => Words::new("待核对", "Differing"),
            Chip::Unpaired => Words::new("未结对", "Unpaired"),
        }
    }
}

/// A household that the search leaves.
struct Line<'a> {
    place: Place,
    row: &'a HouseholdRow,
    found: FoundBy,
}

impl Line<'_> {
    /// The member of the family by whom the search found it, when that is not the head.
    fn matched(&self) -> &str {
        match self.found {
            FoundBy::Name(at) | FoundBy::IdNumber(at) if at > 0 => self
                .row
                .persons
                .get(at)
                .map(|person| person.name.as_str())
                .unwrap_or_default(),
            _ => "",
        }
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A page of the list. A chip's count is of the group chosen and a group's count of the chip chosen, so that a filter
    /// leaves as many rows as it says. Families that left are found by searching among all, and stand at the end.
    pub(super) fn households(&self, asked: &Asked<'_>) -> Result<HouseholdsView, ClientError> {
        let (me, today) = (self.me()?, self.today());
        let query = Query::new(asked.query);
        let chosen = Chip::EVERY.into_iter().find(|chip| chip.code() == asked.chip);
        let chosen = chosen.unwrap_or(Chip::All);
        let roster = self.roster();
        let mut by_chip: BTreeMap<Chip, u32> = BTreeMap::new();
        let mut by_group: BTreeMap<&str, u32> = BTreeMap::new();
        let mut lines: Vec<Line<'_>> = Vec::new();
        let mut active = 0;
        for (id, row) in self.core.rows.families() {
            active += u32::from(row.active);
            let Some(found) = self.find_family(&query, id, row) else {
                continue;
            };
            let in_group = asked.group.is_empty() || filter_of(&row.group) == asked.group;
            for chip in Chip::EVERY
                .into_iter()
                .filter(|chip| self.falls_under(*chip, id, row, me, today))
            {
                if in_group {
                    *by_chip.entry(chip).or_default() += 1;
                }
                if chip == chosen {
                    *by_group.entry(row.group.as_str()).or_default() += 1;
                    if in_group {
                        let place = roster.place(id, row);
                        lines.push(Line { place, row, found });
                    }
                }
            }
        }
        lines.sort_by_key(|line| (!line.row.active, line.place));
        let (offset, limit) = (asked.offset as usize, asked.limit as usize);
        let rows = lines.iter().skip(offset).take(limit);
        Ok(HouseholdsView {
            total: lines.len() as u32,
            of: active,
            rows: rows
                .map(|line| self.household_row(line.place.2, line.row, line.matched()))
                .collect(),
            groups: roster
                .groups()
                .iter()
                .map(|name| GroupCount {
                    group: (*name).to_owned(),
                    filter: filter_of(name).to_owned(),
                    count: by_group.get(name).copied().unwrap_or(0),
                })
                .collect(),
            strip: self.strip(),
            chips: Chip::EVERY
                .into_iter()
                .map(|chip| ChipView {
                    value: chip.code().into(),
                    words: chip.words(),
                    count: by_chip.get(&chip).copied().unwrap_or(0),
                })
                .collect(),
            loading: self.load_view(),
        })
    }

    /// What a family is found by; one of several records by what any of them holds.
    pub(super) fn find_family(&self, query: &Query, id: DocId, row: &HouseholdRow) -> Option<FoundBy> {
        find(query, row).or_else(|| {
            let parts = self.core.rows.parts(id).into_iter();
            let mut rows = parts.filter_map(|part| self.core.rows.household(part));
            rows.find_map(|part| find(query, part)).map(|_| FoundBy::Everything)
        })
    }

    fn falls_under(&self, chip: Chip, id: DocId, row: &HouseholdRow, me: MemberId, today: Date) -> bool {
        match chip {
            Chip::All => true,
            _ if !row.active => false,
            Chip::UnvisitedMonth => !visited_in_month(row, today),
            Chip::Paired => self.is_paired_with(row, me, today),
            Chip::Finding => self.core.rows.found(id).open > 0,
            Chip::Differs => self.differs_of(id, row) > 0,
            Chip::Unpaired => row.needs_pairing && !self.is_paired(row, today),
        }
    }
}

/// A visit that counts was made in the month of a day, by anybody.
pub(super) fn visited_in_month(row: &HouseholdRow, day: Date) -> bool {
    row.visits.iter().any(|visit| visit.on.month() == day.month())
}

/// What the list is asked for to leave one group.
pub(super) fn filter_of(group: &str) -> &str {
    if group.is_empty() { NO_GROUP } else { group }
}

/// What a household is found by; one that left the village only by a search.
fn find(query: &Query, row: &HouseholdRow) -> Option<FoundBy> {
    if query.is_empty() {
        return row.active.then_some(FoundBy::Everything);
    }
    let names: Vec<&str> = row.persons.iter().map(|person| person.name.as_str()).collect();
    let last4: Vec<&str> = row.persons.iter().map(|person| person.last4.as_str()).collect();
    query.matches(&Searchable {
        names: &names,
        last4: &last4,
        group: &row.group,
        number: &row.number,
        phones: &[&row.phone],
    })
}
