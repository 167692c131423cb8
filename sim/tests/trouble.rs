//! What a person is told when the network, the endpoint or the phone's clock is not as it should be, and that nothing
//! saved is lost by it: one test for each kind of trouble.

#[path = "pages/asking.rs"]
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod asking;

use asking::{edit, household, refusal, team};
use bianfang::client::api::{Reply, Request};
use bianfang::client::error::ClientError;
use bianfang::client::view::{Problem, StripView};
use bianfang::sync::log::Role;
use bianfang_sim::link::NetFault;
use bianfang_sim::phone::Phone;
use bianfang_sim::{Ended, World};

/// What synchronising failed with.
fn problem(phone: &Phone) -> Problem {
    match phone.sync() {
        Ended::Done(Err(error)) => said(&error),
        other => panic!("it did not fail: {other:?}"),
    }
}

fn said(error: &ClientError) -> Problem {
    let problem = error.problem();
    assert!(problem.words.zh.chars().any(|c| c > '\u{4e00}') && !problem.words.en.is_empty());
    // The general sentence is for codes of a newer endpoint.
    assert!(!problem.words.zh.starts_with("没有做成"), "{problem:?}");
    problem
}

fn strip(phone: &Phone) -> StripView {
    match phone.must(Request::Mine) {
        Reply::Mine { view } => view.strip,
        other => panic!("{other:?}"),
    }
}

/// A change waits on the phone while the trouble lasts, and arrives when it is over.
fn waits(world: &World, trouble: impl Fn(&Phone) -> String) -> String {
    let (phone, other) = (&world.phones[0], &world.phones[1]);
    let id = world.households[0];
    edit(phone, &id, "own", &[("address", "上坪")]);
    let code = trouble(phone);
    assert_eq!(household(phone, &id).address, "上坪");
    assert_eq!(strip(phone).local, 1, "{code}");
    phone.link.set(NetFault::None);
    world.sync_all();
    assert_eq!(strip(phone).local, 0);
    assert_eq!(household(other, &id).address, "上坪");
    code
}

#[test]
fn without_a_network_everything_stays_on_the_phone() {
    let world = team();
    let code = waits(&world, |phone| {
        phone.link.set(NetFault::Offline);
        let problem = problem(phone);
        assert!(problem.words.zh.contains("没有信号"));
        problem.code
    });
    assert_eq!(code, "link_offline");
}

#[test]
fn a_wifi_that_wants_a_login_is_named_and_believed_in_nothing() {
    let world = team();
    let code = waits(&world, |phone| {
        phone.link.set(NetFault::Portal);
        let problem = problem(phone);
        assert!(problem.words.zh.contains("登录 Wi-Fi"));
        problem.code
    });
    assert_eq!(code, "link_not_ours");
}

#[test]
fn a_login_page_uses_no_invitation_up() {
    let mut world = team();
    let token = world.endpoint.borrow_mut().invite("赵敏", Role::Member);
    let seat = world.add_phone("李敏", Role::Member);
    let new = Phone::new(
        "赵敏",
        &world.endpoint,
        &world.now_ms,
        world.phones[seat].host.random.fork(9),
    );
    let look = || Request::Invitation { token: token.clone() };
    let join = || Request::Join {
        token: token.clone(),
        device_label: "红米".into(),
    };
    new.link.set(NetFault::Portal);
    assert_eq!(refusal(new.must(look())), "link_not_ours");
    for fault in [NetFault::Portal, NetFault::LostResponse, NetFault::CutResponse] {
        new.link.set(fault);
        assert!(refusal(new.must(join())).starts_with("link_"));
    }
    // Its own answer was lost twice: the same phone asks again and is let in.
    new.join(&token);
    assert_eq!(strip(&new).local, 0);
    match new.must(join()) {
        Reply::Failed { problem } => {
            assert_eq!(problem.code, "already_joined");
            assert!(problem.words.zh.contains("已经加入了"), "{problem:?}");
        }
        other => panic!("{other:?}"),
    }
    let stranger = Phone::new("别人", &world.endpoint, &world.now_ms, new.host.random.fork(3));
    assert_eq!(refusal(stranger.must(join())), "invitation_used");
    let wrong = Request::Join {
        token: "XXXXXXXXXX".into(),
        device_label: String::new(),
    };
    assert_eq!(refusal(stranger.must(wrong)), "invitation_unknown");
}

