//! Phones against a hub in memory: what is accepted, refused, sent back; rollback and repair.

mod conduct;
mod finding;
mod golden;

use super::digest::{Digest, Item, buckets};
use super::hub::{Caller, Judge, answer, apply_saved_and_reloaded};
use super::log::{DeviceFacts, Log, Role, Stored};
use super::memory::MemoryLog;
use super::wire::*;
use crate::base::id::*;
use crate::doc::{At, DocKind, Document, Edit, Hash, Put, form_id, village_id};

const SPACE: SpaceId = SpaceId([1; 16]);
const NOW: i64 = 1_565_830_000_000;

struct Trusting;

impl Judge for Trusting {
    fn verify(&self, _: &[u8; 65], _: &[u8], signature: &[u8; 64]) -> bool {
        signature[0] == 1
    }
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        apply_saved_and_reloaded(kind, document, stored, changes)
    }
}

fn member(device: u8) -> MemberId {
    MemberId([device; 16])
}

fn log_with(devices: &[(u8, Role)]) -> MemoryLog {
    let mut log = MemoryLog::default();
    for (device, role) in devices {
        let facts = DeviceFacts {
            member: member(*device),
            public_key: [0; 65],
            revoked: false,
            role: *role,
        };
        log.put_device(DeviceId([*device; 16]), facts);
    }
    log
}

fn change(document: &mut Document, device: u8, actor: u8, value: &str) -> Vec<u8> {
    let puts = vec![Put::Value {
        at: At::Own,
        key: "phone".into(),
        value: value.into(),
    }];
    let edit = Edit {
        author: member(device),
        at_ms: NOW,
        base: document.heads(),
        puts,
    };
    document.edit(&edit, ActorBytes([actor; 16])).unwrap().unwrap().bytes
}

fn bundle(device: u8, document: &Document, changes: Vec<Vec<u8>>) -> Bundle {
    let documents = vec![DocChanges {
        kind: document.kind(),
        document: document.id(),
        changes,
    }];
    Bundle {
        device: DeviceId([device; 16]),
        documents,
        signature: [1; 64],
    }
}

fn request(bundles: Vec<Bundle>) -> SyncRequest {
    SyncRequest {
        cursor: Cursor::default(),
        digest: Digest::default(),
        presence: 0,
        ask: Ask::Feed,
        bundles,
    }
}

fn ask(log: &mut MemoryLog, device: u8, request: &SyncRequest) -> SyncResponse {
    // Through the wire, as phones do it.
    let request = SyncRequest::decode(&request.encode()).unwrap();
    let caller = Caller {
        space: SPACE,
        device: DeviceId([device; 16]),
    };
    let Ok(response) = answer(log, &Trusting, caller, &request, NOW);
    assert_eq!(SyncResponse::decode(&response.encode()), Ok(response.clone()));
    response
}

fn household() -> Document {
    Document::new(DocKind::Household, DocId(*b"household-0037.."))
}

fn refusals(response: &SyncResponse) -> Vec<(u64, RefusalCode)> {
    response
        .refusals
        .iter()
        .map(|refusal| (refusal.position, refusal.code))
        .collect()
}

#[test]
fn what_one_phone_hands_over_another_receives_and_nothing_is_echoed() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let first = change(&mut doc, 1, 11, "15400000001");
    let second = change(&mut doc, 1, 12, "15400000002");
    let pushed = ask(
        &mut log,
        1,
        &request(vec![bundle(1, &doc, vec![first.clone(), second.clone()])]),
    );
    assert_eq!(
        pushed.receipts,
        [Receipt {
            position: 0,
            count: 2,
            seq: 1
        }]
    );
    assert!(pushed.refusals.is_empty() && pushed.arrivals.is_empty() && !pushed.more && !pushed.reconcile);
    assert_eq!(pushed.cursor.seq, 2);

    let pulled = ask(&mut log, 2, &request(vec![]));
    let bytes: Vec<_> = pulled.arrivals[0]
        .arrivals
        .iter()
        .map(|arrival| arrival.bytes.clone())
        .collect();
    assert_eq!(bytes, [first.clone(), second]);
    assert_eq!((pulled.cursor, pulled.digest), (pushed.cursor, pushed.digest));

    // Handed over again, after a lost receipt: the same receipt, no new rows, no echo.
    let again = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![first])]));
    assert_eq!(
        again.receipts,
        [Receipt {
            position: 0,
            count: 1,
            seq: 1
        }]
    );
    assert_eq!(
        again.arrivals[0].arrivals.len(),
        1,
        "only what this request did not carry"
    );
    assert_eq!(log.rows().len(), 2);
}

