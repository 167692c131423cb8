//! Forms being filled in: what applies, what follows, what is refused.

use super::*;
use crate::form::moment::Moment;
use crate::form::read::{Sheet, read};

struct Around;

impl Surroundings for Around {
    fn now(&self) -> Moment {
        Moment::parse("2019-08-15T10:20:30.400+08:00").unwrap()
    }
    fn random(&self) -> f64 {
        0.5
    }
    fn uuid(&self) -> String {
        "u".into()
    }
    fn choice_name(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn list(&self, _: &str) -> Option<NodeRef> {
        None
    }
    fn pull(&self, _: &str, _: &str, _: &str, _: &str) -> Option<String> {
        None
    }
    fn version(&self) -> &str {
        "1"
    }
    fn chinese(&self) -> bool {
        true
    }
}

fn sheet(name: &str, text: &str) -> Sheet {
    let row = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    Sheet {
        name: name.into(),
        rows: text.lines().map(row).collect(),
    }
}

fn form(survey: &str, choices: &str) -> Form {
    let reading = read(&[sheet("survey", survey), sheet("choices", choices)], &BTreeMap::new());
    reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems))
}

fn answer(filling: &mut Filling<'_>, place: &str, text: &str) -> Result<(), Trouble> {
    let node = filling.node_at(place).unwrap_or_else(|| panic!("no {place}"));
    filling.answer(node, text)
}

fn names(filling: &Filling<'_>) -> String {
    let names: Vec<&str> = filling.shown().iter().map(|one| one.part.name.as_str()).collect();
    names.join(" ")
}

const NO_CHOICES: &str = "list_name|name|label";

/// The income sheet of one family: what is earned, by how many, a head.
#[test]
fn an_income_is_computed_while_members_come_and_go() {
    let form = form(
        "type|name|label|calculation|relevant|constraint|required|default
begin repeat|member|成员|||||
text|who|姓名||||yes|
select_one yes|away|已迁出|||||
integer|wage|工资|||. >= 0||0
end repeat||||||
integer|business|经营性收入|||||0
calculate|heads||count(${member}[${away} != 'yes'])||||
calculate|income||sum(${wage}) + ${business}||||
calculate|each||round(${income} div ${heads}, 2)|||
note|low|低于标准||${each} < 4000 and ${heads} > 0|||",
        "list_name|name|label\nyes|yes|是",
    );
    let mut filling = Filling::begin(&form, &Around);
    let first = filling.node_at("member").unwrap();
    for wage in ["21000", "0", "0"] {
        let node = filling.add_repeat(0, "member").unwrap();
        let number = filling.number_of(node);
        answer(&mut filling, &format!("member[{number}]/wage"), wage).unwrap();
        answer(&mut filling, &format!("member[{number}]/who"), "甲").unwrap();
    }
    filling.remove_repeat(first);
    answer(&mut filling, "business", "12540").unwrap();
    assert_eq!(filling.record()["each"], "11180");
    answer(&mut filling, "member[3]/away", "yes").unwrap();
    assert_eq!(filling.record()["each"], "16770");
    assert!(!names(&filling).ends_with("low"));
    answer(&mut filling, "member[1]/wage", "0").unwrap();
    answer(&mut filling, "business", "3000").unwrap();
    assert!(
        names(&filling).ends_with("low"),
        "{} {:?}",
        names(&filling),
        filling.record()
    );
    assert_eq!(answer(&mut filling, "member[2]/wage", "-1"), Err(Trouble::Constraint));
    assert_eq!(
        answer(&mut filling, "member[2]/wage", "1.5"),
        Err(Trouble::Answer(AnswerFault::NotWhole))
    );
    answer(&mut filling, "member[1]/who", "").unwrap();
    let troubles: Vec<(String, Trouble)> = filling
        .troubles()
        .into_iter()
        .map(|(at, trouble)| (at.part.name.clone(), trouble))
        .collect();
    assert_eq!(
        troubles,
        [
            ("who".into(), Trouble::Required),
            ("wage".into(), Trouble::Answer(AnswerFault::NotWhole))
        ]
    );
}

#[test]
fn what_no_longer_applies_is_kept_and_counts_as_nothing() {
    let form = form(
        "type|name|label|relevant|calculation
select_one yn|pond|有鱼塘吗？||
begin group|fish|鱼|${pond} = 'yes'|
integer|mu|几亩？||
end group|||
calculate|area|||coalesce(${mu}, 0) * 2",
        "list_name|name|label\nyn|yes|有\nyn|no|没有",
    );
    let mut filling = Filling::begin(&form, &Around);
    assert_eq!(names(&filling), "pond");
    answer(&mut filling, "pond", "yes").unwrap();
    answer(&mut filling, "mu", "3").unwrap();
    assert_eq!(
        (names(&filling).as_str(), filling.record()["area"].as_str()),
        ("pond fish mu", "6")
    );
    answer(&mut filling, "pond", "no").unwrap();
    assert_eq!(
        (names(&filling).as_str(), filling.record()["area"].as_str()),
        ("pond", "0")
    );
    assert_eq!(filling.record()["fish/mu"], "3");
    answer(&mut filling, "pond", "yes").unwrap();
    assert_eq!(filling.record()["area"], "6");
    assert_eq!(
        answer(&mut filling, "pond", "perhaps"),
        Err(Trouble::Answer(AnswerFault::NoChoice("perhaps".into())))
    );
}

