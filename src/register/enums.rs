//! Every enumeration of the register. A value of a national enumeration is stored as its Chinese term, which is what
//! the county's own tables hold; our own states are stored as ASCII codes. Stored values are a format: add, never rename.

mod national;
mod synonym;

pub use national::*;
pub use synonym::canonical;

use super::words::{Language, Words, words};

/// One value that a field may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// As stored.
    pub value: &'static str,
    /// As shown.
    pub label: Words,
    /// Never shown in lists, chips, prints or file names (INV18).
    pub sensitive: bool,
}

impl Choice {
    /// As shown in a language.
    pub const fn shown(&self, language: Language) -> &'static str {
        self.label.of(language)
    }
}

/// A national term: stored as it is shown in Chinese.
const fn term(zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value: zh,
        label: words(zh, en),
        sensitive: false,
    }
}

/// One whose stored value is a name of our own.
const fn coded(value: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value,
        label: words(zh, en),
        sensitive: false,
    }
}

/// A national term that must never reach a list or a print.
const fn hidden(zh: &'static str, en: &'static str) -> Choice {
    Choice {
        value: zh,
        label: words(zh, en),
        sensitive: true,
    }
}

/// The choice with a stored value.
pub fn choice(list: &'static [Choice], value: &str) -> Option<&'static Choice> {
    list.iter().find(|choice| choice.value == value)
}

/// Declares one of our own enumerations: variants, stored codes, words.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $zh:literal $en:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $zh] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the screen.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Every value as a choice of a field.
            pub const CHOICES: &'static [Choice] =
                &[$(Choice { value: $code, label: words($zh, $en), sensitive: false }),*];

            /// The stored code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// From the stored code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// As shown.
            pub const fn words(self) -> Words {
                match self { $(Self::$variant => words($zh, $en),)* }
            }
        }
    };
}

codes! {
    /// One of the six checks of a visit (两不愁三保障 and drinking water).
    Dimension {
        Food "food" "吃" "Food"
        Clothing "clothing" "穿" "Clothing"
        Education "education" "义务教育" "Compulsory education"
        Medical "medical" "基本医疗" "Basic medical care"
        Housing "housing" "住房安全" "Housing safety"
        Water "water" "饮水安全" "Drinking water"
    }
}

impl Dimension {
    /// How one asks it at the door.
    pub const fn ask(self) -> Words {
        match self {
            Self::Food => words(
                "家里粮食够吃不？平时有没有肉蛋豆奶吃？",
                "Is there enough to eat, and something besides grain?",
            ),
            Self::Clothing => words(
                "一年四季有没有换的衣服？冬天被子够不？",
                "Are there clothes for each season, and quilts for the winter?",
            ),
            Self::Education => words("家里娃娃都在上学不？", "Are all the children at school?"),
            Self::Medical => words(
                "家里人医保都交了没？看病报销得了没？",
                "Is everybody insured, and were the bills paid back?",
            ),
            Self::Housing => words(
                "房子漏雨不？墙有没有裂？",
                "Does the house leak, are there cracks in the walls?",
            ),
            Self::Water => words("家里水够吃不？水干净不？", "Is there enough water, and is it clean?"),
        }
    }
}

codes! {
    /// What kind of facility it is.
    FacilityKind {
        Clinic "clinic" "卫生室" "Clinic"
        Waterworks "waterworks" "集中供水点" "Waterworks"
        School "school" "学校（教学点）" "School"
        Nursery "nursery" "幼儿园" "Nursery school"
        CareHome "care_home" "养老服务点" "Care home"
        Culture "culture" "文化活动室" "Cultural room"
        Road "road" "道路" "Road"
        Bridge "bridge" "桥梁" "Bridge"
        Power "power" "供电设施" "Power supply"
        Network "network" "通信设施" "Network"
        Waste "waste" "垃圾收集点" "Waste collection"
        Toilet "toilet" "公共厕所" "Public toilet"
        Workshop "workshop" "扶贫车间（合作社）" "Workshop or cooperative"
        Other "other" "其他" "Other"
    }
}

