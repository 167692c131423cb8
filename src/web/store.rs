//! The phone's storage in IndexedDB: one writer among the tabs, atomic batches, a lost connection opened again.
//! Knows nothing of what the bytes mean.

use super::host::WebHost;
use super::idb::{self, Connection, Ended, Expect, Pending};
use super::lock::{self, Ask, WriterLock};
use super::mark::{Left, WriteMark};
use super::time::{Deferred, deadline, pause};
use crate::base::host::Host;
use crate::client::store::{Batch, Durability, Entry, Step, Store, StoreError, Table};
use async_lock::Mutex;
use js_sys::{Array, Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Database and lock of the app itself; tests take other names.
pub const NAME: &str = "bianfang";

/// The database of a space on this phone: that of the first has no number, so that it stays where it always was.
pub fn name_of(name: &str, slot: u32) -> String {
    match slot {
        0 => String::from(name),
        _ => format!("{name}-{slot}"),
    }
}

/// How long an opening waits for another tab to let go.
const HOLDER_MS_MAX: u32 = 1_500;
/// Pauses before the connection is opened again, milliseconds. Retrying on a dead connection never helped anybody.
const BACKOFF_MS: [u32; 4] = [20, 100, 500, 2_000];
/// How long one operation may take. On some phones a connection dies without a word while the app is in the background.
const OPERATION_MS_MAX: u32 = 30_000;
/// Code for the error record: the byte that says that a write is on its way could not be written.
const UNMARKED: &str = "store_unmarked";
/// The store that says who may write, beside those of `Table`.
const WRITER: &str = "writer";
/// How often the records were opened. Whoever wrote the present number is the writer.
const TURN: &str = "turn";
/// What makes the browser begin a new log: more than the 4 MiB that Chromium gathers in one, in values that are smaller
/// than those it puts into files of their own, and that do not shrink when it compresses them.
const BALLAST_VALUES: u32 = 75;
const BALLAST_VALUE_BYTES: usize = 60_000;

/// What all parts of one opened storage share.
struct Shared {
    connection: RefCell<Option<Rc<Connection>>>,
    /// Set once, when this tab may not go on.
    over: RefCell<Option<StoreError>>,
    taken: Deferred,
    mark: RefCell<Option<Rc<WriteMark>>>,
}

impl Shared {
    fn end(&self, why: StoreError) {
        if let Some(mark) = self.mark.borrow().as_ref() {
            mark.close();
        }
        self.over.borrow_mut().get_or_insert(why);
        self.connection.borrow_mut().take();
        self.taken.fulfil();
    }
}

/// The phone's storage. Opened by its first use; as long as it lives, no other tab writes, except one that takes over.
pub struct IndexedDbStore {
    name: String,
    ask: Cell<Ask>,
    shared: Rc<Shared>,
    lock: RefCell<Option<WriterLock>>,
    /// It was opened once: from then on a storage that is gone was cleared, and is not made anew.
    opened: Cell<bool>,
    turn: Cell<Option<f64>>,
    /// The log may end in a torn record; nothing may be appended to it before a new one was begun.
    torn: Cell<bool>,
    opening: Mutex<()>,
    writing: Mutex<()>,
}

impl IndexedDbStore {
    /// With `steal`, records held by another tab are taken over, as the person asked.
    pub fn new(name: &str, steal: bool) -> Self {
        Self {
            name: String::from(name),
            ask: Cell::new(match steal {
                true => Ask::Steal,
                false => Ask::Within(HOLDER_MS_MAX),
            }),
            shared: Rc::new(Shared {
                connection: RefCell::new(None),
                over: RefCell::new(None),
                taken: Deferred::new(),
                mark: RefCell::new(None),
            }),
            lock: RefCell::new(None),
            opened: Cell::new(false),
            turn: Cell::new(None),
            torn: Cell::new(false),
            opening: Mutex::new(()),
            writing: Mutex::new(()),
        }
    }

    /// Fulfilled when this tab may not go on: another one took over, or the data were cleared or upgraded under it.
    pub fn over(&self) -> Promise {
        self.shared.taken.promise.clone()
    }

    /// Why this tab may not go on, if so.
    pub fn why_over(&self) -> Option<StoreError> {
        self.shared.over.borrow().clone()
    }

    /// The connection, opened if it is not.
    async fn connected(&self) -> Result<Rc<Connection>, StoreError> {
        let _one_at_a_time = self.opening.lock().await;
        self.look_at_connection();
        if let Some(why) = self.shared.over.borrow().as_ref() {
            return Err(why.clone());
        }
        if let Some(connection) = self.shared.connection.borrow().as_ref() {
            return Ok(connection.clone());
        }
        if self.lock.borrow().is_none() {
            let shared = self.shared.clone();
            let ask = self.ask.replace(Ask::Within(HOLDER_MS_MAX));
            let lock = lock::take(&self.name, ask, move || shared.end(StoreError::Elsewhere)).await?;
            *self.lock.borrow_mut() = Some(lock);
            let (mark, left) = WriteMark::open(&format!("{}-writing", self.name)).await;
            self.torn.set(left == Left::PerhapsTorn);
            *self.shared.mark.borrow_mut() = Some(mark);
        }
        let expect = match self.opened.get() {
            false => Expect::Anything,
            true => Expect::Existing,
        };
        let stores: Vec<&str> = Table::ALL.into_iter().map(Table::name).chain([WRITER]).collect();
        let Some(connection) = self.marked(idb::open(&self.name, &stores, expect)).await? else {
            self.shared.end(StoreError::Lost);
            return Err(StoreError::Lost);
        };
        match self.turn(&connection).await {
            // Everything on a full phone can still be read; the first commit that finds space begins the turn.
            Ok(_) | Err(StoreError::Full) => {}
            Err(error) => return Err(error),
        }
        self.opened.set(true);
        if let Some(why) = self.shared.over.borrow().as_ref() {
            return Err(why.clone());
        }
        let connection = Rc::new(connection);
        *self.shared.connection.borrow_mut() = Some(connection.clone());
        Ok(connection)
    }

    /// The number of our turn, which begins now if it has not.
    async fn turn(&self, connection: &Connection) -> Result<f64, StoreError> {
        if let Some(turn) = self.turn.get() {
            return Ok(turn);
        }
        if self.torn.get() {
            self.marked(begin_log(connection)).await?;
            self.torn.set(false);
        }
        let turn = self.marked(begin_turn(connection)).await?;
        self.turn.set(Some(turn));
        Ok(turn)
    }

    /// Writes under the mark, so that it is known if it was torn.
    async fn marked<T>(&self, writing: impl Future<Output = T>) -> T {
        let mark = self.shared.mark.borrow().clone();
        if let Some(mark) = &mark {
            mark.begin();
        }
        let done = writing.await;
        if let Some(mark) = &mark {
            mark.end();
        }
        done
    }

    /// Lets go of a connection that has ended, and notes whether that was the end of this tab's turn.
    fn look_at_connection(&self) {
        let ended = self
            .shared
            .connection
            .borrow()
            .as_ref()
            .and_then(|connection| connection.ended());
        match ended {
            None => {}
            Some(Ended::Lost) => drop(self.shared.connection.borrow_mut().take()),
            Some(Ended::Deleted) => self.shared.end(StoreError::Lost),
            Some(Ended::Upgraded) => self.shared.end(StoreError::Newer),
        }
    }

    /// Does the work on a connection; if that is lost, closes it, waits, opens it again and repeats the work. All work
    /// here may be repeated: it reads, or writes whole values.
    async fn attempt<T>(&self, work: impl AsyncFn(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut pauses = BACKOFF_MS.into_iter();
        loop {
            let error = match self.connected().await {
                Err(error) => error,
                Ok(connection) => {
                    let error = match deadline(OPERATION_MS_MAX, work(&connection)).await {
                        Some(Ok(done)) => return Ok(done),
                        Some(Err(error)) => error,
                        None => StoreError::Lost,
                    };
                    self.let_go(&connection, &error);
                    error
                }
            };
            self.look_at_connection();
            if let Some(why) = self.shared.over.borrow().as_ref() {
                return Err(why.clone());
            }
            match (error, pauses.next()) {
                (StoreError::Lost, Some(ms)) => pause(ms).await,
                (error, _) => return Err(error),
            }
        }
    }

    /// After a failure that means a lost connection, that connection is not used again.
    fn let_go(&self, failed: &Rc<Connection>, error: &StoreError) {
        match error {
            StoreError::Elsewhere => self.shared.end(StoreError::Elsewhere),
            StoreError::Lost => {
                // Its own reason first: a deleted database is not opened again.
                self.look_at_connection();
                let mut current = self.shared.connection.borrow_mut();
                if current
                    .as_ref()
                    .is_some_and(|connection| Rc::ptr_eq(connection, failed))
                {
                    current.take();
                }
            }
            _ => {}
        }
    }
}

impl Store for IndexedDbStore {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.attempt(async |connection| {
            let store = connection.read(table.name())?;
            let value = Pending::of(store.get(&Uint8Array::from(key)))?.result().await?;
            Ok((!value.is_undefined()).then(|| bytes(&value)))
        })
        .await
    }

    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        self.attempt(async |connection| {
            let range = idb::prefix_range(prefix)?;
            let store = connection.read(table.name())?;
            // Both in one transaction, so they agree.
            let keys = Pending::of(store.get_all_keys(&range))?;
            let values = Pending::of(store.get_all(&range))?;
            let keys: Array = keys.result().await?.unchecked_into();
            match values.result().await {
                Ok(values) => {
                    let values: Array = values.unchecked_into();
                    Ok(keys
                        .iter()
                        .zip(values.iter())
                        .map(|(key, value)| (bytes(&key), bytes(&value)))
                        .collect())
                }
                Err(StoreError::Failed(_)) => one_by_one(connection, table, keys).await,
                Err(error) => Err(error),
            }
        })
        .await
    }

    async fn commit(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        // In the order of the calls, also if one of them has to wait for a new connection.
        let _one_at_a_time = self.writing.lock().await;
        self.attempt(async |connection| {
            let turn = self.turn(connection).await?;
            self.marked(store_batch(connection, turn, &batch, durability)).await
        })
        .await
    }

    fn trouble(&self) -> Option<&'static str> {
        let mark = self.shared.mark.borrow();
        mark.as_ref().filter(|mark| mark.failed()).map(|_| UNMARKED)
    }
}

