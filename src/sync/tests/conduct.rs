//! Steps of a finding at the door of the endpoint: by roles held now or once, as the procedure asks; what it cannot know
//! goes through.

use super::*;
use crate::doc::step_put;
use crate::ledger::Event;

const FINDING: DocId = DocId([3; 16]);

fn finding() -> Document {
    Document::new(DocKind::Finding, FINDING)
}

fn write(document: &mut Document, by: u8, actor: u8, puts: Vec<Put>) -> Vec<u8> {
    let edit = Edit {
        author: member(by),
        at_ms: NOW,
        base: document.heads(),
        puts,
    };
    document.edit(&edit, ActorBytes([actor; 16])).unwrap().unwrap().bytes
}

fn event(id: u8, role: &str, kind: &str, fields: &[(&str, &str)]) -> Event {
    Event {
        id: RecordId([id; 16]),
        kind: kind.into(),
        author: None,
        role: role.into(),
        on: "2019-08-02".parse().ok(),
        procedure: "finding".into(),
        version: 1,
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect(),
        seen: Vec::new(),
    }
}

fn comment(id: u8, role: &str) -> Event {
    event(id, role, "comment", &[("text", "看过了")])
}

fn words(text: &str) -> Vec<Put> {
    vec![Put::Value {
        at: At::Own,
        key: "words".into(),
        value: text.into(),
    }]
}

/// The village document gives member 2 these roles, one after the other.
fn appoint(log: &mut MemoryLog, roles: &[&str]) {
    let mut village = Document::new(DocKind::Village, village_id(SPACE));
    let at = At::table("people", RecordId([2; 16]));
    for (turn, role) in roles.iter().enumerate() {
        let put = match turn {
            0 => Put::Create {
                at: at.clone(),
                fields: vec![("role".into(), (*role).into())],
                notes: Vec::new(),
            },
            _ => Put::Value {
                at: at.clone(),
                key: "role".into(),
                value: (*role).into(),
            },
        };
        let bytes = write(&mut village, 1, 90 + turn as u8, vec![put]);
        let taken = ask(log, 1, &request(vec![bundle(1, &village, vec![bytes])]));
        assert_eq!(refusals(&taken), []);
    }
}

#[test]
fn a_step_in_a_role_that_its_author_never_held_is_refused_with_what_stands_on_it_and_nothing_else() {
    let mut log = log_with(&[(1, Role::Desk), (2, Role::Member)]);
    appoint(&mut log, &["leader", "member"]);
    let mut document = finding();
    let first = write(&mut document, 2, 10, words("裂缝"));
    let base = document.heads();
    let own = write(&mut document, 2, 11, vec![step_put(&comment(1, "member"))]);
    // Written before the role was taken back, and handed over afterwards.
    let older = write(&mut document, 2, 12, vec![step_put(&comment(2, "leader"))]);
    let forged = write(&mut document, 2, 13, vec![step_put(&comment(3, "township"))]);
    let after = write(&mut document, 2, 14, words("裂缝两指宽"));
    let mut beside = finding();
    beside.apply([&first]).unwrap();
    assert_eq!(beside.heads(), base);
    let beside = write(&mut beside, 2, 15, vec![step_put(&comment(4, "member"))]);
    let changes = vec![first, own, older, forged, after, beside];
    let answered = ask(&mut log, 2, &request(vec![bundle(2, &document, changes)]));
    assert_eq!(
        refusals(&answered),
        [(3, RefusalCode::RoleNotHeld), (4, RefusalCode::UnknownDependency)]
    );
    let stored = log.stored(FINDING).unwrap();
    let held = Document::open(DocKind::Finding, FINDING, stored.snapshot.as_deref(), &stored.changes).unwrap();
    let mut roles: Vec<String> = held.steps_done().into_iter().map(|step| step.role).collect();
    roles.sort();
    assert_eq!(roles, ["leader", "member", "member"]);
    assert_eq!(held.own().text("words"), "裂缝");
}

#[test]
fn a_step_that_no_release_writes_so_is_refused_and_one_of_a_later_procedure_is_not() {
    let refused = |step: Event| {
        let mut log = log_with(&[(2, Role::Member)]);
        let mut document = finding();
        let bytes = write(&mut document, 2, 10, vec![step_put(&step)]);
        refusals(&ask(&mut log, 2, &request(vec![bundle(2, &document, vec![bytes])])))
    };
    let signed = [
        ("satisfied", "满意"),
        ("signature", "本人签"),
        ("signature/name", "罗大爷"),
        ("signature/role", "户主"),
    ];
    let impossible = [(0, RefusalCode::StepImpossible)];
    assert_eq!(refused(comment(1, "member")), []);
    for wrong in [
        event(1, "member", "flown", &[]),
        event(1, "member", "comment", &[]),
        event(1, "member", "progress", &[("percent", "200")]),
        event(1, "member", "revisited", &signed),
        event(1, "member", "signed_off", &[]),
        Event {
            on: None,
            ..comment(1, "member")
        },
    ] {
        assert_eq!(refused(wrong.clone()), impossible, "{wrong:?}");
    }
    // What its author may not do, or not yet, is for the fold: it depends on what others wrote.
    assert_eq!(refused(event(1, "member", "accepted", &[])), []);
    let later = Event {
        version: 9,
        ..event(1, "member", "flown", &[("wings", "2")])
    };
    assert_eq!(refused(later), []);
    let other = Event {
        procedure: "flight".into(),
        ..event(1, "member", "flown", &[])
    };
    assert_eq!(refused(other), []);
    assert_eq!(refused(comment(1, "")), [(0, RefusalCode::RoleNotHeld)]);
}
