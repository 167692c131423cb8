//! What a side holds, as one number: the sum of the hashes of all its changes. Costs one addition per change.

use crate::base::id::DocId;
use crate::doc::Hash;
use sha2::{Digest as _, Sha256};

/// SHA-256 of document and change: what is summed, and how a change is named when sides compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item(pub [u8; 32]);

impl Item {
    /// The item of one change of one document.
    pub fn of(document: DocId, hash: Hash) -> Self {
        let mut sha = Sha256::new();
        sha.update(document.as_bytes());
        sha.update(hash.0);
        Self(sha.finalize().into())
    }
    /// Which of the 256 buckets it falls into.
    pub fn bucket(&self) -> u8 {
        self.0[0]
    }
    /// A short name, unique among the changes of a space for all practical purposes; a clash only costs a transfer.
    pub fn short(&self) -> [u8; 8] {
        [
            self.0[0], self.0[1], self.0[2], self.0[3], self.0[4], self.0[5], self.0[6], self.0[7],
        ]
    }
}

/// Sum of items modulo 2^256, little-endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Adds one item.
    pub fn add(&mut self, item: &Item) {
        let mut carry = 0u16;
        for (sum, part) in self.0.iter_mut().zip(item.0) {
            let total = u16::from(*sum) + u16::from(part) + carry;
            *sum = total as u8;
            carry = total >> 8;
        }
    }

    /// 核对码: eight letters and digits, the same exactly when the data are the same.
    pub fn check_code(&self) -> String {
        const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let mixed = Sha256::digest(self.0);
        let code: String = mixed
            .iter()
            .take(8)
            .map(|byte| ALPHABET[usize::from(byte & 31)] as char)
            .collect();
        format!("{} {}", &code[..4], &code[4..])
    }
}

/// Sums by bucket, shortened to eight bytes each: enough to find where two sides differ.
pub fn buckets<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<u64> {
    let mut sums = vec![0u64; 256];
    for item in items {
        let sum = &mut sums[usize::from(item.bucket())];
        *sum = sum.wrapping_add(u64::from_le_bytes([
            item.0[1], item.0[2], item.0[3], item.0[4], item.0[5], item.0[6], item.0[7], item.0[8],
        ]));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_does_not_depend_on_order_and_carries_to_the_end() {
        let items = [Item([0xff; 32]), Item([1; 32]), Item([0x80; 32])];
        let (mut one, mut other) = (Digest::default(), Digest::default());
        items.iter().for_each(|item| one.add(item));
        items.iter().rev().for_each(|item| other.add(item));
        assert_eq!(one, other);
        let mut wrapped = Digest([0xff; 32]);
        let mut unit = Item([0; 32]);
        unit.0[0] = 1;
        wrapped.add(&unit);
        assert_eq!(wrapped, Digest::default());
    }
}
