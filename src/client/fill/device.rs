//! What only the phone knows, for a form that is open: the clock as it was last heard, and randomness from one seed.

use crate::base::host::Host;
use crate::base::id::RecordId;
use crate::form::around::Outside;
use crate::form::moment::Moment;
use sha2::{Digest as _, Sha256};
use std::cell::Cell;

/// The clock and the randomness of one open form.
pub struct Device {
    now_ms: Cell<i64>,
    seed: [u8; 32],
    drawn: Cell<u64>,
}

impl Device {
    /// As the host says now.
    pub fn of(host: &impl Host) -> Self {
        let mut seed = [0; 32];
        host.entropy(&mut seed);
        Self {
            now_ms: Cell::new(host.now_ms()),
            seed,
            drawn: Cell::new(0),
        }
    }

    /// Hears the clock.
    pub fn set_now(&self, now_ms: i64) {
        self.now_ms.set(now_ms);
    }

    fn draw(&self) -> [u8; 32] {
        self.drawn.set(self.drawn.get() + 1);
        let mut sha = Sha256::new();
        sha.update(self.seed);
        sha.update(self.drawn.get().to_be_bytes());
        sha.finalize().into()
    }

    /// A fresh id for an instance of a repeated part.
    pub fn record_id(&self) -> RecordId {
        let drawn = self.draw();
        RecordId::mint(self.now_ms.get(), std::array::from_fn(|at| drawn[at]))
    }
}

impl Outside for Device {
    fn now(&self) -> Moment {
        Moment::at(self.now_ms.get())
    }

    fn random(&self) -> f64 {
        let drawn = self.draw();
        let bits = drawn
            .iter()
            .take(6)
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        bits as f64 / (1_u64 << 48) as f64
    }

    /// Random, and marked as such: version 4.
    fn uuid(&self) -> String {
        let mut bytes = self.draw();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (at, byte) in bytes.iter().take(16).enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }
}
