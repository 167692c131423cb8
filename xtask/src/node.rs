//! Node and the packages of the web project.

use anyhow::{Context, Result, bail};

use crate::command::Run;
use crate::project;
use crate::stamp::Stamp;
use crate::steps::Outcome;

/// The oldest Node that Vite 8 runs on.
const NODE_MIN: (u32, u32) = (20, 19);

/// Fails with a clear sentence if Node is missing or too old; otherwise its version.
pub fn check() -> Result<String> {
    let (major, minor) = NODE_MIN;
    let Some(version) = Run::new("node", ["--version"]).first_line() else {
        bail!("Node is missing; install Node {major}.{minor} or newer (with npm), then run this again");
    };
    let found = parse(&version).with_context(|| format!("node --version printed {version}"))?;
    if found < NODE_MIN {
        bail!("Node {version} is too old; install Node {major}.{minor} or newer (with npm), then run this again");
    }
    if Run::npm(["--version"]).first_line().is_none() {
        bail!("npm is missing; install the npm that belongs to Node {version}, then run this again");
    }
    Ok(format!("Node {version}"))
}

/// Installs exactly the packages of the lockfile, if it has changed.
pub fn packages() -> Result<Outcome> {
    let www = project::www();
    let stamp = Stamp::new("npm")
        .files(&www.join("package.json"), &[])?
        .files(&www.join("package-lock.json"), &[])?;
    // npm writes this file last.
    if stamp.is_fresh() && www.join("node_modules/.package-lock.json").is_file() {
        return Ok(Outcome::Unchanged);
    }
    Run::npm(["ci", "--no-audit", "--no-fund"]).must("npm-ci")?;
    stamp.store()?;
    Ok(Outcome::done())
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(parse("v20.9.0"), Some((20, 9)));
        assert!(parse("v20.9.0").unwrap() < NODE_MIN);
        assert!(parse("v22.3.1").unwrap() >= NODE_MIN);
        assert_eq!(parse("nonsense"), None);
    }
}
