//! Forms begun and not saved: visits in a form of their own, every other form in words only the app understands. They
//! never enter a document, and outlive a killed tab.

use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::limits::{FINDING_PHOTOS_MAX, FORM_BYTES_MAX};
use crate::client::envelope;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::both;
use crate::client::screens::seen::document_id;
use crate::client::store::{Batch, Durability, Store, Table};
use crate::client::view::{CheckDraft, DraftRow, FindingDraft, PhotoDraft, VisitDraft};

/// What a stored draft is of. A stored format.
const VISIT: u8 = 1;
const FORM: u8 = 2;
/// (3 is a form of a county half filled, in a file of its own.) A visit with photos of its problems; without any it is written as before, and earlier releases read it.
const VISIT_WITH_PHOTOS: u8 = 4;
/// A visit that is asked by a form of the county: before it the document of the form, then as one with photos.
const VISIT_ASKED: u8 = 5;
/// The key of a form begins with this, the key of a visit with the id of its household.
const FORM_KEY: &[u8] = b"form/";

/// A visit begun and not saved.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::client) struct Draft {
    /// Milliseconds since 1970 UTC by this phone's clock.
    pub changed_at_ms: i64,
    pub visit: VisitDraft,
}

/// The key of a draft: of a new visit the household's id, of a correction with the visit's behind it.
pub(super) fn key(household: DocId, visit: &str) -> Vec<u8> {
    [household.as_bytes().as_slice(), visit.as_bytes()].concat()
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The draft of a visit, or of its correction. A damaged one is none.
    pub(super) async fn draft(&self, household: DocId, visit: &str) -> Result<Option<Draft>, ClientError> {
        let stored = self.store.get(Table::Draft, &key(household, visit)).await?;
        Ok(stored
            .as_deref()
            .and_then(envelope::open)
            .and_then(|body| decode(body).ok()))
    }

    /// A new visit of the household was begun.
    pub(super) async fn has_draft(&self, household: DocId) -> Result<bool, ClientError> {
        Ok(self.draft(household, "").await?.is_some())
    }

    /// Every visit begun and not saved, corrections among them, the latest first.
    pub(in crate::client) async fn drafts(&self) -> Result<Vec<(DocId, Draft)>, ClientError> {
        let stored = self.store.range(Table::Draft, &[]).await?;
        let mut drafts: Vec<(DocId, Draft)> = stored
            .iter()
            .filter_map(|(_, value)| decode(envelope::open(value)?).ok())
            .filter_map(|draft| Some((draft.visit.household.parse().ok()?, draft)))
            .collect();
        drafts.sort_by_key(|(id, draft)| (std::cmp::Reverse(draft.changed_at_ms), *id));
        Ok(drafts)
    }

    /// The drafts as the day lists them.
    pub(super) async fn draft_rows(&self) -> Result<Vec<DraftRow>, ClientError> {
        let head = |id: DocId| self.core.rows.household(id).map(|row| row.head().to_owned());
        let drafts = self.drafts().await?.into_iter();
        Ok(drafts
            .map(|(id, draft)| DraftRow {
                household: draft.visit.household,
                visit: draft.visit.visit,
                head: head(id).unwrap_or_default(),
                changed_at: draft.changed_at_ms,
            })
            .collect())
    }

    /// Keeps a draft; sent at every keystroke.
    pub(super) async fn keep_draft(&self, visit: VisitDraft) -> Result<(), ClientError> {
        let household = document_id(&visit.household)?;
        let key = key(household, &visit.visit);
        let body = encode(&Draft {
            changed_at_ms: self.host.now_ms(),
            visit,
        });
        self.keep(key, &body).await
    }

    /// Drops a draft.
    pub(super) async fn drop_draft(&mut self, household: &str, visit: &str) -> Result<(), ClientError> {
        let household = document_id(household)?;
        let mut batch = self.end_of_asking(household, visit).await?;
        batch.delete(Table::Draft, key(household, visit));
        Ok(self.store.commit(batch, Durability::Relaxed).await?)
    }

    /// Keeps what is typed in another form; empty text drops it.
    pub(super) async fn keep_form(&self, form: &str, text: &str) -> Result<(), ClientError> {
        let key = [FORM_KEY, form.as_bytes()].concat();
        if text.is_empty() {
            let mut batch = Batch::default();
            batch.delete(Table::Draft, key);
            return Ok(self.store.commit(batch, Durability::Relaxed).await?);
        }
        let mut writer = Writer::new();
        writer.byte(FORM);
        writer.text(text);
        self.keep(key, &writer.finish()).await
    }

    /// What was kept of a form; empty when nothing.
    pub(super) async fn kept_form(&self, form: &str) -> Result<String, ClientError> {
        let stored = self
            .store
            .get(Table::Draft, &[FORM_KEY, form.as_bytes()].concat())
            .await?;
        let read = |body: &[u8]| -> Result<String, DecodeError> {
            let mut reader = Reader::new(body);
            if reader.byte()? != FORM {
                return Err(DecodeError::Tag);
            }
            reader.text(FORM_BYTES_MAX).map(str::to_owned)
        };
        let body = stored.as_deref().and_then(envelope::open);
        Ok(body.and_then(|body| read(body).ok()).unwrap_or_default())
    }

    async fn keep(&self, key: Vec<u8>, body: &[u8]) -> Result<(), ClientError> {
        if body.len() > FORM_BYTES_MAX {
            return Err(ClientError::Field(
                "form_too_long".into(),
                both(
                    "写得太长了，后面的没有留住。请先保存，再接着写。",
                    "This is too long to be kept while typing; save it, then go on.",
                ),
            ));
        }
        let mut batch = Batch::default();
        batch.put(Table::Draft, key, envelope::seal(body));
        Ok(self.store.commit(batch, Durability::Relaxed).await?)
    }
}

