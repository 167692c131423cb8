//! The hub's log within one transaction of SQLite.

use super::{StoreError, array, signed, unsigned};
use bianfang::base::id::{ActorBytes, DeviceId, DocId, MemberId, SpaceId};
use bianfang::doc::{DocKind, Document, Hash};
use bianfang::sync::digest::Digest;
use bianfang::sync::log::{
    ActorFacts, ChangeFacts, DeviceFacts, DocFacts, FeedEnd, FeedRow, Log, NewChange, Role, Stored,
};
use bianfang::sync::wire::Presence;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest as _, Sha256};

const ROW: &str = "SELECT f.seq, d.kind, f.doc, f.hash, c.bytes, f.device, f.received_s, f.running, f.digest
  FROM feed f JOIN change c ON c.doc = f.doc AND c.hash = f.hash JOIN document d ON d.id = f.doc";

/// What a request that only read would have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The cursor that a device presented, if it moved.
    pub moved: Option<(DeviceId, u64)>,
    /// The feed was found rolled back.
    pub rollback: bool,
}

impl Left {
    /// There is something.
    pub fn is_something(&self) -> bool {
        self.rollback || self.moved.is_some()
    }
}

/// The log of one space.
#[derive(Debug)]
pub struct SqliteLog<'t> {
    connection: &'t Connection,
    space: SpaceId,
    /// In a transaction that only reads, a presented cursor is kept here for a short write afterwards.
    reading: bool,
    moved: Option<(DeviceId, u64)>,
    /// Likewise that the feed was found rolled back.
    found_rollback: bool,
}

impl<'t> SqliteLog<'t> {
    /// Over a transaction that writes.
    pub fn new(connection: &'t Connection, space: SpaceId) -> Self {
        Self {
            connection,
            space,
            reading: false,
            moved: None,
            found_rollback: false,
        }
    }

    /// Over a transaction that only reads, for requests that hand nothing over.
    pub fn reading(connection: &'t Connection, space: SpaceId) -> Self {
        Self {
            reading: true,
            ..Self::new(connection, space)
        }
    }

    /// What a request that only read would have written; for [`SqliteLog::keep`] in a short write.
    pub fn left(&self) -> Left {
        Left {
            moved: self.moved,
            rollback: self.found_rollback,
        }
    }

    /// Writes what a request left over that only read.
    ///
    /// # Errors
    /// The database's.
    pub fn keep(&mut self, left: Left) -> Result<(), StoreError> {
        if left.rollback {
            self.note_rollback()?;
        }
        match left.moved {
            Some((device, seq)) => self.present(device, seq),
            None => Ok(()),
        }
    }

    fn presented(&self, device: DeviceId) -> Result<Option<u64>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq FROM presence WHERE space = ? AND device = ?")?;
        let seq: Option<i64> = statement
            .query_row(params![self.space.as_bytes(), device.as_bytes()], |row| row.get(0))
            .optional()?;
        seq.map(|seq| unsigned(seq, "presence.seq")).transpose()
    }

    fn add_document(&mut self, change: &NewChange) -> Result<(), StoreError> {
        let (id, kind) = (change.document, change.kind);
        if self.document(id)?.is_none() {
            let genesis = Document::new(kind, id).max_op();
            self.connection
                .prepare_cached("INSERT INTO document (id, kind, max_op, ops) VALUES (?, ?, ?, 0)")?
                .execute(params![id.as_bytes(), kind as u8, signed(genesis)])?;
        }
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO doc_space (doc, space, state) VALUES (?, ?, 1)")?
            .execute(params![id.as_bytes(), self.space.as_bytes()])?;
        Ok(())
    }
}

