//! What surrounds the protocol: headers, the app, health, TLS, a graceful stop.

use crate::support::*;
use bianfang::sync::log::Role;

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
}
