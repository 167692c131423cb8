//! The draft of an open form: how it was when the first answer was given, and each answer since as an entry of its own, so
//! that an answer writes little. Found again after a kill; dropped by the save.

use super::{RECORDS, VISITS};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::envelope;
use crate::client::error::ClientError;
use crate::client::fill::Snapshot;
use crate::client::phone::Book;
use crate::client::screens::say::both;
use crate::client::store::{Batch, Durability, Entry, Store, Table};
use crate::client::view::FormDraftRow;
use crate::doc::At;
use std::collections::{BTreeMap, BTreeSet};

/// What a stored draft is of. A stored format.
const FILLED: u8 = 3;
/// The keys of these drafts begin with this.
const KEY: &[u8] = b"fill/";
/// And with this, as long, those of what a visit asks: the draft of the visit tells of them.
const AT_VISIT: &[u8] = b"asks/";
/// The length of the key of a draft: document, form, whom it is about, record.
const KEY_BYTES: usize = KEY.len() + 4 * 16;
/// Answers that stand beside a draft before they are folded into it.
const BESIDE_MAX: usize = 60;
/// All of a draft, bytes: a few thousand answers.
const DRAFT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Which draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct DraftOf {
    pub document: DocId,
    pub form: DocId,
    pub about: Option<RecordId>,
    pub record: Option<RecordId>,
    /// It is asked on the page of a visit, and the record is that visit.
    pub at_visit: bool,
}

/// A form begun and not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct FormDraft {
    pub of: DraftOf,
    /// Milliseconds since 1970 UTC by this phone's clock.
    pub changed_at_ms: i64,
    /// The heads on which it was begun, as text.
    pub base: String,
    /// What it is called while its form is not here.
    pub title: String,
    pub head: String,
    pub language: String,
    pub held: Snapshot,
}

impl DraftOf {
    /// The key under which it is stored; what stands beside it begins with the same.
    pub fn key(&self) -> Vec<u8> {
        let zero = [0; 16];
        let record = |id: &Option<RecordId>| id.map_or(zero, |id| id.0);
        let parts = [self.document.0, self.form.0, record(&self.about), record(&self.record)];
        let begins = if self.at_visit { AT_VISIT } else { KEY };
        [begins, parts.as_flattened()].concat()
    }

    /// Where the record stands.
    pub fn at(&self, record: RecordId) -> At {
        At::table(if self.at_visit { VISITS } else { RECORDS }, record)
    }

    fn read(key: &[u8]) -> Option<Self> {
        let (begins, parts) = key.split_at_checked(KEY.len())?;
        let (parts, []) = parts.as_chunks::<16>() else {
            return None;
        };
        let [document, form, about, record] = parts else {
            return None;
        };
        let id = |bytes: &[u8; 16]| (*bytes != [0; 16]).then_some(RecordId(*bytes));
        Some(Self {
            document: DocId(*document),
            form: DocId(*form),
            about: id(about),
            record: id(record),
            at_visit: begins == AT_VISIT,
        })
    }
}

fn beside(of: &DraftOf, place: &str) -> Vec<u8> {
    [of.key().as_slice(), place.as_bytes()].concat()
}

fn encode(draft: &FormDraft) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(FILLED);
    writer.signed(draft.changed_at_ms);
    for text in [&draft.base, &draft.title, &draft.head, &draft.language] {
        writer.text(text);
    }
    writer.number(draft.held.texts.len() as u64);
    for (place, text) in &draft.held.texts {
        writer.text(place);
        writer.text(text);
    }
    for set in [&draft.held.instances, &draft.held.kept] {
        writer.number(set.len() as u64);
        set.iter().for_each(|place| writer.text(place));
    }
    writer.finish()
}

fn decode(of: DraftOf, body: &[u8]) -> Result<FormDraft, DecodeError> {
    let mut reader = Reader::new(body);
    if reader.byte()? != FILLED {
        return Err(DecodeError::Tag);
    }
    let changed_at_ms = reader.signed()?;
    let text = |reader: &mut Reader<'_>| reader.text(DRAFT_BYTES_MAX).map(str::to_owned);
    let [base, title, head, language] = [
        text(&mut reader)?,
        text(&mut reader)?,
        text(&mut reader)?,
        text(&mut reader)?,
    ];
    let mut held = Snapshot::default();
    for _ in 0..reader.count(body.len())? {
        held.texts.insert(text(&mut reader)?, text(&mut reader)?);
    }
    for set in [&mut held.instances, &mut held.kept] {
        for _ in 0..reader.count(body.len())? {
            set.insert(text(&mut reader)?);
        }
    }
    reader.end()?;
    Ok(FormDraft {
        of,
        changed_at_ms,
        base,
        title,
        head,
        language,
        held,
    })
}

