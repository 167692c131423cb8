//! The way out of a refusal: what the endpoint refuses is written again on a fresh copy, and no value is missing anywhere.

#[path = "pages/asking.rs"]
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod asking;

use asking::{edit, household, save_visit, team, visit_form};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::MineView;
use bianfang_sim::link::NetFault;
use bianfang_sim::phone::Phone;
use bianfang_sim::{Ended, World};

fn mine(phone: &Phone) -> MineView {
    match phone.must(Request::Mine) {
        Reply::Mine { view } => view,
        other => panic!("{other:?}"),
    }
}

/// A team in which the first phone was copied together with its random numbers.
fn with_a_copy() -> World {
    let mut world = team();
    world.phones[0].restart(false);
    let copy = world.phones[0].cloned_with_its_chance();
    world.phones.push(copy);
    world
}

/// Every phone shows the values of both, holds the same, has nothing waiting and nothing set aside.
fn all_is_everywhere(world: &World, address: &str, phone: &str) {
    let id = world.households[0];
    let code = world.endpoint.borrow_mut().digest().check_code();
    for one in &world.phones {
        let view = household(one, &id);
        assert_eq!(
            (view.address.as_str(), view.phone.as_str()),
            (address, phone),
            "{}",
            one.name
        );
        assert_eq!(one.check_code(), (code.clone(), 0), "{}", one.name);
        assert_eq!(mine(one).quarantined, [], "{}", one.name);
    }
}

#[test]
fn a_reused_actor_is_refused_and_its_values_are_written_again() {
    let world = with_a_copy();
    let (phone, copy, id) = (&world.phones[0], &world.phones[3], world.households[0]);
    edit(phone, &id, "own", &[("address", "上坪")]);
    edit(copy, &id, "own", &[("phone", "15400000009")]);
    // What is built on the refused change goes with it.
    let form = visit_form(copy, &id, "");
    let draft = bianfang::client::view::VisitDraft {
        words: "雨大，屋后滑坡".into(),
        home: "at_home".into(),
        ..form.draft
    };
    save_visit(copy, draft);
    phone.sync();
    let before = copy.host.world_ms.get();
    world.pass_ms(3_600_000);
    let Ended::Done(Ok(moved)) = copy.sync() else {
        panic!("refused work stops nothing")
    };
    assert!(moved.refused > 0 && moved.sent > 0, "{moved:?}");
    world.sync_all();
    all_is_everywhere(&world, "上坪", "15400000009");
    for one in &world.phones {
        let view = household(one, &id);
        assert!(
            view.visits.iter().any(|visit| visit.words == "雨大，屋后滑坡"),
            "{}",
            one.name
        );
        let Reply::History { view } = one.must(Request::History {
            document: id.to_string(),
            record: String::new(),
            field: String::new(),
            offset: 0,
            limit: 50,
        }) else {
            panic!("no history")
        };
        let row = view
            .rows
            .iter()
            .find(|row| row.to.zh.contains("15400000009"))
            .expect("in the history");
        // The same person and the same time, in seconds.
        assert_eq!((row.author.as_str(), row.at / 1000), ("李国强", before / 1000));
    }
}

#[test]
fn a_value_that_others_wrote_meanwhile_is_not_overwritten_by_writing_again() {
    let world = with_a_copy();
    let (phone, copy, id) = (&world.phones[0], &world.phones[3], world.households[0]);
    edit(phone, &id, "own", &[("phone", "15400000008")]);
    edit(copy, &id, "own", &[("phone", "15400000009")]);
    phone.sync();
    world.sync_all();
    for one in &world.phones {
        let view = household(one, &id);
        assert_eq!(view.differs.len(), 1, "{}: both stand", one.name);
        assert_eq!(view.differs[0].field.values.len(), 2);
        assert_eq!(
            (one.check_code().1, mine(one).quarantined.len()),
            (0, 0),
            "{}",
            one.name
        );
    }
}

#[test]
fn writing_again_may_be_cut_off_anywhere() {
    for after in 0..40 {
        let mut world = with_a_copy();
        let id = world.households[0];
        edit(&world.phones[0], &id, "own", &[("address", "上坪")]);
        edit(&world.phones[3], &id, "own", &[("phone", "15400000009")]);
        world.phones[0].sync();
        world.phones[3].disk.cut_after(after);
        world.phones[3].sync();
        world.phones[3].restart(after % 2 == 0);
        world.sync_all();
        all_is_everywhere(&world, "上坪", "15400000009");
    }
}

#[test]
fn a_refusal_for_a_reason_of_a_newer_endpoint_stops_nothing_else() {
    let mut world = with_a_copy();
    let (id, other) = (world.households[0], world.households[1]);
    edit(&world.phones[0], &id, "own", &[("address", "上坪")]);
    edit(&world.phones[3], &id, "own", &[("phone", "15400000009")]);
    world.phones[0].sync();
    world.phones[3].restart(false);
    edit(&world.phones[3], &other, "own", &[("address", "下坪")]);
    world.phones[3].link.set(NetFault::NewerRefusal);
    let Ended::Done(Ok(moved)) = world.phones[3].sync() else {
        panic!("what one change was refused for stops nothing")
    };
    assert_eq!((moved.sent, moved.refused), (1, 1));
    world.sync_all();
    assert_eq!(household(&world.phones[1], &other).address, "下坪");
    let aside = mine(&world.phones[3]).quarantined;
    let refused = aside.iter().find(|row| row.problem.code == "refused_other_200");
    let refused = refused.expect("kept under its number");
    assert!(refused.problem.words.zh.contains("请更新本应用"), "{refused:?}");
    // Writing it again, as anything else that was refused.
    let id = refused.id.clone();
    assert_eq!(world.phones[3].must(Request::TryAgain { id }), Reply::TryAgain);
    world.sync_all();
    all_is_everywhere(&world, "上坪", "15400000009");
}
