//! A phone's storage with faults: power cut between any two operations, loss of what was not asked to be durable, full.

use bianfang::client::store::{Batch, Durability, Entry, Step, Store, StoreError, Table};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

type Tables = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

#[derive(Default)]
struct Inner {
    /// What survives the loss of power.
    durable: Tables,
    /// What reads see.
    visible: Tables,
    /// Operations until the power is cut; none = never.
    cut_after: Option<u64>,
    dead: bool,
    full: bool,
    commits: u64,
}

/// A disk. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimDisk(Rc<RefCell<Inner>>);

impl SimDisk {
    /// The power is cut after so many further operations.
    pub fn cut_after(&self, operations: u64) {
        self.0.borrow_mut().cut_after = Some(operations);
    }
    /// From now on writes fail for want of space, or no longer.
    pub fn set_full(&self, full: bool) {
        self.0.borrow_mut().full = full;
    }
    /// The power is back. Commits that were not asked to be durable are lost when `lossy`.
    pub fn power_on(&self, lossy: bool) {
        let mut inner = self.0.borrow_mut();
        inner.dead = false;
        inner.cut_after = None;
        if lossy {
            inner.visible = inner.durable.clone();
        } else {
            inner.durable = inner.visible.clone();
        }
    }
    /// The system took everything away (eviction, a cleaner app).
    pub fn evict(&self) {
        let mut inner = self.0.borrow_mut();
        inner.durable.clear();
        inner.visible.clear();
    }
    /// A disk of its own with the same content: a cloned phone, or a backup to be put back.
    pub fn copy(&self) -> Self {
        let inner = self.0.borrow();
        let visible = inner.visible.clone();
        Self(Rc::new(RefCell::new(Inner {
            durable: visible.clone(),
            visible,
            ..Inner::default()
        })))
    }
    /// Commits so far.
    pub fn commits(&self) -> u64 {
        self.0.borrow().commits
    }
    /// Flips a bit of a stored value of a table, if there is one.
    pub fn damage(&self, table: Table, which: usize) -> bool {
        let mut inner = self.0.borrow_mut();
        let keys: Vec<_> = inner.visible.keys().filter(|(of, _)| *of == table).cloned().collect();
        let Some(key) = keys.get(which % keys.len().max(1)).cloned() else {
            return false;
        };
        for tables in [true, false] {
            let map = if tables { &mut inner.visible } else { &mut inner.durable };
            if let Some(value) = map.get_mut(&key)
                && let Some(last) = value.last_mut()
            {
                *last ^= 1;
            }
        }
        true
    }

    /// Counts one operation; once the power is cut nothing answers any more.
    async fn operate(&self) {
        let dead = {
            let mut inner = self.0.borrow_mut();
            match inner.cut_after {
                Some(0) => inner.dead = true,
                Some(left) => inner.cut_after = Some(left - 1),
                None => {}
            }
            inner.dead
        };
        if dead {
            std::future::pending::<()>().await;
        }
    }
}

fn apply(tables: &mut Tables, steps: &[Step]) {
    for step in steps {
        match step.clone() {
            Step::Put(table, key, value) => {
                tables.insert((table, key), value);
            }
            Step::Delete(table, key) => {
                tables.remove(&(table, key));
            }
        }
    }
}

impl Store for SimDisk {
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.operate().await;
        Ok(self.0.borrow().visible.get(&(table, key.to_vec())).cloned())
    }

    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        self.operate().await;
        let inner = self.0.borrow();
        Ok(inner
            .visible
            .range((table, prefix.to_vec())..)
            .take_while(|((of, key), _)| *of == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn commit(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        // Cut before the write: nothing of it is there. Cut after it: all of it is there and nobody heard of it.
        self.operate().await;
        {
            let mut inner = self.0.borrow_mut();
            if inner.full && batch.steps.iter().any(|step| matches!(step, Step::Put(..))) {
                return Err(StoreError::Full);
            }
            inner.commits += 1;
            apply(&mut inner.visible, &batch.steps);
            if durability == Durability::Strict {
                inner.durable = inner.visible.clone();
            }
        }
        self.operate().await;
        Ok(())
    }
}
