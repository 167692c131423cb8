//! Checks everything that is stored against itself: bytes against hashes, feeds against their running hashes and
//! digests, documents against their changes, snapshots against documents, blocks and photos against their names.

use crate::blob::{Folder, Vault, folder_of};
use crate::packs;
use crate::store::{SqliteLog, Store, StoreError, blob, space};
use bianfang::base::id::{DocId, SpaceId};
use bianfang::base::picture::BlobId;
use bianfang::doc::{DocKind, Document, Hash, Header};
use bianfang::register::words::Sentence;
use bianfang::sync::digest::{Digest, Item};
use bianfang::sync::hub;
use bianfang::sync::log::Log;
use rusqlite::{Connection, OptionalExtension as _};
use sha2::{Digest as _, Sha256};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable code.
    pub code: &'static str,
    /// What and where, without anything that people wrote.
    pub sentence: Sentence,
}

/// What was looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Villages.
    pub spaces: usize,
    /// Documents.
    pub documents: usize,
    /// Changes in feeds.
    pub changes: u64,
    /// Photos and signatures.
    pub photos: usize,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl Report {
    fn fault(&mut self, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault {
            code,
            sentence: Sentence::new(zh, en),
        });
    }
}

/// Checks the whole database as of one moment. `progress` is told documents done and in all.
///
/// # Errors
/// When the database cannot be read at all.
pub fn check(store: &Store, mut progress: impl FnMut(usize, usize)) -> Result<Report, StoreError> {
    let vault = Folder::new(folder_of(store));
    let strays = strays(&vault, store)?;
    store.read(|tx| {
        let mut report = Report::default();
        file(tx, &mut report)?;
        for row in space::list(tx)? {
            feed(tx, row.id, &row.code, &mut report)?;
            report.spaces += 1;
        }
        let documents = documents(tx)?;
        for (done, (kind, id)) in documents.iter().enumerate() {
            document(tx, *kind, *id, &mut report)?;
            progress(done + 1, documents.len());
        }
        report.documents = documents.len();
        shared(tx, &mut report)?;
        blocks(tx, &mut report)?;
        photos(tx, &vault, &strays, &mut report)?;
        Ok(report)
    })
}

/// What the database says of itself.
fn file(tx: &Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = tx.prepare("PRAGMA integrity_check")?;
    let said: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for line in said.iter().filter(|line| *line != "ok") {
        report.fault(
            "check_file",
            format!("数据库文件损坏：{line}"),
            format!("the database file is damaged: {line}"),
        );
    }
    let dangling = tx
        .query_row("PRAGMA foreign_key_check", [], |row| row.get::<_, String>(0))
        .optional()?;
    if let Some(table) = dangling {
        report.fault(
            "check_reference",
            format!("表 {table} 引用了不存在的内容"),
            format!("table {table} refers to what is not there"),
        );
    }
    Ok(())
}

/// Rows without gaps, running hashes, digests, and the end that the space names.
fn feed(tx: &Connection, space: SpaceId, code: &str, report: &mut Report) -> Result<(), StoreError> {
    let mut log = SqliteLog::reading(tx, space);
    let end = log.end()?;
    let (mut seq, mut running, mut digest) = (0, [0; 32], Digest::default());
    let mut broken = false;
    loop {
        let rows = log.rows_after(seq, 1 << 20)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            seq += 1;
            running = hub::running(&running, row.document, row.hash);
            digest.add(&Item::of(row.document, row.hash));
            broken |= row.seq != seq || row.running != running || row.digest != digest;
            report.changes += 1;
            if Header::read(&row.bytes).map(|header| header.hash) != Ok(row.hash) {
                let (seq, id) = (row.seq, row.document);
                report.fault(
                    "check_change",
                    format!("{code} 第{seq}条修改损坏（文档 {id}）"),
                    format!("{code}: change {seq} is damaged (document {id})"),
                );
            }
            seq = row.seq;
        }
    }
    if broken || (end.seq, end.running, end.digest) != (seq, running, digest) {
        report.fault(
            "check_feed",
            format!("{code} 的修改序列与校验和不符"),
            format!("{code}: the feed does not fit its running hash or digest"),
        );
    }
    Ok(())
}

/// Every space of a document has every change of it.
fn shared(tx: &Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = tx.prepare(
        "SELECT s.doc FROM doc_space s WHERE s.state = 1
           AND (SELECT count(*) FROM feed f WHERE f.doc = s.doc AND f.space = s.space)
            <> (SELECT count(*) FROM change c WHERE c.doc = s.doc)
         ORDER BY s.doc",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        let id = DocId::from_slice(&id).ok_or(StoreError::Value("doc_space.doc"))?;
        report.fault(
            "check_shared",
            format!("文档 {id} 在它所在的一个村里不全"),
            format!("document {id} is not whole in one of its villages"),
        );
    }
    Ok(())
}

fn documents(tx: &Connection) -> Result<Vec<(DocKind, DocId)>, StoreError> {
    let mut statement = tx.prepare("SELECT kind, id FROM document ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = DocKind::from_byte(row.get(0)?).ok_or(StoreError::Value("document.kind"))?;
        let id: Vec<u8> = row.get(1)?;
        all.push((kind, DocId::from_slice(&id).ok_or(StoreError::Value("document.id"))?));
    }
    Ok(all)
}

