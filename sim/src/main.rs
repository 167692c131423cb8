//! Plays seeds: `bianfang-sim [--seeds N] [--from S] [--threads N] [--only SEED] [--first] [--traces]`. Prints what was covered, seeds
//! per second, and for a failure the seed, the shrunk story and the command that plays it again; with `--traces` the hash of everything that happened in
//! each story instead.

use bianfang_sim::play::{Report, play_safely, shrink};
use bianfang_sim::story::story;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// A night, seconds.
const NIGHT_S: f64 = 8.0 * 3600.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    if let Some(seed) = number("--only") {
        let report = play_safely(seed, &story(seed));
        println!("seed {seed}: {:#?}", report.broken);
        return u8::from(!report.broken.is_empty()).into();
    }
    let (from, seeds) = (number("--from").unwrap_or(0), number("--seeds").unwrap_or(1000));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = number("--threads").map_or(cores, |threads| threads.max(1) as usize);
    if arguments.iter().any(|argument| argument == "--traces") {
        (from..from + seeds).for_each(|seed| println!("{seed} {}", play_safely(seed, &story(seed)).line()));
        return 0.into();
    }
    // A story that ends in a panic is one that broke; its words come with the report.
    std::panic::set_hook(Box::new(|_| {}));
    let began = Instant::now();
    let played = play_all(from, seeds, threads);
    let seconds = began.elapsed().as_secs_f64();
    if let Some((seed, broken)) = played.broken {
        println!("seed {seed} broke:\n  {}", broken.join("\n  "));
        if !arguments.iter().any(|argument| argument == "--first") {
            explain(seed);
        }
        println!("play it again: cargo xtask sim --only {seed}");
        println!("0 passed, 1 failed");
        return 1.into();
    }
    println!("what happened in {seeds} stories:\n\n| in stories | times | what |\n|---:|---:|---|");
    for (kind, (stories, times)) in &played.coverage {
        println!("| {stories} | {times} | {kind} |");
    }
    let rate = seeds as f64 / seconds;
    println!("\n{seeds} seeds in {seconds:.1} s, {rate:.1} seeds per second on {threads} cores");
    println!(
        "extrapolated, not run: {:.0} seeds in a night of 8 hours on 2 cores",
        rate / threads as f64 * 2.0 * NIGHT_S
    );
    println!("{seeds} passed, 0 failed");
    0.into()
}

/// What a set of seeds came to.
#[derive(Default)]
struct Played {
    /// Of each kind of act: in how many stories it took place, and how often.
    coverage: BTreeMap<&'static str, (u64, u64)>,
    /// The lowest seed that broke, and how.
    broken: Option<(u64, Vec<String>)>,
}

impl Played {
    fn take(&mut self, seed: u64, report: Report) {
        for (kind, count) in report.coverage {
            let (stories, times) = self.coverage.entry(kind).or_default();
            *stories += 1;
            *times += count;
        }
        let lowest = self.broken.as_ref().is_none_or(|(lower, _)| seed < *lower);
        if !report.broken.is_empty() && lowest {
            self.broken = Some((seed, report.broken));
        }
    }
}

/// Plays seeds in order on several threads, until all are played or one broke.
fn play_all(from: u64, seeds: u64, threads: usize) -> Played {
    let next = AtomicU64::new(from);
    let enough = AtomicBool::new(false);
    let played = Mutex::new(Played::default());
    let work = || {
        while !enough.load(Ordering::SeqCst) {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= from + seeds {
                break;
            }
            let report = play_safely(seed, &story(seed));
            enough.fetch_or(!report.broken.is_empty(), Ordering::SeqCst);
            if let Ok(mut played) = played.lock() {
                played.take(seed, report);
            }
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    played.into_inner().unwrap_or_default()
}

fn explain(seed: u64) {
    let story = shrink(seed);
    println!("the shortest story that breaks: {story:#?}");
    println!("  {}", play_safely(seed, &story).broken.join("\n  "));
}
