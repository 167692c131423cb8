//! What every request passes: who asks, a body within its limits, headers that a careful browser obeys, one line of log.

use crate::answer::Refused;
use crate::endpoint::Endpoint;
use crate::entropy;
use crate::limits;
use crate::store::{StoreError, people, space};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bianfang::base::id::{DeviceId, MemberId, SpaceId};
use bianfang::base::limits::FRAME_BYTES_MAX;
use bianfang::sync::log::Role;
use http_body_util::BodyExt as _;
use rusqlite::Connection;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;
use tokio::time::timeout;

/// How long nothing may arrive of a body; 2G has pauses.
const BODY_PAUSE_MAX: Duration = Duration::from_secs(30);
/// How long a whole body may take.
const BODY_TIME_MAX: Duration = Duration::from_secs(300);
/// What is read of a refused body before the connection is closed.
const FORGOTTEN_BYTES_MAX: usize = 2 * FRAME_BYTES_MAX;
/// A body is small where it is no sync.
const SMALL_BODY_MAX: usize = 8 * 1024;
/// How old the note of a device's last request may become.
pub const SEEN_EVERY_S: i64 = 600;

/// Who is connected.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What a token proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The device it names.
    pub device: DeviceId,
    token_hash: [u8; 32],
}

/// A device that may ask about a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub member: MemberId,
    /// As what.
    pub role: Role,
    /// The note of its last request is old.
    pub note_seen: bool,
}

const NO_TOKEN: Refused = Refused::new(StatusCode::UNAUTHORIZED, "unauthorized");
const WRONG_TOKEN: Refused = Refused::new(StatusCode::UNAUTHORIZED, "unauthorized");

/// Reads `Authorization: Bearer DEVICE.TOKEN`.
///
/// # Errors
/// No such header, or not of this shape.
pub fn claim(headers: &HeaderMap) -> Result<Claim, Refused> {
    let value = headers.get(header::AUTHORIZATION).ok_or(NO_TOKEN)?;
    let text = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    let (device, token) = text.and_then(|text| text.trim().split_once('.')).ok_or(NO_TOKEN)?;
    let device = device.parse().map_err(|_| WRONG_TOKEN)?;
    let token = entropy::from_text(token).ok_or(WRONG_TOKEN)?;
    Ok(Claim {
        device,
        token_hash: entropy::hash(&token),
    })
}

/// Checks the token and the grant, in the same transaction as what is asked.
///
/// # Errors
/// An unknown device or token, a revoked device, an unknown space, no grant there.
pub fn granted(connection: &Connection, claim: &Claim, space: SpaceId, now_s: i64) -> Result<Granted, Refused> {
    let device = people::device(connection, claim.device)?.ok_or(WRONG_TOKEN)?;
    // A device without a token compares with what no token hashes to.
    let stored = device.token_hash.unwrap_or([0; 32]);
    if !bool::from(stored.ct_eq(&claim.token_hash)) {
        return Err(WRONG_TOKEN);
    }
    if device.revoked_s.is_some() {
        return Err(Refused::new(StatusCode::FORBIDDEN, "device_revoked"));
    }
    let Some(role) = people::grant(connection, space, device.member)? else {
        let known = space::get(connection, space)?.is_some();
        return Err(if known {
            Refused::new(StatusCode::FORBIDDEN, "not_allowed")
        } else {
            Refused::new(StatusCode::NOT_FOUND, "unknown_space")
        });
    };
    Ok(Granted {
        device: device.id,
        member: device.member,
        role,
        note_seen: device.seen_s.is_none_or(|seen| now_s - seen >= SEEN_EVERY_S),
    })
}

/// Notes that a device asked, at most every few minutes.
///
/// # Errors
/// The database's.
pub fn note_seen(endpoint: &Endpoint, granted: &Granted) -> Result<(), StoreError> {
    if granted.note_seen {
        let now_s = endpoint.clock.now_s();
        endpoint.store.write(|tx| people::seen(tx, granted.device, now_s))?;
    }
    Ok(())
}

/// The address of whoever asks: the connection's, or what the proxy in front says.
pub fn origin(endpoint: &Endpoint, peer: Peer, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let address = if endpoint.behind_proxy { forwarded() } else { None };
    limits::origin(address.unwrap_or(peer.0.ip()))
}

/// A whole frame.
///
/// # Errors
/// Longer than a frame may be, cut off, or too slow.
pub async fn body(body: Body) -> Result<Vec<u8>, Refused> {
    read(body, FRAME_BYTES_MAX).await
}

/// A small frame.
///
/// # Errors
/// Longer than these may be, cut off, or too slow.
pub async fn small_body(body: Body) -> Result<Vec<u8>, Refused> {
    read(body, SMALL_BODY_MAX).await
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    match arriving(body, limit).await {
        (bytes, None) => Ok(bytes),
        (_, Some(refused)) => Err(refused),
    }
}

/// What arrives of a body, and why it is not the whole of it.
pub async fn arriving(mut body: Body, limit: usize) -> (Vec<u8>, Option<Refused>) {
    let slow = Refused::wait(StatusCode::REQUEST_TIMEOUT, "link_timeout", 1);
    let mut bytes = Vec::new();
    let read = async {
        while let Some(part) = timeout(BODY_PAUSE_MAX, body.frame()).await.map_err(|_| slow)? {
            let part = part.map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "link_cut"))?;
            if let Some(data) = part.data_ref() {
                if bytes.len() + data.len() > limit {
                    let too_large = Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
                    return Err(after(&mut body, too_large).await);
                }
                bytes.extend_from_slice(data);
            }
        }
        Ok(())
    };
    let ended = timeout(BODY_TIME_MAX, read).await.unwrap_or(Err(slow));
    (bytes, ended.err())
}

/// Refuses when the body has arrived, and forgets it: a connection that is closed on unread bytes loses the answer, and
/// a phone would take that for no network.
pub async fn refuse(mut body: Body, refused: Refused) -> Refused {
    after(&mut body, refused).await
}

async fn after(body: &mut Body, refused: Refused) -> Refused {
    let forget = async {
        let mut bytes = 0;
        while let Some(Ok(part)) = body.frame().await {
            bytes += part.data_ref().map_or(0, |data| data.len());
            if bytes > FORGOTTEN_BYTES_MAX {
                break;
            }
        }
    };
    // Whoever is slower than this, or sends more, may as well lose it.
    let _ = timeout(BODY_PAUSE_MAX, forget).await;
    refused
}

/// Scripts, styles and connections from here alone; the wasm may be compiled; nobody frames the app.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; \
    img-src 'self' blob:; style-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors FRAMES";
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), display-capture=(), gyroscope=(), \
    hid=(), magnetometer=(), midi=(), payment=(), serial=(), usb=()";

/// Sets the headers of every answer, and writes one line of log: never addresses, queries, tokens or bodies.
pub async fn around(State(endpoint): State<Arc<Endpoint>>, request: Request, next: Next) -> Response {
    let id = entropy::to_text(&entropy::random::<9>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    secure(&endpoint, response.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = route.as_ref().map_or("app", MatchedPath::as_str);
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(id, %method, route, status = response.status().as_u16(), ms, "answered");
    response
}

fn secure(endpoint: &Endpoint, headers: &mut HeaderMap) {
    let policy = POLICY.replace("FRAMES", endpoint.framed_by.as_deref().unwrap_or("'none'"));
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if endpoint.tls {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
