//! What a row of a roster should be as stored keys and values. Values that do not fit their field stay as text.

use crate::roster::{HouseholdRow, IdCheck, PersonRow};
use bianfang::base::date::Date;
use bianfang::base::id::MemberId;
use bianfang::base::limits::SCALAR_BYTES_MAX;
use bianfang::doc::Scalar;
use bianfang::register::enums::{self, ATTRIBUTE, DISABILITY_KIND, DISABILITY_LEVEL, MONITOR};
use bianfang::register::field::{Field, RecordKind, named};
use std::collections::BTreeMap;

/// Stored key and value.
pub(super) type Values = Vec<(String, Scalar)>;

/// A family as it should be stored.
#[derive(Debug)]
pub(super) struct Wanted {
    pub own: Values,
    pub persons: Vec<WantedPerson>,
    pub pairings: Vec<WantedPairing>,
}

/// A person of it.
#[derive(Debug)]
pub(super) struct WantedPerson {
    pub fields: Values,
    /// Work away from home: the parts of one row, by the last part of the key.
    pub job: Vec<(&'static str, Scalar)>,
}

/// A paired helper.
#[derive(Debug)]
pub(super) struct WantedPairing {
    pub name: String,
    pub fields: Values,
}

impl Wanted {
    /// Of a row; helpers are known by name.
    pub fn of(row: &HouseholdRow, helpers: &BTreeMap<String, MemberId>, today: Date) -> Self {
        let pairings = row.pairing.iter().map(|pairing| {
            let mut list = List::new(RecordKind::Pairing, today);
            list.put("name", Some(&pairing.name));
            list.put("unit", pairing.unit.as_ref());
            list.put("role", Some("结对责任人"));
            list.values.push(("from".to_owned(), today.to_string().into()));
            if let Some(member) = helpers.get(&pairing.name) {
                list.values.push(("member".to_owned(), member.to_string().into()));
            }
            WantedPairing {
                name: pairing.name.clone(),
                fields: list.values,
            }
        });
        Self {
            own: household(row, today),
            persons: (1_i64..)
                .zip(&row.persons)
                .map(|(order, one)| person(order, one, today))
                .collect(),
            pairings: pairings.collect(),
        }
    }
}

/// Values of one record under way.
struct List {
    kind: RecordKind,
    today: Date,
    values: Values,
}

impl List {
    fn new(kind: RecordKind, today: Date) -> Self {
        Self {
            kind,
            today,
            values: Vec::new(),
        }
    }

    fn read(&self, field: &Field, written: &str) -> Scalar {
        match field.read(written, self.today).value {
            Scalar::Text(text) if text.len() > SCALAR_BYTES_MAX => shortened(&text, SCALAR_BYTES_MAX).into(),
            value => value,
        }
    }

    /// One value, where the roster has one.
    fn put(&mut self, pattern: &str, written: Option<impl AsRef<str>>) {
        let Some(written) = written else { return };
        let field = named(self.kind, pattern);
        let value = self.read(field, written.as_ref());
        let key = field.key("");
        if !value.is_empty() && !self.values.iter().any(|(known, _)| *known == key) {
            self.values.push((key, value));
        }
    }

    /// Further fields of the register.
    fn put_further(&mut self, further: &[(&'static str, String)]) {
        for (key, written) in further {
            if key.ends_with("/{value}") {
                self.put_in(key, written);
            } else if job_part(key).is_none() {
                self.put(key, Some(written));
            }
        }
    }

    /// Columns without a field of their own, by their titles.
    fn put_extra(&mut self, extra: &[(String, String)]) {
        let field = named(self.kind, "extra/{column}");
        for (title, written) in extra {
            let title: String = title.chars().take(COLUMN_CHARS_MAX).map(fit_for_a_key).collect();
            let key = field.key(&title);
            let value = self.read(field, written);
            match self.values.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = format!("{}；{}", known.to_text(), value.to_text()).into(),
                None => self.values.push((key, value)),
            }
        }
    }

    /// A member of a set: a key of its own.
    fn put_in(&mut self, pattern: &str, written: &str) {
        let field = named(self.kind, pattern);
        let member: String = self.read(field, written).to_text().chars().map(fit_for_a_key).collect();
        let member = shortened(&member, MEMBER_BYTES_MAX);
        let key = field.key(&member);
        if !member.is_empty() && !self.values.iter().any(|(known, _)| *known == key) {
            self.values.push((key, 1.into()));
        }
    }
}

/// Longest member of a set: it is part of a key.
const MEMBER_BYTES_MAX: usize = 200;

/// The beginning of a text that is too long to be stored. The whole of it stays in the office's file.
fn shortened(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let end = (0..=bytes_max - '…'.len_utf8())
        .rev()
        .find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..end.unwrap_or_default()])
}

