//! 修改记录: who wrote what and when, newest first; a record that was made in one step is one row.

use super::filled::slot;
use super::household::of_record;
use super::lens::{Lens, kind_of};
use super::say::{beside, both, chosen, joined, same};
use super::seen::{document_id, record_at};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId, RecordId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::received::Received;
use crate::client::store::Store;
use crate::client::view::{HistoryRow, HistoryView, Words};
use crate::doc::{At, ChangeInfo, DocKind, Mark, Step};
use crate::register::enums::{Basis, Dimension, FINDING_CATEGORY};
use crate::register::field::{Field, RecordKind, Section, Type, find};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Rows on a page, whatever was asked for.
const PAGE_ROWS_MAX: usize = 500;
/// So much of what is wrong stands in the title of a problem.
const TITLE_CHARS: usize = 16;
/// The answers of a record that was made with a form.
const ANSWERS: &str = "answer/{path}";
/// What a visit holds of the form that asked it, beside the answers; read by the program alone.
const BY_FORM: [&str; 7] = [
    "form",
    "version",
    "source",
    "done",
    "made/{path}",
    "instance/{path}",
    "kept/{path}",
];
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

/// What one document tells, newest first, and when it began.
struct Told {
    rows: Vec<HistoryRow>,
    of: Words,
    first_s: Option<i64>,
}

/// The visits of the household of a problem, by which one tells with which visit the problem was written.
#[derive(Default)]
struct Visits {
    by_id: BTreeMap<RecordId, Words>,
    by_day: BTreeMap<(MemberId, Date), Words>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A page of 修改记录: of a household with the further records of the family and with the problems of all of them.
    pub(super) async fn history(&mut self, asked: &Asked<'_>) -> Result<HistoryView, ClientError> {
        let id = document_id(asked.document)?;
        let (from, limit) = (asked.offset as usize, (asked.limit as usize).clamp(1, PAGE_ROWS_MAX));
        let most = from.saturating_add(limit).saturating_add(1);
        let told = self.told_of(id, asked, most).await?;
        let (of, first) = (told.of, told.first_s);
        let mut all = vec![told.rows];
        if asked.record.is_empty() && asked.field.is_empty() {
            for part in self.core.rows.parts(id) {
                all.extend(self.further(part, asked, most).await);
            }
            let households = std::iter::once(id).chain(self.core.rows.parts(id));
            let findings: Vec<DocId> = households
                .flat_map(|household| self.findings_of(household))
                .map(|(finding, _)| finding)
                .collect();
            for finding in findings {
                all.extend(self.further(finding, asked, most).await);
            }
        }
        let mut rows = newest_first(all).skip(from);
        let page: Vec<HistoryRow> = rows.by_ref().take(limit).collect();
        Ok(HistoryView {
            of,
            more: rows.next().is_some(),
            rows: page,
            first_on: first.map(|at| day_of(at.saturating_mul(1000))).unwrap_or_default(),
        })
    }

    /// What a further document tells. One that cannot be opened has its own place under 我的.
    async fn further(&mut self, id: DocId, asked: &Asked<'_>, most: usize) -> Option<Vec<HistoryRow>> {
        self.told_of(id, asked, most).await.ok().map(|told| told.rows)
    }

    /// The newest rows of one document.
    async fn told_of(&mut self, id: DocId, asked: &Asked<'_>, most: usize) -> Result<Told, ClientError> {
        let only = match asked.record {
            "" if asked.field.is_empty() => None,
            record => Some(record_at(record)?),
        };
        let visits = self.visits_behind(id).await;
        let store = self.store;
        self.bring_forms(id).await?;
        let received = Received::read(store, self.document(id).await?).await?;
        let lens = self.lens(id)?;
        let changes = lens.document.changes();
        let mut steps = lens.document.steps(only.as_ref());
        if !asked.field.is_empty() {
            let kind = lens.document.kind();
            let asked_for =
                |step: &Step| kind_of(kind, &step.at).is_some_and(|kind| is_of(kind, &step.key, asked.field));
            steps.values_mut().for_each(|steps| steps.retain(asked_for));
        }
        let title = self.title_beside(id, &lens, asked);
        let rows = changes
            .iter()
            .rev()
            .filter_map(|change| Some((change, steps.get(&change.hash)?)))
            .flat_map(|(change, steps)| {
                let local = self.core.outbox.has(id, change.hash);
                let at_s = received.at_s(change.hash).filter(|_| !local);
                let at_ms = at_s.map(|at_s| at_s.saturating_mul(1000));
                let (title, during) = (&title, visits.as_ref().map(|visits| visits.of(&lens, change)));
                rows_of(&lens, change, steps).into_iter().map(move |row| {
                    let (during, visit) = during.clone().unwrap_or((row.during, row.visit));
                    HistoryRow {
                        local,
                        received: at_ms,
                        record: beside([title.clone(), row.record]),
                        during,
                        visit,
                        ..row
                    }
                })
            });
        Ok(Told {
            rows: rows.take(most).collect(),
            of: only.as_ref().map(|at| what(&lens, at, asked.field)).unwrap_or_default(),
            first_s: changes.iter().map(|change| change.time_s).min(),
        })
    }

