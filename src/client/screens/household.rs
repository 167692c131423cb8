//! 户页: everything about one household as one view.

mod lines;
mod members;
mod parts;
mod past;
mod records;
mod visits;

use super::filled::Filled;
use super::lens::Lens;
use super::record::void_reason;
use super::say::{both, choices, chosen};
use super::seen::{base_of, document_id};
use super::slots::Drawing;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::{ClientError, sentence};
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{
    DimensionView, EventChoice, FieldView, FindingRow, HouseholdView, Problem, Section, VisitView, Words,
};
use crate::doc::{At, DocKind, Of, Reading, Record};
use crate::register::enums::{CLASS, Dimension, HOUSEHOLD_EVENT_KIND, PERSON_EVENT_KIND, Verdict};
use crate::register::field::{RecordKind, Section as FieldSection, Type};
use crate::register::household::Household;
use crate::register::income;
use crate::register::visit::{CheckState, Visit, checks_on};
pub(super) use lines::of_record;
use std::collections::BTreeMap;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// 户页. Of a family with several records, what all of them hold, each with the record in which it stands.
    pub(in crate::client) async fn household(&mut self, id: &str) -> Result<HouseholdView, ClientError> {
        let id = document_id(id)?;
        let draft = self.has_draft(id).await?;
        let parts = self.parts_of(id).await?;
        let mut of_findings = self.differing_findings(id).await;
        let contested = self.contested_in(id).await;
        if self.document(id).await?.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        self.bring_forms(id).await?;
        let lens = self.lens(id)?;
        let family = lens.document.family(Of::Shown);
        let own = lens.document.own();
        let row = self.core.rows.family(id).ok_or(ClientError::NotFound)?;
        let (open, sensitive) = family.classes_by_openness();
        let class_words = |classes: Vec<&str>| classes.into_iter().map(|class| chosen(CLASS, class)).collect();
        let mut differs = self.differing(&lens);
        let lines = self.lines(&lens, &family, &differs);
        differs.append(&mut of_findings);
        let (leader, all) = (self.core.rows.leader(id), self.records_of(id));
        let mut view = HouseholdView {
            id: id.to_string(),
            base: base_of(lens.document),
            row: self.household_row(id, row, ""),
            phone: family.phone.clone(),
            address: family.address.clone(),
            classes: class_words(open),
            sensitive_classes: class_words(sensitive),
            findings: self.finding_rows(id),
            dimensions: dimensions(&lens, &family, parts.iter().flat_map(|part| &part.counted)),
            persons: lines.persons,
            former: lines.former,
            visits: lines.visits,
            records: lines.records,
            sections: facts(&lens, &own, &family),
            notes: own.note("notes").to_owned(),
            pairings: self.pairings_of(lens.document, &family),
            events: events(&family, lens.today),
            duplicates: self.duplicates_of(id),
            parts: Vec::new(),
            leader: (leader != id)
                .then(|| Some(self.household_row(leader, self.core.rows.family(leader)?, "")))
                .flatten(),
            twins: self.persons_alike(&all, false),
            contested,
            void_reason: void_reason(&own),
            draft,
            unsynced: self.local_of(id),
            standing: lines.standing,
            strip: self.strip(),
            trouble: self.trouble_of(id),
            settled: lens.settled_of_late(),
            differs,
        };
        lines::mark_twins(&mut view.persons, id, &self.core.rows);
        parts.into_iter().for_each(|part| part.into_page(&mut view));
        latest_first(&mut view.visits, &mut view.findings);
        Ok(view)
    }

    /// A household and those shown under it.
    fn records_of(&self, id: DocId) -> Vec<DocId> {
        std::iter::once(id).chain(self.core.rows.parts(id)).collect()
    }

    fn finding_rows(&self, id: DocId) -> Vec<FindingRow> {
        let found = self.findings_of(id).into_iter();
        let sight = self.sight();
        found
            .map(|(id, finding)| self.finding_row(&sight, id, finding))
            .collect()
    }

    /// What of the household was set aside.
    fn trouble_of(&self, household: DocId) -> Option<Problem> {
        let (_, aside) = self.core.quarantine.of(household).next()?;
        Some(Problem {
            code: aside.code.clone(),
            words: sentence(&aside.code),
        })
    }
}

/// What several records hold, in one order.
fn latest_first(visits: &mut [VisitView], findings: &mut [FindingRow]) {
    visits.sort_by(|one, other| (&other.on, &other.id).cmp(&(&one.on, &one.id)));
    findings.sort_by(|one, other| other.found_on.cmp(&one.found_on).then(one.id.cmp(&other.id)));
}

