//! A signature as an event carries it: the way of signing stands in the field itself, everything else in flat keys below
//! it. Old people who cannot write sign by a mark with a witness; who refuses is written down as refusing, never hidden.

use super::fold::Event;
use crate::base::limits::SIGNATURE_STROKES_MAX;
use crate::base::picture::BlobId;
use crate::register::words::{Words, words};

/// How somebody signs. The word is a stored format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// With the own name.
    Own,
    /// Somebody of the family in the place of another.
    Family,
    /// A mark, before a witness who signs.
    Mark,
    /// Not at all, for a reason.
    Refused,
}

impl Way {
    /// Every way, in the order in which they are offered.
    pub const ALL: [Way; 4] = [Way::Own, Way::Family, Way::Mark, Way::Refused];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Way::Own => "本人签",
            Way::Family => "家人代签",
            Way::Mark => "画押",
            Way::Refused => "拒签",
        }
    }

    /// What stands below the field, for a signature of this way; anything else was typed before another way was chosen.
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Way::Own => &["name", "role", "strokes", "picture"],
            Way::Family => &["name", "role", "relation", "strokes", "picture"],
            Way::Mark => &[
                "name",
                "role",
                "strokes",
                "picture",
                "witness",
                "witness_strokes",
                "witness_picture",
            ],
            Way::Refused => &["name", "role", "reason"],
        }
    }

    /// From that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }
}

/// In which capacity somebody signs. The first word is a stored format.
pub const SIGNERS: [Words; 7] = [
    words("户主", "Head of the family"),
    words("家庭成员", "Family member"),
    words("村民代表", "Villagers' representative"),
    words("村两委", "Village committees"),
    words("乡镇", "Township"),
    words("督查", "Inspectors"),
    words("评议代表", "Delegate of the review"),
];

/// What a signature lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The procedure does not take this way of signing.
    Way,
    /// Who signed, or who refused.
    Name,
    /// In which capacity.
    Signer,
    /// What the one who signed is to the other.
    Relation,
    /// Nothing is drawn.
    Drawing,
    /// Who was there when the mark was made.
    Witness,
    /// The witness has not signed.
    WitnessDrawing,
    /// Why it was refused.
    Reason,
    /// It cannot be read.
    Damaged,
}

impl Lack {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Lack::Way => "signature_way",
            Lack::Name => "signature_name",
            Lack::Signer => "signature_signer",
            Lack::Relation => "signature_relation",
            Lack::Drawing => "signature_drawing",
            Lack::Witness => "signature_witness",
            Lack::WitnessDrawing => "signature_witness_drawing",
            Lack::Reason => "signature_reason",
            Lack::Damaged => "signature_damaged",
        }
    }

    /// What is to be done about it.
    pub fn words(self) -> Words {
        match self {
            Lack::Way => words(
                "这里不能这样签，请换一种方式",
                "cannot be given in this way; choose another",
            ),
            Lack::Name => words("还缺签字人姓名", "lacks the name of the signer"),
            Lack::Signer => words("还缺签字人身份", "does not say in which capacity"),
            Lack::Relation => words("家人代签要写明关系", "for another: say what they are to each other"),
            Lack::Drawing => words("还没有签", "is not drawn yet"),
            Lack::Witness => words("画押要有见证人姓名", "by a mark needs the name of a witness"),
            Lack::WitnessDrawing => words("画押要有见证人签字", "by a mark needs the signature of the witness"),
            Lack::Reason => words("拒签要写明原因", "was refused: write down why"),
            Lack::Damaged => words("读不出来，请重签", "cannot be read; sign again"),
        }
    }
}

/// The value of a key below the field.
pub fn part<'a>(event: &'a Event, field: &str, key: &str) -> &'a str {
    event.field(&format!("{field}/{key}"))
}

