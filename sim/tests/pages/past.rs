//! 修改记录 by record and by field, with the visit, and a household as it was on a day.

use crate::asking::{edit, field, household, record, refusal, save_visit, team, visit_form};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingDraft, HistoryView, PastView};
use bianfang::sync::log::Role;
use bianfang_sim::phone::Phone;
use bianfang_sim::run::Ended;
use bianfang_sim::world::START_MS;
use std::collections::BTreeSet;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn history_of(phone: &Phone, document: &DocId, record: &str, field: &str) -> HistoryView {
    let request = Request::History {
        document: document.to_string(),
        record: record.into(),
        field: field.into(),
        offset: 0,
        limit: 100,
    };
    match phone.must(request) {
        Reply::History { view } => view,
        other => panic!("no history: {other:?}"),
    }
}

fn on(phone: &Phone, id: &DocId, day: &str) -> Reply {
    phone.must(Request::HouseholdOn {
        id: id.to_string(),
        on: day.into(),
    })
}

fn past(phone: &Phone, id: &DocId, day: &str) -> PastView {
    match on(phone, id, day) {
        Reply::HouseholdOn { view } => *view,
        other => panic!("no past: {other:?}"),
    }
}

fn phone_of(view: &PastView) -> &str {
    view.phone.as_str()
}

#[test]
fn a_household_is_shown_as_it_was_at_the_end_of_a_day() {
    let world = team();
    let (li, wang) = (&world.phones[0], &world.phones[1]);
    let id = &world.households[0];
    world.pass_ms(DAY_MS);
    edit(li, id, "own", &[("phone", "15400000002")]);
    world.pass_ms(DAY_MS);
    let mut draft = visit_form(li, id, "").draft;
    draft.home = "at_home".into();
    draft.findings.push(FindingDraft {
        category: "饮水".into(),
        words: "水管漏水".into(),
        ..FindingDraft::default()
    });
    save_visit(li, draft);
    edit(li, id, "own", &[("phone", "15400000003")]);
    world.sync_all();

    assert_eq!(refusal(on(wang, id, "2019-08-13")), "past_not_yet");
    assert_eq!(refusal(on(wang, id, "gestern")), "not_found");
    let view = past(wang, id, "2019-08-14");
    assert_eq!((phone_of(&view), view.later), ("15400000001", 3));
    assert_eq!((view.head.as_str(), view.people, view.persons.len()), ("罗永1", 3, 3));
    assert!(view.visits.is_empty() && view.findings.is_empty());
    assert_eq!(view.first_on, "2019-08-14");
    let view = past(wang, id, "2019-08-15");
    assert_eq!((phone_of(&view), view.later), ("15400000002", 2));
    assert!(view.visits.is_empty() && view.findings.is_empty());
    let view = past(wang, id, "2019-08-16");
    assert_eq!((phone_of(&view), view.later), ("15400000003", 0));
    assert_eq!((view.visits.len(), view.findings.len()), (1, 1));
    assert_eq!(view.visits[0].findings, view.findings);
    // Looking back changes nothing of what is now.
    assert_eq!(household(wang, id).phone, "15400000003");
}

#[test]
fn what_a_change_of_that_day_stands_on_is_shown_although_its_clock_ran_ahead() {
    let world = team();
    let (li, wang) = (&world.phones[0], &world.phones[1]);
    let id = &world.households[0];
    world.pass_ms(3 * DAY_MS);
    edit(li, id, "own", &[("phone", "15400000002")]);
    assert!(matches!(li.sync(), Ended::Done(Ok(_))));
    assert!(matches!(wang.sync(), Ended::Done(Ok(_))));
    // The other phone's clock is two days behind; what it writes stands on what it saw.
    world.pass_ms(-2 * DAY_MS);
    edit(wang, id, "own", &[("address", "老屋场 12 号")]);
    let view = past(wang, id, "2019-08-15");
    assert_eq!(
        (phone_of(&view), view.address.as_str()),
        ("15400000002", "老屋场 12 号")
    );
    assert_eq!(past(wang, id, "2019-08-14").address, "");
}

#[test]
fn the_history_of_one_field_tells_its_values_and_the_visit_with_which_they_were_written() {
    let world = team();
    let phone = &world.phones[0];
    let id = &world.households[0];
    edit(
        phone,
        id,
        "own",
        &[("phone", "15400000002"), ("address", "老屋场 12 号")],
    );
    world.pass_ms(DAY_MS);
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    let visit = save_visit(phone, draft).record;
    edit(phone, id, "own", &[("phone", "15400000003")]);

    let told = history_of(phone, id, "own", "phone");
    assert_eq!(told.of.zh, "联系电话");
    let values: Vec<_> = told
        .rows
        .iter()
        .map(|row| (row.from.zh.as_str(), row.to.zh.as_str()))
        .collect();
    assert_eq!(
        values,
        [
            ("15400000002", "15400000003"),
            ("15400000001", "15400000002"),
            ("", "联系电话：15400000001")
        ]
    );
    // Written on the day of the visit by the same person; the first one on a day without a visit.
    assert_eq!(
        (told.rows[0].during.as_str(), told.rows[0].visit.zh.as_str()),
        ("visit_day", "走访 8月15日")
    );
    assert_eq!(
        (told.rows[1].during.as_str(), told.rows[1].visit.zh.as_str()),
        ("edit", "")
    );
    assert_eq!(told.rows[0].on, "2019-08-15");
    assert!(told.rows[0].local && !told.rows[2].local);
    assert_eq!(told.rows[0].received, None);
    // Received when it was handed over, by the endpoint's clock; a teammate is told the same time.
    world.pass_ms(DAY_MS);
    world.sync_all();
    let handed_over = Some(START_MS + 2 * DAY_MS);
    for phone in &world.phones[..2] {
        let told = history_of(phone, id, "own", "phone");
        assert_eq!(
            (told.rows[0].received, told.rows[1].received),
            (handed_over, handed_over)
        );
        assert!(!told.rows[0].local);
    }
    // A visit is told as itself, not as written with itself.
    let of_visit = history_of(phone, id, &visit, "");
    assert_eq!((of_visit.rows.len(), of_visit.rows[0].visit.zh.as_str()), (1, ""));
    assert_eq!(of_visit.of.zh, "走访 8月15日");

    // 改过 stands where a value was written after its record was made, and nowhere else.
    let view = record(phone, id, "own");
    assert!(view.exists);
    let changed = |key: &str| field(&view, key).changed;
    assert!(changed("phone") && changed("address") && !changed("group"));
    let person = household(phone, id).persons[0].id.clone();
    let at = format!("persons/{person}");
    assert!(!field(&record(phone, id, &at), "health").changed);
    edit(phone, id, &at, &[("health", "慢性病、残疾")]);
    assert!(field(&record(phone, id, &at), "health").changed);
    let told = history_of(phone, id, &at, "health");
    assert_eq!(told.rows.len(), 2);
    assert!(told.of.zh.starts_with("罗永1"));
}

