//! The browser's functions that the core calls, bound by hand: these and no more. Holds no logic.
//!
//! Two of them are missing in web-sys or hidden behind an unstable switch (durability, locks), and of the rest only a
//! few are needed, so one page says what the core asks of a browser.

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The global of a worker or a page.
    pub(super) type Scope;
    #[wasm_bindgen(method, getter, js_name = indexedDB)]
    pub(super) fn indexed_db(this: &Scope) -> Option<Factory>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn navigator(this: &Scope) -> Navigator;
    #[wasm_bindgen(method, getter)]
    pub(super) fn crypto(this: &Scope) -> Option<Crypto>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn location(this: &Scope) -> Location;
    #[wasm_bindgen(method, catch, js_name = fetch)]
    pub(super) fn fetch(this: &Scope, url: &str, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = setTimeout)]
    pub(super) fn set_timeout(this: &Scope, handler: &Function, ms: u32) -> JsValue;
    #[wasm_bindgen(method, js_name = clearTimeout)]
    pub(super) fn clear_timeout(this: &Scope, id: &JsValue);
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub(super) fn post_message(this: &Scope, message: &JsValue) -> Result<(), JsValue>;

    pub(super) type Location;
    #[wasm_bindgen(method, getter)]
    pub(super) fn origin(this: &Location) -> String;

    pub(super) type Navigator;
    #[wasm_bindgen(method, getter)]
    pub(super) fn locks(this: &Navigator) -> Option<LockManager>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn storage(this: &Navigator) -> Option<StorageManager>;

    pub(super) type LockManager;
    #[wasm_bindgen(method, catch)]
    pub(super) fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &Closure<dyn FnMut(JsValue) -> Promise>,
    ) -> Result<Promise, JsValue>;

    pub(super) type AbortController;
    #[wasm_bindgen(constructor)]
    pub(super) fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method)]
    pub(super) fn abort(this: &AbortController);

    /// Any `DOMException`, or whatever else was thrown.
    pub(super) type Thrown;
    #[wasm_bindgen(method, getter)]
    pub(super) fn name(this: &Thrown) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn message(this: &Thrown) -> Option<String>;
}

