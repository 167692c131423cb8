//! Decides which village a household belongs to: by the columns, else by separator lines, titles, the sheet's name,
//! what household numbers begin with, and last the file's name.

use std::collections::BTreeMap;

use bianfang::base::text;

use super::columns::Field;
use super::families::Family;
use super::rows::{Row, is_group, is_village};
use super::table::Table;
use super::values;
use crate::book::Sheet;

/// Households of one number prefix that are needed before a file without village names is split by it.
const SPLIT_MIN: usize = 2;

/// What the surroundings of a table say about all its rows.
#[derive(Debug, Default, Clone)]
pub(crate) struct Context {
    pub county: Option<String>,
    pub township: Option<String>,
    pub village: Option<String>,
    pub code: Option<String>,
    pub group: Option<String>,
}

/// A village as it was found, with the indices of its families.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub place: Context,
    pub families: Vec<usize>,
}

/// What stands above a table, and what the sheet and the file are called.
pub(crate) fn context(sheet: &Sheet, table: &Table, file_name: &str) -> Context {
    let mut context = Context::default();
    let first = table.header_rows.first().copied().unwrap_or(1);
    for (_, cells) in sheet.rows.range(..first) {
        for cell in cells {
            context.read_title(&cell.value.text());
        }
    }
    if is_group(&sheet.name) {
        context.group = Some(sheet.name.clone());
    } else if is_village(&sheet.name) {
        context.village = Some(village_name(&sheet.name));
    } else {
        context.read_title(&sheet.name);
    }
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    context.read_title(stem);
    context
}

impl Context {
    /// Takes from a title or a line of particulars what is not known yet.
    fn read_title(&mut self, written: &str) {
        let title = text::clean(written);
        for (labels, slot) in [
            (&["行政村", "村名", "所在村"][..], &mut self.village),
            (&["乡镇", "乡(镇)", "乡（镇）"], &mut self.township),
            (&["县"], &mut self.county),
        ] {
            *slot = slot
                .take()
                .or_else(|| labels.iter().find_map(|label| labelled(&title, label)));
        }
        if self.code.is_none() {
            self.code = digits_of_length(&title, 12);
        }
        let compact = text::compact(&title);
        let (township, rest) = township_in(&compact);
        if self.township.is_none() {
            self.township = township;
        }
        if self.village.is_none() {
            self.village = village_in(rest);
        }
    }
}

/// `行政村：大村  填报日期：…` gives 大村.
fn labelled(title: &str, label: &str) -> Option<String> {
    let at = title.find(label)?;
    let rest = &title[at + label.len()..];
    let rest = rest.strip_prefix(['：', ':'])?.trim_start();
    let value: String = rest.chars().take_while(|c| text::is_han(*c)).collect();
    (value.chars().count() >= 2).then(|| village_name(&value))
}

/// The part of a title up to 镇, 乡 or 街道, behind a county.
fn township_in(title: &str) -> (Option<String>, &str) {
    let from = title
        .find(['县', '市', '区'])
        .filter(|at| *at <= 15)
        .map_or(0, |at| at + '县'.len_utf8());
    let rest = &title[from..];
    let rest = rest.rsplit(['：', ':']).next().unwrap_or(rest);
    for end in ["镇", "乡", "街道"] {
        if let Some(at) = rest.find(end) {
            let name = &rest[..at + end.len()];
            let count = name.chars().count();
            if (2..=8).contains(&count) && name.chars().all(text::is_han) {
                return (Some(name.to_owned()), &rest[at + end.len()..]);
            }
        }
    }
    (None, rest)
}

/// 测试村农户花名册 gives 测试村: the longest beginning that ends in 村 and is not cut out of 村民, 村委会, 村级.
fn village_in(title: &str) -> Option<String> {
    let committee = title.ends_with("村委会") || title.ends_with("村民委员会");
    if committee && title.chars().count() <= 12 && title.chars().all(text::is_han) {
        return Some(village_name(title));
    }
    let chars: Vec<char> = title.chars().take(9).collect();
    let next = |at: usize| title.chars().nth(at + 1);
    let ends_here = |at: usize| match chars[at] {
        '村' => !matches!(
            next(at),
            Some('民' | '委' | '级' | '组' | '干' | '情' | '庄' | '小' | '部')
        ),
        '区' => at > 0 && chars[at - 1] == '社',
        _ => false,
    };
    let end = (1..chars.len()).rev().find(|at| ends_here(*at))?;
    let name: String = chars[..=end].iter().collect();
    let generic = ["行政村", "自然村", "各村", "全村", "本村", "农村", "驻村", "乡村"]
        .iter()
        .any(|word| name.ends_with(word));
    (!generic && name.chars().all(text::is_han)).then_some(name)
}

