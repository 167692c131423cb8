//! [保存] of a visit: the visit, its problems and the end of the draft in one durable step.

use super::asked::own_answers;
use super::{asks, household_of};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::base::scalar::Scalar;
use crate::base::text;
use crate::client::error::ClientError;
use crate::client::fill::Given;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::drafts::key;
use crate::client::screens::filled::Filled;
use crate::client::screens::forms::{Opened, VISIT_SOURCE, answered, fits_a_change, troubles};
use crate::client::screens::say::both;
use crate::client::screens::seen::base_in;
use crate::client::store::{Batch, Store, Table};
use crate::client::view::{CheckDraft, FindingDraft, FormTrouble, SavedView, VisitDraft};
use crate::doc::{At, DocKind, Put, Record};
use crate::form::register::own;
use crate::register::enums::{Basis, Dimension, Home, Verdict};
use crate::register::field::{RecordKind, named};
use std::collections::BTreeMap;

/// What is saved of a visit beside its draft.
struct Asked<'a> {
    opened: &'a Opened,
    /// The visit's own fields that the form asks for.
    own: BTreeMap<String, Given>,
    finish: bool,
    /// The problems that it proposes and that stay ticked, by place.
    problems: &'a [String],
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Saves a visit or its correction, unless something of what a form asks stands in the way.
    pub(in crate::client::screens) async fn save_visit(
        &mut self,
        draft: VisitDraft,
        finish: bool,
        problems: &[String],
    ) -> Result<(Option<SavedView>, Vec<FormTrouble>), ClientError> {
        let household = household_of(&draft)?;
        let home = Home::from_code(&draft.home).ok_or_else(|| {
            ClientError::Field(
                "visit_home".into(),
                both("请先选：家里有人吗？", "Please answer first: anybody at home?"),
            )
        })?;
        if self.document(household).await?.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let Some(opened) = self.asked_in(&draft).await? else {
            let saved = self.save_filled(household, &draft, home, None).await?;
            return Ok((Some(saved), Vec::new()));
        };
        let in_the_way = match asks(home).contains(&"checks") {
            true => troubles(&opened, finish),
            false => Vec::new(),
        };
        let asked = Asked {
            own: own_answers(&opened),
            opened: &opened,
            finish,
            problems,
        };
        let saved = match in_the_way.is_empty() {
            true => self.save_filled(household, &draft, home, Some(asked)).await.map(Some),
            false => Ok(None),
        };
        // It stays open until it is saved.
        if !matches!(saved, Ok(Some(_))) {
            self.core.filling = Some(opened);
        }
        Ok((saved?, in_the_way))
    }

    async fn save_filled(
        &mut self,
        household: DocId,
        draft: &VisitDraft,
        home: Home,
        asked: Option<Asked<'_>>,
    ) -> Result<SavedView, ClientError> {
        let today = self.today();
        let document = self.document(household).await?;
        let base = match &asked {
            Some(asked) => Ok(asked.opened.base.clone()),
            None => base_in(document, &draft.base),
        };
        let base = if draft.visit.is_empty() {
            base.unwrap_or_else(|_| document.heads())
        } else {
            base?
        };
        let (id, seen) = match draft.visit.as_str() {
            // A new record overwrites nothing, whatever was seen.
            "" => (self.host.record_id(), None),
            visit => {
                let id = visit.parse().map_err(|_| ClientError::NotFound)?;
                let seen = document.record_at(&At::table("visits", id), &base);
                (id, Some(seen.ok_or(ClientError::NotFound)?))
            }
        };
        let mut visit = Filled::of(RecordKind::Visit, seen.as_ref().unwrap_or(&Record::default()));
        let on = day(draft, today)?;
        fill(&mut visit, draft, home, &on, today, asked.as_ref());
        let mut findings = self.findings_found(draft, home, household, id, &on);
        let mut told = Vec::new();
        if let Some(asked) = &asked {
            asked_puts(&mut visit, home, asked)?;
            if asks(home).contains(&"checks") {
                told = self.register_puts(asked.opened).await?;
                findings.extend(self.problem_edits(asked.opened, id, &on, asked.problems));
            }
        }
        for finding in &findings {
            visit.put(format!("finding/{}", finding.document), 1);
        }
        let at = At::table("visits", id);
        let mut puts = match &seen {
            None => vec![visit.create(&at)],
            Some(seen) => visit.puts(&at, seen),
        };
        puts.extend(told);
        let mut edits = vec![DocEdit {
            kind: DocKind::Household,
            document: household,
            base: Some(base),
            puts,
        }];
        edits.extend(findings);
        let mut end = match &asked {
            Some(_) => self.end_of_asking(household, &draft.visit).await?,
            None => Batch::default(),
        };
        end.delete(Table::Draft, key(household, &draft.visit));
        self.save(edits, end).await?;
        self.saved(household, &at, &visit).await
    }

    /// One document per problem that was written down.
    fn findings_found(
        &self,
        draft: &VisitDraft,
        home: Home,
        household: DocId,
        visit: RecordId,
        on: &str,
    ) -> Vec<DocEdit> {
        let asked = asks(home).contains(&"findings");
        let is_blank = |finding: &FindingDraft| {
            text::trim(&finding.words).is_empty()
                && text::trim(&finding.category).is_empty()
                && finding.photos.is_empty()
        };
        let written = |finding: &&FindingDraft| asked && !is_blank(finding);
        let read = |key: &str, written: &str| named(RecordKind::Finding, key).read(written, self.today()).value;
        draft
            .findings
            .iter()
            .filter(written)
            .map(|finding| {
                let id = DocId(self.host.random_16());
                let values = [
                    ("category", read("category", &finding.category)),
                    ("words", read("words", &finding.words)),
                    ("source", VISIT_SOURCE.into()),
                    ("found_on", on.into()),
                    ("household", household.to_string().into()),
                    ("visit", visit.to_string().into()),
                ];
                let puts = values.into_iter().map(|(key, value)| Put::Value {
                    at: At::Own,
                    key: key.into(),
                    value,
                });
                let puts = puts.chain(self.evidence_puts(&finding.photos, on));
                DocEdit {
                    kind: DocKind::Finding,
                    document: id,
                    base: None,
                    puts: puts.collect(),
                }
            })
            .collect()
    }

    /// What to say of a record just saved: how much waits for a signal, and how many of the fields somebody else wrote
    /// meanwhile.
    pub(in crate::client::screens) async fn saved(
        &mut self,
        document: DocId,
        at: &At,
        written: &Filled,
    ) -> Result<SavedView, ClientError> {
        let record = self.document(document).await?.record(at).unwrap_or_default();
        Ok(SavedView {
            document: document.to_string(),
            record: at.to_string(),
            local: self.core.outbox.len() as u32,
            differs: written.touched().filter(|key| record.differs(key)).count() as u32,
        })
    }
}

