//! Every test there is, one line each, and the sum as the last line.

use std::path::Path;

use anyhow::{Result, bail};

use crate::build::{self, Profile};
use crate::command::{Finished, Run, which};
use crate::rust::WasmToolchain;
use crate::steps::{Outcome, Steps};
use crate::{audit, browser, licences, rust, setup, sim, tidy};

/// What a check needs before it can run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    /// Only Rust.
    Rust,
    /// Node and the packages of the web project.
    Npm,
    /// The built app, the endpoint and a browser.
    App,
}

/// One line of the run.
struct Check {
    name: &'static str,
    title: &'static str,
    expected: &'static str,
    needs: Needs,
    run: fn() -> Result<Tally>,
}

/// How many tests a check held that passed; one that holds a failed test is an error.
struct Tally {
    passed: usize,
    words: String,
}

const CHECKS: &[Check] = &[
    Check {
        name: "fmt",
        title: "formatting",
        expected: "seconds",
        needs: Needs::Rust,
        run: formatting,
    },
    Check {
        name: "tidy",
        title: "rules of the code",
        expected: "seconds",
        needs: Needs::Rust,
        run: rules,
    },
    Check {
        name: "licences",
        title: "licences",
        expected: "seconds",
        needs: Needs::Rust,
        run: || one(licences::check()),
    },
    Check {
        name: "clippy",
        title: "clippy",
        expected: "2 min",
        needs: Needs::Rust,
        run: clippy,
    },
    Check {
        name: "native",
        title: "native tests",
        expected: "5 min",
        needs: Needs::Rust,
        run: native,
    },
    Check {
        name: "stories",
        title: "seeded stories with every fault",
        expected: "4 min",
        needs: Needs::Rust,
        run: stories,
    },
    Check {
        name: "audit",
        title: "known weaknesses",
        expected: "seconds",
        needs: Needs::Npm,
        run: weaknesses,
    },
    Check {
        name: "eslint",
        title: "eslint",
        expected: "1 min",
        needs: Needs::Npm,
        run: || script("lint"),
    },
    Check {
        name: "contrast",
        title: "contrast of the colours",
        expected: "seconds",
        needs: Needs::Npm,
        run: || script("contrast"),
    },
    Check {
        name: "vue-tsc",
        title: "types of the app",
        expected: "1 min",
        needs: Needs::App,
        run: || script("typecheck"),
    },
    Check {
        name: "wasm",
        title: "the core in a real browser",
        expected: "4 min",
        needs: Needs::Npm,
        run: core_in_browser,
    },
    Check {
        name: "e2e",
        title: "real browser, real endpoint",
        expected: "8 min",
        needs: Needs::App,
        run: end_to_end,
    },
];

/// The command: all checks, or the named ones. The declarations are checked while the app is built.
pub fn run(names: &[&str]) -> Result<bool> {
    if names == ["--list"] {
        CHECKS
            .iter()
            .for_each(|check| println!("{:10} {}", check.name, check.title));
        return Ok(true);
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| CHECKS.iter().all(|check| check.name != **name))
    {
        bail!("there is no check {unknown}; cargo xtask test --list names them");
    }
    let chosen: Vec<&Check> = CHECKS
        .iter()
        .filter(|check| names.is_empty() || names.contains(&check.name))
        .collect();
    let needs = chosen.iter().map(|check| check.needs).max().unwrap_or(Needs::Rust);
    let setup_steps = setup::STEPS_FOR_BUILD + setup::STEPS_FOR_TESTS;
    let mut suite = Suite::new(setup_steps + chosen.len() + if needs == Needs::App { build::STEPS } else { 0 });

    let toolchain = setup::for_build(&mut suite.steps)?;
    setup::for_tests(&mut suite.steps)?;
    let (with_app, without): (Vec<&Check>, Vec<&Check>) =
        chosen.into_iter().partition(|check| check.needs == Needs::App);
    without.into_iter().for_each(|check| suite.check(check));
    if suite.app(toolchain, !with_app.is_empty()) {
        with_app.into_iter().for_each(|check| suite.check(check));
    }
    Ok(suite.finish())
}

/// The running sum.
struct Suite {
    steps: Steps,
    passed: usize,
    failed: usize,
    failures: Vec<String>,
}

impl Suite {
    fn new(steps: usize) -> Self {
        Self {
            steps: Steps::new(steps),
            passed: 0,
            failed: 0,
            failures: Vec::new(),
        }
    }

    fn check(&mut self, check: &Check) {
        let result = self.steps.attempt(check.title, check.expected, || {
            let tally = (check.run)()?;
            Ok((tally.words.clone(), tally))
        });
        match result {
            Ok(tally) => self.passed += tally.passed,
            Err(error) => self.fail(check.title, &error),
        }
    }

    /// Builds what the other checks look at; false if there is nothing to look at.
    fn app(&mut self, toolchain: WasmToolchain, wanted: bool) -> bool {
        if !wanted {
            return false;
        }
        match build::app(&mut self.steps, toolchain, Profile::Quick) {
            Ok(fresh) => {
                if fresh {
                    self.passed += 1;
                } else {
                    let hint = anyhow::anyhow!("www/src/core/types.ts was stale; it is written anew: commit it");
                    self.fail("TypeScript declarations", &hint);
                }
                true
            }
            Err(error) => {
                self.fail("building the app", &error);
                false
            }
        }
    }

