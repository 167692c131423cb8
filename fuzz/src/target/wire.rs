//! Every message: what decodes must encode, and decode to the same. The first byte chooses the message, the rest is its
//! body, so that no checksum stands in the way.

use super::frame::plain;
use bianfang::base::id::SpaceId;
use bianfang::sync::enrol::{Enrol, Enrolled, Invite, Invited, Look, Looked, Refused};
use bianfang::sync::frame::FrameKind;
use bianfang::sync::pack::{Manifest, decode_block, encode_block};
use bianfang::sync::wire::{Bundle, SyncRequest, SyncResponse};
use sha2::{Digest as _, Sha256};

/// Messages that are frames, in the order of the first byte; a block of a pack comes after them.
pub const MESSAGES: [FrameKind; 10] = [
    FrameKind::SyncRequest,
    FrameKind::SyncResponse,
    FrameKind::Look,
    FrameKind::Looked,
    FrameKind::Enrol,
    FrameKind::Enrolled,
    FrameKind::Invite,
    FrameKind::Invited,
    FrameKind::Manifest,
    FrameKind::Refused,
];

macro_rules! there_and_back {
    ($type:ident, $frame:expr) => {
        if let Ok(message) = $type::decode($frame) {
            assert_eq!($type::decode(&message.encode()).as_ref(), Ok(&message));
        }
    };
}

/// The target.
pub fn run(bytes: &[u8]) {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let Some(kind) = MESSAGES.get(usize::from(*choice) % (MESSAGES.len() + 1)) else {
        return block(body);
    };
    let frame = plain(*kind, body);
    match kind {
        FrameKind::SyncRequest => request(&frame),
        FrameKind::SyncResponse => there_and_back!(SyncResponse, &frame),
        FrameKind::Look => there_and_back!(Look, &frame),
        FrameKind::Looked => there_and_back!(Looked, &frame),
        FrameKind::Enrol => there_and_back!(Enrol, &frame),
        FrameKind::Enrolled => there_and_back!(Enrolled, &frame),
        FrameKind::Invite => there_and_back!(Invite, &frame),
        FrameKind::Invited => there_and_back!(Invited, &frame),
        FrameKind::Manifest => there_and_back!(Manifest, &frame),
        FrameKind::Refused => there_and_back!(Refused, &frame),
        FrameKind::Block | FrameKind::RescueContents | FrameKind::RescueBundle => {}
    }
}

fn request(frame: &[u8]) {
    there_and_back!(SyncRequest, frame);
    let Ok(request) = SyncRequest::decode(frame) else {
        return;
    };
    for bundle in &request.bundles {
        Bundle::message(SpaceId([7; 16]), bundle.device, &bundle.documents);
    }
}

fn block(body: &[u8]) {
    let name = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    if let Ok(documents) = decode_block(&name(body), body) {
        let again = encode_block(&documents);
        assert_eq!(decode_block(&name(&again), &again), Ok(documents));
    }
}
