//! Where this person's work is: which changes the endpoint has acknowledged, at which place of its feed, until every
//! teammate is known to have gone past it. A stored format.
//!
//! What is not listed stands at or before the *floor*. A floor that is too high makes 队友已收到 come late, never too
//! early, so everything uncertain is settled by raising it: a list that grew too long, a feed that was rolled back, a
//! phone that was loaded anew.

use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::HANDED_MAX;
use crate::doc::Hash;
use std::collections::BTreeMap;

/// Nobody has gone past this place: where the work stands is not known yet.
const NOWHERE: u64 = u64::MAX;

/// The first bytes of a change's hash: enough to tell changes of one document apart.
type Short = [u8; 8];

fn short(hash: Hash) -> Short {
    let mut short = [0; 8];
    short.copy_from_slice(&hash.0[..8]);
    short
}

/// Acknowledged work that some teammate may not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    floor: u64,
    /// Places in the feed beyond the floor, or before it and exact.
    listed: BTreeMap<(DocId, Short), u64>,
}

impl Handed {
    /// Everything that was acknowledged stands at or before this place.
    pub(super) fn below(floor: u64) -> Self {
        Self {
            floor,
            listed: BTreeMap::new(),
        }
    }

    /// The endpoint's feed is not the one that was known: nothing is sure until the sides have compared.
    pub(super) fn forget(&mut self) {
        *self = Self::below(NOWHERE);
    }

    /// After a comparison everything that both sides hold stands at or before this place. Where the feed was known, the
    /// places in it still hold.
    pub(super) fn compared(&mut self, seq: u64) {
        if self.floor == NOWHERE {
            *self = Self::below(seq);
        }
    }

    /// An own change has this place, or one before it.
    pub(super) fn put(&mut self, document: DocId, hash: Hash, seq: u64) {
        self.listed.insert((document, short(hash)), seq);
        if self.listed.len() > HANDED_MAX {
            let oldest = self.listed.iter().min_by_key(|(_, seq)| **seq);
            if let Some((key, seq)) = oldest.map(|(key, seq)| (*key, *seq)) {
                self.listed.remove(&key);
                self.raise(seq);
            }
        }
    }

    fn raise(&mut self, seq: u64) {
        self.floor = self.floor.max(seq);
    }

    /// Every teammate's phone has gone past this place: what stands up to there needs no list.
    pub(super) fn passed(&mut self, seq: u64) {
        let passed = self.listed.values().filter(|place| **place <= seq).max().copied();
        if let Some(passed) = passed {
            self.raise(passed);
            self.listed.retain(|_, place| *place > seq);
        }
    }

    /// Where an acknowledged change of this person stands at the latest.
    pub(super) fn place(&self, document: DocId, hash: Hash) -> u64 {
        let listed = self.listed.get(&(document, short(hash)));
        listed.copied().unwrap_or(self.floor)
    }

    /// What is not listed stands at or before this place.
    pub(super) fn floor(&self) -> u64 {
        self.floor
    }

    /// The last place at which something of a document is listed.
    pub(super) fn last_of(&self, document: DocId) -> Option<u64> {
        let of = self.listed.range((document, [0; 8])..=(document, [0xff; 8]));
        of.map(|(_, seq)| *seq).max()
    }

    /// The documents of which something is listed.
    pub(super) fn documents(&self) -> impl Iterator<Item = DocId> {
        self.listed.keys().map(|(document, _)| *document)
    }

    /// The last place of all work.
    pub(super) fn last(&self) -> u64 {
        self.listed.values().copied().fold(self.floor, u64::max)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(1);
        writer.number(self.floor);
        writer.number(self.listed.len() as u64);
        for ((document, hash), seq) in &self.listed {
            writer.raw(document.as_bytes());
            writer.raw(hash);
            writer.number(*seq);
        }
        writer.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != 1 {
            return Err(DecodeError::Tag);
        }
        let floor = reader.number()?;
        let listed = (0..reader.count(HANDED_MAX)?)
            .map(|_| Ok(((DocId(reader.array()?), reader.array()?), reader.number()?)))
            .collect::<Result<_, DecodeError>>()?;
        reader.end()?;
        Ok(Self { floor, listed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: DocId = DocId([3; 16]);

    fn hash(number: u64) -> Hash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        Hash(hash)
    }

    fn some() -> Handed {
        let mut handed = Handed::below(40);
        handed.put(HERE, hash(1), 41);
        handed.put(HERE, hash(2), 300);
        handed.put(DocId([4; 16]), hash(3), 200);
        handed
    }

    #[test]
    fn work_stands_at_its_place_until_everybody_has_gone_past_it() {
        let mut handed = some();
        assert_eq!((handed.place(HERE, hash(1)), handed.place(HERE, hash(9))), (41, 40));
        assert_eq!((handed.last_of(HERE), handed.last()), (Some(300), 300));
        handed.passed(250);
        // Nothing that is not listed any more stands after what everybody has.
        assert_eq!((handed.place(HERE, hash(1)), handed.place(HERE, hash(2))), (200, 300));
        assert_eq!(handed.last_of(DocId([4; 16])), None);
        handed.passed(300);
        assert_eq!((handed.last_of(HERE), handed.last()), (None, 300));
    }

    #[test]
    fn of_a_feed_that_was_rolled_back_nothing_is_believed_until_the_sides_have_compared() {
        let mut handed = some();
        handed.forget();
        assert_eq!(handed.place(HERE, hash(1)), u64::MAX);
        handed.put(HERE, hash(5), 60);
        handed.compared(70);
        assert_eq!((handed.place(HERE, hash(1)), handed.place(HERE, hash(5))), (70, 70));
        // Places in a feed that was known all the time hold on.
        let mut known = some();
        known.compared(500);
        assert_eq!(known, some());
    }

    #[test]
    fn a_list_that_grows_too_long_says_received_too_late_and_never_too_early() {
        let mut handed = Handed::default();
        for number in 1..=HANDED_MAX as u64 + 10 {
            handed.put(HERE, hash(number), number);
            assert!(handed.listed.len() <= HANDED_MAX);
            assert!((1..=number).all(|known| handed.place(HERE, hash(known)) >= known));
        }
        assert_eq!(handed.floor, 10);
    }

    #[test]
    fn what_is_stored_comes_back_for_ever() {
        let written = some().encode();
        let hex = include_str!("../../tests/golden/handed.hex");
        let golden: Vec<u8> = (0..hex.trim().len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        assert_eq!(written, golden);
        assert_eq!(Handed::decode(&golden), Ok(some()));
        for length in 0..golden.len() {
            assert!(Handed::decode(&golden[..length]).is_err());
        }
    }
}