#[test]
fn whoever_joins_later_is_told_when_older_changes_were_received() {
    let mut world = team();
    let id = world.households[0];
    // Two write at the same time, and hand over on different days.
    edit(&world.phones[0], &id, "own", &[("phone", "15400000002")]);
    edit(&world.phones[1], &id, "own", &[("address", "老屋场 12 号")]);
    world.pass_ms(DAY_MS);
    assert!(matches!(world.phones[0].sync(), Ended::Done(Ok(_))));
    world.pass_ms(DAY_MS);
    world.sync_all();
    let all = |phone: &Phone| -> BTreeSet<(String, Option<i64>)> {
        let rows = history_of(phone, &id, "", "").rows.into_iter();
        rows.map(|row| (row.field.zh + &row.to.zh, row.received)).collect()
    };
    let told = all(&world.phones[0]);
    let times: BTreeSet<Option<i64>> = told.iter().map(|(_, received)| *received).collect();
    let days = |days: i64| Some(START_MS + days * DAY_MS);
    assert_eq!(times, BTreeSet::from([days(0), days(1), days(2)]));

    let new = world.add_phone("田小云", Role::Member);
    assert_eq!(all(&world.phones[new]), told);
    // What is written there stands beside what came with the first load.
    world.pass_ms(DAY_MS);
    edit(&world.phones[new], &id, "own", &[("phone", "15400000003")]);
    world.sync_all();
    let later = all(&world.phones[new]);
    assert_eq!(later.len(), told.len() + 1);
    assert!(told.is_subset(&later) && later.iter().any(|(_, received)| *received == days(3)));
}

#[test]
fn the_history_of_a_household_tells_what_became_of_its_problems() {
    let world = team();
    let (li, wang) = (&world.phones[0], &world.phones[1]);
    let id = &world.households[0];
    world.pass_ms(DAY_MS);
    let mut draft = visit_form(li, id, "").draft;
    draft.home = "at_home".into();
    draft.findings.push(FindingDraft {
        category: "饮水".into(),
        words: "水管漏水".into(),
        ..FindingDraft::default()
    });
    save_visit(li, draft);
    world.sync_all();
    let found = household(wang, id).findings[0].id.parse().unwrap();
    world.pass_ms(DAY_MS);
    edit(wang, &found, "own", &[("words", "水管已换，还在漏")]);
    edit(wang, id, "own", &[("phone", "15400000002")]);
    world.sync_all();

    let told = history_of(li, id, "", "");
    let titles: Vec<_> = told.rows.iter().map(|row| row.record.zh.as_str()).collect();
    let problem = "问题：水管已换，还在漏";
    // The visit and its problem were saved at once; the household was registered with three persons the day before.
    assert_eq!(titles[..4], ["", problem, "走访 8月15日", problem]);
    let row = &told.rows[1];
    assert_eq!(
        (
            row.author.as_str(),
            row.field.zh.as_str(),
            row.from.zh.as_str(),
            row.to.zh.as_str()
        ),
        ("王芳", "问题描述", "水管漏水", "水管已换，还在漏")
    );
    assert_eq!((row.during.as_str(), row.visit.zh.as_str()), ("edit", ""));
    assert_eq!(
        (row.document.as_str(), row.path.as_str()),
        (found.to_string().as_str(), "own")
    );
    let first = &told.rows[3];
    assert_eq!(
        (first.during.as_str(), first.visit.zh.as_str()),
        ("visit", "走访 8月15日")
    );
    assert!(
        first.to.zh.contains("问题类别：饮水；问题描述：水管漏水"),
        "{}",
        first.to.zh
    );
    assert!(!first.local && first.received.is_some());

    // By record and by field, and page after page without a gap.
    assert_eq!(history_of(li, &found, "own", "").rows, [row.clone(), first.clone()]);
    assert_eq!(history_of(li, &found, "own", "words").rows.len(), 2);
    assert_eq!(history_of(li, id, "own", "").rows.len(), 2);
    let mut paged = Vec::new();
    for offset in 0..told.rows.len() as u32 {
        let request = Request::History {
            document: id.to_string(),
            record: String::new(),
            field: String::new(),
            offset,
            limit: 1,
        };
        let Reply::History { view } = li.must(request) else {
            panic!("no history")
        };
        assert_eq!(view.more, offset + 1 < told.rows.len() as u32);
        paged.extend(view.rows);
    }
    assert_eq!(paged, told.rows);
}
