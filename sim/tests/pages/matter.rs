//! 事项: what is begun for a household under a procedure of its own, from its page to the end, on the phones of the village,
//! the township and the county; what is refused on the way.

use crate::asking::{changes, edit};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingRow, FindingView, FindingsAsked, FindingsView, MatterRow, PhotoDraft};
use bianfang::register::enums::PROCEDURE;
use bianfang::sync::log::Role;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

const LEADER: usize = 0;
const WANG: usize = 1;
const TOWN: usize = 2;
const DESK: usize = 3;
const PHOTO: &str = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
const DAY_MS: i64 = 86_400_000;
const SIGNED: [(&str, &str); 4] = [
    ("signature", "本人签"),
    ("signature/name", "罗永1"),
    ("signature/role", "户主"),
    ("signature/strokes", "_@_@A?A?"),
];

/// A village with its township and county, and its first household as it is registered.
fn village(registered: &[(&str, &str)]) -> (World, String) {
    let mut world = World::new(7, 2, &["李国强", "王芳"]);
    world.add_phone("何强", Role::Township);
    world.add_phone("周敏", Role::Desk);
    let household = world.households[0];
    if !registered.is_empty() {
        edit(&world.phones[LEADER], &household, "own", registered);
    }
    sync(&world);
    (world, household.to_string())
}

fn sync(world: &World) {
    world.sync_all();
    world.sync_all();
}

fn days(world: &World, count: i64) {
    sync(world);
    world.pass_ms(count * DAY_MS);
    sync(world);
}

fn matter(phone: &Phone, household: &str, procedure: &str) -> MatterRow {
    let household = household.to_owned();
    match phone.must(Request::Matters { household }) {
        Reply::Matters { matters, .. } => matters.into_iter().find(|one| one.procedure == procedure).unwrap(),
        other => panic!("no matters: {other:?}"),
    }
}

fn begin(phone: &Phone, household: &str, procedure: &str, person: &str) -> Result<String, String> {
    let [household, procedure, person] = [household, procedure, person].map(str::to_owned);
    match phone.must(Request::BeginMatter {
        household,
        procedure,
        person,
    }) {
        Reply::BeginMatter { saved } => Ok(saved.document),
        Reply::Failed { problem } => Err(problem.words.zh),
        other => panic!("no answer: {other:?}"),
    }
}

fn page(phone: &Phone, id: &str) -> FindingView {
    let (id, seen) = (id.to_owned(), String::new());
    match phone.must(Request::Finding { id, seen }) {
        Reply::Finding { view } => *view,
        other => panic!("no page: {other:?}"),
    }
}

/// Does a step on what the page shows: the state that follows, or why not.
fn step(phone: &Phone, id: &str, event: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    let photo = |(_, name): &(&str, &str)| PhotoDraft {
        photo: (*name).into(),
        thumb: (*name).into(),
        what: "after".into(),
        bytes: 1000,
        at_ms: 0,
    };
    let photos = fields.iter().filter(|(_, value)| *value == PHOTO);
    let request = Request::DoStep {
        id: id.into(),
        base: page(phone, id).base,
        event: event.into(),
        fields: changes(fields),
        photos: photos.map(photo).collect(),
    };
    match phone.must(request) {
        Reply::DoStep { saved: Some(_), view } => Ok(view.state),
        Reply::Failed { problem } => Err(problem.words.zh),
        other => panic!("no answer: {other:?}"),
    }
}

fn today(phone: &Phone) -> String {
    match phone.must(Request::Today) {
        Reply::Today { view } => view.today,
        other => panic!("no day: {other:?}"),
    }
}

/// What waits for the person of a phone.
fn waiting(phone: &Phone) -> Vec<FindingRow> {
    match phone.must(Request::Today) {
        Reply::Today { view } => view.due,
        other => panic!("no day: {other:?}"),
    }
}

