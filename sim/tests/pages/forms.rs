//! Forms of the county on phones: filling, saving, correcting, and what several people fill at once.

use crate::asking::*;
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::*;
use bianfang::doc::{At, DocKind, Document, Put};
use bianfang::form::read::Sheet;
use bianfang_sim::World;
use bianfang_sim::phone::Phone;

fn sheet(name: &str, text: &str) -> Sheet {
    let row = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    Sheet {
        name: name.into(),
        rows: text.lines().map(row).collect(),
    }
}

pub(super) fn sheets(survey: &str, settings: &str) -> [Sheet; 3] {
    let choices = "list_name|name|label\nyn|yes|是\nyn|no|否\nwater|达标|达标\nwater|不达标|不达标";
    [
        sheet("survey", survey),
        sheet("choices", choices),
        sheet("settings", settings),
    ]
}

const WATER: &str =
    "type|name|label|relevant|constraint|constraint_message|required|prefill|save_to|problem|problem_label|calculation
begin group|water|饮水||||||||| 
select_one water|verdict|水够吃不||||yes|water|water||| 
text|why|为什么|${verdict} = '不达标'||||||饮水|${head}家水不够吃：${why}| 
end group||||||||||| 
begin group|house|住房||||||||| 
select_one yn|leaks|漏雨||||yes|||||
integer|rooms|几间房||. < 50|房间太多|||||| 
end group||||||||||| 
begin repeat|animal|牲口||||||||| 
text|what|哪种||||||||| 
end repeat||||||||||| 
calculate|head|||||||||| pulldata('household', 'label', 'name', 'own')
calculate|day|||||||||| today()
text|phone|电话|||||phone|phone|||
text|say|原话|||||last||||";
const SETTINGS: &str = "form_id|version|form_title|subject|due\nwater|1|饮水核查|household|4/year";

/// A village with the form, on all phones.
fn village() -> (World, DocId) {
    let mut world = team();
    let form = world.publish(&sheets(WATER, SETTINGS));
    world.sync_all();
    (world, form)
}

fn forms(phone: &Phone, household: &DocId) -> FormsView {
    let request = Request::Forms {
        document: household.to_string(),
        about: String::new(),
    };
    match phone.must(request) {
        Reply::Forms { view } => view,
        other => panic!("no forms: {other:?}"),
    }
}

/// Opens a new record of a form about somebody.
pub(super) fn open_about(phone: &Phone, household: &DocId, about: &str, form: DocId) -> FormView {
    opened(phone, household, about, form, "")
}

fn open(phone: &Phone, household: &DocId, form: DocId, record: &str) -> FormView {
    opened(phone, household, "", form, record)
}

fn opened(phone: &Phone, household: &DocId, about: &str, form: DocId, record: &str) -> FormView {
    let request = Request::OpenForm {
        document: household.to_string(),
        about: about.into(),
        form: form.to_string(),
        record: record.into(),
    };
    match phone.must(request) {
        Reply::Form { view } => *view,
        other => panic!("not opened: {other:?}"),
    }
}

pub(super) fn answer(phone: &Phone, place: &str, value: &str) -> AnsweredView {
    let request = Request::Answer {
        place: place.into(),
        value: value.into(),
    };
    match phone.must(request) {
        Reply::Answered { view } => view,
        other => panic!("not answered: {other:?}"),
    }
}

fn save(phone: &Phone, finish: bool, problems: &[&str]) -> (Option<SavedView>, Vec<FormTrouble>) {
    let request = Request::SaveForm {
        finish,
        problems: problems.iter().map(|place| (*place).to_owned()).collect(),
    };
    match phone.must(request) {
        Reply::SavedForm { saved, troubles } => (saved, troubles),
        other => panic!("not saved: {other:?}"),
    }
}

pub(super) fn saved(phone: &Phone, finish: bool, problems: &[&str]) -> SavedView {
    let (saved, troubles) = save(phone, finish, problems);
    saved.unwrap_or_else(|| panic!("{troubles:?}"))
}

fn value<'a>(view: &'a FormView, place: &str) -> &'a str {
    let item = view.items.iter().find(|item| item.place == place);
    &item.unwrap_or_else(|| panic!("no {place}")).value
}