    /// What tells the rows of another document from those of the one that was asked for.
    fn title_beside(&self, id: DocId, lens: &Lens<'_>, asked: &Asked<'_>) -> Words {
        let of = |id: DocId| match document_id(asked.document) {
            Ok(asked) if asked != id && self.core.rows.household(asked).is_some() => {
                of_record(self.core.rows.household(id))
            }
            _ => Words::default(),
        };
        match lens.document.kind() {
            DocKind::Finding => {
                let household = self.core.rows.finding(id).and_then(|finding| finding.household);
                let found = joined([RecordKind::Finding.words().into(), finding_title(lens)], "：", ": ");
                beside([household.map(of).unwrap_or_default(), found])
            }
            _ => of(id),
        }
    }

    /// The visits with which a problem may have been written; nothing for any other document.
    async fn visits_behind(&mut self, id: DocId) -> Option<Visits> {
        let finding = self.core.rows.finding(id)?;
        let mut visits = Visits::default();
        // A problem may have come before its household.
        if let Some(household) = finding.household
            && let Ok(Some(_)) = self.find(household).await
            && let Ok(lens) = self.lens(household)
        {
            let words = |visit: RecordId| lens.record_words(&At::table("visits", visit));
            let ids = lens.document.record_ids("visits").into_iter();
            visits.by_id = ids.map(|visit| (visit, words(visit))).collect();
            visits.by_day = lens.visit_days().map(|(day, visit)| (day, words(visit))).collect();
        }
        Some(visits)
    }
}

impl Visits {
    /// How a change of a problem was written, and with which visit or on whose day.
    fn of(&self, lens: &Lens<'_>, change: &ChangeInfo) -> (String, Words) {
        let during = lens.during(change.hash);
        if during == "import" {
            return (during.into(), Words::default());
        }
        if begins(lens, change, &At::Own)
            && let Ok(visit) = lens.document.text(&At::Own, "visit").parse()
        {
            let words = self.by_id.get(&visit).cloned();
            return ("visit".into(), words.unwrap_or_default());
        }
        let (author, at_ms) = lens.made_by(change.hash);
        let visit = author.and_then(|author| self.by_day.get(&(author, Date::in_china(at_ms))));
        match visit {
            Some(words) => ("visit_day".into(), words.clone()),
            None => (during.into(), Words::default()),
        }
    }
}

/// What is wrong, as short as a title; the category where nobody wrote it.
fn finding_title(lens: &Lens<'_>) -> Words {
    let own = lens.document.own();
    let words = own.text("words");
    if words.is_empty() {
        return chosen(FINDING_CATEGORY, &own.text("category"));
    }
    let mut short: String = words.chars().take(TITLE_CHARS).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    same(short)
}

/// The rows of several documents as one list. Each keeps its own order, whatever the clocks say.
fn newest_first(all: Vec<Vec<HistoryRow>>) -> impl Iterator<Item = HistoryRow> {
    let mut all: Vec<_> = all.into_iter().map(|rows| rows.into_iter().peekable()).collect();
    std::iter::from_fn(move || {
        let times = all.iter_mut().enumerate();
        let newest = times.filter_map(|(at, rows)| Some((rows.peek()?.at, Reverse(at))));
        let (_, Reverse(at)) = newest.max()?;
        all.get_mut(at)?.next()
    })
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
        .map(|(field, part)| lens.label_at(at, field, part));
    beside([lens.record_words(at), label.unwrap_or_default()])
}

/// What one change wrote, in rows.
pub(super) fn rows_of(lens: &Lens<'_>, change: &ChangeInfo, steps: &[Step]) -> Vec<HistoryRow> {
    let mut rows = Vec::new();
    for of_record in steps.chunk_by(|one, next| one.at == next.at) {
        let Some(first) = of_record.first() else { continue };
        let Some(kind) = kind_of(lens.document.kind(), &first.at) else {
            rows.push(match super::finding::told(lens, &first.at) {
                Some(told) => row(lens, first, Words::default(), Words::default(), told),
                None => unknown(lens, first),
            });
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
        document: lens.document.id().to_string(),
        path: step.at.to_string(),
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
        Type::Ref(RecordKind::Household | RecordKind::Visit | RecordKind::FormRecord)
            | Type::RefSet(RecordKind::Finding)
    );
    let inner = match kind {
        RecordKind::Visit => BY_FORM.contains(&found.field.pattern),
        RecordKind::FormRecord => found.field.pattern != ANSWERS && found.field.section != Section::Void,
        _ => found.field.pattern == "order",
    };
    (!reference && !inner).then_some((found.field, found.part))
}

/// One changed value.
fn changed(lens: &Lens<'_>, kind: RecordKind, step: &Step) -> Option<HistoryRow> {
    if let Some(Mark::Asked(key)) = Mark::of(&step.key) {
        let (field, part) = told(kind, key)?;
        let asks = beside([
            lens.label_at(&step.at, field, part),
            both("问清再定", "to be asked about"),
        ]);
        return Some(row(lens, step, asks, Words::default(), both("先不定", "left open")));
    }
    let (field, part) = told(kind, &step.key)?;
    let shown = |value| lens.shown_at(&step.at, field, part, value);
    let from = joined(step.from.iter().map(shown), " / ", " / ");
    let to = step.to.as_ref().map(shown).unwrap_or_default();
    Some(row(lens, step, lens.label_at(&step.at, field, part), from, to))
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
        let label = lens.label_at(&step.at, field, part);
        let told = joined([label, lens.shown_at(&step.at, field, part, value)], "：", ": ");
        let place = lens.asked_at(&step.at, part).map_or(place, |at| (place.0, at));
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
    let what = if kind == RecordKind::Household {
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
