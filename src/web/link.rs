//! The way to the endpoint by fetch: no cookies, no cache, no redirects, and deadlines. Judges nothing but whose answer
//! it is.

use super::sys::{self, AbortController, Response};
use super::time::deadline;
use crate::client::link::{Link, LinkError, LinkRequest, LinkResponse};
use js_sys::Uint8Array;
use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};

/// The content type of everything the endpoint answers, and of what we send it.
const OURS: &str = "application/vnd.bianfang";
/// The slowest link that is of use, bytes per second: what we send is given this long before the answer is due.
const SEND_BYTES_PER_S_MIN: u32 = 2_000;

/// How long we wait for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkLimits {
    /// Until its first byte, after our own bytes have gone out.
    pub first_byte_ms_max: u32,
    /// Until its last byte.
    pub whole_ms_max: u32,
}

impl LinkLimits {
    /// What the app uses.
    pub const APP: LinkLimits = LinkLimits {
        first_byte_ms_max: 15_000,
        whole_ms_max: 60_000,
    };
}

/// The endpoint this page came from.
#[derive(Clone, Copy, Debug)]
pub struct FetchLink {
    limits: LinkLimits,
}

impl FetchLink {
    /// A link to the origin of this page.
    pub fn new(limits: LinkLimits) -> Self {
        Self { limits }
    }
}

/// What came back, with what it said of a photo.
pub(super) struct Answer {
    pub response: LinkResponse,
    /// How much of the photo the endpoint has.
    pub offset: Option<u32>,
    /// That is all of it.
    pub complete: bool,
}

impl From<LinkResponse> for Answer {
    fn from(response: LinkResponse) -> Self {
        Self {
            response,
            offset: None,
            complete: false,
        }
    }
}

impl Link for FetchLink {
    async fn send(&self, request: LinkRequest) -> Result<LinkResponse, LinkError> {
        let method = if request.body.is_some() { "POST" } else { "GET" };
        let answer = self.ask(method, request).await?;
        Ok(answer.response)
    }
}

impl FetchLink {
    /// One request of any kind.
    pub(super) async fn ask(&self, method: &str, request: LinkRequest) -> Result<Answer, LinkError> {
        let sending_ms = request.body.as_ref().map_or(0, |body| sending_ms(body.len()));
        let first_byte_ms = self.limits.first_byte_ms_max.saturating_add(sending_ms);
        let whole_ms = self.limits.whole_ms_max.saturating_add(sending_ms);
        let stop = AbortController::new();
        let answer = deadline(whole_ms, exchange(method, request, &stop, first_byte_ms)).await;
        if !matches!(answer, Some(Ok(_))) {
            // Nobody waits for the rest: it shall not cost the person's data volume.
            stop.abort();
        }
        answer.unwrap_or(Err(LinkError::Timeout))
    }
}

fn sending_ms(bytes: usize) -> u32 {
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    (bytes / SEND_BYTES_PER_S_MIN).saturating_mul(1_000)
}

async fn exchange(
    method: &str,
    request: LinkRequest,
    stop: &AbortController,
    first_byte_ms: u32,
) -> Result<Answer, LinkError> {
    let scope = sys::scope();
    // Joined to our own origin, a path can lead nowhere else.
    let url = format!("{}{}", scope.location().origin(), request.path);
    let fetched = scope
        .fetch(&url, &options(method, &request, stop))
        .map_err(|_| LinkError::Offline)?;
    let response: Response = match deadline(first_byte_ms, JsFuture::from(fetched)).await {
        Some(Ok(response)) => response.unchecked_into(),
        Some(Err(_)) => return Err(LinkError::Offline),
        None => return Err(LinkError::Timeout),
    };
    let headers = response.headers();
    let ours = headers.get("content-type").is_some_and(|kind| is_ours(&kind));
    let retry_after_s = headers
        .get("retry-after")
        .and_then(|seconds| seconds.trim().parse().ok());
    let status = match response.kind().as_str() {
        // Where to is hidden from us; that somebody else answered is all that matters.
        "opaqueredirect" => 302,
        _ => response.status(),
    };
    if !ours {
        // A portal's page is of no use to anybody here.
        stop.abort();
        return Ok(Answer::from(LinkResponse {
            status,
            ours,
            retry_after_s,
            body: Vec::new(),
        }));
    }
    let body = response.array_buffer().map_err(|_| LinkError::Cut)?;
    let body = JsFuture::from(body).await.map_err(|_| LinkError::Cut)?;
    Ok(Answer {
        offset: headers.get("upload-offset").and_then(|bytes| bytes.trim().parse().ok()),
        complete: headers.get("upload-complete").is_some_and(|is| is.trim() == "?1"),
        response: LinkResponse {
            status,
            ours,
            retry_after_s,
            body: Uint8Array::new(&body).to_vec(),
        },
    })
}

fn is_ours(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(OURS)
}

fn options(method: &str, request: &LinkRequest, stop: &AbortController) -> JsValue {
    let headers = js_sys::Object::new();
    let header = |name: &str, value: &str| {
        // Setting a member of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&headers, &name.into(), &value.into());
    };
    if let Some(token) = &request.token {
        header("authorization", &format!("Bearer {token}"));
    }
    if request.body.is_some() {
        header("content-type", OURS);
    }
    let body = match &request.body {
        Some(body) => Uint8Array::from(body.as_slice()).into(),
        None => JsValue::UNDEFINED,
    };
    sys::object([
        ("method", method.into()),
        ("body", body),
        ("headers", headers.into()),
        ("signal", stop.signal()),
        ("credentials", "omit".into()),
        ("cache", "no-store".into()),
        // Not "error": a redirect is how a captive portal speaks, and we want to know it from having no network.
        ("redirect", "manual".into()),
        ("referrerPolicy", "no-referrer".into()),
    ])
}
