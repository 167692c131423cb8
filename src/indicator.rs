//! What offices ask for, counted from the register and the ledger: sheets of a period, the course of a problem. Pure
//! functions over what is given; nothing is stored, nothing is typed.

pub mod course;
pub mod dispatch;
pub mod period;

pub use course::Course;
pub use dispatch::{Behind, Problem, Sheet};
pub use period::{Cadence, Period};
