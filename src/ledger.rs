//! Procedures as data and what became of a thing under them: states, events, who may, what each must carry, what is
//! refused and why, how events that did not know of each other resolve. Knows no documents, no clock and no phone.

pub mod bits;
pub mod condition;
pub mod fold;
pub mod procedure;
pub mod projection;
pub mod read;
pub mod refusal;
pub mod signature;
pub mod tables;

pub use fold::{Event, Folded, Standing};
pub use procedure::{Counts, Procedure};
pub use projection::Projection;
pub use refusal::Refusal;

/// The procedures that come with the app, as they are written. A version that was ever released stays for its records.
const BUILT_IN: &[&str] = &[include_str!("../packs/procedures/finding.md")];
/// The procedure of a finding.
pub const FINDING: &str = "finding";

/// How a record says which event it is: the kind of event, the role of its author, the day, the procedure and its
/// version. No field may have one of these names.
pub const RESERVED: [&str; 5] = ["event", "role", "on", "procedure", "version"];

/// A procedure that comes with the app; the newest version where none is named.
pub fn built_in(id: &str, version: Option<u32>) -> Option<Procedure> {
    let read = |text: &&str| read::read(&tables::read(text)).procedure;
    let all = BUILT_IN.iter().filter_map(read).filter(|one| one.id == id);
    all.filter(|one| version.is_none_or(|version| one.version == version))
        .max_by_key(|one| one.version)
}

/// The life of a finding under a version; the newest where none is named or it is not known here.
pub fn finding(version: Option<u32>) -> Procedure {
    let known = built_in(FINDING, version).or_else(|| built_in(FINDING, None));
    known.unwrap_or_default()
}

/// The version by which a finding is judged: that of its first event. Nothing where there is no event.
pub fn version_of(events: &[Event]) -> Option<u32> {
    let first = events.iter().min_by_key(|event| (event.seen.len(), event.id));
    first.map(|event| event.version)
}

#[cfg(test)]
mod tests;
