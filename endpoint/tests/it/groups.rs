//! Inspectors' groups: findings that begin in a space of their own, come to the village when they are assigned, and are
//! the same on both sides from then on.

use super::support::*;
use bianfang::base::id::{DocId, MemberId, RecordId, SpaceId};
use bianfang::base::picture::BlobId;
use bianfang::doc::{At, DocKind, Document, Put, step_put, village_id};
use bianfang::ledger::{self, Event, Folded};
use bianfang::sync::log::Role;
use bianfang::sync::wire::{Ask, DocChanges, Refusal, RefusalCode};
use bianfang_endpoint::check::check;
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::join::{self, Invitee};
use bianfang_endpoint::judge::KeyPair;
use bianfang_endpoint::store::{StoreError, area, space};
use bianfang_endpoint::village::{self, NewVillage};
use bianfang_endpoint::{Store, backup, share};

const FINDING: DocId = DocId([77; 16]);
const OTHER: DocId = DocId([78; 16]);
const LEAD: (&str, &str) = ("lead_dept", "住建");

/// A group over the village of the world, or over nothing yet.
fn group(world: &World, covers: bool) -> SpaceId {
    let store = &world.running().endpoint.store;
    let made = store.write(|tx| {
        let desk = Desk::load_or_make(tx, NOW_MS)?;
        let new = NewVillage {
            code: "暗访".into(),
            name: "县暗访组".into(),
            demonstration: false,
        };
        let group = village::make(tx, &desk, &new, NOW_MS)?;
        area::make_group(tx, group)?;
        Ok::<_, bianfang_endpoint::desk::DeskError>(group)
    });
    let group = made.unwrap();
    if covers {
        cover(world, group);
    }
    group
}

fn cover(world: &World, group: SpaceId) {
    let store = &world.running().endpoint.store;
    let done = store.write(|tx| {
        let desk = Desk::load_or_make(tx, NOW_MS)?;
        let row = space::get(tx, world.space)?.unwrap();
        village::covers(tx, &desk, group, &[row], NOW_MS)?;
        area::cover(tx, group, world.space, 0)?;
        village::leaders_known(tx, &desk, (group, world.space), NOW_MS)?;
        share::look_again(tx, group, NOW_MS)
    });
    done.unwrap();
}

fn phone_of(world: &World, space: SpaceId, name: &str, role: Role) -> Phone {
    let store = &world.running().endpoint.store;
    let invitee = Invitee {
        member: None,
        name: name.into(),
        phone: String::new(),
        role,
    };
    let invited = store.write(|tx| {
        let desk = Desk::load_or_make(tx, NOW_MS)?;
        join::invite(tx, space, &invitee, desk.member(), NOW_MS)
    });
    let key = KeyPair::generate();
    let enrolled = world.enrol(&key, &invited.unwrap().token).unwrap();
    Phone::new(world.address, key, enrolled)
}

fn own(phone: &mut Phone, document: DocId, key: &str, value: &str) {
    let put = Put::Value {
        at: At::Own,
        key: key.into(),
        value: value.into(),
    };
    phone.edit(DocKind::Finding, document, vec![put]);
}

fn step(phone: &mut Phone, said: (&str, &str, &str), fields: &[(&str, &str)]) {
    step_of(phone, FINDING, said, fields);
}

fn step_of(phone: &mut Phone, document: DocId, (kind, role, on): (&str, &str, &str), fields: &[(&str, &str)]) {
    let fields = fields
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let event = Event {
        id: RecordId(bianfang_endpoint::entropy::random()),
        kind: kind.into(),
        author: None,
        role: role.into(),
        on: on.parse().ok(),
        procedure: ledger::FINDING.into(),
        version: 1,
        fields: fields.collect(),
        seen: Vec::new(),
    };
    phone.edit(DocKind::Finding, document, vec![step_put(&event)]);
}

fn assign(phone: &mut Phone, owner: MemberId) {
    assign_of(phone, FINDING, owner);
}

fn assign_of(phone: &mut Phone, document: DocId, owner: MemberId) {
    assign_as(phone, document, "inspector", owner);
}

fn assign_as(phone: &mut Phone, document: DocId, role: &str, owner: MemberId) {
    let owner = owner.to_string();
    let fields = [LEAD, ("owner", owner.as_str()), ("due", "2017-05-25")];
    step_of(phone, document, ("assigned", role, "2017-04-26"), &fields);
}

