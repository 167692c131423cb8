//! 家庭成员: who belongs to the family today and who did, with ages as of today and what looks like a mistake.

use crate::base::date::Date;
use crate::client::screens::lens::Lens;
use crate::client::screens::record::void_reason;
use crate::client::screens::say::{beside, both, chosen, day, joined, list, same, sentence};
use crate::client::view::{DiffersView, PersonView, Words};
use crate::doc::{At, Record};
use crate::register::check;
use crate::register::enums::{
    DISABILITY_KIND, DISABILITY_LEVEL, DISEASE, DROPOUT, EVENT_KIND, HEALTH, INSURED, LABOUR, RELATION, SCHOOL_STAGE,
    SEX,
};
use crate::register::field::{RecordKind, Section, find, named};
use crate::register::household::Household;
use crate::register::id_number::{Sex, masked};
use crate::register::person::{Job, Person};
use crate::register::status_event::{Standing, Subject};

/// The members of today in the order of the register, and those who no longer count, with the reason.
pub(super) fn of(lens: &Lens<'_>, family: &Household, differs: &[DiffersView]) -> (Vec<PersonView>, Vec<PersonView>) {
    let flags = flags(lens, family);
    let view = |person: &Person, left: Words, on: Date| {
        let at = At::table("persons", person.id);
        let record = lens.document.record(&at).unwrap_or_default();
        let written = at.to_string();
        PersonView {
            differs: differs.iter().filter(|one| one.record == written).count() as u32,
            flags: flags
                .iter()
                .filter(|(of, _)| *of == person.id)
                .map(|(_, words)| words.clone())
                .collect(),
            ..person_view(lens, person, &record, left, on)
        }
    };
    let present = family.members(lens.today);
    let members = present
        .iter()
        .map(|person| view(person, Words::default(), lens.today))
        .collect();
    let mut gone: Vec<&Person> = family
        .persons
        .iter()
        .filter(|person| !present.iter().any(|member| member.id == person.id))
        .collect();
    gone.sort_by_key(|person| (person.order.unwrap_or(i64::MAX), person.id));
    let former = gone
        .into_iter()
        .map(|person| {
            let (left, on) = why_left(lens, family, person);
            view(person, left, on)
        })
        .collect();
    (members, former)
}

/// Why somebody does not count today, and the day for which the age is told.
fn why_left(lens: &Lens<'_>, family: &Household, person: &Person) -> (Words, Date) {
    if person.void {
        let record = lens.document.record(&At::table("persons", person.id));
        let reason = record.map(|record| record.text("void/reason")).unwrap_or_default();
        return (beside([both("作废", "Withdrawn"), same(reason)]), lens.today);
    }
    let left = |kind: &str, on: Date, whole: bool| {
        let kind = if whole {
            let kind = chosen(EVENT_KIND, kind);
            both(format!("全家{}", kind.zh), format!("{} (the whole family)", kind.en))
        } else {
            chosen(EVENT_KIND, kind)
        };
        joined([kind, day(on, lens.today)], " ", ", ")
    };
    match (family.standing_of(person, lens.today), family.standing(lens.today)) {
        (Standing::Left(event), _) => {
            let died = event.kind == "死亡";
            let on = if died { event.on } else { lens.today };
            (left(&event.kind, event.on, false), on)
        }
        (Standing::NotYet, _) => {
            let events = family.events.iter();
            let own = events.filter(|event| !event.void && event.subject == Subject::Person(person.id));
            let begins = own.map(|event| event.on).chain(person.birth).min();
            let from = begins.map(|on| day(on, lens.today)).unwrap_or_default();
            (
                joined([both("还没到日期", "From a later day"), from], " ", ": "),
                lens.today,
            )
        }
        (Standing::Active, Standing::Left(event)) => (left(&event.kind, event.on, true), lens.today),
        (Standing::Active, _) if family.void => (both("整户已作废", "The household was withdrawn"), lens.today),
        (Standing::Active, _) => (Words::default(), lens.today),
    }
}

