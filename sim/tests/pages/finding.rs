//! 问题: from the finding to the check, on several phones without signal, and what is refused on the way.

use crate::asking::{changes, edit, save_visit, team, visit_form};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::store::Table;
use bianfang::client::view::{FindingDraft, FindingView, FindingsAsked, FindingsView, NewFinding, PhotoDraft};
use bianfang_sim::World;
use bianfang_sim::phone::Phone;
use bianfang_sim::run::Ended;

const LEADER: usize = 0;
const WANG: usize = 1;
const ZHANG: usize = 2;
const PHOTO: &str = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
const OTHER: &str = "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";

pub fn sync_all(world: &World) {
    for _ in 0..2 {
        for phone in &world.phones {
            assert!(matches!(phone.sync(), Ended::Done(Ok(_))));
        }
    }
}

fn list(phone: &Phone, chip: &str) -> FindingsView {
    match phone.must(Request::Findings {
        chip: chip.into(),
        asked: Default::default(),
    }) {
        Reply::Findings { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

fn counts(phone: &Phone) -> Vec<(String, u32)> {
    let chips = list(phone, "").chips.into_iter();
    chips.map(|chip| (chip.value, chip.count)).collect()
}

pub fn page(phone: &Phone, id: &str, seen: &str) -> FindingView {
    let (id, seen) = (id.to_owned(), seen.to_owned());
    match phone.must(Request::Finding { id, seen }) {
        Reply::Finding { view } => *view,
        other => panic!("no page: {other:?}"),
    }
}

/// Does a step on what the page shows; why not, where it is refused.
pub fn step(phone: &Phone, id: &str, event: &str, fields: &[(&str, &str)]) -> Result<FindingView, String> {
    let base = page(phone, id, "").base;
    on(phone, id, &base, event, fields)
}

fn on(phone: &Phone, id: &str, base: &str, event: &str, fields: &[(&str, &str)]) -> Result<FindingView, String> {
    let photo = |name: &str| PhotoDraft {
        photo: name.into(),
        thumb: name.into(),
        what: "after".into(),
        bytes: 1000,
        at_ms: 0,
    };
    let names = fields.iter().filter(|(key, _)| *key == "after");
    let request = Request::DoStep {
        id: id.into(),
        base: base.into(),
        event: event.into(),
        fields: changes(fields),
        photos: names.flat_map(|(_, names)| names.split('、')).map(photo).collect(),
    };
    match phone.must(request) {
        Reply::DoStep { saved: Some(_), view } => Ok(*view),
        Reply::DoStep { saved: None, view } => {
            let fresh = view.steps.iter().filter(|step| step.fresh);
            Err(fresh.map(|step| step.words.zh.clone()).collect())
        }
        Reply::Failed { problem } => Err(problem.words.zh),
        other => panic!("no answer: {other:?}"),
    }
}

/// A leader and two members; one of them found something at a door.
fn found() -> (World, String) {
    let world = team();
    let household: DocId = world.households[0];
    let mut draft = visit_form(&world.phones[WANG], &household, "").draft;
    draft.home = "at_home".into();
    draft.findings.push(FindingDraft {
        category: "饮水".into(),
        words: "水管漏水".into(),
        photos: Vec::new(),
    });
    save_visit(&world.phones[WANG], draft);
    sync_all(&world);
    let id = list(&world.phones[LEADER], "all").rows[0].id.clone();
    (world, id)
}

pub fn assigned() -> (World, String) {
    let (world, id) = found();
    let view = page(&world.phones[LEADER], &id, "");
    let action = view.next.unwrap();
    assert_eq!((view.state.as_str(), action.words.zh.as_str()), ("open", "交办"));
    let owners = &action.fields.iter().find(|field| field.key == "owner").unwrap().choices;
    let owner = owners.iter().find(|one| one.words.zh == "张伟").unwrap().value.clone();
    let today = match world.phones[LEADER].must(Request::Today) {
        Reply::Today { view } => view.today,
        other => panic!("no day: {other:?}"),
    };
    let fields = [
        ("lead_dept", "水利"),
        ("owner", owner.as_str()),
        ("due", today.as_str()),
    ];
    let early = [fields[0], fields[1], ("due", "2019-01-01")];
    let refused = step(&world.phones[LEADER], &id, "assigned", &early).unwrap_err();
    assert_eq!(refused, "整改时限不能早于交办当天");
    let view = step(&world.phones[LEADER], &id, "assigned", &fields).unwrap();
    assert_eq!((view.row.due.zh.as_str(), view.with.zh.as_str()), ("今天到期", "张伟"));
    (world, id)
}

#[test]
fn a_finding_without_events_waits_to_be_assigned_and_the_list_shows_no_empty_chips() {
    let (world, id) = found();
    let view = page(&world.phones[WANG], &id, "");
    assert_eq!(
        (view.row.state.zh.as_str(), view.row.words.as_str()),
        ("待交办", "水管漏水")
    );
    let refused = step(&world.phones[WANG], &id, "assigned", &[]).unwrap_err();
    assert_eq!(refused, "“交办”由班长、乡镇、督查、县办来做");
    let chips: Vec<String> = counts(&world.phones[WANG]).into_iter().map(|(chip, _)| chip).collect();
    assert_eq!(chips, ["open", "mine", "withdrawn", "all"]);
}

#[test]
fn every_step_is_done_by_those_who_may_and_the_others_are_told_why_not() {
    let (world, id) = assigned();
    sync_all(&world);
    let [leader, wang, zhang] = [LEADER, WANG, ZHANG].map(|place| &world.phones[place]);
    let due: Vec<String> = match zhang.must(Request::Today) {
        Reply::Today { view } => view.due.into_iter().map(|row| row.id).collect(),
        other => panic!("no day: {other:?}"),
    };
    assert_eq!(due, std::slice::from_ref(&id));
    step(zhang, &id, "accepted", &[]).unwrap();
    assert_eq!(
        step(zhang, &id, "requested", &[]).unwrap_err(),
        "还缺“整改后照片”或“佐证资料”"
    );
    let view = step(zhang, &id, "requested", &[("after", &format!("{PHOTO}、{OTHER}"))]).unwrap();
    assert_eq!((view.row.state.zh.as_str(), view.steps[0].photos.len()), ("待验收", 2));
    assert_eq!(view.next, None);
    assert_eq!(view.why_not.zh, "您是整改责任人，不能自己验收");
    assert_eq!(
        step(zhang, &id, "passed", &[("mode", "实地")]).unwrap_err(),
        "您是整改责任人，不能自己验收"
    );
    sync_all(&world);
    let view = step(wang, &id, "passed", &[("mode", "实地")]).unwrap();
    assert_eq!(view.next.unwrap().words.zh, "回访");
    // No signature, no revisit; no revisit, no sign-off.
    assert_eq!(
        step(wang, &id, "revisited", &[("satisfied", "满意")]).unwrap_err(),
        "还缺“签字”"
    );
    assert_eq!(
        step(leader, &id, "signed_off", &[]).unwrap_err(),
        "现在是“待验收”，不能销号"
    );
}

/// What a household answers, signed in this way.
fn signed<'a>(way: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all = [("satisfied", "满意"), ("signature", way), ("signature/name", "罗大爷")];
    [&all[..], &[("signature/role", "户主")], more].concat()
}

#[test]
fn what_is_changed_after_it_was_signed_shows_on_every_phone_until_it_is_as_it_was() {
    let (world, id) = assigned();
    sync_all(&world);
    let [leader, wang, zhang] = [LEADER, WANG, ZHANG].map(|place| &world.phones[place]);
    step(zhang, &id, "accepted", &[]).unwrap();
    step(zhang, &id, "requested", &[("after", PHOTO)]).unwrap();
    sync_all(&world);
    step(wang, &id, "passed", &[("mode", "实地")]).unwrap();
    let refused = signed("拒签", &[("signature/reason", "说还要换管子")]);
    let view = step(wang, &id, "revisited", &refused).unwrap();
    assert_eq!(view.steps[0].signatures[0].way.zh, "拒签（原因）");
    sync_all(&world);
    step(leader, &id, "signed_off", &[]).unwrap();
    // Somebody who does not know of the sign-off corrects the words.
    edit(wang, &id.parse().unwrap(), "own", &[("words", "水管漏水，水表也坏了")]);
    sync_all(&world);
    for phone in &world.phones {
        let view = page(phone, &id, "");
        let changed: Vec<&str> = view.steps.iter().map(|step| step.changed.zh.as_str()).collect();
        let words = "签后改动：问题描述";
        assert_eq!(changed[..3], [words, words, ""], "{}", phone.name);
        assert_eq!(list(phone, "settled").rows[0].changed.zh, "签后改动");
    }
    edit(zhang, &id.parse().unwrap(), "own", &[("words", "水管漏水")]);
    sync_all(&world);
    for phone in &world.phones {
        let view = page(phone, &id, "");
        assert!(view.steps.iter().all(|step| step.changed.zh.is_empty()));
        assert!(list(phone, "settled").rows[0].changed.zh.is_empty());
    }
}

#[test]
fn while_the_village_is_spoiled_a_step_is_done_in_the_role_in_which_the_phone_joined() {
    let (mut world, id) = assigned();
    sync_all(&world);
    let village = bianfang::doc::village_id(world.endpoint.borrow().space);
    let zhang = &mut world.phones[ZHANG];
    let places = zhang.disk.places(Table::Chunk, village.as_bytes());
    assert!(!places.is_empty());
    for place in places {
        assert!(zhang.disk.damage(Table::Chunk, place));
    }
    zhang.restart(false);
    let zhang = &world.phones[ZHANG];
    let view = step(zhang, &id, "accepted", &[]).unwrap();
    assert_ne!(view.steps[0].by, "张伟", "no name can be read");
    sync_all(&world);
    for phone in &world.phones {
        let step = page(phone, &id, "").steps[0].clone();
        assert_eq!(
            (step.by.as_str(), step.role.zh.as_str()),
            ("张伟", "队员"),
            "{}",
            phone.name
        );
        assert!(phone.quarantined().is_empty());
    }
}

#[test]
fn what_came_meanwhile_is_shown_before_anything_is_done() {
    let (world, id) = assigned();
    sync_all(&world);
    let [leader, zhang] = [LEADER, ZHANG].map(|place| &world.phones[place]);
    let seen = page(zhang, &id, "").base;
    step(leader, &id, "comment", &[("text", "先关总阀")]).unwrap();
    sync_all(&world);
    assert_eq!(on(zhang, &id, &seen, "accepted", &[]).unwrap_err(), "说明");
    assert_eq!(page(zhang, &id, "").steps.len(), 2);
    assert!(page(zhang, &id, "").steps.iter().all(|step| !step.fresh));
    step(zhang, &id, "accepted", &[]).unwrap();
}

#[test]
fn a_return_and_a_sign_off_without_a_signal_are_a_dispute_on_every_phone() {
    let (world, id) = assigned();
    sync_all(&world);
    let [leader, wang, zhang] = [LEADER, WANG, ZHANG].map(|place| &world.phones[place]);
    step(zhang, &id, "accepted", &[]).unwrap();
    step(zhang, &id, "requested", &[("after", PHOTO)]).unwrap();
    sync_all(&world);
    step(wang, &id, "passed", &[("mode", "实地")]).unwrap();
    sync_all(&world);
    let revisit = signed("本人签", &[("signature/strokes", "_@_@A?A?")]);
    let lacking = [
        (signed("拒签", &[]), "“签字”：拒签要写明原因"),
        (signed("本人签", &[]), "“签字”：还没有签"),
        (
            [&revisit[..], &[("signature/role", "村两委")]].concat(),
            "这一户的问题，请这户人签字",
        ),
    ];
    for (fields, why) in lacking {
        assert_eq!(step(leader, &id, "revisited", &fields).unwrap_err(), why);
    }
    let view = step(leader, &id, "revisited", &revisit).unwrap();
    let signature = &view.steps[0].signatures[0];
    assert_eq!(
        (
            signature.way.zh.as_str(),
            signature.name.as_str(),
            signature.role.zh.as_str()
        ),
        ("本人签", "罗大爷", "户主")
    );
    assert_eq!(signature.drawing, "M16 16L17 16L18 16");
    let view = step(leader, &id, "signed_off", &[]).unwrap();
    assert_eq!((view.row.state.zh.as_str(), view.row.open), ("已销号", false));
    step(wang, &id, "returned", &[("reason", "还在漏")]).unwrap();
    sync_all(&world);
    for phone in &world.phones {
        let view = page(phone, &id, "");
        assert_eq!(
            (view.row.state.zh.as_str(), view.disputed, view.row.open),
            ("争议", true, true)
        );
        assert_eq!(view.steps.iter().filter(|step| step.disputed).count(), 2);
        let counts = counts(phone);
        let count = |chip: &str| counts.iter().find(|(value, _)| value == chip).unwrap().1;
        assert_eq!(
            (count("open"), count("disputed"), count("settled"), count("all")),
            (1, 1, 0, 1)
        );
    }
    // Somebody who sees both decides.
    assert_eq!(
        step(leader, &id, "signed_off", &[]).unwrap_err(),
        "现在是“争议”，不能销号"
    );
    step(leader, &id, "revisited", &revisit).unwrap();
    step(leader, &id, "signed_off", &[]).unwrap();
    sync_all(&world);
    for phone in &world.phones {
        assert_eq!(page(phone, &id, "").state, "signed_off");
        assert_eq!(list(phone, "settled").rows.len(), 1);
    }
}

pub fn new_finding(household: &DocId, words: &str) -> NewFinding {
    NewFinding {
        village: String::new(),
        household: household.to_string(),
        group: String::new(),
        place: String::new(),
        category: "住房".into(),
        words: words.into(),
        severity: "一般".into(),
        source: String::new(),
        dossier: String::new(),
        observed: String::new(),
        fixed: false,
        how: String::new(),
        photos: Vec::new(),
    }
}

pub fn record(phone: &Phone, finding: NewFinding) -> Result<String, String> {
    match phone.must(Request::SaveFinding {
        finding: Box::new(finding),
    }) {
        Reply::SaveFinding { saved } => Ok(saved.document),
        Reply::Failed { problem } => Err(problem.words.zh),
        other => panic!("no answer: {other:?}"),
    }
}

#[test]
fn a_problem_is_written_down_by_itself_or_fixed_on_the_spot() {
    let world = team();
    let (wang, household) = (&world.phones[WANG], &world.households[0]);
    let nothing = NewFinding {
        category: String::new(),
        ..new_finding(household, " ")
    };
    assert_eq!(record(wang, nothing).unwrap_err(), "请先拍照、选一类或写一句");
    let severe = NewFinding {
        severity: "严重".into(),
        fixed: true,
        ..new_finding(household, "墙体开裂")
    };
    assert_eq!(record(wang, severe).unwrap_err(), "严重问题不能当场办结，请交办");
    let fixed = NewFinding {
        fixed: true,
        how: "换了瓦".into(),
        ..new_finding(household, "屋顶漏雨")
    };
    let id = record(wang, fixed).unwrap();
    let view = page(wang, &id, "");
    assert_eq!((view.row.state.zh.as_str(), view.row.open), ("当场办结", false));
    assert_eq!(view.steps[0].lines[0].value.zh, "换了瓦");
    // Of a place of the village; what inspectors see is held against the papers.
    let place = NewFinding {
        household: String::new(),
        group: "3组".into(),
        place: "村口水池".into(),
        category: "饮水".into(),
        source: "暗访督查".into(),
        dossier: "水质合格".into(),
        observed: "池水浑浊".into(),
        ..new_finding(household, "")
    };
    let view = page(wang, &record(wang, place).unwrap(), "");
    assert_eq!((view.row.head.as_str(), view.row.group.as_str()), ("村口水池", "3组"));
    assert_eq!(
        (view.dossier.as_str(), view.observed.as_str()),
        ("水质合格", "池水浑浊")
    );
}

/// Who answers for problems here, as a step names one.
pub fn owner(phone: &Phone, id: &str) -> String {
    let action = page(phone, id, "").next.unwrap();
    let owners = &action.fields.iter().find(|field| field.key == "owner").unwrap().choices;
    owners.iter().find(|one| one.words.zh == "张伟").unwrap().value.clone()
}

/// Through every step to the sign-off; why it was refused.
pub fn signed_off(world: &World, id: &str) -> Result<FindingView, String> {
    let leader = &world.phones[LEADER];
    let owner = owner(leader, id);
    let assign = [("lead_dept", "住建"), ("owner", owner.as_str()), ("due", "2099-12-31")];
    step(leader, id, "assigned", &assign).unwrap();
    sync_all(world);
    step(&world.phones[ZHANG], id, "accepted", &[]).unwrap();
    step(&world.phones[ZHANG], id, "requested", &[("after", PHOTO)]).unwrap();
    sync_all(world);
    step(leader, id, "passed", &[("mode", "实地")]).unwrap();
    let revisit = signed("本人签", &[("signature/strokes", "_@_@A?A?")]);
    step(leader, id, "revisited", &revisit).unwrap();
    let done = step(leader, id, "signed_off", &[]);
    sync_all(world);
    done
}

#[test]
fn the_same_kind_of_problem_after_a_sign_off_has_come_back_and_the_counts_of_the_ledger_add_up() {
    let world = team();
    let (leader, household) = (&world.phones[LEADER], &world.households[0]);
    let first = record(leader, new_finding(household, "墙体开裂")).unwrap();
    signed_off(&world, &first).unwrap();
    let again = record(leader, new_finding(household, "墙又裂了")).unwrap();
    let other = NewFinding {
        category: "饮水".into(),
        ..new_finding(household, "水管漏水")
    };
    let other = record(leader, other).unwrap();
    let view = page(leader, &again, "");
    assert!(view.row.recurred && !page(leader, &other, "").row.recurred);
    assert_eq!(view.linked[0].id, first);
    assert_eq!(page(leader, &first, "").linked[0].id, again);
    let asked = |asked: FindingsAsked| {
        let (chip, asked) = ("all".to_owned(), Box::new(asked));
        match leader.must(Request::Findings { chip, asked }) {
            Reply::Findings { view } => view,
            other => panic!("no list: {other:?}"),
        }
    };
    let all = asked(FindingsAsked {
        section: "dept".into(),
        ..Default::default()
    });
    assert_eq!(all.sections.iter().map(|one| one.count).sum::<u32>(), all.total);
    assert_eq!(all.sections.last().unwrap().words.zh, "未交办");
    let filter = all.filters.iter().find(|one| one.key == "category").unwrap();
    assert_eq!(filter.choices.iter().map(|one| one.count).sum::<u32>(), 3);
    let housing = asked(FindingsAsked {
        category: "住房".into(),
        query: "裂".into(),
        ..Default::default()
    });
    assert_eq!((housing.total, housing.rows.len()), (2, 2));
    assert_eq!(housing.chips.iter().find(|one| one.value == "open").unwrap().count, 1);
    // A finding is made void by its own step, and by no other way.
    let withdrawn = leader.must(Request::Withdraw {
        document: other.clone(),
        record: "own".into(),
        base: page(leader, &other, "").base,
        reason: "记重了".into(),
    });
    assert!(matches!(withdrawn, Reply::Failed { .. }));
    step(leader, &other, "voided", &[("reason", "记重了")]).unwrap();
    assert_eq!(page(leader, &other, "").row.state.zh, "已作废");
}
