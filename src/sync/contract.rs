//! What every log must do, as tests that each implementation runs on itself: memory here, databases in the endpoint.
//! Behind the feature `contract`; never part of a release.

use super::digest::{Digest, Item, buckets};
use super::hub::{self, Caller, Judge};
use super::log::{ActorFacts, ChangeFacts, DeviceFacts, FeedEnd, FeedRow, Log, NewChange, Role, Stored};
use super::wire::{Ask, Bundle, Cursor, DocChanges, SyncRequest, SyncResponse};
use crate::base::id::{ActorBytes, DeviceId, DocId, MemberId, SpaceId};
use crate::doc::{At, DocKind, Document, Edit, Hash, Header, Put};
use std::fmt::Debug;

/// A fresh log under test, and the transactions over it.
pub trait LogBed {
    /// The log within one transaction.
    type Log<'a>: Log<Error: Debug>
    where
        Self: 'a;

    /// Enrols a device in the space, or changes what is known of it.
    fn enrol(&mut self, device: DeviceId, facts: DeviceFacts);
    /// Runs `work` in one transaction and commits it.
    fn with<T>(&mut self, work: impl FnOnce(&mut Self::Log<'_>) -> T) -> T;
    /// The same over the log of the space and that of another space, which nobody has joined.
    fn with_both<T>(&mut self, work: impl for<'a> FnOnce(&mut Self::Log<'a>, &mut Self::Log<'a>) -> T) -> T;
}

/// Runs the whole suite; `fresh` makes an empty log of one space each time.
///
/// # Panics
/// Where the log does not do what it must.
pub fn run<B: LogBed>(mut fresh: impl FnMut() -> B) {
    an_empty_log_knows_nothing(&mut fresh());
    what_was_appended_comes_back(&mut fresh());
    pages_end_where_they_should(&mut fresh());
    snapshots_replace_what_they_cover(&mut fresh());
    presence_counts_moves(&mut fresh());
    the_secret_stays_and_rollbacks_are_remembered(&mut fresh());
    devices_are_what_they_were_enrolled_as(&mut fresh());
    two_phones_meet_in_the_hub(&mut fresh());
    lost_answers_and_repeated_requests_change_nothing(&mut fresh());
    sides_that_differ_find_the_difference(&mut fresh());
    a_document_of_two_spaces_is_the_same_in_both(&mut fresh());
}

const SPACE: SpaceId = SpaceId(*b"contract-space..");
const PHONE_A: DeviceId = DeviceId(*b"phone-a.........");
const PHONE_B: DeviceId = DeviceId(*b"phone-b.........");
const WANG: MemberId = MemberId(*b"wang............");
const LI: MemberId = MemberId(*b"li..............");
const NOW_MS: i64 = 1_565_830_000_000;

fn facts(member: MemberId) -> DeviceFacts {
    DeviceFacts {
        member,
        public_key: [4; 65],
        revoked: false,
        role: Role::Member,
    }
}

fn home(number: u8) -> DocId {
    DocId([number; 16])
}

/// One person writing on one phone: each edit continues the document.
struct Writer {
    document: Document,
    author: MemberId,
    actor: ActorBytes,
}

impl Writer {
    fn new(document: DocId, author: MemberId, actor: u8) -> Self {
        Self {
            document: Document::new(DocKind::Household, document),
            author,
            actor: ActorBytes([actor; 16]),
        }
    }

    fn write(&mut self, key: &str, value: &str) -> Vec<u8> {
        let put = Put::Value {
            at: At::Own,
            key: key.to_owned(),
            value: value.into(),
        };
        let edit = Edit {
            author: self.author,
            at_ms: NOW_MS,
            base: self.document.heads(),
            puts: vec![put],
        };
        let made = self.document.edit(&edit, self.actor).expect("the edit is right");
        made.expect("the edit changes something").bytes
    }
}

/// Appends as the hub does, and returns the new end.
fn append<L: Log<Error: Debug>>(log: &mut L, document: DocId, bytes: &[u8], device: DeviceId) -> FeedEnd {
    let header = Header::read(bytes).expect("a good change");
    let mut end = log.end().unwrap();
    end.seq += 1;
    end.running = hub::running(&end.running, document, header.hash);
    end.digest.add(&Item::of(document, header.hash));
    let change = NewChange {
        kind: DocKind::Household,
        document,
        header,
        bytes: bytes.to_vec(),
        device,
        received_s: NOW_MS / 1000 + end.seq as i64,
    };
    log.append(change, end).unwrap();
    end
}

fn hash(bytes: &[u8]) -> Hash {
    Header::read(bytes).expect("a good change").hash
}

fn an_empty_log_knows_nothing<B: LogBed>(bed: &mut B) {
    bed.with(|log| {
        assert_eq!(log.end().unwrap(), FeedEnd::default());
        assert_eq!(log.device(PHONE_A).unwrap(), None);
        assert_eq!(log.row(0).unwrap(), None);
        assert_eq!(log.row(1).unwrap(), None);
        assert_eq!(log.row(u64::MAX).unwrap(), None);
        assert_eq!(log.rows_after(0, 1000).unwrap(), []);
        assert_eq!(log.rows_after(u64::MAX, 1000).unwrap(), []);
        assert_eq!(log.document(home(1)).unwrap(), None);
        assert_eq!(log.change(home(1), Hash([0; 32])).unwrap(), None);
        assert_eq!(log.actor(home(1), ActorBytes([0; 16])).unwrap(), None);
        assert_eq!(log.stored(home(1)).unwrap(), Stored::default());
        assert_eq!(log.items().unwrap(), []);
        assert_eq!(log.presences(0, PHONE_A).unwrap(), []);
    });
}

fn what_was_appended_comes_back<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    let mut writer = Writer::new(home(1), WANG, 7);
    let (one, two) = (
        writer.write("phone", "15400000001"),
        writer.write("phone", "15400000002"),
    );
    let mut other = Writer::new(home(2), WANG, 8);
    let third = other.write("address", "三组12号");
    let ends = bed.with(|log| {
        [
            append(log, home(1), &one, PHONE_A),
            append(log, home(2), &third, PHONE_A),
            append(log, home(1), &two, PHONE_A),
        ]
    });
    bed.with(|log| {
        assert_eq!(log.end().unwrap(), ends[2]);
        for (seq, (document, bytes)) in (1..).zip([(home(1), &one), (home(2), &third), (home(1), &two)]) {
            let row = log.row(seq).unwrap().expect("the row is there");
            assert_eq!((row.seq, row.kind, row.document), (seq, DocKind::Household, document));
            assert_eq!((row.hash, &row.bytes, row.device), (hash(bytes), bytes, PHONE_A));
            assert_eq!(row.received_s, NOW_MS / 1000 + seq as i64);
            let end = ends[seq as usize - 1];
            assert_eq!((row.running, row.digest), (end.running, end.digest));
            let known = log.change(document, row.hash).unwrap();
            let max_op = Header::read(bytes).unwrap().max_op();
            assert_eq!(known, Some(ChangeFacts { seq, max_op }));
        }
        let facts = log.document(home(1)).unwrap().expect("the document is known");
        assert_eq!((facts.kind, facts.here), (DocKind::Household, true));
        assert_eq!(facts.max_op, writer.document.max_op());
        assert_eq!(facts.ops, 2);
        let mut actor = |document, id| log.actor(document, ActorBytes([id; 16])).unwrap();
        let device = PHONE_A;
        assert_eq!(actor(home(1), 7), Some(ActorFacts { device, seq: 2 }));
        assert_eq!(actor(home(2), 8), Some(ActorFacts { device, seq: 1 }));
        assert_eq!(actor(home(2), 7), None);
        assert_eq!(log.change(home(2), hash(&one)).unwrap(), None);
        let changes = vec![one.clone(), two.clone()];
        assert_eq!(
            log.stored(home(1)).unwrap(),
            Stored {
                snapshot: None,
                changes
            }
        );
        let mut items = log.items().unwrap();
        items.sort_unstable_by_key(|(_, _, seq)| *seq);
        assert_eq!(
            items,
            [
                (home(1), hash(&one), 1),
                (home(2), hash(&third), 2),
                (home(1), hash(&two), 3)
            ]
        );
    });
}

fn pages_end_where_they_should<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    let mut writer = Writer::new(home(1), WANG, 7);
    let changes: Vec<Vec<u8>> = (0..5)
        .map(|number| writer.write("address", &format!("{number}号")))
        .collect();
    bed.with(|log| {
        for bytes in &changes {
            append(log, home(1), bytes, PHONE_A);
        }
    });
    bed.with(|log| {
        let mut page = |seq, bytes| -> Vec<u64> {
            let rows = log.rows_after(seq, bytes).unwrap();
            rows.iter().map(|row| row.seq).collect()
        };
        assert_eq!(page(0, 1_000_000), [1, 2, 3, 4, 5]);
        assert_eq!(page(3, 1_000_000), [4, 5]);
        assert_eq!(page(5, 1_000_000), [0; 0]);
        // At least one, and the row that exceeds the limit is the last.
        assert_eq!(page(1, 1), [2]);
        assert_eq!(page(0, changes[0].len()), [1]);
        assert_eq!(page(0, changes[0].len() + 1), [1, 2]);
    });
}

fn snapshots_replace_what_they_cover<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    let mut writer = Writer::new(home(1), WANG, 7);
    let (one, two) = (writer.write("phone", "1"), writer.write("phone", "2"));
    bed.with(|log| {
        append(log, home(1), &one, PHONE_A);
        append(log, home(1), &two, PHONE_A);
    });
    let saved = writer.document.save();
    bed.with(|log| log.put_snapshot(home(1), saved.clone()).unwrap());
    let after = |changes: Vec<Vec<u8>>, snapshot: &[u8]| Stored {
        snapshot: Some(snapshot.to_vec()),
        changes,
    };
    bed.with(|log| assert_eq!(log.stored(home(1)).unwrap(), after(vec![], &saved)));
    let three = writer.write("phone", "3");
    bed.with(|log| {
        append(log, home(1), &three, PHONE_A);
        assert_eq!(log.stored(home(1)).unwrap(), after(vec![three.clone()], &saved));
    });
    let again = writer.document.save();
    bed.with(|log| {
        log.put_snapshot(home(1), again.clone()).unwrap();
        assert_eq!(log.stored(home(1)).unwrap(), after(vec![], &again));
        // The changes themselves stay.
        assert_eq!(log.rows_after(0, 1_000_000).unwrap().len(), 3);
    });
}

