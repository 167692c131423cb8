//! The one source of chance: a seed (splitmix64).

use std::cell::Cell;
use std::rc::Rc;

/// A stream of numbers that depends on its seed alone. Clones share the stream.
#[derive(Clone, Debug)]
pub struct Random(Rc<Cell<u64>>);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed)))
    }
    /// A stream of its own, which does not disturb this one when it is used more or less.
    pub fn fork(&self, label: u64) -> Self {
        Self::new(self.next() ^ label.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
    /// The same stream from here on, drawn apart: what a copied machine draws.
    pub fn copy(&self) -> Self {
        Self::new(self.0.get())
    }
    /// The next number.
    pub fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    /// Below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }
    /// True in `percent` of a hundred cases.
    pub fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }
    /// One of a list.
    pub fn pick<'a, T>(&self, list: &'a [T]) -> Option<&'a T> {
        list.get(usize::try_from(self.below(list.len() as u64)).unwrap_or(0))
    }
    /// Fills with bytes.
    pub fn fill(&self, out: &mut [u8]) {
        for part in out.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            part.copy_from_slice(&bytes[..part.len()]);
        }
    }
}
