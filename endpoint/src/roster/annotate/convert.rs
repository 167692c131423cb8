//! Writes the values of an .xls workbook as .xlsx: texts, numbers, dates, merged cells, names of sheets. Fonts, colours
//! and formulas are not carried over.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::broken;
use crate::book::strings::escape_xml;
use crate::book::{Book, Sheet, Value, column_letters};
use crate::roster::error::RosterError;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Cell styles: as it comes, text, date.
const STYLE_TEXT: u32 = 1;
const STYLE_DATE: u32 = 2;

/// A new workbook with the values of the sheets.
pub(super) fn to_xlsx(book: &Book, dates_from_1904: bool) -> Result<Vec<u8>, RosterError> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, xml: String| -> Result<(), RosterError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        out.start_file(name, options).map_err(|_| broken(name))?;
        out.write_all(HEAD.as_bytes())
            .and_then(|()| out.write_all(xml.as_bytes()))
            .map_err(|_| broken(name))
    };
    part("[Content_Types].xml", content_types(book.sheets.len()))?;
    part(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    )?;
    part("xl/workbook.xml", workbook(book, dates_from_1904))?;
    part("xl/_rels/workbook.xml.rels", relations(book.sheets.len()))?;
    part("xl/styles.xml", styles())?;
    for (at, sheet) in book.sheets.iter().enumerate() {
        part(&format!("xl/worksheets/sheet{}.xml", at + 1), sheet_xml(sheet))?;
    }
    Ok(out.finish().map_err(|_| broken("zip"))?.into_inner())
}

fn content_types(sheets: usize) -> String {
    let of = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut xml = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{of}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{of}.styles+xml\"/>"
    );
    for at in 1..=sheets {
        let _ = write!(
            xml,
            "<Override PartName=\"/xl/worksheets/sheet{at}.xml\" ContentType=\"{of}.worksheet+xml\"/>"
        );
    }
    xml + "</Types>"
}

fn workbook(book: &Book, dates_from_1904: bool) -> String {
    let mut xml = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">");
    if dates_from_1904 {
        xml.push_str("<workbookPr date1904=\"1\"/>");
    }
    xml.push_str("<sheets>");
    for (at, sheet) in book.sheets.iter().enumerate() {
        let hidden = if sheet.hidden { " state=\"hidden\"" } else { "" };
        let (name, id) = (escape_xml(&sheet.name), at + 1);
        let _ = write!(
            xml,
            "<sheet name=\"{name}\" sheetId=\"{id}\"{hidden} r:id=\"rId{id}\"/>"
        );
    }
    xml + "</sheets></workbook>"
}

fn relations(sheets: usize) -> String {
    let mut xml = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for at in 1..=sheets {
        let target = format!("worksheets/sheet{at}.xml");
        let _ = write!(
            xml,
            "<Relationship Id=\"rId{at}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>"
        );
    }
    let _ = write!(
        xml,
        "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>",
        sheets + 1
    );
    xml + "</Relationships>"
}

fn styles() -> String {
    format!(
        "<styleSheet xmlns=\"{MAIN}\">\
         <numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
         <fonts count=\"1\"><font><sz val=\"11\"/><name val=\"宋体\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
         <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
         <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
    )
}

fn sheet_xml(sheet: &Sheet) -> String {
    let mut xml = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, cells) in &sheet.rows {
        let _ = write!(xml, "<row r=\"{row}\">");
        for cell in cells {
            let place = format!("{}{row}", column_letters(cell.column));
            let _ = match &cell.value {
                Value::Text(text) => {
                    let text = escape_xml(text);
                    write!(
                        xml,
                        "<c r=\"{place}\" s=\"{STYLE_TEXT}\" t=\"inlineStr\"><is>\
                         <t xml:space=\"preserve\">{text}</t></is></c>"
                    )
                }
                Value::Number { value, .. } => write!(xml, "<c r=\"{place}\"><v>{value}</v></c>"),
                Value::Date { value, .. } => write!(xml, "<c r=\"{place}\" s=\"{STYLE_DATE}\"><v>{value}</v></c>"),
                Value::Bool(yes) => write!(xml, "<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*yes)),
                Value::Error => Ok(()),
            };
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    let areas: Vec<String> = sheet
        .merges
        .all()
        .map(|area| {
            let (from, to) = (column_letters(area.first_column), column_letters(area.last_column));
            format!("<mergeCell ref=\"{from}{}:{to}{}\"/>", area.first_row, area.last_row)
        })
        .collect();
    if !areas.is_empty() {
        let _ = write!(
            xml,
            "<mergeCells count=\"{}\">{}</mergeCells>",
            areas.len(),
            areas.concat()
        );
    }
    xml + "</worksheet>"
}