/// Whether the signature in a field is whole, in one of the ways that the procedure takes.
///
/// # Errors
/// The first thing that it lacks.
pub fn check(event: &Event, field: &str, takes: impl Fn(&str) -> bool) -> Result<(), Lack> {
    let word = event.field(field);
    let way = Way::from_word(word).filter(|_| takes(word)).ok_or(Lack::Way)?;
    let part = |key| part(event, field, key);
    let need = |key, lack| match part(key).is_empty() {
        true => Err(lack),
        false => Ok(()),
    };
    let drawn = |key, lack| match strokes(part(key)) {
        None => Err(Lack::Damaged),
        Some(strokes) if strokes.is_empty() => Err(lack),
        Some(_) => Ok(()),
    };
    need("name", Lack::Name)?;
    if !SIGNERS.iter().any(|signer| signer.zh == part("role")) {
        return Err(Lack::Signer);
    }
    match way {
        Way::Own => drawn("strokes", Lack::Drawing)?,
        Way::Family => {
            need("relation", Lack::Relation)?;
            drawn("strokes", Lack::Drawing)?;
        }
        Way::Mark => {
            drawn("strokes", Lack::Drawing)?;
            need("witness", Lack::Witness)?;
            drawn("witness_strokes", Lack::WitnessDrawing)?;
        }
        Way::Refused => need("reason", Lack::Reason)?,
    }
    let pictures = ["picture", "witness_picture"].map(part);
    let named = |name: &&str| name.is_empty() || name.parse::<BlobId>().is_ok();
    match pictures.iter().all(named) {
        true => Ok(()),
        false => Err(Lack::Damaged),
    }
}

/// The sides of the field on which signatures are drawn: points lie in 0..=1000 across and down.
pub const GRID: i32 = 1000;

/// A line that a finger drew.
pub type Stroke = Vec<(i32, i32)>;

/// What was drawn: strokes apart by blanks, each the differences from point to point, the first from the upper left
/// corner, as characters of six bits (63 to 126), the lowest five bits first, a sixth saying that more follow; the sign
/// stands in the lowest bit. Nothing where it cannot be read or is longer than a signature may be.
pub fn strokes(text: &str) -> Option<Vec<Stroke>> {
    if text.len() > SIGNATURE_STROKES_MAX {
        return None;
    }
    text.split(' ')
        .filter(|stroke| !stroke.is_empty())
        .map(stroke)
        .collect()
}

fn stroke(text: &str) -> Option<Stroke> {
    let mut bytes = text.bytes();
    let (mut x, mut y) = (0, 0);
    let mut points = Vec::new();
    while bytes.len() > 0 {
        x += difference(&mut bytes)?;
        y += difference(&mut bytes)?;
        let inside = |at: i32| (0..=GRID).contains(&at);
        if !inside(x) || !inside(y) {
            return None;
        }
        points.push((x, y));
    }
    (!points.is_empty()).then_some(points)
}

fn difference(bytes: &mut impl Iterator<Item = u8>) -> Option<i32> {
    let mut value = 0_i32;
    // Three characters hold more than the grid is wide.
    for shift in [0, 5, 10] {
        let bits = i32::from(bytes.next()?)
            .checked_sub(63)
            .filter(|bits| (0..64).contains(bits))?;
        value |= (bits & 31) << shift;
        if bits & 32 == 0 {
            return Some(if value & 1 == 1 { -(value >> 1) - 1 } else { value >> 1 });
        }
    }
    None
}