#[test]
fn a_form_is_filled_saved_and_found_again() {
    let (world, form) = village();
    let (household, wang) = (world.households[0], &world.phones[1]);
    let offered = &forms(wang, &household).offered[0];
    assert_eq!(
        (offered.title.as_str(), offered.note.zh.as_str()),
        ("饮水核查", "今年已做 0/4 次")
    );

    let view = open(wang, &household, form, "");
    assert_eq!((view.head.as_str(), view.resumed), ("罗永1", false));
    let phone = view.items.iter().find(|item| item.place == "phone").unwrap();
    assert_eq!((phone.value.as_str(), phone.carried), ("15400000001", true));
    let missing: Vec<&str> = view.troubles.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(missing, ["水够吃不", "漏雨"]);

    answer(wang, "water/verdict", "不达标");
    let view = answer(wang, "water/why", "泉水干了");
    assert_eq!(view.proposals[0].words, "罗永1家水不够吃：泉水干了");
    assert_eq!(
        (view.updates[0].label.zh.as_str(), view.updates[0].to.zh.as_str()),
        ("饮水情况", "不达标")
    );
    let view = answer(wang, "house/rooms", "77");
    assert_eq!(view.changed[0].trouble.as_ref().unwrap().zh, "房间太多");
    let (none, troubles) = save(wang, true, &[]);
    let words: Vec<&str> = troubles.iter().map(|one| one.words.zh.as_str()).collect();
    assert!(none.is_none());
    assert_eq!(words, ["这一题必答", "房间太多"]);

    answer(wang, "house/leaks", "no");
    answer(wang, "house/rooms", "3");
    let done = saved(wang, true, &["water/why"]);
    let page = household_page(wang, &household);
    assert_eq!(page.findings[0].words, "罗永1家水不够吃：泉水干了");
    let water = page
        .sections
        .iter()
        .flat_map(|one| &one.fields)
        .find(|one| one.key == "water")
        .unwrap();
    assert_eq!(water.value, "不达标");
    // Nobody tapped the telephone: the register keeps its own writer.
    let view = forms(wang, &household);
    assert_eq!(view.offered[0].note.zh, "今年已做 1/4 次");
    let row = &view.records[0];
    assert_eq!(
        (row.title.as_str(), row.done, row.by.as_str()),
        ("饮水核查", true, "王芳")
    );
    assert_eq!(row.standing.as_ref().unwrap().state, "local");
    assert_eq!(row.record, done.record);
    let review = match wang.must(Request::FormRecord {
        document: household.to_string(),
        record: done.record.clone(),
    }) {
        Reply::Form { view } => *view,
        other => panic!("{other:?}"),
    };
    assert!(review.readonly && review.may_edit && value(&review, "water/why") == "泉水干了");
    assert_eq!(refusal(wang.must(Request::DropForm)), "form_closed");

    stored_as_it_is_written_down(&world, household, &done.record, form);

    // The next one begins with what was said last, which counts only once somebody taps it.
    answer_new(wang, &household, form);
    world.sync_all();
    let told = history(&world.phones[2], &household, 0, 20);
    let told: Vec<String> = told
        .rows
        .iter()
        .map(|row| format!("{} {}", row.record.zh, row.to.zh))
        .collect();
    assert!(
        told.iter().any(
            |row| row.contains("饮水核查") && row.contains("饮水 · 水够吃不：不达标")
                || row.contains("水够吃不：不达标")
        ),
        "{told:?}"
    );
}

fn answer_new(phone: &Phone, household: &DocId, form: DocId) {
    open(phone, household, form, "");
    let verdict = answer(phone, "say", "够吃");
    assert!(verdict.updates.is_empty());
    answer(phone, "house/leaks", "yes");
    answer(phone, "water/verdict", "达标");
    saved(phone, true, &[]);
    let view = open(phone, household, form, "");
    let say = view.items.iter().find(|item| item.place == "say").unwrap();
    assert_eq!((say.value.as_str(), say.carried), ("够吃", true));
    phone.must(Request::DropForm);
}

