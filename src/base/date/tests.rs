//! Dates against known days of the calendar and the ways rosters write them.

use super::*;

fn date(text: &str) -> Date {
    text.parse().expect(text)
}

#[test]
fn every_day_of_six_centuries_follows_the_one_before() {
    let (mut day, mut expected) = (date("1800-01-01"), (1800, 1, 1));
    while expected.0 < 2401 {
        assert_eq!(day.ymd(), expected);
        assert_eq!(Date::new(expected.0, expected.1, expected.2), Some(day));
        assert_eq!(day.to_string().parse(), Ok(day));
        expected = if expected.2 < days_in_month(expected.0, expected.1) {
            (expected.0, expected.1, expected.2 + 1)
        } else if expected.1 < 12 {
            (expected.0, expected.1 + 1, 1)
        } else {
            (expected.0 + 1, 1, 1)
        };
        day = day.add_days(1);
    }
}

#[test]
fn known_days() {
    assert_eq!(date("1970-01-01").epoch_days(), 0);
    assert_eq!(date("2000-03-01").epoch_days(), 11_017);
    assert_eq!(date("2024-02-29").weekday(), Weekday::Thursday);
    assert_eq!(date("1949-10-01").weekday(), Weekday::Saturday);
    assert_eq!(Date::MIN.to_string(), "0001-01-01");
    assert_eq!(Date::MAX.to_string(), "9999-12-31");
    assert_eq!(Date::MAX.add_days(1), Date::MAX);
    assert_eq!(Date::MIN.add_months(-5).to_string(), "0001-01-01");
}

#[test]
fn what_is_said_is_read_again_also_before_the_year_1000() {
    let date = Date::new(899, 1, 22).unwrap();
    assert_eq!(date.zh(), "0899年1月22日");
    assert_eq!(Date::parse_lenient(&date.zh()), Ok(date));
}

#[test]
fn only_the_stored_form_parses_strictly() {
    for (text, error) in [
        ("", DateError::Empty),
        ("2019-8-5", DateError::Shape),
        ("2019/08/05", DateError::Shape),
        ("2019-08-05 ", DateError::Shape),
        ("２０１９-08-05", DateError::Shape),
        ("2019-02-29", DateError::NoSuchDay),
        ("1900-02-29", DateError::NoSuchDay),
        ("2019-13-01", DateError::NoSuchDay),
        ("2019-00-01", DateError::NoSuchDay),
        ("2019-01-00", DateError::NoSuchDay),
        ("0000-01-01", DateError::NoSuchDay),
    ] {
        assert_eq!(text.parse::<Date>(), Err(error), "{text}");
    }
    assert_eq!(date("2000-02-29").ymd(), (2000, 2, 29));
}

#[test]
fn rosters_write_dates_in_many_ways() {
    for text in [
        "2019-08-05",
        "2019/8/5",
        "2019.8.5",
        "2019.08.05.",
        "2019年8月5日",
        "2019年08月05号",
        " 2019 年 8 月 5 日 ",
        "20190805",
        "２０１９／８／５",
        "2019。8。5",
        "2019－8－5",
        "2019-08-05 00:00:00",
        "2019/8/5 13:45",
        "2019-08-05T00:00:00",
        "43682",
        "43682.0",
        "43682.53",
        "20190805.0",
    ] {
        assert_eq!(Date::parse_lenient(text), Ok(date("2019-08-05")), "{text}");
    }
    for (text, error) in [
        ("", DateError::Empty),
        ("　", DateError::Empty),
        ("不详", DateError::Shape),
        ("19.8.5", DateError::Shape),
        ("2019", DateError::Shape),
        ("2019.8", DateError::Shape),
        ("201908", DateError::Shape),
        ("9999", DateError::Shape),
        ("8/5/2019", DateError::Shape),
        ("20190230", DateError::NoSuchDay),
        ("2019-2-30", DateError::NoSuchDay),
        ("2019年13月1日", DateError::NoSuchDay),
        ("2019-8-5-6", DateError::Shape),
        ("+2019-8-5", DateError::Shape),
    ] {
        assert_eq!(Date::parse_lenient(text), Err(error), "{text}");
    }
}