/// Makes the browser begin a new log, and take what it holds from the old one: what is torn at its end goes with it.
/// A database that was never written to has none.
async fn begin_log(connection: &Connection) -> Result<(), StoreError> {
    let before = Pending::of(connection.read(WRITER)?.get(&TURN.into()))?;
    if before.result().await?.is_undefined() {
        return Ok(());
    }
    let mut ballast = vec![0; BALLAST_VALUE_BYTES];
    WebHost.entropy(&mut ballast);
    let ballast = Uint8Array::from(ballast.as_slice());
    let filling = connection.write(&[WRITER], Durability::Relaxed)?;
    let store = filling.store(WRITER)?;
    for key in 0..BALLAST_VALUES {
        store.put(&ballast, &key.into()).map_err(|thrown| idb::fault(&thrown))?;
    }
    filling.finish().await?;
    let clearing = connection.write(&[WRITER], Durability::Relaxed)?;
    let store = clearing.store(WRITER)?;
    for key in 0..BALLAST_VALUES {
        store.delete(&key.into()).map_err(|thrown| idb::fault(&thrown))?;
    }
    clearing.finish().await
}

/// Counts one up: from here on every commit of whoever had the turn before fails, also one that is on its way now.
async fn begin_turn(connection: &Connection) -> Result<f64, StoreError> {
    let writing = connection.write(&[WRITER], Durability::Relaxed)?;
    let store = writing.store(WRITER)?;
    let before = Pending::of(store.get(&TURN.into()))?.result().await?;
    let turn = before.as_f64().unwrap_or(0.0) + 1.0;
    store
        .put(&turn.into(), &TURN.into())
        .map_err(|thrown| idb::fault(&thrown))?;
    writing.finish().await?;
    Ok(turn)
}

