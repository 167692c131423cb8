//! 数据质量, 专项行动, 四张清单: what the records say is left to do, the same on every phone.

use crate::asking::{edit, save_visit, team, visit_form};
use crate::finding;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{CampaignView, FourListsView, ProgressView, QualityView, TodayView};
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const CLEARANCES: &str = include_str!("../../../packs/campaigns/six-clearances.md");

fn quality(phone: &Phone, rule: &str) -> QualityView {
    match phone.must(Request::Quality { rule: rule.into() }) {
        Reply::Quality { view } => view,
        other => panic!("no list: {other:?}"),
    }
}

fn campaign(phone: &Phone, key: &str, group: &str) -> CampaignView {
    let (key, group) = (key.to_owned(), group.to_owned());
    match phone.must(Request::Campaign { key, group }) {
        Reply::Campaign { view } => view,
        other => panic!("no campaign: {other:?}"),
    }
}

fn today(phone: &Phone) -> TodayView {
    match phone.must(Request::Today) {
        Reply::Today { view } => view,
        other => panic!("no day: {other:?}"),
    }
}

fn lists(phone: &Phone, list: &str) -> FourListsView {
    match phone.must(Request::FourLists { list: list.into() }) {
        Reply::FourLists { view } => view,
        other => panic!("no lists: {other:?}"),
    }
}

#[test]
fn what_the_rules_find_opens_one_problem_and_is_gone_when_it_is_right() {
    let world = team();
    let [_, wang, zhang] = &world.phones[..] else { panic!() };
    let household = world.households[0];
    edit(wang, &household, "own", &[("road_m", "9000")]);
    world.sync_all();
    let view = quality(wang, "");
    assert_eq!((view.looked.done, view.looked.of), (3, 3));
    let lacking: Vec<&str> = view.lacking.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(lacking, ["DQ09"]);
    let road = view.rules.iter().find(|rule| rule.id == "DQ16").unwrap();
    assert_eq!((road.count, road.label.zh.as_str()), (1, "与主干路距离"));
    // All three households have one telephone, and their members the same ID numbers.
    let count = |id: &str| -> u32 {
        view.rules
            .iter()
            .filter(|rule| rule.id == id)
            .map(|rule| rule.count)
            .sum()
    };
    assert_eq!((count("DQ02"), count("DQ14")), (9, 3));
    let of_road = quality(zhang, &road.key);
    let row = &of_road.rows[0];
    assert_eq!(
        (of_road.total, row.head.as_str(), row.finding.as_str()),
        (1, "罗永1", "")
    );
    assert_eq!(row.words.zh, "离村主干路9000米");
    let open = |phone: &Phone| match phone.must(Request::OpenHit {
        household: row.household.clone(),
        rule: row.rule.clone(),
        person: row.person.clone(),
    }) {
        Reply::OpenHit { finding } => finding,
        other => panic!("not opened: {other:?}"),
    };
    let (one, other) = (open(wang), open(zhang));
    assert_eq!(one, other);
    assert_eq!(open(wang), one);
    world.sync_all();
    let problems = lists(zhang, "problem");
    assert_eq!(
        (problems.total, problems.rows[0].title.zh.as_str()),
        (1, "与主干路距离：离村主干路9000米")
    );
    assert_eq!(quality(zhang, &road.key).rows[0].finding, one);
    edit(zhang, &household, "own", &[("road_m", "900")]);
    assert_eq!(quality(zhang, &road.key).total, 0);
    assert_eq!(quality(wang, &road.key).total, 1);
    world.sync_all();
    assert_eq!(quality(wang, &road.key).total, 0);
}

fn with_campaigns() -> World {
    let mut world = team();
    let running = CLEARANCES.replace("2019-06-01", "2001-06-01").replace("2019-", "2039-");
    world.publish_campaigns(&running);
    world.sync_all();
    world
}

#[test]
fn a_campaign_counts_what_the_records_say_by_group() {
    let world = with_campaigns();
    let [leader, wang, _] = &world.phones[..] else { panic!() };
    assert_eq!(today(wang).campaigns.en.split(';').next(), Some("6 under way"));
    let view = campaign(wang, "six_clearances.water", "");
    let told = |view: &CampaignView| {
        let progress = &view.progress;
        (progress.target, progress.checked, progress.cleared, progress.remaining)
    };
    assert_eq!(told(&view), (3, 0, 0, 3));
    assert_eq!((view.groups.len(), view.rows.len()), (3, 3));
    let (met, unmet) = (world.households[0], world.households[1]);
    edit(leader, &met, "own", &[("water", "达标")]);
    edit(leader, &unmet, "own", &[("water", "不达标")]);
    world.sync_all();
    let view = campaign(wang, "six_clearances.water", "");
    assert_eq!(told(&view), (3, 2, 1, 2));
    assert!(
        view.rows
            .iter()
            .any(|row| row.checked && row.household == unmet.to_string())
    );
    let one = campaign(wang, "six_clearances.water", &view.groups[0].group);
    assert_eq!(one.rows.len() as u32, one.groups[0].progress.remaining);
    match wang.must(Request::Campaigns) {
        Reply::Campaigns { view } => {
            let sizes: Vec<usize> = view.sets.iter().map(|set| set.campaigns.len()).collect();
            assert_eq!((sizes, view.waiting), (vec![6], Vec::new()));
            assert_eq!(view.sets[0].campaigns[0].progress.cleared, 1);
        }
        other => panic!("no campaigns: {other:?}"),
    }
    let unknown = wang.must(Request::Campaign {
        key: "six_clearances.nothing".into(),
        group: String::new(),
    });
    assert!(matches!(unknown, Reply::Failed { .. }));
}

