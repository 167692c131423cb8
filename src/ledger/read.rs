//! Reads tables of text as a procedure and tells every mistake in them with its place.

mod checks;
mod problem;
pub(crate) mod sheets;

use super::RESERVED;
use super::condition::{self, Atom, Term};
use super::procedure::{
    After, Counts, Field, Holds, Keep, Kind, Move, Procedure, Required, Role, Rule, Scale, State, Together,
};
use super::projection::{self, JUDGED};
use super::signature::Way;
use super::tables::Sheet;
use crate::register::words::Sentence;
pub use problem::{Problem, What};
use sheets::{EN, Row, Table, ZH};
use std::collections::{BTreeMap, BTreeSet};

/// What came of reading: the procedure, if nothing has to be mended, and every mistake.
#[derive(Debug)]
pub struct Reading {
    pub procedure: Option<Procedure>,
    pub problems: Vec<Problem>,
}

/// Reads a procedure.
pub fn read(sheets: &[Sheet]) -> Reading {
    let mut reader = Reader {
        sheets,
        problems: Vec::new(),
        roles: Vec::new(),
    };
    let procedure = reader.procedure();
    checks::check(&procedure, &mut reader.problems);
    let problems = reader.problems;
    Reading {
        procedure: problems.is_empty().then_some(procedure),
        problems,
    }
}

struct Reader<'a> {
    sheets: &'a [Sheet],
    problems: Vec<Problem>,
    /// Names of the roles, which the conditions tell from fields.
    roles: Vec<String>,
}

