//! A household as conditions see it: its fields, its members, its forms and what is open about it, as nodes. Conditions are
//! the expressions of forms; a name stands for a field, `person[...]` for members, `../name` for the household of one.

use crate::base::date::Date;
use crate::base::decimal;
use crate::base::id::RecordId;
use crate::base::money::Fen;
use crate::base::scalar::Scalar;
use crate::doc::{At, Document, Of, Reading, Record};
use crate::form::eval::{Evaluation, Keeps, Places, Surroundings};
use crate::form::expr::{self, Axis, Expr, Start};
use crate::form::moment::Moment;
use crate::form::register::BuiltIn;
use crate::form::tree::{self, Kind, NodeRef, Tree};
use crate::ledger::read::What;
use crate::register::check;
use crate::register::field::{Field, RecordKind, Type};
use crate::register::household::Household;
use crate::register::income;
use crate::register::person::Person;
use crate::register::status_event::stands;
use crate::register::values::Values as _;
use std::collections::BTreeMap;

/// Steps for everything that is asked about one household.
const STEPS_MAX: u32 = 200_000;
/// How the fields of what a household earns in a year begin.
const INCOME: &str = "income_";
/// Those who cannot work.
const CANNOT_WORK: [&str; 2] = ["丧失劳动力", "无劳动力"];
const MONITORED: &str = "识别监测";
/// What a household is told of beside its fields.
const OF_HOUSEHOLD: &[&str] = &[
    "person",
    "members",
    "labourers",
    "workers",
    "students",
    "helped",
    "visited_on",
    "open",
    "same_phone",
    "cleared_risk",
    "monitored",
    "monitored_days",
    "income_net",
    "start",
    "deadline",
    "hits",
];
/// What a member is told of beside the fields.
const OF_PERSON: &[&str] = &[
    "name",
    "age",
    "is_head",
    "working",
    "same_id",
    "disability_card",
    "job",
    "place",
    "employer",
    "channel",
    "months",
    "wage",
    "current",
];
/// What a problem is told of.
pub const OF_FINDING: &[&str] = &[
    "category",
    "severity",
    "source",
    "found_on",
    "household",
    "state",
    "closed",
    "sweep",
    "start",
    "deadline",
];

/// A condition, or anything else that follows from a household.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Expr);

impl Condition {
    /// Reads a condition; the names that it may speak of beside those of the register.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str, more: &[String]) -> Result<Self, What> {
        let expr = expr::parse(text).map_err(|error| What::BadCondition(text.to_owned(), error.at))?;
        let mut strange = None;
        expr.walk(&mut |part| {
            if let Expr::Path(path) = part {
                let mut names = path.steps.iter().filter(|step| step.axis == Axis::Child);
                // What stands behind the name of a form is a question of it.
                let first = names.next().and_then(|step| step.name.as_deref());
                let of_form = path.start == Start::Here && path.steps.len() == 2;
                let known = first.is_none_or(|name| of_form || is_known(name, more));
                if !known || matches!(path.start, Start::Question(_)) {
                    strange = first.map(str::to_owned).or(Some(text.to_owned()));
                }
            }
        });
        strange.map_or(Ok(Self(expr)), |name| Err(What::NoKey(name)))
    }
}

fn is_known(name: &str, more: &[String]) -> bool {
    let told = [OF_HOUSEHOLD, OF_PERSON, OF_FINDING];
    told.iter().any(|all| all.contains(&name))
        || [BuiltIn::Household, BuiltIn::Persons].iter().any(|list| list.has(name))
        || more.iter().any(|one| one == name)
}

/// What only others know of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Categories of its open problems.
    pub open: Vec<String>,
    /// Another household has the same telephone.
    pub same_phone: bool,
    /// Members whose ID number somebody else has too, by the ends of their ids.
    pub same_ids: Vec<[u8; 4]>,
}

/// A household, or a problem, as nodes.
#[derive(Debug)]
pub struct Told {
    tree: [Tree; 1],
    today: Date,
    /// The members that count, the head first.
    pub persons: Vec<(RecordId, u32)>,
    /// What the rules of the register itself find odd.
    pub odd: Vec<check::Problem>,
}

impl Told {
    /// A thing with these values.
    pub fn of(values: &[(&str, String)], today: Date) -> Self {
        let mut tree = Tree::new("told");
        for (name, value) in values {
            leaf(&mut tree, 0, name, value.clone());
        }
        Self {
            tree: [tree],
            today,
            persons: Vec::new(),
            odd: Vec::new(),
        }
    }

