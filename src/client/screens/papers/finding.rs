//! One problem on paper: its steps with what was said, and its photos before and after.

use super::said;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{PaperFinding, PaperPhoto, PaperStep, Words};
use crate::client::village::Village;
use crate::ledger::procedure::{Field, Holds, Kind};
use crate::ledger::{self, Event, Folded};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Adds steps and photos.
    pub(super) async fn add_course(&mut self, id: DocId, finding: &mut PaperFinding) -> Result<(), ClientError> {
        finding.photos = self.paper_photos(id).await?;
        let document = self.opened(id)?;
        let events = document.steps_done();
        let pinned = document.own().text("procedure");
        let procedure = self.core.procedures.of(&pinned, ledger::version_of(&events));
        let folded = Folded::new(&procedure, document.opened_by(), &events);
        let village = &self.core.village;
        let steps = folded.events.iter().zip(&folded.verdicts);
        finding.steps = steps
            .map(|(event, verdict)| {
                let kind = procedure.kind(&event.kind);
                let unknown = || Words::new(event.kind.as_str(), event.kind.as_str());
                let role = procedure.role(&event.role).map(|role| said(role.label.clone()));
                PaperStep {
                    step: kind.map_or_else(unknown, |kind| said(kind.label.clone())),
                    on: event.on.map(|on| on.to_string()).unwrap_or_default(),
                    by: event.author.map(|by| village.name_of(by)).unwrap_or_default(),
                    role: role.unwrap_or_default(),
                    said: kind.map(|kind| carried(kind, event, village)).unwrap_or_default(),
                    counts: verdict.is_ok(),
                }
            })
            .collect();
        Ok(())
    }

    /// The photos of a problem.
    pub(super) async fn paper_photos(&mut self, id: DocId) -> Result<Vec<PaperPhoto>, ClientError> {
        let photos = self.evidence(&id.to_string()).await?.photos.into_iter();
        Ok(photos
            .map(|one| PaperPhoto {
                photo: one.photo,
                thumb: one.thumb,
                what: one.what,
                label: one.what_words,
                on: one.on,
            })
            .collect())
    }
}

/// What an event carries, one field after the other.
fn carried(kind: &Kind, event: &Event, village: &Village) -> Words {
    let shown = kind.fields.iter().filter(|field| event.has(&field.name));
    let shown: Vec<Words> = shown.filter_map(|field| shown_field(field, event, village)).collect();
    let zh: Vec<&str> = shown.iter().map(|one| one.zh.as_str()).collect();
    let en: Vec<&str> = shown.iter().map(|one| one.en.as_str()).collect();
    Words::new(zh.join("；"), en.join("; "))
}

fn shown_field(field: &Field, event: &Event, village: &Village) -> Option<Words> {
    let value = event.field(&field.name);
    let label = &field.label;
    let shown = match field.holds {
        // Photos stand beside.
        Holds::Photo | Holds::Link => return None,
        Holds::Signature => return Some(Words::new("已签字", "signed")),
        Holds::Member => {
            let name = value.parse().map(|member| village.name_of(member)).unwrap_or_default();
            Words::new(name.as_str(), name.as_str())
        }
        Holds::Choice => match field.choices.iter().find(|(choice, _)| choice == value) {
            Some((_, label)) => said(label.clone()),
            None => Words::new(value, value),
        },
        Holds::Percent => Words::new(format!("{value}%"), format!("{value}%")),
        Holds::Text | Holds::Date | Holds::Number => Words::new(value, value),
    };
    Some(Words::new(
        format!("{}：{}", label.zh, shown.zh),
        format!("{}: {}", label.en, shown.en),
    ))
}
