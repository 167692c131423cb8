//! What is sent: the request of a phone and the response of the endpoint. Formats, held by golden bytes.

use super::chain::{ChangesIn, ChangesOut};
use super::digest::Digest;
use super::frame::{self, FrameError, FrameKind};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::{DeviceId, DocId, MemberId, SpaceId};
use crate::base::limits::{BUNDLE_DOCUMENTS_MAX, BUNDLES_MAX, CHANGE_DEPS_MAX, PUSH_CHANGES_MAX, WANT_MAX};
use crate::doc::{DocKind, Hash, KindByte};
use sha2::{Digest as _, Sha256};

/// A place in a space's feed: how many rows, and a mark by which the endpoint knows that it issued it for that place and
/// digest. Opaque to phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub seq: u64,
    pub mark: [u8; 8],
}

/// Changes of one document, ancestors first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocChanges {
    pub kind: DocKind,
    pub document: DocId,
    /// Standard Automerge change bytes.
    pub changes: Vec<Vec<u8>>,
}

/// What one device hands over, judged by its signature and not by who carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub device: DeviceId,
    pub documents: Vec<DocChanges>,
    /// ECDSA P-256 over [`Bundle::message`], r then s.
    pub signature: [u8; 64],
}

impl Bundle {
    /// What is signed: the space, the device and the hash of every change in order.
    pub fn message(space: SpaceId, device: DeviceId, documents: &[DocChanges]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.raw(b"bianfang/bundle/1");
        writer.raw(space.as_bytes());
        writer.raw(device.as_bytes());
        writer.number(documents.len() as u64);
        for part in documents {
            writer.byte(part.kind as u8);
            writer.raw(part.document.as_bytes());
            writer.number(part.changes.len() as u64);
            for change in &part.changes {
                writer.raw(&Sha256::digest(change.get(8..).unwrap_or_default()));
            }
        }
        writer.finish()
    }

    /// As bytes, for a phone that passes it on later.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_bundle(&mut writer, self);
        writer.finish()
    }
    /// From those.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let bundle = read_bundle(&mut reader, &mut 0)?;
        reader.end()?;
        Ok(bundle)
    }

    /// Changes in it.
    pub fn len(&self) -> usize {
        self.documents.iter().map(|part| part.changes.len()).sum()
    }
    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the phone asks for besides handing over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The feed after the cursor.
    Feed,
    /// Sides differ: these are my sums by bucket; name what you hold where they differ.
    Buckets(Vec<u64>),
    /// Changes by short item name.
    Want(Vec<[u8; 8]>),
}

/// What a phone sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRequest {
    pub cursor: Cursor,
    /// What the phone holds of the feed up to its cursor.
    pub digest: Digest,
    /// Teammates' cursors the phone has heard of.
    pub presence: u64,
    pub ask: Ask,
    pub bundles: Vec<Bundle>,
}

/// Why a change was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalCode {
    Malformed,
    TooLarge,
    TooManyOps,
    UnknownDependency,
    ForeignDocument,
    BadSequence,
    BadStartOp,
    ActorTaken,
    NotAllowed,
    Unreadable,
    BadSignature,
    DeviceRevoked,
    UnknownDevice,
    DocumentFull,
    BadAuthor,
    /// A step of a finding in a role that its author never held.
    RoleNotHeld,
    /// A step of a finding that its procedure does not know, or without what it asks of it.
    StepImpossible,
    /// A newer endpoint's, under its number: this release cannot say why, and the change is set aside like any other.
    Other(u8),
}

impl RefusalCode {
    /// Every code that this release knows.
    pub const ALL: [RefusalCode; 17] = [
        RefusalCode::Malformed,
        RefusalCode::TooLarge,
        RefusalCode::TooManyOps,
        RefusalCode::UnknownDependency,
        RefusalCode::ForeignDocument,
        RefusalCode::BadSequence,
        RefusalCode::BadStartOp,
        RefusalCode::ActorTaken,
        RefusalCode::NotAllowed,
        RefusalCode::Unreadable,
        RefusalCode::BadSignature,
        RefusalCode::DeviceRevoked,
        RefusalCode::UnknownDevice,
        RefusalCode::DocumentFull,
        RefusalCode::BadAuthor,
        RefusalCode::RoleNotHeld,
        RefusalCode::StepImpossible,
    ];

    fn from_byte(byte: u8) -> Self {
        let known = Self::ALL.into_iter().find(|code| code.byte() == byte);
        known.unwrap_or(RefusalCode::Other(byte))
    }

