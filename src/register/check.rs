//! The rules by which the register is checked for likely mistakes. They point things out and never keep anybody from
//! saving; only a value whose form is wrong is an error of its field.

mod across;

pub use across::across;

use super::field::{Fault, RecordKind, Severity, named};
use super::household::Household;
use super::id_number::Sex;
use super::person::{HEAD, Job, Person, SPOUSE};
use super::words::Sentence;
use crate::base::date::Date;
use crate::base::id::{DocId, RecordId};
use crate::base::scalar::Scalar;

/// Something that looks like a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The rule: DQ01 and so on.
    pub rule: &'static str,
    /// E, W or S.
    pub severity: Severity,
    /// The household.
    pub household: DocId,
    /// The person; nobody where it is about the family.
    pub person: Option<RecordId>,
    /// The stored key of the field to look at.
    pub field: String,
    /// What is odd about it.
    pub words: Sentence,
}

/// Relations that say the sex.
const MALE: [&str; 12] = [
    "之子",
    "之女婿",
    "之孙子",
    "之外孙子",
    "之父",
    "之岳父",
    "之公公",
    "之祖父",
    "之外祖父",
    "之曾孙子",
    "之侄儿",
    "之叔伯",
];
const FEMALE: [&str; 12] = [
    "之女",
    "之儿媳",
    "之孙女",
    "之外孙女",
    "之母",
    "之岳母",
    "之婆婆",
    "之祖母",
    "之外祖母",
    "之曾孙女",
    "之侄女",
    "之兄弟媳妇",
];

const NO_LABOUR: &str = "无劳动力";
const HEALTHY: &str = "健康";
const DISABLED: &str = "残疾";

/// The first working age, and the first age that counts as old.
const WORKING_AGE: std::ops::Range<u32> = 16..60;

/// What a month's wage usually lies between, in 元.
const WAGE_YUAN: std::ops::RangeInclusive<i64> = 100..=30_000;

/// Everything odd about one household and its present members, in the order of the register and of the rules: DQ01 and
/// DQ03 to DQ10, DQ12 to DQ14, DQ28. What takes the whole village to see is [`across`].
pub fn household(household: &Household, today: Date) -> Vec<Problem> {
    let mut found = Findings {
        household: household.id,
        person: None,
        problems: Vec::new(),
    };
    let members = household.members(today);
    let phone = &named(RecordKind::Household, "phone");
    if let Some(fault) = phone.fault(&Scalar::from(household.phone.as_str()), today) {
        found.fault("DQ14", "phone", fault);
    }
    heads(&mut found, &members, today);
    for person in members {
        found.person = Some(person.id);
        identity(&mut found, person, today);
        relation(&mut found, person, today);
        schooling(&mut found, person, today);
        health(&mut found, person);
        labour(&mut found, person, today);
        insurance(&mut found, person, today);
        for job in &person.jobs {
            work(&mut found, person, job, today);
        }
    }
    found.problems
}

/// Collects problems of one subject after the other.
struct Findings {
    household: DocId,
    person: Option<RecordId>,
    problems: Vec<Problem>,
}

impl Findings {
    fn add(
        &mut self,
        rule: &'static str,
        severity: Severity,
        field: &str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let words = Sentence::new(zh, en);
        let (household, person, field) = (self.household, self.person, field.to_owned());
        self.problems.push(Problem {
            rule,
            severity,
            household,
            person,
            field,
            words,
        });
    }

    fn fault(&mut self, rule: &'static str, field: &str, fault: Fault) {
        let words = fault.sentence();
        self.add(rule, fault.severity, field, words.zh, words.en);
    }
}

/// DQ03: one head, one spouse at most; DQ04: the two of unlike sex.
fn heads(found: &mut Findings, members: &[&Person], today: Date) {
    let with = |relation: &str| {
        members
            .iter()
            .filter(|person| person.relation == relation)
            .collect::<Vec<_>>()
    };
    let (heads, spouses) = (with(HEAD), with(SPOUSE));
    match heads.len() {
        1 => {}
        // A family of which nobody is known yet has just been registered, or has left.
        0 if members.is_empty() => {}
        0 => found.add(
            "DQ03",
            Severity::Error,
            "relation",
            "没有户主",
            "nobody is the head of the household",
        ),
        n => found.add(
            "DQ03",
            Severity::Error,
            "relation",
            format!("有{n}个户主"),
            format!("{n} people are the head"),
        ),
    }
    if spouses.len() > 1 {
        let n = spouses.len();
        found.add(
            "DQ03",
            Severity::Warning,
            "relation",
            format!("有{n}个配偶"),
            format!("{n} people are the spouse"),
        );
    }
    if let ([head], [spouse]) = (heads.as_slice(), spouses.as_slice()) {
        let sexes = (head.sex_known(today), spouse.sex_known(today));
        if let (Some(one), Some(other)) = sexes
            && one == other
        {
            found.add(
                "DQ04",
                Severity::Warning,
                "sex",
                "户主和配偶性别相同",
                "head and spouse are of the same sex",
            );
        }
    }
}

