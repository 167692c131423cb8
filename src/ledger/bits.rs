//! A set of small numbers: which events somebody had seen.

/// A set of numbers below the size it was made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// An empty set for numbers below `size`.
    pub fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }
    /// Everything below `size`.
    pub fn all(size: usize) -> Self {
        let mut all = Self::new(size);
        (0..size).for_each(|one| all.add(one));
        all
    }
    /// Puts a number in.
    pub fn add(&mut self, one: usize) {
        self.0[one / 64] |= 1 << (one % 64);
    }
    /// Whether a number is in.
    pub fn has(&self, one: usize) -> bool {
        self.0.get(one / 64).is_some_and(|word| word >> (one % 64) & 1 == 1)
    }
    /// Puts in all that is in another.
    pub fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one |= other);
    }
    /// Keeps what is in another too.
    pub fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one &= other);
    }
    /// Takes out what is in another.
    pub fn drop(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one &= !other);
    }
    /// How many.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
    /// Nothing is in.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
    /// The numbers in it, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.0.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at * 64 + bit)
        })
    }
}
