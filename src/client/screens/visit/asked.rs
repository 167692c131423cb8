//! What a form of the county asks on the page of a visit, in the place of the built-in checks: which version, which of its
//! questions answer the visit's own fields, and what a visit holds of it. Without such a form, and for every visit that was
//! made without one, the page asks in the words of the release.

use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::error::ClientError;
use crate::client::fill::{Given, Snapshot};
use crate::client::phone::Book;
use crate::client::screens::forms::{DraftOf, Opened, VISITS, by_question};
use crate::client::screens::seen::{base_in, document_id};
use crate::client::store::{Batch, Store};
use crate::client::view::{FormView, VisitDraft, Words};
use crate::doc::{At, Document, Of, Record};
use crate::form::definition::Form;
use crate::form::register::{Subject, own};
use crate::register::enums::{Basis, Dimension};
use crate::register::visit::{CheckState, checks_on};
use std::collections::BTreeMap;

/// What people answered of the visit's own fields, by their keys; of what applies.
pub(super) fn own_answers(opened: &Opened) -> BTreeMap<String, Given> {
    let all = own(opened.fill.form()).into_iter();
    all.filter_map(|one| Some((one.key.to_owned(), opened.fill.given_at(&one.place)?)))
        .collect()
}

/// A visit as its form holds it.
pub(in crate::client::screens) fn held_by_visit(form: &Form, record: &Record) -> Snapshot {
    let mut held = Snapshot::of(record);
    for one in own(form) {
        let is_check = one.dimension().is_some();
        let text = match is_check {
            true => record.text(one.key),
            false => record.note(one.key).to_owned(),
        };
        if text.is_empty() {
            continue;
        }
        if is_check && record.text(&format!("{}/basis", one.key)) != Basis::Checked.code() {
            held.kept.insert(one.place.clone());
        }
        held.texts.insert(one.place, text);
    }
    held
}

/// What a visit is asked, as the page shows it.
pub(super) struct Asked {
    pub view: Box<FormView>,
    /// Where the visit's own fields are asked, by key.
    pub places: BTreeMap<String, String>,
}

/// What the visits before say.
struct Before {
    states: BTreeMap<Dimension, CheckState>,
    /// The last visit that counts.
    last: Option<Record>,
    /// The last of them that was asked by the same form.
    asked: Option<Record>,
}

impl Before {
    fn of(document: &Document, form: &str, today: crate::base::date::Date) -> Self {
        let family = document.family(Of::Shown);
        let mut visits: Vec<_> = family
            .visits
            .iter()
            .filter(|visit| visit.counts() && visit.on <= today)
            .collect();
        visits.sort_by_key(|visit| std::cmp::Reverse((visit.on, visit.id)));
        let records = || {
            visits
                .iter()
                .filter_map(|visit| document.record(&At::table(VISITS, visit.id)))
        };
        Self {
            last: records().next(),
            asked: records().find(|record| !form.is_empty() && record.text("form") == form),
            states: checks_on(&family.visits, today),
        }
    }

    /// By question, as a new visit begins with it.
    fn answers(&self, form: &Form) -> BTreeMap<String, String> {
        let mut answers = self.asked.as_ref().map(|record| by_question(Snapshot::of(record)));
        let mut answers = answers.take().unwrap_or_default();
        for one in own(form) {
            let text = match one.dimension() {
                Some(dimension) => self.states.get(&dimension).map(|state| state.verdict.code().to_owned()),
                None => self.last.as_ref().map(|last| last.note(one.key).to_owned()),
            };
            answers.extend(text.map(|text| (one.name.to_owned(), text)));
        }
        answers
    }
}