fn encode_beside(at_ms: i64, text: &str, kept: bool) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(FILLED);
    writer.signed(at_ms);
    writer.text(text);
    writer.byte(u8::from(kept));
    writer.finish()
}

/// Lays an answer that was given later over a draft.
fn lay_over(draft: &mut FormDraft, place: &str, body: &[u8]) -> Result<(), DecodeError> {
    let mut reader = Reader::new(body);
    if reader.byte()? != FILLED {
        return Err(DecodeError::Tag);
    }
    let at_ms = reader.signed()?;
    let text = reader.text(DRAFT_BYTES_MAX)?.to_owned();
    let kept = reader.byte()? == 1;
    reader.end()?;
    draft.changed_at_ms = draft.changed_at_ms.max(at_ms);
    draft.held.texts.insert(place.to_owned(), text);
    match kept {
        true => drop(draft.held.kept.insert(place.to_owned())),
        false => drop(draft.held.kept.remove(place)),
    }
    Ok(())
}

/// Puts entries together; what is damaged is left out.
fn read(entries: Vec<Entry>) -> BTreeMap<Vec<u8>, FormDraft> {
    let mut drafts: BTreeMap<Vec<u8>, FormDraft> = BTreeMap::new();
    for (key, value) in entries {
        let Some(body) = envelope::open(&value) else { continue };
        let Some((own, place)) = key.split_at_checked(KEY_BYTES) else {
            continue;
        };
        match (drafts.get_mut(own), std::str::from_utf8(place)) {
            (None, Ok("")) => {
                if let Some(draft) = DraftOf::read(own).and_then(|of| decode(of, body).ok()) {
                    drafts.insert(own.to_vec(), draft);
                }
            }
            (Some(draft), Ok(place)) => drop(lay_over(draft, place, body)),
            _ => {}
        }
    }
    drafts
}

