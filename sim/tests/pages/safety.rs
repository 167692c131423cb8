//! What is typed and saved when the phone dies, is full, or holds a record that cannot be read.

use crate::asking::{edit, household, refusal, save_visit, saving, team, visit_form};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingDraft, VisitDraft};
use bianfang_sim::Ended;
use bianfang_sim::phone::Phone;

fn keep_form(phone: &Phone, form: &str, text: String) -> Reply {
    phone.must(Request::KeepForm {
        form: form.into(),
        text,
    })
}

fn kept_form(phone: &Phone, form: &str) -> String {
    match phone.must(Request::KeptForm { form: form.into() }) {
        Reply::KeptForm { text } => text,
        other => panic!("{other:?}"),
    }
}

fn filled(phone: &Phone, id: &bianfang::base::id::DocId) -> VisitDraft {
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    draft.findings = vec![FindingDraft {
        category: "住房".into(),
        words: "灶房墙开裂".into(),
        ..FindingDraft::default()
    }];
    draft
}

#[test]
fn a_visit_its_problem_and_the_end_of_its_draft_are_one_step_wherever_the_power_goes() {
    let (mut before, mut after) = (0, 0);
    for operations in 0..12 {
        let mut world = team();
        let id = world.households[0];
        let draft = filled(&world.phones[0], &id);
        world.phones[0].must(Request::KeepDraft { draft: draft.clone() });
        // A draft is relaxed; only what was flushed since survives a lossy cut.
        edit(&world.phones[0], &id, "own", &[("address", "上坪")]);
        world.phones[0].disk.cut_after(operations);
        let ended = world.phones[0].ask(saving(draft));
        world.phones[0].restart(operations % 2 == 0);
        let view = household(&world.phones[0], &id);
        let state = (view.visits.len(), view.findings.len(), view.draft);
        match state {
            (0, 0, true) => before += 1,
            (1, 1, false) => after += 1,
            other => panic!("half a visit after {operations} operations: {other:?}"),
        }
        if let Ended::Done(Reply::SaveVisit { .. }) = ended {
            assert_eq!(state, (1, 1, false), "what was called saved is there");
        }
    }
    assert!(before > 0 && after > 0);
}

#[test]
fn a_full_phone_says_so_and_keeps_the_draft() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let draft = filled(phone, id);
    phone.must(Request::KeepDraft { draft: draft.clone() });
    phone.disk.set_full(true);
    assert_eq!(refusal(phone.must(saving(draft))), "store_full");
    phone.disk.set_full(false);
    let form = visit_form(phone, id, "");
    assert!(form.resumed && household(phone, id).visits.is_empty());
    save_visit(phone, form.draft);
    assert_eq!(household(phone, id).findings.len(), 1);
}

#[test]
fn half_filled_forms_are_kept_by_name_until_they_are_dropped() {
    let mut world = team();
    let typed = "{\"head\":\"向阳\"}".to_owned();
    assert_eq!(keep_form(&world.phones[0], "register", typed.clone()), Reply::KeepForm);
    keep_form(&world.phones[0], "edit/x/own", "另一张".into());
    world.phones[0].restart(false);
    let phone = &world.phones[0];
    assert_eq!(kept_form(phone, "register"), typed);
    assert_eq!(kept_form(phone, "regist"), "");
    assert_eq!(
        refusal(keep_form(phone, "register", "长".repeat(30_000))),
        "form_too_long"
    );
    assert_eq!(kept_form(phone, "register"), typed);
    keep_form(phone, "register", String::new());
    assert_eq!(
        (
            kept_form(phone, "register").as_str(),
            kept_form(phone, "edit/x/own").as_str()
        ),
        ("", "另一张")
    );
    // Forms are no drafts of visits.
    match phone.must(Request::Today) {
        Reply::Today { view } => assert!(view.drafts.is_empty()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_here_is_said_to_be_missing() {
    let world = team();
    let phone = &world.phones[0];
    let id = world.households[0].to_string();
    let village = bianfang::doc::village_id(world.endpoint.borrow().space).to_string();
    for (household, visit) in [
        ("nothing", ""),
        (id.as_str(), "01J00000000000000000000000"),
        (village.as_str(), ""),
    ] {
        let request = Request::VisitForm {
            household: household.into(),
            visit: visit.into(),
        };
        assert_eq!(refusal(phone.must(request)), "not_found");
    }
    for id in ["", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", village.as_str()] {
        assert_eq!(refusal(phone.must(Request::Household { id: id.into() })), "not_found");
    }
    // The village is the desk's alone.
    let request = Request::SaveRecord {
        document: village,
        record: "own".into(),
        base: String::new(),
        changes: Vec::new(),
    };
    assert_eq!(refusal(phone.must(request)), "not_allowed");
}
