//! Three members of one team work on the same household on one day without signal, and synchronise in any order.

use crate::asking::{changes, edit, field, household, record, save_visit, visit_form};
use bianfang::base::date::Date;
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingDraft, HouseholdView};
use bianfang::doc::{DocKind, Document, Of};
use bianfang::register::needs::{paired_visits, visits_of_any_kind};
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const LI: usize = 0;
const WANG: usize = 1;
const ZHANG: usize = 2;
const TWICE: &str = "422899197001019990";

/// A record of a person by name.
fn person(view: &HouseholdView, name: &str) -> String {
    let mut all = view.persons.iter().chain(&view.former);
    format!("persons/{}", all.find(|person| person.name == name).unwrap().id)
}

fn visit(phone: &Phone, id: &DocId, on: &str, kind: &str, findings: &[(&str, &str)]) {
    let mut draft = visit_form(phone, id, "").draft;
    draft.on = on.into();
    draft.kind = kind.into();
    draft.home = "at_home".into();
    draft.findings = findings
        .iter()
        .map(|(category, words)| FindingDraft {
            category: (*category).into(),
            words: (*words).into(),
            ..FindingDraft::default()
        })
        .collect();
    save_visit(phone, draft);
}

fn register(phone: &Phone, head: &str, id_no: &str, number: &str) -> DocId {
    let reply = phone.must(Request::RegisterHousehold {
        head: head.into(),
        group: "3组".into(),
        id_no: id_no.into(),
        phone: "15400000001".into(),
        number: number.into(),
    });
    match reply {
        Reply::RegisterHousehold { saved } => saved.document.parse().unwrap(),
        other => panic!("not registered: {other:?}"),
    }
}

/// The evening before: everybody has the household as it was.
fn evening_before() -> (World, DocId) {
    let world = World::new(37, 1, &["李国强", "王芳", "张伟"]);
    let phone = &world.phones[LI];
    let id = register(phone, "田大山", "422899195803129990", "HH-0037");
    for (name, relation, id_no) in [
        ("周小怡", "配偶", "422899196107259980"),
        ("田勇", "之子", "422899198509069978"),
        ("田甜", "之孙女", "422899201204189965"),
        ("田野", "之孙子", "422899201601309959"),
    ] {
        edit(
            phone,
            &id,
            "persons/",
            &[("name", name), ("relation", relation), ("id_no", id_no)],
        );
    }
    edit(
        phone,
        &id,
        "own",
        &[("class", "建档立卡、慢病户"), ("water", "基本达标")],
    );
    edit(
        phone,
        &id,
        "assessments/housing",
        &[("on", "2018-05-10"), ("grade", "B")],
    );
    let view = household(phone, &id);
    let paired = phone.must(Request::SavePairing {
        household: id.to_string(),
        group: String::new(),
        pairing: String::new(),
        base: view.base,
        member: world.member("李国强").unwrap().to_string(),
        from: "2019-01-01".into(),
        to: String::new(),
    });
    assert!(matches!(paired, Reply::SavePairing { .. }), "{paired:?}");
    assert_eq!(visit_form(phone, &id, "").draft.kind, "结对走访");
    for on in ["2019-01-20", "2019-03-05", "2019-04-18", "2019-06-02", "2019-07-11"] {
        visit(phone, &id, on, "结对走访", &[]);
    }
    world.sync_all();
    (world, id)
}

