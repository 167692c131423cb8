//! The store as its users meet it: the contract of logs, a full disk, a newer schema, addresses of databases.

use super::people::{Device, Member};
use super::*;
use bianfang::base::id::{DeviceId, MemberId, SpaceId};
use bianfang::sync::contract::{self, LogBed};
use bianfang::sync::log::DeviceFacts;

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name = bianfang::base::id::DocId(crate::entropy::random()).to_string();
        let path = std::env::temp_dir().join(format!("bianfang-{name}"));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn backend(&self) -> Backend {
        Backend::Sqlite(self.0.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Not worth failing a test for.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SPACE: SpaceId = SpaceId(*b"contract-space..");
const OTHER: SpaceId = SpaceId(*b"contract-other..");

struct Bed {
    store: Store,
    _folder: Folder,
}

impl Bed {
    fn new() -> Self {
        let folder = Folder::new();
        let store = Store::open(&folder.backend()).unwrap();
        store.write(|tx| space::add(tx, SPACE, &[1; 32], 0)).unwrap();
        store.write(|tx| space::add(tx, OTHER, &[2; 32], 0)).unwrap();
        Self { store, _folder: folder }
    }
}

impl LogBed for Bed {
    type Log<'a> = SqliteLog<'a>;

    fn enrol(&mut self, device: DeviceId, facts: DeviceFacts) {
        self.store
            .write(|tx| {
                let member = Member {
                    id: facts.member,
                    name: "王芳".into(),
                    phone: String::new(),
                };
                people::put_member(tx, &member, 0)?;
                people::put_grant(tx, SPACE, facts.member, facts.role, 0)?;
                let row = Device {
                    id: device,
                    member: facts.member,
                    token_hash: Some([0; 32]),
                    label: String::new(),
                    enrolled_s: 0,
                    revoked_s: None,
                    seen_s: None,
                };
                people::put_device(tx, &row, &facts.public_key)?;
                if facts.revoked {
                    people::revoke(tx, device, 0)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut SqliteLog<'_>) -> T) -> T {
        self.store
            .write(|tx| Ok::<_, StoreError>(work(&mut SqliteLog::new(tx, SPACE))))
            .unwrap()
    }

    fn with_both<T>(&mut self, work: impl for<'a> FnOnce(&mut SqliteLog<'a>, &mut SqliteLog<'a>) -> T) -> T {
        self.store
            .write(|tx| {
                let (mut here, mut there) = (SqliteLog::new(tx, SPACE), SqliteLog::new(tx, OTHER));
                Ok::<_, StoreError>(work(&mut here, &mut there))
            })
            .unwrap()
    }
}

#[test]
fn keeps_the_contract_of_logs() {
    contract::run(Bed::new);
}

#[test]
fn a_presented_cursor_is_kept_for_later_while_only_reading() {
    use bianfang::sync::log::{Log, Role};
    let mut bed = Bed::new();
    let device = DeviceId([1; 16]);
    let facts = DeviceFacts {
        member: MemberId([2; 16]),
        public_key: [4; 65],
        revoked: false,
        role: Role::Member,
    };
    bed.enrol(device, facts);
    let read = |seq| {
        bed.store
            .read(|tx| {
                let mut log = SqliteLog::reading(tx, SPACE);
                log.present(device, seq)?;
                Ok::<_, StoreError>((log.left(), log.end()?.presence))
            })
            .unwrap()
    };
    let (left, presence) = read(5);
    assert_eq!((left.moved, left.rollback, presence), (Some((device, 5)), false, 0));
    bed.store.write(|tx| SqliteLog::new(tx, SPACE).keep(left)).unwrap();
    let (left, presence) = read(5);
    assert_eq!((left.is_something(), presence), (false, 1));
    let rolled_back = || {
        bed.store
            .read(|tx| {
                let mut log = SqliteLog::reading(tx, SPACE);
                log.note_rollback()?;
                Ok::<_, StoreError>(log.left())
            })
            .unwrap()
    };
    assert!(rolled_back().rollback);
    bed.store
        .write(|tx| SqliteLog::new(tx, SPACE).keep(rolled_back()))
        .unwrap();
    assert!(!rolled_back().is_something());
}

#[test]
fn a_full_disk_keeps_what_was_saved_and_says_so() {
    let folder = Folder::new();
    let store = Store::open_limited(&folder.backend(), Some(400_000)).unwrap();
    store.write(|tx| people::put_setting(tx, "kept", b"before")).unwrap();
    let error = store
        .write(|tx| people::put_setting(tx, "large", &vec![7; 1_000_000]))
        .unwrap_err();
    assert_eq!(error.code(), "store_full");
    let kept = store.read(|tx| people::setting(tx, "kept")).unwrap();
    assert_eq!(kept.as_deref(), Some(b"before".as_slice()));
    assert_eq!(store.read(|tx| people::setting(tx, "large")).unwrap(), None);
    store.write(|tx| people::put_setting(tx, "small", b"fits")).unwrap();
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    let folder = Folder::new();
    let store = Store::open(&folder.backend()).unwrap();
    store
        .connect()
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    drop(store);
    let error = Store::open(&folder.backend()).unwrap_err();
    assert_eq!(error.code(), "store_newer");
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let folder = Folder::new();
    fs::write(folder.0.join(FILE), "这不是数据库".repeat(1000)).unwrap();
    assert_eq!(Store::open(&folder.backend()).unwrap_err().code(), "store_damaged");
}

#[test]
fn every_value_is_written_through_to_the_disk() {
    let folder = Folder::new();
    let store = Store::open(&folder.backend()).unwrap();
    let connection = store.connect().unwrap();
    let pragma = |name: &str| -> String {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| format!("{value:?}"))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
}

#[test]
fn database_addresses() {
    assert_eq!("sqlite:/data".parse(), Ok(Backend::Sqlite("/data".into())));
    let postgres: Result<Backend, _> = "postgres://user@host/db".parse();
    assert_eq!(postgres, Err(BackendError::PostgresNotYet));
    for text in ["", "sqlite:", "mysql://x"] {
        assert_eq!(text.parse::<Backend>(), Err(BackendError::Unknown), "{text}");
    }
}
