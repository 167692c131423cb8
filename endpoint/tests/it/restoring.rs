//! Copies made and brought back beside a running server: nothing is lost.

use crate::support::*;
use bianfang::doc::village_id;
use bianfang::sync::log::Role;
use bianfang::sync::wire::Ask;
use bianfang_endpoint::backup::{self, BackupError};
use bianfang_endpoint::check::check;
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::store::{StoreError, people, space};
use bianfang_endpoint::{Backend, Store, village};

fn faults(store: &Store) -> Vec<&'static str> {
    let report = check(store, |_, _| ()).unwrap();
    assert!(report.documents > 0 && report.changes > 0);
    report.faults.iter().map(|fault| fault.code).collect()
}

/// Two phones at work, a copy, more work.
fn at_work() -> (World, [Phone; 2], std::path::PathBuf) {
    let world = World::new();
    let mut phones = [world.phone("王芳", Role::Leader), world.phone("李强", Role::Member)];
    for (number, phone) in (1..).zip(phones.iter_mut()) {
        phone.write(home(number), "phone", "15400000001");
        phone.sync();
    }
    let copy = world.folder.0.join("copy.sqlite");
    backup::backup(&world.running().endpoint.store, &copy, |_, _| ()).unwrap();
    for (number, phone) in (1..).zip(phones.iter_mut()) {
        phone.write(home(number), "phone", "15400000002");
        phone.write(home(number + 10), "address", "三组");
        for _ in 0..20 {
            phone.write(home(50), "address", &format!("{number}"));
            phone.write(home(50), "address", "");
        }
        phone.sync();
    }
    (world, phones, copy)
}

#[test]
fn an_hour_old_copy_comes_back_beside_a_running_server_and_nothing_is_lost() {
    let (world, mut phones, copy) = at_work();
    let before = phones[1].digest;
    // Another process, as the command line is.
    let store = Store::open(&world.backend()).unwrap();
    let restored = backup::restore(&store, &copy, false, 0).unwrap();
    assert_eq!((restored.kept, restored.unreadable), (84, 0));
    assert_eq!(faults(&store), [""; 0]);
    // Whoever joined after the copy was made goes on too.
    phones.iter_mut().for_each(Phone::sync);
    phones.iter_mut().for_each(Phone::sync);
    assert_eq!((phones[0].digest, phones[1].digest), (before, before));
    let reader = phones[0].ask(&phones[0].request(Ask::Feed));
    assert!(!reader.reconcile);
}

#[test]
fn after_an_exact_copy_the_phones_hand_over_what_it_lacks() {
    let (world, mut phones, copy) = at_work();
    let before = phones[1].digest;
    let store = Store::open(&world.backend()).unwrap();
    let restored = backup::restore(&store, &copy, true, 0).unwrap();
    assert_eq!(restored.kept, 0);
    let told = phones[1].ask(&phones[1].request(Ask::Feed));
    assert!(told.reconcile);
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    assert_eq!((phones[0].digest, phones[1].digest), (before, before));
    assert_eq!(phones[0].documents[&home(2)].own().text("phone"), "15400000002");
    assert_eq!(faults(&store), [""; 0]);
}

#[test]
fn who_joined_or_was_revoked_after_the_copy_stays_so() {
    let (world, phones, copy) = at_work();
    let mut late = world.phone("赵敏", Role::Doctor);
    late.sync();
    let store = Store::open(&world.backend()).unwrap();
    store.write(|tx| people::revoke(tx, phones[0].me.device, 7)).unwrap();
    backup::restore(&store, &copy, false, 0).unwrap();
    late.write(home(3), "phone", "15400000003");
    late.sync();
    assert_eq!(late.documents[&village_id(world.space)].records("people").len(), 3);
    assert_eq!(phones[0].send(&phones[0].request(Ask::Feed)).code(), "device_revoked");
    backup::restore(&store, &copy, true, 0).unwrap();
    assert_eq!(phones[0].send(&phones[0].request(Ask::Feed)).code(), "device_revoked");
    assert_eq!(late.send(&late.request(Ask::Feed)).code(), "unauthorized");
}

#[test]
fn a_copy_comes_back_on_a_new_machine() {
    let (mut world, mut phones, copy) = at_work();
    world.stop();
    let new = World::with(|config| config.backend = Backend::Sqlite(config_folder("new")));
    let store = Store::open(&Backend::Sqlite(config_folder("new"))).unwrap();
    backup::restore(&store, &copy, true, 0).unwrap();
    for phone in &mut phones {
        phone.address = new.address;
    }
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    assert_eq!(phones[0].digest, phones[1].digest);
    assert_eq!(faults(&store), [""; 0]);
    std::fs::remove_dir_all(config_folder("new")).unwrap();
}

#[test]
fn a_village_made_anew_here_is_not_the_one_of_the_copy() {
    let (world, _phones, copy) = at_work();
    let old = Store::open(&world.backend()).unwrap();
    // Somebody imported the roster on the new machine before bringing the copy back: the same code, another village.
    let new = World::new();
    let store = Store::open(&new.backend()).unwrap();
    let list = |store: &Store| store.read(|tx| space::list(tx)).unwrap();
    let before = list(&store);
    let error = backup::restore(&store, &copy, false, 0).unwrap_err();
    assert!(
        matches!(&error, BackupError::OtherVillage(code) if code == CODE),
        "{error}"
    );
    assert_eq!(list(&store), before);
    backup::restore(&store, &copy, true, 0).unwrap();
    assert_eq!(list(&store)[0].id, list(&old)[0].id);
    assert_eq!((list(&store).len(), list(&store)[0].code.as_str()), (1, CODE));
    assert_eq!(faults(&store), [""; 0]);
}

