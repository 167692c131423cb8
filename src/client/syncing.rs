//! Sync now: hand over the outbox, take in the feed, compare and repair when the sides differ. Cursor, receipts and the
//! chunks they stand for are stored in one transaction.

use super::error::ClientError;
use super::handed::Handed;
use super::link::{Keys, Link, LinkRequest, LinkResponse};
use super::outbox::{Parcel, Slot, Waiting};
use super::phone::{Book, Client, SyncState};
use super::photos::Pass;
use super::quarantine::{KIND_LATER, Quarantine, RELAY_OUT, RELAY_REFUSED, SetAside};
use super::received;
use super::relay::{carried, hash_of};
use super::scrub::SCRUB_DOCUMENTS_MAX;
use super::shelf::{self, Shelved, Taken};
use super::state::{self, Progress};
use super::store::{Batch, Durability, Store, Table};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::limits::{SYNC_ROUNDS_MAX, WANT_MAX};
use crate::doc::{DocKind, Hash};
use crate::index::Row;
use crate::sync::digest::{Digest, Item, buckets};
use crate::sync::enrol::Refused;
use crate::sync::wire::{Ask, Bundle, DocArrivals, RefusalCode, SyncRequest, SyncResponse};
use std::collections::{BTreeMap, BTreeSet};

/// Comparisons in one synchronisation: what they do not bring together, the next one tries again.
const COMPARES_MAX: u32 = 3;

/// What a synchronisation moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub sent: u32,
    pub received: u32,
    pub refused: u32,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub round_trips: u32,
}

/// What the next request is for.
enum Next {
    /// The ordinary exchange. What others' bundles brought here waits until everything the endpoint has is here too: they
    /// may stand on it, and what was made here may stand on them.
    Feed,
    /// The same with the bundles of others.
    HandOver,
    /// Compare by buckets.
    Compare,
    /// Fetch what is missing here, then stand at this cursor with this digest.
    Fetch {
        want: Vec<[u8; 8]>,
        compared: Box<SyncResponse>,
    },
    Done,
}

impl<S: Store, L: Link, K: Keys, H: Host> Client<S, L, K, H> {
    /// Exchanges everything with the endpoint.
    ///
    /// # Errors
    /// No connection, or the endpoint refuses this phone. What was exchanged before stays exchanged.
    pub async fn sync(&self) -> Result<Moved, ClientError> {
        let _one = self.syncing.lock().await;
        self.state(SyncState::Syncing, None).await?;
        let result = self.sync_rounds().await;
        match &result {
            Ok(_) => {
                self.state(SyncState::Idle, None).await?;
                // A storage that fails now is met again by whoever needs it; what was exchanged stays exchanged.
                let _ = self.scrub().await;
            }
            Err(error) => {
                let state = if error.turns_away() {
                    SyncState::Refused
                } else {
                    SyncState::Waiting
                };
                self.state(state, Some(error.clone())).await?;
            }
        }
        result
    }

    /// Looks at a few stored documents. Somebody who saves meanwhile goes first.
    async fn scrub(&self) -> Result<(), ClientError> {
        for _ in 0..SCRUB_DOCUMENTS_MAX {
            if !self.book().await?.scrub_next().await? {
                break;
            }
        }
        self.book().await?.end_scrub().await
    }

    async fn state(&self, state: SyncState, trouble: Option<ClientError>) -> Result<(), ClientError> {
        let mut book = self.book().await?;
        book.core.sync_state = state;
        book.core.trouble = trouble;
        book.tell_strip();
        Ok(())
    }

    async fn sync_rounds(&self) -> Result<Moved, ClientError> {
        let mut moved = Moved::default();
        while self.load_next().await?.is_some() {}
        self.exchange_all(&mut moved).await?;
        // What was refused goes up anew in the same breath.
        if self.book().await?.write_refused_again().await? {
            self.exchange_all(&mut moved).await?;
        }
        Ok(moved)
    }

