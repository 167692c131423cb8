//! 备份 carried by hand: nothing of a phone that dies is missing afterwards, whoever opens its file; and no phone gives its
//! records up before.

#[path = "pages/asking.rs"]
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod asking;

use asking::{edit, household, refusal, save_visit, team, visit_form};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::store::Table;
use bianfang::client::view::{MineView, RescueFile, RescueOpened, RescueView, StartView};
use bianfang::sync::hub::Revoked;
use bianfang::sync::log::Role;
use bianfang_sim::link::NetFault;
use bianfang_sim::phone::Phone;
use bianfang_sim::{Ended, World};

fn view(phone: &Phone) -> RescueView {
    match phone.must(Request::Rescue) {
        Reply::Rescue { view } => view,
        other => panic!("{other:?}"),
    }
}

fn mine(phone: &Phone) -> MineView {
    match phone.must(Request::Mine) {
        Reply::Mine { view } => view,
        other => panic!("{other:?}"),
    }
}

fn file(phone: &Phone, everything: bool) -> RescueFile {
    match phone.must(Request::MakeRescue { everything }) {
        Reply::MakeRescue { file } => file,
        other => panic!("{other:?}"),
    }
}

fn open(phone: &Phone, text: &str) -> RescueOpened {
    match phone.must(Request::OpenRescue { text: text.into() }) {
        Reply::OpenRescue { view } => view,
        other => panic!("{other:?}"),
    }
}

fn visited(phone: &Phone, id: &DocId, words: &str) {
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    draft.words = words.into();
    save_visit(phone, draft);
}

/// The file without the block of this number, counted from one.
fn without(text: &str, block: usize) -> String {
    let mark = |number: usize| text.match_indices("-----BIANFANG").nth(number - 1).unwrap().0;
    format!("{}{}", &text[..mark(block)], &text[mark(block + 1)..])
}

/// All phones and the endpoint hold the same, nothing waits, nothing is set aside, and nothing moves any more.
fn settled(world: &World) {
    world.sync_all();
    let endpoint = world.endpoint.borrow_mut().digest().check_code();
    for phone in &world.phones {
        assert_eq!(phone.check_code(), (endpoint.clone(), 0), "{}", phone.name);
        assert_eq!(phone.quarantined(), Vec::<String>::new());
        let Ended::Done(Ok(moved)) = phone.sync() else { panic!() };
        assert_eq!((moved.sent, moved.received, moved.round_trips), (0, 0, 1));
    }
}

#[test]
fn a_file_of_a_phone_that_died_brings_everything_to_a_colleague_and_on_to_the_endpoint() {
    let mut world = team();
    let (one, two) = (world.households[0], world.households[1]);
    edit(&world.phones[1], &one, "own", &[("address", "上坪")]);
    visited(&world.phones[1], &two, "水管冬天会冻");
    assert_eq!((view(&world.phones[1]).waiting, view(&world.phones[1]).unkept), (2, 2));
    let made = file(&world.phones[1], false);
    let phone = world.phones[1].device().unwrap().to_string();
    assert_eq!(made.name, format!("遍访备份-2019-08-14-{}.txt", &phone[..6]));
    assert!(!made.text.contains("上坪") && !made.text.contains("王芳"));

    // The colleague has no signal either, and has changed the same household.
    edit(&world.phones[0], &one, "own", &[("phone", "15400000009")]);
    world.phones[0].link.set(NetFault::Offline);
    let opened = open(&world.phones[0], &made.text);
    assert_eq!((opened.name.as_str(), opened.fresh, opened.known), ("王芳", 2, 0));
    assert_eq!((opened.apart, opened.damaged, opened.parts), (0, 0, 1));
    assert_eq!(household(&world.phones[0], &one).address, "上坪");
    assert_eq!(household(&world.phones[0], &two).visits[0].words, "水管冬天会冻");
    assert_eq!(mine(&world.phones[0]).strip.local, 3);
    // Twice does no harm, also after a new start.
    world.phones[0].restart(false);
    let again = open(&world.phones[0], &made.text);
    assert_eq!(
        (again.fresh, again.known, mine(&world.phones[0]).strip.local),
        (0, 2, 3)
    );
    // Work on top of it.
    edit(&world.phones[0], &one, "own", &[("address", "下坪")]);

    world.phones[0].link.set(NetFault::None);
    world.replace_phone(1, Role::Member);
    settled(&world);
    for phone in &world.phones {
        assert_eq!(household(phone, &one).address, "下坪");
        assert_eq!(household(phone, &two).visits[0].words, "水管冬天会冻");
    }
    let again = open(&world.phones[0], &made.text);
    assert_eq!((again.fresh, again.known), (0, 2));
    settled(&world);
}

