//! Photos and signatures on the phone: kept in a storage of their own by the name of their bytes, handed over after all
//! text, fetched when somebody looks. Knows nothing of the records that name them.

pub mod api;
mod carry;
mod entry;
#[cfg(test)]
mod tests;

pub use carry::{BlobLink, BlobMethod, BlobRequest, BlobResponse};

use super::envelope;
use super::error::ClientError;
use super::store::{Batch, Durability, Store, StoreError, Table};
use crate::base::host::Host;
use crate::base::limits::BLOB_BYTES_MAX;
use crate::base::picture::{BlobId, Picture};
use api::PhotoMeter;
use async_lock::Mutex;
pub use entry::PhotoKind;
use entry::{Entry, State};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How long a photo stays on the phone after its receipt, unless space is short. Its thumbnail stays.
pub const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Where photos go: the village and this phone's pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// `/v1/blobs/…` of the village, without the name.
    pub path: String,
    /// `DEVICE.TOKEN`.
    pub token: String,
}

/// The photos of this phone.
#[derive(Debug)]
pub struct Photos<S, L, H> {
    store: S,
    link: L,
    host: H,
    /// What is here, read at the first use.
    known: RefCell<Option<BTreeMap<BlobId, Entry>>>,
    /// What has come of photos that are being fetched.
    coming: RefCell<BTreeMap<BlobId, Vec<u8>>>,
    /// One upload, one fetch, one change at a time.
    carrying: Mutex<()>,
    fetching: Mutex<()>,
    writing: Mutex<()>,
}

impl<S: Store, L: BlobLink, H: Host> Photos<S, L, H> {
    /// Over a storage of its own.
    pub fn new(store: S, link: L, host: H) -> Self {
        Self {
            store,
            link,
            host,
            known: RefCell::new(None),
            coming: RefCell::default(),
            carrying: Mutex::new(()),
            fetching: Mutex::new(()),
            writing: Mutex::new(()),
        }
    }

    /// Keeps a picture durably and returns its name: from then on a record may name it.
    ///
    /// # Errors
    /// No picture, too large, or no room; nothing was kept then.
    pub async fn keep(&self, bytes: &[u8], kind: PhotoKind) -> Result<BlobId, ClientError> {
        fits(bytes)?;
        let id = BlobId::of(bytes);
        let entry = Entry {
            kind,
            bytes: bytes.len() as u32,
            made_at_ms: self.host.now_ms(),
            state: State::Waiting,
        };
        self.read_known().await?;
        if self.entry(id).is_some_and(|known| known.state == State::Waiting) {
            return Ok(id);
        }
        match self.put(id, &entry, Some(bytes)).await {
            Err(ClientError::Store(StoreError::Full)) => {
                // What the endpoint has gives way to what only this phone has.
                self.tidy(true).await?;
                let again = self.put(id, &entry, Some(bytes)).await;
                again.map_err(|error| match error {
                    ClientError::Store(StoreError::Full) => ClientError::Refused("photo_no_room".into(), 0),
                    other => other,
                })?;
            }
            done => done?,
        }
        Ok(id)
    }

    /// Whether it is on this phone.
    ///
    /// # Errors
    /// The storage's.
    pub async fn knows(&self, id: BlobId) -> Result<bool, ClientError> {
        self.read_known().await?;
        Ok(self.entry(id).is_some())
    }

    /// Forgets a photo that was never sent, as far as it was not.
    ///
    /// # Errors
    /// The storage's.
    pub async fn take_back(&self, id: BlobId) -> Result<(), ClientError> {
        // One that is just going up is somebody's already.
        let _one = self.carrying.lock().await;
        self.read_known().await?;
        match self.entry(id).map(|entry| entry.state) {
            Some(State::Waiting) => self.drop_all(&[id]).await,
            _ => Ok(()),
        }
    }

    /// The bytes, if they are on this phone.
    ///
    /// # Errors
    /// The storage's.
    pub async fn here(&self, id: BlobId) -> Result<Option<Vec<u8>>, ClientError> {
        let stored = self.store.get(Table::Chunk, id.as_bytes()).await?;
        let bytes = stored.as_deref().and_then(envelope::open);
        Ok(bytes.filter(|bytes| BlobId::of(bytes) == id).map(<[u8]>::to_vec))
    }

