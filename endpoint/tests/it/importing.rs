//! Rosters become documents that phones get; importing again writes what changed in the roster and nothing else.

use crate::support::*;
use bianfang::base::id::{DocId, RecordId};
use bianfang::doc::{At, DocKind, Put, place_id};
use bianfang::sync::log::Role;
use bianfang_endpoint::import::{Import, Report};
use bianfang_endpoint::roster;

const FIRST: &str = "\
户编号,组,姓名,与户主关系,证件号码,联系电话,住房等级,务工所在地,帮扶责任人\n\
4228221042990001,2,王建国,户主,11010519491231002X,15400000001,C,,李强\n\
,,张小花,配偶,无,,,,\n\
4228221042990002,10,刘大山,户主,,15400000002,A,县内,\n\
,2,陈无号,户主,,15400000003,B,,\n";

fn import(world: &World, csv: &str) -> Report {
    let today = "2019-08-15".parse().unwrap();
    let roster = roster::read(csv.as_bytes(), "白果村.csv", today).unwrap();
    let store = &world.running().endpoint.store;
    let import = Import::prepare(store, world.space, &roster.villages[0], world.now_ms(), |_, _| ()).unwrap();
    let preview = import.preview().unwrap();
    let applied = import.apply(|_, _| ()).unwrap();
    assert_eq!(preview, applied);
    applied
}

fn household(phone: &Phone, number: &str) -> DocId {
    let mut all = phone.documents.iter();
    *all.find(|(_, document)| document.kind() == DocKind::Household && document.own().text("number") == number)
        .unwrap()
        .0
}

fn person(phone: &Phone, document: DocId, name: &str) -> RecordId {
    let persons = phone.documents[&document].records("persons");
    *persons
        .iter()
        .find(|(_, record)| record.text("name") == name)
        .unwrap()
        .0
}

#[test]
fn a_roster_becomes_documents_on_phones() {
    let world = World::new();
    let titles = FIRST.replace("帮扶责任人\n", "帮扶责任人,2018年工资性收入（元）\n");
    let report = import(&world, &titles.replace("李强\n", "李强,12000.5\n"));
    assert_eq!((report.new_households, report.new_people), (3, 4));
    let mut phone = world.phone("王芳", Role::Member);
    phone.sync();
    let first = household(&phone, "4228221042990001");
    let own = phone.documents[&first].own();
    assert_eq!(own.int("income_wage/2018"), Some(1_200_050));
    assert_eq!(
        (own.text("group"), own.text("housing_grade"), own.int("order")),
        ("2组".into(), "C".into(), Some(1))
    );
    let head = &phone.documents[&first].records("persons")[&person(&phone, first, "王建国")];
    assert_eq!(
        (head.text("sex"), head.text("birth")),
        ("女".to_owned(), "1949-12-31".to_owned())
    );
    assert_eq!(
        phone.documents[&first].authors().values().next().unwrap().author,
        Some(bianfang::doc::import_author(world.space))
    );
    let second = household(&phone, "4228221042990002");
    let job = phone.documents[&second]
        .records("persons")
        .into_values()
        .next()
        .unwrap();
    assert_eq!(job.under("job").count(), 1);
    let groups = phone.documents[&place_id(world.space)].records("groups");
    let mut groups: Vec<_> = groups
        .values()
        .map(|one| (one.int("order"), one.text("name")))
        .collect();
    groups.sort();
    assert_eq!(groups, [(Some(1), "2组".to_owned()), (Some(2), "10组".to_owned())]);
}

#[test]
fn a_list_with_hidden_or_spoilt_numbers_takes_none_away() {
    let world = World::new();
    let csv = |id: &str, phone: &str| {
        format!("户编号,姓名,与户主关系,证件号码,联系电话\n4228221042990001,王建国,户主,{id},{phone}\n")
    };
    import(&world, &csv("11010519491231002X", "15400000001"));
    for (id, phone, kept) in [
        ("110105********002X", "154****0001", 2),
        ("1.10105E+17", "15400000001", 1),
        ("110105194912310000", "15400000001", 1),
    ] {
        let report = import(&world, &csv(id, phone));
        assert_eq!((report.kept.len(), report.changed.len()), (kept, 0), "{id}: {report:?}");
        assert_eq!(report.kept.last().unwrap().stored, "110105********002X");
    }
    // Another valid number is a change; and where nothing is known yet, what is written is kept as text.
    let report = import(&world, &csv("430599196201010114", "15400000002"));
    assert_eq!(
        (
            report.kept.len(),
            report.changed.iter().filter(|one| one.field.zh == "证件号码").count()
        ),
        (0, 1)
    );
}

