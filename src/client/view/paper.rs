//! Papers as they are printed: the ledger, one problem, 通报 for officials, 公示 for the wall of the village.

use super::{Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// A paper.
pub struct PaperView {
    /// `ledger`, `finding`, `circular` or `notice`.
    pub kind: String,
    pub village: String,
    pub on: String,
    /// Of what this phone held when the paper was made.
    pub check_code: String,
    /// Whose phones have not shown that they hold everything.
    pub behind: Vec<String>,
    /// This person may make a 通报.
    pub may_circulate: bool,
    pub findings: Vec<PaperFinding>,
    /// What may not stand on such a paper.
    pub left_out: u32,
}

/// One problem as a paper shows it. On a 公示 the head is masked, and words, people and photos are not there.
pub struct PaperFinding {
    pub id: String,
    pub head: String,
    pub group: String,
    /// A problem, and no other matter.
    pub is_problem: bool,
    pub category: Words,
    pub words: String,
    pub severity: String,
    pub source: Words,
    pub found_on: String,
    pub by: String,
    pub state: Words,
    pub open: bool,
    pub lead_dept: Words,
    pub owner: String,
    pub due: String,
    /// The date that was set first, where it is another one.
    pub first_due: String,
    pub closed_on: String,
    /// Days from finding to closing, or to the day of the paper.
    pub days: Option<u32>,
    pub late: u32,
    pub in_time: Option<bool>,
    pub steps: Vec<PaperStep>,
    pub photos: Vec<PaperPhoto>,
    /// When the words were frozen by a 通报, by whom, and the heads that it stands on; empty where there was none.
    pub frozen_on: String,
    pub frozen_by: String,
    pub heads: String,
    /// What a 通报 asks for.
    pub asked: String,
}

/// A step on a paper.
pub struct PaperStep {
    pub step: Words,
    pub on: String,
    pub by: String,
    pub role: Words,
    pub said: Words,
    /// It counts; others are shown for the record.
    pub counts: bool,
}

/// A photo on a paper.
pub struct PaperPhoto {
    pub photo: String,
    pub thumb: String,
    /// before or after
    pub what: String,
    pub label: Words,
    pub on: String,
}
}
