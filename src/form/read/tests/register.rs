//! Settings and columns that speak of the register, with one mistake each.

use super::*;
use crate::form::definition::{Due, Every};
use crate::form::register::BuiltIn;
use crate::register::enums::Role;

fn told_of(settings: &str, survey: &str, files: &BTreeMap<String, Sheet>) -> Vec<String> {
    let choices = "list_name|name|label\nyes|是|是\ngrade|A|A\ngrade|X|X\nclass|低保|低保\nclass|特困|特困";
    let workbook = [
        sheet("settings", settings),
        sheet("survey", survey),
        sheet("choices", choices),
    ];
    let reading = read(&workbook, files);
    let told = reading.problems.iter();
    told.map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
        .collect()
}

#[test]
fn settings_say_whom_a_form_is_about_when_and_for_whom() {
    let settings = "form_id|subject|relevant|due|due_role
t|person|pulldata('person', 'age', 'name', 'own') >= 60 or selected(pulldata('household','class','name','own'), '低保')|4/year|doctor";
    let survey = "type|name|label|choice_filter|save_to|prefill|problem|problem_label::中文|calculation
text|phone|电话|||phone|||
select_one_from_file persons.csv|who|哪位家人|age > 18|||||
select_multiple class|classes|类别||||||
date|born|生日||birth|birth|||
calculate|insured|||insured||||'居民'
integer|count|几次|||last|||
note|bad|看不起病||||医疗|${phone}说看不起病|";
    assert_eq!(told_of(settings, survey, &BTreeMap::new()), Vec::<String>::new());
    let workbook = [
        sheet("settings", settings),
        sheet("survey", survey),
        sheet("choices", "list_name|name|label\nclass|低保|低保"),
    ];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    assert_eq!(form.subject, Subject::Person);
    let due = Due {
        count: 4,
        every: Every::Year,
    };
    assert_eq!((form.due, form.due_role), (Some(due), Role::Doctor));
    let asked: Vec<BuiltIn> = form.built_in.iter().copied().collect();
    assert_eq!(asked, [BuiltIn::Household, BuiltIn::Person, BuiltIn::Persons]);
    let part = |name: &str| form.parts.iter().find(|part| part.name == name).unwrap();
    assert_eq!(
        (part("born").save_to.as_str(), part("count").prefill.as_str()),
        ("birth", "last")
    );
    assert_eq!(part("bad").problem, "医疗");
    assert_eq!(part("bad").problem_label["中文"], "${phone}说看不起病");
}

#[test]
fn a_form_about_visits_answers_the_fields_of_the_visit() {
    let settings = "form_id|subject\nt|visit";
    let head = "type|name|label|save_to|default|calculation\n";
    let choices = "list_name|name|label\nverdict|met|好\nverdict|unmet|不好\nother|fine|好";
    let told = |settings: &str, rows: &str| -> Vec<String> {
        let workbook = [
            sheet("settings", settings),
            sheet("survey", &format!("{head}{rows}")),
            sheet("choices", choices),
        ];
        let told = read(&workbook, &BTreeMap::new()).problems.into_iter();
        told.map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
            .collect()
    };
    let fits = "begin group|g|组|||\nselect_one verdict|f|吃|check/food||\nend group|g||||
text|w|原话|words||\ntext|j|判断|judgement||\ntext|p|电话|phone||\ninteger|d|狗|||";
    assert_eq!(told(settings, fits), Vec::<String>::new());
    let workbook = [
        sheet("settings", settings),
        sheet("survey", &format!("{head}{fits}")),
        sheet("choices", choices),
    ];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    let own: Vec<(String, String)> = crate::form::register::own(&form)
        .into_iter()
        .map(|one| (one.place, one.key.to_owned()))
        .collect();
    let wanted = [("g/f", "check/food"), ("w", "words"), ("j", "judgement")];
    assert_eq!(own, wanted.map(|(place, key)| (place.to_owned(), key.to_owned())));
    for (row, code) in [
        ("select_one other|f|吃|check/food||", "form.field_choice"),
        ("text|f|吃|check/food||", "form.field_type"),
        ("select_one verdict|f|吃|check/food|met|", "form.not_asked"),
        ("calculate|f||check/food||'met'", "form.not_asked"),
        ("note|f|吃|check/food||", "form.no_answer"),
        ("select_one verdict|f|吃|check/roof||", "form.no_field"),
        ("select_one verdict|f|吃|check/food/basis||", "form.no_field"),
        ("text|f|谁|met_other||", "form.no_field"),
    ] {
        assert_eq!(told(settings, row), [format!("survey 2 save_to {code}")], "{row}");
    }
    let repeated = "begin repeat|r|组|||\nselect_one verdict|f|吃|check/food||\nend repeat|||||";
    assert_eq!(told(settings, repeated), ["survey 3 save_to form.in_repeat"]);
    // A form about households has no such fields.
    let row = "select_one verdict|f|吃|check/food||";
    assert_eq!(told("form_id\nt", row), ["survey 2 save_to form.no_field"]);
    for column in ["due", "relevant", "instance_name"] {
        let value = if column == "due" { "1/year" } else { "1 = 1" };
        let settings = format!("form_id|subject|{column}\nt|visit|{value}");
        assert_eq!(
            told(&settings, "text|q|题|||"),
            [format!("settings 2 {column} form.every_visit")]
        );
    }
}

