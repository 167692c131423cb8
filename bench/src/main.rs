//! Measures Bianfang against its budgets, with the peers in the same run: `bianfang-bench [ROW…]`. Prints a table; a
//! missed budget is a line in it, never a failure.

mod fill;
mod http;
mod notes;
mod peers;
mod rows;
mod served;
mod table;
mod village;

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where things are.
pub struct Tree(PathBuf);

impl Tree {
    /// A path below the top folder.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }
    /// The roster whose names and numbers the village bears.
    pub fn roster(&self) -> PathBuf {
        self.path("tests/data/roster-430581100298.csv")
    }
}

fn run(wanted: &[String]) -> Result<()> {
    let known = rows::GROUPS.iter().map(|(name, _)| *name);
    if let Some(unknown) = wanted.iter().find(|name| !known.clone().any(|known| known == *name)) {
        bail!("no row {unknown}; there are {}", known.collect::<Vec<_>>().join(" "));
    }
    let tree = Tree(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let mut all = Vec::new();
    for (name, measure) in rows::GROUPS {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == name) {
            continue;
        }
        eprintln!("measuring {name} …");
        match measure(&tree) {
            Ok(rows) => all.extend(rows),
            Err(error) => all.push(table::Row::absent(name, format!("{error:#}"))),
        }
    }
    for line in table::lines(&all) {
        println!("{line}");
    }
    Ok(())
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match run(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