#[test]
fn the_desk_works_in_villages_that_a_copy_brings_beside_others() {
    let (_world, _phones, copy) = at_work();
    let folder = Folder::new();
    let store = Store::open(&Backend::Sqlite(folder.0.clone())).unwrap();
    let other = village::NewVillage {
        code: "430225203298".into(),
        name: "测试村".into(),
        demonstration: false,
    };
    let write = |new: &village::NewVillage| {
        store
            .write(|tx| village::make(tx, &Desk::load_or_make(tx, NOW_MS)?, new, NOW_MS))
            .unwrap()
    };
    write(&other);
    backup::restore(&store, &copy, false, NOW_MS).unwrap();
    let spaces = store.read(|tx| space::list(tx)).unwrap();
    assert_eq!(
        spaces.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(),
        [CODE, "430225203298"]
    );
    // Both take what the desk writes.
    for one in &spaces {
        let desk = store.write(|tx| Desk::load_or_make(tx, NOW_MS)).unwrap();
        assert!(
            store
                .read(|tx| people::grant(tx, one.id, desk.member()))
                .unwrap()
                .is_some()
        );
    }
    assert_eq!(faults(&store), [""; 0]);
}

fn config_folder(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("bianfang-{name}-{}", std::process::id()))
}

#[test]
fn what_is_no_copy_changes_nothing() {
    let (world, mut phones, copy) = at_work();
    let store = Store::open(&world.backend()).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    let other = world.folder.0.join("other");
    for wrong in [b"no copy".to_vec(), Vec::new(), bytes[..bytes.len() / 2].to_vec()] {
        std::fs::write(&other, wrong).unwrap();
        let error = backup::restore(&store, &other, false, 0).unwrap_err();
        assert!(matches!(error, BackupError::NotACopy(_)), "{error}");
    }
    let error = backup::restore(&store, &world.folder.0.join("nothing"), false, 0).unwrap_err();
    assert_eq!(error.code(), "backup_file");
    phones[0].sync();
    assert_eq!(faults(&store), [""; 0]);
}

#[test]
fn a_database_that_cannot_be_opened_is_replaced_and_kept_aside() {
    let (mut world, mut phones, copy) = at_work();
    world.stop();
    let file = Store::file_in(&world.backend());
    std::fs::write(&file, "损坏".repeat(9000)).unwrap();
    assert!(Store::open(&world.backend()).is_err());
    let aside = backup::replace(&world.backend(), &copy, 5).unwrap();
    assert!(aside.is_file());
    let backend = world.backend();
    let again = World::with(|config| config.backend = backend);
    for phone in &mut phones {
        phone.address = again.address;
    }
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    assert_eq!(phones[0].digest, phones[1].digest);
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let (mut world, mut phones, copy) = at_work();
    let error = backup::replace(&world.backend(), &copy, 5).unwrap_err();
    assert!(matches!(error, BackupError::InUse), "{error}");
    phones[0].write(home(9), "phone", "15400000009");
    phones[0].sync();
    world.stop();
    backup::replace(&world.backend(), &copy, 5).unwrap();
    assert_eq!(faults(&Store::open(&world.backend()).unwrap()), [""; 0]);
}

#[test]
fn check_finds_what_was_damaged() {
    let (world, _phones, _) = at_work();
    let store = Store::open(&world.backend()).unwrap();
    assert_eq!(faults(&store), [""; 0]);
    let damage = |sql: &str| {
        store
            .write(|tx| {
                assert!(tx.execute(sql, [])? > 0, "{sql}");
                Ok::<_, StoreError>(())
            })
            .unwrap();
    };
    damage("UPDATE snapshot SET sha256 = zeroblob(32)");
    assert_eq!(faults(&store), ["check_snapshot"]);
    damage("DELETE FROM snapshot");
    damage("UPDATE document SET ops = ops + 1 WHERE id = (SELECT id FROM document LIMIT 1)");
    assert_eq!(faults(&store), ["check_numbers"]);
    damage("UPDATE document SET ops = ops - 1 WHERE id = (SELECT id FROM document LIMIT 1)");
    damage("UPDATE feed SET digest = zeroblob(32) WHERE seq = 3");
    assert_eq!(faults(&store), ["check_feed"]);
    damage("UPDATE change SET bytes = x'00' WHERE id = 4");
    let found = faults(&store);
    assert!(
        found.contains(&"check_change") && found.contains(&"check_document"),
        "{found:?}"
    );
}

#[test]
fn copies_are_made_while_phones_write() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    let copy = world.folder.0.join("copy.sqlite");
    std::thread::scope(|scope| {
        let store = &world.running().endpoint.store;
        let copying = scope.spawn(|| {
            for _ in 0..5 {
                backup::backup(store, &copy, |_, _| ()).unwrap();
            }
        });
        for number in 0..30 {
            phone.write(home(number), "phone", "1");
            phone.sync();
        }
        copying.join().unwrap();
    });
    backup::backup(&world.running().endpoint.store, &copy, |_, _| ()).unwrap();
    let store = Store::open(&world.backend()).unwrap();
    backup::restore(&store, &copy, true, 0).unwrap();
    assert_eq!(faults(&store), [""; 0]);
    phone.sync();
    let left: Vec<_> = std::fs::read_dir(&world.folder.0)
        .unwrap()
        .map(|one| one.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
