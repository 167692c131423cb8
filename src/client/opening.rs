//! What is being opened is written down first, because a panic cannot be caught on the phone. A start that follows a
//! death blames what it finds still noted; a page that was left, or a phone without power, is no death over a document.

use super::envelope;
use super::error::ClientError;
use super::phone::Book;
use super::quarantine::OPEN_DIED;
use super::state;
use super::store::{Batch, Durability, Store, StoreError, Table};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::doc::DocKind;
use crate::index::Row;
use std::collections::BTreeMap;

/// Deaths over one document, in a row, before it is set aside instead of opened.
const STRIKES_MAX: u8 = 3;

/// Deaths of the app, by the documents during whose opening they came.
#[derive(Debug, Default)]
pub(super) struct Deaths {
    /// How often in a row; forgiven when the document is opened well.
    struck: BTreeMap<DocId, u8>,
    /// Documents are opened one by one with a note each, because a start found several noted and none to blame.
    pub careful: bool,
}

impl Deaths {
    pub(super) fn read(stored: &[u8]) -> Self {
        let entry = |entry: &[u8]| Some((DocId::from_slice(&entry[..16])?, entry[16]));
        Self {
            struck: stored.chunks_exact(17).filter_map(entry).collect(),
            careful: false,
        }
    }

    fn put(&self, batch: &mut Batch) {
        let struck = self
            .struck
            .iter()
            .flat_map(|(id, strikes)| id.0.into_iter().chain([*strikes]));
        let struck: Vec<u8> = struck.collect();
        batch.put(Table::State, state::STRUCK, envelope::seal(&struck));
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What the last start left noted. Blamed only when the app died, and a document is shut only when it was alone and
    /// the app died over it several times in a row.
    pub(super) async fn blame(&mut self, noted: Option<&[u8]>) -> Result<(), ClientError> {
        let died = self.core.died;
        self.blame_scrub(died).await?;
        if let Some(noted) = noted {
            let ids: Vec<DocId> = noted.chunks_exact(16).filter_map(DocId::from_slice).collect();
            let mut batch = Batch::default();
            batch.delete(Table::State, state::OPENING);
            match ids[..] {
                [id] if died => self.strike(&mut batch, id),
                [] => {}
                _ => self.core.deaths.careful = died,
            }
            self.put_marks(batch, Durability::Strict).await?;
        }
        self.core.died = false;
        Ok(())
    }

    fn strike(&mut self, batch: &mut Batch, id: DocId) {
        let strikes = self.core.deaths.struck.get(&id).copied().unwrap_or(0) + 1;
        self.core.deaths.struck.insert(id, strikes);
        if strikes >= STRIKES_MAX {
            self.core.deaths.struck.remove(&id);
            let kind = self.core.rows.get(id).map_or(DocKind::Household, Row::kind);
            self.set_aside(batch, kind, id, OPEN_DIED, true, Vec::new());
        }
        self.core.deaths.put(batch);
    }

    /// Writes down what is being opened. Whoever calls this clears the note in every outcome.
    pub(super) async fn note_opening(&mut self, ids: &[DocId]) -> Result<(), ClientError> {
        let noted: Vec<u8> = ids.iter().flat_map(|id| id.0).collect();
        let mut batch = Batch::default();
        batch.put(Table::State, state::OPENING, envelope::seal(&noted));
        self.put_marks(batch, Durability::Relaxed).await
    }

    /// It was opened, or could not be, and the app lived.
    pub(super) async fn clear_opening(&mut self) -> Result<(), ClientError> {
        let mut batch = Batch::default();
        batch.delete(Table::State, state::OPENING);
        self.put_marks(batch, Durability::Relaxed).await
    }

    /// It was opened well: what the app died of before was something else.
    pub(super) async fn opened_well(&mut self, id: DocId) -> Result<(), ClientError> {
        let mut batch = Batch::default();
        batch.delete(Table::State, state::OPENING);
        if self.core.deaths.struck.remove(&id).is_some() {
            self.core.deaths.put(&mut batch);
        }
        if self.core.scrub.forgive(id) {
            self.core.scrub.put(&mut batch);
        }
        self.put_marks(batch, Durability::Relaxed).await
    }

    /// Writes what a start can do without: on a full phone everything is still there to be read.
    pub(super) async fn put_marks(&self, batch: Batch, durability: Durability) -> Result<(), ClientError> {
        match self.store.commit(batch, durability).await {
            Ok(()) | Err(StoreError::Full) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