#[test]
fn an_idle_exchange_is_small_and_moves_nothing() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let made = change(&mut doc, 1, 11, "15400000001");
    let state = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![made])]));
    let idle = SyncRequest {
        cursor: state.cursor,
        digest: state.digest,
        presence: state.presence,
        ask: Ask::Feed,
        bundles: vec![],
    };
    let answered = ask(&mut log, 1, &idle);
    assert!(answered.arrivals.is_empty() && answered.receipts.is_empty() && !answered.reconcile);
    let bytes = idle.encode().len() + answered.encode().len();
    assert!(bytes <= 300, "{bytes} bytes");
}

#[test]
fn teammates_learn_how_far_a_phone_has_got_only_from_the_cursor_it_presents() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let made = change(&mut doc, 1, 11, "15400000001");
    let state = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![made])]));
    let first = ask(&mut log, 2, &request(vec![]));
    let mut idle = SyncRequest {
        cursor: state.cursor,
        digest: state.digest,
        ..request(vec![])
    };
    assert_eq!(
        ask(&mut log, 1, &idle).teammates,
        [],
        "it was sent to phone 2, but phone 2 has not shown that it kept it"
    );
    ask(
        &mut log,
        2,
        &SyncRequest {
            cursor: first.cursor,
            digest: first.digest,
            ..request(vec![])
        },
    );
    let told = ask(&mut log, 1, &idle);
    assert_eq!(
        told.teammates,
        [Presence {
            device: DeviceId([2; 16]),
            member: member(2),
            seq: 1
        }]
    );
    idle.presence = told.presence;
    assert_eq!(ask(&mut log, 1, &idle).teammates, []);
}

#[test]
fn forged_changes_are_refused_by_place_and_the_rest_goes_in() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let good = change(&mut doc, 1, 11, "15400000001");
    let mut elsewhere = Document::new(DocKind::Household, DocId(*b"household-0038.."));
    let foreign = change(&mut elsewhere, 1, 13, "15400000009");
    let mut flipped = good.clone();
    flipped[40] ^= 1;
    let other_author = change(&mut doc, 2, 14, "15400000003");
    let orphan = change(&mut doc, 1, 15, "15400000004");
    let changes = vec![foreign, flipped, good, other_author, orphan];
    let response = ask(&mut log, 1, &request(vec![bundle(1, &doc, changes)]));
    let told = refusals(&response);
    assert_eq!(told[0], (0, RefusalCode::UnknownDependency));
    // On the wire the checksum is derived, so a flipped bit makes another change; it fails by what it says.
    assert_eq!(told[1].0, 1);
    assert_eq!(told[2], (3, RefusalCode::BadAuthor));
    assert_eq!(
        told[3],
        (4, RefusalCode::UnknownDependency),
        "it builds on a refused one"
    );
    assert_eq!(response.refusals[3].need.len(), 1);
    assert_eq!(
        response.receipts,
        [Receipt {
            position: 2,
            count: 1,
            seq: 1
        }]
    );
    assert_eq!(log.rows().len(), 1);
}

