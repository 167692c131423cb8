//! What people and rosters write for the terms of the lists: 妻子 for 配偶, 初二 for 八年级, A级 for A.

use super::{Choice, choice};
use crate::base::text;

/// Each line: what is written, separated by spaces, and the term that is meant. A word may stand for terms of several
/// lists; the list asked for decides.
const SYNONYMS: &str = "\
本人 户主本人 家主=户主
夫 妻 丈夫 妻子 老伴 爱人 夫妻 老婆 老公=配偶
子 儿子 长子 次子 三子 四子 五子 独生子 养子 继子 大儿子 二儿子 小儿子=之子
女 女儿 长女 次女 三女 四女 五女 独生女 养女 继女 大女儿 二女儿 小女儿=之女
儿媳 媳妇 媳 长媳 儿媳妇=之儿媳
婿 女婿=之女婿
孙 孙子 长孙 孙儿=之孙子
孙女 长孙女=之孙女
外孙 外孙子=之外孙子
外孙女=之外孙女
父 父亲 爸爸=之父
母 母亲 妈妈=之母
岳父 丈人=之岳父
岳母 丈母=之岳母
公公=之公公
婆婆 公婆=之婆婆
祖父 爷爷=之祖父
祖母 奶奶=之祖母
外祖父 外公=之外祖父
外祖母 外婆=之外祖母
兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹 哥 之兄 之弟 之姐 之妹=之兄弟姐妹
侄子 侄儿 侄 之侄子=之侄儿
侄女=之侄女
嫂子 嫂 弟媳 弟媳妇 兄弟媳妇=之兄弟媳妇
叔 伯 叔叔 伯父 叔父 伯伯=之叔伯
其它 非亲属 其他亲属=其他
其他=其它
身份证 二代身份证 第二代居民身份证=居民身份证
残疾证=残疾人证
无 没有 无证件=无证
党员=中共党员
预备党员=中共预备党员
团员=共青团员
文盲 半文盲 文盲半文盲 文盲/半文盲=文盲或半文盲
初中毕业=初中
高中毕业=高中
专科 大学专科=大专
本科 大学 大学本科 研究生 硕士 博士 硕士研究生=本科及以上
幼儿园 学前班 幼儿=学前教育
学龄前=学龄前儿童
一年级 二年级 三年级 四年级 五年级 六年级 小学一年级 小学二年级 小学三年级 小学四年级 小学五年级 小学六年级=小学
初一 初中一年级 初中七年级=七年级
初二 初中二年级 初中八年级=八年级
初三 初中三年级 初中九年级=九年级
高一 高中一年级=普通高中一年级
高二 高中二年级=普通高中二年级
高三 高中三年级=普通高中三年级
大一 大学一年级=本科一年级
大二 大学二年级=本科二年级
大三 大学三年级=本科三年级
大四 大学四年级=本科四年级
研究生 硕士 博士 硕士研究生=硕士研究生及以上
良好 健康状况良好=健康
慢性病 慢病 长期慢病=长期慢性病
大病 重病 患大病=患有大病
残疾人 残=残疾
普通劳力 普通=普通劳动力
技能劳力 技能=技能劳动力
弱劳动力 半劳动力 弱劳力 半劳力 弱或半劳动力 弱劳动力/半劳动力=弱劳动力或半劳动力
丧失劳动能力 丧失劳力=丧失劳动力
无劳动能力 无劳力=无劳动力
是 已参保 城乡居民 居民医保 城乡居民医保 城乡居民基本医疗保险 参保=居民
职工医保 城镇职工 职工基本医疗保险=职工
否 未参保 没有参保 无 没有=未
否 未 无 没有=未参保
是 参保=已参保
有 √ ✓ ✔ 对 通 已通 y Y yes 1=是
无 × ✗ 没有 未 未通 不通 n N no 0=否
安全 合格=达标
基本安全=基本达标
不安全 不合格=不达标
农户 一般户=一般农户
缺劳动力 缺少劳力=缺劳力
缺劳力=缺劳动力
因自然灾害=因灾
因灾=因自然灾害
动力不足 发展动力不足=自身发展动力不足
缺钱=缺资金
建档立卡户 建档立卡贫困户=建档立卡
低保户=低保
特困户 特困供养 五保户 五保=特困
监测户 监测对象=监测
边缘易致贫户=边缘户
不稳定户 脱贫监测户=脱贫不稳定户
突发困难户 突发严重困难=突发严重困难户
稳定户=稳定脱贫户
巩固户=巩固提升户
重点户=重点帮扶户
1类 1=一类
2类 2=二类
3类 3=三类
1级 1 Ⅰ级=一级
2级 2 Ⅱ级=二级
3级 3 Ⅲ级=三级
4级 4 Ⅳ级=四级
A级 a a级 一级=A
B级 b b级 二级=B
C级 c c级 三级=C
D级 d d级 四级=D
水泥 硬化路 混凝土路=水泥路
土路 泥路=泥土路
石子路 沙石路=砂石路
柏油路=沥青路
柴 柴火=柴草
电 煤气 天然气 液化气 沼气 清洁能源=清洁能源
煤=煤炭
是 搬迁=集中安置
男性=男
女性=女
";

