//! Decides which rows are one household: by 户编号 where there is one, else by what begins a family (a new running
//! number, another 户主姓名, a row that is 户主), as a person reading the list would.

use std::collections::{BTreeMap, BTreeSet};

use bianfang::base::text;

use super::columns::Field;
use super::rows::{Got, Row};
use super::table::Table;
use super::values;

/// Rows that are one household.
#[derive(Debug, Default)]
pub(crate) struct Family {
    /// Indices into the rows of the file, in its order.
    pub rows: Vec<usize>,
    /// The household number, trusted.
    pub number: Option<String>,
    /// A row was read by a rule that is a guess where nothing at all tells families apart: each row is one.
    pub single: bool,
}

/// The families of a file, and the rows with neither name nor household.
#[derive(Debug, Default)]
pub(crate) struct Families {
    pub families: Vec<Family>,
    pub rejected: Vec<usize>,
}

/// How the families of one table can be told apart.
struct Style {
    numbered: bool,
    numbers_rounded: bool,
    /// People stand under 姓名, so that 户主姓名 names the household.
    has_names: bool,
    by_row_seq: bool,
    single: bool,
    /// Nearly every row states 户主姓名, so that rows of one family may stand apart.
    heads_everywhere: bool,
}

/// The household that rows are being added to.
struct Open {
    family: usize,
    number: Option<String>,
    /// A number that lost its last digits still tells different households apart where it differs.
    rounded_number: Option<String>,
    seq: Option<(String, u32)>,
    head: Option<(String, u32)>,
    group: Option<String>,
    has_head: bool,
    /// The row of the one who gives the household its 户主姓名 was there, with this ID number.
    head_listed: Option<String>,
    /// Whether something other than 户主 in the relation column began it.
    anchored: bool,
}

/// Groups the rows of all tables.
pub(crate) fn group(rows: &[Row], tables: &[Table]) -> Families {
    let mut found = Families::default();
    let mut by_number: BTreeMap<String, usize> = BTreeMap::new();
    let mut from = 0;
    while from < rows.len() {
        let table = rows[from].table;
        let to = from + rows[from..].iter().take_while(|row| row.table == table).count();
        let style = Style::of(&rows[from..to], &tables[table]);
        let mut by_head = ByHead::new();
        let mut open: Option<Open> = None;
        for (at, row) in rows.iter().enumerate().take(to).skip(from) {
            if name_of(row, &style).is_none() && !names_household(row) {
                found.rejected.push(at);
                continue;
            }
            let family = place(row, &style, &mut open, &mut by_number, &by_head, &mut found.families);
            found.families[family].rows.push(at);
            if let (Some(key), true) = (head_key(row), style.heads_everywhere) {
                let listed = row.is_head || names_its_head(row, &style);
                let known = by_head.entry(key).or_insert((family, false));
                known.1 |= known.0 == family && listed;
            }
        }
        from = to;
    }
    found
}

/// Families by 户主姓名 and group, and whether the row of the 户主 was there.
type ByHead = BTreeMap<(String, String), (usize, bool)>;

/// Whose household a row belongs to; opens a new one where it begins there.
fn place(
    row: &Row,
    style: &Style,
    open: &mut Option<Open>,
    by_number: &mut BTreeMap<String, usize>,
    by_head: &ByHead,
    families: &mut Vec<Family>,
) -> usize {
    let number = trusted_number(row, style);
    if let Some(number) = &number
        && let Some(&known) = by_number.get(number)
    {
        match open.as_mut().filter(|open| open.family == known) {
            Some(open) => open.learn(row, style),
            None => *open = Some(Open::begin(known, row, style)),
        }
        return known;
    }
    if number.is_none()
        && let Some(open) = open.as_mut()
        && open.goes_on(row, style)
    {
        open.learn(row, style);
        return open.family;
    }
    // A row that stands apart from its family, which states its 户主 in every row. A second head of the same name is
    // another family's.
    if number.is_none()
        && style.heads_everywhere
        && let Some(&(known, head_listed)) = head_key(row).and_then(|key| by_head.get(&key))
        && !(row.is_head && head_listed)
    {
        *open = Some(Open::begin(known, row, style));
        return known;
    }
    families.push(Family {
        rows: Vec::new(),
        number: number.clone(),
        single: style.single,
    });
    let family = families.len() - 1;
    if let Some(number) = number {
        by_number.insert(number, family);
    }
    *open = Some(Open::begin(family, row, style));
    family
}

