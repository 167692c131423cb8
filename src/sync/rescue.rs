//! The rescue file (备份): what one phone holds and the endpoint may not, carried by hand. Several bundles, each signed by
//! the device that made it and judged by that signature, whoever carries it. A stored format, held by a golden file.
//!
//! Each block stands for itself: head, then one frame encrypted with a key that follows from the space's key and the
//! file's salt, so that every phone that joined the village, and the endpoint, can open it and nobody else. The first and
//! the last block both say what the others hold, so that a damaged file can name what is missing.

mod armour;

use super::frame::{self, FrameError, FrameKind};
use super::wire::{Bundle, DocChanges};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::{DeviceId, DocId, MemberId};
use crate::base::limits::{
    RESCUE_BLOCK_AIM, RESCUE_BLOCKS_MAX, RESCUE_FILE_BYTES_MAX, RESCUE_LABEL_BYTES_MAX, RESCUE_PARTS_MAX,
};
use crate::doc::DocKind;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;

#[cfg(test)]
mod tests;

/// The version of the format that this release writes.
pub const VERSION: u8 = 1;

/// Who made a file, when, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// By the phone's clock, milliseconds since 1970 UTC.
    pub made_ms: i64,
    pub device: DeviceId,
    pub member: MemberId,
    /// The person, as the file's maker was called.
    pub name: String,
    /// Everything on the phone, rather than what the endpoint has not acknowledged.
    pub everything: bool,
    /// Filled in when the file is written.
    pub parts: Vec<Part>,
}

/// One document in one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub block: u64,
    pub kind: DocKind,
    pub document: DocId,
    pub changes: u64,
    /// What people call it: 田正文 · 3组.
    pub label: String,
}

/// What could be read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Unknown when both copies are damaged.
    pub contents: Option<Contents>,
    /// In the order of the file.
    pub bundles: Vec<Bundle>,
    /// Blocks with bundles, as the file had them when it was made.
    pub blocks: u64,
    /// How many of those cannot be read.
    pub damaged: u64,
    /// What was in them, as far as the contents are known.
    pub lost: Vec<Part>,
}

/// Why nothing of a file can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    #[error("not a rescue file")]
    NotOurs,
    #[error("written by a newer release")]
    Newer,
    #[error("made in another village")]
    OtherVillage,
    #[error("nothing of it is whole")]
    Damaged,
    #[error("larger than a rescue file may be")]
    TooLarge,
}

impl RescueError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            RescueError::NotOurs => "rescue_not_ours",
            RescueError::Newer => "rescue_newer",
            RescueError::OtherVillage => "rescue_other_village",
            RescueError::Damaged => "rescue_damaged",
            RescueError::TooLarge => "rescue_too_large",
        }
    }
}

/// Groups documents into what goes into one block each: whole documents where they fit, in the order given.
pub fn portions(documents: Vec<DocChanges>) -> Vec<Vec<DocChanges>> {
    let mut portions: Vec<Vec<DocChanges>> = Vec::new();
    let mut bytes = 0;
    for document in documents {
        let mut rest = document.changes.into_iter().peekable();
        let mut fresh = true;
        while rest.peek().is_some() {
            let mut part = DocChanges {
                kind: document.kind,
                document: document.document,
                changes: Vec::new(),
            };
            let mut size = 0;
            while let Some(change) = rest.next_if(|change| size == 0 || size + change.len() <= RESCUE_BLOCK_AIM) {
                size += change.len();
                part.changes.push(change);
            }
            match portions.last_mut() {
                Some(last) if fresh && bytes + size <= RESCUE_BLOCK_AIM => {
                    bytes += size;
                    last.push(part);
                }
                _ => {
                    bytes = size;
                    portions.push(vec![part]);
                }
            }
            // What is left of a large document begins a block of its own.
            fresh = false;
        }
    }
    portions
}

