//! Calendar dates as China counts them (UTC+8 whatever the zone of the phone), months, half-months and weeks.
//! Knows no clock: "today" is always handed in.

use std::fmt;
use std::str::FromStr;

use super::text;

/// China has one zone, eight hours ahead of UTC, without summer time.
const CHINA_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// Four digits are written for the year, so these are the ends of what can be written.
const YEAR_MIN: i32 = 1;
const YEAR_MAX: i32 = 9999;

/// Whole numbers between these are spreadsheet day numbers (1927-05-18 to 2100-02-28): five digits that are no year.
const SERIAL_MIN: i64 = 10_000;
const SERIAL_MAX: i64 = 73_109;

/// Day 0 of the spreadsheet count, as days since 1970-01-01 (1899-12-30, which hides the 29 February 1900 that
/// spreadsheets believe in).
const SERIAL_ZERO: i64 = -25_569;

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing was written.
    #[error("no date was given")]
    Empty,
    /// Something else than a date.
    #[error("this is not a date; write 2019-08-15")]
    Shape,
    /// The month has no such day, or the year no such month (2019-02-30).
    #[error("the calendar has no such day")]
    NoSuchDay,
}

impl DateError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "date.empty",
            Self::Shape => "date.shape",
            Self::NoSuchDay => "date.no_such_day",
        }
    }

    /// The error in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Empty => "没有填日期",
            Self::Shape => "不是日期，请写成 2019-08-15",
            Self::NoSuchDay => "日历上没有这一天",
        }
    }
}

