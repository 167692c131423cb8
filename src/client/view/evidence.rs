//! Photos of problems, as the app shows and gives them. The pictures themselves travel elsewhere.

use super::{Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// A photo that is durably on the phone and not yet in a record.
pub struct PhotoDraft {
    /// Name of the photo.
    pub photo: String,
    /// Name of its thumbnail.
    pub thumb: String,
    /// before or after: 整改前, 整改后
    pub what: String,
    pub bytes: u32,
    /// When it was taken or chosen, by this phone's clock.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at_ms: i64,
}

/// The photos of a problem, the oldest first.
pub struct EvidenceView {
    pub document: String,
    pub photos: Vec<EvidenceRow>,
}

/// One photo of a problem.
pub struct EvidenceRow {
    pub record: String,
    pub photo: String,
    pub thumb: String,
    pub what: String,
    /// 整改前, 整改后
    pub what_words: Words,
    pub on: String,
    /// By the clock of the phone that took it.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at_ms: i64,
    pub by: String,
    pub bytes: u32,
}
}
