//! Cleaning of text that people type and spreadsheets carry: full-width characters, invisible spaces, dots in names,
//! cells that a spreadsheet would run as a formula. Keeps every character it does not understand.

use std::borrow::Cow;

/// The one dot that stands between the parts of a name (阿依古丽·买买提).
pub const NAME_DOT: char = '·';

/// Everything that looks like white space or is invisible: Unicode white space, zero-width and direction marks, the
/// byte order mark, the soft hyphen.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Text without blanks (of any kind) at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A full-width digit or Latin letter as its ordinary form; every other character unchanged.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What a cell or a field of text is stored as: trimmed, full-width digits and letters made ordinary, each run of
/// blanks one space, invisible marks dropped. Chinese punctuation stays.
///
/// ```
/// assert_eq!(bianfang::base::text::clean("\u{3000}３组 \u{200B}"), "3组");
/// ```
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in trim(text).chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
        } else if !is_blank(c) {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(half_width(c));
        }
    }
    out
}

/// A note of several lines: line ends made uniform, blanks at the ends of the whole dropped, everything else kept.
pub fn clean_note(text: &str) -> String {
    trim(&text.replace("\r\n", "\n").replace('\r', "\n")).to_owned()
}

/// The text of a number, date, phone or identity number: no blanks at all, and full-width or Chinese punctuation as
/// the ordinary sign (。 and ． become a point, ， a comma, － and — a minus).
pub fn compact(text: &str) -> String {
    let sign = |c: char| match c {
        '。' | '．' | '｡' | '﹒' => '.',
        '，' | '﹐' => ',',
        '／' | '∕' => '/',
        '－' | '—' | '–' | '‐' | '‑' | '−' | '﹣' => '-',
        '＋' => '+',
        '：' => ':',
        '％' => '%',
        '（' => '(',
        '）' => ')',
        '￥' => '¥',
        other => half_width(other),
    };
    text.chars().filter(|c| !is_blank(*c)).map(sign).collect()
}

/// A character of Chinese script, the rare ones of the extension planes included.
pub fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '·' | '•' | '‧' | '∙' | '⋅' | '・' | '･' | '●' | '．' | '.' | '。' | '﹒' | 'ᐧ' | '᛫'
    )
}

/// The name of a person: cleaned, no spaces inside a Chinese name (张　三 is 张三), every kind of dot between two
/// parts made `·`. A name in Latin letters keeps its single spaces.
///
/// ```
/// assert_eq!(bianfang::base::text::name("阿依古丽．买买提 "), "阿依古丽·买买提");
/// ```
pub fn name(text: &str) -> String {
    let mut name = clean(text);
    // A blank or a dot that goes brings others together. Each turn leaves fewer characters or fewer kinds of dots.
    loop {
        let next = clean(&joined(&name));
        if next == name {
            return name;
        }
        name = next;
    }
}

/// One turn of [`name`]: blanks and dots judged by what stands beside them.
fn joined(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let before = out.chars().next_back();
        let after = chars.get(at + 1).copied();
        // A full stop alone does not tell: it stands in John J. Smith too.
        let beside_han = |c: Option<char>| c.is_some_and(|c| is_han(c) || (is_dot(c) && c != '.'));
        if c == ' ' {
            if !beside_han(before) && !beside_han(after) {
                out.push(c);
            }
        } else if is_dot(c) {
            let between = before.is_some() && chars[at + 1..].iter().any(|c| !is_dot(*c) && *c != ' ');
            let latin = c == '.' && !beside_han(before) && !beside_han(after);
            if latin {
                out.push(c);
            } else if between && before != Some(NAME_DOT) {
                out.push(NAME_DOT);
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Text that is safe as a cell of a CSV file: where a spreadsheet would read a formula (first visible character one of
/// `= + - @`, full-width forms too, or a leading tab or line end), an apostrophe is put before it.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    let visible = text.trim_start_matches(is_blank).chars().next();
    let formula = matches!(visible, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    let control = matches!(text.chars().next(), Some('\t' | '\r' | '\n'));
    if formula || control {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_makes_digits_ordinary_and_drops_invisible_marks() {
        assert_eq!(clean("  Ａ级　１５组\u{00A0}\u{FEFF}"), "A级 15组");
        assert_eq!(clean("一\u{200B}组"), "一组");
        assert_eq!(clean("甲\r\n\t乙"), "甲 乙");
        assert_eq!(clean("（一）、二。"), "（一）、二。");
        assert_eq!(clean("\u{3000}\u{2003}\u{200E}"), "");
    }

    #[test]
    fn compact_reads_chinese_signs_as_ordinary_ones() {
        assert_eq!(compact("１ ２，３４５。６０"), "12,345.60");
        assert_eq!(compact("2019／8／5"), "2019/8/5");
        assert_eq!(compact("１５４－０００１－2345"), "154-0001-2345");
    }

    #[test]
    fn names_lose_padding_and_keep_rare_characters() {
        assert_eq!(name("张\u{3000}三"), "张三");
        assert_eq!(name(" 王 芳 "), "王芳");
        for dot in ['·', '•', '‧', '∙', '⋅', '・', '･', '．', '.', '。', '●'] {
            assert_eq!(name(&format!("买买提 {dot} 阿不都")), "买买提·阿不都", "{dot}");
        }
        assert_eq!(name("买买提··阿不都."), "买买提·阿不都");
        assert_eq!(name("𫖯䶮㛃"), "𫖯䶮㛃");
        assert_eq!(name("John  J. Smith"), "John J. Smith");
        assert_eq!(name("·"), "");
    }

    #[test]
    fn a_name_that_was_cleaned_stays_as_it_is() {
        for (written, clean) in [
            ("\0.\0伽57", "伽57"),
            (". 伽57", "伽57"),
            ("John J. 王", "John J·王"),
            ("甲 . . 乙", "甲·乙"),
            ("A . 甲", "A·甲"),
        ] {
            assert_eq!(name(written), clean, "{written:?}");
            assert_eq!(name(clean), clean);
        }
    }

    #[test]
    fn formula_cells_are_made_harmless_and_others_left_alone() {
        for bad in [
            "=1+1",
            "+86",
            "-2",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\rx",
            "＝1",
            "\u{3000}@a",
        ] {
            assert_eq!(neutralise(bad), format!("'{bad}"), "{bad:?}");
        }
        for good in ["王芳", "3-1", "a=b", "", "‘"] {
            assert_eq!(neutralise(good), good);
        }
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(
            clean_note("\r\n家里水不够。\r\n\r\n要修 \u{3000}"),
            "家里水不够。\n\n要修"
        );
    }
}
