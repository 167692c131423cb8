//! Rules that take the whole village to see: one identity number twice, one telephone in several households.

use std::collections::BTreeMap;

use super::{Findings, Problem};
use crate::base::date::Date;
use crate::register::field::Severity;
use crate::register::household::Household;
use crate::register::id_number;
use crate::register::person::Person;

/// DQ02: the same identity number twice; DQ14: the same telephone in several households. Each place is pointed out once,
/// in the order of the households given, and names one of the others.
pub fn across(households: &[Household], today: Date) -> Vec<Problem> {
    let mut by_id: BTreeMap<String, Vec<(&Household, &Person)>> = BTreeMap::new();
    let mut by_phone: BTreeMap<&str, Vec<&Household>> = BTreeMap::new();
    for household in households.iter().filter(|household| household.is_active(today)) {
        for person in household.members(today) {
            if let Some(number) = comparable(&person.id_no) {
                by_id.entry(number).or_default().push((household, person));
            }
        }
        if !household.phone.is_empty() {
            by_phone.entry(&household.phone).or_default().push(household);
        }
    }
    let mut problems = Vec::new();
    for household in households.iter().filter(|household| household.is_active(today)) {
        let mut found = Findings {
            household: household.id,
            person: None,
            problems: Vec::new(),
        };
        if let Some(others) = by_phone.get(household.phone.as_str())
            && let Some(other) = others.iter().find(|other| other.id != household.id)
        {
            let zh = format!("电话与{}相同", place(other, other.head(today)));
            found.add(
                "DQ14",
                Severity::Suspicion,
                "phone",
                zh,
                "another household has the same telephone number",
            );
        }
        for person in household.members(today) {
            let same = comparable(&person.id_no).and_then(|number| by_id.get(&number));
            let Some(others) = same else { continue };
            let other = others.iter().find(|(h, p)| (h.id, p.id) != (household.id, person.id));
            if let Some((other, who)) = other {
                found.person = Some(person.id);
                let zh = format!("证件号码与{}相同", place(other, Some(who)));
                found.add(
                    "DQ02",
                    Severity::Suspicion,
                    "id_no",
                    zh,
                    "somebody else has the same ID number",
                );
            }
        }
        problems.append(&mut found.problems);
    }
    problems
}

/// The 18 characters by which two records are the same person; nothing of a number that is too short to tell.
fn comparable(number: &str) -> Option<String> {
    let number: String = id_number::normalise(number).chars().take(18).collect();
    (number.len() == 18).then_some(number)
}

fn place(household: &Household, person: Option<&Person>) -> String {
    let name = person.map(|person| person.name.as_str()).unwrap_or_default();
    format!("{}{name}", household.group)
}
