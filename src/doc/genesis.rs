//! Genesis: the first change of every document, a pure function of (kind, id), so that no change of one document is
//! valid in another. Compiled-in templates into which the id is spliced; golden bytes hold them still for ever.

use super::kind::DocKind;
use crate::base::id::DocId;
use sha2::{Digest, Sha256};

/// Where the id goes in a template.
const PLACEHOLDER: [u8; 16] = [0xB1; 16];
/// Magic and checksum before the part that is hashed.
const PREFIX: usize = 8;

const fn template(kind: DocKind) -> &'static [u8] {
    match kind {
        DocKind::Village => include_bytes!("genesis/village.bin"),
        DocKind::Place => include_bytes!("genesis/place.bin"),
        DocKind::Household => include_bytes!("genesis/household.bin"),
        DocKind::Finding => include_bytes!("genesis/finding.bin"),
        DocKind::Log => include_bytes!("genesis/log.bin"),
        DocKind::Form => include_bytes!("genesis/form.bin"),
    }
}

/// The genesis change of a document: standard Automerge change bytes.
pub(super) fn genesis(kind: DocKind, id: DocId) -> Vec<u8> {
    let mut bytes = template(kind).to_vec();
    let place = bytes
        .windows(16)
        .position(|window| window == PLACEHOLDER)
        .expect("templates hold the placeholder");
    bytes[place..place + 16].copy_from_slice(id.as_bytes());
    let digest = Sha256::digest(&bytes[PREFIX..]);
    bytes[4..PREFIX].copy_from_slice(&digest[..4]);
    bytes
}

/// The hash of the genesis change, which the first changes of the document depend on.
pub(super) fn genesis_hash(kind: DocKind, id: DocId) -> [u8; 32] {
    Sha256::digest(&genesis(kind, id)[PREFIX..]).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, Automerge, ObjType, PatchLog, ROOT, ReadDoc, ScalarValue};

    /// How the templates were made. Not used at run time: a newer library may encode differently, the bytes stay.
    fn make(kind: DocKind) -> Vec<u8> {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from(b"bianfang/genesis".as_slice()));
        let heads = doc.get_heads();
        let mut tx = doc.transaction_at(PatchLog::inactive(), &heads).unwrap();
        tx.put(ROOT, "id", ScalarValue::Bytes(PLACEHOLDER.to_vec())).unwrap();
        tx.put(ROOT, "kind", kind.name()).unwrap();
        tx.put(ROOT, "schema", 1).unwrap();
        let own = tx.put_object(ROOT, kind.name(), ObjType::Map).unwrap();
        for table in kind.tables() {
            tx.put_object(ROOT, *table, ObjType::Map).unwrap();
        }
        tx.put_object(&own, "notes", ObjType::Text).unwrap();
        tx.commit_with(CommitOptions::default());
        doc.get_changes(&[])[0].raw_bytes().to_vec()
    }

    #[test]
    fn templates_are_what_they_were() {
        for kind in DocKind::ALL {
            let path = format!("{}/src/doc/genesis/{}.bin", env!("CARGO_MANIFEST_DIR"), kind.name());
            if std::env::var_os("BIANFANG_MAKE_GENESIS").is_some() {
                std::fs::write(&path, make(kind)).unwrap();
            }
            assert_eq!(std::fs::read(&path).unwrap(), make(kind), "{path}");
        }
    }

    #[test]
    fn golden_hashes_for_three_ids() {
        let hashes: String = DocKind::ALL
            .into_iter()
            .flat_map(|kind| [[0; 16], [0xff; 16], *b"0123456789abcdef"].map(|id| (kind, DocId(id))))
            .map(|(kind, id)| {
                let hash: String = genesis_hash(kind, id)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("{} {id} {hash}\n", kind.name())
            })
            .collect();
        let path = format!("{}/tests/golden/genesis.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("BIANFANG_MAKE_GENESIS").is_some() {
            std::fs::write(&path, &hashes).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), hashes);
    }

    #[test]
    fn automerge_reads_a_spliced_genesis() {
        let id = DocId(*b"0123456789abcdef");
        let change = automerge::Change::from_bytes(genesis(DocKind::Household, id)).unwrap();
        assert_eq!(change.hash().0, genesis_hash(DocKind::Household, id));
        let mut doc = Automerge::new();
        doc.apply_changes([change]).unwrap();
        let (value, _) = doc.get(ROOT, "id").unwrap().unwrap();
        assert_eq!(value.as_bytes(), Some(id.as_bytes().as_slice()));
    }
}
