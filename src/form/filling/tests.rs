//! Forms being filled in: what applies, what follows, what is refused.

use super::*;
use crate::form::around::{Around, Outside};
use crate::form::moment::Moment;
use crate::form::read::{Sheet, read};

struct Phone;

impl Outside for Phone {
    fn now(&self) -> Moment {
        Moment::parse("2019-08-15T10:20:30.400+08:00").unwrap()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn uuid(&self) -> String {
        "u".into()
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
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
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
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
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
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
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
fn a_count_that_shrinks_for_a_moment_loses_no_answers() {
    let form = form(
        "type|name|label|repeat_count
integer|many|几口人？|
begin repeat|member|成员|${many}
text|who|姓名|
end repeat|||",
        NO_CHOICES,
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    answer(&mut filling, "many", "3").unwrap();
    answer(&mut filling, "member[2]/who", "乙").unwrap();
    answer(&mut filling, "member[3]/who", "丙").unwrap();
    answer(&mut filling, "many", "1").unwrap();
    assert!(filling.node_at("member[2]").is_none());
    answer(&mut filling, "many", "12").unwrap();
    let record = filling.record();
    assert_eq!(
        (record["member[2]/who"].as_str(), record["member[3]/who"].as_str()),
        ("乙", "丙")
    );
    assert!(filling.node_at("member[12]").is_some() && filling.node_at("member[13]").is_none());
}

#[test]
fn triggers_calculate_when_their_question_changes_and_not_otherwise() {
    let form = form(
        "type|name|label|trigger|calculation|default
select_one yn|asked|问了吗？|||
calculate|when||${asked}|now()|
text|note|备注|||
calculate|why||${asked}||x
begin repeat|animal|牲畜|||
integer|count|多少？|||
calculate|first||${count}|${count}|
end repeat|||||
calculate|again||${when}|'set'|",
        "list_name|name|label\nyn|yes|是\nyn|no|否",
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    assert_eq!(filling.record(), BTreeMap::from([("why".into(), "x".into())]));
    answer(&mut filling, "note", "甲").unwrap();
    assert!(!filling.record().contains_key("when"));
    answer(&mut filling, "asked", "yes").unwrap();
    let record = filling.record();
    assert_eq!(record["when"], "2019-08-15T10:20:30.400+08:00");
    assert_eq!(record["again"], "set", "a trigger sets off the next");
    assert!(!record.contains_key("why"), "without a calculation it empties");
    filling.add_repeat(0, "animal").unwrap();
    answer(&mut filling, "animal[2]/count", "5").unwrap();
    let record = filling.record();
    assert_eq!(record["animal[2]/first"], "5");
    assert!(!record.contains_key("animal[1]/first"), "only in its own instance");
}

#[test]
fn computed_defaults_are_made_once_and_see_what_stands_above() {
    let form = form(
        "type|name|label|calculation|default
date|on|哪天||today()
text|who|谁|||
calculate|twice|| ${base} * 2|
integer|base|底数||7
integer|more|加||${twice} + 1
begin repeat|plot|地||
integer|number|第几块||position(..)
text|id|编号||once(uuid())
end repeat|||
calculate|sum||sum(${number})|",
        NO_CHOICES,
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    assert_eq!(filling.record()["on"], "2019-08-15");
    assert_eq!(filling.record()["more"], "15");
    answer(&mut filling, "base", "1").unwrap();
    assert_eq!(filling.record()["more"], "15", "a default is no calculation");
    filling.add_repeat(0, "plot").unwrap();
    filling.add_repeat(0, "plot").unwrap();
    let record = filling.record();
    assert_eq!((record["plot[3]/number"].as_str(), record["sum"].as_str()), ("3", "6"));
    assert_eq!(record["plot[3]/id"], "u");
}

#[test]
fn what_is_calculated_is_stored_as_its_question_asks() {
    let form = form(
        "type|name|label|calculation
date|next|下次|today() + 7
date|now_day|今天|now()
dateTime|from_day|何时|today()
integer|whole|整数|7 div 2
decimal|part|小数|7 div 2
text|words|文字|today() + 7",
        NO_CHOICES,
    );
    let around = Around::new(&form, "", &Phone);
    let filling = Filling::begin(&form, &around);
    let record = filling.record();
    let stored: Vec<&str> = ["next", "now_day", "from_day", "whole", "part", "words"]
        .map(|name| record[name].as_str())
        .to_vec();
    let expected = [
        "2019-08-22",
        "2019-08-15",
        "2019-08-15T00:00:00.000+08:00",
        "3",
        "3.5",
        "18130",
    ];
    assert_eq!(stored, expected);
    assert!(filling.troubles().is_empty(), "{:?}", filling.troubles());
}

#[test]
fn a_seed_shuffles_the_same_everywhere() {
    let form = form(
        "type|name|label|calculation
select_one l|one|甲|
calculate|s42||join('', randomize(instance('l')/root/item/name, 42))
calculate|s1||join('', randomize(instance('l')/root/item/name, 1))
calculate|long||join('', randomize(instance('l')/root/item/name, 11111111))
calculate|s0||join('', randomize(instance('l')/root/item/name, 0))
calculate|part||join('', randomize(instance('l')/root/item/name, 1.1))
calculate|minus||join('', randomize(instance('l')/root/item/name, -42))",
        "list_name|name|label\nl|A|A\nl|B|B\nl|C|C\nl|D|D\nl|E|E\nl|F|F",
    );
    let around = Around::new(&form, "", &Phone);
    let record = Filling::begin(&form, &around).record();
    assert_eq!((record["s0"].as_str(), record["part"].as_str()), ("CBEAFD", "BFEACD"));
    let shuffled = ["s42", "s1", "long", "minus"].map(|name| record[name].as_str());
    assert_eq!(shuffled, ["AFCBDE", "BFEACD", "ACDBFE", "EDAFBC"]);
}

#[test]
fn choices_are_shuffled_where_the_form_says_so() {
    let form = form(
        "type|name|label|parameters
select_one l|plain|甲|
select_one l|seeded|乙|randomize=true seed=42
integer|base|种子|
select_one l|following|丙|randomize=true;seed=${base}
select_one l|any|丁|randomize=true",
        "list_name|name|label\nl|A|A\nl|B|B\nl|C|C\nl|D|D\nl|E|E\nl|F|F",
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    let order = |filling: &Filling<'_>, name: &str| {
        let choices = filling.choices(filling.node_at(name).unwrap());
        choices
            .into_iter()
            .map(|at| ["A", "B", "C", "D", "E", "F"][at])
            .collect::<String>()
    };
    assert_eq!(
        (order(&filling, "plain").as_str(), order(&filling, "seeded").as_str()),
        ("ABCDEF", "AFCBDE")
    );
    answer(&mut filling, "base", "1").unwrap();
    assert_eq!(order(&filling, "following"), "BFEACD");
    let once = order(&filling, "any");
    assert_eq!(
        order(&filling, "any"),
        once,
        "it stays as it is while the record is open"
    );
    answer(&mut filling, "any", "F").unwrap();
}

#[test]
fn parts_in_different_groups_may_share_a_name() {
    let form = form(
        "type|name|label|relevant
begin group|mother|母亲|
text|name|姓名|
integer|age|岁数|../name != ''
end group|||
begin group|father|父亲|
text|name|姓名|
integer|age|岁数|../name != ''
end group|||
note|both|都有了|/data/mother/name != '' and /data/father/name != ''",
        NO_CHOICES,
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    assert_eq!(names(&filling), "mother name father name");
    answer(&mut filling, "father/name", "甲").unwrap();
    assert_eq!(names(&filling), "mother name father name age");
    answer(&mut filling, "mother/name", "乙").unwrap();
    assert_eq!(names(&filling), "mother name age father name age both");
}

#[test]
fn words_change_with_answers_and_the_record_has_a_name() {
    let workbook = [
        sheet(
            "survey",
            "type|name|label::中文|label::English\ntext|who|谁？|Who?\nselect_one c|kind|哪类？|Which?\nnote|hello|您好${who}，${kind_name}|Hello ${who}, ${kind_name}\ncalculate|kind_name||",
        ),
        sheet(
            "choices",
            "list_name|name|label::中文|label::English\nc|p|脱贫户|Lifted",
        ),
        sheet(
            "settings",
            "form_id|version|default_language|instance_name\nt|1|中文|concat(${who}, '-', ${kind})",
        ),
    ];
    let mut workbook = workbook.to_vec();
    workbook[0].rows[0].push("calculation".into());
    workbook[0].rows[4].push("jr:choice-name(${kind}, '${kind}')".into());
    let reading = read(&workbook, &BTreeMap::new());
    let form = reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems));
    for (language, said) in [("中文", "您好王芳，脱贫户"), ("English", "Hello 王芳, Lifted")] {
        let around = Around::new(&form, language, &Phone);
        let mut filling = Filling::begin(&form, &around);
        answer(&mut filling, "who", "王芳").unwrap();
        answer(&mut filling, "kind", "p").unwrap();
        let hello = filling.node_at("hello").unwrap();
        assert_eq!(filling.say(&filling.part(hello).label, language, hello), said);
        assert_eq!(filling.name().as_deref(), Some("王芳-p"));
    }
}

#[test]
fn what_was_answered_last_time_can_be_a_default() {
    let form = form(
        "type|name|label|default
text|phone|电话|${last-saved#phone}",
        NO_CHOICES,
    );
    let last = BTreeMap::from([("phone".to_owned(), "15400000001".to_owned())]);
    let around = Around::new(&form, "", &Phone).after(last);
    let filling = Filling::begin(&form, &around);
    assert_eq!(filling.record()["phone"], "15400000001");
}

#[test]
fn what_is_not_among_the_choices_can_be_written() {
    let form = form(
        "type|name|label::中文 (zh)|label::English (en)
select_multiple s or_other|m|哪些？|Which?",
        "list_name|name|label::中文 (zh)|label::English (en)\ns|x|甲|A",
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    assert_eq!(names(&filling), "m");
    answer(&mut filling, "m", "x other").unwrap();
    assert_eq!(names(&filling), "m m_other");
    let node = filling.node_at("m_other").unwrap();
    assert_eq!(filling.say(&filling.part(node).label, "中文 (zh)", node), "请写明");
    assert_eq!(filling.choices(filling.node_at("m").unwrap()).len(), 2);
}

#[test]
fn what_is_put_in_order_is_put_in_order_whole() {
    let form = form(
        "type|name|label\nrank s|r|先后",
        "list_name|name|label\ns|x|甲\ns|y|乙\ns|z|丙",
    );
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    for (text, told) in [("", None), ("y x", Some("answer.incomplete")), ("y x z", None)] {
        answer(&mut filling, "r", text).unwrap();
        let troubles = filling.troubles();
        assert_eq!(troubles.first().map(|(_, trouble)| trouble.code()), told, "{text}");
    }
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
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
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
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    for _ in 0..20 {
        filling.add_repeat(0, "a");
    }
    assert_eq!(filling.record()["z"], "false");
}

mod register;
