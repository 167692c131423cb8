//! Judges what the hub cannot: signatures, and changes that might break the process that opens them.

use bianfang::base::id::{DeviceId, DocId, SpaceId};
use bianfang::doc::{DocKind, Hash};
use bianfang::ledger::Event;
use bianfang::sync::conduct::{self, Roles};
use bianfang::sync::hub::{self, Judge};
use bianfang::sync::log::Stored;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The judge of the endpoint. Runs on a worker thread, of which there are few; how long one document may take is bounded
/// by the limits on operations, which the hub has checked before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bench;

impl Judge for Bench {
    fn verify(&self, public_key: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> bool {
        verify(public_key, message, signature)
    }

    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
        let apply = || hub::apply_saved_and_reloaded(kind, document, stored, changes);
        // Nothing that the panic may have left half done is used again.
        catch_unwind(AssertUnwindSafe(apply)).ok().flatten()
    }

    fn steps(&self, document: DocId, saved: &[u8]) -> Vec<(Hash, Event)> {
        catch_unwind(|| conduct::steps(document, saved)).unwrap_or_default()
    }

    fn roles(&self, space: SpaceId, village: &Stored) -> Roles {
        catch_unwind(|| conduct::roles(space, village)).unwrap_or_default()
    }
}

/// Whether the signature (ECDSA P-256 with SHA-256, r then s) is the key's over the message.
pub fn verify(public_key: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(public_key);
    let signature = Signature::from_slice(signature);
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
        _ => false,
    }
}

/// The id of the device that has this key.
pub fn device_of(public_key: &[u8; 65]) -> DeviceId {
    let hash = crate::entropy::hash(public_key);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    DeviceId(id)
}

/// A key pair kept by the program itself: the endpoint's own, and those of devices in tests and demonstrations.
#[derive(Clone)]
pub struct KeyPair(SigningKey);

impl KeyPair {
    /// A fresh one.
    pub fn generate() -> Self {
        loop {
            // Nearly every 32 bytes are a key.
            if let Some(pair) = Self::from_secret(&crate::entropy::random()) {
                return pair;
            }
        }
    }

    /// From the 32 secret bytes, if they are a key.
    pub fn from_secret(secret: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(secret).ok().map(Self)
    }

    /// The 32 secret bytes.
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// Uncompressed point.
    pub fn public_key(&self) -> [u8; 65] {
        let point = self.0.verifying_key().to_sec1_point(false);
        let mut key = [0; 65];
        key.copy_from_slice(point.as_bytes());
        key
    }

    /// The id of the device that has this key.
    pub fn device(&self) -> DeviceId {
        device_of(&self.public_key())
    }

    /// Signs; r then s.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "key of {}", self.device())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_over_the_right_words_is_believed() {
        let pair = KeyPair::generate();
        let signature = pair.sign(b"words");
        assert!(verify(&pair.public_key(), b"words", &signature));
        assert!(!verify(&pair.public_key(), b"other words", &signature));
        assert!(!verify(&KeyPair::generate().public_key(), b"words", &signature));
        assert!(!verify(&[4; 65], b"words", &signature));
        assert!(!verify(&pair.public_key(), b"words", &[0; 64]));
        let again = KeyPair::from_secret(&pair.secret()).unwrap();
        assert_eq!(again.device(), pair.device());
    }

    #[test]
    fn a_document_that_cannot_be_opened_is_no_panic() {
        let stored = Stored {
            snapshot: Some(b"not a document".to_vec()),
            changes: vec![],
        };
        assert_eq!(
            Bench.try_apply(DocKind::Household, DocId([1; 16]), &stored, &[b"x"]),
            None
        );
    }
}
