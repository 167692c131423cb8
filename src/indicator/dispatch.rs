//! The sheet of a period (S064, S122, S132): who was visited, what was found, signed off, is open and overdue, where it
//! is hardest, whose phones have not synchronised. Counted from the records alone.

use super::period::Period;
use crate::base::date::Date;
use crate::index::FindingRow;
use crate::ledger::{Counts, Procedure};
use crate::register::enums::{self, FINDING_CATEGORY};
use crate::register::needs::Ratio;
use crate::register::words::{Language, Sentence, Words, words};

/// Categories that are named.
pub const DIFFICULTIES_MAX: usize = 3;
/// Phones that are named in a text.
const NAMED_MAX: usize = 5;
/// What stands for a category that is not written where many read it (INV18).
const OTHER: Words = words("其他", "Other");

/// What a sheet needs of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub category: String,
    pub found_on: Option<Date>,
    pub counts: Counts,
    /// Done with in one step, which is no sign-off.
    pub fixed: bool,
    /// Since when it stands as it does.
    pub since: Option<Date>,
    pub due: Option<Date>,
}

impl Problem {
    /// From the line that lists keep.
    pub fn of(row: &FindingRow, procedure: &Procedure) -> Self {
        let status = row.status.as_ref();
        let state = status.and_then(|status| procedure.states.get(procedure.state(&status.state)?));
        Self {
            category: row.category.clone(),
            found_on: row.found_on,
            counts: match state {
                _ if row.void => Counts::Void,
                Some(state) => state.counts,
                None => Counts::Open,
            },
            fixed: status.is_some_and(|status| status.state == "fixed"),
            since: status.and_then(|status| status.since),
            due: status.and_then(|status| status.due),
        }
    }

    /// Done with on or before a day.
    fn closed_by(&self, day: Date) -> bool {
        self.counts == Counts::Closed && self.since.is_none_or(|since| since <= day)
    }
}

/// Somebody whose phone has not brought what it holds, or not fetched what others wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    pub name: String,
    /// Days since it last synchronised; nothing where that is not known here, or it never did.
    pub days: Option<i64>,
}

/// A sheet of one village, or of several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub period: Period,
    /// The day up to which it counts.
    pub on: Date,
    /// Households visited in the period, of those on the register.
    pub visited: Ratio,
    pub found: u32,
    pub signed_off: u32,
    pub fixed: u32,
    pub open: u32,
    pub overdue: u32,
    /// The categories of what is open, the most frequent first, with their counts.
    pub difficulties: Vec<(Sentence, u32)>,
}

