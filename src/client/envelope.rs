//! The wrapping of every stored value: format, checksum, bytes. Format 0 is plain; an encrypted format can follow
//! without moving any data.

use sha2::{Digest as _, Sha256};

const PLAIN: u8 = 0;

/// Wraps a value.
pub(super) fn seal(bytes: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(bytes);
    [&[PLAIN], &digest[..4], bytes].concat()
}

/// Unwraps a value; nothing when its format is unknown or its checksum wrong.
pub(super) fn open(stored: &[u8]) -> Option<&[u8]> {
    let (head, bytes) = stored.split_at_checked(5)?;
    let digest = Sha256::digest(bytes);
    (head[0] == PLAIN && head[1..] == digest[..4]).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_a_changed_bit_does_not() {
        let sealed = seal(b"household");
        assert_eq!(open(&sealed), Some(b"household".as_slice()));
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 1;
            assert_eq!(open(&bad), None);
        }
        assert_eq!(open(&[]), None);
    }
}