/// 大村村委会 and 大村村民委员会 are 大村.
pub(crate) fn village_name(written: &str) -> String {
    let compact = text::compact(written);
    let ends = [
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
    ];
    let bare = ends
        .iter()
        .find_map(|(end, kind)| compact.strip_suffix(end).map(|bare| (bare, *kind)));
    match bare {
        Some((bare, _)) if bare.ends_with(['村', '区']) && bare.chars().count() >= 2 => bare.to_owned(),
        Some((bare, kind)) if bare.chars().count() >= 2 => format!("{bare}{kind}"),
        _ => compact,
    }
}

fn digits_of_length(text: &str, length: usize) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit())
        .find(|run| run.len() == length)
        .map(str::to_owned)
}

/// Puts the families into villages, in the order of the file.
pub(crate) fn assign(families: &[Family], rows: &[Row], tables: &[Table], contexts: &[Context]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut by_name: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut last: Option<(usize, Context)> = None;
    for (index, family) in families.iter().enumerate() {
        let Some(first) = family.rows.first().map(|at| &rows[*at]) else {
            continue;
        };
        let place = {
            let above = last
                .as_ref()
                .filter(|(table, _)| *table == first.table)
                .map(|(_, place)| place);
            place_of(family, rows, first, tables, contexts, above)
        };
        let name = place.village.clone().unwrap_or_default();
        let township = place.township.clone().unwrap_or_default();
        let at = *by_name.entry((township, name)).or_insert_with(|| {
            found.push(Found {
                place: place.clone(),
                families: Vec::new(),
            });
            found.len() - 1
        });
        found[at].families.push(index);
        last = Some((first.table, place));
    }
    let nameless = found.len() == 1 && found[0].place.village.is_none();
    let mut found = if nameless {
        split_by_number(found, families)
    } else {
        found
    };
    if let [only] = found.as_mut_slice()
        && only.place.village.is_none()
    {
        only.place.village = named_by_groups(only, families, rows);
    }
    let single = found.len() == 1;
    for village in &mut found {
        // A column or the numbers know the code better than a title, and a title of the whole file is about one
        // village.
        let stated = village.place.code.take().filter(|_| single);
        let column = column_code(village, families, rows);
        village.place.code = column.or_else(|| common_prefix(village, families)).or(stated);
    }
    found
}

fn place_of(
    family: &Family,
    rows: &[Row],
    first: &Row,
    tables: &[Table],
    contexts: &[Context],
    last: Option<&Context>,
) -> Context {
    let context = &contexts[first.table];
    let stated = |field: Field| {
        family
            .rows
            .iter()
            .find_map(|at| rows[*at].text(field))
            .map(str::to_owned)
    };
    // A column that is filled in its first row only goes on until the next value.
    let carried = |field: Field, value: Option<&String>| value.filter(|_| tables[first.table].has(field)).cloned();
    let village = stated(Field::Village).map(|name| village_name(&name));
    let village = village
        .or_else(|| first.village_line.as_deref().map(village_name))
        .or_else(|| carried(Field::Village, last.and_then(|last| last.village.as_ref())))
        .or_else(|| context.village.clone());
    let township = stated(Field::Township).map(|name| text::compact(&name));
    let township = township
        .or_else(|| carried(Field::Township, last.and_then(|last| last.township.as_ref())))
        .or_else(|| context.township.clone());
    let (township, village) = apart(township, village);
    Context {
        county: stated(Field::County)
            .map(|name| text::compact(&name))
            .or_else(|| context.county.clone()),
        township,
        village,
        code: context.code.clone(),
        group: None,
    }
}