/// Longest title of a column that becomes part of a key.
const COLUMN_CHARS_MAX: usize = 40;

/// Slashes part the keys.
fn fit_for_a_key(c: char) -> char {
    match c {
        '/' => '／',
        '{' => '｛',
        '}' => '｝',
        other => other,
    }
}

fn household(row: &HouseholdRow, today: Date) -> Values {
    let mut list = List::new(RecordKind::Household, today);
    list.put("number", row.number.as_ref());
    list.put("group", row.group.as_ref());
    list.values.push(("order".to_owned(), i64::from(row.order).into()));
    list.put("address", row.address.as_ref());
    let mut phones = row.phones.iter();
    list.put("phone", phones.next());
    phones.for_each(|phone| list.put_in("more_phone/{value}", phone));
    for class in &row.classes {
        if enums::canonical(ATTRIBUTE, class).is_some() {
            list.put("attribute", Some(class));
        } else if enums::canonical(MONITOR, class).is_some() {
            list.put("monitor", Some(class));
        } else {
            list.put_in("class/{value}", class);
        }
    }
    list.put("dibao_class", row.dibao_class.as_ref());
    list.put("tier", row.tier.as_ref());
    list.put("main_cause", row.main_cause.as_ref());
    row.other_causes
        .iter()
        .for_each(|cause| list.put_in("cause/{value}", cause));
    list.put("housing_grade", row.housing.as_ref());
    list.put("water", row.water.as_ref());
    list.put_further(&row.further);
    for (pattern, year, written) in &row.yearly {
        let field = named(RecordKind::Household, pattern);
        let value = list.read(field, written);
        if !value.is_empty() {
            list.values.push((field.key(&year.to_string()), value));
        }
    }
    list.put_extra(&row.extra);
    // Further numbers of single people are numbers at which the family can be reached.
    for phone in row.persons.iter().flat_map(|person| person.phones.iter().skip(1)) {
        list.put_in("more_phone/{value}", phone);
    }
    list.values
}

fn person(order: i64, row: &PersonRow, today: Date) -> WantedPerson {
    let mut list = List::new(RecordKind::Person, today);
    list.put("name", row.name.as_ref());
    list.values.push(("order".to_owned(), order.into()));
    list.put("relation", row.relation.as_ref());
    let no_card = row.id_check == IdCheck::NoDocument;
    list.put(
        "id_kind",
        if no_card {
            Some("无证")
        } else {
            row.id_type.as_deref()
        },
    );
    if !no_card {
        list.put("id_no", row.id_no.as_ref());
    }
    list.put("sex", row.sex.as_ref());
    list.put("birth", row.birth.as_ref());
    list.put("ethnicity", row.ethnicity.as_ref());
    list.put("political", row.political.as_ref());
    list.put("phone", row.phones.first());
    list.put("school_stage", row.school_stage.as_ref());
    list.put("dropout", row.dropout_reason.as_ref());
    list.put("education", row.education.as_ref());
    row.health.iter().for_each(|word| list.put_in("health/{value}", word));
    list.put("disability_level", row.disability_level.as_ref());
    row.disability.iter().for_each(|word| disability(&mut list, word));
    list.put("disability_card", row.disability_card.as_ref());
    list.put("labour", row.labour.as_ref());
    for (year, word) in &row.insured {
        let year = year.map_or_else(|| today.to_string()[..4].to_owned(), |year| year.to_string());
        let word = match word.as_str() {
            "是" => "居民",
            "否" => "未",
            other => other,
        };
        let field = named(RecordKind::Person, "insured/{year}");
        let value = list.read(field, word);
        list.values.push((field.key(&year), value));
    }
    list.put_further(&row.further);
    list.put_extra(&row.extra);
    let job = [("place", &row.work_place), ("months", &row.work_months)].into_iter();
    let further = row
        .further
        .iter()
        .filter_map(|(key, written)| Some((job_part(key)?, written)));
    let job = job
        .filter_map(|(part, written)| Some((part, written.as_ref()?)))
        .chain(further);
    let job = job.filter_map(|(part, written)| {
        let field = named(RecordKind::Person, &format!("job/{{row}}/{part}"));
        let value = list.read(field, written);
        (!value.is_empty()).then_some((part, value))
    });
    let job = job.collect();
    WantedPerson {
        fields: list.values,
        job,
    }
}

