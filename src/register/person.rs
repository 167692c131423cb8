//! One member of a family.

use std::collections::{BTreeMap, BTreeSet};

use super::id_number::{IdNumber, Sex};
use super::values::Values;
use crate::base::date::{Date, Month};
use crate::base::id::RecordId;

/// 户主
pub const HEAD: &str = "户主";
/// 配偶
pub const SPOUSE: &str = "配偶";

/// One member of a family. Choices are held as their stored terms; what was never answered is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Person {
    pub id: RecordId,
    pub name: String,
    pub order: Option<i64>,
    pub relation: String,
    pub id_kind: String,
    pub id_no: String,
    pub sex: Option<Sex>,
    pub birth: Option<Date>,
    pub phone: String,
    pub tags: BTreeSet<String>,
    pub school_stage: String,
    pub dropout: String,
    pub education: String,
    pub health: BTreeSet<String>,
    pub disability_kind: String,
    pub disability_level: String,
    pub disability_card: String,
    pub labour: String,
    pub insured: BTreeMap<i32, String>,
    pub pension: String,
    pub jobs: Vec<Job>,
    /// Withdrawn: typed twice, or by mistake. Not counted, still readable.
    pub void: bool,
}

/// One employment away from or at home.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Job {
    pub id: String,
    pub place: String,
    pub employer: String,
    pub channel: String,
    pub from: Option<Month>,
    pub to: Option<Month>,
    pub months: Option<i64>,
    /// A month.
    pub wage_fen: Option<i64>,
}

impl Person {
    /// Nobody yet: a person of whom nothing but the record is known.
    pub fn new(id: RecordId) -> Self {
        Self::read(id, &BTreeMap::new())
    }

    /// From a record.
    pub fn read(id: RecordId, values: &impl Values) -> Self {
        let insured = values.under("insured").into_iter();
        Self {
            id,
            name: values.text("name"),
            order: values.int("order"),
            relation: values.text("relation"),
            id_kind: values.text("id_kind"),
            id_no: values.text("id_no"),
            sex: Sex::from_word(&values.text("sex")),
            birth: values.date("birth"),
            phone: values.text("phone"),
            tags: values.set("tag"),
            school_stage: values.text("school_stage"),
            dropout: values.text("dropout"),
            education: values.text("education"),
            health: values.set("health"),
            disability_kind: values.text("disability_kind"),
            disability_level: values.text("disability_level"),
            disability_card: values.text("disability_card"),
            labour: values.text("labour"),
            insured: insured
                .filter_map(|(year, value)| Some((year.parse().ok()?, value.to_text())))
                .collect(),
            pension: values.text("pension"),
            jobs: jobs(values),
            void: values.is_void(),
        }
    }

    /// The identity number, where it is a valid one on that day.
    pub fn id_number(&self, today: Date) -> Option<IdNumber> {
        IdNumber::parse(&self.id_no, today).ok()
    }

    /// The date of birth: as written, else as the identity number tells.
    pub fn born(&self, today: Date) -> Option<Date> {
        self.birth.or_else(|| self.id_number(today).map(|id| id.birth))
    }

    /// The sex: as written, else as the identity number tells.
    pub fn sex_known(&self, today: Date) -> Option<Sex> {
        self.sex.or_else(|| self.id_number(today).map(|id| id.sex))
    }

    /// Completed years on a day; nothing where the date of birth is unknown or lies after it.
    pub fn age_on(&self, day: Date) -> Option<u32> {
        self.born(day)?.age_on(day)
    }

    /// Whether the person is the head of the household.
    pub fn is_head(&self) -> bool {
        self.relation == HEAD
    }

    /// At school or nursery school; below school age is not.
    pub fn is_at_school(&self) -> bool {
        !self.school_stage.is_empty() && self.school_stage != "学龄前儿童"
    }

    /// Whether the person had medical insurance in a year; nothing where nobody answered.
    pub fn insured_in(&self, year: i32) -> Option<bool> {
        match self.insured.get(&year).map(String::as_str) {
            Some("居民" | "职工") => Some(true),
            Some("未") => Some(false),
            _ => None,
        }
    }
}

fn jobs(values: &impl Values) -> Vec<Job> {
    let mut rows: BTreeMap<&str, BTreeMap<String, _>> = BTreeMap::new();
    for (key, value) in values.under("job") {
        if let Some((row, column)) = key.split_once('/') {
            rows.entry(row).or_default().insert(column.to_owned(), value.clone());
        }
    }
    let standing = rows.into_iter().filter(|(_, row)| row.text("void") != "是");
    standing
        .map(|(id, row)| Job {
            id: id.to_owned(),
            place: row.text("place"),
            employer: row.text("employer"),
            channel: row.text("channel"),
            from: row.month("from"),
            to: row.month("to"),
            months: row.int("months"),
            wage_fen: row.int("wage_fen"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::scalar::Scalar;

    #[test]
    fn a_person_is_read_from_a_flat_record() {
        let record: BTreeMap<String, Scalar> = [
            ("name", "王芳".into()),
            ("relation", HEAD.into()),
            ("id_no", "422899196107259980".into()),
            ("health/残疾", 1.into()),
            ("health/健康", 0.into()),
            ("health/长期慢性病", Scalar::CLEARED),
            ("healthy", 1.into()),
            ("insured/2018", "未".into()),
            ("insured/2019", "居民".into()),
            ("job/A/place", "东莞".into()),
            ("job/A/from", "2019-02".into()),
            ("job/A/months", 6.into()),
            ("job/A/wage_fen", 350_000.into()),
            ("job/B/place", "武汉".into()),
            ("job/B/void", "是".into()),
        ]
        .map(|(key, value): (&str, Scalar)| (key.to_owned(), value))
        .into();
        let person = Person::read(RecordId([1; 16]), &record);
        let today = Date::new(2019, 8, 15).unwrap();
        assert!(person.is_head());
        assert_eq!(person.health.iter().map(String::as_str).collect::<Vec<_>>(), ["残疾"]);
        assert_eq!(
            (
                person.insured_in(2018),
                person.insured_in(2019),
                person.insured_in(2020)
            ),
            (Some(false), Some(true), None)
        );
        assert_eq!(
            (person.age_on(today), person.sex_known(today)),
            (Some(58), Some(Sex::Female))
        );
        assert_eq!(person.jobs.len(), 1);
        assert_eq!(
            (person.jobs[0].from, person.jobs[0].months),
            (Month::new(2019, 2), Some(6))
        );
        assert!(!person.void);
    }
}