/// The day, on three phones without signal.
fn the_day(world: &World, id: &DocId) {
    world.pass_ms(14 * 3_600_000);
    let li = &world.phones[LI];
    visit(li, id, "2019-08-15", "结对走访", &[("住房", "灶房墙开裂")]);
    edit(
        li,
        id,
        "assessments/housing",
        &[("component/墙柱", "c"), ("crack_mm", "20"), ("grade", "C")],
    );
    edit(li, id, "own", &[("phone", "15400000002")]);

    let wang = &world.phones[WANG];
    let view = household(wang, id);
    visit(wang, id, "2019-08-15", "入户核查", &[]);
    edit(
        wang,
        id,
        &person(&view, "周小怡"),
        &[("health", "长期慢性病"), ("disease", "高血压")],
    );
    edit(wang, id, &person(&view, "田野"), &[("insured/2019", "居民")]);
    edit(wang, id, "own", &[("phone", "15400000003")]);
    register(wang, "罗又新", TWICE, "");

    let zhang = &world.phones[ZHANG];
    let view = household(zhang, id);
    let son = person(&view, "田勇");
    let fields = record(zhang, id, &son);
    let mut keys = fields
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .map(|field| field.key.clone());
    let row = keys
        .find_map(|key| key.strip_suffix("/place").map(str::to_owned))
        .unwrap();
    let key = |column: &str| format!("{row}/{column}");
    let job = [
        (key("place"), "东莞"),
        (key("from"), "2019-02"),
        (key("to"), "2019-07"),
        (key("months"), "6"),
        (key("wage_fen"), "3500"),
    ];
    let job: Vec<(&str, &str)> = job.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    edit(zhang, id, &son, &job);
    let disabled = [
        ("health", "残疾"),
        ("disability_kind", "肢体"),
        ("disability_level", "三级"),
    ];
    edit(zhang, id, &person(&view, "周小怡"), &disabled);
    edit(zhang, id, "assessments/housing", &[("component/梁", "d")]);
    let moved = zhang.must(Request::SaveStatusEvent {
        document: id.to_string(),
        base: household(zhang, id).base,
        subject: person(&view, "田野").replace("persons/", ""),
        kind: "迁出".into(),
        on: "2019-08-01".into(),
        note: String::new(),
        changes: Vec::new(),
    });
    assert!(matches!(moved, Reply::SaveStatusEvent { .. }), "{moved:?}");
    register(zhang, "罗又新", TWICE, "");
}

fn at_the_endpoint(world: &World, id: &DocId) -> Document {
    world.endpoint.borrow_mut().open(DocKind::Household, *id)
}

/// The values of a field that differs, each with who wrote it.
fn both_values(view: &HouseholdView, key: &str) -> Vec<(String, String)> {
    let differs = view.differs.iter().find(|one| one.field.key == key);
    let differs = differs.unwrap_or_else(|| panic!("{key} does not differ"));
    let mut values: Vec<_> = differs
        .field
        .values
        .iter()
        .map(|one| (one.value.clone(), one.author.clone()))
        .collect();
    values.sort();
    values
}

fn pair(one: (&str, &str), other: (&str, &str)) -> Vec<(String, String)> {
    [one, other]
        .map(|(value, author)| (value.to_owned(), author.to_owned()))
        .to_vec()
}

/// What every phone shows when all have everything.
fn expect_all(world: &World, phone: &Phone, id: &DocId) {
    let view = household(phone, id);
    assert_eq!(view.visits.len(), 7);
    assert_eq!(
        both_values(&view, "phone"),
        pair(("15400000002", "李国强"), ("15400000003", "王芳"))
    );
    assert_eq!(
        both_values(&view, "housing_grade"),
        pair(("C", "李国强"), ("D", "张伟"))
    );
    assert_eq!(view.differs.len(), 2);
    let wife = view.persons.iter().find(|one| one.name == "周小怡").unwrap();
    assert_eq!(wife.health.zh, "残疾、长期慢性病 · 高血压 · 肢体三级");
    let son = view.persons.iter().find(|one| one.name == "田勇").unwrap();
    assert_eq!(son.work.zh, "东莞 · 2019-02至2019-07 · 6个月");
    assert_eq!(view.persons.len(), 4);
    let [grandson] = &view.former[..] else {
        panic!("one has left")
    };
    assert_eq!(
        (grandson.name.as_str(), grandson.left.zh.as_str()),
        ("田野", "迁出 8月1日")
    );
    assert_eq!(grandson.insured.zh, "2019年医保：居民");
    let [finding] = &view.findings[..] else {
        panic!("one problem")
    };
    assert_eq!(
        (finding.words.as_str(), finding.by.as_str(), finding.open),
        ("灶房墙开裂", "李国强", true)
    );
    match phone.must(Request::Coverage {
        from: "2019-08-01".into(),
        to: "2019-08-31".into(),
    }) {
        Reply::Coverage { view } => assert_eq!(view.visited, 1),
        other => panic!("{other:?}"),
    }
    let twins: Vec<DocId> = match phone.must(Request::Households {
        query: "罗又新".into(),
        chip: "all".into(),
        group: String::new(),
        offset: 0,
        limit: 10,
    }) {
        Reply::Households { view } => view.rows.iter().map(|row| row.id.parse().unwrap()).collect(),
        other => panic!("{other:?}"),
    };
    let [one, other] = twins[..] else {
        panic!("registered twice")
    };
    for (this, that) in [(one, other), (other, one)] {
        let alike = household(phone, &this).duplicates;
        assert_eq!(alike.len(), 1);
        assert!(alike[0].certain && alike[0].household.id == that.to_string());
    }
    let (code, waiting) = phone.check_code();
    assert_eq!((code, waiting), (world.endpoint.borrow_mut().digest().check_code(), 0));
}

