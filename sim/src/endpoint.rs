//! The endpoint in memory: the real hub over a log, invitations and packs reduced to what phones see of them.

use crate::forge::Forgery;
use crate::link::{SimKeys, sign};
use crate::trace::Trace;
use bianfang::base::id::{ActorBytes, DeviceId, DocId, MemberId, RecordId, SpaceId};
use bianfang::client::link::{LinkRequest, LinkResponse};
use bianfang::doc::{At, DocKind, Document, Edit, Hash, Put, village_id};
use bianfang::index::Row;
use bianfang::sync::digest::Digest;
use bianfang::sync::enrol::{Enrol, Enrolled, Look, Looked, Refused};
use bianfang::sync::hub::{Caller, HandedIn, Judge, Revoked, answer, apply_saved_and_reloaded, hand_in};
use bianfang::sync::log::{DeviceFacts, Log, Role, Stored};
use bianfang::sync::memory::MemoryLog;
use bianfang::sync::pack::{BlockName, Manifest, PackedDoc, encode_block};
use bianfang::sync::rescue;
use bianfang::sync::wire::{Ask, Bundle, DocChanges, SyncRequest, SyncResponse};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The desk as an author.
pub const DESK: MemberId = MemberId([0xDE; 16]);
const DESK_KEY: [u8; 65] = [4; 65];

/// Somebody who is invited.
#[derive(Clone, Debug)]
pub struct Invited {
    pub member: MemberId,
    pub name: String,
    pub role: Role,
    pub used: bool,
}

/// The endpoint.
pub struct SimEndpoint {
    pub space: SpaceId,
    pub space_key: [u8; 32],
    pub log: MemoryLog,
    pub now_ms: i64,
    invitations: BTreeMap<String, Invited>,
    packs: BTreeMap<String, Vec<u8>>,
    /// Devices as they are today, in the notes of the desk.
    devices: BTreeMap<DeviceId, DeviceFacts>,
    /// Devices that were switched off, and how many changes of each were held then.
    switched_off: BTreeMap<DeviceId, usize>,
    /// What happens in this world.
    pub trace: Trace,
    next: u64,
}

struct Checking;

impl Judge for Checking {
    fn verify(&self, public_key: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> bool {
        sign(public_key, message) == *signature
    }
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        apply_saved_and_reloaded(kind, document, stored, changes)
    }
}

/// The device of a key.
pub fn device_of(public_key: &[u8; 65]) -> DeviceId {
    let digest = Sha256::digest(public_key);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    DeviceId(id)
}

impl SimEndpoint {
    /// An endpoint with one empty village.
    pub fn new(now_ms: i64) -> Self {
        let mut endpoint = Self {
            space: SpaceId([0xA5; 16]),
            space_key: [7; 32],
            log: MemoryLog::default(),
            now_ms,
            invitations: BTreeMap::new(),
            packs: BTreeMap::new(),
            devices: BTreeMap::new(),
            switched_off: BTreeMap::new(),
            trace: Trace::default(),
            next: 1,
        };
        let facts = DeviceFacts {
            member: DESK,
            public_key: DESK_KEY,
            revoked: false,
            role: Role::Desk,
        };
        endpoint.put_device(device_of(&DESK_KEY), facts);
        endpoint.write_as_desk(DocKind::Village, village_id(endpoint.space), DESK, |_| {
            vec![Put::Value {
                at: At::Own,
                key: "name".into(),
                value: "测试村".into(),
            }]
        });
        endpoint
    }

    /// Writes into a document as the desk does it: through the hub, signed by the endpoint's own device.
    pub fn write_as_desk(
        &mut self,
        kind: DocKind,
        document: DocId,
        author: MemberId,
        puts: impl FnOnce(&Document) -> Vec<Put>,
    ) {
        let mut open = self.open(kind, document);
        let edit = Edit {
            author,
            at_ms: self.now_ms,
            base: open.heads(),
            puts: puts(&open),
        };
        let actor = self.fresh_actor(0xDE);
        let Ok(Some(made)) = open.edit(&edit, actor) else {
            return;
        };
        self.take_from_desk(vec![DocChanges {
            kind,
            document,
            changes: vec![made.bytes],
        }]);
    }

