//! Makes households of families of rows: which value of several rows speaks for the household, and what is odd in it.

use std::collections::{BTreeMap, BTreeSet};

use bianfang::base::date::Date;
use bianfang::base::text;

use super::columns::{self, Field};
use super::families::Family;
use super::further;
use super::model::{HouseholdRow, PairingRow, PersonRow};
use super::notes::Notes;
use super::oddity::{Number, Oddity};
use super::persons::{self, has_person};
use super::rows::{Got, Row};
use super::table::Table;
use super::values::{self, Word};

/// What all households of a file share.
pub(crate) struct Shared<'a> {
    pub rows: &'a [Row],
    pub tables: &'a [Table],
    pub today: Date,
    /// For each table and column without a meaning, whether its values belong to households.
    pub household_columns: BTreeSet<(usize, usize)>,
    /// Columns without a meaning that are not taken at all.
    pub left_out: BTreeSet<(usize, usize)>,
}

impl<'a> Shared<'a> {
    /// Looks at all families once, to tell columns about households from columns about people.
    pub fn new(rows: &'a [Row], tables: &'a [Table], families: &[Family], today: Date) -> Self {
        let mut person_columns = BTreeSet::new();
        for family in families {
            let mut seen: BTreeMap<(usize, usize), &str> = BTreeMap::new();
            for (nth, at) in family.rows.iter().enumerate() {
                for got in &rows[*at].extra {
                    let key = (rows[*at].table, got.column);
                    match seen.get(&key) {
                        Some(text) if **text == *got.text => {}
                        // Written first for somebody further down, or differing: it is about people.
                        Some(_) => drop(person_columns.insert(key)),
                        None if nth > 0 => drop(person_columns.insert(key)),
                        None => drop(seen.insert(key, &got.text)),
                    }
                }
            }
        }
        let all = tables
            .iter()
            .enumerate()
            .flat_map(|(table, t)| (0..t.columns.len()).map(move |at| (table, at)));
        Self {
            rows,
            tables,
            today,
            left_out: further::left_out(rows, tables),
            household_columns: all.filter(|key| !person_columns.contains(key)).collect(),
        }
    }

    fn rows_of(&self, family: &Family) -> Vec<&'a Row> {
        family.rows.iter().map(|at| &self.rows[*at]).collect()
    }
}

/// One household with its people.
pub(crate) fn build(shared: &Shared<'_>, family: &Family, notes: &mut Notes<'_>) -> HouseholdRow {
    let rows = shared.rows_of(family);
    let mut household = HouseholdRow {
        number: family.number.clone(),
        places: rows.iter().map(|row| notes.place(row)).collect(),
        ..HouseholdRow::default()
    };
    single_values(&rows, &mut household, notes);
    classes(&rows, &mut household, notes);
    causes(&rows, &mut household);
    pairing(&rows, &mut household);
    further_fields(shared, &rows, &mut household, notes);
    numbers(family, &rows, notes);
    extra(shared, &rows, &mut household);
    let own_phones = phones(&rows, &mut household, notes);
    household.persons = people(shared, family, &rows, own_phones, notes);
    if household.persons.is_empty() {
        notes.row(rows[0], &Oddity::NobodyListed);
    }
    size(&rows, &mut household, notes);
    household
}

/// The first value that the rows state, and a note on each that differs.
fn agreed<'a>(rows: &[&'a Row], field: Field, same: impl Fn(&str) -> String, notes: &mut Notes<'_>) -> Option<&'a Got> {
    let mut kept: Option<(&Got, String)> = None;
    for row in rows {
        for got in row.all(field) {
            // A merged cell speaks once, where it is written.
            if got.written_in != row.row && kept.is_some() {
                continue;
            }
            let read = same(&got.text);
            match &kept {
                None => kept = Some((got, read)),
                Some((_, known)) if *known != read => {
                    notes.cell(row, got, &Oddity::DiffersInHousehold { kept: known.clone() });
                }
                Some(_) => {}
            }
        }
    }
    kept.map(|(got, _)| got)
}

fn single_values(rows: &[&Row], household: &mut HouseholdRow, notes: &mut Notes<'_>) {
    household.group = agreed(rows, Field::Group, values::group, notes).map(|got| values::group(&got.text));
    household.address = agreed(rows, Field::Address, text::clean, notes).map(|got| got.text.to_string());
    household.housing = listed(rows, Field::Housing, values::housing, notes);
    household.water = listed(rows, Field::Water, values::water, notes);
    household.tier = listed(rows, Field::Tier, values::tier, notes);
    household.dibao_class = listed(rows, Field::DibaoClass, values::dibao_class, notes);
}

