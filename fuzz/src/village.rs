//! A small village to attack: one family with persons, visits and notes, one finding; always the same bytes.

use bianfang::base::id::{ActorBytes, DocId, MemberId, RecordId};
use bianfang::doc::{At, DocKind, Document, Edit, Put};

/// The family's document.
pub const FAMILY: DocId = DocId([3; 16]);
/// The finding's document.
pub const FINDING: DocId = DocId([6; 16]);
/// When everything was written.
pub const AT_MS: i64 = 1_565_830_000_000;

/// The id of a record, by a number.
pub fn record(number: u8) -> RecordId {
    RecordId([number; 16])
}

/// One value.
pub fn value(at: At, key: &str, value: &str) -> Put {
    Put::Value {
        at,
        key: key.into(),
        value: value.into(),
    }
}

/// A record with its first values and a note.
pub fn create(at: At, fields: &[(&str, &str)], note: &str) -> Put {
    Put::Create {
        at,
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect(),
        notes: vec![("words".into(), note.into())],
    }
}

/// Writes on everything that the document holds; the bytes of the change.
pub fn write(document: &mut Document, author: MemberId, actor: ActorBytes, puts: Vec<Put>) -> Vec<u8> {
    let edit = Edit {
        author,
        at_ms: AT_MS,
        base: document.heads(),
        puts,
    };
    let made = document.edit(&edit, actor).expect("the edit is good");
    made.expect("the edit writes something").bytes
}

/// Saves of a family by two people, each made upon the one before.
pub fn saves() -> Vec<Vec<Put>> {
    let person = |number, name: &str, relation: &str, id_no: &str| {
        create(
            At::table("persons", record(number)),
            &[("name", name), ("relation", relation), ("id_no", id_no)],
            "",
        )
    };
    let visit = |number, on: &str, words: &str| {
        create(
            At::table("visits", record(number)),
            &[
                ("on", on),
                ("kind", "结对走访"),
                ("home", "at_home"),
                ("next_on", "2019-09-01"),
                ("check/water", "unmet"),
            ],
            words,
        )
    };
    vec![
        vec![
            value(At::Own, "number", "4228221042990037"),
            value(At::Own, "group", "3组"),
            value(At::Own, "phone", "15400000001"),
            person(1, "王芳", "户主", "11010519491231002X"),
        ],
        vec![person(2, "李强", "配偶", "422899196107259980")],
        vec![visit(7, "2019-08-15", "水不够")],
        vec![
            value(At::Own, "phone", "15400000002"),
            Put::Note {
                at: At::table("visits", record(7)),
                key: "words".into(),
                text: "水还是不够".into(),
            },
        ],
    ]
}

/// The family after all its saves.
pub fn family() -> Document {
    let mut document = Document::new(DocKind::Household, FAMILY);
    for (number, puts) in saves().into_iter().enumerate() {
        let who = number as u8 % 2;
        write(
            &mut document,
            MemberId([who; 16]),
            ActorBytes([40 + number as u8; 16]),
            puts,
        );
    }
    document
}

/// A finding about that family.
pub fn finding() -> Document {
    let mut document = Document::new(DocKind::Finding, FINDING);
    let puts = vec![
        value(At::Own, "household", &FAMILY.to_string()),
        value(At::Own, "category", "饮水"),
        value(At::Own, "found_on", "2019-08-15"),
    ];
    write(&mut document, MemberId([0; 16]), ActorBytes([50; 16]), puts);
    document
}
