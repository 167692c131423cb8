//! Ids: sixteen random bytes, written as 26 letters and digits. Says nothing about what an id stands for.

use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 26 characters of 0–9 and A–Z without I, L, O, U are expected")]
pub struct NotAnId;

fn to_text(bytes: &[u8; 16]) -> String {
    let mut number = u128::from_be_bytes(*bytes);
    let mut out = [b'0'; 26];
    for place in out.iter_mut().rev() {
        *place = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    out.iter().map(|&byte| byte as char).collect()
}

fn from_text(text: &str) -> Result<[u8; 16], NotAnId> {
    if text.len() != 26 {
        return Err(NotAnId);
    }
    let mut number: u128 = 0;
    for (place, byte) in text.bytes().enumerate() {
        let digit = ALPHABET
            .iter()
            .position(|&letter| letter == byte.to_ascii_uppercase())
            .ok_or(NotAnId)?;
        if place == 0 && digit > 7 {
            return Err(NotAnId);
        }
        number = (number << 5) | digit as u128;
    }
    Ok(number.to_be_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// The bytes, for wire and storage.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// From exactly sixteen bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&to_text(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&to_text(&self.0))
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                from_text(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A space: what is shared and synchronised together, such as a village's team. Random.
    SpaceId
    /// A document: one thing that people edit together.
    DocId
    /// A member of a team: the author of changes. Random; the import has one of its own per space.
    MemberId
    /// A device: the first half of the SHA-256 of its public key, so that the key proves the id.
    DeviceId
    /// A record inside a document: a ULID minted by the device that made it.
    RecordId
    /// An automerge actor: one worker start and document, never stored.
    ActorBytes
}

impl RecordId {
    /// A ULID: 48 bits of milliseconds, 80 bits of entropy. The time orders records for reading, nothing else.
    pub fn mint(now_ms: i64, entropy: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&now_ms.max(0).to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&entropy);
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree_at_both_ends() {
        for bytes in [[0; 16], [255; 16], *b"0123456789abcdef"] {
            let id = DocId(bytes);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert_eq!(DocId([255; 16]).to_string(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in [
            "",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "0000000000000000000000000U",
            "000000000000000000000000000",
        ] {
            assert_eq!(text.parse::<DocId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn records_minted_later_sort_later() {
        assert!(RecordId::mint(1_565_830_000_000, [255; 10]) < RecordId::mint(1_565_830_000_001, [0; 10]));
    }
}
