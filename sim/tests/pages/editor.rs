//! Editing records: what is typed, what follows, what is written, and what two people write at the same time.

use crate::asking::{changes, edit, field, household, record, refusal, team};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FieldView, HouseholdView};
use bianfang_sim::phone::Phone;

fn preview(phone: &Phone, document: &DocId, at: &str, typed: &[(&str, &str)]) -> Vec<FieldView> {
    let request = Request::Preview {
        document: document.to_string(),
        record: at.into(),
        changes: changes(typed),
    };
    match phone.must(request) {
        Reply::Preview { fields } => fields,
        other => panic!("no preview: {other:?}"),
    }
}

fn previewed<'a>(fields: &'a [FieldView], key: &str) -> &'a FieldView {
    fields
        .iter()
        .find(|field| field.key == key)
        .unwrap_or_else(|| panic!("no {key}"))
}

/// The record of a person by name.
fn person(view: &HouseholdView, name: &str) -> String {
    let all = view.persons.iter().chain(&view.former);
    let found = all.into_iter().find(|person| person.name == name);
    format!("persons/{}", found.unwrap_or_else(|| panic!("no {name}")).id)
}

#[test]
fn the_editor_offers_every_field_with_its_choices_in_both_languages() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let own = record(phone, id, "own");
    for key in [
        "phone",
        "more_phone",
        "class",
        "tier",
        "main_cause",
        "cause",
        "dibao_class",
        "housing_grade",
        "water",
        "toilet",
        "notes",
    ] {
        field(&own, key);
    }
    let view = household(phone, id);
    let wife = record(phone, id, &person(&view, "周小怡"));
    assert_eq!(wife.title.zh, "周小怡");
    for key in [
        "id_kind",
        "id_no",
        "relation",
        "health",
        "disability_kind",
        "education",
        "school_stage",
        "labour",
        "insured/2019",
        "insured/2018",
    ] {
        field(&wife, key);
    }
    for (view, sets) in [(&own, 3), (&wife, 3)] {
        let fields: Vec<_> = view.sections.iter().flat_map(|section| &section.fields).collect();
        assert_eq!(
            fields
                .iter()
                .filter(|field| field.kind == "set" && !field.choices.is_empty())
                .count(),
            sets
        );
        for field in fields {
            assert!(
                !field.label.zh.is_empty() && !field.label.en.is_empty(),
                "{}",
                field.key
            );
            assert!(
                field
                    .choices
                    .iter()
                    .all(|one| !one.words.zh.is_empty() && !one.words.en.is_empty())
            );
        }
    }
    // One employment can be added, and its row is the same until something was.
    let place = |view: &bianfang::client::view::RecordView| -> Vec<String> {
        let fields = view.sections.iter().flat_map(|section| &section.fields);
        fields
            .map(|field| field.key.clone())
            .filter(|key| key.ends_with("/place"))
            .collect()
    };
    let [empty] = &place(&wife)[..] else {
        panic!("one row to add")
    };
    assert_eq!(place(&record(phone, id, &wife.record)), std::slice::from_ref(empty));
    let months = empty.replace("/place", "/months");
    edit(phone, id, &wife.record, &[(empty, "东莞"), (&months, "0")]);
    let after = record(phone, id, &wife.record);
    assert_eq!(place(&after).len(), 2);
    assert_eq!(field(&after, &months).value, "0");
    assert_eq!(household(phone, id).persons[1].work.zh, "东莞 · 0个月");
}

#[test]
fn an_id_number_fills_sex_and_birth_unless_a_person_said_otherwise() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let typed = [
        ("name", "田甜"),
        ("relation", "之孙女"),
        ("id_no", "４２２８９９２０１２０４１８９９６５"),
    ];
    let fields = preview(phone, id, "persons/", &typed);
    assert_eq!(previewed(&fields, "sex").value, "女");
    assert_eq!(previewed(&fields, "birth").value, "2012-04-18");
    assert_eq!(previewed(&fields, "id_no").shown.zh, "422899********9965");
    assert!(previewed(&fields, "id_no").flag.is_none());
    // A slip of the finger is said, and kept.
    let slip = preview(
        phone,
        id,
        "persons/",
        &[("name", "田甜"), ("id_no", "422899201204189966")],
    );
    assert!(previewed(&slip, "id_no").flag.as_ref().unwrap().zh.contains("末位校验"));
    assert!(!slip.iter().any(|field| field.key == "sex"));
    let mut given = typed.to_vec();
    given.push(("sex", "男"));
    assert_eq!(previewed(&preview(phone, id, "persons/", &given), "sex").value, "男");

    edit(phone, id, "persons/", &typed);
    let view = household(phone, id);
    let child = person(&view, "田甜");
    let stored = record(phone, id, &child);
    assert_eq!(
        (
            field(&stored, "sex").value.as_str(),
            field(&stored, "birth").value.as_str()
        ),
        ("女", "2012-04-18")
    );
    // Another number: what had followed follows again. No card at all is an answer too.
    edit(phone, id, &child, &[("id_no", "422899201601309959")]);
    let stored = record(phone, id, &child);
    assert_eq!(
        (
            field(&stored, "sex").value.as_str(),
            field(&stored, "birth").value.as_str()
        ),
        ("男", "2016-01-30")
    );
    edit(phone, id, &child, &[("id_no", ""), ("id_kind", "无证")]);
    let stored = record(phone, id, &child);
    assert_eq!(
        (
            field(&stored, "id_no").value.as_str(),
            field(&stored, "birth").value.as_str()
        ),
        ("", "2016-01-30")
    );
    assert!(field(&stored, "id_no").flag.is_none());
    let reveal = |whom: &str| {
        phone.must(Request::RevealId {
            document: id.to_string(),
            person: whom.into(),
        })
    };
    let head = &view.persons[0];
    assert_eq!(
        reveal(&head.id),
        Reply::RevealId {
            id_no: "422899195803129990".into()
        }
    );
    assert_eq!(refusal(reveal("nobody")), "not_found");
    assert_eq!(
        refusal(phone.must(Request::SaveRecord {
            document: id.to_string(),
            record: "persons/".into(),
            base: stored.base,
            changes: changes(&[("sex", "男")]),
        })),
        "person_name"
    );
}

