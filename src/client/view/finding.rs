//! 问题: one finding with its steps, and what this person may do next.

use super::{ChipView, Choice, EvidenceRow, FindingRow, PhotoDraft, StripView, SweepView, WhereView, Words, crossing};
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
    /// The photos that it carries.
    pub photos: Vec<EvidenceRow>,
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
    /// What it may hold, or what is near at hand for a date or a number.
    pub choices: Vec<Choice>,
    /// Words to tap.
    pub phrases: Vec<String>,
}

/// A step that this person may do now.
pub struct ActionView {
    pub event: String,
    pub words: Words,
    pub fields: Vec<StepField>,
}

/// What the ledger is asked for under a chip; an empty text asks for nothing.
#[derive(Default)]
pub struct FindingsAsked {
    pub query: String,
    /// found (the newest first), due
    pub sort: String,
    /// group, dept: by what the list is grouped
    pub section: String,
    /// finding, or the name of a procedure
    pub kind: String,
    pub group: String,
    pub category: String,
    pub owner: String,
    /// overdue, today, week, later, none
    pub due: String,
    pub source: String,
    /// So many rows at most; 0: all.
    pub limit: u32,
}

/// A filter of the ledger with what each choice would leave.
pub struct FilterView {
    pub key: String,
    pub label: Words,
    pub chosen: String,
    pub choices: Vec<ChipView>,
}

/// A part of a list.
pub struct SectionCount {
    pub words: Words,
    pub count: u32,
}

/// Another finding that belongs to one.
pub struct LinkedFinding {
    pub id: String,
    pub words: Words,
}

/// A category with words to tap.
pub struct CategoryChoice {
    pub value: String,
    pub words: Words,
    pub phrases: Vec<String>,
}

/// What a new problem can be.
pub struct FindingForm {
    /// The head of its household; empty where there is none.
    pub head: String,
    pub categories: Vec<CategoryChoice>,
    pub severities: Vec<Choice>,
    pub sources: Vec<Choice>,
    /// Sources that hold what they see against what the papers say.
    pub compared: Vec<String>,
    pub groups: Vec<String>,
    /// Of a group of inspectors: the villages that it covers.
    pub villages: Vec<Choice>,
}

/// A new problem as it was written. Of a household, or of a group (empty: the whole village) with a place.
pub struct NewFinding {
    /// Of a group of inspectors: which village it concerns; empty while nobody said so.
    pub village: String,
    pub household: String,
    pub group: String,
    pub place: String,
    pub category: String,
    pub words: String,
    pub severity: String,
    /// Empty: seen on a visit.
    pub source: String,
    pub dossier: String,
    pub observed: String,
    /// Fixed on the spot, and how.
    pub fixed: bool,
    pub how: String,
    pub photos: Vec<PhotoDraft>,
}

/// A matter that may be begun for a household.
pub struct MatterRow {
    /// The name of its procedure.
    pub procedure: String,
    pub title: Words,
    /// Whom it may be about; empty where it is about the household.
    pub persons: Vec<Choice>,
    /// Why it does not apply; empty where it does.
    pub hindered: Words,
    /// Those that were begun before, the newest first.
    pub there: Vec<FindingRow>,
}

/// One finding.
pub struct FindingView {
    pub row: FindingRow,
    pub base: String,
    pub severity: Words,
    pub source: Words,
    /// What the papers say and what was seen, where these were compared.
    pub dossier: String,
    pub observed: String,
    pub notes: String,
    /// Before and after, the oldest first.
    pub photos: Vec<EvidenceRow>,
    /// The same kind of problem of the same household, before or after this one.
    pub linked: Vec<LinkedFinding>,
    /// What the household needs to know of its matter: what was written down and what follows from it; empty for a problem.
    pub facts: Vec<LineView>,
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
    /// 举一反三, where all others are looked at.
    pub sweep: Option<SweepView>,
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
