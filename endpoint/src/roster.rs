//! Reads the name lists that offices keep: workbooks and text tables in, households and notes out.
//!
//! Pure functions of bytes. Nothing here knows documents or a database, and nothing of a file is ever run or fetched.
//! What people call things is told in `columns` and `values`, what is one family in `families`, what is odd in
//! `oddity`; [`annotate`] gives the same file back with a column of reasons.
//!
//! Only a row with neither a name nor a household is refused. Everything else is taken, and what looks wrong is noted
//! and kept as written.

mod annotate;
mod checks;
mod columns;
mod error;
mod families;
mod further;
mod households;
mod model;
mod note;
mod notes;
mod oddity;
mod persons;
mod rows;
mod table;
mod values;
mod villages;

use bianfang::base::date::Date;

pub use self::annotate::{AnnotatedFile, annotate};
pub use self::error::RosterError;
pub use self::model::{HouseholdRow, IdCheck, PairingRow, PersonRow, Place, Roster, SheetInfo, VillageRoster};
pub use self::note::{Note, Severity, Words};
pub use crate::book::{
    BookError, CELLS_MAX, FILE_BYTES_MAX, HEADER_ROWS_MAX, INFLATED_BYTES_MAX, MERGES_MAX, ROWS_MAX, SHEETS_MAX,
    TEXT_BYTES_MAX, TooMuch,
};

use self::checks::ByPlace;
use self::families::{Families, Family};
use self::households::Shared;
use self::notes::Notes;
use self::oddity::Oddity;
use self::rows::Row;
use self::table::Table;
use self::villages::Context;
use crate::book::{Book, Kind, Meter};

/// Reads a roster from the bytes of an .xlsx, .xls or text file. The name of the file is only a last source for the
/// village's name and code; what the file is, its bytes tell. `today` is the day in China, against which dates of birth
/// are judged.
///
/// Fails only where there is no roster to read: see [`RosterError`].
///
/// ```
/// let csv = "户编号,姓名,与户主关系,身份证号\n1,王芳,户主,11010519491231002X\n,李强,配偶,\n";
/// let roster = bianfang_endpoint::roster::read(csv.as_bytes(), "大村.csv", "2024-05-01".parse().unwrap()).unwrap();
/// assert_eq!(roster.households(), 1);
/// assert_eq!(roster.people(), 2);
/// assert_eq!(roster.villages[0].name.as_deref(), Some("大村"));
/// ```
pub fn read(bytes: &[u8], file_name: &str, today: Date) -> Result<Roster, RosterError> {
    let mut book = crate::book::open(bytes)?;
    let names: Vec<String> = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let shown = || names.iter().filter(|name| !name.is_empty()).cloned().collect();
    let tables = tables(&book);
    if tables.is_empty() {
        return Err(RosterError::NoHeader { sheets: shown() });
    }
    let mut notes = Notes::new(&names, &tables);
    note_sheets(&book, &tables, &mut notes);
    let mut roster = Roster {
        sheets: sheet_infos(&book, &tables),
        ..Roster::default()
    };
    let contexts: Vec<Context> = tables
        .iter()
        .map(|table| villages::context(&book.sheets[table.sheet], table, file_name))
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut carried = Meter::default();
    for (index, table) in tables.iter().enumerate() {
        rows.extend(rows::collect(&book.sheets[table.sheet], table, index, &mut carried)?);
    }
    // The rows have what is needed, and a large file is large.
    book.sheets.clear();
    if rows.is_empty() {
        return Err(RosterError::NoRows { sheets: shown() });
    }
    build(&rows, &tables, &contexts, today, &mut notes, &mut roster);
    notes.finish(&mut roster);
    Ok(roster)
}

/// Groups the rows into households and villages.
fn build(
    rows: &[Row],
    tables: &[Table],
    contexts: &[Context],
    today: Date,
    notes: &mut Notes<'_>,
    roster: &mut Roster,
) {
    let Families { families, rejected } = families::group(rows, tables);
    for at in rejected {
        notes.row(&rows[at], &Oddity::NoNameNoHousehold);
    }
    let shared = Shared::new(rows, tables, &families, today);
    let by_place = ByPlace::new(rows, tables);
    checks::note_columns(tables, &families, rows, notes);
    checks::note_further_columns(tables, rows, &shared.left_out, notes);
    for found in villages::assign(&families, rows, tables, contexts) {
        let mut village = VillageRoster {
            code: found.place.code,
            name: found.place.village,
            township: found.place.township,
            county: found.place.county,
            households: Vec::with_capacity(found.families.len()),
        };
        let families: Vec<&Family> = found.families.iter().map(|at| &families[*at]).collect();
        for family in &families {
            let mut household = households::build(&shared, family, notes);
            household.order = village.households.len() as u32 + 1;
            village.households.push(household);
        }
        checks::fill_groups(&mut village, &families, rows, contexts);
        checks::check_village(&village, &by_place, notes);
        roster.villages.push(village);
    }
}

/// The tables of all sheets that are shown.
fn tables(book: &Book) -> Vec<Table> {
    let carries_right = matches!(book.kind, Kind::Text(_));
    let shown = book.sheets.iter().enumerate().filter(|(_, sheet)| !sheet.hidden);
    let mut tables: Vec<Table> = shown
        .flat_map(|(at, sheet)| table::find(sheet, at, carries_right))
        .collect();
    // A workbook may have been saved with every sheet hidden but an empty one.
    if tables.is_empty() {
        let hidden = book.sheets.iter().enumerate().filter(|(_, sheet)| sheet.hidden);
        tables = hidden
            .flat_map(|(at, sheet)| table::find(sheet, at, carries_right))
            .collect();
    }
    tables
}

fn sheet_infos(book: &Book, tables: &[Table]) -> Vec<SheetInfo> {
    let mut infos: Vec<SheetInfo> = book
        .sheets
        .iter()
        .map(|sheet| SheetInfo {
            name: sheet.name.clone(),
            header_rows: Vec::new(),
        })
        .collect();
    for table in tables {
        infos[table.sheet].header_rows.push(table.header_rows.clone());
    }
    infos
}

/// Says which sheets were passed over, unless they are empty.
fn note_sheets(book: &Book, tables: &[Table], notes: &mut Notes<'_>) {
    for (at, sheet) in book.sheets.iter().enumerate() {
        let used = tables.iter().any(|table| table.sheet == at);
        if used || sheet.rows.is_empty() {
            continue;
        }
        if !sheet.hidden {
            notes.sheet(at, &Oddity::SheetIgnored);
        } else if !table::find(sheet, at, false).is_empty() {
            notes.sheet(at, &Oddity::SheetHidden);
        }
    }
}
