//! Each rule with a household that it finds and one that it leaves alone, as rows of a table; and the whole table of the
//! standard is there.

use super::*;
use crate::indicator::survey::tests::{day, house};
use crate::indicator::survey::{Known, Told};
use crate::ledger::read::sheets::Table;

const ROWS: &str = include_str!("tests/rows.md");
const HEAD: &[(&str, &str)] = &[
    ("name", "田大山"),
    ("relation", "户主"),
    ("birth", "1970-03-12"),
    ("sex", "男"),
    ("education", "初中"),
    ("health/健康", "1"),
    ("labour", "普通劳动力"),
    ("insured/2019", "居民"),
];

/// What a cell of the table adds to a family of one.
fn family(cell: &str) -> (crate::doc::Document, Known) {
    let mut known = Known::default();
    let mut own: Vec<(&str, &str)> = Vec::new();
    let mut records: Vec<(&str, Vec<(&str, &str)>)> = vec![("persons", HEAD.to_vec())];
    let mut at = None;
    for part in cell.split_whitespace() {
        match (part, part.split_once('=')) {
            ("!same_phone", _) => known.same_phone = true,
            // The head is the first record of the family.
            ("!same_ids", _) => known.same_ids = vec![[1; 4]],
            (_, Some(("!open", category))) => known.open.push(category.to_owned()),
            ("@head", _) => at = Some(0),
            (table, None) => {
                at = Some(records.len());
                records.push((table.strip_prefix('@').unwrap(), Vec::new()));
            }
            (_, Some((key, value))) => {
                let record = at.map_or(&mut own, |at| &mut records[at].1);
                record.retain(|(old, _)| *old != key);
                record.push((key, value));
                record.retain(|(_, value)| !value.is_empty());
            }
        }
    }
    let records: Vec<(&str, &[(&str, &str)])> = records.iter().map(|(table, all)| (*table, all.as_slice())).collect();
    (house(&own, &records), known)
}

/// The rules that find something about a family, with the severity.
fn found(rules: &Rules, cell: &str) -> Vec<String> {
    let (document, known) = family(cell);
    let mut told = Told::household(&document, &known, day("2019-08-15")).unwrap();
    let said = |hit: Hit| {
        let rule = &rules.rules[hit.rule as usize];
        assert!(!hit.words.zh.is_empty() && !hit.words.zh.contains('{'), "{hit:?}");
        format!("{} {}", rule.id, rule.severity.code())
    };
    rules.hits(&mut told).into_iter().map(said).collect()
}

#[test]
fn the_whole_table_is_there_and_is_read_without_a_mistake() {
    let (rules, problems) = Rules::read(&tables::read(BUILT_IN));
    assert_eq!(problems, []);
    for number in 1..=28 {
        let id = format!("DQ{number:02}");
        assert!(rules.rules.iter().any(|rule| rule.id == id), "{id}");
    }
    let lacking = rules.rules.iter().filter(|rule| rule.test == Test::Lacks);
    let lacking: Vec<&str> = lacking.map(|rule| rule.label.zh.as_str()).collect();
    assert_eq!(lacking, ["居民和职工医保重复"]);
    assert_eq!(found(&rules, ""), [""; 0]);
}

#[test]
fn each_rule_finds_what_it_is_for_and_leaves_the_rest_alone() {
    let sheets = tables::read(ROWS);
    let (table, problems) = Table::find(&sheets, "rows", &["rule", "severity", "found", "left"], &[]);
    assert_eq!(problems, []);
    let (rules, mut tried) = (Rules::built_in(), Vec::new());
    for row in table.rows() {
        let which = format!("{} {}", row.get("rule"), row.get("severity"));
        let (wrong, right) = (row.get("found"), row.get("left"));
        let (hits, rest) = (found(&rules, wrong), found(&rules, right));
        assert!(hits.contains(&which), "{which} leaves {wrong}: {hits:?}");
        assert!(!rest.contains(&which), "{which} finds {right}");
        tried.push(which);
    }
    for rule in rules.rules.iter().filter(|rule| rule.test != Test::Lacks) {
        let which = format!("{} {}", rule.id, rule.severity.code());
        assert!(tried.contains(&which), "no row for {which}");
    }
}

#[test]
fn words_say_what_was_found_and_how_much_of_it() {
    let (document, known) = family("road_m=9000 @head labour=丧失劳动力");
    let mut told = Told::household(&document, &known, day("2019-08-15")).unwrap();
    let hits = Rules::built_in().hits(&mut told);
    assert!(hits.iter().any(|hit| hit.words.zh == "离村主干路9000米"));
    assert_eq!(told.said("{hits}", 0), hits.len().to_string());
}