impl Sheet {
    /// Counts. `visited` says of each household on the register on which days it was visited.
    pub fn count<'a>(
        period: Period,
        on: Date,
        households: impl Iterator<Item = &'a [Date]>,
        problems: impl Iterator<Item = Problem>,
    ) -> Self {
        let within = |day: Date| period.from <= day && day <= on.min(period.to);
        let mut sheet = Self {
            period,
            on,
            visited: Ratio::default(),
            found: 0,
            signed_off: 0,
            fixed: 0,
            open: 0,
            overdue: 0,
            difficulties: Vec::new(),
        };
        for days in households {
            sheet.visited.whole += 1;
            sheet.visited.part += u32::from(days.iter().any(|day| within(*day)));
        }
        for problem in problems {
            // One without a day was found at some time before.
            let known = problem.found_on.is_none_or(|found| found <= on);
            if problem.counts == Counts::Void || !known {
                continue;
            }
            sheet.found += u32::from(problem.found_on.is_some_and(within));
            if problem.closed_by(on) {
                let now = u32::from(problem.since.is_some_and(within));
                *if problem.fixed {
                    &mut sheet.fixed
                } else {
                    &mut sheet.signed_off
                } += now;
                continue;
            }
            sheet.open += 1;
            sheet.overdue += u32::from(problem.due.is_some_and(|due| due < on));
            sheet.difficulty(category(&problem.category), 1);
        }
        sheet.sort();
        sheet
    }

    fn difficulty(&mut self, category: Sentence, count: u32) {
        match self.difficulties.iter_mut().find(|(known, _)| *known == category) {
            Some((_, so_far)) => *so_far += count,
            None => self.difficulties.push((category, count)),
        }
    }

    fn sort(&mut self) {
        let place = |category: &Sentence| FINDING_CATEGORY.iter().position(|known| known.label.zh == category.zh);
        self.difficulties
            .sort_by_key(|(category, count)| (u32::MAX - count, place(category)));
    }

    /// Several villages together.
    pub fn add(&mut self, other: &Self) {
        self.visited.part += other.visited.part;
        self.visited.whole += other.visited.whole;
        self.found += other.found;
        self.signed_off += other.signed_off;
        self.fixed += other.fixed;
        self.open += other.open;
        self.overdue += other.overdue;
        for (category, count) in &other.difficulties {
            self.difficulty(category.clone(), *count);
        }
        self.sort();
    }

    /// 饮水 4、住房 3: where it is hardest.
    pub fn hardest(&self, language: Language) -> String {
        let named = self.difficulties.iter().take(DIFFICULTIES_MAX);
        let named = named.map(|(category, count)| format!("{} {count}", of(category, language)));
        named.collect::<Vec<_>>().join(between(language))
    }

    /// The sheet as one pastes it into a group.
    pub fn text(&self, village: &str, behind: &[Behind], check_code: &str, language: Language) -> String {
        let (visited, all) = (self.visited.part, self.visited.whole);
        let (found, signed, fixed) = (self.found, self.signed_off, self.fixed);
        let (open, overdue) = (self.open, self.overdue);
        let title = self.period.cadence.sheet().of(language);
        let this = self.period.cadence.this().of(language);
        let (from, on) = (self.period.from, self.on.min(self.period.to));
        let hardest = self.hardest(language);
        let missing = missing(behind, language);
        match language {
            Language::Zh => {
                let mut lines = vec![
                    format!("【{village}】{title}（{}—{}）", from.zh(), on.zh()),
                    format!("走访：{this}{visited}户，共{all}户"),
                    format!("问题：新发现{found}件，销号{signed}件，当场办结{fixed}件"),
                    format!("未销号：{open}件，其中超期{overdue}件"),
                ];
                lines.extend((!hardest.is_empty()).then(|| format!("难点：{hardest}")));
                lines.push(match missing.as_str() {
                    "" => "手机：都已同步".to_owned(),
                    names => format!("手机未同步：{names}"),
                });
                lines.push(format!("统计到{}，核对码 {check_code}", self.on.zh()));
                lines.join("\n")
            }
            Language::En => {
                let mut lines = vec![
                    format!("[{village}] {title} ({from} to {on})"),
                    format!("Visited {this}: {visited} of {all} households"),
                    format!("Findings: {found} new, {signed} signed off, {fixed} fixed on the spot"),
                    format!("Open: {open}, of them {overdue} overdue"),
                ];
                lines.extend((!hardest.is_empty()).then(|| format!("Hardest: {hardest}")));
                lines.push(match missing.as_str() {
                    "" => "Phones: all synchronised".to_owned(),
                    names => format!("Phones not synchronised: {names}"),
                });
                lines.push(format!("Counted to {}, check code {check_code}", self.on));
                lines.join("\n")
            }
        }
    }
}

/// 李强 9天、赵敏: whose phones have not synchronised, the longest first.
pub fn missing(behind: &[Behind], language: Language) -> String {
    let named = behind.iter().take(NAMED_MAX).map(|one| match (one.days, language) {
        (None, _) => one.name.clone(),
        (Some(days), Language::Zh) => format!("{} {days}天", one.name),
        (Some(days), Language::En) => format!("{} {days} days", one.name),
    });
    let mut named = named.collect::<Vec<_>>().join(between(language));
    let more = behind.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        named.push_str(&match language {
            Language::Zh => format!("，另{more}部"),
            Language::En => format!(" and {more} more"),
        });
    }
    named
}

/// A category as it may stand where many read it.
pub fn category(stored: &str) -> Sentence {
    match enums::choice(FINDING_CATEGORY, stored) {
        Some(choice) if choice.sensitive => OTHER.into(),
        Some(choice) => choice.label.into(),
        None if stored.is_empty() => OTHER.into(),
        None => Sentence::new(stored, stored),
    }
}

