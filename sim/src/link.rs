//! The network between a phone and the endpoint, with faults as a typed record.

use crate::endpoint::SimEndpoint;
use crate::trace::Trace;
use bianfang::base::id::{ActorBytes, DeviceId, DocId, MemberId};
use bianfang::client::link::{KeyError, Keys, Link, LinkError, LinkRequest, LinkResponse};
use bianfang::doc::{At, DocKind, Document, Edit, KindByte, Put};
use bianfang::sync::digest::Item;
use bianfang::sync::wire::{Arrival, DocArrivals, RefusalCode, SyncResponse};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What happens to the next exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetFault {
    #[default]
    None,
    /// No signal.
    Offline,
    /// The request never arrives.
    LostRequest,
    /// The endpoint does it all, and the answer never arrives.
    LostResponse,
    /// The answer breaks off, and the phone notices.
    CutResponse,
    /// The endpoint gets only so many bytes of the request.
    CutRequest(usize),
    /// The request arrives twice.
    Twice,
    /// The request arrives once more later, before the next one.
    Late,
    /// A captive portal answers 200 with HTML.
    Portal,
    /// One byte of the answer is another.
    Garbled(usize),
    /// Only so many bytes of the answer arrive, and look like the whole.
    ShortResponse(usize),
    /// The answer also brings a change of a document of a kind that only a newer release knows.
    NewerKind,
    /// What the answer refuses it refuses for a reason that only a newer release knows.
    NewerRefusal,
    /// The desk switches the phone off while its request is on the way, or its answer.
    SwitchedOff { request_arrived: bool },
}

impl NetFault {
    /// In words, for the table of what was covered.
    pub fn kind(self) -> &'static str {
        match self {
            NetFault::None => "sync",
            NetFault::Offline => "fault: no signal",
            NetFault::LostRequest => "fault: lost request",
            NetFault::LostResponse => "fault: lost receipt",
            NetFault::CutResponse => "fault: answer cut",
            NetFault::CutRequest(_) => "fault: request cut",
            NetFault::Twice => "fault: duplicated request",
            NetFault::Late => "fault: reordered request",
            NetFault::Portal => "fault: captive portal",
            NetFault::Garbled(_) => "fault: garbled answer",
            NetFault::ShortResponse(_) => "fault: truncated answer",
            NetFault::NewerKind => "fault: a kind of document of a newer release",
            NetFault::NewerRefusal => "fault: a refusal of a newer release",
            NetFault::SwitchedOff { .. } => "fault: phone switched off while it pushes",
        }
    }
}

/// A phone's link. Clones are the same link.
#[derive(Clone)]
pub struct SimLink {
    endpoint: Rc<RefCell<SimEndpoint>>,
    fault: Rc<Cell<NetFault>>,
    /// A request that is still on its way.
    late: Rc<RefCell<Option<LinkRequest>>>,
    /// Requests and bytes that went over it.
    traffic: Rc<Cell<(u64, u64, u64)>>,
}

impl SimLink {
    /// To this endpoint.
    pub fn to(endpoint: &Rc<RefCell<SimEndpoint>>) -> Self {
        Self {
            endpoint: endpoint.clone(),
            fault: Rc::default(),
            late: Rc::default(),
            traffic: Rc::default(),
        }
    }
    /// What happens to exchanges from now on: `Offline` stays, everything else happens once.
    pub fn set(&self, fault: NetFault) {
        self.fault.set(fault);
    }
    /// Where requests and answers are noted.
    pub fn trace(&self) -> Trace {
        self.endpoint.borrow().trace.clone()
    }
    /// Requests, bytes up, bytes down.
    pub fn traffic(&self) -> (u64, u64, u64) {
        self.traffic.get()
    }
}

impl Link for SimLink {
    async fn send(&self, request: LinkRequest) -> Result<LinkResponse, LinkError> {
        let answer = self.exchange(request);
        let noted: &[u8] = match &answer {
            Ok(response) => &response.body,
            Err(error) => error.code().as_bytes(),
        };
        self.trace().note("answer", &[noted]);
        answer
    }
}

