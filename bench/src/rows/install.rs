//! What a phone fetches before the first start: every file of the built app, as sent.

use super::share;
use crate::Tree;
use crate::table::{Row, Unit};
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the app with the bytes that are sent: brotli where it is smaller.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let dist = tree.path("www/dist");
    if !dist.join("index.html.br").is_file() {
        return Ok(vec![Row::absent(
            "install",
            "the app is not built: cargo xtask build --release",
        )]);
    }
    let mut files = Vec::new();
    collect(&dist, &mut files)?;
    let mut sizes: Vec<(u64, String)> = files
        .iter()
        .map(|file| {
            let twin = PathBuf::from(format!("{}.br", file.display()));
            let sent = if twin.is_file() { &twin } else { file };
            let name = file.strip_prefix(&dist).unwrap_or(file).display().to_string();
            Ok((fs::metadata(sent)?.len(), name))
        })
        .collect::<Result<_>>()?;
    sizes.sort_by(|one, other| other.cmp(one));
    let total: u64 = sizes.iter().map(|(bytes, _)| bytes).sum();
    let wasm: u64 = sizes
        .iter()
        .filter(|(_, name)| name.ends_with(".wasm"))
        .map(|(bytes, _)| bytes)
        .sum();
    let mut rows = vec![
        Row::new("install: every file, brotli", Unit::Bytes, total as f64, 600_000.0)
            .note(format!("{} files", sizes.len())),
        Row::new("install: the wasm core", Unit::Bytes, wasm as f64, 400_000.0),
    ];
    rows.push(engine(tree, wasm as f64));
    rows.extend(
        sizes
            .iter()
            .map(|(bytes, name)| Row::new(&format!("  {name}"), Unit::Bytes, *bytes as f64, None)),
    );
    Ok(rows)
}

/// How the functions of the form engine are called, those over its types included: its modules, and what it alone uses.
const ENGINE: &[&str] = &[
    "8bianfang4form",
    "bianfang..form..",
    "8bianfang6client4fill",
    "bianfang..client..fill..",
    "10regex_lite",
    "regex_lite..",
    "_ZN3md5",
    "_ZN4sha1",
];
/// Where a build for release leaves the core with its names, by the toolchain that made it.
const BUILT: [&str; 2] = [
    "target/wasm32-unknown-unknown/wasm/bianfang.wasm",
    "target/debian/wasm32-unknown-unknown/wasm/bianfang.wasm",
];

/// What the form engine is of the core as sent, taking all code to be compressed alike.
fn engine(tree: &Tree, sent: f64) -> Row {
    let name = "  of it the form engine, by the names of its functions, compressed by share";
    let built = BUILT.map(|place| tree.path(place));
    let file = built.iter().find(|file| file.is_file()).unwrap_or(&built[0]);
    let share = fs::read(file)
        .map_err(anyhow::Error::from)
        .and_then(|wasm| share::of(&wasm, ENGINE));
    match share {
        Ok(share) => {
            let part = share.named as f64 / share.all as f64;
            Row::new(name, Unit::Bytes, sent * part, None)
                .note(format!("{} of {} bytes of code", share.named, share.all))
        }
        Err(error) => Row::absent(name, format!("{error:#}")),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "br") {
            files.push(path);
        }
    }
    Ok(())
}
