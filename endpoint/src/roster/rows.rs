//! Takes the rows of a table apart: what each row says under which meaning, merged cells carried down, and which rows
//! are no rows of people at all (totals, closing notes, separators, prepared but empty lines).

use std::collections::BTreeMap;
use std::sync::Arc;

use bianfang::base::date::Date;
use bianfang::base::text;

use super::book::{Sheet, Value};
use super::columns::{Field, title_key};
use super::table::Table;

/// Words that begin a closing note. Nobody is called so.
const NOTE_WORDS: [&str; 29] = [
    "注:",
    "注意",
    "备注:",
    "说明",
    "填表人",
    "填报人",
    "填表说明",
    "填表单位",
    "填报单位",
    "填表日期",
    "填报日期",
    "审核人",
    "审核:",
    "制表",
    "负责人",
    "单位负责人",
    "村支书",
    "村主任",
    "驻村",
    "联系人:",
    "联系电话:",
    "复核",
    "经办人",
    "统计人",
    "盖章",
    "(盖章)",
    "签字",
    "签章",
    "第一书记",
];
/// Words of sums.
const TOTAL_WORDS: [&str; 8] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "累计",
    "本页合计",
    "本页小计",
    "全村合计",
];
/// Texts that stand for an empty cell.
const NOTHING: [&str; 12] = [
    "/",
    "\\",
    "-",
    "--",
    "---",
    "——",
    "—",
    "无数据",
    "n/a",
    "#n/a",
    "null",
    "／",
];

/// One row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// Which table of the file.
    pub table: usize,
    /// As Excel numbers it.
    pub row: u32,
    pub got: BTreeMap<Field, Vec<Got>>,
    /// Columns without a meaning for us: index of the column in its table, and the text.
    pub extra: Vec<Got>,
    /// The separator line above it, where families stand under 第三组.
    pub group_line: Option<Arc<str>>,
    /// Likewise for 大村.
    pub village_line: Option<Arc<str>>,
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    /// Cleaned.
    pub text: String,
    /// Index of the column in its table.
    pub column: usize,
    /// The row where it is written: above this one in a merged cell.
    pub written_in: u32,
    /// A number of more digits than a spreadsheet keeps, so that the last ones may be made up.
    pub rounded: bool,
    pub date: Option<Date>,
}

impl Row {
    pub fn first(&self, field: Field) -> Option<&Got> {
        self.got.get(&field).and_then(|all| all.first())
    }

    pub fn all(&self, field: Field) -> impl Iterator<Item = &Got> {
        self.got.get(&field).into_iter().flatten()
    }

    pub fn text(&self, field: Field) -> Option<&str> {
        self.first(field).map(|got| got.text.as_str())
    }

    /// What is written in this very row, not carried down by a merged cell.
    pub fn own(&self, field: Field) -> Option<&Got> {
        self.first(field).filter(|got| got.written_in == self.row)
    }
}

/// The rows of a table that speak of people or households.
pub(crate) fn collect(sheet: &Sheet, table: &Table, index: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut group_line: Option<Arc<str>> = None;
    let mut village_line: Option<Arc<str>> = None;
    for (at, &number) in table.rows.iter().enumerate() {
        match classify(sheet, table, number, at) {
            Line::Empty => {}
            Line::Group(name) => group_line = Some(name.into()),
            Line::Village(name) => {
                village_line = Some(name.into());
                group_line = None;
            }
            Line::Data => {
                let (got, extra) = take(sheet, table, number);
                rows.push(Row {
                    table: index,
                    row: number,
                    got,
                    extra,
                    group_line: group_line.clone(),
                    village_line: village_line.clone(),
                });
            }
        }
    }
    rows
}

enum Line {
    Empty,
    Group(String),
    Village(String),
    Data,
}

fn classify(sheet: &Sheet, table: &Table, number: u32, below_header: usize) -> Line {
    let cells = sheet.rows.get(&number).map(Vec::as_slice).unwrap_or_default();
    let ours = table.column_of(Field::Reasons).map(|at| table.columns[at].column);
    let texts: Vec<(u32, String)> = cells
        .iter()
        .filter(|cell| Some(cell.column) != ours)
        .map(|cell| (cell.column, text::clean(&cell.value.text())))
        .filter(|(_, text)| !is_nothing(text))
        .collect();
    let field = |column: u32| table.columns.iter().find(|c| c.column == column).and_then(|c| c.field);
    let meaningful = |column: u32| match field(column) {
        Some(field) => !field.is_context(),
        None => true,
    };
    let Some((first_column, first)) = texts.first() else {
        return Line::Empty;
    };
    if below_header == 0 && is_numbering(&texts) {
        return Line::Empty;
    }
    if let [(column, only)] = texts.as_slice() {
        let wide = sheet
            .merges
            .down(number, *column)
            .is_some_and(|area| area.last_column > *column + 1);
        let in_name = matches!(field(*column), Some(Field::Name | Field::HeadName));
        if is_group(only) {
            return Line::Group(only.clone());
        }
        if is_village(only) && (wide || !in_name) && !matches!(field(*column), Some(Field::Village)) {
            return Line::Village(only.clone());
        }
        // A sentence across the table, or in the column of names, is no name.
        let sentence = only.chars().count() > 12 || only.contains(['：', ':', '，', '。', '；', '、']);
        if (wide && !in_name) || (sentence && (wide || in_name || matches!(field(*column), Some(Field::RowSeq)))) {
            return Line::Empty;
        }
    }
    let has_identity = texts.iter().any(|(column, text)| {
        matches!(field(*column), Some(Field::IdNo)) && text.chars().filter(char::is_ascii_digit).count() >= 15
    });
    let name = texts
        .iter()
        .find(|(column, _)| matches!(field(*column), Some(Field::Name | Field::HeadName)));
    if !has_identity && (is_note(first) || is_total(first) || name.is_some_and(|(_, n)| is_total(n) || is_note(n))) {
        return Line::Empty;
    }
    // Lines prepared with a running number, or with formulas that give 0, wait to be filled in.
    let says_something = |(column, text): &(u32, String)| meaningful(*column) && text != "0";
    if !texts.iter().any(says_something) {
        let words =
            matches!(field(*first_column), Some(Field::RowSeq)) && !first.starts_with(|c: char| c.is_ascii_digit());
        return if words && texts.len() == 1 && !is_note(first) {
            Line::Data
        } else {
            Line::Empty
        };
    }
    Line::Data
}

