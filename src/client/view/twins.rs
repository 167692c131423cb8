//! 疑似重复户: what looks alike, two records side by side, what people decided; and what was written while somebody withdrew.

use super::{HistoryRow, HouseholdRow, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// Two records that look like one family or one person, or about which somebody decided.
pub struct TwinView {
    /// Both, as `Compare` takes them.
    pub one: String,
    pub other: String,
    /// household, person
    pub what: String,
    /// 罗永1 · 3组
    pub one_words: Words,
    pub other_words: Words,
    pub certain: bool,
    pub why: Words,
    /// open, same, apart, disputed
    pub state: String,
}

/// Somebody said that two are the same or are not.
pub struct DecisionView {
    pub id: String,
    pub same: bool,
    pub author: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    pub mine: bool,
}

/// One side of two that are compared.
pub struct SideView {
    pub household: HouseholdRow,
    /// Of a person the name, of a household its head.
    pub title: Words,
    /// Joined, both are shown under this one.
    pub leads: bool,
}

/// One thing that is known of either side.
pub struct CompareField {
    pub section: Words,
    pub label: Words,
    pub one: Words,
    pub other: Words,
    pub same: bool,
    /// Folded until somebody asks for it.
    pub sensitive: bool,
}

/// Two records side by side.
pub struct CompareView {
    pub one: String,
    pub other: String,
    pub what: String,
    pub certain: bool,
    /// Why they look alike; empty where they do not any more.
    pub why: Words,
    /// open, same, apart, disputed
    pub state: String,
    pub sides: Vec<SideView>,
    pub fields: Vec<CompareField>,
    /// What stands; handed back with the next decision, so that nothing is taken back unseen.
    pub decisions: Vec<DecisionView>,
    /// Of two households: persons who look alike or were joined.
    pub persons: Vec<TwinView>,
}

/// A record of the same family that is shown under another one.
pub struct PartView {
    pub household: HouseholdRow,
    /// Who joined it, and when.
    pub joined: Vec<DecisionView>,
    /// The two that were joined, as `Compare` takes them.
    pub one: String,
    pub other: String,
}

/// A record that was withdrawn by one person while another one changed it.
pub struct ContestedView {
    pub document: String,
    pub record: String,
    pub base: String,
    pub title: Words,
    pub reason: String,
    pub author: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    /// What others wrote meanwhile; empty where they took the withdrawal back.
    pub rows: Vec<HistoryRow>,
}
}
