//! What people do, through the same requests as the screens.

mod findings;
mod forms;

pub use findings::*;
pub use forms::*;

use crate::phone::Phone;
use crate::run::Ended;
use bianfang::base::id::DocId;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::{
    CompareView, DiffersView, FieldView, HistoryRow, HouseholdRow, HouseholdView, RecordView, VisitView,
};

/// Something that a phone called saved.
#[derive(Clone, Debug)]
pub struct Saved {
    pub phone: usize,
    pub household: DocId,
    pub record: String,
    pub key: String,
    pub value: String,
    /// The values that stood in the form when it was opened.
    pub seen: Vec<String>,
}

/// The form of a record that somebody has opened.
pub fn open(phone: &Phone, household: DocId, record: &str) -> Ended<Option<RecordView>> {
    let request = Request::Record {
        document: household.to_string(),
        record: record.into(),
    };
    match phone.ask(request) {
        Ended::Done(Reply::Record { view }) => Ended::Done(Some(view)),
        Ended::Done(_) => Ended::Done(None),
        Ended::Killed => Ended::Killed,
    }
}

/// Every value that a field shows.
pub fn shown(field: &FieldView) -> Vec<String> {
    let mut values: Vec<String> = field.values.iter().map(|value| value.value.clone()).collect();
    values.push(field.value.clone());
    values.retain(|value| !value.is_empty());
    values.sort();
    values.dedup();
    values
}

/// The values of one field of an opened form.
pub fn values_of(view: &RecordView, key: &str) -> Vec<String> {
    let fields = view.sections.iter().flat_map(|section| &section.fields);
    fields.filter(|field| field.key == key).flat_map(shown).collect()
}

/// [保存] of an opened form with one field changed. True when the phone called it saved.
pub fn save(phone: &Phone, form: &RecordView, key: &str, value: &str) -> Ended<bool> {
    let save = Request::SaveRecord {
        document: form.document.clone(),
        record: form.record.clone(),
        base: form.base.clone(),
        changes: vec![FieldChange {
            key: key.into(),
            value: value.into(),
        }],
    };
    is_saved(phone.ask(save))
}

fn is_saved(ended: Ended<Reply>) -> Ended<bool> {
    match ended {
        Ended::Done(reply) => Ended::Done(matches!(
            reply,
            Reply::SaveRecord { .. }
                | Reply::SaveVisit { saved: Some(_), .. }
                | Reply::SaveStatusEvent { .. }
                | Reply::Withdraw { .. }
                | Reply::RegisterHousehold { .. }
                | Reply::Decide { .. }
                | Reply::Undecide { .. }
        )),
        Ended::Killed => Ended::Killed,
    }
}

/// 户页, if it can be opened.
pub fn household(phone: &Phone, id: DocId) -> Option<HouseholdView> {
    match phone.ask(Request::Household { id: id.to_string() }) {
        Ended::Done(Reply::Household { view }) => Some(*view),
        _ => None,
    }
}

/// Saves a visit with these words: a new one, or the correction of `visit`.
pub fn visit(phone: &Phone, household: DocId, visit: &str, words: &str) -> Ended<bool> {
    let form = match phone.ask(Request::VisitForm {
        household: household.to_string(),
        visit: visit.into(),
    }) {
        Ended::Done(Reply::VisitForm { form }) => form,
        Ended::Done(_) => return Ended::Done(false),
        Ended::Killed => return Ended::Killed,
    };
    let mut draft = form.draft;
    draft.home = "at_home".into();
    draft.words = words.into();
    is_saved(phone.ask(Request::SaveVisit {
        draft,
        finish: true,
        problems: Vec::new(),
    }))
}

/// 作废 of a visit.
pub fn withdraw(phone: &Phone, household: DocId, visit: &VisitView) -> Ended<bool> {
    is_saved(phone.ask(Request::Withdraw {
        document: household.to_string(),
        record: format!("visits/{}", visit.id),
        base: visit.base.clone(),
        reason: "录错户".into(),
    }))
}

