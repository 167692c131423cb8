//! The program itself, as somebody types it: output, exit codes, beside a running server, and what its log holds.

use crate::place::{Place, ROSTER};
use crate::support::*;
use bianfang::sync::wire::Ask;
use bianfang_endpoint::judge::KeyPair;
use bianfang_endpoint::store::StoreError;
use bianfang_endpoint::{Backend, Store};
use std::net::SocketAddr;

/// The token in the link of an invitation just printed.
pub fn token(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("/#/join?i=")).unwrap();
    let rest = line.split_once("?i=").unwrap().1;
    rest.split_once("&c=").unwrap().0.to_owned()
}

pub fn join(address: SocketAddr, token: &str) -> Phone {
    let key = KeyPair::generate();
    let reply = post(address, "/v1/enrol", None, &enrol_frame(&key, token));
    assert_eq!(reply.status, 200);
    let enrolled = bianfang::sync::enrol::Enrolled::decode(&reply.body).unwrap();
    Phone::new(address, key, enrolled)
}

#[test]
fn a_reader_that_has_seen_enough_ends_nothing() {
    let place = Place::new();
    let form = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/t01-six-checks.md");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = place.command(&["form", "check", form]).stdout(writer).output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn every_command_has_help_in_both_languages() {
    let place = Place::new();
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["village", "--help"],
        &["village", "import", "--help"],
        &["village", "list", "--help"],
        &["group", "--help"],
        &["group", "create", "--help"],
        &["group", "list", "--help"],
        &["invite", "--help"],
        &["device", "--help"],
        &["device", "list", "--help"],
        &["device", "revoke", "--help"],
        &["device", "accept", "--help"],
        &["village", "import-rescue", "--help"],
        &["export", "--help"],
        &["form", "--help"],
        &["form", "check", "--help"],
        &["form", "run", "--help"],
        &["form", "convert", "--help"],
        &["form", "publish", "--help"],
        &["form", "list", "--help"],
        &["form", "withdraw", "--help"],
        &["procedure", "--help"],
        &["procedure", "check", "--help"],
        &["backup", "--help"],
        &["restore", "--help"],
        &["check", "--help"],
    ] {
        let output = place.run(args);
        assert!(output.status.success());
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(" / ") && said.chars().any(|c| c > '\u{4e00}'), "{said}");
        // Forms and procedures are checked and tried without a database.
        let of_form = args[0] == "form" && !["publish", "list", "withdraw"].contains(&args[1]);
        let without_data = of_form
            || args[0] == "procedure"
            || ["village", "device", "group"]
                .iter()
                .any(|name| args == [*name, "--help"]);
        if args.len() > 1 && !without_data {
            assert!(said.contains("--data") && said.contains("--database"), "{said}");
        }
    }
    assert!(!place.run(&[]).status.success());
    assert!(!place.run(&["nonsense"]).status.success());
}

#[test]
fn a_group_is_made_named_again_and_listed_and_its_people_are_the_same_persons() {
    let place = Place::imported();
    place.ok(&[
        "invite",
        "--village",
        CODE,
        "--name",
        "陈某",
        "--phone",
        "15400000003",
        "--role",
        "township",
    ]);
    let said = place.ok(&["group", "create", "暗访一组", "县暗访组", "--village", CODE]);
    assert!(said.contains("县暗访组（暗访一组）：新增1个村"), "{said}");
    let said = place.ok(&["group", "create", "暗访一组", "第一暗访组", "--all"]);
    assert!(said.contains("第一暗访组（暗访一组）：新增0个村"), "{said}");
    place.ok(&[
        "invite",
        "--village",
        "暗访一组",
        "--name",
        "陈某",
        "--phone",
        "15400000003",
        "--role",
        "township",
    ]);
    place.ok(&["invite", "--village", "暗访一组", "--name", "周督", "--role", "督查员"]);
    let said = place.ok(&["group", "list"]);
    assert_eq!(
        said.trim(),
        "暗访一组\t第一暗访组\t1个村\t0人\t0部手机\t0个问题（已交办到村0个）"
    );
    assert!(!place.ok(&["village", "list"]).contains("暗访"));
    let store = Store::open(&Backend::Sqlite(place.folder.0.join("data"))).unwrap();
    let count = "SELECT count(*) FROM member WHERE name = '陈某'";
    let people = store.read(|tx| Ok::<i64, StoreError>(tx.query_row(count, [], |row| row.get(0))?));
    assert_eq!(people.unwrap(), 1);
    for (args, code) in [
        (["group", "create", CODE, "县暗访组", "--all"], "group_code_taken"),
        (
            ["group", "create", "甲", "甲组", "--village=暗访一组"],
            "group_covers_group",
        ),
        (["group", "create", "甲", " ", "--all"], "group_unnamed"),
    ] {
        let said = place.fails(&args);
        assert!(said.contains(code), "{said}");
    }
}

