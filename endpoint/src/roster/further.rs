//! Further fields of the register that a roster may have columns for (耕地面积, 就读学校, 养老保险 …), read by the
//! register's own table of fields, and the columns for which nobody has a field.

use std::collections::{BTreeMap, BTreeSet};

use bianfang::base::date::{Date, Month};
use bianfang::base::{decimal, text};
use bianfang::register::enums;
use bianfang::register::field::{FaultReason, Field as Known, RecordKind, Type, named};

use super::columns::Field;
use super::oddity::Oddity;
use super::rows::{Got, Row};
use super::table::Table;
use super::values::{self, Word};

/// What a cell says under a field of the register.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// The words of the field's list where they could be recognised, else as written; several for a set.
    pub values: Vec<String>,
    /// What is odd about it.
    pub odd: Option<Oddity>,
}

/// The further fields that rows say something of.
pub(crate) fn fields(rows: &[&Row]) -> BTreeSet<Field> {
    let all = rows.iter().flat_map(|row| row.fields());
    all.map(|(field, _)| field)
        .filter(|field| matches!(field, Field::OfHousehold(_) | Field::OfYear(..) | Field::OfPerson(_)))
        .collect()
}

/// Reads a cell of such a field; its title may name the unit.
pub(crate) fn read(field: Field, got: &Got, table: &Table, today: Date) -> Read {
    let known = match field {
        Field::OfHousehold(key) | Field::OfYear(key, _) => named(RecordKind::Household, key),
        Field::OfPerson(key) => named(RecordKind::Person, key),
        _ => return Read::default(),
    };
    let written = text::clean(&got.text);
    match known.kind {
        Type::Choice(list) => choice(list, &written),
        Type::Set(list) => set(list, &written),
        _ if values::is_none_word(&written) => Read::default(),
        Type::Date(_) => date(known, got, &written, today),
        Type::Int(..) if in_kilometres(&table.columns[got.column].title, &written) => {
            kilometres(known, &written, today)
        }
        _ => plain(known, written, today),
    }
}

fn plain(known: &Known, written: String, today: Date) -> Read {
    let fault = known.read(&written, today).fault;
    Read {
        values: vec![written],
        odd: fault.map(Oddity::Unfit),
    }
}

fn choice(list: &'static [enums::Choice], written: &str) -> Read {
    let said = match values::yes_no(written) {
        Word::Known(word) => enums::canonical(list, word),
        Word::Other(_) => None,
    };
    match enums::canonical(list, written).or(said) {
        Some(choice) => Read {
            values: vec![choice.value.to_owned()],
            odd: None,
        },
        None if values::is_none_word(written) => Read::default(),
        None => Read {
            values: vec![written.to_owned()],
            odd: Some(Oddity::NotInList),
        },
    }
}

/// Illnesses have more names than a list; what is not in it is kept and no fault.
fn set(list: &'static [enums::Choice], written: &str) -> Read {
    let parts = values::split(written).into_iter();
    let parts = parts.filter(|part| !values::is_none_word(part) && values::yes_no(part) != Word::Known("否"));
    let values = parts.map(|part| {
        let bare = values::cause(&part);
        enums::canonical(list, &bare).map_or(bare, |choice| choice.value.to_owned())
    });
    Read {
        values: values.collect(),
        odd: None,
    }
}

/// A day, or as much of it as is known: 2019年 and 2019年12月 are how the register itself writes them.
fn date(known: &Known, got: &Got, written: &str, today: Date) -> Read {
    if let Some(date) = got.date {
        return Read {
            values: vec![date.to_string()],
            odd: None,
        };
    }
    let year = text::compact(written);
    let year = year.trim_end_matches('度').trim_end_matches('年').parse::<i32>();
    let coarse = Month::parse_lenient(written).is_ok() || year.is_ok_and(|year| (1900..2100).contains(&year));
    let read = plain(known, written.to_owned(), today);
    Read {
        odd: read.odd.filter(|_| !coarse),
        ..read
    }
}

fn in_kilometres(title: &str, written: &str) -> bool {
    let says = |text: &str| {
        ["公里", "千米", "km", "KM", "Km"]
            .iter()
            .any(|unit| text.contains(unit))
    };
    says(written) || (says(title) && !written.contains('米') && !written.contains('m'))
}

/// The register counts metres.
fn kilometres(known: &Known, written: &str, today: Date) -> Read {
    match decimal::parse(written, 2, &["公里", "千米", "km", "KM", "Km"]) {
        Ok(hundredths) => plain(known, (hundredths * 10).to_string(), today),
        Err(error) => Read {
            values: vec![written.to_owned()],
            odd: Some(Oddity::Unfit(bianfang::register::field::Fault {
                severity: bianfang::register::field::Severity::Error,
                reason: FaultReason::Number(error),
            })),
        },
    }
}

/// Words in titles of columns that stay with the office: accounts and other people's documents do not belong on
/// telephones, and an age is not true for long.
const LEFT_OUT: &str = "银行 卡号 账号 账户 存折 社保卡 一卡通 密码 口令 身份证 证件号 证件号码 年龄 周岁 岁数 照片";

/// The columns without a meaning that are left out, by table and column: for what their titles say, or because most of
/// what stands in them are numbers of accounts or cards.
pub(crate) fn left_out(rows: &[Row], tables: &[Table]) -> BTreeSet<(usize, usize)> {
    let mut counts: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for row in rows {
        for got in &row.extra {
            let (all, accounts) = counts.entry((row.table, got.column)).or_default();
            *all += 1;
            *accounts += usize::from(is_account(&got.text));
        }
    }
    let titled = |(table, column): (usize, usize)| {
        let title = text::compact(&tables[table].columns[column].title);
        LEFT_OUT.split_whitespace().any(|word| title.contains(word))
    };
    let out = counts
        .into_iter()
        .filter(|(key, (all, accounts))| accounts * 2 > *all || titled(*key));
    out.map(|(key, _)| key).collect()
}

fn is_account(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    digits >= 15 && digits + 4 >= value.chars().count()
}
