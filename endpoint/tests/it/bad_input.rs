//! What nobody should send. Each gets a clear answer; nothing else stops, nothing saved is lost.

use crate::support::*;
use bianfang::base::id::DeviceId;
use bianfang::base::limits::{FRAME_BYTES_MAX, FRAME_INFLATED_MAX};
use bianfang::doc::DocKind;
use bianfang::sync::frame::{self, FrameKind};
use bianfang::sync::log::Role;
use bianfang::sync::wire::{Ask, Bundle, DocChanges, RefusalCode, SyncResponse};

fn phone_and_world() -> (World, Phone) {
    let world = World::new();
    let phone = world.phone("王芳", Role::Member);
    (world, phone)
}

/// Sends these changes of one household, rightly signed, and returns what was refused.
fn refusals(phone: &Phone, changes: Vec<Vec<u8>>) -> Vec<(u64, RefusalCode)> {
    refusals_of(phone, home(1), changes)
}

fn refusals_of(phone: &Phone, document: bianfang::base::id::DocId, changes: Vec<Vec<u8>>) -> Vec<(u64, RefusalCode)> {
    let documents = vec![DocChanges {
        kind: DocKind::Household,
        document,
        changes,
    }];
    let message = Bundle::message(phone.me.space, phone.me.device, &documents);
    let mut request = phone.request(Ask::Feed);
    request.bundles = vec![Bundle {
        device: phone.me.device,
        documents,
        signature: phone.key.sign(&message),
    }];
    let response = phone.ask(&request);
    response
        .refusals
        .iter()
        .map(|refusal| (refusal.position, refusal.code))
        .collect()
}

#[test]
fn nobody_asks_without_a_right_token() {
    let (world, phone) = phone_and_world();
    let body = phone.request(Ask::Feed).encode();
    let path = format!("/v1/sync/{}", world.space);
    let token = phone.token();
    let (device, token) = token.split_once('.').unwrap();
    let other = format!("{}.{token}", DeviceId([7; 16]));
    for (token, status, code) in [
        (None, 401, "unauthorized"),
        (Some("nonsense"), 401, "unauthorized"),
        (Some(other.as_str()), 401, "unauthorized"),
        (Some(&format!("{device}.AAAA")), 401, "unauthorized"),
        (Some(&format!("{device}.")), 401, "unauthorized"),
    ] {
        let reply = post(world.address, &path, token, &body);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{token:?}");
    }
}

#[test]
fn an_unknown_village_is_said() {
    let (world, phone) = phone_and_world();
    let body = phone.request(Ask::Feed).encode();
    for space in ["nonsense".to_owned(), home(9).to_string()] {
        let reply = post(world.address, &format!("/v1/sync/{space}"), Some(&phone.token()), &body);
        assert_eq!((reply.status, reply.code().as_str()), (404, "unknown_space"));
    }
}

#[test]
fn a_body_over_the_limit_is_refused_while_others_go_on() {
    let (world, mut phone) = phone_and_world();
    let path = format!("/v1/sync/{}", world.space);
    let reply = post(
        world.address,
        &path,
        Some(&phone.token()),
        &vec![7; FRAME_BYTES_MAX + 1],
    );
    assert_eq!((reply.status, reply.code().as_str()), (413, "too_large"));
    let reply = post(world.address, "/v1/look", None, &[7; 100_000]);
    assert_eq!((reply.status, reply.code().as_str()), (413, "too_large"));
    phone.write(home(1), "phone", "1");
    phone.sync();
}

#[test]
fn a_refusal_arrives_although_a_large_body_was_on_its_way() {
    let (world, phone) = phone_and_world();
    let path = format!("/v1/sync/{}", world.space);
    let large = vec![7; FRAME_BYTES_MAX - 1];
    for _ in 0..8 {
        assert_eq!(
            post(world.address, &path, Some("wrong.token"), &large).code(),
            "unauthorized"
        );
        assert_eq!(
            post(world.address, "/v1/sync/nonsense", Some(&phone.token()), &large).code(),
            "unknown_space"
        );
    }
}

#[test]
fn an_inflated_bomb_is_refused() {
    let (world, mut phone) = phone_and_world();
    let bomb = frame::seal(FrameKind::SyncRequest, &vec![0; FRAME_INFLATED_MAX + 1]);
    let path = format!("/v1/sync/{}", world.space);
    let reply = post(world.address, &path, Some(&phone.token()), &bomb);
    assert_eq!((reply.status, reply.code().as_str()), (413, "frame_too_large"));
    phone.sync();
}

#[test]
fn what_is_no_frame_is_refused() {
    let (world, phone) = phone_and_world();
    let path = format!("/v1/sync/{}", world.space);
    let good = phone.request(Ask::Feed).encode();
    let mut newer = good.clone();
    newer[2] = 9;
    for (body, status, code) in [
        (b"<!doctype html>".to_vec(), 400, "frame_not_ours"),
        (Vec::new(), 400, "frame_not_ours"),
        (good[..good.len() - 1].to_vec(), 400, "frame_"),
        (newer, 426, "frame_version"),
        (frame::seal(FrameKind::Look, b"x"), 400, "frame_kind"),
    ] {
        let reply = post(world.address, &path, Some(&phone.token()), &body);
        assert_eq!(reply.status, status);
        assert!(reply.code().starts_with(code), "{}", reply.code());
    }
    let reply = get(world.address, "/v1/nonsense", None);
    assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"));
    let reply = get(world.address, "/v1/look", None);
    assert_eq!((reply.status, reply.code().as_str()), (405, "method_not_allowed"));
}

