//! What the phone notes of each photo beside its bytes. A stored format.

use crate::base::codec::{DecodeError, Reader, Writer};

/// What a picture is to the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhotoKind {
    /// Small, goes up first, stays for ever.
    Thumb = 0,
    /// The photo itself.
    Photo = 1,
    /// A signature, as small as a thumbnail and as precious as a photo.
    Signature = 2,
}

impl PhotoKind {
    /// By its code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "thumb" => Some(Self::Thumb),
            "photo" => Some(Self::Photo),
            "signature" => Some(Self::Signature),
            _ => None,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Thumb, Self::Photo, Self::Signature]
            .get(usize::from(byte))
            .copied()
    }
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// On this phone alone.
    Waiting,
    /// The endpoint has it, since then by this phone's clock.
    Received(i64),
    /// The endpoint will never take it, for this reason.
    Refused(String),
}

/// One photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub kind: PhotoKind,
    pub bytes: u32,
    pub made_at_ms: i64,
    pub state: State,
}

const FORMAT: u8 = 1;
const CODE_BYTES_MAX: usize = 100;

impl Entry {
    /// As it is stored.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(FORMAT);
        writer.byte(self.kind as u8);
        writer.number(u64::from(self.bytes));
        writer.signed(self.made_at_ms);
        match &self.state {
            State::Waiting => writer.byte(0),
            State::Received(at_ms) => {
                writer.byte(1);
                writer.signed(*at_ms);
            }
            State::Refused(code) => {
                writer.byte(2);
                writer.text(code);
            }
        }
        writer.finish()
    }

    /// From what was stored.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != FORMAT {
            return Err(DecodeError::Tag);
        }
        let kind = PhotoKind::from_byte(reader.byte()?).ok_or(DecodeError::Tag)?;
        let bytes = u32::try_from(reader.number()?).map_err(|_| DecodeError::Tag)?;
        let made_at_ms = reader.signed()?;
        let state = match reader.byte()? {
            0 => State::Waiting,
            1 => State::Received(reader.signed()?),
            2 => State::Refused(reader.text(CODE_BYTES_MAX)?.to_owned()),
            _ => return Err(DecodeError::Tag),
        };
        Ok(Self {
            kind,
            bytes,
            made_at_ms,
            state,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_released() {
        let entry = |kind, state| Entry {
            kind,
            bytes: 203_117,
            made_at_ms: 1_565_830_000_000,
            state,
        };
        let golden = [
            (entry(PhotoKind::Thumb, State::Waiting), "0100edb20c80b6edab925b00"),
            (
                entry(PhotoKind::Photo, State::Received(1_565_830_000_001)),
                "0101edb20c80b6edab925b0182b6edab925b",
            ),
            (
                entry(PhotoKind::Signature, State::Refused("photo_heic".into())),
                "0102edb20c80b6edab925b020a70686f746f5f68656963",
            ),
        ];
        for (entry, stored) in golden {
            let bytes = entry.encode();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, stored);
            assert_eq!(Entry::decode(&bytes), Ok(entry));
            assert!(Entry::decode(&bytes[..bytes.len() - 1]).is_err());
        }
    }
}
