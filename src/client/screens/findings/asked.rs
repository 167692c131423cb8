//! What the ledger is asked for: words, filters, the order and by what it is grouped. Counts are taken of the same rows.

use super::Sight;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::screens::say::{same, sentence};
use crate::client::store::Store;
use crate::client::view::{ChipView, FilterView, FindingsAsked, SectionCount, Words};
use crate::index::FindingRow;
use crate::register::enums::{self, FINDING_CATEGORY, FINDING_SOURCE, PROCEDURE};

/// The filters, in the order of the screen.
const FILTERS: [(&str, Words2); 6] = [
    (KIND, ("事项", "Matter")),
    ("group", ("组", "Group")),
    ("category", ("问题类别", "Category")),
    ("owner", ("责任人", "Owner")),
    ("due", ("时限", "Due")),
    ("source", ("问题来源", "Found by")),
];
/// Problems, and what else is under way for households.
const KIND: &str = "kind";
const PROBLEM: &str = "finding";
type Words2 = (&'static str, &'static str);
/// How the due dates are told apart, and the last day of each from today.
const DUES: [(&str, Words2); 5] = [
    ("overdue", ("超期", "Overdue")),
    ("today", ("今天到期", "Due today")),
    ("week", ("7天内到期", "Due within 7 days")),
    ("later", ("7天以后", "Later")),
    ("none", ("没有时限", "No due date")),
];
const WEEK: i64 = 7;

