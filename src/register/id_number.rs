//! Identity numbers: GB 11643 with a precise reason for each refusal, disability cards, what a number tells about its
//! holder, and how it is shown. Never asks whether the area code is the village's: it is where the number was issued.

use std::fmt;

use crate::base::date::Date;
use crate::base::text;

/// Above this many completed years a number is odd, though not wrong.
pub const AGE_ODD: u32 = 120;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// First two digits of the area code: provinces, the special regions, Taiwan, and 91–99 of foreigners' residence cards.
const PROVINCES: [(u8, u8); 9] = [
    (11, 15),
    (21, 23),
    (31, 37),
    (41, 46),
    (50, 54),
    (61, 65),
    (71, 71),
    (81, 83),
    (91, 99),
];

/// Male or female, as the 17th digit tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "男" => Some(Self::Male),
            "女" => Some(Self::Female),
            _ => None,
        }
    }
}

/// Why a text is not a valid identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was written.
    #[error("no ID number was given")]
    Empty,
    /// A spreadsheet kept the number as a number and lost its last digits.
    #[error("the spreadsheet stored this ID number as a number and lost its last digits; read it from the card again")]
    DigitsLost,
    /// A number of the first generation.
    #[error("this is an old number of 15 digits; use the one of 18 digits on the present card")]
    FifteenDigits,
    /// A wrong number of characters.
    #[error("an ID number has 18 characters, this one has {found}")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that may not stand where it does.
    #[error("character {position} must be a digit, not “{found}”")]
    NotADigit {
        /// Counted from 1.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// No province has these first two digits.
    #[error("no province begins with {prefix:02}")]
    Province {
        /// The first two digits.
        prefix: u8,
    },
    /// Digits 7 to 14 are no day of the calendar.
    #[error("digits 7 to 14 are not a date of birth")]
    BirthDate,
    /// Born after today.
    #[error("the date of birth {birth} lies in the future")]
    Future {
        /// The date that the number holds.
        birth: Date,
    },
    /// The last character does not fit to the others: one digit is wrong, or two were exchanged.
    #[error("the last character does not fit: a digit is wrong, or two were exchanged")]
    Checksum,
    /// The kind of disability (character 19) is not 1 to 7.
    #[error("character 19 of a disability card, the kind, must be 1 to 7")]
    DisabilityKind,
    /// The level of disability (character 20) is not 1 to 4.
    #[error("character 20 of a disability card, the level, must be 1 to 4")]
    DisabilityLevel,
    /// The mark of a re-issued disability card is not B and a digit.
    #[error("characters 21 and 22 of a re-issued disability card are B and a digit")]
    Reissue,
}

impl IdError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "id.empty",
            Self::DigitsLost => "id.digits_lost",
            Self::FifteenDigits => "id.fifteen",
            Self::Length { .. } => "id.length",
            Self::NotADigit { .. } => "id.digit",
            Self::Province { .. } => "id.province",
            Self::BirthDate => "id.birth",
            Self::Future { .. } => "id.future",
            Self::Checksum => "id.checksum",
            Self::DisabilityKind => "id.disability_kind",
            Self::DisabilityLevel => "id.disability_level",
            Self::Reissue => "id.reissue",
        }
    }

    /// Whether it is the form that is wrong (DQ01, severity E) rather than the content.
    pub fn is_format(&self) -> bool {
        matches!(
            self,
            Self::Empty | Self::DigitsLost | Self::FifteenDigits | Self::Length { .. } | Self::NotADigit { .. }
        )
    }

    /// The error in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有填证件号码".to_owned(),
            Self::DigitsLost => "表格把身份证号存成了数字，末几位已丢失，请照证件重填".to_owned(),
            Self::FifteenDigits => "这是15位的老号码，请填现在证件上的18位号码".to_owned(),
            Self::Length { found } => format!("身份证号应为18位，现在是{found}位"),
            Self::NotADigit { position, found } => format!("第{position}位应为数字，现在是“{found}”"),
            Self::Province { prefix } => format!("没有以{prefix:02}开头的省份代码"),
            Self::BirthDate => "第7至14位不是有效的出生日期".to_owned(),
            Self::Future { birth } => format!("出生日期{birth}在今天以后"),
            Self::Checksum => "末位校验不符：有一位填错，或两位填反".to_owned(),
            Self::DisabilityKind => "残疾人证第19位（残疾类别）应为1至7".to_owned(),
            Self::DisabilityLevel => "残疾人证第20位（残疾等级）应为1至4".to_owned(),
            Self::Reissue => "补办的残疾人证第21、22位应为B加数字".to_owned(),
        }
    }
}

/// Kind and level on a disability card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disability {
    /// 1 视力, 2 听力, 3 言语, 4 肢体, 5 智力, 6 精神, 7 多重.
    pub kind: u8,
    /// 1 (severest) to 4.
    pub level: u8,
}

/// A valid number: of an identity card (18 characters), or of a disability card (20, re-issued 22).
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber {
    text: String,
    /// Date of birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// What a disability card says beyond the identity number.
    pub disability: Option<Disability>,
}

