//! Finding a household by what people type: a name or part of it, first letters, the end of an identity number, of a
//! telephone or of the household's number, a village group. Keeps no index: it looks at one household at a time.

use super::pinyin;
use crate::base::text;

/// So many digits at the end of a telephone or household number must be typed, so that `1` does not list the village.
const TAIL_MIN: usize = 4;

/// What of a household can be searched. The identity numbers are given by their last four characters only.
#[derive(Debug, Clone, Copy, Default)]
pub struct Searchable<'a> {
    /// Every member of the family, the head first.
    pub names: &'a [&'a str],
    /// The last four characters of each member's identity number, in the same order; empty where there is none.
    pub last4: &'a [&'a str],
    /// The village group, as written in the register (3组).
    pub group: &'a str,
    /// The official number.
    pub number: &'a str,
    /// Telephones of the family.
    pub phones: &'a [&'a str],
}

/// What it was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// Nothing was asked for.
    Everything,
    /// The name, or the first letters, of the member at this place.
    Name(usize),
    /// The end of the identity number of the member at this place.
    IdNumber(usize),
    /// A telephone.
    Phone,
    /// The number of the household.
    Number,
    /// The village group.
    Group,
}

/// What somebody typed, made ready to be compared with many households.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<Vec<char>>,
}

impl Query {
    /// From the text of the search field. Several words must all fit: `3组 王`.
    pub fn new(typed: &str) -> Self {
        let clean = text::clean(typed).to_lowercase();
        Self {
            words: clean
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(|word| word.chars().collect())
                .collect(),
        }
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What the household is found by, or that it is not. Of several words the most telling one is named: a member
    /// before anything else.
    ///
    /// ```
    /// use bianfang::register::search::{FoundBy, Query, Searchable};
    /// let family = Searchable { names: &["曾大山", "王芳"], group: "3组", ..Searchable::default() };
    /// assert_eq!(Query::new("cds").matches(&family), Some(FoundBy::Name(0)));
    /// assert_eq!(Query::new("3组 芳").matches(&family), Some(FoundBy::Name(1)));
    /// assert_eq!(Query::new("李").matches(&family), None);
    /// ```
    pub fn matches(&self, household: &Searchable<'_>) -> Option<FoundBy> {
        let mut found = FoundBy::Everything;
        for word in &self.words {
            let by = find(word, household)?;
            if found == FoundBy::Everything || rank(by) < rank(found) {
                found = by;
            }
        }
        Some(found)
    }
}

fn rank(by: FoundBy) -> u8 {
    match by {
        FoundBy::Name(_) => 0,
        FoundBy::IdNumber(_) => 1,
        FoundBy::Phone => 2,
        FoundBy::Number => 3,
        FoundBy::Group => 4,
        FoundBy::Everything => 5,
    }
}

fn find(word: &[char], household: &Searchable<'_>) -> Option<FoundBy> {
    if let Some(at) = household.names.iter().position(|name| in_name(word, name)) {
        return Some(FoundBy::Name(at));
    }
    let typed: String = word.iter().collect();
    if is_group(&typed, household.group) {
        return Some(FoundBy::Group);
    }
    if word.iter().any(|c| !c.is_ascii_alphanumeric()) {
        return None;
    }
    let last4: String = word[word.len().saturating_sub(4)..].iter().collect();
    // Four characters of a number, or the whole of it.
    if matches!(word.len(), 4 | 18) {
        let same = household.last4.iter().position(|id| id.eq_ignore_ascii_case(&last4));
        if let Some(at) = same {
            return Some(FoundBy::IdNumber(at));
        }
    }
    if word.len() < TAIL_MIN {
        return None;
    }
    if household
        .phones
        .iter()
        .any(|phone| phone.ends_with(&typed) || phone.starts_with(&typed))
    {
        return Some(FoundBy::Phone);
    }
    household
        .number
        .to_ascii_lowercase()
        .ends_with(&typed)
        .then_some(FoundBy::Number)
}

/// Whether the word stands in the name, each character as it is written or by a first letter of its pinyin. The dot of a
/// name may be left out.
fn in_name(word: &[char], name: &str) -> bool {
    let word: Vec<char> = word.iter().copied().filter(|c| *c != text::NAME_DOT).collect();
    let name: Vec<char> = name.chars().filter(|c| *c != text::NAME_DOT && *c != ' ').collect();
    let fits = |(typed, written): (&char, &char)| {
        typed == written || (typed.is_ascii_lowercase() && pinyin::letters(*written).any(|letter| letter == *typed))
    };
    !word.is_empty() && name.windows(word.len()).any(|part| word.iter().zip(part).all(fits))
}

/// `3组` or `3` for the group 3组.
fn is_group(typed: &str, group: &str) -> bool {
    let bare = |text: &str| text.trim_end_matches(['组', '队', '社']).to_lowercase();
    !group.is_empty() && !bare(typed).is_empty() && bare(typed) == bare(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: Searchable<'_> = Searchable {
        names: &["曾大山", "单小怡", "阿依古丽·买买提", "𫖯强", "John Smith"],
        last4: &["9990", "002X", "", "1234"],
        group: "3组",
        number: "4228221042990037",
        phones: &["15400000001", "07181234567"],
    };

    fn found(typed: &str) -> Option<FoundBy> {
        Query::new(typed).matches(&FAMILY)
    }

    #[test]
    fn names_are_found_by_characters_letters_and_both() {
        for (typed, at) in [
            ("曾大山", 0),
            ("大山", 0),
            ("zds", 0),
            ("CDS", 0),
            ("ds", 0),
            ("曾ds", 0),
            ("z大s", 0),
            ("ｚｄｓ", 0),
            ("sxy", 1),
            ("dxy", 1),
            ("cxy", 1),
            ("小怡", 1),
            ("古丽", 2),
            ("丽买", 2),
            ("丽·买", 2),
            ("ayglmmt", 2),
            ("𫖯", 3),
            ("smith", 4),
            ("john", 4),
        ] {
            assert_eq!(found(typed), Some(FoundBy::Name(at)), "{typed}");
        }
        for typed in ["李", "曾小怡", "zxy曾", "山大", "wf", "·"] {
            assert_eq!(found(typed), None, "{typed}");
        }
    }

    #[test]
    fn numbers_are_found_by_their_ends() {
        for (typed, by) in [
            ("9990", FoundBy::IdNumber(0)),
            ("002x", FoundBy::IdNumber(1)),
            ("002X", FoundBy::IdNumber(1)),
            ("422899195803129990", FoundBy::IdNumber(0)),
            ("0001", FoundBy::Phone),
            ("15400000001", FoundBy::Phone),
            ("1540", FoundBy::Phone),
            ("１５４０", FoundBy::Phone),
            ("4567", FoundBy::Phone),
            ("0037", FoundBy::Number),
            ("4228221042990037", FoundBy::Number),
            ("3组", FoundBy::Group),
            ("3", FoundBy::Group),
        ] {
            assert_eq!(found(typed), Some(by), "{typed}");
        }
        for typed in ["001", "9", "99", "990", "8888", "4组", "13", "组"] {
            assert_eq!(found(typed), None, "{typed}");
        }
    }

    #[test]
    fn several_words_must_all_fit() {
        assert_eq!(found("3组 小怡"), Some(FoundBy::Name(1)));
        assert_eq!(found("小怡　3"), Some(FoundBy::Name(1)));
        assert_eq!(found("3组 0037"), Some(FoundBy::Number));
        assert_eq!(found("4组 小怡"), None);
        assert_eq!(found("  "), Some(FoundBy::Everything));
        assert!(Query::new(" \u{3000}").is_empty());
    }
}
