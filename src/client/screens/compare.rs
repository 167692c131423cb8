//! Two records side by side: everything that is known of either, what is equal and what is not.

use super::filled::Filled;
use super::lens::Lens;
use super::say::{both, list, same};
use super::slots::Drawing;
use super::twins::{Twin, state};
use crate::base::host::Host;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{CompareField, CompareView, SideView, Words};
use crate::doc::{At, Of, Record};
use crate::register::field::RecordKind;
use crate::register::id_number::masked;
use std::collections::BTreeMap;

/// What is known of one side, in the order of the screen.
struct Known {
    section: Words,
    label: Words,
    shown: Words,
    /// What is compared: two masked numbers may be equal where the numbers are not.
    value: Vec<String>,
    sensitive: bool,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Two households or two persons side by side.
    pub(super) async fn compare(&mut self, one: &str, other: &str) -> Result<CompareView, ClientError> {
        let (one, other) = (Twin::read(one)?, Twin::read(other)?);
        let decisions = self.decisions(one, other).await?;
        let rows = &self.core.rows;
        let (what, lead, decided) = match (one.who(), other.who()) {
            (Some(first), Some(second)) => {
                let persons = &rows.twins().persons;
                let lead = persons.joined().is_led(first) || (!persons.joined().is_led(second) && second < first);
                ("person", lead, persons.between(first, second))
            }
            _ => {
                let joined = rows.twins().households.joined();
                let lead = joined.is_led(one.household);
                let decided = rows.twins().households.between(one.household, other.household);
                ("household", lead, decided)
            }
        };
        // Whoever leads stands first.
        let (one, other) = if lead { (other, one) } else { (one, other) };
        let (alike, persons) = match (one.who(), other.who()) {
            (Some(first), Some(second)) => {
                let known = rows.alike().persons.iter();
                let mut pair =
                    known.filter(|pair| [(first, second), (second, first)].contains(&(pair.one, pair.other)));
                (pair.next().and_then(|pair| self.twin_persons(pair)), Vec::new())
            }
            _ => {
                let ends = [one.household, other.household];
                let known = rows.alike().households.iter();
                let mut pair = known.filter(|pair| ends.contains(&pair.one) && ends.contains(&pair.other));
                let found = pair.next().and_then(|pair| self.twin_households(pair));
                (found, self.persons_alike(&ends, true))
            }
        };
        let (left, first) = self.side(one).await?;
        let (right, second) = self.side(other).await?;
        Ok(CompareView {
            one: one.to_string(),
            other: other.to_string(),
            what: what.into(),
            certain: alike.as_ref().is_some_and(|pair| pair.certain),
            why: alike.map(|pair| pair.why).unwrap_or_default(),
            state: state(decided).into(),
            sides: vec![left, right],
            fields: beside_each_other(&first, &second),
            decisions,
            persons,
        })
    }

    async fn side(&mut self, twin: Twin) -> Result<(SideView, Vec<Known>), ClientError> {
        let person = match twin.person {
            Some(tag) => Some(At::table("persons", self.person_record(twin.household, tag).await?)),
            None => None,
        };
        self.document(twin.household).await?;
        let lens = self.lens(twin.household)?;
        let row = self.core.rows.household(twin.household).ok_or(ClientError::NotFound)?;
        let leads = match twin.who() {
            Some(who) => !self.core.rows.twins().persons.joined().is_led(who),
            None => !self.core.rows.twins().households.joined().is_led(twin.household),
        };
        let (title, known) = match &person {
            Some(at) => (lens.record_words(at), of_record(&lens, at, RecordKind::Person)),
            None => {
                let mut known = of_record(&lens, &At::Own, RecordKind::Household);
                known.extend(of_family(&lens));
                (same(row.head()), known)
            }
        };
        let side = SideView {
            household: self.household_row(twin.household, row, ""),
            title,
            leads,
        };
        Ok((side, known))
    }
}

