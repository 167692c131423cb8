//! The core and the simulation as one wasm file, for the tests in a real browser. Not in the app's build.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::*;

/// Plays the story of a seed: its trace as hexadecimal digits, and after it what did not hold, if anything.
#[wasm_bindgen]
pub fn play_story(seed: u32) -> String {
    bianfang_sim::play::play(u64::from(seed)).line()
}
