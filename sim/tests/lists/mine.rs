//! 我的: the team and who has received my work, what the team lacks, what could not be read.

use super::village::{Village, is_said, own};
use bianfang::client::api::{Reply, Request};
use bianfang::client::store::Table;
use bianfang::client::view::MineView;
use bianfang::sync::log::Role;
use bianfang_sim::phone::Phone;

fn mine(village: &Village, phone: usize) -> MineView {
    match village.world.phones[phone].must(Request::Mine) {
        Reply::Mine { view } => view,
        other => panic!("no 我的: {other:?}"),
    }
}

fn received(view: &MineView) -> Vec<(&str, &str)> {
    let mut team: Vec<_> = view
        .team
        .iter()
        .map(|one| (one.member.name.as_str(), one.received.as_str()))
        .collect();
    team.sort_unstable();
    team
}

#[test]
fn the_team_says_who_has_received_my_work_and_what_it_lacks() {
    let mut village = Village::new();
    let family = village.family(1, "1组", &["罗永山"]);
    village.with(family, vec![own("attribute", "脱贫户")]);
    village.arrive();
    let view = mine(&village, 0);
    assert_eq!(view.me.name, "王芳");
    assert_eq!(received(&view), [("李国强", "all"), ("王芳", "all")]);
    assert_eq!((view.unpaired, view.groups_unpaired), (1, 1));
    // Two people where three are required.
    assert_eq!(view.team_trouble.len(), 1);
    assert!(view.team_trouble.iter().all(is_said));
    assert_eq!(view.quarantined, []);

    let reply = village.ask(Request::SavePairing {
        household: family.to_string(),
        group: String::new(),
        pairing: String::new(),
        base: String::new(),
        member: village.wang.to_string(),
        from: String::new(),
        to: String::new(),
    });
    assert!(matches!(reply, Reply::SavePairing { .. }), "{reply:?}");
    assert_eq!(mine(&village, 0).unpaired, 0);
    village.world.phones[0].sync();
    assert_eq!(received(&mine(&village, 0))[0], ("李国强", "none"));
    village.arrive();
    village.arrive();
    assert_eq!(received(&mine(&village, 0))[0], ("李国强", "all"));
    assert_eq!(mine(&village, 0).check_code, mine(&village, 1).check_code);
}

#[test]
fn nothing_is_said_of_a_team_that_has_not_arrived() {
    let village = Village::new();
    let world = &village.world;
    let token = world.endpoint.borrow_mut().invite("白小怡", Role::Member);
    let phone = Phone::new("白小怡", &world.endpoint, &world.now_ms, world.random.fork(9));
    let joined = phone.must(Request::Join {
        token,
        device_label: String::new(),
    });
    assert!(matches!(joined, Reply::Join { .. }), "{joined:?}");
    // Only what the invitation said is here: nobody knows who leads.
    let Reply::Mine { view } = phone.must(Request::Mine) else {
        panic!("no 我的")
    };
    assert_eq!(view.team_trouble, []);
}

#[test]
fn a_household_that_the_storage_spoiled_is_named_stops_nothing_and_is_mended_by_the_next_synchronisation() {
    let mut village = Village::new();
    let families: Vec<_> = (1..=3)
        .map(|order| village.family(order, "1组", &[&format!("罗{order}")]))
        .collect();
    village.arrive();
    // Chunks stand in the order of the document ids, those of the families before the others.
    assert!(village.world.phones[0].disk.damage(Table::Chunk, 1));
    village.world.phones[0].restart(false);
    let open = |order: usize| {
        village.ask(Request::Household {
            id: families[order].to_string(),
        })
    };
    assert!(matches!(open(0), Reply::Household { .. }));
    assert!(matches!(open(1), Reply::Failed { .. }));
    assert!(matches!(open(2), Reply::Household { .. }));
    let view = mine(&village, 0);
    assert_eq!(view.quarantined.len(), 1);
    assert!(is_said(&view.quarantined[0].problem.words));
    assert_eq!(view.quarantined[0].of, "罗2 · 1组");
    let again = village.ask(Request::TryAgain {
        id: view.quarantined[0].id.clone(),
    });
    assert!(matches!(again, Reply::Failed { .. }), "{again:?}");
    assert_eq!(mine(&village, 0).quarantined.len(), 1);
    assert_eq!(village.list("", "all", "").total, 3);
    village.world.sync_all();
    assert!(matches!(open(1), Reply::Household { .. }));
    assert_eq!(mine(&village, 0).quarantined.len(), 0);
    village.world.phones[0].restart(false);
    let whole = village.ask(Request::Household {
        id: families[1].to_string(),
    });
    assert!(matches!(whole, Reply::Household { .. }));
    assert_eq!(mine(&village, 0).check_code, mine(&village, 1).check_code);
}

#[test]
fn a_spoiled_list_of_the_team_does_not_keep_the_app_from_starting() {
    let mut village = Village::new();
    let families: Vec<_> = (1..=2)
        .map(|order| village.family(order, "1组", &[&format!("罗{order}")]))
        .collect();
    village.arrive();
    let phone = &village.world.phones[0];
    (0..20).for_each(|which| assert!(phone.disk.damage(Table::Chunk, which)));
    village.world.phones[0].restart(false);
    assert_eq!(village.list("", "all", "").total, 2);
    for family in &families {
        let page = village.ask(Request::Household { id: family.to_string() });
        assert!(matches!(page, Reply::Failed { .. }), "{page:?}");
    }
    village.world.sync_all();
    for family in &families {
        let page = village.ask(Request::Household { id: family.to_string() });
        assert!(matches!(page, Reply::Household { .. }), "{page:?}");
    }
    assert_eq!(received(&mine(&village, 0))[0], ("李国强", "all"));
}
