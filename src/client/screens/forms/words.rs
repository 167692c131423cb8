//! Answers of forms in words, wherever fields are told: by the label of the question and the words of the choice.

use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::base::scalar::Scalar;
use crate::client::error::ClientError;
use crate::client::fill::{photo_place, shown};
use crate::client::phone::Book;
use crate::client::screens::lens::Lens;
use crate::client::screens::say::{beside, both, same};
use crate::client::store::Store;
use crate::client::view::Words;
use crate::doc::{At, Document, Record};
use crate::form::definition::{self, Form, Kind, Part, is_english};
use crate::register::field::{Field, RecordKind};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The table of records that were made with forms.
pub(in crate::client::screens) const RECORDS: &str = "records";

/// The table of visits, which a form may ask too.
pub(in crate::client::screens) const VISITS: &str = "visits";

/// The forms that the records of a document were made with.
fn sources(document: &Document) -> BTreeSet<DocId> {
    let tables = [RECORDS, VISITS].into_iter();
    let here = tables.filter(|table| document.kind().tables().contains(table));
    here.flat_map(|table| document.records(table).into_values())
        .filter_map(|record| record.text("source").parse().ok())
        .collect()
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Those of the forms of a document that are in memory.
    pub(in crate::client::screens) fn forms_at_hand(&self, document: &Document) -> BTreeMap<DocId, Rc<Form>> {
        let known = sources(document).into_iter();
        known
            .filter_map(|source| Some((source, self.form_at_hand(source)?)))
            .collect()
    }

    /// Opens the forms of a document, so that its records can be told in words, and the document itself again. A form that
    /// is not here is told by the names of its questions.
    pub(in crate::client::screens) async fn bring_forms(&mut self, id: DocId) -> Result<(), ClientError> {
        let sources = match self.find(id).await? {
            Some(document) => sources(document),
            None => return Ok(()),
        };
        if sources.is_empty() {
            return Ok(());
        }
        for source in sources {
            if let Err(ClientError::Store(error)) = self.form(source).await {
                return Err(error.into());
            }
        }
        self.find(id).await.map(drop)
    }
}

/// Words of a form in both languages of the app, as far as it has them; what they mention of the answers is left open.
fn said(form: &Form, words: &definition::Words) -> Words {
    let chinese = form.languages.iter().find(|language| !is_english(language));
    let english = form.languages.iter().find(|language| is_english(language));
    let of = |language: Option<&String>| open(form.words(words, language.unwrap_or(&form.default_language)));
    both(of(chinese), of(english))
}

/// `${name}` stands for an answer that is not known here.
fn open(text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        said += &rest[..at];
        said += "…";
        let from = &rest[at..];
        rest = &from[from.find('}').map_or(from.len(), |end| end + 1)..];
    }
    said + rest
}

/// A part of a form by the place of its answer, with the repeated parts it stands in.
fn part_at<'f>(form: &'f Form, place: &str) -> Option<(Vec<&'f Part>, &'f Part)> {
    // A photo stands below its question.
    let place = photo_place(place).map_or(place, |(question, _)| question);
    let mut within = form.parts.as_slice();
    let mut repeated = Vec::new();
    let mut steps = place.split('/');
    loop {
        let name = steps.next()?;
        let part = within.iter().find(|part| part.name == name)?;
        match &part.kind {
            Kind::Question(_) => return steps.next().is_none().then_some((repeated, part)),
            Kind::Group(inside) => within = inside,
            Kind::Repeat(inside, _) => {
                steps.next()?.parse::<RecordId>().ok()?;
                repeated.push(part);
                within = inside;
            }
        }
    }
}

impl Lens<'_> {
    fn form_of(&self, record: &Record) -> Option<&Rc<Form>> {
        self.forms.get(&record.text("source").parse().ok()?)
    }

    /// What a record made with a form is called: the title of the form.
    pub(in crate::client::screens) fn form_words(&self, record: &Record) -> Words {
        let title = self.form_of(record).map(|form| form.title.clone());
        match title.filter(|title| !title.is_empty()) {
            Some(title) => same(title),
            None => RecordKind::FormRecord.words().into(),
        }
    }

    fn asked(&self, at: &At) -> Option<Rc<Form>> {
        let source = match at {
            At::In(table, _) if table == RECORDS || table == VISITS => self.document.text(at, "source"),
            _ => return None,
        };
        self.forms.get(&source.parse().ok()?).cloned()
    }

    /// The label of one stored key, which the form says where the record was made with one.
    pub(in crate::client::screens) fn label_at(&self, at: &At, field: &Field, part: &str) -> Words {
        if field.variable() != Some("path") {
            return self.key_label(field, part);
        }
        let form = self.asked(at);
        let Some((form, (repeated, asked))) = form.as_ref().and_then(|form| Some((form, part_at(form, part)?))) else {
            let name = part.rsplit('/').next().unwrap_or(part);
            return same(name);
        };
        let own = match said(form, &asked.label) {
            label if label.zh.is_empty() => same(asked.name.as_str()),
            label => label,
        };
        beside(repeated.into_iter().map(|part| said(form, &part.label)).chain([own]))
    }

    /// A stored value in words, with the words of the form's choices.
    pub(in crate::client::screens) fn shown_at(&self, at: &At, field: &Field, part: &str, value: &Scalar) -> Words {
        let form = (field.variable() == Some("path")).then(|| self.asked(at)).flatten();
        let found = form.as_ref().and_then(|form| Some((form, part_at(form, part)?.1)));
        match found {
            Some((form, asked)) => {
                let value = value.to_text();
                let chinese = form.languages.iter().find(|language| !is_english(language));
                let english = form.languages.iter().find(|language| is_english(language));
                let of = |language: Option<&String>| {
                    shown(form, asked, language.unwrap_or(&form.default_language), &value, &[])
                };
                both(of(chinese), of(english))
            }
            None => self.shown(field, part, value),
        }
    }

    /// Where a question stands in its form, so that answers are told in that order.
    pub(in crate::client::screens) fn asked_at(&self, at: &At, part: &str) -> Option<usize> {
        let form = self.asked(at)?;
        let (_, asked) = part_at(&form, part)?;
        Some(asked.row as usize)
    }
}
