//! What only a whole village or a whole file shows: groups written once above their families, the same ID number twice
//! (DQ02), numbers of another village, columns that are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Field;
use super::families::{Family, carries_down};
use super::model::{IdCheck, Place, VillageRoster};
use super::notes::Notes;
use super::oddity::{Oddity, quoted};
use super::rows::Row;
use super::table::Table;
use super::values;
use super::villages::Context;

/// Longest part of a name that a note about another row repeats.
const NAME_CHARS_MAX: usize = 20;

/// Gives a group to households that state none: from the separator line or the sheet, or from above where each group is
/// written once only.
pub(crate) fn fill_groups(village: &mut VillageRoster, families: &[&Family], rows: &[Row], contexts: &[Context]) {
    for (household, family) in village.households.iter_mut().zip(families) {
        let Some(first) = family.rows.first().map(|at| &rows[*at]) else {
            continue;
        };
        if household.group.is_none() {
            let around = first.group_line.as_deref().or(contexts[first.table].group.as_deref());
            household.group = around.map(values::group);
        }
        // 大村5组 in 大村 is 5组.
        let bare = household
            .group
            .as_deref()
            .zip(village.name.as_deref())
            .and_then(|(group, name)| group.strip_prefix(name));
        if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
            household.group = Some(values::group(bare));
        }
    }
    let stated: Vec<Option<&str>> = village
        .households
        .iter()
        .map(|household| household.group.as_deref())
        .collect();
    if carries_down(&stated) {
        let mut last = None;
        for household in &mut village.households {
            match &household.group {
                Some(group) => last = Some(group.clone()),
                None => household.group = last.clone(),
            }
        }
    }
}

/// The rows of a file by their places.
pub(crate) struct ByPlace<'a>(BTreeMap<Place, &'a Row>);

impl<'a> ByPlace<'a> {
    /// Lists the rows by their places.
    pub fn new(rows: &'a [Row], tables: &[Table]) -> Self {
        let place = |row: &Row| Place {
            sheet: tables[row.table].sheet,
            row: row.row,
        };
        Self(rows.iter().map(|row| (place(row), row)).collect())
    }
}

/// DQ02 and the code in household numbers.
pub(crate) fn check_village(village: &VillageRoster, rows: &ByPlace<'_>, notes: &mut Notes<'_>) {
    let mut holders: BTreeMap<&str, Vec<(Place, &str)>> = BTreeMap::new();
    for person in village.households.iter().flat_map(|household| &household.persons) {
        if person.id_check == IdCheck::Valid
            && let Some(number) = person.id_no.as_deref().and_then(|number| number.get(..18))
        {
            holders
                .entry(number)
                .or_default()
                .push((person.place, person.name.as_deref().unwrap_or_default()));
        }
    }
    for same in holders.values().filter(|same| same.len() > 1) {
        for (place, _) in same {
            let Some(row) = rows.0.get(place) else { continue };
            let others = same.iter().filter(|(other, _)| other != place).take(3);
            let others: Vec<String> = others
                .map(|(other, name)| describe(*place, *other, name, notes))
                .collect();
            let field = if row.first(Field::IdNo).is_some() {
                Field::IdNo
            } else {
                Field::HeadId
            };
            notes.field(
                row,
                field,
                &Oddity::IdTwice {
                    others: others.join("、"),
                },
            );
        }
    }
    let Some(code) = &village.code else { return };
    for household in &village.households {
        let foreign = household
            .number
            .as_deref()
            .and_then(values::village_prefix)
            .is_some_and(|prefix| prefix != code);
        if let (true, Some(row)) = (foreign, household.places.first().and_then(|place| rows.0.get(place))) {
            notes.field(row, Field::Number, &Oddity::OtherVillageCode { code: code.clone() });
        }
    }
}

fn describe(here: Place, there: Place, name: &str, notes: &Notes<'_>) -> String {
    let sheet = match notes.sheets.get(there.sheet).filter(|_| there.sheet != here.sheet) {
        Some(sheet) => format!("“{sheet}”"),
        None => String::new(),
    };
    let name: String = name.chars().take(NAME_CHARS_MAX).collect();
    format!("{sheet}第{}行{name}", there.row)
}

/// Says once for a table which of its columns have no field of their own, and which were left out.
pub(crate) fn note_further_columns(
    tables: &[Table],
    rows: &[Row],
    left_out: &BTreeSet<(usize, usize)>,
    notes: &mut Notes<'_>,
) {
    for (index, table) in tables.iter().enumerate() {
        let said: BTreeSet<usize> = rows
            .iter()
            .filter(|row| row.table == index)
            .flat_map(|row| &row.extra)
            .map(|got| got.column)
            .collect();
        let titled = said.into_iter().filter(|at| !table.columns[*at].title.is_empty());
        let (left, kept): (Vec<usize>, Vec<usize>) = titled.partition(|at| left_out.contains(&(index, *at)));
        let titles = |columns: Vec<usize>| {
            let titles = columns.iter().map(|at| quoted(&table.columns[*at].title));
            titles.collect::<Vec<_>>().join("、")
        };
        if !kept.is_empty() {
            let titles = titles(kept);
            notes.sheet(table.sheet, &Oddity::ColumnsKept { titles });
        }
        if !left.is_empty() {
            let titles = titles(left);
            notes.sheet(table.sheet, &Oddity::ColumnsLeftOut { titles });
        }
    }
}

/// Says once for a table what it has no column for, instead of once for each person.
pub(crate) fn note_columns(tables: &[Table], families: &[Family], rows: &[Row], notes: &mut Notes<'_>) {
    for (index, table) in tables.iter().enumerate() {
        if !rows.iter().any(|row| row.table == index) {
            continue;
        }
        let people = table.has(Field::Name);
        if !table.has(Field::IdNo) && !table.has(Field::HeadId) {
            notes.sheet(table.sheet, &Oddity::NoIdColumn);
        }
        let single = families
            .iter()
            .any(|family| family.single && family.rows.first().is_some_and(|at| rows[*at].table == index));
        if people && single {
            notes.sheet(table.sheet, &Oddity::OneRowOneHousehold);
        } else if people && !table.has(Field::Relation) {
            notes.sheet(table.sheet, &Oddity::NoRelationColumn);
        }
    }
}
