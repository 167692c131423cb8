//! The life of a finding as the acceptance of the field tells it, and the other procedures, which need no other code.

mod any_order;
mod bound;
mod stories;

use super::fold::{Event, Folded};
use super::procedure::{Counts, Holds, Procedure};
use super::projection::{Now, Projection};
use super::{FINDING, built_in, read, tables};
use crate::base::date::Date;
use crate::base::id::{MemberId, RecordId};
use std::collections::BTreeMap;

const FINDER: MemberId = MemberId([1; 16]);
const TOWN: MemberId = MemberId([2; 16]);
const OWNER: MemberId = MemberId([3; 16]);
const CHECKER: MemberId = MemberId([4; 16]);
const SUPERVISOR: MemberId = MemberId([5; 16]);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The events of a story; each has seen all before it, unless the story says otherwise.
struct Story {
    procedure: Procedure,
    events: Vec<Event>,
}

impl Story {
    fn new(text: &str) -> Self {
        let reading = read::read(&tables::read(text));
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        Self {
            procedure: reading.procedure.unwrap(),
            events: Vec::new(),
        }
    }

    fn finding() -> Self {
        Self {
            procedure: built_in(FINDING, None).unwrap(),
            events: Vec::new(),
        }
    }

    fn event(&self, by: (MemberId, &str), on: &str, kind: &str, fields: &[(&str, &str)]) -> Event {
        Event {
            id: RecordId([self.events.len() as u8 + 1; 16]),
            kind: kind.into(),
            author: Some(by.0),
            role: by.1.into(),
            on: Some(day(on)),
            procedure: self.procedure.id.clone(),
            version: self.procedure.version,
            fields: self.carried(kind, fields),
            seen: self.events.iter().map(|event| event.id).collect(),
        }
    }

    /// What is carried, with a whole signature where one stands, and with what was judged where the kind keeps it.
    fn carried(&self, kind: &str, fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> = fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect();
        let known = self.procedure.kind(kind);
        let fields = known.into_iter().flat_map(|kind| &kind.fields);
        for field in fields.filter(|field| field.holds == Holds::Signature) {
            if all.contains_key(&field.name) {
                all.extend(signed(&field.name));
            }
        }
        let binds = known.and_then(|kind| kind.binds);
        if let Some(judged) = binds.and_then(|number| Projection::of(number, &Now::default(), &self.events)) {
            all.extend(judged.fields());
        }
        all
    }

    fn then(&mut self, by: (MemberId, &str), on: &str, kind: &str, fields: &[(&str, &str)]) -> &mut Event {
        let event = self.event(by, on, kind, fields);
        self.events.push(event);
        self.events.last_mut().unwrap()
    }

    /// Why an event would be refused now; empty where it would not.
    fn refused(&self, by: (MemberId, &str), on: &str, kind: &str, fields: &[(&str, &str)]) -> String {
        let event = self.event(by, on, kind, fields);
        let would = self.folded().would(&event);
        would.map_or_else(|refusal| refusal.words(&self.procedure, kind).zh, |_| String::new())
    }

    fn folded(&self) -> Folded<'_> {
        Folded::new(&self.procedure, Some(FINDER), &self.events)
    }

    fn state(&self, on: &str) -> &str {
        &self.procedure.states[self.folded().standing(day(on)).state].name
    }

    fn ignored(&self) -> Vec<&str> {
        let folded = self.folded();
        let ignored = (0..folded.events.len()).filter(|at| folded.verdicts[*at].is_err());
        let ids: Vec<RecordId> = ignored.map(|at| folded.events[at].id).collect();
        let kinds = self.events.iter().filter(|event| ids.contains(&event.id));
        kinds.map(|event| event.kind.as_str()).collect()
    }
}

/// A signature of the village committees: stories without a family have no other.
fn signed(field: &str) -> BTreeMap<String, String> {
    let parts = [
        ("", "本人签"),
        ("/name", "罗支书"),
        ("/role", "村两委"),
        ("/strokes", "_@_@"),
    ];
    parts.map(|(key, value)| (format!("{field}{key}"), value.into())).into()
}

const SEVERE: [(&str, &str); 2] = [("of/severity", "严重"), ("of/source", "暗访督查")];

fn with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(SEVERE).collect()
}

/// From the finding to 初验通过 on 05-23.
fn until_passed() -> Story {
    let mut story = Story::finding();
    let owner = OWNER.to_string();
    let assign = [("lead_dept", "住建"), ("owner", owner.as_str()), ("due", "2017-05-25")];
    story.then((TOWN, "township"), "2017-04-26", "assigned", &assign);
    story.then((OWNER, "member"), "2017-04-27", "accepted", &[]);
    story.then(
        (OWNER, "member"),
        "2017-04-28",
        "progress",
        &[("text", "已搬到临时住处，选择重建")],
    );
    story.then((OWNER, "member"), "2017-05-18", "progress", &[("percent", "90")]);
    story.then(
        (OWNER, "member"),
        "2017-05-22",
        "requested",
        &[("after/a1", "1"), ("after/a2", "1")],
    );
    story.then(
        (CHECKER, "township"),
        "2017-05-23",
        "passed",
        &with(&[("mode", "实地")]),
    );
    story
}

