//! When somebody goes out and when phones exchange: half days of weekdays, in the order of time.

use crate::team::SIZE;
use crate::village::HISTORY_DAYS;
use bianfang::base::date::{Date, Weekday};
use bianfang_sim::random::Random;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// China's clock before that of UTC.
const CHINA_MS: i64 = 8 * 60 * MINUTE_MS;
/// Minutes of the day at which mornings and afternoons begin.
const BEGIN: [i64; 2] = [8 * 60 + 25, 14 * 60 + 20];
/// When phones exchange after them: lunch at the village office, the evening at home.
const EXCHANGE: [i64; 2] = [12 * 60 + 20, 19 * 60];
/// Of a hundred half days of a person, those at the doors; the others go by in meetings and at the desk.
const OUTSIDE: u64 = 58;
/// Of a hundred exchanges, those that find a signal.
const SIGNAL: [u64; 2] = [60, 93];

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Goes to a door.
    Visit,
    /// Exchanges with the endpoint.
    Exchange,
}

/// At a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Which of the team.
    pub who: usize,
    /// What.
    pub doing: Doing,
}

/// Milliseconds since 1970 UTC of a minute of a day in China.
pub fn moment(day: Date, minute: i64) -> i64 {
    i64::from(day.epoch_days()) * DAY_MS - CHINA_MS + minute * MINUTE_MS
}

/// The weeks before a day, with exactly so many visits.
pub fn plan(visits: usize, today: Date, random: &Random) -> Vec<Step> {
    let days = (1..=HISTORY_DAYS).rev().map(|back| today.add_days(-back));
    let days = days.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    let mut halves = Vec::new();
    let mut steps = Vec::new();
    for day in days {
        for half in 0..2 {
            for who in 0..SIZE {
                if random.chance(OUTSIDE) {
                    halves.push((day, half, who));
                }
                if random.chance(SIGNAL[half]) {
                    let minute = EXCHANGE[half] + random.below(50) as i64;
                    steps.push(step(day, minute, who, Doing::Exchange));
                }
            }
        }
    }
    for (place, (day, half, who)) in halves.iter().enumerate() {
        // So many that the half days together have them all, spread evenly.
        let count = visits * (place + 1) / halves.len() - visits * place / halves.len();
        let mut minute = BEGIN[*half] + random.below(30) as i64;
        for _ in 0..count {
            minute += 22 + random.below(24) as i64;
            steps.push(step(*day, minute, *who, Doing::Visit));
        }
    }
    steps.sort_by_key(|step| (step.at_ms, step.who));
    steps
}

fn step(day: Date, minute: i64, who: usize, doing: Doing) -> Step {
    Step {
        at_ms: moment(day, minute),
        who,
        doing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_its_visits_on_weekdays_before_today() {
        let today: Date = "2026-03-02".parse().unwrap();
        for visits in [0, 7, 250] {
            let steps = plan(visits, today, &Random::new(5));
            let made = steps.iter().filter(|step| step.doing == Doing::Visit);
            assert_eq!(made.count(), visits);
            assert!(steps.is_sorted_by_key(|step| step.at_ms));
            for step in &steps {
                let day = Date::in_china(step.at_ms);
                assert!(day < today && day.days_until(today) <= HISTORY_DAYS);
                assert!(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
            }
            assert_eq!(steps, plan(visits, today, &Random::new(5)));
        }
    }
}
