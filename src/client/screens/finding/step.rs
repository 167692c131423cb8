//! Doing a step of a finding, on what the person saw. If more has come meanwhile, nothing is written and what is new is
//! shown first: a sign-off never stands over something unseen.

use super::Opened;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId, SpaceId};
use crate::base::picture::BlobId;
use crate::base::text;
use crate::client::api::{FieldChange, Reply};
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::say::{both, sentence};
use crate::client::screens::seen::base_in;
use crate::client::screens::survey::sweeps::BLOCKS;
use crate::client::store::{Batch, Store};
use crate::client::view::{PhotoDraft, SavedView};
use crate::doc::{At, DocKind, Put, step_put};
use crate::ledger::procedure::{Field, Holds, Kind};
use crate::ledger::signature::Way;
use crate::ledger::{Event, Refusal};
use crate::sync::share;
use std::collections::{BTreeMap, BTreeSet};

/// The table of the photos.
const EVIDENCE: &str = "evidence";
/// What a step was told of the sweep.
const OF_SWEEP: &str = "of/sweep";

/// A step as the app asks for it.
pub(in crate::client::screens) struct AskedStep<'a> {
    pub document: DocId,
    pub base: &'a str,
    pub event: &'a str,
    pub fields: &'a [FieldChange],
    /// The photos that the fields name.
    pub photos: &'a [PhotoDraft],
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Does a step; nothing where the finding has moved since the person saw it.
    async fn do_step(&mut self, asked: &AskedStep<'_>) -> Result<Option<SavedView>, ClientError> {
        let id = asked.document;
        let opened = self.opened_matter(id).await?;
        let document = self.opened(id)?;
        let mut base = base_in(document, asked.base)?;
        base.sort_unstable();
        if base != document.heads() {
            return Ok(None);
        }
        let refused = |refusal: &Refusal| {
            let words = sentence(refusal.words(&opened.procedure, asked.event));
            Err(ClientError::Field(refusal.code().into(), words))
        };
        let Some(kind) = opened.procedure.kind(asked.event) else {
            return refused(&Refusal::Unknown);
        };
        if opened.void {
            return refused(&Refusal::NotNow(opened.procedure.state("void").unwrap_or_default()));
        }
        // A photo that neither came with the step nor is there already is none.
        let there = document
            .records(EVIDENCE)
            .into_values()
            .map(|record| record.text("photo"));
        let photos: BTreeSet<String> = there
            .chain(asked.photos.iter().map(|photo| photo.photo.clone()))
            .collect();
        let is_photo = |photo: &str| photos.contains(photo) && photo.parse::<BlobId>().is_ok();
        let mut event = self.draft_of(&opened, kind, carried(kind, asked.fields, is_photo))?;
        let folded = opened.folded();
        if let Some(judged) = folded.judged(kind, &opened.now) {
            event.fields.extend(judged.fields());
        }
        if let Err(refusal) = folded.would(&event) {
            return refused(&refusal);
        }
        let village = self.village_named(&opened, asked)?;
        event.id = self.host.record_id();
        let on = self.today().to_string();
        let mut puts = vec![step_put(&event)];
        puts.extend(self.evidence_puts(asked.photos, &on));
        puts.extend(village.map(|village| Put::Value {
            at: At::Own,
            key: share::VILLAGE.into(),
            value: village.to_string().into(),
        }));
        let edit = DocEdit {
            kind: DocKind::Finding,
            document: id,
            base: Some(base),
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        Ok(Some(SavedView {
            document: id.to_string(),
            record: format!("events/{}", event.id),
            local: self.core.outbox.len() as u32,
            differs: 0,
        }))
    }

    /// The village to which a group hands the finding by this step; the endpoint brings it there.
    fn village_named(&self, opened: &Opened, asked: &AskedStep<'_>) -> Result<Option<SpaceId>, ClientError> {
        let Some(field) = self.village_field(opened, asked.event) else {
            return Ok(None);
        };
        let named = asked.fields.iter().find(|field| field.key == share::VILLAGE);
        let named = named.map(|one| one.value.as_str()).unwrap_or_default();
        if named.is_empty() && !field.required {
            return Ok(None);
        }
        let space = named.parse().ok();
        let covered = space.filter(|space| !self.core.village.area(*space).is_empty());
        covered.map(Some).ok_or_else(|| {
            let words = both("请选交给哪个村", "Choose the village");
            ClientError::Field("village_missing".into(), words)
        })
    }

    /// The same with what is to be shown afterwards: the finding as it is, with what is new marked where nothing was done.
    pub(in crate::client::screens) async fn step_done(&mut self, asked: &AskedStep<'_>) -> Result<Reply, ClientError> {
        let saved = self.do_step(asked).await?;
        let seen = if saved.is_some() { "" } else { asked.base };
        let view = Box::new(self.finding(asked.document, seen).await?);
        Ok(Reply::DoStep { saved, view })
    }

    /// An event of this person on this day, with what the rules read of the finding written into it.
    pub(in crate::client::screens) fn draft_of(
        &self,
        opened: &Opened,
        kind: &Kind,
        mut fields: BTreeMap<String, String>,
    ) -> Result<Event, ClientError> {
        let me = self.me()?;
        // While the village cannot be read here, it is done in the role in which the phone joined.
        let role = match self.core.village.member(me).and_then(|member| member.role) {
            Some(role) => role.code().to_owned(),
            None => self.enrolled()?.role.clone(),
        };
        for key in opened.procedure.about_of(kind) {
            if let Some(value) = opened.about.get(key).filter(|value| !value.is_empty()) {
                fields.insert(format!("of/{key}"), value.clone());
            }
        }
        // The rule of the county that this step was judged by goes with it, so that a later one changes nothing of it.
        if let Some(value) = opened.about.get(BLOCKS).filter(|_| fields.contains_key(OF_SWEEP)) {
            fields.insert(format!("of/{BLOCKS}"), value.clone());
        }
        Ok(Event {
            id: RecordId([0; 16]),
            kind: kind.name.clone(),
            author: Some(me),
            role,
            on: Some(self.today()),
            procedure: opened.procedure.id.clone(),
            version: opened.procedure.version,
            fields,
            seen: Vec::new(),
        })
    }
}

/// What the person filled in, as events carry it: days as days, photos as a set of digests.
fn carried(kind: &Kind, changes: &[FieldChange], is_photo: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for change in changes {
        let (name, below) = change.key.split_once('/').unwrap_or((&change.key, ""));
        let of_field = |field: &&Field| field.name == name && (below.is_empty() || field.holds == Holds::Signature);
        let Some(field) = kind.fields.iter().find(of_field) else {
            continue;
        };
        let value = text::clean(&change.value);
        if value.is_empty() {
            continue;
        }
        if !below.is_empty() {
            let way = changes.iter().find(|change| change.key == name);
            let way = way.and_then(|way| Way::from_word(&way.value));
            if way.is_some_and(|way| way.parts().contains(&below)) {
                fields.insert(change.key.clone(), value);
            }
            continue;
        }
        match field.holds {
            Holds::Photo => {
                let photos = value
                    .split('、')
                    .filter(|photo| is_photo(photo))
                    .map(|photo| (format!("{}/{photo}", field.name), "1".to_owned()));
                fields.extend(photos);
            }
            Holds::Date => {
                let day = crate::base::date::Date::parse_lenient(&value);
                fields.insert(field.name.clone(), day.map_or(value, |day| day.to_string()));
            }
            _ => {
                fields.insert(field.name.clone(), value);
            }
        }
    }
    fields
}
