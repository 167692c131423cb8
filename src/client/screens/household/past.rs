//! The household as it was at the end of a day: everything dated up to then and what that stands on. To read, not to write.

use super::lines::{Lines, mark_twins};
use super::{dimensions, facts, latest_first};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::rows::Rows;
use crate::client::screens::say::{both, chosen, day};
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::client::view::{FindingRow, PairingView, PastPart, PastView};
use crate::doc::{ChangeInfo, DocKind, Document, Of};
use crate::index::Row;
use crate::register::enums::CLASS;
use crate::register::household::Household;
use crate::register::visit::Visit;
use std::collections::{BTreeMap, BTreeSet};

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
        let (sight, mut rows) = (self.sight(), Vec::new());
        for id in ids {
            // One that cannot be read is named where it is shown as it is now.
            let Ok(Some(was)) = self.was(id, on).await else {
                continue;
            };
            if let Row::Finding(row) = Row::of(&was, &space_key) {
                rows.push(FindingRow {
                    standing: None,
                    ..self.finding_row(&sight, id, &row)
                });
            }
        }
        Ok(rows)
    }

    /// The records with which one was linked on a day, each as it was then, whoever was joined by it.
    async fn family_on(&mut self, id: DocId, on: Date) -> Result<Then, ClientError> {
        let space_key = self.enrolled()?.space_key;
        let (mut documents, mut rows) = (BTreeMap::new(), BTreeMap::new());
        let (mut seen, mut open) = (BTreeSet::from([id]), vec![id]);
        while let Some(next) = open.pop() {
            let linked = self.linked(next).await;
            open.extend(linked.into_iter().filter(|other| seen.insert(*other)));
            // One that cannot be read is named where it is shown as it is now.
            if let Ok(Some(was)) = self.was(next, on).await {
                rows.insert(next, Row::of(&was, &space_key));
                documents.insert(next, was);
            }
        }
        let rows = Rows::of(rows);
        Ok(Then { documents, rows })
    }

    /// The households that a household is or was linked with, or may have been: of a link that was withdrawn since only its
    /// own document knows, and then the two look alike again.
    async fn linked(&mut self, id: DocId) -> BTreeSet<DocId> {
        let rows = &self.core.rows;
        let beside = |one: DocId, other: DocId| match (one == id, other == id) {
            (true, _) => Some(other),
            (_, true) => Some(one),
            _ => None,
        };
        let links = rows
            .households()
            .flat_map(|(here, row)| row.links.iter().filter_map(move |link| beside(here, link.other)));
        let mut linked: BTreeSet<DocId> = links.collect();
        let alike = rows.alike();
        let households = alike.households.iter().filter_map(|pair| beside(pair.one, pair.other));
        let persons = alike.persons.iter().filter_map(|pair| beside(pair.one.0, pair.other.0));
        let alike: BTreeSet<DocId> = households.chain(persons).collect();
        if let Ok(document) = self.document(id).await {
            linked.extend(document.links().into_iter().map(|link| link.other));
        }
        for other in alike {
            let links = self.document(other).await.map(|document| document.links());
            if links.unwrap_or_default().iter().any(|link| link.other == id) {
                linked.insert(other);
            }
        }
        linked
    }

    /// 那天的样子. Of a family whose records were joined by then, what all of them held, each with the record it stood in.
    pub(in crate::client) async fn household_on(&mut self, id: &str, on: &str) -> Result<PastView, ClientError> {
        let id = document_id(id)?;
        let on: Date = on.parse().map_err(|_| ClientError::NotFound)?;
        let now = self.document(id).await?;
        if now.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let first = now.changes().iter().map(dated).min().ok_or(ClientError::NotFound)?;
        let then = self.family_on(id, on).await?;
        let was = then.documents.get(&id).ok_or_else(|| not_yet(first, self.today()))?;
        let parts = then.parts(id);
        let (mut findings, mut later) = (Vec::new(), 0);
        for (shown, was) in std::iter::once((id, was)).chain(parts.iter().copied()) {
            findings.extend(self.findings_on(shown, on).await?);
            later += self.document(shown).await?.hashes().len() - was.hashes().len();
        }
        let row = then.rows.family(id).ok_or(ClientError::NotFound)?;
        let lens = self.lens_over(was, on)?;
        let family = was.family(Of::Shown);
        let own = was.own();
        let mut lines = self.lines_to_read(&lens, &family, &self.differing(&lens));
        mark_twins(&mut lines.persons, id, &then.rows);
        let mut counted = Vec::new();
        for (part, was) in &parts {
            counted.extend(self.part_on(*part, was, on, &then.rows, &mut lines)?);
        }
        let of = |finding: FindingRow| findings.iter().find(|was| was.id == finding.id).cloned();
        for visit in &mut lines.visits {
            visit.findings = std::mem::take(&mut visit.findings).into_iter().filter_map(of).collect();
        }
        latest_first(&mut lines.visits, &mut findings);
        let (open, sensitive) = family.classes_by_openness();
        let class_words = |classes: Vec<&str>| classes.into_iter().map(|class| chosen(CLASS, class)).collect();
        let line = self.household_row(id, row, "");
        Ok(PastView {
            on: on.to_string(),
            first_on: first.to_string(),
            later: later as u32,
            parts: parts.iter().filter_map(|(part, _)| then.part_view(*part)).collect(),
            leader: Some(then.rows.leader(id))
                .filter(|leader| *leader != id)
                .and_then(|leader| then.part_view(leader)),
            head: line.head,
            group: line.group,
            number: line.number,
            people: line.people,
            phone: family.phone.clone(),
            address: family.address.clone(),
            classes: class_words(open),
            sensitive_classes: class_words(sensitive),
            paired: self.paired_on(was, &family, on),
            dimensions: dimensions(&lens, &family, counted.iter()),
            persons: lines.persons,
            former: lines.former,
            visits: lines.visits,
            records: lines.records,
            sections: facts(&lens, &own, &family),
            notes: own.note("notes").to_owned(),
            findings,
        })
    }

    /// Adds what a further record of the family held; gives back its visits, as the six checks count them.
    fn part_on(
        &self,
        part: DocId,
        was: &Document,
        on: Date,
        rows: &Rows,
        lines: &mut Lines,
    ) -> Result<Vec<Visit>, ClientError> {
        let lens = self.lens_over(was, on)?;
        let family = was.family(Of::Shown);
        let more = self
            .lines_to_read(&lens, &family, &self.differing(&lens))
            .of_part(part, rows);
        lines.persons.extend(more.persons);
        lines.former.extend(more.former);
        lines.visits.extend(more.visits);
        lines.records.extend(more.records);
        Ok(family.visits)
    }

    /// Who was paired with the household itself.
    fn paired_on(&self, was: &Document, family: &Household, on: Date) -> Vec<String> {
        let on = on.to_string();
        let holds = |pairing: &PairingView| {
            let until = pairing.to.is_empty() || pairing.to >= on;
            pairing.void_reason.is_empty() && !pairing.by_group && until && pairing.from <= on
        };
        let paired = self.pairings_of(was, family).into_iter();
        paired.filter(holds).map(|pairing| pairing.name).collect()
    }
}

/// Records that were linked, as they were on a day.
struct Then {
    documents: BTreeMap<DocId, Document>,
    /// Their rows, by which they were joined or told apart.
    rows: Rows,
}

impl Then {
    /// The records that were shown under this one.
    fn parts(&self, id: DocId) -> Vec<(DocId, &Document)> {
        let parts = self.rows.parts(id).into_iter();
        parts
            .filter_map(|part| Some((part, self.documents.get(&part)?)))
            .collect()
    }

    fn part_view(&self, id: DocId) -> Option<PastPart> {
        let row = self.rows.household(id)?;
        Some(PastPart {
            household: id.to_string(),
            head: row.head().to_owned(),
            number: row.number.clone(),
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
