//! Adds the column to an .xlsx package by patching the XML of its sheets: every other part is copied as the compressed
//! bytes that it is, and of a sheet only the rows with a reason, the column's width and the stated dimension change.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{SheetPlan, broken};
use crate::book::package::{Package, attribute};
use crate::book::strings::escape_xml;
use crate::book::xlsx::Place;
use crate::book::{Book, column_letters, parse_area};
use crate::roster::error::RosterError;

/// Width of the column in characters.
const WIDTH: u32 = 60;

/// The workbook with the column.
pub(super) fn patch(bytes: &[u8], book: &Book, plans: &BTreeMap<usize, SheetPlan>) -> Result<Vec<u8>, RosterError> {
    let mut package = Package::open(bytes)?;
    let mut changed: BTreeMap<usize, String> = BTreeMap::new();
    let styles = package.workbook()?.styles;
    let mut style = None;
    if let Some(part) = &styles
        && let (Some(at), Some(xml)) = (package.index(part), package.part(part)?)
        && let Some((patched, index)) = add_style(&xml)
    {
        changed.insert(at, patched);
        style = Some(index);
    }
    for (sheet, plan) in plans {
        let part = &book.sheets[*sheet].part;
        let (Some(at), Some(xml)) = (package.index(part), package.part(part)?) else {
            continue;
        };
        changed.insert(at, patch_sheet(&xml, plan, style).ok_or_else(|| broken(part))?);
    }
    repack(package, changed)
}

/// Copies the package with some parts replaced.
fn repack(mut package: Package<'_>, changed: BTreeMap<usize, String>) -> Result<Vec<u8>, RosterError> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..package.archive.len() {
        let file = package.archive.by_index_raw(at).map_err(|_| broken("zip"))?;
        match changed.get(&at) {
            None => out.raw_copy_file(file).map_err(|_| broken("zip"))?,
            Some(xml) => {
                let name = file.name().map_err(|_| broken("zip"))?.into_owned();
                let mut options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
                if let Some(time) = file.last_modified() {
                    options = options.last_modified_time(time);
                }
                drop(file);
                out.start_file(name, options).map_err(|_| broken("zip"))?;
                out.write_all(declared_utf8(xml).as_bytes())
                    .map_err(|_| broken("zip"))?;
            }
        }
    }
    Ok(out.finish().map_err(|_| broken("zip"))?.into_inner())
}

/// A part that was UTF-16 is written as UTF-8, so its first line must say so.
fn declared_utf8(xml: &str) -> String {
    let Some(end) = xml.find("?>").filter(|_| xml.starts_with("<?xml")) else {
        return xml.to_owned();
    };
    let (declaration, rest) = xml.split_at(end);
    let lower = declaration.to_lowercase();
    match lower.find("utf-16") {
        Some(at) => format!("{}UTF-8{}{rest}", &declaration[..at], &declaration[at + 6..]),
        None => xml.to_owned(),
    }
}

