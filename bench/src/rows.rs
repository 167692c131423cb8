//! The rows, by group. Each group makes its own village, so that one can be measured without the others.

mod browser;
mod core;
mod forms;
mod growth;
mod install;
mod phones;
mod share;
mod wire;

use crate::Tree;
use crate::table::Row;
use anyhow::Result;
use std::time::Instant;

/// Measures a group of rows.
pub type Measure = fn(&Tree) -> Result<Vec<Row>>;

/// Every group with the name by which it is asked for.
pub const GROUPS: &[(&str, Measure)] = &[
    ("install", install::measure),
    ("wire", wire::measure),
    ("growth", growth::measure),
    ("core", core::measure),
    ("forms", forms::measure),
    ("phones", phones::measure),
    ("browser", browser::measure),
];

/// Households of the village.
pub const HOUSEHOLDS: usize = 2_000;
/// Visits of a household.
pub const VISITS: usize = 6;
/// The seed of every village.
pub const SEED: u64 = 20_190_814;
/// Households of a day's work.
pub const DAY: usize = 20;

/// Milliseconds that some work takes.
pub fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let start = Instant::now();
    let value = work()?;
    Ok((start.elapsed().as_secs_f64() * 1000.0, value))
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Brotli at its best.
pub fn brotli(bytes: &[u8], quality: i32) -> Result<usize> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out.len())
}