/// The document loads from its changes alone, and from its snapshot to the same.
fn document(tx: &Connection, kind: DocKind, id: DocId, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached("SELECT bytes FROM change WHERE doc = ? ORDER BY id")?;
    let changes: Vec<Vec<u8>> = statement
        .query_map([id.as_bytes()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let Ok(whole) = Document::open(kind, id, None, &changes) else {
        report.fault(
            "check_document",
            format!("文档 {id} 打不开"),
            format!("document {id} cannot be opened"),
        );
        return Ok(());
    };
    numbers(tx, &whole, &changes, report)?;
    let mut statement = tx.prepare_cached("SELECT bytes, sha256, upto FROM snapshot WHERE doc = ?")?;
    let snapshot: Option<(Vec<u8>, Vec<u8>, i64)> = statement
        .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((bytes, sha256, upto)) = snapshot else {
        return Ok(());
    };
    let covered: i64 = tx
        .prepare_cached("SELECT count(*) FROM change WHERE doc = ? AND id <= ?")?
        .query_row(rusqlite::params![id.as_bytes(), upto], |row| row.get(0))?;
    let later = changes
        .get(usize::try_from(covered).unwrap_or_default()..)
        .unwrap_or_default();
    let same = Sha256::digest(&bytes).as_slice() == sha256
        && Document::open(kind, id, Some(&bytes), later).is_ok_and(|open| open.heads() == whole.heads());
    if !same {
        report.fault(
            "check_snapshot",
            format!("文档 {id} 的快照与修改不符（不影响使用：修改还在）"),
            format!("the snapshot of document {id} does not fit its changes (nothing is lost: the changes are there)"),
        );
    }
    Ok(())
}

/// The numbers by which later changes are admitted.
fn numbers(tx: &Connection, whole: &Document, changes: &[Vec<u8>], report: &mut Report) -> Result<(), StoreError> {
    let id = whole.id();
    let mut statement = tx.prepare_cached("SELECT max_op, ops FROM document WHERE id = ?")?;
    let (max_op, ops): (i64, i64) = statement.query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let headers: Vec<Header> = changes.iter().filter_map(|bytes| Header::read(bytes).ok()).collect();
    let counted: u64 = headers.iter().map(|header| header.ops).sum();
    let mut hashes: Vec<Hash> = headers.iter().map(|header| header.hash).collect();
    let mut held = whole.hashes();
    hashes.sort_unstable();
    held.sort_unstable();
    if u64::try_from(max_op) != Ok(whole.max_op()) || u64::try_from(ops) != Ok(counted) || hashes != held {
        report.fault(
            "check_numbers",
            format!("文档 {id} 的计数不符"),
            format!("the counts of document {id} do not fit"),
        );
    }
    Ok(())
}

fn blocks(tx: &Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = tx.prepare("SELECT sha256, brotli FROM block")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, brotli): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let plain = packs::encoded(brotli, packs::Encoding::Plain);
        if plain.is_none_or(|plain| Sha256::digest(&plain).as_slice() != name) {
            report.fault(
                "check_block",
                "首次下载的一个数据块损坏（会重新生成）",
                "a block of the first load is damaged (it will be made anew)",
            );
        }
    }
    Ok(())
}

fn unreadable(store: &Store) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = folder_of(store);
    move |source| StoreError::File { path, source }
}

/// The files of photos that no village holds. Looked at as the writer: one that is being taken has its row by then.
fn strays(vault: &Folder, store: &Store) -> Result<Vec<BlobId>, StoreError> {
    let kept = vault.list().map_err(unreadable(store))?;
    let held = |tx: &Connection| {
        let mut strays = Vec::new();
        for kept in &kept {
            if !blob::is_held(tx, kept.blob)? {
                strays.push(kept.blob);
            }
        }
        Ok(strays)
    };
    match kept.is_empty() {
        true => Ok(Vec::new()),
        false => store.write(|tx| held(tx)),
    }
}

/// Every photo is there and is what its name says; every file is somebody's.
fn photos(tx: &Connection, vault: &Folder, strays: &[BlobId], report: &mut Report) -> Result<(), StoreError> {
    let rows = blob::list(tx, None)?;
    report.photos = rows.len();
    for row in rows {
        let name = row.blob;
        let limit = usize::try_from(row.bytes).unwrap_or(usize::MAX).saturating_add(1);
        match vault.read(name, 0, limit) {
            Ok(None) => report.fault(
                "check_photo_missing",
                format!("照片 {name} 的文件不在（还留着它的手机会再传）"),
                format!("the file of photo {name} is missing (a phone that still has it hands it over again)"),
            ),
            Ok(Some(bytes)) if BlobId::of(&bytes) == name => {}
            Ok(Some(_)) | Err(_) => report.fault(
                "check_photo_damaged",
                format!("照片 {name} 的文件损坏"),
                format!("the file of photo {name} is damaged"),
            ),
        }
    }
    for name in strays {
        report.fault(
            "check_photo_stray",
            format!("照片 {name} 的文件不属于任何村（服务运行时会自己清理）"),
            format!("the file of photo {name} belongs to no village (a running server clears it away)"),
        );
    }
    Ok(())
}
