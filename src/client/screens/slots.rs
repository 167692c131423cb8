//! Which fields a record shows, under which headings, and each as the app draws and edits it.

use super::filled::Filled;
use super::lens::{Lens, assessment_words, typed};
use super::say::{both, choices, joined, same};
use crate::base::scalar::Scalar;
use crate::client::view::{Choice, FieldView, Section, Words};
use crate::doc::{At, Record};
use crate::register::enums::{AssessmentKind, COMPONENT, Dimension};
use crate::register::field::{Field, RecordKind, Type};
use crate::register::values::Values;
use std::collections::{BTreeMap, BTreeSet};

/// Fields of an assessment that concern the house, and those that concern the water.
const OF_HOUSE: &[&str] = &[
    "grade",
    "site_safe",
    "component/{part}",
    "crack_mm",
    "house_no",
    "storeys",
    "structure",
    "area",
    "exemption",
    "exempt_until",
    "appraiser",
];
const OF_WATER: &[&str] = &[
    "verdict",
    "source",
    "litres",
    "quality",
    "sign/{value}",
    "piped",
    "fetch_minutes",
    "fetch_m",
    "fetch_up_m",
    "short_days",
];

/// One field in its place: what fills the varying part of its key, empty for a set as a whole.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub field: &'static Field,
    pub part: String,
}

impl Slot {
    /// The key under which the app shows it.
    pub fn key(&self) -> String {
        if self.field.kind.is_set() && self.part.is_empty() {
            self.field.prefix().to_owned()
        } else {
            self.field.key(&self.part)
        }
    }
}

/// What a screen asks of the fields it shows.
pub(super) struct Drawing<'a> {
    pub lens: &'a Lens<'a>,
    pub at: &'a At,
    pub kind: RecordKind,
    /// The record as it stands.
    pub record: &'a Record,
    /// The record with what was typed.
    pub filled: &'a Filled,
    pub flags: BTreeMap<String, Words>,
    /// With the choices of each field, as an editor needs them.
    pub with_choices: bool,
    /// The record is there already: a note that it was made without cannot be added.
    pub exists: bool,
    /// The row for one more employment, where the screen offers one.
    pub next_job: Option<String>,
}

