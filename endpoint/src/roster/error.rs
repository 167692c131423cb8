//! Why a file could not be read at all, in words that say what is wrong, where, and what to do. Bad rows and bad values
//! are no errors: they are [`Note`](super::Note)s.

use super::book;

/// A file that cannot be read as a roster. Each cause has a stable [`code`](RosterError::code).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// The file has no bytes, or nothing but blanks.
    #[error("{}", self.both())]
    Empty,
    /// The file is larger than [`book::FILE_BYTES_MAX`].
    #[error("{}", self.both())]
    FileTooLarge {
        /// Its size in bytes.
        bytes: usize,
    },
    /// The file unpacks to more than [`book::INFLATED_BYTES_MAX`].
    #[error("{}", self.both())]
    InflatedTooLarge,
    /// More rows, cells or text than a roster can have.
    #[error("{}", self.both())]
    TooMany {
        /// What there is too much of.
        what: TooMuch,
    },
    /// Opening it needs a password.
    #[error("{}", self.both())]
    PasswordProtected,
    /// A kind of file that is known, but is not a workbook this reads.
    #[error("{}", self.both())]
    OtherFormat {
        /// What it is, in words: "PDF", "Word".
        kind: &'static str,
    },
    /// Neither a workbook nor text.
    #[error("{}", self.both())]
    NotAWorkbook,
    /// A workbook whose inside is broken.
    #[error("{}", self.both())]
    Damaged {
        /// The part of the file that is broken.
        part: String,
    },
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

/// What a file has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMuch {
    /// Rows; the limit is [`book::ROWS_MAX`].
    Rows,
    /// Cells; the limit is [`book::CELLS_MAX`].
    Cells,
    /// Characters in the cells together; the limit is [`book::TEXT_BYTES_MAX`].
    Text,
    /// Sheets or merged cells; the limits are [`book::SHEETS_MAX`] and [`book::MERGES_MAX`].
    Parts,
}

impl RosterError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "roster.empty",
            Self::FileTooLarge { .. } => "roster.file_too_large",
            Self::InflatedTooLarge => "roster.inflated_too_large",
            Self::TooMany { .. } => "roster.too_many",
            Self::PasswordProtected => "roster.password",
            Self::OtherFormat { .. } => "roster.other_format",
            Self::NotAWorkbook => "roster.not_a_workbook",
            Self::Damaged { .. } => "roster.damaged",
            Self::NoHeader { .. } => "roster.no_header",
            Self::NoRows { .. } => "roster.no_rows",
        }
    }

    /// What happened and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的。请确认选对了文件，或重新导出名册。".to_owned(),
            Self::FileTooLarge { bytes } => format!(
                "文件有 {} MB，超过 {} MB 的上限。请删去图片和无关的工作表，或按乡镇、按村分成几个文件。",
                bytes.div_ceil(1 << 20),
                book::FILE_BYTES_MAX >> 20
            ),
            Self::InflatedTooLarge => format!(
                "文件解压后超过 {} MB，没有继续读取。请删去无关的工作表和空行后另存，或分成几个文件。",
                book::INFLATED_BYTES_MAX >> 20
            ),
            Self::TooMany { what } => match what {
                TooMuch::Rows => format!("行数超过 {} 行。请按乡镇或按村分成几个文件。", book::ROWS_MAX),
                TooMuch::Cells => format!(
                    "单元格超过 {} 个。请删去多余的列和工作表，或分成几个文件。",
                    book::CELLS_MAX
                ),
                TooMuch::Text => format!(
                    "文字总量超过 {} MB。请删去长篇备注，或分成几个文件。",
                    book::TEXT_BYTES_MAX >> 20
                ),
                TooMuch::Parts => "工作表或合并单元格太多。请只留名册那几张表后另存。".to_owned(),
            },
            Self::PasswordProtected => {
                "文件设了打开密码，读不了。请在 Excel 或 WPS 里打开，取消密码（文件→信息→保护工作簿），另存后再导入。"
                    .to_owned()
            }
            Self::OtherFormat { kind } => {
                format!("这是 {kind} 文件，不是 Excel 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。")
            }
            Self::NotAWorkbook => {
                "这不是 Excel 工作簿，也不是 CSV 文本。请用 Excel 或 WPS 另存为 .xlsx 后再导入。".to_owned()
            }
            Self::Damaged { part } => {
                format!("文件已损坏（{part}）。请用 Excel 或 WPS 打开并另存为新的 .xlsx；打不开就请发送人重发一份。")
            }
            Self::NoHeader { sheets } => format!(
                "在{}的前 {} 行里没有找到表头。表头要有一列“姓名”（或“户主姓名”），另有身份证号、与户主关系、户编号、组等至少一列。",
                sheets_zh(sheets),
                book::HEADER_ROWS_MAX
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
            Self::Empty => "The file is empty. Check that it is the right file, or export the roster again.".to_owned(),
            Self::FileTooLarge { bytes } => format!(
                "The file has {} MB; the limit is {} MB. Remove pictures and other sheets, or split it by village.",
                bytes.div_ceil(1 << 20),
                book::FILE_BYTES_MAX >> 20
            ),
            Self::InflatedTooLarge => format!(
                "The file unpacks to more than {} MB, so reading stopped. Remove other sheets and empty rows, or \
                 split it.",
                book::INFLATED_BYTES_MAX >> 20
            ),
            Self::TooMany { what } => match what {
                TooMuch::Rows => format!(
                    "More than {} rows. Split the file by township or village.",
                    book::ROWS_MAX
                ),
                TooMuch::Cells => format!(
                    "More than {} cells. Remove columns or sheets, or split it.",
                    book::CELLS_MAX
                ),
                TooMuch::Text => format!(
                    "More than {} MB of text in the cells. Remove long remarks, or split the file.",
                    book::TEXT_BYTES_MAX >> 20
                ),
                TooMuch::Parts => "Too many sheets or merged cells. Keep only the sheets of the roster.".to_owned(),
            },
            Self::PasswordProtected => {
                "The file needs a password to open. Open it in Excel or WPS, remove the password, save it and \
                 import again."
                    .to_owned()
            }
            Self::OtherFormat { kind } => {
                format!("This is a {kind} file, not an Excel workbook. Open it in Excel or WPS and save it as .xlsx.")
            }
            Self::NotAWorkbook => {
                "This is neither an Excel workbook nor CSV text. Save it as .xlsx in Excel or WPS and \
                 import that."
                    .to_owned()
            }
            Self::Damaged { part } => format!(
                "The file is damaged ({part}). Open it in Excel or WPS and save it as a new .xlsx, or ask for it again."
            ),
            Self::NoHeader { sheets } => format!(
                "No column titles in the first {} rows of {}. There must be a column 姓名 (name) or 户主姓名 (head), and \
                 at least one more, such as 身份证号, 与户主关系, 户编号 or 组.",
                book::HEADER_ROWS_MAX,
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

    pub(crate) fn damaged(part: impl Into<String>) -> Self {
        Self::Damaged { part: part.into() }
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