/// 官店镇测试村 in the column of villages is 测试村 of 官店镇.
fn apart(township: Option<String>, village: Option<String>) -> (Option<String>, Option<String>) {
    let Some(name) = village else { return (township, None) };
    let known = township.as_deref().and_then(|township| name.strip_prefix(township));
    if let Some(bare) = known.filter(|bare| bare.chars().count() >= 2) {
        let bare = bare.to_owned();
        return (township, Some(bare));
    }
    match township_in(&name) {
        (Some(found), rest) if township.is_none() && rest.chars().count() >= 2 && is_village(rest) => {
            let rest = rest.to_owned();
            (Some(found), Some(rest))
        }
        _ => (township, Some(name)),
    }
}

/// 石门村3组, 石门村4组 …: a village that is named in its groups alone. Several names are natural villages of one.
fn named_by_groups(village: &Found, families: &[Family], rows: &[Row]) -> Option<String> {
    let mut name: Option<&str> = None;
    for family in &village.families {
        let stated = families[*family]
            .rows
            .iter()
            .find_map(|at| rows[*at].text(Field::Group));
        let Some(group) = stated else { continue };
        let end = group.find('村')? + '村'.len_utf8();
        let (before, rest) = group.split_at(end);
        if !is_village(before) || !is_group(rest) || name.is_some_and(|name| name != before) {
            return None;
        }
        name = Some(before);
    }
    name.map(village_name)
}

/// A file that names no village, but whose household numbers begin with several codes.
fn split_by_number(found: Vec<Found>, families: &[Family]) -> Vec<Found> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for family in families {
        if let Some(prefix) = family.number.as_deref().and_then(values::village_prefix) {
            *counts.entry(prefix).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= SPLIT_MIN);
    if counts.len() < 2 {
        return found;
    }
    let Some(whole) = found.into_iter().next() else {
        return Vec::new();
    };
    let mut split: Vec<Found> = Vec::new();
    let mut by_prefix: BTreeMap<&str, usize> = BTreeMap::new();
    let mut present = 0;
    for index in whole.families {
        let prefix = families[index].number.as_deref().and_then(values::village_prefix);
        if let Some(prefix) = prefix.filter(|prefix| counts.contains_key(prefix)) {
            present = *by_prefix.entry(prefix).or_insert_with(|| {
                split.push(Found {
                    place: whole.place.clone(),
                    families: Vec::new(),
                });
                split.len() - 1
            });
        }
        if split.is_empty() {
            split.push(Found {
                place: whole.place.clone(),
                families: Vec::new(),
            });
        }
        split[present].families.push(index);
    }
    split
}

fn column_code(village: &Found, families: &[Family], rows: &[Row]) -> Option<String> {
    let rows = village
        .families
        .iter()
        .flat_map(|at| &families[*at].rows)
        .map(|at| &rows[*at]);
    let codes = rows.filter_map(|row| row.text(Field::VillageCode)).map(text::compact);
    most_common(codes.filter(|code| code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit())))
}

/// What most household numbers begin with.
fn common_prefix(village: &Found, families: &[Family]) -> Option<String> {
    let numbers = village.families.iter().filter_map(|at| families[*at].number.as_deref());
    most_common(numbers.filter_map(values::village_prefix).map(str::to_owned))
}

fn most_common(values: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str) -> (Option<String>, Option<String>) {
        let mut context = Context::default();
        context.read_title(title);
        (context.township, context.village)
    }

    #[test]
    fn titles_tell_township_and_village() {
        let pair = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
        assert_eq!(read("官店镇测试村农户信息花名册"), pair("官店镇", "测试村"));
        assert_eq!(read("武冈市湾头桥镇大村村民花名册（2024年）"), pair("湾头桥镇", "大村"));
        assert_eq!(
            read("乡镇：湾头桥镇   行政村：大村   填报日期：2024-05-01"),
            pair("湾头桥镇", "大村")
        );
        assert_eq!(read("填报单位：测试村村委会"), (None, Some("测试村".into())));
        assert_eq!(read("驻村工作队走访农户花名册"), (None, None));
        assert_eq!(read("Sheet1"), (None, None));
        assert_eq!(read("roster-422822104299"), (None, None));
    }

    #[test]
    fn a_committee_is_its_village() {
        assert_eq!(village_name("大村村民委员会"), "大村");
        assert_eq!(village_name("大村村委会"), "大村");
        assert_eq!(village_name("石桥居委会"), "石桥社区");
        assert_eq!(village_name("大 村"), "大村");
    }
}
