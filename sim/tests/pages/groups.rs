//! A group of inspectors and a village, each with its phones: a finding begins in the group, is assigned to the village
//! and goes on between both. The spaces meet here as the endpoint lets them.

use crate::asking::{changes, team};
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingView, FindingsAsked, FindingsView, NewFinding, StartView};
use bianfang::doc::{At, DocKind, Put, village_id};
use bianfang::sync::hub;
use bianfang::sync::log::Role;
use bianfang::sync::share::asked;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;
use bianfang_sim::run::Ended;
use std::convert::Infallible;

const FINDING: DocId = DocId([0x77; 16]);
const INSPECTOR: MemberId = MemberId([0x22; 16]);
const DESK: MemberId = MemberId([0xDE; 16]);

fn put(key: &str, value: &str) -> Put {
    Put::Value {
        at: At::Own,
        key: key.into(),
        value: value.into(),
    }
}

fn record(table: &str, id: [u8; 16], fields: &[(&str, &str)]) -> Put {
    Put::Create {
        at: At::table(table, RecordId(id)),
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect(),
        notes: Vec::new(),
    }
}

fn write(world: &World, kind: DocKind, document: DocId, puts: Vec<Put>) {
    world
        .endpoint
        .borrow_mut()
        .write_as_desk(kind, document, DESK, |_| puts);
}

/// An inspector's phone in a group that covers the village of the other world, and knows its leader.
fn group(village: &World) -> World {
    let mut world = World::new(11, 0, &[]);
    let (space, there) = (world.endpoint.borrow().space, village.endpoint.borrow().space);
    let of = there.to_string();
    let group = Put::Value {
        at: At::Own,
        key: "group".into(),
        value: 1.into(),
    };
    let leader = me(&village.phones[0]);
    let guest = [("name", "李国强"), ("role", "leader"), ("guest_of", of.as_str())];
    let area = [("space", of.as_str()), ("name", "大村"), ("code", "1")];
    let puts = vec![
        group,
        record("areas", [1; 16], &area),
        record("people", leader.0, &guest),
    ];
    write(&world, DocKind::Village, village_id(space), puts);
    let token = world
        .endpoint
        .borrow_mut()
        .invite_again(INSPECTOR, "周督", Role::Inspector);
    let phone = Phone::new("周督", &world.endpoint, &world.now_ms, world.random.fork(1));
    phone.join(&token);
    world.phones.push(phone);
    write(
        &world,
        DocKind::Finding,
        FINDING,
        vec![put("words", "土坯房有裂缝"), put("category", "住房")],
    );
    sync(&world);
    world
}

fn me(phone: &Phone) -> MemberId {
    match phone.must(Request::Start { take_over: false }) {
        Reply::Start {
            view: StartView::Joined { me, .. },
        } => me.id.parse().unwrap(),
        other => panic!("not joined: {other:?}"),
    }
}

fn sync(world: &World) {
    for phone in &world.phones {
        assert!(matches!(phone.sync(), Ended::Done(Ok(_))));
    }
}

/// What the endpoint does after work was taken in.
fn meet(group: &World, village: &World) {
    let there = village.endpoint.borrow().space;
    let open = group.endpoint.borrow_mut().open(DocKind::Finding, FINDING);
    let role = |member| Ok::<_, Infallible>((member == INSPECTOR).then_some(Role::Inspector));
    let Ok(asked) = asked(&open, role);
    if asked.down == Some(there) {
        let (mut here, mut there) = (group.endpoint.borrow_mut(), village.endpoint.borrow_mut());
        let Ok(_) = hub::meet(&mut here.log, &mut there.log, FINDING);
    }
}

fn both(group: &World, village: &World) {
    sync(group);
    sync(village);
    meet(group, village);
    sync(group);
    sync(village);
}

fn page(phone: &Phone) -> FindingView {
    page_of(phone, &FINDING.to_string())
}

fn page_of(phone: &Phone, id: &str) -> FindingView {
    let request = Request::Finding {
        id: id.into(),
        seen: String::new(),
    };
    match phone.must(request) {
        Reply::Finding { view } => *view,
        other => panic!("no page: {other:?}"),
    }
}

