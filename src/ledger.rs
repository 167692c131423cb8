//! Procedures as data and what became of a thing under them: states, events, who may, what each must carry, what is
//! refused and why, how events that did not know of each other resolve. Knows no documents, no clock and no phone.

pub mod bits;
pub mod condition;
pub mod fold;
pub mod procedure;
pub mod read;
pub mod refusal;
pub mod tables;

pub use fold::{Event, Folded, Standing};
pub use procedure::{Counts, Procedure};
pub use refusal::Refusal;

/// The procedures that come with the app, as they are written. A version that was ever released stays for its records.
const BUILT_IN: &[&str] = &[include_str!("../packs/procedures/finding.md")];
/// The procedure of a finding.
pub const FINDING: &str = "finding";

/// A procedure that comes with the app; the newest version where none is named.
pub fn built_in(id: &str, version: Option<u32>) -> Option<Procedure> {
    let read = |text: &&str| read::read(&tables::read(text)).procedure;
    let all = BUILT_IN.iter().filter_map(read).filter(|one| one.id == id);
    all.filter(|one| version.is_none_or(|version| one.version == version))
        .max_by_key(|one| one.version)
}

#[cfg(test)]
mod tests;
