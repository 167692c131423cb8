//! The endpoint's side: judges what a phone hands over, stores it, and answers with what the phone lacks. Pure over a
//! [`Log`]; the caller begins the transaction before and commits it before the answer leaves.

use super::admission::{Admitted, Gate, Refused, Signer, Verdict};
use super::conduct;
use super::digest::{Digest, Item, buckets};
use super::log::{DeviceFacts, FeedRow, Log, NewChange, Stored, cursor};
use super::wire::{
    Arrival, Ask, Bundle, Cursor, DocArrivals, DocChanges, Receipt, Refusal, RefusalCode, SyncRequest, SyncResponse,
};
use crate::base::id::{DeviceId, DocId, SpaceId};
use crate::base::limits::{APPLY_TRIES_MAX, CHUNKS_BEFORE_SNAPSHOT, PAGE_BYTES_AIM};
use crate::doc::{DocKind, Document, Hash, Header};
use crate::ledger::Event;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What the hub cannot do by itself: check signatures, and open documents where a panic or a long run does no harm.
pub trait Judge {
    /// The signature is the key's over the message.
    fn verify(&self, public_key: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> bool;
    /// Opens the document, applies the changes, saves, reloads; the saved bytes, or nothing when any step fails.
    fn try_apply(&self, kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>>;
    /// The steps of a finding as it was just saved, by the change that made each.
    fn steps(&self, document: DocId, saved: &[u8]) -> Vec<(Hash, Event)> {
        conduct::steps(document, saved)
    }
    /// Every role that anybody ever held by the village document.
    fn roles(&self, space: SpaceId, village: &Stored) -> conduct::Roles {
        conduct::roles(space, village)
    }
}

/// Opens, applies, saves and reloads in place; for judges to wrap.
pub fn apply_saved_and_reloaded(kind: DocKind, document: DocId, stored: &Stored, changes: &[&[u8]]) -> Option<Vec<u8>> {
    let mut open = Document::open(kind, document, stored.snapshot.as_deref(), &stored.changes).ok()?;
    open.apply(changes).ok()?;
    open.save_proven()
}

/// The device that asks, already authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub space: SpaceId,
    pub device: DeviceId,
}

/// Answers one request.
///
/// # Errors
/// Only the log's own; everything the phone did wrong is in the answer.
pub fn answer<L: Log>(
    log: &mut L,
    judge: &impl Judge,
    caller: Caller,
    request: &SyncRequest,
    now_ms: i64,
) -> Result<SyncResponse, L::Error> {
    let mut push = Push::default();
    let presented = presented(log, request)?;
    if presented == Presented::RolledBack {
        log.note_rollback()?;
    }
    let known = presented == Presented::Known;
    if known && matches!(request.ask, Ask::Feed) {
        log.present(caller.device, request.cursor.seq)?;
    }
    // Of a feed that the sides do not share, work is taken only after they have compared: it may stand on operations
    // that this side lost, and would be refused for good. Neither receipt nor refusal: the phone hands it over again.
    if known || !matches!(request.ask, Ask::Feed) {
        for bundle in &request.bundles {
            push.take(log, judge, (caller.space, Revoked::Refused), bundle, now_ms)?;
        }
    }
    let end = log.end()?;
    let mut response = SyncResponse {
        now_ms,
        receipts: push.receipts,
        refusals: push.refusals,
        arrivals: Vec::new(),
        cursor: request.cursor,
        digest: request.digest,
        more: false,
        reconcile: !known,
        held: Vec::new(),
        presence: end.presence,
        teammates: log.presences(request.presence, caller.device)?,
    };
    match &request.ask {
        Ask::Feed if known => feed_page(log, request.cursor, &push.carried, &mut response)?,
        Ask::Feed => {}
        Ask::Buckets(sums) => {
            response.held = held_where_different(log, sums)?;
            (response.cursor, response.digest) = (end.cursor(&log.secret()?), end.digest);
        }
        Ask::Want(wanted) => response.arrivals = wanted_rows(log, wanted)?,
    }
    Ok(response)
}

/// What becomes of the work of a device that was switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// Refused, as everywhere.
    Refused,
    /// Taken from this one: the desk has looked at its file and accepts it.
    Accepted(DeviceId),
}

/// What became of bundles that came by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedIn {
    /// Changes that were not here before.
    pub taken: u64,
    /// Changes that were here already.
    pub known: u64,
    /// By position over all changes of all bundles.
    pub refusals: Vec<Refusal>,
}