fn step(phone: &Phone, event: &str, fields: &[(&str, &str)]) -> Result<FindingView, String> {
    let request = Request::DoStep {
        id: FINDING.to_string(),
        base: page(phone).base,
        event: event.into(),
        fields: changes(fields),
        photos: Vec::new(),
    };
    match phone.must(request) {
        Reply::DoStep { saved: Some(_), view } => Ok(*view),
        Reply::Failed { problem } => Err(problem.words.zh),
        other => panic!("no answer: {other:?}"),
    }
}

#[test]
fn a_finding_of_a_group_is_handed_to_a_village_and_both_go_on_with_it() {
    let village = team();
    let group = group(&village);
    let (inspector, leader) = (&group.phones[0], &village.phones[0]);
    match inspector.must(Request::Start { take_over: false }) {
        Reply::Start {
            view: StartView::Joined { village, .. },
        } => assert!(village.group && village.households == 0),
        other => panic!("not joined: {other:?}"),
    }
    let missing = leader.must(Request::Finding {
        id: FINDING.to_string(),
        seen: String::new(),
    });
    assert!(matches!(missing, Reply::Failed { .. }));

    // The village is asked for first, and the leaders of the villages can be named.
    let action = page(inspector).next.unwrap();
    assert_eq!(
        (action.event.as_str(), action.fields[0].key.as_str()),
        ("assigned", "village")
    );
    let there = &action.fields[0].choices[0];
    assert_eq!(there.words.zh, "大村");
    let owners = &action.fields.iter().find(|field| field.key == "owner").unwrap().choices;
    let names: Vec<&str> = owners.iter().map(|one| one.words.zh.as_str()).collect();
    assert_eq!(names, ["周督", "李国强"]);
    let owner = me(leader).to_string();
    let today = match inspector.must(Request::Today) {
        Reply::Today { view } => view.today,
        other => panic!("no day: {other:?}"),
    };
    let fields = [
        ("lead_dept", "住建"),
        ("owner", owner.as_str()),
        ("due", today.as_str()),
    ];
    assert_eq!(step(inspector, "assigned", &fields).unwrap_err(), "请选交给哪个村");
    let strange = DocId([9; 16]).to_string();
    let elsewhere = [&fields[..], &[("village", strange.as_str())]].concat();
    assert_eq!(step(inspector, "assigned", &elsewhere).unwrap_err(), "请选交给哪个村");
    let all = [&fields[..], &[("village", there.value.as_str())]].concat();
    step(inspector, "assigned", &all).unwrap();

    both(&group, &village);
    let view = page(leader);
    assert_eq!(
        (view.row.words.as_str(), view.row.state.zh.as_str()),
        ("土坯房有裂缝", "已交办")
    );
    assert_eq!(view.owner, "李国强");
    step(leader, "accepted", &[]).unwrap();
    both(&group, &village);
    assert_eq!(page(inspector).row.state.zh, "整改中");
    assert_eq!(page(inspector).steps[0].by, "李国强");

    // Who of the group appears in it is known by name in the village, and of no team.
    let of = group.endpoint.borrow().space.to_string();
    let guest = [("name", "周督"), ("role", "inspector"), ("guest_of", of.as_str())];
    let known = vec![record("people", INSPECTOR.0, &guest)];
    let there = village_id(village.endpoint.borrow().space);
    write(&village, DocKind::Village, there, known);
    sync(&village);
    assert_eq!(page(leader).steps.last().unwrap().by, "周督");
    match leader.must(Request::Mine) {
        Reply::Mine { view } => assert!(view.team.iter().all(|one| one.member.name != "周督")),
        other => panic!("no team: {other:?}"),
    }
}

fn ledger(phone: &Phone, village: &str) -> FindingsView {
    let asked = FindingsAsked {
        kind: String::new(),
        query: String::new(),
        sort: String::new(),
        section: "group".into(),
        group: village.into(),
        category: String::new(),
        owner: String::new(),
        due: String::new(),
        source: String::new(),
        limit: 0,
    };
    match phone.must(Request::Findings {
        chip: "all".into(),
        asked: Box::new(asked),
    }) {
        Reply::Findings { view } => view,
        other => panic!("no ledger: {other:?}"),
    }
}

