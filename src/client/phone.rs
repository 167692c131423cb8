//! The phone: everything it holds in memory, how it starts, and the book through which screens read and write.
//!
//! One writer: whoever holds the lock on [`Core`]. A network exchange runs without the lock, so that saving never waits
//! for a signal. What is in memory changes only after the storage has taken it.

use super::api::Notice;
use super::duties::Duties;
use super::error::ClientError;
use super::forms::Forms;
use super::forms::cards::Cards;
use super::handed::Handed;
use super::opening::Deaths;
use super::outbox::{Outbox, Waiting};
use super::quarantine::{Quarantine, SetAside};
use super::rescue::Exported;
use super::rows::Rows;
use super::scrub::Scrub;
use super::shelf::{self, Shelved, Taken};
use super::state::{self, LoadState, Progress};
use super::store::{Batch, Durability, Store, StoreError, Table};
use super::surveyed::Surveyed;
use super::village::Village;
use super::{envelope, errorlog};
use crate::base::date::Date;
use crate::base::host::{Actors, Host};
use crate::base::id::{DocId, MemberId, SpaceId};
use crate::doc::{DocKind, Document, Edit, Hash, KindByte, Made, Put};
use crate::index::Row;
use crate::ledger::Procedures;
use crate::sync::enrol::Enrolled;
use async_lock::{Mutex, MutexGuard};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Documents kept open in memory.
const OPEN_MAX: usize = 16;

/// The phone side of Bianfang over the four things it needs from outside.
pub struct Client<S, L, K, H> {
    pub(super) store: S,
    pub(super) link: L,
    pub(super) keys: K,
    pub(super) host: H,
    pub(super) core: Mutex<Core>,
    /// One synchronisation at a time.
    pub(super) syncing: Mutex<()>,
    pub(super) version: String,
}

/// What is in memory. Changes only after the storage has taken it.
#[derive(Default)]
pub(super) struct Core {
    pub started: bool,
    /// Drawn at the first save; a new start draws others.
    pub actors: Option<Actors>,
    pub enrolled: Option<Enrolled>,
    pub progress: Progress,
    /// Where acknowledged work stands in the feed.
    pub handed: Handed,
    pub load: Option<LoadState>,
    pub outbox: Outbox,
    /// What was handed out in rescue files, and of the last file what was in it before anybody said that it is kept.
    pub exported: Exported,
    pub offered: Vec<[u8; 8]>,
    pub rows: Rows,
    pub quarantine: Quarantine,
    pub village: Village,
    pub open: VecDeque<Shelved>,
    /// The form that is open.
    pub filling: Option<super::screens::Opened>,
    pub forms: Forms,
    /// Procedures, each read once.
    pub procedures: Procedures,
    pub cards: Cards,
    /// Which forms are due for whom among the families.
    pub duties: Duties,
    /// What was found when the households were looked at one after the other.
    pub surveyed: Surveyed,
    /// The app before this start died at work, rather than being left.
    pub died: bool,
    pub deaths: Deaths,
    pub scrub: Scrub,
    /// Documents whose refused work was written again since the start: by itself that is done once.
    pub rewritten: BTreeSet<DocId>,
    /// Documents of which the storage spoiled something. They are mended after the next comparison with the endpoint.
    pub damaged: BTreeSet<DocId>,
    pub notices: Vec<Notice>,
    /// What the last synchronisation said: idle, syncing, waiting, refused.
    pub sync_state: SyncState,
    pub trouble: Option<ClientError>,
    pub errors: errorlog::ErrorLog,
}

/// What synchronisation is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SyncState {
    #[default]
    Idle,
    Syncing,
    Waiting,
    Refused,
}

impl SyncState {
    pub(super) fn code(self) -> &'static str {
        match self {
            SyncState::Idle => "idle",
            SyncState::Syncing => "syncing",
            SyncState::Waiting => "waiting",
            SyncState::Refused => "refused",
        }
    }
}

/// What one person writes into one document in one step.
#[derive(Clone, Debug)]
pub(super) struct DocEdit {
    pub kind: DocKind,
    pub document: DocId,
    /// The heads from which the screen was drawn; none for a document that is being made.
    pub base: Option<Vec<Hash>>,
    pub puts: Vec<Put>,
}

/// The records in hand: the lock is held, so nobody else writes meanwhile.
pub(super) struct Book<'a, S, H> {
    pub store: &'a S,
    pub host: &'a H,
    pub core: MutexGuard<'a, Core>,
}

