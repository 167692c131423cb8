//! 农户, 疑似重复户 and 台账.

use super::village::{Village, badges, class, heads, is_said, own};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{DuplicateView, HouseholdsView};

fn counts(view: &HouseholdsView) -> Vec<(&str, u32)> {
    view.chips
        .iter()
        .map(|chip| (chip.value.as_str(), chip.count))
        .collect()
}

fn groups(view: &HouseholdsView) -> Vec<(&str, u32)> {
    view.groups
        .iter()
        .map(|group| (group.group.as_str(), group.count))
        .collect()
}

#[test]
fn the_list_stands_in_the_order_of_the_roster() {
    let mut village = Village::new();
    for (order, group, head) in [
        (5, "10组", "覃卫"),
        (2, "2组", "向阳"),
        (4, "2组", "田甜"),
        (3, "2组", "田勇"),
        (1, "1组", "罗永山"),
    ] {
        village.family(order, group, &[head]);
    }
    village.arrive();
    let view = village.list("", "all", "");
    assert_eq!(heads(&view.rows), ["罗永山", "向阳", "田勇", "田甜", "覃卫"]);
    assert_eq!(groups(&view), [("1组", 1), ("2组", 3), ("10组", 1)]);
    let page = village.page("", "all", "", 1, 2);
    assert_eq!((heads(&page.rows), page.total, page.of), (vec!["向阳", "田勇"], 5, 5));
    assert_eq!(heads(&village.page("", "all", "", 5, 2).rows), [""; 0]);

    village.groups(&["10组", "2组", "3组"]);
    village.family(6, "", &["李四"]);
    village.arrive();
    let view = village.list("", "all", "");
    assert_eq!(
        groups(&view),
        [("10组", 1), ("2组", 3), ("3组", 0), ("1组", 1), ("", 1)]
    );
    assert_eq!(heads(&view.rows)[..2], ["覃卫", "向阳"]);
    let ungrouped = village.list("", "all", &view.groups[4].filter);
    assert_eq!(heads(&ungrouped.rows), ["李四"]);
}

#[test]
fn a_filter_leaves_as_many_rows_as_it_says() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let families: Vec<_> = (1..=12)
        .map(|order| {
            let group = format!("{}组", order % 3 + 1);
            village.family(order, &group, &[&format!("罗{order}")])
        })
        .collect();
    for family in &families[..4] {
        village.pair(*family, wang);
        village.visit(*family, li, "2019-08-01", "入户核查", "");
    }
    for family in &families[2..8] {
        village.with(*family, vec![own("attribute", "脱贫户")]);
    }
    village.visit(families[9], wang, "2019-07-31", "入户核查", "");
    village.found_home(families[10], wang, "2019-08-02", "nobody_home");
    village.finding(families[7], li, "2019-08-02", "饮水", "水管漏水");
    village.arrive();

    let all = village.list("", "all", "");
    assert_eq!(
        counts(&all),
        [
            ("all", 12),
            ("unvisited_month", 8),
            ("paired", 4),
            ("finding", 1),
            ("differs", 0),
            ("unpaired", 4)
        ]
    );
    assert!(all.chips.iter().all(|chip| is_said(&chip.words)));
    for chip in &all.chips {
        let chosen = village.list("", &chip.value, "");
        assert_eq!(
            (chosen.total, chosen.rows.len() as u32),
            (chip.count, chip.count),
            "{}",
            chip.value
        );
        assert_eq!(chosen.groups.iter().map(|group| group.count).sum::<u32>(), chip.count);
        for group in &chosen.groups {
            let within = village.list("", &chip.value, &group.filter);
            assert_eq!(within.total, group.count, "{} in {}", chip.value, group.group);
            assert!(within.rows.iter().all(|row| row.group == group.group));
            let said = within
                .chips
                .iter()
                .find(|one| one.value == chip.value)
                .map(|one| one.count);
            assert_eq!(said, Some(group.count));
        }
    }
}

#[test]
fn everybody_of_a_family_is_found_and_one_that_left_only_by_asking() {
    let mut village = Village::new();
    let zeng = village.family(1, "1组", &["曾大山", "周小怡", "阿依古丽·买买提"]);
    village.with(zeng, vec![own("phone", "15400001234")]);
    let gone = village.family(2, "2组", &["单国强"]);
    village.event(gone, "迁出", "2019-06-01");
    village.family(3, "2组", &["王强"]);
    village.arrive();
    let found = |query: &str| {
        let view = village.list(query, "all", "");
        let rows = view.rows.iter().map(|row| (row.head.clone(), row.matched.clone()));
        rows.collect::<Vec<_>>()
    };
    let only = |head: &str, matched: &str| vec![(head.to_owned(), matched.to_owned())];
    for (query, matched) in [
        ("曾大", ""),
        ("zds", ""),
        ("cds", ""),
        ("小怡", "周小怡"),
        ("zxy", "周小怡"),
        ("古丽", "阿依古丽·买买提"),
        ("1000 曾", ""),
        ("1002", "阿依古丽·买买提"),
        ("1234", ""),
        ("0001", ""),
        ("１组 怡", "周小怡"),
    ] {
        assert_eq!(found(query), only("曾大山", matched), "{query}");
    }
    assert_eq!(found("李"), []);

    let view = village.list("", "all", "");
    assert_eq!((view.total, view.of, counts(&view)[0]), (2, 2, ("all", 2)));
    let view = village.list("sgq", "all", "");
    assert_eq!((heads(&view.rows), view.of), (vec!["单国强"], 2));
    assert_eq!(badges(&view.rows[0]), ["已不在册"]);
    assert_eq!(heads(&village.list("2组", "all", "").rows), ["王强", "单国强"]);
    assert_eq!(village.list("sgq", "unvisited_month", "").total, 0);
}

