//! Functions over places on the earth, which answers write as `latitude longitude altitude accuracy`.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function};
use crate::form::value::Value;

/// The radius of the equator as the programs of the field have it, metres, so that all reckon the same.
const RADIUS_M: f64 = 6_378_100.0;

/// Latitude and longitude in radians.
type Place = (f64, f64);

impl Evaluation<'_> {
    pub(super) fn places_on_earth(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        let work: fn(&[Place]) -> f64 = match function {
            Function::Area => area,
            Function::Distance => length,
            _ => return None,
        };
        Some(self.all(arguments, focus).and_then(|values| {
            let mut places = Vec::new();
            for value in &values {
                places.extend(read(&value.text())?);
            }
            self.step(places.len())?;
            Ok(Value::Number((work(&places) * 100.0).round() / 100.0))
        }))
    }
}

/// One place, or several with semicolons between them.
fn read(text: &str) -> Result<Vec<Place>, EvalError> {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let mut numbers = part.split_whitespace().map(|number| number.parse::<f64>().ok());
            let latitude = numbers.next().flatten().filter(|degrees| degrees.abs() <= 90.0);
            let longitude = numbers.next().flatten().filter(|degrees| degrees.abs() <= 180.0);
            let place = latitude
                .zip(longitude)
                .map(|(one, other)| (one.to_radians(), other.to_radians()));
            place.ok_or_else(|| EvalError::NotPlace(part.chars().take(40).collect()))
        })
        .collect()
}

/// The way along all places, metres.
fn length(places: &[Place]) -> f64 {
    let between = |one: Place, other: Place| {
        let half = |a: f64, b: f64| ((b - a) / 2.0).sin().powi(2);
        let chord = half(one.0, other.0) + one.0.cos() * other.0.cos() * half(one.1, other.1);
        2.0 * RADIUS_M * chord.sqrt().min(1.0).asin()
    };
    places.windows(2).map(|pair| between(pair[0], pair[1])).sum()
}

/// What the places enclose, square metres.
fn area(places: &[Place]) -> f64 {
    if places.len() < 3 {
        return 0.0;
    }
    let next = places.iter().cycle().skip(1);
    let sum: f64 = places
        .iter()
        .zip(next)
        .map(|(one, other)| (other.1 - one.1) * (2.0 + one.0.sin() + other.0.sin()))
        .sum();
    (sum * RADIUS_M * RADIUS_M / 2.0).abs()
}
