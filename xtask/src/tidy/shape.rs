//! Shapes: the first line says what a file is for; public items are documented; files and functions stay short.

use super::source::{Source, words};

const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 100;
const FUNCTION_LINES_LONG: usize = 70;
/// How many functions may be longer than `FUNCTION_LINES_LONG`. This number only ever falls.
const LONG_FUNCTIONS_MAX: usize = 0;

/// Looks at one file.
pub fn check(source: &Source, findings: &mut Vec<String>) {
    if !source.is_rust() && !source.is_script() {
        return;
    }
    if !says_what_it_is_for(source) {
        findings.push(source.at(
            0,
            "the first line says what the file is for (//! in Rust, a comment elsewhere)",
        ));
    }
    if source.path.ends_with("/mod.rs") {
        findings.push(source.at(0, "write foo.rs beside foo/, not foo/mod.rs"));
    }
    undocumented(source, findings);
    let lines = source.text.lines().count();
    // What is generated nobody reads from the top; it is as long as what it is made from.
    if lines > FILE_LINES_MAX && !source.text.starts_with("// Generated ") {
        findings.push(source.at(0, &format!("{lines} lines; {FILE_LINES_MAX} at most")));
    }
    for (at, lines) in functions(&source.code) {
        if lines > FUNCTION_LINES_MAX {
            findings.push(source.at(
                at,
                &format!("a function of {lines} lines; {FUNCTION_LINES_MAX} at most"),
            ));
        }
    }
}

/// Looks at all files together: the number of long functions only falls.
pub fn check_long_functions(sources: &[Source], findings: &mut Vec<String>) {
    let long: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_test())
        .flat_map(|source| {
            functions(source.code_without_tests())
                .into_iter()
                .map(move |found| (source, found))
        })
        .filter(|(_, (_, lines))| *lines > FUNCTION_LINES_LONG)
        .map(|(source, (at, lines))| {
            source.at(
                at,
                &format!("a function of {lines} lines; {FUNCTION_LINES_LONG} are enough"),
            )
        })
        .collect();
    if long.len() > LONG_FUNCTIONS_MAX {
        findings.extend(long);
    }
}

fn says_what_it_is_for(source: &Source) -> bool {
    let mut lines = source.text.lines().filter(|line| !line.starts_with("#!"));
    let first = lines.next().unwrap_or_default();
    if source.is_rust() {
        return first.starts_with("//!");
    }
    let is_comment = |line: &str| {
        ["//", "/*", "<!--"]
            .iter()
            .any(|start| line.trim_start().starts_with(start))
    };
    // In a component the comment stands inside the first block.
    is_comment(first) || (source.path.ends_with(".vue") && lines.next().is_some_and(is_comment))
}

/// Public items need a sentence; fields and variants may speak for themselves.
fn undocumented(source: &Source, findings: &mut Vec<String>) {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut offset = 0;
    for (number, code) in source.code_without_tests().lines().enumerate() {
        if let Some(item) = public_item(code)
            && !has_sentence(&lines[..number])
        {
            findings.push(source.at(
                offset,
                &format!("{item} is public: say what it is, in a sentence above it"),
            ));
        }
        offset += code.len() + 1;
    }
}

/// The name of the public item that a line of code declares. A module is explained by the first line of its file.
fn public_item(code: &str) -> Option<&str> {
    let mut words = code.trim_start().strip_prefix("pub ")?.split_whitespace().peekable();
    while words.peek().is_some_and(|word| ["async", "unsafe"].contains(word)) {
        words.next();
    }
    let kind = words.next()?;
    let name = words.next()?;
    if kind == "const" && name == "fn" {
        return words.next();
    }
    // A macro takes the sentence from where it is used.
    let declares = ["fn", "struct", "enum", "trait", "type", "const", "static", "union"].contains(&kind);
    (declares && !name.starts_with('$')).then_some(name)
}

/// Whether a comment for documents stands above a line, perhaps with attributes between them.
fn has_sentence(above: &[&str]) -> bool {
    for line in above.iter().rev().map(|line| line.trim()) {
        if line.starts_with("///") || line.ends_with("*/") {
            return true;
        }
        if line.is_empty() || [';', '{', '}'].iter().any(|end| line.ends_with(*end)) {
            return false;
        }
    }
    false
}

/// Where each function begins and how many lines it has.
fn functions(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in words(code, "fn") {
        let rest = &code[at..];
        if !rest[2..]
            .trim_start()
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
        {
            continue;
        }
        if let Some(body) = body(rest) {
            found.push((at, rest[..body].lines().count()));
        }
    }
    found
}

/// The end of the body of a function that begins here; none if it has no body.
fn body(rest: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others = others.saturating_sub(1),
            b';' if braces == 0 && others == 0 => return None,
            b'{' => braces += 1,
            b'}' if braces == 1 => return Some(at + 1),
            b'}' => braces = braces.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_name_to_brace() {
        let code = "fn a(x: [u8; 3]) -> u8 {\n  if y {\n  }\n}\ntrait T { fn b(); }\ntype F = fn(u8);\nfn c() {}";
        let lengths: Vec<usize> = functions(code).into_iter().map(|(_, lines)| lines).collect();
        assert_eq!(lengths, [4, 1]);
    }

    #[test]
    fn long_files_and_functions_are_found() {
        let mut findings = Vec::new();
        let long = format!("//! X.\nfn f() {{\n{}}}\n", "  x();\n".repeat(FILE_LINES_MAX));
        check(&Source::new("src/base.rs", long), &mut findings);
        assert_eq!(findings.len(), 2, "{findings:?}");
        findings.clear();
        let text = format!("//! X.\nfn f() {{\n{}}}\n", "  x();\n".repeat(FUNCTION_LINES_LONG));
        check_long_functions(&[Source::new("src/base.rs", text)], &mut findings);
        assert_eq!(findings.len(), 1, "{findings:?}");
    }

    #[test]
    fn public_items_have_a_sentence() {
        let mut findings = Vec::new();
        let good =
            "/// A.\n#[derive(\n  Debug\n)]\npub struct A {\n    pub field: u8,\n}\npub mod x;\npub(crate) fn y() {}\n";
        undocumented(&Source::new("src/base.rs", good.to_owned()), &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let bad =
            "/// A.\npub const A: u8 = 1;\npub const fn b() {}\n\n#[inline]\npub async fn c<T>() {}\npub enum D {}\n";
        undocumented(&Source::new("src/base.rs", bad.to_owned()), &mut findings);
        assert_eq!(findings.len(), 3, "{findings:?}");
    }

    #[test]
    fn first_lines_say_what_a_file_is_for() {
        let said = |path: &str, text: &str| says_what_it_is_for(&Source::new(path, text.to_owned()));
        assert!(said("src/base.rs", "//! Ids."));
        assert!(!said("src/base.rs", "// Ids."));
        assert!(said("tests/e2e/run.mjs", "#!/usr/bin/env node\n// Runs."));
        assert!(said("www/src/App.vue", "<script setup lang=\"ts\">\n// The frame.\n"));
        assert!(!said("www/src/main.ts", "import x from 'y'"));
    }
}
