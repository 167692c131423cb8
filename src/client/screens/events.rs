//! 人口变动: births, deaths, moves and marriages. Nobody is deleted: who belongs to the family is folded from events.
//! Somebody new and the event by which that person came are written in one step.

use super::filled::Filled;
use super::household::WHOLE;
use super::lens::Lens;
use super::record::{nameless, typed_into};
use super::say::both;
use super::seen::{base_in, document_id};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::RecordId;
use crate::client::api::FieldChange;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::view::{SavedView, Words};
use crate::doc::{At, DocKind, Of, Record};
use crate::register::enums::{HOUSEHOLD_EVENT_KIND, PERSON_EVENT_KIND, choice};
use crate::register::field::{RecordKind, named};
use crate::register::status_event::{SUBJECT_HOUSEHOLD, Standing, Subject, standing};
use crate::register::values::Values;

/// What is to be recorded.
pub(super) struct NewEvent<'a> {
    pub document: &'a str,
    pub base: &'a str,
    /// A person, `household`, or empty for somebody new.
    pub subject: &'a str,
    pub kind: &'a str,
    pub on: &'a str,
    pub note: &'a str,
    /// What is known of somebody new.
    pub changes: &'a [FieldChange],
}

/// Whom it is about.
enum About {
    Household,
    Person(RecordId),
    New,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Records a change of status.
    pub(super) async fn save_status_event(&mut self, new: &NewEvent<'_>) -> Result<SavedView, ClientError> {
        let id = document_id(new.document)?;
        if self.document(id).await?.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let lens = self.lens(id)?;
        let base = base_in(lens.document, new.base)?;
        let about = about(new.subject)?;
        let kind = kind(new.kind, &about)?;
        let on = day(new.on, lens.today)?;
        let mut puts = Vec::new();
        let subject = match about {
            About::Household => SUBJECT_HOUSEHOLD.to_owned(),
            About::Person(person) => {
                check_person(&lens, person, kind)?;
                person.to_string()
            }
            About::New => {
                let empty = Filled::of(RecordKind::Person, &Record::default());
                let mut person = typed_into(&empty, new.changes, &lens)?;
                if person.values.text("name").is_empty() {
                    return Err(nameless());
                }
                if kind == "出生" && person.values.text("birth").is_empty() {
                    person.put("birth", on.to_string());
                }
                let person_id = self.host.record_id();
                puts.push(person.create(&At::table("persons", person_id)));
                person_id.to_string()
            }
        };
        let mut event = Filled::of(RecordKind::StatusEvent, &Record::default());
        event.put("subject", subject);
        event.put("kind", kind);
        event.put("on", on.to_string());
        let remark = named(RecordKind::StatusEvent, "remark");
        event.put("remark", remark.read(new.note, lens.today).value);
        let at = At::table("events", self.host.record_id());
        puts.push(event.create(&at));
        let edit = DocEdit {
            kind: DocKind::Household,
            document: id,
            base: Some(base),
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        self.saved(id, &at, &event).await
    }
}

fn refused(code: &str, words: Words) -> ClientError {
    ClientError::Field(code.into(), words)
}

fn about(subject: &str) -> Result<About, ClientError> {
    match subject {
        "" => Ok(About::New),
        SUBJECT_HOUSEHOLD => Ok(About::Household),
        person => person.parse().map(About::Person).map_err(|_| ClientError::NotFound),
    }
}

/// The stored kind, if it is one that may be said of this subject.
fn kind(written: &str, about: &About) -> Result<&'static str, ClientError> {
    let unfit = || {
        let words = both(
            "这种变动不能这样登记，请重新选",
            "This change cannot be recorded like this; choose again",
        );
        refused("event_kind", words)
    };
    let of_person = || choice(PERSON_EVENT_KIND, written);
    let found = match about {
        // 整户迁出 is the family's 迁出; 整户销户 is a kind of its own.
        About::Household => {
            choice(HOUSEHOLD_EVENT_KIND, written).or_else(|| choice(HOUSEHOLD_EVENT_KIND, written.strip_prefix(WHOLE)?))
        }
        About::New => of_person().filter(|kind| enters(kind.value)),
        // Somebody who had left may come back; nobody is born twice.
        About::Person(_) => of_person().filter(|kind| kind.value != "出生"),
    };
    found.map(|kind| kind.value).ok_or_else(unfit)
}

fn enters(kind: &str) -> bool {
    matches!(kind, "出生" | "迁入" | "婚入")
}

/// The day. One that cannot be read would let the event count nowhere; one in the future is kept, and shown as odd.
fn day(written: &str, today: Date) -> Result<Date, ClientError> {
    if written.trim().is_empty() {
        return Ok(today);
    }
    Date::parse_lenient(written).map_err(|error| {
        let words = both(
            format!("变动日期：{}", error.zh()),
            format!("Day of the change: {error}"),
        );
        refused("event_on", words)
    })
}

/// Whether the person may have this event: one of the family, not withdrawn, not dead.
fn check_person(lens: &Lens<'_>, person: RecordId, kind: &str) -> Result<(), ClientError> {
    let family = lens.document.family(Of::Shown);
    let found = family.persons.iter().find(|one| one.id == person && !one.void);
    let found = found.ok_or(ClientError::NotFound)?;
    let left = match standing(&family.events, Subject::Person(person), Date::MAX) {
        Standing::Left(event) => Some(event),
        _ => None,
    };
    if left.is_some_and(|event| event.kind == "死亡") {
        let words = both(
            format!("{}已登记死亡", found.name),
            format!("The death of {} is recorded already", found.name),
        );
        return Err(refused("event_dead", words));
    }
    if enters(kind) && left.is_none() {
        let words = both(
            format!("{}现在就是家庭成员", found.name),
            format!("{} is a member of the family now", found.name),
        );
        return Err(refused("event_present", words));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_fits_its_subject_alone() {
        let person = About::Person(RecordId([1; 16]));
        for (written, about, stored) in [
            ("整户迁出", &About::Household, Some("迁出")),
            ("整户销户", &About::Household, Some("整户销户")),
            ("脱贫", &About::Household, Some("脱贫")),
            ("出生", &About::Household, None),
            ("出生", &About::New, Some("出生")),
            ("死亡", &About::New, None),
            ("死亡", &person, Some("死亡")),
            ("迁入", &person, Some("迁入")),
            ("出生", &person, None),
            ("脱贫", &person, None),
        ] {
            assert_eq!(kind(written, about).ok(), stored, "{written}");
        }
    }
}
