//! Reads a household document as the plain types of the register.

use super::document::Document;
use super::record::{At, Record};
use crate::base::id::{MemberId, RecordId};
use crate::base::scalar::Scalar;
use crate::register::field::{RecordKind, find};
use crate::register::household::Household;
use crate::register::member::{Member, Pairing};
use crate::register::person::Person;
use crate::register::status_event::StatusEvent;
use crate::register::values::Values;
use crate::register::visit::Visit;
use std::collections::BTreeMap;

/// Which of several live values stands for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The one that every replica shows first.
    Shown,
    /// The most cautious one, and none where no order is declared: what indicators count with.
    Counted,
}

/// A watched field about which people disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    pub at: At,
    pub key: String,
    /// Somebody asks, and no other value came since.
    pub asked: bool,
}

/// A record read one way or the other.
pub struct Reading<'a> {
    pub record: &'a Record,
    pub kind: RecordKind,
    pub of: Of,
}

impl Reading<'_> {
    fn chosen(&self, key: &str) -> Option<&Scalar> {
        let live = self.record.live(key);
        let first = &live.first()?.value;
        if self.of == Of::Shown || !self.record.differs(key) {
            return Some(first);
        }
        let found = find(self.kind, key)?;
        if !found.field.is_watched() {
            return Some(first);
        }
        // A member of a set that anybody put in counts as in it.
        if found.field.kind.is_set() {
            return live
                .iter()
                .map(|live| &live.value)
                .find(|value| value.to_int() == Some(1));
        }
        let values: Vec<&Scalar> = live.iter().map(|live| &live.value).collect();
        found.field.cautious(&values)
    }
}

impl Values for Reading<'_> {
    fn value(&self, key: &str) -> Option<&Scalar> {
        self.chosen(key).filter(|value| !value.is_empty())
    }
    fn under(&self, prefix: &str) -> Vec<(&str, &Scalar)> {
        let from = format!("{prefix}/");
        self.record
            .fields
            .range(from.clone()..)
            .map_while(|(key, _)| Some((key, key.strip_prefix(&from)?)))
            .filter_map(|(key, rest)| Some((rest, self.value(key)?)))
            .collect()
    }
    fn note(&self, key: &str) -> &str {
        self.record.note(key)
    }
}

impl Document {
    /// The family with persons, events, visits and pairings.
    pub fn family(&self, of: Of) -> Household {
        let own = self.own();
        fn read(record: &Record, kind: RecordKind, of: Of) -> Reading<'_> {
            Reading { record, kind, of }
        }
        let mut family = Household::read(self.id(), &read(&own, RecordKind::Household, of));
        let creators = self.creators("visits");
        for (id, record) in &self.records("persons") {
            family
                .persons
                .push(Person::read(*id, &read(record, RecordKind::Person, of)));
        }
        for (id, record) in &self.records("events") {
            family
                .events
                .extend(StatusEvent::read(*id, &read(record, RecordKind::StatusEvent, of)));
        }
        for (id, record) in &self.records("visits") {
            let by = creators.get(id).copied();
            family
                .visits
                .extend(Visit::read(*id, by, &read(record, RecordKind::Visit, of)));
        }
        family.pairings = self.pairings(of);
        family
    }

    /// The pairings of a household or of the groups of a place.
    pub fn pairings(&self, of: Of) -> Vec<Pairing> {
        self.records("pairings")
            .iter()
            .map(|(id, record)| {
                Pairing::read(
                    *id,
                    &Reading {
                        record,
                        kind: RecordKind::Pairing,
                        of,
                    },
                )
            })
            .collect()
    }

    /// The team of a village document.
    pub fn team(&self) -> Vec<Member> {
        self.records("people")
            .iter()
            .map(|(id, record)| {
                Member::read(
                    MemberId(id.0),
                    &Reading {
                        record,
                        kind: RecordKind::Member,
                        of: Of::Shown,
                    },
                )
            })
            .collect()
    }

    /// Who made each record of a table: the author of the change that created it.
    pub fn creators(&self, table: &str) -> BTreeMap<RecordId, MemberId> {
        let authors = self.authors();
        self.record_ids(table)
            .into_iter()
            .filter_map(|id| {
                let made = self.created_by(&At::table(table, id))?;
                Some((id, authors.get(&made)?.author?))
            })
            .collect()
    }

    /// The watched fields that have more than one live, unequal value; those of withdrawn records included, because an
    /// edit made at the same time as the withdrawal must not be lost.
    pub fn differing(&self) -> Vec<Differing> {
        let own_kind = match self.kind() {
            super::DocKind::Household => Some(RecordKind::Household),
            super::DocKind::Finding => Some(RecordKind::Finding),
            super::DocKind::Village => Some(RecordKind::Village),
            _ => None,
        };
        let mut all: Vec<(At, RecordKind, Record)> =
            own_kind.map(|kind| (At::Own, kind, self.own())).into_iter().collect();
        for kind in RecordKind::ALL {
            if let Some(table) = kind.table().filter(|table| self.kind().tables().contains(table)) {
                all.extend(
                    self.records(table)
                        .into_iter()
                        .map(|(id, record)| (At::table(table, id), *kind, record)),
                );
            }
        }
        all.iter()
            .flat_map(|(at, kind, record)| {
                record
                    .fields
                    .keys()
                    .filter(|key| record.differs(key) && find(*kind, key).is_some_and(|found| found.field.is_watched()))
                    .map(|key| Differing {
                        at: at.clone(),
                        key: key.clone(),
                        asked: record.asked(key).is_some(),
                    })
            })
            .collect()
    }
}
