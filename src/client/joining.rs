//! Joining with an invitation, and the first load: block by block, so that a cut link goes on at the next one.

use super::error::ClientError;
use super::handed::Handed;
use super::link::{Keys, Link};
use super::phone::{Book, Client, SyncState};
use super::received;
use super::shelf::{self, Shelved, Taken};
use super::state::{self, LoadState};
use super::store::{Batch, Durability, Store, Table};
use super::view::LoadView;
use super::{api::Notice, envelope};
use crate::base::host::Host;
use crate::base::id::MemberId;
use crate::doc::{DocKind, Document};
use crate::index::Row;
use crate::sync::enrol::{Enrol, Enrolled, Invite, Invited, Look, Looked};
use crate::sync::pack::{Manifest, PackedDoc, decode_block};
use std::collections::BTreeMap;

impl<S: Store, L: Link, K: Keys, H: Host> Client<S, L, K, H> {
    /// Looks at an invitation without using it.
    pub(super) async fn look(&self, token: &str) -> Result<Looked, ClientError> {
        let body = Look {
            token: clean_token(token),
        }
        .encode();
        Ok(Looked::decode(&self.post("/v1/look", body).await?)?)
    }

    /// Uses an invitation: this phone belongs to the invited person from here on. A phone that its endpoint no longer
    /// knows joins again, with everything on it.
    ///
    /// # Errors
    /// Refused on a phone that has joined; nothing is cleared then.
    pub(super) async fn join(&self, token: &str, label: &str) -> Result<(), ClientError> {
        let book = self.book().await?;
        let before = book.core.enrolled.clone();
        if before.is_some() && !book.core.progress.unknown {
            return Err(ClientError::Refused("already_joined".into(), 0));
        }
        let left = self.store.get(Table::State, state::LEFT).await?.is_some();
        drop(book);
        if left {
            self.forget_key().await?;
        }
        let token = clean_token(token);
        let public_key = self.keys.public_key().await?;
        let signature = self.keys.sign(&Enrol::message(&token, &public_key)).await?;
        let body = Enrol {
            token,
            public_key,
            label: label.chars().take(60).collect(),
            former: before.as_ref().map_or(MemberId([0; 16]), |before| before.member),
            signature,
        }
        .encode();
        let answer = self.post("/v1/enrol", body).await?;
        let enrolled = Enrolled::decode(&answer)?;
        if before.is_some_and(|before| before.space != enrolled.space) {
            return Err(ClientError::Refused("other_village".into(), 0));
        }
        let mut book = self.book().await?;
        let mut progress = book.core.progress.clone();
        progress.unknown = false;
        let mut batch = Batch::default();
        batch.put(Table::State, state::ENROLLED, envelope::seal(&enrolled.encode()));
        Book::<S, H>::put_progress(&mut batch, &progress);
        self.store.commit(batch, Durability::Strict).await?;
        book.core.enrolled = Some(enrolled);
        book.core.progress = progress;
        book.core.sync_state = SyncState::Idle;
        book.core.trouble = None;
        book.tell_strip();
        Ok(())
    }

    /// The leader invites somebody.
    pub(super) async fn invite(&self, name: &str, role: &str, phone: &str) -> Result<Invited, ClientError> {
        let space = self.book().await?.space()?;
        let invite = Invite {
            name: name.trim().into(),
            role: role.into(),
            phone: phone.trim().into(),
        };
        Ok(Invited::decode(
            &self.post(&format!("/v1/invite/{space}"), invite.encode()).await?,
        )?)
    }

    /// Fetches the next part of the first load; nothing when it is complete.
    pub(super) async fn load_next(&self) -> Result<Option<LoadView>, ClientError> {
        let (space, load, loaded) = {
            let book = self.book().await?;
            (book.space()?, book.core.load.clone(), book.core.progress.cursor.seq > 0)
        };
        let Some(load) = load else {
            if loaded {
                return Ok(None);
            }
            let manifest = Manifest::decode(&self.fetch(&format!("/v1/pack/{space}")).await?)?;
            let mut book = self.book().await?;
            return book.begin_load(manifest).await;
        };
        let Some(block) = load.manifest.blocks.get(load.blocks_done) else {
            return self.book().await?.finish_load(&load).await;
        };
        let name: String = block.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = match self.fetch(&format!("/v1/pack/{space}/{name}")).await {
            // The endpoint packed the village anew meanwhile: what is here stays, the list is fetched again.
            Err(ClientError::Refused(code, _)) if code == "not_found" => {
                self.book().await?.forget_load().await?;
                return Err(ClientError::Refused("first_load_gone".into(), 0));
            }
            other => other?,
        };
        let documents = decode_block(&block.sha256, &bytes)?;
        self.book().await?.take_block(load.clone(), documents).await
    }
}

