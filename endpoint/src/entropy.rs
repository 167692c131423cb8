//! Unpredictable bytes, and ids, tokens and codes made of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bianfang::base::id::{MemberId, RecordId};
use sha2::{Digest as _, Sha256};

/// Letters and digits that nobody mixes up when reading aloud or typing: no 0, O, 1, I.
const CODE_ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of an invitation's code: 50 bits.
const CODE_CHARS: usize = 10;

/// Unpredictable bytes from the operating system.
///
/// # Panics
/// Where the system has none: nothing safe can be done then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A fresh record id.
pub fn record_id(now_ms: i64) -> RecordId {
    RecordId::mint(now_ms, random())
}

/// A fresh member id. It is minted like a record's, because the person's record in the village document has it too.
pub fn member_id(now_ms: i64) -> MemberId {
    MemberId(record_id(now_ms).0)
}

/// Bytes as text that stands in links and headers unescaped.
pub fn to_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Back from that text.
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A fresh code, as it is stored and compared.
pub fn code() -> String {
    let bytes: [u8; CODE_CHARS] = random();
    bytes
        .iter()
        .map(|byte| CODE_ALPHABET[usize::from(byte & 31)] as char)
        .collect()
}

/// A code as people read it: two groups.
pub fn shown_code(code: &str) -> String {
    let (head, tail) = code.split_at_checked(CODE_CHARS / 2).unwrap_or((code, ""));
    format!("{head}-{tail}")
}

/// What a person typed as the code it stands for: any case, any gaps; nothing if it cannot be a code.
pub fn typed_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—' | '_' | '.'))
        .map(half_width)
        .collect();
    let fits = code.len() == CODE_CHARS && code.bytes().all(|byte| CODE_ALPHABET.contains(&byte));
    fits.then_some(code)
}

fn half_width(c: char) -> char {
    let narrow = match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    };
    narrow.to_ascii_uppercase()
}

/// SHA-256, as tokens and codes are stored.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = code();
        assert_eq!(code.len(), CODE_CHARS);
        let shown = shown_code(&code);
        for typed in [
            code.clone(),
            shown.clone(),
            shown.to_lowercase(),
            format!(" {} ", shown.replace('-', " ")),
        ] {
            assert_eq!(typed_code(&typed).as_deref(), Some(code.as_str()), "{typed}");
        }
        assert_eq!(typed_code("２３４５６７８９ａＢ").as_deref(), Some("23456789AB"));
        for wrong in ["", "ABCDE", "ABCDE-FGHJ0", "ABCDE-FGHJKL", "ABCDE-FGHI1"] {
            assert_eq!(typed_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nothing_random_comes_twice() {
        assert_ne!(random::<32>(), random::<32>());
        assert_ne!(record_id(5), record_id(5));
        let bytes: [u8; 32] = random();
        assert_eq!(from_text(&to_text(&bytes)), Some(bytes.to_vec()));
    }
}
