//! What the phone knows of itself besides the records: who, how far synchronised, how far loaded. A stored format.

use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::{DeviceId, MemberId};
use crate::sync::digest::Digest;
use crate::sync::enrol::Enrolled;
use crate::sync::pack::Manifest;
use crate::sync::wire::{Cursor, Presence};
use std::collections::BTreeMap;

/// Keys of the state table.
pub(super) const ENROLLED: &[u8] = b"enrolled";
pub(super) const PROGRESS: &[u8] = b"progress";
pub(super) const LOAD: &[u8] = b"load";
pub(super) const OPENING: &[u8] = b"opening";
pub(super) const STRUCK: &[u8] = b"struck";
pub(super) const SCRUB: &[u8] = b"scrub";
/// Where acknowledged work stands in the feed.
pub(super) const HANDED: &[u8] = b"handed";
/// What of the work that the endpoint lacks was handed out in a rescue file.
pub(super) const EXPORTED: &[u8] = b"exported";
/// The phone's records were given up and its key is to be forgotten.
pub(super) const LEFT: &[u8] = b"left";

/// How far this phone is synchronised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Verified by the endpoint; moves only together with the chunks it covers.
    pub cursor: Cursor,
    /// Digest of the feed up to the cursor.
    pub digest: Digest,
    pub presence: u64,
    /// Last cursor that each teammate's phone presented.
    pub teammates: BTreeMap<DeviceId, (MemberId, u64)>,
    /// Feed numbers of this phone's first and last acknowledged change since the first load.
    pub own: Option<(u64, u64)>,
    /// When the endpoint last answered, by this phone's clock.
    pub synced_at_ms: Option<i64>,
    /// This phone's clock minus the endpoint's.
    pub clock_off_ms: i64,
    /// The endpoint no longer takes anything from this phone.
    pub revoked: bool,
    /// The endpoint does not know this phone: it was brought back from before this phone joined. A new invitation helps.
    pub unknown: bool,
    /// The endpoint holds something else than expected: compare by buckets before going on.
    pub reconcile: bool,
    /// The last place of a feed that the endpoint had lost when this phone came back: the proof that it was rolled back.
    /// Only an endpoint that was takes work of others from this phone, and a further rollback may lose its memory of it.
    pub lost: Option<(Cursor, Digest)>,
}

impl Progress {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1);
        writer.number(self.cursor.seq);
        writer.raw(&self.cursor.mark);
        writer.raw(&self.digest.0);
        writer.number(self.presence);
        writer.number(self.teammates.len() as u64);
        for (device, (member, seq)) in &self.teammates {
            writer.raw(device.as_bytes());
            writer.raw(member.as_bytes());
            writer.number(*seq);
        }
        let (first, last) = self.own.unwrap_or((0, 0));
        writer.number(first);
        writer.number(last);
        writer.signed(self.synced_at_ms.unwrap_or(-1));
        writer.signed(self.clock_off_ms);
        writer.byte(u8::from(self.revoked) | u8::from(self.reconcile) << 1 | u8::from(self.unknown) << 2);
        if let Some((cursor, digest)) = &self.lost {
            writer.number(cursor.seq);
            writer.raw(&cursor.mark);
            writer.raw(&digest.0);
        }
        writer.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != 1 {
            return Err(DecodeError::Tag);
        }
        let cursor = Cursor {
            seq: reader.number()?,
            mark: reader.array()?,
        };
        let digest = Digest(reader.array()?);
        let presence = reader.number()?;
        let mut teammates = BTreeMap::new();
        for _ in 0..reader.count(reader.left() / 33)? {
            let device = DeviceId(reader.array()?);
            teammates.insert(device, (MemberId(reader.array()?), reader.number()?));
        }
        let (first, last) = (reader.number()?, reader.number()?);
        let synced = reader.signed()?;
        let clock_off_ms = reader.signed()?;
        let flags = reader.byte()?;
        // Releases before this one wrote nothing more, and read nothing more.
        let lost = match reader.left() {
            0 => None,
            _ => Some((
                Cursor {
                    seq: reader.number()?,
                    mark: reader.array()?,
                },
                Digest(reader.array()?),
            )),
        };
        Ok(Self {
            lost,
            cursor,
            digest,
            presence,
            teammates,
            own: (last > 0).then_some((first, last)),
            synced_at_ms: (synced >= 0).then_some(synced),
            clock_off_ms,
            revoked: flags & 1 != 0,
            reconcile: flags & 2 != 0,
            unknown: flags & 4 != 0,
        })
    }

    /// The endpoint's feed is not the one that was known: what teammates had of it says nothing of this one. The endpoint
    /// tells it anew.
    pub(super) fn forget_teammates(&mut self) {
        self.presence = 0;
        self.teammates.clear();
    }

    /// Takes in what the endpoint said of teammates.
    pub(super) fn hear(&mut self, presence: u64, teammates: &[Presence]) {
        self.presence = presence;
        for teammate in teammates {
            self.teammates.insert(teammate.device, (teammate.member, teammate.seq));
        }
    }

    /// Notes the feed number of an own change.
    pub(super) fn acknowledge(&mut self, seq: u64) {
        let (first, last) = self.own.unwrap_or((seq, seq));
        self.own = Some((first.min(seq), last.max(seq)));
    }
}

/// The first load: its manifest and how many blocks are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LoadState {
    pub manifest: Manifest,
    pub blocks_done: usize,
}

impl LoadState {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(self.blocks_done as u64);
        writer.bytes(&self.manifest.encode());
        writer.finish()
    }
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let blocks_done = usize::try_from(reader.number().ok()?).ok()?;
        let manifest = Manifest::decode(reader.bytes(bytes.len()).ok()?).ok()?;
        Some(Self { manifest, blocks_done })
    }
    /// Households stored, households in all, compressed bytes still to come.
    pub(super) fn counts(&self) -> (u32, u32, u32) {
        let (done, left) = self
            .manifest
            .blocks
            .split_at(self.blocks_done.min(self.manifest.blocks.len()));
        let sum = |blocks: &[crate::sync::pack::BlockName]| blocks.iter().map(|block| block.households).sum::<u32>();
        (
            sum(done),
            sum(done) + sum(left),
            left.iter().map(|block| block.bytes).sum(),
        )
    }
}

/// Who this phone belongs to, as the endpoint answered when it joined.
pub(super) fn decode_enrolled(bytes: &[u8]) -> Option<Enrolled> {
    Enrolled::decode(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_comes_back() {
        let mut progress = Progress {
            cursor: Cursor { seq: 7, mark: [3; 8] },
            digest: Digest([9; 32]),
            clock_off_ms: -86_400_001,
            synced_at_ms: Some(1_565_830_000_000),
            revoked: true,
            unknown: true,
            ..Progress::default()
        };
        let teammate = Presence {
            device: DeviceId([1; 16]),
            member: MemberId([2; 16]),
            seq: 5,
        };
        progress.hear(3, &[teammate]);
        progress.acknowledge(9);
        progress.acknowledge(4);
        assert_eq!(progress.own, Some((4, 9)));
        assert_eq!(Progress::decode(&progress.encode()), Ok(progress.clone()));
        // The proof of a rollback came later: what earlier releases wrote has none, and is the beginning of what is
        // written now, which they read.
        let before = progress.encode();
        progress.lost = Some((Cursor { seq: 6, mark: [4; 8] }, Digest([8; 32])));
        assert!(progress.encode().starts_with(&before));
        assert_eq!(Progress::decode(&progress.encode()), Ok(progress));
        assert_eq!(Progress::decode(&Progress::default().encode()), Ok(Progress::default()));
    }
}
