//! 疑似重复户, persons typed twice, and what is written while a record is withdrawn, on phones of the simulated world.

use crate::asking::{edit, household, refusal, save_visit, team, visit_form};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::*;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const ID: &str = "422899197001019915";

/// A new family, and its document.
pub(super) fn register(phone: &Phone, head: &str, id_no: &str) -> DocId {
    let reply = phone.must(Request::RegisterHousehold {
        head: head.into(),
        group: "3组".into(),
        id_no: id_no.into(),
        phone: String::new(),
        number: String::new(),
    });
    match reply {
        Reply::RegisterHousehold { saved } => saved.document.parse().unwrap(),
        other => panic!("not registered: {other:?}"),
    }
}

fn visit(phone: &Phone, household: &DocId) {
    let mut draft = visit_form(phone, household, "").draft;
    draft.home = "at_home".into();
    save_visit(phone, draft);
}

fn compare(phone: &Phone, one: &str, other: &str) -> CompareView {
    let (one, other) = (one.into(), other.into());
    match phone.must(Request::Compare { one, other }) {
        Reply::Compare { view } => view,
        other => panic!("nothing to compare: {other:?}"),
    }
}

fn seen(view: &CompareView) -> Vec<String> {
    view.decisions.iter().map(|one| one.id.clone()).collect()
}

/// 合并 or 不是同一户, on what the phone shows.
pub(super) fn decide(phone: &Phone, one: &str, other: &str, same: bool) {
    let view = compare(phone, one, other);
    let reply = phone.must(Request::Decide {
        seen: seen(&view),
        one: view.one,
        other: view.other,
        same,
    });
    assert!(matches!(reply, Reply::Decide { .. }), "{reply:?}");
}

fn undo(phone: &Phone, one: &str, other: &str, reason: &str) -> Reply {
    let view = compare(phone, one, other);
    phone.must(Request::Undecide {
        seen: seen(&view),
        one: view.one,
        other: view.other,
        reason: reason.into(),
    })
}

