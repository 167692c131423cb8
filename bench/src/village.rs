//! The village with which every row and peer is measured: seeded, with the shapes of the field tables and the names
//! of a sample roster. Made once as plain values; written into documents here and exported as JSON for the peers.

use crate::notes;
use anyhow::{Context, Result, bail};
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::base::scalar::Scalar;
use bianfang_sim::random::Random;
use serde_json::{Map, Value, json};
use std::path::Path;

/// 2019-01-07 10:00 in China: the first visit.
pub const FIRST_MS: i64 = 1_546_826_400_000;
const DAY_MS: i64 = 86_400_000;
/// Members of a household.
const MEMBERS: usize = 4;
/// Households of one person's day.
const WALK: usize = 10;
/// People who write.
pub const TEAM: usize = 3;

/// Keys and values of one record.
pub type Fields = Vec<(String, Scalar)>;

/// A person of a family.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: RecordId,
    pub fields: Fields,
}

/// One visit: six checks, each a verdict and how it was come to, are the twelve answers.
#[derive(Clone, Debug)]
pub struct Visit {
    pub id: RecordId,
    pub by: MemberId,
    pub at_ms: i64,
    pub fields: Fields,
    pub words: String,
}

/// One family.
#[derive(Clone, Debug)]
pub struct Household {
    pub id: DocId,
    pub fields: Fields,
    pub persons: Vec<Person>,
    pub visits: Vec<Visit>,
}

/// What somebody does at one household on one day: a field and a visit.
#[derive(Clone, Debug)]
pub struct Work {
    /// Place of the household in the village.
    pub household: usize,
    pub key: String,
    pub value: Scalar,
    pub visit: Visit,
}

/// All families.
pub struct Village {
    pub households: Vec<Household>,
    random: Random,
}

/// One line of the sample roster that begins or continues a family.
struct Line {
    group: String,
    number: String,
    name: String,
    sex: String,
    id_no: String,
    relation: String,
    ethnicity: String,
    phone: String,
}

/// The families of the sample roster with at least one line each.
fn families(roster: &Path) -> Result<Vec<Vec<Line>>> {
    let text = std::fs::read_to_string(roster).with_context(|| format!("cannot read {}", roster.display()))?;
    let mut families: Vec<Vec<Line>> = Vec::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        if cells.len() < 23 {
            continue;
        }
        let cell = |place: usize| cells[place].to_owned();
        let line = Line {
            group: cell(3),
            number: cell(4),
            name: cell(5),
            sex: cell(6),
            id_no: cell(8),
            relation: cell(9),
            ethnicity: cell(10),
            phone: cell(22),
        };
        match families.last_mut() {
            Some(family) if family[0].number == line.number => family.push(line),
            _ => families.push(vec![line]),
        }
    }
    if families.is_empty() {
        bail!("{} holds no family", roster.display());
    }
    Ok(families)
}

fn bytes<const N: usize>(random: &Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

fn mint(random: &Random, at_ms: i64) -> RecordId {
    RecordId::mint(at_ms, bytes(random))
}

/// The people who write, by number.
pub fn member(number: usize) -> MemberId {
    let mut id = [0x4D; 16];
    id[8..].copy_from_slice(&(number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    MemberId(id)
}

fn pick<'a>(random: &Random, list: &[&'a str]) -> &'a str {
    random.pick(list).copied().unwrap_or_default()
}

