//! An open document: load, apply what others made, read records, save. Holds no clock and draws no randomness.

use super::genesis::{genesis, genesis_hash};
use super::header::{Header, HeaderError};
use super::kind::DocKind;
use super::record::{At, Live, Record};
use super::snapshot;
use crate::base::id::{DocId, RecordId};
use crate::base::limits::DOCUMENT_BYTES_MAX;
use crate::base::scalar::Scalar;
use automerge::{
    Automerge, Change, ChangeHash, LoadOptions, ObjId, ObjType, OnPartialLoad, ROOT, ReadDoc, ScalarValue,
    TextEncoding, Value, ValueRef, VerificationMode,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The hash of a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    pub(super) fn to_automerge(self) -> ChangeHash {
        ChangeHash(self.0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(6).try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// Why a document cannot be opened or a change not be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocError {
    #[error("stored bytes cannot be read")]
    Unreadable,
    #[error("the bytes are of another document")]
    OtherDocument,
    #[error("a change cannot be accepted: {0}")]
    Header(#[from] HeaderError),
    #[error("a change depends on changes that are not here")]
    Missing(Vec<Hash>),
    #[error("a change contradicts what its author's device wrote before")]
    Contradiction,
    #[error("the document would grow beyond its limit")]
    TooLarge,
}

impl DocError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            DocError::Unreadable => "doc_unreadable",
            DocError::OtherDocument => "doc_other",
            DocError::Header(_) => "doc_change_malformed",
            DocError::Missing(_) => "doc_change_missing_deps",
            DocError::Contradiction => "doc_change_contradiction",
            DocError::TooLarge => "doc_too_large",
        }
    }
}

/// What `apply` took in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Changes that were not here before, in the order given.
    pub new: Vec<Hash>,
}

/// One document, open in memory.
pub struct Document {
    kind: DocKind,
    id: DocId,
    pub(super) am: Automerge,
}

impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {:?}", self.kind.name(), self.id, self.heads())
    }
}

impl Document {
    /// A document with nothing but its genesis.
    pub fn new(kind: DocKind, id: DocId) -> Self {
        let mut am = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
        let change = Change::from_bytes(genesis(kind, id)).expect("genesis templates are checked by tests");
        am.apply_changes([change])
            .expect("genesis applies to an empty document");
        Self { kind, id, am }
    }

