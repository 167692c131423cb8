//! A visit at the door, what of it counts, and the present state of the six checks.

use std::collections::{BTreeMap, BTreeSet};

use super::enums::{Basis, Dimension, Home, Verdict};
use super::values::Values;
use crate::base::date::Date;
use crate::base::id::{MemberId, RecordId};

/// The kind of visit that counts towards the number a paired helper owes (S129).
pub const PAIRED_VISIT: &str = "结对走访";

/// One of the six checks as a visit left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// What was found.
    pub verdict: Verdict,
    /// Whether it was looked at, or left as it was.
    pub basis: Basis,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its record.
    pub id: RecordId,
    /// The author of the record; never a field of it. Nobody for what an import wrote.
    pub by: Option<MemberId>,
    /// The day.
    pub on: Date,
    /// The stored term: 结对走访, 入户核查 and so on.
    pub kind: String,
    /// Whom the visitor met; nothing where nobody answered that.
    pub home: Option<Home>,
    /// Who went along.
    pub with: BTreeSet<MemberId>,
    /// Members of the family who were met.
    pub met: BTreeSet<RecordId>,
    /// The checks that were answered.
    pub checks: BTreeMap<Dimension, Check>,
    /// 下次再来
    pub next_on: Option<Date>,
    /// Withdrawn: not counted, still readable.
    pub void: bool,
}

impl Visit {
    /// From a record and its author; nothing where the date is missing or unreadable.
    pub fn read(id: RecordId, by: Option<MemberId>, values: &impl Values) -> Option<Self> {
        let check = |dimension: &Dimension| {
            let key = format!("check/{}", dimension.code());
            let verdict = Verdict::from_code(&values.text(&key))?;
            // A verdict without a basis was not looked at for certain.
            let basis = Basis::from_code(&values.text(&format!("{key}/basis"))).unwrap_or(Basis::Carried);
            Some((*dimension, Check { verdict, basis }))
        };
        Some(Self {
            id,
            by,
            on: values.date("on")?,
            kind: values.text("kind"),
            home: Home::from_code(&values.text("home")),
            with: values.set("with").iter().filter_map(|id| id.parse().ok()).collect(),
            met: values.set("met").iter().filter_map(|id| id.parse().ok()).collect(),
            checks: Dimension::ALL.iter().filter_map(check).collect(),
            next_on: values.date("next_on"),
            void: values.is_void(),
        })
    }

    /// Whether it counts as a visit (INV17): somebody was at home. A telephone call, a locked door, a family that is away
    /// and a withdrawn visit do not.
    pub fn counts(&self) -> bool {
        !self.void && self.home == Some(Home::AtHome)
    }

    /// Whether a member made the visit or went along.
    pub fn is_by(&self, member: MemberId) -> bool {
        self.by == Some(member) || self.with.contains(&member)
    }
}

/// The present state of one check of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckState {
    /// The verdict that counts.
    pub verdict: Verdict,
    /// Whether the latest visit looked, or left it as it was.
    pub basis: Basis,
    /// The day of the latest visit that holds a verdict.
    pub on: Date,
    /// The visit it stands in.
    pub visit: RecordId,
    /// The last day on which somebody looked.
    pub checked_on: Option<Date>,
    /// Visits of that same day found different things; the verdict is the more cautious of them.
    pub differs: bool,
}

/// From most to least cautious.
fn caution(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unmet => 0,
        Verdict::Unchecked => 1,
        Verdict::Basic => 2,
        Verdict::Met => 3,
        Verdict::NotApplicable => 4,
    }
}

