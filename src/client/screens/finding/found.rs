//! 记问题: a problem written down by itself, with photos; 当场办结 is found and fixed in one step.

use super::{Opened, phrases};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::limits::FINDING_PHOTOS_MAX;
use crate::base::scalar::Scalar;
use crate::base::text;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::say::{both, choices, sentence};
use crate::client::screens::seen::document_id;
use crate::client::store::{Batch, Store};
use crate::client::view::{CategoryChoice, FindingForm, NewFinding, SavedView};
use crate::doc::{At, DocKind, Put, step_put};
use crate::register::enums::{FINDING_CATEGORY, FINDING_SOURCE, SEVERITY};
use crate::register::field::{RecordKind, named};
use crate::sync::share;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where a problem comes from if nobody says otherwise.
const SOURCE: &str = "走访";
/// Sources that hold what they see against what the papers say.
const COMPARED: [&str; 4] = ["暗访督查", "考核评估", "巡视巡察", "联合核查"];
/// 当场办结
const FIXED: &str = "fixed_on_spot";

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What a new problem can be, for a household or for none.
    pub(in crate::client::screens) fn finding_form(&self, household: &str) -> Result<FindingForm, ClientError> {
        let head = match household {
            "" => String::new(),
            id => {
                let row = self.core.rows.family(document_id(id)?).ok_or(ClientError::NotFound)?;
                row.head().to_owned()
            }
        };
        let shown = FINDING_CATEGORY.iter().filter(|category| !category.sensitive);
        Ok(FindingForm {
            head,
            categories: choices(shown)
                .into_iter()
                .map(|one| CategoryChoice {
                    phrases: phrases::of_category(&one.value)
                        .iter()
                        .map(|one| (*one).to_owned())
                        .collect(),
                    value: one.value,
                    words: one.words,
                })
                .collect(),
            severities: choices(SEVERITY),
            sources: choices(FINDING_SOURCE.iter().filter(|source| !source.sensitive)),
            compared: COMPARED.map(str::to_owned).into(),
            groups: self.roster().groups().iter().map(|one| (*one).to_owned()).collect(),
            villages: self.villages(),
        })
    }

    /// Saves a new problem with its photos, and that it was fixed on the spot.
    pub(in crate::client::screens) async fn save_finding(
        &mut self,
        written: &NewFinding,
    ) -> Result<SavedView, ClientError> {
        let said = [&written.category, &written.words];
        if said.iter().all(|text| text::trim(text).is_empty()) && written.photos.is_empty() {
            let words = both(
                "请先拍照、选一类或写一句",
                "Take a photo, choose a category or write a line first",
            );
            return Err(ClientError::Field("finding_blank".into(), words));
        }
        let household = match written.household.as_str() {
            "" => None,
            id => Some(document_id(id)?),
        };
        if household.is_some_and(|id| self.core.rows.household(id).is_none()) {
            return Err(ClientError::NotFound);
        }
        let (id, today) = (DocId(self.host.random_16()), self.today().to_string());
        let own = self.own_of(written, household, &today);
        let mut puts: Vec<Put> = own
            .iter()
            .map(|(key, value)| Put::Value {
                at: At::Own,
                key: key.clone(),
                value: value.clone(),
            })
            .collect();
        if written.fixed {
            puts.push(self.fixed_put(&own, written)?);
        }
        puts.extend(self.evidence_puts(&written.photos, &today));
        let edit = DocEdit {
            kind: DocKind::Finding,
            document: id,
            base: None,
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        Ok(SavedView {
            document: id.to_string(),
            record: "own".into(),
            local: self.core.outbox.len() as u32,
            differs: 0,
        })
    }

    /// What the document says of itself; nothing is written for what nobody said.
    fn own_of(&self, written: &NewFinding, household: Option<DocId>, today: &str) -> Vec<(String, Scalar)> {
        let source = match text::trim(&written.source) {
            "" if self.core.village.group => COMPARED[0],
            "" => SOURCE,
            source => source,
        };
        // A household says where it is.
        let place = |text| if household.is_some() { "" } else { text };
        let read = |key: &str, written: &str| named(RecordKind::Finding, key).read(written, self.today()).value;
        let values = [
            ("category", written.category.as_str()),
            ("words", &written.words),
            ("severity", &written.severity),
            ("source", source),
            ("group", place(&written.group)),
            ("place", place(&written.place)),
            ("dossier", &written.dossier),
            ("observed", &written.observed),
        ];
        let values = values.into_iter().filter(|(_, value)| !text::trim(value).is_empty());
        let mut own: Vec<(String, Scalar)> = values.map(|(key, value)| (key.to_owned(), read(key, value))).collect();
        own.push(("found_on".into(), today.into()));
        // It goes there at 交办 and not before.
        let village = written.village.parse().ok();
        let covered = village.filter(|village| !self.core.village.area(*village).is_empty());
        own.extend(covered.map(|village| (share::VILLAGE.into(), village.to_string().into())));
        own.extend(household.map(|household| ("household".into(), household.to_string().into())));
        own
    }

    /// The event of a problem that was fixed as it was found.
    fn fixed_put(&self, own: &[(String, Scalar)], written: &NewFinding) -> Result<Put, ClientError> {
        let procedure = self.core.procedures.of("", None);
        let kind = procedure.kind(FIXED).ok_or(ClientError::NotFound)?;
        let mut fields = BTreeMap::new();
        let how = text::clean(&written.how);
        if !how.is_empty() {
            fields.insert("text".to_owned(), how);
        }
        let after = written
            .photos
            .iter()
            .take(FINDING_PHOTOS_MAX)
            .filter(|photo| photo.what == "after");
        fields.extend(after.map(|photo| (format!("after/{}", photo.photo), "1".to_owned())));
        let opened = Opened {
            procedure: Rc::clone(&procedure),
            now: Default::default(),
            finder: Some(self.me()?),
            events: Vec::new(),
            about: own.iter().map(|(key, value)| (key.clone(), value.to_text())).collect(),
            void: false,
            village: None,
        };
        let mut event = self.draft_of(&opened, kind, fields)?;
        if let Err(refusal) = opened.folded().would(&event) {
            let words = sentence(refusal.words(&procedure, FIXED));
            return Err(ClientError::Field(refusal.code().into(), words));
        }
        event.id = self.host.record_id();
        Ok(step_put(&event))
    }
}
