//! The core on this machine without a browser: start, lists, merging, the index made again. Storage is memory here.

use super::{HOUSEHOLDS, SEED, VISITS, median, timed};
use crate::Tree;
use crate::http::{HttpLink, MemoryKeys};
use crate::served::{Device, NOW_MS, Served};
use crate::table::{Row, Unit};
use crate::village::{Fields, Village};
use anyhow::{Context, Result, anyhow, bail, ensure};
use bianfang::base::host::Host;
use bianfang::base::id::DocId;
use bianfang::client::Client;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::memory::{MemoryDisk, MemoryStore};
use bianfang::client::store::{Batch, Durability, Store as _, Table};
use bianfang::doc::Scalar;
use bianfang_endpoint::entropy;
use bianfang_endpoint::judge::KeyPair;
use bianfang_sim::run;
use std::rc::Rc;

/// Households that others changed.
const MERGED: usize = 100;
/// Their visits.
const MERGED_VISITS: usize = 10;
/// What this phone types in each of them, and what the teammate stores in the same fields: values that no family has.
const TYPED: [(&str, &str); 5] = [
    ("address", "老屋场 12 号"),
    ("house_area", "1511.5"),
    ("land_farm", "987.6"),
    ("land_forest", "877.6"),
    ("road_m", "98765"),
];
const STORED: i64 = 98_761;
/// Saves of the household whose history is shown.
const CHANGES: usize = 200;
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

    let (differ_ms, differences) = differ(&phone, &mut other, &served, &village)?;
    let history_ms = history(&phone, &mut other, &served, &village)?;
    let counted = due(&phone, &served, || list_due(&open()))?;

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
            2_000.0,
        ),
        Row::new(
            "merge 100 households with 5 differences each, native",
            Unit::Ms,
            differ_ms,
            None,
        )
        .note(format!(
            "{differences} differences shown, the exchange with the endpoint included"
        )),
        Row::new(
            "history of a household with 200 changes, native",
            Unit::Ms,
            history_ms,
            30.0,
        ),
        counted,
    ])
}

/// A form that is due for every household.
const DUE: &str = "| survey |\n| | type | name | label |\n| | integer | taps | 几个龙头 |\n\n\
    | settings |\n| | form_id | version | form_title | subject | due |\n| | taps | 1 | 龙头 | household | 1/quarter |\n";

/// Counts for whom a form is due that the desk published, each household opened once; then the line of 今日 after a start,
/// which opens none.
fn due(phone: &Phone, served: &Served, after_start: impl Fn() -> Result<usize>) -> Result<Row> {
    served.publish(DUE.as_bytes())?;
    sync(phone)?;
    let (count_ms, steps) = timed(|| {
        for step in 1.. {
            match ask(phone, Request::CountDue)? {
                Reply::CountDue { counting: Some(_) } => {}
                Reply::CountDue { counting: None } => return Ok(step),
                _ => bail!("another answer than a count"),
            }
        }
        bail!("it never ended")
    })?;
    let today_ms = often(|| {
        let of = after_start()?;
        ensure!(of == HOUSEHOLDS, "due for {of} of {HOUSEHOLDS}");
        Ok(of)
    })?;
    let name = "count for whom of 2,000 households a form is due, native";
    let note = format!("{steps} steps, each household opened once; 今日 after a start {today_ms:.0} ms, none opened");
    Ok(Row::new(name, Unit::Ms, count_ms, None).note(note))
}

/// For how many a form is due, as 今日 says.
fn list_due(phone: &Phone) -> Result<usize> {
    match ask(phone, Request::Today)? {
        Reply::Today { view } => Ok(view.forms.iter().map(|form| form.due as usize).sum()),
        _ => bail!("another answer than a day"),
    }
}

/// Two people write different values in the same fields: the time to take the other's in, and the differences shown.
fn differ(phone: &Phone, other: &mut Device, served: &Served, village: &Village) -> Result<(f64, usize)> {
    let ids: Vec<DocId> = village.households[..MERGED].iter().map(|one| one.id).collect();
    for id in &ids {
        let record = Request::Record {
            document: id.to_string(),
            record: "own".into(),
        };
        let Reply::Record { view } = ask(phone, record)? else {
            bail!("another answer than a record")
        };
        let change = |(key, value): (&str, &str)| FieldChange {
            key: key.into(),
            value: value.into(),
        };
        let save = Request::SaveRecord {
            document: view.document,
            record: view.record,
            base: view.base,
            changes: TYPED.map(change).to_vec(),
        };
        ask(phone, save)?;
    }
    let stored = |(key, _): (&str, &str)| {
        let value = if key == "address" {
            "新屋场".into()
        } else {
            Scalar::Int(STORED)
        };
        (key.to_owned(), value)
    };
    let saves = other.writes(served, &ids, &[TYPED.map(stored).to_vec()])?;
    other.sync(saves)?;
    let (ms, _) = timed(|| sync(phone))?;
    let mut differences = 0;
    for id in &ids {
        let Reply::Household { view } = ask(phone, Request::Household { id: id.to_string() })? else {
            bail!("another answer than a household")
        };
        differences += view.differs.len();
    }
    ensure!(
        differences == MERGED * TYPED.len(),
        "{differences} differences are shown"
    );
    Ok((ms, differences))
}

/// The first page of the history of a household that was changed often.
fn history(phone: &Phone, other: &mut Device, served: &Served, village: &Village) -> Result<f64> {
    let id = village.households[MERGED].id;
    let saves: Vec<Fields> = (0..CHANGES)
        .map(|turn| vec![("road_m".to_owned(), Scalar::Int(turn as i64 + 1))])
        .collect();
    let saves = other.writes(served, &[id], &saves)?;
    other.sync(saves)?;
    sync(phone)?;
    often(|| {
        let request = Request::History {
            document: id.to_string(),
            record: String::new(),
            field: String::new(),
            offset: 0,
            limit: CHANGES as u32,
        };
        match ask(phone, request)? {
            Reply::History { view } => Ok(view.rows.len()),
            _ => bail!("another answer than a history"),
        }
    })
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
