//! What a worker says with its last breath: where the core stopped. Never why, for that text may hold data.

use super::sys;
use wasm_bindgen::prelude::*;

/// Runs when the module is loaded. A panic cannot be caught in wasm: the worker posts `{ fatal: "src/file.rs:12" }`, and
/// the page ends it, starts another and notes the place in the error record.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        let place = match info.location() {
            Some(location) => format!("{}:{}", short(location.file()), location.line()),
            None => String::from("unknown"),
        };
        // Outside a worker there is nobody to tell; the error itself still surfaces.
        let _ = sys::scope().post_message(&sys::object([("fatal", place.into())]));
    }));
}

/// A path without the folders of the machine that built it.
fn short(path: &str) -> &str {
    let after = |mark: &str| path.find(mark).map(|at| &path[at + mark.len()..]);
    match after("/registry/src/") {
        // The folder of the registry, then the library.
        Some(library) => library.split_once('/').map_or(library, |(_, rest)| rest),
        None => after("/library/").unwrap_or(path),
    }
}
