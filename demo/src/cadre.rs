//! One person of the history with a phone: the real client over a store in memory, asking the endpoint's routes.

use crate::trouble::Trouble;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use bianfang::base::host::Host;
use bianfang::client::Client;
use bianfang::client::api::{Reply, Request as Ask};
use bianfang::client::link::{KeyError, Keys, Link, LinkError, LinkRequest, LinkResponse};
use bianfang::client::memory::{MemoryDisk, MemoryStore};
use bianfang_endpoint::Peer;
use bianfang_endpoint::judge::KeyPair;
use bianfang_sim::random::Random;
use http_body_util::BodyExt as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower_service::Service as _;

/// What the endpoint's answers are marked with.
const OURS: &str = "application/vnd.bianfang";
/// The longest answer: a block of the first load, or a page of the feed.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The clock of the history: everybody's, the endpoint's too.
#[derive(Clone, Debug)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    /// Begins at milliseconds since 1970 UTC.
    pub fn new(now_ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(now_ms)))
    }

    /// Milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Goes on to then; never back.
    pub fn reach(&self, now_ms: i64) {
        self.0.fetch_max(now_ms, Ordering::Relaxed);
    }
}

/// The clock and seeded chance.
#[derive(Debug)]
struct Seeded {
    time: Time,
    random: Random,
}

impl Host for Seeded {
    fn now_ms(&self) -> i64 {
        self.time.now_ms()
    }

    fn entropy(&self, out: &mut [u8]) {
        self.random.fill(out);
    }
}

/// The endpoint's routes, asked without a connection.
#[derive(Clone, Debug)]
struct Inside(Router);

impl Link for Inside {
    async fn send(&self, request: LinkRequest) -> Result<LinkResponse, LinkError> {
        let mut asked = Request::builder()
            .method(if request.body.is_some() { "POST" } else { "GET" })
            .uri(&request.path)
            .extension(Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))));
        if let Some(token) = &request.token {
            asked = asked.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = Body::from(request.body.unwrap_or_default());
        let asked = asked.body(body).map_err(|_| LinkError::Cut)?;
        let answer = self.0.clone().call(asked).await.unwrap_or_else(|never| match never {});
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let ours = kind.is_some_and(|kind| kind.as_bytes() == OURS.as_bytes());
        let status = answer.status().as_u16();
        let body = http_body_util::Limited::new(answer.into_body(), ANSWER_BYTES_MAX);
        let body = body.collect().await.map_err(|_| LinkError::Cut)?.to_bytes().to_vec();
        Ok(LinkResponse {
            status,
            ours,
            retry_after_s: None,
            body,
        })
    }
}

/// A key pair in memory.
struct Held(KeyPair);

impl Keys for Held {
    async fn public_key(&self) -> Result<[u8; 65], KeyError> {
        Ok(self.0.public_key())
    }

    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        Ok(self.0.sign(message))
    }

    async fn forget(&self) -> Result<(), KeyError> {
        Ok(())
    }
}

/// A person with a phone.
pub struct Cadre {
    client: Client<MemoryStore, Inside, Held, Seeded>,
}

impl Cadre {
    /// With a new phone that has not joined.
    pub fn new(endpoint: &Router, time: &Time, random: &Random) -> Self {
        let host = Seeded {
            time: time.clone(),
            random: random.fork(1),
        };
        Self {
            client: Client::new(
                MemoryStore::on(&MemoryDisk::default()),
                Inside(endpoint.clone()),
                Held(KeyPair::generate()),
                host,
                env!("CARGO_PKG_VERSION"),
            ),
        }
    }

    /// Asks the core what a screen would ask.
    ///
    /// # Errors
    /// When the core says that it could not be done.
    pub async fn ask(&self, request: Ask) -> Result<Reply, Trouble> {
        let what = request.name();
        match self.client.handle(request).await {
            Reply::Failed { problem } => Err(Trouble::Refused {
                what: what.to_owned(),
                code: problem.code,
            }),
            reply => Ok(reply),
        }
    }

    /// Uses an invitation and loads the village.
    ///
    /// # Errors
    /// When either cannot be done.
    pub async fn join(&self, token: &str) -> Result<(), Trouble> {
        let join = Ask::Join {
            token: token.to_owned(),
            device_label: "演示".to_owned(),
        };
        self.ask(join).await?;
        while let Reply::Load { loading: Some(_) } = self.ask(Ask::Load).await? {}
        self.sync().await
    }

    /// Exchanges everything, as somebody who has signal.
    ///
    /// # Errors
    /// When something stays on the phone.
    pub async fn sync(&self) -> Result<(), Trouble> {
        let Reply::SyncNow { view } = self.ask(Ask::SyncNow).await? else {
            return Ok(());
        };
        if view.strip.local == 0 && view.refused == 0 {
            return Ok(());
        }
        let code = view
            .strip
            .trouble
            .map_or("something_stayed", |_| "sync_trouble")
            .to_owned();
        Err(Trouble::Refused {
            what: "sync_now".to_owned(),
            code,
        })
    }
}
