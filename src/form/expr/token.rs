//! Cuts an expression into tokens, each with where it stands. Whether `*`, `and`, `div` are operators depends on what
//! stands before, as in XPath.

use super::Operator;
use super::parse::{Fault, ParseError};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// `${name}`
    Question(String),
    /// A name, of a node or a function; with a prefix, `jr:choice-name`.
    Name(String),
    Operator(Operator),
    Open,
    Close,
    OpenFilter,
    CloseFilter,
    Comma,
    Slash,
    DoubleSlash,
    Dot,
    DoubleDot,
    At,
    Axis,
    /// `*` where it is no multiplication.
    Any,
}

/// A token and the place of its first character, counted from 0.
pub(super) struct Placed {
    pub token: Token,
    pub at: usize,
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ParseError> {
    let chars: Vec<char> = text.chars().collect();
    let mut cutter = Cutter {
        chars: &chars,
        at: 0,
        done: Vec::new(),
    };
    while cutter.next()? {
        if cutter.done.len() > super::TOKENS_MAX {
            return Err(ParseError::new(cutter.at, Fault::TooLong));
        }
    }
    Ok(cutter.done)
}

struct Cutter<'a> {
    chars: &'a [char],
    at: usize,
    done: Vec<Placed>,
}

impl Cutter<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Takes one token; false at the end.
    fn next(&mut self) -> Result<bool, ParseError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let Some(first) = self.peek(0) else {
            return Ok(false);
        };
        let at = self.at;
        let token = match first {
            '0'..='9' => self.number()?,
            '.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            '\'' | '"' | '‘' | '’' | '“' | '”' => self.text(first)?,
            '$' => self.question()?,
            first if starts_name(first) => self.name()?,
            _ => self.sign(first)?,
        };
        self.done.push(Placed { token, at });
        Ok(true)
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let begin = self.at;
        let mut dots = 0;
        while let Some(next) = self.peek(0) {
            match next {
                '0'..='9' => {}
                '.' if dots == 0 => dots = 1,
                _ => break,
            }
            self.at += 1;
        }
        let written: String = self.chars[begin..self.at].iter().collect();
        let number = written.parse().map_err(|_| ParseError::new(begin, Fault::Number))?;
        Ok(Token::Number(number))
    }

    /// Between quotes. Spreadsheet programs make curly ones of them.
    fn text(&mut self, quote: char) -> Result<Token, ParseError> {
        let begin = self.at;
        let ends = |one: char| match quote {
            '\'' | '"' => one == quote,
            '‘' | '’' => matches!(one, '‘' | '’'),
            _ => matches!(one, '“' | '”'),
        };
        self.at += 1;
        let length = self.chars[self.at..].iter().position(|one| ends(*one));
        let length = length.ok_or(ParseError::new(begin, Fault::OpenText))?;
        let text = self.chars[self.at..self.at + length].iter().collect();
        self.at += length + 1;
        Ok(Token::Text(text))
    }

    fn question(&mut self) -> Result<Token, ParseError> {
        let begin = self.at;
        if self.peek(1) != Some('{') {
            return Err(ParseError::new(begin, Fault::Meant(String::from("$"), "${…}")));
        }
        let rest = &self.chars[begin + 2..];
        let length = rest.iter().position(|one| *one == '}');
        let length = length.ok_or(ParseError::new(begin, Fault::OpenName))?;
        let name: String = rest[..length].iter().collect();
        let name = name.trim().to_owned();
        let plain = name.strip_prefix("last-saved#").unwrap_or(&name);
        if !plain.chars().next().is_some_and(starts_name) || !plain.chars().all(goes_on) {
            return Err(ParseError::new(begin, Fault::Name(name)));
        }
        self.at = begin + length + 3;
        Ok(Token::Question(name))
    }

    fn name(&mut self) -> Result<Token, ParseError> {
        let begin = self.at;
        self.skip_name();
        // A prefix, unless it is an axis: `child::name`.
        if self.peek(0) == Some(':') && self.peek(1).is_some_and(starts_name) {
            self.at += 1;
            self.skip_name();
        }
        let name: String = self.chars[begin..self.at].iter().collect();
        let operator = match name.as_str() {
            "and" => Operator::And,
            "or" => Operator::Or,
            "div" => Operator::Div,
            "mod" => Operator::Mod,
            _ => {
                let lower = ["and", "or", "div", "mod"]
                    .into_iter()
                    .find(|word| name.eq_ignore_ascii_case(word));
                return match lower.filter(|_| self.follows_value()) {
                    Some(word) => Err(ParseError::new(begin, Fault::Meant(name, word))),
                    None => Ok(Token::Name(name)),
                };
            }
        };
        Ok(match self.follows_value() {
            true => Token::Operator(operator),
            false => Token::Name(name),
        })
    }

    fn skip_name(&mut self) {
        while self.peek(0).is_some_and(goes_on) {
            self.at += 1;
        }
        // A name does not end with a dot or a hyphen: `a- b` is a subtraction.
        while self.at > 0 && matches!(self.chars[self.at - 1], '.' | '-') {
            self.at -= 1;
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, ParseError> {
        let second = self.peek(1);
        if let Some((length, meant)) = self.meant(first, second) {
            let written = self.chars[self.at..self.at + length].iter().collect();
            return Err(ParseError::new(self.at, Fault::Meant(written, meant)));
        }
        let (token, length) = match (first, second) {
            ('.', Some('.')) => (Token::DoubleDot, 2),
            ('.', _) => (Token::Dot, 1),
            ('/', Some('/')) => (Token::DoubleSlash, 2),
            ('/', _) => (Token::Slash, 1),
            (':', Some(':')) => (Token::Axis, 2),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenFilter, 1),
            (']', _) => (Token::CloseFilter, 1),
            (',', _) => (Token::Comma, 1),
            ('@', _) => (Token::At, 1),
            ('*', _) if !self.follows_value() => (Token::Any, 1),
            ('*', _) => (Token::Operator(Operator::Times), 1),
            ('+', _) => (Token::Operator(Operator::Plus), 1),
            ('-' | '−', _) => (Token::Operator(Operator::Minus), 1),
            ('|', _) => (Token::Operator(Operator::Union), 1),
            ('=', _) => (Token::Operator(Operator::Equal), 1),
            ('!', Some('=')) => (Token::Operator(Operator::Unequal), 2),
            ('<', Some('=')) => (Token::Operator(Operator::AtMost), 2),
            ('<', _) => (Token::Operator(Operator::Less), 1),
            ('>', Some('=')) => (Token::Operator(Operator::AtLeast), 2),
            ('>', _) => (Token::Operator(Operator::More), 1),
            ('（' | '）' | '，' | '＝' | '＜' | '＞', _) => {
                return Err(ParseError::new(self.at, Fault::FullWidth(first)));
            }
            _ => return Err(ParseError::new(self.at, Fault::Unexpected(first))),
        };
        self.at += length;
        Ok(token)
    }

    /// A sign of spreadsheets and other languages: how long it is, and what is written here.
    fn meant(&self, first: char, second: Option<char>) -> Option<(usize, &'static str)> {
        Some(match (first, second) {
            ('=', Some('=')) => (2, "="),
            ('=', Some('>')) => (2, ">="),
            ('=', Some('<')) => (2, "<="),
            ('<', Some('>')) => (2, "!="),
            ('&', Some('&')) => (2, "and"),
            ('|', Some('|')) => (2, "or"),
            ('!', Some('=')) => return None,
            ('!', _) => (1, "not(…)"),
            ('≥', _) => (1, ">="),
            ('≤', _) => (1, "<="),
            ('≠', _) => (1, "!="),
            ('×', _) => (1, "*"),
            ('÷', _) => (1, "div"),
            (';' | '；', _) => (1, ","),
            ('{', _) => (1, "${…}"),
            // A path goes on with a name; what goes on with a value is a division.
            ('/', _) if self.follows_value() && self.value_comes() => (1, "div"),
            _ => return None,
        })
    }

    fn value_comes(&self) -> bool {
        let mut rest = self.chars[self.at + 1..].iter();
        let next = rest.find(|one| !one.is_whitespace());
        next.is_some_and(|one| matches!(one, '$' | '(' | '0'..='9'))
    }

    /// What stands before is a value, so that an operator may follow.
    fn follows_value(&self) -> bool {
        use Token::{At, Axis, Comma, DoubleSlash, Open, OpenFilter, Operator, Slash};
        self.done.last().is_some_and(|last| {
            !matches!(
                last.token,
                At | Axis | Comma | DoubleSlash | Open | OpenFilter | Operator(_) | Slash
            )
        })
    }
}

fn starts_name(one: char) -> bool {
    one.is_alphabetic() || one == '_'
}

fn goes_on(one: char) -> bool {
    one.is_alphanumeric() || matches!(one, '_' | '-' | '.')
}
