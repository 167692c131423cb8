//! Forms as public collections of examples have them, with answers and what has to follow, as data in tests/data/forms.

use bianfang::form::around::{Around, Outside};
use bianfang::form::definition::Form;
use bianfang::form::filling::Filling;
use bianfang::form::moment::Moment;
use bianfang_endpoint::forms::{self, trial};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

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

/// The fenced parts of a file, by what stands behind the fence.
fn fenced(text: &str) -> Vec<(&str, &str)> {
    let mut parts = text.split("```").skip(1).step_by(2);
    std::iter::from_fn(|| parts.next().and_then(|part| part.split_once('\n'))).collect()
}

fn found<'v>(outcome: &'v Value, list: &str, place: &str) -> &'v Value {
    let all = outcome[list].as_array().unwrap();
    all.iter().find(|one| one["place"] == place).unwrap_or(&Value::Null)
}

/// What one line asks for.
fn asked(outcome: &Value, what: &str) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = |list: &str, said: &dyn Fn(&Value) -> String, between: &str| {
        let all: Vec<String> = outcome[list].as_array().unwrap().iter().map(said).collect();
        all.join(between)
    };
    match what.split(' ').collect::<Vec<_>>()[..] {
        ["@shown"] => all("shown", &|one| text(&one["place"]), " "),
        ["@errors"] => all(
            "errors",
            &|one| format!("{} {}", text(&one["place"]), text(&one["code"])),
            ", ",
        ),
        ["@name"] => text(&outcome["name"]),
        ["@label", place] => text(&found(outcome, "shown", place)["label"]),
        ["@says", place] => text(&found(outcome, "errors", place)["en"]),
        ["@words", place, choice] => text(&found(outcome, "shown", place)["choices"][choice]),
        ["@choices", place] => {
            let choices = found(outcome, "shown", place)["choices"].as_object();
            choices.map_or(String::new(), |all| all.keys().cloned().collect::<Vec<_>>().join(" "))
        }
        [place] => text(&outcome["record"][place]),
        _ => panic!("{what}"),
    }
}

fn play(form: &Form, script: &str) -> (usize, Vec<String>) {
    let around = Around::new(form, "", &Phone);
    let mut filling = Filling::begin(form, &around);
    let mut refused = Vec::new();
    let (mut checked, mut wrong) = (0, Vec::new());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if matches!(word, "given" | "then") {
            if word == "given" {
                filling = Filling::begin(form, &around);
            }
            let answers = trial::answers(rest.as_bytes()).unwrap();
            refused = trial::give(&mut filling, answers);
            wrong.extend(refused.iter().map(|one| format!("{line}: {}", one.sentence().en)));
            continue;
        }
        let (what, expected) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let outcome = trial::outcome(form, &around, &filling, "", &[], &refused);
        let said = asked(&outcome, what.trim());
        checked += 1;
        if said != expected.trim() {
            wrong.push(format!("{line}\n    gives {said}"));
        }
    }
    (checked, wrong)
}

#[test]
fn every_example_gives_what_the_documentation_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/forms");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    paths.sort();
    let (mut played, mut wrong) = (0, Vec::new());
    for path in paths.iter().filter(|path| !path.ends_with("README.md")) {
        let name = path.file_name().unwrap().to_string_lossy();
        let text = std::fs::read_to_string(path).unwrap();
        let parts = fenced(&text);
        let lists = parts.iter().filter(|(name, _)| name.ends_with(".csv"));
        let lists: BTreeMap<_, _> = lists
            .map(|(name, text)| ((*name).to_owned(), forms::list(text.as_bytes()).unwrap()))
            .collect();
        let reading = forms::read(text.as_bytes(), &lists).unwrap();
        let Some(form) = reading.form else {
            wrong.push(format!("{name}: {:?}", reading.problems));
            continue;
        };
        let script = parts.iter().find(|(name, _)| *name == "answers");
        let (checked, found) = play(&form, script.unwrap_or_else(|| panic!("{name}")).1);
        assert!(checked > 0, "{name}");
        wrong.extend(found.into_iter().map(|one| format!("{name}: {one}")));
        played += 1;
    }
    assert!(played >= 12, "{played}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
