//! The forms that come with Bianfang: each is without a remark, asks for little, says what it serves, and gives the
//! verdicts of the standards.

use bianfang::form::around::{Around, Outside};
use bianfang::form::definition::{Form, Kind, Question};
use bianfang::form::filling::{Filling, is_offered};
use bianfang::form::moment::Moment;
use bianfang_endpoint::forms::summary::Summary;
use bianfang_endpoint::forms::{self, markdown, trial, workbook, xform};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Required answers of the six checks, which every visit fills in.
const SIX_CHECKS_REQUIRED_MAX: usize = 7;
const REQUIRED_MAX: usize = 12;

struct Day(&'static str);

impl Outside for Day {
    fn now(&self) -> Moment {
        Moment::parse(&format!("{}T09:30:00", self.0)).unwrap()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn uuid(&self) -> String {
        "00000000-0000-4000-8000-000000000000".into()
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../packs")
}

fn template(name: &str) -> Form {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    let reading = forms::read(&bytes, &BTreeMap::new()).unwrap();
    assert_eq!(reading.problems, [], "{name}");
    reading.form.unwrap()
}

/// Fills a form after the answers, with the rows and the record before that stand beside them, and asks something of it.
fn after<T>(form: &Form, today: &'static str, answers: &str, ask: impl FnOnce(&mut Filling<'_>) -> T) -> T {
    let given = trial::given(answers.as_bytes(), form).unwrap();
    let form = form.with_lists(given.lists);
    let day = Day(today);
    let around = Around::new(&form, "", &day).after(given.last);
    let mut filling = Filling::begin(&form, &around);
    filling.prefill();
    let refused = trial::give(&mut filling, given.answers);
    assert_eq!(refused, [], "{answers}");
    ask(&mut filling)
}

/// What is calculated and stored after these answers, without what does not apply.
fn filled(form: &Form, today: &'static str, answers: &str) -> BTreeMap<String, String> {
    after(form, today, answers, |filling| filling.applying())
}

/// The problems that are proposed after these answers: category and words.
fn proposed(name: &str, answers: &str) -> Vec<String> {
    after(&template(name), "2019-08-15", answers, |filling| {
        let proposals = filling.proposals("").into_iter();
        proposals.map(|one| format!("{} {}", one.category, one.words)).collect()
    })
}

/// The fields of the register that would be written after these answers.
fn written(name: &str, answers: &str) -> Vec<String> {
    after(&template(name), "2019-08-15", answers, |filling| {
        let updates = filling.updates();
        let pairs = updates
            .iter()
            .flat_map(|one| one.values().into_iter().map(|value| (one.key(value), value)));
        pairs.map(|(key, value)| format!("{key} {value}")).collect()
    })
}

/// Whether a form is offered where the register holds this.
fn offered(name: &str, lists: &str) -> bool {
    let form = template(name);
    let given = trial::given(format!("{{\"lists\": {lists}}}").as_bytes(), &form).unwrap();
    let form = form.with_lists(given.lists);
    is_offered(&form, &Around::new(&form, "", &Day("2019-08-15")))
}

/// Each line: the answers, then what some questions hold.
fn golden(name: &str, today: &'static str, cases: &[(&str, &[(&str, &str)])]) {
    let form = template(name);
    for (answers, expected) in cases {
        let record = filled(&form, today, answers);
        for (question, value) in *expected {
            let found = record.get(*question).map(String::as_str).unwrap_or_default();
            assert_eq!(found, *value, "{question} of {answers}: {record:?}");
        }
    }
}

#[test]
fn every_template_is_clean_asks_for_little_and_says_what_it_serves() {
    let mut seen = 0;
    let mut ids = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Procedures have a folder of their own.
        if name == "README.md" || path.is_dir() {
            continue;
        }
        seen += 1;
        let form = template(&name);
        assert!(ids.insert(form.id.clone()), "{name}: {}", form.id);
        assert!(!form.version.is_empty() && form.languages.len() == 2, "{name}");
        let summary = Summary::of(&form);
        let most = if form.id == "t01" {
            SIX_CHECKS_REQUIRED_MAX
        } else {
            REQUIRED_MAX
        };
        let required = summary.required.len() + summary.sometimes.len();
        assert!(required <= most, "{name} asks for {required}");
        assert_eq!(summary.unfounded_photos, Vec::<String>::new(), "{name}");
        form.walk(&mut |part, _| {
            if matches!(part.kind, Kind::Question(_)) && !matches!(part.kind, Kind::Question(Question::Calculate)) {
                assert!(part.note.contains('S'), "{name}: {} serves nothing", part.name);
                assert_eq!(part.label.len(), 2, "{name}: {}", part.name);
            }
        });
        // Begun and left as it is, nothing but answers is missing.
        let around = Around::new(&form, "", &Day("2019-08-15"));
        for (at, trouble) in Filling::begin(&form, &around).troubles() {
            assert_eq!(trouble.code(), "answer.required", "{name}: {}", at.part.name);
        }
        // The same as a workbook, and sound as XML.
        let sheets = markdown::read(&std::fs::read(&path).unwrap()).unwrap();
        let again = forms::read(&workbook::write(&sheets).unwrap(), &BTreeMap::new()).unwrap();
        assert_eq!(again.problems, [], "{name}");
        let mut reader = quick_xml::Reader::from_str(Box::leak(xform::write(&form).into_boxed_str()));
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }
    assert_eq!(seen, 35);
}

#[test]
fn the_six_checks_sum_up_what_was_found() {
    let all = |verdicts: [&str; 6]| {
        let names = ["food", "clothing", "education", "medical", "housing", "water"];
        let pairs = names
            .iter()
            .zip(verdicts)
            .map(|(name, verdict)| format!("\"{name}\":\"{verdict}\""));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
    };
    let none = all(["met", "met", "not_applicable", "met", "met", "met"]);
    let basic = all(["met", "met", "not_applicable", "met", "basic", "met"]);
    let unchecked = all(["met", "met", "met", "met", "unchecked", "met"]);
    let unmet = all(["met", "met", "met", "unmet", "unchecked", "unmet"]);
    golden(
        "t01-six-checks.md",
        "2019-08-15",
        &[
            (&none, &[("verdict", "met"), ("unmet", "0"), ("unchecked", "0")]),
            (&basic, &[("verdict", "basic")]),
            (&unchecked, &[("verdict", "unchecked"), ("unchecked", "1")]),
            (&unmet, &[("verdict", "unmet"), ("unmet", "2"), ("unchecked", "1")]),
            ("{}", &[("verdict", "unchecked"), ("unchecked", "6")]),
        ],
    );
}

#[test]
fn the_worst_component_and_the_site_grade_a_house() {
    golden(
        "t02-housing.md",
        "2019-08-15",
        &[
            (
                r#"{"over_two":"no","site":"no","foundation":"a","wall":"c","beam":"a","secondary":"a"}"#,
                &[("grade", "C"), ("unsafe", "yes"), ("proposal", "problem")],
            ),
            (
                r#"{"site":"no","foundation":"a","wall":"a","beam":"d","secondary":"b","classes":["建档立卡"],"exemption":"none"}"#,
                &[("grade", "D"), ("proposal", "renovation")],
            ),
            (r#"{"site":"yes"}"#, &[("grade", "D")]),
            (
                r#"{"site":"no","foundation":"a","wall":"a","beam":"a","secondary":"a"}"#,
                &[("grade", "A"), ("unsafe", "no"), ("proposal", "")],
            ),
            (
                r#"{"site":"no","foundation":"a","wall":"b","beam":"a","secondary":"b"}"#,
                &[("grade", "B"), ("unsafe", "no")],
            ),
            // One that was not looked at leaves the grade open, but for a D.
            (
                r#"{"site":"no","foundation":"a","wall":"b","beam":"a"}"#,
                &[("grade", "")],
            ),
            (r#"{"site":"no","wall":"d"}"#, &[("grade", "D")]),
        ],
    );
}

#[test]
fn two_exemptions_lapse_with_time_and_the_others_do_not() {
    let exempt = |further: &str| format!(r#"{{"site":"yes","classes":["建档立卡"],{further}}}"#);
    let cases = [
        (r#""exemption":"vacant""#, "yes", ""),
        (r#""exemption":"none""#, "no", "renovation"),
        (r#""exemption":"demolition","demolition_on":"2022-08-15""#, "yes", ""),
        (
            r#""exemption":"demolition","demolition_on":"2022-08-16""#,
            "no",
            "renovation",
        ),
        (
            r#""exemption":"demolition","demolition_on":"2019-08-14""#,
            "no",
            "renovation",
        ),
        (r#""exemption":"demolition""#, "no", "renovation"),
        (r#""exemption":"renovated","renovated_on":"2017-08-15""#, "yes", ""),
        (
            r#""exemption":"renovated","renovated_on":"2017-08-14""#,
            "no",
            "renovation",
        ),
    ];
    for (further, is_exempt, proposal) in cases {
        golden(
            "t02-housing.md",
            "2019-08-15",
            &[(&exempt(further), &[("exempt", is_exempt), ("proposal", proposal)])],
        );
    }
}

#[test]
fn four_indicators_judge_the_water() {
    let central = |litres: u32, lab: &str, way: &str, days: u32| {
        format!(r#"{{"region":"wet","source":"central","litres":{litres},"lab":"{lab}",{way},"short_days":{days}}}"#)
    };
    let piped = r#""piped":"yes""#;
    let carried = |way: &str| format!(r#""piped":"no",{way}"#);
    let cases = [
        (central(60, "pass", piped, 17), ["met", "met", "met", "met", "safe"]),
        (central(59, "pass", piped, 17), ["basic", "met", "met", "met", "basic"]),
        (central(34, "pass", piped, 0), ["unmet", "met", "met", "met", "unsafe"]),
        (central(60, "fail", piped, 0), ["met", "unmet", "met", "met", "unsafe"]),
        (central(60, "none", piped, 0), ["met", "", "met", "met", ""]),
        (central(60, "pass", piped, 18), ["met", "met", "met", "basic", "basic"]),
        (central(60, "pass", piped, 36), ["met", "met", "met", "unmet", "unsafe"]),
        (
            central(60, "pass", &carried(r#""minutes":10"#), 0),
            ["met", "met", "met", "met", "safe"],
        ),
        (
            central(60, "pass", &carried(r#""minutes":20"#), 0),
            ["met", "met", "basic", "met", "basic"],
        ),
        (
            central(60, "pass", &carried(r#""minutes":21"#), 0),
            ["met", "met", "unmet", "met", "unsafe"],
        ),
        (
            central(60, "pass", &carried(r#""far":400,"high":40"#), 0),
            ["met", "met", "met", "met", "safe"],
        ),
        (
            central(60, "pass", &carried(r#""far":400,"high":80"#), 0),
            ["met", "met", "basic", "met", "basic"],
        ),
        (
            central(60, "pass", &carried(r#""far":801,"high":10"#), 0),
            ["met", "met", "unmet", "met", "unsafe"],
        ),
        (
            central(60, "pass", &carried(r#""far":300"#), 0),
            ["met", "met", "", "met", ""],
        ),
        // A dry region asks for less water; an own well that passes is safe enough.
        (
            r#"{"region":"dry","source":"scattered","litres":20,"faults":["none"],"piped":"yes","short_days":0}"#
                .into(),
            ["basic", "basic", "met", "met", "basic"],
        ),
        (
            r#"{"region":"dry","source":"scattered","litres":40,"faults":["colour"],"piped":"yes","short_days":0}"#
                .into(),
            ["met", "unmet", "met", "met", "unsafe"],
        ),
    ];
    let names = ["quantity", "quality", "convenience", "reliability", "verdict"];
    for (answers, expected) in cases {
        let expected: Vec<(&str, &str)> = names.into_iter().zip(expected).collect();
        golden("t04-water.md", "2019-08-15", &[(&answers, &expected)]);
    }
}

#[test]
fn the_income_of_a_family_is_divided_by_its_registered_members() {
    let family = |heads: u32| {
        format!(
            r#"{{"year":2019,"heads":{heads},"income":{{"wage":21000,"business":8600,"rent":800,"low_income":3400,
            "pension":1380,"ecology":860,"other_transfer":600}},"cost":3100}}"#
        )
    };
    golden(
        "income.md",
        "2019-08-15",
        &[
            (&family(4), &[("transfer", "6240"), ("net", "33540"), ("each", "8385")]),
            (&family(5), &[("each", "6708")]),
            (
                r#"{"heads":3,"income":{"wage":100}}"#,
                &[("net", "100"), ("each", "33.33")],
            ),
            (r#"{"heads":3,"income":{"wage":0.05}}"#, &[("each", "0.02")]),
            (r#"{"heads":2,"cost":300}"#, &[("net", "-300"), ("each", "-150")]),
            (r#"{"income":{"wage":100}}"#, &[("each", "")]),
        ],
    );
}

#[test]
fn a_child_of_school_age_who_is_not_at_school_is_a_problem() {
    let cases: [(&str, &[(&str, &str)]); 7] = [
        // Six years old today, and tomorrow.
        (
            r#"{"born":"2013-08-15","stage":"none","status":"not_enrolled"}"#,
            &[("age", "6"), ("compulsory", "yes"), ("problem", "yes")],
        ),
        (
            r#"{"born":"2013-08-16","stage":"none"}"#,
            &[("age", "5"), ("problem", "no")],
        ),
        (
            r#"{"born":"2008-01-01","stage":"primary","status":"home_teaching"}"#,
            &[("age", "11"), ("problem", "no")],
        ),
        (
            r#"{"born":"2008-01-01","stage":"primary","status":"dropped_out"}"#,
            &[("problem", "yes")],
        ),
        (
            r#"{"born":"2003-08-16","stage":"senior","status":"suspended"}"#,
            &[("age", "15"), ("problem", "yes")],
        ),
        (
            r#"{"born":"2003-08-15","stage":"senior","status":"suspended"}"#,
            &[("age", "16"), ("problem", "no")],
        ),
        ("{}", &[("age", ""), ("problem", "no")]),
    ];
    golden("t05-education.md", "2019-08-15", &cases);
}

#[test]
fn the_other_templates_count_and_judge() {
    let pressure = |high: u32, low: u32| format!(r#"{{"disease":["高血压"],"systolic":{high},"diastolic":{low}}}"#);
    golden(
        "t06-follow-up.md",
        "2019-08-15",
        &[
            (&pressure(139, 89), &[("controlled", "yes")]),
            (&pressure(152, 96), &[("controlled", "no")]),
            (&pressure(139, 90), &[("controlled", "no")]),
            (r#"{"disease":["糖尿病"]}"#, &[("controlled", "")]),
        ],
    );
    golden(
        "t03-renovation-site.md",
        "2019-08-15",
        &[(
            r#"{"water":"yes","power":"no","road":"no","level":"yes","moved":"no","needs":["windows","stove"]}"#,
            &[("missing", "2"), ("needed", "2")],
        )],
    );
    golden(
        "t09-living-household.md",
        "2019-08-15",
        &[(
            r#"{"toilet":"yes","kitchen":"yes","pen":"no","green":"no","beauty":"yes","light":"no"}"#,
            &[("done", "3")],
        )],
    );
    golden(
        "t12-evidence.md",
        "2019-08-15",
        &[
            (
                r#"{"evidence":["income","house"]}"#,
                &[("complete", "no"), ("share", "33")],
            ),
            (
                r#"{"evidence":["income","house","insurance","school","review","signature"]}"#,
                &[("complete", "yes"), ("share", "100")],
            ),
        ],
    );
    golden(
        "t14-resettlement.md",
        "2019-08-15",
        &[
            (r#"{"living":"yes","labour":2,"working":1}"#, &[("stable", "yes")]),
            (r#"{"living":"yes","labour":2,"working":0}"#, &[("stable", "no")]),
            (r#"{"living":"yes","labour":0,"working":0}"#, &[("stable", "yes")]),
            (r#"{"living":"no","labour":2,"working":2}"#, &[("stable", "no")]),
            (r#"{"living":"yes"}"#, &[("stable", "")]),
        ],
    );
    golden(
        "yard-meeting.md",
        "2019-08-15",
        &[(
            r#"{"need":[{"who":"甲","what":"路灯","solved":"no"},{"what":"垃圾桶","solved":"yes"},{"who":"乙"}]}"#,
            &[("needs", "2"), ("open", "1"), ("on", "2019-08-15")],
        )],
    );
}

#[path = "templates/register.rs"]
mod register;
