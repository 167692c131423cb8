//! Money as an integer of 分. Never a floating-point number, never rounded except for display.

use std::fmt;

use super::decimal::{self, DecimalError};

/// An amount in 分 (0.01 元).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fen(pub i64);

impl Fen {
    /// An amount of whole 元.
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// Reads what people type for an amount in 元: `21000`, `２１０００元`, `1,234.50`, `3。5`, `2.1万`, `¥300`.
    /// Fails on anything else, and on parts of a 分.
    ///
    /// ```
    /// use bianfang::base::money::Fen;
    /// assert_eq!(Fen::parse("2.1万元"), Ok(Fen::from_yuan(21_000)));
    /// ```
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let text = text.trim_matches(super::text::is_blank);
        let text = text.strip_prefix(['¥', '￥']).unwrap_or(text);
        decimal::parse(text, 2, &["元整", "元", "圆", "块钱", "块"]).map(Self)
    }

    /// The amount in 万 for the echo beside the input (`21000` → `2.1 万`); nothing below one 万. Cut to four places,
    /// which is exact to one 元.
    pub fn wan(self) -> Option<String> {
        let yuan = self.0.unsigned_abs() / 100;
        if yuan < 10_000 {
            return None;
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let part = format!("{:04}", yuan % 10_000);
        let part = part.trim_end_matches('0');
        let point = if part.is_empty() { "" } else { "." };
        Some(format!("{sign}{}{point}{part} 万", yuan / 10_000))
    }
}

/// In 元, as a person writes it: `21000`, `12.5`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::hundredths(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_exactly() {
        for (text, fen, shown) in [
            ("21000", 2_100_000, "21000"),
            ("２１０００ 元", 2_100_000, "21000"),
            ("3。5", 350, "3.5"),
            ("1,234.56元", 123_456, "1234.56"),
            ("2.1万", 2_100_000, "21000"),
            ("1.23456万元", 1_234_560, "12345.6"),
            ("￥300", 30_000, "300"),
            ("-0.01", -1, "-0.01"),
        ] {
            assert_eq!(Fen::parse(text), Ok(Fen(fen)), "{text}");
            assert_eq!(Fen(fen).to_string(), shown);
        }
        assert_eq!(Fen::parse("1.005"), Err(DecimalError::TooFine));
        assert_eq!(Fen::parse("两千"), Err(DecimalError::NotANumber));
        assert_eq!(Fen::parse("元"), Err(DecimalError::NotANumber));
    }

    #[test]
    fn the_echo_in_wan_appears_from_one_wan_on() {
        assert_eq!(Fen::from_yuan(9_999).wan(), None);
        assert_eq!(Fen::from_yuan(10_000).wan().as_deref(), Some("1 万"));
        assert_eq!(Fen::from_yuan(21_000).wan().as_deref(), Some("2.1 万"));
        assert_eq!(Fen::from_yuan(-12_345).wan().as_deref(), Some("-1.2345 万"));
    }
}
