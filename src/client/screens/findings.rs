//! 台账: the problems found, newest first, under chips whose counts add up.

mod asked;

use super::finding::again::SignedOff;
use super::finding::with_whom;
use super::say::sentence;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{self, ChipView, FindingsAsked, FindingsView, Words};
use crate::index::FindingRow;
use crate::ledger::condition::Atom;
use crate::ledger::procedure::After;
use crate::ledger::{Counts, Procedure, Procedures};
use crate::register::enums::{self, FINDING_CATEGORY, Role};
use asked::Found;
use std::cmp::Reverse;
use std::rc::Rc;

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

    fn holds(self, finding: &FindingRow, me: MemberId, sight: &Sight) -> bool {
        let status = finding.status.as_ref();
        let open = sight.is_open(finding);
        match self {
            Chip::Open => open,
            Chip::Overdue => open && status.and_then(|one| one.due).is_some_and(|due| due < sight.today),
            // Whose turn it is the state says.
            Chip::Due => false,
            Chip::Disputed => open && status.is_some_and(|one| one.disputed),
            Chip::Settled => !open && !Chip::Withdrawn.holds(finding, me, sight),
            Chip::Mine => open && finding.by == Some(me),
            Chip::Withdrawn => finding.void || status.is_some_and(|one| one.state == "void"),
            Chip::All => true,
        }
    }
}

/// By what findings are read: their procedures, and the day.
pub(in crate::client) struct Sight {
    procedures: Procedures,
    pub today: Date,
    pub signed_off: Vec<SignedOff>,
    /// The groups of the village in their order.
    pub groups: Vec<String>,
}

impl Sight {
    /// The procedure under which a finding stands, in the version that it pins.
    pub(super) fn procedure(&self, finding: &FindingRow) -> Rc<Procedure> {
        let version = finding.status.as_ref().map(|status| status.version);
        self.procedures.of(&finding.procedure, version)
    }

    /// Neither settled nor withdrawn on this day.
    pub(super) fn is_open(&self, finding: &FindingRow) -> bool {
        let state = |procedure: &Procedure| procedure.states.get(self.state(finding)).map(|state| state.counts);
        !finding.void && state(&self.procedure(finding)) == Some(Counts::Open)
    }

