//! 修改记录: who wrote what and when, newest first; a record that was made in one step is one row.

use super::filled::slot;
use super::lens::{Lens, kind_of};
use super::say::{beside, both, joined, same};
use super::seen::{document_id, record_at};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::received::Received;
use crate::client::store::Store;
use crate::client::view::{HistoryRow, HistoryView, Words};
use crate::doc::{At, ChangeInfo, Mark, Step};
use crate::register::enums::{Basis, Dimension};
use crate::register::field::{Field, RecordKind, Type, find};

/// Rows on a page, whatever was asked for.
const PAGE_ROWS_MAX: usize = 500;
/// Whether a verdict was given this time or carried over.
const CHECK_BASIS: &str = "check/{dimension}/basis";

/// Which part of 修改记录.
pub(super) struct Asked<'a> {
    pub document: &'a str,
    /// Empty = the whole document.
    pub record: &'a str,
    /// Empty = every field.
    pub field: &'a str,
    pub offset: u32,
    pub limit: u32,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A page of 修改记录.
    pub(super) async fn history(&mut self, asked: &Asked<'_>) -> Result<HistoryView, ClientError> {
        let id = document_id(asked.document)?;
        let only = match asked.record {
            "" if asked.field.is_empty() => None,
            record => Some(record_at(record)?),
        };
        self.document(id).await?;
        let received = Received::read(self.store, id).await?;
        let lens = self.lens(id)?;
        let (from, limit) = (asked.offset as usize, (asked.limit as usize).clamp(1, PAGE_ROWS_MAX));
        let changes = lens.document.changes();
        let mut steps = lens.document.steps(only.as_ref());
        if !asked.field.is_empty() {
            let kind = lens.document.kind();
            let asked_for =
                |step: &Step| kind_of(kind, &step.at).is_some_and(|kind| is_of(kind, &step.key, asked.field));
            steps.values_mut().for_each(|steps| steps.retain(asked_for));
        }
        let mut rows = changes
            .iter()
            .rev()
            .filter_map(|change| Some((change, steps.get(&change.hash)?)))
            .flat_map(|(change, steps)| {
                let local = self.core.outbox.has(id, change.hash);
                let at_s = received.at_s(change.hash).filter(|_| !local);
                let at_ms = at_s.map(|at_s| at_s.saturating_mul(1000));
                let rows = rows_of(&lens, change, steps).into_iter();
                rows.map(move |row| HistoryRow {
                    local,
                    received: at_ms,
                    ..row
                })
            })
            .skip(from);
        let page: Vec<HistoryRow> = rows.by_ref().take(limit).collect();
        let first = changes.iter().map(|change| change.time_s).min();
        Ok(HistoryView {
            of: only.as_ref().map(|at| what(&lens, at, asked.field)).unwrap_or_default(),
            more: rows.next().is_some(),
            rows: page,
            first_on: first.map(|at| day_of(at.saturating_mul(1000))).unwrap_or_default(),
        })
    }
}

fn day_of(at_ms: i64) -> String {
    Date::in_china(at_ms).to_string()
}

/// The stored key belongs to the field that the app shows under this key: a set stands under the part before its members.
fn is_of(kind: RecordKind, key: &str, shown: &str) -> bool {
    let key = match Mark::of(key) {
        Some(Mark::Asked(of)) => of,
        Some(_) => return false,
        None => key,
    };
    key == shown || find(kind, key).is_some_and(|found| found.field.kind.is_set() && found.field.prefix() == shown)
}

/// A record, or a field of it, in words.
fn what(lens: &Lens<'_>, at: &At, field: &str) -> Words {
    let label = kind_of(lens.document.kind(), at)
        .and_then(|kind| slot(kind, field))
        .map(|(field, part)| lens.label(field, part));
    beside([lens.record_words(at), label.unwrap_or_default()])
}

/// What one change wrote, in rows.
pub(super) fn rows_of(lens: &Lens<'_>, change: &ChangeInfo, steps: &[Step]) -> Vec<HistoryRow> {
    let mut rows = Vec::new();
    for of_record in steps.chunk_by(|one, next| one.at == next.at) {
        let Some(first) = of_record.first() else { continue };
        let Some(kind) = kind_of(lens.document.kind(), &first.at) else {
            rows.push(unknown(lens, first));
            continue;
        };
        if first.created || begins(lens, change, &first.at) {
            rows.push(made(lens, kind, of_record));
        } else {
            rows.extend(of_record.iter().filter_map(|step| changed(lens, kind, step)));
        }
    }
    rows
}

/// The change is the one by which the document itself was first filled.
fn begins(lens: &Lens<'_>, change: &ChangeInfo, at: &At) -> bool {
    *at == At::Own && change.deps == [lens.document.genesis_hash()]
}

