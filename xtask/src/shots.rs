//! Pictures of every screen of the app, for people to look at: builds what is pictured, and drives a browser over it.

use std::process::Command;

use anyhow::{Context, Result};

use crate::browser;
use crate::build::{self, Profile};
use crate::project;
use crate::setup;
use crate::steps::Steps;

const SCRIPT: &str = "tools/shots.mjs";

/// The command; the script knows the screens and the options.
pub fn run(args: &[&str]) -> Result<bool> {
    if args.iter().any(|arg| ["-h", "--help", "--list"].contains(arg)) {
        return script(args, &[]);
    }
    // A slip is told before minutes go into building.
    if !script(&[&["--check"], args].concat(), &[])? {
        return Ok(false);
    }
    let mut steps = Steps::new(setup::STEPS_FOR_BUILD + build::STEPS + 2);
    let toolchain = setup::for_build(&mut steps)?;
    let browser = steps.attempt("browser", "1 min", || {
        let found = browser::find_or_install()?;
        Ok((found.display().to_string(), found))
    })?;
    build::app(&mut steps, toolchain, Profile::Quick)?;
    let (endpoint, program) = steps.attempt("endpoint and demonstration", "3 min", || {
        Ok((String::new(), (build::endpoint()?, build::demonstration()?)))
    })?;
    println!();
    let places = [
        (browser::CHOICE, browser),
        ("BIANFANG_DEMO", program),
        // Publishes the forms that are pictured.
        ("BIANFANG_ENDPOINT", endpoint),
        ("BIANFANG_SHOTS", project::target().join("shots")),
    ];
    script(args, &places)
}

/// Runs the script with its words going to the person; false if a screen could not be drawn.
fn script(args: &[&str], places: &[(&str, std::path::PathBuf)]) -> Result<bool> {
    let status = Command::new("node")
        .arg(SCRIPT)
        .args(args)
        .current_dir(project::www())
        .envs(places.iter().map(|(name, place)| (name, place)))
        .status()
        .context("cannot run node")?;
    Ok(status.success())
}