#[test]
fn the_phone_that_made_the_file_goes_on_as_if_it_had_sent_it_itself() {
    let world = team();
    let one = world.households[0];
    edit(&world.phones[1], &one, "own", &[("address", "上坪")]);
    let first = file(&world.phones[1], false);
    edit(&world.phones[1], &one, "own", &[("address", "中坪")]);
    let second = file(&world.phones[1], false);
    // Its own file brings nothing new to itself.
    assert_eq!(open(&world.phones[1], &first.text).known, 1);
    // The later one holds the earlier change too, signed once more.
    assert_eq!(open(&world.phones[0], &first.text).fresh, 1);
    let later = open(&world.phones[0], &second.text);
    assert_eq!((later.fresh, later.known), (1, 1));
    assert_eq!(mine(&world.phones[0]).strip.local, 2);
    // Handed on from the colleague's phone in the colleague's own file, unopened.
    assert_eq!(open(&world.phones[2], &file(&world.phones[0], false).text).fresh, 2);
    settled(&world);
    assert_eq!(household(&world.phones[2], &one).address, "中坪");
}

#[test]
fn a_colleague_who_is_behind_keeps_the_file_until_it_fits() {
    let world = team();
    let one = world.households[0];
    edit(&world.phones[0], &one, "own", &[("address", "上坪")]);
    world.phones[0].sync();
    world.phones[1].sync();
    edit(&world.phones[1], &one, "own", &[("address", "中坪")]);
    // This one has never heard of what the change stands on.
    let opened = open(&world.phones[2], &file(&world.phones[1], false).text);
    assert_eq!((opened.fresh, opened.apart), (0, 1));
    assert_eq!(mine(&world.phones[2]).strip.local, 1);
    assert_ne!(household(&world.phones[2], &one).address, "中坪");
    world.phones[2].sync();
    assert_eq!(household(&world.phones[2], &one).address, "中坪");
    assert_eq!(mine(&world.phones[2]).strip.local, 0);
    settled(&world);
}

#[test]
fn receipts_that_are_lost_and_power_that_goes_do_no_harm() {
    for cut in 0..12 {
        let mut world = team();
        let one = world.households[0];
        edit(&world.phones[1], &one, "own", &[("address", "上坪")]);
        let made = file(&world.phones[1], false);
        world.phones[0].disk.cut_after(cut);
        let _ = world.phones[0].ask(Request::OpenRescue {
            text: made.text.clone(),
        });
        world.phones[0].restart(true);
        open(&world.phones[0], &made.text);
        world.phones[0].link.set(NetFault::LostResponse);
        let _ = world.phones[0].sync();
        world.phones[0].link.set(NetFault::None);
        world.phones[0].disk.cut_after(cut);
        let _ = world.phones[0].sync();
        world.phones[0].restart(true);
        settled(&world);
        assert_eq!(household(&world.phones[2], &one).address, "上坪");
    }
}

