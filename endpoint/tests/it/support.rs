//! A running endpoint, phones that speak its protocol, and a small HTTP client that can also misbehave.

use bianfang::base::id::{ActorBytes, DocId, MemberId, SpaceId};
use bianfang::doc::{At, DocKind, Document, Edit, Put};
use bianfang::sync::digest::{Digest, Item, buckets};
use bianfang::sync::enrol::{Enrol, Enrolled, Look, Looked, Refused};
use bianfang::sync::log::Role;
use bianfang::sync::wire::{Ask, Bundle, Cursor, DocChanges, SyncRequest, SyncResponse};
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::join::{self, Invitee, NewInvitation};
use bianfang_endpoint::judge::KeyPair;
use bianfang_endpoint::village::{self, NewVillage};
use bianfang_endpoint::{App, Backend, Clock, Config, Running, entropy, start};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::runtime::Runtime;

pub const NOW_MS: i64 = 1_565_830_000_000;
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
pub const CODE: &str = "422822104299";

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = DocId(entropy::random()).to_string();
        let path = std::env::temp_dir().join(format!("bianfang-{name}"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Not worth failing a test for.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running endpoint with one village.
pub struct World {
    runtime: Runtime,
    running: Option<Running>,
    now_ms: Arc<AtomicI64>,
    pub folder: Folder,
    pub space: SpaceId,
    pub address: SocketAddr,
}

impl World {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::new();
        let now_ms = Arc::new(AtomicI64::new(NOW_MS));
        let mut config = Config::new(
            Backend::Sqlite(folder.0.join("data")),
            SocketAddr::from(([127, 0, 0, 1], 0)),
        );
        let clock = Arc::clone(&now_ms);
        config.clock = Clock::new(move || clock.load(Ordering::Relaxed));
        config.app = App::Folder(folder.0.join("app"));
        change(&mut config);
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(start(config)).unwrap();
        let village = NewVillage {
            code: CODE.into(),
            name: "白果村".into(),
            demonstration: true,
        };
        let space = running
            .endpoint
            .store
            .write(|tx| village::make(tx, &Desk::load_or_make(tx, NOW_MS)?, &village, NOW_MS))
            .unwrap();
        Self {
            runtime,
            address: running.address,
            running: Some(running),
            now_ms,
            folder,
            space,
        }
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is stopped")
    }

    pub fn backend(&self) -> Backend {
        Backend::Sqlite(self.folder.0.join("data"))
    }

    pub fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }

    /// Stops it and starts it again on the same data, at another address.
    pub fn restart(&mut self) {
        self.stop();
        let mut config = Config::new(self.backend(), SocketAddr::from(([127, 0, 0, 1], 0)));
        let clock = Arc::clone(&self.now_ms);
        config.clock = Clock::new(move || clock.load(Ordering::Relaxed));
        config.app = App::Folder(self.folder.0.join("app"));
        let running = self.runtime.block_on(start(config)).unwrap();
        self.address = running.address;
        self.running = Some(running);
    }

    /// A phone that has joined another village of the same endpoint.
    pub fn phone_elsewhere(&self, name: &str) -> Phone {
        let village = NewVillage {
            code: "422822104200".into(),
            name: "石桥村".into(),
            demonstration: true,
        };
        let now_ms = self.now_ms();
        let invitee = Invitee {
            member: None,
            name: name.into(),
            phone: "15400000002".into(),
            role: Role::Member,
        };
        let store = &self.running().endpoint.store;
        let space = store.write(|tx| village::make(tx, &Desk::load_or_make(tx, now_ms)?, &village, now_ms));
        let space = space.unwrap();
        let invitation = store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            join::invite(tx, space, &invitee, desk.member(), now_ms)
        });
        let key = KeyPair::generate();
        let enrolled = self.enrol(&key, &invitation.unwrap().token).unwrap();
        Phone::new(self.address, key, enrolled)
    }

    /// An invitation of the desk.
    pub fn invite(&self, name: &str, role: Role) -> NewInvitation {
        let invitee = Invitee {
            member: None,
            name: name.into(),
            phone: "15400000001".into(),
            role,
        };
        let now_ms = self.now_ms();
        self.running()
            .endpoint
            .store
            .write(|tx| {
                let desk = Desk::load_or_make(tx, now_ms)?;
                join::invite(tx, self.space, &invitee, desk.member(), now_ms)
            })
            .unwrap()
    }

    /// A phone that has joined.
    pub fn phone(&self, name: &str, role: Role) -> Phone {
        let invitation = self.invite(name, role);
        let key = KeyPair::generate();
        let enrolled = self.enrol(&key, &invitation.token).unwrap();
        Phone::new(self.address, key, enrolled)
    }

    pub fn look(&self, token: &str) -> Looked {
        let look = Look { token: token.into() };
        let reply = post(self.address, "/v1/look", None, &look.encode());
        assert_eq!(reply.status, 200);
        Looked::decode(&reply.body).unwrap()
    }

    pub fn enrol(&self, key: &KeyPair, token: &str) -> Result<Enrolled, Reply> {
        let reply = post(self.address, "/v1/enrol", None, &enrol_frame(key, token));
        if reply.status == 200 {
            Ok(Enrolled::decode(&reply.body).unwrap())
        } else {
            Err(reply)
        }
    }
}

