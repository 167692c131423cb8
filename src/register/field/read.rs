//! Reading what a person typed or a roster holds into what is stored. Never refuses: what does not fit is kept as text
//! and comes with the reason.

use super::{Field, Type};
use crate::base::date::{Date, DateError, Month};
use crate::base::decimal::{self, DecimalError};
use crate::base::money::Fen;
use crate::base::scalar::Scalar;
use crate::base::text;
use crate::register::enums;
use crate::register::id_number::{self, IdError, IdNumber};
use crate::register::words::Sentence;

/// How serious a fault is. Only the first keeps a screen from saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// E: the form is wrong.
    Error,
    /// W: said once, saved all the same.
    Warning,
    /// S: for the list of suspicions.
    Suspicion,
}

impl Severity {
    /// The letter of the rules: E, W, S.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "E",
            Self::Warning => "W",
            Self::Suspicion => "S",
        }
    }
}

/// Why a value does not fit its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultReason {
    /// Not one of the list.
    NotAChoice,
    /// Not a number.
    Number(DecimalError),
    /// A number outside of what is possible; the ends, in the unit of the field.
    Range(i64, i64),
    /// Not a date.
    Date(DateError),
    /// A date after today where none can be.
    Future,
    /// Not a telephone number (DQ14).
    Phone,
    /// Not an identity number (DQ01).
    Id(IdError),
    /// A valid identity number whose holder would be older than anybody is (DQ01).
    OddAge,
    /// Longer than so many characters.
    TooLong(usize),
    /// A character that cannot be part of a stored key.
    NotAKey,
}

/// A value that does not fit its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// How serious it is.
    pub severity: Severity,
    /// Why.
    pub reason: FaultReason,
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self.reason {
            FaultReason::NotAChoice => "field.choice",
            FaultReason::Number(error) => error.code(),
            FaultReason::Range(..) => "field.range",
            FaultReason::Date(error) => error.code(),
            FaultReason::Future => "date.future",
            FaultReason::Phone => "phone.shape",
            FaultReason::Id(error) => error.code(),
            FaultReason::OddAge => "id.odd_age",
            FaultReason::TooLong(_) => "field.long",
            FaultReason::NotAKey => "field.key",
        }
    }

    /// The rule of the data-quality list it belongs to; empty where there is none.
    pub fn rule(&self) -> &'static str {
        match self.reason {
            FaultReason::Id(_) | FaultReason::OddAge => "DQ01",
            FaultReason::Phone => "DQ14",
            _ => "",
        }
    }

    /// In words.
    pub fn sentence(&self) -> Sentence {
        match self.reason {
            FaultReason::NotAChoice => Sentence::new("不在可选项里", "not one of the choices"),
            FaultReason::Number(error) => Sentence::new(error.zh(), error.to_string()),
            FaultReason::Range(from, to) => Sentence::new(
                format!("应在{from}到{to}之间"),
                format!("should be between {from} and {to}"),
            ),
            FaultReason::Date(error) => Sentence::new(error.zh(), error.to_string()),
            FaultReason::Future => Sentence::new("日期在今天以后", "the date lies in the future"),
            FaultReason::Phone => Sentence::new(
                "电话应为11位手机号或带区号的座机",
                "not a mobile number of 11 digits nor a landline with area code",
            ),
            FaultReason::Id(error) => Sentence::new(error.zh(), error.to_string()),
            FaultReason::OddAge => Sentence::new("年龄超过120岁，请核对", "older than 120 years; please check"),
            FaultReason::TooLong(most) => {
                Sentence::new(format!("超过{most}个字"), format!("longer than {most} characters"))
            }
            FaultReason::NotAKey => Sentence::new("不能含有 / 或花括号", "must not contain a slash or braces"),
        }
    }
}

/// What is stored of what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The value to store; of a text that does not fit, the text itself.
    pub value: Scalar,
    /// Why it does not fit, if so.
    pub fault: Option<Fault>,
}

impl Reading {
    fn good(value: impl Into<Scalar>) -> Self {
        Self {
            value: value.into(),
            fault: None,
        }
    }

    fn odd(value: impl Into<Scalar>, reason: FaultReason) -> Self {
        Self {
            value: value.into(),
            fault: Some(Fault {
                severity: Severity::Warning,
                reason,
            }),
        }
    }

    fn bad(written: &str, reason: FaultReason) -> Self {
        Self {
            value: text::clean(written).into(),
            fault: Some(Fault {
                severity: Severity::Error,
                reason,
            }),
        }
    }
}

