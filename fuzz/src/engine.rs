//! The program behind `cargo xtask fuzz`: hands the engine's bytes to the target that the environment names. Without a
//! name it lists the targets, each with the length of inputs that is worth trying.
#![no_main]

use bianfang_fuzz::{TARGETS, Target, panics, seed};
use std::path::PathBuf;
use std::sync::LazyLock;

/// Names the target.
const CHOICE: &str = "BIANFANG_FUZZ_TARGET";
/// The folder that the engine begins with; the seeds are written into it first.
const FOLDER: &str = "BIANFANG_FUZZ_FOLDER";

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var(CHOICE).unwrap_or_default();
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("{CHOICE} names no target: {name}"))
});

fn begin() {
    panics::tell_apart(true);
    if std::env::var_os(CHOICE).is_none() {
        TARGETS
            .iter()
            .for_each(|target| println!("{} {}", target.name, target.bytes_max));
        std::process::exit(0);
    }
    if let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) {
        for (name, bytes) in seed::of(CHOSEN.name) {
            std::fs::write(folder.join(name), bytes).expect("the folder of inputs can be written");
        }
    }
}

libfuzzer_sys::fuzz_target!(init: begin(), |bytes: &[u8]| (CHOSEN.run)(bytes));
