//! Uploads under way: what has arrived of a photo, by device and space, so that it goes on where it broke off and tells
//! nothing of what others have.

use super::vault::{absent, files, make_private, since_s};
use bianfang::base::id::{DeviceId, SpaceId};
use bianfang::base::picture::{BlobId, HEAD_BYTES};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The folder beside those of the photos; no name of a photo begins so.
const FOLDER: &str = "arriving";

/// Which upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartKey {
    /// Whose phone.
    pub device: DeviceId,
    /// For which village.
    pub space: SpaceId,
    /// What it is to become.
    pub blob: BlobId,
}

/// Why bytes were not added.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// They do not begin where the others end.
    #[error("{0} bytes are here")]
    Place(u64),
    /// The disk's.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

/// What an upload that is whole turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The name of its bytes.
    pub name: BlobId,
    /// How it begins.
    pub head: Vec<u8>,
}

/// The uploads under way.
#[derive(Clone, Debug)]
pub struct Parts(PathBuf);

impl Parts {
    /// Beside the photos in this folder.
    pub fn within(photos: &Path) -> Self {
        Self(photos.join(FOLDER))
    }

    /// The file of an upload.
    pub fn file(&self, key: &PartKey) -> PathBuf {
        self.0.join(format!("{}-{}-{}", key.device, key.space, key.blob))
    }

    /// How much of it has arrived.
    ///
    /// # Errors
    /// The disk's.
    pub fn have(&self, key: &PartKey) -> io::Result<u64> {
        let found = absent(fs::metadata(self.file(key)))?;
        Ok(found.map_or(0, |found| found.len()))
    }

    /// Adds bytes at a place, which is where the others end. Two at once stand in line here, also of two processes.
    ///
    /// # Errors
    /// At another place, or the disk's; what was added before an error stays.
    pub fn append(&self, key: &PartKey, at: u64, bytes: &[u8]) -> Result<u64, PartError> {
        make_private(&self.0)?;
        let mut options = File::options();
        let mut file = options.create(true).append(true).read(true).open(self.file(key))?;
        file.lock()?;
        let have = file.metadata()?.len();
        if have != at {
            return Err(PartError::Place(have));
        }
        file.write_all(bytes)?;
        Ok(have + bytes.len() as u64)
    }

    /// How it begins, as far as it has arrived.
    ///
    /// # Errors
    /// The disk's.
    pub fn head(&self, key: &PartKey) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        if let Some(file) = absent(File::open(self.file(key)))? {
            file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        }
        Ok(head)
    }

    /// Reads it to its end and writes it to the disk; nothing when another request took it meanwhile.
    ///
    /// # Errors
    /// The disk's.
    pub fn whole(&self, key: &PartKey) -> io::Result<Option<Whole>> {
        let Some(mut file) = absent(File::open(self.file(key)))? else {
            return Ok(None);
        };
        file.sync_all()?;
        let mut hash = Sha256::new();
        let mut part = vec![0; 64 * 1024];
        loop {
            match file.read(&mut part)? {
                0 => break,
                read => hash.update(&part[..read]),
            }
        }
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        let name = BlobId(hash.finalize().into());
        Ok(Some(Whole { name, head }))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, key: &PartKey) -> io::Result<()> {
        absent(fs::remove_file(self.file(key))).map(|_| ())
    }

    /// Makes room for one more of a device: the oldest ones above the number go.
    ///
    /// # Errors
    /// The disk's.
    pub fn make_room(&self, device: DeviceId, number_max: usize) -> io::Result<()> {
        let of_device = format!("{device}-");
        let mut own = Vec::new();
        for file in files(&self.0)? {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with(&of_device)
                && let Some(found) = absent(fs::metadata(&file))?
            {
                own.push((since_s(&found), file));
            }
        }
        own.sort();
        let above = (own.len() + 1).saturating_sub(number_max);
        for (_, file) in own.into_iter().take(above) {
            absent(fs::remove_file(file))?;
        }
        Ok(())
    }

    /// Forgets those that nothing was added to since a moment; returns how many.
    ///
    /// # Errors
    /// The disk's.
    pub fn forget_before(&self, before_s: i64) -> io::Result<usize> {
        let mut gone = 0;
        for file in files(&self.0)? {
            let old = absent(fs::metadata(&file))?.is_some_and(|found| since_s(&found) < before_s);
            if old && absent(fs::remove_file(&file))?.is_some() {
                gone += 1;
            }
        }
        Ok(gone)
    }
}
