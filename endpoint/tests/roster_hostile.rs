//! Files that are no rosters, are broken, or were made to do harm: each gets its own words, none a panic or much
//! memory.

#[path = "roster/support.rs"]
mod support;

use std::path::PathBuf;

use bianfang_endpoint::roster::{self, Roster, RosterError};
use support::{Sheet, TODAY, package, workbook};

fn read(bytes: &[u8]) -> Result<Roster, RosterError> {
    roster::read(bytes, "名册.xlsx", TODAY.parse().unwrap())
}

fn code(bytes: &[u8]) -> &'static str {
    let error = read(bytes).expect_err("must be refused");
    // Both languages say something to do, and reading for annotating fails alike.
    assert!(
        error.zh().contains("请") || error.zh().contains("表头"),
        "{}",
        error.zh()
    );
    assert!(error.en().len() > 20 && error.to_string().contains(&error.zh()));
    error.code()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/roster")
            .join(name),
    )
    .unwrap()
}

#[test]
fn what_is_no_roster_says_what_it_is() {
    let docx = package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<d/>")]);
    let ods = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"<d/>"),
    ]);
    let zip = package(&[("a.txt", b"x")]);
    let html = "<html><head><meta charset=gb2312></head><table><tr><td>姓名</td></tr></table></html>";
    let spreadsheet_ml = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>";
    let cases: Vec<(&[u8], &str)> = vec![
        (b"", "roster.empty"),
        (b"\xEF\xBB\xBF \r\n\r\n", "roster.empty"),
        (b"%PDF-1.7", "roster.other_format"),
        (b"\x89PNG\r\n\x1a\n", "roster.other_format"),
        (b"Rar!\x1A\x07", "roster.other_format"),
        (&docx, "roster.other_format"),
        (&ods, "roster.other_format"),
        (&zip, "roster.other_format"),
        (html.as_bytes(), "roster.other_format"),
        (spreadsheet_ml.as_bytes(), "roster.other_format"),
        (b"\x09\x08\x10\x00\x00\x05\x05\x00", "roster.not_a_workbook"),
        (b"\x09\x02\x06\x00\x00\x02\x10\x00", "roster.other_format"),
        (b"{\"a\": 1}", "roster.not_a_workbook"),
        (&[0, 1, 2, 3, 0, 0, 0, 9, 9, 9, 0, 0, 1], "roster.not_a_workbook"),
        (b"PK\x03\x04", "roster.damaged"),
        ("今天下午开会，请带花名册。".as_bytes(), "roster.no_header"),
        ("姓名,性别,身份证号\n".as_bytes(), "roster.no_rows"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            code(bytes),
            expected,
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
        );
    }
}

#[test]
fn a_header_that_is_missing_names_the_sheets() {
    let bytes = workbook(&[Sheet::new("一月", "甲|乙\n1|2"), Sheet::new("二月", "说明")]);
    let error = read(&bytes).unwrap_err();
    assert_eq!(
        error,
        RosterError::NoHeader {
            sheets: vec!["一月".into(), "二月".into()]
        }
    );
    assert!(error.zh().contains("“一月”、“二月”") && error.zh().contains("姓名"));
}

