//! A finding with its events as a released phone wrote them: the bytes, what becomes of them, and its row.

use super::golden::golden;
use crate::base::date::Date;
use crate::base::id::*;
use crate::doc::{At, DocKind, Document, Edit, Hash, Put, step_put};
use crate::index::{FindingRow, Row};
use crate::ledger::{Event, FINDING, Folded, Projection, Refusal, built_in};
use std::collections::BTreeMap;

const ID: DocId = DocId([3; 16]);
const TOWN: u8 = 2;
const OWNER: u8 = 3;
const SUPERVISOR: u8 = 5;

struct Hand {
    document: Document,
    saves: u8,
}

impl Hand {
    fn write(&mut self, by: u8, base: &[Hash], puts: Vec<Put>) -> Vec<Hash> {
        self.saves += 1;
        let edit = Edit {
            author: MemberId([by; 16]),
            at_ms: 1_565_837_000_000 + i64::from(self.saves) * 60_000,
            base: base.to_vec(),
            puts,
        };
        let made = self.document.edit(&edit, ActorBytes([self.saves; 16]));
        vec![made.unwrap().unwrap().hash]
    }

    /// What is carried, and what was judged where the kind keeps it.
    fn carried(&self, kind: &str, fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> = fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect();
        if ["revisited", "signed_off"].contains(&kind) {
            let judged = Projection::of(1, &self.document.judged_now(), &self.document.steps_done());
            all.extend(judged.unwrap().fields());
        }
        all
    }

    fn step(&mut self, by: (u8, &str), base: &[Hash], on: &str, kind: &str, fields: &[(&str, &str)]) -> Vec<Hash> {
        let event = Event {
            id: RecordId([self.saves + 1; 16]),
            kind: kind.into(),
            author: None,
            role: by.1.into(),
            on: on.parse().ok(),
            procedure: FINDING.into(),
            version: 1,
            fields: self.carried(kind, fields),
            seen: Vec::new(),
        };
        self.write(by.0, base, vec![step_put(&event)])
    }
}

fn value(key: &str, value: &str) -> Put {
    Put::Value {
        at: At::Own,
        key: key.into(),
        value: value.into(),
    }
}

/// Found, assigned, and signed off while somebody who did not know of it returned it.
fn disputed() -> Document {
    let mut hand = Hand {
        document: Document::new(DocKind::Finding, ID),
        saves: 0,
    };
    let found = [
        ("category", "住房"),
        ("words", "厨房与主屋裂缝200毫米"),
        ("severity", "严重"),
    ];
    let found = found.iter().map(|(key, text)| value(key, text));
    let found = found
        .chain([value("source", "暗访督查"), value("found_on", "2019-08-01")])
        .collect();
    let base = hand.document.heads();
    let base = hand.write(SUPERVISOR, &base, found);
    let owner = MemberId([OWNER; 16]).to_string();
    let assign = [("lead_dept", "住建"), ("owner", owner.as_str()), ("due", "2019-08-25")];
    let (town, own, inspector) = ((TOWN, "township"), (OWNER, "member"), (SUPERVISOR, "inspector"));
    let base = hand.step(town, &base, "2019-08-02", "assigned", &assign);
    let later = [("due", "2019-08-31"), ("reason", "连日下雨")];
    let base = hand.step(town, &base, "2019-08-20", "extended", &later);
    let base = hand.step(own, &base, "2019-08-22", "requested", &[("after/a1", "1")]);
    let passed = hand.step(
        (TOWN, "township"),
        &base,
        "2019-08-23",
        "passed",
        &[("mode", "实地"), ("of/severity", "严重")],
    );
    let revisit = [
        ("satisfied", "满意"),
        ("signature", "本人签"),
        ("signature/name", "罗支书"),
        ("signature/role", "村两委"),
        ("signature/strokes", "_@_@"),
        ("of/source", "暗访督查"),
    ];
    let base = hand.step(inspector, &passed, "2019-08-25", "revisited", &revisit);
    hand.step(inspector, &base, "2019-08-25", "signed_off", &[]);
    hand.step(
        (9, "inspector"),
        &passed,
        "2019-08-25",
        "returned",
        &[("reason", "厨房未通电")],
    );
    hand.document
}

