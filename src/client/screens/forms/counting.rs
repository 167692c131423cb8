//! Counts the families for what is due: which forms are offered for whom, and when they were done. A few families at a time,
//! so that nobody waits while a village of thousands is counted.

use super::RECORDS;
use super::offered::{InUse, applies, asked, finished_on};
use super::steps::{Steps, stretch};
use super::subject::Whom;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::duties::{Counted, Duties, Duty, Mark, PREFIX};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::shelf::{self, Taken};
use crate::client::store::{Batch, Durability, Store, Table};
use crate::client::view::CountingView;
use crate::doc::{DocKind, Document, Of, Record, place_id, village_id};
use crate::form::register::{BuiltIn, Subject};
use crate::register::enums::Role;
use crate::register::household::Household;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Families that are counted in one step.
const AT_ONCE: usize = 16;
/// Families that are opened beside each other.
const OPENED_MAX: usize = 8;
/// Another number: everything is counted again.
const VERSION: u8 = 1;

/// A family that is being counted.
struct Looked<'a> {
    document: &'a Document,
    family: &'a Household,
    records: Vec<(String, String, Date)>,
    today: Date,
}

/// Forms that are due for families, with what of the village their conditions look at.
struct DueForms {
    forms: Vec<InUse>,
    village: Record,
}

