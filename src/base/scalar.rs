//! One stored value: a text or an integer, nothing else. Says nothing about what the value means.

use std::fmt;

/// One stored value. Dates are texts `YYYY-MM-DD`, money is an integer of 分, areas are integers of hundredths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// Text; empty where a field was cleared.
    Text(String),
    /// An integer.
    Int(i64),
}

impl Scalar {
    /// What a cleared field holds: clearing is a value like any other, so that it can differ.
    pub const CLEARED: Self = Self::Text(String::new());

    /// The text, or the digits.
    pub fn to_text(&self) -> String {
        self.to_string()
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Int(_) => None,
        }
    }

    /// The integer, or digits read as one.
    pub fn to_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Text(text) => text.parse().ok(),
        }
    }

    /// Whether the field was cleared.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Int(value) => write!(out, "{value}"),
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
