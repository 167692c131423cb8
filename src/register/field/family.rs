//! Fields of the family: household, persons, changes of status.

use super::{Field, Section, Type, field};
use crate::register::enums::*;

/// An amount of one year: what came in, or was spent on production.
const fn income(pattern: &'static str, zh: &'static str, en: &'static str) -> Field {
    field(pattern, Type::Fen(0, 10_000_000), zh, en)
        .under(Section::Income)
        .unit("元", "yuan")
        .sensitive()
        .import()
}

/// 农户
pub(super) const HOUSEHOLD: &[Field] = &[
    field("number", Type::Text(40), "户编号", "Official number").import(),
    field("group", Type::Text(20), "村民小组", "Village group").import(),
    field("order", Type::Int(0, 1_000_000), "名册顺序", "Order in the roster")
        .unwatched("the walking order comes from the roster; two orders of it hurt nobody")
        .import()
        .not_edited(),
    field("address", Type::Text(100), "住址", "Address").import(),
    field("phone", Type::Phone, "联系电话", "Telephone")
        .under(Section::Contact)
        .ask("现在哪个电话打得通？", "Which number reaches you now?")
        .also("more_phone/{value}")
        .import(),
    field("more_phone/{value}", Type::FreeSet, "其他电话", "Further numbers").under(Section::Contact),
    field("class/{value}", Type::Set(CLASS), "户类别", "Classes")
        .under(Section::Class)
        .import(),
    field("attribute", Type::Choice(ATTRIBUTE), "户类型", "Type of household")
        .under(Section::Class)
        .import(),
    field("monitor", Type::Choice(MONITOR), "监测对象类别", "Monitored as")
        .under(Section::Class)
        .import(),
    field("risk/{value}", Type::Set(RISK), "返贫致贫风险", "Risks")
        .under(Section::Class)
        .import(),
    field("tier", Type::Choice(TIER), "分类施策", "Tier")
        .under(Section::Class)
        .worst_first(&["重点帮扶户", "巩固提升户", "稳定脱贫户"])
        .import(),
    field(
        "dibao_class",
        Type::Choice(DIBAO_CLASS),
        "低保类别",
        "Class of living allowance",
    )
    .under(Section::Class)
    .import(),
    field("main_cause", Type::Choice(CAUSE), "主要致贫原因", "Main cause")
        .under(Section::Class)
        .import(),
    field("cause/{value}", Type::Set(CAUSE), "其他致贫原因", "Other causes")
        .under(Section::Class)
        .import(),
    field("identified_on", Type::Date(false), "识别时间", "Identified on")
        .under(Section::Class)
        .import(),
    field("exited_on", Type::Date(false), "脱贫时间", "Out of poverty on")
        .under(Section::Class)
        .import(),
    field("resettlement", Type::Choice(RESETTLEMENT), "易地搬迁", "Resettled")
        .under(Section::Class)
        .import(),
    field(
        "housing_grade",
        Type::Choice(HOUSING_GRADE),
        "住房等级",
        "Housing grade",
    )
    .under(Section::Safety)
    .ask(
        "房子鉴定是哪一级？漏雨不？墙有没有裂？",
        "Which grade was the house given? Does it leak or crack?",
    )
    .worst_first(&["D", "C", "B", "A"])
    .import(),
    field("water", Type::Choice(WATER), "饮水情况", "Drinking water")
        .under(Section::Safety)
        .ask("家里水够吃不？", "Is there enough water?")
        .worst_first(&["不达标", "基本达标", "达标"])
        .import(),
    field("house_area", Type::Area(2000), "住房面积", "Floor area")
        .under(Section::Safety)
        .unit("㎡", "m²")
        .import(),
    income("income_wage/{year}", "工资性收入", "Wages").lowest(),
    income(
        "income_business/{year}",
        "生产经营性收入",
        "From the household’s own production",
    )
    .lowest(),
    income("income_property/{year}", "财产性收入", "From property").lowest(),
    income("income_transfer/{year}", "转移性收入", "Transfers").lowest(),
    income("income_cost/{year}", "生产经营性支出", "Costs of production").highest(),
    field("electricity", Type::Choice(YES_NO), "通生活用电", "Electricity at home")
        .under(Section::Living)
        .worst_first(&["否", "是"])
        .import(),
    field(
        "production_power",
        Type::Choice(YES_NO),
        "通生产用电",
        "Electricity for work",
    )
    .under(Section::Living)
    .worst_first(&["否", "是"])
    .import(),
    field("broadcast", Type::Choice(YES_NO), "通广播电视", "Radio and television")
        .under(Section::Living)
        .worst_first(&["否", "是"])
        .import(),
    field("broadband", Type::Choice(YES_NO), "通宽带", "Broadband")
        .under(Section::Living)
        .worst_first(&["否", "是"])
        .import(),
    field("road", Type::Choice(ROAD), "入户路类型", "Road to the house")
        .under(Section::Living)
        .worst_first(&["泥土路", "砂石路", "水泥路", "沥青路"])
        .import(),
    field(
        "road_m",
        Type::Int(0, 100_000),
        "与村主干路距离",
        "Distance to the main road",
    )
    .under(Section::Living)
    .unit("米", "m")
    .import(),
    field("toilet", Type::Choice(YES_NO), "有卫生厕所", "Sanitary toilet")
        .under(Section::Living)
        .worst_first(&["否", "是"])
        .import(),
    field("fuel", Type::Choice(FUEL), "主要燃料", "Main fuel")
        .under(Section::Living)
        .import(),
    field("land_farm", Type::Area(100_000), "耕地", "Farmland")
        .under(Section::Land)
        .unit("亩", "mu")
        .import(),
    field("land_forest", Type::Area(100_000), "林地", "Forest")
        .under(Section::Land)
        .unit("亩", "mu")
        .import(),
    field(
        "land_return",
        Type::Area(100_000),
        "退耕还林",
        "Farmland returned to forest",
    )
    .under(Section::Land)
    .unit("亩", "mu")
    .import(),
    field("land_orchard", Type::Area(100_000), "林果", "Orchard")
        .under(Section::Land)
        .unit("亩", "mu")
        .import(),
    field("land_pasture", Type::Area(100_000), "牧草地", "Pasture")
        .under(Section::Land)
        .unit("亩", "mu")
        .import(),
    field("land_pond", Type::Area(100_000), "水面", "Ponds")
        .under(Section::Land)
        .unit("亩", "mu")
        .import(),
    field("extra/{column}", Type::Text(500), "名册", "Roster")
        .under(Section::Roster)
        .sensitive()
        .import(),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];

