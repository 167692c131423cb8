//! The one table of every field of every record: stored key, type, words, rules. Editors, cards for differing values,
//! imports and exports all read it. Stored keys and values are a format: add, never rename.
//!
//! A record is one flat map of scalars. Where a field holds several values, a part of the key tells them apart: the
//! members of a set (`health/残疾` = 1), a year (`insured/2019` = 居民), a row of a repeat (`job/<id>/place`), one of the
//! six checks (`check/water`), the place of an answer in its form (`answer/member/<id>/age`).

mod family;
mod forms;
mod read;
mod team;
mod work;

pub use read::{Fault, FaultReason, Reading, Severity};

use super::enums::Choice;
use super::words::{Language, Words, words};
use crate::base::money::Fen;
use crate::base::scalar::Scalar;
use crate::base::{date::Date, decimal};
use crate::register::id_number;

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// 农户: the family itself.
    Household,
    /// 家庭成员
    Person,
    /// 人口变动
    StatusEvent,
    /// 走访
    Visit,
    /// 住房、饮水 assessment
    Assessment,
    /// 结对: of a household, or of a whole group.
    Pairing,
    /// 队员
    Member,
    /// 村
    Village,
    /// 村民小组
    Group,
    /// 问题
    Finding,
    /// 合并记录: two records are of one and the same family or person, or are not.
    Link,
    /// 设施: a clinic, a school, waterworks.
    Facility,
    /// What was filled into a form that the county published.
    FormRecord,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Household,
        Self::Person,
        Self::StatusEvent,
        Self::Visit,
        Self::Assessment,
        Self::Pairing,
        Self::Member,
        Self::Village,
        Self::Group,
        Self::Finding,
        Self::Link,
        Self::Facility,
        Self::FormRecord,
    ];

    /// The table of its document that holds records of this kind; nothing where it is the document's own record.
    pub const fn table(self) -> Option<&'static str> {
        match self {
            Self::Household | Self::Village | Self::Finding => None,
            Self::Person => Some("persons"),
            Self::StatusEvent => Some("events"),
            Self::Visit => Some("visits"),
            Self::Assessment => Some("assessments"),
            Self::Pairing => Some("pairings"),
            Self::Member => Some("people"),
            Self::Group => Some("groups"),
            Self::Link => Some("links"),
            Self::Facility => Some("facilities"),
            Self::FormRecord => Some("records"),
        }
    }

    /// As shown.
    pub const fn words(self) -> Words {
        match self {
            Self::Household => words("农户", "Household"),
            Self::Person => words("家庭成员", "Person"),
            Self::StatusEvent => words("人口变动", "Change of status"),
            Self::Visit => words("走访", "Visit"),
            Self::Assessment => words("鉴定", "Assessment"),
            Self::Pairing => words("结对", "Pairing"),
            Self::Member => words("队员", "Team member"),
            Self::Village => words("村", "Village"),
            Self::Group => words("组", "Group"),
            Self::Finding => words("问题", "Finding"),
            Self::Link => words("合并记录", "Join"),
            Self::Facility => words("设施", "Facility"),
            Self::FormRecord => words("表单", "Form"),
        }
    }

    /// Its fields, in the order of the screen.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Household => family::HOUSEHOLD,
            Self::Person => family::PERSON,
            Self::StatusEvent => family::STATUS_EVENT,
            Self::Visit => work::VISIT,
            Self::Assessment => work::ASSESSMENT,
            Self::Finding => work::FINDING,
            Self::Pairing => team::PAIRING,
            Self::Member => team::MEMBER,
            Self::Village => team::VILLAGE,
            Self::Group => team::GROUP,
            Self::Link => family::LINK,
            Self::Facility => team::FACILITY,
            Self::FormRecord => forms::RECORD,
        }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// One line of text of at most so many characters.
    Text(usize),
    /// A free note of several lines, merged character by character.
    Note,
    /// One of a list.
    Choice(&'static [Choice]),
    /// Any of a list: each chosen one is a key of its own with the value 1.
    Set(&'static [Choice]),
    /// Any number of free texts (telephone numbers): each is a key of its own with the value 1.
    FreeSet,
    /// A date; `true` where it may lie in the future.
    Date(bool),
    /// A month, `2019-08`.
    Month,
    /// An integer from … to ….
    Int(i64, i64),
    /// An amount in 分, from … to … 元.
    Fen(i64, i64),
    /// An area in hundredths of the unit, from 0 to … units.
    Area(i64),
    /// A telephone number.
    Phone,
    /// An identity number.
    IdNumber,
    /// The id of another record or member.
    Ref(RecordKind),
    /// The ids of others: each is a key of its own with the value 1.
    RefSet(RecordKind),
}

impl Type {
    /// The name of the type, which decides the editor: `text`, `note`, `choice`, `set`, `date`, `month`, `int`, `fen`,
    /// `area`, `phone`, `id_number`, `ref`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Note => "note",
            Self::Choice(_) => "choice",
            Self::Set(_) | Self::FreeSet | Self::RefSet(_) => "set",
            Self::Date(_) => "date",
            Self::Month => "month",
            Self::Int(..) => "int",
            Self::Fen(..) => "fen",
            Self::Area(_) => "area",
            Self::Phone => "phone",
            Self::IdNumber => "id_number",
            Self::Ref(_) => "ref",
        }
    }

    /// The choices, where there is a list.
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Choice(list) | Self::Set(list) => list,
            _ => &[],
        }
    }

    /// Whether each value is a key of its own (`…/value` = 1).
    pub const fn is_set(self) -> bool {
        matches!(self, Self::Set(_) | Self::FreeSet | Self::RefSet(_))
    }
}