    /// The wire format.
    fn byte(self) -> u8 {
        match self {
            RefusalCode::Malformed => 1,
            RefusalCode::TooLarge => 2,
            RefusalCode::TooManyOps => 3,
            RefusalCode::UnknownDependency => 4,
            RefusalCode::ForeignDocument => 5,
            RefusalCode::BadSequence => 6,
            RefusalCode::BadStartOp => 7,
            RefusalCode::ActorTaken => 8,
            RefusalCode::NotAllowed => 9,
            RefusalCode::Unreadable => 10,
            RefusalCode::BadSignature => 11,
            RefusalCode::DeviceRevoked => 12,
            RefusalCode::UnknownDevice => 13,
            RefusalCode::DocumentFull => 14,
            RefusalCode::BadAuthor => 15,
            RefusalCode::RoleNotHeld => 16,
            RefusalCode::StepImpossible => 17,
            RefusalCode::Other(byte) => byte,
        }
    }

    /// Stable code for the error record and the translated sentence.
    pub fn code(self) -> &'static str {
        match self {
            RefusalCode::Malformed => "refused_malformed",
            RefusalCode::TooLarge => "refused_too_large",
            RefusalCode::TooManyOps => "refused_too_many_ops",
            RefusalCode::UnknownDependency => "refused_unknown_dependency",
            RefusalCode::ForeignDocument => "refused_foreign_document",
            RefusalCode::BadSequence => "refused_bad_sequence",
            RefusalCode::BadStartOp => "refused_bad_start_op",
            RefusalCode::ActorTaken => "refused_actor_taken",
            RefusalCode::NotAllowed => "refused_not_allowed",
            RefusalCode::Unreadable => "refused_unreadable",
            RefusalCode::BadSignature => "refused_bad_signature",
            RefusalCode::DeviceRevoked => "refused_device_revoked",
            RefusalCode::UnknownDevice => "refused_unknown_device",
            RefusalCode::DocumentFull => "refused_document_full",
            RefusalCode::BadAuthor => "refused_bad_author",
            RefusalCode::RoleNotHeld => "refused_role_not_held",
            RefusalCode::StepImpossible => "refused_step_impossible",
            RefusalCode::Other(_) => "refused_other",
        }
    }

    /// The code as it is kept and shown: one that this release does not know with its number.
    pub fn kept(self) -> String {
        match self {
            RefusalCode::Other(byte) => format!("{}_{byte}", self.code()),
            known => known.code().into(),
        }
    }
}

/// One refused change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Place of the change among all changes of the request, in order.
    pub position: u64,
    pub code: RefusalCode,
    /// Dependencies that the endpoint lacks: send them too.
    pub need: Vec<Hash>,
}

/// Durably stored: `count` changes from `position` on have the feed numbers from `seq` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub position: u64,
    pub count: u64,
    pub seq: u64,
}

impl Receipt {
    /// It is the receipt of the change at this position.
    pub fn covers(&self, position: u64) -> bool {
        position >= self.position && position - self.position < self.count
    }
}

/// A change made elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub bytes: Vec<u8>,
    pub device: DeviceId,
    /// Seconds since 1970 UTC when the endpoint stored it.
    pub received_s: i64,
}

/// Arrivals of one document, ancestors first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocArrivals {
    /// A newer release may have kinds of its own: what is of one is kept until this phone knows it, and stops nothing.
    pub kind: KindByte,
    pub document: DocId,
    pub arrivals: Vec<Arrival>,
}

/// How far a teammate's phone has got: the last cursor it presented, which proves it was stored there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    pub device: DeviceId,
    pub member: MemberId,
    pub seq: u64,
}

/// What the endpoint answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncResponse {
    /// The endpoint's clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
    pub receipts: Vec<Receipt>,
    pub refusals: Vec<Refusal>,
    pub arrivals: Vec<DocArrivals>,
    pub cursor: Cursor,
    /// Digest of the feed up to `cursor`.
    pub digest: Digest,
    /// More follows after `cursor`: ask again.
    pub more: bool,
    /// The cursor is unknown here or the digest differs: compare by buckets.
    pub reconcile: bool,
    /// Items held here in the buckets that differ.
    pub held: Vec<(u8, Vec<[u8; 8]>)>,
    pub presence: u64,
    pub teammates: Vec<Presence>,
}

fn read_kind(reader: &mut Reader<'_>) -> Result<DocKind, DecodeError> {
    DocKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)
}

fn read_cursor(reader: &mut Reader<'_>) -> Result<Cursor, DecodeError> {
    Ok(Cursor {
        seq: reader.number()?,
        mark: reader.array()?,
    })
}

