//! Documents become rows: columns and cells from the table of fields, so that a new field appears by itself.

use super::families::Families;
use super::table::{Cell, Making, Place, Table};
use super::{Names, Options, What, records};
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::doc::{Document, Of, Reading, Record, Scalar};
use bianfang::form::definition::Form;
use bianfang::ledger::Procedures;
use bianfang::register::enums::{self, Choice, Dimension};
use bianfang::register::field::{Field, RecordKind, Type};
use bianfang::register::id_number;
use bianfang::register::income;
use bianfang::register::words::{Words, words};
use std::collections::BTreeMap;

/// Columns before those of the fields.
const LEADING: usize = 20;
/// Columns of what forms asked at visits.
const ASKED: usize = 900;
/// Columns after them.
const TRAILING: usize = 1_000;

/// Where a household stands in a ledger: by group, then in the order of the roster.
pub(super) fn place(document: &Document) -> (u32, String, i64, String) {
    let own = document.own();
    let group = own.text("group");
    let digits: String = group.chars().filter(char::is_ascii_digit).take(6).collect();
    let number = digits.parse().unwrap_or(u32::MAX);
    (number, group, own.int("order").unwrap_or(i64::MAX), own.text("number"))
}

/// Official number, group and head.
pub(super) fn title(document: &Document, today: Date) -> [String; 3] {
    let family = document.family(Of::Shown);
    let head = family.head(today).or(family.persons.first());
    let head = head.map(|person| person.name.clone()).unwrap_or_default();
    [family.number, family.group, head]
}

/// A ledger under way.
pub(super) struct Rows<'a> {
    what: What,
    pub(super) options: Options,
    names: &'a Names,
    families: &'a Families,
    /// The forms that visits were asked by.
    asked: &'a [(DocId, Form)],
    making: Making,
    /// By which findings are judged.
    pub(super) procedures: Procedures,
}

impl<'a> Rows<'a> {
    /// An empty ledger with the columns that it always has.
    pub fn new(
        what: What,
        options: Options,
        names: &'a Names,
        families: &'a Families,
        asked: &'a [(DocId, Form)],
    ) -> Self {
        let mut rows = Self {
            what,
            options,
            names,
            families,
            asked,
            making: Making::default(),
            procedures: Procedures::default(),
        };
        rows.standing_columns();
        rows
    }

    /// The ledger.
    pub fn finish(self) -> Table {
        self.making.finish(self.what.words().of(self.options.language))
    }

    fn standing_columns(&mut self) {
        self.fixed(0, "id", words("记录编号", "Record id"));
        if self.what != What::Households {
            self.fixed(1, "household", words("户记录编号", "Household id"));
            self.fixed(2, "household_number", words("户编号", "Official number"));
            self.fixed(3, "household_group", words("村民小组", "Village group"));
        }
        self.fixed(4, "head", words("户主", "Head"));
        let kind = match self.what {
            What::Households => {
                self.fixed(5, "people", words("现有人口", "People now"));
                self.fixed(TRAILING, "paired", words("结对责任人", "Paired helpers"));
                self.fixed(TRAILING + 1, "last_visit", words("最近走访", "Last visit"));
                self.fixed(TRAILING + 2, "visits", words("走访次数", "Visits"));
                self.fixed(TRAILING + 3, "differing", words("有不同值的项数", "Fields that differ"));
                self.fixed(TRAILING + 4, "active", words("在册", "On the register"));
                self.fixed(TRAILING + 5, "joined_to", words("合并到", "Joined to"));
                let each = words("最近一年人均纯收入（元）", "Net income a head, latest year (yuan)");
                self.fixed(TRAILING + 6, "income_each", each);
                self.fixed(
                    TRAILING + 7,
                    "income_year",
                    words("人均纯收入年份", "Year of the net income"),
                );
                RecordKind::Household
            }
            What::People => {
                self.fixed(TRAILING, "active", words("在册", "On the register"));
                self.fixed(TRAILING + 5, "joined_to", words("与此人是同一人", "The same person as"));
                RecordKind::Person
            }
            What::Visits => {
                self.fixed(5, "by", words("走访人", "Visitor"));
                self.fixed(TRAILING, "void", words("已作废", "Withdrawn"));
                RecordKind::Visit
            }
            What::Findings => {
                self.fixed(5, "by", words("发现人", "Found by"));
                self.fixed(TRAILING, "void", words("已作废", "Withdrawn"));
                self.course_columns(TRAILING + 1);
                RecordKind::Finding
            }
        };
        for (at, field) in fields(kind) {
            match field.variable() {
                // Years and the like appear when somebody wrote one.
                Some("year" | "part" | "column") => {}
                Some("dimension") => {
                    for dimension in Dimension::ALL {
                        self.dimension_column(at, field, *dimension);
                    }
                }
                _ => self.field_column(at, field, ""),
            }
        }
    }

