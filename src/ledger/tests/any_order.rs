//! Whatever events arrive, legal or not, in whatever order and with whatever somebody had seen: every phone says the
//! same, nothing is lost, and no sign-off stands over something that its author had not seen.

use super::{CHECKER, FINDER, OWNER, SUPERVISOR, TOWN, day};
use crate::base::id::{MemberId, RecordId};
use crate::ledger::fold::{EVENTS_MAX, Event, Folded, Standing};
use crate::ledger::procedure::Procedure;
use crate::ledger::projection::{Now, Projection};
use crate::ledger::{FINDING, Refusal, built_in};
use std::collections::{BTreeMap, BTreeSet};

/// A small generator of chance; its number tells the story again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

const PEOPLE: [(MemberId, &str); 6] = [
    (FINDER, "inspector"),
    (TOWN, "township"),
    (OWNER, "member"),
    (CHECKER, "leader"),
    (SUPERVISOR, "inspector"),
    (OWNER, "leader"),
];

/// What a kind carries, mostly as it should be.
fn fields(kind: &str, chance: &mut Chance) -> BTreeMap<String, String> {
    let owner = chance.one(&[&OWNER, &CHECKER]).to_string();
    let due = format!("2019-09-{:02}", chance.below(29) + 1);
    let all: Vec<(&str, String)> = match kind {
        "assigned" | "escalated" => vec![
            ("lead_dept", "住建".into()),
            ("owner", owner),
            ("due", due),
            ("reason", "大".into()),
        ],
        "extended" => vec![("due", due), ("reason", "雨".into())],
        "progress" => vec![("percent", chance.below(101).to_string())],
        "requested" => vec![("after/a", "1".into())],
        "passed" => vec![
            ("mode", chance.one(&["实地", "台账"]).into()),
            ("of/severity", "严重".into()),
        ],
        "revisited" => {
            let satisfied = chance.one(&["满意", "满意", "不满意"]);
            vec![("satisfied", satisfied.into())]
        }
        "returned" | "voided" => vec![("reason", "x".into())],
        "circulated" => vec![("words", "x".into())],
        _ => vec![("text", "x".into())],
    };
    let dropped = chance.below(12);
    let kept = all.into_iter().enumerate().filter(|(at, _)| *at != dropped);
    let mut kept: BTreeMap<String, String> = kept.map(|(_, (key, value))| (key.to_owned(), value)).collect();
    if ["revisited", "signed_off"].contains(&kind) && chance.below(20) > 0 {
        let judged = Projection::of(1, &Now::default(), []);
        kept.extend(judged.into_iter().flat_map(|judged| judged.fields()));
    }
    if kind == "revisited" && chance.below(20) > 0 {
        kept.extend(super::signed("signature"));
    }
    kept
}

/// How a story goes at best; each begins with some of these.
const LINE: [&str; 6] = ["assigned", "accepted", "requested", "passed", "revisited", "signed_off"];

/// A random story: each event has seen some of those before it and all that these had seen. Half of the events are
/// ones that their authors may make, so that the stories get somewhere.
fn story(procedure: &Procedure, seed: u64, count: usize) -> Vec<Event> {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut events: Vec<Event> = Vec::new();
    let mut pasts: Vec<BTreeSet<usize>> = Vec::new();
    for at in 0..count {
        let mut past = BTreeSet::new();
        let forced = LINE[..seed as usize % (LINE.len() + 1)].get(at);
        for _ in 0..=chance.below(2) {
            // Mostly the newest: branches are short.
            let back = forced.map_or(chance.below(3) * chance.below(3), |_| 0);
            if at > back {
                let tip = at - 1 - back;
                past.insert(tip);
                past.extend(&pasts[tip]);
            }
        }
        let seen: Vec<Event> = past.iter().map(|one| events[*one].clone()).collect();
        let folded = Folded::new(procedure, Some(FINDER), &seen);
        let tries = if chance.below(4) == 0 { 1 } else { 60 };
        let tries = forced.map_or(tries, |_| 2_000);
        let mut event = draw(procedure, at, &mut chance);
        for _ in 1..tries {
            // What ends a story soon, or leads nowhere, is drawn seldom.
            let often = match event.kind.as_str() {
                "recurred" => 24,
                "voided" => 8,
                "fixed_on_spot" | "escalated" | "comment" | "circulated" | "progress" | "extended" => 4,
                _ => 1,
            };
            let fits = forced.map_or(chance.below(often) == 0, |kind| event.kind == *kind);
            if fits && folded.would(&event).is_ok() {
                break;
            }
            event = draw(procedure, at, &mut chance);
        }
        event.seen = past.iter().map(|one| events[*one].id).collect();
        events.push(event);
        pasts.push(past);
    }
    events
}

fn draw(procedure: &Procedure, at: usize, chance: &mut Chance) -> Event {
    let kinds: Vec<&str> = procedure.events.iter().map(|kind| kind.name.as_str()).collect();
    let kind = chance.one(&kinds);
    let (author, role) = PEOPLE[chance.below(PEOPLE.len())];
    let mut id = [0; 16];
    id[0] = chance.below(256) as u8;
    id[15] = at as u8;
    Event {
        id: RecordId(id),
        kind: kind.to_owned(),
        author: Some(author),
        role: role.into(),
        on: Some(day("2019-08-01").add_days(at as i64)),
        procedure: procedure.id.clone(),
        version: procedure.version,
        fields: fields(kind, chance),
        seen: Vec::new(),
    }
}

/// What a phone would say of the events, by their ids.
fn said(procedure: &Procedure, events: &[Event]) -> (Standing, BTreeMap<RecordId, Result<Option<usize>, Refusal>>) {
    let folded = Folded::new(procedure, Some(FINDER), events);
    let verdicts = folded.events.iter().zip(&folded.verdicts);
    let verdicts = verdicts.map(|(event, verdict)| (event.id, verdict.clone()));
    (folded.standing(day("2019-12-01")), verdicts.collect())
}

