//! A hash over everything that happens in a world: events, requests, answers, stored batches. Equal seeds leave equal
//! hashes, natively and in wasm.

use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::rc::Rc;

/// The hash so far. Clones are the same hash.
#[derive(Clone, Default)]
pub struct Trace(Rc<RefCell<Sha256>>);

impl Trace {
    /// Notes that something happened: what, and the bytes of it.
    pub fn note(&self, what: &str, parts: &[&[u8]]) {
        let mut sha = self.0.borrow_mut();
        for part in [what.as_bytes()].iter().chain(parts) {
            // Lengths too, so that no two stories can be cut into the same bytes.
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part);
        }
    }

    /// The hash.
    pub fn digest(&self) -> [u8; 32] {
        self.0.borrow().clone().finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_and_every_border_between_parts_counts() {
        let of = |parts: &[&[u8]]| {
            let trace = Trace::default();
            trace.note("what", parts);
            trace.digest()
        };
        assert_eq!(of(&[b"ab", b"c"]), of(&[b"ab", b"c"]));
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of(&[b"ab"]), of(&[b"ac"]));
    }
}
