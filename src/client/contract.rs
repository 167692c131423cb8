//! What every store must keep, as one suite: the store in memory, the simulation's and IndexedDB run the same cases.
//! Knows no store.

use super::store::{Batch, Durability, Entry, Store, StoreError, Table};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// A storage that can be opened again and again. Each case wants an empty one.
#[allow(async_fn_in_trait, reason = "used within one thread")]
pub trait Place {
    /// What is tested.
    type Store: Store;
    /// Opens it; the store opened before has been dropped.
    async fn open(&self) -> Result<Self::Store, StoreError>;
    /// From now on it holds about this many bytes and no more; without a number, as many as it likes. A limit is set
    /// before the first opening, because browsers remember for a while how much room there was.
    async fn limit(&self, bytes: Option<u32>);
}

/// A promise that was not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {found}")]
pub struct Broken {
    /// What should be.
    pub rule: &'static str,
    /// What was instead.
    pub found: String,
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Broken {
            rule: "the storage does what it is asked",
            found: error.to_string(),
        }
    }
}

/// Longest text of what was found instead, characters.
const FOUND_CHARS_MAX: usize = 300;

fn broken(rule: &'static str, found: impl Debug) -> Broken {
    let found = format!("{found:?}").chars().take(FOUND_CHARS_MAX).collect();
    Broken { rule, found }
}

fn equal<T: PartialEq + Debug>(rule: &'static str, found: T, wanted: T) -> Result<(), Broken> {
    match found == wanted {
        true => Ok(()),
        false => Err(broken(rule, (found, "instead of", wanted))),
    }
}

macro_rules! cases {
    ($($variant:ident $function:ident)*) => {
        /// One group of promises.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Case {
            $(#[doc = stringify!($function)] $variant,)*
        }

        impl Case {
            /// Every case.
            pub const ALL: [Case; [$(Case::$variant),*].len()] = [$(Case::$variant),*];

            /// The name for test output.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Case::$variant => stringify!($function),)*
                }
            }
        }

        /// Runs one case on an empty place.
        pub async fn run<P: Place>(case: Case, place: &P) -> Result<(), Broken> {
            match case {
                $(Case::$variant => $function(place).await,)*
            }
        }
    };
}

cases! {
    Basics basics
    TablesAreApart tables_are_apart
    KeysAreOrdered keys_are_ordered
    PrefixesEndWhereTheyShould prefixes_end_where_they_should
    EmptyValues empty_values
    LargeValues large_values
    LastStepWins last_step_wins
    ManyEntries many_entries
    CallsKeepTheirOrder calls_keep_their_order
    OpenedAgain opened_again
    FullKeepsNothingOfABatch full_keeps_nothing_of_a_batch
    LikeTheModel like_the_model
}

fn batch<const N: usize>(table: Table, entries: [(&[u8], &[u8]); N]) -> Batch {
    let mut batch = Batch::default();
    for (key, value) in entries {
        batch.put(table, key, value);
    }
    batch
}

fn keys(entries: Vec<Entry>) -> Vec<Vec<u8>> {
    entries.into_iter().map(|(key, _)| key).collect()
}

async fn basics(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    equal(
        "a value never written is not there",
        store.get(Table::State, b"a").await?,
        None,
    )?;
    store
        .commit(batch(Table::State, [(b"a", b"1"), (b"b", b"2")]), Durability::Strict)
        .await?;
    equal(
        "a value is there after its commit",
        store.get(Table::State, b"a").await?,
        Some(b"1".to_vec()),
    )?;
    store
        .commit(batch(Table::State, [(b"a", b"longer")]), Durability::Relaxed)
        .await?;
    equal(
        "a later value takes the place",
        store.get(Table::State, b"a").await?,
        Some(b"longer".to_vec()),
    )?;
    let mut removal = Batch::default();
    removal.delete(Table::State, b"a".as_slice());
    removal.delete(Table::State, b"never there".as_slice());
    store.commit(removal, Durability::Strict).await?;
    equal("a removed value is gone", store.get(Table::State, b"a").await?, None)?;
    equal(
        "the others stay",
        store.get(Table::State, b"b").await?,
        Some(b"2".to_vec()),
    )?;
    store.commit(Batch::default(), Durability::Strict).await?;
    Ok(())
}

