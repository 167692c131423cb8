//! Short ways to ask a phone what the app asks.

use bianfang::base::id::DocId;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::*;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

/// Three people with a phone each, in a village of three households.
pub fn team() -> World {
    World::new(7, 3, &["李国强", "王芳", "张伟"])
}

/// 户页.
pub fn household(phone: &Phone, id: &DocId) -> HouseholdView {
    match phone.must(Request::Household { id: id.to_string() }) {
        Reply::Household { view } => *view,
        other => panic!("no household page: {other:?}"),
    }
}

/// The form of a new visit.
pub fn visit_form(phone: &Phone, household: &DocId, visit: &str) -> VisitForm {
    let request = Request::VisitForm {
        household: household.to_string(),
        visit: visit.into(),
    };
    match phone.must(request) {
        Reply::VisitForm { form } => *form,
        other => panic!("no form: {other:?}"),
    }
}

/// What saves a visit.
pub fn saving(draft: VisitDraft) -> Request {
    Request::SaveVisit {
        draft,
        finish: true,
        problems: Vec::new(),
    }
}

/// Saves a visit.
pub fn save_visit(phone: &Phone, draft: VisitDraft) -> SavedView {
    match phone.must(saving(draft)) {
        Reply::SaveVisit { saved: Some(saved), .. } => saved,
        other => panic!("not saved: {other:?}"),
    }
}

/// An editor.
pub fn record(phone: &Phone, document: &DocId, record: &str) -> RecordView {
    let request = Request::Record {
        document: document.to_string(),
        record: record.into(),
    };
    match phone.must(request) {
        Reply::Record { view } => view,
        other => panic!("no editor: {other:?}"),
    }
}

/// What was typed.
pub fn changes(typed: &[(&str, &str)]) -> Vec<FieldChange> {
    let change = |(key, value): &(&str, &str)| FieldChange {
        key: (*key).into(),
        value: (*value).into(),
    };
    typed.iter().map(change).collect()
}

/// Opens a record, types, saves.
pub fn edit(phone: &Phone, document: &DocId, at: &str, typed: &[(&str, &str)]) -> SavedView {
    let view = record(phone, document, at);
    let request = Request::SaveRecord {
        document: document.to_string(),
        record: at.into(),
        base: view.base,
        changes: changes(typed),
    };
    match phone.must(request) {
        Reply::SaveRecord { saved } => saved,
        other => panic!("not saved: {other:?}"),
    }
}

/// A field of an editor.
pub fn field<'a>(view: &'a RecordView, key: &str) -> &'a FieldView {
    let mut fields = view.sections.iter().flat_map(|section| &section.fields);
    fields
        .find(|field| field.key == key)
        .unwrap_or_else(|| panic!("no field {key}"))
}

/// The code of a refusal.
pub fn refusal(reply: Reply) -> String {
    match reply {
        Reply::Failed { problem } => {
            assert!(!problem.words.zh.is_empty() && !problem.words.en.is_empty());
            problem.code
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// 修改记录 from the newest.
pub fn history(phone: &Phone, document: &DocId, offset: u32, limit: u32) -> HistoryView {
    let request = Request::History {
        document: document.to_string(),
        record: String::new(),
        field: String::new(),
        offset,
        limit,
    };
    match phone.must(request) {
        Reply::History { view } => view,
        other => panic!("no history: {other:?}"),
    }
}
