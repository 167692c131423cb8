//! The database. Everything the endpoint knows is here and nothing of it is kept in memory between requests, so that
//! the command line works beside a running server. Knows tables, not rules.

pub mod area;
pub mod blob;
pub mod invitation;
mod log;
pub mod pack;
pub mod people;
mod schema;
pub mod space;

pub use log::{Left, SqliteLog};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a writer waits for another one.
const BUSY_WAIT: Duration = Duration::from_secs(30);
/// Connections kept open between requests.
const CONNECTIONS_KEPT: usize = 8;
/// The file inside the data folder.
const FILE: &str = "bianfang.sqlite";

/// Where the data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One file in this folder.
    Sqlite(PathBuf),
}

/// Why a `--database` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// PostgreSQL is for later releases.
    #[error("this release keeps its data in SQLite only; leave --database out and name a folder with --data")]
    PostgresNotYet,
    /// Neither `sqlite:FOLDER` nor `postgres://…`.
    #[error("not a database address: sqlite:FOLDER is expected")]
    Unknown,
}

impl FromStr for Backend {
    type Err = BackendError;

    fn from_str(text: &str) -> Result<Self, BackendError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Err(BackendError::PostgresNotYet);
        }
        match text.strip_prefix("sqlite:") {
            Some(folder) if !folder.is_empty() => Ok(Self::Sqlite(folder.into())),
            _ => Err(BackendError::Unknown),
        }
    }
}

/// Why the database did not do what it was asked. Nothing of the transaction is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the room the database may take, is full.
    #[error("no room left for the database")]
    Full(#[source] rusqlite::Error),
    /// Somebody else wrote for too long.
    #[error("the database is busy")]
    Busy(#[source] rusqlite::Error),
    /// The file is damaged.
    #[error("the database file is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// A row does not hold what it must.
    #[error("a stored value is damaged: {0}")]
    Value(&'static str),
    /// A newer release wrote it.
    #[error("the database was written by a newer release (schema {found}, this release knows {known})")]
    Newer {
        /// Its schema.
        found: i64,
        /// The newest that this release knows.
        known: i64,
    },
    /// The folder or file cannot be used.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Anything else that the database says.
    #[error("the database failed: {0}")]
    Failed(#[source] rusqlite::Error),
}

impl StoreError {
    /// Stable code for logs and answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full(_) => "store_full",
            Self::Busy(_) => "store_busy",
            Self::Damaged(_) | Self::Value(_) => "store_damaged",
            Self::Newer { .. } => "store_newer",
            Self::File { .. } => "store_file",
            Self::Failed(_) => "store_failed",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Failed(error),
        }
    }
}

/// The open database.
#[derive(Debug)]
pub struct Store {
    file: PathBuf,
    bytes_max: Option<u64>,
    idle: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the database and brings its schema up to date; makes both folder and file when they are not there.
    ///
    /// # Errors
    /// When the folder cannot be used, or the file is damaged or of a newer release.
    pub fn open(backend: &Backend) -> Result<Self, StoreError> {
        Self::open_limited(backend, None)
    }

    /// The same; refuses to grow beyond so many bytes, as if the disk were full.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_limited(backend: &Backend, bytes_max: Option<u64>) -> Result<Self, StoreError> {
        let Backend::Sqlite(folder) = backend;
        private_folder(folder).map_err(|source| StoreError::File {
            path: folder.clone(),
            source,
        })?;
        let store = Self {
            file: Self::file_in(backend),
            bytes_max,
            idle: Mutex::default(),
        };
        let mut connection = store.connect()?;
        schema::migrate(&mut connection)?;
        store.put_back(connection);
        Ok(store)
    }

    /// Whether a folder holds a database already.
    pub fn exists(backend: &Backend) -> bool {
        Self::file_in(backend).is_file()
    }

    /// The file that holds it, there or not.
    pub fn file_in(backend: &Backend) -> PathBuf {
        let Backend::Sqlite(folder) = backend;
        folder.join(FILE)
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads in one transaction: everything is seen as of one moment.
    ///
    /// # Errors
    /// The work's own, or the database's.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        self.within(TransactionBehavior::Deferred, work)
    }

    /// Writes in one transaction, durably committed when this returns; nothing is kept after an error.
    ///
    /// # Errors
    /// The work's own, or the database's.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        self.within(TransactionBehavior::Immediate, work)
    }

    fn within<T, E: From<StoreError>>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let done = {
            let transaction = connection
                .transaction_with_behavior(behavior)
                .map_err(StoreError::from)?;
            // Dropped without a commit, it takes everything back.
            work(&transaction).and_then(|value| {
                transaction.commit().map_err(StoreError::from)?;
                Ok(value)
            })
        };
        self.put_back(connection);
        done
    }

    /// A connection of its own, for copying the whole database.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let connection = Connection::open(&self.file)?;
        connection.busy_timeout(BUSY_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        if let Some(bytes) = self.bytes_max {
            let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = (signed(bytes) / page).max(1);
            connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        }
        Ok(connection)
    }

    fn take(&self) -> Result<Connection, StoreError> {
        match self.idle().pop() {
            Some(connection) => Ok(connection),
            None => self.connect(),
        }
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < CONNECTIONS_KEPT {
            idle.push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The data are about people: the folder is for the owner alone.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A blob of a known length, as stored.
fn array<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Value(what))
}

/// Numbers of the core are unsigned, numbers of the database signed.
fn unsigned(value: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Value(what))
}

/// A number that fits the database; one that does not is above everything stored.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
