//! What the app asks about photos. Bytes travel beside these, not in them.

use crate::client::view::{Problem, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// What the app asks about photos; each variant is answered by the reply of the same name.
#[serde(rename_all = "snake_case")]
// As `Request` has it.
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "type"))]
pub enum PhotoRequest {
    /// Keeps the bytes given beside it. kind: photo, thumb or signature.
    Keep { kind: String },
    /// The bytes of a photo; `fetch`: from the endpoint, when they are not here.
    Look { photo: String, kind: String, fetch: bool },
    /// Forgets a photo that no record names and that was never sent: the person took it back before saving.
    Drop { photo: String },
    /// Hands over what waits; large photos only with `large`.
    Carry { large: bool },
    /// How much is here.
    Meter,
}

/// The answer.
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PhotoReply {
    /// It is durably on the phone, under this name; `fresh`: it was not before.
    Keep { photo: String, fresh: bool },
    Drop,
    /// here: the bytes stand beside this reply; else they are not on this phone (not asked for, or 尚未收到).
    Look { here: bool },
    /// `problem`: why not all of it went.
    Carry { carried: u32, meter: PhotoMeter, problem: Option<Problem> },
    Meter { meter: PhotoMeter },
    /// Nothing was done.
    Failed { problem: Problem },
}

/// How much of photos is on this phone.
#[derive(Default)]
pub struct PhotoMeter {
    /// Photos and signatures; thumbnails are not counted.
    pub photos: u32,
    /// What they and their thumbnails take.
    pub bytes: f64,
    /// On this phone alone.
    pub waiting: u32,
    pub waiting_thumbs: u32,
    pub waiting_bytes: f64,
    /// The endpoint will never take these.
    pub refused: u32,
}
}
