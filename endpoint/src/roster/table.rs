//! Finds the tables in a sheet: in which rows the column titles stand, what each column means, which rows are below.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::columns::{Field, REASONS_TITLE, meaning, title_key};
use crate::book::{Area, HEADER_ROWS_MAX, Sheet};

/// Most rows that titles spread over (a group title, a title, a unit).
const HEADER_DEPTH_MAX: usize = 3;
/// Most merged areas of one row that are looked at.
const ROW_AREAS_MAX: usize = 2_000;
/// How often further lists are looked for below the first of a sheet.
const TABLE_TRIES_MAX: usize = 300;
/// Columns of a sheet that are read; nobody's roster has so many.
const COLUMNS_READ_MAX: usize = 512;
/// Longest title that is kept.
const TITLE_CHARS_MAX: usize = 60;
/// Parts of words that stand in titles and hardly ever in the rows below (健康 and 户主 do).
const TITLE_MARKS: [&str; 24] = [
    "姓名",
    "性别",
    "证号",
    "号码",
    "关系",
    "电话",
    "手机",
    "联系方式",
    "程度",
    "状况",
    "日期",
    "编号",
    "民族",
    "地点",
    "类型",
    "类别",
    "等级",
    "原因",
    "序号",
    "组别",
    "小组",
    "人口",
    "住址",
    "证件",
];

/// A table: titles, and the rows under them up to the next titles.
#[derive(Debug)]
pub(crate) struct Table {
    /// Which sheet of the book.
    pub sheet: usize,
    /// The rows of the titles.
    pub header_rows: Vec<u32>,
    /// The columns with a title or with content, from left to right.
    pub columns: Vec<Column>,
    /// The rows below, repeated titles left out.
    pub rows: Vec<u32>,
    /// The columns that belong to it.
    span: Range<u32>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// From 0.
    pub column: u32,
    pub title: String,
    pub field: Option<Field>,
    /// The words of its title cells, by which a repeated header is known.
    keys: BTreeSet<String>,
}

impl Table {
    /// The first column of a meaning.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// Whether there is a column of a meaning.
    pub fn has(&self, field: Field) -> bool {
        self.column_of(field).is_some()
    }

    /// The columns of our reasons.
    fn reasons(&self) -> BTreeSet<u32> {
        let ours = self
            .columns
            .iter()
            .filter(|column| column.field == Some(Field::Reasons));
        ours.map(|column| column.column).collect()
    }

    /// Whether the row shows nothing but titles again, as printed lists do on every page.
    fn repeats_header(&self, sheet: &Sheet, row: u32) -> bool {
        let mut titles = 0;
        for (column, text) in texts(sheet, row) {
            let Ok(at) = self.columns.binary_search_by_key(&column, |known| known.column) else {
                return false;
            };
            if !self.columns[at].keys.contains(&title_key(&text)) {
                return false;
            }
            titles += 1;
        }
        titles >= 2
    }
}

/// The texts of a row that are not blank.
fn texts(sheet: &Sheet, row: u32) -> impl Iterator<Item = (u32, String)> + '_ {
    sheet
        .rows
        .get(&row)
        .into_iter()
        .flatten()
        .map(|cell| (cell.column, cell.value.text()))
}

/// The columns that a row calls those of our reasons. Reasons speak of names and numbers as titles do, and are none.
fn reasons(sheet: &Sheet, row: u32) -> impl Iterator<Item = u32> + '_ {
    let ours = title_key(REASONS_TITLE);
    let titles = texts(sheet, row).filter(move |(_, text)| title_key(text) == ours);
    titles.map(|(column, _)| column)
}

