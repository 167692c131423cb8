//! Hostile changes: what a phone in wrong hands could sign and hand over. Each must be refused, and nothing else with it.

use sha2::{Digest, Sha256};

const HEAD: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_CHANGE: u8 = 1;
/// One million times `put` of nothing at one key of the root: five columns of run lengths.
const BOMB: [u8; 32] = [
    // time, message, other actors; then the columns, each by its specification and length
    0, 0, 0, 5, 0x15, 5, 0x34, 3, 0x42, 4, 0x56, 4, 0x70, 4,
    // key, no insertion, action, no value, no predecessors
    0xc0, 0x84, 0x3d, 1, b'a', 0xc0, 0x84, 0x3d, 0xc0, 0x84, 0x3d, 1, 0xc0, 0x84, 0x3d, 0, 0xc0, 0x84,
];
/// What stands at the end of an actor's first change: who made it (tag, length, member).
const AUTHOR_BYTES: usize = 18;

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// A number of the actor is left out.
    SequenceGap,
    /// Operation numbers below those that it builds on.
    LowStart,
    /// Operation numbers far beyond the document's.
    HighStart,
    /// A million operations in a hundred bytes.
    Bomb,
    /// A change of another document.
    Foreign,
    /// Builds on a change that nobody has.
    Orphan,
    /// Says that somebody else made it.
    OtherAuthor,
    /// The signature is of something else.
    Unsigned,
    /// The actor of a change that is there already.
    TakenActor,
}

/// Every kind.
pub const FORGERIES: [Forgery; 9] = [
    Forgery::SequenceGap,
    Forgery::LowStart,
    Forgery::HighStart,
    Forgery::Bomb,
    Forgery::Foreign,
    Forgery::Orphan,
    Forgery::OtherAuthor,
    Forgery::Unsigned,
    Forgery::TakenActor,
];

/// A change taken apart as far as a forger needs it.
struct Parts {
    deps: Vec<[u8; 32]>,
    actor: Vec<u8>,
    seq: u64,
    start_op: u64,
    rest: Vec<u8>,
}

impl Forgery {
    /// An honest change with this wrong in it; the same where the wrong lies outside the change.
    pub fn of(self, honest: &[u8]) -> Vec<u8> {
        let Some(mut parts) = take_apart(honest) else {
            return honest.to_vec();
        };
        match self {
            Forgery::SequenceGap => {
                parts.seq += 2;
                parts.rest.truncate(parts.rest.len() - AUTHOR_BYTES);
            }
            Forgery::LowStart => parts.start_op = 1,
            Forgery::HighStart => parts.start_op += 1_000_000,
            Forgery::Orphan => parts.deps = vec![[0x5a; 32]],
            Forgery::Bomb => {
                let author = parts.rest.split_off(parts.rest.len() - AUTHOR_BYTES);
                parts.rest = [&BOMB[..], &[0x3d, 0], &author].concat();
            }
            Forgery::Foreign | Forgery::OtherAuthor | Forgery::Unsigned | Forgery::TakenActor => {}
        }
        put_together(&parts)
    }
}

fn take_apart(chunk: &[u8]) -> Option<Parts> {
    let mut input = chunk.get(9..)?;
    uleb(&mut input)?;
    let deps = (0..uleb(&mut input)?)
        .map(|_| take(&mut input, 32)?.try_into().ok())
        .collect::<Option<_>>()?;
    let length = uleb(&mut input)?;
    let actor = take(&mut input, usize::try_from(length).ok()?)?.to_vec();
    let (seq, start_op) = (uleb(&mut input)?, uleb(&mut input)?);
    Some(Parts {
        deps,
        actor,
        seq,
        start_op,
        rest: input.to_vec(),
    })
}

fn put_together(parts: &Parts) -> Vec<u8> {
    let mut body = Vec::new();
    put(&mut body, parts.deps.len() as u64);
    parts.deps.iter().for_each(|dep| body.extend(dep));
    put(&mut body, parts.actor.len() as u64);
    body.extend(&parts.actor);
    put(&mut body, parts.seq);
    put(&mut body, parts.start_op);
    body.extend(&parts.rest);
    let mut hashed = vec![CHUNK_CHANGE];
    put(&mut hashed, body.len() as u64);
    hashed.extend(body);
    let digest = Sha256::digest(&hashed);
    [&HEAD[..], &digest[..4], &hashed].concat()
}

fn take<'a>(input: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = input.split_at_checked(count)?;
    *input = left;
    Some(taken)
}

fn uleb(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = take(input, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