/// A day of the week; the week begins on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A calendar date, kept as days since 1970-01-01. Years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first date that can be written.
    pub const MIN: Self = Self(days_from_civil(YEAR_MIN, 1, 1));
    /// The last date that can be written.
    pub const MAX: Self = Self(days_from_civil(YEAR_MAX, 12, 31));

    /// The date of a year, month (1–12) and day; nothing where the calendar has no such day.
    pub const fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)
        {
            return None;
        }
        Some(Self(days_from_civil(year, month, day)))
    }

    /// The date so many days after 1970-01-01, held to what can be written.
    pub fn from_epoch_days(days: i64) -> Self {
        Self(days.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0)) as i32)
    }

    /// Days since 1970-01-01.
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// The date that calendars in China show at a moment (milliseconds since 1970-01-01 UTC), whatever the zone of the
    /// device. A clock far outside of what can be written gives the nearest date.
    ///
    /// ```
    /// use bianfang::base::date::Date;
    /// // 16:00 UTC is midnight in China.
    /// assert_eq!(Date::in_china(1_565_798_400_000).to_string(), "2019-08-15");
    /// assert_eq!(Date::in_china(1_565_798_399_999).to_string(), "2019-08-14");
    /// ```
    pub fn in_china(ms_utc: i64) -> Self {
        Self::from_epoch_days(ms_utc.saturating_add(CHINA_OFFSET_MS).div_euclid(DAY_MS))
    }

    /// Year, month (1–12), day.
    pub const fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.ymd().0
    }

    /// The month the date is in.
    pub const fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month { year, month }
    }

    /// The half-month the date is in.
    pub const fn half_month(self) -> HalfMonth {
        HalfMonth {
            month: self.month(),
            second: self.ymd().2 > 15,
        }
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0 + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// The Monday of the week the date is in.
    pub fn week_start(self) -> Self {
        self.add_days(-i64::from((self.0 + 3).rem_euclid(7)))
    }

    /// The Sunday of the week the date is in.
    pub fn week_end(self) -> Self {
        self.week_start().add_days(6)
    }

    /// The first of January of the year.
    pub const fn year_start(self) -> Self {
        Self(days_from_civil(self.year(), 1, 1))
    }

    /// The last day of December of the year.
    pub const fn year_end(self) -> Self {
        Self(days_from_civil(self.year(), 12, 31))
    }

    /// The date so many days later (earlier when negative), held to what can be written.
    pub fn add_days(self, days: i64) -> Self {
        Self::from_epoch_days(i64::from(self.0).saturating_add(days))
    }

    /// The same day of the month so many months later; the last day of that month where it is shorter.
    pub fn add_months(self, months: i32) -> Self {
        let (_, _, day) = self.ymd();
        let month = self.month().plus(months);
        Self(days_from_civil(
            month.year,
            month.month,
            day.min(days_in_month(month.year, month.month)),
        ))
    }

    /// How many days `later` lies after this date; negative when it lies before.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0 as i64 - self.0 as i64
    }

    /// The age in completed years (周岁) on a day of somebody born on this date; nothing before the birth. Who was born
    /// on 29 February completes the year on the last day of February, as the civil code counts years (art. 202).
    ///
    /// ```
    /// use bianfang::base::date::Date;
    /// let leap: Date = "2012-02-29".parse().unwrap();
    /// assert_eq!(leap.age_on("2018-02-28".parse().unwrap()), Some(6));
    /// assert_eq!(leap.age_on("2018-02-27".parse().unwrap()), Some(5));
    /// ```
    pub fn age_on(self, day: Self) -> Option<u32> {
        if day < self {
            return None;
        }
        let years = day.year() - self.year();
        let reached = self.add_months(years.saturating_mul(12)) <= day;
        u32::try_from(if reached { years } else { years - 1 }).ok()
    }

    /// The date of a spreadsheet's day number (45000 is 2023-03-15), counted from 1900, or from 1904 as old Mac files
    /// do. Nothing below 1 or beyond what can be written.
    pub fn from_serial(serial: i64, from_1904: bool) -> Option<Self> {
        // A cell may hold any number; what is beyond the calendar must not reach the sum.
        let last = i64::from(Self::MAX.0);
        if !(i64::from(!from_1904)..=last - SERIAL_ZERO).contains(&serial) {
            return None;
        }
        // Days 1 to 59 are one too early in the common count, because it believes in 29 February 1900.
        let before_gap = !from_1904 && (1..60).contains(&serial);
        let days = serial + SERIAL_ZERO + if from_1904 { 1462 } else { i64::from(before_gap) };
        let phantom = !from_1904 && serial == 60;
        (days <= last && !phantom).then(|| Self::from_epoch_days(days))
    }

    /// Reads the dates of real rosters: `2019-08-05`, `2019/8/5`, `2019.8.5`, `2019年8月5日`, `20190805`, a spreadsheet's
    /// day number, each with full-width digits or a time of day behind it. A year of two digits is refused: it is
    /// ambiguous for people born in the last century.
    pub fn parse_lenient(written: &str) -> Result<Self, DateError> {
        let trimmed = text::trim(written);
        // A time of day stands behind a space or a T; blanks elsewhere are padding.
        let day = match trimmed.find(['T', '\u{20}', '\u{3000}', '\u{A0}']) {
            Some(at) if trimmed[at..].contains([':', '：']) => &trimmed[..at],
            _ => trimmed,
        };
        let day = text::compact(day);
        if day.is_empty() {
            return Err(DateError::Empty);
        }
        if day.bytes().all(|b| b.is_ascii_digit() || b == b'.') && day.matches('.').count() <= 1 {
            return from_digits(&day);
        }
        let parts = split_parts(&day);
        match parts.as_slice() {
            [year, month, day] => from_parts(year, month, day),
            _ => Err(DateError::Shape),
        }
    }

    /// The date as it is said: 2019年8月15日.
    pub fn zh(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year:04}年{month}月{day}日")
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Exactly `YYYY-MM-DD`, the stored form.
impl FromStr for Date {
    type Err = DateError;

    fn from_str(written: &str) -> Result<Self, DateError> {
        if written.is_empty() {
            return Err(DateError::Empty);
        }
        match written.as_bytes() {
            [y @ .., b'-', m1, m2, b'-', d1, d2]
                if y.len() == 4 && y.iter().chain([m1, m2, d1, d2]).all(u8::is_ascii_digit) =>
            {
                from_parts(&written[..4], &written[5..7], &written[8..])
            }
            _ => Err(DateError::Shape),
        }
    }
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month, where there is such a one.
    pub const fn new(year: i32, month: u32) -> Option<Self> {
        if year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 {
            None
        } else {
            Some(Self { year, month })
        }
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        Date(days_from_civil(self.year, self.month, 1))
    }

    /// Its last day.
    pub const fn last(self) -> Date {
        Date(days_from_civil(
            self.year,
            self.month,
            days_in_month(self.year, self.month),
        ))
    }

