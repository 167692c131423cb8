//! Cards: of each published form what lists of forms need, kept on the phone, so that a start opens none of their
//! documents. A form never changes, so a card is good for ever. A stored format.

use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::envelope;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::{Batch, Durability, Store, Table};
use crate::doc::{NoSource, source_of};
use crate::form::definition::Form;
use crate::form::read::{Sheet, head, told};
use crate::form::source;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Before the document of the form in the keys of the state table.
const PREFIX: &[u8] = b"card/";
/// What a stored card begins with: only the settings were read, or all of the form.
const SETTINGS: u8 = 1;
const WHOLE: u8 = 2;

/// What lists need of a form.
#[derive(Clone, Debug)]
struct Card {
    document: DocId,
    /// Without its questions.
    form: Rc<Form>,
    /// This release, or one before, could read all of it.
    whole: bool,
}

/// The cards that are in memory; all that are stored, once they were read.
#[derive(Debug, Default)]
pub(in crate::client) struct Cards {
    read: bool,
    all: Vec<Card>,
}

impl Cards {
    fn get(&self, document: DocId) -> Option<&Card> {
        self.all.iter().find(|card| card.document == document)
    }
}

fn stored(key: &[u8], value: &[u8]) -> Option<Card> {
    let (flag, text) = envelope::open(value)?.split_first()?;
    let (sheets, files) = source::read(std::str::from_utf8(text).ok()?).ok()?;
    Some(Card {
        document: DocId::from_slice(key.strip_prefix(PREFIX)?)?,
        form: Rc::new(head(&sheets, &files)?),
        whole: *flag == WHOLE,
    })
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What the settings of a form say; nothing while it is not here, or where they cannot be read.
    pub(in crate::client) async fn settings_of(&mut self, document: DocId) -> Result<Option<Rc<Form>>, ClientError> {
        Ok(self.card(document).await?.map(|card| card.form))
    }

    /// A form as lists need it, without its questions.
    ///
    /// # Errors
    /// As [`Book::form`].
    pub(in crate::client) async fn listed_form(&mut self, document: DocId) -> Result<Rc<Form>, ClientError> {
        self.read_cards().await?;
        if let Some(card) = self.core.cards.get(document).filter(|card| card.whole) {
            return Ok(card.form.clone());
        }
        let whole = self.form(document).await?;
        Ok(self.core.cards.get(document).map_or(whole, |card| card.form.clone()))
    }

    async fn card(&mut self, document: DocId) -> Result<Option<Card>, ClientError> {
        self.read_cards().await?;
        if let Some(card) = self.core.cards.get(document) {
            return Ok(Some(card.clone()));
        }
        let space = self.space()?;
        let Some(found) = self.find(document).await? else {
            return Ok(None);
        };
        let source: Result<String, NoSource> = source_of(found, space);
        self.core.open.retain(|open| open.document.id() != document);
        // Of one that has not come in whole nothing is known yet.
        if let Some((sheets, files)) = source.ok().and_then(|source| source::read(&source).ok()) {
            self.put_card(document, &sheets, &files, false).await?;
        }
        Ok(self.core.cards.get(document).cloned())
    }

    async fn read_cards(&mut self) -> Result<(), ClientError> {
        if self.core.cards.read {
            return Ok(());
        }
        let entries = self.store.range(Table::State, PREFIX).await?;
        let cards = entries.iter().filter_map(|(key, value)| stored(key, value));
        self.core.cards.all = cards.collect();
        self.core.cards.read = true;
        Ok(())
    }

    /// Keeps what a form says of itself. `whole`: all of it was read.
    pub(super) async fn put_card(
        &mut self,
        document: DocId,
        sheets: &[Sheet],
        files: &BTreeMap<String, Sheet>,
        whole: bool,
    ) -> Result<(), ClientError> {
        self.read_cards().await?;
        let known = self.core.cards.get(document);
        let Some(form) = head(sheets, files).filter(|_| known.is_none_or(|card| whole && !card.whole)) else {
            return Ok(());
        };
        let (sheets, files) = told(sheets, files, &form);
        let mut value = vec![if whole { WHOLE } else { SETTINGS }];
        value.extend(source::write(&sheets, &files).bytes());
        let mut batch = Batch::default();
        batch.put(
            Table::State,
            [PREFIX, document.as_bytes()].concat(),
            envelope::seal(&value),
        );
        self.put_marks(batch, Durability::Relaxed).await?;
        self.core.cards.all.retain(|card| card.document != document);
        self.core.cards.all.push(Card {
            document,
            form: Rc::new(form),
            whole,
        });
        Ok(())
    }
}