#[wasm_bindgen]
extern "C" {
    pub(super) type Response;
    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter, js_name = type)]
    pub(super) fn kind(this: &Response) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    pub(super) fn array_buffer(this: &Response) -> Result<Promise, JsValue>;

    pub(super) type Headers;
    #[wasm_bindgen(method)]
    pub(super) fn get(this: &Headers, name: &str) -> Option<String>;

    pub(super) type Crypto;
    #[wasm_bindgen(method, getter)]
    pub(super) fn subtle(this: &Crypto) -> Option<Subtle>;

    pub(super) type Subtle;
    #[wasm_bindgen(method, catch, js_name = generateKey)]
    pub(super) fn generate_key(
        this: &Subtle,
        algorithm: &JsValue,
        extractable: bool,
        usages: &JsValue,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = exportKey)]
    pub(super) fn export_key(this: &Subtle, format: &str, key: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn sign(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    /// A `CryptoKeyPair`, as generated or as stored.
    pub(super) type KeyPair;
    #[wasm_bindgen(method, getter, js_name = publicKey)]
    pub(super) fn public_key(this: &KeyPair) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = privateKey)]
    pub(super) fn private_key(this: &KeyPair) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    /// `IDBFactory`.
    pub(super) type Factory;
    #[wasm_bindgen(method, catch, js_name = open)]
    pub(super) fn open(this: &Factory, name: &str) -> Result<OpenRequest, JsValue>;
    #[wasm_bindgen(method, catch, js_name = open)]
    pub(super) fn open_version(this: &Factory, name: &str, version: f64) -> Result<OpenRequest, JsValue>;

    /// `IDBRequest`.
    #[derive(Clone)]
    pub(super) type Request;
    #[wasm_bindgen(method, getter, catch)]
    pub(super) fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub(super) fn error(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn transaction(this: &Request) -> Option<Transaction>;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onsuccess(this: &Request, handler: &Function);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onerror(this: &Request, handler: &Function);

    /// `IDBOpenDBRequest`.
    #[wasm_bindgen(extends = Request)]
    #[derive(Clone)]
    pub(super) type OpenRequest;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onupgradeneeded(this: &OpenRequest, handler: &Function);

    /// `IDBVersionChangeEvent`.
    pub(super) type VersionChange;
    #[wasm_bindgen(method, getter, js_name = oldVersion)]
    pub(super) fn old_version(this: &VersionChange) -> f64;
    #[wasm_bindgen(method, getter, js_name = newVersion)]
    pub(super) fn new_version(this: &VersionChange) -> Option<f64>;

    /// `IDBDatabase`.
    #[derive(Clone)]
    pub(super) type Database;
    #[wasm_bindgen(method, getter)]
    pub(super) fn version(this: &Database) -> f64;
    #[wasm_bindgen(method, getter, js_name = objectStoreNames)]
    pub(super) fn object_store_names(this: &Database) -> Names;
    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    pub(super) fn create_object_store(this: &Database, name: &str) -> Result<ObjectStore, JsValue>;
    #[wasm_bindgen(method, catch, js_name = transaction)]
    pub(super) fn transaction(
        this: &Database,
        stores: &JsValue,
        mode: &str,
        options: &JsValue,
    ) -> Result<Transaction, JsValue>;
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Database);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onclose(this: &Database, handler: Option<&Function>);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onversionchange(this: &Database, handler: Option<&Function>);

    /// `DOMStringList`.
    pub(super) type Names;
    #[wasm_bindgen(method)]
    pub(super) fn contains(this: &Names, name: &str) -> bool;

    /// `IDBTransaction`.
    #[derive(Clone)]
    pub(super) type Transaction;
    #[wasm_bindgen(method, getter, js_name = error)]
    pub(super) fn failure(this: &Transaction) -> JsValue;
    #[wasm_bindgen(method, catch, js_name = objectStore)]
    pub(super) fn object_store(this: &Transaction, name: &str) -> Result<ObjectStore, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn commit(this: &Transaction) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn abort(this: &Transaction) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_oncomplete(this: &Transaction, handler: &Function);
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_onabort(this: &Transaction, handler: &Function);

    /// `IDBObjectStore`.
    pub(super) type ObjectStore;
    #[wasm_bindgen(method, catch)]
    pub(super) fn get(this: &ObjectStore, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn put(this: &ObjectStore, value: &JsValue, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn delete(this: &ObjectStore, key: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getAll)]
    pub(super) fn get_all(this: &ObjectStore, range: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getAllKeys)]
    pub(super) fn get_all_keys(this: &ObjectStore, range: &JsValue) -> Result<Request, JsValue>;

    #[wasm_bindgen(js_name = IDBKeyRange)]
    pub(super) type KeyRange;
    #[wasm_bindgen(static_method_of = KeyRange, js_class = IDBKeyRange, catch)]
    pub(super) fn bound(
        lower: &Uint8Array,
        upper: &Uint8Array,
        lower_open: bool,
        upper_open: bool,
    ) -> Result<KeyRange, JsValue>;
    #[wasm_bindgen(static_method_of = KeyRange, js_class = IDBKeyRange, catch, js_name = lowerBound)]
    pub(super) fn lower_bound(lower: &Uint8Array) -> Result<KeyRange, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    pub(super) type StorageManager;
    #[wasm_bindgen(method, catch, js_name = getDirectory)]
    pub(super) fn get_directory(this: &StorageManager) -> Result<Promise, JsValue>;

    /// `FileSystemDirectoryHandle`.
    pub(super) type Directory;
    #[wasm_bindgen(method, catch, js_name = getFileHandle)]
    pub(super) fn get_file_handle(this: &Directory, name: &str, options: &JsValue) -> Result<Promise, JsValue>;

    /// `FileSystemFileHandle`.
    pub(super) type FileHandle;
    #[wasm_bindgen(method, catch, js_name = createSyncAccessHandle)]
    pub(super) fn create_sync_access_handle(this: &FileHandle, options: &JsValue) -> Result<Promise, JsValue>;

    /// `FileSystemSyncAccessHandle`.
    pub(super) type SyncFile;
    #[wasm_bindgen(method, catch)]
    pub(super) fn read(this: &SyncFile, into: &Uint8Array, options: &JsValue) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn write(this: &SyncFile, from: &Uint8Array, options: &JsValue) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn close(this: &SyncFile) -> Result<(), JsValue>;
}

/// The global this code runs in.
pub(super) fn scope() -> Scope {
    js_sys::global().unchecked_into()
}

/// A plain object with these members.
pub(super) fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // Setting a member of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// The browser's own name for what went wrong; never its message, which may hold data.
pub(super) fn thrown_name(thrown: &JsValue) -> String {
    if !thrown.is_object() {
        return String::from("none");
    }
    thrown
        .unchecked_ref::<Thrown>()
        .name()
        .unwrap_or_else(|| String::from("unnamed"))
}
