//! Bombs of every shape, each made of an honest document by one column.

use super::*;
use crate::base::id::{ActorBytes, DocId, MemberId, RecordId};
use crate::doc::{At, DocError, DocKind, Document, Edit, Put};
use flate2::{Compress, Compression, FlushCompress};
use sha2::{Digest as _, Sha256};

const HOME: DocId = DocId([3; 16]);

/// Specification and bytes of a column.
type Column = (u64, Vec<u8>);

/// A saved document in its parts.
#[derive(Clone)]
struct Parts {
    actors: Vec<u8>,
    heads: Vec<u8>,
    changes: Vec<Column>,
    operations: Vec<Column>,
    tail: Vec<u8>,
}

fn uleb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn sleb(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        let negative = byte & 0x40 != 0;
        if (value == 0 && !negative) || (value == -1 && negative) {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

/// So often the same.
fn run(count: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    sleb(&mut out, count as i64);
    out.extend(value);
    out
}

impl Parts {
    fn read(saved: &[u8]) -> Self {
        let mut input = Input(&saved[9..]);
        assert_eq!(input.uleb().unwrap(), input.0.len() as u64);
        let mut names = |bytes_each: usize| {
            let mut ahead = Input(input.0);
            let count = ahead.uleb().unwrap() as usize;
            let head = input.0.len() - ahead.0.len();
            input.take(head + count * bytes_each).unwrap().to_vec()
        };
        let (actors, heads) = (names(17), names(32));
        let (of_changes, of_operations) = (input.columns().unwrap(), input.columns().unwrap());
        let mut data = |columns: Vec<(u64, u64)>| -> Vec<Column> {
            let columns = columns.into_iter();
            columns
                .map(|(specification, length)| (specification, input.part(length).unwrap().to_vec()))
                .collect()
        };
        let (changes, operations) = (data(of_changes), data(of_operations));
        let tail = input.0.to_vec();
        Self {
            actors,
            heads,
            changes,
            operations,
            tail,
        }
    }

    fn write(&self) -> Vec<u8> {
        let mut body = [&self.actors[..], &self.heads].concat();
        for columns in [&self.changes, &self.operations] {
            uleb(&mut body, columns.len() as u64);
            for (specification, data) in columns {
                uleb(&mut body, *specification);
                uleb(&mut body, data.len() as u64);
            }
        }
        for (_, data) in self.changes.iter().chain(&self.operations) {
            body.extend(data);
        }
        body.extend(&self.tail);
        let mut hashed = vec![CHUNK_DOCUMENT];
        uleb(&mut hashed, body.len() as u64);
        hashed.extend(body);
        [&MAGIC[..], &Sha256::digest(&hashed)[..4], &hashed].concat()
    }

    fn with(&self, of_changes: bool, specification: u64, data: Vec<u8>) -> Self {
        let mut other = self.clone();
        let columns = if of_changes {
            &mut other.changes
        } else {
            &mut other.operations
        };
        columns.retain(|(known, _)| known & !COMPRESSED != specification & !COMPRESSED);
        columns.push((specification, data));
        columns.sort_by_key(|(specification, _)| specification & !COMPRESSED);
        other
    }
}

/// Forty phones write one number after the other, some without having seen the last; a visit has a note.
fn family() -> Document {
    family_after(40)
}

fn family_after(turns: u8) -> Document {
    let mut document = Document::new(DocKind::Household, HOME);
    let mut seen = document.heads();
    let visit = At::In("visits".into(), RecordId([9; 16]));
    for turn in 0..turns {
        let mut puts = vec![Put::Value {
            at: At::Own,
            key: "phone".into(),
            value: format!("139{turn:08}").as_str().into(),
        }];
        if turn == 3 {
            puts.push(Put::Create {
                at: visit.clone(),
                fields: vec![("on".into(), "2019-08-15".into())],
                notes: vec![("words".into(), "厨房有裂缝".repeat(40))],
            });
        }
        let edit = Edit {
            author: MemberId(*b"wang............"),
            at_ms: 1_565_830_000_000,
            base: seen.clone(),
            puts,
        };
        document.edit(&edit, ActorBytes([turn; 16])).unwrap();
        if turn % 3 > 0 {
            seen = document.heads();
        }
    }
    document
}

fn loaded(parts: &Parts) -> Result<(), DocError> {
    Document::load(DocKind::Household, HOME, &parts.write()).map(|_| ())
}

fn parts() -> Parts {
    Parts::read(&family().save_uncompressed())
}

#[test]
fn an_honest_document_passes_compressed_and_not() {
    let family = family();
    assert_eq!(parts().write(), family.save_uncompressed());
    for saved in [family.save(), family.save_uncompressed()] {
        let again = Document::load(DocKind::Household, HOME, &saved).unwrap();
        assert_eq!(again.heads(), family.heads());
    }
    let saved = family.save();
    assert!(
        Parts::read(&saved)
            .operations
            .iter()
            .any(|(specification, _)| specification & COMPRESSED != 0),
        "something is compressed in it"
    );
}

#[test]
fn rows_beyond_the_limit_are_refused_in_every_column() {
    let honest = parts();
    for (of_changes, columns, most) in [
        (true, &honest.changes, DOCUMENT_DEPS_MAX),
        (false, &honest.operations, DOCUMENT_OPS_MAX),
    ] {
        let runs = columns.iter().filter(|(specification, _)| specification & RAW != RAW);
        for (specification, _) in runs {
            let bomb = match specification & 0b111 {
                4 => {
                    let mut bomb = Vec::new();
                    uleb(&mut bomb, most + 1);
                    bomb
                }
                _ => run(most + 1, &[1, b'a']),
            };
            let bomb = honest.with(of_changes, *specification, bomb);
            assert_eq!(loaded(&bomb), Err(DocError::TooLarge), "{specification:x}");
        }
    }
    // One row that stands for a billion of another column.
    for (of_changes, specification) in [(true, DEPS), (false, 0x80)] {
        let bomb = honest.with(of_changes, specification, run(1, &[0xff, 0xff, 0xff, 0x7f]));
        assert_eq!(loaded(&bomb), Err(DocError::TooLarge), "{specification:x}");
    }
}

#[test]
fn numbers_that_no_operation_bears_are_refused() {
    // One change behind the genesis: two differences that are not the same.
    let honest = Parts::read(&family_after(1).save_uncompressed());
    let genesis = honest
        .changes
        .iter()
        .find(|(specification, _)| *specification == MAX_OP)
        .unwrap();
    let mut highest = Vec::new();
    runs(DELTA, Input(&genesis.1), &mut |count, value| {
        highest.extend((0..count).map(|_| value.unwrap()));
        Ok(())
    })
    .unwrap();
    let claims = |first: i64| {
        let mut bomb = Vec::new();
        sleb(&mut bomb, -(highest.len() as i64));
        sleb(&mut bomb, highest[0] + first);
        highest[1..].iter().for_each(|value| sleb(&mut bomb, *value));
        honest.with(true, MAX_OP, bomb)
    };
    assert_eq!(
        claims(0).write(),
        honest.write(),
        "the column is written here as the library writes it"
    );
    assert_eq!(loaded(&claims(1_300_000)), Err(DocError::TooLarge));
    assert_eq!(loaded(&claims(i64::from(u32::MAX))), Err(DocError::Unreadable));
    assert_eq!(loaded(&claims(-1_000)), Err(DocError::Unreadable));
}

#[test]
fn what_inflates_without_end_is_refused() {
    let mut small = Vec::with_capacity(1 << 20);
    let zeros = vec![0u8; DOCUMENT_INFLATED_MAX + 1];
    Compress::new(Compression::fast(), false)
        .compress_vec(&zeros, &mut small, FlushCompress::Finish)
        .unwrap();
    let honest = parts();
    for (of_changes, specification) in [(true, 0x57), (false, 0x57), (false, 0x15)] {
        let bomb = honest.with(of_changes, specification | COMPRESSED, small.clone());
        assert_eq!(loaded(&bomb), Err(DocError::TooLarge), "{specification:x}");
    }
}

#[test]
fn a_long_key_shared_by_many_operations_is_refused() {
    let mut word = Vec::new();
    uleb(&mut word, 4_000);
    word.extend([b'a'; 4_000]);
    for (of_changes, specification) in [(true, 0x35), (false, 0x15), (false, 0xa5)] {
        let bomb = parts().with(of_changes, specification, run(60_000, &word));
        assert_eq!(loaded(&bomb), Err(DocError::TooLarge), "{specification:x}");
    }
}

#[test]
fn too_many_actors_for_the_changes_are_refused() {
    let actors = |count: u64| {
        let mut actors = Vec::new();
        uleb(&mut actors, count);
        (0..count).for_each(|_| actors.extend([16; 17]));
        Parts { actors, ..parts() }
    };
    assert_eq!(loaded(&actors(DOCUMENT_ACTORS_MAX + 1)), Err(DocError::TooLarge));
    let clocks = actors(DOCUMENT_ACTORS_MAX).with(true, 1, run(DOCUMENT_CHANGES_MAX, &[0]));
    assert_eq!(loaded(&clocks), Err(DocError::TooLarge));
}

#[test]
fn only_one_document_and_each_column_once() {
    let (family, honest) = (family(), parts());
    let change = family.changes_since(&[]).remove(0).1;
    for more in [change, family.save(), vec![0]] {
        let saved = [family.save(), more].concat();
        let loaded = Document::load(DocKind::Household, HOME, &saved).map(|_| ());
        assert_eq!(loaded, Err(DocError::Unreadable));
    }
    let mut twice = honest.clone();
    twice.operations.insert(0, honest.operations[0].clone());
    assert_eq!(loaded(&twice), Err(DocError::Unreadable));
    let mut many = honest;
    many.operations = (0..33).map(|place| (place * 16 + 7, Vec::new())).collect();
    assert_eq!(loaded(&many), Err(DocError::TooLarge));
}