/// A value of a list; what is not in the list is kept and noted.
fn listed(rows: &[&Row], field: Field, read: fn(&str) -> Word, notes: &mut Notes<'_>) -> Option<String> {
    let got = agreed(rows, field, |text| read(text).word().to_owned(), notes)?;
    let word = read(&got.text);
    if !word.is_known() {
        if field == Field::Tier || field == Field::DibaoClass {
            // 否 or 无 in these columns says that there is none.
            if values::is_none_word(&got.text) || values::yes_no(&got.text) == Word::Known("否") {
                return None;
            }
        }
        let row = rows.iter().find(|row| row.row == got.written_in).unwrap_or(&rows[0]);
        notes.cell(row, got, &Oddity::NotInList);
    }
    Some(word.word().to_owned())
}

fn classes(rows: &[&Row], household: &mut HouseholdRow, notes: &mut Notes<'_>) {
    for row in rows {
        for got in row.all(Field::Class) {
            for part in values::split(&got.text) {
                let tier = values::tier(&part);
                if tier.is_known() {
                    household.tier.get_or_insert_with(|| tier.word().to_owned());
                } else if !values::is_none_word(&part) && values::yes_no(&part) != Word::Known("否") {
                    add(&mut household.classes, values::class(&part).word());
                }
            }
        }
        for (field, got) in row.fields() {
            if let Field::IsClass(kind) = field {
                is_class(kind.word(), &got.text, household);
            }
        }
        for got in row.all(Field::Dibao) {
            dibao(row, got, household, notes);
        }
    }
    if household.dibao_class.is_some() {
        add(&mut household.classes, "低保户");
    }
}

/// A column such as 是否监测户: yes, no, or the class itself.
fn is_class(class: &str, written: &str, household: &mut HouseholdRow) {
    match values::yes_no(written) {
        Word::Known("否") => {}
        Word::Known(_) => add(&mut household.classes, class),
        Word::Other(_) if values::is_none_word(written) => {}
        Word::Other(text) => add(&mut household.classes, values::class(&text).word()),
    }
}

/// 低保: yes, no, a class (一类), or how many people get it.
fn dibao(row: &Row, got: &Got, household: &mut HouseholdRow, notes: &mut Notes<'_>) {
    let class = values::dibao_class(&got.text);
    match values::yes_no(&got.text) {
        Word::Known("否") => {}
        Word::Known(_) => add(&mut household.classes, "低保户"),
        Word::Other(_) if class.is_known() => {
            add(&mut household.classes, "低保户");
            household.dibao_class.get_or_insert_with(|| class.word().to_owned());
        }
        Word::Other(text) if text.starts_with("低保") || text.starts_with("农村低保") => {
            add(&mut household.classes, "低保户");
        }
        Word::Other(_) => notes.cell(row, got, &Oddity::NotInList),
    }
}

/// Fields of the register that not every roster has.
fn further_fields(shared: &Shared<'_>, rows: &[&Row], household: &mut HouseholdRow, notes: &mut Notes<'_>) {
    for field in further::fields(rows) {
        let (key, year) = match field {
            Field::OfHousehold(key) => (key, None),
            Field::OfYear(key, Some(year)) => (key, Some(year)),
            _ => continue,
        };
        let one = match field.repeats() {
            true => Vec::new(),
            false => agreed(rows, field, text::clean, notes).into_iter().collect(),
        };
        let several = rows.iter().filter(|_| field.repeats()).flat_map(|row| row.all(field));
        for got in one.into_iter().chain(several) {
            let row = rows.iter().find(|row| row.row == got.written_in).unwrap_or(&rows[0]);
            let read = further::read(field, got, &shared.tables[row.table], shared.today);
            if let Some(odd) = read.odd {
                notes.cell(row, got, &odd);
            }
            if let Some(year) = year {
                household
                    .yearly
                    .extend(read.values.into_iter().map(|value| (key, year, value)));
                continue;
            }
            let values = read.values.into_iter().map(|value| (key, value));
            values
                .filter(|entry| !household.further.contains(entry))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|entry| household.further.push(entry));
        }
    }
}

