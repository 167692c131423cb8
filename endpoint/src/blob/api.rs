//! The handlers of photos: how much is here, take more, give some. What a device may not read is as if it were not there.

use super::part::{PartError, PartKey};
use crate::answer::{self, Refused};
use crate::api::{space_of, too_often};
use crate::endpoint::Endpoint;
use crate::guard::{self, Claim};
use crate::limits::Place;
use crate::share;
use crate::store::blob;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bianfang::base::id::{DeviceId, SpaceId};
use bianfang::base::limits::{BLOB_BYTES_MAX, BLOB_SLICE_BYTES};
use bianfang::base::picture::{BlobId, HEAD_BYTES, NotAPicture, Picture};
use rusqlite::Connection;
use std::io;
use std::sync::Arc;

/// How much of a photo is here.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// Whether that is all of it, compared with its name and kept: `?1` or `?0`.
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

const DAY_S: i64 = 24 * 60 * 60;
/// When to ask again once a village has all the photos that it may: somebody has to make room first.
const VILLAGE_FULL_WAIT_S: u64 = 24 * 60 * 60;
/// When to ask again once the disk is full.
const DISK_FULL_WAIT_S: u64 = 600;

const UNKNOWN: Refused = Refused::new(StatusCode::NOT_FOUND, "not_found");
const TOO_LARGE: Refused = Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "photo_too_large");
const BAD_PLACE: Refused = Refused::new(StatusCode::BAD_REQUEST, "bad_frame");

type Shared = State<Arc<Endpoint>>;
type Named = Path<(String, String)>;

/// How much of a photo this device has handed over, as far as it may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Have {
    bytes: u64,
    complete: bool,
}

impl Have {
    fn onto(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(OFFSET, HeaderValue::from(self.bytes));
        let complete = if self.complete { "?1" } else { "?0" };
        headers.insert(COMPLETE, HeaderValue::from_static(complete));
        response
    }
}

/// The disk has its own words for being full.
fn disk(error: &io::Error) -> Refused {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Refused::wait(StatusCode::INSUFFICIENT_STORAGE, "endpoint_full", DISK_FULL_WAIT_S)
        }
        kind => {
            tracing::error!(?kind, "the folder of photos failed");
            Refused::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60)
        }
    }
}

fn not_a_picture(error: NotAPicture) -> Refused {
    Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error.code())
}

fn asked(path: &(String, String), headers: &HeaderMap) -> Result<(PartKey, Claim), Refused> {
    let space = space_of(&path.0)?;
    let claim = guard::claim(headers)?;
    let blob: BlobId = path.1.parse().map_err(|_| UNKNOWN)?;
    let device = claim.device;
    Ok((PartKey { device, space, blob }, claim))
}

/// The device may ask about the space, and has not asked too much.
fn granted(endpoint: &Endpoint, tx: &Connection, claim: &Claim, space: SpaceId) -> Result<(), Refused> {
    guard::granted(tx, claim, space, endpoint.clock.now_s())?;
    let now_ms = endpoint.clock.now_ms();
    endpoint.blob_budget.take(claim.device, now_ms).map_err(too_often)
}

/// What is here of a photo: of one that the space holds all of it, else what this device has handed over.
fn have(endpoint: &Endpoint, tx: &Connection, key: &PartKey) -> Result<Have, Refused> {
    if let Some(bytes) = blob::bytes_of(tx, key.space, key.blob)? {
        // A row whose file was lost is as if it were not there: a phone that has the photo still brings it back.
        let kept = endpoint.vault.bytes_of(key.blob).map_err(|error| disk(&error))?;
        if kept == Some(bytes) {
            return Ok(Have { bytes, complete: true });
        }
    }
    let bytes = endpoint.parts.have(key).map_err(|error| disk(&error))?;
    Ok(Have { bytes, complete: false })
}

/// `HEAD /v1/blobs/{space}/{sha256}`: how much is here.
pub async fn head(State(endpoint): Shared, Path(path): Named, headers: HeaderMap) -> Result<Response, Refused> {
    let (key, claim) = asked(&path, &headers)?;
    let work = move |endpoint: &Endpoint| {
        endpoint.store.read(|tx| {
            granted(endpoint, tx, &claim, key.space)?;
            have(endpoint, tx, &key)
        })
    };
    let have = endpoint.work(work).await?;
    Ok(have.onto(answer::frame(Vec::new())))
}