    fn fail(&mut self, title: &str, error: &anyhow::Error) {
        println!("\n{error:#}\n");
        self.failures.push(title.to_owned());
        self.failed += error.downcast_ref::<FailedTests>().map_or(1, |failed| {
            self.passed += failed.passed;
            failed.failed
        });
    }

    fn finish(self) -> bool {
        if !self.failures.is_empty() {
            println!("\nfailed: {}", self.failures.join(", "));
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        self.failed == 0
    }
}

/// Some tests of a runner failed.
#[derive(Debug)]
struct FailedTests {
    passed: usize,
    failed: usize,
    shown: String,
}

impl std::fmt::Display for FailedTests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::error::Error for FailedTests {}

fn one(outcome: Result<Outcome>) -> Result<Tally> {
    let outcome = outcome?;
    // What could not be looked at has not passed.
    let passed = usize::from(!matches!(outcome, Outcome::Skipped(_)));
    Ok(Tally {
        passed,
        words: outcome.words(),
    })
}

fn of_program(run: Run, log: &str) -> Result<Tally> {
    one(run.must(log).map(|_| Outcome::done()))
}

/// The sum that a runner of tests counted; a runner that ended badly or ran nothing has failed.
fn of_runner(finished: &Finished, passed: usize, failed: usize) -> Result<Tally> {
    if finished.success && failed == 0 && passed > 0 {
        return Ok(Tally {
            passed,
            words: format!("{passed} passed"),
        });
    }
    Err(FailedTests {
        passed,
        failed: failed.max(1),
        shown: finished.failure().to_string(),
    }
    .into())
}

fn formatting() -> Result<Tally> {
    of_program(Run::cargo(["fmt", "--all", "--check"]), "fmt")
}

fn rules() -> Result<Tally> {
    let findings = tidy::findings()?;
    if !findings.is_empty() {
        bail!("{}", findings.join("\n"));
    }
    one(Ok(Outcome::done()))
}

fn clippy() -> Result<Tally> {
    Run::cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).must("clippy")?;
    if which("c++").is_some() {
        let args = ["clippy", "--package", "bianfang-fuzz", "--features", "engine", "--bins"];
        Run::cargo(args.into_iter().chain(["--", "-D", "warnings"])).must("clippy-fuzz")?;
    }
    if WasmToolchain::find() == Some(WasmToolchain::Own) {
        let args = [
            "clippy",
            "--lib",
            "--package",
            "bianfang",
            "--target",
            rust::WASM,
            "--",
            "-D",
            "warnings",
        ];
        Run::cargo(args).must("clippy-wasm")?;
    }
    one(Ok(Outcome::done()))
}

fn native() -> Result<Tally> {
    let args = ["test"].into_iter().chain(build::ALL).chain(["--no-fail-fast"]);
    let finished = Run::cargo(args).log("native")?;
    let (mut passed, mut failed) = (0, 0);
    for line in finished.output.lines().filter(|line| line.starts_with("test result:")) {
        passed += number_before(line, " passed");
        failed += number_before(line, " failed");
    }
    of_runner(&finished, passed, failed)
}

/// Stories that every run of the tests plays, always the same.
const STORIES: &str = "2000";

fn stories() -> Result<Tally> {
    let program = sim::program()?;
    let finished = Run::new(&program.to_string_lossy(), ["--seeds", STORIES]).log("stories")?;
    of_last_line(&finished)
}

fn weaknesses() -> Result<Tally> {
    one(audit::check())
}

fn script(name: &'static str) -> Result<Tally> {
    of_program(Run::npm(["run", name]), name)
}

fn core_in_browser() -> Result<Tally> {
    let core = build::core_for_tests()?;
    let finished = Run::new("node", [Path::new("tests/wasm/run.mjs"), &core])
        .env(browser::CHOICE, browser::find_or_install()?)
        .env("BIANFANG_SIM", sim::program()?)
        .log("wasm")?;
    of_last_line(&finished)
}

fn end_to_end() -> Result<Tally> {
    let finished = Run::new("node", ["tests/e2e/run.mjs"])
        .env(browser::CHOICE, browser::find_or_install()?)
        .env("BIANFANG_ENDPOINT", build::endpoint()?)
        .env("BIANFANG_DEMO", build::demonstration()?)
        .log("e2e")?;
    of_last_line(&finished)
}

/// The sum in the last line of a runner: `7 passed, 0 failed`.
fn of_last_line(finished: &Finished) -> Result<Tally> {
    let line = finished
        .output
        .lines()
        .rev()
        .find(|line| line.ends_with(" failed"))
        .unwrap_or_default();
    of_runner(finished, number_before(line, " passed"), number_before(line, " failed"))
}

/// The number that stands before a word in a line such as `ok. 12 passed; 0 failed`.
fn number_before(line: &str, word: &str) -> usize {
    let Some(end) = line.find(word) else { return 0 };
    let start = line[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |before| before + 1);
    line[start..end].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_from_runners() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured";
        assert_eq!(number_before(line, " passed"), 12);
        assert_eq!(number_before(line, " failed"), 3);
        assert_eq!(number_before("7 passed, 0 failed", " passed"), 7);
        assert_eq!(number_before("nothing here", " passed"), 0);
    }
}
