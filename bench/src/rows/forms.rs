//! Forms: opening one of 300 questions, one answer in it, 5,000 choices behind a filter, checking a template.

use super::{brotli, median, timed};
use crate::Tree;
use crate::peers;
use crate::served::NOW_MS;
use crate::table::{Row, Unit};
use anyhow::{Context, Result, anyhow, ensure};
use bianfang::form::around::{Around, Outside};
use bianfang::form::definition::Form;
use bianfang::form::filling::Filling;
use bianfang::form::moment::Moment;
use bianfang::form::read::{Sheet, read};
use bianfang_endpoint::forms;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Sections of the form, and questions of each.
const SECTIONS: usize = 10;
const QUESTIONS: usize = 30;
const CHOICES: usize = 5_000;
/// Choices that one value of the filter lets through.
const KEPT: usize = 50;
/// Times a quick thing is done.
const TURNS: usize = 9;

struct Phone;

impl Outside for Phone {
    fn now(&self) -> Moment {
        Moment::at(NOW_MS)
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn uuid(&self) -> String {
        String::from("00000000-0000-4000-8000-000000000000")
    }
}

/// The rows.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let sheets = sheets();
    let form = form(&sheets)?;
    let around = Around::new(&form, "", &Phone);
    let opened = often(|| {
        let form = self::form(&sheets)?;
        Ok(look(&Filling::begin(&form, &Around::new(&form, "", &Phone))))
    })?;

    let mut filling = Filling::begin(&form, &around);
    let first = filling.node_at("s0/i0").context("the first question")?;
    let mut turn = 0_u32;
    let answered = often(|| {
        turn += 1;
        filling
            .answer(first, &turn.to_string())
            .map_err(|trouble| anyhow!("{}", trouble.code()))?;
        Ok(look(&filling))
    })?;
    ensure!(
        filling.record()["total"] == turn.to_string(),
        "what follows was not recomputed"
    );

    let village = filling.node_at("village").context("the question with the filter")?;
    let town = filling.node_at("town").context("the question before it")?;
    let mut turn = 0_u32;
    let chosen = often(|| {
        turn += 1;
        filling
            .answer(town, &format!("t{turn}"))
            .map_err(|trouble| anyhow!("{}", trouble.code()))?;
        ensure!(filling.choices(village).len() == KEPT, "the filter lets others through");
        Ok(())
    })?;
    let peer = peer(tree, &form);

    let template = tree.path("packs/t02-housing.md");
    let bytes = std::fs::read(&template)?;
    let checked = often(|| {
        let reading = forms::read(&bytes, &BTreeMap::new())?;
        Ok(reading.form.context("the template has mistakes")?.parts.len())
    })?;
    let wire = brotli(&bytes, 11)?;
    Ok(vec![
        Row::new("open a form of 300 questions, native", Unit::Ms, opened, 100.0).note(beside(
            &peer,
            "opened",
            "in a browser, from XML",
        )),
        Row::new("one answer in it, native", Unit::Ms, answered, 8.0).note(format!(
            "with everything that follows from it, and what is shown afterwards; {}",
            beside(&peer, "answered", "in a browser")
        )),
        Row::new("5,000 choices behind a filter, native", Unit::Ms, chosen, 16.0).note(beside(
            &peer,
            "chosen",
            "in a browser",
        )),
        Row::new("form check of the largest template, native", Unit::Ms, checked, None),
        Row::new("the largest template as text, brotli", Unit::Bytes, wire as f64, None),
    ])
}

/// ODK's engine with the same form, in a browser.
fn peer(tree: &Tree, form: &Form) -> Result<Value> {
    let input = json!({
        "xform": forms::xform::write(form),
        "answer": "s0/i0",
        "follows": "total",
        "filter": ["town", "t3"],
        "choose": "village",
        "kept": KEPT,
        "turns": TURNS,
    });
    peers::alone(tree, "ODK xforms-engine", "xforms-engine.mjs", &input)
}

fn beside(peer: &Result<Value>, figure: &str, how: &str) -> String {
    let said = match peer {
        Ok(figures) => figures[figure].as_f64().map(|ms| Unit::Ms.words(ms)),
        Err(error) => return format!("ODK xforms-engine: {error}"),
    };
    format!("ODK xforms-engine {} {how}", said.unwrap_or_default())
}

fn often<T>(mut work: impl FnMut() -> Result<T>) -> Result<f64> {
    let times: Result<Vec<f64>> = (0..TURNS).map(|_| timed(&mut work).map(|(ms, _)| ms)).collect();
    times.map(median)
}

/// As a screen does: everything that applies, its words, whether it is required.
fn look(filling: &Filling<'_>) -> usize {
    let shown = filling.shown();
    let said = shown.iter().map(|one| filling.say(&one.part.label, "", one.node).len());
    let said: usize = said.sum();
    said + shown.iter().filter(|one| filling.is_required(one.node)).count()
}

fn form(sheets: &[Sheet]) -> Result<Form> {
    let reading = read(sheets, &BTreeMap::new());
    let first = reading.problems.first().map(|problem| format!("{problem:?}"));
    reading
        .form
        .ok_or_else(|| anyhow!("the form has mistakes: {}", first.unwrap_or_default()))
}

type Cells = Vec<Vec<String>>;

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Sections of numbers with conditions and sums over them, and a cascade of choices.
fn sheets() -> Vec<Sheet> {
    let head = [
        "type",
        "name",
        "label",
        "required",
        "relevant",
        "constraint",
        "calculation",
        "choice_filter",
    ];
    let mut survey = vec![row(&head)];
    let totals: Vec<String> = (0..SECTIONS).map(|section| add_section(&mut survey, section)).collect();
    survey.push(row(&["calculate", "total", "", "", "", "", &totals.join(" + ")]));
    survey.push(row(&["select_one town", "town", "乡镇"]));
    survey.push(row(&[
        "select_one village",
        "village",
        "村",
        "",
        "",
        "",
        "",
        "town = ${town}",
    ]));
    let sheet = |name: &str, rows| Sheet {
        name: name.to_owned(),
        rows,
    };
    vec![sheet("survey", survey), sheet("choices", choices())]
}

/// A section; what its sum is called in expressions.
fn add_section(survey: &mut Cells, section: usize) -> String {
    survey.push(row(&["begin group", &format!("s{section}"), "节"]));
    let mut names = Vec::new();
    for question in 0..QUESTIONS - 1 {
        let name = format!("i{}", section * 100 + question);
        let before = format!("i{}", section * 100 + question.max(1) - 1);
        let relevant = match question {
            0 => String::new(),
            _ => format!("${{{before}}} >= 0 or ${{{before}}} = ''"),
        };
        let label = match question % 5 {
            4 => format!("第{question}题，上一题${{{before}}}"),
            _ => format!("第{question}题"),
        };
        let constraint = ". >= 0 and . < 100000";
        survey.push(row(&["integer", &name, &label, "yes", &relevant, constraint]));
        names.push(format!("coalesce(${{{name}}}, 0)"));
    }
    let sum = format!("sum{section}");
    survey.push(row(&["calculate", &sum, "", "", "", "", &names.join(" + ")]));
    survey.push(row(&["end group"]));
    format!("${{{sum}}}")
}

fn choices() -> Cells {
    let mut choices = vec![row(&["list_name", "name", "label", "town"])];
    for town in 0..CHOICES / KEPT {
        choices.push(row(&["town", &format!("t{town}"), "乡镇"]));
    }
    for village in 0..CHOICES {
        let town = format!("t{}", village % (CHOICES / KEPT));
        choices.push(row(&["village", &format!("v{village}"), "村", &town]));
    }
    choices
}