impl Style {
    fn of(rows: &[Row], table: &Table) -> Self {
        let numbered = rows.iter().any(|row| row.first(Field::Number).is_some());
        let has_names = table.has(Field::Name);
        let has_heads = has_names && rows.iter().any(|row| row.first(Field::HeadName).is_some());
        let has_seq = rows.iter().any(|row| row.first(Field::FamilySeq).is_some());
        let has_relations = rows
            .iter()
            .any(|row| row.is_head || row.first(Field::Relation).is_some());
        let by_row_seq = !numbered && !has_seq && !has_heads && counts_families(rows);
        let stated = rows.iter().filter(|row| row.first(Field::HeadName).is_some()).count();
        Self {
            numbered,
            numbers_rounded: numbers_rounded(rows),
            has_names,
            by_row_seq,
            single: !numbered && !has_seq && !has_heads && !has_relations && !by_row_seq,
            heads_everywhere: has_heads && stated * 10 >= rows.len() * 9,
        }
    }
}

impl Open {
    fn begin(family: usize, row: &Row, style: &Style) -> Self {
        let mut open = Self {
            family,
            number: None,
            rounded_number: None,
            seq: None,
            head: None,
            group: None,
            has_head: false,
            head_listed: None,
            anchored: false,
        };
        open.learn(row, style);
        open.anchored = open.number.is_some() || open.seq.is_some() || open.head.is_some();
        open
    }

    fn learn(&mut self, row: &Row, style: &Style) {
        self.number = self.number.take().or_else(|| trusted_number(row, style));
        self.rounded_number = self.rounded_number.take().or_else(|| rounded_number(row, style));
        self.seq = self.seq.take().or_else(|| seq(row, style));
        self.head = self.head.take().or_else(|| head_name(row, style));
        self.group = self.group.take().or_else(|| row.text(Field::Group).map(str::to_owned));
        self.has_head |= row.is_head;
        if self.head_listed.is_none() && names_its_head(row, style) {
            self.head_listed = Some(row.text(Field::IdNo).unwrap_or_default().to_owned());
        }
    }

    /// Whether a row without a trusted number belongs to this household.
    fn goes_on(&self, row: &Row, style: &Style) -> bool {
        if style.single {
            return false;
        }
        let mut same = false;
        if let (Some(known), Some(new)) = (&self.rounded_number, rounded_number(row, style))
            && *known != new
        {
            return false;
        }
        for (known, new) in [(&self.seq, seq(row, style)), (&self.head, head_name(row, style))] {
            match (known, new) {
                (Some(known), Some(new)) => {
                    let merged_apart = known.1 != new.1 && (new.1 != row.row);
                    if known.0 != new.0 || merged_apart {
                        return false;
                    }
                    same = true;
                }
                // What began this family stood nowhere before: a new one begins.
                (None, Some(_)) if self.anchored || self.has_head => return false,
                _ => {}
            }
        }
        let by_seq = same && self.seq.is_some();
        if let (Some(known), Some(new), false) = (&self.group, row.text(Field::Group), by_seq)
            && known != new
        {
            return false;
        }
        if names_its_head(row, style) {
            // Two families one after the other whose heads have one name; or one head written twice.
            let id = row.text(Field::IdNo).unwrap_or_default();
            return self
                .head_listed
                .as_ref()
                .is_none_or(|known| !known.is_empty() && known == id);
        }
        if same {
            return true;
        }
        !(row.is_head && (self.has_head || !self.anchored))
    }
}