/// 家庭成员
pub(super) const PERSON: &[Field] = &[
    field("name", Type::Text(50), "姓名", "Name").import(),
    field("order", Type::Int(0, 1_000), "名册顺序", "Order in the family")
        .unwatched("the order of the family comes from the roster; two orders of it hurt nobody")
        .import()
        .not_edited(),
    field("relation", Type::Choice(RELATION), "与户主关系", "Relation to the head")
        .ask("是户主的什么人？", "How is this person related to the head?")
        .import(),
    field("id_kind", Type::Choice(ID_KIND), "证件类型", "Kind of card").import(),
    field("id_no", Type::IdNumber, "证件号码", "ID number")
        .sensitive()
        .import(),
    field("sex", Type::Choice(SEX), "性别", "Sex").import(),
    field("birth", Type::Date(false), "出生日期", "Date of birth").import(),
    field("ethnicity", Type::Text(20), "民族", "Ethnic group").import(),
    field("political", Type::Choice(POLITICAL), "政治面貌", "Party membership").import(),
    field("phone", Type::Phone, "本人电话", "Own telephone")
        .under(Section::Contact)
        .import(),
    field("tag/{value}", Type::Set(PERSON_TAG), "人员标识", "Tags"),
    field("school_stage", Type::Choice(SCHOOL_STAGE), "在校生状况", "School stage")
        .under(Section::School)
        .ask("现在读几年级？", "Which grade is the child in?")
        .import(),
    field("school", Type::Text(60), "就读学校", "School")
        .under(Section::School)
        .import(),
    field("dropout", Type::Choice(DROPOUT), "失学辍学原因", "Why not at school")
        .under(Section::School)
        .import(),
    field("education", Type::Choice(EDUCATION), "文化程度", "Education")
        .under(Section::School)
        .import(),
    field("health/{value}", Type::Set(HEALTH), "健康状况", "Health")
        .under(Section::Health)
        .ask(
            "身体怎么样？有没有长期吃药？",
            "How is your health, do you take medicine all the time?",
        )
        .sensitive()
        .import(),
    field("disease/{value}", Type::Set(DISEASE), "慢病病种", "Chronic illnesses")
        .under(Section::Health)
        .sensitive(),
    field(
        "illness_class",
        Type::Choice(ILLNESS_CLASS),
        "患病分类",
        "Course of the illness",
    )
    .under(Section::Health)
    .sensitive(),
    field(
        "disability_kind",
        Type::Choice(DISABILITY_KIND),
        "残疾类别",
        "Kind of disability",
    )
    .under(Section::Health)
    .sensitive()
    .import(),
    field(
        "disability_level",
        Type::Choice(DISABILITY_LEVEL),
        "残疾等级",
        "Level of disability",
    )
    .under(Section::Health)
    .sensitive()
    .import(),
    field("disability_card", Type::IdNumber, "残疾证号", "Disability card")
        .under(Section::Health)
        .sensitive()
        .import(),
    field("labour", Type::Choice(LABOUR), "劳动技能", "Labour")
        .under(Section::Work)
        .worst_first(&[
            "无劳动力",
            "丧失劳动力",
            "弱劳动力或半劳动力",
            "普通劳动力",
            "技能劳动力",
        ])
        .import(),
    field("insured/{year}", Type::Choice(INSURED), "医保参保", "Medical insurance")
        .under(Section::Insurance)
        .ask("今年医保交了没？", "Is the insurance paid for this year?")
        .worst_first(&["未", "居民", "职工"])
        .import(),
    field("pension", Type::Choice(PENSION), "养老保险", "Pension insurance")
        .under(Section::Insurance)
        .worst_first(&["未参保", "代缴", "已参保", "领取中"])
        .import(),
    field("job/{row}/place", Type::Text(60), "务工所在地", "Where")
        .under(Section::Work)
        .ask("在哪里打工？", "Where do you work?")
        .import(),
    field("job/{row}/employer", Type::Text(60), "务工企业名称", "Employer")
        .under(Section::Work)
        .import(),
    field(
        "job/{row}/channel",
        Type::Choice(WORK_CHANNEL),
        "就业渠道",
        "Kind of work",
    )
    .under(Section::Work)
    .import(),
    field("job/{row}/from", Type::Month, "开始月份", "From month")
        .under(Section::Work)
        .import(),
    field("job/{row}/to", Type::Month, "结束月份", "To month")
        .under(Section::Work)
        .import(),
    field("job/{row}/months", Type::Int(0, 12), "务工时间", "Months a year")
        .under(Section::Work)
        .unit("个月", "months")
        .lowest()
        .import(),
    field("job/{row}/wage_fen", Type::Fen(0, 1_000_000), "月工资", "Monthly wage")
        .under(Section::Work)
        .ask("一个月挣多少？", "How much a month?")
        .unit("元", "yuan")
        .lowest()
        .sensitive()
        .import(),
    field("job/{row}/void", Type::Choice(YES_NO), "已作废", "Withdrawn")
        .under(Section::Work)
        .not_edited(),
    field("extra/{column}", Type::Text(500), "名册", "Roster")
        .under(Section::Roster)
        .sensitive()
        .import(),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];

