//! Procedures as data and what became of a thing under them: states, events, who may, what each must carry, what is
//! refused and why, how events that did not know of each other resolve. Knows no documents, no clock and no phone.

pub mod bits;
pub mod condition;
pub mod fold;
mod kept;
pub mod procedure;
pub mod projection;
pub mod read;
pub mod refusal;
pub mod signature;
pub mod tables;

pub use fold::{Event, Folded, Standing};
pub use kept::Procedures;
pub use procedure::{Counts, Procedure};
pub use projection::Projection;
pub use refusal::Refusal;

/// The procedures that come with the app, as they are written. A version that was ever released stays for its records.
const BUILT_IN: &[(&str, &str)] = &[
    (FINDING, include_str!("../packs/procedures/finding.md")),
    ("renovation", include_str!("../packs/procedures/renovation.md")),
    ("monitoring", include_str!("../packs/procedures/monitoring.md")),
    ("school_return", include_str!("../packs/procedures/school-return.md")),
    ("exit", include_str!("../packs/procedures/exit.md")),
    ("household_plan", include_str!("../packs/procedures/household-plan.md")),
];
/// The procedure of a finding.
pub const FINDING: &str = "finding";

/// How a record says which event it is: the kind of event, the role of its author, the day, the procedure and its
/// version. No field may have one of these names.
pub const RESERVED: [&str; 5] = ["event", "role", "on", "procedure", "version"];

/// A procedure that comes with the app; the newest version where none is named.
pub fn built_in(id: &str, version: Option<u32>) -> Option<Procedure> {
    let named = BUILT_IN.iter().filter(|(name, _)| *name == id);
    let all = named.filter_map(|(_, text)| read::read(&tables::read(text)).procedure);
    all.filter(|one| version.is_none_or(|version| one.version == version))
        .max_by_key(|one| one.version)
}

/// The procedures that come with the app and are begun by a person, by their ids: all but that of a finding.
pub fn begun_by_hand() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(id, _)| *id).filter(|id| *id != FINDING)
}

/// A procedure by the name that a record pins; an empty name is that of a finding. The newest version where none is
/// named or it is not known here; one that is not known at all has a single open state and no step.
pub fn pinned(id: &str, version: Option<u32>) -> Procedure {
    let id = if id.is_empty() { FINDING } else { id };
    let known = built_in(id, version).or_else(|| built_in(id, None));
    known.unwrap_or_else(|| Procedure::unknown(id))
}

/// The version by which a finding is judged: that of its first event. Nothing where there is no event.
pub fn version_of(events: &[Event]) -> Option<u32> {
    let first = events.iter().min_by_key(|event| (event.seen.len(), event.id));
    first.map(|event| event.version)
}

#[cfg(test)]
mod tests;
