//! What surrounds the protocol: headers, the app, health, TLS, a graceful stop.

use crate::support::*;
use bianfang::sync::log::Role;
use bianfang_endpoint::store::Store;

#[test]
fn every_answer_has_the_headers_that_a_careful_browser_obeys() {
    let world = World::new();
    for path in ["/healthz", "/", "/v1/nonsense", "/sw.js"] {
        let reply = get(world.address, path, None);
        let policy = &reply.headers["content-security-policy"];
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(policy.ends_with("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("trusted-types"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.headers[name], value);
        }
        assert!(reply.headers["permissions-policy"].contains("usb=()"));
        assert!(!reply.headers.contains_key("strict-transport-security"));
        assert_eq!(reply.headers["x-request-id"].len(), 12);
    }
    assert_eq!(get(world.address, "/healthz", None).body, b"ok\n");
}

#[test]
fn the_app_is_served_for_every_page() {
    let world = World::new();
    let app = world.folder.0.join("app");
    let html = "GET /households/1\nAccept: text/html";
    let without = http(world.address, html, b"");
    assert_eq!(without.status, 404);
    assert!(String::from_utf8(without.body).unwrap().contains("--app"));
    std::fs::create_dir_all(&app).unwrap();
    std::fs::write(app.join("index.html"), "<!doctype html>").unwrap();
    let page = http(world.address, html, b"");
    assert_eq!(
        (page.status, page.body.as_slice()),
        (200, b"<!doctype html>".as_slice())
    );
    assert_eq!(page.headers["cache-control"], "no-cache");
}

#[test]
fn demonstrations_may_frame_the_app() {
    let world = World::with(|config| config.framed_by = Some("http://localhost:4000".into()));
    let reply = get(world.address, "/healthz", None);
    assert!(reply.headers["content-security-policy"].ends_with("frame-ancestors http://localhost:4000"));
}

#[test]
fn a_stop_lets_nothing_be_half_done() {
    let mut world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    phone.write(home(1), "phone", "1");
    phone.sync();
    world.stop();
    assert!(std::net::TcpStream::connect(world.address).is_err());
    // Whoever closes a database last takes its log away: nobody holds this one any more, the daily sweep included.
    let log = Store::file_in(&world.backend()).with_extension("sqlite-wal");
    assert!(!log.exists());
}

#[test]
fn what_is_under_way_when_a_stop_comes_is_answered() {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    let mut world = World::new();
    let phone = world.phone("王芳", Role::Member);
    let body = phone.request(bianfang::sync::wire::Ask::Feed).encode();
    let mut stream = TcpStream::connect(world.address).unwrap();
    let head = format!(
        "POST /v1/sync/{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\n\r\n",
        world.space,
        phone.token(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // "HTTP/1.1 100 Continue" and an empty line: the request is under way.
    let mut told = [0; 25];
    stream.read_exact(&mut told).unwrap();
    let address = world.address;
    let stopping = std::thread::spawn(move || world.stop());
    // Nobody is let in any more …
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    // … and who is in is answered.
    stream.write_all(&body).unwrap();
    assert_eq!(read_reply(&mut stream).status, 200);
    stopping.join().unwrap();
}

#[test]
fn https_with_own_certificate_files() {
    use bianfang_endpoint::TlsFiles;
    use std::io::Write;
    use std::sync::Arc;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto};

    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = Folder::new();
    let (certificate, key) = (folder.0.join("cert.pem"), folder.0.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let files = TlsFiles { certificate, key };
    let world = World::with(|config| config.tls = Some(files.clone()));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec())).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(client), name).unwrap();
    let mut stream = StreamOwned::new(connection, std::net::TcpStream::connect(world.address).unwrap());
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let reply = read_reply(&mut stream);
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"ok\n".as_slice()));
    assert!(reply.headers["strict-transport-security"].contains("max-age="));
    // A key that is none is said at the start.
    std::fs::write(&files.key, "nonsense").unwrap();
    let mut config = bianfang_endpoint::Config::new(world.backend(), ([127, 0, 0, 1], 0).into());
    config.tls = Some(files);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let error = runtime.block_on(bianfang_endpoint::start(config)).unwrap_err();
    assert_eq!(error.code(), "serve_tls_file");
}
