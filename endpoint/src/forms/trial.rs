//! A form tried without a phone: answers from a file in, the record, what is shown and what is wrong out.

mod given;

use bianfang::form::around::Around;
use bianfang::form::definition::{Form, Kind, Part, Question};
use bianfang::form::filling::{Filling, Trouble, is_offered};
use bianfang::register::words::Sentence;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub use given::{Given, given, rows};

/// An answer in the file that could not be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The file is no object of answers.
    #[error("the answers are not an object of names and values: {0}")]
    NotAnswers(String),
    /// No question stands there, or not in this instance.
    #[error("there is no question {0}")]
    NoQuestion(String),
    /// A group, or what is calculated.
    #[error("{0} is no question that people answer")]
    NotAsked(String),
    /// It can only be looked at.
    #[error("{0} can only be looked at")]
    ReadOnly(String),
    /// A value of another kind than the question takes.
    #[error("{0} takes no such value: {1}")]
    IllTyped(String, String),
    /// No list of the register, or no column of it.
    #[error("the register has no {0}")]
    NoList(String),
}

impl Refused {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnswers(_) => "trial.not_answers",
            Self::NoQuestion(_) => "trial.no_question",
            Self::NotAsked(_) => "trial.not_asked",
            Self::ReadOnly(_) => "trial.read_only",
            Self::IllTyped(..) => "trial.ill_typed",
            Self::NoList(_) => "trial.no_list",
        }
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotAnswers(error) => Sentence::new(
                format!("答案文件要写成 {{\"题名\": 答案}} 这样的 JSON：{error}"),
                format!("The answers have to be JSON such as {{\"name\": answer}}: {error}"),
            ),
            Self::NoQuestion(place) => Sentence::new(
                format!("没有“{place}”这道题，或没有这一份；请改对名称"),
                format!("There is no question “{place}”, or not in this instance; correct the name"),
            ),
            Self::NotAsked(place) => Sentence::new(
                format!("“{place}”不由人回答，请从答案里删去"),
                format!("“{place}” is not answered by people; remove it from the answers"),
            ),
            Self::ReadOnly(place) => Sentence::new(
                format!("“{place}”只能看，不能改；请从答案里删去"),
                format!("“{place}” can only be looked at; remove it from the answers"),
            ),
            Self::IllTyped(place, value) => Sentence::new(
                format!("“{place}”不能填 {value}"),
                format!("“{place}” takes no such value: {value}"),
            ),
            Self::NoList(name) => Sentence::new(
                format!("lists 里的“{name}”不是名册的表或列，请改对名称"),
                format!("“{name}” in lists is no list or column of the register; correct the name"),
            ),
        }
    }
}

/// The answers of a file by their places: `{"house": {"leaks": "yes"}, "member": [{"age": 61}], "member[2]/age": 7}`.
///
/// # Errors
/// A file that is no such object, or a value of no kind that answers have.
pub fn answers(bytes: &[u8]) -> Result<Vec<(String, String)>, Refused> {
    let object = object(bytes)?;
    let mut answers = Vec::new();
    flatten("", &object, &mut answers)?;
    Ok(answers)
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(bytes).map_err(|error| Refused::NotAnswers(error.to_string()))? {
        Value::Object(object) => Ok(object),
        value => Err(Refused::NotAnswers(shortened(&value))),
    }
}

fn flatten(above: &str, object: &Map<String, Value>, answers: &mut Vec<(String, String)>) -> Result<(), Refused> {
    for (name, value) in object {
        let place = format!("{above}{name}");
        match value {
            Value::Object(inside) => flatten(&format!("{place}/"), inside, answers)?,
            Value::Array(values) if !values.is_empty() && values.iter().all(Value::is_object) => {
                for (number, inside) in (1..).zip(values.iter().filter_map(Value::as_object)) {
                    flatten(&format!("{place}[{number}]/"), inside, answers)?;
                }
            }
            // Several choices.
            Value::Array(values) => {
                let chosen: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
                let chosen = chosen.ok_or_else(|| Refused::IllTyped(place.clone(), shortened(value)))?;
                answers.push((place, chosen.join(" ")));
            }
            Value::String(text) => answers.push((place, text.clone())),
            Value::Number(number) => answers.push((place, number.to_string())),
            Value::Null => answers.push((place, String::new())),
            Value::Bool(true) => answers.push((place, String::from("OK"))),
            Value::Bool(false) => answers.push((place, String::new())),
        }
    }
    Ok(())
}

