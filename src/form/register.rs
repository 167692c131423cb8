//! What a form may know of the register and write into it: whom it is about, the built-in lists with their columns, the
//! fields that answers are written to. Holds no data: rows come from whoever opens a form.

use super::definition::{Form, Question};
use crate::register::enums::{Choice, Dimension, FINDING_CATEGORY, YES_NO};
use crate::register::field::{self, Field, RecordKind, Type};

/// The name of the one row of a list about a single thing: `pulldata('household', 'phone', 'name', 'own')`.
pub const OWN: &str = "own";
/// `prefill` with the answer of the record of this form before.
pub const LAST: &str = "last";

/// The field of a visit that holds the verdict of one of the six checks.
const CHECK: &str = "check/{dimension}";

/// Whom or what a form is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Subject {
    #[default]
    Household,
    Person,
    Village,
    Group,
    Facility,
    /// A visit at a family: asked on the page of the visit, answered in its record.
    Visit,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Self; 6] = [
        Self::Household,
        Self::Person,
        Self::Village,
        Self::Group,
        Self::Facility,
        Self::Visit,
    ];

    /// As written in the setting `subject`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Person => "person",
            Self::Village => "village",
            Self::Group => "group",
            Self::Facility => "facility",
            Self::Visit => "visit",
        }
    }

    /// The list that tells of it.
    pub const fn list(self) -> BuiltIn {
        match self {
            Self::Household | Self::Visit => BuiltIn::Household,
            Self::Person => BuiltIn::Person,
            Self::Village => BuiltIn::Village,
            Self::Group => BuiltIn::Group,
            Self::Facility => BuiltIn::Facility,
        }
    }

    /// The record of the register that answers may be written into.
    pub const fn written(self) -> Option<RecordKind> {
        match self {
            Self::Household | Self::Visit => Some(RecordKind::Household),
            Self::Person => Some(RecordKind::Person),
            Self::Village | Self::Group | Self::Facility => None,
        }
    }
}

/// A list that every form has without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuiltIn {
    /// The family: one row.
    Household,
    /// Whom the form is about: one row.
    Person,
    /// The registered members of the family, one row each: `name` is the id, `label` the name.
    Persons,
    /// The village with what the county has set for it: one row.
    Village,
    /// What the form is about: one row.
    Facility,
    /// The group that the form is about, or that the family lives in: one row.
    Group,
}

/// A column of a built-in list.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// As expressions name it.
    pub name: &'static str,
    /// What its cells hold, as a person would write it: an area as `1.5`, several values with spaces between them.
    pub kind: Type,
}

const fn column(name: &'static str, kind: Type) -> Column {
    Column { name, kind }
}

/// Columns that rules need and no field holds.
const OF_HOUSEHOLD: &[Column] = &[
    // Registered as poor, out of poverty or monitored: who must have a paired helper.
    column("helped", Type::Choice(YES_NO)),
    // Registered members today.
    column("members", Type::Int(0, 200)),
    // Members of them who can work.
    column("labourers", Type::Int(0, 200)),
    // Members with a job that has not ended.
    column("workers", Type::Int(0, 200)),
    // Members at school or nursery school.
    column("students", Type::Int(0, 200)),
];
const OF_PERSON: &[Column] = &[
    column("age", Type::Int(0, 150)),
    column("is_member", Type::Choice(YES_NO)),
    column("is_head", Type::Choice(YES_NO)),
    // Has a job that has not ended.
    column("working", Type::Choice(YES_NO)),
];
const OF_VILLAGE: &[Column] = &[
    column("households", Type::Int(0, 100_000)),
    column("population", Type::Int(0, 1_000_000)),
];
const OF_GROUP: &[Column] = &[
    column("households", Type::Int(0, 100_000)),
    column("population", Type::Int(0, 1_000_000)),
];
const OF_FACILITY: &[Column] = &[
    // clinic, waterworks, care_home, school, or what the county calls it.
    column("kind", Type::Text(40)),
    column("group", Type::Text(20)),
];

impl BuiltIn {
    /// Every built-in list.
    pub const ALL: [Self; 6] = [
        Self::Household,
        Self::Person,
        Self::Persons,
        Self::Village,
        Self::Facility,
        Self::Group,
    ];

    /// Its file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Household => "household.csv",
            Self::Person => "person.csv",
            Self::Persons => "persons.csv",
            Self::Village => "village.csv",
            Self::Facility => "facility.csv",
            Self::Group => "group.csv",
        }
    }

    /// The list with a name, with or without `.csv`.
    pub fn named(name: &str) -> Option<Self> {
        let bare = name.strip_suffix(".csv").unwrap_or(name);
        Self::ALL
            .into_iter()
            .find(|list| list.file().strip_suffix(".csv") == Some(bare))
    }

    /// Whether forms about this have it.
    pub const fn is_known_to(self, subject: Subject) -> bool {
        match self {
            Self::Village => true,
            Self::Household | Self::Persons => matches!(subject, Subject::Household | Subject::Person | Subject::Visit),
            Self::Person => matches!(subject, Subject::Person),
            Self::Facility => matches!(subject, Subject::Facility),
            Self::Group => matches!(
                subject,
                Subject::Household | Subject::Person | Subject::Group | Subject::Visit
            ),
        }
    }

    /// Its columns beside `name` and `label`: the fields of the register under their keys, then what is derived. A key
    /// with a part that varies stands as its beginning: `class` holds all classes, `insured` the insurance of this year.
    pub fn columns(self) -> Vec<Column> {
        let (kind, derived) = match self {
            Self::Household => (Some(RecordKind::Household), OF_HOUSEHOLD),
            Self::Person | Self::Persons => (Some(RecordKind::Person), OF_PERSON),
            Self::Village => (Some(RecordKind::Village), OF_VILLAGE),
            Self::Group => (Some(RecordKind::Group), OF_GROUP),
            Self::Facility => (None, OF_FACILITY),
        };
        let fields = kind.map(RecordKind::fields).unwrap_or_default().iter();
        fields
            .filter(|field| is_told(field))
            .map(|field| column(field.prefix(), field.kind))
            .chain(derived.iter().copied())
            .collect()
    }

    /// The column with a name.
    pub fn column(self, name: &str) -> Option<Column> {
        self.columns().into_iter().find(|column| column.name == name)
    }

    /// Whether its rows have such a cell.
    pub fn has(self, name: &str) -> bool {
        matches!(name, "name" | "label") || self.column(name).is_some()
    }
}

