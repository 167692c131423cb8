//! Changes of status, new households, withdrawals, and the history that tells of all of them.

use crate::asking::{changes, edit, history, household, record, refusal, save_visit, team, visit_form};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::SavedView;
use bianfang_sim::phone::Phone;

fn event(phone: &Phone, id: &DocId, subject: &str, kind: &str, on: &str, typed: &[(&str, &str)]) -> Reply {
    phone.must(Request::SaveStatusEvent {
        document: id.to_string(),
        base: household(phone, id).base,
        subject: subject.into(),
        kind: kind.into(),
        on: on.into(),
        note: "听本人说的".into(),
        changes: changes(typed),
    })
}

fn saved(reply: Reply) -> SavedView {
    match reply {
        Reply::SaveStatusEvent { saved } | Reply::Withdraw { saved } | Reply::RegisterHousehold { saved } => saved,
        other => panic!("not saved: {other:?}"),
    }
}

fn withdraw(phone: &Phone, id: &DocId, record: &str, reason: &str) -> Reply {
    phone.must(Request::Withdraw {
        document: id.to_string(),
        record: record.into(),
        base: household(phone, id).base,
        reason: reason.into(),
    })
}

#[test]
fn births_deaths_and_moves_change_who_belongs_and_delete_nobody() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let view = household(phone, id);
    let (wife, son) = (view.persons[1].id.clone(), view.persons[2].id.clone());
    let typed = [("name", "罗小满"), ("relation", "之孙女"), ("sex", "女")];
    // One step: the child and the event.
    assert_eq!(saved(event(phone, id, "", "出生", "2019-08-10", &typed)).local, 1);
    let view = household(phone, id);
    let child = view.persons.last().unwrap();
    assert_eq!((child.name.as_str(), child.age, view.row.people), ("罗小满", 0, 4));
    saved(event(phone, id, &wife, "死亡", "2019-08-01", &[]));
    saved(event(phone, id, &son, "迁出", "2019-08-05", &[]));
    let view = household(phone, id);
    let former: Vec<_> = view
        .former
        .iter()
        .map(|one| (one.name.as_str(), one.left.zh.as_str(), one.age))
        .collect();
    assert_eq!(former, [("周小怡", "死亡 8月1日", 58), ("罗强", "迁出 8月5日", 33)]);
    assert_eq!((view.persons.len(), view.row.people), (2, 2));

    assert_eq!(
        refusal(event(phone, id, &wife, "迁出", "2019-08-14", &[])),
        "event_dead"
    );
    assert_eq!(
        refusal(event(phone, id, &child.id, "迁入", "2019-08-14", &[])),
        "event_present"
    );
    assert_eq!(
        refusal(event(phone, id, "", "出生", "2019-08-14", &[("sex", "男")])),
        "person_name"
    );
    assert_eq!(
        refusal(event(phone, id, "household", "死亡", "2019-08-14", &[])),
        "event_kind"
    );
    assert_eq!(refusal(event(phone, id, &child.id, "死亡", "不知道", &[])), "event_on");
    assert_eq!(
        refusal(event(
            phone,
            id,
            "01J00000000000000000000000",
            "死亡",
            "2019-08-14",
            &[]
        )),
        "not_found"
    );

    let [child_born, moved, died] = &view.records[..] else {
        panic!("three events")
    };
    assert_eq!(child_born.words.zh, "人口变动 · 出生 · 罗小满");
    assert_eq!(
        (moved.on.as_str(), died.on.as_str(), died.by.as_str()),
        ("2019-08-05", "2019-08-01", "李国强")
    );
    assert_eq!(died.detail.zh, "听本人说的");

    // Who had left comes back; a day that has not come is kept and pointed out.
    saved(event(phone, id, &son, "迁入", "2019-08-12", &[]));
    saved(event(phone, id, &child.id, "迁出", "2019-09-01", &[]));
    let view = household(phone, id);
    assert_eq!(view.persons.len(), 3);
    let flags = &view.persons.iter().find(|one| one.name == "罗小满").unwrap().flags;
    assert!(
        flags
            .iter()
            .any(|flag| flag.zh.contains("迁出") && flag.zh.contains("今天以后"))
    );

    saved(event(phone, id, "household", "整户迁出", "2019-08-14", &[]));
    let view = household(phone, id);
    assert!(view.persons.is_empty() && view.former.len() == 4);
    assert_eq!(
        view.events.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(),
        ["整户迁入"]
    );
    assert!(view.former.iter().any(|one| one.left.zh == "全家迁出 8月14日"));
}

