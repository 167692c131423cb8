//! Phones meet at the endpoint.

use crate::support::*;
use bianfang::doc::{DocKind, Hash, Header, village_id};
use bianfang::sync::log::Role;
use bianfang::sync::pack::{Manifest, decode_block};
use bianfang::sync::wire::Ask;
use std::collections::BTreeMap;

#[test]
fn three_phones_hold_the_same_after_any_work() {
    let world = World::new();
    let mut phones = [
        world.phone("王芳", Role::Leader),
        world.phone("李强", Role::Member),
        world.phone("赵敏", Role::Doctor),
    ];
    for (number, phone) in phones.iter_mut().enumerate() {
        phone.write(home(1), "phone", &format!("1540000000{number}"));
        phone.write(home(number as u8 + 2), "address", "三组");
    }
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    let [one, two, three] = &phones;
    assert_eq!((one.digest, one.cursor), (two.digest, two.cursor));
    assert_eq!((one.digest, one.cursor), (three.digest, three.cursor));
    assert_eq!(one.documents[&home(1)].own().live("phone").len(), 3);
    // The village document, written by the desk, names the team and its phones.
    let village = &one.documents[&village_id(world.space)];
    assert_eq!(village.own().int("demonstration"), Some(1));
    let people = village.records("people");
    assert_eq!(people.len(), 3);
    let leader = people.iter().find(|(_, record)| record.text("role") == "leader");
    let (id, leader) = leader.unwrap();
    assert_eq!((leader.text("name"), id.0), ("王芳".to_owned(), one.author().0));
    assert_eq!(village.records("devices").len(), 3);
}

#[test]
fn an_idle_phone_costs_one_round_of_a_few_bytes() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    for number in 1..=40 {
        phone.write(home(number), "phone", "15400000001");
    }
    phone.sync();
    let request = phone.request(Ask::Feed);
    let reply = phone.send(&request);
    let bytes = request.encode().len() + reply.body.len();
    assert!(bytes <= 300, "{bytes}");
}

#[test]
fn teammates_see_how_far_a_phone_has_got() {
    let world = World::new();
    let (mut one, mut two) = (world.phone("王芳", Role::Leader), world.phone("李强", Role::Member));
    one.write(home(1), "phone", "15400000001");
    one.sync();
    two.sync();
    let before = one.presence;
    two.sync();
    let response = one.ask(&one.request(Ask::Feed));
    assert_eq!(response.teammates.len(), 1);
    assert_eq!(
        (response.teammates[0].device, response.teammates[0].seq),
        (two.me.device, two.cursor.seq)
    );
    assert!(response.presence >= before);
}

#[test]
fn many_changes_come_in_pages() {
    let world = World::new();
    let mut writer = world.phone("王芳", Role::Member);
    let long = "三组的路不好走，下雨天进不去。".repeat(80);
    for number in 0..400_u32 {
        writer.write(home((number % 200) as u8), "address", &format!("{number}{long}"));
    }
    writer.sync();
    let mut reader = world.phone("李强", Role::Member);
    let first = reader.ask(&reader.request(Ask::Feed));
    assert!(first.more);
    reader.sync();
    writer.sync();
    assert_eq!(reader.digest, writer.digest);
}

#[test]
fn the_first_load_comes_in_blocks_and_the_feed_goes_on() {
    let world = World::new();
    let mut writer = world.phone("王芳", Role::Member);
    let mut came: BTreeMap<Hash, i64> = BTreeMap::new();
    let mut note = |bytes: Vec<u8>| came.insert(Header::read(&bytes).unwrap().hash, world.now_ms() / 1000);
    for number in 1..=100 {
        note(writer.write(home(number), "address", &format!("{number}号").repeat(650)));
    }
    writer.sync();
    world.pass(24 * 60 * 60 * 1000);
    for number in 40..=60 {
        note(writer.write(home(number), "phone", "15400000008"));
    }
    writer.sync();
    let mut reader = world.phone("李强", Role::Member);
    let reply = get(
        world.address,
        &format!("/v1/pack/{}", world.space),
        Some(&reader.token()),
    );
    assert_eq!(reply.status, 200);
    let manifest = Manifest::decode(&reply.body).unwrap();
    assert!(manifest.blocks.len() > 1);
    let mut documents = BTreeMap::new();
    for block in &manifest.blocks {
        for encoding in ["br", "gzip", "identity"] {
            let name: String = block.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            let head = format!(
                "GET /v1/pack/{}/{name}\nAuthorization: Bearer {}\nAccept-Encoding: {encoding}",
                world.space,
                reader.token()
            );
            let reply = http(world.address, &head, b"");
            assert_eq!(reply.status, 200);
            assert!(reply.headers["cache-control"].contains("immutable"));
            let sent = reply.headers.get("content-encoding").map(String::as_str);
            let plain = match encoding {
                "br" => {
                    assert_eq!((sent, reply.body.len()), (Some("br"), block.bytes as usize));
                    continue;
                }
                "gzip" => {
                    assert_eq!(sent, Some("gzip"));
                    continue;
                }
                _ => reply.body,
            };
            assert_eq!(sent, None);
            for packed in decode_block(&block.sha256, &plain).unwrap() {
                documents.insert(packed.document, (packed.kind.known().unwrap(), packed));
            }
        }
    }
    assert_eq!(documents.len(), 101);
    let households: u32 = manifest.blocks.iter().map(|block| block.households).sum();
    assert_eq!(households, 100);
    // What was written while the blocks were on their way comes with the feed.
    writer.write(home(1), "phone", "15400000009");
    writer.sync();
    for (id, (kind, packed)) in documents {
        let open = bianfang::doc::Document::load(kind, id, &packed.saved).unwrap();
        // When each change came, by the clock of the endpoint, in the order on which both sides agree.
        let behind = open.behind(&open.heads());
        assert_eq!(packed.received.len(), behind.len());
        if kind == DocKind::Household {
            let times: Vec<i64> = behind.iter().map(|change| came[&change.hash]).collect();
            assert_eq!(packed.received, times);
        }
        reader.documents.insert(id, open);
    }
    (reader.cursor, reader.digest) = (manifest.cursor, manifest.digest);
    reader.sync();
    assert_eq!(reader.documents[&home(1)].own().text("phone"), "15400000009");
    assert_eq!(reader.documents[&home(7)].kind(), DocKind::Household);
    writer.sync();
    assert_eq!(reader.digest, writer.digest);
    let again = get(
        world.address,
        &format!("/v1/pack/{}", world.space),
        Some(&reader.token()),
    );
    assert_eq!(Manifest::decode(&again.body).unwrap(), manifest);
    for number in 0..300_u32 {
        writer.write(home(1), "phone", &number.to_string());
    }
    writer.sync();
    let moved = get(
        world.address,
        &format!("/v1/pack/{}", world.space),
        Some(&reader.token()),
    );
    assert_eq!(Manifest::decode(&moved.body).unwrap().cursor, writer.cursor);
}