#[test]
fn settings_that_cannot_be_are_told() {
    let cases = [
        ("subject\nfamily", "settings 2 subject form.no_subject"),
        ("due\n4", "settings 2 due form.bad_due"),
        ("due\n0/year", "settings 2 due form.bad_due"),
        ("due\n1/week", "settings 2 due form.bad_due"),
        ("due|due_role\n1/year|desk", "settings 2 due_role form.no_due_role"),
        ("due_role\ndoctor", "settings 2 due_role form.role_without_due"),
        ("relevant\n${q} = 1", "settings 2 relevant form.no_question_yet"),
        ("relevant\n1 +", "settings 2 relevant form.expression"),
        (
            "relevant\npulldata('household', 'phon', 'name', 'own') = ''",
            "settings 2 relevant form.no_register_column",
        ),
        (
            "relevant\npulldata('person', 'age', 'name', 'own') > 3",
            "settings 2 relevant form.list_not_here",
        ),
        (
            "relevant\npulldata('other', 'age', 'name', 'own') > 3",
            "settings 2 relevant form.no_file",
        ),
        (
            "subject|relevant\nvillage|pulldata('household', 'phone', 'name', 'own') = ''",
            "settings 2 relevant form.list_not_here",
        ),
        ("name\nx", "settings 2 name form.not_supported"),
        ("id_string|form_id\na|b", "settings 1 form_id form.column_twice"),
    ];
    for (settings, expected) in cases {
        let told = told_of(settings, "type|name|label\ntext|q|题", &BTreeMap::new());
        assert_eq!(told, [expected], "{settings}");
    }
    // The proper name counts where it stands behind the other.
    let workbook = [
        sheet("settings", "form_id|id_string\na|b"),
        sheet("survey", "type|name|label\ntext|q|题"),
    ];
    assert_eq!(read(&workbook, &BTreeMap::new()).form.unwrap().id, "b");
}