    /// Takes what the desk wrote, in whose name it may be.
    pub fn take_from_desk(&mut self, documents: Vec<DocChanges>) {
        let device = device_of(&DESK_KEY);
        let signature = sign(&DESK_KEY, &Bundle::message(self.space, device, &documents));
        let response = self.hand_over(device, documents, signature);
        assert!(
            response.refusals.is_empty(),
            "the desk's own change was refused: {:?}",
            response.refusals
        );
    }

    /// One bundle, from somebody who stands at the end of the feed.
    fn hand_over(&mut self, device: DeviceId, documents: Vec<DocChanges>, signature: [u8; 64]) -> SyncResponse {
        let Ok(end) = self.log.end();
        let Ok(secret) = self.log.secret();
        let request = SyncRequest {
            cursor: end.cursor(&secret),
            digest: end.digest,
            presence: end.presence,
            ask: Ask::Feed,
            bundles: vec![Bundle {
                device,
                documents,
                signature,
            }],
        };
        let caller = Caller {
            space: self.space,
            device,
        };
        let Ok(response) = answer(&mut self.log, &Checking, caller, &request, self.now_ms);
        response
    }

    /// The desk takes a rescue file, with the work of a phone that was switched off if it accepts that.
    pub fn import_rescue(&mut self, text: &str, revoked: Revoked) -> HandedIn {
        let opened = match rescue::open(text, &[self.space_key]) {
            Ok((_, opened)) => opened,
            Err(error) => panic!("the desk cannot open a rescue file: {error}"),
        };
        let door = (self.space, revoked);
        let Ok(handed_in) = hand_in(&mut self.log, &Checking, door, &opened.bundles, self.now_ms);
        // What the desk accepts of a phone that it switched off did not slip through.
        if let Revoked::Accepted(device) = revoked {
            let held = self.changes_of(device);
            self.switched_off
                .entry(device)
                .and_modify(|before| *before = held.max(*before));
        }
        handed_in
    }

    /// A document as the endpoint holds it.
    pub fn open(&mut self, kind: DocKind, document: DocId) -> Document {
        let Ok(stored) = self.log.stored(document);
        match Document::open(kind, document, stored.snapshot.as_deref(), &stored.changes) {
            Ok(open) => open,
            Err(error) => panic!("the endpoint holds an unreadable document: {error}"),
        }
    }

    /// The digest over everything the endpoint holds.
    pub fn digest(&mut self) -> Digest {
        let Ok(end) = self.log.end();
        end.digest
    }

    /// Makes an invitation; returns its token.
    pub fn invite(&mut self, name: &str, role: Role) -> String {
        let mut member = [0x11; 16];
        member[8..].copy_from_slice(&self.next.to_be_bytes());
        self.invite_again(MemberId(member), name, role)
    }

    /// Makes an invitation for a further phone of somebody; returns its token.
    pub fn invite_again(&mut self, member: MemberId, name: &str, role: Role) -> String {
        let token = format!("INVITE{:02}", self.next);
        self.next += 1;
        let invited = Invited {
            member,
            name: name.into(),
            role,
            used: false,
        };
        self.invitations.insert(token.clone(), invited);
        token
    }

    /// Switches a phone off. False when it is not known here.
    pub fn revoke(&mut self, device: DeviceId) -> bool {
        let Ok(known) = self.log.device(device);
        if let Some(facts) = known {
            self.put_device(device, DeviceFacts { revoked: true, ..facts });
            let held = self.changes_of(device);
            self.switched_off.entry(device).or_insert(held);
            return true;
        }
        false
    }

    /// Switches off the phone that sent this.
    pub fn switch_off_sender(&mut self, request: &LinkRequest) {
        if let Ok(device) = self.caller(request) {
            self.revoke(device);
        }
    }

