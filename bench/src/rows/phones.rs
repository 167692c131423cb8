//! A hundred phones come back at the same moment after a month without signal.

use super::{DAY, HOUSEHOLDS, SEED, VISITS, timed};
use crate::Tree;
use crate::served::Served;
use crate::table::{Row, Unit};
use crate::village::Village;
use anyhow::{Result, anyhow};

const PHONES: usize = 100;

/// Each phone hands over a month's work of its own households, and gets what the others did.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let village = Village::new(&tree.roster(), SEED, HOUSEHOLDS, VISITS)?;
    let served = Served::start(&village, None)?;
    let mut ready = Vec::new();
    for number in 0..PHONES {
        let mut device = served.device(&format!("队员{number}"))?;
        let works = village.work(number * DAY, DAY, 250);
        ready.push((device.saves(&served, &village, &works)?, device));
    }
    for (_, device) in &mut ready {
        served.stand_at_end(device)?;
    }
    let (all, times) = timed(|| {
        let threads: Vec<_> = ready
            .into_iter()
            .map(|(saves, mut device)| std::thread::spawn(move || timed(|| device.sync(saves))))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a phone stopped"))?)
            .collect::<Result<Vec<_>>>()
    })?;
    let mut waits: Vec<f64> = times.iter().map(|(ms, _)| *ms).collect();
    waits.sort_by(f64::total_cmp);
    let received: usize = times.iter().map(|(_, exchange)| exchange.received).sum();
    let rounds: usize = times.iter().map(|(_, exchange)| exchange.rounds).sum();
    Ok(vec![
        Row::new("100 phones after a month, all synced", Unit::Ms, all, 30_000.0).note(format!(
            "each {DAY} fields and {DAY} visits; {rounds} requests, {received} changes received"
        )),
        Row::new(
            "100 phones after a month, p95",
            Unit::Ms,
            waits[PHONES * 95 / 100],
            10_000.0,
        ),
    ])
}
