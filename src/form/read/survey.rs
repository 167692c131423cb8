//! The sheet `survey`: rows become questions, and stand in the groups between whose begin and end they are.

use super::columns::Column;
use super::types::{self, RowType};
use super::{DEPTH_MAX, Notes, PARTS_MAX, Row, Table, is_name, looks};
use crate::form::definition::{Default, Kind, Part, Question, Range, Words, is_english};
use crate::form::expr::{Expr, Function, Operator, parse};
use crate::form::problem::What;
use std::collections::BTreeMap;

/// What the sheet holds.
#[derive(std::default::Default)]
pub(super) struct Survey {
    pub parts: Vec<Part>,
    /// Files for expressions alone, with their rows.
    pub files: Vec<(u32, String)>,
}

/// The parts of a form.
pub(super) fn read(table: &Table<'_>, notes: &mut Notes) -> Survey {
    for column in [Column::Type, Column::Name] {
        if !table.has(&column) {
            notes.note(table.name, 1, column.name(), What::NoColumn);
            return Survey::default();
        }
    }
    let mut files = Vec::new();
    let mut nest = Nest {
        levels: vec![Level::default()],
        count: 0,
    };
    for row in table.rows().filter(|row| !row.is_empty() && !is_disabled(row)) {
        let written = row.text(&Column::Type);
        if written.is_empty() || written.starts_with('#') {
            // A row without a type is a remark, unless it names a question.
            if !row.text(&Column::Name).is_empty() && written.is_empty() {
                row.note(notes, &Column::Type, What::NoType(String::new(), None));
            }
            continue;
        }
        match types::of(written) {
            Err(what) => {
                nest.count += 1;
                row.note(notes, &Column::Type, what);
            }
            Ok(RowType::File) => match row.text(&Column::Name) {
                "" => row.note(notes, &Column::Name, What::NoName),
                name => files.push((row.number, name.to_owned())),
            },
            Ok(kind) => nest.take(&row, kind, notes),
        }
        if nest.count > PARTS_MAX {
            row.note(notes, &Column::Name, What::TooMany(PARTS_MAX));
            return Survey::default();
        }
    }
    let rows = nest.count;
    let parts = nest.finish(table.name, notes);
    if parts.is_empty() && rows == 0 {
        notes.note(table.name, 0, "", What::NoQuestions);
    }
    Survey { parts, files }
}

/// Whether a row is set aside.
fn is_disabled(row: &Row<'_>) -> bool {
    matches!(
        row.text(&Column::Disabled).to_lowercase().as_str(),
        "yes" | "true" | "true()" | "是" | "1"
    )
}

/// What is begun and not ended, the form itself first.
struct Nest {
    levels: Vec<Level>,
    count: usize,
}

#[derive(std::default::Default)]
struct Level {
    /// The row that began it; none for the form.
    begun: Option<Part>,
    parts: Vec<Part>,
}

impl Nest {
    fn take(&mut self, row: &Row<'_>, kind: RowType, notes: &mut Notes) {
        self.count += 1;
        let kind = match kind {
            RowType::EndGroup => return self.end(row, notes, |kind| matches!(kind, Kind::Group(_))),
            RowType::EndRepeat => return self.end(row, notes, |kind| matches!(kind, Kind::Repeat(..))),
            RowType::BeginGroup => Kind::Group(Vec::new()),
            RowType::BeginRepeat => Kind::Repeat(Vec::new(), expression(row, &Column::RepeatCount, notes)),
            RowType::Range => Kind::Question(Question::Range(range(row, notes))),
            RowType::Question(question) => Kind::Question(question),
            RowType::File => return,
        };
        let begins = !matches!(kind, Kind::Question(_));
        let part = part(row, kind, notes);
        if !begins {
            let other = other(&part);
            let level = self.levels.last_mut().expect("the form itself is never ended");
            level.parts.push(part);
            level.parts.extend(other);
        } else if self.levels.len() > DEPTH_MAX {
            row.note(notes, &Column::Type, What::TooDeep);
        } else {
            self.levels.push(Level {
                begun: Some(part),
                parts: Vec::new(),
            });
        }
    }

