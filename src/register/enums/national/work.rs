//! Lists about assessments, visits, changes of status, findings, the team and the village. Stored values: add at the end, never rename.

use crate::register::enums::{Choice, coded, hidden, term};
use crate::register::words::words;

/// 住房结构
pub const STRUCTURE: &[Choice] = &[
    term("砖混", "Brick and concrete"),
    term("砖木", "Brick and timber"),
    term("木结构", "Timber"),
    term("土木", "Earth and timber"),
    term("石木", "Stone and timber"),
    term("其他", "Other"),
];

/// 住房构件
pub const COMPONENT: &[Choice] = &[
    term("地基", "Foundation"),
    term("墙柱", "Walls and columns"),
    term("梁", "Beams"),
    term("屋面", "Roof"),
    term("其他", "Other parts"),
];

/// 危房七类排除 (S091)
pub const EXEMPTION: &[Choice] = &[
    term("易地扶贫搬迁", "Resettled"),
    term("已建设或购买新房", "Has built or bought a new house"),
    term("长期无人居住", "Nobody lives there"),
    term("子女在机关事业单位工作", "Children in public service"),
    term("子女在本村有安全住房", "Children in the village have a safe house"),
    term(
        "已签订拆迁合同或近三年内征迁",
        "Contract for demolition, or due within three years",
    ),
    term("近两年内已享受危房改造", "Had a renovation grant in the last two years"),
];

/// 事项: what a person begins for a household beside problems. The stored value is the name of the procedure.
pub const PROCEDURE: &[Choice] = &[
    coded("renovation", "危房改造", "Renovation of a house"),
    coded("monitoring", "监测对象识别与风险消除", "Households at risk"),
    coded("school_return", "控辍保学", "A child back to school"),
    coded("exit", "脱贫退出", "Out of poverty"),
    coded("household_plan", "一户一策", "Plan for a household"),
];

/// 饮水水源
pub const WATER_SOURCE: &[Choice] = &[
    term("管网", "Water mains"),
    term("单村", "Village works"),
    term("水池水井", "Pool or well"),
    term("自建井", "Own well"),
    term("其他", "Other"),
];

/// 水质异常
pub const WATER_SIGN: &[Choice] = &[
    term("杂质", "Particles"),
    term("浑浊", "Cloudy"),
    term("异色", "Colour"),
    term("异味", "Smell or taste"),
    term("不良反应", "Made somebody ill"),
];

/// 走访类型. A phone call is no kind of its own: how one reached the family is `Home`.
pub const VISIT_KIND: &[Choice] = &[
    term("结对走访", "Paired visit"),
    term("入户核查", "Household check"),
    term("三级书记遍访", "Visit by a secretary"),
    term("院落会前走访", "Visit before a courtyard meeting"),
    term("慰问", "Visit with gifts"),
];

/// 人口变动 (S191): of a person
pub const PERSON_EVENT_KIND: &[Choice] = &[
    term("出生", "Born"),
    term("死亡", "Died"),
    term("迁入", "Moved in"),
    term("迁出", "Moved out"),
    term("婚入", "Married in"),
    term("婚出", "Married out"),
];

/// 人口变动 (S191): of the household
pub const HOUSEHOLD_EVENT_KIND: &[Choice] = &[
    term("纳入", "Registered as poor"),
    term("脱贫", "Out of poverty"),
    term("返贫", "Back in poverty"),
    term("识别监测", "Monitoring begun"),
    term("风险消除", "Risk cleared"),
    term("迁入", "Moved in"),
    term("迁出", "Moved out"),
    term("整户销户", "Household dissolved"),
];

