//! Which forms are offered where, and the records that were made with forms.

use super::RECORDS;
use super::steps::done_words;
use super::subject::Whom;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::fill::{Device, Fill, Snapshot};
use crate::client::forms::Published;
use crate::client::phone::Book;
use crate::client::screens::lens::Lens;
use crate::client::screens::record::void_reason;
use crate::client::screens::say::chosen;
use crate::client::screens::seen::base_of;
use crate::client::store::Store;
use crate::client::view::{FormMissing, FormRecordRow, FormRow, FormSubject, FormsView, Words};
use crate::doc::{At, DocKind, Of, Record};
use crate::form::around::Around;
use crate::form::definition::{Form, Kind, List, Question};
use crate::form::filling::is_offered;
use crate::form::register::{BuiltIn, Subject};
use crate::register::enums::FacilityKind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Records whose names are worked out; of more the title has to do.
const NAMED_MAX: usize = 40;

/// A form in use, without its questions.
#[derive(Clone)]
pub(super) struct InUse {
    pub published: Published,
    pub form: Rc<Form>,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The forms in use that are here, and those that are not.
    pub(super) async fn in_use(&mut self) -> Result<(Vec<InUse>, Vec<FormMissing>), ClientError> {
        let (mut here, mut missing) = (Vec::new(), Vec::new());
        let published = self.published();
        for published in published.into_iter().filter(|one| one.current) {
            match self.listed_form(published.document).await {
                Ok(form) => here.push(InUse { published, form }),
                Err(ClientError::Store(error)) => return Err(error.into()),
                Err(error) => missing.push(FormMissing {
                    form: published.document.to_string(),
                    title: published.title,
                    version: published.version,
                    words: error.problem().words,
                }),
            }
        }
        Ok((here, missing))
    }

