//! The sheet of a period and the ledger with the course of each finding: by the desk's own hand, and asked for by phones.

use crate::support::*;
use bianfang::base::id::{DocId, RecordId, SpaceId};
use bianfang::doc::{At, DocKind, Put, step_put};
use bianfang::indicator::{Cadence, Period};
use bianfang::ledger::Event;
use bianfang::register::words::Language;
use bianfang::sync::log::Role;
use bianfang_endpoint::entropy;
use bianfang_endpoint::export::{self, Cell, Options, Table, What, dispatch};
use bianfang_endpoint::store::space;

fn own(values: &[(&str, &str)]) -> Vec<Put> {
    let put = |(key, value): &(&str, &str)| Put::Value {
        at: At::Own,
        key: (*key).into(),
        value: (*value).into(),
    };
    values.iter().map(put).collect()
}

/// One step of a finding by whoever holds the phone, who has seen all before.
fn step(phone: &mut Phone, finding: DocId, kind: &str, role: &str, on: &str, fields: &[(&str, &str)]) {
    let event = Event {
        id: RecordId(entropy::random()),
        kind: kind.into(),
        author: None,
        role: role.into(),
        on: on.parse().ok(),
        procedure: "finding".into(),
        version: 1,
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect(),
        seen: Vec::new(),
    };
    phone.edit(DocKind::Finding, finding, vec![step_put(&event)]);
    phone.sync();
}

/// A family that was visited and one that was not; a finding past its due date, and one of a petition.
fn worked(world: &World) -> [Phone; 2] {
    let mut zhou = world.phone("周明", Role::Leader);
    let mut chen = world.phone("陈立", Role::Member);
    for number in [1, 2] {
        zhou.edit(
            DocKind::Household,
            home(number),
            own(&[("number", "1"), ("group", "1组")]),
        );
    }
    let visit = At::table("visits", RecordId(entropy::random()));
    let fields = [("on", "2017-05-23"), ("kind", "结对走访"), ("home", "at_home")];
    let fields = fields.map(|(key, value)| (key.to_owned(), value.into()));
    zhou.edit(
        DocKind::Household,
        home(1),
        vec![Put::Create {
            at: visit,
            fields: fields.to_vec(),
            notes: Vec::new(),
        }],
    );
    let household = home(1).to_string();
    let found = [
        ("category", "住房"),
        ("words", "厨房裂缝"),
        ("found_on", "2017-04-25"),
        ("household", &household),
    ];
    zhou.edit(DocKind::Finding, home(8), own(&found));
    let petition = [
        ("category", "信访"),
        ("words", "反映土地"),
        ("found_on", "2017-05-24"),
        ("source", "信访"),
    ];
    zhou.edit(DocKind::Finding, home(9), own(&petition));
    zhou.sync();
    chen.sync();
    let owner = chen.author().to_string();
    let assigned = [("lead_dept", "住建"), ("owner", owner.as_str()), ("due", "2017-05-25")];
    step(&mut zhou, home(8), "assigned", "leader", "2017-04-26", &assigned);
    chen.sync();
    step(&mut chen, home(8), "accepted", "member", "2017-04-27", &[]);
    step(
        &mut chen,
        home(8),
        "requested",
        "member",
        "2017-05-22",
        &[("after/a", "1")],
    );
    zhou.sync();
    step(
        &mut zhou,
        home(8),
        "passed",
        "leader",
        "2017-05-23",
        &[("mode", "实地")],
    );
    [zhou, chen]
}

fn text(table: &Table, row: usize, key: &str) -> String {
    let column = table.columns.iter().position(|column| column.key == key);
    let column = column.unwrap_or_else(|| panic!("no column {key}: {:?}", table.columns));
    table.rows[row].get(&column).map(Cell::to_text).unwrap_or_default()
}

fn sheets(world: &World, on: &str) -> Vec<dispatch::OfVillage> {
    let store = &world.running().endpoint.store;
    let villages = store.read(|tx| space::list(tx)).unwrap();
    let on = on.parse().unwrap();
    let period = Period::around(Cadence::Week, on);
    dispatch::sheets(store, &villages, period, on, |_, _| ()).unwrap()
}

