//! The endpoint's own device: the county desk as a client of the hub. What it writes (imports, people, devices) passes
//! the same admission as everybody's.

use crate::entropy;
use crate::judge::{Bench, KeyPair};
use crate::store::people::{self, Device, Member};
use crate::store::{SqliteLog, StoreError};
use bianfang::base::host::Actors;
use bianfang::base::id::{DeviceId, DocId, MemberId, SpaceId};
use bianfang::doc::{DocError, DocKind, Document, Edit, EditError, Put};
use bianfang::sync::digest::Digest;
use bianfang::sync::hub::{self, Caller};
use bianfang::sync::log::{Log, Role};
use bianfang::sync::wire::{Ask, Bundle, Cursor, DocChanges, RefusalCode, SyncRequest};
use rusqlite::Connection;

const KEY: &str = "desk_key";
const MEMBER: &str = "desk_member";
/// How the desk is called until somebody says otherwise.
const NAME: &str = "县办";

/// Why the desk could not write.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored document cannot be opened.
    #[error("a stored document cannot be opened: {0}")]
    Document(#[from] DocError),
    /// The edit does not fit its document.
    #[error("an edit does not fit its document: {0}")]
    Edit(#[from] EditError),
    /// The hub refused it.
    #[error("the hub refused an edit: {}", .0.code())]
    Refused(RefusalCode),
}

impl DeskError {
    /// Stable code for logs and answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Document(error) => error.code(),
            Self::Edit(error) => error.code(),
            Self::Refused(code) => code.code(),
        }
    }
}

/// What the desk writes into one document, on whatever the document holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskEdit {
    /// The kind of document.
    pub kind: DocKind,
    /// Which.
    pub document: DocId,
    /// Who is its author: the desk itself, or the import.
    pub author: MemberId,
    /// What to write.
    pub puts: Vec<Put>,
}

/// The endpoint's own device.
#[derive(Debug)]
pub struct Desk {
    key: KeyPair,
    member: MemberId,
}

impl Desk {
    /// Loads it, or makes it on first use. Needs a transaction that writes.
    ///
    /// # Errors
    /// The database's.
    pub fn load_or_make(connection: &Connection, now_ms: i64) -> Result<Self, StoreError> {
        if let Some(desk) = Self::load(connection)? {
            return Ok(desk);
        }
        let (key, member, now_s) = (KeyPair::generate(), entropy::member_id(now_ms), now_ms.div_euclid(1000));
        people::put_setting(connection, KEY, &key.secret())?;
        people::put_setting(connection, MEMBER, member.as_bytes())?;
        let person = Member {
            id: member,
            name: NAME.to_owned(),
            phone: String::new(),
        };
        people::put_member(connection, &person, now_s)?;
        let device = Device {
            id: key.device(),
            member,
            token_hash: None,
            label: NAME.to_owned(),
            enrolled_s: now_s,
            revoked_s: None,
            seen_s: None,
        };
        people::put_device(connection, &device, &key.public_key())?;
        Ok(Self { key, member })
    }

    fn load(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let (Some(secret), Some(member)) = (people::setting(connection, KEY)?, people::setting(connection, MEMBER)?)
        else {
            return Ok(None);
        };
        let secret = secret.as_slice().try_into().ok();
        let key = secret.and_then(KeyPair::from_secret).ok_or(StoreError::Value(KEY))?;
        let member = MemberId::from_slice(&member).ok_or(StoreError::Value(MEMBER))?;
        Ok(Some(Self { key, member }))
    }

    /// Its device.
    pub fn device(&self) -> DeviceId {
        self.key.device()
    }

    /// The author of what it writes in its own name.
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// Lets it write in a space.
    ///
    /// # Errors
    /// The database's.
    pub fn join(&self, connection: &Connection, space: SpaceId, now_ms: i64) -> Result<(), StoreError> {
        people::put_grant(connection, space, self.member, Role::Desk, now_ms.div_euclid(1000))
    }

