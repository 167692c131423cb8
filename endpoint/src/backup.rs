//! Copies of the database and of its photos: made and brought back beside a running server.
//!
//! Bringing one back is one transaction. What the database of today knows and the copy does not is put on top of the
//! copy again, as far as it can be read: nothing is lost by it. Where today's database is gone, phones hand over again
//! what the copy lacks.

use crate::blob::{Folder, Vault, folder_of, folder_of_copy};
use crate::desk::{Desk, DeskError};
use crate::entropy;
use crate::store::{Backend, SqliteLog, Store, StoreError, blob, space};
use bianfang::base::id::{DeviceId, DocId, SpaceId};
use bianfang::base::picture::BlobId;
use bianfang::doc::{DocKind, Document, Hash, Header};
use bianfang::sync::digest::Item;
use bianfang::sync::hub;
use bianfang::sync::log::{Log, NewChange};
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pages copied at once; between two such steps others may write.
const STEP_PAGES: i32 = 512;
const STEP_PAUSE: Duration = Duration::from_millis(5);

/// Why a copy could not be made or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database, or the copy, failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no copy of a database of this program.
    #[error("{0} is no copy of a database of this program")]
    NotACopy(PathBuf),
    /// The database itself is damaged; no copy of it was made.
    #[error("the database is damaged; no copy was made")]
    Source,
    /// A server is working with the database that is to be replaced.
    #[error("a server or another command is using the database; stop it first")]
    InUse,
    /// A village of the copy was made anew here, under another identity: one code would mean two villages, and phones of
    /// the one are no phones of the other.
    #[error("village {0} was made anew in this database and is not the one of the copy")]
    OtherVillage(String),
    /// The desk of today could not be let into the villages of the copy.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl BackupError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::File { .. } => "backup_file",
            Self::NotACopy(_) => "backup_not_a_copy",
            Self::Source => "store_damaged",
            Self::InUse => "backup_in_use",
            Self::OtherVillage(_) => "backup_other_village",
            Self::Desk(error) => error.code(),
        }
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}

/// What was copied beside the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Photos that the copy has now.
    pub photos: usize,
    /// Photos whose files are missing or damaged.
    pub missing: usize,
}

/// Makes a copy beside a running server: first the database, whose file appears when it is whole, then its photos into a
/// folder beside that. A folder that is there already gets what it lacks.
///
/// # Errors
/// Nothing is left behind then but photos that are whole.
pub fn backup(store: &Store, out: &Path, mut progress: impl FnMut(usize, usize)) -> Result<Copied, BackupError> {
    let part = Part::beside(out);
    let named = copy_database(store, out, &part, &mut progress)?;
    let to = folder_of_copy(out);
    let copied = copy_photos(
        &Folder::new(folder_of(store)),
        &Folder::new(to.clone()),
        &named,
        &mut progress,
    )
    .map_err(file_error(&to))?;
    fs::rename(&part.0, out).map_err(file_error(out))?;
    Ok(copied)
}

/// Copies what is missing over there; what is no longer what its name says is left out.
fn copy_photos(
    from: &Folder,
    to: &Folder,
    named: &[BlobId],
    progress: &mut impl FnMut(usize, usize),
) -> std::io::Result<Copied> {
    let mut copied = Copied::default();
    for (done, name) in named.iter().enumerate() {
        let there = to.read(*name, 0, usize::MAX)?;
        if there.is_some_and(|bytes| BlobId::of(&bytes) == *name) {
            copied.photos += 1;
            continue;
        }
        match from.read(*name, 0, usize::MAX)? {
            Some(bytes) if BlobId::of(&bytes) == *name => {
                to.put(*name, &bytes)?;
                copied.photos += 1;
            }
            _ => copied.missing += 1,
        }
        progress(done + 1, named.len());
    }
    Ok(copied)
}

/// The photos that a database names.
fn photos_named(connection: &Connection) -> Result<Vec<BlobId>, StoreError> {
    let mut named: Vec<BlobId> = blob::list(connection, None)?.iter().map(|row| row.blob).collect();
    named.sort_unstable();
    named.dedup();
    Ok(named)
}