    fn end(&mut self, row: &Row<'_>, notes: &mut Notes, fits: fn(&Kind) -> bool) {
        let last = self.levels.last().and_then(|level| level.begun.as_ref());
        if !last.is_some_and(|begun| fits(&begun.kind)) {
            row.note(notes, &Column::Type, What::NothingToEnd);
            return;
        }
        self.close(row.table.name, notes);
    }

    fn close(&mut self, sheet: &str, notes: &mut Notes) {
        let Some(Level {
            begun: Some(mut begun),
            parts,
        }) = self.levels.pop()
        else {
            return;
        };
        if parts.is_empty() {
            notes.note(sheet, begun.row, "type", What::Empty);
        }
        match &mut begun.kind {
            Kind::Group(inside) | Kind::Repeat(inside, _) => *inside = parts,
            Kind::Question(_) => {}
        }
        if let Some(above) = self.levels.last_mut() {
            above.parts.push(begun);
        }
    }

    fn finish(mut self, sheet: &str, notes: &mut Notes) -> Vec<Part> {
        while let Some(row) = self
            .levels
            .last()
            .and_then(|level| level.begun.as_ref())
            .map(|begun| begun.row)
        {
            notes.note(sheet, row, "type", What::NotEnded);
            self.close(sheet, notes);
        }
        self.levels.pop().map(|level| level.parts).unwrap_or_default()
    }
}

/// The value of the choice that `or_other` adds.
pub(super) const OTHER: &str = "other";

/// The text that stands behind a question with `or_other`, for what is not among its choices.
fn other(part: &Part) -> Option<Part> {
    let Kind::Question(Question::SelectOne(choices) | Question::SelectMultiple(choices)) = &part.kind else {
        return None;
    };
    if !choices.or_other {
        return None;
    }
    let asked = format!("selected(${{{}}}, '{OTHER}')", part.name);
    let words = |said: fn(&str) -> &'static str| {
        part.label
            .keys()
            .map(|language| (language.clone(), said(language).to_owned()))
            .collect()
    };
    Some(Part {
        name: format!("{}_other", part.name),
        row: part.row,
        kind: Kind::Question(Question::Text),
        label: words(specify),
        hint: Words::new(),
        required: None,
        required_message: Words::new(),
        relevant: parse(&asked).ok(),
        constraint: None,
        constraint_message: Words::new(),
        calculation: None,
        choice_filter: None,
        default: None,
        readonly: None,
        appearance: Vec::new(),
        triggers: Vec::new(),
        parameters: BTreeMap::new(),
        save_to: String::new(),
        prefill: String::new(),
        problem: String::new(),
        problem_label: Words::new(),
        note: String::new(),
    })
}

fn specify(language: &str) -> &'static str {
    if is_english(language) {
        "Please say which"
    } else {
        "请写明"
    }
}

