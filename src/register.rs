//! The domain in plain types: village, household, person, visit; validation. Knows nothing of storage or merging.

pub mod enums;
pub mod field;
pub mod id_number;
pub mod words;