/// The record is a stored format: its keys and values, an instance by its name.
fn stored_as_it_is_written_down(world: &World, household: DocId, record: &str, form: DocId) {
    world.sync_all();
    let mut endpoint = world.endpoint.borrow_mut();
    let document = endpoint.open(DocKind::Household, household);
    let stored = document.record(&record.parse().unwrap()).unwrap();
    assert!(stored.notes.is_empty());
    let lines: Vec<String> = stored
        .fields
        .keys()
        .map(|key| format!("{key}={}", stored.text(key)))
        .collect();
    let source = format!("source={form}");
    let instance = lines[7].clone();
    assert!(
        instance.starts_with("instance/animal/") && instance.ends_with("=1"),
        "{instance}"
    );
    let expected = [
        "answer/house/leaks=no",
        "answer/house/rooms=3",
        "answer/phone=15400000001",
        "answer/water/verdict=不达标",
        "answer/water/why=泉水干了",
        "done=1",
        "form=water",
        &instance,
        "kept/phone=1",
        "made/day=2019-08-14",
        "made/head=罗永1",
        "on=2019-08-14",
        &source,
        "version=1",
    ];
    assert_eq!(lines, expected);
}

fn household_page(phone: &Phone, id: &DocId) -> HouseholdView {
    household(phone, id)
}

#[test]
fn a_draft_outlives_a_kill_and_ends_with_the_save() {
    let (mut world, form) = village();
    let household = world.households[0];
    let phone = &mut world.phones[1];
    let view = open(phone, &household, form, "");
    answer(phone, "house/rooms", "4");
    answer(phone, "phone", "15400000001");
    let add = view.sections.iter().find(|one| one.may_add).unwrap().add_place.clone();
    let view = match phone.must(Request::AddInstance { place: add }) {
        Reply::Form { view } => *view,
        other => panic!("{other:?}"),
    };
    let animals: Vec<String> = view
        .items
        .iter()
        .filter(|one| one.label == "哪种")
        .map(|one| one.place.clone())
        .collect();
    assert_eq!(animals.len(), 2);
    answer(phone, &animals[1], "羊");
    answer(phone, &animals[0], "猪");
    phone.restart(false);
    let phone = &world.phones[1];
    assert_eq!(
        refusal(phone.must(Request::Answer {
            place: "house/rooms".into(),
            value: "5".into()
        })),
        "form_closed"
    );
    let drafts = match phone.must(Request::Today) {
        Reply::Today { view } => view.form_drafts,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (drafts.len(), drafts[0].title.as_str(), drafts[0].head.as_str()),
        (1, "饮水核查", "罗永1")
    );
    assert!(forms(phone, &household).offered[0].draft);
    let view = open(phone, &household, form, "");
    assert!(view.resumed);
    assert_eq!(
        (
            value(&view, "house/rooms"),
            value(&view, &animals[1]),
            value(&view, &animals[0])
        ),
        ("4", "羊", "猪")
    );
    assert!(!view.items.iter().find(|item| item.place == "phone").unwrap().carried);
    // Unfinished, it is saved without what has to be answered.
    saved(phone, false, &[]);
    let view = forms(phone, &household);
    assert!(!view.records[0].done && !view.offered[0].draft && view.offered[0].last_on.is_empty());
    assert_eq!(phone.must(Request::Today), {
        let Reply::Today { view } = phone.must(Request::Today) else {
            panic!()
        };
        assert!(view.form_drafts.is_empty());
        Reply::Today { view }
    });
}

