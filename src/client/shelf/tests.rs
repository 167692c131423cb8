//! Shelves in a storage in memory: what a forged change cannot spoil.

use super::*;
use crate::base::id::{ActorBytes, MemberId};
use crate::client::memory::MemoryStore;
use crate::doc::{At, Edit, Hash, Put};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const FAMILY: DocId = DocId([3; 16]);
const KIND: DocKind = DocKind::Household;

/// A change of that household which applies, and whose document does not open again once it was saved:
/// `fuzz/seeds/document/a-change-whose-document-does-not-open-again.bin`.
const FORGED: &str = "\
    856f4a83863ba71201970201e58a00ecc02c2d01ce85ef9e17a427d0b4d2a81ae31bc403b5134130d63273d81028282828282828\
    282828282828282828011400000000000000106269616e66616e672f67656e657369730801040206154934014208560d573d7002\
    0401040003047f0a041178066e756d6265720567726f75708570686f6e651a303130343047323038313034304732303831303430\
    4732303831046e616d650872656c6174696f6e0569645f6e6f05776f706572736f6e737264730803017f0003017f047c860246b6\
    010002667ea602003432323832323130343239393030333733e7bb843135343030303030303031e78e8be88ab3e688b7e4b8bb31\
    313031303531393439313233313030325808000110000000000000000000";

fn forged() -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&FORGED[at..at + 2], 16).unwrap();
    (0..FORGED.len()).step_by(2).map(byte).collect()
}

/// A store in memory answers at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory never waits"),
    }
}

fn taken(store: &MemoryStore) -> Shelved {
    match now(take(store, FAMILY)).unwrap() {
        Taken::Open(shelved) => shelved,
        Taken::Absent => panic!("nothing is there"),
        Taken::Unreadable(error, _) => panic!("lost: {error}"),
    }
}

/// A shelf with a chunk for each of so many saves, and one with the forged change.
fn shelf_with_forged(saves: usize) -> (MemoryStore, Vec<Hash>) {
    let store = MemoryStore::default();
    let mut honest = Document::new(KIND, FAMILY);
    let mut batch = Batch::default();
    for number in 0..saves {
        let edit = Edit {
            author: MemberId([2; 16]),
            at_ms: 1_565_830_000_000,
            base: honest.heads(),
            puts: vec![Put::Value {
                at: At::Own,
                key: "address".into(),
                value: format!("三组{number}号").as_str().into(),
            }],
        };
        let made = honest.edit(&edit, ActorBytes([9; 16])).unwrap().unwrap();
        put_changes(&mut batch, KIND, FAMILY, &[made.bytes]);
    }
    put_changes(&mut batch, KIND, FAMILY, &[forged()]);
    now(store.commit(batch, Durability::Strict)).unwrap();
    let heads = taken(&store).document.heads();
    (store, heads)
}

#[test]
fn a_document_that_would_not_open_again_stays_in_its_chunks() {
    let (store, heads) = shelf_with_forged(CHUNKS_BEFORE_SNAPSHOT);
    let mut shelved = taken(&store);
    assert!(
        shelved.document.save_proven().is_none(),
        "the change is as forged as it was"
    );
    now(fold(&store, &mut shelved)).unwrap();
    let again = taken(&store);
    assert_eq!((again.document.heads(), again.damaged), (heads, Vec::<Vec<u8>>::new()));
    assert_eq!(again.keys.len(), CHUNKS_BEFORE_SNAPSHOT + 1);
}

#[test]
fn a_stored_snapshot_that_does_not_open_counts_as_damaged_beside_what_it_should_replace() {
    let (store, heads) = shelf_with_forged(3);
    let mut batch = Batch::default();
    let key = put_snapshot(&mut batch, KIND, FAMILY, &taken(&store).document.save());
    now(store.commit(batch, Durability::Strict)).unwrap();
    let again = taken(&store);
    assert_eq!((again.document.heads(), again.damaged), (heads, vec![key.clone()]));
    assert!(!again.keys.contains(&key));
}

#[test]
fn a_snapshot_alone_that_does_not_open_is_no_empty_household() {
    let store = MemoryStore::default();
    let mut batch = Batch::default();
    let key = put_snapshot(&mut batch, KIND, FAMILY, b"no document");
    now(store.commit(batch, Durability::Strict)).unwrap();
    match now(take(&store, FAMILY)).unwrap() {
        Taken::Unreadable(DocError::Unreadable, remains) => assert_eq!(remains.damaged, [key]),
        _ => panic!("it cannot be read"),
    }
}
