//! The records of a form as the desk exports them: a column for each question, a table for each repeated part.

use crate::command_line::{join, token};
use crate::place::Place;
use crate::support::*;
use bianfang::base::id::RecordId;
use bianfang::doc::{At, DocKind, Put};
use bianfang::form::instance::counted_id;
use bianfang_endpoint::forms;
use serde_json::{Value, json};

const FORM: &str = "
| survey |
| | type | name | label::中文 | label::English | relevant | calculation | repeat_count |
| | today | day | | | | | |
| | note | hello | 你好 | Hello | | | |
| | image | front | 正面 | Front | | | |
| | begin group | home | 住房 | Home | | | |
| | select_one grade | grade | 等级 | Grade | | | |
| | text | why | 为什么 | Why | ${grade} = 'd' | | |
| | end group | | | | | | |
| | text | card | 证件 | Card | | | |
| | decimal | area | 面积 | Area | | | |
| | select_multiple grade | seen | 都看了 | Seen | | | |
| | date | when | 哪天 | When | | | |
| | begin repeat | member | 成员 | Member | | | |
| | integer | age | 几岁 | Age | | | |
| | calculate | old | | | | if(${age} >= 60, 1, 0) | |
| | end repeat | | | | | | |
| | calculate | olds | 老人数 | Old | | sum(${old}) | |
| | integer | rooms | 几间 | Rooms | | | |
| | begin repeat | room | 房间 | Room | | | ${rooms} |
| | integer | width | 宽 | Width | | | |
| | end repeat | | | | | | |

| choices |
| | list_name | name | label::中文 | label::English |
| | grade | a | A级 | Grade A |
| | grade | d | D级 | Grade D |

| settings |
| | form_id | version | form_title | default_language |
| | house | 1 | 住房 | 中文 |
";

fn record(number: u8, source: &str, more: &[(&str, &str)]) -> Put {
    let fields = [
        ("form", "house"),
        ("version", "1"),
        ("source", source),
        ("on", "2019-08-15"),
    ];
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).into());
    Put::Create {
        at: At::table("records", RecordId([number; 16])),
        fields: fields.iter().chain(more).map(text).collect(),
        notes: Vec::new(),
    }
}

fn exported(place: &Place, out: &str, more: &[&str]) -> String {
    let out = place.path(out);
    let args = ["export", "--what", "records", "--form", "house", "--out", &out];
    place.ok(&[&args[..], more].concat());
    out
}

/// A village with a form of one version and records made with it.
fn recorded() -> Place {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let file = place.path("house.md");
    std::fs::write(&file, FORM).unwrap();
    place.ok(&["form", "publish", &file, "--all"]);
    let said = place.ok(&["invite", "--village", CODE, "--name", "王芳", "--role", "leader"]);
    let mut phone = join(server.address, &token(&said));
    phone.sync();
    let of = |kind| {
        let mut found = phone.documents.values().filter(move |one| one.kind() == kind);
        found.next().unwrap().id()
    };
    let (home, source) = (of(DocKind::Household), of(DocKind::Form).to_string());
    let person = *phone.documents[&home].records("persons").keys().next().unwrap();
    let (first, second) = (RecordId([1; 16]).to_string(), RecordId([2; 16]).to_string());
    let room = counted_id("/room", 2).to_string();
    let (ages, rooms): (Vec<String>, Vec<String>) = (
        vec![
            format!("answer/member/{second}/age"),
            format!("answer/member/{first}/age"),
        ],
        vec![format!("instance/member/{first}"), format!("instance/member/{second}")],
    );
    let width = format!("answer/room/{room}/width");
    let about = person.to_string();
    let photos = [1, 2, 3].map(|digit| digit.to_string().repeat(64));
    let front = photos.each_ref().map(|photo| format!("answer/front/{photo}"));
    let kept = format!("{}:1565830800000:200000", "f".repeat(64));
    let full = vec![
        ("about", about.as_str()),
        ("made/day", "2019-08-15"),
        ("answer/home/grade", "d"),
        ("answer/home/why", "=墙裂了"),
        ("answer/card", "11010519491231002X"),
        ("answer/area", "80.5"),
        ("answer/seen", "a d"),
        ("answer/when", "2019-08-01"),
        (&ages[0], "7"),
        (&ages[1], "61"),
        ("answer/rooms", "2"),
        (&front[0], &kept),
        (&front[1], ""),
        (&front[2], &kept),
        (&width, "3"),
    ];
    let puts = vec![
        record(1, &source, &full),
        // No grade d any more: what was written of it stays stored, and is not told.
        record(2, &source, &[("answer/home/grade", "a"), ("answer/home/why", "旧的")]),
        record(3, &source, &[("void/reason", "填错了"), ("answer/home/grade", "a")]),
        record(4, &source, &[("form", "another")]),
    ];
    let set = |(number, place): (u8, &String)| Put::Value {
        at: At::table("records", RecordId([number; 16])),
        key: place.clone(),
        value: 1.into(),
    };
    let done = [(1, "done".to_owned()), (1, rooms[0].clone()), (1, rooms[1].clone())];
    let removed = Put::Value {
        at: At::table("records", RecordId([1; 16])),
        key: format!("instance/member/{}", RecordId([3; 16])),
        value: 0.into(),
    };
    phone.edit(DocKind::Household, home, puts);
    let marks = done.iter().map(|(number, key)| set((*number, key)));
    phone.edit(DocKind::Household, home, marks.chain([removed]).collect());
    phone.sync();
    server.stop();
    place
}

