//! Workbooks with one mistake each, and what is told of it.

use super::*;
use crate::form::definition::Default;
use crate::form::register::Subject;

fn sheet(name: &str, text: &str) -> Sheet {
    Sheet {
        name: name.into(),
        rows: text
            .lines()
            .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
            .collect(),
    }
}

fn told(survey: &str, choices: &str) -> Vec<String> {
    let mut workbook = vec![sheet("survey", survey)];
    if !choices.is_empty() {
        workbook.push(sheet("choices", choices));
    }
    let reading = read(&workbook, &BTreeMap::new());
    let told = reading.problems.iter();
    told.map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
        .collect()
}

#[test]
fn a_sound_form_is_read_whole() {
    let survey = "type|name|label::中文|label::English|required|relevant|constraint|calculation|repeat_count|appearance|parameters
begin group|house|房屋|House||||||field-list|
select_one yes_no|leaks|漏雨吗？|Does it leak?|yes||||||
select multiple signs or_other|signs|哪些问题？|Which signs?||${leaks} = 'yes'|||||
end group||||||||||
begin_repeat|member|家庭成员|Members|||||2||
integer|age|年龄|Age|${leaks} = 'no'||. >= 0 and . < 120||||
end_repeat||||||||||
range|mood|心情|Mood|||||||start=1 end=5 step=1
calculate|oldest|||||| max(${age})|||
image|sign|签字|Sign||||||signature|
note|thanks|谢谢${oldest}|Thank you|||||||";
    let choices = "list_name|name|label::中文|label::English|town
yes_no|yes|是|Yes|
yes_no|no|否|No|
signs|crack|裂缝|Cracks|t1";
    assert_eq!(told(survey, choices), Vec::<String>::new());
    let reading = read(&[sheet("survey", survey), sheet("choices", choices)], &BTreeMap::new());
    let form = reading.form.unwrap();
    assert_eq!(form.languages, ["中文", "English"]);
    assert_eq!(form.parts.len(), 6);
    assert_eq!(form.lists["signs"].choices[0].columns["town"], "t1");
    let mut names = Vec::new();
    form.walk(&mut |part, above| names.push((part.name.clone(), above.len())));
    assert_eq!(names.len(), 10);
    assert_eq!(names[1], ("leaks".into(), 1));
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let head = "type|name|label|relevant|calculation|parameters\n";
    let cases = [
        ("txet|q|题", "survey 2 type form.no_type"),
        ("audio|q|题", "survey 2 type form.type_not_supported"),
        ("text||题", "survey 2 name form.no_name"),
        ("text|1q|题", "survey 2 name form.bad_name"),
        ("text|q|题\ntext|q|题", "survey 3 name form.name_again"),
        ("text|q|", "survey 2 label form.no_label"),
        ("select_one|q|题", "survey 2 type form.list_not_named"),
        ("select_one none|q|题", "survey 2 type form.no_list"),
        ("select_multiple l|q|题", "survey 2 type form.choice_with_space"),
        ("select_one_from_file v.csv|q|题", "survey 2 type form.no_file"),
        ("text|q|题\nend group||", "survey 3 type form.nothing_to_end"),
        (
            "begin group|g|组\ntext|q|题\nend repeat||\nend group||",
            "survey 4 type form.nothing_to_end",
        ),
        ("begin group|g|组\ntext|q|题", "survey 2 type form.not_ended"),
        ("text|p|题\nbegin group|g|组\nend group||", "survey 3 type form.empty"),
        ("text|q|题|${q2} = 1", "survey 2 relevant form.no_question"),
        ("text|q|题${nobody}", "survey 2 label form.no_question"),
        ("text|q|题|1 +", "survey 2 relevant form.expression"),
        ("text|q|题|${q} = 1", "survey 2 relevant form.circle"),
        (
            "calculate|a|||${b} + 1\ncalculate|b|||${a} + 1",
            "survey 2 calculation form.circle",
        ),
        (
            "range|q|题|||start=5 end=1 step=9",
            "survey 2 parameters form.parameter",
        ),
        ("text|q|题|||colour=red", "survey 2 parameters form.parameter"),
        ("text|q|题|||randomize=true", "survey 2 parameters form.parameter"),
        ("integer|q|题|||start=1", "survey 2 parameters form.parameter"),
        ("range|q|题|||start=low", "survey 2 parameters form.no_parameter"),
        ("image|q|题|||max-pixels=big", "survey 2 parameters form.parameter"),
        (
            "geopoint|q|题|||capture-accuracy=5",
            "survey 2 parameters form.parameter",
        ),
        (
            "begin group|q|题|||rows=2\ntext|r|题\nend group|",
            "survey 2 parameters form.parameter",
        ),
        ("calculate|q||", "survey 2 calculation form.expression"),
        ("calculate|q|||1 +", "survey 2 calculation form.expression"),
        (
            "calculate|q|||property('username')",
            "survey 2 calculation form.expression",
        ),
        (
            "select_one s|q|题|||randomize=true seed=${nobody}",
            "survey 2 parameters form.no_question",
        ),
        (
            "select_one s|q|题|||randomize=true seed=abc",
            "survey 2 parameters form.parameter",
        ),
        (
            "select_one s|q|题|||randomize=yes",
            "survey 2 parameters form.parameter",
        ),
    ];
    let choices = "list_name|name|label\nl|a b|甲\ns|a|甲";
    for (rows, expected) in cases {
        let told: Vec<String> = told(&format!("{head}{rows}"), choices);
        assert_eq!(told, [expected], "{rows}");
    }
    assert_eq!(told(head, ""), ["survey 0  form.no_questions"]);
    // What this app has not is refused where it holds something.
    assert_eq!(told("type|name|label|image\ntext|q|题|", ""), [""; 0]);
    assert_eq!(
        told("type|name|label|image\ntext|p|题|\ntext|q|题|x.png", ""),
        ["survey 3 image form.not_supported"]
    );
    assert_eq!(told("name|label\nq|题", ""), ["survey 1 type form.no_column"]);
    assert_eq!(read(&[], &BTreeMap::new()).problems[0].what, What::NoSheet);
}

