//! Where work is: 只在本机, 已上传, 队友已收到. Exact from the outbox, the receipts and the cursors that teammates' phones
//! presented; derived whenever it is shown, stored nowhere.

use super::handed::Handed;
use super::phone::Book;
use super::relay::hash_of;
use super::state::Progress;
use super::store::Store;
use super::view::{WhereView, Words};
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId};
use crate::doc::{At, ChangeInfo, Document, Hash};
use crate::register::enums::Role;
use crate::register::member::Member;
use crate::sync::wire::SyncResponse;
use std::collections::BTreeMap;

/// Where something is: on this phone only, in how many changes, or up to a place of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Local(u32),
    Handed(u64),
}

impl Where {
    /// Of two changes the one that is less far.
    fn least(self, other: Self) -> Self {
        match (self, other) {
            (Where::Local(one), Where::Local(other)) => Where::Local(one + other),
            (Where::Local(one), _) | (_, Where::Local(one)) => Where::Local(one),
            (Where::Handed(one), Where::Handed(other)) => Where::Handed(one.max(other)),
        }
    }
}

/// A teammate with a phone in use, and how far that person is known to have come.
pub(super) struct Recipient<'a> {
    pub member: &'a Member,
    pub seq: u64,
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// How far a member's phones in use have come; nothing where no phone joined or all were switched off.
    pub(super) fn seq_of(&self, progress: &Progress, member: MemberId) -> Option<u64> {
        let village = &self.core.village;
        let heard = progress.teammates.iter();
        let heard = heard.filter(|(device, (of, _))| *of == member && !village.off.contains_key(device));
        let best = heard.map(|(_, (_, seq))| *seq).max();
        best.or_else(|| village.phones.values().any(|of| *of == member).then_some(0))
    }

    /// Everybody whom this person's work is to reach: the team of today without the desk, as far as they have a phone.
    fn recipients<'b>(&'b self, progress: &'b Progress) -> impl Iterator<Item = Recipient<'b>> {
        let me = self.me().ok();
        let team = self.core.village.members(self.today());
        team.filter(move |member| Some(member.id) != me && member.role != Some(Role::Desk))
            .filter_map(|member| {
                let seq = self.seq_of(progress, member.id)?;
                Some(Recipient { member, seq })
            })
    }

    /// The names of those whose phones have not shown that they hold everything which this phone has fetched.
    pub(super) fn lagging(&self) -> Vec<String> {
        let progress = &self.core.progress;
        let lagging = self.recipients(progress).filter(|one| one.seq < progress.cursor.seq);
        lagging.map(|one| one.member.name.clone()).collect()
    }

    /// Own work that comes back stands in the feed somewhere up to where the answer ends: a receipt was lost, or it was made
    /// on another phone of the same person.
    pub(super) fn place_arrivals(&self, response: &SyncResponse, handed: &mut Handed) {
        let me = self.enrolled().map(|enrolled| enrolled.member).ok();
        for part in &response.arrivals {
            for arrival in &part.arrivals {
                let hash = hash_of(&arrival.bytes);
                let waited = self.core.outbox.slot_of(part.document, hash).is_some();
                if waited || self.core.village.owner(arrival.device) == me {
                    handed.put(part.document, hash, response.cursor.seq);
                }
            }
        }
    }

    /// The place in the feed that every teammate's phone has gone past; nothing where nobody else has one.
    pub(super) fn passed_by_all(&self, progress: &Progress) -> Option<u64> {
        self.recipients(progress).map(|one| one.seq).min()
    }

    /// Where a change is that this phone holds; nothing for one that others made and handed over.
    fn where_is(&self, document: DocId, change: &ChangeInfo) -> Option<Where> {
        let hash = change.hash;
        let refused = || {
            let mut aside = self.core.quarantine.of(document).filter(|(_, aside)| aside.own);
            aside.any(|(_, aside)| aside.changes.iter().any(|bytes| hash_of(bytes) == hash))
        };
        if self.core.outbox.has(document, hash) || refused() {
            return Some(Where::Local(1));
        }
        let mine = change.author.is_some() && change.author == self.me().ok();
        mine.then(|| Where::Handed(self.core.handed.place(document, hash)))
    }

    /// Where the work of this person is, by record, and as a whole of the document.
    pub(super) fn where_of(&self, document: &Document) -> (BTreeMap<At, Where>, Option<Where>) {
        let id = document.id();
        let known: BTreeMap<Hash, Where> = document
            .changes()
            .iter()
            .filter_map(|change| Some((change.hash, self.where_is(id, change)?)))
            .collect();
        let mut records: BTreeMap<At, Where> = BTreeMap::new();
        if !known.is_empty() {
            for (hash, steps) in document.steps(None) {
                let Some(place) = known.get(&hash) else { continue };
                let mut of_change: Vec<At> = steps.into_iter().map(|step| step.at).collect();
                of_change.dedup();
                for at in of_change {
                    let whole = records.get(&at).map_or(*place, |whole| whole.least(*place));
                    records.insert(at, whole);
                }
            }
        }
        let whole = known.into_values().reduce(Where::least);
        (records, whole)
    }

    /// Where a problem is that somebody found: a document of its own, and not opened for a list.
    pub(super) fn where_of_finding(&self, document: DocId, by: Option<MemberId>) -> Option<Where> {
        let local = self.core.outbox.of(document) as u32;
        if local > 0 {
            return Some(Where::Local(local));
        }
        let refused = self
            .core
            .quarantine
            .of(document)
            .any(|(_, aside)| aside.own && aside.is_open());
        if refused {
            return Some(Where::Local(1));
        }
        let mine = by.is_some() && by == self.me().ok();
        let listed = self.core.handed.last_of(document);
        let unlisted = mine.then(|| self.core.handed.floor());
        listed.or(unlisted).map(Where::Handed)
    }

    /// In words, with whom it has not reached.
    pub(super) fn where_view(&self, place: Where) -> WhereView {
        let seq = match place {
            Where::Local(count) => {
                return WhereView {
                    state: "local".into(),
                    words: Words::new("只在本机", "Only on this phone"),
                    changes: count,
                    lacking: Vec::new(),
                };
            }
            Where::Handed(seq) => seq,
        };
        let all: Vec<Recipient<'_>> = self.recipients(&self.core.progress).collect();
        let lacking: Vec<String> = all
            .iter()
            .filter(|one| one.seq < seq)
            .map(|one| one.member.name.clone())
            .collect();
        let have = all.len() - lacking.len();
        let (state, words) = match (all.len(), lacking.len()) {
            (0, _) => ("uploaded", Words::new("已上传", "Uploaded")),
            (_, 0) => ("received", Words::new("队友已收到", "Teammates have it")),
            (of, _) => {
                let zh = format!("已上传，队友 {have}/{of} 已收到");
                (
                    "uploaded",
                    Words::new(zh, format!("Uploaded; {have} of {of} teammates have it")),
                )
            }
        };
        WhereView {
            state: state.into(),
            words,
            changes: 0,
            lacking,
        }
    }
}
