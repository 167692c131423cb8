//! The village index on the phone: all rows in memory, stored in 64 pages, so that a start reads few records and a save
//! rewrites one small page in its own transaction.

use super::alike::AllAlike;
use super::envelope;
use super::marks::{Found, Marks};
use super::store::{Batch, Entry, Table};
use super::twins::Twins;
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::DocId;
use crate::base::limits::DOCUMENT_BYTES_MAX;
use crate::index::{FindingRow, HouseholdRow, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// All rows.
#[derive(Debug, Default)]
pub struct Rows {
    rows: BTreeMap<DocId, Row>,
    marks: Marks,
}

fn page_of(document: DocId) -> u8 {
    document.0[0] >> 2
}

impl Rows {
    /// Rows that are stored nowhere: those of another day.
    pub(super) fn of(rows: BTreeMap<DocId, Row>) -> Self {
        Self {
            rows,
            marks: Marks::default(),
        }
    }

    /// Reads the stored pages. The second part is false when a page or row is damaged or of another version: then the
    /// index is to be made again from the documents.
    pub(super) fn read(pages: &[Entry]) -> (Self, bool) {
        let mut rows = BTreeMap::new();
        let mut whole = true;
        for (_, page) in pages {
            let read = envelope::open(page)
                .ok_or(DecodeError::Short)
                .and_then(|page| read_page(page, &mut rows));
            whole &= read.is_ok();
        }
        (Self::of(rows), whole)
    }

    /// The row of a document.
    pub fn get(&self, document: DocId) -> Option<&Row> {
        self.rows.get(&document)
    }
    /// The documents that have a row, those after `last`.
    pub(super) fn after(&self, last: Option<DocId>) -> impl Iterator<Item = DocId> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.rows.range((from, Bound::Unbounded)).map(|(id, _)| *id)
    }
    /// The row of a household.
    pub fn household(&self, document: DocId) -> Option<&HouseholdRow> {
        match self.rows.get(&document) {
            Some(Row::Household(row)) => Some(row),
            _ => None,
        }
    }
    /// The row of a finding.
    pub fn finding(&self, document: DocId) -> Option<&FindingRow> {
        match self.rows.get(&document) {
            Some(Row::Finding(row)) => Some(row),
            _ => None,
        }
    }
    /// Every household.
    pub fn households(&self) -> impl Iterator<Item = (DocId, &HouseholdRow)> {
        self.rows.iter().filter_map(|(id, row)| match row {
            Row::Household(row) => Some((*id, row.as_ref())),
            _ => None,
        })
    }
    /// Every finding.
    pub fn findings(&self) -> impl Iterator<Item = (DocId, &FindingRow)> {
        self.rows.iter().filter_map(|(id, row)| match row {
            Row::Finding(row) => Some((*id, row.as_ref())),
            _ => None,
        })
    }

    /// Every family, once: of households that were joined the one under which they are shown, as they count together.
    pub fn families(&self) -> impl Iterator<Item = (DocId, &HouseholdRow)> {
        let twins = self.twins();
        self.households()
            .filter(|(id, _)| !twins.households.joined().is_led(*id))
            .map(|(id, row)| (id, twins.counted(id).unwrap_or(row)))
    }
    /// A household as it counts, with what was joined under it.
    pub fn family(&self, household: DocId) -> Option<&HouseholdRow> {
        let counted = self.twins().counted(household);
        counted.or_else(|| self.household(household))
    }
    /// The household under which another one is shown: itself, unless it was joined.
    pub fn leader(&self, household: DocId) -> DocId {
        self.twins().households.joined().leader(household)
    }
    /// The households that are shown under this one.
    pub fn parts(&self, household: DocId) -> Vec<DocId> {
        let joined = self.twins().households.joined();
        if joined.is_led(household) {
            return Vec::new();
        }
        joined.others(household).collect()
    }

    /// The problems of a household, and of those shown under it.
    pub fn found(&self, household: DocId) -> Found {
        let parts = self.parts(household).into_iter();
        let parts = parts.map(|part| self.marks.found(self, part));
        parts.fold(self.marks.found(self, household), Found::and)
    }
    /// What people joined and told apart.
    pub fn twins(&self) -> &Twins {
        self.marks.twins(self)
    }
    /// What looks alike and is not decided.
    pub fn alike(&self) -> &AllAlike {
        self.marks.alike(self)
    }

    /// Adds the pages as they will be with these rows to a batch. The rows count only after [`Rows::take`].
    pub(super) fn put(&self, batch: &mut Batch, changed: &BTreeMap<DocId, Row>) {
        let pages: BTreeSet<u8> = changed.keys().map(|id| page_of(*id)).collect();
        for page in pages {
            let (from, to) = (DocId(bounds(page, 0)), DocId(bounds(page, 0xff)));
            let mut merged: BTreeMap<DocId, &Row> = self.rows.range(from..=to).map(|(id, row)| (*id, row)).collect();
            merged.extend(changed.range(from..=to).map(|(id, row)| (*id, row)));
            let mut writer = Writer::new();
            writer.number(merged.len() as u64);
            for (id, row) in merged {
                writer.raw(id.as_bytes());
                writer.bytes(&row.encode());
            }
            batch.put(Table::Row, [page], envelope::seal(&writer.finish()));
        }
    }

    /// Takes the rows over after the batch was stored.
    pub(super) fn take(&mut self, changed: BTreeMap<DocId, Row>) {
        for (id, row) in changed {
            self.marks.forget(id, self.rows.get(&id), &row);
            self.rows.insert(id, row);
        }
    }
}

fn bounds(page: u8, fill: u8) -> [u8; 16] {
    let mut bytes = [fill; 16];
    bytes[0] = (page << 2) | (fill & 3);
    bytes
}

fn read_page(page: &[u8], rows: &mut BTreeMap<DocId, Row>) -> Result<(), DecodeError> {
    let mut reader = Reader::new(page);
    for _ in 0..reader.count(page.len())? {
        let id = DocId(reader.array()?);
        rows.insert(id, Row::decode(reader.bytes(DOCUMENT_BYTES_MAX)?)?);
    }
    reader.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::store::Step;
    use crate::doc::DocKind;

    #[test]
    fn pages_hold_their_own_documents_and_come_back() {
        let row = |heads: u8| Row::Other {
            kind: DocKind::Log,
            heads: [heads; 8],
        };
        let mut rows = Rows::default();
        let mut stored: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        for turn in 0..=255u8 {
            let changed = BTreeMap::from([(DocId([turn; 16]), row(turn))]);
            let mut batch = Batch::default();
            rows.put(&mut batch, &changed);
            rows.take(changed);
            for step in batch.steps {
                let Step::Put(Table::Row, key, value) = step else {
                    panic!("only pages are written")
                };
                stored.insert(key, value);
            }
        }
        assert_eq!(stored.len(), 64);
        let entries: Vec<Entry> = stored.into_iter().collect();
        let (read, whole) = Rows::read(&entries);
        assert!(whole);
        assert_eq!(read.rows, rows.rows);
        let mut damaged = entries;
        damaged[3].1[9] ^= 1;
        assert!(!Rows::read(&damaged).1);
    }
}
