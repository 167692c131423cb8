//! The enumerations of the national system and of the counties' tables, in the order in which people know them.
//! The stored value is the Chinese term itself. Values may be added at the end, never renamed or removed.

use super::{Choice, hidden, term};

/// 是 or 否; a field that nobody answered holds neither.
pub const YES_NO: &[Choice] = &[term("是", "Yes"), term("否", "No")];

/// 性别
pub const SEX: &[Choice] = &[term("男", "Male"), term("女", "Female")];

/// 证件类型
pub const ID_KIND: &[Choice] = &[
    term("居民身份证", "Identity card"),
    term("残疾人证", "Disability card"),
    term("无证", "No card"),
    term("其他", "Other"),
];

/// 与户主关系
pub const RELATION: &[Choice] = &[
    term("户主", "Head"),
    term("配偶", "Spouse"),
    term("之子", "Son"),
    term("之女", "Daughter"),
    term("之儿媳", "Daughter-in-law"),
    term("之女婿", "Son-in-law"),
    term("之孙子", "Son's son"),
    term("之孙女", "Son's daughter"),
    term("之外孙子", "Daughter's son"),
    term("之外孙女", "Daughter's daughter"),
    term("之父", "Father"),
    term("之母", "Mother"),
    term("之岳父", "Wife's father"),
    term("之岳母", "Wife's mother"),
    term("之公公", "Husband's father"),
    term("之婆婆", "Husband's mother"),
    term("之祖父", "Father's father"),
    term("之祖母", "Father's mother"),
    term("之外祖父", "Mother's father"),
    term("之外祖母", "Mother's mother"),
    term("之兄弟姐妹", "Brother or sister"),
    term("之曾孙子", "Great-grandson"),
    term("之曾孙女", "Great-granddaughter"),
    term("之侄儿", "Nephew"),
    term("之侄女", "Niece"),
    term("之兄弟媳妇", "Brother's wife"),
    term("之叔伯", "Uncle"),
    term("其他", "Other"),
];

/// 政治面貌
pub const POLITICAL: &[Choice] = &[
    term("中共党员", "Party member"),
    term("中共预备党员", "Probationary party member"),
    term("共青团员", "Youth League member"),
    term("群众", "No party"),
];

/// 文化程度 (empty while at school)
pub const EDUCATION: &[Choice] = &[
    term("文盲或半文盲", "Illiterate or semi-literate"),
    term("小学", "Primary school"),
    term("初中", "Junior middle school"),
    term("高中", "Senior middle school"),
    term("大专", "Junior college"),
    term("本科及以上", "Bachelor or higher"),
];

/// 在校生状况 (empty when not at school)
pub const SCHOOL_STAGE: &[Choice] = &[
    term("学龄前儿童", "Below school age"),
    term("学前教育", "Nursery school"),
    term("小学", "Primary school"),
    term("七年级", "Grade 7"),
    term("八年级", "Grade 8"),
    term("九年级", "Grade 9"),
    term("普通高中一年级", "Senior middle school, year 1"),
    term("普通高中二年级", "Senior middle school, year 2"),
    term("普通高中三年级", "Senior middle school, year 3"),
    term("中职一年级", "Vocational school, year 1"),
    term("中职二年级", "Vocational school, year 2"),
    term("中职三年级", "Vocational school, year 3"),
    term("高职高专一年级", "Junior college, year 1"),
    term("高职高专二年级", "Junior college, year 2"),
    term("高职高专三年级", "Junior college, year 3"),
    term("技师学院一年级", "Technician college, year 1"),
    term("技师学院二年级", "Technician college, year 2"),
    term("技师学院三年级", "Technician college, year 3"),
    term("技师学院四年级", "Technician college, year 4"),
    term("本科一年级", "University, year 1"),
    term("本科二年级", "University, year 2"),
    term("本科三年级", "University, year 3"),
    term("本科四年级", "University, year 4"),
    term("本科五年级", "University, year 5"),
    term("硕士研究生及以上", "Postgraduate"),
];

/// 失学辍学原因
pub const DROPOUT: &[Choice] = &[
    term("因病", "Illness"),
    term("因残", "Disability"),
    term("厌学", "Does not want to"),
    term("休学", "On leave from school"),
    term("送教上门", "Taught at home"),
    term("延缓入学", "Later enrolment approved"),
    term("其他", "Other"),
];

