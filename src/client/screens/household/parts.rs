//! 合并记录: what further records of the same family hold, beside the one under which they are shown. Nothing is fused: each
//! line says in which record it stands, and is written there.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::twins::Twin;
use crate::client::store::Store;
use crate::client::view::{
    ContestedView, DiffersView, FindingRow, HouseholdView, PartView, PersonView, RecordRow, SettledView, VisitView,
};
use crate::doc::Of;
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
        let lines = self.lines(&lens, &family, &differs).of_part(id, &self.core.rows);
        Ok(Part {
            persons: lines.persons,
            former: lines.former,
            visits: lines.visits,
            records: lines.records,
            settled: lens.settled_of_late(),
            counted: family.visits,
            differs,
            ..Part::unread()
        })
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