/// Takes bundles that came in a file rather than from a phone that asks. Each is judged as if its signer had sent it.
///
/// # Errors
/// Only the log's own.
pub fn hand_in<L: Log>(
    log: &mut L,
    judge: &impl Judge,
    (space, revoked): (SpaceId, Revoked),
    bundles: &[Bundle],
    now_ms: i64,
) -> Result<HandedIn, L::Error> {
    let before = log.end()?.seq;
    let mut push = Push::default();
    for bundle in bundles {
        push.take(log, judge, (space, revoked), bundle, now_ms)?;
    }
    let taken = log.end()?.seq - before;
    let received: u64 = push.receipts.iter().map(|receipt| receipt.count).sum();
    Ok(HandedIn {
        taken,
        known: received.saturating_sub(taken),
        refusals: push.refusals,
    })
}

/// What the hub makes of a presented cursor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presented {
    /// A place of this feed.
    Known,
    /// Issued here, for a feed that had gone further or elsewhere: this one was rolled back.
    RolledBack,
    /// Not issued here for this digest: the phone holds something else than it thinks.
    Foreign,
}

fn presented<L: Log>(log: &mut L, request: &SyncRequest) -> Result<Presented, L::Error> {
    let Cursor { seq, .. } = request.cursor;
    if cursor(&log.secret()?, seq, &request.digest) != request.cursor {
        return Ok(Presented::Foreign);
    }
    if seq == 0 {
        return Ok(if request.digest == Digest::default() {
            Presented::Known
        } else {
            Presented::Foreign
        });
    }
    let here = log.row(seq)?.is_some_and(|row| row.digest == request.digest);
    Ok(if here { Presented::Known } else { Presented::RolledBack })
}

fn feed_page<L: Log>(
    log: &mut L,
    from: Cursor,
    carried: &BTreeSet<u64>,
    response: &mut SyncResponse,
) -> Result<(), L::Error> {
    let end = log.end()?;
    let rows = log.rows_after(from.seq, PAGE_BYTES_AIM)?;
    if let Some(last) = rows.last() {
        response.cursor = cursor(&log.secret()?, last.seq, &last.digest);
        response.digest = last.digest;
    }
    response.more = response.cursor.seq < end.seq;
    response.arrivals = grouped(rows.into_iter().filter(|row| !carried.contains(&row.seq)));
    Ok(())
}

/// By document in the order of first appearance; inside a document in feed order, which is causal.
fn grouped(rows: impl Iterator<Item = FeedRow>) -> Vec<DocArrivals> {
    let mut places: BTreeMap<DocId, usize> = BTreeMap::new();
    let mut parts: Vec<DocArrivals> = Vec::new();
    for row in rows {
        let place = *places.entry(row.document).or_insert_with(|| {
            parts.push(DocArrivals {
                kind: row.kind.into(),
                document: row.document,
                arrivals: Vec::new(),
            });
            parts.len() - 1
        });
        parts[place].arrivals.push(Arrival {
            bytes: row.bytes,
            device: row.device,
            received_s: row.received_s,
        });
    }
    parts
}

fn held_where_different<L: Log>(log: &mut L, theirs: &[u64]) -> Result<Vec<(u8, Vec<[u8; 8]>)>, L::Error> {
    let items: Vec<Item> = log
        .items()?
        .iter()
        .map(|(document, hash, _)| Item::of(*document, *hash))
        .collect();
    let ours = buckets(&items);
    let mut held: BTreeMap<u8, Vec<[u8; 8]>> = (0..=255u8)
        .filter(|bucket| theirs.get(usize::from(*bucket)) != Some(&ours[usize::from(*bucket)]))
        .map(|bucket| (bucket, Vec::new()))
        .collect();
    for item in &items {
        if let Some(list) = held.get_mut(&item.bucket()) {
            list.push(item.short());
        }
    }
    Ok(held.into_iter().collect())
}

fn wanted_rows<L: Log>(log: &mut L, wanted: &[[u8; 8]]) -> Result<Vec<DocArrivals>, L::Error> {
    let wanted: BTreeSet<&[u8; 8]> = wanted.iter().collect();
    let mut numbers: Vec<u64> = log
        .items()?
        .iter()
        .filter(|(document, hash, _)| wanted.contains(&Item::of(*document, *hash).short()))
        .map(|(_, _, seq)| *seq)
        .collect();
    numbers.sort_unstable();
    let mut rows = Vec::new();
    let mut bytes = 0;
    for seq in numbers {
        rows.extend(log.row(seq)?);
        bytes += rows.last().map_or(0, |row: &FeedRow| row.bytes.len());
        if bytes > PAGE_BYTES_AIM {
            break;
        }
    }
    Ok(grouped(rows.into_iter()))
}

