//! The connection of one phone: a port of its own that is really closed when there is no signal.
//!
//! Without signal nobody listens on the port and every open connection is cut in the middle, as in a valley. With signal
//! the very same port is opened again.

use axum::Router;
use axum::body::Body;
use bianfang_endpoint::Peer;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service as _;

/// Pause after the system gave no connection (out of file handles).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A port that can be closed and opened.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    router: Router,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Gate {
    /// Opened on a port that is listened on already.
    ///
    /// # Errors
    /// When the system does not tell the port.
    pub fn new(listener: TcpListener, router: Router) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let task = tokio::spawn(accept(listener, router.clone()));
        Ok(Self {
            address,
            router,
            task: Mutex::new(Some(task)),
        })
    }

    /// Whether anybody listens.
    pub async fn is_open(&self) -> bool {
        self.task.lock().await.is_some()
    }

    /// Closes the port and cuts what runs; returns when it is closed.
    pub async fn close(&self) {
        if let Some(task) = self.task.lock().await.take() {
            task.abort();
            // It ends by being cancelled, which is no failure; the listener is gone then.
            let _ = task.await;
        }
    }

    /// Opens the port again.
    ///
    /// # Errors
    /// When another program has taken it meanwhile.
    pub async fn open(&self) -> io::Result<()> {
        let mut task = self.task.lock().await;
        if task.is_none() {
            let listener = TcpListener::bind(self.address).await?;
            *task = Some(tokio::spawn(accept(listener, self.router.clone())));
        }
        Ok(())
    }
}

/// Listens on a port of this machine alone; where it is taken, or 0, on a free one.
///
/// # Errors
/// When the system gives none at all.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}

/// Takes connections until it is aborted; the connections end with it.
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve(stream, peer, router.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    // What breaks off here is the browser's affair.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn ask(stream: &mut TcpStream) -> io::Result<String> {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await?;
        let mut bytes = vec![0; 1024];
        let count = stream.read(&mut bytes).await?;
        Ok(String::from_utf8_lossy(&bytes[..count]).into_owned())
    }

    #[tokio::test]
    async fn a_closed_port_cuts_what_runs_and_comes_back_as_the_same() {
        let listener = listen(0).await.unwrap();
        let address = listener.local_addr().unwrap();
        let gate = Gate::new(listener, Router::new().route("/", get(async || "here"))).unwrap();
        let mut kept = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut kept).await.unwrap().ends_with("here"));

        gate.close().await;
        assert!(!gate.is_open().await);
        assert!(TcpStream::connect(address).await.is_err());
        // The connection that was open has ended: nothing comes, or an error.
        assert!(ask(&mut kept).await.is_ok_and(|text| text.is_empty()) || ask(&mut kept).await.is_err());

        gate.open().await.unwrap();
        let mut fresh = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut fresh).await.unwrap().ends_with("here"));
    }

    #[tokio::test]
    async fn a_taken_port_is_replaced_by_a_free_one() {
        let first = listen(0).await.unwrap();
        let taken = first.local_addr().unwrap().port();
        let second = listen(taken).await.unwrap();
        assert_ne!(second.local_addr().unwrap().port(), taken);
    }
}
