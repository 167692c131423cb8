//! Who was visited, what was looked at, how much of it is in order. Counts only: numerator and denominator, never a
//! rounded percentage.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::date::Date;
use crate::base::id::{DocId, MemberId};
use crate::register::enums::{Basis, Dimension, Verdict};
use crate::register::household::Household;
use crate::register::member::Pairing;
use crate::register::needs::paired_visits;
use crate::register::visit::checks_on;

/// So many of so many. An empty whole has no rate: it is shown as —, never as 0 % or 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// How many.
    pub part: u32,
    /// Of how many.
    pub whole: u32,
}

impl Ratio {
    fn count(&mut self, counts: bool) {
        self.whole += 1;
        self.part += u32::from(counts);
    }

    /// Whether the rate reaches a bar of so many hundredths of a percent (85 % is 8500); nothing where there is no rate.
    /// Compared with integers: a rounded percentage would pass 99.996 % for 100 %.
    pub fn reaches(self, hundredths_of_percent: u32) -> Option<bool> {
        let reached = u64::from(self.part) * 10_000 >= u64::from(self.whole) * u64::from(hundredths_of_percent);
        (self.whole > 0).then_some(reached)
    }

    /// The rate to one place behind the point, cut, not rounded: `99.9%` is never `100%`. — where there is none.
    pub fn shown(self) -> String {
        if self.whole == 0 {
            return "—".to_owned();
        }
        let tenths = u64::from(self.part) * 1000 / u64::from(self.whole);
        match tenths % 10 {
            0 => format!("{}%", tenths / 10),
            rest => format!("{}.{rest}%", tenths / 10),
        }
    }
}

/// Households visited in a period (S103, I17).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Visited, of the active households.
    pub visited: Ratio,
    /// The same by group, in the order of the names.
    pub by_group: BTreeMap<String, Ratio>,
    /// Of each check: households where somebody looked in the period, of the active ones. A verdict carried over does not
    /// count.
    pub checked: BTreeMap<Dimension, Ratio>,
    /// The active households that nobody visited, in the order given.
    pub unvisited: Vec<DocId>,
}

/// Which households were visited from a day to a day, both included; `by` narrows it to visits of some members (the
/// secretaries of S103). Households are those active on the last day.
pub fn coverage(households: &[Household], from: Date, to: Date, by: Option<&BTreeSet<MemberId>>) -> Coverage {
    let mut coverage = Coverage::default();
    for household in households.iter().filter(|household| household.is_active(to)) {
        let made_by =
            |visit: &&super::Visit| by.is_none_or(|members| members.iter().any(|member| visit.is_by(*member)));
        let visits = household
            .visits
            .iter()
            .filter(|visit| visit.counts() && (from..=to).contains(&visit.on));
        let visits: Vec<_> = visits.filter(made_by).collect();
        coverage.visited.count(!visits.is_empty());
        coverage
            .by_group
            .entry(household.group.clone())
            .or_default()
            .count(!visits.is_empty());
        if visits.is_empty() {
            coverage.unvisited.push(household.id);
        }
        for dimension in Dimension::ALL {
            let looked = visits.iter().filter_map(|visit| visit.checks.get(dimension));
            let mut looked = looked.filter(|c| c.basis == Basis::Checked && c.verdict != Verdict::Unchecked);
            coverage
                .checked
                .entry(*dimension)
                .or_default()
                .count(looked.next().is_some());
        }
    }
    coverage
}

/// Whether all six checks are in order (I02).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attainment {
    /// Households where every check is met or basically met, or does not apply, of those where every check was looked at.
    pub all_met: Ratio,
    /// Households where every check was looked at, of all.
    pub checked: Ratio,
    /// Of each check: met or basically met, of the households to which it applies and where somebody looked.
    pub by_dimension: BTreeMap<Dimension, Ratio>,
}

/// How the six checks stand on a day in the active households. A check counts as looked at when anybody ever looked up to
/// that day; the verdict is the present one, the more cautious where visits of one day differ.
pub fn attainment(households: &[Household], day: Date) -> Attainment {
    let mut attainment = Attainment::default();
    for household in households.iter().filter(|household| household.is_active(day)) {
        let states = checks_on(&household.visits, day);
        let looked = |dimension| states.get(dimension).filter(|state| state.checked_on.is_some());
        let complete = Dimension::ALL.iter().all(|dimension| looked(dimension).is_some());
        attainment.checked.count(complete);
        if complete {
            attainment
                .all_met
                .count(states.values().all(|state| state.verdict != Verdict::Unmet));
        }
        for dimension in Dimension::ALL {
            let of_dimension = attainment.by_dimension.entry(*dimension).or_default();
            if let Some(state) = looked(dimension).filter(|state| state.verdict != Verdict::NotApplicable) {
                of_dimension.count(matches!(state.verdict, Verdict::Met | Verdict::Basic));
            }
        }
    }
    attainment
}

/// Members with medical insurance in a year, of the members on a day (I12). Who was never asked is not insured.
pub fn insured(households: &[Household], year: i32, day: Date) -> Ratio {
    let mut ratio = Ratio::default();
    for person in households.iter().flat_map(|household| household.members(day)) {
        ratio.count(person.insured_in(year) == Some(true));
    }
    ratio
}

/// What one visitor did in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisitorCount {
    /// Visits that count, by kind, in the order of the terms.
    pub kinds: BTreeMap<String, u32>,
    /// Households visited.
    pub households: BTreeSet<DocId>,
    /// Households paired with the visitor on the last day of the period that have had the visits of the year, of all
    /// that are paired (I18).
    pub paired: Ratio,
}

/// Visits by visitor and kind from a day to a day, and how many of the paired households have had `a_year` visits in the
/// year of the last day. Who went along has visited too. In the order of the ids: this is no ranking.
pub fn visitors(
    households: &[Household],
    of_groups: &[Pairing],
    from: Date,
    to: Date,
    a_year: u32,
) -> BTreeMap<MemberId, VisitorCount> {
    let mut counts: BTreeMap<MemberId, VisitorCount> = BTreeMap::new();
    for household in households {
        let visits = household
            .visits
            .iter()
            .filter(|visit| visit.counts() && (from..=to).contains(&visit.on));
        for visit in visits {
            let together: BTreeSet<MemberId> = visit.by.into_iter().chain(visit.with.iter().copied()).collect();
            for member in together {
                let count = counts.entry(member).or_default();
                *count.kinds.entry(visit.kind.clone()).or_default() += 1;
                count.households.insert(household.id);
            }
        }
        if household.is_active(to) {
            let helpers = household
                .paired(of_groups, to)
                .into_iter()
                .filter_map(|pairing| pairing.member);
            for helper in helpers.collect::<BTreeSet<_>>() {
                let made = paired_visits(&household.visits, helper, to.year(), to);
                counts.entry(helper).or_default().paired.count(made >= a_year);
            }
        }
    }
    counts
}
