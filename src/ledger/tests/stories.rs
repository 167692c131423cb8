//! Stories as tables: who does what on which day, and the state or the refusal that follows. A procedure that is not the
//! life of a finding needs no line of code of its own, in the program or here.

use super::Story;
use crate::base::id::MemberId;
use crate::ledger::tables;

/// Each procedure with its stories.
const ALL: [(&str, &str); 5] = [
    (
        include_str!("../../../packs/procedures/renovation.md"),
        include_str!("../../../tests/golden/procedures/renovation.md"),
    ),
    (
        include_str!("../../../packs/procedures/monitoring.md"),
        include_str!("../../../tests/golden/procedures/monitoring.md"),
    ),
    (
        include_str!("../../../packs/procedures/school-return.md"),
        include_str!("../../../tests/golden/procedures/school-return.md"),
    ),
    (
        include_str!("../../../packs/procedures/exit.md"),
        include_str!("../../../tests/golden/procedures/exit.md"),
    ),
    (
        include_str!("../../../packs/procedures/household-plan.md"),
        include_str!("../../../tests/golden/procedures/household-plan.md"),
    ),
];

#[test]
fn every_procedure_tells_its_stories() {
    let mut lines = 0;
    for (procedure, stories) in ALL {
        for sheet in tables::read(stories) {
            let mut story = Story::new(procedure);
            let (head, rows) = sheet.rows.split_first().unwrap();
            assert_eq!(head, &["on", "who", "role", "event", "with", "then"]);
            for row in rows {
                lines += 1;
                told(&mut story, &sheet.name, row);
            }
        }
    }
    assert!(lines > 80);
}

fn told(story: &mut Story, name: &str, row: &[String]) {
    let [on, who, role, kind, with, then] = row else {
        panic!("{name}: {row:?}");
    };
    let at = format!("{}, {name}: {}", story.procedure.id, row.join(" | "));
    if kind.is_empty() {
        assert_eq!(story.state(on), then, "{at}");
        return;
    }
    let fields: Vec<(&str, &str)> = with.split(';').filter_map(|one| one.trim().split_once('=')).collect();
    let mut letters = who.bytes().cycle();
    let by = (
        MemberId(std::array::from_fn(|_| letters.next().unwrap())),
        role.as_str(),
    );
    let refused = story.refused(by, on, kind, &fields);
    match then.strip_prefix("✗ ") {
        Some(words) => assert_eq!(refused, words, "{at}"),
        None => {
            assert_eq!(refused, "", "{at}");
            story.then(by, on, kind, &fields);
            assert_eq!(story.state(on), then, "{at}");
        }
    }
}

#[test]
fn the_subsidy_follows_from_the_size_of_the_family() {
    let story = Story::new(ALL[0].0);
    let of = |name: &str, persons: i64| story.procedure.scale(name).unwrap().at(persons);
    let table: Vec<_> = (0..=7).map(|n| (of("area_max", n), of("subsidy", n))).collect();
    let told = [
        (35, 31_325),
        (45, 40_275),
        (60, 47_700),
        (72, 57_240),
        (90, 71_550),
        (108, 85_860),
        (126, 100_170),
    ];
    assert_eq!(table[0], (None, None));
    assert_eq!(table[1..], told.map(|(area, money)| (Some(area), Some(money))));
}
