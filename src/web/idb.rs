//! IndexedDB as futures: open, one transaction, what went wrong. Knows nothing of what is stored.

use super::sys::{self, Database, KeyRange, ObjectStore, OpenRequest, Request, Transaction, VersionChange};
use super::time::{deadline, pause};
use crate::client::store::{Durability, StoreError};
use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Promise, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// How long opening may take. Slow phones tidy their storage at this moment; some browsers hang here for ever.
const OPEN_MS_MAX: u32 = 10_000;
/// How often a missing store is added before we give up: two releases may try it at the same time.
const UPGRADES_MAX: u32 = 5;
/// Waiting for the other one to finish its upgrade.
const UPGRADE_PAUSE_MS: u32 = 50;

/// Why a connection ended without our doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The browser closed it: its storage process died, the disk failed. May be opened again.
    Lost,
    /// Somebody deletes the database: site data are being cleared.
    Deleted,
    /// A newer release adds a store and waits for us to close.
    Upgraded,
}

/// An open database.
pub(super) struct Connection {
    database: Database,
    ended: Rc<Cell<Option<Ended>>>,
    _on_close: Closure<dyn FnMut()>,
    _on_version: Closure<dyn FnMut(VersionChange)>,
}

impl Connection {
    fn new(database: Database) -> Self {
        let ended = Rc::new(Cell::new(None));
        let on_close = Closure::<dyn FnMut()>::new({
            let ended = ended.clone();
            move || ended.set(ended.get().or(Some(Ended::Lost)))
        });
        let on_version = Closure::<dyn FnMut(VersionChange)>::new({
            let ended = ended.clone();
            let database = database.clone();
            move |event: VersionChange| {
                let why = match event.new_version() {
                    Some(_) => Ended::Upgraded,
                    None => Ended::Deleted,
                };
                ended.set(ended.get().or(Some(why)));
                // Whoever waits for us would wait for ever.
                database.close();
            }
        });
        database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(on_version.as_ref().unchecked_ref()));
        Self {
            database,
            ended,
            _on_close: on_close,
            _on_version: on_version,
        }
    }

    /// Why the connection can no longer be used, if so.
    pub fn ended(&self) -> Option<Ended> {
        self.ended.get()
    }

    /// Begins a transaction over these stores that may write. Finish it with `Writing::finish`.
    pub fn write(&self, stores: &[&str], durability: Durability) -> Result<Writing, StoreError> {
        let durability = match durability {
            Durability::Strict => "strict",
            Durability::Relaxed => "relaxed",
        };
        let options = sys::object([("durability", durability.into())]);
        let transaction = self.begin(stores, "readwrite", &options)?;
        let promise = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(&resolve);
            transaction.set_onabort(&reject);
        });
        Ok(Writing {
            done: JsFuture::from(promise),
            transaction,
        })
    }

    /// Begins a transaction that only reads one store.
    pub fn read(&self, store: &str) -> Result<ObjectStore, StoreError> {
        let transaction = self.begin(&[store], "readonly", &JsValue::UNDEFINED)?;
        transaction.object_store(store).map_err(|thrown| fault(&thrown))
    }

    fn begin(&self, stores: &[&str], mode: &str, options: &JsValue) -> Result<Transaction, StoreError> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        self.database
            .transaction(&names, mode, options)
            .map_err(|thrown| fault(&thrown))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

/// A transaction that writes. Dropped without `finish`, what it asked for is stored or not, as the browser likes.
pub(super) struct Writing {
    transaction: Transaction,
    done: JsFuture,
}

impl Writing {
    /// One of the stores the transaction was begun with.
    pub fn store(&self, name: &str) -> Result<ObjectStore, StoreError> {
        self.transaction.object_store(name).map_err(|thrown| fault(&thrown))
    }

    /// Takes everything back.
    pub async fn abort(self) {
        // Throws when it is over already, which is what we want.
        let _ = self.transaction.abort();
        let _ = self.done.await;
    }

    /// Returns when everything is stored, or says why nothing is.
    pub async fn finish(self) -> Result<(), StoreError> {
        // Only saves a turn of the browser's queue; a transaction without it completes by itself. Throws when the
        // transaction was aborted meanwhile, of which `done` brings the reason.
        let _ = self.transaction.commit();
        match self.done.await {
            Ok(_) => Ok(()),
            Err(_) => Err(fault(&self.transaction.failure())),
        }
    }
}

/// A request on its way. The handlers are set at once, so several may be on their way together.
pub(super) struct Pending {
    request: Request,
    done: JsFuture,
}

impl Pending {
    /// Takes over what a call returned.
    pub fn of(called: Result<Request, JsValue>) -> Result<Self, StoreError> {
        let request = called.map_err(|thrown| fault(&thrown))?;
        Ok(Self {
            done: JsFuture::from(settled(&request)),
            request,
        })
    }

    /// Waits for the result.
    pub async fn result(self) -> Result<JsValue, StoreError> {
        match self.done.await {
            Ok(_) => self.request.result().map_err(|thrown| fault(&thrown)),
            Err(_) => Err(failed(&self.request)),
        }
    }
}

/// The promise's own functions are the handlers: nothing to keep alive, nothing to forget.
fn settled(request: &Request) -> Promise {
    Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(&resolve);
        request.set_onerror(&reject);
    })
}

