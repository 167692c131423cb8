//! Each rule with a family that breaks it, and a family that breaks none.

use super::*;
use crate::base::date::Month;
use crate::register::household::tests::{day, event, family, household as build, person};
use crate::register::status_event::Subject;
use std::collections::BTreeSet;

fn today() -> Date {
    day("2019-08-15")
}

/// A family without any fault.
fn sound() -> Household {
    let mut family = family();
    family.phone = "15400000001".to_owned();
    for (person, (education, stage, labour)) in family.persons.iter_mut().zip([
        ("初中", "", "普通劳动力"),
        ("小学", "", "普通劳动力"),
        ("高中", "", "技能劳动力"),
        ("", "小学", NO_LABOUR),
        ("", "学前教育", NO_LABOUR),
    ]) {
        person.education = education.to_owned();
        person.school_stage = stage.to_owned();
        person.labour = labour.to_owned();
        person.health.insert(HEALTHY.to_owned());
        person.insured.insert(2019, "居民".to_owned());
    }
    family
}

/// What is found after a change: rule, severity, position of the person, field.
fn found(change: impl FnOnce(&mut Household)) -> Vec<String> {
    let mut family = sound();
    change(&mut family);
    let place = |id: Option<RecordId>| match id {
        Some(id) => family
            .persons
            .iter()
            .position(|person| person.id == id)
            .map_or("?".to_owned(), |at| at.to_string()),
        None => "-".to_owned(),
    };
    let line = |p: &Problem| format!("{} {} {} {}", p.rule, p.severity.code(), place(p.person), p.field);
    household(&family, today()).iter().map(line).collect()
}

