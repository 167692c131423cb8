//! Reads the parts that changes and saved documents are made of, without Automerge: numbers, names, and the runs of a
//! column, which are never written out here.

use super::header::HeaderError;
use crate::base::id::{ActorBytes, MemberId};

/// What every chunk begins with.
pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The kind of a chunk that is a whole document.
pub(super) const CHUNK_DOCUMENT: u8 = 0;
/// Columns of one chunk; Automerge writes sixteen at most.
pub(super) const COLUMNS_MAX: usize = 32;
/// Set in the specification of a column that is compressed.
pub(super) const COMPRESSED: u64 = 0b1000;
/// Tag of the author in the footer.
const FOOTER_AUTHOR: u64 = 1;

/// How many values of other columns belong to each row.
pub(super) const GROUP: u64 = 0;
/// Differences to the number before.
pub(super) const DELTA: u64 = 3;
/// Yes and no by turns.
pub(super) const BOOLEAN: u64 = 4;
/// Words with their length before them.
pub(super) const WORDS: u64 = 5;
/// Bytes without rows of their own.
pub(super) const RAW: u64 = 7;

/// What is left to read.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], HeaderError> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(HeaderError::Malformed)?;
        self.0 = tail;
        Ok(head)
    }
    /// As many bytes as somebody else's number says.
    pub(super) fn part(&mut self, length: u64) -> Result<&'a [u8], HeaderError> {
        self.take(usize::try_from(length).map_err(|_| HeaderError::Malformed)?)
    }
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], HeaderError> {
        self.take(N)?.try_into().map_err(|_| HeaderError::Malformed)
    }
    pub(super) fn uleb(&mut self) -> Result<u64, HeaderError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(HeaderError::Malformed);
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(HeaderError::Malformed)
    }
    pub(super) fn sleb(&mut self) -> Result<i64, HeaderError> {
        let mut value = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= i64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                let bits = shift + 7;
                let negative = byte & 0x40 != 0 && bits < 64;
                return Ok(if negative { value | (-1i64 << bits) } else { value });
            }
        }
        Err(HeaderError::Malformed)
    }
    pub(super) fn actor(&mut self) -> Result<ActorBytes, HeaderError> {
        let length = self.uleb()?;
        if length != 16 {
            return Err(HeaderError::ForeignActor);
        }
        Ok(ActorBytes(self.array()?))
    }
    pub(super) fn names<T>(
        &mut self,
        max: usize,
        mut each: impl FnMut(&mut Self) -> Result<T, HeaderError>,
    ) -> Result<Vec<T>, HeaderError> {
        let count = self.uleb()?;
        if count > max as u64 {
            return Err(HeaderError::TooManyNames);
        }
        (0..count).map(|_| each(self)).collect()
    }
    /// Specifications and lengths of columns.
    pub(super) fn columns(&mut self) -> Result<Vec<(u64, u64)>, HeaderError> {
        self.names(COLUMNS_MAX, |input| Ok((input.uleb()?, input.uleb()?)))
    }
    /// The footer: tag, length, the sixteen bytes of a member's id.
    pub(super) fn author(&mut self) -> Option<MemberId> {
        let (tag, length) = (self.uleb().ok()?, self.uleb().ok()?);
        if tag != FOOTER_AUTHOR || length != 16 {
            None
        } else {
            self.array().ok().map(MemberId)
        }
    }
    /// One value of a run-length column: its number, or of words their length.
    fn value(&mut self, kind: u64) -> Result<i64, HeaderError> {
        match kind {
            DELTA => self.sleb(),
            WORDS => {
                let length = self.uleb()?;
                Ok(self.part(length)?.len() as i64)
            }
            _ => Ok(i64::try_from(self.uleb()?).unwrap_or(i64::MAX)),
        }
    }
}

/// Hands every run of a column to `each`: how often, and what as [`Input::value`] reads it; nothing stands for an empty
/// row, and for yes and no.
pub(super) fn runs(
    kind: u64,
    mut input: Input<'_>,
    each: &mut dyn FnMut(u64, Option<i64>) -> Result<(), HeaderError>,
) -> Result<(), HeaderError> {
    while kind != RAW && !input.0.is_empty() {
        if kind == BOOLEAN {
            each(input.uleb()?, None)?;
            continue;
        }
        match input.sleb()? {
            0 => each(input.uleb()?, None)?,
            run if run > 0 => {
                let value = input.value(kind)?;
                each(run.unsigned_abs(), Some(value))?;
            }
            literal => {
                for _ in 0..literal.unsigned_abs() {
                    let value = input.value(kind)?;
                    each(1, Some(value))?;
                }
            }
        }
    }
    Ok(())
}
