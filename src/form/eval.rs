//! What an expression means over the answers of a record. Never panics, and never takes longer than it is allowed.

mod dates;
mod digests;
mod geo;
pub(crate) mod lists;
mod numbers;
mod path;
pub(crate) mod texts;

use super::expr::{Expr, Function, Operator, Path, Start};
use super::moment::Moment;
use super::tree::{NodeRef, Tree};
use super::value::{Plain, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Steps that all that follows from one answer may take: one for each part of an expression and each node that is looked
/// at. A form of 300 questions takes some thousands.
pub const STEPS_MAX: u32 = 500_000;
/// Characters that one evaluation may make.
pub const TEXT_MAX: usize = 100_000;

/// Before the name of a question: its answer in the record before this one.
pub const LAST_SAVED: &str = "last-saved#";

/// Why an expression gives nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalError {
    /// It takes too many steps, or makes too long a text.
    #[error("too much to evaluate")]
    TooMuch,
    /// A function was given a value where it needs a question or a group.
    #[error("{} needs a question or a group", .0.name())]
    NotNodes(Function),
    /// No such question.
    #[error("there is no question {0}")]
    NoQuestion(String),
    /// No such list of choices or file.
    #[error("there is no list {0}")]
    NoList(String),
    #[error("not a date: {0}")]
    NotDate(String),
    /// Not a pattern, or one that is too large.
    #[error("not a pattern: {0}")]
    Pattern(String),
    #[error("no such way to digest: {0}")]
    Digest(String),
    #[error("not a place: {0}")]
    NotPlace(String),
    #[error("not base64")]
    Base64,
    /// A function that this app has no use for in this place.
    #[error("{} cannot be used here", .0.name())]
    NotHere(Function),
}

/// Whether a filter lets a choice of a list through, by its place in the list.
pub type Keeps<'k> = &'k dyn Fn(&Expr, NodeRef, usize) -> bool;

/// What is around the answers.
pub trait Surroundings {
    /// The calendar day in China, and the moment.
    fn now(&self) -> Moment;
    /// At least 0, less than 1; another one each time.
    fn random(&self) -> f64;
    /// A fresh random id.
    fn uuid(&self) -> String;
    /// The words of a choice of a question. Of several with one value the filter says which is meant: `keeps` tells
    /// whether it lets a choice through, by the list and the choice's place in it.
    fn choice_name(&self, question: &str, value: &str, keeps: Keeps<'_>) -> Option<String>;
    /// The node above the root of a list of choices.
    fn list(&self, name: &str) -> Option<NodeRef>;
    /// A cell of a file: of the row whose `key` column holds a value.
    fn pull(&self, file: &str, column: &str, key: &str, value: &str) -> Option<String>;
    /// The answer of a question in the record before this one.
    fn last_saved(&self, question: &str) -> Option<String> {
        let _ = question;
        None
    }
    /// The version of the form.
    fn version(&self) -> &str;
    /// Names of days and months in Chinese.
    fn chinese(&self) -> bool;
}

impl Surroundings for &dyn Surroundings {
    fn now(&self) -> Moment {
        (**self).now()
    }
    fn random(&self) -> f64 {
        (**self).random()
    }
    fn uuid(&self) -> String {
        (**self).uuid()
    }
    fn choice_name(&self, question: &str, value: &str, keeps: Keeps<'_>) -> Option<String> {
        (**self).choice_name(question, value, keeps)
    }
    fn list(&self, name: &str) -> Option<NodeRef> {
        (**self).list(name)
    }
    fn pull(&self, file: &str, column: &str, key: &str, value: &str) -> Option<String> {
        (**self).pull(file, column, key, value)
    }
    fn last_saved(&self, question: &str) -> Option<String> {
        (**self).last_saved(question)
    }
    fn version(&self) -> &str {
        (**self).version()
    }
    fn chinese(&self) -> bool {
        (**self).chinese()
    }
}

/// Where every question of the form stands: the names from the root down to it.
pub type Places = BTreeMap<String, Vec<std::rc::Rc<str>>>;

/// Evaluates expressions over one record.
pub struct Evaluation<'a> {
    /// The answers, then the lists of choices.
    pub trees: &'a [Tree],
    pub places: &'a Places,
    pub around: &'a dyn Surroundings,
    /// Steps that are left.
    steps: Cell<u32>,
    patterns: RefCell<BTreeMap<String, regex_lite::Regex>>,
}

