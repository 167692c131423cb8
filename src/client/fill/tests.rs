//! Open forms: what an answer changes on the screen, and that what is held comes back as it was.

use super::*;
use crate::base::host::Host;
use crate::form::read::{Sheet, read};

struct Phone;

impl Host for Phone {
    fn now_ms(&self) -> i64 {
        1_565_830_800_000
    }

    fn entropy(&self, out: &mut [u8]) {
        out.fill(7);
    }
}

fn sheet(name: &str, text: &str) -> Sheet {
    let row = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    Sheet {
        name: name.into(),
        rows: text.lines().map(row).collect(),
    }
}

fn form(survey: &str, choices: &str) -> Rc<Form> {
    let reading = read(&[sheet("survey", survey), sheet("choices", choices)], &BTreeMap::new());
    Rc::new(reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems)))
}

fn open(form: &Rc<Form>, held: Option<&Snapshot>) -> Fill {
    Fill::open(Rc::clone(form), "", Device::of(&Phone), BTreeMap::new(), held)
}

fn labels(items: &[FormItem]) -> String {
    let labels: Vec<String> = items
        .iter()
        .map(|item| format!("{}={}", item.label, item.value))
        .collect();
    labels.join(" ")
}

fn answer(fill: &mut Fill, place: &str, value: &str) -> AnsweredView {
    fill.answer(place, value).unwrap_or_else(|| panic!("no {place}")).view
}

const CHOICES: &str = "list_name|name|label
yn|yes|是
yn|no|否";

const FAMILY: &str = "type|name|label|relevant|constraint|constraint_message|required|calculation|default
text|head|户主||||yes||
begin group|house|住房||||||
select_one yn|leaks|漏雨||||||
text|where|${head}家哪里漏|${leaks} = 'yes'||||| 
end group|||||||
begin repeat|member|成员||||||
text|who|姓名||||||
integer|age|年龄||. < 120|年龄不对|||
end repeat|||||||
calculate|heads|||||| count(${member})|
note|sum|共${heads}人||||||
calculate|number|||||| once(random())|";

#[test]
fn an_answer_tells_what_is_another_way_and_nothing_else() {
    let mut fill = open(&form(FAMILY, CHOICES), None);
    let titles: Vec<&str> = fill.sections().iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["", "住房", "成员", ""]);
    assert_eq!(fill.sections()[2].add_place, "member");
    let view = answer(&mut fill, "house/leaks", "yes");
    assert_eq!(labels(&view.changed), "漏雨=yes 家哪里漏=");
    assert_eq!(view.order.map(|order| order.len()), Some(6));
    let view = answer(&mut fill, "head", "罗永1");
    assert_eq!(labels(&view.changed), "户主=罗永1 罗永1家哪里漏=");
    assert_eq!(view.order, None);
    let view = answer(&mut fill, "house/leaks", "no");
    assert_eq!(view.gone, ["house/where"]);
    assert_eq!((view.sections[1].answered, view.sections[1].of), (1, 1));
    let age = fill.items()[3].place.clone();
    let view = answer(&mut fill, &age, "１５２");
    assert_eq!(view.changed[0].value, "152");
    assert_eq!(view.changed[0].trouble.as_ref().unwrap().zh, "年龄不对");
    assert!(fill.answer("nothing", "1").is_none());
}

#[test]
fn instances_come_and_go_and_keep_their_names() {
    let form = form(FAMILY, CHOICES);
    let mut fill = open(&form, None);
    fill.add_instance("member").unwrap();
    let places: Vec<String> = fill
        .sections()
        .iter()
        .filter(|one| one.may_remove)
        .map(|one| one.place.clone())
        .collect();
    assert_eq!(places.len(), 2);
    answer(&mut fill, &format!("{}/who", places[1]), "周小怡");
    assert!(labels(&fill.items()).ends_with("共2人="));
    fill.remove_instance(&places[0]).unwrap();
    assert_eq!(fill.node_at(&places[0]), None);
    assert!(labels(&fill.items()).contains("姓名=周小怡") && labels(&fill.items()).ends_with("共1人="));
    assert!(fill.add_instance("house").is_none() && fill.remove_instance("house").is_none());

    let again = open(&form, Some(&fill.snapshot()));
    assert_eq!(again.snapshot(), fill.snapshot());
    assert_eq!(again.items(), fill.items());
    assert_eq!(again.sections(), fill.sections());
}