/// The facts of the household, to read.
fn facts(lens: &Lens<'_>, own: &Record, family: &Household) -> Vec<Section> {
    let filled = Filled::of(RecordKind::Household, own);
    let mut sections = Drawing {
        lens,
        at: &At::Own,
        kind: RecordKind::Household,
        record: own,
        flags: filled.flags(&At::Own, lens),
        filled: &filled,
        with_choices: false,
        exists: true,
        next_job: None,
    }
    .sections();
    // The notes stand on the page by themselves.
    for section in &mut sections {
        section.fields.retain(|field| field.kind != "note");
    }
    sections.retain(|section| !section.fields.is_empty());
    let heading = Words::from(FieldSection::Income.words());
    let earned = sections.iter_mut().find(|section| section.title == heading);
    if let (Some(section), Some(line)) = (earned, earned_each(lens, own, family)) {
        section.fields.insert(0, line);
    }
    sections
}

/// 人均纯收入 of the latest year that anything is known of, over the registered members; where people disagree, of the
/// more cautious amounts.
fn earned_each(lens: &Lens<'_>, own: &Record, family: &Household) -> Option<FieldView> {
    let counted = Reading {
        record: own,
        kind: RecordKind::Household,
        of: Of::Counted,
    };
    let year = income::latest_year(&counted)?;
    let members = family.members(lens.today).len();
    let each = income::each(income::net(&counted, &year)?, members)?;
    Some(FieldView {
        key: format!("income_each/{year}"),
        label: both(format!("{year}年人均纯收入"), format!("Net income a head {year}")),
        kind: Type::Fen(0, 0).code().into(),
        unit: Words::default(),
        hint: Words::default(),
        choices: Vec::new(),
        value: each.to_string(),
        shown: both(
            format!("{each} 元（{members} 口人）"),
            format!("{each} yuan ({members} members)"),
        ),
        values: Vec::new(),
        sensitive: true,
        flag: None,
        changed: false,
    })
}

/// How each of the six checks stands today.
fn dimensions<'a>(
    lens: &Lens<'_>,
    family: &Household,
    elsewhere: impl Iterator<Item = &'a Visit>,
) -> Vec<DimensionView> {
    let visits: Vec<Visit> = family.visits.iter().cloned().chain(elsewhere.cloned()).collect();
    let states: BTreeMap<Dimension, CheckState> = checks_on(&visits, lens.today);
    let visited = |state: &CheckState| visits.iter().find(|visit| visit.id == state.visit);
    Dimension::ALL
        .iter()
        .map(|dimension| {
            let state = states.get(dimension);
            let verdict = state.map_or(Verdict::Unchecked, |state| state.verdict);
            let key = format!("check/{}", dimension.code());
            let disputed = |state: &CheckState| {
                let record = lens.document.record(&At::table("visits", state.visit));
                record.is_some_and(|record| record.differs(&key))
            };
            DimensionView {
                dimension: dimension.code().into(),
                label: dimension.words().into(),
                verdict: verdict.code().into(),
                shown: verdict.words().into(),
                basis: state.map(|state| state.basis.code()).unwrap_or_default().into(),
                on: state.map(|state| state.on.to_string()).unwrap_or_default(),
                by: state
                    .and_then(visited)
                    .map(|visit| lens.name(visit.by))
                    .unwrap_or_default(),
                differs: state.is_some_and(|state| state.differs || disputed(state)),
            }
        })
        .collect()
}

/// The word before a kind of event that concerns the whole family where a person may have the same.
pub(super) const WHOLE: &str = "整户";

/// What may be written under 人口变动 as the family stands.
fn events(family: &Household, today: Date) -> Vec<EventChoice> {
    let enters = ["出生", "迁入", "婚入"];
    let active = family.is_active(today);
    let of_person = choices(PERSON_EVENT_KIND).into_iter().map(|choice| EventChoice {
        about: if enters.contains(&choice.value.as_str()) {
            "new"
        } else {
            "person"
        }
        .into(),
        value: choice.value,
        words: choice.words,
    });
    let shared = |value: &str| PERSON_EVENT_KIND.iter().any(|choice| choice.value == value);
    let of_household = choices(HOUSEHOLD_EVENT_KIND).into_iter().map(|choice| {
        let (value, words) = if shared(&choice.value) {
            let words = both(
                format!("{WHOLE}{}", choice.words.zh),
                format!("{} (the whole family)", choice.words.en),
            );
            (format!("{WHOLE}{}", choice.value), words)
        } else {
            (choice.value, choice.words)
        };
        EventChoice {
            value,
            words,
            about: "household".into(),
        }
    });
    let returns = |choice: &EventChoice| choice.value == format!("{WHOLE}迁入");
    let has_members = !family.members(today).is_empty();
    of_person
        .chain(of_household)
        .filter(|choice| returns(choice) != active)
        .filter(|choice| choice.about != "person" || has_members)
        .collect()
}

/// A verdict in words.
pub(super) fn verdict_words(code: &str) -> Words {
    chosen(Verdict::CHOICES, code)
}
