//! Assessments of housing and drinking water: what their parts add up to, and whether the written result agrees.

use std::collections::{BTreeMap, BTreeSet};

use super::enums::{AssessmentKind, ComponentGrade};
use super::values::Values;
use super::words::Sentence;
use crate::base::date::Date;
use crate::base::id::RecordId;

/// One assessment. Choices are held as their stored terms; what was never answered is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the field table")]
pub struct Assessment {
    pub id: RecordId,
    pub kind: AssessmentKind,
    pub on: Date,
    /// The housing grade as written: A, B, C, D.
    pub grade: String,
    pub site_safe: Option<bool>,
    pub components: BTreeMap<String, ComponentGrade>,
    /// The verdict on the water as written: 达标, 基本达标, 不达标.
    pub verdict: String,
    pub litres: Option<i64>,
    pub quality: String,
    pub signs: BTreeSet<String>,
    pub piped: Option<bool>,
    pub fetch_minutes: Option<i64>,
    pub fetch_m: Option<i64>,
    pub fetch_up_m: Option<i64>,
    pub short_days: Option<i64>,
    pub void: bool,
}

/// Bars of the drinking-water standard; provinces may tighten them, never loosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaterBars {
    /// Litres a person and day: met, basically met.
    pub litres: (i64, i64),
    /// Minutes to fetch water and back: at most, for met and basically met.
    pub minutes: (i64, i64),
    /// Metres to the water: at most, for met and basically met.
    pub metres: (i64, i64),
    /// Metres up or down to the water: at most, for met and basically met.
    pub up_metres: (i64, i64),
    /// Days without water a year: fewer than, for met and basically met.
    pub short_days: (i64, i64),
}

impl WaterBars {
    /// Regions with enough water.
    pub const WET: Self = Self {
        litres: (60, 35),
        minutes: (10, 20),
        metres: (400, 800),
        up_metres: (40, 80),
        short_days: (18, 36),
    };
    /// Regions short of water.
    pub const DRY: Self = Self {
        litres: (40, 20),
        ..Self::WET
    };
}

/// From worst to best, as one indicator of the water stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Unmet,
    Basic,
    Met,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Unmet => "不达标",
            Self::Basic => "基本达标",
            Self::Met => "达标",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Unmet, Self::Basic, Self::Met]
            .into_iter()
            .find(|level| level.word() == word)
    }

    fn at_most(value: i64, (met, basic): (i64, i64)) -> Self {
        match value {
            value if value <= met => Self::Met,
            value if value <= basic => Self::Basic,
            _ => Self::Unmet,
        }
    }
}

impl Assessment {
    /// From a record; nothing where kind or date are missing or unreadable.
    pub fn read(id: RecordId, values: &impl Values) -> Option<Self> {
        let yes = |key: &str| match values.text(key).as_str() {
            "是" => Some(true),
            "否" => Some(false),
            _ => None,
        };
        let components = values.under("component").into_iter();
        let grade = |(part, value): (&str, &crate::base::scalar::Scalar)| {
            Some((part.to_owned(), ComponentGrade::from_code(value.as_text()?)?))
        };
        Some(Self {
            id,
            kind: AssessmentKind::from_code(&values.text("kind"))?,
            on: values.date("on")?,
            grade: values.text("grade"),
            site_safe: yes("site_safe"),
            components: components.filter_map(grade).collect(),
            verdict: values.text("verdict"),
            litres: values.int("litres"),
            quality: values.text("quality"),
            signs: values.set("sign"),
            piped: yes("piped"),
            fetch_minutes: values.int("fetch_minutes"),
            fetch_m: values.int("fetch_m"),
            fetch_up_m: values.int("fetch_up_m"),
            short_days: values.int("short_days"),
            void: values.is_void(),
        })
    }

