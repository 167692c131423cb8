//! What the hub keeps, as a small trait: memory, SQLite and PostgreSQL implement it and pass one contract suite.
//! Every method runs inside one transaction of one space that the caller begins and, after the hub's answer, commits.

use super::digest::Digest;
use super::wire::Cursor;
use crate::base::id::{ActorBytes, DeviceId, DocId, MemberId};
use crate::doc::{DocKind, Hash, Header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a person may do in a space. The number is the stored format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Desk = 1,
    Leader = 2,
    Member = 3,
    Doctor = 4,
    Township = 5,
    Inspector = 6,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] = [
        Role::Desk,
        Role::Leader,
        Role::Member,
        Role::Doctor,
        Role::Township,
        Role::Inspector,
    ];
    /// From the stored number.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| *role as u8 == byte)
    }
    /// The word on wire, screen codes and command line.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Desk => "desk",
            Role::Leader => "leader",
            Role::Member => "member",
            Role::Doctor => "doctor",
            Role::Township => "township",
            Role::Inspector => "inspector",
        }
    }
    /// From that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A device as the endpoint knows it in this space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceFacts {
    pub member: MemberId,
    /// Uncompressed point, 65 bytes.
    pub public_key: [u8; 65],
    /// Nothing of a revoked device is accepted.
    pub revoked: bool,
    pub role: Role,
}

/// Where the feed of the space ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedEnd {
    pub seq: u64,
    /// The running hash over all rows.
    pub running: [u8; 32],
    pub digest: Digest,
    /// Counts every presented cursor that moved.
    pub presence: u64,
}

impl FeedEnd {
    /// The cursor that stands here, for the phones of the space with this secret.
    pub fn cursor(&self, secret: &[u8; 32]) -> Cursor {
        cursor(secret, self.seq, &self.digest)
    }
}

/// The cursor at a place of the feed. Its mark proves that this endpoint issued it for that place and digest, also
/// after the feed was rolled back behind it.
pub fn cursor(secret: &[u8; 32], seq: u64, digest: &Digest) -> Cursor {
    if seq == 0 {
        return Cursor::default();
    }
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(b"bianfang/cursor/1");
    mac.update(&seq.to_be_bytes());
    mac.update(&digest.0);
    let mut mark = [0; 8];
    mark.copy_from_slice(&mac.finalize().into_bytes()[..8]);
    Cursor { seq, mark }
}

/// One row of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    pub seq: u64,
    pub kind: DocKind,
    pub document: DocId,
    pub hash: Hash,
    pub bytes: Vec<u8>,
    pub device: DeviceId,
    pub received_s: i64,
    /// Running hash and digest after this row.
    pub running: [u8; 32],
    pub digest: Digest,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocFacts {
    pub kind: DocKind,
    /// The document belongs to this space.
    pub here: bool,
    /// Highest operation number.
    pub max_op: u64,
    /// Operations over all changes.
    pub ops: u64,
}

/// What is known of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Its number in this space's feed.
    pub seq: u64,
    pub max_op: u64,
}

/// What is known of an actor in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorFacts {
    /// The device of its first bundle; no other may go on with it.
    pub device: DeviceId,
    /// Its last sequence number.
    pub seq: u64,
}

/// A document as stored: a snapshot and the changes since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub snapshot: Option<Vec<u8>>,
    pub changes: Vec<Vec<u8>>,
}

/// A change to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    pub kind: DocKind,
    pub document: DocId,
    pub header: Header,
    pub bytes: Vec<u8>,
    pub device: DeviceId,
    pub received_s: i64,
}

/// The hub's storage within one transaction of one space.
pub trait Log {
    /// Why storage failed; nothing of the transaction is kept then.
    type Error;

    /// The space's secret for cursors: made with the space, never changed, part of every backup, never sent.
    fn secret(&mut self) -> Result<[u8; 32], Self::Error>;
    /// A phone once proved that this feed had gone further: it was rolled back.
    fn rolled_back(&mut self) -> Result<bool, Self::Error>;
    /// Keeps that it was.
    fn note_rollback(&mut self) -> Result<(), Self::Error>;
    fn device(&mut self, device: DeviceId) -> Result<Option<DeviceFacts>, Self::Error>;
    fn end(&mut self) -> Result<FeedEnd, Self::Error>;
    /// The row with this number.
    fn row(&mut self, seq: u64) -> Result<Option<FeedRow>, Self::Error>;
    /// Rows after `seq` in order, until their bytes exceed `bytes`; always at least one if there is one.
    fn rows_after(&mut self, seq: u64, bytes: usize) -> Result<Vec<FeedRow>, Self::Error>;
    fn document(&mut self, document: DocId) -> Result<Option<DocFacts>, Self::Error>;
    /// Every row of one document, in order.
    fn rows_of(&mut self, document: DocId) -> Result<Vec<FeedRow>, Self::Error>;
    /// Only if the change is in this space's feed.
    fn change(&mut self, document: DocId, hash: Hash) -> Result<Option<ChangeFacts>, Self::Error>;
    fn actor(&mut self, document: DocId, actor: ActorBytes) -> Result<Option<ActorFacts>, Self::Error>;
    fn stored(&mut self, document: DocId) -> Result<Stored, Self::Error>;
    /// Appends to the feed and binds the actor; returns the new end. The caller computed running hash and digest.
    fn append(&mut self, change: NewChange, end: FeedEnd) -> Result<(), Self::Error>;
    /// Replaces the snapshot of a document; `stored` then returns only changes made later.
    fn put_snapshot(&mut self, document: DocId, bytes: Vec<u8>) -> Result<(), Self::Error>;
    /// Keeps a bundle's signature with the hash of its message, as evidence.
    fn keep_bundle(&mut self, device: DeviceId, message: &[u8; 32], signature: &[u8; 64]) -> Result<(), Self::Error>;
    /// Every (document, change) of this space's feed.
    fn items(&mut self) -> Result<Vec<(DocId, Hash, u64)>, Self::Error>;
    /// The device proved that it holds the feed up to `seq`; `presence` is the new count of such moves.
    fn present(&mut self, device: DeviceId, seq: u64) -> Result<(), Self::Error>;
    /// Devices, other than `except`, whose presented cursor moved after `presence`.
    fn presences(&mut self, presence: u64, except: DeviceId) -> Result<Vec<super::wire::Presence>, Self::Error>;
}