fn encode(draft: &Draft) -> Vec<u8> {
    let visit = &draft.visit;
    let mut writer = Writer::new();
    let is_asked = !visit.source.is_empty();
    let has_photos = is_asked || visit.findings.iter().any(|finding| !finding.photos.is_empty());
    match (is_asked, has_photos) {
        (true, _) => {
            writer.byte(VISIT_ASKED);
            writer.text(&visit.source);
        }
        (false, true) => writer.byte(VISIT_WITH_PHOTOS),
        (false, false) => writer.byte(VISIT),
    }
    writer.signed(draft.changed_at_ms);
    for text in [
        &visit.household,
        &visit.visit,
        &visit.base,
        &visit.on,
        &visit.kind,
        &visit.home,
        &visit.met_other,
        &visit.words,
        &visit.judgement,
        &visit.next_on,
    ] {
        writer.text(text);
    }
    for list in [&visit.met, &visit.with] {
        writer.number(list.len() as u64);
        list.iter().for_each(|text| writer.text(text));
    }
    writer.number(visit.checks.len() as u64);
    for check in &visit.checks {
        [&check.dimension, &check.verdict, &check.basis]
            .into_iter()
            .for_each(|text| writer.text(text));
    }
    writer.number(visit.findings.len() as u64);
    for finding in &visit.findings {
        writer.text(&finding.category);
        writer.text(&finding.words);
        if has_photos {
            put_photos(&mut writer, &finding.photos);
        }
    }
    writer.finish()
}

fn put_photos(writer: &mut Writer, photos: &[PhotoDraft]) {
    writer.number(photos.len() as u64);
    for photo in photos {
        [&photo.photo, &photo.thumb, &photo.what]
            .into_iter()
            .for_each(|text| writer.text(text));
        writer.number(u64::from(photo.bytes));
        writer.signed(photo.at_ms);
    }
}

