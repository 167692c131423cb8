//! 今日: what is due and whom to visit, each household once and with the reason in words. Short enough for one day; no
//! points, no ranking, and the turn of a month does not list the village.

use super::coverage::counted;
use super::households::visited_in_month;
use super::roster::Roster;
use super::say;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{DraftRow, FindingRow, TodayRow, TodayView, Words};
use crate::client::village::Village;
use crate::index::{self, HouseholdRow};
use crate::register::needs::{pace, paired_visits};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Problems of mine that one day shows; the ledger has them all.
const DUE_MAX: usize = 10;
/// Promised visits that one day shows.
const PROMISED_MAX: usize = 20;
/// Households behind the pace of the year that one day shows, the longest unvisited first.
const BEHIND_MAX: usize = 10;
/// Households of the group I was in last that one day shows.
const GROUP_MAX: usize = 10;

/// A household that may be shown, with its reason.
struct Reason<'a> {
    id: DocId,
    row: &'a HouseholdRow,
    why: Words,
}

/// What the records say for one person on one day.
struct Day<'a> {
    me: MemberId,
    today: Date,
    village: &'a Village,
    roster: Roster<'a>,
    active: Vec<(DocId, &'a HouseholdRow)>,
    paired: Vec<(DocId, &'a HouseholdRow)>,
}

impl Day<'_> {
    /// Paired visits of this year that I made to a household.
    fn done(&self, id: DocId, row: &HouseholdRow) -> u32 {
        paired_visits(
            &counted(id, row, self.village).visits,
            self.me,
            self.today.year(),
            self.today,
        )
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// 今日.
    pub(super) fn today_view(&self, drafts: Vec<DraftRow>) -> Result<TodayView, ClientError> {
        let day = self.day()?;
        let due = self.due(&day);
        let mut seen: BTreeSet<String> = due.iter().map(|finding| finding.household.clone()).collect();
        let reasons = [
            (promised(&day), PROMISED_MAX),
            (behind(&day), BEHIND_MAX),
            (around(&day), GROUP_MAX),
        ];
        let mut visit = Vec::new();
        for (reasons, most) in reasons {
            let fresh = reasons.into_iter().filter(|reason| seen.insert(reason.id.to_string()));
            visit.extend(fresh.take(most).map(|reason| TodayRow {
                household: self.household_row(reason.id, reason.row, ""),
                why: reason.why,
            }));
        }
        let done = day
            .paired
            .iter()
            .map(|(id, row)| day.done(*id, row).min(day.village.a_year()));
        let visited = day.active.iter().filter(|(_, row)| visited_in_month(row, day.today));
        Ok(TodayView {
            today: day.today.to_string(),
            strip: self.strip(),
            due,
            visit,
            pace_done: done.sum(),
            pace_required: day.paired.len() as u32 * day.village.a_year(),
            visited_month: visited.count() as u32,
            households: day.active.len() as u32,
            differs: self.differences_counted().0,
            twins: (self.core.rows.alike().households.len() + self.core.rows.alike().persons.len()) as u32,
            drafts,
            form_drafts: Vec::new(),
            forms: Vec::new(),
            counting: None,
            campaigns: Words::default(),
        })
    }

    fn day(&self) -> Result<Day<'_>, ClientError> {
        let (me, today) = (self.me()?, self.today());
        let active: Vec<_> = self.core.rows.families().filter(|(_, row)| row.active).collect();
        let paired = active
            .iter()
            .copied()
            .filter(|(_, row)| self.is_paired_with(row, me, today));
        Ok(Day {
            me,
            today,
            village: &self.core.village,
            roster: self.roster(),
            paired: paired.collect(),
            active,
        })
    }

    /// 要办: open problems that are mine to mend, or that I found and nobody was given yet; the first due first.
    fn due(&self, day: &Day<'_>) -> Vec<FindingRow> {
        let sight = self.sight();
        let mut mine: Vec<_> = self
            .core
            .rows
            .findings()
            .filter(|(_, finding)| {
                // Before anybody was given it, it is its finder's to follow up.
                let unassigned = sight.state(finding) == sight.procedure(finding).begins;
                let hand = self.in_hand(&sight, finding).or(finding.by.filter(|_| unassigned));
                let mine = match finding.is_problem() {
                    true => hand == Some(day.me),
                    false => self.waits_for(&sight, finding, day.me),
                };
                mine && sight.is_open(finding)
            })
            .filter(|(_, finding)| {
                finding
                    .household
                    .is_none_or(|id| self.core.rows.household(id).is_some())
            })
            .collect();
        let due = |finding: &index::FindingRow| finding.status.as_ref().and_then(|status| status.due);
        mine.sort_by_key(|(id, finding)| (due(finding).unwrap_or(Date::MAX), finding.found_on, *id));
        let shown = mine.into_iter().take(DUE_MAX);
        shown
            .map(|(id, finding)| self.finding_row(&sight, id, finding))
            .collect()
    }
}

