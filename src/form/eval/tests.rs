//! Every case of the table: an expression over a small record, and what it gives.

use super::*;
use crate::base::date::Date;
use crate::form::expr::parse;
use crate::form::tree::{Kind, Reading};
use std::rc::Rc;

struct Around;

impl Surroundings for Around {
    fn now(&self) -> Moment {
        Moment::parse("2019-08-15T10:20:30.400+08:00").unwrap()
    }

    fn random(&self) -> f64 {
        0.25
    }

    fn uuid(&self) -> String {
        "0123abcd-0000-4000-8000-000000000000".into()
    }

    fn choice_name(&self, question: &str, value: &str, _: Keeps<'_>) -> Option<String> {
        (question == "water" && value == "well").then(|| "水井".into())
    }

    fn list(&self, name: &str) -> Option<NodeRef> {
        (name == "villages").then_some(NodeRef { tree: 1, node: 0 })
    }

    fn pull(&self, file: &str, column: &str, key: &str, value: &str) -> Option<String> {
        let known = file == "prices" && column == "price" && key == "kind" && value == "pig";
        known.then(|| "30".into())
    }

    fn version(&self) -> &str {
        "20190815"
    }

    fn chinese(&self) -> bool {
        false
    }
}

/// A family: its answers, three members of whom one has two jobs, and a list of villages.
struct Record {
    trees: Vec<Tree>,
    places: Places,
}

impl Record {
    fn answer(&mut self, parent: u32, name: &str, reading: Reading, text: &str) -> u32 {
        let node = self.trees[0].add(parent, name, Kind::Answer(reading));
        self.trees[0].node_mut(node).text = text.into();
        self.place(node, name);
        node
    }

    fn part(&mut self, parent: u32, name: &str, kind: Kind) -> u32 {
        let node = self.trees[0].add(parent, name, kind);
        self.place(node, name);
        node
    }

    fn place(&mut self, node: u32, name: &str) {
        let tree = &self.trees[0];
        let mut way: Vec<Rc<str>> = tree.outwards(node).map(|at| tree.node(at).name.clone()).collect();
        way.reverse();
        self.places.insert(name.into(), way);
    }

    fn family() -> Self {
        let mut record = Self {
            trees: vec![Tree::new("data")],
            places: Places::new(),
        };
        let r = &mut record;
        r.answer(0, "head", Reading::Text, "田正文");
        r.answer(0, "rooms", Reading::Number, "4");
        r.answer(0, "area", Reading::Number, "82.5");
        r.answer(0, "phone", Reading::Text, "");
        r.answer(0, "cattle", Reading::Number, "");
        r.answer(0, "water", Reading::Text, "well");
        r.answer(0, "goods", Reading::Text, "tv fridge phone");
        r.answer(0, "built", Reading::Day, "1998-05-10");
        r.answer(0, "checked", Reading::Moment, "2019-08-14T16:00:00.000+08:00");
        let hidden = r.answer(0, "hidden", Reading::Text, "still stored");
        r.trees[0].node_mut(hidden).applies = false;
        let house = r.part(0, "house", Kind::Group);
        r.answer(house, "grade", Reading::Text, "C");
        for (name, age, jobs) in [("甲", "61", &["1200", "800"][..]), ("乙", "58", &[]), ("丙", "7", &[])] {
            let member = r.part(0, "member", Kind::Repeat);
            r.answer(member, "who", Reading::Text, name);
            r.answer(member, "age", Reading::Number, age);
            for wage in jobs {
                let job = r.part(member, "job", Kind::Repeat);
                r.answer(job, "wage", Reading::Number, wage);
            }
        }
        r.answer(0, "sum", Reading::Number, "");
        let mut list = Tree::new("instance");
        let root = list.add(0, "root", Kind::Group);
        for (name, label, town) in [("v1", "测试村", "t1"), ("v2", "高山村", "t2"), ("v3", "河坝村", "t1")] {
            let item = list.add(root, "item", Kind::Group);
            for (column, text) in [("name", name), ("label", label), ("town", town)] {
                let cell = list.add(item, column, Kind::Answer(Reading::Text));
                list.node_mut(cell).text = text.into();
            }
        }
        record.trees.push(list);
        record
    }