#[test]
fn several_people_fill_one_record_and_it_merges_by_question() {
    let (world, form) = village();
    let household = world.households[0];
    let [li, wang, zhang] = &world.phones[..] else { panic!() };
    open(wang, &household, form, "");
    answer(wang, "phone", "15400000002");
    let record = saved(wang, false, &[]).record;
    world.sync_all();

    open(li, &household, form, &record);
    answer(li, "water/verdict", "达标");
    saved(li, false, &[]);
    open(zhang, &household, form, &record);
    answer(zhang, "house/leaks", "yes");
    answer(zhang, "house/rooms", "3");
    saved(zhang, false, &[]);
    world.sync_all();
    let view = open(wang, &household, form, &record);
    assert_eq!(
        (value(&view, "water/verdict"), value(&view, "house/leaks")),
        ("达标", "yes")
    );
    assert!(view.troubles.is_empty());
    // What comes while the form is open is not overwritten: it differs, and is shown with the words of the form.
    answer(wang, "house/rooms", "5");
    open(zhang, &household, form, &record);
    answer(zhang, "house/rooms", "4");
    saved(zhang, true, &[]);
    world.sync_all();
    let done = saved(wang, true, &[]);
    assert_eq!(done.differs, 1);
    world.sync_all();
    let page = household_page(li, &household);
    let differs: Vec<&str> = page.differs.iter().map(|one| one.title.zh.as_str()).collect();
    assert_eq!(differs, ["饮水核查 · 8月14日 · 几间房"]);
    assert_eq!(forms(li, &household).records[0].differs, 1);
    // It was written into the register once, by who answered.
    assert_eq!(page.phone, "15400000002");
    let one = page.differs[0].clone();
    let five = one
        .field
        .values
        .iter()
        .find(|value| value.shown.zh == "5")
        .unwrap()
        .id
        .clone();
    let settled = li.must(Request::Settle {
        document: one.document,
        record: one.record,
        base: one.base,
        key: one.field.key,
        how: "use".into(),
        value: five,
    });
    assert!(matches!(settled, Reply::Settle { .. }), "{settled:?}");
    let view = open(li, &household, form, &record);
    assert_eq!(value(&view, "house/rooms"), "5");
}

/// A photo that lies on the phone, as the app gives it: by the names of its bytes.
fn photo(number: u8) -> String {
    let name = |digit: u8| format!("{digit:x}").repeat(64);
    format!(
        "{}:{}:{}:200000",
        name(number),
        name(15),
        1_565_830_800_000 + i64::from(number)
    )
}

#[test]
fn photos_of_several_people_merge_and_a_required_one_refuses_no_save() {
    let survey = "type|name|label|required\ntext|say|原话|\nimage|wall|墙的照片|yes";
    let mut world = team();
    let form = world.publish(&sheets(survey, "form_id|version|form_title\nwall|1|看墙"));
    world.sync_all();
    let household = world.households[0];
    let [li, wang, _] = &world.phones[..] else { panic!() };
    open(wang, &household, form, "");
    answer(wang, "say", "没带相机");
    let record = saved(wang, true, &[]).record;
    world.sync_all();

    for (phone, taken) in [(li, [1, 2]), (wang, [3, 2])] {
        open(phone, &household, form, &record);
        let taken = taken.map(photo).join(" ");
        // What is no photo is none, and one that was chosen twice is there once.
        let view = answer(phone, "wall", &format!("{taken} nothing {taken}"));
        assert_eq!(view.changed[0].value, taken);
        assert_eq!(view.changed[0].shown, "2张照片");
        saved(phone, true, &[]);
    }
    world.sync_all();
    for phone in [li, wang] {
        let view = open(phone, &household, form, &record);
        assert_eq!(value(&view, "wall"), [1, 2, 3].map(photo).join(" "));
        assert!(household_page(phone, &household).differs.is_empty());
    }
    // One that is taken out again is out everywhere, the others stay.
    answer(li, "wall", &[1, 3].map(photo).join(" "));
    saved(li, true, &[]);
    world.sync_all();
    assert_eq!(
        value(&open(wang, &household, form, &record), "wall"),
        [1, 3].map(photo).join(" ")
    );
    let told = history(wang, &household, 0, 20).rows;
    let told = told.iter().find(|row| row.field.zh == "墙的照片").unwrap();
    assert!(told.from.zh.starts_with("1张照片") && told.to.zh.is_empty(), "{told:?}");
}