/// 人口变动: both, as the field holds them
pub const EVENT_KIND: &[Choice] = &[
    term("出生", "Born"),
    term("死亡", "Died"),
    term("迁入", "Moved in"),
    term("迁出", "Moved out"),
    term("婚入", "Married in"),
    term("婚出", "Married out"),
    term("纳入", "Registered as poor"),
    term("脱贫", "Out of poverty"),
    term("返贫", "Back in poverty"),
    term("识别监测", "Monitoring begun"),
    term("风险消除", "Risk cleared"),
    term("整户销户", "Household dissolved"),
];

/// 问题类别
pub const FINDING_CATEGORY: &[Choice] = &[
    term("饮水", "Drinking water"),
    term("住房", "Housing"),
    term("教育", "Education"),
    term("医疗", "Medical care"),
    term("吃穿", "Food and clothing"),
    term("收入就业", "Income and work"),
    term("产业", "Business"),
    term("政策落实", "Policy not carried out"),
    term("基础设施", "Infrastructure"),
    term("集体经济", "Collective economy"),
    hidden("信访", "Petition"),
    term("人居环境", "Living environment"),
    term("资料佐证", "Papers and proof"),
    term("作风", "Conduct of officials"),
    term("资金", "Funds"),
    term("其他", "Other"),
];

/// 问题来源
pub const FINDING_SOURCE: &[Choice] = &[
    term("走访", "Visit"),
    term("自查", "Own check"),
    term("巡视巡察", "Party inspection"),
    term("考核评估", "Appraisal"),
    term("审计监督", "Audit"),
    term("暗访督查", "Unannounced inspection"),
    term("联合核查", "Joint check"),
    term("专项监督", "Special supervision"),
    hidden("信访", "Petition"),
    term("回头看", "Look back"),
    term("部门预警", "Warning by a department"),
    term("院落会", "Courtyard meeting"),
    term("表单", "Form"),
];

/// 问题范围: 由点及面 opens a look at all the others.
pub const FINDING_SCOPE: &[Choice] = &[term("点对点", "This one alone"), term(WIDE, "All households looked at")];
/// 由点及面
pub const WIDE: &str = "由点及面";

/// 问题严重程度
pub const SEVERITY: &[Choice] = &[
    term("一般", "Ordinary"),
    term("较重", "Serious"),
    term("严重", "Severe"),
];

/// 队员身份
pub const POSITION: &[Choice] = &[
    term("第一书记", "First secretary"),
    term("工作队长", "Head of the work team"),
    term("队员", "Team member"),
    term("村支书", "Village party secretary"),
    term("村委", "Village committee"),
    term("包村干部", "Township cadre in charge of the village"),
    term("结对干部", "Paired cadre"),
    term("村医", "Village doctor"),
    term("教师", "Teacher"),
    term("督查员", "Inspector"),
    term("单位一把手", "Head of a unit"),
];

/// 单位层级
pub const UNIT_LEVEL: &[Choice] = &[
    term("省", "Province"),
    term("市", "City"),
    term("县", "County"),
    term("乡镇", "Township"),
    term("村", "Village"),
];

/// 结对身份
pub const PAIRING_ROLE: &[Choice] = &[
    term("结对责任人", "Paired helper"),
    term("主体帮扶人", "Main helper"),
    term("联络员", "Contact"),
];

/// Which amount of water a day is enough (T/CHES 18): 丰水区 has 800 mm of rain and more.
pub const REGION: &[Choice] = &[
    Choice {
        value: "wet",
        label: words("丰水区", "Wet region"),
        sensitive: false,
    },
    Choice {
        value: "dry",
        label: words("缺水区", "Dry region"),
        sensitive: false,
    },
];

/// 村类别, which decides how many people the team must have
pub const VILLAGE_CLASS: &[Choice] = &[
    term("脱贫村", "Village out of poverty"),
    term("安置村≥100人", "Resettlement village of 100 people and more"),
    term("安置村<100人", "Resettlement village below 100 people"),
    term("示范村", "Model village"),
    term("软弱涣散村", "Village with a weak party branch"),
    term("一般村", "Ordinary village"),
    term("挂牌督战", "Village under supervision"),
];
