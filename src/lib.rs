//! The core of Bianfang (遍访): household records that several people edit without signal.
//!
//! It merges, stores through a trait, and synchronises in one round trip. No clock, no randomness, no IO except in
//! `web`. Arrows point down only: `web` → `client` → `indicator` → `form` → `sync` → `index` → `doc` → `ledger` →
//! `register` → `base`.

pub mod base;
pub mod client;
pub mod doc;
pub mod form;
pub mod index;
pub mod indicator;
pub mod ledger;
pub mod register;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod web;