fn households(phone: &Phone, query: &str) -> HouseholdsView {
    let reply = phone.must(Request::Households {
        query: query.into(),
        chip: "all".into(),
        group: String::new(),
        offset: 0,
        limit: 50,
    });
    match reply {
        Reply::Households { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

fn differences(phone: &Phone) -> DifferencesView {
    match phone.must(Request::Differences { offset: 0, limit: 50 }) {
        Reply::Differences { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

/// What looks alike; the families that the world begins with do among themselves.
fn twins(phone: &Phone) -> Vec<TwinView> {
    let all = differences(phone).twins.into_iter();
    all.filter(|twin| twin.one_words.zh.contains('向')).collect()
}

/// One family of the same head on two phones that have not met, each with a visit.
fn registered_twice() -> (World, DocId, DocId) {
    let world = team();
    let one = register(&world.phones[1], "向阳", ID);
    let other = register(&world.phones[2], "向阳", ID);
    visit(&world.phones[1], &one);
    visit(&world.phones[2], &other);
    world.sync_all();
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    (world, low, high)
}

#[test]
fn a_family_registered_twice_is_listed_once_and_joined_for_everybody() {
    let (world, low, high) = registered_twice();
    let (one, other) = (low.to_string(), high.to_string());
    for phone in &world.phones {
        let found = twins(phone);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].certain && found[0].what == "household" && found[0].state == "open");
        assert_eq!(households(phone, "").of, 5);
    }
    let view = compare(&world.phones[0], &one, &other);
    let known = |label: &str| view.fields.iter().find(|field| field.label.zh == label).unwrap();
    assert!(known("家庭成员").same && known("村民小组").same);
    assert_eq!(view.sides.len(), 2);
    decide(&world.phones[0], &one, &other, true);
    world.sync_all();
    for phone in &world.phones {
        assert!(twins(phone).is_empty());
        let list = households(phone, "");
        assert_eq!((list.of, list.total), (4, 4));
        let found = households(phone, "向阳");
        assert_eq!((found.rows.len(), found.rows[0].people), (1, 1));
        assert_eq!(found.rows[0].id, one, "the lower id leads where neither has a number");
        // AT 1.10: both visits stand under the household that is kept, and either part is named.
        let page = household(phone, &low);
        assert_eq!(page.visits.iter().filter(|visit| visit.counts).count(), 2);
        assert_eq!(
            (page.parts.len(), page.parts[0].household.id.as_str()),
            (1, other.as_str())
        );
        assert_eq!(page.parts[0].joined[0].author, "李国强");
        assert_eq!(page.persons.iter().filter(|person| person.twin).count(), 1);
        assert!(page.duplicates.is_empty() && page.leader.is_none());
        let led = household(phone, &high);
        assert_eq!(led.leader.map(|row| row.id), Some(one.clone()));
        let Reply::Coverage { view } = phone.must(Request::Coverage {
            from: String::new(),
            to: String::new(),
        }) else {
            panic!("no coverage");
        };
        assert_eq!((view.households, view.visited), (4, 1));
    }
    // Edits on either side go on merging, and a difference in either is counted with the family.
    edit(&world.phones[1], &high, "own", &[("phone", "15400000007")]);
    edit(&world.phones[2], &high, "own", &[("phone", "15400000008")]);
    world.sync_all();
    let page = household(&world.phones[0], &low);
    assert_eq!(
        (page.differs.len(), page.differs[0].document.as_str()),
        (1, other.as_str())
    );
    assert_eq!(differences(&world.phones[0]).open, 1);
    assert_eq!(refusal(undo(&world.phones[2], &one, &other, "  ")), "void_reason");
    assert!(matches!(
        undo(&world.phones[2], &one, &other, "是两兄弟"),
        Reply::Undecide { .. }
    ));
    world.sync_all();
    for phone in &world.phones {
        assert_eq!((households(phone, "").of, twins(phone).len()), (5, 1));
    }
}

#[test]
fn told_apart_is_no_hint_any_more_on_any_phone_until_it_is_undone() {
    let (world, low, high) = registered_twice();
    let (one, other) = (low.to_string(), high.to_string());
    decide(&world.phones[1], &one, &other, false);
    world.sync_all();
    for phone in &world.phones {
        let page = household(phone, &low);
        assert!(page.duplicates.is_empty() && page.parts.is_empty());
        // One and the same person cannot live in both: that is asked next.
        let found = twins(phone);
        assert_eq!((found.len(), found[0].what.as_str()), (1, "person"));
        assert_eq!(compare(phone, &one, &other).state, "apart");
    }
    let found = twins(&world.phones[0]);
    decide(&world.phones[0], &found[0].one, &found[0].other, false);
    world.sync_all();
    for phone in &world.phones {
        assert!(twins(phone).is_empty());
        assert!(
            households(phone, "向阳")
                .rows
                .iter()
                .all(|row| row.badges.iter().all(|one| one.kind != "duplicate"))
        );
    }
    undo(&world.phones[2], &one, &other, "看错了");
    world.sync_all();
    assert_eq!(household(&world.phones[0], &low).duplicates.len(), 1);
}

#[test]
fn two_who_join_at_once_agree_and_two_who_decide_differently_are_shown() {
    let (world, low, high) = registered_twice();
    let (one, other) = (low.to_string(), high.to_string());
    for phone in &world.phones[..2] {
        decide(phone, &one, &other, true);
    }
    world.sync_all();
    let view = compare(&world.phones[2], &one, &other);
    assert_eq!((view.state.as_str(), view.decisions.len()), ("same", 2));
    // One undoing takes back both that were seen.
    undo(&world.phones[2], &one, &other, "弄错了");
    world.sync_all();
    assert_eq!(compare(&world.phones[0], &one, &other).state, "open");
    for turn in 0..3 {
        decide(&world.phones[0], &one, &other, true);
        decide(&world.phones[1], &one, &other, false);
        world.sync_all();
        for phone in &world.phones {
            let view = compare(phone, &one, &other);
            assert_eq!((view.state.as_str(), view.decisions.len()), ("disputed", 2), "{turn}");
            assert_eq!(twins(phone)[0].state, "disputed");
            assert_eq!(household(phone, &low).duplicates[0].state, "disputed");
            assert_eq!(households(phone, "").of, 5, "disputed counts apart");
        }
    }
    decide(&world.phones[2], &one, &other, true);
    world.sync_all();
    for phone in &world.phones {
        let view = compare(phone, &one, &other);
        assert_eq!((view.state.as_str(), view.decisions.len()), ("same", 1));
        assert_eq!(households(phone, "").of, 4);
    }
}

#[test]
fn a_chain_of_joins_is_one_family_and_breaks_where_it_is_undone() {
    let world = team();
    let mut ids: Vec<DocId> = (0..3).map(|phone| register(&world.phones[phone], "向阳", ID)).collect();
    world.sync_all();
    ids.sort_unstable();
    let text: Vec<String> = ids.iter().map(DocId::to_string).collect();
    decide(&world.phones[0], &text[0], &text[1], true);
    decide(&world.phones[1], &text[1], &text[2], true);
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(households(phone, "").of, 4);
        assert_eq!(household(phone, &ids[0]).parts.len(), 2);
        assert!(twins(phone).is_empty());
        assert_eq!(compare(phone, &text[0], &text[2]).state, "same");
    }
    // Told apart inside the chain: shown, and nobody falls out of the count unasked.
    decide(&world.phones[2], &text[0], &text[2], false);
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(compare(phone, &text[0], &text[2]).state, "disputed");
        assert_eq!(twins(phone).len(), 1);
        assert_eq!(households(phone, "").of, 4);
    }
    undo(&world.phones[0], &text[1], &text[2], "第三份是他弟弟");
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(households(phone, "").of, 5);
        assert_eq!(compare(phone, &text[0], &text[2]).state, "apart");
        assert!(household(phone, &ids[2]).duplicates.is_empty());
    }
}

#[test]
fn a_person_typed_twice_counts_once_when_joined_and_again_when_that_is_undone() {
    let (world, low, high) = registered_twice();
    decide(&world.phones[0], &low.to_string(), &high.to_string(), false);
    for head in [&low, &high] {
        let reply = world.phones[0].must(Request::SaveRecord {
            document: head.to_string(),
            record: "persons/".into(),
            base: household(&world.phones[0], head).base,
            changes: crate::asking::changes(&[("name", "向小妹"), ("relation", "之女")]),
        });
        assert!(matches!(reply, Reply::SaveRecord { .. }), "{reply:?}");
    }
    // The same name in one family, twice.
    let reply = world.phones[0].must(Request::SaveRecord {
        document: low.to_string(),
        record: "persons/".into(),
        base: household(&world.phones[0], &low).base,
        changes: crate::asking::changes(&[("name", "向小妹"), ("phone", "15400000003")]),
    });
    assert!(matches!(reply, Reply::SaveRecord { .. }));
    world.sync_all();
    let page = household(&world.phones[1], &low);
    // The other pair are the heads, who have one number.
    let likely: Vec<&TwinView> = page.twins.iter().filter(|twin| !twin.certain).collect();
    assert_eq!((page.row.people, page.twins.len(), likely.len()), (3, 2, 1));
    assert_eq!(
        (likely[0].state.as_str(), likely[0].why.zh.as_str()),
        ("open", "同户同名")
    );
    let (one, other) = (likely[0].one.clone(), likely[0].other.clone());
    let view = compare(&world.phones[1], &one, &other);
    assert_eq!((view.what.as_str(), view.state.as_str()), ("person", "open"));
    assert!(view.fields.iter().any(|field| field.same) && view.fields.iter().any(|field| !field.same));
    decide(&world.phones[1], &one, &other, true);
    world.sync_all();
    for phone in &world.phones {
        let page = household(phone, &low);
        assert_eq!((page.row.people, page.persons.len()), (2, 3));
        assert_eq!(page.persons.iter().filter(|person| person.twin).count(), 1);
        assert!(page.twins.iter().any(|twin| twin.state == "same" && twin.one == one));
    }
    undo(&world.phones[0], &one, &other, "是两个人");
    world.sync_all();
    assert_eq!(household(&world.phones[2], &low).row.people, 3);
}

fn withdraw(phone: &Phone, document: &DocId, record: &str, reason: &str) {
    let reply = phone.must(Request::Withdraw {
        document: document.to_string(),
        record: record.into(),
        base: household(phone, document).base,
        reason: reason.into(),
    });
    assert!(matches!(reply, Reply::Withdraw { .. }), "{reply:?}");
}

fn restore(phone: &Phone, document: &DocId, record: &str) {
    let reply = phone.must(Request::Restore {
        document: document.to_string(),
        record: record.into(),
        base: household(phone, document).base,
    });
    assert!(matches!(reply, Reply::Restore { .. }), "{reply:?}");
}

#[test]
fn an_edit_made_while_somebody_withdraws_the_record_is_shown_until_a_person_has_seen_it() {
    let world = team();
    let id = world.households[0];
    let son = format!("persons/{}", household(&world.phones[0], &id).persons[2].id);
    // AT 1.11
    withdraw(&world.phones[2], &id, &son, "录重了");
    edit(&world.phones[1], &id, &son, &[("phone", "15400000007")]);
    world.sync_all();
    for phone in &world.phones {
        let page = household(phone, &id);
        assert_eq!((page.persons.len(), page.row.people), (2, 2));
        let [contested] = &page.contested[..] else {
            panic!("not shown: {:?}", page.contested)
        };
        assert_eq!(
            (contested.author.as_str(), contested.reason.as_str()),
            ("张伟", "录重了")
        );
        assert_eq!(contested.rows[0].author, "王芳");
        assert_eq!(contested.rows[0].to.zh, "15400000007");
        assert!(page.row.badges.iter().any(|badge| badge.kind == "differs"));
        let list = differences(phone);
        assert_eq!((list.open, list.of[0].contested.len()), (1, 1));
    }
    // Withdrawn all the same, by somebody who saw it; at the same time somebody takes the withdrawal back.
    withdraw(&world.phones[0], &id, &son, "录重了");
    assert!(household(&world.phones[0], &id).contested.is_empty());
    restore(&world.phones[1], &id, &son);
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(household(phone, &id).contested.len(), 1);
    }
    restore(&world.phones[2], &id, &son);
    world.sync_all();
    for phone in &world.phones {
        let page = household(phone, &id);
        assert!(page.contested.is_empty());
        assert_eq!((page.persons.len(), page.persons[2].name.as_str()), (3, "罗强"));
    }
}

