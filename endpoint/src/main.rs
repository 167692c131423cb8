//! Command line of the endpoint; see lib.rs for the parts.
fn main() {}