fn state(document: &Document) -> String {
    let procedure = ledger::built_in(ledger::FINDING, None).unwrap();
    let events = document.steps_done();
    let folded = Folded::new(&procedure, document.opened_by(), &events);
    let standing = folded.standing("2017-05-08".parse().unwrap());
    procedure.states[standing.state].name.clone()
}

fn meet(phones: &mut [&mut Phone]) {
    for _ in 0..2 {
        phones.iter_mut().for_each(|phone| phone.sync());
    }
}

fn faults(world: &World) -> Vec<&'static str> {
    let report = check(&world.running().endpoint.store, |_, _| ()).unwrap();
    report.faults.iter().map(|fault| fault.code).collect()
}

/// An inspector has found two problems, one of which names the village.
fn found(world: &World, group: SpaceId) -> (Phone, Phone) {
    let mut inspector = phone_of(world, group, "周督", Role::Inspector);
    let mut leader = world.phone("王芳", Role::Leader);
    own(&mut inspector, FINDING, "words", "土坯房，裂缝 200 mm");
    own(&mut inspector, FINDING, "village", &world.space.to_string());
    own(&mut inspector, OTHER, "words", "干部态度差");
    meet(&mut [&mut inspector, &mut leader]);
    (inspector, leader)
}

#[test]
fn a_village_holds_nothing_of_a_groups_findings_until_they_are_assigned() {
    let world = World::new();
    let group = group(&world, true);
    let (mut inspector, mut leader) = found(&world, group);
    let mut doctor = world.phone("赵敏", Role::Doctor);
    assert!(!leader.documents.contains_key(&FINDING));
    // Whoever learnt its id writes nothing into it and reads nothing of it.
    let mut curious = world.phone("李强", Role::Member);
    own(&mut curious, FINDING, "words", "没有的事");
    let refused = curious.ask(&curious.request(Ask::Feed));
    assert_eq!(refused.refusals[0].code.code(), "refused_foreign_document");
    assert!(refused.arrivals.iter().all(|part| part.document != FINDING));

    assign(&mut inspector, leader.author());
    meet(&mut [&mut inspector, &mut leader, &mut doctor]);
    assert_eq!(state(&leader.documents[&FINDING]), "rectifying");
    assert!(leader.documents[&FINDING].own().text("words").contains("200 mm"));
    for phone in [&leader, &doctor] {
        assert!(!phone.documents.contains_key(&OTHER) && !phone.documents.contains_key(&village_id(group)));
    }
    assert!(!inspector.documents.contains_key(&village_id(world.space)));
    assert_eq!(faults(&world), [""; 0]);
}

#[test]
fn steps_of_both_sides_fold_into_one_status_on_both() {
    let world = World::new();
    let group = group(&world, true);
    let (mut inspector, mut leader) = found(&world, group);
    assign(&mut inspector, leader.author());
    meet(&mut [&mut inspector, &mut leader]);
    step(&mut leader, ("accepted", "leader", "2017-04-27"), &[]);
    step(&mut leader, ("progress", "leader", "2017-05-02"), &[("percent", "40")]);
    // Not knowing of it, the inspector puts the day off.
    let longer = [("due", "2017-06-01"), ("reason", "等材料")];
    step(&mut inspector, ("extended", "inspector", "2017-05-03"), &longer);
    meet(&mut [&mut leader, &mut inspector]);
    step(
        &mut leader,
        ("requested", "leader", "2017-05-08"),
        &[("after", "x"), ("document", "y")],
    );
    meet(&mut [&mut leader, &mut inspector]);
    let (here, there) = (&inspector.documents[&FINDING], &leader.documents[&FINDING]);
    assert_eq!((here.heads(), here.steps_done().len()), (there.heads(), 5));
    assert_eq!(
        (state(here), state(there)),
        ("awaiting_check".into(), "awaiting_check".into())
    );
    // Who appears in it is known by name on the other side, and of no team there.
    let people = leader.documents[&village_id(world.space)].records("people");
    let known = &people[&RecordId(inspector.author().0)];
    assert_eq!(
        (known.text("name"), known.text("guest_of")),
        ("周督".into(), group.to_string())
    );
    let people = inspector.documents[&village_id(group)].records("people");
    let known = &people[&RecordId(leader.author().0)];
    assert_eq!(
        (known.text("name"), known.text("role")),
        ("王芳".into(), "leader".into())
    );
    let areas = inspector.documents[&village_id(group)].records("areas");
    let areas: Vec<_> = areas
        .values()
        .map(|area| (area.text("space"), area.text("name")))
        .collect();
    assert_eq!(areas, [(world.space.to_string(), "白果村".into())]);
    // Nothing moves any more.
    let seq = |phone: &Phone| phone.ask(&phone.request(Ask::Feed)).cursor.seq;
    assert_eq!(
        (seq(&inspector), seq(&leader)),
        (inspector.cursor.seq, leader.cursor.seq)
    );
    assert_eq!(faults(&world), [""; 0]);
}

