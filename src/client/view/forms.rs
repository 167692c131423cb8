//! Forms that a county publishes: what is offered where, the open form with its questions, records that were made.

use super::{ChipView, Choice, GroupCount, WhereView, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// The forms of a household, of one of its persons, of the village, a group or a facility, and the records made with them.
pub struct FormsView {
    /// The document whose records these are; for the village its places.
    pub document: String,
    /// The id of the person, group or facility; empty for the document itself.
    pub about: String,
    /// 户主、姓名、组名…
    pub name: String,
    /// household, person, village, group or facility.
    pub subject: String,
    pub offered: Vec<FormRow>,
    /// Records with forms, the latest first.
    pub records: Vec<FormRecordRow>,
    /// Forms that are published and have not, or not wholly, reached this phone.
    pub missing: Vec<FormMissing>,
    /// Whom or what else forms can be about here: the persons of a family, the groups and facilities of a village.
    pub subjects: Vec<FormSubject>,
}

/// A form that may be filled in here.
pub struct FormRow {
    /// The document id of the form.
    pub form: String,
    pub title: String,
    pub version: String,
    /// How often it was made of how often it is due; empty where it is not due.
    pub note: Words,
    /// The day of the last record that was finished; may be empty.
    pub last_on: String,
    /// It was begun on this phone and not saved.
    pub draft: bool,
}

/// A record made with a form.
pub struct FormRecordRow {
    pub document: String,
    /// `records/01J…`
    pub record: String,
    /// The document id of the version that it was made with.
    pub form: String,
    pub title: String,
    /// The person, group or facility it is about, and how that is called; empty for the document itself.
    pub about: String,
    pub about_name: String,
    /// As the form calls its records; may be empty.
    pub name: String,
    pub on: String,
    pub by: String,
    /// Finished; else something that has to be answered is missing.
    pub done: bool,
    /// Finished, and a photo or a signature that the form wants is still to follow.
    pub photo_later: bool,
    pub signature_later: bool,
    /// Withdrawn, with the reason; empty where it stands.
    pub void_reason: String,
    /// Where this person's work on it is.
    pub standing: Option<WhereView>,
    /// A later version of the form is in use.
    pub superseded: bool,
    /// The form that it was made with is on this phone: the record can be opened.
    pub readable: bool,
    /// A correction was begun on this phone and not saved.
    pub draft: bool,
    pub base: String,
    /// People wrote different answers.
    pub differs: u32,
}

/// A form that is not on this phone yet, or damaged.
pub struct FormMissing {
    pub form: String,
    pub title: String,
    pub version: String,
    pub words: Words,
}

/// Whom or what a form can be about, beside the document itself.
pub struct FormSubject {
    /// The id for `about`.
    pub about: String,
    /// person, group or facility.
    pub subject: String,
    pub name: String,
    /// The kind of facility, for a group nothing.
    pub note: Words,
    /// Forms that are offered for it.
    pub offered: u32,
}

/// A form while it is filled in, or a record to be looked at.
pub struct FormView {
    pub document: String,
    pub about: String,
    /// Whom or what it is about.
    pub head: String,
    pub form: String,
    pub title: String,
    pub version: String,
    /// The record that is corrected or looked at; empty for a new one.
    pub record: String,
    pub base: String,
    pub on: String,
    pub languages: Vec<String>,
    pub language: String,
    /// To look at only.
    pub readonly: bool,
    /// Withdrawn, with the reason; empty where it stands.
    pub void_reason: String,
    /// A record that may be corrected: `OpenForm` with it, for a visit `VisitForm`.
    pub may_edit: bool,
    /// A draft was found again.
    pub resumed: bool,
    /// The record is finished already: saving it needs every answer.
    pub done: bool,
    pub sections: Vec<SectionView>,
    pub items: Vec<FormItem>,
    pub proposals: Vec<ProposalView>,
    pub updates: Vec<UpdateView>,
    /// What stands in the way of finishing.
    pub troubles: Vec<FormTrouble>,
}

/// A group of questions, or one instance of a part that is repeated.
pub struct SectionView {
    /// The place of the group or instance; questions that stand in no group have an untitled section.
    pub place: String,
    pub title: String,
    pub hint: String,
    /// Questions with an answer that a person gave, of all that apply.
    pub answered: u32,
    pub of: u32,
    /// The number of the instance, from 1; 0 for a part that is not repeated.
    pub instance: u32,
    /// `AddInstance` with `add_place` adds one behind this section.
    pub may_add: bool,
    /// `RemoveInstance` with `place` takes this one out.
    pub may_remove: bool,
    pub add_place: String,
    /// What one more would be called: the label of the repeated part.
    pub add_label: String,
}

/// A question as it is now.
#[derive(Default)]
pub struct FormItem {
    pub place: String,
    /// The index of its section.
    pub section: u32,
    /// integer, decimal, range, text, select_one, select_multiple, rank, note, date, time, datetime, geopoint, image, signature,
    /// barcode, acknowledge.
    pub kind: String,
    pub label: String,
    pub hint: String,
    /// As stored.
    pub value: String,
    /// As a person reads it.
    pub shown: String,
    pub required: bool,
    pub readonly: bool,
    /// 沿用上次: nobody has tapped it.
    pub carried: bool,
    pub choices: Vec<Choice>,
    /// More than `choices` holds: ask with `FormChoices`. Equal to its length otherwise.
    pub choices_total: u32,
    /// A free text stands beside the choices.
    pub other: bool,
    pub range: Option<RangeView>,
    /// The longest edge that its photos may have; 0: as photos are kept.
    pub pixels: u32,
    pub appearance: Vec<String>,
    pub unit: String,
    /// What is wrong with the answer.
    pub trouble: Option<Words>,
}

/// A number between two, in steps.
pub struct RangeView {
    pub start: f64,
    pub end: f64,
    pub step: f64,
}

/// What an answer changed.
pub struct AnsweredView {
    /// Questions that are new or another way now.
    pub changed: Vec<FormItem>,
    /// Places that do not apply any more.
    pub gone: Vec<String>,
    /// All places in order; only when that changed.
    pub order: Option<Vec<String>>,
    pub sections: Vec<SectionView>,
    pub proposals: Vec<ProposalView>,
    pub updates: Vec<UpdateView>,
}

/// A problem that an answer proposes.
pub struct ProposalView {
    pub place: String,
    pub category: String,
    pub category_words: Words,
    pub words: String,
    /// It was opened from this record already.
    pub opened: bool,
}

/// What saving will write into the register.
pub struct UpdateView {
    pub place: String,
    pub label: Words,
    pub from: Words,
    pub to: Words,
}

/// What stands in the way of saving.
pub struct FormTrouble {
    pub place: String,
    /// The question.
    pub label: String,
    pub words: Words,
}

/// A form begun and not saved.
pub struct FormDraftRow {
    pub document: String,
    pub about: String,
    pub form: String,
    pub record: String,
    /// Whose it is, and the title of the form.
    pub head: String,
    pub title: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub changed_at: i64,
    /// The form is not on this phone, or not wholly: the draft is kept and cannot be opened.
    pub missing: bool,
}

/// 今日: a form that is due, and how it stands.
pub struct DueFormRow {
    /// The document id of the form.
    pub form: String,
    pub title: String,
    /// 本季度还差 12 人
    pub words: Words,
    /// The period ends within days.
    pub soon: bool,
    /// Whom or what it is still due for, done for in this period, and was missed for in the period before.
    pub due: u32,
    pub done: u32,
    pub missed: u32,
}

/// How far families were counted for what is due: after the first load, with new forms, and every month.
pub struct CountingView {
    pub done: u32,
    pub of: u32,
}

/// For whom a form is due, done, or was missed.
pub struct DueFormsView {
    pub form: String,
    pub title: String,
    /// 本季度还差 12 人
    pub words: Words,
    /// Still due, missed in the period before, done; with how many of the group and words that were asked for.
    pub lists: Vec<ChipView>,
    pub groups: Vec<GroupCount>,
    /// Rows of the list that was asked for.
    pub total: u32,
    /// Those asked for, mine first, then in the order of the roster.
    pub rows: Vec<DueSubjectRow>,
    pub counting: Option<CountingView>,
}

/// One of them.
pub struct DueSubjectRow {
    pub document: String,
    pub about: String,
    pub name: String,
    /// The family, and of a facility its kind.
    pub detail: Words,
    pub group: String,
    /// 今年已做 2/4 次
    pub note: Words,
    /// The day of the last record that was finished; may be empty.
    pub last_on: String,
    /// Of a household that is paired with me.
    pub mine: bool,
}
}