fn causes(rows: &[&Row], household: &mut HouseholdRow) {
    let mut all: Vec<String> = Vec::new();
    for field in [Field::Cause, Field::OtherCause] {
        for got in rows
            .iter()
            .flat_map(|row| row.all(field))
            .filter(|got| !values::is_none_word(&got.text))
        {
            for part in values::split(&got.text) {
                let cause = values::cause(&part);
                let main_is_free = field == Field::Cause && household.main_cause.is_none();
                if main_is_free {
                    household.main_cause = Some(cause.clone());
                }
                if !all.contains(&cause) {
                    all.push(cause);
                }
            }
        }
    }
    let main = household.main_cause.clone();
    household.other_causes = all.into_iter().filter(|cause| Some(cause) != main.as_ref()).collect();
}

fn pairing(rows: &[&Row], household: &mut HouseholdRow) {
    for row in rows {
        let units: Vec<&Got> = row.all(Field::PairingUnit).collect();
        let phones: Vec<&Got> = row.all(Field::PairingPhone).collect();
        let helpers: Vec<&Got> = row
            .all(Field::Pairing)
            .filter(|got| !values::is_none_word(&got.text))
            .collect();
        for (at, helper) in helpers.iter().enumerate() {
            // The unit and phone of a helper stand behind the name, before the next helper's.
            let next = helpers.get(at + 1).map_or(usize::MAX, |next| next.column);
            let beside = |all: &[&Got]| {
                let behind = all.iter().find(|got| got.column > helper.column && got.column < next);
                behind
                    .or(all.first().filter(|_| helpers.len() == 1))
                    .map(|got| got.text.to_string())
            };
            let (unit, phone) = (beside(&units), beside(&phones));
            let names: Vec<String> = values::split(&helper.text.replace(' ', ""))
                .iter()
                .map(|n| text::name(n))
                .collect();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                if !household.pairing.iter().any(|known| known.name == name) {
                    let phone = phone.as_deref().map(|phone| values::phones(phone).join("、"));
                    household.pairing.push(PairingRow {
                        name,
                        unit: unit.clone(),
                        phone,
                    });
                }
            }
        }
    }
}

/// Household numbers that lost digits.
fn numbers(family: &Family, rows: &[&Row], notes: &mut Notes<'_>) {
    for row in rows {
        if let Some(got) = row.first(Field::Number).filter(|got| got.written_in == row.row)
            && (values::looks_scientific(&got.text)
                || (got.rounded && is_made_up(&got.text) && family.number.as_deref() != Some(&*got.text)))
        {
            notes.cell(
                row,
                got,
                &Oddity::LostDigits {
                    what: Number::Household,
                },
            );
        }
    }
}

fn is_made_up(number: &str) -> bool {
    number.len() > 15 && number.bytes().skip(15).all(|b| b == b'0')
}

fn extra(shared: &Shared<'_>, rows: &[&Row], household: &mut HouseholdRow) {
    for row in rows {
        for got in row
            .extra
            .iter()
            .filter(|got| shared.household_columns.contains(&(row.table, got.column)))
        {
            add_extra(&mut household.extra, shared, row.table, got);
        }
        // A number under 户编号 that only counts families here may still be what people call the household by; a running
        // number is another one as soon as a family is added above.
        let is_number = |got: &&Got| {
            let title = &shared.tables[row.table].columns[got.column].title;
            columns::meaning(title) == Some(Field::Number)
        };
        for got in row.all(Field::FamilySeq).take(1).filter(is_number) {
            add_extra(&mut household.extra, shared, row.table, got);
        }
    }
}

/// Adds a value of a column without a meaning under its title.
pub(crate) fn add_extra(extra: &mut Vec<(String, String)>, shared: &Shared<'_>, table: usize, got: &Got) {
    if shared.left_out.contains(&(table, got.column)) {
        return;
    }
    let column = &shared.tables[table].columns[got.column];
    let title = match column.title.as_str() {
        "" => format!("{}列", crate::book::column_letters(column.column)),
        // 名册 备注 is what an export calls the column 备注 of an earlier roster.
        title => title.strip_prefix("名册 ").unwrap_or(title).to_owned(),
    };
    let entry = (title, got.text.to_string());
    if !extra.contains(&entry) {
        extra.push(entry);
    }
}

fn add(list: &mut Vec<String>, word: &str) {
    if !list.iter().any(|known| known == word) {
        list.push(word.to_owned());
    }
}

