//! Six weeks of work of three people, made by their phones: mornings and afternoons of weekdays, doors in walking order,
//! promises kept, registers mended, and an exchange at noon and in the evening where there was signal. The same seed and
//! the same day give the same weeks.

mod calendar;
mod door;
mod edits;
mod family;
mod route;
mod words;

use crate::cadre::{Cadre, Time};
use crate::kept::Show;
use crate::team::SIZE;
use crate::trouble::Trouble;
use bianfang::base::date::Date;
use bianfang::base::id::MemberId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::HouseholdRow;
use bianfang_sim::random::Random;
pub use calendar::moment;
use calendar::{Doing, Step};
use door::Seen;
use edits::HAPPENS;
use family::Family;
use route::Route;

/// The household that the page proposes to edit: the one in the middle of the sample's third group.
const SHOWN_NUMBER: &str = "4228221042990037";
/// More than a village has.
const ALL: u32 = 10_000;

/// The three people at work.
pub struct Team<'a> {
    /// Their phones, the leader's first.
    pub cadres: &'a [Cadre],
    /// Who they are.
    pub members: &'a [MemberId],
    /// The clock.
    pub time: &'a Time,
    /// Chance.
    pub random: Random,
}

/// What the weeks left behind.
#[derive(Debug)]
pub struct Made {
    /// Problems written down.
    pub findings: usize,
    /// Edits of the register.
    pub edits: usize,
    /// The household to look at.
    pub show: Option<Show>,
}

impl Team<'_> {
    /// Lives through the weeks that end yesterday; `said` is told how many visits are made, of how many.
    ///
    /// # Errors
    /// When the core refuses something.
    pub async fn live(&self, visits: u32, today: Date, said: impl Fn(usize, usize)) -> Result<Made, Trouble> {
        // Who joined first knows nobody yet.
        self.exchange_all().await?;
        let rows = self.rows(0, "all").await?;
        let mut route = Route::new(&rows);
        self.pair(&rows, &mut route).await?;
        let mut seen = Seen::default();
        let plan = calendar::plan(visits as usize, today, &self.random.fork(2));
        let of = visits as usize;
        for Step { at_ms, who, doing } in plan {
            self.time.reach(at_ms);
            if doing == Doing::Exchange {
                self.cadre(who).sync().await?;
                continue;
            }
            self.visit(who, &mut route, &mut seen).await?;
            said(seen.visits, of);
            let made = seen.visits;
            for (_, once) in HAPPENS.iter().filter(|(when, _)| of * when / 100 == made) {
                self.happens(*once, &route, &mut seen).await?;
            }
        }
        self.leave_open(&route, &mut seen).await?;
        let shown = rows.iter().find(|row| row.number == SHOWN_NUMBER).or(rows.first());
        Ok(Made {
            findings: seen.findings,
            edits: seen.edits,
            show: shown.map(|row| Show {
                id: row.id.clone(),
                head: row.head.clone(),
                group: row.group.clone(),
            }),
        })
    }

    fn cadre(&self, who: usize) -> &Cadre {
        &self.cadres[who % SIZE]
    }

    fn today(&self) -> Date {
        Date::in_china(self.time.now_ms())
    }

    /// The list of households under a chip.
    async fn rows(&self, who: usize, chip: &str) -> Result<Vec<HouseholdRow>, Trouble> {
        let list = Request::Households {
            query: String::new(),
            chip: chip.to_owned(),
            group: String::new(),
            offset: 0,
            limit: ALL,
        };
        match self.cadre(who).ask(list).await? {
            Reply::Households { view } => Ok(view.rows),
            _ => Ok(Vec::new()),
        }
    }

    /// A household page.
    async fn page(&self, who: usize, id: &str) -> Result<Family, Trouble> {
        let page = Request::Household { id: id.to_owned() };
        match self.cadre(who).ask(page).await? {
            Reply::Household { view } => Ok(Family { page: *view }),
            _ => Err(Trouble::Refused {
                what: "household".to_owned(),
                code: "reply_unexpected".to_owned(),
            }),
        }
    }
}
