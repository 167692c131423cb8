//! Hostile changes handed to the hub of a village that has a history: bodies of changes under right checksums. What is
//! refused leaves nothing behind; what is taken every phone can open, save, show and send on.

use crate::chunk;
use crate::input::Input;
use crate::panics::of_library;
use crate::village::{self, FAMILY, FINDING};
use bianfang::base::id::{ActorBytes, DeviceId, DocId, MemberId, SpaceId};
use bianfang::doc::{DocKind, Document, Hash};
use bianfang::index::Row;
use bianfang::sync::digest::{Digest, Item};
use bianfang::sync::hub::{Caller, Judge, answer};
use bianfang::sync::log::{DeviceFacts, Log as _, Role, Stored};
use bianfang::sync::memory::MemoryLog;
use bianfang::sync::wire::{Ask, Bundle, Cursor, DocChanges, Receipt, SyncRequest, SyncResponse};
use bianfang_endpoint::judge::Bench;
use std::sync::OnceLock;

/// Changes of one input.
const CHANGES_MAX: usize = 12;
const SPACE: SpaceId = SpaceId([1; 16]);
/// Whose phone is in wrong hands; the others wrote the history.
pub const HOSTILE: u8 = 2;
/// The first dependency becomes the change before.
pub const CHAINED: u8 = 1;
/// The bytes are the whole chunk.
pub const WHOLE: u8 = 2;

/// Takes every signature; opens documents as the endpoint does.
struct Trusting;

impl Judge for Trusting {
    fn verify(&self, _public_key: &[u8; 65], _message: &[u8], _signature: &[u8; 64]) -> bool {
        true
    }
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        of_library(|| Bench.try_apply(kind, document, stored, changes))
    }
}

fn device(number: u8) -> DeviceId {
    DeviceId([100 + number; 16])
}

fn hand_over(log: &mut MemoryLog, from: u8, part: DocChanges) -> SyncResponse {
    let caller = Caller {
        space: SPACE,
        device: device(from),
    };
    let request = SyncRequest {
        cursor: Cursor::default(),
        digest: Digest::default(),
        presence: 0,
        ask: Ask::Feed,
        bundles: vec![Bundle {
            device: device(from),
            documents: vec![part],
            signature: [0; 64],
        }],
    };
    let Ok(response) = answer(log, &Trusting, caller, &request, village::AT_MS);
    response
}

/// The village as it was before.
fn before() -> MemoryLog {
    static LOG: OnceLock<MemoryLog> = OnceLock::new();
    let make = || {
        let mut log = MemoryLog::default();
        for number in 0..=HOSTILE {
            let facts = DeviceFacts {
                member: MemberId([number; 16]),
                public_key: [4; 65],
                revoked: false,
                role: Role::Member,
            };
            log.put_device(device(number), facts);
        }
        let history = village::family().changes_since(&[]);
        for (number, (_, bytes)) in history.into_iter().enumerate() {
            let part = DocChanges {
                kind: DocKind::Household,
                document: FAMILY,
                changes: vec![bytes],
            };
            let response = hand_over(&mut log, number as u8 % 2, part);
            assert!(response.refusals.is_empty(), "{:?}", response.refusals);
        }
        log
    };
    LOG.get_or_init(make).clone()
}

/// What an input hands over, and whose phone does.
fn read(bytes: &[u8]) -> (u8, DocChanges) {
    let mut input = Input(bytes);
    let from = [HOSTILE, HOSTILE, 0][input.choice(3)];
    let (kind, document) = [
        (DocKind::Household, FAMILY),
        (DocKind::Finding, FINDING),
        (DocKind::Finding, FAMILY),
    ][input.choice(3)];
    let mut changes: Vec<Vec<u8>> = Vec::new();
    while !input.is_empty() && changes.len() < CHANGES_MAX {
        let mark = input.byte();
        let mut body = input.part().to_vec();
        if mark & CHAINED != 0
            && let (Some(last), Some(dependency)) = (changes.last(), body.get_mut(1..33))
        {
            dependency.copy_from_slice(&chunk::hash(last));
        }
        changes.push(if mark & WHOLE != 0 {
            body
        } else {
            chunk::wrap(chunk::CHANGE, &body)
        });
    }
    (
        from,
        DocChanges {
            kind,
            document,
            changes,
        },
    )
}

