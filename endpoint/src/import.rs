//! Applies a roster to a village: one household document for each family, written by the desk in the name of the import.
//!
//! Importing again writes what changed in the roster, and never what a person wrote since; nothing is ever removed.
//! Households are recognised by their official number, else by the ID numbers of their people, else by head and group;
//! people by ID number, else by name within the household.

mod compare;
mod matching;
mod wanted;

pub use compare::Line;

use crate::desk::{Desk, DeskEdit, DeskError};
use crate::entropy;
use crate::roster::{HouseholdRow, VillageRoster};
use crate::store::people::{self, Member};
use crate::store::{Store, StoreError, space};
use crate::village;
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, SpaceId};
use bianfang::doc::{At, DocKind, Document, Put, import_author, place_id, village_id};
use compare::Comparison;
use matching::{Known, Match};
use rusqlite::Connection;
use std::collections::BTreeMap;
use wanted::Wanted;

/// Households written in one transaction, so that phones are not kept waiting.
const CHUNK: usize = 50;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// 新增: households that were not there.
    pub new_households: usize,
    /// People of those households.
    pub new_people: usize,
    /// 新增: people in households that were there.
    pub added: Vec<Line>,
    /// 变更: values that the roster changed.
    pub changed: Vec<Line>,
    /// 队员已改: values that a person wrote since; kept.
    pub theirs: Vec<Line>,
    /// Numbers that are worse in the roster than what is stored: hidden digits, lost digits, a wrong ID number where there
    /// is a valid one; kept.
    pub kept: Vec<Line>,
    /// 名单里没有: households, people and paired helpers that the roster does not name; kept.
    pub missing: Vec<Line>,
    /// Households in which nothing changed.
    pub unchanged: usize,
}

/// A village of a roster, ready to be compared and applied.
#[derive(Debug)]
pub struct Import<'a> {
    store: &'a Store,
    space: SpaceId,
    author: MemberId,
    roster: &'a VillageRoster,
    /// What each household of the roster is here.
    matches: Vec<Match>,
    helpers: BTreeMap<String, MemberId>,
    missing: Vec<Line>,
    now_ms: i64,
}

