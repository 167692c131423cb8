//! Rescue files, as a person may pick any file: any text, and blocks of any bytes under right checksums. What opens can
//! be written and opened again, and nothing is counted twice or forgotten.

use crate::input::Input;
use bianfang::sync::rescue::{Opened, open, seal};
use sha2::{Digest as _, Sha256};

/// The text as it is.
pub const TEXT: u8 = 0;
/// Blocks, each with its length before it.
pub const BLOCKS: u8 = 1;
/// Of some village, and of the one whose golden file is a seed.
const KEYS: [[u8; 32]; 2] = [[9; 32], [7; 32]];
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The target.
pub fn run(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else {
        return;
    };
    let text = match choice % 2 {
        TEXT => String::from_utf8_lossy(rest).into_owned(),
        _ => armoured(rest),
    };
    match open(&text, &KEYS) {
        Ok((place, opened)) => whole(place, &opened),
        Err(error) => assert!(error.code().starts_with("rescue_")),
    }
}

fn whole(place: usize, opened: &Opened) {
    assert_eq!(opened.damaged + opened.bundles.len() as u64, opened.blocks);
    let Some(contents) = &opened.contents else { return };
    let text = seal(&KEYS[place], &[1; 16], contents, &opened.bundles, |_| String::new());
    let (_, again) = open(&text, &KEYS).expect("what was written is opened");
    assert_eq!((&again.bundles, again.damaged), (&opened.bundles, 0));
    assert!(again.lost.is_empty());
}

fn armoured(bytes: &[u8]) -> String {
    let mut input = Input(bytes);
    let mut text = String::from("BIANFANG-RESCUE 1\n");
    while !input.is_empty() {
        let block = input.part();
        let check = Sha256::digest(block);
        text.push_str("-----BIANFANG 1/1-----\n");
        text.push_str(&letters(&[block, &check[..4]].concat()));
        text.push('\n');
    }
    text
}

fn letters(bytes: &[u8]) -> String {
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let letter = |place: usize| char::from(LETTERS[(number >> (18 - 6 * place)) as usize & 63]);
        out.extend((0..=three.len()).map(letter));
    }
    out
}

/// The blocks of a good text as an input of [`BLOCKS`] holds them.
pub fn blocks(text: &str) -> Vec<Vec<u8>> {
    let parts = text.split("-----BIANFANG").skip(1);
    let decoded = parts.filter_map(|part| {
        let (_, lines) = part.split_once("-----\n")?;
        let mut bytes = decode(&lines.split_whitespace().collect::<String>());
        bytes.truncate(bytes.len().checked_sub(4)?);
        Some(bytes)
    });
    decoded.collect()
}

fn decode(letters: &str) -> Vec<u8> {
    let value = |letter: &u8| LETTERS.iter().position(|known| known == letter).unwrap_or(0) as u32;
    let of_four = |four: &[u8]| {
        let number = four.iter().fold(0, |number, letter| number << 6 | value(letter)) << (6 * (4 - four.len()));
        number.to_be_bytes()[1..four.len()].to_vec()
    };
    letters.as_bytes().chunks(4).flat_map(of_four).collect()
}
