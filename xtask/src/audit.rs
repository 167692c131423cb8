//! Known weaknesses of npm packages, where the service that knows them can be reached.

use anyhow::{Result, bail};
use serde_json::{Deserializer, Value};

use crate::command::Run;
use crate::steps::Outcome;

/// Fails on a known weakness of high or critical severity.
pub fn check() -> Result<Outcome> {
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
