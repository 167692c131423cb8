//! [保存] of a visit: the visit, its problems and the end of the draft in one durable step.

use super::{asks, household_of};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::base::scalar::Scalar;
use crate::base::text;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::drafts::key;
use crate::client::screens::filled::Filled;
use crate::client::screens::say::both;
use crate::client::screens::seen::base_in;
use crate::client::store::{Batch, Store, Table};
use crate::client::view::{CheckDraft, FindingDraft, SavedView, VisitDraft};
use crate::doc::{At, DocKind, Put, Record};
use crate::register::enums::{Basis, Dimension, Home, Verdict};
use crate::register::field::{RecordKind, named};

/// Where the problems of a visit come from.
const SOURCE: &str = "走访";

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Saves a visit or its correction.
    pub(in crate::client::screens) async fn save_visit(&mut self, draft: VisitDraft) -> Result<SavedView, ClientError> {
        let household = household_of(&draft)?;
        let home = Home::from_code(&draft.home).ok_or_else(|| {
            ClientError::Field(
                "visit_home".into(),
                both("请先选：家里有人吗？", "Please answer first: anybody at home?"),
            )
        })?;
        let today = self.today();
        let document = self.document(household).await?;
        if document.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let base = base_in(document, &draft.base);
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
        let on = day(&draft, today)?;
        fill(&mut visit, &draft, home, &on, today);
        let findings = self.findings_found(&draft, home, household, id, &on);
        for (finding, _) in &findings {
            visit.put(format!("finding/{finding}"), 1);
        }
        let at = At::table("visits", id);
        let puts = match &seen {
            None => vec![visit.create(&at)],
            Some(seen) => visit.puts(&at, seen),
        };
        let mut edits = vec![DocEdit {
            kind: DocKind::Household,
            document: household,
            base: Some(base),
            puts,
        }];
        edits.extend(findings.into_iter().map(|(_, edit)| edit));
        let mut end = Batch::default();
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
    ) -> Vec<(DocId, DocEdit)> {
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
                    ("source", SOURCE.into()),
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
                let edit = DocEdit {
                    kind: DocKind::Finding,
                    document: id,
                    base: None,
                    puts: puts.collect(),
                };
                (id, edit)
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
fn fill(visit: &mut Filled, draft: &VisitDraft, home: Home, on: &str, today: crate::base::date::Date) {
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
        draft.checks.iter().for_each(|check| check_put(visit, check));
    }
    if asked.contains(&"words") {
        visit.note("words", &draft.words);
        visit.note("judgement", &draft.judgement);
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
