//! Sheets as a workbook, for whoever edits them in a spreadsheet.

use bianfang::form::read::Sheet;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// The widest column, in characters.
const WIDTH_MAX: usize = 48;

/// The bytes of an .xlsx with these sheets.
///
/// # Errors
/// Longer texts or more rows than a sheet holds.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let heading = Format::new().set_bold();
    // Everything is text, so that no choice 01 becomes a 1.
    let as_text = Format::new().set_num_format_index(49).set_text_wrap();
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.name)?;
        page.set_freeze_panes(1, 0)?;
        let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
        for column in 0..columns {
            let cells = sheet.rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| cell.chars().count() * 3 / 2).max().unwrap_or_default();
            let number = u16::try_from(column).unwrap_or(u16::MAX);
            page.set_column_width(number, (widest.clamp(6, WIDTH_MAX) + 2) as f64)?;
        }
        for (number, row) in (0_u32..).zip(&sheet.rows) {
            for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                let format = if number == 0 { &heading } else { &as_text };
                page.write_string_with_format(number, column, cell, format)?;
            }
        }
    }
    workbook.save_to_buffer()
}
