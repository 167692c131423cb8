//! A document as it was: some of its changes and everything they stand on.

use super::document::{DocError, Document, Hash};
use super::history::ChangeInfo;
use std::collections::BTreeSet;

impl Document {
    /// The document with the changes to be kept and all their ancestors, and nothing else.
    ///
    /// # Errors
    /// None for a document that was opened: what is kept was applied before.
    pub fn only(&self, keep: impl Fn(&ChangeInfo) -> bool) -> Result<Self, DocError> {
        let mut kept: BTreeSet<Hash> = BTreeSet::new();
        for change in self.changes().iter().rev() {
            if kept.contains(&change.hash) || keep(change) {
                kept.insert(change.hash);
                kept.extend(&change.deps);
            }
        }
        let changes = self.changes_since(&[]).into_iter();
        let changes = changes.filter(|(hash, _)| kept.contains(hash)).map(|(_, bytes)| bytes);
        Self::open(self.kind(), self.id(), None, changes)
    }
}
