//! What requests share: the database, the clock, the budgets, and a few workers for what takes the processor.

use crate::answer::Refused;
use crate::app::App;
use crate::blob::{Folder, Parts, Quotas, Vault, folder_of};
use crate::clock::Clock;
use crate::limits::{BLOB_RATE, Budgets, INVITE_RATE, JOIN_RATE, Places, SYNC_RATE, WRONG_RATE};
use crate::store::Store;
use axum::http::StatusCode;
use bianfang::base::id::DeviceId;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a request waits for a worker before it is asked to come back.
const QUEUE_WAIT: Duration = Duration::from_secs(20);
/// When it is.
const COME_BACK_S: u64 = 15;
/// Some wait for the disk while others compute.
const WORKERS_PER_CORE: usize = 2;

const BUSY: Refused = Refused::wait(StatusCode::SERVICE_UNAVAILABLE, "unavailable", COME_BACK_S);

/// State of the running endpoint. Holds nothing that the database owns.
#[derive(Debug)]
pub struct Endpoint {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The files that people see.
    pub app: App,
    /// The address that invitations name, when it was given.
    pub base_url: Option<String>,
    /// The address of whoever asks is in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Answers come over TLS.
    pub tls: bool,
    /// The one address whose pages may show the app in a frame; none but in demonstrations.
    pub framed_by: Option<String>,
    /// Synchronising by device.
    pub sync_budget: Budgets<DeviceId>,
    /// Looking and enrolling by address.
    pub join_budget: Budgets<IpAddr>,
    /// Wrong invitations by address.
    pub wrong_budget: Budgets<IpAddr>,
    /// Inviting by device.
    pub invite_budget: Budgets<DeviceId>,
    /// Photos by device.
    pub blob_budget: Budgets<DeviceId>,
    /// Where photos are.
    pub vault: Arc<dyn Vault>,
    /// Photos under way.
    pub parts: Parts,
    /// How much of them may be kept.
    pub quotas: Quotas,
    /// Requests under way by device.
    pub places: Places<DeviceId>,
    /// One first load is made at a time; whoever waits finds it made.
    pub packing: tokio::sync::Mutex<()>,
    /// The database has one writer at a time; here they stand in line, so that a heavy one cannot push in again.
    writing: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

impl Endpoint {
    /// Over an open database.
    pub fn new(store: Store, clock: Clock, app: App) -> Self {
        let workers = std::thread::available_parallelism().map_or(2, usize::from) * WORKERS_PER_CORE;
        let photos = folder_of(&store);
        Self {
            vault: Arc::new(Folder::new(photos.clone())),
            parts: Parts::within(&photos),
            quotas: Quotas::DEFAULT,
            blob_budget: Budgets::new(BLOB_RATE),
            store,
            clock,
            app,
            base_url: None,
            behind_proxy: false,
            tls: false,
            framed_by: None,
            sync_budget: Budgets::new(SYNC_RATE),
            join_budget: Budgets::new(JOIN_RATE),
            wrong_budget: Budgets::new(WRONG_RATE),
            invite_budget: Budgets::new(INVITE_RATE),
            places: Places::default(),
            packing: tokio::sync::Mutex::default(),
            writing: Arc::new(Semaphore::new(1)),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// The turn to write, first come, first served; over when it is dropped.
    ///
    /// # Errors
    /// A wait when the line is too long.
    pub async fn write_turn(&self) -> Result<OwnedSemaphorePermit, Refused> {
        match timeout(QUEUE_WAIT, Arc::clone(&self.writing).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(BUSY),
        }
    }

    /// Does work that takes the processor or the disk on one of a few workers, first come, first served.
    ///
    /// # Errors
    /// The work's own; a wait when all workers stay busy.
    pub async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let queue = timeout(QUEUE_WAIT, Arc::clone(&self.workers).acquire_owned());
        let Ok(Ok(permit)) = queue.await else {
            return Err(BUSY);
        };
        let this = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let done = work(&this);
            drop(permit);
            done
        });
        match task.await {
            Ok(done) => done,
            Err(_) => {
                tracing::error!("a worker broke off");
                Err(Refused::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60))
            }
        }
    }
}