fn presence_counts_moves<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    bed.enrol(PHONE_B, facts(LI));
    bed.with(|log| {
        log.present(PHONE_A, 5).unwrap();
        log.present(PHONE_A, 5).unwrap();
        log.present(PHONE_B, 3).unwrap();
    });
    bed.with(|log| {
        assert_eq!(log.end().unwrap().presence, 2);
        let seen = log.presences(0, PHONE_B).unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].device, seen[0].member, seen[0].seq), (PHONE_A, WANG, 5));
        assert_eq!(log.presences(1, PHONE_B).unwrap(), []);
        assert_eq!(log.presences(1, PHONE_A).unwrap().len(), 1);
        log.present(PHONE_A, 9).unwrap();
    });
    bed.with(|log| {
        assert_eq!(log.end().unwrap().presence, 3);
        assert_eq!(log.presences(2, PHONE_B).unwrap()[0].seq, 9);
    });
}

fn the_secret_stays_and_rollbacks_are_remembered<B: LogBed>(bed: &mut B) {
    let secret = bed.with(|log| {
        assert!(!log.rolled_back().unwrap());
        log.secret().unwrap()
    });
    assert_ne!(secret, [0; 32]);
    bed.with(|log| {
        assert_eq!(log.secret().unwrap(), secret);
        log.note_rollback().unwrap();
        log.note_rollback().unwrap();
    });
    bed.with(|log| assert!(log.rolled_back().unwrap()));
}