#[test]
fn what_is_written_and_read_has_to_fit_the_register() {
    let rows = [
        ("text|q|题|phon||", "save_to form.no_field"),
        ("text|q|题|id_no||", "save_to form.no_field"),
        ("text|q|题|order||", "save_to form.no_field"),
        ("text|q|题|birth||", "save_to form.no_field"),
        ("decimal|q|题|income_wage/${year}||", "save_to form.no_question"),
        ("text|q|题|identified_on||", "save_to form.field_type"),
        ("integer|q|题|phone||", "save_to form.field_type"),
        ("select_multiple class|q|题|housing_grade||", "save_to form.field_type"),
        ("select_one grade|q|题|housing_grade||", "save_to form.field_choice"),
        ("note|q|题|phone||", "save_to form.no_answer"),
        ("image|q|题|phone||", "save_to form.field_type"),
        ("text|q|题||phon|", "prefill form.no_field"),
        ("date|q|题||phone|", "prefill form.field_type"),
        ("note|q|题||last|", "prefill form.no_answer"),
        ("select_one yes|q|题|||房子", "problem form.no_category"),
        ("select_one yes|q|题|||信访", "problem form.no_category"),
    ];
    let head = "type|name|label|save_to|prefill|problem|problem_label\n";
    for (row, expected) in rows {
        let told = told_of("form_id\nt", &format!("{head}{row}"), &BTreeMap::new());
        assert_eq!(told, [format!("survey 2 {expected}")], "{row}");
    }
    let whole = [
        (
            "begin repeat|r|组||||\ntext|q|题|phone||\nend repeat|||||",
            "survey 3 save_to form.in_repeat",
        ),
        (
            "begin repeat|r|组||||\ntext|q|题||last|\nend repeat|||||",
            "survey 3 prefill form.in_repeat",
        ),
        (
            "text|q|题|phone||\ntext|p|题|phone||",
            "survey 3 save_to form.written_twice",
        ),
        ("text|q|题||||坏了", "survey 2 problem_label form.label_without_problem"),
        (
            "text|q|题||||\nhidden|p||||住房|",
            "survey 3 problem_label form.no_label",
        ),
    ];
    for (rows, expected) in whole {
        let told = told_of("form_id\nt", &format!("{head}{rows}"), &BTreeMap::new());
        assert_eq!(told, [expected], "{rows}");
    }
    let of_village = told_of("subject\nvillage", &format!("{head}text|q|题|name||"), &BTreeMap::new());
    assert_eq!(of_village, ["survey 2 save_to form.not_written"]);
}

#[test]
fn columns_of_the_register_are_known_without_a_file_and_an_own_file_of_that_name_is_the_forms_own() {
    let survey = |calculation: &str| format!("type|name|label|calculation\ntext|q|题|{calculation}");
    let told = |calculation: &str, files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| (name.to_string(), sheet(name, text)));
        told_of("form_id\nt", &survey(calculation), &files.collect())
    };
    let none: Vec<String> = Vec::new();
    // Answers that begin with a field ask for the list without naming it.
    let workbook = [sheet("survey", "type|name|label|prefill\ntext|q|题|phone")];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    assert!(form.built_in.contains(&BuiltIn::Household));
    assert_eq!(
        told(
            "count(instance('persons')/root/item[age > 60 and is_member = '是'])",
            &[]
        ),
        none
    );
    assert_eq!(
        told("instance('persons')/root/item[name = '1']/school_stage", &[]),
        none
    );
    let missing = ["survey 2 calculation form.no_register_column"];
    assert_eq!(told("instance('persons')/root/item[ag > 60]/name", &[]), missing);
    assert_eq!(told("instance('persons')/root/item[age > 60]/nam", &[]), missing);
    assert_eq!(told("pulldata('household.csv', 'members', 'nam', 'own')", &[]), missing);
    let own = [("household.csv", "hh,head\n1,甲")];
    let own = own.map(|(name, text)| (name, Box::leak(text.replace(',', "|").into_boxed_str()) as &str));
    assert_eq!(told("pulldata('household', 'head', 'hh', '1')", &own), none);
    let tried = [("household.csv", "name|phone|members\nown|1|4")];
    assert_eq!(told("pulldata('household', 'members', 'name', 'own')", &tried), none);
    assert_eq!(told("pulldata('household', 'head', 'name', 'own')", &tried), missing);
}

#[test]
fn guidance_stands_below_the_hint() {
    let workbook = [sheet(
        "survey",
        "type|name|label|hint|guidance_hint\ntext|q|题|看墙|从外往里\ntext|p|题||只有指引",
    )];
    let form = read(&workbook, &BTreeMap::new()).form.unwrap();
    assert_eq!(form.parts[0].hint[""], "看墙\n从外往里");
    assert_eq!(form.parts[1].hint[""], "只有指引");
}
