//! What a phone does: open a village, save, search, sync now; drives the traits Store, Link and Host.

pub mod api;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod error;
pub mod link;
pub mod memory;
pub mod photos;
pub mod store;
pub mod view;

mod alike;
mod door;
mod duties;
mod envelope;
mod errorlog;
mod exporting;
mod fill;
mod forms;
mod handed;
mod joining;
mod marks;
mod mending;
mod opening;
mod outbox;
mod phone;
mod quarantine;
mod received;
mod relay;
mod rescue;
mod rewriting;
mod rows;
mod screens;
mod scrub;
mod shelf;
mod standing;
mod state;
mod surveyed;
mod syncing;
mod twins;
mod village;

pub use phone::Client;
#[cfg(feature = "contract")]
pub use shelf::opens;
pub use syncing::Moved;

/// The TypeScript declarations of every type that crosses to the app, one file's worth.
#[cfg(feature = "types")]
pub fn typescript() -> String {
    types::typescript()
}

#[cfg(feature = "types")]
mod types;