/// The handing-over half of a request.
#[derive(Default)]
struct Push {
    receipts: Vec<Receipt>,
    refusals: Vec<Refusal>,
    /// Feed numbers of what this request carried: not sent back.
    carried: BTreeSet<u64>,
    position: u64,
}

impl Push {
    fn take<L: Log>(
        &mut self,
        log: &mut L,
        judge: &impl Judge,
        door: (SpaceId, Revoked),
        bundle: &Bundle,
        now_ms: i64,
    ) -> Result<(), L::Error> {
        let signer = match signer_of(log, judge, door, bundle)? {
            Ok(signer) => signer,
            Err(code) => {
                self.refuse_all(bundle.len() as u64, code);
                return Ok(());
            }
        };
        for part in &bundle.documents {
            self.take_document(log, judge, &signer, part, now_ms)?;
        }
        Ok(())
    }

    fn refuse_all(&mut self, count: u64, code: RefusalCode) {
        for position in self.position..self.position + count {
            self.refusals.push(Refusal {
                position,
                code,
                need: Vec::new(),
            });
        }
        self.position += count;
    }

    fn take_document<L: Log>(
        &mut self,
        log: &mut L,
        judge: &impl Judge,
        signer: &Signer,
        part: &DocChanges,
        now_ms: i64,
    ) -> Result<(), L::Error> {
        let first = self.position;
        self.position += part.changes.len() as u64;
        let mut admitted = Vec::new();
        let mut twice = Vec::new();
        let mut refused: BTreeMap<u64, Refused> = BTreeMap::new();
        match Gate::new(log, part)? {
            Err(reason) => refused.extend((first..self.position).map(|position| (position, reason.clone()))),
            Ok(mut gate) => {
                for (position, bytes) in (first..).zip(&part.changes) {
                    match gate.judge(signer, bytes)? {
                        Ok(Verdict::Known(seq)) => self.receipt(position, seq),
                        Ok(Verdict::Twice(hash)) => twice.push((position, hash)),
                        Ok(Verdict::New(header)) => admitted.push(Admitted {
                            position,
                            header,
                            bytes: bytes.clone(),
                        }),
                        Err(reason) => {
                            refused.insert(position, reason);
                        }
                    }
                }
            }
        }
        let stored = self.store(log, judge, signer, part, admitted, now_ms)?;
        refused.extend(stored);
        for (position, hash) in twice {
            match log.change(part.document, hash)? {
                Some(known) => self.receipt(position, known.seq),
                None => drop(refused.insert(position, RefusalCode::Unreadable.into())),
            }
        }
        self.refusals.extend(refused.into_iter().map(|(position, why)| Refusal {
            position,
            code: why.code,
            need: why.need,
        }));
        Ok(())
    }

    /// Applies what passed the gate and appends it; returns those that no document would take, or nobody may have done.
    fn store<L: Log>(
        &mut self,
        log: &mut L,
        judge: &impl Judge,
        signer: &Signer,
        part: &DocChanges,
        admitted: Vec<Admitted>,
        now_ms: i64,
    ) -> Result<BTreeMap<u64, Refused>, L::Error> {
        if admitted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let stored = log.stored(part.document)?;
        let all: Vec<&[u8]> = admitted.iter().map(|one| one.bytes.as_slice()).collect();
        let (mut good, bad, mut saved) = match judge.try_apply(part.kind, part.document, &stored, &all) {
            Some(saved) => (admitted, Vec::new(), Some(saved)),
            None => sorted_out(judge, part, &stored, admitted),
        };
        let bad = bad.into_iter();
        let mut refused: BTreeMap<u64, Refused> = bad.map(|one| (one, RefusalCode::Unreadable.into())).collect();
        if part.kind == DocKind::Finding
            && let Some(all) = &saved
        {
            let steps = judge.steps(part.document, all);
            let (rest, misdone) = conduct::sift(log, judge, signer, &steps, good)?;
            if !misdone.is_empty() {
                let all: Vec<&[u8]> = rest.iter().map(|one| one.bytes.as_slice()).collect();
                saved = judge.try_apply(part.kind, part.document, &stored, &all);
            }
            good = rest;
            refused.extend(misdone);
        }
        let count = good.len();
        for one in good {
            let change = NewChange {
                kind: part.kind,
                document: part.document,
                header: one.header,
                bytes: one.bytes,
                device: signer.device,
                received_s: now_ms.div_euclid(1000),
            };
            let seq = append(log, change)?;
            self.receipt(one.position, seq);
        }
        if let Some(saved) = saved
            && stored.changes.len() + count >= CHUNKS_BEFORE_SNAPSHOT / 2
        {
            log.put_snapshot(part.document, saved)?;
        }
        Ok(refused)
    }

