//! 用这个, 另填, 都保留, 问清再定, 撤回: what a person decides about differing values, written on the values that the person
//! saw. It works offline and merges like any edit: two people who settle differently differ again.

use super::differences::is_settled_here;
use super::filled::Filled;
use super::lens::{Lens, kind_of};
use super::record::{current_state, typed_into};
use super::say::both;
use super::seen::{base_in, base_text, document_id, record_at};
use crate::base::host::Host;
use crate::base::scalar::Scalar;
use crate::client::api::FieldChange;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::{SavedView, SettledView};
use crate::doc::{At, DocKind, Hash, Put, Record};
use crate::register::field::{Found, RecordKind, Type, find, named};

/// What a person decided about one field; all as the app hands it in.
pub(super) struct Settling<'a> {
    pub document: &'a str,
    pub record: &'a str,
    pub base: &'a str,
    pub key: &'a str,
    pub how: &'a str,
    pub value: &'a str,
}

/// What 都保留 would leave.
pub(super) enum Both {
    /// One value in the field and the others in the set of further ones.
    Also {
        first: Scalar,
        more: Vec<Scalar>,
        /// Keys of the set.
        keys: Vec<String>,
    },
    /// One text after the other.
    Joined(Scalar),
}

/// What would stand if all values of a field are kept; nothing where the field can have one alone.
pub(super) fn both_of(kind: RecordKind, found: Found<'_>, record: &Record) -> Option<Both> {
    let key = found.field.key(found.part);
    let mut values: Vec<&Scalar> = Vec::new();
    for live in record.live(&key).iter().filter(|live| !live.value.is_empty()) {
        if !values.contains(&&live.value) {
            values.push(&live.value);
        }
    }
    let [first, more @ ..] = &values[..] else { return None };
    if more.is_empty() {
        return None;
    }
    if let Some(set) = found.field.also {
        let field = named(kind, set);
        return Some(Both::Also {
            first: (*first).clone(),
            more: more.iter().map(|value| (*value).clone()).collect(),
            keys: more
                .iter()
                .map(|value| field.key(&value.to_text().replace('/', "／")))
                .collect(),
        });
    }
    let joined = values
        .iter()
        .map(|value| value.to_text())
        .collect::<Vec<_>>()
        .join("；");
    let fits = matches!(found.field.kind, Type::Text(most) if joined.chars().count() <= most);
    (found.field.joins && fits).then(|| Both::Joined(joined.into()))
}

/// A field that the person looked at, with what was seen of it.
struct Seen {
    at: At,
    kind: RecordKind,
    base: Vec<Hash>,
    record: Record,
}

