//! The lists that villages are made of: the sample, brought to this year, or one's own.

use crate::trouble::Trouble;
use bianfang::base::date::Date;
use bianfang::register::id_number::IdNumber;
use bianfang_endpoint::roster::{self, IdCheck, PersonRow, Roster, VillageRoster};
use std::fs;
use std::path::Path;

const SAMPLE: &[u8] = include_bytes!("../../tests/data/roster-422822104299.xlsx");
const SAMPLE_NAME: &str = "roster-422822104299.xlsx";
/// The day of the sample.
const SAMPLE_DAY: Date = match Date::new(2019, 8, 14) {
    Some(day) => day,
    None => Date::MIN,
};
/// Region, date of birth, number of the day; the check character comes last.
const BIRTH_AT: usize = 6;
const DAY_AT: usize = 14;
const CHECK_AT: usize = 17;

/// The sample village as if it had been written down within the last year: a pupil of then is a pupil still.
///
/// # Errors
/// Never, as long as the sample can be read.
pub fn sample(today: Date) -> Result<VillageRoster, Trouble> {
    let mut village = first(roster::read(SAMPLE, SAMPLE_NAME, SAMPLE_DAY)?);
    let years = whole_years(SAMPLE_DAY, today);
    for person in village
        .households
        .iter_mut()
        .flat_map(|household| &mut household.persons)
    {
        bring_forward(person, years, today);
    }
    Ok(village)
}

/// The first village of a file.
///
/// # Errors
/// When the file or its list cannot be read.
pub fn own(file: &Path, today: Date) -> Result<VillageRoster, Trouble> {
    let bytes = fs::read(file).map_err(Trouble::file(file))?;
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    Ok(first(roster::read(&bytes, &name, today)?))
}

fn first(roster: Roster) -> VillageRoster {
    roster.villages.into_iter().next().unwrap_or_default()
}

fn whole_years(from: Date, to: Date) -> i32 {
    let years = to.year() - from.year();
    if from.add_months(12 * years) > to {
        years - 1
    } else {
        years
    }
}

/// Makes a person as many years younger as have gone by: date of birth, and the same inside the ID number.
fn bring_forward(person: &mut PersonRow, years: i32, today: Date) {
    let Some(birth) = person.birth.as_deref().and_then(|birth| birth.parse::<Date>().ok()) else {
        return;
    };
    let birth = birth.add_months(12 * years);
    person.birth = Some(birth.to_string());
    if person.id_check == IdCheck::Valid {
        let number = person.id_no.as_deref().and_then(|number| moved(number, birth, today));
        person.id_no = number.or(person.id_no.take());
    }
}

/// The number of somebody born on that day; the core's own rule finds the check character.
fn moved(number: &str, birth: Date, today: Date) -> Option<String> {
    let (region, order) = (number.get(..BIRTH_AT)?, number.get(DAY_AT..CHECK_AT)?);
    let (year, month, day) = birth.ymd();
    let body = format!("{region}{year:04}{month:02}{day:02}{order}");
    let candidates = "0123456789X".chars().map(|check| format!("{body}{check}"));
    candidates
        .into_iter()
        .find(|number| IdNumber::parse(number, today).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_as_young_as_when_it_was_written() {
        let today: Date = "2026-03-02".parse().unwrap();
        let village = sample(today).unwrap();
        assert_eq!(village.households.len(), 412);
        let then = first(roster::read(SAMPLE, SAMPLE_NAME, SAMPLE_DAY).unwrap());
        let people = |village: &VillageRoster| -> Vec<PersonRow> {
            village.households.iter().flat_map(|one| one.persons.clone()).collect()
        };
        let age = |person: &PersonRow, day: Date| person.birth.as_deref().unwrap().parse::<Date>().unwrap().age_on(day);
        let mut valid = 0;
        for (before, now) in people(&then).iter().zip(people(&village)) {
            let grown = age(&now, today).unwrap_or(0) - age(before, SAMPLE_DAY).unwrap_or(0);
            assert!(grown <= 1, "{before:?} {now:?}");
            if before.id_check == IdCheck::Valid {
                valid += 1;
                let number = IdNumber::parse(now.id_no.as_deref().unwrap(), today).unwrap();
                assert_eq!(
                    number.as_str().get(..BIRTH_AT),
                    before.id_no.as_deref().unwrap().get(..BIRTH_AT)
                );
            }
        }
        assert!(valid > 1000, "{valid}");
    }

    #[test]
    fn years_are_whole() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(whole_years(SAMPLE_DAY, day("2026-03-02")), 6);
        assert_eq!(whole_years(SAMPLE_DAY, day("2026-08-14")), 7);
        assert_eq!(whole_years(SAMPLE_DAY, SAMPLE_DAY), 0);
    }
}
