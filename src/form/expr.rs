//! An expression of a form, as read: the XPath of ODK with `${name}`. Reading is total and bounded; meaning is `eval`'s.

mod call;
mod parse;
mod token;

pub use call::Function;
pub use parse::{Fault, ParseError, parse};

/// Tokens that one expression may have.
pub const TOKENS_MAX: usize = 4_000;
/// How deep parentheses, predicates and calls may stand in each other.
pub const DEPTH_MAX: usize = 48;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(f64),
    Text(String),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Call(Function, Vec<Expr>),
    Path(Path),
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
    Union,
}

/// Nodes: where to begin, which of those, and on from there.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub start: Start,
    /// Of what the start gives.
    pub filters: Vec<Expr>,
    pub steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// `/`
    Root,
    /// The question that is being evaluated, or the node that a predicate is about.
    Here,
    /// `${name}`
    Question(String),
    /// What another expression gives: `instance('villages')/root/item`, `current()/../name`.
    Of(Box<Expr>),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub axis: Axis,
    /// Any name if nothing is said.
    pub name: Option<String>,
    pub filters: Vec<Expr>,
}

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Child,
    Parent,
    Itself,
    /// The node and all below it, as `//` between two steps.
    Below,
    Ancestor,
    Before,
    After,
}

impl Expr {
    /// Names of the questions that are mentioned with `${name}`, each as often as it is.
    pub fn questions(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.walk(&mut |expr| {
            if let Self::Path(Path {
                start: Start::Question(name),
                ..
            }) = expr
            {
                found.push(name.as_str());
            }
        });
        found
    }

    /// Visits the expression and every one inside it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Number(_) | Self::Text(_) => {}
            Self::Negate(of) => of.walk(visit),
            Self::Binary(_, one, other) => {
                one.walk(visit);
                other.walk(visit);
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|one| one.walk(visit)),
            Self::Path(path) => {
                if let Start::Of(of) = &path.start {
                    of.walk(visit);
                }
                let inner = path.steps.iter().flat_map(|step| &step.filters);
                path.filters.iter().chain(inner).for_each(|one| one.walk(visit));
            }
        }
    }
}