#[test]
fn choices_follow_earlier_answers_and_counts_make_instances() {
    let form = form(
        "type|name|label|choice_filter|repeat_count|calculation
select_one town|town|乡镇|||
select_one village|village|村|town = ${town}||
integer|pigs|几头猪？|||
begin repeat|pig|猪||${pigs}|
integer|kilos|${place}号猪多重？|||
calculate|place||||position(..)
end repeat||||
calculate|all||||sum(${kilos})",
        "list_name|name|label|town
town|t1|官店|
town|t2|下村|
village|v1|测试村|t1
village|v2|高山村|t2
village|v3|河坝村|t1",
    );
    let mut filling = Filling::begin(&form, &Around);
    answer(&mut filling, "town", "t1").unwrap();
    let village = filling.node_at("village").unwrap();
    assert_eq!(filling.choices(village), [0, 2]);
    assert!(answer(&mut filling, "village", "v2").is_err());
    answer(&mut filling, "village", "v3").unwrap();
    answer(&mut filling, "pigs", "3").unwrap();
    for (number, kilos) in [(1, "80"), (2, "95"), (3, "70")] {
        answer(&mut filling, &format!("pig[{number}]/kilos"), kilos).unwrap();
    }
    assert_eq!(filling.record()["all"], "245");
    let third = filling.node_at("pig[3]/kilos").unwrap();
    assert_eq!(filling.say(&filling.part(third).label, "", third), "3号猪多重？");
    answer(&mut filling, "pigs", "2").unwrap();
    assert_eq!(filling.record()["all"], "175");
    answer(&mut filling, "pigs", "100000").unwrap();
    assert!(filling.node_at("pig[200]").is_some() && filling.node_at("pig[201]").is_none());
}

#[test]
fn what_is_not_among_the_choices_can_be_written() {
    let form = form(
        "type|name|label::中文 (zh)|label::English (en)
select_multiple s or_other|m|哪些？|Which?",
        "list_name|name|label::中文 (zh)|label::English (en)\ns|x|甲|A",
    );
    let mut filling = Filling::begin(&form, &Around);
    assert_eq!(names(&filling), "m");
    answer(&mut filling, "m", "x other").unwrap();
    assert_eq!(names(&filling), "m m_other");
    let node = filling.node_at("m_other").unwrap();
    assert_eq!(filling.say(&filling.part(node).label, "中文 (zh)", node), "请写明");
    assert_eq!(filling.choices(filling.node_at("m").unwrap()).len(), 2);
}

#[test]
fn answers_of_every_type_are_judged() {
    let form = form(
        "type|name|label|parameters
integer|i|整数|
decimal|d|小数|
range|r|几分|start=1 end=5 step=0.5
date|on|哪天|
time|t|几点|
dateTime|dt|何时|
geopoint|g|在哪|
select_multiple s|m|哪些|
acknowledge|a|知道|",
        "list_name|name|label\ns|x|甲\ns|y|乙",
    );
    let mut filling = Filling::begin(&form, &Around);
    let good = [
        ("i", "-12"),
        ("d", "3.25"),
        ("r", "2.5"),
        ("on", "2019-02-28"),
        ("t", "09:30"),
        ("dt", "2019-08-15T10:00:00+08:00"),
        ("g", "30.2 109.4 0 5"),
        ("m", "y x"),
        ("a", "OK"),
    ];
    for (name, text) in good {
        assert_eq!(answer(&mut filling, name, text), Ok(()), "{name} {text}");
    }
    let bad = [
        ("i", "1.0"),
        ("i", "1234567890123456"),
        ("d", "1e5"),
        ("r", "2.2"),
        ("r", "6"),
        ("on", "2019-02-30"),
        ("on", "2019-2-3"),
        ("t", "25:00"),
        ("dt", "2019-08-15"),
        ("g", "91 0"),
        ("g", "30"),
        ("m", "x x"),
        ("m", "x z"),
    ];
    for (name, text) in bad {
        assert!(answer(&mut filling, name, text).is_err(), "{name} {text}");
    }
}

#[test]
fn a_hostile_form_neither_hangs_nor_ends_the_phone() {
    let form = form(
        "type|name|label|calculation
begin repeat|a|甲|
integer|x|乙|
calculate|y||sum(//*[count(//*[count(//*) > 1]) > 1])
end repeat|||
calculate|z||regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+b')",
        NO_CHOICES,
    );
    let mut filling = Filling::begin(&form, &Around);
    for _ in 0..20 {
        filling.add_repeat(0, "a");
    }
    assert_eq!(filling.record()["z"], "false");
}