#[test]
fn a_disabled_row_is_set_aside() {
    let survey = "type|name|label|disabled\ntext|p|题|no\ntext|q||yes\nbogus|r|题|是";
    let reading = read(&[sheet("survey", survey)], &BTreeMap::new());
    let names: Vec<String> = reading.form.unwrap().parts.into_iter().map(|part| part.name).collect();
    assert_eq!(names, ["p"]);
}

#[test]
fn sheets_that_are_not_read_are_told_where_they_matter() {
    let told = |name: &str, text: &str| {
        let workbook = [sheet("survey", "type|name|label\ntext|q|题"), sheet(name, text)];
        let reading = read(&workbook, &BTreeMap::new());
        let told = reading
            .problems
            .iter()
            .map(|one| format!("{} {}", one.sheet, one.what.code()));
        (told.collect::<Vec<_>>(), reading.form.is_some())
    };
    assert_eq!(
        told("entities", "dataset|label\ntrees|x"),
        (vec!["entities form.sheet_not_supported".into()], false)
    );
    assert_eq!(told("entities", "dataset|label"), (Vec::new(), true));
    assert_eq!(
        told("Setting", "form_id\nt"),
        (vec!["Setting form.sheet_meant".into()], true)
    );
    assert_eq!(told("说明", "怎么填"), (Vec::new(), true));
}

#[test]
fn what_an_expression_speaks_of_has_to_be_there() {
    let looks = [
        (
            "type|name|label|appearance\nselect_one m|q|题|minimal search('towns', 'matches', 'a', ${b})",
            "survey 2 appearance form.search_call",
        ),
        (
            "type|name|label|appearance\ngeopoint|q|题|placement-map",
            "survey 2 appearance form.no_map",
        ),
        ("type|name|label\nnote|q|要**问清**", "survey 2 label form.styled"),
        (
            "type|name|label|appearance\ngeopoint|q|题|hide-input",
            "survey 2 appearance form.appearance",
        ),
        (
            "type|name|label|constraint\ntext|q|题|regex(., '(?=a)b')",
            "survey 2 constraint form.pattern",
        ),
        (
            "type|name|label|choice_filter\nselect_one m or_other|q|题|name != 'a'",
            "survey 2 choice_filter form.other_filtered",
        ),
        (
            "type|name|label|appearance\ntext|q|题|image-map",
            "survey 2 appearance form.appearance",
        ),
        (
            "type|name|label|appearance\nimage|q|题|draw",
            "survey 2 appearance form.appearance",
        ),
        (
            "type|name|label|choice_filter\nselect_one m|q|题|twon = 'x'",
            "survey 2 choice_filter form.no_list_column",
        ),
        (
            "type|name|label|relevant\ntext|q|题|/data/none = 1",
            "survey 2 relevant form.no_question",
        ),
        (
            "type|name|label|relevant\ntext|p|题|\ntext|q|题|../none = 1",
            "survey 3 relevant form.no_question",
        ),
        (
            "type|name|label|calculation\ntext|a|题|../b\ntext|b|题|/data/a",
            "survey 2 calculation form.circle",
        ),
        (
            "type|name|label|calculation\ntext|q|题|. + 1",
            "survey 2 calculation form.circle",
        ),
        (
            "type|name|label|relevant\ntext|q|题|. > 0",
            "survey 2 relevant form.circle",
        ),
        (
            "type|name|label|calculation\nbegin repeat|g|组|\ninteger|a|题|../b + 1\ninteger|b|题|../a + 1\nend repeat|||",
            "survey 3 calculation form.circle",
        ),
        (
            "type|name|label|calculation\nbegin repeat|g|组|\ninteger|a|题|${b} + 1\nend repeat|||\ninteger|b|题|sum(${a})",
            "survey 3 calculation form.circle",
        ),
        (
            "type|name|label|calculation\ntext|q|题|pulldata('prices', 'a', 'b', 'c')",
            "survey 2 calculation form.no_file",
        ),
        (
            "type|name|label|calculation\ntext|q|题|instance('x')/root/item",
            "survey 2 calculation form.no_file",
        ),
        (
            "type|name|label\ncsv-external|prices|\ntext|q|题",
            "survey 2 name form.no_file",
        ),
        (
            "type|name|label|relevant\nbegin group|g|甲|\ntext|n|题|\nend group|||\nbegin group|h|乙|\ntext|n|题|\nend \
             group|||\ntext|q|题|${n} = 1",
            "survey 8 relevant form.name_twice",
        ),
        (
            "type|name|label|calculation|trigger\ncalculate|q||5 + 4|\ntext|p|题|now()|${q}",
            "survey 3 trigger form.trigger_unseen",
        ),
    ];
    for (survey, expected) in looks {
        assert_eq!(
            told(survey, "list_name|name|label|town\nm|a|甲|x"),
            [expected],
            "{survey}"
        );
    }
}

