//! Forms as files: workbooks that are none, mistakes with their places, hostile ones, records tried from a file of
//! answers, and what other programs get.

use crate::place::Place;
use bianfang::form::read::Sheet;
use bianfang_endpoint::forms::{self, markdown, workbook, xform};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

const FORM: &str = "
| survey |
| | type | name | label::中文 | label::English | required | relevant | constraint | calculation | choice_filter | repeat_count | note |
| | select_one town | town | 乡镇 | Town | yes | | | | | | S001 |
| | select_one village | village | 村 | Village | | | | | town = ${town} | | |
| | integer | n | 几人 | How many | yes | | . >= 0 and . < 20 | | | | |
| | begin repeat | member | 成员 | Member | | | | | | ${n} | |
| | text | who | ${pos}号 | No ${pos} | | | | | | | |
| | integer | age | 几岁 | Age | | | . < 130 | | | | |
| | calculate | pos | | | | | | position(..) | | | |
| | calculate | elder | | | | | | if(${age} >= 60, 1, 0) | | | |
| | end repeat | | | | | | | | | | |
| | calculate | elders | | | | | | sum(${elder}) | | | |
| | image | photo | 照片 | Photo | ${elders} > 1 | | | | | | |
| | note | many | 有${elders}位老人 | ${elders} old | | ${elders} > 0 | | | | | |

| choices |
| | list_name | name | label::中文 | label::English | town |
| | town | t1 | 官店 | Guandian | |
| | town | t2 | 下村 | Xiacun | |
| | village | v1 | 测试村 | Test | t1 |
| | village | v2 | 高山村 | High | t2 |

| settings |
| | form_id | version | form_title | default_language |
| | t | 1 | 试 | 中文 |
";

fn told(bytes: &[u8]) -> Vec<String> {
    match forms::read(bytes, &BTreeMap::new()) {
        Err(error) => vec![error.code().to_owned()],
        Ok(reading) => reading
            .problems
            .iter()
            .map(|one| format!("{} {} {} {}", one.sheet, one.row, one.column, one.what.code()))
            .collect(),
    }
}

fn rows(name: &str, text: &str) -> Sheet {
    let row = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    Sheet {
        name: name.to_owned(),
        rows: text.lines().map(row).collect(),
    }
}

fn book(survey: &str, choices: &str) -> Vec<u8> {
    workbook::write(&[rows("survey", survey), rows("choices", choices)]).unwrap()
}

/// What a command said.
struct Said {
    ok: bool,
    /// On the standard output.
    out: String,
    /// Everywhere.
    all: String,
}

fn typed(place: &Place, args: &[&str]) -> Said {
    let output = place.run(args);
    let out = String::from_utf8(output.stdout).unwrap();
    Said {
        ok: output.status.success(),
        all: format!("{out}{}", String::from_utf8_lossy(&output.stderr)),
        out,
    }
}

