//! A record as people wrote it: every live value of every key. Knows nothing of what the keys mean.

use super::document::Hash;
use crate::base::id::RecordId;
use crate::base::scalar::Scalar;
use std::collections::BTreeMap;
use std::fmt;

/// One live value and the change that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    pub value: Scalar,
    pub hash: Hash,
}

/// One flat record. Of several live values the first is the one that every replica shows first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Scalars by key; at least one live value each.
    pub fields: BTreeMap<String, Vec<Live>>,
    /// Free notes by key, merged character by character.
    pub notes: BTreeMap<String, String>,
}

impl Record {
    /// The value that every replica shows first; nothing when never written or cleared.
    pub fn get(&self, key: &str) -> Option<&Scalar> {
        self.fields
            .get(key)
            .and_then(|live| live.first())
            .map(|live| &live.value)
            .filter(|value| !value.is_empty())
    }
    /// That value as text, empty when there is none.
    pub fn text(&self, key: &str) -> String {
        self.get(key).map(Scalar::to_text).unwrap_or_default()
    }
    /// That value as an integer.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Scalar::to_int)
    }
    /// A note, empty when there is none.
    pub fn note(&self, key: &str) -> &str {
        self.notes.get(key).map(String::as_str).unwrap_or_default()
    }
    /// Members of a set kept as keys `prefix/member` = 1, in the order of the keys.
    pub fn set(&self, prefix: &str) -> Vec<String> {
        self.under(prefix)
            .filter(|(_, live)| is_one(live))
            .map(|(member, _)| member.to_owned())
            .collect()
    }
    /// Keys `prefix/rest` with their live values.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Vec<Live>)> + 'a {
        self.fields
            .range(format!("{prefix}/")..)
            .map_while(move |(key, live)| Some((key.strip_prefix(prefix)?.strip_prefix('/')?, live)))
    }
    /// Every live value of a key.
    pub fn live(&self, key: &str) -> &[Live] {
        self.fields.get(key).map(Vec::as_slice).unwrap_or_default()
    }
    /// More than one unequal live value.
    pub fn differs(&self, key: &str) -> bool {
        let live = self.live(key);
        live.iter().any(|other| other.value != live[0].value)
    }
    /// Withdrawn: hidden from lists and counts, still readable.
    pub fn is_void(&self) -> bool {
        self.get("void/reason").is_some() || self.get("void/on").is_some()
    }
}

/// A member of a set is in it when any live value says so: a set merges by union.
fn is_one(live: &[Live]) -> bool {
    live.iter().any(|live| live.value == Scalar::Int(1))
}

/// Where a record stands: the document's own record, or one of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The document's own record.
    Own,
    /// A record of a table.
    In(String, RecordId),
}

impl At {
    /// A record of a table.
    pub fn table(table: &str, id: RecordId) -> Self {
        At::In(table.to_owned(), id)
    }
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Own => out.write_str("own"),
            At::In(table, id) => write!(out, "{table}/{id}"),
        }
    }
}

impl std::str::FromStr for At {
    type Err = crate::base::id::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "own" {
            return Ok(At::Own);
        }
        let (table, id) = text.split_once('/').ok_or(crate::base::id::NotAnId)?;
        Ok(At::In(table.to_owned(), id.parse()?))
    }
}
