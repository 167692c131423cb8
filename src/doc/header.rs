//! Reads the head of a change without Automerge: who, which sequence, on what, how many operations. Bounded, so that
//! a hostile change is refused before anything is expanded (136 bytes can hold a million operations).

use super::columns::{CHUNK_DOCUMENT, COMPRESSED, GROUP, Input, MAGIC, runs};
use super::document::Hash;
use crate::base::id::{ActorBytes, MemberId};
use crate::base::limits::{CHANGE_ACTORS_MAX, CHANGE_BYTES_MAX, CHANGE_DEPS_MAX, CHANGE_OPS_MAX};
use sha2::{Digest, Sha256};

const CHUNK_CHANGE: u8 = 1;

/// Why bytes are not an acceptable change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("not a change, or cut short")]
    Malformed,
    #[error("the checksum does not match")]
    Checksum,
    #[error("compressed changes and columns are not accepted")]
    Compressed,
    #[error("longer than a change may be")]
    TooLong,
    #[error("more operations than a change may hold")]
    TooManyOps,
    #[error("more dependencies or actors than a change may name")]
    TooManyNames,
    #[error("actors of another length than sixteen bytes are not used here")]
    ForeignActor,
    #[error("depends on nothing: only genesis may, and it is never sent")]
    NoDependencies,
}

/// The head of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub hash: Hash,
    pub deps: Vec<Hash>,
    pub actor: ActorBytes,
    pub seq: u64,
    pub start_op: u64,
    /// Seconds since 1970 UTC by the clock of the device that made it.
    pub time_s: i64,
    /// Rows of the longest column: at least the number of operations.
    pub ops: u64,
    /// Who made it; stands on an actor's first change only.
    pub author: Option<MemberId>,
}

impl Header {
    /// Highest operation number of the change.
    pub fn max_op(&self) -> u64 {
        self.start_op + self.ops.saturating_sub(1)
    }

    /// Reads the head of `bytes`, which must be exactly one uncompressed change.
    pub fn read(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > CHANGE_BYTES_MAX {
            return Err(HeaderError::TooLong);
        }
        let mut input = Input(bytes);
        if input.take(4)? != MAGIC {
            return Err(HeaderError::Malformed);
        }
        let checksum = input.take(4)?;
        let hashed = input.0;
        match input.take(1)?[0] {
            CHUNK_CHANGE => {}
            2 => return Err(HeaderError::Compressed),
            _ => return Err(HeaderError::Malformed),
        }
        if input.uleb()? != input.0.len() as u64 {
            return Err(HeaderError::Malformed);
        }
        let hash: [u8; 32] = Sha256::digest(hashed).into();
        if hash[..4] != *checksum {
            return Err(HeaderError::Checksum);
        }
        Self::read_body(input, Hash(hash))
    }

    fn read_body(mut input: Input<'_>, hash: Hash) -> Result<Self, HeaderError> {
        let deps = input.names(CHANGE_DEPS_MAX, |input| Ok(Hash(input.array()?)))?;
        if deps.is_empty() {
            return Err(HeaderError::NoDependencies);
        }
        let actor = input.actor()?;
        let seq = input.uleb()?;
        let start_op = input.uleb()?;
        let time_s = input.sleb()?;
        let message = input.uleb()?;
        input.part(message)?;
        input.names(CHANGE_ACTORS_MAX, |input| input.actor())?;
        let columns = input.columns()?;
        let mut ops = 0;
        for (specification, length) in columns {
            let data = input.part(length)?;
            ops = ops.max(rows(specification, Input(data))?);
        }
        if seq == 0 || start_op == 0 || start_op > u64::from(u32::MAX) {
            return Err(HeaderError::Malformed);
        }
        let author = input.author();
        Ok(Self {
            hash,
            deps,
            actor,
            seq,
            start_op,
            time_s,
            ops: ops.max(1),
            author,
        })
    }
}

/// The heads of a whole document as it was saved, without opening it; nothing of other bytes.
pub fn saved_heads(saved: &[u8]) -> Option<Vec<Hash>> {
    let mut input = Input(saved);
    let magic = input.take(4).ok()?;
    input.take(4).ok()?;
    if magic != MAGIC || input.take(1).ok()? != [CHUNK_DOCUMENT] {
        return None;
    }
    input.uleb().ok()?;
    // A whole document may name more actors than a change: every start of the app brings one.
    let actors = input.uleb().ok()?;
    for _ in 0..actors.min(saved.len() as u64) {
        input.actor().ok()?;
    }
    input.names(saved.len() / 32, |input| Ok(Hash(input.array()?))).ok()
}

