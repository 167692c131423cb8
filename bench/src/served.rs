//! A real endpoint on a free port with the village in its database, and devices that speak its protocol.

use crate::fill;
use crate::http;
use crate::village::{FIRST_MS, Fields, Village, Work};
use anyhow::{Context, Result, anyhow, bail};
use bianfang::base::host::Actors;
use bianfang::base::id::{DocId, SpaceId};
use bianfang::doc::{DocKind, Document, import_author};
use bianfang::sync::digest::{Digest, Item};
use bianfang::sync::enrol::{Enrol, Enrolled};
use bianfang::sync::log::{Log as _, Role};
use bianfang::sync::wire::{Ask, Bundle, Cursor, DocChanges, SyncRequest, SyncResponse};
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::forms;
use bianfang_endpoint::forms::publish::{self, Ready};
use bianfang_endpoint::join::{self, Invitee, NewInvitation};
use bianfang_endpoint::judge::KeyPair;
use bianfang_endpoint::store::SqliteLog;
use bianfang_endpoint::village::{self, NewVillage};
use bianfang_endpoint::{App, Backend, Clock, Config, Running, entropy, start};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::runtime::Runtime;

/// Half a year after the first visit.
pub const NOW_MS: i64 = FIRST_MS + 270 * 86_400_000;

/// The endpoint.
pub struct Served {
    runtime: Runtime,
    running: Option<Running>,
    folder: PathBuf,
    pub space: SpaceId,
    pub address: SocketAddr,
}

impl Served {
    /// An endpoint that holds this village; `app` is what it shows to browsers.
    pub fn start(village: &Village, app: Option<PathBuf>) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("bianfang-bench-{}", DocId(entropy::random())));
        std::fs::create_dir_all(&folder)?;
        let mut config = Config::new(
            Backend::Sqlite(folder.join("data")),
            SocketAddr::from(([127, 0, 0, 1], 0)),
        );
        config.clock = Clock::new(|| NOW_MS);
        config.app = App::Folder(app.unwrap_or_else(|| folder.join("app")));
        let runtime = Runtime::new()?;
        let running = runtime.block_on(start(config))?;
        let new = NewVillage {
            code: "430581100298".into(),
            name: "大村".into(),
            demonstration: true,
        };
        let store = &running.endpoint.store;
        let space = store
            .write(|tx| village::make(tx, &Desk::load_or_make(tx, NOW_MS)?, &new, NOW_MS))
            .map_err(|error| anyhow!("{error}"))?;
        let served = Self {
            address: running.address,
            running: Some(running),
            runtime,
            folder,
            space,
        };
        served.fill(village)?;
        Ok(served)
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is dropped")
    }

    fn fill(&self, village: &Village) -> Result<()> {
        let importer = import_author(self.space);
        let mut import = Actors::new(entropy::random());
        let mut made = Vec::new();
        for household in &village.households {
            made.push((household.id, fill::document(household, importer, &mut import)?.1));
        }
        self.running().endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, NOW_MS)?.device();
            let mut log = SqliteLog::new(tx, self.space);
            for (id, changes) in made {
                fill::append(&mut log, desk, id, changes, NOW_MS)?;
            }
            anyhow::Ok(())
        })
    }

    /// A device that has joined and stands at the end of the feed.
    pub fn device(&self, name: &str) -> Result<Device> {
        let key = KeyPair::generate();
        let invitee = Invitee {
            member: None,
            name: name.into(),
            phone: String::new(),
            role: Role::Member,
        };
        let store = &self.running().endpoint.store;
        let me = store.write(|tx| {
            let desk = Desk::load_or_make(tx, NOW_MS).map_err(|error| anyhow!("{error}"))?;
            let new = join::invite(tx, self.space, &invitee, desk.member(), NOW_MS).map_err(|e| anyhow!("{e}"))?;
            let enrol = Enrol {
                public_key: key.public_key(),
                label: name.into(),
                former: bianfang::base::id::MemberId([0; 16]),
                signature: key.sign(&Enrol::message(&new.token, &key.public_key())),
                token: new.token,
            };
            join::enrol(tx, &enrol, NOW_MS).map_err(|error| anyhow!("{error}"))
        })?;
        let mut device = Device {
            address: self.address,
            key,
            me,
            cursor: Cursor::default(),
            digest: Digest::default(),
            presence: 0,
            actors: Actors::new(entropy::random()),
        };
        self.stand_at_end(&mut device)?;
        Ok(device)
    }

    /// An invitation for a client that joins by itself.
    pub fn invite(&self, name: &str) -> Result<NewInvitation> {
        let invitee = Invitee {
            member: None,
            name: name.into(),
            phone: String::new(),
            role: Role::Member,
        };
        self.running().endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, NOW_MS).map_err(|error| anyhow!("{error}"))?;
            join::invite(tx, self.space, &invitee, desk.member(), NOW_MS).map_err(|error| anyhow!("{error}"))
        })
    }

    /// As if the device had loaded everything.
    pub fn stand_at_end(&self, device: &mut Device) -> Result<()> {
        let (cursor, digest, presence) = self.running().endpoint.store.read(|tx| {
            let mut log = SqliteLog::reading(tx, self.space);
            let end = log.end()?;
            anyhow::Ok((end.cursor(&log.secret()?), end.digest, end.presence))
        })?;
        (device.cursor, device.digest, device.presence) = (cursor, digest, presence);
        Ok(())
    }

    /// Makes the pack of the first load, which the first phone would wait for otherwise.
    pub fn pack(&self) -> Result<()> {
        let store = &self.running().endpoint.store;
        bianfang_endpoint::packs::manifest(store, self.space, NOW_MS.div_euclid(1000)).map_err(|e| anyhow!("{e}"))?;
        Ok(())
    }

    /// Publishes a form, as the desk does.
    pub fn publish(&self, workbook: &[u8]) -> Result<()> {
        let none = std::collections::BTreeMap::new();
        let sheets = forms::sheets(workbook)?;
        let form = forms::read(workbook, &none)?.form.context("the form has mistakes")?;
        let ready = Ready::new(&form, &sheets, &none).map_err(|error| anyhow!("{}", error.code()))?;
        let published = self.running().endpoint.store.write(|tx| {
            let desk = Desk::load_or_make(tx, NOW_MS)?;
            publish::publish(tx, &desk, self.space, &ready, NOW_MS)
        });
        published.map(drop).map_err(|error| anyhow!("{}", error.code()))
    }

    /// A household as the endpoint holds it.
    pub fn open(&self, id: DocId) -> Result<Document> {
        let store = &self.running().endpoint.store;
        store.read(|tx| Desk::open(tx, self.space, DocKind::Household, id).map_err(|error| anyhow!("{error}")))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
        // A folder that stays behind in the system's temporary place harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What one or more exchanges moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    pub up: usize,
    pub down: usize,
    pub rounds: usize,
    pub received: usize,
}