/// Whether two people's different values are shown to be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Shown with both values, and settled by a person.
    Watched,
    /// Not shown, for a reason.
    Unwatched(&'static str),
}

/// Which of several values an indicator takes until a person has settled them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// None is safer than another: the field counts as unknown.
    Undeclared,
    /// The one that comes first in this list.
    Worst(&'static [&'static str]),
    /// The lowest number.
    Lowest,
    /// The highest number: of what is spent.
    Highest,
    /// The earliest date: what ends has ended.
    Earliest,
    /// The latest date: what begins has not begun yet.
    Latest,
}

/// The headings under which an editor groups fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Section {
    Basics,
    Contact,
    Class,
    Safety,
    Income,
    Living,
    Land,
    School,
    Health,
    Insurance,
    Work,
    Checks,
    Words,
    Roster,
    Notes,
    Void,
}

impl Section {
    /// The heading.
    pub const fn words(self) -> Words {
        match self {
            Self::Basics => words("基本情况", "Basics"),
            Self::Contact => words("联系方式", "Contact"),
            Self::Class => words("户类别与致贫原因", "Class and causes"),
            Self::Safety => words("住房与饮水", "Housing and water"),
            Self::Income => words("收入", "Income"),
            Self::Living => words("生产生活条件", "Living conditions"),
            Self::Land => words("土地", "Land"),
            Self::School => words("教育", "School"),
            Self::Health => words("健康", "Health"),
            Self::Insurance => words("参保", "Insurance"),
            Self::Work => words("务工就业", "Work"),
            Self::Checks => words("六项核查", "Six checks"),
            Self::Words => words("原话与判断", "Words and judgement"),
            Self::Roster => words("名册其他栏", "Further columns of the roster"),
            Self::Notes => words("备注", "Notes"),
            Self::Void => words("作废", "Withdrawn"),
        }
    }
}

/// One field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The stored key; a part in braces stands for what tells several values apart.
    pub pattern: &'static str,
    /// What it holds.
    pub kind: Type,
    /// As shown.
    pub label: Words,
    /// How one asks for it at the door; none where the label is enough.
    pub ask: Words,
    /// The unit behind a number; none for texts.
    pub unit: Words,
    /// The heading it stands under.
    pub section: Section,
    /// Whether different values are shown to be settled.
    pub watch: Watch,
    /// Which value counts meanwhile.
    pub caution: Caution,
    /// Never in lists, chips, prints or file names (INV18).
    pub sensitive: bool,
    /// Whether an imported roster may write it.
    pub import: bool,
    /// The set that keeps further values where a family may have several (都保留).
    pub also: Option<&'static str>,
    /// Two people's texts may stand one after the other (都保留): both are what somebody said, and neither denies the other.
    pub joins: bool,
    /// Whether a person sees and edits it in the editor of the record; others are written by their own screens.
    pub edited: bool,
}

