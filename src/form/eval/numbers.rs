//! Functions over numbers.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function};
use crate::form::value::{Plain, Value};

/// Beyond so many places nothing is rounded any more.
const PLACES_MAX: f64 = 30.0;

impl Evaluation<'_> {
    pub(super) fn numbers(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        use Function as F;
        let of = |work: fn(f64) -> f64| {
            Some(
                self.number(&arguments[0], focus)
                    .map(|number| Value::Number(work(number))),
            )
        };
        let of_two = |work: fn(f64, f64) -> f64| {
            let one = self.number(&arguments[0], focus);
            let two = one.and_then(|one| Ok((one, self.number(&arguments[1], focus)?)));
            Some(two.map(|(one, other)| Value::Number(work(one, other))))
        };
        match function {
            F::Number => Some(match arguments.first() {
                Some(argument) => self.number(argument, focus).map(Value::Number),
                None => Ok(Value::Number(self.of_node(focus.here).number())),
            }),
            F::Round => Some(self.round(arguments, focus)),
            F::Int => of(f64::trunc),
            F::Floor => of(f64::floor),
            F::Ceiling => of(f64::ceil),
            F::Abs => of(f64::abs),
            F::Log => of(f64::ln),
            F::Log10 => of(f64::log10),
            F::Exp => of(f64::exp),
            F::Exp10 => of(|number| 10_f64.powf(number)),
            F::Sqrt => of(f64::sqrt),
            F::Sin => of(f64::sin),
            F::Cos => of(f64::cos),
            F::Tan => of(f64::tan),
            F::Asin => of(f64::asin),
            F::Acos => of(f64::acos),
            F::Atan => of(f64::atan),
            F::Pow => of_two(f64::powf),
            F::Atan2 => of_two(f64::atan2),
            F::Pi => Some(Ok(Value::Number(std::f64::consts::PI))),
            _ => None,
        }
    }

    fn round(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        // A comma for the point is understood here, as the dialect has it.
        let number = match self.one(&arguments[0], focus)? {
            Plain::Text(text) => Plain::Text(text.replacen(',', ".", 1)).number(),
            value => value.number(),
        };
        let places = match arguments.get(1) {
            Some(places) => self.number(places, focus)?.trunc(),
            None => 0.0,
        };
        Ok(Value::Number(match places.abs() <= PLACES_MAX {
            true => rounded(number, places as i32),
            false => f64::NAN,
        }))
    }
}

/// Rounds the number as it is written, not as it is stored: 2.675 at two places is 2.68. A half goes up, towards more.
pub(super) fn rounded(number: f64, places: i32) -> f64 {
    if !number.is_finite() {
        return number;
    }
    let written = number.abs().to_string();
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let kept = whole.len() as i32 + places;
    if kept < 0 {
        return 0.0;
    }
    let digits = [whole, fraction].concat();
    let kept = kept as usize;
    if kept >= digits.len() {
        return number;
    }
    let (keep, drop) = digits.split_at(kept);
    let up = match drop.as_bytes()[0] {
        b'0'..=b'4' => false,
        b'5' if drop[1..].bytes().all(|digit| digit == b'0') => number > 0.0,
        _ => true,
    };
    let mut keep: Vec<u8> = [b"0", keep.as_bytes()].concat();
    if up {
        for digit in keep.iter_mut().rev() {
            match *digit {
                b'9' => *digit = b'0',
                _ => {
                    *digit += 1;
                    break;
                }
            }
        }
    }
    let exponent = -places;
    let text = format!("{}e{exponent}", String::from_utf8_lossy(&keep));
    let magnitude: f64 = text.parse().unwrap_or(f64::NAN);
    if number < 0.0 { -magnitude } else { magnitude }
}
