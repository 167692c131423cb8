//! Synchronisation: one request and one response per space. The same code runs on the phone, in the endpoint and in
//! the simulation; it does no IO.
//!
//! `wire` says what is sent, `frame` how it becomes bytes; `hub` answers at the endpoint over a `log`; `digest` proves
//! that both sides hold the same.

pub mod digest;
pub mod enrol;
pub mod frame;
pub mod hub;
pub mod log;
pub mod memory;
pub mod pack;
pub mod rescue;
pub mod share;
pub mod wire;

mod admission;
mod chain;
pub mod conduct;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
#[cfg(test)]
mod tests;
