//! 待核对: people settle differing values offline, ask first, keep both, take it back; and differ again when they must.

use crate::asking::{edit, field, history, household, record, refusal, team};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{DifferencesView, DiffersView, HouseholdView, SettledView};
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const LI: &str = "15400000002";
const WANG: &str = "15400000003";

fn request(differs: &DiffersView, how: &str, value: &str) -> Request {
    Request::Settle {
        document: differs.document.clone(),
        record: differs.record.clone(),
        base: differs.base.clone(),
        key: differs.field.key.clone(),
        how: how.into(),
        value: value.into(),
    }
}

fn decide(phone: &Phone, differs: &DiffersView, how: &str, value: &str) -> Option<SettledView> {
    match phone.must(request(differs, how, value)) {
        Reply::Settle { settled, .. } => settled,
        other => panic!("not settled: {other:?}"),
    }
}

/// 用这个, by the value that is shown.
fn choose(phone: &Phone, differs: &DiffersView, value: &str) -> Option<SettledView> {
    let chosen = differs.field.values.iter().find(|one| one.value == value).unwrap();
    decide(phone, differs, "use", &chosen.id)
}

fn undo(phone: &Phone, settled: &SettledView) -> Reply {
    phone.must(Request::Unsettle {
        document: settled.document.clone(),
        record: settled.record.clone(),
        base: settled.base.clone(),
        key: settled.key.clone(),
    })
}

fn list(phone: &Phone) -> DifferencesView {
    match phone.must(Request::Differences { offset: 0, limit: 50 }) {
        Reply::Differences { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

fn today(phone: &Phone) -> u32 {
    match phone.must(Request::Today) {
        Reply::Today { view } => view.differs,
        other => panic!("no day: {other:?}"),
    }
}

fn badges(view: &HouseholdView) -> Vec<&str> {
    let about = view
        .row
        .badges
        .iter()
        .filter(|badge| ["differs", "asked"].contains(&badge.kind.as_str()));
    about.map(|badge| badge.words.zh.as_str()).collect()
}

/// The values of a difference with their authors, by value.
fn values(differs: &DiffersView) -> Vec<(&str, &str)> {
    let mut values: Vec<_> = differs
        .field
        .values
        .iter()
        .map(|one| (one.value.as_str(), one.author.as_str()))
        .collect();
    values.sort_unstable();
    values
}

/// Two phones without signal gave two telephone numbers; all have heard of both.
fn two_numbers() -> (World, DocId) {
    let world = team();
    let id = world.households[0];
    edit(&world.phones[0], &id, "own", &[("phone", LI)]);
    edit(&world.phones[1], &id, "own", &[("phone", WANG)]);
    world.sync_all();
    (world, id)
}

#[test]
fn a_difference_says_who_wrote_what_and_what_each_had_seen() {
    let (world, id) = two_numbers();
    for phone in &world.phones {
        let view = household(phone, &id);
        let [differs] = &view.differs[..] else {
            panic!("one field differs")
        };
        assert_eq!(differs.title.zh, "联系电话");
        assert_eq!(values(differs), [(LI, "李国强"), (WANG, "王芳")]);
        for value in &differs.field.values {
            assert_eq!(value.seen.zh, "15400000001");
            assert!(value.at > 0 && value.during == "edit" && !value.id.is_empty());
        }
        assert!(differs.may_fill && differs.asked.is_none());
        assert_eq!(badges(&view), ["待核对 1"]);
        let all = list(phone);
        assert_eq!((all.open, all.asked, all.more, today(phone)), (1, 0, false, 1));
        assert_eq!(all.of.len(), 1);
        assert_eq!(all.of[0].household.as_ref().unwrap().id, id.to_string());
        assert_eq!(all.of[0].differs, view.differs);
    }
}

#[test]
fn what_was_settled_can_be_taken_back_and_then_differs_as_before() {
    let (world, id) = two_numbers();
    let [li, wang, zhang] = [0, 1, 2].map(|at| &world.phones[at]);
    let before = household(zhang, &id).differs.remove(0);
    let settled = choose(zhang, &before, LI).unwrap();
    assert_eq!(
        (settled.shown.zh.as_str(), settled.author.as_str(), settled.mine),
        (LI, "张伟", true)
    );
    assert_eq!((list(zhang).open, today(zhang)), (0, 0));
    world.sync_all();
    for phone in [li, wang] {
        let view = household(phone, &id);
        assert!(view.differs.is_empty() && view.phone == LI && badges(&view).is_empty());
        assert_eq!((view.settled[0].author.as_str(), view.settled[0].mine), ("张伟", false));
    }
    // A colleague takes it back, without signal; everybody has both values again, with those who first wrote them.
    let settled = household(wang, &id).settled.remove(0);
    assert!(matches!(undo(wang, &settled), Reply::Unsettle { .. }));
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, &id);
        assert!(view.settled.is_empty());
        let [again] = &view.differs[..] else {
            panic!("it differs again")
        };
        assert_eq!(values(again), [(LI, "李国强"), (WANG, "王芳")]);
        let times = |differs: &DiffersView| {
            differs
                .field
                .values
                .iter()
                .map(|one| one.at)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(times(again), times(&before));
    }
    // And it is settled again, and taken back again: each time whole.
    let again = household(li, &id).differs.remove(0);
    let settled = choose(li, &again, WANG).unwrap();
    undo(li, &settled);
    world.sync_all();
    assert_eq!(
        values(&household(zhang, &id).differs[0]),
        [(LI, "李国强"), (WANG, "王芳")]
    );
    // What was written since is not lost to a late way back.
    let last = household(zhang, &id).differs.remove(0);
    choose(zhang, &last, LI);
    edit(zhang, &id, "own", &[("phone", "15400000009")]);
    let stale = SettledView {
        base: household(zhang, &id).base,
        ..settled
    };
    assert_eq!(refusal(undo(zhang, &stale)), "settle_since");
}

#[test]
fn two_people_who_settle_differently_differ_again_and_who_agree_do_not() {
    let (world, id) = two_numbers();
    for (phone, value) in [(0, LI), (1, WANG)] {
        let differs = household(&world.phones[phone], &id).differs.remove(0);
        choose(&world.phones[phone], &differs, value);
    }
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(
            values(&household(phone, &id).differs[0]),
            [(LI, "李国强"), (WANG, "王芳")]
        );
    }
    for phone in [0, 1] {
        let differs = household(&world.phones[phone], &id).differs.remove(0);
        choose(&world.phones[phone], &differs, WANG);
    }
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, &id);
        assert!(view.differs.is_empty() && view.phone == WANG);
    }
}

