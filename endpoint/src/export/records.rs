//! The records of one form as tables: a column for each question of all its versions, and a table for each repeated part.

use super::held::{self, Held};
use super::table::{Cell, Column, Table};
use super::{Options, names, rows};
use crate::desk::{Desk, DeskError};
use crate::forms::publish;
use crate::store::Store;
use crate::store::space::{self, SpaceRow};
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, RecordId, SpaceId};
use bianfang::doc::{DocKind, Document, Hash, Live, Record, source_of};
use bianfang::form::definition::{Form, Kind, Part, Question, is_english};
use bianfang::form::register::{Subject, own};
use bianfang::form::{read, source};
use bianfang::register::enums::Home;
use bianfang::register::id_number;
use bianfang::register::words::{Language, Words, words};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// The columns before the questions.
const LEADING: &[(&str, Words)] = &[
    ("id", words("记录编号", "Record id")),
    ("village_code", words("村编码", "Village code")),
    ("village", words("村", "Village")),
    ("household", words("户记录编号", "Household id")),
    ("household_number", words("户编号", "Official number")),
    ("household_group", words("村民小组", "Village group")),
    ("head", words("户主", "Head")),
    ("about", words("对象", "About")),
    ("on", words("日期", "Date")),
    ("by", words("填表人", "Filled in by")),
    ("version", words("表单版本", "Version of the form")),
    ("done", words("已填完", "Finished")),
];
/// Those of the table of a repeated part.
const INSIDE: &[(&str, Words)] = &[
    ("record", words("记录编号", "Record id")),
    ("household_number", words("户编号", "Official number")),
    ("head", words("户主", "Head")),
    ("on", words("日期", "Date")),
    ("number", words("序号", "Number")),
];

/// Characters of the name of a sheet.
const SHEET_CHARS_MAX: usize = 31;

/// The records of a form.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// A row for each record.
    pub records: Table,
    /// A table for each repeated part, by the names of the parts to it: `member`, `member/child`.
    pub repeats: BTreeMap<String, Inside>,
    /// Records that were left out, because the version they were made with cannot be read.
    pub unreadable: usize,
    /// Whether any of the villages published the form.
    pub known: bool,
}

/// The instances of a repeated part.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// A row for each instance.
    pub table: Table,
    /// The row of the record that each belongs to.
    pub of: Vec<usize>,
}

/// What is exported of records.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The form's own name.
    pub form: &'a str,
    /// What phones note by themselves too: start, end, today, device.
    pub meta: bool,
    /// How cells are written.
    pub options: Options,
}

