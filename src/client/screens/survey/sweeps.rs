//! 举一反三: a problem of one household makes all the others be looked at for the same. How far that has come follows from
//! the rows; the sign-off asks for it when it is made, and writes down what it was told.

use super::campaigns::{Counted, progress_view};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::screens::say::{both, chosen, joined, same};
use crate::client::store::Store;
use crate::client::view::{ProgressView, SweepView, Words};
use crate::index::FindingRow;
use crate::indicator::campaign::{Progress, Stands};
use crate::register::enums::FINDING_CATEGORY;

const KEY: &str = "sweep.";
/// What the events of a problem carry of it, as the conditions of the procedure name it.
pub(in crate::client::screens) const SWEEP: &str = "sweep";
/// The county's rule about it.
pub(in crate::client::screens) const BLOCKS: &str = "sweep_blocks_parent";

/// How a sweep is asked for.
pub(super) fn key(id: DocId) -> String {
    format!("{KEY}{id}")
}

pub(super) fn of_key(key: &str) -> Option<DocId> {
    key.strip_prefix(KEY)?.parse().ok()
}

pub(super) fn title() -> Words {
    both("举一反三", "Looked for elsewhere")
}

pub(super) fn cleared() -> Words {
    both(
        "发现以后走访过，没有同类问题；有的都已销号",
        "Visited since it was found, and no such problem, or it is signed off",
    )
}

/// What is looked for: the kind, and what was wrong with the one.
pub(super) fn label(finding: &FindingRow) -> Words {
    let parts = [
        chosen(FINDING_CATEGORY, &finding.category),
        same(finding.words.as_str()),
    ];
    joined(parts.into_iter().filter(|one| !one.is_empty()), "：", ": ")
}

/// A household or a place with the same problem.
struct Same<'a> {
    household: Option<DocId>,
    id: DocId,
    row: &'a FindingRow,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Problems for which all others are looked at, the latest first.
    pub(super) fn sweeps(&self) -> Vec<(DocId, &FindingRow)> {
        let all = self.core.rows.findings();
        let mut wide: Vec<_> = all.filter(|(_, one)| one.wide && !one.void).collect();
        wide.sort_by_key(|(id, one)| (std::cmp::Reverse(one.found_on), *id));
        wide
    }

    /// Problems of the same kind that were found since.
    fn same_kind(&self, id: DocId, finding: &FindingRow) -> Vec<Same<'_>> {
        let all = self.core.rows.findings();
        let is_same = |other: &FindingRow| {
            !other.void
                && other.procedure.is_empty()
                && other.category == finding.category
                && other.found_on >= finding.found_on
        };
        let all = all.filter(|(other, row)| *other != id && is_same(row));
        let mut all: Vec<Same<'_>> = all
            .map(|(id, row)| Same {
                household: row.household.map(|one| self.core.rows.leader(one)),
                id,
                row,
            })
            .collect();
        // Of several problems of one household an open one stands first.
        all.sort_by_key(|one| (one.household, !one.row.is_open(), one.id));
        all
    }

    /// Each household beside the one, and each place where the same was found, in the order of the roster; how many
    /// have the same problem.
    pub(super) fn looked_for(&self, id: DocId, finding: &FindingRow) -> (Vec<Counted>, u32) {
        let alike = self.same_kind(id, finding);
        let own = finding.household.map(|one| self.core.rows.leader(one));
        let roster = self.roster();
        let mut families: Vec<_> = self.core.rows.families().filter(|(_, row)| row.active).collect();
        families.retain(|(household, _)| Some(*household) != own);
        families.sort_by_cached_key(|(household, row)| roster.place(*household, row));
        let mut same_count = 0;
        let mut counted = Vec::new();
        for (household, row) in families {
            let found = alike.partition_point(|one| one.household < Some(household));
            let found = alike.get(found).filter(|one| one.household == Some(household));
            same_count += u32::from(found.is_some());
            let visited = row.visited_on().is_some_and(|on| Some(on) >= finding.found_on);
            let checked = visited || found.is_some();
            counted.push(Counted {
                place: 0,
                kind: "household",
                id: household,
                household: Some(household),
                name: row.head().to_owned(),
                group: row.group.clone(),
                words: found.map(|one| same(one.row.words.as_str())).unwrap_or_default(),
                stands: Stands {
                    checked,
                    cleared: checked && found.is_none_or(|one| !one.row.is_open()),
                },
            });
        }
        for one in alike.iter().filter(|one| one.household.is_none()) {
            same_count += 1;
            counted.push(Counted {
                place: 0,
                kind: "finding",
                id: one.id,
                household: None,
                name: one.row.place.clone(),
                group: one.row.group.clone(),
                words: same(one.row.words.as_str()),
                stands: Stands {
                    checked: true,
                    cleared: !one.row.is_open(),
                },
            });
        }
        (counted, same_count)
    }

    /// How far one sweep is.
    pub(super) fn swept(&self, id: DocId, finding: &FindingRow) -> ProgressView {
        let (counted, same) = self.looked_for(id, finding);
        let mut progress = Progress::default();
        counted.iter().for_each(|one| progress.add(one.stands));
        progress_view(progress, Some(same))
    }

    /// What the page of a problem shows of its sweep.
    pub(in crate::client::screens) fn sweep_view(&self, id: DocId) -> Option<SweepView> {
        let finding = self.core.rows.finding(id).filter(|one| one.wide && !one.void)?;
        Some(SweepView {
            key: key(id),
            progress: self.swept(id, finding),
        })
    }

    /// What a step of a problem is told of its sweep, and by which rule; nothing where there is none.
    pub(in crate::client::screens) fn sweep_told(&self, id: DocId) -> Vec<(String, String)> {
        let Some(sweep) = self.sweep_view(id) else {
            return Vec::new();
        };
        let state = if sweep.progress.remaining > 0 {
            "open"
        } else {
            "cleared"
        };
        let told = [(SWEEP, state), (BLOCKS, "yes")].into_iter();
        let told = told.filter(|(key, _)| *key == SWEEP || self.core.village.sweep_blocks);
        told.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}
