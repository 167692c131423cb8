//! The kinds of document, their tables, and ids that follow from the space. Kinds and tables are a stored format.

use crate::base::id::{DocId, MemberId, SpaceId};
use sha2::{Digest, Sha256};

/// What a document holds. The number is the wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocKind {
    /// People and roles, device keys, parameters, which forms are published; written by the desk alone.
    Village = 1,
    /// Groups, facilities, water works, pairings by group.
    Place = 2,
    /// One family: fields, persons, status events, visits, assessments, records, measures.
    Household = 3,
    /// One problem with its events.
    Finding = 4,
    /// A month of meetings and tasks.
    Log = 5,
    /// One version of a published form, named by what it says; written by the desk alone and never changed.
    Form = 6,
}

/// The number of a kind as bytes carry it: one of ours, or one that only a newer release knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindByte(pub u8);

impl KindByte {
    /// The kind, if this release knows it.
    pub fn known(self) -> Option<DocKind> {
        DocKind::from_byte(self.0)
    }
}

impl From<DocKind> for KindByte {
    fn from(kind: DocKind) -> Self {
        Self(kind as u8)
    }
}

impl DocKind {
    /// Every kind.
    pub const ALL: [DocKind; 6] = [
        DocKind::Village,
        DocKind::Place,
        DocKind::Household,
        DocKind::Finding,
        DocKind::Log,
        DocKind::Form,
    ];

    /// From the wire.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }

    /// The stored name, which is also the name of the document's own record.
    pub const fn name(self) -> &'static str {
        match self {
            DocKind::Village => "village",
            DocKind::Place => "place",
            DocKind::Household => "household",
            DocKind::Finding => "finding",
            DocKind::Log => "log",
            DocKind::Form => "form",
        }
    }

    /// The tables that genesis creates. Later releases may only add tables, by fixed changes of their own.
    pub const fn tables(self) -> &'static [&'static str] {
        match self {
            DocKind::Village => &["areas", "devices", "forms", "params", "people", "procedures"],
            DocKind::Place => &["facilities", "groups", "links", "pairings", "records", "works"],
            DocKind::Household => &[
                "assessments",
                "events",
                "links",
                "measures",
                "pairings",
                "persons",
                "records",
                "visits",
            ],
            DocKind::Finding => &["events", "evidence", "links"],
            DocKind::Log => &["attendance", "meetings", "records", "tasks"],
            DocKind::Form => &[],
        }
    }

    /// Written by the desk and by nobody else: phones read such documents, and never carry work for them.
    pub const fn is_of_desk(self) -> bool {
        matches!(self, DocKind::Village | DocKind::Form)
    }
}

fn derived(label: &str, space: SpaceId, more: &str) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update(space.as_bytes());
    hash.update(more.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    digest[..16].try_into().unwrap_or([0; 16])
}

/// The village document of a space.
pub fn village_id(space: SpaceId) -> DocId {
    DocId(derived("bianfang/village", space, ""))
}

/// The place document of a space.
pub fn place_id(space: SpaceId) -> DocId {
    DocId(derived("bianfang/place", space, ""))
}

/// The log document of a space and month, `2019-08`.
pub fn log_id(space: SpaceId, month: &str) -> DocId {
    DocId(derived("bianfang/log", space, month))
}

/// The document of a published form: by the digest of its source, so that the same form is the same document.
pub fn form_id(space: SpaceId, digest: &[u8; 32]) -> DocId {
    DocId(derived("bianfang/form", space, &hex(digest)))
}

/// Bytes as people and records write a digest.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The author of everything an import writes, so that a value written by a person since can be told apart.
pub fn import_author(space: SpaceId) -> MemberId {
    MemberId(derived("bianfang/import", space, ""))
}
