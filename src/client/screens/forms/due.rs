//! How often a form is due, and how often it was done, by the calendar of China.

use crate::base::date::{Date, Month};
use crate::base::host::Host;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::both;
use crate::client::store::Store;
use crate::client::view::{DueFormsView, Words};
use crate::form::definition::{Due, Every};

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

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Forms that are due, for those whose role it is.
    pub(in crate::client::screens) async fn due_rows(
        &mut self,
    ) -> Result<Vec<crate::client::view::DueFormRow>, ClientError> {
        Ok(Vec::new())
    }

    /// For whom a form is due, done and missed.
    pub(super) async fn due_forms(&mut self, _form: &str) -> Result<DueFormsView, ClientError> {
        Err(ClientError::NotFound)
    }
}
