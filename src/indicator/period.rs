//! The periods in which offices meet: the week, the half-month (1–15, 16–end), the month.

use crate::base::date::Date;
use crate::register::words::{Words, words};

/// How often a sheet is made (S064, S122, S132).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// Monday to Sunday.
    Week,
    /// From the 1st to the 15th, from the 16th to the end.
    HalfMonth,
    /// A calendar month.
    Month,
}

impl Cadence {
    /// Every one, the shortest first.
    pub const ALL: [Self; 3] = [Self::Week, Self::HalfMonth, Self::Month];

    /// The word on the command line and between app and core.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::HalfMonth => "half-month",
            Self::Month => "month",
        }
    }

    /// The one of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// What the sheet is called.
    pub const fn sheet(self) -> Words {
        match self {
            Self::Week => words("本周调度表", "Weekly sheet"),
            Self::HalfMonth => words("半月调度表", "Half-month sheet"),
            Self::Month => words("本月调度表", "Monthly sheet"),
        }
    }

    /// How the period is called that holds the day of the sheet.
    pub const fn this(self) -> Words {
        match self {
            Self::Week => words("本周", "this week"),
            Self::HalfMonth => words("本半月", "this half-month"),
            Self::Month => words("本月", "this month"),
        }
    }
}

/// One period, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub cadence: Cadence,
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// The one that holds a day.
    pub fn around(cadence: Cadence, day: Date) -> Self {
        let (from, to) = match cadence {
            Cadence::Week => (day.week_start(), day.week_end()),
            Cadence::HalfMonth => (day.half_month().first(), day.half_month().last()),
            Cadence::Month => (day.month().first(), day.month().last()),
        };
        Self { cadence, from, to }
    }

    /// The one before it.
    pub fn before(self) -> Self {
        Self::around(self.cadence, self.from.add_days(-1))
    }

    /// Whether a day lies in it.
    pub fn holds(self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(cadence: Cadence, day: &str) -> (String, String) {
        let period = Period::around(cadence, day.parse().unwrap());
        (period.from.to_string(), period.to.to_string())
    }

    #[test]
    fn periods_begin_and_end_where_offices_say() {
        let both = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(around(Cadence::Week, "2017-04-30"), both("2017-04-24", "2017-04-30"));
        assert_eq!(around(Cadence::Week, "2017-05-01"), both("2017-05-01", "2017-05-07"));
        assert_eq!(
            around(Cadence::HalfMonth, "2020-02-15"),
            both("2020-02-01", "2020-02-15")
        );
        assert_eq!(
            around(Cadence::HalfMonth, "2020-02-16"),
            both("2020-02-16", "2020-02-29")
        );
        assert_eq!(around(Cadence::Month, "2017-12-31"), both("2017-12-01", "2017-12-31"));
    }

    #[test]
    fn the_period_before_ends_on_the_day_before() {
        let half = Period::around(Cadence::HalfMonth, "2020-03-03".parse().unwrap()).before();
        assert_eq!(
            (half.from.to_string(), half.to.to_string()),
            ("2020-02-16".into(), "2020-02-29".into())
        );
        for cadence in Cadence::ALL {
            assert_eq!(Cadence::from_code(cadence.code()), Some(cadence));
        }
    }
}
