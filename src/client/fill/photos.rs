//! The photos of a question: one text while the form is open, a key for each in a record, so that those of several people
//! merge. Knows names of pictures, never pictures.

use super::held::ANSWER;
use crate::base::picture::BlobId;
use crate::form::definition::{Kind, Part, Question};
use std::collections::BTreeSet;

// A stored format: `answer/PLACE/PHOTO` = `THUMB:AT:BYTES`, all digests in hexadecimal digits, the time in milliseconds.
// While the form is open: `PHOTO:THUMB:AT:BYTES` of each, parted by a blank.

/// Whether a part is answered with photos or a signature.
pub(super) fn takes(part: &Part) -> bool {
    matches!(part.kind, Kind::Question(Question::Image | Question::Signature))
}

fn is_name(text: &str) -> bool {
    text.parse::<BlobId>().is_ok()
}

/// Name and rest of each photo of an answer.
fn parted(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parted = text.split_whitespace().filter_map(|one| one.split_once(':'));
    parted.filter(|(photo, rest)| is_name(photo) && rest.split(':').next().is_some_and(is_name))
}

/// An answer without what is no photo, and without one twice.
pub(super) fn clean(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let once = parted(text).filter(|(photo, _)| seen.insert(*photo));
    let all = once.map(|(photo, rest)| format!("{photo}:{rest}"));
    all.collect::<Vec<_>>().join(" ")
}

/// The stored keys of an answer, each with its value.
pub(super) fn keys<'a>(place: &'a str, text: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    parted(text).map(move |(photo, rest)| (format!("{ANSWER}/{place}/{photo}"), rest))
}

/// The question and the photo that a place below `answer/` names; nothing where it is the answer to a question.
pub(in crate::client) fn place_of(place: &str) -> Option<(&str, &str)> {
    place.rsplit_once('/').filter(|(_, photo)| is_name(photo))
}

/// Adds a photo, as it is stored, to the text of its question; the oldest first.
pub(super) fn add(text: &mut String, photo: &str, stored: &str) {
    let time = |one: &str| -> i64 {
        let at = one.rsplit(':').nth(1).and_then(|at| at.parse().ok());
        at.unwrap_or_default()
    };
    let one = format!("{photo}:{stored}");
    let mut all: Vec<&str> = text.split_whitespace().chain([one.as_str()]).collect();
    all.sort_by_key(|one| time(one));
    *text = all.join(" ");
}

/// How many there are, in words.
pub(super) fn said(question: &Question, value: &str, english: bool) -> String {
    let count = value.split_whitespace().count();
    match (count, question, english) {
        (0, _, _) => String::new(),
        (_, Question::Signature, false) => "已签字".into(),
        (_, Question::Signature, true) => "signed".into(),
        (_, _, false) => format!("{count}张照片"),
        (1, _, true) => "1 photo".into(),
        (_, _, true) => format!("{count} photos"),
    }
}
