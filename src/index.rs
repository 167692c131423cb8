//! The village index: one compact row per household and finding, made from the document, so that lists appear without
//! opening any. Rows hold dates, never "overdue" or "this month". Made on phones and, for the first load, at the endpoint.

mod row;

pub use row::{
    FindingRow, HouseholdRow, Row, RowLink, RowPairing, RowPerson, RowStatus, RowVisit, Tag, id_hash, person_tag,
    phone_mark, row_is_current,
};