#[test]
fn a_household_withdrawn_while_somebody_visits_it_shows_the_visit() {
    let world = team();
    let id = world.households[0];
    withdraw(&world.phones[0], &id, "own", "登记错了");
    visit(&world.phones[1], &id);
    world.sync_all();
    for phone in &world.phones {
        let page = household(phone, &id);
        assert_eq!((page.void_reason.as_str(), page.contested.len()), ("登记错了", 1));
        assert_eq!(page.visits.len(), 1);
        assert_eq!(households(phone, "").of, 2);
        assert_eq!(differences(phone).of.len(), 1);
    }
    restore(&world.phones[2], &id, "own");
    world.sync_all();
    assert_eq!(households(&world.phones[0], "").of, 3);
}

/// Somebody more in a family.
fn add_person(phone: &Phone, household_id: &DocId, typed: &[(&str, &str)]) {
    let reply = phone.must(Request::SaveRecord {
        document: household_id.to_string(),
        record: "persons/".into(),
        base: household(phone, household_id).base,
        changes: crate::asking::changes(typed),
    });
    assert!(matches!(reply, Reply::SaveRecord { .. }), "{reply:?}");
}

/// People of these households as the list counts them.
fn people(phone: &Phone, ids: &[DocId]) -> Vec<u32> {
    ids.iter().map(|id| household(phone, id).row.people).collect()
}

