//! Compact bytes for wire and storage: variable-length integers, length-prefixed bytes. Every read is bounded.

/// Bytes that do not decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the bytes end too early")]
    Short,
    #[error("a number is longer than 64 bits")]
    Number,
    #[error("a count or length is above its limit")]
    Limit,
    #[error("a text is not UTF-8")]
    Text,
    #[error("an unknown tag or version")]
    Tag,
    #[error("bytes are left over")]
    Trailing,
}

/// Writes values one after the other.
#[derive(Default, Debug, Clone)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Nothing written yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// One byte.
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }
    /// An unsigned number, seven bits a byte, least significant first.
    pub fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
    /// A signed number, zigzag.
    pub fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)) as u64);
    }
    /// Bytes of a length that the reader knows.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
    /// Length, then bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.raw(bytes);
    }
    /// Length, then UTF-8.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

/// Reads what a [`Writer`] wrote; never panics, never allocates more than the input's length.
#[derive(Debug, Clone)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Over all of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.0.len()
    }
    /// Fails when bytes are left over.
    pub fn end(&self) -> Result<(), DecodeError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Trailing)
        }
    }
    /// One byte.
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        Ok(self.raw(1)?[0])
    }
    /// An unsigned number.
    pub fn number(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(DecodeError::Number);
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::Number)
    }
    /// A signed number.
    pub fn signed(&mut self) -> Result<i64, DecodeError> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }
    /// A count that may not exceed `max`.
    pub fn count(&mut self, max: usize) -> Result<usize, DecodeError> {
        let value = self.number()?;
        if value > max as u64 {
            Err(DecodeError::Limit)
        } else {
            Ok(value as usize)
        }
    }
    /// Bytes of a known length.
    pub fn raw(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(DecodeError::Short)?;
        self.0 = tail;
        Ok(head)
    }
    /// An array of a known length.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.raw(N)?.try_into().map_err(|_| DecodeError::Short)
    }
    /// Length-prefixed bytes, at most `max`.
    pub fn bytes(&mut self, max: usize) -> Result<&'a [u8], DecodeError> {
        let length = self.count(max)?;
        self.raw(length)
    }
    /// Length-prefixed UTF-8, at most `max` bytes.
    pub fn text(&mut self, max: usize) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes(max)?).map_err(|_| DecodeError::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_at_every_size() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut writer = Writer::new();
            writer.number(value);
            writer.signed(value as i64);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.number(), Ok(value));
            assert_eq!(reader.signed(), Ok(value as i64));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn hostile_bytes_are_errors() {
        assert_eq!(Reader::new(&[0xff; 11]).number(), Err(DecodeError::Number));
        assert_eq!(Reader::new(&[0xff, 0xff]).number(), Err(DecodeError::Short));
        assert_eq!(Reader::new(&[5, 1]).bytes(10), Err(DecodeError::Short));
        assert_eq!(Reader::new(&[200, 1]).bytes(10), Err(DecodeError::Limit));
        assert_eq!(Reader::new(&[1, 0xff]).text(10), Err(DecodeError::Text));
    }
}
