//! What a newer release writes and this one does not know: it must survive whatever this release does to the same
//! household, and hide nothing that this release knows.

use bianfang::base::id::RecordId;
use bianfang::doc::{At, Put};

/// Something of a newer release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// A field of the family.
    Field,
    /// A field of a person.
    PersonField,
    /// One more member of a set, beside the known ones.
    Member,
    /// A term that a known list of choices does not have.
    Term,
    /// A record of a kind of its own, in a table that is there.
    Record,
    /// A change of status of an unknown kind.
    Event,
}

/// Every one.
pub const NOVELTIES: [Novelty; 6] = [
    Novelty::Field,
    Novelty::PersonField,
    Novelty::Member,
    Novelty::Term,
    Novelty::Record,
    Novelty::Event,
];

/// What is written, and where it must be found afterwards.
pub struct Written {
    pub puts: Vec<Put>,
    pub at: At,
    pub key: String,
    pub value: String,
}

impl Novelty {
    /// The field that this release knows and fills with other terms.
    pub const KNOWN_KEY: &'static str = "tier";

    /// What it writes the `count`th time: each time something that nobody else writes.
    pub fn write(self, count: u64) -> Written {
        let value = format!("新版{count}");
        let fresh = RecordId(
            [&[0xEE; 8][..], &count.to_be_bytes()]
                .concat()
                .try_into()
                .unwrap_or([0xEE; 16]),
        );
        let (at, key) = match self {
            Novelty::Field => (At::Own, format!("later/{count}")),
            Novelty::PersonField => (At::table("persons", RecordId([3; 16])), format!("later/{count}")),
            Novelty::Member => (At::Own, format!("class/{value}")),
            Novelty::Term => (At::Own, Self::KNOWN_KEY.to_owned()),
            Novelty::Record => (At::table("measures", fresh), "later".to_owned()),
            Novelty::Event => (At::table("events", fresh), "kind".to_owned()),
        };
        let scalar = match self {
            Novelty::Member => 1.into(),
            _ => value.as_str().into(),
        };
        let puts = match self {
            Novelty::Record => vec![created(
                &at,
                vec![(key.clone(), scalar), ("kind".into(), "后来的".into())],
            )],
            Novelty::Event => {
                let given = vec![
                    ("subject".into(), "household".into()),
                    ("on".into(), "2019-08-01".into()),
                    (key.clone(), scalar),
                ];
                vec![created(&at, given)]
            }
            _ => vec![Put::Value {
                at: at.clone(),
                key: key.clone(),
                value: scalar,
            }],
        };
        let value = if self == Novelty::Member { "1".to_owned() } else { value };
        Written { puts, at, key, value }
    }
}

fn created(at: &At, fields: Vec<(String, bianfang::base::scalar::Scalar)>) -> Put {
    Put::Create {
        at: at.clone(),
        fields,
        notes: Vec::new(),
    }
}
