//! Where the bytes of photos are: a small trait, and a folder that fills it. Knows nothing of who may read what.

use crate::entropy;
use bianfang::base::picture::BlobId;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// One photo as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub blob: BlobId,
    /// How large.
    pub bytes: u64,
    /// Since when.
    pub since_s: i64,
}

/// Where photos are kept. What a store of objects by name can do.
pub trait Vault: fmt::Debug + Send + Sync {
    /// How large a photo is, if it is here.
    ///
    /// # Errors
    /// The storage's.
    fn bytes_of(&self, blob: BlobId) -> io::Result<Option<u64>>;

    /// So many bytes of it from a place on, fewer at its end; nothing when it is not here.
    ///
    /// # Errors
    /// The storage's.
    fn read(&self, blob: BlobId, from: u64, limit: usize) -> io::Result<Option<Vec<u8>>>;

    /// Takes in a file whose bytes were compared with the name: whole and durable when this returns. The file is gone then.
    ///
    /// # Errors
    /// The storage's. Nothing stands under the name then that did not before.
    fn take(&self, blob: BlobId, file: &Path) -> io::Result<()>;

    /// Removes it, if it is here.
    ///
    /// # Errors
    /// The storage's.
    fn remove(&self, blob: BlobId) -> io::Result<()>;

    /// Everything that is kept.
    ///
    /// # Errors
    /// The storage's.
    fn list(&self) -> io::Result<Vec<Kept>>;
}

/// Photos as files in folders by the first byte of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// In this folder, which is made when the first photo comes.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    fn file(&self, blob: BlobId) -> PathBuf {
        let name = blob.to_string();
        self.0.join(&name[..2]).join(name)
    }

    /// Keeps bytes that were compared with the name.
    ///
    /// # Errors
    /// The disk's.
    pub fn put(&self, blob: BlobId, bytes: &[u8]) -> io::Result<()> {
        let random = entropy::to_text(&entropy::random::<9>());
        make_private(&self.0)?;
        let part = self.0.join(format!("{random}.new"));
        let written = File::create_new(&part)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| self.take(blob, &part));
        if written.is_err() {
            // Half a file is of no use to anybody.
            let _ = fs::remove_file(&part);
        }
        written
    }
}

impl Vault for Folder {
    fn bytes_of(&self, blob: BlobId) -> io::Result<Option<u64>> {
        absent(fs::metadata(self.file(blob)).map(|found| found.len()))
    }

    fn read(&self, blob: BlobId, from: u64, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let Some(mut file) = absent(File::open(self.file(blob)))? else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(limit as u64).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn take(&self, blob: BlobId, file: &Path) -> io::Result<()> {
        let target = self.file(blob);
        let folder = target.parent().unwrap_or(&self.0);
        File::open(file)?.sync_all()?;
        make_private(folder)?;
        fs::rename(file, &target)?;
        // The name is durable when its folder is.
        File::open(folder)?.sync_all()
    }

    fn remove(&self, blob: BlobId) -> io::Result<()> {
        absent(fs::remove_file(self.file(blob))).map(|_| ())
    }

    fn list(&self) -> io::Result<Vec<Kept>> {
        let mut all = Vec::new();
        for folder in files(&self.0)? {
            if !folder.is_dir() {
                continue;
            }
            for file in files(&folder)? {
                let name = file.file_name().and_then(|name| name.to_str());
                let Some(blob) = name.and_then(|name| name.parse().ok()) else {
                    continue;
                };
                // Gone since it was listed: not kept.
                if let Some(found) = absent(fs::metadata(&file))? {
                    all.push(Kept {
                        blob,
                        bytes: found.len(),
                        since_s: since_s(&found),
                    });
                }
            }
        }
        all.sort_by_key(|kept| kept.blob);
        Ok(all)
    }
}

/// When a file was last written, in seconds; long ago when the disk does not say.
pub(super) fn since_s(found: &fs::Metadata) -> i64 {
    let since = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// What is in a folder; nothing when it is not there.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(entries) = absent(fs::read_dir(folder))? else {
        return Ok(Vec::new());
    };
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// Nothing instead of an error when it is not there.
pub(super) fn absent<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Photos are of people: their folders are for the owner alone.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    // The folder too is only there for good when the one around it says so.
    match folder.parent() {
        Some(around) if around.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(around) => File::open(around)?.sync_all(),
        None => Ok(()),
    }
}
