//! Ledgers of real work: imported, edited on phones, exported.

use crate::support::*;
use bianfang::base::id::{DocId, RecordId};
use bianfang::doc::{At, DocKind, Document, Put, Scalar};
use bianfang::register::words::Language;
use bianfang::sync::log::Role;
use bianfang_endpoint::entropy;
use bianfang_endpoint::export::{self, Cell, Options, Table, What};
use bianfang_endpoint::import::Import;
use bianfang_endpoint::roster;

const ROSTER: &str = "\
户编号,组,姓名,与户主关系,证件号码,联系电话,住房等级,健康状况,务工所在地,务工时间（月）,帮扶责任人,是否参加城乡居民基本医疗保险\n\
4228221042990002,10,刘大山,户主,,15400000002,A,健康,,,李强,\n\
4228221042990001,2,王建国,户主,11010519491231002X,15400000001,C,残疾,县内,6,,是\n\
,,张小花,配偶,无,,,长期慢性病,,,,否\n";

/// A ledger as a person would send it back.
#[test]
fn an_export_comes_in_again_and_changes_nothing() {
    let world = World::new();
    let store = &world.running().endpoint.store;
    let today = "2019-08-15".parse().unwrap();
    let import = |bytes: &[u8], name: &str| {
        let roster = roster::read(bytes, name, today).unwrap();
        let import = Import::prepare(store, world.space, &roster.villages[0], NOW_MS, |_, _| ()).unwrap();
        import.apply(|_, _| ()).unwrap()
    };
    let roster = ROSTER
        .replace("是否参加城乡居民基本医疗保险", "2018年医保")
        .replace(",帮扶责任人,", ",备注,");
    assert_eq!(import(roster.as_bytes(), "白果村.csv").new_households, 2);
    for (what, full_id, kept) in [
        (What::People, true, 0),
        (What::Households, true, 0),
        (What::People, false, 1),
    ] {
        let options = Options {
            language: Language::Zh,
            full_id,
            today,
        };
        let table = export::table(store, world.space, what, options, |_, _| ()).unwrap();
        for format in [export::Format::Xlsx, export::Format::Csv] {
            let bytes = export::encode(&table, format).unwrap();
            let report = import(&bytes, "台账.xlsx");
            let what = what.words().zh;
            assert_eq!(
                (report.new_households, report.added.len()),
                (0, 0),
                "{what}: {report:?}"
            );
            assert_eq!(
                (report.changed.len(), report.kept.len()),
                (0, kept),
                "{what}: {report:?}"
            );
        }
    }
}

fn value(key: &str, value: &str) -> (String, bianfang::doc::Scalar) {
    (key.to_owned(), value.into())
}

/// A village after a roster, two people who wrote different phone numbers, a visit and a finding.
fn worked() -> (World, RecordId) {
    let world = World::new();
    let roster = roster::read(ROSTER.as_bytes(), "白果村.csv", "2019-08-15".parse().unwrap()).unwrap();
    let store = &world.running().endpoint.store;
    let import = Import::prepare(store, world.space, &roster.villages[0], NOW_MS, |_, _| ()).unwrap();
    import.apply(|_, _| ()).unwrap();
    let mut wang = world.phone("王芳", Role::Member);
    let mut zhao = world.phone("赵敏", Role::Member);
    wang.sync();
    zhao.sync();
    let (id, document) = wang
        .documents
        .iter()
        .find(|(_, one)| one.own().text("number").ends_with("0001"))
        .unwrap();
    let id = *id;
    let head = *document
        .records("persons")
        .iter()
        .find(|(_, one)| one.text("relation") == "户主")
        .unwrap()
        .0;
    wang.write(id, "phone", "15411111111");
    zhao.write(id, "phone", "15422222222");
    let visit = RecordId(entropy::random());
    let mut fields = vec![
        value("on", "2019-08-14"),
        value("kind", "结对走访"),
        value("home", "at_home"),
    ];
    fields.extend([value("check/water", "unmet"), value("check/water/basis", "checked")]);
    fields.push((format!("met/{head}"), 1.into()));
    fields.push((format!("with/{}", zhao.author()), 1.into()));
    let notes = vec![
        ("words".to_owned(), "水不够吃".to_owned()),
        ("judgement".to_owned(), String::new()),
    ];
    let at = At::table("visits", visit);
    wang.edit(DocKind::Household, id, vec![Put::Create { at, fields, notes }]);
    let finding = home(99);
    let puts = [
        ("category", "饮水安全"),
        ("words", "=管道坏了"),
        ("household", &id.to_string()),
        ("found_on", "2019-08-14"),
    ];
    let puts = puts.map(|(key, text)| Put::Value {
        at: At::Own,
        key: key.into(),
        value: text.into(),
    });
    wang.edit(DocKind::Finding, finding, puts.to_vec());
    wang.sync();
    zhao.sync();
    (world, visit)
}

