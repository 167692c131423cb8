//! What must not be in the code: clocks, chance, hidden state and hash order in the core; leftovers and waiting anywhere.

use super::source::{Source, words};

/// Not in the core outside `web`: the same inputs must always give the same result.
const CORE: &[(&str, &str)] = &[
    ("SystemTime", "the core has no clock; time is an argument"),
    ("Instant", "the core has no clock; time is an argument"),
    ("UNIX_EPOCH", "the core has no clock; time is an argument"),
    ("rand", "the core has no chance; entropy is an argument"),
    ("thread_rng", "the core has no chance; entropy is an argument"),
    ("getrandom", "the core has no chance; entropy is an argument"),
    ("RandomState", "the core has no chance; entropy is an argument"),
    ("HashMap", "hash order differs between runs; use BTreeMap"),
    ("HashSet", "hash order differs between runs; use BTreeSet"),
    ("thread_local", "the core has no hidden state"),
    ("LazyLock", "the core has no hidden state"),
    ("LazyCell", "the core has no hidden state"),
    ("println", "the core does no output"),
    ("eprintln", "the core does no output"),
    ("unsafe", "the core needs nothing unsafe"),
];
/// Not in the core outside `web` and outside of tests.
const CORE_IO: &[&str] = &["std::fs", "std::net", "std::env", "std::thread", "std::process"];
/// Nowhere in Rust.
const RUST: &[(&str, &str)] = &[
    ("todo", "nothing is left for later in the code"),
    ("unimplemented", "nothing is left for later in the code"),
    ("dbg", "a leftover of debugging"),
];

/// Looks at one file.
pub fn check(source: &Source, findings: &mut Vec<String>) {
    if source.is_rust() {
        rust(source, findings);
        if source.is_core() && source.module() != Some("web") {
            core(source, findings);
        }
    }
    leftovers(source, findings);
    waiting(source, findings);
}

fn rust(source: &Source, findings: &mut Vec<String>) {
    for (word, why) in RUST {
        let macros = words(&source.code, word).filter(|at| source.code[at + word.len()..].starts_with('!'));
        findings.extend(macros.map(|at| source.at(at, why)));
    }
    for at in source.code.match_indices("#[ignore").map(|(at, _)| at) {
        findings.push(source.at(at, "no test is skipped"));
    }
}

fn core(source: &Source, findings: &mut Vec<String>) {
    for (word, why) in CORE {
        findings.extend(words(&source.code, word).map(|at| source.at(at, why)));
    }
    let code = source.code_without_tests();
    for path in CORE_IO {
        findings.extend(words(code, path).map(|at| source.at(at, "the core does no input or output")));
    }
    let statics = words(code, "static").filter(|at| !code[..*at].ends_with('\''));
    findings.extend(statics.map(|at| source.at(at, "the core has no hidden state; a constant is a const")));
}

fn leftovers(source: &Source, findings: &mut Vec<String>) {
    // This file has to name them.
    if source.path == "xtask/src/tidy/bans.rs" || source.path.ends_with("package-lock.json") {
        return;
    }
    for mark in ["TODO", "FIXME", "XXX", "HACK"] {
        let why = "nothing is left for later in the code";
        findings.extend(words(&source.text, mark).map(|at| source.at(at, why)));
    }
}

/// A test that waits for a time is slow on a fast machine and wrong on a slow one.
fn waiting(source: &Source, findings: &mut Vec<String>) {
    let why = "a test waits for an event, never for a time";
    if source.is_rust() {
        let code = if source.is_test() {
            &source.code
        } else {
            &source.code[source.code_without_tests().len()..]
        };
        findings.extend(words(code, "sleep").map(|at| source.at(source.code.len() - code.len() + at, why)));
    } else if source.is_test() && source.is_script() {
        for name in ["sleep", "waitForTimeout"] {
            let calls = words(&source.text, name).filter(|at| source.text[at + name.len()..].starts_with('('));
            findings.extend(calls.map(|at| source.at(at, why)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        let mut findings = Vec::new();
        check(&Source::new(path, text.to_owned()), &mut findings);
        findings.len()
    }

    #[test]
    fn the_core_is_a_function_of_its_inputs() {
        assert_eq!(count("src/doc.rs", "use std::collections::HashMap;"), 1);
        assert_eq!(count("src/doc.rs", "static mut X: u8 = 0;"), 1);
        assert_eq!(count("src/doc.rs", "fn f(x: &'static str) {} // HashMap, a clock"), 0);
        assert_eq!(count("src/web/now.rs", "use std::time::Instant;"), 0);
        assert_eq!(count("endpoint/src/lib.rs", "use std::time::Instant;"), 0);
        assert_eq!(count("src/doc.rs", "use std::fs;"), 1);
        assert_eq!(count("src/doc.rs", "#[cfg(test)]\nmod tests { use std::fs; }"), 0);
    }

    #[test]
    fn nothing_is_left_for_later() {
        assert_eq!(count("endpoint/src/x.rs", "fn f() { todo!() } // TODO"), 2);
        assert_eq!(count("www/src/App.vue", "<!-- FIXME -->"), 1);
        assert_eq!(count("endpoint/src/x.rs", "fn todo() {}"), 0);
        assert_eq!(count("tests/it/x.rs", "#[ignore = \"slow\"]"), 1);
    }

    #[test]
    fn tests_wait_for_events() {
        assert_eq!(count("tests/it/x.rs", "std::thread::sleep(d)"), 1);
        assert_eq!(count("endpoint/src/x.rs", "async fn f() { sleep(d).await }"), 0);
        assert_eq!(
            count("endpoint/src/x.rs", "#[cfg(test)]\nmod tests { fn f() { sleep(d) } }"),
            1
        );
        assert_eq!(count("tests/e2e/a.test.mjs", "await page.waitForTimeout(5)"), 1);
    }
}