/// How each check stands on a day, from the visits that count. Of several visits on the latest day, one that looked is
/// believed over one that carried the old verdict along; of those that looked, the more cautious one.
pub fn checks_on(visits: &[Visit], day: Date) -> BTreeMap<Dimension, CheckState> {
    let mut states = BTreeMap::new();
    for dimension in Dimension::ALL {
        let stated: Vec<(&Visit, Check)> = visits
            .iter()
            .filter(|visit| visit.counts() && visit.on <= day)
            .filter_map(|visit| visit.checks.get(dimension).map(|check| (visit, *check)))
            .filter(|(_, check)| check.verdict != Verdict::Unchecked)
            .collect();
        let Some(on) = stated.iter().map(|(visit, _)| visit.on).max() else {
            continue;
        };
        let checked_on = stated
            .iter()
            .filter(|(_, c)| c.basis == Basis::Checked)
            .map(|(visit, _)| visit.on)
            .max();
        let mut latest: Vec<_> = stated.into_iter().filter(|(visit, _)| visit.on == on).collect();
        latest.sort_by_key(|(visit, check)| (check.basis, caution(check.verdict), visit.id));
        let (visit, check) = latest[0];
        let looked = latest.iter().filter(|(_, other)| other.basis == check.basis);
        let differs = looked.clone().any(|(_, other)| other.verdict != check.verdict);
        let state = CheckState {
            verdict: check.verdict,
            basis: check.basis,
            on,
            visit: visit.id,
            checked_on,
            differs,
        };
        states.insert(*dimension, state);
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::scalar::Scalar;

    fn day(text: &str) -> Date {
        text.parse().expect(text)
    }

    fn visit(id: u8, on: &str, water: (Verdict, Basis)) -> Visit {
        Visit {
            id: RecordId([id; 16]),
            by: None,
            on: day(on),
            kind: PAIRED_VISIT.to_owned(),
            home: Some(Home::AtHome),
            with: BTreeSet::new(),
            met: BTreeSet::new(),
            checks: BTreeMap::from([(
                Dimension::Water,
                Check {
                    verdict: water.0,
                    basis: water.1,
                },
            )]),
            next_on: None,
            void: false,
        }
    }

    #[test]
    fn only_meeting_somebody_counts() {
        let mut visit = visit(1, "2019-08-15", (Verdict::Met, Basis::Checked));
        for (home, counts) in [
            (Some(Home::AtHome), true),
            (Some(Home::NobodyHome), false),
            (Some(Home::Phone), false),
            (Some(Home::Away), false),
            (None, false),
        ] {
            visit.home = home;
            assert_eq!(visit.counts(), counts, "{home:?}");
        }
        visit.home = Some(Home::AtHome);
        visit.void = true;
        assert!(!visit.counts());
    }

    #[test]
    fn a_carried_verdict_keeps_the_day_on_which_somebody_looked() {
        let visits = [
            visit(1, "2019-01-20", (Verdict::Basic, Basis::Checked)),
            visit(2, "2019-03-05", (Verdict::Basic, Basis::Carried)),
            visit(3, "2019-04-18", (Verdict::Unchecked, Basis::Checked)),
        ];
        let state = checks_on(&visits, day("2019-08-15"))[&Dimension::Water];
        assert_eq!((state.verdict, state.basis), (Verdict::Basic, Basis::Carried));
        assert_eq!(
            (state.on, state.checked_on),
            (day("2019-03-05"), Some(day("2019-01-20")))
        );
        assert_eq!(
            checks_on(&visits, day("2019-02-01"))[&Dimension::Water].visit,
            RecordId([1; 16])
        );
        assert!(checks_on(&visits, day("2018-12-31")).is_empty());
        assert!(!checks_on(&visits, day("2019-08-15")).contains_key(&Dimension::Food));
    }

    #[test]
    fn of_two_visits_on_one_day_the_more_cautious_counts_and_the_difference_shows() {
        let mut visits = vec![
            visit(1, "2019-08-15", (Verdict::Met, Basis::Checked)),
            visit(2, "2019-08-15", (Verdict::Unmet, Basis::Checked)),
            visit(3, "2019-08-15", (Verdict::Unmet, Basis::Carried)),
        ];
        for _ in 0..3 {
            visits.rotate_left(1);
            let state = checks_on(&visits, day("2019-08-15"))[&Dimension::Water];
            assert_eq!(
                (state.verdict, state.differs, state.visit),
                (Verdict::Unmet, true, RecordId([2; 16]))
            );
        }
        visits.retain(|visit| visit.id != RecordId([2; 16]));
        let state = checks_on(&visits, day("2019-08-15"))[&Dimension::Water];
        assert_eq!((state.verdict, state.differs), (Verdict::Met, false));
    }

    #[test]
    fn a_visit_is_read_from_a_flat_record() {
        let who = MemberId([7; 16]);
        let record: BTreeMap<String, Scalar> = [
            ("on", "2019-08-15".into()),
            ("kind", PAIRED_VISIT.into()),
            ("home", "at_home".into()),
            ("check/water", "met".into()),
            ("check/water/basis", "checked".into()),
            ("check/food", "basic".into()),
            ("check/housing", "someday".into()),
            (&format!("with/{who}"), 1.into()),
            ("with/nobody", 1.into()),
        ]
        .map(|(key, value): (&str, Scalar)| (key.to_owned(), value))
        .into();
        let visit = Visit::read(RecordId([1; 16]), None, &record).unwrap();
        assert_eq!(
            visit.checks[&Dimension::Water],
            Check {
                verdict: Verdict::Met,
                basis: Basis::Checked
            }
        );
        assert_eq!(
            visit.checks[&Dimension::Food],
            Check {
                verdict: Verdict::Basic,
                basis: Basis::Carried
            }
        );
        assert_eq!(visit.checks.len(), 2);
        assert!(visit.counts() && visit.is_by(who) && !visit.is_by(MemberId([8; 16])));
        assert!(Visit::read(RecordId([1; 16]), None, &BTreeMap::new()).is_none());
    }
}
