//! Manifests: every direct dependency says what it is for, and crates use each other in one direction.

use std::collections::BTreeSet;

use serde_json::Value;

use super::source::Source;

/// What each crate of the workspace may use of the others. Nothing uses the endpoint but its demonstration and
/// its measurement.
const CRATES: &[(&str, &[&str])] = &[
    ("Cargo.toml", &[]),
    ("bench/Cargo.toml", &["bianfang", "bianfang-endpoint", "bianfang-sim"]),
    ("endpoint/Cargo.toml", &["bianfang"]),
    ("fuzz/Cargo.toml", &["bianfang", "bianfang-endpoint"]),
    ("sim/Cargo.toml", &["bianfang"]),
    ("demo/Cargo.toml", &["bianfang", "bianfang-endpoint", "bianfang-sim"]),
    ("xtask/Cargo.toml", &[]),
    ("xtask/bindgen/Cargo.toml", &[]),
];

/// Looks at one manifest.
pub fn check(source: &Source, findings: &mut Vec<String>) {
    if source.path.ends_with("Cargo.toml") {
        cargo(source, findings);
    } else if source.path.ends_with("package.json") {
        npm(source, findings);
    }
}

fn cargo(source: &Source, findings: &mut Vec<String>) {
    let allowed = CRATES
        .iter()
        .find(|(path, _)| *path == source.path)
        .map(|(_, allowed)| *allowed);
    if allowed.is_none() {
        findings.push(source.at(
            0,
            "this crate has no place in the order of crates (xtask/src/tidy/manifests.rs)",
        ));
    }
    let mut in_dependencies = false;
    let mut before = "";
    let mut offset = 0;
    for line in source.text.lines() {
        if line.starts_with('[') {
            // What several members share is explained where it is used.
            in_dependencies = line.trim_end().ends_with("dependencies]") && line != "[workspace.dependencies]";
        } else if in_dependencies && line.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let name = line.split([' ', '.', '=']).next().unwrap_or_default();
            if !line.contains('#') && !before.starts_with('#') {
                findings.push(source.at(offset, &format!("{name}: say what it is for, in a comment")));
            }
            let ours = name.starts_with("bianfang") && !allowed.unwrap_or_default().contains(&name);
            if ours {
                findings.push(source.at(offset, &format!("this crate must not use {name}")));
            }
        }
        before = line;
        offset += line.len() + 1;
    }
}

fn npm(source: &Source, findings: &mut Vec<String>) {
    let Ok(manifest) = serde_json::from_str::<Value>(&source.text) else {
        findings.push(source.at(0, "this is not JSON"));
        return;
    };
    let names = |key: &str| -> BTreeSet<String> {
        manifest[key]
            .as_object()
            .map(|object| object.keys().cloned().collect())
            .unwrap_or_default()
    };
    let reasons = names("//dependencies");
    let used: BTreeSet<String> = names("dependencies")
        .union(&names("devDependencies"))
        .cloned()
        .collect();
    for name in used.symmetric_difference(&reasons) {
        findings.push(source.at(
            0,
            &format!("{name}: its reason in \"//dependencies\" and its use do not match"),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check(&Source::new(path, text.to_owned()), &mut findings);
        findings
    }

    #[test]
    fn every_dependency_has_a_reason() {
        let good =
            "[dependencies]\na = \"1\" # why\n# why\nb = { version = \"1\" }\n[workspace.dependencies]\nc = \"1\"\n";
        assert!(findings("Cargo.toml", good).is_empty());
        let bad = "[target.'cfg(unix)'.dependencies]\na = \"1\"\n[dev-dependencies]\nb.workspace = true\n";
        assert_eq!(findings("Cargo.toml", bad).len(), 2);
    }

    #[test]
    fn crates_use_each_other_in_one_direction() {
        assert!(findings("sim/Cargo.toml", "[dependencies]\nbianfang = \"1\" # core\n").is_empty());
        assert_eq!(
            findings("sim/Cargo.toml", "[dependencies]\nbianfang-endpoint = \"1\" # x\n").len(),
            1
        );
        assert_eq!(findings("new/Cargo.toml", "").len(), 1);
    }

    #[test]
    fn npm_reasons_match_the_packages() {
        let good =
            r#"{"//dependencies": {"a": "x", "b": "y"}, "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}"#;
        assert!(findings("www/package.json", good).is_empty());
        let bad = r#"{"//dependencies": {"a": "x"}, "dependencies": {"b": "1"}}"#;
        assert_eq!(findings("www/package.json", bad).len(), 2);
    }
}