/// The cells of a row by meaning.
fn take(sheet: &Sheet, table: &Table, number: u32) -> (BTreeMap<Field, Vec<Got>>, Vec<Got>) {
    let mut got: BTreeMap<Field, Vec<Got>> = BTreeMap::new();
    let mut extra = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let own = sheet.cell(number, column.column).filter(|cell| !cell.value.is_blank());
        let carries = column
            .field
            .is_none_or(|field| field.of_household() || field == Field::RowSeq);
        let (cell, written_in) = match own {
            Some(cell) => (cell, number),
            None if carries => {
                let Some(area) = sheet.merges.down(number, column.column) else {
                    continue;
                };
                // A cell merged over the titles is no value.
                if area.first_row <= table.header_rows.last().copied().unwrap_or(0) {
                    continue;
                }
                match sheet.cell(area.first_row, column.column) {
                    Some(cell) => (cell, area.first_row),
                    None => continue,
                }
            }
            None => continue,
        };
        let text = text::clean(cell.value.text().trim_start_matches(['\'', '`']));
        if is_nothing(&text) {
            continue;
        }
        let (rounded, date) = match &cell.value {
            Value::Number { value, written } => (is_rounded(*value, written.as_deref()), None),
            Value::Date { date, .. } => (false, Some(*date)),
            _ => (false, None),
        };
        let cell = Got {
            text,
            column: at,
            written_in,
            rounded,
            date,
        };
        match column.field {
            Some(Field::Reasons) => {}
            Some(field) => got.entry(field).or_default().push(cell),
            None => extra.push(cell),
        }
    }
    (got, extra)
}

/// Whether the last digits of a number cell may be made up. A spreadsheet keeps 15 digits of what is typed, and a float
/// holds about 16; a program that wrote more digits than a float holds had them from somewhere else.
fn is_rounded(value: f64, written: Option<&str>) -> bool {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if value.abs() < 1e15 {
        return false;
    }
    if value.abs() < EXACT_MAX {
        // All 16 digits are there; that Excel made the last one 0 is told by the whole column.
        return value % 10.0 == 0.0;
    }
    match written.and_then(|digits| digits.parse::<u64>().ok()) {
        Some(digits) => (digits as f64) as u64 == digits,
        None => true,
    }
}

pub(crate) fn is_nothing(text: &str) -> bool {
    text.is_empty() || NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// The line 1, 2, 3 … (or 甲, 乙, 1 …) under the titles that printed forms have.
fn is_numbering(texts: &[(u32, String)]) -> bool {
    let steps = texts.iter().filter(|(_, text)| {
        let key = title_key(text);
        key.chars().count() <= 2 && (key.bytes().all(|b| b.is_ascii_digit()) || "甲乙丙丁戊己庚".contains(&key))
    });
    texts.len() >= 3 && steps.count() == texts.len()
}

fn is_note(text: &str) -> bool {
    let compact = text::compact(text);
    NOTE_WORDS.iter().any(|word| compact.starts_with(word))
}

fn is_total(text: &str) -> bool {
    let compact: String = text::compact(text)
        .chars()
        .take_while(|c| !matches!(c, ':' | '(' | '：'))
        .collect();
    TOTAL_WORDS.contains(&compact.as_str()) || (compact.starts_with("合计") && compact.chars().count() > 4)
}

/// Whether the text names a group and nothing else: 第三组, 5组, 下湾组, 七村民小组.
pub(crate) fn is_group(text: &str) -> bool {
    let compact = text::compact(text);
    let count = compact.chars().count();
    (2..=8).contains(&count)
        && (compact.ends_with('组') || compact.ends_with("自然村"))
        && is_han_only(&without_digits(&compact))
}

/// Whether the text names a village and nothing else.
pub(crate) fn is_village(text: &str) -> bool {
    let compact = text::compact(text);
    let count = compact.chars().count();
    let ends = ["村", "社区", "居委会", "村委会"]
        .iter()
        .any(|end| compact.ends_with(end));
    (2..=12).contains(&count) && ends && is_han_only(&compact) && !compact.contains('的')
}

fn is_han_only(text: &str) -> bool {
    text.chars().all(text::is_han)
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}