#[test]
fn a_sequence_gap_and_a_taken_actor_are_refused() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let first = change(&mut doc, 1, 11, "15400000001");
    let second = change(&mut doc, 1, 11, "15400000002");
    let mut copy = household();
    let twin = change(&mut copy, 2, 11, "15400000003");
    let gap = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![second.clone()])]));
    assert_eq!(refusals(&gap), [(0, RefusalCode::UnknownDependency)]);
    ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![first])]));
    let taken = ask(&mut log, 2, &request(vec![bundle(2, &copy, vec![twin])]));
    assert_eq!(refusals(&taken), [(0, RefusalCode::ActorTaken)]);
    let same_device = change(&mut household(), 1, 11, "15400000008");
    let reused = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![same_device])]));
    assert_eq!(refusals(&reused), [(0, RefusalCode::BadSequence)]);
    let accepted = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![second])]));
    assert_eq!(accepted.receipts.len(), 1);
}

#[test]
fn the_same_change_twice_in_one_request_is_received_twice_and_stored_once() {
    let mut log = log_with(&[(1, Role::Leader)]);
    let mut doc = household();
    let first = change(&mut doc, 1, 11, "15400000001");
    let second = change(&mut doc, 1, 11, "15400000002");
    let changes = vec![first.clone(), first.clone(), second, first];
    let response = ask(&mut log, 1, &request(vec![bundle(1, &doc, changes)]));
    assert_eq!(refusals(&response), []);
    let number = |position| {
        response
            .receipts
            .iter()
            .find(|one| one.covers(position))
            .map(|one| one.seq + position - one.position)
    };
    assert_eq!([0, 1, 2, 3].map(number), [Some(1), Some(1), Some(2), Some(1)]);
    assert_eq!((log.rows().len(), response.cursor.seq), (2, 2));
}

#[test]
fn a_change_that_no_document_takes_is_refused_each_time_it_stands_in_a_request() {
    let mut log = log_with(&[(1, Role::Member)]);
    let mut doc = household();
    let bad = change(&mut doc, 1, 11, "15400000001");
    let judge = Picky {
        bad: vec![bad.clone()],
        tries: std::cell::Cell::new(0),
    };
    let caller = Caller {
        space: SPACE,
        device: DeviceId([1; 16]),
    };
    let asked = request(vec![bundle(1, &doc, vec![bad.clone(), bad])]);
    let Ok(response) = answer(&mut log, &judge, caller, &asked, NOW);
    assert_eq!(
        refusals(&response),
        [(0, RefusalCode::Unreadable), (1, RefusalCode::Unreadable)]
    );
    assert_eq!((response.receipts.len(), log.rows().len()), (0, 0));
}

/// Refuses what holds a certain change, and counts how often it is asked.
struct Picky {
    bad: Vec<Vec<u8>>,
    tries: std::cell::Cell<usize>,
}

impl Judge for Picky {
    fn verify(&self, _: &[u8; 65], _: &[u8], _: &[u8; 64]) -> bool {
        true
    }
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        self.tries.set(self.tries.get() + 1);
        let spoiled = changes.iter().any(|change| self.bad.iter().any(|bad| bad == change));
        (!spoiled).then(|| apply_saved_and_reloaded(kind, document, stored, changes))?
    }
}

/// Changes beside each other, of which some cannot be applied: how many are refused, and after how many trials.
fn refused_and_tries(count: u16, bad: &[usize]) -> (Vec<u64>, usize) {
    let mut log = log_with(&[(1, Role::Member)]);
    let make = |number: u16| {
        let mut document = household();
        let [high, low] = number.to_be_bytes();
        let mut actor = [9; 16];
        (actor[0], actor[1]) = (high, low);
        let edit = Edit {
            author: member(1),
            at_ms: NOW,
            base: document.heads(),
            puts: vec![Put::Value {
                at: At::Own,
                key: "phone".into(),
                value: number.to_string().as_str().into(),
            }],
        };
        document.edit(&edit, ActorBytes(actor)).unwrap().unwrap().bytes
    };
    let changes: Vec<Vec<u8>> = (0..count).map(make).collect();
    let judge = Picky {
        bad: bad.iter().map(|place| changes[*place].clone()).collect(),
        tries: std::cell::Cell::new(0),
    };
    let caller = Caller {
        space: SPACE,
        device: DeviceId([1; 16]),
    };
    let request = request(vec![bundle(1, &household(), changes)]);
    let response = answer(&mut log, &judge, caller, &request, NOW).unwrap();
    assert_eq!(log.rows().len() + response.refusals.len(), usize::from(count));
    let refused = response.refusals.iter().map(|refusal| refusal.position).collect();
    (refused, judge.tries.get())
}

