//! The steps and photos of a finding as the history tells them.

use super::carried_words;
use crate::client::screens::lens::Lens;
use crate::client::screens::say::{beside, both, sentence};
use crate::client::view::Words;
use crate::doc::{At, DocKind, Record};
use crate::ledger::Procedure;
use crate::ledger::procedure::Holds;
use std::rc::Rc;

const EVENTS: &str = "events";
const EVIDENCE: &str = "evidence";

fn table(at: &At) -> &str {
    match at {
        At::Own => "",
        At::In(table, _) => table,
    }
}

/// The procedure that a step names.
fn pinned(lens: &Lens<'_>, record: &Record) -> Rc<Procedure> {
    lens.procedures
        .of(&record.text("procedure"), record.text("version").parse().ok())
}

/// What a record that no form describes is: a step, a photo, or something of a newer release.
pub(in crate::client::screens) fn record_words(lens: &Lens<'_>, at: &At, record: &Record) -> Words {
    match (lens.document.kind(), table(at)) {
        (DocKind::Finding, EVENTS) => {
            let kind = record.text("event");
            let procedure = pinned(lens, record);
            let known = procedure.kind(&kind);
            known.map_or_else(
                || both(kind.clone(), kind.clone()),
                |known| sentence(known.label.clone()),
            )
        }
        (DocKind::Finding, EVIDENCE) => both("照片", "Photo"),
        _ => both("其他记录", "another record"),
    }
}

/// What a step carries, in one line; nothing of other records.
pub(in crate::client::screens) fn told(lens: &Lens<'_>, at: &At) -> Option<Words> {
    if lens.document.kind() != DocKind::Finding {
        return None;
    }
    let record = lens.document.record(at)?;
    match table(at) {
        EVIDENCE => Some(both("加了一张照片", "A photo was added")),
        EVENTS => {
            let procedure = pinned(lens, &record);
            let kind = procedure.kind(&record.text("event"))?;
            let fields = kind.fields.iter().filter(|field| !record.text(&field.name).is_empty());
            let shown = fields.filter(|field| !matches!(field.holds, Holds::Photo | Holds::Signature | Holds::Link));
            let parts = shown.map(|field| {
                let member = |member| lens.village.name_of(member);
                carried_words(field, &record.text(&field.name), lens.today, member)
            });
            let words = beside(parts);
            Some(if words.is_empty() {
                both("已办", "done")
            } else {
                words
            })
        }
        _ => None,
    }
}