    pub(super) fn fixed(&mut self, at: usize, key: &str, heading: Words) {
        self.heading(at, key, heading.of(self.options.language));
    }

    pub(super) fn heading(&mut self, at: usize, key: &str, heading: &str) {
        self.making.column((at, String::new()), key, heading);
    }

    fn field_column(&mut self, at: usize, field: &Field, part: &str) {
        let language = self.options.language;
        let mut heading = field.label.of(language).to_owned();
        if !part.is_empty() {
            heading = format!("{heading} {part}");
        }
        let unit = field.unit.of(language);
        if !unit.is_empty() {
            heading = format!("{heading}（{unit}）");
        }
        let key = match field.variable() {
            // All values of a field stand in one cell.
            Some(variable) if part.is_empty() => field.pattern.replace(&format!("/{{{variable}}}"), ""),
            _ => field.key(part),
        };
        self.making.column((at, part.to_owned()), &key, &heading);
    }

    fn dimension_column(&mut self, at: usize, field: &Field, dimension: Dimension) {
        let language = self.options.language;
        let (name, label) = (dimension.words().of(language), field.label.of(language));
        let key = field.key(dimension.code());
        self.making
            .column((at, check_place(dimension.code())), &key, &format!("{name} {label}"));
    }

    /// The rows of a household: itself, its people or its visits.
    pub fn household(&mut self, document: &Document) {
        match self.what {
            What::Households => self.family(document),
            What::People => self.people(document),
            What::Visits => self.visits(document),
            What::Findings => {}
        }
    }

    fn family(&mut self, document: &Document) {
        let today = self.options.today;
        let own = document.family(Of::Shown);
        let is_active = own.is_active(today) && !self.families.is_led(document.id());
        let members = own.members(today).len();
        let records = self.families.together(document.id(), own);
        self.making.row();
        self.text(0, document.id().to_string());
        self.text(4, title(document, today)[2].clone());
        let people = if self.families.is_led(document.id()) {
            0
        } else {
            self.families.people(&records, today)
        };
        self.put(5, Cell::Int(count(people)));
        self.fields(RecordKind::Household, &document.own(), &BTreeMap::new());
        let mut paired: Vec<String> = Vec::new();
        for pairing in records.iter().flat_map(|family| family.paired(&[], today)) {
            let name = match pairing.member {
                Some(member) if pairing.name.is_empty() => self.member(member),
                _ => pairing.name.clone(),
            };
            if !paired.contains(&name) {
                paired.push(name);
            }
        }
        self.text(TRAILING, paired.join("、"));
        let last = records.iter().filter_map(|family| family.last_visit(today));
        if let Some(on) = last.map(|visit| visit.on).max() {
            self.put(TRAILING + 1, Cell::Date(on));
        }
        let visits = records.iter().flat_map(|family| &family.visits);
        let visits = visits.filter(|visit| visit.counts()).count();
        self.put(TRAILING + 2, Cell::Int(count(visits)));
        self.put(TRAILING + 3, Cell::Int(count(self.families.differing(document))));
        self.text(TRAILING + 4, self.yes_no(is_active));
        self.joined_to(document.id(), self.families.leader(document.id()));
        self.earned(&document.own(), members);
    }

    /// 人均纯收入 as the page of the household tells it: of the latest year, of the more cautious amounts.
    fn earned(&mut self, own: &Record, members: usize) {
        let counted = Reading {
            record: own,
            kind: RecordKind::Household,
            of: Of::Counted,
        };
        let Some(year) = income::latest_year(&counted) else {
            return;
        };
        if let Some(each) = income::net(&counted, &year).and_then(|net| income::each(net, members)) {
            self.put(TRAILING + 6, Cell::Hundredths(each.0));
            self.text(TRAILING + 7, year);
        }
    }

