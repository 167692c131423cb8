//! What is due: what the six checks propose, what a team must have, how many visits a helper owes. Every bar is a
//! parameter with a default; none is an opinion of the code.

mod coverage;

pub use coverage::{Attainment, Coverage, Ratio, VisitorCount, attainment, coverage, insured, visitors};

use std::collections::BTreeSet;

use super::enums::{Dimension, Role};
use super::household::Household;
use super::member::Member;
use super::visit::{PAIRED_VISIT, Visit};
use super::words::Sentence;
use crate::base::date::{Date, Month};
use crate::base::id::MemberId;

/// Ages of compulsory education, both included.
pub const SCHOOL_AGES: std::ops::RangeInclusive<u32> = 6..=15;

/// How many times a year a paired helper visits (S129), where the village has no rule of its own.
pub const VISITS_A_YEAR: u32 = 6;

/// How many people a stationed team has (S055: 村均3人以上), where neither the village nor its class says otherwise.
pub const TEAM_SIZE: u32 = 3;

/// Positions that may lead a team (S126).
const LEADING: [&str; 2] = ["第一书记", "工作队长"];

/// Proposes that a check does not apply to the family on a day, with the reason: compulsory education where nobody is of
/// that age. Proposes nothing while the age of a member is unknown. A person still decides.
pub fn not_applicable(dimension: Dimension, household: &Household, day: Date) -> Option<Sentence> {
    if dimension != Dimension::Education {
        return None;
    }
    let members = household.members(day);
    let ages: Option<Vec<u32>> = members.iter().map(|person| person.age_on(day)).collect();
    let none = !members.is_empty() && ages?.iter().all(|age| !SCHOOL_AGES.contains(age));
    none.then(|| {
        let (from, to) = (SCHOOL_AGES.start(), SCHOOL_AGES.end());
        Sentence::new(
            format!("家里没有{from}至{to}周岁的孩子"),
            format!("nobody of the family is {from} to {to} years old"),
        )
    })
}

/// How many people the team of a village must have: its own parameter, else what its class asks for (S156), else three.
pub fn team_size(village_class: &str, parameter: Option<i64>) -> u32 {
    match (parameter.and_then(|size| u32::try_from(size).ok()), village_class) {
        (Some(size), _) => size,
        (None, "软弱涣散村" | "安置村<100人" | "一般村") => 1,
        (None, _) => TEAM_SIZE,
    }
}

/// What a team lacks on a day, in words; nothing where it is complete: exactly one leader, who is 第一书记 or 工作队长 (S126),
/// and the number of people required (S055, S156). Leaders and members make up the team; desk, township, doctors and
/// inspectors work with it.
pub fn team_troubles(members: &[Member], required: u32, day: Date) -> Vec<Sentence> {
    let active = |role: Role| members.iter().filter(move |m| m.role == Some(role) && m.is_active(day));
    let leaders: Vec<&Member> = active(Role::Leader).collect();
    let size = leaders.len() + active(Role::Member).count();
    let mut troubles = Vec::new();
    match leaders.as_slice() {
        [] => troubles.push(Sentence::new("还没有班长", "the team has no leader")),
        [leader] => {
            let known = !leader.positions.is_empty();
            if known && !LEADING.iter().any(|position| leader.positions.contains(*position)) {
                let zh = "班长应由第一书记或工作队长担任";
                troubles.push(Sentence::new(
                    zh,
                    "the leader should be the first secretary or the head of the work team",
                ));
            }
        }
        several => {
            let n = several.len();
            troubles.push(Sentence::new(
                format!("有{n}个班长，只能有一个"),
                format!("{n} leaders; there must be one"),
            ));
        }
    }
    if size < required as usize {
        let zh = format!("队员{size}人，要求至少{required}人");
        troubles.push(Sentence::new(
            zh,
            format!("{size} people in the team, {required} are required"),
        ));
    }
    troubles
}

/// How many visits of a year are due by the end of a month: the yearly number spread evenly, rounded up (I18).
pub fn pace(a_year: u32, month: Month) -> u32 {
    (a_year * month.month).div_ceil(12)
}

/// How many visits a helper has made to a household in a year up to a day: visits that count (INV17), of the paired
/// kind, made by the helper or together with one. Several on one day are one visit: two colleagues may both have
/// recorded it.
pub fn paired_visits(visits: &[Visit], helper: MemberId, year: i32, until: Date) -> u32 {
    let made = visits
        .iter()
        .filter(|v| v.counts() && v.kind == PAIRED_VISIT && v.is_by(helper));
    let days: BTreeSet<Date> = made
        .map(|v| v.on)
        .filter(|on| on.year() == year && *on <= until)
        .collect();
    days.len() as u32
}

/// How many visits of any kind a household had in a year up to a day; withdrawn ones left out, others counted whether or
/// not somebody was at home.
pub fn visits_of_any_kind(visits: &[Visit], year: i32, until: Date) -> u32 {
    visits
        .iter()
        .filter(|v| !v.void && v.on.year() == year && v.on <= until)
        .count() as u32
}

#[cfg(test)]
mod tests;
