//! Real crashes: `crash [--rounds N]` kills the browser of a phone that saves, and the endpoint of a phone that hands over.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::build::{self, Profile};
use crate::project;
use crate::setup;
use crate::steps::Steps;

const ROUNDS: u32 = 200;

/// Plays the rounds; what was lost is printed and fails.
pub fn run(options: &[&str]) -> Result<bool> {
    let rounds = match options {
        [] => ROUNDS,
        ["--rounds", rounds] => rounds.parse().context("--rounds wants a number")?,
        _ => bail!("crash takes --rounds N"),
    };
    let mut steps = Steps::new(setup::STEPS_FOR_BUILD + setup::STEPS_FOR_TESTS + build::STEPS);
    let toolchain = setup::for_build(&mut steps)?;
    setup::for_tests(&mut steps)?;
    build::app(&mut steps, toolchain, Profile::Quick)?;
    println!();
    let status = Command::new("node")
        .args(["tests/e2e/run.mjs", "crash"])
        .env(browser::CHOICE, browser::find_or_install()?)
        .env("BIANFANG_ENDPOINT", build::endpoint()?)
        .env("BIANFANG_ROUNDS", rounds.to_string())
        .current_dir(project::root())
        .status()
        .context("cannot run node")?;
    Ok(status.success())
}