/// Whether 序号 counts families, not rows: it stands only in a family's first row (or is merged over it, or repeated).
fn counts_families(rows: &[Row]) -> bool {
    let (mut begins, mut goes_on, mut heads, mut related) = (0usize, 0usize, 0usize, 0usize);
    let mut last: Option<&str> = None;
    for row in rows.iter().filter(|row| row.first(Field::Name).is_some()) {
        let seq = row.first(Field::RowSeq);
        let new = seq.is_some_and(|seq| seq.written_in == row.row && last != Some(&*seq.text));
        if new {
            begins += 1;
            if row.first(Field::Relation).is_some() {
                related += 1;
                heads += usize::from(row.is_head);
            }
        } else {
            goes_on += 1;
        }
        last = seq.map(|seq| &*seq.text).or(last);
    }
    // A running number that was forgotten here and there does not count families.
    begins > 0 && goes_on * 7 >= begins + goes_on && heads * 10 >= related * 7
}

/// Whether the numbers of the column lost their last digits. One number that ends in 0 may be right; if all do, a
/// spreadsheet made them so.
fn numbers_rounded(rows: &[Row]) -> bool {
    let numbers: Vec<&Got> = rows.iter().filter_map(|row| row.first(Field::Number)).collect();
    let long = |got: &&&Got| got.text.len() > 15 && got.text.bytes().all(|b| b.is_ascii_digit());
    let typed: Vec<&&Got> = numbers.iter().filter(long).collect();
    let zeros = |got: &Got| got.text.bytes().skip(15).all(|b| b == b'0');
    let in_number_cells = typed.iter().any(|got| got.rounded);
    !typed.is_empty() && typed.iter().all(|got| got.rounded || zeros(got)) && (in_number_cells || typed.len() >= 10)
}

fn is_scientific(text: &str) -> bool {
    values::looks_scientific(text)
}

fn trusted_number(row: &Row, style: &Style) -> Option<String> {
    if !style.numbered {
        return None;
    }
    let got = row.first(Field::Number)?;
    let beyond_float = got.rounded && got.text.len() > 16;
    let trusted = !is_scientific(&got.text) && !beyond_float && !style.numbers_rounded;
    trusted.then(|| values::household_number(&got.text))
}

fn rounded_number(row: &Row, style: &Style) -> Option<String> {
    match trusted_number(row, style) {
        Some(_) => None,
        None => row.first(Field::Number).map(|got| got.text.to_string()),
    }
}

fn seq(row: &Row, style: &Style) -> Option<(String, u32)> {
    let field = if style.by_row_seq {
        Field::RowSeq
    } else {
        Field::FamilySeq
    };
    row.first(field).map(|got| (got.text.to_string(), got.written_in))
}

fn head_name(row: &Row, style: &Style) -> Option<(String, u32)> {
    let got = row.first(Field::HeadName).filter(|_| style.has_names)?;
    Some((text::name(&got.text), got.written_in))
}

/// Whether the row is that of the person whose name stands under 户主姓名.
fn names_its_head(row: &Row, style: &Style) -> bool {
    head_name(row, style).is_some_and(|(head, _)| name_of(row, style) == Some(head))
}

fn head_key(row: &Row) -> Option<(String, String)> {
    let head = text::name(&row.first(Field::HeadName)?.text);
    Some((head, row.text(Field::Group).unwrap_or_default().to_owned()))
}

/// The name of the person in a row; a list of heads has them under 户主姓名.
fn name_of(row: &Row, style: &Style) -> Option<String> {
    let field = if style.has_names { Field::Name } else { Field::HeadName };
    row.own(field)
        .map(|got| text::name(&got.text))
        .filter(|name| !name.is_empty())
}

fn names_household(row: &Row) -> bool {
    [Field::Number, Field::FamilySeq, Field::HeadName, Field::HeadId]
        .iter()
        .any(|field| row.first(*field).is_some())
}

/// For groups that are written only once, above all their families: whether blank ones go on with the last one stated.
/// True where each is stated in one place only and the first family states one.
pub(crate) fn carries_down(stated: &[Option<&str>]) -> bool {
    let mut seen = BTreeSet::new();
    let once = stated.iter().flatten().all(|group| seen.insert(*group));
    once && stated.first().is_some_and(Option::is_some) && stated.iter().any(Option::is_none)
}
