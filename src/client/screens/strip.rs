//! The strip on top of each tab: where the work is, in numbers that are the outbox itself.

use crate::base::host::Host;
use crate::base::limits::CLOCK_SKEW_SHOWN_MS;
use crate::client::api::Notice;
use crate::client::error::ClientError;
use crate::client::phone::{Book, SyncState};
use crate::client::store::Store;
use crate::client::view::StripView;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The strip as of now.
    pub(in crate::client) fn strip(&self) -> StripView {
        let core = &self.core;
        let off = core.progress.clock_off_ms;
        // What the phone was told once stays true until the endpoint takes it again, also after a new start.
        let told = match (core.progress.revoked, core.progress.unknown) {
            (true, _) => Some("device_revoked"),
            (false, true) => Some("unauthorized"),
            (false, false) => None,
        };
        let told = told.map(|code| ClientError::Refused(code.into(), 0));
        let state = if told.is_some() {
            SyncState::Refused
        } else {
            core.sync_state
        };
        StripView {
            local: core.outbox.len() as u32,
            synced_at: core.progress.synced_at_ms,
            sync: state.code().into(),
            trouble: core.trouble.as_ref().or(told.as_ref()).map(|error| error.problem()),
            clock_off_days: if off.abs() > CLOCK_SKEW_SHOWN_MS {
                (off / DAY_MS) as i32
            } else {
                0
            },
        }
    }

    /// Tells open screens that the strip changed.
    pub(in crate::client) fn tell_strip(&mut self) {
        let strip = self.strip();
        self.core.notices.push(Notice::Strip { strip });
    }
}
