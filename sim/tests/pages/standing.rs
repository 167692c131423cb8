//! Where each record is: on this phone only, with the endpoint, with how many teammates.

use crate::asking::{edit, household, record, save_visit, team, visit_form};
use bianfang::base::id::{DeviceId, DocId, MemberId, RecordId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingDraft, FindingRow, WhereView};
use bianfang::doc::{At, DocKind, Put, village_id};
use bianfang::sync::log::Role;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;
use bianfang_sim::run::Ended;

const LI: usize = 0;
const WANG: usize = 1;
const ZHANG: usize = 2;

fn sync(world: &World, place: usize) {
    assert!(matches!(world.phones[place].sync(), Ended::Done(Ok(_))));
}

/// A phone proves what it holds with the next request.
fn prove(world: &World, place: usize) {
    sync(world, place);
    sync(world, place);
}

fn visit(phone: &Phone, id: &DocId) {
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    draft.findings.push(FindingDraft {
        category: "饮水".into(),
        words: "水管漏水".into(),
        ..FindingDraft::default()
    });
    save_visit(phone, draft);
}

fn words(standing: Option<&WhereView>) -> String {
    standing.map(|one| one.words.zh.clone()).unwrap_or_default()
}

fn finding(phone: &Phone) -> FindingRow {
    match phone.must(Request::Findings {
        chip: "all".into(),
        asked: Default::default(),
    }) {
        Reply::Findings { view } => view.rows[0].clone(),
        other => panic!("no list: {other:?}"),
    }
}

/// The desk switches a phone off, and the village says so.
fn switch_off(world: &World, device: DeviceId) {
    let mut endpoint = world.endpoint.borrow_mut();
    endpoint.revoke(device);
    let village = village_id(endpoint.space);
    endpoint.write_as_desk(DocKind::Village, village, MemberId([0xDE; 16]), |_| {
        vec![Put::Value {
            at: At::table("devices", RecordId(device.0)),
            key: "to".into(),
            value: "2019-08-14".into(),
        }]
    });
}

/// The first visit, the first person, the household, the problem in the list.
fn states(phone: &Phone, id: &DocId) -> [String; 4] {
    let view = household(phone, id);
    [
        words(view.visits[0].standing.as_ref()),
        words(view.persons[0].standing.as_ref()),
        words(view.standing.as_ref()),
        words(finding(phone).standing.as_ref()),
    ]
}

fn all(words: &str) -> [String; 4] {
    [(); 4].map(|()| words.to_owned())
}

/// A visit with a problem and a corrected person, saved by the first of three.
fn saved(world: &World) -> DocId {
    let id = world.households[0];
    let phone = &world.phones[LI];
    visit(phone, &id);
    let person = format!("persons/{}", household(phone, &id).persons[0].id);
    edit(phone, &id, &person, &[("labour", "普通劳动力")]);
    id
}

#[test]
fn every_record_says_whether_it_is_here_uploaded_or_with_the_teammates() {
    let world = team();
    let id = saved(&world);
    let li = &world.phones[LI];
    assert_eq!(states(li, &id), all("只在本机"));
    assert_eq!(
        household(li, &id).persons[1].standing,
        None,
        "nobody wrote of that person"
    );
    sync(&world, LI);
    assert_eq!(states(li, &id), all("已上传，队友 0/2 已收到"));
    prove(&world, WANG);
    sync(&world, LI);
    assert_eq!(states(li, &id), all("已上传，队友 1/2 已收到"));
    let lacking = household(li, &id).standing.unwrap().lacking;
    assert_eq!(lacking, ["张伟"]);
    prove(&world, ZHANG);
    sync(&world, LI);
    assert_eq!(states(li, &id), all("队友已收到"));
    // The page of a record says the same; who only received says nothing of it.
    let person = format!("persons/{}", household(li, &id).persons[0].id);
    assert_eq!(words(record(li, &id, &person).standing.as_ref()), "队友已收到");
    assert_eq!(states(&world.phones[WANG], &id), all(""));

    // A further edit is a new matter, of that record alone.
    edit(li, &id, &person, &[("labour", "弱劳动力")]);
    let [visit, edited, whole, problem] = states(li, &id);
    assert_eq!((edited.as_str(), whole.as_str()), ("只在本机", "只在本机"));
    assert_eq!((visit.as_str(), problem.as_str()), ("队友已收到", "队友已收到"));
}

#[test]
fn a_new_start_a_newcomer_and_a_phone_switched_off_change_it_as_they_should() {
    let mut world = team();
    let id = saved(&world);
    sync(&world, LI);
    prove(&world, WANG);
    sync(&world, LI);
    world.phones[LI].restart(true);
    assert_eq!(states(&world.phones[LI], &id), all("已上传，队友 1/2 已收到"));
    // Whoever has no phone in use any more is not waited for.
    let lost = world.phones[ZHANG].device().unwrap();
    switch_off(&world, lost);
    sync(&world, LI);
    assert_eq!(states(&world.phones[LI], &id), all("队友已收到"));
    // Somebody who joins later has it by loading, and is known to have it when the phone has proven it.
    let newest = world.add_phone("刘洋", Role::Member);
    sync(&world, LI);
    let before = states(&world.phones[LI], &id);
    assert!(
        ["已上传，队友 1/2 已收到", "队友已收到"].contains(&before[0].as_str()),
        "{before:?}"
    );
    prove(&world, newest);
    sync(&world, LI);
    assert_eq!(states(&world.phones[LI], &id), all("队友已收到"));
}

#[test]
fn an_endpoint_brought_back_from_a_backup_claims_nothing_that_it_lost() {
    let world = team();
    let id = saved(&world);
    sync(&world, LI);
    let backup = world.endpoint.borrow().log.clone();
    prove(&world, WANG);
    prove(&world, ZHANG);
    sync(&world, LI);
    assert_eq!(states(&world.phones[LI], &id), all("队友已收到"));
    let person = format!("persons/{}", household(&world.phones[LI], &id).persons[0].id);
    edit(&world.phones[LI], &id, &person, &[("labour", "弱劳动力")]);
    sync(&world, LI);
    world.endpoint.borrow_mut().restore(backup);
    // The feed grows anew, and its places say nothing of what stood there before.
    edit(
        &world.phones[WANG],
        &world.households[1],
        "own",
        &[("phone", "15400000009")],
    );
    prove(&world, WANG);
    prove(&world, ZHANG);
    sync(&world, LI);
    sync(&world, LI);
    let lost = states(&world.phones[LI], &id)[1].clone();
    assert_ne!(lost, "队友已收到");
    prove(&world, WANG);
    prove(&world, ZHANG);
    sync(&world, LI);
    assert_eq!(states(&world.phones[LI], &id), all("队友已收到"));
}

#[test]
fn work_of_another_phone_of_the_same_person_is_claimed_only_when_teammates_have_it() {
    let mut world = team();
    let li = world.member("李国强").unwrap();
    let token = world.endpoint.borrow_mut().invite_again(li, "李国强", Role::Leader);
    let phone = Phone::new("李国强", &world.endpoint, &world.now_ms, world.random.fork(9));
    phone.join(&token);
    world.phones.push(phone);
    let second = world.phones.len() - 1;
    let id = saved(&world);
    sync(&world, LI);
    prove(&world, second);
    assert_eq!(states(&world.phones[second], &id), all("已上传，队友 0/2 已收到"));
    prove(&world, WANG);
    prove(&world, ZHANG);
    sync(&world, second);
    assert_eq!(states(&world.phones[second], &id), all("队友已收到"));
}
