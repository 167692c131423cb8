//! The Rust toolchain: the target wasm32-unknown-unknown, rustfmt and clippy.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command::{Run, which};
use crate::{debian, project};

/// The target of the core in the browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// rustup tries again for minutes where its servers cannot be reached.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);
/// The libraries of the target, built from Debian's sources.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
/// Set to `debian` to use Debian's packages although the toolchain has the target.
const CHOICE: &str = "BIANFANG_WASM_TOOLCHAIN";

/// Which toolchain builds the wasm core.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The one that built this program.
    Own,
    /// Debian's, which builds the target's libraries from source.
    Debian,
}

impl WasmToolchain {
    /// Finds a toolchain that can build for wasm without installing anything.
    pub fn find() -> Option<Self> {
        let debian_wanted = std::env::var(CHOICE).is_ok_and(|choice| choice == "debian");
        if !debian_wanted && own_has_wasm() {
            return Some(Self::Own);
        }
        debian_has_wasm().then_some(Self::Debian)
    }

    /// Finds or installs one; the error names the one command that helps.
    pub fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        let debian_wanted = std::env::var(CHOICE).is_ok_and(|choice| choice == "debian");
        if !debian_wanted && which("rustup").is_some() {
            Run::new("rustup", ["target", "add", WASM])
                .limit(RUSTUP_LIMIT)
                .log("rustup-target")
                .ok();
        }
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if debian::available() {
            debian::install("a Rust toolchain for WebAssembly", &DEBIAN_PACKAGES)?;
        }
        Self::find().with_context(|| format!("the Rust target is missing; install it with: rustup target add {WASM}"))
    }

    /// Words for the person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Own => "the target wasm32-unknown-unknown of this Rust toolchain",
            Self::Debian => "Debian's packages rustc-web and rust-web-src",
        }
    }

    /// `cargo build` of this for the browser (arguments that name package and artifact), and the folder where the results
    /// are.
    pub fn build(self, profile: &str, what: &[&str]) -> (Run, std::path::PathBuf) {
        let fixed = ["build", "--target", WASM, "--profile", profile];
        let args = fixed.into_iter().chain(what.iter().copied());
        match self {
            Self::Own => (Run::cargo(args), project::target().join(WASM).join(profile)),
            Self::Debian => {
                // Apart from the other results, because another compiler made them.
                let target = project::target().join("debian");
                let args = args.chain(["-Zbuild-std=std,panic_abort"]);
                let path = format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default());
                let run = Run::new("/usr/bin/cargo", args)
                    .env("PATH", path)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld")
                    .env("CARGO_TARGET_DIR", &target)
                    .env_remove("CARGO")
                    .env_remove("RUSTC")
                    .env_remove("RUSTUP_TOOLCHAIN");
                (run, target.join(WASM).join(profile))
            }
        }
    }
}

fn own_has_wasm() -> bool {
    Run::new("rustc", ["--print", "target-libdir", "--target", WASM])
        .first_line()
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

fn debian_has_wasm() -> bool {
    let files = ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/wasm-ld"];
    // A release of Debian may hold an older compiler under the same name.
    let version = Run::new("/usr/bin/rustc", ["--version"])
        .first_line()
        .and_then(|line| minor(&line));
    if version.is_none_or(|version| Some(version) < minor(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION")))) {
        return false;
    }
    let sysroot = Run::new("/usr/bin/rustc", ["--print", "sysroot"]).first_line();
    files.iter().all(|file| Path::new(file).is_file())
        && sysroot.is_some_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library/std").is_dir())
}

/// The second number of `rustc 1.96.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version
        .strip_prefix("rustc 1.")?
        .split(['.', ' ', '-'])
        .next()?
        .parse()
        .ok()
}

/// rustfmt and clippy, which some installations leave out.
pub fn components() -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if Run::cargo([command, "--version"]).first_line().is_some() {
            continue;
        }
        if which("rustup").is_some() {
            Run::new("rustup", ["component", "add", component])
                .limit(RUSTUP_LIMIT)
                .must("rustup-component")?;
        } else {
            bail!("{component} is missing; install the package of your system that holds it, or use rustup");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_rust_compare_as_numbers() {
        assert_eq!(
            minor("rustc 1.96.0 (abc 2026-05-01) (built from a source tarball)"),
            Some(96)
        );
        assert_eq!(minor("rustc 1.100.0-nightly"), Some(100));
        assert_eq!(minor("rustc 1.90"), Some(90));
        assert_eq!(minor("gcc 1.90"), None);
    }
}