/// DQ01: the identity number, and whether sex and date of birth agree with it. DQ14: the telephone.
fn identity(found: &mut Findings, person: &Person, today: Date) {
    for (key, value) in [("id_no", &person.id_no), ("disability_card", &person.disability_card)] {
        if let Some(fault) = named(RecordKind::Person, key).fault(&Scalar::from(value.as_str()), today) {
            found.fault("DQ01", key, fault);
        }
    }
    if person.id_no.is_empty() && !matches!(person.id_kind.as_str(), "" | "无证") {
        found.add(
            "DQ01",
            Severity::Warning,
            "id_no",
            "没有填证件号码",
            "no ID number was given",
        );
    }
    if let Some(id) = person.id_number(today) {
        if person.sex.is_some_and(|sex| sex != id.sex) {
            found.add(
                "DQ01",
                Severity::Warning,
                "sex",
                "性别与证件号码不符",
                "the sex does not agree with the ID number",
            );
        }
        if person.birth.is_some_and(|birth| birth != id.birth) {
            let en = "the date of birth does not agree with the ID number";
            found.add("DQ01", Severity::Warning, "birth", "出生日期与证件号码不符", en);
        }
    }
    if let Some(fault) = named(RecordKind::Person, "phone").fault(&Scalar::from(person.phone.as_str()), today) {
        found.fault("DQ14", "phone", fault);
    }
}

/// DQ04: a son is male, a daughter female.
fn relation(found: &mut Findings, person: &Person, today: Date) {
    let relation = person.relation.as_str();
    let wanted = match () {
        () if MALE.contains(&relation) => Sex::Male,
        () if FEMALE.contains(&relation) => Sex::Female,
        () => return,
    };
    if person.sex_known(today).is_some_and(|sex| sex != wanted) {
        let zh = format!("关系是“{relation}”，性别却不是{}", wanted.word());
        let en = "the sex does not agree with the relation to the head";
        found.add("DQ04", Severity::Warning, "relation", zh, en);
    }
}

/// DQ05: either an education or a school stage. DQ10: the stage fits the age.
fn schooling(found: &mut Findings, person: &Person, today: Date) {
    match (person.education.is_empty(), person.school_stage.is_empty()) {
        (false, false) => {
            let en = "education and school stage are both filled in; a pupil has no final education yet";
            found.add(
                "DQ05",
                Severity::Warning,
                "education",
                "文化程度和在校生状况只能填一个",
                en,
            );
        }
        (true, true) if person.dropout.is_empty() => {
            let en = "neither education nor school stage nor a reason for not being at school is filled in";
            found.add(
                "DQ05",
                Severity::Warning,
                "education",
                "文化程度、在校生状况、失学原因都没有填",
                en,
            );
        }
        _ => {}
    }
    let Some(age) = person.age_on(today) else { return };
    let stage = person.school_stage.as_str();
    let (fits, usual) = match stage {
        "七年级" | "八年级" | "九年级" => ((12..=17).contains(&age), "12至17岁"),
        _ if stage.starts_with("普通高中") || stage.starts_with("中职") => ((15..=20).contains(&age), "15至20岁"),
        _ if stage.starts_with("高职高专") || stage.starts_with("技师学院") || stage.starts_with("本科") => {
            (age >= 18, "18岁以上")
        }
        _ if stage.starts_with("硕士") => (age >= 20, "20岁以上"),
        "学前教育" | "学龄前儿童" => (age < 7 || !is_healthy(person), "7岁以下"),
        _ => return,
    };
    if !fits {
        let zh = format!("{age}岁读“{stage}”，一般是{usual}");
        found.add(
            "DQ10",
            Severity::Suspicion,
            "school_stage",
            zh,
            format!("the school stage is unusual at {age} years"),
        );
    }
}

fn is_healthy(person: &Person) -> bool {
    person.health.contains(HEALTHY) && person.health.len() == 1
}

