//! Published forms on the phone: which versions the village has, and a form from its document once the digest says that
//! all of it is here. What was read is kept in memory; lists of forms need no more than cards.

pub(super) mod cards;

use super::error::ClientError;
use super::phone::Book;
use super::store::Store;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId, SpaceId};
use crate::doc::{Document, NoSource, source_of};
use crate::form::definition::Form;
use crate::form::read::Sheet;
use crate::form::{read, source};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// Read forms kept in memory: all that a county has in use, because a list of forms looks at each, and those of the records
/// that are looked at.
const KEPT_MAX: usize = 80;

/// One version of a form that was published in this village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    /// The form's own name, `form_id` of its settings.
    pub form: String,
    pub version: String,
    pub title: String,
    /// The document that holds it.
    pub document: DocId,
    /// The version that new records are made with; of a form that was withdrawn from use there is none.
    pub current: bool,
    /// The day on which the first version of the form was published.
    pub since: Option<Date>,
}

/// The versions that a village document lists, in the order of their publication:
/// of the forms, or of what else is published.
pub(super) fn listed(village: &Document, table: &str, what: &str) -> Vec<Published> {
    let mut all: Vec<(String, RecordId, bool, Published)> = Vec::new();
    for (id, record) in village.records(table) {
        // A line of a newer release may name no document.
        if let (Ok(document), false) = (
            record.text("document").parse(),
            record.is_void() || record.text("what") != what,
        ) {
            let published = Published {
                form: record.text("form"),
                version: record.text("version"),
                title: record.text("title"),
                document,
                current: false,
                since: None,
            };
            all.push((record.text("on"), id, record.text("to").is_empty(), published));
        }
    }
    all.sort_by(|one, two| (&one.0, one.1).cmp(&(&two.0, two.1)));
    let used = all.iter().enumerate().filter(|(_, (_, _, used, _))| *used);
    let last: BTreeMap<String, usize> = used.map(|(place, one)| (one.3.form.clone(), place)).collect();
    let first = |form: &str| {
        all.iter()
            .find(|one| one.3.form == form)
            .and_then(|one| one.0.parse().ok())
    };
    let since: Vec<Option<Date>> = all.iter().map(|one| first(&one.3.form)).collect();
    let marked = all
        .into_iter()
        .zip(since)
        .enumerate()
        .map(|(place, ((.., published), since))| Published {
            current: last.get(&published.form) == Some(&place),
            since,
            ..published
        });
    marked.collect()
}

/// The sheets and files of the form that a document holds.
fn sheets_of(document: &Document, space: SpaceId) -> Result<(Vec<Sheet>, BTreeMap<String, Sheet>), ClientError> {
    let source = source_of(document, space).map_err(|error| match error {
        NoSource::Incomplete => ClientError::FormMissing,
        NoSource::Damaged => ClientError::FormDamaged,
    })?;
    // What was published is here to the letter; if it is no form to this release, it is one to a newer.
    source::read(&source).map_err(|_| ClientError::FormLater)
}

/// The form in them.
fn opened(sheets: &[Sheet], files: &BTreeMap<String, Sheet>) -> Result<Form, ClientError> {
    read::read(sheets, files).form.ok_or(ClientError::FormLater)
}

/// Forms that were read, the one used last behind.
#[derive(Debug, Default)]
pub(super) struct Forms(VecDeque<(DocId, Rc<Form>)>);

impl Forms {
    fn get(&self, document: DocId) -> Option<Rc<Form>> {
        let found = self.0.iter().find(|(id, _)| *id == document);
        found.map(|(_, form)| form.clone())
    }

    fn keep(&mut self, document: DocId, form: Rc<Form>) {
        self.0.retain(|(id, _)| *id != document);
        self.0.push_back((document, form));
        if self.0.len() > KEPT_MAX {
            self.0.pop_front();
        }
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The versions of forms published in this village, oldest first; those withdrawn from use are not current.
    pub(super) fn published(&self) -> Vec<Published> {
        self.core.village.forms.clone()
    }

    /// The form in a document. It never changes, so what was read once is good for ever.
    ///
    /// # Errors
    /// It has not come yet, is not what was published, or needs a newer release; nothing else is touched by that.
    pub(super) async fn form(&mut self, document: DocId) -> Result<Rc<Form>, ClientError> {
        if let Some(form) = self.core.forms.get(document) {
            self.core.forms.keep(document, form.clone());
            return Ok(form);
        }
        let space = self.space()?;
        let found = self.find(document).await?.ok_or(ClientError::FormMissing)?;
        let read = sheets_of(found, space);
        // Its text is not needed any more; households keep their place in memory.
        self.core.open.retain(|open| open.document.id() != document);
        let (sheets, files) = read?;
        let form = Rc::new(opened(&sheets, &files)?);
        self.put_card(document, &sheets, &files, true).await?;
        self.core.forms.keep(document, form.clone());
        Ok(form)
    }

    /// The form in a document, if it was read already.
    pub(super) fn form_at_hand(&self, document: DocId) -> Option<Rc<Form>> {
        self.core.forms.get(document)
    }
}

#[cfg(test)]
mod tests;
