//! Panics that somebody is there to catch. Under the engine every other one ends the program, as a find.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    static OURS: Cell<bool> = const { Cell::new(false) };
}

/// Runs work in which the library of documents may panic, because the product catches it there, or because nobody can
/// hand over such bytes; nothing when it did.
///
/// # Panics
/// When code of ours panicked.
pub fn of_library<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    CAUGHT.set(true);
    OURS.set(false);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(false);
    assert!(!OURS.get(), "code of ours panicked where only the library may");
    done.ok().flatten()
}

/// Tells panics of the library from ours. Under the engine (`ends`) each of ours ends the program at once.
pub fn tell_apart(ends: bool) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if CAUGHT.get() && is_of_library(panic) {
            return;
        }
        OURS.set(true);
        usual(panic);
        if ends {
            std::process::abort();
        }
    }));
}

fn is_of_library(panic: &PanicHookInfo<'_>) -> bool {
    let file = panic.location().map(|location| location.file().replace('\\', "/"));
    // Without our own names in it: the library itself, what it uses, and the standard library below it.
    file.is_some_and(|file| {
        !["src/", "endpoint/src/", "fuzz/src/"]
            .iter()
            .any(|ours| file.starts_with(ours))
    })
}
