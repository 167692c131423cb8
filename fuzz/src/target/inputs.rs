//! What people type and cells hold: numbers, dates, identity numbers, names. No text panics; what is normalised stays
//! as it is when it is normalised again, and what is written is read as the same.

use bianfang::base::date::{Date, Month};
use bianfang::base::decimal;
use bianfang::base::money::Fen;
use bianfang::base::text;
use bianfang::register::id_number::{self, IdNumber};
use bianfang::register::pinyin;
use bianfang::register::search::{Query, Searchable};

/// The target.
pub fn run(bytes: &[u8]) {
    let written = String::from_utf8_lossy(bytes);
    texts(&written);
    numbers(&written);
    dates(&written);
    id_numbers(&written);
    searches(&written);
}

fn stays(what: &str, normalise: fn(&str) -> String, written: &str) {
    let once = normalise(written);
    assert_eq!(normalise(&once), once, "{what} of {written:?}");
}

fn texts(written: &str) {
    stays("clean", text::clean, written);
    stays("clean_note", text::clean_note, written);
    stays("compact", text::compact, written);
    stays("name", text::name, written);
    stays("trim", |text| text::trim(text).to_owned(), written);
    stays("neutralise", |text| text::neutralise(text).into_owned(), written);
    stays("id_number", id_number::normalise, written);
}

fn numbers(written: &str) {
    for (places, units) in [(0, &["人", "口"][..]), (2, &["亩"]), (4, &[])] {
        if let Ok(value) = decimal::parse(written, places, units) {
            assert!(value.unsigned_abs() <= 1_000_000_000_000_000, "{written:?}");
        }
    }
    if let Ok(fen) = Fen::parse(written) {
        assert_eq!(Fen::parse(&fen.to_string()), Ok(fen), "{written:?}");
        fen.wan();
    }
}

fn dates(written: &str) {
    if let Ok(date) = Date::parse_lenient(written) {
        assert_eq!(date.to_string().parse(), Ok(date), "{written:?}");
        assert_eq!(Date::parse_lenient(&date.to_string()), Ok(date));
        assert_eq!(Date::parse_lenient(&date.zh()), Ok(date));
        let (year, month, day) = date.ymd();
        assert_eq!(Date::new(year, month, day), Some(date));
        assert!(date.week_start() <= date && date <= date.week_end());
        date.age_on(Date::MAX);
        date.add_months(i32::MAX);
    }
    if let Ok(month) = Month::parse_lenient(written) {
        assert_eq!(Month::parse_lenient(&month.to_string()), Ok(month), "{written:?}");
        assert!(month.first() <= month.last());
    }
    if let Ok(serial) = written.trim().parse() {
        Date::from_epoch_days(serial);
        Date::in_china(serial);
        for from_1904 in [false, true] {
            Date::from_serial(serial, from_1904);
        }
    }
}

fn id_numbers(written: &str) {
    let today = Date::new(2024, 5, 1).expect("a day of the calendar");
    match IdNumber::parse(written, today) {
        Ok(number) => {
            assert_eq!(IdNumber::parse(number.as_str(), today).as_ref(), Ok(&number));
            assert_eq!(id_number::last4(written).as_deref(), Some(number.last4()));
            assert_eq!(number.person().len(), 18);
            assert!(!number.masked().contains(&number.as_str()[6..14]));
            number.is_odd_age(today);
        }
        Err(error) => assert!(!error.zh().is_empty()),
    }
    let shown = id_number::masked(written);
    assert_eq!(shown.chars().count(), written.chars().count());
}

fn searches(written: &str) {
    let (typed, name) = written.split_once('\n').unwrap_or((written, written));
    assert!(pinyin::initials(name).len() <= pinyin::COMBINATIONS_MAX);
    let last4 = id_number::last4(name).unwrap_or_default();
    let household = Searchable {
        names: &[name],
        last4: &[&last4],
        group: name,
        number: name,
        phones: &[name],
    };
    let query = Query::new(typed);
    assert!(!query.is_empty() || query.matches(&household).is_some());
    query.matches(&household);
}