/// A daughter stands with her parents and with her husband, typed on two phones.
fn married(typed: &[(&str, &str)], again: &[(&str, &str)]) -> (World, [DocId; 2]) {
    let world = team();
    let parents = register(&world.phones[0], "向大山", "");
    let husband = register(&world.phones[1], "向阳", "");
    add_person(&world.phones[0], &parents, typed);
    add_person(&world.phones[1], &husband, again);
    world.sync_all();
    (world, [parents, husband])
}

#[test]
fn a_person_listed_in_two_families_is_asked_about_and_counts_once_until_that_is_undone() {
    let she = [("name", "向小妹"), ("id_no", ID)];
    let (world, ids) = married(&she, &she);
    for phone in &world.phones {
        let found = twins(phone);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].certain && found[0].what == "person" && found[0].state == "open");
        assert_eq!(found[0].why.zh, "证件号码相同");
        for id in &ids {
            let page = household(phone, id);
            // The families are two, and nobody asks whether they are one.
            assert!(page.duplicates.is_empty());
            assert_eq!(page.twins, found);
            assert!(page.row.badges.iter().any(|badge| badge.kind == "duplicate"));
        }
        assert_eq!(people(phone, &ids), [2, 2]);
    }
    let (one, other) = (
        twins(&world.phones[0])[0].one.clone(),
        twins(&world.phones[0])[0].other.clone(),
    );
    let view = compare(&world.phones[2], &one, &other);
    assert_eq!(
        (view.what.as_str(), view.state.as_str(), view.sides.len()),
        ("person", "open", 2)
    );
    assert_eq!(view.why.zh, "证件号码相同");
    decide(&world.phones[2], &one, &other, true);
    world.sync_all();
    for phone in &world.phones {
        assert!(twins(phone).is_empty());
        assert_eq!(people(phone, &ids).iter().sum::<u32>(), 3);
        assert_eq!(households(phone, "").of, 5, "the families stay two");
        let persons: Vec<PersonView> = ids.iter().flat_map(|id| household(phone, id).persons).collect();
        assert_eq!(
            (persons.len(), persons.iter().filter(|person| person.twin).count()),
            (4, 1)
        );
        for id in &ids {
            assert_eq!(household(phone, id).twins[0].state, "same");
        }
    }
    // Somebody else says at the same time that they are two: it shows, and counts as before.
    decide(&world.phones[0], &one, &other, false);
    decide(&world.phones[1], &one, &other, true);
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(twins(phone)[0].state, "disputed");
        assert_eq!(people(phone, &ids), [2, 2]);
    }
    assert!(matches!(
        undo(&world.phones[1], &one, &other, "看错了"),
        Reply::Undecide { .. }
    ));
    world.sync_all();
    for phone in &world.phones {
        assert_eq!((twins(phone).len(), twins(phone)[0].state.as_str()), (1, "open"));
    }
}