/// Adds a cell style of wrapped text. Gives the new styles and the number of the style; nothing where there is no list
/// of cell styles.
fn add_style(xml: &str) -> Option<(String, usize)> {
    let mut reader = Reader::from_str(xml);
    let mut count = 0;
    let mut list: Option<Range<usize>> = None;
    loop {
        let from = reader.buffer_position() as usize;
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == "cellXfs" => {
                list = Some(from..reader.buffer_position() as usize);
            }
            Event::Start(tag) | Event::Empty(tag) if list.is_some() && tag.local_name().as_ref() == "xf" => count += 1,
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => {
                let (open, prefix) = (list?, prefix_of(tag.name().as_ref()));
                let mut start = BytesStart::new(format!("{prefix}cellXfs"));
                start.push_attribute(("count", (count + 1).to_string().as_str()));
                let xf = format!(
                    "<{prefix}xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
                     applyNumberFormat=\"1\" \
                     applyAlignment=\"1\"><{prefix}alignment vertical=\"top\" wrapText=\"1\"/></{prefix}xf>"
                );
                // It is there from an earlier time.
                if xml[open.end..from].ends_with(&xf) {
                    return Some((xml.to_owned(), count - 1));
                }
                let (before, inside, after) = (&xml[..open.start], &xml[open.end..from], &xml[from..]);
                return Some((format!("{before}{}{inside}{xf}{after}", tag_text(&start, false)), count));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// `x:` of `x:row`.
fn prefix_of(name: &str) -> String {
    name.split_once(':')
        .map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
}

fn tag_text(tag: &BytesStart<'_>, empty: bool) -> String {
    format!(
        "<{}{}{}>",
        tag.name().as_ref(),
        tag.attributes_raw(),
        if empty { "/" } else { "" }
    )
}

/// A tag with some attributes left out and others set.
fn changed_tag(tag: &BytesStart<'_>, without: &[&str], with: &[(&str, &str)]) -> String {
    let mut changed = BytesStart::new(tag.name().as_ref().to_owned());
    for attribute in tag.attributes().with_checks(false).flatten() {
        let name = attribute.key.as_ref();
        if !without.contains(&name) && !with.iter().any(|(set, _)| *set == name) {
            changed.push_attribute(attribute);
        }
    }
    for (name, value) in with {
        changed.push_attribute((*name, *value));
    }
    tag_text(&changed, false)
}

/// The XML of a sheet while it is copied.
struct Copy<'a> {
    xml: &'a str,
    out: String,
    /// Everything before is copied or left out on purpose.
    done: usize,
    plan: &'a SheetPlan,
    style: Option<usize>,
    prefix: String,
    place: Place,
    /// Style of the cell before, which a title takes over.
    neighbour: Option<String>,
    /// Whether the present row still waits for its cell.
    waiting: bool,
}

fn patch_sheet(xml: &str, plan: &SheetPlan, style: Option<usize>) -> Option<String> {
    let mut copy = Copy {
        xml,
        out: String::with_capacity(xml.len() + plan.cells.len() * 200),
        done: 0,
        plan,
        style,
        prefix: String::new(),
        place: Place::default(),
        neighbour: None,
        waiting: false,
    };
    let mut reader = Reader::from_str(xml);
    let mut has_columns = false;
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().ok()?;
        let to = reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "cols" => {
                    has_columns = true;
                    copy.columns(&mut reader)?;
                }
                "sheetData" => copy.data_begins(&tag, from, has_columns),
                "row" => copy.row(&tag, from..to),
                "c" => {
                    let earlier = copy.cell(&tag, from);
                    if earlier {
                        skip_cell(&mut reader)?;
                        copy.done = reader.buffer_position() as usize;
                    }
                }
                "dimension" => copy.dimension(&tag, from..to, false),
                _ => {}
            },
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "sheetData" => copy.data_begins(&tag, from, has_columns),
                "row" => copy.empty_row(&tag, from..to),
                "c" => {
                    let earlier = copy.cell(&tag, from);
                    if earlier {
                        copy.done = to;
                    }
                }
                "dimension" => copy.dimension(&tag, from..to, true),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "row" && copy.waiting => copy.insert(from),
            Event::Eof => break,
            _ => {}
        }
    }
    copy.flush(xml.len());
    Some(copy.out)
}