#[test]
fn two_phones_open_one_problem_and_a_withdrawn_record_comes_back() {
    let (world, form) = village();
    let household = world.households[0];
    let [li, wang, _] = &world.phones[..] else { panic!() };
    open(wang, &household, form, "");
    answer(wang, "water/verdict", "不达标");
    answer(wang, "house/leaks", "no");
    let record = saved(wang, true, &[]).record;
    world.sync_all();
    for (phone, why) in [(li, "泉水干了"), (wang, "泉水干了")] {
        open(phone, &household, form, &record);
        answer(phone, "water/why", why);
        saved(phone, true, &["water/why"]);
    }
    world.sync_all();
    let page = household_page(li, &household);
    assert_eq!(page.findings.len(), 1, "{:?}", page.findings);
    assert!(page.differs.is_empty(), "{:?}", page.differs);
    let row = forms(li, &household).records[0].clone();
    let withdrawn = li.must(Request::Withdraw {
        document: row.document.clone(),
        record: row.record.clone(),
        base: row.base,
        reason: "填错户".into(),
    });
    assert!(matches!(withdrawn, Reply::Withdraw { .. }), "{withdrawn:?}");
    let row = forms(li, &household).records[0].clone();
    assert_eq!(row.void_reason, "填错户");
    assert_eq!(forms(li, &household).offered[0].note.zh, "今年已做 0/4 次");
    let restored = li.must(Request::Restore {
        document: row.document,
        record: row.record,
        base: row.base,
    });
    assert!(matches!(restored, Reply::Restore { .. }), "{restored:?}");
    assert_eq!(forms(li, &household).records[0].void_reason, "");
}

/// The village has a group, and with it the document of its places.
fn write_group(world: &World, place: DocId) {
    let group = |_: &Document| {
        let fields = vec![("name".into(), "1组".into())];
        let at = At::table("groups", RecordId([1; 16]));
        vec![Put::Create {
            at,
            fields,
            notes: vec![],
        }]
    };
    let mut endpoint = world.endpoint.borrow_mut();
    endpoint.write_as_desk(DocKind::Place, place, MemberId([1; 16]), group);
}

#[test]
fn a_facility_is_registered_and_has_forms_of_its_own() {
    let mut world = team();
    let form = world.publish(&sheets(
        "type|name|label|problem|problem_label\nselect_one yn|doctor|有村医|医疗|村医缺岗",
        "form_id|version|form_title|subject|due|relevant\nclinic|1|卫生室核查|facility|1/quarter|pulldata('facility','kind','name','own') = 'clinic'",
    ));
    let place = bianfang::doc::place_id(world.endpoint.borrow().space);
    write_group(&world, place);
    world.sync_all();
    let [_, wang, zhang] = &world.phones[..] else { panic!() };
    let of_village = |about: &str| Request::Forms {
        document: String::new(),
        about: about.into(),
    };
    let view = |phone: &Phone, about: &str| match phone.must(of_village(about)) {
        Reply::Forms { view } => view,
        other => panic!("no forms: {other:?}"),
    };
    let empty = view(wang, "");
    assert_eq!(
        (empty.subject.as_str(), empty.offered.len(), &empty.document),
        ("village", 0, &place.to_string())
    );
    for (name, kind) in [("卫生室", "clinic"), ("教学点", "school")] {
        edit(
            wang,
            &place,
            "facilities/",
            &[("name", name), ("kind", kind), ("group", "1组")],
        );
    }
    let nameless = Request::SaveRecord {
        document: place.to_string(),
        record: "facilities/".into(),
        base: record(wang, &place, "facilities/").base,
        changes: changes(&[("kind", "clinic")]),
    };
    assert_eq!(refusal(wang.must(nameless)), "facility_name");
    let subjects = view(wang, "").subjects;
    let listed: Vec<_> = subjects
        .iter()
        .map(|one| (one.name.as_str(), one.note.zh.as_str(), one.offered))
        .collect();
    assert_eq!(
        listed,
        [("1组", "", 0), ("卫生室", "卫生室", 1), ("教学点", "学校（教学点）", 0)]
    );
    let clinic = subjects[1].about.clone();
    let day = |phone: &Phone| match phone.must(Request::Today) {
        Reply::Today { view } => view.forms,
        other => panic!("no day: {other:?}"),
    };
    let due = &day(wang)[0];
    assert_eq!(
        (due.title.as_str(), due.words.zh.as_str()),
        ("卫生室核查", "本季度还差 1 处")
    );
    assert_eq!((due.due, due.done, due.missed), (1, 0, 0));
    let opened = wang.must(Request::OpenForm {
        document: String::new(),
        about: clinic.clone(),
        form: form.to_string(),
        record: String::new(),
    });
    assert!(
        matches!(&opened, Reply::Form { view } if view.head == "卫生室"),
        "{opened:?}"
    );
    answer(wang, "doctor", "no");
    saved(wang, true, &["doctor"]);
    world.sync_all();
    let record = &view(zhang, &clinic).records[0];
    assert_eq!(
        (record.about_name.as_str(), record.by.as_str(), record.done),
        ("卫生室", "王芳", true)
    );
    let ledger = match zhang.must(Request::Findings {
        chip: String::new(),
        asked: Default::default(),
    }) {
        Reply::Findings { view } => view,
        other => panic!("no ledger: {other:?}"),
    };
    let all = format!("{ledger:?}");
    assert!(all.contains("卫生室：村医缺岗"), "{all}");
    let done = &day(zhang)[0];
    assert_eq!((done.due, done.done, done.missed), (0, 1, 0));
    let list = crate::due::asked(zhang, form, "done", "", "");
    let counted: Vec<u32> = list.lists.iter().map(|one| one.count).collect();
    assert_eq!((counted, list.groups.len()), (vec![0, 0, 1], 0));
    assert_eq!(
        (list.rows[0].name.as_str(), list.rows[0].note.zh.as_str()),
        ("卫生室", "本季度已做 1/1 次")
    );
}