pub(super) fn read(field: &Field, written: &str, today: Date) -> Reading {
    if text::trim(written).is_empty() {
        return Reading {
            value: Scalar::CLEARED,
            fault: None,
        };
    }
    match field.kind {
        Type::Text(most) => read_text(field, written, most),
        Type::Note => Reading::good(text::clean_note(written)),
        Type::Choice(list) | Type::Set(list) => match enums::canonical(list, written) {
            Some(choice) => Reading::good(choice.value),
            None => Reading::odd(text::clean(written), FaultReason::NotAChoice),
        },
        Type::FreeSet | Type::Ref(_) | Type::RefSet(_) => {
            let value = text::clean(written);
            if value.contains(['/', '{', '}']) {
                Reading::bad(written, FaultReason::NotAKey)
            } else {
                Reading::good(value)
            }
        }
        Type::Date(future) => match Date::parse_lenient(written) {
            Ok(date) if date > today && !future => Reading::odd(date.to_string(), FaultReason::Future),
            Ok(date) => Reading::good(date.to_string()),
            Err(error) => Reading::bad(written, FaultReason::Date(error)),
        },
        Type::Month => match Month::parse_lenient(written) {
            Ok(month) => Reading::good(month.to_string()),
            Err(error) => Reading::bad(written, FaultReason::Date(error)),
        },
        Type::Int(from, to) => number(
            written,
            decimal::parse(written, 0, &[field.unit.zh, "月", "人", "米", "天"]),
            from,
            to,
            1,
        ),
        Type::Fen(from, to) => number(written, Fen::parse(written).map(|fen| fen.0), from, to, 100),
        Type::Area(to) => number(
            written,
            decimal::parse(written, 2, &[field.unit.zh, "平方米", "平米", "m2", "m²"]),
            0,
            to,
            100,
        ),
        Type::Phone => phone(written),
        Type::IdNumber => id(written, today),
    }
}

pub(super) fn fault(field: &Field, value: &Scalar, today: Date) -> Option<Fault> {
    match (field.kind, value) {
        (Type::Int(from, to), Scalar::Int(value)) => range(*value, from, to, 1),
        (Type::Fen(from, to), Scalar::Int(value)) => range(*value, from, to, 100),
        (Type::Area(to), Scalar::Int(value)) => range(*value, 0, to, 100),
        // A number that is stored as a text is one that could not be read.
        (_, value) => read(field, &value.to_text(), today).fault,
    }
}

fn range(value: i64, from: i64, to: i64, scale: i64) -> Option<Fault> {
    let outside = value < from.saturating_mul(scale) || value > to.saturating_mul(scale);
    outside.then_some(Fault {
        severity: Severity::Warning,
        reason: FaultReason::Range(from, to),
    })
}

fn read_text(field: &Field, written: &str, most: usize) -> Reading {
    let clean = if field.pattern == "name" {
        text::name(written)
    } else {
        text::clean(written)
    };
    if clean.chars().count() > most {
        Reading::odd(clean, FaultReason::TooLong(most))
    } else {
        Reading::good(clean)
    }
}

fn number(written: &str, parsed: Result<i64, DecimalError>, from: i64, to: i64, scale: i64) -> Reading {
    match parsed {
        Ok(value) => Reading {
            value: value.into(),
            fault: range(value, from, to, scale),
        },
        Err(error) => Reading::bad(written, FaultReason::Number(error)),
    }
}

/// A mobile number (`^1[3-9]\d{9}$`), or a landline with its area code, as digits. A leading +86 is dropped.
fn phone(written: &str) -> Reading {
    let compact = text::compact(written);
    let digits: String = compact
        .chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | '.'))
        .collect();
    let digits = digits
        .strip_suffix("0")
        .filter(|_| compact.ends_with(".0"))
        .unwrap_or(&digits);
    let digits = digits
        .strip_prefix("+86")
        .or_else(|| digits.strip_prefix("0086"))
        .unwrap_or(digits);
    let digits = if digits.len() == 13 {
        digits.strip_prefix("86").unwrap_or(digits)
    } else {
        digits
    };
    if is_phone(digits) {
        Reading::good(digits)
    } else {
        Reading::odd(text::clean(written), FaultReason::Phone)
    }
}

/// Whether digits are a mobile number or a landline with its area code.
pub(crate) fn is_phone(digits: &str) -> bool {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match digits.as_bytes() {
        [b'1', b'3'..=b'9', rest @ ..] => rest.len() == 9,
        [b'0', b'1'..=b'9', rest @ ..] => (8..=10).contains(&rest.len()),
        _ => false,
    }
}

fn id(written: &str, today: Date) -> Reading {
    match IdNumber::parse(written, today) {
        Ok(id) if id.is_odd_age(today) => Reading::odd(id.as_str(), FaultReason::OddAge),
        Ok(id) => Reading::good(id.as_str()),
        Err(error) if error.is_format() => Reading::bad(&id_number::normalise(written), FaultReason::Id(error)),
        Err(error) => Reading::odd(id_number::normalise(written), FaultReason::Id(error)),
    }
}
