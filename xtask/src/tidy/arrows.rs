//! Who may use whom: modules of the core, and the libraries that only one module may name.

use super::source::{Source, words};

/// Modules of the core, lowest first: each may use those before it.
const ORDER: &[&str] = &[
    "base",
    "register",
    "ledger",
    "doc",
    "index",
    "sync",
    "form",
    "indicator",
    "client",
    "web",
];

/// Libraries that only one module may name, and the crates where that holds.
const DOORS: &[(&str, &str)] = &[
    ("automerge", "doc"),
    ("web_sys", "web"),
    ("js_sys", "web"),
    ("wasm_bindgen", "web"),
    ("wasm_bindgen_futures", "web"),
    ("serde_wasm_bindgen", "web"),
    ("indexed_db_futures", "web"),
];

/// Looks at one Rust file.
pub fn check(source: &Source, findings: &mut Vec<String>) {
    let ours = [
        "src/",
        "bench/src/",
        "endpoint/src/",
        "fuzz/src/",
        "sim/src/",
        "demo/src/",
    ]
    .iter()
    .any(|dir| source.path.starts_with(dir));
    if !source.is_rust() || !ours {
        return;
    }
    for (library, door) in DOORS {
        if source.module() != Some(door) {
            let sentence = format!("only src/{door}/ may name {library}");
            findings.extend(words(&source.code, library).map(|at| source.at(at, &sentence)));
        }
    }
    if let Some(module) = source.module() {
        modules(source, module, findings);
    }
}

fn modules(source: &Source, module: &str, findings: &mut Vec<String>) {
    let Some(rank) = ORDER.iter().position(|name| *name == module) else {
        findings.push(source.at(
            0,
            "this module has no place in the order of modules (xtask/src/tidy/arrows.rs)",
        ));
        return;
    };
    for (at, used) in uses(&source.code) {
        match ORDER.iter().position(|name| *name == used) {
            Some(other) if other > rank => {
                findings.push(source.at(at, &format!("{module} stands below {used} and must not use it")));
            }
            _ => {}
        }
    }
    // A module of tests inside a file stands one deeper than the file.
    for at in words(source.code_without_tests(), "super::super") {
        findings.push(source.at(at, "write crate::… instead, so that the arrow can be read"));
    }
}

/// Every module named right after `crate::` or `super::`, alone or in braces.
fn uses(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for root in ["crate", "super"] {
        for at in words(code, root) {
            let Some(rest) = code[at + root.len()..].strip_prefix("::") else {
                continue;
            };
            let names = rest
                .strip_prefix('{')
                .map_or_else(|| vec![first_name(rest)], names_in_braces);
            found.extend(names.into_iter().map(|name| (at, name)));
        }
    }
    found
}

fn first_name(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())]
}

/// The first names of `a::x, b::{c, d}, e}`.
fn names_in_braces(text: &str) -> Vec<&str> {
    let mut names = vec![first_name(text)];
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            b',' if depth == 0 => names.push(first_name(&text[at + 1..])),
            _ => {}
        }
    }
    names
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
    fn arrows_point_down_only() {
        assert!(
            findings(
                "src/sync/hub.rs",
                "use crate::{base::Id, doc};\nuse crate::register::X;"
            )
            .is_empty()
        );
        let up = findings(
            "src/doc.rs",
            "use crate::base::Id;\nuse crate::{base::{Id, X}, sync::{Frame}};",
        );
        assert_eq!(up, ["src/doc.rs:2: doc stands below sync and must not use it"]);
        assert_eq!(findings("src/base.rs", "fn f() { super::web::now() }").len(), 1);
        assert_eq!(findings("src/doc/x.rs", "use super::super::base;").len(), 1);
        assert_eq!(findings("src/strange.rs", "").len(), 1);
    }

    #[test]
    fn doors_are_kept_and_comments_are_free() {
        assert!(findings("src/doc/edit.rs", "use automerge::AutoCommit;").is_empty());
        assert!(
            findings(
                "src/sync.rs",
                "// automerge refuses this\nconst X: &str = \"automerge\";"
            )
            .is_empty()
        );
        assert_eq!(findings("endpoint/src/store.rs", "use automerge::Change;").len(), 1);
        assert_eq!(findings("src/client/api.rs", "fn f(x: js_sys::Date) {}").len(), 1);
        assert!(findings("tests/it/forge.rs", "use automerge::Change;").is_empty());
    }
}