#[test]
fn a_damaged_file_gives_what_is_whole_and_names_the_rest() {
    let world = team();
    let long = "三组的路不好走，下雨天进不去。".repeat(600);
    for id in &world.households {
        edit(&world.phones[1], id, "own", &[("notes", &format!("{id}{long}"))]);
    }
    let made = file(&world.phones[1], false);
    let opened = open(&world.phones[0], &without(&made.text, 2));
    assert_eq!((opened.fresh, opened.damaged), (opened.parts - opened.damaged, 1));
    assert_eq!(opened.lost.len(), 1);
    let lost = world
        .households
        .iter()
        .find(|id| household(&world.phones[0], id).notes.is_empty())
        .unwrap();
    assert!(
        opened.lost[0].of.contains(&household(&world.phones[0], lost).row.head),
        "{opened:?}"
    );
    // The other copy brings the rest.
    let opened = open(&world.phones[0], &made.text);
    assert_eq!((opened.fresh, opened.damaged), (1, 0));
    settled(&world);
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    let (world, other) = (team(), team());
    other.endpoint.borrow_mut().space_key = [8; 32];
    let mut other = other;
    let stranger = other.add_phone("赵敏", Role::Member);
    edit(
        &other.phones[stranger],
        &other.households[0],
        "own",
        &[("address", "上坪")],
    );
    let made = file(&other.phones[stranger], false);
    let said = |text: String| refusal(world.phones[0].must(Request::OpenRescue { text }));
    assert_eq!(said(made.text.clone()), "rescue_other_village");
    assert_eq!(said("您好".into()), "rescue_not_ours");
    assert_eq!(
        said(
            made.text
                .replace("RESCUE 1", "RESCUE 2")
                .split("\n\n")
                .next()
                .unwrap()
                .into()
        ),
        "rescue_newer"
    );
    assert_eq!(
        said("BIANFANG-RESCUE 1\n\n-----BIANFANG 1/3-----\nAAAA\n".into()),
        "rescue_damaged"
    );
    let nothing = refusal(world.phones[0].must(Request::MakeRescue { everything: false }));
    assert_eq!(nothing, "rescue_nothing");
}

#[test]
fn everything_brings_back_an_endpoint_that_was_put_back() {
    let mut world = team();
    let one = world.households[0];
    let copy = world.endpoint.borrow().log.clone();
    edit(&world.phones[1], &one, "own", &[("address", "上坪")]);
    world.sync_all();
    let made = file(&world.phones[0], true);
    let opened = open(&world.phones[2], &made.text);
    assert_eq!((opened.fresh, opened.apart), (0, 0));
    assert!(opened.known >= 4, "{opened:?}");
    // The phones go with the endpoint's disk: only the file is left, and whoever joins anew.
    world.endpoint.borrow_mut().restore(copy);
    world.endpoint.borrow_mut().import_rescue(&made.text, Revoked::Refused);
    world.replace_phone(1, Role::Member);
    settled(&world);
    assert_eq!(household(&world.phones[1], &one).address, "上坪");
}

#[test]
fn a_switched_off_phone_hands_its_work_to_the_desk_and_to_nobody_else() {
    let world = team();
    let (one, two) = (world.households[0], world.households[1]);
    edit(&world.phones[2], &one, "own", &[("address", "上坪")]);
    let device = world.phones[2].device().unwrap();
    world.endpoint.borrow_mut().revoke(device);
    assert!(matches!(world.phones[2].sync(), Ended::Done(Err(_))));
    assert!(view(&world.phones[2]).revoked);
    let made = file(&world.phones[2], false);
    // A colleague passes it on: refused, and nobody's own work is held up by it.
    open(&world.phones[0], &made.text);
    edit(&world.phones[0], &two, "own", &[("address", "下坪")]);
    edit(&world.phones[0], &one, "own", &[("phone", "15400000009")]);
    assert_eq!(household(&world.phones[0], &one).address, "上坪");
    world.phones[0].sync();
    assert_eq!(mine(&world.phones[0]).strip.local, 0);
    // It is shown with its reason, and under nobody's work any more.
    assert_eq!(mine(&world.phones[0]).quarantined[0].problem.code, "relay_out");
    assert_ne!(household(&world.phones[0], &one).address, "上坪");
    world.phones[1].sync();
    assert_eq!(mine(&world.phones[0]).check_code, mine(&world.phones[1]).check_code);
    assert_eq!(household(&world.phones[1], &two).address, "下坪");
    assert_eq!(household(&world.phones[1], &one).phone, "15400000009");
    assert_ne!(household(&world.phones[1], &one).address, "上坪");
    // The desk: refused as work of a phone in use, taken when it accepts it, known the second time.
    let import = |revoked| world.endpoint.borrow_mut().import_rescue(&made.text, revoked);
    let refused = import(Revoked::Refused);
    assert_eq!((refused.taken, refused.refusals.len()), (0, 1));
    assert_eq!(import(Revoked::Accepted(device)).taken, 1);
    let again = import(Revoked::Accepted(device));
    assert_eq!((again.taken, again.known, again.refusals.len()), (0, 1, 0));
    world.phones[1].sync();
    assert_eq!(household(&world.phones[1], &one).address, "上坪");
    world.phones[0].sync();
    assert_eq!(mine(&world.phones[0]).check_code, mine(&world.phones[1]).check_code);
    assert_eq!(world.phones[0].quarantined(), Vec::<String>::new());
}

