//! Problems, through the same requests as the screens.

use crate::phone::Phone;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::{FindingRow, FindingView, NewFinding, PhotoDraft};

/// A photo that the phone has.
pub const PHOTO: &str = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
/// A signature: its strokes.
pub const STROKES: &str = "_@_@A?A?";

/// The whole ledger, in one order on all phones.
pub fn findings(phone: &Phone) -> Vec<FindingRow> {
    let request = Request::Findings {
        chip: "all".into(),
        asked: Box::default(),
    };
    let mut rows = match phone.must(request) {
        Reply::Findings { view } => view.rows,
        _ => Vec::new(),
    };
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    rows
}

/// The page of a problem.
pub fn finding(phone: &Phone, id: &str) -> Option<FindingView> {
    let (id, seen) = (id.to_owned(), String::new());
    match phone.must(Request::Finding { id, seen }) {
        Reply::Finding { view } => Some(*view),
        _ => None,
    }
}

/// Writes a problem down.
pub fn find(phone: &Phone, finding: NewFinding) -> Option<String> {
    let finding = Box::new(finding);
    match phone.must(Request::SaveFinding { finding }) {
        Reply::SaveFinding { saved } => Some(saved.document),
        _ => None,
    }
}

/// Does a step on what the page showed. The record of it, where it was saved.
pub fn do_step(phone: &Phone, page: &FindingView, event: &str, fields: &[(String, String)]) -> Option<String> {
    let photo = PhotoDraft {
        photo: PHOTO.into(),
        thumb: PHOTO.into(),
        what: "after".into(),
        bytes: 1000,
        at_ms: 0,
    };
    let carries = fields.iter().any(|(_, value)| value == PHOTO);
    let change = |(key, value): &(String, String)| FieldChange {
        key: key.clone(),
        value: value.clone(),
    };
    let request = Request::DoStep {
        id: page.row.id.clone(),
        base: page.base.clone(),
        event: event.into(),
        fields: fields.iter().map(change).collect(),
        photos: carries.then_some(photo).into_iter().collect(),
    };
    match phone.must(request) {
        Reply::DoStep { saved, .. } => saved.map(|saved| saved.record),
        _ => None,
    }
}
