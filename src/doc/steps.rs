//! The events of a thing that has a procedure, as its document holds them. Each is one record of the table `events`,
//! read as the change that made it wrote it: whatever somebody writes into it later changes nothing of it. Who did it is
//! the author of that change, and what the person had seen is what that change stands on.

use super::document::{Document, Hash};
use super::edit::Put;
use super::history::ChangeInfo;
use super::record::At;
use crate::base::id::{MemberId, RecordId};
use crate::base::scalar::Scalar;
use crate::ledger::bits::Bits;
use crate::ledger::projection::Now;
use crate::ledger::{Event, RESERVED};
use std::collections::BTreeMap;

const TABLE: &str = "events";
/// The table of its photos, and what names one.
const EVIDENCE: &str = "evidence";
const PHOTO: &str = "photo";
const EVENT: &str = RESERVED[0];
const ROLE: &str = RESERVED[1];
const ON: &str = RESERVED[2];
const PROCEDURE: &str = RESERVED[3];
const VERSION: &str = RESERVED[4];

impl Document {
    /// Its events, each with all that it had seen.
    pub fn steps_done(&self) -> Vec<Event> {
        let makers = self.makers(TABLE);
        if makers.is_empty() {
            return Vec::new();
        }
        let changes = self.changes();
        let ids: Vec<RecordId> = makers.keys().copied().collect();
        let pasts = seen(&changes, &makers);
        let authors: BTreeMap<Hash, Option<MemberId>> = changes.iter().map(|one| (one.hash, one.author)).collect();
        let read = |(id, maker): (&RecordId, &Hash)| {
            let record = self.record_at(&At::table(TABLE, *id), &[*maker])?;
            let mut fields: BTreeMap<String, String> = record
                .fields
                .iter()
                .filter_map(|(key, live)| Some((key.clone(), live.first()?.value.to_text())))
                .collect();
            fields.extend(record.notes);
            let mut take = |key: &str| fields.remove(key).unwrap_or_default();
            let (kind, role, procedure) = (take(EVENT), take(ROLE), take(PROCEDURE));
            let (on, version) = (take(ON).parse().ok(), take(VERSION).parse().unwrap_or_default());
            let past = pasts.get(maker)?;
            Some(Event {
                id: *id,
                kind,
                author: authors.get(maker).copied().flatten(),
                role,
                on,
                procedure,
                version,
                fields,
                seen: past.iter().map(|at| ids[at]).collect(),
            })
        };
        makers.iter().filter_map(read).collect()
    }

    /// The change that made each event.
    pub fn step_makers(&self) -> BTreeMap<RecordId, Hash> {
        self.makers(TABLE)
    }

    /// The thing as it is now, as far as what was judged of it is compared with it: every live value of its own fields,
    /// and the photos that stand with it.
    pub fn judged_now(&self) -> Now {
        let own = self.own().fields.into_iter().map(|(key, live)| {
            let values = live.into_iter().map(|live| live.value.to_text());
            (key, values.collect())
        });
        let evidence = self.records(EVIDENCE).into_values().filter(|record| !record.is_void());
        let evidence = evidence
            .map(|record| record.text(PHOTO))
            .filter(|photo| !photo.is_empty());
        Now {
            own: own.collect(),
            evidence: evidence.collect(),
        }
    }

    /// Who opened the thing: the author of the first change, the same on every phone also where two people did so without
    /// knowing of each other.
    pub fn opened_by(&self) -> Option<MemberId> {
        let genesis = [self.genesis_hash()];
        let changes = self.changes().into_iter();
        let first = changes.filter(|change| change.deps == genesis);
        first.min_by_key(|change| (change.time_s, change.hash))?.author
    }
}

/// A new event as it is written.
pub fn step_put(event: &Event) -> Put {
    let own = [
        (EVENT, Scalar::from(event.kind.as_str())),
        (ROLE, event.role.as_str().into()),
        (ON, event.on.map(|on| on.to_string()).unwrap_or_default().into()),
        (PROCEDURE, event.procedure.as_str().into()),
        (VERSION, i64::from(event.version).into()),
    ];
    let own = own.map(|(key, value)| (key.to_owned(), value));
    let carried = event.fields.iter().filter(|(key, _)| !RESERVED.contains(&key.as_str()));
    let carried = carried.map(|(key, value)| (key.clone(), value.as_str().into()));
    Put::Create {
        at: At::table(TABLE, event.id),
        fields: own.into_iter().chain(carried).collect(),
        notes: Vec::new(),
    }
}

/// The events behind each change that made one, by their places.
fn seen(changes: &[ChangeInfo], makers: &BTreeMap<RecordId, Hash>) -> BTreeMap<Hash, Bits> {
    let mut made: BTreeMap<Hash, Vec<usize>> = BTreeMap::new();
    for (at, maker) in makers.values().enumerate() {
        made.entry(*maker).or_default().push(at);
    }
    // Ancestors come first, so that each finds what is behind those it stands on.
    let mut behind: BTreeMap<Hash, Bits> = BTreeMap::new();
    for change in changes {
        let mut past = Bits::new(makers.len());
        for dep in &change.deps {
            if let Some(known) = behind.get(dep) {
                past.join(known);
            }
            made.get(dep).into_iter().flatten().for_each(|at| past.add(*at));
        }
        behind.insert(change.hash, past);
    }
    behind
}
