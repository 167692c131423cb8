//! A phone's storage with faults: power cut between any two operations, loss of what was not asked to be durable, full.

use crate::trace::Trace;
use bianfang::client::store::{Batch, Durability, Entry, Step, Store, StoreError, Table};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

type Tables = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// What the loss of power takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: the app alone was killed.
    Nothing,
    /// Every commit that was not asked to be durable and that no durable one followed.
    Unflushed,
    /// All of those but the first so many.
    Torn(usize),
}

#[derive(Default)]
struct Inner {
    /// What survives the loss of power.
    durable: Tables,
    /// Commits since, none of them asked to be durable.
    unflushed: Vec<Vec<Step>>,
    /// What reads see.
    visible: Tables,
    /// The page that holds the records.
    holder: u64,
    trace: Trace,
    /// Operations until the power is cut; none = never.
    cut_after: Option<u64>,
    dead: bool,
    full: bool,
    commits: u64,
    trouble: Option<&'static str>,
}

/// A disk, as one page of the browser holds it. Clones are the same page on the same disk.
#[derive(Clone, Default)]
pub struct SimDisk {
    inner: Rc<RefCell<Inner>>,
    page: u64,
}

impl SimDisk {
    /// Every batch that is stored is noted there from now on.
    pub fn note_in(&self, trace: &Trace) {
        self.inner.borrow_mut().trace = trace.clone();
    }
    /// Another page takes the records over; this one can neither read nor write any more.
    pub fn take_over(&self) -> Self {
        let mut inner = self.inner.borrow_mut();
        inner.holder += 1;
        Self {
            inner: self.inner.clone(),
            page: inner.holder,
        }
    }
    /// How many entries a table has.
    pub fn count(&self, table: Table) -> usize {
        self.inner
            .borrow()
            .visible
            .keys()
            .filter(|(of, _)| *of == table)
            .count()
    }
    /// The power is cut after so many further operations.
    pub fn cut_after(&self, operations: u64) {
        self.inner.borrow_mut().cut_after = Some(operations);
    }
    /// From now on writes fail for want of space, or no longer.
    pub fn set_full(&self, full: bool) {
        self.inner.borrow_mut().full = full;
    }
    /// Something beside what was asked goes wrong.
    pub fn set_trouble(&self, code: &'static str) {
        self.inner.borrow_mut().trouble = Some(code);
    }
    /// The power is back. Commits that were not asked to be durable are lost when `lossy`.
    pub fn power_on(&self, lossy: bool) {
        self.power_on_after(if lossy { Loss::Unflushed } else { Loss::Nothing });
    }
    /// The power is back.
    pub fn power_on_after(&self, loss: Loss) {
        let mut inner = self.inner.borrow_mut();
        inner.dead = false;
        inner.cut_after = None;
        let unflushed = std::mem::take(&mut inner.unflushed);
        let kept = match loss {
            Loss::Nothing => unflushed.len(),
            Loss::Unflushed => 0,
            Loss::Torn(first) => first % (unflushed.len() + 1),
        };
        unflushed[..kept]
            .iter()
            .for_each(|steps| apply(&mut inner.durable, steps));
        if kept < unflushed.len() {
            inner.visible = inner.durable.clone();
        }
    }
    /// The system took everything away (eviction, a cleaner app).
    pub fn evict(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.durable.clear();
        inner.unflushed.clear();
        inner.visible.clear();
    }
    /// A disk of its own with the same content: a cloned phone, or a backup to be put back.
    pub fn copy(&self) -> Self {
        let inner = self.inner.borrow();
        let visible = inner.visible.clone();
        let trace = inner.trace.clone();
        let copy = Inner {
            durable: visible.clone(),
            visible,
            trace,
            ..Inner::default()
        };
        Self {
            inner: Rc::new(RefCell::new(copy)),
            page: 0,
        }
    }
    /// Commits so far.
    pub fn commits(&self) -> u64 {
        self.inner.borrow().commits
    }
    /// Places of the values of a table whose keys begin so, as `damage` counts them.
    pub fn places(&self, table: Table, prefix: &[u8]) -> Vec<usize> {
        let inner = self.inner.borrow();
        let keys = inner.visible.keys().filter(|(of, _)| *of == table);
        let places = keys.enumerate().filter(|(_, (_, key))| key.starts_with(prefix));
        places.map(|(place, _)| place).collect()
    }
    /// Flips a bit of a stored value of a table, if there is one.
    pub fn damage(&self, table: Table, which: usize) -> bool {
        let mut inner = self.inner.borrow_mut();
        let keys: Vec<_> = inner.visible.keys().filter(|(of, _)| *of == table).cloned().collect();
        let Some(key) = keys.get(which % keys.len().max(1)).cloned() else {
            return false;
        };
        // What lies there is spoiled, whether it was flushed or not.
        let inner = &mut *inner;
        let unflushed = std::mem::take(&mut inner.unflushed);
        unflushed.iter().for_each(|steps| apply(&mut inner.durable, steps));
        for tables in [&mut inner.visible, &mut inner.durable] {
            if let Some(last) = tables.get_mut(&key).and_then(|value| value.last_mut()) {
                *last ^= 1;
            }
        }
        true
    }

    /// Counts one operation; once the power is cut nothing answers any more.
    async fn operate(&self) -> Result<(), StoreError> {
        let dead = {
            let mut inner = self.inner.borrow_mut();
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
        if self.inner.borrow().holder == self.page {
            Ok(())
        } else {
            Err(StoreError::Elsewhere)
        }
    }
}

fn note(trace: &Trace, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Put(table, key, value) => trace.note("put", &[table.name().as_bytes(), key, value]),
            Step::Delete(table, key) => trace.note("delete", &[table.name().as_bytes(), key]),
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
        self.operate().await?;
        Ok(self.inner.borrow().visible.get(&(table, key.to_vec())).cloned())
    }

    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        self.operate().await?;
        let inner = self.inner.borrow();
        Ok(inner
            .visible
            .range((table, prefix.to_vec())..)
            .take_while(|((of, key), _)| *of == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn commit(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        // Cut before the write: nothing of it is there. Cut after it: all of it is there and nobody heard of it.
        self.operate().await?;
        {
            let inner = &mut *self.inner.borrow_mut();
            if inner.full && batch.steps.iter().any(|step| matches!(step, Step::Put(..))) {
                return Err(StoreError::Full);
            }
            inner.commits += 1;
            note(&inner.trace, &batch.steps);
            apply(&mut inner.visible, &batch.steps);
            inner.unflushed.push(batch.steps);
            if durability == Durability::Strict {
                let unflushed = std::mem::take(&mut inner.unflushed);
                unflushed.iter().for_each(|steps| apply(&mut inner.durable, steps));
            }
        }
        self.operate().await?;
        Ok(())
    }

    fn trouble(&self) -> Option<&'static str> {
        self.inner.borrow_mut().trouble.take()
    }
}