/// Two families side by side.
fn compare(phone: &Phone, one: DocId, other: DocId) -> Ended<Option<CompareView>> {
    let request = Request::Compare {
        one: one.to_string(),
        other: other.to_string(),
    };
    match phone.ask(request) {
        Ended::Done(Reply::Compare { view }) => Ended::Done(Some(view)),
        Ended::Done(_) => Ended::Done(None),
        Ended::Killed => Ended::Killed,
    }
}

/// 合并 or 不是同一户, on what is shown; with neither, what was decided is undone. Nothing where there is nothing to undo.
pub fn decide(phone: &Phone, one: DocId, other: DocId, same: Option<bool>) -> Ended<Option<bool>> {
    let view = match compare(phone, one, other) {
        Ended::Done(Some(view)) => view,
        Ended::Done(None) => return Ended::Done(None),
        Ended::Killed => return Ended::Killed,
    };
    let seen: Vec<String> = view.decisions.into_iter().map(|one| one.id).collect();
    let (one, other) = (view.one, view.other);
    let request = match same {
        Some(same) => Request::Decide { one, other, same, seen },
        None if seen.is_empty() => return Ended::Done(None),
        None => Request::Undecide {
            one,
            other,
            seen,
            reason: "看错了".into(),
        },
    };
    match is_saved(phone.ask(request)) {
        Ended::Done(saved) => Ended::Done(Some(saved)),
        Ended::Killed => Ended::Killed,
    }
}

/// 用这个: settles a difference for one of its values. Returns what was chosen.
pub fn settle(phone: &Phone, differs: &DiffersView, which: usize) -> Ended<Option<String>> {
    let values = shown(&differs.field);
    let Some(chosen) = values.get(which % values.len().max(1)).cloned() else {
        return Ended::Done(None);
    };
    let save = Request::SaveRecord {
        document: differs.document.clone(),
        record: differs.record.clone(),
        base: differs.base.clone(),
        changes: vec![FieldChange {
            key: differs.field.key.clone(),
            value: chosen.clone(),
        }],
    };
    match is_saved(phone.ask(save)) {
        Ended::Done(true) => Ended::Done(Some(chosen)),
        Ended::Done(false) => Ended::Done(None),
        Ended::Killed => Ended::Killed,
    }
}

/// 人口变动: of a person of the family, of `household`, or of somebody new of this name (no subject).
pub fn status_event(phone: &Phone, family: &HouseholdView, subject: &str, kind: &str, name: &str) -> Ended<bool> {
    let named = FieldChange {
        key: "name".into(),
        value: name.into(),
    };
    is_saved(phone.ask(Request::SaveStatusEvent {
        document: family.id.clone(),
        base: family.base.clone(),
        subject: subject.into(),
        kind: kind.into(),
        on: String::new(),
        note: String::new(),
        changes: if subject.is_empty() { vec![named] } else { Vec::new() },
    }))
}

/// 登记新户.
pub fn register(phone: &Phone, head: &str) -> Ended<bool> {
    is_saved(phone.ask(Request::RegisterHousehold {
        head: head.into(),
        group: "1组".into(),
        id_no: String::new(),
        phone: String::new(),
        number: String::new(),
    }))
}

/// 农户: the whole list.
pub fn households(phone: &Phone) -> Vec<HouseholdRow> {
    let request = Request::Households {
        query: String::new(),
        chip: "all".into(),
        group: String::new(),
        offset: 0,
        limit: 1000,
    };
    match phone.must(request) {
        Reply::Households { view } => view.rows,
        _ => Vec::new(),
    }
}

/// 修改记录 of a whole household.
pub fn history(phone: &Phone, household: DocId) -> Vec<HistoryRow> {
    let request = Request::History {
        document: household.to_string(),
        record: String::new(),
        field: String::new(),
        offset: 0,
        limit: 10_000,
    };
    match phone.must(request) {
        Reply::History { view } => view.rows,
        _ => Vec::new(),
    }
}
