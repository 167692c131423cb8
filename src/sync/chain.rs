//! The changes of one document on the wire. A change usually depends on the one before it, so that hash is not sent.

use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::limits::CHANGE_BYTES_MAX;
use sha2::{Digest as _, Sha256};

/// The first byte of what is hashed in an uncompressed change.
const CHUNK_CHANGE: u8 = 1;

/// Writes the changes of one document, ancestors first, each without what the other side derives: magic and checksum;
/// where the change depends on the one before it and on nothing else, also its type, its length and that dependency.
#[derive(Default)]
pub(super) struct ChangesOut(Option<[u8; 32]>);

impl ChangesOut {
    pub(super) fn write(&mut self, writer: &mut Writer, change: &[u8]) {
        let hashed = change.get(8..).unwrap_or_default();
        let chained = self.0.and_then(|before| after_dependency(hashed, &before));
        let (bytes, mark) = match chained {
            Some(rest) => (rest, 1),
            None => (hashed, 0),
        };
        writer.number((bytes.len() as u64) << 1 | mark);
        writer.raw(bytes);
        self.0 = Some(Sha256::digest(hashed).into());
    }
}

/// Reads what [`ChangesOut`] wrote.
#[derive(Default)]
pub(super) struct ChangesIn(Option<[u8; 32]>);

impl ChangesIn {
    pub(super) fn read(&mut self, reader: &mut Reader<'_>) -> Result<Vec<u8>, DecodeError> {
        let number = reader.count(CHANGE_BYTES_MAX << 1 | 1)?;
        let bytes = reader.raw(number >> 1)?;
        let hashed = match (number & 1, &self.0) {
            (0, _) => bytes.to_vec(),
            (_, Some(before)) => with_dependency(bytes, before),
            (_, None) => return Err(DecodeError::Tag),
        };
        let digest: [u8; 32] = Sha256::digest(&hashed).into();
        self.0 = Some(digest);
        Ok([&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], hashed.as_slice()].concat())
    }
}

/// What follows the one dependency, if putting it back gives exactly these bytes.
fn after_dependency<'a>(hashed: &'a [u8], before: &[u8; 32]) -> Option<&'a [u8]> {
    let mut reader = Reader::new(hashed);
    reader.byte().ok()?;
    reader.number().ok()?;
    // The count of dependencies takes one byte when there is one.
    reader.raw(1 + before.len()).ok()?;
    let rest = hashed.get(hashed.len() - reader.left()..)?;
    (with_dependency(rest, before) == hashed).then_some(rest)
}

fn with_dependency(rest: &[u8], before: &[u8; 32]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(CHUNK_CHANGE);
    writer.number((1 + before.len() + rest.len()) as u64);
    writer.number(1);
    writer.raw(before);
    writer.raw(rest);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ActorBytes, DocId, MemberId};
    use crate::doc::{At, DocKind, Document, Edit, Put};

    /// Two saves, the second made upon the first.
    fn saves() -> Vec<Vec<u8>> {
        let mut document = Document::new(DocKind::Household, DocId([3; 16]));
        ["15400000001", "15400000002"]
            .map(|phone| {
                let edit = Edit {
                    author: MemberId([2; 16]),
                    at_ms: 1_565_830_000_000,
                    base: document.heads(),
                    puts: vec![Put::Value {
                        at: At::Own,
                        key: "phone".into(),
                        value: phone.into(),
                    }],
                };
                document.edit(&edit, ActorBytes([9; 16])).unwrap().unwrap().bytes
            })
            .into()
    }

    fn written(changes: &[Vec<u8>]) -> Vec<u8> {
        let mut writer = Writer::new();
        let mut out = ChangesOut::default();
        changes.iter().for_each(|change| out.write(&mut writer, change));
        writer.finish()
    }

    fn read(bytes: &[u8], count: usize) -> Result<Vec<Vec<u8>>, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut into = ChangesIn::default();
        let changes = (0..count).map(|_| into.read(&mut reader)).collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(changes)
    }

    #[test]
    fn a_dependency_on_the_change_before_is_not_sent() {
        let saves = saves();
        let before: [u8; 32] = Sha256::digest(&saves[0][8..]).into();
        assert!(saves[1].windows(32).any(|window| window == before));
        let chained = written(&saves);
        assert!(!chained.windows(32).any(|window| window == before));
        assert_eq!(read(&chained, 2), Ok(saves.clone()));
        // In the other order nothing precedes what it depends on.
        let turned = [saves[1].clone(), saves[0].clone()];
        assert!(written(&turned).windows(32).any(|window| window == before));
        assert_eq!(read(&written(&turned), 2), Ok(turned.into()));
    }

    #[test]
    fn bytes_that_are_no_change_come_back_as_they_are() {
        let magic = [0x85, 0x6f, 0x4a, 0x83];
        for hashed in [
            vec![],
            vec![1],
            vec![1, 0x80],
            vec![9; 40],
            [&[1, 33, 1][..], &[7; 32]].concat(),
        ] {
            let digest = Sha256::digest(&hashed);
            let change = [&magic[..], &digest[..4], &hashed].concat();
            let all = [saves(), vec![change]].concat();
            assert_eq!(read(&written(&all), 3), Ok(all));
        }
    }

    #[test]
    fn the_first_change_cannot_leave_out_what_it_depends_on() {
        assert_eq!(read(&[3, 0], 1), Err(DecodeError::Tag));
    }
}