/// Of what an expression speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Focus {
    /// The question that is being evaluated.
    current: NodeRef,
    /// The node that a predicate is about; outside of one, the question.
    here: NodeRef,
    /// Its place among those that the predicate is asked about, from 1, and how many these are.
    of: Option<(usize, usize)>,
}

impl<'a> Evaluation<'a> {
    /// Over these trees, of which the first holds the answers, with so many steps for all expressions together.
    pub fn new(trees: &'a [Tree], places: &'a Places, around: &'a dyn Surroundings, steps: u32) -> Self {
        Self {
            trees,
            places,
            around,
            steps: Cell::new(steps),
            patterns: RefCell::default(),
        }
    }

    /// The value of an expression for a question, by the number of its node.
    ///
    /// # Errors
    /// Why it gives nothing; the answers are as they were.
    pub fn value(&self, expr: &Expr, node: u32) -> Result<Value, EvalError> {
        let current = NodeRef { tree: 0, node };
        self.eval(
            expr,
            &Focus {
                current,
                here: current,
                of: None,
            },
        )
    }

    /// The same as one value that is not nodes.
    ///
    /// # Errors
    /// Why it gives nothing.
    pub fn plain(&self, expr: &Expr, node: u32) -> Result<Plain, EvalError> {
        self.value(expr, node).map(|value| self.unpack(value))
    }

    /// The nodes of a list that a filter lets through, for a question.
    ///
    /// # Errors
    /// Why the filter gives nothing.
    pub fn kept(&self, filter: &Expr, node: u32, list: u32, items: &[u32]) -> Result<Vec<u32>, EvalError> {
        let current = NodeRef { tree: 0, node };
        let focus = Focus {
            current,
            here: current,
            of: None,
        };
        let items = items
            .iter()
            .map(|item| NodeRef {
                tree: list,
                node: *item,
            })
            .collect();
        let kept = self.filtered(items, std::slice::from_ref(filter), &focus)?;
        Ok(kept.into_iter().map(|item| item.node).collect())
    }

    /// Steps that are left for further expressions.
    pub fn left(&self) -> u32 {
        self.steps.get()
    }

    fn step(&self, steps: usize) -> Result<(), EvalError> {
        let left = u32::try_from(steps)
            .ok()
            .and_then(|steps| self.steps.get().checked_sub(steps));
        self.steps.set(left.ok_or(EvalError::TooMuch)?);
        Ok(())
    }

    fn eval(&self, expr: &Expr, focus: &Focus) -> Result<Value, EvalError> {
        self.step(1)?;
        match expr {
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::Text(text) => Ok(Value::Text(text.clone())),
            Expr::Negate(of) => Ok(Value::Number(-self.number(of, focus)?)),
            Expr::Binary(operator, one, other) => self.binary(*operator, one, other, focus),
            Expr::Path(path) => match last_saved(path) {
                Some(question) => Ok(Value::Text(self.around.last_saved(question).unwrap_or_default())),
                None => self.path(path, focus).map(Value::Nodes),
            },
            Expr::Call(function, arguments) => self.call(*function, arguments, focus),
        }
    }

