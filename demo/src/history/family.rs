//! What a visitor sees of a family: taken from the household page, as a person would read it there.

use bianfang::client::view::{HouseholdView, PersonView};
use bianfang_sim::random::Random;

/// From this age on somebody counts as old.
const OLD: i32 = 65;
/// Ages at which somebody may work away from home.
const WORKING: std::ops::RangeInclusive<i32> = 18..=60;
/// Ages at which a child goes to school.
const AT_SCHOOL: std::ops::RangeInclusive<i32> = 6..=15;

/// For which families something may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Every one.
    Anyone,
    /// With a child at school.
    Child,
    /// With somebody who works away.
    Worker,
    /// With an old person.
    Elder,
    /// With somebody ill.
    Ill,
    /// With a disabled person.
    Disabled,
    /// Poor, or on minimum living allowance.
    Poor,
    /// Whose house is not of grade A.
    Cracked,
    /// Whose water is not simply in order.
    Dry,
}

/// The household page, with the questions that the story asks of it.
#[derive(Debug)]
pub struct Family {
    /// The page.
    pub page: HouseholdView,
}

impl Family {
    /// Whether something may be said of it.
    pub fn has(&self, need: Need) -> bool {
        match need {
            Need::Anyone => true,
            Need::Child => self.children().next().is_some(),
            Need::Worker => self.workers().next().is_some(),
            Need::Elder => self.elders().next().is_some(),
            Need::Ill => self.anybody(|person| person.health.zh.contains('病')),
            Need::Disabled => self.anybody(|person| person.health.zh.contains("残疾")),
            Need::Poor => {
                let class = self.field("attribute");
                ["贫困", "脱贫户", "低保", "特困"]
                    .iter()
                    .any(|word| class.contains(word))
            }
            Need::Cracked => ["B", "C", "D"].contains(&self.field("housing_grade").as_str()),
            Need::Dry => self.field("water") != "达标",
        }
    }

    /// A value of the household's own record.
    pub fn field(&self, key: &str) -> String {
        let fields = self.page.sections.iter().flat_map(|section| &section.fields);
        let found = fields.into_iter().find(|field| field.key == key);
        found.map(|field| field.value.clone()).unwrap_or_default()
    }

    /// Children of the age of compulsory education.
    pub fn children(&self) -> impl Iterator<Item = &PersonView> {
        self.of_age(AT_SCHOOL)
    }

    /// People of working age.
    pub fn adults(&self) -> impl Iterator<Item = &PersonView> {
        self.of_age(WORKING)
    }

    /// Those who work away.
    pub fn workers(&self) -> impl Iterator<Item = &PersonView> {
        self.adults().filter(|person| !person.work.zh.is_empty())
    }

    /// The old.
    pub fn elders(&self) -> impl Iterator<Item = &PersonView> {
        self.of_age(OLD..=i32::MAX)
    }

    /// Those who may be met at home: grown up, and not working away.
    pub fn at_home(&self) -> impl Iterator<Item = &PersonView> {
        let grown = *WORKING.start();
        self.page
            .persons
            .iter()
            .filter(move |person| person.age >= grown && person.work.zh.is_empty())
    }

    fn of_age(&self, ages: std::ops::RangeInclusive<i32>) -> impl Iterator<Item = &PersonView> {
        self.page
            .persons
            .iter()
            .filter(move |person| ages.contains(&person.age))
    }

    fn anybody(&self, is: impl Fn(&PersonView) -> bool) -> bool {
        self.page.persons.iter().any(is)
    }

    /// A sentence with the names of this family; nothing where somebody whom it names is not there.
    pub fn told(&self, sentence: &str, random: &Random) -> Option<String> {
        let mut told = sentence.to_owned();
        let one = |people: Vec<&PersonView>| random.pick(&people).map(|person| person.name.clone());
        for (slot, name) in [
            ("{head}", Some(self.page.row.head.clone())),
            ("{elder}", one(self.elders().collect())),
            ("{child}", one(self.children().collect())),
        ] {
            if told.contains(slot) {
                told = told.replace(slot, &name?);
            }
        }
        if told.contains("{worker}") || told.contains("{place}") {
            let workers: Vec<&PersonView> = self.workers().collect();
            let worker = random.pick(&workers)?;
            told = told
                .replace("{worker}", &worker.name)
                .replace("{place}", town(&worker.work.zh));
        }
        Some(told)
    }
}

/// The town where somebody works, as one says it: 东莞 of 浙江省杭州市 · 7个月 and the like.
fn town(work: &str) -> &str {
    let place = work.split([' ', '·', '，', '（']).next().unwrap_or(work);
    let town = place.rsplit_once(['省', '区']).map_or(place, |(_, town)| town);
    let short = town.strip_suffix('市').unwrap_or(town);
    if short.is_empty() { place } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_said_as_people_say_them() {
        assert_eq!(town("浙江省杭州市 · 7个月"), "杭州");
        assert_eq!(town("东莞"), "东莞");
        assert_eq!(town("广东省"), "广东省");
    }
}
