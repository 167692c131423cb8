//! 待核对: fields about which people disagree, who asks, and what was settled.

use super::{ContestedView, FieldView, HouseholdRow, StripView, TwinView, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// A field with more than one live value.
pub struct DiffersView {
    pub document: String,
    pub record: String,
    pub base: String,
    /// 电话, or 周小怡 · 残疾类别
    pub title: Words,
    /// With its choices, as 另填 needs them.
    pub field: FieldView,
    /// 另填 is possible: people write this field themselves.
    pub may_fill: bool,
    /// 都保留: what would stand then; none where the field can have one value alone.
    pub both: Option<Words>,
    /// 问清再定: who asks.
    pub asked: Option<AskedView>,
}

/// Who wants to ask before differing values are settled.
pub struct AskedView {
    pub author: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    pub mine: bool,
}

/// A difference that was settled, as long as nothing was written there since: it may be taken back.
pub struct SettledView {
    pub document: String,
    pub record: String,
    pub base: String,
    pub key: String,
    pub title: Words,
    /// What it was settled as; empty when cleared.
    pub shown: Words,
    pub author: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    pub mine: bool,
    pub sensitive: bool,
}

/// What differs in one household and in its problems.
pub struct DifferencesOf {
    /// None for what concerns the village as a whole.
    pub household: Option<HouseholdRow>,
    pub differs: Vec<DiffersView>,
    /// Records that one withdrew while another changed them.
    pub contested: Vec<ContestedView>,
}

/// 待核对 over all households, those that somebody asks about at the end.
pub struct DifferencesView {
    /// Fields that wait to be settled, and further ones about which somebody asks.
    pub open: u32,
    pub asked: u32,
    pub of: Vec<DifferencesOf>,
    /// 疑似重复户 and persons who seem to be typed twice; with the first page alone.
    pub twins: Vec<TwinView>,
    /// Households after these.
    pub more: bool,
    pub strip: StripView,
}
}