fn of(sentence: &Sentence, language: Language) -> &str {
    match language {
        Language::Zh => &sentence.zh,
        Language::En => &sentence.en,
    }
}

const fn between(language: Language) -> &'static str {
    match language {
        Language::Zh => "、",
        Language::En => ", ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::Cadence;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn problem(category: &str, found: &str, counts: Counts, since: &str, due: &str) -> Problem {
        Problem {
            category: category.into(),
            found_on: found.parse().ok(),
            counts,
            fixed: false,
            since: since.parse().ok(),
            due: due.parse().ok(),
        }
    }

    fn week() -> Sheet {
        let on = day("2017-05-26");
        let visits = [
            vec![day("2017-05-22"), day("2017-05-23")],
            vec![day("2017-05-21")],
            vec![],
            // Written down ahead, and not yet so.
            vec![day("2017-05-27")],
        ];
        let mut fixed = problem("饮水", "2017-05-24", Counts::Closed, "2017-05-24", "");
        fixed.fixed = true;
        let problems = [
            problem("住房", "2017-04-25", Counts::Closed, "2017-05-26", "2017-05-25"),
            // Signed off before the period.
            problem("住房", "2017-04-25", Counts::Closed, "2017-05-19", "2017-05-25"),
            fixed,
            problem("饮水", "2017-05-22", Counts::Open, "", "2017-05-26"),
            problem("饮水", "2017-05-01", Counts::Open, "", "2017-05-25"),
            problem("信访", "2017-05-22", Counts::Open, "", ""),
            problem("其他", "2017-05-22", Counts::Open, "", ""),
            problem("教育", "2017-05-23", Counts::Void, "2017-05-23", "2017-05-24"),
            problem("教育", "2017-05-27", Counts::Open, "", ""),
            // Signed off later: open on this day.
            problem("产业", "2017-05-02", Counts::Closed, "2017-05-27", ""),
        ];
        let period = Period::around(Cadence::Week, on);
        Sheet::count(period, on, visits.iter().map(Vec::as_slice), problems.into_iter())
    }

    #[test]
    fn a_sheet_counts_what_the_period_holds_up_to_its_day() {
        let sheet = week();
        assert_eq!((sheet.visited.part, sheet.visited.whole), (1, 4));
        assert_eq!((sheet.found, sheet.signed_off, sheet.fixed), (4, 1, 1));
        // Due on the day itself is not overdue.
        assert_eq!((sheet.open, sheet.overdue), (5, 1));
        assert_eq!(sheet.hardest(Language::Zh), "饮水 2、其他 2、产业 1");
        assert_eq!(
            sheet.difficulties.iter().map(|(_, count)| count).sum::<u32>(),
            sheet.open
        );
    }

    #[test]
    fn sheets_of_villages_add_up() {
        let mut all = week();
        all.add(&week());
        assert_eq!((all.visited.part, all.visited.whole), (2, 8));
        assert_eq!(
            (all.found, all.signed_off, all.fixed, all.open, all.overdue),
            (8, 2, 2, 10, 2)
        );
        assert_eq!(all.hardest(Language::En), "Drinking water 4, Other 4, Business 2");
    }

    #[test]
    fn the_text_says_all_of_it_and_nothing_sensitive() {
        let name = |name: &str, days| Behind {
            name: name.into(),
            days,
        };
        let behind = [name("李强", Some(9)), name("赵敏", None)];
        let text = week().text("白果村", &behind, "ABCD", Language::Zh);
        assert_eq!(
            text,
            "【白果村】本周调度表（2017年5月22日—2017年5月26日）\n走访：本周1户，共4户\n问题：新发现4件，销号1件，当场办结1件\n\
             未销号：5件，其中超期1件\n难点：饮水 2、其他 2、产业 1\n手机未同步：李强 9天、赵敏\n统计到2017年5月26日，核对码 ABCD"
        );
        assert!(!text.contains("信访"));
        let many = vec![name("李强", Some(1)); 7];
        assert!(missing(&many, Language::Zh).ends_with("李强 1天，另2部"));
        assert!(
            week()
                .text("白果村", &[], "", Language::En)
                .contains("all synchronised")
        );
    }
}
