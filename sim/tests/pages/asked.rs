//! Visits that a form of the county asks, as it comes with the app and as a county changes it; beside visits that were
//! made before, or with another version.

use crate::asking::*;
use crate::forms::{answer, open_about};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::*;
use bianfang::doc::DocKind;
use bianfang::form::read::Sheet;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const T01: &str = include_str!("../../../packs/t01-six-checks.md");
const DAY_MS: i64 = 86_400_000;

/// The sheets in a file of tables.
fn sheets(text: &str) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
        match (&cells[1..cells.len() - 1], sheets.last_mut()) {
            ([name], _) => sheets.push(Sheet {
                name: name.clone(),
                rows: Vec::new(),
            }),
            ([_, row @ ..], Some(sheet)) => sheet.rows.push(row.to_vec()),
            _ => panic!("{line}"),
        }
    }
    sheets
}

/// The same as a county may change it: other words, one question more, one check less, another category.
fn changed() -> Vec<Sheet> {
    let mut sheets = sheets(T01);
    let survey = &mut sheets[0].rows;
    let head = survey[0].clone();
    let column = |name: &str| head.iter().position(|one| one == name).unwrap();
    let (name, label) = (column("name"), column("label::中文 (zh)"));
    survey.retain(|row| !row[name].starts_with("housing"));
    for row in survey.iter_mut() {
        match row[name].as_str() {
            "food" => row[label] = "吃得饱吃得好".into(),
            "water_fell" => row[column("problem")] = "产业".into(),
            "unmet" | "unchecked" | "verdict" => row[column("calculation")] = "1".into(),
            _ => {}
        }
    }
    let mut dogs = vec![String::new(); head.len()];
    let cells = [
        ("type", "integer"),
        ("name", "dogs"),
        ("label::中文 (zh)", "几条狗"),
        ("label::English (en)", "Dogs"),
        ("constraint", ". < 20"),
        ("prefill", "last"),
    ];
    for (key, cell) in cells {
        dogs[column(key)] = cell.into();
    }
    survey.insert(2, dogs);
    sheets[2].rows[1][1] = "4".into();
    sheets
}

fn village() -> (World, DocId) {
    let mut world = team();
    let form = world.publish(&sheets(T01));
    world.sync_all();
    (world, form)
}

fn asked(form: &VisitForm) -> &FormView {
    form.asked.as_deref().expect("a form asks")
}

fn item<'a>(form: &'a VisitForm, place: &str) -> &'a FormItem {
    let item = asked(form).items.iter().find(|item| item.place == place);
    item.unwrap_or_else(|| panic!("no {place}"))
}

/// Saves; what stands in the way, by place.
fn save(phone: &Phone, draft: &VisitDraft, finish: bool, problems: &[&str]) -> Result<SavedView, Vec<String>> {
    let request = Request::SaveVisit {
        draft: draft.clone(),
        finish,
        problems: problems.iter().map(|place| (*place).to_owned()).collect(),
    };
    match phone.must(request) {
        Reply::SaveVisit { saved, troubles } => {
            saved.ok_or_else(|| troubles.into_iter().map(|trouble| trouble.place).collect())
        }
        other => panic!("not saved: {other:?}"),
    }
}

fn at_home(form: &VisitForm) -> VisitDraft {
    VisitDraft {
        home: "at_home".into(),
        ..form.draft.clone()
    }
}

fn checks(visit: &VisitView) -> Vec<String> {
    let told = |one: &DimensionView| format!("{} {} {}", one.dimension, one.verdict, one.basis);
    visit.checks.iter().map(told).collect()
}

/// The record of the family's last visit, as it was stored.
fn stored(world: &World, phone: &Phone, id: DocId, key: &str) -> String {
    let visit = household(phone, &id).visits[0].id.clone();
    let document = world.endpoint.borrow_mut().open(DocKind::Household, id);
    document.records("visits")[&visit.parse().unwrap()].text(key)
}

/// Looks at all six and finds them met.
fn all_met(phone: &Phone) {
    for check in ["food", "clothing", "education", "medical", "housing", "water"] {
        answer(phone, check, "met");
    }
}

