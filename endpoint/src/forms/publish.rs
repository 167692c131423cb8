//! Publishing: a checked form becomes a document of a village, and a line in the village's own. A version that was
//! published stays what it is; whoever changes a form gives it another version.

use crate::desk::{Desk, DeskEdit, DeskError};
use crate::entropy;
use crate::store::StoreError;
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, RecordId, SpaceId};
use bianfang::base::limits::FORM_SOURCE_BYTES_MAX;
use bianfang::doc::{At, CAMPAIGN, DocKind, FORMS, Put, WAYS, form_id, hex, source_puts, village_id};
use bianfang::form::definition::Form;
use bianfang::form::read::Sheet;
use bianfang::form::register::BuiltIn;
use bianfang::form::{read, source};
use bianfang::indicator::campaign::Set;
use bianfang::ledger::tables;
use bianfang::register::words::Sentence;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What is published: forms, or sets of campaigns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 表单
    Form,
    /// 专项行动
    Campaign,
}

impl Kind {
    /// The table of the village's document, and the mark of its lines there.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Form => (FORMS, ""),
            Self::Campaign => (WAYS, CAMPAIGN),
        }
    }
}

/// Why a form was not published. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The database failed, or the hub refused.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Its settings have no `form_id`.
    #[error("the form has no form_id")]
    NoId,
    /// Its settings have no `version`.
    #[error("the form has no version")]
    NoVersion,
    /// It is longer than a form may be.
    #[error("the form is too long: {0} bytes")]
    TooLong(usize),
    /// What phones would read is not what was checked.
    #[error("the form does not read back")]
    Unreadable,
    /// This version was published before, with other content.
    #[error("version {0} was published with other content")]
    VersionTaken(String),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl PublishError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Desk(error) => error.code(),
            Self::NoId => "form_no_id",
            Self::NoVersion => "form_no_version",
            Self::TooLong(_) => "form_too_long",
            Self::Unreadable => "form_not_read_back",
            Self::VersionTaken(_) => "form_version_taken",
        }
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Desk(error) => Sentence::new(format!("无法写入：{}", error.code()), error.to_string()),
            Self::NoId => Sentence::new(
                "表单没有名称，不能发布：请在 settings 表加一列 form_id，填字母、数字或下划线，例如 water。",
                "A form without a name cannot be published: add a column form_id to the sheet settings, such as water.",
            ),
            Self::NoVersion => Sentence::new(
                "表单没有版本号，不能发布：请在 settings 表加一列 version，例如 2019-1；每次改动都换一个。",
                "A form without a version cannot be published: add a column version to the sheet settings, such as \
                 2019-1, and change it with every change.",
            ),
            Self::TooLong(bytes) => {
                let (kb, max) = (bytes.div_ceil(1024), FORM_SOURCE_BYTES_MAX / 1024);
                Sentence::new(
                    format!("表单连同选项文件有 {kb} kB，最多 {max} kB。请删去用不到的选项，或拆成几张表。"),
                    format!("The form with its lists has {kb} kB, {max} at most. Remove choices, or split the form."),
                )
            }
            Self::Unreadable => Sentence::new(
                "表单写成发布格式后读不回来，没有发布。请用 form convert 转成 .xlsx 再试。",
                "The form does not read back from what would be published. Turn it into an .xlsx with form convert.",
            ),
            Self::VersionTaken(version) => Sentence::new(
                format!("版本 {version} 已发布过，内容不同，请换版本号。"),
                format!("Version {version} was published with other content; give this one another version."),
            ),
        }
    }
}

/// A form that can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    kind: Kind,
    /// The form's own name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// As people call it.
    pub title: String,
    source: String,
    digest: [u8; 32],
}

impl Ready {
    /// A checked form with the sheets and files it was read from. Of the files only those that it names are published,
    /// and never those that phones fill from the register.
    ///
    /// # Errors
    /// It has no name or no version, or is too long.
    pub fn new(form: &Form, sheets: &[Sheet], files: &BTreeMap<String, Sheet>) -> Result<Self, PublishError> {
        if form.id.is_empty() {
            return Err(PublishError::NoId);
        }
        if form.version.is_empty() {
            return Err(PublishError::NoVersion);
        }
        let of_register = |name: &str| BuiltIn::named(name).is_some_and(|list| form.built_in.contains(&list));
        let named = files
            .iter()
            .filter(|(name, _)| form.lists.contains_key(*name) && !of_register(name))
            .map(|(name, sheet)| (name.clone(), sheet.clone()));
        let source = source::write(sheets, &named.collect());
        if source.len() > FORM_SOURCE_BYTES_MAX {
            return Err(PublishError::TooLong(source.len()));
        }
        let back = source::read(&source).map_err(|_| PublishError::Unreadable)?;
        if read::read(&back.0, &back.1).form.is_none() {
            return Err(PublishError::Unreadable);
        }
        let title = if form.title.is_empty() { &form.id } else { &form.title };
        Ok(Self {
            kind: Kind::Form,
            id: form.id.clone(),
            version: form.version.clone(),
            title: title.clone(),
            digest: source::digest(&source),
            source,
        })
    }

    /// A checked set of campaigns with the sheets it was read from.
    ///
    /// # Errors
    /// It is too long, or a cell holds the sign between cells.
    pub fn campaign(set: &Set, sheets: &[tables::Sheet]) -> Result<Self, PublishError> {
        let source = tables::write(sheets);
        if source.len() > FORM_SOURCE_BYTES_MAX {
            return Err(PublishError::TooLong(source.len()));
        }
        if Set::read(&tables::read(&source)).0 != *set {
            return Err(PublishError::Unreadable);
        }
        Ok(Self {
            kind: Kind::Campaign,
            id: set.id.clone(),
            version: set.version.clone(),
            title: set.title.zh.clone(),
            digest: source::digest(&source),
            source,
        })
    }