#[test]
fn only_who_may_brings_a_finding_to_a_village_that_the_group_covers() {
    let world = World::new();
    let group = group(&world, false);
    let (mut inspector, mut leader) = found(&world, group);
    assign(&mut inspector, leader.author());
    meet(&mut [&mut inspector, &mut leader]);
    assert!(
        !leader.documents.contains_key(&FINDING),
        "the group does not cover the village"
    );
    // The desk adds the village later: what was assigned before comes then.
    cover(&world, group);
    meet(&mut [&mut leader]);
    assert_eq!(state(&leader.documents[&FINDING]), "rectifying");

    let world = World::new();
    let group = self::group(&world, true);
    let (inspector, mut leader) = found(&world, group);
    let mut clerk = phone_of(&world, group, "何干事", Role::Doctor);
    clerk.sync();
    // In a role that does not assign.
    assign_as(&mut clerk, FINDING, "doctor", inspector.author());
    meet(&mut [&mut clerk, &mut leader]);
    assert!(!leader.documents.contains_key(&FINDING));
    // In a role that the person has not: it is not even taken.
    assign(&mut clerk, inspector.author());
    let refused = clerk.ask(&clerk.request(Ask::Feed)).refusals;
    assert!(matches!(
        refused[..],
        [Refusal {
            code: RefusalCode::RoleNotHeld,
            ..
        }]
    ));
    meet(&mut [&mut leader]);
    assert!(!leader.documents.contains_key(&FINDING));
}

#[test]
fn a_village_shows_a_finding_of_its_own_to_the_group_that_its_link_names() {
    let world = World::new();
    let group = group(&world, true);
    let (mut inspector, mut leader) = found(&world, group);
    let mine = DocId([79; 16]);
    own(&mut leader, mine, "words", "饮水管破了");
    meet(&mut [&mut leader, &mut inspector]);
    assert!(!inspector.documents.contains_key(&mine));
    let link = |to: SpaceId| Put::Create {
        at: At::table("links", RecordId(bianfang_endpoint::entropy::random())),
        fields: vec![("kind".into(), "space".into()), ("to".into(), to.to_string().into())],
        notes: Vec::new(),
    };
    leader.edit(DocKind::Finding, mine, vec![link(SpaceId([3; 16])), link(group)]);
    meet(&mut [&mut leader, &mut inspector]);
    assert_eq!(inspector.documents[&mine].heads(), leader.documents[&mine].heads());
    own(&mut inspector, mine, "severity", "严重");
    meet(&mut [&mut inspector, &mut leader]);
    assert_eq!(leader.documents[&mine].own().text("severity"), "严重");
}

/// Everything that a phone holds of the finding, handed over as a phone does after a feed was rolled back.
fn hand_over_all(phone: &mut Phone) {
    if !phone.ask(&phone.request(Ask::Feed)).reconcile {
        // What the other side brought made the feed what it was.
        return;
    }
    let held = phone.documents[&FINDING].changes_since(&[]);
    phone.outbox = vec![DocChanges {
        kind: DocKind::Finding,
        document: FINDING,
        changes: held.into_iter().map(|(_, bytes)| bytes).collect(),
    }];
    let answered = phone.ask(&phone.request(Ask::Want(Vec::new())));
    assert_eq!(answered.refusals, []);
    phone.outbox.clear();
}

