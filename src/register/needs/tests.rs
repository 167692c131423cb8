//! What is due, on the family of the first scenario and small villages around it.

use super::*;
use crate::base::id::RecordId;
use crate::register::enums::{Basis, Home, Verdict};
use crate::register::household::tests::{day, event, family, household, person};
use crate::register::member::Pairing;
use crate::register::person::HEAD;
use crate::register::status_event::Subject;
use crate::register::visit::Check;
use std::collections::BTreeMap;

const LEADER: MemberId = MemberId([1; 16]);
const WANG: MemberId = MemberId([2; 16]);

fn today() -> Date {
    day("2019-08-15")
}

fn visit(id: u8, by: MemberId, on: &str, kind: &str) -> Visit {
    Visit {
        id: RecordId([id; 16]),
        by: Some(by),
        on: day(on),
        kind: kind.to_owned(),
        home: Some(Home::AtHome),
        with: BTreeSet::new(),
        met: BTreeSet::new(),
        checks: BTreeMap::new(),
        next_on: None,
        void: false,
    }
}

fn checked(mut visit: Visit, verdict: impl Fn(Dimension) -> (Verdict, Basis)) -> Visit {
    let check = |dimension: &Dimension| {
        let (verdict, basis) = verdict(*dimension);
        (*dimension, Check { verdict, basis })
    };
    visit.checks = Dimension::ALL.iter().map(check).collect();
    visit
}

fn member(id: u8, role: Role, positions: &[&str]) -> Member {
    let positions = positions.iter().map(|position| (*position).to_owned()).collect();
    Member {
        role: Some(role),
        positions,
        ..Member::read(MemberId([id; 16]), &BTreeMap::new())
    }
}

#[test]
fn education_does_not_apply_where_nobody_is_of_age() {
    let mut family = family();
    let proposed = |family: &Household| not_applicable(Dimension::Education, family, today()).is_some();
    // The granddaughter is 7.
    assert!(!proposed(&family));
    family
        .events
        .push(event(1, Subject::Person(RecordId([4; 16])), "迁出", "2019-08-01"));
    assert!(proposed(&family));
    assert_eq!(not_applicable(Dimension::Water, &family, today()), None);
    // On his sixth birthday the grandson is of age.
    assert!(not_applicable(Dimension::Education, &family, day("2022-01-29")).is_some());
    assert!(not_applicable(Dimension::Education, &family, day("2022-01-30")).is_none());
    family.persons.push(person(6, "田小妹", "之孙女", ""));
    assert!(!proposed(&family));
    assert!(!proposed(&household(1, Vec::new())));
}

#[test]
fn the_last_school_age_is_fifteen() {
    let of = |born: &str| {
        let mut child = person(2, "向小", "之子", "");
        child.birth = Some(day(born));
        let family = household(1, vec![child]);
        not_applicable(Dimension::Education, &family, today()).is_none()
    };
    assert!(of("2013-08-15") && !of("2013-08-16"));
    assert!(of("2003-08-16") && !of("2003-08-15"));
}

#[test]
fn a_team_has_one_leader_and_its_number() {
    let words = |members: &[Member], required: u32| -> Vec<String> {
        team_troubles(members, required, today())
            .into_iter()
            .map(|trouble| trouble.zh)
            .collect()
    };
    let full = [
        member(1, Role::Leader, &["第一书记"]),
        member(2, Role::Member, &[]),
        member(3, Role::Member, &["村支书"]),
        member(4, Role::Doctor, &[]),
    ];
    assert_eq!(words(&full, 3), Vec::<String>::new());
    assert_eq!(words(&full, 4), ["队员3人，要求至少4人"]);
    assert_eq!(words(&full[1..], 2), ["还没有班长"]);
    let two = [
        member(1, Role::Leader, &["第一书记"]),
        member(2, Role::Leader, &["工作队长"]),
    ];
    assert_eq!(words(&two, 2), ["有2个班长，只能有一个"]);
    let mut left = two.clone();
    left[1].to = Some(day("2019-08-14"));
    assert_eq!(words(&left, 1), Vec::<String>::new());
    assert_eq!(
        words(&[member(1, Role::Leader, &["村支书"])], 1),
        ["班长应由第一书记或工作队长担任"]
    );
    assert_eq!(words(&[], 0), ["还没有班长"]);
}