fn revisit_and_sign_off(story: &mut Story, on: &str) {
    let revisit = with(&[("satisfied", "满意"), ("signature", "d1")]);
    story.then((FINDER, "inspector"), on, "revisited", &revisit);
    story.then((FINDER, "inspector"), on, "signed_off", &SEVERE);
}

#[test]
fn a_finding_is_signed_off_by_those_who_may_and_by_nobody_else() {
    let mut story = until_passed();
    assert_eq!(story.state("2017-05-24"), "awaiting_revisit");
    assert_eq!(
        story.refused((TOWN, "township"), "2017-05-24", "signed_off", &[]),
        "现在是“待回访”，不能销号"
    );
    let unsigned = with(&[("satisfied", "满意")]);
    assert_eq!(
        story.refused((FINDER, "inspector"), "2017-05-25", "revisited", &unsigned),
        "还缺“签字”"
    );
    let signed = with(&[("satisfied", "满意"), ("signature", "d1")]);
    assert_eq!(
        story.refused((TOWN, "leader"), "2017-05-25", "revisited", &signed),
        "暗访发现的问题由督查方回访"
    );
    revisit_and_sign_off(&mut story, "2017-05-25");
    assert_eq!(story.state("2017-05-25"), "signed_off");
    assert_eq!(story.ignored(), [""; 0]);
    story.events.pop();
    assert_eq!(
        story.refused((OWNER, "township"), "2017-05-25", "signed_off", &[]),
        "您是整改责任人，不能自己销号"
    );
    // A team leader stands below the township that assigned it.
    assert_eq!(
        story.refused((CHECKER, "leader"), "2017-05-25", "signed_off", &[]),
        "“销号”由交办的一级或上级来做"
    );
}

#[test]
fn what_a_step_needs_is_said_at_once() {
    let mut story = until_passed();
    story.events.truncate(4);
    let owner = (OWNER, "member");
    assert_eq!(
        story.refused(owner, "2017-05-22", "requested", &[]),
        "还缺“整改后照片”或“佐证资料”"
    );
    assert_eq!(
        story.refused(owner, "2017-05-22", "requested", &[("document/x", "1")]),
        ""
    );
    assert_eq!(
        story.refused((CHECKER, "township"), "2017-05-22", "requested", &[("after/a", "1")]),
        "“申请验收”由责任人来做"
    );
    story.then(owner, "2017-05-22", "requested", &[("after/a", "1")]);
    let by_papers = with(&[("mode", "台账")]);
    assert_eq!(
        story.refused((CHECKER, "township"), "2017-05-23", "passed", &by_papers),
        "严重问题不能只查台账，请到现场验收"
    );
    assert_eq!(
        story.refused(owner, "2017-05-23", "passed", &[("mode", "实地")]),
        "您是整改责任人，不能自己验收"
    );
    let late = [("due", "2017-05-01"), ("reason", "下雨")];
    assert_eq!(
        story.refused((TOWN, "township"), "2017-05-23", "extended", &late),
        "新的时限不能早于今天"
    );
    let wrong = [("due", "五月底"), ("reason", "下雨")];
    assert_eq!(
        story.refused((TOWN, "township"), "2017-05-23", "extended", &wrong),
        "“新的时限”填得不对，请改一下"
    );
}

#[test]
fn a_return_that_did_not_know_of_the_sign_off_makes_a_dispute_until_somebody_saw_both() {
    let mut story = until_passed();
    let passed = story.events.len();
    revisit_and_sign_off(&mut story, "2017-05-25");
    let seen: Vec<RecordId> = story.events[..passed].iter().map(|event| event.id).collect();
    let returned = story.then(
        (SUPERVISOR, "inspector"),
        "2017-05-25",
        "returned",
        &[("reason", "厨房未通电")],
    );
    returned.seen = seen;
    assert_eq!(story.state("2017-05-26"), "disputed");
    assert!(story.folded().standing(day("2017-05-26")).dispute.is_some());
    assert_eq!(story.procedure.states[story.procedure.disputed].counts, Counts::Open);
    // Nobody decides by signing off again without looking.
    assert_eq!(
        story.refused((FINDER, "inspector"), "2017-05-26", "signed_off", &SEVERE),
        "现在是“争议”，不能销号"
    );
    story.then((OWNER, "member"), "2017-05-26", "progress", &[("text", "已通电")]);
    assert_eq!(story.state("2017-05-26"), "disputed");
    revisit_and_sign_off(&mut story, "2017-05-26");
    assert_eq!(story.state("2017-05-26"), "signed_off");
    assert_eq!(story.ignored(), [""; 0]);
}

