//! The zip package of an .xlsx workbook: its parts, read under a limit on what they unpack to, and its relations.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::strings::xml_text;
use super::{INFLATED_BYTES_MAX, SHEETS_MAX};
use crate::book::error::{BookError, TooMuch};

/// Most entries of a package: a roster has about ten, one with many pictures a few hundred.
const ENTRIES_MAX: usize = 10_000;

/// An opened package. Reading parts uses up one common budget of unpacked bytes.
pub(crate) struct Package<'a> {
    pub archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Part names in lower case with plain slashes, because names of parts are compared without case.
    names: BTreeMap<String, usize>,
    left: u64,
}

/// One sheet as the workbook lists it.
#[derive(Debug)]
pub(crate) struct SheetEntry {
    pub name: String,
    pub hidden: bool,
    pub part: String,
}

/// What the workbook part says.
#[derive(Debug, Default)]
pub(crate) struct Workbook {
    pub sheets: Vec<SheetEntry>,
    pub dates_from_1904: bool,
    pub shared_strings: Option<String>,
    pub styles: Option<String>,
}

impl<'a> Package<'a> {
    /// Opens a package, unless it claims more entries than a workbook can have.
    pub fn open(bytes: &'a [u8]) -> Result<Self, BookError> {
        if claimed_entries(bytes).is_none_or(|entries| entries > ENTRIES_MAX) {
            return Err(BookError::damaged("zip"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BookError::damaged("zip"))?;
        let names = archive.file_names().enumerate();
        let names = names
            .filter_map(|(at, name)| name.ok().map(|name| (key(&name), at)))
            .collect();
        Ok(Self {
            archive,
            names,
            left: INFLATED_BYTES_MAX,
        })
    }

    /// Whether there is a part of that name.
    pub fn has(&self, part: &str) -> bool {
        self.names.contains_key(&key(part))
    }

    /// Which entry of the archive holds a part.
    pub fn index(&self, part: &str) -> Option<usize> {
        self.names.get(&key(part)).copied()
    }

    /// A part as text, if there is one of that name.
    pub fn part(&mut self, part: &str) -> Result<Option<String>, BookError> {
        let Some(at) = self.index(part) else { return Ok(None) };
        let mut bytes = Vec::new();
        let file = self.archive.by_index(at).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                BookError::PasswordProtected
            }
            _ => BookError::damaged(part),
        })?;
        file.take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| BookError::damaged(part))?;
        let size = bytes.len() as u64;
        if size > self.left {
            return Err(BookError::InflatedTooLarge);
        }
        self.left -= size;
        Ok(Some(xml_text(bytes)))
    }

    /// Reads the workbook part and resolves where the sheets are.
    pub fn workbook(&mut self) -> Result<Workbook, BookError> {
        let root = self.relations("_rels/.rels", "")?;
        let path = root
            .values()
            .find(|relation| relation.kind.ends_with("/officeDocument"));
        let path = path.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target.clone());
        let xml = self.part(&path)?.ok_or_else(|| BookError::damaged("xl/workbook.xml"))?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = self.relations(&format!("{folder}/_rels/{file}.rels"), folder)?;
        let mut book = Workbook::default();
        let mut reader = quick_xml::Reader::from_str(&xml);
        loop {
            match reader.read_event().map_err(|_| BookError::damaged(&*path))? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "workbookPr" => book.dates_from_1904 = attribute(&tag, "date1904").is_some_and(|v| is_true(&v)),
                    "sheet" => {
                        let id = attribute(&tag, "id").unwrap_or_default();
                        // Chart and dialogue sheets have no cells.
                        let Some(relation) = relations.get(&id).filter(|r| r.kind.ends_with("/worksheet")) else {
                            continue;
                        };
                        if book.sheets.len() == SHEETS_MAX {
                            return Err(BookError::TooMany { what: TooMuch::Parts });
                        }
                        book.sheets.push(SheetEntry {
                            name: sheet_name(&attribute(&tag, "name").unwrap_or_default()),
                            hidden: attribute(&tag, "state").is_some_and(|state| state != "visible"),
                            part: relation.target.clone(),
                        });
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        let of_kind = |end: &str| {
            relations
                .values()
                .find(|r| r.kind.ends_with(end))
                .map(|r| r.target.clone())
        };
        book.shared_strings = of_kind("/sharedStrings");
        book.styles = of_kind("/styles");
        Ok(book)
    }

    fn relations(&mut self, part: &str, folder: &str) -> Result<BTreeMap<String, Relation>, BookError> {
        let Some(xml) = self.part(part)? else {
            return Ok(BTreeMap::new());
        };
        let mut found = BTreeMap::new();
        let mut reader = quick_xml::Reader::from_str(&xml);
        loop {
            match reader.read_event().map_err(|_| BookError::damaged(part))? {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                    if let (Some(id), Some(kind), Some(target)) = (
                        attribute(&tag, "Id"),
                        attribute(&tag, "Type"),
                        attribute(&tag, "Target"),
                    ) {
                        found.insert(
                            id,
                            Relation {
                                kind,
                                target: resolve(folder, &target),
                            },
                        );
                    }
                }
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    }
}

/// A name of a sheet has at most 31 characters; what claims more is cut.
fn sheet_name(name: &str) -> String {
    name.chars().take(31).collect()
}

#[derive(Debug)]
struct Relation {
    kind: String,
    target: String,
}

/// An attribute by its name without prefix. The first wins where `r:id` and `id` are both there; sheets have `sheetId`.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name)?;
    Some(
        found
            .normalized_value(XmlVersion::Implicit1_0)
            .map_or_else(|_| found.value.to_string(), |value| value.into_owned()),
    )
}

/// Whether an XML boolean says yes.
pub(crate) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A relation's target as the name of a part.
fn resolve(folder: &str, target: &str) -> String {
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The number of entries that the end of the archive claims, read before anything is allocated for them.
fn claimed_entries(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes[tail..].windows(4).rposition(|four| four == b"PK\x05\x06")? + tail;
    let count = bytes.get(end + 10..end + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_against_the_folder() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "../xl/./sheet1.xml"), "xl/sheet1.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolve("xl", "../../../../etc/x"), "etc/x");
    }
}
