//! One family with everything that is counted of it.

use std::collections::BTreeSet;

use super::enums::{self, CLASS};
use super::member::Pairing;
use super::person::Person;
use super::status_event::{Standing, StatusEvent, Subject, standing, stands};
use super::values::Values;
use super::visit::Visit;
use super::words::Words;
use crate::base::date::Date;
use crate::base::id::{DocId, MemberId};

/// One family. Choices are held as their stored terms; what was never answered is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Household {
    pub id: DocId,
    pub number: String,
    pub group: String,
    pub order: Option<i64>,
    pub address: String,
    pub phone: String,
    pub more_phones: BTreeSet<String>,
    pub classes: BTreeSet<String>,
    pub attribute: String,
    pub monitor: String,
    pub tier: String,
    pub dibao_class: String,
    pub main_cause: String,
    pub causes: BTreeSet<String>,
    pub housing_grade: String,
    pub water: String,
    pub persons: Vec<Person>,
    pub events: Vec<StatusEvent>,
    pub visits: Vec<Visit>,
    pub pairings: Vec<Pairing>,
    /// Withdrawn: registered twice, or by mistake.
    pub void: bool,
}

/// Classes in the order in which one of them stands for the family; the sensitive ones never do.
const CLASS_RANK: [&str; 7] = ["特困", "低保", "监测", "建档立卡", "边缘户", "存疑户", "卡外重点"];

/// Types of household (户类型) that say that nothing is special about it.
const ORDINARY: [&str; 2] = ["一般农户", "普通农户"];

impl Household {
    /// From the record of the family itself; persons and the other records are added by the caller.
    pub fn read(id: DocId, values: &impl Values) -> Self {
        Self {
            id,
            number: values.text("number"),
            group: values.text("group"),
            order: values.int("order"),
            address: values.text("address"),
            phone: values.text("phone"),
            more_phones: values.set("more_phone"),
            classes: values.set("class"),
            attribute: values.text("attribute"),
            monitor: values.text("monitor"),
            tier: values.text("tier"),
            dibao_class: values.text("dibao_class"),
            main_cause: values.text("main_cause"),
            causes: values.set("cause"),
            housing_grade: values.text("housing_grade"),
            water: values.text("water"),
            persons: Vec::new(),
            events: Vec::new(),
            visits: Vec::new(),
            pairings: Vec::new(),
            void: values.is_void(),
        }
    }

