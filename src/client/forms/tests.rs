//! The list of published versions, and forms from documents that are whole, halved, foreign or of a newer release.

use super::*;
use crate::base::id::{ActorBytes, MemberId};
use crate::doc::{At, DocKind, Edit, Put, form_id, source_puts, village_id};

const SPACE: SpaceId = SpaceId([5; 16]);
const WATER: &str =
    "bianfang form 1\n\\settings\nform_id\tversion\nwater\t1\n\\survey\ntype\tname\tlabel\ntext\twhy\tWhy?\n";

fn write(document: &mut Document, number: u8, puts: Vec<Put>) {
    let edit = Edit {
        author: MemberId([1; 16]),
        at_ms: 1000,
        base: document.heads(),
        puts,
    };
    document.edit(&edit, ActorBytes([number; 16])).unwrap().unwrap();
}

fn stored(named_after: &str, source: &str) -> Document {
    let mut document = Document::new(DocKind::Form, form_id(SPACE, &source::digest(named_after)));
    for (number, puts) in (1..).zip(source_puts(source)) {
        write(&mut document, number, puts);
    }
    document
}

fn form_of(document: &Document) -> Result<Form, ClientError> {
    let (sheets, files) = sheets_of(document, SPACE)?;
    opened(&sheets, &files)
}

fn line(number: u8, fields: &[(&str, &str)]) -> Put {
    Put::Create {
        at: At::table("forms", RecordId([number; 16])),
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).into()))
            .collect(),
        notes: Vec::new(),
    }
}

#[test]
fn the_version_published_last_and_still_in_use_is_the_current_one() {
    let mut village = Document::new(DocKind::Village, village_id(SPACE));
    let document = DocId([9; 16]).to_string();
    let version = |form, version, on, to| {
        [
            ("form", form),
            ("version", version),
            ("title", "饮水"),
            ("document", document.as_str()),
            ("on", on),
            ("to", to),
        ]
    };
    let puts = vec![
        line(4, &version("water", "2", "2019-05-01", "")),
        // On the same day the one that was made later.
        line(3, &version("water", "1", "2019-05-01", "")),
        line(1, &version("water", "3", "2019-06-01", "2019-06-02")),
        line(2, &version("jobs", "1", "2019-04-01", "2019-06-02")),
        line(7, &[("form", "later"), ("on", "2019-07-01")]),
    ];
    write(&mut village, 1, puts);
    let listed: Vec<(String, String, bool)> = listed(&village, "forms", "")
        .into_iter()
        .map(|one| (one.form, one.version, one.current))
        .collect();
    let expected = [
        ("jobs", "1", false),
        ("water", "1", false),
        ("water", "2", true),
        ("water", "3", false),
    ];
    assert_eq!(
        listed,
        expected.map(|(form, version, is)| (form.to_owned(), version.to_owned(), is))
    );
}

#[test]
fn a_form_opens_only_if_it_is_what_was_published() {
    let form = form_of(&stored(WATER, WATER)).unwrap();
    assert_eq!((form.id.as_str(), form.parts.len()), ("water", 1));
    let code = |document: &Document| form_of(document).map(|form| form.id).unwrap_err().code();
    assert_eq!(code(&stored("another", WATER)), "form_damaged");
    let id = form_id(SPACE, &source::digest(WATER));
    assert_eq!(code(&Document::new(DocKind::Form, id)), "form_missing");
    assert_eq!(code(&Document::new(DocKind::Household, id)), "form_damaged");
    // The digest fits, and this release cannot read it: a source of another format, and a type that it does not know.
    for later in [
        "bianfang form 2\nwhatever",
        "bianfang form 1\n\\survey\ntype\tname\tlabel\nhologram\tx\tX\n",
    ] {
        assert_eq!(code(&stored(later, later)), "form_later");
    }
    let mut changed = stored(WATER, WATER);
    let put = Put::Value {
        at: At::Own,
        key: "source/0000".to_owned(),
        value: "bianfang form 1\n".into(),
    };
    write(&mut changed, 9, vec![put]);
    assert_eq!(code(&changed), "form_damaged");
}

#[test]
fn forms_are_kept_up_to_a_number_and_the_one_used_last_stays() {
    let form = Rc::new(form_of(&stored(WATER, WATER)).unwrap());
    let mut forms = Forms::default();
    for number in 0..=KEPT_MAX as u8 {
        forms.keep(DocId([number; 16]), form.clone());
        forms.keep(DocId([0; 16]), form.clone());
    }
    assert!(forms.get(DocId([0; 16])).is_some());
    assert!(forms.get(DocId([1; 16])).is_none());
    assert_eq!(forms.0.len(), KEPT_MAX);
}
