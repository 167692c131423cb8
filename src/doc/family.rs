//! Reads a household document as the plain types of the register.

use super::document::{Document, Hash};
use super::kind::DocKind;
use super::record::{At, Record};
use crate::base::id::{DocId, MemberId, RecordId};
use crate::base::scalar::Scalar;
use crate::register::field::{RecordKind, find};
use crate::register::household::Household;
use crate::register::link::Link;
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

/// Every record of a document, read once for everything that is to be known of it.
pub struct Records {
    id: DocId,
    kind: DocKind,
    own: Record,
    tables: BTreeMap<&'static str, BTreeMap<RecordId, Record>>,
    /// Who made each visit.
    visitors: BTreeMap<RecordId, MemberId>,
}

impl Records {
    fn table(&self, kind: RecordKind, of: Of) -> impl Iterator<Item = (RecordId, Reading<'_>)> {
        let records = kind.table().and_then(|table| self.tables.get(table));
        records
            .into_iter()
            .flatten()
            .map(move |(id, record)| (*id, Reading { record, kind, of }))
    }

    /// The family with persons, events, visits and pairings.
    pub fn family(&self, of: Of) -> Household {
        let own = Reading {
            record: &self.own,
            kind: RecordKind::Household,
            of,
        };
        let mut family = Household::read(self.id, &own);
        let persons = self.table(RecordKind::Person, of);
        family.persons = persons.map(|(id, person)| Person::read(id, &person)).collect();
        let events = self.table(RecordKind::StatusEvent, of);
        family.events = events.filter_map(|(id, event)| StatusEvent::read(id, &event)).collect();
        let visits = self.table(RecordKind::Visit, of);
        family.visits = visits
            .filter_map(|(id, visit)| Visit::read(id, self.visitors.get(&id).copied(), &visit))
            .collect();
        let pairings = self.table(RecordKind::Pairing, of);
        family.pairings = pairings.map(|(id, pairing)| Pairing::read(id, &pairing)).collect();
        family
    }

    /// What was decided about records that look alike.
    pub fn links(&self) -> Vec<Link> {
        let records = self.table(RecordKind::Link, Of::Shown);
        records
            .filter_map(|(id, link)| Link::read(id, self.id, &link))
            .collect()
    }

    /// Somebody withdrew one of them.
    pub fn any_void(&self) -> bool {
        let tables = self.tables.values().flat_map(BTreeMap::values);
        let withdrawn = |record: &Record| record.live("void/reason").iter().any(|one| !one.value.is_empty());
        tables.chain([&self.own]).any(withdrawn)
    }

    /// The watched fields that have more than one live, unequal value; those of withdrawn records included, because an
    /// edit made at the same time as the withdrawal must not be lost.
    pub fn differing(&self) -> Vec<Differing> {
        let own_kind = match self.kind {
            DocKind::Household => Some(RecordKind::Household),
            DocKind::Finding => Some(RecordKind::Finding),
            DocKind::Village => Some(RecordKind::Village),
            _ => None,
        };
        let own = own_kind.map(|kind| (At::Own, kind, &self.own));
        // The events of a finding are no changes of status, and are read as they were written.
        let kinds = RecordKind::ALL.iter();
        let kinds = kinds.filter(|kind| self.kind != DocKind::Finding || **kind != RecordKind::StatusEvent);
        let kinds = kinds.filter_map(|kind| Some((*kind, kind.table()?)));
        let of_tables = kinds.flat_map(|(kind, table)| {
            let records = self.tables.get(table).into_iter().flatten();
            records.map(move |(id, record)| (At::table(table, *id), kind, record))
        });
        let mut differing = Vec::new();
        for (at, kind, record) in own.into_iter().chain(of_tables) {
            let watched = |key: &&String| find(kind, key).is_some_and(|found| found.field.is_watched());
            let keys = record.fields.keys().filter(|key| record.differs(key));
            differing.extend(keys.filter(watched).map(|key| Differing {
                at: at.clone(),
                key: key.clone(),
                asked: record.asked(key).is_some(),
            }));
        }
        differing
    }
}

impl Document {
    /// Every record of the document.
    pub fn all_records(&self) -> Records {
        let tables = self.kind().tables().iter();
        Records {
            id: self.id(),
            kind: self.kind(),
            own: self.own(),
            tables: tables.map(|table| (*table, self.records(table))).collect(),
            visitors: self.creators("visits"),
        }
    }

    /// The family with persons, events, visits and pairings.
    pub fn family(&self, of: Of) -> Household {
        self.all_records().family(of)
    }

    /// The watched fields that have more than one live, unequal value.
    pub fn differing(&self) -> Vec<Differing> {
        self.all_records().differing()
    }

    /// What was decided about records that look alike.
    pub fn links(&self) -> Vec<Link> {
        let records = self.records("links");
        let read = |(id, record): (&RecordId, &Record)| {
            let (kind, of) = (RecordKind::Link, Of::Shown);
            Link::read(*id, self.id(), &Reading { record, kind, of })
        };
        records.iter().filter_map(read).collect()
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
        let made = self.makers(table);
        if made.is_empty() {
            return BTreeMap::new();
        }
        let authors = self.authors();
        let author = |change: &Hash| authors.get(change).and_then(|change| change.author);
        made.iter()
            .filter_map(|(id, change)| Some((*id, author(change)?)))
            .collect()
    }
}