    /// How the family as a whole stands on a day.
    pub fn standing(&self, day: Date) -> Standing<'_> {
        standing(&self.events, Subject::Household, day)
    }

    /// Whether the family counts on a day: not withdrawn, moved away or dissolved.
    pub fn is_active(&self, day: Date) -> bool {
        !self.void && self.standing(day).is_active()
    }

    /// How a person stands on a day, by the events of the person alone. Before the date of birth: not yet.
    pub fn standing_of(&self, person: &Person, day: Date) -> Standing<'_> {
        if person.birth.is_some_and(|birth| birth > day) {
            return Standing::NotYet;
        }
        standing(&self.events, Subject::Person(person.id), day)
    }

    /// The registered members on a day, in the order of the register: not withdrawn, born or moved in by then, neither
    /// dead nor moved out. Nobody of a family that does not count.
    pub fn members(&self, day: Date) -> Vec<&Person> {
        if !self.is_active(day) {
            return Vec::new();
        }
        let mut members: Vec<&Person> = self
            .persons
            .iter()
            .filter(|p| !p.void && self.standing_of(p, day).is_active())
            .collect();
        members.sort_by_key(|person| (!person.is_head(), person.order.unwrap_or(i64::MAX), person.id));
        members
    }

    /// The head: the active member with that relation. Where there are two, the first in the order of the register; where
    /// there is none, the first member; of a family that left, the head it had.
    pub fn head(&self, day: Date) -> Option<&Person> {
        let present = self.members(day);
        present.first().copied().or_else(|| {
            let standing = self.persons.iter().filter(|person| !person.void);
            standing.min_by_key(|person| (!person.is_head(), person.order.unwrap_or(i64::MAX), person.id))
        })
    }

    /// Whether the household has no official number yet (待编号).
    pub fn is_unnumbered(&self) -> bool {
        self.number.is_empty()
    }

    /// The one class that stands for the family in a list: 特困 before 低保 before 监测 before 建档立卡, else the type of
    /// household where it is not an ordinary one. Never a sensitive one (INV18).
    pub fn primary_class(&self) -> Option<Words> {
        let of_class = CLASS_RANK.iter().find(|class| self.classes.contains(**class));
        let found = of_class.and_then(|class| enums::choice(CLASS, class)).or_else(|| {
            enums::choice(enums::MONITOR, &self.monitor)
                .or_else(|| enums::choice(enums::ATTRIBUTE, &self.attribute).filter(|c| !ORDINARY.contains(&c.value)))
        });
        found.filter(|choice| !choice.sensitive).map(|choice| choice.label)
    }

    /// The classes that may be shown openly, and those that are to be folded away.
    pub fn classes_by_openness(&self) -> (Vec<&str>, Vec<&str>) {
        self.classes
            .iter()
            .map(String::as_str)
            .partition(|class| enums::choice(CLASS, class).is_none_or(|c| !c.sensitive))
    }

    /// Whether the household must have somebody paired with it (S056, INV02): registered or monitored, by class, type or
    /// event.
    pub fn needs_pairing(&self, day: Date) -> bool {
        let by_class = ["建档立卡", "监测", "边缘户"]
            .iter()
            .any(|class| self.classes.contains(*class));
        let by_type = self.attribute.ends_with("贫困户") || self.attribute.ends_with("脱贫户");
        let monitored = stands(&self.events, &["识别监测"], &["风险消除"], day) == Some(true);
        let registered = stands(&self.events, &["纳入", "返贫", "脱贫"], &[], day) == Some(true);
        self.is_active(day) && (by_class || by_type || !self.monitor.is_empty() || monitored || registered)
    }

    /// The pairings that hold on a day: its own, and those of its whole group.
    pub fn paired<'a>(&'a self, of_groups: &'a [Pairing], day: Date) -> Vec<&'a Pairing> {
        let of_group = of_groups
            .iter()
            .filter(|pairing| !pairing.group.is_empty() && pairing.group == self.group);
        self.pairings
            .iter()
            .chain(of_group)
            .filter(|pairing| pairing.is_active(day))
            .collect()
    }

    /// Whether a member is paired with the household on a day.
    pub fn is_paired_with(&self, member: MemberId, of_groups: &[Pairing], day: Date) -> bool {
        self.paired(of_groups, day)
            .iter()
            .any(|pairing| pairing.member == Some(member))
    }

    /// The last visit that counts, up to a day.
    pub fn last_visit(&self, day: Date) -> Option<&Visit> {
        self.visits
            .iter()
            .filter(|visit| visit.counts() && visit.on <= day)
            .max_by_key(|visit| (visit.on, visit.id))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::id::RecordId;
    use crate::register::person::{HEAD, SPOUSE};
    use std::collections::BTreeMap;

    pub(crate) fn day(text: &str) -> Date {
        text.parse().expect(text)
    }

    pub(crate) fn person(id: u8, name: &str, relation: &str, id_no: &str) -> Person {
        let (name, relation, id_no) = (name.to_owned(), relation.to_owned(), id_no.to_owned());
        Person {
            name,
            relation,
            id_no,
            ..Person::new(RecordId([id; 16]))
        }
    }

    pub(crate) fn household(id: u8, persons: Vec<Person>) -> Household {
        Household {
            persons,
            ..Household::read(DocId([id; 16]), &BTreeMap::new())
        }
    }

    pub(crate) fn event(id: u8, subject: Subject, kind: &str, on: &str) -> StatusEvent {
        let (kind, remark) = (kind.to_owned(), String::new());
        StatusEvent {
            id: RecordId([id; 16]),
            subject,
            kind,
            on: day(on),
            remark,
            void: false,
        }
    }

    /// The family HH-0037 of the first scenario.
    pub(crate) fn family() -> Household {
        let persons = vec![
            person(1, "田大山", HEAD, "422899195803129990"),
            person(2, "周小怡", SPOUSE, "422899196107259980"),
            person(3, "田勇", "之子", "422899198509069978"),
            person(4, "田甜", "之孙女", "422899201204189965"),
            person(5, "田野", "之孙子", "422899201601309959"),
        ];
        household(37, persons)
    }

    #[test]
    fn the_grandson_who_moved_out_is_no_member() {
        let mut family = family();
        family
            .events
            .push(event(1, Subject::Person(RecordId([5; 16])), "迁出", "2019-08-01"));
        assert_eq!(family.members(day("2019-07-31")).len(), 5);
        assert_eq!(family.members(day("2019-08-15")).len(), 4);
        family.persons[3].void = true;
        assert_eq!(family.members(day("2019-08-15")).len(), 3);
        family.persons[2].birth = Some(day("2019-08-16"));
        assert_eq!(family.members(day("2019-08-15")).len(), 2);
    }

    #[test]
    fn a_family_that_left_has_no_members_but_still_a_head() {
        let mut family = family();
        family
            .events
            .push(event(1, Subject::Household, "整户销户", "2019-08-01"));
        assert!(family.is_active(day("2019-07-31")) && !family.is_active(day("2019-08-01")));
        assert!(family.members(day("2019-08-15")).is_empty());
        assert_eq!(
            family.head(day("2019-08-15")).map(|head| head.name.as_str()),
            Some("田大山")
        );
    }

    #[test]
    fn the_next_in_order_leads_when_the_head_has_died() {
        let mut family = family();
        family
            .events
            .push(event(1, Subject::Person(RecordId([1; 16])), "死亡", "2019-08-01"));
        assert_eq!(
            family.head(day("2019-08-15")).map(|head| head.name.as_str()),
            Some("周小怡")
        );
        assert_eq!(household(1, Vec::new()).head(day("2019-08-15")), None);
    }

    #[test]
    fn one_class_stands_for_the_family_and_never_a_sensitive_one() {
        let mut family = family();
        let primary = |family: &Household| family.primary_class().map(|words| words.zh);
        assert_eq!(primary(&family), None);
        family.attribute = "一般农户".to_owned();
        assert_eq!(primary(&family), None);
        family.attribute = "脱贫户".to_owned();
        assert_eq!(primary(&family), Some("脱贫户"));
        family.classes = ["攀比户", "慢病户"].map(str::to_owned).into();
        assert_eq!(primary(&family), Some("脱贫户"));
        family.classes.extend(["建档立卡".to_owned(), "低保".to_owned()]);
        assert_eq!(primary(&family), Some("低保"));
        assert_eq!(family.classes_by_openness().1, ["攀比户"]);
        assert_eq!(family.classes_by_openness().0.len(), 3);
    }

    #[test]
    fn who_is_registered_or_monitored_needs_a_helper() {
        let on = day("2019-08-15");
        let mut family = family();
        assert!(!family.needs_pairing(on));
        family.attribute = "脱贫户".to_owned();
        assert!(family.needs_pairing(on));
        family.attribute = "一般农户".to_owned();
        family
            .events
            .push(event(1, Subject::Household, "识别监测", "2019-01-01"));
        assert!(family.needs_pairing(on));
        family
            .events
            .push(event(2, Subject::Household, "风险消除", "2019-06-01"));
        assert!(!family.needs_pairing(on));
        family.classes.insert("建档立卡".to_owned());
        assert!(family.needs_pairing(on));
        family.void = true;
        assert!(!family.needs_pairing(on));
    }

    #[test]
    fn a_helper_is_paired_with_the_household_or_its_whole_group() {
        let on = day("2019-08-15");
        let who = MemberId([7; 16]);
        let mut family = family();
        family.group = "3组".to_owned();
        let mut of_group = Pairing::read(RecordId([1; 16]), &BTreeMap::new());
        of_group.member = Some(who);
        assert!(!family.is_paired_with(who, std::slice::from_ref(&of_group), on));
        of_group.group = "3组".to_owned();
        assert!(family.is_paired_with(who, std::slice::from_ref(&of_group), on));
        of_group.to = Some(day("2019-08-14"));
        assert!(!family.is_paired_with(who, std::slice::from_ref(&of_group), on));
        family.pairings.push(Pairing {
            group: String::new(),
            to: None,
            ..of_group
        });
        assert!(family.is_paired_with(who, &[], on));
    }
}
