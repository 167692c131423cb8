//! Bytes and round trips against the real endpoint: nothing new, a day's work, the first load. Peers do the same.

use super::{DAY, HOUSEHOLDS, SEED, VISITS, brotli};
use crate::served::{Device, Served};
use crate::table::{Row, Unit};
use crate::village::{Village, Work};
use crate::{Tree, http, peers};
use anyhow::{Result, ensure};
use bianfang::sync::pack::Manifest;
use serde_json::{Value, json};

/// The rows.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let village = Village::new(&tree.roster(), SEED, HOUSEHOLDS, VISITS)?;
    let served = Served::start(&village, None)?;
    let mut mine = served.device("王芳")?;
    let mut other = served.device("李强")?;
    mine.sync(Vec::new())?;
    other.sync(Vec::new())?;

    let before = load(&served, &mine)?;
    let json = serde_json::to_vec(&village.to_json())?;
    let json_small = brotli(&json, 9)?;

    let idle = mine.sync(Vec::new())?;
    let sent = village.work(100, DAY, 250);
    let received = village.work(900, DAY, 250);
    let saves = other.saves(&served, &village, &received)?;
    other.sync(saves)?;
    let saves = mine.saves(&served, &village, &sent)?;
    let day = mine.sync(saves)?;
    ensure!(day.received >= 2 * DAY, "the day's work did not arrive");
    let as_json = |works: &[Work]| works.iter().map(|work| work.to_json(&village)).collect::<Value>();
    let day_json =
        brotli(&serde_json::to_vec(&as_json(&sent))?, 11)? + brotli(&serde_json::to_vec(&as_json(&received))?, 11)?;

    let published = published(tree, &served, &mut mine)?;

    let shown = peers::run(
        tree,
        &json!({ "village": village.to_json(), "sent": as_json(&sent), "received": as_json(&received) }),
    );
    Ok(vec![
        Row::new(
            "idle reconnect, bodies both ways",
            Unit::Bytes,
            idle.bytes() as f64,
            300.0,
        )
        .note(shown.words("idle")),
        Row::new("idle reconnect, round trips", Unit::Rounds, idle.rounds as f64, 1.0).note(shown.rounds("idle")),
        Row::new(
            "a day's work, bodies both ways",
            Unit::Bytes,
            day.bytes() as f64,
            10_000.0,
        )
        .note(format!("{} up, {} down", day.up, day.down))
        .note(format!("JSON in brotli {}", Unit::Bytes.words(day_json as f64)))
        .note(shown.words("day")),
        Row::new("a day's work, round trips", Unit::Rounds, day.rounds as f64, 1.0).note(shown.rounds("day")),
        Row::new(
            "first load, of JSON in brotli",
            Unit::Times,
            before.bytes as f64 / json_small as f64,
            1.2,
        )
        .note(format!("{} households, {} blocks", HOUSEHOLDS, before.blocks)),
        Row::new(
            "first load, a household",
            Unit::Bytes,
            (before.bytes / HOUSEHOLDS) as f64,
            None,
        )
        .note(format!("JSON in brotli {} B", json_small / HOUSEHOLDS))
        .note(shown.words("load")),
        published,
    ])
}

/// What a phone exchanges for a form that the desk published.
fn published(tree: &Tree, served: &Served, mine: &mut Device) -> Result<Row> {
    let template = std::fs::read(tree.path("packs/t02-housing.md"))?;
    let idle = mine.sync(Vec::new())?;
    served.publish(&template)?;
    let form = mine.sync(Vec::new())?;
    ensure!(form.down > idle.down, "the form did not arrive");
    let text = Unit::Bytes.words(brotli(&template, 11)? as f64);
    let name = "a published form, the largest template";
    Ok(Row::new(name, Unit::Bytes, form.bytes() as f64, None).note(format!("its text in brotli {text}")))
}

/// What a first load moves.
struct Loaded {
    bytes: usize,
    blocks: usize,
}

fn load(served: &Served, device: &Device) -> Result<Loaded> {
    let path = format!("/v1/pack/{}", served.space);
    let get = |path: &str| http::must(served.address, path, Some(&device.token()), None, "br");
    let manifest = get(&path)?;
    let mut bytes = manifest.len();
    let manifest = Manifest::decode(&manifest)?;
    for block in &manifest.blocks {
        let name: String = block.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes += get(&format!("{path}/{name}"))?.len();
    }
    Ok(Loaded {
        bytes,
        blocks: manifest.blocks.len(),
    })
}
