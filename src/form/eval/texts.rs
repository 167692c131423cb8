//! Functions that make and compare texts. Characters are counted, not bytes.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function};
use crate::form::value::Value;

/// Characters of a pattern, and bytes that its program may take.
const PATTERN_CHARS_MAX: usize = 2_000;
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// The program of a pattern that a whole text has to match; nothing where it is none.
pub(crate) fn whole(pattern: &str) -> Option<regex_lite::Regex> {
    if pattern.chars().count() > PATTERN_CHARS_MAX {
        return None;
    }
    let built = regex_lite::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(PATTERN_BYTES_MAX)
        .build();
    built.ok()
}

impl Evaluation<'_> {
    pub(super) fn texts(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        use Function as F;
        let text = |index: usize| self.text(&arguments[index], focus);
        let here = || match arguments.first() {
            Some(argument) => self.text(argument, focus),
            None => Ok(self.of_node(focus.here).text()),
        };
        let both = |says: fn(&str, &str) -> bool| Ok(Value::Bool(says(&text(0)?, &text(1)?)));
        Some(match function {
            F::Text => here().map(Value::Text),
            F::StringLength => here().map(|text| Value::Number(text.chars().count() as f64)),
            F::NormalizeSpace => here().map(|text| Value::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))),
            F::Contains => both(|text, part| text.contains(part)),
            F::StartsWith => both(|text, part| text.starts_with(part)),
            F::EndsWith => both(|text, part| text.ends_with(part)),
            F::Regex => text(0).and_then(|text| self.matches(&text, arguments, focus)),
            F::Substr => self.substr(arguments, focus),
            F::Substring => self.substring(arguments, focus),
            F::SubstringBefore => self.cut(arguments, focus, |text, at, _| &text[..at]),
            F::SubstringAfter => self.cut(arguments, focus, |text, at, length| &text[at + length..]),
            F::Translate => self.translate(arguments, focus),
            F::Concat => self.all(arguments, focus).and_then(|all| self.joined("", &all)),
            F::Join => text(0).and_then(|between| {
                let all = self.all(&arguments[1..], focus)?;
                self.step(all.len().saturating_mul(between.len()) / 16)?;
                self.joined(&between, &all)
            }),
            F::BooleanFromString => text(0).map(|text| Value::Bool(text.eq_ignore_ascii_case("true") || text == "1")),
            _ => return None,
        })
    }

    /// The whole text has to match.
    fn matches(&self, text: &str, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let pattern = self.text(&arguments[1], focus)?;
        let mut known = self.patterns.borrow_mut();
        if !known.contains_key(&pattern) {
            let fault = || EvalError::Pattern(pattern.chars().take(40).collect());
            known.insert(pattern.clone(), whole(&pattern).ok_or_else(fault)?);
        }
        self.step(text.len() + pattern.len())?;
        Ok(Value::Bool(known.get(&pattern).is_some_and(|one| one.is_match(text))))
    }

    /// From a place counted from 0 up to another; negative ones count from the end.
    fn substr(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let chars: Vec<char> = self.text(&arguments[0], focus)?.chars().collect();
        let length = chars.len() as f64;
        let place = |number: f64| {
            let number = number.trunc();
            let number = if number < 0.0 { length + number } else { number };
            // What is no number is 0.
            number.clamp(0.0, length) as usize
        };
        let begin = place(self.number(&arguments[1], focus)?);
        let end = match arguments.get(2) {
            Some(end) => place(self.number(end, focus)?),
            None => chars.len(),
        };
        let part = chars.get(begin..end.max(begin)).unwrap_or_default();
        Ok(Value::Text(part.iter().collect()))
    }

    /// As XPath has it: from a place counted from 1, so many characters.
    fn substring(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let text = self.text(&arguments[0], focus)?;
        let begin = (self.number(&arguments[1], focus)? + 0.5).floor();
        let end = match arguments.get(2) {
            Some(length) => begin + (self.number(length, focus)? + 0.5).floor(),
            None => f64::INFINITY,
        };
        let inside = |index: usize| (index + 1) as f64 >= begin && ((index + 1) as f64) < end;
        let part = text.chars().enumerate().filter(|(index, _)| inside(*index));
        Ok(Value::Text(part.map(|(_, one)| one).collect()))
    }

    fn cut(
        &self,
        arguments: &[Expr],
        focus: &Focus,
        part: for<'t> fn(&'t str, usize, usize) -> &'t str,
    ) -> Result<Value, EvalError> {
        let text = self.text(&arguments[0], focus)?;
        let mark = self.text(&arguments[1], focus)?;
        let found = text.find(&mark).map(|at| part(&text, at, mark.len()).to_owned());
        Ok(Value::Text(found.unwrap_or_default()))
    }

    fn translate(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let text = self.text(&arguments[0], focus)?;
        let from: Vec<char> = self.text(&arguments[1], focus)?.chars().collect();
        let to: Vec<char> = self.text(&arguments[2], focus)?.chars().collect();
        self.step(text.len().saturating_mul(from.len()) / 16)?;
        let translated = text
            .chars()
            .filter_map(|one| match from.iter().position(|other| *other == one) {
                None => Some(one),
                Some(at) => to.get(at).copied(),
            });
        Ok(Value::Text(translated.collect()))
    }
}