/// The visit that a draft or request names; nothing for a new one.
fn visit_named(visit: &str) -> Result<Option<RecordId>, ClientError> {
    match visit {
        "" => Ok(None),
        visit => visit.parse().map(Some).map_err(|_| ClientError::NotFound),
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The document of the form that a visit is asked by: of one that is corrected the version that it was made with, of
    /// a new one the version in use. Empty for none.
    pub(super) async fn visit_source(&mut self, household: DocId, visit: &str) -> Result<String, ClientError> {
        match visit_named(visit)? {
            Some(visit) => {
                let record = self.document(household).await?.record(&At::table(VISITS, visit));
                Ok(record.ok_or(ClientError::NotFound)?.text("source"))
            }
            None => {
                for one in self.published().into_iter().rev().filter(|one| one.current) {
                    match self.listed_form(one.document).await {
                        Ok(form) if form.subject == Subject::Visit => return Ok(one.document.to_string()),
                        Err(ClientError::Store(error)) => return Err(error.into()),
                        // What has not come yet asks nothing yet.
                        _ => {}
                    }
                }
                Ok(String::new())
            }
        }
    }

    /// Opens the form that a visit is asked by; else why that cannot be, and the visit is asked as ever.
    pub(super) async fn asked_by(
        &mut self,
        household: DocId,
        visit: &str,
        source: &str,
        base: &str,
    ) -> Result<Result<Opened, Words>, ClientError> {
        match self.open_asked(household, visit, source, base).await {
            Ok(opened) => Ok(Ok(opened)),
            Err(ClientError::Store(error)) => Err(error.into()),
            Err(error) => Ok(Err(error.problem().words)),
        }
    }

    /// Leaves open what a visit is asked, and shows it.
    pub(super) async fn asks_here(
        &mut self,
        opened: Option<Result<Opened, Words>>,
    ) -> Result<(Option<Asked>, Option<Words>), ClientError> {
        let opened = match opened {
            None => return Ok((None, None)),
            Some(Err(words)) => return Ok((None, Some(words))),
            Some(Ok(opened)) => opened,
        };
        let places = own(opened.fill.form()).into_iter();
        let asked = Asked {
            places: places.map(|one| (one.key.to_owned(), one.place)).collect(),
            view: Box::new(self.form_view(&opened).await?),
        };
        self.core.filling = Some(opened);
        Ok((Some(asked), None))
    }

    async fn open_asked(
        &mut self,
        household: DocId,
        visit: &str,
        source: &str,
        base: &str,
    ) -> Result<Opened, ClientError> {
        let of = DraftOf {
            document: household,
            form: document_id(source)?,
            about: None,
            record: visit_named(visit)?,
            at_visit: true,
        };
        let known = self.published().into_iter().find(|one| one.document == of.form);
        let today = self.today();
        let document = self.document(household).await?;
        let base = base_in(document, base).unwrap_or_else(|_| document.heads());
        let before = Before::of(document, &known.map(|one| one.form).unwrap_or_default(), today);
        self.open_at_visit(of, base, |form| before.answers(form)).await
    }

    /// What the visit of a draft was asked: as it is open, else opened again.
    pub(super) async fn asked_in(&mut self, draft: &VisitDraft) -> Result<Option<Opened>, ClientError> {
        if draft.source.is_empty() {
            return Ok(None);
        }
        let (household, form) = (document_id(&draft.household)?, document_id(&draft.source)?);
        let record = visit_named(&draft.visit)?;
        let is_it = |opened: &Opened| {
            let of = &opened.of;
            of.at_visit && (of.document, of.form, of.record) == (household, form, record)
        };
        if self.core.filling.as_ref().is_some_and(is_it) {
            return Ok(self.core.filling.take());
        }
        let opened = self.open_asked(household, &draft.visit, &draft.source, &draft.base);
        Ok(Some(opened.await?))
    }

    /// What ends the drafts of all that a visit was asked.
    pub(in crate::client::screens) async fn end_of_asking(
        &mut self,
        household: DocId,
        visit: &str,
    ) -> Result<Batch, ClientError> {
        let visit = visit_named(visit)?;
        let is_it = |opened: &Opened| {
            let of = &opened.of;
            of.at_visit && (of.document, of.record) == (household, visit)
        };
        if self.core.filling.as_ref().is_some_and(is_it) {
            self.core.filling = None;
        }
        self.end_of_asked(household, visit).await
    }
}