impl DueForms {
    fn of(&self, subject: Subject) -> impl Iterator<Item = (u64, &InUse)> {
        let all = (0..).zip(&self.forms);
        all.filter(move |(_, one)| one.form.subject == subject)
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Forms in use that are due, and my work.
    pub(super) async fn mine_due(&mut self) -> Result<Vec<InUse>, ClientError> {
        let me = self.me()?;
        let role = self.core.village.member(me).and_then(|member| member.role);
        let is_mine = |of: Role| role == Some(of) || (of == Role::Member && role == Some(Role::Leader));
        let mut mine = Vec::new();
        for published in self.published().into_iter().filter(|one| one.current) {
            // One that cannot be opened has its place where forms are offered.
            let settings = self.settings_of(published.document).await.unwrap_or(None);
            if settings.is_none_or(|form| form.due.is_none() || !is_mine(form.due_role)) {
                continue;
            }
            if let Ok(form) = self.listed_form(published.document).await {
                mine.push(InUse { published, form });
            }
        }
        mine.sort_by_key(|one| one.published.document);
        Ok(mine)
    }

    /// Those about families, in the order in which duties name them, with everything that was counted before at hand.
    pub(super) async fn due_for_families(&mut self) -> Result<Vec<InUse>, ClientError> {
        let mut forms = self.mine_due().await?;
        forms.retain(|one| matches!(one.form.subject, Subject::Household | Subject::Person));
        if forms.is_empty() {
            return Ok(forms);
        }
        let mark = self.mark_of(&forms)?;
        if !self.core.duties.is_of(mark) {
            let pages = self.store.range(Table::State, PREFIX).await?;
            self.core.duties = Duties::read(mark, &pages);
        }
        Ok(forms)
    }

    fn mark_of(&self, forms: &[InUse]) -> Result<Mark, ClientError> {
        let space = self.space()?;
        let mut sha = Sha256::new();
        sha.update([VERSION]);
        forms.iter().for_each(|one| sha.update(one.published.document.0));
        let asked = asked(forms.iter());
        for (list, document) in [(BuiltIn::Village, village_id(space)), (BuiltIn::Group, place_id(space))] {
            if let Some(row) = self.core.rows.get(document).filter(|_| asked.contains(&list)) {
                sha.update(row.heads());
            }
        }
        let digest: [u8; 32] = sha.finalize().into();
        Ok(std::array::from_fn(|at| digest[at]))
    }

    /// Counts the families that changed, where they are few, and says how far it is where they are many: no screen waits for
    /// them.
    pub(in crate::client::screens) async fn count_few(&mut self) -> Result<Option<CountingView>, ClientError> {
        self.count(true).await
    }

    /// Counts some more families, and says how far it is; nothing when all are counted.
    pub(super) async fn count_more(&mut self) -> Result<Option<CountingView>, ClientError> {
        self.count(false).await
    }

    async fn count(&mut self, only_few: bool) -> Result<Option<CountingView>, ClientError> {
        let forms = self.due_for_families().await?;
        // Of a village that is still coming nothing is counted twice.
        if forms.is_empty() || self.core.load.is_some() {
            return Ok(None);
        }
        let today = self.today();
        let (open, of) = self.uncounted(today);
        let most = if only_few && open.len() > AT_ONCE { 0 } else { AT_ONCE };
        let now: Vec<DocId> = open.iter().copied().take(most).collect();
        if !now.is_empty() {
            let village = match asked(forms.iter()).contains(&BuiltIn::Village) {
                true => self.village_record().await?,
                false => Record::default(),
            };
            let due = DueForms { forms, village };
            // Where the app died over documents each is noted alone.
            let beside = if self.core.deaths.careful { 1 } else { OPENED_MAX };
            let mut counted = Vec::new();
            for some in now.chunks(beside) {
                counted.extend(self.count_some(some, &due, today).await?);
            }
            let mut batch = Batch::default();
            self.core.duties.put(&mut batch, counted);
            self.put_marks(batch, Durability::Relaxed).await?;
        }
        let left = open.len() - now.len();
        Ok((left > 0).then_some(CountingView {
            done: (of - left) as u32,
            of: of as u32,
        }))
    }

    /// Families that changed since they were counted, or were never, and how many there are in all.
    fn uncounted(&self, today: Date) -> (Vec<DocId>, usize) {
        let core = &*self.core;
        let active = core
            .rows
            .households()
            .filter(|(id, row)| row.active && !core.quarantine.is_shut(*id));
        let (mut open, mut of) = (Vec::new(), 0);
        for (id, row) in active {
            of += 1;
            if !core
                .duties
                .get(id)
                .is_some_and(|counted| counted.holds(&row.heads, today))
            {
                open.push(id);
            }
        }
        (open, of)
    }

    async fn count_some(&mut self, ids: &[DocId], due: &DueForms, today: Date) -> Result<Vec<Counted>, ClientError> {
        self.note_opening(ids).await?;
        let mut counted = Vec::new();
        for id in ids {
            let was_open = self.core.open.iter().any(|open| open.document.id() == *id);
            if !was_open {
                match shelf::take(self.store, *id).await? {
                    Taken::Open(mut shelved) => {
                        self.note_damage(&mut shelved);
                        self.core.open.push_back(shelved);
                    }
                    // Whoever opens it for itself says what is wrong; here it is due for nobody.
                    Taken::Absent | Taken::Unreadable(..) => {}
                }
            }
            let heads = self.core.rows.household(*id).map(|row| row.heads).unwrap_or_default();
            counted.push(Counted {
                document: *id,
                heads,
                on: today,
                duties: self
                    .opened(*id)
                    .map_or_else(|_| Vec::new(), |document| self.duties(document, due, today)),
            });
            if !was_open {
                self.core.open.retain(|open| open.document.id() != *id);
            }
        }
        self.clear_opening().await?;
        Ok(counted)
    }

    fn duties(&self, document: &Document, due: &DueForms, today: Date) -> Vec<Duty> {
        let family = document.family(Of::Shown);
        if !family.is_active(today) {
            return Vec::new();
        }
        let records = document.records(RECORDS).into_values();
        let finished = records.filter_map(|record| {
            let day = finished_on(&record)?;
            Some((record.text("form"), record.text("about"), day))
        });
        let looked = Looked {
            document,
            family: &family,
            records: finished.collect(),
            today,
        };
        let mut duties = self.duties_of(&looked, due, Subject::Household, None);
        for person in family.members(today) {
            duties.extend(self.duties_of(&looked, due, Subject::Person, Some(person.id)));
        }
        duties
    }

    fn duties_of(&self, of: &Looked<'_>, due: &DueForms, subject: Subject, about: Option<RecordId>) -> Vec<Duty> {
        let lists = asked(due.of(subject).map(|(_, one)| one));
        let whom = whom(of.document.id(), of.family, subject, about, of.today);
        let rows = self.rows_of(
            &whom,
            Some(of.document),
            Some(of.family),
            &due.village,
            of.today,
            &lists,
        );
        let name = whom.about_text();
        let mut duties = Vec::new();
        for (at, one) in due.of(subject) {
            let mine = of
                .records
                .iter()
                .filter(|(form, about, _)| *form == one.form.id && *about == name);
            let days: Vec<Date> = mine.map(|(.., day)| *day).collect();
            let applies = applies(&one.form, &rows, self.host);
            if !applies && (days.is_empty() || about.is_some()) {
                continue;
            }
            let since = applies
                .then(|| self.since(of, due, one, &whom, &lists, &days))
                .flatten();
            duties.push(Duty {
                form: at,
                about,
                applies,
                since,
                days: recent(one, days, of.today),
            });
        }
        duties
    }

    /// The beginning of the step before, where less was done in it than it asks for and the register said already then that
    /// the form is for them: who came later, or fell ill later, missed nothing.
    fn since(
        &self,
        of: &Looked<'_>,
        due: &DueForms,
        one: &InUse,
        whom: &Whom,
        lists: &BTreeSet<BuiltIn>,
        days: &[Date],
    ) -> Option<Date> {
        let steps = Steps::of(one.form.due?);
        let last = steps.around(of.today).0.add_days(-1);
        let began = steps.around(last).0;
        let there = one.published.since.is_some_and(|since| since <= began);
        if !there || steps.done(days, last) >= steps.times {
            return None;
        }
        let dated = |time_s: i64| Date::in_china(time_s.saturating_mul(1000));
        let was = of.document.only(|change| dated(change.time_s) <= began).ok()?;
        let family = was.family(Of::Shown);
        let counted = match whom.about {
            None => family.is_active(began) && !was.is_empty(),
            Some(about) => family.members(began).iter().any(|person| person.id == about),
        };
        let rows = self.rows_of(whom, Some(&was), Some(&family), &due.village, began, lists);
        (counted && applies(&one.form, &rows, self.host)).then_some(began)
    }
}

fn whom(document: DocId, family: &Household, subject: Subject, about: Option<RecordId>, today: Date) -> Whom {
    let person = match about {
        Some(about) => family.persons.iter().find(|person| person.id == about),
        None => family.head(today),
    };
    Whom {
        document,
        kind: DocKind::Household,
        about,
        subject,
        name: person.map(|person| person.name.clone()).unwrap_or_default(),
        group: family.group.clone(),
    }
}

/// The days that are still looked at: of this stretch and the last one, and the last day of all.
fn recent(one: &InUse, mut days: Vec<Date>, today: Date) -> Vec<Date> {
    days.sort_unstable();
    let last = days.last().copied();
    if let Some(due) = one.form.due {
        let before = stretch(due, today).0.add_days(-1);
        let from = stretch(due, before).0;
        days.retain(|day| *day >= from || Some(*day) == last);
    }
    days
}