impl Drawing<'_> {
    /// The sections in the order of the table; employments have one each, and an empty one to add.
    pub fn sections(&self) -> Vec<Section> {
        self.headed()
            .into_iter()
            .map(|(title, slots)| Section {
                title,
                fields: slots.iter().map(|slot| self.view(slot)).collect(),
            })
            .collect()
    }

    /// Headings with their fields.
    fn headed(&self) -> Vec<(Words, Vec<Slot>)> {
        let mut sections: Vec<(Words, Vec<Slot>)> = Vec::new();
        for field in self.kind.fields().iter().filter(|field| self.is_shown(field)) {
            let title = Words::from(field.section.words());
            for part in self.parts(field) {
                let slot = Slot { field, part };
                match sections.iter_mut().find(|(known, _)| *known == title) {
                    Some((_, slots)) => slots.push(slot),
                    None => sections.push((title.clone(), vec![slot])),
                }
            }
        }
        sections.extend(self.jobs());
        // Notes come last.
        let notes = Words::from(crate::register::field::Section::Notes.words());
        sections.sort_by_key(|(title, _)| *title == notes);
        sections
    }

    fn is_shown(&self, field: &Field) -> bool {
        let kind = AssessmentKind::from_code(&self.filled.values.text("kind"));
        let about = match (self.kind, kind) {
            (RecordKind::Assessment, Some(AssessmentKind::Housing)) => {
                field.pattern != "kind" && !OF_WATER.contains(&field.pattern)
            }
            (RecordKind::Assessment, Some(AssessmentKind::Water)) => {
                field.pattern != "kind" && !OF_HOUSE.contains(&field.pattern)
            }
            _ => true,
        };
        let writable =
            !matches!(field.kind, Type::Note) || !self.exists || self.record.notes.contains_key(field.pattern);
        let finding = matches!(field.kind, Type::RefSet(RecordKind::Finding));
        field.edited && about && writable && !finding && field.variable() != Some("row")
    }

    /// What fills the varying part of a field here.
    fn parts(&self, field: &Field) -> Vec<String> {
        match field.variable() {
            Some("year") => self.years(field.prefix()),
            Some("dimension") => Dimension::ALL.iter().map(|one| one.code().to_owned()).collect(),
            Some("column") => self.columns(field.prefix()),
            Some("part") => COMPONENT.iter().map(|one| one.value.to_owned()).collect(),
            _ => vec![String::new()],
        }
    }

    /// This year, last year, and each year that holds something, the latest first.
    fn years(&self, prefix: &str) -> Vec<String> {
        let this = self.lens.today.year();
        let held = self.filled.values.under(prefix).into_iter();
        let mut years: BTreeSet<String> = held.map(|(year, _)| year.to_owned()).collect();
        years.extend([this, this - 1].map(|year| year.to_string()));
        years.into_iter().rev().collect()
    }

    /// The columns of the roster that hold something.
    fn columns(&self, prefix: &str) -> Vec<String> {
        let held = self.filled.values.under(prefix).into_iter();
        held.map(|(column, _)| column.to_owned()).collect()
    }

    fn jobs(&self) -> Vec<(Words, Vec<Slot>)> {
        let fields: Vec<&'static Field> = self
            .kind
            .fields()
            .iter()
            .filter(|field| field.edited && field.variable() == Some("row"))
            .collect();
        let Some(first) = fields.first() else { return Vec::new() };
        let rows: BTreeSet<&str> = self
            .filled
            .values
            .under(first.prefix())
            .into_iter()
            .filter_map(|(key, _)| key.split_once('/').map(|(row, _)| row))
            .filter(|row| self.filled.values.text(&format!("{}/{row}/void", first.prefix())) != "是")
            .collect();
        let title = |row: &str, number: usize| {
            let place = same(self.filled.values.text(&first.key(row)));
            let heading = both(format!("务工 {number}"), format!("Work {number}"));
            joined([heading, place], " · ", " · ")
        };
        let added = self.next_job.as_deref().filter(|row| !rows.contains(row));
        let added = added.map(|row| (both("再加一处务工", "Further work"), row));
        let standing = rows.iter().enumerate().map(|(at, row)| (title(row, at + 1), *row));
        standing
            .chain(added)
            .map(|(title, row)| {
                let slots = fields.iter().map(|field| Slot {
                    field,
                    part: row.to_owned(),
                });
                (title, slots.collect())
            })
            .collect()
    }

    /// One field as the app draws it.
    pub fn view(&self, slot: &Slot) -> FieldView {
        let Slot { field, part } = slot;
        let key = slot.key();
        let members = field.kind.is_set().then(|| self.filled.set(field.prefix()));
        let value = self.filled.values.get(&key).filter(|value| !value.is_empty());
        let (text, shown) = match (&members, field.kind) {
            (Some(members), _) => (members.join("、"), self.lens.members_shown(field, members)),
            (None, Type::Note) => {
                let note = self.filled.notes.get(&key).cloned().unwrap_or_default();
                (note.clone(), same(note))
            }
            (None, _) => (
                value.map(|value| typed(field, value)).unwrap_or_default(),
                value
                    .map(|value| self.lens.shown_at(self.at, field, part, value))
                    .unwrap_or_default(),
            ),
        };
        let hidden = |value: &str| {
            field
                .kind
                .choices()
                .iter()
                .any(|one| one.sensitive && one.value == value)
        };
        let hidden = match &members {
            Some(members) => members.iter().any(|member| hidden(member)),
            None => value.and_then(Scalar::as_text).is_some_and(hidden),
        };
        FieldView {
            label: match field.kind.is_set() {
                true => self.lens.label(field, part),
                false => self.lens.label_at(self.at, field, part),
            },
            kind: field.kind.code().into(),
            unit: field.unit.into(),
            hint: field.ask.into(),
            choices: if self.with_choices {
                self.choices(field)
            } else {
                Vec::new()
            },
            value: text,
            shown,
            values: match members {
                Some(_) => Vec::new(),
                None => self.lens.values(self.at, self.record, field, part, &key),
            },
            sensitive: field.sensitive || hidden,
            flag: self.flags.get(&key).cloned(),
            changed: self.exists && self.lens.is_changed(self.at, self.record, field, &key),
            key,
        }
    }

    /// One member of a set about which people disagree.
    pub fn member_view(&self, field: &'static Field, member: &str) -> FieldView {
        let key = field.key(member);
        let value = self.filled.values.get(&key).cloned().unwrap_or(Scalar::CLEARED);
        FieldView {
            label: self.lens.key_label(field, member),
            kind: Type::Choice(&[]).code().into(),
            unit: Words::default(),
            hint: Words::default(),
            choices: vec![
                Choice {
                    value: "1".into(),
                    words: both("有", "yes"),
                },
                Choice {
                    value: "0".into(),
                    words: both("没有", "no"),
                },
            ],
            value: value.to_text(),
            shown: self.lens.shown(field, member, &value),
            values: self.lens.values(self.at, self.record, field, member, &key),
            sensitive: field.sensitive,
            flag: None,
            changed: self.lens.is_changed(self.at, self.record, field, &key),
            key,
        }
    }

    fn choices(&self, field: &Field) -> Vec<Choice> {
        let choice = |value: String, name: String| Choice {
            value,
            words: same(name),
        };
        match field.kind {
            Type::Ref(RecordKind::Member) | Type::RefSet(RecordKind::Member) => self
                .lens
                .village
                .members(self.lens.today)
                .map(|member| choice(member.id.to_string(), member.name.clone()))
                .collect(),
            Type::Ref(RecordKind::Person) | Type::RefSet(RecordKind::Person) => self
                .lens
                .document
                .record_ids(RecordKind::Person.table().unwrap_or_default())
                .into_iter()
                .map(|person| choice(person.to_string(), self.lens.person(person)))
                .collect(),
            kind => choices(kind.choices()),
        }
    }
}

/// What the editor of a record is called.
pub(super) fn title(kind: RecordKind, at: Option<&At>, filled: &Filled, lens: &Lens<'_>) -> Words {
    match (kind, at) {
        (RecordKind::Household, _) => {
            let family = lens.document.family(crate::doc::Of::Shown);
            let head = family.head(lens.today).map(|head| head.name.clone());
            joined([same(head.unwrap_or_default()), kind.words().into()], " · ", " · ")
        }
        (RecordKind::Person, None) => both("新成员", "New member"),
        (RecordKind::Assessment, None) => assessment_words(AssessmentKind::from_code(&filled.values.text("kind"))),
        (_, Some(at)) => match lens.record_words(at) {
            words if words.is_empty() => kind.words().into(),
            words => words,
        },
        (_, None) => kind.words().into(),
    }
}