#[test]
fn without_numbers_the_day_of_birth_or_the_telephone_makes_namesakes_look_alike() {
    let whys = |typed: &[(&str, &str)], again: &[(&str, &str)]| -> Vec<(String, bool)> {
        let (world, _) = married(typed, again);
        let found = twins(&world.phones[2]).into_iter();
        found.map(|twin| (twin.why.zh, twin.certain)).collect()
    };
    let name = ("name", "向小妹");
    let alike = |why: &str| vec![(why.to_owned(), false)];
    assert_eq!(whys(&[name], &[name]), []);
    let born = [name, ("birth", "1990-05-06")];
    assert_eq!(whys(&born, &born), alike("姓名、出生日期相同"));
    assert_eq!(whys(&born, &[name, ("birth", "1990-05-07")]), []);
    let phone = [name, ("phone", "15400000055")];
    assert_eq!(whys(&phone, &phone), alike("姓名、电话相同"));
    // Another person of the same day, and a namesake whose number says who she is.
    assert_eq!(whys(&born, &[("name", "向大妹"), ("birth", "1990-05-06")]), []);
    let numbered = |number: &'static str| [name, ("phone", "15400000055"), ("id_no", number)];
    assert_eq!(whys(&numbered(ID), &numbered("422899199005060018")), []);
}

