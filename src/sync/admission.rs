//! Whether a change may enter the feed, judged from its head before Automerge sees it. Each forgery that is refused
//! here would otherwise break a document or a process.

use super::log::{DocFacts, Log, Role};
use super::wire::{DocChanges, RefusalCode};
use crate::base::id::{ActorBytes, DeviceId, MemberId, SpaceId};
use crate::base::limits::DOCUMENT_OPS_MAX;
use crate::doc::{DocKind, Document, Hash, Header, HeaderError};
use std::collections::BTreeMap;

/// Who hands over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signer {
    pub space: SpaceId,
    pub device: DeviceId,
    pub member: MemberId,
    pub role: Role,
    /// The feed was rolled back: what teammates wrote and this phone holds is taken from it too, vouched for by its
    /// signature, because their own phones may be gone.
    pub relays: bool,
}

impl Signer {
    /// The village document and published forms are written by the desk alone; findings by all; the rest by those who visit.
    pub(super) fn may_write(&self, kind: DocKind) -> bool {
        match (self.role, kind) {
            (Role::Desk, _) | (_, DocKind::Finding) => true,
            (_, DocKind::Village | DocKind::Form) | (Role::Township | Role::Inspector, _) => false,
            (Role::Leader | Role::Member | Role::Doctor, DocKind::Place | DocKind::Household | DocKind::Log) => true,
        }
    }
}

/// A change that passed, with its place in the request.
pub(super) struct Admitted {
    pub position: u64,
    pub header: Header,
    pub bytes: Vec<u8>,
}

/// Why one did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub code: RefusalCode,
    pub need: Vec<Hash>,
}

impl From<RefusalCode> for Refused {
    fn from(code: RefusalCode) -> Self {
        Self { code, need: Vec::new() }
    }
}

/// What one document is known to hold, with what this request adds, while its changes are judged one by one.
pub(super) struct Gate<'a, L: Log> {
    log: &'a mut L,
    part: &'a DocChanges,
    facts: DocFacts,
    /// Hash and highest operation of the genesis, which is in no log.
    genesis: (Hash, u64),
    added: BTreeMap<Hash, u64>,
    actors: BTreeMap<ActorBytes, (DeviceId, u64)>,
}

impl<'a, L: Log> Gate<'a, L> {
    /// Opens the gate for one document of a bundle.
    pub(super) fn new(log: &'a mut L, part: &'a DocChanges) -> Result<Result<Self, Refused>, L::Error> {
        let genesis = Document::new(part.kind, part.document);
        let facts = match log.document(part.document)? {
            Some(facts) if facts.here && facts.kind == part.kind => facts,
            Some(_) => return Ok(Err(RefusalCode::ForeignDocument.into())),
            None => DocFacts {
                kind: part.kind,
                here: true,
                max_op: genesis.max_op(),
                ops: 0,
            },
        };
        let genesis = (genesis.genesis_hash(), genesis.max_op());
        Ok(Ok(Self {
            log,
            part,
            facts,
            genesis,
            added: BTreeMap::new(),
            actors: BTreeMap::new(),
        }))
    }

    /// Judges one change by its head.
    pub(super) fn judge(&mut self, signer: &Signer, bytes: &[u8]) -> Result<Result<Verdict, Refused>, L::Error> {
        let header = match Header::read(bytes) {
            Ok(header) => header,
            Err(error) => return Ok(Err(refusal_of(error).into())),
        };
        if let Some(known) = self.log.change(self.part.document, header.hash)? {
            return Ok(Ok(Verdict::Known(known.seq)));
        }
        if self.added.contains_key(&header.hash) {
            return Ok(Ok(Verdict::Twice(header.hash)));
        }
        if !signer.may_write(self.part.kind) {
            return Ok(Err(RefusalCode::NotAllowed.into()));
        }
        if self.facts.ops + header.ops > DOCUMENT_OPS_MAX {
            return Ok(Err(RefusalCode::DocumentFull.into()));
        }
        let (ancestors, need) = self.ancestors(&header)?;
        if !need.is_empty() {
            return Ok(Err(Refused {
                code: RefusalCode::UnknownDependency,
                need,
            }));
        }
        if header.start_op <= ancestors || header.start_op > self.facts.max_op + 1 {
            return Ok(Err(RefusalCode::BadStartOp.into()));
        }
        if let Some(refused) = self.actor(signer, &header)? {
            return Ok(Err(refused.into()));
        }
        self.added.insert(header.hash, header.max_op());
        self.actors.insert(header.actor, (signer.device, header.seq));
        self.facts.max_op = self.facts.max_op.max(header.max_op());
        self.facts.ops += header.ops;
        Ok(Ok(Verdict::New(header)))
    }

    /// Highest operation among the dependencies, and those that are not here.
    fn ancestors(&mut self, header: &Header) -> Result<(u64, Vec<Hash>), L::Error> {
        let mut highest = 0;
        let mut need = Vec::new();
        for dep in &header.deps {
            if let Some(max_op) = self.added.get(dep) {
                highest = highest.max(*max_op);
            } else if *dep == self.genesis.0 {
                highest = highest.max(self.genesis.1);
            } else if let Some(known) = self.log.change(self.part.document, *dep)? {
                highest = highest.max(known.max_op);
            } else {
                need.push(*dep);
            }
        }
        Ok((highest, need))
    }

    fn actor(&mut self, signer: &Signer, header: &Header) -> Result<Option<RefusalCode>, L::Error> {
        let known = match self.actors.get(&header.actor) {
            Some(known) => Some(*known),
            None => self
                .log
                .actor(self.part.document, header.actor)?
                .map(|facts| (facts.device, facts.seq)),
        };
        let (device, last) = known.unwrap_or((signer.device, 0));
        if device != signer.device && !signer.relays {
            return Ok(Some(RefusalCode::ActorTaken));
        }
        if header.seq != last + 1 {
            return Ok(Some(RefusalCode::BadSequence));
        }
        let author_fits = match (header.seq, header.author) {
            (1, Some(author)) => author == signer.member || signer.role == Role::Desk || signer.relays,
            (1, None) => false,
            (_, author) => author.is_none(),
        };
        Ok(if author_fits {
            None
        } else {
            Some(RefusalCode::BadAuthor)
        })
    }
}

/// What the gate says of a change.
pub(super) enum Verdict {
    /// Stored long ago, under this number.
    Known(u64),
    /// It stands in the same request before, and goes where that one goes.
    Twice(Hash),
    New(Header),
}

fn refusal_of(error: HeaderError) -> RefusalCode {
    match error {
        HeaderError::TooLong | HeaderError::TooManyNames => RefusalCode::TooLarge,
        HeaderError::TooManyOps => RefusalCode::TooManyOps,
        HeaderError::NoDependencies => RefusalCode::UnknownDependency,
        HeaderError::Malformed | HeaderError::Checksum | HeaderError::Compressed | HeaderError::ForeignActor => {
            RefusalCode::Malformed
        }
    }
}