#[test]
fn few_bad_changes_among_many_cost_few_trials_and_many_bad_ones_no_more() {
    assert_eq!(refused_and_tries(1, &[0]).0, [0]);
    let (refused, tries) = refused_and_tries(64, &[0, 40, 63]);
    assert_eq!(refused, [0, 40, 63]);
    assert!(tries <= 1 + 3 * 2 * 6, "{tries}");
    let all: Vec<usize> = (0..300).collect();
    let (refused, tries) = refused_and_tries(300, &all);
    assert_eq!(refused, (0..300).collect::<Vec<u64>>());
    assert!(tries <= 1 + crate::base::limits::APPLY_TRIES_MAX, "{tries}");
}

#[test]
fn roles_signatures_and_revocation_are_checked_on_every_bundle() {
    let mut log = log_with(&[(1, Role::Leader), (9, Role::Desk), (3, Role::Inspector)]);
    for (kind, id) in [
        (DocKind::Village, village_id(SPACE)),
        (DocKind::Form, form_id(SPACE, &[7; 32])),
    ] {
        let mut document = Document::new(kind, id);
        let by_leader = change(&mut document, 1, 11, "x");
        let response = ask(&mut log, 1, &request(vec![bundle(1, &document, vec![by_leader])]));
        assert_eq!(refusals(&response), [(0, RefusalCode::NotAllowed)]);
        let mut document = Document::new(kind, id);
        let by_desk = change(&mut document, 9, 12, "x");
        let response = ask(&mut log, 9, &request(vec![bundle(9, &document, vec![by_desk])]));
        assert_eq!(response.receipts.len(), 1);
    }

    let mut doc = household();
    let by_inspector = change(&mut doc, 3, 13, "x");
    let response = ask(&mut log, 3, &request(vec![bundle(3, &doc, vec![by_inspector])]));
    assert_eq!(refusals(&response), [(0, RefusalCode::NotAllowed)]);

    let mut doc = household();
    let good = change(&mut doc, 1, 14, "15400000001");
    let mut forged = bundle(1, &doc, vec![good.clone()]);
    forged.signature = [0; 64];
    assert_eq!(
        refusals(&ask(&mut log, 1, &request(vec![forged]))),
        [(0, RefusalCode::BadSignature)]
    );
    let revoked = DeviceFacts {
        member: member(1),
        public_key: [0; 65],
        revoked: true,
        role: Role::Leader,
    };
    log.put_device(DeviceId([1; 16]), revoked);
    let late = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![good.clone()])]));
    assert_eq!(refusals(&late), [(0, RefusalCode::DeviceRevoked)]);
    let unknown = ask(&mut log, 1, &request(vec![bundle(77, &doc, vec![good])]));
    assert_eq!(refusals(&unknown), [(0, RefusalCode::UnknownDevice)]);
}

#[test]
fn a_document_of_one_kind_cannot_be_written_as_another() {
    let mut log = log_with(&[(1, Role::Leader)]);
    let mut doc = household();
    let made = change(&mut doc, 1, 11, "15400000001");
    ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![made])]));
    let next = change(&mut doc, 1, 12, "15400000002");
    let mut wrong = bundle(1, &doc, vec![next]);
    wrong.documents[0].kind = DocKind::Finding;
    assert_eq!(
        refusals(&ask(&mut log, 1, &request(vec![wrong]))),
        [(0, RefusalCode::ForeignDocument)]
    );
}

