//! What is odd in a roster: where it stands, which rule it breaks, why, and what to do, in Chinese and English.

use std::borrow::Cow;

use bianfang::register::id_number;

use super::model::Place;

/// How much a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row was not taken.
    Refused,
    /// The row was taken, the value is probably wrong.
    Flagged,
    /// Worth a look.
    Hint,
}

impl Severity {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Flagged => "flagged",
            Self::Hint => "hint",
        }
    }

    /// The word before the reason in the office's file.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Refused => "退回",
            Self::Flagged => "请核实",
            Self::Hint => "提示",
        }
    }
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Words {
    pub(crate) fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One oddity.
///
/// The texts and [`Note::value`] may hold an ID number: they are for the office that sent the file. What goes to a
/// screen or a log is [`Note::line_zh`] or [`Note::line_en`], which mask it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it is; row 0 where it is about a sheet or the file.
    pub place: Place,
    /// The name of the sheet; empty for a text table.
    pub sheet: String,
    /// Title and letters of the column, where it is about one.
    pub column: Option<(String, String)>,
    /// What is written there.
    pub value: Option<String>,
    /// DQ01 to DQ14 where it is one of these rules, else the same as the code.
    pub rule: &'static str,
    /// What exactly it is; stable.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Why.
    pub reason: Words,
    /// What to do about it.
    pub todo: Words,
}

impl Note {
    /// One line in Chinese: sheet, row, column, masked value, reason, what to do.
    pub fn line_zh(&self) -> String {
        let sheet = if self.sheet.is_empty() {
            String::new()
        } else {
            format!("“{}”", self.sheet)
        };
        let row = if self.place.row == 0 {
            String::new()
        } else {
            format!("第{}行", self.place.row)
        };
        let column = self
            .column
            .as_ref()
            .map_or_else(String::new, |(title, letters)| format!(" {letters}列“{title}”"));
        let value = self
            .masked_value()
            .map_or_else(String::new, |value| format!("“{value}”"));
        let place = format!("{sheet}{row}{column}{value}");
        let colon = if place.is_empty() { "" } else { "：" };
        format!("{place}{colon}{}（{}）。{}。", self.reason.zh, self.rule, self.todo.zh)
    }

    /// One line in English.
    pub fn line_en(&self) -> String {
        let mut place: Vec<String> = Vec::new();
        if !self.sheet.is_empty() {
            place.push(format!("“{}”", self.sheet));
        }
        if self.place.row > 0 {
            place.push(format!("row {}", self.place.row));
        }
        if let Some((title, letters)) = &self.column {
            place.push(format!("column {letters} “{title}”"));
        }
        if let Some(value) = self.masked_value() {
            place.push(format!("“{value}”"));
        }
        let colon = if place.is_empty() { "" } else { ": " };
        format!(
            "{}{colon}{} ({}). {}.",
            place.join(", "),
            self.reason.en,
            self.rule,
            self.todo.en
        )
    }

    /// What stands in the column of reasons of the office's own file.
    pub fn cell_zh(&self) -> String {
        let column = self.column.as_ref().map_or("", |(title, _)| title.as_str());
        let about = if column.is_empty() {
            String::new()
        } else {
            format!("“{column}”")
        };
        format!("{}：{about}{}，{}", self.severity.zh(), self.reason.zh, self.todo.zh)
    }

    fn masked_value(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        let digits = value.chars().filter(char::is_ascii_digit).count();
        Some(if digits >= 12 {
            id_number::masked(value)
        } else {
            value.clone()
        })
    }
}