/// Makes the tables of a form over villages, each as of one moment. Withdrawn records are left out.
///
/// # Errors
/// The database's.
pub fn records(
    store: &Store,
    villages: &[SpaceRow],
    wanted: Wanted<'_>,
    mut progress: impl FnMut(usize, usize),
) -> Result<Ledger, DeskError> {
    let mut making = Making::new(wanted);
    for village in villages {
        store.read(|tx| {
            let forms = forms(tx, village.id, wanted.form)?;
            making.ledger.known |= !forms.is_empty();
            // The newest version says the order, older ones what else was asked.
            forms.iter().rev().for_each(|(_, form)| making.columns(form));
            let names = names(tx, village.id)?.members;
            let all = space::documents(tx, village.id)?;
            for (done, (kind, id)) in all.iter().enumerate() {
                progress(done + 1, all.len());
                if matches!(kind, DocKind::Household | DocKind::Place) {
                    match Desk::open(tx, village.id, *kind, *id) {
                        Ok(document) => making.document(village, &document, &forms, &names),
                        Err(DeskError::Document(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Ok(())
        })?;
    }
    Ok(making.ledger)
}

/// The published versions of a form that can be read, oldest first.
fn forms(tx: &Connection, space: SpaceId, id: &str) -> Result<Vec<(DocId, Form)>, DeskError> {
    let mut forms = Vec::new();
    for line in publish::list(tx, space, publish::Kind::Form)?
        .into_iter()
        .filter(|line| line.id == id)
    {
        let Some(document) = line.document else { continue };
        let open = match Desk::open(tx, space, DocKind::Form, document) {
            Err(DeskError::Document(_)) => continue,
            open => open?,
        };
        let parts = source_of(&open, space).ok().and_then(|text| source::read(&text).ok());
        let form = parts.and_then(|(sheets, files)| read::read(&sheets, &files).form);
        forms.extend(form.map(|form| (document, form)));
    }
    Ok(forms)
}

struct Making<'a> {
    wanted: Wanted<'a>,
    ledger: Ledger,
    /// Where the column of each question stands, by the table (empty for the records) and the names of the parts to it.
    places: BTreeMap<(String, String), usize>,
}

impl<'a> Making<'a> {
    fn new(wanted: Wanted<'a>) -> Self {
        let records = Table {
            name: wanted.form.chars().take(SHEET_CHARS_MAX).collect(),
            columns: standing(LEADING, wanted.options.language),
            rows: Vec::new(),
        };
        let ledger = Ledger {
            records,
            ..Ledger::default()
        };
        Self {
            wanted,
            ledger,
            places: BTreeMap::new(),
        }
    }

    fn columns(&mut self, form: &Form) {
        self.columns_of(form, &form.parts, "", "");
    }

    fn columns_of(&mut self, form: &Form, parts: &[Part], table: &str, before: &str) {
        let language = self.wanted.options.language;
        for part in parts {
            let path = under(before, &part.name);
            match &part.kind {
                Kind::Group(inside) => self.columns_of(form, inside, table, &path),
                Kind::Repeat(inside, _) => {
                    if !self.ledger.repeats.contains_key(&path) {
                        let name = self.sheet_name(&label(form, part, language));
                        let columns = standing(INSIDE, language);
                        let rows = Vec::new();
                        let table = Table { name, columns, rows };
                        self.ledger
                            .repeats
                            .insert(path.clone(), Inside { table, of: Vec::new() });
                    }
                    self.columns_of(form, inside, &path, &path);
                }
                Kind::Question(Question::Note) => {}
                Kind::Question(Question::Meta(_)) if !self.wanted.meta => {}
                Kind::Question(_) => {
                    let place = (table.to_owned(), path.clone());
                    if self.places.contains_key(&place) {
                        continue;
                    }
                    let columns = match self.ledger.repeats.get_mut(table) {
                        Some(inside) => &mut inside.table.columns,
                        None => &mut self.ledger.records.columns,
                    };
                    self.places.insert(place, columns.len());
                    // In the table of a repeated part its own name goes without saying.
                    let inside = path.strip_prefix(table).and_then(|rest| rest.strip_prefix('/'));
                    columns.push(Column {
                        key: inside.filter(|_| !table.is_empty()).unwrap_or(&path).to_owned(),
                        heading: label(form, part, language),
                    });
                }
            }
        }
    }

    /// A name that a workbook takes and that no other sheet has.
    fn sheet_name(&self, label: &str) -> String {
        let odd = |one: &char| !matches!(one, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !one.is_control();
        let plain: String = label.chars().filter(odd).take(SHEET_CHARS_MAX - 4).collect();
        let taken = |name: &str| {
            let others = self.ledger.repeats.values().map(|inside| &inside.table.name);
            others
                .chain([&self.ledger.records.name])
                .any(|one| one.to_lowercase() == name.to_lowercase())
        };
        let numbered = (2..).map(|number| format!("{plain} {number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        names
            .find(|name| !name.trim().is_empty() && !taken(name))
            .unwrap_or(plain)
    }

    fn document(
        &mut self,
        village: &SpaceRow,
        document: &Document,
        forms: &[(DocId, Form)],
        members: &BTreeMap<MemberId, String>,
    ) {
        let (mut wanted, authors) = filled_in(document);
        wanted.retain(|(_, one)| !one.is_void() && one.text("form") == self.wanted.form);
        if wanted.is_empty() {
            return;
        }
        wanted.sort_by_key(|(id, record)| (record.text("on"), *id));
        let named = named(document);
        let language = self.wanted.options.language;
        for (id, record) in wanted {
            let source: Option<DocId> = record.text("source").parse().ok();
            let Some((_, form)) = forms.iter().find(|(known, _)| Some(*known) == source) else {
                self.ledger.unreadable += 1;
                continue;
            };
            let [number, group, head] = match document.kind() {
                DocKind::Household => rows::title(document, self.wanted.options.today),
                _ => Default::default(),
            };
            let done = match record.int("done") {
                Some(1) => words("是", "yes"),
                _ => words("否", "no"),
            };
            let household = match document.kind() {
                DocKind::Household => document.id().to_string(),
                _ => String::new(),
            };
            let on = date(&record.text("on"));
            let standing = [
                Cell::Text(id.to_string()),
                Cell::Text(village.code.clone()),
                Cell::Text(village.name.clone()),
                Cell::Text(household),
                Cell::Text(number.clone()),
                Cell::Text(group),
                Cell::Text(head.clone()),
                Cell::Text(named.get(&record.text("about")).cloned().unwrap_or_default()),
                on.clone(),
                Cell::Text(
                    authors
                        .get(&id)
                        .and_then(|by| members.get(by))
                        .cloned()
                        .unwrap_or_default(),
                ),
                Cell::Text(record.text("version")),
                Cell::Text(done.of(language).to_owned()),
            ];
            let held = held::held(form, &as_answered(form, record));
            let shown = Shown {
                form,
                named: &named,
                options: self.wanted.options,
            };
            let before = [Cell::Text(id.to_string()), Cell::Text(number), Cell::Text(head), on];
            self.put(held, standing.into(), before, &shown);
        }
    }

    fn put(&mut self, held: Held, standing: Vec<Cell>, before: [Cell; 4], shown: &Shown<'_>) {
        let kinds = kinds(shown.form);
        let filled = |standing: Vec<Cell>| {
            let cells = standing.into_iter().enumerate();
            cells
                .filter(|(_, cell)| *cell != Cell::Text(String::new()))
                .collect::<BTreeMap<_, _>>()
        };
        let put = |row: &mut BTreeMap<usize, Cell>, table: &str, values: &BTreeMap<String, Vec<String>>| {
            for (path, texts) in values {
                let place = self.places.get(&(table.to_owned(), path.clone()));
                if let (Some(place), Some(part)) = (place, kinds.get(path.as_str())) {
                    row.insert(*place, shown.cell(part, texts));
                }
            }
        };
        let mut row = filled(standing);
        put(&mut row, "", &held.values);
        let at = self.ledger.records.rows.len();
        let mut inside = Vec::new();
        for instance in held.instances {
            let number = match instance.number.parse() {
                Ok(number) => Cell::Int(number),
                Err(_) => Cell::Text(instance.number),
            };
            let mut row = filled(before.iter().cloned().chain([number]).collect());
            put(&mut row, &instance.path, &instance.values);
            inside.push((instance.path, row));
        }
        self.ledger.records.rows.push(row);
        for (path, row) in inside {
            if let Some(table) = self.ledger.repeats.get_mut(&path) {
                table.table.rows.push(row);
                table.of.push(at);
            }
        }
    }
}

fn standing(columns: &[(&str, Words)], language: Language) -> Vec<Column> {
    let column = |(key, heading): &(&str, Words)| Column {
        key: (*key).to_owned(),
        heading: heading.of(language).to_owned(),
    };
    columns.iter().map(column).collect()
}

fn under(before: &str, name: &str) -> String {
    match before {
        "" => name.to_owned(),
        _ => format!("{before}/{name}"),
    }
}

/// The words of a part in the language of the ledger, on one line; its name where it has none.
fn label(form: &Form, part: &Part, language: Language) -> String {
    let words = form.words(&part.label, spoken(form, language));
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { part.name.clone() } else { line }
}

fn spoken(form: &Form, language: Language) -> &str {
    let english = language == Language::En;
    let found = form.languages.iter().find(|one| is_english(one) == english);
    found.unwrap_or(&form.default_language)
}

fn date(text: &str) -> Cell {
    let day: Result<Date, _> = text.parse();
    day.map_or_else(|_| Cell::Text(text.to_owned()), Cell::Date)
}

/// Questions by the names of the parts to them.
fn kinds(form: &Form) -> BTreeMap<String, &Part> {
    let mut kinds = BTreeMap::new();
    form.walk(&mut |part, above| {
        if matches!(part.kind, Kind::Question(_)) {
            let names: Vec<&str> = above.iter().chain([&part]).map(|one| one.name.as_str()).collect();
            kinds.insert(names.join("/"), part);
        }
    });
    kinds
}

/// The records of forms in a document with their authors: a form about visits asked those at which somebody was met.
fn filled_in(document: &Document) -> (Vec<(RecordId, Record)>, BTreeMap<RecordId, MemberId>) {
    let mut all: Vec<(RecordId, Record)> = document.records("records").into_iter().collect();
    let mut authors = document.creators("records");
    if document.kind() == DocKind::Household {
        let visits = document.records("visits").into_iter();
        all.extend(visits.filter(|(_, visit)| visit.text("home") == Home::AtHome.code()));
        authors.extend(document.creators("visits"));
    }
    (all, authors)
}

/// A visit as a record of the form that asked it: what the form asked of the visit's own fields are its answers.
fn as_answered(form: &Form, mut record: Record) -> Record {
    for one in own(form) {
        let live = match (record.notes.get(one.key), record.fields.get(one.key)) {
            (Some(note), _) => vec![Live {
                value: note.as_str().into(),
                hash: Hash([0; 32]),
            }],
            (None, Some(live)) => live.clone(),
            (None, None) => continue,
        };
        record.fields.insert(format!("answer/{}", one.place), live);
    }
    record
}

/// What a visit was asked beside its own fields: the place of each question, its words, its answer.
pub(super) fn beside(form: &Form, visit: &Record, options: Options) -> Vec<(String, String, Cell)> {
    let held = held::held(form, &as_answered(form, visit.clone()));
    let own: Vec<String> = own(form).into_iter().map(|one| one.place).collect();
    let (kinds, named) = (kinds(form), BTreeMap::new());
    let shown = Shown {
        form,
        named: &named,
        options,
    };
    let answers = held.values.iter().filter(|(path, _)| !own.contains(path));
    let told = answers.filter_map(|(path, texts)| {
        let part = kinds.get(path.as_str()).filter(|part| !part.is_silent())?;
        Some((
            path.clone(),
            label(form, part, options.language),
            shown.cell(part, texts),
        ))
    });
    told.collect()
}

/// The published versions of forms about visits that can be read.
pub(super) fn about_visits(tx: &Connection, space: SpaceId) -> Result<Vec<(DocId, Form)>, DeskError> {
    let ids: BTreeSet<String> = publish::list(tx, space, publish::Kind::Form)?
        .into_iter()
        .map(|line| line.id)
        .collect();
    let mut all = Vec::new();
    for id in ids {
        let versions = forms(tx, space, &id)?;
        all.extend(versions.into_iter().filter(|(_, form)| form.subject == Subject::Visit));
    }
    Ok(all)
}

/// What persons, groups and facilities of a document are called.
fn named(document: &Document) -> BTreeMap<String, String> {
    let tables = ["persons", "groups", "facilities", "works"].into_iter();
    let here = tables.filter(|table| document.kind().tables().contains(table));
    here.flat_map(|table| document.records(table))
        .map(|(id, record)| (id.to_string(), record.text("name")))
        .filter(|(_, name)| !name.is_empty())
        .collect()
}

/// How answers are shown.
struct Shown<'a> {
    form: &'a Form,
    named: &'a BTreeMap<String, String>,
    options: Options,
}

impl Shown<'_> {
    /// One value as what it is; several, which people gave each by themselves, as text.
    fn cell(&self, part: &Part, texts: &[String]) -> Cell {
        let [text] = texts else {
            let all: Vec<String> = texts.iter().map(|text| self.one(part, text).to_text()).collect();
            return Cell::Text(all.join(" / "));
        };
        self.one(part, text)
    }

    fn one(&self, part: &Part, text: &str) -> Cell {
        let Kind::Question(question) = &part.kind else {
            return Cell::Text(text.to_owned());
        };
        match question {
            Question::Integer | Question::Decimal | Question::Range(_) | Question::Calculate => number(text),
            Question::Date => date(text),
            Question::SelectOne(_) => return Cell::Text(self.choice(part, text)),
            Question::SelectMultiple(_) | Question::Rank(_) => {
                let all: Vec<String> = text.split_whitespace().map(|value| self.choice(part, value)).collect();
                return Cell::Text(all.join("、"));
            }
            Question::Acknowledge => Cell::Text(words("是", "yes").of(self.options.language).to_owned()),
            _ => Cell::Text(text.to_owned()),
        }
        .masked(self.options.full_id)
    }

    fn choice(&self, part: &Part, value: &str) -> String {
        let list = part.kind.list().and_then(|list| self.form.list(list));
        let spoken = spoken(self.form, self.options.language);
        let words = list.and_then(|list| self.form.choice_words(list, value, spoken));
        // A member of the family, a facility: known to the register, not to the form.
        words.unwrap_or_else(|| self.named.get(value).map_or(value, String::as_str).to_owned())
    }
}

/// A number as far as a cell can hold it; card numbers and the like stay text.
fn number(text: &str) -> Cell {
    let leading_zero = text.trim_start_matches('-').starts_with('0') && !text.contains('.') && text.len() > 1;
    if let (Ok(whole), false) = (text.parse::<i64>(), leading_zero || text.len() > 10) {
        return Cell::Int(whole);
    }
    match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.len() <= 2 && whole.len() <= 12 => {
            let negative = whole.starts_with('-');
            let digits = format!("{}{rest:0<2}", whole.trim_start_matches('-'));
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            match digits.parse::<i64>() {
                Ok(value) if plain => Cell::Hundredths(if negative { -value } else { value }),
                _ => Cell::Text(text.to_owned()),
            }
        }
        _ => Cell::Text(text.to_owned()),
    }
}

impl Cell {
    /// With the middle hidden, if it is an ID number: forms may ask for one, whatever they call it.
    fn masked(self, full_id: bool) -> Self {
        match &self {
            Self::Text(text) if !full_id && is_id_number(text) => Self::Text(id_number::masked(text.trim())),
            _ => self,
        }
    }
}

/// Eighteen places, of which the last may be a letter; of a disability card twenty.
fn is_id_number(text: &str) -> bool {
    let text = text.trim();
    let places = text.len();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    matches!(places, 15 | 18 | 20)
        && text.is_ascii()
        && match places {
            15 => digits(text),
            _ => digits(&text[..17]) && matches!(text.as_bytes()[17], b'0'..=b'9' | b'x' | b'X') && digits(&text[18..]),
        }
}
