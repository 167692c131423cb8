//! What follows from all rows together rather than from one: problems of each household, and households that look like
//! one family. Made when first asked for and kept until a row changes that it follows from; holds nothing that is stored.

use super::rows::Rows;
use crate::base::id::DocId;
use crate::index::{HouseholdRow, Row};
use crate::register::duplicate::{Pair, Traits, pairs};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What is to be said of households because of other rows.
#[derive(Debug, Default)]
pub struct Marks {
    found: OnceLock<BTreeMap<DocId, Found>>,
    alike: OnceLock<Alike>,
}

/// The problems of one household, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Not withdrawn.
    pub open: u32,
    /// Fields of them with more than one value.
    pub differs: u32,
    /// Those of them about which somebody asks.
    pub asked: u32,
}

/// Households that look like one family.
#[derive(Debug, Default)]
pub struct Alike {
    pairs: Vec<Pair>,
    /// Every household of a pair.
    either: BTreeSet<DocId>,
}

impl Marks {
    /// Forgets what no longer follows once a row is replaced. Comparing a whole village for look-alikes takes a while on
    /// a small phone, and a visit changes nothing of what tells one family from another.
    pub(super) fn forget(&mut self, old: Option<&Row>, new: &Row) {
        match (old, new) {
            (Some(Row::Household(old)), Row::Household(new)) => {
                if old.active != new.active || traits(old) != traits(new) {
                    self.alike = OnceLock::new();
                }
            }
            (_, Row::Household(_)) => self.alike = OnceLock::new(),
            (_, Row::Finding(_)) => self.found = OnceLock::new(),
            (_, Row::Other { .. }) => {}
        }
    }

    /// The problems of a household.
    pub(super) fn found(&self, rows: &Rows, household: DocId) -> Found {
        let found = self.found.get_or_init(|| count(rows));
        found.get(&household).copied().unwrap_or_default()
    }

    /// The households that look like one family.
    pub(super) fn alike(&self, rows: &Rows) -> &Alike {
        self.alike.get_or_init(|| compare(rows))
    }
}

impl Alike {
    /// Another household looks like the same family.
    pub fn has(&self, household: DocId) -> bool {
        self.either.contains(&household)
    }

    /// The pairs that a household is part of, certain ones first.
    pub fn pairs_of(&self, household: DocId) -> impl Iterator<Item = &Pair> {
        self.pairs
            .iter()
            .filter(move |pair| pair.one == household || pair.other == household)
    }
}

fn count(rows: &Rows) -> BTreeMap<DocId, Found> {
    let mut found: BTreeMap<DocId, Found> = BTreeMap::new();
    for (_, finding) in rows.findings() {
        if let Some(household) = finding.household {
            let entry = found.entry(household).or_default();
            entry.open += u32::from(!finding.void);
            entry.differs += finding.differs;
            entry.asked += finding.asked;
        }
    }
    found
}

fn compare(rows: &Rows) -> Alike {
    let active: Vec<(DocId, Traits)> = rows
        .households()
        .filter(|(_, row)| row.active)
        .map(|(id, row)| (id, traits(row)))
        .collect();
    let pairs = pairs(active.iter().map(|(id, traits)| (*id, traits)), &BTreeSet::new());
    Alike {
        either: pairs.iter().flat_map(|pair| [pair.one, pair.other]).collect(),
        pairs,
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
