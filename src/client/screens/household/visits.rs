//! 走访记录: every visit of the household, the latest first, withdrawn ones among them.

use super::verdict_words;
use crate::base::host::Host;
use crate::base::id::RecordId;
use crate::client::phone::Book;
use crate::client::screens::lens::Lens;
use crate::client::screens::record::void_reason;
use crate::client::screens::say::{chosen, list, same};
use crate::client::screens::seen::base_of;
use crate::client::store::Store;
use crate::client::view::{DimensionView, FindingRow, VisitView, Words};
use crate::doc::{At, Record};
use crate::register::enums::{Dimension, Home, VISIT_KIND};
use crate::register::household::Household;
use std::cmp::Reverse;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Every visit, the latest first.
    pub(super) fn visits_of(&self, lens: &Lens<'_>, family: &Household) -> Vec<VisitView> {
        let base = base_of(lens.document);
        let mut visits: Vec<(RecordId, Record)> = lens.document.records("visits").into_iter().collect();
        visits.sort_by_key(|(id, record)| Reverse((record.text("on"), *id)));
        visits
            .iter()
            .map(|(id, record)| {
                let counts = family.visits.iter().any(|visit| visit.id == *id && visit.counts());
                self.visit_view(lens, *id, record, counts, &base)
            })
            .collect()
    }

    fn visit_view(&self, lens: &Lens<'_>, id: RecordId, record: &Record, counts: bool, base: &str) -> VisitView {
        let at = At::table("visits", id);
        let by = lens.creator(&at);
        let home = record.text("home");
        let met = record.set("met").into_iter().filter_map(|person| person.parse().ok());
        let met = met.map(|person| same(lens.person(person)));
        VisitView {
            id: id.to_string(),
            document: lens.document.id().to_string(),
            of: Words::default(),
            on: record.text("on"),
            kind: chosen(VISIT_KIND, &record.text("kind")),
            home_words: chosen(Home::CHOICES, &home),
            home,
            by: lens.name(by),
            mine: by == Some(lens.me),
            counts,
            met: list(met.chain([same(record.text("met_other"))])).zh,
            words: record.note("words").to_owned(),
            judgement: record.note("judgement").to_owned(),
            next_on: record.text("next_on"),
            checks: checks(record, &lens.name(by)),
            asked: !record.text("source").is_empty(),
            findings: self.findings_in(record),
            void_reason: void_reason(record),
            standing: None,
            base: base.to_owned(),
        }
    }

    /// The problems that a visit wrote down, as far as they have arrived.
    fn findings_in(&self, record: &Record) -> Vec<FindingRow> {
        let sight = self.sight();
        let ids = record.set("finding").into_iter().filter_map(|id| id.parse().ok());
        ids.filter_map(|id| {
            let row = self.core.rows.finding(id)?;
            Some(self.finding_row(&sight, id, row))
        })
        .collect()
    }
}

/// The checks that a visit answered.
fn checks(record: &Record, by: &str) -> Vec<DimensionView> {
    Dimension::ALL
        .iter()
        .filter_map(|dimension| {
            let key = format!("check/{}", dimension.code());
            let verdict = record.text(&key);
            (!verdict.is_empty()).then(|| DimensionView {
                dimension: dimension.code().into(),
                label: dimension.words().into(),
                shown: verdict_words(&verdict),
                verdict,
                basis: record.text(&format!("{key}/basis")),
                on: record.text("on"),
                by: by.to_owned(),
                differs: record.differs(&key),
            })
        })
        .collect()
}