pub fn enrol_frame(key: &KeyPair, token: &str) -> Vec<u8> {
    let public_key = key.public_key();
    let enrol = Enrol {
        token: token.into(),
        public_key,
        label: "红米 7".into(),
        former: MemberId([0; 16]),
        signature: key.sign(&Enrol::message(token, &public_key)),
    };
    enrol.encode()
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    /// The code of a refusal, which is always a frame of ours.
    pub fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/vnd.bianfang", "{self:?}");
        let refused = Refused::decode(&self.body).unwrap();
        let waits = self.headers.get("retry-after").map_or(0, |wait| wait.parse().unwrap());
        assert_eq!(refused.wait_s, waits);
        refused.code
    }
}

/// One request on a connection of its own. Headers are given as they go over the wire.
pub fn http(address: SocketAddr, head: &str, body: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
    let mut text = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers.lines() {
        text.push_str(&format!("{header}\r\n"));
    }
    if !body.is_empty() || line.starts_with("POST") {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes()).unwrap();
    // A refused body may not be read to its end.
    let _ = stream.write_all(body);
    read_reply(&mut stream)
}

pub fn read_reply(stream: &mut impl Read) -> Reply {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    let ended = loop {
        match stream.read(&mut part) {
            Ok(0) => break Ok(()),
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // A connection that is reset after the answer still gave the answer.
            Err(error) => break Err(error),
        }
    };
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {ended:?}, {} bytes", bytes.len()));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Reply {
        status,
        headers,
        body: bytes[end + 4..].to_vec(),
    }
}

pub fn post(address: SocketAddr, path: &str, token: Option<&str>, body: &[u8]) -> Reply {
    let mut head = format!("POST {path}\nContent-Type: application/vnd.bianfang");
    if let Some(token) = token {
        head.push_str(&format!("\nAuthorization: Bearer {token}"));
    }
    http(address, &head, body)
}

pub fn get(address: SocketAddr, path: &str, token: Option<&str>) -> Reply {
    match token {
        Some(token) => http(address, &format!("GET {path}\nAuthorization: Bearer {token}"), b""),
        None => http(address, &format!("GET {path}"), b""),
    }
}

/// A phone that keeps documents, its outbox and its place in the feed.
pub struct Phone {
    pub address: SocketAddr,
    pub key: KeyPair,
    pub me: Enrolled,
    pub documents: BTreeMap<DocId, Document>,
    pub outbox: Vec<DocChanges>,
    pub cursor: Cursor,
    pub digest: Digest,
    pub presence: u64,
}

impl Phone {
    pub fn new(address: SocketAddr, key: KeyPair, me: Enrolled) -> Self {
        Self {
            address,
            key,
            me,
            documents: BTreeMap::new(),
            outbox: Vec::new(),
            cursor: Cursor::default(),
            digest: Digest::default(),
            presence: 0,
        }
    }

    /// As it stands in the header.
    pub fn token(&self) -> String {
        format!("{}.{}", self.me.device, self.me.token)
    }

    pub fn author(&self) -> MemberId {
        self.me.member
    }

    fn document(&mut self, kind: DocKind, id: DocId) -> &mut Document {
        self.documents.entry(id).or_insert_with(|| Document::new(kind, id))
    }

    /// Writes one value of a household and puts the change into the outbox.
    pub fn write(&mut self, id: DocId, key: &str, value: &str) -> Vec<u8> {
        let put = Put::Value {
            at: At::Own,
            key: key.into(),
            value: value.into(),
        };
        self.edit(DocKind::Household, id, vec![put])
    }

