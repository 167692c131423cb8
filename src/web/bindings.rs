//! What the app's worker holds: the client over this browser. Requests and replies are translated, nothing else.

use super::host::WebHost;
use super::keys::{self, WebKeys};
use super::link::{FetchLink, LinkLimits};
use super::photo::{self, WebPhotos};
use super::store::{self, IndexedDbStore};
use super::sys;
use crate::client::Client;
use crate::client::api::{Notice, Reply, Request};
use crate::client::error::ClientError;
use crate::client::photos::api::PhotoRequest;
use crate::client::store::StoreError;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type WebClient = Client<IndexedDbStore, FetchLink, WebKeys, WebHost>;

/// What there is of one space: its records, and its photos.
struct Held {
    client: RefCell<Rc<WebClient>>,
    photos: RefCell<Rc<WebPhotos>>,
}

/// The core of the app: a client for each space that this phone joined, by its place. None knows of the others.
#[wasm_bindgen]
pub struct Core {
    held: RefCell<Vec<Rc<Held>>>,
    after_death: bool,
}

#[wasm_bindgen]
impl Core {
    /// Nothing is opened yet: the first request does it, and its reply says what went wrong. `after_death`: the worker
    /// before this one trapped, or its page crashed in view.
    pub async fn open(after_death: bool) -> Core {
        Core {
            held: RefCell::new(Vec::new()),
            after_death,
        }
    }

    /// The places of the spaces that this phone joined, or began to; empty where it has no keys yet.
    pub async fn slots(&self) -> Result<Vec<u32>, JsValue> {
        let slots = keys::slots(keys::NAME).await;
        slots.map_err(|error| JsValue::from_str(&error.0))
    }

    /// Answers a `Request` about one space with a `Reply`. Rejected only if it is none.
    pub async fn handle(&self, slot: u32, request: JsValue) -> Result<JsValue, JsValue> {
        let request: Request = asked(&request)?;
        let held = self.held(slot);
        if let Request::Start { take_over } = request {
            held.start_anew(slot, take_over);
        }
        let client = held.client.borrow().clone();
        if matches!(request, Request::Leave) {
            return plain(&held.leave(&client).await);
        }
        plain(&client.handle(request).await)
    }

    /// Answers a `PhotoRequest`: `{ reply, bytes }`. Rejected only if it is none.
    pub async fn photo(&self, slot: u32, request: JsValue, bytes: Option<Vec<u8>>) -> Result<JsValue, JsValue> {
        let request: PhotoRequest = asked(&request)?;
        let held = self.held(slot);
        let (client, photos) = (held.client.borrow().clone(), held.photos.borrow().clone());
        let pass = client.photo_pass().await;
        let (reply, bytes) = photo::answer(&photos, pass, request, bytes).await;
        let bytes = bytes.map_or(JsValue::UNDEFINED, |bytes| Uint8Array::from(bytes.as_slice()).into());
        Ok(sys::object([("reply", plain(&reply)?), ("bytes", bytes)]))
    }

    /// The `Notice`s of one space since the last call.
    pub fn notices(&self, slot: u32) -> Result<JsValue, JsValue> {
        let held = self.held(slot);
        let client = held.client.borrow();
        let mut notices = client.notices();
        if client.store().why_over() == Some(StoreError::Elsewhere) {
            notices.push(Notice::Elsewhere);
        }
        plain(&notices)
    }

    /// Fulfilled when this tab may not go on with the records of a space: look at the notices, and start again.
    pub fn over(&self, slot: u32) -> Promise {
        self.held(slot).client.borrow().store().over()
    }

    /// What there is of a space; made at first, with all before it: places are few and an unopened one costs nothing.
    fn held(&self, slot: u32) -> Rc<Held> {
        let mut held = self.held.borrow_mut();
        let place = slot as usize;
        while held.len() <= place {
            let slot = held.len() as u32;
            let fresh = client(slot, false);
            held.push(Rc::new(Held {
                client: RefCell::new(Rc::new(match self.after_death {
                    true => fresh.after_death(),
                    false => fresh,
                })),
                photos: RefCell::new(Rc::new(photo::photos(slot, false))),
            }));
        }
        held[place].clone()
    }
}

impl Held {
    /// Photos are in no rescue file: a phone that has some alone is not left. They go with the records.
    async fn leave(&self, client: &WebClient) -> Reply {
        let photos = self.photos.borrow().clone();
        let waiting = photos.meter().await.map(|meter| meter.waiting + meter.waiting_thumbs);
        if waiting.is_ok_and(|waiting| waiting > 0) {
            let problem = ClientError::Refused("leave_photos".into(), 0).problem();
            return Reply::Failed { problem };
        }
        let reply = client.handle(Request::Leave).await;
        if matches!(reply, Reply::Leave { .. }) {
            // A storage that fails now is cleared by the next one who joins and leaves; nobody else can read it.
            let _ = photos.clear().await;
        }
        reply
    }

    /// What a client holds in memory is worth nothing once its storage is in other hands: a start then begins with a
    /// new one, and a take-over always.
    fn start_anew(&self, slot: u32, take_over: bool) {
        if take_over || self.client.borrow().store().why_over().is_some() {
            *self.client.borrow_mut() = Rc::new(client(slot, take_over));
            *self.photos.borrow_mut() = Rc::new(photo::photos(slot, take_over));
        }
    }
}

fn client(slot: u32, take_over: bool) -> WebClient {
    Client::new(
        IndexedDbStore::new(&store::name_of(store::NAME, slot), take_over),
        FetchLink::new(LinkLimits::APP),
        WebKeys::new(keys::NAME, slot),
        WebHost,
        env!("CARGO_PKG_VERSION"),
    )
}

/// A request from `{ type, ...members }`, by way of `{ [type]: members }`; one without members is its type alone.
fn asked<T: DeserializeOwned>(request: &JsValue) -> Result<T, JsValue> {
    let name = Reflect::get(request, &"type".into())?;
    let outside = match Object::keys(request.unchecked_ref::<Object>()).length() {
        1 => name,
        _ => {
            let outside = Object::new();
            Reflect::set(&outside, &name, request)?;
            outside.into()
        }
    };
    Ok(serde_wasm_bindgen::from_value(outside)?)
}

/// As plain objects, lists and numbers.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
