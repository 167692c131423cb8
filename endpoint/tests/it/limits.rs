//! One heavy phone does not slow the others; a full disk is said.

use crate::support::*;
use bianfang::sync::log::Role;
use bianfang::sync::wire::Ask;
use std::io::Write;
use std::net::TcpStream;

#[test]
fn a_phone_that_never_stops_asking_is_told_to_wait() {
    let world = World::new();
    let (mut heavy, mut calm) = (world.phone("王芳", Role::Member), world.phone("李强", Role::Member));
    heavy.sync();
    let request = heavy.request(Ask::Feed);
    let refused = (0..1000)
        .map(|_| heavy.send(&request))
        .find(|reply| reply.status != 200)
        .unwrap();
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    calm.write(home(1), "phone", "1");
    calm.sync();
    world.pass(60_000);
    heavy.sync();
    assert_eq!(heavy.digest, calm.digest);
}

#[test]
fn bodies_that_never_arrive_hold_nobody_else_up() {
    let world = World::new();
    let (heavy, mut calm) = (world.phone("王芳", Role::Member), world.phone("李强", Role::Member));
    let head = format!(
        "POST /v1/sync/{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: 1000\r\n\
         Expect: 100-continue\r\n\r\n",
        world.space,
        heavy.token()
    );
    let hold = || {
        let mut stream = TcpStream::connect(world.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // The server asks for the body: from now on the request has its place.
        let mut told = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut told).unwrap();
        assert_eq!(&told, b"HTTP/1.1 100");
        stream
    };
    let held = [hold(), hold()];
    let reply = heavy.send(&heavy.request(Ask::Feed));
    assert_eq!((reply.status, reply.code().as_str()), (429, "too_many_requests"));
    calm.write(home(1), "phone", "1");
    calm.sync();
    drop(held);
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let world = World::with(|config| config.database_bytes_max = Some(700_000));
    let (mut phone, mut other) = (world.phone("王芳", Role::Member), world.phone("李强", Role::Member));
    phone.write(home(1), "phone", "1");
    phone.sync();
    let mut stored = 1;
    let reply = loop {
        let before = phone.cursor.seq;
        phone.write(home(2), "address", &format!("{stored}{}", "路".repeat(1300)));
        let reply = phone.send(&phone.request(Ask::Feed));
        if reply.status != 200 {
            break reply;
        }
        phone.sync();
        assert!(phone.cursor.seq > before);
        stored += 1;
    };
    assert_eq!((reply.status, reply.code().as_str()), (507, "endpoint_full"));
    assert!(reply.headers.contains_key("retry-after"));
    // What was saved before is there, and can be read by everybody.
    other.sync();
    assert_eq!(other.documents[&home(1)].own().text("phone"), "1");
    assert_eq!(other.documents[&home(2)].hashes().len(), stored - 1);
}