    /// The month so many months later, held to what can be written.
    pub fn plus(self, months: i32) -> Self {
        let count = (i64::from(self.year) * 12 + i64::from(self.month) - 1 + i64::from(months))
            .clamp(i64::from(YEAR_MIN) * 12, i64::from(YEAR_MAX) * 12 + 11);
        Self {
            year: count.div_euclid(12) as i32,
            month: count.rem_euclid(12) as u32 + 1,
        }
    }

    /// Reads `2019-08`, `2019/8`, `2019.8`, `2019年8月`, `201908`, or the month of a whole date.
    pub fn parse_lenient(written: &str) -> Result<Self, DateError> {
        let compact = text::compact(written);
        if compact.is_empty() {
            return Err(DateError::Empty);
        }
        if compact.len() == 6 && compact.bytes().all(|b| b.is_ascii_digit()) {
            return month_from(&compact[..4], &compact[4..]);
        }
        match split_parts(&compact).as_slice() {
            [year, month] => month_from(year, month),
            _ => Date::parse_lenient(written).map(Date::month),
        }
    }
}

/// `2019-08`, the stored form.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A half-month: the 1st to the 15th, or the 16th to the end. Not fourteen days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfMonth {
    /// The month.
    pub month: Month,
    /// Whether it is the half from the 16th on.
    pub second: bool,
}

impl HalfMonth {
    /// Its first day.
    pub fn first(self) -> Date {
        if self.second {
            self.month.first().add_days(15)
        } else {
            self.month.first()
        }
    }

    /// Its last day.
    pub fn last(self) -> Date {
        if self.second {
            self.month.last()
        } else {
            self.month.first().add_days(14)
        }
    }
}

/// Eight digits `YYYYMMDD`, or a day number of a spreadsheet, perhaps with a fraction for the time.
fn from_digits(digits: &str) -> Result<Date, DateError> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() == 8 && fraction.bytes().all(|b| b == b'0') {
        return from_parts(&whole[..4], &whole[4..6], &whole[6..]);
    }
    match whole.parse::<i64>() {
        Ok(serial) if (SERIAL_MIN..=SERIAL_MAX).contains(&serial) => {
            Date::from_serial(serial, false).ok_or(DateError::Shape)
        }
        _ => Err(DateError::Shape),
    }
}

/// The parts between the separators, without an empty one at the end (2019年8月5日, 2019.8.5.).
fn split_parts(compact: &str) -> Vec<&str> {
    let compact = compact.trim_end_matches(['日', '号', '月', '.']);
    compact.split(['-', '/', '.', '年', '月', '\\']).collect()
}

fn from_parts(year: &str, month: &str, day: &str) -> Result<Date, DateError> {
    let month = month_from(year, month)?;
    let day = number(day, 2)?;
    Date::new(month.year, month.month, day).ok_or(DateError::NoSuchDay)
}

fn month_from(year: &str, month: &str) -> Result<Month, DateError> {
    if year.len() != 4 {
        return Err(DateError::Shape);
    }
    let (year, month) = (number(year, 4)?, number(month, 2)?);
    Month::new(year as i32, month).ok_or(DateError::NoSuchDay)
}

fn number(digits: &str, len_max: usize) -> Result<u32, DateError> {
    let plain = !digits.is_empty() && digits.len() <= len_max && digits.bytes().all(|b| b.is_ascii_digit());
    if plain {
        digits.parse().map_err(|_| DateError::Shape)
    } else {
        Err(DateError::Shape)
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before the first of a month in a year that begins on 1 March, so that the leap day is the last of all.
const fn days_before_month_from_march(month_from_march: i32) -> i32 {
    (153 * month_from_march + 2) / 5
}

/// Days since 1970-01-01 of a valid date of the Gregorian calendar.
const fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month > 2 { year } else { year - 1 };
    let month = (month as i32 + 9) % 12;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719468 days lie between 0000-03-01 and 1970-01-01.
    year * 365 + leap_days + days_before_month_from_march(month) + day as i32 - 1 - 719_468
}

/// The inverse of [`days_from_civil`].
const fn civil_from_days(days: i32) -> (i32, u32, u32) {
    const DAYS_OF_400_YEARS: i32 = 146_097;
    let days = days + 719_468;
    let era = days.div_euclid(DAYS_OF_400_YEARS);
    let day_of_era = days.rem_euclid(DAYS_OF_400_YEARS);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - days_before_month_from_march(month) + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month as u32, day as u32)
}

#[cfg(test)]
mod tests;
