//! How often a form is due, and how often it was done, by the calendar of China.

use super::RECORDS;
use super::offered::{InUse, finished_on, in_use};
use crate::base::date::{Date, Month};
use crate::base::host::Host;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::{both, chosen};
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::client::view::{DueFormRow, DueFormsView, DueSubjectRow, Words};
use crate::doc::place_id;
use crate::form::definition::{Due, Every};
use crate::form::register::Subject;
use crate::register::enums::{FacilityKind, Role};

/// The stretch of the calendar in which a day lies: its first and its last day.
pub(super) fn stretch(every: Every, day: Date) -> (Date, Date) {
    let months = match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Year => 12,
    };
    let january = day.year_start().month();
    let ends = |first: &Month| first.plus(months - 1).last();
    let mut stretches = (0..12 / months).map(|at| january.plus(at * months));
    let first = stretches.find(|first| day <= ends(first)).unwrap_or(january);
    (first.first(), ends(&first))
}

/// 今年, 本季度, 本月
pub(super) fn period_words(every: Every) -> Words {
    match every {
        Every::Year => both("今年", "This year"),
        Every::Quarter => both("本季度", "This quarter"),
        Every::Month => both("本月", "This month"),
    }
}

/// 今年已做 2/4 次
pub(super) fn done_words(due: Due, done: usize) -> Words {
    let period = period_words(due.every);
    both(
        format!("{}已做 {done}/{} 次", period.zh, due.count),
        format!("{}: done {done} of {}", period.en, due.count),
    )
}

/// How many of the days lie in the stretch of a day.
pub(super) fn done_in(due: Due, days: &[Date], day: Date) -> usize {
    let (from, to) = stretch(due.every, day);
    days.iter().filter(|one| (from..=to).contains(*one)).count()
}

/// Whom or what a form is due for: how it is called, since when, and the days on which it was done.
struct DueFor {
    about: String,
    name: String,
    detail: Words,
    since: Option<Date>,
    days: Vec<Date>,
}

/// How a form stands for somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stands {
    done: bool,
    /// The stretch before asked for more than was done.
    missed: bool,
}

