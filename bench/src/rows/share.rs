//! How much of the wasm core some of its modules are: by the names of its functions, which the file keeps until it is made
//! ready for the browser.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
/// The part of the names that is about functions.
const FUNCTION_NAMES: u8 = 1;

/// Bytes of code.
#[derive(Debug, PartialEq, Eq)]
pub struct Share {
    /// Of the functions whose name holds one of the words.
    pub named: usize,
    pub all: usize,
}

/// The code of the functions of a wasm file whose name holds one of these.
///
/// # Errors
/// A file that is no wasm, or one without names.
pub fn of(wasm: &[u8], words: &[&str]) -> Result<Share> {
    ensure!(wasm.starts_with(b"\0asm"), "not a wasm file");
    let mut reader = Reader(wasm.get(8..).context("cut off")?);
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    while !reader.0.is_empty() {
        let kind = reader.byte()?;
        let mut section = Reader(reader.counted()?);
        match kind {
            IMPORTS => imported = functions_imported(&mut section)?,
            CODE => {
                for _ in 0..section.number()? {
                    bodies.push(section.counted()?.len());
                }
            }
            CUSTOM if section.counted()? == b"name" => names = function_names(&mut section)?,
            _ => {}
        }
    }
    ensure!(!names.is_empty(), "the functions have no names");
    let is_named = |at: usize| {
        let name = names.get(&(imported + at));
        name.is_some_and(|name: &&str| words.iter().any(|word| name.contains(word)))
    };
    let named = bodies.iter().enumerate().filter(|(at, _)| is_named(*at));
    Ok(Share {
        named: named.map(|(_, bytes)| bytes).sum(),
        all: bodies.iter().sum(),
    })
}

fn functions_imported(section: &mut Reader<'_>) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..section.number()? {
        section.counted()?;
        section.counted()?;
        match section.byte()? {
            0 => {
                functions += 1;
                section.number()?;
            }
            // A global: its type, and whether it changes.
            3 => drop((section.byte()?, section.byte()?)),
            kind => {
                if kind == 1 {
                    section.byte()?;
                }
                // A table or memory: its limits.
                let flags = section.byte()?;
                section.number()?;
                if flags & 1 == 1 {
                    section.number()?;
                }
            }
        }
    }
    Ok(functions)
}

fn function_names<'w>(section: &mut Reader<'w>) -> Result<BTreeMap<usize, &'w str>> {
    let mut names = BTreeMap::new();
    while !section.0.is_empty() {
        let kind = section.byte()?;
        let mut part = Reader(section.counted()?);
        if kind == FUNCTION_NAMES {
            for _ in 0..part.number()? {
                let at = part.number()?;
                names.insert(at, std::str::from_utf8(part.counted()?)?);
            }
        }
    }
    Ok(names)
}

/// What is left to read.
struct Reader<'w>(&'w [u8]);

impl<'w> Reader<'w> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("cut off")?;
        self.0 = rest;
        Ok(*first)
    }

    /// Seven bits in each byte, the lowest first.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        anyhow::bail!("a number without end")
    }

    /// So many bytes as a number before them says.
    fn counted(&mut self) -> Result<&'w [u8]> {
        let length = self.number()?;
        let (part, rest) = self.0.split_at_checked(length).context("cut off")?;
        self.0 = rest;
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, inside: &[u8]) -> Vec<u8> {
        [&[kind, inside.len() as u8], inside].concat()
    }

    #[test]
    fn functions_are_weighed_by_their_names() {
        let imports = [&[2, 1, b'e', 1, b'f', 0, 0, 1, b'e', 1, b'm', 2, 1, 1, 2][..]].concat();
        // Three bodies of 2, 3 and 4 bytes behind one imported function.
        let code = [3, 2, 0, 0x0b, 3, 0, 1, 0x0b, 4, 0, 1, 1, 0x0b];
        let named = [4, 0, 1, b'f', 1, 2, b'a', b'x', 2, 2, b'b', b'x', 3, 2, b'a', b'y'];
        let names = [&[4][..], b"name", &[0, 1, b'm', 1, named.len() as u8], &named].concat();
        let parts = [
            section(IMPORTS, &imports),
            section(CODE, &code),
            section(CUSTOM, &names),
        ]
        .concat();
        let wasm = [b"\0asm\x01\0\0\0", &parts[..]].concat();
        assert_eq!(of(&wasm, &["a"]).unwrap(), Share { named: 6, all: 9 });
        assert_eq!(of(&wasm, &["b", "f"]).unwrap(), Share { named: 3, all: 9 });
        assert!(of(&wasm[..20], &["a"]).is_err());
        assert!(of(b"PK", &["a"]).is_err());
    }
}
