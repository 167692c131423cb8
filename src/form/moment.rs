//! A day, perhaps with a time of day, as China's clocks show it. Forms know no other zone.

use crate::base::date::{Date, Weekday};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;
/// China's clocks are so far ahead of UTC, milliseconds.
const AHEAD_MS: i64 = 8 * 3_600_000;

/// A day, and the milliseconds since its midnight where a time was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    day: Date,
    ms: Option<u32>,
}

impl Moment {
    /// A whole day.
    pub fn day(day: Date) -> Self {
        Self { day, ms: None }
    }

    /// A moment of UTC, in milliseconds since 1970.
    pub fn at(ms_utc: i64) -> Self {
        Self::local(ms_utc.saturating_add(AHEAD_MS))
    }

    fn local(ms: i64) -> Self {
        Self {
            day: Date::from_epoch_days(ms.div_euclid(DAY_MS)),
            ms: Some(ms.rem_euclid(DAY_MS) as u32),
        }
    }

    /// So many days since 1970-01-01; with `timed`, the fraction is the time of day in UTC, as the dialect counts it.
    pub fn from_days(days: f64, timed: bool) -> Option<Self> {
        if !days.is_finite() || days.abs() > 4_000_000.0 {
            return None;
        }
        Some(match timed {
            true => Self::at((days * DAY_MS as f64).round() as i64),
            false => Self::day(Date::from_epoch_days(days.trunc() as i64)),
        })
    }

    /// As forms write it: `2019-08-15`, `2019-08-15T10:20:30.000+08:00`, without a zone, with `Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let day = strict_day(day)?;
        let Some(time) = time else {
            return Some(Self::day(day));
        };
        let zone_at = time.find(['Z', '+', '-']);
        let (time, zone) = time.split_at(zone_at.unwrap_or(time.len()));
        let ms = i64::from(time_of_day(time)?);
        let local = i64::from(day.epoch_days()) * DAY_MS + ms;
        Some(match zone {
            "" => Self::local(local),
            zone => Self::at(local - offset(zone)?),
        })
    }

    /// With a time: that given, else midnight.
    pub fn timed(self) -> Self {
        Self {
            ms: self.ms.or(Some(0)),
            ..self
        }
    }

    /// The day without the time.
    pub fn date(self) -> Date {
        self.day
    }

    /// Days since 1970-01-01, the time of day as a fraction, both as the clocks here show them.
    pub fn days(self) -> f64 {
        f64::from(self.day.epoch_days()) + f64::from(self.ms.unwrap_or(0)) / DAY_MS as f64
    }

    /// The same with the fraction in UTC.
    pub fn decimal(self) -> f64 {
        let ms = i64::from(self.day.epoch_days()) * DAY_MS + i64::from(self.ms.unwrap_or(0)) - AHEAD_MS;
        ms as f64 / DAY_MS as f64
    }

    /// The time of day as a fraction of it.
    pub fn fraction(self) -> f64 {
        f64::from(self.ms.unwrap_or(0)) / DAY_MS as f64
    }

    /// By a pattern of the dialect: `%Y-%m-%d`. What is no sign of it is kept as written.
    pub fn format(self, pattern: &str, chinese: bool) -> String {
        let (year, month, day) = self.day.ymd();
        let ms = self.ms.unwrap_or(0);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        let mut out = String::new();
        let mut signs = pattern.chars();
        while let Some(sign) = signs.next() {
            if sign != '%' {
                out.push(sign);
                continue;
            }
            out += &match signs.next() {
                Some('Y') => format!("{year:04}"),
                Some('y') => format!("{:02}", year.rem_euclid(100)),
                Some('m') => format!("{month:02}"),
                Some('n') => month.to_string(),
                Some('b') => month_name(month, chinese),
                Some('B') => full_month_name(month, chinese),
                Some('d') => format!("{day:02}"),
                Some('e') => day.to_string(),
                Some('H') => format!("{hour:02}"),
                Some('h') => hour.to_string(),
                Some('M') => format!("{minute:02}"),
                Some('S') => format!("{second:02}"),
                Some('3') => format!("{:03}", ms % 1_000),
                Some('a') => weekday_name(self.day.weekday(), chinese).to_owned(),
                Some('A') => full_weekday_name(self.day.weekday(), chinese).to_owned(),
                // From Sunday, which is 0.
                Some('w') => ((self.day.epoch_days() + 4).rem_euclid(7)).to_string(),
                Some('%') => String::from("%"),
                Some(other) => format!("%{other}"),
                None => String::from("%"),
            };
        }
        out
    }
}

/// The signs behind `%` that a pattern may have.
pub const PATTERN_SIGNS: &str = "YymnbBdeHhMS3aAw%";

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.ms {
            None => write!(f, "{}", self.format("%Y-%m-%d", false)),
            Some(_) => write!(f, "{}+08:00", self.format("%Y-%m-%dT%H:%M:%S.%3", false)),
        }
    }
}

fn strict_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut part = || {
        parts
            .next()
            .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month, day) = (part()?, part()?, part()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `10:20`, `10:20:30`, `10:20:30.400`, as milliseconds.
fn time_of_day(text: &str) -> Option<u32> {
    let (time, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = time.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    let padded = format!("{fraction:0<3}");
    let ms: u32 = padded.get(..3)?.parse().ok()?;
    Some(((hour * 60 + minute) * 60 + second) * 1_000 + ms)
}

/// `Z`, `+08`, `+08:00`, `+0800`, as milliseconds ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone[1..].chars().filter(|one| *one != ':').collect();
    let number: i64 = digits.parse().ok()?;
    let minutes = match digits.len() {
        2 => number * 60,
        4 => number / 100 * 60 + number % 100,
        _ => return None,
    };
    Some(sign * minutes * 60_000)
}

fn month_name(month: u32, chinese: bool) -> String {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    match chinese {
        true => format!("{month}月"),
        false => NAMES[(month as usize + 11) % 12].to_owned(),
    }
}

fn weekday_name(day: Weekday, chinese: bool) -> &'static str {
    let (zh, en) = match day {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    if chinese { zh } else { en }
}

fn full_month_name(month: u32, chinese: bool) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match chinese {
        true => format!("{month}月"),
        false => NAMES[(month as usize + 11) % 12].to_owned(),
    }
}

fn full_weekday_name(day: Weekday, chinese: bool) -> &'static str {
    let (zh, en) = match day {
        Weekday::Monday => ("星期一", "Monday"),
        Weekday::Tuesday => ("星期二", "Tuesday"),
        Weekday::Wednesday => ("星期三", "Wednesday"),
        Weekday::Thursday => ("星期四", "Thursday"),
        Weekday::Friday => ("星期五", "Friday"),
        Weekday::Saturday => ("星期六", "Saturday"),
        Weekday::Sunday => ("星期日", "Sunday"),
    };
    if chinese { zh } else { en }
}
