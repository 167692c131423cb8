//! The simple endpoint: stores what phones send, serves the app, imports rosters and exports ledgers.

pub mod roster;
