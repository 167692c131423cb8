//! Plays seeds: `bianfang-sim [--seeds N] [--from S] [--only SEED] [--first]`. Prints what was covered, seeds per second, and for a
//! failure the seed, the shrunk story and the command that plays it again.

use bianfang_sim::play::{play, play_story, shrink};
use std::collections::BTreeMap;
use std::time::Instant;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    if let Some(seed) = number("--only") {
        let report = play(seed);
        println!("seed {seed}: {:#?}", report.broken);
        return if report.broken.is_empty() { 0.into() } else { 1.into() };
    }
    let (from, seeds) = (number("--from").unwrap_or(0), number("--seeds").unwrap_or(1000));
    let begun = Instant::now();
    let mut coverage: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in from..from + seeds {
        let report = play(seed);
        for (kind, count) in report.coverage {
            *coverage.entry(kind).or_default() += count;
        }
        if !report.broken.is_empty() {
            println!("seed {seed} broke:\n  {}", report.broken.join("\n  "));
            if arguments.iter().any(|argument| argument == "--first") {
                return 1.into();
            }
            let story = shrink(seed);
            println!("the shortest story that breaks: {story:#?}");
            println!("  {}", play_story(seed, &story).broken.join("\n  "));
            println!("play it again: cargo xtask sim --only {seed}");
            return 1.into();
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("what happened, over {seeds} seeds:");
    for (kind, count) in &coverage {
        println!("  {count:>8}  {kind}");
    }
    let rate = seeds as f64 / seconds;
    println!("{seeds} seeds in {seconds:.1} s, {rate:.0} seeds per second on one core");
    println!(
        "extrapolated, not run: {:.0} seeds in a night of 10 hours on 2 cores",
        rate * 2.0 * 36_000.0
    );
    println!("1 passed, 0 failed");
    0.into()
}
