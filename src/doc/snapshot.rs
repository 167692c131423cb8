//! Judges a saved document by its run lengths, before Automerge expands it: a snapshot of a kilobyte can claim a billion
//! rows, or changes that take up as many numbers. Opens nothing and reads no value of the people.

use super::columns::{CHUNK_DOCUMENT, COMPRESSED, DELTA, GROUP, Input, MAGIC, RAW, WORDS, runs};
use super::header::HeaderError;
use crate::base::inflate::{InflateError, inflate};
use crate::base::limits::{
    DOCUMENT_ACTORS_MAX, DOCUMENT_CHANGES_MAX, DOCUMENT_CLOCKS_MAX, DOCUMENT_DEPS_MAX, DOCUMENT_INFLATED_MAX,
    DOCUMENT_OPS_MAX,
};
use flate2::Decompress;
use std::borrow::Cow;

/// Highest operation of each change, as differences.
const MAX_OP: u64 = 0x13;
/// On how many changes each change depends.
const DEPS: u64 = 0x40;
/// On which, by their place in the document, as differences.
const DEP: u64 = 0x43;

/// Whether Automerge may be handed `saved`: exactly one document, of which nothing expands beyond its limit.
///
/// # Errors
/// `TooManyOps` and `TooManyNames` for what is beyond a limit, anything else for bytes that are no saved document.
pub(super) fn check(saved: &[u8]) -> Result<(), HeaderError> {
    let mut input = Input(saved);
    if input.take(4)? != MAGIC {
        return Err(HeaderError::Malformed);
    }
    input.take(4)?;
    if input.take(1)? != [CHUNK_DOCUMENT] || input.uleb()? != input.0.len() as u64 {
        return Err(HeaderError::Malformed);
    }
    let actors = input.uleb()?;
    if actors > DOCUMENT_ACTORS_MAX {
        return Err(HeaderError::TooManyNames);
    }
    (0..actors).try_for_each(|_| input.actor().map(|_| ()))?;
    let heads = input.uleb()?;
    input.part(heads.saturating_mul(32))?;
    let (of_changes, of_operations) = (input.columns()?, input.columns()?);
    let mut room = Room {
        inflated: DOCUMENT_INFLATED_MAX,
        words: DOCUMENT_INFLATED_MAX as u64,
    };
    let mut graph = Graph::default();
    let mut before = None;
    for (specification, length) in of_changes {
        in_order(&mut before, specification)?;
        let data = room.inflate(specification, input.part(length)?)?;
        let specification = specification & !COMPRESSED;
        let rows_max = if specification == DEP {
            DOCUMENT_DEPS_MAX
        } else {
            DOCUMENT_CHANGES_MAX
        };
        let rows = room.rows(specification, &data, rows_max, DOCUMENT_DEPS_MAX)?;
        if rows.saturating_mul(actors) > DOCUMENT_CLOCKS_MAX && specification != DEP {
            return Err(HeaderError::TooManyNames);
        }
        graph.keep(specification, &data, rows)?;
    }
    graph.numbers_taken()?;
    before = None;
    for (specification, length) in of_operations {
        in_order(&mut before, specification)?;
        let data = room.inflate(specification, input.part(length)?)?;
        room.rows(specification & !COMPRESSED, &data, DOCUMENT_OPS_MAX, DOCUMENT_OPS_MAX)?;
    }
    Ok(())
}

/// Columns stand in the order of their specifications, each once; of two the library might read the other one.
fn in_order(before: &mut Option<u64>, specification: u64) -> Result<(), HeaderError> {
    let specification = specification & !COMPRESSED;
    if before
        .replace(specification)
        .is_some_and(|before| before >= specification)
    {
        return Err(HeaderError::Malformed);
    }
    Ok(())
}

/// What may still come out of the columns, in bytes.
struct Room {
    inflated: usize,
    words: u64,
}

impl Room {
    fn inflate<'a>(&mut self, specification: u64, data: &'a [u8]) -> Result<Cow<'a, [u8]>, HeaderError> {
        if specification & COMPRESSED == 0 {
            return Ok(Cow::Borrowed(data));
        }
        let inflated = inflate(Decompress::new(false), data, self.inflated).map_err(|error| match error {
            InflateError::Damaged => HeaderError::Malformed,
            InflateError::TooLarge => HeaderError::TooManyOps,
        })?;
        self.inflated -= inflated.len();
        Ok(Cow::Owned(inflated))
    }

    /// Rows of a column. A word that many rows share is copied into the change of each.
    fn rows(&mut self, specification: u64, data: &[u8], rows_max: u64, grouped_max: u64) -> Result<u64, HeaderError> {
        let kind = specification & 0b111;
        let (mut rows, mut grouped) = (0u64, 0u64);
        runs(kind, Input(data), &mut |count, value| {
            rows = rows.saturating_add(count);
            let value = value.unwrap_or(0).unsigned_abs();
            match kind {
                GROUP => grouped = grouped.saturating_add(value.saturating_mul(count)),
                WORDS => {
                    let left = self.words.checked_sub(value.saturating_mul(count));
                    self.words = left.ok_or(HeaderError::TooManyOps)?;
                }
                _ => {}
            }
            if rows > rows_max || grouped > grouped_max {
                return Err(HeaderError::TooManyOps);
            }
            Ok(())
        })?;
        Ok(rows)
    }
}

/// What the changes of a document build on.
#[derive(Default)]
struct Graph {
    max_ops: Vec<u32>,
    deps: Vec<u32>,
    dep: Vec<u32>,
}

impl Graph {
    /// Writes out the columns that are needed; their rows are counted before.
    fn keep(&mut self, specification: u64, data: &[u8], rows: u64) -> Result<(), HeaderError> {
        let column = match specification {
            MAX_OP => &mut self.max_ops,
            DEPS => &mut self.deps,
            DEP => &mut self.dep,
            _ => return Ok(()),
        };
        column.reserve_exact(rows as usize);
        let mut last = 0i64;
        runs(specification & 0b111, Input(data), &mut |count, value| {
            let value = value.ok_or(HeaderError::Malformed)?;
            for _ in 0..count {
                last = if specification & RAW == DELTA {
                    last.checked_add(value).ok_or(HeaderError::Malformed)?
                } else {
                    value
                };
                column.push(u32::try_from(last).map_err(|_| HeaderError::Malformed)?);
            }
            Ok(())
        })
    }

    /// Each change takes up the numbers from the highest that it builds on to its own highest, and the library reserves a
    /// place for each of them, whether an operation bears it or not.
    fn numbers_taken(&self) -> Result<(), HeaderError> {
        if self.max_ops.len() != self.deps.len() {
            return Err(HeaderError::Malformed);
        }
        let mut taken = 0u64;
        let mut left = self.dep.as_slice();
        for (highest, deps) in self.max_ops.iter().zip(&self.deps) {
            let (here, rest) = left.split_at_checked(*deps as usize).ok_or(HeaderError::Malformed)?;
            left = rest;
            let mut built_on = 0;
            for dep in here {
                let dep = self.max_ops.get(*dep as usize).ok_or(HeaderError::Malformed)?;
                built_on = built_on.max(*dep);
            }
            let own = highest.checked_sub(built_on).ok_or(HeaderError::Malformed)?;
            taken += u64::from(own);
        }
        if taken > DOCUMENT_OPS_MAX {
            return Err(HeaderError::TooManyOps);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
