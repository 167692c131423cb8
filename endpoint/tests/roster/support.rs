//! Builds small workbooks with raw control over what stands in the XML, and reads rosters at a fixed day.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{Cursor, Write};

use bianfang_endpoint::roster::{self, HouseholdRow, Note, PersonRow, Roster};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The day on which all tests read.
pub const TODAY: &str = "2026-01-01";

/// One sheet: its name, its rows as raw `<row>` elements, its merged areas.
pub struct Sheet {
    pub name: &'static str,
    pub rows: String,
    pub merges: Vec<&'static str>,
    pub state: &'static str,
}

impl Sheet {
    /// A sheet of text cells: one line a row, cells separated by `|`. A cell beginning with `#` is a number (`#1.5E3`),
    /// with `@` a date by its day number; an empty one is left out.
    pub fn new(name: &'static str, lines: &str) -> Self {
        let mut rows = String::new();
        for (at, line) in lines.trim_matches('\n').lines().enumerate() {
            let row = at + 1;
            rows.push_str(&format!("<row r=\"{row}\">"));
            for (column, cell) in line.trim_start().split('|').enumerate() {
                let place = format!("{}{row}", letters(column));
                let text = cell.replace('&', "&amp;").replace('<', "&lt;").replace("\\n", "\n");
                match cell.chars().next() {
                    None => {}
                    Some('#') => rows.push_str(&format!("<c r=\"{place}\"><v>{}</v></c>", &text[1..])),
                    Some('@') => rows.push_str(&format!("<c r=\"{place}\" s=\"1\"><v>{}</v></c>", &text[1..])),
                    Some(_) => rows.push_str(&format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")),
                }
            }
            rows.push_str("</row>");
        }
        Self {
            name,
            rows,
            merges: Vec::new(),
            state: "visible",
        }
    }

    pub fn merged(mut self, areas: &[&'static str]) -> Self {
        self.merges.extend(areas);
        self
    }

    pub fn state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }

    pub fn xml(&self) -> String {
        let merges: String = self
            .merges
            .iter()
            .map(|area| format!("<mergeCell ref=\"{area}\"/>"))
            .collect();
        let merges = if merges.is_empty() {
            merges
        } else {
            format!("<mergeCells>{merges}</mergeCells>")
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"{MAIN}\">\
             <sheetData>{}</sheetData>{merges}</worksheet>",
            self.rows
        )
    }
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of such sheets.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut parts: Vec<(String, String)> = vec![("[Content_Types].xml".into(), content_types(sheets.len()))];
    let relation = |id: usize, kind: &str, target: &str| {
        format!("<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             {inner}</Relationships>"
        )
    };
    parts.push((
        "_rels/.rels".into(),
        relations(&relation(1, "officeDocument", "xl/workbook.xml")),
    ));
    let mut list = String::new();
    let mut inner = relation(99, "styles", "styles.xml");
    for (at, sheet) in sheets.iter().enumerate() {
        let id = at + 1;
        list.push_str(&format!(
            "<sheet name=\"{}\" sheetId=\"{id}\" state=\"{}\" r:id=\"rId{id}\"/>",
            sheet.name, sheet.state
        ));
        inner.push_str(&relation(id, "worksheet", &format!("worksheets/sheet{id}.xml")));
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet.xml()));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"),
    ));
    parts.push(("xl/_rels/workbook.xml.rels".into(), relations(&inner)));
    parts.push((
        "xl/styles.xml".into(),
        format!(
            "<styleSheet xmlns=\"{MAIN}\">\
             <cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
        ),
    ));
    package(
        &parts
            .iter()
            .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

/// A zip package of parts.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn content_types(sheets: usize) -> String {
    let of = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let sheets: String = (1..=sheets)
        .map(|id| format!("<Override PartName=\"/xl/worksheets/sheet{id}.xml\" ContentType=\"{of}.worksheet+xml\"/>"))
        .collect();
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"{of}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{of}.styles+xml\"/>{sheets}</Types>"
    )
}

fn letters(column: usize) -> String {
    let first = if column >= 26 {
        char::from(b'A' + (column / 26 - 1) as u8).to_string()
    } else {
        String::new()
    };
    format!("{first}{}", char::from(b'A' + (column % 26) as u8))
}

/// One sheet of lines, read.
pub fn sheet(lines: &str) -> Roster {
    read(&workbook(&[Sheet::new("Sheet1", lines)]), "名册.xlsx")
}

/// A text table of lines, read.
pub fn text(lines: &str) -> Roster {
    read(lines.trim_start().as_bytes(), "名册.csv")
}

pub fn read(bytes: &[u8], name: &str) -> Roster {
    roster::read(bytes, name, TODAY.parse().unwrap()).unwrap()
}

/// The families as `head+member+member`, in the order of the file.
pub fn families(roster: &Roster) -> Vec<String> {
    households(roster).iter().map(|h| names(h).join("+")).collect()
}

pub fn households(roster: &Roster) -> Vec<&HouseholdRow> {
    roster.villages.iter().flat_map(|village| &village.households).collect()
}

pub fn names(household: &HouseholdRow) -> Vec<&str> {
    household
        .persons
        .iter()
        .map(|person| person.name.as_deref().unwrap_or("?"))
        .collect()
}

pub fn person<'a>(roster: &'a Roster, name: &str) -> &'a PersonRow {
    let mut people = roster
        .villages
        .iter()
        .flat_map(|v| &v.households)
        .flat_map(|h| &h.persons);
    people
        .find(|person| person.name.as_deref() == Some(name))
        .unwrap_or_else(|| panic!("nobody is called {name}"))
}

/// The notes as `row code`, refusals first.
pub fn codes(roster: &Roster) -> Vec<String> {
    let short = |note: &Note| match note.place.row {
        0 => note.code.to_owned(),
        row => format!("{row} {}", note.code),
    };
    roster.rejected.iter().chain(&roster.notes).map(short).collect()
}
