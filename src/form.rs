//! Forms that a county writes as spreadsheets, and the evaluation of what they ask. Only `register` knows of households,
//! and nothing here reads or writes one.

pub mod around;
pub mod definition;
pub mod eval;
pub mod expr;
pub mod filling;
pub mod instance;
pub mod moment;
pub mod problem;
pub mod read;
pub mod register;
pub mod source;
pub mod tree;
pub mod value;
