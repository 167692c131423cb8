//! The phone's storage as the client sees it: tables of bytes, changed by atomic batches. Holds no logic.

/// A table of the phone's storage. The number is part of the stored format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One entry per thing: who, which space, cursor, digest, progress of the first load; and when changes were received.
    State,
    /// The village index, in pages of rows.
    Row,
    /// Snapshots and changes of documents; only ever added, and removed after a newer snapshot was proven.
    Chunk,
    /// Changes that no endpoint has acknowledged.
    Outbox,
    /// Bundles of other phones that were carried here, to be passed on as they were signed.
    Relay,
    /// Forms begun and not saved.
    Draft,
    /// What could not be read or was refused, kept for its way out.
    Quarantine,
    /// The error record, without personal data.
    Error,
}

impl Table {
    /// Every table, in the order of creation.
    pub const ALL: [Table; 8] = [
        Table::State,
        Table::Row,
        Table::Chunk,
        Table::Outbox,
        Table::Relay,
        Table::Draft,
        Table::Quarantine,
        Table::Error,
    ];

    /// The stored name.
    pub const fn name(self) -> &'static str {
        match self {
            Table::State => "state",
            Table::Row => "row",
            Table::Chunk => "chunk",
            Table::Outbox => "outbox",
            Table::Relay => "relay",
            Table::Draft => "draft",
            Table::Quarantine => "quarantine",
            Table::Error => "error",
        }
    }
}

/// One step of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Writes or overwrites.
    Put(Table, Vec<u8>, Vec<u8>),
    /// Removes if present.
    Delete(Table, Vec<u8>),
}

/// Steps that are stored together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub steps: Vec<Step>,
}

impl Batch {
    /// Adds a write.
    pub fn put(&mut self, table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.steps.push(Step::Put(table, key.into(), value.into()));
    }
    /// Adds a removal.
    pub fn delete(&mut self, table: Table, key: impl Into<Vec<u8>>) {
        self.steps.push(Step::Delete(table, key.into()));
    }
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What the person may count on after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Flushed to the disk before the commit returns: what people saved, receipts, cursors.
    Strict,
    /// May be lost with the power: drafts while typing, parts of the first load.
    Relaxed,
}

/// Why the storage did not do it. Nothing of the batch was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The phone's storage or this site's share of it is full.
    #[error("storage is full")]
    Full,
    /// The connection to the storage was lost and could not be reopened.
    #[error("storage connection lost")]
    Lost,
    /// Another tab holds the records, or took them over.
    #[error("held by another tab")]
    Elsewhere,
    /// The data was written by a newer release.
    #[error("data of a newer release")]
    Newer,
    /// The browser keeps no storage for this page (private mode, switched off).
    #[error("no storage here")]
    Absent,
    /// Anything else, by the browser's own name for it.
    #[error("storage failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Full => "store_full",
            StoreError::Lost => "store_lost",
            StoreError::Elsewhere => "store_elsewhere",
            StoreError::Newer => "store_newer",
            StoreError::Absent => "store_absent",
            StoreError::Failed(_) => "store_failed",
        }
    }
}

/// A key and its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// The phone's storage. One writer; a batch is atomic; reads see every batch that has returned.
#[allow(
    async_fn_in_trait,
    reason = "used within one thread, on the phone and in the simulation"
)]
pub trait Store {
    /// One value.
    async fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// All entries whose key begins with `prefix`, in the order of their keys.
    async fn range(&self, table: Table, prefix: &[u8]) -> Result<Vec<Entry>, StoreError>;
    /// Stores the whole batch or nothing, and returns only when it is as durable as asked for.
    async fn commit(&self, batch: Batch, durability: Durability) -> Result<(), StoreError>;
    /// What went wrong beside what was asked and did not stop it: a code for the error record, told once.
    fn trouble(&self) -> Option<&'static str> {
        None
    }
}
