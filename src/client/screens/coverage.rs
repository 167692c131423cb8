//! 走访统计: households visited in a period, by group and by visitor and kind, and who has no paired helper. Counts
//! only, in the order of the team's list: nobody is ranked.

use crate::base::date::{Date, Month};
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId, RecordId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{CoverageRow, CoverageView, KindCount, PeriodChoice, VisitorRow, Words};
use crate::client::village::Village;
use crate::index::{HouseholdRow, RowVisit};
use crate::register::enums::{self, Home, Role, VISIT_KIND};
use crate::register::household::Household;
use crate::register::member::Pairing;
use crate::register::needs::{VisitorCount, coverage, visitors};
use crate::register::visit::Visit;
use std::collections::{BTreeMap, BTreeSet};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Coverage from a day to a day, both included; both empty = this month. Households are those that count now.
    ///
    /// # Errors
    /// What is not a date, or a period that ends before it begins.
    pub(super) fn coverage(&self, from: &str, to: &str) -> Result<CoverageView, ClientError> {
        let (from, to) = period(from, to, self.today())?;
        let roster = self.roster();
        let households: Vec<Household> = self
            .core
            .rows
            .families()
            .filter(|(_, row)| row.active)
            .map(|(id, row)| counted(id, row, &self.core.village))
            .collect();
        let covered = coverage(&households, from, to, None);
        let counts = visitors(
            &households,
            &self.core.village.group_pairings,
            from,
            to,
            self.core.village.a_year(),
        );
        Ok(CoverageView {
            from: from.to_string(),
            to: to.to_string(),
            periods: periods(self.today()),
            households: covered.visited.whole,
            visited: covered.visited.part,
            by_group: roster
                .groups()
                .iter()
                .filter_map(|group| Some((*group, covered.by_group.get(*group)?)))
                .map(|(group, ratio)| CoverageRow {
                    group: group.to_owned(),
                    households: ratio.whole,
                    visited: ratio.part,
                })
                .collect(),
            by_visitor: self.visitor_rows(&counts),
            unpaired: self
                .unpaired()
                .into_iter()
                .map(|(id, row)| self.household_row(id, row, ""))
                .collect(),
        })
    }

    /// The team in the order of its list, and after it whoever else made visits.
    fn visitor_rows(&self, counts: &BTreeMap<MemberId, VisitorCount>) -> Vec<VisitorRow> {
        let village = &self.core.village;
        let team = village
            .members(self.today())
            .filter(|member| member.role != Some(Role::Desk));
        let mut listed: Vec<MemberId> = team.map(|member| member.id).collect();
        let left = village
            .team
            .iter()
            .map(|member| member.id)
            .chain(counts.keys().copied());
        for member in left {
            if counts.contains_key(&member) && !listed.contains(&member) {
                listed.push(member);
            }
        }
        let nothing = VisitorCount::default();
        listed
            .into_iter()
            .map(|member| {
                let count = counts.get(&member).unwrap_or(&nothing);
                VisitorRow {
                    member: member.to_string(),
                    name: village.name_of(member),
                    kinds: kinds(&count.kinds),
                    paired: count.paired.whole,
                    paired_met: count.paired.part,
                }
            })
            .collect()
    }
}

/// A row as the register counts it: visits that count, pairings, group. Everything else of the family is left out.
pub(super) fn counted(id: DocId, row: &HouseholdRow, village: &Village) -> Household {
    Household {
        group: row.group.clone(),
        void: !row.active,
        visits: row.visits.iter().map(counted_visit).collect(),
        pairings: row
            .pairings
            .iter()
            .map(|pairing| Pairing {
                member: village.meant(pairing.member, &pairing.name),
                name: pairing.name.clone(),
                from: pairing.from,
                to: pairing.to,
                ..Pairing::read(RecordId([0; 16]), &BTreeMap::new())
            })
            .collect(),
        ..Household::read(id, &BTreeMap::new())
    }
}

fn counted_visit(visit: &RowVisit) -> Visit {
    Visit {
        id: RecordId([0; 16]),
        by: visit.by.first().copied(),
        on: visit.on,
        kind: visit.kind.clone(),
        home: Some(Home::AtHome),
        with: visit.by.iter().skip(1).copied().collect(),
        met: BTreeSet::new(),
        checks: BTreeMap::new(),
        next_on: None,
        void: false,
    }
}

/// Kinds of visit in the order of their list, those of a newer release at the end.
fn kinds(counts: &BTreeMap<String, u32>) -> Vec<KindCount> {
    let place = |kind: &str| VISIT_KIND.iter().position(|choice| choice.value == kind);
    let mut kinds: Vec<(&String, &u32)> = counts.iter().collect();
    kinds.sort_by_key(|(kind, _)| place(kind).unwrap_or(usize::MAX));
    let words = |kind: &str| match enums::choice(VISIT_KIND, kind) {
        Some(choice) => choice.label.into(),
        None if kind.is_empty() => Words::new("未填类型", "No kind given"),
        None => Words::new(kind, kind),
    };
    kinds
        .into_iter()
        .map(|(kind, count)| KindCount {
            kind: words(kind),
            count: *count,
        })
        .collect()
}

fn period(from: &str, to: &str, today: Date) -> Result<(Date, Date), ClientError> {
    if from.is_empty() && to.is_empty() {
        return Ok((today.month().first(), today.month().last()));
    }
    let refused = |zh: &str, en: &str| ClientError::Field("period".into(), Words::new(zh, en));
    let read = |written: &str| Date::parse_lenient(written);
    let (Ok(from), Ok(to)) = (read(from), read(to)) else {
        return Err(refused(
            "日期要写成 2019-08-15 这样。",
            "Write the dates like 2019-08-15.",
        ));
    };
    if to < from {
        return Err(refused("结束日期早于开始日期。", "The period ends before it begins."));
    }
    Ok((from, to))
}

fn periods(today: Date) -> Vec<PeriodChoice> {
    let month = today.month();
    let quarter = Month {
        month: (month.month - 1) / 3 * 3 + 1,
        ..month
    };
    let last = month.plus(-1);
    let choice = |from: Date, to: Date, zh: &str, en: &str| PeriodChoice {
        from: from.to_string(),
        to: to.to_string(),
        words: Words::new(zh, en),
    };
    vec![
        choice(month.first(), month.last(), "本月", "This month"),
        choice(quarter.first(), quarter.plus(2).last(), "本季度", "This quarter"),
        choice(today.year_start(), today.year_end(), "今年", "This year"),
        choice(last.first(), last.last(), "上月", "Last month"),
    ]
}
