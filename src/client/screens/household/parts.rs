//! 合并记录: what further records of the same family hold, beside the one under which they are shown. Nothing is fused: each
//! line says in which record it stands, and is written there.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::both;
use crate::client::screens::twins::Twin;
use crate::client::store::Store;
use crate::client::view::{
    ContestedView, DiffersView, FindingRow, HouseholdView, PartView, PersonView, RecordRow, SettledView, VisitView,
    Words,
};
use crate::doc::Of;
use crate::index::person_tag;
use crate::register::visit::Visit;

/// What one further record holds.
pub(super) struct Part {
    /// Its visits, as the six checks count them.
    pub counted: Vec<Visit>,
    view: Option<PartView>,
    persons: Vec<PersonView>,
    former: Vec<PersonView>,
    visits: Vec<VisitView>,
    records: Vec<RecordRow>,
    findings: Vec<FindingRow>,
    differs: Vec<DiffersView>,
    settled: Vec<SettledView>,
    contested: Vec<ContestedView>,
}

impl Part {
    /// Stands on the page beside what the first record holds.
    pub fn into_page(self, page: &mut HouseholdView) {
        page.parts.extend(self.view);
        page.persons.extend(self.persons);
        page.former.extend(self.former);
        page.visits.extend(self.visits);
        page.records.extend(self.records);
        page.findings.extend(self.findings);
        page.differs.extend(self.differs);
        page.settled.extend(self.settled);
        page.contested.extend(self.contested);
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The further records of a family. One that cannot be opened has its place under 我的, and its line here.
    pub(super) async fn parts_of(&mut self, lead: DocId) -> Result<Vec<Part>, ClientError> {
        let mut all = Vec::new();
        for id in self.core.rows.parts(lead) {
            let joined = self
                .decisions(Twin::household(lead), Twin::household(id))
                .await
                .unwrap_or_default();
            let view = self.part_views(lead, &[(id, joined)]).pop();
            let differing = self.differing_findings(id).await;
            let contested = self.contested_in(id).await;
            let mut part = match self.bring_forms(id).await {
                Ok(()) if self.find(id).await.is_ok_and(|found| found.is_some()) => self.part(id)?,
                _ => Part::unread(),
            };
            part.view = view;
            part.findings = self.finding_rows(id);
            part.differs.extend(differing);
            part.contested = contested;
            all.push(part);
        }
        Ok(all)
    }

    fn part(&self, id: DocId) -> Result<Part, ClientError> {
        let lens = self.lens(id)?;
        let family = lens.document.family(Of::Shown);
        let differs = self.differing(&lens);
        let mut lines = self.lines(&lens, &family, &differs);
        self.mark_twins(&mut lines.persons, id);
        let of = self.of_record(id);
        Ok(Part {
            persons: lines
                .persons
                .into_iter()
                .map(|one| PersonView { of: of.clone(), ..one })
                .collect(),
            former: lines
                .former
                .into_iter()
                .map(|one| PersonView { of: of.clone(), ..one })
                .collect(),
            visits: lines
                .visits
                .into_iter()
                .map(|one| VisitView { of: of.clone(), ..one })
                .collect(),
            records: lines.records,
            settled: lens.settled_of_late(),
            counted: family.visits,
            differs,
            ..Part::unread()
        })
    }

    /// Whose record a line stands in: 罗永1户, with its number where it has one.
    pub(in crate::client::screens) fn of_record(&self, id: DocId) -> Words {
        let row = self.core.rows.household(id);
        let head = row.map(|row| row.head()).unwrap_or_default();
        match row.map(|row| row.number.as_str()).filter(|number| !number.is_empty()) {
            Some(number) => both(format!("记在{number}"), format!("in record {number}")),
            None => both(
                format!("记在{head}户（待编号）"),
                format!("in the unnumbered record of {head}"),
            ),
        }
    }

    /// Says of persons that they are counted with another record.
    pub(super) fn mark_twins(&self, persons: &mut [PersonView], household: DocId) {
        let joined = self.core.rows.twins().persons.joined();
        for person in persons {
            let tag = person.id.parse().map(person_tag);
            person.twin = tag.is_ok_and(|tag| joined.is_led((household, tag)));
        }
    }
}

impl Part {
    fn unread() -> Self {
        Self {
            counted: Vec::new(),
            view: None,
            persons: Vec::new(),
            former: Vec::new(),
            visits: Vec::new(),
            records: Vec::new(),
            findings: Vec::new(),
            differs: Vec::new(),
            settled: Vec::new(),
            contested: Vec::new(),
        }
    }
}
