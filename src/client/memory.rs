//! A store in memory that keeps every promise of `Store`, for tests and for worlds made up on one machine. Loses nothing
//! and fails only when it is full; the simulation has a worse one.

use super::store::{Batch, Durability, Entry, Step, Store, StoreError, Table};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

type Tables = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// What stays when a store on it is closed.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    tables: Tables,
    bytes_max: Option<usize>,
}

impl MemoryDisk {
    /// From now on, a batch after which more than this is stored (keys and values) fails as `Full`.
    pub fn limit(&self, bytes_max: Option<usize>) {
        self.lock().bytes_max = bytes_max;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Whoever panicked here changed nothing: a batch is made beside the tables and moved in.
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A store on a disk in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    disk: MemoryDisk,
}

impl MemoryStore {
    /// Opens what is on the disk.
    pub fn on(disk: &MemoryDisk) -> Self {
        Self { disk: disk.clone() }
    }
}

impl Store for MemoryStore {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.disk.lock().tables.get(&(table, key.to_vec())).cloned())
    }

    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        let disk = self.disk.lock();
        let from = disk.tables.range((table, prefix.to_vec())..);
        Ok(from
            .take_while(|((of, key), _)| *of == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn commit(&self, batch: Batch, _durability: Durability) -> Result<(), StoreError> {
        let mut disk = self.disk.lock();
        let mut changed: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>> = BTreeMap::new();
        for step in batch.steps {
            match step {
                Step::Put(table, key, value) => changed.insert((table, key), Some(value)),
                Step::Delete(table, key) => changed.insert((table, key), None),
            };
        }
        if let Some(bytes_max) = disk.bytes_max {
            let kept = disk.tables.iter().filter(|(key, _)| !changed.contains_key(key));
            let kept: usize = kept.map(|((_, key), value)| key.len() + value.len()).sum();
            let added = changed
                .iter()
                .filter_map(|((_, key), value)| Some(key.len() + value.as_ref()?.len()));
            if kept + added.sum::<usize>() > bytes_max {
                return Err(StoreError::Full);
            }
        }
        for (key, value) in changed {
            match value {
                Some(value) => disk.tables.insert(key, value),
                None => disk.tables.remove(&key),
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::contract::{Case, Place, run};
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    impl Place for MemoryDisk {
        type Store = MemoryStore;

        async fn open(&self) -> Result<MemoryStore, StoreError> {
            Ok(MemoryStore::on(self))
        }

        async fn limit(&self, bytes: Option<u32>) {
            MemoryDisk::limit(self, bytes.map(|bytes| bytes as usize));
        }
    }

    /// Nothing here ever waits.
    fn ready<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("the store in memory waited"),
        }
    }

    #[test]
    fn keeps_the_contract() {
        for case in Case::ALL {
            if let Err(broken) = ready(run(case, &MemoryDisk::default())) {
                panic!("{}: {broken}", case.name());
            }
        }
    }

    /// The suite itself must notice a store that breaks it.
    #[test]
    fn a_broken_store_is_noticed() {
        /// Forgets the last step of every batch of several, and lists backwards.
        struct Forgetful(MemoryStore);

        impl Store for Forgetful {
            async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
                self.0.get(table, key).await
            }
            async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
                let mut entries = self.0.range(table, prefix).await?;
                entries.reverse();
                Ok(entries)
            }
            async fn commit(&self, mut batch: Batch, durability: Durability) -> Result<(), StoreError> {
                if batch.steps.len() > 1 {
                    batch.steps.pop();
                }
                self.0.commit(batch, durability).await
            }
        }

        struct Broken(MemoryDisk);

        impl Place for Broken {
            type Store = Forgetful;
            async fn open(&self) -> Result<Forgetful, StoreError> {
                Ok(Forgetful(MemoryStore::on(&self.0)))
            }
            async fn limit(&self, _bytes: Option<u32>) {}
        }

        let passed = |case: &Case| ready(run(*case, &Broken(MemoryDisk::default()))).is_ok();
        let passed: Vec<&str> = Case::ALL
            .iter()
            .filter(|case| passed(case))
            .map(|case| case.name())
            .collect();
        assert_eq!(passed, ["empty_values", "large_values", "calls_keep_their_order"]);
    }
}