#[test]
fn a_helper_whom_the_roster_no_longer_names_is_listed_and_stays() {
    let world = World::new();
    let csv = |helper: &str| format!("户编号,姓名,与户主关系,帮扶责任人\n4228221042990001,王建国,户主,{helper}\n");
    import(&world, &csv("陈晓"));
    assert_eq!(import(&world, &csv("陈晓")).missing, []);
    let report = import(&world, &csv("周波"));
    assert_eq!(report.added.len(), 1);
    let [line] = report.missing.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!((line.field.zh, line.stored.as_str()), ("结对责任人", "陈晓"));
    // A roster without helpers says nothing of them.
    assert_eq!(
        import(&world, "户编号,姓名,与户主关系\n4228221042990001,王建国,户主\n").missing,
        []
    );
    let mut phone = world.phone("王芳", Role::Member);
    phone.sync();
    let first = household(&phone, "4228221042990001");
    assert_eq!(phone.documents[&first].records("pairings").len(), 2);
}

#[test]
fn families_that_nothing_tells_apart_are_not_added_again() {
    let world = World::new();
    let csv = "组,姓名,与户主关系,证件号码,联系电话\n1组,王芳,户主,,15400000001\n1组,李强,配偶,,\n1组,王芳,户主,,15400000002\n\
               1组,赵六,配偶,,\n2组,戊一,户主,,15400000003\n2组,戊一,户主,,15400000004\n3组,丙二,户主,123,\n3组,丙一,之子,,\n";
    assert_eq!(import(&world, csv).new_households, 5);
    let again = import(&world, csv);
    assert_eq!(
        again,
        Report {
            unchanged: 5,
            ..Report::default()
        }
    );
    // Somebody without a name, and two heads.
    let csv = "户编号,姓名,与户主关系,证件号码\n4228221042990001,,户主,\n4228221042990002,乙,户主,\n4228221042990002,甲,户主,\n";
    import(&world, csv);
    assert_eq!(import(&world, csv).unchanged, 2);
}

#[test]
fn households_that_get_their_number_later_stay_the_same() {
    let world = World::new();
    import(
        &world,
        "组,姓名,与户主关系\n1组,王芳,户主\n1组,李强,配偶\n1组,赵军,户主\n",
    );
    let numbered = "户编号,组,姓名,与户主关系\n4228221042990001,1组,王芳,户主\n4228221042990001,1组,李强,配偶\n\
                    4228221042990002,1组,赵军,户主\n4228221042990002,1组,赵小军,之子\n";
    let report = import(&world, numbered);
    assert_eq!(
        (report.new_households, report.changed.len(), report.added.len()),
        (0, 2, 1)
    );
    assert_eq!(report.missing, []);
    // Nor is somebody else of the same name and group, who has another ID number.
    import(
        &world,
        "组,姓名,与户主关系,证件号码\n5组,周明,户主,11010519491231002X\n",
    );
    let report = import(
        &world,
        "户编号,组,姓名,与户主关系,证件号码\n4228221042990005,5组,周明,户主,430599196201010114\n",
    );
    assert_eq!(report.new_households, 1);
    // Another number is another household, whatever its head is called.
    let other = import(&world, "户编号,组,姓名,与户主关系\n4228221042990009,1组,王芳,户主\n");
    assert_eq!(other.new_households, 1);
}

#[test]
fn columns_without_a_field_are_stored_by_their_titles() {
    let world = World::new();
    let long = "长".repeat(9_000);
    let csv = |remark: &str| {
        format!(
            "户编号,姓名,与户主关系,残疾类别,残疾等级,帮扶责任人,帮扶单位,备注,住/址说明,慢病病种\n\
             4228221042990001,王建国,户主,肢体,三级,李强,县财政局,{remark},{long},{long}\n"
        )
    };
    assert_eq!(import(&world, &csv("钥匙在隔壁")).new_households, 1);
    let mut phone = world.phone("王芳", Role::Member);
    phone.sync();
    let first = household(&phone, "4228221042990001");
    let document = &phone.documents[&first];
    let own = document.own();
    assert_eq!(own.text("extra/备注"), "钥匙在隔壁");
    let cut = own.text("extra/住／址说明");
    assert!(
        cut.starts_with("长长") && cut.ends_with('…') && cut.len() <= 4096,
        "{}",
        cut.len()
    );
    let head = &document.records("persons")[&person(&phone, first, "王建国")];
    assert_eq!(
        (head.text("disability_kind"), head.text("disability_level")),
        ("肢体".into(), "三级".into())
    );
    let pairing = document.records("pairings").into_values().next().unwrap();
    assert_eq!(
        (pairing.text("name"), pairing.text("unit")),
        ("李强".into(), "县财政局".into())
    );
    // Again, and with another remark.
    assert_eq!(import(&world, &csv("钥匙在隔壁")).unchanged, 1);
    let changed = import(&world, &csv("钥匙在村部")).changed;
    let [line] = changed.as_slice() else {
        panic!("{changed:?}")
    };
    assert_eq!(
        (line.stored.as_str(), line.roster.as_str()),
        ("钥匙在隔壁", "钥匙在村部")
    );
}

#[test]
fn the_same_roster_again_changes_nothing() {
    let world = World::new();
    import(&world, FIRST);
    let again = import(&world, FIRST);
    assert_eq!(
        again,
        Report {
            unchanged: 3,
            ..Report::default()
        }
    );
}

