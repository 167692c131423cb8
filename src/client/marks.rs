//! What follows from all rows together rather than from one: open problems of each household, and households that look
//! like one family. Kept until a row changes; holds nothing that is stored.

use super::rows::Rows;
use crate::base::id::DocId;
use crate::index::HouseholdRow;
use crate::register::duplicate::{Pair, Traits, pairs};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said of households because of other rows.
#[derive(Debug, Default)]
pub struct Marks {
    open_findings: BTreeMap<DocId, u32>,
    differing_findings: BTreeMap<DocId, u32>,
    pairs: Vec<Pair>,
    alike: BTreeSet<DocId>,
}

impl Marks {
    /// From all rows.
    pub(super) fn of(rows: &Rows) -> Self {
        let mut open_findings: BTreeMap<DocId, u32> = BTreeMap::new();
        let mut differing_findings: BTreeMap<DocId, u32> = BTreeMap::new();
        for (_, finding) in rows.findings() {
            let Some(household) = finding.household else { continue };
            if !finding.void {
                *open_findings.entry(household).or_default() += 1;
            }
            if finding.differs > 0 {
                *differing_findings.entry(household).or_default() += finding.differs;
            }
        }
        let all: Vec<(DocId, Traits)> = rows
            .households()
            .filter(|(_, row)| row.active)
            .map(|(id, row)| (id, traits(row)))
            .collect();
        let pairs = pairs(all.iter().map(|(id, traits)| (*id, traits)), &BTreeSet::new());
        let alike = pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect();
        Self {
            open_findings,
            differing_findings,
            pairs,
            alike,
        }
    }

    /// How many problems of a household are open.
    pub fn open_findings(&self, household: DocId) -> u32 {
        self.open_findings.get(&household).copied().unwrap_or(0)
    }

    /// How many fields of the problems of a household have more than one value.
    pub fn differing_in_findings(&self, household: DocId) -> u32 {
        self.differing_findings.get(&household).copied().unwrap_or(0)
    }

    /// Another household looks like the same family.
    pub fn is_alike(&self, household: DocId) -> bool {
        self.alike.contains(&household)
    }

    /// The pairs that a household is part of, certain ones first.
    pub fn pairs_of(&self, household: DocId) -> impl Iterator<Item = &Pair> {
        self.pairs
            .iter()
            .filter(move |pair| pair.one == household || pair.other == household)
    }
}

/// What of a row tells whether it is another household again.
pub(super) fn traits(row: &HouseholdRow) -> Traits {
    Traits {
        number: row.number.clone(),
        id_hashes: row
            .persons
            .iter()
            .map(|person| person.id_hash)
            .filter(|hash| *hash != [0; 8])
            .collect(),
        head: row.head().to_owned(),
        group: row.group.clone(),
    }
}
