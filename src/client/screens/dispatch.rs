//! 调度表: the sheet of a week, half-month or month from what this phone holds.

use crate::base::date::Date;
use crate::base::host::Host;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{CategoryCount, Choice, DispatchView, Words};
use crate::indicator::{Behind, Cadence, Period, Problem, Sheet};
use crate::register::words::Language;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The sheet of `week/2017-05-26`; of this week where nothing is asked for.
    ///
    /// # Errors
    /// What is no period.
    pub(super) fn dispatch(&self, asked: &str) -> Result<DispatchView, ClientError> {
        let today = self.today();
        let (cadence, on) = match asked.split_once('/') {
            None => (Cadence::Week, today),
            Some((cadence, on)) => {
                let read = Cadence::from_code(cadence).zip(on.parse().ok());
                read.ok_or(ClientError::NotFound)?
            }
        };
        let sheet = self.sheet(Period::around(cadence, on), on);
        let behind = self.behind();
        let check_code = self.held_digest().check_code();
        let village = self.village_view().name;
        let text = |language| sheet.text(&village, &behind, &check_code, language);
        Ok(DispatchView {
            period: format!("{}/{on}", cadence.code()),
            periods: periods(today),
            title: cadence.sheet().into(),
            from: sheet.period.from.to_string(),
            on: on.to_string(),
            households: sheet.visited.whole,
            visited: sheet.visited.part,
            found: sheet.found,
            signed_off: sheet.signed_off,
            fixed: sheet.fixed,
            open: sheet.open,
            overdue: sheet.overdue,
            text: Words::new(text(Language::Zh), text(Language::En)),
            difficulties: sheet
                .difficulties
                .into_iter()
                .map(|(category, count)| CategoryCount {
                    category: Words::new(category.zh, category.en),
                    count,
                })
                .collect(),
            behind: behind.into_iter().map(|one| one.name).collect(),
            local: self.core.outbox.len() as u32,
            check_code,
        })
    }

    fn sheet(&self, period: Period, on: Date) -> Sheet {
        let families = self.core.rows.families().filter(|(_, row)| row.active);
        let days: Vec<Vec<Date>> = families
            .map(|(_, row)| row.visits.iter().map(|visit| visit.on).collect())
            .collect();
        // Every problem is of a version that comes with the app.
        let procedure = self.core.procedures.of("", None);
        let rows = self.core.rows.findings().filter(|(_, row)| row.is_problem());
        let problems = rows.map(|(_, row)| Problem::of(row, &procedure));
        Sheet::count(period, on, days.iter().map(Vec::as_slice), problems)
    }

    /// Whose phones are not known to hold everything; how long is known to the endpoint alone.
    fn behind(&self) -> Vec<Behind> {
        let named = |name: String| Behind { name, days: None };
        let mine = (!self.core.outbox.is_empty()).then(|| self.me_view().name);
        mine.into_iter().chain(self.lagging()).map(named).collect()
    }
}

/// This and the last of each kind.
fn periods(today: Date) -> Vec<Choice> {
    let names = [
        ("本周", "This week", "上周", "Last week"),
        ("本半月", "This half-month", "上半月", "Last half-month"),
        ("本月", "This month", "上月", "Last month"),
    ];
    let choice = |cadence: Cadence, on: Date, zh: &str, en: &str| Choice {
        value: format!("{}/{on}", cadence.code()),
        words: Words::new(zh, en),
    };
    let pairs = Cadence::ALL.into_iter().zip(names);
    pairs
        .flat_map(|(cadence, (zh, en, last_zh, last_en))| {
            let last = Period::around(cadence, today).before().to;
            [choice(cadence, today, zh, en), choice(cadence, last, last_zh, last_en)]
        })
        .collect()
}
