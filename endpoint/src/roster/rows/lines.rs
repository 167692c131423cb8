//! Tells rows of people from totals, closing notes, separators and prepared but empty lines.

use bianfang::base::text;

use super::Clean;
use crate::book::Sheet;
use crate::roster::columns::{Field, title_key};
use crate::roster::table::Table;

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

/// What a row is.
pub(super) enum Line {
    Empty,
    /// The families below are of this group.
    Group(String),
    /// The families below are of this village.
    Village(String),
    Data,
}

/// Tells what a row is by its cells, of which the empty ones and those of our own column are left out.
pub(super) fn classify(sheet: &Sheet, table: &Table, number: u32, below_header: usize, cells: &[Clean<'_>]) -> Line {
    let field = |cell: &Clean<'_>| table.columns[cell.at].field;
    let Some(first) = cells.first() else { return Line::Empty };
    if below_header == 0 && is_numbering(cells) {
        return Line::Empty;
    }
    if let [only] = cells
        && let Some(line) = alone(sheet, number, only, field(only))
    {
        return line;
    }
    let is_identity = |cell: &Clean<'_>| {
        field(cell) == Some(Field::IdNo) && cell.text.chars().filter(char::is_ascii_digit).count() >= 15
    };
    let closes = |text: &str| is_note(text) || is_total(text);
    let mut names = cells
        .iter()
        .filter(|cell| matches!(field(cell), Some(Field::Name | Field::HeadName)));
    if (closes(&first.text) || names.any(|name| closes(&name.text))) && !cells.iter().any(is_identity) {
        return Line::Empty;
    }
    // Lines prepared with a running number, or with formulas that give 0, wait to be filled in.
    let says_something = |cell: &Clean<'_>| field(cell).is_none_or(|field| !field.is_context()) && &*cell.text != "0";
    if cells.iter().any(says_something) {
        return Line::Data;
    }
    let words = field(first) == Some(Field::RowSeq) && !first.text.starts_with(|c: char| c.is_ascii_digit());
    if words && cells.len() == 1 {
        Line::Data
    } else {
        Line::Empty
    }
}

/// What the only cell of a row makes of it; nothing where it may be a row of people.
fn alone(sheet: &Sheet, number: u32, only: &Clean<'_>, field: Option<Field>) -> Option<Line> {
    let text = &*only.text;
    let column = only.cell.column;
    let wide = sheet
        .merges
        .down(number, column)
        .is_some_and(|area| area.last_column > column + 1);
    let in_name = matches!(field, Some(Field::Name | Field::HeadName));
    if is_group(text) {
        return Some(Line::Group(text.to_owned()));
    }
    if is_village(text) && (wide || !in_name) && field != Some(Field::Village) {
        return Some(Line::Village(text.to_owned()));
    }
    // A sentence across the table, or in the column of names, is no name.
    let sentence = text.chars().count() > 12 || text.contains(['：', ':', '，', '。', '；', '、']);
    let outside = wide || in_name || field == Some(Field::RowSeq);
    ((wide && !in_name) || (sentence && outside)).then_some(Line::Empty)
}

pub(crate) fn is_nothing(text: &str) -> bool {
    // #REF!, #VALUE! and the like, as a text table has them.
    let went_wrong = text.starts_with('#') && text.ends_with(['!', '?']);
    text.is_empty() || went_wrong || NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// The line 1, 2, 3 … (or 甲, 乙, 1 …) under the titles that printed forms have.
fn is_numbering(cells: &[Clean<'_>]) -> bool {
    let is_step = |cell: &Clean<'_>| {
        let key = title_key(&cell.text);
        key.chars().count() <= 2 && (key.bytes().all(|b| b.is_ascii_digit()) || "甲乙丙丁戊己庚".contains(&key))
    };
    cells.len() >= 3 && cells.iter().all(is_step)
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
