//! What instances are called in a record, so that people who fill in one record at two places mean the same one. A stored
//! format.

use crate::base::id::RecordId;
use sha2::{Digest as _, Sha256};

/// The name of an instance of a repeated part whose number is computed: by the place of the part (`/member`, the names of
/// instances around it included) and by its own number, from 1.
pub fn counted_id(part: &str, number: usize) -> RecordId {
    let mut sha = Sha256::new();
    sha.update("bianfang/instance");
    sha.update(part);
    sha.update((number as u64).to_be_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    RecordId(std::array::from_fn(|at| digest[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_stored_stays_what_it_was() {
        assert_eq!(counted_id("/member", 1).to_string(), "7M00D3DQRSZWX3P2MTZN805R7E");
        assert_ne!(counted_id("/member", 1), counted_id("/member", 2));
        assert_ne!(counted_id("/member", 1), counted_id("/plot", 1));
    }
}
