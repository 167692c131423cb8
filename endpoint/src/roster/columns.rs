//! What a column of a roster means, told by its title: a table of the words that offices use, then rules for the rest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bianfang::base::text;

/// Title of the column that giving the workbook back adds. It is never read as a column of the office.
pub(crate) const REASONS_TITLE: &str = "退回原因/提示";

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    /// The column that we added ourselves.
    Reasons,
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
    DisabilityCard,
    Labour,
    /// Medical insurance, of a year where the title names one.
    Insured(Option<u16>),
    WorkPlace,
    WorkMonths,
    PersonPhone,
    Political,
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
        )
    }

    /// Whether several columns may have this meaning.
    pub fn repeats(self) -> bool {
        use Field::*;
        matches!(
            self,
            Class | IsClass(_) | OtherCause | Phone | Pairing | PairingPhone | PairingUnit | Insured(_) | Reasons
        )
    }

    /// Whether the column only says where a row is or counts it, so that a row with nothing else is an empty one.
    pub fn is_context(self) -> bool {
        use Field::*;
        matches!(
            self,
            Reasons | RowSeq | County | Township | Village | VillageCode | Group | FamilySize
        )
    }
}

/// Words for each meaning, in the shape that [`title_key`] gives them.
const WORDS: &[(Field, &str)] = &[
    (
        Field::RowSeq,
        "序号 序 编号 行号 顺序号 人口序号 人员序号 人序号 序列 序列号 no 排序 项次",
    ),
    (
        Field::County,
        "县 区县 县市 县区 县市区 区市县 所在县 所属县 县名 县名称 县级 市县 区县市 县级市",
    ),
    (
        Field::Township,
        "乡镇 乡 镇 镇乡 乡镇街道 镇街 街镇 街道 所在乡镇 所属乡镇 乡镇名称 镇名 乡镇街办 乡镇街 所在乡镇街道 所在镇 镇街道",
    ),
    (
        Field::Village,
        "行政村 村 村名 所在村 所属村 村居 村社区 行政村名称 村名称 建制村 社区 村居委会 村委会 村别 村级 行政村社区 \
         所属行政村 所在行政村 村居名称 社区村 行政村居",
    ),
    (
        Field::VillageCode,
        "行政村代码 行政村编码 村代码 村编码 行政区划代码 行政区划 区划代码 村区划代码 统计用区划代码 行政区划编码 村行政区划代码",
    ),
    (
        Field::Group,
        "组 组别 村民小组 小组 村组 自然村 村小组 所在组 所属组 组名 组号 小组名称 村民小组名称 村民组 居民小组 生产队 队 屯 自然屯 \
         寨 自然寨 片组 社 合作社 村民小组自然村 自然村组 组自然村 自然村寨 组屯 村屯 所在小组 所属小组 所在村民小组 所属村民小组 湾组 \
         自然村屯 网格",
    ),
    (
        Field::Number,
        "户编号 户编码 户代码 户编 家庭编号 家庭编码 农户编号 农户编码 农户代码 贫困户编号 脱贫户编号 监测户编号 户号 户id 户标识 \
         户口编号 户口号 户籍编号 户口簿号 户口本编号 系统户编号 户唯一编码 户码 家庭户编号 家庭户编码 建档立卡户编号",
    ),
    (
        Field::FamilySeq,
        "户序号 户序 户次 户顺序 户顺序号 家庭序号 农户序号 户主序号 第几户 户数",
    ),
    (
        Field::HeadName,
        "户主 户主姓名 户主名字 户主名称 户主名 所属户主 所属户主姓名 户主信息姓名 家庭户主 家庭户主姓名 户主姓名汉字 户主基本信息姓名",
    ),
    (
        Field::HeadId,
        "户主身份证号 户主身份证号码 户主身份证 户主证件号码 户主证件号 户主公民身份号码 户主信息身份证号 户主信息身份证号码 户主证件",
    ),
    (
        Field::FamilySize,
        "家庭人口数 家庭人口 家庭人数 人口数 户人口数 家庭总人口 家庭总人口数 家庭成员数 户籍人口数 人口 人数 家庭人口数量 户内人口数",
    ),
    (
        Field::Phone,
        "电话 联系电话 手机 手机号 手机号码 联系方式 电话号码 联系手机 移动电话 联络电话 联系电话号码 家庭电话 家庭联系电话 户联系电话 \
         户主电话 户主联系电话 户主手机 户主手机号 户主手机号码 户主联系方式 户主电话号码 联系号码 家庭联系方式 农户电话 农户联系电话 tel",
    ),
    (
        Field::Address,
        "地址 家庭住址 家庭地址 住址 现住址 现居住地 居住地址 居住地 常住地址 详细地址 门牌号 家庭详细地址 详细住址 现居住地址 户籍地址 \
         户籍所在地 户口所在地 居住地点 门牌地址",
    ),
    (
        Field::Class,
        "户类型 户属性 户类别 农户类型 农户类别 农户属性 家庭类型 家庭类别 人群类别 对象类别 对象类型 监测对象类别 监测对象类型 监测类别 \
         监测户类型 监测户类别 贫困户属性 脱贫户属性 贫困户类型 脱贫户类型 身份类别 类别 类型 户属性类别 户籍类型 属性 监测对象",
    ),
    (
        Field::IsClass(Kind::Monitored),
        "是否监测对象 是否监测户 是否为监测对象 是否防返贫监测对象 是否三类监测对象 监测户 是否三类户",
    ),
    (
        Field::IsClass(Kind::LiftedOut),
        "是否脱贫户 是否建档立卡户 是否建档立卡贫困户 是否脱贫人口 是否贫困户 脱贫户 建档立卡户 是否建档立卡",
    ),
    (
        Field::IsClass(Kind::Destitute),
        "特困 特困户 五保 五保户 是否特困 是否五保 是否特困户 是否五保户 是否特困供养 是否特困供养人员 特困供养 特困人员 特困供养人员 \
         是否特困人员 是否分散供养 特困供养户",
    ),
    (
        Field::Dibao,
        "低保 低保户 是否低保 是否低保户 是否享受低保 是否享受低保政策 是否享受农村居民最低生活保障 是否享受最低生活保障 享受低保 \
         是否低保对象 低保对象 是否纳入低保 低保人员 是否农村低保 农村低保",
    ),
    (
        Field::DibaoClass,
        "低保类别 低保类型 低保等级 低保档次 低保分类 低保档级 低保级别 兜底类别 低保类 低保档 兜底保障类别",
    ),
    (
        Field::Tier,
        "分类管理 户分类 三类户 帮扶类别 帮扶分类 分类帮扶 户分级 巩固类别 管理类别 分类施策 脱贫户分类",
    ),
    (
        Field::Cause,
        "主要致贫原因 致贫原因 致贫主要原因 主要返贫致贫风险 返贫致贫风险 致贫返贫风险 主要致贫返贫风险 主要致贫返贫原因 致贫返贫原因 \
         风险类型 致贫风险 返贫风险 主要致贫原因1 致贫原因1 困难原因 主要原因 主要风险 首要致贫原因 监测风险",
    ),
    (
        Field::OtherCause,
        "次要致贫原因 其他致贫原因 其它致贫原因 其他原因 其它原因 次要原因 致贫原因2 致贫原因3 其他致贫返贫风险 其他风险 次要风险 \
         其他致贫原因1 其他致贫原因2 次要致贫原因1 次要致贫原因2",
    ),
    (
        Field::Housing,
        "住房等级 住房安全等级 房屋等级 危房等级 危房级别 房屋安全等级 住房鉴定等级 房屋鉴定等级 住房安全鉴定等级 住房安全 住房情况 \
         房屋安全鉴定等级 住房级别 住房安全情况 住房安全状况 房屋级别",
    ),
    (
        Field::Water,
        "饮水情况 饮水安全 饮水安全情况 饮水状况 饮水安全状况 饮水 是否解决安全饮用水 是否解决饮水安全 安全饮水 是否安全饮水 饮水是否安全 \
         安全饮水情况 是否饮水安全 饮水安全评价 饮水达标情况",
    ),
    (
        Field::Pairing,
        "帮扶责任人 帮扶责任人姓名 帮扶人 帮扶人姓名 帮扶干部 帮扶干部姓名 帮扶联系人 包户干部 包户干部姓名 包户责任人 包户人 结对帮扶人 \
         结对帮扶责任人 结对帮扶干部 结对干部 结对责任人 结对人 联户干部 联户责任人 帮联干部 包联干部 包联责任人 包保责任人 包保干部 \
         监测责任人 监测联系人 结对帮扶 责任人 责任人姓名 挂钩干部 挂联干部 挂包干部 帮扶责任人信息姓名 网格员",
    ),
    (
        Field::PairingPhone,
        "帮扶责任人电话 帮扶责任人联系电话 帮扶人电话 帮扶人联系电话 帮扶干部电话 帮扶干部联系电话 包户干部电话 包户干部联系电话 责任人电话",
    ),
    (
        Field::PairingUnit,
        "帮扶单位 帮扶责任人单位 帮扶单位名称 结对帮扶单位 责任单位 包户干部单位 帮扶责任人工作单位 帮扶干部单位 后盾单位",
    ),
    (
        Field::Name,
        "姓名 成员姓名 家庭成员姓名 人员姓名 家庭成员 成员 名字 村民姓名 居民姓名 人口姓名 家庭成员信息姓名 成员信息姓名 贫困人口姓名 \
         脱贫人口姓名 家庭人员姓名 家庭成员名字 家庭成员名单 基本信息姓名 人员信息姓名 name 共同生活家庭成员姓名",
    ),
    (Field::IsHead, "是否户主 是否为户主 户主标识 户主标志 是否是户主"),
    (Field::Sex, "性别 男女 sex"),
    (Field::IdType, "证件类型 证件类别 证件种类 身份证件类型"),
    (
        Field::IdNo,
        "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 公民身份证号码 公民身份证 居民身份证号 居民身份证号码 居民身份证 \
         证件号码 证件号 证件编号 身份号码 身份证件号码 身份证件号 身份证编号 身份证号码18位 成员身份证号 成员身份证号码 有效证件号码 \
         二代身份证号 二代身份证号码 本人身份证号 idno idcard 公民身份证件号码 身份证明号码 身份证残疾证号码",
    ),
    (
        Field::Birth,
        "出生日期 出生年月 出生年月日 生日 出生时间 出生 出生日 birthday",
    ),
    (
        Field::Relation,
        "与户主关系 与户主之关系 家庭关系 关系 和户主关系 同户主关系 户主关系 家庭成员关系 成员关系 称谓 与户主 与户主家庭关系 与本户关系 \
         家庭成员与户主关系 本人与户主关系 与户主的关系 人员关系 与户主关",
    ),
    (Field::Ethnicity, "民族 族别"),
    (
        Field::Education,
        "文化程度 学历 文化 教育程度 受教育程度 最高学历 文化水平 受教育水平",
    ),
    (
        Field::School,
        "在校生状况 在校生情况 在校情况 在校状况 就读情况 在读情况 是否在校生 就学情况 就学状况 学生状况 在校阶段 在校年级 就读年级 \
         就读阶段 在读年级 在校学生状况 是否在校",
    ),
    (
        Field::Dropout,
        "失学或辍学原因 失学辍学原因 辍学原因 失学原因 义务教育阶段未上学原因 未上学原因",
    ),
    (
        Field::Health,
        "健康状况 健康 身体状况 健康情况 身体健康状况 健康状态 身体情况 健康程度",
    ),
    (
        Field::Disability,
        "残疾类别 残疾类型 残疾等级 残疾情况 残疾级别 残疾类别及等级 残疾类别等级 残疾状况 残疾种类 残疾类型及等级 残疾",
    ),
    (
        Field::DisabilityCard,
        "残疾证号 残疾证号码 残疾证 残疾证编号 残疾人证号 残疾人证号码 残疾人证 残疾证件号码 残疾人证编号 残疾证件号 是否有残疾证",
    ),
    (
        Field::Labour,
        "劳动技能 劳动能力 劳动力状况 劳动力情况 劳力状况 劳动力类型 劳动力 劳动能力状况 劳动力技能 劳动技能状况 劳力情况 劳动力类别 \
         有无劳动能力 是否有劳动能力",
    ),
    (
        Field::Insured(None),
        "是否参加城乡居民基本医疗保险 是否参加城乡居民医疗保险 是否参加居民医保 是否参加医保 是否参加基本医疗保险 是否参加医疗保险 是否参保 \
         是否购买医保 医保 居民医保 城乡居民医保 城乡居民基本医保 城乡居民医疗保险 城乡居民基本医疗保险 基本医保 基本医疗保险 医疗保险 \
         参保情况 医保情况 参保状态 医保参保情况 参加医保情况 新农合 是否参加新农合 合作医疗 医保缴费 医保缴费情况 是否缴纳医保 医保参保 \
         是否参加城乡居民基本医保 是否参加城乡居民医保 参保 是否参加基本医保",
    ),
    (
        Field::WorkPlace,
        "务工所在地 务工地点 务工地 务工地址 务工区域 外出务工地点 外出务工地 外出地点 外出务工所在地 就业地点 就业所在地 打工地点 \
         务工去向 务工地区 务工就业地点 务工省市 外出去向 外出务工去向 务工所在省市 外出务工地址",
    ),
    (
        Field::WorkMonths,
        "务工时间 务工月数 务工时长 外出务工时间 务工月份数 外出务工月数 务工时间月数 务工时间月 务工时长月 务工月份 就业时间 \
         累计务工时间 年务工时间 年务工月数 外出务工时长",
    ),
    (
        Field::PersonPhone,
        "本人电话 本人联系电话 本人手机 本人手机号 个人电话 个人联系电话 成员电话 成员联系电话 成员手机号 本人手机号码 成员联系方式 本人联系方式",
    ),
    (Field::Political, "政治面貌 党派 政治身份"),
];

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
    [&whole, &bare].into_iter().find_map(|key| by_words(key)).or_else(|| {
        let (year, rest) = without_year(if bare.is_empty() { &whole } else { &bare });
        let numbered = rest.trim_matches(|c: char| c.is_ascii_digit());
        // A sentence is no title: "填写与户主的关系，如配偶" is an instruction.
        let short = numbered.chars().count() <= 16;
        let found = by_words(rest)
            .or_else(|| by_words(numbered))
            .or_else(|| by_rules(numbered).filter(|_| short))?;
        match found {
            Field::Insured(_) => Some(Field::Insured(year)),
            // "3组" is a group, not the title of a column of groups.
            Field::Group | Field::Village if numbered.len() != rest.len() => None,
            other => Some(other),
        }
    })
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

/// A year before the rest: 2024年医保, 2023年度是否参加…, 24年医保.
fn without_year(key: &str) -> (Option<u16>, &str) {
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
            "是否参加大病医疗保险",
            "大病医疗保险",
            "务工企业名称",
            "村书记姓名",
            "填表人电话",
            "",
            "湾头桥镇大村农户信息花名册",
        ] {
            assert_eq!(meaning(title), None, "{title}");
        }
    }
}
