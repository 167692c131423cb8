//! Expressions in the words of ODK XForms: `${name}` becomes a path, relative where both stand in one repeated part.

use bianfang::form::definition::{Form, Kind};
use bianfang::form::eval::LAST_SAVED;
use bianfang::form::expr::{Axis, Expr, Function, Operator, Path, Start, Step};
use bianfang::form::filling::ROOT;
use std::collections::BTreeMap;

/// The instance that holds the record before this one.
pub(super) const LAST_INSTANCE: &str = "__last-saved";

/// Where the names of a form stand.
pub(super) struct Places<'a> {
    by_name: BTreeMap<&'a str, Place<'a>>,
}

/// The names from the root down, and how many of the first of them end in a repeated part above the last.
#[derive(Clone)]
struct Place<'a> {
    names: Vec<&'a str>,
    repeats: Vec<usize>,
}

impl<'a> Places<'a> {
    /// The places of all parts.
    pub fn of(form: &'a Form) -> Self {
        let mut by_name = BTreeMap::new();
        form.walk(&mut |part, above| {
            let names = above.iter().map(|one| one.name.as_str()).chain([part.name.as_str()]);
            let repeats = above.iter().enumerate();
            let repeats = repeats.filter(|(_, one)| matches!(one.kind, Kind::Repeat(..)));
            let place = Place {
                names: std::iter::once(ROOT).chain(names).collect(),
                repeats: repeats.map(|(at, _)| at + 2).collect(),
            };
            by_name.entry(part.name.as_str()).or_insert(place);
        });
        Self { by_name }
    }

    /// An expression of the part that stands at a place.
    pub fn write(&self, expr: &Expr, own: &[&str]) -> String {
        Writer {
            places: self,
            own,
            within: None,
        }
        .write(expr, 0)
    }

    /// The same for a filter over the items of a list: names there are columns.
    pub fn write_filter(&self, expr: &Expr, own: &[&str]) -> String {
        Writer {
            places: self,
            own,
            within: Some(Vec::new()),
        }
        .write(expr, 0)
    }
}

struct Writer<'w> {
    places: &'w Places<'w>,
    /// Where the expression stands.
    own: &'w [&'w str],
    /// Inside a predicate: where that goes through, nothing for what is no part of the record.
    within: Option<Vec<String>>,
}