/// The household's phones: those of all rows if they agree, else the head's. Gives back the phones of each row that are
/// somebody else's own.
fn phones(rows: &[&Row], household: &mut HouseholdRow, notes: &mut Notes<'_>) -> Vec<Vec<String>> {
    let read = |row: &Row| -> Vec<String> {
        let mut found = Vec::new();
        for got in row.all(Field::Phone).filter(|got| !values::looks_scientific(&got.text)) {
            values::phones(&got.text)
                .into_iter()
                .for_each(|phone| add(&mut found, &phone));
        }
        found
    };
    let by_row: Vec<Vec<String>> = rows.iter().map(|row| read(row)).collect();
    for row in rows {
        for got in row.all(Field::Phone).filter(|got| got.written_in == row.row) {
            if values::looks_scientific(&got.text) {
                notes.cell(row, got, &Oddity::LostDigits { what: Number::Phone });
            } else if values::phones(&got.text).iter().any(|phone| !values::is_phone(phone)) {
                notes.cell(row, got, &Oddity::PhoneShape);
            }
        }
    }
    let head = rows
        .iter()
        .position(|row| row.is_head)
        .filter(|at| !by_row[*at].is_empty());
    let speaker = head.or_else(|| by_row.iter().position(|phones| !phones.is_empty()));
    household.phones = speaker.map(|at| by_row[at].clone()).unwrap_or_default();
    let shared = &household.phones;
    by_row
        .into_iter()
        .map(|row| row.into_iter().filter(|phone| !shared.contains(phone)).collect())
        .collect()
}

fn people(
    shared: &Shared<'_>,
    family: &Family,
    rows: &[&Row],
    own_phones: Vec<Vec<String>>,
    notes: &mut Notes<'_>,
) -> Vec<PersonRow> {
    let mut list: Vec<(PersonRow, &Row)> = Vec::new();
    for (row, phones) in rows.iter().zip(own_phones) {
        if !has_person(row, &shared.tables[row.table]) {
            continue;
        }
        let mut person = persons::read(shared, row, notes);
        for phone in phones {
            add(&mut person.phones, &phone);
        }
        list.push((person, row));
    }
    join_head_lists(shared, &mut list);
    name_the_head(family, &mut list);
    persons::check_family(shared, rows, &list, notes);
    list.into_iter().map(|(person, _)| person).collect()
}

/// A file may hold a list of households (with 户主姓名) and a list of people: the head stands in both.
fn join_head_lists(shared: &Shared<'_>, list: &mut Vec<(PersonRow, &Row)>) {
    let heads_only = |row: &Row| !shared.tables[row.table].has(Field::Name);
    let Some(at) = list.iter().position(|(_, row)| heads_only(row)) else {
        return;
    };
    let twin = list
        .iter()
        .position(|(person, row)| !heads_only(row) && person.name == list[at].0.name);
    if let Some(twin) = twin {
        let (head, _) = list[at].clone();
        list[twin].0.fill_from(head);
        list.remove(at);
    }
}

/// Where no row says 户主, the column 户主姓名 may, or the row is a household of its own.
fn name_the_head(family: &Family, list: &mut [(PersonRow, &Row)]) {
    if list
        .iter()
        .any(|(person, _)| person.relation.as_deref() == Some("户主"))
    {
        return;
    }
    let stated = list
        .iter()
        .find_map(|(_, row)| row.text(Field::HeadName))
        .map(text::name);
    for (person, _) in list.iter_mut() {
        let named = stated.is_some() && person.name == stated;
        if person.relation.is_none() && (named || family.single) {
            person.relation = Some("户主".to_owned());
            return;
        }
    }
}

fn size(rows: &[&Row], household: &mut HouseholdRow, notes: &mut Notes<'_>) {
    let Some((row, got)) = rows
        .iter()
        .find_map(|row| row.first(Field::FamilySize).map(|got| (row, got)))
    else {
        return;
    };
    let stated = text::compact(&got.text).trim_end_matches('人').parse::<f64>().ok();
    let Some(stated) = stated.filter(|n| n.fract() == 0.0 && (0.0..1000.0).contains(n)) else {
        return;
    };
    household.stated_size = Some(stated as u32);
    // A list of heads alone states sizes on purpose.
    let listed = household.persons.len();
    if listed > 1 && stated as usize != listed {
        notes.cell(
            row,
            got,
            &Oddity::SizeDiffers {
                stated: stated as u32,
                listed,
            },
        );
    }
}
