//! Whole forms as the public documentation of XLSForm describes them, filled in, and what comes out of them.

use bianfang::form::around::{Around, Outside};
use bianfang::form::filling::Filling;
use bianfang::form::moment::Moment;
use bianfang::form::read::Sheet;
use bianfang_endpoint::forms::{self, trial};
use serde_json::Value;
use std::collections::BTreeMap;

struct Phone;

impl Outside for Phone {
    fn now(&self) -> Moment {
        Moment::parse("2019-08-15T09:30:00").unwrap()
    }

    fn random(&self) -> f64 {
        0.25
    }

    fn uuid(&self) -> String {
        "0123abcd-0000-4000-8000-000000000000".into()
    }
}

fn files(named: &[(&str, &str)]) -> BTreeMap<String, Sheet> {
    let sheet = |text: &str| forms::list(text.as_bytes()).unwrap();
    named
        .iter()
        .map(|(name, text)| ((*name).to_owned(), sheet(text)))
        .collect()
}

/// What comes out of a form after these answers.
fn outcome(form: &str, lists: &[(&str, &str)], language: &str, answers: &str) -> Value {
    let reading = forms::read(form.as_bytes(), &files(lists)).unwrap();
    let form = reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems));
    let around = Around::new(&form, language, &Phone);
    let mut filling = Filling::begin(&form, &around);
    let refused = trial::give(&mut filling, trial::answers(answers.as_bytes()).unwrap());
    trial::outcome(&form, &around, &filling, language, &[], &refused)
}