/// 下次再来 dates of mine that have come, the oldest promise first.
fn promised<'a>(day: &Day<'a>) -> Vec<Reason<'a>> {
    let mut come: Vec<(Date, DocId, &HouseholdRow)> = day
        .active
        .iter()
        .filter_map(|(id, row)| Some((row.next?, *id, *row)))
        .filter(|((on, by), _, _)| *on <= day.today && *by == day.me)
        .map(|((on, _), id, row)| (on, id, row))
        .collect();
    come.sort_by_key(|(on, id, row)| (*on, day.roster.place(*id, row)));
    let why = |on: Date| match on.days_until(day.today) {
        0 => Words::new("约好今天再来", "You said you would come again today"),
        days => {
            let said = say::day(on, day.today);
            let late = if days == 1 {
                "1 day".to_owned()
            } else {
                format!("{days} days")
            };
            Words::new(
                format!("约好{}再来，已过{days}天", said.zh),
                format!("You said you would come again on {}, {late} ago", said.en),
            )
        }
    };
    come.into_iter()
        .map(|(on, id, row)| Reason { id, row, why: why(on) })
        .collect()
}

/// My paired households with fewer visits than are due by this month, the longest unvisited first. One that I was at
/// today waits for another day.
fn behind<'a>(day: &Day<'a>) -> Vec<Reason<'a>> {
    let required = pace(day.village.a_year(), day.today.month());
    let here_today = |row: &HouseholdRow| {
        row.visits
            .iter()
            .any(|visit| visit.on == day.today && visit.by.contains(&day.me))
    };
    let paired = day.paired.iter().filter(|(_, row)| !here_today(row));
    let mut behind: Vec<_> = paired
        .map(|(id, row)| (day.done(*id, row), *id, *row))
        .filter(|(done, _, _)| *done < required)
        .collect();
    behind.sort_by_key(|(_, id, row)| (row.visited_on(), day.roster.place(*id, row)));
    let why = |done: u32| {
        let visits = if done == 1 { "visit" } else { "visits" };
        Words::new(
            format!("我结对的：今年走访{done}次，到本月底应有{required}次"),
            format!("Paired with you: {done} {visits} this year, {required} due by the end of this month"),
        )
    };
    behind
        .into_iter()
        .map(|(done, id, row)| Reason {
            id,
            row,
            why: why(done),
        })
        .collect()
}

/// The households of the group I was in last that nobody has visited this month, in the order in which one walks.
fn around<'a>(day: &Day<'a>) -> Vec<Reason<'a>> {
    let Some(group) = last_group(day) else {
        return Vec::new();
    };
    let mut unvisited: Vec<(DocId, &HouseholdRow)> = day
        .active
        .iter()
        .copied()
        .filter(|(_, row)| row.group == group && !visited_in_month(row, day.today))
        .collect();
    unvisited.sort_by_key(|(id, row)| day.roster.place(*id, row));
    let why = Words::new(
        format!("{group}，您上次在这个组；本月还没人走访"),
        format!("{group}, the group you were in last; nobody has visited this month"),
    );
    let reason = |(id, row)| Reason {
        id,
        row,
        why: why.clone(),
    };
    unvisited.into_iter().map(reason).collect()
}

/// The group of my latest day of visits; of several on that day the one with most of them.
fn last_group<'a>(day: &Day<'a>) -> Option<&'a str> {
    let mut visits: BTreeMap<(Date, &str), u32> = BTreeMap::new();
    for (_, row) in day.active.iter().filter(|(_, row)| !row.group.is_empty()) {
        for visit in row.visits.iter().filter(|visit| visit.by.contains(&day.me)) {
            *visits.entry((visit.on, row.group.as_str())).or_default() += 1;
        }
    }
    let last = visits
        .into_iter()
        .max_by_key(|((on, group), count)| (*on, *count, Reverse(*group)));
    last.map(|((_, group), _)| group)
}