/// `GET /v1/blobs/{space}/{sha256}?at=BYTES`: a slice from there on; a shorter one is the last.
pub async fn get(
    State(endpoint): Shared,
    Path(path): Named,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (key, claim) = asked(&path, &headers)?;
    let at = number(query.as_deref(), "at").unwrap_or(0);
    let work = move |endpoint: &Endpoint| {
        let bytes = endpoint.store.read(|tx| {
            granted(endpoint, tx, &claim, key.space)?;
            blob::bytes_of(tx, key.space, key.blob)?.ok_or(UNKNOWN)
        })?;
        let slice = endpoint.vault.read(key.blob, at, BLOB_SLICE_BYTES);
        let slice = slice.map_err(|error| disk(&error))?.ok_or(UNKNOWN)?;
        Ok((bytes, slice))
    };
    let (bytes, slice) = endpoint.work(work).await?;
    let headers = [
        (header::CONTENT_TYPE, answer::MEDIA_TYPE),
        // Named by its content; for this phone alone.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    let have = Have { bytes, complete: true };
    Ok(have.onto((headers, Body::from(slice)).into_response()))
}

/// `PUT /v1/blobs/{space}/{sha256}?at=BYTES&of=BYTES`: more of a photo from there on, of so many bytes in all. What
/// arrived before a cut stays.
pub async fn put(
    State(endpoint): Shared,
    Path(path): Named,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let begun = match begin(&endpoint, &path, query.as_deref(), &headers).await {
        Ok(begun) => begun,
        Err(refused) => return Err(guard::refuse(body, refused).await),
    };
    let Begun {
        key,
        claim,
        at,
        of,
        have,
        place,
    } = begun;
    if have.complete || have.bytes != at {
        // Read to its end, else the answer is lost with the connection.
        let elsewhere = guard::refuse(body, Refused::new(StatusCode::CONFLICT, "photo_place")).await;
        return Ok(match have.complete {
            true => have.onto(answer::frame(Vec::new())),
            false => have.onto(elsewhere.into_response()),
        });
    }
    // On its own, so that what has arrived is kept when the phone is gone and with it whoever waits for the answer.
    let task = tokio::spawn(async move {
        let room = usize::try_from(of.saturating_sub(at)).unwrap_or_default();
        let (bytes, broken) = guard::arriving(body, room).await;
        let added = endpoint.work(move |endpoint| add(endpoint, &key, at, of, &bytes)).await;
        let done = match (added, broken) {
            (Err(refused), _) | (Ok(_), Some(refused)) => Err(refused),
            (Ok(have), None) if have.bytes < of || have.complete => Ok(have),
            (Ok(_), None) => finish(&endpoint, key, claim, of).await,
        };
        drop(place);
        done
    });
    match task.await {
        Ok(Ok(have)) => Ok(have.onto(answer::frame(Vec::new()))),
        Ok(Err(refused)) => Err(refused),
        Err(_) => Err(Refused::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60)),
    }
}

/// An upload that may go on.
struct Begun {
    key: PartKey,
    claim: Claim,
    at: u64,
    of: u64,
    have: Have,
    place: Place<DeviceId>,
}

