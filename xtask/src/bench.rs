//! Builds everything for release and measures it; a missed budget is a line of the table, never a failure.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::build::{self, Profile};
use crate::command::Run;
use crate::project;
use crate::setup;
use crate::stamp::Stamp;
use crate::steps::{Outcome, Steps};

/// Rows that need the built app and a browser.
const APP_ROWS: &[&str] = &["install", "browser"];

/// The command: all rows, or the named ones.
pub fn run(rows: &[&str]) -> Result<bool> {
    let app = rows.is_empty() || rows.iter().any(|row| APP_ROWS.contains(row));
    let app_steps = if app { setup::STEPS_FOR_TESTS + build::STEPS } else { 0 };
    let mut steps = Steps::new(setup::STEPS_FOR_BUILD + app_steps + 2);
    let toolchain = setup::for_build(&mut steps)?;
    if app {
        setup::for_tests(&mut steps)?;
        build::app(&mut steps, toolchain, Profile::Release)?;
    }
    steps.run("packages of the peers", "1 min", peers)?;
    steps.run("endpoint and measurements for release", "5 min", || {
        let args = ["build", "--release", "--package", "bianfang-bench"];
        Run::cargo(args).must("bench").map(|_| Outcome::done())
    })?;
    println!();
    let program = project::target().join("release").join(if cfg!(windows) {
        "bianfang-bench.exe"
    } else {
        "bianfang-bench"
    });
    let browser = browser::find().unwrap_or_default();
    let status = Command::new(&program)
        .args(rows)
        .env(browser::CHOICE, browser)
        .current_dir(project::root())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    if !status.success() {
        bail!("the measurement did not end well");
    }
    Ok(true)
}

/// Installs exactly the packages of the peers' lockfile, if it has changed.
fn peers() -> Result<Outcome> {
    let folder = project::path("bench/peers");
    let stamp = Stamp::new("peers")
        .files(&folder.join("package.json"), &[])?
        .files(&folder.join("package-lock.json"), &[])?;
    if stamp.is_fresh() && folder.join("node_modules/.package-lock.json").is_file() {
        return Ok(Outcome::Unchanged);
    }
    Run::npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .dir(&folder)
        .must("npm-ci-peers")?;
    stamp.store()?;
    Ok(Outcome::done())
}