#[test]
fn a_ledger_has_a_column_for_each_question_and_a_table_for_each_repeat() {
    let place = recorded();
    let json_file = exported(&place, "records.json", &["--format", "json", "--village", CODE]);
    let all: Value = serde_json::from_slice(&std::fs::read(json_file).unwrap()).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    let full = &all[0];
    // By the names under which the endpoint keeps their files; one that was taken out again is out.
    assert_eq!(
        full["front"],
        json!([1, 3].map(|digit| digit.to_string().repeat(64)).join(" "))
    );
    for (key, value) in [
        ("village_code", json!(CODE)),
        ("head", json!("王建国")),
        ("about", json!("王建国")),
        ("on", json!("2019-08-15")),
        ("by", json!("王芳")),
        ("version", json!("1")),
        ("done", json!("是")),
        ("home/grade", json!("D级")),
        ("home/why", json!("=墙裂了")),
        ("card", json!("110105********002X")),
        ("area", json!(80.5)),
        ("seen", json!("A级、D级")),
        ("when", json!("2019-08-01")),
        ("olds", json!(1)),
        ("rooms", json!(2)),
    ] {
        assert_eq!(full[key], value, "{key}: {full}");
    }
    assert!(full.get("day").is_none() && full.get("hello").is_none(), "{full}");
    let ages: Vec<&Value> = full["member"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["age"])
        .collect();
    assert_eq!(ages, [61, 7]);
    assert_eq!(
        (&full["member"][0]["old"], &full["member"][1]["old"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(full["room"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&full["room"][0]["number"], &full["room"][1]["width"]),
        (&json!(1), &json!(3))
    );
    let other = &all[1];
    assert_eq!(
        (&other["home/grade"], other.get("home/why"), &other["done"]),
        (&json!("A级"), None, &json!("否"))
    );

    let csv = exported(
        &place,
        "records.csv",
        &["--format", "csv", "--meta", "--full-id", "--lang", "en"],
    );
    let text = std::fs::read_to_string(&csv).unwrap();
    let first = text.lines().next().unwrap();
    assert!(
        first.contains("Filled in by") && first.contains("day,") && first.contains("Grade,Why,Card"),
        "{first}"
    );
    assert!(
        text.contains("11010519491231002X") && text.contains("'=墙裂了") && text.contains("Grade D"),
        "{text}"
    );
    let inside = std::fs::read_to_string(place.path("records.member.csv")).unwrap();
    assert_eq!(inside.lines().count(), 3, "{inside}");
    assert!(std::path::Path::new(&place.path("records.room.csv")).exists());

    let xlsx = exported(&place, "records.xlsx", &[]);
    let sheets = forms::sheets(&std::fs::read(xlsx).unwrap()).unwrap();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["house", "成员", "房间"]);
}

#[test]
fn a_form_that_nobody_published_and_arguments_that_miss_one_are_said() {
    let place = recorded();
    let out = place.path("x.xlsx");
    let export = |form: &str| ["export", "--what", "records", "--form", form, "--out", &out].map(str::to_owned);
    let args = export("gone");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    assert!(place.fails(&args).contains("form_unknown"));
    assert!(!std::path::Path::new(&out).exists());
    assert!(
        !place
            .data(&["export", "--what", "records", "--out", &out])
            .status
            .success()
    );
    assert!(
        !place
            .data(&["export", "--what", "people", "--out", &out])
            .status
            .success()
    );
}

#[test]
fn a_form_about_visits_is_told_with_the_visits_and_as_records_of_its_own() {
    let place = Place::imported();
    let server = place.serve(&["--log", "off"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/t01-six-checks.md");
    place.ok(&["form", "publish", file, "--all"]);
    let said = place.ok(&["invite", "--village", CODE, "--name", "王芳", "--role", "leader"]);
    let mut phone = join(server.address, &token(&said));
    phone.sync();
    let of = |kind| {
        let mut found = phone.documents.values().filter(move |one| one.kind() == kind);
        found.next().unwrap().id()
    };
    let (home, source) = (of(DocKind::Household), of(DocKind::Form).to_string());
    let visit = |number: u8, on: &str, more: &[(&str, &str)]| {
        let fields = [("on", on), ("home", "at_home"), ("check/water", "unmet")];
        let text = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).into());
        Put::Create {
            at: At::table("visits", RecordId([number; 16])),
            fields: fields.iter().chain(more).map(text).collect(),
            notes: vec![("words".to_owned(), "水不够吃".to_owned())],
        }
    };
    let asked = [
        ("form", "t01"),
        ("version", "3"),
        ("source", source.as_str()),
        ("answer/water_why", "泉水干了"),
    ];
    // One that was made without the form, and one with it.
    let puts = vec![visit(1, "2019-08-01", &[]), visit(2, "2019-08-15", &asked)];
    phone.edit(DocKind::Household, home, puts);
    phone.sync();
    server.stop();
    let rows = |what: &[&str]| -> Value {
        let out = place.path("out.json");
        place.ok(&[&["export", "--village", CODE, "--out", &out, "--format", "json"], what].concat());
        serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap()
    };
    let visits = rows(&["--what", "visits"]);
    let told: Vec<&Value> = visits
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["answer/water_why"])
        .collect();
    assert_eq!(told, [&Value::Null, &json!("泉水干了")], "{visits}");
    assert_eq!(visits[1]["check/water"], json!("不达标"));
    assert!(
        visits[1].get("answer/water").is_none() && visits[1].get("source").is_none(),
        "{visits}"
    );
    let records = rows(&["--what", "records", "--form", "t01"]);
    assert_eq!(records.as_array().unwrap().len(), 1, "{records}");
    for (key, value) in [
        ("water", "不达标"),
        ("water_why", "泉水干了"),
        ("words", "水不够吃"),
        ("verdict", "unmet"),
        ("by", "王芳"),
        ("version", "3"),
    ] {
        assert_eq!(records[0][key], json!(value), "{key}: {records}");
    }
}
