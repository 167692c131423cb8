//! The words of the field's lists, recognised through the many ways in which they are written. What is not recognised
//! stays as it is written.

use bianfang::base::text;

/// A value, and whether it is one of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// A word of the list.
    Known(&'static str),
    /// As written.
    Other(String),
}

impl Word {
    /// The word, be it one of the list or not.
    pub fn word(&self) -> &str {
        match self {
            Self::Known(word) => word,
            Self::Other(text) => text,
        }
    }

    /// Whether it is one of the list.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// Looks a text up in `(word, other ways to write it)`.
fn find(list: &[(&'static str, &str)], written: &str) -> Word {
    let key = key(written);
    let found = list
        .iter()
        .find(|(word, ways)| *word == key || ways.split_whitespace().any(|way| way == key));
    found.map_or_else(|| Word::Other(text::clean(written)), |(word, _)| Word::Known(word))
}

/// Without blanks and brackets, ordinary letters.
fn key(written: &str) -> String {
    text::compact(written)
        .chars()
        .filter(|c| !matches!(c, '(' | ')' | '“' | '”' | '、' | ',' | '.'))
        .collect()
}

/// Texts by which people say that there is nothing.
pub(crate) fn is_none_word(written: &str) -> bool {
    matches!(
        key(written).as_str(),
        "" | "无" | "没有" | "暂无" | "/" | "-" | "不详" | "未知" | "空"
    )
}

const RELATIONS: [(&str, &str); 28] = [
    ("户主", "本人 户主本人 本人户主 家长"),
    (
        "配偶",
        "妻 妻子 夫 丈夫 老婆 老公 之妻 之夫 爱人 之配偶 户主配偶 户主之妻",
    ),
    (
        "之子",
        "儿子 子 长子 次子 三子 四子 五子 独生子 大儿子 二儿子 小儿子 养子 继子 儿 户主之子 之长子 之次子 之三子 养子或继子",
    ),
    (
        "之女",
        "女儿 女 长女 次女 二女 三女 四女 五女 独生女 大女儿 二女儿 小女儿 养女 继女 户主之女 之长女 之次女 之三女 养女或继女",
    ),
    ("之儿媳", "儿媳 媳妇 儿媳妇 之媳 长媳 次媳 之媳妇 之儿媳妇"),
    ("之女婿", "女婿 婿 之婿 上门女婿"),
    ("之孙子", "孙子 孙 长孙 次孙 之孙 孙儿"),
    ("之孙女", "孙女 长孙女 次孙女 孙女儿"),
    ("之外孙子", "外孙 外孙子 之外孙"),
    ("之外孙女", "外孙女"),
    ("之父", "父 父亲 之父亲 爸爸 养父 继父 户主之父 生父"),
    ("之母", "母 母亲 之母亲 妈妈 养母 继母 户主之母 生母"),
    ("之岳父", "岳父"),
    ("之岳母", "岳母"),
    ("之公公", "公公 公爹 家公"),
    ("之婆婆", "婆婆 家婆"),
    ("之祖父", "祖父 爷爷"),
    ("之祖母", "祖母 奶奶"),
    ("之外祖父", "外祖父 外公 姥爷"),
    ("之外祖母", "外祖母 外婆 姥姥"),
    (
        "之兄弟姐妹",
        "兄弟姐妹 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 之兄 之弟 之姐 之妹 兄弟 姐妹 哥 兄长 胞弟 胞兄 胞妹 胞姐 之兄弟",
    ),
    ("之曾孙子", "曾孙 曾孙子 之曾孙 重孙 重孙子"),
    ("之曾孙女", "曾孙女 重孙女"),
    ("之侄儿", "侄儿 侄子 侄 之侄子 之侄"),
    ("之侄女", "侄女"),
    ("之兄弟媳妇", "兄弟媳妇 嫂子 弟媳 弟媳妇 嫂 之嫂 之弟媳 弟妹"),
    ("之叔伯", "叔伯 叔叔 叔父 伯父 叔 伯 伯伯 之叔 之伯"),
    ("其他", "其它 其他关系 非亲属 其他亲属 99"),
];

/// The name in 张三（户主）.
pub(crate) fn without_head_mark(name: &str) -> Option<&str> {
    ["(户主)", "（户主）"]
        .iter()
        .find_map(|mark| name.strip_suffix(mark))
        .filter(|bare| !bare.is_empty())
}

/// 与户主关系; older forms number the first twenty of the list.
pub(crate) fn relation(written: &str) -> Word {
    if let [tens @ b'0'..=b'2', ones @ b'0'..=b'9'] = written.as_bytes() {
        let code = usize::from(tens - b'0') * 10 + usize::from(ones - b'0');
        if (1..=20).contains(&code) {
            return Word::Known(RELATIONS[code - 1].0);
        }
    }
    find(&RELATIONS, written)
}

/// The sex that a relation means.
pub(crate) fn sex_of_relation(relation: &str) -> Option<&'static str> {
    Some(match relation {
        "之子" | "之女婿" | "之孙子" | "之外孙子" | "之父" | "之岳父" | "之公公" | "之祖父" | "之外祖父"
        | "之曾孙子" | "之侄儿" | "之叔伯" => "男",
        "之女" | "之儿媳" | "之孙女" | "之外孙女" | "之母" | "之岳母" | "之婆婆" | "之祖母" | "之外祖母"
        | "之曾孙女" | "之侄女" | "之兄弟媳妇" => "女",
        _ => return None,
    })
}

/// 性别
pub(crate) fn sex(written: &str) -> Word {
    find(
        &[("男", "男性 男士 1 m male"), ("女", "女性 女士 2 f female")],
        &written.to_lowercase(),
    )
}

/// 证件类型
pub(crate) fn id_type(written: &str) -> Word {
    find(
        &[
            (
                "居民身份证",
                "身份证 二代身份证 第二代身份证 第二代居民身份证 居民身份证件 1 01 户口簿 户口本 居民户口簿",
            ),
            ("残疾人证", "残疾证 中华人民共和国残疾人证"),
            ("无", "无证 没有 无证件 未办理"),
        ],
        written,
    )
}

const ETHNICITIES: &str = "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 \
    黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 \
    阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族";

/// 民族: 土家 is 土家族.
pub(crate) fn ethnicity(written: &str) -> Word {
    let key = key(written);
    let found = ETHNICITIES
        .split_whitespace()
        .find(|name| *name == key || name.strip_suffix('族') == Some(&key));
    found.map_or_else(|| Word::Other(text::clean(written)), Word::Known)
}

/// 文化程度
pub(crate) fn education(written: &str) -> Word {
    find(
        &[
            (
                "文盲或半文盲",
                "文盲 半文盲 文盲半文盲 文盲/半文盲 文盲及半文盲 未上学 未上过学 不识字",
            ),
            ("小学", "小学毕业 小学文化 小学肄业"),
            ("初中", "初中毕业 初级中学 初中文化 初中肄业"),
            ("高中", "高中毕业 普通高中 高级中学 高中文化"),
            ("大专", "专科 大学专科 大专毕业 高职 高职高专 大学专科教育"),
            (
                "本科及以上",
                "本科 大学 大学本科 本科以上 研究生 硕士 博士 硕士研究生 博士研究生 大本 大学及以上 大学本科及以上",
            ),
        ],
        written,
    )
}

/// 在校生状况
pub(crate) fn school_stage(written: &str) -> Word {
    find(
        &[
            ("学龄前儿童", "学龄前 未入学 未到入学年龄"),
            ("学前教育", "幼儿园 学前班 学前 幼儿园在读"),
            (
                "小学",
                "小学在读 小学生 小学一年级 小学二年级 小学三年级 小学四年级 小学五年级 小学六年级 一年级 二年级 三年级 四年级 五年级 六年级",
            ),
            ("七年级", "初一 初中一年级 初中七年级"),
            ("八年级", "初二 初中二年级 初中八年级"),
            ("九年级", "初三 初中三年级 初中九年级"),
            ("普通高中一年级", "高一 高中一年级"),
            ("普通高中二年级", "高二 高中二年级"),
            ("普通高中三年级", "高三 高中三年级"),
            ("中职一年级", "中专一年级 职高一年级 中等职业一年级 中职1年级"),
            ("中职二年级", "中专二年级 职高二年级 中等职业二年级"),
            ("中职三年级", "中专三年级 职高三年级 中等职业三年级"),
            ("高职高专一年级", "大专一年级 高职一年级 专科一年级"),
            ("高职高专二年级", "大专二年级 高职二年级 专科二年级"),
            ("高职高专三年级", "大专三年级 高职三年级 专科三年级"),
            ("技师学院一年级", ""),
            ("技师学院二年级", ""),
            ("技师学院三年级", ""),
            ("技师学院四年级", ""),
            ("本科一年级", "大学一年级 大一 大学本科一年级"),
            ("本科二年级", "大学二年级 大二 大学本科二年级"),
            ("本科三年级", "大学三年级 大三 大学本科三年级"),
            ("本科四年级", "大学四年级 大四 大学本科四年级"),
            ("本科五年级", "大学五年级 大五 大学本科五年级"),
            ("硕士研究生及以上", "硕士 研究生 博士 硕士研究生 博士研究生"),
        ],
        written,
    )
}

/// Whether 在校生状况 says that somebody is not at school.
pub(crate) fn not_at_school(written: &str) -> bool {
    is_none_word(written)
        || matches!(
            key(written).as_str(),
            "否" | "非在校生" | "不在校" | "非在校" | "已毕业" | "毕业"
        )
}

/// 健康状况: what is known of the list, and what is not.
pub(crate) fn health(written: &str) -> Vec<Word> {
    let list = [
        ("健康", "良好 健康良好 健康或良好 身体健康 正常 好"),
        (
            "长期慢性病",
            "慢性病 慢病 长期慢病 患长期慢性病 患有慢性病 长期慢性疾病 患慢性病",
        ),
        ("患有大病", "大病 重病 患大病 重大疾病 重疾 患有重病 患重病"),
        (
            "残疾",
            "残疾人 身体残疾 肢体残疾 视力残疾 听力残疾 言语残疾 智力残疾 精神残疾 多重残疾",
        ),
    ];
    split(written)
        .iter()
        .filter(|part| !is_none_word(part))
        .map(|part| find(&list, part))
        .collect()
}

/// 劳动技能
pub(crate) fn labour(written: &str) -> Word {
    find(
        &[
            ("普通劳动力", "普通 普通劳力 正常劳动力 一般劳动力"),
            ("技能劳动力", "技能 技术劳动力 技能劳力"),
            (
                "弱劳动力或半劳动力",
                "弱劳动力 半劳动力 弱半劳动力 弱劳动力半劳动力 弱劳力 半劳力 弱劳动力/半劳动力 弱劳动力或半劳力 弱半劳力",
            ),
            ("丧失劳动力", "丧失劳动能力 丧失劳力"),
            ("无劳动力", "无劳动能力 无劳力 没有劳动能力 无"),
        ],
        written,
    )
}

/// 政治面貌
pub(crate) fn political(written: &str) -> Word {
    find(
        &[
            ("中共党员", "党员 中国共产党党员 共产党员"),
            ("中共预备党员", "预备党员 中国共产党预备党员"),
            ("共青团员", "团员 中国共产主义青年团团员"),
            ("群众", "无党派 普通群众 无"),
        ],
        written,
    )
}

/// Yes or no in the ways that tables have.
pub(crate) fn yes_no(written: &str) -> Word {
    find(
        &[
            (
                "是",
                "有 √ ✓ ✔ 1 y yes 已参保 参保 已参加 参加 已缴 已缴费 已缴纳 已购买 已买 对 享受 已享受 true v 已",
            ),
            (
                "否",
                "无 没有 × ✗ ✘ x 0 n no 未参保 未参加 未缴 未缴费 未缴纳 未购买 未买 不 未享受 不享受 false 未 没买",
            ),
        ],
        &written.to_lowercase(),
    )
}

/// 住房等级
pub(crate) fn housing(written: &str) -> Word {
    find(
        &[
            ("A", "A级 a a级 A级房屋 A级安全 安全A级 A级安全住房 1"),
            ("B", "B级 b b级 B级房屋 B级安全 安全B级 B级安全住房"),
            ("C", "C级 c c级 C级危房 危房C级 C级房屋"),
            ("D", "D级 d d级 D级危房 危房D级 D级房屋"),
        ],
        written,
    )
}

/// 饮水
pub(crate) fn water(written: &str) -> Word {
    find(
        &[
            ("达标", "是 安全 饮水安全 已达标 有保障 已解决 √ 有 合格"),
            ("基本达标", "基本安全 基本解决"),
            ("不达标", "否 不安全 未达标 未解决 没有保障 × 无 不合格 无保障"),
        ],
        written,
    )
}

/// 低保类别: 一类, A类, 1 …
pub(crate) fn dibao_class(written: &str) -> Word {
    find(
        &[
            (
                "一类",
                "1类 A类 A 1 Ⅰ类 一档 A档 一级 低保一类 一类低保 第一类 a类 a 一类户 一 1档",
            ),
            (
                "二类",
                "2类 B类 B 2 Ⅱ类 二档 B档 二级 低保二类 二类低保 第二类 b类 b 二类户 二 2档",
            ),
            (
                "三类",
                "3类 C类 C 3 Ⅲ类 三档 C档 三级 低保三类 三类低保 第三类 c类 c 三类户 三 3档",
            ),
        ],
        written,
    )
}

/// 残疾等级: 一级, 2级, Ⅲ级, 肢体四级
pub(crate) fn disability_level(written: &str) -> Word {
    let found = find(
        &[
            ("一级", "1级 1 Ⅰ级 Ⅰ 一 壹级 极重度"),
            ("二级", "2级 2 Ⅱ级 Ⅱ 二 贰级 重度"),
            ("三级", "3级 3 Ⅲ级 Ⅲ 三 叁级 中度"),
            ("四级", "4级 4 Ⅳ级 Ⅳ 四 肆级 轻度"),
        ],
        written,
    );
    let inside = || {
        let levels = ["一级", "二级", "三级", "四级"];
        levels.into_iter().find(|level| found.word().contains(level))
    };
    match inside() {
        Some(level) => Word::Known(level),
        None => found,
    }
}

/// 分类管理 (S210)
pub(crate) fn tier(written: &str) -> Word {
    find(
        &[
            ("稳定脱贫户", "稳定脱贫 稳定户 稳定脱贫类"),
            ("巩固提升户", "巩固提升 巩固户 巩固提升类 巩固脱贫户"),
            ("重点帮扶户", "重点帮扶 重点户 重点帮扶类"),
        ],
        written,
    )
}

/// 户类型 and its like; counties have classes of their own, so every word is taken.
pub(crate) fn class(written: &str) -> Word {
    find(
        &[
            ("一般农户", "一般户 普通户 非贫困户 一般群众 普通群众"),
            ("普通农户", ""),
            ("脱贫户", "已脱贫户 建档立卡户 建档立卡脱贫户 建档立卡 脱贫"),
            ("低保户", "低保 农村低保户 低保家庭"),
            ("特困户", "特困 五保户 五保 特困供养户 特困供养 特困人员 分散供养特困户"),
            ("脱贫不稳定户", "脱贫不稳定 脱贫不稳定监测户"),
            ("边缘易致贫户", "边缘易致贫 边缘户 边缘易致贫监测户"),
            (
                "突发严重困难户",
                "突发严重困难 突发困难户 严重困难户 突发严重困难监测户",
            ),
            ("监测对象", "监测户 防返贫监测对象 防返贫监测户 监测"),
        ],
        written,
    )
}

/// Most values that one cell is taken apart into.
const PARTS_MAX: usize = 30;

/// A text of several values.
pub(crate) fn split(written: &str) -> Vec<String> {
    let parts = written.split(['、', ',', '，', ';', '；', '/', '／', '|', '+', '\n', ' ']);
    parts
        .map(text::clean)
        .filter(|part| !part.is_empty())
        .take(PARTS_MAX)
        .collect()
}

/// A cause without the number that older forms put before it: `1因病`, `2.因残`.
pub(crate) fn cause(written: &str) -> String {
    let clean = text::clean(written);
    let bare = clean.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | '、' | ' ' | '-'));
    let bare = if bare.is_empty() { &clean } else { bare };
    match bare {
        "交通落后" | "交通条件差" => "交通条件落后",
        "自身发展动力不足" | "发展动力不足" | "自身动力不足" => "自身发展动力不足",
        other => other,
    }
    .to_owned()
}