const fn field(pattern: &'static str, kind: Type, zh: &'static str, en: &'static str) -> Field {
    let watch = match kind {
        Type::Note => Watch::Unwatched("notes merge character by character"),
        _ => Watch::Watched,
    };
    Field {
        pattern,
        kind,
        label: words(zh, en),
        ask: Words::NONE,
        unit: Words::NONE,
        section: Section::Basics,
        watch,
        caution: Caution::Undeclared,
        sensitive: false,
        import: false,
        also: None,
        joins: false,
        edited: true,
    }
}

impl Field {
    const fn under(mut self, section: Section) -> Self {
        self.section = section;
        self
    }
    const fn ask(mut self, zh: &'static str, en: &'static str) -> Self {
        self.ask = words(zh, en);
        self
    }
    const fn unit(mut self, zh: &'static str, en: &'static str) -> Self {
        self.unit = words(zh, en);
        self
    }
    const fn unwatched(mut self, reason: &'static str) -> Self {
        self.watch = Watch::Unwatched(reason);
        self
    }
    const fn worst_first(mut self, order: &'static [&'static str]) -> Self {
        self.caution = Caution::Worst(order);
        self
    }
    const fn lowest(mut self) -> Self {
        self.caution = Caution::Lowest;
        self
    }
    const fn highest(mut self) -> Self {
        self.caution = Caution::Highest;
        self
    }
    const fn earliest(mut self) -> Self {
        self.caution = Caution::Earliest;
        self
    }
    const fn latest(mut self) -> Self {
        self.caution = Caution::Latest;
        self
    }
    const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
    const fn import(mut self) -> Self {
        self.import = true;
        self
    }
    const fn also(mut self, set: &'static str) -> Self {
        self.also = Some(set);
        self
    }
    const fn joins(mut self) -> Self {
        self.joins = true;
        self
    }
    const fn not_edited(mut self) -> Self {
        self.edited = false;
        self
    }

    /// The part of the key before anything that varies: `health`, `insured`, `job`; the whole key of a plain field.
    pub fn prefix(&self) -> &'static str {
        match self.pattern.find("/{") {
            Some(end) => &self.pattern[..end],
            None => self.pattern,
        }
    }

    /// What tells several values apart (`value`, `year`, `row`, `dimension`, `part`, `column`); nothing for a plain field.
    pub fn variable(&self) -> Option<&'static str> {
        self.pattern
            .split('/')
            .find_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The stored key; `part` fills what varies, and is ignored by a plain field.
    ///
    /// ```
    /// use bianfang::register::field::{RecordKind, named};
    /// assert_eq!(named(RecordKind::Person, "insured/{year}").key("2019"), "insured/2019");
    /// assert_eq!(named(RecordKind::Person, "name").key(""), "name");
    /// ```
    pub fn key(&self, part: &str) -> String {
        match self.variable() {
            Some(variable) => self.pattern.replacen(&format!("{{{variable}}}"), part, 1),
            None => self.pattern.to_owned(),
        }
    }

    /// The part of a stored key that fills this pattern: empty for a plain field, nothing where the key is another's.
    fn part_of<'a>(&self, key: &'a str) -> Option<&'a str> {
        // A place goes down through groups and instances, with as many steps as it takes.
        if let Some(prefix) = self.pattern.strip_suffix("/{path}") {
            let path = key.strip_prefix(prefix)?.strip_prefix('/')?;
            return (!path.is_empty()).then_some(path);
        }
        let (mut wanted, mut found) = (self.pattern.split('/'), key.split('/'));
        let mut part = "";
        loop {
            match (wanted.next(), found.next()) {
                (None, None) => return Some(part),
                (Some(wanted), Some(found)) if wanted.starts_with('{') && !found.is_empty() => part = found,
                (Some(wanted), Some(found)) if wanted == found => {}
                _ => return None,
            }
        }
    }

    /// Whether differing values of it are shown to be settled.
    pub const fn is_watched(&self) -> bool {
        matches!(self.watch, Watch::Watched)
    }

    /// Of several live values the one that an indicator takes until a person settles them; nothing where none is safer
    /// than another. One value, however often written, is itself.
    pub fn cautious<'a>(&self, values: &[&'a Scalar]) -> Option<&'a Scalar> {
        let first = *values.first()?;
        if values.iter().all(|value| *value == first) {
            return Some(first);
        }
        match self.caution {
            Caution::Undeclared => None,
            Caution::Lowest => numbers(values).min().map(|(_, value)| value),
            Caution::Highest => numbers(values).max().map(|(_, value)| value),
            Caution::Earliest => dates(values).min().map(|(_, value)| value),
            Caution::Latest => dates(values).max().map(|(_, value)| value),
            Caution::Worst(order) => {
                let rank = |v: &Scalar| order.iter().position(|worst| v.as_text() == Some(*worst));
                values
                    .iter()
                    .copied()
                    .filter(|v| rank(v).is_some())
                    .min_by_key(|v| rank(v))
            }
        }
    }

    /// A stored value as a person reads it: the words of a choice, a masked identity number, amounts and areas with
    /// their unit. A stored text that does not fit the field is shown as it is.
    pub fn shown(&self, value: &Scalar, language: Language) -> String {
        let unit = |number: String| match self.unit.of(language) {
            "" => number,
            unit => format!("{number} {unit}"),
        };
        match (self.kind, value) {
            (Type::IdNumber, value) => id_number::masked(&value.to_text()),
            (Type::Choice(list), Scalar::Text(text)) => match super::enums::choice(list, text) {
                Some(choice) => choice.shown(language).to_owned(),
                None => text.clone(),
            },
            (Type::Fen(..), Scalar::Int(fen)) => unit(Fen(*fen).to_string()),
            (Type::Area(_), Scalar::Int(area)) => unit(decimal::hundredths(*area)),
            (Type::Int(..), Scalar::Int(number)) => unit(number.to_string()),
            (_, value) => value.to_text(),
        }
    }

    /// Reads what a person typed or a roster holds into what is stored, with a fault where it does not fit. Never
    /// refuses: what cannot be read is kept as text. Of a set, reads one member.
    pub fn read(&self, written: &str, today: Date) -> Reading {
        read::read(self, written, today)
    }

    /// What is wrong with a stored value, if anything: one that an import kept as text, or that was typed in spite of
    /// the warning.
    pub fn fault(&self, value: &Scalar, today: Date) -> Option<Fault> {
        read::fault(self, value, today)
    }
}

