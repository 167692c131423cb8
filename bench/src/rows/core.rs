//! The core on this machine without a browser: start, lists, merging, the index made again. Storage is memory here.

use super::{HOUSEHOLDS, SEED, VISITS, median, timed};
use crate::Tree;
use crate::http::{HttpLink, MemoryKeys};
use crate::served::{NOW_MS, Served};
use crate::table::{Row, Unit};
use crate::village::Village;
use anyhow::{Context, Result, anyhow, bail, ensure};
use bianfang::base::host::Host;
use bianfang::client::Client;
use bianfang::client::api::{Reply, Request};
use bianfang::client::memory::{MemoryDisk, MemoryStore};
use bianfang::client::store::{Batch, Durability, Store as _, Table};
use bianfang_endpoint::entropy;
use bianfang_endpoint::judge::KeyPair;
use bianfang_sim::run;
use std::rc::Rc;

/// Households that others changed.
const MERGED: usize = 100;
/// Their visits.
const MERGED_VISITS: usize = 10;
/// Times a quick thing is done.
const TURNS: usize = 9;

/// Clock and entropy.
#[derive(Clone)]
struct Machine;

impl Host for Machine {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
    fn entropy(&self, out: &mut [u8]) {
        out.iter_mut().for_each(|byte| [*byte] = entropy::random());
    }
}

type Phone = Client<MemoryStore, HttpLink, MemoryKeys, Machine>;

fn ask(phone: &Phone, request: Request) -> Result<Reply> {
    match run(phone.handle(request)).done() {
        Some(Reply::Failed { problem }) => bail!("{}: {}", problem.code, problem.words.en),
        Some(reply) => Ok(reply),
        None => bail!("the core never answered"),
    }
}

fn sync(phone: &Phone) -> Result<bianfang::client::Moved> {
    let done = run(phone.sync())
        .done()
        .ok_or_else(|| anyhow!("the core never answered"))?;
    done.map_err(|error| anyhow!("{error}"))
}

fn list(phone: &Phone) -> Result<usize> {
    let request = Request::Households {
        query: String::new(),
        chip: "all".into(),
        group: String::new(),
        offset: 0,
        limit: 30,
    };
    match ask(phone, request)? {
        Reply::Households { view } => Ok(view.rows.len()),
        _ => bail!("another answer than a list"),
    }
}

/// The rows.
pub fn measure(tree: &Tree) -> Result<Vec<Row>> {
    let mut village = Village::new(&tree.roster(), SEED, HOUSEHOLDS, VISITS)?;
    village.more_visits(MERGED, MERGED_VISITS);
    let served = Served::start(&village, None)?;
    let disk = MemoryDisk::default();
    let link = HttpLink {
        address: served.address,
        moved: Rc::default(),
    };
    let keys = MemoryKeys(Rc::new(KeyPair::generate()));
    let open = || Client::new(MemoryStore::on(&disk), link.clone(), keys.clone(), Machine, "bench");

    let phone = open();
    let request = Request::Join {
        token: served.invite("王芳")?.token,
        device_label: "测试".into(),
    };
    ask(&phone, request)?;
    served.pack()?;
    let (load_ms, _) = timed(|| sync(&phone))?;
    let start_ms = often(|| list(&open()))?;
    let list_ms = often(|| list(&phone))?;

    let mut other = served.device("李强")?;
    let saves = other.saves(&served, &village, &village.work(0, MERGED, 300))?;
    other.sync(saves)?;
    let (merge_ms, moved) = timed(|| sync(&phone))?;
    ensure!(moved.received as usize >= 2 * MERGED, "the changes did not arrive");

    damage_rows(&MemoryStore::on(&disk))?;
    let (rebuild_ms, _) = timed(|| list(&open()))?;
    Ok(vec![
        Row::new("start from stored rows to a list, native", Unit::Ms, start_ms, 50.0),
        Row::new("the list again, native", Unit::Ms, list_ms, None),
        Row::new("first load taken in, native", Unit::Ms, load_ms, None),
        Row::new(
            "merge 100 changed households of 10 visits, native",
            Unit::Ms,
            merge_ms,
            300.0,
        )
        .note("the whole exchange with the endpoint, storage in memory"),
        Row::new(
            "index made again from 2,000 documents, native",
            Unit::Ms,
            rebuild_ms,
            None,
        ),
    ])
}

/// The middle of several times.
fn often(mut work: impl FnMut() -> Result<usize>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let (ms, shown) = timed(&mut work)?;
        ensure!(shown > 0, "the list is empty");
        times.push(ms);
    }
    Ok(median(times))
}

/// No page of the index can be read any more.
fn damage_rows(store: &MemoryStore) -> Result<()> {
    let pages = run(store.range(Table::Row, &[])).done().context("no storage")??;
    let mut batch = Batch::default();
    for (key, _) in pages {
        batch.put(Table::Row, key, vec![0xff]);
    }
    let stored = run(store.commit(batch, Durability::Strict)).done();
    Ok(stored.context("no storage")??)
}
