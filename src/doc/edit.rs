//! Writing: what a person changed, on what the person saw. Never overwrites a value that arrived unseen: both stay.

use super::document::{Document, Hash};
use super::record::At;
use crate::base::id::{ActorBytes, MemberId};
use crate::base::limits::{NOTE_CHARS_MAX, SCALAR_BYTES_MAX};
use crate::base::scalar::Scalar;
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Author, ChangeHash, ObjId, ObjType, PatchLog, ROOT, ReadDoc, ScalarValue, Value};

/// The message of a change that writes refused values again.
const RECOVERED: &str = "recovered";

/// One thing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// A record at a fresh id, with its first values and the free notes it will ever have.
    Create {
        at: At,
        fields: Vec<(String, Scalar)>,
        notes: Vec<(String, String)>,
    },
    /// One value. An empty text clears the field.
    Value { at: At, key: String, value: Scalar },
    /// One value, written even where the same is there already: it has a writer of its own then.
    Again { at: At, key: String, value: Scalar },
    /// The whole new text of a free note; stored as the characters that changed.
    Note { at: At, key: String, text: String },
}

/// What one person saves in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub author: MemberId,
    /// Milliseconds since 1970 UTC by the device's clock; kept in seconds.
    pub at_ms: i64,
    /// The heads from which the screen was drawn.
    pub base: Vec<Hash>,
    pub puts: Vec<Put>,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the edit was made on changes that are not in this document")]
    UnknownBase,
    #[error("no such record: {0}")]
    NoRecord(String),
    #[error("a record with this id is there already: {0}")]
    Exists(String),
    #[error("no such table: {0}")]
    NoTable(String),
    #[error("a value is longer than it may be: {0}")]
    TooLong(String),
    #[error("no free note of this name: {0}")]
    NoNote(String),
    #[error("the document did not take the edit")]
    Rejected,
}

impl EditError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            EditError::UnknownBase => "edit_unknown_base",
            EditError::NoRecord(_) => "edit_no_record",
            EditError::Exists(_) => "edit_exists",
            EditError::NoTable(_) => "edit_no_table",
            EditError::TooLong(_) => "edit_too_long",
            EditError::NoNote(_) => "edit_no_note",
            EditError::Rejected => "edit_rejected",
        }
    }
}

/// A change just made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub hash: Hash,
    /// As it is stored and sent.
    pub bytes: Vec<u8>,
}

impl Document {
    /// Writes an edit on its base. `actor` must be fresh and random: it is used unless the document is still at the
    /// base that this document's last edit made, whose actor then goes on. Returns nothing when nothing changed.
    ///
    /// # Errors
    /// The document is unchanged then.
    pub fn edit(&mut self, edit: &Edit, actor: ActorBytes) -> Result<Option<Made>, EditError> {
        self.edit_with(edit, actor, CommitOptions::default())
    }

    /// The same for values that are written again after a refusal; the change says so.
    ///
    /// # Errors
    /// The document is unchanged then.
    pub fn recover(&mut self, edit: &Edit, actor: ActorBytes) -> Result<Option<Made>, EditError> {
        self.edit_with(edit, actor, CommitOptions::default().with_message(RECOVERED))
    }

    fn edit_with(&mut self, edit: &Edit, actor: ActorBytes, options: CommitOptions) -> Result<Option<Made>, EditError> {
        if !edit.base.iter().all(|hash| self.has(*hash)) {
            return Err(EditError::UnknownBase);
        }
        check_lengths(edit)?;
        let base: Vec<ChangeHash> = edit.base.iter().map(|hash| hash.to_automerge()).collect();
        self.take_actor(edit, actor);
        let mut tx = self
            .am
            .transaction_at(PatchLog::inactive(), &base)
            .map_err(|_| EditError::Rejected)?;
        for put in &edit.puts {
            if let Err(error) = write(&mut tx, place(put), put) {
                tx.rollback();
                return Err(error);
            }
        }
        if tx.pending_ops() == 0 {
            tx.rollback();
            return Ok(None);
        }
        let (hash, _) = tx.commit_with(options.with_time(edit.at_ms.div_euclid(1000)));
        let hash = Hash(hash.ok_or(EditError::Rejected)?.0);
        let bytes = self.change_bytes(hash).ok_or(EditError::Rejected)?;
        Ok(Some(Made { hash, bytes }))
    }

    /// An actor is one line of changes of one author: it goes on only when its last change is in the base.
    fn take_actor(&mut self, edit: &Edit, actor: ActorBytes) {
        let author = Author::from(edit.author.as_bytes().to_vec());
        let at_base = self.heads() == sorted(&edit.base);
        let mine = self.am.get_author() == Some(&author);
        if !(at_base && mine) {
            self.am.set_author(None);
            self.am.set_author(Some(author));
            self.am.set_actor(ActorId::from(actor.as_bytes().as_slice()));
        }
    }
}

fn sorted(hashes: &[Hash]) -> Vec<Hash> {
    let mut hashes = hashes.to_vec();
    hashes.sort_unstable();
    hashes
}

