//! A record with what a person typed laid over it: how the core reads it, what follows from it, what is odd about it, and
//! what of it is to be written.

use super::lens::Lens;
use super::say::{both, sentence};
use crate::base::scalar::Scalar;
use crate::base::text;
use crate::client::api::FieldChange;
use crate::client::error::ClientError;
use crate::client::view::Words;
use crate::doc::{At, Of, Put, Record};
use crate::register::assessment::{Assessment, WaterBars};
use crate::register::check;
use crate::register::field::{Field, RecordKind, Type, find, named};
use crate::register::household::Household;
use crate::register::id_number::{IdNumber, Sex};
use crate::register::person::Person;
use crate::register::values::Values;
use std::collections::{BTreeMap, BTreeSet};

/// A record as it would be.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    kind: RecordKind,
    /// One value per stored key; a set as its members.
    pub values: BTreeMap<String, Scalar>,
    /// Free notes.
    pub notes: BTreeMap<String, String>,
    /// Keys that were typed or followed from what was typed.
    touched: BTreeSet<String>,
}

fn is_member(kind: RecordKind, key: &str) -> bool {
    find(kind, key).is_some_and(|found| found.field.kind.is_set())
}

/// The field that a key of the app names: a set by the part before its members, everything else by the stored key.
pub(super) fn slot(kind: RecordKind, key: &str) -> Option<(&'static Field, &str)> {
    let set = kind
        .fields()
        .iter()
        .find(|field| field.kind.is_set() && field.prefix() == key);
    set.map(|field| (field, ""))
        .or_else(|| find(kind, key).map(|found| (found.field, found.part)))
}

impl Filled {
    /// A record as it stands.
    pub fn of(kind: RecordKind, record: &Record) -> Self {
        let mut values = BTreeMap::new();
        for (key, live) in &record.fields {
            // A set merges by union: a member that anybody put in is in it.
            let put_in = live.iter().find(|one| one.value == Scalar::Int(1));
            let shown = put_in.filter(|_| is_member(kind, key)).or(live.first());
            values.extend(shown.map(|one| (key.clone(), one.value.clone())));
        }
        Self {
            kind,
            values,
            notes: record.notes.clone(),
            touched: BTreeSet::new(),
        }
    }

    /// Writes a value, as if it had been typed.
    pub fn put(&mut self, key: impl Into<String>, value: impl Into<Scalar>) {
        let key = key.into();
        self.touched.insert(key.clone());
        self.values.insert(key, value.into());
    }

    /// Writes a note.
    pub fn note(&mut self, key: &str, text: &str) {
        self.touched.insert(key.to_owned());
        self.notes.insert(key.to_owned(), text::clean_note(text));
    }

    /// Keys that were typed or followed.
    pub fn touched(&self) -> impl Iterator<Item = &str> {
        self.touched.iter().map(String::as_str)
    }

    /// Lays what was typed over the record.
    ///
    /// # Errors
    /// A key that is not a field which people edit.
    pub fn type_in(&mut self, changes: &[FieldChange], lens: &Lens<'_>) -> Result<(), ClientError> {
        for change in changes {
            let (field, part) = slot(self.kind, &change.key)
                .filter(|(field, _)| field.edited)
                .ok_or_else(|| {
                    ClientError::Field("field_unknown".into(), both("没有这一项", "there is no such field"))
                })?;
            if field.kind.is_set() && part.is_empty() {
                self.choose(field, &change.value, lens);
            } else if field.kind.is_set() {
                let chosen = matches!(text::compact(&change.value).as_str(), "1" | "有" | "是");
                self.put(&change.key, i64::from(chosen));
            } else if matches!(field.kind, Type::Note) {
                self.note(&change.key, &change.value);
            } else {
                let read = field.read(&change.value, lens.today).value;
                self.put(&change.key, read);
            }
        }
        Ok(())
    }

