//! Seeded stories: `sim [--seeds N] [--from S] [--only SEED]`, and `sim --bugs [NAME…]`, which writes deliberate bugs into
//! a copy of the tree and looks how soon the stories find each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::bugs::{BUGS, Bug};
use crate::command::Run;
use crate::project;

/// What the copy needs to be built: the workspace's manifests name all of it.
const COPIED: [&str; 10] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "sim",
    "endpoint",
    "demo",
    "bench",
    "fuzz",
    "xtask",
    "examples",
];

/// Plays stories, or proves with bugs that they would find one.
pub fn run(options: &[&str]) -> Result<bool> {
    match options {
        ["--bugs", names @ ..] => bugs(names),
        _ => stories(options),
    }
}

fn stories(options: &[&str]) -> Result<bool> {
    let program = program()?;
    let status = Command::new(&program)
        .args(options)
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    Ok(status.success())
}

/// The simulation as a program, fast and with its assertions on.
pub fn program() -> Result<PathBuf> {
    let args = [
        "build",
        "--profile",
        "sim",
        "--quiet",
        "--package",
        "bianfang-sim",
        "--bin",
        "bianfang-sim",
    ];
    let built = Run::cargo(args).log("sim")?;
    ensure!(built.success, "the simulation does not build:\n{}", built.output);
    Ok(project::target()
        .join("sim")
        .join(format!("bianfang-sim{}", std::env::consts::EXE_SUFFIX)))
}

fn bugs(names: &[&str]) -> Result<bool> {
    let chosen: Vec<&Bug> = BUGS
        .iter()
        .filter(|bug| names.is_empty() || names.contains(&bug.name))
        .collect();
    if let Some(unknown) = names.iter().find(|name| !BUGS.iter().any(|bug| bug.name == **name)) {
        let known: Vec<&str> = BUGS.iter().map(|bug| bug.name).collect();
        bail!("no bug is called {unknown}; there are {}", known.join(", "));
    }
    let copy = project::target().join("bugs/tree");
    fs::create_dir_all(&copy)?;
    for part in COPIED {
        copy_changed(&project::root().join(part), &copy.join(part))?;
    }
    println!("| bug | found by seed | allowed |\n|---|---|---|");
    let mut missed = 0;
    for bug in chosen {
        let began = Instant::now();
        let found = hunt(bug, &copy)?;
        let words = found.map_or("NOT FOUND".to_owned(), |seed| seed.to_string());
        let took = began.elapsed().as_secs();
        println!(
            "| {}: {} | {words} | {} | <!-- {took} s -->",
            bug.name, bug.what, bug.seeds
        );
        missed += usize::from(found.is_none());
    }
    println!(
        "{} bugs, {missed} not found",
        names.len().max(if names.is_empty() { BUGS.len() } else { 0 })
    );
    Ok(missed == 0)
}

/// The first seed whose story breaks with the bug.
fn hunt(bug: &Bug, copy: &Path) -> Result<Option<u64>> {
    let before = broken(bug, copy)?;
    for (path, (_, with_bug)) in &before {
        fs::write(path, with_bug)?;
    }
    let found = play(bug, copy);
    for (path, (source, _)) in before {
        fs::write(path, source)?;
    }
    found
}

/// The files of a tree that a bug changes, as they are and with it.
fn broken(bug: &Bug, tree: &Path) -> Result<BTreeMap<PathBuf, (String, String)>> {
    let mut files: BTreeMap<PathBuf, (String, String)> = BTreeMap::new();
    for (file, text, instead) in bug.edits {
        let path = tree.join(file);
        let source = fs::read_to_string(&path)?;
        let (_, edited) = files.entry(path).or_insert_with(|| (source.clone(), source));
        ensure!(
            edited.matches(text).count() == 1,
            "{}: the text to be replaced is not once in {file}; the code has moved on, so must the bug",
            bug.name
        );
        *edited = edited.replace(text, instead);
    }
    Ok(files)
}

fn play(bug: &Bug, copy: &Path) -> Result<Option<u64>> {
    let target = project::target().join("bugs/target");
    let manifest = copy.join("Cargo.toml");
    let args = ["build", "--quiet", "--package", "bianfang-sim", "--manifest-path"];
    let built = Run::cargo(
        args.iter()
            .map(Path::new)
            .chain([manifest.as_path(), Path::new("--target-dir"), &target]),
    )
    .log(&format!("bug-{}", bug.name))?;
    ensure!(built.success, "{} does not build:\n{}", bug.name, built.output);
    let program = target.join("debug/bianfang-sim");
    let output = Command::new(program)
        .args(["--seeds", &bug.seeds.to_string(), "--first"])
        .output()?;
    let words = String::from_utf8_lossy(&output.stdout);
    // A bug may also end the program, at the seed that was named last.
    let seed = |line: &str| line.strip_prefix("seed ")?.split_whitespace().next()?.parse().ok();
    match output.status.success() {
        true => Ok(None),
        false => Ok(words.lines().filter_map(seed).next_back().or(Some(0))),
    }
}

/// Copies files that differ, so that what did not change is not built again.
fn copy_changed(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if entry.file_name() != "node_modules" && entry.file_name() != "target" {
                copy_changed(&entry.path(), &to.join(entry.file_name()))?;
            }
        }
        return Ok(());
    }
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    if fs::read(to).ok().as_deref() != Some(bytes.as_slice()) {
        fs::write(to, bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deliberate_bug_can_still_be_written_into_the_code() {
        let outdated: Vec<String> = BUGS
            .iter()
            .filter_map(|bug| broken(bug, project::root()).err())
            .map(|error| error.to_string())
            .collect();
        assert_eq!(outdated, Vec::<String>::new());
    }
}
