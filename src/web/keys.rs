//! The device's key pairs by WebCrypto, one for each space that this phone joined, kept in a small database of their own;
//! the private halves never leave the browser. Which spaces there are is what keys there are.

use super::idb::{self, Connection, Expect, Pending};
use super::sys::{self, KeyPair, Subtle};
use crate::client::link::{KeyError, Keys};
use crate::client::store::{Durability, StoreError};
use js_sys::futures::JsFuture;
use js_sys::{Array, Promise, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// Database of the app's key; tests take other names.
pub const NAME: &str = "bianfang-key";
const STORE: &str = "key";
const ENTRY: &str = "device";
/// Spaces that one phone may join.
const SLOTS_MAX: u32 = 8;

/// The entry of a space's key; that of the first has no number.
fn entry(slot: u32) -> String {
    match slot {
        0 => String::from(ENTRY),
        _ => format!("{ENTRY}-{slot}"),
    }
}

/// The places for spaces of which there is a key in the database of this name.
pub async fn slots(name: &str) -> Result<Vec<u32>, KeyError> {
    let connection = open(name).await?;
    let store = connection.read(STORE).map_err(from_store)?;
    let asked = Pending::of(store.get_all_keys(&JsValue::UNDEFINED)).map_err(from_store)?;
    let keys: Array = asked.result().await.map_err(from_store)?.unchecked_into();
    let names: Vec<String> = keys.iter().filter_map(|key| key.as_string()).collect();
    Ok((0..SLOTS_MAX).filter(|slot| names.contains(&entry(*slot))).collect())
}

async fn open(name: &str) -> Result<Connection, KeyError> {
    idb::open(name, &[STORE], Expect::Anything)
        .await
        .map_err(from_store)?
        .ok_or_else(|| from_store(StoreError::Lost))
}

/// The device's key pair, made on first use. Only the tab that holds the records may use it.
pub struct WebKeys {
    name: String,
    entry: String,
    pair: RefCell<Option<KeyPair>>,
}

impl WebKeys {
    /// The key of a place in the database of this name.
    pub fn new(name: &str, slot: u32) -> Self {
        Self {
            name: String::from(name),
            entry: entry(slot),
            pair: RefCell::new(None),
        }
    }

    /// Reads the pair, or makes and stores one.
    async fn load(&self) -> Result<KeyPair, KeyError> {
        if let Some(pair) = self.pair.borrow().as_ref() {
            return Ok(same(pair));
        }
        let connection = open(&self.name).await?;
        let pair = match read(&connection, &self.entry).await.map_err(from_store)? {
            Some(pair) => pair,
            None => {
                let pair = generate().await?;
                store(&connection, &self.entry, Some(&pair)).await.map_err(from_store)?;
                pair
            }
        };
        *self.pair.borrow_mut() = Some(same(&pair));
        Ok(pair)
    }
}

impl Keys for WebKeys {
    async fn public_key(&self) -> Result<[u8; 65], KeyError> {
        let pair = self.load().await?;
        let raw = waited(subtle()?.export_key("raw", &pair.public_key())).await?;
        sized(&raw)
    }

    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let pair = self.load().await?;
        let algorithm = sys::object([("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
        let signature = subtle()?.sign(&algorithm, &pair.private_key(), &Uint8Array::from(message));
        sized(&waited(signature).await?)
    }

    async fn forget(&self) -> Result<(), KeyError> {
        let connection = open(&self.name).await?;
        store(&connection, &self.entry, None).await.map_err(from_store)?;
        self.pair.borrow_mut().take();
        Ok(())
    }
}

fn same(pair: &KeyPair) -> KeyPair {
    JsValue::from(pair).unchecked_into()
}

async fn read(connection: &Connection, entry: &str) -> Result<Option<KeyPair>, StoreError> {
    let stored = Pending::of(connection.read(STORE)?.get(&entry.into()))?
        .result()
        .await?;
    Ok((!stored.is_undefined()).then(|| stored.unchecked_into()))
}

async fn store(connection: &Connection, entry: &str, pair: Option<&KeyPair>) -> Result<(), StoreError> {
    let writing = connection.write(&[STORE], Durability::Strict)?;
    let keys = writing.store(STORE)?;
    let asked = match pair {
        Some(pair) => keys.put(pair.as_ref(), &entry.into()),
        None => keys.delete(&entry.into()),
    };
    asked.map_err(|thrown| idb::fault(&thrown))?;
    writing.finish().await
}

async fn generate() -> Result<KeyPair, KeyError> {
    let algorithm = sys::object([("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
    let usages = Array::of2(&"sign".into(), &"verify".into());
    let pair = waited(subtle()?.generate_key(&algorithm, false, &usages)).await?;
    Ok(pair.unchecked_into())
}

fn subtle() -> Result<Subtle, KeyError> {
    sys::scope()
        .crypto()
        .and_then(|crypto| crypto.subtle())
        .ok_or_else(|| KeyError(String::from("no WebCrypto")))
}

async fn waited(called: Result<Promise, JsValue>) -> Result<JsValue, KeyError> {
    let promise = called.map_err(|thrown| KeyError(sys::thrown_name(&thrown)))?;
    JsFuture::from(promise)
        .await
        .map_err(|thrown| KeyError(sys::thrown_name(&thrown)))
}

fn sized<const N: usize>(buffer: &JsValue) -> Result<[u8; N], KeyError> {
    let bytes = Uint8Array::new(buffer).to_vec();
    <[u8; N]>::try_from(bytes).map_err(|bytes| KeyError(format!("{} bytes instead of {N}", bytes.len())))
}

fn from_store(error: StoreError) -> KeyError {
    KeyError(match error {
        StoreError::Failed(name) => name,
        error => String::from(error.code()),
    })
}
