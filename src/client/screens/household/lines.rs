//! The lines of one document on the page: people, visits, further records, each with where one's own work on it is.

use super::{members, records};
use crate::base::host::Host;
use crate::client::phone::Book;
use crate::client::screens::lens::Lens;
use crate::client::store::Store;
use crate::client::view::{DiffersView, PersonView, RecordRow, VisitView, WhereView};
use crate::doc::At;
use crate::register::household::Household;

/// What stands on the page, line by line.
pub(super) struct Lines {
    pub persons: Vec<PersonView>,
    pub former: Vec<PersonView>,
    pub visits: Vec<VisitView>,
    pub records: Vec<RecordRow>,
    /// Where the work on the whole document is.
    pub standing: Option<WhereView>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The lines of a household.
    pub(super) fn lines(&self, lens: &Lens<'_>, family: &Household, differs: &[DiffersView]) -> Lines {
        let (places, whole) = self.where_of(lens.document);
        let of = |at: At| places.get(&at).map(|place| self.where_view(*place));
        let of_table = |table: &str, id: &str| of(At::table(table, id.parse().ok()?));
        let (mut persons, mut former) = members::of(lens, family, differs);
        for person in persons.iter_mut().chain(&mut former) {
            person.standing = of_table("persons", &person.id);
        }
        let mut visits = self.visits_of(lens, family);
        for visit in &mut visits {
            visit.standing = of_table("visits", &visit.id);
        }
        let mut records = records::of(lens);
        for record in &mut records {
            record.standing = record.record.parse().ok().and_then(of);
        }
        Lines {
            persons,
            former,
            visits,
            records,
            standing: whole.map(|place| self.where_view(place)),
        }
    }
}