#[test]
fn a_death_recorded_by_mistake_is_withdrawn() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let wife = household(phone, id).persons[1].id.clone();
    let death = saved(event(phone, id, &wife, "死亡", "2019-08-01", &[])).record;
    assert_eq!(household(phone, id).persons.len(), 2);
    let editor = record(phone, id, &death);
    assert!(editor.may_withdraw && editor.void_reason.is_empty());
    assert_eq!(editor.title.zh, "人口变动 · 死亡 · 周小怡");
    saved(withdraw(phone, id, &death, "听错了"));
    let view = household(phone, id);
    assert_eq!(
        (view.persons.len(), view.records[0].void_reason.as_str()),
        (3, "听错了")
    );
    let editor = record(phone, id, &death);
    assert!(!editor.may_withdraw && editor.void_reason == "听错了");
    // A household registered by mistake stays to be read, and counts no more.
    saved(withdraw(phone, id, "own", "不是本村的"));
    let view = household(phone, id);
    assert!(view.persons.is_empty() && view.row.people == 0 && view.former.len() == 3);
}

#[test]
fn a_new_household_is_registered_with_its_head_and_waits_for_a_number() {
    let world = team();
    let register = |phone: &Phone, head: &str, id_no: &str| {
        phone.must(Request::RegisterHousehold {
            head: head.into(),
            group: " ３组".into(),
            id_no: id_no.into(),
            phone: "154 0000 0009".into(),
            number: String::new(),
        })
    };
    assert_eq!(refusal(register(&world.phones[0], "  ", "")), "person_name");
    let one = saved(register(&world.phones[0], "向 阳", "422899198509069978"));
    let other = saved(register(&world.phones[1], "向阳", "422899198509069978"));
    assert_ne!(one.document, other.document);
    world.sync_all();
    let view = household(&world.phones[2], &one.document.parse().unwrap());
    assert_eq!(
        (view.row.head.as_str(), view.row.group.as_str(), view.phone.as_str()),
        ("向阳", "3组", "15400000009")
    );
    assert!(view.row.unnumbered);
    assert_eq!((view.persons[0].sex.zh.as_str(), view.persons[0].age), ("男", 33));
    // Two people registered the same family: both stay, and each points at the other.
    assert!(
        view.duplicates
            .iter()
            .any(|twin| twin.household.id == other.document && twin.certain)
    );
}

#[test]
fn a_withdrawn_record_counts_no_more_and_stays_readable() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    let visit = save_visit(phone, draft).record;
    assert_eq!(refusal(withdraw(phone, id, &visit, " 　")), "void_reason");
    assert_eq!(
        refusal(withdraw(phone, id, "visits/01J00000000000000000000000", "记错")),
        "not_found"
    );
    saved(withdraw(phone, id, &visit, "记错了一户"));
    let view = household(phone, id);
    assert_eq!(
        (view.visits[0].void_reason.as_str(), view.visits[0].counts),
        ("记错了一户", false)
    );
    assert!(view.row.visited_on.is_empty());
    // A person typed twice: the colleague's edit of the same person, made without knowing, is still readable.
    let son = format!("persons/{}", view.persons[2].id);
    saved(withdraw(phone, id, &son, "录重了"));
    edit(&world.phones[1], id, &son, &[("phone", "15400000007")]);
    world.sync_all();
    let view = household(&world.phones[2], id);
    assert_eq!(
        (view.persons.len(), view.former[0].left.zh.as_str()),
        (2, "作废 · 录重了")
    );
    let told = history(&world.phones[2], id, 0, 50).rows;
    assert!(
        told.iter()
            .any(|row| row.record.zh == "罗强" && row.to.zh == "15400000007" && row.author == "王芳")
    );
    assert!(
        told.iter()
            .any(|row| row.field.zh == "作废原因" && row.to.zh == "录重了")
    );
}

