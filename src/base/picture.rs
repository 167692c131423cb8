//! Pictures as bytes: their name by content, and what kind they are by how they begin. Decodes nothing.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// The name of a picture: SHA-256 of its bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId(pub [u8; 32]);

/// Text that is no name of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a picture: 64 hexadecimal digits in lower case are expected")]
pub struct NotABlobId;

impl BlobId {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// For storage.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl FromStr for BlobId {
    type Err = NotABlobId;

    fn from_str(text: &str) -> Result<Self, NotABlobId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let text = text.as_bytes();
        if text.len() != 64 {
            return Err(NotABlobId);
        }
        let mut name = [0; 32];
        for (byte, pair) in name.iter_mut().zip(text.chunks(2)) {
            let (high, low) = (digit(pair[0]).ok_or(NotABlobId)?, digit(pair[1]).ok_or(NotABlobId)?);
            *byte = high << 4 | low;
        }
        Ok(Self(name))
    }
}

/// So many bytes at the beginning tell what a picture is.
pub const HEAD_BYTES: usize = 16;

/// The kinds of picture that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Jpeg,
    Png,
    Webp,
}

/// Bytes that are no picture of a kind that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPicture {
    /// Nothing at all.
    #[error("an empty file")]
    Empty,
    /// The format of some cameras that few programs read.
    #[error("a picture in the format HEIC; JPEG, PNG or WebP are kept")]
    Heic,
    /// Anything else.
    #[error("not a picture in JPEG, PNG or WebP")]
    Other,
}

impl NotAPicture {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NotAPicture::Empty => "photo_empty",
            NotAPicture::Heic => "photo_heic",
            NotAPicture::Other => "photo_not_a_picture",
        }
    }
}

impl Picture {
    /// By how the bytes begin; at least [`HEAD_BYTES`] of them, or all there are.
    ///
    /// # Errors
    /// What else it is.
    pub fn of(bytes: &[u8]) -> Result<Self, NotAPicture> {
        match bytes {
            [] => Err(NotAPicture::Empty),
            [0xff, 0xd8, 0xff, _, ..] => Ok(Picture::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', _, ..] => Ok(Picture::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Picture::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_heic(brand) => Err(NotAPicture::Heic),
            _ => Err(NotAPicture::Other),
        }
    }

    /// As browsers call it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Picture::Jpeg => "image/jpeg",
            Picture::Png => "image/png",
            Picture::Webp => "image/webp",
        }
    }
}

fn is_heic(brand: &[u8]) -> bool {
    let brands: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    brands.iter().any(|known| brand.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_it_says() {
        let name = BlobId::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(name.to_string(), text);
        assert_eq!(text.parse(), Ok(name));
        assert_eq!(BlobId::from_slice(name.as_bytes()), Some(name));
        let wrong = [
            &text[1..],
            &text.to_uppercase(),
            &format!("{text}0"),
            &text.replace('a', "é"),
            "",
        ];
        for wrong in wrong {
            assert_eq!(BlobId::from_str(wrong), Err(NotABlobId), "{wrong}");
        }
    }

    #[test]
    fn kinds_are_told_by_their_beginning() {
        assert_eq!(Picture::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Ok(Picture::Jpeg));
        assert_eq!(Picture::of(b"\x89PNG\r\n\x1a\n\0"), Ok(Picture::Png));
        assert_eq!(Picture::of(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Ok(Picture::Webp));
        assert_eq!(Picture::of(b""), Err(NotAPicture::Empty));
        assert_eq!(Picture::of(b"\0\0\0\x18ftypheic\0\0\0\0"), Err(NotAPicture::Heic));
        assert_eq!(Picture::of(b"\0\0\0\x18ftypmif1\0\0\0\0"), Err(NotAPicture::Heic));
        for other in [
            &b"\0\0\0\x18ftypisom"[..],
            b"GIF89a..........",
            b"<svg xmlns=",
            b"RIFF\x01\x02\x03\x04WAVE",
            b"\xff\xd8\xff",
            b"\x89PNG",
        ] {
            assert_eq!(Picture::of(other), Err(NotAPicture::Other), "{other:?}");
        }
    }
}
