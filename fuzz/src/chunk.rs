//! Chunks of stored and sent documents with a right length and checksum around any body.

use bianfang::base::codec::Writer;
use sha2::{Digest as _, Sha256};

/// A whole document.
pub const DOCUMENT: u8 = 0;
/// One change.
pub const CHANGE: u8 = 1;

/// A chunk around a body.
pub fn wrap(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = Writer::new();
    hashed.byte(kind);
    hashed.bytes(body);
    let hashed = hashed.finish();
    let digest = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], &hashed].concat()
}

/// The body of a chunk that was made here.
pub fn body(chunk: &[u8]) -> &[u8] {
    let length = chunk[9..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
    &chunk[9 + length..]
}

/// The hash by which others depend on a change.
pub fn hash(chunk: &[u8]) -> [u8; 32] {
    Sha256::digest(chunk.get(8..).unwrap_or_default()).into()
}