#[test]
fn a_value_that_comes_while_the_card_is_open_is_not_overwritten_unseen() {
    let (world, id) = two_numbers();
    let open = household(&world.phones[0], &id).differs.remove(0);
    edit(&world.phones[2], &id, "own", &[("phone", "15400000004")]);
    world.sync_all();
    choose(&world.phones[0], &open, LI);
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, &id);
        assert_eq!(values(&view.differs[0]), [(LI, "李国强"), ("15400000004", "张伟")]);
    }
}

#[test]
fn somebody_asks_first_and_everybody_sees_it_until_another_value_comes() {
    let (world, id) = two_numbers();
    let differs = household(&world.phones[1], &id).differs.remove(0);
    assert!(decide(&world.phones[1], &differs, "ask", "").is_none());
    world.sync_all();
    for (at, phone) in world.phones.iter().enumerate() {
        let view = household(phone, &id);
        let asked = view.differs[0].asked.as_ref().unwrap();
        assert_eq!((asked.author.as_str(), asked.mine), ("王芳", at == 1));
        assert_eq!(badges(&view), ["问清再定 1"]);
        assert_eq!((list(phone).open, list(phone).asked, today(phone)), (0, 1, 0));
        assert_eq!(values(&view.differs[0]).len(), 2);
    }
    let told = history(&world.phones[0], &id, 0, 1).rows.remove(0);
    assert_eq!(
        (told.field.zh.as_str(), told.author.as_str()),
        ("联系电话 · 问清再定", "王芳")
    );
    // A third value, written without knowing: it is open again.
    let view = record(&world.phones[2], &id, "own");
    world.phones[2].must(Request::SaveRecord {
        document: id.to_string(),
        record: "own".into(),
        base: view.base,
        changes: crate::asking::changes(&[("phone", "15400000004")]),
    });
    edit(&world.phones[0], &id, "own", &[("phone", "15400000005")]);
    world.sync_all();
    let view = household(&world.phones[1], &id);
    assert!(view.differs[0].asked.is_none());
    assert_eq!((list(&world.phones[1]).open, badges(&view)), (1, vec!["待核对 1"]));
}

