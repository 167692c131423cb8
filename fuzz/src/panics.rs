//! Panics that somebody is there to catch. Under the engine every other one ends the program, as a find.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work whose panics the product catches by itself; nothing when it could not be done.
pub fn caught<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    CAUGHT.set(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok().flatten();
    CAUGHT.set(false);
    done
}

/// Makes every panic that nobody catches end the program, and the others silent.
pub fn end_the_program() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !CAUGHT.get() {
            usual(panic);
            std::process::abort();
        }
    }));
}
