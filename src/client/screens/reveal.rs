//! The whole ID number of a person, shown only while a finger is held on it.

use super::seen::document_id;
use crate::base::host::Host;
use crate::base::id::RecordId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::doc::At;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The whole number as it was written.
    pub(super) async fn reveal_id(&mut self, document: &str, person: &str) -> Result<String, ClientError> {
        let person: RecordId = person.parse().map_err(|_| ClientError::NotFound)?;
        let document = self.document(document_id(document)?).await?;
        let record = document.record(&At::table("persons", person));
        Ok(record.ok_or(ClientError::NotFound)?.text("id_no"))
    }
}