    /// The state on this day; time may have gone on since the last event.
    pub(in crate::client) fn state(&self, finding: &FindingRow) -> usize {
        let procedure = self.procedure(finding);
        let Some(status) = &finding.status else {
            return procedure.begins;
        };
        let first = procedure.state(&status.state).unwrap_or(procedure.begins);
        let (mut state, mut since) = (first, status.since);
        // The row holds the one day that ends the state to which the events led.
        let next = |state: usize, since: Option<Date>| {
            let (after, then) = procedure.states.get(state)?.then.as_ref()?;
            let day = match after {
                After::Days(days) => since?.add_days(*days),
                After::Day(_) if state == first => status.due?.add_days(1),
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
    pub(super) fn findings(&self, chip: &str, asked: &FindingsAsked) -> Result<FindingsView, ClientError> {
        let (me, sight) = (self.me()?, self.sight());
        let all: Vec<Found<'_>> = self.core.rows.findings().collect();
        let on_the_way = all.iter().any(|(_, finding)| finding.status.is_some());
        let chips = Chip::EVERY
            .into_iter()
            .filter(|chip| on_the_way || !chip.is_of_the_way());
        let chips: Vec<Chip> = chips.collect();
        let chosen = chips.iter().copied().find(|known| known.code() == chip);
        let chosen = chosen.unwrap_or(Chip::Open);
        let within = |chip: Chip, finding: &FindingRow| match chip {
            Chip::Due => sight.is_open(finding) && self.is_my_turn(&sight, finding, me),
            chip => chip.holds(finding, me, &sight),
        };
        let wanted = |one: &&Found<'_>| self.is_asked(asked, one.1, "");
        let under = |chip: Chip| all.iter().filter(move |one| within(chip, one.1));
        let of_chip: Vec<Found<'_>> = under(chosen).copied().collect();
        let mut rows: Vec<Found<'_>> = of_chip.iter().filter(wanted).copied().collect();
        let by_due = asked.sort == "due";
        rows.sort_by_key(|(id, finding)| {
            let due = finding.status.as_ref().and_then(|status| status.due);
            let due = by_due.then(|| due.unwrap_or(Date::MAX));
            let (section, _) = self.section_of(asked, &sight, finding);
            (section, due, Reverse(finding.found_on), *id)
        });
        let most = if asked.limit == 0 {
            rows.len()
        } else {
            asked.limit as usize
        };
        Ok(FindingsView {
            chip: chosen.code().into(),
            chips: chips
                .into_iter()
                .map(|chip| ChipView {
                    value: chip.code().into(),
                    words: chip.words(),
                    count: under(chip).filter(wanted).count() as u32,
                })
                .collect(),
            filters: self.filters(asked, &of_chip),
            sections: self.section_counts(asked, &sight, &rows),
            total: rows.len() as u32,
            rows: rows
                .into_iter()
                .take(most)
                .map(|(id, row)| self.finding_row(&sight, id, row))
                .collect(),
            strip: self.strip(),
        })
    }

    /// The next step is this person's, by the state of the problem.
    fn is_my_turn(&self, sight: &Sight, finding: &FindingRow, me: MemberId) -> bool {
        let procedure = sight.procedure(finding);
        let state = procedure.states.get(sight.state(finding));
        let role = self.core.village.member(me).and_then(|member| member.role);
        let mut terms = state.into_iter().flat_map(|state| &state.with);
        terms.any(|term| match &term.atom {
            Atom::Role(named) => role.is_some_and(|role| role.code() == named),
            _ => self.in_hand(sight, finding) == Some(me),
        })
    }

    /// A matter waits for this person: what a team member may do waits for whoever began it and for those who are paired
    /// with the household, what only others may do for all who hold their role.
    pub(super) fn waits_for(&self, sight: &Sight, finding: &FindingRow, me: MemberId) -> bool {
        let of_team = self.core.village.member(me).and_then(|member| member.role);
        let of_team = of_team.is_some_and(|role| matches!(role, Role::Member | Role::Doctor));
        let paired = || {
            let family = finding
                .household
                .and_then(|id| self.core.rows.family(self.core.rows.leader(id)));
            family.is_some_and(|row| self.is_paired_with(row, me, sight.today))
        };
        self.is_my_turn(sight, finding, me) && (!of_team || finding.by == Some(me) || paired())
    }

    /// The one person with whom a problem hangs; nobody where it is for everybody in a role.
    pub(super) fn in_hand(&self, sight: &Sight, finding: &FindingRow) -> Option<MemberId> {
        let procedure = sight.procedure(finding);
        let state = procedure.states.get(sight.state(finding))?;
        let status = finding.status.as_ref();
        let person = |atom: &Atom| match atom {
            Atom::Named(field) if field == "owner" => status.and_then(|status| status.owner),
            Atom::Named(_) => finding.by,
            Atom::Level(_) => status.and_then(|status| Some(status.assigner.as_ref()?.0)),
            _ => None,
        };
        state.with.iter().find_map(|term| person(&term.atom))
    }

    /// The procedures of findings, and the day.
    pub(in crate::client) fn sight(&self) -> Sight {
        Sight {
            procedures: self.core.procedures.clone(),
            today: self.today(),
            signed_off: self.signed_off(),
            groups: self.roster().groups().iter().map(|one| (*one).to_owned()).collect(),
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
    pub(in crate::client) fn finding_row(&self, sight: &Sight, id: DocId, finding: &FindingRow) -> view::FindingRow {
        let status = finding.status.as_ref();
        let (procedure, state) = (sight.procedure(finding), sight.state(finding));
        let open = sight.is_open(finding);
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
        let group = match (finding.village, household) {
            // Inspectors tell their findings apart by the village.
            (Some(village), _) if self.core.village.group => self.core.village.area(village),
            (_, Some(row)) => row.group.as_str(),
            _ => finding.group.as_str(),
        };
        view::FindingRow {
            id: id.to_string(),
            household: finding
                .household
                .map(|id| self.core.rows.leader(id).to_string())
                .unwrap_or_default(),
            head: match household {
                Some(row) => row.head().to_owned(),
                None => without_household(&finding.place, group).to_owned(),
            },
            group: group.to_owned(),
            recurred: self.came_back(&sight.signed_off, id, finding).is_some(),
            category: match finding.is_problem() {
                true => category(&finding.category),
                false => sentence(procedure.title.clone()),
            },
            procedure: finding.procedure.clone(),
            words: finding.words.clone(),
            state: if finding.void {
                Words::new("已作废", "Void")
            } else {
                procedure
                    .states
                    .get(state)
                    .map(|state| sentence(state.label.clone()))
                    .unwrap_or_default()
            },
            found_on: finding.found_on.map(|on| on.to_string()).unwrap_or_default(),
            due_on: due.map(|due| due.to_string()).unwrap_or_default(),
            due: due.map(|due| days_left(due, sight.today)).unwrap_or_default(),
            overdue: due.is_some_and(|due| due < sight.today),
            with: match open && (status.is_some() || !finding.is_problem()) {
                true => with_whom(&procedure, state, names),
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

/// Where a problem is that belongs to no household, or to one that comes in a later part of the first load.
fn without_household<'a>(place: &'a str, group: &'a str) -> &'a str {
    match (place, group) {
        ("", "") => "—",
        ("", group) => group,
        (place, _) => place,
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