    /// Asks until the sides are equal, and mends what was spoiled.
    async fn exchange_all(&self, moved: &mut Moved) -> Result<(), ClientError> {
        let mut damaged = self.book().await?.compare_for_damaged();
        let mut next = Next::Feed;
        let mut compared = 0;
        for _ in 0..SYNC_ROUNDS_MAX {
            compared += u32::from(matches!(next, Next::Compare));
            if matches!(next, Next::Done) || compared > COMPARES_MAX {
                break;
            }
            let (request, parcel) = self.prepare(&next).await?;
            let body = request.encode();
            moved.bytes_up += body.len() as u64;
            moved.round_trips += 1;
            let space = self.book().await?.space()?;
            let response = self.post(&format!("/v1/sync/{space}"), body).await?;
            moved.bytes_down += response.len() as u64;
            let response = SyncResponse::decode(&response)?;
            let mut book = self.book().await?;
            let compares = matches!(next, Next::Compare | Next::Fetch { .. });
            next = book.apply(next, parcel, response, moved).await?;
            if compares && !book.core.progress.reconcile {
                // At once: what waits to be handed over was compared with nothing, and is still in the outbox now.
                book.mend_damaged(std::mem::take(&mut damaged)).await?;
            }
        }
        Ok(())
    }

    /// One request with this device's token; the body of the answer.
    pub(super) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, ClientError> {
        self.exchange(LinkRequest {
            body: Some(body),
            path: path.to_owned(),
            token: self.token().await?,
        })
        .await
    }

    /// One request without a body.
    pub(super) async fn fetch(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.exchange(LinkRequest {
            body: None,
            path: path.to_owned(),
            token: self.token().await?,
        })
        .await
    }

    /// Where photos go.
    ///
    /// # Errors
    /// Nobody has joined here, or the storage's.
    pub async fn photo_pass(&self) -> Result<Pass, ClientError> {
        let book = self.book().await?;
        let enrolled = book.enrolled()?;
        Ok(Pass {
            path: format!("/v1/blobs/{}", enrolled.space),
            token: format!("{}.{}", enrolled.device, enrolled.token),
        })
    }

    async fn token(&self) -> Result<Option<String>, ClientError> {
        let book = self.book().await?;
        Ok(book
            .enrolled()
            .ok()
            .map(|enrolled| format!("{}.{}", enrolled.device, enrolled.token)))
    }

    async fn exchange(&self, request: LinkRequest) -> Result<Vec<u8>, ClientError> {
        let LinkResponse {
            status,
            ours,
            retry_after_s,
            body,
        } = self.link.send(request).await?;
        if !ours {
            return Err(ClientError::NotOurs);
        }
        if status == 200 {
            return Ok(body);
        }
        let refused = Refused::decode(&body).unwrap_or(Refused {
            code: "endpoint_failed".into(),
            wait_s: u64::from(retry_after_s.unwrap_or(0)),
        });
        let error = ClientError::Refused(refused.code, refused.wait_s);
        if error.turns_away() {
            self.book().await?.note_turned_away(&error).await?;
        }
        Err(error)
    }

    async fn prepare(&self, next: &Next) -> Result<(SyncRequest, Parcel), ClientError> {
        let mut book = self.book().await?;
        let ask = match next {
            Next::Compare => Ask::Buckets(book.held_buckets().await?),
            Next::Fetch { want, .. } => Ask::Want(want.clone()),
            Next::Feed | Next::HandOver | Next::Done => Ask::Feed,
        };
        let mut parcel = match next {
            Next::HandOver => {
                book.merge_relays().await?;
                book.core.outbox.parcel_with_relays()
            }
            Next::Feed if !book.core.outbox.has_relays() => book.core.outbox.parcel(),
            _ => Parcel::default(),
        };
        let progress = &book.core.progress;
        let mut request = SyncRequest {
            cursor: progress.cursor,
            digest: progress.digest,
            presence: progress.presence,
            ask,
            bundles: std::mem::take(&mut parcel.relays),
        };
        if !parcel.documents.is_empty() {
            let enrolled = book.enrolled()?;
            let (space, device) = (enrolled.space, enrolled.device);
            let documents = parcel.documents.clone();
            let signature = self.keys.sign(&Bundle::message(space, device, &documents)).await?;
            request.bundles.push(Bundle {
                device,
                documents,
                signature,
            });
        }
        Ok((request, parcel))
    }
}

