//! Opening a form: a new record, a draft that was begun, a record to be corrected or looked at; and answering it.

use super::drafts::{DraftOf, FormDraft, Written};
use super::{RECORDS, VISITS};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::error::ClientError;
use crate::client::fill::{Device, Fill, Snapshot};
use crate::client::phone::Book;
use crate::client::screens::forms::subject::Whom;
use crate::client::screens::record::void_reason;
use crate::client::screens::seen::{base_in, base_text, document_id, record_at};
use crate::client::screens::visit::held_by_visit;
use crate::client::store::Store;
use crate::client::view::{AnsweredView, FormTrouble, FormView};
use crate::doc::{At, Document, Hash, Record};
use crate::form::definition::Form;
use crate::form::register::Subject;
use crate::register::field::RecordKind;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The form that is open.
pub(in crate::client) struct Opened {
    pub fill: Fill,
    pub of: DraftOf,
    pub whom: Whom,
    /// The heads on which it was opened; none where the document is still to be made.
    pub base: Vec<Hash>,
    /// The record as it stood then; empty for a new one.
    pub seen: Record,
    /// What answers would have been written into the register already, by place: they are written once.
    pub given: BTreeMap<String, String>,
    pub written: Written,
    pub resumed: bool,
    pub readonly: bool,
    /// It stays open after the request.
    pub stays: bool,
}

impl Opened {
    /// Opens the same in another language.
    pub fn speak(&mut self, language: &str, host: &impl Host) {
        let held = self.fill.snapshot();
        let (form, last) = (self.fill.form_shared(), self.fill.last().clone());
        let tapped = self.fill.tapped();
        self.fill = Fill::open(form, language, Device::of(host), last, Some(&held));
        self.fill.tap(&tapped);
    }

    /// The record was finished before: what has to be answered has to be there.
    pub fn was_done(&self) -> bool {
        self.seen.int("done") == Some(1)
    }

    fn draft(&self, now_ms: i64) -> FormDraft {
        FormDraft {
            of: self.of.clone(),
            changed_at_ms: now_ms,
            base: base_text(&self.base),
            title: self.fill.form().title.clone(),
            head: self.whom.name.clone(),
            language: self.fill.language().to_owned(),
            held: self.fill.snapshot(),
        }
    }
}

/// A record that is there: where it stands, as it stood, and its form.
struct Standing {
    id: RecordId,
    seen: Record,
    form: DocId,
    about: String,
    at_visit: bool,
}