fn devices_are_what_they_were_enrolled_as<B: LogBed>(bed: &mut B) {
    let mut known = facts(WANG);
    bed.enrol(PHONE_A, known.clone());
    bed.with(|log| {
        assert_eq!(log.device(PHONE_A).unwrap(), Some(known.clone()));
        assert_eq!(log.device(PHONE_B).unwrap(), None);
        let (message, signature) = ([1; 32], [2; 64]);
        log.keep_bundle(PHONE_A, &message, &signature).unwrap();
        // The same bundle again, carried by a repeated request.
        log.keep_bundle(PHONE_A, &message, &signature).unwrap();
    });
    known.revoked = true;
    known.role = Role::Leader;
    bed.enrol(PHONE_A, known.clone());
    bed.with(|log| assert_eq!(log.device(PHONE_A).unwrap(), Some(known)));
}

/// Believes every signature; opens documents in place.
struct Trusting;

impl Judge for Trusting {
    fn verify(&self, _: &[u8; 65], _: &[u8], _: &[u8; 64]) -> bool {
        true
    }
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        hub::apply_saved_and_reloaded(kind, document, stored, changes)
    }
}

fn request(at: &SyncResponse, ask: Ask, device: DeviceId, push: Vec<(DocId, Vec<Vec<u8>>)>) -> SyncRequest {
    let documents: Vec<DocChanges> = push
        .into_iter()
        .map(|(document, changes)| DocChanges {
            kind: DocKind::Household,
            document,
            changes,
        })
        .collect();
    let bundle = Bundle {
        device,
        documents,
        signature: [0; 64],
    };
    SyncRequest {
        cursor: at.cursor,
        digest: at.digest,
        presence: at.presence,
        ask,
        bundles: if bundle.is_empty() { vec![] } else { vec![bundle] },
    }
}