#[test]
fn day_numbers_of_spreadsheets() {
    for (serial, day) in [
        (1, "1900-01-01"),
        (59, "1900-02-28"),
        (61, "1900-03-01"),
        (25_569, "1970-01-01"),
        (45_000, "2023-03-15"),
    ] {
        assert_eq!(Date::from_serial(serial, false), Some(date(day)), "{serial}");
    }
    // There was no 29 February 1900, whatever the spreadsheet believes.
    assert_eq!(Date::from_serial(60, false), None);
    assert_eq!(Date::from_serial(0, false), None);
    assert_eq!(Date::from_serial(-3, false), None);
    assert_eq!(Date::from_serial(0, true), Some(date("1904-01-01")));
    assert_eq!(Date::from_serial(43_538, true), Some(date("2023-03-15")));
    assert_eq!(Date::from_serial(i64::from(i32::MAX), false), None);
}

#[test]
fn months_read_and_bound() {
    for text in [
        "2019-02",
        "2019/2",
        "2019.2",
        "2019年2月",
        "201902",
        "２０１９年２月",
        "2019-02-17",
        "20190217",
    ] {
        assert_eq!(Month::parse_lenient(text), Ok(Month { year: 2019, month: 2 }), "{text}");
    }
    assert_eq!(Month::parse_lenient("2019年"), Err(DateError::Shape));
    assert_eq!(Month::parse_lenient("201913"), Err(DateError::NoSuchDay));
    let february = Month { year: 2020, month: 2 };
    assert_eq!(february.to_string(), "2020-02");
    assert_eq!(
        (february.first(), february.last()),
        (date("2020-02-01"), date("2020-02-29"))
    );
    assert_eq!(february.plus(-2), Month { year: 2019, month: 12 });
    assert_eq!(february.plus(11), Month { year: 2021, month: 1 });
    assert_eq!(
        (date("2019-08-15").year_start(), date("2019-08-15").year_end()),
        (date("2019-01-01"), date("2019-12-31"))
    );
}

#[test]
fn half_months_are_not_fourteen_days() {
    for (day, first, last) in [
        ("2019-02-01", "2019-02-01", "2019-02-15"),
        ("2019-02-15", "2019-02-01", "2019-02-15"),
        ("2019-02-16", "2019-02-16", "2019-02-28"),
        ("2019-08-31", "2019-08-16", "2019-08-31"),
    ] {
        let half = date(day).half_month();
        assert_eq!((half.first(), half.last()), (date(first), date(last)), "{day}");
    }
}

#[test]
fn weeks_run_from_monday_to_sunday() {
    // 2019-08-15 was a Thursday.
    assert_eq!(date("2019-08-15").weekday(), Weekday::Thursday);
    for day in ["2019-08-12", "2019-08-15", "2019-08-18"] {
        assert_eq!(
            (date(day).week_start(), date(day).week_end()),
            (date("2019-08-12"), date("2019-08-18"))
        );
    }
    assert_eq!(date("1969-12-31").week_start(), date("1969-12-29"));
}

#[test]
fn ages_are_completed_years() {
    let on = date("2019-08-15");
    for (born, age) in [
        ("1958-03-12", Some(61)),
        ("1961-07-25", Some(58)),
        ("1985-09-06", Some(33)),
        ("2012-04-18", Some(7)),
        ("2016-01-30", Some(3)),
        ("2013-08-15", Some(6)),
        ("2013-08-16", Some(5)),
        ("2019-08-15", Some(0)),
        ("2019-08-16", None),
    ] {
        assert_eq!(date(born).age_on(on), age, "{born}");
    }
    let leap = date("2012-02-29");
    for (day, age) in [
        ("2012-02-29", 0),
        ("2013-02-27", 0),
        ("2013-02-28", 1),
        ("2016-02-28", 3),
        ("2016-02-29", 4),
    ] {
        assert_eq!(leap.age_on(date(day)), Some(age), "{day}");
    }
}

#[test]
fn the_date_in_china_does_not_depend_on_the_zone() {
    assert_eq!(Date::in_china(0), date("1970-01-01"));
    assert_eq!(Date::in_china(16 * 3_600_000 - 1), date("1970-01-01"));
    assert_eq!(Date::in_china(16 * 3_600_000), date("1970-01-02"));
    assert_eq!(Date::in_china(-8 * 3_600_000 - 1), date("1969-12-31"));
    assert_eq!(Date::in_china(i64::MAX), Date::MAX);
    assert_eq!(Date::in_china(i64::MIN), Date::MIN);
}

#[test]
fn counting_days_between() {
    assert_eq!(date("2019-08-15").days_until(date("2019-09-20")), 36);
    assert_eq!(date("2017-05-25").days_until(date("2017-04-25")), -30);
    assert_eq!(date("2019-08-31").add_months(6), date("2020-02-29"));
    assert_eq!(date("2019-08-05").zh(), "2019年8月5日");
}