fn part(row: &Row<'_>, kind: Kind, notes: &mut Notes) -> Part {
    let name = row.text(&Column::Name).to_owned();
    if name.is_empty() {
        row.note(notes, &Column::Name, What::NoName);
    } else if !is_name(&name) {
        row.note(notes, &Column::Name, What::BadName(name.clone()));
    }
    let appearance: Vec<String> = row
        .text(&Column::Appearance)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let kind = match kind {
        Kind::Question(Question::Image) if appearance.iter().any(|one| one == "signature") => {
            Kind::Question(Question::Signature)
        }
        kind => kind,
    };
    looks::check(row, &kind, &appearance, notes);
    let part = Part {
        name,
        row: row.number,
        label: row.words(&Column::Label),
        hint: hint(row),
        required: yes_or_expression(row, &Column::Required, notes),
        required_message: row.words(&Column::RequiredMessage),
        relevant: expression(row, &Column::Relevant, notes),
        constraint: expression(row, &Column::Constraint, notes),
        constraint_message: row.words(&Column::ConstraintMessage),
        calculation: expression(row, &Column::Calculation, notes),
        choice_filter: expression(row, &Column::ChoiceFilter, notes),
        default: default(row, &kind, notes),
        readonly: yes_or_expression(row, &Column::Readonly, notes),
        appearance,
        triggers: triggers(row, notes),
        parameters: parameters(row, known_parameters(&kind), notes),
        save_to: row.text(&Column::SaveTo).to_owned(),
        prefill: row.text(&Column::Prefill).to_owned(),
        problem: row.text(&Column::Problem).to_owned(),
        problem_label: row.words(&Column::ProblemLabel),
        note: row.text(&Column::Note).to_owned(),
        kind,
    };
    if part.choice_filter.is_some() && other(&part).is_some() {
        row.note(notes, &Column::ChoiceFilter, What::OtherFiltered);
    }
    let calculates = matches!(part.kind, Kind::Question(Question::Calculate));
    if calculates && row.text(&Column::Calculation).is_empty() && row.text(&Column::Default).is_empty() {
        row.note(
            notes,
            &Column::Calculation,
            What::Expression(parse("").expect_err("nothing is no expression")),
        );
    }
    if needs_words(&part) {
        row.note(notes, &Column::Label, What::NoLabel);
    }
    for words in [
        &part.label,
        &part.hint,
        &part.constraint_message,
        &part.required_message,
        &part.problem_label,
    ] {
        spoken(row, words, notes);
    }
    part
}

/// What guides those who are trained stands below what everybody is told.
fn hint(row: &Row<'_>) -> Words {
    let mut hint = row.words(&Column::Hint);
    for (language, guidance) in row.words(&Column::GuidanceHint) {
        let said = hint.entry(language).or_default();
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(&guidance);
    }
    hint
}

/// Signs by which other programs make words bold, larger or coloured.
const STYLED: [&str; 6] = ["**", "<span", "<br", "<b>", "<i>", "<u>"];

/// Words may hold `${name}`; that they can be read is seen here.
fn spoken(row: &Row<'_>, words: &Words, notes: &mut Notes) {
    for text in words.values() {
        if text.chars().count() > super::CELL_CHARS_MAX {
            row.note(notes, &Column::Label, What::TooLong);
        }
        if let Some(sign) = STYLED.into_iter().find(|sign| text.contains(sign)) {
            row.note(notes, &Column::Label, What::Styled(sign));
        }
        for inside in outputs(text) {
            if let Err(error) = parse(inside) {
                row.note(notes, &Column::Label, What::Expression(error));
            }
        }
    }
}

/// The `${name}` within words.
pub(in crate::form) fn outputs(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").map(|(at, _)| {
        let rest = &text[at..];
        rest.find('}').map_or(rest, |end| &rest[..=end])
    })
}

/// Whether people would see a question that says nothing.
fn needs_words(part: &Part) -> bool {
    let is_question = matches!(part.kind, Kind::Question(_));
    is_question && !part.is_silent() && part.label.is_empty() && part.hint.is_empty()
}

fn expression(row: &Row<'_>, column: &Column, notes: &mut Notes) -> Option<Expr> {
    let text = row.text(column);
    if text.is_empty() {
        return None;
    }
    if text.chars().count() > super::CELL_CHARS_MAX {
        row.note(notes, column, What::TooLong);
        return None;
    }
    parse(text)
        .map_err(|error| row.note(notes, column, What::Expression(error)))
        .ok()
}

/// `yes`, `no`, or an expression; nothing is no.
fn yes_or_expression(row: &Row<'_>, column: &Column, notes: &mut Notes) -> Option<Expr> {
    let text = row.text(column);
    match text.to_lowercase().as_str() {
        "" | "no" | "false" | "false()" | "否" | "0" => None,
        "yes" | "true" | "true()" | "是" | "1" => Some(Expr::Call(Function::True, Vec::new())),
        _ => {
            let bare = text.chars().all(char::is_alphanumeric);
            if bare {
                row.note(notes, column, What::NotYesNo(text.to_owned()));
                return None;
            }
            expression(row, column, notes)
        }
    }
}