codes! {
    /// What a check found. A first visit starts at unchecked, never at met.
    Verdict {
        Met "met" "达标" "Met"
        Basic "basic" "基本达标" "Basically met"
        Unmet "unmet" "不达标" "Not met"
        Unchecked "unchecked" "未核" "Not checked"
        NotApplicable "not_applicable" "不适用" "Not applicable"
    }
}

codes! {
    /// Whether a verdict was given on the spot or left as it was last time. Only the former counts.
    Basis {
        Checked "checked" "已核" "Checked"
        Carried "carried" "沿用上次" "Carried over"
    }
}

codes! {
    /// 家里有人吗: whom the visitor met.
    Home {
        AtHome "at_home" "有人" "At home"
        NobodyHome "nobody_home" "家里没人" "Nobody home"
        Phone "phone" "电话联系" "By phone"
        Away "away" "举家外出" "The whole family is away"
    }
}

codes! {
    /// What a person of the team may do.
    Role {
        Leader "leader" "班长（第一书记）" "Team leader"
        Member "member" "队员" "Team member"
        Doctor "doctor" "村医（家庭医生）" "Doctor"
        Township "township" "乡镇" "Township"
        Desk "desk" "县办" "County desk"
        Inspector "inspector" "督查员" "Inspector"
    }
}

codes! {
    /// What an assessment is about.
    AssessmentKind {
        Housing "housing" "住房" "Housing"
        Water "water" "饮水" "Drinking water"
    }
}

codes! {
    /// How bad a component of a house is; the house is as bad as its worst.
    ComponentGrade {
        A "a" "a（完好）" "a (sound)"
        B "b" "b（轻微）" "b (slight)"
        C "c" "c（中等）" "c (medium)"
        D "d" "d（严重）" "d (severe)"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lists_have_the_sizes_of_the_national_tables() {
        for (list, size) in [
            (RELATION, 28),
            (EDUCATION, 6),
            (SCHOOL_STAGE, 25),
            (HEALTH, 4),
            (LABOUR, 5),
            (DISABILITY_KIND, 7),
            (DISABILITY_LEVEL, 4),
            (DIBAO_CLASS, 3),
            (TIER, 3),
            (HOUSING_GRADE, 4),
            (WATER, 3),
            (EXEMPTION, 7),
            (FINDING_CATEGORY, 16),
        ] {
            assert_eq!(list.len(), size, "{}", list[0].value);
        }
    }

    #[test]
    fn values_are_fit_to_be_part_of_a_key() {
        for list in ALL_LISTS
            .iter()
            .chain(&[Dimension::CHOICES, Verdict::CHOICES, Basis::CHOICES, Home::CHOICES])
        {
            let values: BTreeSet<&str> = list.iter().map(|choice| choice.value).collect();
            assert_eq!(values.len(), list.len(), "{values:?}");
            for choice in *list {
                assert!(!choice.value.contains(['/', '、', ',', '{', '}']), "{}", choice.value);
                assert!(
                    !choice.label.zh.is_empty() && !choice.label.en.is_empty(),
                    "{}",
                    choice.value
                );
                assert_eq!(crate::base::text::clean(choice.value), choice.value);
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for (all, choices) in [(Verdict::ALL, Verdict::CHOICES)] {
            for (verdict, choice) in all.iter().zip(choices) {
                assert_eq!(Verdict::from_code(choice.value), Some(*verdict));
                assert_eq!((verdict.code(), verdict.words()), (choice.value, choice.label));
            }
        }
        assert_eq!(Home::from_code("at_home"), Some(Home::AtHome));
        assert_eq!(Role::from_code("nobody"), None);
        assert_eq!(Dimension::ALL.len(), 6);
    }
}