#[test]
fn the_four_lists_are_views_of_the_same_problems() {
    let (world, id) = finding::assigned();
    let leader = &world.phones[0];
    let counts: Vec<u32> = lists(leader, "").lists.iter().map(|one| one.count).collect();
    assert_eq!(counts, [1, 1, 1, 0]);
    let duty = &lists(leader, "duty").rows[0];
    assert_eq!(
        (duty.title.zh.as_str(), duty.detail.zh.as_str()),
        ("水利局 · 张伟", "未销号 1 个")
    );
    let task = &lists(leader, "task").rows[0];
    assert_eq!(
        (task.finding.as_str(), task.detail.zh.as_str()),
        (id.as_str(), "水利局 · 张伟")
    );
    assert_eq!(task.due.zh, "今天到期");
    assert_eq!(lists(leader, "problem").rows[0].state.zh, "已交办");
}

fn told(progress: &ProgressView) -> (u32, u32, u32, u32, Option<u32>) {
    let ProgressView {
        target,
        checked,
        cleared,
        remaining,
        same,
    } = *progress;
    (target, checked, cleared, remaining, same)
}

/// A crack in one house, for which all houses are looked at: one has the same, one was visited and has nothing.
fn swept(blocks: &str) -> (World, String, String) {
    let mut world = team();
    world.set_village("sweep_blocks_parent", blocks);
    world.sync_all();
    let [leader, wang, zhang] = &world.phones[..] else {
        panic!()
    };
    let [first, second, third] = world.households[..] else {
        panic!()
    };
    let one = finding::record(leader, finding::new_finding(&first, "墙体开裂")).unwrap();
    assert_eq!(finding::page(leader, &one, "").sweep, None);
    edit(leader, &one.parse().unwrap(), "own", &[("scope", "由点及面")]);
    world.sync_all();
    let progress = |phone: &Phone| told(&finding::page(phone, &one, "").sweep.unwrap().progress);
    assert_eq!(progress(wang), (2, 0, 0, 2, Some(0)));
    assert_eq!(today(wang).campaigns.en, "1 under way");
    // Another kind of problem is none of it.
    let water = bianfang::client::view::NewFinding {
        category: "饮水".into(),
        ..finding::new_finding(&second, "水管漏水")
    };
    finding::record(zhang, water).unwrap();
    assert_eq!(progress(zhang), (2, 0, 0, 2, Some(0)));
    let same = finding::record(zhang, finding::new_finding(&second, "墙也裂了")).unwrap();
    let mut visit = visit_form(wang, &third, "").draft;
    visit.home = "at_home".into();
    save_visit(wang, visit);
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(progress(phone), (2, 2, 1, 1, Some(1)));
    }
    let key = finding::page(leader, &one, "").sweep.unwrap().key;
    let view = campaign(leader, &key, "");
    assert_eq!((view.label.zh.as_str(), view.total), ("住房：墙体开裂", 1));
    assert_eq!(
        (view.rows[0].household.clone(), view.rows[0].words.zh.as_str()),
        (second.to_string(), "墙也裂了")
    );
    match wang.must(Request::Campaigns) {
        Reply::Campaigns { view } => assert_eq!((view.sets.len(), &view.sets[0].campaigns[0].key), (1, &key)),
        other => panic!("no campaigns: {other:?}"),
    }
    (world, one, same)
}

#[test]
fn a_problem_of_one_household_makes_all_others_be_looked_at() {
    let (mut world, one, _) = swept("");
    assert_eq!(finding::signed_off(&world, &one).unwrap().state, "signed_off");
    // What the county decides afterwards changes nothing of what was done.
    world.set_village("sweep_blocks_parent", "是");
    world.sync_all();
    for phone in &world.phones {
        assert_eq!(finding::page(phone, &one, "").state, "signed_off");
    }
}

#[test]
fn a_county_may_refuse_the_sign_off_until_the_same_problem_is_settled_everywhere() {
    let (world, one, same) = swept("是");
    let refused = finding::signed_off(&world, &one).unwrap_err();
    assert_eq!(refused, "面上排查还没有清零，不能销号");
    finding::signed_off(&world, &same).unwrap();
    let leader = &world.phones[0];
    finding::step(leader, &one, "signed_off", &[]).unwrap();
    world.sync_all();
    for phone in &world.phones {
        let view = finding::page(phone, &one, "");
        assert_eq!(view.state, "signed_off");
        assert_eq!(told(&view.sweep.unwrap().progress), (2, 2, 2, 0, Some(1)));
        assert_eq!(today(phone).campaigns.en, "");
    }
}