/// What looks like an expression is one: a reference, a call, arithmetic with its signs set off, of a number any. To
/// other questions `2019-08-15`, `5-7` and `f-4` are texts.
fn default(row: &Row<'_>, kind: &Kind, notes: &mut Notes) -> Option<Default> {
    let text = row.text(&Column::Default);
    if text.is_empty() {
        return None;
    }
    let calls = text.contains('(') && Function::names().any(|name| text.contains(&format!("{name}(")));
    let number = matches!(
        kind,
        Kind::Question(Question::Integer | Question::Decimal | Question::Range(_))
    );
    let reckons = || (number || text.contains(' ')) && parse(text).is_ok_and(|expr| is_arithmetic(&expr));
    match calls || text.contains("${") || reckons() {
        true => expression(row, &Column::Default, notes).map(Default::Computed),
        false => Some(Default::Text(text.to_owned())),
    }
}

fn is_arithmetic(expr: &Expr) -> bool {
    use Operator::{Div, Minus, Mod, Plus, Times};
    matches!(expr, Expr::Binary(Plus | Minus | Times | Div | Mod, ..))
}

fn triggers(row: &Row<'_>, notes: &mut Notes) -> Vec<String> {
    let text = row.text(&Column::Trigger);
    let names = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    names
        .filter_map(|one| {
            let name = one
                .strip_prefix("${")
                .and_then(|rest| rest.strip_suffix('}'))
                .map(str::trim);
            if name.is_none() {
                row.note(notes, &Column::Trigger, What::NoQuestion(one.to_owned()));
            }
            name.map(str::to_owned)
        })
        .collect()
}

/// What may be said in the column `parameters`, by the kind of question.
fn known_parameters(kind: &Kind) -> &'static [&'static str] {
    let Kind::Question(question) = kind else { return &[] };
    match question {
        Question::Range(_) => RANGE,
        Question::SelectOne(_) | Question::SelectMultiple(_) | Question::Rank(_) => {
            &["randomize", "seed", "value", "label"]
        }
        Question::Image | Question::Signature => &["max-pixels"],
        Question::Text => &["rows"],
        _ => &[],
    }
}

const RANGE: &[&str] = &["start", "end", "step"];

/// `start=1 end=10 step=1`, with commas or semicolons between them too.
fn parameters(row: &Row<'_>, known: &[&str], notes: &mut Notes) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    let text = row.text(&Column::Parameters).replace([',', ';'], " ");
    for one in text.split_whitespace() {
        match one.split_once('=') {
            Some((name, value)) if known.contains(&name) && fits(name, value) => {
                parameters.insert(name.to_owned(), value.to_owned());
            }
            _ => row.note(notes, &Column::Parameters, What::Parameter(one.to_owned())),
        }
    }
    parameters
}

/// Whether a parameter can have a value: `randomize` is true or false, a seed a number or one question.
fn fits(name: &str, value: &str) -> bool {
    match name {
        "randomize" => matches!(value, "true" | "false"),
        "seed" => match parse(value) {
            Ok(Expr::Number(_) | Expr::Negate(_)) => true,
            Ok(expr) => matches!(&expr.questions()[..], [_]),
            Err(_) => false,
        },
        "max-pixels" | "rows" => value.parse::<u32>().is_ok_and(|number| number > 0),
        _ => !value.is_empty(),
    }
}

fn range(row: &Row<'_>, notes: &mut Notes) -> Range {
    let given = parameters(row, RANGE, &mut Notes::default());
    let mut number = |name: &'static str, usual: f64| match given.get(name).map(|text| text.parse::<f64>()) {
        None => usual,
        Some(Ok(number)) if number.is_finite() => number,
        Some(_) => {
            row.note(notes, &Column::Parameters, What::NoParameter(name));
            usual
        }
    };
    let range = Range {
        start: number("start", 1.0),
        end: number("end", 10.0),
        step: number("step", 1.0),
    };
    let fits = range.step > 0.0 && range.start != range.end && range.step <= (range.end - range.start).abs();
    if !fits {
        row.note(
            notes,
            &Column::Parameters,
            What::Parameter(row.text(&Column::Parameters).to_owned()),
        );
    }
    range
}
