//! Ids, calendar dates, named limits: what every other module stands on.

pub mod codec;
pub mod date;
pub mod decimal;
pub mod host;
pub mod id;
pub mod inflate;
pub mod limits;
pub mod money;
pub mod picture;
pub mod scalar;
pub mod text;