fn ledger(phone: &Phone, kind: &str) -> FindingsView {
    let asked = FindingsAsked {
        kind: kind.into(),
        ..FindingsAsked::default()
    };
    match phone.must(Request::Findings {
        chip: "open".into(),
        asked: asked.into(),
    }) {
        Reply::Findings { view } => view,
        other => panic!("no ledger: {other:?}"),
    }
}

fn refused(words: &str) -> Result<String, String> {
    Err(words.into())
}

fn state(name: &str) -> Result<String, String> {
    Ok(name.into())
}

#[test]
fn the_list_of_matters_holds_what_may_be_begun() {
    let (world, household) = village(&[]);
    for known in PROCEDURE {
        let row = matter(&world.phones[LEADER], &household, known.value);
        assert_eq!(
            (row.title.zh.as_str(), row.title.en.as_str()),
            (known.label.zh, known.label.en)
        );
    }
}

#[test]
fn an_unsafe_house_goes_through_the_four_levels() {
    let (world, household) = village(&[("housing_grade", "A")]);
    let [leader, wang, town, desk] = [LEADER, WANG, TOWN, DESK].map(|place| &world.phones[place]);
    let why = "住房等级：A，所以不适用";
    assert_eq!(matter(leader, &household, "renovation").hindered.zh, why);
    assert_eq!(begin(leader, &household, "renovation", ""), refused(why));
    edit(leader, &world.households[0], "own", &[("housing_grade", "D")]);
    sync(&world);
    // Two people begin it without knowing of each other: it is one.
    let id = begin(leader, &household, "renovation", "").unwrap();
    assert_eq!(begin(wang, &household, "renovation", ""), Ok(id.clone()));
    sync(&world);
    assert_eq!(
        begin(leader, &household, "renovation", ""),
        refused("这件事已经在办，请接着办")
    );
    assert_eq!(matter(wang, &household, "renovation").there.len(), 1);
    let of = |poor: &'static str| {
        let all = [("only_home", "是"), ("unsafe", "是"), ("poor", poor), ("persons", "4")];
        [&all[..], &SIGNED].concat()
    };
    assert_eq!(step(leader, &id, "apply", &of("否")), refused("不属经济特困，不能认定"));
    assert_eq!(step(leader, &id, "apply", &of("是")), state("applied"));
    assert_eq!(
        step(leader, &id, "submit", &[("notice", PHOTO)]),
        refused("现在是“待村组评议”，不能公示期满上报")
    );
    sync(&world);
    assert_eq!(step(wang, &id, "review", &[]), refused("“村组评议”由班长来做"));
    let review = [("minutes", PHOTO), ("result", "通过")];
    assert_eq!(step(leader, &id, "review", &review), state("reviewed"));
    assert_eq!(
        step(leader, &id, "submit", &[("notice", PHOTO)]),
        refused("公示还没有满期")
    );
    days(&world, 7);
    assert_eq!(step(leader, &id, "submit", &[("notice", PHOTO)]), state("submitted"));
    sync(&world);
    // Each under 今日 of those for whom it waits.
    assert_eq!((waiting(leader).len(), waiting(desk).len()), (0, 0));
    assert_eq!(waiting(town)[0].state.zh, "待乡镇审核");
    assert_eq!(step(town, &id, "examine", &[]), state("examined"));
    sync(&world);
    assert_eq!(step(desk, &id, "approve", &[("grade", "D")]), state("recognised"));
    sync(&world);
    let view = page(leader, &id);
    let facts: Vec<(&str, &str)> = view
        .facts
        .iter()
        .map(|fact| (fact.label.zh.as_str(), fact.value.zh.as_str()))
        .collect();
    assert!(
        facts.contains(&("补助面积（㎡）", "72")) && facts.contains(&("补助金额（元）", "57240")),
        "{facts:?}"
    );
    assert_eq!(
        (view.row.category.zh.as_str(), view.row.procedure.as_str()),
        ("危房改造", "renovation")
    );
    let kinds = ledger(leader, "renovation");
    assert_eq!((kinds.rows.len(), ledger(leader, "finding").rows.len()), (1, 0));
    let filter = kinds.filters.iter().find(|filter| filter.key == "kind").unwrap();
    assert_eq!(filter.choices[0].words.zh, "危房改造");
}