#[test]
fn typed_values_are_read_flagged_and_never_refused() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let wife = person(&household(phone, id), "周小怡");
    let row = record(phone, id, &wife)
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .find_map(|field| field.key.strip_suffix("/wage_fen").map(str::to_owned))
        .unwrap();
    let (wage, months) = (format!("{row}/wage_fen"), format!("{row}/months"));
    let typed = [
        ("health", "健康、残疾"),
        (wage.as_str(), "２１０００"),
        (months.as_str(), "十三"),
        ("insured/2019", "居民"),
    ];
    let fields = preview(phone, id, &wife, &typed);
    assert!(previewed(&fields, "health").flag.as_ref().unwrap().zh.contains("健康"));
    assert_eq!(previewed(&fields, &wage).shown.zh, "21000 元（2.1 万）");
    assert_eq!(previewed(&fields, &wage).value, "21000");
    assert!(previewed(&fields, &months).flag.is_some());
    edit(phone, id, &wife, &typed);
    let stored = record(phone, id, &wife);
    assert_eq!(
        (
            field(&stored, &months).value.as_str(),
            field(&stored, &wage).value.as_str()
        ),
        ("十三", "21000")
    );
    assert_eq!(field(&stored, "insured/2019").label.zh, "2019年医保参保");
    edit(
        phone,
        id,
        "own",
        &[
            ("more_phone", "１５４００００１２３４、坏电话"),
            ("house_area", "120。5㎡"),
            ("class", "建档立卡、攀比户"),
            ("notes", "路远"),
        ],
    );
    let own = record(phone, id, "own");
    assert_eq!(field(&own, "more_phone").value, "15400001234、坏电话");
    assert_eq!(field(&own, "house_area").shown.zh, "120.5 ㎡");
    assert!(field(&own, "class").sensitive);
    let view = household(phone, id);
    assert_eq!(
        (
            view.notes.as_str(),
            view.classes.len(),
            view.sensitive_classes[0].zh.as_str()
        ),
        ("路远", 1, "攀比户")
    );
    // Clearing is a value like any other.
    edit(phone, id, "own", &[("house_area", ""), ("more_phone", "坏电话")]);
    let own = record(phone, id, "own");
    assert_eq!(
        (
            field(&own, "house_area").value.as_str(),
            field(&own, "more_phone").value.as_str()
        ),
        ("", "坏电话")
    );
}

#[test]
fn what_was_not_changed_is_not_written() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let before = household(phone, id).base;
    let saved = edit(
        phone,
        id,
        "own",
        &[("phone", "154 0000 0001"), ("class", ""), ("toilet", "")],
    );
    assert_eq!((saved.local, household(phone, id).base), (0, before));
    for (document, record, base) in [
        (id.to_string(), "own", "00"),
        (id.to_string(), "persons/nobody", "00"),
        ("nothing".into(), "own", "00"),
    ] {
        let reply = phone.must(Request::SaveRecord {
            document,
            record: record.into(),
            base: base.into(),
            changes: changes(&[("phone", "1")]),
        });
        assert!(["edit_unknown_base", "not_found"].contains(&refusal(reply).as_str()));
    }
    let base = household(phone, id).base;
    let reply = phone.must(Request::SaveRecord {
        document: id.to_string(),
        record: "own".into(),
        base,
        changes: changes(&[("void/reason", "x")]),
    });
    assert_eq!(refusal(reply), "field_unknown");
}