/// A change whose action column runs for a million operations, with a right checksum.
fn bomb(phone: &mut Phone) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let genesis = bianfang::doc::Document::genesis_hash_of(DocKind::Household, home(1));
    let mut body = vec![1];
    body.extend(genesis.0);
    body.push(16);
    body.extend(*phone.me.member.as_bytes());
    // seq, start_op, time, message, other actors; one column: the action, one million times `put`
    body.extend([1, 12, 0, 0, 0, 1, 0x42, 4, 0xc0, 0x84, 0x3d, 1]);
    let mut hashed = vec![1, body.len() as u8];
    hashed.extend(body);
    let digest = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], &hashed].concat()
}

#[test]
fn forged_changes_are_refused_one_by_one() {
    let (_world, mut phone) = phone_and_world();
    let bomb = bomb(&mut phone);
    let good = phone.write(home(1), "phone", "1");
    let next = phone.write(home(1), "phone", "2");
    phone.outbox.clear();
    assert_eq!(refusals(&phone, vec![bomb.clone()]), [(0, RefusalCode::TooManyOps)]);
    // What depends on nothing known, and on what is not here yet.
    assert_eq!(
        refusals(&phone, vec![next.clone()]),
        [(0, RefusalCode::UnknownDependency)]
    );
    // Of another document.
    assert_eq!(
        refusals_of(&phone, home(2), vec![good.clone()]),
        [(0, RefusalCode::UnknownDependency)]
    );
    // A good one among bad ones goes in.
    assert_eq!(
        refusals(&phone, vec![bomb, good.clone(), b"nonsense".to_vec()]),
        [(0, RefusalCode::TooManyOps), (2, RefusalCode::Malformed)]
    );
    assert_eq!(refusals(&phone, vec![good, next]), []);
    phone.sync();
}

#[test]
fn forged_numbers_are_refused() {
    let (_world, mut phone) = phone_and_world();
    let good = phone.write(home(1), "phone", "1");
    phone.outbox.clear();
    // After magic, checksum, chunk type and length, one dependency, and the actor with its length: seq, then start_op.
    let place = 8 + 2 + usize::from(good[9] >= 0x80) + 1 + 32 + 1 + 16;
    let seal = |mut bytes: Vec<u8>| {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&digest[..4]);
        bytes
    };
    let forged = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        seal(bytes)
    };
    assert_eq!(good[place], 1);
    assert_eq!(
        refusals(&phone, vec![forged(place, 2)]),
        [(0, RefusalCode::BadSequence)]
    );
    assert_eq!(
        refusals(&phone, vec![forged(place + 1, 1)]),
        [(0, RefusalCode::BadStartOp)]
    );
    assert_eq!(
        refusals(&phone, vec![forged(place + 1, 99)]),
        [(0, RefusalCode::BadStartOp)]
    );
    assert_eq!(refusals(&phone, vec![good.clone()]), []);
}

#[test]
fn a_wrong_signature_and_a_foreign_author_are_refused() {
    let (world, mut phone) = phone_and_world();
    let other = world.phone("李强", Role::Member);
    phone.write(home(1), "phone", "1");
    let mut request = phone.request(Ask::Feed);
    request.bundles[0].signature[7] ^= 1;
    assert_eq!(phone.ask(&request).refusals[0].code, RefusalCode::BadSignature);
    request.bundles[0].device = DeviceId([9; 16]);
    assert_eq!(phone.ask(&request).refusals[0].code, RefusalCode::UnknownDevice);
    // Written in another's name.
    let changes = phone.outbox[0].changes.clone();
    assert_eq!(refusals(&other, changes), [(0, RefusalCode::BadAuthor)]);
    phone.sync();
}

#[test]
fn the_village_document_is_the_desks_alone() {
    use bianfang::doc::{At, Put, village_id};
    let (world, mut phone) = phone_and_world();
    phone.sync();
    let put = Put::Value {
        at: At::Own,
        key: "name".into(),
        value: "我的村".into(),
    };
    phone.edit(DocKind::Village, village_id(world.space), vec![put]);
    let reply = phone.send(&phone.request(Ask::Feed));
    let response = SyncResponse::decode(&reply.body).unwrap();
    assert_eq!(response.refusals[0].code, RefusalCode::NotAllowed);
}

#[test]
fn a_corrupted_stored_change_stops_no_neighbour() {
    let (world, mut phone) = phone_and_world();
    phone.write(home(1), "phone", "1");
    phone.write(home(2), "phone", "2");
    phone.sync();
    world
        .running()
        .endpoint
        .store
        .write(|tx| {
            let changed = tx.execute("UPDATE change SET bytes = x'00' WHERE doc = ?", [home(1).as_bytes()])?;
            assert_eq!(changed, 1);
            Ok::<_, bianfang_endpoint::store::StoreError>(())
        })
        .unwrap();
    // The damaged document takes nothing more; its neighbour goes on.
    phone.write(home(1), "address", "一组");
    phone.write(home(2), "address", "二组");
    let response = phone.ask(&phone.request(Ask::Feed));
    let refused: Vec<_> = response.refusals.iter().map(|one| (one.position, one.code)).collect();
    assert_eq!(refused, [(0, RefusalCode::Unreadable)]);
    assert_eq!(response.receipts.len(), 1);
    let reply = get(
        world.address,
        &format!("/v1/pack/{}", world.space),
        Some(&phone.token()),
    );
    assert_eq!(reply.status, 200);
}