/// The smallest container with streams of these names, all empty but the first.
fn compound(names: &[&str], first: &[u8]) -> Vec<u8> {
    assert!(first.len() <= 4096 && names.len() <= 3);
    let mut file = vec![0u8; 512];
    file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    file[24..32].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
    let put = |file: &mut Vec<u8>, at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(&mut file, 44, 1);
    put(&mut file, 48, 1);
    // Every stream is a plain one, however small.
    put(&mut file, 56, 0);
    for (at, value) in [(60, 0xFFFF_FFFE), (68, 0xFFFF_FFFE), (76, 0)] {
        put(&mut file, at, value);
    }
    file[80..512].fill(0xFF);
    // Sector 0: the table; 1: the directory; 2 to 9: the first stream.
    let mut table = vec![0xFFFF_FFFDu32, 0xFFFF_FFFE];
    table.extend((3..10).chain([0xFFFF_FFFE]));
    table.resize(128, 0xFFFF_FFFF);
    file.extend(table.iter().flat_map(|sector| sector.to_le_bytes()));
    for (at, name) in std::iter::once(&"Root Entry").chain(names).enumerate() {
        let mut entry = vec![0u8; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64] = units.len() as u8 + 2;
        entry[66] = if at == 0 { 5 } else { 2 };
        entry[116..120].copy_from_slice(&(if at == 1 { 2u32 } else { 0xFFFF_FFFE }).to_le_bytes());
        entry[120..124].copy_from_slice(&(if at == 1 { first.len() as u32 } else { 0 }).to_le_bytes());
        file.extend(entry);
    }
    file.resize(1536, 0);
    file.extend(first);
    file.resize(1536 + 4096, 0);
    file
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

#[test]
fn files_with_a_password_say_so() {
    assert_eq!(
        code(&compound(&["EncryptedPackage", "EncryptionInfo"], b"secret")),
        "roster.password"
    );
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let protected = [&begin[..], &record(0x2F, &[1, 0, 1, 0])].concat();
    assert_eq!(code(&compound(&["Workbook"], &protected)), "roster.password");
    assert_eq!(code(&compound(&["WordDocument"], b"x")), "roster.other_format");
    assert_eq!(code(&compound(&["Book"], b"x")), "roster.other_format");
    assert_eq!(code(&compound(&["Other"], b"x")), "roster.not_a_workbook");
    assert_eq!(code(&compound(&["Workbook"], b"x")), "roster.damaged");
}

#[test]
fn an_xls_sheet_that_claims_the_whole_grid_costs_nothing() {
    let mut stream = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let name = [&[6u8, 0][..], b"Sheet1"].concat();
    let offset = (stream.len() + 4 + 6 + name.len() + 4) as u32;
    stream.extend(record(0x85, &[&offset.to_le_bytes()[..], &[0, 0], &name].concat()));
    stream.extend(record(0x0A, &[]));
    stream.extend(record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    let label = |row: u16, column: u16, text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let len = text.encode_utf16().count() as u16;
        let head = [
            &row.to_le_bytes()[..],
            &column.to_le_bytes(),
            &[0, 0],
            &len.to_le_bytes(),
            &[1],
        ]
        .concat();
        record(0x0204, &[&head[..], &units].concat())
    };
    for (row, column, text) in [
        (0, 0, "姓名"),
        (0, 1, "与户主关系"),
        (65_535, 0, "王芳"),
        (65_535, 1, "户主"),
        (65_535, 16_000, "远"),
    ] {
        stream.extend(label(row, column, text));
    }
    stream.extend(record(0x0A, &[]));
    let roster = read(&compound(&["Workbook"], &stream)).unwrap();
    assert_eq!(
        (roster.people(), roster.villages[0].households[0].persons[0].place.row),
        (1, 65_536)
    );
}

#[test]
fn a_package_that_unpacks_without_end_is_left_unread() {
    let zeros = vec![b' '; 70 << 20];
    let xml = [&b"<worksheet><sheetData>"[..], &zeros, b"</sheetData></worksheet>"].concat();
    let bytes = with_sheet(&xml);
    assert!(bytes.len() < 1 << 20);
    assert_eq!(code(&bytes), "roster.inflated_too_large");
    assert!(roster::annotate(&bytes, "x.xlsx", &[]).is_err());
}

/// A workbook with one sheet of this XML.
fn with_sheet(xml: &[u8]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!("<Relationships><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>")
    };
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").as_bytes()),
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml").as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", xml),
    ])
}

#[test]
fn rows_and_cells_beyond_the_limits_are_refused() {
    let row = "<row><c t=\"str\"><v>x</v></c></row>";
    let many = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        row.repeat(roster::ROWS_MAX + 1)
    );
    assert_eq!(code(&with_sheet(many.as_bytes())), "roster.too_many");
    let csv = "a\n".repeat(roster::ROWS_MAX + 1);
    assert_eq!(code(csv.as_bytes()), "roster.too_many");
    // Rows without content do not count, wherever they claim to be.
    let claims = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"str\"><v>姓名</v></c>\
        <c r=\"B1\" t=\"str\"><v>性别</v></c></row><row r=\"1048576\"><c r=\"A1048576\" t=\"str\"><v>王芳</v></c>\
        <c r=\"XFD1048576\"/></row><row r=\"4294967295\"><c><v>1</v></c></row><row/></sheetData><mergeCells>\
        <mergeCell ref=\"A2:XFD1048575\"/><mergeCell ref=\"A0:B0\"/><mergeCell ref=\"??\"/></mergeCells></worksheet>";
    let bytes = with_sheet(claims.as_bytes());
    let roster = read(&bytes).unwrap();
    assert_eq!(
        (roster.people(), roster.villages[0].households[0].persons[0].place.row),
        (1, 1_048_576)
    );
    let file = roster::annotate(&bytes, "x.xlsx", &roster.all_notes()).unwrap();
    assert_eq!(read(&file.bytes).unwrap().villages, roster.villages);
}