    /// What phones will read.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The document that holds it in a village.
    pub fn document(&self, space: SpaceId) -> DocId {
        form_id(space, &self.digest)
    }
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Phones get it at their next sync.
    Published,
    /// It had been withdrawn, and is offered again.
    Again,
    /// The same is published already; nothing was written.
    Already,
    /// The same was published, and another version after it, which stays the one in use; nothing was written.
    Superseded,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The form's own name.
    pub id: String,
    /// The version.
    pub version: String,
    /// As people call it.
    pub title: String,
    /// The document that holds it.
    pub document: Option<DocId>,
    /// The day it was published.
    pub on: String,
    /// The day it was withdrawn from use; empty while it is in use.
    pub to: String,
    /// New records are made with it.
    pub current: bool,
    digest: String,
    record: RecordId,
}

/// The versions published in a village, oldest first.
///
/// # Errors
/// The database's; a village document that cannot be opened.
pub fn list(connection: &Connection, space: SpaceId, kind: Kind) -> Result<Vec<Line>, DeskError> {
    let village = Desk::open(connection, space, DocKind::Village, village_id(space))?;
    let (table, what) = kind.place();
    let records = village.records(table).into_iter();
    let mut lines: Vec<Line> = records
        .filter(|(_, record)| !record.is_void() && record.text("what") == what)
        .map(|(id, record)| Line {
            id: record.text("form"),
            version: record.text("version"),
            title: record.text("title"),
            document: record.text("document").parse().ok(),
            on: record.text("on"),
            to: record.text("to"),
            current: false,
            digest: record.text("digest"),
            record: id,
        })
        .collect();
    lines.sort_by(|one, two| (&one.on, one.record).cmp(&(&two.on, two.record)));
    let used = lines.iter().enumerate().filter(|(_, line)| line.to.is_empty());
    let last: BTreeMap<String, usize> = used.map(|(place, line)| (line.id.clone(), place)).collect();
    for (place, line) in lines.iter_mut().enumerate() {
        line.current = last.get(&line.id) == Some(&place);
    }
    Ok(lines)
}

/// Publishes a form in a village, all in the transaction of `connection`.
///
/// # Errors
/// The transaction must then be dropped.
pub fn publish(
    connection: &Connection,
    desk: &Desk,
    space: SpaceId,
    form: &Ready,
    now_ms: i64,
) -> Result<Outcome, PublishError> {
    desk.join(connection, space, now_ms)?;
    let (digest, today) = (hex(&form.digest), Date::in_china(now_ms).to_string());
    let lines = list(connection, space, form.kind)?;
    let (table, what) = form.kind.place();
    let same = lines
        .iter()
        .find(|one| (&one.id, &one.version) == (&form.id, &form.version));
    if same.is_some_and(|same| same.digest != digest) {
        return Err(PublishError::VersionTaken(form.version.clone()));
    }
    let document = form.document(space);
    // One change after another, each on those before: an edit of the same is none.
    for puts in source_puts(&form.source) {
        write(connection, desk, (space, DocKind::Form, document), puts, now_ms)?;
    }
    let (outcome, put) = match same {
        Some(same) if same.current => return Ok(Outcome::Already),
        Some(same) if same.to.is_empty() => return Ok(Outcome::Superseded),
        Some(same) => (Outcome::Again, to(table, same.record, "")),
        None => {
            let fields = [
                ("form", &form.id),
                ("version", &form.version),
                ("title", &form.title),
                ("document", &document.to_string()),
                ("digest", &digest),
                ("on", &today),
                ("what", &what.to_owned()),
            ];
            let create = Put::Create {
                at: At::table(table, entropy::record_id(now_ms)),
                fields: fields
                    .iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(key, value)| ((*key).to_owned(), value.as_str().into()))
                    .collect(),
                notes: Vec::new(),
            };
            (Outcome::Published, create)
        }
    };
    let village = (space, DocKind::Village, village_id(space));
    write(connection, desk, village, vec![put], now_ms)?;
    Ok(outcome)
}

/// Withdraws a form from use: it is offered no more, its records stay. Returns how many versions were in use.
///
/// # Errors
/// The transaction must then be dropped.
pub fn withdraw(
    connection: &Connection,
    desk: &Desk,
    space: SpaceId,
    (kind, id): (Kind, &str),
    now_ms: i64,
) -> Result<usize, PublishError> {
    let today = Date::in_china(now_ms).to_string();
    let lines = list(connection, space, kind)?;
    let (table, _) = kind.place();
    let used = lines.iter().filter(|line| line.id == id && line.to.is_empty());
    let puts: Vec<Put> = used.map(|line| to(table, line.record, &today)).collect();
    let count = puts.len();
    if count > 0 {
        desk.join(connection, space, now_ms)?;
        let village = (space, DocKind::Village, village_id(space));
        write(connection, desk, village, puts, now_ms)?;
    }
    Ok(count)
}

fn to(table: &str, record: RecordId, day: &str) -> Put {
    Put::Value {
        at: At::table(table, record),
        key: "to".to_owned(),
        value: day.into(),
    }
}

fn write(
    connection: &Connection,
    desk: &Desk,
    (space, kind, document): (SpaceId, DocKind, DocId),
    puts: Vec<Put>,
    now_ms: i64,
) -> Result<(), DeskError> {
    let author = desk.member();
    let edit = DeskEdit {
        kind,
        document,
        author,
        puts,
    };
    desk.write(connection, space, vec![edit], now_ms).map(drop)
}