async fn tables_are_apart(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    let mut all = Batch::default();
    for table in Table::ALL {
        all.put(table, b"key".as_slice(), table.name().as_bytes());
    }
    store.commit(all, Durability::Strict).await?;
    for table in Table::ALL {
        let own = vec![(b"key".to_vec(), table.name().as_bytes().to_vec())];
        equal(
            "a table holds its own entries only",
            store.range(table, b"").await?,
            own,
        )?;
    }
    let mut removal = Batch::default();
    removal.delete(Table::Chunk, b"key".as_slice());
    store.commit(removal, Durability::Strict).await?;
    for table in Table::ALL {
        let there = store.get(table, b"key").await?.is_some();
        equal(
            "removing from one table leaves the others",
            there,
            table != Table::Chunk,
        )?;
    }
    Ok(())
}

async fn keys_are_ordered(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    let mut wanted: Vec<Vec<u8>> = vec![vec![], vec![0], vec![0, 0], vec![1], vec![1, 0]];
    wanted.extend([
        vec![1, 255],
        vec![2],
        vec![9],
        vec![10],
        vec![127, 255],
        vec![128],
        vec![128, 0],
    ]);
    wanted.extend([
        vec![200, 1],
        vec![255],
        vec![255, 0],
        vec![255, 255],
        vec![255, 255, 255],
    ]);
    let mut shuffled = Batch::default();
    for index in 0..wanted.len() {
        // 5 and 17 have no common factor: every key once, in another order.
        shuffled.put(Table::Row, wanted[index * 5 % wanted.len()].clone(), [1]);
    }
    store.commit(shuffled, Durability::Relaxed).await?;
    equal(
        "keys come in the order of their bytes, shorter first",
        keys(store.range(Table::Row, b"").await?),
        wanted,
    )
}

async fn prefixes_end_where_they_should(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    let all: [&[u8]; 11] = [
        &[1],
        &[1, 0],
        &[1, 254],
        &[1, 255],
        &[1, 255, 0],
        &[1, 255, 255, 7],
        &[2],
        &[2, 0],
        &[255, 254],
        &[255, 255],
        &[255, 255, 0],
    ];
    let mut batch = Batch::default();
    for key in all {
        batch.put(Table::Chunk, key, key);
    }
    store.commit(batch, Durability::Strict).await?;
    let prefixes: [&[u8]; 10] = [
        &[],
        &[1],
        &[1, 255],
        &[1, 255, 255],
        &[2],
        &[3],
        &[255],
        &[255, 255],
        &[255, 255, 255],
        &[1, 254, 0],
    ];
    for prefix in prefixes {
        let wanted: Vec<Entry> = all
            .iter()
            .filter(|key| key.starts_with(prefix))
            .map(|key| (key.to_vec(), key.to_vec()))
            .collect();
        equal(
            "a prefix brings what begins with it",
            store.range(Table::Chunk, prefix).await?,
            wanted,
        )?;
    }
    Ok(())
}

async fn empty_values(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    store
        .commit(batch(Table::Draft, [(b"", b"")]), Durability::Strict)
        .await?;
    equal(
        "an empty value is a value",
        store.get(Table::Draft, b"").await?,
        Some(Vec::new()),
    )?;
    equal(
        "and is listed",
        store.range(Table::Draft, b"").await?,
        vec![(Vec::new(), Vec::new())],
    )
}

async fn large_values(place: &impl Place) -> Result<(), Broken> {
    const LARGE_BYTES: usize = 1024 * 1024;
    let store = place.open().await?;
    for (key, durability) in [(b"s", Durability::Strict), (b"r", Durability::Relaxed)] {
        let value: Vec<u8> = (0..LARGE_BYTES).map(|index| (index * 31 + index / 251) as u8).collect();
        store.commit(batch(Table::Chunk, [(key, &value)]), durability).await?;
        let found = store.get(Table::Chunk, key).await?.unwrap_or_default();
        if found != value {
            return Err(broken("a value of 1 MiB comes back as it was", found.len()));
        }
    }
    let sizes: Vec<usize> = store
        .range(Table::Chunk, b"")
        .await?
        .iter()
        .map(|(_, value)| value.len())
        .collect();
    equal("large values are listed whole", sizes, vec![LARGE_BYTES; 2])
}

