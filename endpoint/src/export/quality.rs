//! The quality of the data of a village: one row for each thing that a rule finds, and one for each rule whose data the
//! register does not hold.

use super::table::{Cell, Column, Table};
use super::{Options, rows};
use crate::desk::{Desk, DeskError};
use crate::store::{Store, space};
use bianfang::base::id::{DocId, RecordId, SpaceId};
use bianfang::doc::{DocKind, Document, Of};
use bianfang::index::Row;
use bianfang::indicator::quality::{Rules, Test};
use bianfang::indicator::survey::{Known, Told, end};
use bianfang::register::check::across;
use bianfang::register::words::{Language, Sentence};
use std::collections::BTreeMap;

const COLUMNS: [(&str, &str, &str); 10] = [
    ("rule", "规则", "Rule"),
    ("severity", "程度", "Severity"),
    ("label", "问题", "What"),
    ("number", "户编号", "Official number"),
    ("group", "村民小组", "Village group"),
    ("head", "户主", "Head"),
    ("person", "家庭成员", "Person"),
    ("words", "情况", "Found"),
    ("todo", "怎么办", "What to do"),
    ("id", "编号", "Id"),
];

/// What the rules find in a village.
///
/// # Errors
/// The database's.
pub fn quality(store: &Store, space: SpaceId, options: Options) -> Result<Table, DeskError> {
    let (households, open) = store.read(|tx| {
        let mut households = Vec::new();
        let mut open: BTreeMap<DocId, Vec<String>> = BTreeMap::new();
        for (kind, id) in space::documents(tx, space)? {
            if !matches!(kind, DocKind::Household | DocKind::Finding) {
                continue;
            }
            match Desk::open(tx, space, kind, id) {
                Ok(document) if kind == DocKind::Household => households.push(document),
                Ok(document) => {
                    if let Row::Finding(row) = Row::of(&document, &[0; 32])
                        && let Some(household) = row.household.filter(|_| row.is_open())
                    {
                        open.entry(household).or_default().push(row.category);
                    }
                }
                Err(DeskError::Document(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((households, open))
    })?;
    Ok(found(households, &open, options))
}

fn found(mut households: Vec<Document>, open: &BTreeMap<DocId, Vec<String>>, options: Options) -> Table {
    households.sort_by_key(rows::place);
    let families: Vec<_> = households.iter().map(|one| one.family(Of::Shown)).collect();
    let mut same: BTreeMap<DocId, (bool, Vec<RecordId>)> = BTreeMap::new();
    for problem in across(&families, options.today) {
        let of = same.entry(problem.household).or_default();
        match problem.person {
            Some(person) => of.1.push(person),
            None => of.0 = true,
        }
    }
    let rules = Rules::built_in();
    let pick = |said: &Sentence| match options.language {
        Language::Zh => said.zh.clone(),
        Language::En => said.en.clone(),
    };
    let mut table = Table {
        name: options.pick("数据质量", "Quality").to_owned(),
        columns: COLUMNS
            .iter()
            .map(|(key, zh, en)| Column {
                key: (*key).to_owned(),
                heading: options.pick(zh, en).to_owned(),
            })
            .collect(),
        rows: Vec::new(),
    };
    let mut put = |cells: [String; 10]| {
        let filled = cells.into_iter().enumerate().filter(|(_, text)| !text.is_empty());
        table
            .rows
            .push(filled.map(|(at, text)| (at, Cell::Text(text))).collect());
    };
    for (document, family) in households.iter().zip(&families) {
        let (same_phone, ids) = same.get(&document.id()).cloned().unwrap_or_default();
        let known = Known {
            open: open.get(&document.id()).cloned().unwrap_or_default(),
            same_phone,
            same_ids: ids.into_iter().map(end).collect(),
        };
        let Some(mut told) = Told::household(document, &known, options.today) else {
            continue;
        };
        for hit in rules.hits(&mut told) {
            let rule = &rules.rules[hit.rule as usize];
            let person = family.persons.iter().find(|person| Some(person.id) == hit.person);
            let [number, group, head] = rows::title(document, options.today);
            put([
                rule.id.clone(),
                rule.severity.code().to_owned(),
                pick(&rule.label),
                number,
                group,
                head,
                person.map(|person| person.name.clone()).unwrap_or_default(),
                pick(&hit.words),
                pick(&rule.todo),
                document.id().to_string(),
            ]);
        }
    }
    for rule in rules.rules.iter().filter(|rule| rule.test == Test::Lacks) {
        let mut cells: [String; 10] = Default::default();
        cells[0] = rule.id.clone();
        cells[1] = options.pick("查不了", "Cannot be told").to_owned();
        (cells[2], cells[7], cells[8]) = (pick(&rule.label), pick(&rule.words), pick(&rule.todo));
        put(cells);
    }
    table
}

impl Options {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}