/// A record of a document at some heads.
fn standing(document: &Document, record: &str, base: &[Hash]) -> Result<Standing, ClientError> {
    let place = record_at(record)?;
    let At::In(table, id) = &place else {
        return Err(ClientError::NotFound);
    };
    let at_visit = table == VISITS;
    if !(at_visit || table == RECORDS) || !document.kind().tables().contains(&table.as_str()) {
        return Err(ClientError::NotFound);
    }
    let seen = document.record_at(&place, base).ok_or(ClientError::NotFound)?;
    Ok(Standing {
        id: *id,
        form: seen.text("source").parse().map_err(|_| ClientError::NotFound)?,
        about: seen.text("about"),
        at_visit,
        seen,
    })
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Opens a form for a new record, or a record to be corrected; resumes what was begun.
    pub(super) async fn open_form(
        &mut self,
        document: &str,
        about: &str,
        form: &str,
        record: &str,
    ) -> Result<FormView, ClientError> {
        let opened = Box::pin(self.opening(document, about, form, record, false)).await?;
        let view = self.form_view(&opened).await?;
        self.core.filling = Some(opened);
        Ok(view)
    }

    /// A record with the version it was made with, to look at.
    pub(super) async fn form_record(&mut self, document: &str, record: &str) -> Result<FormView, ClientError> {
        let opened = Box::pin(self.opening(document, "", "", record, true)).await?;
        self.form_view(&opened).await
    }

    async fn opening(
        &mut self,
        document: &str,
        about: &str,
        form: &str,
        record: &str,
        readonly: bool,
    ) -> Result<Opened, ClientError> {
        let mut whom = self.whom(document, about).await?;
        let mut of = DraftOf {
            document: whom.document,
            form: document_id(form).unwrap_or(DocId([0; 16])),
            about: whom.about,
            record: None,
            at_visit: false,
        };
        let mut now = Vec::new();
        if !record.is_empty() {
            let document = self.document(whom.document).await?;
            now = document.heads();
            let there = standing(document, record, &now)?;
            let id = whom.document.to_string();
            whom = self.whom(&id, &there.about).await?;
            of = DraftOf {
                document: whom.document,
                form: there.form,
                about: whom.about,
                record: Some(there.id),
                at_visit: there.at_visit,
            };
        }
        let draft = match readonly {
            true => None,
            false => self.form_draft(&of).await?,
        };
        // What a visit was asked is looked at here; it is corrected on the page of the visit.
        let subject = match of.at_visit && readonly {
            true => Subject::Visit,
            false => whom.subject,
        };
        let form = self.form_for(&of, &whom, subject).await?;
        let (mut base, mut seen, mut last) = (now, Record::default(), BTreeMap::new());
        if let Some(document) = self.find(whom.document).await? {
            // A draft goes on where it was begun, as long as that is known here.
            let begun = draft
                .as_ref()
                .and_then(|(draft, _)| base_in(document, &draft.base).ok());
            base = begun.unwrap_or_else(|| document.heads());
            match of.record {
                Some(id) => seen = standing(document, &of.at(id).to_string(), &base)?.seen,
                None => last = last_answers(document, &form, &whom),
            }
        }
        Ok(self.fill_for(form, whom, of, base, (seen, last), draft, readonly))
    }

    /// The form of a record about somebody, with what the register says in its lists.
    async fn form_for(&mut self, of: &DraftOf, whom: &Whom, subject: Subject) -> Result<Rc<Form>, ClientError> {
        let form = self.form(of.form).await?;
        if form.subject != subject {
            return Err(ClientError::NotFound);
        }
        let lists = self.lists(whom, &form.built_in).await?;
        Ok(match lists.is_empty() {
            true => form,
            false => Rc::new(form.with_lists(lists)),
        })
    }

    /// Opens what a visit asks, on what the person saw, or goes on with it. `last` is asked for what the visits before
    /// found, by question.
    pub(in crate::client::screens) async fn open_at_visit(
        &mut self,
        of: DraftOf,
        base: Vec<Hash>,
        last: impl FnOnce(&Form) -> BTreeMap<String, String>,
    ) -> Result<Opened, ClientError> {
        let whom = self.whom(&of.document.to_string(), "").await?;
        let draft = self.form_draft(&of).await?;
        let form = self.form_for(&of, &whom, Subject::Visit).await?;
        let (mut seen, mut before) = (Record::default(), BTreeMap::new());
        match of.record {
            Some(id) => {
                let document = self.document(of.document).await?;
                seen = standing(document, &of.at(id).to_string(), &base)?.seen;
            }
            None => before = last(&form),
        }
        Ok(self.fill_for(form, whom, of, base, (seen, before), draft, false))
    }

    #[allow(clippy::too_many_arguments, reason = "what was just read, put together")]
    fn fill_for(
        &self,
        form: Rc<Form>,
        whom: Whom,
        of: DraftOf,
        base: Vec<Hash>,
        (seen, last): (Record, BTreeMap<String, String>),
        draft: Option<(FormDraft, Written)>,
        readonly: bool,
    ) -> Opened {
        let stored = of.record.is_some().then(|| match of.at_visit {
            true => held_by_visit(&form, &seen),
            false => Snapshot::of(&seen),
        });
        let open = |held: Option<&Snapshot>, language: &str| {
            Fill::open(Rc::clone(&form), language, Device::of(self.host), last.clone(), held)
        };
        // Only forms that write into the register need to know what was written before.
        let writes = stored.as_ref().filter(|_| !readonly && writes(&form));
        let given = writes.map(|stored| open(Some(stored), "").given()).unwrap_or_default();
        let resumed = draft.is_some();
        let (fill, written) = match draft {
            Some((draft, written)) => (open(Some(&draft.held), &draft.language), written),
            None => (open(stored.as_ref(), ""), Written::default()),
        };
        Opened {
            fill,
            of,
            whom,
            base,
            readonly: readonly || seen.is_void(),
            seen,
            given,
            written,
            resumed,
            stays: true,
        }
    }

    /// An answer on the open form; its draft is kept.
    pub(super) async fn answer(
        &mut self,
        opened: &mut Opened,
        place: &str,
        value: &str,
    ) -> Result<AnsweredView, ClientError> {
        if opened.readonly {
            return Err(ClientError::NotFound);
        }
        let did = opened.fill.answer(place, value).ok_or(ClientError::NotFound)?;
        if !self.keep_beside(&opened.of, &did.held, &mut opened.written).await? {
            self.keep_opened(opened).await?;
        }
        Ok(AnsweredView {
            proposals: self.proposal_views(opened),
            updates: self.update_views(opened).await?,
            ..did.view
        })
    }

    /// Keeps the whole draft of the open form.
    pub(super) async fn keep_opened(&mut self, opened: &mut Opened) -> Result<(), ClientError> {
        let draft = opened.draft(self.host.now_ms());
        self.keep_whole(&draft, &mut opened.written).await
    }

    /// The open form as the app draws it.
    pub(in crate::client::screens) async fn form_view(&mut self, opened: &Opened) -> Result<FormView, ClientError> {
        let fill = &opened.fill;
        let troubles = match opened.readonly {
            true => Vec::new(),
            false => troubles(opened, true),
        };
        let proposals = self.proposal_views(opened);
        let updates = self.update_views(opened).await?;
        let form = fill.form();
        let mut items = fill.items();
        if opened.readonly {
            items.iter_mut().for_each(|item| item.readonly = true);
        }
        Ok(FormView {
            document: opened.whom.document.to_string(),
            about: opened.whom.about_text(),
            head: opened.whom.name.clone(),
            form: opened.of.form.to_string(),
            title: form.title.clone(),
            version: form.version.clone(),
            record: match opened.of.record {
                Some(id) => opened.of.at(id).to_string(),
                None => String::new(),
            },
            base: base_text(&opened.base),
            on: match opened.seen.text("on") {
                on if on.is_empty() => self.today().to_string(),
                on => on,
            },
            languages: form.languages.clone(),
            language: fill.language().to_owned(),
            void_reason: void_reason(&opened.seen),
            may_edit: opened.of.record.is_some() && !opened.seen.is_void(),
            readonly: opened.readonly,
            resumed: opened.resumed,
            done: opened.was_done(),
            sections: fill.sections().to_vec(),
            items,
            proposals,
            updates,
            troubles,
        })
    }

    /// Drops a draft that may not be opened.
    pub(super) async fn drop_form_draft(
        &mut self,
        document: &str,
        about: &str,
        form: &str,
        record: &str,
    ) -> Result<(), ClientError> {
        let record = match record {
            "" => None,
            record => match record_at(record)? {
                At::In(_, id) => Some(id),
                At::Own => return Err(ClientError::NotFound),
            },
        };
        let about = match about {
            "" => None,
            about => Some(about.parse().map_err(|_| ClientError::NotFound)?),
        };
        let of = DraftOf {
            document: match document {
                "" => crate::doc::place_id(self.space()?),
                document => document_id(document)?,
            },
            form: document_id(form)?,
            about,
            record,
            at_visit: false,
        };
        if self.core.filling.as_ref().is_some_and(|opened| opened.of == of) {
            self.core.filling = None;
        }
        self.drop_filled(&of).await
    }
}

