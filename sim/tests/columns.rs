//! Columns of a roster that have no field of their own: shown under their titles, edited as texts, told in the history.

#[path = "pages/asking.rs"]
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod asking;

use asking::{edit, history, household, record, team};
use bianfang::doc::{At, DocKind, Put, import_author};

#[test]
fn columns_of_the_office_stand_under_their_titles() {
    let world = team();
    let id = world.households[0];
    {
        let mut endpoint = world.endpoint.borrow_mut();
        let author = import_author(endpoint.space);
        let put = |key: &str, value: &str| Put::Value {
            at: At::Own,
            key: key.into(),
            value: value.into(),
        };
        endpoint.write_as_desk(DocKind::Household, id, author, |_| {
            vec![put("extra/备注", "钥匙在隔壁"), put("extra/人均纯收入", "15600.5")]
        });
    }
    world.sync_all();
    let phone = &world.phones[1];
    let view = record(phone, &id, "own");
    let section = view
        .sections
        .iter()
        .find(|section| section.title.zh == "名册其他栏")
        .unwrap();
    let shown: Vec<_> = section
        .fields
        .iter()
        .map(|field| (field.label.zh.as_str(), field.value.as_str(), field.sensitive))
        .collect();
    assert_eq!(shown, [("人均纯收入", "15600.5", true), ("备注", "钥匙在隔壁", true)]);
    // A person may know better; the page and the history say who.
    edit(phone, &id, "own", &[("extra/备注", "钥匙在村部")]);
    world.sync_all();
    let other = &world.phones[2];
    let fields = household(other, &id)
        .sections
        .into_iter()
        .flat_map(|section| section.fields);
    let remark: Vec<_> = fields.filter(|field| field.key == "extra/备注").collect();
    assert_eq!(remark[0].shown.zh, "钥匙在村部");
    assert_eq!(remark[0].values[0].author, "王芳");
    let told = history(other, &id, 0, 5);
    assert!(format!("{told:?}").contains("备注"), "{told:?}");
}

#[test]
fn a_family_without_such_columns_has_no_such_heading() {
    let world = team();
    let view = record(&world.phones[0], &world.households[0], "own");
    assert!(view.sections.iter().all(|section| section.title.zh != "名册其他栏"));
}