    /// The desk has switched it off.
    pub fn is_off(&self, device: DeviceId) -> bool {
        self.switched_off.contains_key(&device)
    }

    /// Phones of which something was accepted after they were switched off.
    pub fn accepted_too_late(&self) -> Vec<DeviceId> {
        let later = |(device, held): &(&DeviceId, &usize)| self.changes_of(**device) > **held;
        self.switched_off
            .iter()
            .filter(later)
            .map(|(device, _)| *device)
            .collect()
    }

    fn put_device(&mut self, device: DeviceId, facts: DeviceFacts) {
        self.devices.insert(device, facts.clone());
        self.log.put_device(device, facts);
    }

    /// An older copy of the database is put in its place: phones that joined since are unknown. The desk switches those
    /// off again that it had switched off.
    pub fn restore(&mut self, copy: MemoryLog) {
        self.log = copy;
        for (device, facts) in self.devices.iter().filter(|(_, facts)| facts.revoked) {
            self.log.put_device(*device, facts.clone());
        }
    }

    /// This device has joined here.
    pub fn knows(&mut self, device: Option<DeviceId>) -> bool {
        let known = device.map(|device| self.log.device(device));
        matches!(known, Some(Ok(Some(_))))
    }

    /// It has noticed that it was put back to an older state.
    pub fn is_rolled_back(&mut self) -> bool {
        let Ok(rolled_back) = self.log.rolled_back();
        rolled_back
    }

    /// How many changes a device handed over.
    fn changes_of(&self, device: DeviceId) -> usize {
        self.log.rows().iter().filter(|row| row.device == device).count()
    }

    /// Whose phone it is.
    pub fn member_of(&mut self, device: DeviceId) -> Option<MemberId> {
        let Ok(known) = self.log.device(device);
        known.map(|facts| facts.member)
    }

    /// Gives the person of a phone another role. False when it is not in use here.
    pub fn appoint(&mut self, device: DeviceId, role: Role) -> bool {
        let Ok(known) = self.log.device(device);
        let Some(facts) = known.filter(|facts| !facts.revoked && facts.role != role) else {
            return false;
        };
        let at = At::table("people", RecordId(facts.member.0));
        self.put_device(device, DeviceFacts { role, ..facts });
        self.write_as_desk(DocKind::Village, village_id(self.space), DESK, |_| {
            vec![Put::Value {
                at,
                key: "role".into(),
                value: role.name().into(),
            }]
        });
        true
    }

    /// A phone with another release hands over what that release wrote, on this base or on everything here. False when
    /// the endpoint does not take it.
    pub fn hand_in(
        &mut self,
        phone: (DeviceId, &SimKeys),
        of: (DocKind, DocId),
        base: Option<Vec<Hash>>,
        puts: Vec<Put>,
    ) -> bool {
        let ((device, keys), (kind, id)) = (phone, of);
        let Ok(known) = self.log.device(device);
        let Some(facts) = known.filter(|facts| !facts.revoked) else {
            return false;
        };
        let mut document = self.open(kind, id);
        let edit = Edit {
            author: facts.member,
            at_ms: self.now_ms,
            base: base.unwrap_or_else(|| document.heads()),
            puts,
        };
        let actor = self.fresh_actor(0xBE);
        let Ok(Some(made)) = document.edit(&edit, actor) else {
            return false;
        };
        let documents = vec![DocChanges {
            kind,
            document: id,
            changes: vec![made.bytes],
        }];
        let signature = sign(&keys.public(), &Bundle::message(self.space, device, &documents));
        self.hand_over(device, documents, signature).refusals.is_empty()
    }

    /// An actor that nobody has used.
    fn fresh_actor(&mut self, mark: u8) -> ActorBytes {
        let mut actor = [mark; 16];
        actor[..8].copy_from_slice(&self.next.to_be_bytes());
        self.next += 1;
        ActorBytes(actor)
    }

