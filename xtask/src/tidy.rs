//! The rules of the code that no compiler keeps: arrows between modules, bans, shapes, reasons, words.

mod arrows;
mod bans;
mod manifests;
mod shape;
mod source;
mod words;

use std::fs;

use anyhow::Result;

use crate::project;
use crate::stamp::files_below;
use source::Source;

/// Folders that hold nothing written by hand.
const GENERATED: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "dist",
    "wasm",
    "data",
    "shots",
    "LICENSE-APACHE",
];
/// Files whose text is looked at.
const TEXTS: &[&str] = &[
    "rs",
    "toml",
    "ts",
    "mts",
    "js",
    "mjs",
    "vue",
    "css",
    "html",
    "json",
    "webmanifest",
    "svg",
    "md",
    "yml",
    "yaml",
    "sh",
    "sql",
    "service",
];

/// The command: prints what breaks a rule.
pub fn run() -> Result<bool> {
    let findings = findings()?;
    findings.iter().for_each(|finding| println!("{finding}"));
    if findings.is_empty() {
        println!("tidy");
    } else {
        println!("\n{} places break a rule", findings.len());
    }
    Ok(findings.is_empty())
}

/// Everything that breaks a rule, as `file:line: sentence`.
pub fn findings() -> Result<Vec<String>> {
    let sources = sources()?;
    let mut findings = Vec::new();
    for source in &sources {
        arrows::check(source, &mut findings);
        bans::check(source, &mut findings);
        words::check(source, &mut findings);
        shape::check(source, &mut findings);
        manifests::check(source, &mut findings);
    }
    shape::check_long_functions(&sources, &mut findings);
    Ok(findings)
}

fn sources() -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in files_below(project::root(), GENERATED)? {
        let relative = file.strip_prefix(project::root())?.to_string_lossy().replace('\\', "/");
        let extension = relative.rsplit_once('.').map_or("", |(_, extension)| extension);
        if TEXTS.contains(&extension) || relative == ".ci/run" {
            // A test file may hold broken bytes on purpose; what is not text breaks no rule of words.
            if let Ok(text) = String::from_utf8(fs::read(&file)?) {
                sources.push(Source::new(&relative, text));
            }
        }
    }
    Ok(sources)
}
