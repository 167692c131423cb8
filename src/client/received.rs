//! When the endpoint received each change, by its own clock: shown under 详情, part of no document and of no export. A
//! stored format, beside the other things the phone knows: one entry for each exchange that brought something.

use super::envelope;
use super::store::{Batch, Store, StoreError, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::doc::Hash;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const PREFIX: &[u8] = b"received/";

/// The first bytes of a change's hash: enough to tell changes of one document apart.
type Short = [u8; 8];

/// Seconds since 1970 UTC, by change.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Received(BTreeMap<Short, i64>);

fn short(hash: &[u8]) -> Short {
    let mut short = [0; 8];
    short.copy_from_slice(&hash[..8]);
    short
}

impl Received {
    /// When a change was received.
    pub(super) fn at_s(&self, hash: Hash) -> Option<i64> {
        self.0.get(&short(&hash.0)).copied()
    }

    /// What is noted of a document. Damaged entries are left out.
    pub(super) async fn read(store: &impl Store, document: DocId) -> Result<Self, StoreError> {
        let prefix = [PREFIX, document.as_bytes()].concat();
        let mut received = Self::default();
        for (_, stored) in store.range(Table::State, &prefix).await? {
            let times = envelope::open(&stored).and_then(|body| decode(body).ok());
            received.0.extend(times.unwrap_or_default());
        }
        Ok(received)
    }
}

/// Notes when changes of a document were received.
pub(super) fn put(batch: &mut Batch, document: DocId, times: &[(Hash, i64)]) {
    if times.is_empty() {
        return;
    }
    let written = encode(times);
    let name = Sha256::digest(&written);
    let key = [PREFIX, document.as_bytes(), &name[..8]].concat();
    batch.put(Table::State, key, envelope::seal(&written));
}

fn encode(times: &[(Hash, i64)]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(1);
    writer.number(times.len() as u64);
    let mut before = 0;
    for (hash, at_s) in times {
        writer.raw(&short(&hash.0));
        writer.signed(at_s.wrapping_sub(before));
        before = *at_s;
    }
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<Vec<(Short, i64)>, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte()? != 1 {
        return Err(DecodeError::Tag);
    }
    let mut at_s: i64 = 0;
    let times = (0..reader.count(bytes.len() / 9)?)
        .map(|_| {
            let hash = reader.array()?;
            at_s = at_s.wrapping_add(reader.signed()?);
            Ok((hash, at_s))
        })
        .collect::<Result<_, DecodeError>>()?;
    reader.end()?;
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_for_ever() {
        let times = [
            (Hash([7; 32]), 1_565_830_100),
            (Hash([8; 32]), 1_565_830_100),
            (Hash([9; 32]), 1_565_830_000),
        ];
        let written = encode(&times);
        let hex: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, include_str!("../../tests/golden/received.hex").trim());
        let read: Vec<_> = times.iter().map(|(hash, at_s)| (short(&hash.0), *at_s)).collect();
        assert_eq!(decode(&written), Ok(read));
        for length in 0..written.len() {
            assert!(decode(&written[..length]).is_err());
        }
    }
}
