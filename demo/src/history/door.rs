//! One visit: what is found at the door, filled into the real form and saved.

use super::Team;
use super::family::{Family, Need};
use super::route::Route;
use super::words::{AWAY, CALLS, OTHERS, PROBLEMS, Problem, REMARKS};
use crate::team::SIZE;
use crate::trouble::Trouble;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{CheckDraft, CheckRow, FindingDraft, VisitDraft, VisitForm};
use bianfang::register::enums::{Dimension, Verdict};
use std::collections::BTreeMap;

/// Of a hundred doors, those where nobody opens.
const NOBODY: u64 = 10;
/// Of a hundred, those reached by telephone.
const BY_PHONE: u64 = 5;
/// Of a hundred visits, those that find something wrong.
const PROBLEM: u64 = 14;
/// Of a hundred visits, those made by two.
const TOGETHER: u64 = 14;
/// Of a hundred visits without a problem, those that promise to come again.
const AGAIN: u64 = 12;
/// Of a hundred visits, those that mend the register too.
const MENDING: u64 = 22;
/// Of a hundred checks, on a first visit and later, those that are looked at.
const LOOKED: [u64; 2] = [88, 35];
/// Of a hundred calls by the village secretary and by the others, those that are of a special kind.
const SPECIAL: u64 = 18;

/// What was made so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// Visits.
    pub visits: usize,
    /// Problems.
    pub findings: usize,
    /// Edits of the register.
    pub edits: usize,
    /// How often each remark and each problem was told: the least told comes first.
    remarks: BTreeMap<usize, u32>,
    problems: BTreeMap<usize, u32>,
    /// The family that is found away, once there is one.
    away: Option<usize>,
}

/// What somebody found.
struct Told {
    words: String,
    judgement: String,
    problem: Option<(&'static Problem, String)>,
}

impl Team<'_> {
    /// Goes to the next door.
    pub(super) async fn visit(&self, who: usize, route: &mut Route, seen: &mut Seen) -> Result<(), Trouble> {
        let today = self.today();
        let Some(door) = route.next(who, today, &self.random) else {
            return Ok(());
        };
        let id = route.doors[door].id.clone();
        let family = self.page(who, &id).await?;
        let form = Request::VisitForm {
            household: id.clone(),
            visit: String::new(),
        };
        let Reply::VisitForm { form } = self.cadre(who).ask(form).await? else {
            return Ok(());
        };
        let draft = self.fill(who, door, &family, *form, seen);
        if !draft.next_on.is_empty()
            && let Ok(on) = draft.next_on.parse()
        {
            route.promise(who, door, on);
        }
        let at_home = draft.home == "at_home";
        seen.visits += 1;
        seen.findings += draft.findings.len();
        let visit = Request::SaveVisit {
            draft,
            finish: true,
            problems: Vec::new(),
        };
        self.cadre(who).ask(visit).await?;
        if at_home && self.random.chance(MENDING) {
            self.mend(who, &id, seen).await?;
        }
        Ok(())
    }

    fn fill(&self, who: usize, door: usize, family: &Family, form: VisitForm, seen: &mut Seen) -> VisitDraft {
        let random = &self.random;
        let mut draft = form.draft;
        if who == SIZE - 1 && random.chance(SPECIAL) {
            draft.kind = "三级书记遍访".to_owned();
        } else if family.has(Need::Poor) && random.chance(SPECIAL / 3) {
            draft.kind = "慰问".to_owned();
        }
        if seen.away.is_none() && family.has(Need::Worker) && family.at_home().next().is_none() {
            seen.away = Some(door);
        }
        if seen.away == Some(door) {
            draft.home = "away".to_owned();
            draft.words = self.one_of(AWAY, family);
            draft.judgement = "举家外出务工，已留电话，春节前再访".to_owned();
            return draft;
        }
        match random.below(100) {
            chance if chance < NOBODY => draft.home = "nobody_home".to_owned(),
            chance if chance < NOBODY + BY_PHONE => {
                draft.home = "phone".to_owned();
                draft.words = self.one_of(CALLS, family);
            }
            _ => {
                draft.home = "at_home".to_owned();
                self.at_home(who, family, &form.checks, &mut draft, seen);
            }
        }
        draft
    }