fn row(document: &Document) -> FindingRow {
    match Row::of(document, &[7; 32]) {
        Row::Finding(row) => *row,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_events_of_a_finding_read_the_same_for_ever() {
    let made = disputed();
    let bytes = golden("finding", &made.save());
    let opened = Document::load(DocKind::Finding, ID, &bytes).unwrap();
    assert_eq!(opened.heads(), made.heads());
    let row = row(&opened);
    let status = row.status.clone().unwrap();
    assert_eq!(
        (status.state.as_str(), status.disputed, status.version),
        ("disputed", true, 1)
    );
    let due = |text: &str| text.parse::<Date>().ok();
    assert_eq!((status.due, status.first_due), (due("2019-08-31"), due("2019-08-25")));
    assert_eq!(status.owner, Some(MemberId([OWNER; 16])));
    assert_eq!(status.assigner, Some((MemberId([TOWN; 16]), "township".to_owned())));
    assert_eq!(
        (row.severity.as_str(), row.source.as_str(), row.by),
        ("严重", "暗访督查", Some(MemberId([SUPERVISOR; 16])))
    );
    let wide = Row::Finding(Box::new(FindingRow {
        wide: true,
        ..row.clone()
    }));
    assert_eq!(Row::decode(&wide.encode()), Ok(wide));
    let row = Row::Finding(Box::new(row));
    assert_eq!(Row::decode(&golden("finding-row", &row.encode())), Ok(row.clone()));
    let bytes = row.encode();
    for length in 0..bytes.len() {
        assert!(Row::decode(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_finding_without_events_waits_to_be_assigned() {
    let mut hand = Hand {
        document: Document::new(DocKind::Finding, ID),
        saves: 0,
    };
    let base = hand.document.heads();
    hand.write(OWNER, &base, vec![value("words", "水不够")]);
    assert_eq!(row(&hand.document).status, None);
}

#[test]
fn nothing_that_is_written_into_an_event_afterwards_changes_it() {
    let document = disputed();
    let before = (row(&document).status, document.steps_done());
    let mut hand = Hand { document, saves: 40 };
    let returned = before.1.iter().find(|event| event.kind == "returned").unwrap().id;
    let base = hand.document.heads();
    let forged = |key: &str, text: &str| Put::Value {
        at: At::table("events", returned),
        key: key.into(),
        value: text.into(),
    };
    hand.write(
        OWNER,
        &base,
        vec![
            forged("event", "comment"),
            forged("text", "没事了"),
            forged("void/reason", "x"),
        ],
    );
    assert_eq!((row(&hand.document).status, hand.document.steps_done()), before);
}

#[test]
fn what_an_event_had_seen_is_what_its_change_stands_on() {
    let document = disputed();
    let events = document.steps_done();
    let seen = |kind: &str| events.iter().find(|event| event.kind == kind).unwrap().seen.len();
    assert_eq!((seen("assigned"), seen("signed_off"), seen("returned")), (0, 5, 4));
    let procedure = built_in(FINDING, None).unwrap();
    let folded = Folded::new(&procedure, document.opened_by(), &events);
    assert!(folded.verdicts.iter().all(Result::is_ok), "{:?}", folded.verdicts);
    // The author is the one who wrote the change, whatever a field would say.
    let mut hand = Hand { document, saves: 60 };
    let base = hand.document.heads();
    hand.step(
        (OWNER, "township"),
        &base,
        "2019-08-26",
        "revisited",
        &[("satisfied", "满意"), ("signature", "d")],
    );
    let events = hand.document.steps_done();
    let folded = Folded::new(&procedure, hand.document.opened_by(), &events);
    let refused: Vec<&Refusal> = folded
        .verdicts
        .iter()
        .filter_map(|verdict| verdict.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        refused[0].words(&procedure, "revisited").zh,
        "您是整改责任人，不能自己回访"
    );
}
