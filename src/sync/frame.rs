//! Frames: a head of nine bytes and a body, deflated with a preset dictionary when that is smaller. Bounded both ways.
//! The head holds a checksum of the body: changes travel without theirs, so a byte garbled on the way must show here.

use crate::base::codec::DecodeError;
use crate::base::inflate::{self, InflateError};
use crate::base::limits::{FRAME_BYTES_MAX, FRAME_INFLATED_MAX};
use flate2::{Compress, Compression, Decompress, FlushCompress, Status};
use sha2::{Digest as _, Sha256};

/// The version of the protocol that this release speaks.
pub const PROTOCOL: u8 = 1;
const MAGIC: [u8; 2] = *b"bf";
const HEAD_BYTES: usize = 9;
const PLAIN: u8 = 0;
/// Deflated with dictionary 1.
const DEFLATED_1: u8 = 1;

/// Typical bytes of changes. Part of the wire format: another dictionary gets another number.
const DICTIONARY_1: &[u8] = include_bytes!("dictionary-1.bin");

/// Which message a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    SyncRequest = 1,
    SyncResponse = 2,
    Look = 3,
    Looked = 4,
    Enrol = 5,
    Enrolled = 6,
    Invite = 7,
    Invited = 8,
    Manifest = 9,
    Block = 10,
    Refused = 11,
    RescueContents = 12,
    RescueBundle = 13,
}

/// Why bytes are not the frame that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("not a frame of this protocol")]
    NotOurs,
    #[error("another version of the protocol: {0}")]
    Version(u8),
    #[error("another kind of frame than expected")]
    Kind,
    #[error("larger than a frame may be")]
    TooLarge,
    #[error("the compressed part is damaged")]
    Damaged,
    #[error("the body does not decode: {0}")]
    Body(#[from] DecodeError),
}

impl FrameError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            FrameError::NotOurs => "frame_not_ours",
            FrameError::Version(_) => "frame_version",
            FrameError::Kind => "frame_kind",
            FrameError::TooLarge => "frame_too_large",
            FrameError::Damaged => "frame_damaged",
            FrameError::Body(_) => "frame_body",
        }
    }
}

/// Wraps a body.
pub fn seal(kind: FrameKind, body: &[u8]) -> Vec<u8> {
    let mut out = vec![MAGIC[0], MAGIC[1], PROTOCOL, kind as u8, PLAIN];
    out.extend(checksum(body));
    match deflate(body) {
        Some(small) if small.len() < body.len() => {
            out[4] = DEFLATED_1;
            out.extend(small);
        }
        _ => out.extend_from_slice(body),
    }
    out
}

/// Unwraps a body of the expected kind.
///
/// # Errors
/// Foreign, oversized or damaged bytes; a body that inflates beyond its limit.
pub fn open(kind: FrameKind, bytes: &[u8]) -> Result<Vec<u8>, FrameError> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(FrameError::TooLarge);
    }
    let (head, body) = bytes.split_at_checked(HEAD_BYTES).ok_or(FrameError::NotOurs)?;
    if head[..2] != MAGIC {
        return Err(FrameError::NotOurs);
    }
    if head[2] != PROTOCOL {
        return Err(FrameError::Version(head[2]));
    }
    if head[3] != kind as u8 {
        return Err(FrameError::Kind);
    }
    let body = match head[4] {
        PLAIN => body.to_vec(),
        DEFLATED_1 => inflate(body)?,
        _ => return Err(FrameError::NotOurs),
    };
    if checksum(&body) == head[5..] {
        Ok(body)
    } else {
        Err(FrameError::Damaged)
    }
}

fn checksum(body: &[u8]) -> [u8; 4] {
    let digest = Sha256::digest(body);
    [digest[0], digest[1], digest[2], digest[3]]
}

fn deflate(body: &[u8]) -> Option<Vec<u8>> {
    let mut deflater = Compress::new(Compression::best(), false);
    deflater.set_dictionary(DICTIONARY_1).ok()?;
    let mut out = Vec::with_capacity(body.len() + 64);
    match deflater.compress_vec(body, &mut out, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Some(out),
        _ => None,
    }
}

fn inflate(body: &[u8]) -> Result<Vec<u8>, FrameError> {
    let mut inflater = Decompress::new(false);
    inflater.set_dictionary(DICTIONARY_1).map_err(|_| FrameError::Damaged)?;
    inflate::inflate(inflater, body, FRAME_INFLATED_MAX).map_err(|error| match error {
        InflateError::Damaged => FrameError::Damaged,
        InflateError::TooLarge => FrameError::TooLarge,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back() {
        for body in [
            vec![],
            vec![7; 3],
            vec![1; 200_000],
            (0..=255).cycle().take(70_000).collect::<Vec<u8>>(),
        ] {
            let frame = seal(FrameKind::SyncRequest, &body);
            assert_eq!(open(FrameKind::SyncRequest, &frame), Ok(body));
            assert_eq!(open(FrameKind::Block, &frame), Err(FrameError::Kind));
        }
    }

    #[test]
    fn every_flipped_bit_is_an_error() {
        for body in [b"plain".to_vec(), b"visits/checks ".repeat(40)] {
            let frame = seal(FrameKind::SyncResponse, &body);
            for place in 0..frame.len() {
                let mut garbled = frame.clone();
                garbled[place] ^= 0x20;
                assert!(open(FrameKind::SyncResponse, &garbled).is_err(), "{place}");
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let frame = seal(FrameKind::SyncRequest, &vec![0; FRAME_INFLATED_MAX + 1]);
        assert!(frame.len() < 100_000);
        assert_eq!(open(FrameKind::SyncRequest, &frame), Err(FrameError::TooLarge));
    }

    #[test]
    fn every_cut_is_an_error() {
        let frame = seal(FrameKind::SyncRequest, &b"visits/checks ".repeat(40));
        for length in 0..frame.len() {
            assert!(open(FrameKind::SyncRequest, &frame[..length]).is_err(), "{length}");
        }
        assert_eq!(
            open(FrameKind::SyncRequest, b"<!DOCTYPE html><html>"),
            Err(FrameError::NotOurs)
        );
    }
}