    /// A phone in wrong hands hands over a change with this wrong in it. True when it was refused.
    pub fn attack(&mut self, device: DeviceId, keys: &SimKeys, household: DocId, forgery: Forgery) -> bool {
        let Ok(known) = self.log.device(device);
        let Some(facts) = known else { return true };
        let mut document = match forgery {
            Forgery::Foreign => Document::new(DocKind::Household, DocId([0x66; 16])),
            _ => self.open(DocKind::Household, household),
        };
        let author = match forgery {
            Forgery::OtherAuthor => MemberId([0xAA; 16]),
            _ => facts.member,
        };
        let edit = Edit {
            author,
            at_ms: self.now_ms,
            base: document.heads(),
            puts: vec![Put::Value {
                at: At::Own,
                key: "phone".into(),
                value: "15499999999".into(),
            }],
        };
        let mut actor = self.fresh_actor(0xBA);
        let taken = self
            .log
            .rows()
            .iter()
            .find(|row| row.document == household && row.device != device);
        if forgery == Forgery::TakenActor {
            match taken.map(|row| bianfang::doc::Header::read(&row.bytes)) {
                Some(Ok(header)) => actor = header.actor,
                _ => return true,
            }
        }
        let Ok(Some(made)) = document.edit(&edit, actor) else {
            return true;
        };
        let documents = vec![DocChanges {
            kind: DocKind::Household,
            document: household,
            changes: vec![forgery.of(&made.bytes)],
        }];
        let message = match forgery {
            Forgery::Unsigned => vec![0x55; 32],
            _ => Bundle::message(self.space, device, &documents).to_vec(),
        };
        let signature = sign(&keys.public(), &message);
        let response = self.hand_over(device, documents, signature);
        response.receipts.is_empty()
    }

    /// Answers one request.
    pub fn answer(&mut self, request: &LinkRequest) -> LinkResponse {
        let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
        let body = request.body.as_deref().unwrap_or_default();
        let result = match parts.as_slice() {
            ["v1", "look"] => self.look(body),
            ["v1", "enrol"] => self.enrol(body),
            ["v1", "sync", _] => self.sync(request, body),
            ["v1", "pack", _] => self.caller(request).map(|_| self.pack()),
            ["v1", "pack", _, name] => self
                .caller(request)
                .and_then(|_| self.packs.get(*name).cloned().ok_or("not_found")),
            _ => Err("not_found"),
        };
        let (status, body) = match result {
            Ok(body) => (200, body),
            Err(code) => (
                400,
                Refused {
                    code: code.into(),
                    wait_s: 0,
                }
                .encode(),
            ),
        };
        LinkResponse {
            status,
            ours: true,
            retry_after_s: None,
            body,
        }
    }