#[test]
fn what_a_person_wrote_since_is_reported_and_kept() {
    let world = World::new();
    import(&world, FIRST);
    let mut phone = world.phone("王芳", Role::Member);
    phone.sync();
    let first = household(&phone, "4228221042990001");
    phone.write(first, "phone", "15499999999");
    phone.write(first, "housing_grade", "");
    let wife = person(&phone, first, "张小花");
    let put = Put::Value {
        at: At::table("persons", wife),
        key: "phone".into(),
        value: "15488888888".into(),
    };
    phone.edit(DocKind::Household, first, vec![put]);
    phone.sync();
    let second = FIRST
        .replace("15400000001,C", "15400000009,D")
        .replace("15400000002,A", "15400000002,B")
        .replace("刘大山,户主,", "刘大山,户主,110105194912310046")
        + "4228221042990002,10,刘小山,之子,,,,,\n4228221042990005,3,新来户,户主,,,,,\n";
    let second = second.replace(",,张小花,配偶,无,,,,\n", "");
    let report = import(&world, &second);
    let fields = |lines: &[bianfang_endpoint::import::Line]| -> Vec<(String, String, String, String)> {
        lines
            .iter()
            .map(|one| {
                (
                    one.head.clone(),
                    one.field.zh.to_owned(),
                    one.stored.clone(),
                    one.roster.clone(),
                )
            })
            .collect()
    };
    let line = |head: &str, field: &str, stored: &str, roster: &str| {
        (head.to_owned(), field.to_owned(), stored.to_owned(), roster.to_owned())
    };
    assert_eq!(
        fields(&report.theirs),
        [
            line("王建国", "联系电话", "15499999999", "15400000009"),
            line("王建国", "住房等级", "—", "D")
        ]
    );
    assert!(fields(&report.changed).contains(&line("刘大山", "住房等级", "A", "B")));
    // ID numbers are masked in the report.
    let id = report.changed.iter().find(|one| one.field.zh == "证件号码").unwrap();
    assert!(id.roster.contains('*'), "{}", id.roster);
    assert_eq!(
        report.added.iter().map(|one| one.person.as_str()).collect::<Vec<_>>(),
        ["刘小山"]
    );
    assert_eq!(
        report.missing.iter().map(|one| one.person.as_str()).collect::<Vec<_>>(),
        ["张小花"]
    );
    assert_eq!(report.new_households, 1);
    phone.sync();
    let own = phone.documents[&first].own();
    assert_eq!(
        (own.text("phone"), own.text("housing_grade")),
        ("15499999999".to_owned(), String::new())
    );
    assert_eq!(
        phone.documents[&first].records("persons")[&wife].text("phone"),
        "15488888888"
    );
    // And the third time nothing is left to write.
    let third = import(&world, &second);
    assert_eq!(
        (third.changed.len(), third.added.len(), third.new_households),
        (0, 0, 0)
    );
    assert_eq!(third.theirs.len(), 2);
}

#[test]
fn households_are_recognised_by_their_people_when_numbers_change() {
    let world = World::new();
    import(&world, FIRST);
    let renumbered = FIRST
        .replace("4228221042990001", "4228221042991001")
        .replace(",2,陈无号", "4228221042990003,2,陈无号");
    let report = import(&world, &renumbered);
    // The first by ID number, the one without a number by its head.
    assert_eq!(report.new_households, 0);
    assert_eq!(report.changed.iter().filter(|one| one.field.zh == "户编号").count(), 2);
    assert_eq!(report.missing.len(), 0);
}

#[test]
fn a_paired_helper_who_joins_later_finds_the_pairings() {
    let world = World::new();
    import(&world, FIRST);
    let known = world
        .running()
        .endpoint
        .store
        .read(|tx| bianfang_endpoint::join::alike(tx, world.space, "李强", ""))
        .unwrap();
    let [helper] = known.as_slice() else {
        panic!("{known:?}")
    };
    let invitation = world
        .running()
        .endpoint
        .store
        .write(|tx| {
            let desk = bianfang_endpoint::desk::Desk::load_or_make(tx, NOW_MS)?;
            let invitee = bianfang_endpoint::join::Invitee {
                member: Some(helper.member.id),
                name: "李强".into(),
                phone: String::new(),
                role: Role::Member,
            };
            bianfang_endpoint::join::invite(tx, world.space, &invitee, desk.member(), NOW_MS)
        })
        .unwrap();
    let key = bianfang_endpoint::judge::KeyPair::generate();
    let enrolled = world.enrol(&key, &invitation.token).unwrap();
    let mut phone = Phone::new(world.address, key, enrolled);
    phone.sync();
    let first = household(&phone, "4228221042990001");
    let pairing = phone.documents[&first]
        .records("pairings")
        .into_values()
        .next()
        .unwrap();
    assert_eq!(pairing.text("member"), phone.author().to_string());
    assert_eq!(pairing.text("name"), "李强");
}