#[test]
fn the_ledger_says_when_each_step_was_and_whether_it_was_in_time() {
    let world = World::new();
    let _phones = worked(&world);
    let options = Options {
        language: Language::Zh,
        full_id: false,
        today: "2017-06-30".parse().unwrap(),
    };
    let store = &world.running().endpoint.store;
    let table = export::table(store, world.space, What::Findings, options, |_, _| ()).unwrap();
    let of = |row: usize, keys: &[&str]| keys.iter().map(|key| text(&table, row, key)).collect::<Vec<_>>();
    let row = (0..2).find(|row| text(&table, *row, "category") == "住房").unwrap();
    assert_eq!(of(row, &["state", "lead_dept", "owner"]), ["待回访", "住建局", "陈立"]);
    assert_eq!(of(row, &["due", "first_due"]), ["2017-05-25", "2017-05-25"]);
    let steps = ["assigned", "accepted", "requested", "passed", "revisited", "signed_off"];
    let days = ["2017-04-26", "2017-04-27", "2017-05-22", "2017-05-23", "", ""];
    assert_eq!(of(row, &steps), days);
    let ends = ["closed_on", "days", "late_days", "in_time"];
    assert_eq!(of(row, &ends), ["", "66", "36", ""]);
    // Nothing that is sensitive stands in what is handed round.
    assert_eq!(
        of(1 - row, &["category", "source", "state", "days"]),
        ["其他", "其他", "待交办", "37"]
    );
    assert_eq!(of(1 - row, &ends[2..]), ["", ""]);
}

#[test]
fn a_sheet_is_counted_for_each_village_and_for_all() {
    let world = World::new();
    let _phones = worked(&world);
    let _elsewhere = world.phone_elsewhere("李强");
    let made = sheets(&world, "2017-05-26");
    let here = made.iter().find(|one| one.code == CODE).unwrap();
    let sheet = &here.sheet;
    assert_eq!((sheet.visited.part, sheet.visited.whole), (1, 2));
    assert_eq!((sheet.found, sheet.signed_off, sheet.open, sheet.overdue), (1, 0, 2, 1));
    assert_eq!(sheet.hardest(Language::Zh), "住房 1、其他 1");
    // The phones asked long after that day.
    assert_eq!((here.behind.as_slice(), here.unreadable), ([].as_slice(), 0));
    let table = dispatch::table(&made, Language::Zh);
    assert_eq!(table.rows.len(), 3);
    assert_eq!(
        [text(&table, 2, "village"), text(&table, 2, "households")],
        ["合计", "2"]
    );
    assert!(dispatch::text(&made, Language::Zh).contains("【白果村】本周调度表"));
}

#[test]
fn a_phone_that_was_quiet_is_named_with_its_days() {
    let world = World::new();
    let _phones = worked(&world);
    world.pass(9 * DAY_MS);
    let mut zhou = world.phone("吴兰", Role::Member);
    zhou.sync();
    let made = sheets(&world, "2019-08-24");
    let behind: Vec<_> = made[0].behind.iter().map(|one| (one.name.as_str(), one.days)).collect();
    assert_eq!(behind, [("周明", Some(9)), ("陈立", Some(9))]);
}

#[test]
fn workbooks_are_for_those_who_lead() {
    let world = World::new();
    let [zhou, chen] = worked(&world);
    let ask = |phone: &Phone, space: SpaceId, what: &str| {
        let path = format!("/v1/export/{space}/{what}/zh/week/2017-05-26");
        get(world.address, &path, Some(&phone.token()))
    };
    for what in ["dispatch", "findings"] {
        let reply = ask(&zhou, world.space, what);
        assert_eq!((reply.status, &reply.body[..2]), (200, b"PK".as_slice()));
        assert_eq!(reply.headers["content-type"], "application/vnd.bianfang");
        let reply = ask(&chen, world.space, what);
        assert_eq!((reply.status, reply.code().as_str()), (403, "not_allowed"));
    }
    assert_eq!(ask(&zhou, world.space, "people").status, 404);
    assert_eq!(ask(&zhou, SpaceId([7; 16]), "dispatch").status, 404);
    let path = format!("/v1/export/{}/dispatch/zh/year/2017-05-26", world.space);
    assert_eq!(get(world.address, &path, Some(&zhou.token())).status, 404);
    assert_eq!(get(world.address, &path.replace("year", "week"), None).status, 401);
}
