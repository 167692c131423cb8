//! The sets that come with the app, and how far one has come.

use super::*;
use crate::indicator::quality::Rules;
use crate::indicator::survey::tests::{day, house};
use crate::indicator::survey::{Known, Told};
use crate::ledger::tables;

const SETS: [&str; 4] = [
    include_str!("../../../packs/campaigns/six-clearances.md"),
    include_str!("../../../packs/campaigns/six-covers.md"),
    include_str!("../../../packs/campaigns/look-back.md"),
    include_str!("../../../packs/campaigns/unsafe-houses.md"),
];

fn set(text: &str) -> Set {
    let (set, problems) = Set::read(&tables::read(text));
    assert_eq!(problems, []);
    set
}

#[test]
fn the_sets_are_read_without_a_mistake() {
    let sizes: Vec<usize> = SETS.iter().map(|text| set(text).campaigns.len()).collect();
    assert_eq!(sizes, [6, 6, 2, 2]);
}

#[test]
fn those_who_count_are_looked_at_and_cleared() {
    let clearances = set(SETS[0]);
    let campaign = |id: &str| clearances.campaigns.iter().find(|one| one.id == id).unwrap();
    let stands = |id: &str, own: &[(&str, &str)]| {
        let child: &[(&str, &str)] = &[("name", "田甜"), ("birth", "2010-04-18"), ("insured/2019", "未")];
        let mut told =
            Told::household(&house(own, &[("persons", child)]), &Known::default(), day("2019-08-15")).unwrap();
        let mut progress = Progress::default();
        let counted = campaign(id).counts(&mut told);
        counted.iter().for_each(|(_, stands)| progress.add(*stands));
        (
            progress.target,
            progress.checked,
            progress.cleared,
            progress.remaining(),
        )
    };
    assert_eq!(stands("water", &[]), (1, 0, 0, 1));
    assert_eq!(stands("water", &[("water", "不达标")]), (1, 1, 0, 1));
    assert_eq!(stands("water", &[("water", "达标")]), (1, 1, 1, 0));
    assert_eq!(stands("school", &[]), (1, 0, 0, 1));
    assert_eq!(stands("insurance", &[]), (1, 1, 0, 1));
}

#[test]
fn the_look_back_counts_what_the_rules_find() {
    let data = set(SETS[2]).campaigns.remove(1);
    let cleared = |own: &[(&str, &str)]| {
        let head: &[(&str, &str)] = &[
            ("name", "田大山"),
            ("relation", "户主"),
            ("education", "初中"),
            ("health/健康", "1"),
        ];
        let mut told =
            Told::household(&house(own, &[("persons", head)]), &Known::default(), day("2019-10-15")).unwrap();
        Rules::built_in().hits(&mut told);
        data.counts(&mut told)[0].1.cleared
    };
    assert!(cleared(&[]) && !cleared(&[("road_m", "9000")]));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let codes = |from: &str, to: &str| -> Vec<String> {
        assert!(SETS[0].contains(from), "{from}");
        let (_, problems) = Set::read(&tables::read(&SETS[0].replacen(from, to, 1)));
        let told = problems.iter();
        told.map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
            .collect()
    };
    assert_eq!(
        codes("2019-09-30", "2019-05-30"),
        ["campaigns 2 deadline procedure.no_date"]
    );
    assert_eq!(
        codes("| finding |", "| findings |"),
        ["campaigns 6 about procedure.not_one_of"]
    );
    assert_eq!(
        codes("water != ''", "watr != ''"),
        ["campaigns 2 checked procedure.no_key"]
    );
    assert_eq!(codes("| housing |", "| water |"), ["campaigns 3 id procedure.twice"]);
    assert_eq!(
        codes("| set |", "| sets |"),
        ["set 0  procedure.no_sheet", "set 0  procedure.no_row"]
    );
}