fn every_order(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in every_order(last) {
        for at in 0..=last {
            let mut order = order.clone();
            order.insert(at, last);
            all.push(order);
        }
    }
    all
}

#[test]
fn the_status_is_the_same_in_every_order() {
    let procedure = built_in(FINDING, None).unwrap();
    let orders = every_order(5);
    assert_eq!(orders.len(), 120);
    for seed in 0..20 {
        let events = story(&procedure, seed, 5);
        let expected = said(&procedure, &events);
        for order in &orders {
            let turned: Vec<Event> = order.iter().map(|at| events[*at].clone()).collect();
            assert_eq!(
                said(&procedure, &turned),
                expected,
                "story {seed} in the order {order:?}"
            );
        }
    }
}

#[test]
fn long_stories_agree_however_they_arrive_and_get_everywhere() {
    let procedure = built_in(FINDING, None).unwrap();
    let mut reached = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for seed in 0..200 {
        let mut events = story(&procedure, seed, 8 + seed as usize % 13);
        let expected = said(&procedure, &events);
        let mut chance = Chance(seed + 1);
        for _ in 0..3 {
            for at in (1..events.len()).rev() {
                events.swap(at, chance.below(at + 1));
            }
            // Twice is once.
            let again = events[chance.below(events.len())].clone();
            events.push(again);
            assert_eq!(said(&procedure, &events), expected, "story {seed}");
            events.pop();
        }
        reached.insert(procedure.states[expected.0.state].name.clone());
        refused.extend(
            expected
                .1
                .values()
                .filter_map(|verdict| verdict.as_ref().err().map(Refusal::code)),
        );
        unchanged_by_what_is_ignored(&procedure, seed, &events, &expected.0);
        judged_for_good(&procedure, seed, &events);
        nothing_unseen_under_a_sign_off(&procedure, seed, &events);
    }
    for state in [
        "rectifying",
        "awaiting_check",
        "awaiting_revisit",
        "disputed",
        "signed_off",
        "fixed",
        "void",
    ] {
        assert!(reached.contains(state), "no story ends in {state}: {reached:?}");
    }
    assert!(refused.is_superset(&BTreeSet::from([
        "step_not_now",
        "step_not_you",
        "step_missing",
        "step_rule"
    ])));
}

/// What is ignored could as well not be there.
fn unchanged_by_what_is_ignored(procedure: &Procedure, seed: u64, events: &[Event], standing: &Standing) {
    let folded = Folded::new(procedure, Some(FINDER), events);
    let counting = folded
        .events
        .iter()
        .zip(&folded.verdicts)
        .filter(|(_, verdict)| verdict.is_ok());
    let counting: Vec<Event> = counting.map(|(event, _)| (*event).clone()).collect();
    let without = Folded::new(procedure, Some(FINDER), &counting).standing(day("2019-12-01"));
    let facts = |standing: &Standing| -> Vec<(String, String)> {
        let facts = standing.facts.iter();
        facts.map(|(name, fact)| (name.clone(), fact.value.clone())).collect()
    };
    assert_eq!(
        (without.state, without.since, facts(&without)),
        (standing.state, standing.since, facts(standing)),
        "story {seed}"
    );
}

/// An event that comes later changes no verdict about those that are here.
fn judged_for_good(procedure: &Procedure, seed: u64, events: &[Event]) {
    let whole = said(procedure, events).1;
    let folded = Folded::new(procedure, Some(FINDER), events);
    let first: Vec<Event> = folded.events.iter().take(12).map(|event| (*event).clone()).collect();
    for (id, verdict) in said(procedure, &first).1 {
        assert_eq!(verdict, whole[&id], "story {seed}");
    }
}

fn nothing_unseen_under_a_sign_off(procedure: &Procedure, seed: u64, events: &[Event]) {
    let folded = Folded::new(procedure, Some(FINDER), events);
    let standing = folded.standing(day("2019-12-01"));
    if procedure.states[standing.state].name != "signed_off" {
        return;
    }
    let counting = |at: &usize| matches!(folded.verdicts[*at], Ok(Some(_)));
    for at in (0..folded.events.len()).filter(counting) {
        let event = folded.events[at];
        let closing = ["signed_off", "fixed_on_spot", "voided"].contains(&event.kind.as_str());
        let seen = standing.last.iter().any(|last| folded.saw(at, *last));
        assert!(closing || seen, "story {seed}: {} was not seen", event.kind);
        if event.kind == "returned" {
            let decided = |last: &usize| folded.saw(at, *last);
            assert!(
                standing.last.iter().all(decided),
                "story {seed}: a return was not seen by all who signed off"
            );
        }
    }
}

#[test]
fn more_events_than_anybody_writes_end_in_time() {
    let procedure = built_in(FINDING, None).unwrap();
    let mut events: Vec<Event> = Vec::new();
    let mut chance = Chance(7);
    for at in 0..EVENTS_MAX + 20 {
        let mut event = draw(&procedure, at, &mut chance);
        event.id.0[14] = (at / 256) as u8;
        event.kind = "assigned".into();
        event.role = "township".into();
        event.fields = fields("assigned", &mut chance);
        events.push(event);
    }
    let folded = Folded::new(&procedure, Some(FINDER), &events);
    let left_out = folded
        .verdicts
        .iter()
        .filter(|verdict| **verdict == Err(Refusal::TooMany));
    assert_eq!(left_out.count(), 20);
    assert_eq!(
        procedure.states[folded.standing(day("2019-08-01")).state].name,
        "assigned"
    );
}
