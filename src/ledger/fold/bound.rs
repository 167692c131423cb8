//! What a signature or a sign-off stands over, and whether that is still so. Computed each time, never stored.

use super::Folded;
use crate::ledger::procedure::Kind;
use crate::ledger::projection::{Now, Projection};

impl Folded<'_> {
    /// What a new event of this kind has to keep of the thing, for somebody who has seen everything.
    pub fn judged(&self, kind: &Kind, now: &Now) -> Option<Projection> {
        let counting = (0..self.events.len()).filter(|at| self.verdicts[*at].is_ok());
        Projection::of(kind.binds?, now, counting.map(|at| self.events[at]))
    }

    /// What of what this event judged is no longer so, by the names of the fields. Steps that its author had not seen are
    /// none of it.
    pub fn changed(&self, event: usize, now: &Now) -> Vec<&'static str> {
        let binds = self
            .procedure
            .kind(&self.events[event].kind)
            .and_then(|kind| kind.binds);
        let kept = match (binds, &self.verdicts[event]) {
            (Some(_), Ok(_)) => Projection::kept(self.events[event]),
            _ => None,
        };
        let past = self.pasts.get(event).into_iter().flat_map(|past| past.iter());
        let covered = past.filter(|at| self.verdicts[*at].is_ok()).map(|at| self.events[at]);
        kept.map(|kept| kept.changed(now, covered)).unwrap_or_default()
    }

    /// 签后改动: what was signed or signed off, and still stands, is not as it was.
    pub fn changed_after_signing(&self, now: &Now) -> bool {
        (0..self.pasts.len()).any(|at| !self.is_past(at) && !self.changed(at, now).is_empty())
    }

    /// Somebody who knew of the event led the thing back behind it, or did the same step again.
    fn is_past(&self, event: usize) -> bool {
        let reached = |at: usize| self.verdicts[at].as_ref().ok().copied().flatten();
        let mut later = (0..self.pasts.len()).filter(|at| self.pasts[*at].has(event) && self.verdicts[*at].is_ok());
        later.any(|at| {
            self.events[at].kind == self.events[event].kind || reached(at).is_some_and(|to| Some(to) < reached(event))
        })
    }
}