/// The day of the visit. A day that cannot be read would make the visit count nowhere.
fn day(draft: &VisitDraft, today: crate::base::date::Date) -> Result<String, ClientError> {
    if text::trim(&draft.on).is_empty() {
        return Ok(today.to_string());
    }
    let read = crate::base::date::Date::parse_lenient(&draft.on);
    read.map(|on| on.to_string()).map_err(|error| {
        let words = both(
            format!("走访日期：{}", error.zh()),
            format!("Day of the visit: {error}"),
        );
        ClientError::Field("visit_on".into(), words)
    })
}

/// Writes into the record what the form asks after this answer to 家里有人吗, and nothing else.
fn fill(
    visit: &mut Filled,
    draft: &VisitDraft,
    home: Home,
    on: &str,
    today: crate::base::date::Date,
    by_form: Option<&Asked<'_>>,
) {
    visit.put("on", on);
    visit.put("kind", named(RecordKind::Visit, "kind").read(&draft.kind, today).value);
    visit.put("home", home.code());
    let asked = asks(home);
    if asked.is_empty() {
        return;
    }
    members(visit, "with", &draft.with);
    if asked.contains(&"met") {
        members(visit, "met", &draft.met);
        let other = named(RecordKind::Visit, "met_other")
            .read(&draft.met_other, today)
            .value;
        visit.put("met_other", other);
    }
    if asked.contains(&"checks") {
        match by_form {
            None => draft.checks.iter().for_each(|check| check_put(visit, check)),
            Some(by_form) => by_form.checks().for_each(|check| check_put(visit, &check)),
        }
    }
    if asked.contains(&"words") {
        for (key, written) in [("words", &draft.words), ("judgement", &draft.judgement)] {
            match by_form.filter(|by_form| by_form.asks(key)) {
                None => visit.note(key, written),
                Some(by_form) => {
                    if let Some(given) = by_form.own.get(key) {
                        visit.note(key, &given.text);
                    }
                }
            }
        }
    }
    if asked.contains(&"next") {
        let next = named(RecordKind::Visit, "next_on").read(&draft.next_on, today).value;
        visit.put("next_on", next);
    }
}