#[test]
fn the_form_asks_and_the_visit_holds_what_it_always_held() {
    let (world, form) = village();
    let (phone, id) = (&world.phones[0], world.households[0]);
    let asks = visit_form(phone, &id, "");
    assert_eq!(
        (asks.draft.source.as_str(), asks.checks.len()),
        (form.to_string().as_str(), 6)
    );
    assert_eq!((asks.words_at.as_str(), asks.judgement_at.as_str()), ("words", ""));
    let food = item(&asks, "food");
    assert_eq!(
        (food.label.as_str(), food.required, food.value.as_str()),
        ("不愁吃", true, "")
    );
    assert_eq!(food.choices[1].words.zh, "基本达标");
    assert_eq!(
        (item(&asks, "phone").value.as_str(), item(&asks, "phone").carried),
        ("15400000001", true)
    );
    // It is asked here, and offered nowhere else.
    match phone.must(Request::Forms {
        document: id.to_string(),
        about: String::new(),
    }) {
        Reply::Forms { view } => assert!(view.offered.is_empty()),
        other => panic!("{other:?}"),
    }

    all_met(phone);
    let answered = answer(phone, "water", "unmet");
    let appeared: Vec<&str> = answered.changed.iter().map(|item| item.place.as_str()).collect();
    assert!(
        appeared.contains(&"water_why") && appeared.contains(&"result_unmet"),
        "{appeared:?}"
    );
    let answered = answer(phone, "water_why", "泉水干了");
    assert_eq!(answered.proposals[0].words, "饮水安全不达标。泉水干了");
    answer(phone, "words", "天干时水不够");
    let answered = answer(phone, "phone", "1");
    assert!(
        answered
            .changed
            .iter()
            .any(|item| item.place == "phone" && item.trouble.is_some())
    );
    let draft = at_home(&asks);
    assert_eq!(save(phone, &draft, true, &[]).unwrap_err(), ["phone"]);
    answer(phone, "phone", "15400000009");
    phone.must(Request::KeepDraft { draft: draft.clone() });
    save(phone, &draft, true, &["water_fell"]).unwrap();

    let view = household(phone, &id);
    let visit = &view.visits[0];
    assert_eq!(checks(visit)[5], "water unmet checked");
    assert_eq!(
        (visit.checks.len(), visit.words.as_str(), visit.counts),
        (6, "天干时水不够", true)
    );
    let problem = &visit.findings[0];
    assert_eq!(
        (problem.words.as_str(), problem.category.zh.as_str()),
        ("饮水安全不达标。泉水干了", "饮水")
    );
    assert_eq!((view.phone.as_str(), view.draft), ("15400000009", false));
    assert!(!visit_form(phone, &id, "").resumed, "nothing is left of the draft");
    world.sync_all();
    let of = |key: &str| stored(&world, phone, id, key);
    assert_eq!(
        (of("form"), of("version"), of("source"), of("done")),
        ("t01".into(), "3".into(), form.to_string(), "1".into())
    );
    assert_eq!(
        (of("answer/water_why"), of("answer/water"), of("kept/water")),
        ("泉水干了".into(), String::new(), String::new())
    );
}

#[test]
fn what_was_asked_is_told_in_its_own_words_and_begins_the_next_visit() {
    let (world, _) = village();
    let (phone, id) = (&world.phones[0], world.households[0]);
    let asks = visit_form(phone, &id, "");
    all_met(phone);
    answer(phone, "water", "unmet");
    answer(phone, "water_why", "泉水干了");
    save(phone, &at_home(&asks), true, &[]).unwrap();
    let view = household(phone, &id);
    let visit = &view.visits[0];
    let told: Vec<String> = history(phone, &id, 0, 5)
        .rows
        .iter()
        .map(|row| row.to.zh.clone())
        .collect();
    assert!(
        told.iter().any(|row| row.contains("饮水安全：哪里不达标？：泉水干了")),
        "{told:?}"
    );
    let record = format!("visits/{}", visit.id);
    match phone.must(Request::FormRecord {
        document: id.to_string(),
        record,
    }) {
        Reply::Form { view } => {
            assert!(view.readonly && view.may_edit && visit.asked);
            let water = view.items.iter().find(|item| item.place == "water").unwrap();
            assert_eq!(water.shown, "不达标");
        }
        other => panic!("{other:?}"),
    }
    // The next one begins with what was found, and does not propose the same again.
    world.pass_ms(DAY_MS);
    let next = visit_form(phone, &id, "");
    assert_eq!(
        (item(&next, "water").value.as_str(), item(&next, "water").carried),
        ("unmet", true)
    );
    assert!(asked(&next).proposals.is_empty());
    save(phone, &at_home(&next), true, &[]).unwrap();
    assert_eq!(checks(&household(phone, &id).visits[0])[0], "food met carried");
}

