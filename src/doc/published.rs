//! A published form as a document keeps it: its source in parts of one value each, and behind the last the digest that
//! names it. Whoever reads it looks at the digest first, so that half a form or another's is never filled in.

use super::document::Document;
use super::edit::Put;
use super::kind::{DocKind, form_id, hex};
use super::record::At;
use crate::base::id::SpaceId;
use crate::base::limits::{FORM_PARTS_IN_CHANGE, FORM_SOURCE_BYTES_MAX, SCALAR_BYTES_MAX};
use sha2::{Digest as _, Sha256};

/// The table of a village's document that lists its forms.
pub const FORMS: &str = "forms";
/// The table that lists other ways of working; `what` tells which.
pub const WAYS: &str = "procedures";
/// A set of campaigns among them.
pub const CAMPAIGN: &str = "campaign";

const DIGEST: &str = "digest";
const PART: &str = "source/";

/// Why the source of a form cannot be taken from its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSource {
    /// Its last part has not come yet.
    #[error("the form has not come in whole yet")]
    Incomplete,
    /// Something else stands there than was published.
    #[error("the form is not what was published")]
    Damaged,
}

/// What the desk writes so that a document holds a source: the puts of one change after another.
pub fn source_puts(source: &str) -> Vec<Vec<Put>> {
    let put = |key: String, value: &str| Put::Value {
        at: At::Own,
        key,
        value: value.into(),
    };
    let mut puts: Vec<Put> = parts(source)
        .into_iter()
        .enumerate()
        .map(|(place, part)| put(format!("{PART}{place:04}"), part))
        .collect();
    let digest: [u8; 32] = Sha256::digest(source.as_bytes()).into();
    puts.push(put(DIGEST.to_owned(), &hex(&digest)));
    puts.chunks(FORM_PARTS_IN_CHANGE).map(<[Put]>::to_vec).collect()
}

/// Cut where characters begin, no longer than a value may be.
fn parts(mut source: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while !source.is_empty() {
        let mut end = source.len().min(SCALAR_BYTES_MAX);
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        let (part, rest) = source.split_at(end);
        parts.push(part);
        source = rest;
    }
    parts
}

/// The source of a published form.
///
/// # Errors
/// It is not here in whole, or not what its name says.
pub fn source_of(document: &Document, space: SpaceId) -> Result<String, NoSource> {
    if document.kind() != DocKind::Form {
        return Err(NoSource::Damaged);
    }
    let own = document.own();
    if own.text(DIGEST).is_empty() {
        return Err(NoSource::Incomplete);
    }
    let mut source = String::new();
    for key in own.fields.keys().filter(|key| key.starts_with(PART)) {
        source.push_str(&own.text(key));
        if source.len() > FORM_SOURCE_BYTES_MAX {
            return Err(NoSource::Damaged);
        }
    }
    // The id of the document says what was published; the written digest only that all of it is here.
    let digest: [u8; 32] = Sha256::digest(source.as_bytes()).into();
    match document.id() == form_id(space, &digest) {
        true => Ok(source),
        false => Err(NoSource::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ActorBytes, MemberId};
    use crate::base::limits::CHANGE_BYTES_MAX;
    use crate::doc::Edit;

    const SPACE: SpaceId = SpaceId([5; 16]);

    fn digest(source: &str) -> [u8; 32] {
        Sha256::digest(source.as_bytes()).into()
    }

    fn written(source: &str, changes: &[Vec<Put>]) -> Document {
        let mut document = Document::new(DocKind::Form, form_id(SPACE, &digest(source)));
        for (number, puts) in (1..).zip(changes) {
            let edit = Edit {
                author: MemberId([1; 16]),
                at_ms: 1000,
                base: document.heads(),
                puts: puts.clone(),
            };
            let made = document.edit(&edit, ActorBytes([number; 16])).unwrap().unwrap();
            assert!(made.bytes.len() < CHANGE_BYTES_MAX);
        }
        document
    }

    #[test]
    fn the_longest_source_fits_and_comes_back_cut_between_characters() {
        let mut source = "甲".repeat(FORM_SOURCE_BYTES_MAX / 3);
        source.insert(0, '.');
        let changes = source_puts(&source);
        assert_eq!(changes.len(), 5);
        assert_eq!(source_of(&written(&source, &changes), SPACE), Ok(source));
    }

    #[test]
    fn half_a_form_waits_and_another_is_damaged() {
        let source = "甲乙丙".repeat(30_000);
        let changes = source_puts(&source);
        assert!(changes.len() > 1);
        let half = written(&source, &changes[..changes.len() - 1]);
        assert_eq!(source_of(&half, SPACE), Err(NoSource::Incomplete));
        assert_eq!(source_of(&written("another", &changes), SPACE), Err(NoSource::Damaged));
        // The same in another village is another document.
        let elsewhere = SpaceId([6; 16]);
        assert_eq!(
            source_of(&written(&source, &changes), elsewhere),
            Err(NoSource::Damaged)
        );
        let mut gap = source_puts(&source);
        gap[0].remove(3);
        assert_eq!(source_of(&written(&source, &gap), SPACE), Err(NoSource::Damaged));
        let place = Document::new(DocKind::Place, form_id(SPACE, &digest(&source)));
        assert_eq!(source_of(&place, SPACE), Err(NoSource::Damaged));
    }
}