impl SimLink {
    fn exchange(&self, request: LinkRequest) -> Result<LinkResponse, LinkError> {
        let body = request.body.as_deref().unwrap_or_default();
        self.trace().note("request", &[request.path.as_bytes(), body]);
        let fault = self.fault.get();
        if fault == NetFault::Offline {
            return Err(LinkError::Offline);
        }
        self.fault.set(NetFault::None);
        if fault == NetFault::LostRequest {
            return Err(LinkError::Timeout);
        }
        let late = self.late.borrow_mut().take();
        if let Some(late) = late {
            self.endpoint.borrow_mut().answer(&late);
        }
        if fault == NetFault::Late {
            *self.late.borrow_mut() = Some(request);
            return Err(LinkError::Timeout);
        }
        if fault == NetFault::Portal {
            let body = b"<!DOCTYPE html><html>login</html>".to_vec();
            return Ok(LinkResponse {
                status: 200,
                ours: false,
                retry_after_s: None,
                body,
            });
        }
        let up = request.body.as_ref().map_or(0, Vec::len) as u64;
        if let (NetFault::CutRequest(at), Some(body)) = (fault, &request.body) {
            let body = Some(body[..at % body.len().max(1)].to_vec());
            self.endpoint.borrow_mut().answer(&LinkRequest { body, ..request });
            return Err(LinkError::Cut);
        }
        if fault == NetFault::Twice {
            self.endpoint.borrow_mut().answer(&request);
        }
        let switch_off = |arrived: bool| {
            if fault
                == (NetFault::SwitchedOff {
                    request_arrived: arrived,
                })
            {
                self.endpoint.borrow_mut().switch_off_sender(&request);
            }
        };
        switch_off(false);
        let mut response = self.endpoint.borrow_mut().answer(&request);
        switch_off(true);
        let (count, sent, received) = self.traffic.get();
        self.traffic
            .set((count + 1, sent + up, received + response.body.len() as u64));
        match fault {
            NetFault::LostResponse => return Err(LinkError::Timeout),
            NetFault::CutResponse => return Err(LinkError::Cut),
            NetFault::NewerKind => response.body = with_newer_kind(&response.body),
            NetFault::NewerRefusal => response.body = with_newer_refusals(&response.body),
            NetFault::ShortResponse(at) => response.body.truncate(at % response.body.len().max(1)),
            NetFault::Garbled(at) => {
                let place = at % response.body.len().max(1);
                if let Some(byte) = response.body.get_mut(place) {
                    *byte ^= 0x20;
                }
            }
            _ => {}
        }
        Ok(response)
    }
}

/// The number of a kind that this release does not have.
const NEWER_KIND: u8 = 200;

/// An answer to a synchronisation as an endpoint gives it that holds something of a newer release; others stay.
fn with_newer_kind(body: &[u8]) -> Vec<u8> {
    let Ok(mut response) = SyncResponse::decode(body) else {
        return body.to_vec();
    };
    let document = DocId([0x77; 16]);
    let made = Document::new(DocKind::Log, document).edit(
        &Edit {
            author: MemberId([0xDE; 16]),
            at_ms: response.now_ms,
            base: vec![Document::genesis_hash_of(DocKind::Log, document)],
            puts: vec![Put::Value {
                at: At::Own,
                key: "later".into(),
                value: "新版".into(),
            }],
        },
        ActorBytes([0x77; 16]),
    );
    if let Ok(Some(made)) = made {
        response.digest.add(&Item::of(document, made.hash));
        response.arrivals.push(DocArrivals {
            kind: KindByte(NEWER_KIND),
            document,
            arrivals: vec![Arrival {
                bytes: made.bytes,
                device: DeviceId([0xDE; 16]),
                received_s: response.now_ms.div_euclid(1000),
            }],
        });
    }
    response.encode()
}

/// The number of a reason that this release does not have.
pub const NEWER_REFUSAL: u8 = 200;

/// An answer to a synchronisation that names its refusals as a newer release may; others stay.
fn with_newer_refusals(body: &[u8]) -> Vec<u8> {
    let Ok(mut response) = SyncResponse::decode(body) else {
        return body.to_vec();
    };
    for refusal in &mut response.refusals {
        refusal.code = RefusalCode::Other(NEWER_REFUSAL);
    }
    response.encode()
}

/// The key of a simulated device: proves nothing to an attacker, and everything to the simulation.
#[derive(Clone, Debug)]
pub struct SimKeys(pub [u8; 32]);

/// The signature that [`SimKeys`] makes and the simulated endpoint checks.
pub fn sign(public_key: &[u8; 65], message: &[u8]) -> [u8; 64] {
    let mut sha = Sha256::new();
    sha.update(public_key);
    sha.update(message);
    let digest = sha.finalize();
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&digest);
    signature[32..].copy_from_slice(&digest);
    signature
}

impl SimKeys {
    /// The public half.
    pub fn public(&self) -> [u8; 65] {
        let mut key = [4; 65];
        key[1..33].copy_from_slice(&self.0);
        key
    }
}

impl Keys for SimKeys {
    async fn public_key(&self) -> Result<[u8; 65], KeyError> {
        Ok(self.public())
    }
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        Ok(sign(&self.public(), message))
    }
    async fn forget(&self) -> Result<(), KeyError> {
        Ok(())
    }
}