    fn people(&mut self, document: &Document) {
        let family = document.family(Of::Shown);
        let present: Vec<RecordId> = family.members(self.options.today).iter().map(|one| one.id).collect();
        let mut records: Vec<(RecordId, Record)> = document.records("persons").into_iter().collect();
        records.sort_by_key(|(id, record)| (record.int("order").unwrap_or(i64::MAX), *id));
        for (id, record) in records {
            self.of_household(id, document);
            self.fields(RecordKind::Person, &record, &BTreeMap::new());
            let twin = self.families.twin((document.id(), id));
            self.text(TRAILING, self.yes_no(present.contains(&id) && twin.is_none()));
            if let Some((_, twin)) = twin {
                self.text(TRAILING + 5, twin.to_string());
            }
        }
    }

    fn visits(&mut self, document: &Document) {
        let creators = document.creators("visits");
        let persons = document.records("persons");
        let names: BTreeMap<String, String> = persons
            .iter()
            .map(|(id, record)| (id.to_string(), record.text("name")))
            .collect();
        for (id, record) in document.records("visits") {
            self.of_household(id, document);
            if let Some(member) = creators.get(&id) {
                self.text(5, self.member(*member));
            }
            self.fields(RecordKind::Visit, &record, &names);
            self.asked(&record);
            self.void(&record);
        }
    }

    /// What a form asked at the visit beside all this, a column for each question; what is repeated stands in the records
    /// of the form.
    fn asked(&mut self, visit: &Record) {
        let source = visit.text("source").parse().ok();
        let Some((_, form)) = self.asked.iter().find(|(id, _)| Some(*id) == source) else {
            return;
        };
        for (path, label, cell) in records::beside(form, visit, self.options) {
            let place = (ASKED, path);
            self.making
                .column(place.clone(), &format!("answer/{}", place.1), &label);
            self.making.put(place, cell);
        }
    }

    /// The row of a finding.
    pub fn finding(&mut self, document: &Document) {
        let own = document.own();
        self.making.row();
        self.text(0, document.id().to_string());
        let household = own.text("household");
        let family = household.parse().ok().map(|id| self.families.leader(id));
        if let Some([number, group, head]) = family.and_then(|id| self.names.households.get(&id)) {
            let (number, group, head) = (number.clone(), group.clone(), head.clone());
            self.text(2, number);
            self.text(3, group);
            self.text(4, head);
        }
        self.text(1, family.map_or(household, |id| id.to_string()));
        let first = document.changes().into_iter().next().and_then(|change| change.author);
        if let Some(member) = first {
            self.text(5, self.member(member));
        }
        self.fields(RecordKind::Finding, &own, &BTreeMap::new());
        self.void(&own);
        self.course(TRAILING + 1, document);
    }

    /// Says under which record another one counts.
    fn joined_to(&mut self, one: DocId, leader: DocId) {
        if one != leader {
            self.text(TRAILING + 5, leader.to_string());
        }
    }

    fn of_household(&mut self, record: RecordId, document: &Document) {
        self.making.row();
        self.text(0, record.to_string());
        let family = self.families.leader(document.id());
        self.text(1, family.to_string());
        if let Some([number, group, head]) = self.names.households.get(&family) {
            self.text(2, number.clone());
            self.text(3, group.clone());
            self.text(4, head.clone());
        }
    }

    fn void(&mut self, record: &Record) {
        if record.is_void() {
            self.text(TRAILING, self.yes_no(true));
        }
    }

    pub(super) fn yes_no(&self, yes: bool) -> String {
        let word = if yes { words("是", "yes") } else { words("否", "no") };
        word.of(self.options.language).to_owned()
    }

    pub(super) fn member(&self, member: MemberId) -> String {
        self.names.members.get(&member).cloned().unwrap_or_default()
    }

    pub(super) fn text(&mut self, at: usize, text: String) {
        self.put(at, Cell::Text(text));
    }

    pub(super) fn put(&mut self, at: usize, cell: Cell) {
        self.making.put((at, String::new()), cell);
    }

    fn fields(&mut self, kind: RecordKind, record: &Record, persons: &BTreeMap<String, String>) {
        for (at, field) in fields(kind) {
            if matches!(field.kind, Type::Note) {
                self.text(at, record.note(&field.key("")).to_owned());
            } else if field.kind.is_set() {
                let members = record.set(field.prefix());
                let shown: Vec<String> = members.iter().map(|one| self.in_set(field, one, persons)).collect();
                self.text(at, shown.join("、"));
            } else if let Some(variable) = field.variable() {
                self.several((at, field), variable, record);
            } else if let Some(cell) = self.cell(field, record, &field.key("")) {
                self.put(at, cell);
            }
        }
    }