#[test]
fn a_family_without_labour_stays_monitored() {
    let (world, household) = village(&[]);
    let [leader, wang, town, desk] = [LEADER, WANG, TOWN, DESK].map(|place| &world.phones[place]);
    let family = crate::asking::household(leader, &world.households[0]);
    for person in &family.persons {
        let at = format!("persons/{}", person.id);
        edit(leader, &world.households[0], &at, &[("labour", "无劳动力")]);
    }
    let id = begin(leader, &household, "monitoring", "").unwrap();
    let today = today(leader);
    let found = [
        ("clue_on", today.as_str()),
        ("found_by", "干部排查"),
        ("class", "边缘易致贫户"),
        ("risk", "因病"),
    ];
    assert_eq!(
        step(leader, &id, "visit", &[&found[..], &SIGNED].concat()),
        state("visited")
    );
    let notice = |text| [("minutes", PHOTO), ("text", text)];
    assert_eq!(
        step(leader, &id, "review", &notice("罗某 15400000001")),
        refused("公示里不能有证件号码和电话")
    );
    assert_eq!(step(leader, &id, "review", &notice("2组罗某")), state("notice"));
    assert_eq!(step(leader, &id, "submit", &[]), refused("公示还没有满期"));
    days(&world, 5);
    assert_eq!(step(leader, &id, "submit", &[]), state("township"));
    sync(&world);
    assert_eq!(step(town, &id, "examine", &[]), state("county"));
    days(&world, 11);
    assert_eq!(
        step(desk, &id, "decide", &[]),
        refused("从线索到认定超过15天，请写明原因")
    );
    assert_eq!(
        step(desk, &id, "decide", &[("late_reason", "会议改期")]),
        state("monitored")
    );
    sync(&world);
    assert_eq!(step(wang, &id, "measure", &[("text", "公益岗位")]), state("monitored"));
    days(&world, 200);
    let propose = [&[("text", "收入稳定")][..], &SIGNED].concat();
    assert_eq!(
        step(leader, &id, "propose", &propose),
        refused("整户无劳动力，不能消除风险，继续跟踪")
    );
}