#[test]
fn what_looks_wrong_about_health_is_pointed_out_without_telling_it() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let son = household(phone, id).persons[2].id.clone();
    // Disabled, and no card: the open part of the page does not say so.
    edit(phone, id, &format!("persons/{son}"), &[("health", "残疾")]);
    let view = household(phone, id);
    let flags = &view.persons.iter().find(|one| one.id == son).unwrap().flags;
    assert!(flags.iter().any(|flag| flag.zh == "健康情况有一处要核对"), "{flags:?}");
    assert!(flags.iter().all(|flag| !flag.zh.contains("残疾")), "{flags:?}");
}

#[test]
fn the_history_tells_who_changed_what_in_words_and_in_pages() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    edit(phone, id, "own", &[("phone", "15400000002"), ("tier", "重点帮扶户")]);
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    draft.words = "水够吃".into();
    for (dimension, basis) in [("food", "checked"), ("water", "carried"), ("clothing", "carried")] {
        let check = draft.checks.iter_mut().find(|check| check.dimension == dimension);
        let check = check.unwrap();
        (check.verdict, check.basis) = ("met".into(), basis.into());
    }
    save_visit(phone, draft);
    let son = format!("persons/{}", household(phone, id).persons[2].id);
    edit(phone, id, &son, &[("id_no", "422899196107259980"), ("health", "健康")]);
    let all = history(phone, id, 0, 100);
    assert!(!all.more);
    let told: Vec<_> = all
        .rows
        .iter()
        .map(|row| {
            [
                row.record.zh.as_str(),
                row.field.zh.as_str(),
                row.from.zh.as_str(),
                row.to.zh.as_str(),
                row.during.as_str(),
            ]
        })
        .collect();
    assert_eq!(told[0], ["罗强", "出生日期", "", "1961-07-25", "visit_day"]);
    assert!(told.contains(&["罗强", "健康状况 健康", "", "有", "visit_day"]));
    assert!(told.contains(&[
        "罗强",
        "证件号码",
        "422899********9978",
        "422899********9980",
        "visit_day"
    ]));
    assert!(told.contains(&["", "联系电话", "15400000001", "15400000002", "visit_day"]));
    assert!(told.contains(&["", "分类施策", "", "重点帮扶户", "visit_day"]));
    let visit = told.iter().find(|row| row[0] == "走访 8月14日").unwrap();
    assert_eq!((visit[1], visit[4]), ("新增", "visit"));
    assert!(
        visit[3].contains("家里有人吗：有人") && visit[3].contains("原话：水够吃"),
        "{}",
        visit[3]
    );
    assert!(
        visit[3].contains("吃：达标；沿用上次：穿 达标、饮水安全 达标；原话"),
        "{}",
        visit[3]
    );
    let imported: Vec<_> = told.iter().filter(|row| row[4] == "import").collect();
    assert_eq!(imported.len(), 4);
    assert!(
        imported
            .iter()
            .any(|row| row[1] == "登记" && row[3].contains("联系电话：15400000001"))
    );
    assert!(!told.iter().flatten().any(|text| text.contains("422899195803129990")));
    // Pages are pieces of the whole.
    let mut pieces = Vec::new();
    loop {
        let page = history(phone, id, pieces.len() as u32, 3);
        assert!(page.rows.len() <= 3);
        pieces.extend(page.rows);
        if !page.more {
            break;
        }
    }
    assert_eq!(pieces, all.rows);
    for row in &all.rows {
        assert!(row.at > 0 && !row.author.is_empty() && !row.field.en.is_empty());
    }
}
