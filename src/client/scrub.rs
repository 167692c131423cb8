//! The scrub: a few stored documents are put together again after each synchronisation, so that what the storage spoiled
//! is found before somebody needs it.
//!
//! Recomputed from the stored chunks are the heads of the document, and compared with those of its row, which was stored
//! in the same transaction: heads name every change of a history, so this is the digest of one document. What differs is
//! compared with the endpoint by the next synchronisation, which recomputes the digest of all, and mended.

use super::envelope;
use super::error::ClientError;
use super::phone::Book;
use super::shelf::{self, Taken};
use super::state;
use super::store::{Batch, Durability, Store, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::host::Host;
use crate::base::id::DocId;
use std::collections::BTreeSet;

/// Stored documents that are looked at after each synchronisation.
pub(super) const SCRUB_DOCUMENTS_MAX: usize = 16;

/// How far the scrub has come. A stored format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scrub {
    /// The last document that was looked at; none before the first and after the last. Not stored.
    after: Option<DocId>,
    /// The same before something spoiled was found that waits to be mended: a start goes on from here.
    proven: Option<DocId>,
    /// Being looked at: the note of the scrub, which counts as no death over a document.
    looking: Option<DocId>,
    /// The app died while the scrub looked at them. Left out until somebody has opened them well.
    skipped: BTreeSet<DocId>,
}

impl Scrub {
    /// A damaged note starts from the beginning.
    pub(super) fn read(stored: &[u8]) -> Self {
        decode(stored).unwrap_or_default()
    }

    pub(super) fn put(&self, batch: &mut Batch) {
        let mut writer = Writer::new();
        writer.byte(u8::from(self.proven.is_some()) | u8::from(self.looking.is_some()) << 1);
        self.proven.iter().for_each(|id| writer.raw(id.as_bytes()));
        self.looking.iter().for_each(|id| writer.raw(id.as_bytes()));
        self.skipped.iter().for_each(|id| writer.raw(id.as_bytes()));
        batch.put(Table::State, state::SCRUB, envelope::seal(&writer.finish()));
    }

    /// True when it was left out before.
    pub(super) fn forgive(&mut self, id: DocId) -> bool {
        self.skipped.remove(&id)
    }
}

fn decode(bytes: &[u8]) -> Result<Scrub, DecodeError> {
    let mut reader = Reader::new(bytes);
    let flags = reader.byte()?;
    let mut id = |there: bool| there.then(|| reader.array().map(DocId)).transpose();
    let (proven, looking) = (id(flags & 1 != 0)?, id(flags & 2 != 0)?);
    let mut skipped = BTreeSet::new();
    while let Some(next) = id(true).ok().flatten() {
        skipped.insert(next);
    }
    Ok(Scrub {
        after: proven,
        proven,
        looking,
        skipped,
    })
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What a start makes of the note of the scrub: over a document the app died of it is left out, and nothing more.
    pub(super) async fn blame_scrub(&mut self, died: bool) -> Result<(), ClientError> {
        let Some(looking) = self.core.scrub.looking.take() else {
            return Ok(());
        };
        if died {
            self.core.scrub.skipped.insert(looking);
        }
        self.put_scrub().await
    }

    async fn put_scrub(&mut self) -> Result<(), ClientError> {
        let mut batch = Batch::default();
        self.core.scrub.put(&mut batch);
        self.put_marks(batch, Durability::Relaxed).await
    }

    /// Looks at the next document. False when this was the last one.
    pub(super) async fn scrub_next(&mut self) -> Result<bool, ClientError> {
        let core = &*self.core;
        let wanted = |id: &DocId| !core.scrub.skipped.contains(id) && !core.quarantine.is_shut(*id);
        let next = core.rows.after(core.scrub.after).find(wanted);
        self.core.scrub.looking = next;
        // The note also stores how far the scrub has come.
        self.put_scrub().await?;
        let whole = match next {
            Some(id) => self.is_whole(id).await?,
            None => true,
        };
        self.core.damaged.extend(next.filter(|_| !whole));
        self.core.scrub.after = next;
        if self.core.damaged.is_empty() {
            self.core.scrub.proven = next;
        }
        Ok(next.is_some())
    }

    async fn is_whole(&self, id: DocId) -> Result<bool, ClientError> {
        Ok(match shelf::take(self.store, id).await? {
            Taken::Open(shelved) => {
                let row = self.core.rows.get(id);
                shelved.damaged.is_empty() && row.is_some_and(|row| row.is_of(&shelved.document))
            }
            Taken::Absent | Taken::Unreadable(..) => false,
        })
    }

    /// Ends a round of the scrub.
    pub(super) async fn end_scrub(&mut self) -> Result<(), ClientError> {
        self.core.scrub.looking = None;
        self.put_scrub().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_has_come_comes_back() {
        let scrub = Scrub {
            after: Some(DocId([1; 16])),
            proven: Some(DocId([1; 16])),
            looking: Some(DocId([2; 16])),
            skipped: BTreeSet::from([DocId([3; 16]), DocId([4; 16])]),
        };
        for one in [scrub, Scrub::default()] {
            let mut batch = Batch::default();
            one.put(&mut batch);
            let crate::client::store::Step::Put(_, _, stored) = &batch.steps[0] else {
                panic!("it is written")
            };
            assert_eq!(Scrub::read(envelope::open(stored).unwrap()), one);
        }
    }
}
