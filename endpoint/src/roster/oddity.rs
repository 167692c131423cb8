//! Everything that can be odd in a roster, with its rule, weight, reason and remedy. One place, so that every code has
//! words in both languages.

use bianfang::base::date::Date;
use bianfang::register::field::Fault;
use bianfang::register::id_number::IdError;

use super::note::{Severity, Words};

/// One kind of oddity with what its words need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Oddity {
    NoNameNoHousehold,
    LostDigits { what: Number },
    IdWrong(IdError),
    IdMasked,
    IdOddAge,
    IdMissing,
    IdTwice { others: String },
    NoHead,
    HeadNotListed { name: String },
    SeveralHeads { rows: String },
    SeveralSpouses { rows: String },
    RelationSex { relation: String, sex: String },
    SpouseSex,
    EducationBoth,
    EducationNeither,
    HealthEmpty,
    HealthExclusive,
    HealthUnknown { words: String },
    NoDisabilityCard,
    CardWrong(IdError),
    SexDiffers { sex: &'static str },
    BirthDiffers { birth: Date },
    BirthUnreadable,
    NotInList,
    Unfit(Fault),
    PhoneShape,
    Unreadable,
    PrivateCharacter,
    OddName,
    NoName,
    NobodyListed,
    DiffersInHousehold { kept: String },
    SizeDiffers { stated: u32, listed: usize },
    OtherVillageCode { code: String },
    // About a sheet or the file.
    SheetIgnored,
    SheetHidden,
    NoRelationColumn,
    NoIdColumn,
    OneRowOneHousehold,
    ColumnsKept { titles: String },
    ColumnsLeftOut { titles: String },
}

/// What kind of number lost its last digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Id,
    Household,
    Phone,
}

