//! Why a file could not be read as sheets at all, in words that say what is wrong, where, and what to do.

use crate::book;

/// A file that cannot be read as sheets of cells. Each cause has a stable [`code`](BookError::code).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
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
    /// More rows, cells or text than such a file can have.
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

impl BookError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "book.empty",
            Self::FileTooLarge { .. } => "book.file_too_large",
            Self::InflatedTooLarge => "book.inflated_too_large",
            Self::TooMany { .. } => "book.too_many",
            Self::PasswordProtected => "book.password",
            Self::OtherFormat { .. } => "book.other_format",
            Self::NotAWorkbook => "book.not_a_workbook",
            Self::Damaged { .. } => "book.damaged",
        }
    }

    /// What happened and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的。请确认选对了文件，或重新导出。".to_owned(),
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
                TooMuch::Parts => "工作表或合并单元格太多。请只留要用的那几张表后另存。".to_owned(),
            },
            Self::PasswordProtected => {
                "文件设了打开密码，读不了。请在 Excel 或 WPS 里打开，取消密码（文件→信息→保护工作簿），另存后再试。"
                    .to_owned()
            }
            Self::OtherFormat { kind } => {
                format!("这是 {kind} 文件，不是 Excel 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。")
            }
            Self::NotAWorkbook => {
                "这不是 Excel 工作簿，也不是 CSV 文本。请用 Excel 或 WPS 另存为 .xlsx 后再试。".to_owned()
            }
            Self::Damaged { part } => {
                format!("文件已损坏（{part}）。请用 Excel 或 WPS 打开并另存为新的 .xlsx；打不开就请发送人重发一份。")
            }
        }
    }

    /// What happened and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "The file is empty. Check that it is the right file, or export it again.".to_owned(),
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
                TooMuch::Parts => "Too many sheets or merged cells. Keep only the sheets that are needed.".to_owned(),
            },
            Self::PasswordProtected => {
                "The file needs a password to open. Open it in Excel or WPS, remove the password, save it and \
                 try again."
                    .to_owned()
            }
            Self::OtherFormat { kind } => {
                format!("This is a {kind} file, not an Excel workbook. Open it in Excel or WPS and save it as .xlsx.")
            }
            Self::NotAWorkbook => {
                "This is neither an Excel workbook nor CSV text. Save it as .xlsx in Excel or WPS and \
                 try that."
                    .to_owned()
            }
            Self::Damaged { part } => format!(
                "The file is damaged ({part}). Open it in Excel or WPS and save it as a new .xlsx, or ask for it again."
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