/// The common value in most cases, else one of the list: as filled-in forms are.
fn mostly<'a>(random: &Random, percent: u64, common: &'a str, list: &[&'a str]) -> &'a str {
    if random.chance(percent) {
        common
    } else {
        pick(random, list)
    }
}

fn number(random: &Random, from: u64, to: u64) -> i64 {
    i64::try_from(from + random.below(to - from + 1)).unwrap_or_default()
}

impl Village {
    /// So many households with so many visits each.
    pub fn new(roster: &Path, seed: u64, count: usize, visits: usize) -> Result<Self> {
        let families = families(roster)?;
        let random = Random::new(seed);
        let households = (0..count)
            .map(|place| household(&random, &families[place % families.len()], place, visits))
            .collect();
        Ok(Self { households, random })
    }

    /// Gives the first households so many visits each.
    pub fn more_visits(&mut self, households: usize, visits: usize) {
        for (place, household) in self.households.iter_mut().take(households).enumerate() {
            let met = household.persons[0].id;
            for turn in household.visits.len()..visits {
                let at_ms = FIRST_MS + turn as i64 * 26 * DAY_MS;
                household
                    .visits
                    .push(visit(&self.random, member((place + turn) % TEAM), at_ms, met));
            }
        }
    }

    /// A day's work of one person at so many households from one on.
    pub fn work(&self, from: usize, count: usize, day: i64) -> Vec<Work> {
        (from..from + count)
            .map(|place| {
                let household = &self.households[place % self.households.len()];
                let at_ms = FIRST_MS + day * DAY_MS + (place - from) as i64 * 1_500_000;
                let (key, value) = change(&self.random, household);
                Work {
                    household: place % self.households.len(),
                    key: key.into(),
                    value,
                    visit: visit(&self.random, member(0), at_ms, household.persons[0].id),
                }
            })
            .collect()
    }

    /// As the peers read it.
    pub fn to_json(&self) -> Value {
        self.households.iter().map(Household::to_json).collect()
    }
}

/// A field with a value that it did not have.
fn change(random: &Random, household: &Household) -> (&'static str, Scalar) {
    loop {
        let (key, value) = match random.below(4) {
            0 => ("phone", format!("154{:08}", random.below(100_000_000)).into()),
            1 => ("water", pick(random, &["达标", "基本达标", "不达标"]).into()),
            2 => ("tier", pick(random, &["稳定脱贫户", "巩固提升户", "重点帮扶户"]).into()),
            _ => ("road_m", Scalar::Int(number(random, 1, 999))),
        };
        if !household
            .fields
            .iter()
            .any(|(known, old)| known == key && *old == value)
        {
            return (key, value);
        }
    }
}

fn household(random: &Random, family: &[Line], place: usize, visits: usize) -> Household {
    let persons: Vec<Person> = (0..MEMBERS)
        .map(|turn| person(random, &family[turn % family.len()], turn))
        .collect();
    let met = persons[0].id;
    Household {
        id: DocId(bytes(random)),
        fields: household_fields(random, &family[0], place),
        visits: (0..visits)
            .map(|turn| {
                // Somebody walks from neighbour to neighbour, and comes to so many in a day.
                let (walk, stop) = (place / WALK, place % WALK);
                let day = (turn * 40 + walk * 7 % 30) as i64;
                let at_ms = FIRST_MS + day * DAY_MS + stop as i64 * 2_400_000 + number(random, 0, 1_200) * 1000;
                visit(random, member((walk + turn) % TEAM), at_ms, met)
            })
            .collect(),
        persons,
    }
}

/// Thirty fields.
fn household_fields(random: &Random, head: &Line, place: usize) -> Fields {
    let yes = |percent| Scalar::from(mostly(random, percent, "是", &["否"]));
    let area = |to| Scalar::Int(number(random, 0, to) * 10);
    let text = |key: &str, value: &str| (key.to_owned(), Scalar::from(value));
    vec![
        text(
            "number",
            &format!("{}{:04}", &head.number[..head.number.len().min(12)], place + 1),
        ),
        text("group", &head.group),
        ("order".into(), Scalar::Int(place as i64 + 1)),
        text("address", &format!("{}{}号", head.group, random.below(120) + 1)),
        text("phone", &head.phone),
        (
            format!("class/{}", mostly(random, 70, "建档立卡", &["低保", "监测", "边缘户"])),
            1.into(),
        ),
        text(
            "attribute",
            mostly(random, 60, "一般农户", &["脱贫户", "低保贫困户", "一般贫困户"]),
        ),
        (
            format!(
                "risk/{}",
                pick(random, &["因病", "因学", "因残", "缺劳动力", "因务工就业不稳"])
            ),
            1.into(),
        ),
        text("tier", mostly(random, 60, "稳定脱贫户", &["巩固提升户", "重点帮扶户"])),
        text(
            "main_cause",
            pick(random, &["因病", "因残", "因学", "缺技术", "缺劳力", "缺资金"]),
        ),
        (
            format!(
                "cause/{}",
                pick(random, &["因灾", "缺土地", "缺水", "交通条件落后", "因婚"])
            ),
            1.into(),
        ),
        text(
            "identified_on",
            mostly(random, 70, "2014-01-01", &["2015-11-20", "2016-09-10", "2017-10-30"]),
        ),
        text(
            "exited_on",
            mostly(random, 60, "2018-12-31", &["2016-12-31", "2017-12-31"]),
        ),
        text("resettlement", mostly(random, 85, "否", &["集中安置", "分散安置"])),
        text("housing_grade", mostly(random, 75, "A", &["B", "C", "D"])),
        text("water", mostly(random, 85, "达标", &["基本达标", "不达标"])),
        ("house_area".into(), Scalar::Int(number(random, 40, 180) * 100)),
        ("electricity".into(), yes(99)),
        ("production_power".into(), yes(70)),
        ("broadcast".into(), yes(95)),
        ("broadband".into(), yes(60)),
        text("road", mostly(random, 70, "水泥路", &["泥土路", "砂石路"])),
        ("road_m".into(), Scalar::Int(number(random, 0, 150) * 10)),
        ("toilet".into(), yes(80)),
        text("fuel", mostly(random, 60, "柴草", &["清洁能源", "煤炭"])),
        ("land_farm".into(), area(80)),
        ("land_forest".into(), area(300)),
        ("land_return".into(), area(40)),
        ("land_orchard".into(), area(30)),
        ("land_pond".into(), area(5)),
    ]
}

/// Twelve fields.
fn person(random: &Random, line: &Line, turn: usize) -> Person {
    let text = |key: &str, value: &str| (key.to_owned(), Scalar::from(value));
    let digits: String = line.id_no.chars().skip(6).take(8).collect();
    let birth = match (digits.get(..4), digits.get(4..6), digits.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => "1970-01-01".into(),
    };
    Person {
        id: mint(random, FIRST_MS - DAY_MS),
        fields: vec![
            text("name", &line.name),
            ("order".into(), Scalar::Int(turn as i64 + 1)),
            text("relation", &line.relation),
            text("id_kind", "居民身份证"),
            text("id_no", &line.id_no),
            text("sex", &line.sex),
            text("birth", &birth),
            text("ethnicity", &line.ethnicity),
            text("education", pick(random, &["小学", "初中", "高中", "文盲或半文盲"])),
            (
                format!("health/{}", mostly(random, 75, "健康", &["长期慢性病", "残疾", "大病"])),
                1.into(),
            ),
            text(
                "labour",
                mostly(
                    random,
                    50,
                    "普通劳动力",
                    &["无劳动力", "弱劳动力或半劳动力", "技能劳动力"],
                ),
            ),
            text("insured/2019", mostly(random, 92, "居民", &["未", "职工"])),
        ],
    }
}

fn visit(random: &Random, by: MemberId, at_ms: i64, met: RecordId) -> Visit {
    let on = bianfang::base::date::Date::in_china(at_ms).to_string();
    let mut fields: Fields = vec![
        ("on".into(), on.as_str().into()),
        (
            "kind".into(),
            mostly(random, 70, "结对走访", &["入户核查", "慰问"]).into(),
        ),
        ("home".into(), "at_home".into()),
        (format!("met/{met}"), 1.into()),
    ];
    for check in ["food", "clothing", "education", "medical", "housing", "water"] {
        let verdict = mostly(random, 80, "met", &["basic", "unmet", "unchecked", "not_applicable"]);
        fields.push((format!("check/{check}"), verdict.into()));
        let basis = mostly(random, 70, "checked", &["carried"]);
        fields.push((format!("check/{check}/basis"), basis.into()));
    }
    // As the app writes them.
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    Visit {
        id: mint(random, at_ms),
        by,
        at_ms,
        fields,
        words: notes::words(random),
    }
}

fn object(fields: &Fields) -> Map<String, Value> {
    fields
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Scalar::Text(text) => json!(text),
                Scalar::Int(number) => json!(number),
            };
            (key.clone(), value)
        })
        .collect()
}

impl Visit {
    /// As the peers read it.
    pub fn to_json(&self) -> Value {
        let mut visit = object(&self.fields);
        visit.insert("id".into(), json!(self.id.to_string()));
        visit.insert("by".into(), json!(self.by.to_string()));
        visit.insert("at".into(), json!(self.at_ms / 1000));
        visit.insert("words".into(), json!(self.words));
        visit.into()
    }
}

impl Household {
    /// As the peers read it.
    pub fn to_json(&self) -> Value {
        let person = |person: &Person| {
            let mut object = object(&person.fields);
            object.insert("id".into(), json!(person.id.to_string()));
            Value::from(object)
        };
        json!({
            "id": self.id.to_string(),
            "fields": object(&self.fields),
            "persons": self.persons.iter().map(person).collect::<Value>(),
            "visits": self.visits.iter().map(Visit::to_json).collect::<Value>(),
        })
    }
}

impl Work {
    /// As the peers read it: who, when, what.
    pub fn to_json(&self, village: &Village) -> Value {
        json!({
            "id": village.households[self.household].id.to_string(),
            "fields": object(&vec![(self.key.clone(), self.value.clone())]),
            "visit": self.visit.to_json(),
        })
    }
}
