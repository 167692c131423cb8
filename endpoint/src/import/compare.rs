//! Compares a family of the roster with its document: what to write, what a person wrote since, in words for the report.

use super::Report;
use super::matching::Match;
use super::wanted::{Values, Wanted, WantedPairing, WantedPerson};
use crate::entropy;
use bianfang::base::date::Date;
use bianfang::base::id::{MemberId, RecordId};
use bianfang::doc::{At, ChangeInfo, Document, Hash, Live, Put, Record, Scalar};
use bianfang::register::field::{RecordKind, Type, find};
use bianfang::register::id_number::IdNumber;
use bianfang::register::words::{Language, Words, words};
use std::collections::BTreeMap;

/// One line of the report. Values are shown as screens show them: ID numbers masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Official number of the household; may be empty.
    pub number: String,
    /// Its head.
    pub head: String,
    /// The person it is about; empty where it is about the household.
    pub person: String,
    /// The field; none where it is about all of it.
    pub field: Words,
    /// What is stored, in Chinese.
    pub stored: String,
    /// What the roster says, in Chinese.
    pub roster: String,
}

impl Line {
    pub(super) fn household(number: &str, head: &str) -> Self {
        Self::person(number, head, "")
    }

    pub(super) fn person(number: &str, head: &str, person: &str) -> Self {
        Self {
            number: number.to_owned(),
            head: head.to_owned(),
            person: person.to_owned(),
            field: Words::NONE,
            stored: String::new(),
            roster: String::new(),
        }
    }
}

/// What comparing one value came to.
enum Outcome {
    Same,
    /// Not there yet, or written by an earlier import.
    Write,
    /// A person wrote something else since.
    Theirs,
}

/// One family under comparison.
pub(super) struct Comparison<'a> {
    document: &'a Document,
    import: MemberId,
    now_ms: i64,
    authors: Option<BTreeMap<Hash, ChangeInfo>>,
    number: String,
    head: String,
    is_new: bool,
    puts: Vec<Put>,
    added: Vec<Line>,
    changed: Vec<Line>,
    theirs: Vec<Line>,
    kept: Vec<Line>,
    missing: Vec<Line>,
}