fn seen(lens: &Lens<'_>, record: &str, base: &str, key: &str) -> Result<Seen, ClientError> {
    let at = record_at(record)?;
    let kind = kind_of(lens.document.kind(), &at).ok_or(ClientError::NotFound)?;
    let is_watched = find(kind, key).is_some_and(|found| found.field.is_watched());
    let base = base_in(lens.document, base)?;
    let record = lens.document.record_at(&at, &base).filter(|_| is_watched);
    Ok(Seen {
        at,
        kind,
        base,
        record: record.ok_or(ClientError::NotFound)?,
    })
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Settles a field, or says that somebody asks.
    pub(super) async fn settle(
        &mut self,
        wanted: &Settling<'_>,
    ) -> Result<(SavedView, Option<SettledView>), ClientError> {
        let id = document_id(wanted.document)?;
        let doc_kind = self.document(id).await?.kind();
        if !is_settled_here(doc_kind) {
            return Err(ClientError::Refused("not_allowed".into(), 0));
        }
        // One of the two may be chosen still; a third would be new words.
        if doc_kind == DocKind::Finding && wanted.how == "other" {
            self.refuse_circulated(id)?;
        }
        let lens = self.lens(id)?;
        let seen = seen(&lens, wanted.record, wanted.base, wanted.key)?;
        let (filled, mut puts) = decided(&lens, &seen, wanted)?;
        if seen.kind == RecordKind::Assessment {
            puts.extend(current_state(&lens, &seen.at, &filled, &seen.base));
        }
        let Seen { at, base, .. } = seen;
        let edit = DocEdit {
            kind: doc_kind,
            document: id,
            base: Some(base),
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        let saved = self.saved(id, &at, &filled).await?;
        let settled = self.lens(id)?.settled(&at, wanted.key);
        Ok((saved, settled))
    }

    /// Takes a settlement back: the values differ again, each with who first wrote it.
    pub(super) async fn unsettle(
        &mut self,
        document: &str,
        record: &str,
        base: &str,
        key: &str,
    ) -> Result<SavedView, ClientError> {
        let id = document_id(document)?;
        let doc_kind = self.document(id).await?.kind();
        let lens = self.lens(id)?;
        let seen = seen(&lens, record, base, key)?;
        let (changes, names) = seen.record.settled(key).ok_or_else(written_since)?;
        let mut all = lens.document.unsettling(&seen.at, key, &names);
        let first = all.first_mut().ok_or_else(written_since)?;
        first.extend(kept_besides(&seen, key, &changes));
        let edits = all.into_iter().map(|puts| DocEdit {
            kind: doc_kind,
            document: id,
            base: Some(seen.base.clone()),
            puts,
        });
        let edits = edits.collect();
        let (at, filled) = (seen.at, Filled::of(seen.kind, &seen.record));
        self.save(edits, Batch::default()).await?;
        self.saved(id, &at, &filled).await
    }
}

/// What the decision writes.
fn decided(lens: &Lens<'_>, seen: &Seen, wanted: &Settling<'_>) -> Result<(Filled, Vec<Put>), ClientError> {
    let (record, key) = (&seen.record, wanted.key);
    let mut filled = Filled::of(seen.kind, record);
    match wanted.how {
        "use" => {
            let chosen = record
                .live(key)
                .iter()
                .find(|live| base_text(&[live.hash]) == wanted.value);
            filled.put(key, chosen.ok_or(ClientError::NotFound)?.value.clone());
        }
        "other" => {
            let (key, value) = (key.to_owned(), wanted.value.to_owned());
            if value.trim().is_empty() {
                let words = both("请先填内容，再保存", "Fill something in before saving");
                return Err(ClientError::Field("settle_empty".into(), words));
            }
            filled = typed_into(&filled, &[FieldChange { key, value }], lens)?;
        }
        "both" => {
            let found = find(seen.kind, key).ok_or(ClientError::NotFound)?;
            match both_of(seen.kind, found, record).ok_or_else(cannot_keep_both)? {
                Both::Joined(text) => filled.put(key, text),
                Both::Also { first, keys, .. } => {
                    filled.put(key, first);
                    keys.into_iter().for_each(|key| filled.put(key, 1));
                }
            }
        }
        "ask" => {
            let asking = record.asking(&seen.at, key).into_iter().collect();
            return Ok((filled, asking));
        }
        _ => return Err(ClientError::NotFound),
    }
    let puts = filled.puts(&seen.at, record);
    Ok((filled, puts))
}

/// What 都保留 put into the set of further values goes again with the settlement.
fn kept_besides(seen: &Seen, key: &str, changes: &[Hash]) -> Vec<Put> {
    let set = find(seen.kind, key).and_then(|found| found.field.also);
    let Some(prefix) = set.map(|set| named(seen.kind, set).prefix()) else {
        return Vec::new();
    };
    let members = seen.record.under(prefix);
    let by_it = members.filter(|(_, live)| live.iter().all(|one| changes.contains(&one.hash)));
    by_it
        .map(|(member, _)| Put::Value {
            at: seen.at.clone(),
            key: format!("{prefix}/{member}"),
            value: 0.into(),
        })
        .collect()
}

fn cannot_keep_both() -> ClientError {
    let words = both("这一项只能有一个", "This field can have one value only");
    ClientError::Field("settle_both".into(), words)
}

fn written_since() -> ClientError {
    let words = both(
        "这一项后来又改过，不能撤回了。看修改记录，再改一次",
        "It was changed again since and cannot be taken back; look at its history and change it once more",
    );
    ClientError::Field("settle_since".into(), words)
}
