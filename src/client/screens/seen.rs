//! What a person saw: the heads of a document as an opaque text that goes to the app with a view and comes back with the
//! changes made on it.

use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::doc::{At, Document, EditError, Hash};

/// Heads above this many are not what a view ever gave out.
const HEADS_MAX: usize = 256;

/// The heads of a document as text.
pub(super) fn base_of(document: &Document) -> String {
    base_text(&document.heads())
}

/// Heads as text.
pub(super) fn base_text(heads: &[Hash]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    heads
        .iter()
        .flat_map(|head| head.0)
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The heads that a view gave out.
///
/// # Errors
/// Anything else than such a text.
pub(super) fn read_base(text: &str) -> Result<Vec<Hash>, ClientError> {
    let unknown = || ClientError::Edit(EditError::UnknownBase);
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .ok_or_else(unknown)?;
    let (heads, rest) = digits.as_chunks::<64>();
    if heads.is_empty() || heads.len() > HEADS_MAX || !rest.is_empty() {
        return Err(unknown());
    }
    let hash = |digits: &[u8; 64]| Hash(std::array::from_fn(|at| digits[2 * at] << 4 | digits[2 * at + 1]));
    Ok(heads.iter().map(hash).collect())
}

/// The same, and every one of them in the document.
pub(super) fn base_in(document: &Document, text: &str) -> Result<Vec<Hash>, ClientError> {
    let base = read_base(text)?;
    if base.iter().all(|head| document.has(*head)) {
        Ok(base)
    } else {
        Err(ClientError::Edit(EditError::UnknownBase))
    }
}

/// A document id as the app hands it back.
pub(super) fn document_id(text: &str) -> Result<DocId, ClientError> {
    text.parse().map_err(|_| ClientError::NotFound)
}

/// A record as the app hands it back; the document's own record may be left empty.
pub(super) fn record_at(text: &str) -> Result<At, ClientError> {
    match text {
        "" => Ok(At::Own),
        text => text.parse().map_err(|_| ClientError::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::DocKind;

    #[test]
    fn a_base_comes_back_and_nothing_else_is_one() {
        let document = Document::new(DocKind::Household, DocId([7; 16]));
        let text = base_of(&document);
        assert_eq!(base_in(&document, &text).unwrap(), document.heads());
        let other = Document::new(DocKind::Household, DocId([8; 16]));
        let longer = format!("{text}0");
        for bad in ["", "zz", "12", longer.as_str(), base_of(&other).as_str()] {
            assert!(base_in(&document, bad).is_err(), "{bad}");
        }
    }
}
