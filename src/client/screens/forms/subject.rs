//! Whom or what a form is about, and what the register says of it in the built-in lists of forms.

use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::lens::typed;
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::doc::{At, DocKind, Document, Of, Record, place_id, village_id};
use crate::form::definition::{Choice, List};
use crate::form::register::{BuiltIn, Column, OWN, Subject};
use crate::register::field::{Field, RecordKind};
use crate::register::household::Household;
use crate::register::person::Person;
use std::collections::{BTreeMap, BTreeSet};

/// Those who cannot work.
pub(in crate::client::screens) const CANNOT_WORK: [&str; 2] = ["丧失劳动力", "无劳动力"];

/// Whom or what a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct Whom {
    pub document: DocId,
    pub kind: DocKind,
    /// The person, group or facility; nothing for the document itself.
    pub about: Option<RecordId>,
    pub subject: Subject,
    pub name: String,
    pub group: String,
}

impl Whom {
    /// As requests and records name it.
    pub fn about_text(&self) -> String {
        self.about.map(|about| about.to_string()).unwrap_or_default()
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What a request names: a document, the village where it is empty, and in it a person, group or facility.
    pub(in crate::client::screens) async fn whom(&mut self, document: &str, about: &str) -> Result<Whom, ClientError> {
        let place = place_id(self.space()?);
        let id = match document {
            "" => place,
            document => document_id(document)?,
        };
        let about: Option<RecordId> = match about {
            "" => None,
            about => Some(about.parse().map_err(|_| ClientError::NotFound)?),
        };
        let today = self.today();
        if id == place {
            let village = self.core.village.name.clone();
            let document = self.find(id).await?;
            return of_place(document, id, about, village);
        }
        let document = self.document(id).await?;
        if document.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let family = document.family(Of::Shown);
        let (subject, name) = match about {
            None => (Subject::Household, family.head(today).map(|head| head.name.clone())),
            Some(about) => {
                let person = family.persons.iter().find(|person| person.id == about);
                (Subject::Person, Some(person.ok_or(ClientError::NotFound)?.name.clone()))
            }
        };
        Ok(Whom {
            document: id,
            kind: DocKind::Household,
            about,
            subject,
            name: name.unwrap_or_default(),
            group: family.group,
        })
    }

    /// The rows of the built-in lists that are asked for.
    pub(in crate::client::screens) async fn lists(
        &mut self,
        whom: &Whom,
        only: &BTreeSet<BuiltIn>,
    ) -> Result<BTreeMap<String, List>, ClientError> {
        if only.is_empty() {
            return Ok(BTreeMap::new());
        }
        let village = match only.contains(&BuiltIn::Village) {
            true => self.village_record().await?,
            false => Record::default(),
        };
        let today = self.today();
        let found = self.find(whom.document).await?.is_some();
        let document = found.then(|| self.opened(whom.document)).transpose()?;
        let is_family = whom.kind == DocKind::Household;
        let family = document
            .filter(|_| is_family)
            .map(|document| document.family(Of::Shown));
        Ok(self.rows_of(whom, document, family.as_ref(), &village, today, only))
    }

    /// What the county set for the village.
    pub(super) async fn village_record(&mut self) -> Result<Record, ClientError> {
        let id = village_id(self.space()?);
        Ok(self.find(id).await?.map(Document::own).unwrap_or_default())
    }

    /// The same from a document in hand, as it was on a day.
    pub(super) fn rows_of(
        &self,
        whom: &Whom,
        document: Option<&Document>,
        family: Option<&Household>,
        village: &Record,
        today: Date,
        only: &BTreeSet<BuiltIn>,
    ) -> BTreeMap<String, List> {
        let mut lists = BTreeMap::new();
        let family = family.zip(document);
        for list in only {
            let rows = match (list, family) {
                (BuiltIn::Household, Some((family, document))) => vec![of_household(family, document, whom, today)],
                (BuiltIn::Person, Some((family, document))) => {
                    let person = family.persons.iter().find(|person| Some(person.id) == whom.about);
                    let row = |person| {
                        let mut row = of_person(family, person, document, today);
                        row.value = OWN.into();
                        put(&mut row, "name", OWN);
                        row
                    };
                    person.map(row).into_iter().collect()
                }
                (BuiltIn::Persons, Some((family, document))) => {
                    let members = family.members(today).into_iter();
                    members
                        .map(|person| of_person(family, person, document, today))
                        .collect()
                }
                (BuiltIn::Village, _) => vec![self.of_village(village, today)],
                (BuiltIn::Group, _) => vec![self.of_group(whom, document, today)],
                (BuiltIn::Facility, None) => vec![of_facility(whom, document)],
                _ => Vec::new(),
            };
            lists.insert(list.file().to_owned(), List { choices: rows });
        }
        lists
    }

    fn counted_in(&self, group: Option<&str>) -> (usize, usize) {
        let families = self.core.rows.families();
        let counted = families.filter(|(_, row)| row.active && group.is_none_or(|group| row.group == group));
        counted.fold((0, 0), |(families, people), (_, row)| {
            (families + 1, people + row.persons.len())
        })
    }

    fn of_village(&self, own: &Record, today: Date) -> Choice {
        let mut row = row_of(
            OWN,
            &self.core.village.name,
            BuiltIn::Village,
            RecordKind::Village,
            own,
            today,
        );
        let (families, people) = self.counted_in(None);
        put(&mut row, "households", families.to_string());
        put(&mut row, "population", people.to_string());
        row
    }

    fn of_group(&self, whom: &Whom, document: Option<&Document>, today: Date) -> Choice {
        let own = match (whom.subject, whom.about, document) {
            (Subject::Group, Some(id), Some(document)) => document.record(&At::table("groups", id)),
            _ => None,
        };
        let own = own.unwrap_or_default();
        let mut row = row_of(OWN, &whom.group, BuiltIn::Group, RecordKind::Group, &own, today);
        let (families, people) = self.counted_in(Some(&whom.group));
        put(&mut row, "households", families.to_string());
        put(&mut row, "population", people.to_string());
        row
    }
}

fn of_place(
    document: Option<&Document>,
    id: DocId,
    about: Option<RecordId>,
    village: String,
) -> Result<Whom, ClientError> {
    let whom = |subject, name: String, group| Whom {
        document: id,
        kind: DocKind::Place,
        about,
        subject,
        name,
        group,
    };
    let Some(about) = about else {
        return Ok(whom(Subject::Village, village, String::new()));
    };
    let document = document.ok_or(ClientError::NotFound)?;
    if let Some(group) = document.record(&At::table("groups", about)) {
        let name = group.text("name");
        return Ok(whom(Subject::Group, name.clone(), name));
    }
    let facility = document.record(&At::table("facilities", about));
    let facility = facility.ok_or(ClientError::NotFound)?;
    Ok(whom(Subject::Facility, facility.text("name"), facility.text("group")))
}

/// A row without fields.
fn bare(value: &str, label: &str) -> Choice {
    let columns = [("name", value), ("label", label)];
    Choice {
        value: value.to_owned(),
        label: BTreeMap::from([(String::new(), label.to_owned())]),
        columns: columns.map(|(name, cell)| (name.to_owned(), cell.to_owned())).into(),
    }
}

fn put(row: &mut Choice, column: &str, cell: impl Into<String>) {
    let cell = cell.into();
    if !cell.is_empty() {
        row.columns.insert(column.to_owned(), cell);
    }
}

/// A row with the fields of a record, as a person would write them.
fn row_of(value: &str, label: &str, list: BuiltIn, kind: RecordKind, record: &Record, today: Date) -> Choice {
    let mut row = bare(value, label);
    for column in list.columns() {
        if let Some(field) = kind.fields().iter().find(|field| field.prefix() == column.name) {
            put(&mut row, column.name, cell(field, &column, record, today));
        }
    }
    row
}

fn cell(field: &Field, column: &Column, record: &Record, today: Date) -> String {
    if field.kind.is_set() {
        return record.set(column.name).join(" ");
    }
    let key = match field.variable() {
        Some("year") => field.key(&today.year().to_string()),
        _ => field.pattern.to_owned(),
    };
    record.get(&key).map(|value| typed(field, value)).unwrap_or_default()
}

fn of_household(family: &Household, document: &Document, whom: &Whom, today: Date) -> Choice {
    let head = family.head(today).map_or(whom.name.as_str(), |head| head.name.as_str());
    let mut row = row_of(
        OWN,
        head,
        BuiltIn::Household,
        RecordKind::Household,
        &document.own(),
        today,
    );
    let members = family.members(today);
    let count = |wanted: &dyn Fn(&Person) -> bool| members.iter().filter(|person| wanted(person)).count().to_string();
    let can_work = |person: &Person| !person.labour.is_empty() && !CANNOT_WORK.contains(&person.labour.as_str());
    let helped = if family.needs_pairing(today) { "是" } else { "否" };
    put(&mut row, "helped", helped);
    put(&mut row, "members", members.len().to_string());
    put(&mut row, "labourers", count(&can_work));
    put(&mut row, "workers", count(&|person| is_working(person, today)));
    put(&mut row, "students", count(&Person::is_at_school));
    row
}

fn is_working(person: &Person, today: Date) -> bool {
    let month = today.month();
    person.jobs.iter().any(|job| job.to.is_none_or(|to| to >= month))
}

fn of_person(family: &Household, person: &Person, document: &Document, today: Date) -> Choice {
    let yes = |holds: bool| if holds { "是" } else { "否" };
    let own = document.record(&At::table("persons", person.id)).unwrap_or_default();
    let id = person.id.to_string();
    let mut row = row_of(&id, &person.name, BuiltIn::Person, RecordKind::Person, &own, today);
    let age = person.age_on(today).map(|age| age.to_string());
    put(&mut row, "age", age.unwrap_or_default());
    let is_member = family.members(today).iter().any(|member| member.id == person.id);
    put(&mut row, "is_member", yes(is_member));
    put(&mut row, "is_head", yes(person.is_head()));
    put(&mut row, "working", yes(is_working(person, today)));
    row
}

fn of_facility(whom: &Whom, document: Option<&Document>) -> Choice {
    let own = whom
        .about
        .and_then(|id| document?.record(&At::table("facilities", id)))
        .unwrap_or_default();
    let mut row = bare(OWN, &whom.name);
    put(&mut row, "kind", own.text("kind"));
    put(&mut row, "group", own.text("group"));
    row
}