/// The copy of the database, durable under its passing name, and the photos it names.
fn copy_database(
    store: &Store,
    out: &Path,
    part: &Part,
    progress: &mut impl FnMut(usize, usize),
) -> Result<Vec<BlobId>, BackupError> {
    let named;
    {
        let from = store.connect()?;
        fs::File::create_new(&part.0).map_err(file_error(out))?;
        private(&part.0)?;
        let mut to = Connection::open(&part.0)?;
        copy(&from, &mut to, progress)?;
        // One file, whole by itself.
        to.pragma_update(None, "journal_mode", "DELETE")?;
        // What is wrong with a copy just made is wrong with what it was made of.
        sound(&to, out).map_err(|_| BackupError::Source)?;
        named = photos_named(&to)?;
    }
    let file = fs::File::open(&part.0).map_err(file_error(&part.0))?;
    file.sync_all().map_err(file_error(&part.0))?;
    Ok(named)
}

/// A file under way; it goes when the work does not end well.
struct Part(PathBuf);

impl Part {
    fn beside(file: &Path) -> Self {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".part-{}", entropy::to_text(&entropy::random::<6>())));
        Self(name.into())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Gone already when it was renamed.
        let _ = fs::remove_file(&self.0);
    }
}

fn private(file: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(file_error(file))?;
    }
    let _ = file;
    Ok(())
}

fn copy(from: &Connection, to: &mut Connection, progress: &mut impl FnMut(usize, usize)) -> Result<(), BackupError> {
    use rusqlite::backup::StepResult;
    let backup = Backup::new(from, to)?;
    loop {
        match backup.step(STEP_PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {
                let at = backup.progress();
                let count = |pages: i32| usize::try_from(pages).unwrap_or_default();
                progress(count(at.pagecount - at.remaining), count(at.pagecount));
            }
            _ => std::thread::sleep(STEP_PAUSE),
        }
    }
}

fn sound(connection: &Connection, file: &Path) -> Result<(), BackupError> {
    let not_ours = || BackupError::NotACopy(file.to_owned());
    let said: Result<String, _> = connection.pragma_query_value(None, "quick_check", |row| row.get(0));
    if said.map_err(|_| not_ours())? != "ok" {
        return Err(not_ours());
    }
    connection
        .query_row("SELECT count(*) FROM space", [], |_| Ok(()))
        .map_err(|_| not_ours())
}

/// What bringing a copy back did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Changes of today that were put on top of the copy.
    pub kept: u64,
    /// Changes of today that cannot be read any more.
    pub unreadable: u64,
    /// Photos that the copy names and neither it nor this endpoint has; a phone that still has one hands it over again.
    pub photos_missing: usize,
}

/// Brings a copy back, in one transaction, beside a running server. `exactly` keeps nothing of today but which devices
/// were revoked.
///
/// # Errors
/// The database is as it was then.
pub fn restore(store: &Store, file: &Path, exactly: bool, now_ms: i64) -> Result<Restored, BackupError> {
    let prepared = prepare(file)?;
    // Photos first: a row without a file would be a promise broken, a file without a row is swept.
    let photos_missing = bring_photos(&prepared, file, &folder_of(store))?;
    let mut live = store.connect()?;
    live.execute("ATTACH DATABASE ? AS copy", [prepared.path().to_string_lossy()])?;
    let restored = {
        let tx = live.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.pragma_update(None, "defer_foreign_keys", true)?;
        if !exactly && let Some(code) = other_village(&tx)? {
            return Err(BackupError::OtherVillage(code));
        }
        let today = if exactly { Vec::new() } else { only_today(&tx)? };
        clear(&tx)?;
        people(&tx, exactly)?;
        content(&tx)?;
        let restored = again(&tx, today)?;
        let_the_desk_in(&tx, now_ms)?;
        tx.commit()?;
        restored
    };
    live.execute("DETACH DATABASE copy", [])?;
    Ok(Restored {
        photos_missing,
        ..restored
    })
}

/// Brings the photos of a copy; returns how many are nowhere.
fn bring_photos(prepared: &Prepared, file: &Path, to: &Path) -> Result<usize, BackupError> {
    let named = photos_named(&prepared.store.connect()?)?;
    let from = Folder::new(folder_of_copy(file));
    let copied = copy_photos(&from, &Folder::new(to.to_owned()), &named, &mut |_, _| ());
    Ok(copied.map_err(file_error(to))?.missing)
}

/// A copy of the copy, brought to the schema of this release; the file itself is only read.
struct Prepared {
    folder: PathBuf,
    store: Store,
}

