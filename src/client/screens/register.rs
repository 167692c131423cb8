//! 登记新户: a family that the roster does not hold. A family that is there already is noticed while typing, never refused:
//! two documents may be joined later.

use super::filled::Filled;
use super::record::nameless;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::base::scalar::Scalar;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::SavedView;
use crate::doc::{At, DocKind, Put, Record};
use crate::register::field::{RecordKind, named};
use crate::register::id_number::IdNumber;
use crate::register::person::HEAD;

/// What is known of the family.
pub(super) struct NewHousehold<'a> {
    pub head: &'a str,
    pub group: &'a str,
    pub id_no: &'a str,
    pub phone: &'a str,
    /// Empty while 待编号.
    pub number: &'a str,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Registers a family with its head.
    pub(super) async fn register_household(&mut self, new: &NewHousehold<'_>) -> Result<SavedView, ClientError> {
        let today = self.today();
        let read = |kind: RecordKind, key: &str, written: &str| named(kind, key).read(written, today).value;
        let name = read(RecordKind::Person, "name", new.head);
        if name.is_empty() {
            return Err(nameless());
        }
        let document = DocId(self.host.random_16());
        let at = At::table("persons", self.host.record_id());
        let mut head = Filled::of(RecordKind::Person, &Record::default());
        head.put("name", name);
        head.put("relation", HEAD);
        head.put("id_no", read(RecordKind::Person, "id_no", new.id_no));
        if let Ok(id) = IdNumber::parse(new.id_no, today) {
            head.put("sex", id.sex.word());
            head.put("birth", id.birth.to_string());
        }
        let own = [("group", new.group), ("phone", new.phone), ("number", new.number)];
        let values = own.map(|(key, written)| (key, read(RecordKind::Household, key, written)));
        let own = values
            .into_iter()
            .filter(|(_, value)| !Scalar::is_empty(value))
            .map(|(key, value)| Put::Value {
                at: At::Own,
                key: key.to_owned(),
                value,
            });
        let edit = DocEdit {
            kind: DocKind::Household,
            document,
            base: None,
            puts: own.chain([head.create(&at)]).collect(),
        };
        self.save(vec![edit], Batch::default()).await?;
        self.saved(document, &at, &head).await
    }
}
