//! The first load: a manifest, and blocks that decode one by one, so that a cut link goes on at the next block.
//! Blocks are named by their content and compressed by ordinary Content-Encoding.

use super::digest::Digest;
use super::frame::{self, FrameError, FrameKind};
use super::wire::Cursor;
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::DOCUMENT_BYTES_MAX;
use crate::doc::KindByte;
use sha2::{Digest as _, Sha256};

/// One block of a pack, as the manifest names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockName {
    /// SHA-256 of the block's bytes.
    pub sha256: [u8; 32],
    /// Documents in it.
    pub documents: u32,
    /// Households in it.
    pub households: u32,
    /// Bytes on the wire, compressed.
    pub bytes: u32,
}

/// What the first load consists of, and where the feed goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub cursor: Cursor,
    pub digest: Digest,
    pub blocks: Vec<BlockName>,
}

/// One document of a block, with its row of the index so that the list appears without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedDoc {
    pub kind: KindByte,
    pub document: DocId,
    pub row: Vec<u8>,
    /// The whole document, saved without inner compression.
    pub saved: Vec<u8>,
    /// When the endpoint received each change, in seconds since 1970 UTC, in the order of [`Document::behind`] the heads
    /// of `saved`. None of a block of an older release.
    ///
    /// [`Document::behind`]: crate::doc::Document::behind
    pub received: Vec<i64>,
}

impl Manifest {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(self.cursor.seq);
        writer.raw(&self.cursor.mark);
        writer.raw(&self.digest.0);
        writer.number(self.blocks.len() as u64);
        for block in &self.blocks {
            writer.raw(&block.sha256);
            writer.number(u64::from(block.documents));
            writer.number(u64::from(block.households));
            writer.number(u64::from(block.bytes));
        }
        frame::seal(FrameKind::Manifest, &writer.finish())
    }

    /// From a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let body = frame::open(FrameKind::Manifest, bytes)?;
        let mut reader = Reader::new(&body);
        let cursor = Cursor {
            seq: reader.number()?,
            mark: reader.array()?,
        };
        let digest = Digest(reader.array()?);
        let count = reader.count(reader.left() / 33)?;
        let small = |value: u64| u32::try_from(value).map_err(|_| DecodeError::Limit);
        let blocks = (0..count)
            .map(|_| {
                Ok(BlockName {
                    sha256: reader.array()?,
                    documents: small(reader.number()?)?,
                    households: small(reader.number()?)?,
                    bytes: small(reader.number()?)?,
                })
            })
            .collect::<Result<_, DecodeError>>()?;
        reader.end()?;
        Ok(Self { cursor, digest, blocks })
    }
}

/// Blocks of older releases, which tell no times.
const WITHOUT_TIMES: &[u8] = b"bfb1";
const WITH_TIMES: &[u8] = b"bfb2";

/// The bytes of a block. Not a frame: the transport compresses it. The times stand behind the documents in two columns,
/// how many and then how much later than the one before: of a roster that came at once they are all alike.
pub fn encode_block(documents: &[PackedDoc]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.raw(WITH_TIMES);
    writer.number(documents.len() as u64);
    for packed in documents {
        writer.byte(packed.kind.0);
        writer.raw(packed.document.as_bytes());
        writer.bytes(&packed.row);
        writer.bytes(&packed.saved);
    }
    for packed in documents {
        writer.number(packed.received.len() as u64);
    }
    let mut before: i64 = 0;
    for at_s in documents.iter().flat_map(|packed| &packed.received) {
        writer.signed(at_s.wrapping_sub(before));
        before = *at_s;
    }
    writer.finish()
}

/// Reads a block whose name is known.
///
/// # Errors
/// Bytes that are not the block of that name, or do not decode.
pub fn decode_block(name: &[u8; 32], bytes: &[u8]) -> Result<Vec<PackedDoc>, FrameError> {
    let actual: [u8; 32] = Sha256::digest(bytes).into();
    if actual != *name {
        return Err(FrameError::Damaged);
    }
    let mut reader = Reader::new(bytes);
    let magic = reader.raw(4)?;
    if ![WITHOUT_TIMES, WITH_TIMES].contains(&magic) {
        return Err(FrameError::NotOurs);
    }
    let count = reader.count(reader.left() / 19)?;
    let mut documents = (0..count)
        .map(|_| {
            let kind = KindByte(reader.byte()?);
            Ok(PackedDoc {
                kind,
                document: DocId(reader.array()?),
                row: reader.bytes(DOCUMENT_BYTES_MAX)?.to_vec(),
                saved: reader.bytes(DOCUMENT_BYTES_MAX)?.to_vec(),
                received: Vec::new(),
            })
        })
        .collect::<Result<Vec<PackedDoc>, DecodeError>>()?;
    if magic == WITH_TIMES {
        read_times(&mut reader, &mut documents)?;
    }
    reader.end()?;
    Ok(documents)
}

fn read_times(reader: &mut Reader<'_>, documents: &mut [PackedDoc]) -> Result<(), DecodeError> {
    let left = reader.left();
    let counts = documents
        .iter()
        .map(|_| reader.count(left))
        .collect::<Result<Vec<_>, _>>()?;
    let mut at_s: i64 = 0;
    for (packed, count) in documents.iter_mut().zip(counts) {
        for _ in 0..count {
            at_s = at_s.wrapping_add(reader.signed()?);
            packed.received.push(at_s);
        }
    }
    Ok(())
}
