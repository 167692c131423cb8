//! 今日: each household once and with its reason, short enough for one day.

use super::village::{Village, heads, is_said, own};
use bianfang::client::view::TodayView;

fn reasons(view: &TodayView) -> Vec<(&str, &str)> {
    let rows = view.visit.iter();
    rows.map(|row| (row.household.head.as_str(), row.why.zh.as_str()))
        .collect()
}

#[test]
fn promises_come_before_pace_and_pace_before_the_group_and_each_household_once() {
    let mut village = Village::new();
    let (wang, li) = (village.wang, village.li);
    let families: Vec<_> = (1..=8)
        .map(|order| village.family(order, "3组", &[&format!("罗{order}")]))
        .collect();
    let elsewhere = village.family(9, "1组", &["向阳"]);
    // 罗1: my promise of today. 罗2: one nine days old, though 罗2 is behind pace as well. 罗3: not mine. 罗4: of tomorrow.
    village.visit(families[0], wang, "2019-07-20", "入户核查", "2019-08-14");
    village.visit(families[1], wang, "2019-07-01", "结对走访", "2019-08-05");
    village.visit(families[2], li, "2019-07-20", "入户核查", "2019-08-01");
    village.visit(families[3], wang, "2019-07-21", "入户核查", "2019-08-15");
    // 罗5 was visited twice this year where four times are due, 罗6 four times, 罗7 never; all are paired with me.
    for family in [1, 4, 5, 6] {
        village.pair(families[family], wang);
    }
    village.visit(families[4], wang, "2019-02-10", "结对走访", "");
    village.visit(families[4], wang, "2019-08-10", "结对走访", "");
    for month in 4..=7 {
        village.visit(families[5], wang, &format!("2019-{month:02}-11"), "结对走访", "");
    }
    // 罗8 had my problem; 向阳 is in another group.
    village.finding(families[7], wang, "2019-08-02", "饮水", "水管漏水");
    village.finding(elsewhere, li, "2019-08-02", "饮水", "水管漏水");
    village.arrive();

    let view = village.today();
    assert_eq!(view.today, "2019-08-14");
    let due: Vec<_> = view.due.iter().map(|finding| finding.head.as_str()).collect();
    assert_eq!(due, ["罗8"]);
    let around = "3组，您上次在这个组；本月还没人走访";
    assert_eq!(
        reasons(&view),
        [
            ("罗2", "约好8月5日再来，已过9天"),
            ("罗1", "约好今天再来"),
            ("罗7", "我结对的：今年走访0次，到本月底应有4次"),
            ("罗5", "我结对的：今年走访2次，到本月底应有4次"),
            ("罗3", around),
            ("罗4", around),
            ("罗6", around),
        ]
    );
    assert!(view.visit.iter().all(|row| is_said(&row.why)));
    // 1 + 2 + 4 + 0 visits of 4 households × 6.
    assert_eq!((view.pace_done, view.pace_required), (7, 24));
    assert_eq!((view.visited_month, view.households), (1, 9));
}

#[test]
fn a_household_at_which_i_was_today_waits_for_another_day() {
    let mut village = Village::new();
    let wang = village.wang;
    let family = village.family(1, "1组", &["罗永山"]);
    village.pair(family, wang);
    village.arrive();
    assert_eq!(village.today().visit.len(), 1);
    village.visit(family, wang, "2019-08-14", "结对走访", "");
    village.arrive();
    assert_eq!(reasons(&village.today()), []);
}

#[test]
fn the_turn_of_a_month_does_not_list_the_village() {
    let mut village = Village::new();
    let wang = village.wang;
    for order in 1..=90 {
        let family = village.family(order, "1组", &[&format!("罗{order}")]);
        if order <= 40 {
            village.pair(family, wang);
        }
    }
    village.visit(Village::id(1), wang, "2019-07-31", "入户核查", "");
    village.arrive();
    let view = village.today();
    assert_eq!((view.visited_month, view.households), (0, 90));
    assert_eq!(view.visit.len(), 20);
    let paired = view
        .visit
        .iter()
        .filter(|row| row.why.zh.starts_with("我结对的"))
        .count();
    assert_eq!(paired, 10);
    // Never visited before visited once; the order of the roster decides among equals.
    let rows: Vec<_> = view.visit.iter().map(|row| row.household.clone()).collect();
    assert_eq!(heads(&rows)[..3], ["罗2", "罗3", "罗4"]);
}

#[test]
fn a_family_that_left_is_not_to_be_visited_and_the_village_may_ask_for_more_visits() {
    let mut village = Village::new();
    let wang = village.wang;
    let gone = village.family(1, "1组", &["单国强"]);
    let family = village.family(2, "1组", &["罗永山"]);
    for family in [gone, family] {
        village.pair(family, wang);
    }
    village.visit(gone, wang, "2019-06-01", "结对走访", "2019-07-01");
    village.event(gone, "迁出", "2019-06-02");
    village.set_village("visits_a_year", 12);
    village.arrive();
    let view = village.today();
    assert_eq!(reasons(&view), [("罗永山", "我结对的：今年走访0次，到本月底应有8次")]);
    assert_eq!((view.pace_required, view.households), (12, 1));
    village.with(family, vec![own("void/reason", "重复登记")]);
    village.arrive();
    assert_eq!(reasons(&village.today()), []);
}
