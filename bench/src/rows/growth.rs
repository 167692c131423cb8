//! The cost of an exchange follows the changes, not the households.

use super::{DAY, SEED};
use crate::Tree;
use crate::served::Served;
use crate::table::{Row, Unit};
use crate::village::Village;
use anyhow::Result;

const SIZES: [usize; 3] = [300, 2_000, 20_000];

/// Idle and a day's work in villages of three sizes, as imported.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let mut figures = Vec::new();
    for size in SIZES {
        let village = Village::new(&tree.roster(), SEED, size, 0)?;
        let served = Served::start(&village, None)?;
        let mut mine = served.device("王芳")?;
        let mut other = served.device("李强")?;
        mine.sync(Vec::new())?;
        other.sync(Vec::new())?;
        let idle = mine.sync(Vec::new())?;
        let saves = other.saves(&served, &village, &village.work(200, DAY, 250))?;
        other.sync(saves)?;
        let saves = mine.saves(&served, &village, &village.work(100, DAY, 250))?;
        figures.push((idle, mine.sync(saves)?));
    }
    let row = |name: &str, values: Vec<f64>| {
        let words: Vec<String> = SIZES
            .iter()
            .zip(&values)
            .map(|(size, value)| format!("{size} households {}", Unit::Bytes.words(*value)))
            .collect();
        let (first, last) = (values[0], values[SIZES.len() - 1]);
        // Chance moves a day's work by a few bytes.
        Row::new(name, Unit::Times, last / first, 1.05).note(words.join(", "))
    };
    Ok(vec![
        row(
            "growth 300 → 20,000, idle",
            figures.iter().map(|(idle, _)| idle.bytes() as f64).collect(),
        ),
        row(
            "growth 300 → 20,000, a day's work",
            figures.iter().map(|(_, day)| day.bytes() as f64).collect(),
        ),
    ])
}
