//! 走访统计 (S103, S129, S056).

use super::village::{Village, heads, is_said, own};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::CoverageView;

fn visitor<'a>(view: &'a CoverageView, name: &str) -> (Vec<(&'a str, u32)>, u32, u32) {
    let row = view
        .by_visitor
        .iter()
        .find(|row| row.name == name)
        .expect("everybody is listed");
    let kinds = row.kinds.iter().map(|kind| (kind.kind.zh.as_str(), kind.count));
    (kinds.collect(), row.paired, row.paired_met)
}

#[test]
fn the_month_is_counted_by_group_and_by_visitor_and_kind() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let families: Vec<_> = (1..=6)
        .map(|order| {
            let group = if order < 4 { "1组" } else { "2组" };
            village.family(order, group, &[&format!("罗{order}")])
        })
        .collect();
    let left = village.family(7, "2组", &["单国强"]);
    village.visit(left, wang, "2019-08-01", "结对走访", "");
    village.event(left, "迁出", "2019-08-02");
    village.pair(families[0], wang);
    village.pair(families[1], wang);
    for month in 1..=6 {
        village.visit(families[0], wang, &format!("2019-{month:02}-10"), "结对走访", "");
    }
    village.visit(families[1], wang, "2019-08-05", "结对走访", "");
    village.visit(families[1], wang, "2019-08-05", "结对走访", "");
    village.visit(families[3], li, "2019-08-14", "入户核查", "");
    village.visit(families[3], li, "2019-08-01", "慰问", "");
    village.found_home(families[4], li, "2019-08-03", "nobody_home");
    village.with(families[5], vec![own("attribute", "脱贫户")]);
    village.arrive();

    let month = village.coverage("", "");
    assert_eq!((month.from.as_str(), month.to.as_str()), ("2019-08-01", "2019-08-31"));
    assert_eq!((month.visited, month.households), (2, 6));
    let by_group: Vec<_> = month
        .by_group
        .iter()
        .map(|row| (row.group.as_str(), row.visited, row.households))
        .collect();
    assert_eq!(by_group, [("1组", 1, 3), ("2组", 1, 3)]);
    // Two records of one day are two visits made, and one towards the six that the pairing asks for.
    assert_eq!(visitor(&month, "王芳"), (vec![("结对走访", 2)], 2, 1));
    assert_eq!(visitor(&month, "李国强"), (vec![("入户核查", 1), ("慰问", 1)], 0, 0));
    assert!(
        month
            .by_visitor
            .iter()
            .flat_map(|row| &row.kinds)
            .all(|kind| is_said(&kind.kind))
    );
    assert_eq!(heads(&month.unpaired), ["罗6"]);

    let periods: Vec<_> = month
        .periods
        .iter()
        .map(|one| (one.from.as_str(), one.to.as_str()))
        .collect();
    assert_eq!(
        periods,
        [
            ("2019-08-01", "2019-08-31"),
            ("2019-07-01", "2019-09-30"),
            ("2019-01-01", "2019-12-31"),
            ("2019-07-01", "2019-07-31"),
        ]
    );
    let year = village.coverage("2019-01-01", "2019-12-31");
    assert_eq!(
        (year.visited, visitor(&year, "王芳")),
        (3, (vec![("结对走访", 8)], 2, 1))
    );
    assert_eq!(village.coverage("2019-07-01", "2019-07-31").visited, 0);
}

#[test]
fn the_team_stands_in_the_order_of_its_list_whoever_did_more() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let family = village.family(1, "1组", &["罗永山"]);
    village.visit(family, li, "2019-08-05", "入户核查", "");
    village.arrive();
    let names = |village: &Village| -> Vec<String> {
        let view = village.coverage("", "");
        view.by_visitor.into_iter().map(|row| row.name).collect()
    };
    let before = names(&village);
    assert_eq!(before.len(), 2);
    for day in 6..=9 {
        village.visit(family, wang, &format!("2019-08-{day:02}"), "入户核查", "");
    }
    village.arrive();
    assert_eq!(names(&village), before);
}

#[test]
fn a_period_that_is_none_is_refused_in_words() {
    let village = Village::new();
    for (from, to) in [
        ("2019-08-31", "2019-08-01"),
        ("2019-02-30", "2019-03-01"),
        ("", "2019-08-01"),
    ] {
        let (from, to) = (from.to_owned(), to.to_owned());
        match village.ask(Request::Coverage { from, to }) {
            Reply::Failed { problem } => {
                assert_eq!(problem.code, "period");
                assert!(is_said(&problem.words));
            }
            other => panic!("a period that is none was counted: {other:?}"),
        }
    }
}

#[test]
fn the_sheet_of_a_week_counts_what_this_phone_holds() {
    let mut village = Village::new();
    let wang = village.wang;
    let families = [1, 2].map(|order| village.family(order, "1组", &["罗永山"]));
    village.visit(families[0], wang, "2019-08-12", "结对走访", "");
    // The Sunday before.
    village.visit(families[1], wang, "2019-08-11", "结对走访", "");
    village.finding(families[0], wang, "2019-08-13", "饮水", "水量不足");
    village.finding(families[1], wang, "2019-08-01", "信访", "反映土地");
    village.arrive();
    let sheet = |period: &str| match village.ask(Request::Dispatch { period: period.into() }) {
        Reply::Dispatch { view } => view,
        other => panic!("no sheet: {other:?}"),
    };
    let week = sheet("");
    assert_eq!(
        (week.period.as_str(), week.from.as_str()),
        ("week/2019-08-14", "2019-08-12")
    );
    assert_eq!((week.visited, week.households, week.found, week.open), (1, 2, 1, 2));
    let hardest: Vec<_> = week
        .difficulties
        .iter()
        .map(|one| (one.category.zh.as_str(), one.count))
        .collect();
    assert_eq!(hardest, [("饮水", 1), ("其他", 1)]);
    assert!(week.text.zh.contains("走访：本周1户，共2户"), "{}", week.text.zh);
    assert!(!week.text.zh.contains("信访") && is_said(&week.text));
    let asked: Vec<_> = week.periods.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(
        asked[1..4],
        ["week/2019-08-11", "half-month/2019-08-14", "half-month/2019-07-31"]
    );
    assert_eq!((sheet(asked[1]).visited, sheet(asked[1]).found), (1, 0));
    assert_eq!((sheet(asked[2]).visited, sheet(asked[2]).found), (2, 2));
}
