//! A group of inspectors and a village, each with its phones: a finding begins in the group, is assigned to the village
//! and goes on between both. The spaces meet here as the endpoint lets them.

use crate::asking::{changes, team};
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingView, StartView};
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
    let request = Request::Finding {
        id: FINDING.to_string(),
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