#[test]
fn answers_that_are_lost_cut_or_garbled_are_asked_for_again() {
    for (fault, wanted) in [
        (NetFault::LostRequest, "link_timeout"),
        (NetFault::LostResponse, "link_timeout"),
        (NetFault::CutResponse, "link_cut"),
        (NetFault::Garbled(20), "frame_"),
    ] {
        let world = team();
        let (phone, other) = (&world.phones[0], &world.phones[1]);
        let id = world.households[0];
        edit(phone, &id, "own", &[("address", "上坪")]);
        phone.link.set(fault);
        let code = problem(phone).code;
        assert!(code.starts_with(wanted), "{fault:?}: {code}");
        assert_eq!(strip(phone).local, 1, "{fault:?}");
        world.sync_all();
        assert_eq!(
            (strip(phone).local, household(other, &id).address.as_str()),
            (0, "上坪")
        );
    }
}

#[test]
fn a_clock_years_off_is_shown_and_refuses_nothing() {
    const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
    for years in [-12, 7] {
        let world = team();
        let (phone, other) = (&world.phones[0], &world.phones[1]);
        let id = world.households[0];
        phone.host.off_ms.set(years * YEAR_MS);
        edit(phone, &id, "own", &[("address", "上坪")]);
        edit(other, &id, "own", &[("phone", "15400000009")]);
        world.sync_all();
        let off = i64::from(strip(phone).clock_off_days);
        assert_eq!(off, years * 365, "said where the person sees it");
        assert_eq!(strip(other).clock_off_days, 0);
        // Nobody's clock decides: both changes are there, on both phones.
        for one in [phone, other] {
            let view = household(one, &id);
            assert_eq!((view.address.as_str(), view.phone.as_str()), ("上坪", "15400000009"));
            assert_eq!(strip(one).local, 0);
        }
        // Put right, nothing is said any more.
        phone.host.off_ms.set(0);
        world.sync_all();
        assert_eq!(strip(phone).clock_off_days, 0);
    }
}

#[test]
fn a_phone_that_was_switched_off_is_told_and_keeps_its_work() {
    let world = team();
    let (phone, id) = (&world.phones[0], world.households[0]);
    edit(phone, &id, "own", &[("address", "上坪")]);
    world.endpoint.borrow_mut().revoke(phone.device().unwrap());
    let problem = problem(phone);
    assert!(problem.code.ends_with("device_revoked"), "{}", problem.code);
    assert!(problem.words.zh.contains("停用") && problem.words.zh.contains("县办"));
    assert_eq!(household(phone, &id).address, "上坪");
    assert_eq!(strip(phone).local, 1);
}

#[test]
fn a_kind_of_document_of_a_newer_release_stops_nothing_and_is_kept() {
    let world = team();
    let (phone, other) = (&world.phones[0], &world.phones[1]);
    let id = world.households[0];
    edit(other, &id, "own", &[("address", "上坪")]);
    other.sync().done().unwrap().unwrap();
    phone.link.set(NetFault::NewerKind);
    phone.sync().done().unwrap().unwrap();
    assert_eq!(household(phone, &id).address, "上坪");
    let set_aside = |phone: &Phone| match phone.must(Request::Mine) {
        Reply::Mine { view } => view.quarantined.into_iter().map(|row| row.problem.code).collect(),
        _ => Vec::new(),
    };
    assert_eq!(set_aside(phone), ["doc_kind_later"]);
    // Said once, and the next exchanges are ordinary ones.
    edit(phone, &id, "own", &[("phone", "15400000009")]);
    world.sync_all();
    assert_eq!(
        (set_aside(phone), strip(phone).local),
        (vec!["doc_kind_later".to_owned()], 0)
    );
    assert_eq!(household(other, &id).phone, "15400000009");
}

#[test]
fn what_goes_wrong_beside_a_save_stands_in_the_error_record_and_stops_nothing() {
    let world = team();
    let (phone, id) = (&world.phones[0], world.households[0]);
    phone.disk.set_trouble("store_unmarked");
    edit(phone, &id, "own", &[("address", "上坪")]);
    assert_eq!(household(phone, &id).address, "上坪");
    let Reply::ErrorLog { text } = phone.must(Request::ErrorLog) else {
        panic!("no error record")
    };
    assert_eq!(text.matches("store_unmarked").count(), 1, "{text}");
    assert!(!text.contains('×'), "told once: {text}");
}
