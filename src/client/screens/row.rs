//! One household as a line of a list: who, where, when last visited, and what is to be known at a glance, in words.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{self, Badge, Words};
use crate::index::HouseholdRow;
use crate::register::enums::{ATTRIBUTE, CLASS, MONITOR};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A household as a line of a list. `matched` names the member of the family by whom a search found it, when that is
    /// not the head.
    pub(in crate::client) fn household_row(&self, id: DocId, row: &HouseholdRow, matched: &str) -> view::HouseholdRow {
        let visited_on = row.visited_on();
        view::HouseholdRow {
            id: id.to_string(),
            head: row.head().to_owned(),
            group: row.group.clone(),
            number: row.number.clone(),
            unnumbered: row.number.is_empty(),
            people: if row.active { row.persons.len() as u32 } else { 0 },
            visited_on: visited_on.map(|on| on.to_string()).unwrap_or_default(),
            // A colleague's clock may run ahead: a visit of tomorrow was today.
            visited_days: visited_on.map_or(-1, |on| on.days_until(self.today()).max(0) as i32),
            badges: self.badges(id, row),
            matched: matched.to_owned(),
        }
    }

    /// Fields with more than one value, in the household and in the problems found there.
    pub(in crate::client) fn differs_of(&self, id: DocId, row: &HouseholdRow) -> u32 {
        row.differs + self.core.rows.found(id).differs
    }

    /// Changes of a household that are only here, of those shown under it too.
    pub(in crate::client) fn local_of(&self, id: DocId) -> u32 {
        let parts = self.core.rows.parts(id).into_iter();
        parts.map(|part| self.core.outbox.of(part)).sum::<usize>() as u32 + self.core.outbox.of(id) as u32
    }

    /// What is to be known of a household at a glance. Sensitive classes are never among it (INV18).
    fn badges(&self, id: DocId, row: &HouseholdRow) -> Vec<Badge> {
        let mine = self
            .me()
            .is_ok_and(|me| row.active && self.is_paired_with(row, me, self.today()));
        let local = self.local_of(id);
        let asked = row.asked + self.core.rows.found(id).asked;
        let count = |kind, count: u32, zh: &str, one: &str, many: &str| {
            let en = if count == 1 { one } else { many };
            (count > 0).then(|| badge(kind, format!("{zh} {count}"), format!("{count} {en}")))
        };
        let when = |kind, holds: bool, zh: &str, en: &str| holds.then(|| badge(kind, zh, en));
        [
            when("joined", !self.core.rows.parts(id).is_empty(), "已合并", "Joined"),
            when("inactive", !row.active, "已不在册", "No longer registered"),
            (!row.class.is_empty()).then(|| badge("class", row.class.as_str(), class_in_english(&row.class))),
            when("paired", mine, "我结对的", "Paired with me"),
            count("finding", self.core.rows.found(id).open, "问题", "finding", "findings"),
            count(
                "differs",
                self.differs_of(id, row).saturating_sub(asked),
                "待核对",
                "differing value",
                "differing values",
            ),
            count("asked", asked, "问清再定", "being asked about", "being asked about"),
            count("local", local, "只在本机", "only on this phone", "only on this phone"),
            when("absent", row.away, "举家外出", "Family away"),
            when(
                "duplicate",
                self.core.rows.alike().has(id),
                "疑似重复",
                "Possible duplicate",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn badge(kind: &str, zh: impl Into<String>, en: impl Into<String>) -> Badge {
    Badge {
        kind: kind.to_owned(),
        words: Words::new(zh, en),
    }
}

/// The index keeps the Chinese word of the class, which is also its stored term.
fn class_in_english(class: &str) -> &str {
    [CLASS, MONITOR, ATTRIBUTE]
        .into_iter()
        .flatten()
        .find(|choice| choice.label.zh == class)
        .map_or(class, |choice| choice.label.en)
}
