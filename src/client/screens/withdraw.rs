//! 作废: a record is hidden from lists and counts and stays readable, with the reason.

use super::filled::Filled;
use super::lens::kind_of;
use super::say::both;
use super::seen::{base_in, document_id, record_at};
use crate::base::host::Host;
use crate::base::text;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::SavedView;
use crate::doc::{DocKind, Put, Scalar};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// 撤回作废: the record counts again, as it was written.
    pub(super) async fn restore(&mut self, document: &str, record: &str, base: &str) -> Result<SavedView, ClientError> {
        let (id, at) = (document_id(document)?, record_at(record)?);
        let document = self.document(id).await?;
        let kind = document.kind();
        if kind.is_of_desk() {
            return Err(ClientError::Refused("not_allowed".into(), 0));
        }
        let record_kind = kind_of(kind, &at).ok_or(ClientError::NotFound)?;
        let base = base_in(document, base)?;
        let seen = document.record_at(&at, &base).ok_or(ClientError::NotFound)?;
        let put = |key: &str| Put::Value {
            at: at.clone(),
            key: key.into(),
            value: Scalar::CLEARED,
        };
        let edit = DocEdit {
            kind,
            document: id,
            base: Some(base),
            puts: ["void/reason", "void/on"].map(put).into(),
        };
        self.save(vec![edit], Batch::default()).await?;
        self.saved(id, &at, &Filled::of(record_kind, &seen)).await
    }

    /// Withdraws a visit, a person, a problem, an event, a pairing, an assessment, or a household as a whole.
    pub(super) async fn withdraw(
        &mut self,
        document: &str,
        record: &str,
        base: &str,
        reason: &str,
    ) -> Result<SavedView, ClientError> {
        let reason = reason_of(reason, ("请写作废原因", "Please write why it is withdrawn"))?;
        let (id, at, today) = (document_id(document)?, record_at(record)?, self.today());
        let document = self.document(id).await?;
        let kind = document.kind();
        if kind.is_of_desk() {
            return Err(ClientError::Refused("not_allowed".into(), 0));
        }
        if kind == DocKind::Finding {
            let words = both("问题在问题页上作废", "A finding is made void on its own page");
            return Err(ClientError::Field("finding_void".into(), words));
        }
        let record_kind = kind_of(kind, &at).ok_or(ClientError::NotFound)?;
        let base = base_in(document, base)?;
        let seen = document.record_at(&at, &base).ok_or(ClientError::NotFound)?;
        let mut filled = Filled::of(record_kind, &seen);
        filled.put("void/reason", reason.as_str());
        filled.put("void/on", today.to_string());
        // Withdrawn once more, by somebody who saw what was written meanwhile: it has a writer of its own then.
        let again = |key: &str, value: &str| Put::Again {
            at: at.clone(),
            key: key.into(),
            value: value.into(),
        };
        let puts = if seen.is_void() {
            vec![again("void/reason", &reason), again("void/on", &today.to_string())]
        } else {
            filled.puts(&at, &seen)
        };
        let edit = DocEdit {
            kind,
            document: id,
            base: Some(base),
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        self.saved(id, &at, &filled).await
    }
}

/// The reason somebody gave; without one nothing is withdrawn or undone, and `asked` says what is missing.
pub(super) fn reason_of(written: &str, asked: (&str, &str)) -> Result<String, ClientError> {
    let reason = text::clean(written);
    match reason.is_empty() {
        true => Err(ClientError::Field("void_reason".into(), both(asked.0, asked.1))),
        false => Ok(reason),
    }
}