    fn binary(&self, operator: Operator, one: &Expr, other: &Expr, focus: &Focus) -> Result<Value, EvalError> {
        let bool = |yes| Ok(Value::Bool(yes));
        match operator {
            Operator::Or => return bool(self.truth(one, focus)? || self.truth(other, focus)?),
            Operator::And => return bool(self.truth(one, focus)? && self.truth(other, focus)?),
            Operator::Union => {
                let Value::Nodes(mut all) = self.eval(one, focus)? else {
                    return Err(EvalError::NotNodes(Function::Count));
                };
                let Value::Nodes(more) = self.eval(other, focus)? else {
                    return Err(EvalError::NotNodes(Function::Count));
                };
                all.extend(more);
                all.sort_unstable();
                all.dedup();
                return Ok(Value::Nodes(all));
            }
            _ => {}
        }
        let one = self.eval(one, focus)?;
        let other = self.eval(other, focus)?;
        if let Some(arithmetic) = arithmetic(operator) {
            return Ok(Value::Number(arithmetic(
                self.unpack(one).number(),
                self.unpack(other).number(),
            )));
        }
        bool(self.compare(operator, &one, &other)?)
    }

    /// Of several nodes it is enough that one compares, as in XPath.
    fn compare(&self, operator: Operator, one: &Value, other: &Value) -> Result<bool, EvalError> {
        let (ones, others) = (self.spread(one), self.spread(other));
        self.step(ones.len().saturating_mul(others.len()))?;
        Ok(ones
            .iter()
            .any(|one| others.iter().any(|other| holds(operator, one, other))))
    }

    fn spread(&self, value: &Value) -> Vec<Plain> {
        match value {
            // Nothing is an empty answer: `${name} = ''` holds where the question does not apply.
            Value::Nodes(nodes) if nodes.is_empty() => vec![Plain::EMPTY],
            Value::Nodes(nodes) => nodes.iter().map(|node| self.of_node(*node)).collect(),
            plain => vec![self.unpack(plain.clone())],
        }
    }

    fn of_node(&self, node: NodeRef) -> Plain {
        self.trees[node.tree as usize].value(node.node)
    }

    /// Of nodes, the first.
    fn unpack(&self, value: Value) -> Plain {
        match value {
            Value::Nodes(nodes) => nodes.first().map_or(Plain::EMPTY, |first| self.of_node(*first)),
            Value::Text(text) => Plain::Text(text),
            Value::Number(number) => Plain::Number(number),
            Value::Bool(yes) => Plain::Bool(yes),
            Value::Moment(moment) => Plain::Moment(moment),
        }
    }

    fn one(&self, expr: &Expr, focus: &Focus) -> Result<Plain, EvalError> {
        self.eval(expr, focus).map(|value| self.unpack(value))
    }

    fn number(&self, expr: &Expr, focus: &Focus) -> Result<f64, EvalError> {
        self.one(expr, focus).map(|value| value.number())
    }

    fn text(&self, expr: &Expr, focus: &Focus) -> Result<String, EvalError> {
        self.one(expr, focus).map(|value| value.text())
    }

    fn truth(&self, expr: &Expr, focus: &Focus) -> Result<bool, EvalError> {
        match self.eval(expr, focus)? {
            Value::Nodes(nodes) => Ok(nodes.first().is_some_and(|first| self.of_node(*first).truth())),
            value => Ok(self.unpack(value).truth()),
        }
    }

    fn nodes(&self, function: Function, expr: &Expr, focus: &Focus) -> Result<Vec<NodeRef>, EvalError> {
        match self.eval(expr, focus)? {
            Value::Nodes(nodes) => Ok(nodes),
            _ => Err(EvalError::NotNodes(function)),
        }
    }

    /// The values of several expressions, of nodes all.
    fn all(&self, exprs: &[Expr], focus: &Focus) -> Result<Vec<Plain>, EvalError> {
        let mut all = Vec::new();
        for expr in exprs {
            match self.eval(expr, focus)? {
                Value::Nodes(nodes) => {
                    self.step(nodes.len())?;
                    all.extend(nodes.iter().map(|node| self.of_node(*node)));
                }
                value => all.push(self.unpack(value)),
            }
        }
        Ok(all)
    }

