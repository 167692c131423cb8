//! 问题: one finding with its steps, and what this person may do next.

use super::{FindingRow, StripView, WhereView, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// A value with its label.
pub struct LineView {
    pub label: Words,
    pub value: Words,
}

/// A signature under a step. Drawings are outlines on a field of 1000 by 600.
pub struct SignatureView {
    pub label: Words,
    /// 本人签, 家人代签, 画押 or 拒签.
    pub way: Words,
    pub name: String,
    pub role: Words,
    pub relation: String,
    /// Why it was refused.
    pub reason: String,
    pub drawing: String,
    /// Digest of the picture; empty where the phone had no room for one.
    pub picture: String,
    pub witness: String,
    pub witness_drawing: String,
    pub witness_picture: String,
}

/// One step that somebody did.
pub struct StepView {
    pub id: String,
    /// Stable name of the step.
    pub event: String,
    pub words: Words,
    pub by: String,
    pub role: Words,
    pub on: String,
    pub lines: Vec<LineView>,
    /// Digests of the photos that it carries.
    pub photos: Vec<String>,
    pub signatures: Vec<SignatureView>,
    /// 签后改动 with what changed since; empty where it stands as it was signed.
    pub changed: Words,
    /// Why it does not count; empty where it does.
    pub ignored: Words,
    /// It contradicts another one.
    pub disputed: bool,
    /// It came after what this person had seen.
    pub fresh: bool,
}

/// A field of a step that may be done.
pub struct StepField {
    pub key: String,
    pub label: Words,
    /// text, date, number, percent, member, choice, photo, signature, link
    pub kind: String,
    /// Has to be filled in; of several with `either`, one of them.
    pub required: bool,
    pub either: bool,
    pub choices: Vec<super::Choice>,
}

/// A step that this person may do now.
pub struct ActionView {
    pub event: String,
    pub words: Words,
    pub fields: Vec<StepField>,
}

/// One finding.
pub struct FindingView {
    pub row: FindingRow,
    pub base: String,
    pub severity: Words,
    pub source: Words,
    pub notes: String,
    /// Stable name of the state.
    pub state: String,
    /// Two steps contradict; somebody who has seen both decides.
    pub disputed: bool,
    /// With whom it hangs; empty where it is settled.
    pub with: Words,
    pub owner: String,
    pub lead_dept: Words,
    /// The due date that was set first, where it was extended.
    pub first_due: Words,
    pub steps: Vec<StepView>,
    /// The one next step, and the others; empty where somebody else is to act.
    pub next: Option<ActionView>,
    pub more: Vec<ActionView>,
    /// Why the next step is not this person's; empty where it is.
    pub why_not: Words,
    pub void_reason: String,
    pub standing: Option<WhereView>,
    pub strip: StripView,
}
}
