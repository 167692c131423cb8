//! Forms that a county writes as spreadsheets, and the evaluation of what they ask. Knows nothing of households.

pub mod eval;
pub mod expr;
pub mod moment;
pub mod tree;
pub mod value;