impl<'a> Comparison<'a> {
    /// Of a document with what the roster says.
    pub fn new(document: &'a Document, import: MemberId, now_ms: i64) -> Self {
        Self {
            document,
            import,
            now_ms,
            authors: None,
            number: String::new(),
            head: String::new(),
            is_new: document.is_empty(),
            puts: Vec::new(),
            added: Vec::new(),
            changed: Vec::new(),
            theirs: Vec::new(),
            kept: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Compares the whole family; a helper may be paired with it in a further record.
    pub fn household(&mut self, wanted: &Wanted, found: &Match, further: &[Document]) {
        let text = |values: &Values, key: &str| {
            let value = values.iter().find(|(known, _)| known == key);
            value.map(|(_, value)| value.to_text()).unwrap_or_default()
        };
        self.number = text(&wanted.own, "number");
        let is_head = |person: &&WantedPerson| text(&person.fields, "relation") == "户主";
        let head = wanted.persons.iter().find(is_head).or(wanted.persons.first());
        self.head = head.map(|person| text(&person.fields, "name")).unwrap_or_default();
        self.record(RecordKind::Household, &At::Own, "", &wanted.own);
        for (person, id) in wanted.persons.iter().zip(&found.persons) {
            let name = text(&person.fields, "name");
            match id {
                Some((home, id)) if *home == self.document.id() => self.known_person(*id, &name, person),
                // In a further record of the family, and compared there.
                Some(_) => {}
                None => self.new_person(&name, person),
            }
        }
        let own = self.document.records("pairings");
        let further = further.iter().flat_map(|one| one.records("pairings"));
        let pairings = own.clone().into_iter().chain(further).collect();
        for pairing in &wanted.pairings {
            self.pairing(&pairings, pairing);
        }
        if !wanted.pairings.is_empty() {
            self.helpers_gone(&own, wanted);
        }
    }

    /// Compares the people who stand in a further record of the family, which people joined with the first.
    pub fn further(&mut self, wanted: &Wanted, found: &Match, first: &Self) {
        self.number.clone_from(&first.number);
        self.head.clone_from(&first.head);
        for (person, who) in wanted.persons.iter().zip(&found.persons) {
            if let Some((home, id)) = who
                && *home == self.document.id()
            {
                // The place in the list of the roster says nothing of the place in this record.
                let fields = person.fields.iter().filter(|(key, _)| key != "order");
                let person = WantedPerson {
                    fields: fields.cloned().collect(),
                    job: person.job.clone(),
                };
                let name = person.fields.iter().find(|(key, _)| key == "name");
                let name = name.map(|(_, name)| name.to_text()).unwrap_or_default();
                self.known_person(*id, &name, &person);
            }
        }
    }

    /// Helpers whom an earlier roster named and this one does not, while it names another: whether the pairing has ended
    /// is for people to say.
    fn helpers_gone(&mut self, known: &BTreeMap<RecordId, Record>, wanted: &Wanted) {
        for record in known
            .values()
            .filter(|record| !record.is_void() && record.text("to").is_empty())
        {
            let name = record.text("name");
            let named = wanted.pairings.iter().any(|pairing| pairing.name == name);
            if !named && record.live("name").iter().any(|live| self.is_import(live)) {
                self.missing.push(Line {
                    field: words("结对责任人", "Paired helper"),
                    stored: name,
                    roster: "—".to_owned(),
                    ..Line::household(&self.number, &self.head)
                });
            }
        }
    }

    /// What to write; the lines go into the report.
    pub fn finish(self, report: &mut Report) -> Vec<Put> {
        if !self.is_new {
            report.added.extend(self.added);
        }
        report.changed.extend(self.changed);
        report.theirs.extend(self.theirs);
        report.kept.extend(self.kept);
        report.missing.extend(self.missing);
        self.puts
    }

    fn known_person(&mut self, id: RecordId, name: &str, person: &WantedPerson) {
        let at = At::table("persons", id);
        let mut fields = person.fields.clone();
        if !person.job.is_empty() {
            let record = self.document.record(&at).unwrap_or_default();
            let row = self.job_row(&record);
            fields.extend(job_fields(&row, person));
        }
        self.record(RecordKind::Person, &at, name, &fields);
    }

    /// The row that an earlier import made, else a new one.
    fn job_row(&mut self, record: &Record) -> String {
        let rows: Vec<(String, Vec<Live>)> = record
            .under("job")
            .filter_map(|(rest, live)| Some((rest.split_once('/')?.0.to_owned(), live.clone())))
            .collect();
        let imported = rows
            .into_iter()
            .find(|(_, live)| live.iter().any(|one| self.is_import(one)));
        imported.map_or_else(|| entropy::record_id(self.now_ms).to_string(), |(row, _)| row)
    }

    fn new_person(&mut self, name: &str, person: &WantedPerson) {
        let mut fields = person.fields.clone();
        if !person.job.is_empty() {
            fields.extend(job_fields(&entropy::record_id(self.now_ms).to_string(), person));
        }
        self.create(RecordKind::Person, "persons", fields);
        self.added.push(Line::person(&self.number, &self.head, name));
    }

    /// A helper is recognised by name; one whose pairing a person ended or withdrew is not written again.
    fn pairing(&mut self, known: &BTreeMap<RecordId, Record>, wanted: &WantedPairing) {
        if known.values().any(|record| record.text("name") == wanted.name) {
            return;
        }
        let member = wanted
            .fields
            .iter()
            .find(|(key, _)| key == "member")
            .map(|(_, value)| value.to_text());
        if member.is_some_and(|member| known.values().any(|record| record.text("member") == member)) {
            return;
        }
        self.create(RecordKind::Pairing, "pairings", wanted.fields.clone());
        self.added.push(Line {
            field: words("结对责任人", "Paired helper"),
            roster: wanted.name.clone(),
            ..Line::household(&self.number, &self.head)
        });
    }

    fn create(&mut self, kind: RecordKind, table: &str, fields: Values) {
        // A free note is created with its record, or never.
        let notes = kind.fields().iter().filter(|field| matches!(field.kind, Type::Note));
        self.puts.push(Put::Create {
            at: At::table(table, entropy::record_id(self.now_ms)),
            fields,
            notes: notes.map(|field| (field.key(""), String::new())).collect(),
        });
    }

    fn record(&mut self, kind: RecordKind, at: &At, person: &str, wanted: &Values) {
        let record = self.document.record(at).unwrap_or_default();
        for (key, value) in wanted {
            let live = record.live(key);
            let outcome = self.outcome(live, value);
            if matches!(outcome, Outcome::Same) {
                continue;
            }
            let line = self.line(kind, person, key, live, value);
            if is_worse(kind, key, live, value, Date::in_china(self.now_ms)) {
                self.kept.push(line);
                continue;
            }
            match outcome {
                Outcome::Theirs => self.theirs.push(line),
                _ => {
                    if !self.is_new && key != "order" {
                        self.changed.push(line);
                    }
                    self.puts.push(Put::Value {
                        at: at.clone(),
                        key: key.clone(),
                        value: value.clone(),
                    });
                }
            }
        }
    }

    fn outcome(&mut self, live: &[Live], wanted: &Scalar) -> Outcome {
        let persons: Vec<&Live> = live.iter().filter(|one| !self.is_import(one)).collect();
        match (live, persons.as_slice()) {
            ([only], _) if only.value == *wanted => Outcome::Same,
            (_, []) => Outcome::Write,
            (_, theirs) if theirs.iter().all(|one| one.value == *wanted) => Outcome::Same,
            _ => Outcome::Theirs,
        }
    }

    fn is_import(&mut self, live: &Live) -> bool {
        let document = self.document;
        let authors = self.authors.get_or_insert_with(|| document.authors());
        authors
            .get(&live.hash)
            .is_some_and(|info| info.author == Some(self.import))
    }

    fn line(&self, kind: RecordKind, person: &str, key: &str, live: &[Live], value: &Scalar) -> Line {
        let found = find(kind, key);
        let shown = |value: &Scalar| match &found {
            // Of a set, the member says more than its 1.
            Some(found) if found.field.kind.is_set() => match value.to_int() {
                Some(1) => found.part.to_owned(),
                _ => "—".to_owned(),
            },
            Some(_) if value.is_empty() => "—".to_owned(),
            Some(found) => found.field.shown(value, Language::Zh),
            None => value.to_text(),
        };
        let stored: Vec<String> = live.iter().map(|one| shown(&one.value)).collect();
        Line {
            field: found.map_or(Words::NONE, |found| found.field.label),
            stored: stored.join(" / "),
            roster: shown(value),
            ..Line::person(&self.number, &self.head, person)
        }
    }
}

/// Whether a value of the roster knows less than the one that is stored. A list from which digits were struck out for the
/// notice board, or one that a spreadsheet spoilt, must not take the numbers away that an earlier roster brought.
fn is_worse(kind: RecordKind, key: &str, live: &[Live], value: &Scalar, today: Date) -> bool {
    let stored = || live.iter().filter(|one| !one.value.is_empty());
    let written = value.to_text();
    let hidden = written.matches(['*', '＊']).count() >= 2;
    let is_number = find(kind, key).is_some_and(|found| matches!(found.field.kind, Type::IdNumber));
    let valid = |text: &str| IdNumber::parse(text, today).is_ok();
    (hidden && stored().next().is_some())
        || (is_number && !valid(&written) && stored().any(|one| valid(&one.value.to_text())))
}

fn job_fields(row: &str, person: &WantedPerson) -> Values {
    let parts = person.job.iter();
    parts
        .map(|(part, value)| (format!("job/{row}/{part}"), value.clone()))
        .collect()
}
