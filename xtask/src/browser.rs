//! The browser of the tests: one that is there, or Debian's; none is downloaded.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::{Run, which};
use crate::debian;

/// Names the browser if it is none of the usual ones.
pub const CHOICE: &str = "BIANFANG_BROWSER";

const PROGRAMS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// Finds a Chromium.
pub fn find() -> Option<PathBuf> {
    match std::env::var(CHOICE) {
        Ok(chosen) => which(&chosen),
        Err(_) => PROGRAMS.iter().find_map(|program| which(program)),
    }
}

/// Finds or installs a Chromium, and letters for Chinese.
pub fn find_or_install() -> Result<PathBuf> {
    if find().is_none() && debian::available() {
        debian::install("a browser for the tests", &["chromium"])?;
    }
    let browser = find().with_context(|| {
        format!("a browser for the tests is missing; install Chromium or Chrome, or name one in {CHOICE}")
    })?;
    if cfg!(target_os = "linux") && !has_chinese_letters() {
        debian::install("a font with Chinese letters", &["fonts-noto-cjk", "fontconfig"])?;
    }
    Ok(browser)
}

fn has_chinese_letters() -> bool {
    Run::new("fc-list", [":lang=zh-cn", "family"]).first_line().is_some()
}
