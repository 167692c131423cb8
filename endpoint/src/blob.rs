//! Photos and signatures: bytes named by their digest, kept beside the database, which says who may read them.

pub mod api;
mod part;
pub mod sweep;
mod vault;

pub use part::{PartError, PartKey, Parts};
pub use vault::{Folder, Kept, Vault};

use crate::store::Store;
use std::path::{Path, PathBuf};

/// The folder below the data folder.
const FOLDER: &str = "photos";
/// What a copy of the database is followed by in the name of the folder with its photos.
const COPY_ENDING: &str = ".photos";

/// How much may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Of one village, bytes.
    pub village_bytes: u64,
    /// From one device within a day, bytes: a month's work in one go is far below it.
    pub device_day_bytes: u64,
    /// Uploads of one device that may stand unfinished; the oldest makes room.
    pub device_parts: usize,
}

impl Quotas {
    /// What holds unless somebody says otherwise.
    pub const DEFAULT: Quotas = Quotas {
        village_bytes: 20_000_000_000,
        device_day_bytes: 1_000_000_000,
        device_parts: 64,
    };
}

/// Where the photos of a database are.
pub fn folder_of(store: &Store) -> PathBuf {
    store.file().with_file_name(FOLDER)
}

/// Where the photos of a copy of a database are.
pub fn folder_of_copy(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(COPY_ENDING);
    name.into()
}
