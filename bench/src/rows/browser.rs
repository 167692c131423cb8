//! The built app in a real browser with the real endpoint: start without a network, saving, merging, memory.

use super::{HOUSEHOLDS, SEED, VISITS};
use crate::Tree;
use crate::served::Served;
use crate::table::{Row, Unit};
use crate::village::Village;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Households that a teammate changes.
const MERGED: usize = 100;
/// Their visits.
const MERGED_VISITS: usize = 10;

/// The rows.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let dist = tree.path("www/dist");
    if !dist.join("index.html").is_file() {
        bail!("the app is not built: cargo xtask build --release");
    }
    let mut village = Village::new(&tree.roster(), SEED, HOUSEHOLDS, VISITS)?;
    village.more_visits(MERGED, MERGED_VISITS);
    let served = Served::start(&village, Some(dist))?;
    served.pack()?;
    let mut script = Script::start(tree, &served)?;
    let mut served = Some(served);
    let figures = loop {
        let line = script.line()?;
        match (line.as_str(), &served) {
            ("changed?", Some(here)) => {
                let mut other = here.device("李强")?;
                let saves = other.saves(here, &village, &village.work(0, MERGED, 300))?;
                other.sync(saves)?;
                script.go_on()?;
            }
            ("offline?", Some(_)) => {
                // Dropping it closes its port.
                served = None;
                script.go_on()?;
            }
            _ => break serde_json::from_str::<Value>(&line).with_context(|| line.clone())?,
        }
    };
    let held = figures["households"].as_u64();
    ensure!(held == Some(HOUSEHOLDS as u64), "the browser held {held:?} households");
    Ok(rows(&figures))
}

/// The script that drives the browser.
struct Script {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Script {
    fn start(tree: &Tree, served: &Served) -> Result<Self> {
        let url = format!("http://localhost:{}", served.address.port());
        let mut child = Command::new("node")
            .arg(tree.path("bench/browser.mjs"))
            .args([&url, &served.invite("王芳")?.link(&url)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run node")?;
        let input = child.stdin.take().context("no way to the script")?;
        let output = child.stdout.take().context("no way from the script")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    fn line(&mut self) -> Result<String> {
        match self.output.next() {
            Some(line) => Ok(line?),
            None => bail!("the browser's script ended: {}", self.child.wait()?),
        }
    }

    fn go_on(&mut self) -> Result<()> {
        Ok(writeln!(self.input)?)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // It ends by itself after its last line; nothing is left to do about one that cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rows(figures: &Value) -> Vec<Row> {
    let row = |name: &str, unit: Unit, key: &str, budget: Option<f64>| match figures[key].as_f64() {
        Some(value) => Row::new(name, unit, value, budget),
        None => Row::absent(name, "the browser did not say"),
    };
    let worst = figures["save_worst_ms"].as_f64().unwrap_or_default();
    let received = figures["merged"]["received"].as_u64().unwrap_or_default();
    let workers = match figures["workers_slowed"].as_bool() {
        Some(true) => "page and worker slowed",
        _ => "the browser slows the page alone",
    };
    vec![
        row(
            "cold start offline to a usable list",
            Unit::Ms,
            "start_1_ms",
            Some(400.0),
        ),
        row("cold start offline, 6 × slower", Unit::Ms, "start_6_ms", Some(1_500.0)).note(workers),
        row(
            "  of it opening the records, the core loaded",
            Unit::Ms,
            "start_data_ms",
            None,
        ),
        row("  of it the list", Unit::Ms, "list_ms", Some(50.0)),
        row("memory of the tab", Unit::Bytes, "memory_bytes", Some(120_000_000.0)),
        row("save a visit durably", Unit::Ms, "save_ms", Some(50.0)).note(format!("worst {worst:.0} ms")),
        row(
            "merge 100 changed households of 10 visits",
            Unit::Ms,
            "merge_ms",
            Some(300.0),
        )
        .note(format!("{received} changes, the exchange with the endpoint included")),
        row("from the invitation to a list", Unit::Ms, "joined_list_ms", None),
        row(
            "from the invitation to everything loaded",
            Unit::Ms,
            "joined_all_ms",
            None,
        ),
    ]
}