impl<'a> Import<'a> {
    /// Recognises what is there already. `progress` is told households done and in all.
    ///
    /// # Errors
    /// The database's.
    pub fn prepare(
        store: &'a Store,
        space: SpaceId,
        roster: &'a VillageRoster,
        now_ms: i64,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Self, DeskError> {
        let author = import_author(space);
        let (known, helpers) = store.read(|tx| {
            let documents: Vec<DocId> = space::documents(tx, space)?
                .into_iter()
                .filter(|(kind, _)| *kind == DocKind::Household)
                .map(|(_, id)| id)
                .collect();
            let mut known = Vec::new();
            for (done, id) in documents.iter().enumerate() {
                // One that cannot be opened is left alone; `check` names it.
                match Desk::open(tx, space, DocKind::Household, *id) {
                    Ok(document) => known.push(Known::of(&document)),
                    Err(DeskError::Document(_)) => {}
                    Err(error) => return Err(error),
                }
                progress(done + 1, documents.len());
            }
            Ok::<_, DeskError>((known, helpers(tx, space, roster, now_ms)?))
        })?;
        let (matches, missing) = matching::matched(&roster.households, known);
        Ok(Self {
            store,
            space,
            author,
            roster,
            matches,
            helpers,
            missing,
            now_ms,
        })
    }

    /// What applying would do.
    ///
    /// # Errors
    /// The database's.
    pub fn preview(&self) -> Result<Report, DeskError> {
        let mut report = self.report();
        self.store.read(|tx| {
            for (row, found) in self.roster.households.iter().zip(&self.matches) {
                self.household(tx, row, found, &mut report)?;
            }
            Ok(report)
        })
    }

    /// Writes it. A household that somebody changes meanwhile is compared anew before it is written.
    ///
    /// # Errors
    /// What was written before stays; importing again goes on from there.
    pub fn apply(&self, mut progress: impl FnMut(usize, usize)) -> Result<Report, DeskError> {
        let mut report = self.report();
        self.store.write(|tx| {
            let desk = Desk::load_or_make(tx, self.now_ms)?;
            self.village(tx, &desk)
        })?;
        let all: Vec<(&HouseholdRow, &Match)> = self.roster.households.iter().zip(&self.matches).collect();
        for (number, chunk) in all.chunks(CHUNK).enumerate() {
            self.store.write(|tx| {
                let desk = Desk::load_or_make(tx, self.now_ms)?;
                let mut edits = Vec::new();
                for (row, found) in chunk {
                    edits.extend(self.household(tx, row, found, &mut report)?);
                }
                desk.write(tx, self.space, edits, self.now_ms)
            })?;
            progress((number * CHUNK + chunk.len()).min(all.len()), all.len());
        }
        Ok(report)
    }

    fn report(&self) -> Report {
        Report {
            missing: self.missing.clone(),
            ..Report::default()
        }
    }

    fn today(&self) -> Date {
        Date::in_china(self.now_ms)
    }

    /// Compares one household with what is stored now.
    fn household(
        &self,
        tx: &Connection,
        row: &HouseholdRow,
        found: &Match,
        report: &mut Report,
    ) -> Result<Vec<DeskEdit>, DeskError> {
        let wanted = Wanted::of(row, &self.helpers, self.today());
        let document = match found.document {
            Some(id) => Desk::open(tx, self.space, DocKind::Household, id)?,
            None => Document::new(DocKind::Household, found.fresh),
        };
        let further = found.further.iter();
        let further = further.map(|id| Desk::open(tx, self.space, DocKind::Household, *id));
        let further: Vec<Document> = further.collect::<Result<_, _>>()?;
        let mut comparison = Comparison::new(&document, self.author, self.now_ms);
        comparison.household(&wanted, found, &further);
        let mut written = Vec::new();
        for document in &further {
            let mut further = Comparison::new(document, self.author, self.now_ms);
            further.further(&wanted, found, &comparison);
            written.push((document.id(), further.finish(report)));
        }
        written.insert(0, (document.id(), comparison.finish(report)));
        written.retain(|(_, puts)| !puts.is_empty());
        if found.document.is_none() {
            report.new_households += 1;
            report.new_people += row.persons.len();
        } else if written.is_empty() {
            report.unchanged += 1;
        }
        let edits = written.into_iter().map(|(document, puts)| DeskEdit {
            kind: DocKind::Household,
            document,
            author: self.author,
            puts,
        });
        Ok(edits.collect())
    }

    /// What is told of the village itself: township, county, groups in the order of the roster.
    fn village(&self, tx: &Connection, desk: &Desk) -> Result<usize, DeskError> {
        let own = |key: &str, value: &Option<String>| {
            value.as_ref().map(|value| Put::Value {
                at: At::Own,
                key: key.to_owned(),
                value: value.as_str().into(),
            })
        };
        let puts = [("town", &self.roster.township), ("county", &self.roster.county)];
        let village = DeskEdit {
            kind: DocKind::Village,
            document: village_id(self.space),
            author: desk.member(),
            puts: puts.iter().filter_map(|(key, value)| own(key, value)).collect(),
        };
        let place = Desk::open(tx, self.space, DocKind::Place, place_id(self.space))?;
        let known: Vec<String> = place
            .records("groups")
            .values()
            .map(|group| group.text("name"))
            .collect();
        let mut groups: Vec<&str> = Vec::new();
        for household in &self.roster.households {
            match household.group.as_deref() {
                Some(name) if !name.is_empty() && !groups.contains(&name) => groups.push(name),
                _ => {}
            }
        }
        // 第10组 comes after 第9组.
        groups.sort_by_key(|name| (digits(name), *name));
        let fresh = (1_i64..)
            .zip(groups)
            .filter(|(_, name)| !known.iter().any(|one| one == name));
        let groups = DeskEdit {
            kind: DocKind::Place,
            document: place_id(self.space),
            author: self.author,
            puts: fresh
                .map(|(order, name)| Put::Create {
                    at: At::table("groups", entropy::record_id(self.now_ms)),
                    fields: vec![("name".to_owned(), name.into()), ("order".to_owned(), order.into())],
                    notes: Vec::new(),
                })
                .collect(),
        };
        for (name, member) in &self.helpers {
            let phone = self.roster.households.iter().flat_map(|one| &one.pairing);
            let phone = phone.filter(|one| one.name == *name).find_map(|one| one.phone.clone());
            people::put_helper(
                tx,
                self.space,
                &Member {
                    id: *member,
                    name: name.clone(),
                    phone: phone.unwrap_or_default(),
                },
                self.now_ms.div_euclid(1000),
            )?;
        }
        desk.write(tx, self.space, vec![village, groups], self.now_ms)
    }
}

fn digits(name: &str) -> u32 {
    let digits: String = name.chars().filter(char::is_ascii_digit).take(6).collect();
    digits.parse().unwrap_or(u32::MAX)
}

/// Whom the roster names as paired helpers, each with the id that the person has or will have as a member: what is
/// paired before somebody joins is that person's from the moment of joining. A name that two members share says nobody.
fn helpers(
    tx: &Connection,
    space: SpaceId,
    roster: &VillageRoster,
    now_ms: i64,
) -> Result<BTreeMap<String, MemberId>, StoreError> {
    let mut ids: BTreeMap<String, Vec<MemberId>> = BTreeMap::new();
    let joined = people::members(tx, space)?.into_iter().map(|(member, _)| member);
    for member in joined.chain(people::invited(tx, space)?) {
        let same = ids.entry(member.name).or_default();
        if !same.contains(&member.id) {
            same.push(member.id);
        }
    }
    let mut helpers = BTreeMap::new();
    for pairing in roster.households.iter().flat_map(|household| &household.pairing) {
        match ids.get(&pairing.name).map(Vec::as_slice) {
            Some([one]) => {
                helpers.insert(pairing.name.clone(), *one);
            }
            Some(_) => {}
            None => {
                helpers
                    .entry(pairing.name.clone())
                    .or_insert_with(|| entropy::member_id(now_ms));
            }
        }
    }
    Ok(helpers)
}

/// Makes the village of a roster if it is not there yet.
///
/// # Errors
/// The database's.
pub fn village_of(store: &Store, new: &village::NewVillage, now_ms: i64) -> Result<SpaceId, DeskError> {
    store.write(|tx| {
        let desk = Desk::load_or_make(tx, now_ms)?;
        village::make(tx, &desk, new, now_ms)
    })
}
