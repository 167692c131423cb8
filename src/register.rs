//! The domain in plain types: village, household, person, visit; validation. Knows nothing of storage or merging.

pub mod assessment;
pub mod check;
pub mod duplicate;
pub mod enums;
pub mod field;
pub mod household;
pub mod id_number;
pub mod income;
pub mod link;
pub mod member;
pub mod needs;
pub mod person;
pub mod pinyin;
pub mod search;
pub mod status_event;
pub mod values;
pub mod visit;
pub mod words;
