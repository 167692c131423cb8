//! Lists about the family: classes, causes, house, water, roads. Stored values: add at the end, never rename.

use crate::register::enums::{Choice, hidden, term};

/// 是 or 否; a field that nobody answered holds neither.
pub const YES_NO: &[Choice] = &[term("是", "Yes"), term("否", "No")];

/// Whether two records are of one and the same family or person.
pub const LINK_KIND: &[Choice] = &[term("同一个", "The same"), term("不是同一个", "Not the same")];

/// 户类型 (户属性): the terms of both eras; a roster keeps the one it came with
pub const ATTRIBUTE: &[Choice] = &[
    term("一般农户", "Ordinary household"),
    term("普通农户", "Ordinary household (since 2021)"),
    term("脱贫户", "Household out of poverty"),
    term("一般贫困户", "Poor household"),
    term("低保贫困户", "Poor household on minimum living allowance"),
    term("特困供养贫困户", "Poor household in special care"),
    term("一般脱贫户", "Household out of poverty, ordinary"),
    term("低保脱贫户", "Household out of poverty, on minimum living allowance"),
    term("特困供养脱贫户", "Household out of poverty, in special care"),
];

/// 户类别 (several)
pub const CLASS: &[Choice] = &[
    term("建档立卡", "Registered household"),
    term("低保", "Minimum living allowance"),
    term("特困", "Special care"),
    term("监测", "Monitored"),
    term("边缘户", "On the edge"),
    term("存疑户", "In doubt"),
    term("卡外重点", "Unregistered, needs attention"),
    hidden("攀比户", "Compares itself with others"),
    term("慢病户", "With a chronically ill member"),
];

/// 监测对象类别
pub const MONITOR: &[Choice] = &[
    term("脱贫不稳定户", "Out of poverty, not stable"),
    term("边缘易致贫户", "On the edge of poverty"),
    term("突发严重困难户", "Sudden severe hardship"),
];

/// 返贫致贫风险 (up to five)
pub const RISK: &[Choice] = &[
    term("因病", "Illness"),
    term("因学", "School costs"),
    term("因残", "Disability"),
    term("因自然灾害", "Natural disaster"),
    term("因务工就业不稳", "Unstable work"),
    term("缺劳动力", "Lack of labour"),
    term("因安全饮水", "Drinking water"),
    term("因安全住房", "Housing"),
    term("因意外事故", "Accident"),
    term("因产业项目失败", "Failed business"),
    term("其他", "Other"),
];

/// 户分类施策 (S210)
pub const TIER: &[Choice] = &[
    term("稳定脱贫户", "Stable"),
    term("巩固提升户", "To be strengthened"),
    term("重点帮扶户", "Needs most help"),
];

/// 低保类别 (S005)
pub const DIBAO_CLASS: &[Choice] = &[
    term("一类", "Class 1"),
    term("二类", "Class 2"),
    term("三类", "Class 3"),
];

/// 致贫原因
pub const CAUSE: &[Choice] = &[
    term("因病", "Illness"),
    term("因残", "Disability"),
    term("因学", "School costs"),
    term("因灾", "Disaster"),
    term("缺土地", "Lack of land"),
    term("缺水", "Lack of water"),
    term("缺技术", "Lack of skills"),
    term("缺劳力", "Lack of labour"),
    term("缺资金", "Lack of money"),
    term("交通条件落后", "Poor roads"),
    term("自身发展动力不足", "Lack of own drive"),
    term("因婚", "Marriage costs"),
    term("因丧", "Funeral costs"),
    term("缺住房", "Lack of housing"),
    term("缺电", "Lack of electricity"),
    term("其他", "Other"),
];

/// 易地搬迁安置
pub const RESETTLEMENT: &[Choice] = &[
    term("否", "Not resettled"),
    term("集中安置", "In a new settlement"),
    term("分散安置", "On its own"),
];

/// 住房等级
pub const HOUSING_GRADE: &[Choice] = &[
    term("A", "A (safe)"),
    term("B", "B (single parts at risk)"),
    term("C", "C (part of the house dangerous)"),
    term("D", "D (whole house dangerous)"),
];

/// 饮水情况
pub const WATER: &[Choice] = &[
    term("达标", "Met"),
    term("基本达标", "Basically met"),
    term("不达标", "Not met"),
];

/// 入户路类型
pub const ROAD: &[Choice] = &[
    term("泥土路", "Earth"),
    term("砂石路", "Gravel"),
    term("水泥路", "Concrete"),
    term("沥青路", "Asphalt"),
];

/// 主要燃料
pub const FUEL: &[Choice] = &[
    term("柴草", "Wood and straw"),
    term("干畜粪", "Dried dung"),
    term("煤炭", "Coal"),
    term("清洁能源", "Clean energy"),
    term("其它", "Other"),
];