impl Exchange {
    /// Both ways.
    pub fn bytes(&self) -> usize {
        self.up + self.down
    }
}

/// A phone reduced to its place in the feed: what it sends and gets is what the app sends and gets.
pub struct Device {
    address: SocketAddr,
    key: KeyPair,
    me: Enrolled,
    cursor: Cursor,
    digest: Digest,
    presence: u64,
    actors: Actors,
}

impl Device {
    /// As it stands in the header.
    pub fn token(&self) -> String {
        format!("{}.{}", self.me.device, self.me.token)
    }

    /// The changes of a day's work, as the app makes them.
    pub fn saves(&mut self, served: &Served, village: &Village, works: &[Work]) -> Result<Vec<DocChanges>> {
        let mut outbox = Vec::new();
        for work in works {
            let id = village.households[work.household].id;
            let mut document = served.open(id)?;
            outbox.push(DocChanges {
                kind: DocKind::Household,
                document: id,
                changes: fill::work(&mut document, work, self.me.member, &mut self.actors)?,
            });
        }
        Ok(outbox)
    }

    /// Saves of fields, one after the other, at each of these households.
    pub fn writes(&mut self, served: &Served, ids: &[DocId], saves: &[Fields]) -> Result<Vec<DocChanges>> {
        let mut outbox = Vec::new();
        for id in ids {
            let mut document = served.open(*id)?;
            let actor = self.actors.fresh();
            let mut at_ms = NOW_MS;
            let mut changes = Vec::new();
            for fields in saves {
                at_ms += 60_000;
                changes.push(fill::write(&mut document, fields, self.me.member, at_ms, actor)?);
            }
            outbox.push(DocChanges {
                kind: DocKind::Household,
                document: *id,
                changes,
            });
        }
        Ok(outbox)
    }

    /// Exchanges until nothing more follows.
    pub fn sync(&mut self, outbox: Vec<DocChanges>) -> Result<Exchange> {
        let mut exchange = Exchange::default();
        let mut bundles = self.sign(outbox);
        loop {
            let sent = std::mem::take(&mut bundles);
            let (request, response, bytes) = self.exchange(sent, &mut exchange)?;
            if !response.refusals.is_empty() || response.reconcile {
                bail!("the endpoint refused: {:?}", response.refusals);
            }
            self.take(&request, &response, bytes, &mut exchange);
            if !response.more {
                return Ok(exchange);
            }
        }
    }

    fn sign(&self, documents: Vec<DocChanges>) -> Vec<Bundle> {
        if documents.is_empty() {
            return Vec::new();
        }
        vec![Bundle {
            device: self.me.device,
            signature: self
                .key
                .sign(&Bundle::message(self.me.space, self.me.device, &documents)),
            documents,
        }]
    }

    fn exchange(&self, bundles: Vec<Bundle>, exchange: &mut Exchange) -> Result<(SyncRequest, SyncResponse, usize)> {
        let request = SyncRequest {
            cursor: self.cursor,
            digest: self.digest,
            presence: self.presence,
            ask: Ask::Feed,
            bundles,
        };
        let body = request.encode();
        let path = format!("/v1/sync/{}", self.me.space);
        let answer = http::must(self.address, &path, Some(&self.token()), Some(&body), "identity")?;
        exchange.up += body.len();
        exchange.rounds += 1;
        let response = SyncResponse::decode(&answer).context("the endpoint's answer")?;
        Ok((request, response, answer.len()))
    }

    /// Goes on to the answer's place after checking that it is the place which follows from what came.
    fn take(&mut self, request: &SyncRequest, response: &SyncResponse, bytes: usize, exchange: &mut Exchange) {
        exchange.down += bytes;
        exchange.received += response.arrivals.iter().map(|part| part.arrivals.len()).sum::<usize>();
        let mut digest = self.digest;
        let sent = request.bundles.iter().flat_map(|bundle| &bundle.documents);
        let sent = sent.flat_map(|part| part.changes.iter().map(move |bytes| (part.document, bytes)));
        let came = response.arrivals.iter();
        let came = came.flat_map(|part| part.arrivals.iter().map(move |one| (part.document, &one.bytes)));
        for (document, bytes) in sent.chain(came) {
            digest.add(&Item::of(document, fill::hash(bytes)));
        }
        // With several pages what was sent lies at the end of the feed, so only the last page can be compared.
        debug_assert!(response.more || exchange.rounds > 1 || digest == response.digest);
        (self.cursor, self.digest, self.presence) = (response.cursor, response.digest, response.presence);
    }
}
