//! First letters of the pinyin of Chinese names, for search. No tones, no whole syllables: 0 or more letters a character.

/// The characters of the table: the CJK block of names in daily use.
const FIRST: u32 = 0x4E00;

/// One letter a character of the commonest reading, `.` where there is none. 20,992 bytes, of which brotli keeps 11.4 kB
/// (five bits a character would be 13.1 kB raw and 12.9 kB in brotli). Written and proven fresh by the test below.
const LETTERS: &[u8] = include_bytes!("pinyin/initials.txt");

/// Characters of names whose readings begin with different letters: the character, then its letters, the commonest in
/// names first. Surnames above all: 单 is Shan, Dan or Chan, 区 is Ou.
const SEVERAL: &str = "\
曾zc 单sdc 覃qt 仇qc 解xj 查zc 尉wy 乐yl 区oq 翟zd 种cz 盛sc 长cz 行xh 重cz 朝cz 沈sc 召zs 贾jg \
车cj 宿sx 郇xh 隗wk 折sz 秘bm 俟qs 万wm 澹dt 宓mf 祭zj 谌cs 句gj 俞ys 阚kh 臧zc 蔚wy 乜nm 藏cz \
调td 降jx 参cs 传cz 校xj 茄qj 伽jgq 茜qx 率ls 莘xs 晟sc 卡kq 褚cz 阿ae 鹄hg 繁fp 巷xh 奇qj 稽jq \
便bp 番fp 氏sz 厦sx 红hg 虹hj 识sz 石sd 系xj 叶yx 兹zc 炅gj 筠yj 角jl 壳kq 圈qj 说sy 粘zn 泊bp \
大dt 弹td 扁bp 辟pb 暴bp 瀑pb 膀bp 殖zs 合hg 给gj 咳kh 囤dt 恶ew 屏pb 拓tt 柜gj 汤ts 涌yc 禅cs \
缉jq 艾ay 芎qx 蛇sy 轧yz 铅qy 陂bp 龟gjq 拗an 其qj 吓xh 峒dt 尾wy 佛fb 畜cx 邪xy 铫yd";

/// Combinations of readings that a name is written out in at most; further characters keep their first reading.
pub const COMBINATIONS_MAX: usize = 16;

/// The letters, in lower case, that a character of a name may be searched by: one, several for 曾, itself for a Latin
/// letter or a digit, none for a dot, a blank or a character without a known reading.
pub fn letters(c: char) -> impl Iterator<Item = char> + Clone {
    let itself = Some(c.to_ascii_lowercase()).filter(char::is_ascii_alphanumeric);
    let several = if itself.is_none() && c as u32 >= FIRST {
        several(c)
    } else {
        ""
    };
    let one = if several.is_empty() { common(c) } else { None };
    several.chars().chain(one).chain(itself)
}

/// Every way the name may be written in first letters, the commonest first: 曾小单 is `zxs`, `zxd`, `zxc`, `cxs` …
///
/// ```
/// use bianfang::register::pinyin::initials;
/// assert_eq!(initials("王芳"), ["wf"]);
/// assert_eq!(initials("曾强"), ["zq", "cq"]);
/// ```
pub fn initials(name: &str) -> Vec<String> {
    let mut written = vec![String::new()];
    for c in name.chars() {
        let letters: Vec<char> = letters(c).collect();
        let room = written.len() * letters.len() <= COMBINATIONS_MAX;
        let letters = if room { &letters[..] } else { &letters[..1] };
        if !letters.is_empty() {
            written = written
                .iter()
                .flat_map(|start| letters.iter().map(move |letter| format!("{start}{letter}")))
                .collect();
        }
    }
    written.retain(|letters| !letters.is_empty());
    written
}

fn common(c: char) -> Option<char> {
    let place = (c as u32).checked_sub(FIRST)? as usize;
    LETTERS
        .get(place)
        .copied()
        .filter(u8::is_ascii_lowercase)
        .map(char::from)
}

fn several(c: char) -> &'static str {
    let entry = SEVERAL.find(c).map(|at| &SEVERAL[at + c.len_utf8()..]);
    entry.map_or("", |rest| rest.split(' ').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pinyin::{ToPinyin, ToPinyinMulti};
    use std::collections::BTreeSet;

    /// How the table is made from the readings that the `pinyin` crate knows.
    fn make() -> String {
        let letter = |code: u32| {
            let plain = char::from_u32(code)?.to_pinyin()?.plain().chars().next()?;
            Some(if plain.is_ascii_lowercase() { plain } else { 'e' })
        };
        (FIRST..=0x9FFF).map(|code| letter(code).unwrap_or('.')).collect()
    }

    #[test]
    fn the_table_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/register/pinyin/initials.txt");
        if std::env::var_os("BIANFANG_MAKE_INITIALS").is_some() {
            std::fs::write(path, make()).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap() == make(),
            "run this test with BIANFANG_MAKE_INITIALS=1"
        );
    }

    /// Readings that are in use for surnames and places though the data behind the table lacks them.
    const OWN_READINGS: [&str; 1] = ["谌s"];

    #[test]
    fn several_readings_are_real_ones_and_each_character_stands_once() {
        let mut seen = BTreeSet::new();
        let mut own = BTreeSet::new();
        for entry in SEVERAL.split(' ') {
            let c = entry.chars().next().unwrap();
            assert!(seen.insert(c), "{c} stands twice");
            let letters = &entry[c.len_utf8()..];
            assert!(
                !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase()),
                "{entry}"
            );
            let known: BTreeSet<char> = c
                .to_pinyin_multi()
                .unwrap()
                .into_iter()
                .filter_map(|reading| reading.plain().chars().next())
                .collect();
            for letter in letters.chars() {
                if !known.contains(&letter) {
                    own.insert(format!("{c}{letter}"));
                }
            }
        }
        assert_eq!(own.iter().map(String::as_str).collect::<Vec<_>>(), OWN_READINGS);
    }

    #[test]
    fn surnames_are_found_by_every_reading() {
        for (c, letters) in [
            ('曾', "zc"),
            ('单', "sdc"),
            ('覃', "qt"),
            ('仇', "qc"),
            ('解', "xj"),
            ('查', "zc"),
            ('尉', "wy"),
            ('乐', "yl"),
            ('区', "oq"),
            ('缪', "m"),
            ('朴', "p"),
            ('翟', "zd"),
            ('盖', "g"),
            ('种', "cz"),
            ('盛', "sc"),
            ('王', "w"),
            ('x', "x"),
            ('Ａ', ""),
            ('·', ""),
            ('𫖯', ""),
        ] {
            assert_eq!(super::letters(c).collect::<String>(), letters, "{c}");
        }
    }

    #[test]
    fn names_are_written_in_every_way_up_to_a_limit() {
        assert_eq!(initials("单乐"), ["sy", "sl", "dy", "dl", "cy", "cl"]);
        assert_eq!(initials("阿依古丽·买买提"), ["ayglmmt", "eyglmmt"]);
        assert_eq!(initials("John"), ["john"]);
        assert_eq!(initials(""), Vec::<String>::new());
        let many = initials("单单单曾曾");
        assert_eq!((many.len(), many.len() <= COMBINATIONS_MAX), (9, true));
        assert!(many.iter().all(|letters| letters.len() == 5));
    }
}
