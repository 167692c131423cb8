//! 四张清单: who answers for what, what is to be done, what is wrong, what is being mended. Four views of the same problems;
//! departments and people stand in the order of their names, and nobody is compared with anybody.

use super::ROWS_MAX;
use super::campaigns::due_of;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::findings::Sight;
use crate::client::screens::say::{both, joined, same, sentence};
use crate::client::store::Store;
use crate::client::view::{ChipView, FourListsView, ListRow, Words};
use crate::index::{FindingRow, RowStatus};
use std::cmp::Reverse;

/// 责任, 任务, 问题, 整改
const LISTS: [(&str, &str, &str); 4] = [
    ("duty", "责任清单", "Who answers"),
    ("task", "任务清单", "Tasks"),
    ("problem", "问题清单", "Findings"),
    ("mending", "整改清单", "Rectification"),
];
const BETWEEN: &str = " · ";

/// A problem with what its events say.
type Of<'a> = (DocId, &'a FindingRow, &'a RowStatus);

impl<S: Store, H: Host> Book<'_, S, H> {
    /// One of the four lists, and how long each is.
    pub(super) fn four_lists(&self, wanted: &str) -> Result<FourListsView, ClientError> {
        let chosen = LISTS.iter().position(|(code, ..)| *code == wanted).unwrap_or(2);
        let sight = self.sight();
        let every = [
            self.who_answers(&sight),
            self.tasks(&sight),
            self.problems(&sight),
            self.mendings(&sight),
        ];
        let lists = LISTS.iter().zip(&every).map(|((code, zh, en), rows)| ChipView {
            value: (*code).to_owned(),
            words: both(*zh, *en),
            count: rows.len() as u32,
        });
        let lists = lists.collect();
        let mut rows = every.into_iter().nth(chosen).unwrap_or_default();
        let total = rows.len() as u32;
        rows.truncate(ROWS_MAX);
        Ok(FourListsView {
            list: LISTS[chosen].0.to_owned(),
            lists,
            total,
            rows,
        })
    }

    /// Problems that events were written about, the first due first.
    fn handled(&self) -> Vec<Of<'_>> {
        let findings = self.core.rows.findings();
        let handled = findings.filter_map(|(id, one)| Some((id, one, one.status.as_ref()?)));
        let mut handled: Vec<_> = handled
            .filter(|(_, one, _)| !one.void && one.procedure.is_empty())
            .collect();
        handled.sort_by_key(|(id, _, status)| (status.due.unwrap_or(Date::MAX), *id));
        handled
    }

    /// The department and the person.
    fn who(&self, finding: &FindingRow, status: &RowStatus, sight: &Sight) -> (Words, String) {
        let owner = status
            .owner
            .map(|owner| self.core.village.name_of(owner))
            .unwrap_or_default();
        let procedure = sight.procedure(finding);
        let fields = procedure.events.iter().flat_map(|kind| &kind.fields);
        let mut choices = fields
            .filter(|field| field.name == "lead_dept")
            .flat_map(|field| &field.choices);
        let dept = choices.find(|(value, _)| *value == status.lead_dept);
        let dept = dept.map_or_else(|| same(status.lead_dept.as_str()), |(_, words)| sentence(words.clone()));
        (dept, owner)
    }

    /// Each department and person with what is open with them.
    fn who_answers(&self, sight: &Sight) -> Vec<ListRow> {
        let mut open: Vec<(Words, String, Vec<Of<'_>>)> = Vec::new();
        for of in self.handled().into_iter().filter(|(_, one, _)| one.is_open()) {
            let (dept, owner) = self.who(of.1, of.2, sight);
            if owner.is_empty() && dept.zh.is_empty() {
                continue;
            }
            match open.iter_mut().find(|(unit, name, _)| *name == owner && *unit == dept) {
                Some((_, _, all)) => all.push(of),
                None => open.push((dept, owner, vec![of])),
            }
        }
        open.sort_by(|one, other| (&one.0.zh, &one.1).cmp(&(&other.0.zh, &other.1)));
        let row = |(dept, owner, all): (Words, String, Vec<Of<'_>>)| {
            let (due, overdue) = due_of(
                all.iter().filter_map(|(_, _, status)| status.due).min(),
                1,
                self.today(),
            );
            let count = all.len();
            ListRow {
                finding: String::new(),
                household: String::new(),
                title: joined([dept, same(owner)], BETWEEN, BETWEEN),
                detail: both(format!("未销号 {count} 个"), format!("{count} open")),
                state: Words::default(),
                due,
                overdue,
            }
        };
        open.into_iter().map(row).collect()
    }

    /// What was assigned and is not done, the first due first.
    fn tasks(&self, sight: &Sight) -> Vec<ListRow> {
        let open = self.handled().into_iter();
        let open = open.filter(|(_, one, status)| one.is_open() && status.owner.is_some());
        open.map(|(id, one, status)| {
            let (dept, owner) = self.who(one, status, sight);
            ListRow {
                detail: joined([dept, same(owner)], BETWEEN, BETWEEN),
                ..self.line(id, one, sight)
            }
        })
        .collect()
    }

    /// What is wrong and open, the latest first.
    fn problems(&self, sight: &Sight) -> Vec<ListRow> {
        let mut open: Vec<_> = self
            .core
            .rows
            .findings()
            .filter(|(_, one)| one.is_open() && one.procedure.is_empty())
            .collect();
        open.sort_by_key(|(id, one)| (Reverse(one.found_on), *id));
        open.into_iter().map(|(id, one)| self.line(id, one, sight)).collect()
    }

    /// What is being mended or was, the open ones first.
    fn mendings(&self, sight: &Sight) -> Vec<ListRow> {
        let mut all = self.handled();
        all.retain(|(_, one, _)| Some(sight.state(one)) > sight.procedure(one).state("assigned"));
        all.sort_by_key(|(_, one, _)| !one.is_open());
        all.into_iter().map(|(id, one, _)| self.line(id, one, sight)).collect()
    }

    fn line(&self, id: DocId, one: &FindingRow, sight: &Sight) -> ListRow {
        let row = self.finding_row(sight, id, one);
        let place = match row.household.is_empty() {
            true => Words::default(),
            false => same(format!("{} {}", row.group, row.head)),
        };
        ListRow {
            finding: row.id,
            household: row.household,
            title: same(row.words),
            detail: joined([row.category, place], BETWEEN, BETWEEN),
            state: row.state,
            due: row.due,
            overdue: row.overdue,
        }
    }
}
