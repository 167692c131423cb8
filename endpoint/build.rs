//! Puts the built app into the program: every file of `$BIANFANG_APP`, else of `www/dist`, with its brotli twin. Where
//! the app was not built, the program has none and says so when it serves.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=BIANFANG_APP");
    let folder = match env::var_os("BIANFANG_APP") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../www/dist"),
    };
    let mut files = Vec::new();
    // Watched before the app is built too, or a program that was built first would stay without it. A folder that is not
    // there cannot be watched: cargo would build anew every time.
    let there = folder.is_dir() || fs::create_dir(&folder).is_ok();
    println!("cargo::rerun-if-changed=build.rs");
    if there {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    if folder.join("index.html").is_file() {
        below(&folder, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in files.iter().filter(|file| !is_twin(file)) {
        let path = file
            .strip_prefix(&folder)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let twin = twin(file);
        let brotli = match files.contains(&twin) {
            true => format!("Some(include_bytes!({:?}))", absolute(&twin)?),
            false => "None".to_owned(),
        };
        let plain = absolute(file)?;
        let _ = writeln!(table, "    ({path:?}, include_bytes!({plain:?}), {brotli}),");
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("app.rs");
    fs::write(out, table)
}

fn is_twin(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "br")
}

fn twin(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn absolute(file: &Path) -> io::Result<PathBuf> {
    file.canonicalize()
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
