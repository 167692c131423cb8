//! What a phone does: open a village, save, search, sync now; drives the traits Store, Link and Host.

pub mod api;
pub mod link;
pub mod store;
pub mod view;

/// The TypeScript declarations of every type that crosses to the app, one file's worth.
#[cfg(feature = "types")]
pub fn typescript() -> String {
    types::typescript()
}

#[cfg(feature = "types")]
mod types;