/// The part of an employment that a further field is.
fn job_part(key: &'static str) -> Option<&'static str> {
    key.strip_prefix("job/{row}/")
}

/// "肢体三级" is a kind and a level.
fn disability(list: &mut List, word: &str) {
    let kind = DISABILITY_KIND.iter().find(|choice| word.contains(choice.value));
    let level = DISABILITY_LEVEL.iter().find(|choice| word.contains(choice.value));
    list.put("disability_level", level.map(|choice| choice.value));
    match kind {
        Some(choice) => list.put("disability_kind", Some(choice.value)),
        None if level.is_none() => list.put("disability_kind", Some(word)),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(csv: &str) -> Wanted {
        let today = "2019-08-15".parse().unwrap();
        let roster = crate::roster::read(csv.as_bytes(), "大村.csv", today).unwrap();
        let helpers = BTreeMap::from([("王芳".to_owned(), MemberId([7; 16]))]);
        Wanted::of(&roster.villages[0].households[0], &helpers, today)
    }

    fn get<'a>(values: &'a Values, key: &str) -> Option<&'a Scalar> {
        values.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    #[test]
    fn a_family_becomes_keys_and_values() {
        let family = wanted(
            "户编号,组,姓名,与户主关系,证件号码,健康状况,残疾类别等级,户类型,是否参加城乡居民基本医疗保险,务工所在地,务工时间（月）,联系电话,帮扶责任人\n\
             4305811002980001,4,方山永,户主,11010519491231002X,残疾,肢体三级,一般农户,是,湖北省武汉市,6,15400000001,王芳\n\
             ,,李强,配偶,无,健康,,一般农户,否,,,,\n",
        );
        assert_eq!(get(&family.own, "number"), Some(&"4305811002980001".into()));
        assert_eq!(get(&family.own, "group"), Some(&"4组".into()));
        assert_eq!(get(&family.own, "attribute"), Some(&"一般农户".into()));
        assert_eq!(get(&family.own, "phone"), Some(&"15400000001".into()));
        let [head, spouse] = family.persons.as_slice() else {
            panic!()
        };
        assert_eq!(get(&head.fields, "id_no"), Some(&"11010519491231002X".into()));
        assert_eq!(get(&head.fields, "health/残疾"), Some(&1.into()));
        assert_eq!(get(&head.fields, "disability_kind"), Some(&"肢体".into()));
        assert_eq!(get(&head.fields, "disability_level"), Some(&"三级".into()));
        assert_eq!(get(&head.fields, "insured/2019"), Some(&"居民".into()));
        assert_eq!(head.job, [("place", "湖北省武汉市".into()), ("months", 6.into())]);
        assert_eq!(get(&spouse.fields, "insured/2019"), Some(&"未".into()));
        assert_eq!(get(&spouse.fields, "id_kind"), Some(&"无证".into()));
        assert_eq!(get(&spouse.fields, "id_no"), None);
        let [pairing] = family.pairings.as_slice() else {
            panic!()
        };
        assert_eq!(
            get(&pairing.fields, "member"),
            Some(&MemberId([7; 16]).to_string().into())
        );
    }

    #[test]
    fn what_does_not_fit_stays_as_text() {
        let family = wanted("户编号,姓名,与户主关系,身份证号,住房等级\n1,王芳,户主,1234,危/房\n");
        assert_eq!(get(&family.persons[0].fields, "id_no"), Some(&"1234".into()));
        assert_eq!(get(&family.own, "housing_grade"), Some(&"危/房".into()));
    }
}