/// Where a phone stands that never asked.
fn nowhere() -> SyncResponse {
    SyncResponse {
        now_ms: 0,
        receipts: vec![],
        refusals: vec![],
        arrivals: vec![],
        cursor: Cursor::default(),
        digest: Digest::default(),
        more: false,
        reconcile: false,
        held: vec![],
        presence: 0,
        teammates: vec![],
    }
}

fn ask<B: LogBed>(bed: &mut B, device: DeviceId, request: &SyncRequest) -> SyncResponse {
    let caller = Caller { space: SPACE, device };
    bed.with(|log| hub::answer(log, &Trusting, caller, request, NOW_MS).unwrap())
}

fn carried(response: &SyncResponse) -> Vec<Vec<u8>> {
    let parts = response.arrivals.iter();
    parts
        .flat_map(|part| part.arrivals.iter().map(|arrival| arrival.bytes.clone()))
        .collect()
}

fn two_phones_meet_in_the_hub<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    bed.enrol(PHONE_B, facts(LI));
    let mut a = Writer::new(home(1), WANG, 7);
    let mut b = Writer::new(home(1), LI, 8);
    let (one, two, from_b) = (a.write("phone", "1"), a.write("phone", "2"), b.write("phone", "3"));
    let push = vec![(home(1), vec![one.clone(), two.clone()])];
    let first = ask(bed, PHONE_A, &request(&nowhere(), Ask::Feed, PHONE_A, push));
    assert_eq!((first.receipts.len(), first.receipts[0].count), (1, 2));
    assert_eq!((first.refusals.len(), first.cursor.seq, first.reconcile), (0, 2, false));
    assert!(carried(&first).is_empty());
    let push = vec![(home(1), vec![from_b.clone()])];
    let second = ask(bed, PHONE_B, &request(&nowhere(), Ask::Feed, PHONE_B, push));
    assert_eq!(carried(&second), [one, two]);
    assert_eq!((second.cursor.seq, second.receipts[0].seq), (3, 3));
    let third = ask(bed, PHONE_A, &request(&first, Ask::Feed, PHONE_A, vec![]));
    assert_eq!(carried(&third), [from_b]);
    assert_eq!((third.cursor, third.digest), (second.cursor, second.digest));
    let fourth = ask(bed, PHONE_B, &request(&second, Ask::Feed, PHONE_B, vec![]));
    assert_eq!(fourth.teammates.len(), 1);
    assert_eq!((fourth.teammates[0].member, fourth.teammates[0].seq), (WANG, 2));
}

fn lost_answers_and_repeated_requests_change_nothing<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    let mut a = Writer::new(home(1), WANG, 7);
    let changes: Vec<Vec<u8>> = (0..30).map(|number| a.write("phone", &number.to_string())).collect();
    let all = request(&nowhere(), Ask::Feed, PHONE_A, vec![(home(1), changes.clone())]);
    let first = ask(bed, PHONE_A, &all);
    let second = ask(bed, PHONE_A, &all);
    assert_eq!(first.receipts, second.receipts);
    assert_eq!((first.cursor, first.digest), (second.cursor, second.digest));
    bed.with(|log| {
        assert_eq!(log.end().unwrap().seq, 30);
        let stored = log.stored(home(1)).unwrap();
        let open = Document::open(DocKind::Household, home(1), stored.snapshot.as_deref(), &stored.changes);
        assert_eq!(open.unwrap().heads(), a.document.heads());
    });
}