impl Log for SqliteLog<'_> {
    type Error = StoreError;

    fn secret(&mut self) -> Result<[u8; 32], StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT secret FROM space WHERE id = ?")?;
        let mut rows = statement.query([self.space.as_bytes()])?;
        blob(rows.next()?.ok_or(StoreError::Value("space"))?, 0, "space.secret")
    }

    fn rolled_back(&mut self) -> Result<bool, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT rolled_back <> 0 FROM space WHERE id = ?")?;
        Ok(statement.query_row([self.space.as_bytes()], |row| row.get(0))?)
    }

    fn note_rollback(&mut self) -> Result<(), StoreError> {
        if self.rolled_back()? {
            return Ok(());
        }
        if self.reading {
            self.found_rollback = true;
            return Ok(());
        }
        self.connection
            .prepare_cached("UPDATE space SET rolled_back = 1 WHERE id = ?")?
            .execute([self.space.as_bytes()])?;
        Ok(())
    }

    fn device(&mut self, device: DeviceId) -> Result<Option<DeviceFacts>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.member, d.public_key, d.revoked_s IS NOT NULL, g.role
             FROM device d JOIN grant_ g ON g.member = d.member AND g.space = ? WHERE d.id = ?",
        )?;
        let mut rows = statement.query(params![self.space.as_bytes(), device.as_bytes()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(DeviceFacts {
            member: MemberId(blob(row, 0, "device.member")?),
            public_key: blob(row, 1, "device.public_key")?,
            revoked: row.get(2)?,
            role: Role::from_byte(row.get(3)?).ok_or(StoreError::Value("grant_.role"))?,
        }))
    }

    fn end(&mut self) -> Result<FeedEnd, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, running, digest, presence FROM space WHERE id = ?")?;
        let mut rows = statement.query([self.space.as_bytes()])?;
        let row = rows.next()?.ok_or(StoreError::Value("space"))?;
        Ok(FeedEnd {
            seq: unsigned(row.get(0)?, "space.seq")?,
            running: blob(row, 1, "space.running")?,
            digest: Digest(blob(row, 2, "space.digest")?),
            presence: unsigned(row.get(3)?, "space.presence")?,
        })
    }

    fn row(&mut self, seq: u64) -> Result<Option<FeedRow>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{ROW} WHERE f.space = ? AND f.seq = ?"))?;
        let mut rows = statement.query(params![self.space.as_bytes(), signed(seq)])?;
        rows.next()?.map(feed_row).transpose()
    }

    fn rows_after(&mut self, seq: u64, bytes: usize) -> Result<Vec<FeedRow>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{ROW} WHERE f.space = ? AND f.seq > ? ORDER BY f.seq"))?;
        let mut rows = statement.query(params![self.space.as_bytes(), signed(seq)])?;
        let (mut page, mut total) = (Vec::new(), 0);
        while total < bytes || page.is_empty() {
            let Some(row) = rows.next()? else { break };
            let row = feed_row(row)?;
            total += row.bytes.len();
            page.push(row);
        }
        Ok(page)
    }

    fn rows_of(&mut self, document: DocId) -> Result<Vec<FeedRow>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{ROW} WHERE f.space = ? AND f.doc = ? ORDER BY f.seq"))?;
        let mut rows = statement.query(params![self.space.as_bytes(), document.as_bytes()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(feed_row(row)?);
        }
        Ok(all)
    }

    fn document(&mut self, document: DocId) -> Result<Option<DocFacts>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.kind, coalesce(s.state = 1, 0), d.max_op, d.ops FROM document d
             LEFT JOIN doc_space s ON s.doc = d.id AND s.space = ? WHERE d.id = ?",
        )?;
        let mut rows = statement.query(params![self.space.as_bytes(), document.as_bytes()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(DocFacts {
            kind: kind(row.get(0)?)?,
            here: row.get(1)?,
            max_op: unsigned(row.get(2)?, "document.max_op")?,
            ops: unsigned(row.get(3)?, "document.ops")?,
        }))
    }

    fn change(&mut self, document: DocId, hash: Hash) -> Result<Option<ChangeFacts>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.seq, c.max_op FROM feed f JOIN change c ON c.doc = f.doc AND c.hash = f.hash
             WHERE f.doc = ? AND f.hash = ? AND f.space = ?",
        )?;
        let mut rows = statement.query(params![document.as_bytes(), hash.0, self.space.as_bytes()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(ChangeFacts {
            seq: unsigned(row.get(0)?, "feed.seq")?,
            max_op: unsigned(row.get(1)?, "change.max_op")?,
        }))
    }

    fn actor(&mut self, document: DocId, actor: ActorBytes) -> Result<Option<ActorFacts>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT device, seq FROM actor WHERE doc = ? AND actor = ?")?;
        let mut rows = statement.query(params![document.as_bytes(), actor.as_bytes()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(ActorFacts {
            device: DeviceId(blob(row, 0, "actor.device")?),
            seq: unsigned(row.get(1)?, "actor.seq")?,
        }))
    }

    fn stored(&mut self, document: DocId) -> Result<Stored, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT upto, bytes, sha256 FROM snapshot WHERE doc = ?")?;
        let found: Option<(i64, Vec<u8>, Vec<u8>)> = statement
            .query_row([document.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        // A damaged snapshot costs nothing: the changes are all still there.
        let sound = found.filter(|(_, bytes, sha256)| Sha256::digest(bytes).as_slice() == sha256.as_slice());
        let upto = sound.as_ref().map_or(0, |(upto, ..)| *upto);
        let mut statement = self
            .connection
            .prepare_cached("SELECT bytes FROM change WHERE doc = ? AND id > ? ORDER BY id")?;
        let changes = statement
            .query_map(params![document.as_bytes(), upto], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Stored {
            snapshot: sound.map(|(_, bytes, _)| bytes),
            changes,
        })
    }

    fn append(&mut self, change: NewChange, end: FeedEnd) -> Result<(), StoreError> {
        self.add_document(&change)?;
        let (space, document, hash) = (self.space.as_bytes(), change.document.as_bytes(), change.header.hash.0);
        let header = &change.header;
        let (max_op, ops) = (signed(header.max_op()), signed(header.ops));
        let added = self
            .connection
            .prepare_cached(
                "INSERT OR IGNORE INTO change (doc, hash, actor, seq, start_op, max_op, ops, bytes)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                document,
                hash,
                header.actor.as_bytes(),
                signed(header.seq),
                signed(header.start_op),
                max_op,
                ops,
                change.bytes
            ])?;
        // Known already through another space: counted once.
        if added > 0 {
            self.connection
                .prepare_cached("UPDATE document SET max_op = max(max_op, ?), ops = ops + ? WHERE id = ?")?
                .execute(params![max_op, ops, document])?;
            self.connection
                .prepare_cached(
                    "INSERT INTO actor (doc, actor, device, seq) VALUES (?, ?, ?, ?)
                     ON CONFLICT (doc, actor) DO UPDATE SET seq = excluded.seq",
                )?
                .execute(params![
                    document,
                    header.actor.as_bytes(),
                    change.device.as_bytes(),
                    signed(header.seq)
                ])?;
        }
        self.connection
            .prepare_cached(
                "INSERT INTO feed (space, seq, doc, hash, device, received_s, running, digest)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                space,
                signed(end.seq),
                document,
                hash,
                change.device.as_bytes(),
                change.received_s,
                end.running,
                end.digest.0
            ])?;
        self.connection
            .prepare_cached("UPDATE space SET seq = ?, running = ?, digest = ? WHERE id = ?")?
            .execute(params![signed(end.seq), end.running, end.digest.0, space])?;
        Ok(())
    }

    fn put_snapshot(&mut self, document: DocId, bytes: Vec<u8>) -> Result<(), StoreError> {
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        self.connection
            .prepare_cached(
                "INSERT INTO snapshot (doc, upto, bytes, sha256)
                 VALUES (?1, (SELECT coalesce(max(id), 0) FROM change WHERE doc = ?1), ?2, ?3)
                 ON CONFLICT (doc) DO UPDATE SET upto = excluded.upto, bytes = excluded.bytes, sha256 = excluded.sha256",
            )?
            .execute(params![document.as_bytes(), bytes, sha256])?;
        Ok(())
    }

    fn keep_bundle(&mut self, device: DeviceId, message: &[u8; 32], signature: &[u8; 64]) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO bundle (space, device, message, signature) VALUES (?, ?, ?, ?)")?
            .execute(params![
                self.space.as_bytes(),
                device.as_bytes(),
                message,
                signature.as_slice()
            ])?;
        Ok(())
    }

    fn items(&mut self) -> Result<Vec<(DocId, Hash, u64)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT doc, hash, seq FROM feed WHERE space = ?")?;
        let mut rows = statement.query([self.space.as_bytes()])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let document = DocId(blob(row, 0, "feed.doc")?);
            items.push((
                document,
                Hash(blob(row, 1, "feed.hash")?),
                unsigned(row.get(2)?, "feed.seq")?,
            ));
        }
        Ok(items)
    }

    fn present(&mut self, device: DeviceId, seq: u64) -> Result<(), StoreError> {
        if self.presented(device)? == Some(seq) {
            return Ok(());
        }
        if self.reading {
            self.moved = Some((device, seq));
            return Ok(());
        }
        let space = self.space.as_bytes();
        self.connection
            .prepare_cached("UPDATE space SET presence = presence + 1 WHERE id = ?")?
            .execute([space])?;
        self.connection
            .prepare_cached(
                "INSERT INTO presence (space, device, seq, moved)
                 VALUES (?1, ?2, ?3, (SELECT presence FROM space WHERE id = ?1))
                 ON CONFLICT (space, device) DO UPDATE SET seq = excluded.seq, moved = excluded.moved",
            )?
            .execute(params![space, device.as_bytes(), signed(seq)])?;
        Ok(())
    }

    fn presences(&mut self, presence: u64, except: DeviceId) -> Result<Vec<Presence>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT p.device, d.member, p.seq FROM presence p JOIN device d ON d.id = p.device
             WHERE p.space = ? AND p.moved > ? AND p.device <> ? ORDER BY p.device",
        )?;
        let mut rows = statement.query(params![self.space.as_bytes(), signed(presence), except.as_bytes()])?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            seen.push(Presence {
                device: DeviceId(blob(row, 0, "presence.device")?),
                member: MemberId(blob(row, 1, "device.member")?),
                seq: unsigned(row.get(2)?, "presence.seq")?,
            });
        }
        Ok(seen)
    }
}

fn blob<const N: usize>(row: &Row<'_>, column: usize, what: &'static str) -> Result<[u8; N], StoreError> {
    array(
        row.get_ref(column)?.as_blob().map_err(|_| StoreError::Value(what))?,
        what,
    )
}

fn kind(byte: u8) -> Result<DocKind, StoreError> {
    DocKind::from_byte(byte).ok_or(StoreError::Value("document.kind"))
}

fn feed_row(row: &Row<'_>) -> Result<FeedRow, StoreError> {
    Ok(FeedRow {
        seq: unsigned(row.get(0)?, "feed.seq")?,
        kind: kind(row.get(1)?)?,
        document: DocId(blob(row, 2, "feed.doc")?),
        hash: Hash(blob(row, 3, "feed.hash")?),
        bytes: row.get(4)?,
        device: DeviceId(blob(row, 5, "feed.device")?),
        received_s: row.get(6)?,
        running: blob(row, 7, "feed.running")?,
        digest: Digest(blob(row, 8, "feed.digest")?),
    })
}
