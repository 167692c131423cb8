//! Fields of the work at the door: visits, assessments of housing and water, findings.

use super::{Field, RecordKind, Section, Type, field, forms};
use crate::register::enums::*;

/// 走访. Who made it is the author of the change, never a field.
pub(super) const VISIT: &[Field] = &[
    field("on", Type::Date(false), "走访日期", "On").import(),
    field("kind", Type::Choice(VISIT_KIND), "走访类型", "Kind of visit").import(),
    field("home", Type::Choice(Home::CHOICES), "家里有人吗", "Anybody at home?")
        .worst_first(&["nobody_home", "away", "phone", "at_home"])
        .import(),
    field("met/{person}", Type::RefSet(RecordKind::Person), "见到谁", "Met"),
    field(
        "met_other",
        Type::Text(60),
        "其他人（家人代答）",
        "Somebody else who answered",
    )
    .joins(),
    field(
        "with/{member}",
        Type::RefSet(RecordKind::Member),
        "同行",
        "Together with",
    ),
    field(
        "check/{dimension}",
        Type::Choice(Verdict::CHOICES),
        "核查结果",
        "Verdict",
    )
    .under(Section::Checks)
    .worst_first(&["unmet", "unchecked", "basic", "met", "not_applicable"]),
    field(
        "check/{dimension}/basis",
        Type::Choice(Basis::CHOICES),
        "核查方式",
        "Checked or carried over",
    )
    .under(Section::Checks)
    .worst_first(&["carried", "checked"]),
    field("words", Type::Note, "原话", "What the family said").under(Section::Words),
    field("judgement", Type::Note, "判断", "What the visitor thinks").under(Section::Words),
    field(
        "finding/{finding}",
        Type::RefSet(RecordKind::Finding),
        "发现问题",
        "Problems found",
    )
    .under(Section::Words),
    field("next_on", Type::Date(true), "下次再来", "Come again on").under(Section::Words),
    // What a form of the county asked beside all this.
    forms::FORM,
    forms::VERSION,
    forms::SOURCE,
    forms::DONE,
    forms::ANSWER,
    forms::MADE,
    forms::INSTANCE,
    forms::KEPT,
];

/// 住房、饮水 assessment
pub(super) const ASSESSMENT: &[Field] = &[
    field("kind", Type::Choice(AssessmentKind::CHOICES), "鉴定内容", "Of what").import(),
    field("on", Type::Date(false), "鉴定日期", "On").import(),
    field("grade", Type::Choice(HOUSING_GRADE), "住房等级", "Housing grade")
        .under(Section::Safety)
        .worst_first(&["D", "C", "B", "A"])
        .import(),
    field("site_safe", Type::Choice(YES_NO), "场地安全", "Site safe")
        .under(Section::Safety)
        .worst_first(&["否", "是"])
        .import(),
    field(
        "component/{part}",
        Type::Choice(ComponentGrade::CHOICES),
        "构件等级",
        "Component",
    )
    .under(Section::Safety)
    .worst_first(&["d", "c", "b", "a"]),
    field("crack_mm", Type::Int(0, 10_000), "裂缝宽度", "Widest crack")
        .under(Section::Safety)
        .unit("毫米", "mm"),
    field("house_no", Type::Int(1, 20), "第几处房屋", "Which house").under(Section::Safety),
    field("storeys", Type::Int(1, 30), "层数", "Storeys")
        .under(Section::Safety)
        .unit("层", "storeys"),
    field("structure", Type::Choice(STRUCTURE), "住房结构", "Structure")
        .under(Section::Safety)
        .import(),
    field("area", Type::Area(2000), "住房面积", "Floor area")
        .under(Section::Safety)
        .unit("㎡", "m²")
        .import(),
    field("exemption", Type::Choice(EXEMPTION), "七类排除", "Exemption").under(Section::Safety),
    field("exempt_until", Type::Date(true), "排除到期", "Exempt until").under(Section::Safety),
    field("appraiser", Type::Text(60), "鉴定单位（证号）", "Appraiser").under(Section::Safety),
    field("verdict", Type::Choice(WATER), "饮水情况", "Drinking water")
        .under(Section::Safety)
        .worst_first(&["不达标", "基本达标", "达标"])
        .import(),
    field("source", Type::Choice(WATER_SOURCE), "饮水水源", "Source").under(Section::Safety),
    field("litres", Type::Int(0, 2000), "人均日水量", "Water a person and day")
        .under(Section::Safety)
        .unit("升", "litres")
        .lowest(),
    field("quality", Type::Choice(WATER), "水质", "Quality")
        .under(Section::Safety)
        .worst_first(&["不达标", "基本达标", "达标"]),
    field("sign/{value}", Type::Set(WATER_SIGN), "水质异常", "Signs").under(Section::Safety),
    field("piped", Type::Choice(YES_NO), "自来水入户", "Piped to the house")
        .under(Section::Safety)
        .worst_first(&["否", "是"]),
    field(
        "fetch_minutes",
        Type::Int(0, 600),
        "取水往返时间",
        "Time to fetch water",
    )
    .under(Section::Safety)
    .unit("分钟", "minutes"),
    field("fetch_m", Type::Int(0, 20_000), "取水水平距离", "Distance to the water")
        .under(Section::Safety)
        .unit("米", "m"),
    field("fetch_up_m", Type::Int(0, 2000), "取水垂直距离", "Height to the water")
        .under(Section::Safety)
        .unit("米", "m"),
    field(
        "short_days",
        Type::Int(0, 366),
        "一年缺水天数",
        "Days without water a year",
    )
    .under(Section::Safety)
    .unit("天", "days"),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];

/// 问题: what was found. What became of it is folded from its events.
pub(super) const FINDING: &[Field] = &[
    field("category", Type::Choice(FINDING_CATEGORY), "问题类别", "Category"),
    field("words", Type::Text(500), "问题描述", "What is wrong").joins(),
    field("severity", Type::Choice(SEVERITY), "严重程度", "Severity").worst_first(&["严重", "较重", "一般"]),
    field("source", Type::Choice(FINDING_SOURCE), "问题来源", "Found by"),
    field("scope", Type::Choice(FINDING_SCOPE), "问题范围", "Scope"),
    field("found_on", Type::Date(false), "发现日期", "Found on"),
    field("group", Type::Text(40), "组", "Group"),
    field("place", Type::Text(60), "地点", "Place"),
    field("dossier", Type::Text(200), "档案记载", "On paper"),
    field("observed", Type::Text(200), "现场情况", "On the spot"),
    field("household", Type::Ref(RecordKind::Household), "农户", "Household").not_edited(),
    field("visit", Type::Ref(RecordKind::Visit), "走访", "Visit").not_edited(),
    field("record", Type::Ref(RecordKind::FormRecord), "表单记录", "Form record").not_edited(),
    field("procedure", Type::Choice(PROCEDURE), "事项", "Matter").not_edited(),
    field("person", Type::Ref(RecordKind::Person), "对象", "About whom").not_edited(),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];
