//! Packages of Debian and its relatives, for what the language's own tools cannot get.

use anyhow::{Result, bail};

use crate::command::{Run, which};

/// Installs packages, or says which command would.
pub fn install(what: &str, packages: &[&str]) -> Result<()> {
    let command = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !available() {
        bail!("{what} is missing, and this system has no apt-get to install it");
    }
    if !is_root() {
        bail!("{what} is missing; install it with: sudo {command}");
    }
    if apt(packages)? {
        return Ok(());
    }
    // A fresh system may have no package lists yet, or old ones.
    Run::new("apt-get", ["update"]).must("apt-update")?;
    if apt(packages)? {
        Ok(())
    } else {
        bail!("{what} is missing, and this failed: {command}")
    }
}

/// Whether packages can be had this way at all.
pub fn available() -> bool {
    which("apt-get").is_some()
}

fn apt(packages: &[&str]) -> Result<bool> {
    let args = ["install", "-y", "--no-install-recommends"].iter().chain(packages);
    Ok(Run::new("apt-get", args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .log("apt-install")?
        .success)
}

fn is_root() -> bool {
    Run::new("id", ["-u"]).first_line().as_deref() == Some("0")
}
