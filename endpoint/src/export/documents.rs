//! Every document of a village as a standard Automerge file, for whoever wants to read it without this program: nothing is
//! masked, translated or left out.

use crate::desk::{Desk, DeskError};
use crate::store::{Store, space};
use bianfang::base::id::{DocId, SpaceId};
use bianfang::doc::{DocKind, Document};
use serde_json::json;

/// One document as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFile {
    /// `household-<id>.automerge`.
    pub name: String,
    /// What Automerge saved.
    pub bytes: Vec<u8>,
    kind: DocKind,
    id: DocId,
    heads: Vec<String>,
    changes: usize,
}

/// The documents of a village as of one moment, one after the other, so that a large village is never held whole. Those
/// that cannot be opened are left out; returned is how many, and `check` names them.
///
/// # Errors
/// The database's, or what `write` returns.
pub fn documents<E: From<DeskError>>(
    store: &Store,
    space: SpaceId,
    mut write: impl FnMut(DocumentFile, usize, usize) -> Result<(), E>,
) -> Result<usize, E> {
    store
        .read(|tx| {
            let all = space::documents(tx, space).map_err(|error| Outcome::Desk(error.into()))?;
            let mut unreadable = 0;
            for (place, (kind, id)) in all.iter().enumerate() {
                match Desk::open(tx, space, *kind, *id) {
                    Ok(open) => write(file(&open), place + 1, all.len()).map_err(Outcome::Write)?,
                    Err(DeskError::Document(_)) => unreadable += 1,
                    Err(error) => return Err(Outcome::Desk(error)),
                }
            }
            Ok(unreadable)
        })
        .map_err(|outcome| match outcome {
            Outcome::Desk(error) => error.into(),
            Outcome::Write(error) => error,
        })
}

enum Outcome<E> {
    Desk(DeskError),
    Write(E),
}

impl<E> From<crate::store::StoreError> for Outcome<E> {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

fn file(open: &Document) -> DocumentFile {
    let hex = |bytes: &[u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (kind, id) = (open.kind(), open.id());
    DocumentFile {
        name: format!("{}-{id}.automerge", kind.name()),
        bytes: open.save(),
        kind,
        id,
        heads: open.heads().iter().map(|head| hex(&head.0)).collect(),
        changes: open.hashes().len(),
    }
}

/// The list that stands beside the files: which document each holds, and its heads as Automerge writes them.
pub fn list(files: &[DocumentFile]) -> Vec<u8> {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            json!({
                "file": file.name,
                "kind": file.kind.name(),
                "document": file.id.to_string(),
                "heads": file.heads,
                "changes": file.changes,
            })
        })
        .collect();
    let mut text = serde_json::to_vec_pretty(&files).unwrap_or_default();
    text.push(b'\n');
    text
}
