//! What changes in the register besides visits: pairings, numbers, jobs, insurance, births and deaths, and values about
//! which two people disagree.

use super::Team;
use super::door::Seen;
use super::family::{Family, Need};
use super::route::Route;
use super::words::{PLACES, SCHOOLS};
use crate::team::SIZE;
use crate::trouble::Trouble;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::{HouseholdRow, RecordView};

/// The record of the household itself.
const OWN: &str = "own";
/// Given names of children born in these weeks.
const GIVEN: &[(&str, &str)] = &[("子涵", "女"), ("浩然", "男"), ("雨桐", "女"), ("俊熙", "男")];
/// Doors at which something happens besides visits: so far into the list, in hundredths.
const BIRTH_AT: usize = 18;
const MARRIAGE_AT: usize = 37;
const DEATH_AT: usize = 61;
const SETTLED_AT: usize = 46;
const OPEN_PHONE_AT: usize = 72;
const OPEN_WATER_AT: usize = 84;
/// From this age on somebody may have died in these weeks.
const VERY_OLD: i32 = 78;

/// Something that happens once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// A child is born.
    Birth,
    /// A daughter marries and leaves.
    Marriage,
    /// Two write different numbers, and the leader settles it.
    Settled,
    /// Somebody dies.
    Death,
}

/// When, in hundredths of the visits.
pub const HAPPENS: [(usize, Once); 4] = [
    (20, Once::Birth),
    (40, Once::Marriage),
    (60, Once::Settled),
    (80, Once::Death),
];

fn change(key: impl Into<String>, value: impl Into<String>) -> FieldChange {
    FieldChange {
        key: key.into(),
        value: value.into(),
    }
}

