//! Why the demonstration cannot be shown, in words for the terminal.

use bianfang_endpoint::desk::DeskError;
use bianfang_endpoint::forms::publish::PublishError;
use bianfang_endpoint::join::JoinError;
use bianfang_endpoint::roster::RosterError;
use bianfang_endpoint::store::StoreError;
use std::io;
use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A file or folder cannot be used.
    #[error("不能读写 {path} / cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder is in use.
    #[error(
        "{0} 正在被另一个演示使用；请先停掉它，或用 --data 换一个文件夹 / another demonstration runs on this folder; stop it, or name another with --data"
    )]
    Busy(PathBuf),
    /// A port cannot be listened on.
    #[error("打不开 {address} / cannot listen on {address}: {source}")]
    Port {
        /// Which.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The app was not built.
    #[error(
        "应用还没有构建：请先运行 cargo xtask build，或用 cargo xtask serve 启动 / the app is not built: run cargo xtask build, or start with cargo xtask serve"
    )]
    NoApp,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk could not write.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Nobody could be invited or enrolled.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// The forms cannot be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The roster cannot be read.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// A phone of the history was refused something.
    #[error("演示用的手机没能做成 {what}：{code} / a phone of the history could not do {what}: {code}")]
    Refused {
        /// The request.
        what: String,
        /// The stable code of the refusal.
        code: String,
    },
}

impl Trouble {
    /// Stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::File { .. } => "demo_file",
            Self::Busy(_) => "demo_busy",
            Self::Port { .. } => "demo_port",
            Self::NoApp => "demo_no_app",
            Self::Store(error) => error.code(),
            Self::Desk(error) => error.code(),
            Self::Join(error) => error.code(),
            Self::Publish(error) => error.code(),
            Self::Roster(error) => error.code(),
            Self::Refused { code, .. } => code,
        }
    }

    /// Names the file of an error of the system.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
