//! What the records say together, and what offices ask for: what looks wrong about them, how far campaigns have come, the
//! sheets of a period, the course of a problem. Pure functions over what is given; nothing is stored, nothing is typed.

pub mod campaign;
pub mod course;
pub mod dispatch;
pub mod period;
pub mod quality;
pub mod survey;

pub use course::Course;
pub use dispatch::{Behind, Problem, Sheet};
pub use period::{Cadence, Period};
