//! The team of a village, and who is paired with which household or group.

use std::collections::BTreeSet;

use super::enums::Role;
use super::values::Values;
use crate::base::date::Date;
use crate::base::id::{MemberId, RecordId};

/// A person of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    /// Nothing where a newer release wrote a role that this one does not know.
    pub role: Option<Role>,
    pub phone: String,
    pub unit: String,
    pub unit_level: String,
    pub positions: BTreeSet<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub void: bool,
}

impl Member {
    /// From a record.
    pub fn read(id: MemberId, values: &impl Values) -> Self {
        Self {
            id,
            name: values.text("name"),
            role: Role::from_code(&values.text("role")),
            phone: values.text("phone"),
            unit: values.text("unit"),
            unit_level: values.text("unit_level"),
            positions: values.set("position"),
            from: values.date("from"),
            to: values.date("to"),
            void: values.is_void(),
        }
    }

    /// Whether the person belongs to the team on a day; the last day included.
    pub fn is_active(&self, day: Date) -> bool {
        !self.void && self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// Somebody who answers for a household, or for every household of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Pairing {
    pub id: RecordId,
    /// The team member; nothing where a roster named somebody who has not joined.
    pub member: Option<MemberId>,
    /// The name that the roster gave.
    pub name: String,
    pub role: String,
    /// The group, where a whole one is paired; empty for the household the record stands in.
    pub group: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub void: bool,
    pub void_reason: String,
}

impl Pairing {
    /// From a record.
    pub fn read(id: RecordId, values: &impl Values) -> Self {
        Self {
            id,
            member: values.text("member").parse().ok(),
            name: values.text("name"),
            role: values.text("role"),
            group: values.text("group"),
            from: values.date("from"),
            to: values.date("to"),
            void: values.is_void(),
            void_reason: values.text("void/reason"),
        }
    }

    /// Whether it holds on a day; the last day included. A pairing with nobody holds on no day.
    pub fn is_active(&self, day: Date) -> bool {
        let somebody = self.member.is_some() || !self.name.is_empty();
        !self.void && somebody && self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::scalar::Scalar;
    use std::collections::BTreeMap;

    #[test]
    fn a_pairing_holds_from_its_first_to_its_last_day() {
        let who = MemberId([7; 16]).to_string();
        let mut record: BTreeMap<String, Scalar> =
            [("member", who.as_str()), ("from", "2019-01-01"), ("to", "2019-12-31")]
                .map(|(key, value)| (key.to_owned(), value.into()))
                .into();
        let active = |record: &BTreeMap<String, Scalar>, day: &str| {
            Pairing::read(RecordId([1; 16]), record).is_active(day.parse().unwrap())
        };
        for (day, holds) in [
            ("2018-12-31", false),
            ("2019-01-01", true),
            ("2019-12-31", true),
            ("2020-01-01", false),
        ] {
            assert_eq!(active(&record, day), holds, "{day}");
        }
        record.remove("member");
        assert!(!active(&record, "2019-06-01"));
        record.insert("name".to_owned(), "李国强".into());
        assert!(active(&record, "2019-06-01"));
        record.insert("void/reason".to_owned(), "记错".into());
        assert!(!active(&record, "2019-06-01"));
    }
}
