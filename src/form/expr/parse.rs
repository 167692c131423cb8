//! Reads an expression from its tokens, by the precedence of XPath. Every mistake is told with its place.

use super::token::{Placed, Token, tokens};
use super::{Axis, Expr, Function, Operator, Path, Start, Step};

/// Why a text is no expression, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault:?} at character {at}")]
pub struct ParseError {
    /// The character at which it was noticed, counted from 0.
    pub at: usize,
    pub fault: Fault,
}

impl ParseError {
    pub(super) fn new(at: usize, fault: Fault) -> Self {
        Self { at, fault }
    }
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was written.
    Empty,
    /// A sign that has no place in an expression.
    Unexpected(char),
    /// A bracket, comma or comparison sign of Chinese typing.
    FullWidth(char),
    /// A text whose closing quote is missing.
    OpenText,
    /// `${` without `}`.
    OpenName,
    /// Not a number.
    Number,
    /// Between `${` and `}` stands what is no name.
    Name(String),
    /// Something is missing where the expression ends.
    Incomplete,
    /// A token that cannot stand here.
    Misplaced,
    /// A bracket that is not closed.
    Unclosed,
    /// A sign or word of another language, and what is written here.
    Meant(String, &'static str),
    /// No such function; what may have been meant.
    Function(String, Option<&'static str>),
    /// A function was given too few or too many values: at least, at most.
    Arguments(&'static str, usize, usize),
    /// No such axis.
    Axis(String),
    /// Attributes are not part of forms.
    Attribute,
    TooLong,
    TooDeep,
}

/// Reads an expression.
///
/// # Errors
/// What is wrong first, and where.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(ParseError::new(0, Fault::Empty));
    }
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        end: text.chars().count(),
        depth: 0,
    };
    let expr = parser.level(0)?;
    match parser.tokens.get(parser.next) {
        None => Ok(expr),
        Some(extra) => Err(ParseError::new(extra.at, Fault::Misplaced)),
    }
}

/// Operators by how loosely they bind, the loosest first.
const LEVELS: [&[Operator]; 7] = [
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::Unequal],
    &[Operator::Less, Operator::AtMost, Operator::More, Operator::AtLeast],
    &[Operator::Plus, Operator::Minus],
    &[Operator::Times, Operator::Div, Operator::Mod],
    // The sign binds tighter than multiplication, the union tighter than the sign.
    &[],
];

