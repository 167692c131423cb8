//! Who goes to which door next: promises first, then paired families, else the next door in walking order.

use crate::team::SIZE;
use bianfang::base::date::Date;
use bianfang::client::view::HouseholdRow;
use bianfang_sim::random::Random;

/// A door is not knocked at again by walking past within so many days.
const REST_DAYS: i64 = 16;
/// A paired family is not visited again within so many days, unless it was promised.
const PAIRED_REST_DAYS: i64 = 9;
/// Of a hundred promises that have come, those that are kept on the next way out.
const KEPT: u64 = 60;
/// Of a hundred ways, those to a paired family, for each of the team.
const PAIRED: [u64; SIZE] = [45, 25, 20];
/// Days in a row in one group.
const GROUP_DAYS: i32 = 2;

/// One door.
#[derive(Clone, Debug)]
pub struct Door {
    /// The household.
    pub id: String,
    /// Its group.
    pub group: String,
    /// Which of the team is paired with it.
    pub paired: Option<usize>,
    last: Option<Date>,
}

/// A promise to come again.
#[derive(Clone, Copy, Debug)]
struct Promise {
    on: Date,
    who: usize,
    door: usize,
}

/// All doors, in walking order.
#[derive(Clone, Debug)]
pub struct Route {
    /// The doors.
    pub doors: Vec<Door>,
    groups: Vec<String>,
    promises: Vec<Promise>,
}

impl Route {
    /// Over the households in the order of the list.
    pub fn new(rows: &[HouseholdRow]) -> Self {
        let mut groups: Vec<String> = Vec::new();
        for row in rows {
            if !groups.contains(&row.group) {
                groups.push(row.group.clone());
            }
        }
        let door = |row: &HouseholdRow| Door {
            id: row.id.clone(),
            group: row.group.clone(),
            paired: None,
            last: None,
        };
        Self {
            doors: rows.iter().map(door).collect(),
            groups,
            promises: Vec::new(),
        }
    }

    /// Which of the team looks after a group: neighbouring groups together.
    pub fn keeper(&self, group: &str) -> usize {
        let place = self.groups.iter().position(|known| known == group).unwrap_or(0);
        place * SIZE / self.groups.len().max(1)
    }

    /// The door of a household.
    pub fn door_of(&mut self, id: &str) -> Option<&mut Door> {
        self.doors.iter_mut().find(|door| door.id == id)
    }

    /// The next door of somebody on a day; nothing in an empty village.
    pub fn next(&mut self, who: usize, day: Date, random: &Random) -> Option<usize> {
        let due = self.promises.iter().position(|one| one.who == who && one.on <= day);
        let door = match due {
            Some(place) if random.chance(KEPT) => Some(self.promises.remove(place).door),
            _ if random.chance(PAIRED[who % SIZE]) => self.longest_unvisited(who, day),
            _ => None,
        };
        let door = door.or_else(|| self.walking(who, day))?;
        self.doors[door].last = Some(day);
        Some(door)
    }

    /// Notes that somebody will come again.
    pub fn promise(&mut self, who: usize, door: usize, on: Date) {
        self.promises.push(Promise { on, who, door });
        self.promises.sort_by_key(|one| (one.on, one.who, one.door));
    }

    fn rested(&self, door: usize, day: Date, days: i64) -> bool {
        self.doors[door].last.is_none_or(|last| last.days_until(day) > days)
    }

    fn longest_unvisited(&self, who: usize, day: Date) -> Option<usize> {
        let paired = (0..self.doors.len()).filter(|door| self.doors[*door].paired == Some(who));
        let rested = paired.filter(|door| self.rested(*door, day, PAIRED_REST_DAYS));
        rested.min_by_key(|door| (self.doors[*door].last, *door))
    }

    /// The first rested door of today's group, else of any group of this person, else of the village.
    fn walking(&self, who: usize, day: Date) -> Option<usize> {
        let mine: Vec<&String> = self.groups.iter().filter(|group| self.keeper(group) == who).collect();
        let turn = usize::try_from(day.epoch_days() / GROUP_DAYS).unwrap_or(0);
        let today = mine.get(turn % mine.len().max(1)).copied();
        let all = 0..self.doors.len();
        let fresh = |door: &usize| self.rested(*door, day, REST_DAYS);
        let in_group = |door: &usize| Some(&self.doors[*door].group) == today;
        let in_mine = |door: &usize| mine.contains(&&self.doors[*door].group);
        all.clone()
            .filter(in_group)
            .find(fresh)
            .or_else(|| all.clone().filter(in_mine).find(fresh))
            .or_else(|| all.min_by_key(|door| (self.doors[*door].last, *door)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize) -> Vec<HouseholdRow> {
        let row = |place: usize| HouseholdRow {
            id: place.to_string(),
            head: String::new(),
            group: format!("{}组", place / 10 + 1),
            number: String::new(),
            unnumbered: false,
            people: 3,
            visited_on: String::new(),
            visited_days: -1,
            badges: Vec::new(),
            matched: String::new(),
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn doors_are_walked_in_order_and_rest() {
        let mut route = Route::new(&rows(60));
        let (day, random) = ("2026-03-02".parse().unwrap(), Random::new(3));
        let walked: Vec<usize> = (0..10).filter_map(|_| route.next(1, day, &random)).collect();
        assert!(
            walked.is_sorted() && walked.windows(2).all(|two| two[0] + 1 == two[1]),
            "{walked:?}"
        );
        assert!(walked.iter().all(|door| route.keeper(&route.doors[*door].group) == 1));
        assert_eq!(Route::new(&[]).next(0, day, &random), None);
    }

    #[test]
    fn a_promise_is_kept_when_its_day_has_come() {
        let mut route = Route::new(&rows(30));
        let (day, random): (Date, _) = ("2026-03-02".parse().unwrap(), Random::new(3));
        route.promise(0, 29, day.add_days(3));
        let early: Vec<usize> = (0..8).filter_map(|_| route.next(0, day, &random)).collect();
        assert!(!early.contains(&29));
        let later: Vec<usize> = (0..8).filter_map(|_| route.next(0, day.add_days(4), &random)).collect();
        assert!(later.contains(&29), "{later:?}");
    }
}