/// Whether forms are told of a field: not what only the program uses, the rows of jobs, further columns of a roster,
/// notes, or the numbers of cards. The name of a person is the `label`.
fn is_told(field: &Field) -> bool {
    let single = matches!(field.variable(), None | Some("value" | "year"));
    let plain = !matches!(field.kind, Type::IdNumber | Type::Note | Type::Ref(_) | Type::RefSet(_));
    field.edited && single && plain && field.pattern != "name"
}

/// Why an answer cannot be written to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// The register has no such field.
    NoField,
    /// Forms about this write nothing into the register.
    NoRegister,
}

/// The question that says the year of a key, `income_wage/${year}`.
pub fn asked_year(part: &str) -> Option<&str> {
    part.strip_prefix("${")?.strip_suffix('}').map(str::trim)
}

/// Whether a text is a year.
pub fn is_year(part: &str) -> bool {
    part.len() == 4 && part.bytes().all(|one| one.is_ascii_digit())
}

/// The field that a form about something may write to by a key, and the year where the key names one: `insured/2019`, or
/// the answer to a question, `income_wage/${year}`.
///
/// # Errors
/// Why it may not.
pub fn writable(subject: Subject, key: &str) -> Result<(&'static Field, Option<&str>), NotWritten> {
    let kind = subject.written().ok_or(NotWritten::NoRegister)?;
    let mut fields = kind.fields().iter().filter(|field| is_told(field));
    if let Some(field) = fields.find(|field| field.prefix() == key) {
        return Ok((field, None));
    }
    let found = field::find(kind, key).filter(|found| is_told(found.field) && found.field.variable() == Some("year"));
    found
        .filter(|found| is_year(found.part) || asked_year(found.part).is_some())
        .map(|found| (found.field, Some(found.part)))
        .ok_or(NotWritten::NoField)
}

/// The field of the visit itself that a form for visits answers by a key: the verdict of one of the six checks, what the
/// family said, what the visitor thinks.
pub fn of_visit(subject: Subject, key: &str) -> Option<&'static Field> {
    let found = field::find(RecordKind::Visit, key).filter(|_| subject == Subject::Visit)?;
    let is_asked = match found.field.pattern {
        CHECK => Dimension::from_code(found.part).is_some(),
        _ => matches!(found.field.kind, Type::Note),
    };
    is_asked.then_some(found.field)
}

/// A question that answers a field of the visit itself.
pub struct Own<'f> {
    /// Where it stands in the form; never in a repeated part.
    pub place: String,
    /// Its name.
    pub name: &'f str,
    /// The stored key of the visit.
    pub key: &'f str,
}

impl Own<'_> {
    /// Which of the six checks it answers; nothing for a note.
    pub fn dimension(&self) -> Option<Dimension> {
        Dimension::from_code(self.key.strip_prefix("check/")?)
    }
}

/// The questions of a form that answer fields of the visit, in its order; of a form about something else none.
pub fn own(form: &Form) -> Vec<Own<'_>> {
    let mut all = Vec::new();
    form.walk(&mut |part, above| {
        if of_visit(form.subject, &part.save_to).is_some() {
            let names: Vec<&str> = above.iter().chain([&part]).map(|one| one.name.as_str()).collect();
            all.push(Own {
                place: names.join("/"),
                name: &part.name,
                key: &part.save_to,
            });
        }
    });
    all
}

/// Whether answers to a question can be values of a type; what is calculated may be anything.
pub fn fits(question: &Question, kind: Type) -> bool {
    match question {
        Question::Calculate | Question::Hidden => true,
        Question::Integer => matches!(kind, Type::Int(..) | Type::Area(_) | Type::Fen(..)),
        Question::Decimal | Question::Range(_) => matches!(kind, Type::Int(..) | Type::Area(_) | Type::Fen(..)),
        Question::Text => matches!(kind, Type::Text(_) | Type::Phone | Type::FreeSet | Type::Note),
        Question::Barcode => matches!(kind, Type::Text(_) | Type::Phone | Type::FreeSet),
        Question::Date => matches!(kind, Type::Date(_)),
        Question::SelectOne(_) => matches!(kind, Type::Choice(_) | Type::Text(_)),
        Question::SelectMultiple(_) => matches!(kind, Type::Set(_)),
        _ => false,
    }
}

/// The categories of problems that a form may propose; those that only some may see are not among them.
pub fn categories() -> impl Iterator<Item = &'static Choice> {
    FINDING_CATEGORY.iter().filter(|category| !category.sensitive)
}