/// 组: 5, 第5组, 五组, 5村民小组 are all 5组. A group with a name keeps it.
pub(crate) fn group(written: &str) -> String {
    let compact = text::compact(written);
    let bare = compact.trim_start_matches('第');
    let bare = ["村民小组", "居民小组", "小组", "组"]
        .iter()
        .find_map(|end| bare.strip_suffix(end))
        .unwrap_or(bare);
    let digits = bare.trim_end_matches(".0");
    if !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}组", digits.trim_start_matches('0').parse::<u32>().unwrap_or(0));
    }
    match chinese_number(bare) {
        Some(number) => format!("{number}组"),
        None => text::clean(written).replace(' ', ""),
    }
}

/// 一 to 九十九.
fn chinese_number(written: &str) -> Option<u32> {
    let digit = |c: char| {
        "一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .map(|at| at as u32 + 1)
    };
    let chars: Vec<char> = written.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [one] => digit(*one),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(digit(*ten)? * 10),
        [ten, '十', one] => Some(digit(*ten)? * 10 + digit(*one)?),
        _ => None,
    }
}

/// The phones in a cell, as digits, with whatever cannot be a phone kept as written.
pub(crate) fn phones(written: &str) -> Vec<String> {
    let clean = written.replace(['/', '、', '，', ',', ';', '；', '\n', '|', '或', '／'], " ");
    let whole = phone(&clean);
    // 154 0000 0001 is one number in three parts.
    if is_phone(&whole) {
        return vec![whole];
    }
    clean
        .split_whitespace()
        .map(phone)
        .filter(|part| !is_none_word(part))
        .take(PARTS_MAX)
        .collect()
}

