//! 入户: the form of a visit with what it needs to be drawn. A new one is filled from last time and marked so; only a tap
//! makes an answer a checked one.

mod asked;
mod phrases;
mod save;

pub(super) use asked::held_by_visit;

use super::history::rows_of;
use super::lens::Lens;
use super::say::{both, choices, same, sentence};
use super::seen::{base_in, base_of, document_id};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{CheckDraft, CheckRow, Choice, HistoryRow, HomeChoice, VisitDraft, VisitForm, Words};
use crate::doc::{At, DocKind, Of, Record};
use crate::register::enums::{Basis, Dimension, FINDING_CATEGORY, Home, Role, VISIT_KIND, Verdict};
use crate::register::household::Household;
use crate::register::needs::not_applicable;
use crate::register::visit::{CheckState, PAIRED_VISIT, checks_on};
use std::collections::BTreeMap;

/// 入户核查: the kind of a visit by somebody who is not paired with the family.
const HOUSEHOLD_CHECK: &str = "入户核查";

/// What the form asks after 家里有人吗. Nobody home is saved in two taps, and asks nothing else.
fn asks(home: Home) -> &'static [&'static str] {
    match home {
        Home::AtHome => &["met", "checks", "findings", "words", "next"],
        Home::NobodyHome => &[],
        Home::Phone => &["met", "findings", "words", "next"],
        Home::Away => &["findings", "words", "next"],
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The form of a new visit, or of the correction of one; resumes what was begun.
    pub(super) async fn visit_form(&mut self, household: &str, visit: &str) -> Result<VisitForm, ClientError> {
        let id = document_id(household)?;
        let begun = self.draft(id, visit).await?;
        if self.document(id).await?.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let (source, begun_with) = match &begun {
            Some(begun) => (begun.visit.source.clone(), begun.visit.base.as_str()),
            None => (self.visit_source(id, visit).await?, ""),
        };
        let opened = match source.as_str() {
            "" => None,
            source => Some(self.asked_by(id, visit, source, begun_with).await?),
        };
        let (asked, not_asked) = self.asks_here(opened).await?;
        let lens = self.lens(id)?;
        let family = lens.document.family(Of::Shown);
        let corrected = corrected(&lens, visit)?;
        let states = checks_on(&before(&family, visit, lens.today), lens.today);
        let resumed = begun.is_some() || asked.as_ref().is_some_and(|asked| asked.view.resumed);
        let mut draft = match (begun, &corrected) {
            (Some(begun), _) => still_based(&lens, begun.visit),
            (None, Some((at, record))) => self.filled_from(&lens, at, record),
            (None, None) => self.new_draft(&lens, &family, &states),
        };
        draft.source = if asked.is_some() { source } else { String::new() };
        let place = |key: &str| match &asked {
            Some(asked) => asked.places.get(key).cloned(),
            None => Some(String::new()),
        };
        let news = if resumed {
            self.news(&lens, &draft.base)
        } else {
            Vec::new()
        };
        Ok(VisitForm {
            head: family
                .head(lens.today)
                .map(|head| head.name.clone())
                .unwrap_or_default(),
            group: family.group.clone(),
            kinds: choices(VISIT_KIND),
            homes: homes(),
            persons: persons(&lens, &family, &draft),
            members: self.companions(&draft),
            verdicts: choices(Verdict::CHOICES),
            // What people petition about begins in a space of its own, never on the village's phones.
            categories: choices(FINDING_CATEGORY.iter().filter(|category| !category.sensitive)),
            phrases: phrases::ALL.iter().map(|phrase| (*phrase).to_owned()).collect(),
            checks: Dimension::ALL
                .iter()
                .filter_map(|dimension| {
                    let place = place(&format!("check/{}", dimension.code()))?;
                    let row = check_row(&lens, &family, *dimension, states.get(dimension));
                    Some(CheckRow { place, ..row })
                })
                .collect(),
            words_at: place("words").unwrap_or_default(),
            judgement_at: place("judgement").unwrap_or_default(),
            asked: asked.map(|asked| asked.view),
            not_asked,
            next: next_dates(lens.today),
            resumed,
            news,
            draft,
        })
    }

    fn new_draft(&self, lens: &Lens<'_>, family: &Household, states: &BTreeMap<Dimension, CheckState>) -> VisitDraft {
        let row = self.core.rows.household(lens.document.id());
        let paired = row.is_some_and(|row| self.is_paired_with(row, lens.me, lens.today));
        VisitDraft {
            household: family.id.to_string(),
            base: base_of(lens.document),
            on: lens.today.to_string(),
            kind: if paired { PAIRED_VISIT } else { HOUSEHOLD_CHECK }.into(),
            checks: Dimension::ALL
                .iter()
                .map(|dimension| match states.get(dimension) {
                    Some(state) => CheckDraft {
                        dimension: dimension.code().into(),
                        verdict: state.verdict.code().into(),
                        basis: Basis::Carried.code().into(),
                    },
                    None => CheckDraft {
                        dimension: dimension.code().into(),
                        verdict: Verdict::Unchecked.code().into(),
                        basis: String::new(),
                    },
                })
                .collect(),
            ..VisitDraft::default()
        }
    }

    /// The form of a visit that is there already.
    fn filled_from(&self, lens: &Lens<'_>, visit: &RecordId, record: &Record) -> VisitDraft {
        let check = |dimension: &Dimension| {
            let key = format!("check/{}", dimension.code());
            let verdict = record.text(&key);
            CheckDraft {
                dimension: dimension.code().into(),
                basis: record.text(&format!("{key}/basis")),
                verdict: if verdict.is_empty() {
                    Verdict::Unchecked.code().into()
                } else {
                    verdict
                },
            }
        };
        VisitDraft {
            household: lens.document.id().to_string(),
            visit: visit.to_string(),
            base: base_of(lens.document),
            source: String::new(),
            on: record.text("on"),
            kind: record.text("kind"),
            home: record.text("home"),
            met: record.set("met"),
            met_other: record.text("met_other"),
            with: record.set("with"),
            checks: Dimension::ALL.iter().map(check).collect(),
            findings: Vec::new(),
            words: record.note("words").to_owned(),
            judgement: record.note("judgement").to_owned(),
            next_on: record.text("next_on"),
        }
    }

    /// Those who may have come along: everybody of the team but me; the desk does not come along.
    fn companions(&self, draft: &VisitDraft) -> Vec<Choice> {
        let me = self.me().ok();
        let on = draft.on.parse().unwrap_or_else(|_| self.today());
        self.core
            .village
            .members(on)
            .filter(|member| Some(member.id) != me && member.role != Some(Role::Desk))
            .map(|member| Choice {
                value: member.id.to_string(),
                words: same(member.name.clone()),
            })
            .collect()
    }

    /// What others changed since the form was drawn.
    fn news(&self, lens: &Lens<'_>, base: &str) -> Vec<HistoryRow> {
        let Ok(base) = base_in(lens.document, base) else {
            return Vec::new();
        };
        let arrived: Vec<_> = lens
            .document
            .changes_since(&base)
            .into_iter()
            .map(|(hash, _)| hash)
            .filter(|hash| lens.made_by(*hash).0 != Some(lens.me))
            .collect();
        if arrived.is_empty() {
            return Vec::new();
        }
        let (changes, steps) = (lens.document.changes(), lens.document.steps(None));
        let arrived = changes.iter().rev().filter(|change| arrived.contains(&change.hash));
        arrived
            .filter_map(|change| Some(rows_of(lens, change, steps.get(&change.hash)?)))
            .flatten()
            .collect()
    }
}

/// A draft on what the person saw; where that is gone because the document was fetched anew, on what is here.
fn still_based(lens: &Lens<'_>, draft: VisitDraft) -> VisitDraft {
    match base_in(lens.document, &draft.base) {
        Ok(_) => draft,
        Err(_) => VisitDraft {
            base: base_of(lens.document),
            ..draft
        },
    }
}

/// The visit that is being corrected.
fn corrected(lens: &Lens<'_>, visit: &str) -> Result<Option<(RecordId, Record)>, ClientError> {
    if visit.is_empty() {
        return Ok(None);
    }
    let id: RecordId = visit.parse().map_err(|_| ClientError::NotFound)?;
    let record = lens.document.record(&At::table("visits", id));
    record.map(|record| Some((id, record))).ok_or(ClientError::NotFound)
}

/// The visits before this one: of a correction, what was known when it was made.
fn before(family: &Household, visit: &str, today: Date) -> Vec<crate::register::visit::Visit> {
    let this = family.visits.iter().find(|one| one.id.to_string() == visit);
    let (on, id) = this.map_or((today, None), |one| (one.on, Some(one.id)));
    family
        .visits
        .iter()
        .filter(|one| Some(one.id) != id && one.on <= on)
        .cloned()
        .collect()
}

fn homes() -> Vec<HomeChoice> {
    Home::ALL
        .iter()
        .map(|home| HomeChoice {
            value: home.code().into(),
            words: home.words().into(),
            asks: asks(*home).iter().map(|ask| (*ask).to_owned()).collect(),
        })
        .collect()
}

/// Whom one may have met: the members of today, and whoever the visit names already.
fn persons(lens: &Lens<'_>, family: &Household, draft: &VisitDraft) -> Vec<Choice> {
    let choice = |id: String, name: &str, relation: &str| Choice {
        value: id,
        words: if relation.is_empty() {
            same(name)
        } else {
            let relation = super::say::chosen(crate::register::enums::RELATION, relation);
            both(
                format!("{name}（{}）", relation.zh),
                format!("{name} ({})", relation.en),
            )
        },
    };
    let present = family.members(lens.today);
    let named = draft.met.iter().filter_map(|id| id.parse::<RecordId>().ok());
    let gone = named.filter(|id| !present.iter().any(|person| person.id == *id));
    present
        .iter()
        .map(|person| choice(person.id.to_string(), &person.name, &person.relation))
        .chain(gone.map(|id| choice(id.to_string(), &lens.person(id), "")))
        .collect()
}

fn check_row(lens: &Lens<'_>, family: &Household, dimension: Dimension, state: Option<&CheckState>) -> CheckRow {
    let visit = state.and_then(|state| family.visits.iter().find(|visit| visit.id == state.visit));
    CheckRow {
        dimension: dimension.code().into(),
        place: String::new(),
        label: dimension.words().into(),
        ask: dimension.ask().into(),
        last_verdict: state.map(|state| state.verdict.code()).unwrap_or_default().into(),
        last_on: state.map(|state| state.on.to_string()).unwrap_or_default(),
        last_by: visit.map(|visit| lens.name(visit.by)).unwrap_or_default(),
        proposed: not_applicable(dimension, family, lens.today).map(sentence),
    }
}

/// Days to come again, as people say them.
pub(super) fn next_dates(today: Date) -> Vec<Choice> {
    let choice = |on: Date, words: Words| Choice {
        value: on.to_string(),
        words,
    };
    vec![
        choice(today.add_days(7), both("一周后", "In a week")),
        choice(today.add_days(15), both("半个月后", "In half a month")),
        choice(today.add_months(1), both("一个月后", "In a month")),
        choice(today.add_months(2), both("两个月后", "In two months")),
    ]
}

/// A household as the draft names it.
fn household_of(draft: &VisitDraft) -> Result<DocId, ClientError> {
    document_id(&draft.household)
}