fn of_record(lens: &Lens<'_>, at: &At, kind: RecordKind) -> Vec<Known> {
    let record = lens.document.record(at).unwrap_or_default();
    let filled = Filled::of(kind, &record);
    let sections = Drawing {
        lens,
        at,
        kind,
        record: &record,
        filled: &filled,
        flags: BTreeMap::new(),
        with_choices: false,
        exists: true,
        next_job: None,
    }
    .sections();
    let mut known = Vec::new();
    for section in sections {
        for field in section.fields {
            let shown = match field.values.len() {
                0 | 1 => field.shown,
                _ => list(field.values.into_iter().map(|value| value.shown)),
            };
            let shown = if shown.zh.is_empty() { same(field.value) } else { shown };
            known.push(Known {
                section: section.title.clone(),
                label: field.label,
                value: stored(&record, &field.key),
                sensitive: field.sensitive,
                shown,
            });
        }
    }
    known
}

/// Everything that stands under a key, a set or a note.
fn stored(record: &Record, key: &str) -> Vec<String> {
    let own = record.live(key).iter().map(|live| live.value.to_text());
    let members = record.set(key);
    let note = Some(record.note(key).to_owned()).filter(|note| !note.is_empty());
    let mut all: Vec<String> = own.filter(|text| !text.is_empty()).chain(members).chain(note).collect();
    all.sort();
    all.dedup();
    all
}

/// What a household has beside its own fields: its people and visits.
fn of_family(lens: &Lens<'_>) -> Vec<Known> {
    let family = lens.document.family(Of::Shown);
    let members = family.members(lens.today);
    let people = members.iter().map(|person| match masked(&person.id_no) {
        number if number.is_empty() => same(person.name.clone()),
        number => same(format!("{} {number}", person.name)),
    });
    let mut value: Vec<String> = members
        .iter()
        .map(|person| format!("{} {}", person.name, person.id_no))
        .collect();
    value.sort();
    let visits = family.visits.iter().filter(|visit| visit.counts()).count();
    let last = family.last_visit(lens.today).map(|visit| visit.on.to_string());
    let visited = match last {
        Some(last) => both(
            format!("{visits}次，最近 {last}"),
            format!("{visits}, the last on {last}"),
        ),
        None => Words::default(),
    };
    let section = Words::from(RecordKind::Person.words());
    vec![
        Known {
            section: section.clone(),
            label: both("家庭成员", "People"),
            shown: list(people),
            value,
            sensitive: false,
        },
        Known {
            section,
            label: both("走访", "Visits"),
            // Two visits of one day are two visits.
            value: (visits > 0).then(|| family.id.to_string()).into_iter().collect(),
            shown: visited,
            sensitive: false,
        },
    ]
}

/// What either side knows, in the order of the first.
fn beside_each_other(one: &[Known], other: &[Known]) -> Vec<CompareField> {
    let is_twin = |known: &Known, twin: &Known| twin.label == known.label && twin.section == known.section;
    let twin = |known: &Known| other.iter().find(|twin| is_twin(known, twin));
    let both_sides = one.iter().map(|known| (known, twin(known)));
    let mut fields: Vec<CompareField> = both_sides
        .map(|(known, twin)| CompareField {
            section: known.section.clone(),
            label: known.label.clone(),
            one: known.shown.clone(),
            other: twin.map(|twin| twin.shown.clone()).unwrap_or_default(),
            same: twin.is_some_and(|twin| twin.value == known.value),
            sensitive: known.sensitive,
        })
        .collect();
    let lone = other
        .iter()
        .filter(|known| !one.iter().any(|twin| is_twin(known, twin)));
    fields.extend(lone.map(|known| CompareField {
        section: known.section.clone(),
        label: known.label.clone(),
        one: Words::default(),
        other: known.shown.clone(),
        same: false,
        sensitive: known.sensitive,
    }));
    fields.retain(|field| !(field.one.zh.is_empty() && field.other.zh.is_empty()));
    fields
}
