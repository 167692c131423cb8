//! Rows of the index as stored and as packed: what decodes must encode, and decode to the same.

use bianfang::index::Row;

/// The target.
pub fn run(bytes: &[u8]) {
    if let Ok(row) = Row::decode(bytes) {
        assert_eq!(Row::decode(&row.encode()).as_ref(), Ok(&row));
        if let Row::Household(row) = &row {
            row.head();
            row.visited_on();
        }
    }
}
