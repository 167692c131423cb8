//! What a column of a roster means, told by its title: a table of the words that offices use, then rules for the rest.

mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bianfang::base::text;

use self::words::WORDS;

/// Title of the column that giving the workbook back adds. It is never read as a column of the office.
pub(crate) const REASONS_TITLE: &str = "退回原因/提示";

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    /// The column that we added ourselves.
    Reasons,
    /// A column of our own exports that says nothing a roster could change.
    Exported,
    /// A running number of rows.
    RowSeq,
    // Where the household is.
    County,
    Township,
    Village,
    VillageCode,
    Group,
    // The household.
    Number,
    FamilySeq,
    HeadName,
    HeadId,
    FamilySize,
    Phone,
    Address,
    Class,
    /// Whether the person is the head: yes or no.
    IsHead,
    /// A yes/no column that stands for a class of its own (是否监测户).
    IsClass(Kind),
    Dibao,
    DibaoClass,
    Tier,
    Cause,
    OtherCause,
    Housing,
    Water,
    Pairing,
    PairingPhone,
    PairingUnit,
    // The person.
    Name,
    Sex,
    IdType,
    IdNo,
    Birth,
    Relation,
    Ethnicity,
    Education,
    School,
    Dropout,
    Health,
    Disability,
    DisabilityLevel,
    DisabilityCard,
    Labour,
    /// Medical insurance, of a year where the title names one.
    Insured(Option<u16>),
    WorkPlace,
    WorkMonths,
    PersonPhone,
    Political,
    /// A further field of the register, of the household: its stored key.
    OfHousehold(&'static str),
    /// Likewise, an amount of one year: only where the title names it.
    OfYear(&'static str, Option<u16>),
    /// Likewise, of a person.
    OfPerson(&'static str),
}

/// A class of households that has a yes/no column of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Monitored,
    LiftedOut,
    Destitute,
}

impl Kind {
    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Monitored => "监测对象",
            Self::LiftedOut => "脱贫户",
            Self::Destitute => "特困户",
        }
    }
}

impl Field {
    /// Whether the value belongs to the household, so that one cell, perhaps a merged one, speaks for all its rows.
    pub fn of_household(self) -> bool {
        use Field::*;
        matches!(
            self,
            County
                | Township
                | Village
                | VillageCode
                | Group
                | Number
                | FamilySeq
                | HeadName
                | HeadId
                | FamilySize
                | Phone
                | Address
                | Class
                | IsClass(_)
                | DibaoClass
                | Tier
                | Cause
                | OtherCause
                | Housing
                | Water
                | Pairing
                | PairingPhone
                | PairingUnit
                | OfHousehold(_)
                | OfYear(..)
        )
    }

    /// Whether several columns may have this meaning.
    pub fn repeats(self) -> bool {
        use Field::*;
        match self {
            Class | IsClass(_) | OtherCause | Phone | Pairing | PairingPhone | PairingUnit | Insured(_) | Reasons
            | Exported => true,
            OfHousehold(key) | OfPerson(key) => key.ends_with("/{value}"),
            _ => false,
        }
    }

    /// Whether the column only says where a row is or counts it, so that a row with nothing else is an empty one.
    pub fn is_context(self) -> bool {
        use Field::*;
        matches!(
            self,
            Reasons | Exported | RowSeq | County | Township | Village | VillageCode | Group | FamilySize
        )
    }
}