fn phone(written: &str) -> String {
    let compact = text::compact(written);
    let compact = compact.strip_suffix(".0").unwrap_or(&compact);
    let dialled = compact
        .strip_prefix("+86")
        .or_else(|| compact.strip_prefix("0086"))
        .unwrap_or(compact);
    let plain: String = dialled
        .chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | '.'))
        .collect();
    // A landline keeps the hyphen behind its area code.
    if plain.len() == 11 && plain.starts_with('1') && plain.bytes().all(|b| b.is_ascii_digit()) {
        plain
    } else {
        dialled.to_owned()
    }
}

/// A mobile number (DQ14), or a landline with or without its area code.
pub(crate) fn is_phone(phone: &str) -> bool {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let only = phone.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let mobile = phone.len() == 11 && phone.starts_with('1') && matches!(phone.as_bytes()[1], b'3'..=b'9');
    let landline = (digits == 7 || digits == 8) || (phone.starts_with('0') && (10..=12).contains(&digits));
    only && (mobile || (landline && !phone.starts_with('1')))
}

/// Whether the text is a number that a spreadsheet cut short: `4.30581E+17`, `1.54E+10`.
pub(crate) fn looks_scientific(written: &str) -> bool {
    let compact = text::compact(written).to_uppercase();
    let Some((mantissa, power)) = compact.split_once('E') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(&mantissa.replacen('.', "", 1)) && power.strip_prefix('+').is_some_and(digits)
}

