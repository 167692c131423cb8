//! Looks for everything that building and testing need, and installs what can be installed.

use anyhow::Result;

use crate::steps::{Outcome, Steps};
use crate::{browser, node, rust};

/// Steps that `build` needs as well.
pub const STEPS_FOR_BUILD: usize = 3;
/// Steps that only tests need.
pub const STEPS_FOR_TESTS: usize = 2;

/// The command.
pub fn run() -> Result<bool> {
    let mut steps = Steps::new(STEPS_FOR_BUILD + STEPS_FOR_TESTS);
    for_build(&mut steps)?;
    for_tests(&mut steps)?;
    Ok(true)
}

/// What building needs; gives back the toolchain for the core.
pub fn for_build(steps: &mut Steps) -> Result<rust::WasmToolchain> {
    let wasm = steps.attempt("Rust for WebAssembly", "1 min", || {
        let found = rust::WasmToolchain::find_or_install()?;
        Ok((found.words().to_owned(), found))
    })?;
    steps.run("Node", "seconds", || Ok(Outcome::Done(node::check()?)))?;
    steps.run("npm packages", "1 min", node::packages)?;
    Ok(wasm)
}

/// What only testing needs.
pub fn for_tests(steps: &mut Steps) -> Result<()> {
    steps.run("rustfmt and clippy", "seconds", || {
        rust::components().map(|()| Outcome::done())
    })?;
    steps.run("browser", "1 min", || {
        Ok(Outcome::Done(browser::find_or_install()?.display().to_string()))
    })
}
