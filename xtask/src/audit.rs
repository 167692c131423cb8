//! Known weaknesses of npm packages and crates, where those who know them can be reached.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Deserializer, Value};

use crate::command::Run;
use crate::steps::Outcome;

/// Where weaknesses of crates are published.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";
const REACH_LIMIT: Duration = Duration::from_secs(20);

/// Fails on a known weakness: of npm packages on a high or critical one, of crates on any that is no mere warning.
pub fn check() -> Result<Outcome> {
    Ok(match (npm()?, crates()?) {
        (Outcome::Skipped(npm), Outcome::Skipped(crates)) => Outcome::Skipped(format!("{npm}; {crates}")),
        (npm, crates) => Outcome::Done(format!("{}; {}", npm.words(), crates.words())),
    })
}

fn crates() -> Result<Outcome> {
    let reached = Run::new("git", ["ls-remote", ADVISORIES, "HEAD"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .limit(REACH_LIMIT)
        .log("advisories");
    if !reached.is_ok_and(|asked| asked.success) {
        return Ok(Outcome::Skipped(
            "the database of advisories for crates cannot be reached".into(),
        ));
    }
    if Run::cargo(["audit", "--version"]).first_line().is_none() {
        return Ok(Outcome::Skipped(
            "crates are checked too once `cargo install cargo-audit` has been run".into(),
        ));
    }
    let report = Run::cargo(["audit"]).log("cargo-audit")?;
    if !report.success {
        bail!("crates have known weaknesses:\n{}", report.output);
    }
    Ok(Outcome::Done("no weakness of a crate is known".into()))
}

fn npm() -> Result<Outcome> {
    let report = Run::npm(["audit", "--json"]).log("npm-audit")?;
    let Some(counts) = parse(&report.output) else {
        return Ok(Outcome::Skipped(
            "the service that knows weaknesses of npm packages cannot be reached".into(),
        ));
    };
    let count = |severity: &str| counts[severity].as_u64().unwrap_or(0);
    let grave = count("high") + count("critical");
    if grave > 0 {
        bail!("{grave} npm packages have grave weaknesses; see `npm audit` in www/");
    }
    Ok(Outcome::Done(format!(
        "{} minor weaknesses known",
        count("low") + count("moderate")
    )))
}

/// The counts by severity. Warnings of npm may stand around the report.
fn parse(output: &str) -> Option<Value> {
    let report = Deserializer::from_str(&output[output.find('{')?..])
        .into_iter::<Value>()
        .next()?
        .ok()?;
    let counts = &report["metadata"]["vulnerabilities"];
    counts.is_object().then(|| counts.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_report_counts() {
        let report = "npm warn x\n{\"metadata\":{\"vulnerabilities\":{\"high\":2}}}\nnpm warn y";
        assert_eq!(parse(report).unwrap()["high"], 2);
        assert!(parse("{\"message\":\"request failed\",\"error\":{}}").is_none());
        assert!(parse("").is_none());
    }
}
