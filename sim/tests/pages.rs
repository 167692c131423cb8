//! The screens about one household, asked as the app asks them, on phones of the simulated world.

#[path = "pages/asked.rs"]
mod asked;
#[path = "pages/asking.rs"]
mod asking;
#[path = "pages/due.rs"]
mod due;
#[path = "pages/editor.rs"]
mod editor;
#[path = "pages/family.rs"]
mod family;
#[path = "pages/finding.rs"]
mod finding;
#[path = "pages/forms.rs"]
mod forms;
#[path = "pages/groups.rs"]
mod groups;
#[path = "pages/matter.rs"]
mod matter;
#[path = "pages/past.rs"]
mod past;
#[path = "pages/safety.rs"]
mod safety;
#[path = "pages/scenario.rs"]
mod scenario;
#[path = "pages/settle.rs"]
mod settle;
#[path = "pages/standing.rs"]
mod standing;
#[path = "pages/survey.rs"]
mod survey;
#[path = "pages/twins.rs"]
mod twins;
#[path = "pages/visit.rs"]
mod visit;

use asking::{household, team};

#[test]
fn the_household_page_says_who_lives_there_and_what_is_known() {
    let world = team();
    let phone = &world.phones[0];
    let view = household(phone, &world.households[0]);
    assert_eq!(view.row.head, "罗永1");
    assert_eq!((view.phone.as_str(), view.row.group.as_str()), ("15400000001", "2组"));
    let people: Vec<_> = view
        .persons
        .iter()
        .map(|person| {
            (
                person.name.as_str(),
                person.relation.zh.as_str(),
                person.sex.zh.as_str(),
                person.age,
            )
        })
        .collect();
    assert_eq!(
        people,
        [
            ("罗永1", "户主", "男", 61),
            ("周小怡", "配偶", "女", 58),
            ("罗强", "之子", "男", 33)
        ]
    );
    assert_eq!(view.persons[0].id_no_masked, "422899********9990");
    assert!(view.persons[0].flags.iter().any(|flag| flag.zh.contains("健康")));
    assert!(view.former.is_empty() && view.visits.is_empty() && view.differs.is_empty());
    let verdicts: Vec<_> = view
        .dimensions
        .iter()
        .map(|one| (one.verdict.as_str(), one.on.as_str()))
        .collect();
    assert_eq!(verdicts, [("unchecked", ""); 6]);
    assert_eq!(view.dimensions[5].label.zh, "饮水安全");
    let fields: Vec<_> = view.sections.iter().flat_map(|section| &section.fields).collect();
    let phone_field = fields.iter().find(|field| field.key == "phone").unwrap();
    assert_eq!(
        (phone_field.shown.zh.as_str(), phone_field.values[0].during.as_str()),
        ("15400000001", "import")
    );
    assert_eq!(phone_field.values[0].author, "名册导入");
    assert!(
        view.events
            .iter()
            .any(|event| event.value == "出生" && event.about == "new")
    );
    assert!(!view.draft && view.trouble.is_none());
    for words in view
        .sections
        .iter()
        .map(|section| &section.title)
        .chain(fields.iter().map(|field| &field.label))
    {
        assert!(!words.zh.is_empty() && !words.en.is_empty(), "{words:?}");
    }
}