    fn choose(&mut self, field: &Field, written: &str, lens: &Lens<'_>) {
        let free = matches!(field.kind, Type::FreeSet);
        let split = |c: char| matches!(c, '、' | '，' | ',' | ';' | '；' | '\n') || (free && c.is_whitespace());
        // Further telephone numbers are read as the number itself is.
        let like = RecordKind::ALL
            .iter()
            .flat_map(|kind| kind.fields())
            .find(|other| other.also == Some(field.pattern));
        let read = |member: &str| {
            let read = like.unwrap_or(field).read(member, lens.today).value.to_text();
            read.replace('/', "／").replace('{', "｛").replace('}', "｝")
        };
        let wanted: BTreeSet<String> = written
            .split(split)
            .map(read)
            .filter(|member| !member.is_empty())
            .collect();
        for member in self.values.set(field.prefix()) {
            if !wanted.contains(&member) {
                self.put(field.key(&member), 0);
            }
        }
        for member in wanted {
            if self.values.get(&field.key(&member)) != Some(&Scalar::Int(1)) {
                self.put(field.key(&member), 1);
            }
        }
    }

    /// The members of a set.
    pub fn set(&self, prefix: &str) -> Vec<String> {
        Values::set(&self.values, prefix).into_iter().collect()
    }

    /// Fills what follows from what was typed, where a person has not said otherwise: an identity number tells sex and date
    /// of birth, a disability card kind and level, the parts of a house its grade, the indicators of the water its verdict.
    /// `before` is the record as it was: a value that had followed from it follows again.
    pub fn follow(&mut self, before: &Filled, lens: &Lens<'_>) {
        let (now, then) = (follow_ups(self, lens), follow_ups(before, lens));
        let typed = self.touched.clone();
        for (key, value) in now {
            let present = self.values.text(key);
            let followed = then.get(key).is_some_and(|old| old.to_text() == present);
            let fresh = then.get(key) != Some(&value);
            if fresh && !typed.contains(key) && (present.is_empty() || followed) {
                self.put(key, value);
            }
        }
    }

    /// What is to be written on a record that the person saw as `seen`: only what was typed and is another value. What
    /// differed is settled by it, and that is written beside it.
    pub fn puts(&self, at: &At, seen: &Record) -> Vec<Put> {
        let mut puts = Vec::new();
        for key in &self.touched {
            match (self.notes.get(key), self.values.get(key)) {
                (Some(text), _) if seen.note(key) != text.as_str() => puts.push(Put::Note {
                    at: at.clone(),
                    key: key.clone(),
                    text: text.clone(),
                }),
                (None, Some(value)) if !self.is_seen(key, value, seen) => {
                    puts.push(Put::Value {
                        at: at.clone(),
                        key: key.clone(),
                        value: value.clone(),
                    });
                    let is_watched = find(self.kind, key).is_some_and(|found| found.field.is_watched());
                    puts.extend(seen.settling(at, key).filter(|_| is_watched));
                }
                _ => {}
            }
        }
        puts
    }

    fn is_seen(&self, key: &str, value: &Scalar, seen: &Record) -> bool {
        match seen.live(key) {
            [] => value.is_empty() || self.is_left_out(key, value),
            live => live.iter().all(|one| one.value == *value),
        }
    }

    /// A member that was put into a set and taken out again was never in it.
    fn is_left_out(&self, key: &str, value: &Scalar) -> bool {
        *value == Scalar::Int(0) && is_member(self.kind, key)
    }

    /// The record as a new one, with the free notes that it will ever have.
    pub fn create(&self, at: &At) -> Put {
        let given = self
            .values
            .iter()
            .filter(|(key, value)| !value.is_empty() && !self.is_left_out(key, value));
        let notes = self
            .kind
            .fields()
            .iter()
            .filter(|field| matches!(field.kind, Type::Note));
        Put::Create {
            at: at.clone(),
            fields: given.map(|(key, value)| (key.clone(), value.clone())).collect(),
            notes: notes
                .map(|field| field.pattern)
                .map(|key| (key.to_owned(), self.notes.get(key).cloned().unwrap_or_default()))
                .collect(),
        }
    }