/// The choice that is meant by what a person or a roster wrote: the term itself, with stray blanks, full-width
/// characters and a leading 之 forgiven, or a word in common use for it. Nothing where none is meant for certain.
pub fn canonical(list: &'static [Choice], written: &str) -> Option<&'static Choice> {
    let clean = text::clean(written);
    if let Some(found) = choice(list, &clean) {
        return Some(found);
    }
    let compact = text::compact(written);
    let bare = ["残疾", "(安全)", "(危房)"]
        .iter()
        .fold(compact.as_str(), |word, tail| word.strip_suffix(tail).unwrap_or(word));
    choice(list, &compact)
        .or_else(|| if bare.is_empty() { None } else { choice(list, bare) })
        .or_else(|| synonym(list, bare))
        .or_else(|| synonym(list, &compact))
}

fn synonym(list: &'static [Choice], word: &str) -> Option<&'static Choice> {
    SYNONYMS.lines().find_map(|line| {
        let (written, term) = line.split_once('=')?;
        let found = choice(list, term)?;
        written.split(' ').any(|synonym| synonym == word).then_some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn means(list: &'static [Choice], written: &str) -> Option<&'static str> {
        canonical(list, written).map(|choice| choice.value)
    }

    #[test]
    fn words_in_common_use_are_understood() {
        for (list, written, term) in [
            (RELATION, "妻子", "配偶"),
            (RELATION, " 次 子 ", "之子"),
            (RELATION, "女", "之女"),
            (SEX, "女", "女"),
            (RELATION, "外孙女", "之外孙女"),
            (EDUCATION, "文盲", "文盲或半文盲"),
            (SCHOOL_STAGE, "初二", "八年级"),
            (SCHOOL_STAGE, "三年级", "小学"),
            (HOUSING_GRADE, "Ａ级", "A"),
            (HOUSING_GRADE, "c", "C"),
            (DISABILITY_LEVEL, "３级", "三级"),
            (DISABILITY_KIND, "肢体残疾", "肢体"),
            (HEALTH, "残疾", "残疾"),
            (INSURED, "是", "居民"),
            (INSURED, "否", "未"),
            (YES_NO, "√", "是"),
            (ID_KIND, "身份证", "居民身份证"),
            (DIBAO_CLASS, "2类", "二类"),
            (WATER, "安全", "达标"),
            (EDUCATION, "研究生", "本科及以上"),
            (SCHOOL_STAGE, "研究生", "硕士研究生及以上"),
            (FUEL, "其他", "其它"),
            (CAUSE, "其它", "其他"),
            (CAUSE, "缺劳动力", "缺劳力"),
            (RISK, "缺劳力", "缺劳动力"),
        ] {
            assert_eq!(means(list, written), Some(term), "{written}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_guessed() {
        for (list, written) in [
            (ATTRIBUTE, "贫困户"),
            (EDUCATION, "中专"),
            (RELATION, ""),
            (HOUSING_GRADE, "E"),
            (LABOUR, "好"),
        ] {
            assert_eq!(means(list, written), None, "{written}");
        }
    }

    #[test]
    fn every_synonym_stands_for_a_term_of_some_list_and_none_hides_a_term() {
        for line in SYNONYMS.lines() {
            let (written, term) = line.split_once('=').expect(line);
            let lists: Vec<_> = ALL_LISTS.iter().filter(|list| choice(list, term).is_some()).collect();
            assert!(!lists.is_empty(), "{line}");
            assert!(!written.split(' ').any(str::is_empty), "{line}");
        }
        for list in ALL_LISTS {
            for choice in *list {
                assert_eq!(means(list, choice.value), Some(choice.value));
            }
        }
    }
}