    fn receipt(&mut self, position: u64, seq: u64) {
        self.carried.insert(seq);
        if let Some(last) = self.receipts.last_mut()
            && last.position + last.count == position
            && last.seq + last.count == seq
        {
            last.count += 1;
            return;
        }
        self.receipts.push(Receipt {
            position,
            count: 1,
            seq,
        });
    }
}

/// One bad change never blocks the others: what builds on it is refused with it, the rest goes in. Found by halves, so
/// that few bad ones among many cost few trials; and whoever hands over more bad ones than any mishap makes gets no
/// further trials, because each opens the whole document.
fn sorted_out(
    judge: &impl Judge,
    part: &DocChanges,
    stored: &Stored,
    admitted: Vec<Admitted>,
) -> (Vec<Admitted>, Vec<u64>, Option<Vec<u8>>) {
    let (mut good, mut bad, mut saved) = (Vec::<Admitted>::new(), Vec::new(), None);
    let mut tries = 0;
    // The last one comes next; all of them together were tried already.
    let mut waiting = halves(admitted);
    while let Some(next) = waiting.pop() {
        let changes = good.iter().chain(&next).map(|one| one.bytes.as_slice());
        let tried = match tries < APPLY_TRIES_MAX {
            true => judge.try_apply(part.kind, part.document, stored, &changes.collect::<Vec<_>>()),
            false => None,
        };
        tries += 1;
        match tried {
            Some(bytes) => {
                saved = Some(bytes);
                good.extend(next);
            }
            None if next.len() > 1 && tries < APPLY_TRIES_MAX => waiting.extend(halves(next)),
            None => bad.extend(next.iter().map(|one| one.position)),
        }
    }
    (good, bad, saved)
}

/// The two halves, the first one last; one alone as it is.
fn halves(mut all: Vec<Admitted>) -> Vec<Vec<Admitted>> {
    let second = all.split_off(all.len().div_ceil(2));
    [second, all].into_iter().filter(|half| !half.is_empty()).collect()
}

/// Puts a change behind the end of the feed; returns its number.
fn append<L: Log>(log: &mut L, change: NewChange) -> Result<u64, L::Error> {
    let mut end = log.end()?;
    end.seq += 1;
    end.running = running(&end.running, change.document, change.header.hash);
    end.digest.add(&Item::of(change.document, change.header.hash));
    log.append(change, end)?;
    Ok(end.seq)
}

/// A document belongs to both spaces: each feed gets what it lacks of the other, in the order and with the device and
/// time of the other. Returns how many changes moved; done again it moves nothing.
///
/// # Errors
/// Only the logs' own.
pub fn meet<L: Log>(one: &mut L, other: &mut L, document: DocId) -> Result<u64, L::Error> {
    Ok(bring(one, other, document)? + bring(other, one, document)?)
}

fn bring<L: Log>(from: &mut L, to: &mut L, document: DocId) -> Result<u64, L::Error> {
    let mut moved = 0;
    for row in from.rows_of(document)? {
        let FeedRow {
            kind,
            hash,
            bytes,
            device,
            received_s,
            ..
        } = row;
        // It was read when it was taken in; a byte that the disk spoiled since is found by the check, and mended there.
        let Ok(header) = Header::read(&bytes) else { continue };
        if to.change(document, hash)?.is_none() {
            let change = NewChange {
                kind,
                document,
                header,
                bytes,
                device,
                received_s,
            };
            append(to, change)?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// The running hash of a feed after one more row.
pub fn running(before: &[u8; 32], document: DocId, hash: Hash) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(document.as_bytes());
    sha.update(hash.0);
    sha.finalize().into()
}

/// A bundle is judged by its signer, whoever carries it.
fn signer_of<L: Log>(
    log: &mut L,
    judge: &impl Judge,
    (space, accepted): (SpaceId, Revoked),
    bundle: &Bundle,
) -> Result<Result<Signer, RefusalCode>, L::Error> {
    let Some(DeviceFacts {
        member,
        public_key,
        revoked,
        role,
    }) = log.device(bundle.device)?
    else {
        return Ok(Err(RefusalCode::UnknownDevice));
    };
    if revoked && accepted != Revoked::Accepted(bundle.device) {
        return Ok(Err(RefusalCode::DeviceRevoked));
    }
    let message = Bundle::message(space, bundle.device, &bundle.documents);
    if !judge.verify(&public_key, &message, &bundle.signature) {
        return Ok(Err(RefusalCode::BadSignature));
    }
    log.keep_bundle(bundle.device, &Sha256::digest(&message).into(), &bundle.signature)?;
    let relays = log.rolled_back()?;
    Ok(Ok(Signer {
        space,
        device: bundle.device,
        member,
        role,
        relays,
    }))
}
