//! Rules for the quality of the data, as tables: what looks wrong about a household or a member, with which words, and what
//! to do. A rule whose data the register does not hold says so by its name instead of being left out.

use super::survey::{Condition, Told};
use crate::base::id::RecordId;
use crate::ledger::read::sheets::{self, EN, Row, Table, WORDS_EN, WORDS_ZH, ZH};
use crate::ledger::read::{Problem, What};
use crate::ledger::tables::{self, Sheet};
use crate::register::enums::{FINDING_CATEGORY, choice};
use crate::register::field::Severity;
use crate::register::words::Sentence;

/// The rules that come with the app.
const BUILT_IN: &str = include_str!("../../packs/quality/register.md");
const TODO_ZH: &str = "todo::中文 (zh)";
const TODO_EN: &str = "todo::English (en)";

/// How a rule finds what it looks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The register has a rule of its own under this name: what takes more than a condition.
    Register,
    /// A condition over the household or the member.
    When(Condition),
    /// The register does not hold what the rule would need.
    Lacks,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: String,
    /// Asked of each member, else of the household.
    pub of_person: bool,
    pub severity: Severity,
    /// Of the problem that is opened for it.
    pub category: String,
    /// Lists show its title alone.
    pub private: bool,
    pub test: Test,
    pub label: Sentence,
    pub words: Sentence,
    pub todo: Sentence,
}

/// All rules with the numbers they reckon with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub rules: Vec<Rule>,
    parameters: Vec<(String, String)>,
}

/// Something a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The place of the rule.
    pub rule: u32,
    pub person: Option<RecordId>,
    pub words: Sentence,
}

impl Rules {
    /// The rules that come with the app.
    pub fn built_in() -> Self {
        Self::read(&tables::read(BUILT_IN)).0
    }

    /// Reads rules; what cannot be read is left out and told.
    pub fn read(all: &[Sheet]) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let parameters = parameters(all, &mut problems);
        let names: Vec<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
        let needed = [
            "rule", "about", "severity", "category", "when", ZH, EN, WORDS_ZH, WORDS_EN, TODO_ZH, TODO_EN,
        ];
        let (table, found) = Table::find(all, "rules", &needed, &["private"]);
        problems.extend(found);
        let mut rules = Vec::new();
        for row in &table.rows() {
            let mut note = |column: &str, what| {
                problems.push(Problem {
                    sheet: row.sheet.into(),
                    row: row.number,
                    column: column.into(),
                    what,
                });
            };
            if let Some(rule) = rule(row, &names, &mut note) {
                rules.push(rule);
            }
        }
        (Self { rules, parameters }, problems)
    }

    /// What the rules find about a household; sets how many that are for the conditions of campaigns.
    pub fn hits(&self, told: &mut Told) -> Vec<Hit> {
        for (name, value) in &self.parameters {
            told.set(name, value.as_str());
        }
        let mut hits = Vec::new();
        for (place, rule) in (0..).zip(&self.rules) {
            match &rule.test {
                Test::Lacks => {}
                Test::Register => {
                    let of_rule =
                        |odd: &&crate::register::check::Problem| odd.rule == rule.id && odd.severity == rule.severity;
                    hits.extend(told.odd.iter().filter(of_rule).map(|odd| Hit {
                        rule: place,
                        person: odd.person,
                        words: odd.words.clone(),
                    }));
                }
                Test::When(condition) => {
                    let nodes: Vec<(Option<RecordId>, u32)> = match rule.of_person {
                        true => told.persons.iter().map(|(id, node)| (Some(*id), *node)).collect(),
                        false => vec![(None, 0)],
                    };
                    for (person, node) in nodes {
                        if told.holds(condition, node) {
                            let words = Sentence::new(told.said(&rule.words.zh, node), told.said(&rule.words.en, node));
                            hits.push(Hit {
                                rule: place,
                                person,
                                words,
                            });
                        }
                    }
                }
            }
        }
        told.set("hits", hits.len().to_string());
        hits
    }
}

fn parameters(all: &[Sheet], problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let (table, found) = Table::find(all, "parameters", &["parameter", "value", ZH, EN], &[]);
    problems.extend(found);
    let rows = table.rows();
    rows.iter()
        .map(|row| (row.get("parameter").to_owned(), row.get("value").to_owned()))
        .collect()
}

fn rule(row: &Row<'_>, names: &[String], note: &mut impl FnMut(&str, What)) -> Option<Rule> {
    for column in ["rule", "when", ZH, EN, WORDS_ZH, WORDS_EN, TODO_ZH, TODO_EN] {
        if row.get(column).is_empty() {
            note(column, What::Empty);
        }
    }
    let of_person = one_of(row, "about", &["household", "person"], "household, person", note)? == 1;
    let severity = one_of(row, "severity", &["E", "W", "S"], "E, W, S", note)?;
    let category = row.get("category");
    if choice(FINDING_CATEGORY, category).is_none() {
        note(
            "category",
            What::NotOneOf(category.into(), "住房, 饮水, 教育, 医疗, 资料佐证, …"),
        );
    }
    let test = match row.get("when") {
        "register" => Test::Register,
        "lacks" => Test::Lacks,
        written => match Condition::read(written, names) {
            Ok(condition) => Test::When(condition),
            Err(what) => {
                note("when", what);
                return None;
            }
        },
    };
    Some(Rule {
        id: row.get("rule").to_owned(),
        of_person,
        severity: [Severity::Error, Severity::Warning, Severity::Suspicion][severity],
        category: category.to_owned(),
        private: row.get("private") == "yes",
        test,
        label: sheets::both(row, ZH, EN),
        words: sheets::both(row, WORDS_ZH, WORDS_EN),
        todo: sheets::both(row, TODO_ZH, TODO_EN),
    })
}

/// Which of a few words a cell holds.
pub(super) fn one_of(
    row: &Row<'_>,
    column: &str,
    known: &[&str],
    said: &'static str,
    note: &mut impl FnMut(&str, What),
) -> Option<usize> {
    let cell = row.get(column);
    let found = known.iter().position(|one| *one == cell);
    if found.is_none() {
        note(column, What::NotOneOf(cell.to_owned(), said));
    }
    found
}

#[cfg(test)]
mod tests;
