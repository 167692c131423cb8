//! What follows from all rows together rather than from one: problems of each household, and households that look like
//! one family. Made when first asked for and kept until a row changes that it follows from; holds nothing that is stored.

use super::alike::AllAlike;
use super::rows::Rows;
use super::twins::Twins;
use crate::base::id::DocId;
use crate::index::{HouseholdRow, Row};
use crate::register::duplicate::Traits;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is to be said of households because of other rows.
#[derive(Debug, Default)]
pub struct Marks {
    found: OnceLock<BTreeMap<DocId, Found>>,
    twins: OnceLock<Twins>,
    alike: OnceLock<AllAlike>,
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

impl Found {
    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            open: self.open + other.open,
            differs: self.differs + other.differs,
            asked: self.asked + other.asked,
        }
    }
}

impl Marks {
    /// Forgets what no longer follows once a row is replaced. Comparing a whole village for look-alikes takes a while on
    /// a small phone, and a visit changes nothing of what tells one family from another.
    pub(super) fn forget(&mut self, id: DocId, old: Option<&Row>, new: &Row) {
        let joined = self.twins.get();
        match (old, new) {
            (Some(Row::Household(old)), Row::Household(new)) => {
                let about = joined.is_some_and(|twins| twins.is_about(id, old));
                if about || !new.links.is_empty() || old.links != new.links {
                    self.twins = OnceLock::new();
                    self.alike = OnceLock::new();
                } else if old.active != new.active
                    || old.persons != new.persons
                    || old.phone != new.phone
                    || traits(old) != traits(new)
                {
                    self.alike = OnceLock::new();
                }
            }
            (_, Row::Household(_)) => {
                self.twins = OnceLock::new();
                self.alike = OnceLock::new();
            }
            (_, Row::Finding(_)) => self.found = OnceLock::new(),
            (_, Row::Other { .. }) => {}
        }
    }

    /// The problems of a household.
    pub(super) fn found(&self, rows: &Rows, household: DocId) -> Found {
        let found = self.found.get_or_init(|| count(rows));
        found.get(&household).copied().unwrap_or_default()
    }

    /// What people joined and told apart.
    pub(super) fn twins(&self, rows: &Rows) -> &Twins {
        self.twins.get_or_init(|| Twins::of(rows))
    }

    /// What looks alike and is not decided.
    pub(super) fn alike(&self, rows: &Rows) -> &AllAlike {
        self.alike.get_or_init(|| AllAlike::of(rows, self.twins(rows)))
    }
}

fn count(rows: &Rows) -> BTreeMap<DocId, Found> {
    let mut found: BTreeMap<DocId, Found> = BTreeMap::new();
    for (_, finding) in rows.findings() {
        if let Some(household) = finding.household {
            let entry = found.entry(household).or_default();
            // Another matter that is under way is no problem.
            entry.open += u32::from(finding.is_open() && finding.is_problem());
            entry.differs += finding.differs;
            entry.asked += finding.asked;
        }
    }
    found
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
        head_id: row.persons.first().map(|head| head.id_hash).unwrap_or_default(),
        head: row.head().to_owned(),
        group: row.group.clone(),
    }
}