fn written(village: &str, words: &str) -> NewFinding {
    NewFinding {
        village: village.into(),
        household: String::new(),
        group: String::new(),
        place: "罗某某家".into(),
        category: "住房".into(),
        words: words.into(),
        severity: String::new(),
        source: String::new(),
        dossier: "A".into(),
        observed: "D".into(),
        fixed: false,
        how: String::new(),
        photos: Vec::new(),
    }
}

#[test]
fn inspectors_write_findings_down_by_village_and_put_a_wrong_one_right_when_they_assign_it() {
    let village = team();
    let mut group = group(&village);
    let phone = &group.phones[0];
    let form = match phone.must(Request::FindingForm {
        household: String::new(),
    }) {
        Reply::FindingForm { view } => view,
        other => panic!("no form: {other:?}"),
    };
    let there = form.villages[0].clone();
    assert_eq!((form.villages.len(), there.words.zh.as_str()), (1, "大村"));
    let save = |finding: NewFinding| match phone.must(Request::SaveFinding {
        finding: Box::new(finding),
    }) {
        Reply::SaveFinding { saved } => saved.document,
        other => panic!("not saved: {other:?}"),
    };
    let known = save(written(&there.value, "厨房裂缝"));
    // What is no village of the group is none.
    let strange = save(written(&DocId([9; 16]).to_string(), "屋顶漏"));
    assert_eq!(page_of(phone, &known).source.zh, "暗访督查");

    // 台账 tells them apart by the village, after a start as well.
    for _ in 0..2 {
        let phone = &group.phones[0];
        let all = ledger(phone, "");
        let filter = &all.filters[0];
        assert_eq!(
            (
                filter.label.zh.as_str(),
                filter.choices[0].words.zh.as_str(),
                filter.choices[0].count
            ),
            ("村", "大村", 1)
        );
        let sections: Vec<(&str, u32)> = all
            .sections
            .iter()
            .map(|one| (one.words.zh.as_str(), one.count))
            .collect();
        assert_eq!(sections, [("大村", 1), ("还没定村", 2)]);
        let of_village = ledger(phone, &there.value);
        assert_eq!(of_village.rows.len(), 1);
        assert_eq!(
            (of_village.rows[0].id.as_str(), of_village.rows[0].group.as_str()),
            (known.as_str(), "大村")
        );
        group.phones[0].restart(false);
    }
    let phone = &group.phones[0];

    // It is not asked for again; until it was handed down another one can be named.
    let first = |id: &str| page_of(phone, id).next.unwrap().fields[0].clone();
    let field = first(&known);
    assert_eq!(
        (field.key.as_str(), field.required, field.label.zh.as_str()),
        ("village", false, "不是大村，交给别的村")
    );
    assert!(first(&strange).required);
    let owner = me(&village.phones[0]).to_string();
    let today = match phone.must(Request::Today) {
        Reply::Today { view } => view.today,
        other => panic!("no day: {other:?}"),
    };
    let request = Request::DoStep {
        id: known.clone(),
        base: page_of(phone, &known).base,
        event: "assigned".into(),
        fields: changes(&[("lead_dept", "住建"), ("owner", &owner), ("due", &today)]),
        photos: Vec::new(),
    };
    let view = match phone.must(request) {
        Reply::DoStep { saved: Some(_), view } => view,
        other => panic!("not assigned: {other:?}"),
    };
    let actions = view.next.iter().chain(&view.more);
    assert!(
        actions
            .flat_map(|action| &action.fields)
            .all(|field| field.key != "village")
    );
    sync(&group);
    let id = known.parse().unwrap();
    let open = group.endpoint.borrow_mut().open(DocKind::Finding, id);
    let Ok(asked) = asked(&open, |_| Ok::<_, Infallible>(Some(Role::Inspector)));
    assert_eq!(asked.down, there.value.parse().ok());
}