#[test]
fn a_text_that_is_shared_by_many_cells_counts_each_time() {
    let cell = "<c t=\"s\"><v>0</v></c>".repeat(1_000);
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        format!("<row>{cell}</row>").repeat(100)
    );
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship \
         Id=\"r2\" Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000));
    let bytes = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    assert_eq!(code(&bytes), "roster.too_many");
}

#[test]
fn what_merged_cells_repeat_counts_too() {
    let mut rows = String::from("<row><c t=\"str\"><v>姓名</v></c><c t=\"str\"><v>性别</v></c></row>");
    let text = "x".repeat(1_000);
    rows.push_str(&format!(
        "<row><c t=\"str\"><v>王芳</v></c><c/>{}</row>",
        format!("<c t=\"str\"><v>{text}</v></c>").repeat(50)
    ));
    rows.push_str(&"<row><c t=\"str\"><v>李强</v></c></row>".repeat(5_000));
    let areas: String = ('C'..='Z')
        .map(|column| format!("<mergeCell ref=\"{column}2:{column}5002\"/>"))
        .collect();
    let xml = format!("<worksheet><sheetData>{rows}</sheetData><mergeCells>{areas}</mergeCells></worksheet>");
    assert_eq!(code(&with_sheet(xml.as_bytes())), "roster.too_many");
}

#[test]
fn one_household_of_everybody_is_read_in_time() {
    // Every row a head, every row the same number: what each note names of the others is bounded.
    let mut text = String::from("户编号,姓名,与户主关系,性别,身份证号,住址\n");
    for row in 0..5_000 {
        text.push_str(&format!(
            "7,{},户主,男,11010519491231002X,{row}\n",
            "长".repeat(if row < 5 { 5_000 } else { 2 })
        ));
    }
    let roster = read(text.as_bytes()).unwrap();
    assert_eq!((roster.households(), roster.people()), (1, 5_000));
    let longest = roster
        .notes
        .iter()
        .map(|note| note.reason.zh.len() + note.reason.en.len())
        .max();
    assert!(longest < Some(1_000), "{longest:?}");
}

#[test]
fn nothing_that_a_document_type_declares_is_expanded() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
        <worksheet><sheetData><row><c t=\"str\"><v>姓名</v></c><c t=\"str\"><v>性别</v></c></row>\
        <row><c t=\"str\"><v>王&b;&c;芳</v></c></row></sheetData></worksheet>";
    let roster = read(&with_sheet(bomb.as_bytes())).unwrap();
    assert_eq!(
        roster.villages[0].households[0].persons[0].name.as_deref(),
        Some("王芳")
    );
}

/// A small generator, so that the damage is the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }
}

#[test]
fn damaged_files_are_read_or_refused_but_never_a_panic() {
    let sheet = Sheet::new(
        "名册",
        "户编号|姓名|与户主关系|身份证号\n101|王芳|户主|11010519491231002X\n|李强|配偶|#1.5E17",
    );
    let stored = {
        // Not compressed, so that damage reaches the XML instead of the inflater's checksum.
        let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let whole = workbook(&[sheet.merged(&["A2:A3"])]);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            out.start_file(file.name().unwrap().into_owned(), options).unwrap();
            std::io::copy(&mut file, &mut out).unwrap();
        }
        out.finish().unwrap().into_inner()
    };
    let csv = "户编号,姓名,与户主关系,身份证号\n101,王芳,户主,11010519491231002X\n,\"李强\",配偶,\n"
        .as_bytes()
        .to_vec();
    let mut dice = Dice(20_260_101);
    for (file, rounds) in [
        (fixture("xlwt.xls"), 60),
        (fixture("calc.xls"), 100),
        (stored, 500),
        (csv, 1_000),
    ] {
        for round in 0..rounds {
            let mut bytes = file.clone();
            if round % 3 == 0 {
                bytes.truncate(dice.roll(bytes.len()));
            }
            for _ in 0..=dice.roll(8) {
                if !bytes.is_empty() {
                    let at = dice.roll(bytes.len());
                    bytes[at] = [0, 0xFF, dice.roll(256) as u8][dice.roll(3)];
                }
            }
            if let Ok(roster) = read(&bytes) {
                let file = roster::annotate(&bytes, "x", &roster.all_notes());
                // A part that nobody read may be too broken to be copied.
                let code = file.map_or_else(|error| error.code(), |_| "given back");
                assert!(matches!(code, "given back" | "roster.damaged"), "round {round}: {code}");
            }
        }
    }
}