#[test]
fn of_two_numbers_both_are_shown_and_one_tap_settles() {
    let world = team();
    let id = &world.households[0];
    edit(&world.phones[0], id, "own", &[("phone", "15400000002")]);
    world.pass_ms(60_000);
    edit(&world.phones[1], id, "own", &[("phone", "15400000003")]);
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, id);
        let [differs] = &view.differs[..] else {
            panic!("one field differs")
        };
        assert_eq!(
            (
                differs.title.zh.as_str(),
                differs.record.as_str(),
                differs.field.key.as_str()
            ),
            ("联系电话", "own", "phone")
        );
        let mut values: Vec<_> = differs
            .field
            .values
            .iter()
            .map(|one| (one.shown.zh.as_str(), one.author.as_str(), one.during.as_str()))
            .collect();
        values.sort_unstable();
        assert_eq!(
            values,
            [("15400000002", "李国强", "edit"), ("15400000003", "王芳", "edit")]
        );
        assert!(differs.field.values.iter().all(|one| one.at > 0));
    }
    let view = household(&world.phones[2], id);
    let differs = &view.differs[0];
    let reply = world.phones[2].must(Request::SaveRecord {
        document: differs.document.clone(),
        record: differs.record.clone(),
        base: differs.base.clone(),
        changes: changes(&[(&differs.field.key, &differs.field.value)]),
    });
    assert!(matches!(reply, Reply::SaveRecord { saved } if saved.differs == 0));
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, id);
        assert!(view.differs.is_empty() && view.phone == differs.field.value);
    }
}

#[test]
fn a_value_that_came_under_an_open_editor_is_kept_beside_the_new_one() {
    let world = team();
    let id = &world.households[0];
    let drawn = record(&world.phones[0], id, "own");
    edit(&world.phones[1], id, "own", &[("phone", "15400000003")]);
    world.sync_all();
    let reply = world.phones[0].must(Request::SaveRecord {
        document: id.to_string(),
        record: "own".into(),
        base: drawn.base,
        changes: changes(&[("phone", "15400000002"), ("address", "上坪")]),
    });
    assert!(
        matches!(reply, Reply::SaveRecord { saved } if saved.differs == 1),
        "both numbers stay"
    );
}

#[test]
fn a_disagreement_about_a_member_of_a_set_is_shown_and_settled() {
    let world = team();
    let id = &world.households[0];
    let wife = person(&household(&world.phones[0], id), "周小怡");
    edit(&world.phones[0], id, &wife, &[("health", "残疾")]);
    world.sync_all();
    // One takes it out while the other, who saw nothing of that, takes it out and puts it in again.
    edit(&world.phones[0], id, &wife, &[("health", "长期慢性病")]);
    edit(&world.phones[1], id, &wife, &[("health", "")]);
    edit(&world.phones[1], id, &wife, &[("health", "残疾")]);
    world.sync_all();
    let view = household(&world.phones[2], id);
    let [differs] = &view.differs[..] else {
        panic!("{:?}", view.differs)
    };
    assert_eq!(
        (differs.title.zh.as_str(), differs.field.key.as_str()),
        ("周小怡 · 健康状况 残疾", "health/残疾")
    );
    assert_eq!(view.persons[1].differs, 1);
    assert_eq!(view.persons[1].health.zh, "残疾、长期慢性病");
    world.phones[2].must(Request::SaveRecord {
        document: differs.document.clone(),
        record: differs.record.clone(),
        base: differs.base.clone(),
        changes: changes(&[("health/残疾", "0")]),
    });
    let view = household(&world.phones[2], id);
    assert_eq!(
        (view.differs.len(), view.persons[1].health.zh.as_str()),
        (0, "长期慢性病")
    );
}

#[test]
fn an_assessment_sets_the_state_of_the_house_unless_a_later_one_did() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let typed = [("site_safe", "是"), ("component/墙柱", "c"), ("crack_mm", "20")];
    let fields = preview(phone, id, "assessments/housing", &typed);
    assert_eq!(previewed(&fields, "grade").value, "C");
    let better = [&typed[..], &[("grade", "A")]].concat();
    assert!(
        previewed(&preview(phone, id, "assessments/housing", &better), "grade")
            .flag
            .is_some()
    );
    let saved = edit(phone, id, "assessments/housing", &typed);
    let own = record(phone, id, "own");
    assert_eq!(field(&own, "housing_grade").value, "C");
    let view = record(phone, id, &saved.record);
    assert_eq!(
        (view.title.zh.as_str(), field(&view, "on").value.as_str()),
        ("住房鉴定 · 8月14日", "2019-08-14")
    );
    assert!(
        !view
            .sections
            .iter()
            .flat_map(|section| &section.fields)
            .any(|field| field.key == "litres")
    );
    // An older paper that turns up later changes nothing of today.
    edit(
        phone,
        id,
        "assessments/housing",
        &[("on", "2018-05-10"), ("grade", "B")],
    );
    assert_eq!(field(&record(phone, id, "own"), "housing_grade").value, "C");
    edit(
        phone,
        id,
        "assessments/water",
        &[("verdict", "基本达标"), ("litres", "40")],
    );
    assert_eq!(field(&record(phone, id, "own"), "water").value, "基本达标");
}
