//! The words in the column `type`.

use crate::form::definition::{Choices, Meta, Question};
use crate::form::problem::What;

/// What a row begins, ends or asks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RowType {
    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,
    Question(Question),
    /// A number between two; the parameters say which.
    Range,
    /// A list in a file beside the workbook, for expressions.
    File,
}

const PLAIN: &[(&str, Question)] = &[
    ("integer", Question::Integer),
    ("int", Question::Integer),
    ("decimal", Question::Decimal),
    ("text", Question::Text),
    ("string", Question::Text),
    ("note", Question::Note),
    ("date", Question::Date),
    ("time", Question::Time),
    ("datetime", Question::DateTime),
    ("date time", Question::DateTime),
    ("geopoint", Question::GeoPoint),
    ("gps", Question::GeoPoint),
    ("location", Question::GeoPoint),
    ("image", Question::Image),
    ("photo", Question::Image),
    ("barcode", Question::Barcode),
    ("calculate", Question::Calculate),
    ("acknowledge", Question::Acknowledge),
    ("trigger", Question::Acknowledge),
    ("hidden", Question::Hidden),
    ("start", Question::Meta(Meta::Start)),
    ("end", Question::Meta(Meta::End)),
    ("today", Question::Meta(Meta::Today)),
    ("deviceid", Question::Meta(Meta::DeviceId)),
];

const REFUSED: &[&str] = &[
    "audio",
    "video",
    "file",
    "geotrace",
    "geoshape",
    "background-audio",
    "background-geopoint",
    "start-geopoint",
    "audit",
    "username",
    "phonenumber",
    "email",
    "simserial",
    "subscriberid",
    "xml-external",
    "select_one_external",
    "osm",
    "begin_table",
    "end_table",
    "imei",
    "uri:deviceid",
    "add",
    "entity",
];

/// What the word means.
pub(super) fn of(written: &str) -> Result<RowType, What> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower[..] {
        ["begin", "group"] | ["begin_group"] | ["begin-group"] => return Ok(RowType::BeginGroup),
        ["end", "group"] | ["end_group"] | ["end-group"] => return Ok(RowType::EndGroup),
        ["begin", "repeat"] | ["begin_repeat"] | ["begin-repeat"] => return Ok(RowType::BeginRepeat),
        ["end", "repeat"] | ["end_repeat"] | ["end-repeat"] => return Ok(RowType::EndRepeat),
        ["range"] => return Ok(RowType::Range),
        ["csv-external"] => return Ok(RowType::File),
        _ => {}
    }
    if let Some((_, question)) = PLAIN.iter().find(|(name, _)| *name == lower.join(" ")) {
        return Ok(RowType::Question(question.clone()));
    }
    if let Some(question) = chosen(&words, &lower)? {
        return Ok(RowType::Question(question));
    }
    match lower.first() {
        Some(first) if REFUSED.contains(first) => Err(What::TypeNotSupported(first.to_string())),
        _ => Err(What::NoType(
            written.chars().take(60).collect(),
            meant(&lower.join(" ")),
        )),
    }
}

/// `select_one LIST`, `select one LIST`, `select_multiple LIST or_other`, `rank LIST`, `select_one_from_file FILE`.
fn chosen(words: &[&str], lower: &[&str]) -> Result<Option<Question>, What> {
    let (kind, used): (fn(Choices) -> Question, usize) = match lower {
        ["select_one" | "select1" | "select_one_from_file", ..] => (Question::SelectOne, 1),
        ["select", "one", "from", "file", ..] => (Question::SelectOne, 4),
        ["select", "one", ..] => (Question::SelectOne, 2),
        ["select_multiple" | "select_multiple_from_file", ..] => (Question::SelectMultiple, 1),
        ["select", "multiple", "from", "file", ..] => (Question::SelectMultiple, 4),
        ["select", "multiple", ..] => (Question::SelectMultiple, 2),
        ["select", "all", "that", "apply", "from", ..] => (Question::SelectMultiple, 5),
        ["rank", ..] => (Question::Rank, 1),
        _ => return Ok(None),
    };
    let rest = &words[used..];
    let list = rest.first().filter(|list| !list.eq_ignore_ascii_case("or_other"));
    let list = list.ok_or(What::ListNotNamed)?;
    // Choices from a repeated part, and files of other kinds.
    let other_file = list.contains('.') && !list.to_lowercase().ends_with(".csv");
    if list.starts_with("${") || other_file {
        return Err(What::TypeNotSupported(words.join(" ")));
    }
    let further: Vec<String> = rest[1..].iter().map(|word| word.to_lowercase()).collect();
    let or_other = match further.join(" ").as_str() {
        "" => false,
        "or_other" | "or other" | "or specify other" => true,
        _ => return Err(What::NoType(words.join(" "), None)),
    };
    Ok(Some(kind(Choices {
        list: list.to_string(),
        or_other,
    })))
}

/// Words that people write for a type.
const MEANT: &[(&str, &str)] = &[
    ("number", "integer"),
    ("numeric", "integer"),
    ("float", "decimal"),
    ("double", "decimal"),
    ("qrcode", "barcode"),
    ("signature", "image"),
    ("draw", "image"),
    ("picture", "image"),
    ("choice", "select_one"),
    ("multiple", "select_multiple"),
    ("checkbox", "select_multiple"),
    ("radio", "select_one"),
    ("dropdown", "select_one"),
    ("yes_no", "select_one"),
    ("phone", "text"),
    ("loop", "begin_repeat"),
    ("repeat", "begin_repeat"),
    ("group", "begin_group"),
];

/// The type that is meant by a word, or one slip away.
fn meant(word: &str) -> Option<&'static str> {
    let first = word.split(' ').next().unwrap_or_default();
    if let Some((_, meant)) = MEANT.iter().find(|(written, _)| *written == first) {
        return Some(meant);
    }
    const FURTHER: [&str; 5] = ["select_one", "select_multiple", "rank", "range", "begin_group"];
    let all = PLAIN.iter().map(|(name, _)| *name).chain(FURTHER);
    all.filter(|name| slips(name, first) <= 2 && name.len() > 3)
        .min_by_key(|name| slips(name, first))
}

/// How many letters have to be changed, added or left out.
pub(super) fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[other.len()]
}