/// All tables of a sheet; none where no row looks like titles of a list of people.
pub(crate) fn find(sheet: &Sheet, index: usize, carries_right: bool) -> Vec<Table> {
    let head: Vec<u32> = sheet
        .rows
        .keys()
        .copied()
        .take(HEADER_ROWS_MAX + HEADER_DEPTH_MAX)
        .collect();
    let search = Search { sheet, carries_right };
    let mut best: Option<Header> = None;
    let mut above = BTreeSet::new();
    for at in 0..head.len().min(HEADER_ROWS_MAX) {
        let found = search.header_at(&head, at, &above);
        above.extend(reasons(sheet, head[at]));
        let Some(found) = found else {
            continue;
        };
        if best.as_ref().is_none_or(|best| found.beats(best)) {
            best = Some(found);
        }
    }
    let Some(header) = best else { return Vec::new() };
    let last = header.rows.last().copied().unwrap_or(0);
    let mut tables = vec![header.table(index)];
    let below: Vec<u32> = sheet.rows.range(last + 1..).map(|(row, _)| *row).collect();
    let mut at = 0;
    let mut tries = 0;
    while at < below.len() {
        let row = below[at];
        let present = tables.len() - 1;
        if tables[present].repeats_header(sheet, row) {
            at += 1;
            continue;
        }
        // Another list under the first, with titles of its own.
        let reasons = tables[present].reasons();
        let looks_new = tries < TABLE_TRIES_MAX && search.names_people(row, &reasons);
        tries += usize::from(looks_new);
        if looks_new
            && let Some(header) = search.header_at(&below[..below.len().min(at + HEADER_DEPTH_MAX)], at, &reasons)
            && header.score >= 3
        {
            at += header.rows.len();
            tables.push(header.table(index));
            continue;
        }
        tables[present].rows.push(row);
        at += 1;
    }
    let mut tables: Vec<Table> = tables.into_iter().flat_map(side_by_side).collect();
    for table in &mut tables {
        add_untitled(sheet, table);
        settle_by_content(sheet, table);
    }
    tables
}

/// A list printed in two halves beside each other, with the same titles twice, is two tables of the same rows.
fn side_by_side(mut table: Table) -> Vec<Table> {
    let titled = |column: &Column| column.field != Some(Field::Reasons) && !column.keys.is_empty();
    let columns: Vec<Column> = table.columns.iter().filter(|column| titled(column)).cloned().collect();
    let (left, right) = columns.split_at(columns.len() / 2);
    let same = left.len() >= 2 && left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.keys == b.keys);
    if !same {
        return vec![table];
    }
    let border = right[0].column;
    let mut second = Vec::new();
    for (column, twin) in right.iter().zip(left) {
        second.push(Column {
            field: twin.field,
            ..column.clone()
        });
    }
    let behind = table
        .columns
        .iter()
        .filter(|column| column.column >= border && !titled(column))
        .cloned();
    second.extend(behind);
    second.sort_by_key(|column| column.column);
    let right = Table {
        sheet: table.sheet,
        header_rows: table.header_rows.clone(),
        columns: second,
        rows: table.rows.clone(),
        span: border..u32::MAX,
    };
    table.columns.retain(|column| column.column < border);
    table.span = 0..border;
    vec![table, right]
}

/// Titles that were found, and how many different meanings they have.
struct Header {
    rows: Vec<u32>,
    columns: Vec<Column>,
    score: usize,
}

impl Header {
    /// More meanings are better; with as many, fewer rows: a title over the whole sheet adds nothing.
    fn beats(&self, other: &Self) -> bool {
        (self.score, other.rows.len()) > (other.score, self.rows.len())
    }

    /// Columns of our own.
    fn add_reasons(&mut self, reasons: &BTreeSet<u32>) {
        self.columns.extend(reasons.iter().map(|column| Column {
            column: *column,
            title: REASONS_TITLE.to_owned(),
            field: Some(Field::Reasons),
            keys: BTreeSet::from([title_key(REASONS_TITLE)]),
        }));
        self.columns.sort_by_key(|column| column.column);
    }

    fn table(self, sheet: usize) -> Table {
        Table {
            sheet,
            header_rows: self.rows,
            columns: self.columns,
            rows: Vec::new(),
            span: 0..u32::MAX,
        }
    }
}

/// Where titles are looked for.
struct Search<'a> {
    sheet: &'a Sheet,
    carries_right: bool,
}