#[test]
fn a_child_is_asked_back_with_a_date() {
    let (world, household) = village(&[]);
    let [leader, wang, town] = [LEADER, WANG, TOWN].map(|place| &world.phones[place]);
    assert_eq!(
        matter(leader, &household, "school_return").hindered.zh,
        "家里没有人适用"
    );
    let year: i32 = today(leader)[..4].parse().unwrap();
    let born = format!("{}-01-05", year - 9);
    edit(
        leader,
        &world.households[0],
        "persons/",
        &[("name", "罗小明"), ("birth", &born)],
    );
    let row = matter(leader, &household, "school_return");
    let [child] = &row.persons[..] else { panic!("{row:?}") };
    assert_eq!((child.words.zh.as_str(), row.hindered.zh.as_str()), ("罗小明", ""));
    let id = begin(leader, &household, "school_return", &child.value).unwrap();
    days(&world, 0);
    assert_eq!(page(town, &id).row.words, "罗小明");
    let deadline = |on: &str| {
        let all = [
            ("deadline", on),
            ("receipt", "拒签"),
            ("receipt/name", "罗永1"),
            ("receipt/role", "户主"),
        ];
        let all = all.into_iter().chain([("receipt/reason", "说孩子在外地")]);
        all.map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    let notice = |on: &str| {
        let all = deadline(on);
        let all: Vec<(&str, &str)> = all.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        step(town, &id, "notice", &all)
    };
    assert_eq!(
        notice(&format!("{}-01-01", year + 1)),
        refused("返校期限太远，请定近一些")
    );
    let by = today(town);
    assert_eq!(notice(&by), state("notified"));
    sync(&world);
    assert_eq!(page(leader, &id).row.due.zh, "今天到期");
    days(&world, 1);
    let view = page(leader, &id);
    assert_eq!((view.state.as_str(), view.row.overdue), ("overdue", true));
    assert_eq!(waiting(town)[0].state.zh, "期满未返校");
    let day = today(wang);
    assert_eq!(
        step(wang, &id, "returned", &[("back_on", &day), ("school", "乡中心小学")]),
        state("back")
    );
    sync(&world);
    assert_eq!(step(leader, &id, "confirm", &[]), refused("还没有明确双线四包责任人"));
}

#[test]
fn nobody_leaves_poverty_below_the_line_or_without_a_signature() {
    let (world, household) = village(&[]);
    let [leader, wang] = [LEADER, WANG].map(|place| &world.phones[place]);
    assert_eq!(
        begin(leader, &household, "exit", ""),
        refused("建档立卡、还没有脱贫：否，所以不适用")
    );
    edit(leader, &world.households[0], "own", &[("class", "建档立卡")]);
    let id = begin(leader, &household, "exit", "").unwrap();
    assert_eq!(
        step(leader, &id, "review", &[("result", "不通过"), ("minutes", PHOTO)]),
        refused("评议没有通过，请记为不退出")
    );
    assert_eq!(
        step(leader, &id, "review", &[("result", "通过"), ("minutes", PHOTO)]),
        state("reviewed")
    );
    sync(&world);
    let verify = |income, water| {
        let secured = ["food", "clothes", "education", "medical", "housing"].map(|key| (key, "是"));
        let all = [
            &[("income", income), ("line", "3747")][..],
            &secured,
            &[("water", water)],
        ]
        .concat();
        step(wang, &id, "verify", &all)
    };
    assert_eq!(verify("3747", "是"), refused("收入没有超过退出标准，不能退出"));
    assert_eq!(verify("4200", "否"), refused("饮水不安全，不能退出"));
    assert_eq!(verify("4200", "是"), state("verified"));
    assert_eq!(
        step(wang, &id, "sign", &[("signature", "拒签"), ("signature/reason", "x")]),
        refused("“户主签字”：这里不能这样签，请换一种方式")
    );
    assert_eq!(step(wang, &id, "sign", &SIGNED), state("signed"));
}

#[test]
fn a_plan_fits_who_can_work_and_is_evaluated_by_somebody_else() {
    let (world, household) = village(&[("class", "建档立卡")]);
    let [leader, wang] = [LEADER, WANG].map(|place| &world.phones[place]);
    let family = crate::asking::household(leader, &world.households[0]);
    let at = format!("persons/{}", family.persons[0].id);
    edit(leader, &world.households[0], &at, &[("labour", "普通劳动力")]);
    let id = begin(leader, &household, "household_plan", "").unwrap();
    let until = today(leader);
    let plan = |branch| [("branch", branch), ("text", "进厂务工"), ("until", until.as_str())];
    assert_eq!(
        step(leader, &id, "plan", &plan("兜底")),
        refused("家里有劳动力，应有产业或务工措施")
    );
    assert_eq!(step(leader, &id, "plan", &plan("务工")), state("planned"));
    sync(&world);
    assert_eq!(step(wang, &id, "agree", &SIGNED), state("running"));
    sync(&world);
    assert_eq!(
        step(leader, &id, "evaluate", &[("result", "达到")]),
        refused("计划是您定的，请别人来评估")
    );
    days(&world, 91);
    assert_eq!(page(leader, &id).row.state.zh, "久无进展");
    assert_eq!(waiting(leader)[0].category.zh, "一户一策");
}
