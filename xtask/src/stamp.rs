//! Skips work whose inputs have not changed: a stamp is the hash of their contents.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project;

/// Inputs of one piece of work.
pub struct Stamp {
    name: &'static str,
    hasher: DefaultHasher,
}

impl Stamp {
    /// Starts with the name of the work.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            hasher: DefaultHasher::new(),
        }
    }

    /// Adds a word that the result depends on.
    pub fn word(mut self, word: &str) -> Self {
        word.hash(&mut self.hasher);
        self
    }

    /// Adds the contents of a file, or of every file below a folder except in folders named in `without`.
    pub fn files(mut self, path: &Path, without: &[&str]) -> Result<Self> {
        for file in files_below(path, without)? {
            file.strip_prefix(project::root())
                .unwrap_or(&file)
                .hash(&mut self.hasher);
            fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut self.hasher);
        }
        Ok(self)
    }

    /// Whether the work was last done with these very inputs.
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(self.file()).is_ok_and(|stored| stored == self.value())
    }

    /// Notes that the work is done.
    pub fn store(&self) -> Result<()> {
        let file = self.file();
        fs::create_dir_all(file.parent().expect("a stamp lies in a folder"))?;
        Ok(fs::write(file, self.value())?)
    }

    fn value(&self) -> String {
        format!("{:016x}", self.hasher.finish())
    }

    fn file(&self) -> PathBuf {
        project::chores().join("stamps").join(self.name)
    }
}

/// Every file below a folder in a stable order, without the folders of these names.
pub fn files_below(path: &Path, without: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut open = vec![path.to_owned()];
    while let Some(next) = open.pop() {
        if next.is_file() {
            files.insert(next);
        } else if next.is_dir() {
            for entry in fs::read_dir(&next)? {
                let entry = entry?;
                if !without.contains(&entry.file_name().to_string_lossy().as_ref()) {
                    open.push(entry.path());
                }
            }
        }
    }
    Ok(files)
}