#[test]
fn a_phone_is_left_only_when_nothing_is_on_it_alone() {
    let world = team();
    let (phone, one) = (&world.phones[1], world.households[0]);
    edit(phone, &one, "own", &[("address", "上坪")]);
    assert_eq!(refusal(phone.must(Request::Leave)), "leave_unkept");
    let made = file(phone, false);
    // Made is not kept: the share sheet may have been closed.
    assert_eq!(refusal(phone.must(Request::Leave)), "leave_unkept");
    phone.must(Request::RescueKept);
    assert_eq!((view(phone).waiting, view(phone).unkept), (1, 0));
    assert!(view(phone).kept_at.is_some());
    edit(phone, &one, "own", &[("address", "中坪")]);
    assert_eq!(refusal(phone.must(Request::Leave)), "leave_unkept");
    file(phone, false);
    phone.must(Request::RescueKept);
    let draft = visit_form(phone, &one, "").draft;
    phone.must(Request::KeepDraft { draft });
    assert_eq!(refusal(phone.must(Request::Leave)), "leave_drafts");
    phone.must(Request::DropDraft {
        household: one.to_string(),
        visit: String::new(),
    });
    let left = phone.must(Request::Leave);
    assert!(matches!(left, Reply::Leave { view: StartView::Fresh }), "{left:?}");
    assert_eq!(refusal(phone.must(Request::Mine)), "not_joined");
    // Whoever uses it next joins as on a new phone; the file still tells what was on it.
    let token = world.endpoint.borrow_mut().invite("王芳", Role::Member);
    phone.join(&token);
    phone.sync();
    assert_ne!(household(phone, &one).address, "上坪");
    open(phone, &made.text);
    assert_eq!(household(phone, &one).address, "上坪");
}

#[test]
fn what_cannot_be_opened_is_exported_alone_and_says_whom_to_ask() {
    let mut world = team();
    let ids = world.households.clone();
    for id in &ids {
        edit(&world.phones[1], id, "own", &[("address", "上坪")]);
    }
    assert!(world.phones[1].disk.damage(Table::Chunk, 0));
    world.phones[1].restart(false);
    let page = |id: &DocId| world.phones[1].must(Request::Household { id: id.to_string() });
    let shut: Vec<DocId> = ids
        .iter()
        .copied()
        .filter(|id| matches!(page(id), Reply::Failed { .. }))
        .collect();
    let view = mine(&world.phones[1]);
    let ([shut], [row]) = (&shut[..], &view.quarantined[..]) else {
        panic!("one is shut: {shut:?} {:?}", view.quarantined)
    };
    assert!(!row.rewrites);
    assert_eq!(
        view.desk.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["李国强"]
    );
    let export = |id: &str| world.phones[1].must(Request::ExportAside { id: id.into() });
    assert_eq!(refusal(export("00")), "not_found");
    let Reply::ExportAside { file } = export(&row.id) else {
        panic!("not exported")
    };
    let opened = open(&world.phones[0], &file.text);
    assert_eq!((opened.fresh, opened.damaged), (1, 0), "{opened:?}");
    for id in &ids {
        let address = household(&world.phones[0], id).address;
        assert_eq!(address == "上坪", id == shut, "only what was meant");
    }
    // The others are still only on this phone, and no file holds them.
    assert!(matches!(world.phones[1].must(Request::RescueKept), Reply::RescueKept));
    assert_eq!(
        (
            crate::view(&world.phones[1]).waiting,
            crate::view(&world.phones[1]).unkept
        ),
        (3, 2)
    );
}
