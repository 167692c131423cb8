//! The way out of a refusal: a fresh copy of the document without the refused changes, on which their values are written
//! again as new edits of the same person, time and base. The old changes stay in quarantine.

use super::error::ClientError;
use super::outbox::{Slot, Waiting};
use super::phone::Book;
use super::quarantine::{Quarantine, RELAY_REFUSED, SetAside};
use super::relay::hash_of;
use super::shelf::{self, Shelved};
use super::store::{Batch, Durability, Store, Table};
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::doc::{At, ChangeInfo, Document, Edit, Hash, Put, Step};
use crate::index::Row;
use crate::sync::wire::RefusalCode;
use std::collections::{BTreeMap, BTreeSet};

/// Refused for how a change was numbered or what it stands on, not for what it says or who wrote it: new numbers on what
/// the endpoint holds mend that, without anybody deciding anything.
fn is_safe(code: &str) -> bool {
    use RefusalCode::{ActorTaken, BadSequence, BadStartOp, UnknownDependency, Unreadable};
    let safe = [ActorTaken, BadSequence, BadStartOp, UnknownDependency, Unreadable];
    // What was carried here and refused must not stay under the work of this phone.
    code == RELAY_REFUSED || safe.iter().any(|one| one.code() == code)
}

/// Refused for what it does: it is not written again, and stays where it was set aside.
fn is_misdone(code: &str) -> bool {
    use RefusalCode::{RoleNotHeld, StepImpossible};
    [RoleNotHeld, StepImpossible].iter().any(|one| one.code() == code)
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// After a synchronisation: writes again by itself what that can mend, once for each document and start. True when
    /// there is something new to hand over.
    pub(super) async fn write_refused_again(&mut self) -> Result<bool, ClientError> {
        let refused = self.core.quarantine.all();
        let safe = refused.filter(|(_, aside)| aside.is_refused() && is_safe(&aside.code));
        let documents: BTreeSet<DocId> = safe.map(|(_, aside)| aside.document).collect();
        let mut any = false;
        for document in documents {
            if !self.core.rewritten.insert(document) {
                continue;
            }
            match self.write_again(document).await {
                Ok(()) => any = true,
                Err(ClientError::Store(error)) => return Err(error.into()),
                // It stays in quarantine, shown with its reason.
                Err(_) => {}
            }
        }
        Ok(any)
    }

    /// Writes the refused values of a document again.
    ///
    /// # Errors
    /// It cannot be done here: what was refused is not this person's, or not readable. It stays in quarantine.
    pub(super) async fn write_again(&mut self, document: DocId) -> Result<(), ClientError> {
        let me = self.me()?;
        let aside: Vec<(Vec<u8>, SetAside)> = self
            .core
            .quarantine
            .of(document)
            .map(|(key, aside)| (key.clone(), aside.clone()))
            .collect();
        let hashes_of = |of: &dyn Fn(&SetAside) -> bool| -> BTreeSet<Hash> {
            let these = aside.iter().filter(|(_, aside)| of(aside));
            these
                .flat_map(|(_, aside)| aside.changes.iter().map(|bytes| hash_of(bytes)))
                .collect()
        };
        let mut refused = hashes_of(&SetAside::is_refused);
        let misdone = hashes_of(&|aside| aside.is_refused() && is_misdone(&aside.code));
        let (full, old_keys) = match self.shelved(document).await? {
            Some(shelved) => (&shelved.document, shelved.keys.clone()),
            None => return Err(ClientError::NotFound),
        };
        let kind = full.kind();
        // It went from here already, when what stood on it was written again.
        refused.retain(|hash| full.has(*hash) || !misdone.contains(hash));
        let gone = without(full, &refused);
        // What was carried here from somebody else only goes: nobody writes it in another name.
        let carried = hashes_of(&SetAside::is_carried);
        let strange = |change: &ChangeInfo| change.author != Some(me) && !carried.contains(&change.hash);
        if !refused.iter().all(|hash| full.has(*hash)) || gone.iter().any(strange) {
            return Err(ClientError::Quarantined);
        }
        let mut written = full.steps(None);
        let dropped = |hash: &Hash| carried.contains(hash) || misdone.contains(hash);
        let mut again = |change: &ChangeInfo| match dropped(&change.hash) {
            true => Vec::new(),
            false => puts(full, written.remove(&change.hash).unwrap_or_default()),
        };
        let steps: Vec<(ChangeInfo, Vec<Put>)> = gone.iter().map(|change| (change.clone(), again(change))).collect();
        let gone: BTreeSet<Hash> = gone.iter().map(|change| change.hash).collect();
        let kept = full
            .changes_since(&[])
            .into_iter()
            .filter(|(hash, _)| !gone.contains(hash));
        let mut fresh = Document::new(kind, document);
        fresh.apply(kept.map(|(_, bytes)| bytes))?;
        // What came and contradicted the refused work fits now.
        let arrived: Vec<&(Vec<u8>, SetAside)> = aside.iter().filter(|(_, aside)| !aside.own).collect();
        let fits = fresh
            .apply(arrived.iter().flat_map(|(_, aside)| &aside.changes))
            .is_ok();
        let waiting = self.write_on(&mut fresh, steps)?;

        let over = |aside: &SetAside| match aside.is_refused() {
            true => !is_misdone(&aside.code),
            false => fits && !aside.own,
        };
        let over: Vec<(Vec<u8>, SetAside)> = aside.into_iter().filter(|(_, aside)| over(aside)).collect();
        self.put_fresh(fresh, old_keys, &gone, waiting, over).await
    }

    /// Stores the fresh copy in the place of the old one, in one step, once it was proven that it can be opened.
    async fn put_fresh(
        &mut self,
        fresh: Document,
        old_keys: Vec<Vec<u8>>,
        gone: &BTreeSet<Hash>,
        waiting: Vec<Waiting>,
        over: Vec<(Vec<u8>, SetAside)>,
    ) -> Result<(), ClientError> {
        let (kind, document) = (fresh.kind(), fresh.id());
        let space_key = self.enrolled()?.space_key;
        let mut batch = Batch::default();
        let saved = fresh.save_proven().ok_or(ClientError::Quarantined)?;
        let key = shelf::put_snapshot(&mut batch, kind, document, &saved);
        let old = old_keys.into_iter().filter(|old| *old != key);
        old.for_each(|old| batch.delete(Table::Chunk, old));
        let drop: BTreeSet<Slot> = gone
            .iter()
            .filter_map(|hash| self.core.outbox.slot_of(document, *hash))
            .collect();
        self.core.outbox.delete(&mut batch, &drop);
        self.core.outbox.put(&mut batch, &waiting);
        let rows = BTreeMap::from([(document, Row::read(&fresh, &space_key, &self.core.procedures))]);
        self.core.rows.put(&mut batch, &rows);
        let mut done = Vec::new();
        for (key, aside) in &over {
            batch.delete(Table::Quarantine, key.clone());
            if aside.own {
                let aside = aside.written_again();
                done.push((Quarantine::put(&mut batch, &aside), aside));
            }
        }
        self.store.commit(batch, Durability::Strict).await?;
        self.core.outbox.drop(&drop);
        self.core.outbox.take(waiting);
        self.core.rows.take(rows);
        over.iter().for_each(|(key, _)| self.core.quarantine.remove(key));
        done.into_iter()
            .for_each(|(key, aside)| self.core.quarantine.take(key, aside));
        self.keep_open(Shelved {
            document: fresh,
            keys: vec![key],
            damaged: Vec::new(),
        });
        self.tell_strip();
        self.tell_changed(&[document]).await
    }

    /// Writes the values on a fresh copy, each change on what its author had seen.
    fn write_on(
        &mut self,
        fresh: &mut Document,
        steps: Vec<(ChangeInfo, Vec<Put>)>,
    ) -> Result<Vec<Waiting>, ClientError> {
        let author = self.me()?;
        let mut anew: BTreeMap<Hash, Vec<Hash>> = BTreeMap::new();
        let mut waiting = Vec::new();
        for (change, puts) in steps {
            let seen = change.deps.iter();
            let mut base: Vec<Hash> = seen
                .flat_map(|dep| anew.get(dep).cloned().unwrap_or_else(|| vec![*dep]))
                .collect();
            base.sort_unstable();
            base.dedup();
            let edit = Edit {
                author,
                at_ms: change.time_s * 1000,
                base: base.clone(),
                puts,
            };
            let actor = self.core.actors.get_or_insert_with(|| self.host.actors()).fresh();
            let Some(made) = fresh.recover(&edit, actor)? else {
                anew.insert(change.hash, base);
                continue;
            };
            anew.insert(change.hash, vec![made.hash]);
            waiting.push(Waiting {
                kind: fresh.kind(),
                document: fresh.id(),
                hash: made.hash,
                bytes: made.bytes,
            });
        }
        Ok(waiting)
    }
}

