//! Builds the app: the wasm core, its JavaScript, the TypeScript declarations, the pages, and brotli beside each file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::Run;
use crate::project;
use crate::rust::WasmToolchain;
use crate::setup;
use crate::stamp::Stamp;
use crate::steps::{Outcome, Steps};

/// How much time goes into making the result small and fast.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For trying and testing: assertions on, quick to build again.
    Quick,
    /// For people: small.
    Release,
}

impl Profile {
    fn cargo(self) -> &'static str {
        match self {
            Self::Quick => "wasm-quick",
            Self::Release => "wasm",
        }
    }

    fn brotli_quality(self) -> &'static str {
        match self {
            Self::Quick => "5",
            Self::Release => "11",
        }
    }
}

/// What native tests and all that is built beside them is chosen from: one choice, so that every library is built once.
/// The program around the core has no tests of its own, and is long to build.
pub const ALL: [&str; 5] = [
    "--workspace",
    "--exclude",
    "bianfang-bindgen",
    "--features",
    "bianfang/types",
];

/// Steps of `app`.
pub const STEPS: usize = 4;

/// The command.
pub fn run(profile: Profile) -> Result<bool> {
    let whole = profile == Profile::Release;
    let mut steps = Steps::new(setup::STEPS_FOR_BUILD + STEPS + usize::from(whole));
    let toolchain = setup::for_build(&mut steps)?;
    app(&mut steps, toolchain, profile)?;
    if whole {
        steps.run("endpoint with the app inside", "5 min", || {
            Run::cargo([
                "build",
                "--release",
                "--package",
                "bianfang-endpoint",
                "--bin",
                "bianfang",
            ])
            .must("endpoint")?;
            Ok(Outcome::done())
        })?;
        println!(
            "\nThe program is {}",
            project::target().join("release/bianfang").display()
        );
    }
    println!("\nThe app is in {}", project::www().join("dist").display());
    Ok(true)
}

/// Everything from the core to the files that a browser loads; false if the committed declarations were stale.
pub fn app(steps: &mut Steps, toolchain: WasmToolchain, profile: Profile) -> Result<bool> {
    let wasm = steps.attempt("wasm core", "2 min", || {
        let wasm = core(toolchain, profile)?;
        Ok((format!("{} kB", fs::metadata(&wasm)?.len() / 1000), wasm))
    })?;
    steps.run("JavaScript around the core", "1 min", || bindings(&wasm))?;
    let fresh = steps.attempt("TypeScript declarations", "1 min", || {
        let changed = declarations()?;
        Ok((if changed { "written anew" } else { "unchanged" }.to_owned(), !changed))
    })?;
    steps.run("pages", "1 min", || pages(profile))?;
    Ok(fresh)
}

/// The endpoint as a program.
pub fn endpoint() -> Result<PathBuf> {
    program("bianfang")
}

/// The three phones as a program.
pub fn demonstration() -> Result<PathBuf> {
    program("bianfang-demo")
}

fn program(name: &str) -> Result<PathBuf> {
    let args = ["build"].into_iter().chain(ALL).chain(["--bin", name]);
    Run::cargo(args).must(name)?;
    Ok(built(name))
}

/// A program of the build for tests.
fn built(name: &str) -> PathBuf {
    let file = project::target().join("debug").join(name);
    file.with_extension(std::env::consts::EXE_EXTENSION)
}

/// The core as one wasm file.
fn core(toolchain: WasmToolchain, profile: Profile) -> Result<PathBuf> {
    let (run, folder) = toolchain.build(profile.cargo(), &["--lib", "--package", "bianfang"]);
    run.must("wasm-core")?;
    Ok(folder.join("bianfang.wasm"))
}

/// The folder of the core with the simulation and the entries by which tests drive both, and of its JavaScript.
pub fn core_for_tests() -> Result<PathBuf> {
    let toolchain = WasmToolchain::find().context("nothing here can build for WebAssembly")?;
    let what = [
        "--package",
        "bianfang-sim",
        "--example",
        "browser",
        "--features",
        "browser",
    ];
    let (run, results) = toolchain.build(Profile::Quick.cargo(), &what);
    run.must("wasm-core-for-tests")?;
    let folder = project::target().join("wasm-tests");
    bindgen(&results.join("examples/browser.wasm"), &folder, "bindings-for-tests")?;
    Ok(folder)
}

/// The module that the app imports, in `www/src/core/wasm/`.
fn bindings(wasm: &Path) -> Result<Outcome> {
    let folder = project::www().join("src/core/wasm");
    let stamp = Stamp::new("bindings")
        .files(wasm, &[])?
        .files(&project::path("xtask/bindgen/src"), &[])?
        .files(&project::path("Cargo.lock"), &[])?;
    if stamp.is_fresh() && folder.join("bianfang.js").is_file() {
        return Ok(Outcome::Unchanged);
    }
    bindgen(wasm, &folder, "bindings")?;
    stamp.store()?;
    Ok(Outcome::done())
}

/// Writes the JavaScript around a built core.
fn bindgen(wasm: &Path, folder: &Path, log: &str) -> Result<()> {
    let args = ["run", "--package", "bianfang-bindgen", "--profile", "xtask", "--"].map(Into::into);
    Run::cargo(args.into_iter().chain([wasm.to_owned(), folder.to_owned()])).must(log)?;
    Ok(())
}

/// Writes `www/src/core/types.ts` from the types of the core; true if it was not the same already.
fn declarations() -> Result<bool> {
    let file = project::www().join("src/core/types.ts");
    let stamp = Stamp::new("declarations")
        .files(&project::path("src"), &[])?
        .files(&project::path("examples"), &[])?
        .files(&project::path("Cargo.lock"), &[])?
        .files(&file, &[])?;
    if stamp.is_fresh() {
        return Ok(false);
    }
    let args = ["build"].into_iter().chain(ALL).chain(["--example", "typescript"]);
    Run::cargo(args).must("typescript")?;
    let text = Run::new(&built("examples/typescript").to_string_lossy(), [""; 0]).stdout()?;
    let changed = fs::read_to_string(&file).ok().as_ref() != Some(&text);
    if changed {
        fs::create_dir_all(file.parent().expect("the file lies in a folder"))?;
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    } else {
        stamp.store()?;
    }
    Ok(changed)
}

/// The files in `www/dist`, each with its brotli twin.
fn pages(profile: Profile) -> Result<Outcome> {
    let stamp = Stamp::new("pages")
        .word(profile.brotli_quality())
        .files(&project::www(), &["node_modules", "dist"])?;
    if stamp.is_fresh() && project::www().join("dist/index.html.br").is_file() {
        return Ok(Outcome::Unchanged);
    }
    Run::npm(["run", "build"]).must("pages")?;
    let sizes = Run::new("node", ["compress.mjs", profile.brotli_quality()])
        .dir(&project::www())
        .must("compress")?;
    stamp.store()?;
    Ok(Outcome::Done(sizes.output.trim().to_owned()))
}
