//! The peers: other libraries that do the same with the same village, run with Node in this very run.

use crate::Tree;
use crate::table::Unit;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Scripts in bench/peers, by the name that is shown.
const PEERS: &[(&str, &str)] = &[
    ("Yjs, one document", "yjs.mjs"),
    ("Automerge, one document", "automerge.mjs"),
    ("PouchDB", "pouchdb.mjs"),
];

/// What the peers measured: by peer, an object of figures or the reason why there is none.
pub struct Peers(Vec<(&'static str, Result<Value>)>);

/// Gives the input to every peer.
pub fn run(tree: &Tree, input: &Value) -> Peers {
    let file = Input::write(input);
    let figures = PEERS
        .iter()
        .map(|(name, script)| (*name, figures(tree, name, script, &file)));
    Peers(figures.collect())
}

/// Gives the input to one more peer, which measures something of its own.
pub fn alone(tree: &Tree, name: &str, script: &str, input: &Value) -> Result<Value> {
    figures(tree, name, script, &Input::write(input))
}

/// What a peer is given: a file, as long as it is needed.
struct Input(PathBuf, std::io::Result<()>);

impl Input {
    fn write(input: &Value) -> Self {
        let file = std::env::temp_dir().join(format!("bianfang-bench-peers-{}.json", std::process::id()));
        let written = fs::write(&file, input.to_string());
        Self(file, written)
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // The system clears its temporary folder if this cannot.
        let _ = fs::remove_file(&self.0);
    }
}

fn figures(tree: &Tree, name: &str, script: &str, input: &Input) -> Result<Value> {
    eprintln!("  {name} …");
    let folder = tree.path("bench/peers");
    if !folder.join("node_modules").is_dir() {
        bail!("its packages are not installed");
    }
    if let Err(error) = &input.1 {
        bail!("its input cannot be written: {error}");
    }
    let output = Command::new("node")
        .args(["--max-old-space-size=4096", script])
        .arg(&input.0)
        .current_dir(&folder)
        .output()
        .context("cannot run node")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find(|line| line.contains("rror"));
        bail!("{}", line.unwrap_or("it failed"));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

impl Peers {
    fn each(&self, show: impl Fn(&Value) -> Option<String>) -> String {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|(name, figures)| match figures {
                Ok(figures) => show(figures).map_or(String::new(), |words| format!("{name} {words}")),
                Err(error) => format!("{name}: {error}"),
            })
            .filter(|words| !words.is_empty())
            .collect();
        words.join("; ")
    }

    /// Bytes of a row.
    pub fn words(&self, row: &str) -> String {
        self.each(|figures| Some(Unit::Bytes.words(figures[row]["bytes"].as_f64()?)))
    }

    /// Round trips of a row.
    pub fn rounds(&self, row: &str) -> String {
        self.each(|figures| Some(figures[row]["rounds"].as_u64()?.to_string()))
    }
}
