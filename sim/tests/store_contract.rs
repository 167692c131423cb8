//! The simulated disk keeps the contract that every store keeps, so that what is proven on it holds on a phone.

use bianfang::client::contract::{Case, Place, run};
use bianfang::client::store::{Batch, Durability, Entry, Step, Store, StoreError, Table};
use bianfang_sim::disk::SimDisk;
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A disk that is full for batches above a limit.
#[derive(Clone, Default)]
struct LimitedDisk {
    disk: SimDisk,
    bytes_max: Rc<Cell<Option<u32>>>,
}

impl Store for LimitedDisk {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk.get(table, key).await
    }

    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        self.disk.range(table, prefix).await
    }

    async fn commit(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        let bytes: usize = batch.steps.iter().map(bytes).sum();
        self.disk
            .set_full(self.bytes_max.get().is_some_and(|bytes_max| bytes > bytes_max as usize));
        self.disk.commit(batch, durability).await
    }
}

fn bytes(step: &Step) -> usize {
    match step {
        Step::Put(_, key, value) => key.len() + value.len(),
        Step::Delete(..) => 0,
    }
}

impl Place for LimitedDisk {
    type Store = LimitedDisk;

    async fn open(&self) -> Result<LimitedDisk, StoreError> {
        // Whatever was closed in good order is there when the phone is switched on again.
        self.disk.power_on(false);
        Ok(self.clone())
    }

    async fn limit(&self, bytes: Option<u32>) {
        self.bytes_max.set(bytes);
    }
}

/// Without a cut of the power nothing here ever waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the disk waited"),
    }
}

#[test]
fn the_disk_keeps_the_contract() {
    for case in Case::ALL {
        if let Err(broken) = ready(run(case, &LimitedDisk::default())) {
            panic!("{}: {broken}", case.name());
        }
    }
}

/// What a phone may lose with its power is exactly what was not asked to be durable.
#[test]
fn power_takes_what_was_relaxed_and_leaves_what_was_strict() {
    let disk = SimDisk::default();
    let put = |key: &[u8]| {
        let mut batch = Batch::default();
        batch.put(Table::Draft, key, b"value".as_slice());
        batch
    };
    ready(disk.commit(put(b"strict"), Durability::Strict)).expect("room");
    ready(disk.commit(put(b"relaxed"), Durability::Relaxed)).expect("room");
    disk.power_on(true);
    let left = ready(disk.range(Table::Draft, b"")).expect("power");
    assert_eq!(left, [(b"strict".to_vec(), b"value".to_vec())]);
}
