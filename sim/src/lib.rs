//! A seeded world of phones, endpoint, network, disk and clock; holds no logic of the product.
//!
//! Phones run the real client over a simulated disk and link, the endpoint the real hub over a log in memory. The same
//! seed gives the same trace.

mod check;
pub mod disk;
pub mod endpoint;
pub mod forge;
pub mod link;
pub mod novelty;
pub mod people;
pub mod phone;
pub mod play;
pub mod random;
pub mod run;
pub mod story;
pub mod trace;
pub mod world;

pub use run::{Ended, run};
pub use world::World;
