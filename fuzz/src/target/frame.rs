//! Frames: any bytes as a frame of any kind, any bytes as the deflated part of a frame, and any body there and back.

use bianfang::base::limits::FRAME_INFLATED_MAX;
use bianfang::sync::frame::{FrameKind, PROTOCOL, open, seal};
use sha2::{Digest as _, Sha256};

/// Every kind.
pub const KINDS: [FrameKind; 13] = [
    FrameKind::SyncRequest,
    FrameKind::SyncResponse,
    FrameKind::Look,
    FrameKind::Looked,
    FrameKind::Enrol,
    FrameKind::Enrolled,
    FrameKind::Invite,
    FrameKind::Invited,
    FrameKind::Manifest,
    FrameKind::Block,
    FrameKind::Refused,
    FrameKind::RescueContents,
    FrameKind::RescueBundle,
];

/// A frame with a right head around a body, not deflated.
pub fn plain(kind: FrameKind, body: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(body);
    [&[b'b', b'f', PROTOCOL, kind as u8, 0], &digest[..4], body].concat()
}

/// The target.
pub fn run(bytes: &[u8]) {
    for kind in KINDS {
        if let Ok(body) = open(kind, bytes) {
            assert!(body.len() <= FRAME_INFLATED_MAX);
            assert_eq!(open(kind, &seal(kind, &body)), Ok(body));
        }
    }
    let kind = KINDS[bytes.first().map_or(0, |byte| usize::from(*byte)) % KINDS.len()];
    // The checksum is of what comes out, which only the inflater knows: this reaches it and ends behind it.
    let mut deflated = plain(kind, &[]);
    deflated[4] = 1;
    deflated.extend(bytes);
    if let Ok(body) = open(kind, &deflated) {
        assert!(body.is_empty());
    }
    assert_eq!(open(kind, &plain(kind, bytes)).as_deref(), Ok(bytes));
    assert_eq!(open(kind, &seal(kind, bytes)).as_deref(), Ok(bytes));
}
