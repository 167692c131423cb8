//! Lists about one person. Stored values: add at the end, never rename.

use crate::register::enums::{Choice, hidden, term};

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