/// Writes a file. `label` says what people call a document; `salt` is random, and never used twice.
pub fn seal(
    space_key: &[u8; 32],
    salt: &[u8; 16],
    contents: &Contents,
    bundles: &[Bundle],
    label: impl Fn(DocId) -> String,
) -> String {
    let count = bundles.len() as u64 + 2;
    let mut contents = contents.clone();
    contents.parts = (2..)
        .zip(bundles)
        .flat_map(|(block, bundle)| bundle.documents.iter().map(move |part| (block, part)))
        .map(|(block, part)| Part {
            block,
            kind: part.kind,
            document: part.document,
            changes: part.changes.len() as u64,
            label: shortened(label(part.document)),
        })
        .take(RESCUE_PARTS_MAX)
        .collect();
    let key = Key::new(space_key, salt);
    let said = write_contents(&contents);
    let frames = std::iter::once(said.clone())
        .chain(
            bundles
                .iter()
                .map(|bundle| frame::seal(FrameKind::RescueBundle, &bundle.encode())),
        )
        .chain([said]);
    let blocks: Vec<Vec<u8>> = (1..)
        .zip(frames)
        .map(|(number, frame)| key.seal(salt, number, count, &frame))
        .collect();
    armour::write(VERSION, &blocks)
}

fn shortened(label: String) -> String {
    let mut end = label.len().min(RESCUE_LABEL_BYTES_MAX);
    while !label.is_char_boundary(end) {
        end -= 1;
    }
    label[..end].to_owned()
}

/// Reads what is whole of a file with the key of a village; of several villages the first whose key fits, by its place.
///
/// # Errors
/// Nothing of it can be used.
pub fn open(text: &str, space_keys: &[[u8; 32]]) -> Result<(usize, Opened), RescueError> {
    if text.len() > RESCUE_FILE_BYTES_MAX {
        return Err(RescueError::TooLarge);
    }
    let read = armour::read(text).ok_or(RescueError::NotOurs)?;
    let (known, newer): (Vec<&[u8]>, Vec<&[u8]>) = read
        .blocks
        .iter()
        .map(Vec::as_slice)
        .partition(|block| block.first() == Some(&VERSION));
    let Some(first) = known.first() else {
        let newer = !newer.is_empty() || read.version.is_some_and(|version| version > u64::from(VERSION));
        return Err(if newer {
            RescueError::Newer
        } else {
            RescueError::Damaged
        });
    };
    let head = Head::read(first).map_err(|_| RescueError::Damaged)?;
    let place = space_keys
        .iter()
        .position(|key| Key::new(key, &head.salt).mark == head.mark);
    let place = place.ok_or(RescueError::OtherVillage)?;
    let key = Key::new(&space_keys[place], &head.salt);
    let mut frames: Vec<(u64, Vec<u8>)> = Vec::new();
    let mut count = 0;
    for block in known {
        // Of another file, or with a head that was tampered with: as good as missing.
        let Ok(other) = Head::read(block) else { continue };
        if other.salt == head.salt
            && let Some(frame) = key.open(&other)
        {
            count = other.count;
            frames.push((other.number, frame));
        }
    }
    if frames.is_empty() {
        return Err(RescueError::Damaged);
    }
    frames.sort_by_key(|(number, _)| *number);
    frames.dedup_by_key(|(number, _)| *number);
    Ok((place, gather(count, &frames)))
}

fn gather(count: u64, frames: &[(u64, Vec<u8>)]) -> Opened {
    let mut contents = None;
    let (mut numbers, mut bundles) = (Vec::new(), Vec::new());
    for (number, bytes) in frames {
        if *number == 1 || *number == count {
            contents = contents.or_else(|| read_contents(bytes).ok());
        } else if let Ok(bundle) = read_sealed_bundle(bytes) {
            numbers.push(*number);
            bundles.push(bundle);
        }
    }
    let blocks = count.saturating_sub(2);
    let parts = contents.iter().flat_map(|contents: &Contents| &contents.parts);
    Opened {
        lost: parts
            .filter(|part| numbers.binary_search(&part.block).is_err())
            .cloned()
            .collect(),
        damaged: blocks.saturating_sub(bundles.len() as u64),
        contents,
        bundles,
        blocks,
    }
}

fn read_sealed_bundle(bytes: &[u8]) -> Result<Bundle, FrameError> {
    let body = frame::open(FrameKind::RescueBundle, bytes)?;
    Ok(Bundle::decode(&body)?)
}

/// What stands before the encrypted part of a block.
struct Head<'a> {
    salt: [u8; 16],
    /// Shows whose key fits, to those who have it.
    mark: [u8; 8],
    number: u64,
    count: u64,
    /// The bytes of all this: authenticated with what follows.
    bytes: &'a [u8],
    sealed: &'a [u8],
}