/// The places that are shown, with a space between them.
fn shown(outcome: &Value) -> String {
    let shown = outcome["shown"].as_array().unwrap().iter();
    shown
        .map(|one| one["place"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

fn label<'a>(outcome: &'a Value, place: &str) -> &'a str {
    let shown = outcome["shown"].as_array().unwrap().iter();
    let found = shown.rev().find(|one| one["place"] == place);
    let found = found.unwrap_or_else(|| panic!("{place} is not shown: {}", self::shown(outcome)));
    found["label"].as_str().unwrap()
}

fn choices(outcome: &Value, place: &str) -> Vec<String> {
    let shown = outcome["shown"].as_array().unwrap().iter();
    let found = shown.rev().find(|one| one["place"] == place).unwrap();
    found["choices"].as_object().unwrap().keys().cloned().collect()
}

fn errors(outcome: &Value) -> Vec<(&str, &str)> {
    let errors = outcome["errors"].as_array().unwrap().iter();
    errors
        .map(|one| (one["place"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_cascade_is_chosen_from_a_file() {
    let form = "
| survey |
| | type | name | label | choice_filter | parameters | calculation |
| | select_one_from_file towns.csv | town | Town | | | |
| | select_one_from_file villages.csv | village | Village | town = ${town} | value=code label=title | |
| | calculate | head | | | | pulldata('villages', 'head', 'code', ${village}) |
| | calculate | people | | | | instance('villages')/root/item[code = ${village}]/people |
| | calculate | all | | | | sum(instance('villages')/root/item[town = ${town}]/people) |
| | calculate | title | | | | jr:choice-name(${village}, '${village}') |";
    let lists = [
        ("towns.csv", "name,label\nt1,官店\nt2,下村\n"),
        (
            "villages.csv",
            "code,title,town,head,people\nv1,测试村,t1,甲,120\nv2,高山村,t2,乙,80\nv3,河坝村,t1,丙,30\n",
        ),
    ];
    let found = outcome(form, &lists, "", r#"{"village":"v3","town":"t1"}"#);
    assert_eq!(choices(&found, "village"), ["v1", "v3"]);
    let record = &found["record"];
    assert_eq!(
        (&record["head"], &record["people"], &record["all"]),
        (&"丙".into(), &"30".into(), &"150".into())
    );
    assert_eq!(record["title"], "河坝村");
    assert_eq!(
        errors(&outcome(form, &lists, "", r#"{"village":"v2","town":"t1"}"#)),
        [("village", "answer.no_choice")]
    );
}

#[test]
fn a_file_without_the_columns_of_choices_is_told() {
    let form = "| survey |\n| | type | name | label |\n| | select_one_from_file v.csv | q | Q |";
    let reading = forms::read(form.as_bytes(), &files(&[("v.csv", "code,title\n1,x\n")])).unwrap();
    assert_eq!(reading.problems[0].what.code(), "form.no_choices_in");
    let reading = forms::read(form.as_bytes(), &BTreeMap::new()).unwrap();
    assert_eq!(reading.problems[0].what.code(), "form.no_file");
}

#[test]
fn repeats_are_counted_nested_summed_and_looked_up() {
    let form = "
| survey |
| | type | name | label | repeat_count | calculation | relevant | constraint |
| | begin repeat | person | Person | | | | |
| | text | who | Name | | | | |
| | integer | age | Age | | | | |
| | begin repeat | job | Job | | | | |
| | integer | wage | Wage of ${who} | | | | . >= 0 |
| | calculate | nth | | | position(..) | | |
| | calculate | of | | | position(../..) | | |
| | end repeat | | | | | | |
| | calculate | earned | | | sum(${wage}) | | |
| | calculate | first | | | indexed-repeat(${wage}, ${job}, 1) | | |
| | calculate | elder | | | if(position(..) > 1, indexed-repeat(${age}, ${person}, position(..) - 1), '') | | |
| | end repeat | | | | | | |
| | calculate | all | | | sum(${earned}) | | |
| | calculate | adults | | | count(${person}[${age} >= 18]) | | |
| | calculate | names | | | join(', ', ${who}) | | |
| | begin repeat | card | Card | count(${person}) | | | |
| | note | whose | Card of ${name} | | | ${old} >= 18 | |
| | calculate | name | | | indexed-repeat(${who}, ${person}, position(..)) | | |
| | calculate | old | | | indexed-repeat(${age}, ${person}, position(..)) | | |
| | end repeat | | | | | | |";
    let answers = r#"{"person":[
        {"who":"甲","age":61,"job":[{"wage":100},{"wage":20}]},
        {"who":"乙","age":7},
        {"who":"丙","age":30,"job":[{"wage":5}]}]}"#;
    let found = outcome(form, &[], "", answers);
    let record = &found["record"];
    let texts = |names: &[&str]| {
        names
            .iter()
            .map(|name| record[*name].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts(&[
            "person[1]/earned",
            "person[2]/earned",
            "person[3]/earned",
            "all",
            "adults",
            "names"
        ]),
        ["120", "0", "5", "125", "2", "甲, 乙, 丙"]
    );
    assert_eq!(
        texts(&[
            "person[1]/first",
            "person[3]/first",
            "person[3]/elder",
            "person[1]/elder"
        ]),
        ["100", "5", "7", ""]
    );
    assert_eq!(texts(&["person[1]/job[2]/nth", "person[3]/job[1]/of"]), ["2", "3"]);
    assert_eq!(label(&found, "person[3]/job[1]/wage"), "Wage of 丙");
    assert_eq!(label(&found, "card[3]/whose"), "Card of 丙");
    assert!(!shown(&found).contains("card[2]/whose"), "{}", shown(&found));
}

#[test]
fn what_does_not_apply_counts_as_nothing_through_a_chain_and_is_kept() {
    let form = "
| survey |
| | type | name | label | relevant | calculation | required | required_message |
| | select_one yn | farm | Farm? | | | yes | Please say |
| | begin group | land | Land | ${farm} = 'yes' | | | |
| | integer | mu | How much | | | yes | |
| | begin group | pigs | Pigs | ${mu} > 0 | | | |
| | integer | count | How many | | | | |
| | end group | | | | | | |
| | calculate | twice | | | ${count} * 2 | | |
| | end group | | | | | | |
| | calculate | sum | | | coalesce(${twice}, 'none') | | |
| | text | why | Why not | not(${farm} = 'yes') and ${farm} != '' | | | |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |";
    let yes = outcome(form, &[], "", r#"{"farm":"yes","land/mu":3,"land/pigs/count":4}"#);
    assert_eq!((&yes["record"]["sum"], &yes["complete"]), (&"8".into(), &true.into()));
    let no = outcome(form, &[], "", r#"{"land/mu":3,"land/pigs/count":4,"farm":"no"}"#);
    assert_eq!(shown(&no), "farm why");
    assert_eq!(
        (&no["record"]["sum"], &no["kept"]["land/pigs/count"]),
        (&"none".into(), &"4".into())
    );
    let nothing = outcome(form, &[], "", "{}");
    assert_eq!(errors(&nothing), [("farm", "answer.required")]);
    assert_eq!(nothing["errors"][0]["zh"], "Please say");
}

#[test]
fn other_choices_ranks_ranges_and_places_are_taken_and_refused() {
    let form = "
| survey |
| | type | name | label | parameters | constraint | constraint_message |
| | select_one crops or_other | crop | Crop | | | |
| | rank crops | best | Best first | | | |
| | range | mood | Mood | start=0 end=5 step=0.5 | | |
| | geopoint | where | Where | | | |
| | select_multiple crops | many | Which | | count-selected(.) <= 1 | One at most |
| | acknowledge | ok | OK? | | | |
| | barcode | code | Code | | | |
| | time | when | When | | | |
| | dateTime | at | At | | | |
| choices |
| | list name | name | label |
| | crops | maize | Maize |
| | crops | rice | Rice |";
    let good = r#"{"crop":"other","crop_other":"土豆","best":["rice","maize","other"],"mood":2.5,"where":"30.2 109.4 0 5",
        "many":["rice"],"ok":true,"code":"x1","when":"09:30","at":"2019-08-15T09:30:00.000+08:00"}"#;
    let found = outcome(form, &[], "", good);
    assert_eq!(errors(&found), []);
    assert!(shown(&found).contains("crop crop_other best"), "{}", shown(&found));
    let bad =
        r#"{"crop":"wheat","best":["rice","rice"],"mood":2.7,"where":"91 0","many":["rice","maize"],"when":"25:00"}"#;
    let found = outcome(form, &[], "", bad);
    assert_eq!(
        errors(&found),
        [
            ("crop", "answer.no_choice"),
            ("best", "answer.twice"),
            ("mood", "answer.out_of_range"),
            ("where", "answer.not_place"),
            ("many", "answer.constraint"),
            ("when", "answer.not_time"),
        ]
    );
    assert_eq!(found["errors"][4]["en"], "One at most");
}

#[test]
fn choices_in_repeats_follow_their_own_instance() {
    let form = "
| survey |
| | type | name | label | choice_filter |
| | begin repeat | animal | Animal | |
| | select_one kind | kind | Kind | |
| | select_one breed | breed | Breed | kind = current()/../kind |
| | select_one breed | again | Breed | kind = ${kind} and name != ${breed} |
| | end repeat | | | |
| choices |
| | list_name | name | label | kind |
| | kind | pig | 猪 | |
| | kind | goat | 羊 | |
| | breed | black | 黑猪 | pig |
| | breed | white | 白猪 | pig |
| | breed | boer | 波尔山羊 | goat |";
    let found = outcome(
        form,
        &[],
        "",
        r#"{"animal":[{"kind":"pig","breed":"white"},{"kind":"goat"}]}"#,
    );
    assert_eq!(choices(&found, "animal[1]/breed"), ["black", "white"]);
    assert_eq!(choices(&found, "animal[1]/again"), ["black"]);
    assert_eq!(choices(&found, "animal[2]/breed"), ["boer"]);
}

#[test]
fn days_are_reckoned_as_the_documentation_has_it() {
    let form = "
| survey |
| | type | name | label | calculation | constraint |
| | date | born | Born | | . <= today() |
| | date | visit | Visit | | . >= ${born} and . <= today() |
| | calculate | age | | int((${visit} - ${born}) div 365.25) | |
| | calculate | year | | format-date(${visit}, '%Y') | |
| | calculate | next | | format-date(${visit} + 7, '%Y-%m-%d') | |
| | calculate | days | | int(decimal-date-time(${visit}) - decimal-date-time(${born})) | |
| | calculate | zone | | string(now()) | |
| | calculate | late | | if(${visit} < date('2019-08-01'), 'yes', 'no') | |";
    let found = outcome(form, &[], "", r#"{"born":"1958-03-12","visit":"2019-07-31"}"#);
    let record = &found["record"];
    assert_eq!(
        (&record["age"], &record["year"], &record["next"]),
        (&"61".into(), &"2019".into(), &"2019-08-07".into())
    );
    assert_eq!((&record["days"], &record["late"]), (&"22421".into(), &"yes".into()));
    assert_eq!(record["zone"], "2019-08-15T09:30:00.000+08:00");
    let found = outcome(form, &[], "", r#"{"born":"2019-08-16","visit":"2019-08-15"}"#);
    assert_eq!(
        errors(&found),
        [("born", "answer.constraint"), ("visit", "answer.constraint")]
    );
}

#[test]
fn choices_that_speak_of_answers_do_so_in_other_programs_too() {
    let form = "| survey |\n| | type | name | label |\n| | text | child | Child |\n| | select_one who | who | Who |\n\n\
        | choices |\n| | list_name | name | label |\n| | who | m | Mother of ${child} |\n| | who | n | Mother of ${nobody} |";
    let reading = forms::read(form.as_bytes(), &BTreeMap::new()).unwrap();
    let told: Vec<_> = reading.problems.iter().map(|one| (one.row, one.what.code())).collect();
    assert_eq!(told, [(3, "form.no_question")]);
    let form = form.replace("${nobody}", "no one");
    let form = forms::read(form.as_bytes(), &BTreeMap::new()).unwrap().form.unwrap();
    let written = forms::xform::write(&form);
    assert!(
        written.contains("Mother of <output value=\" /data/child \"/>")
            || written.contains("Mother of <output value=\"/data/child\"/>"),
        "{written}"
    );
}

#[test]
fn what_is_refused_says_what_to_write_instead() {
    for (row, instead) in [
        ("| | audio | q | Q | |", "image"),
        ("| | geoshape | q | Q | |", "geopoint"),
        ("| | audit | q | | |", "remove this row"),
        ("| | phonenumber | q | | |", "remove this row"),
        ("| | select_one_external v | q | Q | |", "select_one_from_file"),
        ("| | select_multiple ${person} | q | Q | |", "sheet choices"),
        ("| | select_one l | q | Q | search('towns') |", "select_one_from_file"),
    ] {
        let form = format!(
            "| survey |\n| | type | name | label | appearance |\n{row}\n\n| choices |\n| | list_name | name | label |\n| | l | a | A |"
        );
        let problem = &forms::read(form.as_bytes(), &BTreeMap::new()).unwrap().problems[0];
        let said = problem.what.sentence();
        assert_eq!((problem.sheet.as_str(), problem.row), ("survey", 2), "{row}");
        assert!(said.en.contains(instead), "{row}: {}", said.en);
    }
}

#[test]
fn what_bianfang_has_not_is_refused_by_its_name() {
    let cases = [
        ("| | audio | q | Q | |", "form.type_not_supported", "audio"),
        ("| | geotrace | q | Q | |", "form.type_not_supported", "geotrace"),
        (
            "| | select_one ${person} | q | Q | |",
            "form.type_not_supported",
            "${person}",
        ),
        (
            "| | background-audio | q | Q | |",
            "form.type_not_supported",
            "background-audio",
        ),
        (
            "| | select_one_external v | q | Q | |",
            "form.type_not_supported",
            "select_one_external",
        ),
        ("| | audit | audit | | |", "form.type_not_supported", "audit"),
        ("| | username | who | | |", "form.type_not_supported", "username"),
        (
            "| | start-geopoint | q | Q | |",
            "form.type_not_supported",
            "start-geopoint",
        ),
        ("| | osm | q | Q | |", "form.type_not_supported", "osm"),
        ("| | xml-external | q | | |", "form.type_not_supported", "xml-external"),
        (
            "| | select_one_from_file v.geojson | q | Q | |",
            "form.type_not_supported",
            "v.geojson",
        ),
        ("| | image | q | Q | annotate |", "form.appearance", "annotate"),
        ("| | text | q | Q | bearing-up |", "form.appearance", "bearing-up"),
        ("| | text | q | Q | ex:org.app |", "form.appearance", "ex:org.app"),
    ];
    for (row, code, name) in cases {
        let form = format!("| survey |\n| | type | name | label | appearance |\n{row}");
        let reading = forms::read(form.as_bytes(), &BTreeMap::new()).unwrap();
        let problem = &reading.problems[0];
        assert_eq!(problem.what.code(), code, "{row}");
        let said = problem.what.sentence();
        assert!(said.zh.contains(name) && said.en.contains(name), "{said:?}");
    }
    for column in [
        "media::image",
        "big-image",
        "image::English",
        "audio::中文 (zh)",
        "video",
        "body::accuracyThreshold",
        "bind::odk:x",
    ] {
        let form = format!("| survey |\n| | type | name | label | {column} |\n| | text | q | Q | x |");
        let reading = forms::read(form.as_bytes(), &BTreeMap::new()).unwrap();
        let problem = &reading.problems[0];
        assert_eq!(
            (problem.what.code(), problem.column.as_str()),
            ("form.not_supported", column)
        );
    }
}
