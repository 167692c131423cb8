//! How often a form is due by the calendar of China: its stretches, the steps they fall into, and what counts in each.

use crate::base::date::Date;
use crate::client::screens::say::both;
use crate::client::view::Words;
use crate::form::definition::{Due, Every};

/// In the last days of a step it is said that it ends.
const SOON_DAYS: i64 = 14;

fn months(every: Every) -> i32 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Year => 12,
    }
}

/// The part of the calendar of so many months in which a day lies: its first and its last day.
fn part(months: i32, day: Date) -> (Date, Date) {
    let january = day.year_start().month();
    let mut parts = (0..12 / months).map(|at| january.plus(at * months));
    let ends = |first: Date| first.month().plus(months - 1).last();
    let first = parts
        .find(|first| day <= ends(first.first()))
        .unwrap_or(january)
        .first();
    (first, ends(first))
}

/// The stretch in which a day lies.
pub(super) fn stretch(due: Due, day: Date) -> (Date, Date) {
    part(months(due.every), day)
}

/// What has to be done when: 4 a year are one in each quarter, and of several in one quarter one counts (INV12). What cannot
/// be spread evenly over months is due at any time of its stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    months: i32,
    /// How often in each of them.
    pub times: usize,
}

impl Steps {
    /// The steps of a form.
    pub fn of(due: Due) -> Self {
        let months = months(due.every);
        match i32::try_from(due.count) {
            Ok(count) if months % count == 0 => Self {
                months: months / count,
                times: 1,
            },
            _ => Self {
                months,
                times: due.count as usize,
            },
        }
    }

    /// The first and the last day of the step in which a day lies.
    pub fn around(self, day: Date) -> (Date, Date) {
        part(self.months, day)
    }

    /// How many of the days count in the step of a day.
    pub fn done(self, days: &[Date], day: Date) -> usize {
        let (from, to) = self.around(day);
        let done = days.iter().filter(|one| (from..=to).contains(*one)).count();
        done.min(self.times)
    }

    /// The step ends within days.
    pub fn ends_soon(self, today: Date) -> bool {
        today.days_until(self.around(today).1) < SOON_DAYS.min(i64::from(self.months) * 7)
    }

    /// 今年, 本季度, 本月
    pub fn words(self) -> Words {
        match self.months {
            12 => both("今年", "this year"),
            6 => both("本半年", "this half-year"),
            4 => both("这四个月", "these four months"),
            3 => both("本季度", "this quarter"),
            2 => both("这两个月", "these two months"),
            _ => both("本月", "this month"),
        }
    }
}

/// How many of the days count in the stretch of a day.
pub(super) fn done_in(due: Due, days: &[Date], day: Date) -> usize {
    let steps = Steps::of(due);
    let (mut at, to) = stretch(due, day);
    let mut done = 0;
    while at <= to {
        done += steps.done(days, at);
        at = steps.around(at).1.add_days(1);
    }
    done
}

/// 今年已做 1/4 次
pub(super) fn done_words(due: Due, days: &[Date], day: Date) -> Words {
    let (zh, en) = match due.every {
        Every::Year => ("今年", "This year"),
        Every::Quarter => ("本季度", "This quarter"),
        Every::Month => ("本月", "This month"),
    };
    let (done, count) = (done_in(due, days, day), due.count);
    both(
        format!("{zh}已做 {done}/{count} 次"),
        format!("{en}: done {done} of {count}"),
    )
}

/// How a form stands for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stands {
    pub done: bool,
    /// The step before asked for more than was done, of somebody for whom it was due then.
    pub missed: bool,
}

/// How a form stands that has been due since a day.
pub(super) fn stands(due: Due, days: &[Date], since: Option<Date>, today: Date) -> Stands {
    let steps = Steps::of(due);
    let before = steps.around(today).0.add_days(-1);
    let enough = |day: Date| steps.done(days, day) >= steps.times;
    Stands {
        done: enough(today),
        missed: !enough(before) && since.is_some_and(|since| since <= steps.around(before).0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn due(count: u32, every: Every) -> Due {
        Due { count, every }
    }

    fn days(all: &[&str]) -> Vec<Date> {
        all.iter().map(|one| day(one)).collect()
    }

    #[test]
    fn a_stretch_is_one_of_the_calendar() {
        let of = |every, on| stretch(due(1, every), day(on));
        assert_eq!(of(Every::Month, "2020-02-29"), (day("2020-02-01"), day("2020-02-29")));
        for on in ["2019-07-01", "2019-08-15", "2019-09-30"] {
            assert_eq!(of(Every::Quarter, on), (day("2019-07-01"), day("2019-09-30")));
        }
        assert_eq!(of(Every::Quarter, "2019-12-31"), (day("2019-10-01"), day("2019-12-31")));
        assert_eq!(of(Every::Year, "2019-12-31"), (day("2019-01-01"), day("2019-12-31")));
    }

    #[test]
    fn four_a_year_are_one_in_each_quarter_and_two_in_a_quarter_count_once() {
        let follow_up = due(4, Every::Year);
        let made = days(&["2018-12-31", "2019-01-02", "2019-03-31", "2019-04-01", "2019-08-15"]);
        let done: Vec<usize> = ["2018-11-01", "2019-08-15", "2020-01-01"]
            .iter()
            .map(|on| done_in(follow_up, &made, day(on)))
            .collect();
        assert_eq!(done, [1, 3, 0]);
        assert_eq!(done_words(follow_up, &made, day("2019-08-15")).zh, "今年已做 3/4 次");
        assert_eq!(
            Steps::of(follow_up).around(day("2019-08-15")),
            (day("2019-07-01"), day("2019-09-30"))
        );
        // Five cannot be spread over months, nor two over one.
        assert_eq!(Steps::of(due(5, Every::Year)), Steps { months: 12, times: 5 });
        let twice = due(2, Every::Month);
        assert_eq!(
            done_in(
                twice,
                &days(&["2019-08-01", "2019-08-01", "2019-08-02"]),
                day("2019-08-15")
            ),
            2
        );
        for (count, months) in [(1, 12), (2, 6), (3, 4), (4, 3), (6, 2), (12, 1)] {
            assert_eq!(Steps::of(due(count, Every::Year)), Steps { months, times: 1 });
        }
    }

    #[test]
    fn what_is_new_missed_nothing() {
        let quarter = due(2, Every::Quarter);
        let is = |since: Option<&str>, made: &[&str]| {
            let stands = stands(quarter, &days(made), since.map(day), day("2019-08-15"));
            (stands.done, stands.missed)
        };
        assert_eq!(is(None, &[]), (false, false));
        assert_eq!(is(Some("2019-04-02"), &["2019-07-01"]), (false, false));
        assert_eq!(
            is(Some("2019-04-01"), &["2019-06-30", "2019-07-01", "2019-08-15"]),
            (true, true)
        );
        assert_eq!(is(Some("2018-01-01"), &["2019-04-01", "2019-06-30"]), (false, false));
    }

    #[test]
    fn only_the_end_of_a_step_is_near() {
        let quarter = Steps::of(due(4, Every::Year));
        let near = |on| quarter.ends_soon(day(on));
        assert_eq!(
            (near("2019-07-01"), near("2019-09-16"), near("2019-09-17")),
            (false, false, true)
        );
        let month = Steps::of(due(1, Every::Month));
        assert!(!month.ends_soon(day("2019-08-24")) && month.ends_soon(day("2019-08-25")));
    }
}
