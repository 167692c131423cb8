//! Campaigns as tables: whom they are about, until when, and what counts as cleared. How far one has come is reckoned from
//! the records and stored nowhere.

use super::quality::one_of;
use super::survey::{Condition, Told};
use crate::base::date::Date;
use crate::base::id::RecordId;
use crate::ledger::read::sheets::{self, EN, Row, Table, WORDS_EN, WORDS_ZH, ZH};
use crate::ledger::read::{Problem, What};
use crate::ledger::tables::Sheet;
use crate::register::words::Sentence;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum About {
    Household,
    Person,
    Finding,
}

/// A set of campaigns that was published together: 六个清零.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    pub id: String,
    pub version: String,
    pub title: Sentence,
    pub campaigns: Vec<Campaign>,
}

/// One campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    pub id: String,
    pub label: Sentence,
    pub about: About,
    pub start: Date,
    pub deadline: Date,
    /// It is counted at all.
    target: Condition,
    /// Somebody looked; nothing where being cleared is all that counts.
    checked: Option<Condition>,
    cleared: Condition,
    /// What counts as cleared, for people.
    pub words: Sentence,
}

/// How one of those counted stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    pub checked: bool,
    pub cleared: bool,
}

/// 应查, 已查, 已清零; what remains is the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub target: u32,
    pub checked: u32,
    pub cleared: u32,
}

impl Progress {
    /// Counts one more.
    pub fn add(&mut self, one: Stands) {
        self.target += 1;
        self.checked += u32::from(one.checked);
        self.cleared += u32::from(one.cleared);
    }
    /// 剩余
    pub fn remaining(&self) -> u32 {
        self.target - self.cleared
    }
}

impl Set {
    /// Reads a set; it is whole where no mistake is told.
    pub fn read(all: &[Sheet]) -> (Self, Vec<Problem>) {
        let (table, mut problems) = Table::find(all, "set", &["id", "version", ZH, EN], &[]);
        let mut set = Self::default();
        match table.rows().first() {
            Some(row) => {
                for column in ["id", "version", ZH, EN] {
                    if row.get(column).is_empty() {
                        problems.push(at(row, column, What::Empty));
                    }
                }
                set.id = row.get("id").to_owned();
                set.version = row.get("version").to_owned();
                set.title = sheets::both(row, ZH, EN);
            }
            None => problems.push(Problem {
                sheet: "set".into(),
                row: 0,
                column: String::new(),
                what: What::NoRow,
            }),
        }
        let needed = [
            "id", "about", "start", "deadline", "target", "cleared", ZH, EN, WORDS_ZH, WORDS_EN,
        ];
        let (table, found) = Table::find(all, "campaigns", &needed, &["checked"]);
        problems.extend(found);
        for row in &table.rows() {
            let mut told = Vec::new();
            let campaign = campaign(row, &mut |column, what| told.push(at(row, column, what)));
            if set.campaigns.iter().any(|one| one.id == row.get("id")) {
                told.push(at(row, "id", What::Twice(row.get("id").into())));
            }
            set.campaigns.extend(campaign.filter(|_| told.is_empty()));
            problems.extend(told);
        }
        (set, problems)
    }
}

fn at(row: &Row<'_>, column: &str, what: What) -> Problem {
    Problem {
        sheet: row.sheet.into(),
        row: row.number,
        column: column.into(),
        what,
    }
}

fn campaign(row: &Row<'_>, note: &mut impl FnMut(&str, What)) -> Option<Campaign> {
    for column in ["id", ZH, EN, WORDS_ZH, WORDS_EN] {
        if row.get(column).is_empty() {
            note(column, What::Empty);
        }
    }
    let about = one_of(
        row,
        "about",
        &["household", "person", "finding"],
        "household, person, finding",
        note,
    );
    let day = |column: &str, note: &mut dyn FnMut(&str, What)| -> Option<Date> {
        let read = row.get(column).parse().ok();
        if read.is_none() {
            note(column, What::NoDate(row.get(column).into()));
        }
        read
    };
    let (start, deadline) = (day("start", note), day("deadline", note));
    if start > deadline && deadline.is_some() {
        note("deadline", What::NoDate(row.get("deadline").into()));
    }
    let condition = |column: &str, note: &mut dyn FnMut(&str, What)| match Condition::read(row.get(column), &[]) {
        Ok(condition) => Some(condition),
        Err(what) => {
            note(column, what);
            None
        }
    };
    let (target, cleared) = (condition("target", note), condition("cleared", note));
    let checked = match row.get("checked") {
        "" => None,
        _ => Some(condition("checked", note)?),
    };
    Some(Campaign {
        id: row.get("id").to_owned(),
        label: sheets::both(row, ZH, EN),
        about: [About::Household, About::Person, About::Finding][about?],
        start: start?,
        deadline: deadline?,
        target: target?,
        checked,
        cleared: cleared?,
        words: sheets::both(row, WORDS_ZH, WORDS_EN),
    })
}

impl Campaign {
    /// Those of a household that the campaign counts: itself, or its members.
    pub fn counts(&self, told: &mut Told) -> Vec<(Option<RecordId>, Stands)> {
        told.set("start", self.start.to_string());
        told.set("deadline", self.deadline.to_string());
        let nodes: Vec<(Option<RecordId>, u32)> = match self.about {
            About::Person => told.persons.iter().map(|(id, node)| (Some(*id), *node)).collect(),
            _ => vec![(None, 0)],
        };
        let counted = nodes.into_iter().filter(|(_, node)| told.holds(&self.target, *node));
        counted
            .map(|(person, node)| {
                let cleared = told.holds(&self.cleared, node);
                let looked = self.checked.as_ref().is_some_and(|checked| told.holds(checked, node));
                let checked = looked || cleared;
                (person, Stands { checked, cleared })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
