//! Numbered steps with their expected and their real time.

use std::io::Write;
use std::time::Instant;

use anyhow::Result;

/// How one step ended.
pub enum Outcome {
    /// Something was done; the words say what.
    Done(String),
    /// Nothing had changed since the last time.
    Unchanged,
    /// Could not be done here, and why that is no failure.
    Skipped(String),
}

impl Outcome {
    /// Done, with nothing to add.
    pub fn done() -> Self {
        Self::Done(String::new())
    }

    /// Words for the person.
    pub fn words(&self) -> String {
        match self {
            Self::Done(words) if words.is_empty() => "done".into(),
            Self::Done(words) => words.clone(),
            Self::Unchanged => "unchanged".into(),
            Self::Skipped(why) => format!("skipped: {why}"),
        }
    }
}

/// Counts steps and prints one line for each.
pub struct Steps {
    total: usize,
    begun: usize,
}

impl Steps {
    /// For a known number of steps.
    pub fn new(total: usize) -> Self {
        Self { total, begun: 0 }
    }

    /// Runs one step; `expected` says how long it takes the first time ("about 2 min").
    pub fn run(&mut self, title: &str, expected: &str, work: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        self.attempt(title, expected, || work().map(|outcome| (outcome.words(), ())))
            .map(|_| ())
    }

    /// As `run`, for work that says itself how it went and gives something back.
    pub fn attempt<T>(&mut self, title: &str, expected: &str, work: impl FnOnce() -> Result<(String, T)>) -> Result<T> {
        self.begun += 1;
        print!("[{}/{}] {title} (first time {expected}) … ", self.begun, self.total);
        std::io::stdout().flush()?;
        let start = Instant::now();
        let outcome = work();
        let words = outcome.as_ref().map_or("FAILED", |(words, _)| words);
        println!("{words}, {:.1} s", start.elapsed().as_secs_f64());
        outcome.map(|(_, value)| value)
    }
}
