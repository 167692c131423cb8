//! 台账: the problems found, newest first, under chips whose counts add up.

use super::finding::with_whom;
use super::say::sentence;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{self, ChipView, FindingsView, Words};
use crate::index::FindingRow;
use crate::ledger::procedure::After;
use crate::ledger::{self, Procedure};
use crate::register::enums::{self, FINDING_CATEGORY};
use std::borrow::Cow;
use std::cmp::Reverse;

/// The filters of the list. Those of the way to a sign-off are there once anything was assigned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chip {
    Open,
    Overdue,
    Due,
    Disputed,
    Settled,
    Mine,
    Withdrawn,
    All,
}

impl Chip {
    const EVERY: [Chip; 8] = [
        Chip::Open,
        Chip::Overdue,
        Chip::Due,
        Chip::Disputed,
        Chip::Settled,
        Chip::Mine,
        Chip::Withdrawn,
        Chip::All,
    ];

    const fn code(self) -> &'static str {
        match self {
            Chip::Open => "open",
            Chip::Overdue => "overdue",
            Chip::Due => "due",
            Chip::Disputed => "disputed",
            Chip::Settled => "settled",
            Chip::Mine => "mine",
            Chip::Withdrawn => "withdrawn",
            Chip::All => "all",
        }
    }

    fn words(self) -> Words {
        match self {
            Chip::Open => Words::new("未销号", "Open"),
            Chip::Overdue => Words::new("超期", "Overdue"),
            Chip::Due => Words::new("待我办", "Mine to do"),
            Chip::Disputed => Words::new("争议", "Disputed"),
            Chip::Settled => Words::new("已销号", "Signed off"),
            Chip::Mine => Words::new("我发现的", "Found by me"),
            Chip::Withdrawn => Words::new("已作废", "Void"),
            Chip::All => Words::new("全部", "All"),
        }
    }

    /// It is about what became of problems after they were found.
    const fn is_of_the_way(self) -> bool {
        matches!(self, Chip::Overdue | Chip::Due | Chip::Disputed | Chip::Settled)
    }

    fn holds(self, finding: &FindingRow, me: MemberId, today: Date) -> bool {
        let status = finding.status.as_ref();
        match self {
            Chip::Open => finding.is_open(),
            Chip::Overdue => finding.is_open() && status.and_then(|one| one.due).is_some_and(|due| due < today),
            Chip::Due => finding.is_open() && status.is_some_and(|one| one.owner == Some(me)),
            Chip::Disputed => finding.is_open() && status.is_some_and(|one| one.disputed),
            Chip::Settled => !finding.is_open() && !Chip::Withdrawn.holds(finding, me, today),
            Chip::Mine => finding.is_open() && finding.by == Some(me),
            Chip::Withdrawn => finding.void || status.is_some_and(|one| one.state == "void"),
            Chip::All => true,
        }
    }
}

/// By what findings are read: the procedure, and the day.
pub(in crate::client) struct Sight<'a> {
    pub procedure: Cow<'a, Procedure>,
    pub today: Date,
}

impl<'a> Sight<'a> {
    pub(super) fn new(procedure: &'a Procedure, today: Date) -> Self {
        Self {
            procedure: Cow::Borrowed(procedure),
            today,
        }
    }

    /// The state on this day; time may have gone on since the last event.
    pub(super) fn state(&self, finding: &FindingRow) -> usize {
        let Some(status) = &finding.status else {
            return self.procedure.begins;
        };
        let mut state = self.procedure.state(&status.state).unwrap_or(self.procedure.begins);
        let mut since = status.since;
        // What only the events know is not in the row; nothing of a finding is over on such a day.
        let next = |state: usize, since: Option<Date>| {
            let (after, then) = self.procedure.states.get(state)?.then.as_ref()?;
            let day = match after {
                After::Days(days) => since?.add_days(*days),
                After::Day(fact) if fact == "due" => status.due?.add_days(1),
                After::Day(_) => return None,
            };
            Some((day, *then))
        };
        while let Some((day, then)) = next(state, since).filter(|(day, then)| *day <= self.today && *then > state) {
            state = then;
            since = Some(day);
        }
        state
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// 台账 under one chip; an unknown or empty one is the first.
    pub(super) fn findings(&self, chip: &str) -> Result<FindingsView, ClientError> {
        let (me, today) = (self.me()?, self.today());
        let findings = || self.core.rows.findings();
        let on_the_way = findings().any(|(_, finding)| finding.status.is_some());
        let chips = Chip::EVERY
            .into_iter()
            .filter(|chip| on_the_way || !chip.is_of_the_way());
        let chips: Vec<Chip> = chips.collect();
        let chosen = chips.iter().copied().find(|known| known.code() == chip);
        let chosen = chosen.unwrap_or(Chip::Open);
        let within = |chip: Chip, finding: &FindingRow| chip.holds(finding, me, today);
        let mut rows: Vec<_> = findings().filter(|(_, finding)| within(chosen, finding)).collect();
        rows.sort_by_key(|(id, finding)| (Reverse(finding.found_on), *id));
        let sight = self.sight();
        Ok(FindingsView {
            chip: chosen.code().into(),
            chips: chips
                .into_iter()
                .map(|chip| ChipView {
                    value: chip.code().into(),
                    words: chip.words(),
                    count: findings().filter(|(_, finding)| within(chip, finding)).count() as u32,
                })
                .collect(),
            rows: rows
                .into_iter()
                .map(|(id, row)| self.finding_row(&sight, id, row))
                .collect(),
            strip: self.strip(),
        })
    }

    /// The procedure of findings, and the day.
    pub(in crate::client) fn sight(&self) -> Sight<'static> {
        Sight {
            procedure: Cow::Owned(ledger::built_in(ledger::FINDING, None).unwrap_or_default()),
            today: self.today(),
        }
    }