impl Prepared {
    fn path(&self) -> &Path {
        self.store.file()
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // In the folder for temporary files; the system clears it too.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn prepare(file: &Path) -> Result<Prepared, BackupError> {
    let given = fs::File::open(file).map_err(file_error(file))?;
    drop(given);
    let name = format!("bianfang-restore-{}", entropy::to_text(&entropy::random::<9>()));
    let folder = std::env::temp_dir().join(name);
    let backend = Backend::Sqlite(folder.clone());
    fs::create_dir_all(&folder).map_err(file_error(&folder))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(file_error(&folder))?;
    }
    let target = Store::file_in(&backend);
    fs::copy(file, &target).map_err(file_error(file))?;
    let opened = Connection::open(&target)
        .map_err(BackupError::from)
        .and_then(|connection| sound(&connection, file))
        .and_then(|()| Ok(Store::open(&backend)?));
    match opened {
        Ok(store) => Ok(Prepared { folder, store }),
        Err(error) => {
            let _ = fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

/// The code of a village that is one thing in the copy and another here.
fn other_village(tx: &Connection) -> Result<Option<String>, BackupError> {
    let mut statement = tx.prepare(
        "SELECT c.value FROM copy.label c JOIN main.label m ON m.value = c.value
         WHERE c.kind = 'code' AND m.kind = 'code' AND c.to_s IS NULL AND m.to_s IS NULL AND c.space <> m.space
         ORDER BY c.value",
    )?;
    let mut rows = statement.query([])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// The desk of this database works in every village that is here now, be it one that another machine's desk made.
fn let_the_desk_in(tx: &Connection, now_ms: i64) -> Result<(), BackupError> {
    let spaces = space::list(tx)?;
    if spaces.is_empty() {
        return Ok(());
    }
    let desk = Desk::load_or_make(tx, now_ms)?;
    for space in spaces {
        desk.join(tx, space.id, now_ms)?;
    }
    Ok(())
}

/// A change that the copy lacks.
struct Today {
    space: SpaceId,
    change: NewChange,
}

/// Every readable change of today that the copy does not hold, in the order of the feeds. Nothing for what is damaged.
fn only_today(tx: &Connection) -> Result<Vec<Option<Today>>, BackupError> {
    let mut statement = tx.prepare(
        "SELECT f.space, d.kind, f.doc, f.hash, c.bytes, f.device, f.received_s
         FROM main.feed f JOIN main.change c ON c.doc = f.doc AND c.hash = f.hash JOIN main.document d ON d.id = f.doc
         WHERE NOT EXISTS (SELECT 1 FROM copy.feed o WHERE o.doc = f.doc AND o.hash = f.hash AND o.space = f.space)
         ORDER BY f.space, f.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id = |column| -> Result<Option<[u8; 16]>, rusqlite::Error> {
            let bytes: Vec<u8> = row.get(column)?;
            Ok(bytes.try_into().ok())
        };
        let (space, document, device) = (id(0)?, id(2)?, id(5)?);
        let (hash, bytes): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(4)?);
        let header = Header::read(&bytes)
            .ok()
            .filter(|header| header.hash.0.as_slice() == hash);
        let today = match (space, DocKind::from_byte(row.get(1)?), document, device, header) {
            (Some(space), Some(kind), Some(document), Some(device), Some(header)) => Some(Today {
                space: SpaceId(space),
                change: NewChange {
                    kind,
                    document: DocId(document),
                    header,
                    bytes,
                    device: DeviceId(device),
                    received_s: row.get(6)?,
                },
            }),
            _ => None,
        };
        all.push(today);
    }
    Ok(all)
}

/// Who may do what: of today where it is known today, else of the copy. A revoked device stays revoked either way.
fn people(tx: &Connection, exactly: bool) -> Result<(), BackupError> {
    tx.execute(
        "UPDATE copy.device SET revoked_s = coalesce(revoked_s,
           (SELECT d.revoked_s FROM main.device d WHERE d.id = copy.device.id))",
        [],
    )?;
    let villages: i64 = tx.query_row("SELECT count(*) FROM main.space", [], |row| row.get(0))?;
    let of_today = !exactly && villages > 0;
    if !of_today {
        // Children before parents; what points at them is replaced below.
        for table in [
            "presence",
            "bundle",
            "invitation",
            "grant_",
            "helper",
            "device",
            "member",
            "setting",
        ] {
            tx.execute(&format!("DELETE FROM main.{table}"), [])?;
        }
    }
    if exactly {
        tx.execute("DELETE FROM main.blob", [])?;
        tx.execute("DELETE FROM main.label", [])?;
        tx.execute("DELETE FROM main.area", [])?;
        tx.execute("DELETE FROM main.space", [])?;
    }
    tx.execute_batch(
        "CREATE TEMP TABLE fresh AS SELECT id FROM copy.space WHERE id NOT IN (SELECT id FROM main.space);
         INSERT OR IGNORE INTO main.space SELECT * FROM copy.space;
         INSERT OR IGNORE INTO main.label SELECT * FROM copy.label WHERE space IN (SELECT id FROM fresh);
         INSERT OR IGNORE INTO main.area SELECT * FROM copy.area;
         DROP TABLE fresh;
         UPDATE main.space SET seq = 0, running = zeroblob(32), digest = zeroblob(32);
         UPDATE main.space SET (seq, running, digest) =
           (SELECT c.seq, c.running, c.digest FROM copy.space c WHERE c.id = main.space.id)
           WHERE id IN (SELECT id FROM copy.space);
         INSERT OR IGNORE INTO main.setting SELECT * FROM copy.setting;
         INSERT OR IGNORE INTO main.member SELECT * FROM copy.member;
         INSERT OR IGNORE INTO main.helper SELECT * FROM copy.helper;
         INSERT OR IGNORE INTO main.grant_ SELECT * FROM copy.grant_;
         INSERT OR IGNORE INTO main.device SELECT * FROM copy.device;
         INSERT OR IGNORE INTO main.invitation SELECT * FROM copy.invitation;
         INSERT OR IGNORE INTO main.presence SELECT * FROM copy.presence;
         INSERT OR IGNORE INTO main.bundle SELECT * FROM copy.bundle;
         INSERT OR IGNORE INTO main.blob SELECT * FROM copy.blob;",
    )?;
    Ok(())
}

/// Tables of documents, changes and feeds; those that are pointed at first.
const CONTENT: [&str; 9] = [
    "document",
    "doc_space",
    "change",
    "feed",
    "actor",
    "snapshot",
    "block",
    "pack",
    "pack_block",
];

/// Documents, changes and feeds go …
fn clear(tx: &Connection) -> Result<(), BackupError> {
    for table in CONTENT.iter().rev() {
        tx.execute(&format!("DELETE FROM main.{table}"), [])?;
    }
    Ok(())
}

/// … and those of the copy come.
fn content(tx: &Connection) -> Result<(), BackupError> {
    for table in CONTENT {
        tx.execute(&format!("INSERT INTO main.{table} SELECT * FROM copy.{table}"), [])?;
    }
    Ok(())
}

/// Puts the changes of today on top.
fn again(tx: &Connection, today: Vec<Option<Today>>) -> Result<Restored, BackupError> {
    let mut restored = Restored::default();
    for one in today {
        let Some(Today { space, change }) = one else {
            restored.unreadable += 1;
            continue;
        };
        let mut log = SqliteLog::new(tx, space);
        if !is_rooted(&mut log, &change)? {
            restored.unreadable += 1;
            continue;
        }
        let mut end = log.end()?;
        end.seq += 1;
        end.running = hub::running(&end.running, change.document, change.header.hash);
        end.digest.add(&Item::of(change.document, change.header.hash));
        log.append(change, end)?;
        restored.kept += 1;
    }
    Ok(restored)
}

/// Everything that the change builds on is there.
fn is_rooted(log: &mut SqliteLog<'_>, change: &NewChange) -> Result<bool, StoreError> {
    let genesis: Hash = Document::genesis_hash_of(change.kind, change.document);
    for dep in &change.header.deps {
        if *dep != genesis && log.change(change.document, *dep)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether anybody else has the database open, as far as its file still tells.
fn is_in_use(file: &Path) -> bool {
    let alone = Connection::open(file).and_then(|connection| {
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.execute_batch("BEGIN EXCLUSIVE; ROLLBACK")
    });
    alone.is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy))
}

/// Puts a copy in the place of a database that cannot be opened any more; the server must not be running. The damaged
/// file is kept beside it; returns its new name.
///
/// # Errors
/// The damaged file is where it was then, or beside the new one.
pub fn replace(backend: &Backend, file: &Path, now_s: i64) -> Result<PathBuf, BackupError> {
    let prepared = prepare(file)?;
    let target = Store::file_in(backend);
    if target.exists() && is_in_use(&target) {
        return Err(BackupError::InUse);
    }
    let aside = target.with_extension(format!("damaged-{now_s}"));
    for ending in ["", "-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        if with(&target).exists() {
            fs::rename(with(&target), with(&aside)).map_err(file_error(&target))?;
        }
    }
    let store = Store::open(backend)?;
    bring_photos(&prepared, file, &folder_of(&store))?;
    let mut to = store.connect()?;
    copy(&prepared.store.connect()?, &mut to, &mut |_, _| ())?;
    Ok(aside)
}