/// 人口变动
pub(super) const STATUS_EVENT: &[Field] = &[
    field("subject", Type::Ref(super::RecordKind::Person), "对象", "Whom").not_edited(),
    field("kind", Type::Choice(EVENT_KIND), "变动类型", "Kind")
        .worst_first(&[
            "死亡",
            "整户销户",
            "迁出",
            "婚出",
            "婚入",
            "迁入",
            "出生",
            "返贫",
            "纳入",
            "识别监测",
            "风险消除",
            "脱贫",
        ])
        .import(),
    field("on", Type::Date(false), "变动日期", "On").earliest().import(),
    field("remark", Type::Text(200), "说明", "Remark").joins().import(),
];

/// 合并记录. It stands in the document of one of the two and means the same from either side.
pub(super) const LINK: &[Field] = &[
    field("what", Type::Choice(LINK_KIND), "是不是同一个", "The same or not").not_edited(),
    field(
        "household",
        Type::Ref(super::RecordKind::Household),
        "另一户",
        "The other household",
    )
    .not_edited(),
    field(
        "person",
        Type::Ref(super::RecordKind::Person),
        "这里的人",
        "The person here",
    )
    .not_edited(),
    field(
        "other",
        Type::Ref(super::RecordKind::Person),
        "那里的人",
        "The person there",
    )
    .not_edited(),
];