#[test]
fn after_a_restored_copy_a_finding_is_in_both_spaces_again_whoever_comes_first() {
    for village_first in [false, true] {
        let world = World::new();
        let group = group(&world, true);
        let mut inspector = phone_of(&world, group, "周督", Role::Inspector);
        let mut leader = world.phone("王芳", Role::Leader);
        // People know each other from an older finding.
        own(&mut inspector, OTHER, "village", &world.space.to_string());
        assign_of(&mut inspector, OTHER, leader.author());
        meet(&mut [&mut inspector, &mut leader]);
        assert!(leader.documents.contains_key(&OTHER));
        let copy = world.folder.0.join("copy.sqlite");
        backup::backup(&world.running().endpoint.store, &copy, |_, _| ()).unwrap();
        own(&mut inspector, FINDING, "village", &world.space.to_string());
        assign(&mut inspector, leader.author());
        meet(&mut [&mut inspector, &mut leader]);
        step(&mut leader, ("accepted", "leader", "2017-04-27"), &[]);
        meet(&mut [&mut leader, &mut inspector]);
        let heads = inspector.documents[&FINDING].heads();

        let store = Store::open(&world.backend()).unwrap();
        backup::restore(&store, &copy, true, 0).unwrap();
        let mut phones = [&mut inspector, &mut leader];
        if village_first {
            phones.reverse();
        }
        phones.into_iter().for_each(hand_over_all);
        let held = store.read(|tx| {
            let open = Desk::open(tx, group, DocKind::Finding, FINDING).unwrap();
            Ok::<_, StoreError>((open.heads(), area::spaces_of(tx, FINDING)?.len()))
        });
        assert_eq!(held.unwrap(), (heads.clone(), 2), "{village_first}");
        assert_eq!(faults(&world), [""; 0]);
        meet(&mut [&mut inspector, &mut leader]);
        own(&mut leader, FINDING, "notes2", "在修");
        meet(&mut [&mut leader, &mut inspector]);
        assert_eq!(
            inspector.documents[&FINDING].heads(),
            leader.documents[&FINDING].heads()
        );
    }
}

#[test]
fn a_village_reads_the_photos_of_what_was_assigned_to_it_and_no_others() {
    let world = World::new();
    let group = group(&world, true);
    let (mut inspector, mut leader) = found(&world, group);
    let photo = |seed: u8| {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0".to_vec();
        bytes.extend([seed; 500]);
        bytes
    };
    let put = |phone: &Phone, bytes: &[u8]| {
        let (space, of) = (phone.me.space, bytes.len());
        let target = format!("PUT /v1/blobs/{space}/{}?at=0&of={of}", BlobId::of(bytes));
        let head = format!("{target}\nAuthorization: Bearer {}", phone.token());
        assert_eq!(http(phone.address, &head, bytes).headers["upload-complete"], "?1");
    };
    let read = |phone: &Phone, bytes: &[u8]| {
        let (space, name) = (phone.me.space, BlobId::of(bytes));
        get(
            phone.address,
            &format!("/v1/blobs/{space}/{name}?at=0"),
            Some(&phone.token()),
        )
        .status
    };
    let [before, later, after, secret] = [1, 2, 3, 4].map(photo);
    let names = |phone: &mut Phone, document, bytes: &[u8]| {
        let put = Put::Create {
            at: At::table("evidence", RecordId(bianfang_endpoint::entropy::random())),
            fields: vec![("photo".into(), BlobId::of(bytes).to_string().into())],
            notes: Vec::new(),
        };
        phone.edit(DocKind::Finding, document, vec![put]);
    };
    names(&mut inspector, FINDING, &before);
    names(&mut inspector, FINDING, &later);
    names(&mut inspector, OTHER, &secret);
    meet(&mut [&mut inspector]);
    put(&inspector, &before);
    put(&inspector, &secret);
    assert_eq!(read(&leader, &before), 404);
    assign(&mut inspector, leader.author());
    meet(&mut [&mut inspector, &mut leader]);
    assert_eq!(
        (read(&leader, &before), read(&leader, &later), read(&leader, &secret)),
        (200, 404, 404)
    );
    // Photos come after all text.
    put(&inspector, &later);
    assert_eq!(read(&leader, &later), 200);
    names(&mut leader, FINDING, &after);
    meet(&mut [&mut leader]);
    put(&leader, &after);
    assert_eq!((read(&inspector, &after), read(&leader, &secret)), (200, 404));
}