/// What the indicators count with.
fn expect_counts(world: &World, id: &DocId) {
    let document = at_the_endpoint(world, id);
    let family = document.family(Of::Counted);
    let day: Date = "2019-08-15".parse().unwrap();
    let helper = world.member("李国强").unwrap();
    assert_eq!(visits_of_any_kind(&family.visits, 2019, day), 7);
    assert_eq!(paired_visits(&family.visits, helper, 2019, day), 6);
    assert_eq!(family.housing_grade, "D");
    assert_eq!(document.records("assessments").len(), 3);
    let members = family.members(day);
    assert_eq!(members.len(), 4);
    let wife = members.iter().find(|one| one.name == "周小怡").unwrap();
    assert_eq!(
        wife.health.iter().map(String::as_str).collect::<Vec<_>>(),
        ["残疾", "长期慢性病"]
    );
    let job = &members.iter().find(|one| one.name == "田勇").unwrap().jobs[0];
    assert_eq!((job.months, job.wage_fen), (Some(6), Some(350_000)));
}

#[test]
fn in_every_order_of_synchronising_everybody_sees_the_same_and_nothing_is_missing() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let mut bases = Vec::new();
    for order in orders {
        let (world, id) = evening_before();
        the_day(&world, &id);
        for phone in order.into_iter().chain(order) {
            world.phones[phone].sync();
        }
        let bases_now: Vec<String> = world.phones.iter().map(|phone| household(phone, &id).base).collect();
        assert!(bases_now.iter().all(|base| *base == bases_now[0]), "{order:?}");
        for phone in &world.phones {
            expect_all(&world, phone, &id);
        }
        expect_counts(&world, &id);
        world.sync_all();
        assert_eq!(household(&world.phones[LI], &id).base, bases_now[0]);
        bases.push(bases_now[0].clone());
    }
    // The same work gives the same document whatever the order in which it met.
    bases.dedup();
    assert_eq!(bases.len(), 1);
}

#[test]
fn the_next_day_a_new_assessment_settles_the_grade_for_everybody() {
    let (world, id) = evening_before();
    the_day(&world, &id);
    world.sync_all();
    world.pass_ms(24 * 3_600_000);
    let li = &world.phones[LI];
    edit(
        li,
        &id,
        "assessments/housing",
        &[("component/梁", "d"), ("component/墙柱", "c")],
    );
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, &id);
        assert!(!view.differs.iter().any(|one| one.field.key == "housing_grade"));
        assert_eq!(field(&record(phone, &id, "own"), "housing_grade").value, "D");
    }
    let typed = changes(&[("phone", "15400000003")]);
    let differs = household(li, &id).differs.remove(0);
    let settled = li.must(Request::SaveRecord {
        document: id.to_string(),
        record: differs.record,
        base: differs.base,
        changes: typed,
    });
    assert!(matches!(settled, Reply::SaveRecord { .. }));
    world.sync_all();
    assert!(
        world
            .phones
            .iter()
            .all(|phone| household(phone, &id).differs.is_empty())
    );
}
