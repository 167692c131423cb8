//! Where things are in the source tree.

use std::path::{Path, PathBuf};

/// The top folder of the source tree.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask/ lies in the top folder")
}

/// A path below the top folder.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// The web project.
pub fn www() -> PathBuf {
    path("www")
}

/// Where Cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), PathBuf::from)
}

/// Logs and stamps of the chores.
pub fn chores() -> PathBuf {
    target().join("xtask")
}
