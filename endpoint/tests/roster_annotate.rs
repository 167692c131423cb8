//! Files of real programs are read, and come back as they were with a column of reasons, which a second reading
//! ignores.

#[path = "roster/support.rs"]
mod support;

use std::io::{Cursor, Read};
use std::path::PathBuf;

use bianfang_endpoint::roster::{self, AnnotatedFile, Note, Place, Roster, Severity, Words};
use support::{Sheet, families, households, person, read, workbook};
use zip::ZipArchive;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/roster")
            .join(name),
    )
    .unwrap()
}

fn annotated(bytes: &[u8], name: &str) -> (Roster, AnnotatedFile) {
    let roster = read(bytes, name);
    let file = roster::annotate(bytes, name, &roster.all_notes()).unwrap();
    (roster, file)
}

/// The same people with the same oddities, though the file has one more column.
fn assert_same(before: &Roster, after: &Roster) {
    assert_eq!(before.villages, after.villages);
    assert_eq!((&before.rejected, &before.notes), (&after.rejected, &after.notes));
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn part_names(bytes: &[u8]) -> Vec<String> {
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

/// The three files hold the same families.
fn assert_fixture(roster: &Roster) {
    assert_eq!(families(roster), ["彭正富+阿依古丽·买买提", "王生光+𠮷田㐂+王小强"]);
    let second = households(roster)[1];
    assert_eq!(
        (second.group.as_deref(), second.number.as_deref()),
        (Some("2组"), Some("4228221042990002"))
    );
    assert_eq!(second.phones, ["15400000002"]);
    assert_eq!(person(roster, "𠮷田㐂").health, ["残疾", "长期慢性病"]);
    assert_eq!(person(roster, "王小强").birth.as_deref(), Some("2008-04-18"));
    assert_eq!(
        second
            .extra
            .iter()
            .map(|(_, value)| value.chars().count())
            .collect::<Vec<_>>(),
        [3000]
    );
    let village = &roster.villages[0];
    assert_eq!(
        (village.township.as_deref(), village.name.as_deref()),
        (Some("官店镇"), Some("测试村"))
    );
    assert_eq!(roster.rejected, []);
    assert!(
        roster
            .notes
            .iter()
            .all(|note| note.code.starts_with("sheet_") || note.code == "columns_kept"),
        "{:?}",
        roster.notes
    );
}

#[test]
fn the_files_of_three_programs_say_the_same() {
    for name in ["xlwt.xls", "calc.xls", "styled.xlsx"] {
        assert_fixture(&read(&fixture(name), name));
    }
}

#[test]
fn a_workbook_comes_back_with_everything_else_untouched() {
    let bytes = fixture("styled.xlsx");
    let mut notes = read(&bytes, "styled.xlsx").all_notes();
    notes.push(note(4, "=1+1"));
    let file = roster::annotate(&bytes, "大村.xlsx", &notes).unwrap();
    assert_eq!((file.file_name.as_str(), file.converted), ("大村-退回原因.xlsx", false));
    assert_eq!(part_names(&file.bytes), part_names(&bytes));
    for name in part_names(&bytes) {
        let (before, after) = (part(&bytes, &name), part(&file.bytes, &name));
        match name.as_str() {
            "xl/worksheets/sheet1.xml" | "xl/styles.xml" => assert_ne!(before, after),
            _ => assert_eq!(before, after, "{name}"),
        }
    }
    let sheet = part(&file.bytes, "xl/worksheets/sheet1.xml");
    for kept in [
        "<mergeCell ref=\"B5:B7\"",
        "<pane ",
        "<autoFilter ref=\"A2:K7\"",
        "<dataValidation ",
        "<legacyDrawing ",
    ] {
        assert!(sheet.contains(kept), "{kept}");
    }
    // The cell stands in its row, as text, behind the last column; what could be a formula is none.
    assert!(sheet.contains("<c r=\"L2\""), "{sheet}");
    assert!(sheet.contains("请核实：=1+1"), "{sheet}");
    assert_fixture(&read(&file.bytes, "x.xlsx"));
}

fn note(row: u32, reason: &str) -> Note {
    let words = |text: &str| Words {
        zh: text.to_owned().into(),
        en: text.to_owned().into(),
    };
    Note {
        place: Place { sheet: 0, row },
        sheet: "花名册".to_owned(),
        column: None,
        value: None,
        rule: "DQ03",
        code: "no_head",
        severity: Severity::Flagged,
        reason: words(reason),
        todo: words("请核对"),
    }
}

#[test]
fn reasons_of_one_row_are_joined_and_a_second_time_replaced() {
    let lines = "
        名册||
        姓名|与户主关系|身份证号|性别|备注
        王芳|配偶|123|男|
        ||||无人
        李强|之女|11010519491231002X|男|";
    let bytes = workbook(&[Sheet::new("名册", lines), Sheet::new("说明", "请如实填写")]);
    let (roster, file) = annotated(&bytes, "x.xlsx");
    let sheet = part(&file.bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("退回原因/提示").count(), 1);
    assert_eq!(
        part(&file.bytes, "xl/worksheets/sheet2.xml"),
        part(&bytes, "xl/worksheets/sheet2.xml")
    );
    assert!(
        sheet.contains("退回：这一行没有姓名，也看不出属于哪一户，没有导入，"),
        "{sheet}"
    );
    assert!(
        sheet.contains("请核实：“身份证号”身份证号应为18位，现在是3位，请照证件填写；"),
        "{sheet}"
    );
    assert_same(&roster, &read(&file.bytes, "x.xlsx"));
    // Given back again: the same column, the same bytes in it.
    let (_, again) = annotated(&file.bytes, &file.file_name);
    assert_eq!(part(&again.bytes, "xl/worksheets/sheet1.xml"), sheet);
    assert_eq!(again.file_name, file.file_name);
    // Nothing to say any more: the old reasons go.
    let cleared = roster::annotate(&file.bytes, "x.xlsx", &[]).unwrap();
    let cleared = part(&cleared.bytes, "xl/worksheets/sheet1.xml");
    assert!(
        cleared.contains("退回原因/提示") && !cleared.contains("请核实"),
        "{cleared}"
    );
}

#[test]
fn an_xls_workbook_comes_back_as_xlsx() {
    for name in ["xlwt.xls", "calc.xls"] {
        let bytes = fixture(name);
        let (_, file) = annotated(&bytes, name);
        assert!(file.converted);
        assert!(file.file_name.ends_with("-退回原因.xlsx"), "{}", file.file_name);
        assert_fixture(&read(&file.bytes, "x.xlsx"));
        assert!(part(&file.bytes, "xl/worksheets/sheet1.xml").contains("退回原因/提示"));
    }
}

#[test]
fn a_text_table_keeps_its_encoding_separator_and_bytes() {
    let table = "名册\r\n姓名;与户主关系;身份证号\r\n王芳;户主;\"12;3\"\r\n\r\n𠮷田㐂;之子\r\n李强;配偶;110105194912310021;;多\r\n合计";
    for (charset, mark) in [
        (encoding_rs::UTF_8, &b"\xEF\xBB\xBF"[..]),
        (encoding_rs::UTF_8, b""),
        (encoding_rs::GB18030, b""),
    ] {
        let mut bytes = mark.to_vec();
        bytes.extend(charset.encode(table).0.iter());
        let (roster, file) = annotated(&bytes, "名册.csv");
        let text = charset
            .decode_without_bom_handling(&file.bytes[mark.len()..])
            .0
            .into_owned();
        assert!(file.bytes.starts_with(mark));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], "名册");
        assert_eq!(lines[1], "姓名;与户主关系;身份证号;;;退回原因/提示");
        assert!(
            lines[2].starts_with("王芳;户主;\"12;3\";;;请核实：“身份证号”"),
            "{text}"
        );
        assert_eq!(lines[3], "");
        assert!(lines[4].starts_with("𠮷田㐂;之子;;;;提示："), "{text}");
        assert!(
            lines[5].starts_with("李强;配偶;110105194912310021;;多;请核实："),
            "{text}"
        );
        assert_eq!(lines[6], "合计");
        assert_eq!(
            (file.file_name.as_str(), file.media_type),
            ("名册-退回原因.csv", "text/csv")
        );
        assert_same(&roster, &read(&file.bytes, "名册.csv"));
        let (_, again) = annotated(&file.bytes, "名册.csv");
        assert_eq!(again.bytes, file.bytes);
    }
}

