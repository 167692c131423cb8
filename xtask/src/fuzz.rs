//! Hostile bytes, guided by what they reach: `fuzz [TARGET…] [--minutes N]`. The engine is libFuzzer, which the stable
//! compiler can serve: it instruments with passes that it always has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::command::{Finished, Run};
use crate::project;

/// Counters at every edge of the code, and what comparisons compared.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
const MINUTES: u64 = 10;
/// One run that takes longer is a find.
const RUN_SECONDS_MAX: u32 = 5;
/// All memory of the program; the allocator of the targets refuses before.
const MEMORY_MB_MAX: u32 = 1024;

/// One target as the program lists it.
struct Target {
    name: String,
    bytes_max: String,
}

/// Runs the named targets, or all, one after the other; a find fails.
pub fn run(options: &[&str]) -> Result<bool> {
    let (names, minutes) = match options {
        [names @ .., "--minutes", minutes] => (names, minutes.parse().context("--minutes wants a number")?),
        names => (names, MINUTES),
    };
    if let Some(unknown) = names.iter().find(|name| name.starts_with('-')) {
        bail!("fuzz takes names of targets and --minutes N, not {unknown}");
    }
    let program = build()?;
    let targets = targets(&program)?;
    if let Some(unknown) = names
        .iter()
        .find(|name| targets.iter().all(|known| known.name != **name))
    {
        let known: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        bail!("no target is called {unknown}; there are {}", known.join(", "));
    }
    println!("| target | minutes | executions | per second | edges | finds |\n|---|---|---|---|---|---|");
    let mut finds = Vec::new();
    for target in &targets {
        if names.is_empty() || names.contains(&target.name.as_str()) {
            finds.extend(attack(&program, target, minutes)?);
        }
    }
    for find in &finds {
        println!("find: {}", find.display());
    }
    Ok(finds.is_empty())
}

fn build() -> Result<PathBuf> {
    let version = Run::new("rustc", ["-vV"]).stdout()?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?;
    let target = project::target().join("fuzz");
    let args = ["build", "--quiet", "--package", "bianfang-fuzz", "--features", "engine"];
    // With a target named, build scripts and macros are not instrumented.
    let more = ["--profile", "fuzz", "--target", host, "--target-dir"];
    Run::cargo(args.iter().chain(&more).map(Path::new).chain([target.as_path()]))
        .env("RUSTFLAGS", INSTRUMENTED)
        .must("fuzz-build")?;
    Ok(target.join(host).join("fuzz/bianfang-fuzz"))
}

fn targets(program: &Path) -> Result<Vec<Target>> {
    let listed = Run::new(&program.to_string_lossy(), [""; 0]).stdout()?;
    let target = |line: &str| {
        let (name, bytes_max) = line.split_once(' ')?;
        Some(Target {
            name: name.to_owned(),
            bytes_max: bytes_max.to_owned(),
        })
    };
    Ok(listed.lines().filter_map(target).collect())
}

/// Runs one target and prints its line of the table; what it found lies in files.
fn attack(program: &Path, target: &Target, minutes: u64) -> Result<Vec<PathBuf>> {
    let folder = |kind: &str| project::target().join("fuzz").join(kind).join(&target.name);
    let (inputs, finds) = (folder("inputs"), folder("finds"));
    fs::create_dir_all(&inputs)?;
    if finds.exists() {
        fs::remove_dir_all(&finds)?;
    }
    fs::create_dir_all(&finds)?;
    let (mut executions, mut slow) = (0, 0);
    let begun = Instant::now();
    let (found, output) = loop {
        let left = Duration::from_secs(minutes * 60).saturating_sub(begun.elapsed());
        let finished = one_run(program, target, &inputs, &finds, left.as_secs().max(1))?;
        executions += statistic(&finished.output, "number_of_executed_units");
        let found = found_in(&finds)?;
        ensure!(finished.success || !found.is_empty(), finished.failure());
        let starved = !found.is_empty() && found.iter().all(|path| is_late(path));
        if !starved || !passes_alone(program, target, &found)? {
            break (found, finished.output);
        }
        slow += found.len();
        found.iter().try_for_each(fs::remove_file)?;
    };
    let seconds = begun.elapsed().as_secs().max(1);
    println!(
        "| {} | {:.1} | {executions} | {} | {} | {} |",
        target.name,
        seconds as f64 / 60.0,
        executions / seconds,
        edges(&output),
        found.len()
    );
    if slow > 0 {
        println!("{slow} were late only because the machine was busy");
    }
    Ok(found)
}

/// The engine, until the time is over or it finds something.
fn one_run(program: &Path, target: &Target, inputs: &Path, finds: &Path, seconds: u64) -> Result<Finished> {
    let args = [
        inputs.display().to_string(),
        format!("-max_total_time={seconds}"),
        format!("-max_len={}", target.bytes_max),
        format!("-timeout={RUN_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MB_MAX}"),
        format!("-artifact_prefix={}/", finds.display()),
        "-print_final_stats=1".to_owned(),
    ];
    Run::new(&program.to_string_lossy(), args)
        .env("BIANFANG_FUZZ_TARGET", &target.name)
        .env("BIANFANG_FUZZ_FOLDER", inputs)
        .log(&format!("fuzz-{}", target.name))
}

/// What the engine wrote down. A run that is slow, but not too slow, it writes down as well.
fn found_in(finds: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(finds)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    found.sort();
    found.retain(|path| !is_called(path, "slow-unit"));
    Ok(found)
}

fn is_called(path: &Path, begin: &str) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(begin))
}

/// The engine measures on the wall: a busy machine makes any run late.
fn is_late(path: &Path) -> bool {
    is_called(path, "timeout-")
}

/// Each of these inputs runs in time when nothing else is asked of the program.
fn passes_alone(program: &Path, target: &Target, inputs: &[PathBuf]) -> Result<bool> {
    let times = ["-runs=1".to_owned(), format!("-timeout={RUN_SECONDS_MAX}")];
    let args = inputs.iter().map(|path| path.display().to_string()).chain(times);
    let finished = Run::new(&program.to_string_lossy(), args)
        .env("BIANFANG_FUZZ_TARGET", &target.name)
        .log(&format!("fuzz-{}-again", target.name))?;
    Ok(finished.success)
}

/// A number that the engine prints at its end: `stat::average_exec_per_sec: 1000`.
fn statistic(output: &str, name: &str) -> u64 {
    let value = |line: &str| {
        line.strip_prefix("stat::")?
            .strip_prefix(name)?
            .strip_prefix(':')?
            .trim()
            .parse()
            .ok()
    };
    output.lines().find_map(value).unwrap_or(0)
}

/// The last `cov: 1234` that the engine printed.
fn edges(output: &str) -> u64 {
    let value = |line: &str| line.split_once(" cov: ")?.1.split_whitespace().next()?.parse().ok();
    output.lines().rev().find_map(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_what_the_engine_prints() {
        let output = "#2\tINITED cov: 17 ft: 3 corp: 2/9b exec/s: 0 rss: 30Mb\n#9\tNEW    cov: 21 ft: 4\n\
                      stat::number_of_executed_units: 900\nstat::average_exec_per_sec:     45\n";
        assert_eq!(statistic(output, "number_of_executed_units"), 900);
        assert_eq!(statistic(output, "average_exec_per_sec"), 45);
        assert_eq!(statistic(output, "peak_rss_mb"), 0);
        assert_eq!((edges(output), edges("")), (21, 0));
    }
}
