//! What people and faults do in a run, as a typed record: the same seed writes the same story.

use crate::link::NetFault;

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody changes a field of a household.
    Edit {
        phone: usize,
        household: usize,
        key: &'static str,
        value: String,
    },
    /// Somebody saves a visit.
    Visit { phone: usize, household: usize },
    /// Somebody synchronises, over a link with this fault.
    Sync { phone: usize, fault: NetFault },
    /// The power of a phone is cut after so many operations of the next act on it.
    Cut { phone: usize, after: u64, lossy: bool },
    /// A phone's clock jumps.
    Clock { phone: usize, by_ms: i64 },
    /// The phone's storage is full, or no longer.
    Full { phone: usize, full: bool },
    /// The endpoint's database is copied.
    Backup,
    /// The copy is put back.
    Restore,
    /// Time goes on.
    Wait { ms: i64 },
}

/// The kinds of act, for the table of what a set of runs covered.
impl Act {
    /// One word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Edit { .. } => "edit",
            Act::Visit { .. } => "visit",
            Act::Sync { fault, .. } => match fault {
                NetFault::None => "sync",
                NetFault::Offline => "no signal",
                NetFault::LostRequest => "lost request",
                NetFault::LostResponse => "lost receipt",
                NetFault::CutResponse(_) => "cut link",
                NetFault::Twice => "duplicated request",
                NetFault::Portal => "captive portal",
                NetFault::Garbled(_) => "garbled answer",
            },
            Act::Cut { lossy: true, .. } => "power cut, unflushed writes lost",
            Act::Cut { .. } => "killed between storage operations",
            Act::Clock { .. } => "clock jump",
            Act::Full { .. } => "storage full",
            Act::Backup => "backup",
            Act::Restore => "endpoint rolled back",
            Act::Wait { .. } => "time",
        }
    }
}
