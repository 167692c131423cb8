//! Why a file could not be read at all, in words that say what is wrong, where, and what to do. Bad rows and bad values
//! are no errors: they are [`Note`](super::Note)s.

use crate::book::{BookError, HEADER_ROWS_MAX};

/// A file that cannot be read as a roster. Each cause has a stable [`code`](RosterError::code).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// It cannot be read as sheets of cells.
    #[error("{}", self.both())]
    Book(#[from] BookError),
    /// No sheet has a row with column titles that name people.
    #[error("{}", self.both())]
    NoHeader {
        /// The sheets that were looked at.
        sheets: Vec<String>,
    },
    /// There are column titles, but not one row of people under them.
    #[error("{}", self.both())]
    NoRows {
        /// The sheets that were looked at.
        sheets: Vec<String>,
    },
}

impl RosterError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Book(BookError::Empty) => "roster.empty",
            Self::Book(BookError::FileTooLarge { .. }) => "roster.file_too_large",
            Self::Book(BookError::InflatedTooLarge) => "roster.inflated_too_large",
            Self::Book(BookError::TooMany { .. }) => "roster.too_many",
            Self::Book(BookError::PasswordProtected) => "roster.password",
            Self::Book(BookError::OtherFormat { .. }) => "roster.other_format",
            Self::Book(BookError::NotAWorkbook) => "roster.not_a_workbook",
            Self::Book(BookError::Damaged { .. }) => "roster.damaged",
            Self::NoHeader { .. } => "roster.no_header",
            Self::NoRows { .. } => "roster.no_rows",
        }
    }

    /// What happened and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Book(error) => error.zh(),
            Self::NoHeader { sheets } => format!(
                "在{}的前 {} 行里没有找到表头。表头要有一列“姓名”（或“户主姓名”），另有身份证号、与户主关系、户编号、组等至少一列。",
                sheets_zh(sheets),
                HEADER_ROWS_MAX
            ),
            Self::NoRows { sheets } => format!(
                "{}只有表头，没有人。请确认名册已填写，或选对了文件。",
                sheets_zh(sheets)
            ),
        }
    }

    /// What happened and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Book(error) => error.en(),
            Self::NoHeader { sheets } => format!(
                "No column titles in the first {} rows of {}. There must be a column 姓名 (name) or 户主姓名 (head), and \
                 at least one more, such as 身份证号, 与户主关系, 户编号 or 组.",
                HEADER_ROWS_MAX,
                sheets_en(sheets)
            ),
            Self::NoRows { sheets } => format!(
                "There are column titles but nobody under them in {}. Check that the roster is filled in.",
                sheets_en(sheets)
            ),
        }
    }

    fn both(&self) -> String {
        format!("{} {}", self.zh(), self.en())
    }
}

fn sheets_zh(sheets: &[String]) -> String {
    match sheets {
        [] => "文件".to_owned(),
        many => many
            .iter()
            .take(5)
            .map(|name| format!("“{name}”"))
            .collect::<Vec<_>>()
            .join("、"),
    }
}

fn sheets_en(sheets: &[String]) -> String {
    match sheets {
        [] => "the file".to_owned(),
        many => many
            .iter()
            .take(5)
            .map(|name| format!("“{name}”"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}