#[test]
fn of_two_assignments_the_earlier_due_date_counts_with_its_owner() {
    let mut story = Story::finding();
    let (one, other) = (OWNER.to_string(), CHECKER.to_string());
    let assign = |owner, due| [("lead_dept", "住建"), ("owner", owner), ("due", due)];
    story.then(
        (TOWN, "township"),
        "2019-08-01",
        "assigned",
        &assign(one.as_str(), "2019-09-01"),
    );
    let second = story.event(
        (TOWN, "leader"),
        "2019-08-01",
        "assigned",
        &assign(other.as_str(), "2019-08-20"),
    );
    story.events.push(Event {
        seen: Vec::new(),
        ..second
    });
    let standing = story.folded().standing(day("2019-08-01"));
    assert_eq!(standing.fact("due"), "2019-08-20");
    assert_eq!(standing.fact("owner"), other);
    // Extended by somebody who saw both: the later date, with the first one still known.
    let extend = [("due", "2019-10-01"), ("reason", "等材料")];
    story.then((TOWN, "township"), "2019-08-02", "extended", &extend);
    assert_eq!(story.folded().standing(day("2019-08-02")).fact("due"), "2019-10-01");
    assert!(story.folded().original("due").unwrap().value.as_str() < "2019-09-02");
}

#[test]
fn nobody_accepting_for_three_days_counts_as_accepted() {
    let mut story = until_passed();
    story.events.truncate(1);
    assert_eq!(story.state("2017-04-28"), "assigned");
    assert_eq!(story.state("2017-04-29"), "rectifying");
    assert!(story.folded().standing(day("2017-04-29")).automatic);
    assert_eq!(
        story.refused((OWNER, "member"), "2017-04-28", "progress", &[("percent", "10")]),
        "现在是“已交办”，不能报进度"
    );
    assert_eq!(
        story.refused((OWNER, "member"), "2017-04-29", "progress", &[("percent", "10")]),
        ""
    );
}

#[test]
fn what_makes_no_sense_stays_and_counts_nothing() {
    let mut story = until_passed();
    let before = story.folded().standing(day("2017-05-24"));
    story.then((OWNER, "member"), "2017-05-24", "signed_off", &[]);
    story.then((TOWN, "township"), "2017-05-24", "flown", &[]);
    story.then((TOWN, "emperor"), "2017-05-24", "returned", &[("reason", "x")]);
    story
        .then((TOWN, "township"), "2017-05-24", "returned", &[("reason", "x")])
        .version = 9;
    story
        .then((TOWN, "township"), "2017-05-24", "returned", &[("reason", "x")])
        .on = None;
    story
        .then((TOWN, "township"), "2017-05-24", "returned", &[("reason", "x")])
        .author = None;
    let own = story.events.last().unwrap().id;
    story
        .then((TOWN, "township"), "2017-05-24", "returned", &[("reason", "x")])
        .seen
        .push(own);
    let circular = story.events.last().unwrap().id;
    story.events.last_mut().unwrap().seen.push(circular);
    assert_eq!(story.ignored().len(), 7);
    let after = story.folded().standing(day("2017-05-24"));
    assert_eq!((before.state, &before.facts), (after.state, &after.facts));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let text = include_str!("../../packs/procedures/finding.md");
    let codes = |text: &str| -> Vec<String> {
        let reading = read::read(&tables::read(text));
        assert_eq!(reading.procedure.is_none(), !reading.problems.is_empty());
        let told = reading.problems.iter();
        told.map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
            .collect()
    };
    assert_eq!(codes(text), [""; 0]);
    let wrong = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        codes(&text.replacen(from, to, 1))
    };
    assert_eq!(
        wrong("| | accepted      | assigned  ", "| | accepted      | asigned  "),
        ["moves 4 from procedure.no_state"]
    );
    assert_eq!(wrong("due<on", "when is it"), ["refusals 0 when procedure.no_key"; 3]);
    assert_eq!(wrong("due<on", "when:due"), ["refusals 2 when procedure.bad_term"]);
    assert_eq!(
        wrong("level:assigned,escalated  ", "level:asigned"),
        ["states 0 with procedure.no_event"]
    );
    assert_eq!(wrong("| 待销号 ", "| "), ["states 7 label::中文 (zh) procedure.empty"]);
    assert_eq!(wrong("| together |", "| togethr |"), ["together 0  procedure.no_sheet"]);
    assert_eq!(
        wrong("| counts |", "| count |")[..2],
        [
            "states 1 counts procedure.no_column",
            "states 1 count procedure.strange_column"
        ]
    );
    assert_eq!(
        wrong("| | comment       | *  ", "| | comment       |  "),
        ["moves 16 from procedure.empty"]
    );
    let exit = include_str!("../../packs/procedures/exit.md");
    assert_eq!(codes(exit), [""; 0]);
    assert_eq!(
        codes(&exit.replacen("registered=是", "done:review", 1)),
        ["procedure 2 applies procedure.bad_term"]
    );
    assert!(codes("").contains(&"procedure 0  procedure.no_sheet".to_owned()));
}