    pub fn edit(&mut self, kind: DocKind, id: DocId, puts: Vec<Put>) -> Vec<u8> {
        let author = self.author();
        let open = self.document(kind, id);
        let edit = Edit {
            author,
            at_ms: NOW_MS,
            base: open.heads(),
            puts,
        };
        let made = open.edit(&edit, ActorBytes(entropy::random())).unwrap().unwrap();
        self.outbox.push(DocChanges {
            kind,
            document: id,
            changes: vec![made.bytes.clone()],
        });
        made.bytes
    }

    /// The outbox as a signed bundle.
    pub fn bundle(&self) -> Vec<Bundle> {
        if self.outbox.is_empty() {
            return Vec::new();
        }
        let message = Bundle::message(self.me.space, self.me.device, &self.outbox);
        vec![Bundle {
            device: self.me.device,
            documents: self.outbox.clone(),
            signature: self.key.sign(&message),
        }]
    }

    pub fn request(&self, ask: Ask) -> SyncRequest {
        SyncRequest {
            cursor: self.cursor,
            digest: self.digest,
            presence: self.presence,
            ask,
            bundles: self.bundle(),
        }
    }

    pub fn send(&self, request: &SyncRequest) -> Reply {
        let path = format!("/v1/sync/{}", self.me.space);
        post(self.address, &path, Some(&self.token()), &request.encode())
    }

    pub fn ask(&self, request: &SyncRequest) -> SyncResponse {
        let reply = self.send(request);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        SyncResponse::decode(&reply.body).unwrap()
    }

    fn take(&mut self, response: &SyncResponse) {
        for part in &response.arrivals {
            let changes: Vec<&[u8]> = part.arrivals.iter().map(|one| one.bytes.as_slice()).collect();
            self.document(part.kind.known().unwrap(), part.document)
                .apply(changes)
                .unwrap();
        }
    }

    /// Everything that this phone holds, as items.
    pub fn items(&self) -> Vec<Item> {
        let all = self.documents.iter();
        all.flat_map(|(id, document)| document.hashes().into_iter().map(|hash| Item::of(*id, hash)))
            .collect()
    }

    /// Synchronises until nothing is left to do on either side; everything handed over must be accepted.
    pub fn sync(&mut self) {
        loop {
            let request = self.request(Ask::Feed);
            let response = self.ask(&request);
            assert_eq!(response.refusals, []);
            self.outbox.clear();
            self.take(&response);
            if response.reconcile {
                self.reconcile();
                continue;
            }
            let moved = response.cursor != self.cursor;
            (self.cursor, self.digest, self.presence) = (response.cursor, response.digest, response.presence);
            if !response.more && !moved {
                let mut mine = Digest::default();
                self.items().iter().for_each(|item| mine.add(item));
                assert_eq!(mine, self.digest, "the phone holds what the endpoint says it holds");
                return;
            }
        }
    }

    /// Both sides name what they hold and give what the other lacks.
    pub fn reconcile(&mut self) {
        let items = self.items();
        let response = self.ask(&self.request(Ask::Buckets(buckets(&items))));
        let theirs: Vec<[u8; 8]> = response.held.iter().flat_map(|(_, held)| held.clone()).collect();
        let differing: Vec<u8> = response.held.iter().map(|(bucket, _)| *bucket).collect();
        let wanted: Vec<[u8; 8]> = theirs
            .iter()
            .filter(|short| !items.iter().any(|item| item.short() == **short))
            .copied()
            .collect();
        let me = self.author();
        let mut lacking = Vec::new();
        for (id, document) in &self.documents {
            let mine = document.authors();
            for hash in document.hashes() {
                let item = Item::of(*id, hash);
                let lacks = differing.contains(&item.bucket()) && !theirs.contains(&item.short());
                if lacks && mine[&hash].author == Some(me) {
                    lacking.push(DocChanges {
                        kind: document.kind(),
                        document: *id,
                        changes: document.change_bytes(hash).into_iter().collect(),
                    });
                }
            }
        }
        self.outbox = lacking;
        let response = self.ask(&self.request(Ask::Want(wanted)));
        assert_eq!(response.refusals, []);
        self.take(&response);
        self.outbox.clear();
        // Where both now stand is asked for by buckets, which answer with the end of the feed.
        let response = self.ask(&self.request(Ask::Buckets(buckets(&self.items()))));
        (self.cursor, self.digest) = (response.cursor, response.digest);
    }
}

pub fn home(number: u8) -> DocId {
    DocId([number; 16])
}