fn row(lens: &Lens<'_>, step: &Step, field: Words, from: Words, to: Words) -> HistoryRow {
    let (author, at) = lens.made_by(step.change.hash);
    let visit = lens.visit_of(step.change.hash).map(|visit| At::table("visits", visit));
    let visit = visit.filter(|visit| *visit != step.at);
    HistoryRow {
        at,
        on: day_of(at),
        author: lens.name(author),
        record: lens.record_words(&step.at),
        field,
        from,
        to,
        during: lens.during(step.change.hash).into(),
        visit: visit.map(|visit| lens.record_words(&visit)).unwrap_or_default(),
        device: author.map(|author| lens.village.phones_of(author)).unwrap_or_default(),
        received: None,
        local: false,
    }
}

/// A field of the table, if people are to read of it: references to other documents and the order of the roster say
/// nothing to them.
fn told(kind: RecordKind, key: &str) -> Option<(&'static Field, &str)> {
    let found = find(kind, key)?;
    let reference = matches!(
        found.field.kind,
        Type::Ref(RecordKind::Household | RecordKind::Visit) | Type::RefSet(RecordKind::Finding)
    );
    (!reference && found.field.pattern != "order").then_some((found.field, found.part))
}

/// One changed value.
fn changed(lens: &Lens<'_>, kind: RecordKind, step: &Step) -> Option<HistoryRow> {
    if let Some(Mark::Asked(key)) = Mark::of(&step.key) {
        let (field, part) = told(kind, key)?;
        let asks = beside([lens.key_label(field, part), both("问清再定", "to be asked about")]);
        return Some(row(lens, step, asks, Words::default(), both("先不定", "left open")));
    }
    let (field, part) = told(kind, &step.key)?;
    let shown = |value| lens.shown(field, part, value);
    let from = joined(step.from.iter().map(shown), " / ", " / ");
    let to = step.to.as_ref().map(shown).unwrap_or_default();
    Some(row(lens, step, lens.key_label(field, part), from, to))
}

/// A record made in one step, with everything it was made with, in the order of its form. Verdicts that nobody gave this
/// time are told together, as what they are.
fn made(lens: &Lens<'_>, kind: RecordKind, steps: &[Step]) -> HistoryRow {
    let carried = |key: &str| {
        let basis = format!("{key}/basis");
        let of = steps.iter().find(|step| step.key == basis);
        of.and_then(|step| step.to.as_ref())
            .is_some_and(|value| value.to_text() == Basis::Carried.code())
    };
    let mut carried_over = Vec::new();
    let mut part = |step: &Step| -> Option<((usize, usize), Words)> {
        let (field, part) = told(kind, &step.key)?;
        let value = step.to.as_ref().filter(|value| !value.is_empty())?;
        // The day of a visit is its name, and how a verdict came about is told with the verdict.
        if kind == RecordKind::Visit && (field.pattern == "on" || field.pattern == CHECK_BASIS) {
            return None;
        }
        let place = kind.fields().iter().position(|one| one.pattern == field.pattern);
        let place = (place.unwrap_or(usize::MAX), check_place(part));
        if kind == RecordKind::Visit && carried(&step.key) {
            let verdict = joined([lens.label(field, part), lens.shown(field, part, value)], " ", " ");
            carried_over.push((place, verdict));
            return None;
        }
        if field.kind.is_set() {
            // Chosen members stand for themselves; the label says of what they are.
            let label = Words::from(field.label);
            let member = lens.member_shown(field, part);
            return Some((place, joined([label, member], "：", ": ")));
        }
        let told = joined([lens.label(field, part), lens.shown(field, part, value)], "：", ": ");
        Some((place, told))
    };
    let mut parts: Vec<_> = steps.iter().filter_map(&mut part).collect();
    carried_over.sort_by_key(|(place, _)| *place);
    if let Some((place, _)) = carried_over.first() {
        let place = *place;
        let verdicts = joined(carried_over.into_iter().map(|(_, words)| words), "、", ", ");
        let words = joined([Words::from(Basis::Carried.words()), verdicts], "：", ": ");
        parts.push((place, words));
    }
    parts.sort_by_key(|(place, _)| *place);
    let what = if steps[0].at == At::Own {
        both("登记", "Registered")
    } else {
        both("新增", "Added")
    };
    let to = joined(parts.into_iter().map(|(_, words)| words), "；", "; ");
    row(lens, &steps[0], what, Words::default(), to)
}

/// The six checks stand in the order in which they are asked.
fn check_place(part: &str) -> usize {
    let dimension = Dimension::from_code(part);
    let place = dimension.and_then(|dimension| Dimension::ALL.iter().position(|one| *one == dimension));
    place.unwrap_or_default()
}

/// A record of a newer release: that it changed is said, not what it means.
fn unknown(lens: &Lens<'_>, step: &Step) -> HistoryRow {
    let field = beside([same(step.at.to_string())]);
    row(
        lens,
        step,
        field,
        Words::default(),
        same(step.to.as_ref().map(|value| value.to_text()).unwrap_or_default()),
    )
}
