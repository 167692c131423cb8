//! Ledgers for the office: households, people, visits, findings as tables, with a stable id in each row.
//!
//! Where two people wrote different values into one field, the cell holds both. ID numbers are masked unless asked for.

pub mod api;
mod course;
pub mod dispatch;
mod documents;
mod families;
mod held;
mod quality;
mod records;
mod rows;
mod table;
mod write;

pub use documents::{DocumentFile, documents, list};
pub use quality::quality;
pub use records::{Inside, Ledger, Wanted, records};
pub use table::{Cell, Table};
pub use write::{Format, encode, encode_ledger};

use crate::desk::{Desk, DeskError};
use crate::store::{Store, space};
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, SpaceId};
use bianfang::doc::{DocKind, Document, village_id};
use bianfang::register::words::{Language, Words, words};
use families::Families;
use rows::Rows;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One row for each household.
    Households,
    /// One row for each person.
    People,
    /// One row for each visit.
    Visits,
    /// One row for each finding.
    Findings,
}

impl What {
    /// Every ledger.
    pub const ALL: [Self; 4] = [Self::Households, Self::People, Self::Visits, Self::Findings];

    /// The word on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Households => "households",
            Self::People => "people",
            Self::Visits => "visits",
            Self::Findings => "findings",
        }
    }

    /// The name of the sheet.
    pub const fn words(self) -> Words {
        match self {
            Self::Households => words("农户", "Households"),
            Self::People => words("家庭成员", "People"),
            Self::Visits => words("走访", "Visits"),
            Self::Findings => words("问题", "Findings"),
        }
    }
}

/// How cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Of headings and words.
    pub language: Language,
    /// ID numbers in full.
    pub full_id: bool,
    /// The day on which somebody counts as a member of the household.
    pub today: Date,
}

/// What ledgers say of people and households by their ids.
#[derive(Debug, Default)]
struct Names {
    members: BTreeMap<MemberId, String>,
    /// Official number, group and head.
    households: BTreeMap<DocId, [String; 3]>,
}

/// Makes a ledger of a village as of one moment. A document that cannot be opened is left out; `check` names it.
///
/// # Errors
/// The database's.
pub fn table(
    store: &Store,
    space: SpaceId,
    what: What,
    options: Options,
    mut progress: impl FnMut(usize, usize),
) -> Result<Table, DeskError> {
    store.read(|tx| {
        let mut names = names(tx, space)?;
        let all = space::documents(tx, space)?;
        let mut households = Vec::new();
        let mut findings = Vec::new();
        for (done, (kind, id)) in all.iter().enumerate() {
            progress(done + 1, all.len());
            let needed = matches!(
                (kind, what),
                (DocKind::Household, _) | (DocKind::Finding, What::Findings)
            );
            if !needed {
                continue;
            }
            match Desk::open(tx, space, *kind, *id) {
                Ok(document) if *kind == DocKind::Finding => findings.push(document),
                Ok(document) => {
                    names.households.insert(*id, rows::title(&document, options.today));
                    households.push(document);
                }
                Err(DeskError::Document(_)) => {}
                Err(error) => return Err(error),
            }
        }
        households.sort_by_key(rows::place);
        let families = Families::of(&households, options.today);
        let asked = match what {
            What::Visits => records::about_visits(tx, space)?,
            _ => Vec::new(),
        };
        let mut rows = Rows::new(what, options, &names, &families, &asked);
        match what {
            What::Findings => findings.iter().for_each(|document| rows.finding(document)),
            _ => households.iter().for_each(|document| rows.household(document)),
        }
        Ok(rows.finish())
    })
}

fn names(tx: &Connection, space: SpaceId) -> Result<Names, DeskError> {
    let village: Document = Desk::open(tx, space, DocKind::Village, village_id(space))?;
    let team = village.team();
    Ok(Names {
        members: team.into_iter().map(|member| (member.id, member.name)).collect(),
        households: BTreeMap::new(),
    })
}