    fn call(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        use Function as F;
        let at = |index: usize| &arguments[index];
        match function {
            F::If => match self.truth(at(0), focus)? {
                true => self.eval(at(1), focus),
                false => self.eval(at(2), focus),
            },
            F::Coalesce => {
                let mut last = Plain::EMPTY;
                for argument in arguments {
                    last = self.one(argument, focus)?;
                    if !last.is_empty() {
                        break;
                    }
                }
                Ok(last.into())
            }
            F::Once => match self.of_node(focus.current) {
                there if !there.is_empty() => Ok(there.into()),
                _ => self.eval(at(0), focus),
            },
            F::True => Ok(Value::Bool(true)),
            F::False => Ok(Value::Bool(false)),
            F::Not => Ok(Value::Bool(!self.truth(at(0), focus)?)),
            F::Boolean => Ok(Value::Bool(self.truth(at(0), focus)?)),
            F::Current => Ok(Value::Nodes(vec![focus.current])),
            F::Instance => {
                let name = self.text(at(0), focus)?;
                let list = self.around.list(&name);
                list.map(|top| Value::Nodes(vec![top])).ok_or(EvalError::NoList(name))
            }
            F::Version => Ok(Value::Text(self.around.version().to_owned())),
            F::Random => Ok(Value::Number(self.around.random())),
            F::Uuid => self.uuid(arguments, focus),
            _ => self
                .lists(function, arguments, focus)
                .or_else_next(|| self.texts(function, arguments, focus))
                .or_else_next(|| self.numbers(function, arguments, focus))
                .or_else_next(|| self.dates(function, arguments, focus))
                .or_else_next(|| self.places_on_earth(function, arguments, focus))
                .or_else_next(|| self.digests(function, arguments, focus))
                .unwrap_or(Err(EvalError::NotHere(function))),
        }
    }

    fn uuid(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let id = self.around.uuid();
        let Some(length) = arguments.first() else {
            return Ok(Value::Text(id));
        };
        let length = self.number(length, focus)?.clamp(0.0, 256.0) as usize;
        let mut signs = String::new();
        while signs.len() < length {
            signs += &self.around.uuid().replace('-', "");
        }
        signs.truncate(length);
        Ok(Value::Text(signs))
    }

    fn bounded(&self, text: String) -> Result<Value, EvalError> {
        self.step(text.len() / 16)?;
        match text.len() > TEXT_MAX {
            true => Err(EvalError::TooMuch),
            false => Ok(Value::Text(text)),
        }
    }
}

/// What one group of functions says: nothing where the function is none of its own.
type Said = Option<Result<Value, EvalError>>;

/// Asks the next group where this one knows nothing of the function.
trait OrElseNext {
    fn or_else_next(self, next: impl FnOnce() -> Said) -> Said;
}

impl OrElseNext for Said {
    fn or_else_next(self, next: impl FnOnce() -> Said) -> Said {
        match self {
            None => next(),
            said => said,
        }
    }
}

/// `${last-saved#name}`
fn last_saved(path: &Path) -> Option<&str> {
    match &path.start {
        Start::Question(name) => name.strip_prefix(LAST_SAVED),
        _ => None,
    }
}

fn arithmetic(operator: Operator) -> Option<fn(f64, f64) -> f64> {
    Some(match operator {
        Operator::Plus => |a, b| a + b,
        Operator::Minus => |a, b| a - b,
        Operator::Times => |a, b| a * b,
        Operator::Div => |a, b| a / b,
        // The sign is that of the first, as in XPath.
        Operator::Mod => |a, b| a % b,
        _ => return None,
    })
}

fn holds(operator: Operator, one: &Plain, other: &Plain) -> bool {
    let (a, b) = one.compared(other);
    match operator {
        Operator::Equal => one.equals(other),
        Operator::Unequal => !one.equals(other),
        Operator::Less => a < b,
        Operator::AtMost => a <= b,
        Operator::More => a > b,
        Operator::AtLeast => a >= b,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