impl<'a> Head<'a> {
    fn write(salt: &[u8; 16], mark: &[u8; 8], number: u64, count: u64) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.raw(salt);
        writer.raw(mark);
        writer.number(number);
        writer.number(count);
        writer.finish()
    }

    fn read(block: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(block);
        if reader.byte()? != VERSION {
            return Err(DecodeError::Tag);
        }
        let (salt, mark, number) = (reader.array()?, reader.array()?, reader.number()?);
        let count = reader.count(RESCUE_BLOCKS_MAX)? as u64;
        if number == 0 || number > count {
            return Err(DecodeError::Limit);
        }
        let (bytes, sealed) = block.split_at(block.len() - reader.left());
        Ok(Self {
            salt,
            mark,
            number,
            count,
            bytes,
            sealed,
        })
    }
}

/// The key of one file.
struct Key {
    cipher: ChaCha20Poly1305,
    mark: [u8; 8],
}

impl Key {
    fn new(space_key: &[u8; 32], salt: &[u8; 16]) -> Self {
        let derived = |purpose: &[u8]| -> [u8; 32] {
            // Shorter keys are padded to a block with zeros by definition.
            let mut block = [0; 64];
            block[..32].copy_from_slice(space_key);
            let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
            mac.update(purpose);
            mac.update(salt);
            mac.finalize().into_bytes().into()
        };
        let mut mark = [0; 8];
        mark.copy_from_slice(&derived(b"bianfang/rescue-mark/1")[..8]);
        Self {
            cipher: ChaCha20Poly1305::new(&derived(b"bianfang/rescue/1").into()),
            mark,
        }
    }

    /// One key encrypts one file, and a block's number is used once in it.
    fn nonce(number: u64) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&number.to_be_bytes());
        nonce
    }

    fn seal(&self, salt: &[u8; 16], number: u64, count: u64, frame: &[u8]) -> Vec<u8> {
        let head = Head::write(salt, &self.mark, number, count);
        let payload = Payload { msg: frame, aad: &head };
        let sealed = self.cipher.encrypt(&Self::nonce(number).into(), payload);
        [head, sealed.expect("the cipher takes frames up to 256 GB")].concat()
    }

    fn open(&self, head: &Head<'_>) -> Option<Vec<u8>> {
        let payload = Payload {
            msg: head.sealed,
            aad: head.bytes,
        };
        self.cipher.decrypt(&Self::nonce(head.number).into(), payload).ok()
    }
}

fn write_contents(contents: &Contents) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.signed(contents.made_ms);
    writer.raw(contents.device.as_bytes());
    writer.raw(contents.member.as_bytes());
    writer.text(&shortened(contents.name.clone()));
    writer.byte(u8::from(contents.everything));
    writer.number(contents.parts.len() as u64);
    for part in &contents.parts {
        writer.number(part.block);
        writer.byte(part.kind as u8);
        writer.raw(part.document.as_bytes());
        writer.number(part.changes);
        writer.text(&part.label);
    }
    frame::seal(FrameKind::RescueContents, &writer.finish())
}

fn read_contents(bytes: &[u8]) -> Result<Contents, FrameError> {
    let body = frame::open(FrameKind::RescueContents, bytes)?;
    let mut reader = Reader::new(&body);
    let made_ms = reader.signed()?;
    let (device, member) = (DeviceId(reader.array()?), MemberId(reader.array()?));
    let name = reader.text(RESCUE_LABEL_BYTES_MAX)?.to_owned();
    let everything = reader.byte()? == 1;
    let count = reader.count(RESCUE_PARTS_MAX)?;
    let parts = (0..count)
        .map(|_| {
            Ok(Part {
                block: reader.number()?,
                kind: DocKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)?,
                document: DocId(reader.array()?),
                changes: reader.number()?,
                label: reader.text(RESCUE_LABEL_BYTES_MAX)?.to_owned(),
            })
        })
        .collect::<Result<_, DecodeError>>()?;
    reader.end()?;
    Ok(Contents {
        made_ms,
        device,
        member,
        name,
        everything,
        parts,
    })
}
