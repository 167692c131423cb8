//! Stored documents: chunks as the storage gave them back, chunks whose envelope is right and whose inside is not, and
//! documents and changes whose checksums are right as well.

use crate::chunk;
use crate::input::Input;
use crate::panics::of_library;
use crate::village::FAMILY;
use bianfang::base::codec::Writer;
use bianfang::client::opens;
use bianfang::doc::{DocKind, Document};
use bianfang::index::Row;
use sha2::{Digest as _, Sha256};

/// Chunks of one input.
const CHUNKS_MAX: usize = 12;
/// The stored value itself.
pub const VALUE: u8 = 0;
/// The inside of an envelope.
pub const INSIDE: u8 = 1;
/// One saved document or change, whatever it is.
pub const PART: u8 = 2;
/// The body of a saved document or of a change, under a right checksum.
pub const BODY: u8 = 3;

/// The target: each chunk is a byte for its place (0 a snapshot, else changes), one for how deep its bytes reach, and
/// the bytes with their length before them.
pub fn run(bytes: &[u8]) {
    let mut input = Input(bytes);
    let mut entries = Vec::new();
    while !input.is_empty() && entries.len() < CHUNKS_MAX {
        let (place, depth) = (input.byte() % 2, input.byte() % 4);
        let part = input.part();
        let stored = match depth {
            VALUE => part.to_vec(),
            INSIDE => envelope(part),
            PART => envelope(&inside(part)),
            _ => {
                let kind = if place == 0 { chunk::DOCUMENT } else { chunk::CHANGE };
                envelope(&inside(&chunk::wrap(kind, part)))
            }
        };
        let name: [u8; 32] = Sha256::digest(part).into();
        entries.push(([FAMILY.as_bytes().as_slice(), &[place], &name].concat(), stored));
    }
    // Bytes like these come from nowhere: every chunk lies in an envelope with a checksum. What the library makes of them
    // is its own; code of ours must stand it.
    of_library(|| {
        let document = opens(FAMILY, entries).ok()??;
        // What a forged change makes of it may not open again: then it stays in its chunks. What is folded shows the same.
        if let Some(saved) = document.save_proven() {
            let again = Document::load(document.kind(), document.id(), &saved).ok()?;
            assert_eq!(Row::of(&again, &[5; 32]), Row::of(&document, &[5; 32]));
        }
        shows(&document);
        Some(())
    });
}

/// A document that opened can be listed and read with its history.
pub fn shows(document: &Document) {
    let kind = document.kind();
    let changes: Vec<Vec<u8>> = document
        .changes_since(&[])
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    assert_eq!(changes.len(), document.hashes().len());
    let row = Row::of(document, &[5; 32]);
    assert_eq!(Row::decode(&row.encode()), Ok(row));
    for step in document.history(None) {
        document.record_at(&step.at, &step.change.deps);
    }
    for table in kind.tables() {
        document.records(table);
    }
    document.own();
}

fn envelope(bytes: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(bytes);
    [&[0], &digest[..4], bytes].concat()
}

fn inside(part: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(DocKind::Household as u8);
    writer.number(1);
    writer.bytes(part);
    writer.finish()
}
