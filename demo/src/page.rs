//! The page with the three phones, and what a phone's own origin offers besides the app: its first step, the word that
//! the connection is back, and whether the app is wholly on the phone.

use crate::stage::{Phone, Stage};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bianfang_endpoint::{join::JoinError, routes, store::StoreError};
use http_body_util::{BodyExt as _, Limited};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::Arc;

/// What is sent here is a line at most.
const BODY_BYTES_MAX: usize = 1024;
/// Only a page of this demonstration can send this header: a page from elsewhere would have to ask first.
const OURS: HeaderName = HeaderName::from_static("x-bianfang-demo");

const INDEX: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/page.css");
const SCRIPT: &str = include_str!("../page/page.js");
const START: &str = include_str!("../page/start.html");
const START_SCRIPT: &str = include_str!("../page/start.js");
const ONLINE: &str = include_str!("../page/online.html");
const ONLINE_SCRIPT: &str = include_str!("../page/online.js");
const STORED: &str = include_str!("../page/stored.html");
const STORED_SCRIPT: &str = include_str!("../page/stored.js");

/// What is not done.
#[derive(Debug)]
enum No {
    /// Not asked by our pages, or not understood.
    Wrong,
    /// The database, or the port, does not.
    Broken(String),
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<JoinError> for No {
    fn from(error: JoinError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            Self::Wrong => StatusCode::BAD_REQUEST.into_response(),
            Self::Broken(why) => (StatusCode::INTERNAL_SERVER_ERROR, why).into_response(),
        }
    }
}

/// The routes of the page.
pub fn page(stage: Arc<Stage>) -> Router {
    let frames: Vec<&str> = stage.phones.iter().map(|phone| phone.origin.as_str()).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src {}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        frames.join(" ")
    );
    Router::new()
        .route("/", get(async || html(INDEX)))
        .route("/page.css", get(async || file("text/css; charset=utf-8", STYLE)))
        .route("/page.js", get(async || script(SCRIPT)))
        .route("/state", get(state))
        .route("/signal", post(signal))
        .layer(middleware::from_fn_with_state(policy, secure))
        .with_state(stage)
}

async fn state(State(stage): State<Arc<Stage>>) -> Result<Response, No> {
    Ok(answer(&stage.view().await?))
}

#[derive(Deserialize)]
struct Signal {
    phone: usize,
    on: bool,
}

async fn signal(State(stage): State<Arc<Stage>>, request: Request) -> Result<Response, No> {
    let wanted: Signal = asked(request).await?;
    let phone = stage.phones.get(wanted.phone).ok_or(No::Wrong)?;
    let done = phone.set_signal(wanted.on).await;
    done.map_err(|trouble| No::Broken(trouble.to_string()))?;
    Ok(answer(&stage.view().await?))
}

/// One phone as the routes of its origin know it.
#[derive(Clone)]
struct Mine {
    stage: Arc<Stage>,
    phone: usize,
}

impl Mine {
    fn phone(&self) -> Result<&Phone, No> {
        self.stage.phones.get(self.phone).ok_or(No::Wrong)
    }
}

/// The routes of one phone's origin: the endpoint with the app, and under `/demo/`, which the app's service worker
/// leaves alone, what only the demonstration needs.
pub fn phone(stage: &Arc<Stage>, phone: usize) -> Router {
    let mine = Mine {
        stage: Arc::clone(stage),
        phone,
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors {}",
        stage.page
    );
    let demo = Router::new()
        .route("/demo/start", get(async || html(START)))
        .route("/demo/start.js", get(async || script(START_SCRIPT)))
        .route("/demo/page.css", get(async || file("text/css; charset=utf-8", STYLE)))
        .route("/demo/online", get(async || html(ONLINE)))
        .route("/demo/online.js", get(async || script(ONLINE_SCRIPT)))
        .route("/demo/stored", get(async || html(STORED)))
        .route("/demo/stored.js", get(async || script(STORED_SCRIPT)))
        .route("/demo/village", get(village))
        .route("/demo/invitation", post(invitation))
        .route("/demo/look", post(look))
        .layer(middleware::from_fn_with_state(policy, secure))
        .with_state(mine.clone());
    let app = routes(Arc::clone(&stage.endpoint)).layer(middleware::from_fn_with_state(mine, listen));
    demo.fallback_service(app)
}

async fn village(State(mine): State<Mine>) -> Response {
    answer(&json!({ "village": mine.stage.space().to_string() }))
}

async fn invitation(State(mine): State<Mine>, request: Request) -> Result<Response, No> {
    let _: serde_json::Value = asked(request).await?;
    let token = mine.stage.invite(mine.phone()?)?;
    Ok(answer(&json!({ "token": token })))
}

#[derive(Deserialize)]
struct Look {
    token: String,
}

async fn look(State(mine): State<Mine>, request: Request) -> Result<Response, No> {
    let look: Look = asked(request).await?;
    Ok(answer(&json!({ "state": mine.stage.state_of(&look.token)? })))
}

/// Notes how far a phone has heard, so that the page can say when there is news for it.
async fn listen(State(mine): State<Mine>, request: Request, next: Next) -> Response {
    let syncs = request.uri().path().starts_with("/v1/sync/");
    let before = if syncs { mine.stage.figures().ok() } else { None };
    let response = next.run(request).await;
    if let (Some((seq, _)), Ok(phone)) = (before, mine.phone())
        && response.status().is_success()
    {
        phone.hears(seq);
    }
    response
}

/// A small request of our own pages.
async fn asked<T: DeserializeOwned>(request: Request) -> Result<T, No> {
    let (parts, body) = request.into_parts();
    if !parts.headers.contains_key(OURS) {
        return Err(No::Wrong);
    }
    let body = Limited::new(body, BODY_BYTES_MAX)
        .collect()
        .await
        .map_err(|_| No::Wrong)?;
    serde_json::from_slice(&body.to_bytes()).map_err(|_| No::Wrong)
}

fn answer(value: &serde_json::Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from(value.to_string())).into_response()
}

fn html(text: &'static str) -> Response {
    file("text/html; charset=utf-8", text)
}

fn script(text: &'static str) -> Response {
    file("text/javascript; charset=utf-8", text)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")],
        text,
    )
        .into_response()
}

/// Sets the headers that a careful browser obeys.
async fn secure(State(policy): State<String>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers: &mut HeaderMap = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