fn write_cursor(writer: &mut Writer, cursor: &Cursor) {
    writer.number(cursor.seq);
    writer.raw(&cursor.mark);
}

impl SyncRequest {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_cursor(&mut writer, &self.cursor);
        writer.raw(&self.digest.0);
        writer.number(self.presence);
        match &self.ask {
            Ask::Feed => writer.byte(0),
            Ask::Buckets(sums) => {
                writer.byte(1);
                sums.iter().for_each(|sum| writer.raw(&sum.to_le_bytes()));
            }
            Ask::Want(items) => {
                writer.byte(2);
                writer.number(items.len() as u64);
                items.iter().for_each(|item| writer.raw(item));
            }
        }
        writer.number(self.bundles.len() as u64);
        self.bundles.iter().for_each(|bundle| write_bundle(&mut writer, bundle));
        frame::seal(FrameKind::SyncRequest, &writer.finish())
    }

    /// From a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let body = frame::open(FrameKind::SyncRequest, bytes)?;
        let mut reader = Reader::new(&body);
        let cursor = read_cursor(&mut reader)?;
        let digest = Digest(reader.array()?);
        let presence = reader.number()?;
        let ask = match reader.byte()? {
            0 => Ask::Feed,
            1 => Ask::Buckets(
                (0..256)
                    .map(|_| Ok(u64::from_le_bytes(reader.array()?)))
                    .collect::<Result<_, DecodeError>>()?,
            ),
            2 => Ask::Want(
                (0..reader.count(WANT_MAX)?)
                    .map(|_| reader.array())
                    .collect::<Result<_, _>>()?,
            ),
            _ => return Err(DecodeError::Tag.into()),
        };
        let mut changes = 0;
        let bundles = (0..reader.count(BUNDLES_MAX)?)
            .map(|_| read_bundle(&mut reader, &mut changes))
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self {
            cursor,
            digest,
            presence,
            ask,
            bundles,
        })
    }
}

fn write_bundle(writer: &mut Writer, bundle: &Bundle) {
    writer.raw(bundle.device.as_bytes());
    writer.raw(&bundle.signature);
    writer.number(bundle.documents.len() as u64);
    for part in &bundle.documents {
        writer.byte(part.kind as u8);
        writer.raw(part.document.as_bytes());
        writer.number(part.changes.len() as u64);
        let mut changes = ChangesOut::default();
        part.changes.iter().for_each(|change| changes.write(writer, change));
    }
}

/// `changes` counts those read so far, over all bundles of one message.
fn read_bundle(reader: &mut Reader<'_>, changes: &mut usize) -> Result<Bundle, DecodeError> {
    let device = DeviceId(reader.array()?);
    let signature = reader.array()?;
    let mut documents = Vec::new();
    for _ in 0..reader.count(BUNDLE_DOCUMENTS_MAX)? {
        let kind = read_kind(reader)?;
        let document = DocId(reader.array()?);
        let count = reader.count(PUSH_CHANGES_MAX)?;
        *changes += count;
        if *changes > PUSH_CHANGES_MAX {
            return Err(DecodeError::Limit);
        }
        let mut before = ChangesIn::default();
        let changes = (0..count).map(|_| before.read(reader)).collect::<Result<_, _>>()?;
        documents.push(DocChanges {
            kind,
            document,
            changes,
        });
    }
    Ok(Bundle {
        device,
        documents,
        signature,
    })
}

