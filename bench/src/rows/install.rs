//! What a phone fetches before the first start: every file of the built app, as sent.

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
    rows.extend(
        sizes
            .iter()
            .map(|(bytes, name)| Row::new(&format!("  {name}"), Unit::Bytes, *bytes as f64, None)),
    );
    Ok(rows)
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
