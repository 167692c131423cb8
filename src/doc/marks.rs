//! What people said about values that differ: somebody asks, they were settled, a settlement was taken back. Each stands
//! in the record beside the field it is about, so that it merges like any edit; none of it is a value of the family.
//!
//! - `asked/<key>` holds a fingerprint of the changes that wrote the live values: another value ends it by itself.
//! - `settled/<key>` is written by the change that settles and names the changes whose values it settled.
//! - `again/<key>` is written beside a value that a taken-back settlement brought back, and names who first wrote it.

use super::document::{Document, Hash};
use super::edit::Put;
use super::record::{At, Live, Record};
use crate::base::scalar::Scalar;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Characters of the short name of a change.
const NAME_CHARS: usize = 16;
/// Changes that one settlement names; beyond that the oldest stay in the history alone.
const NAMED_MAX: usize = 100;

/// The key of an open question about a field.
pub fn asked_key(key: &str) -> String {
    format!("asked/{key}")
}

fn settled_key(key: &str) -> String {
    format!("settled/{key}")
}

fn again_key(key: &str) -> String {
    format!("again/{key}")
}

/// What a key says about a field, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// Somebody asks about this field.
    Asked(&'a str),
    /// Differing values of it were settled.
    Settled(&'a str),
    /// A value of it was brought back.
    Again(&'a str),
}

impl<'a> Mark<'a> {
    /// What a stored key is, if it is one of these.
    pub fn of(key: &'a str) -> Option<Self> {
        let (mark, of) = key.split_once('/')?;
        match mark {
            "asked" => Some(Self::Asked(of)),
            "settled" => Some(Self::Settled(of)),
            "again" => Some(Self::Again(of)),
            _ => None,
        }
    }
}

impl Hash {
    /// The first half of sixteen bytes, as text: enough to name a change inside its document.
    pub fn name(&self) -> String {
        self.0
            .iter()
            .take(NAME_CHARS / 2)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// What tells one set of live values from another.
fn fingerprint(live: &[Live]) -> String {
    let hashes: BTreeSet<Hash> = live.iter().map(|one| one.hash).collect();
    let mut sha = Sha256::new();
    hashes.iter().for_each(|hash| sha.update(hash.0));
    Hash(sha.finalize().into()).name()
}

impl Record {
    /// Who asks about the values of a field that differ, as long as no other value came since.
    pub fn asked(&self, key: &str) -> Option<&Live> {
        let about = Scalar::from(fingerprint(self.live(key)));
        let asking = self.live(&asked_key(key)).iter().find(|asked| asked.value == about);
        asking.filter(|_| self.differs(key))
    }

    /// The changes by which differing values of a field were settled, of several people who agreed all, with the names of
    /// those that wrote the values, while nothing was written since.
    pub fn settled(&self, key: &str) -> Option<(Vec<Hash>, Vec<String>)> {
        let live = self.live(key);
        let mut names = BTreeSet::new();
        for one in live {
            let said = self.live(&settled_key(key)).iter().find(|said| said.hash == one.hash)?;
            names.extend(said.value.to_text().split(' ').map(str::to_owned));
        }
        let settled = !live.is_empty() && !self.differs(key);
        settled.then(|| (live.iter().map(|one| one.hash).collect(), names.into_iter().collect()))
    }

    /// The fields whose differing values were settled last, by key.
    pub fn all_settled(&self) -> impl Iterator<Item = &str> {
        self.under("settled")
            .map(|(key, _)| key)
            .filter(|key| self.settled(key).is_some())
    }

    /// The name of the change that first wrote a live value.
    pub fn first_name(&self, key: &str, live: &Live) -> String {
        let again = self.live(&again_key(key)).iter().find(|again| again.hash == live.hash);
        again.map_or_else(|| live.hash.name(), |again| again.value.to_text())
    }

    /// What a settlement of the differing values seen here writes beside the value; nothing where they do not differ.
    pub fn settling(&self, at: &At, key: &str) -> Option<Put> {
        let live = self.live(key).iter().take(NAMED_MAX);
        let names: Vec<String> = live.map(|one| self.first_name(key, one)).collect();
        // Also where the same names stand there already, from a settlement that was taken back: whose words they are counts.
        self.differs(key).then(|| Put::Again {
            at: at.clone(),
            key: settled_key(key),
            value: names.join(" ").into(),
        })
    }

    /// What says that somebody asks about the differing values seen here.
    pub fn asking(&self, at: &At, key: &str) -> Option<Put> {
        self.differs(key).then(|| Put::Value {
            at: at.clone(),
            key: asked_key(key),
            value: fingerprint(self.live(key)).into(),
        })
    }
}

impl Document {
    /// The change of a short name.
    pub fn named(&self, name: &str) -> Option<Hash> {
        (name.len() == NAME_CHARS).then(|| self.hashes().into_iter().find(|hash| hash.name() == name))?
    }

    /// What brings the settled values of a field back: one edit for each, all to be made on one base, so that they differ
    /// again. Nothing where fewer than two can be found.
    pub fn unsettling(&self, at: &At, key: &str, names: &[String]) -> Vec<Vec<Put>> {
        let values: Vec<(&String, Scalar)> = names
            .iter()
            .filter_map(|name| Some((name, self.written(at, key, self.named(name)?)?)))
            .collect();
        let distinct: BTreeSet<&Scalar> = values.iter().map(|(_, value)| value).collect();
        if distinct.len() < 2 {
            return Vec::new();
        }
        let put = |key: String, value: Scalar| Put::Again {
            at: at.clone(),
            key,
            value,
        };
        let edit = |(name, value): (&String, Scalar)| {
            vec![put(key.to_owned(), value), put(again_key(key), name.as_str().into())]
        };
        values.into_iter().map(edit).collect()
    }
}