#[test]
fn a_procedure_is_checked_and_every_mistake_told_with_its_place() {
    let place = Place::new();
    let said = |args: &[&str]| {
        let output = place.run(args);
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/procedures");
    for name in ["finding", "renovation", "monitoring"] {
        let (sound, text) = said(&["procedure", "check", &format!("{packs}/{name}.md")]);
        assert!(sound && text.contains(&format!("程序 {name} 版本 1：")), "{text}");
    }
    let text = std::fs::read_to_string(format!("{packs}/finding.md")).unwrap();
    let wrong = place.path("wrong.md");
    std::fs::write(
        &wrong,
        text.replace("|                  | fixed ", "|                  | fixd "),
    )
    .unwrap();
    let (sound, text) = said(&["procedure", "check", &wrong]);
    let place = "moves 第2行 to：states 表里没有“fixd”，请改对或补上 [procedure.no_state]";
    assert!(!sound && text.contains(place), "{text}");
    let (sound, text) = said(&["procedure", "check", &wrong, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(!sound && told["problems"][0]["code"] == "procedure.no_state", "{text}");
}

#[test]
fn a_roster_is_previewed_imported_and_given_back() {
    let place = Place::new();
    let file = place.path("白果村.csv");
    std::fs::write(&file, ROSTER).unwrap();
    let import = ["village", "import", &file, "--village", CODE];
    let preview = place.ok(&[&import[..], &["--preview"]].concat());
    assert!(
        preview.contains("新增：1户，1人") && preview.contains("没有写入"),
        "{preview}"
    );
    assert!(!std::path::Path::new(&place.path("data")).exists());
    let said = place.ok(&import);
    assert!(
        said.contains("第3行") && said.contains("退回") && said.contains("已写入"),
        "{said}"
    );
    let result = std::fs::read_to_string(place.path("白果村-退回原因.csv")).unwrap();
    assert!(result.contains("退回原因"), "{result}");
    let again = place.ok(&[&import[..], &["--lang", "en"]].concat());
    assert!(again.contains("Unchanged: 1 households"), "{again}");
    let listed = place.ok(&["village", "list"]);
    assert!(listed.starts_with(&format!("{CODE}\t白果村\t1户")), "{listed}");
}

#[test]
fn broken_rosters_and_unknown_villages_are_said_and_change_nothing() {
    let place = Place::imported();
    let before = place.ok(&["village", "list"]);
    let file = place.path("broken.xlsx");
    for bytes in [
        &b""[..],
        b"PK\x03\x04 torn",
        b"%PDF-1.4",
        "什么,都\n没有,的\n".as_bytes(),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let said = place.fails(&["village", "import", &file, "--village", CODE]);
        assert!(said.starts_with("错误：") && said.contains('['), "{said}");
    }
    let said = place.fails(&["village", "import", &place.path("gone.xlsx")]);
    assert!(said.contains("file_unreadable"), "{said}");
    let said = place.fails(&["invite", "--village", "999", "--name", "王芳"]);
    assert!(said.contains("village_unknown") && said.contains(CODE), "{said}");
    let said = place.fails(&[
        "export",
        "--village",
        "999",
        "--what",
        "people",
        "--out",
        &place.path("x"),
    ]);
    assert!(said.contains("village_unknown"), "{said}");
    assert_eq!(place.ok(&["village", "list"]), before);
}

#[test]
fn a_mistyped_folder_is_no_empty_database() {
    let place = Place::new();
    let said = place.fails(&["village", "list"]);
    assert!(said.contains("data_missing"), "{said}");
    let output = place.run(&["check", "--database", "postgres://user@host/db", "--lang", "en"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("SQLite only") && said.contains("database_postgres"),
        "{said}"
    );
}

#[test]
fn a_known_name_is_invited_on_purpose_only() {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let invite = ["invite", "--village", CODE, "--name", "王芳"];
    let first = place.ok(&[&invite[..], &["--base-url", "https://bf.example.org"]].concat());
    assert!(first.contains("https://bf.example.org/#/join?i=") && first.contains("邀请码：") && first.contains('█'));
    // Not joined yet: the newer invitation replaces the older one.
    let second = place.ok(&invite);
    assert!(second.contains("https://bf.example.org/"), "the address is remembered");
    assert_eq!(
        post(
            server.address,
            "/v1/enrol",
            None,
            &enrol_frame(&KeyPair::generate(), &token(&first))
        )
        .code(),
        "invitation_revoked"
    );
    let phone = join(server.address, &token(&second));
    let said = place.fails(&invite);
    let member = phone.author().to_string();
    assert!(
        said.contains(&member) && said.contains("--same-as") && said.contains("--new"),
        "{said}"
    );
    let same = place.ok(&[&invite[..], &["--same-as", &member]].concat());
    assert_eq!(join(server.address, &token(&same)).author(), phone.author());
    let new = place.ok(&[&invite[..], &["--new"]].concat());
    assert_ne!(join(server.address, &token(&new)).author(), phone.author());
    let devices = place.ok(&["device", "list"]);
    assert_eq!(devices.lines().count(), 3);
    assert!(devices.lines().all(|line| line.ends_with(CODE)), "{devices}");
    let (out, _) = server.stop();
    assert_eq!(out, "", "one line on the standard output");
}

#[test]
fn commands_work_beside_a_running_server() {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let said = place.ok(&["invite", "--village", CODE, "--name", "王芳", "--role", "leader"]);
    let mut phone = join(server.address, &token(&said));
    phone.sync();
    let copy = place.path("copy.sqlite");
    place.ok(&["backup", "--out", &copy]);
    phone.write(home(1), "phone", "15400000007");
    phone.sync();
    place.ok(&["restore", &copy]);
    assert!(place.ok(&["check"]).contains("没有问题"));
    phone.sync();
    place.ok(&["restore", &copy, "--exactly"]);
    phone.sync();
    assert!(place.ok(&["check"]).contains("没有问题"));
    for what in ["households", "people", "visits", "findings"] {
        for format in ["xlsx", "csv", "json"] {
            let out = place.path(&format!("{what}.{format}"));
            place.ok(&[
                "export",
                "--village",
                CODE,
                "--what",
                what,
                "--format",
                format,
                "--out",
                &out,
            ]);
            assert!(std::fs::metadata(&out).unwrap().len() > 0);
        }
    }
    let out = place.path("sheet.txt");
    let sheet = [
        "--period",
        "month",
        "--on",
        "2019-08-15",
        "--format",
        "text",
        "--out",
        &out,
    ];
    place.ok(&[["export", "--what", "dispatch"].as_slice(), &sheet].concat());
    assert!(
        std::fs::read_to_string(&out)
            .unwrap()
            .contains("本月调度表（2019年8月1日")
    );
    let said = place.fails(&[["export", "--village", CODE, "--what", "people"].as_slice(), &sheet].concat());
    assert!(said.contains("format_not_offered"), "{said}");
    let people = std::fs::read_to_string(place.path("people.csv")).unwrap();
    assert!(people.contains("110105********002X") && !people.contains("11010519491231002X"));
    let device = phone.me.device.to_string();
    place.ok(&["device", "revoke", &device]);
    assert_eq!(phone.send(&phone.request(Ask::Feed)).code(), "device_revoked");
    assert!(
        place
            .fails(&["device", "revoke", "nonsense"])
            .contains("device_unknown")
    );
    server.stop();
}

#[test]
fn check_fails_where_something_is_damaged() {
    let place = Place::imported();
    assert!(place.ok(&["check"]).contains("没有问题"));
    let store = bianfang_endpoint::Store::open(&bianfang_endpoint::Backend::Sqlite(place.path("data").into())).unwrap();
    store
        .write(|tx| {
            tx.execute("UPDATE feed SET running = zeroblob(32) WHERE seq = 1", [])?;
            Ok::<_, bianfang_endpoint::store::StoreError>(())
        })
        .unwrap();
    assert!(place.fails(&["check"]).contains("check_failed"));
}

#[test]
fn a_database_file_that_was_damaged_is_said_and_replaced() {
    let place = Place::imported();
    let copy = place.path("copy.sqlite");
    place.ok(&["backup", "--out", &copy]);
    let file = place.path("data/bianfang.sqlite");
    let whole = std::fs::read(&file).unwrap();
    let mut holes = whole.clone();
    holes[20_000..].fill(0);
    for (bytes, code) in [
        (holes, "store_damaged"),
        (whole[..9_000].to_vec(), "store_damaged"),
        (b"hello".to_vec(), "store_damaged"),
        (Vec::new(), "store_empty"),
    ] {
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{file}{ending}"));
        }
        std::fs::write(&file, bytes).unwrap();
        let said = place.fails(&["check"]);
        assert!(said.contains(code) && said.contains("restore"), "{said}");
        let spoilt = place.path("spoilt.sqlite");
        let said = place.fails(&["backup", "--out", &spoilt]);
        assert!(said.contains(code) && !std::path::Path::new(&spoilt).exists(), "{said}");
        let said = place.ok(&["restore", &copy, "--replace"]);
        assert!(said.contains("原来的数据库留在"), "{said}");
        assert!(place.ok(&["check"]).contains("没有问题"));
    }
}

#[test]
fn the_log_holds_nothing_of_people() {
    let place = Place::imported();
    for format in ["json", "text"] {
        let server = place.serve(&["--log", format]);
        let said = place.ok(&[
            "invite",
            "--village",
            CODE,
            "--name",
            "王芳",
            "--phone",
            "15412345678",
            "--new",
        ]);
        let token = token(&said);
        let mut phone = join(server.address, &token);
        phone.write(home(1), "address", "白果树下第三家");
        phone.sync();
        // Mistakes are logged too, and the same way.
        post(server.address, "/v1/look?secret=秘密", None, b"<html>");
        post(
            server.address,
            "/v1/look",
            None,
            &bianfang::sync::enrol::Look {
                token: "错误邀请码".into(),
            }
            .encode(),
        );
        get(server.address, "/households/秘密?name=王芳", None);
        get(
            server.address,
            &format!("/v1/pack/{}", phone.me.space),
            Some(&phone.token()),
        );
        get(
            server.address,
            &format!("/v1/pack/{}", phone.me.space),
            Some("wrong.token"),
        );
        let (_, log) = server.stop();
        for route in ["/v1/sync/{space}", "/v1/enrol", "/v1/look", "/v1/pack/{space}"] {
            assert!(log.contains(route), "{route}: {log}");
        }
        assert!(log.contains("401") && log.contains("400"), "{log}");
        let (space, member, device) = (
            phone.me.space.to_string(),
            phone.author().to_string(),
            phone.me.device.to_string(),
        );
        for personal in [
            "王芳",
            "15412345678",
            "白果",
            "秘密",
            "错误",
            "红米",
            "127.0.0.1",
            "name=",
            "secret=",
            &token,
            &phone.me.token,
            &space,
            &member,
            &device,
            "Bearer",
            "11010519491231002X",
        ] {
            let found = log
                .lines()
                .find(|line| line.contains(personal) && !line.contains("localhost:"));
            assert_eq!(found, None, "{personal}");
        }
    }
}
