//! Files that a command writes: there whole or not at all, so that a full disk never takes the file of last week.

use crate::entropy;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file under another name beside it, then gives it its own.
pub(super) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // What is no file (a pipe, /dev/stdout) is written as it is.
    if file.exists() && !file.is_file() {
        return fs::write(file, bytes);
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".part-{}", entropy::to_text(&entropy::random::<6>())));
    let part = file.with_file_name(name);
    let written = fs::File::create_new(&part)
        .and_then(|mut open| open.write_all(bytes).and_then(|()| open.sync_all()))
        .and_then(|()| fs::rename(&part, file));
    if written.is_err() {
        // Half a file is of no use to anybody.
        let _ = fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::Folder;

    #[test]
    fn a_file_is_whole_or_the_one_before() {
        let folder = Folder::new();
        let file = folder.0.join("名册.xlsx");
        write(&file, b"one").unwrap();
        write(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert!(write(&folder.0, b"three").is_err());
        assert!(write(&folder.0.join("gone/x"), b"three").is_err());
        let left: Vec<_> = fs::read_dir(&folder.0)
            .unwrap()
            .map(|one| one.unwrap().file_name())
            .collect();
        assert_eq!(left, ["名册.xlsx"]);
    }
}
