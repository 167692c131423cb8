//! 台账: the problems found, newest first, under chips whose counts add up.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{self, ChipView, FindingsView, Words};
use crate::index::FindingRow;
use crate::register::enums::{self, FINDING_CATEGORY};
use std::cmp::Reverse;

/// The filters of the list. A finding is open until it is withdrawn: a way to its sign-off does not exist yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chip {
    Open,
    Mine,
    Withdrawn,
    All,
}

impl Chip {
    const EVERY: [Chip; 4] = [Chip::Open, Chip::Mine, Chip::Withdrawn, Chip::All];

    const fn code(self) -> &'static str {
        match self {
            Chip::Open => "open",
            Chip::Mine => "mine",
            Chip::Withdrawn => "withdrawn",
            Chip::All => "all",
        }
    }

    fn words(self) -> Words {
        match self {
            Chip::Open => Words::new("未销号", "Open"),
            Chip::Mine => Words::new("我发现的", "Found by me"),
            Chip::Withdrawn => Words::new("已作废", "Void"),
            Chip::All => Words::new("全部", "All"),
        }
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// 台账 under one chip; an unknown or empty one is the first.
    pub(super) fn findings(&self, chip: &str) -> Result<FindingsView, ClientError> {
        let me = self.me()?;
        let chosen = Chip::EVERY.into_iter().find(|known| known.code() == chip);
        let chosen = chosen.unwrap_or(Chip::Open);
        let within = |chip: Chip, finding: &FindingRow| match chip {
            Chip::Open => !finding.void,
            Chip::Mine => !finding.void && finding.by == Some(me),
            Chip::Withdrawn => finding.void,
            Chip::All => true,
        };
        let findings = || self.core.rows.findings();
        let mut rows: Vec<_> = findings().filter(|(_, finding)| within(chosen, finding)).collect();
        rows.sort_by_key(|(id, finding)| (Reverse(finding.found_on), *id));
        Ok(FindingsView {
            chip: chosen.code().into(),
            chips: Chip::EVERY
                .into_iter()
                .map(|chip| ChipView {
                    value: chip.code().into(),
                    words: chip.words(),
                    count: findings().filter(|(_, finding)| within(chip, finding)).count() as u32,
                })
                .collect(),
            rows: rows.into_iter().map(|(id, row)| self.finding_row(id, row)).collect(),
            strip: self.strip(),
        })
    }

    /// The problems found in a household, withdrawn ones included, newest first.
    pub(in crate::client) fn findings_of(&self, household: DocId) -> Vec<(DocId, &FindingRow)> {
        let mut found: Vec<_> = self
            .core
            .rows
            .findings()
            .filter(|(_, finding)| finding.household == Some(household))
            .collect();
        found.sort_by_key(|(id, finding)| (Reverse(finding.found_on), *id));
        found
    }

    /// One problem as a line of a list.
    pub(in crate::client) fn finding_row(&self, id: DocId, finding: &FindingRow) -> view::FindingRow {
        let household = finding
            .household
            .and_then(|household| self.core.rows.family(self.core.rows.leader(household)));
        view::FindingRow {
            id: id.to_string(),
            household: finding
                .household
                .map(|id| self.core.rows.leader(id).to_string())
                .unwrap_or_default(),
            // The household may come in a later part of the first load.
            head: household.map_or_else(|| "—".to_owned(), |row| row.head().to_owned()),
            group: household.map(|row| row.group.clone()).unwrap_or_default(),
            category: category(&finding.category),
            words: finding.words.clone(),
            state: if finding.void {
                Words::new("已作废", "Void")
            } else {
                Words::new("待交办", "Unassigned")
            },
            found_on: finding.found_on.map(|on| on.to_string()).unwrap_or_default(),
            due_on: String::new(),
            due: Words::new("", ""),
            overdue: false,
            by: finding.by.map(|by| self.core.village.name_of(by)).unwrap_or_default(),
            open: !finding.void,
            standing: self
                .where_of_finding(id, finding.by)
                .map(|place| self.where_view(place)),
        }
    }
}

/// The category in words; a sensitive one never appears in a list (INV18), one of a newer release as it is stored.
fn category(stored: &str) -> Words {
    match enums::choice(FINDING_CATEGORY, stored) {
        Some(choice) if choice.sensitive => Words::new("问题", "Finding"),
        Some(choice) => choice.label.into(),
        None => Words::new(stored, stored),
    }
}