/// The refused changes and all that build on them, ancestors first.
fn without(full: &Document, refused: &BTreeSet<Hash>) -> Vec<ChangeInfo> {
    let mut gone = BTreeSet::new();
    let mut list = Vec::new();
    for change in full.changes() {
        if refused.contains(&change.hash) || change.deps.iter().any(|dep| gone.contains(dep)) {
            gone.insert(change.hash);
            list.push(change);
        }
    }
    list
}

/// What one change wrote, as it is written again.
fn puts(full: &Document, steps: Vec<Step>) -> Vec<Put> {
    let is_note = |at: &At, key: &str| full.record(at).is_some_and(|record| record.notes.contains_key(key));
    let mut made: BTreeMap<At, (Vec<_>, Vec<_>)> = BTreeMap::new();
    let mut rest = Vec::new();
    for step in steps {
        let Step {
            at, key, to, created, ..
        } = step;
        let Some(value) = to else { continue };
        match (created, is_note(&at, &key)) {
            (true, true) => made.entry(at).or_default().1.push((key, value.to_text())),
            (true, false) => made.entry(at).or_default().0.push((key, value)),
            (false, true) => rest.push(Put::Note {
                at,
                key,
                text: value.to_text(),
            }),
            (false, false) => rest.push(Put::Value { at, key, value }),
        }
    }
    let made = made
        .into_iter()
        .map(|(at, (fields, notes))| Put::Create { at, fields, notes });
    made.chain(rest).collect()
}