impl Search<'_> {
    /// What the office wrote in a row.
    fn texts(&self, row: u32, reasons: &BTreeSet<u32>) -> impl Iterator<Item = (u32, String)> {
        texts(self.sheet, row).filter(|(column, _)| !reasons.contains(column))
    }

    /// The best reading of titles that begin in one row and go on over up to three.
    fn header_at(&self, rows: &[u32], at: usize, above: &BTreeSet<u32>) -> Option<Header> {
        let mut best: Option<Header> = None;
        for depth in 1..=HEADER_DEPTH_MAX {
            let Some(rows) = rows.get(at..at + depth) else { break };
            let titled: BTreeSet<u32> = rows.iter().flat_map(|row| reasons(self.sheet, *row)).collect();
            let ours = above | &titled;
            if !rows.last().is_some_and(|row| self.looks_like_titles(*row, &ours)) {
                // The first row may be titles of groups (户主信息 | 家庭成员), which are no words of titles.
                if depth == 1 {
                    continue;
                }
                break;
            }
            let mut header = self.read_header(rows, &ours);
            header.add_reasons(&titled);
            let names = header
                .columns
                .iter()
                .any(|c| matches!(c.field, Some(Field::Name | Field::HeadName)));
            if names && header.score >= 2 && best.as_ref().is_none_or(|best| header.beats(best)) {
                best = Some(header);
            }
        }
        best
    }

    /// Whether a row can be the lowest row of titles: it has a word of titles, and nothing that never stands among them, a
    /// sex or a long number.
    fn looks_like_titles(&self, row: u32, reasons: &BTreeSet<u32>) -> bool {
        let mut titled = false;
        for (_, text) in self.texts(row, reasons) {
            let key = title_key(&text);
            let digits = key.chars().filter(char::is_ascii_digit).count();
            if key == "男" || key == "女" || (digits >= 11 && digits + 2 >= key.chars().count()) {
                return false;
            }
            titled |= TITLE_MARKS.iter().any(|mark| key.contains(mark));
        }
        titled
    }

    /// Reads the given rows as titles.
    fn read_header(&self, rows: &[u32], reasons: &BTreeSet<u32>) -> Header {
        let written = |row: &u32| {
            let mut shown = shown(self.sheet, *row);
            shown.retain(|column, _| !reasons.contains(column));
            shown
        };
        let levels: Vec<BTreeMap<u32, String>> = rows.iter().map(written).collect();
        let all: BTreeSet<u32> = levels.iter().flat_map(|level| level.keys().copied()).collect();
        let mut columns: Vec<Column> = Vec::new();
        for &column in all.iter().take(COLUMNS_READ_MAX) {
            let mut parts: Vec<String> = Vec::new();
            for (depth, level) in levels.iter().enumerate() {
                // Text tables have no merged cells: the group's title stands over its first column only.
                let carried = self.carries_right && depth + 1 < levels.len() && !level.contains_key(&column);
                let title = match carried {
                    true => level.range(..column).next_back().map(|(_, title)| title),
                    false => level.get(&column),
                };
                if let Some(title) = title.filter(|title| parts.last() != Some(title)) {
                    parts.push(title.clone());
                }
            }
            let keys = parts.iter().map(|part| title_key(part)).collect();
            let field = field_of(&parts)
                .filter(|field| field.repeats() || !columns.iter().any(|other| other.field == Some(*field)));
            columns.push(Column {
                column,
                title: title_of(&parts),
                field,
                keys,
            });
        }
        let score = columns
            .iter()
            .filter_map(|c| c.field)
            .collect::<BTreeSet<Field>>()
            .len();
        Header {
            rows: rows.to_vec(),
            columns,
            score,
        }
    }

    /// Whether a cell of the row is the title of a column of names.
    fn names_people(&self, row: u32, reasons: &BTreeSet<u32>) -> bool {
        self.texts(row, reasons).any(|(_, text)| {
            text.contains('姓')
                && title_key(&text).contains("姓名")
                && matches!(meaning(&text), Some(Field::Name | Field::HeadName))
        })
    }
}

/// What a row shows in each column, merged cells shown in every column and row that they cover.
fn shown(sheet: &Sheet, row: u32) -> BTreeMap<u32, String> {
    let mut found: BTreeMap<u32, String> = texts(sheet, row)
        .filter(|(_, text)| !title_key(text).is_empty())
        .collect();
    let covers = |area: &Area| area.first_row <= row && row <= area.last_row;
    for area in sheet.merges.all().filter(covers).take(ROW_AREAS_MAX) {
        let Some(anchor) = sheet.cell(area.first_row, area.first_column) else {
            continue;
        };
        let text = anchor.value.text();
        // A title over the whole sheet says nothing about a column.
        if title_key(&text).is_empty() || area.last_column - area.first_column >= 40 {
            continue;
        }
        for column in area.first_column..=area.last_column {
            found.entry(column).or_insert_with(|| text.clone());
        }
    }
    found
}

