//! 备份 and 退出本村: everything that is only on this phone as one file, the file of another phone opened here, and a
//! phone that gives its records up once nothing of them is only here.

use super::api::{Reply, Request};
use super::error::ClientError;
use super::link::{Keys, Link};
use super::outbox::Outbox;
use super::phone::{Book, Client, Core};
use super::relay::{Left, Relay, hash_of, may_come};
use super::shelf::{self, Shelved, Taken};
use super::store::{Batch, Durability, Store, Table};
use super::view::{RescueFile, RescueLost, RescueOpened, RescueView};
use super::{envelope, state};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::doc::{DocKind, Header};
use crate::index::Row;
use crate::sync::digest::Item;
use crate::sync::rescue::{self, Contents};
use crate::sync::wire::{Bundle, DocChanges};
use std::collections::{BTreeMap, BTreeSet};

/// What was handed out in rescue files. A stored format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exported {
    /// When the last file was shared or stored.
    pub at_ms: Option<i64>,
    /// Short names of the changes.
    pub items: BTreeSet<[u8; 8]>,
}

impl Exported {
    fn encode(&self) -> Vec<u8> {
        let at_ms = self.at_ms.unwrap_or_default().to_be_bytes();
        let items = self.items.iter().flatten().copied();
        at_ms.into_iter().chain(items).collect()
    }

    /// Damaged bytes are never read: the envelope proves them. Of a newer release, what fits.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let mut eights = bytes
            .chunks_exact(8)
            .filter_map(|eight| <[u8; 8]>::try_from(eight).ok());
        Self {
            at_ms: eights.next().map(i64::from_be_bytes),
            items: eights.collect(),
        }
    }
}

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// What the endpoint has not acknowledged.
    Waiting,
    /// All that is here.
    Everything,
    /// What of one document waits or was set aside: 打不开的记录.
    Aside(DocId),
}

/// What goes into a file, before it is signed.
struct Load {
    contents: Contents,
    relays: Vec<Bundle>,
    portions: Vec<Vec<DocChanges>>,
    items: Vec<[u8; 8]>,
}