/// Typed codes: spaces and dashes left out, capitals, O and I read as 0 and 1 where the alphabet has neither.
fn clean_token(token: &str) -> String {
    let plain: String = crate::base::text::clean(token)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    if plain.chars().count() > 12 {
        plain
    } else {
        plain.replace('-', "").to_uppercase()
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    async fn begin_load(&mut self, manifest: Manifest) -> Result<Option<LoadView>, ClientError> {
        if manifest.blocks.is_empty() && manifest.cursor.seq == 0 {
            return Ok(None);
        }
        self.keep_load(
            Batch::default(),
            LoadState {
                manifest,
                blocks_done: 0,
            },
            BTreeMap::new(),
        )
        .await
    }

    async fn keep_load(
        &mut self,
        mut batch: Batch,
        load: LoadState,
        rows: BTreeMap<crate::base::id::DocId, Row>,
    ) -> Result<Option<LoadView>, ClientError> {
        self.core.rows.put(&mut batch, &rows);
        batch.put(Table::State, state::LOAD, envelope::seal(&load.encode()));
        // What is lost with the power is fetched again: progress and documents are lost together or not at all.
        self.store.commit(batch, Durability::Relaxed).await?;
        let changed: Vec<_> = rows.keys().copied().collect();
        self.core.rows.take(rows);
        self.core.load = Some(load);
        self.tell_changed(&changed).await?;
        let view = self.load_view();
        self.core.notices.push(Notice::Loading { loading: view.clone() });
        Ok(view)
    }

    /// How much of the first load is here.
    pub(super) fn load_view(&self) -> Option<LoadView> {
        self.core.load.as_ref().map(|load| {
            let (have, of, bytes_left) = load.counts();
            LoadView { have, of, bytes_left }
        })
    }

    async fn take_block(
        &mut self,
        mut load: LoadState,
        documents: Vec<PackedDoc>,
    ) -> Result<Option<LoadView>, ClientError> {
        let space_key = self.enrolled()?.space_key;
        let mut batch = Batch::default();
        let mut rows = BTreeMap::new();
        for packed in documents {
            let Some(kind) = packed.kind.known() else {
                // Of a newer release: comparing brings its changes, and they are kept until this phone knows the kind.
                let mut progress = self.core.progress.clone();
                progress.reconcile = true;
                Self::put_progress(&mut batch, &progress);
                self.core.progress = progress;
                continue;
            };
            let row = match self.core.rows.get(packed.document) {
                // Work was done on it already, or an earlier load brought it: both are kept.
                Some(_) => self.merge_packed(&mut batch, kind, &packed, &space_key).await?,
                None => {
                    shelf::put_snapshot(&mut batch, kind, packed.document, &packed.saved);
                    received::put_packed(&mut batch, &packed);
                    match Row::decode(&packed.row) {
                        Ok(row) => Some(row),
                        Err(_) => Document::load(kind, packed.document, &packed.saved)
                            .ok()
                            .map(|document| Row::read(&document, &space_key, &self.core.procedures)),
                    }
                }
            };
            rows.extend(row.map(|row| (packed.document, row)));
        }
        load.blocks_done += 1;
        self.keep_load(batch, load, rows).await
    }

    async fn merge_packed(
        &mut self,
        batch: &mut Batch,
        kind: DocKind,
        packed: &PackedDoc,
        space_key: &[u8; 32],
    ) -> Result<Option<Row>, ClientError> {
        let loaded = Document::load(kind, packed.document, &packed.saved)?;
        self.core.open.retain(|open| open.document.id() != packed.document);
        let mut whole = match shelf::take(self.store, packed.document).await? {
            Taken::Open(Shelved { document, .. }) => document,
            _ => Document::new(kind, packed.document),
        };
        whole.merge(&loaded)?;
        shelf::put_snapshot(batch, kind, packed.document, &packed.saved);
        received::put_packed(batch, packed);
        Ok(Some(Row::read(&whole, space_key, &self.core.procedures)))
    }

    async fn finish_load(&mut self, load: &LoadState) -> Result<Option<LoadView>, ClientError> {
        let mut progress = self.core.progress.clone();
        progress.cursor = load.manifest.cursor;
        progress.digest = load.manifest.digest;
        let mut batch = Batch::default();
        batch.delete(Table::State, state::LOAD);
        Self::put_progress(&mut batch, &progress);
        let handed = Handed::below(progress.cursor.seq);
        Self::put_handed(&mut batch, &handed);
        self.store.commit(batch, Durability::Strict).await?;
        self.core.progress = progress;
        self.core.handed = handed;
        self.core.load = None;
        self.read_village().await?;
        self.core.notices.push(Notice::Loading { loading: None });
        Ok(None)
    }

    async fn forget_load(&mut self) -> Result<(), ClientError> {
        let mut batch = Batch::default();
        batch.delete(Table::State, state::LOAD);
        self.store.commit(batch, Durability::Strict).await?;
        self.core.load = None;
        Ok(())
    }
}
