//! Connections: listening, TLS, time limits, a graceful stop. Knows nothing of what is asked.

use crate::app::App;
use crate::blob::{Quotas, Vault, sweep};
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::guard::Peer;
use crate::routes::routes;
use crate::store::{Backend, Store, StoreError};
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tower_service::Service as _;

/// How long the head of a request may take to arrive.
const HEAD_TIME_MAX: Duration = Duration::from_secs(30);
/// How long a handshake may take.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(20);
/// How long requests under way may take to end after a stop was asked for.
const STOP_TIME_MAX: Duration = Duration::from_secs(20);
/// Connections at the same time.
const CONNECTIONS_MAX: usize = 2_000;
/// When photos that nobody names are looked for: first a while after the start, then once a day.
const SWEEP_FIRST: Duration = Duration::from_secs(600);
const SWEEP_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Pause after the system gave no connection (out of file handles).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Certificate and key, PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data.
    pub backend: Backend,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The files that people see.
    pub app: App,
    /// The address that invitations name; none takes the one by which the browser came.
    pub base_url: Option<String>,
    /// Take the address of whoever asks from `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Answer over TLS.
    pub tls: Option<TlsFiles>,
    /// The one address whose pages may show the app in a frame; for demonstrations.
    pub framed_by: Option<String>,
    /// Bytes that the database may take.
    pub database_bytes_max: Option<u64>,
    /// How many photos may be kept.
    pub quotas: Quotas,
    /// Where photos are kept; none keeps them in a folder beside the database.
    pub vault: Option<Arc<dyn Vault>>,
    /// The time.
    pub clock: Clock,
}

impl Config {
    /// Plain: the program's own app, no TLS, the machine's clock.
    pub fn new(backend: Backend, listen: SocketAddr) -> Self {
        Self {
            backend,
            listen,
            app: App::Embedded,
            base_url: None,
            behind_proxy: false,
            tls: None,
            framed_by: None,
            database_bytes_max: None,
            quotas: Quotas::DEFAULT,
            vault: None,
            clock: Clock::system(),
        }
    }
}

/// Why the endpoint does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Certificate or key cannot be read.
    #[error("cannot read {file}: {source}")]
    TlsFile {
        /// Which.
        file: PathBuf,
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// Certificate and key do not go together.
    #[error("the certificate cannot be used: {0}")]
    Tls(#[from] rustls::Error),
}

impl ServeError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Listen { .. } => "serve_listen",
            Self::TlsFile { .. } => "serve_tls_file",
            Self::Tls(_) => "serve_tls",
        }
    }
}

/// A running endpoint. Dropping it leaves it running; [`Running::stop`] ends it.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it shares with its requests.
    pub endpoint: Arc<Endpoint>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Takes no more connections, lets requests under way end, and returns when they have.
    pub async fn stop(self) {
        // Nobody listens only when it has ended already.
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Starts an endpoint and returns when it listens.
///
/// # Errors
/// When database, address or certificate cannot be used.
pub async fn start(config: Config) -> Result<Running, ServeError> {
    let store = Store::open_limited(&config.backend, config.database_bytes_max)?;
    let tls = config.tls.as_ref().map(acceptor).transpose()?;
    let mut endpoint = Endpoint::new(store, config.clock, config.app);
    endpoint.base_url = config.base_url;
    endpoint.behind_proxy = config.behind_proxy;
    endpoint.framed_by = config.framed_by;
    endpoint.tls = tls.is_some();
    endpoint.quotas = config.quotas;
    endpoint.vault = config.vault.unwrap_or(endpoint.vault);
    let endpoint = Arc::new(endpoint);
    let failed = |source| ServeError::Listen {
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    let sweeping = tokio::spawn(sweep_daily(Arc::clone(&endpoint), stopped.clone()));
    let serving = accept(listener, tls, routes(Arc::clone(&endpoint)), stopped);
    // Both hold the database: the endpoint has ended when both have.
    let task = tokio::spawn(async {
        serving.await;
        let _ = timeout(STOP_TIME_MAX, sweeping).await;
    });
    Ok(Running {
        address,
        endpoint,
        stop,
        task,
    })
}

/// Serves until `until` ends, then stops gracefully.
///
/// # Errors
/// When it cannot start.
pub async fn serve(
    config: Config,
    started: impl FnOnce(&Running),
    until: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let running = start(config).await?;
    started(&running);
    until.await;
    running.stop().await;
    Ok(())
}

fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ServeError> {
    let unreadable = |file: &PathBuf| {
        let file = file.clone();
        move |source| ServeError::TlsFile { file, source }
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(unreadable(&files.certificate))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(unreadable(&files.key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Tidies up photos until the endpoint stops.
async fn sweep_daily(endpoint: Arc<Endpoint>, mut stopped: watch::Receiver<bool>) {
    let mut pause = SWEEP_FIRST;
    while timeout(pause, stopped.wait_for(|stop| *stop)).await.is_err() {
        pause = SWEEP_EVERY;
        let work = |endpoint: &Endpoint| {
            let now_s = endpoint.clock.now_s();
            match sweep::sweep(&endpoint.store, endpoint.vault.as_ref(), &endpoint.parts, now_s) {
                Ok(swept) => tracing::info!(?swept, "photos tidied up"),
                Err(error) => tracing::error!(%error, "photos could not be tidied up"),
            }
            Ok(())
        };
        // All workers busy: another day.
        let _ = endpoint.work(work).await;
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router, mut stopped: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = one(&listener, &room) => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, peer, permit)) = accepted else {
            // Out of file handles, or the peer was gone already: neither is a reason to end.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
        connections.spawn(async move {
            let _permit = permit;
            match tls {
                None => connection(stream, peer, router, watcher).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME_MAX, tls.accept(stream)).await {
                        connection(stream, peer, router, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    // Requests that do not end in time are cut off; nothing of theirs was promised.
    let _ = timeout(STOP_TIME_MAX, graceful.shutdown()).await;
    connections.shutdown().await;
}

async fn one(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // One small answer is sent at once.
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .serve_connection(TokioIo::new(stream), service);
    // What breaks off here is the peer's affair.
    let _ = watcher.watch(connection).await;
}