    /// A household; nothing where it does not count.
    pub fn household(document: &Document, known: &Known, today: Date) -> Option<Self> {
        let family = document.family(Of::Shown);
        if !family.is_active(today) {
            return None;
        }
        let mut told = Self::of(&[], today);
        told.odd = check::household(&family, today);
        let tree = &mut told.tree[0];
        let own = document.own();
        fields(tree, 0, RecordKind::Household, &own, today);
        earned(tree, &own);
        for (name, value) in of_family(&family, known, today) {
            leaf(tree, 0, name, value);
        }
        for person in family.members(today) {
            let node = tree.add(0, "person", Kind::Repeat);
            let record = document.record(&At::table("persons", person.id)).unwrap_or_default();
            fields(tree, node, RecordKind::Person, &record, today);
            of_person(tree, node, person, known, today);
            told.persons.push((person.id, node));
        }
        forms(tree, document);
        Some(told)
    }

    /// Sets a value of the household itself.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let tree = &mut self.tree[0];
        let found = tree.node(0).children.iter().copied();
        let found = found.into_iter().find(|node| tree.node(*node).name.as_ref() == name);
        match found {
            Some(node) => tree.node_mut(node).text = value.into(),
            None => leaf(tree, 0, name, value.into()),
        }
    }

    /// Whether a condition holds for a node; 0 is the household. One that cannot be reckoned does not hold.
    pub fn holds(&self, condition: &Condition, node: u32) -> bool {
        let places = Places::new();
        let around = Day(self.today);
        let evaluation = Evaluation::new(&self.tree, &places, &around, STEPS_MAX);
        evaluation.plain(&condition.0, node).is_ok_and(|value| value.truth())
    }

    /// Words with the values of a node in place of their names in braces.
    pub fn said(&self, words: &str, node: u32) -> String {
        let mut said = String::new();
        let mut rest = words;
        while let Some((before, inner)) = rest.split_once('{') {
            said += before;
            let Some((name, after)) = inner.split_once('}') else {
                rest = inner;
                continue;
            };
            said += &self.value(name, node);
            rest = after;
        }
        said + rest
    }

    fn value(&self, name: &str, node: u32) -> String {
        let tree = &self.tree[0];
        let children = |node: u32| tree.node(node).children.iter();
        let found = |node: u32| children(node).find(|child| tree.node(**child).name.as_ref() == name);
        let found = found(node).or_else(|| found(0));
        found.map(|child| tree.node(*child).text.clone()).unwrap_or_default()
    }
}

fn leaf(tree: &mut Tree, parent: u32, name: &str, value: String) {
    if !value.is_empty() {
        let node = tree.add(parent, name, Kind::Answer(tree::Reading::Text));
        tree.node_mut(node).text = value;
    }
}

/// What the household earned in the latest year of which that is known; where people disagree, the more cautious amounts.
fn earned(tree: &mut Tree, own: &Record) {
    let counted = Reading {
        record: own,
        kind: RecordKind::Household,
        of: Of::Counted,
    };
    let Some(year) = income::latest_year(&counted) else {
        return;
    };
    for field in RecordKind::Household.fields() {
        if field.prefix().starts_with(INCOME) {
            let value = counted.value(&field.key(&year));
            leaf(tree, 0, field.prefix(), typed(field, value));
        }
    }
    let net = income::net(&counted, &year).map(|net| net.to_string());
    leaf(tree, 0, "income_net", net.unwrap_or_default());
}

/// The fields of a record as one would write them: a set with blanks between its members, of years this one; what was
/// earned is apart.
fn fields(tree: &mut Tree, node: u32, kind: RecordKind, record: &Record, today: Date) {
    for field in kind.fields() {
        let plain = !matches!(field.kind, Type::IdNumber | Type::Note | Type::Ref(_) | Type::RefSet(_));
        let value = match field.variable() {
            Some("value") => record.set(field.prefix()).join(" "),
            Some("year") if field.prefix().starts_with(INCOME) => continue,
            Some("year") => typed(field, record.get(&field.key(&today.year().to_string()))),
            Some(_) => continue,
            None => typed(field, record.get(field.pattern)),
        };
        if plain {
            leaf(tree, node, field.prefix(), value);
        }
    }
}

fn typed(field: &Field, value: Option<&Scalar>) -> String {
    match (field.kind, value) {
        (_, None) => String::new(),
        (Type::Fen(..), Some(Scalar::Int(fen))) => Fen(*fen).to_string(),
        (Type::Area(_), Some(Scalar::Int(area))) => decimal::hundredths(*area),
        (_, Some(value)) => value.to_text(),
    }
}

fn yes(holds: bool) -> String {
    if holds { "是" } else { "否" }.to_owned()
}

