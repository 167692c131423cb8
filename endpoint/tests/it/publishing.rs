//! Forms on their way to the phones: published, published again, refused, withdrawn, and what a phone then holds.

use crate::command_line::{join, token};
use crate::place::{Place, ROSTER};
use crate::support::*;
use bianfang::base::id::{DocId, SpaceId};
use bianfang::doc::{DocKind, Put, form_id, source_of, source_puts, village_id};
use bianfang::form::{read, source};
use bianfang::indicator::campaign::Set;
use bianfang::ledger::tables;
use bianfang::sync::wire::{Ask, RefusalCode};

const OTHER: &str = "422822104300";

/// A form with a list beside it, in this version.
fn form(place: &Place, version: &str, question: &str) -> String {
    let text = format!(
        "\n| survey |\n| | type | name | label |\n| | select_one_from_file wells.csv | well | {question} |\n\
         | | select_one_from_file persons.csv | who | 谁去？ |\n\n\
         | settings |\n| | form_id | version | form_title |\n| | water | {version} | 饮水安全 |\n"
    );
    let file = place.path("water.md");
    std::fs::write(&file, text).unwrap();
    let media = place.path("media");
    std::fs::create_dir_all(&media).unwrap();
    for (name, rows) in [
        ("wells.csv", "name,label\nw1,东井\nw2,西井\n"),
        // Not named by the form, and filled by the phone from the register.
        ("unused.csv", "name,label\nx,没有用到\n"),
        ("persons.csv", "name,label\nx,桌上试填用的人\n"),
    ] {
        std::fs::write(format!("{media}/{name}"), rows).unwrap();
    }
    file
}

fn two_villages() -> Place {
    let place = Place::imported();
    let file = place.path("下村.csv");
    std::fs::write(&file, ROSTER.replace("4228221042990001", "4228221043000001")).unwrap();
    place.ok(&["village", "import", &file, "--village", OTHER, "--name", "下村"]);
    place
}

fn phone(place: &Place, server: &crate::place::Server) -> Phone {
    let said = place.ok(&["invite", "--village", CODE, "--name", "王芳", "--role", "leader"]);
    let mut phone = join(server.address, &token(&said));
    phone.sync();
    phone
}

fn forms_of(phone: &Phone) -> Vec<(DocId, String)> {
    let forms = phone.documents.values().filter(|one| one.kind() == DocKind::Form);
    forms
        .map(|one| (one.id(), source_of(one, phone.me.space).unwrap()))
        .collect()
}

