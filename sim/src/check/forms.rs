//! Records of forms: whatever was published since, each opens with the version that it was made with, and so does a draft.

use crate::people;
use crate::phone::Phone;
use crate::play::Run;
use bianfang::base::id::DocId;

impl Run {
    /// Records and drafts that a phone cannot open, or opens with another version.
    pub(super) fn unpinned(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.versions == 0 {
            return found;
        }
        for phone in self.working() {
            for id in &self.world.households {
                let records = people::forms(phone, *id).map(|view| view.records).unwrap_or_default();
                for row in records {
                    match people::form_record(phone, &row) {
                        Some(view) if row.readable && view.form == row.form => {}
                        other => {
                            let with = other.map(|view| view.form);
                            found.push(format!("{}: {row:?} opens with {with:?}", phone.name));
                        }
                    }
                }
            }
            for draft in people::form_drafts(phone) {
                let opened = people::open_form(phone, &draft.document, &draft.form, &draft.record);
                if !opened.is_some_and(|view| view.resumed && view.form == draft.form) {
                    found.push(format!("{}: a draft does not open: {draft:?}", phone.name));
                }
            }
        }
        found
    }
}

/// What every phone must show alike of forms.
pub(super) fn shown(phone: &Phone, households: &[DocId]) -> String {
    let mut all = String::new();
    people::count_due(phone);
    let mut offered = Vec::new();
    for id in households {
        let Some(view) = people::forms(phone, *id) else {
            all.push_str(&format!("{id} has no forms\n"));
            continue;
        };
        let rows = view.offered.iter().map(|row| (&row.form, &row.note, &row.last_on));
        all.push_str(&format!("{id} {:?}\n", rows.collect::<Vec<_>>()));
        for row in &view.records {
            let items = people::form_record(phone, row)
                .map(|view| view.items)
                .unwrap_or_default();
            let values: Vec<_> = items.iter().map(|item| (&item.place, &item.value)).collect();
            let state = (row.done, &row.void_reason, row.superseded, row.differs);
            all.push_str(&format!(
                "{} {} {} {state:?} {values:?}\n",
                row.record, row.form, row.on
            ));
        }
        offered.extend(view.offered.into_iter().map(|row| row.form));
    }
    offered.sort();
    offered.dedup();
    for form in offered {
        for list in ["due", "done", "missed"] {
            let view = people::due(phone, &form, list);
            let rows = view.iter().flat_map(|view| &view.rows);
            let rows: Vec<_> = rows.map(|row| (&row.document, &row.note, &row.last_on)).collect();
            all.push_str(&format!("{list} {rows:?}\n"));
        }
    }
    all
}