    /// How much is here and waits.
    ///
    /// # Errors
    /// The storage's.
    pub async fn meter(&self) -> Result<PhotoMeter, ClientError> {
        self.read_known().await?;
        let known = self.known.borrow();
        let mut meter = PhotoMeter::default();
        for entry in known.iter().flatten().map(|(_, entry)| entry) {
            meter.bytes += f64::from(entry.bytes);
            let is_photo = entry.kind != PhotoKind::Thumb;
            meter.photos += u32::from(is_photo);
            match &entry.state {
                State::Waiting => {
                    meter.waiting += u32::from(is_photo);
                    meter.waiting_thumbs += u32::from(!is_photo);
                    meter.waiting_bytes += f64::from(entry.bytes);
                }
                State::Refused(_) => meter.refused += 1,
                State::Received(_) => {}
            }
        }
        Ok(meter)
    }

    /// Lets go of what the endpoint has had for a while; of all of it when space is short. Thumbnails and
    /// signatures stay: they are small.
    ///
    /// # Errors
    /// The storage's.
    pub async fn tidy(&self, short: bool) -> Result<(), ClientError> {
        self.read_known().await?;
        let before_ms = self.host.now_ms() - KEPT_MS;
        let gone = |entry: &Entry| match entry.state {
            State::Received(at_ms) => entry.kind == PhotoKind::Photo && (short || at_ms < before_ms),
            _ => false,
        };
        let gone: Vec<BlobId> = {
            let known = self.known.borrow();
            let all = known.iter().flatten();
            all.filter(|(_, entry)| gone(entry)).map(|(id, _)| *id).collect()
        };
        self.drop_all(&gone).await
    }

    /// Forgets everything: nobody is here any more.
    ///
    /// # Errors
    /// The storage's.
    pub async fn clear(&self) -> Result<(), ClientError> {
        self.read_known().await?;
        let all: Vec<BlobId> = self.known.borrow().iter().flatten().map(|(id, _)| *id).collect();
        self.coming.borrow_mut().clear();
        self.drop_all(&all).await
    }

    async fn drop_all(&self, gone: &[BlobId]) -> Result<(), ClientError> {
        if gone.is_empty() {
            return Ok(());
        }
        let _one = self.writing.lock().await;
        let mut batch = Batch::default();
        for id in gone {
            batch.delete(Table::State, id.as_bytes());
            batch.delete(Table::Chunk, id.as_bytes());
        }
        self.store.commit(batch, Durability::Strict).await?;
        if let Some(known) = self.known.borrow_mut().as_mut() {
            gone.iter().for_each(|id| drop(known.remove(id)));
        }
        Ok(())
    }

    fn entry(&self, id: BlobId) -> Option<Entry> {
        self.known.borrow().as_ref()?.get(&id).cloned()
    }

    async fn read_known(&self) -> Result<(), ClientError> {
        if self.known.borrow().is_some() {
            return Ok(());
        }
        let entries = self.store.range(Table::State, &[]).await?;
        let read = entries.iter().filter_map(|(key, value)| {
            let entry = Entry::decode(envelope::open(value)?).ok()?;
            Some((BlobId::from_slice(key)?, entry))
        });
        let read = read.collect();
        self.known.borrow_mut().get_or_insert(read);
        Ok(())
    }

    /// Stores an entry, with its bytes when they are given, in one step.
    async fn put(&self, id: BlobId, entry: &Entry, bytes: Option<&[u8]>) -> Result<(), ClientError> {
        let _one = self.writing.lock().await;
        let mut batch = Batch::default();
        batch.put(Table::State, id.as_bytes(), envelope::seal(&entry.encode()));
        if let Some(bytes) = bytes {
            batch.put(Table::Chunk, id.as_bytes(), envelope::seal(bytes));
        }
        self.store.commit(batch, Durability::Strict).await?;
        if let Some(known) = self.known.borrow_mut().as_mut() {
            known.insert(id, entry.clone());
        }
        Ok(())
    }
}

/// A picture of a kind and size that the endpoint takes.
fn fits(bytes: &[u8]) -> Result<(), ClientError> {
    let refused = |code: &str| Err(ClientError::Refused(code.into(), 0));
    match Picture::of(bytes) {
        Err(error) => refused(error.code()),
        Ok(_) if bytes.len() > BLOB_BYTES_MAX => refused("photo_too_large"),
        Ok(_) => Ok(()),
    }
}