fn members(visit: &mut Filled, prefix: &str, chosen: &[String]) {
    let chosen: Vec<String> = chosen
        .iter()
        .filter_map(|id| Some(id.parse::<RecordId>().ok()?.to_string()))
        .collect();
    for member in visit.set(prefix) {
        if !chosen.contains(&member) {
            visit.put(format!("{prefix}/{member}"), 0);
        }
    }
    for member in chosen {
        visit.put(format!("{prefix}/{member}"), 1);
    }
}

impl Asked<'_> {
    /// The form asks for a field of the visit, whether that applies now or not.
    fn asks(&self, key: &str) -> bool {
        own(self.opened.fill.form()).iter().any(|one| one.key == key)
    }

    /// The verdicts that were given, as the page would tell them.
    fn checks(&self) -> impl Iterator<Item = CheckDraft> {
        Dimension::ALL.iter().filter_map(|dimension| {
            let given = self.own.get(&format!("check/{}", dimension.code()))?;
            let basis = if given.kept { Basis::Carried } else { Basis::Checked };
            (!given.text.is_empty()).then(|| CheckDraft {
                dimension: dimension.code().into(),
                verdict: given.text.clone(),
                basis: basis.code().into(),
            })
        })
    }
}

/// What the form asked beside the visit's own fields, and which version of it.
fn asked_puts(visit: &mut Filled, home: Home, asked: &Asked<'_>) -> Result<(), ClientError> {
    let (opened, form) = (asked.opened, asked.opened.fill.form());
    if opened.of.record.is_none() {
        visit.put("form", form.id.as_str());
        visit.put("version", form.version.as_str());
        visit.put("source", opened.of.form.to_string());
    }
    if !asks(home).contains(&"checks") {
        return Ok(());
    }
    if asked.finish {
        visit.put("done", 1);
    }
    let mut stored = opened.fill.stored();
    for one in own(form) {
        stored.remove(&format!("answer/{}", one.place));
        stored.remove(&format!("kept/{}", one.place));
    }
    for (key, value) in answered(opened, &stored) {
        visit.put(key, value);
    }
    fits_a_change(visit)
}

/// An answer that nobody tapped is stored as carried over; where there was nothing to carry over, nothing is stored.
fn check_put(visit: &mut Filled, check: &CheckDraft) {
    let (Some(dimension), Some(verdict)) = (
        Dimension::from_code(&check.dimension),
        Verdict::from_code(&check.verdict),
    ) else {
        return;
    };
    let tapped = check.basis == Basis::Checked.code();
    let key = format!("check/{}", dimension.code());
    let held = !visit.values.get(&key).is_none_or(Scalar::is_empty);
    if verdict == Verdict::Unchecked && !tapped && !held {
        return;
    }
    // Not to have looked is no check.
    let basis = if tapped && verdict != Verdict::Unchecked {
        Basis::Checked
    } else {
        Basis::Carried
    };
    visit.put(key.clone(), verdict.code());
    visit.put(format!("{key}/basis"), basis.code());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_visit_stores_only_what_was_tapped() {
        let mut visit = Filled::of(RecordKind::Visit, &Record::default());
        for (dimension, verdict, basis) in [
            ("food", "unchecked", ""),
            ("water", "met", "checked"),
            ("housing", "unchecked", "checked"),
            ("medical", "basic", "carried"),
        ] {
            check_put(
                &mut visit,
                &CheckDraft {
                    dimension: dimension.into(),
                    verdict: verdict.into(),
                    basis: basis.into(),
                },
            );
        }
        let stored: Vec<(&str, String)> = visit
            .values
            .iter()
            .map(|(key, value)| (key.as_str(), value.to_text()))
            .collect();
        assert_eq!(
            stored,
            [
                ("check/housing", "unchecked".to_owned()),
                ("check/housing/basis", "carried".to_owned()),
                ("check/medical", "basic".to_owned()),
                ("check/medical/basis", "carried".to_owned()),
                ("check/water", "met".to_owned()),
                ("check/water/basis", "checked".to_owned()),
            ]
        );
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let today = "2019-08-15".parse().unwrap();
        let of = |on: &str| {
            day(
                &VisitDraft {
                    on: on.into(),
                    ..VisitDraft::default()
                },
                today,
            )
        };
        assert_eq!(of(""), Ok("2019-08-15".to_owned()));
        assert_eq!(of("２０１９。８。５"), Ok("2019-08-05".to_owned()));
        assert!(of("昨天").is_err());
    }
}