#[test]
fn an_endpoint_copied_back_from_an_hour_ago_is_noticed_and_both_sides_name_what_they_hold() {
    let mut log = log_with(&[(1, Role::Leader)]);
    let mut doc = household();
    let first = change(&mut doc, 1, 11, "15400000001");
    let old = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![first])]));
    let backup = log.clone();
    let second = change(&mut doc, 1, 12, "15400000002");
    let state = ask(
        &mut log,
        1,
        &SyncRequest {
            cursor: old.cursor,
            digest: old.digest,
            ..request(vec![bundle(1, &doc, vec![second])])
        },
    );
    let mut log = backup;
    let present = SyncRequest {
        cursor: state.cursor,
        digest: state.digest,
        ..request(vec![])
    };
    let answered = ask(&mut log, 1, &present);
    assert!(answered.reconcile && answered.arrivals.is_empty());

    let mine: Vec<Item> = doc.hashes().iter().map(|hash| Item::of(doc.id(), *hash)).collect();
    let compared = ask(
        &mut log,
        1,
        &SyncRequest {
            ask: Ask::Buckets(buckets(&mine)),
            ..present
        },
    );
    let held: Vec<[u8; 8]> = compared.held.iter().flat_map(|(_, items)| items.clone()).collect();
    let missing_there: Vec<_> = mine.iter().filter(|item| !held.contains(&item.short())).collect();
    assert!(!missing_there.is_empty());
    let lost: Vec<Hash> = doc
        .hashes()
        .into_iter()
        .filter(|hash| log.change(doc.id(), *hash).unwrap().is_none())
        .collect();
    assert_eq!(lost.len(), 1);
    let bytes = doc.change_bytes(lost[0]).unwrap();
    let back = SyncRequest {
        cursor: compared.cursor,
        digest: compared.digest,
        ..request(vec![bundle(1, &doc, vec![bytes])])
    };
    let repaired = ask(&mut log, 1, &back);
    assert_eq!(repaired.digest, state.digest);
}

#[test]
fn on_a_feed_that_lost_work_nothing_is_judged_before_both_sides_have_compared() {
    let mut log = log_with(&[(1, Role::Leader)]);
    let mut doc = household();
    let first = change(&mut doc, 1, 11, "15400000001");
    let old = ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![first])]));
    let backup = log.clone();
    let second = change(&mut doc, 1, 12, "15400000002");
    let push = |changes: Vec<Vec<u8>>, state: &SyncResponse, doc: &Document| SyncRequest {
        cursor: state.cursor,
        digest: state.digest,
        ..request(vec![bundle(1, doc, changes)])
    };
    let state = ask(&mut log, 1, &push(vec![second.clone()], &old, &doc));
    // Its operation numbers follow those of the change that the endpoint is about to lose.
    let third = change(&mut doc, 1, 13, "15400000003");
    let mut log = backup;
    let answered = ask(&mut log, 1, &push(vec![third.clone()], &state, &doc));
    assert!(answered.reconcile && answered.receipts.is_empty() && answered.refusals.is_empty());
    assert_eq!(log.rows().len(), 1);
    let compared = ask(&mut log, 1, &push(vec![second, third], &old, &doc));
    assert_eq!((compared.receipts.len(), compared.refusals.len()), (1, 0));
}

#[test]
fn wanted_changes_come_by_name() {
    let mut log = log_with(&[(1, Role::Leader), (2, Role::Member)]);
    let mut doc = household();
    let made = change(&mut doc, 1, 11, "15400000001");
    ask(&mut log, 1, &request(vec![bundle(1, &doc, vec![made.clone()])]));
    let want = Ask::Want(vec![Item::of(doc.id(), doc.heads()[0]).short(), [7; 8]]);
    let response = ask(
        &mut log,
        2,
        &SyncRequest {
            ask: want,
            ..request(vec![])
        },
    );
    assert_eq!(response.arrivals[0].arrivals[0].bytes, made);
}
