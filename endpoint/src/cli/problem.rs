//! Why a command did not do what it was asked, in both languages, with a stable code.

use super::Terminal;
use crate::desk::DeskError;
use crate::join::JoinError;
use crate::server::ServeError;
use crate::store::{BackendError, StoreError};

/// What is printed when a command fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable.
    pub code: &'static str,
    zh: String,
    en: String,
}

impl Problem {
    /// A sentence in both languages.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// On the error output.
    pub fn print(&self, terminal: Terminal) {
        eprintln!(
            "{}{} [{}]",
            terminal.pick("错误：", "Error: "),
            terminal.pick(&self.zh, &self.en),
            self.code
        );
    }
}

impl From<BackendError> for Problem {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::PostgresNotYet => Self::new(
                "database_postgres",
                "这一版只支持 SQLite，还不支持 PostgreSQL。请去掉 --database，用 --data 指定文件夹。",
                "this release has SQLite only, not PostgreSQL yet; leave --database out and name a folder with --data",
            ),
            BackendError::Unknown => Self::new(
                "database_unknown",
                "看不懂这个数据库地址，应写成 sqlite:文件夹。",
                "not a database address: sqlite:FOLDER is expected",
            ),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let zh = match &error {
            StoreError::Full(_) => "磁盘满了，或数据库到了上限；这一步没有写入。".to_owned(),
            StoreError::Busy(_) => "数据库正忙，请稍后再试。".to_owned(),
            StoreError::Damaged(_) => {
                "数据库文件损坏。先停止服务，再用 restore 最近的备份 --replace 换下它。".to_owned()
            }
            StoreError::Value(what) => format!("存储的内容损坏：{what}。先用 check 检查。"),
            StoreError::Newer { found, known } => {
                format!("数据库是更新的版本写的（格式 {found}，本程序认识到 {known}），请用新版程序。")
            }
            StoreError::File { path, source } => format!("无法使用 {}：{source}", path.display()),
            StoreError::Failed(source) => format!("数据库出错：{source}"),
        };
        Self::new(error.code(), zh, error.to_string())
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let zh = match &error {
            DeskError::Store(_) => String::new(),
            DeskError::Document(_) => {
                "存着的一份记录打不开，这一步没有写入。先用 check 检查，再从备份恢复。".to_owned()
            }
            DeskError::Edit(_) => "要写的内容和存着的记录对不上，这一步没有写入。先用 check 检查。".to_owned(),
            DeskError::Refused(_) => "这一步的改动不被接受，没有写入。先用 check 检查。".to_owned(),
        };
        match error {
            DeskError::Store(error) => error.into(),
            other => Self::new(other.code(), zh, other.to_string()),
        }
    }
}

impl From<JoinError> for Problem {
    fn from(error: JoinError) -> Self {
        let zh = match &error {
            JoinError::Desk(_) => String::new(),
            JoinError::NotAllowed => "不能邀请这个权限的人。".to_owned(),
            JoinError::BadName => "姓名、电话或权限写得不对（不能为空，不超过60个字）。".to_owned(),
            JoinError::NoSpace => "没有这个村。".to_owned(),
            other => other.to_string(),
        };
        match error {
            JoinError::Desk(error) => error.into(),
            other => Self::new(other.code(), zh, other.to_string()),
        }
    }
}

impl From<ServeError> for Problem {
    fn from(error: ServeError) -> Self {
        let zh = match &error {
            ServeError::Store(_) => String::new(),
            ServeError::Listen { address, source } => format!("无法监听 {address}：{source}"),
            ServeError::TlsFile { file, source } => format!("无法读取证书文件 {}：{source}", file.display()),
            ServeError::Tls(source) => format!("证书和私钥不能用：{source}"),
        };
        match error {
            ServeError::Store(error) => error.into(),
            other => Self::new(other.code(), zh, other.to_string()),
        }
    }
}
