//! Rescue files: what is whole comes back, what is not is named, and nothing foreign is believed.

use super::*;
use crate::base::host::Actors;
use crate::doc::{At, Document, Edit, Put};

const KEY: [u8; 32] = [7; 32];
const SALT: [u8; 16] = [9; 16];

/// Bundles of one document each.
fn bundles(count: u8) -> Vec<Bundle> {
    (1..=count)
        .map(|number| {
            let mut document = Document::new(DocKind::Household, DocId([number; 16]));
            let mut actors = Actors::new([number; 12]);
            let mut save = |phone: &str| {
                let edit = Edit {
                    author: MemberId([2; 16]),
                    at_ms: 1_565_830_000_000,
                    base: document.heads(),
                    puts: vec![Put::Value {
                        at: At::Own,
                        key: "phone".into(),
                        value: phone.into(),
                    }],
                };
                document.edit(&edit, actors.fresh()).unwrap().unwrap().bytes
            };
            let changes = vec![save("15400000002"), save("15400000001")];
            Bundle {
                device: DeviceId([4; 16]),
                documents: vec![DocChanges {
                    kind: DocKind::Household,
                    document: DocId([number; 16]),
                    changes,
                }],
                signature: [5; 64],
            }
        })
        .collect()
}

fn contents() -> Contents {
    Contents {
        made_ms: 1_565_830_100_000,
        device: DeviceId([4; 16]),
        member: MemberId([2; 16]),
        name: "王芳".into(),
        everything: false,
        parts: Vec::new(),
    }
}

fn label(document: DocId) -> String {
    format!("罗永{} · 2组", document.0[0])
}

fn file(count: u8) -> String {
    seal(&KEY, &SALT, &contents(), &bundles(count), label)
}

fn part(number: u8) -> Part {
    Part {
        block: u64::from(number) + 1,
        kind: DocKind::Household,
        document: DocId([number; 16]),
        changes: 2,
        label: label(DocId([number; 16])),
    }
}

/// The file without the block of this number, counted from one.
fn without(text: &str, block: usize) -> String {
    let mark = |number: usize| text.match_indices("-----BIANFANG").nth(number - 1).unwrap().0;
    format!("{}{}", &text[..mark(block)], &text[mark(block + 1)..])
}

#[test]
fn a_file_comes_back_in_its_own_village_only() {
    let text = file(3);
    assert!(text.starts_with("BIANFANG-RESCUE 1\n"));
    assert!(!text.contains("王芳") && !text.contains("罗永"));
    let (place, opened) = open(&text, &[[1; 32], KEY]).unwrap();
    assert_eq!(place, 1);
    let mut expected = contents();
    expected.parts = (1..=3).map(part).collect();
    let whole = Opened {
        contents: Some(expected),
        bundles: bundles(3),
        blocks: 3,
        damaged: 0,
        lost: Vec::new(),
    };
    assert_eq!(opened, whole);
    assert_eq!(open(&text, &[[1; 32]]), Err(RescueError::OtherVillage));
    assert_eq!(open(&text, &[]), Err(RescueError::OtherVillage));
}

#[test]
fn a_file_of_the_first_release_opens() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/rescue.txt");
    if std::env::var_os("BIANFANG_MAKE_GOLDEN").is_some() {
        std::fs::write(path, file(3)).unwrap();
    }
    let (_, opened) = open(&std::fs::read_to_string(path).unwrap(), &[KEY]).unwrap();
    assert_eq!(opened, open(&file(3), &[KEY]).unwrap().1);
}

#[test]
fn what_is_missing_is_named_and_the_rest_is_there() {
    let text = file(3);
    // The second bundle; its name stands in both lists of contents.
    let (_, opened) = open(&without(&text, 3), &[KEY]).unwrap();
    assert_eq!((opened.blocks, opened.damaged), (3, 1));
    assert_eq!(opened.lost, [part(2)]);
    assert_eq!(opened.bundles, [bundles(3)[0].clone(), bundles(3)[2].clone()]);
    // The first contents: the last ones say the same.
    let (_, opened) = open(&without(&text, 1), &[KEY]).unwrap();
    assert_eq!((opened.damaged, opened.contents.unwrap().parts.len()), (0, 3));
    // Both contents and a bundle: it can still be counted.
    let (_, opened) = open(&without(&without(&without(&text, 5), 3), 1), &[KEY]).unwrap();
    assert_eq!((opened.contents, opened.bundles.len()), (None, 2));
    assert_eq!((opened.blocks, opened.damaged, opened.lost), (3, 1, vec![]));
}