    /// Those of the forms that are offered for somebody or something.
    pub(super) async fn offered_for<'f>(
        &mut self,
        forms: &'f [InUse],
        whom: &Whom,
    ) -> Result<Vec<&'f InUse>, ClientError> {
        let of_kind: Vec<&InUse> = forms.iter().filter(|one| one.form.subject == whom.subject).collect();
        let asked = asked(of_kind.iter().copied());
        let rows = self.lists(whom, &asked).await?;
        let is = |one: &&InUse| applies(&one.form, &rows, self.host);
        Ok(of_kind.into_iter().filter(is).collect())
    }

    /// The forms of a household, person, village, group or facility.
    pub(super) async fn forms(&mut self, document: &str, about: &str) -> Result<FormsView, ClientError> {
        let whom = self.whom(document, about).await?;
        let (forms, missing) = self.in_use().await?;
        let drafts = self.form_drafts().await?;
        let mut records = Vec::new();
        for id in std::iter::once(whom.document).chain(self.core.rows.parts(whom.document)) {
            records.extend(self.form_records(id, &whom, &forms).await?);
        }
        records.sort_by_key(|(order, _)| Reverse(order.clone()));
        let mut records: Vec<FormRecordRow> = records.into_iter().map(|(_, row)| row).collect();
        for row in &mut records {
            let of = |draft: &crate::client::screens::forms::drafts::FormDraft| {
                draft.of.document.to_string() == row.document
                    && draft
                        .of
                        .record
                        .is_some_and(|id| super::at(id).to_string() == row.record)
            };
            row.draft = drafts.iter().any(of);
        }
        let mut offered = Vec::new();
        let days = self.finished_days(&whom).await?;
        let today = self.today();
        for one in self.offered_for(&forms, &whom).await? {
            let days = days.get(&one.form.id).map(Vec::as_slice).unwrap_or_default();
            let draft = |draft: &crate::client::screens::forms::drafts::FormDraft| {
                let of = &draft.of;
                of.document == whom.document
                    && of.about == whom.about
                    && of.record.is_none()
                    && of.form == one.published.document
            };
            offered.push(FormRow {
                form: one.published.document.to_string(),
                title: one.form.title.clone(),
                version: one.form.version.clone(),
                note: match one.form.due {
                    Some(due) => done_words(due, days, today),
                    None => Words::default(),
                },
                last_on: days.iter().max().map(Date::to_string).unwrap_or_default(),
                draft: drafts.iter().any(draft),
            });
        }
        Ok(FormsView {
            subjects: self.subjects(&whom, &forms).await?,
            document: whom.document.to_string(),
            about: whom.about_text(),
            name: whom.name,
            subject: whom.subject.code().into(),
            offered,
            records,
            missing,
        })
    }

    /// The days on which records about somebody were finished, by form.
    async fn finished_days(&mut self, whom: &Whom) -> Result<BTreeMap<String, Vec<Date>>, ClientError> {
        let about = whom.about_text();
        let mut days: BTreeMap<String, Vec<Date>> = BTreeMap::new();
        let ids: Vec<DocId> = std::iter::once(whom.document)
            .chain(self.core.rows.parts(whom.document))
            .collect();
        for id in ids {
            let Some(document) = self.find(id).await? else { continue };
            for record in document.records(RECORDS).values() {
                if record.text("about") != about {
                    continue;
                }
                if let Some(day) = finished_on(record) {
                    days.entry(record.text("form")).or_default().push(day);
                }
            }
        }
        Ok(days)
    }

    /// Whom or what else forms can be about.
    async fn subjects(&mut self, whom: &Whom, forms: &[InUse]) -> Result<Vec<FormSubject>, ClientError> {
        let today = self.today();
        let mut found: Vec<(String, String, Words)> = Vec::new();
        match (whom.subject, self.find(whom.document).await?) {
            (Subject::Household, Some(document)) => {
                let family = document.family(Of::Shown);
                let members = family.members(today).into_iter();
                found.extend(members.map(|one| (one.id.to_string(), one.name.clone(), Words::default())));
            }
            (Subject::Village, Some(document)) => {
                let groups = document.records("groups").into_iter().filter(|(_, one)| !one.is_void());
                let mut groups: Vec<_> = groups
                    .map(|(id, one)| (one.int("order"), one.text("name"), id))
                    .collect();
                groups.sort();
                found.extend(
                    groups
                        .into_iter()
                        .map(|(_, name, id)| (id.to_string(), name, Words::default())),
                );
                let facilities = document.records("facilities").into_iter();
                let facilities = facilities.filter(|(_, one)| !one.is_void() && in_use(one, today));
                let mut facilities: Vec<_> = facilities
                    .map(|(id, one)| (one.text("name"), id, chosen(FacilityKind::CHOICES, &one.text("kind"))))
                    .collect();
                facilities.sort_by(|one, other| one.0.cmp(&other.0));
                found.extend(
                    facilities
                        .into_iter()
                        .map(|(name, id, kind)| (id.to_string(), name, kind)),
                );
            }
            _ => {}
        }
        let mut subjects = Vec::new();
        for (about, name, note) in found {
            let document = whom.document.to_string();
            let of = self.whom(&document, &about).await?;
            let offered = self.offered_for(forms, &of).await?.len() as u32;
            subjects.push(FormSubject {
                about,
                subject: of.subject.code().into(),
                name,
                note,
                offered,
            });
        }
        Ok(subjects)
    }

    /// The records of a document that were made with forms, each with what orders it: about one thing, or all.
    async fn form_records(
        &mut self,
        id: DocId,
        whom: &Whom,
        forms: &[InUse],
    ) -> Result<Vec<((String, String), FormRecordRow)>, ClientError> {
        self.bring_forms(id).await?;
        if self.find(id).await?.is_none() {
            return Ok(Vec::new());
        }
        let lens = self.lens(id)?;
        let about = whom.about_text();
        let records = lens.document.records(RECORDS);
        let mut wanted: Vec<_> = records
            .iter()
            .filter(|(_, record)| about.is_empty() || record.text("about") == about)
            .filter(|(_, record)| !record.text("form").is_empty())
            .collect();
        wanted.sort_by_key(|(id, record)| Reverse((record.text("on"), **id)));
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let (places, _) = self.where_of(lens.document);
        let differing = lens.document.differing();
        let base = base_of(lens.document);
        let mut rows = Vec::new();
        for (count, (record_id, record)) in wanted.into_iter().enumerate() {
            let at = At::table(RECORDS, *record_id);
            let source = record.text("source").parse().ok();
            let form = source.and_then(|source| lens.forms.get(&source));
            let newer = |one: &InUse| one.form.id == record.text("form") && Some(one.published.document) != source;
            let finished = finished_on(record).is_some();
            let asked = form.filter(|form| count < NAMED_MAX && (form.instance_name.is_some() || wants_pictures(form)));
            let fill = asked.map(|form| {
                let held = Snapshot::of(record);
                Fill::open(Rc::clone(form), "", Device::of(self.host), BTreeMap::new(), Some(&held))
            });
            let to_follow = fill.as_ref().filter(|_| finished).map(Fill::pictures_to_follow);
            let (photo_later, signature_later) = to_follow.unwrap_or_default();
            let row = FormRecordRow {
                document: id.to_string(),
                record: at.to_string(),
                form: record.text("source"),
                title: lens.form_words(record).zh,
                about: record.text("about"),
                about_name: about_name(&lens, whom.kind, record),
                name: fill.map(|fill| fill.name()).unwrap_or_default(),
                on: record.text("on"),
                by: lens.name(lens.creator(&at)),
                done: record.int("done") == Some(1),
                photo_later,
                signature_later,
                void_reason: void_reason(record),
                standing: places.get(&at).map(|place| self.where_view(*place)),
                superseded: forms.iter().any(newer),
                readable: form.is_some(),
                draft: false,
                base: base.clone(),
                differs: differing.iter().filter(|one| one.at == at).count() as u32,
            };
            rows.push(((record.text("on"), at.to_string()), row));
        }
        Ok(rows)
    }
}

