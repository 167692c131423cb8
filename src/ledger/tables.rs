//! Tables of text: a row whose first cell names a sheet begins it, the rows below have an empty first cell. Everything
//! outside of the tables is for people.

/// A sheet as its cells show; the first row holds the headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
}

/// The sheets of a text.
pub fn read(text: &str) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for line in text.lines() {
        let Some(inside) = line.trim().strip_prefix('|') else {
            continue;
        };
        let inside = inside.strip_suffix('|').unwrap_or(inside);
        let mut cells = inside.split('|').map(|cell| cell.trim().to_owned());
        let first = cells.next().unwrap_or_default();
        let rest: Vec<String> = cells.collect();
        if !first.is_empty() && rest.iter().all(String::is_empty) {
            sheets.push(Sheet {
                name: first.to_lowercase(),
                rows: Vec::new(),
            });
        } else if first.is_empty()
            && let Some(sheet) = sheets.last_mut()
        {
            sheet.rows.push(rest);
        }
    }
    sheets
}

/// The sheets as one text that reads back the same, if no cell holds the sign between cells: what is published.
pub fn write(sheets: &[Sheet]) -> String {
    let mut text = String::new();
    for sheet in sheets {
        text.push_str(&format!("| {} |\n", sheet.name.trim()));
        for row in sheet
            .rows
            .iter()
            .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
        {
            text.push('|');
            for cell in row {
                // A cell of a workbook may have lines, which a row of text has not.
                let cell: Vec<&str> = cell.split_whitespace().collect();
                text.push_str(&format!(" | {}", cell.join(" ")));
            }
            text.push_str(" |\n");
        }
    }
    text
}
