//! Notes of thirty characters: common characters, the commoner the likelier, with a phrase here and there. Real notes
//! compress to little more than a byte a character; so do these, and no note repeats another.

use bianfang_sim::random::Random;

/// Characters of a note.
const CHARS: usize = 30;

/// Common characters, the commonest first.
const COMMON: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种\
事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又\
关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声\
提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统\
区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师\
观清今切院让识候带导争运笔猪药房屋漏墙裂缝修病医院钱粮米衣被井管路灯桥田茶油牛羊鸡蜂鱼果树菜肥药种收卖买借欠还租养残低保户口证卡章表盖签";

const PHRASES: &[&str] = &[
    "高血压药",
    "在广东打工",
    "腿脚不便",
    "屋顶漏雨",
    "水管冻坏",
    "住院报销",
    "油茶",
    "低保",
    "产业补助",
    "残疾证",
    "慢病卡",
    "公益岗位",
];

/// One note.
pub fn words(random: &Random) -> String {
    let common: Vec<char> = COMMON.chars().filter(|character| !character.is_whitespace()).collect();
    let mut text = String::new();
    while text.chars().count() < CHARS {
        if random.chance(8) {
            text.push_str(random.pick(PHRASES).copied().unwrap_or_default());
        } else if random.chance(10) {
            text.push('，');
        } else {
            // The square of an even number in 0…1: small places are likelier.
            let even = random.below(1 << 20);
            let place = (even * even) >> 20;
            let place = (place * common.len() as u64) >> 20;
            text.extend(usize::try_from(place).ok().and_then(|place| common.get(place)));
        }
    }
    text.chars().take(CHARS).collect()
}