async fn begin(
    endpoint: &Arc<Endpoint>,
    path: &(String, String),
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Begun, Refused> {
    let (key, claim) = asked(path, headers)?;
    let (at, of) = (number(query, "at"), number(query, "of"));
    let (at, of) = at.zip(of).filter(|(at, of)| at <= of).ok_or(BAD_PLACE)?;
    let work = move |endpoint: &Endpoint| {
        endpoint.store.read(|tx| {
            granted(endpoint, tx, &claim, key.space)?;
            if of > BLOB_BYTES_MAX as u64 {
                return Err(TOO_LARGE);
            }
            if of == 0 {
                return Err(not_a_picture(NotAPicture::Empty));
            }
            let have = have(endpoint, tx, &key)?;
            if !have.complete {
                within_quotas(endpoint, tx, &key, of)?;
            }
            Ok(have)
        })
    };
    let have = endpoint.work(work).await?;
    let place = endpoint.places.take(claim.device).ok_or(too_often(2))?;
    Ok(Begun {
        key,
        claim,
        at,
        of,
        have,
        place,
    })
}

fn within_quotas(endpoint: &Endpoint, tx: &Connection, key: &PartKey, bytes: u64) -> Result<(), Refused> {
    let (quotas, now_s) = (&endpoint.quotas, endpoint.clock.now_s());
    let (handed, first_s) = blob::of_device_since(tx, key.device, now_s - DAY_S)?;
    if handed + bytes > quotas.device_day_bytes {
        let until = first_s.map_or(DAY_S, |first| first + DAY_S - now_s);
        let wait_s = u64::try_from(until.max(1)).unwrap_or(1);
        return Err(Refused::wait(
            StatusCode::TOO_MANY_REQUESTS,
            "photo_device_quota",
            wait_s,
        ));
    }
    if blob::bytes_in(tx, key.space)? + bytes > quotas.village_bytes {
        let full = StatusCode::INSUFFICIENT_STORAGE;
        return Err(Refused::wait(full, "photo_village_quota", VILLAGE_FULL_WAIT_S));
    }
    Ok(())
}

/// Adds what arrived. What is no picture is refused as soon as that shows.
fn add(endpoint: &Endpoint, key: &PartKey, at: u64, of: u64, bytes: &[u8]) -> Result<Have, Refused> {
    let parts = &endpoint.parts;
    if at == 0 {
        let room = parts.make_room(key.device, endpoint.quotas.device_parts);
        room.map_err(|error| disk(&error))?;
    }
    let have = match parts.append(key, at, bytes) {
        Ok(bytes) => Have { bytes, complete: false },
        // Another request of this phone was faster; its bytes are as good.
        Err(PartError::Place(bytes)) => return Ok(Have { bytes, complete: false }),
        Err(PartError::Disk(error)) => return Err(disk(&error)),
    };
    if at < HEAD_BYTES as u64 && (have.bytes >= HEAD_BYTES as u64 || have.bytes == of) {
        let head = parts.head(key).map_err(|error| disk(&error))?;
        if let Err(error) = Picture::of(&head) {
            parts.remove(key).map_err(|error| disk(&error))?;
            return Err(not_a_picture(error));
        }
    }
    Ok(have)
}

/// Compares what is whole with its name and keeps it: durable before the answer.
async fn finish(endpoint: &Arc<Endpoint>, key: PartKey, claim: Claim, of: u64) -> Result<Have, Refused> {
    let complete = Have {
        bytes: of,
        complete: true,
    };
    let _turn = endpoint.write_turn().await?;
    let work = move |endpoint: &Endpoint| {
        let parts = &endpoint.parts;
        let whole = parts.whole(&key).map_err(|error| disk(&error))?;
        let Some(whole) = whole else {
            // Another request of this phone finished it, or it was swept.
            let have = endpoint.store.read(|tx| have(endpoint, tx, &key))?;
            return Ok(have);
        };
        if whole.name != key.blob {
            parts.remove(&key).map_err(|error| disk(&error))?;
            return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "photo_digest"));
        }
        endpoint.store.write(|tx| {
            // Again, in the transaction that counts.
            let now_s = endpoint.clock.now_s();
            guard::granted(tx, &claim, key.space, now_s)?;
            within_quotas(endpoint, tx, &key, of)?;
            // First the bytes, then who may read them: a row without a file would be a promise broken.
            endpoint
                .vault
                .take(key.blob, &parts.file(&key))
                .map_err(|error| disk(&error))?;
            let row = blob::BlobRow {
                space: key.space,
                blob: key.blob,
                bytes: of,
                device: key.device,
                received_s: now_s,
            };
            blob::add(tx, &row)?;
            Ok::<_, Refused>(share::photo_came(tx, key.space, key.blob)?)
        })?;
        Ok(complete)
    };
    endpoint.work(work).await
}

/// A number of the query.
fn number(query: Option<&str>, name: &str) -> Option<u64> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
}