fn file(place: &Place, name: &str, bytes: &[u8]) -> String {
    let path = place.path(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A package with one sheet of this XML, called survey.
fn package(sheet: &[u8]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        let relation = format!("<Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/>");
        format!("<Relationships>{relation}</Relationships>").into_bytes()
    };
    let book = b"<workbook><sheets><sheet name=\"survey\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
    let parts: [(&str, Vec<u8>); 5] = [
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", book.to_vec()),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet.to_vec()),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_is_no_form_is_said_to_be_none() {
    let docx = {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.finish().unwrap().into_inner()
    };
    let cases: [(&[u8], &str); 7] = [
        (b"", "book.empty"),
        (b"%PDF-1.7", "book.other_format"),
        (&docx, "book.other_format"),
        (b"PK\x03\x04", "book.damaged"),
        (b"\x00\x01\x02\x03\x00\x00\x00", "book.not_a_workbook"),
        ("type,name\ntext,q".as_bytes(), "form.not_a_workbook"),
        ("# 说明\n没有表格".as_bytes(), "form.not_a_workbook"),
    ];
    for (bytes, code) in cases {
        assert_eq!(told(bytes), [code], "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(
        told(&workbook::write(&[rows("问卷", "a|b")]).unwrap()),
        ["survey 0  form.no_sheet"]
    );
}

#[test]
fn a_workbook_is_read_as_people_write_it() {
    let mut workbook = Workbook::new();
    let survey = workbook.add_worksheet();
    survey.set_name("Survey").unwrap();
    for (column, heading) in (0_u16..).zip(["type", "name", "label", "required", "default", "constraint"]) {
        survey.write_string(0, column, heading).unwrap();
    }
    // An empty row between, numbers as numbers, yes as the spreadsheet's own.
    survey.write_string(2, 0, "select_one grade").unwrap();
    survey.write_string(2, 1, "grade").unwrap();
    survey.write_string(2, 2, "等级").unwrap();
    survey.write_boolean(2, 3, true).unwrap();
    survey.write_number(2, 4, 2.0).unwrap();
    survey.write_string(3, 0, "decimal").unwrap();
    survey.write_string(3, 1, "area").unwrap();
    survey.write_string(3, 2, "面积").unwrap();
    survey.write_string(3, 5, "${none} > 1").unwrap();
    let choices = workbook.add_worksheet();
    choices.set_name("choices").unwrap();
    for (column, heading) in (0_u16..).zip(["list name", "name", "label"]) {
        choices.write_string(0, column, heading).unwrap();
    }
    for (row, number) in [(1, 1.0), (2, 2.0)] {
        choices.write_string(row, 0, "grade").unwrap();
        choices.write_number(row, 1, number).unwrap();
        choices.write_string(row, 2, "级").unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    assert_eq!(told(&bytes), ["survey 4 constraint form.no_question"]);
}

#[test]
fn each_mistake_has_its_sheet_row_and_column() {
    let head = "type|name|label|relevant|calculation|appearance\n";
    let cases = [
        ("txet|q|题", "survey 2 type form.no_type"),
        ("audio|q|题", "survey 2 type form.type_not_supported"),
        ("text|q|题\ntext|q|题", "survey 3 name form.name_again"),
        ("text|q|题|${nobody} = 1", "survey 2 relevant form.no_question"),
        ("text|q|题|nothing(1)", "survey 2 relevant form.expression"),
        (
            "calculate|a|||${b}\ncalculate|b|||${a}",
            "survey 2 calculation form.circle",
        ),
        ("begin group|g|组\ntext|q|题", "survey 2 type form.not_ended"),
        ("text|q|题\nend group", "survey 3 type form.nothing_to_end"),
        ("image|q|题|||draw", "survey 2 appearance form.appearance"),
        ("select_one l|q|题", "survey 2 type form.no_list"),
    ];
    for (survey, expected) in cases {
        assert_eq!(
            told(&book(&format!("{head}{survey}"), "list_name|name|label")),
            [expected],
            "{survey}"
        );
    }
    let media = book("type|name|label|image\ntext|q|题|a.png", "list_name|name|label");
    assert_eq!(told(&media), ["survey 2 image form.not_supported"]);
}

#[test]
fn hostile_workbooks_are_refused_in_time() {
    let started = Instant::now();
    let many: String = (0..10_000).map(|number| format!("text|q{number}|题\n")).collect();
    assert_eq!(
        told(&book(&format!("type|name|label\n{many}"), "list_name|name|label")),
        ["survey 5002 name form.too_many"]
    );
    let zeros = vec![b' '; 70 << 20];
    let xml = [&b"<worksheet><sheetData>"[..], &zeros, b"</sheetData></worksheet>"].concat();
    let bomb = package(&xml);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(told(&bomb), ["book.inflated_too_large"]);
    let cell = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"str\"><v>{text}</v></c>");
    let sheet = |row: u32, cell: &str| {
        format!("<worksheet><sheetData><row r=\"{row}\">{cell}</row></sheetData></worksheet>").into_bytes()
    };
    assert_eq!(
        told(&package(&sheet(1_048_576, &cell("A1048576", "x")))),
        ["survey 0  form.too_many"]
    );
    assert_eq!(told(&package(&sheet(1, &cell("XFD1", "type")))), ["form.too_wide"]);
    let deep: String = (0..40).map(|number| format!("begin group|g{number}|组\n")).collect();
    let told = told(&book(&format!("type|name|label\n{deep}"), "list_name|name|label"));
    assert!(told.iter().any(|one| one.ends_with("form.too_deep")), "{told:?}");
    // What takes long is what a person waits for; unoptimised and beside other tests.
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn tables_of_text_and_workbooks_are_the_same_form() {
    let sheets = markdown::read(FORM.as_bytes()).unwrap();
    let from_book = forms::sheets(&workbook::write(&sheets).unwrap()).unwrap();
    let short = |sheets: Vec<Sheet>| -> Vec<Sheet> {
        let mut sheets = sheets;
        for row in sheets.iter_mut().flat_map(|sheet| &mut sheet.rows) {
            let filled = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
            row.truncate(filled);
        }
        sheets
    };
    assert_eq!(short(from_book), short(sheets.clone()));
    assert_eq!(
        short(markdown::read(markdown::write(&sheets).as_bytes()).unwrap()),
        short(sheets)
    );
    let odd = vec![
        rows("survey", "type|name"),
        Sheet {
            name: "choices".into(),
            rows: vec![vec!["a|b".into(), "c\\d".into(), "e\nf".into(), "\\n".into()]],
        },
    ];
    assert_eq!(markdown::read(markdown::write(&odd).as_bytes()).unwrap(), odd);
}

#[test]
fn a_form_is_checked_tried_and_converted_on_the_command_line() {
    let place = Place::new();
    let form = file(&place, "form.md", FORM.as_bytes());
    let checked = typed(&place, &["form", "check", &form]);
    assert!(checked.ok, "{}", checked.all);
    assert!(
        checked.out.contains("必答2道 (town, n)，有条件时必答1道 (photo)"),
        "{}",
        checked.out
    );
    assert!(checked.out.contains("photo 必拍，但备注"), "{}", checked.out);
    let answers =
        r#"{"town":"t1","village":"v2","n":3,"member":[{"who":"甲","age":61},{"age":"x"}],"member[3]/age":70}"#;
    let answers = file(&place, "answers.json", answers.as_bytes());
    let tried = typed(&place, &["form", "run", &form, "--answers", &answers, "--json"]);
    assert!(tried.ok, "{}", tried.all);
    let outcome: serde_json::Value = serde_json::from_str(&tried.out).unwrap();
    assert_eq!(outcome["calculated"]["elders"], "2");
    assert_eq!(outcome["complete"], false);
    let errors = outcome["errors"].as_array().unwrap();
    let codes: Vec<&str> = errors.iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["answer.no_choice", "answer.not_whole", "answer.required"]);
    assert_eq!(
        outcome["shown"].as_array().unwrap().last().unwrap()["label"],
        "有2位老人"
    );
    let xml = typed(&place, &["form", "convert", &form, "--to", "xform"]);
    assert!(xml.ok && xml.out.contains("jr:count=\"/data/n\""), "{}", xml.all);
}

#[test]
fn answers_and_forms_with_mistakes_end_a_command_with_the_reason() {
    let place = Place::new();
    let form = file(&place, "form.md", FORM.as_bytes());
    for (answers, words) in [
        (r#"{"nobody":1,"elders":3,"town":[1]}"#, &["trial.ill_typed"][..]),
        (
            r#"{"nobody":1,"elders":3,"member[9]/age":1}"#,
            &["“nobody”", "“member[9]/age”", "trial.not_asked"],
        ),
        ("[1]", &["trial.not_answers"]),
        ("{", &["trial.not_answers"]),
    ] {
        let answers = file(&place, "answers.json", answers.as_bytes());
        let said = typed(&place, &["form", "run", &form, "--answers", &answers]);
        assert!(!said.ok, "{}", said.all);
        assert!(
            words.iter().all(|word| said.all.contains(word)),
            "{words:?}: {}",
            said.all
        );
    }
    let bad = "| survey |\n| | type | name | label |\n| | txet | q | 题 |\n";
    let bad = file(&place, "bad.md", bad.as_bytes());
    let told = typed(&place, &["form", "check", &bad, "--lang", "en"]);
    let line = "row 2 type: There is no type “txet”; did you mean text?";
    assert!(!told.ok && told.all.contains(line), "{}", told.all);
    let gone = typed(&place, &["form", "check", &place.path("gone.xlsx")]);
    assert!(!gone.ok && gone.all.contains("file_unreadable"), "{}", gone.all);
}

#[test]
fn an_xform_is_well_formed_and_says_the_same() {
    let reading = forms::read(FORM.as_bytes(), &BTreeMap::new()).unwrap();
    let xml = xform::write(&reading.form.unwrap());
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    for part in [
        "<bind nodeset=\"/data/n\" type=\"int\" required=\"true()\" constraint=\". &gt;= 0 and . &lt; 20\"/>",
        "<bind nodeset=\"/data/member/elder\" type=\"string\" calculate=\"if(../age &gt;= 60, 1, 0)\"/>",
        "<bind nodeset=\"/data/elders\" type=\"string\" calculate=\"sum(/data/member/elder)\"/>",
        "<text id=\"/data/member/who:label\"><value><output value=\"../pos\"/>号</value></text>",
        "<itemset nodeset=\"instance('village')/root/item[town = /data/town]\">",
        "<upload ref=\"/data/photo\" mediatype=\"image/*\">",
        "<translation lang=\"中文\" default=\"true()\">",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
}

const OF_A_PERSON: &str = "| survey |
| | type | name | label | save_to | prefill | problem | problem_label | relevant | calculation |
| | integer | high | 高压 | | last | | | | |
| | text | phone | 电话 | phone | phone | | | | |
| | calculate | age | | | | | | | pulldata('person', 'age', 'name', 'own') |
| | note | bad | 没控制住 | | | 医疗 | ${high}，没控制住 | ${high} >= 140 | |

| settings |
| | form_id | version | subject | relevant | due | due_role |
| | bp | 1 | person | pulldata('person', 'age', 'name', 'own') >= 35 | 4/year | doctor |
";

/// What a trial of a form about a person says: whose rows are given beside the answers, or in files beside the form.
#[test]
fn a_trial_tells_what_would_be_proposed_and_written() {
    let place = Place::new();
    let form = file(&place, "bp.md", OF_A_PERSON.as_bytes());
    let given = r#"{"high": 152, "lists": {"person": {"label": "王芳", "age": 58, "phone": "15400000001"}}}"#;
    let answers = file(&place, "answers.json", given.as_bytes());
    let run = |answers: &str| {
        let said = typed(&place, &["form", "run", &form, "--answers", answers, "--json"]);
        assert!(said.ok, "{}", said.all);
        serde_json::from_str::<serde_json::Value>(&said.out).unwrap()
    };
    let checked = typed(&place, &["form", "check", &form]);
    let purpose = "subject=person, due=4/year, due_role=doctor；写入名册：phone；可提问题：医疗。";
    assert!(checked.ok && checked.out.contains(purpose), "{}", checked.all);
    let said = run(&answers);
    assert_eq!(said["subject"], "person");
    assert_eq!(said["offered"], true);
    assert_eq!(
        said["due"],
        serde_json::json!({ "count": 4, "every": "year", "role": "doctor" })
    );
    assert_eq!(said["carried"], serde_json::json!(["phone"]));
    let proposal = serde_json::json!([{ "place": "bad", "category": "医疗", "words": "152，没控制住" }]);
    assert_eq!(said["proposals"], proposal);
    let update = serde_json::json!([{ "place": "phone", "keys": ["phone"], "value": "15400000001" }]);
    assert_eq!(said["updates"], update);

    // Rows in a file beside the form, and the record before.
    file(&place, "person.csv", "label,age\n张伟,34\n".as_bytes());
    let answers = file(&place, "other.json", br#"{"last": {"high": 131}}"#);
    let said = run(&answers);
    assert_eq!(said["offered"], false);
    assert_eq!(said["carried"], serde_json::json!(["high"]));
    assert_eq!(said["calculated"]["age"], "34");
    assert_eq!(said["record"]["high"], "131");
    let lines = typed(&place, &["form", "run", &form, "--answers", &answers]);
    assert!(
        lines.out.starts_with("对象 person，不适用；应做 4/year（doctor）"),
        "{}",
        lines.out
    );

    for (given, code) in [
        (r#"{"lists": {"people": {}}}"#, "trial.no_list"),
        (r#"{"lists": {"person": {"ag": 3}}}"#, "trial.no_list"),
        (r#"{"lists": [1]}"#, "trial.ill_typed"),
        (r#"{"lists": {"person": "x"}}"#, "trial.ill_typed"),
    ] {
        let answers = file(&place, "answers.json", given.as_bytes());
        let said = typed(&place, &["form", "run", &form, "--answers", &answers]);
        assert!(!said.ok && said.all.contains(code), "{given}: {}", said.all);
    }
}

/// What only this app reads stays in sheets, and is left out of the XML.
#[test]
fn columns_about_the_register_survive_the_way_through_a_workbook() {
    let place = Place::new();
    let form = file(&place, "bp.md", OF_A_PERSON.as_bytes());
    let (book, back) = (place.path("bp.xlsx"), place.path("back.md"));
    for (from, to, out) in [(&form, "xlsx", &book), (&book, "md", &back)] {
        let said = typed(&place, &["form", "convert", from, "--to", to, "--out", out]);
        assert!(said.ok, "{}", said.all);
    }
    let read = |path: &str| {
        forms::read(&std::fs::read(path).unwrap(), &BTreeMap::new())
            .unwrap()
            .form
            .unwrap()
    };
    let (one, other) = (read(&form), read(&back));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    let xml = typed(&place, &["form", "convert", &form, "--to", "xform"]);
    assert!(xml.ok && xml.out.contains("jr://file-csv/person.csv"), "{}", xml.out);
}