    /// Opens a document as it is stored; a new one if there is none.
    ///
    /// # Errors
    /// The database's; stored bytes that cannot be opened.
    pub fn open(
        connection: &Connection,
        space: SpaceId,
        kind: DocKind,
        document: DocId,
    ) -> Result<Document, DeskError> {
        let stored = SqliteLog::reading(connection, space).stored(document)?;
        let open = Document::open(kind, document, stored.snapshot.as_deref(), &stored.changes)?;
        Ok(open)
    }

    /// Writes edits, one change each at most, all in the transaction of `connection`; returns how many changes it made.
    ///
    /// # Errors
    /// The transaction must then be dropped.
    pub fn write(
        &self,
        connection: &Connection,
        space: SpaceId,
        edits: Vec<DeskEdit>,
        now_ms: i64,
    ) -> Result<usize, DeskError> {
        let mut documents = Vec::new();
        let mut actors = Actors::new(entropy::random());
        for DeskEdit {
            kind,
            document,
            author,
            puts,
        } in edits
        {
            let mut open = Self::open(connection, space, kind, document)?;
            let edit = Edit {
                author,
                at_ms: now_ms,
                base: open.heads(),
                puts,
            };
            if let Some(made) = open.edit(&edit, actors.fresh())? {
                documents.push(DocChanges {
                    kind,
                    document,
                    changes: vec![made.bytes],
                });
            }
        }
        self.hand_over(connection, space, documents, now_ms)
    }

    /// Hands changes to the hub, signed.
    fn hand_over(
        &self,
        connection: &Connection,
        space: SpaceId,
        documents: Vec<DocChanges>,
        now_ms: i64,
    ) -> Result<usize, DeskError> {
        let count = documents.len();
        if count == 0 {
            return Ok(0);
        }
        let device = self.device();
        let signature = self.key.sign(&Bundle::message(space, device, &documents));
        let request = SyncRequest {
            // No place in the feed: the desk lives beside it and needs no page of it.
            cursor: Cursor {
                seq: u64::MAX,
                mark: [0; 8],
            },
            digest: Digest::default(),
            presence: u64::MAX,
            ask: Ask::Want(Vec::new()),
            bundles: vec![Bundle {
                device,
                documents,
                signature,
            }],
        };
        let mut log = SqliteLog::new(connection, space);
        let response = hub::answer(&mut log, &Bench, Caller { space, device }, &request, now_ms)?;
        match response.refusals.first() {
            Some(refusal) => Err(DeskError::Refused(refusal.code)),
            None => Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::Folder;
    use crate::store::{Store, space};
    use bianfang::doc::{At, village_id};

    const SPACE: SpaceId = SpaceId([5; 16]);

    #[test]
    fn the_desk_writes_through_the_hub_and_is_the_same_next_time() {
        let folder = Folder::new();
        let store = Store::open(&folder.backend()).unwrap();
        let write = |name: &str| {
            store.write(|tx| {
                let desk = Desk::load_or_make(tx, 1000)?;
                let edit = DeskEdit {
                    kind: DocKind::Village,
                    document: village_id(SPACE),
                    author: desk.member(),
                    puts: vec![Put::Value {
                        at: At::Own,
                        key: "name".into(),
                        value: name.into(),
                    }],
                };
                let made = desk.write(tx, SPACE, vec![edit], 1000)?;
                Ok::<_, DeskError>((desk.device(), made))
            })
        };
        store.write(|tx| space::add(tx, SPACE, &[1; 32], 0)).unwrap();
        // Without a grant the hub does not know it.
        assert_eq!(write("白果村").unwrap_err().code(), "refused_unknown_device");
        store
            .write(|tx| Desk::load_or_make(tx, 1000)?.join(tx, SPACE, 1000))
            .unwrap();
        let (device, made) = write("白果村").unwrap();
        assert_eq!(made, 1);
        assert_eq!(write("白果村").unwrap(), (device, 0));
        assert_eq!(write("白果新村").unwrap(), (device, 1));
        let open = store
            .read(|tx| Desk::open(tx, SPACE, DocKind::Village, village_id(SPACE)))
            .unwrap();
        assert_eq!(open.own().text("name"), "白果新村");
        assert_eq!(
            store
                .read(|tx| Ok::<_, StoreError>(space::get(tx, SPACE)?.unwrap().seq))
                .unwrap(),
            2
        );
    }
}