fn failed(request: &Request) -> StoreError {
    match request.error() {
        Ok(error) => fault(&error),
        Err(thrown) => fault(&thrown),
    }
}

/// What the browser's error means for us. `Lost` is worth another try on a new connection.
pub(super) fn fault(thrown: &JsValue) -> StoreError {
    let name = sys::thrown_name(thrown);
    match name.as_str() {
        "QuotaExceededError" => StoreError::Full,
        // Chromium says so when opening; it has no name of its own for it.
        "UnknownError" if says_full_disk(thrown) => StoreError::Full,
        // An abort for no reason of ours, a connection that closes, and all that a dying storage process says.
        "none" | "AbortError" | "InvalidStateError" | "TransactionInactiveError" | "UnknownError" | "TimeoutError" => {
            StoreError::Lost
        }
        "SecurityError" | "NotSupportedError" => StoreError::Absent,
        "VersionError" => StoreError::Newer,
        _ => StoreError::Failed(name),
    }
}

fn says_full_disk(thrown: &JsValue) -> bool {
    let message = thrown.unchecked_ref::<sys::Thrown>().message().unwrap_or_default();
    message.contains("full disk") || message.contains("disk is full") || message.contains("no space")
}

/// What is expected of a database that is being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// Made if it is not there.
    Anything,
    /// It was there a moment ago. Not there now, its data were cleared: nothing is made in its place.
    Existing,
}

/// Opens without a version number, so that an older release still opens what a newer one has written; a missing store
/// is added with the next number. Nothing is returned if it was expected and is gone: site data were cleared.
pub(super) async fn open(name: &str, stores: &[&str], expect: Expect) -> Result<Option<Connection>, StoreError> {
    let factory = sys::scope().indexed_db().ok_or(StoreError::Absent)?;
    let mut version = None;
    for _ in 0..UPGRADES_MAX {
        let request = match version {
            None => factory.open(name),
            Some(version) => factory.open_version(name, version),
        };
        let request = request.map_err(|thrown| fault(&thrown))?;
        let database = match opened(request, stores, expect).await {
            Ok(Some(database)) => database,
            Ok(None) => return Ok(None),
            Err(StoreError::Newer) => {
                pause(UPGRADE_PAUSE_MS).await;
                version = None;
                continue;
            }
            Err(error) => return Err(error),
        };
        let names = database.object_store_names();
        if stores.iter().all(|store| names.contains(store)) {
            return Ok(Some(Connection::new(database)));
        }
        version = Some(database.version() + 1.0);
        database.close();
    }
    Err(StoreError::Lost)
}

/// Waits for one try to open.
async fn opened(request: OpenRequest, stores: &[&str], expect: Expect) -> Result<Option<Database>, StoreError> {
    let vanished = Rc::new(Cell::new(false));
    let upgrade = Closure::<dyn FnMut(VersionChange)>::new({
        let request = request.clone();
        let stores: Vec<String> = stores.iter().map(|store| store.to_string()).collect();
        let vanished = vanished.clone();
        move |event: VersionChange| {
            if expect == Expect::Existing && event.old_version() == 0.0 {
                vanished.set(true);
                if let Some(transaction) = request.transaction() {
                    // Throws when it is over already; then there is nothing to take back.
                    let _ = transaction.abort();
                }
                return;
            }
            let Ok(database) = request.result().map(JsCast::unchecked_into::<Database>) else {
                return;
            };
            let names = database.object_store_names();
            for store in stores.iter().filter(|store| !names.contains(store)) {
                // If it throws, the store is missing afterwards, and the caller tries again or gives up.
                let _ = database.create_object_store(store);
            }
        }
    });
    request.set_onupgradeneeded(upgrade.as_ref().unchecked_ref());
    let done = settled(&request);
    match deadline(OPEN_MS_MAX, JsFuture::from(done.clone())).await {
        Some(Ok(_)) => request
            .result()
            .map(|database| Some(database.unchecked_into()))
            .map_err(|thrown| fault(&thrown)),
        Some(Err(_)) if vanished.get() => Ok(None),
        Some(Err(_)) => Err(failed(&request)),
        None => {
            // It may still open one day; then it must not stand in anybody's way.
            spawn_local(async move {
                if JsFuture::from(done).await.is_ok()
                    && let Ok(database) = request.result()
                {
                    database.unchecked_into::<Database>().close();
                }
                drop(upgrade);
            });
            Err(StoreError::Lost)
        }
    }
}

/// The range of all keys that begin with `prefix`; undefined = every key.
pub(super) fn prefix_range(prefix: &[u8]) -> Result<JsValue, StoreError> {
    if prefix.is_empty() {
        return Ok(JsValue::UNDEFINED);
    }
    let lower = Uint8Array::from(prefix);
    let range = match after_prefix(prefix) {
        Some(upper) => KeyRange::bound(&lower, &Uint8Array::from(upper.as_slice()), false, true),
        None => KeyRange::lower_bound(&lower),
    };
    range.map(Into::into).map_err(|thrown| fault(&thrown))
}

/// The first key after all that begin with `prefix`, if there is one.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != 0xff)?;
    let mut upper = prefix[..=last].to_vec();
    upper[last] += 1;
    Some(upper)
}
