//! What expressions name in quotes, as far as that can be told without answers: columns of lists, signs of dates, patterns.

use super::Notes;
use super::names::expressions;
use crate::form::definition::{Form, List};
use crate::form::eval::texts::whole;
use crate::form::expr::{Axis, Expr, Function, Path, Start};
use crate::form::moment::PATTERN_SIGNS;
use crate::form::problem::What;
use crate::form::register::BuiltIn;

/// Notes what is not there.
pub(super) fn check(form: &Form, notes: &mut Notes) {
    let settings = [("relevant", &form.relevant), ("instance_name", &form.instance_name)];
    for (column, expr) in settings {
        for what in expr.iter().flat_map(|expr| unknown(form, expr)) {
            notes.note("settings", 2, column, what);
        }
    }
    form.walk(&mut |part, _| {
        for (column, expr) in expressions(part) {
            for what in unknown(form, expr) {
                notes.note("survey", part.row, column, what);
            }
        }
    });
}

/// A list that an expression looks into.
enum Looked<'a> {
    Register(BuiltIn),
    Own(&'a List),
}

fn looked<'a>(form: &'a Form, name: Option<&Expr>) -> Option<Looked<'a>> {
    let Some(Expr::Text(name)) = name else { return None };
    let built_in = BuiltIn::named(name).filter(|list| form.built_in.contains(list));
    built_in
        .map(Looked::Register)
        .or_else(|| form.list(name).filter(|list| !list.choices.is_empty()).map(Looked::Own))
}

/// What is wrong with a column, if something is.
fn missing(list: &Looked<'_>, name: &str) -> Option<What> {
    match list {
        Looked::Register(list) if list.has(name) => None,
        Looked::Register(list) => Some(What::NoRegisterColumn(list.file().to_owned(), name.to_owned())),
        Looked::Own(list) => {
            let known =
                matches!(name, "name" | "label") || list.choices.iter().any(|choice| choice.columns.contains_key(name));
            (!known).then(|| What::NoListColumn(name.to_owned()))
        }
    }
}

fn unknown(form: &Form, expr: &Expr) -> Vec<What> {
    let mut found = Vec::new();
    expr.walk(&mut |one| match one {
        Expr::Call(Function::PullData, arguments) => {
            let Some(list) = looked(form, arguments.first()) else {
                return;
            };
            let names = arguments.iter().skip(1).take(2).filter_map(|one| match one {
                Expr::Text(name) => Some(name),
                _ => None,
            });
            found.extend(names.filter_map(|name| missing(&list, name)));
        }
        Expr::Call(Function::FormatDate | Function::FormatDateTime, arguments) => {
            if let Some(Expr::Text(pattern)) = arguments.get(1) {
                found.extend(
                    signs(pattern)
                        .find(|sign| !PATTERN_SIGNS.contains(*sign))
                        .map(What::DateSign),
                );
            }
        }
        Expr::Call(Function::Regex, arguments) => {
            if let Some(Expr::Text(pattern)) = arguments.get(1) {
                found.extend(
                    whole(pattern)
                        .is_none()
                        .then(|| What::Pattern(pattern.chars().take(60).collect())),
                );
            }
        }
        Expr::Path(Path {
            start: Start::Of(of),
            steps,
            ..
        }) => {
            let Expr::Call(Function::Instance, arguments) = &**of else {
                return;
            };
            let Some(list) = looked(form, arguments.first()) else {
                return;
            };
            // `root`, `item`, then a column; in the predicates of `item` the dot is one row.
            let own = |step: usize| steps.get(step).filter(|step| step.axis == Axis::Child);
            let column = own(2).and_then(|step| step.name.as_deref());
            let filters = own(1).into_iter().flat_map(|item| &item.filters);
            let names = filters.flat_map(plain_names).chain(column);
            found.extend(names.filter_map(|name| missing(&list, name)));
        }
        _ => {}
    });
    found
}

/// The signs behind each `%`.
fn signs(pattern: &str) -> impl Iterator<Item = char> {
    let mut rest = pattern.chars();
    std::iter::from_fn(move || rest.by_ref().find(|sign| *sign == '%').and_then(|_| rest.next()))
}

/// Names that stand alone in a predicate: columns of its row.
fn plain_names(expr: &Expr) -> Vec<&str> {
    let mut names = Vec::new();
    expr.walk(&mut |one| {
        if let Expr::Path(Path {
            start: Start::Here,
            steps,
            ..
        }) = one
            && let [step] = &steps[..]
            && let (Axis::Child, Some(name)) = (step.axis, &step.name)
        {
            names.push(name.as_str());
        }
    });
    names
}