fn check_lengths(edit: &Edit) -> Result<(), EditError> {
    let value_fits = |key: &str, value: &Scalar| match value {
        Scalar::Text(text) if text.len() > SCALAR_BYTES_MAX => Err(EditError::TooLong(key.to_owned())),
        _ => Ok(()),
    };
    let note_fits = |key: &str, text: &str| {
        if text.chars().count() > NOTE_CHARS_MAX {
            Err(EditError::TooLong(key.to_owned()))
        } else {
            Ok(())
        }
    };
    for put in &edit.puts {
        match put {
            Put::Create { fields, notes, .. } => {
                fields.iter().try_for_each(|(key, value)| value_fits(key, value))?;
                notes.iter().try_for_each(|(key, text)| note_fits(key, text))?;
            }
            Put::Value { key, value, .. } | Put::Again { key, value, .. } => value_fits(key, value)?,
            Put::Note { key, text, .. } => note_fits(key, text)?,
        }
    }
    Ok(())
}

fn own_table(tx: &Transaction<'_>) -> Option<ObjId> {
    let (kind, _) = tx.get(ROOT, "kind").ok()??;
    match tx.get(ROOT, kind.as_str()?).ok()?? {
        (Value::Object(ObjType::Map), object) => Some(object),
        _ => None,
    }
}

fn place(put: &Put) -> &At {
    match put {
        Put::Create { at, .. } | Put::Value { at, .. } | Put::Again { at, .. } | Put::Note { at, .. } => at,
    }
}

fn table_of(tx: &Transaction<'_>, table: &str) -> Result<ObjId, EditError> {
    match tx.get(ROOT, table) {
        Ok(Some((Value::Object(ObjType::Map), object))) => Ok(object),
        _ => Err(EditError::NoTable(table.to_owned())),
    }
}

fn record_of(tx: &Transaction<'_>, at: &At) -> Result<ObjId, EditError> {
    let missing = || EditError::NoRecord(at.to_string());
    match at {
        At::Own => own_table(tx).ok_or_else(missing),
        At::In(table, id) => match tx.get(table_of(tx, table)?, id.to_string()) {
            Ok(Some((Value::Object(ObjType::Map), object))) => Ok(object),
            _ => Err(missing()),
        },
    }
}

fn write(tx: &mut Transaction<'_>, at: &At, put: &Put) -> Result<(), EditError> {
    match put {
        Put::Create { fields, notes, .. } => create(tx, at, fields, notes),
        Put::Value { key, value, .. } => {
            let object = record_of(tx, at)?;
            write_value(tx, &object, key, value)
        }
        Put::Again { key, value, .. } => {
            let object = record_of(tx, at)?;
            if tx
                .get_all(&object, key.as_str())
                .is_ok_and(|seen| seen.iter().any(|(value, _)| value.is_object()))
            {
                return Err(EditError::NoNote(key.clone()));
            }
            overwrite(tx, &object, key, value)
        }
        Put::Note { key, text, .. } => {
            let object = record_of(tx, at)?;
            match tx.get(&object, key.as_str()) {
                Ok(Some((Value::Object(ObjType::Text), note))) => {
                    tx.update_text(&note, text).map_err(|_| EditError::Rejected)
                }
                _ => Err(EditError::NoNote(key.clone())),
            }
        }
    }
}

fn create(
    tx: &mut Transaction<'_>,
    at: &At,
    fields: &[(String, Scalar)],
    notes: &[(String, String)],
) -> Result<(), EditError> {
    let At::In(table, id) = at else {
        return Err(EditError::Exists(at.to_string()));
    };
    let table = table_of(tx, table)?;
    let key = id.to_string();
    if !matches!(tx.get(&table, key.as_str()), Ok(None)) {
        return Err(EditError::Exists(at.to_string()));
    }
    let object = tx
        .put_object(&table, key, ObjType::Map)
        .map_err(|_| EditError::Rejected)?;
    for (key, value) in fields {
        write_value(tx, &object, key, value)?;
    }
    for (key, text) in notes {
        let note = tx
            .put_object(&object, key.as_str(), ObjType::Text)
            .map_err(|_| EditError::Rejected)?;
        tx.splice_text(&note, 0, 0, text).map_err(|_| EditError::Rejected)?;
    }
    Ok(())
}

/// Writes only what differs from the one live value seen; several live values are always settled by writing.
fn write_value(tx: &mut Transaction<'_>, object: &ObjId, key: &str, value: &Scalar) -> Result<(), EditError> {
    let seen = tx.get_all(object, key).map_err(|_| EditError::Rejected)?;
    if seen.iter().any(|(value, _)| value.is_object()) {
        return Err(EditError::NoNote(key.to_owned()));
    }
    let scalar = stored(value);
    if seen.len() > 1 {
        return overwrite(tx, object, key, value);
    }
    match seen.as_slice() {
        [] if value.is_empty() => return Ok(()),
        [(only, _)] if only.as_scalar() == Some(&scalar) => return Ok(()),
        _ => {}
    }
    tx.put(object, key, scalar).map_err(|_| EditError::Rejected)
}

/// Puts a value with a writer of its own in the place of all that were seen. A put of the value that is shown already
/// would leave it with its old writer, and then somebody else's settlement would quietly win.
fn overwrite(tx: &mut Transaction<'_>, object: &ObjId, key: &str, value: &Scalar) -> Result<(), EditError> {
    tx.delete(object, key).map_err(|_| EditError::Rejected)?;
    tx.put(object, key, stored(value)).map_err(|_| EditError::Rejected)
}

fn stored(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Int(value) => ScalarValue::Int(*value),
    }
}