#[test]
fn a_row_says_at_a_glance_what_is_to_be_known() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let family = village.family(1, "1组", &["罗永山", "周小怡"]);
    let sensitive = village.family(2, "1组", &["向阳"]);
    village.with(family, vec![own("attribute", "脱贫户")]);
    village.with(sensitive, vec![class("攀比户")]);
    village.pair(family, wang);
    village.pair(sensitive, li);
    village.visit(family, li, "2019-07-22", "入户核查", "");
    village.found_home(family, wang, "2019-08-02", "away");
    let open = village.finding(family, li, "2019-07-22", "饮水", "水管漏水");
    let done = village.finding(family, li, "2019-07-22", "住房", "漏雨");
    village.withdraw(done);
    village.arrive();
    let view = village.list("", "all", "");
    let row = &view.rows[0];
    assert_eq!(badges(row), ["脱贫户", "我结对的", "问题 1", "举家外出"]);
    assert!(row.badges.iter().all(|badge| is_said(&badge.words)));
    assert_eq!(
        (row.visited_on.as_str(), row.visited_days, row.people),
        ("2019-07-22", 23, 2)
    );
    assert_eq!((view.rows[1].visited_days, badges(&view.rows[1])), (-1, vec![]));
    village.withdraw(open);
    village.arrive();
    let view = village.list("", "all", "");
    assert_eq!(badges(&view.rows[0]), ["脱贫户", "我结对的", "举家外出"]);
}

#[test]
fn a_family_registered_twice_is_listed_once_for_each_pair_and_named_while_typing() {
    let mut village = Village::new();
    let first = village.family(1, "1组", &["罗永山", "周小怡"]);
    let same_number = village.family(2, "2组", &["罗强"]);
    let same_head = village.family(3, "1组", &["罗永山"]);
    village.family(4, "3组", &["罗永山"]);
    village.with(same_number, vec![own("number", "4228221042990001")]);
    village.with(same_head, vec![own("number", "")]);
    village.arrive();
    let marked: Vec<String> = village
        .list("", "all", "")
        .rows
        .iter()
        .filter(|row| badges(row).contains(&"疑似重复"))
        .map(|row| row.id.clone())
        .collect();
    assert_eq!(marked, [first, same_head, same_number].map(|id| id.to_string()));

    let Reply::Household { view } = village.ask(Request::Household { id: first.to_string() }) else {
        panic!("no household");
    };
    let twins: Vec<_> = view
        .duplicates
        .iter()
        .map(|one| (one.household.id.clone(), one.certain))
        .collect();
    assert_eq!(twins, [(same_number.to_string(), true), (same_head.to_string(), false)]);

    let alike = |head: &str, group: &str, id_no: &str, number: &str| -> Vec<DuplicateView> {
        let (head, group, id_no, number) = (head.into(), group.into(), id_no.into(), number.into());
        match village.ask(Request::LookAlike {
            head,
            group,
            id_no,
            number,
        }) {
            Reply::LookAlike { alike } => alike,
            other => panic!("no look-alikes: {other:?}"),
        }
    };
    let short = |alike: Vec<DuplicateView>| -> Vec<(String, bool)> {
        assert!(alike.iter().all(|one| is_said(&one.why)));
        alike.into_iter().map(|one| (one.household.id, one.certain)).collect()
    };
    assert_eq!(
        short(alike("罗永山", "1组", "", "")),
        [(first.to_string(), false), (same_head.to_string(), false)]
    );
    // 周小怡 is the second of the first family; her number is typed in full width.
    assert_eq!(
        short(alike("", "", "４２２８９９１９５８０００１１００１", "")),
        [(first.to_string(), true)]
    );
    assert_eq!(short(alike("", "", "4228991958", "")), []);
    assert_eq!(short(alike("罗永山", "", "", "")), []);

    // What was said follows the records: one gets another number, another moves away.
    village.with(same_number, vec![own("number", "4228221042990077")]);
    village.event(same_head, "迁出", "2019-08-01");
    village.arrive();
    let rows = village.list("", "all", "").rows;
    assert!(rows.iter().all(|row| !badges(row).contains(&"疑似重复")));
}

#[test]
fn problems_are_listed_newest_first_under_chips_that_add_up() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let family = village.family(1, "1组", &["罗永山"]);
    village.finding(family, li, "2019-08-01", "饮水", "水管漏水");
    village.finding(family, wang, "2019-08-10", "信访", "反映低保");
    let wrong = village.finding(family, wang, "2019-08-05", "住房", "漏雨");
    village.withdraw(wrong);
    village.arrive();
    let view = village.findings("");
    assert_eq!(view.chip, "open");
    let chips: Vec<_> = view
        .chips
        .iter()
        .map(|chip| (chip.value.as_str(), chip.count))
        .collect();
    assert_eq!(chips, [("open", 2), ("mine", 1), ("withdrawn", 1), ("all", 3)]);
    for chip in &view.chips {
        assert_eq!(village.findings(&chip.value).rows.len() as u32, chip.count);
    }
    let first = &view.rows[0];
    assert_eq!((first.head.as_str(), first.group.as_str()), ("罗永山", "1组"));
    assert_eq!(
        (first.found_on.as_str(), first.by.as_str(), first.open),
        ("2019-08-10", "王芳", true)
    );
    assert_eq!(first.category.zh, "问题", "a petition is not named in a list");
    assert_eq!(
        (view.rows[1].category.zh.as_str(), view.rows[1].words.as_str()),
        ("饮水", "水管漏水")
    );
    let withdrawn = &village.findings("withdrawn").rows[0];
    assert_eq!((withdrawn.state.zh.as_str(), withdrawn.open), ("已作废", false));
}