/// 健康状况 (several; 健康 excludes the others)
pub const HEALTH: &[Choice] = &[
    term("健康", "Healthy"),
    term("长期慢性病", "Chronic illness"),
    term("患有大病", "Serious illness"),
    term("残疾", "Disabled"),
];

/// 慢病病种
pub const DISEASE: &[Choice] = &[
    term("高血压", "High blood pressure"),
    term("糖尿病", "Diabetes"),
    term("结核病", "Tuberculosis"),
    hidden("严重精神障碍", "Severe mental disorder"),
    term("其他", "Other"),
];

/// 患病分类
pub const ILLNESS_CLASS: &[Choice] = &[
    term("不可逆转", "Irreversible"),
    term("可一次性治愈", "Curable once"),
    term("需长期救治管理", "Needs long-term care"),
];

/// 残疾类别, in the order of the card's digit 1 to 7
pub const DISABILITY_KIND: &[Choice] = &[
    term("视力", "Sight"),
    term("听力", "Hearing"),
    term("言语", "Speech"),
    term("肢体", "Limbs"),
    term("智力", "Intellectual"),
    hidden("精神", "Mental"),
    term("多重", "Multiple"),
];

/// 残疾等级, in the order of the card's digit 1 to 4
pub const DISABILITY_LEVEL: &[Choice] = &[
    term("一级", "Level 1 (severest)"),
    term("二级", "Level 2"),
    term("三级", "Level 3"),
    term("四级", "Level 4"),
];

/// 劳动技能
pub const LABOUR: &[Choice] = &[
    term("普通劳动力", "Ordinary labour"),
    term("技能劳动力", "Skilled labour"),
    term("弱劳动力或半劳动力", "Weak or half labour"),
    term("丧失劳动力", "Lost the ability to work"),
    term("无劳动力", "No labour"),
];

/// 医保参保, per year
pub const INSURED: &[Choice] = &[
    term("居民", "Residents' insurance"),
    term("职工", "Employees' insurance"),
    term("未", "Not insured"),
];

/// 养老保险
pub const PENSION: &[Choice] = &[
    term("未参保", "Not insured"),
    term("已参保", "Insured"),
    term("代缴", "Paid by the government"),
    term("领取中", "Drawing a pension"),
];

/// 就业渠道
pub const WORK_CHANNEL: &[Choice] = &[
    term("县内务工", "Work inside the county"),
    term("县外省内务工", "Work in the province"),
    term("省外务工", "Work in another province"),
    term("帮扶车间", "Local workshop"),
    term("公益性岗位", "Public-benefit post"),
    term("自主创业", "Own business"),
    term("其他", "Other"),
];

/// 人员标识
pub const PERSON_TAG: &[Choice] = &[
    term("留守儿童", "Left-behind child"),
    term("留守老人", "Left-behind old person"),
    term("残疾儿童", "Disabled child"),
    term("随迁子女", "Child of migrant workers"),
    term("雨露", "Yulu training grant"),
];

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

/// 走访类型. A phone call is no kind of its own: how one reached the family is [`super::Home`].
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
];

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

/// Every list, for tests over all of them.
pub const ALL_LISTS: &[&[Choice]] = &[
    YES_NO,
    SEX,
    ID_KIND,
    RELATION,
    POLITICAL,
    EDUCATION,
    SCHOOL_STAGE,
    DROPOUT,
    HEALTH,
    DISEASE,
    ILLNESS_CLASS,
    DISABILITY_KIND,
    DISABILITY_LEVEL,
    LABOUR,
    INSURED,
    PENSION,
    WORK_CHANNEL,
    PERSON_TAG,
    ATTRIBUTE,
    CLASS,
    MONITOR,
    RISK,
    TIER,
    DIBAO_CLASS,
    CAUSE,
    RESETTLEMENT,
    HOUSING_GRADE,
    WATER,
    ROAD,
    FUEL,
    STRUCTURE,
    COMPONENT,
    EXEMPTION,
    WATER_SOURCE,
    WATER_SIGN,
    VISIT_KIND,
    PERSON_EVENT_KIND,
    HOUSEHOLD_EVENT_KIND,
    EVENT_KIND,
    FINDING_CATEGORY,
    FINDING_SOURCE,
    SEVERITY,
    POSITION,
    UNIT_LEVEL,
    PAIRING_ROLE,
    VILLAGE_CLASS,
];