#[test]
fn a_form_that_is_published_reaches_the_phone_with_its_lists_beside_a_running_server() {
    let place = two_villages();
    let server = place.serve(&["--log", "off"]);
    let mut phone = phone(&place, &server);
    let file = form(&place, "1", "哪口井？");
    let media = place.path("media");
    let publish = ["form", "publish", &file, "--media", &media, "--village", CODE];
    let said = place.ok(&publish);
    assert!(said.contains("饮水安全") && said.contains("已发布"), "{said}");
    phone.sync();
    let held = forms_of(&phone);
    assert_eq!(held.len(), 1);
    let source = &held[0].1;
    assert!(source.contains("哪口井？") && source.contains("东井"), "{source}");
    assert!(!source.contains("没有用到") && !source.contains("桌上试填"), "{source}");
    let (sheets, files) = source::read(source).unwrap();
    assert_eq!(read::read(&sheets, &files).form.unwrap().title, "饮水安全");
    let village = &phone.documents[&village_id(phone.me.space)];
    let lines = village.records("forms");
    let line = lines.values().next().unwrap();
    assert_eq!((line.text("form"), line.text("version")), ("water".into(), "1".into()));
    assert_eq!(line.text("document"), held[0].0.to_string());

    // The same again is said, and writes nothing.
    let changes = |place: &Place| place.ok(&["village", "list"]);
    let before = changes(&place);
    assert!(place.ok(&publish).contains("已经发布过，没有改动"));
    assert_eq!(changes(&place), before);
    // Another content under the same version is refused, in this village; the other one gets it.
    form(&place, "1", "哪一口井？");
    assert!(place.fails(&publish).contains("form_version_taken"));
    assert_eq!(changes(&place), before);
    let all = place.data(&["form", "publish", &file, "--media", &media, "--all"]);
    assert!(!all.status.success());
    let (said, told) = (
        String::from_utf8(all.stdout).unwrap(),
        String::from_utf8(all.stderr).unwrap(),
    );
    assert!(
        said.contains(&format!("{OTHER}\t下村\t已发布")) && !said.contains("白果村"),
        "{said}"
    );
    assert!(
        told.contains("请换版本号") && told.contains("villages_failed"),
        "{told}"
    );

    // A new version is the current one; going back needs a new version too.
    form(&place, "2", "哪一口井？");
    place.ok(&publish);
    form(&place, "1", "哪口井？");
    assert!(place.ok(&publish).contains("换一个版本号"));
    let listed = place.ok(&["form", "list", "--village", CODE]);
    let standing: Vec<&str> = listed.lines().map(|line| line.rsplit('\t').next().unwrap()).collect();
    assert_eq!(standing, ["已有新版本", "在用"]);
    phone.sync();
    assert_eq!(forms_of(&phone).len(), 2);

    let said = place.ok(&["form", "withdraw", "water", "--village", CODE]);
    assert!(said.contains("已停用"), "{said}");
    assert!(
        place
            .fails(&["form", "withdraw", "wells", "--all"])
            .contains("form_unknown")
    );
    phone.sync();
    assert_eq!(forms_of(&phone).len(), 2, "what was filled in can still be read");
    form(&place, "2", "哪一口井？");
    assert!(place.ok(&publish).contains("重新启用"));
    let listed = place.ok(&["form", "list", "--lang", "en"]);
    assert!(
        listed.contains("water\t2\t饮水安全") && listed.contains("in use"),
        "{listed}"
    );
    assert!(place.ok(&["check"]).contains("没有问题"));
    server.stop();
}

#[test]
fn what_cannot_be_published_is_said_with_its_remedy_and_nothing_is_written() {
    let place = Place::imported();
    let before = place.ok(&["village", "list"]);
    let file = place.path("form.md");
    let survey = "\n| survey |\n| | type | name | label |\n| | text | a | 甲 |\n";
    let settings = |columns: &str, values: &str| format!("{survey}\n| settings |\n| | {columns} |\n| | {values} |\n");
    let choices = "| | list_name | name | label |\n".to_owned()
        + &(0..8000)
            .map(|number| format!("| | l | c{number} | {} |\n", "长".repeat(30)))
            .collect::<String>();
    let long = settings("form_id | version", "x | 1") + "\n| choices |\n" + &choices;
    for (text, code) in [
        (survey.to_owned(), "form_no_id"),
        (settings("form_id | form_title", "x | 甲"), "form_no_version"),
        (settings("version", "1"), "form_no_id"),
        (long, "form_too_long"),
        (survey.replace("text", "hologram"), "form_mistakes"),
        (String::new(), "[file"),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = place.fails(&["form", "publish", &file, "--village", CODE]);
        assert!(
            said.contains(code) || code == "[file" && said.contains('['),
            "{code}: {said}"
        );
    }
    std::fs::write(&file, settings("form_id | version", "x | 1")).unwrap();
    assert!(
        place
            .fails(&["form", "publish", &file, "--village", "999"])
            .contains("village_unknown")
    );
    assert!(!place.data(&["form", "publish", &file]).status.success());
    assert_eq!(place.ok(&["village", "list"]), before);
    assert_eq!(place.ok(&["form", "list"]), "");
}

