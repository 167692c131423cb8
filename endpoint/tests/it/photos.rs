//! Photos: handed over in pieces, compared with their names, read by those who may, swept, copied and brought back.

use super::support::*;
use bianfang::base::id::{DocId, RecordId};
use bianfang::base::picture::BlobId;
use bianfang::doc::{At, DocKind, Put};
use bianfang::sync::log::Role;
use bianfang_endpoint::blob::{Folder, Kept, Vault, folder_of, folder_of_copy, sweep};
use bianfang_endpoint::store::people;
use bianfang_endpoint::{Backend, Store, backup, check, entropy};
use std::io::{self, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const DAY_S: i64 = DAY_MS / 1000;

/// Bytes that begin as a JPEG does and end as nothing else.
fn photo(seed: u8, bytes: usize) -> Vec<u8> {
    let mut photo = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0".to_vec();
    let mut state = u32::from(seed) + 1;
    while photo.len() < bytes {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        photo.push((state >> 24) as u8);
    }
    photo
}

fn path(phone: &Phone, blob: BlobId) -> String {
    format!("/v1/blobs/{}/{blob}", phone.me.space)
}

fn head_of(phone: &Phone, method: &str, target: &str) -> String {
    format!("{method} {target}\nAuthorization: Bearer {}", phone.token())
}

fn put(phone: &Phone, blob: BlobId, at: usize, of: usize, bytes: &[u8]) -> Reply {
    let target = format!("{}?at={at}&of={of}", path(phone, blob));
    http(phone.address, &head_of(phone, "PUT", &target), bytes)
}

/// How much is here, and whether that is all.
fn have(reply: &Reply) -> (usize, bool) {
    (
        reply.headers["upload-offset"].parse().unwrap(),
        reply.headers["upload-complete"] == "?1",
    )
}

fn ask(phone: &Phone, blob: BlobId) -> (usize, bool) {
    let reply = http(phone.address, &head_of(phone, "HEAD", &path(phone, blob)), b"");
    assert_eq!(reply.status, 200);
    have(&reply)
}

fn read(phone: &Phone, blob: BlobId, at: usize) -> Reply {
    let target = format!("{}?at={at}", path(phone, blob));
    http(phone.address, &head_of(phone, "GET", &target), b"")
}

fn hand_over(phone: &Phone, bytes: &[u8]) -> BlobId {
    let blob = BlobId::of(bytes);
    let reply = put(phone, blob, 0, bytes.len(), bytes);
    assert_eq!((reply.status, have(&reply)), (200, (bytes.len(), true)));
    blob
}

/// Announces the whole, sends a part, and is gone.
fn cut_after(phone: &Phone, blob: BlobId, at: usize, of: usize, bytes: &[u8]) {
    let target = format!("{}?at={at}&of={of}", path(phone, blob));
    let mut stream = TcpStream::connect(phone.address).unwrap();
    let head = format!(
        "PUT {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        phone.token(),
        of - at
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    // What the endpoint says to a cut is nobody's to hear; that it is done with it shows in the end of the connection.
    let _ = io::copy(&mut stream, &mut io::sink());
}

#[test]
fn an_upload_cut_at_any_byte_goes_on_there() {
    let world = World::new();
    let (one, other) = (world.phone("王芳", Role::Member), world.phone("李军", Role::Member));
    let bytes = photo(1, 4_000);
    let blob = BlobId::of(&bytes);
    let mut at = 0;
    for step in [1, 2, 9, 3, 1, 700, 0, 1_300, 1_983] {
        cut_after(&one, blob, at, bytes.len(), &bytes[at..at + step]);
        // The connection may end a moment before what arrived is written.
        while ask(&one, blob) != (at + step, false) {}
        at += step;
        assert_eq!(read(&other, blob, 0).code(), "not_found", "half a photo is no photo");
    }
    let last = put(&one, blob, at, bytes.len(), &bytes[at..]);
    assert_eq!((last.status, have(&last)), (200, (bytes.len(), true)));
    assert_eq!(read(&other, blob, 0).body, bytes);
    assert_eq!(ask(&other, blob), (bytes.len(), true));
    // Again, by whomever: nothing to do.
    assert_eq!(have(&put(&other, blob, 0, bytes.len(), &bytes)), (bytes.len(), true));
}

#[test]
fn a_large_photo_comes_back_slice_by_slice() {
    let world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let bytes = photo(2, 150_000);
    let blob = hand_over(&phone, &bytes);
    let mut back = Vec::new();
    for slices in 1.. {
        let reply = read(&phone, blob, back.len());
        assert_eq!(have(&reply), (bytes.len(), true));
        back.extend_from_slice(&reply.body);
        if back.len() == bytes.len() {
            assert_eq!(slices, 3);
            break;
        }
    }
    assert_eq!(back, bytes);
    assert_eq!(read(&phone, blob, bytes.len() + 7).body, b"");
}

#[test]
fn a_restart_in_the_middle_loses_nothing_that_arrived() {
    let mut world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let bytes = photo(3, 9_000);
    let blob = BlobId::of(&bytes);
    assert_eq!(
        have(&put(&phone, blob, 0, bytes.len(), &bytes[..5_000])),
        (5_000, false)
    );
    world.restart();
    let phone = Phone::new(world.address, phone.key, phone.me);
    assert_eq!(ask(&phone, blob), (5_000, false));
    let wrong_place = put(&phone, blob, 4_000, bytes.len(), &bytes[4_000..]);
    assert_eq!(
        (wrong_place.code().as_str(), have(&wrong_place)),
        ("photo_place", (5_000, false))
    );
    assert_eq!(
        have(&put(&phone, blob, 5_000, bytes.len(), &bytes[5_000..])),
        (9_000, true)
    );
    world.restart();
    let phone = Phone::new(world.address, phone.key, phone.me);
    assert_eq!(read(&phone, blob, 0).body, bytes);
}

#[test]
fn what_is_no_photo_is_refused_in_its_own_words() {
    let world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let refused = |bytes: &[u8]| {
        let blob = BlobId::of(bytes);
        let code = put(&phone, blob, 0, bytes.len(), bytes).code();
        assert_eq!(ask(&phone, blob), (0, false), "nothing stays of it");
        code
    };
    assert_eq!(refused(b""), "photo_empty");
    assert_eq!(refused(b"MZ, a program of some length"), "photo_not_a_picture");
    assert_eq!(refused(b"<svg"), "photo_not_a_picture");
    assert_eq!(refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "photo_heic");
    assert_eq!(refused(&photo(4, 2 * 1024 * 1024 + 1)), "photo_too_large");
    let bytes = photo(5, 3_000);
    let blob = BlobId::of(&bytes);
    let mut spoiled = bytes.clone();
    spoiled[2_999] ^= 1;
    assert_eq!(put(&phone, blob, 0, bytes.len(), &spoiled).code(), "photo_digest");
    assert_eq!(ask(&phone, blob), (0, false), "it begins anew");
    assert_eq!(hand_over(&phone, &bytes), blob);
    // More than was announced, and no place at all.
    assert_eq!(put(&phone, BlobId::of(b"x"), 0, 20, &bytes[..40]).code(), "too_large");
    let nowhere = http(phone.address, &head_of(&phone, "PUT", &path(&phone, blob)), &bytes);
    assert_eq!(nowhere.code(), "bad_frame");
    let unnamed = format!("/v1/blobs/{}/abc", phone.me.space);
    assert_eq!(
        http(phone.address, &head_of(&phone, "GET", &unnamed), b"").code(),
        "not_found"
    );
}

#[test]
fn two_uploads_of_one_photo_at_once_give_one_photo() {
    let world = World::new();
    let phones = [world.phone("王芳", Role::Member), world.phone("李军", Role::Member)];
    let bytes = photo(6, 200_000);
    let blob = BlobId::of(&bytes);
    std::thread::scope(|scope| {
        // Two devices, and one of them twice.
        for phone in [&phones[0], &phones[0], &phones[1]] {
            scope.spawn(|| {
                let (mut at, mut complete) = ask(phone, blob);
                while !complete {
                    let end = bytes.len().min(at + 10_000);
                    let reply = put(phone, blob, at, bytes.len(), &bytes[at..end]);
                    (at, complete) = have(&reply);
                }
            });
        }
    });
    for phone in &phones {
        assert_eq!(ask(phone, blob), (bytes.len(), true));
    }
    let report = check::check(&world.running().endpoint.store, |_, _| ()).unwrap();
    assert_eq!((report.photos, report.faults), (1, vec![]));
}

#[test]
fn nobody_learns_what_another_village_stores() {
    let (world, elsewhere) = (World::new(), World::new());
    let phone = world.phone("王芳", Role::Member);
    let bytes = photo(7, 2_000);
    let blob = hand_over(&phone, &bytes);
    // A village of the same endpoint, and a member of it.
    let stranger = world.phone_elsewhere("赵敏");
    assert_eq!(ask(&stranger, blob), (0, false));
    assert_eq!(read(&stranger, blob, 0).code(), "not_found");
    let across = format!("/v1/blobs/{}/{blob}", world.space);
    assert_eq!(
        http(world.address, &head_of(&stranger, "GET", &across), b"").code(),
        "not_allowed"
    );
    // Handing it over takes all the bytes, and then both have it.
    assert_eq!(have(&put(&stranger, blob, 0, bytes.len(), &bytes[..500])), (500, false));
    assert_eq!(
        have(&put(&stranger, blob, 500, bytes.len(), &bytes[500..])),
        (2_000, true)
    );
    assert_eq!(read(&stranger, blob, 0).body, bytes);
    // No token, and a token of another endpoint.
    assert_eq!(get(world.address, &across, None).code(), "unauthorized");
    let foreign = elsewhere.phone("钱进", Role::Member);
    assert_eq!(
        get(world.address, &across, Some(&foreign.token())).code(),
        "unauthorized"
    );
}

#[test]
fn a_revoked_phone_neither_gives_nor_gets() {
    let world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let bytes = photo(8, 2_000);
    let blob = BlobId::of(&bytes);
    put(&phone, blob, 0, bytes.len(), &bytes[..1_000]);
    let revoke = |tx: &_| people::revoke(tx, phone.me.device, world.now_ms() / 1000);
    world.running().endpoint.store.write(|tx| revoke(tx)).unwrap();
    assert_eq!(
        put(&phone, blob, 1_000, bytes.len(), &bytes[1_000..]).code(),
        "device_revoked"
    );
    assert_eq!(read(&phone, blob, 0).code(), "device_revoked");
}

#[test]
fn a_spent_quota_says_when_to_come_back() {
    let world = World::with(|config| {
        config.quotas.device_day_bytes = 5_000;
        config.quotas.village_bytes = 12_000;
        config.quotas.device_parts = 2;
    });
    let phones = ["王芳", "李军", "赵敏"].map(|name| world.phone(name, Role::Member));
    hand_over(&phones[0], &photo(10, 4_000));
    world.pass(DAY_MS / 4);
    let refused = put(&phones[0], BlobId::of(b"x"), 0, 1_001, &photo(11, 1_001));
    assert_eq!(refused.code(), "photo_device_quota");
    assert_eq!(refused.headers["retry-after"].parse::<i64>().unwrap(), DAY_S * 3 / 4);
    world.pass(DAY_MS);
    hand_over(&phones[0], &photo(11, 1_001));
    hand_over(&phones[1], &photo(12, 5_000));
    let refused = put(&phones[2], BlobId::of(b"x"), 0, 2_000, &photo(13, 2_000));
    assert_eq!((refused.status, refused.code().as_str()), (507, "photo_village_quota"));
    // Of uploads that are never finished the oldest makes room; its phone begins anew.
    let parts: Vec<Vec<u8>> = (20..23).map(|seed| photo(seed, 600)).collect();
    for part in &parts {
        put(&phones[2], BlobId::of(part), 0, 600, &part[..300]);
    }
    let held = parts
        .iter()
        .filter(|part| ask(&phones[2], BlobId::of(part)) == (300, false));
    assert_eq!(held.count(), 2);
}

/// A folder on a disk that may be full.
#[derive(Debug)]
struct FullDisk {
    folder: Folder,
    full: AtomicBool,
}

impl Vault for FullDisk {
    fn bytes_of(&self, blob: BlobId) -> io::Result<Option<u64>> {
        self.folder.bytes_of(blob)
    }
    fn read(&self, blob: BlobId, from: u64, limit: usize) -> io::Result<Option<Vec<u8>>> {
        self.folder.read(blob, from, limit)
    }
    fn take(&self, blob: BlobId, file: &Path) -> io::Result<()> {
        match self.full.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => self.folder.take(blob, file),
        }
    }
    fn remove(&self, blob: BlobId) -> io::Result<()> {
        self.folder.remove(blob)
    }
    fn list(&self) -> io::Result<Vec<Kept>> {
        self.folder.list()
    }
}

#[test]
fn a_full_disk_gives_no_receipt_and_loses_nothing() {
    let disk = std::cell::OnceCell::new();
    let world = World::with(|config| {
        let Backend::Sqlite(data) = &config.backend;
        let vault = Arc::new(FullDisk {
            folder: Folder::new(data.join("photos")),
            full: AtomicBool::new(true),
        });
        config.vault = Some(vault.clone());
        disk.set(vault).unwrap();
    });
    let phone = world.phone("王芳", Role::Member);
    let bytes = photo(14, 2_000);
    let blob = BlobId::of(&bytes);
    let refused = put(&phone, blob, 0, bytes.len(), &bytes);
    assert_eq!((refused.status, refused.code().as_str()), (507, "endpoint_full"));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(ask(&phone, blob), (2_000, false));
    assert_eq!(read(&phone, blob, 0).code(), "not_found");
    disk.get().unwrap().full.store(false, Ordering::Relaxed);
    assert_eq!(
        have(&put(&phone, blob, 2_000, bytes.len(), b"")),
        (2_000, true),
        "nothing is sent twice"
    );
    assert_eq!(read(&phone, blob, 0).body, bytes);
}

fn names(phone: &mut Phone, blob: BlobId) {
    let put = Put::Create {
        at: At::table("evidence", RecordId(entropy::random())),
        fields: [("photo".to_owned(), blob.to_string().into())].into(),
        notes: [].into(),
    };
    phone.edit(DocKind::Finding, DocId(entropy::random()), vec![put]);
    phone.sync();
}

#[test]
fn only_photos_that_nobody_names_are_swept_after_ninety_days() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    let (named, unnamed) = (photo(15, 900), photo(16, 900));
    let (kept, lost) = (hand_over(&phone, &named), hand_over(&phone, &unnamed));
    names(&mut phone, kept);
    let endpoint = &world.running().endpoint;
    let swept = |days: i64| {
        let now_s = world.now_ms() / 1000 + days * DAY_S;
        sweep::sweep(&endpoint.store, endpoint.vault.as_ref(), &endpoint.parts, now_s).unwrap()
    };
    assert_eq!(swept(89).photos, 0);
    assert_eq!(swept(91).photos, 1);
    assert_eq!(ask(&phone, kept), (900, true));
    assert_eq!(ask(&phone, lost), (0, false));
    // Files are as old as the disk says, which knows nothing of the time of this test.
    let disk_now_s = endpoint
        .vault
        .list()
        .unwrap()
        .iter()
        .map(|kept| kept.since_s)
        .max()
        .unwrap();
    let late = |days: i64| {
        let now_s = disk_now_s + days * DAY_S;
        sweep::sweep(&endpoint.store, endpoint.vault.as_ref(), &endpoint.parts, now_s)
    };
    let report = check::check(&endpoint.store, |_, _| ()).unwrap();
    assert_eq!(
        report.faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
        ["check_photo_stray"]
    );
    put(&phone, BlobId::of(&unnamed), 0, 900, &unnamed[..300]);
    let swept = late(20).unwrap();
    assert_eq!((swept.photos, swept.files, swept.parts), (0, 1, 1));
    assert_eq!(endpoint.vault.bytes_of(lost).unwrap(), None);
    assert_eq!(endpoint.vault.bytes_of(kept).unwrap(), Some(900));
    assert_eq!(check::check(&endpoint.store, |_, _| ()).unwrap().faults, vec![]);
}