    /// The node at a way of names, with the number of the instance where it matters: `member:2/age`.
    fn node(&self, way: &str) -> u32 {
        let tree = &self.trees[0];
        way.split('/').filter(|part| !part.is_empty()).fold(0, |node, part| {
            let (name, number) = part.split_once(':').unwrap_or((part, "1"));
            let children = tree.node(node).children.iter().copied();
            let mut named = children.filter(|child| tree.node(*child).name.as_ref() == name);
            named
                .nth(number.parse::<usize>().unwrap() - 1)
                .unwrap_or_else(|| panic!("no {way}"))
        })
    }

    fn says(&self, expr: &str, at: &str) -> String {
        let evaluation = Evaluation::new(&self.trees, &self.places, &Around, STEPS_MAX);
        let expr = match parse(expr) {
            Ok(expr) => expr,
            Err(error) => return format!("! {:?} {}", error.fault, error.at),
        };
        match evaluation.value(&expr, self.node(at)) {
            Ok(Value::Nodes(nodes)) if nodes.len() != 1 => {
                let texts: Vec<String> = nodes.iter().map(|node| evaluation.of_node(*node).text()).collect();
                format!("[{}]", texts.join(" "))
            }
            Ok(value) => evaluation.unpack(value).text(),
            Err(error) => format!("! {error}"),
        }
    }
}

#[test]
fn every_case_of_the_table_holds() {
    let record = Record::family();
    let table = include_str!("../../../tests/data/form-expressions.txt");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (number, line) in table.lines().enumerate().filter(|(_, line)| !line.starts_with("# ")) {
        let Some((asked, expected)) = line.split_once(" => ") else {
            assert!(line.is_empty() || line.starts_with('#'), "line {}: {line}", number + 1);
            continue;
        };
        let (at, expr) = asked.split_once(" @ ").unwrap_or(("sum", asked));
        let said = record.says(expr, at);
        cases += 1;
        if said != expected.trim_end_matches('$') {
            wrong.push(format!(
                "line {}: {asked}\n  gives    {said}\n  expected {expected}",
                number + 1
            ));
        }
    }
    assert!(cases > 100);
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_expression_takes_longer_than_allowed_or_panics() {
    let record = Record::family();
    let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
    assert_eq!(record.says(&deep, "sum"), "1");
    let too_deep = format!("{}1{}", "(".repeat(400), ")".repeat(400));
    assert!(record.says(&too_deep, "sum").starts_with("! TooDeep"));
    assert!(record.says(&"1+".repeat(4_001), "sum").starts_with("! TooLong"));
    let signs = format!("{}1", "-".repeat(3_001));
    assert_eq!(record.says(&signs, "sum"), "-1");
    let crossed = "//*[count(//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0]) > 0]";
    assert_eq!(record.says(crossed, "sum"), "! too much to evaluate");
    let growing = (0..30).fold(String::from("'xxxxxxxxxxxxxxxx'"), |text, _| match text.len() {
        0..3_000 => format!("concat({text}, {text})"),
        _ => text,
    });
    assert!(!record.says(&growing, "sum").starts_with('!'));
    for hostile in [
        "regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+')",
        "regex('x', '(((a{99}){99}){99})')",
    ] {
        record.says(hostile, "sum");
    }
}

#[test]
fn days_are_those_of_china() {
    let late = Moment::at(1_565_798_400_000 + 16 * 3_600_000);
    assert_eq!(late.date(), Date::new(2019, 8, 15).unwrap());
    assert_eq!(
        Moment::parse("2019-08-14T16:00:00Z").unwrap().date(),
        Date::new(2019, 8, 15).unwrap()
    );
}
