//! Whether what a form speaks of is there: questions, lists, files, columns.

use super::names::{Dot, Mention, Names, expressions, mentions, place};
use super::survey::{OTHER, outputs};
use super::{Notes, circles};
use crate::form::definition::{Choice, Form, Kind, List, Part, Question, is_english};
use crate::form::expr::parse;
use crate::form::problem::What;
use crate::form::register::BuiltIn;
use std::collections::{BTreeMap, BTreeSet};

/// Puts the choice `other` at the end of every list that a question with `or_other` chooses from.
pub(super) fn others(form: &Form, lists: &mut BTreeMap<String, List>) {
    form.walk(&mut |part, _| {
        let (Kind::Question(Question::SelectOne(choices)) | Kind::Question(Question::SelectMultiple(choices))) =
            &part.kind
        else {
            return;
        };
        let Some(list) = lists.get_mut(&choices.list).filter(|_| choices.or_other) else {
            return;
        };
        if list.choices.iter().all(|choice| choice.value != OTHER) {
            let word = |language: &String| {
                (
                    language.clone(),
                    if is_english(language) { "Other" } else { "其他" }.to_owned(),
                )
            };
            list.choices.push(Choice {
                value: OTHER.to_owned(),
                label: form.languages.iter().map(word).collect(),
                columns: BTreeMap::new(),
            });
        }
    });
}

/// Notes what is missing, named twice, or goes in a circle.
pub(super) fn check(form: &Form, notes: &mut Notes) {
    let names = Names::of(form);
    siblings(&form.parts, notes);
    // What runs by itself sets nothing off; what is set off itself does.
    let mut unseen = BTreeSet::new();
    form.walk(&mut |part, _| {
        let runs = part.is_silent() && part.triggers.is_empty();
        if runs || !matches!(part.kind, Kind::Question(_)) {
            unseen.insert(part.name.as_str());
        }
    });
    form.walk(&mut |part, above| {
        if let Some(list) = part.kind.list().filter(|list| !list.contains('.')) {
            lists(form, part, list, notes);
        }
        let own = place(part, above);
        for text in part
            .kind
            .list()
            .and_then(|list| form.lists.get(list))
            .iter()
            .flat_map(|list| words_of(list))
        {
            speaks(form, part, &own, &names, ("type", text), notes);
        }
        for (column, expr) in expressions(part) {
            let dot = match column {
                "choice_filter" => Dot::Item(&own),
                _ => Dot::At(&own),
            };
            let mut found = Vec::new();
            mentions(expr, dot, &mut found);
            for what in found.into_iter().filter_map(|one| missing(form, part, &names, one)) {
                notes.note("survey", part.row, column, what);
            }
        }
        for name in seeds(part) {
            if let Some(what) = missing(form, part, &names, Mention::Name(name)) {
                notes.note("survey", part.row, "parameters", what);
            }
        }
        for name in &part.triggers {
            if let Some(what) = missing(form, part, &names, Mention::Name(name.clone())) {
                notes.note("survey", part.row, "trigger", what);
            } else if unseen.contains(name.as_str()) {
                notes.note("survey", part.row, "trigger", What::TriggerUnseen(name.clone()));
            }
        }
        spoken(form, part, &own, &names, notes);
        for language in form.languages.iter().filter(|_| !part.label.is_empty()) {
            if !part.label.contains_key(language) {
                notes.note("survey", part.row, "label", What::NoLabelIn(language.clone()));
            }
        }
    });
    for name in form.instance_name.iter().flat_map(|expr| expr.questions()) {
        match names.rows(name) {
            [] => notes.note("settings", 2, "instance_name", What::NoQuestion(name.to_owned())),
            [_] => {}
            _ => notes.note("settings", 2, "instance_name", What::NameTwice(name.to_owned())),
        }
    }
    circles::check(form, notes);
}

/// Notes what words speak of that is not there.
fn spoken(form: &Form, part: &Part, own: &[&str], names: &Names<'_>, notes: &mut Notes) {
    let said = [
        ("label", &part.label),
        ("hint", &part.hint),
        ("constraint_message", &part.constraint_message),
        ("required_message", &part.required_message),
        ("problem_label", &part.problem_label),
    ];
    for (column, words) in said {
        for text in words.values() {
            speaks(form, part, own, names, (column, text), notes);
        }
    }
}

fn words_of(list: &List) -> impl Iterator<Item = &String> {
    list.choices.iter().flat_map(|choice| choice.label.values())
}

/// Notes what one text speaks of that is not there.
fn speaks(form: &Form, part: &Part, own: &[&str], names: &Names<'_>, said: (&str, &str), notes: &mut Notes) {
    let (column, text) = said;
    for expr in outputs(text).filter_map(|inside| parse(inside).ok()) {
        let mut found = Vec::new();
        mentions(&expr, Dot::At(own), &mut found);
        for what in found.into_iter().filter_map(|one| missing(form, part, names, one)) {
            notes.note("survey", part.row, column, what);
        }
    }
}

/// The question after whose answer choices are shuffled.
fn seeds(part: &Part) -> Vec<String> {
    let seed = part.parameters.get("seed").and_then(|seed| parse(seed).ok());
    let names = seed.iter().flat_map(|seed| seed.questions());
    names.map(str::to_owned).collect()
}

/// Beside each other no two parts may have one name; in different groups they may.
fn siblings(parts: &[Part], notes: &mut Notes) {
    let mut rows: BTreeMap<&str, u32> = BTreeMap::new();
    for part in parts {
        if let Some(row) = rows.insert(&part.name, part.row)
            && !part.name.is_empty()
        {
            notes.note("survey", part.row, "name", What::NameAgain(part.name.clone(), row));
        }
        if let Kind::Group(inside) | Kind::Repeat(inside, _) = &part.kind {
            siblings(inside, notes);
        }
    }
}

/// What is wrong with something that an expression speaks of.
fn missing(form: &Form, part: &Part, names: &Names<'_>, mention: Mention) -> Option<What> {
    match mention {
        Mention::Name(name) => match names.rows(&name) {
            [] => Some(What::NoQuestion(name)),
            [_] => None,
            _ => Some(What::NameTwice(name)),
        },
        Mention::Place(place) => (!names.leads(&place)).then(|| What::NoQuestion(format!("/{}", place.join("/")))),
        Mention::Column(name) => {
            let list = form.list(part.kind.list()?)?;
            let built_in = part.kind.list().and_then(BuiltIn::named);
            let built_in = built_in.filter(|list| form.built_in.contains(list));
            let known = matches!(name.as_str(), "name" | "label")
                || built_in.is_some_and(|list| list.has(&name))
                || list.choices.iter().any(|choice| choice.columns.contains_key(&name));
            (!known).then_some(What::NoListColumn(name))
        }
        // Of files it was told when they were read.
        Mention::List(_) => None,
    }
}

fn lists(form: &Form, part: &Part, name: &str, notes: &mut Notes) {
    let Some(list) = form.lists.get(name) else {
        notes.note("survey", part.row, "type", What::NoList(name.to_owned()));
        return;
    };
    if matches!(part.kind, Kind::Question(Question::SelectOne(_))) {
        return;
    }
    let spaced = list
        .choices
        .iter()
        .find(|choice| choice.value.contains(char::is_whitespace));
    if let Some(choice) = spaced {
        notes.note("survey", part.row, "type", What::ChoiceWithSpace(choice.value.clone()));
    }
}