impl<S, L, K, H: Host> Client<S, L, K, H> {
    /// Over a storage, a link, the device's key and a host. Nothing is read before `Start`.
    pub fn new(store: S, link: L, keys: K, host: H, version: &str) -> Self {
        Self {
            store,
            link,
            keys,
            host,
            core: Mutex::new(Core::default()),
            syncing: Mutex::new(()),
            version: version.to_owned(),
        }
    }

    /// The same after the app died at work: it trapped, or its page crashed in view. What was noted as being opened is
    /// blamed for it then, and only then: a page that was left says nothing about a document.
    #[must_use]
    pub fn after_death(mut self) -> Self {
        self.core.get_mut().died = true;
        self
    }

    /// The storage underneath.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: Store, L, K, H: Host> Client<S, L, K, H> {
    pub(super) async fn book(&self) -> Result<Book<'_, S, H>, ClientError> {
        let mut book = Book {
            store: &self.store,
            host: &self.host,
            core: self.core.lock().await,
        };
        if !book.core.started {
            book.start().await?;
        }
        Ok(book)
    }

    /// What changed since the last call. Nothing while somebody is at work, whose own answer then brings it.
    pub fn notices(&self) -> Vec<Notice> {
        match self.core.try_lock() {
            Some(mut core) => std::mem::take(&mut core.notices),
            None => Vec::new(),
        }
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Reads what the phone holds.
    async fn start(&mut self) -> Result<(), ClientError> {
        let mut core = Core {
            errors: errorlog::ErrorLog::read(self.store).await?,
            died: self.core.died,
            ..Core::default()
        };
        let get = async |key: &[u8]| -> Result<Option<Vec<u8>>, StoreError> {
            let stored = self.store.get(Table::State, key).await?;
            Ok(stored.as_deref().and_then(envelope::open).map(<[u8]>::to_vec))
        };
        core.enrolled = get(state::ENROLLED).await?.as_deref().and_then(state::decode_enrolled);
        if let Some(stored) = get(state::PROGRESS).await? {
            // A damaged progress starts again from nothing: everything is compared and fetched, nothing is cleared.
            core.progress = Progress::decode(&stored).unwrap_or_default();
        }
        let handed = get(state::HANDED).await?;
        let handed = handed.and_then(|stored| Handed::decode(&stored).ok());
        // Written by a release that knew no places, or damaged: all of it stands before what is known to be there.
        let known = core.progress.own.map_or(0, |(_, last)| last);
        core.handed = handed.unwrap_or_else(|| Handed::below(core.progress.cursor.seq.max(known)));
        core.exported = get(state::EXPORTED)
            .await?
            .map(|stored| Exported::decode(&stored))
            .unwrap_or_default();
        core.load = get(state::LOAD).await?.as_deref().and_then(LoadState::decode);
        let (outbox, outbox_whole) = Outbox::read(
            self.store.range(Table::Outbox, &[]).await?,
            self.store.range(Table::Relay, &[]).await?,
        );
        core.outbox = outbox;
        // What a damaged outbox entry held is still in its document; comparing finds it.
        core.progress.reconcile |= !outbox_whole;
        core.quarantine = Quarantine::read(self.store.range(Table::Quarantine, &[]).await?);
        core.damaged = core.quarantine.spoiled().chain(core.quarantine.known_now()).collect();
        let (rows, rows_whole) = Rows::read(&self.store.range(Table::Row, &[]).await?);
        core.rows = rows;
        core.deaths = Deaths::read(&get(state::STRUCK).await?.unwrap_or_default());
        core.scrub = Scrub::read(&get(state::SCRUB).await?.unwrap_or_default());
        let noted = get(state::OPENING).await?;
        *self.core = core;
        self.blame(noted.as_deref()).await?;
        if !rows_whole {
            self.make_rows_again().await?;
        }
        self.core.started = true;
        self.read_village().await
    }

    /// Puts something into quarantine, in memory at once: what is set aside twice does no harm.
    pub(super) fn set_aside(
        &mut self,
        batch: &mut Batch,
        kind: impl Into<KindByte>,
        document: DocId,
        code: &str,
        shut: bool,
        changes: Vec<Vec<u8>>,
    ) {
        let at_ms = self.host.now_ms();
        let aside = SetAside {
            kind: kind.into(),
            document,
            code: code.to_owned(),
            at_ms,
            shut,
            own: false,
            changes,
        };
        let key = Quarantine::put(batch, &aside);
        self.core.quarantine.take(key, aside);
    }

    async fn make_rows_again(&mut self) -> Result<(), ClientError> {
        let space_key = self.enrolled().map(|enrolled| enrolled.space_key).unwrap_or_default();
        let mut changed = BTreeMap::new();
        for (id, taken) in shelf::all(self.store).await? {
            if let Taken::Open(shelved) = taken {
                changed.insert(id, Row::read(&shelved.document, &space_key, &self.core.procedures));
            }
        }
        let mut batch = Batch::default();
        self.core.rows.put(&mut batch, &changed);
        self.store.commit(batch, Durability::Relaxed).await?;
        self.core.rows.take(changed);
        Ok(())
    }

    /// Who this phone belongs to.
    pub(super) fn enrolled(&self) -> Result<&Enrolled, ClientError> {
        self.core.enrolled.as_ref().ok_or(ClientError::NotJoined)
    }
    /// The person.
    pub(super) fn me(&self) -> Result<MemberId, ClientError> {
        self.enrolled().map(|enrolled| enrolled.member)
    }
    /// The space.
    pub(super) fn space(&self) -> Result<SpaceId, ClientError> {
        self.enrolled().map(|enrolled| enrolled.space)
    }
    /// Today's date in China by this phone's clock.
    pub(super) fn today(&self) -> Date {
        Date::in_china(self.host.now_ms())
    }

    /// Team, village and pairings by group, from their documents.
    pub(super) async fn read_village(&mut self) -> Result<(), ClientError> {
        let Ok(space) = self.space() else { return Ok(()) };
        let mut village = Village::default();
        // One that was set aside leaves names out until it is mended; everything else goes on.
        if let Some(document) = self.find_if_readable(crate::doc::village_id(space)).await? {
            village.read_village(document);
        }
        if let Some(document) = self.find_if_readable(crate::doc::place_id(space)).await? {
            village.read_place(document);
        }
        self.core.village = village;
        Ok(())
    }

    /// A document of this phone, opened; nothing when there is none.
    ///
    /// # Errors
    /// The storage, or a document that cannot be opened: it is set aside, and stays stored.
    pub(super) async fn find(&mut self, id: DocId) -> Result<Option<&Document>, ClientError> {
        Ok(self.shelved(id).await?.map(|shelved| &shelved.document))
    }

    async fn find_if_readable(&mut self, id: DocId) -> Result<Option<&Document>, ClientError> {
        match self.find(id).await {
            Err(ClientError::Quarantined | ClientError::Doc(_)) => Ok(None),
            other => other,
        }
    }

    /// A document that must be there.
    pub(super) async fn document(&mut self, id: DocId) -> Result<&Document, ClientError> {
        self.find(id).await?.ok_or(ClientError::NotFound)
    }

    /// A document that [`Book::document`] has just opened, to be read beside the rest of the book.
    pub(super) fn opened(&self, id: DocId) -> Result<&Document, ClientError> {
        let mut open = self.core.open.iter().map(|open| &open.document);
        open.find(|document| document.id() == id).ok_or(ClientError::NotFound)
    }

    pub(super) async fn shelved(&mut self, id: DocId) -> Result<Option<&mut Shelved>, ClientError> {
        if self.core.quarantine.is_shut(id) {
            return Err(ClientError::Quarantined);
        }
        if let Some(place) = self.core.open.iter().position(|open| open.document.id() == id) {
            if let Some(open) = self.core.open.remove(place) {
                self.core.open.push_back(open);
            }
            return Ok(self.core.open.back_mut());
        }
        self.note_opening(&[id]).await?;
        match shelf::take(self.store, id).await? {
            Taken::Absent => {
                self.clear_opening().await?;
                Ok(None)
            }
            Taken::Open(mut shelved) => {
                self.note_damage(&mut shelved);
                self.opened_well(id).await?;
                self.keep_open(shelved);
                Ok(self.core.open.back_mut())
            }
            Taken::Unreadable(error, _) => {
                self.core.damaged.insert(id);
                let kind = self.core.rows.get(id).map_or(DocKind::Household, Row::kind);
                let mut batch = Batch::default();
                batch.delete(Table::State, state::OPENING);
                self.set_aside(&mut batch, kind, id, error.code(), true, Vec::new());
                self.store.commit(batch, Durability::Strict).await?;
                Err(error.into())
            }
        }
    }

    /// Remembers that the storage spoiled some of a document that was opened, so that it is mended at the next comparison.
    pub(super) fn note_damage(&mut self, shelved: &mut Shelved) {
        if shelved.damaged.is_empty() {
            return;
        }
        let id = shelved.document.id();
        self.core.damaged.insert(id);
        // What was not handed over yet stands in the outbox too; if it does not fit yet, the mending brings it.
        let waiting = self.core.outbox.all().filter(|waiting| waiting.document == id);
        let _ = shelved.document.apply(waiting.map(|waiting| &waiting.bytes));
    }

    pub(super) fn keep_open(&mut self, shelved: Shelved) {
        let id = shelved.document.id();
        self.core.open.retain(|open| open.document.id() != id);
        self.core.open.push_back(shelved);
        if self.core.open.len() > OPEN_MAX {
            self.core.open.pop_front();
        }
    }

    /// Writes edits of this person durably, all or nothing. `also` is stored with them (the end of a draft).
    ///
    /// # Errors
    /// Nothing was saved then.
    pub(super) async fn save(&mut self, edits: Vec<DocEdit>, also: Batch) -> Result<Vec<(DocId, Made)>, ClientError> {
        let author = self.me()?;
        let space_key = self.enrolled()?.space_key;
        let at_ms = self.host.now_ms();
        let mut batch = also;
        let mut made = Vec::new();
        let mut waiting = Vec::new();
        let mut rows = BTreeMap::new();
        let mut touched = Vec::new();
        for edit in edits {
            let actor = self.core.actors.get_or_insert_with(|| self.host.actors()).fresh();
            // Several edits of one document each stand on their own base; what was taken is written on.
            let taken = touched
                .iter()
                .position(|shelved: &Shelved| shelved.document.id() == edit.document);
            let mut shelved = match taken {
                Some(place) => touched.remove(place),
                None => self.take_for_writing(edit.kind, edit.document).await?,
            };
            let base = edit.base.unwrap_or_else(|| shelved.document.heads());
            let result = shelved.document.edit(
                &Edit {
                    author,
                    at_ms,
                    base,
                    puts: edit.puts,
                },
                actor,
            )?;
            let Some(change) = result else {
                touched.push(shelved);
                continue;
            };
            let changes = [change.bytes.clone()];
            shelved
                .keys
                .push(shelf::put_changes(&mut batch, edit.kind, edit.document, &changes));
            rows.insert(
                edit.document,
                Row::read(&shelved.document, &space_key, &self.core.procedures),
            );
            let (kind, document, hash) = (edit.kind, edit.document, change.hash);
            waiting.push(Waiting {
                kind,
                document,
                hash,
                bytes: change.bytes.clone(),
            });
            made.push((edit.document, change));
            touched.push(shelved);
        }
        self.core.outbox.put(&mut batch, &waiting);
        self.core.rows.put(&mut batch, &rows);
        if !batch.is_empty() {
            self.store.commit(batch, Durability::Strict).await?;
        }
        self.core.outbox.take(waiting);
        self.core.rows.take(rows);
        let documents: Vec<DocId> = made.iter().map(|(id, _)| *id).collect();
        for mut shelved in touched {
            // A snapshot that could not be made now is made another time; the save stands.
            let _ = shelf::fold(self.store, &mut shelved).await;
            self.keep_open(shelved);
        }
        self.tell_changed(&documents).await?;
        // What waits to go up has grown: whoever synchronises hears of it here.
        self.tell_strip();
        Ok(made)
    }

    /// Takes a document out of memory for writing: if the storage fails, it is read again from there, with a new actor.
    async fn take_for_writing(&mut self, kind: DocKind, id: DocId) -> Result<Shelved, ClientError> {
        if self.shelved(id).await?.is_none() {
            return Ok(Shelved::new(kind, id));
        }
        let shelved = self.core.open.pop_back().ok_or(ClientError::NotFound)?;
        if shelved.document.kind() == kind {
            Ok(shelved)
        } else {
            Err(ClientError::NotFound)
        }
    }

    /// Says which documents changed, and reads the village again when it is among them.
    pub(super) async fn tell_changed(&mut self, documents: &[DocId]) -> Result<(), ClientError> {
        if let Ok(space) = self.space()
            && documents
                .iter()
                .any(|id| *id == crate::doc::village_id(space) || *id == crate::doc::place_id(space))
        {
            self.read_village().await?;
        }
        self.core.notices.push(Notice::Changed {
            documents: documents.iter().map(DocId::to_string).collect(),
        });
        Ok(())
    }

    /// Adds the progress to a batch; it counts only after the batch was stored.
    pub(super) fn put_progress(batch: &mut Batch, progress: &Progress) {
        batch.put(Table::State, state::PROGRESS, envelope::seal(&progress.encode()));
    }

    /// Adds where work stands to a batch; it counts only after the batch was stored.
    pub(super) fn put_handed(batch: &mut Batch, handed: &Handed) {
        batch.put(Table::State, state::HANDED, envelope::seal(&handed.encode()));
    }
}