    /// The problems found in a household, withdrawn ones included, newest first.
    pub(in crate::client) fn findings_of(&self, household: DocId) -> Vec<(DocId, &FindingRow)> {
        let mut found: Vec<_> = self
            .core
            .rows
            .findings()
            .filter(|(_, finding)| finding.household == Some(household))
            .collect();
        found.sort_by_key(|(id, finding)| (Reverse(finding.found_on), *id));
        found
    }

    /// One problem as a line of a list.
    pub(in crate::client) fn finding_row(
        &self,
        sight: &Sight<'_>,
        id: DocId,
        finding: &FindingRow,
    ) -> view::FindingRow {
        let status = finding.status.as_ref();
        let state = sight.state(finding);
        let open = finding.is_open();
        let due = status.and_then(|status| status.due).filter(|_| open);
        let names = |field: &str| {
            let member = match field {
                "owner" => status.and_then(|status| status.owner),
                "assigner" => status.and_then(|status| Some(status.assigner.as_ref()?.0)),
                _ => finding.by,
            };
            member
                .map(|member| self.core.village.name_of(member))
                .unwrap_or_default()
        };
        let household = finding
            .household
            .and_then(|household| self.core.rows.family(self.core.rows.leader(household)));
        view::FindingRow {
            id: id.to_string(),
            household: finding
                .household
                .map(|id| self.core.rows.leader(id).to_string())
                .unwrap_or_default(),
            // The household may come in a later part of the first load.
            head: household.map_or_else(|| "—".to_owned(), |row| row.head().to_owned()),
            group: household.map(|row| row.group.clone()).unwrap_or_default(),
            category: category(&finding.category),
            words: finding.words.clone(),
            state: if finding.void {
                Words::new("已作废", "Void")
            } else {
                sight
                    .procedure
                    .states
                    .get(state)
                    .map(|state| sentence(state.label.clone()))
                    .unwrap_or_default()
            },
            found_on: finding.found_on.map(|on| on.to_string()).unwrap_or_default(),
            due_on: due.map(|due| due.to_string()).unwrap_or_default(),
            due: due.map(|due| days_left(due, sight.today)).unwrap_or_default(),
            overdue: due.is_some_and(|due| due < sight.today),
            with: match open && status.is_some() {
                true => with_whom(sight, state, names),
                false => Words::default(),
            },
            by: finding.by.map(|by| self.core.village.name_of(by)).unwrap_or_default(),
            open,
            changed: match status.is_some_and(|status| status.changed) {
                true => Words::new("签后改动", "Changed after signing"),
                false => Words::default(),
            },
            standing: self
                .where_of_finding(id, finding.by)
                .map(|place| self.where_view(place)),
        }
    }
}

/// The due day is still in time.
fn days_left(due: Date, today: Date) -> Words {
    let days = today.days_until(due);
    let en = |days: i64| {
        if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{days} days")
        }
    };
    match days {
        0 => Words::new("今天到期", "Due today"),
        1.. => Words::new(format!("还有{days}天"), format!("{} left", en(days))),
        _ => Words::new(format!("超期{}天", -days), format!("{} overdue", en(-days))),
    }
}

/// The category in words; a sensitive one never appears in a list (INV18), one of a newer release as it is stored.
fn category(stored: &str) -> Words {
    match enums::choice(FINDING_CATEGORY, stored) {
        Some(choice) if choice.sensitive => Words::new("问题", "Finding"),
        Some(choice) => choice.label.into(),
        None => Words::new(stored, stored),
    }
}
