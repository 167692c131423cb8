//! Rescue files at the desk: taken, taken twice, damaged, foreign, and of a phone that was switched off.

use crate::support::*;
use bianfang::base::id::DocId;
use bianfang::sync::log::Role;
use bianfang::sync::rescue::{Contents, seal};
use bianfang::sync::wire::{Ask, Bundle, DocChanges};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// The file that a phone makes of what it has not handed over.
fn file(world: &World, phone: &Phone) -> String {
    let contents = Contents {
        made_ms: NOW_MS,
        device: phone.me.device,
        member: phone.author(),
        name: phone.me.name.clone(),
        everything: false,
        parts: Vec::new(),
    };
    // A bundle for each document, so that each is a block of its own.
    let bundle = |part: &DocChanges| {
        let documents = vec![part.clone()];
        let message = Bundle::message(phone.me.space, phone.me.device, &documents);
        Bundle {
            device: phone.me.device,
            documents,
            signature: phone.key.sign(&message),
        }
    };
    let bundles: Vec<Bundle> = phone.outbox.iter().map(bundle).collect();
    let text = seal(&phone.me.space_key, &[3; 16], &contents, &bundles, |_: DocId| {
        "罗永山 · 3组".into()
    });
    let path = world.folder.0.join("遍访备份.txt");
    std::fs::write(&path, &text).unwrap();
    path.display().to_string()
}

fn run(world: &World, args: &[&str], typed: &str) -> Output {
    let data = world.folder.0.join("data").display().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bianfang"))
        .args(args)
        .args(["--data", &data, "--lang", "zh"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Whether it worked, and everything it said.
fn said(output: &Output) -> (bool, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

fn import(world: &World, file: &str) -> (bool, String) {
    said(&run(world, &["village", "import-rescue", file], ""))
}

#[test]
fn a_file_is_taken_once_and_does_no_harm_twice() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    phone.write(home(1), "phone", "15400000001");
    phone.write(home(2), "address", "上坪");
    let file = file(&world, &phone);
    let (ok, text) = import(&world, &file);
    assert!(ok && text.contains("新收2条修改，原来就有0条，没有收0条"), "{text}");
    assert!(
        text.contains("王芳") && text.contains("在用") && text.contains("2019-08-15"),
        "{text}"
    );
    let (ok, text) = import(&world, &file);
    assert!(ok && text.contains("新收0条修改，原来就有2条"), "{text}");
    // The phone itself, when it has signal again, and a colleague: nothing is sent twice.
    let mut other = world.phone("李强", Role::Member);
    phone.sync();
    other.sync();
    phone.sync();
    assert_eq!((phone.digest, phone.cursor), (other.digest, other.cursor));
    assert_eq!(other.documents[&home(2)].own().text("address"), "上坪");
}

#[test]
fn a_damaged_file_gives_the_rest_and_says_what_is_missing() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    phone.write(home(1), "phone", "15400000001");
    phone.write(home(2), "address", "上坪");
    let file = file(&world, &phone);
    let text = std::fs::read_to_string(&file).unwrap();
    let block = text.find("2/4-----\n").unwrap() + 40;
    let spoiled = format!("{}****{}", &text[..block], &text[block + 4..]);
    std::fs::write(&file, spoiled).unwrap();
    let (ok, said) = import(&world, &file);
    assert!(!ok && said.contains("rescue_incomplete"), "{said}");
    assert!(
        said.contains("新收1条修改") && said.contains("读不出：罗永山 · 3组 1条修改"),
        "{said}"
    );
    assert!(said.contains("2段里有1段读不出来"), "{said}");
    std::fs::write(&file, text).unwrap();
    let (ok, said) = import(&world, &file);
    assert!(ok && said.contains("新收1条修改，原来就有1条"), "{said}");
}

#[test]
fn other_files_are_refused_and_said() {
    let (world, other) = (World::new(), World::new());
    let mut phone = other.phone("赵敏", Role::Member);
    phone.write(home(1), "phone", "15400000001");
    let foreign = file(&other, &phone);
    let (ok, said) = import(&world, &foreign);
    assert!(!ok && said.contains("rescue_other_village"), "{said}");
    for (content, code) in [
        ("", "rescue_not_ours"),
        ("您好", "rescue_not_ours"),
        ("BIANFANG-RESCUE 2\n", "rescue_newer"),
        ("BIANFANG-RESCUE 1\n", "rescue_damaged"),
    ] {
        std::fs::write(&foreign, content).unwrap();
        let (ok, said) = import(&world, &foreign);
        assert!(!ok && said.contains(code), "{said}");
    }
    std::fs::write(&foreign, [0xff, 0xfe, 0, 0x80]).unwrap();
    assert!(import(&world, &foreign).1.contains("rescue_not_ours"));
    assert!(import(&world, "/nowhere/遍访备份.txt").1.contains("file_unreadable"));
}

#[test]
fn the_desk_accepts_the_work_of_a_phone_that_was_switched_off() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    let mut other = world.phone("李强", Role::Member);
    phone.write(home(1), "address", "上坪");
    let file = file(&world, &phone);
    let id = phone.me.device.to_string();
    assert!(run(&world, &["device", "accept", &file, "--yes"], "").status.code() == Some(1));
    assert!(run(&world, &["device", "revoke", &id], "").status.success());

    let (ok, text) = import(&world, &file);
    assert!(
        !ok && text.contains("新收0条修改") && text.contains("refused_device_revoked"),
        "{text}"
    );
    assert!(text.contains("device accept"), "{text}");
    // Asked, and not confirmed.
    let (ok, text) = said(&run(&world, &["device", "accept", &file], "no\n"));
    assert!(
        !ok && text.contains("not_confirmed") && text.contains("王芳") && text.contains("1条修改"),
        "{text}"
    );
    let (ok, text) = said(&run(&world, &["device", "accept", &file], "yes\n"));
    assert!(ok && text.contains("新收1条修改"), "{text}");
    other.sync();
    assert_eq!(other.documents[&home(1)].own().text("address"), "上坪");
    // Again does no harm, and the phone itself stays out.
    let (ok, text) = said(&run(&world, &["device", "accept", &file, "--yes"], ""));
    assert!(ok && text.contains("新收0条修改，原来就有1条"), "{text}");
    let request = phone.request(Ask::Feed);
    assert_eq!(phone.send(&request).status, 403);
    let noted = std::fs::read_to_string(world.folder.0.join("data/audit.log")).unwrap();
    assert_eq!(noted.lines().count(), 2, "{noted}");
    assert!(
        noted
            .lines()
            .all(|line| line.contains("device-accept") && line.contains(&id)),
        "{noted}"
    );
    assert!(
        noted.contains("changes=1 known=0 refused=0") && !noted.contains("上坪"),
        "{noted}"
    );
}