/// What one answer changes on the phone, gathered before it is stored in one step.
#[derive(Default)]
struct Intake {
    batch: Batch,
    rows: BTreeMap<DocId, Row>,
    gone: BTreeSet<Slot>,
    /// Keys in the quarantine of what the endpoint had refused and has now.
    accepted: Vec<Vec<u8>>,
    changed: BTreeSet<DocId>,
    open: Vec<Shelved>,
    /// Work of others was refused that an endpoint takes which was rolled back.
    unproven: bool,
    handed: Handed,
    /// When the endpoint received what was new to one of the sides.
    received: BTreeMap<DocId, Vec<(Hash, i64)>>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The endpoint takes nothing from this phone any more. Nobody has joined before there is a device to turn away.
    async fn note_turned_away(&mut self, error: &ClientError) -> Result<(), ClientError> {
        if self.enrolled().is_err() {
            return Ok(());
        }
        let mut progress = self.core.progress.clone();
        match error.code().as_str() {
            "device_revoked" => progress.revoked = true,
            _ => progress.unknown = true,
        }
        let mut batch = Batch::default();
        Self::put_progress(&mut batch, &progress);
        self.store.commit(batch, Durability::Strict).await?;
        self.core.progress = progress;
        Ok(())
    }

    /// Stores what the answer brought and says what to do next.
    async fn apply(
        &mut self,
        next: Next,
        parcel: Parcel,
        response: SyncResponse,
        moved: &mut Moved,
    ) -> Result<Next, ClientError> {
        let applied = self.take_in(next, parcel, response, moved).await;
        if applied.is_err() {
            // The app lives, so nothing that was being opened is to blame.
            let _ = self.clear_opening().await;
        }
        applied
    }

    async fn take_in(
        &mut self,
        next: Next,
        parcel: Parcel,
        mut response: SyncResponse,
        moved: &mut Moved,
    ) -> Result<Next, ClientError> {
        let mut progress = self.core.progress.clone();
        progress.synced_at_ms = Some(self.host.now_ms());
        progress.clock_off_ms = self.host.now_ms() - response.now_ms;
        progress.revoked = false;
        progress.unknown = false;
        progress.hear(response.presence, &response.teammates);
        let mut taken = Intake {
            handed: self.core.handed.clone(),
            ..Intake::default()
        };
        if matches!(next, Next::Feed | Next::HandOver) {
            // What is fetched by name stands anywhere; where a comparison ends is noted when it ends.
            self.place_arrivals(&response, &mut taken.handed);
        }
        let carried = carried(&self.core.outbox, &parcel, &mut response);
        let mut arrived = self.take_arrivals(&response.arrivals, &mut taken).await?;
        arrived.retain(|item| !carried.contains(item));
        moved.received += arrived.len() as u32;
        let receipts = self.take_receipts(&parcel, &response, &mut progress, &mut taken);
        moved.sent += taken.gone.len() as u32;
        let refused = self.take_refusals(&parcel, &response, &progress, &mut taken).await?;
        moved.refused += refused;

        if response.reconcile {
            progress.forget_teammates();
            taken.handed.forget();
        }
        let mut after = match next {
            Next::Feed | Next::HandOver => self.after_feed(&response, &arrived, &receipts, &mut progress),
            Next::Compare => self.after_compare(response, &mut progress, &mut taken).await?,
            Next::Fetch { want, compared } => self.after_fetch(want, *compared, &arrived, &mut progress).await?,
            Next::Done => Next::Done,
        };
        if let Some((cursor, digest)) = progress.lost.take_if(|_| taken.unproven) {
            (progress.cursor, progress.digest, progress.reconcile) = (cursor, digest, true);
            after = Next::Feed;
        }
        if !progress.reconcile {
            taken.handed.compared(progress.cursor.seq);
        }
        if let Some(seq) = self.passed_by_all(&progress) {
            taken.handed.passed(seq);
        }
        self.commit(progress, taken).await?;
        // Refused work is not tried again in the same synchronisation.
        let more_to_send = !self.core.outbox.is_empty() && refused == 0;
        Ok(match after {
            Next::Done if more_to_send && self.core.outbox.has_relays() => Next::HandOver,
            Next::Done if more_to_send => Next::Feed,
            after => after,
        })
    }