/// 户编号 without blanks and decimals.
pub(crate) fn household_number(written: &str) -> String {
    let compact = text::compact(written).to_uppercase();
    compact.strip_suffix(".0").unwrap_or(&compact).to_owned()
}

/// Whether a household number is an official one, which begins with the 12 digits of its village.
pub(crate) fn village_prefix(number: &str) -> Option<&str> {
    let official = (16..=19).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    official.then(|| &number[..12])
}

/// Months of work: `6`, `6个月`, `6.0`.
pub(crate) fn months(written: &str) -> Word {
    let compact = text::compact(written);
    let bare = compact.trim_end_matches("个月").trim_end_matches('月');
    match bare.parse::<f64>() {
        Ok(months) if (0.0..=12.0).contains(&months) => Word::Other(crate::book::number_text(months)),
        _ => Word::Other(text::clean(written)),
    }
}

/// Whether [`months`] understood it.
pub(crate) fn is_months(value: &str) -> bool {
    value.parse::<f64>().is_ok_and(|months| (0.0..=12.0).contains(&months))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_written_one_way() {
        for written in [
            "5",
            "05",
            "5组",
            "第5组",
            "五组",
            "第五组",
            "５ 组",
            "5村民小组",
            "第五村民小组",
            "5.0",
        ] {
            assert_eq!(group(written), "5组", "{written}");
        }
        assert_eq!(group("二十一组"), "21组");
        assert_eq!(group("下湾 组"), "下湾组");
        assert_eq!(group("七里坪"), "七里坪");
    }

    #[test]
    fn phones_are_told_apart() {
        assert_eq!(phones("15400000001.0"), ["15400000001"]);
        assert_eq!(phones("154 0000 0001"), ["15400000001"]);
        assert_eq!(phones("154-0000-0001、15400000002"), ["15400000001", "15400000002"]);
        assert_eq!(phones("+86 15400000001"), ["15400000001"]);
        assert_eq!(phones("0718-3222222"), ["0718-3222222"]);
        assert_eq!(phones("无"), [""; 0]);
        assert!(is_phone("0718-3222222") && is_phone("3222222") && is_phone("15400000001"));
        assert!(!is_phone("12400000001") && !is_phone("1540000000") && !is_phone("张三") && !is_phone(""));
    }

    #[test]
    fn words_are_recognised() {
        assert_eq!(relation("长子"), Word::Known("之子"));
        assert_eq!(relation("（本 人）"), Word::Known("户主"));
        assert_eq!(relation("表叔"), Word::Other("表叔".into()));
        assert_eq!(housing("Ａ级"), Word::Known("A"));
        assert_eq!(
            health("残疾，长期慢性病").iter().map(Word::word).collect::<Vec<_>>(),
            ["残疾", "长期慢性病"]
        );
        assert_eq!(ethnicity("土家"), Word::Known("土家族"));
        assert_eq!(education("文盲/半文盲"), Word::Known("文盲或半文盲"));
        assert_eq!(cause("1因病"), "因病");
        assert!(looks_scientific("4.30581E+17") && !looks_scientific("4.3E17") && !looks_scientific("E+1"));
    }

    #[test]
    fn every_word_of_a_list_means_one_thing() {
        let mut seen = std::collections::BTreeSet::new();
        for (word, ways) in RELATIONS {
            for way in ways
                .split_whitespace()
                .chain([word])
                .collect::<std::collections::BTreeSet<_>>()
            {
                assert!(seen.insert(way.to_owned()), "{way}");
            }
        }
    }
}
