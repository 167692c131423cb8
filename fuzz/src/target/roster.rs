//! Rosters: any bytes as a file; and workbooks that are whole as packages, made of wrong parts. The file with its notes
//! is given back whenever it could be read.

use crate::input::Input;
use bianfang::base::date::Date;
use bianfang_endpoint::roster;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The file as it is.
pub const FILE: u8 = 0;
/// The parts of a workbook, each with its length before it, in the order of [`PARTS`]; an empty one is the usual one.
pub const WORKBOOK: u8 = 1;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The parts that a workbook is made of, and what stands there when the bytes have nothing for it.
pub const PARTS: [(&str, &str); 5] = [
    ("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>"),
    ("xl/sharedStrings.xml", "<sst><si><t>姓名</t></si></sst>"),
    (
        "xl/styles.xml",
        "<styleSheet><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
         <sheet name=\"1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" \
         Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
         Target=\"styles.xml\"/></Relationships>",
    ),
];

/// The target.
pub fn run(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else {
        return;
    };
    match choice % 2 {
        FILE => read(rest),
        _ => read(&workbook(rest)),
    }
}

fn read(file: &[u8]) {
    let today = Date::new(2024, 5, 1).expect("a day of the calendar");
    let name = "大村花名册";
    match roster::read(file, name, today) {
        Ok(roster) => {
            assert!(roster.people() >= roster.households().min(1) || roster.households() > 0);
            let given_back = roster::annotate(file, name, &roster.notes).expect("what was read is given back");
            roster::read(&given_back.bytes, name, today).expect("what was given back is read again");
        }
        Err(error) => assert!(error.code().starts_with("roster.")),
    }
}

fn workbook(bytes: &[u8]) -> Vec<u8> {
    let mut input = Input(bytes);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut add = |name: &str, bytes: &[u8]| {
        out.start_file(name, stored).expect("a part begins");
        out.write_all(bytes).expect("memory takes bytes");
    };
    add("[Content_Types].xml", format!("<Types xmlns=\"{MAIN}\"/>").as_bytes());
    for (name, usual) in PARTS {
        let part = input.part();
        add(name, if part.is_empty() { usual.as_bytes() } else { part });
    }
    out.finish().expect("a package ends").into_inner()
}