impl Copy<'_> {
    fn flush(&mut self, to: usize) {
        self.out.push_str(&self.xml[self.done..to]);
        self.done = to;
    }

    fn column_tag(&self) -> String {
        let number = self.plan.column + 1;
        format!(
            "<{}col min=\"{number}\" max=\"{number}\" width=\"{WIDTH}\" customWidth=\"1\"/>",
            self.prefix
        )
    }

    /// Adds a width behind the others, unless the file has one for the column already.
    fn columns(&mut self, reader: &mut Reader<&[u8]>) -> Option<()> {
        let mut last = 0u32;
        loop {
            let from = reader.buffer_position() as usize;
            match reader.read_event().ok()? {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "col" => {
                    last = last.max(
                        attribute(&tag, "max")
                            .and_then(|max| max.parse().ok())
                            .unwrap_or(u32::MAX),
                    );
                }
                Event::End(tag) if tag.local_name().as_ref() == "cols" => {
                    if last <= self.plan.column {
                        self.prefix = prefix_of(tag.name().as_ref());
                        self.flush(from);
                        let column = self.column_tag();
                        self.out.push_str(&column);
                    }
                    return Some(());
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }

    fn data_begins(&mut self, tag: &BytesStart<'_>, from: usize, has_columns: bool) {
        self.prefix = prefix_of(tag.name().as_ref());
        if !has_columns {
            self.flush(from);
            let columns = format!("<{0}cols>{1}</{0}cols>", self.prefix, self.column_tag());
            self.out.push_str(&columns);
        }
    }

    fn dimension(&mut self, tag: &BytesStart<'_>, span: Range<usize>, empty: bool) {
        let Some(area) = attribute(tag, "ref").and_then(|area| parse_area(&area)) else {
            return;
        };
        if area.last_column >= self.plan.column {
            return;
        }
        let letters = (column_letters(area.first_column), column_letters(self.plan.column));
        let area = format!("{}{}:{}{}", letters.0, area.first_row, letters.1, area.last_row);
        let changed = changed_tag(tag, &[], &[("ref", &area)]);
        let changed = if empty {
            format!("{}/>", changed.trim_end_matches('>'))
        } else {
            changed
        };
        self.flush(span.start);
        self.out.push_str(&changed);
        self.done = span.end;
    }

    fn row(&mut self, tag: &BytesStart<'_>, span: Range<usize>) {
        self.place.row(tag);
        self.neighbour = None;
        self.waiting = self.plan.cells.contains_key(&self.place.row);
        if self.waiting {
            self.flush(span.start);
            self.out.push_str(&row_tag(tag));
            self.done = span.end;
        }
    }

    fn empty_row(&mut self, tag: &BytesStart<'_>, span: Range<usize>) {
        self.place.row(tag);
        self.neighbour = None;
        if self.plan.cells.contains_key(&self.place.row) {
            self.flush(span.start);
            let close = format!("</{}>", tag.name().as_ref());
            self.out.push_str(&row_tag(tag));
            self.insert(span.start);
            self.out.push_str(&close);
            self.done = span.end;
        }
    }

    /// Puts the new cell before the first one behind its place. True for a cell of the column's earlier time, which is
    /// to be left out.
    fn cell(&mut self, tag: &BytesStart<'_>, from: usize) -> bool {
        let (column, _) = self.place.cell(tag);
        if column < self.plan.column {
            self.neighbour = attribute(tag, "s");
            return false;
        }
        if self.waiting {
            self.insert(from);
        }
        let ours = column == self.plan.column;
        if ours {
            self.flush(from);
        }
        ours
    }

    /// Writes the cell of the present row.
    fn insert(&mut self, at: usize) {
        self.flush(at);
        self.waiting = false;
        let Some(text) = self.plan.cells.get(&self.place.row) else {
            return;
        };
        let is_title = self.plan.titles.contains(&self.place.row);
        let own = self.style.map(|style| style.to_string());
        let style = if is_title { self.neighbour.take().or(own) } else { own };
        let style = style.map_or_else(String::new, |style| format!(" s=\"{}\"", escape_xml(&style)));
        let reference = format!("{}{}", column_letters(self.plan.column), self.place.row);
        let (p, text) = (&self.prefix, escape_xml(text));
        let cell = format!(
            "<{p}c r=\"{reference}\"{style} t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">{text}</{p}t></{p}is>\
             </{p}c>"
        );
        self.out.push_str(&cell);
    }
}

/// Reads on to the end of a cell.
fn skip_cell(reader: &mut Reader<&[u8]>) -> Option<()> {
    loop {
        match reader.read_event().ok()? {
            Event::End(end) if end.local_name().as_ref() == "c" => return Some(()),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The tag of a row that gets a reason: without the hint which columns it spans, and, unless somebody fixed it, without
/// the height, so that the program fits it to the wrapped text.
fn row_tag(tag: &BytesStart<'_>) -> String {
    let fixed = attribute(tag, "customHeight").is_some_and(|fixed| fixed == "1" || fixed == "true");
    let without: &[&str] = if fixed { &["spans"] } else { &["spans", "ht"] };
    changed_tag(tag, without, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(xml: &str, column: u32) -> String {
        let cells = BTreeMap::from([
            (1, "退回原因/提示".to_owned()),
            (3, "a<b".to_owned()),
            (4, "x".to_owned()),
        ]);
        patch_sheet(
            xml,
            &SheetPlan {
                column,
                cells,
                titles: vec![1],
            },
            Some(7),
        )
        .unwrap()
    }

    #[test]
    fn cells_are_added_behind_the_last_one() {
        let xml = "<worksheet><dimension ref=\"A1:B3\"/><sheetData>\
                   <row r=\"1\" spans=\"1:2\"><c r=\"A1\" s=\"4\"/></row>\
                   <row r=\"2\"/><row r=\"3\" ht=\"20\" customHeight=\"1\"><c r=\"B3\"><v>1</v></c></row><row r=\"4\"/>\
                   </sheetData></worksheet>";
        let cell = |r: &str, s: u32, t: &str| {
            format!("<c r=\"{r}\" s=\"{s}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{t}</t></is></c>")
        };
        assert_eq!(
            patched(xml, 2),
            format!(
                "<worksheet><dimension ref=\"A1:C3\"/>\
                 <cols><col min=\"3\" max=\"3\" width=\"60\" customWidth=\"1\"/></cols>\
                 <sheetData><row r=\"1\"><c r=\"A1\" s=\"4\"/>{}</row><row r=\"2\"/><row r=\"3\" ht=\"20\" \
                 customHeight=\"1\"><c r=\"B3\"><v>1</v></c>{}</row><row r=\"4\">{}</row></sheetData></worksheet>",
                cell("C1", 4, "退回原因/提示"),
                cell("C3", 7, "a&lt;b"),
                cell("C4", 7, "x")
            )
        );
    }

    #[test]
    fn an_earlier_column_is_filled_anew() {
        let xml = "<x:worksheet><x:cols><x:col min=\"1\" max=\"1\" width=\"9\"/></x:cols><x:sheetData>\
                   <x:row r=\"1\"><x:c r=\"A1\"/><x:c r=\"B1\" t=\"s\"><x:v>1</x:v></x:c><x:c r=\"C1\"/></x:row>\
                   <x:row r=\"2\"><x:c r=\"B2\"/><x:c r=\"C2\"/></x:row></x:sheetData></x:worksheet>";
        let out = patched(xml, 1);
        assert!(
            out.contains("<x:cols><x:col min=\"1\" max=\"1\" width=\"9\"/><x:col min=\"2\" max=\"2\" width=\"60\"")
        );
        assert!(
            out.contains("<x:t xml:space=\"preserve\">退回原因/提示</x:t></x:is></x:c><x:c r=\"C1\"/></x:row>"),
            "{out}"
        );
        assert!(out.contains("<x:row r=\"2\"><x:c r=\"C2\"/></x:row>"), "{out}");
        assert_eq!(out.matches("r=\"B1\"").count(), 1);
    }

    #[test]
    fn a_style_is_added_to_the_list() {
        let xml = "<styleSheet><cellStyleXfs><xf/></cellStyleXfs>\
                   <cellXfs count=\"1\"><xf numFmtId=\"0\"/></cellXfs></styleSheet>";
        let (out, index) = add_style(xml).unwrap();
        assert_eq!(index, 1);
        assert!(
            out.contains("<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"49\""),
            "{out}"
        );
        assert_eq!(
            declared_utf8("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>"
        );
    }
}
