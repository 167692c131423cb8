//! What is due: under 今日 a line for each form, and behind it for whom it is due, done, or was missed.

use super::RECORDS;
use super::offered::{InUse, finished_on, in_use};
use super::steps::{Stands, Steps, done_words, stands};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::households::filter_of;
use crate::client::screens::roster::Place;
use crate::client::screens::say::{both, chosen};
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::client::view::{ChipView, DueFormRow, DueFormsView, DueSubjectRow, GroupCount, Words};
use crate::doc::place_id;
use crate::form::definition::Due;
use crate::form::register::Subject;
use crate::index::{HouseholdRow, person_tag};
use crate::register::enums::FacilityKind;
use crate::register::search::{FoundBy, Query, Searchable};

/// What the list is asked for.
pub(super) struct Asked<'a> {
    pub form: &'a str,
    pub list: &'a str,
    pub group: &'a str,
    pub query: &'a str,
    pub offset: usize,
    pub limit: usize,
}

/// Whom or what a form is due for: how it is called, since when, and the days on which it was done.
struct DueFor {
    document: DocId,
    about: String,
    name: String,
    /// Whose family it is; of a facility its kind.
    detail: Words,
    group: String,
    mine: bool,
    place: Place,
    since: Option<Date>,
    days: Vec<Date>,
}

/// The lists of a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Due,
    Missed,
    Done,
}

impl List {
    const EVERY: [List; 3] = [List::Due, List::Missed, List::Done];

    const fn code(self) -> &'static str {
        match self {
            List::Due => "due",
            List::Missed => "missed",
            List::Done => "done",
        }
    }

    fn words(self) -> Words {
        match self {
            List::Due => both("要做", "To do"),
            List::Missed => both("上期漏了", "Missed before"),
            List::Done => both("已做", "Done"),
        }
    }

    fn holds(self, stands: Stands) -> bool {
        match self {
            List::Due => !stands.done,
            List::Missed => stands.missed,
            List::Done => stands.done,
        }
    }
}

