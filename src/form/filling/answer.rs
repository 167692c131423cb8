//! Whether an answer is what its question asks for.

use crate::form::definition::Question;
use crate::form::moment::Moment;
use crate::form::value::Plain;

/// Characters of one answer.
pub const ANSWER_CHARS_MAX: usize = 10_000;
/// Digits of a whole number: what every program that reads the answers can hold.
const DIGITS_MAX: usize = 15;

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    NotWhole,
    NotNumber,
    /// Outside of the range, or between its steps.
    OutOfRange,
    NotDate,
    NotTime,
    NotDateTime,
    NotPlace,
    /// Not among the choices.
    NoChoice(String),
    /// Chosen twice.
    Twice(String),
    TooLong,
}

/// Judges an answer; `may_choose` says whether a value is among the choices.
pub(super) fn check(question: &Question, text: &str, may_choose: impl Fn(&str) -> bool) -> Result<(), AnswerFault> {
    let number = || Plain::Text(text.to_owned()).number();
    let is = |holds: bool, fault: AnswerFault| if holds { Ok(()) } else { Err(fault) };
    if text.chars().count() > ANSWER_CHARS_MAX {
        return Err(AnswerFault::TooLong);
    }
    match question {
        Question::Integer => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is(whole && digits.len() <= DIGITS_MAX, AnswerFault::NotWhole)
        }
        Question::Decimal => is(number().is_finite(), AnswerFault::NotNumber),
        Question::Range(range) => {
            let (low, high) = (range.start.min(range.end), range.start.max(range.end));
            let steps = (number() - low) / range.step;
            let on_step = (steps - steps.round()).abs() < 1e-9;
            is((low..=high).contains(&number()) && on_step, AnswerFault::OutOfRange)
        }
        Question::Date => is(
            Moment::parse(text).is_some_and(|moment| moment.to_string() == text),
            AnswerFault::NotDate,
        ),
        Question::Time => is(
            Moment::parse(&format!("1970-01-01T{text}")).is_some(),
            AnswerFault::NotTime,
        ),
        Question::DateTime => is(
            Moment::parse(text).is_some() && text.contains('T'),
            AnswerFault::NotDateTime,
        ),
        Question::SelectOne(_) => is(may_choose(text), AnswerFault::NoChoice(text.to_owned())),
        Question::SelectMultiple(_) | Question::Rank(_) => {
            let mut seen = std::collections::BTreeSet::new();
            text.split_whitespace().try_for_each(|value| match may_choose(value) {
                false => Err(AnswerFault::NoChoice(value.to_owned())),
                true => is(seen.insert(value), AnswerFault::Twice(value.to_owned())),
            })
        }
        Question::GeoPoint => {
            let numbers: Vec<f64> = text
                .split_whitespace()
                .map(|part| part.parse().unwrap_or(f64::NAN))
                .collect();
            let in_range = |at: usize, most: f64| numbers.get(at).is_some_and(|degrees: &f64| degrees.abs() <= most);
            is(
                (2..=4).contains(&numbers.len()) && in_range(0, 90.0) && in_range(1, 180.0),
                AnswerFault::NotPlace,
            )
        }
        _ => Ok(()),
    }
}