#[test]
fn the_required_number_is_a_parameter_before_it_is_a_rule() {
    for (class, parameter, size) in [
        ("", None, 3),
        ("脱贫村", None, 3),
        ("安置村≥100人", None, 3),
        ("安置村<100人", None, 1),
        ("一般村", None, 1),
        ("一般村", Some(2), 2),
        ("脱贫村", Some(5), 5),
        ("脱贫村", Some(-1), 3),
    ] {
        assert_eq!(team_size(class, parameter), size, "{class} {parameter:?}");
    }
}

#[test]
fn six_visits_a_year_are_spread_evenly_and_rounded_up() {
    let due: Vec<u32> = (1..=12)
        .map(|month| pace(VISITS_A_YEAR, Month { year: 2019, month }))
        .collect();
    assert_eq!(due, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    assert_eq!(pace(0, Month { year: 2019, month: 12 }), 0);
    assert_eq!(pace(4, Month { year: 2019, month: 4 }), 2);
}

#[test]
fn the_first_scenario_counts_six_paired_visits_of_seven() {
    let before = ["2019-01-20", "2019-03-05", "2019-04-18", "2019-06-02", "2019-07-11"];
    let mut visits: Vec<Visit> = (1..)
        .zip(before)
        .map(|(id, on)| visit(id, LEADER, on, PAIRED_VISIT))
        .collect();
    let count = |visits: &[Visit]| paired_visits(visits, LEADER, 2019, today());
    assert_eq!(count(&visits), 5);
    visits.push(visit(6, LEADER, "2019-08-15", PAIRED_VISIT));
    visits.push(visit(7, WANG, "2019-08-15", "入户核查"));
    assert_eq!((count(&visits), visits_of_any_kind(&visits, 2019, today())), (6, 7));

    let not_counted: [fn(&mut Visit); 5] = [
        |visit| visit.home = Some(Home::Phone),
        |visit| visit.home = Some(Home::NobodyHome),
        |visit| visit.void = true,
        |visit| visit.on = day("2018-12-31"),
        |visit| visit.kind = "慰问".to_owned(),
    ];
    for change in not_counted {
        let mut changed = visits.clone();
        change(&mut changed[0]);
        assert_eq!(count(&changed), 5);
    }
    // A colleague recorded the same visit, or the helper only went along.
    visits.push(visit(8, LEADER, "2019-08-15", PAIRED_VISIT));
    assert_eq!(count(&visits), 6);
    let mut along = visit(9, WANG, "2019-08-14", PAIRED_VISIT);
    along.with.insert(LEADER);
    visits.push(along);
    assert_eq!(count(&visits), 7);
}

#[test]
fn coverage_counts_households_where_somebody_was_met() {
    let (from, to) = (day("2019-08-01"), day("2019-08-31"));
    let mut village: Vec<Household> = (1..=4)
        .map(|id| household(id, vec![person(1, "甲", HEAD, "")]))
        .collect();
    for (household, group) in village.iter_mut().zip(["1组", "1组", "2组", "2组"]) {
        household.group = group.to_owned();
    }
    let water = |verdict, basis| {
        move |dimension| {
            if dimension == Dimension::Water {
                (verdict, basis)
            } else {
                (Verdict::Met, Basis::Carried)
            }
        }
    };
    village[0].visits = vec![checked(
        visit(1, LEADER, "2019-08-31", PAIRED_VISIT),
        water(Verdict::Unmet, Basis::Checked),
    )];
    village[1].visits = vec![
        visit(1, WANG, "2019-09-01", PAIRED_VISIT),
        visit(2, WANG, "2019-07-31", PAIRED_VISIT),
    ];
    village[2].visits = vec![checked(
        visit(1, WANG, "2019-08-01", "慰问"),
        water(Verdict::Unchecked, Basis::Checked),
    )];
    village[3]
        .events
        .push(event(1, Subject::Household, "整户销户", "2019-08-31"));

    let all = coverage(&village, from, to, None);
    assert_eq!(all.visited, Ratio { part: 2, whole: 3 });
    assert_eq!(all.by_group["1组"], Ratio { part: 1, whole: 2 });
    assert_eq!(all.by_group["2组"], Ratio { part: 1, whole: 1 });
    assert_eq!(all.unvisited, [village[1].id]);
    assert_eq!(all.checked[&Dimension::Water], Ratio { part: 1, whole: 3 });
    assert_eq!(all.checked[&Dimension::Food], Ratio { part: 0, whole: 3 });
    let leader_only = coverage(&village, from, to, Some(&BTreeSet::from([LEADER])));
    assert_eq!(leader_only.visited, Ratio { part: 1, whole: 3 });
}

#[test]
fn attainment_leaves_out_what_does_not_apply_or_nobody_looked_at() {
    let mut village: Vec<Household> = (1..=4).map(|id| household(id, Vec::new())).collect();
    let met = |_| (Verdict::Met, Basis::Checked);
    village[0].visits = vec![checked(
        visit(1, WANG, "2019-08-01", PAIRED_VISIT),
        |dimension| match dimension {
            Dimension::Education => (Verdict::NotApplicable, Basis::Checked),
            Dimension::Water => (Verdict::Basic, Basis::Checked),
            _ => (Verdict::Met, Basis::Checked),
        },
    )];
    village[1].visits = vec![checked(
        visit(1, WANG, "2019-08-01", PAIRED_VISIT),
        |dimension| match dimension {
            Dimension::Water => (Verdict::Unmet, Basis::Checked),
            _ => (Verdict::Met, Basis::Checked),
        },
    )];
    village[2].visits = vec![checked(
        visit(1, WANG, "2019-08-01", PAIRED_VISIT),
        |dimension| match dimension {
            Dimension::Food => (Verdict::Unchecked, Basis::Checked),
            _ => (Verdict::Met, Basis::Carried),
        },
    )];
    let state = attainment(&village, today());
    assert_eq!(state.checked, Ratio { part: 2, whole: 4 });
    assert_eq!(state.all_met, Ratio { part: 1, whole: 2 });
    assert_eq!(state.by_dimension[&Dimension::Water], Ratio { part: 1, whole: 2 });
    assert_eq!(state.by_dimension[&Dimension::Education], Ratio { part: 1, whole: 1 });
    // Water is put in order later.
    village[1]
        .visits
        .push(checked(visit(2, WANG, "2019-08-10", PAIRED_VISIT), met));
    assert_eq!(attainment(&village, today()).all_met, Ratio { part: 2, whole: 2 });
    assert_eq!(
        attainment(&village, day("2019-08-09")).all_met,
        Ratio { part: 1, whole: 2 }
    );
}

#[test]
fn the_insured_of_the_first_scenario_are_counted_without_the_grandson() {
    let mut family = family();
    for person in &mut family.persons {
        person.insured.insert(2019, "居民".to_owned());
    }
    family
        .events
        .push(event(1, Subject::Person(RecordId([5; 16])), "迁出", "2019-08-01"));
    family.persons[0].insured.insert(2019, "未".to_owned());
    family.persons[1].insured.clear();
    assert_eq!(
        insured(std::slice::from_ref(&family), 2019, today()),
        Ratio { part: 2, whole: 4 }
    );
    assert_eq!(insured(&[family], 2018, day("2019-07-31")), Ratio { part: 0, whole: 5 });
}

#[test]
fn visitors_are_counted_by_kind_with_who_went_along() {
    let mut village = vec![family(), household(2, Vec::new())];
    village[0].visits = (1..=6)
        .map(|id| visit(id, LEADER, &format!("2019-0{id}-10"), PAIRED_VISIT))
        .collect();
    village[0].visits[5].with.insert(WANG);
    village[1].visits = vec![visit(1, WANG, "2019-08-01", "入户核查")];
    let mut pairing = Pairing::read(RecordId([1; 16]), &BTreeMap::new());
    pairing.member = Some(LEADER);
    for household in &mut village {
        household.pairings.push(pairing.clone());
    }
    let counts = visitors(&village, &[], day("2019-06-01"), today(), VISITS_A_YEAR);
    assert_eq!(counts[&LEADER].kinds, BTreeMap::from([(PAIRED_VISIT.to_owned(), 1)]));
    assert_eq!(counts[&LEADER].paired, Ratio { part: 1, whole: 2 });
    assert_eq!(counts[&WANG].kinds.len(), 2);
    assert_eq!(
        (counts[&WANG].households.len(), counts[&WANG].paired),
        (2, Ratio::default())
    );
}

#[test]
fn rates_are_never_rounded_up_to_a_bar() {
    let almost = Ratio {
        part: 99_999,
        whole: 100_000,
    };
    assert_eq!(
        (almost.shown().as_str(), almost.reaches(10_000)),
        ("99.9%", Some(false))
    );
    let bar = Ratio { part: 85, whole: 100 };
    assert_eq!((bar.shown().as_str(), bar.reaches(8_500)), ("85%", Some(true)));
    assert_eq!(
        (Ratio::default().shown().as_str(), Ratio::default().reaches(0)),
        ("—", None)
    );
}