impl Writer<'_> {
    fn write(&self, expr: &Expr, around: u8) -> String {
        match expr {
            Expr::Number(number) => number.to_string(),
            Expr::Text(text) => quoted(text),
            Expr::Negate(of) => format!("-{}", self.write(of, 6)),
            Expr::Binary(operator, one, other) => {
                let (sign, level) = sign(*operator);
                let text = format!("{} {sign} {}", self.write(one, level), self.write(other, level + 1));
                if level < around { format!("({text})") } else { text }
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Path(path) => self.path(path),
        }
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let written = arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| match (function, argument) {
                (Function::ChoiceName, Expr::Text(text)) if at == 1 => quoted(&self.named_in(text)),
                (Function::IndexedRepeat, Expr::Path(path)) if at == 0 || at % 2 == 1 => self.absolute(path),
                (_, argument) => self.write(argument, 0),
            });
        format!("{}({})", function.name(), written.collect::<Vec<_>>().join(", "))
    }

    /// `${name}` in quotes, as jr:choice-name has it.
    fn named_in(&self, text: &str) -> String {
        let name = text.trim().strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let place = name.and_then(|name| self.places.by_name.get(name.trim()));
        place.map_or_else(|| text.to_owned(), |place| format!("/{}", place.names.join("/")))
    }

    fn absolute(&self, path: &Path) -> String {
        match &path.start {
            Start::Question(name) if path.steps.is_empty() && path.filters.is_empty() => {
                self.named_in(&format!("${{{name}}}"))
            }
            _ => self.path(path),
        }
    }

    fn path(&self, path: &Path) -> String {
        let (mut text, mut at) = match &path.start {
            Start::Root => (String::new(), Some(Vec::new())),
            Start::Here => (String::new(), None),
            Start::Question(name) => self.question(name),
            Start::Of(of) => (self.write(of, 8), None),
        };
        text += &self.filters(&path.filters, at.as_deref());
        let mut first = matches!(path.start, Start::Here);
        for step in &path.steps {
            at = at
                .filter(|_| step.axis == Axis::Child)
                .zip(step.name.clone())
                .map(|(mut at, name)| {
                    at.push(name);
                    at
                });
            if !first {
                text.push('/');
            }
            first = false;
            text += &stepped(step);
            text += &self.filters(&step.filters, at.as_deref());
        }
        match (text.is_empty(), &path.start) {
            (true, Start::Root) => String::from("/"),
            // Both `//x` and `a//x` have the empty step between their slashes.
            _ => text.replace("/descendant-or-self::node()/", "//"),
        }
    }

    fn filters(&self, filters: &[Expr], at: Option<&[String]>) -> String {
        let inside = Writer {
            places: self.places,
            own: self.own,
            within: Some(at.unwrap_or_default().to_vec()),
        };
        filters
            .iter()
            .map(|filter| format!("[{}]", inside.write(filter, 0)))
            .collect()
    }

    /// The path to a question, and its names from the root down.
    fn question(&self, name: &str) -> (String, Option<Vec<String>>) {
        if let Some(last) = name.strip_prefix(LAST_SAVED) {
            let place = self.places.by_name.get(last).map(|place| place.names.join("/"));
            let path = format!(
                "instance('{LAST_INSTANCE}')/{}",
                place.unwrap_or_else(|| last.to_owned())
            );
            return (path, None);
        }
        let Some(place) = self.places.by_name.get(name) else {
            return (name.to_owned(), None);
        };
        let owned = Some(place.names.iter().map(|name| (*name).to_owned()).collect());
        let shared = |names: &[&str]| {
            place
                .repeats
                .iter()
                .copied()
                .rfind(|length| names.starts_with(&place.names[..*length]))
        };
        let up = |from: usize, common: usize| {
            let steps = std::iter::repeat_n("..", from - common).chain(place.names[common..].iter().copied());
            steps.collect::<Vec<_>>().join("/")
        };
        let text = match &self.within {
            None => shared(self.own).map(|common| up(self.own.len(), common)),
            Some(within) => {
                let within: Vec<&str> = within.iter().map(String::as_str).collect();
                // What the predicate goes through may be the repeated part itself.
                let inner = shared(&within);
                match (inner, shared(self.own)) {
                    (Some(common), own) if own.is_none_or(|own| common >= own) => Some(up(within.len(), common)),
                    (_, Some(common)) => Some(format!("current()/{}", up(self.own.len(), common))),
                    _ => None,
                }
            }
        };
        (text.unwrap_or_else(|| format!("/{}", place.names.join("/"))), owned)
    }
}

fn stepped(step: &Step) -> String {
    let name = step.name.as_deref();
    match (step.axis, name) {
        (Axis::Itself, None) => String::from("."),
        (Axis::Parent, None) => String::from(".."),
        (Axis::Child, name) => name.unwrap_or("*").to_owned(),
        (axis, name) => {
            let axis = match axis {
                Axis::Child => "child",
                Axis::Parent => "parent",
                Axis::Itself => "self",
                Axis::Below => "descendant-or-self",
                Axis::Ancestor => "ancestor",
                Axis::Before => "preceding-sibling",
                Axis::After => "following-sibling",
            };
            let any = if matches!(step.axis, Axis::Below) {
                "node()"
            } else {
                "*"
            };
            format!("{axis}::{}", name.unwrap_or(any))
        }
    }
}

fn sign(operator: Operator) -> (&'static str, u8) {
    match operator {
        Operator::Or => ("or", 0),
        Operator::And => ("and", 1),
        Operator::Equal => ("=", 2),
        Operator::Unequal => ("!=", 2),
        Operator::Less => ("<", 3),
        Operator::AtMost => ("<=", 3),
        Operator::More => (">", 3),
        Operator::AtLeast => (">=", 3),
        Operator::Plus => ("+", 4),
        Operator::Minus => ("-", 4),
        Operator::Times => ("*", 5),
        Operator::Div => ("div", 5),
        Operator::Mod => ("mod", 5),
        Operator::Union => ("|", 7),
    }
}

/// XPath has no escape: a text with both quotes is put together from pieces.
fn quoted(text: &str) -> String {
    match (text.contains('\''), text.contains('"')) {
        (false, _) => format!("'{text}'"),
        (true, false) => format!("\"{text}\""),
        (true, true) => {
            let pieces: Vec<String> = text.split('\'').map(|piece| format!("'{piece}'")).collect();
            format!("concat({})", pieces.join(", \"'\", "))
        }
    }
}
