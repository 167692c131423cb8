//! One request on a connection of its own, with the bytes of its bodies counted; and the client's link over it.

use anyhow::{Context, Result, bail};
use bianfang::client::link::{KeyError, Keys, Link, LinkError, LinkRequest, LinkResponse};
use bianfang_endpoint::judge::KeyPair;
use std::cell::Cell;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(300);

/// What came back.
pub struct Reply {
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// One header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// `POST` when there is a body, else `GET`.
pub fn send(address: SocketAddr, path: &str, token: Option<&str>, body: Option<&[u8]>, accept: &str) -> Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_nodelay(true)?;
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    head += &format!("Accept-Encoding: {accept}\r\n");
    if let Some(token) = token {
        head += &format!("Authorization: Bearer {token}\r\n");
    }
    if let Some(body) = body {
        head += &format!(
            "Content-Type: application/vnd.bianfang\r\nContent-Length: {}\r\n",
            body.len()
        );
    }
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.unwrap_or_default());
    stream.write_all(&bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(answer)
}

fn parse(mut answer: Vec<u8>) -> Result<Reply> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let body = answer.split_off(end.context("the answer has no head")? + 4);
    let head = String::from_utf8(answer)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Ok(Reply {
        status: status.parse()?,
        headers,
        body,
    })
}

/// As `send`, and anything but 200 is an error.
pub fn must(
    address: SocketAddr,
    path: &str,
    token: Option<&str>,
    body: Option<&[u8]>,
    accept: &str,
) -> Result<Vec<u8>> {
    let reply = send(address, path, token, body, accept)?;
    if reply.status != 200 {
        let refused = bianfang::sync::enrol::Refused::decode(&reply.body);
        bail!("{path}: status {}, {refused:?}", reply.status);
    }
    Ok(reply.body)
}

/// The client's way to the endpoint. Clones are the same link.
#[derive(Clone)]
pub struct HttpLink {
    pub address: SocketAddr,
    /// Bytes of bodies, up and down.
    pub moved: Rc<Cell<(u64, u64)>>,
}

impl Link for HttpLink {
    async fn send(&self, request: LinkRequest) -> Result<LinkResponse, LinkError> {
        let body = request.body.as_deref();
        let reply = send(self.address, &request.path, request.token.as_deref(), body, "identity")
            .map_err(|_| LinkError::Offline)?;
        let (up, down) = self.moved.get();
        self.moved
            .set((up + body.map_or(0, <[u8]>::len) as u64, down + reply.body.len() as u64));
        Ok(LinkResponse {
            status: reply.status,
            ours: reply.header("content-type") == Some("application/vnd.bianfang"),
            retry_after_s: reply.header("retry-after").and_then(|wait| wait.parse().ok()),
            body: reply.body,
        })
    }
}

/// A real key pair, kept in memory.
#[derive(Clone)]
pub struct MemoryKeys(pub Rc<KeyPair>);

impl Keys for MemoryKeys {
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