    fn in_set(&self, field: &Field, member: &str, persons: &BTreeMap<String, String>) -> String {
        match field.kind {
            Type::RefSet(RecordKind::Person) => persons.get(member).cloned().unwrap_or_default(),
            Type::RefSet(RecordKind::Member) => member.parse().map(|id| self.member(id)).unwrap_or_default(),
            Type::Set(_) => field.shown(&member.into(), self.options.language),
            _ => member.to_owned(),
        }
    }

    /// A field with one value for each year, check or row.
    fn several(&mut self, (at, field): (usize, &Field), variable: &str, record: &Record) {
        let prefix = field.prefix();
        let parts: Vec<String> = record
            .under(prefix)
            .filter_map(|(rest, _)| rest.split('/').next())
            .map(str::to_owned)
            .collect();
        let mut rows: Vec<String> = Vec::new();
        let mut last = None;
        for part in parts {
            if last.as_ref() == Some(&part) {
                continue;
            }
            let key = field.key(&part);
            if let Some(cell) = self.cell(field, record, &key) {
                let place: Place = match variable {
                    "dimension" => (at, check_place(&part)),
                    _ => (at, part.clone()),
                };
                match variable {
                    // Rows of a repeat stand in one cell.
                    "row" if record.text(&format!("{prefix}/{part}/void")) == "是" => {}
                    "row" => rows.push(cell.to_text()),
                    _ => {
                        if variable != "dimension" {
                            self.field_column(at, field, &part);
                        }
                        self.making.put(place, cell);
                    }
                }
            }
            last = Some(part);
        }
        self.text(at, rows.join("；"));
    }

    /// A value; of several live ones that differ, all of them as text.
    fn cell(&self, field: &Field, record: &Record, key: &str) -> Option<Cell> {
        if record.differs(key) {
            let all: Vec<String> = record
                .live(key)
                .iter()
                .map(|one| self.shown(field, &one.value))
                .collect();
            return Some(Cell::Text(all.join(" / ")));
        }
        let value = record.get(key)?;
        Some(match (field.kind, value) {
            (Type::Int(..), Scalar::Int(number)) => Cell::Int(*number),
            (Type::Fen(..) | Type::Area(_), Scalar::Int(number)) => Cell::Hundredths(*number),
            (Type::Date(_), Scalar::Text(text)) => match text.parse() {
                Ok(date) => Cell::Date(date),
                Err(_) => Cell::Text(text.clone()),
            },
            _ => Cell::Text(self.shown(field, value)),
        })
    }

    fn shown(&self, field: &Field, value: &Scalar) -> String {
        match field.kind {
            Type::IdNumber if self.options.full_id => value.to_text(),
            Type::IdNumber => id_number::masked(&value.to_text()),
            // A ledger is handed round (INV18).
            Type::Choice(list) if self.what == What::Findings && is_sensitive(list, &value.to_text()) => {
                words("其他", "Other").of(self.options.language).to_owned()
            }
            _ => field.shown(value, self.options.language),
        }
    }
}

/// The six checks stand in the order in which people name them.
fn check_place(code: &str) -> String {
    let at = Dimension::ALL.iter().position(|dimension| dimension.code() == code);
    at.map_or_else(|| code.to_owned(), |at| at.to_string())
}

/// The fields of a kind with the place of their column.
fn fields(kind: RecordKind) -> impl Iterator<Item = (usize, &'static Field)> {
    let shown = kind.fields().iter().filter(move |field| {
        // What a form asked at a visit is told in the words of the form.
        let by_form =
            matches!(field.pattern, "form" | "version" | "source" | "done") || field.variable() == Some("path");
        // Whether a row of work was withdrawn decides whether it is shown at all.
        let hidden = matches!(field.pattern, "job/{row}/void" | "household");
        !hidden && (kind != RecordKind::Visit || !by_form)
    });
    (LEADING..).zip(shown)
}

fn is_sensitive(list: &'static [Choice], value: &str) -> bool {
    enums::choice(list, value).is_some_and(|choice| choice.sensitive)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
