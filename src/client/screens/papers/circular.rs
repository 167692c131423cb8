//! 通报: a problem circulated among officials, in its original words and with its photos (S204). What was circulated is
//! an event that carries a copy of them and the heads it was taken from, so that it stays as it was.

use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::text::clean_note;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::finding::Opened;
use crate::client::screens::say::{both, sentence};
use crate::client::screens::seen::{base_of, document_id};
use crate::client::store::{Batch, Store};
use crate::client::view::{PaperFinding, SavedView};
use crate::doc::{DocKind, Document, step_put};
use crate::indicator::dispatch;
use crate::ledger::Event;
use crate::ledger::Procedures;
use crate::ledger::condition::Atom;
use std::collections::BTreeMap;

/// The kind of event, and what it carries.
pub(in crate::client::screens) const CIRCULATED: &str = "circulated";
const WORDS: &str = "words";
const PHOTOS: &str = "photos";
const HEADS: &str = "heads";
const TEXT: &str = "text";
/// What of the problem itself is copied.
const COPIED: [&str; 4] = [WORDS, "category", "severity", "found_on"];
/// The photos of how it was found.
const BEFORE: &str = "before";

/// The last 通报 of a problem that counts.
fn last(document: &Document, procedures: &Procedures) -> Option<Event> {
    let opened = Opened::of(document, procedures);
    let folded = opened.folded();
    let judged = folded.events.iter().zip(&folded.verdicts).rev();
    let mut counting = judged.filter(|(event, verdict)| event.kind == CIRCULATED && verdict.is_ok());
    counting.next().map(|(event, _)| (*event).clone())
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Refuses to change the words of a problem that was circulated.
    ///
    /// # Errors
    /// It was.
    pub(in crate::client::screens) fn refuse_circulated(&self, id: DocId) -> Result<(), ClientError> {
        if last(self.opened(id)?, &self.core.procedures).is_none() {
            return Ok(());
        }
        let words = both(
            "这个问题已经通报，原文不能再改。要补充，请在步骤里写说明。",
            "This finding was circulated: its words are not changed any more. Add a comment to its steps.",
        );
        Err(ClientError::Field(CIRCULATED.into(), words))
    }

    /// This person's role is one of those that circulate problems.
    pub(super) fn may_circulate(&self) -> bool {
        let procedure = self.core.procedures.of("", None);
        let role = self.me().ok().and_then(|me| self.core.village.member(me)?.role);
        let who = procedure.kind(CIRCULATED).into_iter().flat_map(|kind| &kind.who);
        role.is_some_and(|role| {
            who.into_iter()
                .any(|term| matches!(&term.atom, Atom::Role(named) if named == role.code()))
        })
    }

    /// What was circulated, as it was; as it stands now where that was not done yet.
    pub(super) async fn add_frozen(&mut self, id: DocId, finding: &mut PaperFinding) -> Result<(), ClientError> {
        finding.photos = self.paper_photos(id).await?;
        let Some(event) = last(self.opened(id)?, &self.core.procedures) else {
            finding.photos.retain(|photo| photo.what == BEFORE);
            return Ok(());
        };
        finding
            .photos
            .retain(|photo| event.set(PHOTOS).any(|name| name == photo.photo));
        finding.words = event.field(WORDS).to_owned();
        finding.category = sentence(dispatch::category(event.field("category")));
        finding.severity = event.field("severity").to_owned();
        finding.found_on = event.field("found_on").to_owned();
        finding.frozen_on = event.on.map(|on: Date| on.to_string()).unwrap_or_default();
        finding.frozen_by = event.author.map(|by| self.core.village.name_of(by)).unwrap_or_default();
        finding.heads = event.field(HEADS).to_owned();
        finding.asked = event.field(TEXT).to_owned();
        Ok(())
    }

    /// Circulates problems: freezes words and photos of each, all or none.
    ///
    /// # Errors
    /// Somebody who may not, or a problem of which it cannot be done now: with the reason.
    pub(in crate::client::screens) async fn circulate(
        &mut self,
        findings: &[String],
        text: &str,
    ) -> Result<SavedView, ClientError> {
        let text = clean_note(text);
        let mut edits = Vec::new();
        for finding in findings {
            let id = document_id(finding)?;
            if self.document(id).await?.kind() != DocKind::Finding {
                return Err(ClientError::NotFound);
            }
            let photos = self.paper_photos(id).await?;
            let document = self.opened(id)?;
            let own = document.own();
            let mut fields: BTreeMap<String, String> =
                COPIED.iter().map(|key| ((*key).to_owned(), own.text(key))).collect();
            fields.insert(HEADS.into(), base_of(document));
            fields.insert(TEXT.into(), text.clone());
            fields.retain(|_, value| !value.is_empty());
            let before = photos.into_iter().filter(|photo| photo.what == BEFORE);
            fields.extend(before.map(|photo| (format!("{PHOTOS}/{}", photo.photo), "1".to_owned())));
            let opened = Opened::of(document, &self.core.procedures);
            let heads = document.heads();
            let kind = opened.procedure.kind(CIRCULATED).ok_or(ClientError::NotFound)?;
            let mut event = self.draft_of(&opened, kind, fields)?;
            if let Err(refusal) = opened.folded().would(&event) {
                let words = sentence(refusal.words(&opened.procedure, CIRCULATED));
                return Err(ClientError::Field(refusal.code().into(), words));
            }
            event.id = self.host.record_id();
            edits.push(DocEdit {
                kind: DocKind::Finding,
                document: id,
                base: Some(heads),
                puts: vec![step_put(&event)],
            });
        }
        self.save(edits, Batch::default()).await?;
        Ok(SavedView {
            document: findings.first().cloned().unwrap_or_default(),
            record: String::new(),
            local: self.core.outbox.len() as u32,
            differs: 0,
        })
    }
}
