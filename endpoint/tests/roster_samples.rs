//! The sample rosters of `tests/data`: three shapes that county offices really keep, read in full.

use std::path::PathBuf;

use bianfang_endpoint::roster::{self, IdCheck, Place, Roster};

fn sample(name: &str) -> Roster {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data")
        .join(name);
    roster::read(&std::fs::read(path).unwrap(), name, "2026-01-01".parse().unwrap()).unwrap()
}

/// Everybody is complete in these files: what one of them lacks, the reader lost.
fn assert_complete(roster: &Roster) {
    for household in roster.villages.iter().flat_map(|village| &village.households) {
        assert_eq!(
            household.stated_size,
            Some(household.persons.len() as u32),
            "{:?}",
            household.number
        );
        assert_eq!(
            household
                .persons
                .iter()
                .filter(|p| p.relation.as_deref() == Some("户主"))
                .count(),
            1
        );
        assert!(household.group.is_some() && household.housing.is_some() && household.water.is_some());
        assert_eq!(
            (household.phones.len(), household.classes.len()),
            (1, 1),
            "{:?}",
            household.number
        );
        assert_eq!(household.extra, []);
        for person in &household.persons {
            assert_eq!(person.id_check, IdCheck::Valid);
            assert_eq!(
                (person.health.is_empty(), person.insured.len(), &person.extra[..]),
                (false, 1, &[][..])
            );
            assert!(person.education.is_some() != person.school_stage.is_some());
        }
    }
}

#[test]
fn a_workbook_with_title_particulars_closing_note_and_instructions() {
    let roster = sample("roster-422822104299.xlsx");
    assert_complete(&roster);
    assert_eq!(
        (roster.villages.len(), roster.households(), roster.people()),
        (1, 412, 1486)
    );
    assert_eq!(roster.rejected, []);
    // The only thing to say is that the sheet of instructions was passed over.
    assert_eq!(
        roster
            .notes
            .iter()
            .map(|note| (note.code, note.sheet.as_str()))
            .collect::<Vec<_>>(),
        [("sheet_ignored", "填写说明")]
    );
    assert_eq!(roster.sheets[0].header_rows, [[3]]);
    let village = &roster.villages[0];
    let place = (
        village.code.as_deref(),
        village.name.as_deref(),
        village.township.as_deref(),
    );
    assert_eq!(place, (Some("422822104299"), Some("测试村"), Some("官店镇")));

    let household = &village.households[36];
    assert_eq!(
        (household.number.as_deref(), household.order),
        (Some("4228221042990037"), 37)
    );
    assert_eq!(household.places[0], Place { sheet: 0, row: 128 });
    let names: Vec<&str> = household
        .persons
        .iter()
        .filter_map(|person| person.name.as_deref())
        .collect();
    assert_eq!(names.len(), 5);
    assert_eq!(names[3..], ["田思雨", "田浩宇"]);
    let grandson = &household.persons[4];
    assert_eq!(grandson.relation.as_deref(), Some("之孙子"));
    assert_eq!(
        (grandson.birth.as_deref(), grandson.school_stage.as_deref()),
        (Some("2016-01-30"), Some("学前教育"))
    );
    assert_eq!(grandson.insured, [(None, "否".to_owned())]);
}

#[test]
fn a_text_table_in_gb18030() {
    let roster = sample("roster-430225203298.gb18030.csv");
    assert_complete(&roster);
    assert_eq!(
        (roster.villages.len(), roster.households(), roster.people()),
        (1, 126, 455)
    );
    assert_eq!((roster.rejected.len(), roster.notes.len()), (0, 0));
    let village = &roster.villages[0];
    assert_eq!(
        (village.code.as_deref(), village.township.as_deref()),
        (Some("430225203298"), Some("下村乡"))
    );
    let household = &village.households[0];
    assert_eq!(household.group.as_deref(), Some("5组"));
    assert_eq!(household.main_cause.as_deref(), Some("交通条件落后"));
    assert_eq!(household.classes, ["脱贫户"]);
    assert_eq!(household.phones, ["15400000001"]);
    let daughter = &household.persons[1];
    assert_eq!(
        (daughter.work_place.as_deref(), daughter.work_months.as_deref()),
        (Some("县内"), Some("4"))
    );
}

#[test]
fn a_large_village_in_utf8_with_a_mark() {
    let roster = sample("roster-430581100298.csv");
    assert_complete(&roster);
    assert_eq!(
        (roster.villages.len(), roster.households(), roster.people()),
        (1, 2000, 7200)
    );
    assert_eq!((roster.rejected.len(), roster.notes.len()), (0, 0));
    assert_eq!(roster.villages[0].name.as_deref(), Some("大村"));
    let orders: Vec<u32> = roster.villages[0]
        .households
        .iter()
        .map(|household| household.order)
        .collect();
    assert_eq!(orders, (1..=2000).collect::<Vec<u32>>());
}