#[test]
fn a_copy_brings_photos_back_and_check_tells_what_is_missing() {
    let mut world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let photos: Vec<Vec<u8>> = (30..33).map(|seed| photo(seed, 700)).collect();
    let blobs: Vec<BlobId> = photos.iter().map(|bytes| hand_over(&phone, bytes)).collect();
    let copy = world.folder.0.join("copy.sqlite");
    let copied = backup::backup(&world.running().endpoint.store, &copy, |_, _| ()).unwrap();
    assert_eq!((copied.photos, copied.missing), (3, 0));
    world.stop();
    let store = Store::open(&world.backend()).unwrap();
    let folder = Folder::new(folder_of(&store));
    let faults = || {
        let report = check::check(&store, |_, _| ()).unwrap();
        report.faults.iter().map(|fault| fault.code).collect::<Vec<_>>()
    };
    folder.remove(blobs[0]).unwrap();
    folder.put(blobs[1], b"\xff\xd8\xff something else").unwrap();
    let mut found = faults();
    found.sort_unstable();
    assert_eq!(found, ["check_photo_damaged", "check_photo_missing"]);
    // A copy of what is damaged says so, and leaves what is whole in the copy alone.
    let again = backup::backup(&store, &world.folder.0.join("late.sqlite"), |_, _| ()).unwrap();
    assert_eq!((again.photos, again.missing), (1, 2));
    assert_eq!(backup::backup(&store, &copy, |_, _| ()).unwrap().missing, 0);
    let restored = backup::restore(&store, &copy, false, NOW_MS).unwrap();
    assert_eq!(restored.photos_missing, 0);
    assert_eq!(faults(), [""; 0]);
    // Onto an empty machine, with one photo gone from the copy.
    Folder::new(folder_of_copy(&copy)).remove(blobs[2]).unwrap();
    let fresh = Store::open(&Backend::Sqlite(world.folder.0.join("fresh"))).unwrap();
    let restored = backup::restore(&fresh, &copy, true, NOW_MS).unwrap();
    assert_eq!(restored.photos_missing, 1);
    let there = Folder::new(folder_of(&fresh));
    assert_eq!(there.read(blobs[0], 0, 1_000).unwrap().as_ref(), Some(&photos[0]));
}