#[test]
fn a_list_says_which_pictures_are_still_to_follow() {
    let mut world = team();
    let survey = "type|name|label|required|relevant|appearance
select_one yn|leaks|漏雨||| 
image|roof|屋顶|yes|${leaks} = 'yes'| 
image|sign|签字|yes||signature";
    let form = world.publish(&sheets(
        survey,
        "form_id|version|form_title|subject\nroof|1|屋顶|household",
    ));
    world.sync_all();
    let (phone, household) = (&world.phones[0], world.households[0]);
    let later = |phone: &Phone| {
        let record = forms(phone, &household).records.remove(0);
        (record.done, record.photo_later, record.signature_later)
    };
    open(phone, &household, form, "");
    answer(phone, "leaks", "yes");
    let unfinished = saved(phone, false, &[]).record;
    assert_eq!(later(phone), (false, false, false));
    open(phone, &household, form, &unfinished);
    saved(phone, true, &[]);
    assert_eq!(later(phone), (true, true, true));
    // Where the question does not apply no photo follows; the colleague's phone says the same.
    open(phone, &household, form, &unfinished);
    answer(phone, "leaks", "no");
    saved(phone, true, &[]);
    assert_eq!(later(phone), (true, false, true));
    world.sync_all();
    assert_eq!(later(&world.phones[1]), (true, false, true));
}

#[test]
fn a_new_version_leaves_drafts_and_records_with_theirs() {
    let (mut world, form) = village();
    let household = world.households[0];
    open(&world.phones[1], &household, form, "");
    answer(&world.phones[1], "house/rooms", "4");
    open(&world.phones[2], &household, form, "");
    answer(&world.phones[2], "house/rooms", "3");
    let record = saved(&world.phones[2], false, &[]).record;
    world.pass_ms(60_000);
    let newer = "type|name|label\ntext|other|完全不同的题";
    let next = world.publish(&sheets(newer, "form_id|version|form_title\nwater|2|饮水核查"));
    world.sync_all();
    let wang = &world.phones[1];
    let view = forms(wang, &household);
    assert_eq!(
        (view.offered.len(), view.offered[0].form.as_str()),
        (1, next.to_string().as_str())
    );
    assert!(view.records[0].superseded && view.records[0].readable);
    let view = open(wang, &household, form, "");
    assert!(view.resumed && view.version == "1" && value(&view, "house/rooms") == "4");
    let view = open(wang, &household, next, &record);
    assert_eq!((view.version.as_str(), value(&view, "house/rooms")), ("1", "3"));

    // A form that is not here: the draft stays, is listed, and can be dropped.
    let missing = DocId([3; 16]);
    let refused = wang.must(Request::OpenForm {
        document: household.to_string(),
        about: String::new(),
        form: missing.to_string(),
        record: String::new(),
    });
    assert_eq!(refusal(refused), "form_missing");
    let of = |form: DocId| Request::DropFormDraft {
        document: household.to_string(),
        about: String::new(),
        form: form.to_string(),
        record: String::new(),
    };
    assert!(matches!(wang.must(of(form)), Reply::DropForm));
    match wang.must(Request::Today) {
        Reply::Today { view } => assert!(view.form_drafts.is_empty()),
        other => panic!("no day: {other:?}"),
    }
}

