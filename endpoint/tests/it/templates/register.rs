//! What the templates take from the register and would give to it: where they are offered, when they are due, which
//! problems they propose, which fields they write.

use super::*;

/// S029, S149, S186: one examination and four follow-ups a year for the chronically ill, by the village doctor; S053: one
/// test of the water a quarter.
#[test]
fn what_is_due_says_how_often_and_for_whom() {
    let due = |name: &str| {
        let form = template(name);
        let due = form.due.unwrap();
        format!(
            "{} {}/{} {}",
            form.subject.code(),
            due.count,
            due.every.code(),
            form.due_role.code()
        )
    };
    assert_eq!(due("t06-examination.md"), "person 1/year doctor");
    assert_eq!(due("t06-follow-up.md"), "person 4/year doctor");
    assert_eq!(due("t11-water-test.md"), "facility 1/quarter member");
    let of = |cells: &str| format!(r#"{{"person": {{"is_member": "是"{cells}}}}}"#);
    for name in ["t06-examination.md", "t06-follow-up.md"] {
        assert!(!offered(name, &of(r#", "health": ["健康"]"#)), "{name}");
        assert!(offered(name, &of(r#", "health": ["残疾", "长期慢性病"]"#)), "{name}");
        assert!(offered(name, &of(r#", "disease": ["高血压"]"#)), "{name}");
        let gone = r#"{"person": {"is_member": "否", "disease": ["高血压"]}}"#;
        assert!(!offered(name, gone), "{name}");
    }
}

#[test]
fn a_form_is_offered_where_it_applies() {
    let household = |cells: &str| format!(r#"{{"household": {{{cells}}}}}"#);
    let child = |age: u32| format!(r#"{{"person": {{"is_member": "是", "age": {age}}}}}"#);
    let facility = |kind: &str| format!(r#"{{"facility": {{"kind": "{kind}"}}}}"#);
    let cases = [
        ("t01-six-checks.md", household(""), true),
        ("t02-housing.md", household(""), true),
        ("t02-housing.md", household(r#""resettlement": "否""#), true),
        ("t02-housing.md", household(r#""resettlement": "分散安置""#), false),
        ("t14-resettlement.md", household(r#""resettlement": "分散安置""#), true),
        ("t14-resettlement.md", household(r#""resettlement": "集中安置""#), true),
        ("t14-resettlement.md", household(r#""resettlement": "否""#), false),
        ("t14-resettlement.md", household(""), false),
        ("t03-renovation-site.md", household(r#""housing_grade": "D""#), true),
        ("t03-renovation-site.md", household(r#""housing_grade": "B""#), false),
        ("t12-evidence.md", household(r#""class": ["建档立卡", "存疑户"]"#), true),
        ("t12-evidence.md", household(r#""class": ["建档立卡"]"#), false),
        ("t07-entitlements.md", household(r#""helped": "是""#), true),
        ("t07-entitlements.md", household(r#""helped": "否""#), false),
        ("t08-industry-jobs.md", household(r#""helped": "否""#), false),
        ("t05-education.md", child(2), false),
        ("t05-education.md", child(3), true),
        ("t05-education.md", child(18), true),
        ("t05-education.md", child(19), false),
        ("t06-health.md", child(19), true),
        ("t11-clinic.md", facility("clinic"), true),
        ("t11-clinic.md", facility("school"), false),
        ("t11-water-test.md", facility("waterworks"), true),
        ("t11-water-test.md", facility("care_home"), false),
    ];
    for (name, lists, expected) in cases {
        assert_eq!(offered(name, &lists), expected, "{name} {lists}");
    }
    let empty = r#"{"household": {}, "person": {}, "village": {}, "group": {}, "facility": {}}"#;
    assert!(!offered("t05-education.md", empty) && offered("t04-water.md", empty));
}

/// A grade is written and a problem proposed once; where two grades differ the register shows both, and neither is stored here.
#[test]
fn a_house_of_grade_d_is_proposed_for_renovation_and_its_grade_written() {
    let wall = |grade: &str, further: &str| {
        format!(
            r#"{{"over_two":"no","site":"no","foundation":"a","wall":"{grade}","beam":"a","secondary":"a",{further}
            "exemption":"none","lists":{{"household":{{"class":["建档立卡","慢病户"]}}}}}}"#
        )
    };
    let d = wall("d", r#""damage":"灶房墙开裂","#);
    assert_eq!(
        proposed("t02-housing.md", &d),
        ["住房 D级危房，建议认定危改对象。灶房墙开裂"]
    );
    assert_eq!(written("t02-housing.md", &d), ["housing_grade D"]);
    assert_eq!(
        proposed("t02-housing.md", &wall("c", "")),
        ["住房 C级危房，建议认定危改对象。"]
    );
    assert_eq!(
        proposed("t02-housing.md", &wall("b", "").replace(r#""exemption":"none","#, "")),
        [""; 0]
    );
    let other = d.replace("建档立卡", "边缘户");
    assert_eq!(proposed("t02-housing.md", &other), ["住房 D级危房。灶房墙开裂"]);
    let exempt = d.replace("\"none\"", "\"vacant\"");
    assert_eq!(proposed("t02-housing.md", &exempt), [""; 0]);
    // Three storeys and more are judged by another standard.
    assert_eq!(
        written(
            "t02-housing.md",
            &d.replace(r#""over_two":"no""#, r#""over_two":"yes""#)
        ),
        [""; 0]
    );
}

#[test]
fn a_check_proposes_a_problem_when_it_falls_and_writes_the_telephone() {
    let answers = r#"{"food":"met","clothing":"met","education":"met","housing":"unmet","housing_why":"屋漏","water":"unmet",
        "phone":"15400000002","last":{"water":"unmet","medical":"basic"},"lists":{"household":{"phone":"15400000001"}}}"#;
    assert_eq!(proposed("t01-six-checks.md", answers), ["住房 住房安全不达标。屋漏"]);
    assert_eq!(written("t01-six-checks.md", answers), ["phone 15400000002"]);
    let record = filled(&template("t01-six-checks.md"), "2019-08-15", answers);
    assert_eq!(
        (record["medical"].as_str(), record["unchecked"].as_str()),
        ("basic", "0")
    );
    // Nothing starts at 达标.
    assert!(!filled(&template("t01-six-checks.md"), "2019-08-15", "{}").contains_key("food"));
}

#[test]
fn the_water_of_a_dry_county_is_judged_by_its_parameter_and_written() {
    let answers = |region: &str| {
        format!(
            r#"{{"source":"scattered","litres":40,"faults":["none"],"piped":"yes","short_days":0,
            "lists":{{"village":{{"region":"{region}"}}}}}}"#
        )
    };
    let record = |region: &str| filled(&template("t04-water.md"), "2019-08-15", &answers(region));
    assert_eq!(record("dry")["quantity"], "met");
    assert_eq!(record("wet")["quantity"], "basic");
    // Where the county has set nothing it is asked, and nothing is assumed.
    let (asked, missing) = (record(""), ["region", "quantity", "verdict"]);
    assert!(
        missing.iter().all(|name| asked.get(*name).is_none_or(String::is_empty)),
        "{asked:?}"
    );
    assert_eq!(written("t04-water.md", &answers("dry")), ["water 基本达标"]);
    let bad = answers("dry").replace("none", "colour");
    assert_eq!(written("t04-water.md", &bad), ["water 不达标"]);
    assert_eq!(proposed("t04-water.md", &bad), ["饮水 饮水不安全。"]);
}

#[test]
fn an_income_begins_with_the_members_of_the_register() {
    let income = |members: u32| {
        format!(
            r#"{{"income":{{"wage":21000,"business":8600,"rent":800,"other_transfer":6240}},"cost":3100,
            "lists":{{"household":{{"members":{members}}}}}}}"#
        )
    };
    golden(
        "income.md",
        "2019-08-15",
        &[
            (&income(4), &[("year", "2019"), ("heads", "4"), ("each", "8385")]),
            (&income(5), &[("heads", "5"), ("each", "6708")]),
        ],
    );
}

/// S007, S084, S148, S218, S033: what the register knows of the members says what they are entitled to.
#[test]
fn entitlements_follow_from_what_the_register_knows() {
    let family = |persons: &str, class: &str, answers: &str| {
        format!(r#"{{{answers}, "lists": {{"household": {{"class": ["{class}"]}}, "persons": [{persons}]}}}}"#)
    };
    let severe = r#"{"disability_level": "二级"}"#;
    let mild = r#"{"disability_level": "三级"}"#;
    let lost = r#"{"labour": "丧失劳动力", "age": 50, "pension": "未参保"}"#;
    let partly = r#"{"labour": "弱劳动力或半劳动力", "age": 50, "pension": "已参保"}"#;
    let care = "政策落实 应享未享：重度残疾人护理补贴";
    let living = "政策落实 应享未享：困难残疾人生活补贴";
    let net = "政策落实 应兜未兜：没有低保或特困";
    let none = r#""enjoyed": ["none"]"#;
    let cases: [(&str, &str, &str, &[&str]); 12] = [
        (severe, "建档立卡", none, &[care]),
        (severe, "低保", none, &[care, living]),
        (mild, "低保", none, &[living]),
        (mild, "建档立卡", none, &[]),
        (severe, "低保", r#""enjoyed": ["care", "living"]"#, &[]),
        // Nothing is said before anybody answered.
        (severe, "低保", r#""aware": "yes""#, &[]),
        (lost, "建档立卡", none, &[net, "政策落实 应保未保：养老保险"]),
        (
            lost,
            "低保",
            r#""enjoyed": ["low_income"]"#,
            &["政策落实 应保未保：养老保险"],
        ),
        (partly, "建档立卡", r#""enjoyed": ["none"], "helpable": "no""#, &[net]),
        (partly, "建档立卡", r#""enjoyed": ["none"], "helpable": "yes""#, &[]),
        (
            r#"{"insured": "未"}, {"insured": "居民"}"#,
            "建档立卡",
            none,
            &["医疗 有1人今年没有参加医保"],
        ),
        (
            r#"{"school_stage": "中职二年级"}"#,
            "建档立卡",
            r#""enjoyed": ["none"], "hospital": "yes", "reduced": "no", "unfit": ["loan"]"#,
            &[
                "政策落实 住院起付线减半、提高报销没有落实",
                "政策落实 应享未享：雨露计划",
                "政策落实 不符合条件还在享受政策",
            ],
        ),
    ];
    for (persons, class, answers, expected) in cases {
        let answers = family(persons, class, answers);
        assert_eq!(proposed("t07-entitlements.md", &answers), expected, "{answers}");
    }
}

#[test]
fn industry_takes_one_long_and_two_short_and_a_family_with_labour_a_job() {
    let able = |long: u32, short: u32| {
        format!(r#"{{"labour":2,"working":1,"industry":"able","long":{long},"short":{short}}}"#)
    };
    golden(
        "t08-industry-jobs.md",
        "2019-08-15",
        &[
            (&able(1, 2), &[("one_long_two_short", "yes"), ("jobless", "no")]),
            (&able(1, 1), &[("one_long_two_short", "no")]),
            (&able(0, 3), &[("one_long_two_short", "no")]),
            (
                r#"{"lists":{"household":{"labourers":2,"workers":0}}}"#,
                &[("jobless", "yes")],
            ),
            (r#"{"labour":0,"working":0}"#, &[("jobless", "no")]),
        ],
    );
    let zero = r#"{"labour":2,"working":0,"wants_work":"yes","work":["none"]}"#;
    let expected = [
        "收入就业 零就业家庭：有2个劳力，没有一人干活",
        "收入就业 想找活，还没有落实",
    ];
    assert_eq!(proposed("t08-industry-jobs.md", zero), expected);
}

/// S070: at most two per cent, two included; whole numbers are compared.
#[test]
fn a_village_exits_at_two_per_cent_with_all_four_criteria() {
    let village = |poor: u32, of: u32, collective: &str| {
        format!(
            r#"{{"infrastructure":"yes","services":"yes","industry":"yes","collective":"{collective}","poor":{poor},
            "population":{of}}}"#
        )
    };
    golden(
        "t10-village-exit.md",
        "2019-08-15",
        &[
            (
                &village(20, 1000, "yes"),
                &[("low", "yes"), ("exit", "yes"), ("rate", "2")],
            ),
            (&village(21, 1000, "yes"), &[("low", "no"), ("exit", "no")]),
            // 2.004 %, which is 2 when it is rounded.
            (
                &village(10, 499, "yes"),
                &[("rate", "2"), ("low", "no"), ("exit", "no")],
            ),
            (&village(0, 1000, "no"), &[("criteria", "3"), ("exit", "no")]),
            (r#"{"infrastructure":"yes"}"#, &[("exit", "")]),
        ],
    );
    assert_eq!(
        proposed("t10-village-exit.md", &village(0, 9, "no")),
        ["集体经济 集体经济收入没有达标"]
    );
    let roads = r#"{"infrastructure":["power","village_road"],"have":["none"],"venue":["library"],"used":["library"]}"#;
    let expected = ["基础设施 基础设施短板5样", "基础设施 一门式服务四有还差4样"];
    assert_eq!(proposed("t10-facilities.md", roads), expected);
}

#[test]
fn facilities_are_held_against_their_lists() {
    let clinic = |rooms: &str, equipment: u32, drugs: u32| {
        format!(r#"{{"rooms":[{rooms}],"equipment":{equipment},"drugs":{drugs},"boards":"yes"}}"#)
    };
    let four = r#""diagnosis","treatment","public_health","pharmacy""#;
    golden(
        "t11-clinic.md",
        "2019-08-15",
        &[
            (&clinic(four, 8, 50), &[("verdict", "met")]),
            (&clinic(four, 7, 50), &[("verdict", "unmet")]),
            (&clinic(four, 8, 49), &[("verdict", "unmet")]),
            (
                &clinic(r#""diagnosis","treatment","pharmacy""#, 8, 50),
                &[("verdict", "unmet")],
            ),
            ("{}", &[("verdict", "")]),
        ],
    );
    let works = r#"{"order":["rules","signs","process","chemicals","papers"],"zone":"no"}"#;
    let expected = ["饮水 水厂管理还差1样", "饮水 水源地没有划定保护区"];
    assert_eq!(proposed("t11-waterworks.md", works), expected);
    let failed = r#"{"laboratory":"县疾控","result":"fail","failed":"菌落总数"}"#;
    assert_eq!(proposed("t11-water-test.md", failed), ["饮水 水质检测不合格。菌落总数"]);
    assert_eq!(
        proposed("t11-care-home.md", r#"{"have":["none"]}"#),
        ["政策落实 敬老院八有还差8样"]
    );
    assert_eq!(
        proposed("t11-school.md", r#"{"have":["school_net","safety"]}"#),
        ["教育 学校信息化还差2样"]
    );
}

#[test]
fn a_self_check_counts_what_does_not_hold() {
    let all = r#""precise":["target","project","money","measure","posting","result"]"#;
    golden(
        "t13-self-check.md",
        "2019-08-15",
        &[
            (
                &format!(r#"{{{all},"kept":["duty","policy","help"],"persist":["none"]}}"#),
                &[
                    ("precise_left", "0"),
                    ("kept_left", "1"),
                    ("persist_left", "6"),
                    ("missing", "7"),
                ],
            ),
            (r#"{"kept":["none"]}"#, &[("kept_left", "4"), ("missing", "")]),
        ],
    );
}

#[test]
fn health_is_written_into_the_register_and_hints_at_subsidies() {
    let answers = r#"{"disease":["高血压","糖尿病"],"triage":"需长期救治管理","insured":"未","level":"二级",
        "low_income":"yes","subsidy":["none"]}"#;
    let expected = [
        "disease/高血压 高血压",
        "disease/糖尿病 糖尿病",
        "illness_class 需长期救治管理",
        "insured/2019 未",
    ];
    assert_eq!(written("t06-health.md", answers), expected);
    let expected = [
        "政策落实 没有享受重度残疾人护理补贴",
        "政策落实 没有享受困难残疾人生活补贴",
        "医疗 今年没有参加医保",
    ];
    assert_eq!(proposed("t06-health.md", answers), expected);
}