#[test]
fn whoever_heads_a_family_counts_there_and_the_family_keeps_its_name() {
    let world = team();
    let parents = register(&world.phones[0], "向大山", "");
    let own = register(&world.phones[1], "向小妹", ID);
    let again = register(&world.phones[2], "向兰", "");
    for (phone, family) in [(0, &parents), (2, &again)] {
        add_person(&world.phones[phone], family, &[("name", "向小妹"), ("id_no", ID)]);
    }
    world.sync_all();
    let found = twins(&world.phones[0]);
    assert_eq!(found.len(), 3);
    for pair in &found[..2] {
        decide(&world.phones[0], &pair.one, &pair.other, true);
    }
    world.sync_all();
    for phone in &world.phones {
        // Two decisions make one person of three records.
        assert!(twins(phone).is_empty());
        assert_eq!(people(phone, &[parents, own, again]), [1, 1, 1]);
        assert_eq!(households(phone, "向小妹").rows.len(), 1);
        assert_eq!(household(phone, &own).row.head, "向小妹");
    }
    // Two families with the same head that are no one family: both keep the name.
    let (world, low, high) = registered_twice();
    decide(&world.phones[0], &low.to_string(), &high.to_string(), false);
    let pair = &twins(&world.phones[0])[0];
    decide(&world.phones[0], &pair.one, &pair.other, true);
    let heads = |id: &DocId| household(&world.phones[0], id).row.head;
    assert_eq!((heads(&low), heads(&high)), ("向阳".into(), "向阳".into()));
    assert_eq!(people(&world.phones[0], &[low, high]), [1, 0]);
}

#[test]
fn a_joined_family_is_shown_as_it_was_joined_only_while_the_link_stood() {
    let (world, low, high) = registered_twice();
    let (one, other) = (low.to_string(), high.to_string());
    let day = || world.pass_ms(24 * 60 * 60 * 1000);
    day();
    // The link stands in the document of the one that leads.
    decide(&world.phones[0], &one, &other, true);
    world.sync_all();
    day();
    visit(&world.phones[1], &high);
    world.sync_all();
    day();
    assert!(matches!(
        undo(&world.phones[2], &one, &other, "不是一家"),
        Reply::Undecide { .. }
    ));
    world.sync_all();
    day();
    visit(&world.phones[1], &low);
    world.sync_all();
    for phone in &world.phones {
        let on = |id: &DocId, on: &str| match phone.must(Request::HouseholdOn {
            id: id.to_string(),
            on: on.into(),
        }) {
            Reply::HouseholdOn { view } => *view,
            reply => panic!("no past: {reply:?}"),
        };
        for (date, joined, visits, of_high, later) in [
            ("2019-08-14", false, 1, 1, 3),
            ("2019-08-15", true, 2, 1, 3),
            ("2019-08-16", true, 3, 2, 2),
            ("2019-08-17", false, 1, 2, 1),
            ("2019-08-18", false, 2, 2, 0),
        ] {
            let (was, led) = (on(&low, date), on(&high, date));
            assert_eq!((was.visits.len(), led.visits.len()), (visits, of_high), "{date}");
            let parts: Vec<&str> = was.parts.iter().map(|part| part.household.as_str()).collect();
            assert_eq!(parts, if joined { vec![other.as_str()] } else { vec![] }, "{date}");
            assert_eq!(
                led.leader.map(|part| part.household),
                joined.then(|| one.clone()),
                "{date}"
            );
            assert!(was.leader.is_none() && led.parts.is_empty());
            assert_eq!(was.people, 1, "the head counts once");
            let persons = (
                was.persons.len(),
                was.persons.iter().filter(|person| person.twin).count(),
            );
            assert_eq!(persons, if joined { (2, 1) } else { (1, 0) }, "{date}");
            let elsewhere = was.visits.iter().filter(|visit| !visit.of.zh.is_empty()).count();
            assert_eq!(elsewhere, if joined { of_high } else { 0 }, "{date}");
            assert_eq!(was.later, later, "{date}");
        }
    }
    assert!(household(&world.phones[0], &low).parts.is_empty());
}

#[test]
fn looking_back_finds_a_link_that_only_the_other_document_knows_and_that_was_undone() {
    let (world, low, high) = registered_twice();
    world.pass_ms(24 * 60 * 60 * 1000);
    decide(&world.phones[0], &high.to_string(), &low.to_string(), true);
    world.pass_ms(24 * 60 * 60 * 1000);
    undo(&world.phones[0], &high.to_string(), &low.to_string(), "不是一家");
    for (id, parts) in [(&low, 1), (&high, 0)] {
        let id = id.to_string();
        match world.phones[0].must(Request::HouseholdOn {
            id,
            on: "2019-08-15".into(),
        }) {
            Reply::HouseholdOn { view } => assert_eq!((view.parts.len(), view.leader.is_some()), (parts, parts == 0)),
            other => panic!("no past: {other:?}"),
        }
    }
}
