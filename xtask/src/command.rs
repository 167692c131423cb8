//! Runs other programs: output goes to a log, and to the person only when something failed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project;

/// Lines of a log that are shown when its program failed.
const TAIL_LINES: usize = 60;
const POLL: Duration = Duration::from_millis(50);

/// One program to run.
pub struct Run {
    command: Command,
    shown: String,
    limit: Option<Duration>,
}

/// What a program left behind.
pub struct Finished {
    /// Whether it returned 0.
    pub success: bool,
    /// Both its output streams.
    pub output: String,
    /// Where the output is kept.
    pub log: PathBuf,
    /// The program with its arguments.
    shown: String,
}

impl Run {
    /// A program with its arguments, in the top folder.
    pub fn new<I: AsRef<OsStr>>(program: &str, args: impl IntoIterator<Item = I>) -> Self {
        let mut command = Command::new(program);
        command.args(args).current_dir(project::root()).stdin(Stdio::null());
        let arguments: Vec<_> = command
            .get_args()
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect();
        Self {
            shown: format!("{program} {}", arguments.join(" ")),
            command,
            limit: None,
        }
    }

    /// npm, in the web project (on Windows npm is a script, which needs its extension).
    pub fn npm<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Self {
        Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" }, args).dir(&project::www())
    }

    /// The cargo that runs this program.
    pub fn cargo<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Self {
        Self::new(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
    }

    /// Runs in another folder.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes a variable of the environment.
    pub fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Ends the program after this time.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The first line of the standard output, if the program exists and returns 0.
    pub fn first_line(mut self) -> Option<String> {
        let output = self
            .command
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .next()
            .map(str::to_owned)
    }

    /// The standard output; fails if the program does.
    pub fn stdout(mut self) -> Result<String> {
        let output = self
            .command
            .output()
            .with_context(|| format!("cannot run {}", self.shown))?;
        if !output.status.success() {
            bail!(
                "{} failed:\n{}",
                self.shown,
                tail(&String::from_utf8_lossy(&output.stderr))
            );
        }
        String::from_utf8(output.stdout).with_context(|| format!("{} printed something that is not UTF-8", self.shown))
    }

    /// Runs to the end with both output streams in the log `name`.
    pub fn log(mut self, name: &str) -> Result<Finished> {
        let log = project::chores().join(format!("{name}.log"));
        fs::create_dir_all(project::chores())?;
        let file = File::create(&log)?;
        let child = self
            .command
            .env("NO_COLOR", "1")
            .env("CARGO_TERM_COLOR", "never")
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot run {}", self.shown))?;
        let status = wait(child, self.limit).with_context(|| self.shown.clone())?;
        let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        Ok(Finished {
            success: status.success(),
            output,
            log,
            shown: self.shown,
        })
    }

    /// As `log`, and fails with the end of the log if the program does.
    pub fn must(self, name: &str) -> Result<Finished> {
        let finished = self.log(name)?;
        if finished.success {
            Ok(finished)
        } else {
            Err(finished.failure())
        }
    }
}

impl Finished {
    /// The error that shows the end of the log.
    pub fn failure(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "{} failed; the end of {}:\n{}",
            self.shown,
            self.log.display(),
            tail(&self.output)
        )
    }
}

fn wait(mut child: Child, limit: Option<Duration>) -> Result<ExitStatus> {
    let Some(limit) = limit else { return Ok(child.wait()?) };
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            bail!("gave no answer within {} s", limit.as_secs());
        }
        std::thread::sleep(POLL);
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

/// Where a program is, looked up as the shell would.
pub fn which(program: &str) -> Option<PathBuf> {
    let file = Path::new(program);
    if file.is_absolute() {
        return file.is_file().then(|| file.to_owned());
    }
    let names = [program.to_owned(), format!("{program}.exe")];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    folders
        .iter()
        .flat_map(|dir| names.iter().map(move |name| dir.join(name)))
        .find(|path| path.is_file())
}
