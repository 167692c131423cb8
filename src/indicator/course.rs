//! The course of a problem as a ledger shows it: where it stands, on which day each step was done, how long it took,
//! and whether it was signed off in time (S100, I21).

use crate::base::date::Date;
use crate::index::FindingRow;
use crate::ledger::{Counts, Folded, Procedure};

/// Steps that stand in a ledger with their day; what is said beside them does not move a problem on.
pub const STEPS: [&str; 9] = [
    "assigned",
    "accepted",
    "extended",
    "escalated",
    "requested",
    "returned",
    "passed",
    "revisited",
    "signed_off",
];

/// The course of one problem up to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The state by its name, and how it counts.
    pub state: String,
    pub counts: Counts,
    /// Due now, and as it was set first.
    pub due: Option<Date>,
    pub first_due: Option<Date>,
    /// The day of each step of [`STEPS`], the last one where it was done more than once.
    pub days: [Option<Date>; STEPS.len()],
    /// The day on which it was signed off or fixed on the spot.
    pub closed_on: Option<Date>,
    /// Days from the day it was found to the day it was closed, or to the day of the ledger.
    pub took: Option<i64>,
    /// Days past the due date, up to the closing or the day of the ledger; the due date itself is in time.
    pub late: i64,
}

impl Course {
    /// The course of a problem found on a day, as it stands on another.
    pub fn of(folded: &Folded<'_>, found_on: Option<Date>, void: bool, day: Date) -> Self {
        let standing = folded.standing(day);
        let date = |text: &str| text.parse::<Date>().ok();
        let mut course = Self {
            state: folded.procedure.states[standing.state].name.clone(),
            counts: folded.procedure.states[standing.state].counts,
            due: date(standing.fact("due")),
            first_due: folded.original("due").and_then(|fact| date(&fact.value)),
            days: STEPS.map(|step| last(folded, step)),
            closed_on: standing.since,
            took: None,
            late: 0,
        };
        course.reckon(found_on, void, day);
        course
    }

    /// The same from the line that lists keep, which knows the day of no step, and the state that it is in on the day.
    pub fn of_row(row: &FindingRow, procedure: &Procedure, state: usize, day: Date) -> Self {
        let status = row.status.as_ref();
        let mut course = Self {
            state: procedure.states[state].name.clone(),
            counts: procedure.states[state].counts,
            due: status.and_then(|status| status.due),
            first_due: status.and_then(|status| status.first_due),
            days: [None; STEPS.len()],
            closed_on: status.and_then(|status| status.since),
            took: None,
            late: 0,
        };
        course.reckon(row.found_on, row.void, day);
        course
    }

    /// What follows from the dates.
    fn reckon(&mut self, found_on: Option<Date>, void: bool, day: Date) {
        if void {
            self.counts = Counts::Void;
        }
        self.closed_on = self.closed_on.filter(|_| self.counts == Counts::Closed);
        if self.counts == Counts::Void {
            return;
        }
        let until = self.closed_on.unwrap_or(day);
        self.took = found_on.map(|found| found.days_until(until));
        self.late = self.due.map_or(0, |due| due.days_until(until).max(0));
    }

    /// Signed off on or before the due date; nothing while it is open, and where no date was set.
    pub fn in_time(&self) -> Option<bool> {
        (self.closed_on.is_some() && self.due.is_some()).then_some(self.late == 0)
    }

    /// Open past its due date.
    pub fn is_overdue(&self) -> bool {
        self.counts == Counts::Open && self.late > 0
    }
}

/// The day of the last event of a kind that counts.
fn last(folded: &Folded<'_>, kind: &str) -> Option<Date> {
    let events = folded.events.iter().zip(&folded.verdicts);
    let counting = events.filter(|(event, verdict)| event.kind == kind && verdict.is_ok());
    counting.filter_map(|(event, _)| event.on).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{MemberId, RecordId};
    use crate::ledger::procedure::Holds;
    use crate::ledger::{Event, FINDING, built_in};
    use std::collections::BTreeMap;

    const CHEN: u8 = 2;
    const ZHOU: u8 = 1;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// One step after another, each by somebody who has seen all before.
    fn steps(written: &[(&str, &str, u8, &str, &[(&str, &str)])]) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for (place, (on, kind, who, role, fields)) in written.iter().enumerate() {
            events.push(Event {
                id: RecordId([place as u8 + 1; 16]),
                kind: (*kind).into(),
                author: Some(MemberId([*who; 16])),
                role: (*role).into(),
                on: Some(day(on)),
                procedure: FINDING.into(),
                version: 1,
                fields: fields
                    .iter()
                    .map(|(k, v)| ((*k).into(), (*v).into()))
                    .collect::<BTreeMap<_, _>>(),
                seen: events.iter().map(|event| event.id).collect(),
            });
        }
        events
    }

    fn life(closing: &str) -> Vec<Event> {
        let chen = MemberId([CHEN; 16]).to_string();
        let all: Vec<(&str, &str, u8, &str, Vec<(&str, &str)>)> = vec![
            (
                "2017-04-26",
                "assigned",
                ZHOU,
                "inspector",
                vec![("lead_dept", "住建"), ("owner", &chen), ("due", "2017-05-25")],
            ),
            ("2017-04-27", "accepted", CHEN, "township", vec![]),
            ("2017-05-22", "requested", CHEN, "township", vec![("after/a", "1")]),
            ("2017-05-23", "passed", 3, "township", vec![("mode", "实地")]),
            (closing, "revisited", ZHOU, "inspector", vec![("satisfied", "满意")]),
            (closing, "signed_off", ZHOU, "inspector", vec![]),
        ];
        let written = all
            .iter()
            .map(|(on, kind, who, role, fields)| (*on, *kind, *who, *role, fields.as_slice()));
        steps(&written.collect::<Vec<_>>())
    }

    fn course(events: &[Event], on: &str) -> Course {
        let mut procedure = built_in(FINDING, None).unwrap();
        // How a step is signed, by whom and to what it is bound is told elsewhere.
        for kind in &mut procedure.events {
            kind.binds = None;
            kind.refusals.clear();
            kind.fields.retain(|field| field.holds != Holds::Signature);
        }
        let folded = Folded::new(&procedure, Some(MemberId([ZHOU; 16])), events);
        Course::of(&folded, Some(day("2017-04-25")), false, day(on))
    }

    #[test]
    fn closed_a_day_after_it_was_due_is_not_in_time() {
        let course = course(&life("2017-05-26"), "2017-06-30");
        assert_eq!((course.state.as_str(), course.counts), ("signed_off", Counts::Closed));
        assert_eq!(course.closed_on, Some(day("2017-05-26")));
        assert_eq!((course.took, course.late, course.in_time()), (Some(31), 1, Some(false)));
        assert!(!course.is_overdue());
        assert_eq!(course.days[0], Some(day("2017-04-26")));
        assert_eq!((course.days[2], course.days[8]), (None, Some(day("2017-05-26"))));
    }

    #[test]
    fn the_due_date_itself_is_in_time() {
        let course = course(&life("2017-05-25"), "2017-06-30");
        assert_eq!((course.took, course.late, course.in_time()), (Some(30), 0, Some(true)));
    }

    #[test]
    fn what_is_open_counts_to_the_day_of_the_ledger() {
        let events = &life("2017-05-26")[..4];
        let before = course(events, "2017-05-25");
        assert_eq!(
            (before.is_overdue(), before.in_time(), before.took),
            (false, None, Some(30))
        );
        let after = course(events, "2017-05-26");
        assert_eq!((after.is_overdue(), after.late), (true, 1));
    }
}