/// A finding of the list.
pub(super) type Found<'a> = (DocId, &'a FindingRow);

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Whether a finding is asked for; `but` leaves one filter out.
    pub(super) fn is_asked(&self, asked: &FindingsAsked, finding: &FindingRow, but: &str) -> bool {
        let chosen = FILTERS.iter().filter(|(key, _)| *key != but);
        chosen
            .map(|(key, _)| (key, wanted(asked, key)))
            .all(|(key, wanted)| wanted.is_empty() || self.value_of(finding, key) == wanted)
            && self.reads(finding, asked.query.trim())
    }

    /// The finding holds what was typed.
    fn reads(&self, finding: &FindingRow, query: &str) -> bool {
        query.is_empty()
            || [&finding.words, &finding.place, &finding.category]
                .iter()
                .any(|text| text.contains(query))
            || self.head_of(finding).is_some_and(|head| head.contains(query))
            || self
                .label_of("owner", &self.value_of(finding, "owner"))
                .zh
                .contains(query)
    }

    fn head_of(&self, finding: &FindingRow) -> Option<&str> {
        let household = self.core.rows.leader(finding.household?);
        self.core.rows.family(household).map(|row| row.head())
    }

    /// By what a filter tells a finding from others; empty where it tells nothing.
    fn value_of(&self, finding: &FindingRow, key: &str) -> String {
        let status = finding.status.as_ref();
        match key {
            // Inspectors tell their findings apart by the village.
            "group" if self.core.village.group => finding.village.map(|one| one.to_string()).unwrap_or_default(),
            "group" => self.group_of(finding).to_owned(),
            KIND if finding.is_problem() => PROBLEM.to_owned(),
            KIND => finding.procedure.clone(),
            // What is sensitive is named in no list (INV18).
            "category" => plain(FINDING_CATEGORY, &finding.category),
            "source" => plain(FINDING_SOURCE, &finding.source),
            "owner" => status
                .and_then(|status| status.owner)
                .map(|owner| owner.to_string())
                .unwrap_or_default(),
            _ => due_of(finding, self.today()).to_owned(),
        }
    }

    pub(super) fn group_of<'a>(&'a self, finding: &'a FindingRow) -> &'a str {
        let household = finding.household.map(|id| self.core.rows.leader(id));
        let family = household.and_then(|id| self.core.rows.family(id));
        family.map_or(finding.group.as_str(), |row| row.group.as_str())
    }

    fn label_of(&self, key: &str, value: &str) -> Words {
        match key {
            KIND if value == PROBLEM => Words::new("问题", "Finding"),
            KIND => crate::client::screens::say::chosen(PROCEDURE, value),
            "category" => super::category(value),
            "source" => crate::client::screens::say::chosen(FINDING_SOURCE, value),
            "owner" => same(
                value
                    .parse()
                    .map(|owner| self.core.village.name_of(owner))
                    .unwrap_or_default(),
            ),
            "due" => DUES
                .iter()
                .find(|(known, _)| *known == value)
                .map(|(_, words)| Words::new(words.0, words.1))
                .unwrap_or_default(),
            "group" if self.core.village.group => {
                same(value.parse().map_or("", |village| self.core.village.area(village)))
            }
            _ => same(value),
        }
    }

    /// The filters with what each would leave of these findings.
    pub(super) fn filters(&self, asked: &FindingsAsked, findings: &[Found<'_>]) -> Vec<FilterView> {
        let filter = |(key, words): &(&str, Words2)| {
            let left = findings
                .iter()
                .filter(|(_, finding)| self.is_asked(asked, finding, key));
            let mut choices: Vec<ChipView> = Vec::new();
            for (_, finding) in left {
                let value = self.value_of(finding, key);
                match choices.iter_mut().find(|one| one.value == value) {
                    _ if value.is_empty() => {}
                    Some(one) => one.count += 1,
                    None => choices.push(ChipView {
                        words: self.label_of(key, &value),
                        value,
                        count: 1,
                    }),
                }
            }
            FilterView {
                key: (*key).to_owned(),
                label: match *key {
                    "group" if self.core.village.group => Words::new("村", "Village"),
                    _ => Words::new(words.0, words.1),
                },
                chosen: wanted(asked, key).to_owned(),
                choices,
            }
        };
        let mut filters: Vec<FilterView> = FILTERS.iter().map(filter).collect();
        // Where there are only problems nobody is asked about it.
        let alone =
            |filter: &FilterView| filter.chosen.is_empty() && filter.choices.iter().all(|one| one.value == PROBLEM);
        filters.retain(|filter| filter.key != KIND || !alone(filter));
        filters
    }

    /// In which part of the list a finding stands: its place in the order of the parts, and its title.
    pub(super) fn section_of(&self, asked: &FindingsAsked, sight: &Sight, finding: &FindingRow) -> (usize, Words) {
        match asked.section.as_str() {
            "group" if self.core.village.group => {
                let areas = &self.core.village.areas;
                let known = areas.iter().position(|area| Some(area.space) == finding.village);
                match known {
                    Some(at) => (at, same(&areas[at].name)),
                    None => (usize::MAX, Words::new("还没定村", "No village yet")),
                }
            }
            "group" => {
                let group = self.group_of(finding);
                let groups = sight.groups.iter().position(|one| one == group);
                let title = if group.is_empty() {
                    Words::new("未分组", "No group")
                } else {
                    same(group)
                };
                (groups.unwrap_or(usize::MAX), title)
            }
            "dept" => {
                let dept = finding
                    .status
                    .as_ref()
                    .map(|status| status.lead_dept.as_str())
                    .unwrap_or_default();
                let procedure = sight.procedure(finding);
                let mut fields = procedure.events.iter().flat_map(|kind| &kind.fields);
                let field = fields.find(|field| field.name == "lead_dept");
                let known = field.and_then(|field| field.choices.iter().position(|(value, _)| value == dept));
                let label = known
                    .and_then(|at| field?.choices.get(at))
                    .map(|(_, label)| sentence(label.clone()));
                (
                    known.unwrap_or(usize::MAX),
                    label.unwrap_or_else(|| Words::new("未交办", "Not assigned")),
                )
            }
            _ => (0, Words::default()),
        }
    }

    /// The parts of the list with how many stand in each.
    pub(super) fn section_counts(&self, asked: &FindingsAsked, sight: &Sight, rows: &[Found<'_>]) -> Vec<SectionCount> {
        let mut sections: Vec<SectionCount> = Vec::new();
        for (_, finding) in rows {
            let (_, words) = self.section_of(asked, sight, finding);
            match sections.last_mut() {
                Some(last) if last.words == words => last.count += 1,
                _ => sections.push(SectionCount { words, count: 1 }),
            }
        }
        sections
    }
}

fn wanted<'a>(asked: &'a FindingsAsked, key: &str) -> &'a str {
    match key {
        KIND => &asked.kind,
        "group" => &asked.group,
        "category" => &asked.category,
        "owner" => &asked.owner,
        "source" => &asked.source,
        _ => &asked.due,
    }
}

fn plain(list: &'static [enums::Choice], stored: &str) -> String {
    match enums::choice(list, stored) {
        Some(choice) if choice.sensitive => String::new(),
        _ => stored.to_owned(),
    }
}

fn due_of(finding: &FindingRow, today: Date) -> &'static str {
    let due = finding.status.as_ref().and_then(|status| status.due);
    match due.filter(|_| finding.is_open()).map(|due| today.days_until(due)) {
        None => "none",
        Some(..0) => "overdue",
        Some(0) => "today",
        Some(1..=WEEK) => "week",
        Some(_) => "later",
    }
}
