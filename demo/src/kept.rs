//! What is kept of a made village between two starts, so that the second one takes seconds and the phones stay joined.

use crate::trouble::Trouble;
use bianfang::base::id::{MemberId, SpaceId};
use bianfang_endpoint::Backend;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const NOTE: &str = "demo.json";
const LOCK: &str = "in-use";
const PORTS: &str = "ports.json";

/// A made village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it was made of: another version is made anew.
    pub version: String,
    /// The day in China on which it was made.
    pub made_on: String,
    /// Its name.
    pub village: String,
    /// Its code.
    pub code: String,
    /// Its space.
    #[serde(with = "as_text")]
    pub space: SpaceId,
    /// The team, the leader first.
    #[serde(with = "all_as_text")]
    pub members: Vec<MemberId>,
    /// The household that the page proposes to edit; none in an empty village.
    pub show: Option<Show>,
}

/// The ports of a start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// The one that was asked for.
    pub asked: u16,
    /// Those that were free: the page's, then the phones'.
    pub got: Vec<u16>,
}

/// A household to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Show {
    /// Its document.
    pub id: String,
    /// Whose it is.
    pub head: String,
    /// Where.
    pub group: String,
}

mod as_text {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};
    use std::fmt::Display;
    use std::str::FromStr;

    /// An id as its text.
    pub fn serialize<T: Display, S: Serializer>(id: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    /// An id from its text.
    pub fn deserialize<'a, T: FromStr, D: Deserializer<'a>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom("not an id"))
    }
}

mod all_as_text {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};
    use std::fmt::Display;
    use std::str::FromStr;

    /// Ids as their texts.
    pub fn serialize<T: Display, S: Serializer>(ids: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(ids.iter().map(ToString::to_string))
    }

    /// Ids from their texts.
    pub fn deserialize<'a, T: FromStr, D: Deserializer<'a>>(from: D) -> Result<Vec<T>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let read = |text: &String| text.parse().map_err(|_| D::Error::custom("not an id"));
        texts.iter().map(read).collect()
    }
}

/// The folder of everything that is kept, held by one demonstration at a time.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if there is none, and holds it.
    ///
    /// # Errors
    /// When it cannot be written, or another demonstration holds it.
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        fs::create_dir_all(path).map_err(Trouble::file(path))?;
        let lock = path.join(LOCK);
        let file = File::create(&lock).map_err(Trouble::file(&lock))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Trouble::Busy(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(Trouble::file(lock)(source)),
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: file,
        })
    }

    /// Where a village of this kind is.
    pub fn village(&self, kind: &str) -> PathBuf {
        self.path.join(kind)
    }

    /// The village of this kind as it was kept; nothing where there is none, or it cannot be read.
    pub fn kept(&self, kind: &str) -> Option<Kept> {
        let note = fs::read(self.village(kind).join(NOTE)).ok()?;
        serde_json::from_slice(&note).ok()
    }

    /// An empty place in which to make a village.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn workshop(&self, kind: &str) -> Result<PathBuf, Trouble> {
        let path = self.path.join(format!("{kind}.new"));
        gone(&path)?;
        fs::create_dir_all(&path).map_err(Trouble::file(&path))?;
        Ok(path)
    }

    /// Puts what was made there in the place of what was before. Whatever breaks off leaves one of the two whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replace(&self, kind: &str, made: &Kept) -> Result<(), Trouble> {
        let (from, to) = (self.path.join(format!("{kind}.new")), self.village(kind));
        let note = serde_json::to_vec_pretty(made).map_err(|error| Trouble::file(&from)(error.into()))?;
        fs::write(from.join(NOTE), note).map_err(Trouble::file(&from))?;
        gone(&to)?;
        fs::rename(&from, &to).map_err(Trouble::file(&to))
    }

    /// The ports of the last start.
    pub fn ports(&self) -> Option<Ports> {
        serde_json::from_slice(&fs::read(self.path.join(PORTS)).ok()?).ok()
    }

    /// Notes the ports, so that the phones find their storage again at the next start.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_ports(&self, ports: &Ports) -> Result<(), Trouble> {
        let path = self.path.join(PORTS);
        let text = serde_json::to_vec(ports).map_err(|error| Trouble::file(&path)(error.into()))?;
        fs::write(&path, text).map_err(Trouble::file(&path))
    }
}

/// The database of a village in its folder.
pub fn backend(village: &Path) -> Backend {
    Backend::Sqlite(village.to_owned())
}

fn gone(path: &Path) -> Result<(), Trouble> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Trouble::file(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Place;

    fn made(version: &str) -> Kept {
        Kept {
            version: version.to_owned(),
            made_on: "2026-03-02".to_owned(),
            village: "测试村".to_owned(),
            code: "422822104299".to_owned(),
            space: SpaceId([7; 16]),
            members: vec![MemberId([1; 16]), MemberId([255; 16])],
            show: Some(Show {
                id: "x".to_owned(),
                head: "周小怡".to_owned(),
                group: "3组".to_owned(),
            }),
        }
    }

    #[test]
    fn a_village_is_kept_and_replaced_as_a_whole() {
        let place = Place::new();
        let folder = Folder::open(&place.0).unwrap();
        assert_eq!(folder.kept("village"), None);
        for version in ["1", "2"] {
            let workshop = folder.workshop("village").unwrap();
            fs::write(workshop.join(version), "").unwrap();
            folder.replace("village", &made(version)).unwrap();
            assert_eq!(folder.kept("village"), Some(made(version)));
            assert!(folder.village("village").join(version).is_file());
        }
        assert!(!folder.village("village").join("1").exists());
    }

    #[test]
    fn one_demonstration_at_a_time_uses_a_folder() {
        let place = Place::new();
        let first = Folder::open(&place.0).unwrap();
        assert_eq!(Folder::open(&place.0).unwrap_err().code(), "demo_busy");
        let ports = Ports {
            asked: 1,
            got: vec![5, 2, 3, 4],
        };
        first.keep_ports(&ports).unwrap();
        drop(first);
        assert_eq!(Folder::open(&place.0).unwrap().ports(), Some(ports));
    }
}