fn of_family(family: &Household, known: &Known, today: Date) -> Vec<(&'static str, String)> {
    let members = family.members(today);
    let count = |wanted: &dyn Fn(&Person) -> bool| members.iter().filter(|person| wanted(person)).count().to_string();
    let visited = family.last_visit(today).map(|visit| visit.on.to_string());
    let monitored = stands(&family.events, &[MONITORED], &["风险消除"], today);
    let begun = family
        .events
        .iter()
        .filter(|event| !event.void && event.kind == MONITORED);
    let begun = begun.map(|event| event.on).filter(|on| *on <= today).max();
    vec![
        ("members", members.len().to_string()),
        (
            "labourers",
            count(&|one| !one.labour.is_empty() && !CANNOT_WORK.contains(&one.labour.as_str())),
        ),
        ("workers", count(&|one| is_working(one, today))),
        ("students", count(&Person::is_at_school)),
        ("helped", yes(family.needs_pairing(today))),
        ("visited_on", visited.unwrap_or_default()),
        ("open", known.open.join(" ")),
        ("same_phone", yes(known.same_phone)),
        ("monitored", yes(monitored == Some(true) || !family.monitor.is_empty())),
        (
            "monitored_days",
            begun.map(|on| on.days_until(today).to_string()).unwrap_or_default(),
        ),
        ("cleared_risk", yes(monitored == Some(false))),
    ]
}

fn is_working(person: &Person, today: Date) -> bool {
    let month = today.month();
    person.jobs.iter().any(|job| job.to.is_none_or(|to| to >= month))
}

/// The end of an id, which tells the members of one family apart.
pub fn end(id: RecordId) -> [u8; 4] {
    let [.., a, b, c, d] = id.0;
    [a, b, c, d]
}

fn of_person(tree: &mut Tree, node: u32, person: &Person, known: &Known, today: Date) {
    let age = person.age_on(today).map(|age| age.to_string()).unwrap_or_default();
    leaf(tree, node, "age", age);
    leaf(tree, node, "is_head", yes(person.is_head()));
    leaf(tree, node, "working", yes(is_working(person, today)));
    leaf(tree, node, "same_id", yes(known.same_ids.contains(&end(person.id))));
    leaf(tree, node, "disability_card", yes(!person.disability_card.is_empty()));
    for job in &person.jobs {
        let at = tree.add(node, "job", Kind::Repeat);
        leaf(tree, at, "place", job.place.clone());
        leaf(tree, at, "employer", job.employer.clone());
        leaf(tree, at, "channel", job.channel.clone());
        leaf(
            tree,
            at,
            "months",
            job.months.map(|months| months.to_string()).unwrap_or_default(),
        );
        leaf(
            tree,
            at,
            "wage",
            job.wage_fen.map(|fen| Fen(fen).to_string()).unwrap_or_default(),
        );
        leaf(tree, at, "current", yes(job.to.is_none_or(|to| to >= today.month())));
    }
}

/// Of each form the last record about the household that was finished: its answers under the name of the form.
fn forms(tree: &mut Tree, document: &Document) {
    let mut last: BTreeMap<String, (String, RecordId)> = BTreeMap::new();
    let records = document.records("records");
    for (id, record) in &records {
        let counts = !record.is_void() && record.text("about").is_empty() && record.int("done") == Some(1);
        let this = (record.text("on"), *id);
        if counts && last.get(&record.text("form")).is_none_or(|other| *other < this) {
            last.insert(record.text("form"), this);
        }
    }
    for (form, (on, id)) in last {
        let node = tree.add(0, &form, Kind::Group);
        leaf(tree, node, "on", on);
        for (path, live) in records[&id].under("answer") {
            let name = path.rsplit('/').next().unwrap_or(path);
            let value = live.first().map(|one| one.value.to_text());
            leaf(tree, node, name, value.unwrap_or_default());
        }
    }
}

/// Conditions know the day, and nothing else that is not written down.
struct Day(Date);

impl Surroundings for Day {
    fn now(&self) -> Moment {
        Moment::day(self.0)
    }
    fn random(&self) -> f64 {
        0.0
    }
    fn uuid(&self) -> String {
        String::new()
    }
    fn choice_name(&self, _: &str, _: &str, _: Keeps<'_>) -> Option<String> {
        None
    }
    fn list(&self, _: &str) -> Option<NodeRef> {
        None
    }
    fn pull(&self, _: &str, _: &str, _: &str, _: &str) -> Option<String> {
        None
    }
    fn version(&self) -> &str {
        ""
    }
    fn chinese(&self) -> bool {
        true
    }
}

#[cfg(test)]
pub(in crate::indicator) mod tests;