/// The lists of the register that the conditions of forms look into.
pub(super) fn asked<'f>(forms: impl Iterator<Item = &'f InUse>) -> BTreeSet<BuiltIn> {
    let asked = forms.filter(|one| one.form.relevant.is_some());
    asked.flat_map(|one| one.form.built_in.iter().copied()).collect()
}

/// How the person, group or facility is called that a record is about.
fn about_name(lens: &Lens<'_>, kind: DocKind, record: &Record) -> String {
    let Ok(about) = record.text("about").parse() else {
        return String::new();
    };
    match kind {
        DocKind::Household => lens.person(about),
        _ => ["groups", "facilities"]
            .iter()
            .map(|table| lens.document.text(&At::table(table, about), "name"))
            .find(|name| !name.is_empty())
            .unwrap_or_default(),
    }
}

/// Whether a form wants a photo or a signature that may follow later.
fn wants_pictures(form: &Form) -> bool {
    let mut wants = false;
    form.walk(&mut |part, _| {
        let pictured = matches!(part.kind, Kind::Question(Question::Image | Question::Signature));
        wants |= pictured && part.required.is_some();
    });
    wants
}

/// The day on which a record was finished, where it was and stands.
pub(super) fn finished_on(record: &Record) -> Option<Date> {
    let stands = !record.is_void() && record.int("done") == Some(1);
    record.text("on").parse().ok().filter(|_| stands)
}

/// A facility that is not closed yet.
pub(super) fn in_use(facility: &Record, today: Date) -> bool {
    let to: Option<Date> = facility.text("to").parse().ok();
    to.is_none_or(|to| today <= to)
}

/// Whether a form is offered where the register says this.
pub(super) fn applies(form: &Form, rows: &BTreeMap<String, List>, host: &impl Host) -> bool {
    if form.relevant.is_none() {
        return true;
    }
    let device = Device::of(host);
    let mut of_register = BTreeMap::new();
    for list in &form.built_in {
        if let Some(rows) = rows.get(list.file()) {
            of_register.insert(list.file().to_owned(), rows.clone());
        }
    }
    let form = form.with_lists(of_register);
    is_offered(&form, &Around::new(&form, "", &device))
}
