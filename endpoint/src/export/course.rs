//! What became of a finding, as columns of the ledger (S100, R02): where it stands, with whom, by when, the day of each
//! step, how long it took, whether it was in time.

use super::rows::Rows;
use super::table::Cell;
use bianfang::doc::Document;
use bianfang::indicator::Course;
use bianfang::indicator::course::STEPS;
use bianfang::ledger::{Counts, Folded, version_of};
use bianfang::register::words::{Language, Sentence, Words, words};

/// Before the days of the steps, and after them.
const BEFORE: [(&str, Words); 5] = [
    ("state", words("状态", "State")),
    ("lead_dept", words("牵头单位", "Lead department")),
    ("owner", words("责任人", "Owner")),
    ("due", words("整改时限", "Due")),
    ("first_due", words("原定时限", "First due date")),
];
const AFTER: [(&str, Words); 4] = [
    ("closed_on", words("办结日期", "Closed on")),
    ("days", words("用时（天）", "Days")),
    ("late_days", words("超期天数", "Days late")),
    ("in_time", words("按期", "In time")),
];

impl Rows<'_> {
    /// The columns, from a place on.
    pub(super) fn course_columns(&mut self, from: usize) {
        for (at, (key, heading)) in (from..).zip(BEFORE) {
            self.fixed(at, key, heading);
        }
        let procedure = self.procedures.of("", None);
        let steps: Vec<(&str, Sentence)> = STEPS
            .iter()
            .filter_map(|step| Some((*step, procedure.kind(step)?.label.clone())))
            .collect();
        for (at, (key, label)) in (from + BEFORE.len()..).zip(steps) {
            let day = match self.options.language {
                Language::Zh => format!("{}日期", label.zh),
                Language::En => format!("{}: day", label.en),
            };
            self.heading(at, key, &day);
        }
        for (at, (key, heading)) in (from + BEFORE.len() + STEPS.len()..).zip(AFTER) {
            self.fixed(at, key, heading);
        }
    }

    /// The cells of a finding.
    pub(super) fn course(&mut self, from: usize, document: &Document) {
        let own = document.own();
        let events = document.steps_done();
        let procedure = self.procedures.of(&own.text("procedure"), version_of(&events));
        let folded = Folded::new(&procedure, document.opened_by(), &events);
        let today = self.options.today;
        let course = Course::of(&folded, own.text("found_on").parse().ok(), own.is_void(), today);
        let standing = folded.standing(today);
        let language = self.options.language;
        let state = match course.counts {
            Counts::Void => words("已作废", "Void").of(language).to_owned(),
            _ => of(&procedure.states[standing.state].label, language).to_owned(),
        };
        let choices = procedure.events.iter().flat_map(|kind| &kind.fields);
        let choices = choices
            .filter(|field| field.name == "lead_dept")
            .flat_map(|field| &field.choices);
        let stored = standing.fact("lead_dept");
        let lead = choices.clone().find(|(value, _)| value == stored);
        let lead = lead.map_or(stored, |(_, label)| of(label, language)).to_owned();
        let owner = standing.fact("owner").parse().map(|member| self.member(member));
        self.text(from, state);
        self.text(from + 1, lead);
        self.text(from + 2, owner.unwrap_or_default());
        let days = [course.due, course.first_due].into_iter().chain(course.days);
        let mut at = from + 3;
        for day in days.chain([course.closed_on]) {
            if let Some(day) = day {
                self.put(at, Cell::Date(day));
            }
            at += 1;
        }
        if let Some(took) = course.took {
            self.put(at, Cell::Int(took));
        }
        if course.due.is_some() && course.counts != Counts::Void {
            self.put(at + 1, Cell::Int(course.late));
        }
        if let Some(in_time) = course.in_time() {
            self.text(at + 2, self.yes_no(in_time));
        }
    }
}

fn of(sentence: &Sentence, language: Language) -> &str {
    match language {
        Language::Zh => &sentence.zh,
        Language::En => &sentence.en,
    }
}