fn sides_that_differ_find_the_difference<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    bed.enrol(PHONE_B, facts(LI));
    let mut a = Writer::new(home(1), WANG, 7);
    let (one, two) = (a.write("phone", "1"), a.write("phone", "2"));
    let push = vec![(home(1), vec![one.clone(), two.clone()])];
    ask(bed, PHONE_A, &request(&nowhere(), Ask::Feed, PHONE_A, push));
    let mut lost = nowhere();
    lost.cursor = Cursor { seq: 40, mark: [9; 8] };
    let told = ask(bed, PHONE_B, &request(&lost, Ask::Feed, PHONE_B, vec![]));
    assert!(told.reconcile);
    assert_eq!(told.arrivals, []);
    let mine = [Item::of(home(1), hash(&one))];
    let sums = request(&lost, Ask::Buckets(buckets(&mine)), PHONE_B, vec![]);
    let compared = ask(bed, PHONE_B, &sums);
    let wanted: Vec<[u8; 8]> = compared
        .held
        .iter()
        .flat_map(|(_, items)| items.iter().copied())
        .filter(|short| *short != mine[0].short())
        .collect();
    assert_eq!(wanted, [Item::of(home(1), hash(&two)).short()]);
    let sent = ask(bed, PHONE_B, &request(&lost, Ask::Want(wanted), PHONE_B, vec![]));
    assert_eq!(carried(&sent), [two]);
    bed.with(|log| assert_eq!(compared.digest, log.end().unwrap().digest));
}

fn a_document_of_two_spaces_is_the_same_in_both<B: LogBed>(bed: &mut B) {
    bed.enrol(PHONE_A, facts(WANG));
    bed.enrol(PHONE_B, facts(LI));
    let (mut writer, mut other) = (Writer::new(home(1), WANG, 7), Writer::new(home(2), WANG, 8));
    let (one, two, beside) = (
        writer.write("phone", "1"),
        writer.write("phone", "2"),
        other.write("phone", "3"),
    );
    bed.with_both(|here, there| {
        append(there, home(2), &beside, PHONE_A);
        append(here, home(1), &one, PHONE_A);
        append(here, home(1), &two, PHONE_A);
        assert_eq!(there.change(home(1), hash(&one)).unwrap(), None);
        assert!(there.rows_of(home(1)).unwrap().is_empty());
    });
    let meet = |bed: &mut B| bed.with_both(|here, there| hub::meet(here, there, home(1)).unwrap());
    assert_eq!((meet(bed), meet(bed)), (2, 0));
    // What is written in the other space comes here, and what was here already is not stored twice.
    let back = writer.write("phone", "4");
    bed.with_both(|_, there| append(there, home(1), &back, PHONE_B));
    assert_eq!((meet(bed), meet(bed)), (1, 0));
    bed.with_both(|here, there| {
        let hashes = |rows: Vec<FeedRow>| rows.into_iter().map(|row| row.hash).collect::<Vec<_>>();
        let wanted = [hash(&one), hash(&two), hash(&back)];
        assert_eq!(hashes(here.rows_of(home(1)).unwrap()), wanted);
        assert_eq!(hashes(there.rows_of(home(1)).unwrap()), wanted);
        assert_eq!(hashes(there.rows_after(0, 1_000_000).unwrap())[0], hash(&beside));
        assert_eq!(here.change(home(2), hash(&beside)).unwrap(), None);
        let rows = here.rows_of(home(1)).unwrap();
        assert_eq!(
            rows.iter().map(|row| row.device).collect::<Vec<_>>(),
            [PHONE_A, PHONE_A, PHONE_B]
        );
        is_whole(here, &writer.document);
        is_whole(there, &writer.document);
    });
}

/// The log ends with a document of three operations as it is here.
fn is_whole<L: Log<Error: Debug>>(log: &mut L, document: &Document) {
    let facts = log.document(document.id()).unwrap().expect("the document is known");
    assert!(facts.here);
    assert_eq!((facts.max_op, facts.ops), (document.max_op(), 3));
    let end = log.end().unwrap();
    let row = log.row(end.seq).unwrap().expect("the last row");
    assert_eq!((row.running, row.digest), (end.running, end.digest));
    let stored = log.stored(document.id()).unwrap();
    let open = Document::open(
        document.kind(),
        document.id(),
        stored.snapshot.as_deref(),
        &stored.changes,
    );
    assert_eq!(open.unwrap().heads(), document.heads());
}