impl Reader<'_> {
    fn procedure(&mut self) -> Procedure {
        let roles = self.roles();
        self.roles = roles.iter().map(|role| role.name.clone()).collect();
        let parameters = self.parameters();
        let about = self.about();
        let states = self.states(&parameters);
        let names: Vec<String> = states.iter().map(|state| state.name.clone()).collect();
        let choices = self.choices();
        let mut events = self.events();
        self.moves(&mut events, &names);
        self.fields(&mut events, &choices);
        self.refusals(&mut events);
        let together = self.together(&events, &names);
        let scales = self.scales();
        let kept = events.iter().flat_map(|kind| &kind.fields);
        let kept = kept
            .filter(|field| field.keep.is_some())
            .map(|field| field.name.clone());
        let facts: Vec<String> = kept.collect::<BTreeSet<_>>().into_iter().collect();
        let may = ["subject", "applies"];
        let table = self.table("procedure", &["id", "version", ZH, EN, "begins", "disputed"], &may);
        let rows = table.rows();
        let Some(row) = rows.first() else {
            self.note("procedure", 0, "", What::NoRow);
            return Procedure {
                id: String::new(),
                version: 0,
                title: Sentence::new("", ""),
                of_person: false,
                applies: Vec::new(),
                begins: 0,
                disputed: 0,
                parameters,
                about,
                roles,
                states,
                events,
                together,
                facts,
                scales,
            };
        };
        let version = row.get("version").parse().unwrap_or_default();
        if version == 0 {
            self.note_at(row, "version", What::NoNumber(row.get("version").into()));
        }
        let (of_person, applies) = self.subject(row, &about);
        Procedure {
            id: self.name(row, "id"),
            version,
            title: self.words(row),
            of_person,
            applies,
            begins: self.state(row, "begins", &names),
            disputed: self.state(row, "disputed", &names),
            parameters,
            about,
            roles,
            states,
            events,
            together,
            facts,
            scales,
        }
    }

    /// Whether it is about a person, and what has to be so of it: before it is begun nothing else is there to speak of.
    fn subject(&mut self, row: &Row<'_>, about: &BTreeMap<String, Sentence>) -> (bool, Vec<Term>) {
        let subject = row.get("subject");
        if !["", "household", "person"].contains(&subject) {
            self.note_at(row, "subject", What::NotOneOf(subject.into(), "household, person"));
        }
        let applies = self.terms(row, "applies");
        let of_thing = |term: &Term| matches!(&term.atom, Atom::Has(key) | Atom::Is(key, _) if about.contains_key(key));
        if applies.iter().any(|term| !of_thing(term)) {
            self.note_at(row, "applies", What::BadTerm(row.get("applies").into()));
        }
        (subject == "person", applies)
    }

    fn roles(&mut self) -> Vec<Role> {
        let table = self.table("roles", &["role", "level", "side", ZH, EN], &[]);
        let rows = table.rows();
        rows.iter()
            .map(|row| {
                let level = row.get("level").parse();
                if level.is_err() {
                    self.note_at(row, "level", What::NoNumber(row.get("level").into()));
                }
                Role {
                    name: self.name(row, "role"),
                    level: level.unwrap_or_default(),
                    side: self.name(row, "side"),
                    label: self.words(row),
                }
            })
            .collect()
    }

    fn parameters(&mut self) -> BTreeMap<String, String> {
        let table = self.table("parameters", &["parameter", "value", ZH, EN], &[]);
        let rows = table.rows();
        rows.iter()
            .map(|row| {
                self.words(row);
                (self.name(row, "parameter"), self.filled(row, "value"))
            })
            .collect()
    }

    fn about(&mut self) -> BTreeMap<String, Sentence> {
        let table = self.table("about", &["key", ZH, EN], &[]);
        let rows = table.rows();
        rows.iter()
            .map(|row| (self.name(row, "key"), self.words(row)))
            .collect()
    }

    fn states(&mut self, parameters: &BTreeMap<String, String>) -> Vec<State> {
        let table = self.table("states", &["state", "counts", ZH, EN, "with"], &["after", "then"]);
        let rows = table.rows();
        let names: Vec<String> = rows.iter().map(|row| row.get("state").to_owned()).collect();
        rows.iter()
            .map(|row| {
                let counts = match row.get("counts") {
                    "open" => Counts::Open,
                    "closed" => Counts::Closed,
                    "void" => Counts::Void,
                    other => {
                        self.note_at(row, "counts", What::NotOneOf(other.into(), "open, closed, void"));
                        Counts::Open
                    }
                };
                let after = row.get("after");
                let then = (!after.is_empty()).then(|| {
                    let number = parameters.get(after).map_or(after, String::as_str);
                    let after = match number.parse() {
                        Ok(days) if days >= 0 => After::Days(days),
                        _ => After::Day(after.to_owned()),
                    };
                    (after, self.state(row, "then", &names))
                });
                State {
                    name: self.name(row, "state"),
                    counts,
                    label: self.words(row),
                    with: self.terms(row, "with"),
                    then,
                }
            })
            .collect()
    }

    /// The sheet may be missing: few procedures reckon.
    fn scales(&mut self) -> Vec<Scale> {
        if !self.sheets.iter().any(|sheet| sheet.name == "scales") {
            return Vec::new();
        }
        let table = self.table("scales", &["scale", "of", "from", "value", "each", ZH, EN], &[]);
        let mut scales: Vec<Scale> = Vec::new();
        for row in &table.rows() {
            let step = ["from", "value", "each"].map(|column| {
                let number = row.get(column).parse();
                if number.is_err() {
                    self.note_at(row, column, What::NoNumber(row.get(column).into()));
                }
                number.unwrap_or_default()
            });
            let step = (step[0], step[1], step[2]);
            let (name, of) = (self.name(row, "scale"), self.name(row, "of"));
            match scales.iter_mut().find(|scale| scale.name == name) {
                Some(scale) => scale.steps.push(step),
                None => scales.push(Scale {
                    label: self.words(row),
                    name,
                    of,
                    steps: vec![step],
                }),
            }
        }
        scales
    }

    fn choices(&mut self) -> BTreeMap<String, Vec<(String, Sentence)>> {
        let table = self.table("choices", &["list", "value", ZH, EN], &[]);
        let mut lists: BTreeMap<String, Vec<(String, Sentence)>> = BTreeMap::new();
        for row in &table.rows() {
            let value = self.filled(row, "value");
            let list = lists.entry(self.name(row, "list")).or_default();
            if list.iter().any(|(other, _)| *other == value) {
                self.note_at(row, "value", What::Twice(value.clone()));
            }
            list.push((value, self.words(row)));
        }
        lists
    }

    fn events(&mut self) -> Vec<Kind> {
        let table = self.table("events", &["event", ZH, EN, "who"], &["binds"]);
        let rows = table.rows();
        rows.iter()
            .map(|row| {
                self.filled(row, "who");
                let binds = row.get("binds");
                let number = binds.parse().ok().filter(|number| projection::is_known(*number));
                if number.is_none() && !binds.is_empty() {
                    self.note_at(row, "binds", What::NotOneOf(binds.into(), "1"));
                }
                Kind {
                    name: self.name(row, "event"),
                    label: self.words(row),
                    who: self.terms(row, "who"),
                    moves: Vec::new(),
                    fields: Vec::new(),
                    refusals: Vec::new(),
                    binds: number,
                }
            })
            .collect()
    }

    fn moves(&mut self, events: &mut [Kind], states: &[String]) {
        let table = self.table("moves", &["event", "from", "to"], &["when"]);
        for row in &table.rows() {
            let from = match self.filled(row, "from").as_str() {
                "*" => None,
                written => {
                    let each = written.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                    Some(
                        each.iter()
                            .map(|name| self.state_of(row, "from", name, states))
                            .collect(),
                    )
                }
            };
            let to = match row.get("to") {
                "=" => None,
                _ => Some(self.state(row, "to", states)),
            };
            let when = self.terms(row, "when");
            if let Some(kind) = self.event(row, events) {
                kind.moves.push(Move { from, when, to });
            }
        }
    }

    fn fields(&mut self, events: &mut [Kind], choices: &BTreeMap<String, Vec<(String, Sentence)>>) {
        let table = self.table("fields", &["event", "field", "kind", "required", ZH, EN], &["keep"]);
        for row in &table.rows() {
            let name = self.name(row, "field");
            if RESERVED.contains(&name.as_str()) || ["of", "void", JUDGED].contains(&name.as_str()) {
                self.note_at(row, "field", What::Reserved(name.clone()));
            }
            let holds = HOLDS.iter().find(|(word, _)| *word == row.get("kind"));
            if holds.is_none() {
                let known = "text, date, number, percent, member, choice, photo, signature, link";
                self.note_at(row, "kind", What::NotOneOf(row.get("kind").into(), known));
            }
            let holds = holds.map_or(Holds::Text, |(_, holds)| *holds);
            let list = choices.get(&name).cloned().unwrap_or_default();
            let listed = matches!(holds, Holds::Choice | Holds::Signature);
            if listed && list.is_empty() {
                self.note_at(row, "field", What::NoList(name.clone()));
            }
            if holds == Holds::Signature {
                for (way, _) in list.iter().filter(|(way, _)| Way::from_word(way).is_none()) {
                    self.note_at(
                        row,
                        "field",
                        What::NotOneOf(way.clone(), "本人签, 家人代签, 画押, 拒签"),
                    );
                }
            }
            let required = match row.get("required") {
                "yes" => Required::Yes,
                "no" | "" => Required::No,
                "wanted" => Required::Wanted,
                _ => Required::When(self.terms(row, "required")),
            };
            let keep = match row.get("keep") {
                "" => None,
                "any" => Some(Keep::Any),
                "earliest" => Some(Keep::Earliest),
                other => {
                    self.note_at(row, "keep", What::NotOneOf(other.into(), "any, earliest"));
                    None
                }
            };
            let field = Field {
                label: self.words(row),
                name,
                holds,
                required,
                keep,
                choices: if listed { list } else { Vec::new() },
            };
            let again = match self.event(row, events) {
                Some(kind) if kind.fields.iter().any(|other| other.name == field.name) => Some(field.name),
                Some(kind) => {
                    kind.fields.push(field);
                    None
                }
                None => None,
            };
            if let Some(name) = again {
                self.note_at(row, "field", What::Twice(name));
            }
        }
    }

    fn refusals(&mut self, events: &mut [Kind]) {
        let table = self.table("refusals", &["event", "when", sheets::WORDS_ZH, sheets::WORDS_EN], &[]);
        for row in &table.rows() {
            self.filled(row, "when");
            let rule = Rule {
                when: self.terms(row, "when"),
                words: Sentence::new(self.filled(row, sheets::WORDS_ZH), self.filled(row, sheets::WORDS_EN)),
            };
            if let Some(kind) = self.event(row, events) {
                kind.refusals.push(rule);
            }
        }
    }

    fn together(&mut self, events: &[Kind], states: &[String]) -> Vec<Together> {
        let table = self.table("together", &["one", "other", "becomes"], &[]);
        let rows = table.rows();
        rows.iter()
            .map(|row| Together {
                one: self.event_place(row, "one", events),
                other: self.event_place(row, "other", events),
                becomes: self.state(row, "becomes", states),
            })
            .collect()
    }

    fn note(&mut self, sheet: &str, row: u32, column: &str, what: What) {
        self.problems.push(Problem {
            sheet: sheet.into(),
            row,
            column: column.into(),
            what,
        });
    }

    fn note_at(&mut self, row: &Row<'_>, column: &str, what: What) {
        self.note(row.sheet, row.number, column, what);
    }

    fn table(&mut self, name: &'static str, needed: &[&'static str], may: &[&'static str]) -> Table {
        let (table, problems) = Table::find(self.sheets, name, needed, may);
        self.problems.extend(problems);
        table
    }

    fn filled(&mut self, row: &Row<'_>, column: &str) -> String {
        let value = row.get(column);
        if value.is_empty() && row.has(column) {
            self.note_at(row, column, What::Empty);
        }
        value.to_owned()
    }

    /// A name that conditions can speak of.
    fn name(&mut self, row: &Row<'_>, column: &str) -> String {
        let name = self.filled(row, column);
        let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
        if !name.chars().all(plain) {
            self.note_at(row, column, What::BadName(name.clone()));
        }
        name
    }

    fn words(&mut self, row: &Row<'_>) -> Sentence {
        Sentence::new(self.filled(row, ZH), self.filled(row, EN))
    }

    fn terms(&mut self, row: &Row<'_>, column: &str) -> Vec<Term> {
        match condition::terms(row.get(column), &self.roles) {
            Ok(terms) => terms,
            Err(term) => {
                self.note_at(row, column, What::BadTerm(term));
                Vec::new()
            }
        }
    }

    fn state(&mut self, row: &Row<'_>, column: &str, states: &[String]) -> usize {
        let name = self.filled(row, column);
        if name.is_empty() {
            return 0;
        }
        self.state_of(row, column, &name, states)
    }

    fn state_of(&mut self, row: &Row<'_>, column: &str, name: &str, states: &[String]) -> usize {
        states.iter().position(|state| state == name).unwrap_or_else(|| {
            self.note_at(row, column, What::NoState(name.to_owned()));
            0
        })
    }

    fn event<'e>(&mut self, row: &Row<'_>, events: &'e mut [Kind]) -> Option<&'e mut Kind> {
        let name = row.get("event");
        let found = events.iter_mut().find(|kind| kind.name == name);
        if found.is_none() {
            self.note_at(row, "event", What::NoEvent(name.to_owned()));
        }
        found
    }

    fn event_place(&mut self, row: &Row<'_>, column: &str, events: &[Kind]) -> usize {
        let name = row.get(column);
        events.iter().position(|kind| kind.name == name).unwrap_or_else(|| {
            self.note_at(row, column, What::NoEvent(name.to_owned()));
            0
        })
    }
}

const HOLDS: &[(&str, Holds)] = &[
    ("text", Holds::Text),
    ("date", Holds::Date),
    ("number", Holds::Number),
    ("percent", Holds::Percent),
    ("member", Holds::Member),
    ("choice", Holds::Choice),
    ("photo", Holds::Photo),
    ("signature", Holds::Signature),
    ("link", Holds::Link),
];