/// Whether any answer of a form is written into the register.
fn writes(form: &Form) -> bool {
    let mut writes = false;
    form.walk(&mut |part, _| writes |= !part.save_to.is_empty());
    writes
}

/// What stands in the way of saving; what is missing only where the record is to be finished.
pub(in crate::client::screens) fn troubles(opened: &Opened, finish: bool) -> Vec<FormTrouble> {
    let fill = &opened.fill;
    let of = fill.standing_in_the_way(finish || opened.was_done());
    of.into_iter()
        .map(|(node, words)| FormTrouble {
            place: fill.place_of(node),
            label: fill.label_of(node),
            words,
        })
        .collect()
}

/// The answers of the last record of a form that was finished, by question: of what stands in no repeated part.
fn last_answers(document: &Document, form: &Form, whom: &Whom) -> BTreeMap<String, String> {
    let Some(table) = RecordKind::FormRecord.table() else {
        return BTreeMap::new();
    };
    let about = whom.about_text();
    let records = document.records(table).into_iter();
    let last = records
        .filter(|(_, record)| !record.is_void() && record.int("done") == Some(1))
        .filter(|(_, record)| record.text("form") == form.id && record.text("about") == about)
        .max_by_key(|(id, record)| (record.text("on"), *id));
    let Some((_, last)) = last else { return BTreeMap::new() };
    by_question(Snapshot::of(&last))
}

/// What is held, by question: of what stands in no repeated part.
pub(in crate::client::screens) fn by_question(held: Snapshot) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    let is_id = |step: &str| step.parse::<RecordId>().is_ok();
    for (place, text) in held.texts {
        let name = place.rsplit('/').next().unwrap_or_default();
        if !text.is_empty() && !place.split('/').any(is_id) {
            answers.entry(name.to_owned()).or_insert(text);
        }
    }
    answers
}