/// The meaning of a column whose title has several levels, from the group's title down.
fn field_of(parts: &[String]) -> Option<Field> {
    let (last, above) = parts.split_last()?;
    let found = meaning(last);
    let group: String = above.iter().map(|part| title_key(part)).collect();
    let of = |words: &[&str]| words.iter().any(|word| group.contains(word));
    if of(&["帮扶", "结对", "包户", "责任人", "包联", "联户", "包保"]) {
        return match found {
            Some(Field::Name) => Some(Field::Pairing),
            Some(Field::Phone) => Some(Field::PairingPhone),
            Some(Field::Pairing | Field::PairingPhone | Field::PairingUnit) => found,
            _ if title_key(last).contains("单位") => Some(Field::PairingUnit),
            _ => None,
        };
    }
    if of(&["监护", "申请", "代理", "村干部", "审核"]) {
        return None;
    }
    if of(&["户主"]) && !of(&["与户主"]) {
        return match found {
            Some(Field::Name | Field::HeadName) => Some(Field::HeadName),
            Some(Field::IdNo | Field::HeadId) => Some(Field::HeadId),
            Some(field) if field.of_household() => Some(field),
            // Sex and age of the head stand in the head's own row too.
            _ => None,
        };
    }
    if above.is_empty() {
        return found;
    }
    let joined = parts.concat();
    // 2024年 over 医保 or below it: the year belongs before the word.
    let reversed: String = parts.iter().rev().map(String::as_str).collect();
    let of_year = |field: &Option<Field>| matches!(field, Some(Field::Insured(Some(_)) | Field::OfYear(_, Some(_))));
    let with_year = [meaning(&joined), meaning(&reversed)]
        .into_iter()
        .find(of_year)
        .flatten();
    with_year.or(found).or_else(|| meaning(&joined))
}

fn title_of(parts: &[String]) -> String {
    let clean: Vec<String> = parts.iter().map(|part| bianfang::base::text::clean(part)).collect();
    clean.join(" ").chars().take(TITLE_CHARS_MAX).collect()
}

/// Columns below which there is content but over which there is no title.
fn add_untitled(sheet: &Sheet, table: &mut Table) {
    let titled: BTreeSet<u32> = table.columns.iter().map(|column| column.column).collect();
    let mut others: BTreeSet<u32> = BTreeSet::new();
    for row in &table.rows {
        let cells = sheet.rows.get(row).into_iter().flatten();
        let columns = cells.map(|cell| cell.column);
        others.extend(columns.filter(|column| table.span.contains(column) && !titled.contains(column)));
    }
    for column in others.into_iter().take(COLUMNS_READ_MAX.saturating_sub(titled.len())) {
        table.columns.push(Column {
            column,
            title: String::new(),
            field: None,
            keys: BTreeSet::new(),
        });
    }
    table.columns.sort_by_key(|column| column.column);
}

/// Meanings that the titles leave open and the content decides.
fn settle_by_content(sheet: &Sheet, table: &mut Table) {
    for at in 0..table.columns.len() {
        match table.columns[at].field {
            Some(Field::Number) if is_short_numbers(sheet, table, at) => {
                let taken = table.has(Field::FamilySeq);
                table.columns[at].field = (!taken).then_some(Field::FamilySeq);
            }
            Some(Field::Phone) if is_helpers_phone(sheet, table, at) => {
                table.columns[at].field = Some(Field::PairingPhone);
            }
            _ => {}
        }
    }
}

fn values<'a>(sheet: &'a Sheet, table: &'a Table, at: usize) -> impl Iterator<Item = String> + 'a {
    let column = table.columns[at].column;
    table
        .rows
        .iter()
        .filter_map(move |row| sheet.cell(*row, column))
        .map(|cell| title_key(&cell.value.text()))
}

/// 户号 1, 2, 3 …: it counts families, it is no number that means anything outside of this list.
fn is_short_numbers(sheet: &Sheet, table: &Table, at: usize) -> bool {
    let mut any = false;
    let short = values(sheet, table, at).filter(|value| !value.is_empty()).all(|value| {
        any = true;
        value.len() <= 5 && value.bytes().all(|b| b.is_ascii_digit())
    });
    any && short
}

/// 帮扶责任人 | 单位 | 联系电话: whose phone is it? The helper's, if there is one phone for each helper and not one for
/// each household, or if the household has a column of its own.
fn is_helpers_phone(sheet: &Sheet, table: &Table, at: usize) -> bool {
    let before = &table.columns[at.saturating_sub(2)..at];
    let Some(helper) = before.iter().rposition(|column| column.field == Some(Field::Pairing)) else {
        return false;
    };
    let helper = at - before.len() + helper;
    if title_key(&table.columns[at].title).contains("户主") || title_key(&table.columns[at].title).contains("家庭")
    {
        return false;
    }
    let phones = |field| field == Some(Field::Phone);
    if table
        .columns
        .iter()
        .enumerate()
        .any(|(other, column)| other != at && phones(column.field))
    {
        return true;
    }
    let distinct = |at| {
        values(sheet, table, at)
            .filter(|v| !v.is_empty())
            .collect::<BTreeSet<_>>()
            .len()
    };
    let filled = values(sheet, table, at).filter(|v| !v.is_empty()).count();
    let (phones, helpers) = (distinct(at), distinct(helper));
    phones > 0 && phones <= helpers && phones * 3 <= filled * 2
}