impl IdNumber {
    /// Reads and checks a number as typed or as a spreadsheet carries it: blanks, hyphens, a leading apostrophe and
    /// full-width digits are forgiven, `x` becomes `X`. Fails with the first reason in the order a person would look:
    /// length, digits, province, date, checksum.
    ///
    /// ```
    /// use bianfang::register::id_number::{IdError, IdNumber, Sex};
    /// let today = "2019-08-15".parse().unwrap();
    /// let id = IdNumber::parse("11010519491231002x", today).unwrap();
    /// assert_eq!((id.birth.to_string().as_str(), id.sex), ("1949-12-31", Sex::Female));
    /// assert_eq!(id.masked(), "110105********002X");
    /// assert_eq!(IdNumber::parse("110105491231002", today), Err(IdError::FifteenDigits));
    /// ```
    pub fn parse(written: &str, today: Date) -> Result<Self, IdError> {
        let text = normalise(written);
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if looks_rounded(&text) {
            return Err(IdError::DigitsLost);
        }
        let chars: Vec<char> = text.chars().collect();
        match chars.len() {
            18 | 20 | 22 => {}
            15 if chars.iter().all(char::is_ascii_digit) => return Err(IdError::FifteenDigits),
            found => return Err(IdError::Length { found }),
        }
        let misplaced = chars
            .iter()
            .take(20)
            .enumerate()
            .find(|(at, c)| !(c.is_ascii_digit() || (*at == 17 && **c == 'X')));
        if let Some((at, &found)) = misplaced {
            return Err(IdError::NotADigit {
                position: at + 1,
                found,
            });
        }
        let bytes = text.as_bytes();
        let digit = |at: usize| bytes[at] - b'0';
        let two = |at: usize| digit(at) * 10 + digit(at + 1);
        let prefix = two(0);
        if !PROVINCES.iter().any(|(from, to)| (*from..=*to).contains(&prefix)) {
            return Err(IdError::Province { prefix });
        }
        let year = i32::from(two(6)) * 100 + i32::from(two(8));
        let birth = Date::new(year, u32::from(two(10)), u32::from(two(12))).ok_or(IdError::BirthDate)?;
        if birth > today {
            return Err(IdError::Future { birth });
        }
        if check_character(bytes) != bytes[17] {
            // Fifteen digits is what a spreadsheet keeps of a number: the rest becomes zeros.
            return Err(if text[15..].starts_with("000") {
                IdError::DigitsLost
            } else {
                IdError::Checksum
            });
        }
        let disability = disability(bytes)?;
        let sex = if digit(16) % 2 == 1 { Sex::Male } else { Sex::Female };
        Ok(Self {
            text,
            birth,
            sex,
            disability,
        })
    }

    /// The whole number, normalised; of a disability card all 20 or 22 characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The identity number proper: the first 18 characters. Two records with the same ones are the same person (DQ02).
    pub fn person(&self) -> &str {
        &self.text[..18]
    }

    /// Whether the holder would be older than anybody is.
    pub fn is_odd_age(&self, today: Date) -> bool {
        self.birth.age_on(today).is_some_and(|age| age > AGE_ODD)
    }

    /// As it is shown everywhere: the date and place of the holder stay hidden (`422822********9997`).
    pub fn masked(&self) -> String {
        masked(&self.text)
    }

    /// The last four characters, which a search may ask for.
    pub fn last4(&self) -> &str {
        &self.text[14..18]
    }
}

/// Shows the masked number: a full one must never reach a log by accident.
impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The characters that count: no blanks, hyphens, apostrophes; ordinary digits; `X` for `x`, `×` and look-alikes.
pub fn normalise(written: &str) -> String {
    text::compact(written)
        .chars()
        .filter(|c| !matches!(c, '-' | '\'' | '’' | '‘' | '`' | '´' | '′'))
        .map(|c| match c {
            'x' | '×' | 'Х' | 'х' | 'Χ' | 'χ' => 'X',
            'b' => 'B',
            other => other,
        })
        .collect()
}

/// A number of any validity as it may be shown: of 18 and more characters the 7th to 14th are hidden, and what follows
/// the 18th (kind and level of a disability) too; of a shorter one all but the last two.
pub fn masked(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let shown = |at: usize| {
        if chars.len() >= 18 {
            at < 6 || (14..18).contains(&at)
        } else {
            at + 2 >= chars.len().max(4)
        }
    };
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| if shown(at) { *c } else { '*' })
        .collect()
}

/// The last four characters of the identity number in a text of any validity; nothing in what is shorter than that.
pub fn last4(number: &str) -> Option<String> {
    let chars: Vec<char> = normalise(number).chars().take(18).collect();
    (chars.len() >= 4).then(|| chars[chars.len() - 4..].iter().collect())
}

/// A number that went through a spreadsheet's number format: `4.22822E+17`, or with a decimal part.
fn looks_rounded(text: &str) -> bool {
    // By hand: reading a floating-point number would cost the phone ten kilobytes.
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let scientific = text.split_once(['E', 'e']).is_some_and(|(mantissa, power)| {
        digits(&mantissa.replacen('.', "", 1)) && digits(power.trim_start_matches('+'))
    });
    let decimal = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00"));
    scientific || decimal.is_some_and(|whole| whole.len() >= 15 && digits(whole))
}

fn check_character(bytes: &[u8]) -> u8 {
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(b, weight)| u32::from(b - b'0') * weight)
        .sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

fn disability(bytes: &[u8]) -> Result<Option<Disability>, IdError> {
    let &[kind, level, ref reissue @ ..] = &bytes[18..] else {
        return Ok(None);
    };
    let (kind, level) = (kind - b'0', level - b'0');
    if !(1..=7).contains(&kind) {
        return Err(IdError::DisabilityKind);
    }
    if !(1..=4).contains(&level) {
        return Err(IdError::DisabilityLevel);
    }
    match reissue {
        [] => {}
        [b'B', count] if count.is_ascii_digit() => {}
        _ => return Err(IdError::Reissue),
    }
    Ok(Some(Disability { kind, level }))
}

#[cfg(test)]
mod tests;