fn table(world: &World, what: What, full_id: bool) -> Table {
    let options = Options {
        language: Language::Zh,
        full_id,
        today: "2019-08-15".parse().unwrap(),
    };
    export::table(&world.running().endpoint.store, world.space, what, options, |_, _| ()).unwrap()
}

fn cell<'a>(table: &'a Table, row: usize, heading: &str) -> Option<&'a Cell> {
    let column = table.columns.iter().position(|column| column.heading == heading);
    table.rows[row].get(&column.unwrap_or_else(|| panic!("no column {heading}: {:?}", table.columns)))
}

fn text(table: &Table, row: usize, heading: &str) -> String {
    cell(table, row, heading).map(Cell::to_text).unwrap_or_default()
}

#[test]
fn households_stand_in_the_order_of_groups_with_all_that_is_known() {
    let (world, _) = worked();
    let table = table(&world, What::Households, false);
    assert_eq!(table.rows.len(), 2);
    assert_eq!(
        (text(&table, 0, "村民小组"), text(&table, 1, "村民小组")),
        ("2组".into(), "10组".into())
    );
    assert_eq!(text(&table, 0, "户主"), "王建国");
    assert_eq!(text(&table, 0, "记录编号").len(), 26);
    assert_eq!(cell(&table, 0, "现有人口"), Some(&Cell::Int(2)));
    // Both numbers, since nobody has settled them.
    let phone = text(&table, 0, "联系电话");
    assert!(
        phone.contains("15411111111") && phone.contains(" / ") && phone.contains("15422222222"),
        "{phone}"
    );
    assert_eq!(cell(&table, 0, "有不同值的项数"), Some(&Cell::Int(1)));
    assert_eq!(text(&table, 0, "最近走访"), "2019-08-14");
    assert_eq!(cell(&table, 0, "走访次数"), Some(&Cell::Int(1)));
    assert_eq!(text(&table, 1, "结对责任人"), "李强");
    assert_eq!(text(&table, 0, "最近一年人均纯收入（元）"), "");
}

#[test]
fn what_a_household_earned_a_head_stands_in_the_ledger_and_comes_in_again_as_nothing() {
    let (world, _) = worked();
    let mut wang = world.phone("王芳", Role::Member);
    wang.sync();
    let number = |document: &Document| document.own().text("number").ends_with("0001");
    let id = *wang.documents.iter().find(|(_, one)| number(one)).unwrap().0;
    let amounts = [
        ("income_wage/2019", 2_100_000),
        ("income_cost/2019", 100_001),
        ("income_wage/2018", 5),
    ];
    let puts = amounts.map(|(key, fen)| Put::Value {
        at: At::Own,
        key: key.into(),
        value: fen.into(),
    });
    wang.edit(DocKind::Household, id, puts.to_vec());
    wang.sync();
    let table = table(&world, What::Households, false);
    // 21,000.00 − 1,000.01 of two people, half a 分 upwards.
    let each = cell(&table, 0, "最近一年人均纯收入（元）");
    assert_eq!(each, Some(&Cell::Hundredths(1_000_000)));
    assert_eq!(text(&table, 0, "人均纯收入年份"), "2019");
    assert_eq!(cell(&table, 1, "最近一年人均纯收入（元）"), None);
    let csv = "户编号,户主,姓名,最近一年人均纯收入（元）,人均纯收入年份\n430581100298010001,王建国,王建国,10000,2019\n";
    let read = roster::read(csv.as_bytes(), "白果村.csv", "2019-08-15".parse().unwrap()).unwrap();
    assert!(format!("{read:?}").matches("人均纯收入").count() == 0, "{read:?}");
}

#[test]
fn people_have_masked_numbers_unless_asked() {
    let (world, _) = worked();
    let masked = table(&world, What::People, false);
    assert_eq!(masked.rows.len(), 3);
    assert_eq!(
        (text(&masked, 0, "姓名"), text(&masked, 1, "姓名")),
        ("王建国".into(), "张小花".into())
    );
    assert_eq!(text(&masked, 0, "证件号码"), "110105********002X");
    assert_eq!(text(&masked, 1, "健康状况"), "长期慢性病");
    assert_eq!(
        (text(&masked, 0, "医保参保 2019"), text(&masked, 1, "医保参保 2019")),
        ("居民".into(), "未".into())
    );
    assert_eq!(
        (text(&masked, 0, "务工所在地"), text(&masked, 0, "务工时间（个月）")),
        ("县内".into(), "6".into())
    );
    assert_eq!(text(&masked, 0, "在册"), "是");
    let full = table(&world, What::People, true);
    assert_eq!(text(&full, 0, "证件号码"), "11010519491231002X");
}