async fn last_step_wins(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    let mut steps = Batch::default();
    for (key, last) in [(b"p", Some(b"2")), (b"d", None)] {
        steps.put(Table::Outbox, key.as_slice(), b"1".as_slice());
        steps.delete(Table::Outbox, key.as_slice());
        if let Some(last) = last {
            steps.put(Table::Outbox, key.as_slice(), last.as_slice());
        }
    }
    store.commit(steps, Durability::Strict).await?;
    let wanted = vec![(b"p".to_vec(), b"2".to_vec())];
    equal(
        "the steps of a batch are done in their order",
        store.range(Table::Outbox, b"").await?,
        wanted,
    )
}

async fn many_entries(place: &impl Place) -> Result<(), Broken> {
    const ENTRIES: u32 = 3_000;
    let store = place.open().await?;
    let mut many = Batch::default();
    for index in 0..ENTRIES {
        many.put(Table::Row, index.to_be_bytes(), index.to_le_bytes().repeat(40));
    }
    store.commit(many, Durability::Relaxed).await?;
    let found = store.range(Table::Row, b"").await?;
    equal("every entry of a large batch is there", found.len(), ENTRIES as usize)?;
    for (index, (key, value)) in (0..ENTRIES).zip(&found) {
        equal("in order", key.as_slice(), index.to_be_bytes().as_slice())?;
        equal(
            "with its value",
            value.as_slice(),
            index.to_le_bytes().repeat(40).as_slice(),
        )?;
    }
    Ok(())
}

async fn calls_keep_their_order(place: &impl Place) -> Result<(), Broken> {
    let store = place.open().await?;
    for round in 0..20_u8 {
        // The first is larger and strict, so that a store that races lets the second overtake it.
        let mut first = batch(Table::State, [(b"key", b"first")]);
        first.put(Table::Chunk, [round], vec![round; 50_000]);
        let second = batch(Table::State, [(b"key", b"second")]);
        let (first, second) = both(
            store.commit(first, Durability::Strict),
            store.commit(second, Durability::Relaxed),
        )
        .await;
        first?;
        second?;
        let found = store.get(Table::State, b"key").await?;
        equal(
            "of two commits the one called later is seen",
            found,
            Some(b"second".to_vec()),
        )?;
    }
    Ok(())
}

/// Runs two futures side by side; the first is polled first.
async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut one, mut two) = (None, None);
    poll_fn(|context| {
        if one.is_none()
            && let Poll::Ready(done) = first.as_mut().poll(context)
        {
            one = Some(done);
        }
        if two.is_none()
            && let Poll::Ready(done) = second.as_mut().poll(context)
        {
            two = Some(done);
        }
        match (one.take(), two.take()) {
            (Some(one), Some(two)) => Poll::Ready((one, two)),
            (still_one, still_two) => {
                (one, two) = (still_one, still_two);
                Poll::Pending
            }
        }
    })
    .await
}

async fn opened_again(place: &impl Place) -> Result<(), Broken> {
    for round in 0..5_u8 {
        let store = place.open().await?;
        let found = keys(store.range(Table::State, b"").await?);
        let wanted: Vec<Vec<u8>> = (0..round).map(|before| vec![before]).collect();
        equal("what was committed is there when opened again", found, wanted)?;
        let durability = if round % 2 == 0 {
            Durability::Strict
        } else {
            Durability::Relaxed
        };
        store
            .commit(batch(Table::State, [(&[round], b"value")]), durability)
            .await?;
    }
    Ok(())
}