#[test]
fn what_is_required_is_asked_for_once_and_stops_nobody() {
    let (world, _) = village();
    let (phone, id) = (&world.phones[0], world.households[0]);
    let asks = visit_form(phone, &id, "");
    answer(phone, "food", "met");
    let draft = at_home(&asks);
    let missing = save(phone, &draft, true, &[]).unwrap_err();
    assert_eq!(missing, ["clothing", "education", "medical", "housing", "water"]);
    answer(phone, "food", "basic");
    // Another visit was opened meanwhile: the answers are there.
    visit_form(phone, &world.households[1], "");
    save(phone, &draft, false, &[]).unwrap();
    assert_eq!(checks(&household(phone, &id).visits[0]), ["food basic checked"]);
    world.pass_ms(DAY_MS);
    // Nobody home asks nothing of all that, and stores none of it.
    let draft = VisitDraft {
        home: "nobody_home".into(),
        ..visit_form(phone, &id, "").draft
    };
    answer(phone, "water", "unmet");
    save(phone, &draft, true, &["water_fell"]).unwrap();
    let view = household(phone, &id);
    assert!(view.visits[0].checks.is_empty() && view.findings.is_empty());
    world.pass_ms(DAY_MS);
    // A telephone call stores what was said.
    let draft = VisitDraft {
        home: "phone".into(),
        ..visit_form(phone, &id, "").draft
    };
    answer(phone, "words", "都好");
    save(phone, &draft, true, &[]).unwrap();
    let call = &household(phone, &id).visits[0];
    assert_eq!((call.words.as_str(), call.checks.len()), ("都好", 0));
}

#[test]
fn a_visit_keeps_the_version_it_was_made_with() {
    let mut world = team();
    let id = world.households[0];
    // Before any form was published.
    let phone = &world.phones[0];
    let mut old = visit_form(phone, &id, "").draft;
    old.home = "at_home".into();
    old.checks[4].verdict = "basic".into();
    old.checks[4].basis = "checked".into();
    save_visit(phone, old);
    let begun = visit_form(phone, &id, "");
    assert!(begun.asked.is_none());
    phone.must(Request::KeepDraft { draft: at_home(&begun) });
    world.pass_ms(DAY_MS);
    let first = world.publish(&sheets(T01));
    world.sync_all();
    let phone = &world.phones[0];
    let first_visit = household(phone, &id).visits[0].id.clone();
    // What was begun goes on as it was begun; what was made so is corrected so.
    let resumed = visit_form(phone, &id, "");
    assert!(resumed.resumed && resumed.asked.is_none() && resumed.checks.len() == 6);
    save_visit(phone, resumed.draft);
    let mut correction = visit_form(phone, &id, &first_visit);
    assert!(correction.asked.is_none());
    correction.draft.words = "补记".into();
    save_visit(phone, correction.draft);

    let asks = visit_form(phone, &id, "");
    assert_eq!(
        (item(&asks, "housing").value.as_str(), item(&asks, "housing").carried),
        ("basic", true)
    );
    all_met(phone);
    answer(phone, "water", "unmet");
    answer(phone, "water_why", "泉水干了");
    phone.must(Request::KeepDraft { draft: at_home(&asks) });

    // Another version: the draft goes on with its own, and so does the visit that comes of it.
    world.pass_ms(DAY_MS);
    world.publish(&changed());
    world.sync_all();
    world.phones[0].restart(false);
    let phone = &world.phones[0];
    let resumed = visit_form(phone, &id, "");
    assert!(resumed.resumed && resumed.draft.source == first.to_string());
    assert_eq!(
        (
            item(&resumed, "water_why").value.as_str(),
            asked(&resumed).proposals.len()
        ),
        ("泉水干了", 1)
    );
    let saved = save(phone, &resumed.draft, true, &[]).unwrap();
    let visit = saved.record.strip_prefix("visits/").unwrap().to_owned();
    let correction = visit_form(phone, &id, &visit);
    assert_eq!(
        (
            correction.draft.source.as_str(),
            item(&correction, "food").label.as_str()
        ),
        (first.to_string().as_str(), "不愁吃")
    );
    assert_eq!(
        (
            item(&correction, "housing").value.as_str(),
            item(&correction, "housing").carried
        ),
        ("met", false)
    );
    answer(phone, "housing", "basic");
    save(phone, &correction.draft, true, &[]).unwrap();
}

