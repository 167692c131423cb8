//! 复发: the same kind of problem of the same household within a year of a sign-off. It follows from the rows, and is
//! written nowhere.

use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::screens::say::{both, day};
use crate::client::store::Store;
use crate::client::view::LinkedFinding;
use crate::index::FindingRow;

/// After so many months it is a new problem.
const MONTHS: i32 = 12;
const SIGNED_OFF: &str = "signed_off";

/// A problem of a household that was signed off.
pub(in crate::client) struct SignedOff {
    id: DocId,
    household: DocId,
    category: String,
    on: Date,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Every problem of a household that was signed off.
    pub(in crate::client::screens) fn signed_off(&self) -> Vec<SignedOff> {
        let findings = self.core.rows.findings();
        let past = |(id, row): (DocId, &FindingRow)| {
            let status = row.status.as_ref().filter(|status| status.state == SIGNED_OFF)?;
            let said = !row.void && !row.category.is_empty();
            Some(SignedOff {
                id,
                household: self.core.rows.leader(row.household.filter(|_| said)?),
                category: row.category.clone(),
                on: status.since?,
            })
        };
        findings.filter_map(past).collect()
    }

    /// The problem that came back in this one: the one signed off last before it was found.
    pub(in crate::client::screens) fn came_back(
        &self,
        past: &[SignedOff],
        id: DocId,
        row: &FindingRow,
    ) -> Option<(DocId, Date)> {
        let (household, found) = (self.core.rows.leader(row.household?), row.found_on?);
        let before = past.iter().filter(|one| {
            one.household == household
                && one.id != id
                && one.category == row.category
                && one.on <= found
                && found <= one.on.add_months(MONTHS)
                && !row.void
        });
        let last = before.max_by_key(|one| (one.on, one.id))?;
        Some((last.id, last.on))
    }

    /// The problem that came back in this one, and those in which this one came back.
    pub(super) fn same_again(&self, past: &[SignedOff], id: DocId, row: &FindingRow) -> Vec<LinkedFinding> {
        let today = self.today();
        let earlier = self.came_back(past, id, row).map(|(earlier, on)| {
            let on = day(on, today);
            LinkedFinding {
                id: earlier.to_string(),
                words: both(
                    format!("上一次：{}已销号", on.zh),
                    format!("The time before: signed off {}", on.en),
                ),
            }
        });
        let same =
            |other: &FindingRow| row.household.is_some() && other.household.is_some() && other.category == row.category;
        let others = self.core.rows.findings().filter(|(_, other)| same(other));
        let later = others.filter(|(other, row)| self.came_back(past, *other, row).is_some_and(|(of, _)| of == id));
        let later = later.map(|(later, row)| {
            let on = row.found_on.map(|on| day(on, today)).unwrap_or_default();
            LinkedFinding {
                id: later.to_string(),
                words: both(
                    format!("{}又出现同类问题", on.zh),
                    format!("The same kind again on {}", on.en),
                ),
            }
        });
        earlier.into_iter().chain(later).collect()
    }
}