#[test]
fn a_form_for_helped_families_is_offered_to_them_alone() {
    let mut world = team();
    world.publish(&sheets(
        "type|name|label\ntext|say|原话",
        "form_id|version|form_title|relevant\nt07|1|政策明白|pulldata('household','helped','name','own') = '是'",
    ));
    world.sync_all();
    let (household, wang) = (world.households[0], &world.phones[1]);
    for (attribute, offered) in [("一般贫困户", 1), ("一般农户", 0)] {
        edit(wang, &household, "own", &[("attribute", attribute), ("monitor", "")]);
        assert_eq!(forms(wang, &household).offered.len(), offered, "{attribute}");
    }
}

#[test]
fn the_first_facility_of_a_village_without_places_is_saved() {
    let world = team();
    let place = bianfang::doc::place_id(world.endpoint.borrow().space);
    let [_, wang, zhang] = &world.phones[..] else { panic!() };
    let facilities = |phone: &Phone| match phone.must(Request::Forms {
        document: String::new(),
        about: String::new(),
    }) {
        Reply::Forms { view } => view.subjects,
        other => panic!("no forms: {other:?}"),
    };
    assert!(facilities(wang).is_empty());
    edit(wang, &place, "facilities/", &[("name", "卫生室"), ("kind", "clinic")]);
    world.sync_all();
    for phone in [wang, zhang] {
        assert_eq!(facilities(phone)[0].name, "卫生室");
    }
}

#[test]
fn what_a_family_earned_is_written_under_its_year_and_told_a_head() {
    let survey = "type|name|label|save_to|calculation
integer|year|哪一年||
decimal|wage|工资性收入|income_wage/${year}|
decimal|business|经营收入|income_business/${year}|
calculate|transfer||income_transfer/${year}|3400 + 1380.5
decimal|cost|支出|income_cost/${year}|";
    let mut world = team();
    let form = world.publish(&sheets(survey, "form_id|version|form_title\nincome|1|小账"));
    world.sync_all();
    let (household, wang) = (world.households[0], &world.phones[1]);
    open(wang, &household, form, "");
    answer(wang, "wage", "21000");
    answer(wang, "business", "8600");
    let view = answer(wang, "cost", "3100");
    assert!(view.updates.is_empty(), "no year yet: {:?}", view.updates);
    let view = answer(wang, "year", "2018");
    let told: Vec<String> = view
        .updates
        .iter()
        .map(|one| format!("{} {}", one.label.zh, one.to.zh))
        .collect();
    let expected = [
        "2018年工资性收入 21000 元（2.1 万）",
        "2018年生产经营性收入 8600 元",
        "2018年转移性收入 4780.5 元",
        "2018年生产经营性支出 3100 元",
    ];
    assert_eq!(told, expected);
    saved(wang, true, &[]);
    let each = |phone: &Phone| {
        let page = household_page(phone, &household);
        let members = page.persons.len();
        let fields = page.sections.into_iter().flat_map(|section| section.fields);
        let line = fields.into_iter().find(|field| field.key == "income_each/2018");
        let line = line.unwrap_or_else(|| panic!("nothing a head"));
        assert!(
            line.sensitive && line.shown.zh.ends_with(&format!("（{members} 口人）")),
            "{line:?}"
        );
        let each: f64 = line.value.parse().unwrap();
        each * members as f64
    };
    let is = |all: f64, yuan: f64| (all - yuan).abs() < 0.05;
    assert!(is(each(wang), 31_280.5));
    // Where people disagree, the smaller income counts and the larger cost.
    world.sync_all();
    for (phone, wage, cost) in [(1, "20000", "3100.5"), (2, "22000", "4100.5")] {
        let changes = [("income_wage/2018", wage), ("income_cost/2018", cost)];
        edit(&world.phones[phone], &household, "own", &changes);
    }
    world.sync_all();
    assert!(is(each(&world.phones[1]), 29_280.0));
}
