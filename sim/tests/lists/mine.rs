//! 我的: the team and who has received my work, what the team lacks, what could not be read.

use super::village::{Village, is_said, own};
use bianfang::client::api::{Reply, Request};
use bianfang::client::store::Table;
use bianfang::client::view::MineView;
use bianfang::sync::log::Role;
use bianfang_sim::Ended;
use bianfang_sim::link::NetFault;
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
fn what_the_storage_spoiled_is_found_and_mended_before_anybody_opens_it() {
    let mut village = Village::new();
    let family = village.family(1, "1组", &["罗1"]);
    village.arrive();
    assert!(village.world.phones[0].disk.damage(Table::Chunk, 0));
    village.world.phones[0].restart(false);
    village.world.sync_all();
    village.world.sync_all();
    village.world.phones[0].restart(false);
    village.world.phones[0].link.set(NetFault::Offline);
    let page = village.ask(Request::Household { id: family.to_string() });
    assert!(matches!(page, Reply::Household { .. }), "{page:?}");
}

/// Synchronises, ended at each storage operation in turn, until one goes through to its end.
fn sync_cut_everywhere(village: &mut Village, restart: impl Fn(&mut Phone)) -> u64 {
    for after in 0.. {
        let phone = &mut village.world.phones[0];
        phone.disk.cut_after(after);
        let ended = phone.sync();
        restart(phone);
        if matches!(ended, Ended::Done(_)) {
            return after;
        }
    }
    unreachable!("a synchronisation has an end")
}

#[test]
fn a_page_left_in_the_middle_is_never_a_death_over_a_document() {
    let mut village = Village::new();
    let families: Vec<_> = (1..=3)
        .map(|order| village.family(order, "1组", &[&format!("罗{order}")]))
        .collect();
    village.arrive();
    let open = |village: &Village, id: String| village.world.phones[0].ask(Request::Household { id });
    let cuts = sync_cut_everywhere(&mut village, |phone| phone.restart(false));
    assert!(cuts > 20, "the scrub looks at every family: {cuts}");
    for family in &families {
        // Far more quick reloads over one page than the deaths that shut a document, each at another moment.
        for after in (0..6).chain(0..6).chain(0..6) {
            village.world.phones[0].disk.cut_after(after);
            assert_eq!(open(&village, family.to_string()), Ended::Killed);
            village.world.phones[0].restart(false);
        }
        let page = open(&village, family.to_string());
        assert!(matches!(page, Ended::Done(Reply::Household { .. })), "{page:?}");
    }
    assert_eq!(mine(&village, 0).quarantined, []);
}

#[test]
fn a_document_that_kills_the_app_is_shut_after_three_deaths_and_its_neighbours_go_on() {
    let mut village = Village::new();
    let family = village.family(1, "1组", &["罗1"]);
    let other = village.family(2, "1组", &["罗2"]);
    village.arrive();
    let page = |id: String| Request::Household { id };
    village.world.phones[0].restart(false);
    village.ask(Request::Today);
    // Between the note and its end: the app traps there each time, also when it is opened anew in between.
    for _ in 0..3 {
        assert_eq!(mine(&village, 0).quarantined, []);
        village.world.phones[0].disk.cut_after(3);
        assert_eq!(village.world.phones[0].ask(page(family.to_string())), Ended::Killed);
        village.world.phones[0].restart_after_death();
        assert!(matches!(village.ask(page(other.to_string())), Reply::Household { .. }));
        village.world.phones[0].restart(false);
    }
    let shut = mine(&village, 0).quarantined;
    assert_eq!(shut.len(), 1);
    assert_eq!(shut[0].problem.code, "doc_open_died");
    assert!(matches!(village.ask(page(family.to_string())), Reply::Failed { .. }));
    let again = village.ask(Request::TryAgain { id: shut[0].id.clone() });
    assert_eq!(again, Reply::TryAgain);
    assert!(matches!(village.ask(page(family.to_string())), Reply::Household { .. }));
}

#[test]
fn a_document_over_which_the_app_dies_in_the_scrub_is_left_out_of_it_and_not_shut() {
    let mut village = Village::new();
    let families: Vec<_> = (1..=3)
        .map(|order| village.family(order, "1组", &[&format!("罗{order}")]))
        .collect();
    village.arrive();
    village.ask(Request::Today);
    // The app traps at every place of a synchronisation in turn. Each document can kill the scrub once, no more.
    let cuts = sync_cut_everywhere(&mut village, |phone| {
        phone.restart_after_death();
        phone.must(Request::Today);
    });
    assert!(
        cuts > families.len() as u64 + 2,
        "over each family once, and no further: {cuts}"
    );
    for family in &families {
        let page = village.ask(Request::Household { id: family.to_string() });
        assert!(matches!(page, Reply::Household { .. }), "{page:?}");
    }
    assert_eq!(mine(&village, 0).quarantined, []);
    // Opened well by a person, they are looked at again.
    assert!(village.world.phones[0].disk.damage(Table::Chunk, 0));
    village.world.phones[0].restart(false);
    village.world.sync_all();
    village.world.sync_all();
    village.world.phones[0].restart(false);
    village.world.phones[0].link.set(NetFault::Offline);
    let page = village.ask(Request::Household {
        id: families[0].to_string(),
    });
    assert!(matches!(page, Reply::Household { .. }), "{page:?}");
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