impl<S: Store, L: Link, K: Keys, H: Host> Client<S, L, K, H> {
    /// Answers what concerns rescue files.
    pub(super) async fn rescue(&self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::MakeRescue { everything } => Reply::MakeRescue {
                file: self
                    .make_rescue(if everything {
                        Wanted::Everything
                    } else {
                        Wanted::Waiting
                    })
                    .await?,
            },
            Request::ExportAside { id } => {
                let document = self.book().await?.aside_document(&id)?;
                Reply::ExportAside {
                    file: self.make_rescue(Wanted::Aside(document)).await?,
                }
            }
            Request::RescueKept => {
                self.book().await?.rescue_kept().await?;
                Reply::RescueKept
            }
            Request::OpenRescue { text } => Reply::OpenRescue {
                view: self.book().await?.open_rescue(&text).await?,
            },
            Request::Leave => {
                self.leave().await?;
                Reply::Leave {
                    view: self.book().await?.start_view(),
                }
            }
            _ => Reply::Rescue {
                view: self.book().await?.rescue_view().await?,
            },
        })
    }

    async fn make_rescue(&self, wanted: Wanted) -> Result<RescueFile, ClientError> {
        let load = self.book().await?.rescue_load(wanted).await?;
        let (space, space_key, device) = {
            let book = self.book().await?;
            let enrolled = book.enrolled()?;
            (enrolled.space, enrolled.space_key, enrolled.device)
        };
        let mut bundles = load.relays;
        for documents in load.portions {
            let signature = self.keys.sign(&Bundle::message(space, device, &documents)).await?;
            bundles.push(Bundle {
                device,
                documents,
                signature,
            });
        }
        if bundles.is_empty() {
            return Err(ClientError::Refused("rescue_nothing".into(), 0));
        }
        let mut book = self.book().await?;
        let text = rescue::seal(
            &space_key,
            &self.host.random_16(),
            &load.contents,
            &bundles,
            |document| book.place_of(document),
        );
        book.core.offered = load.items;
        let phone = device.to_string();
        let day = Date::in_china(load.contents.made_ms);
        Ok(RescueFile {
            name: format!("遍访备份-{day}-{}.txt", phone.get(..6).unwrap_or_default()),
            text,
            changes: bundles.iter().map(Bundle::len).sum::<usize>() as u32,
        })
    }

    /// Clears this phone. Whoever uses it next joins as on a new one.
    async fn leave(&self) -> Result<(), ClientError> {
        // What is under way must not come back to a phone that was cleared.
        let _one = self.syncing.lock().await;
        let mut book = self.book().await?;
        book.enrolled()?;
        if book.unkept() > 0 {
            return Err(ClientError::Refused("leave_unkept".into(), 0));
        }
        if !book.drafts().await?.is_empty() {
            return Err(ClientError::Refused("leave_drafts".into(), 0));
        }
        let mut batch = Batch::default();
        for table in Table::ALL {
            for (key, _) in self.store.range(table, &[]).await? {
                batch.delete(table, key);
            }
        }
        batch.put(Table::State, state::LEFT, envelope::seal(&[1]));
        self.store.commit(batch, Durability::Strict).await?;
        *book.core = Core::default();
        drop(book);
        self.forget_key().await
    }

    /// Forgets the key of somebody who left; done again at the next joining if the phone died in between.
    pub(super) async fn forget_key(&self) -> Result<(), ClientError> {
        self.keys.forget().await?;
        let mut batch = Batch::default();
        batch.delete(Table::State, state::LEFT);
        Ok(self.store.commit(batch, Durability::Strict).await?)
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Short names of everything that is here and the endpoint has not acknowledged.
    fn only_here(&self) -> BTreeSet<[u8; 8]> {
        let waiting = self.core.outbox.all().map(|waiting| (waiting.document, waiting.hash));
        let relays = self.core.outbox.relays();
        let apart = relays
            .flat_map(|(_, relay)| relay.apart())
            .map(|waiting| (waiting.document, waiting.hash));
        let refused = self.core.quarantine.all().filter(|(_, aside)| aside.is_refused());
        let refused = refused.flat_map(|(_, aside)| {
            let names = aside.changes.iter().map(|bytes| (aside.document, hash_of(bytes)));
            names.collect::<Vec<_>>()
        });
        let all = waiting.chain(apart).chain(refused);
        all.map(|(document, hash)| Item::of(document, hash).short()).collect()
    }

    fn unkept(&self) -> usize {
        self.only_here().difference(&self.core.exported.items).count()
    }

    async fn rescue_view(&self) -> Result<RescueView, ClientError> {
        self.enrolled()?;
        Ok(RescueView {
            waiting: self.only_here().len() as u32,
            unkept: self.unkept() as u32,
            kept_at: self.core.exported.at_ms,
            drafts: self.drafts().await?.len() as u32,
            revoked: self.core.progress.revoked,
        })
    }

    /// The document of something set aside, as the app names it.
    fn aside_document(&self, id: &str) -> Result<DocId, ClientError> {
        let hex = |key: &[u8]| key.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut all = self.core.quarantine.all();
        let found = all.find(|(key, _)| hex(key) == id);
        found.map(|(_, aside)| aside.document).ok_or(ClientError::NotFound)
    }

    async fn rescue_load(&mut self, wanted: Wanted) -> Result<Load, ClientError> {
        let everything = wanted == Wanted::Everything;
        let meant = |document: DocId| match wanted {
            Wanted::Aside(only) => only == document,
            Wanted::Waiting | Wanted::Everything => true,
        };
        let enrolled = self.enrolled()?;
        let contents = Contents {
            made_ms: self.host.now_ms(),
            device: enrolled.device,
            member: enrolled.member,
            name: self.me_view().name,
            everything,
            parts: Vec::new(),
        };
        let mut own = self.core.outbox.own();
        let mut add = |kind: DocKind, document: DocId, changes: Vec<Vec<u8>>| match own
            .iter_mut()
            .find(|part| part.document == document)
        {
            Some(part) => part.changes.extend(changes),
            None => own.push(DocChanges {
                kind,
                document,
                changes,
            }),
        };
        for (_, aside) in self.core.quarantine.all() {
            if let Some(kind) = aside
                .kind
                .known()
                .filter(|_| aside.is_refused() || wanted != Wanted::Waiting)
            {
                add(kind, aside.document, aside.changes.clone());
            }
        }
        if everything {
            for (id, taken) in shelf::all(self.store).await? {
                let Taken::Open(shelved) = taken else { continue };
                let changes = shelved.document.changes_since(&[]).into_iter();
                add(shelved.document.kind(), id, changes.map(|(_, bytes)| bytes).collect());
            }
        }
        let relays = self.core.outbox.relays();
        let carries = |bundle: &Bundle| bundle.documents.iter().any(|part| meant(part.document));
        let relays: Vec<Bundle> = relays.map(|(_, relay)| relay.bundle.clone()).filter(carries).collect();
        let carried: BTreeSet<_> = relays.iter().flat_map(names).collect();
        own.retain(|part| may_come(part.kind) && meant(part.document));
        for part in &mut own {
            let document = part.document;
            part.changes = in_order(std::mem::take(&mut part.changes), |bytes| {
                carried.contains(&(document, hash_of(bytes)))
            });
        }
        Ok(Load {
            contents,
            items: self.offered_items(wanted, &own),
            portions: rescue::portions(own),
            relays,
        })
    }

    /// What of all that is only here such a file holds.
    fn offered_items(&self, wanted: Wanted, own: &[DocChanges]) -> Vec<[u8; 8]> {
        let here = self.only_here();
        if !matches!(wanted, Wanted::Aside(_)) {
            return here.into_iter().collect();
        }
        let names = own.iter().flat_map(|part| {
            let hashes = part.changes.iter().map(|bytes| hash_of(bytes));
            hashes.map(|hash| Item::of(part.document, hash).short())
        });
        names.filter(|name| here.contains(name)).collect()
    }

    /// The file that was made last is in somebody's hands.
    async fn rescue_kept(&mut self) -> Result<(), ClientError> {
        let here = self.only_here();
        let mut exported = self.core.exported.clone();
        exported.at_ms = Some(self.host.now_ms());
        exported.items.extend(self.core.offered.iter());
        // What was acknowledged since is nobody's worry.
        exported.items.retain(|item| here.contains(item));
        let mut batch = Batch::default();
        batch.put(Table::State, state::EXPORTED, envelope::seal(&exported.encode()));
        self.store.commit(batch, Durability::Strict).await?;
        self.core.exported = exported;
        self.core.offered.clear();
        Ok(())
    }

    async fn open_rescue(&mut self, text: &str) -> Result<RescueOpened, ClientError> {
        let (_, opened) = rescue::open(text, &[self.enrolled()?.space_key])?;
        let mut view = RescueOpened {
            name: String::new(),
            made_at: None,
            fresh: 0,
            known: 0,
            apart: 0,
            damaged: opened.damaged as u32,
            parts: opened.blocks as u32,
            lost: Vec::new(),
        };
        if let Some(contents) = opened.contents {
            view.name = contents.name;
            view.made_at = Some(contents.made_ms);
        }
        for part in opened.lost {
            let here = self.place_of(part.document);
            view.lost.push(RescueLost {
                of: if here.is_empty() { part.label } else { here },
                changes: part.changes as u32,
            });
        }
        for bundle in opened.bundles {
            let key = Relay::key(&bundle);
            let relay = self.core.outbox.relay(key).cloned();
            let relay = relay.unwrap_or_else(|| Relay::new(bundle));
            let changes = relay.left.len();
            let (merged, apart) = self.merge_relay(key, relay).await?;
            view.fresh += merged as u32;
            view.apart += apart as u32;
            view.known += (changes - merged - apart) as u32;
        }
        self.tell_strip();
        Ok(view)
    }

    /// Merges what waits apart and can be merged now.
    pub(super) async fn merge_relays(&mut self) -> Result<(), ClientError> {
        let apart = |(key, relay): ([u8; 16], &Relay)| relay.apart().next().map(|_| (key, relay.clone()));
        let waiting: Vec<([u8; 16], Relay)> = self.core.outbox.relays().filter_map(apart).collect();
        for (key, relay) in waiting {
            self.merge_relay(key, relay).await?;
        }
        Ok(())
    }

    /// Merges a bundle into its documents and keeps it to be passed on, in one step; returns how many changes were new
    /// here, and how many wait apart. A bundle of a phone that is not known as one in use is only passed on: what the
    /// endpoint will not take must not get under the work of this phone.
    async fn merge_relay(&mut self, key: [u8; 16], relay: Relay) -> Result<(usize, usize), ClientError> {
        let ids: Vec<DocId> = relay.bundle.documents.iter().map(|part| part.document).collect();
        self.note_opening(&ids).await?;
        let merged = self.merge_noted(key, relay).await;
        if merged.is_err() {
            self.clear_opening().await?;
        }
        merged
    }

    async fn merge_noted(&mut self, key: [u8; 16], mut relay: Relay) -> Result<(usize, usize), ClientError> {
        let member = self.core.village.phones.get(&relay.bundle.device);
        let member = member.and_then(|member| self.core.village.member(*member));
        let in_use = member.is_some_and(|member| member.is_active(self.today()));
        let documents = relay.bundle.documents.clone();
        let mut batch = Batch::default();
        batch.delete(Table::State, state::OPENING);
        let mut open: Vec<Shelved> = Vec::new();
        let (mut place, mut merged) = (0, 0);
        for part in documents {
            let places = place..place + part.changes.len();
            place = places.end;
            let twice = open.iter().any(|shelved| shelved.document.id() == part.document);
            let left = &mut relay.left[places];
            if !may_come(part.kind) {
                left.fill(Left::Done);
            } else if !twice {
                let (shelved, new) = self.merge_part(&mut batch, &part, left, in_use).await?;
                merged += new;
                open.extend(shelved);
            }
        }
        let space_key = self.enrolled()?.space_key;
        let rows = open.iter().map(|one| {
            (
                one.document.id(),
                Row::read(&one.document, &space_key, &self.core.procedures),
            )
        });
        let rows: BTreeMap<DocId, Row> = rows.collect();
        self.core.rows.put(&mut batch, &rows);
        if relay.is_done() {
            batch.delete(Table::Relay, key);
        } else {
            Outbox::put_relay(&mut batch, key, &relay);
        }
        self.store.commit(batch, Durability::Strict).await?;
        let changed: Vec<DocId> = rows.keys().copied().collect();
        self.core.rows.take(rows);
        let apart = relay.apart().count();
        if relay.is_done() {
            self.core.outbox.drop_relay(key);
        } else {
            self.core.outbox.take_relay(key, relay);
        }
        for mut shelved in open {
            let _ = shelf::fold(self.store, &mut shelved).await;
            self.keep_open(shelved);
        }
        if !changed.is_empty() {
            self.tell_changed(&changed).await?;
        }
        Ok((merged, apart))
    }

    /// Merges the changes of one document that wait apart. Gives the document when something was new in it.
    async fn merge_part(
        &mut self,
        batch: &mut Batch,
        part: &DocChanges,
        left: &mut [Left],
        in_use: bool,
    ) -> Result<(Option<Shelved>, usize), ClientError> {
        let id = part.document;
        if self.core.quarantine.is_shut(id) {
            return Ok((None, 0));
        }
        self.core.open.retain(|open| open.document.id() != id);
        let mut shelved = match shelf::take(self.store, id).await? {
            Taken::Absent => Shelved::new(part.kind, id),
            Taken::Open(mut shelved) if shelved.document.kind() == part.kind => {
                self.note_damage(&mut shelved);
                shelved
            }
            // Stays for the endpoint to judge; what is spoiled here is mended in its own way.
            Taken::Open(_) | Taken::Unreadable(..) => return Ok((None, 0)),
        };
        let mut fresh = Vec::new();
        for (bytes, left) in part.changes.iter().zip(left.iter_mut()) {
            if *left == Left::Apart && shelved.document.change_bytes(hash_of(bytes)).is_some() {
                // Acknowledged, or handed over with the work that waits here.
                *left = Left::Done;
            } else if *left == Left::Apart {
                fresh.push(bytes.clone());
            }
        }
        if fresh.is_empty() || !in_use || shelved.document.apply(&fresh).is_err() {
            return Ok((None, 0));
        }
        // The endpoint has not judged it yet: what breaks a document that is saved waits for it to do so.
        if shelved.document.save_proven().is_none() {
            return Ok((None, 0));
        }
        let key = shelf::put_changes(batch, part.kind, id, &fresh);
        shelved.keys.push(key);
        for left in left.iter_mut().filter(|left| **left == Left::Apart) {
            *left = Left::Merged;
        }
        Ok((Some(shelved), fresh.len()))
    }
}

fn names(bundle: &Bundle) -> Vec<(DocId, crate::doc::Hash)> {
    let parts = bundle.documents.iter();
    parts
        .flat_map(|part| part.changes.iter().map(|bytes| (part.document, hash_of(bytes))))
        .collect()
}

/// Ancestors first, each once, without those that go another way.
fn in_order(changes: Vec<Vec<u8>>, without: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let mut seen = BTreeSet::new();
    let mut changes: Vec<(u64, Vec<u8>)> = changes
        .into_iter()
        .filter(|bytes| !without(bytes) && seen.insert(hash_of(bytes)))
        .map(|bytes| (Header::read(&bytes).map_or(0, |header| header.start_op), bytes))
        .collect();
    changes.sort_by_key(|(start_op, _)| *start_op);
    changes.into_iter().map(|(_, bytes)| bytes).collect()
}