#[test]
fn every_cut_and_every_changed_letter_gives_what_is_whole_or_says_why_not() {
    let text = file(2);
    let all = bundles(2);
    for length in (0..text.len()).filter(|length| text.is_char_boundary(*length)) {
        match open(&text[..length], &[KEY]) {
            Ok((_, opened)) => {
                assert!(opened.bundles.iter().all(|bundle| all.contains(bundle)));
                assert_eq!(opened.bundles.len() as u64 + opened.damaged, 2, "cut at {length}");
            }
            Err(error) => assert!(
                [RescueError::NotOurs, RescueError::Damaged].contains(&error),
                "{length}: {error}"
            ),
        }
    }
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        let Ok(other) = String::from_utf8(bytes) else { continue };
        let (_, opened) = open(&other, &[KEY]).expect("one letter spoils one block");
        assert!(opened.bundles.iter().all(|bundle| all.contains(bundle)));
        assert_eq!(opened.bundles.len() as u64 + opened.damaged, 2, "changed at {place}");
    }
}

#[test]
fn other_texts_and_newer_files_are_told_apart() {
    assert_eq!(open("", &[KEY]), Err(RescueError::NotOurs));
    assert_eq!(open("<!DOCTYPE html>", &[KEY]), Err(RescueError::NotOurs));
    assert_eq!(open("BIANFANG-RESCUE 1\n", &[KEY]), Err(RescueError::Damaged));
    assert_eq!(
        open("BIANFANG-RESCUE 2\nsomething else", &[KEY]),
        Err(RescueError::Newer)
    );
    assert_eq!(open(&armour::write(2, &[vec![2; 60]]), &[KEY]), Err(RescueError::Newer));
    assert_eq!(
        open(&armour::write(1, &[vec![1; 20]]), &[KEY]),
        Err(RescueError::Damaged)
    );
    let huge = " ".repeat(RESCUE_FILE_BYTES_MAX + 1);
    assert_eq!(open(&huge, &[KEY]), Err(RescueError::TooLarge));
}

#[test]
fn a_forged_block_is_not_believed() {
    let text = file(2);
    let blocks = armour::read(&text).unwrap().blocks;
    // Counts and numbers that were changed, with a fitting checksum.
    let at = 1 + 16 + 8;
    for (number, count) in [(2, 9), (9, 4), (0, 4), (3, 4)] {
        let mut forged = blocks.clone();
        forged[1][at] = number;
        forged[1][at + 1] = count;
        let (_, opened) = open(&armour::write(1, &forged), &[KEY]).unwrap();
        assert_eq!((opened.bundles.len(), opened.damaged), (1, 1));
    }
    // A block of another file of the same village.
    let other = seal(&KEY, &[8; 16], &contents(), &bundles(2), label);
    let mut mixed = blocks;
    mixed[1] = armour::read(&other).unwrap().blocks[1].clone();
    let (_, opened) = open(&armour::write(1, &mixed), &[KEY]).unwrap();
    assert_eq!(opened.lost, [part(1)]);
}

#[test]
fn portions_keep_documents_whole_where_they_fit() {
    let document = |number: u8, changes: &[usize]| DocChanges {
        kind: DocKind::Household,
        document: DocId([number; 16]),
        changes: changes.iter().map(|&size| vec![number; size]).collect(),
    };
    let half = RESCUE_BLOCK_AIM / 2;
    let shape = |documents: Vec<DocChanges>| -> Vec<Vec<(u8, usize)>> {
        let portions = portions(documents);
        let parts = |portion: &Vec<DocChanges>| {
            portion
                .iter()
                .map(|part| (part.document.0[0], part.changes.len()))
                .collect()
        };
        portions.iter().map(parts).collect()
    };
    assert_eq!(
        shape(vec![document(1, &[half]), document(2, &[half]), document(3, &[1])]),
        [vec![(1, 1), (2, 1)], vec![(3, 1)]]
    );
    assert_eq!(
        shape(vec![document(1, &[10]), document(2, &[half, half, half])]),
        [vec![(1, 1)], vec![(2, 2)], vec![(2, 1)]]
    );
    assert_eq!(shape(vec![document(1, &[3 * half, 5])]), [vec![(1, 1)], vec![(1, 1)]]);
    assert!(portions(Vec::new()).is_empty());
}