    async fn commit(&mut self, progress: Progress, taken: Intake) -> Result<(), ClientError> {
        let Intake {
            mut batch,
            rows,
            gone,
            accepted,
            mut changed,
            open,
            handed,
            received,
            ..
        } = taken;
        received
            .iter()
            .for_each(|(document, times)| received::put(&mut batch, *document, times));
        // Where work is stands on the pages of what it is about.
        let outbox = &self.core.outbox;
        changed.extend(gone.iter().filter_map(|slot| Some(outbox.get(*slot)?.document)));
        if progress.teammates != self.core.progress.teammates {
            changed.extend(self.core.handed.documents());
        }
        accepted
            .iter()
            .for_each(|key| batch.delete(Table::Quarantine, key.clone()));
        self.core.outbox.delete(&mut batch, &gone);
        self.core.rows.put(&mut batch, &rows);
        batch.delete(Table::State, state::OPENING);
        Self::put_progress(&mut batch, &progress);
        if handed != self.core.handed {
            Self::put_handed(&mut batch, &handed);
        }
        self.store.commit(batch, Durability::Strict).await?;
        self.core.handed = handed;
        self.core.outbox.drop(&gone);
        accepted.iter().for_each(|key| self.core.quarantine.remove(key));
        self.core.rows.take(rows);
        self.core.progress = progress;
        for mut shelved in open {
            let _ = shelf::fold(self.store, &mut shelved).await;
            self.keep_open(shelved);
        }
        let changed: Vec<DocId> = changed.into_iter().collect();
        if !changed.is_empty() {
            self.tell_changed(&changed).await?;
        }
        self.tell_strip();
        Ok(())
    }

    /// Applies arrivals document by document; one that cannot be opened or applied is set aside and stops nobody.
    async fn take_arrivals(&mut self, arrivals: &[DocArrivals], taken: &mut Intake) -> Result<Vec<Item>, ClientError> {
        if !self.core.deaths.careful && !arrivals.is_empty() {
            let ids: Vec<DocId> = arrivals.iter().map(|part| part.document).collect();
            self.note_opening(&ids).await?;
        }
        let space_key = self.enrolled()?.space_key;
        let mut items = Vec::new();
        for part in arrivals {
            if self.core.deaths.careful {
                self.note_opening(&[part.document]).await?;
            }
            let changes: Vec<Vec<u8>> = part.arrivals.iter().map(|arrival| arrival.bytes.clone()).collect();
            items.extend(changes.iter().map(|bytes| Item::of(part.document, hash_of(bytes))));
            let times = part.arrivals.iter();
            let times = times.map(|arrival| (hash_of(&arrival.bytes), arrival.received_s));
            taken.received.entry(part.document).or_default().extend(times);
            let came = changes.iter().map(|bytes| hash_of(bytes)).collect();
            taken
                .accepted
                .extend(self.core.quarantine.accepted(part.document, &came));
            for bytes in &changes {
                // On the endpoint already: the receipt was lost, or a twin of this phone handed it over.
                taken
                    .gone
                    .extend(self.core.outbox.slot_of(part.document, hash_of(bytes)));
            }
            let Some(kind) = part.kind.known() else {
                self.set_aside(&mut taken.batch, part.kind, part.document, KIND_LATER, false, changes);
                continue;
            };
            match self.merge(kind, part.document, &changes, taken).await? {
                Ok(None) => {}
                Ok(Some(shelved)) => {
                    taken.rows.insert(
                        part.document,
                        Row::read(&shelved.document, &space_key, &self.core.procedures),
                    );
                    taken.changed.insert(part.document);
                    taken.open.push(shelved);
                }
                Err(code) => {
                    let shut = self.core.quarantine.is_shut(part.document);
                    self.set_aside(&mut taken.batch, kind, part.document, code, shut, changes);
                }
            }
        }
        Ok(items)
    }