    /// The grade that the parts of the house add up to: D on a dangerous site, else as bad as the worst component.
    /// Nothing where no part was graded.
    pub fn proposed_grade(&self) -> Option<&'static str> {
        if self.site_safe == Some(false) {
            return Some("D");
        }
        self.components.values().max().map(|worst| match worst {
            ComponentGrade::A => "A",
            ComponentGrade::B => "B",
            ComponentGrade::C => "C",
            ComponentGrade::D => "D",
        })
    }

    /// What is odd about the written grade: it is better than the parts allow (INV03). Worse is the appraiser's right.
    pub fn grade_trouble(&self) -> Option<Sentence> {
        let proposed = self.proposed_grade()?;
        (!self.grade.is_empty() && self.grade.as_str() < proposed).then(|| {
            let zh = format!("等级{}高于构件鉴定得出的{proposed}", self.grade);
            Sentence::new(
                zh,
                format!("grade {} is better than the parts allow ({proposed})", self.grade),
            )
        })
    }

    /// The verdict that quantity, quality, access and reliability add up to: as bad as the worst of the four. Nothing where
    /// one of them is unknown and none is unmet.
    pub fn proposed_verdict(&self, bars: WaterBars) -> Option<&'static str> {
        let indicators = [
            self.quantity(bars),
            self.quality(),
            self.access(bars),
            self.reliability(bars),
        ];
        if indicators.contains(&Some(Level::Unmet)) {
            return Some(Level::Unmet.word());
        }
        let known: Option<Vec<Level>> = indicators.into_iter().collect();
        known?.into_iter().min().map(Level::word)
    }

    fn quantity(&self, bars: WaterBars) -> Option<Level> {
        let (met, basic) = bars.litres;
        self.litres.map(|litres| match litres {
            litres if litres >= met => Level::Met,
            litres if litres >= basic => Level::Basic,
            _ => Level::Unmet,
        })
    }

    /// The written quality; any sign (望、闻、问、尝) makes it unmet.
    fn quality(&self) -> Option<Level> {
        if self.signs.is_empty() {
            Level::from_word(&self.quality)
        } else {
            Some(Level::Unmet)
        }
    }

    /// Piped to the house or yard; else the better of the time it takes, and of distance and height together.
    fn access(&self, bars: WaterBars) -> Option<Level> {
        if self.piped == Some(true) {
            return Some(Level::Met);
        }
        let time = self.fetch_minutes.map(|minutes| Level::at_most(minutes, bars.minutes));
        let way = self.fetch_m.zip(self.fetch_up_m);
        let way = way.map(|(far, up)| Level::at_most(far, bars.metres).min(Level::at_most(up, bars.up_metres)));
        time.max(way)
    }

    fn reliability(&self, bars: WaterBars) -> Option<Level> {
        let (met, basic) = bars.short_days;
        self.short_days.map(|days| Level::at_most(days, (met - 1, basic - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::scalar::Scalar;

    fn assessment(kind: &str, values: &[(&str, Scalar)]) -> Assessment {
        let fixed = [("kind", Scalar::from(kind)), ("on", "2019-08-15".into())];
        let record: BTreeMap<String, Scalar> = fixed
            .iter()
            .chain(values)
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect();
        Assessment::read(RecordId([1; 16]), &record).unwrap()
    }

    fn house(values: &[(&str, &str)]) -> Assessment {
        let values: Vec<(&str, Scalar)> = values.iter().map(|(key, value)| (*key, (*value).into())).collect();
        assessment("housing", &values)
    }

    #[test]
    fn a_house_is_as_bad_as_its_worst_part_and_its_site() {
        assert_eq!(house(&[]).proposed_grade(), None);
        assert_eq!(house(&[("site_safe", "是")]).proposed_grade(), None);
        assert_eq!(
            house(&[("component/墙柱", "c"), ("component/梁", "b")]).proposed_grade(),
            Some("C")
        );
        assert_eq!(
            house(&[("component/墙柱", "a"), ("component/梁", "d")]).proposed_grade(),
            Some("D")
        );
        assert_eq!(
            house(&[("component/墙柱", "a"), ("site_safe", "否")]).proposed_grade(),
            Some("D")
        );
        assert_eq!(
            house(&[("component/墙柱", "a"), ("component/屋面", "a")]).proposed_grade(),
            Some("A")
        );
    }

    #[test]
    fn the_written_grade_may_be_worse_and_not_better() {
        let trouble = |grade: &str| {
            house(&[("component/墙柱", "c"), ("grade", grade)])
                .grade_trouble()
                .is_some()
        };
        assert!(trouble("A") && trouble("B"));
        assert!(!trouble("C") && !trouble("D") && !trouble(""));
        assert!(house(&[("grade", "A")]).grade_trouble().is_none());
    }

    fn water(change: &[(&str, Scalar)]) -> Option<&'static str> {
        let good: [(&str, Scalar); 4] = [
            ("litres", 60.into()),
            ("quality", "达标".into()),
            ("piped", "是".into()),
            ("short_days", 17.into()),
        ];
        let values: Vec<_> = good.into_iter().chain(change.iter().cloned()).collect();
        assessment("water", &values).proposed_verdict(WaterBars::WET)
    }

    #[test]
    fn water_is_as_bad_as_the_worst_of_four() {
        for (key, met, basic, unmet) in [("litres", 60, 35, 34), ("short_days", 17, 35, 36)] {
            assert_eq!(water(&[(key, met.into())]), Some("达标"), "{key}");
            assert_eq!(water(&[(key, basic.into())]), Some("基本达标"), "{key}");
            assert_eq!(water(&[(key, unmet.into())]), Some("不达标"), "{key}");
        }
        assert_eq!(water(&[("quality", "基本达标".into())]), Some("基本达标"));
        assert_eq!(water(&[("sign/异味", 1.into())]), Some("不达标"));
        assert_eq!(water(&[("quality", Scalar::CLEARED)]), None);
        assert_eq!(
            water(&[("quality", Scalar::CLEARED), ("litres", 10.into())]),
            Some("不达标")
        );
    }

    #[test]
    fn water_that_is_fetched_is_judged_by_time_or_by_distance_and_height() {
        let fetched = |values: &[(&str, i64)]| {
            let mut change = vec![("piped", Scalar::from("否"))];
            change.extend(values.iter().map(|(key, value)| (*key, Scalar::Int(*value))));
            water(&change)
        };
        assert_eq!(fetched(&[]), None);
        assert_eq!(fetched(&[("fetch_minutes", 10)]), Some("达标"));
        assert_eq!(fetched(&[("fetch_minutes", 20)]), Some("基本达标"));
        assert_eq!(fetched(&[("fetch_minutes", 21)]), Some("不达标"));
        assert_eq!(fetched(&[("fetch_m", 400), ("fetch_up_m", 80)]), Some("基本达标"));
        assert_eq!(
            fetched(&[("fetch_m", 801), ("fetch_up_m", 10), ("fetch_minutes", 9)]),
            Some("达标")
        );
        let dry = assessment(
            "water",
            &[
                ("litres", 40.into()),
                ("quality", "达标".into()),
                ("piped", "是".into()),
                ("short_days", 0.into()),
            ],
        );
        assert_eq!(
            (
                dry.proposed_verdict(WaterBars::DRY),
                dry.proposed_verdict(WaterBars::WET)
            ),
            (Some("达标"), Some("基本达标"))
        );
    }
}
