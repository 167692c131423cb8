//! Hostile bytes at every door of Bianfang. Each target is one function of bytes that must neither panic nor take more
//! memory than [`memory`] allows; the same functions run in every test and, for hours, under `cargo xtask fuzz`.

pub mod chunk;
pub mod input;
pub mod memory;
pub mod panics;
pub mod seed;
pub mod target;
pub mod village;

pub use target::{TARGETS, Target};