    /// The document with what arrived; nothing when all of it was here; or why it could not be taken in.
    async fn merge(
        &mut self,
        kind: DocKind,
        id: DocId,
        changes: &[Vec<u8>],
        taken: &mut Intake,
    ) -> Result<Result<Option<Shelved>, &'static str>, ClientError> {
        if self.core.quarantine.is_shut(id) {
            return Ok(Err("doc_quarantined"));
        }
        self.core.open.retain(|open| open.document.id() != id);
        let mut shelved = match shelf::take(self.store, id).await? {
            Taken::Absent => Shelved::new(kind, id),
            Taken::Open(mut shelved) => {
                self.note_damage(&mut shelved);
                shelved
            }
            Taken::Unreadable(error, _) => {
                self.core.damaged.insert(id);
                self.set_aside(&mut taken.batch, kind, id, error.code(), true, Vec::new());
                return Ok(Err(error.code()));
            }
        };
        match shelved.document.apply(changes) {
            Ok(applied) if applied.new.is_empty() => Ok(Ok(None)),
            Ok(_) => {
                shelved
                    .keys
                    .push(shelf::put_changes(&mut taken.batch, kind, id, changes));
                Ok(Ok(Some(shelved)))
            }
            Err(error) => Ok(Err(error.code())),
        }
    }

    /// Receipts free the outbox; each stands for a row of the feed.
    fn take_receipts(
        &mut self,
        parcel: &Parcel,
        response: &SyncResponse,
        progress: &mut Progress,
        taken: &mut Intake,
    ) -> Vec<(u64, Item)> {
        let mut rows = Vec::new();
        for receipt in &response.receipts {
            for offset in 0..receipt.count {
                let Some(slot) = parcel.slot(receipt.position.saturating_add(offset)) else {
                    continue;
                };
                let seq = receipt.seq.saturating_add(offset);
                if let Some(waiting) = self.core.outbox.get(slot) {
                    rows.push((seq, Item::of(waiting.document, waiting.hash)));
                    taken.handed.put(waiting.document, waiting.hash, seq);
                    let times = taken.received.entry(waiting.document).or_default();
                    times.push((waiting.hash, response.now_ms.div_euclid(1000)));
                }
                if matches!(slot, Slot::Own(_)) {
                    progress.acknowledge(seq);
                }
                taken.gone.insert(slot);
            }
        }
        rows
    }

    /// What the endpoint refused leaves the outbox for the quarantine, where it has a way out. Work of a phone that was
    /// switched off stays in the outbox: it can still be handed over otherwise.
    async fn take_refusals(
        &mut self,
        parcel: &Parcel,
        response: &SyncResponse,
        progress: &Progress,
        taken: &mut Intake,
    ) -> Result<u32, ClientError> {
        let mut count = 0;
        let mut again = Vec::new();
        for refusal in &response.refusals {
            let Some((slot, waiting)) = parcel
                .slot(refusal.position)
                .and_then(|slot| Some((slot, self.core.outbox.get(slot)?)))
            else {
                continue;
            };
            let relayed = matches!(slot, Slot::Relayed(..));
            let others = relayed || !self.is_mine(&waiting).await?;
            let for_its_author = matches!(refusal.code, RefusalCode::BadAuthor | RefusalCode::ActorTaken);
            if others && !relayed && for_its_author && progress.lost.is_some() {
                // It waits until the endpoint has seen the proof.
                taken.unproven = true;
                continue;
            }
            count += 1;
            match refusal.code {
                RefusalCode::DeviceRevoked | RefusalCode::BadSignature if !relayed => continue,
                RefusalCode::UnknownDevice => continue,
                RefusalCode::UnknownDependency => {
                    if let Some(more) = self.ancestors(&waiting, &refusal.need).await? {
                        again.extend(more);
                        continue;
                    }
                }
                _ => {}
            }
            taken.gone.insert(slot);
            // What others wrote is under nobody's work once it was refused: its own phone or the desk hands it over.
            let code = match (others, self.core.outbox.has(waiting.document, waiting.hash)) {
                (true, true) => RELAY_REFUSED.into(),
                (true, false) => RELAY_OUT.into(),
                (false, _) => refusal.code.kept(),
            };
            let aside = SetAside {
                kind: waiting.kind.into(),
                document: waiting.document,
                code,
                at_ms: self.host.now_ms(),
                shut: false,
                own: true,
                changes: vec![waiting.bytes.clone()],
            };
            let key = Quarantine::put(&mut taken.batch, &aside);
            self.core.quarantine.take(key, aside);
        }
        if !again.is_empty() {
            self.core.outbox.put(&mut taken.batch, &again);
            self.core.outbox.take(again);
        }
        Ok(count)
    }

    async fn is_mine(&mut self, waiting: &Waiting) -> Result<bool, ClientError> {
        let me = self.me()?;
        let Ok(Some(document)) = self.find(waiting.document).await else {
            return Ok(true);
        };
        let author = document.authors().get(&waiting.hash).and_then(|change| change.author);
        Ok(author.is_none_or(|author| author == me))
    }

    /// Changes the endpoint lacks and this phone has: they are handed over too. Nothing when one is not here either.
    async fn ancestors(&mut self, waiting: &Waiting, need: &[Hash]) -> Result<Option<Vec<Waiting>>, ClientError> {
        let mut more = Vec::new();
        for hash in need {
            if self.core.outbox.has(waiting.document, *hash) {
                continue;
            }
            let refused = self
                .core
                .quarantine
                .of(waiting.document)
                .any(|(_, aside)| aside.own && aside.changes.iter().any(|bytes| hash_of(bytes) == *hash));
            if refused {
                return Ok(None);
            }
            let Some(document) = self.find(waiting.document).await? else {
                return Ok(None);
            };
            let Some(bytes) = document.change_bytes(*hash) else {
                return Ok(None);
            };
            more.push(Waiting {
                kind: waiting.kind,
                document: waiting.document,
                hash: *hash,
                bytes,
            });
        }
        Ok(Some(more))
    }

    fn after_feed(
        &mut self,
        response: &SyncResponse,
        arrived: &[Item],
        receipts: &[(u64, Item)],
        progress: &mut Progress,
    ) -> Next {
        if response.reconcile {
            if !progress.reconcile && progress.cursor.seq > 0 {
                progress.lost = Some((progress.cursor, progress.digest));
            }
            progress.reconcile = true;
            return Next::Compare;
        }
        let mut digest = progress.digest;
        arrived.iter().for_each(|item| digest.add(item));
        receipts
            .iter()
            .filter(|(seq, _)| *seq > progress.cursor.seq && *seq <= response.cursor.seq)
            .for_each(|(_, item)| digest.add(item));
        if digest != response.digest {
            progress.reconcile = true;
            return Next::Compare;
        }
        progress.cursor = response.cursor;
        progress.digest = digest;
        match (response.more, progress.reconcile) {
            (true, _) => Next::Feed,
            (false, true) => Next::Compare,
            (false, false) => Next::Done,
        }
    }

    /// Everything this phone holds that the endpoint is thought to hold as well.
    async fn held(&mut self) -> Result<BTreeMap<Item, (DocId, Hash)>, ClientError> {
        let mut held = BTreeMap::new();
        for (id, taken) in shelf::all(self.store).await? {
            let Taken::Open(shelved) = taken else { continue };
            for hash in shelved.document.hashes() {
                held.insert(Item::of(id, hash), (id, hash));
            }
        }
        for (_, aside) in self.core.quarantine.all().filter(|(_, aside)| !aside.own) {
            for bytes in &aside.changes {
                let hash = hash_of(bytes);
                held.insert(Item::of(aside.document, hash), (aside.document, hash));
            }
        }
        let own_refused: BTreeSet<(DocId, Hash)> = self
            .core
            .quarantine
            .all()
            .filter(|(_, aside)| aside.own)
            .flat_map(|(_, aside)| aside.changes.iter().map(|bytes| (aside.document, hash_of(bytes))))
            .collect();
        held.retain(|_, (id, hash)| !self.core.outbox.has(*id, *hash) && !own_refused.contains(&(*id, *hash)));
        Ok(held)
    }

    async fn held_buckets(&mut self) -> Result<Vec<u64>, ClientError> {
        let held = self.held().await?;
        Ok(buckets(held.keys()))
    }

    /// What the endpoint lacks goes back into the outbox; what this phone lacks is fetched by name.
    async fn after_compare(
        &mut self,
        response: SyncResponse,
        progress: &mut Progress,
        taken: &mut Intake,
    ) -> Result<Next, ClientError> {
        let held = self.held().await?;
        let differing: BTreeSet<u8> = response.held.iter().map(|(bucket, _)| *bucket).collect();
        let theirs: BTreeSet<[u8; 8]> = response
            .held
            .iter()
            .flat_map(|(_, items)| items.iter().copied())
            .collect();
        let mut common = Digest::default();
        let mut offer = Vec::new();
        for (item, (id, hash)) in &held {
            if differing.contains(&item.bucket()) && !theirs.contains(&item.short()) {
                offer.push((*id, *hash));
            } else {
                common.add(item);
            }
        }
        let mine: BTreeSet<[u8; 8]> = held.keys().map(Item::short).collect();
        let mut want: Vec<[u8; 8]> = theirs.iter().filter(|short| !mine.contains(*short)).copied().collect();
        want.truncate(WANT_MAX);
        self.offer_again(offer, taken).await?;
        progress.digest = common;
        if want.is_empty() {
            return self.after_fetch(want, response, &[], progress).await;
        }
        Ok(Next::Fetch {
            want,
            compared: Box::new(response),
        })
    }

    async fn offer_again(&mut self, offer: Vec<(DocId, Hash)>, taken: &mut Intake) -> Result<(), ClientError> {
        let mut by_document: BTreeMap<DocId, BTreeSet<Hash>> = BTreeMap::new();
        for (id, hash) in offer {
            by_document.entry(id).or_default().insert(hash);
        }
        let mut again = Vec::new();
        for (id, hashes) in by_document {
            // What was set aside unread may be all that is left of it anywhere.
            let aside = self.core.quarantine.of(id).filter(|(_, aside)| !aside.own);
            let known = aside.filter_map(|(_, aside)| Some((aside.kind.known()?, &aside.changes)));
            let mut found: Vec<(DocKind, Hash, Vec<u8>)> = known
                .flat_map(|(kind, changes)| changes.iter().map(move |bytes| (kind, hash_of(bytes), bytes.clone())))
                .collect();
            if let Ok(Some(document)) = self.find(id).await {
                let changes = document.changes_since(&[]).into_iter();
                found.extend(changes.map(|(hash, bytes)| (document.kind(), hash, bytes)));
            }
            // The desk writes its own again.
            found.retain(|(kind, hash, _)| !kind.is_of_desk() && hashes.contains(hash));
            found.sort_by_key(|(_, hash, _)| *hash);
            found.dedup_by_key(|(_, hash, _)| *hash);
            again.extend(found.into_iter().map(|(kind, hash, bytes)| Waiting {
                kind,
                document: id,
                hash,
                bytes,
            }));
        }
        self.core.outbox.put(&mut taken.batch, &again);
        self.core.outbox.take(again);
        Ok(())
    }

    /// Asks on until nothing is missing; then the cursor moves to where the sides were compared.
    async fn after_fetch(
        &mut self,
        want: Vec<[u8; 8]>,
        compared: SyncResponse,
        arrived: &[Item],
        progress: &mut Progress,
    ) -> Result<Next, ClientError> {
        arrived.iter().for_each(|item| progress.digest.add(item));
        let here: BTreeSet<[u8; 8]> = arrived.iter().map(Item::short).collect();
        let left: Vec<[u8; 8]> = want.iter().filter(|short| !here.contains(*short)).copied().collect();
        if !left.is_empty() && !arrived.is_empty() {
            return Ok(Next::Fetch {
                want: left,
                compared: Box::new(compared),
            });
        }
        if progress.digest == compared.digest {
            progress.cursor = compared.cursor;
            progress.reconcile = false;
            return Ok(Next::Feed);
        }
        // The endpoint no longer has what it named, or a document could not be read here: compared again next time.
        progress.cursor = Default::default();
        progress.digest = Digest::default();
        progress.reconcile = true;
        Ok(Next::Done)
    }
}