    /// Opens what [`Document::save`] returned.
    ///
    /// # Errors
    /// Unreadable bytes, bytes of another document, or more in them than a document may hold: that is judged before
    /// anything is expanded.
    pub fn load(kind: DocKind, id: DocId, bytes: &[u8]) -> Result<Self, DocError> {
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(DocError::TooLarge);
        }
        snapshot::check(bytes).map_err(|error| match error {
            HeaderError::TooManyOps | HeaderError::TooManyNames => DocError::TooLarge,
            _ => DocError::Unreadable,
        })?;
        let options = LoadOptions::new()
            .on_partial_load(OnPartialLoad::Error)
            .verification_mode(VerificationMode::Check)
            .text_encoding(TextEncoding::UnicodeCodePoint);
        let am = Automerge::load_with_options(bytes, options).map_err(|_| DocError::Unreadable)?;
        let genesis = ChangeHash(genesis_hash(kind, id));
        if am.get_change_meta_by_hash(&genesis).is_none() {
            return Err(DocError::OtherDocument);
        }
        Ok(Self { kind, id, am })
    }

    /// Opens a snapshot and the changes stored beside it.
    pub fn open(
        kind: DocKind,
        id: DocId,
        snapshot: Option<&[u8]>,
        changes: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Self, DocError> {
        let mut document = match snapshot {
            Some(bytes) => Self::load(kind, id, bytes)?,
            None => Self::new(kind, id),
        };
        document.apply(changes)?;
        Ok(document)
    }

    /// What kind of document it is.
    pub fn kind(&self) -> DocKind {
        self.kind
    }
    /// Its id.
    pub fn id(&self) -> DocId {
        self.id
    }
    /// The changes that nothing builds on yet, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.am.get_heads().iter().map(|head| Hash(head.0)).collect();
        heads.sort_unstable();
        heads
    }
    /// Hash of the genesis, which is implied and never sent.
    pub fn genesis_hash(&self) -> Hash {
        Hash(genesis_hash(self.kind, self.id))
    }
    /// That hash for a document that is not open.
    pub fn genesis_hash_of(kind: DocKind, id: DocId) -> Hash {
        Hash(genesis_hash(kind, id))
    }
    /// Nothing was ever written.
    pub fn is_empty(&self) -> bool {
        self.heads() == [self.genesis_hash()]
    }
    /// The change is part of this document.
    pub fn has(&self, hash: Hash) -> bool {
        self.am.get_change_meta_by_hash(&hash.to_automerge()).is_some()
    }
    /// Hashes of every change except genesis, ancestors first.
    pub fn hashes(&self) -> Vec<Hash> {
        let genesis = self.genesis_hash();
        self.am
            .get_changes_meta(&[])
            .iter()
            .map(|meta| Hash(meta.hash.0))
            .filter(|hash| *hash != genesis)
            .collect()
    }
    /// The bytes of one change, as they are sent.
    pub fn change_bytes(&self, hash: Hash) -> Option<Vec<u8>> {
        self.am
            .get_change_by_hash(&hash.to_automerge())
            .map(|change| change.raw_bytes().to_vec())
    }
    /// Hashes and bytes of the changes that are not in `have` or its ancestors, ancestors first.
    pub fn changes_since(&self, have: &[Hash]) -> Vec<(Hash, Vec<u8>)> {
        let have: Vec<ChangeHash> = have.iter().map(|hash| hash.to_automerge()).collect();
        let genesis = self.genesis_hash();
        self.am
            .get_changes(&have)
            .iter()
            .map(|change| (Hash(change.hash().0), change.raw_bytes().to_vec()))
            .filter(|(hash, _)| *hash != genesis)
            .collect()
    }
    /// Highest operation number in the document.
    pub fn max_op(&self) -> u64 {
        self.am
            .get_changes_meta(&[])
            .iter()
            .map(|meta| meta.max_op)
            .max()
            .unwrap_or(0)
    }
    /// The whole document as standard Automerge bytes.
    pub fn save(&self) -> Vec<u8> {
        self.am.save()
    }
    /// The same, if these bytes open as the same document again. A forged change can apply, and break the document that is
    /// saved with it.
    pub fn save_proven(&self) -> Option<Vec<u8>> {
        let saved = self.save();
        let again = Self::load(self.kind, self.id, &saved).ok()?;
        (again.heads() == self.heads()).then_some(saved)
    }
    /// The same without inner compression, for packs that are compressed as a whole.
    pub fn save_uncompressed(&self) -> Vec<u8> {
        self.am.save_nocompress()
    }

    /// Takes in changes made elsewhere, in any order among themselves, each once or more often.
    ///
    /// # Errors
    /// Nothing is applied when one of them is malformed, lacks ancestors, or contradicts its author's earlier changes.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Applied, DocError> {
        let mut fresh = Vec::new();
        let mut known: BTreeSet<Hash> = BTreeSet::new();
        for bytes in changes {
            let header = Header::read(bytes.as_ref())?;
            if self.has(header.hash) || !known.insert(header.hash) {
                continue;
            }
            fresh.push((header, bytes.as_ref().to_vec()));
        }
        let missing: BTreeSet<Hash> = fresh
            .iter()
            .flat_map(|(header, _)| header.deps.iter().copied())
            .filter(|dep| !known.contains(dep) && !self.has(*dep))
            .collect();
        if !missing.is_empty() {
            return Err(DocError::Missing(missing.into_iter().collect()));
        }
        if fresh.is_empty() {
            return Ok(Applied::default());
        }
        let parsed: Vec<Change> = fresh
            .iter()
            .map(|(_, bytes)| Change::from_bytes(bytes.clone()).map_err(|_| DocError::Unreadable))
            .collect::<Result<_, _>>()?;
        // A failed application may leave half of it behind, so it is tried on a copy.
        let mut next = self.am.clone();
        next.apply_changes(parsed).map_err(|_| DocError::Contradiction)?;
        for (header, _) in &fresh {
            if next.get_change_meta_by_hash(&header.hash.to_automerge()).is_none() {
                return Err(DocError::Contradiction);
            }
        }
        self.am = next;
        Ok(Applied {
            new: fresh.into_iter().map(|(header, _)| header.hash).collect(),
        })
    }

    /// Takes in everything another copy of this document holds; returns what was new here.
    pub fn merge(&mut self, other: &Document) -> Result<Applied, DocError> {
        if other.id != self.id || other.kind != self.kind {
            return Err(DocError::OtherDocument);
        }
        let missing: Vec<Vec<u8>> = other
            .changes_since(&[])
            .into_iter()
            .filter(|(hash, _)| !self.has(*hash))
            .map(|(_, bytes)| bytes)
            .collect();
        self.apply(missing)
    }

    /// The document's own record.
    pub fn own(&self) -> Record {
        self.record(&At::Own).unwrap_or_default()
    }

    /// One record, if it exists.
    pub fn record(&self, at: &At) -> Option<Record> {
        self.object(at).map(|object| self.read(&object, None))
    }

    /// One value of a record as text, without reading the rest of it; empty where there is none.
    pub fn text(&self, at: &At, key: &str) -> String {
        let live = self.object(at).map(|object| self.all_live(&object, key, None));
        let first = live.into_iter().flatten().next();
        first.map(|live| live.value.to_text()).unwrap_or_default()
    }

    /// The record as it was at `heads`.
    pub fn record_at(&self, at: &At, heads: &[Hash]) -> Option<Record> {
        let heads: Vec<ChangeHash> = heads.iter().map(|hash| hash.to_automerge()).collect();
        self.object(at).map(|object| self.read(&object, Some(&heads)))
    }

    /// All records of a table, in the order of their ids, which is roughly the order of their making.
    pub fn records(&self, table: &str) -> BTreeMap<RecordId, Record> {
        let objects = self.objects(table).into_iter();
        objects.map(|(id, object)| (id, self.read(&object, None))).collect()
    }

    /// The change that made each record of a table.
    pub fn makers(&self, table: &str) -> BTreeMap<RecordId, Hash> {
        let objects = self.objects(table).into_iter();
        objects.map(|(id, object)| (id, self.written_by(&object))).collect()
    }

    /// The records of a table where they stand.
    fn objects(&self, table: &str) -> BTreeMap<RecordId, ObjId> {
        let Some(object) = self.table(table) else {
            return BTreeMap::new();
        };
        let records = self.am.map_range(&object, ..);
        let records = records.filter(|item| matches!(item.value, ValueRef::Object(ObjType::Map)));
        records
            .filter_map(|item| Some((item.key.parse().ok()?, item.id())))
            .collect()
    }

    fn table(&self, table: &str) -> Option<ObjId> {
        match self.am.get(ROOT, table) {
            Ok(Some((Value::Object(ObjType::Map), object))) => Some(object),
            _ => None,
        }
    }

    pub(super) fn object(&self, at: &At) -> Option<ObjId> {
        let (table, key) = match at {
            At::Own => return self.table(self.kind.name()),
            At::In(table, id) => (self.table(table)?, id.to_string()),
        };
        match self.am.get(&table, key) {
            Ok(Some((Value::Object(ObjType::Map), object))) => Some(object),
            _ => None,
        }
    }

    fn read(&self, object: &ObjId, heads: Option<&[ChangeHash]>) -> Record {
        let mut record = Record::default();
        let items = match heads {
            Some(heads) => self.am.map_range_at(object, .., heads),
            None => self.am.map_range(object, ..),
        };
        for item in items {
            match item.value {
                ValueRef::Object(ObjType::Text) => {
                    let text = match heads {
                        Some(heads) => self.am.text_at(item.id(), heads),
                        None => self.am.text(item.id()),
                    };
                    record.notes.insert(item.key.into_owned(), text.unwrap_or_default());
                }
                ValueRef::Object(_) => {}
                ValueRef::Scalar(_) if item.conflict => {
                    let live = self.all_live(object, &item.key, heads);
                    record.fields.insert(item.key.into_owned(), live);
                }
                ValueRef::Scalar(_) => {
                    let hash = self.written_by(&item.id());
                    let key = item.key.into_owned();
                    if let Value::Scalar(scalar) = item.value.into_value() {
                        let value = scalar_of(&scalar);
                        record.fields.insert(key, vec![Live { value, hash }]);
                    }
                }
            }
        }
        record
    }

    /// Every live value of a key, the one that every replica shows first in front.
    pub(super) fn all_live(&self, object: &ObjId, key: &str, heads: Option<&[ChangeHash]>) -> Vec<Live> {
        let all = match heads {
            Some(heads) => self.am.get_all_at(object, key, heads),
            None => self.am.get_all(object, key),
        };
        let mut live: Vec<Live> = all
            .unwrap_or_default()
            .iter()
            .filter_map(|(value, op)| {
                Some(Live {
                    value: scalar_of(value.as_scalar()?),
                    hash: self.written_by(op),
                })
            })
            .collect();
        // Automerge gives the winner last.
        live.reverse();
        live
    }

    /// The change that wrote a value or made an object.
    fn written_by(&self, op: &ObjId) -> Hash {
        let hash = self.am.hash_for_opid(op).map(|hash| Hash(hash.0));
        hash.unwrap_or_else(|| self.genesis_hash())
    }
}

pub(super) fn scalar_of(value: &ScalarValue) -> Scalar {
    match value {
        ScalarValue::Str(text) => Scalar::Text(text.to_string()),
        ScalarValue::Int(value) => Scalar::Int(*value),
        ScalarValue::Uint(value) => i64::try_from(*value).map_or_else(|_| Scalar::Text(value.to_string()), Scalar::Int),
        other => Scalar::Text(other.to_string()),
    }
}
