//! Fields of the village, its groups, its team and who is paired with whom.

use super::{Field, RecordKind, Section, Type, field};
use crate::register::enums::*;

/// 结对: with the household of the document it stands in, or with a whole group.
pub(super) const PAIRING: &[Field] = &[
    field("member", Type::Ref(RecordKind::Member), "结对责任人", "Paired helper"),
    field("name", Type::Text(50), "责任人姓名", "Name of the helper").import(),
    field("unit", Type::Text(60), "单位", "Unit").import(),
    field("role", Type::Choice(PAIRING_ROLE), "结对身份", "Role").import(),
    field("group", Type::Text(20), "村民小组", "Village group"),
    field("from", Type::Date(true), "开始日期", "From").latest().import(),
    field("to", Type::Date(true), "结束日期", "To").earliest().import(),
];

/// 队员
pub(super) const MEMBER: &[Field] = &[
    field("name", Type::Text(50), "姓名", "Name"),
    field("role", Type::Choice(Role::CHOICES), "权限", "Role"),
    field("phone", Type::Phone, "电话", "Telephone").under(Section::Contact),
    field("unit", Type::Text(60), "单位", "Unit"),
    field("unit_level", Type::Choice(UNIT_LEVEL), "单位层级", "Level of the unit"),
    field("position/{value}", Type::Set(POSITION), "身份", "Positions"),
    field("from", Type::Date(true), "开始日期", "From").latest(),
    field("to", Type::Date(true), "离队日期", "To").earliest(),
];

/// 村
pub(super) const VILLAGE: &[Field] = &[
    field("code", Type::Text(12), "村编码", "Village code").import(),
    field("name", Type::Text(50), "村名", "Name").import(),
    field("town", Type::Text(50), "乡镇", "Township").import(),
    field("county", Type::Text(50), "县市区", "County").import(),
    field("class", Type::Choice(VILLAGE_CLASS), "村类别", "Class of village"),
    field("region", Type::Choice(REGION), "丰水区或缺水区", "Wet or dry region"),
    field(
        "rural_population",
        Type::Int(0, 1_000_000),
        "农村人口",
        "Rural population",
    )
    .unit("人", "people"),
    field(
        "team_required",
        Type::Int(0, 100),
        "驻村队最少人数",
        "Team members required",
    )
    .unit("人", "people"),
    field(
        "visits_a_year",
        Type::Int(0, 366),
        "结对走访每年次数",
        "Paired visits a year",
    )
    .unit("次", "visits"),
    field(
        "sweep_blocks_parent",
        Type::Choice(YES_NO),
        "面上未清零不得销号",
        "An open sweep stops the sign-off",
    ),
    field("demonstration", Type::Int(0, 1), "演示数据", "Demonstration data").not_edited(),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];

/// 设施
pub(super) const FACILITY: &[Field] = &[
    field("name", Type::Text(50), "名称", "Name"),
    field("kind", Type::Choice(FacilityKind::CHOICES), "设施类别", "Kind"),
    field("group", Type::Text(20), "所在组", "Village group"),
    field("since", Type::Date(true), "启用日期", "In use since").latest(),
    field("to", Type::Date(true), "停用日期", "In use until").earliest(),
    field("notes", Type::Note, "备注", "Notes").under(Section::Notes),
];

/// 村民小组
pub(super) const GROUP: &[Field] = &[
    field("name", Type::Text(20), "组名", "Name").import(),
    field("order", Type::Int(0, 1_000), "顺序", "Order")
        .unwatched("the order of the groups comes from the roster; two orders of it hurt nobody")
        .import()
        .not_edited(),
    field("head", Type::Text(50), "组长", "Head of the group"),
    field("phone", Type::Phone, "组长电话", "Telephone of the head").under(Section::Contact),
];
