//! What the storage spoiled is put together again: from what can still be read, what was set aside, what waits to be
//! handed over, and what the endpoint has.

use super::error::ClientError;
use super::phone::Book;
use super::shelf::{self, Shelved, Taken};
use super::state;
use super::store::{Batch, Durability, Store, Table};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::doc::DocKind;
use crate::index::Row;
use std::collections::{BTreeMap, BTreeSet};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Tries again to open what was set aside; what was refused is written again.
    ///
    /// # Errors
    /// It still cannot be read; it stays set aside.
    pub(super) async fn try_again(&mut self, key: &[u8]) -> Result<(), ClientError> {
        let aside = self.core.quarantine.get(key).ok_or(ClientError::NotFound)?;
        let (kind, document) = (aside.kind.known(), aside.document);
        if aside.is_refused() {
            return self.write_again(document).await;
        }
        let kind = kind.ok_or(ClientError::Quarantined)?;
        self.mend(kind, document, false).await
    }

    /// What the storage spoiled is found, and fetched, by comparing; returns what that will help.
    pub(super) fn compare_for_damaged(&mut self) -> BTreeSet<DocId> {
        let damaged = self.core.damaged.clone();
        self.core.progress.reconcile |= !damaged.is_empty();
        damaged
    }

    /// After a comparison everything that the endpoint has is here as well; what was spoiled is put together from it.
    pub(super) async fn mend_damaged(&mut self, damaged: BTreeSet<DocId>) -> Result<(), ClientError> {
        if self.core.progress.reconcile {
            return Ok(());
        }
        for document in damaged {
            self.core.damaged.remove(&document);
            let kind = self
                .core
                .quarantine
                .of(document)
                .find_map(|(_, aside)| aside.kind.known());
            let kind = kind.or(self.core.rows.get(document).map(Row::kind));
            // One that cannot be mended stays set aside, shown, and can be tried again.
            if let Err(ClientError::Store(error)) = self.mend(kind.unwrap_or(DocKind::Household), document, true).await
            {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Puts a document together from all that is here of it: what the storage can read, what was set aside, and what is
    /// still to be handed over. Chunks that cannot be read go once all is stored anew; whether it is all, only a comparison
    /// with the endpoint tells.
    async fn mend(&mut self, kind: DocKind, document: DocId, compared: bool) -> Result<(), ClientError> {
        let kept: Vec<Vec<u8>> = self
            .core
            .quarantine
            .of(document)
            .filter(|(_, aside)| !aside.own)
            .map(|(key, _)| key.clone())
            .collect();
        let mut changes: Vec<Vec<u8>> = kept
            .iter()
            .filter_map(|key| self.core.quarantine.get(key))
            .flat_map(|aside| aside.changes.iter().cloned())
            .collect();
        let waiting = self.core.outbox.all().filter(|waiting| waiting.document == document);
        changes.extend(waiting.map(|waiting| waiting.bytes.clone()));
        self.note_opening(&[document]).await?;
        let mended = self.mend_from(kind, document, compared, &kept, changes).await;
        if mended.is_err() {
            self.clear_opening().await?;
        }
        mended
    }

    async fn mend_from(
        &mut self,
        kind: DocKind,
        document: DocId,
        compared: bool,
        kept: &[Vec<u8>],
        mut changes: Vec<Vec<u8>>,
    ) -> Result<(), ClientError> {
        self.core.open.retain(|open| open.document.id() != document);
        let mut shelved = match shelf::take(self.store, document).await? {
            Taken::Open(shelved) => shelved,
            Taken::Absent => Shelved::new(kind, document),
            Taken::Unreadable(error, remains) if !compared && !remains.damaged.is_empty() => {
                self.core.damaged.insert(document);
                return Err(error.into());
            }
            Taken::Unreadable(_, remains) => {
                changes.extend(remains.changes);
                Shelved {
                    damaged: remains.damaged,
                    ..Shelved::new(kind, document)
                }
            }
        };
        let mut batch = Batch::default();
        batch.delete(Table::State, state::OPENING);
        if !shelved.document.apply(&changes)?.new.is_empty() {
            let key = shelf::put_changes(&mut batch, kind, document, &changes);
            shelved.keys.push(key);
        }
        let space_key = self.enrolled()?.space_key;
        let rows = BTreeMap::from([(
            document,
            Row::read(&shelved.document, &space_key, &self.core.procedures),
        )]);
        self.core.rows.put(&mut batch, &rows);
        kept.iter().for_each(|key| batch.delete(Table::Quarantine, key.clone()));
        let damaged = if compared {
            std::mem::take(&mut shelved.damaged)
        } else {
            Vec::new()
        };
        // A chunk is named by what it holds, so a spoiled one may just have been written anew.
        let gone = damaged.into_iter().filter(|key| !shelved.keys.contains(key));
        gone.for_each(|key| batch.delete(Table::Chunk, key));
        self.store.commit(batch, Durability::Strict).await?;
        self.core.rows.take(rows);
        kept.iter().for_each(|key| self.core.quarantine.remove(key));
        self.keep_open(shelved);
        self.tell_changed(&[document]).await
    }
}