/// Those of the values that are numbers, with the number.
fn numbers<'a>(values: &[&'a Scalar]) -> impl Iterator<Item = (i64, &'a Scalar)> {
    values.iter().filter_map(|value| Some((value.to_int()?, *value)))
}

/// Those of the values that are dates, with the date.
fn dates<'a>(values: &[&'a Scalar]) -> impl Iterator<Item = (Date, &'a Scalar)> {
    values
        .iter()
        .filter_map(|value| Some((value.as_text()?.parse().ok()?, *value)))
}

/// A field found by a stored key.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The field.
    pub field: &'static Field,
    /// What fills the varying part of its key; empty for a plain field.
    pub part: &'a str,
}

/// The field that a stored key belongs to; nothing for a key of a newer release, which is kept and not shown.
pub fn find(kind: RecordKind, key: &str) -> Option<Found<'_>> {
    let fields = kind.fields().iter().chain(COMMON);
    fields
        .into_iter()
        .find_map(|field| field.part_of(key).map(|part| Found { field, part }))
}

/// The field with a pattern known to exist.
///
/// # Panics
/// Where there is none: a mistake in the program, which the tests of each caller meet at once.
pub fn named(kind: RecordKind, pattern: &str) -> &'static Field {
    let mut fields = kind.fields().iter().chain(COMMON);
    fields
        .find(|field| field.pattern == pattern)
        .expect("the table holds every field that the program names")
}

/// Fields of every kind of record.
pub const COMMON: &[Field] = &[
    field("void/reason", Type::Text(200), "作废原因", "Why withdrawn")
        .under(Section::Void)
        .unwatched("two reasons for one withdrawal need no settling")
        .not_edited(),
    field("void/on", Type::Date(false), "作废日期", "Withdrawn on")
        .under(Section::Void)
        .unwatched("two dates of one withdrawal need no settling")
        .not_edited(),
];

#[cfg(test)]
mod tests;
