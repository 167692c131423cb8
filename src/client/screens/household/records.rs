//! 人口变动 and assessments of a household as lines, the latest first; each can be opened, corrected and withdrawn.

use crate::client::screens::lens::{Lens, kind_of};
use crate::client::screens::record::void_reason;
use crate::client::screens::say::{beside, chosen, same};
use crate::client::view::{RecordRow, Words};
use crate::doc::{At, Record};
use crate::register::enums::{HOUSING_GRADE, WATER};
use crate::register::field::RecordKind;
use std::cmp::Reverse;

/// The lines.
pub(super) fn of(lens: &Lens<'_>) -> Vec<RecordRow> {
    let mut rows: Vec<(String, RecordRow)> = ["events", "assessments"]
        .iter()
        .flat_map(|table| {
            let records = lens.document.records(table);
            records.into_iter().map(|(id, record)| (At::table(table, id), record))
        })
        .map(|(at, record)| (record.text("on"), row(lens, &at, &record)))
        .collect();
    rows.sort_by_key(|(on, row)| Reverse((on.clone(), row.record.clone())));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(lens: &Lens<'_>, at: &At, record: &Record) -> RecordRow {
    RecordRow {
        document: lens.document.id().to_string(),
        record: at.to_string(),
        words: lens.record_words(at),
        detail: detail(lens, at, record),
        on: record.text("on"),
        by: lens.name(lens.creator(at)),
        void_reason: void_reason(record),
        standing: None,
    }
}

/// The remark of an event; what an assessment came to.
fn detail(lens: &Lens<'_>, at: &At, record: &Record) -> Words {
    match kind_of(lens.document.kind(), at) {
        Some(RecordKind::Assessment) => {
            let grade = chosen(HOUSING_GRADE, &record.text("grade"));
            beside([grade, chosen(WATER, &record.text("verdict"))])
        }
        _ => same(record.text("remark")),
    }
}