    /// What is odd about the record, by the key under which the app shows the field. Said once, never blocking.
    pub fn flags(&self, at: &At, lens: &Lens<'_>) -> BTreeMap<String, Words> {
        let kind = self.kind;
        let mut flags = BTreeMap::new();
        for (key, value) in self.values.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(found) = find(kind, key) else { continue };
            let (shown_under, fault) = if found.field.kind.is_set() {
                let chosen = value.to_int() == Some(1);
                let fault = found.field.fault(&found.part.into(), lens.today);
                (found.field.prefix().to_owned(), fault.filter(|_| chosen))
            } else {
                (key.clone(), found.field.fault(value, lens.today))
            };
            if let Some(fault) = fault {
                flags.entry(shown_under).or_insert_with(|| sentence(fault.sentence()));
            }
        }
        for (key, words) in self.odd(at, lens) {
            flags.entry(key).or_insert(words);
        }
        flags
    }

    /// What the rules of the register say of the family with this record in it.
    fn odd(&self, at: &At, lens: &Lens<'_>) -> Vec<(String, Words)> {
        match (self.kind, at) {
            (RecordKind::Person, At::In(_, id)) => {
                let mut family = lens.document.family(Of::Shown);
                family.persons.retain(|person| person.id != *id);
                family.persons.push(Person::read(*id, &self.values));
                let problems = check::household(&family, lens.today).into_iter();
                problems
                    .filter(|problem| problem.person == Some(*id))
                    .map(|problem| (problem.field, sentence(problem.words)))
                    .collect()
            }
            (RecordKind::Household, _) => {
                let family = Household::read(lens.document.id(), &self.values);
                let problems = check::household(&family, lens.today).into_iter();
                problems
                    .filter(|problem| problem.person.is_none() && problem.field != "relation")
                    .map(|problem| (problem.field, sentence(problem.words)))
                    .collect()
            }
            (RecordKind::Assessment, At::In(_, id)) => Assessment::read(*id, &self.values)
                .and_then(|assessment| assessment.grade_trouble())
                .map(|words| ("grade".to_owned(), sentence(words)))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What follows from a record, by key.
fn follow_ups(filled: &Filled, lens: &Lens<'_>) -> BTreeMap<&'static str, Scalar> {
    let kind = filled.kind;
    let mut follow: BTreeMap<&'static str, Scalar> = BTreeMap::new();
    let number = |key: &str| IdNumber::parse(&filled.values.text(key), lens.today).ok();
    match kind {
        RecordKind::Person => {
            if let Some(id) = number("id_no") {
                follow.insert("sex", Sex::word(id.sex).into());
                follow.insert("birth", id.birth.to_string().into());
            }
            let card = number("disability_card").or_else(|| number("id_no"));
            if let Some(disability) = card.and_then(|card| card.disability) {
                for (key, digit) in [
                    ("disability_kind", disability.kind),
                    ("disability_level", disability.level),
                ] {
                    let choices = named(kind, key).kind.choices();
                    if let Some(choice) = choices.get(usize::from(digit).wrapping_sub(1)) {
                        follow.insert(key, choice.value.into());
                    }
                }
            }
        }
        RecordKind::Assessment => {
            // Proposals need neither the id nor the day.
            let mut values = filled.values.clone();
            values.insert("on".into(), lens.today.to_string().into());
            if let Some(assessment) = Assessment::read(crate::base::id::RecordId([0; 16]), &values) {
                let proposed = [
                    ("grade", assessment.proposed_grade()),
                    ("verdict", assessment.proposed_verdict(WaterBars::WET)),
                ];
                follow.extend(
                    proposed
                        .into_iter()
                        .filter_map(|(key, value)| Some((key, value?.into()))),
                );
            }
        }
        _ => {}
    }
    follow
}