/// The strokes as the outline of a drawing, `M` and `L` with whole numbers, for screens and paper.
pub fn outline(text: &str) -> String {
    let mut outline = String::new();
    for stroke in strokes(text).unwrap_or_default() {
        for (at, (x, y)) in stroke.iter().enumerate() {
            let verb = if at == 0 { 'M' } else { 'L' };
            outline += &format!("{verb}{x} {y}");
        }
        // A dot is a line to itself, which round ends make visible.
        if let [(x, y)] = stroke[..] {
            outline += &format!("L{x} {y}");
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::RecordId;

    /// As the app writes them.
    fn written(strokes: &[&[(i32, i32)]]) -> String {
        let number = |difference: i32| {
            let mut value = if difference < 0 {
                !(difference << 1)
            } else {
                difference << 1
            };
            let mut text = String::new();
            loop {
                let more = if value > 31 { 32 } else { 0 };
                text.push(char::from((63 + (value & 31) + more) as u8));
                value >>= 5;
                if more == 0 {
                    return text;
                }
            }
        };
        let stroke = |stroke: &&[(i32, i32)]| {
            let mut last = (0, 0);
            let mut text = String::new();
            for (x, y) in *stroke {
                text += &number(x - last.0);
                text += &number(y - last.1);
                last = (*x, *y);
            }
            text
        };
        strokes.iter().map(stroke).collect::<Vec<_>>().join(" ")
    }

    fn event(fields: &[(&str, &str)]) -> Event {
        let fields = fields
            .iter()
            .map(|(key, value)| (format!("signature{key}"), (*value).into()));
        Event {
            id: RecordId([1; 16]),
            kind: "revisited".into(),
            author: None,
            role: String::new(),
            on: None,
            procedure: String::new(),
            version: 1,
            fields: fields.collect(),
            seen: Vec::new(),
        }
    }

    fn lacks(fields: &[(&str, &str)]) -> Option<Lack> {
        check(&event(fields), "signature", |_| true).err()
    }

    #[test]
    fn strokes_come_back_as_they_were_drawn_and_nothing_else_is_taken_for_any() {
        let drawn: [&[(i32, i32)]; 3] = [&[(0, 0), (1000, 1000), (3, 998)], &[(500, 20)], &[(17, 15), (16, 16)]];
        let text = written(&drawn);
        assert_eq!(strokes(&text).unwrap(), drawn.map(<[_]>::to_vec));
        assert_eq!(outline(&text), "M0 0L1000 1000L3 998M500 20L500 20M17 15L16 16");
        assert_eq!(strokes(""), Some(vec![]));
        for wrong in [
            "?",
            "墨",
            "~~~~",
            "?>",
            "@?",
            &written(&[&[(1001, 0)]]),
            &"? ".repeat(SIGNATURE_STROKES_MAX),
        ] {
            assert_eq!(strokes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_way_of_signing_lacks_what_it_needs_until_it_is_there() {
        let ink = written(&[&[(10, 10), (90, 40)]]);
        let ink = ink.as_str();
        let picture = "ab".repeat(32);
        let (name, role) = (("/name", "罗大爷"), ("/role", "户主"));
        let own = [
            ("", "本人签"),
            name,
            role,
            ("/strokes", ink),
            ("/picture", picture.as_str()),
        ];
        assert_eq!(lacks(&own), None);
        assert_eq!(lacks(&own[..4]), None, "the drawing is there without its picture");
        assert_eq!(lacks(&own[..3]), Some(Lack::Drawing));
        assert_eq!(lacks(&own[..2]), Some(Lack::Signer));
        assert_eq!(lacks(&own[..1]), Some(Lack::Name));
        assert_eq!(lacks(&[("", "口头"), name, role]), Some(Lack::Way));
        assert_eq!(
            lacks(&[("", "本人签"), name, role, ("/strokes", "墨")]),
            Some(Lack::Damaged)
        );
        let other = [("", "本人签"), name, role, ("/strokes", ink), ("/picture", "x")];
        assert_eq!(lacks(&other), Some(Lack::Damaged));
        let family = [("", "家人代签"), name, role, ("/strokes", ink)];
        assert_eq!(lacks(&family), Some(Lack::Relation));
        assert_eq!(lacks(&[&family[..], &[("/relation", "儿子")]].concat()), None);
        let mark = [("", "画押"), name, role, ("/strokes", ink)];
        assert_eq!(lacks(&mark), Some(Lack::Witness));
        let witnessed = [&mark[..], &[("/witness", "李组长")]].concat();
        assert_eq!(lacks(&witnessed), Some(Lack::WitnessDrawing));
        assert_eq!(lacks(&[&witnessed[..], &[("/witness_strokes", ink)]].concat()), None);
        let refused = [("", "拒签"), name, role];
        assert_eq!(lacks(&refused), Some(Lack::Reason));
        assert_eq!(lacks(&[&refused[..], &[("/reason", "说房子还漏")]].concat()), None);
        assert_eq!(check(&event(&own), "signature", |way| way == "拒签"), Err(Lack::Way));
    }
}
