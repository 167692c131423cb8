//! 调度表 and the files that the endpoint makes of what it holds.

use super::{Choice, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// The sheet of a period (S064, S122, S132), counted from what this phone holds.
pub struct DispatchView {
    /// `week/2017-05-26`: the period and the day up to which it counts; one of `periods`.
    pub period: String,
    pub periods: Vec<Choice>,
    pub title: Words,
    pub from: String,
    pub on: String,
    pub households: u32,
    pub visited: u32,
    pub found: u32,
    pub signed_off: u32,
    pub fixed: u32,
    pub open: u32,
    pub overdue: u32,
    /// Where it is hardest, the most first; they add up to `open`.
    pub difficulties: Vec<CategoryCount>,
    /// Whose phones have not shown yet that they hold everything that this one has fetched.
    pub behind: Vec<String>,
    /// What is on this phone alone, so that the endpoint's sheet lacks it.
    pub local: u32,
    pub check_code: String,
    /// To be pasted into a group.
    pub text: Words,
}

/// Open problems of a category.
pub struct CategoryCount {
    pub category: Words,
    pub count: u32,
}

/// A file that the endpoint made.
pub struct MadeFile {
    pub name: String,
    /// In base64.
    pub bytes: String,
}
}