#[test]
fn a_text_table_in_utf16_stays_one() {
    let units = std::iter::once(0xFEFF).chain("姓名\t与户主关系\t性别\n王芳\t户主\t中性\n".encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let (roster, file) = annotated(&bytes, "名册.txt");
    assert_eq!(&file.bytes[..2], b"\xFF\xFE");
    let text = encoding_rs::UTF_16LE
        .decode_without_bom_handling(&file.bytes[2..])
        .0
        .into_owned();
    assert!(
        text.starts_with("姓名\t与户主关系\t性别\t退回原因/提示\n王芳\t户主\t中性\t提示："),
        "{text}"
    );
    assert!(text.ends_with('\n'));
    assert_same(&roster, &read(&file.bytes, "名册.txt"));
}

#[test]
fn the_large_samples_come_back_whole() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
    for name in ["roster-422822104299.xlsx", "roster-430225203298.gb18030.csv"] {
        let bytes = std::fs::read(data.join(name)).unwrap();
        let before = read(&bytes, name);
        let places: Vec<Place> = households(&before)
            .iter()
            .map(|household| household.places[0])
            .collect();
        let notes: Vec<Note> = places.iter().map(|place| note(place.row, "试")).collect();
        let file = roster::annotate(&bytes, name, &notes).unwrap();
        let after = read(&file.bytes, name);
        assert_same(&before, &after);
        assert!(file.bytes.len() > bytes.len());
    }
}