/// DQ06: an answer, 健康 alone or not at all, a card with a disability.
fn health(found: &mut Findings, person: &Person) {
    if person.health.is_empty() {
        found.add(
            "DQ06",
            Severity::Warning,
            "health",
            "健康状况没有填",
            "the health is not filled in",
        );
    }
    if person.health.contains(HEALTHY) && person.health.len() > 1 {
        let en = "“healthy” stands together with an illness or disability";
        found.add("DQ06", Severity::Warning, "health", "填了“健康”，又填了患病或残疾", en);
    }
    let has_card = !person.disability_card.is_empty() || person.id_kind == "残疾人证";
    if person.health.contains(DISABLED) && !has_card {
        let en = "disabled, but no disability card is filled in";
        found.add(
            "DQ06",
            Severity::Warning,
            "disability_card",
            "填了“残疾”，没有残疾证号",
            en,
        );
    }
}

/// DQ07: children and pupils are no labour. DQ08: healthy adults are. DQ28: children do not work.
fn labour(found: &mut Findings, person: &Person, today: Date) {
    let Some(age) = person.age_on(today) else { return };
    let labour = person.labour.as_str();
    if !labour.is_empty() && labour != NO_LABOUR {
        if age < WORKING_AGE.start {
            let zh = format!("{age}岁应为“无劳动力”");
            found.add(
                "DQ07",
                Severity::Warning,
                "labour",
                zh,
                format!("a child of {age} years is no labour"),
            );
        } else if person.is_at_school() {
            found.add(
                "DQ07",
                Severity::Warning,
                "labour",
                "在校生应为“无劳动力”",
                "a pupil or student is no labour",
            );
        }
    }
    let weak = [NO_LABOUR, "弱劳动力或半劳动力", "丧失劳动力"].contains(&labour);
    if weak && WORKING_AGE.contains(&age) && is_healthy(person) && !person.is_at_school() {
        let zh = format!("{age}岁、健康、不在校，却是“{labour}”");
        found.add(
            "DQ08",
            Severity::Suspicion,
            "labour",
            zh,
            "a healthy adult who is not at school, yet no full labour",
        );
    }
    if age < WORKING_AGE.start && !person.jobs.is_empty() {
        let zh = format!("{age}岁有务工记录");
        found.add(
            "DQ28",
            Severity::Warning,
            "job",
            zh,
            format!("a child of {age} years has a record of work"),
        );
    }
}

/// DQ09: insured one way or the other, in the latest year that anybody answered for.
fn insurance(found: &mut Findings, person: &Person, today: Date) {
    let answered = person.insured.range(..=today.year()).next_back();
    if let Some((year, insured)) = answered
        && insured == "未"
    {
        let zh = format!("{year}年没有参加医保");
        found.add(
            "DQ09",
            Severity::Warning,
            &format!("insured/{year}"),
            zh,
            format!("not insured in {year}"),
        );
    }
}

/// DQ12: where and for how long. DQ13: a usual wage.
fn work(found: &mut Findings, person: &Person, job: &Job, today: Date) {
    let key = |column: &str| format!("job/{}/{column}", job.id);
    let lasts = job.months.is_some() || (job.from.is_some() && job.to.is_some());
    if !job.place.is_empty() && !lasts {
        found.add(
            "DQ12",
            Severity::Warning,
            &key("months"),
            "有务工地点，没有务工时间",
            "a place of work but no time",
        );
    }
    if job.place.is_empty() && job.months.is_some_and(|months| months > 0) {
        found.add(
            "DQ12",
            Severity::Warning,
            &key("place"),
            "有务工时间，没有务工地点",
            "a time of work but no place",
        );
    }
    if job.months.is_some_and(|months| !(0..=12).contains(&months)) {
        found.add(
            "DQ12",
            Severity::Warning,
            &key("months"),
            "务工时间应为0至12个月",
            "should be 0 to 12 months",
        );
    }
    let of_age = person.age_on(today).is_none_or(|age| age >= WORKING_AGE.start);
    let yuan = job.wage_fen.map(|fen| fen / 100);
    if of_age && yuan.is_some_and(|yuan| yuan != 0 && !WAGE_YUAN.contains(&yuan)) {
        found.add(
            "DQ13",
            Severity::Suspicion,
            &key("wage_fen"),
            "月工资不在100至30000元之间",
            "an unusual monthly wage",
        );
    }
}

#[cfg(test)]
mod tests;
