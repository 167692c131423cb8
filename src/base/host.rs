//! What the core may ask of the machine it runs on: the time and entropy. Both come from outside, never from here.

use super::id::{ActorBytes, RecordId};

/// The machine underneath. The page gives the browser's clock and crypto, the simulation a seeded world.
pub trait Host {
    /// Milliseconds since 1970 UTC by the device's clock. Advisory: nothing is resolved by it.
    fn now_ms(&self) -> i64;
    /// Fills with unpredictable bytes (in the simulation: seeded).
    fn entropy(&self, out: &mut [u8]);

    /// A fresh random actor.
    fn actor(&self) -> ActorBytes {
        ActorBytes(self.random_16())
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
