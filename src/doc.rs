//! The one door to Automerge: genesis, open, edit, read, differing values, history. No other module names automerge.
//!
//! A document is its genesis, which is a pure function of (kind, id) and never sent or stored in a log, and the changes
//! made since. A record is one flat map of scalars under a table, created once by the device that minted its id.

mod columns;
mod document;
mod edit;
mod family;
mod genesis;
mod header;
mod history;
mod kind;
mod marks;
mod past;
mod published;
mod record;
mod snapshot;
mod steps;
mod withdrawn;

#[cfg(test)]
mod tests;

pub use crate::base::scalar::Scalar;
pub use document::{Applied, DocError, Document, Hash};
pub use edit::{Edit, EditError, Made, Put};
pub use family::{Differing, Of, Reading, Records};
pub use header::{Header, HeaderError, saved_heads};
pub use history::{ChangeInfo, Step};
pub use kind::{DocKind, KindByte, form_id, hex, import_author, log_id, place_id, village_id};
pub use marks::{Mark, asked_key};
pub use published::{CAMPAIGN, FORMS, NoSource, WAYS, source_of, source_puts};
pub use record::{At, Live, Record};
pub use steps::step_put;
pub use withdrawn::Contested;
