//! What is due for families and persons: who is listed, for whom it is no longer, and that all phones say the same.

use crate::asking::*;
use crate::forms::{answer, open_about, saved, sheets};
use crate::twins::{decide, register};
use bianfang::base::id::{DocId, RecordId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::*;
use bianfang::sync::log::Role;
use bianfang_sim::disk::Loss;
use bianfang_sim::phone::Phone;
use bianfang_sim::{Ended, World};

const DAY_MS: i64 = 86_400_000;
const SURVEY: &str = "type|name|label\ninteger|systolic|高压";
const RELEVANT: &str = "pulldata('person','disease','name','own') != ''";

fn settings(version: &str, relevant: &str) -> String {
    format!(
        "form_id|version|form_title|subject|due|due_role|relevant\nfollow|{version}|慢病随访|person|4/year|doctor|{relevant}"
    )
}

/// The persons of a household by their place in it.
fn person(place: u8) -> RecordId {
    RecordId([place; 16])
}

/// 王芳 is the village doctor; 周小怡 of the first two households has high blood pressure, 罗强 of the first too.
fn village() -> (World, DocId) {
    let mut world = World::new(7, 4, &["李国强"]);
    world.add_phone("王芳", Role::Doctor);
    world.add_phone("张伟", Role::Doctor);
    let form = world.publish(&sheets(SURVEY, &settings("1", RELEVANT)));
    world.sync_all();
    let leader = &world.phones[0];
    for (household, place) in [(0, 2), (0, 3), (1, 2)] {
        ill(leader, &world.households[household], place, "高血压");
    }
    world.sync_all();
    (world, form)
}

fn ill(phone: &Phone, household: &DocId, place: u8, disease: &str) {
    edit(
        phone,
        household,
        &format!("persons/{}", person(place)),
        &[("disease", disease)],
    );
}

fn today(phone: &Phone) -> TodayView {
    match phone.must(Request::Today) {
        Reply::Today { view } => view,
        other => panic!("no day: {other:?}"),
    }
}

/// Still due, missed before, done; nothing where the form is not listed.
fn counts(phone: &Phone) -> Option<(u32, u32, u32)> {
    let view = today(phone);
    assert!(view.counting.is_none(), "{:?}", view.counting);
    assert!(view.forms.len() <= 1);
    view.forms.first().map(|row| (row.due, row.missed, row.done))
}

/// A list of a form.
pub(super) fn asked(phone: &Phone, form: DocId, list: &str, group: &str, query: &str) -> DueFormsView {
    let request = Request::DueForms {
        form: form.to_string(),
        list: list.into(),
        group: group.into(),
        query: query.into(),
        offset: 0,
        limit: 40,
    };
    match phone.must(request) {
        Reply::DueForms { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

fn listed(phone: &Phone, form: DocId, list: &str) -> Vec<(String, String, String)> {
    let rows = asked(phone, form, list, "", "").rows.into_iter();
    rows.map(|row| (row.name, row.detail.zh, row.note.zh)).collect()
}

fn follow_up(phone: &Phone, household: &DocId, place: u8, form: DocId) -> SavedView {
    open_about(phone, household, &person(place).to_string(), form);
    answer(phone, "systolic", "150");
    saved(phone, true, &[])
}

fn event(phone: &Phone, id: &DocId, subject: &str, kind: &str) {
    let reply = phone.must(Request::SaveStatusEvent {
        document: id.to_string(),
        base: household(phone, id).base,
        subject: subject.into(),
        kind: kind.into(),
        on: today(phone).today,
        note: "听本人说的".into(),
        changes: vec![],
    });
    assert!(matches!(reply, Reply::SaveStatusEvent { .. }), "{reply:?}");
}

#[test]
fn the_doctor_sees_for_whom_a_follow_up_is_due_and_nobody_else_does() {
    let (world, form) = village();
    let [leader, doctor, other] = &world.phones[..] else {
        panic!()
    };
    assert_eq!(counts(leader), None);
    let refused = leader.must(Request::DueForms {
        form: form.to_string(),
        list: String::new(),
        group: String::new(),
        query: String::new(),
        offset: 0,
        limit: 40,
    });
    assert_eq!(refusal(refused), "form_due_list");
    let row = today(doctor).forms[0].clone();
    assert_eq!(
        (row.title.as_str(), row.words.zh.as_str()),
        ("慢病随访", "本季度还差 3 人")
    );
    assert!(!row.soon, "nothing is urgent in the middle of a quarter");
    let due = |name: &str, family: &str| (name.to_owned(), family.to_owned(), "今年已做 0/4 次".to_owned());
    // 2组 (罗永1) stands before 3组 (罗永2) in the order of the village.
    let expected = [
        due("周小怡", "罗永1家"),
        due("罗强", "罗永1家"),
        due("周小怡", "罗永2家"),
    ];
    assert_eq!(listed(doctor, form, "due"), expected);
    assert_eq!(listed(other, form, "due"), expected);

    // Two in one quarter count once, and the page of the person says the same number.
    let first = world.households[0];
    follow_up(doctor, &first, 2, form);
    let second = follow_up(doctor, &first, 2, form);
    assert_eq!(counts(doctor), Some((2, 0, 1)));
    let done = [("周小怡".to_owned(), "罗永1家".to_owned(), "今年已做 1/4 次".to_owned())];
    assert_eq!(listed(doctor, form, "done"), done);
    let of_person = Request::Forms {
        document: first.to_string(),
        about: person(2).to_string(),
    };
    let Reply::Forms { view } = doctor.must(of_person) else {
        panic!()
    };
    assert_eq!(view.offered[0].note.zh, "今年已做 1/4 次");
    world.sync_all();
    assert_eq!(counts(other), Some((2, 0, 1)));
    assert_eq!(asked(other, form, "done", "", ""), asked(doctor, form, "done", "", ""));

    // What was withdrawn does not count.
    for record in [view.records[1].record.clone(), second.record] {
        let withdrawn = other.must(Request::Withdraw {
            document: first.to_string(),
            record,
            base: household(other, &first).base,
            reason: "填错人".into(),
        });
        assert!(matches!(withdrawn, Reply::Withdraw { .. }), "{withdrawn:?}");
    }
    assert_eq!(counts(other), Some((3, 0, 0)));
}

#[test]
fn what_was_done_for_everybody_stays_as_done() {
    let (world, form) = village();
    let doctor = &world.phones[1];
    for (household, place) in [(0, 2), (0, 3), (1, 2)] {
        follow_up(doctor, &world.households[household], place, form);
    }
    assert_eq!(counts(doctor), Some((0, 0, 3)));
    assert_eq!(today(doctor).forms[0].words.zh, "本季度都做完了");
    assert_eq!(listed(doctor, form, "done").len(), 3);
}

#[test]
fn a_family_that_was_joined_is_due_once_with_what_was_done_for_either_record() {
    let mut world = World::new(7, 2, &["李国强"]);
    let settings = "form_id|version|form_title|subject|due\nwater|1|水质|household|1/quarter";
    let form = world.publish(&sheets("type|name|label\ninteger|taps|几个龙头", settings));
    world.sync_all();
    let phone = &world.phones[0];
    let [one, other] = ["田正文", "田正文"].map(|head| register(phone, head, ""));
    assert_eq!(counts(phone), Some((4, 0, 0)));
    decide(phone, &one.to_string(), &other.to_string(), true);
    assert_eq!(counts(phone), Some((3, 0, 0)));
    assert_eq!(asked(phone, form, "due", "", "田正文").total, 1);
    // Done on the record that is shown under the other.
    for household in [one, other] {
        assert_eq!(
            counts(phone),
            Some((3 - u32::from(household == other), 0, u32::from(household == other)))
        );
        open_about(phone, &household, "", form);
        answer(phone, "taps", "2");
        saved(phone, true, &[]);
        assert_eq!(counts(phone), Some((2, 0, 1)));
    }
}

#[test]
fn who_died_or_moved_away_is_due_for_nothing() {
    let (world, form) = village();
    let [leader, doctor, _] = &world.phones[..] else {
        panic!()
    };
    assert_eq!(counts(doctor), Some((3, 0, 0)));
    event(leader, &world.households[0], &person(2).to_string(), "死亡");
    event(leader, &world.households[1], "household", "整户销户");
    world.sync_all();
    assert_eq!(counts(doctor), Some((1, 0, 0)));
    assert_eq!(listed(doctor, form, "due")[0].0, "罗强");
    // And who fell ill since is, on the phone that is told so first.
    ill(doctor, &world.households[2], 1, "糖尿病");
    assert_eq!(counts(doctor), Some((2, 0, 0)));
}

#[test]
fn a_quarter_that_went_by_was_missed_by_those_who_were_ill_then() {
    let (world, form) = village();
    let doctor = &world.phones[1];
    follow_up(doctor, &world.households[0], 2, form);
    // In October nobody missed the quarter in which the form was published.
    world.pass_ms(60 * DAY_MS);
    assert_eq!(counts(doctor), Some((3, 0, 0)));
    // 罗永3 falls ill in January, when the quarter before is over.
    world.pass_ms(100 * DAY_MS);
    ill(doctor, &world.households[2], 1, "糖尿病");
    assert_eq!(counts(doctor), Some((4, 3, 0)));
    let missed: Vec<String> = listed(doctor, form, "missed").into_iter().map(|row| row.1).collect();
    assert_eq!(missed, ["罗永1家", "罗永1家", "罗永2家"]);
    assert_eq!(asked(doctor, form, "missed", "", "").rows[0].last_on, "2019-08-14");
}

#[test]
fn a_new_version_asks_for_others_and_keeps_what_was_done() {
    let (mut world, form) = village();
    follow_up(&world.phones[1], &world.households[0], 2, form);
    follow_up(&world.phones[1], &world.households[0], 3, form);
    assert_eq!(counts(&world.phones[1]), Some((1, 0, 2)));
    world.pass_ms(DAY_MS);
    let narrower =
        "selected(pulldata('person','disease','name','own'), '高血压') and pulldata('person','age','name','own') > 50";
    let next = world.publish(&sheets(SURVEY, &settings("2", narrower)));
    world.sync_all();
    let doctor = &world.phones[1];
    // 罗强 is 33.
    assert_eq!(counts(doctor), Some((1, 0, 1)));
    assert_eq!(listed(doctor, next, "done")[0].0, "周小怡");
}

#[test]
fn own_households_come_first_and_a_search_leaves_those_it_names() {
    let (world, form) = village();
    let doctor = &world.phones[1];
    let me = match doctor.must(Request::Mine) {
        Reply::Mine { view } => view.me.id,
        other => panic!("not me: {other:?}"),
    };
    let second = world.households[1];
    let paired = doctor.must(Request::SavePairing {
        household: second.to_string(),
        group: String::new(),
        pairing: String::new(),
        base: household(doctor, &second).base,
        member: me,
        from: "2019-01-01".into(),
        to: String::new(),
    });
    assert!(matches!(paired, Reply::SavePairing { .. }), "{paired:?}");
    let all = asked(doctor, form, "due", "", "");
    let order: Vec<(&str, bool)> = all.rows.iter().map(|row| (row.detail.zh.as_str(), row.mine)).collect();
    assert_eq!(order, [("罗永2家", true), ("罗永1家", false), ("罗永1家", false)]);
    let of_group: Vec<(&str, u32)> = all.groups.iter().map(|one| (one.group.as_str(), one.count)).collect();
    assert_eq!(of_group, [("1组", 0), ("2组", 2), ("3组", 1)]);
    let found = asked(doctor, form, "due", "2组", "lq");
    assert_eq!((found.total, found.rows[0].name.as_str()), (1, "罗强"));
    assert_eq!(asked(doctor, form, "due", "", "罗永1").total, 2);
    let lists: Vec<(&str, u32)> = found.lists.iter().map(|one| (one.value.as_str(), one.count)).collect();
    assert_eq!(lists, [("due", 1), ("missed", 0), ("done", 0)]);
}

/// Wherever the power goes in the middle of counting, the counting goes on after the start and ends with the same numbers.
#[test]
fn a_kill_in_the_middle_of_counting_loses_no_number() {
    let mut world = World::new(7, 40, &["李国强"]);
    world.add_phone("王芳", Role::Doctor);
    world.publish(&sheets(SURVEY, &settings("1", RELEVANT)));
    world.sync_all();
    for household in &world.households {
        ill(&world.phones[0], household, 2, "高血压");
    }
    world.sync_all();
    for (operations, loss) in [
        (1, Loss::Unflushed),
        (4, Loss::Nothing),
        (9, Loss::Torn(1)),
        (20, Loss::Unflushed),
    ] {
        let doctor = &mut world.phones[1];
        doctor.disk.cut_after(operations);
        while let Ended::Done(Reply::CountDue { counting: Some(_) }) = doctor.ask(Request::CountDue) {}
        doctor.restart_after(loss);
        let left = today(doctor).counting;
        assert!(left.is_none_or(|left| left.of == 40 && left.done < 40));
    }
    let doctor = &world.phones[1];
    while let Reply::CountDue { counting: Some(_) } = doctor.must(Request::CountDue) {}
    assert_eq!(counts(doctor), Some((40, 0, 0)));
    assert!(doctor.quarantined().is_empty());
}

#[test]
fn a_large_village_is_counted_in_steps_and_a_start_opens_nobody() {
    let mut world = World::new(7, 40, &["李国强"]);
    world.add_phone("王芳", Role::Doctor);
    let form = world.publish(&sheets(SURVEY, &settings("1", RELEVANT)));
    world.sync_all();
    for household in &world.households {
        ill(&world.phones[0], household, 2, "高血压");
    }
    world.sync_all();
    let doctor = &world.phones[1];
    let counting = today(doctor).counting.unwrap();
    assert_eq!((counting.done, counting.of), (0, 40));
    let count = || doctor.must(Request::CountDue);
    assert!(matches!(count(), Reply::CountDue { counting: Some(_) }));
    // Every document that is opened is written down first: eight beside each other, and once when they are closed.
    let (before, most) = (doctor.disk.commits(), 40 / 8 * 2 + 4);
    let mut steps = 1;
    while let Reply::CountDue { counting: Some(_) } = count() {
        steps += 1;
    }
    assert_eq!(steps, 2, "the third step is the last");
    let commits = doctor.disk.commits() - before;
    assert!(commits <= most, "{commits}");
    assert_eq!(counts(doctor), Some((40, 0, 0)));
    world.phones[1].restart(false);
    let doctor = &world.phones[1];
    // Every document that is opened is written down first.
    let before = doctor.disk.commits();
    assert_eq!(counts(doctor), Some((40, 0, 0)));
    let started = doctor.disk.commits() - before;
    assert!(started <= 8, "{started}");
    assert_eq!(asked(doctor, form, "due", "", "罗永7").total, 1);
    assert_eq!(doctor.disk.commits() - before, started);
    // Forms are offered without their documents: only the household is opened.
    let of_person = Request::Forms {
        document: world.households[0].to_string(),
        about: person(2).to_string(),
    };
    let Reply::Forms { view } = doctor.must(of_person) else {
        panic!()
    };
    assert_eq!(view.offered[0].note.zh, "今年已做 0/4 次");
    assert_eq!(doctor.disk.commits() - before, started + 2);
}