#[test]
fn a_form_written_by_a_member_is_refused_and_so_is_what_a_member_adds_to_one() {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let file = form(&place, "1", "哪口井？");
    place.ok(&[
        "form",
        "publish",
        &file,
        "--media",
        &place.path("media"),
        "--village",
        CODE,
    ]);
    let mut phone = phone(&place, &server);
    let before = forms_of(&phone);
    let forged = |space: SpaceId| form_id(space, &source::digest("bianfang form 1\n"));
    let id = forged(phone.me.space);
    let puts: Vec<Put> = source_puts("bianfang form 1\n").concat();
    phone.edit(DocKind::Form, id, puts.clone());
    phone.edit(DocKind::Form, before[0].0, puts);
    let response = phone.ask(&phone.request(Ask::Feed));
    let refused: Vec<RefusalCode> = response.refusals.iter().map(|one| one.code).collect();
    assert_eq!(refused, [RefusalCode::NotAllowed, RefusalCode::NotAllowed]);
    // Another phone gets the form as it was published, and nothing else.
    let said = place.ok(&["invite", "--village", CODE, "--name", "李强"]);
    let mut other = join(server.address, &token(&said));
    other.sync();
    assert_eq!(forms_of(&other), before);
    server.stop();
}

#[test]
fn what_the_county_sets_for_a_village_reaches_its_phones() {
    let place = two_villages();
    let odd = ["village", "set", "--village", CODE, "--region", "damp"];
    assert!(place.fails(&odd).contains("region_unknown"));
    let odd = ["village", "set", "--village", CODE, "--sweep-blocks", "maybe"];
    assert!(place.fails(&odd).contains("answer_unknown"));
    let set = ["village", "set", "--all", "--region", "dry", "--sweep-blocks", "yes"];
    assert_eq!(place.ok(&set).matches("已设好").count(), 2);
    assert_eq!(place.ok(&set).matches("没有改动").count(), 2);
    let server = place.serve(&["--log", "off"]);
    let phone = phone(&place, &server);
    let village = &phone.documents[&village_id(phone.me.space)];
    assert_eq!(village.own().text("region"), "dry");
    assert_eq!(village.own().text("sweep_blocks_parent"), "是");
    server.stop();
}

#[test]
fn a_set_of_campaigns_is_checked_and_reaches_the_phones() {
    const SET: &str = include_str!("../../../packs/campaigns/six-clearances.md");
    let place = two_villages();
    let file = place.path("clearances.md");
    std::fs::write(&file, SET.replace("2019-09-30", "2019-05-30")).unwrap();
    let publish = ["campaign", "publish", &file, "--village", CODE];
    // Nothing is published of a set with a mistake.
    assert!(place.fails(&publish).contains("campaign_mistakes"));
    std::fs::write(&file, SET).unwrap();
    let checked = place.run(&["campaign", "check", &file]);
    assert!(checked.status.success() && String::from_utf8(checked.stdout).unwrap().contains("6项"));
    assert!(place.ok(&publish).contains("已发布"));
    assert!(place.ok(&publish).contains("已经发布过，没有改动"));
    let server = place.serve(&["--log", "off"]);
    let phone = phone(&place, &server);
    let held = forms_of(&phone);
    let read = |text: &str| Set::read(&tables::read(text));
    assert_eq!((held.len(), read(&held[0].1)), (1, read(SET)));
    let lists = |what: &str| place.ok(&[what, "list", "--village", CODE]);
    // It is no form.
    assert_eq!(lists("form"), "");
    let listed = lists("campaign");
    assert!(
        listed.contains("six_clearances\t2019-1\t六个清零") && listed.trim_end().ends_with("在用"),
        "{listed}"
    );
    place.ok(&["campaign", "withdraw", "six_clearances", "--village", CODE]);
    assert!(lists("campaign").contains("已停用"));
    server.stop();
}

#[test]
fn what_the_rules_for_the_data_find_is_told_with_what_to_do() {
    let place = Place::imported();
    let said = place.ok(&["quality", "--village", CODE]);
    let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split('\t').collect()).collect();
    let of = |rule: &str| {
        lines
            .iter()
            .find(|line| line[0] == rule)
            .unwrap_or_else(|| panic!("no {rule}: {said}"))
    };
    assert_eq!(
        of("DQ06")[5..9],
        ["王建国", "王建国", "健康状况没有填", "问清楚，看残疾证"]
    );
    assert!(lines.iter().any(|line| line[..2] == ["DQ09", "查不了"]));
    let out = place.path("quality.csv");
    place.ok(&["quality", "--village", CODE, "--out", &out]);
    let table = std::fs::read_to_string(&out).unwrap();
    assert_eq!(table.trim_end().lines().count(), lines.len() + 1);
}
