//! Licences of everything we depend on, against a list of those we accept.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::Run;
use crate::project;
use crate::steps::Outcome;

/// Accepted in what people receive.
const SHIPPED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];
/// Accepted as well in tools that only build and test.
const TOOLS: &[&str] = &["CC-BY-4.0", "MPL-2.0", "Python-2.0"];

/// Crates of which nothing is in what people receive, and the licence that is accepted in them as well: the engine of
/// `cargo xtask fuzz` holds a part of LLVM.
const TOOL_CRATES: &[(&str, &str)] = &[("libfuzzer-sys", "NCSA")];

/// Checks both package managers.
pub fn check() -> Result<Outcome> {
    let mut refused = Vec::new();
    let crates = crates(&mut refused)?;
    let packages = packages(&mut refused)?;
    if refused.is_empty() {
        return Ok(Outcome::Done(format!("{crates} crates and {packages} npm packages")));
    }
    bail!("licences that are not on the list:\n{}", refused.join("\n"));
}

fn crates(refused: &mut Vec<String>) -> Result<usize> {
    let metadata = Run::cargo(["metadata", "--format-version", "1", "--locked"]).stdout()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        let name = package["name"].as_str().unwrap_or("?");
        let of_tool = TOOL_CRATES
            .iter()
            .filter(|(tool, _)| *tool == name)
            .map(|(_, licence)| *licence);
        let list: Vec<&str> = SHIPPED.iter().copied().chain(of_tool).collect();
        if !accepted(licence, &list) {
            refused.push(format!("  {name} (crate): {licence}"));
        }
    }
    Ok(packages.len())
}

fn packages(refused: &mut Vec<String>) -> Result<usize> {
    let lockfile = fs::read_to_string(project::www().join("package-lock.json"))?;
    let lockfile: Value = serde_json::from_str(&lockfile)?;
    let packages = lockfile["packages"]
        .as_object()
        .context("package-lock.json names no packages")?;
    let tools: Vec<&str> = SHIPPED.iter().chain(TOOLS).copied().collect();
    for (path, package) in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        let dev = package["dev"].as_bool() == Some(true) || package["devOptional"].as_bool() == Some(true);
        if !accepted(licence, if dev { &tools } else { SHIPPED }) {
            refused.push(format!("  {path} (npm): {licence}"));
        }
    }
    Ok(packages.len())
}

/// Whether an SPDX expression can be fulfilled with accepted licences. The old `A/B` means `A OR B`.
fn accepted(expression: &str, list: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    let result = any_of(&mut rest, list);
    result && rest.is_empty()
}

fn any_of(rest: &mut &[&str], list: &[&str]) -> bool {
    let mut result = all_of(rest, list);
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        result |= all_of(rest, list);
    }
    result
}

fn all_of(rest: &mut &[&str], list: &[&str]) -> bool {
    let mut result = one(rest, list);
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        result &= one(rest, list);
    }
    result
}

fn one(rest: &mut &[&str], list: &[&str]) -> bool {
    match rest {
        ["(", ..] => {
            *rest = &rest[1..];
            let result = any_of(rest, list);
            if rest.first() == Some(&")") {
                *rest = &rest[1..];
            }
            result
        }
        [name, "WITH", exception, ..] => {
            let whole = format!("{name} WITH {exception}");
            *rest = &rest[3..];
            list.contains(&whole.as_str())
        }
        [name, ..] => {
            let result = list.contains(name);
            *rest = &rest[1..];
            result
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_acceptable_alternative_is_enough_and_every_part_of_a_sum_is_needed() {
        let list = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
        for good in [
            "MIT",
            "MIT/GPL-2.0",
            "(GPL-2.0 OR MIT) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR X",
        ] {
            assert!(accepted(good, &list), "{good}");
        }
        for bad in [
            "none",
            "",
            "MIT AND GPL-2.0",
            "(MIT OR ISC) AND GPL-2.0",
            "Apache-2.0",
            "MIT GPL-2.0",
        ] {
            assert!(!accepted(bad, &list), "{bad}");
        }
    }
}
