//! The text around the blocks of a rescue file: plain letters that survive chat programs, mail and a Windows editor.
//! Knows nothing of what a block holds, except its checksum.

use sha2::{Digest as _, Sha256};

/// What the first line says before the version.
const MAGIC: &str = "BIANFANG-RESCUE";
/// What stands before the letters of each block, with its number and how many there are.
const BLOCK: &str = "-----BIANFANG";
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Letters of one line.
const LINE: usize = 76;
const CHECK_BYTES: usize = 4;

/// Writes blocks as text.
pub(super) fn write(version: u8, blocks: &[Vec<u8>]) -> String {
    let mut out = format!(
        "{MAGIC} {version}\n\
         遍访备份，内容已加密。打开：遍访 → 我的 → 备份 → 打开备份文件。\n\
         Encrypted. To open: Bianfang, Me, Rescue file, Open a rescue file.\n"
    );
    for (place, block) in blocks.iter().enumerate() {
        out.push_str(&format!("\n{BLOCK} {}/{}-----\n", place + 1, blocks.len()));
        let check = Sha256::digest(block);
        let letters = encode(&[block, &check[..CHECK_BYTES]].concat());
        for line in letters.as_bytes().chunks(LINE) {
            // Letters of the alphabet above only.
            out.extend(line.iter().map(|&byte| char::from(byte)));
            out.push('\n');
        }
    }
    out.push_str(&format!("\n{BLOCK} END-----\n"));
    out
}

/// What a text holds that may be a rescue file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// As the first line says; nothing when there is none that can be read.
    pub version: Option<u64>,
    /// Blocks whose letters and checksum are whole.
    pub blocks: Vec<Vec<u8>>,
    /// Blocks that are not.
    pub damaged: usize,
}

/// Reads the blocks of a text; nothing when it holds none and does not begin as a rescue file.
pub(super) fn read(text: &str) -> Option<Read> {
    let mut read = Read {
        version: None,
        blocks: Vec::new(),
        damaged: 0,
    };
    let mut ours = false;
    let mut letters: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with(BLOCK) {
            ours = true;
            read.take(letters.replace(String::new()));
        } else if let Some(letters) = &mut letters {
            letters.extend(line.chars().filter(|c| !c.is_whitespace()));
        } else if let Some((_, version)) = line.split_once(MAGIC) {
            ours = true;
            read.version = read.version.or(version.trim().parse().ok());
        }
    }
    read.take(letters.filter(|letters| !letters.is_empty()));
    ours.then_some(read)
}

impl Read {
    fn take(&mut self, letters: Option<String>) {
        let Some(letters) = letters else { return };
        let block = decode(&letters).and_then(|bytes| {
            let (block, check) = bytes.split_at_checked(bytes.len().checked_sub(CHECK_BYTES)?)?;
            (Sha256::digest(block)[..CHECK_BYTES] == *check).then(|| block.to_vec())
        });
        match block {
            Some(block) => self.blocks.push(block),
            None => self.damaged += 1,
        }
    }
}

/// Base 64 without padding.
fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0u32, |number, &byte| number << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        let letters = (0..=three.len()).map(|place| LETTERS[(number >> (18 - 6 * place)) as usize & 63]);
        out.extend(letters.map(char::from));
    }
    out
}

/// The bytes of letters; nothing when one of them is none of ours.
fn decode(letters: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(letters.len() / 4 * 3 + 3);
    for four in letters.trim_end_matches('=').as_bytes().chunks(4) {
        let mut number = 0u32;
        for &letter in four {
            let value = LETTERS.iter().position(|&known| known == letter)?;
            number = number << 6 | u32::try_from(value).ok()?;
        }
        number <<= 6 * (4 - four.len());
        let bytes = number.to_be_bytes();
        out.extend_from_slice(bytes.get(1..four.len())?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_letters_of_every_length() {
        for length in 0..200u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(encode(b"Many hands"), "TWFueSBoYW5kcw");
        assert_eq!(decode("TWFueSBoYW5kcw=="), Some(b"Many hands".to_vec()));
        assert_eq!(decode("TWF*"), None);
        assert_eq!(decode("户"), None);
    }

    #[test]
    fn a_text_that_was_quoted_wrapped_and_saved_by_windows_still_reads() {
        let blocks = vec![vec![1; 300], vec![2; 5]];
        let text = write(1, &blocks);
        let whole = Read {
            version: Some(1),
            blocks: blocks.clone(),
            damaged: 0,
        };
        assert_eq!(read(&text), Some(whole));
        let windows = format!("\u{feff}王芳 2019-08-15:\r\n{}", text.replace('\n', "  \r\n"));
        let again = read(&windows).unwrap();
        assert_eq!((again.version, again.blocks, again.damaged), (Some(1), blocks, 0));
        assert_eq!(read("<!DOCTYPE html><html>"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn what_is_damaged_is_counted_and_the_rest_is_there() {
        let blocks = vec![vec![1; 300], vec![2; 300], vec![3; 300]];
        let text = write(1, &blocks);
        let first = text.find("AQEBAQ").unwrap();
        let mut spoiled = text.clone();
        spoiled.replace_range(first..first + 1, "B");
        let seen = read(&spoiled).unwrap();
        assert_eq!((seen.blocks, seen.damaged), (blocks[1..].to_vec(), 1));
        let cut = read(&text[..text.len() - 60]).unwrap();
        assert_eq!((cut.blocks, cut.damaged), (blocks[..2].to_vec(), 1));
    }
}
