//! The handlers of the protocol: from bytes to the hub and back. What is asked is checked here, decided elsewhere.

use crate::answer::{self, Refused};
use crate::endpoint::Endpoint;
use crate::guard::{self, Claim, Peer};
use crate::join::{self, Invitee, JoinError};
use crate::judge::Bench;
use crate::limits::Place;
use crate::store::{SqliteLog, StoreError};
use crate::{entropy, packs, share};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bianfang::base::id::{DeviceId, SpaceId};
use bianfang::sync::enrol::{Enrol, Invite, Invited, Look};
use bianfang::sync::hub::{self, Caller};
use bianfang::sync::log::Role;
use bianfang::sync::wire::SyncRequest;
use std::net::IpAddr;
use std::sync::Arc;

type Shared = State<Arc<Endpoint>>;

/// Asked too often.
pub(crate) fn too_often(wait_s: u64) -> Refused {
    Refused::wait(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", wait_s)
}

/// The space that a path names.
pub(crate) fn space_of(text: &str) -> Result<SpaceId, Refused> {
    text.parse()
        .map_err(|_| Refused::new(StatusCode::NOT_FOUND, "unknown_space"))
}

/// `POST /v1/sync/{space}`
pub async fn sync(
    State(endpoint): Shared,
    Path(space): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    // Who may ask at all is known before a large body is read.
    let (space, claim, place) = match admitted(&endpoint, &space, &headers).await {
        Ok(admitted) => admitted,
        Err(refused) => return Err(guard::refuse(body, refused).await),
    };
    let bytes = guard::body(body).await?;
    let request = endpoint.work(move |_| Ok(SyncRequest::decode(&bytes)?)).await?;
    let turn = match request.bundles.is_empty() {
        true => None,
        false => Some(endpoint.write_turn().await?),
    };
    let work = move |endpoint: &Endpoint| {
        let answered = match turn {
            None => listen(endpoint, &claim, space, &request),
            Some(_) => take(endpoint, &claim, space, &request),
        };
        // Held to the end of the work, also when the phone has hung up.
        drop((turn, place));
        answered
    };
    Ok(answer::frame(endpoint.work(work).await?))
}

/// Within what one device may ask about its spaces. Asked after its token was checked: nobody else spends it.
pub(crate) fn within_budget(endpoint: &Endpoint, claim: &Claim) -> Result<(), Refused> {
    let budget = endpoint.sync_budget.take(claim.device, endpoint.clock.now_ms());
    budget.map_err(too_often)
}

async fn admitted(
    endpoint: &Arc<Endpoint>,
    space: &str,
    headers: &HeaderMap,
) -> Result<(SpaceId, Claim, Place<DeviceId>), Refused> {
    let space = space_of(space)?;
    let claim = guard::claim(headers)?;
    let check = move |endpoint: &Endpoint| {
        let now_s = endpoint.clock.now_s();
        endpoint.store.read(|tx| guard::granted(tx, &claim, space, now_s))
    };
    endpoint.work(check).await?;
    within_budget(endpoint, &claim)?;
    let place = endpoint.places.take(claim.device).ok_or(too_often(2))?;
    Ok((space, claim, place))
}

/// Takes what a phone hands over.
fn take(endpoint: &Endpoint, claim: &Claim, space: SpaceId, request: &SyncRequest) -> Result<Vec<u8>, Refused> {
    let now_ms = endpoint.clock.now_ms();
    let (granted, response) = endpoint.store.write(|tx| {
        // Again, in the transaction that counts.
        let granted = guard::granted(tx, claim, space, now_ms.div_euclid(1000))?;
        let device = claim.device;
        let mut log = SqliteLog::new(tx, space);
        share::adopt(tx, space, &request.bundles)?;
        let response = hub::answer(&mut log, &Bench, Caller { space, device }, request, now_ms)?;
        let parts = request.bundles.iter().flat_map(|bundle| &bundle.documents);
        share::after(tx, space, parts, now_ms)?;
        Ok::<_, Refused>((granted, response))
    })?;
    guard::note_seen(endpoint, &granted)?;
    Ok(response.encode())
}

/// Answers a phone that only listens, which holds nobody up.
fn listen(endpoint: &Endpoint, claim: &Claim, space: SpaceId, request: &SyncRequest) -> Result<Vec<u8>, Refused> {
    let now_ms = endpoint.clock.now_ms();
    let (granted, response, left) = endpoint.store.read(|tx| {
        let granted = guard::granted(tx, claim, space, now_ms.div_euclid(1000))?;
        let device = claim.device;
        let mut log = SqliteLog::reading(tx, space);
        let response = hub::answer(&mut log, &Bench, Caller { space, device }, request, now_ms)?;
        Ok::<_, Refused>((granted, response, log.left()))
    })?;
    if left.is_something() {
        endpoint.store.write(|tx| SqliteLog::new(tx, space).keep(left))?;
    }
    guard::note_seen(endpoint, &granted)?;
    Ok(response.encode())
}

/// `GET /v1/pack/{space}`
pub async fn manifest(
    State(endpoint): Shared,
    Path(space): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let space = space_of(&space)?;
    let claim = guard::claim(&headers)?;
    let work = move |endpoint: &Endpoint| {
        let now_s = endpoint.clock.now_s();
        endpoint.store.read(|tx| guard::granted(tx, &claim, space, now_s))?;
        within_budget(endpoint, &claim)?;
        Ok(packs::manifest(&endpoint.store, space, now_s)?)
    };
    let _turn = endpoint.packing.lock().await;
    Ok(answer::frame(endpoint.work(work).await?))
}

/// `GET /v1/pack/{space}/{sha256}`
pub async fn block(
    State(endpoint): Shared,
    Path((space, sha256)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let space = space_of(&space)?;
    let claim = guard::claim(&headers)?;
    let encoding = packs::Encoding::accepted(&headers);
    let work = move |endpoint: &Endpoint| {
        let now_s = endpoint.clock.now_s();
        let unknown = Refused::new(StatusCode::NOT_FOUND, "not_found");
        let name = packs::name_of(&sha256).ok_or(unknown)?;
        let found = endpoint.store.read(|tx| {
            guard::granted(tx, &claim, space, now_s)?;
            within_budget(endpoint, &claim)?;
            Ok::<_, Refused>(crate::store::pack::block(tx, space, &name)?)
        })?;
        let body = packs::encoded(found.ok_or(unknown)?, encoding);
        body.ok_or(StoreError::Value("block.brotli").into())
    };
    let bytes = endpoint.work(work).await?;
    let headers = [
        (header::CONTENT_TYPE, answer::MEDIA_TYPE),
        // Named by its content; for this phone alone.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    let mut response = (headers, Body::from(bytes)).into_response();
    if let Some(value) = encoding.header() {
        response.headers_mut().insert(header::CONTENT_ENCODING, value);
    }
    Ok(response)
}

/// Within what one address may ask about invitations.
fn joining(endpoint: &Endpoint, origin: IpAddr, now_ms: i64) -> Result<(), Refused> {
    endpoint.join_budget.take(origin, now_ms).map_err(too_often)?;
    endpoint.wrong_budget.check(origin, now_ms).map_err(too_often)
}

/// `POST /v1/look`
pub async fn look(
    State(endpoint): Shared,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let origin = guard::origin(&endpoint, peer, &headers);
    let now_ms = endpoint.clock.now_ms();
    let bytes = match joining(&endpoint, origin, now_ms) {
        Ok(()) => guard::small_body(body).await?,
        Err(refused) => return Err(guard::refuse(body, refused).await),
    };
    let work = move |endpoint: &Endpoint| {
        let request = Look::decode(&bytes)?;
        let looked = endpoint.store.read(|tx| join::look(tx, &request.token, now_ms))?;
        if looked.state == "unknown" {
            endpoint.wrong_budget.take(origin, now_ms).map_err(too_often)?;
        }
        Ok(looked.encode())
    };
    Ok(answer::frame(endpoint.work(work).await?))
}

/// `POST /v1/enrol`
pub async fn enrol(
    State(endpoint): Shared,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let origin = guard::origin(&endpoint, peer, &headers);
    let now_ms = endpoint.clock.now_ms();
    let bytes = match joining(&endpoint, origin, now_ms) {
        Ok(()) => guard::small_body(body).await?,
        Err(refused) => return Err(guard::refuse(body, refused).await),
    };
    let work = move |endpoint: &Endpoint| {
        let request = Enrol::decode(&bytes)?;
        let enrolled = endpoint.store.write(|tx| join::enrol(tx, &request, now_ms));
        if matches!(enrolled, Err(JoinError::Unknown)) {
            endpoint.wrong_budget.take(origin, now_ms).map_err(too_often)?;
        }
        Ok(enrolled?.encode())
    };
    let _turn = endpoint.write_turn().await?;
    Ok(answer::frame(endpoint.work(work).await?))
}

/// `POST /v1/invite/{space}`
pub async fn invite(
    State(endpoint): Shared,
    Path(space): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    // So small that it is read in any case.
    let bytes = guard::small_body(body).await?;
    let space = space_of(&space)?;
    let claim = guard::claim(&headers)?;
    let base_url = base_url(&endpoint, &headers);
    let work = move |endpoint: &Endpoint| {
        let request = Invite::decode(&bytes)?;
        let now_ms = endpoint.clock.now_ms();
        let made = endpoint.store.write(|tx| {
            let granted = guard::granted(tx, &claim, space, now_ms.div_euclid(1000))?;
            endpoint.invite_budget.take(claim.device, now_ms).map_err(too_often)?;
            let role = Role::from_name(&request.role).ok_or(JoinError::BadName)?;
            let (name, phone) = (request.name.trim(), request.phone.trim());
            // The same name with another number is somebody else.
            let known = join::alike(tx, space, name, phone)?;
            let same = join::certainly(&known, name, phone);
            let number = same.filter(|_| phone.is_empty()).map_or(phone, |one| &one.phone);
            let invitee = Invitee {
                member: same.map(|one| one.id),
                name: name.to_owned(),
                phone: number.to_owned(),
                role,
            };
            Ok::<_, Refused>(join::invite(tx, space, &invitee, granted.member, now_ms)?)
        })?;
        let invited = Invited {
            code: entropy::shown_code(&made.code),
            link: made.link(&base_url),
            expires_on: made.expires_on(),
            token: made.token,
        };
        Ok(invited.encode())
    };
    let _turn = endpoint.write_turn().await?;
    Ok(answer::frame(endpoint.work(work).await?))
}

/// The address that the link names: as told at the start, else as the browser says it reached us.
fn base_url(endpoint: &Endpoint, headers: &HeaderMap) -> String {
    if let Some(base) = &endpoint.base_url {
        return base.clone();
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or("localhost");
    let from_here = |origin: &&str| origin.split_once("://").is_some_and(|(_, rest)| rest == host);
    match text(header::ORIGIN).filter(from_here) {
        Some(origin) => origin.to_owned(),
        None if endpoint.tls => format!("https://{host}"),
        None => format!("http://{host}"),
    }
}

/// `GET /healthz`: the database answers.
pub async fn health(State(endpoint): Shared) -> Result<Response, Refused> {
    let work = |endpoint: &Endpoint| Ok(endpoint.store.read(|tx| crate::store::people::setting(tx, "health"))?);
    endpoint.work(work).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, "ok\n").into_response())
}
