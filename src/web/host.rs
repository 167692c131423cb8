//! The browser's clock and entropy.

use crate::base::host::Host;

/// The browser as the machine underneath.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebHost;

impl Host for WebHost {
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn entropy(&self, out: &mut [u8]) {
        // Every browser that runs wasm has it, in workers and without a secure context too. Ids from anything weaker
        // could collide, so there is no way on without it.
        getrandom::fill(out).expect("the browser's entropy");
    }
}
