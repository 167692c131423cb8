//! What a worker says with its last breath: where the core stopped. Never what it held.

use super::sys;
use std::panic::PanicHookInfo;
use wasm_bindgen::prelude::*;

/// Runs when the module is loaded. A panic cannot be caught in wasm: the worker posts `{ panic: { place, reason } }` to
/// the page, which ends the worker and starts another.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        let panic = sys::object([("place", place(info).into()), ("reason", reason(info).into())]);
        // Outside a worker there is nobody to tell; the error itself still surfaces.
        let _ = sys::scope().post_message(&sys::object([("panic", panic)]));
    }));
}

fn place(info: &PanicHookInfo) -> String {
    match info.location() {
        Some(location) => format!("{}:{}", location.file(), location.line()),
        None => String::new(),
    }
}

/// Only texts that stand in the source as they are: a formatted one may hold a name or an ID number.
fn reason(info: &PanicHookInfo) -> String {
    info.payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or_default()
        .into()
}
