//! Texts of workbook parts: which encoding an XML part or a text file has, and the escapes inside cell texts.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

/// How the bytes of a text are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

impl Charset {
    /// Tells the encoding of a text and how many bytes of mark stand before it. `None` where it is no text.
    pub fn sniff(bytes: &[u8]) -> Option<(Self, usize)> {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => return Some((Self::Utf8, 3)),
            [0xFF, 0xFE, ..] => return Some((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => return Some((Self::Utf16Be, 2)),
            _ => {}
        }
        // Without a mark: Latin letters, digits and separators of UTF-16 have every other byte zero.
        let head = &bytes[..bytes.len().min(4096)];
        let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        if even + odd > 0 {
            return match (even, odd) {
                (0, odd) if odd * 16 >= head.len() => Some((Self::Utf16Le, 0)),
                (even, 0) if even * 16 >= head.len() => Some((Self::Utf16Be, 0)),
                _ => None,
            };
        }
        if std::str::from_utf8(bytes).is_ok() {
            return Some((Self::Utf8, 0));
        }
        Some((Self::closest(bytes), 0))
    }

    /// Of UTF-8 and GB18030, the one with fewer unreadable places: a single torn character must not turn a whole
    /// roster of UTF-8 into nonsense.
    fn closest(bytes: &[u8]) -> Self {
        let broken = |text: &str| text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        let utf8 = broken(&String::from_utf8_lossy(bytes));
        let (gb, _) = GB18030.decode_without_bom_handling(bytes);
        if utf8 < broken(&gb) { Self::Utf8 } else { Self::Gb18030 }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gb18030 => GB18030,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// The text; what cannot be read becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.encoding().decode_without_bom_handling(bytes).0.into_owned()
    }

    /// The bytes of a text. Characters that GB18030 has none for do not exist.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Gb18030 => GB18030.encode(text).0.into_owned(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// The text of an XML part.
pub(crate) fn xml_text(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => match Charset::sniff(&bytes) {
            Some((charset, mark)) => charset.decode(&bytes[mark..]),
            None => String::new(),
        },
        _ => String::from_utf8(bytes).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()),
    }
}

/// Workbooks write characters that XML cannot hold as `_x000D_`.
pub(crate) fn unescape_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 6)
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match code
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text with what XML cannot hold left out and the rest escaped.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_without_a_mark() {
        let line = "户编号,姓名\r\n1,𠮷田·㐂\r\n";
        for charset in [Charset::Utf8, Charset::Gb18030, Charset::Utf16Le, Charset::Utf16Be] {
            let bytes = charset.encode(line);
            assert_eq!(Charset::sniff(&bytes), Some((charset, 0)));
            assert_eq!(charset.decode(&bytes), line);
        }
        assert_eq!(Charset::sniff(&[1, 0, 0, 2, 0, 0, 9, 9]), None);
    }

    #[test]
    fn one_torn_character_does_not_change_the_encoding() {
        let mut bytes = "姓名,性别\n王芳,女\n李强,男\n".as_bytes().to_vec();
        bytes.push(0xE7);
        assert_eq!(Charset::sniff(&bytes), Some((Charset::Utf8, 0)));
    }

    #[test]
    fn cell_escapes_are_read() {
        assert_eq!(unescape_cell("姓_x000D_名_x_x00_ _x0041__"), "姓\r名_x_x00_ A_");
        assert_eq!(unescape_cell("_x张三李四"), "_x张三李四");
        assert_eq!(escape_xml("a<b>&\u{1}\u{FFFF}\"𠮷"), "a&lt;b&gt;&amp;&quot;𠮷");
    }
}
