//! Whether what a form reads from the register and writes into it is there, and of the right kind.

use super::Notes;
use crate::form::definition::{Form, Kind, Part, Question};
use crate::form::problem::What;
use crate::form::register::{LAST, NotWritten, Subject, asked_year, categories, fits, of_visit, writable};
use crate::register::field::{Field, Type};
use std::collections::BTreeMap;

/// Notes what is wrong.
pub(super) fn check(form: &Form, notes: &mut Notes) {
    if let Some(relevant) = &form.relevant {
        for name in relevant.questions() {
            notes.note("settings", 2, "relevant", What::NoQuestionYet(name.to_owned()));
        }
    }
    if form.subject == Subject::Visit {
        let set = [
            ("relevant", form.relevant.is_some()),
            ("due", form.due.is_some()),
            ("instance_name", form.instance_name.is_some()),
        ];
        for (column, _) in set.into_iter().filter(|(_, is_set)| *is_set) {
            notes.note("settings", 2, column, What::EveryVisit);
        }
    }
    let mut written = BTreeMap::new();
    form.walk(&mut |part, above| {
        let repeated = above.iter().any(|one| matches!(one.kind, Kind::Repeat(..)));
        if !part.save_to.is_empty() {
            if let Some(row) = written.insert(part.save_to.as_str(), part.row) {
                note(part, "save_to", What::WrittenTwice(part.save_to.clone(), row), notes);
            }
            save_to(form, part, repeated, notes);
        }
        if !part.prefill.is_empty() {
            prefill(form, part, repeated, notes);
        }
        problem(part, notes);
    });
}

fn note(part: &Part, column: &str, what: What, notes: &mut Notes) {
    notes.note("survey", part.row, column, what);
}

fn save_to(form: &Form, part: &Part, repeated: bool, notes: &mut Notes) {
    let key = &part.save_to;
    if let Some(field) = of_visit(form.subject, key) {
        if let Some(what) = at_visit(form, part, repeated, field) {
            note(part, "save_to", what, notes);
        }
        return;
    }
    let what = match (writable(form.subject, key), &part.kind) {
        (Err(NotWritten::NoField), _) => Some(What::NoField(key.clone(), form.subject)),
        (Err(NotWritten::NoRegister), _) => Some(What::NotWritten(form.subject)),
        (_, Kind::Group(_) | Kind::Repeat(..) | Kind::Question(Question::Note)) => Some(What::NoAnswer),
        (Ok(_), _) if repeated => Some(What::InRepeat),
        (Ok((_, Some(year))), _) if asked_year(year).is_some_and(|name| !says_year(form, name)) => {
            Some(What::NoQuestion(asked_year(year).unwrap_or_default().to_owned()))
        }
        (Ok((field, _)), Kind::Question(question)) => {
            let foreign = || foreign(form, part, field.kind).map(|value| What::FieldChoice(key.clone(), value));
            match fits(question, field.kind) {
                true => foreign(),
                false => Some(What::FieldType(key.clone(), field.kind.code())),
            }
        }
    };
    if let Some(what) = what {
        note(part, "save_to", what, notes);
    }
}

/// What is wrong with a question that answers a field of the visit itself.
fn at_visit(form: &Form, part: &Part, repeated: bool, field: &Field) -> Option<What> {
    let key = || part.save_to.clone();
    let given = part.default.is_some() || part.calculation.is_some() || !part.triggers.is_empty();
    match &part.kind {
        Kind::Group(_) | Kind::Repeat(..) | Kind::Question(Question::Note) => Some(What::NoAnswer),
        _ if repeated => Some(What::InRepeat),
        Kind::Question(_) if given || part.is_silent() => Some(What::NotAsked(key())),
        Kind::Question(question) if !fits(question, field.kind) => Some(What::FieldType(key(), field.kind.code())),
        Kind::Question(_) => foreign(form, part, field.kind).map(|value| What::FieldChoice(key(), value)),
    }
}

/// Whether there is such a question, and one answer to it.
fn says_year(form: &Form, name: &str) -> bool {
    let mut says = false;
    form.walk(&mut |part, above| {
        let repeated = above.iter().any(|one| matches!(one.kind, Kind::Repeat(..)));
        let asks = matches!(part.kind, Kind::Question(_)) && !matches!(part.kind, Kind::Question(Question::Note));
        says |= part.name == name && asks && !repeated;
    });
    says
}

/// A choice of the question that is none of the field's.
fn foreign(form: &Form, part: &Part, kind: Type) -> Option<String> {
    let known = kind.choices();
    let list = form.list(part.kind.list()?)?;
    let odd = list
        .choices
        .iter()
        .find(|choice| known.iter().all(|one| one.value != choice.value));
    odd.filter(|_| !known.is_empty()).map(|choice| choice.value.clone())
}

fn prefill(form: &Form, part: &Part, repeated: bool, notes: &mut Notes) {
    let key = &part.prefill;
    let column = form.subject.list().column(key);
    let what = match (&part.kind, column) {
        (Kind::Group(_) | Kind::Repeat(..) | Kind::Question(Question::Note | Question::Calculate), _) => {
            Some(What::NoAnswer)
        }
        _ if repeated => Some(What::InRepeat),
        _ if key == LAST => None,
        (_, None) => Some(What::NoField(key.clone(), form.subject)),
        (Kind::Question(question), Some(column)) => {
            (!fits(question, column.kind)).then(|| What::FieldType(key.clone(), column.kind.code()))
        }
    };
    if let Some(what) = what {
        note(part, "prefill", what, notes);
    }
}

fn problem(part: &Part, notes: &mut Notes) {
    let category = part.problem.as_str();
    if category.is_empty() {
        if !part.problem_label.is_empty() {
            note(part, "problem_label", What::LabelWithoutProblem, notes);
        }
    } else if categories().all(|known| known.value != category) {
        note(part, "problem", What::NoCategory(category.to_owned()), notes);
    } else if part.label.is_empty() && part.problem_label.is_empty() {
        note(part, "problem_label", What::NoLabel, notes);
    }
}