/// A text as a note quotes it: a cell may hold pages.
pub(crate) fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    let mut short: String = text.chars().take(CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl Oddity {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoNameNoHousehold => "no_name_no_household",
            Self::LostDigits { .. } | Self::IdWrong(IdError::DigitsLost) => "lost_digits",
            Self::IdWrong(error) | Self::CardWrong(error) => error.code(),
            Self::IdMasked => "id_masked",
            Self::IdOddAge => "id_odd_age",
            Self::IdMissing => "id_missing",
            Self::IdTwice { .. } => "id_twice",
            Self::NoHead => "no_head",
            Self::HeadNotListed { .. } => "head_not_listed",
            Self::SeveralHeads { .. } => "several_heads",
            Self::SeveralSpouses { .. } => "several_spouses",
            Self::RelationSex { .. } => "relation_sex",
            Self::SpouseSex => "spouse_sex",
            Self::EducationBoth => "education_both",
            Self::EducationNeither => "education_neither",
            Self::HealthEmpty => "health_empty",
            Self::HealthExclusive => "health_exclusive",
            Self::HealthUnknown { .. } => "health_unknown",
            Self::NoDisabilityCard => "no_disability_card",
            Self::SexDiffers { .. } => "id_sex",
            Self::BirthDiffers { .. } => "id_birth",
            Self::BirthUnreadable => "birth_unreadable",
            Self::NotInList => "not_in_list",
            Self::Unfit(fault) => fault.code(),
            Self::PhoneShape => "phone_shape",
            Self::Unreadable => "unreadable",
            Self::PrivateCharacter => "private_character",
            Self::OddName => "odd_name",
            Self::NoName => "no_name",
            Self::NobodyListed => "nobody_listed",
            Self::DiffersInHousehold { .. } => "differs_in_household",
            Self::SizeDiffers { .. } => "family_size",
            Self::OtherVillageCode { .. } => "other_village_code",
            Self::SheetIgnored => "sheet_ignored",
            Self::SheetHidden => "sheet_hidden",
            Self::NoRelationColumn => "no_relation_column",
            Self::NoIdColumn => "no_id_column",
            Self::OneRowOneHousehold => "one_row_one_household",
            Self::ColumnsKept { .. } => "columns_kept",
            Self::ColumnsLeftOut { .. } => "columns_left_out",
        }
    }

    /// The rule of the field's standard, where it is one.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::LostDigits { .. } | Self::IdWrong(IdError::DigitsLost) => "lost_digits",
            Self::IdWrong(_) | Self::CardWrong(_) | Self::IdMasked | Self::IdOddAge => "DQ01",
            Self::IdTwice { .. } => "DQ02",
            Self::NoHead | Self::HeadNotListed { .. } | Self::SeveralHeads { .. } | Self::SeveralSpouses { .. } => {
                "DQ03"
            }
            Self::RelationSex { .. } | Self::SpouseSex => "DQ04",
            Self::EducationBoth | Self::EducationNeither => "DQ05",
            Self::HealthEmpty | Self::HealthExclusive | Self::HealthUnknown { .. } | Self::NoDisabilityCard => "DQ06",
            Self::PhoneShape => "DQ14",
            other => other.code(),
        }
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoNameNoHousehold => Severity::Refused,
            Self::IdMissing
            | Self::IdOddAge
            | Self::NotInList
            | Self::PhoneShape
            | Self::PrivateCharacter
            | Self::NobodyListed
            | Self::SizeDiffers { .. }
            | Self::SheetIgnored
            | Self::SheetHidden
            | Self::NoRelationColumn
            | Self::NoIdColumn
            | Self::OneRowOneHousehold
            | Self::ColumnsKept { .. }
            | Self::ColumnsLeftOut { .. }
            | Self::NoDisabilityCard => Severity::Hint,
            _ => Severity::Flagged,
        }
    }

    /// Why it is odd.
    pub fn reason(&self) -> Words {
        self.about_person()
            .or_else(|| self.about_family())
            .or_else(|| self.about_value())
            .unwrap_or_else(|| self.about_file())
    }

    fn about_person(&self) -> Option<Words> {
        Some(match self {
            Self::NoNameNoHousehold => Words::new(
                "这一行没有姓名，也看不出属于哪一户，没有导入",
                "The row has neither a name nor a household and was not taken",
            ),
            Self::IdWrong(IdError::DigitsLost) | Self::LostDigits { what: Number::Id } => Words::new(
                "号码被表格存成了数字，末尾几位已丢失",
                "The spreadsheet stored the number as a number and lost its last digits",
            ),
            Self::IdWrong(error) => Words::new(error.zh(), error.to_string()),
            Self::CardWrong(error) => Words::new(
                format!("残疾证号不对：{}", error.zh()),
                format!("Disability card: {error}"),
            ),
            Self::IdMasked => Words::new("号码有几位被遮盖", "Some digits of the number are hidden"),
            Self::IdOddAge => Words::new("按号码年龄超过120岁", "By the number the person is older than 120"),
            Self::IdMissing => Words::new("没有填证件号码", "There is no ID number"),
            Self::IdTwice { others } => Words::new(
                format!("与{}的号码相同", others),
                format!("The same number stands in {others}"),
            ),
            Self::EducationBoth => Words::new(
                "文化程度和在校生状况都填了，只应填一项",
                "Both education and school stage are given",
            ),
            Self::EducationNeither => Words::new(
                "文化程度和在校生状况都没填",
                "Neither education nor school stage is given",
            ),
            Self::HealthEmpty => Words::new("健康状况没填", "The state of health is not given"),
            Self::HealthExclusive => Words::new(
                "“健康”与其他健康状况同时填了",
                "健康 (healthy) stands beside an illness",
            ),
            Self::HealthUnknown { words } => Words::new(
                format!("“{}”不在健康状况的选项里", quoted(words)),
                format!("“{}” is not a state of health of the list", quoted(words)),
            ),
            Self::NoDisabilityCard => Words::new(
                "填了残疾，没有残疾证号",
                "Disabled, but there is no disability card number",
            ),
            Self::SexDiffers { sex } => Words::new(
                format!("与身份证号不一致（号码为{sex}）"),
                format!("The ID number says {sex}"),
            ),
            Self::BirthDiffers { birth } => Words::new(
                format!("与身份证号不一致（号码为{birth}）"),
                format!("The ID number says {birth}"),
            ),
            _ => return None,
        })
    }

    fn about_family(&self) -> Option<Words> {
        Some(match self {
            Self::NoHead => Words::new("这一户没有户主", "The household has no head (户主)"),
            Self::HeadNotListed { name } => Words::new(
                format!("户主“{}”不在这一户的成员里", quoted(name)),
                format!("The head “{}” is not among the people of the household", quoted(name)),
            ),
            Self::SeveralHeads { rows } => Words::new(
                format!("这一户有不止一个户主（第{rows}行）"),
                format!("More than one head (rows {rows})"),
            ),
            Self::SeveralSpouses { rows } => Words::new(
                format!("这一户有不止一个配偶（第{rows}行）"),
                format!("More than one spouse (rows {rows})"),
            ),
            Self::RelationSex { relation, sex } => Words::new(
                format!("关系“{relation}”与性别“{sex}”不符"),
                format!("The relation {relation} does not go with the sex {sex}"),
            ),
            Self::SpouseSex => Words::new("配偶与户主性别相同", "The spouse has the same sex as the head"),
            _ => return None,
        })
    }

    fn about_value(&self) -> Option<Words> {
        Some(match self {
            Self::LostDigits {
                what: Number::Household,
            } => Words::new(
                "户编号被表格存成了数字，末尾几位已丢失，没有采用",
                "The spreadsheet stored the household number as a number and lost its last digits; it was not used",
            ),
            Self::LostDigits { .. } => Words::new(
                "号码被表格存成了数字，末尾几位已丢失",
                "The spreadsheet stored the number as a number and lost its last digits",
            ),
            Self::BirthUnreadable => Words::new("看不出完整的出生日期", "This is not a complete date of birth"),
            Self::NotInList => Words::new(
                "不在规定的选项里，已按原文保存",
                "Not one of the list's words; kept as written",
            ),
            Self::Unfit(fault) => {
                let sentence = fault.sentence();
                Words::new(sentence.zh, sentence.en)
            }
            Self::PhoneShape => Words::new("不像电话号码", "This does not look like a phone number"),
            Self::Unreadable => Words::new("有读不出来的字符", "Some characters cannot be read"),
            Self::PrivateCharacter => Words::new(
                "有自造字，别的电脑和手机上可能显示不出来",
                "It has a character of a private font that other devices may not show",
            ),
            Self::OddName => Words::new("不像姓名", "This does not look like a name"),
            Self::NoName => Words::new("这一行没有姓名", "The row has no name"),
            Self::NobodyListed => Words::new("这一户没有成员", "Nobody is listed in this household"),
            Self::DiffersInHousehold { kept } => Words::new(
                format!("同一户前面填的是“{}”，已用前面的", quoted(kept)),
                format!("The same household has “{}” above, which was used", quoted(kept)),
            ),
            Self::SizeDiffers { stated, listed } => Words::new(
                format!("填的是{stated}人，名单里有{listed}人"),
                format!("It says {stated} people, {listed} are listed"),
            ),
            Self::OtherVillageCode { code } => Words::new(
                format!("户编号不是本村的（本村为{code}）"),
                format!("The household number is not of this village ({code})"),
            ),
            _ => return None,
        })
    }

    fn about_file(&self) -> Words {
        match self {
            Self::SheetIgnored => Words::new(
                "这张工作表没有名册的表头，已跳过",
                "This sheet has no titles of a roster and was passed over",
            ),
            Self::SheetHidden => Words::new("这张工作表是隐藏的，已跳过", "This sheet is hidden and was passed over"),
            Self::NoRelationColumn => Words::new(
                "没有“与户主关系”一列",
                "There is no column 与户主关系 (relation to the head)",
            ),
            Self::ColumnsKept { titles } => Words::new(
                format!("这些列没有对应的项目，按原文存在“名册其他栏”：{titles}"),
                format!(
                    "These columns have no field of their own and are kept as written under “further columns”: {titles}"
                ),
            ),
            Self::ColumnsLeftOut { titles } => Words::new(
                format!("这些列没有导入：{titles}"),
                format!("These columns were not imported: {titles}"),
            ),
            Self::NoIdColumn => Words::new("没有“身份证号”一列", "There is no column of ID numbers"),
            _ => Words::new(
                "没有户编号、户主姓名或与户主关系，只能一行算一户",
                "Nothing tells which rows are one family, so each row became a household",
            ),
        }
    }

    /// What to do.
    pub fn todo(&self) -> Words {
        match self {
            Self::NoNameNoHousehold => Words::new(
                "请补上姓名或户编号再导入；是说明文字就不用管",
                "Add a name or a household number; ignore this if it is only a remark",
            ),
            Self::LostDigits { .. } | Self::IdWrong(IdError::DigitsLost) => Words::new(
                "请先把这一列设为“文本”格式，再照证件重填完整号码",
                "Format the column as text, then enter the whole number again",
            ),
            Self::IdWrong(_) | Self::CardWrong(_) | Self::IdMasked | Self::IdMissing => {
                Words::new("请照证件填写", "Enter it as it stands on the card")
            }
            Self::IdTwice { .. } => Words::new(
                "请核对是填错还是同一人",
                "Check whether one is wrong or it is one person",
            ),
            Self::NoHead | Self::SeveralHeads { .. } => {
                Words::new("请指定一个户主", "Make exactly one person the head")
            }
            Self::HeadNotListed { .. } => Words::new("请补上户主本人一行", "Add the row of the head"),
            Self::SexDiffers { .. } | Self::BirthDiffers { .. } | Self::RelationSex { .. } | Self::SpouseSex => {
                Words::new("请核对哪个对", "Check which is right")
            }
            Self::EducationBoth => Words::new(
                "在校的只填在校生状况，不在校的只填文化程度",
                "Give the school stage at school, else the education",
            ),
            Self::EducationNeither => Words::new(
                "请填一项，或填失学原因",
                "Give one of them, or the reason for dropping out",
            ),
            Self::HealthEmpty => Words::new("请填写，没有病填“健康”", "Fill it in; 健康 where there is no illness"),
            Self::BirthUnreadable => Words::new("请写成 1959-07-02 这样", "Write it as 1959-07-02"),
            Self::NotInList | Self::HealthUnknown { .. } => Words::new("请改成选项里的词", "Use a word of the list"),
            Self::Unreadable => Words::new("请重新输入，并存为 .xlsx", "Enter it again and save as .xlsx"),
            Self::PrivateCharacter => Words::new(
                "请用国家标准字库里的字，没有就用拼音",
                "Use a character of the national standard, or pinyin",
            ),
            Self::NoName | Self::NobodyListed => Words::new("请补上姓名", "Add the name"),
            Self::SheetIgnored => Words::new(
                "若这张表里有人，请加上表头",
                "If it lists people, give it column titles",
            ),
            Self::SheetHidden => Words::new("若要导入，请取消隐藏", "Unhide it if it should be imported"),
            Self::NoRelationColumn | Self::NoIdColumn => {
                Words::new("有的话请加上这一列", "Add the column if you have it")
            }
            Self::OneRowOneHousehold => Words::new(
                "不对的话请加一列“户编号”或“与户主关系”",
                "If that is wrong, add a column 户编号 or 与户主关系",
            ),
            Self::DiffersInHousehold { .. } => Words::new("请统一", "Make them the same"),
            Self::ColumnsKept { .. } => Words::new("不用处理", "Nothing to do"),
            Self::ColumnsLeftOut { .. } => Words::new(
                "账号、卡号和别人的证件号不放到手机上，年龄按出生日期推算",
                "Accounts and numbers of other cards stay off telephones; ages follow from dates of birth",
            ),
            _ => Words::new("请核对", "Check it"),
        }
    }
}
