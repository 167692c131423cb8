//! The simple endpoint: stores what phones send, serves the app, imports rosters and exports ledgers.
//!
//! `server` holds connections, `routes` lists what can be asked, `api` answers through the core's hub over `store`.
//! `desk` writes as the endpoint's own device: imports, people, invitations. Nothing in the process keeps what the
//! database owns, so that the command line works beside a running server.

mod answer;
mod api;
pub mod app;
pub mod backup;
pub mod blob;
pub mod book;
pub mod check;
pub mod cli;
pub mod clock;
pub mod desk;
mod endpoint;
pub mod entropy;
pub mod export;
pub mod forms;
mod guard;
pub mod import;
pub mod join;
pub mod judge;
mod limits;
pub mod packs;
pub mod rescue;
pub mod roster;
mod routes;
pub mod server;
pub mod share;
pub mod store;
pub mod village;

pub use app::App;
pub use clock::Clock;
pub use endpoint::Endpoint;
pub use guard::Peer;
pub use routes::routes;
pub use server::{Config, Running, ServeError, TlsFiles, serve, start};
pub use store::{Backend, Store};
