//! How the plain types are filled from a flat record of scalars, wherever the record is kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::date::{Date, Month};
use crate::base::scalar::Scalar;

/// A flat record that answers with one value per key: the settled one, or of several live values the one that the
/// caller has decided to count with.
pub trait Values {
    /// The value of a key; nothing where it was never written or was cleared.
    fn value(&self, key: &str) -> Option<&Scalar>;

    /// What follows `prefix/` in each key that begins so, with its value, in the order of the keys.
    fn under(&self, prefix: &str) -> Vec<(&str, &Scalar)>;

    /// A free note; empty where there is none.
    fn note(&self, key: &str) -> &str;

    /// The value as text; empty where there is none.
    fn text(&self, key: &str) -> String {
        self.value(key).map(Scalar::to_text).unwrap_or_default()
    }

    /// The value as an integer.
    fn int(&self, key: &str) -> Option<i64> {
        self.value(key).and_then(Scalar::to_int)
    }

    /// The value as a date, where it is one.
    fn date(&self, key: &str) -> Option<Date> {
        self.value(key)?.as_text()?.parse().ok()
    }

    /// The value as a month, where it is one.
    fn month(&self, key: &str) -> Option<Month> {
        Month::parse_lenient(self.value(key)?.as_text()?).ok()
    }

    /// The members of a set: what follows `prefix/` in the keys whose value is 1.
    fn set(&self, prefix: &str) -> BTreeSet<String> {
        let members = self
            .under(prefix)
            .into_iter()
            .filter(|(_, value)| value.to_int() == Some(1));
        members.map(|(member, _)| member.to_owned()).collect()
    }

    /// Whether the record was withdrawn.
    fn is_void(&self) -> bool {
        self.value("void/reason").is_some() || self.value("void/on").is_some()
    }
}

impl Values for BTreeMap<String, Scalar> {
    fn value(&self, key: &str) -> Option<&Scalar> {
        self.get(key).filter(|value| !value.is_empty())
    }

    fn under(&self, prefix: &str) -> Vec<(&str, &Scalar)> {
        let from = format!("{prefix}/");
        let keys = self
            .range(from.clone()..)
            .map_while(|(key, value)| Some((key.strip_prefix(&from)?, value)));
        keys.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn note(&self, key: &str) -> &str {
        self.value(key).and_then(Scalar::as_text).unwrap_or_default()
    }
}