impl Team<'_> {
    /// The leader pairs the households that must have a helper with whoever looks after their group; a few are left.
    pub(super) async fn pair(&self, rows: &[HouseholdRow], route: &mut Route) -> Result<(), Trouble> {
        let today = self.today().to_string();
        let unpaired = self.rows(0, "unpaired").await?;
        for (place, row) in unpaired.iter().enumerate() {
            let who = route.keeper(&row.group);
            // Nobody is named yet for one in fourteen.
            if place % 14 == 13 || !rows.iter().any(|known| known.id == row.id) {
                continue;
            }
            let pairing = Request::SavePairing {
                household: row.id.clone(),
                group: String::new(),
                pairing: String::new(),
                base: String::new(),
                member: self.members[who].to_string(),
                from: today.clone(),
                to: String::new(),
            };
            self.cadre(0).ask(pairing).await?;
            if let Some(door) = route.door_of(&row.id) {
                door.paired = Some(who);
            }
        }
        self.exchange_all().await
    }

    /// Something that was heard at the door and belongs into the register.
    pub(super) async fn mend(&self, who: usize, id: &str, seen: &mut Seen) -> Result<(), Trouble> {
        let family = self.page(who, id).await?;
        let random = &self.random;
        let year = self.today().year();
        let person = |people: Vec<&bianfang::client::view::PersonView>| {
            random.pick(&people).map(|person| format!("persons/{}", person.id))
        };
        let (record, changes) = match random.below(8) {
            0 => (OWN.to_owned(), vec![change("phone", self.number())]),
            1 => match person(family.workers().collect()) {
                Some(record) => (record, Vec::new()),
                None => match person(family.adults().collect()) {
                    Some(record) => (record, Vec::new()),
                    None => return Ok(()),
                },
            },
            2 => match person(family.page.persons.iter().collect()) {
                Some(record) => (record, vec![change(format!("insured/{year}"), "居民")]),
                None => return Ok(()),
            },
            3 => match person(family.elders().filter(|one| one.health.zh == "健康").collect()) {
                Some(record) => (
                    record,
                    vec![change("health", "长期慢性病"), change("disease", "高血压")],
                ),
                None => return Ok(()),
            },
            4 => match person(family.children().collect()) {
                Some(record) => (
                    record,
                    vec![change("school", random.pick(SCHOOLS).copied().unwrap_or_default())],
                ),
                None => return Ok(()),
            },
            5 if family.has(Need::Poor) => (OWN.to_owned(), vec![change("tier", "巩固提升户")]),
            _ => (OWN.to_owned(), self.living()),
        };
        let changes = if changes.is_empty() {
            self.job(&self.record(who, id, &record).await?)
        } else {
            changes
        };
        self.save(who, id, &record, changes, seen).await
    }

    /// What one sees of a house from outside.
    fn living(&self) -> Vec<FieldChange> {
        let random = &self.random;
        let yes = |chance| if random.chance(chance) { "是" } else { "否" };
        vec![
            change("road", if random.chance(70) { "水泥路" } else { "砂石路" }),
            change("broadband", yes(75)),
            change("toilet", yes(80)),
            change("land_farm", format!("{}.{}", 1 + random.below(6), random.below(10))),
        ]
    }

    /// A number of the unassigned prefix.
    fn number(&self) -> String {
        format!("1540001{:04}", self.random.below(10_000))
    }

    /// Work away: a place that is known gets months and wage, else a new one is written.
    fn job(&self, person: &RecordView) -> Vec<FieldChange> {
        let random = &self.random;
        let fields = person.sections.iter().flat_map(|section| &section.fields);
        let places = fields.filter(|field| field.key.starts_with("job/") && field.key.ends_with("/place"));
        let Some(place) = places.into_iter().next() else {
            return Vec::new();
        };
        let row = place.key.trim_end_matches("place");
        let mut changes = vec![
            change(format!("{row}months"), (5 + random.below(7)).to_string()),
            change(format!("{row}wage_fen"), (3_200 + 100 * random.below(22)).to_string()),
        ];
        if place.value.is_empty() {
            let town = random.pick(PLACES).copied().unwrap_or_default();
            changes.push(change(format!("{row}place"), town));
            changes.push(change(format!("{row}from"), self.today().month().plus(-1).to_string()));
        }
        changes
    }

    async fn record(&self, who: usize, id: &str, record: &str) -> Result<RecordView, Trouble> {
        let request = Request::Record {
            document: id.to_owned(),
            record: record.to_owned(),
        };
        match self.cadre(who).ask(request).await? {
            Reply::Record { view } => Ok(view),
            _ => Err(Trouble::Refused {
                what: "record".to_owned(),
                code: "reply_unexpected".to_owned(),
            }),
        }
    }

    async fn save(
        &self,
        who: usize,
        id: &str,
        record: &str,
        changes: Vec<FieldChange>,
        seen: &mut Seen,
    ) -> Result<(), Trouble> {
        let base = self.record(who, id, record).await?.base;
        let save = Request::SaveRecord {
            document: id.to_owned(),
            record: record.to_owned(),
            base,
            changes,
        };
        self.cadre(who).ask(save).await?;
        seen.edits += 1;
        Ok(())
    }

    pub(super) async fn exchange_all(&self) -> Result<(), Trouble> {
        // Twice: what the last one brought, the first have not yet.
        for cadre in self.cadres.iter().chain(self.cadres) {
            cadre.sync().await?;
        }
        Ok(())
    }

    /// Lets something happen in the village.
    pub(super) async fn happens(&self, once: Once, route: &Route, seen: &mut Seen) -> Result<(), Trouble> {
        match once {
            Once::Birth => self.birth(route, seen).await,
            Once::Marriage => {
                let leaves = |family: &Family| {
                    let daughters = family.page.persons.iter().filter(|one| one.relation.zh == "之女");
                    let grown = daughters.into_iter().find(|one| (22..=30).contains(&one.age));
                    grown.map(|one| one.id.clone())
                };
                self.leaves(route, MARRIAGE_AT, "婚出", "嫁到邻镇", leaves, seen).await
            }
            Once::Death => {
                let leaves = |family: &Family| {
                    let mut old = family
                        .elders()
                        .filter(|one| one.age >= VERY_OLD && one.relation.zh != "户主");
                    old.next().map(|one| one.id.clone())
                };
                self.leaves(route, DEATH_AT, "死亡", "因病去世", leaves, seen).await
            }
            Once::Settled => self.settled(route, seen).await,
        }
    }

    /// Somebody of the first fitting family from a place of the list on.
    async fn leaves(
        &self,
        route: &Route,
        from: usize,
        kind: &str,
        note: &str,
        who: impl Fn(&Family) -> Option<String>,
        seen: &mut Seen,
    ) -> Result<(), Trouble> {
        let secretary = SIZE - 1;
        for door in self.doors_from(route, from) {
            let family = self.page(secretary, &door).await?;
            if let Some(person) = who(&family) {
                return self.event(&family, person, (kind, note), Vec::new(), seen).await;
            }
        }
        Ok(())
    }

    async fn birth(&self, route: &Route, seen: &mut Seen) -> Result<(), Trouble> {
        for door in self.doors_from(route, BIRTH_AT) {
            let family = self.page(SIZE - 1, &door).await?;
            let young = family
                .page
                .persons
                .iter()
                .any(|one| one.relation.zh == "之儿媳" && one.age < 35);
            let surname = family.page.row.head.chars().next();
            if let (true, Some(surname)) = (young, surname) {
                let (given, sex) = self.random.pick(GIVEN).copied().unwrap_or(GIVEN[0]);
                let relation = if sex == "男" { "之孙子" } else { "之孙女" };
                let changes = vec![
                    change("name", format!("{surname}{given}")),
                    change("sex", sex),
                    change("relation", relation),
                    change("id_kind", "无证"),
                ];
                return self
                    .event(&family, String::new(), ("出生", "县妇幼保健院出生"), changes, seen)
                    .await;
            }
        }
        Ok(())
    }

    /// The village secretary hears of such things first.
    async fn event(
        &self,
        family: &Family,
        subject: String,
        (kind, note): (&str, &str),
        changes: Vec<FieldChange>,
        seen: &mut Seen,
    ) -> Result<(), Trouble> {
        let event = Request::SaveStatusEvent {
            document: family.page.id.clone(),
            base: family.page.base.clone(),
            subject,
            kind: kind.to_owned(),
            on: self.today().add_days(-3).to_string(),
            note: note.to_owned(),
            changes,
        };
        self.cadre(SIZE - 1).ask(event).await?;
        seen.edits += 1;
        Ok(())
    }

    fn doors_from<'a>(&self, route: &'a Route, hundredths: usize) -> impl Iterator<Item = String> + use<'a> {
        let from = route.doors.len() * hundredths / 100;
        route.doors.iter().skip(from).map(|door| door.id.clone())
    }

    /// Two people write different values on what both saw, and then exchange: both values stay.
    async fn differ(&self, id: &str, key: &str, values: [(usize, String); 2], seen: &mut Seen) -> Result<(), Trouble> {
        self.exchange_all().await?;
        for (who, value) in values {
            self.save(who, id, OWN, vec![change(key, value)], seen).await?;
        }
        self.exchange_all().await
    }

    async fn settled(&self, route: &Route, seen: &mut Seen) -> Result<(), Trouble> {
        let Some(id) = self.doors_from(route, SETTLED_AT).next() else {
            return Ok(());
        };
        let right = self.number();
        let values = [(1, self.number()), (2, right.clone())];
        self.differ(&id, "phone", values, seen).await?;
        self.save(0, &id, OWN, vec![change("phone", right)], seen).await
    }

    /// Two differences that wait for somebody: a number, and the water.
    pub(super) async fn leave_open(&self, route: &Route, seen: &mut Seen) -> Result<(), Trouble> {
        if let Some(id) = self.doors_from(route, OPEN_PHONE_AT).next() {
            let values = [(0, self.number()), (2, self.number())];
            self.differ(&id, "phone", values, seen).await?;
        }
        if let Some(id) = self.doors_from(route, OPEN_WATER_AT).next() {
            let values = [(1, "不达标".to_owned()), (2, "基本达标".to_owned())];
            self.differ(&id, "water", values, seen).await?;
        }
        Ok(())
    }
}
