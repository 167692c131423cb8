//! The household as it was at the end of a day: everything dated up to then and what that stands on. To read, not to write.

use super::{dimensions, facts, members, records};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::{both, chosen, day};
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::client::view::{FindingRow, PastView, VisitView};
use crate::doc::{ChangeInfo, DocKind, Document, Of};
use crate::index::Row;
use crate::register::enums::CLASS;

fn dated(change: &ChangeInfo) -> Date {
    Date::in_china(change.time_s.saturating_mul(1000))
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A document as it was at the end of a day; nothing where it was not there yet.
    async fn was(&mut self, id: DocId, on: Date) -> Result<Option<Document>, ClientError> {
        let was = self.document(id).await?.only(|change| dated(change) <= on)?;
        Ok(Some(was).filter(|was| !was.is_empty()))
    }

    /// The problems of the household that were written down by then, as they were.
    async fn findings_on(&mut self, household: DocId, on: Date) -> Result<Vec<FindingRow>, ClientError> {
        let space_key = self.enrolled()?.space_key;
        let ids: Vec<DocId> = self.findings_of(household).into_iter().map(|(id, _)| id).collect();
        let mut rows = Vec::new();
        for id in ids {
            // One that cannot be read is named where it is shown as it is now.
            let Ok(Some(was)) = self.was(id, on).await else {
                continue;
            };
            if let Row::Finding(row) = Row::of(&was, &space_key) {
                rows.push(FindingRow {
                    standing: None,
                    ..self.finding_row(id, &row)
                });
            }
        }
        Ok(rows)
    }

    /// 那天的样子.
    pub(in crate::client) async fn household_on(&mut self, id: &str, on: &str) -> Result<PastView, ClientError> {
        let id = document_id(id)?;
        let on: Date = on.parse().map_err(|_| ClientError::NotFound)?;
        let now = self.document(id).await?;
        if now.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let changes = now.changes();
        let first = changes.iter().map(dated).min().ok_or(ClientError::NotFound)?;
        let was = self.was(id, on).await?.ok_or_else(|| not_yet(first, self.today()))?;
        let findings = self.findings_on(id, on).await?;
        let Row::Household(row) = Row::of(&was, &self.enrolled()?.space_key) else {
            return Err(ClientError::NotFound);
        };
        let lens = self.lens_over(&was, on)?;
        let family = was.family(Of::Shown);
        let own = was.own();
        let (open, sensitive) = family.classes_by_openness();
        let class_words = |classes: Vec<&str>| classes.into_iter().map(|class| chosen(CLASS, class)).collect();
        let (persons, former) = members::of(&lens, &family, &self.differing(&lens));
        let then = |finding: FindingRow| findings.iter().find(|was| was.id == finding.id).cloned();
        let visits = self.visits_of(&lens, &family).into_iter().map(|visit| VisitView {
            findings: visit.findings.into_iter().filter_map(then).collect(),
            ..visit
        });
        let line = self.household_row(id, &row, "");
        let paired = self.pairings_of(&was, &family).into_iter();
        let day = on.to_string();
        let until = |to: &str| to.is_empty() || to >= day.as_str();
        Ok(PastView {
            on: day.clone(),
            first_on: first.to_string(),
            later: (changes.len() - was.changes().len()) as u32,
            head: line.head,
            group: line.group,
            number: line.number,
            people: line.people,
            phone: family.phone.clone(),
            address: family.address.clone(),
            classes: class_words(open),
            sensitive_classes: class_words(sensitive),
            paired: paired
                .filter(|pairing| {
                    pairing.void_reason.is_empty()
                        && !pairing.by_group
                        && until(&pairing.to)
                        && pairing.from.as_str() <= day.as_str()
                })
                .map(|pairing| pairing.name)
                .collect(),
            dimensions: dimensions(&lens, &family, &[]),
            persons,
            former,
            visits: visits.collect(),
            records: records::of(&lens),
            sections: facts(&lens, &own),
            notes: own.note("notes").to_owned(),
            findings,
        })
    }
}

fn not_yet(first: Date, today: Date) -> ClientError {
    let first = day(first, today);
    let words = both(
        format!("那时手机里还没有这一户的记录，最早的是{}", first.zh),
        format!(
            "There was no record of this household yet; the first is of {}",
            first.en
        ),
    );
    ClientError::Field("past_not_yet".into(), words)
}