#[test]
fn what_only_calculates_needs_no_words_and_a_choice_without_any_shows_its_value() {
    let survey = "type|name|label|calculation|trigger|default
select_one c|a|题|||
integer|b||1 + 1||
dateTime|d||now()|${a}|
integer|e|题|||7 - 4
date|f|题|||2019-08-15
text|g|题|||f-4";
    let choices = "list_name|name|label\nc|x|";
    assert_eq!(told(survey, choices), ["choices 2 label form.no_choice_label"]);
    let form = read(&[sheet("survey", survey), sheet("choices", choices)], &BTreeMap::new())
        .form
        .unwrap();
    assert_eq!(form.words(&form.lists["c"].choices[0].label, ""), "x");
    let computed = |name: &str| {
        matches!(
            form.parts.iter().find(|part| part.name == name).unwrap().default,
            Some(Default::Computed(_))
        )
    };
    assert_eq!(["e", "f", "g"].map(computed), [true, false, false]);
}

#[test]
fn every_sentence_says_something_in_both_languages() {
    let text = || String::from("x");
    let all = [
        What::NoSheet,
        What::NoColumn,
        What::NoQuestions,
        What::SheetNotSupported,
        What::SheetMeant("choices"),
        What::StrangeColumn,
        What::NotSupported,
        What::NoType(text(), None),
        What::NoType(text(), Some("text")),
        What::TypeNotSupported(text()),
        What::NoName,
        What::BadName(text()),
        What::NameAgain(text(), 2),
        What::NoLabel,
        What::NoLabelIn(text()),
        What::NoList(text()),
        What::ListNotNamed,
        What::ChoiceAgain(text(), 2),
        What::ChoiceWithSpace(text()),
        What::NoFile(text()),
        What::NothingToEnd,
        What::NotEnded,
        What::Empty,
        What::NoQuestion(text()),
        What::NameTwice(text()),
        What::NoListColumn(text()),
        What::TriggerUnseen(text()),
        What::DateSign('W'),
        What::NoChoiceLabel(text()),
        What::NoChoicesIn(text()),
        What::Appearance(text()),
        What::Circle(vec![text(), text()]),
        What::Parameter(text()),
        What::NoParameter("start"),
        What::NotYesNo(text()),
        What::BadFormId(text()),
        What::BadVersion(text()),
        What::Language(text()),
        What::NoSubject(text()),
        What::BadDue(text()),
        What::NoDueRole(text()),
        What::RoleWithoutDue,
        What::NoQuestionYet(text()),
        What::ListNotHere(text(), Subject::Village),
        What::NoRegisterColumn(text(), text()),
        What::NoField(text(), Subject::Village),
        What::NotWritten(Subject::Village),
        What::NotAsked(text()),
        What::EveryVisit,
        What::FieldType(text(), "date"),
        What::FieldChoice(text(), text()),
        What::InRepeat,
        What::NoAnswer,
        What::WrittenTwice(text(), 2),
        What::NoCategory(text()),
        What::LabelWithoutProblem,
        What::ColumnTwice(text()),
        What::TooMany(5),
        What::TooDeep,
        What::TooLong,
    ];
    let mut codes = std::collections::BTreeSet::new();
    for what in all {
        let said = what.sentence();
        assert!(
            !said.zh.is_empty() && !said.en.is_empty() && said.zh != said.en,
            "{what:?}"
        );
        codes.insert(what.code());
    }
    assert_eq!(codes.len(), 59);
}

mod register;