/// One batch in one transaction, which also sees whether it is still our turn.
async fn store_batch(
    connection: &Connection,
    turn: f64,
    batch: &Batch,
    durability: Durability,
) -> Result<(), StoreError> {
    let mut names: Vec<&str> = batch.steps.iter().map(|step| table_of(step).name()).collect();
    names.push(WRITER);
    names.sort_unstable();
    names.dedup();
    let writing = connection.write(&names, durability)?;
    let present = Pending::of(writing.store(WRITER)?.get(&TURN.into()))?;
    for step in &batch.steps {
        let store = writing.store(table_of(step).name())?;
        let asked = match step {
            Step::Put(_, key, value) => {
                store.put(&Uint8Array::from(value.as_slice()), &Uint8Array::from(key.as_slice()))
            }
            Step::Delete(_, key) => store.delete(&Uint8Array::from(key.as_slice())),
        };
        // What fails later aborts the transaction, and `finish` says so.
        if let Err(thrown) = asked {
            writing.abort().await;
            return Err(idb::fault(&thrown));
        }
    }
    match present.result().await {
        Ok(present) if present.as_f64() == Some(turn) => writing.finish().await,
        Ok(_) => {
            writing.abort().await;
            Err(StoreError::Elsewhere)
        }
        Err(error) => {
            writing.abort().await;
            Err(error)
        }
    }
}

fn table_of(step: &Step) -> Table {
    match step {
        Step::Put(table, ..) | Step::Delete(table, _) => *table,
    }
}

/// Reads each entry by itself when the browser cannot give them all at once. One whose bytes the browser has lost comes
/// back empty: the reader finds no valid value in it and puts it aside like any other broken one, and its neighbours
/// are not stopped.
async fn one_by_one(connection: &Connection, table: Table, keys: Array) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::with_capacity(keys.length() as usize);
    for key in keys.iter() {
        let store = connection.read(table.name())?;
        let value = match Pending::of(store.get(&key))?.result().await {
            Ok(value) if value.is_undefined() => continue,
            Ok(value) => bytes(&value),
            Err(StoreError::Failed(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        entries.push((bytes(&key), value));
    }
    Ok(entries)
}

/// A stored key (an array buffer) or value (a view of one) as bytes.
fn bytes(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}