    fn look(&mut self, body: &[u8]) -> Result<Vec<u8>, &'static str> {
        let look = Look::decode(body).map_err(|_| "malformed")?;
        let invited = self.invitations.get(&look.token).ok_or("invitation_unknown")?;
        Ok(Looked {
            state: if invited.used { "used" } else { "open" }.into(),
            village: "测试村".into(),
            name: invited.name.clone(),
            role: invited.role.name().into(),
            inviter: "县办".into(),
            inviter_phone: String::new(),
            households: 0,
            bytes: 0,
            expires_on: "2019-12-31".into(),
        }
        .encode())
    }

    /// Somebody whom this endpoint knew before it was put back to an older state.
    fn is_lost(&mut self, member: MemberId) -> bool {
        let village = self.open(DocKind::Village, village_id(self.space));
        member != MemberId([0; 16]) && village.record(&At::table("people", RecordId(member.0))).is_none()
    }

    fn enrol(&mut self, body: &[u8]) -> Result<Vec<u8>, &'static str> {
        let enrol = Enrol::decode(body).map_err(|_| "malformed")?;
        let message = Enrol::message(&enrol.token, &enrol.public_key);
        if sign(&enrol.public_key, &message) != enrol.signature {
            return Err("not_allowed");
        }
        let device = device_of(&enrol.public_key);
        let Ok(known) = self.log.device(device);
        let invited = self.invitations.get_mut(&enrol.token).ok_or("invitation_unknown")?;
        if invited.used && known.is_none() {
            return Err("invitation_used");
        }
        invited.used = true;
        let Invited {
            mut member, name, role, ..
        } = invited.clone();
        if self.is_lost(enrol.former) {
            member = enrol.former;
        }
        let facts = DeviceFacts {
            member,
            public_key: enrol.public_key,
            revoked: false,
            role,
        };
        self.put_device(device, facts);
        let author = DESK;
        self.write_as_desk(DocKind::Village, village_id(self.space), author, |village| {
            let person = At::table("people", RecordId(member.0));
            let machine = At::table("devices", RecordId(device.0));
            let mut puts = Vec::new();
            if village.record(&person).is_none() {
                let fields = vec![
                    ("name".into(), name.as_str().into()),
                    ("role".into(), role.name().into()),
                ];
                puts.push(Put::Create {
                    at: person,
                    fields,
                    notes: vec![],
                });
            }
            if village.record(&machine).is_none() {
                let fields = vec![
                    ("device".into(), device.to_string().into()),
                    ("member".into(), member.to_string().into()),
                ];
                puts.push(Put::Create {
                    at: machine,
                    fields,
                    notes: vec![],
                });
            }
            puts
        });
        Ok(Enrolled {
            space: self.space,
            member,
            device,
            name,
            role: role.name().into(),
            village: "测试村".into(),
            code: "422822104299".into(),
            token: "t".into(),
            space_key: self.space_key,
            demonstration: false,
        }
        .encode())
    }

    fn caller(&mut self, request: &LinkRequest) -> Result<DeviceId, &'static str> {
        let token = request.token.as_deref().ok_or("unauthorized")?;
        let device = token
            .split('.')
            .next()
            .and_then(|id| id.parse().ok())
            .ok_or("unauthorized")?;
        let Ok(facts) = self.log.device(device);
        match facts {
            None => Err("unauthorized"),
            Some(facts) if facts.revoked => Err("device_revoked"),
            Some(_) => Ok(device),
        }
    }

    fn sync(&mut self, request: &LinkRequest, body: &[u8]) -> Result<Vec<u8>, &'static str> {
        let device = self.caller(request)?;
        let sync = SyncRequest::decode(body).map_err(|_| "malformed")?;
        let caller = Caller {
            space: self.space,
            device,
        };
        let Ok(response) = answer(&mut self.log, &Checking, caller, &sync, self.now_ms);
        Ok(response.encode())
    }

    fn pack(&mut self) -> Vec<u8> {
        let mut blocks = Vec::new();
        let times: BTreeMap<_, _> = self.log.rows().iter().map(|row| (row.hash, row.received_s)).collect();
        let packed: Vec<PackedDoc> = self
            .log
            .documents()
            .into_iter()
            .map(|(kind, document)| {
                let open = self.open(kind, document);
                let row = Row::of(&open, &self.space_key).encode();
                let behind = open.behind(&open.heads()).into_iter();
                let at_s = behind.map(|change| times.get(&change.hash).copied());
                PackedDoc {
                    kind: kind.into(),
                    document,
                    row,
                    saved: open.save_uncompressed(),
                    received: at_s.map(Option::unwrap_or_default).collect(),
                }
            })
            .collect();
        for part in packed.chunks(8) {
            let bytes = encode_block(part);
            let sha256: [u8; 32] = Sha256::digest(&bytes).into();
            let name: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            let households = part
                .iter()
                .filter(|doc| doc.kind.known() == Some(DocKind::Household))
                .count() as u32;
            let documents = part.len() as u32;
            blocks.push(BlockName {
                sha256,
                documents,
                households,
                bytes: bytes.len() as u32,
            });
            self.packs.insert(name, bytes);
        }
        let Ok(end) = self.log.end();
        let Ok(secret) = self.log.secret();
        Manifest {
            cursor: end.cursor(&secret),
            digest: end.digest,
            blocks,
        }
        .encode()
    }
}