/// How far the draft of the open form is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::client) struct Written {
    /// The draft itself is.
    begun: bool,
    /// Entries beside it.
    beside: BTreeSet<String>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The draft of a form.
    pub(super) async fn form_draft(&self, of: &DraftOf) -> Result<Option<(FormDraft, Written)>, ClientError> {
        let entries = self.store.range(Table::Draft, &of.key()).await?;
        let places = entries.iter().filter_map(|(key, _)| {
            let place = std::str::from_utf8(key.get(KEY_BYTES..)?).ok()?;
            (!place.is_empty()).then(|| place.to_owned())
        });
        let written = Written {
            begun: true,
            beside: places.collect(),
        };
        Ok(read(entries).into_values().next().map(|draft| (draft, written)))
    }

    /// Every form begun and not saved, the latest first.
    pub(in crate::client) async fn form_drafts(&self) -> Result<Vec<FormDraft>, ClientError> {
        let mut drafts: Vec<FormDraft> = read(self.store.range(Table::Draft, KEY).await?).into_values().collect();
        drafts.sort_by_key(|draft| (std::cmp::Reverse(draft.changed_at_ms), draft.of.key()));
        Ok(drafts)
    }

    /// The drafts as the day lists them.
    pub(in crate::client::screens) async fn form_draft_rows(&self) -> Result<Vec<FormDraftRow>, ClientError> {
        let mut rows = Vec::new();
        for draft in self.form_drafts().await? {
            let missing = self.core.rows.get(draft.of.form).is_none();
            let text = |id: &Option<RecordId>| id.map(|id| id.to_string()).unwrap_or_default();
            rows.push(FormDraftRow {
                document: draft.of.document.to_string(),
                about: text(&draft.of.about),
                form: draft.of.form.to_string(),
                record: match &draft.of.record {
                    Some(record) => draft.of.at(*record).to_string(),
                    None => String::new(),
                },
                head: draft.head,
                title: draft.title,
                changed_at: draft.changed_at_ms,
                missing,
            });
        }
        Ok(rows)
    }

    /// Keeps the whole of a draft, in the place of what stood beside it.
    pub(super) async fn keep_whole(&self, draft: &FormDraft, written: &mut Written) -> Result<(), ClientError> {
        let body = encode(draft);
        if body.len() > DRAFT_BYTES_MAX {
            return Err(too_long());
        }
        let mut batch = Batch::default();
        for place in &written.beside {
            batch.delete(Table::Draft, beside(&draft.of, place));
        }
        batch.put(Table::Draft, draft.of.key(), envelope::seal(&body));
        self.store.commit(batch, Durability::Relaxed).await?;
        *written = Written {
            begun: true,
            beside: BTreeSet::new(),
        };
        Ok(())
    }

    /// Keeps what an answer changed; whether it was kept. If not, all of it is to be kept anew.
    pub(super) async fn keep_beside(
        &self,
        of: &DraftOf,
        held: &[(String, String, bool)],
        written: &mut Written,
    ) -> Result<bool, ClientError> {
        let bytes: usize = held.iter().map(|(place, text, _)| place.len() + text.len()).sum();
        if !written.begun || written.beside.len() + held.len() > BESIDE_MAX || bytes > DRAFT_BYTES_MAX {
            return Ok(false);
        }
        let at_ms = self.host.now_ms();
        let mut batch = Batch::default();
        for (place, text, kept) in held {
            let body = encode_beside(at_ms, text, *kept);
            batch.put(Table::Draft, beside(of, place), envelope::seal(&body));
        }
        self.store.commit(batch, Durability::Relaxed).await?;
        written.beside.extend(held.iter().map(|(place, ..)| place.clone()));
        Ok(true)
    }

    /// What removes the drafts of all that a new visit of a household, or the correction of one, was asked.
    pub(in crate::client::screens) async fn end_of_asked(
        &self,
        household: DocId,
        visit: Option<RecordId>,
    ) -> Result<Batch, ClientError> {
        let mut batch = Batch::default();
        let all = [AT_VISIT, household.as_bytes()].concat();
        for (key, _) in self.store.range(Table::Draft, &all).await? {
            let of = key.get(..KEY_BYTES).and_then(DraftOf::read);
            if of.is_some_and(|of| of.record == visit) {
                batch.delete(Table::Draft, key);
            }
        }
        Ok(batch)
    }

    /// What removes a draft, with all that stands beside it.
    pub(super) async fn end_of_draft(&self, of: &DraftOf) -> Result<Batch, ClientError> {
        let mut batch = Batch::default();
        for (key, _) in self.store.range(Table::Draft, &of.key()).await? {
            batch.delete(Table::Draft, key);
        }
        Ok(batch)
    }

    /// Drops a draft.
    pub(super) async fn drop_filled(&mut self, of: &DraftOf) -> Result<(), ClientError> {
        let batch = self.end_of_draft(of).await?;
        if !batch.is_empty() {
            self.store.commit(batch, Durability::Relaxed).await?;
        }
        Ok(())
    }
}

fn too_long() -> ClientError {
    ClientError::Field(
        "form_too_long".into(),
        both(
            "写得太长了，后面的没有留住。请先保存，再接着写。",
            "This is too long to be kept while typing; save it, then go on.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_with_later_answers_over_it() {
        let of = DraftOf {
            document: DocId([1; 16]),
            form: DocId([2; 16]),
            about: None,
            record: Some(RecordId([3; 16])),
            at_visit: false,
        };
        let at_visit = DraftOf {
            at_visit: true,
            ..of.clone()
        };
        assert_eq!((of.key().len(), at_visit.key().len()), (KEY_BYTES, KEY_BYTES));
        assert_eq!(DraftOf::read(&at_visit.key()), Some(at_visit));
        assert_eq!(DraftOf::read(&of.key()), Some(of.clone()));
        let set = |place: &str| BTreeSet::from([place.to_owned()]);
        let draft = FormDraft {
            of: of.clone(),
            changed_at_ms: 7,
            base: "ab".into(),
            title: "饮水".into(),
            head: "罗永1".into(),
            language: "中文".into(),
            held: Snapshot {
                texts: BTreeMap::from([("a".into(), "1".into()), ("b/c".into(), "2".into())]),
                instances: set("member/x"),
                kept: set("a"),
            },
        };
        let body = encode(&draft);
        for length in 0..body.len() {
            assert!(decode(of.clone(), &body[..length]).is_err());
        }
        let mut damaged = envelope::seal(&encode_beside(8, "9", false));
        damaged.push(0);
        let entries = vec![
            (of.key(), envelope::seal(&body)),
            (beside(&of, "a"), envelope::seal(&encode_beside(8, "3", false))),
            (beside(&of, "b/c"), damaged),
        ];
        let mut wanted = draft;
        wanted.changed_at_ms = 8;
        wanted.held.texts.insert("a".into(), "3".into());
        wanted.held.kept.clear();
        assert_eq!(read(entries).into_values().collect::<Vec<_>>(), [wanted]);
    }
}