/// Rows that one column expands to, from its run lengths alone.
fn rows(specification: u64, input: Input<'_>) -> Result<u64, HeaderError> {
    if specification & COMPRESSED != 0 {
        return Err(HeaderError::Compressed);
    }
    let kind = specification & 0b111;
    let (mut rows, mut grouped) = (0u64, 0u64);
    runs(kind, input, &mut |count, value| {
        rows = rows.saturating_add(count);
        if kind == GROUP {
            grouped = grouped.saturating_add(value.unwrap_or(0).unsigned_abs().saturating_mul(count));
        }
        if rows.max(grouped) > CHANGE_OPS_MAX {
            Err(HeaderError::TooManyOps)
        } else {
            Ok(())
        }
    })?;
    // The columns of predecessors (id 7) hold one row per predecessor, not per operation.
    Ok(if specification >> 4 == 7 && kind != GROUP {
        0
    } else {
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, AutoCommit, ObjType, ROOT};

    fn doc_with(changes: usize) -> (AutoCommit, Vec<Vec<u8>>) {
        let mut doc = AutoCommit::new();
        doc.set_actor(ActorId::from([7u8; 16].as_slice()));
        let table = doc.put_object(ROOT, "visits", ObjType::Map).unwrap();
        doc.commit();
        for turn in 0..changes {
            let record = doc.put_object(&table, format!("record{turn}"), ObjType::Map).unwrap();
            doc.put(&record, "on", "2019-08-15").unwrap();
            doc.put(&record, "count", turn as i64).unwrap();
            doc.put(&record, "on", "2019-08-16").unwrap();
            let text = doc.put_object(&record, "words", ObjType::Text).unwrap();
            doc.splice_text(&text, 0, 0, "厨房有裂缝").unwrap();
            doc.commit_with(CommitOptions::default().with_time(1_565_830_000 + turn as i64));
        }
        let changes = doc
            .get_changes(&[])
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect();
        (doc, changes)
    }

    #[test]
    fn agrees_with_automerge() {
        let (mut doc, changes) = doc_with(3);
        for (bytes, change) in changes.iter().zip(doc.get_changes(&[])).skip(1) {
            let header = Header::read(bytes).unwrap();
            assert_eq!(header.hash.0, change.hash().0);
            assert_eq!(header.seq, change.seq());
            assert_eq!(header.start_op, change.start_op().get());
            assert_eq!(header.ops, change.len() as u64);
            assert_eq!(header.max_op(), change.max_op());
            assert_eq!(header.time_s, change.timestamp());
            assert_eq!(
                header.deps.iter().map(|dep| dep.0).collect::<Vec<_>>(),
                change.deps().iter().map(|dep| dep.0).collect::<Vec<_>>()
            );
        }
        assert_eq!(Header::read(&changes[0]), Err(HeaderError::NoDependencies));
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_an_error() {
        let (_, changes) = doc_with(1);
        let good = &changes[1];
        for length in 0..good.len() {
            assert!(Header::read(&good[..length]).is_err(), "cut at {length}");
        }
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 0x40;
            assert!(Header::read(&bad).is_err(), "flipped {place}");
        }
    }

    /// Wraps a body as a change chunk with a right checksum.
    fn chunk(body: &[u8]) -> Vec<u8> {
        let mut hashed = vec![CHUNK_CHANGE];
        let mut length = body.len();
        while length >= 0x80 {
            hashed.push(length as u8 | 0x80);
            length >>= 7;
        }
        hashed.push(length as u8);
        hashed.extend_from_slice(body);
        let digest = Sha256::digest(&hashed);
        [&MAGIC[..], &digest[..4], &hashed].concat()
    }

    #[test]
    fn a_bomb_of_operations_is_refused_from_its_run_lengths() {
        let mut body = vec![1];
        body.extend([9; 32]);
        body.push(16);
        body.extend([7; 16]);
        body.extend([1, 1, 0, 0, 0]); // seq, start_op, time, message, other actors
        body.extend([1, 0x42, 4]); // one column: the action column, four bytes
        body.extend([0xc0, 0x84, 0x3d, 1]); // one million times `put`
        assert_eq!(Header::read(&chunk(&body)), Err(HeaderError::TooManyOps));
    }
}