fn read_photos(reader: &mut Reader<'_>) -> Result<Vec<PhotoDraft>, DecodeError> {
    let text = |reader: &mut Reader<'_>| reader.text(FORM_BYTES_MAX).map(str::to_owned);
    let mut photos = Vec::new();
    for _ in 0..reader.count(FINDING_PHOTOS_MAX)? {
        photos.push(PhotoDraft {
            photo: text(reader)?,
            thumb: text(reader)?,
            what: text(reader)?,
            bytes: u32::try_from(reader.number()?).map_err(|_| DecodeError::Number)?,
            at_ms: reader.signed()?,
        });
    }
    Ok(photos)
}

fn decode(body: &[u8]) -> Result<Draft, DecodeError> {
    let mut reader = Reader::new(body);
    let text = |reader: &mut Reader<'_>| reader.text(FORM_BYTES_MAX).map(str::to_owned);
    let mut visit = VisitDraft::default();
    let has_photos = match reader.byte()? {
        VISIT => false,
        VISIT_WITH_PHOTOS => true,
        VISIT_ASKED => {
            visit.source = text(&mut reader)?;
            true
        }
        _ => return Err(DecodeError::Tag),
    };
    let changed_at_ms = reader.signed()?;
    for place in [
        &mut visit.household,
        &mut visit.visit,
        &mut visit.base,
        &mut visit.on,
        &mut visit.kind,
        &mut visit.home,
        &mut visit.met_other,
        &mut visit.words,
        &mut visit.judgement,
        &mut visit.next_on,
    ] {
        *place = text(&mut reader)?;
    }
    for list in [&mut visit.met, &mut visit.with] {
        for _ in 0..reader.count(body.len())? {
            list.push(text(&mut reader)?);
        }
    }
    for _ in 0..reader.count(body.len())? {
        visit.checks.push(CheckDraft {
            dimension: text(&mut reader)?,
            verdict: text(&mut reader)?,
            basis: text(&mut reader)?,
        });
    }
    for _ in 0..reader.count(body.len())? {
        visit.findings.push(FindingDraft {
            category: text(&mut reader)?,
            words: text(&mut reader)?,
            photos: match has_photos {
                true => read_photos(&mut reader)?,
                false => Vec::new(),
            },
        });
    }
    reader.end()?;
    Ok(Draft { changed_at_ms, visit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_whole_and_a_damaged_one_is_none() {
        let draft = Draft {
            changed_at_ms: 1_565_830_000_000,
            visit: VisitDraft {
                household: DocId([7; 16]).to_string(),
                base: "ab".into(),
                on: "2019-08-15".into(),
                home: "at_home".into(),
                met: vec!["一".into(), "二".into()],
                checks: vec![CheckDraft {
                    dimension: "water".into(),
                    verdict: "met".into(),
                    basis: "carried".into(),
                }],
                findings: vec![FindingDraft {
                    category: "住房".into(),
                    words: "灶房墙开裂".into(),
                    photos: Vec::new(),
                }],
                words: "水够吃".into(),
                next_on: "2019-09-15".into(),
                ..VisitDraft::default()
            },
        };
        let mut with_photos = draft.clone();
        with_photos.visit.findings[0].photos.push(PhotoDraft {
            photo: "a1".repeat(32),
            thumb: "b2".repeat(32),
            what: "before".into(),
            bytes: 203_117,
            at_ms: 1_565_830_000_001,
        });
        let mut asked = with_photos.clone();
        asked.visit.source = DocId([9; 16]).to_string();
        // Without photos as earlier releases wrote and read it.
        assert_eq!(encode(&draft)[0], VISIT);
        assert_eq!(encode(&with_photos)[0], VISIT_WITH_PHOTOS);
        for draft in [draft, with_photos, asked] {
            let body = encode(&draft);
            assert_eq!(decode(&body), Ok(draft));
            for length in 0..body.len() {
                assert!(decode(&body[..length]).is_err());
            }
        }
    }
}