#[test]
fn visits_and_findings_name_who_and_where() {
    let (world, visit) = worked();
    let visits = table(&world, What::Visits, false);
    assert_eq!(visits.rows.len(), 1);
    assert_eq!(text(&visits, 0, "记录编号"), visit.to_string());
    assert_eq!(
        (text(&visits, 0, "走访人"), text(&visits, 0, "同行")),
        ("王芳".into(), "赵敏".into())
    );
    assert_eq!(
        (text(&visits, 0, "见到谁"), text(&visits, 0, "户主")),
        ("王建国".into(), "王建国".into())
    );
    assert_eq!(text(&visits, 0, "饮水安全 核查结果"), "不达标");
    assert_eq!(text(&visits, 0, "原话"), "水不够吃");
    let findings = table(&world, What::Findings, false);
    assert_eq!(findings.rows.len(), 1);
    assert_eq!(
        (text(&findings, 0, "户主"), text(&findings, 0, "发现人")),
        ("王建国".into(), "王芳".into())
    );
    assert_eq!(text(&findings, 0, "问题描述"), "=管道坏了");
    let csv = export::encode(&findings, export::Format::Csv).unwrap();
    assert!(String::from_utf8(csv).unwrap().contains(",'=管道坏了,"));
    for format in [export::Format::Xlsx, export::Format::Json] {
        assert!(!export::encode(&findings, format).unwrap().is_empty());
    }
}

#[test]
fn the_ledger_of_a_joined_family_comes_in_again_and_doubles_nobody() {
    // The one that lost its number follows: once the family with the helper, once the other.
    for led in ["0001", "0002"] {
        comes_in_again(led);
    }
}

fn comes_in_again(led: &str) {
    let (world, _) = worked();
    let store = &world.running().endpoint.store;
    let today = "2019-08-15".parse().unwrap();
    let import = |bytes: &[u8], name: &str| {
        let roster = roster::read(bytes, name, today).unwrap();
        let import = Import::prepare(store, world.space, &roster.villages[0], NOW_MS, |_, _| ()).unwrap();
        import.apply(|_, _| ()).unwrap()
    };
    let mut wang = world.phone("王芳", Role::Member);
    wang.sync();
    let households = wang.documents.values().filter(|one| one.kind() == DocKind::Household);
    let (led, lead): (Vec<&Document>, Vec<&Document>) =
        households.partition(|one| one.own().text("number").ends_with(led));
    let (lead, led, number) = (lead[0].id(), led[0].id(), lead[0].own().text("number"));
    let names = |phone: &mut Phone, id: DocId| -> Vec<String> {
        phone.sync();
        let persons = phone.documents[&id].records("persons");
        persons.values().map(|person| person.text("name")).collect()
    };
    let (first, second) = (names(&mut wang, lead), names(&mut wang, led));
    let link = Put::Create {
        at: At::table("links", RecordId(entropy::random())),
        fields: vec![value("what", "同一个"), value("household", &lead.max(led).to_string())],
        notes: Vec::new(),
    };
    wang.edit(DocKind::Household, lead.min(led), vec![link]);
    wang.write(led, "number", "");
    wang.sync();
    for what in [What::People, What::Households] {
        let bytes = export::encode(&table(&world, what, true), export::Format::Xlsx).unwrap();
        let report = import(&bytes, "台账.xlsx");
        assert_eq!(
            (report.new_households, report.added.len()),
            (0, 0),
            "{what:?}: {report:?}"
        );
        if what == What::People {
            assert_eq!((report.changed.len(), report.missing.len()), (0, 0), "{report:?}");
        }
        assert_eq!(
            (names(&mut wang, lead), names(&mut wang, led)),
            (first.clone(), second.clone())
        );
    }
    // What the county knows of somebody in the further record is written there.
    let everybody = first.iter().chain(&second);
    let rows = everybody.map(|name| format!("{number},2组,{name},残疾\n"));
    let roster = format!("户编号,组,姓名,健康状况\n{}", rows.collect::<String>());
    let report = import(roster.as_bytes(), "名册.csv");
    assert_eq!((report.new_households, report.added.len()), (0, 0), "{report:?}");
    assert_eq!((names(&mut wang, lead), names(&mut wang, led)), (first, second));
    let led = wang.documents[&led].records("persons");
    assert!(
        led.values()
            .all(|person| person.set("health").iter().any(|one| one == "残疾"))
    );
}

