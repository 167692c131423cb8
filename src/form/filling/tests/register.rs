//! What records take from the register and would give to it.

use super::*;
use crate::form::definition::{Choice, List};

const SURVEY: &str = "type|name|label|save_to|prefill|problem|problem_label|relevant|calculation|choice_filter
text|phone|电话|phone|phone|||||
select_multiple class|classes|类别|class|class|||||
integer|area|面积|house_area|house_area|||||
text|remark|备注||last|||||
select_one grade|grade|等级|housing_grade|housing_grade|||||
select_one_from_file persons.csv|who|谁||||||| age >= 60
calculate|heads||||||| pulldata('household', 'members', 'name', 'own')|
note|leaks|漏雨|||住房|${phone}家漏雨|${grade} = 'C'||
text|why|为什么不达标|||饮水||${grade} = 'D'||";

fn row(value: &str, cells: &[(&str, &str)]) -> Choice {
    let columns = cells.iter().copied().chain([("name", value)]);
    Choice {
        value: value.into(),
        label: BTreeMap::from([(String::new(), format!("{value}号"))]),
        columns: columns
            .map(|(name, text)| (name.to_string(), text.to_string()))
            .collect(),
    }
}

fn household(settings: &str) -> Form {
    let choices = "list_name|name|label\nclass|低保|低保\nclass|特困|特困\ngrade|A|A\ngrade|C|C\ngrade|D|D";
    let workbook = [
        sheet("settings", settings),
        sheet("survey", SURVEY),
        sheet("choices", choices),
    ];
    let reading = read(&workbook, &BTreeMap::new());
    reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems))
}

fn lists(cells: &[(&str, &str)]) -> BTreeMap<String, List> {
    let persons = vec![row("1", &[("age", "61")]), row("2", &[("age", "33")])];
    BTreeMap::from([
        (
            "household".into(),
            List {
                choices: vec![row("own", cells)],
            },
        ),
        ("persons.csv".into(), List { choices: persons }),
        ("facility".into(), List { choices: Vec::new() }),
    ])
}

#[test]
fn answers_begin_with_what_is_known_and_give_what_would_be_written() {
    let form = household("form_id\nt");
    assert!(form.list("persons").unwrap().choices.is_empty());
    let known = [
        ("phone", "15400000001"),
        // The question does not offer 慢病户.
        ("class", "低保 慢病户 特困"),
        // No answer to this question: it takes whole numbers.
        ("house_area", "80.5"),
        // Not offered by it.
        ("housing_grade", "B"),
        ("members", "4"),
    ];
    let form = form.with_lists(lists(&known));
    assert!(!form.lists.contains_key("facility.csv"));
    let around = Around::new(&form, "", &Phone).after(BTreeMap::from([("remark".into(), "门朝东".into())]));
    let mut filling = Filling::begin(&form, &around);
    let carried: Vec<String> = filling
        .prefill()
        .into_iter()
        .map(|node| filling.place_of(node))
        .collect();
    assert_eq!(carried, ["phone", "classes", "remark"]);
    assert_eq!(filling.record()["heads"], "4");
    assert_eq!(filling.choices(filling.node_at("who").unwrap()), [0]);
    assert_eq!(filling.proposals(""), []);
    answer(&mut filling, "grade", "C").unwrap();
    answer(&mut filling, "area", "90").unwrap();
    let leaks = Proposal {
        node: filling.node_at("leaks").unwrap(),
        category: "住房".into(),
        words: "15400000001家漏雨".into(),
    };
    assert_eq!(filling.proposals(""), [leaks]);
    let updates: Vec<String> = filling
        .updates()
        .iter()
        .flat_map(|one| {
            one.values()
                .into_iter()
                .map(|value| format!("{} {value}", one.key(value)))
        })
        .collect();
    let expected = [
        "phone 15400000001",
        "class/低保 低保",
        "class/特困 特困",
        "house_area 90",
        "housing_grade C",
    ];
    assert_eq!(updates, expected);
    // A question proposes when it is answered, under its own words where there are no others.
    answer(&mut filling, "grade", "D").unwrap();
    assert_eq!(filling.proposals(""), []);
    answer(&mut filling, "why", "泥水").unwrap();
    assert_eq!(filling.proposals("")[0].words, "为什么不达标");
}

#[test]
fn a_value_of_the_year_is_written_under_its_year() {
    let workbook = [
        sheet("settings", "form_id|subject\nt|person"),
        sheet(
            "survey",
            "type|name|label|save_to\nselect_one i|q|题|insured\nselect_one i|p|题|insured/2018",
        ),
        sheet("choices", "list_name|name|label\ni|居民|居民\ni|未|未"),
    ];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    answer(&mut filling, "q", "居民").unwrap();
    answer(&mut filling, "p", "未").unwrap();
    let keys: Vec<String> = filling.updates().iter().map(|one| one.key(one.text)).collect();
    assert_eq!(keys, ["insured/2019", "insured/2018"]);
}

#[test]
fn an_amount_is_written_under_the_year_that_another_answer_says() {
    let survey = "type|name|label|save_to|calculation\ninteger|year|哪一年||
decimal|wage|工资|income_wage/${year}|\ncalculate|rest||income_property/${ year }|${wage} * 2";
    let workbook = [
        sheet("settings", "form_id|subject\nt|household"),
        sheet("survey", survey),
    ];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    let around = Around::new(&form, "", &Phone);
    let mut filling = Filling::begin(&form, &around);
    let keys = |filling: &Filling<'_>| -> Vec<String> {
        filling
            .updates()
            .iter()
            .map(|one| format!("{} {}", one.key(one.text), one.text))
            .collect()
    };
    answer(&mut filling, "wage", "2100.5").unwrap();
    assert_eq!(keys(&filling), Vec::<String>::new());
    answer(&mut filling, "year", "2018").unwrap();
    assert_eq!(keys(&filling), ["income_wage/2018 2100.5", "income_property/2018 4201"]);
}

#[test]
fn a_form_is_offered_where_its_condition_holds() {
    let cases = [
        ("form_id\nt", true),
        (
            "form_id|relevant\nt|pulldata('household', 'members', 'name', 'own') > 3",
            true,
        ),
        (
            "form_id|relevant\nt|pulldata('household', 'members', 'name', 'own') > 4",
            false,
        ),
        (
            "form_id|relevant\nt|count(instance('persons')/root/item[age >= 60]) = 1",
            true,
        ),
        (
            "form_id|relevant\nt|selected(pulldata('household', 'class', 'name', 'own'), '特困')",
            false,
        ),
        // What cannot be evaluated hides nothing.
        ("form_id|relevant\nt|count(3) > 1", true),
    ];
    for (settings, offered) in cases {
        let form = household(settings).with_lists(lists(&[("members", "4"), ("class", "低保")]));
        let around = Around::new(&form, "", &Phone);
        assert_eq!(is_offered(&form, &around), offered, "{settings}");
    }
}