fn health(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn a_sound_family_has_nothing_odd() {
    assert_eq!(found(|_| {}), Vec::<String>::new());
    assert_eq!(household(&build(1, Vec::new()), today()), Vec::new());
}

#[test]
fn dq01_identity_numbers() {
    assert_eq!(
        found(|f| f.persons[0].id_no = "422899195803129991".into()),
        ["DQ01 W 0 id_no"]
    );
    assert_eq!(
        found(|f| f.persons[0].id_no = "4228991958031299".into()),
        ["DQ01 E 0 id_no"]
    );
    assert_eq!(
        found(|f| f.persons[1].sex = Some(Sex::Male)),
        ["DQ04 W - sex", "DQ01 W 1 sex"]
    );
    assert_eq!(
        found(|f| f.persons[1].birth = Some(day("1961-07-26"))),
        ["DQ01 W 1 birth"]
    );
    let missing =
        |kind: &'static str| found(|f| (f.persons[1].id_no, f.persons[1].id_kind) = (String::new(), kind.to_owned()));
    assert_eq!(missing("居民身份证"), ["DQ01 W 1 id_no"]);
    assert_eq!(missing("无证"), Vec::<String>::new());
}

#[test]
fn dq03_one_head_and_one_spouse() {
    assert_eq!(found(|f| f.persons[0].relation = "其他".into()), ["DQ03 E - relation"]);
    assert_eq!(found(|f| f.persons[2].relation = HEAD.into()), ["DQ03 E - relation"]);
    assert_eq!(found(|f| f.persons[2].relation = SPOUSE.into()), ["DQ03 W - relation"]);
    let died = |f: &mut Household| {
        f.events
            .push(event(1, Subject::Person(RecordId([1; 16])), "死亡", "2019-08-01"))
    };
    assert_eq!(found(died), ["DQ03 E - relation"]);
}

#[test]
fn dq04_relation_and_sex() {
    assert_eq!(found(|f| f.persons[2].relation = "之女".into()), ["DQ04 W 2 relation"]);
    assert_eq!(
        found(|f| f.persons[3].relation = "之孙子".into()),
        ["DQ04 W 3 relation"]
    );
    assert_eq!(found(|f| f.persons[2].relation = "其他".into()), Vec::<String>::new());
    for relation in MALE.iter().chain(&FEMALE) {
        assert!(
            crate::register::enums::choice(crate::register::enums::RELATION, relation).is_some(),
            "{relation}"
        );
    }
}

#[test]
fn dq05_education_or_school_stage() {
    assert_eq!(
        found(|f| f.persons[3].education = "小学".into()),
        ["DQ05 W 3 education"]
    );
    assert_eq!(found(|f| f.persons[3].school_stage.clear()), ["DQ05 W 3 education"]);
    let with_reason = |f: &mut Household| {
        f.persons[3].school_stage.clear();
        f.persons[3].dropout = "因病".into();
    };
    assert_eq!(found(with_reason), Vec::<String>::new());
}

#[test]
fn dq06_health() {
    assert_eq!(found(|f| f.persons[1].health.clear()), ["DQ06 W 1 health"]);
    assert_eq!(
        found(|f| f.persons[1].health = health(&["健康", "长期慢性病"])),
        ["DQ06 W 1 health"]
    );
    assert_eq!(
        found(|f| f.persons[1].health = health(&["残疾", "长期慢性病"])),
        ["DQ06 W 1 disability_card"]
    );
    let with_card = |f: &mut Household| {
        f.persons[1].health = health(&["残疾"]);
        f.persons[1].disability_card = "42289919610725998043".into();
    };
    assert_eq!(found(with_card), Vec::<String>::new());
}

#[test]
fn dq07_and_dq08_labour() {
    assert_eq!(
        found(|f| f.persons[3].labour = "普通劳动力".into()),
        ["DQ07 W 3 labour"]
    );
    let student = |f: &mut Household| {
        f.persons[2].education.clear();
        f.persons[2].school_stage = "本科四年级".into();
    };
    assert_eq!(found(student), ["DQ07 W 2 labour"]);
    for labour in ["无劳动力", "弱劳动力或半劳动力", "丧失劳动力"] {
        assert_eq!(found(|f| f.persons[2].labour = labour.into()), ["DQ08 S 2 labour"]);
    }
    let ill = |f: &mut Household| {
        f.persons[2].labour = NO_LABOUR.into();
        f.persons[2].health = health(&["患有大病"]);
    };
    assert_eq!(found(ill), Vec::<String>::new());
    // The head is 61.
    assert_eq!(found(|f| f.persons[0].labour = NO_LABOUR.into()), Vec::<String>::new());
}

#[test]
fn dq09_insurance_of_the_latest_answered_year() {
    let insured = |year: i32, how: &'static str| found(|f| drop(f.persons[2].insured.insert(year, how.to_owned())));
    assert_eq!(insured(2019, "未"), ["DQ09 W 2 insured/2019"]);
    assert_eq!(insured(2018, "未"), Vec::<String>::new());
    assert_eq!(insured(2019, "职工"), Vec::<String>::new());
    assert_eq!(insured(2020, "未"), Vec::<String>::new());
}

#[test]
fn dq10_school_stage_and_age() {
    // The granddaughter is 7, the son 33.
    assert_eq!(
        found(|f| f.persons[3].school_stage = "八年级".into()),
        ["DQ10 S 3 school_stage"]
    );
    assert_eq!(
        found(|f| f.persons[3].school_stage = "学前教育".into()),
        ["DQ10 S 3 school_stage"]
    );
    assert_eq!(
        found(|f| f.persons[3].school_stage = "硕士研究生及以上".into()),
        ["DQ10 S 3 school_stage"]
    );
    assert_eq!(
        found(|f| f.persons[3].school_stage = "普通高中一年级".into()),
        ["DQ10 S 3 school_stage"]
    );
    let disabled = |f: &mut Household| {
        f.persons[3].school_stage = "学前教育".into();
        f.persons[3].health = health(&["长期慢性病"]);
    };
    assert_eq!(found(disabled), Vec::<String>::new());
}

#[test]
fn dq12_dq13_and_dq28_work() {
    let job = |change: fn(&mut Job)| {
        found(|f| {
            let mut job = Job {
                id: "J".to_owned(),
                place: "东莞".to_owned(),
                months: Some(6),
                ..Job::default()
            };
            job.wage_fen = Some(350_000);
            change(&mut job);
            f.persons[2].jobs.push(job);
        })
    };
    assert_eq!(job(|_| {}), Vec::<String>::new());
    assert_eq!(job(|job| job.months = None), ["DQ12 W 2 job/J/months"]);
    let from_to = |job: &mut Job| (job.months, job.from, job.to) = (None, Month::new(2019, 2), Month::new(2019, 7));
    assert_eq!(job(from_to), Vec::<String>::new());
    assert_eq!(job(|job| job.place.clear()), ["DQ12 W 2 job/J/place"]);
    assert_eq!(job(|job| job.months = Some(13)), ["DQ12 W 2 job/J/months"]);
    assert_eq!(job(|job| job.wage_fen = Some(9_900)), ["DQ13 S 2 job/J/wage_fen"]);
    assert_eq!(job(|job| job.wage_fen = Some(3_100_000)), ["DQ13 S 2 job/J/wage_fen"]);
    let child = |f: &mut Household| {
        f.persons[3].jobs.push(Job {
            id: "J".to_owned(),
            place: "东莞".to_owned(),
            months: Some(6),
            ..Job::default()
        });
    };
    assert_eq!(found(child), ["DQ28 W 3 job"]);
}

#[test]
fn dq14_telephones() {
    assert_eq!(found(|f| f.phone = "12345".into()), ["DQ14 W - phone"]);
    assert_eq!(
        found(|f| f.persons[2].phone = "154000000011".into()),
        ["DQ14 W 2 phone"]
    );
    assert_eq!(found(|f| f.phone.clear()), Vec::<String>::new());
}

#[test]
fn members_who_left_are_not_checked() {
    let gone = |f: &mut Household| {
        f.persons[4].labour = "普通劳动力".into();
        f.events
            .push(event(1, Subject::Person(RecordId([5; 16])), "迁出", "2019-08-01"));
    };
    assert_eq!(found(gone), Vec::<String>::new());
}

#[test]
fn one_number_twice_and_one_telephone_twice_are_seen_across_the_village() {
    let mut one = sound();
    one.group = "3组".to_owned();
    let mut other = build(
        2,
        vec![
            person(1, "向阳", HEAD, "42289919850906997843"),
            person(2, "向梅", "之女", "无"),
        ],
    );
    other.phone = one.phone.clone();
    let third = build(3, vec![person(1, "谭林", HEAD, "无")]);
    let lines = |households: &[Household]| -> Vec<String> {
        let line = |p: Problem| {
            format!(
                "{} {} {:?} {} {}",
                p.rule,
                p.severity.code(),
                p.household.0[0],
                p.field,
                p.words.zh
            )
        };
        across(households, today()).into_iter().map(line).collect()
    };
    let all = [one, other, third];
    assert_eq!(
        lines(&all),
        [
            "DQ14 S 37 phone 电话与向阳相同",
            "DQ02 S 37 id_no 证件号码与向阳相同",
            "DQ14 S 2 phone 电话与3组田大山相同",
            "DQ02 S 2 id_no 证件号码与3组田勇相同",
        ]
    );
    let [one, mut other, third] = all;
    other.void = true;
    assert_eq!(lines(&[one, other, third]), Vec::<String>::new());
}