/// A title as it is looked up: without blanks, brackets' signs, marks for "required", numbering; lower case.
pub(crate) fn title_key(title: &str) -> String {
    text::compact(title)
        .chars()
        .filter(|c| {
            !matches!(
                c,
                '*' | '＊'
                    | '★'
                    | '☆'
                    | '※'
                    | '#'
                    | ':'
                    | '：'
                    | '、'
                    | ','
                    | '，'
                    | '.'
                    | '。'
                    | '/'
                    | '-'
                    | '_'
                    | '（'
                    | '）'
                    | '('
                    | ')'
                    | '【'
                    | '】'
                    | '['
                    | ']'
                    | '［'
                    | '］'
                    | '《'
                    | '》'
                    | '“'
                    | '”'
                    | '"'
                    | '?'
                    | '？'
                    | '|'
                    | ';'
                    | '；'
                    | '〔'
                    | '〕'
                    | '「'
                    | '」'
                    | '\''
                    | '+'
                    | '&'
            )
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The title without what stands in brackets: 务工时间（月） is 务工时间, 身份证号(18位) is 身份证号.
fn without_brackets(title: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in title.chars() {
        match c {
            '(' | '（' | '[' | '［' | '【' | '〔' => depth += 1,
            ')' | '）' | ']' | '］' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What a title means; nothing where it is a column of the office's own.
pub(crate) fn meaning(title: &str) -> Option<Field> {
    if title_key(title) == title_key(REASONS_TITLE) {
        return Some(Field::Reasons);
    }
    let whole = title_key(title);
    let bare = title_key(&without_brackets(title));
    let found = [&whole, &bare].into_iter().find_map(|key| by_words(key)).or_else(|| {
        let (year, rest) = without_year(if bare.is_empty() { &whole } else { &bare });
        let numbered = rest.trim_matches(|c: char| c.is_ascii_digit());
        // A sentence is no title: "填写与户主的关系，如配偶" is an instruction.
        let short = numbered.chars().count() <= 16;
        let found = by_words(rest)
            .or_else(|| by_words(numbered))
            .or_else(|| by_rules(numbered).filter(|_| short))?;
        match found {
            Field::Insured(_) => Some(Field::Insured(year)),
            Field::OfYear(key, _) => Some(Field::OfYear(key, year)),
            // "3组" is a group, not the title of a column of groups.
            Field::Group | Field::Village if numbered.len() != rest.len() => None,
            other => Some(other),
        }
    });
    // Of which year an amount is nobody may guess: without one it stays the office's own column.
    found.filter(|found| !matches!(found, Field::OfYear(_, None)))
}

/// The table of words by word.
static BY_WORD: LazyLock<BTreeMap<&'static str, Field>> = LazyLock::new(|| {
    WORDS
        .iter()
        .flat_map(|(field, words)| words.split_whitespace().map(|word| (word, *field)))
        .collect()
});

fn by_words(key: &str) -> Option<Field> {
    if let Some(field) = BY_WORD.get(key) {
        return Some(*field);
    }
    // 与户主的关系, 户主的姓名
    let plain: String = key.chars().filter(|c| *c != '的').collect();
    BY_WORD.get(plain.as_str()).copied()
}

/// A year before the rest: 2024年医保, 2023年度是否参加…, 24年医保; or behind it, as exports have it: 医保参保 2024.
fn without_year(key: &str) -> (Option<u16>, &str) {
    let behind = key.trim_end_matches(|c: char| c.is_ascii_digit());
    if let (4, Ok(year)) = (key.len() - behind.len(), key[behind.len()..].parse::<u16>())
        && (1990..2100).contains(&year)
        && !behind.is_empty()
    {
        return (Some(year), behind);
    }
    let digits = key.len() - key.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let Some(rest) = key[digits..].strip_prefix('年') else {
        return (None, key);
    };
    let year = match (digits, key[..digits].parse::<u16>()) {
        (4, Ok(year)) if (1990..2100).contains(&year) => year,
        (2, Ok(year)) => 2000 + year,
        _ => return (None, key),
    };
    (Some(year), rest.strip_prefix('度').unwrap_or(rest))
}

/// Columns about somebody who is not of the household, unless they are those of a paired helper.
const OTHERS: &str = "帮扶 包户 结对 包联 联户 包保 责任人 干部 网格员 村长 组长 书记 队长 工作队 单位 企业";
/// Of these, the words of helpers.
const HELPERS: &str = "帮扶 包户 结对 包联 联户 包保 责任人";
/// Columns about something else of the household or person.
const ELSEWHERE: &str = "银行 卡号 监护 代理人 申请 填表 审核 变更 曾用 残疾 编号 备注 联系人";
const PHONES: &str = "电话 手机 联系方式";
const IDENTITIES: &str = "身份证号 身份号码 证件号";
/// Words that stand in a title of the relation to the head, which is not a title about the head.
const TO_HEAD: &str = "与户主 和户主 同户主";

/// A rule for titles: one word of each of the first two lists must be there, and none of the third.
type Rule = (&'static str, &'static str, &'static str, Field);

const HEAD_RULES: &[Rule] = &[
    (IDENTITIES, "", "", Field::HeadId),
    (PHONES, "", "", Field::Phone),
    ("姓名 名字", "", "", Field::HeadName),
];

/// The order decides: the narrower one first.
const RULES: &[Rule] = &[
    (TO_HEAD, "关系 称谓", "", Field::Relation),
    (IDENTITIES, "", "", Field::IdNo),
    (PHONES, "", "", Field::Phone),
    ("姓名", "", "", Field::Name),
    ("村民小组 自然村", "", "", Field::Group),
    (
        "医保 医疗保险",
        "",
        "大病 商业 职工 金额 补充 资助 代缴 时间 类型",
        Field::Insured(None),
    ),
    ("劳动能力 劳动技能", "", "", Field::Labour),
    ("健康状况", "", "", Field::Health),
    ("文化程度", "", "", Field::Education),
    ("在校生", "", "", Field::School),
    ("务工", "地点 所在地", "", Field::WorkPlace),
    ("务工", "月数 月份", "", Field::WorkMonths),
    ("监测对象 监测户", "类别 类型", "", Field::Class),
    ("住房 房屋 危房", "等级", "", Field::Housing),
];

/// Rules for titles that nobody foresaw.
fn by_rules(key: &str) -> Option<Field> {
    let has = |words: &str| words.split_whitespace().any(|word| key.contains(word));
    let first = |rules: &[Rule]| {
        let fits = |(one, two, none, _): &&Rule| has(one) && (two.is_empty() || has(two)) && !has(none);
        rules.iter().find(fits).map(|(.., field)| *field)
    };
    if has(OTHERS) {
        let named = has("责任人 干部 帮扶人 包户人 结对人 联系人") && has("姓名 名字");
        return match has(PHONES) {
            true => has(HELPERS).then_some(Field::PairingPhone),
            false => named.then_some(Field::Pairing),
        };
    }
    if has("户主") && !has(TO_HEAD) {
        return first(HEAD_RULES);
    }
    if has(ELSEWHERE) { None } else { first(RULES) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_meanings() {
        let mut seen = std::collections::BTreeMap::new();
        for (field, words) in WORDS {
            for word in words.split_whitespace() {
                assert_eq!(word, title_key(word), "the table must hold keys");
                assert_eq!(seen.insert(word, field), None, "{word}");
            }
        }
    }

    #[test]
    fn titles_are_read_through_their_decoration() {
        for (title, field) in [
            ("姓 名", Field::Name),
            ("＊身份证号码\n（18位）", Field::IdNo),
            ("与户主的\n关系", Field::Relation),
            ("务工时间（月）", Field::WorkMonths),
            ("联系电话(必填)*", Field::Phone),
            ("村（居）", Field::Village),
            ("乡(镇)", Field::Township),
            ("3、性别：", Field::Sex),
            ("户主联系电话", Field::Phone),
            ("户主（姓名）", Field::HeadName),
            ("2024年医保", Field::Insured(Some(2024))),
            ("2023年度是否参加城乡居民基本医疗保险", Field::Insured(Some(2023))),
            ("24年参保情况", Field::Insured(Some(2024))),
            (
                "2019年工资性收入（元）",
                Field::OfYear("income_wage/{year}", Some(2019)),
            ),
            (
                "生产经营性支出 2018（元）",
                Field::OfYear("income_cost/{year}", Some(2018)),
            ),
            ("帮扶责任人联系方式", Field::PairingPhone),
            ("结对帮扶责任人姓名（职务）", Field::Pairing),
            ("公民身份号码/证件号码", Field::IdNo),
            ("ＮＯ．", Field::RowSeq),
            ("退回原因/提示", Field::Reasons),
        ] {
            assert_eq!(meaning(title), Some(field), "{title}");
        }
    }

    #[test]
    fn other_columns_keep_to_themselves() {
        for title in [
            "备注",
            "银行卡号",
            "监护人姓名",
            "监护人电话",
            "驻村工作队队长电话",
            "户主残疾证编号",
            "年收入",
            "工资性收入",
            "是否参加大病医疗保险",
            "大病医疗保险",
            "村里务工企业联系人",
            "村书记姓名",
            "填表人电话",
            "",
            "湾头桥镇大村农户信息花名册",
        ] {
            assert_eq!(meaning(title), None, "{title}");
        }
    }
}
