//! Words that have no place in the project: it speaks of itself alone, and works behind any package registry.

use super::source::{Source, words};

/// Refused words, in pieces, so that this file does not hold them.
const REFUSED: &[&[&str]] = &[
    &["ses", "sion"],
    &["ai", " assistant"],
    &["language", " model"],
    &["cla", "ude"],
    &["chat", "gpt"],
    &["co", "pilot"],
    &["/wo", "rk/"],
    &["DESIGN", ".md"],
    &["SCREENS", ".md"],
    &["registry", ".npmjs"],
    &["index.", "crates.io"],
    &["static.", "crates.io"],
    &["deb.", "debian.org"],
];

/// Looks at one text.
pub fn check(source: &Source, findings: &mut Vec<String>) {
    if source.path.ends_with("package-lock.json") {
        lockfile(source, findings);
        return;
    }
    // Lower case byte for byte, so that places stay the same.
    let text = source.text.to_ascii_lowercase();
    for pieces in REFUSED {
        let word = pieces.concat().to_ascii_lowercase();
        let sentence = format!("\"{word}\" has no place here");
        let whole: Vec<usize> = if word.chars().all(char::is_alphabetic) {
            words(&text, &word).collect()
        } else {
            text.match_indices(&word).map(|(at, _)| at).collect()
        };
        findings.extend(whole.into_iter().map(|at| source.at(at, &sentence)));
    }
}

/// A lockfile with addresses of one registry cannot be used behind another.
fn lockfile(source: &Source, findings: &mut Vec<String>) {
    let addresses = source.text.match_indices("\"resolved\": \"http");
    findings.extend(addresses.map(|(at, _)| source.at(at, "the lockfile names no registry; see www/.npmrc")));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        let mut findings = Vec::new();
        check(&Source::new(path, text.to_owned()), &mut findings);
        findings.len()
    }

    #[test]
    fn refused_words_are_found_whole() {
        let word = REFUSED[0].concat();
        assert_eq!(
            count("README.md", &format!("A {word} began. 遍访 {}", word.to_uppercase())),
            2
        );
        assert_eq!(count("www/src/x.ts", &format!("{word}Storage")), 0);
        assert_eq!(count("docs/X.md", &REFUSED[6].concat()), 1);
    }

    #[test]
    fn lockfiles_name_no_registry() {
        assert_eq!(
            count("www/package-lock.json", "\"resolved\": \"https://example.org/x.tgz\""),
            1
        );
        assert_eq!(
            count("www/package-lock.json", "\"url\": \"https://example.org/fund\""),
            0
        );
    }
}
