//! 修改记录: who changed what, and a household as it was on a day.

use super::{DimensionView, FindingRow, PersonView, RecordRow, Section, VisitView, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// One step of 修改记录.
pub struct HistoryRow {
    /// The record that changed, as `History` takes it.
    pub document: String,
    pub path: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    /// The day of it in China.
    pub on: String,
    pub author: String,
    /// The record, in words: 周小怡, 走访 8月15日, 问题：水管漏水; empty for the household itself.
    pub record: Words,
    pub field: Words,
    pub from: Words,
    pub to: Words,
    pub during: String,
    /// The visit with which it was written, or on whose day: 走访 8月15日. Empty without one, and of the visit itself.
    pub visit: Words,
    /// How the author's phones are called.
    pub device: String,
    /// When the endpoint received it, by its own clock; none where this phone was not told.
    #[cfg_attr(feature = "types", ts(type = "number | null"))]
    pub received: Option<i64>,
    /// It is on this phone only.
    pub local: bool,
}

/// Where this person's work on something is, in words.
pub struct WhereView {
    /// local, uploaded, received
    pub state: String,
    pub words: Words,
    /// Changes that are on this phone only.
    pub changes: u32,
    /// Teammates whose phones are not known to have it.
    pub lacking: Vec<String>,
}

/// 修改记录 of a household, newest first, with what the problems and the joined records of the family tell.
pub struct HistoryView {
    /// The record or the field that was asked for, in words; empty for the whole household.
    pub of: Words,
    pub rows: Vec<HistoryRow>,
    pub more: bool,
    /// The day of the first change of all.
    pub first_on: String,
}

/// Another record of the same family, as it was then.
pub struct PastPart {
    pub household: String,
    pub head: String,
    pub number: String,
}

/// A household as it was at the end of a day: every change dated up to then, and what those stand on.
pub struct PastView {
    pub on: String,
    /// The day of the first change of all.
    pub first_on: String,
    /// Changes made since.
    pub later: u32,
    /// Further records of this family that were joined under this one on that day.
    pub parts: Vec<PastPart>,
    /// The record under which this one was shown then, when it was joined to another one.
    pub leader: Option<PastPart>,
    pub head: String,
    pub group: String,
    pub number: String,
    pub people: u32,
    pub phone: String,
    pub address: String,
    pub classes: Vec<Words>,
    pub sensitive_classes: Vec<Words>,
    /// Who was paired with the household.
    pub paired: Vec<String>,
    pub findings: Vec<FindingRow>,
    pub dimensions: Vec<DimensionView>,
    pub persons: Vec<PersonView>,
    pub former: Vec<PersonView>,
    pub visits: Vec<VisitView>,
    pub records: Vec<RecordRow>,
    pub sections: Vec<Section>,
    pub notes: String,
}
}