#[test]
fn rows_and_cells_that_do_not_say_where_they_are() {
    // Some programs leave the references out; prefixes are allowed too.
    let sheet = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><x:worksheet \
        xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData>\
        <x:row><x:c t=\"inlineStr\"><x:is><x:t>姓名</x:t></x:is></x:c>\
        <x:c t=\"inlineStr\"><x:is><x:r><x:t>与户主</x:t></x:r>\
        <x:rPh sb=\"0\" eb=\"1\"><x:t>yu</x:t></x:rPh><x:r><x:t>关系</x:t></x:r></x:is></x:c></x:row>\
        <x:row><x:c t=\"inlineStr\"><x:is><x:t>王芳&amp;&#x20;</x:t></x:is></x:c>\
        <x:c t=\"str\"><x:f>\"户\"&amp;\"主\"</x:f><x:v>配偶</x:v></x:c></x:row>\
        </x:sheetData></x:worksheet>";
    let whole = workbook(&[Sheet::new("名册", "")]);
    let parts: Vec<(String, String)> = part_names(&whole)
        .into_iter()
        .map(|name| {
            let text = if name == "xl/worksheets/sheet1.xml" {
                sheet.to_owned()
            } else {
                part(&whole, &name)
            };
            (name, text)
        })
        .collect();
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let (roster, file) = annotated(&support::package(&parts), "x.xlsx");
    assert_eq!(families(&roster), ["王芳&"]);
    let out = part(&file.bytes, "xl/worksheets/sheet1.xml");
    assert!(
        out.contains("<x:c r=\"C2\" s=\"2\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">请核实：这一户没有户主"),
        "{out}"
    );
    assert_same(&roster, &read(&file.bytes, "x.xlsx"));
}

/// Given back and read again: the same people, whatever is torn in it.
fn assert_comes_back(what: &str, bytes: &[u8]) -> AnnotatedFile {
    let (before, file) = annotated(bytes, "名册.csv");
    let after = read(&file.bytes, "名册.csv");
    assert_eq!(before.villages, after.villages, "{what}");
    file
}

#[test]
fn reasons_are_never_read_as_titles() {
    for text in [
        "姓名\r户编号,戻\n户主姓名",
        "户编号\t姓名\n\t身份证号\n户主姓名",
        "编号,户主姓名\r姓名,身份证号户主揷;",
    ] {
        assert_comes_back(text, text.as_bytes());
    }
}

#[test]
fn stray_quotes_stay_as_stray_as_they_were() {
    for text in [
        "户主户编号;户主\n身份证号\n\"\",;玳,身份证号",
        "户编号,户主姓名\n1,王芳\n2,\"李强",
        "退回原因/提示,户主姓名,组别\n,\"\n;",
    ] {
        assert_comes_back(text, text.as_bytes());
    }
}

#[test]
fn a_column_of_the_office_is_not_taken_for_reasons_because_another_list_of_the_sheet_has_them_there() {
    let text = "户编号,姓名,与户主关系,证件号码\n1,王芳,户主,\n退回原因/提示,姓名,与户主关系,户主姓名,联系电话\n,李强,户主,李强,\n";
    let file = assert_comes_back(text, text.as_bytes());
    let given_back = String::from_utf8(file.bytes).unwrap();
    assert!(
        given_back.starts_with("户编号,姓名,与户主关系,证件号码"),
        "{given_back}"
    );
    assert!(given_back.contains("\n1,王芳,户主,"), "{given_back}");
}

#[test]
fn a_text_table_whose_encoding_had_to_be_guessed_comes_back_with_its_mark() {
    let torn = include_bytes!("../../fuzz/seeds/roster/torn-characters-in-the-titles-that-tell-the-encoding.bin");
    let file = assert_comes_back("torn", &torn[1..]);
    assert!(file.bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = format!("姓名,户主姓名\n{}", "王芳,王芳\n".repeat(40));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = assert_comes_back("UTF-16 without its mark", &utf16);
    assert!(file.bytes.starts_with(&[0xFF, 0xFE]));
}
