//! How questions may look: the words of the column `appearance` that the screens know.

use super::columns::Column;
use super::{Notes, Row};
use crate::form::definition::{Kind, Question};
use crate::form::problem::What;

const CHOICES: &[&str] = &[
    "minimal",
    "autocomplete",
    "search",
    "quick",
    "compact",
    "columns",
    "columns-pack",
    "columns-flex",
    "horizontal",
    "horizontal-compact",
    "vertical",
    "likert",
    "label",
    "list-nolabel",
    "list",
    "no-buttons",
];
const TEXT: &[&str] = &["multiline", "numbers", "masked"];
const NUMBER: &[&str] = &["thousands-sep", "bearing", "counter"];
const DATE: &[&str] = &["no-calendar", "month-year", "year", "gregorian"];
const IMAGE: &[&str] = &["signature", "new"];
/// A map where the position is chosen; here it is taken from the phone.
const MAP: &[&str] = &["maps", "placement-map", "quick"];
const RANGE: &[&str] = &["vertical", "no-ticks", "picker", "rating"];
const GROUP: &[&str] = &["field-list", "table-list", "compact", "collapsed", "accordion"];

/// Notes every word that no screen knows for this kind.
pub(super) fn check(row: &Row<'_>, kind: &Kind, words: &[String], notes: &mut Notes) {
    let known: &[&str] = match kind {
        Kind::Group(_) | Kind::Repeat(..) => GROUP,
        Kind::Question(question) => match question {
            Question::SelectOne(_) | Question::SelectMultiple(_) | Question::Rank(_) => CHOICES,
            Question::Text | Question::Barcode | Question::Note => TEXT,
            Question::Integer | Question::Decimal => NUMBER,
            Question::Range(_) => RANGE,
            Question::Date | Question::DateTime | Question::Time => DATE,
            Question::Image | Question::Signature => IMAGE,
            Question::GeoPoint => MAP,
            _ => &[],
        },
    };
    if matches!(kind, Kind::Question(Question::GeoPoint)) {
        for word in words.iter().filter(|word| word.contains("map")) {
            row.note(notes, &Column::Appearance, What::NoMap(word.clone()));
        }
    }
    for word in words {
        if word.starts_with("search(") {
            row.note(notes, &Column::Appearance, What::SearchCall);
            return;
        }
        if !known.contains(&word.as_str()) && !is_width(word) {
            row.note(notes, &Column::Appearance, What::Appearance(word.clone()));
        }
    }
}

/// `w4` of the grid, `columns-3` of choices: a width, which every kind may have.
fn is_width(word: &str) -> bool {
    let number = ["w", "columns-", "compact-"]
        .iter()
        .find_map(|start| word.strip_prefix(start));
    number.is_some_and(|number| matches!(number.parse::<u8>(), Ok(1..=12)))
}
