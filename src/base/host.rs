//! What the core may ask of the machine it runs on: the time and entropy. Both come from outside, never from here.

use super::id::{ActorBytes, RecordId};

/// The machine underneath. The page gives the browser's clock and crypto, the simulation a seeded world.
pub trait Host {
    /// Milliseconds since 1970 UTC by the device's clock. Advisory: nothing is resolved by it.
    fn now_ms(&self) -> i64;
    /// Fills with unpredictable bytes (in the simulation: seeded).
    fn entropy(&self, out: &mut [u8]);

    /// The actors of one start.
    fn actors(&self) -> Actors {
        let mut start = [0; 12];
        self.entropy(&mut start);
        Actors::new(start)
    }

    /// A fresh record id.
    fn record_id(&self) -> RecordId {
        let mut entropy = [0; 10];
        self.entropy(&mut entropy);
        RecordId::mint(self.now_ms(), entropy)
    }

    /// Sixteen random bytes, for ids.
    fn random_16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.entropy(&mut bytes);
        bytes
    }
}

/// The actors of one start of a worker: twelve random bytes that are never stored, and a number that counts the edits.
/// So a cloned phone, a restored backup, a second tab and a lost write never go on with an actor that was used already;
/// and in a message or a pack, where many actors of one start stand together, each costs little more than its number.
#[derive(Clone, Debug)]
pub struct Actors {
    start: [u8; 12],
    given: u32,
}

impl Actors {
    /// With bytes that were just drawn for it.
    pub fn new(start: [u8; 12]) -> Self {
        Self { start, given: 0 }
    }

    /// One that was never given before.
    ///
    /// # Panics
    /// After four thousand million of them.
    pub fn fresh(&mut self) -> ActorBytes {
        self.given = self.given.checked_add(1).expect("a start ends before that many edits");
        let mut actor = [0; 16];
        actor[..12].copy_from_slice(&self.start);
        actor[12..].copy_from_slice(&self.given.to_be_bytes());
        ActorBytes(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_actor_is_given_twice() {
        let (mut one, mut other) = (Actors::new([1; 12]), Actors::new([2; 12]));
        let given: BTreeSet<ActorBytes> = (0..1000).flat_map(|_| [one.fresh(), other.fresh()]).collect();
        assert_eq!(given.len(), 2000);
        assert!(given.iter().all(|actor| actor.0[..12] == [actor.0[0]; 12]));
    }
}