fn stands(due: Due, of: &DueFor, today: Date) -> Stands {
    let (from, _) = stretch(due.every, today);
    let before = from.add_days(-1);
    let enough = |day: Date| done_in(due, &of.days, day) >= due.count as usize;
    let (began, _) = stretch(due.every, before);
    Stands {
        done: enough(today),
        missed: !enough(before) && of.since.is_some_and(|since| since <= began),
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Forms about the village, its groups and facilities that are due, for those whose role it is.
    pub(in crate::client::screens) async fn due_rows(&mut self) -> Result<Vec<DueFormRow>, ClientError> {
        let me = self.me()?;
        let role = self.core.village.member(me).and_then(|member| member.role);
        let is_mine = |of: Role| role == Some(of) || (of == Role::Member && role == Some(Role::Leader));
        let today = self.today();
        let mut rows = Vec::new();
        for published in self.published().into_iter().filter(|one| one.current) {
            // One that cannot be opened has its place where forms are offered.
            if !self.may_be_due(published.document).await.unwrap_or(false) {
                continue;
            }
            let Ok(form) = self.form(published.document).await else {
                continue;
            };
            let one = InUse { published, form };
            let Some(due) = one.form.due else { continue };
            let Some(all) = self.due_for(&one).await?.filter(|_| is_mine(one.form.due_role)) else {
                continue;
            };
            let all: Vec<Stands> = all.iter().map(|of| stands(due, of, today)).collect();
            let count = |wanted: &dyn Fn(&Stands) -> bool| all.iter().filter(|one| wanted(one)).count() as u32;
            let row = DueFormRow {
                form: one.published.document.to_string(),
                title: one.form.title.clone(),
                period: period_words(due.every),
                due: count(&|one| !one.done),
                done: count(&|one| one.done),
                missed: count(&|one| one.missed),
            };
            rows.extend(Some(row).filter(|row| row.due + row.missed > 0));
        }
        Ok(rows)
    }

    /// For whom a form is due, done and missed.
    pub(super) async fn due_forms(&mut self, form: &str) -> Result<DueFormsView, ClientError> {
        let document = document_id(form)?;
        let (forms, _) = self.in_use().await?;
        let one = forms.into_iter().find(|one| one.published.document == document);
        let one = one.ok_or(ClientError::NotFound)?;
        let due = one.form.due.ok_or(ClientError::NotFound)?;
        let all = self.due_for(&one).await?.ok_or_else(on_their_pages)?;
        let place = place_id(self.space()?).to_string();
        let today = self.today();
        let mut view = DueFormsView {
            form: form.to_owned(),
            title: one.form.title.clone(),
            period: period_words(due.every),
            due: Vec::new(),
            done: Vec::new(),
            missed: Vec::new(),
        };
        for of in all {
            let stands = stands(due, &of, today);
            let row = DueSubjectRow {
                document: place.clone(),
                note: done_words(due, done_in(due, &of.days, today)),
                last_on: of.days.iter().max().map(Date::to_string).unwrap_or_default(),
                about: of.about,
                name: of.name,
                detail: of.detail,
            };
            if stands.missed {
                view.missed.push(row.clone());
            }
            match stands.done {
                true => view.done.push(row),
                false => view.due.push(row),
            }
        }
        Ok(view)
    }

    /// What a form about the village, a group or a facility is due for; nothing for forms about families, whose pages say
    /// how often each was done.
    async fn due_for(&mut self, one: &InUse) -> Result<Option<Vec<DueFor>>, ClientError> {
        let table = match one.form.subject {
            Subject::Household | Subject::Person => return Ok(None),
            Subject::Village => None,
            Subject::Group => Some("groups"),
            Subject::Facility => Some("facilities"),
        };
        let id = place_id(self.space()?);
        let today = self.today();
        let village = self.core.village.name.clone();
        let found = self.find(id).await?;
        let records = found.map(|document| document.records(RECORDS)).unwrap_or_default();
        let mut all: Vec<DueFor> = match (table, found) {
            (None, _) => vec![DueFor {
                about: String::new(),
                name: village,
                detail: Words::default(),
                since: None,
                days: Vec::new(),
            }],
            (Some(table), Some(document)) => {
                let listed = document.records(table).into_iter();
                let used = listed.filter(|(_, record)| !record.is_void() && in_use(record, today));
                used.map(|(id, record)| DueFor {
                    about: id.to_string(),
                    name: record.text("name"),
                    detail: chosen(FacilityKind::CHOICES, &record.text("kind")),
                    since: record.text("since").parse().ok(),
                    days: Vec::new(),
                })
                .collect()
            }
            (Some(_), None) => Vec::new(),
        };
        all.sort_by(|one, other| (&one.name, &one.about).cmp(&(&other.name, &other.about)));
        let mut offered = Vec::new();
        for mut of in all {
            let whom = self.whom("", &of.about).await?;
            if self.offered_for(std::slice::from_ref(one), &whom).await?.is_empty() {
                continue;
            }
            let made = records.values().filter(|record| record.text("form") == one.form.id);
            let about = made.filter(|record| record.text("about") == of.about);
            of.days = about.filter_map(finished_on).collect();
            // What was done once has been there since then.
            of.since = of.since.or(of.days.iter().min().copied());
            offered.push(of);
        }
        Ok(Some(offered))
    }
}

fn on_their_pages() -> ClientError {
    let words = both(
        "这张表单按户、按人填，请在户页看各户还差几次",
        "This form is filled in by household or person; each page says how often it was done",
    );
    ClientError::Field("form_due_list".into(), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_stretch_is_one_of_the_calendar() {
        let of = |every, on| stretch(every, day(on));
        assert_eq!(of(Every::Month, "2020-02-29"), (day("2020-02-01"), day("2020-02-29")));
        for on in ["2019-07-01", "2019-08-15", "2019-09-30"] {
            assert_eq!(of(Every::Quarter, on), (day("2019-07-01"), day("2019-09-30")));
        }
        assert_eq!(of(Every::Quarter, "2019-12-31"), (day("2019-10-01"), day("2019-12-31")));
        assert_eq!(of(Every::Year, "2019-12-31"), (day("2019-01-01"), day("2019-12-31")));
    }

    #[test]
    fn what_is_new_missed_nothing() {
        let due = Due {
            count: 2,
            every: Every::Quarter,
        };
        let of = |since: Option<&str>, days: &[&str]| DueFor {
            about: String::new(),
            name: String::new(),
            detail: Words::default(),
            since: since.map(day),
            days: days.iter().map(|one| day(one)).collect(),
        };
        let today = day("2019-08-15");
        let is = |of: DueFor| {
            let stands = stands(due, &of, today);
            (stands.done, stands.missed)
        };
        assert_eq!(is(of(None, &[])), (false, false));
        assert_eq!(is(of(Some("2019-04-02"), &["2019-07-01"])), (false, false));
        assert_eq!(
            is(of(Some("2019-04-01"), &["2019-06-30", "2019-07-01", "2019-08-15"])),
            (true, true)
        );
        assert_eq!(
            is(of(Some("2018-01-01"), &["2019-04-01", "2019-06-30"])),
            (false, false)
        );
    }
}