#[test]
fn what_follows_is_not_stored_unless_it_looks_outside() {
    let mut fill = open(&form(FAMILY, CHOICES), None);
    answer(&mut fill, "head", "罗永1");
    let stored: Vec<String> = fill.stored().into_keys().collect();
    let kinds: Vec<&str> = stored.iter().map(|key| key.split('/').next().unwrap()).collect();
    assert_eq!(kinds, ["answer", "instance", "made"]);
    assert_eq!((stored[0].as_str(), stored[2].as_str()), ("answer/head", "made/number"));
}

const PLOTS: &str = "type|name|label|relevant|calculation|repeat_count
integer|many|几块地|||
begin repeat|plot|地|||${many}
integer|area|面积|||
end repeat||||
calculate|total|||sum(${area})|
note|said|共${total}亩|||";

#[test]
fn computed_instances_have_one_name_on_every_phone_and_come_back_with_their_answers() {
    let form = form(PLOTS, "list_name|name|label");
    let mut fill = open(&form, None);
    let view = answer(&mut fill, "many", "2");
    assert_eq!(view.order.map(|order| order.len()), Some(4));
    let second = fill.items()[2].place.clone();
    answer(&mut fill, &second, "7");
    assert!(fill.sections().iter().all(|one| !one.may_add && !one.may_remove));
    let held = fill.snapshot();
    let mut other = open(&form, Some(&held));
    assert_eq!(other.items(), fill.items());
    assert!(labels(&other.items()).ends_with("共7亩="));
    answer(&mut other, "many", "1");
    assert!(labels(&other.items()).ends_with("共0亩="));

    // Held answers of an instance that does not count wait until it does.
    let mut fewer = held.clone();
    fewer.texts.insert("many".into(), "1".into());
    let mut fewer = open(&form, Some(&fewer));
    assert!(labels(&fewer.items()).ends_with("共0亩="));
    assert_eq!(fewer.snapshot().texts.get(&second).map(String::as_str), Some("7"));
    let view = answer(&mut fewer, "many", "2");
    assert!(labels(&view.changed).contains("面积=7"), "{view:?}");
}

#[test]
fn only_a_tap_makes_what_was_carried_over_checked() {
    let form = form(
        "type|name|label|default|prefill
text|phone|电话|${last-saved#phone}|
text|say|原话||last
text|now|现在||",
        "list_name|name|label",
    );
    let last = BTreeMap::from([
        ("phone".to_owned(), "13900000000".to_owned()),
        ("say".into(), "水够吃".into()),
    ]);
    let mut fill = Fill::open(Rc::clone(&form), "", Device::of(&Phone), last, None);
    let carried: Vec<bool> = fill.items().iter().map(|item| item.carried).collect();
    assert_eq!(carried, [true, true, false]);
    assert_eq!((fill.sections()[0].answered, fill.sections()[0].of), (0, 3));
    let did = fill.answer("say", "水够吃").unwrap();
    assert_eq!(did.held, [("say".to_owned(), "水够吃".to_owned(), false)]);
    assert!(!did.view.changed[0].carried);
    let stored: Vec<String> = fill.stored().into_keys().collect();
    assert_eq!(stored, ["answer/phone", "answer/say", "kept/phone"]);
    let again = open(&form, Some(&fill.snapshot()));
    assert_eq!(again.snapshot(), fill.snapshot());
}

#[test]
fn an_answer_in_a_long_form_draws_little() {
    let rows: String = (0..300)
        .map(|at| match at {
            0 => "integer|q0|第0题||\n".to_owned(),
            at if at % 10 == 0 => format!(
                "integer|q{at}|第{at}题（上次${{q{}}}）|${{q{}}} != 7|\n",
                at - 10,
                at - 10
            ),
            at => format!("text|q{at}|第{at}题||\n"),
        })
        .collect();
    let form = form(
        &format!("type|name|label|relevant|required\n{}", rows.trim_end()),
        "list_name|name|label",
    );
    let mut fill = open(&form, None);
    assert_eq!(fill.items().len(), 300);
    let view = answer(&mut fill, "q100", "3");
    assert_eq!(labels(&view.changed), "第100题（上次）=3 第110题（上次3）=");
    let view = answer(&mut fill, "q100", "7");
    assert_eq!((view.changed.len(), view.gone), (1, vec!["q110".to_owned()]));
}