async fn full_keeps_nothing_of_a_batch(place: &impl Place) -> Result<(), Broken> {
    const LIMIT_BYTES: u32 = 4 * 1024 * 1024;
    const PIECE_BYTES: usize = 2 * 1024 * 1024;
    const PIECES: u8 = 12;
    place.limit(Some(LIMIT_BYTES)).await;
    let store = place.open().await?;
    store
        .commit(
            batch(Table::State, [(b"a", b"before"), (b"b", b"before")]),
            Durability::Strict,
        )
        .await?;
    let mut large = batch(Table::State, [(b"a", b"after"), (b"c", b"after")]);
    large.delete(Table::State, b"b".as_slice());
    let mut noise = Noise(7);
    for index in 0..PIECES {
        large.put(Table::Chunk, [index], noise.bytes(PIECE_BYTES));
    }
    large.put(Table::State, b"d".as_slice(), b"after".as_slice());
    let refused = store.commit(large, Durability::Strict).await;
    equal("what does not fit is refused as full", refused, Err(StoreError::Full))?;
    let wanted = vec![(b"a".to_vec(), b"before".to_vec()), (b"b".to_vec(), b"before".to_vec())];
    equal(
        "of a refused batch nothing is kept",
        store.range(Table::State, b"").await?,
        wanted.clone(),
    )?;
    equal("in no table", store.range(Table::Chunk, b"").await?.len(), 0)?;
    place.limit(None).await;
    drop(store);
    let store = place.open().await?;
    equal(
        "also after opening again",
        store.range(Table::State, b"").await?,
        wanted,
    )?;
    store
        .commit(batch(Table::State, [(b"c", b"room")]), Durability::Strict)
        .await?;
    equal(
        "with room again, it works again",
        store.get(Table::State, b"c").await?,
        Some(b"room".to_vec()),
    )
}

/// Random batches against a plain map, opened again now and then.
async fn like_the_model(place: &impl Place) -> Result<(), Broken> {
    const SEEDS: u64 = 3;
    const BATCHES: u32 = 60;
    let mut model: BTreeMap<(Table, Vec<u8>), Vec<u8>> = BTreeMap::new();
    for seed in 1..=SEEDS {
        let mut noise = Noise(seed);
        let store = place.open().await?;
        for _ in 0..BATCHES {
            let mut batch = Batch::default();
            for _ in 0..noise.below(6) {
                let table = Table::ALL[noise.below(3) as usize];
                // Few bytes of few values, so that keys are met again and are prefixes of each other.
                let size = noise.below(4) as usize;
                let key: Vec<u8> = (0..size).map(|_| [0, 1, 254, 255][noise.below(4) as usize]).collect();
                if noise.below(3) == 0 {
                    batch.delete(table, key.clone());
                    model.remove(&(table, key));
                } else {
                    let value_size = noise.below(40) as usize;
                    let value = noise.bytes(value_size);
                    batch.put(table, key.clone(), value.clone());
                    model.insert((table, key), value);
                }
            }
            let durability = if noise.below(2) == 0 {
                Durability::Strict
            } else {
                Durability::Relaxed
            };
            store.commit(batch, durability).await?;
            let table = Table::ALL[noise.below(3) as usize];
            let prefix = [[0_u8, 1, 254, 255][noise.below(4) as usize]];
            let wanted: Vec<Entry> = model
                .iter()
                .filter(|((of, key), _)| *of == table && key.starts_with(&prefix))
                .map(|((_, key), value)| (key.clone(), value.clone()))
                .collect();
            equal(
                "the same entries as in a plain map",
                store.range(table, &prefix).await?,
                wanted,
            )?;
        }
    }
    let store = place.open().await?;
    for table in Table::ALL {
        let of_table = model.iter().filter(|((of, _), _)| *of == table);
        let wanted: Vec<Entry> = of_table.map(|((_, key), value)| (key.clone(), value.clone())).collect();
        equal("the same tables at the end", store.range(table, b"").await?, wanted)?;
    }
    Ok(())
}

/// Reproducible bytes that do not compress (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn bytes(&mut self, size: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..size.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).collect();
        bytes.truncate(size);
        bytes
    }
}