/// The target.
pub fn run(bytes: &[u8]) {
    let (from, part) = read(bytes);
    let mut log = before();
    let (rows, Ok(end), Ok(stored)) = (log.rows().len(), log.end(), log.stored(part.document));
    let response = hand_over(&mut log, from, part.clone());
    assert!(!response.reconcile);
    let mut judged = vec![0; part.changes.len()];
    let mut taken: Vec<usize> = Vec::new();
    for receipt in &response.receipts {
        taken.extend((receipt.position..receipt.position + receipt.count).map(|position| position as usize));
    }
    let refused = response.refusals.iter().map(|refusal| refusal.position as usize);
    taken
        .iter()
        .copied()
        .chain(refused)
        .for_each(|position| judged[position] += 1);
    assert!(
        judged.iter().all(|times| *times == 1),
        "each change is judged once: {judged:?}"
    );
    let (Ok(new_end), Ok(new_stored)) = (log.end(), log.stored(part.document));
    if log.rows().len() == rows {
        assert_eq!(
            (new_end.seq, new_end.digest, new_end.running),
            (end.seq, end.digest, end.running)
        );
        assert_eq!(
            (new_stored.snapshot, new_stored.changes),
            (stored.snapshot, stored.changes)
        );
        return;
    }
    opens_everywhere(&mut log, &part, &taken);
    let rows = log.rows().len();
    let again = hand_over(&mut log, from, part);
    let receipted = |position: usize| {
        let here =
            |receipt: &Receipt| (receipt.position..receipt.position + receipt.count).contains(&(position as u64));
        again.receipts.iter().any(here)
    };
    assert!(taken.into_iter().all(receipted), "what was taken is receipted again");
    assert_eq!(log.rows().len(), rows, "what is known is not stored again");
}

/// The document at the endpoint, and on a phone that takes the feed change by change.
fn opens_everywhere(log: &mut MemoryLog, part: &DocChanges, taken: &[usize]) {
    let (kind, id) = (part.kind, part.document);
    let Ok(stored) = log.stored(id);
    let here = Document::open(kind, id, stored.snapshot.as_deref(), &stored.changes).expect("what was taken opens");
    for position in taken {
        assert!(here.has(Hash(chunk::hash(&part.changes[*position]))));
    }
    let mut digest = Digest::default();
    let mut there = Document::new(kind, id);
    for row in log.rows() {
        digest.add(&Item::of(row.document, row.hash));
        if row.document == id {
            assert_eq!(row.hash.0, chunk::hash(&row.bytes));
            there
                .apply([&row.bytes])
                .expect("the feed is causal and every change of it applies");
        }
    }
    let Ok(end) = log.end();
    assert_eq!(end.digest, digest);
    assert_eq!(there.heads(), here.heads());
    let reloaded = Document::load(kind, id, &there.save()).expect("what is saved is loaded");
    assert_eq!(reloaded.heads(), here.heads());
    super::document::shows(&there);
    assert_eq!(Row::of(&reloaded, &[5; 32]), Row::of(&here, &[5; 32]));
}

/// Good changes by the phone in wrong hands: two upon each other, one beside them, and one of a new document.
pub fn honest() -> Vec<Vec<Vec<u8>>> {
    let author = MemberId([HOSTILE; 16]);
    let actor = |number: u8| ActorBytes([70 + number; 16]);
    let (mut one, mut other) = (village::family(), village::family());
    let mut new = Document::new(DocKind::Finding, FINDING);
    let own = |key: &str, text: &str| village::value(bianfang::doc::At::Own, key, text);
    let person = bianfang::doc::At::table("persons", village::record(9));
    vec![
        vec![
            village::write(&mut one, author, actor(1), vec![own("phone", "15400000003")]),
            village::write(
                &mut one,
                author,
                actor(1),
                vec![village::create(
                    person,
                    &[("name", "周小怡"), ("relation", "之女")],
                    "在外读书",
                )],
            ),
        ],
        vec![village::write(&mut other, author, actor(2), vec![own("group", "4组")])],
        vec![village::write(
            &mut new,
            author,
            actor(3),
            vec![own("category", "住房")],
        )],
    ]
}