    fn at_home(&self, who: usize, family: &Family, checks: &[CheckRow], draft: &mut VisitDraft, seen: &mut Seen) {
        let random = &self.random;
        let home: Vec<_> = family.at_home().collect();
        match random.pick(&home) {
            Some(person) => draft.met = vec![person.id.clone()],
            None => draft.met_other = random.pick(OTHERS).copied().unwrap_or_default().to_owned(),
        }
        if random.chance(TOGETHER) {
            let other = (who + 1 + random.below(SIZE as u64 - 1) as usize) % SIZE;
            draft.with = vec![self.members[other].to_string()];
        }
        let told = self.told(family, seen);
        for (check, row) in draft.checks.iter_mut().zip(checks) {
            self.look(family, check, row);
        }
        if let Some((problem, finding)) = told.problem {
            let found = problem
                .check
                .map(|(dimension, verdict)| (dimension.code(), verdict.code()));
            for check in draft.checks.iter_mut() {
                if let Some((_, verdict)) = found.filter(|(dimension, _)| check.dimension == *dimension) {
                    check.verdict = verdict.to_owned();
                    check.basis = "checked".to_owned();
                }
            }
            draft.findings = vec![FindingDraft {
                category: problem.category.to_owned(),
                words: finding,
                ..FindingDraft::default()
            }];
        }
        draft.words = told.words;
        draft.judgement = told.judgement;
        let today = self.today();
        if !draft.findings.is_empty() && random.chance(70) {
            draft.next_on = today.add_days(if random.chance(50) { 7 } else { 15 }).to_string();
        } else if random.chance(AGAIN) {
            draft.next_on = today.add_days(if random.chance(50) { 15 } else { 30 }).to_string();
        }
    }

    /// A check as it is answered: looked at, carried over, or left open.
    fn look(&self, family: &Family, check: &mut CheckDraft, row: &CheckRow) {
        let first = row.last_verdict.is_empty();
        if !self.random.chance(LOOKED[usize::from(!first)]) {
            return;
        }
        let known = Dimension::from_code(&check.dimension);
        let verdict = match known {
            Some(Dimension::Education) if row.proposed.is_some() => Verdict::NotApplicable,
            Some(Dimension::Housing) => match family.field("housing_grade").as_str() {
                "D" => Verdict::Unmet,
                "C" => Verdict::Basic,
                _ => Verdict::Met,
            },
            Some(Dimension::Water) => match family.field("water").as_str() {
                "不达标" => Verdict::Unmet,
                "基本达标" => Verdict::Basic,
                _ => Verdict::Met,
            },
            Some(Dimension::Clothing | Dimension::Food) if family.has(Need::Poor) && self.random.chance(6) => {
                Verdict::Basic
            }
            _ => Verdict::Met,
        };
        check.verdict = verdict.code().to_owned();
        check.basis = "checked".to_owned();
    }

    /// What is said: now and then something wrong, else what was told least.
    fn told(&self, family: &Family, seen: &mut Seen) -> Told {
        if self.random.chance(PROBLEM)
            && let Some(told) = self.problem(family, &mut seen.problems)
        {
            return told;
        }
        let fitting = |place: &usize| family.has(REMARKS[*place].needs);
        let least = self.least(REMARKS.len(), &seen.remarks, fitting);
        for place in least {
            let remark = &REMARKS[place];
            if let Some(words) = family.told(remark.words, &self.random) {
                *seen.remarks.entry(place).or_default() += 1;
                return Told {
                    words,
                    judgement: remark.judgement.to_owned(),
                    problem: None,
                };
            }
        }
        Told {
            words: String::new(),
            judgement: String::new(),
            problem: None,
        }
    }

    fn problem(&self, family: &Family, told: &mut BTreeMap<usize, u32>) -> Option<Told> {
        let fitting = |place: &usize| family.has(PROBLEMS[*place].needs);
        for place in self.least(PROBLEMS.len(), told, fitting) {
            let problem = &PROBLEMS[place];
            // Together, so that both sentences name the same child or worker.
            let both = format!("{}\n{}", problem.finding, problem.words);
            let Some(text) = family.told(&both, &self.random) else {
                continue;
            };
            let (finding, words) = text.split_once('\n').unwrap_or((&text, ""));
            *told.entry(place).or_default() += 1;
            return Some(Told {
                words: words.to_owned(),
                judgement: problem.judgement.to_owned(),
                problem: Some((problem, finding.to_owned())),
            });
        }
        None
    }

    /// The fitting ones, the least told first, by chance among those told as often.
    fn least(&self, count: usize, told: &BTreeMap<usize, u32>, fits: impl Fn(&usize) -> bool) -> Vec<usize> {
        let mut places: Vec<(u32, u64, usize)> = (0..count)
            .filter(fits)
            .map(|place| (told.get(&place).copied().unwrap_or(0), self.random.next(), place))
            .collect();
        places.sort_unstable();
        places.into_iter().map(|(_, _, place)| place).collect()
    }

    fn one_of(&self, sentences: &[&str], family: &Family) -> String {
        let begin = self.random.below(sentences.len() as u64) as usize;
        let turned = sentences.iter().cycle().skip(begin).take(sentences.len());
        turned
            .filter_map(|sentence| family.told(sentence, &self.random))
            .next()
            .unwrap_or_default()
    }
}