#[test]
fn a_person_listed_in_two_families_counts_once_where_that_person_is_the_head() {
    let (world, _) = worked();
    let mut wang = world.phone("王芳", Role::Member);
    wang.sync();
    let household = |number: &str| {
        let mut documents = wang.documents.iter();
        let found = documents.find(|(_, one)| one.own().text("number").ends_with(number));
        *found.expect("it was imported").0
    };
    let (own, other) = (household("0002"), household("0001"));
    let head = wang.documents[&own].records("persons").keys().copied().next().unwrap();
    let guest = RecordId(entropy::random());
    let create = |at: At, fields: Vec<(String, Scalar)>| Put::Create {
        at,
        fields,
        notes: Vec::new(),
    };
    let typed = vec![value("name", "刘大山"), value("relation", "女婿")];
    wang.edit(
        DocKind::Household,
        other,
        vec![create(At::table("persons", guest), typed)],
    );
    let link = At::table("links", RecordId(entropy::random()));
    let said = vec![
        value("what", "同一个"),
        value("household", &own.to_string()),
        value("person", &guest.to_string()),
        value("other", &head.to_string()),
    ];
    wang.edit(DocKind::Household, other, vec![create(link.clone(), said)]);
    wang.sync();
    let count = |id: DocId| {
        let households = table(&world, What::Households, false);
        let mut rows = 0..households.rows.len();
        let row = rows.find(|row| text(&households, *row, "记录编号") == id.to_string());
        cell(&households, row.unwrap(), "现有人口").cloned()
    };
    assert_eq!((count(own), count(other)), (Some(Cell::Int(1)), Some(Cell::Int(2))));
    let people = table(&world, What::People, false);
    let of = |id: RecordId| {
        let mut rows = 0..people.rows.len();
        rows.find(|row| text(&people, *row, "记录编号") == id.to_string())
            .unwrap()
    };
    assert_eq!(text(&people, of(guest), "与此人是同一人"), head.to_string());
    assert_eq!(text(&people, of(guest), "在册"), "否");
    assert_eq!(text(&people, of(head), "与此人是同一人"), "");
    // Withdrawn, the decision says nothing any more.
    let void = Put::Value {
        at: link,
        key: "void/reason".into(),
        value: "是两个人".into(),
    };
    wang.edit(DocKind::Household, other, vec![void]);
    wang.sync();
    assert_eq!((count(own), count(other)), (Some(Cell::Int(1)), Some(Cell::Int(3))));
}

#[test]
fn a_family_that_was_joined_counts_once_and_both_records_stay() {
    let (world, _) = worked();
    let mut wang = world.phone("王芳", Role::Member);
    wang.sync();
    let mut ids: Vec<_> = wang
        .documents
        .iter()
        .filter(|(_, one)| one.kind() == DocKind::Household)
        .map(|(id, _)| *id)
        .collect();
    ids.sort_unstable();
    let [lead, led] = ids[..] else { panic!("two households") };
    let at = At::table("links", RecordId(entropy::random()));
    let fields = vec![value("what", "同一个"), value("household", &led.to_string())];
    let notes = Vec::new();
    wang.edit(DocKind::Household, lead, vec![Put::Create { at, fields, notes }]);
    wang.sync();
    let households = table(&world, What::Households, false);
    let row = |table: &Table, id: &str, heading: &str| {
        let rows = 0..table.rows.len();
        rows.filter(|row| text(table, *row, heading) == id).collect::<Vec<_>>()
    };
    let (first, second) = (
        row(&households, &lead.to_string(), "记录编号")[0],
        row(&households, &led.to_string(), "记录编号")[0],
    );
    assert_eq!(
        (text(&households, first, "在册"), text(&households, second, "在册")),
        ("是".into(), "否".into())
    );
    assert_eq!(cell(&households, first, "现有人口"), Some(&Cell::Int(3)));
    assert_eq!(cell(&households, second, "现有人口"), Some(&Cell::Int(0)));
    assert_eq!(cell(&households, first, "有不同值的项数"), Some(&Cell::Int(1)));
    assert_eq!(cell(&households, first, "走访次数"), Some(&Cell::Int(1)));
    assert_eq!(text(&households, second, "合并到"), lead.to_string());
    for what in [What::Visits, What::Findings, What::People] {
        let table = table(&world, what, false);
        let under = row(&table, &lead.to_string(), "户记录编号");
        assert_eq!(
            under.len(),
            table.rows.len(),
            "{what:?} stand under the household that is kept"
        );
    }
}