#[test]
fn a_county_asks_a_question_more_a_check_less_and_calls_a_problem_by_another_name() {
    let mut world = team();
    let id = world.households[0];
    let phone = &world.phones[0];
    let mut old = visit_form(phone, &id, "").draft;
    old.home = "at_home".into();
    old.checks[4].verdict = "basic".into();
    old.checks[4].basis = "checked".into();
    save_visit(phone, old);
    let second = world.publish(&changed());
    world.sync_all();
    let phone = &world.phones[0];
    visit_form(phone, &id, "");
    all_met_of(phone, &["food", "clothing", "education", "medical"]);
    world.pass_ms(DAY_MS);
    let asks = visit_form(phone, &id, "");
    assert_eq!(
        (asks.draft.source.as_str(), asks.checks.len()),
        (second.to_string().as_str(), 5)
    );
    assert_eq!(
        (item(&asks, "food").label.as_str(), item(&asks, "dogs").value.as_str()),
        ("吃得饱吃得好", "")
    );
    assert!(asked(&asks).items.iter().all(|item| item.place != "housing"));
    answer(phone, "dogs", "200");
    assert_eq!(save(phone, &at_home(&asks), true, &[]).unwrap_err(), ["dogs", "water"]);
    answer(phone, "dogs", "2");
    answer(phone, "water", "met");
    save(phone, &at_home(&asks), true, &[]).unwrap();
    let view = household(phone, &id);
    assert_eq!(checks(&view.visits[0]).len(), 5);
    // What the form does not ask any more stands as it was last seen.
    assert_eq!(
        (view.dimensions[4].verdict.as_str(), view.dimensions[5].verdict.as_str()),
        ("basic", "met")
    );
    world.pass_ms(DAY_MS);
    let next = visit_form(phone, &id, "");
    assert_eq!(
        (item(&next, "dogs").value.as_str(), item(&next, "dogs").carried),
        ("2", true)
    );
    let answered = answer(phone, "water", "unmet");
    assert_eq!(answered.proposals[0].category, "产业");
    save(phone, &at_home(&next), true, &["water_fell"]).unwrap();
    assert_eq!(household(phone, &id).visits[0].findings[0].category.zh, "产业");
}

#[test]
fn two_who_correct_one_visit_merge_by_question() {
    let mut world = team();
    world.publish(&changed());
    world.sync_all();
    let (one, two, id) = (&world.phones[0], &world.phones[1], world.households[0]);
    let asks = visit_form(one, &id, "");
    all_met_of(one, &["food", "clothing", "education", "medical", "water"]);
    let visit = save(one, &at_home(&asks), true, &[]).unwrap().record;
    let visit = visit.strip_prefix("visits/").unwrap();
    world.sync_all();
    let (first, second) = (visit_form(one, &id, visit), visit_form(two, &id, visit));
    answer(one, "dogs", "3");
    answer(two, "food", "basic");
    answer(two, "water", "basic");
    save(one, &first.draft, true, &[]).unwrap();
    save(two, &second.draft, true, &[]).unwrap();
    world.sync_all();
    world.sync_all();
    for phone in [one, two] {
        let merged = visit_form(phone, &id, visit);
        let values: Vec<&str> = ["dogs", "food", "water"]
            .iter()
            .map(|place| item(&merged, place).value.as_str())
            .collect();
        assert_eq!(values, ["3", "basic", "basic"]);
    }
    // Two different answers to one question wait to be settled, under its words.
    let (first, second) = (visit_form(one, &id, visit), visit_form(two, &id, visit));
    answer(one, "dogs", "4");
    answer(two, "dogs", "5");
    save(one, &first.draft, true, &[]).unwrap();
    save(two, &second.draft, true, &[]).unwrap();
    world.sync_all();
    world.sync_all();
    match one.must(Request::Differences { offset: 0, limit: 10 }) {
        Reply::Differences { view } => assert!(format!("{view:?}").contains("几条狗"), "{view:?}"),
        other => panic!("{other:?}"),
    }
}

fn all_met_of(phone: &Phone, checks: &[&str]) {
    for check in checks {
        answer(phone, check, "met");
    }
}

#[test]
fn the_form_of_visits_is_no_form_of_households() {
    let (world, form) = village();
    let (phone, id) = (&world.phones[0], world.households[0]);
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| open_about(phone, &id, "", form)));
    assert!(refused.is_err(), "it is opened on the page of a visit alone");
    visit_form(phone, &id, "");
    let save = Request::SaveForm {
        finish: true,
        problems: Vec::new(),
    };
    assert_eq!(refusal(phone.must(save)), "not_found");
}
