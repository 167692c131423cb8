//! Progress of long work, on the error output: one line that is written over on a terminal, now and then a line elsewhere.

use super::Terminal;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(200);
const PAUSE_ELSEWHERE: Duration = Duration::from_secs(5);

/// Progress of one step.
pub(super) struct Progress {
    zh: &'static str,
    en: &'static str,
    terminal: Terminal,
    interactive: bool,
    last: Instant,
    shown: bool,
}

impl Progress {
    /// Of a step with this name.
    pub fn new(zh: &'static str, en: &'static str, terminal: Terminal) -> Self {
        Self {
            zh,
            en,
            terminal,
            interactive: std::io::stderr().is_terminal(),
            last: Instant::now(),
            shown: false,
        }
    }

    /// So many done of so many.
    pub fn at(&mut self, done: usize, of: usize) {
        let pause = if self.interactive { PAUSE } else { PAUSE_ELSEWHERE };
        if self.last.elapsed() < pause {
            return;
        }
        self.last = Instant::now();
        self.shown = true;
        let what = self.terminal.pick(self.zh, self.en);
        if self.interactive {
            eprint!("\r{what} {done}/{of} ");
            // Nothing is lost when a terminal does not take it.
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{what} {done}/{of}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.interactive && self.shown {
            eprintln!();
        }
    }
}
