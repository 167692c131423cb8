//! Rescue files at the desk: whose they are, and their bundles judged as if each signer had sent them. What a phone that
//! was switched off still held is taken only when the desk accepts it, and that is noted.

use crate::clock::Clock;
use crate::desk::DeskError;
use crate::judge::{self, Bench};
use crate::share;
use crate::store::people::{self, Device};
use crate::store::space::{self, SpaceRow};
use crate::store::{SqliteLog, Store, StoreError};
use bianfang::base::date::Date;
use bianfang::base::id::DeviceId;
use bianfang::doc::Header;
use bianfang::sync::hub::{self, HandedIn, Revoked};
use bianfang::sync::log::Log;
use bianfang::sync::rescue::{self, Opened, RescueError};
use bianfang::sync::wire::Bundle;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// The file beside the database in which is noted what somebody decided by hand.
const AUDIT: &str = "audit.log";

/// Why a rescue file could not be taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The file.
    #[error(transparent)]
    File(#[from] RescueError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the desk had to write beside it.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// It could not be noted who was accepted.
    #[error("cannot write {path}: {source}")]
    Audit {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A file with what the database says of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The village.
    pub space: SpaceRow,
    /// What could be read.
    pub opened: Opened,
    /// By device that signed.
    pub signers: Vec<SignedBy>,
}

/// The work of one device in a file.
#[derive(Clone, Debug)]
pub struct SignedBy {
    /// Which.
    pub id: DeviceId,
    /// As it is listed; nothing when this endpoint does not know it.
    pub device: Option<Device>,
    /// The person.
    pub name: String,
    /// Documents in its bundles.
    pub documents: usize,
    /// Changes in its bundles.
    pub changes: usize,
    /// How many of these are here already.
    pub known: usize,
    /// Days of the first and the last change, by the clock of the device.
    pub days: Option<(Date, Date)>,
    /// Every signature is the device's.
    pub genuine: bool,
}

impl SignedBy {
    /// It was switched off.
    pub fn is_revoked(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.revoked_s.is_some())
    }
}

/// Opens a file with the keys of all villages, and looks its signers up.
///
/// # Errors
/// Not a rescue file of a village here, or the database's.
pub fn look(store: &Store, text: &str) -> Result<Found, TakeError> {
    store.read(|tx| {
        let spaces = space::list(tx)?;
        let keys = spaces.iter().map(|one| space::key(tx, one.id));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let (place, opened) = rescue::open(text, &keys)?;
        let space = spaces[place].clone();
        let signers = signers(tx, &space, &opened.bundles)?;
        Ok(Found { space, opened, signers })
    })
}

fn signers(tx: &Connection, space: &SpaceRow, bundles: &[Bundle]) -> Result<Vec<SignedBy>, StoreError> {
    let mut by_device: BTreeMap<DeviceId, Vec<&Bundle>> = BTreeMap::new();
    for bundle in bundles {
        by_device.entry(bundle.device).or_default().push(bundle);
    }
    let mut log = SqliteLog::reading(tx, space.id);
    let mut signers = Vec::new();
    for (id, bundles) in by_device {
        let device = people::device(tx, id)?;
        let member = match &device {
            Some(device) => people::member(tx, device.member)?,
            None => None,
        };
        let key = log.device(id)?.map(|facts| facts.public_key);
        let genuine = bundles.iter().all(|bundle| {
            let message = Bundle::message(space.id, id, &bundle.documents);
            key.is_some_and(|key| judge::verify(&key, &message, &bundle.signature))
        });
        let mut documents = BTreeSet::new();
        let (mut changes, mut known) = (0, 0);
        let mut times: Vec<i64> = Vec::new();
        for part in bundles.iter().flat_map(|bundle| &bundle.documents) {
            documents.insert(part.document);
            changes += part.changes.len();
            for header in part.changes.iter().filter_map(|bytes| Header::read(bytes).ok()) {
                known += usize::from(log.change(part.document, header.hash)?.is_some());
                times.push(header.time_s);
            }
        }
        let day = |seconds: &i64| Date::in_china(seconds.saturating_mul(1000));
        signers.push(SignedBy {
            id,
            device,
            name: member.map(|member| member.name).unwrap_or_default(),
            documents: documents.len(),
            changes,
            known,
            days: times.iter().min().map(day).zip(times.iter().max().map(day)),
            genuine,
        });
    }
    Ok(signers)
}

/// Takes the bundles of a file.
///
/// # Errors
/// The database's; nothing is kept then.
pub fn import(store: &Store, found: &Found, clock: &Clock) -> Result<HandedIn, TakeError> {
    let door = (found.space.id, Revoked::Refused);
    store.write(|tx| {
        let mut log = SqliteLog::new(tx, found.space.id);
        let bundles = &found.opened.bundles;
        share::adopt(tx, found.space.id, bundles)?;
        let taken = hub::hand_in(&mut log, &Bench, door, bundles, clock.now_ms())?;
        after(tx, found, bundles, clock)?;
        Ok(taken)
    })
}

/// Takes what a device that was switched off had not handed over, and notes it. The device stays switched off.
///
/// # Errors
/// The database's, or it could not be noted; nothing is kept then.
pub fn accept(store: &Store, found: &Found, signer: &SignedBy, clock: &Clock) -> Result<HandedIn, TakeError> {
    let door = (found.space.id, Revoked::Accepted(signer.id));
    let own: Vec<Bundle> = found
        .opened
        .bundles
        .iter()
        .filter(|bundle| bundle.device == signer.id)
        .cloned()
        .collect();
    store.write(|tx| {
        let mut log = SqliteLog::new(tx, found.space.id);
        share::adopt(tx, found.space.id, &own)?;
        let taken = hub::hand_in(&mut log, &Bench, door, &own, clock.now_ms())?;
        after(tx, found, &own, clock)?;
        // Before the commit: what cannot be noted is not accepted.
        audit(store, clock, found, signer, &taken)?;
        Ok(taken)
    })
}

/// Findings go where they ask to be.
fn after(tx: &Connection, found: &Found, bundles: &[Bundle], clock: &Clock) -> Result<(), TakeError> {
    let parts = bundles.iter().flat_map(|bundle| &bundle.documents);
    Ok(share::after(tx, found.space.id, parts, clock.now_ms())?)
}

fn audit(store: &Store, clock: &Clock, found: &Found, signer: &SignedBy, taken: &HandedIn) -> Result<(), TakeError> {
    let path = store.file().with_file_name(AUDIT);
    let line = format!(
        "{} {} device-accept village={} device={} member={} changes={} known={} refused={}\n",
        Date::in_china(clock.now_ms()),
        clock.now_s(),
        found.space.code,
        signer.id,
        signer
            .device
            .as_ref()
            .map_or_else(String::new, |device| device.member.to_string()),
        taken.taken,
        taken.known,
        taken.refusals.len(),
    );
    let file = fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|source| TakeError::Audit { path, source })
}
