//! The browser underneath the core: IndexedDB, fetch, WebCrypto, and the bindings. Translates, nothing else.

pub mod bindings;
pub mod host;
pub mod keys;
pub mod link;
pub mod store;
#[cfg(feature = "contract")]
pub mod trial;

mod idb;
mod lock;
mod mark;
mod panic;
mod photo;
mod sys;
mod time;
