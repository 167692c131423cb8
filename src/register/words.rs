//! Sentences and labels for people, always in both languages, Chinese first.

/// The language of a screen, an export or the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// A fixed label or sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    /// No words.
    pub const NONE: Self = words("", "");

    /// In one language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// Whether there are none.
    pub const fn is_none(self) -> bool {
        self.zh.is_empty()
    }
}

/// A label in both languages.
pub const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// A sentence made for the case at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Sentence {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

impl From<Words> for Sentence {
    fn from(words: Words) -> Self {
        Self::new(words.zh, words.en)
    }
}
