//! 人均纯收入: what a household earned in a year, a head. Never stored: it follows from the amounts and the members.

use crate::base::money::Fen;
use crate::register::values::Values;

/// What is added, by the beginning of its key.
const EARNED: [&str; 4] = ["income_wage", "income_business", "income_property", "income_transfer"];
/// What is taken off.
const SPENT: &str = "income_cost";

/// 纯收入 of a year in 分: wages + production + property + transfers − costs of production. Nothing where none of what is
/// earned was ever asked; what is missing beside it counts as nothing.
pub fn net(values: &impl Values, year: &str) -> Option<Fen> {
    let of = |prefix: &str| values.int(&format!("{prefix}/{year}"));
    let earned: Vec<i64> = EARNED.into_iter().filter_map(of).collect();
    if earned.is_empty() {
        return None;
    }
    let spent = of(SPENT).unwrap_or_default();
    Some(Fen(earned.iter().fold(-spent, |sum, one| sum.saturating_add(*one))))
}

/// The latest year of which anything earned is known.
pub fn latest_year(values: &impl Values) -> Option<String> {
    let years = EARNED.into_iter().filter_map(|prefix| {
        let under = values.under(prefix).into_iter();
        under
            .filter(|(_, value)| value.to_int().is_some())
            .map(|(year, _)| year.to_owned())
            .max()
    });
    years.max()
}

/// A head of so many registered members, rounded half up to the 分 for display; nothing where there is nobody.
pub fn each(net: Fen, members: usize) -> Option<Fen> {
    let members = i64::try_from(members).ok().filter(|members| *members > 0)?;
    let double = net.0.checked_mul(2)?.checked_add(members)?;
    Some(Fen(double.div_euclid(members * 2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::scalar::Scalar;
    use std::collections::BTreeMap;

    fn amounts(all: &[(&str, i64)]) -> BTreeMap<String, Scalar> {
        all.iter()
            .map(|(key, yuan)| ((*key).to_owned(), Fen::from_yuan(*yuan).0.into()))
            .collect()
    }

    #[test]
    fn the_household_of_the_first_scenario_has_8385_a_head() {
        let household = amounts(&[
            ("income_wage/2019", 21_000),
            ("income_business/2019", 8_600),
            ("income_property/2019", 800),
            ("income_transfer/2019", 6_240),
            ("income_cost/2019", 3_100),
            ("income_wage/2018", 12_000),
        ]);
        assert_eq!(latest_year(&household).as_deref(), Some("2019"));
        let net = net(&household, "2019").unwrap();
        assert_eq!(net, Fen::from_yuan(33_540));
        assert_eq!(each(net, 4), Some(Fen(838_500)));
        assert_eq!(each(net, 5), Some(Fen(670_800)));
        assert_eq!(each(net, 0), None);
    }

    #[test]
    fn what_was_never_asked_is_unknown_and_halves_go_up() {
        let costs = amounts(&[("income_cost/2019", 100)]);
        assert_eq!((net(&costs, "2019"), latest_year(&costs)), (None, None));
        let loss = amounts(&[("income_cost/2019", 100), ("income_business/2019", 0)]);
        assert_eq!(net(&loss, "2019"), Some(Fen::from_yuan(-100)));
        assert_eq!(each(Fen(5), 2), Some(Fen(3)));
        assert_eq!(each(Fen(-5), 2), Some(Fen(-2)));
        assert_eq!(each(Fen(100), 3), Some(Fen(33)));
    }
}