struct Parser<'a> {
    tokens: &'a [Placed],
    next: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |placed| placed.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn fault<T>(&self, fault: Fault) -> Result<T, ParseError> {
        Err(ParseError::new(self.at(), fault))
    }

    fn expect(&mut self, token: &Token) -> Result<(), ParseError> {
        match self.take(token) {
            true => Ok(()),
            false => self.fault(Fault::Unclosed),
        }
    }

    /// An expression in brackets, a predicate or a value of a function.
    fn inner(&mut self) -> Result<Expr, ParseError> {
        self.depth += 1;
        if self.depth > super::DEPTH_MAX {
            return self.fault(Fault::TooDeep);
        }
        let expr = self.level(0);
        self.depth -= 1;
        expr
    }

    fn level(&mut self, level: usize) -> Result<Expr, ParseError> {
        let operators = LEVELS[level];
        if operators.is_empty() {
            return self.signed();
        }
        let mut left = self.level(level + 1)?;
        while let Some(Token::Operator(operator)) = self.peek()
            && operators.contains(operator)
        {
            self.next += 1;
            let right = self.level(level + 1)?;
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Expr, ParseError> {
        let mut negative = false;
        while self.take(&Token::Operator(Operator::Minus)) {
            negative = !negative;
        }
        let expr = self.union()?;
        Ok(match negative {
            true => Expr::Negate(Box::new(expr)),
            false => expr,
        })
    }

    fn union(&mut self) -> Result<Expr, ParseError> {
        let mut left = self.path()?;
        while self.take(&Token::Operator(Operator::Union)) {
            let right = self.path()?;
            left = Expr::Binary(Operator::Union, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn path(&mut self) -> Result<Expr, ParseError> {
        if self.take(&Token::DoubleSlash) {
            let steps = vec![below(), self.step()?];
            return self.path_from(Start::Root, Vec::new(), steps);
        }
        if self.take(&Token::Slash) {
            if !self.at_step() {
                return self.path_from(Start::Root, Vec::new(), Vec::new());
            }
            let steps = vec![self.step()?];
            return self.path_from(Start::Root, Vec::new(), steps);
        }
        if self.at_step() && !self.at_call() {
            let steps = vec![self.step()?];
            return self.path_from(Start::Here, Vec::new(), steps);
        }
        let start = self.primary()?;
        let filters = self.filters()?;
        let goes_on = matches!(self.peek(), Some(Token::Slash | Token::DoubleSlash));
        match start {
            Expr::Path(Path {
                start: start @ Start::Question(_),
                ..
            }) => self.path_from(start, filters, Vec::new()),
            start if filters.is_empty() && !goes_on => Ok(start),
            start => self.path_from(Start::Of(Box::new(start)), filters, Vec::new()),
        }
    }

    fn path_from(&mut self, start: Start, filters: Vec<Expr>, mut steps: Vec<Step>) -> Result<Expr, ParseError> {
        loop {
            if self.take(&Token::DoubleSlash) {
                steps.push(below());
            } else if !self.take(&Token::Slash) {
                return Ok(Expr::Path(Path { start, filters, steps }));
            }
            steps.push(self.step()?);
        }
    }

    fn at_step(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Name(_) | Token::Any | Token::Dot | Token::DoubleDot | Token::At)
        )
    }

    /// A name with a bracket behind it is a function.
    fn at_call(&self) -> bool {
        let opens = self
            .tokens
            .get(self.next + 1)
            .is_some_and(|next| next.token == Token::Open);
        matches!(self.peek(), Some(Token::Name(name)) if name != "node") && opens
    }

    fn step(&mut self) -> Result<Step, ParseError> {
        let plain = |axis| Step {
            axis,
            name: None,
            filters: Vec::new(),
        };
        let mut step = match self.peek() {
            Some(Token::Dot) => plain(Axis::Itself),
            Some(Token::DoubleDot) => plain(Axis::Parent),
            Some(Token::Any) => plain(Axis::Child),
            Some(Token::At) => return self.fault(Fault::Attribute),
            Some(Token::Name(name)) => {
                let is_axis = self
                    .tokens
                    .get(self.next + 1)
                    .is_some_and(|next| next.token == Token::Axis);
                let axis = match is_axis {
                    true => self.axis(name)?,
                    false => Axis::Child,
                };
                return self.named(axis);
            }
            None => return self.fault(Fault::Incomplete),
            Some(_) => return self.fault(Fault::Misplaced),
        };
        self.next += 1;
        step.filters = self.filters()?;
        Ok(step)
    }

    fn axis(&mut self, name: &str) -> Result<Axis, ParseError> {
        let axis = match name {
            "child" => Axis::Child,
            "parent" => Axis::Parent,
            "self" => Axis::Itself,
            "descendant-or-self" => Axis::Below,
            "ancestor" => Axis::Ancestor,
            "preceding-sibling" => Axis::Before,
            "following-sibling" => Axis::After,
            _ => return self.fault(Fault::Axis(name.to_owned())),
        };
        self.next += 2;
        Ok(axis)
    }

    /// The name after an axis: of a node, `*` or `node()`.
    fn named(&mut self, axis: Axis) -> Result<Step, ParseError> {
        let name = match self.peek() {
            Some(Token::Any) => None,
            Some(Token::Name(name)) => Some(name.clone()),
            None => return self.fault(Fault::Incomplete),
            Some(_) => return self.fault(Fault::Misplaced),
        };
        self.next += 1;
        let is_any = name.as_deref() == Some("node") && self.take(&Token::Open);
        if is_any {
            self.expect(&Token::Close)?;
        }
        let filters = self.filters()?;
        Ok(Step {
            axis,
            name: name.filter(|_| !is_any),
            filters,
        })
    }

    fn filters(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut filters = Vec::new();
        while self.take(&Token::OpenFilter) {
            filters.push(self.inner()?);
            self.expect(&Token::CloseFilter)?;
        }
        Ok(filters)
    }

    fn primary(&mut self) -> Result<Expr, ParseError> {
        let at = self.at();
        let token = match self.peek() {
            Some(token) => token,
            None => return self.fault(Fault::Incomplete),
        };
        match token {
            Token::Number(number) => {
                self.next += 1;
                Ok(Expr::Number(*number))
            }
            Token::Text(text) => {
                self.next += 1;
                Ok(Expr::Text(text.clone()))
            }
            Token::Question(name) => {
                self.next += 1;
                Ok(Expr::Path(Path {
                    start: Start::Question(name.clone()),
                    filters: Vec::new(),
                    steps: Vec::new(),
                }))
            }
            Token::Open => {
                self.next += 1;
                let expr = self.inner()?;
                self.expect(&Token::Close)?;
                Ok(expr)
            }
            Token::Name(name) => {
                self.next += 2;
                let arguments = self.arguments()?;
                Function::named(name, arguments.len())
                    .map(|function| Expr::Call(function, arguments))
                    .map_err(|fault| ParseError::new(at, fault))
            }
            _ => self.fault(Fault::Misplaced),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.inner()?);
            if !self.take(&Token::Comma) {
                self.expect(&Token::Close)?;
                return Ok(arguments);
            }
        }
    }
}

fn below() -> Step {
    Step {
        axis: Axis::Below,
        name: None,
        filters: Vec::new(),
    }
}
