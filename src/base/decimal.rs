//! Lenient reading of numbers that people type, as exact integers of a small unit. No floating point anywhere.

use super::text;

/// Why a text is not a number of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing was written.
    #[error("no number was given")]
    Empty,
    /// Something else than a number.
    #[error("this is not a number")]
    NotANumber,
    /// More places behind the point than can be kept.
    #[error("too many places behind the point")]
    TooFine,
    /// Larger than can be stored.
    #[error("the number is too large")]
    TooLarge,
}

impl DecimalError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "number.empty",
            Self::NotANumber => "number.shape",
            Self::TooFine => "number.fine",
            Self::TooLarge => "number.large",
        }
    }

    /// The error in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Empty => "没有填数字",
            Self::NotANumber => "不是数字",
            Self::TooFine => "小数位太多",
            Self::TooLarge => "数字太大",
        }
    }
}

/// More places than this behind the point are the rounding noise of a spreadsheet (3499.9999999999995), not a person's
/// number, and are rounded.
const NOISE_PLACES: usize = 8;

/// No number in these registers is longer; keeps every product below `i64::MAX`.
const DIGITS_MAX: usize = 15;

/// Reads `text` as a number with at most `places` places behind the point, as an integer of that unit: with two places
/// `12.5` is 1250. Understands full-width digits, 。 as the point, commas between thousands, a leading sign, a trailing
/// 万 (and 亿), and any of `units` behind it.
pub fn parse(text: &str, places: u32, units: &[&str]) -> Result<i64, DecimalError> {
    let compact = text::compact(text);
    let mut rest = compact.as_str();
    if rest.is_empty() {
        return Err(DecimalError::Empty);
    }
    for unit in units {
        rest = rest.strip_suffix(unit).unwrap_or(rest);
    }
    let (rest, shift) = if let Some(rest) = rest.strip_suffix('万') {
        (rest, 4)
    } else if let Some(rest) = rest.strip_suffix('亿') {
        (rest, 8)
    } else {
        (rest, 0)
    };
    let (rest, negative) = match rest.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (rest.strip_prefix('+').unwrap_or(rest), false),
    };
    let magnitude = scaled(rest, places + shift, shift > 0)?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// Unsigned digits with one optional point, times ten to the power of `places`.
fn scaled(text: &str, places: u32, myriads: bool) -> Result<i64, DecimalError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_thousands(whole).ok_or(DecimalError::NotANumber)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(DecimalError::NotANumber);
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let places = places as usize;
    let significant = fraction.trim_end_matches('0');
    let noise = fraction.len() >= NOISE_PLACES && !myriads;
    if significant.len() > places && !noise {
        return Err(DecimalError::TooFine);
    }
    let mut digits = whole.trim_start_matches('0').to_owned();
    digits.extend(fraction.chars().chain(std::iter::repeat('0')).take(places));
    let digits = digits.trim_start_matches('0');
    if digits.len() > DIGITS_MAX {
        return Err(DecimalError::TooLarge);
    }
    let value = digits.bytes().fold(0_i64, |sum, b| sum * 10 + i64::from(b - b'0'));
    let round_up = fraction.as_bytes().get(places).is_some_and(|b| *b >= b'5');
    Ok(value + i64::from(round_up))
}

/// The digits without commas, if the commas stand where thousands do.
fn without_thousands(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    let mut any = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
        any = true;
    }
    if any && (first.is_empty() || first.len() > 3) {
        None
    } else {
        Some(digits)
    }
}

/// An integer of hundredths as people write it: no point where there is nothing behind it (`21000`, `12.5`, `0.05`).
pub fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, part) = (value.unsigned_abs() / 100, value.unsigned_abs() % 100);
    match part {
        0 => format!("{sign}{whole}"),
        tens if tens % 10 == 0 => format!("{sign}{whole}.{}", tens / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        for (text, want) in [
            ("12", 1200),
            ("１２。５", 1250),
            ("1,234,567.89", 123_456_789),
            ("-3", -300),
            ("+3.10", 310),
            (".5", 50),
            ("7.", 700),
            ("007", 700),
            ("3.500000", 350),
            ("2.1万", 2_100_000),
            ("3499.9999999999995", 350_000),
            ("0.30000000000000004", 30),
            ("120㎡", 12_000),
        ] {
            assert_eq!(parse(text, 2, &["㎡"]), Ok(want), "{text}");
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        for (text, want) in [
            ("", DecimalError::Empty),
            ("\u{3000}", DecimalError::Empty),
            ("三", DecimalError::NotANumber),
            (".", DecimalError::NotANumber),
            ("1.2.3", DecimalError::NotANumber),
            ("12,34", DecimalError::NotANumber),
            ("1234,567", DecimalError::NotANumber),
            ("1e5", DecimalError::NotANumber),
            ("--1", DecimalError::NotANumber),
            ("1.234", DecimalError::TooFine),
            ("9999999999999999", DecimalError::TooLarge),
        ] {
            assert_eq!(parse(text, 2, &[]), Err(want), "{text}");
        }
        assert_eq!(parse("12.5", 0, &[]), Err(DecimalError::TooFine));
        assert_eq!(parse("12.0", 0, &["月"]), Ok(12));
    }

    #[test]
    fn writes_no_needless_places() {
        for (value, want) in [
            (2_100_000, "21000"),
            (1250, "12.5"),
            (5, "0.05"),
            (-5, "-0.05"),
            (-1200, "-12"),
            (0, "0"),
        ] {
            assert_eq!(hundredths(value), want);
        }
    }
}