/// 本季度还差 12 人
fn left_words(due: Due, subject: Subject, left: usize) -> Words {
    let period = Steps::of(due).words();
    if left == 0 {
        return both(format!("{}都做完了", period.zh), format!("All done {}", period.en));
    }
    let (unit, one, many) = match subject {
        Subject::Person => ("人", "person", "people"),
        Subject::Household => ("户", "household", "households"),
        Subject::Village | Subject::Visit => ("次", "time", "times"),
        Subject::Group => ("组", "group", "groups"),
        Subject::Facility => ("处", "facility", "facilities"),
    };
    let what = if left == 1 { one } else { many };
    both(
        format!("{}还差 {left} {unit}", period.zh),
        format!("{left} {what} to go {}", period.en),
    )
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Forms that are due, for those whose role it is.
    pub(in crate::client::screens) async fn due_rows(&mut self) -> Result<Vec<DueFormRow>, ClientError> {
        let today = self.today();
        let mut rows = Vec::new();
        for one in self.mine_due().await? {
            let Some(due) = one.form.due else { continue };
            let all = self.due_for(&one).await?.into_iter();
            let all: Vec<Stands> = all.map(|of| stands(due, &of.days, of.since, today)).collect();
            let count = |list: List| all.iter().filter(|stands| list.holds(**stands)).count();
            let left = count(List::Due);
            rows.push(DueFormRow {
                form: one.published.document.to_string(),
                title: one.form.title.clone(),
                words: left_words(due, one.form.subject, left),
                soon: left > 0 && Steps::of(due).ends_soon(today),
                due: left as u32,
                done: count(List::Done) as u32,
                missed: count(List::Missed) as u32,
            });
        }
        // What was done for everybody stays, behind what is not.
        rows.retain(|row| row.due + row.missed + row.done > 0);
        let order = |row: &DueFormRow| (row.due + row.missed == 0, row.title.clone(), row.form.clone());
        rows.sort_by_key(order);
        Ok(rows)
    }

    /// For whom a form is due, was missed, or is done.
    pub(super) async fn due_forms(&mut self, asked: &Asked<'_>) -> Result<DueFormsView, ClientError> {
        let document = document_id(asked.form)?;
        let (mut forms, _) = self.in_use().await?;
        forms.retain(|one| one.published.document == document);
        let one = forms.pop().ok_or(ClientError::NotFound)?;
        let due = one.form.due.ok_or(ClientError::NotFound)?;
        let families = matches!(one.form.subject, Subject::Household | Subject::Person);
        let mut counting = None;
        if families {
            let mine = self.mine_due().await?;
            if mine.iter().all(|mine| mine.published.document != document) {
                return Err(somebody_elses());
            }
            counting = self.count_few().await?;
        }
        let today = self.today();
        let all = self.due_for(&one).await?.into_iter();
        let all: Vec<(DueFor, Stands)> = all
            .map(|of| {
                let stands = stands(due, &of.days, of.since, today);
                (of, stands)
            })
            .collect();
        let left = all.iter().filter(|(_, stands)| !stands.done).count();
        let view = DueFormsView {
            form: asked.form.to_owned(),
            title: one.form.title.clone(),
            words: left_words(due, one.form.subject, left),
            lists: Vec::new(),
            groups: Vec::new(),
            total: 0,
            rows: Vec::new(),
            counting,
        };
        Ok(self.listed(view, asked, due, &all, families))
    }

    /// The view with the rows of a list, and how many each list and group has of what was asked for.
    fn listed(
        &self,
        view: DueFormsView,
        asked: &Asked<'_>,
        due: Due,
        all: &[(DueFor, Stands)],
        families: bool,
    ) -> DueFormsView {
        let query = Query::new(asked.query);
        let found: Vec<&(DueFor, Stands)> = all.iter().filter(|(of, _)| self.finds(&query, of)).collect();
        let chosen = List::EVERY.into_iter().find(|list| list.code() == asked.list);
        let chosen = chosen.unwrap_or(List::Due);
        let in_group = |of: &DueFor| asked.group.is_empty() || filter_of(&of.group) == asked.group;
        let count = |list: List, wanted: &dyn Fn(&DueFor) -> bool| {
            let of_list = found.iter().filter(|(of, stands)| list.holds(*stands) && wanted(of));
            of_list.count() as u32
        };
        let mut shown: Vec<&DueFor> = found
            .iter()
            .filter(|(of, stands)| chosen.holds(*stands) && in_group(of))
            .map(|(of, _)| of)
            .collect();
        shown.sort_by(|one, other| {
            let order = (!one.mine, one.place).cmp(&(!other.mine, other.place));
            order.then_with(|| (&one.name, &one.about).cmp(&(&other.name, &other.about)))
        });
        let roster = self.roster();
        let named = roster.groups().iter().filter(|_| families);
        let groups = named.map(|name| GroupCount {
            group: (*name).to_owned(),
            filter: filter_of(name).to_owned(),
            count: count(chosen, &|of| of.group == *name),
        });
        let lists = List::EVERY.into_iter().map(|list| ChipView {
            value: list.code().into(),
            words: list.words(),
            count: count(list, &in_group),
        });
        let today = self.today();
        let rows = shown.iter().skip(asked.offset).take(asked.limit);
        DueFormsView {
            lists: lists.collect(),
            groups: groups.collect(),
            total: shown.len() as u32,
            rows: rows.map(|of| row(of, due, today)).collect(),
            ..view
        }
    }

    /// Found by its own name, or by what finds the family: another member finds only itself.
    fn finds(&self, query: &Query, of: &DueFor) -> bool {
        let own = Searchable {
            names: &[&of.name],
            group: &of.group,
            ..Searchable::default()
        };
        let of_family = |row: &HouseholdRow| match self.find_family(query, of.document, row) {
            Some(FoundBy::Name(at) | FoundBy::IdNumber(at)) if at > 0 && !of.about.is_empty() => {
                row.persons.get(at).is_some_and(|person| person.name == of.name)
            }
            found => found.is_some(),
        };
        let found = query.is_empty() || query.matches(&own).is_some();
        found || self.core.rows.family(of.document).is_some_and(of_family)
    }

    async fn due_for(&mut self, one: &InUse) -> Result<Vec<DueFor>, ClientError> {
        match one.form.subject {
            Subject::Household | Subject::Person => {
                let forms = self.due_for_families().await?;
                let at = forms
                    .iter()
                    .position(|form| form.published.document == one.published.document);
                Ok(at.map(|at| self.of_families(at as u64)).unwrap_or_default())
            }
            Subject::Village | Subject::Group | Subject::Facility => self.of_places(one).await,
            // A form about visits is due at each of them.
            Subject::Visit => Ok(Vec::new()),
        }
    }

    /// The families or persons for whom a form was counted as due. Who is counted with another family, or as another person,
    /// is left out: one person is due once.
    fn of_families(&self, form: u64) -> Vec<DueFor> {
        let Ok(me) = self.me() else { return Vec::new() };
        let (today, roster) = (self.today(), self.roster());
        let rows = &self.core.rows;
        let twins = rows.twins();
        let mut all = Vec::new();
        for (id, own) in rows.households().filter(|(_, row)| row.active) {
            let leader = rows.leader(id);
            let duties = self.core.duties.get(id).map(|counted| counted.duties.as_slice());
            let mine = duties
                .unwrap_or_default()
                .iter()
                .filter(|duty| duty.form == form && duty.applies);
            for duty in mine {
                let Some(row) = rows.family(leader) else { continue };
                let member = duty.about.map(person_tag);
                let person = own.persons.iter().find(|person| Some(person.tag) == member);
                let elsewhere = member.is_some_and(|tag| twins.persons.joined().is_led((id, tag)));
                let counts = match member {
                    Some(_) => person.is_some() && !elsewhere,
                    None => leader == id,
                };
                if !counts {
                    continue;
                }
                let mut days = duty.days.clone();
                if member.is_none() {
                    days.extend(self.days_of_parts(id, form));
                }
                all.push(DueFor {
                    document: id,
                    about: duty.about.map(|about| about.to_string()).unwrap_or_default(),
                    name: person.map_or_else(|| row.head().to_owned(), |person| person.name.clone()),
                    detail: family_words(row, member.is_some()),
                    group: row.group.clone(),
                    mine: self.is_paired_with(row, me, today),
                    place: roster.place(leader, row),
                    // What was done once has been due since then.
                    since: duty.since.or(days.iter().min().copied()),
                    days,
                });
            }
        }
        all
    }

    /// Records of those families that are shown under a family.
    fn days_of_parts(&self, id: DocId, form: u64) -> Vec<Date> {
        let parts = self.core.rows.parts(id).into_iter();
        let counted = parts.filter_map(|part| self.core.duties.get(part));
        let duties = counted.flat_map(|counted| &counted.duties);
        let of_family = duties.filter(|duty| duty.form == form && duty.about.is_none());
        of_family.flat_map(|duty| duty.days.iter().copied()).collect()
    }

    /// What a form about the village, a group or a facility is due for.
    async fn of_places(&mut self, one: &InUse) -> Result<Vec<DueFor>, ClientError> {
        let table = match one.form.subject {
            Subject::Group => Some("groups"),
            Subject::Facility => Some("facilities"),
            _ => None,
        };
        let id = place_id(self.space()?);
        let today = self.today();
        let village = self.core.village.name.clone();
        let found = self.find(id).await?;
        let records = found.map(|document| document.records(RECORDS)).unwrap_or_default();
        let of = |about: String, name: String, detail: Words, since: Option<Date>| DueFor {
            document: id,
            about,
            name,
            detail,
            group: String::new(),
            mine: false,
            place: (0, 0, id),
            since,
            days: Vec::new(),
        };
        let all: Vec<DueFor> = match (table, found) {
            (None, _) => vec![of(String::new(), village, Words::default(), None)],
            (Some(table), Some(document)) => {
                let listed = document.records(table).into_iter();
                let used = listed.filter(|(_, record)| !record.is_void() && in_use(record, today));
                used.map(|(id, record)| {
                    let kind = chosen(FacilityKind::CHOICES, &record.text("kind"));
                    of(
                        id.to_string(),
                        record.text("name"),
                        kind,
                        record.text("since").parse().ok(),
                    )
                })
                .collect()
            }
            (Some(_), None) => Vec::new(),
        };
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
        Ok(offered)
    }
}

fn row(of: &DueFor, due: Due, today: Date) -> DueSubjectRow {
    DueSubjectRow {
        document: of.document.to_string(),
        about: of.about.clone(),
        name: of.name.clone(),
        detail: of.detail.clone(),
        group: of.group.clone(),
        note: done_words(due, &of.days, today),
        last_on: of.days.iter().max().map(Date::to_string).unwrap_or_default(),
        mine: of.mine,
    }
}

/// 罗永1家, of a person.
fn family_words(row: &HouseholdRow, of_person: bool) -> Words {
    let head = row.head();
    match of_person && !head.is_empty() {
        true => both(format!("{head}家"), format!("Family of {head}")),
        false => Words::default(),
    }
}

fn somebody_elses() -> ClientError {
    let words = both(
        "这张表单由别的岗位的人来填，这里不列名单；各户、各人的页上看得到做了几次",
        "This form is the work of another role and is not listed here; the page of each household and person says how often it was done",
    );
    ClientError::Field("form_due_list".into(), words)
}
