//! One file as the rules see it: its text, and its code without comments and strings.

/// A text file of the source tree.
pub struct Source {
    /// Relative to the top folder, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Of a Rust file, the text with comments, strings and characters blanked; every line keeps its number.
    pub code: String,
}

impl Source {
    /// Reads the code out of the text.
    pub fn new(path: &str, text: String) -> Self {
        let code = if path.ends_with(".rs") {
            blank(&text)
        } else {
            String::new()
        };
        Self {
            path: path.to_owned(),
            text,
            code,
        }
    }

    /// Whether this is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether this is TypeScript or JavaScript.
    pub fn is_script(&self) -> bool {
        [".ts", ".mts", ".js", ".mjs", ".vue"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }

    /// Whether this is the core.
    pub fn is_core(&self) -> bool {
        self.is_rust() && self.path.starts_with("src/")
    }

    /// Whether this file holds nothing but tests.
    pub fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        parts.iter().any(|part| ["tests", "tests.rs"].contains(part)) || self.path.ends_with(".test.mjs")
    }

    /// The code before the first module of tests.
    pub fn code_without_tests(&self) -> &str {
        if self.is_test() {
            return "";
        }
        &self.code[..self.code.find("#[cfg(test)]").unwrap_or(self.code.len())]
    }

    /// The module of the core that this file belongs to: `doc` for `src/doc.rs` and `src/doc/edit.rs`.
    pub fn module(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let module = rest.split('/').next()?;
        (module != "lib").then_some(module)
    }

    /// One finding at a place in `text` or `code`.
    pub fn at(&self, offset: usize, sentence: &str) -> String {
        let line = self.text.as_bytes()[..offset.min(self.text.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        format!("{}:{}: {sentence}", self.path, line + 1)
    }
}

/// Where a whole word stands in a text.
pub fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !text[..*at].chars().next_back().is_some_and(is_name)
            && !text[at + word.len()..].chars().next().is_some_and(is_name)
    })
}

/// Replaces comments, strings and characters by blanks, byte for byte.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = token_end(bytes, at);
        match end {
            Some(end) => {
                out[at..end]
                    .iter_mut()
                    .filter(|byte| **byte != b'\n')
                    .for_each(|byte| *byte = b' ');
                at = end;
            }
            None => at += 1,
        }
    }
    // What is left outside of strings and comments keeps its bytes, so this is still UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// The end of a comment, string or character that begins here.
fn token_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let in_name = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if rest.starts_with(b"//") {
        return Some(at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    }
    if rest.starts_with(b"/*") {
        return Some(at + block_comment(rest));
    }
    let prefix = if in_name {
        0
    } else {
        rest.iter().take_while(|byte| b"bcr".contains(byte)).count()
    };
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    if prefix > 0 && rest[..prefix].contains(&b'r') && rest.get(prefix + hashes) == Some(&b'"') {
        return Some(at + prefix + hashes + raw_string(&rest[prefix + hashes..], hashes));
    }
    if rest.get(prefix) == Some(&b'"') {
        return Some(at + prefix + quoted(&rest[prefix..], b'"'));
    }
    if rest[0] == b'\'' && !in_name {
        character(rest).map(|length| at + length)
    } else {
        None
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn raw_string(rest: &[u8], hashes: usize) -> usize {
    let end: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    rest[1..]
        .windows(end.len())
        .position(|window| window == end)
        .map_or(rest.len(), |found| 1 + found + end.len())
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character such as 'x' or '\n'; a lifetime such as 'static is none.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return Some(quoted(rest, b'\''));
    }
    let text = std::str::from_utf8(&rest[1..rest.len().min(6)])
        .or_else(|error| std::str::from_utf8(&rest[1..1 + error.valid_up_to()]));
    let length = text.ok()?.chars().next()?.len_utf8();
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blank() {
        let text = "a /* b /* c */ d */ e // f\ng \"h \\\" i\" j r#\"k \" l\"# m b\"n\" 'o' '\\'' '户' p";
        let left: String = blank(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(left, "a e g j m p");
        assert_eq!(blank(text).len(), text.len());
        assert_eq!(blank(text).lines().count(), 2);
    }

    #[test]
    fn lifetimes_are_code() {
        assert_eq!(
            blank("fn f<'a>(x: &'static str, y: &'a u8)"),
            "fn f<'a>(x: &'static str, y: &'a u8)"
        );
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(
            words("rand brand rand_core x::rand", "rand").collect::<Vec<_>>(),
            [0, 24]
        );
    }

    #[test]
    fn modules_are_the_first_folder() {
        let module = |path: &str| Source::new(path, String::new()).module().map(str::to_owned);
        assert_eq!(module("src/doc/edit.rs").as_deref(), Some("doc"));
        assert_eq!(module("src/doc.rs").as_deref(), Some("doc"));
        assert_eq!(module("src/lib.rs"), None);
        assert_eq!(module("endpoint/src/lib.rs"), None);
    }
}
