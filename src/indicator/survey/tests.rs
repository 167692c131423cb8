//! A household as conditions see it.

use super::*;
use crate::base::id::{ActorBytes, DocId, MemberId};
use crate::doc::{DocKind, Edit, Put};

pub(in crate::indicator) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A household with these fields, members and records of forms.
pub(in crate::indicator) fn house(own: &[(&str, &str)], tables: &[(&str, &[(&str, &str)])]) -> Document {
    let mut document = Document::new(DocKind::Household, DocId([7; 16]));
    let scalar = |value: &str| value.parse::<i64>().map_or_else(|_| value.into(), Scalar::Int);
    let own = own.iter().map(|(key, value)| Put::Value {
        at: At::Own,
        key: (*key).to_owned(),
        value: scalar(value),
    });
    let records = (1..).zip(tables).map(|(number, (table, fields))| Put::Create {
        at: At::table(table, RecordId([number; 16])),
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), scalar(value)))
            .collect(),
        notes: Vec::new(),
    });
    let edit = Edit {
        author: MemberId([1; 16]),
        at_ms: 1000,
        base: document.heads(),
        puts: own.chain(records).collect(),
    };
    document.edit(&edit, ActorBytes([1; 16])).unwrap();
    document
}

fn told(document: &Document) -> Told {
    Told::household(document, &Known::default(), day("2019-08-15")).unwrap()
}

fn holds(document: &Document, condition: &str) -> bool {
    told(document).holds(&Condition::read(condition, &[]).unwrap(), 0)
}

#[test]
fn conditions_speak_of_fields_members_and_forms() {
    let child: &[(&str, &str)] = &[("name", "田甜"), ("birth", "2012-04-18"), ("health/残疾", "1")];
    let old: &[(&str, &str)] = &[
        ("form", "income"),
        ("on", "2018-08-01"),
        ("done", "1"),
        ("answer/income/wage", "9000"),
    ];
    let new: &[(&str, &str)] = &[
        ("form", "income"),
        ("on", "2019-08-01"),
        ("done", "1"),
        ("answer/income/wage", "12000"),
    ];
    let draft: &[(&str, &str)] = &[("form", "income"), ("on", "2019-08-02"), ("answer/income/wage", "1")];
    let records = [
        ("persons", child),
        ("records", new),
        ("records", old),
        ("records", draft),
    ];
    let document = house(
        &[("water", "达标"), ("class/低保", "1"), ("land_farm", "150")],
        &records,
    );
    for condition in [
        "water = '达标'",
        "selected(class, '低保') and not(selected(class, '特困'))",
        "land_farm = 1.5",
        "members = 1 and labourers = 0",
        "count(person[selected(health, '残疾')]) = 1",
        "count(person[age = 7]) = 1",
        "income/wage = 12000 and income/on = '2019-08-01'",
        "t02/exemption = '' and housing_grade = ''",
        "same_phone = '否'",
    ] {
        assert!(holds(&document, condition), "{condition}");
    }
    assert!(!holds(&document, "water = '不达标'"));
    let told = told(&document);
    let (_, child) = told.persons[0];
    let of_child = Condition::read("../water = '达标' and age < 16", &[]).unwrap();
    assert!(told.holds(&of_child, child) && !told.holds(&of_child, 0));
    assert_eq!(told.said("{age}岁，{water}", child), "7岁，达标");
}

#[test]
fn a_household_that_does_not_count_is_not_told_of() {
    let left = house(&[("void/reason", "写错")], &[]);
    assert!(Told::household(&left, &Known::default(), day("2019-08-15")).is_none());
}

#[test]
fn a_condition_with_a_mistake_is_told() {
    let what = |text: &str| Condition::read(text, &[]).unwrap_err();
    assert_eq!(what("watr = '达标'"), What::NoKey("watr".into()));
    assert_eq!(what("count(person[agee > 3]) = 1"), What::NoKey("agee".into()));
    assert_eq!(what("${water} = '达标'").code(), "procedure.no_key");
    assert_eq!(what("water = ").code(), "procedure.bad_condition");
    assert!(Condition::read("range > 1", &["range".to_owned()]).is_ok());
}
