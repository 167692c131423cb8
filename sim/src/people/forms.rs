//! Forms, through the same requests as the screens.

use crate::phone::Phone;
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{AnsweredView, DueFormsView, FormDraftRow, FormRecordRow, FormView, FormsView, SavedView};

/// The forms and records of a household.
pub fn forms(phone: &Phone, household: DocId) -> Option<FormsView> {
    let request = Request::Forms {
        document: household.to_string(),
        about: String::new(),
    };
    match phone.must(request) {
        Reply::Forms { view } => Some(view),
        _ => None,
    }
}

/// Opens a form: a new record, a draft, or a record that is corrected.
pub fn open_form(phone: &Phone, document: &str, form: &str, record: &str) -> Option<FormView> {
    let request = Request::OpenForm {
        document: document.into(),
        about: String::new(),
        form: form.into(),
        record: record.into(),
    };
    match phone.must(request) {
        Reply::Form { view } => Some(*view),
        _ => None,
    }
}

/// Answers a question of the open form.
pub fn answer(phone: &Phone, place: &str, value: &str) -> Option<AnsweredView> {
    let request = Request::Answer {
        place: place.into(),
        value: value.into(),
    };
    match phone.must(request) {
        Reply::Answered { view } => Some(view),
        _ => None,
    }
}

/// One more instance of a repeated part.
pub fn add_instance(phone: &Phone, place: &str) -> Option<FormView> {
    match phone.must(Request::AddInstance { place: place.into() }) {
        Reply::Form { view } => Some(*view),
        _ => None,
    }
}

/// [保存] of the open form.
pub fn save_form(phone: &Phone, finish: bool) -> Option<SavedView> {
    let problems = Vec::new();
    match phone.must(Request::SaveForm { finish, problems }) {
        Reply::SavedForm { saved, .. } => saved,
        _ => None,
    }
}

/// A record to look at, with the version that it was made with.
pub fn form_record(phone: &Phone, row: &FormRecordRow) -> Option<FormView> {
    let request = Request::FormRecord {
        document: row.document.clone(),
        record: row.record.clone(),
    };
    match phone.must(request) {
        Reply::Form { view } => Some(*view),
        _ => None,
    }
}

/// 作废 of a record.
pub fn withdraw_record(phone: &Phone, row: &FormRecordRow) -> bool {
    let request = Request::Withdraw {
        document: row.document.clone(),
        record: row.record.clone(),
        base: row.base.clone(),
        reason: "录错户".into(),
    };
    matches!(phone.must(request), Reply::Withdraw { .. })
}

/// Counts to the end for whom forms are due.
pub fn count_due(phone: &Phone) {
    while matches!(phone.must(Request::CountDue), Reply::CountDue { counting: Some(_) }) {}
}

/// For whom a form is due or was done.
pub fn due(phone: &Phone, form: &str, list: &str) -> Option<DueFormsView> {
    let request = Request::DueForms {
        form: form.into(),
        list: list.into(),
        group: String::new(),
        query: String::new(),
        offset: 0,
        limit: 100,
    };
    match phone.must(request) {
        Reply::DueForms { view } => Some(view),
        _ => None,
    }
}

/// Drafts of forms on the phone.
pub fn form_drafts(phone: &Phone) -> Vec<FormDraftRow> {
    match phone.must(Request::Today) {
        Reply::Today { view } => view.form_drafts,
        _ => Vec::new(),
    }
}