fn shortened(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

/// Gives the answers, in whatever order they can be given: an instance is there once its number is known.
pub fn give(filling: &mut Filling<'_>, mut answers: Vec<(String, String)>) -> Vec<Refused> {
    let mut refused = Vec::new();
    loop {
        let before = answers.len();
        answers.retain(|(place, text)| match found(filling, place) {
            None => true,
            Some(node) => {
                refused.extend(one(filling, node, place, text).err());
                false
            }
        });
        if answers.len() == before {
            break;
        }
    }
    refused.extend(answers.into_iter().map(|(place, _)| Refused::NoQuestion(place)));
    refused
}

/// The node at a place. Instances that people would add are added.
fn found(filling: &mut Filling<'_>, place: &str) -> Option<u32> {
    if let Some(node) = filling.node_at(place) {
        return Some(node);
    }
    let mut above = 0;
    let mut way = String::new();
    for step in place.split('/') {
        way = if way.is_empty() {
            step.to_owned()
        } else {
            format!("{way}/{step}")
        };
        above = match filling.node_at(&way) {
            Some(node) => node,
            None => {
                let (name, number) = step.split_once('[')?;
                let number: usize = number.strip_suffix(']')?.parse().ok()?;
                let there = filling.instances(above, name).len();
                let counted = there == 0 || is_counted(filling, above, name);
                if counted || number > bianfang::form::filling::REPEATS_MAX {
                    return None;
                }
                (there..number).try_fold(above, |_, _| filling.add_repeat(above, name))?
            }
        };
    }
    Some(above)
}

fn is_counted(filling: &Filling<'_>, above: u32, name: &str) -> bool {
    let first = filling.instances(above, name).first().copied();
    first.is_some_and(|node| matches!(filling.part(node).kind, Kind::Repeat(_, Some(_))))
}

fn one(filling: &mut Filling<'_>, node: u32, place: &str, text: &str) -> Result<(), Refused> {
    let place = || place.to_owned();
    match &filling.part(node).kind {
        Kind::Question(Question::Calculate | Question::Meta(_) | Question::Note)
        | Kind::Group(_)
        | Kind::Repeat(..) => {
            return Err(Refused::NotAsked(place()));
        }
        Kind::Question(_) => {}
    }
    if filling.is_readonly(node) {
        return Err(Refused::ReadOnly(place()));
    }
    // Whether it can be so is judged when all answers are there.
    let _ = filling.answer(node, text);
    Ok(())
}

/// What is shown, stored, calculated, proposed and wrong, as an object. `carried` are the nodes that began with what the
/// register or the record before held.
pub fn outcome(
    form: &Form,
    around: &Around<'_>,
    filling: &Filling<'_>,
    language: &str,
    carried: &[u32],
    refused: &[Refused],
) -> Value {
    let applying = filling.applying();
    let kept: BTreeMap<&String, String> = BTreeMap::new();
    let stored = filling.record();
    let kept =
        stored
            .iter()
            .filter(|(place, _)| !applying.contains_key(*place))
            .fold(kept, |mut kept, (place, text)| {
                kept.insert(place, text.clone());
                kept
            });
    let shown: Vec<Value> = filling
        .shown()
        .iter()
        .map(|one| shown(form, filling, language, one.part, one.node))
        .collect();
    let troubles: Vec<Value> = filling
        .troubles()
        .iter()
        .map(|(at, trouble)| {
            let said = words_of(filling, at.part, at.node, trouble, language);
            json!({ "place": filling.place_of(at.node), "code": trouble.code(), "zh": said.zh, "en": said.en })
        })
        .collect();
    let refused: Vec<Value> = refused
        .iter()
        .map(|one| json!({ "code": one.code(), "zh": one.sentence().zh, "en": one.sentence().en }))
        .collect();
    let calculated: Map<String, Value> = applying
        .iter()
        .filter(|(place, _)| {
            filling
                .node_at(place)
                .is_some_and(|node| is_calculated(filling.part(node)))
        })
        .map(|(place, text)| (place.clone(), Value::from(text.as_str())))
        .collect();
    json!({
        "form": form.id,
        "version": form.version,
        "subject": form.subject.code(),
        "offered": is_offered(form, around),
        "due": due(form),
        "name": filling.name(),
        "complete": troubles.is_empty() && refused.is_empty(),
        "record": applying,
        "kept": kept,
        "calculated": calculated,
        "shown": shown,
        "carried": carried.iter().map(|node| filling.place_of(*node)).collect::<Vec<_>>(),
        "proposals": proposals(filling, language),
        "updates": updates(filling),
        "errors": troubles,
        "refused": refused,
    })
}

/// `{"count": 4, "every": "year", "role": "doctor"}`; nothing where the form is not due.
pub fn due(form: &Form) -> Value {
    form.due.map_or(
        Value::Null,
        |due| json!({ "count": due.count, "every": due.every.code(), "role": form.due_role.code() }),
    )
}

fn proposals(filling: &Filling<'_>, language: &str) -> Vec<Value> {
    let proposals = filling.proposals(language).into_iter();
    proposals
        .map(|one| json!({ "place": filling.place_of(one.node), "category": one.category, "words": one.words }))
        .collect()
}

fn updates(filling: &Filling<'_>) -> Vec<Value> {
    let updates = filling.updates().into_iter();
    updates
        .map(|one| {
            let keys: Vec<String> = one.values().into_iter().map(|value| one.key(value)).collect();
            json!({ "place": filling.place_of(one.node), "keys": keys, "value": one.text })
        })
        .collect()
}

fn is_calculated(part: &Part) -> bool {
    part.calculation.is_some()
}

fn shown(form: &Form, filling: &Filling<'_>, language: &str, part: &Part, node: u32) -> Value {
    let mut object = Map::new();
    object.insert("place".into(), filling.place_of(node).into());
    object.insert("label".into(), filling.say(&part.label, language, node).into());
    if let Some(list) = part.kind.list().and_then(|list| form.list(list)) {
        let offered = filling.choices(node).into_iter().map(|index| &list.choices[index]);
        let offered: Map<String, Value> = offered
            .map(|choice| (choice.value.clone(), filling.say(&choice.label, language, node).into()))
            .collect();
        object.insert("choices".into(), Value::Object(offered));
    }
    if matches!(part.kind, Kind::Question(_)) {
        object.insert("answer".into(), filling.text(node).into());
        object.insert("required".into(), filling.is_required(node).into());
    }
    Value::Object(object)
}

/// The form's own words, where it has some.
fn words_of(filling: &Filling<'_>, part: &Part, node: u32, trouble: &Trouble, language: &str) -> Sentence {
    let own = match trouble {
        Trouble::Constraint => &part.constraint_message,
        Trouble::Required => &part.required_message,
        Trouble::Answer(_) | Trouble::Incomplete | Trouble::Expression(_) => return trouble.sentence(),
    };
    match filling.say(own, language, node) {
        said if said.is_empty() => trouble.sentence(),
        said => Sentence::new(said.clone(), said),
    }
}
