//! Photos of a problem: one record each, which names the photo and its thumbnail and never changes afterwards.

use super::seen::document_id;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::limits::FINDING_PHOTOS_MAX;
use crate::base::picture::BlobId;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::{EvidenceRow, EvidenceView, PhotoDraft, SavedView, Words};
use crate::doc::{At, DocKind, Put, Record};

/// The table of a problem's document.
const TABLE: &str = "evidence";
/// A photo of how it was; any other is of what became of it.
const BEFORE: &str = "before";
const AFTER: &str = "after";

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The photos of a problem, the oldest first.
    pub(super) async fn evidence(&mut self, document: &str) -> Result<EvidenceView, ClientError> {
        let id = document_id(document)?;
        if self.document(id).await?.kind() != DocKind::Finding {
            return Err(ClientError::NotFound);
        }
        Ok(EvidenceView {
            document: document.to_owned(),
            photos: self.evidence_rows(id)?,
        })
    }

    /// The same of a problem that was just opened.
    pub(in crate::client::screens) fn evidence_rows(&self, id: DocId) -> Result<Vec<EvidenceRow>, ClientError> {
        let lens = self.lens(id)?;
        let records = lens.document.records(TABLE).into_iter();
        let mut photos: Vec<EvidenceRow> = records
            .filter(|(_, record)| !record.is_void() && is_photo(record))
            .map(|(id, record)| {
                let at = At::table(TABLE, id);
                EvidenceRow {
                    photo: record.text("photo"),
                    thumb: record.text("thumb"),
                    what_words: what_words(&record.text("what")),
                    what: record.text("what"),
                    on: record.text("on"),
                    at_ms: record.int("at").unwrap_or_default(),
                    by: lens.name(lens.creator(&at)),
                    bytes: record
                        .int("bytes")
                        .and_then(|bytes| u32::try_from(bytes).ok())
                        .unwrap_or_default(),
                    record: at.to_string(),
                }
            })
            .collect();
        photos.sort_by(|one, other| (&one.on, one.at_ms, &one.record).cmp(&(&other.on, other.at_ms, &other.record)));
        Ok(photos)
    }

    /// Adds photos to a problem that is there.
    pub(super) async fn add_evidence(
        &mut self,
        document: &str,
        photos: &[PhotoDraft],
    ) -> Result<SavedView, ClientError> {
        let id = document_id(document)?;
        if self.document(id).await?.kind() != DocKind::Finding {
            return Err(ClientError::NotFound);
        }
        let today = self.today().to_string();
        let edit = DocEdit {
            kind: DocKind::Finding,
            document: id,
            base: None,
            puts: self.evidence_puts(photos, &today).collect(),
        };
        self.save(vec![edit], Batch::default()).await?;
        Ok(SavedView {
            document: id.to_string(),
            record: String::new(),
            local: self.core.outbox.len() as u32,
            differs: 0,
        })
    }

    /// The records of photos. One whose names are none is left out: it could never be shown.
    pub(in crate::client::screens) fn evidence_puts<'a>(
        &'a self,
        photos: &'a [PhotoDraft],
        on: &'a str,
    ) -> impl Iterator<Item = Put> + 'a {
        let named = |photo: &&PhotoDraft| {
            let is_name = |text: &str| text.parse::<BlobId>().is_ok();
            is_name(&photo.photo) && is_name(&photo.thumb)
        };
        photos.iter().filter(named).take(FINDING_PHOTOS_MAX).map(move |photo| {
            let what = if photo.what == AFTER { AFTER } else { BEFORE };
            let fields = [
                ("photo", photo.photo.clone().into()),
                ("thumb", photo.thumb.clone().into()),
                ("what", what.into()),
                ("on", on.into()),
                ("at", photo.at_ms.into()),
                ("bytes", i64::from(photo.bytes).into()),
            ];
            Put::Create {
                at: At::table(TABLE, self.host.record_id()),
                fields: fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                notes: Default::default(),
            }
        })
    }
}

fn is_photo(record: &Record) -> bool {
    record.text("photo").parse::<BlobId>().is_ok()
}

fn what_words(what: &str) -> Words {
    match what {
        AFTER => Words::new("整改后", "After"),
        _ => Words::new("整改前", "Before"),
    }
}
