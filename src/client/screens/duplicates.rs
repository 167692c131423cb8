//! 疑似重复户: households that look like the same family, beside one that is there and one that is being typed.

use super::twins::Twin;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::text;
use crate::client::alike::Alike;
use crate::client::error::ClientError;
use crate::client::marks::traits;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::DuplicateView;
use crate::index::id_hash;
use crate::register::duplicate::{Reason, Traits, look_alikes};

/// So many are enough to see that a family is there already.
const SHOWN_MAX: usize = 10;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The households that look like this one or one of those shown under it, certain ones first.
    pub(in crate::client) fn duplicates_of(&self, household: DocId) -> Vec<DuplicateView> {
        let rows = &self.core.rows;
        let ours = |id: DocId| id == household || rows.leader(id) == household;
        let concerned = |pair: &&Alike| ours(pair.one) || ours(pair.other);
        let pairs = rows.alike().households.iter().filter(concerned);
        let views = pairs.filter_map(|pair| {
            let other = if ours(pair.one) { pair.other } else { pair.one };
            Some(DuplicateView {
                one: Twin::household(pair.one).to_string(),
                other: Twin::household(pair.other).to_string(),
                state: if pair.disputed { "disputed" } else { "open" }.into(),
                ..self.duplicate(other, pair.reason)?
            })
        });
        views.take(SHOWN_MAX).collect()
    }

    /// The households that a family being typed may be: those that left as well, for a family may come back.
    pub(super) fn look_alike(
        &self,
        head: &str,
        group: &str,
        id_no: &str,
        number: &str,
    ) -> Result<Vec<DuplicateView>, ClientError> {
        let hash = id_hash(&self.enrolled()?.space_key, &text::compact(id_no));
        let typed = Traits {
            number: text::compact(number),
            id_hashes: Some(hash).filter(|hash| *hash != [0; 8]).into_iter().collect(),
            head_id: hash,
            head: head.to_owned(),
            group: group.to_owned(),
        };
        let known: Vec<(DocId, Traits)> = self.core.rows.households().map(|(id, row)| (id, traits(row))).collect();
        Ok(look_alikes(&typed, known.iter().map(|(id, traits)| (*id, traits)))
            .into_iter()
            .filter_map(|(id, reason)| self.duplicate(id, Some(reason)))
            .take(SHOWN_MAX)
            .collect())
    }

    fn duplicate(&self, other: DocId, reason: Option<Reason>) -> Option<DuplicateView> {
        let row = self.core.rows.household(other)?;
        Some(DuplicateView {
            household: self.household_row(other, row, ""),
            certain: reason.is_some_and(Reason::is_certain),
            why: reason.map(|reason| reason.words().into()).unwrap_or_default(),
            one: String::new(),
            other: String::new(),
            state: "open".into(),
        })
    }
}
