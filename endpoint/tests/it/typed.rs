//! What people type wrong, and the ways in which they may type it right.

use crate::place::Place;
use crate::support::*;

/// What a command that was not understood says.
fn mistyped(place: &Place, args: &[&str]) -> String {
    let output = place.run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn mistakes_in_commands_are_said_in_chinese_too() {
    let place = Place::new();
    for (args, said) in [
        (&["nonsense"][..], "没有这个命令：nonsense"),
        (&["village", "import"], "少了：--data <DIR>、<FILE>"),
        (&["check", "--dat", "x"], "没有这个参数：--dat"),
        (
            &[
                "export",
                "--village",
                CODE,
                "--what",
                "pepl",
                "--out",
                "x",
                "--data",
                "x",
            ],
            "--what <WHAT> 写得不对：pepl",
        ),
        (
            &[
                "invite",
                "--village",
                CODE,
                "--name",
                "王芳",
                "--same-as",
                "1",
                "--new",
                "--data",
                "x",
            ],
            "--same-as <ID> 不能和 --new 一起用",
        ),
        (&["serve", "--data", "x", "--listen", "village"], "应写成 IP:端口"),
        (
            &["serve", "--data", "x", "--base-url", "bf.example.org"],
            "应写成 https://域名",
        ),
        (
            &["serve", "--data", "x", "--tls-cert", "x.pem"],
            "少了：--tls-key <FILE>",
        ),
    ] {
        let found = mistyped(&place, args);
        assert!(found.contains(said), "{args:?}: {found}");
    }
    assert!(!std::path::Path::new("x").exists());
}

#[test]
fn roles_are_named_in_either_language() {
    let place = Place::imported();
    for role in ["leader", "Leader", "班长", "第一书记", "队长", "村医", "督查员"] {
        place.ok(&["invite", "--village", CODE, "--name", role, "--role", role]);
    }
    let said = place.fails(&["invite", "--village", CODE, "--name", "王芳", "--role", "村民"]);
    assert!(said.contains("role_unknown") && said.contains("member 队员"), "{said}");
}

#[test]
fn an_address_for_links_is_checked_before_it_is_remembered() {
    let place = Place::imported();
    let invite = ["invite", "--village", CODE, "--name", "王芳"];
    for wrong in [
        "bf.example.org",
        "https://",
        "https:// x",
        "https://bf.example.org/#/",
        "ftp://x",
    ] {
        let mut args = invite.to_vec();
        let data = place.path("data");
        args.extend(["--data", &data, "--base-url", wrong]);
        mistyped(&place, &args);
    }
    let said = place.ok(&[&invite[..], &["--base-url", "https://bf.example.org:8443/bf/"]].concat());
    assert!(said.contains("https://bf.example.org:8443/bf/#/join?i="), "{said}");
    let (_, said) = place.serve(&["--log", "off"]).stop();
    assert!(
        said.contains("邀请链接用这个网址：https://bf.example.org:8443/bf") && !said.contains("--tls-cert"),
        "{said}"
    );
}

#[test]
fn files_that_cannot_be_written_are_named() {
    let place = Place::imported();
    let gone = place.path("gone/copy.sqlite");
    assert!(place.fails(&["backup", "--out", &gone]).contains(&gone));
    let gone = place.path("gone/x.xlsx");
    let said = place.fails(&["export", "--village", CODE, "--what", "people", "--out", &gone]);
    assert!(said.contains("file_unwritable") && said.contains(&gone), "{said}");
}

#[test]
fn a_port_that_is_taken_and_a_folder_that_is_none_are_said() {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let taken = server.address.to_string();
    let said = place.fails(&["serve", "--listen", &taken]);
    assert!(said.contains("serve_listen") && said.contains(&taken), "{said}");
    let file = place.path("file");
    std::fs::write(&file, "x").unwrap();
    let output = place.run(&["serve", "--data", &file, "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("store_file"));
    server.stop();
}

#[test]
fn a_server_without_a_village_says_so() {
    let place = Place::new();
    let server = place.serve(&["--log", "off"]);
    // It has said everything by the time it answers to be stopped.
    get(server.address, "/healthz", None);
    let (_, said) = server.stop();
    assert!(said.contains("还没有村"), "{said}");
}

#[test]
fn villages_without_a_code_are_given_one_each() {
    let place = Place::new();
    let file = place.path("两村.csv");
    let rows = "行政村,姓名,与户主关系,身份证号\n甲坪村,赵六,户主,\n甲坪村,赵七,之子,\n乙坪村,钱八,户主,\n";
    std::fs::write(&file, rows).unwrap();
    let said = place.fails(&["village", "import", &file]);
    assert!(
        said.contains("village_code_missing") && said.contains("--village 甲坪村=村编码 --village 乙坪村=村编码"),
        "{said}"
    );
    assert!(!std::path::Path::new(&place.path("data")).exists());
    for wrong in ["甲坪村=43059910020", "甲坪村", "4305991002X1"] {
        assert!(
            place
                .fails(&["village", "import", &file, "--village", wrong])
                .contains("village_code")
        );
    }
    let said = place.fails(&["village", "import", &file, "--village", "丙坪村=430599100201"]);
    assert!(
        said.contains("village_not_in_file") && said.contains("甲坪村"),
        "{said}"
    );
    let one = ["--village", "甲坪村=430599100201"];
    place.ok(&[
        &["village", "import", &file][..],
        &one,
        &["--village", "乙坪村=430599100202"],
    ]
    .concat());
    let listed = place.ok(&["village", "list"]);
    assert!(
        listed.contains("430599100201\t甲坪村\t1户") && listed.contains("430599100202\t乙坪村\t1户"),
        "{listed}"
    );
    // A village whose household numbers have the code from before it was merged.
    let merged = place.path("并村.csv");
    std::fs::write(&merged, "户编号,姓名,与户主关系\n4305991002090001,周九,户主\n").unwrap();
    let said = place.fails(&["village", "import", &merged, "--village", "430599100203"]);
    assert!(
        said.contains("village_not_in_file") && said.contains("430599100209"),
        "{said}"
    );
    place.ok(&["village", "import", &merged, "--village", "430599100209=430599100203"]);
    // Next time they are known by their names.
    let again = place.ok(&["village", "import", &file]);
    assert_eq!(again.matches("不变：1户").count(), 2, "{again}");
}

/// A limit on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn an_import_that_breaks_off_says_how_far_it_came_and_goes_on() {
    let place = Place::new();
    let file = place.path("大村.csv");
    let mut rows = "户编号,姓名,与户主关系,住址\n".to_owned();
    for number in 0..400 {
        let address = "山路十八弯".repeat(20);
        rows.push_str(&format!("422822104299{number:04},户{number},户主,{address}{number}\n"));
    }
    std::fs::write(&file, rows).unwrap();
    let data = place.path("data");
    let limited = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 700; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_bianfang"),
        ])
        .args(["village", "import", &file, "--data", &data, "--lang", "zh"])
        .output()
        .unwrap();
    let said = String::from_utf8(limited.stderr).unwrap();
    assert!(!limited.status.success());
    assert!(
        said.contains("导入中断：400户中前") && !said.contains("前0户"),
        "{said}"
    );
    assert!(place.ok(&["check"]).contains("没有问题"));
    let said = place.ok(&["village", "import", &file]);
    assert!(said.contains("已写入"), "{said}");
    assert!(place.ok(&["village", "list"]).contains("\t400户\t"));
}
