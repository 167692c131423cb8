//! When the endpoint received each change, by its own clock: shown under 详情, part of no document and of no export. A
//! stored format, beside the other things the phone knows: one entry for each exchange that brought something.

use super::envelope;
use super::store::{Batch, Store, StoreError, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::doc::{Document, Hash, saved_heads};
use crate::sync::pack::PackedDoc;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const PREFIX: &[u8] = b"received/";

/// The first bytes of a change's hash: enough to tell changes of one document apart.
type Short = [u8; 8];

/// Changes as the feed brought them, each with its time.
const OF_FEED: u8 = 1;
/// The times of everything behind some heads, as a first load brought them.
const OF_PACK: u8 = 2;

/// One entry.
#[derive(Debug, PartialEq, Eq)]
enum Noted {
    Feed(Vec<(Short, i64)>),
    Pack(Vec<Hash>, Vec<i64>),
}

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
    pub(super) async fn read(store: &impl Store, document: &Document) -> Result<Self, StoreError> {
        let prefix = [PREFIX, document.id().as_bytes()].concat();
        let entries = store.range(Table::State, &prefix).await?;
        let noted = entries
            .iter()
            .filter_map(|(_, stored)| decode(envelope::open(stored)?).ok());
        let mut received = Self::default();
        for noted in noted {
            match noted {
                Noted::Feed(times) => received.0.extend(times),
                Noted::Pack(heads, times) => {
                    let changes = document.behind(&heads).into_iter();
                    let known = changes.zip(times).filter(|(_, at_s)| *at_s != 0);
                    received
                        .0
                        .extend(known.map(|(change, at_s)| (short(&change.hash.0), at_s)));
                }
            }
        }
        Ok(received)
    }
}

/// Notes when changes of a document were received.
pub(super) fn put(batch: &mut Batch, document: DocId, times: &[(Hash, i64)]) {
    if times.is_empty() {
        return;
    }
    put_entry(batch, document, &encode(times));
}

/// Notes what a first load tells of a document, without opening it.
pub(super) fn put_packed(batch: &mut Batch, packed: &PackedDoc) {
    if let Some(heads) = saved_heads(&packed.saved).filter(|_| !packed.received.is_empty()) {
        put_entry(batch, packed.document, &encode_packed(&heads, &packed.received));
    }
}

fn put_entry(batch: &mut Batch, document: DocId, written: &[u8]) {
    let name = Sha256::digest(written);
    let key = [PREFIX, document.as_bytes(), &name[..8]].concat();
    batch.put(Table::State, key, envelope::seal(written));
}

fn encode(times: &[(Hash, i64)]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(OF_FEED);
    writer.number(times.len() as u64);
    let mut before = 0;
    for (hash, at_s) in times {
        writer.raw(&short(&hash.0));
        writer.signed(at_s.wrapping_sub(before));
        before = *at_s;
    }
    writer.finish()
}

fn encode_packed(heads: &[Hash], times: &[i64]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(OF_PACK);
    writer.number(heads.len() as u64);
    heads.iter().for_each(|head| writer.raw(&head.0));
    writer.number(times.len() as u64);
    let mut before = 0;
    for at_s in times {
        writer.signed(at_s.wrapping_sub(before));
        before = *at_s;
    }
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<Noted, DecodeError> {
    let mut reader = Reader::new(bytes);
    let tag = reader.byte()?;
    let heads = match tag {
        OF_FEED => None,
        OF_PACK => {
            let count = reader.count(bytes.len() / 32)?;
            let heads = (0..count).map(|_| reader.array().map(Hash));
            Some(heads.collect::<Result<Vec<Hash>, DecodeError>>()?)
        }
        _ => return Err(DecodeError::Tag),
    };
    let mut at_s: i64 = 0;
    let mut later = |reader: &mut Reader<'_>| -> Result<i64, DecodeError> {
        at_s = at_s.wrapping_add(reader.signed()?);
        Ok(at_s)
    };
    let count = reader.count(bytes.len())?;
    let noted = match heads {
        None => {
            let time = |_| Ok((reader.array()?, later(&mut reader)?));
            Noted::Feed((0..count).map(time).collect::<Result<_, DecodeError>>()?)
        }
        Some(heads) => {
            let times = (0..count).map(|_| later(&mut reader));
            Noted::Pack(heads, times.collect::<Result<_, DecodeError>>()?)
        }
    };
    reader.end()?;
    Ok(noted)
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
        assert_eq!(decode(&written), Ok(Noted::Feed(read)));
        cut_short(&written);

        let (heads, times) = ([Hash([7; 32]), Hash([9; 32])], [1_565_830_100, 0, 1_565_830_000]);
        let written = encode_packed(&heads, &times);
        let hex: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, include_str!("../../tests/golden/received-packed.hex").trim());
        assert_eq!(decode(&written), Ok(Noted::Pack(heads.into(), times.into())));
        cut_short(&written);
    }

    fn cut_short(written: &[u8]) {
        for length in 0..written.len() {
            assert!(decode(&written[..length]).is_err());
        }
    }
}
