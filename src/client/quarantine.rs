//! What could not be read or was refused: kept, counted, shown, never dropped. Its neighbours go on.

use super::envelope;
use super::relay::hash_of;
use super::store::{Batch, Entry, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::DOCUMENT_BYTES_MAX;
use crate::doc::{Hash, KindByte};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Code of a document that is shut because the app died over it several times.
pub(super) const OPEN_DIED: &str = "doc_open_died";

/// Code of what is of a kind that only a newer release knows.
pub(super) const KIND_LATER: &str = "doc_kind_later";

/// Code of refused work whose values were written again: kept, and no longer anything to be done.
const WRITTEN_AGAIN: &str = "written_again";

/// One thing set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    pub kind: KindByte,
    pub document: DocId,
    /// Stable code of the reason.
    pub code: String,
    /// Milliseconds since 1970 UTC by this phone's clock.
    pub at_ms: i64,
    /// The whole document is shut: it is not opened again until the person asks.
    pub shut: bool,
    /// Made here and refused by the endpoint, rather than received.
    pub own: bool,
    /// The bytes: changes, each as it came.
    pub changes: Vec<Vec<u8>>,
}

/// Code of somebody else's change that the endpoint refused from here, while its document here still holds it …
pub(super) const RELAY_REFUSED: &str = "relay_refused";
/// … and when it does not, or not any more: kept, shown, and under nobody's work.
pub(super) const RELAY_OUT: &str = "relay_out";

impl SetAside {
    /// Somebody else's: carried here by hand, or offered again after the endpoint had lost it.
    pub(super) fn is_carried(&self) -> bool {
        self.code == RELAY_REFUSED
    }
    /// Refused by the endpoint, and its values not written again yet.
    pub(super) fn is_refused(&self) -> bool {
        self.own && self.code != WRITTEN_AGAIN && self.code != RELAY_OUT
    }
    /// There is something to be done about it.
    pub(super) fn is_open(&self) -> bool {
        self.code != WRITTEN_AGAIN
    }
    /// The same after its values were written again.
    pub(super) fn written_again(&self) -> Self {
        let code = if self.is_carried() { RELAY_OUT } else { WRITTEN_AGAIN };
        Self {
            code: code.into(),
            ..self.clone()
        }
    }
}

/// Everything set aside, by stored key.
#[derive(Debug, Default)]
pub struct Quarantine {
    aside: BTreeMap<Vec<u8>, SetAside>,
}

impl Quarantine {
    pub(super) fn read(entries: Vec<Entry>) -> Self {
        let aside = entries
            .into_iter()
            .filter_map(|(key, value)| Some((key, decode(envelope::open(&value)?).ok()?)))
            .collect();
        Self { aside }
    }
    /// Everything, in the order of documents.
    pub fn all(&self) -> impl Iterator<Item = (&[u8], &SetAside)> {
        self.aside.iter().map(|(key, aside)| (key.as_slice(), aside))
    }
    /// The document is not to be opened.
    pub fn is_shut(&self, document: DocId) -> bool {
        self.of(document).any(|(_, aside)| aside.shut)
    }
    /// Documents that are shut because what is stored of them cannot be read, not because the app died over them.
    pub(super) fn spoiled(&self) -> impl Iterator<Item = DocId> {
        let shut = self
            .aside
            .values()
            .filter(|aside| aside.shut && aside.code != OPEN_DIED);
        shut.map(|aside| aside.document)
    }
    /// Documents that a newer release than the one before can open, which is this one.
    pub(super) fn known_now(&self) -> impl Iterator<Item = DocId> {
        let later = self.aside.values().filter(|aside| aside.code == KIND_LATER);
        later
            .filter(|aside| aside.kind.known().is_some())
            .map(|aside| aside.document)
    }
    /// What is set aside of a document.
    pub fn of(&self, document: DocId) -> impl Iterator<Item = (&Vec<u8>, &SetAside)> {
        self.aside.iter().filter(move |(_, aside)| aside.document == document)
    }
    /// What was refused before and has been taken in by the endpoint since, for example because the desk accepted it: it
    /// came back as one of these changes.
    pub(super) fn accepted(&self, document: DocId, came: &BTreeSet<Hash>) -> Vec<Vec<u8>> {
        let accepted = |aside: &SetAside| aside.own && aside.changes.iter().all(|bytes| came.contains(&hash_of(bytes)));
        let of = self.of(document).filter(|(_, aside)| accepted(aside));
        of.map(|(key, _)| key.clone()).collect()
    }
    pub(super) fn put(batch: &mut Batch, aside: &SetAside) -> Vec<u8> {
        let body = encode(aside);
        let name = Sha256::digest(&body);
        let key = [aside.document.as_bytes().as_slice(), &name[..8]].concat();
        batch.put(Table::Quarantine, key.clone(), envelope::seal(&body));
        key
    }
    pub(super) fn take(&mut self, key: Vec<u8>, aside: SetAside) {
        self.aside.insert(key, aside);
    }
    pub(super) fn remove(&mut self, key: &[u8]) {
        self.aside.remove(key);
    }
    pub(super) fn get(&self, key: &[u8]) -> Option<&SetAside> {
        self.aside.get(key)
    }
}

fn encode(aside: &SetAside) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(1);
    writer.byte(aside.kind.0);
    writer.raw(aside.document.as_bytes());
    writer.text(&aside.code);
    writer.signed(aside.at_ms);
    writer.byte(u8::from(aside.shut) | u8::from(aside.own) << 1);
    writer.number(aside.changes.len() as u64);
    aside.changes.iter().for_each(|change| writer.bytes(change));
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<SetAside, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte()? != 1 {
        return Err(DecodeError::Tag);
    }
    let kind = KindByte(reader.byte()?);
    let document = DocId(reader.array()?);
    let code = reader.text(200)?.to_owned();
    let at_ms = reader.signed()?;
    let flags = reader.byte()?;
    let count = reader.count(bytes.len())?;
    let changes = (0..count)
        .map(|_| reader.bytes(DOCUMENT_BYTES_MAX).map(<[u8]>::to_vec))
        .collect::<Result<_, _>>()?;
    reader.end()?;
    Ok(SetAside {
        kind,
        document,
        code,
        at_ms,
        shut: flags & 1 != 0,
        own: flags & 2 != 0,
        changes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::DocKind;

    #[test]
    fn what_a_newer_release_wrote_is_kept_with_its_kind_and_taken_up_once_the_kind_is_known() {
        let read = |kind: KindByte| {
            let aside = SetAside {
                kind,
                document: DocId([3; 16]),
                code: KIND_LATER.into(),
                at_ms: 7,
                shut: false,
                own: false,
                changes: vec![vec![1, 2, 3]],
            };
            let mut batch = Batch::default();
            let key = Quarantine::put(&mut batch, &aside);
            let read = Quarantine::read(vec![(key.clone(), envelope::seal(&encode(&aside)))]);
            assert_eq!(read.get(&key), Some(&aside));
            read.known_now().count()
        };
        assert_eq!(read(KindByte(200)), 0);
        // The same entry, read by the release that has the kind.
        assert_eq!(read(DocKind::Log.into()), 1);
    }
}
