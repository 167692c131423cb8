//! What an expression gives, and how one kind becomes another: the rules of XPath, with days.

use super::moment::Moment;
use super::tree::NodeRef;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Bool(bool),
    Moment(Moment),
    /// Nodes in the order of the form.
    Nodes(Vec<NodeRef>),
}

/// A value that is not nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    Text(String),
    Number(f64),
    Bool(bool),
    Moment(Moment),
}

/// Numbers closer to 0 than this are 0 where a text or a yes is made of them.
const NOTHING: f64 = 1e-12;

impl Plain {
    /// Nothing was answered.
    pub const EMPTY: Self = Self::Text(String::new());

    /// As a number; not a number where it is none. A day counts its days since 1970.
    pub fn number(&self) -> f64 {
        match self {
            Self::Text(text) => number(text),
            Self::Number(number) => *number,
            Self::Bool(yes) => f64::from(u8::from(*yes)),
            Self::Moment(moment) => moment.days(),
        }
    }

    /// As a text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => written(*number),
            Self::Bool(yes) => yes.to_string(),
            Self::Moment(moment) => moment.to_string(),
        }
    }

    /// As yes or no: a text is yes when there is one, a number when it is not 0.
    pub fn truth(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => number.abs() > NOTHING,
            Self::Bool(yes) => *yes,
            Self::Moment(_) => true,
        }
    }

    /// Nothing: an empty text, or what is no number.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Number(number) => number.is_nan(),
            Self::Bool(_) | Self::Moment(_) => false,
        }
    }

    /// Equal, by the kind that weighs most: yes or no, number, day, text.
    pub fn equals(&self, other: &Self) -> bool {
        use Plain::{Bool, Moment as Day, Number};
        match (self, other) {
            (Bool(_), _) | (_, Bool(_)) => self.truth() == other.truth(),
            (Number(_), _) | (_, Number(_)) => {
                let (one, other) = (self.number(), other.number());
                // What differs by the noise of binary fractions alone is equal: 6.1 - 7.8 = -1.7.
                one == other || (one - other).abs() < NOTHING
            }
            (Day(_), _) | (_, Day(_)) => self.as_days() == other.as_days(),
            _ => self.text() == other.text(),
        }
    }

    /// The two as numbers that compare; a text beside a day is read as one.
    pub fn compared(&self, other: &Self) -> (f64, f64) {
        match (self, other) {
            (Self::Moment(_), Self::Text(_)) | (Self::Text(_), Self::Moment(_)) => (self.as_days(), other.as_days()),
            _ => (self.number(), other.number()),
        }
    }

    fn as_days(&self) -> f64 {
        match self {
            Self::Text(text) => Moment::parse(text).map_or(f64::NAN, Moment::days),
            _ => self.number(),
        }
    }
}

impl From<Plain> for Value {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Text(text) => Self::Text(text),
            Plain::Number(number) => Self::Number(number),
            Plain::Bool(yes) => Self::Bool(yes),
            Plain::Moment(moment) => Self::Moment(moment),
        }
    }
}

/// Only digits, one point and a sign are a number: no exponents, no infinity.
fn number(text: &str) -> f64 {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    match plain {
        true => text.parse().unwrap_or(f64::NAN),
        false => f64::NAN,
    }
}

fn written(number: f64) -> String {
    if number.is_nan() {
        String::from("NaN")
    } else if number.is_infinite() {
        String::from(if number < 0.0 { "-Infinity" } else { "Infinity" })
    } else if number.abs() < NOTHING {
        String::from("0")
    } else {
        number.to_string()
    }
}
