//! The sheet of a period (S064, S122, S132): one row for each village and one for all, or as text to paste into a group.
//! Nothing is typed.

use super::families::Families;
use super::table::{Cell, Column, Table};
use crate::desk::{Desk, DeskError};
use crate::store::space::SpaceRow;
use crate::store::{SqliteLog, Store, people, space};
use bianfang::base::date::Date;
use bianfang::doc::{DocKind, Document, Of};
use bianfang::index::Row;
use bianfang::indicator::{Behind, Period, Problem, Sheet, dispatch};
use bianfang::ledger::Procedures;
use bianfang::register::words::{Language, Words, words};
use bianfang::sync::log::{Log, Role};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The sheet of one village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfVillage {
    pub village: String,
    pub code: String,
    pub sheet: Sheet,
    /// Whose phones have not asked since before the day of the sheet, the longest first.
    pub behind: Vec<Behind>,
    /// Of everything that was counted here.
    pub check_code: String,
    /// Documents that cannot be opened and were left out; `check` names them.
    pub unreadable: usize,
}

/// Counts each village as of one moment.
///
/// # Errors
/// The database's.
pub fn sheets(
    store: &Store,
    villages: &[SpaceRow],
    period: Period,
    on: Date,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<OfVillage>, DeskError> {
    let mut made = Vec::new();
    for (done, village) in villages.iter().enumerate() {
        progress(done, villages.len());
        made.push(store.read(|tx| of_village(tx, village, period, on))?);
    }
    progress(villages.len(), villages.len());
    Ok(made)
}

fn of_village(tx: &Connection, village: &SpaceRow, period: Period, on: Date) -> Result<OfVillage, DeskError> {
    let (mut households, mut problems, mut unreadable) = (Vec::new(), Vec::new(), 0);
    let key = space::key(tx, village.id)?;
    let procedures = Procedures::default();
    for (kind, id) in space::documents(tx, village.id)? {
        if !matches!(kind, DocKind::Household | DocKind::Finding) {
            continue;
        }
        match Desk::open(tx, village.id, kind, id) {
            Ok(document) if kind == DocKind::Household => households.push(document),
            Ok(document) => {
                if let Row::Finding(row) = Row::read(&document, &key, &procedures)
                    && row.is_problem()
                {
                    let version = row.status.as_ref().map(|status| status.version);
                    problems.push(Problem::of(&row, &procedures.of("", version)));
                }
            }
            Err(DeskError::Document(_)) => unreadable += 1,
            Err(error) => return Err(error),
        }
    }
    let days = visits(&households, on);
    let sheet = Sheet::count(period, on, days.iter().map(Vec::as_slice), problems.into_iter());
    Ok(OfVillage {
        village: village.name.clone(),
        code: village.code.clone(),
        sheet,
        behind: behind(tx, village, on)?,
        check_code: SqliteLog::reading(tx, village.id).end()?.digest.check_code(),
        unreadable,
    })
}

/// Of each family on the register, joined records taken together: the days of the visits that count.
fn visits(households: &[Document], on: Date) -> Vec<Vec<Date>> {
    let families = Families::of(households, on);
    let counted = households.iter().filter(|document| !families.is_led(document.id()));
    let own = counted.map(|document| document.family(Of::Shown));
    let active = own.filter(|family| family.is_active(on));
    active
        .map(|family| {
            let together = families.together(family.id, family);
            let visits = together.iter().flat_map(|family| &family.visits);
            visits.filter(|visit| visit.counts()).map(|visit| visit.on).collect()
        })
        .collect()
}

/// Whose phones have not asked since before a day. The desk's own are no phones of a team.
fn behind(tx: &Connection, village: &SpaceRow, on: Date) -> Result<Vec<Behind>, DeskError> {
    let team = people::members(tx, village.id)?;
    let team: BTreeMap<_, _> = team
        .into_iter()
        .filter(|(_, role)| *role != Role::Desk)
        .map(|(member, _)| (member.id, member.name))
        .collect();
    let mut devices = people::devices(tx)?;
    devices.retain(|device| device.revoked_s.is_none() && team.contains_key(&device.member));
    let mut behind = Vec::new();
    for device in &devices {
        let seen = device.seen_s.unwrap_or(device.enrolled_s);
        let days = Date::in_china(seen.saturating_mul(1000)).days_until(on);
        if days < 1 {
            continue;
        }
        let of_member = devices.iter().filter(|other| other.member == device.member);
        let name = match (of_member.count(), device.label.as_str()) {
            (1, _) | (_, "") => team[&device.member].clone(),
            (_, label) => format!("{}（{label}）", team[&device.member]),
        };
        behind.push(Behind { name, days: Some(days) });
    }
    behind.sort_by_key(|one| (std::cmp::Reverse(one.days), one.name.clone()));
    Ok(behind)
}

/// As text, one village after the other.
pub fn text(sheets: &[OfVillage], language: Language) -> String {
    let texts = sheets.iter();
    let texts = texts.map(|one| one.sheet.text(&one.village, &one.behind, &one.check_code, language));
    let mut text = texts.collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

const COLUMNS: [(&str, Words); 17] = [
    ("village", words("村", "Village")),
    ("code", words("村编码", "Code")),
    ("from", words("从", "From")),
    ("to", words("到", "To")),
    ("on", words("统计到", "Counted to")),
    ("households", words("总户数", "Households")),
    ("visited", words("已走访户数", "Visited")),
    ("visited_rate", words("走访率", "Share visited")),
    ("found", words("新发现问题", "New findings")),
    ("signed_off", words("销号", "Signed off")),
    ("fixed", words("当场办结", "Fixed on the spot")),
    ("open", words("未销号", "Open")),
    ("overdue", words("其中超期", "Overdue")),
    ("hardest", words("主要难点", "Hardest")),
    ("behind", words("未同步的手机", "Phones not synchronised")),
    ("behind_days", words("最长未同步（天）", "Longest, days")),
    ("check_code", words("核对码", "Check code")),
];

/// As a table, with a line for all villages where there are several.
pub fn table(sheets: &[OfVillage], language: Language) -> Table {
    let columns = COLUMNS.iter().map(|(key, heading)| Column {
        key: (*key).to_owned(),
        heading: heading.of(language).to_owned(),
    });
    let mut rows: Vec<BTreeMap<usize, Cell>> = sheets.iter().map(|one| row(one, language)).collect();
    if let [first, rest @ ..] = sheets
        && !rest.is_empty()
    {
        let mut all = first.clone();
        rest.iter().for_each(|one| all.sheet.add(&one.sheet));
        all.behind
            .extend(rest.iter().flat_map(|one| one.behind.iter().cloned()));
        all.behind.sort_by_key(|one| std::cmp::Reverse(one.days));
        all.village = words("合计", "All").of(language).to_owned();
        all.code.clear();
        all.check_code.clear();
        rows.push(row(&all, language));
    }
    let title = sheets.first().map(|one| one.sheet.period.cadence.sheet());
    Table {
        name: title.map_or("", |title| title.of(language)).to_owned(),
        columns: columns.collect(),
        rows,
    }
}

fn row(one: &OfVillage, language: Language) -> BTreeMap<usize, Cell> {
    let (sheet, text) = (&one.sheet, |text: &str| Cell::Text(text.to_owned()));
    let number = |count: u32| Cell::Int(i64::from(count));
    let longest = one.behind.iter().filter_map(|one| one.days).max();
    let cells = [
        text(&one.village),
        text(&one.code),
        Cell::Date(sheet.period.from),
        Cell::Date(sheet.period.to),
        Cell::Date(sheet.on),
        number(sheet.visited.whole),
        number(sheet.visited.part),
        Cell::Text(sheet.visited.shown()),
        number(sheet.found),
        number(sheet.signed_off),
        number(sheet.fixed),
        number(sheet.open),
        number(sheet.overdue),
        Cell::Text(sheet.hardest(language)),
        Cell::Text(dispatch::missing(&one.behind, language)),
        longest.map_or_else(|| text(""), Cell::Int),
        text(&one.check_code),
    ];
    let filled = cells.into_iter().enumerate();
    filled.filter(|(_, cell)| *cell != Cell::Text(String::new())).collect()
}