#[test]
fn both_are_kept_where_a_family_may_have_both_and_only_there() {
    let (world, id) = two_numbers();
    let [li, wang] = [0, 1].map(|at| &world.phones[at]);
    let differs = household(li, &id).differs.remove(0);
    assert!(
        differs
            .both
            .as_ref()
            .is_some_and(|both| both.zh.contains(LI) && both.zh.contains(WANG))
    );
    let settled = decide(li, &differs, "both", "").unwrap();
    let further = |phone: &Phone| field(&record(phone, &id, "own"), "more_phone").value.clone();
    let kept = [settled.shown.zh.clone(), further(li)];
    assert!(
        kept.contains(&LI.to_owned()) && kept.contains(&WANG.to_owned()),
        "{kept:?}"
    );
    // The same decision on another phone is no new difference.
    decide(wang, &household(wang, &id).differs.remove(0), "both", "");
    world.sync_all();
    assert!(
        world
            .phones
            .iter()
            .all(|phone| household(phone, &id).differs.is_empty())
    );
    let settled = household(li, &id).settled.remove(0);
    undo(li, &settled);
    world.sync_all();
    assert_eq!(values(&household(wang, &id).differs[0]).len(), 2);

    edit(li, &id, "own", &[("housing_grade", "C")]);
    edit(wang, &id, "own", &[("housing_grade", "D")]);
    world.sync_all();
    let view = household(li, &id);
    let grade = view
        .differs
        .iter()
        .find(|one| one.field.key == "housing_grade")
        .unwrap();
    assert!(grade.both.is_none() && grade.field.choices.len() == 4);
    assert_eq!(refusal(li.must(request(grade, "both", ""))), "settle_both");
    assert_eq!(refusal(li.must(request(grade, "other", " "))), "settle_empty");
    assert_eq!(refusal(li.must(request(grade, "use", "00"))), "not_found");
    let settled = decide(li, grade, "other", "B").unwrap();
    assert_eq!(
        (settled.title.zh.as_str(), settled.shown.zh.as_str()),
        ("住房等级", "B")
    );
}

#[test]
fn members_of_sets_amounts_and_days_are_settled_in_their_own_shape() {
    let world = team();
    let id = world.households[0];
    let [li, wang] = [0, 1].map(|at| &world.phones[at]);
    let son = format!("persons/{}", household(li, &id).persons[2].id);
    edit(li, &id, &son, &[("health", "健康"), ("birth", "1985-09-06")]);
    world.sync_all();
    edit(li, &id, &son, &[("health", "长期慢性病"), ("birth", "1985-09-07")]);
    edit(wang, &id, &son, &[("birth", "1985-09-08")]);
    edit(li, &id, "own", &[("house_area", "80"), ("notes", "门前有狗")]);
    edit(wang, &id, "own", &[("house_area", "82.5")]);
    world.sync_all();
    let view = household(wang, &id);
    let of = |key: &str| view.differs.iter().find(|one| one.field.key == key).unwrap();
    assert_eq!(values(of("house_area")), [("80", "李国强"), ("82.5", "王芳")]);
    assert_eq!(of("house_area").field.unit.zh, "㎡");
    assert_eq!(of("birth").title.zh, "罗强 · 出生日期");
    // The notes, and the illness that only one wrote, are no difference.
    assert_eq!(view.differs.len(), 2);
    choose(wang, of("birth"), "1985-09-07");
    choose(wang, of("house_area"), "82.5");
    world.sync_all();
    assert!(household(li, &id).differs.is_empty());
    assert_eq!(field(&record(li, &id, "own"), "house_area").value, "82.5");
    assert_eq!(field(&record(li, &id, &son), "birth").value, "1985-09-07");
}

#[test]
fn what_was_taken_back_can_be_settled_and_taken_back_as_often_as_people_like() {
    let (world, id) = two_numbers();
    let phone = &world.phones[2];
    for _ in 0..8 {
        let differs = household(phone, &id).differs.remove(0);
        // The same two values stand to be settled, in whichever order they are shown.
        let settled = choose(phone, &differs, LI).expect("settled, and said so");
        assert_eq!(household(phone, &id).settled.len(), 1);
        assert!(matches!(undo(phone, &settled), Reply::Unsettle { .. }));
        assert_eq!(household(phone, &id).differs.len(), 1);
    }
}
