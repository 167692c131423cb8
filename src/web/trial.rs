//! What the tests in a real browser call: the contract suite, and store, link, key, host and panic by hand. Not in the
//! app's build.

use super::host::WebHost;
use super::keys::WebKeys;
use super::link::{FetchLink, LinkLimits};
use super::store::IndexedDbStore;
use super::sys;
use crate::base::host::Host;
use crate::client::contract::{Case, Place, run};
use crate::client::link::{Keys, Link, LinkRequest};
use crate::client::store::{Batch, Durability, Store, StoreError, Table};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Given by the test page: sets the browser's quota for it; null lifts it.
    #[wasm_bindgen(catch, js_name = limitStorage)]
    async fn limit_storage(bytes: Option<u32>) -> Result<JsValue, JsValue>;
}

struct BrowserPlace(String);

impl Place for BrowserPlace {
    type Store = IndexedDbStore;

    async fn open(&self) -> Result<IndexedDbStore, StoreError> {
        Ok(IndexedDbStore::new(&self.0, false))
    }

    async fn limit(&self, bytes: Option<u32>) {
        limit_storage(bytes).await.expect("the test page sets the quota");
    }
}

fn text(error: impl ToString) -> JsValue {
    JsValue::from_str(&error.to_string())
}

fn code(error: StoreError) -> JsValue {
    JsValue::from_str(match &error {
        StoreError::Failed(name) => name,
        error => error.code(),
    })
}

/// The names of the contract's cases.
#[wasm_bindgen]
pub fn contract_cases() -> Vec<String> {
    Case::ALL.into_iter().map(|case| String::from(case.name())).collect()
}

/// Runs one case on a database of its own; rejected with what was broken.
#[wasm_bindgen]
pub async fn contract_run(name: String) -> Result<(), JsValue> {
    let case = Case::ALL.into_iter().find(|case| case.name() == name);
    let case = case.ok_or_else(|| text("no such case"))?;
    run(case, &BrowserPlace(format!("contract-{name}"))).await.map_err(text)
}

/// A store driven from JavaScript; everything in the table of chunks.
#[wasm_bindgen]
pub struct TrialStore(IndexedDbStore);

#[wasm_bindgen]
impl TrialStore {
    /// A store on the database of this name.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, steal: bool) -> TrialStore {
        TrialStore(IndexedDbStore::new(name, steal))
    }

    /// What went wrong beside what was asked.
    pub fn trouble(&self) -> Option<String> {
        self.0.trouble().map(String::from)
    }

    /// One batch: `entries` values of `size` bytes under `prefix/0`, `prefix/1`, …
    pub async fn save(&self, prefix: String, entries: u32, size: u32, strict: bool) -> Result<(), JsValue> {
        let mut batch = Batch::default();
        for index in 0..entries {
            let mut value = vec![0; size as usize];
            WebHost.entropy(&mut value);
            batch.put(Table::Chunk, format!("{prefix}/{index}"), value);
        }
        let durability = if strict {
            Durability::Strict
        } else {
            Durability::Relaxed
        };
        self.0.commit(batch, durability).await.map_err(code)
    }

    /// The keys that begin with `prefix`, each with the size of its value: `key=size`.
    pub async fn list(&self, prefix: String) -> Result<Vec<String>, JsValue> {
        let entries = self.0.range(Table::Chunk, prefix.as_bytes()).await.map_err(code)?;
        let shown = |(key, value): (Vec<u8>, Vec<u8>)| format!("{}={}", String::from_utf8_lossy(&key), value.len());
        Ok(entries.into_iter().map(shown).collect())
    }

    /// The size of one value.
    pub async fn size(&self, key: String) -> Result<Option<u32>, JsValue> {
        let value = self.0.get(Table::Chunk, key.as_bytes()).await.map_err(code)?;
        Ok(value.map(|value| value.len() as u32))
    }

    /// Fulfilled when this tab may not go on.
    pub fn over(&self) -> Promise {
        self.0.over()
    }
}

/// One request: `{ status, ours, retry_after_s, body }`, or rejected with the code.
#[wasm_bindgen]
pub async fn trial_send(
    path: String,
    body: Option<Vec<u8>>,
    token: Option<String>,
    first_byte_ms_max: u32,
    whole_ms_max: u32,
) -> Result<JsValue, JsValue> {
    let link = FetchLink::new(LinkLimits {
        first_byte_ms_max,
        whole_ms_max,
    });
    let answer = link.send(LinkRequest { body, path, token }).await;
    let answer = answer.map_err(|error| text(error.code()))?;
    Ok(sys::object([
        ("status", answer.status.into()),
        ("ours", answer.ours.into()),
        ("retry_after_s", answer.retry_after_s.into()),
        ("body", Uint8Array::from(answer.body.as_slice()).into()),
    ]))
}

/// The device's key driven from JavaScript.
#[wasm_bindgen]
pub struct TrialKeys(WebKeys);

#[wasm_bindgen]
impl TrialKeys {
    /// The key in the database of this name.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> TrialKeys {
        TrialKeys(WebKeys::new(name, 0))
    }

    /// Uncompressed point.
    pub async fn public_key(&self) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.public_key().await.map_err(text)?.to_vec())
    }

    /// r then s.
    pub async fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.sign(&message).await.map_err(text)?.to_vec())
    }

    /// The next use makes another.
    pub async fn forget(&self) -> Result<(), JsValue> {
        self.0.forget().await.map_err(text)
    }
}

/// The clock in milliseconds.
#[wasm_bindgen]
pub fn trial_now() -> f64 {
    WebHost.now_ms() as f64
}

/// So many random bytes.
#[wasm_bindgen]
pub fn trial_entropy(size: u32) -> Vec<u8> {
    let mut bytes = vec![0; size as usize];
    WebHost.entropy(&mut bytes);
    bytes
}

/// Panics with a text that holds `data`.
#[wasm_bindgen]
pub fn trial_panic(data: String) {
    panic!("a reason with {data}");
}