/// What looks like a mistake, of each person: by the rules of the register, and in the events about the person.
fn flags(lens: &Lens<'_>, family: &Household) -> Vec<(crate::base::id::RecordId, Words)> {
    let of_rules = check::household(family, lens.today).into_iter().filter_map(|problem| {
        // What concerns the family as a whole is shown with whoever leads it.
        let head = || family.head(lens.today).map(|head| head.id);
        let on_page = problem.person.is_some() || problem.field == "relation";
        let whom = problem.person.or_else(head).filter(|_| on_page)?;
        let field = find(RecordKind::Person, &problem.field).map(|found| found.field);
        // What is wrong about somebody's health would tell it; the form of the person says more.
        if field.is_some_and(|field| field.section == Section::Health) {
            return Some((
                whom,
                both("健康情况有一处要核对", "Something about the health needs a look"),
            ));
        }
        let label = field.map(|field| Words::from(field.label)).unwrap_or_default();
        Some((whom, joined([label, sentence(problem.words)], "：", ": ")))
    });
    let on = named(RecordKind::StatusEvent, "on");
    let of_events = family.events.iter().filter(|event| !event.void).filter_map(|event| {
        let Subject::Person(whom) = event.subject else {
            return None;
        };
        let fault = on.fault(&event.on.to_string().into(), lens.today)?;
        let kind = chosen(EVENT_KIND, &event.kind);
        Some((whom, joined([kind, sentence(fault.sentence())], "：", ": ")))
    });
    of_rules.chain(of_events).collect()
}

fn person_view(lens: &Lens<'_>, person: &Person, record: &Record, left: Words, on: Date) -> PersonView {
    let today = lens.today;
    PersonView {
        id: person.id.to_string(),
        document: lens.document.id().to_string(),
        of: Words::default(),
        twin: false,
        void_reason: void_reason(record),
        name: person.name.clone(),
        relation: chosen(RELATION, &person.relation),
        sex: person
            .sex_known(today)
            .map(|sex| chosen(SEX, Sex::word(sex)))
            .unwrap_or_default(),
        age: person
            .born(today)
            .and_then(|born| born.age_on(on))
            .map_or(-1, |age| age as i32),
        id_no_masked: masked(&person.id_no),
        health: health(person, record),
        labour: chosen(LABOUR, &person.labour),
        work: person
            .jobs
            .iter()
            .max_by_key(|job| (job.from, job.to))
            .map(work)
            .unwrap_or_default(),
        insured: insured(person, today),
        school: school(person, record),
        left,
        differs: 0,
        flags: Vec::new(),
        standing: None,
    }
}

fn health(person: &Person, record: &Record) -> Words {
    let conditions = list(person.health.iter().map(|one| chosen(HEALTH, one)));
    let diseases = list(record.set("disease").iter().map(|one| chosen(DISEASE, one)));
    let disability = joined(
        [
            chosen(DISABILITY_KIND, &person.disability_kind),
            chosen(DISABILITY_LEVEL, &person.disability_level),
        ],
        "",
        ", ",
    );
    beside([conditions, diseases, disability])
}

fn work(job: &Job) -> Words {
    let month = |month: Option<crate::base::date::Month>| month.map(|one| one.to_string()).unwrap_or_default();
    let span = match (job.from, job.to) {
        (None, None) => Words::default(),
        (from, to) => both(
            format!("{}至{}", month(from), month(to)),
            format!("{} to {}", month(from), month(to)),
        ),
    };
    let months = job.months.map(|n| both(format!("{n}个月"), format!("{n} months")));
    beside([
        same(job.place.clone()),
        same(job.employer.clone()),
        span,
        months.unwrap_or_default(),
    ])
}

/// This year's medical insurance, else the latest year that anybody answered for.
fn insured(person: &Person, today: Date) -> Words {
    let Some((year, value)) = person.insured.range(..=today.year()).next_back() else {
        return Words::default();
    };
    let value = chosen(INSURED, value);
    both(
        format!("{year}年医保：{}", if value.zh == "未" { "未参保" } else { &value.zh }),
        format!("Insurance {year}: {}", value.en),
    )
}

fn school(person: &Person, record: &Record) -> Words {
    beside([
        chosen(SCHOOL_STAGE, &person.school_stage),
        same(record.text("school")),
        chosen(DROPOUT, &person.dropout),
    ])
}
