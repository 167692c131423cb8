//! The lines of one document on the page: people, visits, further records, each with where one's own work on it is.

use super::{members, records};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::phone::Book;
use crate::client::rows::Rows;
use crate::client::screens::lens::Lens;
use crate::client::screens::say::both;
use crate::client::store::Store;
use crate::client::view::{DiffersView, PersonView, RecordRow, VisitView, WhereView, Words};
use crate::doc::At;
use crate::index::{HouseholdRow, person_tag};
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
        let mut lines = self.lines_to_read(lens, family, differs);
        for person in lines.persons.iter_mut().chain(&mut lines.former) {
            person.standing = of_table("persons", &person.id);
        }
        for visit in &mut lines.visits {
            visit.standing = of_table("visits", &visit.id);
        }
        for record in &mut lines.records {
            record.standing = record.record.parse().ok().and_then(of);
        }
        lines.standing = whole.map(|place| self.where_view(place));
        lines
    }

    /// The same of another day, when nothing was on its way.
    pub(super) fn lines_to_read(&self, lens: &Lens<'_>, family: &Household, differs: &[DiffersView]) -> Lines {
        let (persons, former) = members::of(lens, family, differs);
        Lines {
            persons,
            former,
            visits: self.visits_of(lens, family),
            records: records::of(lens),
            standing: None,
        }
    }
}

impl Lines {
    /// Of a further record of the family: each line says so.
    pub fn of_part(mut self, part: DocId, rows: &Rows) -> Self {
        mark_twins(&mut self.persons, part, rows);
        let of = of_record(rows.household(part));
        for person in self.persons.iter_mut().chain(&mut self.former) {
            person.of.clone_from(&of);
        }
        for visit in &mut self.visits {
            visit.of.clone_from(&of);
        }
        self
    }
}

/// Whose record a line stands in: 罗永1户, with its number where it has one.
pub(in crate::client::screens) fn of_record(row: Option<&HouseholdRow>) -> Words {
    let head = row.map(|row| row.head()).unwrap_or_default();
    match row.map(|row| row.number.as_str()).filter(|number| !number.is_empty()) {
        Some(number) => both(format!("记在{number}"), format!("in record {number}")),
        None => both(
            format!("记在{head}户（待编号）"),
            format!("in the unnumbered record of {head}"),
        ),
    }
}

/// Says of persons that they are counted with another record.
pub(super) fn mark_twins(persons: &mut [PersonView], household: DocId, rows: &Rows) {
    let joined = rows.twins().persons.joined();
    for person in persons {
        let tag = person.id.parse().map(person_tag);
        person.twin = tag.is_ok_and(|tag| joined.is_led((household, tag)));
    }
}
