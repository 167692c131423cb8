//! Short words for the screens in both languages: days, lists, choices.

use crate::base::date::Date;
use crate::client::view::{Choice as ChoiceView, Words};
use crate::register::enums::{self, Choice};
use crate::register::words::Sentence;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Words {
    /// Nothing to say.
    pub(in crate::client) fn is_empty(&self) -> bool {
        self.zh.is_empty()
    }
}

/// A sentence of the register.
pub(in crate::client) fn sentence(sentence: Sentence) -> Words {
    both(sentence.zh, sentence.en)
}

/// The same in both languages: names, numbers, what somebody wrote.
pub(in crate::client) fn same(text: impl Into<String>) -> Words {
    let text = text.into();
    Words {
        zh: text.clone(),
        en: text,
    }
}

/// In Chinese and in English.
pub(in crate::client) fn both(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words {
        zh: zh.into(),
        en: en.into(),
    }
}

/// Words one after the other, empty ones left out.
pub(in crate::client) fn joined(parts: impl IntoIterator<Item = Words>, zh: &str, en: &str) -> Words {
    let mut all = Words::default();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !all.is_empty() {
            all.zh.push_str(zh);
            all.en.push_str(en);
        }
        all.zh.push_str(&part.zh);
        all.en.push_str(&part.en);
    }
    all
}

/// A list: 、 in Chinese.
pub(in crate::client) fn list(parts: impl IntoIterator<Item = Words>) -> Words {
    joined(parts, "、", ", ")
}

/// Parts beside each other: 周小怡 · 残疾类别.
pub(in crate::client) fn beside(parts: impl IntoIterator<Item = Words>) -> Words {
    joined(parts, " · ", " · ")
}

/// A day as it is said; the year only when it is another one: 8月15日, 2018年5月10日.
pub(in crate::client) fn day(date: Date, today: Date) -> Words {
    let (year, month, day) = date.ymd();
    let name = MONTHS[(month as usize - 1) % 12];
    if year == today.year() {
        both(format!("{month}月{day}日"), format!("{day} {name}"))
    } else {
        both(date.zh(), format!("{day} {name} {year}"))
    }
}

/// A day that may not be one: what was written is shown as it is.
pub(in crate::client) fn written_day(text: &str, today: Date) -> Words {
    text.parse().map_or_else(|_| same(text), |date| day(date, today))
}

/// The words of a stored choice; a value that no list knows is shown as it is.
pub(in crate::client) fn chosen(list: &'static [Choice], value: &str) -> Words {
    enums::choice(list, value).map_or_else(|| same(value), |choice| choice.label.into())
}

/// A list of choices as the app draws it.
pub(in crate::client) fn choices<'a>(list: impl IntoIterator<Item = &'a Choice>) -> Vec<ChoiceView> {
    list.into_iter()
        .map(|choice| ChoiceView {
            value: choice.value.into(),
            words: choice.label.into(),
        })
        .collect()
}
