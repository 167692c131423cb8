//! 待核对: each field about which people disagree, with every value.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::screens::filled::Filled;
use crate::client::screens::lens::{Lens, kind_of};
use crate::client::screens::say::beside;
use crate::client::screens::seen::base_of;
use crate::client::screens::slots::{Drawing, Slot};
use crate::client::store::Store;
use crate::client::view::DiffersView;
use crate::doc::At;
use crate::register::field::{RecordKind, find};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What differs in a document.
    pub(super) fn differing(&self, lens: &Lens<'_>) -> Vec<DiffersView> {
        let base = base_of(lens.document);
        let fields = lens.document.differing();
        fields
            .iter()
            .filter_map(|(at, key)| differs(lens, at, key, &base))
            .collect()
    }

    /// What differs in the problems of a household. One that cannot be opened has its own place under 我的.
    pub(super) async fn differing_findings(&mut self, household: DocId) -> Vec<DiffersView> {
        let disputed = |row: &crate::index::FindingRow| row.household == Some(household) && row.differs > 0;
        let ids: Vec<DocId> = self
            .core
            .rows
            .findings()
            .filter(|(_, row)| disputed(row))
            .map(|(id, _)| id)
            .collect();
        let mut all = Vec::new();
        for id in ids {
            if let Ok(Some(_)) = self.find(id).await
                && let Ok(lens) = self.lens(id)
            {
                all.extend(self.differing(&lens).into_iter().map(|one| DiffersView {
                    title: beside([RecordKind::Finding.words().into(), one.title]),
                    ..one
                }));
            }
        }
        all
    }
}

fn differs(lens: &Lens<'_>, at: &At, key: &str, base: &str) -> Option<DiffersView> {
    let kind = kind_of(lens.document.kind(), at)?;
    let found = find(kind, key)?;
    let record = lens.document.record(at)?;
    let filled = Filled::of(kind, &record);
    let drawing = Drawing {
        lens,
        kind,
        record: &record,
        filled: &filled,
        flags: Default::default(),
        with_choices: false,
        exists: true,
        next_job: None,
    };
    let field = if found.field.kind.is_set() {
        drawing.member_view(found.field, found.part)
    } else {
        drawing.view(&Slot {
            field: found.field,
            part: found.part.to_owned(),
        })
    };
    Some(DiffersView {
        document: lens.document.id().to_string(),
        record: at.to_string(),
        base: base.to_owned(),
        title: beside([lens.record_words(at), lens.key_label(found.field, found.part)]),
        field,
    })
}