impl SyncResponse {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(u8::from(self.more) | u8::from(self.reconcile) << 1);
        writer.signed(self.now_ms);
        write_cursor(&mut writer, &self.cursor);
        writer.raw(&self.digest.0);
        writer.number(self.receipts.len() as u64);
        for receipt in &self.receipts {
            writer.number(receipt.position);
            writer.number(receipt.count);
            writer.number(receipt.seq);
        }
        writer.number(self.refusals.len() as u64);
        for refusal in &self.refusals {
            writer.number(refusal.position);
            writer.byte(refusal.code.byte());
            writer.number(refusal.need.len() as u64);
            refusal.need.iter().for_each(|hash| writer.raw(&hash.0));
        }
        self.encode_arrivals(&mut writer);
        writer.number(self.held.len() as u64);
        for (bucket, items) in &self.held {
            writer.byte(*bucket);
            writer.number(items.len() as u64);
            items.iter().for_each(|item| writer.raw(item));
        }
        writer.number(self.presence);
        writer.number(self.teammates.len() as u64);
        for presence in &self.teammates {
            writer.raw(presence.device.as_bytes());
            writer.raw(presence.member.as_bytes());
            writer.number(presence.seq);
        }
        frame::seal(FrameKind::SyncResponse, &writer.finish())
    }

    fn encode_arrivals(&self, writer: &mut Writer) {
        let mut devices: Vec<DeviceId> = self
            .arrivals
            .iter()
            .flat_map(|part| part.arrivals.iter().map(|arrival| arrival.device))
            .collect();
        devices.sort_unstable();
        devices.dedup();
        writer.number(devices.len() as u64);
        devices.iter().for_each(|device| writer.raw(device.as_bytes()));
        writer.number(self.arrivals.len() as u64);
        for part in &self.arrivals {
            writer.byte(part.kind.0);
            writer.raw(part.document.as_bytes());
            writer.number(part.arrivals.len() as u64);
            let mut changes = ChangesOut::default();
            for arrival in &part.arrivals {
                writer.number(devices.binary_search(&arrival.device).unwrap_or(0) as u64);
                writer.signed(self.now_ms.div_euclid(1000) - arrival.received_s);
                changes.write(writer, &arrival.bytes);
            }
        }
    }

    /// From a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let body = frame::open(FrameKind::SyncResponse, bytes)?;
        let mut reader = Reader::new(&body);
        let flags = reader.byte()?;
        let now_ms = reader.signed()?;
        let cursor = read_cursor(&mut reader)?;
        let digest = Digest(reader.array()?);
        let receipts = (0..reader.count(PUSH_CHANGES_MAX)?)
            .map(|_| {
                Ok(Receipt {
                    position: reader.number()?,
                    count: reader.number()?,
                    seq: reader.number()?,
                })
            })
            .collect::<Result<_, DecodeError>>()?;
        let refusals = (0..reader.count(PUSH_CHANGES_MAX)?)
            .map(|_| read_refusal(&mut reader))
            .collect::<Result<_, _>>()?;
        let arrivals = read_arrivals(&mut reader, now_ms.div_euclid(1000))?;
        let held = (0..reader.count(256)?)
            .map(|_| {
                let bucket = reader.byte()?;
                let count = reader.count(reader.left() / 8)?;
                Ok((bucket, (0..count).map(|_| reader.array()).collect::<Result<_, _>>()?))
            })
            .collect::<Result<_, DecodeError>>()?;
        let presence = reader.number()?;
        let teammates = (0..reader.count(reader.left() / 33)?)
            .map(|_| {
                Ok(Presence {
                    device: DeviceId(reader.array()?),
                    member: MemberId(reader.array()?),
                    seq: reader.number()?,
                })
            })
            .collect::<Result<_, DecodeError>>()?;
        reader.end()?;
        let (more, reconcile) = (flags & 1 != 0, flags & 2 != 0);
        Ok(Self {
            now_ms,
            receipts,
            refusals,
            arrivals,
            cursor,
            digest,
            more,
            reconcile,
            held,
            presence,
            teammates,
        })
    }
}

fn read_refusal(reader: &mut Reader<'_>) -> Result<Refusal, DecodeError> {
    let position = reader.number()?;
    let code = RefusalCode::from_byte(reader.byte()?);
    let count = reader.count(CHANGE_DEPS_MAX)?;
    let need = (0..count)
        .map(|_| Ok(Hash(reader.array()?)))
        .collect::<Result<_, DecodeError>>()?;
    Ok(Refusal { position, code, need })
}

fn read_arrivals(reader: &mut Reader<'_>, now_s: i64) -> Result<Vec<DocArrivals>, DecodeError> {
    let count = reader.count(reader.left() / 16)?;
    let devices: Vec<DeviceId> = (0..count)
        .map(|_| Ok(DeviceId(reader.array()?)))
        .collect::<Result<_, DecodeError>>()?;
    let mut parts = Vec::new();
    for _ in 0..reader.count(reader.left() / 17)? {
        let kind = KindByte(reader.byte()?);
        let document = DocId(reader.array()?);
        let mut arrivals = Vec::new();
        let mut changes = ChangesIn::default();
        for _ in 0..reader.count(reader.left())? {
            let device = usize::try_from(reader.number()?).map_err(|_| DecodeError::Limit)?;
            let device = *devices.get(device).ok_or(DecodeError::Limit)?;
            let received_s = now_s.checked_sub(reader.signed()?).ok_or(DecodeError::Number)?;
            arrivals.push(Arrival {
                bytes: changes.read(reader)?,
                device,
                received_s,
            });
        }
        parts.push(DocArrivals {
            kind,
            document,
            arrivals,
        });
    }
    Ok(parts)
}
